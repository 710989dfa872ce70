//! Ukrainian names with the Latin spelling of passports.

use super::Lists;

pub(super) const LISTS: Lists = Lists {
    women: "Олена/Olena Наталія/Nataliia Тетяна/Tetiana Ірина/Iryna Оксана/Oksana Людмила/Liudmyla Світлана/Svitlana Юлія/Yuliia \
        Анна/Anna Марія/Mariia Катерина/Kateryna Вікторія/Viktoriia Галина/Halyna Надія/Nadiia Любов/Liubov Ольга/Olha Валентина/Valentyna \
        Дарина/Daryna Софія/Sofiia Анастасія/Anastasiia Христина/Khrystyna Соломія/Solomiia Мар'яна/Mariana Леся/Lesia Зоряна/Zoriana \
        Богдана/Bohdana Роксолана/Roksolana Лілія/Liliia Алла/Alla Євгенія/Yevheniia",
    men: "Олександр/Oleksandr Сергій/Serhii Володимир/Volodymyr Микола/Mykola Іван/Ivan Андрій/Andrii Василь/Vasyl Михайло/Mykhailo \
        Петро/Petro Юрій/Yurii Віктор/Viktor Олег/Oleh Ігор/Ihor Дмитро/Dmytro Анатолій/Anatolii Богдан/Bohdan Тарас/Taras Роман/Roman \
        Максим/Maksym Артем/Artem Ярослав/Yaroslav Назар/Nazar Остап/Ostap Євген/Yevhen Вадим/Vadym Павло/Pavlo Степан/Stepan \
        Ростислав/Rostyslav Данило/Danylo Любомир/Liubomyr",
    families: "Шевченко/Shevchenko Бойко/Boiko Коваленко/Kovalenko Бондаренко/Bondarenko Ткаченко/Tkachenko Кравченко/Kravchenko \
        Олійник/Oliinyk Ковальчук/Kovalchuk Шевчук/Shevchuk Поліщук/Polishchuk Коваль/Koval Марченко/Marchenko Савченко/Savchenko \
        Мельник/Melnyk Лисенко/Lysenko Руденко/Rudenko Гончаренко/Honcharenko Мороз/Moroz Павленко/Pavlenko Петренко/Petrenko \
        Клименко/Klymenko Левченко/Levchenko Кравець/Kravets Кузьменко/Kuzmenko Пономаренко/Ponomarenko Харченко/Kharchenko \
        Панченко/Panchenko Приходько/Prykhodko Гаврилюк/Havryliuk Сидоренко/Sydorenko Романюк/Romaniuk Яценко/Yatsenko Тимошенко/Tymoshenko \
        Жук/Zhuk Зінченко/Zinchenko Кириленко/Kyrylenko Назаренко/Nazarenko Гриценко/Hrytsenko Вишневський/Vyshnevskyi \
        Білецький/Biletskyi Ковальський/Kovalskyi Левицький/Levytskyi Остапенко/Ostapenko Дорошенко/Doroshenko Федоренко/Fedorenko \
        Захарчук/Zakharchuk Ющенко/Yushchenko Щербак/Shcherbak Яремчук/Yaremchuk Цимбалюк/Tsymbaliuk",
};

pub(super) fn feminine(family: &str) -> String {
    match family.strip_suffix("ий") {
        Some(stem) => format!("{stem}а"),
        None => family.to_owned(),
    }
}

pub(super) fn feminine_latin(family: &str) -> String {
    match family.strip_suffix("skyi").map(|stem| (stem, "ska")).or_else(|| family.strip_suffix("tskyi").map(|stem| (stem, "tska"))) {
        Some((stem, ending)) => format!("{stem}{ending}"),
        None => family.to_owned(),
    }
}
