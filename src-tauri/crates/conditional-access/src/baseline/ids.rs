//! The ids that a policy holds, by where they stand and what they name. Used to gather them and to exchange them for
//! another tenant's; nothing else of a policy is touched.

use serde_json::Value;

use crate::difference::id_fields;
use crate::words::IdKind;

/// Calls with each list of ids of the policy. The list may be changed.
pub(crate) fn each_list(policy: &mut Value, mut with: impl FnMut(&'static str, IdKind, &mut Vec<Value>)) {
    for (path, kind) in id_fields() {
        let mut at = Some(&mut *policy);
        for step in path.split('.') {
            at = at.and_then(|value| value.as_object_mut()).and_then(|members| members.get_mut(step));
        }
        if let Some(list) = at.and_then(Value::as_array_mut) {
            with(path, kind, list);
        }
    }
}

/// Graph's own words, which stand where ids stand, and the ids that are the same in every tenant.
pub(crate) fn is_universal(kind: IdKind, id: &str) -> bool {
    crate::words::special_word(kind, id).is_some()
        || match kind {
            IdKind::Role => crate::names::built_in_role(&id.to_ascii_lowercase()).is_some(),
            IdKind::Application => crate::names::first_party_application(&id.to_ascii_lowercase()).is_some(),
            IdKind::AuthenticationContext => id.len() <= 3,
            IdKind::Tenant => true,
            _ => false,
        }
}

/// What a placeholder could be the name of: `<Break glass>`, `%BreakGlass%`, `{{BreakGlass}}` and a plain name.
pub(crate) fn placeholder_name(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_whitespace() || "<>%{}[]$#_".contains(letter))
}
