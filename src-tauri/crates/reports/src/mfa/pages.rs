//! The pages of the MFA report, in the order in which a customer reads them: the answer, the admins, who needs to act, how
//! it was counted.

use super::{Admin, Bucket, Counts, MfaReport, Person, number, percent};
use crate::layout::{About, Bar, Cell, Column, Ink, Pattern, Segment, Sheet, Tone};
use crate::words::Clock;
use crate::{Branding, ReportError};

pub fn set(report: &MfaReport, branding: &Branding) -> Result<Sheet, ReportError> {
    let about =
        About { title: "MFA posture".into(), customer: report.customer.clone(), author: report.company.clone(), made_at: report.made_at, paper: report.paper };
    let mut sheet = Sheet::branded(about, branding)?;
    sheet.masthead(
        &report.domain,
        "Confidential: it names people",
        &[("Made", Clock::UTC.full(report.made_at)), ("Licence", report.licence.clone().unwrap_or_else(|| "not known".into()))],
    );
    summary(&mut sheet, report);
    if report.unreadable.is_none() {
        admins(&mut sheet, report);
        people(&mut sheet, report);
    }
    counting(&mut sheet, report);
    Ok(sheet)
}

fn summary(sheet: &mut Sheet, report: &MfaReport) {
    if let Some(reason) = &report.unreadable {
        sheet.lead("How many people have MFA is not known, and this report therefore gives no figures for it.");
        sheet.paragraph(reason);
    } else {
        headline(sheet, report);
        sheet.section("Everyone", 0.0);
        sheet.stacked_bar(&segments(report.people));
        sheet.section("Administrators", 0.0);
        if report.admins.sum() == 0 {
            sheet.paragraph("No account holds a privileged role, as far as roles could be read.");
        } else {
            sheet.stacked_bar(&segments(report.admins));
        }
        if !report.methods.is_empty() {
            sheet.section("Methods that people registered", 0.0);
            let whole = report.people.sum();
            let bars: Vec<Bar> = report
                .methods
                .iter()
                .map(|method| Bar {
                    name: method.name.clone(),
                    value: method.people,
                    said: format!(
                        "{} {}{}",
                        number(method.people),
                        if method.people == 1 { "person" } else { "people" },
                        if whole > 0 { format!(", {}", percent(method.people, whole)) } else { String::new() }
                    ) + if method.phishing_resistant { ", phishing-resistant" } else { "" },
                    ink: ink(method.bucket),
                    pattern: Pattern::Plain,
                })
                .collect();
            sheet.bars(&bars);
            sheet.note("A person may have registered several methods, so these figures add up to more than the number of people.");
        }
    }
    if !report.enforcement.is_empty() {
        sheet.section("Registered is not enforced", 0.0);
        for sentence in &report.enforcement {
            sheet.point(sentence);
        }
    }
    if !report.gaps.is_empty() {
        sheet.section("What could not be read", 0.0);
        for gap in &report.gaps {
            sheet.point(gap);
        }
    }
}

/// The answer in one paragraph, before any figure.
fn headline(sheet: &mut Sheet, report: &MfaReport) {
    let people = report.people;
    let whole = people.sum();
    let any = people.strong + people.weak;
    let mut said = format!(
        "{} of {} people ({}) have registered at least one MFA method; {} have a strong one.",
        number(any),
        number(whole),
        percent(any, whole),
        number(people.strong)
    );
    if people.none > 0 {
        said += &format!(" {} {} none and can be taken over with a password alone.", number(people.none), if people.none == 1 { "has" } else { "have" });
    }
    if people.unknown > 0 {
        said += &format!(" For {} it is not known.", number(people.unknown));
    }
    sheet.lead(&said);
    let bare: Vec<&Admin> = report.admin_rows.iter().filter(|admin| admin.bucket == Bucket::None).collect();
    let stale = report.admin_rows.iter().filter(|admin| admin.stale).count();
    if !bare.is_empty() {
        let names = bare.iter().take(5).map(|admin| admin.person.name.as_str()).collect::<Vec<_>>().join(", ");
        let more = if bare.len() > 5 { format!(" and {} more", bare.len() - 5) } else { String::new() };
        sheet.paragraph(&format!(
            "Act first: {} {} no MFA method: {names}{more}.",
            number_of(bare.len(), "administrator", "administrators"),
            if bare.len() == 1 { "has" } else { "have" }
        ));
    }
    if stale > 0 {
        sheet.paragraph(&format!(
            "{} not registered a method for more than 180 days.",
            if stale == 1 { "1 administrator has".to_owned() } else { format!("{stale} administrators have") }
        ));
    }
}

fn number_of(count: usize, one: &str, many: &str) -> String {
    crate::words::count(u32::try_from(count).unwrap_or(u32::MAX), one, many)
}

fn segments(counts: Counts) -> [Segment; 4] {
    [
        Segment { name: "Strong", value: counts.strong, ink: Ink::STRONG, pattern: Pattern::Plain },
        Segment { name: "Weak", value: counts.weak, ink: Ink::WEAK, pattern: Pattern::Plain },
        Segment { name: "None", value: counts.none, ink: Ink::NONE, pattern: Pattern::Striped },
        Segment { name: "Not known", value: counts.unknown, ink: Ink::UNKNOWN, pattern: Pattern::Hatched },
    ]
}

fn ink(bucket: Bucket) -> Ink {
    match bucket {
        Bucket::Strong => Ink::STRONG,
        Bucket::Weak => Ink::WEAK,
        Bucket::None => Ink::NONE,
        Bucket::Unknown => Ink::UNKNOWN,
    }
}

