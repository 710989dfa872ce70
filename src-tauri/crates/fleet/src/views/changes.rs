//! Change requests as the window and the CLI show them: the list, one change whole, its dry run and the sign-ins behind each
//! number. What a change does and whether it may is `change`'s.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, Page, PersonRef, Problem, TenantRef, Window, alerts::FieldChange};

/// What a change does, by the part of the target that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    Create,
    Delete,
    State,
    Assignment,
    Conditions,
    Grant,
    Session,
    /// Several parts of one policy at once.
    Update,
    NamedLocation,
    GroupMembership,
    Restore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ChangeState {
    Draft,
    /// A dry run was made and no guard stops it.
    DryRun,
    /// A guard of its dry run forbids applying.
    Blocked,
    /// A second person has to approve.
    Waiting,
    Approved,
    Applying,
    /// Graph took the write; it was not seen back yet.
    Applied,
    /// Read back as wanted.
    Verified,
    RollingBack,
    RolledBack,
    Failed,
    Cancelled,
}

/// What is to be done, as a technician wrote it. `body` and `patch` are JSON texts in Graph's shape, so that the editor in words and the
/// editor in JSON write the same thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "what")]
pub enum Draft {
    CreatePolicy {
        body: String,
    },
    /// `body`: the whole policy as it is wanted; only what differs from the present one is sent.
    UpdatePolicy {
        policy: String,
        body: String,
    },
    /// `state`: enabled, disabled, enabledForReportingButNotEnforced.
    PolicyState {
        policy: String,
        state: String,
    },
    DeletePolicy {
        policy: String,
    },
    /// To an older version that Gatehouse kept; a deleted policy comes back.
    RestorePolicy {
        policy: String,
        version: u32,
    },
    CreateLocation {
        body: String,
    },
    UpdateLocation {
        location: String,
        body: String,
    },
    DeleteLocation {
        location: String,
    },
    AddMember {
        group: String,
        user: String,
    },
    RemoveMember {
        group: String,
        user: String,
    },
}

/// Where a change began, so that its page leads back there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChangeOrigin {
    /// drift, coverage, policy, signIn, user, alert, breakGlass, change
    pub kind: String,
    /// In words: "Drift: Legacy authentication is blocked".
    pub label: String,
    /// Address within the app.
    pub route: String,
}

/// A new change request, or what an edit of a draft says.
#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChangeInput {
    pub tenant: String,
    pub draft: Draft,
    pub reason: String,
    pub ticket: Option<String>,
    pub origin: Option<ChangeOrigin>,
}

/// What the editor shows while somebody types.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChangePreview {
    /// One sentence; empty while the draft is wrong.
    pub title: String,
    pub kind: Option<ChangeKind>,
    /// Field by field, in words.
    pub differences: Vec<FieldChange>,
    /// Pretty-printed JSON; None: does not exist.
    pub before: Option<String>,
    pub after: Option<String>,
    /// What is wrong with the draft.
    pub problem: Option<Problem>,
    /// What is wrong with the ticket.
    pub ticket_problem: Option<Problem>,
}

/// From where a change is to be proposed.
#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum ProposalOrigin {
    /// A control of the tenant's baseline that is not met.
    Drift {
        control: String,
    },
    Policy {
        policy: String,
    },
    /// A sign-in and the policy that decided it.
    SignIn {
        id: String,
        policy: Option<String>,
    },
    /// A gap of the coverage matrix: who falls through, where.
    Coverage {
        application: String,
        client: String,
    },
    /// A break-glass account and a policy that would apply to it.
    BreakGlass {
        account: String,
        policy: String,
    },
}

