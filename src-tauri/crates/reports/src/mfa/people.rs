//! People by name: who has no MFA, who has weak MFA only, of whom it is not known; who has it and is not asked, and the other way round; by which
//! methods; who is near a passkey, and who has no phone.

use fleet::posture::MfaReportFacts;
use fleet::posture::report::ReportPerson;
use fleet::views::mfa::{Enforcement, PasskeyCount, PasskeyReadiness};

use super::{Part, Posture, asked_by, buckets};
use crate::chapters::lists::{self, Words};
use crate::chapters::{buckets as drawn, enrolment, enrolment::department_of};
use crate::layout::{Bar, Cell, Column, Ink, Pattern, Sheet, Tone};
use crate::words::{count, number, percent, size_of};

/// Where registration could not be read there are no lists: what anybody has is then not known, and only what asks them is.
pub fn parts(posture: &Posture) -> Vec<Part> {
    let facts = posture.facts;
    let readable = facts.unreadable.is_none();
    let named =
        |people: &[ReportPerson]| if people.is_empty() { "Nobody".to_owned() } else { format!("{}, by name", count(size_of(people), "person", "people")) };
    let mut parts = Vec::new();
    let mut part = |there: bool, title, anchor, shows: String, set| {
        if there {
            parts.push(Part { title, anchor, shows, set });
        }
    };
    part(readable, "People without MFA", "none", named(&facts.none), without);
    part(readable, "People with weak MFA only", "weak", named(&facts.weak), weak_only);
    part(readable && !facts.unknown.is_empty(), "People whose MFA is not known", "unknown", format!("{}, with the reason", named(&facts.unknown)), not_known);
    part(true, "Who has MFA, and who is asked for it", "mismatches", "What asks for MFA; who is not asked, or cannot answer".into(), mismatches);
    part(readable, "By method", "methods", "How many people registered what".into(), methods);
    part(
        readable && facts.passkeys.iter().any(|count| count.people > 0),
        "Ready for passkeys",
        "passkeys",
        "How near people are to having one".into(),
        passkeys,
    );
    part(
        readable && !facts.without_phone_list.is_empty(),
        "People without a phone",
        "phones",
        format!("{}, and what would suit them", count(facts.without_phone, "person", "people")),
        without_phone,
    );
    parts
}

fn without(sheet: &mut Sheet, posture: &Posture) {
    let words = Named {
        said: "No method that counts as MFA. Each needs to register one; where somebody has no phone, a passkey or a hardware token suits.",
        empty: "Everybody who is counted and of whom it is known has at least one method.",
        last: "Methods that are not MFA",
    };
    named(sheet, &posture.facts.none, &words, registered);
}

fn weak_only(sheet: &mut Sheet, posture: &Posture) {
    let words = Named {
        said: "Only text messages, voice calls or another telephone method. These can be phished or redirected; move them to the Authenticator app or a passkey.",
        empty: "Nobody of whom it is known depends on a weak method alone.",
        last: "Methods",
    };
    named(sheet, &posture.facts.weak, &words, registered);
}

fn not_known(sheet: &mut Sheet, posture: &Posture) {
    let words = Named { said: "Counted neither as protected nor as unprotected.", empty: "", last: "Why it is not known" };
    named(sheet, &posture.facts.unknown, &words, |person| Cell::toned(person.reason.clone().unwrap_or_else(|| "not read".into()), Tone::Muted));
}

/// The words of a list of people.
struct Named {
    /// Behind the number of people.
    said: &'static str,
    /// Where there is nobody.
    empty: &'static str,
    /// The title of the last column.
    last: &'static str,
}

/// Everybody, over however many pages: these are the lists that somebody works through until nobody is left on them. The three name each person
/// at most once, so together they are no longer than the customer has people.
fn named(sheet: &mut Sheet, people: &[ReportPerson], words: &Named, last: fn(&ReportPerson) -> Cell) {
    if people.is_empty() {
        sheet.paragraph(words.empty);
        return;
    }
    sheet.paragraph(&format!("{}. {}", count(size_of(people), "person", "people"), words.said));
    let columns = [Column::new("Person", 3.6), Column::new("Department", 2.0), Column::new(words.last, 2.5)];
    lists::whole(sheet, &columns, people, |person| vec![who(person), department(person), last(person)]);
}

/// Whether it is known of anybody what asks them.
fn nothing_known_of_asking(facts: &MfaReportFacts) -> bool {
    let known = |people: &[ReportPerson]| people.iter().any(|person| person.enforced != Enforcement::Unknown);
    buckets(facts.people).sum() == facts.enforcement_unknown && !known(&facts.registered_not_enforced_list)
}

