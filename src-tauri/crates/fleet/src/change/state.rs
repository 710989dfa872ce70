//! The states of a change and what may be done in each: pure, the time and the person are given. How an act is done is not known
//! here.

use chrono::TimeDelta;
use store::change_requests::{ChangeRow, DryRunRow};

use super::DryRunBody;
use crate::{
    problem::{going_on, problem},
    rules::Rules,
    views::{
        Moment, Problem,
        changes::{ActState, ChangeAct, ChangeState, Guard, GuardWeight},
        moment,
    },
};

/// How long a dry run counts: what it judged may be otherwise by then.
pub const VALID: TimeDelta = TimeDelta::minutes(30);
/// A scheduled change whose time passed this long ago, because Gatehouse did not run, is not applied any more.
pub const TOO_LATE: TimeDelta = TimeDelta::minutes(15);

/// A dry run as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    pub row: DryRunRow,
    pub body: DryRunBody,
}

impl Ran {
    pub fn guards(&self, weight: GuardWeight) -> impl Iterator<Item = &Guard> {
        self.body.guards.iter().filter(move |guard| guard.weight == weight)
    }
}

/// A change as it stands, before whom it stands, and when.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    pub row: &'a ChangeRow,
    pub state: ChangeState,
    pub ran: Option<&'a Ran>,
    /// Fingerprint of the draft as it is now.
    pub draft: &'a str,
    /// Fingerprint of the target as the store knows it; None: it is not compared.
    pub target: Option<&'a str>,
    pub rules: &'a Rules,
    pub who: &'a str,
    pub now: Moment,
    pub followed_by: Option<i64>,
    /// It leaves its target, a policy, in report-only.
    pub begins_report_only: bool,
}

/// What can be meant in a state.
#[must_use]
pub fn possible(state: ChangeState) -> &'static [ChangeAct] {
    use ChangeAct as A;
    match state {
        ChangeState::Draft => &[A::DryRun, A::Edit, A::Cancel],
        // What forbids it, or whom it waits for, is said where the button is.
        ChangeState::Blocked => &[A::Apply, A::DryRun, A::Edit, A::Cancel],
        ChangeState::DryRun => &[A::Apply, A::Approve, A::Schedule, A::Unschedule, A::DryRun, A::Edit, A::Cancel],
        ChangeState::Waiting => &[A::Approve, A::Apply, A::DryRun, A::Edit, A::Cancel],
        ChangeState::Approved => &[A::Apply, A::Schedule, A::Unschedule, A::DryRun, A::Edit, A::Cancel],
        ChangeState::Failed => &[A::DryRun, A::Edit, A::Cancel],
        ChangeState::Applied => &[A::Rollback],
        ChangeState::Verified => &[A::Enforce, A::Rollback],
        ChangeState::Applying | ChangeState::RollingBack | ChangeState::RolledBack | ChangeState::Cancelled => &[],
    }
}

/// Why an act cannot be done now; None: it can.
#[must_use]
pub fn blocked(act: ChangeAct, standing: &Standing<'_>) -> Option<Problem> {
    if !possible(standing.state).contains(&act) {
        return Some(wrong_state(act, standing.state));
    }
    let rules = standing.rules;
    match act {
        ChangeAct::Edit | ChangeAct::DryRun | ChangeAct::Cancel => rules.may_act(standing.who).err(),
        ChangeAct::Unschedule => match standing.row.apply_at {
            None => Some(problem("change.not_scheduled", "No time is set for this change", "Apply it by hand, or set a time.")),
            Some(_) => rules.may_act(standing.who).err(),
        },
        ChangeAct::Approve => rules.may_approve(&standing.row.requested_by, standing.who).err(),
        ChangeAct::Apply => may_apply(standing).or_else(|| stale(standing)),
        ChangeAct::Schedule => may_apply(standing),
        ChangeAct::Rollback => rules.may_write(standing.who).err(),
        ChangeAct::Enforce => {
            if !standing.begins_report_only {
                return Some(problem(
                    "change.not_report_only",
                    "This change did not leave a policy in report-only",
                    "Draft a change of the policy's state instead.",
                ));
            }
            if let Some(next) = standing.followed_by {
                return Some(problem("change.followed", format!("Change {next} enforces it already"), format!("Open change {next}.")));
            }
            rules.may_act(standing.who).err()
        }
    }
}

/// Everything but the age of the dry run: at a scheduled time a fresh one is made.
fn may_apply(standing: &Standing<'_>) -> Option<Problem> {
    let (row, rules) = (standing.row, standing.rules);
    if let Err(refused) = rules.may_write(standing.who).and_then(|()| rules.ticket(row.ticket.as_deref()).map(drop)) {
        return Some(refused);
    }
    if rules.second_approval && standing.state != ChangeState::Approved {
        return Some(problem("change.not_approved", "A second technician has not approved this yet", "Ask a colleague to approve it: this tenant demands it."));
    }
    // The rule may have been turned on after somebody approved their own change.
    if let Some(approver) = row.approved_by.as_deref().filter(|_| rules.second_approval)
        && let Err(refused) = rules.may_approve(&row.requested_by, approver)
    {
        return Some(refused);
    }
    let Some(ran) = standing.ran else { return Some(no_dry_run()) };
    ran.guards(GuardWeight::Stops).next().map(|guard| problem("change.guarded", format!("A guard forbids it: {}", guard.what), guard.next_step.clone()))
}

