//! What is wrong with a tenant's policies or with what was read of it, said while compiling. Nothing of it stops the rest.

use crate::words::IdKind;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Index into the tenant's policies; None: the tenant as a whole.
    pub policy: Option<usize>,
    /// The place in the policy (`conditions.users.excludeGroups`) or the list of the tenant (`groups`).
    pub path: String,
    pub kind: FindingKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindingKind {
    /// The policy names what the tenant does not have.
    Deleted {
        kind: IdKind,
        id: String,
    },
    /// Two policies of one name; the other's index.
    SameName {
        other: usize,
    },
    /// Groups that contain each other; the names in order.
    GroupCycle {
        groups: Vec<String>,
    },
    /// Position is in characters from the rule's start.
    RuleInvalid {
        rule: String,
        position: usize,
        why: String,
    },
    RangeInvalid {
        location: String,
        range: String,
        why: String,
    },
    /// A part of the tenant was never read.
    NeverRead {
        part: &'static str,
    },
    /// A place that is not understood; the path says which, with the value for unknown members.
    NotUnderstood,
    /// The policy includes nobody or nothing, or demands nothing.
    Empty {
        why: &'static str,
    },
    /// Two things of one kind have one id.
    SameId {
        kind: IdKind,
        id: String,
    },
}
