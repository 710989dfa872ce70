//! The JSON of a policy or a location as it is written: without what Graph alone sets, joined with what is there, and compared by
//! what it means. Pure; what may be asked for is decided in `draft`.

use conditional_access::semantically_equal;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// What "conditionalAccessPolicy resource type" and "namedLocation resource type" call read-only, and where a policy came from.
pub const READ_ONLY: [&str; 5] = ["id", "createdDateTime", "modifiedDateTime", "deletedDateTime", "templateId"];

/// Without the fields that Graph alone writes and without annotations; a strength is named by its id, as the examples of "Create
/// conditionalAccessPolicy" do. A location's own `@odata.type` stays: it says which kind it is.
pub fn writable(value: &Value) -> Value {
    let mut whole = bare(value);
    if let Some(members) = whole.as_object_mut() {
        members.retain(|name, _| !READ_ONLY.contains(&name.as_str()));
    }
    if let Some(strength) = whole.pointer_mut("/grantControls/authenticationStrength")
        && let Some(id) = strength.get("id").cloned()
    {
        *strength = json!({ "id": id });
    }
    whole
}

fn bare(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| !name.contains("@odata.") || name.as_str() == "@odata.type");
            Value::Object(kept.map(|(name, value)| (name.clone(), bare(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(bare).collect()),
        other => other.clone(),
    }
}

/// Joins a part with what is there: members of objects one by one, everything else whole; null takes a value away. As "Update
/// conditionalAccessPolicy" does, whose examples send one condition and keep the others.
pub fn merged(older: &Value, newer: &Value) -> Value {
    match (older, newer) {
        (Value::Object(older), Value::Object(newer)) => {
            let mut whole = older.clone();
            for (name, field) in newer {
                let joined = older.get(name).map_or_else(|| field.clone(), |known| merged(known, field));
                whole.insert(name.clone(), joined);
            }
            Value::Object(whole)
        }
        (_, newer) => newer.clone(),
    }
}

/// The body of a PATCH that leads from one to the other: only the top-level properties that differ, each whole, and in them what
/// goes away said with an empty list or null.
pub fn patch(before: &Value, after: &Value) -> Value {
    let (before, after) = (writable(before), writable(after));
    let mut body = Map::new();
    let names: std::collections::BTreeSet<&String> = [&before, &after].into_iter().filter_map(Value::as_object).flat_map(Map::keys).collect();
    for name in names {
        let (old, new) = (before.get(name).unwrap_or(&Value::Null), after.get(name).unwrap_or(&Value::Null));
        if name == "@odata.type" || same_part(name, old, new) {
            continue;
        }
        body.insert(name.clone(), explicit(old, new));
    }
    // "Update ipNamedLocation", "Update countryNamedLocation": the body says which of the two it is.
    if !body.is_empty()
        && let Some(kind) = after.get("@odata.type").or_else(|| before.get("@odata.type"))
    {
        body.insert("@odata.type".to_owned(), kind.clone());
    }
    Value::Object(body)
}

fn same_part(name: &str, old: &Value, new: &Value) -> bool {
    semantically_equal(&json!({ name: old }), &json!({ name: new }))
}

/// `new`, with everything that `old` has besides said to be empty.
fn explicit(old: &Value, new: &Value) -> Value {
    let (Some(was), Some(is)) = (old.as_object(), new.as_object()) else { return new.clone() };
    let mut whole = is.clone();
    for (name, old) in was {
        match is.get(name) {
            Some(new) => whole.insert(name.clone(), explicit(old, new)),
            None => whole.insert(name.clone(), if old.is_array() { json!([]) } else { Value::Null }),
        };
    }
    Value::Object(whole)
}

/// Whether two bodies mean the same. None: it does not exist.
pub fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => semantically_equal(&writable(one), &writable(other)),
        _ => false,
    }
}

/// Of a target as it was read: another one means that somebody changed it.
pub fn fingerprint(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "none".to_owned(), |value| settled(&writable(value)).to_string());
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Order of lists, null and empty members, and the case of texts that are ids say nothing.
fn settled(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().map(|(name, value)| (name.clone(), settled(value))).filter(|(_, value)| !is_nothing(value));
            let sorted: std::collections::BTreeMap<String, Value> = kept.collect();
            Value::Object(sorted.into_iter().collect())
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(settled).collect();
            items.sort_by_cached_key(Value::to_string);
            Value::Array(items)
        }
        Value::String(text) if uuid::Uuid::parse_str(text).is_ok() => Value::String(text.to_lowercase()),
        other => other.clone(),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// As it stands on a page.
pub fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
