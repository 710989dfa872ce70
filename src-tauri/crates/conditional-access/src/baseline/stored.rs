//! The stored form of a baseline: JSON with a version, the same bytes for the same baseline. What a newer version wrote is
//! kept rather than dropped.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use super::{Baseline, Control, ForeignName, Judgement, Origin};

pub const FORMAT_VERSION: u64 = 1;
const FORMAT: &str = "gatehouse.baseline";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    #[error("this is not JSON (line {line}): {what}")]
    NotJson { line: usize, what: String },
    #[error("this is not a baseline of Gatehouse: {what}")]
    NotABaseline { what: String },
    #[error("this baseline has format version {found}, this Gatehouse reads up to version {FORMAT_VERSION}")]
    Newer { found: u64 },
}

impl StoredError {
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "baseline.not_json",
            Self::NotABaseline { .. } => "baseline.not_a_baseline",
            Self::Newer { .. } => "baseline.newer_format",
        }
    }
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        match self {
            Self::Newer { .. } => "Update Gatehouse, or save the baseline again from the older version.",
            _ => "Import the folder of exported policies again, or choose the built-in baseline.",
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    format: String,
    version: u64,
    name: String,
    origin: Origin,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    names: BTreeMap<String, ForeignName>,
    controls: Vec<Control>,
}

impl Baseline {
    #[must_use]
    pub fn to_value(&self) -> Value {
        let stored = Stored {
            format: FORMAT.to_owned(),
            version: FORMAT_VERSION,
            name: self.name.clone(),
            origin: self.origin,
            names: self.names.clone(),
            controls: self.controls.clone(),
        };
        // Nothing in it can fail to serialise: texts, numbers and JSON values.
        serde_json::to_value(stored).unwrap_or(Value::Null)
    }

    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(&self.to_value()).unwrap_or_default()
    }

    /// # Errors
    /// When the text is no stored baseline, or one of a newer format.
    pub fn from_json(text: &str) -> Result<Self, StoredError> {
        let value: Value =
            serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| StoredError::NotJson { line: e.line(), what: e.to_string() })?;
        Self::from_value(value)
    }

    /// # Errors
    /// When the value is no stored baseline, or one of a newer format.
    pub fn from_value(value: Value) -> Result<Self, StoredError> {
        if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return Err(StoredError::NotABaseline { what: format!("its format is not \u{201c}{FORMAT}\u{201d}") });
        }
        match value.get("version").and_then(Value::as_u64) {
            Some(found) if found > FORMAT_VERSION => return Err(StoredError::Newer { found }),
            Some(_) => {}
            None => return Err(StoredError::NotABaseline { what: "it has no version".to_owned() }),
        }
        let stored: Stored = serde_json::from_value(value).map_err(|e| StoredError::NotABaseline { what: e.to_string() })?;
        Ok(Self { name: stored.name, origin: stored.origin, controls: stored.controls, names: stored.names })
    }
}

impl Serialize for Judgement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Effect(expected) => json!({"kind": "effect", "expect": expected}).serialize(serializer),
            Self::Check(check) => json!({"kind": "check", "check": check}).serialize(serializer),
            Self::Policy(policy) => json!({"kind": "policy", "policy": policy}).serialize(serializer),
            Self::NotUnderstood(value) => value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Judgement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let part = |name: &str| value.get(name).cloned().unwrap_or(Value::Null);
        let known = match value.get("kind").and_then(Value::as_str) {
            Some("effect") => serde_json::from_value(part("expect")).ok().map(Self::Effect),
            Some("check") => serde_json::from_value(part("check")).ok().map(Self::Check),
            Some("policy") => Some(part("policy")).filter(Value::is_object).map(Self::Policy),
            _ => None,
        };
        Ok(known.unwrap_or(Self::NotUnderstood(value)))
    }
}