/// A draft to begin with, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    pub draft: Option<Draft>,
    /// What the draft does and what to check, or why nothing can be proposed; one or two sentences.
    pub reason: String,
    pub origin: ChangeOrigin,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct ChangeFilter {
    pub tenant: Option<String>,
    /// Empty: any.
    pub states: Vec<ChangeState>,
    pub kinds: Vec<ChangeKind>,
    pub text: Option<String>,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChangeRow {
    pub id: u32,
    pub tenant: TenantRef,
    pub kind: ChangeKind,
    pub state: ChangeState,
    /// One sentence: "Exclude group Break-glass from CA003".
    pub title: String,
    pub reason: String,
    pub ticket: Option<String>,
    pub requested_by: String,
    pub requested_at: Moment,
    pub updated_at: Moment,
    /// What it waits for, in a sentence; None where it waits for nothing.
    pub waits_for: Option<String>,
    pub apply_at: Option<Moment>,
}

/// The four stages that the stepper shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    Draft,
    DryRun,
    Approval,
    Apply,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum StageState {
    Done,
    Current,
    ToDo,
    Failed,
    /// Not demanded here (approval), or left behind by a cancellation.
    Skipped,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StageRow {
    pub stage: Stage,
    pub state: StageState,
    /// "Approved by Ida Berg 4 min ago" without the time: the UI says it relative.
    pub words: String,
    pub at: Option<Moment>,
}

/// A button of the change's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ChangeAct {
    Edit,
    DryRun,
    Approve,
    Apply,
    Schedule,
    Unschedule,
    Cancel,
    Rollback,
    /// Guided enforcement: prepares the change from report-only to on.
    Enforce,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ActState {
    pub act: ChangeAct,
    /// Why it cannot be done now; None: it can.
    pub blocked: Option<Problem>,
}

/// One line of a change's history.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChangeEvent {
    pub at: Moment,
    /// In words: "Dry run", "Approved".
    pub what: String,
    pub who: String,
    pub note: Option<String>,
}

/// A request that went to Graph and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WriteEvidence {
    /// "PATCH /identity/conditionalAccess/policies/…"
    pub request: String,
    pub body: Option<String>,
    pub begun_at: Moment,
    pub ended_at: Option<Moment>,
    /// begun, done, refused, unknown, notSent
    pub outcome: String,
    pub answer: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum GuardWeight {
    /// Forbids applying; no button clears it.
    Stops,
    /// Asks: it has to be confirmed with the apply.
    Asks,
}

/// What speaks against applying.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Guard {
    /// breakGlass.lockedOut, admin.self, admin.all, enforce.noReportOnly …
    pub code: String,
    pub weight: GuardWeight,
    /// One sentence that names who or what.
    pub what: String,
    /// What to do about it.
    pub next_step: String,
}

/// What a change does to a sign-in of the last days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ImpactKind {
    NewlyBlocked,
    /// Newly asked for MFA, a compliant device or another requirement.
    NewlyAsked,
    /// Nothing protects it any more, or less than before.
    NewlyUnprotected,
    NoLongerBlocked,
    NoLongerAsked,
    /// The engine cannot say, before or after.
    CannotSay,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Counted {
    pub id: String,
    pub name: String,
    /// For a person: the UPN.
    pub detail: Option<String>,
    pub sign_ins: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Impact {
    pub kind: ImpactKind,
    pub sign_ins: u32,
    /// How many people, also where `people` names only the first.
    pub people_count: u32,
    /// Most sign-ins first, at most 200.
    pub people: Vec<Counted>,
    pub applications: Vec<Counted>,
}

/// Who stands under the target policy after the change and did not before, or the other way round; by the engine, whether they signed in or not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Affected {
    /// None: cannot be said (members never read).
    pub gained: Option<u32>,
    pub lost: Option<u32>,
    /// The first of each, by name.
    pub gained_people: Vec<PersonRef>,
    pub lost_people: Vec<PersonRef>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DryRun {
    pub at: Moment,
    pub valid_until: Moment,
    /// Why it no longer counts: its time is over, the draft was edited, the target changed.
    pub outdated: Option<String>,
    /// What was replayed; None of them where sign-ins were never read.
    pub from: Option<Moment>,
    pub to: Option<Moment>,
    pub sign_ins: u32,
    /// Newly blocked, newly asked, newly unprotected come first and are always there.
    pub impacts: Vec<Impact>,
    pub affected: Affected,
    /// Those that stop come first.
    pub guards: Vec<Guard>,
    /// What the dry run could not see, in sentences.
    pub remarks: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChangeDetail {
    pub row: ChangeRow,
    pub draft: Draft,
    pub origin: Option<ChangeOrigin>,
    /// The policy, location or group it is about; None before a creation.
    pub target_id: Option<String>,
    pub target_name: String,
    /// The target's page in the app.
    pub target_route: Option<String>,
    /// Field by field, in words.
    pub differences: Vec<FieldChange>,
    /// Pretty-printed JSON; None: does not exist.
    pub before: Option<String>,
    pub after: Option<String>,
    pub stages: Vec<StageRow>,
    /// Every act that can be meant in this state, with what keeps it from being done.
    pub acts: Vec<ActState>,
    pub dry_run: Option<DryRun>,
    /// What went wrong last.
    pub problem: Option<Problem>,
    pub approved_by: Option<String>,
    pub applied_by: Option<String>,
    pub applied_at: Option<Moment>,
    pub verified_at: Option<Moment>,
    pub writes: Vec<WriteEvidence>,
    /// The oldest first.
    pub history: Vec<ChangeEvent>,
    /// Counts every transition; an act names the one it saw.
    pub revision: u32,
    /// The change that enforces what this one began in report-only, or the one that this enforces.
    pub follows: Option<u32>,
    pub followed_by: Option<u32>,
}

/// The sign-ins behind a number of a dry run.
#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImpactFilter {
    pub change: u32,
    pub kind: ImpactKind,
    pub person: Option<String>,
    pub application: Option<String>,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImpactSignIn {
    pub id: String,
    pub at: Moment,
    pub person: PersonRef,
    pub application: String,
    /// "granted", "granted with MFA", "blocked by CA001" …
    pub before: String,
    pub after: String,
}

pub type ImpactPage = Page<ImpactSignIn>;
