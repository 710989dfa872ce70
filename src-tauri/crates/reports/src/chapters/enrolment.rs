//! Who has MFA and who is asked for it: the whole, by department, by method, over time, and both mismatches by name.

use fleet::evidence::facts::{Department, Enrolment, PersonFact, TrendDay};

use super::buckets;
use super::lists::{self, Words};
use crate::layout::{Bar, Cell, Column, Ink, Pattern, Sheet, Tone};
use crate::words::{count, number, percent, size_of};

pub fn set(sheet: &mut Sheet, enrolment: &Enrolment, rest: &str) {
    if let Some(reason) = &enrolment.unreadable {
        sheet.paragraph("How many people have MFA is not known, and this report therefore gives no figures for it.");
        sheet.paragraph(reason);
        return;
    }
    whole(sheet, enrolment);
    over_time(sheet, &enrolment.trend);
    departments(sheet, &enrolment.departments, rest);
    sheet.section("By method", 0.0);
    let shares: Vec<_> = enrolment.methods.iter().map(|method| (method.method.as_str(), method.strength.as_str(), method.people)).collect();
    by_method(sheet, &shares, enrolment.people.sum());
    mismatches(sheet, enrolment, rest);
    sheet.section("People without any MFA method", 0.0);
    people(
        sheet,
        &enrolment.without,
        "A password alone opens these accounts unless something else stops it.",
        "Everybody who is counted has at least one method, as far as registration could be read.",
        rest,
    );
    sheet.section("People with weak MFA only", 0.0);
    people(
        sheet,
        &enrolment.weak_only,
        "Text messages, voice calls or another telephone method: better than none, and open to phishing.",
        "Nobody depends on a weak method alone.",
        rest,
    );
    not_counted(sheet, enrolment);
}

fn whole(sheet: &mut Sheet, enrolment: &Enrolment) {
    let (people, all) = (enrolment.people, enrolment.people.sum());
    if all == 0 {
        sheet.paragraph("No account of this customer is counted as a person.");
        return;
    }
    let any = people.strong + people.weak;
    let mut said = format!(
        "{} of {} ({}) registered at least one MFA method; {} a strong one.",
        number(any),
        count(all, "person", "people"),
        percent(any, all),
        number(people.strong)
    );
    if people.unknown > 0 {
        said += &format!(" For {} it is not known.", number(people.unknown));
    }
    sheet.lead(&said);
    sheet.section("What people could sign in with", 0.0);
    sheet.stacked_bar(&buckets::people(people));
    sheet.section("What asks them for MFA", 0.0);
    let asked = buckets::sum(enrolment.enforced);
    if asked == 0 {
        sheet.paragraph("Whether MFA is demanded of anybody is not known.");
    } else {
        sheet.stacked_bar(&buckets::enforced(enrolment.enforced));
        sheet.note("Registered means that a person could answer; asked means that something demands it. Only both together protect.");
    }
}

/// Nothing where fewer than two days are known.
pub fn over_time(sheet: &mut Sheet, days: &[TrendDay]) {
    if days.iter().filter(|day| day.people.sum() > 0).count() < 2 {
        return;
    }
    sheet.section("Over time", 0.0);
    sheet.trend(&buckets::trend(days));
}

/// The bar and the numbers of one department.
fn department(department: &Department) -> Vec<Cell> {
    let people = department.people;
    let asked = (buckets::asked(department.enforced), buckets::sum(department.enforced));
    vec![
        department.name.as_ref().map_or_else(|| Cell::toned("No department", Tone::Muted), |name| Cell::toned(name, Tone::Name)),
        Cell::bar(buckets::people(people)),
        Cell::new(number(people.sum())),
        Cell::new(number(people.strong)),
        Cell::new(number(people.weak)),
        Cell::new(number(people.none)),
        Cell::new(number(people.unknown)),
        if asked.1 == 0 { Cell::toned("not known", Tone::Unknown) } else { Cell::new(percent(asked.0, asked.1)) },
    ]
}

fn departments(sheet: &mut Sheet, departments: &[Department], rest: &str) {
    sheet.section("By department", 0.0);
    let columns = [
        Column::new("Department", 2.3),
        Column::new("Share of people", 2.5),
        Column::number("People", 0.8),
        Column::number("Strong", 0.85),
        Column::number("Weak", 0.8),
        Column::number("None", 0.8),
        Column::number("Not known", 0.9),
        Column::number("Asked", 0.85),
    ];
    if let Some(first) = departments.first() {
        sheet.legend(&buckets::people(first.people));
    }
    lists::set(sheet, &columns, departments, &Words { empty: "No department is known.", rest }, department);
}

