//! How one condition is concluded: three-valued, exclusion before inclusion, with a reason that is only built where somebody
//! asked for reasons. The conditions themselves are next door.

use std::sync::Arc;

use super::reason::{About, Reason, Truth, Why};
use crate::words::IdKind;

impl Truth {
    #[must_use]
    pub fn of(is: bool) -> Self {
        if is { Self::Yes } else { Self::No }
    }
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }
}

impl From<Option<bool>> for Truth {
    fn from(known: Option<bool>) -> Self {
        known.map_or(Self::Unknown, Self::of)
    }
}

/// Where reasons go, or nowhere.
pub(super) trait Notes {
    fn note(&mut self, about: About, outcome: Truth, why: impl FnOnce() -> Why);
}

/// For deciding only.
pub(super) struct Silent;

impl Notes for Silent {
    fn note(&mut self, _: About, _: Truth, _: impl FnOnce() -> Why) {}
}

impl Notes for Vec<Reason> {
    fn note(&mut self, about: About, outcome: Truth, why: impl FnOnce() -> Why) {
        self.push(Reason { about, outcome, why: why() });
    }
}

/// What decided one side of a condition, borrowed: nothing is built from it unless somebody reads it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cause<'a> {
    Nothing,
    Thing(IdKind, &'a Arc<str>),
    /// Graph's word for all of a kind.
    All(IdKind),
    Value(&'a str),
    /// The request's field that is left open.
    Open(&'static str),
    NeverRead(&'static str),
    Membership(IdKind, &'a Arc<str>),
    NotFound(IdKind, &'a Arc<str>),
    Strange(&'a Arc<str>),
    Says(&'static str),
    /// A filter on custom security attributes that fits.
    Filter(&'a Arc<str>),
}

/// One side of a condition: what it makes of the sign-in, and why.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side<'a> {
    pub truth: Truth,
    pub cause: Cause<'a>,
}

impl<'a> Side<'a> {
    pub const NO: Self = Self { truth: Truth::No, cause: Cause::Nothing };

    pub fn yes(cause: Cause<'a>) -> Self {
        Self { truth: Truth::Yes, cause }
    }
    pub fn unknown(cause: Cause<'a>) -> Self {
        Self { truth: Truth::Unknown, cause }
    }
    pub fn of(truth: Truth, cause: Cause<'a>) -> Self {
        Self { truth, cause }
    }
    /// The first of the highest.
    pub fn or(self, other: impl FnOnce() -> Self) -> Self {
        if self.truth == Truth::Yes {
            return self;
        }
        let other = other();
        if other.truth > self.truth { other } else { self }
    }
}

impl Cause<'_> {
    fn why(self, excluding: bool) -> Why {
        match self {
            Self::Nothing => Why::NotIncluded,
            Self::Thing(kind, id) if excluding => Why::Excludes(kind, Arc::clone(id)),
            Self::Thing(kind, id) => Why::Includes(kind, Arc::clone(id)),
            Self::All(kind) if excluding => Why::Excludes(kind, Arc::from("all")),
            Self::All(kind) => Why::Includes(kind, Arc::from("all")),
            Self::Value(text) if excluding => Why::ExcludesValue(Arc::from(text)),
            Self::Value(text) => Why::IncludesValue(Arc::from(text)),
            Self::Open(field) => Why::RequestLeavesOpen(field),
            Self::NeverRead(part) => Why::NeverRead(part),
            Self::Membership(kind, id) => Why::MembershipUnknown(kind, Arc::clone(id)),
            Self::NotFound(kind, id) => Why::NotFound(kind, Arc::clone(id)),
            Self::Strange(path) => Why::NotUnderstood(Arc::clone(path)),
            Self::Says(text) => Why::Says(text),
            Self::Filter(rule) => Why::AttributeFilter(Arc::clone(rule)),
        }
    }
}

/// "The exclude action overrides the include action in policy." A place that is not understood (`strange`) may hide an
/// inclusion or an exclusion.
pub(super) fn conclude(about: About, include: Side, exclude: Side, strange: Option<&Arc<str>>, notes: &mut impl Notes) -> Truth {
    if exclude.truth == Truth::Yes {
        notes.note(about, Truth::No, || exclude.cause.why(true));
        return Truth::No;
    }
    if let Some(path) = strange {
        notes.note(about, Truth::Unknown, || Why::NotUnderstood(Arc::clone(path)));
        return Truth::Unknown;
    }
    if include.truth == Truth::No {
        notes.note(about, Truth::No, || include.cause.why(false));
        return Truth::No;
    }
    let truth = include.truth.and(exclude.truth.negated());
    if truth == Truth::Yes {
        notes.note(about, truth, || include.cause.why(false));
    } else {
        if include.truth == Truth::Unknown {
            notes.note(about, truth, || include.cause.why(false));
        }
        if exclude.truth == Truth::Unknown {
            notes.note(about, truth, || exclude.cause.why(true));
        }
    }
    truth
}
