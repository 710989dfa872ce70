//! The rules that hold on every page of every report, checked in the log of what was set where.

use fleet::posture::MfaReportFacts;
use reports::Branding;
use reports::layout::{Kind, Paper, Placed, Sheet};

use crate::fixture;

fn all() -> Vec<(String, Sheet)> {
    let branding = Branding::named("Northgate IT");
    let mut sheets = Vec::new();
    for paper in [Paper::A4, Paper::Letter] {
        let mut long = fixture::insurer();
        long.customer.name = "Maximiliana-Konstantina Theodoropoulou ".repeat(5);
        long.statements[0].evidence = "x".repeat(400);
        long.enrolment.without[0].name = "W".repeat(200);
        long.changes[0].details = (0..120).map(|n| format!("Field {n}: from “{}” to nothing", "value ".repeat(12))).collect();
        for (name, facts) in [("rich", fixture::insurer()), ("long", long), ("nothing", fixture::nothing_known()), ("many", fixture::many(400))] {
            sheets.push((format!("{paper:?} insurer {name}"), reports::insurer::set(&facts, &branding, paper, fixture::HASH).unwrap()));
        }
        // One alert more a round: the pages end elsewhere each time.
        for more in 0..5 {
            let mut facts = fixture::changes_report();
            for _ in 0..more {
                facts.alerts.alerts.push(facts.alerts.alerts[0].clone());
                facts.changes.insert(0, facts.changes[1].clone());
            }
            sheets.push((format!("{paper:?} changes {more}"), reports::changes::set(&facts, &branding, paper, None).unwrap()));
        }
        let long = MfaReportFacts { customer: "Maximiliana-Konstantina Theodoropoulou ".repeat(5), ..fixture::mfa() };
        let nothing = MfaReportFacts { unreadable: Some("MFA registration was never read.".into()), ..fixture::mfa() };
        for (name, facts) in [("rich", fixture::mfa()), ("long", long), ("nothing", nothing), ("many", fixture::mfa_many(1_400))] {
            sheets.push((format!("{paper:?} mfa {name}"), reports::mfa::set(&facts, &branding, paper, Some(fixture::HASH)).unwrap()));
        }
        sheets.push((format!("{paper:?} fleet"), reports::fleet_summary::set(&fixture::fleet(), &branding, paper, None).unwrap()));
    }
    sheets
}

fn page(placed: &[Placed], number: usize) -> Vec<&Placed> {
    placed.iter().filter(|placed| placed.page == number).collect()
}

#[test]
fn no_page_ends_with_a_heading_or_with_a_header_of_nothing() {
    for (name, sheet) in all() {
        for number in 1..=sheet.page_count() {
            let here = page(sheet.placed(), number);
            let last = here.last().unwrap_or_else(|| panic!("{name}: page {number} is empty"));
            assert!(!matches!(last.kind, Kind::Heading | Kind::TableHead), "{name}: page {number} ends with “{}”", last.text);
        }
    }
}

#[test]
fn nothing_reaches_below_the_foot_of_a_page_or_over_what_stands_above_it() {
    for (name, sheet) in all() {
        for number in 1..=sheet.page_count() {
            let mut above = 0.0;
            for placed in page(sheet.placed(), number) {
                assert!(placed.bottom <= sheet.foot() + 0.1, "{name}: “{}” reaches below page {number}", placed.text);
                assert!(placed.top >= above - 0.1, "{name}: “{}” stands over what is above it on page {number}", placed.text);
                above = placed.bottom;
            }
        }
    }
}

#[test]
fn a_row_taller_than_a_page_is_split_and_loses_nothing() {
    let mut facts = fixture::changes_report();
    facts.changes[0].details = (0..200).map(|n| format!("Field number {n} was changed.")).collect();
    let sheet = reports::changes::set(&facts, &Branding::default(), Paper::A4, None).unwrap();
    let rows = sheet.placed().iter().filter(|placed| placed.kind == Kind::Row && placed.text == "20 Nov 2026").count();
    assert!(rows >= 3, "the row of 200 lines stands on {rows} pages");
    let Some(text) = crate::text_of(&sheet.finish()) else { return };
    assert!((0..200).all(|n| text.contains(&format!("Field number {n} was changed."))));
}
