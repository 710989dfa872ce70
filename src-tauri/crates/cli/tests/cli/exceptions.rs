//! The exceptions register on the command line, from what a policy leaves out to the signed paper.

use crate::harness::{Desk, Simulator};

#[test]
fn a_carve_out_is_written_down_sent_signed_and_ended() {
    let simulator = Simulator::optik(&[]);
    let desk = Desk::new();
    desk.add(&simulator).done();
    let unread = desk.run(&["exceptions", "list", "--tenant", "lind"]).done().out;
    assert!(unread.contains("What the policies leave out is not known"), "{unread}");
    desk.run(&["sync"]).done();
    let list = || desk.run(&["--json", "exceptions", "list", "--tenant", "lind"]).done().json();
    let before = list();
    let carve_out = before["carveOuts"][0].clone();
    assert_eq!(
        (carve_out["standing"].as_str(), carve_out["kind"].as_str(), before["unsignedPeople"].as_u64()),
        (Some("notSignedOff"), Some("group"), Some(1)),
        "{before}"
    );

    let new = |more: &[&str]| desk.run(&[&["--json", "exceptions", "new", "--tenant", "lind", "--reason", "The tills cannot answer"], more].concat());
    let group = carve_out["subjectName"].as_str().unwrap().to_owned();
    new(&["--group", &group]).refused_with("exceptions.no_end");
    new(&["--group", &group, "--until", "2999-01-01"]).refused_with("exceptions.no_day");
    new(&["--group", "Nobody", "--until", "2099-01-01"]).refused_with("input.no_group");
    assert_eq!(new(&["--group", &group, "--user", "x", "--until", "2099-01-01"]).code, 2, "one thing at a time");
    let written = new(&["--group", &group, "--until", "2099-01-01", "--compensating", "They stand behind the counter"]).done().json();
    assert_eq!((written["row"]["id"].as_u64(), written["row"]["state"].as_str(), written["row"]["people"].as_u64()), (Some(1), Some("draft"), Some(1)));
    assert_eq!(list()["carveOuts"], serde_json::json!([]), "somebody answers for it");

    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    desk.run(&["exceptions", "sheet", "--tenant", "lind", "--out", &file("sheet.md")]).done();
    let sheet = std::fs::read_to_string(file("sheet.md")).unwrap();
    assert!(sheet.contains("| 1 | Group ") && sheet.contains("The tills cannot answer") && sheet.contains("| Signature |"), "{sheet}");
    desk.run(&["exceptions", "sheet", "--tenant", "lind", "--out", &file("sheet.pdf"), "--sent-to", "Ana Silva"]).done();
    assert!(std::fs::read(file("sheet.pdf")).unwrap().starts_with(b"%PDF"));
    desk.run(&["--json", "exceptions", "sheet", "--tenant", "lind", "--out", &file("sheet.doc")]).refused_with("input.invalid");
    assert_eq!(list()["register"][0]["sentTo"], "Ana Silva");

    std::fs::write(file("signed.pdf"), b"%PDF-1.7 by hand").unwrap();
    desk.run(&["--json", "exceptions", "sign", "1", "--by", "Robin", "--role", "Owner"]).refused_with("exceptions.self_signed");
    desk.run(&["--json", "exceptions", "sign", "1", "--by", "Ana Silva", "--role", "Owner", "--on", "2099-01-01"]).refused_with("exceptions.day_ahead");
    let signed = desk.run(&["--json", "exceptions", "sign", "1", "--by", "Ana Silva", "--role", "Owner", "--paper", &file("signed.pdf")]).done().json();
    assert_eq!((signed[0]["row"]["signOff"].as_str(), signed[0]["papers"][0]["name"].as_str()), (Some("signed"), Some("signed.pdf")));
    desk.run(&["--json", "exceptions", "decline", "1", "--by", "Ana Silva", "--role", "Owner"]).refused_with("exceptions.state");
    desk.run(&["exceptions", "save", "1", "1", "--out", &file("back.pdf")]).done();
    assert_eq!(std::fs::read(file("back.pdf")).unwrap(), b"%PDF-1.7 by hand");
    desk.run(&["exceptions", "review", "1", "--due", "2098-01-01"]).done();
    desk.run(&["exceptions", "extend", "1", "--until", "2100-01-01", "--by", "Ana Silva", "--role", "Owner"]).done();
    desk.run(&["exceptions", "export", "--tenant", "lind", "--out", &file("register.csv")]).done();
    assert!(std::fs::read_to_string(file("register.csv")).unwrap().contains("Ana Silva"));
    desk.run(&["exceptions", "end", "1", "--note", "New tills"]).done();
    let shown = desk.run(&["exceptions", "show", "1"]).done().out;
    for line in
        ["Written down by Robin", "Sent for signature by Robin: To Ana Silva", "Signed by Robin: Ana Silva, Owner", "Ended by Robin: New tills", "SHA-256"]
    {
        assert!(shown.contains(line), "{line} is not in {shown}");
    }
    let text = desk.run(&["exceptions", "list", "--tenant", "lind"]).done().out;
    assert!(text.contains("Nobody is written down") && text.contains("Nobody signed it off"), "{text}");
    assert!(desk.run(&["audit", "verify"]).done().out.contains("fit"));
}
