//! What equals what. A policy becomes a flat map of leaves in which everything that Graph treats alike looks alike.

use serde_json::{Map, Value};

use super::Leaves;
use super::fields::{Judge, Shape, field};
use crate::model::json::{is_annotation, is_empty};

/// Dates, ids and the template say where a policy came from, not what it does.
const NOISE: [&str; 5] = ["id", "createdDateTime", "modifiedDateTime", "deletedDateTime", "templateId"];

pub(crate) fn leaves(policy: &Value) -> Leaves {
    let mut found = Leaves::new();
    let Value::Object(members) = policy else {
        found.insert("policy".to_owned(), policy.clone());
        return found;
    };
    for (name, value) in members {
        if !NOISE.contains(&name.as_str()) {
            gather(name, name.clone(), value, &mut found);
        }
    }
    // With one control or none there is nothing to combine.
    if control_count(&found) <= 1 {
        found.remove("grantControls.operator");
    }
    found
}

fn gather(name: &str, path: String, value: &Value, found: &mut Leaves) {
    if is_annotation(name) || is_empty(value) {
        return;
    }
    if let Some(field) = field(&path) {
        let value = shaped(field.shape, &path, value);
        if !is_empty(&value) {
            found.insert(path, value);
        }
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                gather(name, format!("{path}.{name}"), value, found);
            }
        }
        other => {
            found.insert(path, plain(other));
        }
    }
}

fn shaped(shape: Shape, path: &str, value: &Value) -> Value {
    match shape {
        Shape::Text => value.clone(),
        Shape::Word => match value {
            Value::String(text) => Value::String(text.trim().to_ascii_lowercase()),
            other => other.clone(),
        },
        Shape::Ids(_) | Shape::Words => match (set(path, value), field(path).map(|field| field.judge)) {
            // Every place and every platform is what a policy without the condition has.
            (Value::Array(items), Some(Judge::IncludeOrAny(all))) if !all.is_empty() && items == [all] => Value::Null,
            (found, _) => found,
        },
        Shape::Filter => filter(value),
        Shape::Strength => strength(value),
        Shape::Session(name) => super::session::canonical(name, value),
    }
}

/// A filter without a rule is none. Members that nobody knows stay: they may matter.
fn filter(value: &Value) -> Value {
    let Value::Object(mut members) = plain(value) else { return plain(value) };
    let rule = members.get("rule").and_then(Value::as_str).map(str::trim).unwrap_or_default().to_owned();
    if rule.is_empty() && members.keys().all(|name| name == "mode" || name == "rule") {
        return Value::Null;
    }
    if let Some(Value::String(mode)) = members.get_mut("mode") {
        *mode = mode.to_ascii_lowercase();
    }
    if let Some(Value::String(text)) = members.get_mut("rule") {
        *text = rule;
    }
    Value::Object(members)
}

/// Members in lower case, sorted, each once. Something else than a list of texts stays as it is.
fn set(path: &str, value: &Value) -> Value {
    let texts: Option<Vec<&str>> = match value {
        Value::String(text) => Some(text.split(',').collect()),
        Value::Array(items) => items.iter().map(Value::as_str).collect(),
        _ => None,
    };
    let Some(texts) = texts else { return plain(value) };
    let risk = path.ends_with("RiskLevels");
    let mut texts: Vec<String> = texts
        .into_iter()
        .map(|text| text.trim().to_ascii_lowercase())
        // "None" selects nothing; only for risk it is a level.
        .filter(|text| !text.is_empty() && (risk || text != "none"))
        .collect();
    texts.sort();
    texts.dedup();
    texts.into_iter().map(Value::String).collect()
}

fn strength(value: &Value) -> Value {
    let Some(members) = value.as_object() else { return plain(value) };
    let mut kept = Map::new();
    for name in ["id", "displayName", "policyType"] {
        if let Some(text) = members.get(name).and_then(Value::as_str) {
            kept.insert(name.to_owned(), Value::String(if name == "displayName" { text.to_owned() } else { text.to_ascii_lowercase() }));
        }
    }
    if let Some(combinations) = members.get("allowedCombinations").and_then(Value::as_array) {
        let mut combinations: Vec<String> = combinations.iter().filter_map(Value::as_str).map(str::to_ascii_lowercase).collect();
        combinations.sort();
        combinations.dedup();
        if !combinations.is_empty() {
            kept.insert("allowedCombinations".to_owned(), combinations.into_iter().map(Value::String).collect());
        }
    }
    if let Some(configurations) = members.get("combinationConfigurations").map(plain).filter(|value| !is_empty(value)) {
        kept.insert("combinationConfigurations".to_owned(), configurations);
    }
    Value::Object(kept)
}

/// Without annotations and empty members, whatever it is.
pub(crate) fn plain(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members.iter().filter(|(name, value)| !is_annotation(name) && !is_empty(value)).map(|(name, value)| (name.clone(), plain(value))).collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(plain).collect()),
        other => other.clone(),
    }
}

pub(crate) fn same(path: &str, before: Option<&Value>, after: Option<&Value>) -> bool {
    if let (Some(before), Some(after)) = (before, after)
        && field(path).is_some_and(|field| field.shape == Shape::Strength)
    {
        return same_strength(before, after);
    }
    before == after
}

/// The same strength, unless both sides say which combinations it allows and they differ. A name is asked only where an
/// id is missing: a tenant may rename a strength.
fn same_strength(before: &Value, after: &Value) -> bool {
    let (id, other) = (before.get("id"), after.get("id"));
    let alike = if id.is_some() && other.is_some() { id == other } else { before.get("displayName") == after.get("displayName") };
    let combinations = match (before.get("allowedCombinations"), after.get("allowedCombinations")) {
        (Some(before), Some(after)) => before == after,
        _ => true,
    };
    alike && combinations && before.get("combinationConfigurations") == after.get("combinationConfigurations")
}

pub(crate) fn control_count(leaves: &Leaves) -> usize {
    let length = |name: &str| leaves.get(name).and_then(Value::as_array).map_or(0, Vec::len);
    length("grantControls.builtInControls")
        + length("grantControls.termsOfUse")
        + length("grantControls.customAuthenticationFactors")
        + usize::from(leaves.contains_key("grantControls.authenticationStrength"))
}