fn mismatches(sheet: &mut Sheet, posture: &Posture) {
    let facts = posture.facts;
    for sentence in &facts.enforcement {
        sheet.point(sentence);
    }
    sheet.note("Registered means that a person could answer; asked means that something demands it. Only both together protect.");
    if facts.unreadable.is_some() {
        sheet.paragraph("Who of them could answer is not known, because registration could not be read.");
        return;
    }
    if nothing_known_of_asking(facts) {
        sheet.paragraph(
            "Of nobody could it be judged whether MFA is demanded, so who could answer and is not asked, or is asked and cannot answer, is not known.",
        );
        return;
    }
    if facts.enforcement_unknown > 0 {
        sheet.paragraph(&format!("Of {} it cannot be said whether something asks for MFA.", count(facts.enforcement_unknown, "person", "people")));
    }
    let columns = [Column::new("Person", 3.0), Column::new("Department", 1.6), Column::new("MFA", 2.4), Column::new("Asked for MFA by", 1.4)];
    for (title, said, empty, people) in [
        (
            "They have MFA, and nothing asks for it",
            "A password alone opens these accounts, although they could answer.",
            "Everybody who registered a method is also asked for it, as far as could be judged.",
            &facts.registered_not_enforced_list,
        ),
        (
            "They are asked for MFA, and have none",
            "They are locked out, or whoever signs in next with their password registers a method in their place.",
            "Everybody who is asked for MFA has registered a method, as far as could be judged.",
            &facts.enforced_not_registered_list,
        ),
    ] {
        sheet.section(title, 0.0);
        if !people.is_empty() {
            sheet.intro(&format!("{}. {said}", count(size_of(people), "person", "people")));
        }
        // Only their beginning: a policy mends these, not a walk from person to person, and where no policy asks anybody the list would be
        // everybody once more.
        lists::set(sheet, &columns, people, &Words { empty, rest: posture.rest() }, |person| {
            let (word, tone) = drawn::word(person.bucket);
            let mfa = Cell::toned(word, tone);
            let mfa = if person.methods.is_empty() { mfa } else { mfa.and(person.methods.join(", "), Tone::Plain) };
            vec![who(person), department(person), mfa, Cell::new(asked_by(person.enforced))]
        });
    }
}

fn methods(sheet: &mut Sheet, posture: &Posture) {
    let shares: Vec<_> = posture.facts.methods.iter().map(|method| (method.method.as_str(), method.strength.as_str(), method.people)).collect();
    enrolment::by_method(sheet, &shares, buckets(posture.facts.people).sum());
}

fn passkeys(sheet: &mut Sheet, posture: &Posture) {
    let shown = || posture.facts.passkeys.iter().filter(|count| count.people > 0);
    let whole: u32 = shown().map(|count| count.people).sum();
    sheet.paragraph("A passkey signs in only to the genuine site and replaces the password. This is how near each person is to having one.");
    let bars: Vec<Bar> = shown().map(|count| passkey(count, whole)).collect();
    sheet.bars(&bars);
}

fn passkey(count: &PasskeyCount, whole: u32) -> Bar {
    let (ink, pattern) = match count.readiness {
        PasskeyReadiness::Has => (Ink::STRONG, Pattern::Plain),
        PasskeyReadiness::Ready | PasskeyReadiness::NeedsPass => (Ink(0x5e, 0x9e, 0x5e), Pattern::Plain),
        PasskeyReadiness::NeedsKey => (Ink::WEAK, Pattern::Plain),
        PasskeyReadiness::TooOld => (Ink::NONE, Pattern::Striped),
        PasskeyReadiness::Unknown => (Ink::UNKNOWN, Pattern::Hatched),
    };
    Bar { name: count.title.clone(), value: count.people, said: format!("{}, {}", number(count.people), percent(count.people, whole)), ink, pattern }
}

fn without_phone(sheet: &mut Sheet, posture: &Posture) {
    let facts = posture.facts;
    let mut said = format!(
        "{} {} no phone that anything tells of: no method lives on one, no sign-in came from one, and the directory has no mobile number.",
        count(facts.without_phone, "person", "people"),
        if facts.without_phone == 1 { "has" } else { "have" }
    );
    if facts.phone_unknown > 0 {
        said += &format!(" Of {} it is not known.", number(facts.phone_unknown));
    }
    sheet.paragraph(&said);
    let columns = [Column::new("Person", 3.0), Column::new("Department", 1.8), Column::new("MFA", 1.3), Column::new("What would suit, and why", 3.0)];
    // Only its beginning: it is for an order of keys, which is placed by number; whoever of them lacks MFA is named above as well.
    lists::set(sheet, &columns, &facts.without_phone_list, &Words { empty: "", rest: posture.rest() }, |person| {
        let (word, tone) = drawn::word(person.bucket);
        let suits = person.suits.as_ref().map_or_else(
            || Cell::toned("not known", Tone::Unknown),
            |(suits, why)| {
                let cell = Cell::toned(suits.title(), Tone::Name);
                if why.is_empty() { cell } else { cell.and(why, Tone::Plain) }
            },
        );
        vec![who(person), department(person), Cell::toned(word, tone), suits]
    });
}

pub fn who(person: &ReportPerson) -> Cell {
    Cell::with_below(&person.display_name, &person.upn)
}

fn department(person: &ReportPerson) -> Cell {
    department_of(person.department.as_deref(), person.manager.as_deref())
}

fn registered(person: &ReportPerson) -> Cell {
    if person.methods.is_empty() { Cell::toned("none", Tone::Muted) } else { Cell::new(person.methods.join(", ")) }
}
