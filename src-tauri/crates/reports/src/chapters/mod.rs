//! Chapters that several reports have in common, each from its facts. Nothing is judged here: what is not known is written as not known,
//! and what is not listed is counted.

pub mod access;
pub mod admins;
pub mod alerts;
pub mod break_glass;
pub mod buckets;
pub mod changes;
pub mod contents;
pub mod enrolment;
pub mod exceptions;
pub mod lists;
pub mod policies;
pub mod sources;
pub mod statements;

use fleet::evidence::facts::{Answer, Chapter};

use crate::layout::Mark;

pub fn mark(answer: Answer) -> Mark {
    match answer {
        Answer::Yes => Mark::Yes,
        Answer::Partly => Mark::Partly,
        Answer::No => Mark::No,
        Answer::Unknown => Mark::Unknown,
    }
}

/// The place of a chapter, for links.
pub fn anchor(chapter: Chapter) -> &'static str {
    match chapter {
        Chapter::Enrolment => "enrolment",
        Chapter::Policies => "policies",
        Chapter::Exceptions => "exceptions",
        Chapter::Admins => "admins",
        Chapter::BreakGlass => "breakGlass",
        Chapter::Changes => "changes",
        Chapter::Alerts => "alerts",
        Chapter::Sources => "sources",
    }
}

pub fn title(chapter: Chapter) -> &'static str {
    match chapter {
        Chapter::Enrolment => "Who has MFA, and who is asked for it",
        Chapter::Policies => "Conditional Access policies",
        Chapter::Exceptions => "Exceptions from MFA",
        Chapter::Admins => "Administrators",
        Chapter::BreakGlass => "Emergency access (break-glass)",
        Chapter::Changes => "Changes in the period",
        Chapter::Alerts => "Alerts in the period",
        Chapter::Sources => "Where the figures come from",
    }
}

/// In the order in which they are set.
pub const ORDER: [Chapter; 8] =
    [Chapter::Enrolment, Chapter::Policies, Chapter::Exceptions, Chapter::Admins, Chapter::BreakGlass, Chapter::Changes, Chapter::Alerts, Chapter::Sources];
