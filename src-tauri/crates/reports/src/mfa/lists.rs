//! Everybody by name who has something to do, or for whom something is to be done. Long lists are cut short and say so; counts are whole.

use fleet::posture::MfaReportFacts;
use fleet::posture::report::ReportPerson;
use fleet::views::mfa::{PasskeyCount, PasskeyReadiness};

use super::{asked_by, front};
use crate::chapters::lists::{self, Words};
use crate::chapters::{buckets, enrolment::department_of};
use crate::layout::{Bar, Cell, Column, Ink, Pattern, Sheet, Tone};
use crate::words::{Clock, count, number, percent, size_of};

pub fn set(sheet: &mut Sheet, facts: &MfaReportFacts, clock: Clock, rest: &str) {
    admins(sheet, facts, clock, rest);
    mismatches(sheet, facts, rest);
    named(
        sheet,
        "People without MFA",
        "No method that counts as MFA. Each needs to register one; where somebody has no phone, a passkey or a hardware token suits.",
        &facts.none,
        rest,
        ("Methods that are not MFA", methods),
    );
    named(
        sheet,
        "People with weak MFA only",
        "Only text messages, voice calls or another telephone method. These can be phished or redirected; move them to the Authenticator app or a passkey.",
        &facts.weak,
        rest,
        ("Methods", methods),
    );
    named(
        sheet,
        "People whose MFA is not known",
        "Counted neither as protected nor as unprotected.",
        &facts.unknown,
        rest,
        ("Why it is not known", |person| Cell::toned(person.reason.clone().unwrap_or_else(|| "not read".into()), Tone::Muted)),
    );
    passkeys(sheet, facts);
    without_phone(sheet, facts, rest);
}

fn admins(sheet: &mut Sheet, facts: &MfaReportFacts, clock: Clock, rest: &str) {
    if facts.admin_list.is_empty() {
        return;
    }
    sheet.part("Administrators", "admins");
    sheet.paragraph("Every account that holds a privileged role, active or eligible, directly or through a group; the weakest first.");
    if !facts.stale_admins.is_empty() {
        sheet.paragraph(
            "Marked as stale: the newest method was registered more than 180 days ago. Ask each to confirm that the device is still theirs, or to register a passkey.",
        );
    }
    let columns = [Column::new("Administrator", 3.0), Column::new("Roles", 2.5), Column::new("MFA", 2.2), Column::new("Newest method", 1.5)];
    lists::set(sheet, &columns, &facts.admin_list, &Words { empty: "", rest }, |admin| {
        let (word, tone) = buckets::word(admin.bucket);
        let mut mfa = Cell::toned(word, tone);
        if !admin.methods.is_empty() {
            mfa = mfa.and(admin.methods.join(", "), Tone::Plain);
        }
        let newest = admin.newest_method.map_or_else(
            || Cell::toned(if admin.methods.is_empty() { "–" } else { "not known" }, Tone::Unknown),
            |newest| {
                let days = u32::try_from((facts.made_at - newest).num_days().max(0)).unwrap_or(u32::MAX);
                Cell::new(clock.day(newest)).and(format!("{} ago{}", count(days, "day", "days"), if admin.stale { ", stale" } else { "" }), Tone::Muted)
            },
        );
        vec![
            who(admin),
            Cell::new(if admin.held.is_empty() { &admin.roles } else { &admin.held }.join("; ")),
            mfa.and(format!("Asked by: {}", asked_by(admin.enforced)), Tone::Muted),
            newest,
        ]
    });
}

fn mismatches(sheet: &mut Sheet, facts: &MfaReportFacts, rest: &str) {
    sheet.part("Who has MFA, and who is asked for it", "mismatches");
    if front::nothing_known_of_asking(facts) {
        sheet.paragraph("Of nobody could it be judged whether MFA is demanded, so who is in either case below is not known.");
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
        lists::set(sheet, &columns, people, &Words { empty, rest }, |person| {
            let (word, tone) = buckets::word(person.bucket);
            let mfa = Cell::toned(word, tone);
            let mfa = if person.methods.is_empty() { mfa } else { mfa.and(person.methods.join(", "), Tone::Plain) };
            vec![who(person), department(person), mfa, Cell::new(asked_by(person.enforced))]
        });
    }
}

/// A part of its own where there is anybody to name.
fn named(sheet: &mut Sheet, title: &str, said: &str, people: &[ReportPerson], rest: &str, (last, cell): (&'static str, fn(&ReportPerson) -> Cell)) {
    if people.is_empty() {
        return;
    }
    sheet.part(title, title);
    sheet.paragraph(&format!("{}. {said}", count(size_of(people), "person", "people")));
    let columns = [Column::new("Person", 3.6), Column::new("Department", 2.0), Column::new(last, 2.5)];
    lists::set(sheet, &columns, people, &Words { empty: "", rest }, |person| vec![who(person), department(person), cell(person)]);
}

fn passkeys(sheet: &mut Sheet, facts: &MfaReportFacts) {
    let whole: u32 = facts.passkeys.iter().map(|count| count.people).sum();
    if whole == 0 {
        return;
    }
    sheet.part("Ready for passkeys", "passkeys");
    sheet.paragraph("A passkey signs in only to the genuine site and replaces the password. This is how near each person is to having one.");
    let bars: Vec<Bar> = facts.passkeys.iter().filter(|count| count.people > 0).map(|count| passkey(count, whole)).collect();
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

fn without_phone(sheet: &mut Sheet, facts: &MfaReportFacts, rest: &str) {
    if facts.without_phone_list.is_empty() {
        return;
    }
    sheet.part("People without a phone, and what would suit them", "phones");
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
    lists::set(sheet, &columns, &facts.without_phone_list, &Words { empty: "", rest }, |person| {
        let (word, tone) = buckets::word(person.bucket);
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

fn who(person: &ReportPerson) -> Cell {
    Cell::with_below(&person.display_name, &person.upn)
}

fn department(person: &ReportPerson) -> Cell {
    department_of(person.department.as_deref(), person.manager.as_deref())
}

fn methods(person: &ReportPerson) -> Cell {
    if person.methods.is_empty() { Cell::toned("none", Tone::Muted) } else { Cell::new(person.methods.join(", ")) }
}
