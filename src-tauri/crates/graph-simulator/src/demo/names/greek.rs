//! Greek names with the Latin spelling of passports.

use super::Lists;

pub(super) const LISTS: Lists = Lists {
    women: "Μαρία/Maria Ελένη/Eleni Αικατερίνη/Aikaterini Βασιλική/Vasiliki Σοφία/Sofia Αγγελική/Angeliki Γεωργία/Georgia Δήμητρα/Dimitra \
        Κωνσταντίνα/Konstantina Παρασκευή/Paraskevi Άννα/Anna Ιωάννα/Ioanna Χριστίνα/Christina Φωτεινή/Foteini Ευαγγελία/Evangelia \
        Δέσποινα/Despoina Αναστασία/Anastasia Ειρήνη/Eirini Θεοδώρα/Theodora Ζωή/Zoi Αλεξάνδρα/Alexandra Μαρίνα/Marina Δανάη/Danai \
        Καλλιόπη/Kalliopi Νεφέλη/Nefeli Ουρανία/Ourania Πηνελόπη/Pinelopi Στυλιανή/Styliani Χαρίκλεια/Charikleia Ηλέκτρα/Ilektra",
    men: "Γεώργιος/Georgios Ιωάννης/Ioannis Κωνσταντίνος/Konstantinos Δημήτριος/Dimitrios Νικόλαος/Nikolaos Παναγιώτης/Panagiotis \
        Βασίλειος/Vasileios Χρήστος/Christos Αθανάσιος/Athanasios Μιχαήλ/Michail Ευάγγελος/Evangelos Σπυρίδων/Spyridon Αντώνιος/Antonios \
        Αναστάσιος/Anastasios Θεόδωρος/Theodoros Ανδρέας/Andreas Αλέξανδρος/Alexandros Εμμανουήλ/Emmanouil Ηλίας/Ilias Σταύρος/Stavros \
        Πέτρος/Petros Στέφανος/Stefanos Λεωνίδας/Leonidas Σωτήριος/Sotirios Φίλιππος/Filippos Αριστείδης/Aristeidis Οδυσσέας/Odysseas \
        Θεμιστοκλής/Themistoklis Περικλής/Periklis Ιάσων/Iason",
    families: "Παπαδόπουλος/Papadopoulos Παπαδάκης/Papadakis Παππάς/Pappas Βλάχος/Vlachos Οικονόμου/Oikonomou Γεωργίου/Georgiou \
        Δημητρίου/Dimitriou Νικολάου/Nikolaou Αντωνίου/Antoniou Καραγιάννης/Karagiannis Μακρής/Makris Αγγελόπουλος/Angelopoulos \
        Ιωάννου/Ioannou Αθανασίου/Athanasiou Κωνσταντινίδης/Konstantinidis Παπανικολάου/Papanikolaou Βασιλείου/Vasileiou \
        Θεοδωρόπουλος/Theodoropoulos Σταυρόπουλος/Stavropoulos Καλογερόπουλος/Kalogeropoulos Μανωλάκης/Manolakis Κουτσός/Koutsos \
        Ζαχαρίας/Zacharias Ράλλης/Rallis Λεμός/Lemos Καραμανλής/Karamanlis Τσάκος/Tsakos Σαμαράς/Samaras Αλεξίου/Alexiou \
        Χατζής/Chatzis Χατζηδάκης/Chatzidakis Μαυρίδης/Mavridis Ξενάκης/Xenakis Σκλάβος/Sklavos Λαμπρόπουλος/Lampropoulos \
        Γιαννόπουλος/Giannopoulos Δρακόπουλος/Drakopoulos Κοντός/Kontos Μιχαηλίδης/Michailidis Πετρίδης/Petridis Ρούσσος/Roussos \
        Σιδέρης/Sideris Τριανταφύλλου/Triantafyllou Φωτίου/Fotiou Χαραλάμπους/Charalampous Ψαράς/Psaras Βενιζέλος/Venizelos \
        Ναύτης/Naftis Πελαγίας/Pelagias Καπετανάκης/Kapetanakis",
};

/// Family names of women stand in the genitive.
pub(super) fn feminine(family: &str) -> String {
    if let Some(stem) = family.strip_suffix("όπουλος") {
        return format!("{stem}οπούλου");
    }
    for (ending, instead) in [("ης", "η"), ("ής", "ή"), ("ας", "α"), ("άς", "ά"), ("ος", "ου"), ("ός", "ού")] {
        if let Some(stem) = family.strip_suffix(ending) {
            return format!("{stem}{instead}");
        }
    }
    family.to_owned()
}

pub(super) fn feminine_latin(family: &str) -> String {
    for (ending, instead) in [("is", "i"), ("as", "a"), ("os", "ou")] {
        if let Some(stem) = family.strip_suffix(ending) {
            return format!("{stem}{instead}");
        }
    }
    family.to_owned()
}
