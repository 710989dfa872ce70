//! The MFA report as its reader gets it: a PDF whose text can be searched, whose names print in any script, and whose bytes
//! follow from its facts alone.

use reports::layout::Paper;
use reports::mfa::{Counts, MfaReport, render};

use crate::fixture::{self, mfa_person as person};
use crate::text_of;

#[test]
fn the_text_of_the_report_can_be_searched_in_every_script() {
    let Some(text) = text_of(&render(&fixture::mfa()).unwrap()) else { return };
    for expected in [
        "MFA posture",
        "118 of 130 people (91 %)",
        "Ελένη Παπαδοπούλου",
        "Олександр Шевченко",
        "Łukasz Żółć",
        "Act first: 1 administrator has no MFA method",
        "412 days ago, stale",
        "Eligible roles were not read",
        "Page 2 of",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
    assert!(text.contains("王小明") || !std::path::Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists(), "{text}");
    assert!(text.contains("🦊"), "{text}");
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    assert!(render(&fixture::mfa()).unwrap() == render(&fixture::mfa()).unwrap());
}

#[test]
fn what_could_not_be_read_is_no_zero() {
    let report = MfaReport {
        unreadable: Some("MFA registration needs Entra ID P1, which this tenant does not have.".into()),
        people: Counts::default(),
        ..fixture::mfa()
    };
    let Some(text) = text_of(&render(&report).unwrap()) else { return };
    assert!(text.contains("is not known") && text.contains("needs Entra ID P1"), "{text}");
    assert!(!text.contains("0 of 0") && !text.contains("People without MFA"), "{text}");
}

#[test]
fn a_table_over_many_pages_repeats_its_header_and_cuts_no_name() {
    let long = "Maximiliana-Konstantina Theodoropoulou-Papanikolaou von und zu Hohenstein-Wittgenstein ".repeat(3);
    let report =
        MfaReport { none: (0..300).map(|n| person(&format!("{long}{n}"), &format!("user{n}@aegean-shipping.example"), &[])).collect(), ..fixture::mfa() };
    let Some(text) = text_of(&render(&report).unwrap()) else { return };
    assert!(text.matches("Methods that are not MFA").count() > 20);
    assert!((0..300).all(|n| text.contains(&format!("user{n}@aegean-shipping.example"))));
}

#[test]
fn a_report_that_cannot_be_written_says_where_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "").unwrap();
    let error = reports::write(&blocked.join("report.pdf"), b"x").unwrap_err();
    assert_eq!(error.code(), "report.write");
    assert!(error.to_string().contains("report.pdf"));
}

#[test]
fn letter_paper_is_letter_paper() {
    let pdf = render(&MfaReport { paper: Paper::Letter, ..fixture::mfa() }).unwrap();
    assert!(pdf.windows(12).any(|window| window == b"0 0 612 792]") || String::from_utf8_lossy(&pdf).contains("612"), "the media box is Letter's");
}
