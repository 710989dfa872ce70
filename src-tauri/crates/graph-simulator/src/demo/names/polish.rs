//! Polish names, diacritics included.

use super::Lists;

pub(super) const LISTS: Lists = Lists {
    women: "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Elżbieta Zofia Julia Hanna Maja Lena Alicja Natalia Aleksandra \
        Wiktoria Oliwia Amelia Gabriela Karolina Joanna Monika Magdalena Dorota Beata Iwona Justyna Grażyna Bożena Danuta Halina Jadwiga \
        Żaneta Łucja Kinga Marta Weronika Patrycja",
    men: "Piotr Krzysztof Andrzej Tomasz Paweł Jan Michał Marcin Jakub Adam Łukasz Marek Grzegorz Mateusz Wojciech Mariusz Dariusz \
        Zbigniew Rafał Robert Kamil Jerzy Szymon Dawid Maciej Bartosz Kacper Stanisław Józef Sławomir Radosław Przemysław Jacek \
        Artur Sebastian Damian Wiesław Bogdan Henryk Ryszard",
    families: "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski \
        Mazur Kwiatkowski Wojciechowski Krawczyk Kaczmarek Piotrowski Grabowski Zając Pawłowski Michalski Król Wieczorek Jabłoński \
        Wróbel Nowakowski Majewski Olszewski Stępień Malinowski Jaworski Adamczyk Dudek Nowicki Pawlak Górski Witkowski Walczak Sikora \
        Baran Rutkowski Michalak Szewczyk Ostrowski Tomaszewski Pietrzak Zalewski Wróblewski Marciniak Jasiński Zawadzki Bąk Jakubowski \
        Sadowski Duda Włodarczyk Wilk Chmielewski Borkowski Sokołowski Szczepański Sawicki Kucharski Lis Maciejewski Kubiak Kalinowski \
        Mazurek Wysocki Kołodziej Kaźmierczak Czarnecki Sobczak Głowacki Urban Laskowski Brzeziński Ziółkowski Cieślak Żak Błaszczyk",
};

/// Adjectival family names agree with the person.
pub(super) fn feminine(family: &str) -> String {
    match family.strip_suffix("ki") {
        Some(stem) if stem.ends_with(['s', 'c', 'z']) || stem.ends_with("dz") => format!("{stem}ka"),
        _ => family.to_owned(),
    }
}