fn stale(standing: &Standing<'_>) -> Option<Problem> {
    let ran = standing.ran?;
    let why = outdated(&ran.row, standing.draft, standing.target, standing.now)?;
    Some(problem("change.dry_run_outdated", format!("The dry run no longer counts: {}", going_on(&why)), "Make a new dry run; it takes seconds."))
}

fn no_dry_run() -> Problem {
    problem("change.no_dry_run", "No dry run was made of this draft", "Make one; it says what the change does to people.")
}

/// Why a dry run no longer counts. A dry run from the future means that a clock was changed: nobody can say how old it is.
#[must_use]
pub fn outdated(ran: &DryRunRow, draft: &str, target: Option<&str>, now: Moment) -> Option<String> {
    let at = moment(ran.at)?;
    if at > now + TimeDelta::seconds(5) {
        return Some("It is from the future: this machine's clock was changed".to_owned());
    }
    if moment(ran.valid_until).is_none_or(|until| now > until) {
        return Some("It is older than 30 minutes".to_owned());
    }
    if ran.draft != draft {
        return Some("The draft was edited since".to_owned());
    }
    target.filter(|target| *target != ran.target).map(|_| "The target was changed since".to_owned())
}

/// Guards that ask and were not confirmed.
#[must_use]
pub fn unconfirmed<'a>(ran: &'a Ran, confirmed: &[String]) -> Vec<&'a Guard> {
    ran.guards(GuardWeight::Asks).filter(|guard| !confirmed.contains(&guard.code)).collect()
}

/// Where a dry run leads. An approval stands as long as the draft is the same and the dry run asks nothing that the approver did
/// not see.
#[must_use]
pub fn after_dry_run(body: &DryRunBody, earlier: Option<&Ran>, rules: &Rules, approved: bool) -> ChangeState {
    if body.guards.iter().any(|guard| guard.weight == GuardWeight::Stops) {
        return ChangeState::Blocked;
    }
    let seen = |guard: &Guard| earlier.is_some_and(|earlier| earlier.body.guards.iter().any(|known| known.code == guard.code));
    if approved && body.guards.iter().all(seen) {
        return ChangeState::Approved;
    }
    if rules.second_approval { ChangeState::Waiting } else { ChangeState::DryRun }
}

#[must_use]
pub fn acts(standing: &Standing<'_>) -> Vec<ActState> {
    let meant = |act: &&ChangeAct| match act {
        ChangeAct::Enforce => standing.begins_report_only,
        ChangeAct::Unschedule => standing.row.apply_at.is_some(),
        // Without the rule an approval is possible, but no button that one looks for.
        ChangeAct::Approve => standing.rules.second_approval,
        _ => true,
    };
    possible(standing.state).iter().filter(meant).map(|act| ActState { act: *act, blocked: blocked(*act, standing) }).collect()
}

pub fn in_words(state: ChangeState) -> &'static str {
    match state {
        ChangeState::Draft => "a draft",
        ChangeState::DryRun => "dry run",
        ChangeState::Blocked => "blocked",
        ChangeState::Waiting => "waiting for approval",
        ChangeState::Approved => "approved",
        ChangeState::Applying => "being applied",
        ChangeState::Applied => "applied, not seen back yet",
        ChangeState::Verified => "verified",
        ChangeState::RollingBack => "being rolled back",
        ChangeState::RolledBack => "rolled back",
        ChangeState::Failed => "failed",
        ChangeState::Cancelled => "cancelled",
    }
}

fn wrong_state(act: ChangeAct, state: ChangeState) -> Problem {
    let (doing, first) = match act {
        ChangeAct::Edit => ("edited", "Draft a new change instead."),
        ChangeAct::DryRun => ("rehearsed", "Draft a new change instead."),
        ChangeAct::Approve => ("approved", "Make a dry run first; a change that is over needs no approval."),
        ChangeAct::Apply => ("applied", "Make a dry run first; a change that was applied is not applied twice."),
        ChangeAct::Schedule | ChangeAct::Unschedule => ("scheduled", "Make a dry run first."),
        ChangeAct::Cancel => ("cancelled", "A change that was applied can be rolled back instead."),
        ChangeAct::Rollback => ("rolled back", "Only what was applied can be rolled back."),
        ChangeAct::Enforce => ("enforced", "Apply it first, and let it report for some days."),
    };
    problem("change.wrong_state", format!("The change is {} and cannot be {doing}", in_words(state)), first)
}

/// Somebody else, or another window, was faster.
#[must_use]
pub fn moved_on() -> Problem {
    problem("change.moved_on", "The change was changed by somebody else meanwhile", "Look at it again, then decide.")
}
