//! The difference of two policies, as evidence keeps it. The judging is the policy engine's.

use std::collections::BTreeMap;

use conditional_access::{Names, names::built_in_role};
use serde_json::Value;

use super::{condition::ChangedField, facts::Facts};

/// Field by field, in words. Empty where the two mean the same; null is a policy that is not there.
pub fn fields(before: &Value, after: &Value, facts: &Facts) -> Vec<ChangedField> {
    let known = Known { names: &facts.names, trusted: &facts.trusted_locations };
    conditional_access::difference(before, after, &known)
        .into_iter()
        .map(|difference| ChangedField {
            path: difference.path,
            field: difference.field,
            before: difference.before,
            after: difference.after,
            effect: difference.effect.as_str().to_owned(),
        })
        .collect()
}

/// Ids are unique in a directory, so one list of names serves every sort of thing.
struct Known<'a> {
    names: &'a BTreeMap<String, String>,
    trusted: &'a BTreeMap<String, bool>,
}

impl Known<'_> {
    fn name(&self, id: &str) -> Option<String> {
        self.names.get(id).filter(|name| !name.is_empty()).cloned()
    }
}

impl Names for Known<'_> {
    fn user(&self, id: &str) -> Option<String> {
        self.name(id)
    }
    fn group(&self, id: &str) -> Option<String> {
        self.name(id)
    }
    fn role(&self, id: &str) -> Option<String> {
        self.name(id).or_else(|| built_in_role(id).map(|role| role.name.to_owned()))
    }
    fn application(&self, id: &str) -> Option<String> {
        self.name(id)
    }
    fn service_principal(&self, id: &str) -> Option<String> {
        self.name(id)
    }
    fn location(&self, id: &str) -> Option<String> {
        self.name(id)
    }
    fn location_is_trusted(&self, id: &str) -> Option<bool> {
        self.trusted.get(id).copied()
    }
    fn strength(&self, id: &str) -> Option<String> {
        self.name(id)
    }
}
