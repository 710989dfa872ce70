//! Both sides of a difference in words.

use serde_json::{Map, Value};

use super::fields::{Judge, Shape, field};
use crate::model::SessionControls;
use crate::names::Names;
use crate::words::values::{IdKind, and_few, enum_word, name, name_list};

pub(crate) fn both(path: &str, before: Option<&Value>, after: Option<&Value>, names: &dyn Names) -> (String, String) {
    let (old, mut new) = (words(path, before, names), words(path, after, names));
    if old == new {
        // Two things of one name, or two that nobody can name.
        new = match field(path).map(|field| field.shape) {
            Some(Shape::Strength) => format!("{new}, with other methods or keys"),
            _ => format!("{new} (a different one)"),
        };
    }
    (old, new)
}

fn words(path: &str, value: Option<&Value>, names: &dyn Names) -> String {
    let Some(field) = field(path) else { return value.map_or_else(|| "not set".to_owned(), raw) };
    let nothing = match (field.judge, field.shape) {
        (Judge::IncludeOrAny(_), _) => "any",
        (_, Shape::Ids(_) | Shape::Words) => "none",
        (_, Shape::Filter) => "no filter",
        _ => "not set",
    };
    let Some(value) = value else { return nothing.to_owned() };
    match field.shape {
        Shape::Text => value.as_str().map_or_else(|| raw(value), |text| format!("\u{201c}{text}\u{201d}")),
        Shape::Word => value.as_str().map_or_else(|| raw(value), enum_word),
        Shape::Ids(kind) => texts(value).map_or_else(|| raw(value), |ids| and_few(name_list(kind, ids, names))),
        Shape::Words => texts(value).map_or_else(|| raw(value), |list| and_few(list.into_iter().map(enum_word).collect())),
        Shape::Filter => match value.get("rule").and_then(Value::as_str) {
            Some(rule) if value.get("mode").and_then(Value::as_str) == Some("exclude") => format!("leaves out what matches: {rule}"),
            Some(rule) => format!("only what matches: {rule}"),
            None => raw(value),
        },
        Shape::Strength => value
            .get("id")
            .and_then(Value::as_str)
            .and_then(|id| name(IdKind::Strength, id, names))
            .or_else(|| value.get("displayName").and_then(Value::as_str).map(str::to_owned))
            .unwrap_or_else(|| "a deleted or unread authentication strength".to_owned()),
        Shape::Session(control) => session(control, value),
    }
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}

fn session(control: &str, value: &Value) -> String {
    if control == "disableResilienceDefaults" {
        return if value == &Value::Bool(true) { "yes".to_owned() } else { raw(value) };
    }
    let controls = Map::from_iter([(control.to_owned(), value.clone())]);
    let words = crate::words::session_phrases(&SessionControls::of(controls));
    if words.is_empty() { raw(value) } else { words.join("; ") }
}

/// For what has no words: the JSON itself, cut where it is long.
fn raw(value: &Value) -> String {
    const LONGEST: usize = 160;
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST).chain(['…']).collect() }
}
