//! The MFA report as its reader gets it: a PDF whose text can be searched, whose names print in any script, and whose bytes
//! follow from its facts alone.

use fleet::posture::MfaReportFacts;
use fleet::views::mfa::MfaBucket;
use reports::Branding;
use reports::layout::Paper;

use crate::fixture::{self, mfa_person as person};
use crate::{joined, text_of, words_of};

fn render(facts: &MfaReportFacts) -> Vec<u8> {
    reports::mfa::render(facts, &Branding::named("Northgate IT"), Paper::A4, None).unwrap()
}

#[test]
fn the_text_of_the_report_can_be_searched_in_every_script() {
    let Some(text) = words_of(&render(&fixture::mfa())) else { return };
    for expected in [
        "MFA posture",
        "118 of 130 people (91 %) registered at least one MFA method; 96 have a strong one.",
        "21 November 2026, 11:00 (Europe/Athens)",
        "Ελένη Παπαδοπούλου",
        "Олександр Шевченко",
        "Łukasz Żółć",
        "Act first: 1 administrator has no MFA method: Ελένη Παπαδοπούλου.",
        "User Administrator (eligible, through Admins)",
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
fn it_names_both_mismatches_the_way_to_passkeys_and_who_has_no_phone() {
    let Some(text) = words_of(&render(&fixture::mfa())) else { return };
    for expected in [
        "14 people. A password alone opens these accounts, although they could answer.",
        "4 people. They are locked out, or whoever signs in next with their password registers a method in their place.",
        "Of 3 people it cannot be said whether something asks for MFA.",
        "Over time",
        "Could register one now",
        "60, 46 %",
        "6 people have no phone that anything tells of",
        "Of 4 it is not known.",
        "A security key",
        "Signs in from Windows computers that are not joined",
        "Manager: Nikos Georgiou",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
    assert!(!text.contains("Email, 54 %"), "what is no MFA is in no chart");
}

#[test]
fn a_list_of_thousands_says_how_many_it_leaves_out_and_where_they_stand() {
    let Some(text) = text_of(&render(&fixture::mfa_many(50_000))) else { return };
    let text = joined(&text);
    assert!(text.contains("25,000 people. No method that counts as MFA."), "counts stay whole");
    assert_eq!(text.matches("The first 200 of 25,000 are listed here; all of them stand on the customer’s MFA page of Gatehouse").count(), 3);
    assert!(text.contains("user25199.") && !text.contains("user25200."));
}

#[test]
fn with_a_data_set_it_prints_and_carries_its_checksum() {
    let pdf = reports::mfa::render(&fixture::mfa(), &Branding::default(), Paper::A4, Some(fixture::HASH)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mfa.pdf");
    std::fs::write(&file, &pdf).unwrap();
    assert_eq!(reports::printed::data_set(&file).unwrap(), fixture::HASH);
    let Some(text) = words_of(&pdf) else { return };
    assert!(text.contains("9f86d081 884c7d65"), "{text}");
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    assert!(render(&fixture::mfa()) == render(&fixture::mfa()));
}

#[test]
fn what_could_not_be_read_is_no_zero() {
    let facts = MfaReportFacts {
        unreadable: Some("MFA registration needs Entra ID P1, which this tenant does not have.".into()),
        people: Default::default(),
        ..fixture::mfa()
    };
    let Some(text) = text_of(&render(&facts)) else { return };
    assert!(text.contains("is not known") && text.contains("needs Entra ID P1"), "{text}");
    assert!(!text.contains("0 of 0") && !text.contains("People without MFA"), "{text}");
}

#[test]
fn a_table_over_many_pages_repeats_its_header_and_cuts_no_name() {
    let long = "Maximiliana-Konstantina Theodoropoulou-Papanikolaou von und zu Hohenstein-Wittgenstein ".repeat(3);
    let none = (0..200).map(|n| person(n, &format!("{long}{n}"), &format!("user{n}@aegean-shipping.example"), MfaBucket::None)).collect();
    let Some(text) = text_of(&render(&MfaReportFacts { none, ..fixture::mfa() })) else { return };
    assert!(text.matches("Methods that are not MFA").count() > 20);
    assert!((0..200).all(|n| text.contains(&format!("user{n}@aegean-shipping.example"))));
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
    let pdf = reports::mfa::render(&fixture::mfa(), &Branding::default(), Paper::Letter, None).unwrap();
    assert!(pdf.windows(12).any(|window| window == b"0 0 612 792]") || String::from_utf8_lossy(&pdf).contains("612"), "the media box is Letter's");
}
