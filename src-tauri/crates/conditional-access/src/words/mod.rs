//! A policy in plain English: one sentence for lists, and parts with lines for its page. Here live the words; what a
//! change of them means is the difference's business. An id is never said: an id without a name is "a deleted or unread
//! group", and the JSON beside it has the id.

mod parts;
mod sentence;
pub(crate) mod values;

pub use parts::{Part, parts};
pub use sentence::sentence;
pub use sentence::session_words as session_phrases;
pub use values::IdKind;
pub(crate) use values::{is_guid, name as id_name, special as special_word};

/// What one id of a policy is called; never the id itself: "a deleted or unread group".
#[must_use]
pub fn called(kind: IdKind, id: &str, names: &dyn crate::Names) -> String {
    values::name(kind, id, names).unwrap_or_else(|| format!("a deleted or unread {}", kind.noun().0))
}

/// The word for an enumeration member of Graph's; the text itself where there is none.
#[must_use]
pub fn member_word(text: &str) -> String {
    values::enum_word(text)
}
