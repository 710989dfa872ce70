//! A snapshot folder as people and tools bring it: encodings, shapes, mistakes, exports, and back to disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use serde_json::{Value, json};
use snapshot::{ReadError, Snapshot, WriteError, raw};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let text = if mark { format!("\u{feff}{text}") } else { text.to_owned() };
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn problems(folder: &Path) -> Vec<String> {
    match Snapshot::read(folder).unwrap_err() {
        ReadError::Malformed(problems) => problems.iter().map(ToString::to_string).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn every_encoding_reads_the_same() {
    let text = r#"[{"id": "1", "displayName": "Ελένη Иванова 王芳 🙂"}]"#;
    let with_mark = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    for bytes in [text.as_bytes().to_vec(), with_mark, utf16(text, false, true), utf16(text, true, true), utf16(text, false, false), utf16(text, true, false)] {
        let folder = folder(&[("users.json", &bytes)]);
        let users = Snapshot::read(folder.path()).unwrap().snapshot.users.unwrap();
        assert_eq!(users, [json!({"id": "1", "displayName": "Ελένη Иванова 王芳 🙂"})]);
    }
}

#[test]
fn one_page_of_several_is_read_and_said() {
    let folder = folder(&[("users.json", br#"{"value": [{"id": "1"}], "@odata.nextLink": "https://graph.microsoft.com/v1.0/users?$skiptoken=x"}"#)]);
    let reading = Snapshot::read(folder.path()).unwrap();
    assert_eq!(reading.snapshot.users.unwrap().len(), 1);
    assert!(reading.notes.iter().any(|note| note.file == "users.json" && note.what.contains("next page")));
}

#[test]
fn arrays_list_answers_and_single_resources_are_understood_and_absent_means_never_read() {
    let folder = folder(&[
        (
            "organization.json",
            br#"{"id": "t", "displayName": "T", "verifiedDomains": [{"name": "a.example", "isDefault": false}, {"name": "t.example", "isDefault": true}]}"#,
        ),
        ("users.json", br#"{"@odata.context": "x", "value": [{"id": "1"}]}"#),
        ("groups.json", br##"[{"id": "g", "members": [{"@odata.type": "#microsoft.graph.user", "id": "1"}]}]"##),
        ("securityDefaults.json", br#"{"value": [{"id": "s", "isEnabled": true}]}"#),
        ("conditionalAccessPolicies/a.json", br#"{"id": "p1"}"#),
        ("conditionalAccessPolicies/b.json", br#"{"id": "p2"}"#),
        ("authenticationMethods.json", br#"{"ABC": [{"id": "m"}]}"#),
        ("perUserMfa.json", br#"{"ABC": "enforced"}"#),
        ("signIns.json", br#"{"value": [ {"id": "s1", "createdDateTime": "2026-01-01T00:00:00Z"} ]}"#),
        ("notes.txt", b"hello"),
    ]);
    let reading = Snapshot::read(folder.path()).unwrap();
    let snapshot = &reading.snapshot;
    assert_eq!((snapshot.tenant_id(), snapshot.display_name(), snapshot.default_domain()), (Some("t"), Some("T"), Some("t.example")));
    assert_eq!(snapshot.conditional_access_policies.as_ref().unwrap().len(), 2);
    assert_eq!(snapshot.security_defaults.as_ref().unwrap()["isEnabled"], true);
    assert_eq!(snapshot.authentication_methods.as_ref().unwrap()["abc"].len(), 1);
    assert_eq!(snapshot.per_user_mfa.as_ref().unwrap()["abc"], "enforced");
    assert_eq!(snapshot.sign_ins.as_ref().unwrap().len(), 1);
    assert!(snapshot.directory_audits.is_none() && snapshot.named_locations.is_none(), "absent is never read, not empty");
    assert_eq!(reading.notes.iter().map(|note| note.file.as_str()).collect::<Vec<_>>(), ["notes.txt"]);
}

#[test]
fn every_problem_is_told_at_once_by_file_and_line() {
    let folder = folder(&[
        ("users.json", b"[\n  {\"id\": \"1\"},\n  {\"id\": \"2\",}\n]"),
        ("groups.json", br#"[{"id": "g", "members": "nobody"}]"#),
        ("namedLocations.json", br#"{"nothing": 1}"#),
        ("roleDefinitions.json", b"[{\"id\": \"r\"}, {\"name\": \"no id\"}, {\"id\": \"r\"}]"),
        ("servicePrincipals.json", b"[\n\"\xff\xfe\"]"),
        ("signIns.json", b"[{\"id\": \"s\"}, 5]"),
        ("authenticationMethods.json", b"[]"),
        ("directoryAudits.json", b"[{\"id\": \"a\""),
    ]);
    let said = problems(folder.path());
    for expected in [
        "users.json, line 3: trailing comma",
        "groups.json, line 1: \"members\" must be a list",
        "namedLocations.json, line 1: a list",
        "roleDefinitions.json: entry 2 has no id",
        "roleDefinitions.json, line 1: entry 3: id r occurs twice",
        "servicePrincipals.json, line 2: not valid UTF-8",
        "signIns.json: entry 2 is not an object",
        "authenticationMethods.json, line 1: a map of user id",
        "directoryAudits.json, line 1: EOF",
    ] {
        assert!(said.iter().any(|problem| problem.starts_with(expected)), "{expected} is missing in {said:#?}");
    }
}

#[test]
fn what_is_no_snapshot_is_refused() {
    assert!(matches!(Snapshot::read(Path::new("/nowhere/at/all")), Err(ReadError::NotASnapshot { .. })));
    let empty = folder(&[("readme.txt", b"x")]);
    let error = Snapshot::read(empty.path()).unwrap_err();
    assert_eq!(error.code(), "snapshot.notAFolder");
    let both = folder(&[("conditionalAccessPolicies.json", b"[]"), ("conditionalAccessPolicies/a.json", br#"{"id": "1"}"#)]);
    assert!(problems(both.path())[0].contains("keep one of them"));
    let cut = folder(&[("users.json", &utf16("[]", false, true)[..5])]);
    assert!(problems(cut.path())[0].contains("cut in the middle"));
}

#[test]
fn writing_replaces_an_older_snapshot_and_nothing_else() {
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("out");
    let older = Snapshot { users: Some(vec![json!({"id": "1"})]), groups: Some(Vec::new()), ..Snapshot::default() };
    older.write(&target).unwrap();
    let newer = Snapshot { users: Some(vec![json!({"id": "2"})]), ..Snapshot::default() };
    newer.write(&target).unwrap();
    let read = Snapshot::read(&target).unwrap().snapshot;
    assert_eq!(read.users, newer.users);
    assert!(read.groups.is_none(), "a file of the older snapshot does not stay behind");
    assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 1, "nothing temporary is left");
    std::fs::write(target.join("precious.docx"), "x").unwrap();
    assert!(matches!(newer.write(&target), Err(WriteError::WouldOverwrite { file, .. }) if file == "precious.docx"));
}

#[test]
fn an_export_of_policies_is_a_snapshot_of_policies_groups_and_locations() {
    let Some(shared) =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).map(|root| root.join("../shared/samples/conditional-access/j0eyv-baseline"))
    else {
        return;
    };
    if !shared.exists() {
        println!("skipped: ../shared is not there");
        return;
    }
    for folder in [shared.clone(), shared.join("Config")] {
        let reading = Snapshot::read(&folder).unwrap();
        let snapshot = reading.snapshot;
        let policies = snapshot.conditional_access_policies.unwrap();
        assert_eq!((policies.len(), snapshot.named_locations.as_ref().unwrap().len()), (36, 3));
        let groups = snapshot.groups.unwrap();
        assert!(groups.iter().all(|group| group.get("members").is_none()), "their members are unknown, not none");
        assert!(snapshot.users.is_none() && snapshot.sign_ins.is_none());
        let text = Value::Array(policies).to_string();
        assert!(!text.contains("@odata.context") && !text.contains("#microsoft.graph.restore"), "annotations are left out");
        assert!(snapshot.named_locations.unwrap().iter().all(|location| location["@odata.type"].is_string()), "the kind of a location stays");
        assert!(reading.notes.iter().any(|note| note.what.contains("left out")), "a group exported twice is said");
    }
    let original = Snapshot::read(&shared).unwrap();
    let utf16 = tempfile::tempdir().unwrap();
    let inside = utf16.path().join("conditionalAccessPolicies");
    std::fs::create_dir(&inside).unwrap();
    for entry in std::fs::read_dir(shared.join("original-utf16")).unwrap().flatten() {
        std::fs::copy(entry.path(), inside.join(entry.file_name())).unwrap();
    }
    let read = Snapshot::read(utf16.path()).unwrap().snapshot.conditional_access_policies.unwrap();
    assert!(original.snapshot.conditional_access_policies.unwrap().iter().any(|policy| policy["id"] == read[0]["id"]));
}

fn text() -> impl Strategy<Value = String> {
    any::<String>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_written_is_read(names in prop::collection::vec(text(), 0..6), states in prop::collection::btree_map("[0-9a-f]{8}", "enabled|enforced", 0..4), none in any::<bool>()) {
        let resources = |names: &[String]| names.iter().enumerate().map(|(n, name)| json!({"id": n.to_string(), "displayName": name})).collect::<Vec<Value>>();
        let methods: BTreeMap<String, Vec<Value>> = states.keys().map(|id| (id.clone(), vec![json!({"id": "m"})])).collect();
        let snapshot = Snapshot {
            users: (!none).then(|| resources(&names)),
            named_locations: Some(resources(&names)),
            security_defaults: Some(json!({"id": "s", "isEnabled": none})),
            per_user_mfa: Some(states),
            authentication_methods: Some(methods),
            sign_ins: Some(resources(&names).iter().map(raw).collect()),
            ..Snapshot::default()
        };
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("snapshot");
        snapshot.write(&target).unwrap();
        let read = Snapshot::read(&target).unwrap().snapshot;
        prop_assert_eq!(&read.users, &snapshot.users);
        prop_assert_eq!(&read.named_locations, &snapshot.named_locations);
        prop_assert_eq!(&read.security_defaults, &snapshot.security_defaults);
        prop_assert_eq!(&read.per_user_mfa, &snapshot.per_user_mfa);
        prop_assert_eq!(&read.authentication_methods, &snapshot.authentication_methods);
        let texts = |list: &Option<Vec<Box<serde_json::value::RawValue>>>| list.iter().flatten().map(|item| item.get().to_owned()).collect::<Vec<_>>();
        prop_assert_eq!(texts(&read.sign_ins), texts(&snapshot.sign_ins));
        prop_assert!(read.groups.is_none());
    }

    #[test]
    fn garbage_is_an_error_and_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let folder = folder(&[("users.json", &bytes), ("signIns.json", &bytes), ("perUserMfa.json", &bytes)]);
        let _ = Snapshot::read(folder.path());
    }
}
