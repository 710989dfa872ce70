//! The difference of two policies, as evidence keeps it. The judging is the policy engine's.

use std::collections::BTreeMap;

use conditional_access::Effect;
use serde_json::Value;

use super::condition::ChangedField;

/// Field by field, in words. Empty where the two mean the same.
pub fn fields(before: &Value, after: &Value, names: &BTreeMap<String, String>) -> Vec<ChangedField> {
    conditional_access::difference(before, after, names)
        .into_iter()
        .map(|difference| ChangedField {
            path: difference.path,
            field: difference.field,
            before: difference.before,
            after: difference.after,
            effect: match difference.effect {
                Effect::Weakens => "weakens",
                Effect::Strengthens => "strengthens",
                Effect::Neutral => "neutral",
                Effect::Unknown => "unknown",
            }
            .to_owned(),
        })
        .collect()
}
