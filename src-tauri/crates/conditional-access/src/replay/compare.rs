//! One policy of one sign-in: what Entra recorded beside what the engine says, and what the policies of a sign-in add up to.

use super::{Agreement, Recorded, Says};
use crate::evaluate::{Engine, Match, Outcome};
use crate::model::PolicyState;

/// One recorded policy, compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyComparison<'a> {
    /// Index into the engine's policies; None: the tenant no longer has it.
    pub policy: Option<usize>,
    pub recorded: &'a Recorded,
    pub compared: Compared,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compared {
    Agrees,
    /// Entra and the engine say something else about whether it applied.
    Disagrees {
        engine: Outcome,
    },
    /// It applied to both, but the engine knows that it blocks, and Entra recorded that what it demands was met.
    BlocksButWasMet,
    /// The policy was on, off or report-only then, which it is not now, though nothing says that it changed.
    OtherState,
    /// The engine cannot say: this entry, or what was read of the tenant, lacks something.
    CannotSay,
    /// The policy looks at what the log never says (user risk, the authentication flow, attributes of a device).
    NotInLog,
    /// It was changed after the sign-in, or deleted.
    ChangedSince,
    /// Entra's record says nothing about it.
    NotRecorded,
}

impl Compared {
    #[must_use]
    pub fn is_disagreement(self) -> bool {
        matches!(self, Self::Disagrees { .. } | Self::BlocksButWasMet | Self::OtherState)
    }
}

/// `open_in_log` says of a policy that is open whether it would be open still if the log said everything that it never says.
pub(super) fn policy(
    engine: &Engine,
    decision: &Match,
    says: Says,
    policy: Option<usize>,
    changed: bool,
    early: bool,
    open_in_log: impl Fn(usize) -> bool,
) -> Compared {
    match policy {
        _ if early || says == Says::Nothing => Compared::NotRecorded,
        None => Compared::ChangedSince,
        Some(_) if changed => Compared::ChangedSince,
        Some(index) => {
            let state = engine.policies().get(index).and_then(|policy| policy.state.as_ref());
            compare(state, decision, says, index, engine.demand(index).is_some_and(|demand| demand.blocks), open_in_log)
        }
    }
}

fn compare(state: Option<&PolicyState>, decision: &Match, says: Says, index: usize, blocks: bool, open_in_log: impl Fn(usize) -> bool) -> Compared {
    let (applied, met, report_only) = match (says, state) {
        (_, None | Some(PolicyState::Other(_))) => return Compared::CannotSay,
        (Says::Off, Some(PolicyState::Disabled)) => return Compared::Agrees,
        (Says::Off, _) | (_, Some(PolicyState::Disabled)) => return Compared::OtherState,
        (Says::Applied { met, report_only }, _) => (true, met, report_only),
        (Says::NotApplied { report_only }, _) => (false, false, report_only),
        (Says::Nothing, _) => return Compared::NotRecorded,
    };
    // Where a report-only policy did not apply, older entries say "notApplied" too; what was enforced says which it was.
    if (applied || report_only) && report_only != (state == Some(&PolicyState::ReportOnly)) {
        return Compared::OtherState;
    }
    let sure = decision.sure.contains(index);
    if !sure && decision.possible.contains(index) {
        return if open_in_log(index) { Compared::CannotSay } else { Compared::NotInLog };
    }
    match (applied, sure) {
        (true, true) if blocks && met => Compared::BlocksButWasMet,
        (true, true) | (false, false) => Compared::Agrees,
        (true, false) => Compared::Disagrees { engine: Outcome::DoesNotApply },
        (false, true) => Compared::Disagrees { engine: Outcome::Applies },
    }
}

/// What the policies of a sign-in add up to.
pub(super) fn sign_in(policies: &[Compared], early: bool) -> Agreement {
    let any = |wanted: fn(Compared) -> bool| policies.iter().any(|compared| wanted(*compared));
    if early || !any(|compared| compared != Compared::NotRecorded) {
        Agreement::NotRecorded
    } else if any(Compared::is_disagreement) {
        Agreement::Disagrees
    } else if any(|compared| compared == Compared::CannotSay) {
        Agreement::CannotSay
    } else if any(|compared| compared == Compared::Agrees) {
        Agreement::Agrees
    } else if any(|compared| compared == Compared::ChangedSince) {
        Agreement::ChangedSince
    } else {
        Agreement::CannotSay
    }
}