fn tone(bucket: Bucket) -> Tone {
    match bucket {
        Bucket::Strong => Tone::Strong,
        Bucket::Weak => Tone::Weak,
        Bucket::None => Tone::None,
        Bucket::Unknown => Tone::Unknown,
    }
}

const ADMINS: &[Column] =
    &[Column::new("Administrator", 3.4), Column::new("Roles", 2.4), Column::new("MFA", 1.0), Column::new("Methods", 2.0), Column::new("Newest method", 1.9)];

fn admins(sheet: &mut Sheet, report: &MfaReport) {
    if report.admin_rows.is_empty() {
        return;
    }
    sheet.part("Administrators", "admins");
    sheet.paragraph("Every account that holds a privileged role, active or eligible, directly or through a group.");
    sheet.table(ADMINS, report.admin_rows.iter().map(|admin| admin_row(admin, report)));
    let stale: Vec<&Admin> = report.admin_rows.iter().filter(|admin| admin.stale).collect();
    if !stale.is_empty() {
        sheet.section("Stale administrators", 0.0);
        sheet.paragraph(
            "Their newest method was registered more than 180 days ago. Ask each to confirm that the device is still theirs, or to register a passkey.",
        );
        sheet.table(ADMINS, stale.into_iter().map(|admin| admin_row(admin, report)));
    }
}

fn admin_row(admin: &Admin, report: &MfaReport) -> Vec<Cell> {
    let newest = admin.newest.map_or_else(
        || Cell::toned("not known", Tone::Unknown),
        |newest| {
            let days = (report.made_at - newest).num_days().max(0);
            Cell {
                text: newest.format("%-d %b %Y").to_string(),
                tone: Tone::Plain,
                below: Some(format!("{} days ago{}", number(u32::try_from(days).unwrap_or(0)), if admin.stale { ", stale" } else { "" })),
                ..Cell::default()
            }
        },
    );
    vec![
        Cell::with_below(&admin.person.name, &admin.person.upn),
        Cell::new(admin.roles.join(", ")),
        Cell::toned(admin.bucket.word(), tone(admin.bucket)),
        methods(&admin.person),
        newest,
    ]
}

fn methods(person: &Person) -> Cell {
    if person.methods.is_empty() { Cell::toned("none", Tone::Muted) } else { Cell::new(person.methods.join(", ")) }
}

fn people(sheet: &mut Sheet, report: &MfaReport) {
    list(
        sheet,
        "People without MFA",
        "Red: no method that counts as MFA. Each needs to register one; where somebody has no phone, a passkey or a hardware token suits.",
        &report.none,
        &[Column::new("Name", 3.9), Column::new("Department", 1.8), Column::new("Methods that are not MFA", 2.4)],
        |person| vec![Cell::with_below(&person.name, &person.upn), department(person), methods(person)],
    );
    list(
        sheet,
        "People with weak MFA only",
        "Amber: only text messages, voice calls or another telephone method. These can be phished or redirected; move them to the Authenticator app or a passkey.",
        &report.weak,
        &[Column::new("Name", 3.9), Column::new("Department", 1.8), Column::new("Methods", 2.4)],
        |person| vec![Cell::with_below(&person.name, &person.upn), department(person), methods(person)],
    );
    list(
        sheet,
        "People whose MFA is not known",
        "Counted neither as protected nor as unprotected.",
        &report.unknown,
        &[Column::new("Name", 3.9), Column::new("Department", 1.8), Column::new("Why it is not known", 2.4)],
        |person| {
            vec![
                Cell::with_below(&person.name, &person.upn),
                department(person),
                Cell::toned(person.reason.clone().unwrap_or_else(|| "not read".into()), Tone::Muted),
            ]
        },
    );
}

fn department(person: &Person) -> Cell {
    person.department.as_ref().map_or_else(|| Cell::toned("–", Tone::Muted), Cell::new)
}

fn list(sheet: &mut Sheet, title: &str, said: &str, people: &[Person], columns: &[Column], row: impl Fn(&Person) -> Vec<Cell>) {
    if people.is_empty() {
        return;
    }
    sheet.part(title, title);
    sheet.paragraph(&format!("{}. {said}", number_of(people.len(), "person", "people")));
    sheet.table(columns, people.iter().map(row));
}

fn counting(sheet: &mut Sheet, report: &MfaReport) {
    sheet.part("How this was counted", "counting");
    for rule in &report.counting {
        sheet.point(rule);
    }
    if !report.not_counted.is_empty() {
        sheet.section("Accounts that are not counted as people", 0.0);
        sheet.table(
            &[Column::new("Accounts", 1.6), Column::number("Number", 0.7), Column::new("Why they stand apart", 4.0)],
            report.not_counted.iter().map(|entry| vec![Cell::toned(&entry.title, Tone::Name), Cell::new(number(entry.count)), Cell::new(&entry.why)]),
        );
    }
    if !report.sources.is_empty() {
        sheet.section("Where the figures come from", 0.0);
        sheet.table(
            &[Column::new("Source (Microsoft Graph)", 2.4), Column::number("Rows", 0.8), Column::new("Read at", 2.3), Column::new("State", 2.6)],
            report.sources.iter().map(|source| {
                vec![
                    Cell::toned(&source.title, Tone::Name),
                    source.rows.map_or_else(|| Cell::toned("–", Tone::Muted), |rows| Cell::new(number(rows))),
                    source.read_at.map_or_else(|| Cell::toned("never", Tone::Muted), |at| Cell::new(at.format("%-d %b %Y, %H:%M UTC").to_string())),
                    Cell::new(&source.status),
                ]
            }),
        );
    }
}
