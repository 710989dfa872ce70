//! A tenant's exceptions register: who is exempt from MFA and who answers for it, beside what the policies leave out; one exception whole;
//! and what the forms send. What an act means is `exceptions`'s.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use specta::Type;
use store::{
    Connection,
    mfa_exceptions::{self, AttachmentRow},
    tenants::TenantRow,
};

use super::{Moment, PersonRef, Problem, TenantRef, Unknown, access::shown, changes::ChangeEvent, moment, no_such_tenant};
use crate::{
    Fleet,
    engine::TenantEngine,
    evidence::facts::SignOff,
    exceptions::{
        self, Judged, Standing, Survey, days,
        decide::{self, ExceptionAct, ExceptionState},
    },
    rules::Rules,
};

pub use crate::exceptions::SubjectKind;

/// A policy, in the fewest words that name one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionPolicy {
    pub id: String,
    pub display_name: String,
}

/// One exception of the register. Days are the customer's: "2027-01-31".
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionRow {
    pub id: u32,
    pub subject_kind: SubjectKind,
    pub subject_id: Option<String>,
    pub subject_name: String,
    /// "Group VIP", "Ana Silva"
    pub subject: String,
    /// None: from MFA altogether.
    pub policy: Option<ExceptionPolicy>,
    /// People whom it lets out; None: not known.
    pub people: Option<u32>,
    pub reason: String,
    /// What protects instead; may be empty.
    pub compensating: String,
    pub ticket: Option<String>,
    pub state: ExceptionState,
    pub sign_off: SignOff,
    pub until: Option<String>,
    /// Its end is past and nobody ended it.
    pub past_end: bool,
    pub review_due: Option<String>,
    pub review_overdue: bool,
    pub sent_to: Option<String>,
    pub signed_by: Option<String>,
    pub signed_role: Option<String>,
    pub signed_on: Option<String>,
    pub note: Option<String>,
    pub asked_by: String,
    pub updated_at: Moment,
    pub attachments: u32,
    /// Whether a policy leaves it out today; None: policies were never read, or it names nothing that a policy could.
    pub in_policies: Option<bool>,
    pub revision: u32,
}

/// Who answers for a carve-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CarveOutStanding {
    NotSignedOff,
    /// The customer said no, and the policy leaves it out all the same.
    Declined,
    InRegister,
    /// By design: controlled under break-glass.
    BreakGlass,
    TimeBound,
}

