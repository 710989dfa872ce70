//! What all policies together do in a world where nothing is left open, and how two such outcomes differ. Which worlds are possible
//! is decided next door.

use crate::difference::session_weakens;
use crate::drift::satisfies::{alternatives, still_asked};
use crate::evaluate::{Access, Control, Engine, IdSet, Match, Requirement, SecurityDefaultsPart, SignInConditions, Truth};
use crate::model::SessionControls;

/// What a change does to a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    NewlyBlocked,
    /// For MFA, a managed device or another requirement, or its session is limited more.
    NewlyAsked,
    /// A requirement is gone or weaker, or its session is limited less.
    NewlyUnprotected,
    NoLongerBlocked,
    /// Only something that protects nothing is gone: terms of use.
    NoLongerAsked,
    /// Before, after, or both.
    CannotSay,
}

impl Kind {
    pub const ALL: [Self; 6] = [Self::NewlyBlocked, Self::NewlyAsked, Self::NewlyUnprotected, Self::NoLongerBlocked, Self::NoLongerAsked, Self::CannotSay];
}

/// None: the change does nothing to it. A sign-in that is asked for another thing is newly asked and newly unprotected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kinds(u8);

impl Kinds {
    #[must_use]
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self(self.0 | (1 << kind as u8))
    }
    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::default(), Self::with)
    }
}

/// Something that demands nobody knows what.
#[derive(Debug, Clone, PartialEq)]
enum Opaque {
    Policy(usize),
    SecurityDefaults(SecurityDefaultsPart),
    NeverRead,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    blocked: bool,
    requires: Vec<Requirement>,
    session: SessionControls,
    opaque: Vec<Opaque>,
}

impl Outcome {
    /// `applying`: the policies that apply, enforced or not.
    pub fn of(engine: &Engine, applying: &IdSet, defaults: Option<SecurityDefaultsPart>, conditions: &SignInConditions) -> Self {
        let verdict = engine.verdict_with(&Match { possible: applying.clone(), sure: applying.clone() }, defaults, conditions);
        let mut opaque: Vec<Opaque> = applying
            .iter()
            .filter(|policy| engine.enforced().contains(*policy))
            .filter(|policy| engine.demand(*policy).is_some_and(|demand| demand.open || demand.session_open))
            .map(Opaque::Policy)
            .collect();
        let asks_mfa = verdict.requires.contains(&Requirement::Control(Control::Mfa));
        match defaults {
            Some(part @ (SecurityDefaultsPart::CannotSay | SecurityDefaultsPart::NeverRead)) => opaque.push(Opaque::SecurityDefaults(part)),
            Some(part @ SecurityDefaultsPart::MfaWhenNecessary) if !asks_mfa => opaque.push(Opaque::SecurityDefaults(part)),
            _ => {}
        }
        if engine.tenant().policies.is_none() {
            opaque.push(Opaque::NeverRead);
        }
        Self {
            // In effect it is: what a legacy client cannot satisfy ends its sign-in.
            blocked: verdict.access == Access::Blocked || verdict.legacy_cannot_satisfy,
            requires: verdict.requires,
            session: verdict.session,
            opaque,
        }
    }
}

/// How one outcome became the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Step {
    pub kinds: Kinds,
    pub gained: Vec<Requirement>,
    pub lost: Vec<Requirement>,
}

/// `same_demand`: whether the policy, by index, demands the same on both sides.
pub(super) fn step(engines: (&Engine, &Engine), before: &Outcome, after: &Outcome, same_demand: impl Fn(usize) -> bool) -> Step {
    let cannot_say = || Step { kinds: Kinds::default().with(Kind::CannotSay), ..Step::default() };
    let one = |kind: Kind| Step { kinds: Kinds::default().with(kind), ..Step::default() };
    if [before, after].iter().any(|side| side.opaque.contains(&Opaque::NeverRead)) {
        return cannot_say();
    }
    match (before.blocked, after.blocked) {
        (true, true) => return Step::default(),
        // What is not known may have blocked already, or may still.
        (false, true) => return if before.opaque.is_empty() { one(Kind::NewlyBlocked) } else { cannot_say() },
        (true, false) => return if after.opaque.is_empty() { one(Kind::NoLongerBlocked) } else { cannot_say() },
        (false, false) => {}
    }
    let same = |opaque: &Opaque| match opaque {
        Opaque::Policy(policy) => same_demand(*policy),
        Opaque::SecurityDefaults(_) | Opaque::NeverRead => true,
    };
    if before.opaque != after.opaque || !before.opaque.iter().all(same) {
        return cannot_say();
    }
    let mut step = Step::default();
    let mut open = false;
    let mut missing = |from: &Outcome, to: &Outcome, engine: &Engine| -> Vec<Requirement> {
        let gone = |requirement: &&Requirement| match still_asked(requirement, &to.requires, engine) {
            Truth::Yes => false,
            Truth::No => true,
            Truth::Unknown => {
                open = true;
                false
            }
        };
        from.requires.iter().filter(gone).cloned().collect()
    };
    step.gained = missing(after, before, engines.1);
    step.lost = missing(before, after, engines.0);
    let mut kinds = Kinds::default();
    if !step.gained.is_empty() {
        kinds = kinds.with(Kind::NewlyAsked);
    }
    if step.lost.iter().any(protects) {
        kinds = kinds.with(Kind::NewlyUnprotected);
    } else if !step.lost.is_empty() {
        kinds = kinds.with(Kind::NoLongerAsked);
    }
    if before.session != after.session {
        for (kind, from, to) in [(Kind::NewlyUnprotected, before, after), (Kind::NewlyAsked, after, before)] {
            match session_weakens(&from.session, &to.session) {
                Some(true) => kinds = kinds.with(kind),
                Some(false) => {}
                None => open = true,
            }
        }
    }
    if open {
        kinds = kinds.with(Kind::CannotSay);
    }
    // The same unknown demand on both sides may be more than all of this.
    if !kinds.is_empty() && !before.opaque.is_empty() {
        return cannot_say();
    }
    step.kinds = kinds;
    step
}

/// Terms of use keep nobody out who has the password.
fn protects(requirement: &Requirement) -> bool {
    alternatives(requirement).iter().all(|control| !matches!(control, Control::TermsOfUse(_)))
}
