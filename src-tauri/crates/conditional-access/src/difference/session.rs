//! Session controls: which settings are the same, and which are stricter.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::Effect;
use super::canonical::plain;

/// A control that is switched off is the same as none.
pub(crate) fn canonical(name: &str, value: &Value) -> Value {
    if name == "disableResilienceDefaults" {
        return if value == &Value::Bool(false) { Value::Null } else { value.clone() };
    }
    let Value::Object(mut members) = plain(value) else { return plain(value) };
    if members.get("isEnabled") == Some(&Value::Bool(false)) {
        return Value::Null;
    }
    members.remove("isEnabled");
    if name == "signInFrequency" {
        frequency(&mut members);
    }
    for value in members.values_mut() {
        if let Value::String(text) = value {
            *text = text.to_ascii_lowercase();
        }
    }
    // What has no other member than the switch must still be there.
    members.insert("isEnabled".to_owned(), Value::Bool(true));
    Value::Object(members)
}

/// A day is 24 hours; what is not said is the portal's default ("signInFrequencySessionControl").
fn frequency(members: &mut Map<String, Value>) {
    let text = |members: &Map<String, Value>, name: &str| members.get(name).and_then(Value::as_str).map(str::to_ascii_lowercase);
    if text(members, "frequencyInterval").as_deref() == Some("everytime") {
        members.remove("value");
        members.remove("type");
    } else {
        members.remove("frequencyInterval");
        if let (Some("days"), Some(days)) = (text(members, "type").as_deref(), members.get("value").and_then(Value::as_i64)) {
            members.insert("type".to_owned(), Value::String("hours".to_owned()));
            members.insert("value".to_owned(), Value::from(days.saturating_mul(24)));
        }
    }
    if text(members, "authenticationType").as_deref() == Some("primaryandsecondaryauthentication") {
        members.remove("authenticationType");
    }
}

pub(crate) fn effect(path: &str, old: Option<&Value>, new: Option<&Value>) -> Effect {
    let text = |value: Option<&Value>, name: &str| value.and_then(|v| v.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned();
    match path.rsplit('.').next().unwrap_or_default() {
        "signInFrequency" => frequency_effect(old, new),
        "persistentBrowser" => {
            // Without the control the user is asked; always is weaker than that, never is stricter.
            let rank = |value: Option<&Value>| match (value, text(value, "mode").as_str()) {
                (None, _) => Some(1),
                (_, "always") => Some(0),
                (_, "never") => Some(2),
                _ => None,
            };
            ranked(rank(old), rank(new))
        }
        "cloudAppSecurity" => {
            let rank = |value: Option<&Value>| match text(value, "cloudAppSecurityType").as_str() {
                "monitoronly" => Some(1),
                "blockdownloads" => Some(2),
                _ => None,
            };
            match (old, new) {
                (None, Some(_)) => Effect::Strengthens,
                (Some(_), None) => Effect::Weakens,
                _ => ranked(rank(old), rank(new)),
            }
        }
        "continuousAccessEvaluation" => {
            let rank = |value: Option<&Value>| match (value, text(value, "mode").as_str()) {
                (None, _) => Some(1),
                (_, "disabled") => Some(0),
                (_, "strictlocation" | "strictenforcement") => Some(2),
                _ => None,
            };
            match ranked(rank(old), rank(new)) {
                Effect::Neutral => Effect::Unknown,
                effect => effect,
            }
        }
        _ => match (old, new) {
            (None, Some(_)) => Effect::Strengthens,
            (Some(_), None) => Effect::Weakens,
            _ => Effect::Unknown,
        },
    }
}

fn ranked(old: Option<u8>, new: Option<u8>) -> Effect {
    let (Some(old), Some(new)) = (old, new) else { return Effect::Unknown };
    match new.cmp(&old) {
        Ordering::Greater => Effect::Strengthens,
        Ordering::Less => Effect::Weakens,
        Ordering::Equal => Effect::Neutral,
    }
}

fn frequency_effect(old: Option<&Value>, new: Option<&Value>) -> Effect {
    let (old, new) = match (old, new) {
        (None, Some(_)) => return Effect::Strengthens,
        (Some(_), None) => return Effect::Weakens,
        (Some(old), Some(new)) => (old, new),
        (None, None) => return Effect::Neutral,
    };
    let hours = |value: &Value| {
        if value.get("frequencyInterval").and_then(Value::as_str) == Some("everytime") {
            return Some(0);
        }
        let hours = value.get("value").and_then(Value::as_i64)?;
        (value.get("type").and_then(Value::as_str) == Some("hours")).then_some(hours)
    };
    let secondary = |value: &Value| match value.get("authenticationType").and_then(Value::as_str) {
        None => Some(1),
        Some("secondaryauthentication") => Some(0),
        Some(_) => None,
    };
    let (Some(a), Some(b)) = (hours(old), hours(new)) else { return Effect::Unknown };
    let time = match b.cmp(&a) {
        Ordering::Greater => Effect::Weakens,
        Ordering::Less => Effect::Strengthens,
        Ordering::Equal => Effect::Neutral,
    };
    match (time, ranked(secondary(old), secondary(new))) {
        (effect, Effect::Neutral) | (Effect::Neutral, effect) => effect,
        (a, b) if a == b => a,
        _ => Effect::Unknown,
    }
}

/// Whether the session is limited less by `new`; None where that cannot be told.
pub(crate) fn weakens(old: &crate::model::SessionControls, new: &crate::model::SessionControls) -> Option<bool> {
    let (old, new) = (old.write(), new.write());
    let part = |of: &Value, name: &str| of.get(name).map(|value| canonical(name, value)).filter(|value| !crate::model::json::is_empty(value));
    let names: std::collections::BTreeSet<&String> = [&old, &new].into_iter().filter_map(Value::as_object).flat_map(Map::keys).collect();
    let mut open = false;
    for name in names {
        let (before, after) = (part(&old, name), part(&new, name));
        if before == after {
            continue;
        }
        match effect(name, before.as_ref(), after.as_ref()) {
            Effect::Weakens => return Some(true),
            Effect::Unknown => open = true,
            Effect::Strengthens | Effect::Neutral => {}
        }
    }
    (!open).then_some(false)
}
