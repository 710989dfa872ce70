//! The sheet to sign: numbered, in any script, whatever somebody typed, and with lines for who signs.

use fleet::evidence::Look;
use fleet::exceptions::sheet::{SheetFacts, SheetRow};
use reports::Branding;
use reports::layout::Paper;
use reports::sign_off::{render, write};

use super::words_of;

fn row(number: u32, subject: &str, reason: &str) -> SheetRow {
    SheetRow {
        number,
        subject: subject.into(),
        exempt_from: "CA003 MFA for all users".into(),
        people: "4 people".into(),
        reason: reason.into(),
        compensating: String::new(),
        ticket: Some("T-7".into()),
        until: "31 January 2027".into(),
        review: None,
    }
}

fn sheet(rows: Vec<SheetRow>) -> SheetFacts {
    SheetFacts {
        customer: "Aegean Shipping – Ναυτιλιακή Αιγαίου".into(),
        domain: "aegean-shipping.example".into(),
        company: "Northgate IT".into(),
        made_at: "2026-11-21T09:00:00Z".parse().unwrap(),
        made_on: "21 November 2026".into(),
        made_by: "Ida Berg".into(),
        rows,
    }
}

#[test]
fn every_exception_is_numbered_and_the_signer_has_lines_to_write_on() {
    let facts = sheet(vec![row(3, "Group VIP | x", "<b>No</b> phones\nat all"), row(12, "Ελένη Παπαδοπούλου", "Key lost")]);
    let pdf = render(&facts, &Branding::named("Northgate IT"), Paper::A4).unwrap();
    assert!(pdf == render(&facts, &Branding::named("Northgate IT"), Paper::A4).unwrap(), "the same facts give the same bytes");
    if let Ok(keep) = std::env::var("KEEP_PDF") {
        std::fs::write(keep, &pdf).unwrap();
    }
    let Some(text) = words_of(&pdf) else { return };
    for expected in [
        "Exceptions from MFA",
        "Group VIP | x",
        "<b>No</b> phones",
        "Ελένη Παπαδοπούλου",
        "Ticket T-7",
        "Nothing was named that protects instead",
        "31 January 2027",
        "Signature of the customer",
        "accepts the risk of the exceptions marked “signed”",
        "declined",
        "Role",
        "Northgate IT",
        "2 exceptions",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
}

#[test]
fn a_long_register_and_a_name_of_two_hundred_letters_lose_nothing() {
    let long = "Maximiliana-Konstantina ".repeat(9);
    let facts = sheet((1..=120).map(|number| row(number, &format!("{long}{number}"), &"a reason ".repeat(60))).collect());
    let Some(text) = words_of(&render(&facts, &Branding::default(), Paper::Letter).unwrap()) else { return };
    assert!(text.matches("31 January 2027").count() >= 120, "every row is there");
    assert!(text.contains("Signature"));
}

#[test]
fn the_files_name_says_the_form() {
    let folder = tempfile::tempdir().unwrap();
    let facts = sheet(vec![row(1, "Ana", "Key lost")]);
    write(&facts, &Look::default(), &folder.path().join("sheet.MD")).unwrap();
    assert!(std::fs::read_to_string(folder.path().join("sheet.MD")).unwrap().contains("| 1 | Ana |"));
    write(&facts, &Look::default(), &folder.path().join("sheet.pdf")).unwrap();
    assert_eq!(write(&facts, &Look::default(), &folder.path().join("sheet.docx")).unwrap_err().code, "input.invalid");
    assert_eq!(write(&facts, &Look::default(), &folder.path().join("sheet.pdf").join("x.pdf")).unwrap_err().code, "report.write");
}
