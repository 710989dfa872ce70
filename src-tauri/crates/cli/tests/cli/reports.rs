//! The evidence as a technician hands it out and an auditor checks it.

use crate::harness::{Desk, Simulator};

const QUESTIONS: usize = 11;

fn synced() -> (Desk, Simulator) {
    let simulator = Simulator::optik(&[]);
    let desk = Desk::new();
    desk.add(&simulator).done();
    desk.run(&["sync"]).done();
    (desk, simulator)
}

#[test]
fn an_insurers_evidence_is_written_and_its_data_set_is_checked_by_the_hash_that_it_prints() {
    let (desk, _simulator) = synced();
    let written = desk.run(&["--json", "report", "insurer", "--out", "evidence.pdf", "--data", "proof"]).done().json();
    assert_eq!(written["sha256"].as_str().unwrap().len(), 64);
    let pdf = std::fs::read(desk.path("evidence.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    let verify = || desk.run(&["report", "verify", "evidence.pdf", "--data", "proof"]);
    assert!(verify().done().out.starts_with("The data set is the one that the report was made of"));
    let found = desk.run(&["--json", "report", "verify", "evidence.pdf", "--data", "proof"]).done().json();
    assert_eq!((found["intact"].as_bool(), &found["printed"], &found["computed"]), (Some(true), &written["sha256"], &written["sha256"]));
    // Whoever has no Gatehouse checks it with what every system has.
    let sums = std::fs::read_to_string(desk.path("proof/SHA256SUMS")).unwrap();
    assert!(sums.lines().all(|line| line.len() > 66 && line.as_bytes()[64..66] == *b"  "), "{sums}");

    let people = std::fs::read_to_string(desk.path("proof/people.csv")).unwrap();
    std::fs::write(desk.path("proof/people.csv"), people.replace("Lindqvist", "Lundqvist")).unwrap();
    std::fs::remove_file(desk.path("proof/alerts.csv")).unwrap();
    std::fs::write(desk.path("proof/new.csv"), "x").unwrap();
    let ran = verify();
    assert_eq!(ran.code, 1);
    assert_eq!(ran.out, "The data set is not as it was when the report was written; changed: people.csv; missing: alerts.csv; not part of it: new.csv.\n");
}

#[test]
fn what_is_no_report_of_ours_is_one_sentence() {
    let (desk, _simulator) = synced();
    desk.run(&["report", "mfa", "--out", "mfa.pdf"]).done();
    desk.run(&["report", "insurer", "--out", "evidence.pdf", "--data", "proof"]).done();
    std::fs::write(desk.path("formula.pdf"), "=cmd|' /C calc'!A0").unwrap();
    let whole = std::fs::read(desk.path("evidence.pdf")).unwrap();
    std::fs::write(desk.path("cut.pdf"), &whole[..whole.len() / 2]).unwrap();
    std::fs::create_dir(desk.path("empty")).unwrap();
    let verify = |file: &str, data: &str| desk.run(&["--json", "report", "verify", file, "--data", data]);
    verify("mfa.pdf", "proof").refused_with("report.no_hash");
    verify("formula.pdf", "proof").refused_with("report.no_pdf");
    verify("cut.pdf", "proof").refused_with("report.damaged");
    verify("nowhere.pdf", "proof").refused_with("report.unreadable");
    verify("evidence.pdf", "empty").refused_with("evidence.no_data_set");
    verify("evidence.pdf", "nowhere").refused_with("evidence.unreadable");
    desk.run(&["--json", "report", "insurer", "--out", "evidence.doc"]).refused_with("input.invalid");
    assert!(!desk.path("evidence.doc").exists(), "a PDF under another name helps nobody");
}

#[test]
fn every_report_of_a_period_is_written_for_one_customer_or_for_all() {
    let (desk, _simulator) = synced();
    for (kind, more) in
        [("mfa", &["--paper", "letter"][..]), ("insurer", &["--days", "7"]), ("changes", &["--from", "2026-01-01", "--to", "2026-01-31"]), ("fleet", &[])]
    {
        let out = format!("{kind}.pdf");
        desk.run(&[&["report", kind, "--out", &out], more].concat()).done();
        assert!(std::fs::read(desk.path(&out)).unwrap().starts_with(b"%PDF-"), "{kind}");
        let data = format!("{kind} data");
        desk.run(&[&["report", kind, "--out", &out, "--data", &data], more].concat()).done();
        desk.run(&["report", "verify", &out, "--data", &data]).done();
    }
    let run = desk.run(&["--json", "report", "insurer", "--all", "--out-dir", "all"]).done().json();
    assert_eq!((run["written"].as_u64(), run["failed"].as_u64()), (Some(1), Some(0)));
    let one = &run["outcomes"][0];
    desk.run(&["report", "verify", one["path"].as_str().unwrap(), "--data", one["data"].as_str().unwrap()]).done();
    // A file stands where the folder should be.
    std::fs::write(desk.path("taken"), "x").unwrap();
    assert_eq!(desk.run(&["report", "insurer", "--all", "--out-dir", "taken"]).code, 1);
    desk.run(&["--json", "report", "insurer", "--out", "taken/x.pdf"]).refused_with("export.write");
    desk.run(&["--json", "report", "insurer", "--days", "0", "--out", "x.pdf"]).refused_with("input.invalid");
    for wrong in [&["report", "insurer"][..], &["report", "insurer", "--all", "--out", "x.pdf"], &["report", "insurer", "--out-dir", "d"]] {
        assert_eq!(desk.run(wrong).code, 2, "{wrong:?}");
    }
}

#[test]
fn a_named_person_answers_otherwise_and_takes_it_back() {
    let (desk, _simulator) = synced();
    let list = desk.run(&["--json", "report", "statements", "--tenant", "lind"]).done().json();
    assert_eq!(list["statements"].as_array().unwrap().len(), QUESTIONS);
    let answer = ["report", "answer", "--tenant", "lind", "--statement", "mfa.remoteAccess"];
    let said = desk.run(&[&answer[..], &["--answer", "yes", "--person", "Ana Silva", "--note", "The VPN asks by Duo"]].concat()).done().out;
    assert!(said.contains("Ana Silva says yes: The VPN asks by Duo (by the data: partly)"), "{said}");
    assert!(!desk.run(&[&answer[..], &["--withdraw"]].concat()).done().out.contains("Ana Silva"));
    desk.run(&[&["--json"], &answer[..], &["--withdraw"]].concat()).refused_with("evidence.no_override");
    desk.run(&["--json", "report", "answer", "--tenant", "lind", "--statement", "nonsense", "--answer", "yes", "--person", "A", "--note", "B"])
        .refused_with("evidence.unknown_statement");
    assert_eq!(desk.run(&[&answer[..], &["--answer", "yes"]].concat()).code, 2, "a person and a note are needed");
}
