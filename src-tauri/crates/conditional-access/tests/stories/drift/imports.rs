//! What is said of files that are not what they should be.

use conditional_access::baseline::{BaselineFile, ImportProblem, Judgement, import};
use serde_json::json;

fn policy(name: &str) -> String {
    serde_json::to_string_pretty(&super::tenant::policy(name, &["mfa"])).unwrap()
}

fn problems(files: &[(&str, &[u8])]) -> Vec<ImportProblem> {
    let files: Vec<BaselineFile<'_>> = files.iter().map(|(path, bytes)| BaselineFile { path, bytes }).collect();
    import("test", &files).unwrap().problems
}

fn utf16(text: &str, mark: bool, big: bool) -> Vec<u8> {
    let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn every_encoding_and_every_wrapping_gives_the_same_policies() {
    let one = policy("CA1 MFA");
    let list = format!("{{\"@odata.context\": \"x\", \"value\": [{one}]}}");
    let array = format!("[{one}]");
    let marked = [b"\xEF\xBB\xBF".as_slice(), one.as_bytes()].concat();
    let shapes = [one.clone().into_bytes(), list.into_bytes(), array.into_bytes(), marked, utf16(&one, true, false), utf16(&one, true, true), utf16(&one, false, false)];
    for bytes in shapes {
        let imported = import("test", &[BaselineFile { path: "ConditionalAccess/CA1.json", bytes: &bytes }]).unwrap();
        assert_eq!(imported.baseline.controls.len(), 1);
        assert_eq!(imported.baseline.controls[0].id, "CA1");
    }
}

#[test]
fn a_malformed_file_is_named_with_its_line_and_the_rest_counts() {
    let found = problems(&[("a/good.json", policy("CA1 MFA").as_bytes()), ("a/cut.json", b"{\n  \"displayName\": \"x\",\n  \"state\": \n"), ("a/bytes.json", b"{\n\"a\": \"\xFF\"}")]);
    let told: Vec<(&str, Option<usize>, &str)> = found.iter().filter(|p| p.code != "import.nameless").map(|p| (p.file.as_str(), p.line, p.code)).collect();
    assert_eq!(told, [("a/bytes.json", Some(2), "import.not_text"), ("a/cut.json", Some(4), "import.not_json")]);
    assert!(found[1].to_string().starts_with("a/cut.json, line 4: "));
}

#[test]
fn in_a_list_of_policies_the_line_is_that_of_the_policy() {
    let other = policy("CA2 MFA").replace("\"enabled\"", "\"asleep\"");
    let text = format!("[\n{},\n{other}\n]", policy("CA1 MFA"));
    let found = problems(&[("all.json", text.as_bytes())]);
    let line = 1 + text.lines().position(|line| line.contains("asleep")).unwrap();
    let strange = found.iter().find(|p| p.code == "import.not_understood").unwrap();
    assert_eq!(strange.line, Some(line), "{strange}");
    assert!(strange.what.contains("asleep"));
}

#[test]
fn placeholders_and_ids_without_a_name_are_told_and_never_guessed() {
    let text = policy("CA1 MFA").replace(super::tenant::BREAK_GLASS, "<Break glass group>");
    let found = problems(&[("CA1.json", text.as_bytes()), ("CA2.json", policy("CA2 MFA").replace("\"All\"", "\"99999999-0000-0000-0000-000000000001\"").as_bytes())]);
    assert!(found.iter().any(|p| p.file == "CA1.json" && p.code == "import.placeholder" && p.what.contains("\u{201c}Break glass group\u{201d}")), "{found:#?}");
    assert!(found.iter().any(|p| p.file == "CA2.json" && p.code == "import.nameless" && p.what.contains("99999999")), "{found:#?}");
}

#[test]
fn two_policies_of_one_name_are_both_kept_and_one_policy_twice_is_taken_once() {
    let one = policy("CA1 MFA");
    let renumbered = one.replace("dddddddd", "dddddddf");
    let files = [("a.json", one.as_bytes()), ("copy.json", one.as_bytes()), ("b.json", renumbered.as_bytes())];
    let files: Vec<BaselineFile<'_>> = files.iter().map(|(path, bytes)| BaselineFile { path, bytes }).collect();
    let imported = import("test", &files).unwrap();
    assert_eq!(imported.baseline.controls.len(), 2);
    assert_ne!(imported.baseline.controls[0].id, imported.baseline.controls[1].id);
    assert!(imported.problems.iter().any(|p| p.code == "import.same_name"));
    let other = one.replace("mfa", "compliantDevice");
    let twice = problems(&[("a.json", one.as_bytes()), ("z.json", other.as_bytes())]);
    assert!(twice.iter().any(|p| p.file == "z.json" && p.code == "import.policy_twice" && p.what.contains("Grant controls")), "{twice:#?}");
}

#[test]
fn a_folder_without_a_policy_is_refused_with_a_next_step() {
    let error = import("test", &[BaselineFile { path: "readme.txt", bytes: b"hello" }]).unwrap_err();
    assert_eq!(error.code(), "baseline.no_policy");
    assert!(!error.next_step().is_empty());
}

#[test]
fn a_template_of_microsofts_is_a_policy_that_is_meant_to_be_on() {
    let template = json!({"id": "t", "name": "Block legacy authentication", "details": {"conditions": {"users": {"includeUsers": ["All"]}}, "grantControls": {"builtInControls": ["block"]}}});
    let text = template.to_string();
    let imported = import("test", &[BaselineFile { path: "t.json", bytes: text.as_bytes() }]).unwrap();
    let control = &imported.baseline.controls[0];
    assert_eq!(control.title, "Block legacy authentication");
    assert!(matches!(&control.judgement, Judgement::Policy(policy) if policy["state"] == "enabled"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_a_file_holds_the_import_says_so_and_does_not_fail(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), cut in 0_usize..900, at in 0_usize..900, with in proptest::prelude::any::<u8>()) {
        let whole = policy("CA1 MFA").into_bytes();
        let mut broken = whole[..cut.min(whole.len())].to_vec();
        if let Some(byte) = broken.get_mut(at) {
            *byte = with;
        }
        let files = [BaselineFile { path: "a/x.json", bytes: &bytes }, BaselineFile { path: "a/y.json", bytes: &broken }, BaselineFile { path: "a/z.json", bytes: &whole }];
        let imported = import("test", &files).unwrap();
        proptest::prop_assert!(imported.baseline.controls.len() <= 2);
        proptest::prop_assert!(imported.problems.iter().all(|p| p.line.is_none_or(|line| line >= 1)));
        let text = imported.baseline.to_json();
        proptest::prop_assert_eq!(conditional_access::baseline::Baseline::from_json(&text).unwrap(), imported.baseline);
    }
}
