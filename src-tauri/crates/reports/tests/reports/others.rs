//! *Alerts and changes* of one customer, *Fleet summary* of all.

use reports::Branding;
use reports::layout::Paper;

use crate::{fixture, joined, text_of};

#[test]
fn alerts_and_changes_says_what_happened_and_how_fast_it_was_handled() {
    let Some(text) = text_of(&reports::changes::render(&fixture::changes_report(), &Branding::named("Northgate IT"), Paper::A4, None).unwrap()) else { return };
    let text = joined(&text);
    for expected in [
        "Alerts and changes",
        "alerts raised",
        "14 changes, of which 7 through Gatehouse",
        "The yearly drill, announced by ticket NG-4700.",
        "State: from report-only to on",
        "approved by Maria (Northgate IT)",
        "Travelling",
        "read in part: Microsoft keeps 30 days of them",
        "Times are in Europe/Athens.",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
}

#[test]
fn a_quiet_period_is_said_in_sentences() {
    let facts = fleet::evidence::facts::ChangesFacts {
        changes: Vec::new(),
        alerts: fleet::evidence::facts::AlertHistory { handling: Vec::new(), alerts: Vec::new() },
        access: Vec::new(),
        sources: Vec::new(),
        gaps: Vec::new(),
        ..fixture::changes_report()
    };
    let Some(text) = text_of(&reports::changes::render(&facts, &Branding::default(), Paper::Letter, None).unwrap()) else { return };
    for expected in [
        "No alert was raised in this period.",
        "Nothing was changed in this period",
        "Nobody was given access for a time",
        "Nothing has been read of this customer.",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
}

#[test]
fn the_fleet_summary_names_what_to_do_first_and_who_gets_worse() {
    let Some(text) = text_of(&reports::fleet_summary::render(&fixture::fleet(), &Branding::named("Northgate IT"), Paper::A4, None).unwrap()) else { return };
    let text = joined(&text);
    for expected in [
        "6 customers",
        "Close the 2 critical alerts",
        "Ask for consent again",
        "points worse",
        "points better",
        "Of 1 customer MFA registration could not be read",
        "withdrawn",
        "not readable",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
    let (worse, better) = (text.find("points worse").unwrap(), text.find("points better").unwrap());
    assert!(worse < better, "those who got worse come first");
}

#[test]
fn a_fleet_of_nobody_is_a_right_report() {
    let facts = fleet::evidence::facts::FleetFacts { customers: Vec::new(), handling: Vec::new(), changes: 0, ..fixture::fleet() };
    let Some(text) = text_of(&reports::fleet_summary::render(&facts, &Branding::default(), Paper::A4, None).unwrap()) else { return };
    for expected in ["0 customers", "No customer is connected.", "No customer needs anything now.", "No customer has snapshots of two days yet."] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    let branding = Branding::named("Northgate IT");
    assert!(
        reports::changes::render(&fixture::changes_report(), &branding, Paper::A4, None).unwrap()
            == reports::changes::render(&fixture::changes_report(), &branding, Paper::A4, None).unwrap()
    );
    assert!(
        reports::fleet_summary::render(&fixture::fleet(), &branding, Paper::A4, None).unwrap()
            == reports::fleet_summary::render(&fixture::fleet(), &branding, Paper::A4, None).unwrap()
    );
}
