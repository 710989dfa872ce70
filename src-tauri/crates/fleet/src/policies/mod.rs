//! What a tenant's policies say, in the tenant's own names. The model, the words and the differences are the policy engine's;
//! here its names come from the store.

mod names;

use conditional_access::{FieldDifference, Names};
use serde_json::Value;

pub use names::StoreNames;

use crate::views::alerts::FieldChange;

/// Field by field, in words; null is a policy that is not there.
pub fn changes(before: &Value, after: &Value, names: &dyn Names) -> Vec<FieldChange> {
    conditional_access::difference(before, after, names).into_iter().map(change).collect()
}

pub(crate) fn change(difference: FieldDifference) -> FieldChange {
    FieldChange {
        field: difference.field,
        path: difference.path,
        before: difference.before,
        after: difference.after,
        effect: difference.effect.as_str().to_owned(),
    }
}

/// Whether two bodies as Graph sent them differ in what they do or are called: the rule by which a sync keeps a new version.
pub fn differs(before: &str, after: &str) -> bool {
    match (serde_json::from_str::<Value>(before), serde_json::from_str::<Value>(after)) {
        (Ok(before), Ok(after)) => !conditional_access::semantically_equal(&before, &after),
        _ => before != after,
    }
}
