//! The MFA report as its reader gets it: a PDF whose text can be searched, whose names print in any script, and whose bytes
//! follow from its facts alone.

use chrono::{DateTime, TimeDelta, Utc};
use reports::layout::Paper;
use reports::mfa::{Admin, Bucket, Counts, Method, MfaReport, NotCounted, Person, Source, render};

use crate::text_of;

fn now() -> DateTime<Utc> {
    "2026-11-21T09:00:00Z".parse().unwrap()
}

fn person(name: &str, upn: &str, methods: &[&str]) -> Person {
    Person { name: name.into(), upn: upn.into(), department: Some("Operations".into()), methods: methods.iter().map(|m| (*m).into()).collect(), reason: None }
}

fn aegean() -> MfaReport {
    let names = ["Ελένη Παπαδοπούλου", "Олександр Шевченко", "محمد عبد الله", "王小明", "Zoë 🦊 Fox", "Łukasz Żółć", "=HYPERLINK(\"http://x\")", "<script>alert(1)</script>"];
    MfaReport {
        customer: "Aegean Shipping – Ναυτιλιακή Αιγαίου".into(),
        domain: "aegean-shipping.example".into(),
        company: "Northgate IT".into(),
        made_at: now(),
        paper: Paper::A4,
        licence: Some("Entra ID P1".into()),
        unreadable: None,
        people: Counts { strong: 96, weak: 22, none: 9, unknown: 3 },
        admins: Counts { strong: 3, weak: 1, none: 1, unknown: 0 },
        admin_rows: vec![
            Admin { person: person("Nikos Georgiou", "nikos@aegean-shipping.example", &["Microsoft Authenticator"]), roles: vec!["Global Administrator".into()], bucket: Bucket::Strong, newest: Some(now() - TimeDelta::days(412)), stale: true },
            Admin { person: person("Ελένη Παπαδοπούλου", "eleni@aegean-shipping.example", &[]), roles: vec!["User Administrator".into(), "Exchange Administrator".into()], bucket: Bucket::None, newest: None, stale: false },
        ],
        weak: (0..22).map(|n| person(names[n % names.len()], &format!("weak{n}.with.a.rather.long.address.indeed@aegean-shipping.example"), &["Text message", "Voice call"])).collect(),
        none: names.iter().enumerate().map(|(n, name)| person(name, &format!("none{n}@aegean-shipping.example"), &[])).collect(),
        unknown: vec![Person { reason: Some("not in Microsoft's registration report".into()), ..person("New Starter", "new@aegean-shipping.example", &[]) }],
        methods: vec![
            Method { name: "Microsoft Authenticator".into(), bucket: Bucket::Strong, phishing_resistant: false, people: 90 },
            Method { name: "Passkey (FIDO2)".into(), bucket: Bucket::Strong, phishing_resistant: true, people: 12 },
            Method { name: "Text message".into(), bucket: Bucket::Weak, phishing_resistant: false, people: 40 },
        ],
        not_counted: vec![NotCounted { title: "Shared mailboxes".into(), count: 6, why: "Nobody signs in to them; they are opened through another account.".into() }],
        enforcement: vec!["Whether Conditional Access demands MFA of each person is not yet judged by Gatehouse and is therefore unknown.".into()],
        sources: vec![Source { title: "MFA registration".into(), rows: Some(140), read_at: Some(now() - TimeDelta::minutes(12)), status: "read".into() }],
        counting: vec!["Strong: a phishing-resistant method, or Microsoft Authenticator.".into()],
        gaps: vec!["Eligible roles were not read: the tenant has no Entra ID P2.".into()],
    }
}

#[test]
fn the_text_of_the_report_can_be_searched_in_every_script() {
    let Some(text) = text_of(&render(&aegean()).unwrap()) else { return };
    for expected in ["MFA posture", "118 of 130 people (91 %)", "Ελένη Παπαδοπούλου", "Олександр Шевченко", "Łukasz Żółć", "Act first: 1 administrator has no MFA method", "412 days ago, stale", "Eligible roles were not read", "Page 2 of"] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
    assert!(text.contains("王小明") || !std::path::Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists(), "{text}");
    assert!(text.contains("🦊"), "{text}");
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    assert!(render(&aegean()).unwrap() == render(&aegean()).unwrap());
}

#[test]
fn what_could_not_be_read_is_no_zero() {
    let report = MfaReport { unreadable: Some("MFA registration needs Entra ID P1, which this tenant does not have.".into()), people: Counts::default(), ..aegean() };
    let Some(text) = text_of(&render(&report).unwrap()) else { return };
    assert!(text.contains("is not known") && text.contains("needs Entra ID P1"), "{text}");
    assert!(!text.contains("0 of 0") && !text.contains("People without MFA"), "{text}");
}

#[test]
fn a_table_over_many_pages_repeats_its_header_and_cuts_no_name() {
    let long = "Maximiliana-Konstantina Theodoropoulou-Papanikolaou von und zu Hohenstein-Wittgenstein ".repeat(3);
    let report = MfaReport { none: (0..300).map(|n| person(&format!("{long}{n}"), &format!("user{n}@aegean-shipping.example"), &[])).collect(), ..aegean() };
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
    let pdf = render(&MfaReport { paper: Paper::Letter, ..aegean() }).unwrap();
    assert!(pdf.windows(12).any(|window| window == b"0 0 612 792]" ) || String::from_utf8_lossy(&pdf).contains("612"), "the media box is Letter's");
}
