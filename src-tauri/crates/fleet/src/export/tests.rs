#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

#[test]
fn what_a_spreadsheet_would_calculate_gets_an_apostrophe() {
    for formula in ["=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(A1)", "\tx", "\rx"] {
        assert_eq!(safe(formula), format!("'{formula}"));
    }
    for text in ["", "Ada", "a=b", "1-2", " =x", "Żółć", "李"] {
        assert_eq!(safe(text), text);
    }
}

#[test]
fn a_file_is_csv_or_json_by_its_name_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let error = every::<u8>(&folder.path().join("list.xlsx"), &[], |_| unreachable!()).unwrap_err();
    assert_eq!(error.code, "input.invalid");
}

#[test]
fn a_list_becomes_a_csv_that_opens_as_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    let columns: [Column<&'static str>; 2] = [("Name", |name| (*name).to_owned()), ("Length", |name| name.chars().count().to_string())];
    let names = ["=HYPERLINK(\"x\")", "Jansen, \"Jan\"", "Ελένη\nΠαππά"];
    let written = every(&path, &columns, |_| Ok(store::Listed { rows: names.to_vec(), total: 3, all: 9 })).unwrap();
    assert_eq!(written, 3);
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.starts_with(b"\xef\xbb\xbf"));
    let text = String::from_utf8(bytes[3..].to_vec()).unwrap();
    assert_eq!(text, "Name,Length\r\n\"'=HYPERLINK(\"\"x\"\")\",15\r\n\"Jansen, \"\"Jan\"\"\",13\r\n\"Ελένη\nΠαππά\",11\r\n");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half written is left");
}

#[test]
fn a_list_becomes_json_as_the_window_gets_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("numbers.JSON");
    let columns: [Column<u64>; 1] = [("Number", |n| n.to_string())];
    let written = every(&path, &columns, |slice| {
        let rows: Vec<u64> = (slice.offset..(slice.offset + 2).min(5)).collect();
        Ok(store::Listed { rows, total: 5, all: 5 })
    })
    .unwrap();
    assert_eq!(written, 5);
    let value: Vec<u64> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(value, [0, 1, 2, 3, 4]);
}

#[test]
fn a_list_that_fails_half_way_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    std::fs::write(&path, "old").unwrap();
    let columns: [Column<u8>; 1] = [("Number", |n| n.to_string())];
    let failed = every(&path, &columns, |slice| {
        if slice.offset == 0 {
            Ok(store::Listed { rows: vec![1], total: 2, all: 2 })
        } else {
            Err(crate::problem::problem("store.busy", "The database is in use", "Try again."))
        }
    });
    assert_eq!(failed.unwrap_err().code, "store.busy");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_folder_that_is_not_there_is_said_in_words() {
    let error = every::<u8>(Path::new("/no/such/folder/x.csv"), &[], |_| unreachable!()).unwrap_err();
    assert_eq!(error.code, "export.write");
    assert!(!error.next_step.is_empty());
}

#[test]
fn a_list_that_the_window_orders_is_written_in_that_order_and_nothing_else_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policies.csv");
    let row = |id: &str, name: &str| PolicyRow {
        id: id.into(),
        display_name: name.into(),
        state: "enabled".into(),
        sentence: "Everybody needs MFA".into(),
        changed_at: None,
        changed_by: None,
        versions: 1,
        deleted: id == "c",
        not_understood: vec![],
    };
    let rows = vec![row("a", "CA001"), row("b", "=CA002"), row("c", "CA003")];
    let written = policies(rows, &["c".into(), "gone".into(), "b".into()], &path).unwrap();
    assert_eq!(written, 2);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(lines, ["deleted,CA003,Everybody needs MFA,,,1,,c", "enabled,'=CA002,Everybody needs MFA,,,1,,b"]);
}

#[test]
fn a_tenant_that_was_never_read_is_not_known_rather_than_empty() {
    assert_eq!(cells::mfa(None), "not known");
    assert_eq!(cells::drift(None), "not known");
    let judged = |met, critical| crate::views::tenants::DriftSummary { met, critical, ..Default::default() };
    assert_eq!(cells::drift(Some(&judged(0, 0))), "not known");
    assert_eq!(cells::drift(Some(&judged(40, 0))), "none");
    assert_eq!(cells::drift(Some(&judged(38, 2))), "2 critical");
    let counts = crate::views::tenants::AlertCounts { critical: 1, medium: 2, ..Default::default() };
    assert_eq!(cells::alerts(counts), "1 critical; 2 medium");
}
