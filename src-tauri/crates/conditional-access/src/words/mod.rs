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
