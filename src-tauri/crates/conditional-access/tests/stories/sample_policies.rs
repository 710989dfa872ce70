//! Policies that nobody here wrote: a published set, exported from beta.

use std::path::{Path, PathBuf};

use conditional_access::{ConditionalAccessPolicy, NoNames, difference, difference_as_if_enforced, parts, semantically_equal, sentence};
use serde_json::Value;

/// None, with the reason printed, where the samples are not at hand.
fn samples() -> Option<Vec<(String, Value)>> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/samples/conditional-access/j0eyv-baseline/Config/ConditionalAccess");
    if !folder.is_dir() {
        println!("skipped: {} is absent", folder.display());
        return None;
    }
    let mut found: Vec<(String, Value)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            (path.file_name().unwrap().to_string_lossy().into_owned(), serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap())
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    Some(found)
}

/// The value without nulls, empty lists and empty objects.
fn pruned(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(members.iter().map(|(k, v)| (k.clone(), pruned(v))).filter(|(_, v)| !empty(v)).collect()),
        Value::Array(items) => Value::Array(items.iter().map(pruned).collect()),
        other => other.clone(),
    }
}

fn empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(serde_json::Map::is_empty)
}

#[test]
fn every_sample_policy_is_written_back_without_loss() {
    for (file, value) in samples().unwrap_or_default() {
        let policy = ConditionalAccessPolicy::from_value(&value).unwrap();
        assert_eq!(pruned(&policy.to_value()), pruned(&value), "{file}");
        assert!(semantically_equal(&value, &policy.to_value()), "{file}");
    }
}

#[test]
fn every_sample_policy_is_understood_and_has_a_sentence_without_ids() {
    for (file, value) in samples().unwrap_or_default() {
        let policy = ConditionalAccessPolicy::from_value(&value).unwrap();
        assert_eq!(policy.not_understood(), Vec::<String>::new(), "{file}");
        let sentence = sentence(&policy, &NoNames);
        println!("{file}\n    {sentence}");
        assert!(sentence.ends_with("On.") || sentence.ends_with("Off.") || sentence.ends_with("Report-only."), "{sentence}");
        let lines = parts(&policy, &NoNames).into_iter().flat_map(|part| part.lines).collect::<Vec<_>>().join("\n");
        for text in [&sentence, &lines] {
            assert!(!text.contains("demands nothing") && !looks_like_an_id(text), "{file}: {text}");
        }
    }
}

fn looks_like_an_id(text: &str) -> bool {
    text.split(|c: char| !(c.is_ascii_hexdigit() || c == '-')).any(|word| word.len() == 36 && word.matches('-').count() == 4)
}

#[test]
fn every_sample_policy_differs_from_every_other_and_not_from_itself_shuffled() {
    let samples = samples().unwrap_or_default();
    for (file, value) in &samples {
        assert!(difference(value, &shuffled(value), &NoNames).is_empty(), "{file}");
        for (other, another) in &samples {
            if file != other {
                assert!(!difference_as_if_enforced(value, another, &NoNames).is_empty(), "{file} and {other}");
            }
        }
    }
}

/// Lists reversed, empty members removed, GUIDs in capitals.
fn shuffled(value: &Value) -> Value {
    match pruned(value) {
        Value::Object(members) => Value::Object(members.iter().map(|(k, v)| (k.clone(), if k.contains("rule") { v.clone() } else { shuffled(v) })).collect()),
        Value::Array(items) => Value::Array(items.iter().rev().map(shuffled).collect()),
        Value::String(text) if looks_like_an_id(&text) && text.len() == 36 => Value::String(text.to_ascii_uppercase()),
        other => other,
    }
}