/// One thing that one policy leaves out.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CarveOutRow {
    /// Stable while the policy leaves it out.
    pub key: String,
    pub kind: SubjectKind,
    pub subject_id: String,
    pub subject_name: String,
    pub subject: String,
    pub policy: ExceptionPolicy,
    pub report_only: bool,
    /// "Excluded from CA003 by group VIP"
    pub words: String,
    /// People for whom nobody answers (or all whom it lets out, where somebody does); None: not known.
    pub people: Option<u32>,
    /// The first 50, by name.
    pub names: Vec<PersonRef>,
    pub standing: CarveOutStanding,
    /// "Exception 3 of the register", "By design: controlled under break-glass"
    pub standing_words: String,
    /// Numbers in the register.
    pub exceptions: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionsPage {
    pub tenant: TenantRef,
    pub time_zone: String,
    /// The customer's day.
    pub today: String,
    /// By number, ended ones too.
    pub register: Vec<ExceptionRow>,
    /// What nobody signed off comes first.
    pub carve_outs: Vec<CarveOutRow>,
    /// Why nobody can say what the policies leave out.
    pub unknown: Option<Unknown>,
    /// People for whom nobody answers, each once, as far as they can be counted.
    pub unsigned_people: u32,
    /// Carve-outs nobody signed off whose people cannot be counted.
    pub uncounted: u32,
    /// For the form: every policy, by name.
    pub policies: Vec<ExceptionPolicy>,
    /// What a ticket number looks like; None: none is demanded.
    pub ticket_pattern: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PaperRow {
    pub seq: u32,
    pub name: String,
    pub media_type: String,
    pub sha256: String,
    pub size: u32,
    pub added_by: String,
    pub added_at: Moment,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionActState {
    pub act: ExceptionAct,
    /// Why it cannot be done now.
    pub blocked: Option<Problem>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionDetail {
    pub tenant: TenantRef,
    pub time_zone: String,
    pub row: ExceptionRow,
    /// What the policies leave out for it, each in a sentence.
    pub carve_outs: Vec<String>,
    /// The first 200 whom it lets out, by name.
    pub people: Vec<PersonRef>,
    pub acts: Vec<ExceptionActState>,
    /// The oldest first.
    pub history: Vec<ChangeEvent>,
    pub papers: Vec<PaperRow>,
}

/// An exception as it is typed.
#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionInput {
    pub tenant: String,
    pub subject_kind: SubjectKind,
    /// As a carve-out has it; None: it is looked for by name.
    pub subject_id: Option<String>,
    pub subject_name: String,
    /// Id or name; None: from MFA altogether.
    pub policy: Option<String>,
    pub reason: String,
    pub compensating: String,
    pub ticket: Option<String>,
    pub until: Option<String>,
    pub review_due: Option<String>,
}

/// What is done with one exception, beside writing it and recording its return.
#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "deed")]
pub enum ExceptionDeed {
    Send {
        to: String,
    },
    /// It stays; `due`: the next look.
    Review {
        due: Option<String>,
        note: Option<String>,
    },
    /// A later end, signed anew.
    Extend {
        until: Option<String>,
        review_due: Option<String>,
        by: String,
        role: String,
        on: String,
        note: Option<String>,
    },
    End {
        note: String,
    },
}

impl ExceptionDeed {
    pub(crate) fn act(&self) -> ExceptionAct {
        match self {
            Self::Send { .. } => ExceptionAct::Send,
            Self::Review { .. } => ExceptionAct::Review,
            Self::Extend { .. } => ExceptionAct::Extend,
            Self::End { .. } => ExceptionAct::End,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Returned {
    pub id: u32,
    pub revision: Option<u32>,
    /// False: declined.
    pub signed: bool,
}

/// A sheet that came back.
#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReturnInput {
    pub returned: Vec<Returned>,
    pub by: String,
    pub role: String,
    /// The day on the paper.
    pub on: String,
    pub note: Option<String>,
    /// The file of the signed paper.
    pub paper: Option<String>,
}

const NAMES: usize = 50;
const PEOPLE: usize = 200;

fn reference(tenant: &TenantRow) -> TenantRef {
    TenantRef { id: tenant.id.clone(), display_name: tenant.display_name.clone() }
}

/// A person by id, as the directory names them.
fn people<'a>(engine: &TenantEngine, ids: impl IntoIterator<Item = &'a String>, at_most: usize) -> Vec<PersonRef> {
    let mut found: Vec<PersonRef> = ids
        .into_iter()
        .map(|id| match engine.engine.user(id) {
            Some(user) => PersonRef {
                id: id.clone(),
                display_name: if user.display_name.trim().is_empty() { user.upn.clone() } else { user.display_name.clone() },
                upn: user.upn.clone(),
            },
            None => PersonRef { id: id.clone(), display_name: "a deleted or unread user".to_owned(), upn: String::new() },
        })
        .collect();
    found.sort_by_key(|person| (person.display_name.to_lowercase(), person.id.clone()));
    found.truncate(at_most);
    found
}

fn size(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn row(
    found: &mfa_exceptions::ExceptionRow,
    tenant: &TenantRow,
    engine: &TenantEngine,
    carve_outs: Option<&[Judged]>,
    papers: usize,
    now: DateTime<Utc>,
) -> ExceptionRow {
    let zone = days::zone(&tenant.time_zone);
    let day = |at: Option<i64>| at.and_then(|at| days::written(zone, at));
    let kind = SubjectKind::of(&found.subject_kind);
    ExceptionRow {
        id: shown(found.id),
        subject_kind: kind,
        subject: kind.said(&found.subject_name),
        subject_id: found.subject_id.clone(),
        subject_name: found.subject_name.clone(),
        policy: found.policy_id.clone().map(|id| ExceptionPolicy { display_name: found.policy_name.clone().unwrap_or_else(|| id.clone()), id }),
        people: exceptions::people(found, &engine.engine, carve_outs),
        reason: found.reason.clone(),
        compensating: found.compensating.clone(),
        ticket: found.ticket.clone(),
        state: ExceptionState::of(&found.state),
        sign_off: decide::sign_off(found, now),
        until: day(found.until),
        past_end: decide::past_end(found, now),
        review_due: day(found.review_due),
        review_overdue: decide::review_overdue(found, now),
        sent_to: found.sent_to.clone(),
        signed_by: found.signed_by.clone(),
        signed_role: found.signed_role.clone(),
        signed_on: day(found.signed_at),
        note: found.sign_note.clone(),
        asked_by: found.asked_by.clone(),
        updated_at: moment(found.updated_at).unwrap_or_default(),
        attachments: size(papers),
        in_policies: if found.subject_id.is_some() { carve_outs.map(|all| in_policies(found, all)) } else { None },
        revision: u32::try_from(found.revision).unwrap_or(u32::MAX),
    }
}

/// Named by a policy, or let out by a group that a policy names.
fn in_policies(found: &mfa_exceptions::ExceptionRow, all: &[Judged]) -> bool {
    let by_group = |judged: &Judged| matches!(&judged.standing, Standing::InRegister { numbers } if numbers.contains(&found.id));
    exceptions::let_out(found, all).is_some() || all.iter().any(by_group)
}

fn carve_out(judged: &Judged, tenant: &TenantRow, engine: &TenantEngine) -> CarveOutRow {
    let found = &judged.found;
    let zone = days::zone(&tenant.time_zone);
    let (standing, standing_words, numbers) = match &judged.standing {
        Standing::NotSignedOff => (CarveOutStanding::NotSignedOff, "Nobody signed it off".to_owned(), Vec::new()),
        Standing::Declined { number } => {
            (CarveOutStanding::Declined, format!("The customer declined exception {number}, and the policy still leaves it out"), vec![*number])
        }
        Standing::InRegister { numbers } => {
            let said: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            (
                CarveOutStanding::InRegister,
                format!("{} {} of the register", if said.len() == 1 { "Exception" } else { "Exceptions" }, said.join(", ")),
                numbers.clone(),
            )
        }
        Standing::BreakGlass => (CarveOutStanding::BreakGlass, "By design: controlled under break-glass".to_owned(), Vec::new()),
        Standing::TimeBound { ends } => {
            let words = match (ends.first(), ends.last()) {
                (None, _) | (_, None) => "Time-bound access; nobody is in it now".to_owned(),
                (Some(first), Some(last)) if first == last => format!("Time-bound access, ends {}", days::in_words(zone, *first)),
                (Some(first), Some(last)) => {
                    format!("Time-bound access, {} people, ends {} to {}", ends.len(), days::in_words(zone, *first), days::in_words(zone, *last))
                }
            };
            (CarveOutStanding::TimeBound, words, Vec::new())
        }
    };
    CarveOutRow {
        key: format!("{}|{}|{}", found.policy_id, found.kind.name(), found.id),
        kind: found.kind,
        subject_id: found.id.clone(),
        subject_name: found.name.clone(),
        subject: found.kind.said(&found.name),
        policy: ExceptionPolicy { id: found.policy_id.clone(), display_name: found.policy.clone() },
        report_only: found.report_only,
        words: exceptions::words(judged),
        people: judged.people.as_ref().map(|who| size(who.len())),
        names: people(engine, judged.people.iter().flatten(), NAMES),
        standing,
        standing_words,
        exceptions: numbers.into_iter().map(shown).collect(),
    }
}

/// What a report-only policy leaves out exempts nobody: the policy asks nobody.
fn unsigned(judged: &Judged) -> bool {
    !judged.found.report_only && matches!(judged.standing, Standing::NotSignedOff | Standing::Declined { .. })
}

fn looked_at(conn: &Connection, tenant: &TenantRow, engine: &TenantEngine) -> store::Result<(Survey, BTreeMap<i64, Vec<AttachmentRow>>)> {
    let mut papers: BTreeMap<i64, Vec<AttachmentRow>> = BTreeMap::new();
    for paper in mfa_exceptions::attachments(conn, &tenant.id)? {
        papers.entry(paper.exception_id).or_default().push(paper);
    }
    Ok((exceptions::survey(conn, &tenant.id, &engine.engine)?, papers))
}

/// # Errors
/// The tenant is not connected, or the store refused.
pub fn page(fleet: &Fleet, tenant: &str) -> Result<ExceptionsPage, Problem> {
    let now = fleet.now();
    let engine = fleet.engine(tenant)?;
    let found = fleet.store().read(|conn| {
        let Some(named) = store::tenants::get(conn, &engine.tenant)? else { return Ok(None) };
        let (survey, papers) = looked_at(conn, &named, &engine)?;
        Ok(Some((survey, papers, store::policies::all(conn, &named.id)?, named)))
    })?;
    let Some((survey, papers, policies, named)) = found else { return Err(no_such_tenant(tenant)) };
    let judged = survey.carve_outs.as_deref();
    let register = survey.register.iter().map(|found| row(found, &named, &engine, judged, papers.get(&found.id).map_or(0, Vec::len), now)).collect();
    let mut carve_outs: Vec<&Judged> = judged.into_iter().flatten().collect();
    let rank = |judged: &Judged| match judged.standing {
        Standing::Declined { .. } | Standing::NotSignedOff if !unsigned(judged) => 5,
        Standing::Declined { .. } => 0,
        Standing::NotSignedOff => 1,
        Standing::InRegister { .. } => 2,
        Standing::TimeBound { .. } => 3,
        Standing::BreakGlass => 4,
    };
    carve_outs.sort_by_key(|judged| (rank(judged), judged.found.policy.to_lowercase(), judged.found.kind));
    let open = || carve_outs.iter().filter(|judged| unsigned(judged));
    let each_once: std::collections::BTreeSet<&String> = open().filter_map(|judged| judged.people.as_ref()).flatten().collect();
    Ok(ExceptionsPage {
        today: days::written(days::zone(&named.time_zone), now.timestamp_millis()).unwrap_or_default(),
        unknown: engine.readable().err().map(|problem| Unknown { reason: problem.what }),
        unsigned_people: size(each_once.len()),
        uncounted: size(open().filter(|judged| judged.people.is_none()).count()),
        carve_outs: carve_outs.iter().map(|judged| carve_out(judged, &named, &engine)).collect(),
        policies: policies.into_iter().map(|policy| ExceptionPolicy { id: policy.id, display_name: policy.display_name }).collect(),
        ticket_pattern: Rules::of(&named).ticket_pattern,
        time_zone: named.time_zone.clone(),
        tenant: reference(&named),
        register,
    })
}

/// `who` is who looks: the buttons say what that person may do.
///
/// # Errors
/// There is none of this number, or the store refused.
pub fn get(fleet: &Fleet, id: u32, who: &str) -> Result<ExceptionDetail, Problem> {
    let now = fleet.now();
    let no_such = || exceptions::no_such(id);
    let of = fleet.store().read(|conn| mfa_exceptions::get(conn, i64::from(id)))?.ok_or_else(no_such)?.tenant;
    let engine = fleet.engine(&of)?;
    let found = fleet.store().read(|conn| {
        let Some(tenant) = store::tenants::get(conn, &of)? else { return Ok(None) };
        let (survey, mut papers) = looked_at(conn, &tenant, &engine)?;
        let Some(found) = survey.register.iter().find(|row| row.id == i64::from(id)).cloned() else { return Ok(None) };
        let history = mfa_exceptions::events(conn, found.id)?;
        let papers = papers.remove(&found.id).unwrap_or_default();
        Ok(Some((tenant, survey, found, history, papers)))
    })?;
    let Some((tenant, survey, found, history, papers)) = found else { return Err(no_such()) };
    let judged = survey.carve_outs.as_deref();
    let own = |judged: &&Judged| {
        matches!(&judged.standing, Standing::InRegister { numbers } if numbers.contains(&found.id))
            || matches!(judged.standing, Standing::Declined { number } if number == found.id)
    };
    let rules = Rules::of(&tenant);
    Ok(ExceptionDetail {
        row: row(&found, &tenant, &engine, judged, papers.len(), now),
        carve_outs: judged.into_iter().flatten().filter(own).map(exceptions::words).collect(),
        people: judged.and_then(|all| exceptions::let_out(&found, all)).flatten().map(|who| people(&engine, &who, PEOPLE)).unwrap_or_default(),
        acts: decide::acts(&found).into_iter().map(|act| ExceptionActState { act, blocked: decide::may(&found, act, &rules, who).err() }).collect(),
        history: history
            .into_iter()
            .map(|event| ChangeEvent { at: moment(event.at).unwrap_or_default(), what: event_words(&event.what).to_owned(), who: event.who, note: event.note })
            .collect(),
        papers: papers
            .into_iter()
            .map(|paper| PaperRow {
                seq: shown(paper.seq),
                name: paper.name,
                media_type: paper.media_type,
                sha256: paper.sha256,
                size: shown(paper.size),
                added_by: paper.added_by,
                added_at: moment(paper.added_at).unwrap_or_default(),
            })
            .collect(),
        time_zone: tenant.time_zone.clone(),
        tenant: reference(&tenant),
    })
}

fn event_words(what: &str) -> &str {
    match what {
        "asked" => "Written down",
        "edited" => "Edited",
        "sent" => "Sent for signature",
        "signed" => "Signed",
        "declined" => "Declined",
        "reviewed" => "Reviewed",
        "extended" => "Extended",
        "ended" => "Ended",
        "attached" => "Attachment added",
        other => other,
    }
}
