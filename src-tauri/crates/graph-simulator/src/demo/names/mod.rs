//! Names of people by culture, each with the Latin spelling that a sign-in name is made of. Invented people only: common
//! given names and family names, put together by chance.

mod arabic;
mod chinese;
mod cyrillic;
mod germanic;
mod greek;
mod polish;

use super::draw::Draw;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Culture {
    English,
    Dutch,
    German,
    Polish,
    Greek,
    /// Greek people who spell their names in Latin letters.
    GreekLatin,
    Ukrainian,
    Arabic,
    Chinese,
}

/// A person's name as shown and as spelled in Latin letters.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub given: String,
    pub family: String,
    pub display: String,
    pub latin_given: String,
    pub latin_family: String,
}

/// One word list: each entry is `native` or `native/latin`.
pub(super) struct Lists {
    pub women: &'static str,
    pub men: &'static str,
    pub families: &'static str,
}

/// The lists of one culture, split once.
pub(super) struct NamePool {
    culture: Culture,
    women: Vec<(&'static str, String)>,
    men: Vec<(&'static str, String)>,
    families: Vec<(&'static str, String)>,
}

fn entries(list: &'static str) -> Vec<(&'static str, String)> {
    list.split_whitespace()
        .map(|entry| match entry.split_once('/') {
            Some((native, latin)) => (native, latin.to_owned()),
            None => (entry, ascii(entry)),
        })
        .collect()
}

impl NamePool {
    pub fn new(culture: Culture) -> NamePool {
        let lists = match culture {
            Culture::English => germanic::ENGLISH,
            Culture::Dutch => germanic::DUTCH,
            Culture::German => germanic::GERMAN,
            Culture::Polish => polish::LISTS,
            Culture::Greek | Culture::GreekLatin => greek::LISTS,
            Culture::Ukrainian => cyrillic::LISTS,
            Culture::Arabic => arabic::LISTS,
            Culture::Chinese => chinese::LISTS,
        };
        NamePool { culture, women: entries(lists.women), men: entries(lists.men), families: entries(lists.families) }
    }

    pub fn draw(&self, draw: &mut Draw) -> Name {
        let woman = draw.percent(50);
        let given_list = if woman { &self.women } else { &self.men };
        let none = ("", String::new());
        let given = given_list.get(draw.below(given_list.len())).unwrap_or(&none);
        let family = self.families.get(draw.below(self.families.len())).unwrap_or(&none);
        let (mut family_native, mut family_latin) = (family.0.replace('_', " "), family.1.replace('_', " "));
        if woman {
            match self.culture {
                Culture::Polish => {
                    family_native = polish::feminine(&family_native);
                    family_latin = polish::feminine(&family_latin);
                }
                Culture::Greek | Culture::GreekLatin => {
                    family_native = greek::feminine(&family_native);
                    family_latin = greek::feminine_latin(&family_latin);
                }
                Culture::Ukrainian => {
                    family_native = cyrillic::feminine(&family_native);
                    family_latin = cyrillic::feminine_latin(&family_latin);
                }
                _ => {}
            }
        }
        let (given_native, latin_given) = match self.culture {
            Culture::GreekLatin => (given.1.clone(), given.1.clone()),
            _ => (given.0.to_owned(), given.1.clone()),
        };
        if self.culture == Culture::GreekLatin {
            family_native = family_latin.clone();
        }
        let display = match self.culture {
            Culture::Chinese => format!("{family_native}{given_native} ({latin_given} {family_latin})"),
            _ => format!("{given_native} {family_native}"),
        };
        Name { given: given_native, family: family_native, display, latin_given, latin_family: family_latin }
    }
}

/// The letters of European Latin alphabets without their marks, as administrators write sign-in names.
pub(super) fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'ä' | 'æ' => out.push_str("ae"),
            'ö' | 'ø' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'Ä' => out.push_str("Ae"),
            'Ö' | 'Ø' => out.push_str("Oe"),
            'Ü' => out.push_str("Ue"),
            'ß' => out.push_str("ss"),
            'ą' | 'á' | 'à' | 'â' => out.push('a'),
            'ć' | 'č' | 'ç' => out.push('c'),
            'ę' | 'é' | 'è' | 'ë' | 'ê' => out.push('e'),
            'í' | 'ï' | 'î' => out.push('i'),
            'ł' => out.push('l'),
            'Ł' => out.push('L'),
            'ń' | 'ñ' => out.push('n'),
            'ó' | 'ô' => out.push('o'),
            'ś' | 'š' => out.push('s'),
            'Ś' => out.push('S'),
            'ú' => out.push('u'),
            'ź' | 'ż' => out.push('z'),
            'Ź' | 'Ż' => out.push('Z'),
            'Ć' => out.push('C'),
            other => out.push(other),
        }
    }
    out
}

/// What of a name can stand in a sign-in name: lower-case ASCII letters and digits.
pub(super) fn mail_part(text: &str) -> String {
    ascii(text).chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