/// Name, strength and people of each method; what is no MFA (a password, an address for resets) would only dilute the chart.
pub fn by_method(sheet: &mut Sheet, methods: &[(&str, &str, u32)], whole: u32) {
    let bars: Vec<Bar> = methods
        .iter()
        .filter(|(_, strength, _)| *strength != "notMfa")
        .map(|(name, strength, people)| {
            let (ink, pattern, words) = match *strength {
                "phishingResistant" => (Ink::STRONG, Pattern::Plain, ", phishing-resistant"),
                "strong" => (Ink::STRONG, Pattern::Plain, ", strong"),
                "weak" => (Ink::WEAK, Pattern::Plain, ", weak"),
                _ => (Ink::UNKNOWN, Pattern::Hatched, ""),
            };
            let share = if whole > 0 { format!(", {}", percent(*people, whole)) } else { String::new() };
            Bar { name: (*name).to_owned(), value: *people, said: format!("{}{share}{words}", number(*people)), ink, pattern }
        })
        .collect();
    if bars.is_empty() {
        sheet.paragraph("No method that counts as MFA is registered, as far as could be read.");
        return;
    }
    sheet.intro("A person may have registered several methods, so these figures add up to more than the number of people.");
    sheet.bars(&bars);
}

fn mismatches(sheet: &mut Sheet, enrolment: &Enrolment, rest: &str) {
    let enforced = enrolment.enforced;
    if buckets::asked(enforced) == 0 && enforced.not_enforced == 0 {
        sheet.section("Registered, but not asked; asked, but not registered", 0.0);
        sheet.paragraph("Of nobody could it be judged whether MFA is demanded, so who is in either case is not known.");
        return;
    }
    sheet.section("Registered, but not asked", 0.0);
    people(
        sheet,
        &enrolment.registered_not_enforced,
        "They could answer, and nothing demands it of them.",
        "Everybody who registered a method is also asked for it, as far as could be judged.",
        rest,
    );
    sheet.section("Asked, but not registered", 0.0);
    people(
        sheet,
        &enrolment.enforced_not_registered,
        "MFA is demanded of them and they have nothing to answer with: they are locked out, or register when they next sign in.",
        "Everybody who is asked for MFA has registered a method, as far as could be judged.",
        rest,
    );
}

const PEOPLE: &[Column] = &[Column::new("Person", 3.0), Column::new("Department", 1.6), Column::new("MFA", 2.4), Column::new("Asked for MFA by", 1.4)];

/// `said` stands above a list that names anybody.
fn people(sheet: &mut Sheet, people: &[PersonFact], said: &str, empty: &str, rest: &str) {
    if !people.is_empty() {
        sheet.intro(&format!("{}. {said}", count(size_of(people), "person", "people")));
    }
    lists::set(sheet, PEOPLE, people, &Words { empty, rest }, |person| {
        let (word, tone) = buckets::word(person.bucket);
        let mut mfa = Cell::toned(word, tone);
        if !person.methods.is_empty() {
            mfa = mfa.and(person.methods.join(", "), Tone::Plain);
        }
        if let Some(reason) = &person.reason {
            mfa = mfa.and(reason, Tone::Muted);
        }
        vec![
            Cell::with_below(&person.name, &person.upn),
            department_of(person.department.as_deref(), person.manager.as_deref()),
            mfa,
            Cell::new(&person.enforced),
        ]
    });
}

pub fn department_of(department: Option<&str>, manager: Option<&str>) -> Cell {
    let cell = department.map_or_else(|| Cell::toned("–", Tone::Muted), Cell::new);
    match manager {
        Some(manager) => cell.and(format!("Manager: {manager}"), Tone::Muted),
        None => cell,
    }
}

fn not_counted(sheet: &mut Sheet, enrolment: &Enrolment) {
    if enrolment.not_counted.is_empty() {
        return;
    }
    sheet.section("Accounts that are not counted as people", 0.0);
    let all: u32 = enrolment.not_counted.iter().map(|entry| entry.accounts).sum();
    sheet.intro(&format!("{} in {}.", count(all, "account", "accounts"), count(size_of(&enrolment.not_counted), "group", "groups")));
    sheet.table(
        &[Column::new("Accounts", 1.8), Column::number("Number", 0.8), Column::new("Why they stand apart", 4.2)],
        enrolment.not_counted.iter().map(|entry| vec![Cell::toned(&entry.title, Tone::Name), Cell::new(number(entry.accounts)), Cell::new(&entry.why)]),
    );
}
