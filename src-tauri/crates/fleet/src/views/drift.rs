//! Drift: how a tenant stands against its baseline, one row a control, and who falls through. The verdicts are the
//! engine's; here they become words and counts.

use conditional_access::{
    baseline::{Baseline, Control, Severity as ControlSeverity},
    drift::{DriftVerdict, Row, Way, Weakening},
    evaluate::{Engine, FindingKind, words::finding_words},
};
use serde::{Deserialize, Serialize};
use specta::Type;
use store::Listed;

use super::{
    Moment, Page, PersonRef, Problem, Severity, Unknown, Window,
    alerts::{FieldChange, page, slice},
    changes::ProposalOrigin,
};
use crate::{
    Fleet,
    engine::{Drifted, TenantEngine, baselines as kept},
    policies::change,
    problem::problem,
    transaction,
};

/// How a control stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ControlVerdict {
    /// Nothing of what is asked for is there.
    Missing,
    /// Some people or applications fall through.
    Partly,
    /// The policy exists, but differs.
    Changed,
    /// Never read, or the licence is absent: neither good nor bad.
    Unknown,
    /// A policy that the baseline does not name.
    Extra,
    Met,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ControlKind {
    /// Judged by what the policies together achieve, whatever they are named.
    Effect,
    /// A stored policy that must exist with these fields.
    Policy,
}

/// A policy, in the fewest words that name one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyRef {
    pub id: String,
    pub display_name: String,
    /// Graph's word; empty where it is not known.
    pub state: String,
}

/// How many controls of one severity have each verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DriftCount {
    pub severity: Severity,
    pub missing: u32,
    pub partly: u32,
    pub changed: u32,
    pub unknown: u32,
    pub extra: u32,
    pub met: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DriftRow {
    /// The control's id, stable within its baseline.
    pub id: String,
    pub title: String,
    pub severity: Severity,
    pub kind: ControlKind,
    pub verdict: ControlVerdict,
    /// Why, in one sentence.
    pub reason: String,
    /// How many people fall through; None where that is not known or is no question of people.
    pub users: Option<u32>,
    /// The policies that bear on it.
    pub policies: Vec<PolicyRef>,
    /// The policy that comes closest to an unmet control.
    pub nearest: Option<PolicyRef>,
}

/// What a control's page in Microsoft's or CISA's documents is called and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    pub title: String,
    /// None where only the document's name is known.
    pub url: Option<String>,
}

/// The policy that comes closest and the one field that fails.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NearMiss {
    pub policy: PolicyRef,
    /// The field in words: "State".
    pub field: String,
    /// One sentence: what it says and what it should say.
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DriftReport {
    pub tenant: String,
    /// Set when nothing can be judged; then there are no controls.
    pub unreadable: Option<Unknown>,
    /// When the policies were last read whole.
    pub read_at: Option<Moment>,
    pub baseline: String,
    pub baseline_name: String,
    /// Critical first; every severity of the baseline, in order.
    pub counts: Vec<DriftCount>,
    /// The gravest gap first.
    pub controls: Vec<DriftRow>,
    /// What the judgement had to leave out, in sentences: data never read, ids that name nothing.
    pub remarks: Vec<String>,
}

/// One control whole.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DriftDetail {
    pub row: DriftRow,
    /// Why it matters.
    pub rationale: String,
    /// How it is judged, in a sentence.
    pub judged: String,
    pub references: Vec<Reference>,
    pub near_miss: Option<NearMiss>,
    /// For a changed policy: field by field against the baseline, before is the baseline's.
    pub changes: Vec<FieldChange>,
    /// For a changed policy: whether it protects less than the baseline's, and whom; in sentences.
    pub weakening: Vec<String>,
    /// How the people fall through, each in one sentence with its count, the largest first.
    pub ways: Vec<DriftWay>,
    /// Why nothing can be proposed from here; None: a change can.
    pub propose_blocked: Option<String>,
}

/// One way to fall through a control.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DriftWay {
    pub why: String,
    /// None where it is no question of people.
    pub users: Option<u32>,
    /// Where: "Exchange Online, legacy clients"; empty is everywhere.
    pub place: String,
    /// The first few, by name.
    pub people: Vec<PersonRef>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct DriftPeopleFilter {
    pub tenant: String,
    pub control: String,
    /// Name or UPN, any part of it.
    pub text: Option<String>,
    pub window: Window,
}

/// Somebody who falls through, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GapPerson {
    pub id: String,
    pub display_name: String,
    pub upn: String,
    pub why: String,
}

/// How many people a way to fall through names before it counts.
pub(crate) const NAMED: usize = 8;

struct Judged {
    held: Held,
    drifted: std::sync::Arc<Drifted>,
}

/// The baseline that a tenant is held to.
struct Held {
    id: String,
    baseline: Baseline,
}

fn held(fleet: &Fleet, tenant: &str) -> Result<Held, Problem> {
    transaction::read(fleet.store(), |conn| {
        let row = store::tenants::get(conn, tenant)?.ok_or_else(|| super::no_such_tenant(tenant))?;
        Ok(Held { baseline: kept::load(conn, &row.baseline)?, id: row.baseline })
    })
}

fn judged(fleet: &Fleet, tenant: &str) -> Result<Judged, Problem> {
    let held = held(fleet, tenant)?;
    let drifted = fleet.drift(tenant, &held.baseline)?;
    Ok(Judged { held, drifted })
}

/// How the tenant stands against its baseline.
///
/// # Errors
/// The tenant is not connected, its baseline is gone, or the store refused.
pub fn report(fleet: &Fleet, tenant: &str) -> Result<DriftReport, Problem> {
    let held = held(fleet, tenant)?;
    let engine = fleet.engine(tenant)?;
    let mut report = DriftReport {
        tenant: engine.tenant.clone(),
        unreadable: None,
        read_at: engine.policies_read_at.and_then(super::moment),
        baseline: held.id,
        baseline_name: held.baseline.name.clone(),
        counts: Vec::new(),
        controls: Vec::new(),
        remarks: Vec::new(),
    };
    if let Err(unread) = engine.readable() {
        report.unreadable = Some(unknown(&unread));
        return Ok(report);
    }
    let drifted = fleet.drift(tenant, &held.baseline)?;
    report.controls = drifted.rows.iter().map(|row| shown(&engine.engine, held.baseline.control(&row.id), row)).collect();
    report.counts = counts(&report.controls);
    report.remarks = remarks(&engine);
    Ok(report)
}

/// Why nothing can be judged, with the next step as a sentence of its own.
pub(crate) fn unknown(unread: &Problem) -> Unknown {
    Unknown { reason: unread.what.replace("; ", ". ") }
}

pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn counts(rows: &[DriftRow]) -> Vec<DriftCount> {
    let severities = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Information];
    let count = |severity: Severity| {
        let of =
            |verdict: ControlVerdict| u32::try_from(rows.iter().filter(|row| row.severity == severity && row.verdict == verdict).count()).unwrap_or(u32::MAX);
        DriftCount {
            severity,
            missing: of(ControlVerdict::Missing),
            partly: of(ControlVerdict::Partly),
            changed: of(ControlVerdict::Changed),
            unknown: of(ControlVerdict::Unknown),
            extra: of(ControlVerdict::Extra),
            met: of(ControlVerdict::Met),
        }
    };
    severities.into_iter().map(count).collect()
}

/// What the engine found wrong with the tenant's data and had to leave out. What was never read is said by the page itself.
pub(crate) fn remarks(engine: &TenantEngine) -> Vec<String> {
    let worth = |kind: &FindingKind| {
        matches!(kind, FindingKind::GroupCycle { .. } | FindingKind::RuleInvalid { .. } | FindingKind::RangeInvalid { .. } | FindingKind::SameId { .. })
    };
    engine.engine.problems().iter().filter(|found| worth(&found.kind)).map(|found| finding_words(found, &engine.engine)).collect()
}

pub(crate) fn severity(severity: ControlSeverity) -> Severity {
    match severity {
        ControlSeverity::Critical => Severity::Critical,
        ControlSeverity::High => Severity::High,
        ControlSeverity::Medium => Severity::Medium,
        ControlSeverity::Low => Severity::Low,
    }
}

fn verdict(verdict: DriftVerdict) -> ControlVerdict {
    match verdict {
        DriftVerdict::Missing => ControlVerdict::Missing,
        DriftVerdict::Partly => ControlVerdict::Partly,
        DriftVerdict::Changed => ControlVerdict::Changed,
        DriftVerdict::Unknown => ControlVerdict::Unknown,
        DriftVerdict::Extra => ControlVerdict::Extra,
        DriftVerdict::Met => ControlVerdict::Met,
    }
}

/// A policy by its index among the tenant's.
pub(crate) fn policy_at(engine: &Engine, index: usize) -> Option<PolicyRef> {
    let policy = engine.policies().get(index)?;
    Some(PolicyRef {
        id: policy.id.as_deref().unwrap_or_default().to_lowercase(),
        display_name: policy.display_name.clone().unwrap_or_default(),
        state: policy.state.as_ref().map(|state| state.as_graph().to_owned()).unwrap_or_default(),
    })
}

pub(crate) fn policy_of(engine: &Engine, id: &str) -> Option<PolicyRef> {
    let index = engine.policies().iter().position(|policy| policy.id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id)))?;
    policy_at(engine, index)
}

/// A person by id; one that is gone keeps the id for a name.
pub(crate) fn person(engine: &Engine, id: &str) -> PersonRef {
    match engine.user(id) {
        Some(user) => PersonRef { id: user.id.to_lowercase(), display_name: user.display_name.clone(), upn: user.upn.clone() },
        None => PersonRef { id: id.to_owned(), display_name: String::new(), upn: id.to_owned() },
    }
}

fn shown(engine: &Engine, control: Option<&Control>, row: &Row) -> DriftRow {
    let is_policy = control.map_or(row.verdict == DriftVerdict::Extra, Control::is_policy);
    DriftRow {
        id: row.id.clone(),
        title: row.title.clone(),
        severity: severity(row.severity),
        kind: if is_policy { ControlKind::Policy } else { ControlKind::Effect },
        verdict: verdict(row.verdict),
        reason: row.reason.clone(),
        users: row.users.as_ref().map(|users| u32::try_from(users.len()).unwrap_or(u32::MAX)),
        policies: row.policies.iter().filter_map(|id| policy_of(engine, id)).collect(),
        nearest: row.near_miss.as_ref().and_then(|miss| policy_of(engine, &miss.policy)),
    }
}

/// One control whole.
///
/// # Errors
/// As [`report`], or there is no such control.
pub fn control(fleet: &Fleet, tenant: &str, control: &str) -> Result<DriftDetail, Problem> {
    let judged = judged(fleet, tenant)?;
    let row = row(&judged, control)?;
    let engine = &judged.drifted.tenant.engine;
    let known = judged.held.baseline.control(control);
    let proposed = crate::change::propose(fleet, tenant, &ProposalOrigin::Drift { control: control.to_owned() })?;
    let propose_blocked = proposed.draft.is_none().then_some(proposed.reason);
    Ok(DriftDetail {
        row: shown(engine, known, row),
        rationale: known.map(|control| control.rationale.clone()).unwrap_or_default(),
        judged: known.map(Control::judged).unwrap_or_default(),
        references: known.map(references).unwrap_or_default(),
        near_miss: row
            .near_miss
            .as_ref()
            .and_then(|miss| Some(NearMiss { policy: policy_of(engine, &miss.policy)?, field: miss.field.clone(), reason: miss.reason.clone() })),
        changes: row.differences.iter().cloned().map(change).collect(),
        weakening: row.weakening.as_ref().map(weakening).unwrap_or_default(),
        ways: row.ways.iter().map(|way| shown_way(engine, row, way)).collect(),
        propose_blocked,
    })
}

pub(crate) fn references(control: &Control) -> Vec<Reference> {
    let url = |url: &str| Some(url.to_owned()).filter(|url| url.starts_with("https://"));
    control.references.iter().map(|reference| Reference { title: reference.title.clone(), url: url(&reference.url) }).collect()
}

fn weakening(weakening: &Weakening) -> Vec<String> {
    match weakening {
        Weakening::NotWeaker => vec!["It protects no less than the baseline's policy.".to_owned()],
        Weakening::Unknown(why) => vec![why.clone()],
        Weakening::Weaker(losses) => losses
            .iter()
            .map(|loss| {
                let who = match (loss.users.len(), loss.workloads) {
                    (0, _) => "Somebody".to_owned(),
                    (1, false) => "1 user".to_owned(),
                    (n, false) => format!("{} users", crate::engine::replay::thousands(n as u64)),
                    (1, true) => "1 service principal".to_owned(),
                    (n, true) => format!("{} service principals", crate::engine::replay::thousands(n as u64)),
                };
                format!("{who}: {} instead of {} at {}", loss.after, loss.before, loss.place)
            })
            .collect(),
    }
}

fn row<'j>(judged: &'j Judged, control: &str) -> Result<&'j Row, Problem> {
    judged.drifted.rows.iter().find(|row| row.id == control).ok_or_else(|| {
        problem("drift.no_control", "The tenant's baseline has no such control any more", "Go back to the list of controls.").with_details(control)
    })
}

fn shown_way(engine: &Engine, row: &Row, way: &Way) -> DriftWay {
    let mut people: Vec<PersonRef> = way.users.iter().map(|id| person(engine, id)).collect();
    people.sort_by_key(|person| person.display_name.to_lowercase());
    DriftWay {
        why: capital(&way.why),
        users: row.users.as_ref().map(|_| u32::try_from(people.len()).unwrap_or(u32::MAX)).filter(|n| *n > 0),
        place: way.place.clone(),
        people: people.into_iter().take(NAMED).collect(),
    }
}

/// Everybody who falls through one control, by name.
///
/// # Errors
/// As [`control`].
pub fn people(fleet: &Fleet, filter: &DriftPeopleFilter) -> Result<Page<GapPerson>, Problem> {
    let judged = judged(fleet, &filter.tenant)?;
    let row = row(&judged, &filter.control)?;
    let engine = &judged.drifted.tenant.engine;
    let mut why: std::collections::HashMap<&str, &str> = std::collections::HashMap::new();
    for way in &row.ways {
        for user in &way.users {
            why.entry(user.as_str()).or_insert(way.why.as_str());
        }
    }
    let everybody = row.users.iter().flatten().map(|id| with_reason(person(engine, id), why.get(id.as_str()).copied().unwrap_or(row.reason.as_str())));
    window(everybody.collect(), filter.text.as_deref(), &filter.window)
}

pub(crate) fn with_reason(person: PersonRef, why: &str) -> GapPerson {
    GapPerson { id: person.id, display_name: person.display_name, upn: person.upn, why: why.to_owned() }
}

/// One window of people, filtered by name or UPN.
pub(crate) fn window(everybody: Vec<GapPerson>, text: Option<&str>, window: &Window) -> Result<Page<GapPerson>, Problem> {
    let slice = slice(window)?;
    if let Some(other) = window.sort.as_deref().filter(|sort| !["", "displayName"].contains(sort)) {
        return Err(problem("input.invalid", format!("People cannot be sorted by “{other}”"), "Sort by displayName."));
    }
    let all = everybody.len() as u64;
    let wanted = store::fold(text.unwrap_or_default().trim());
    let mut found: Vec<GapPerson> =
        everybody.into_iter().filter(|person| wanted.is_empty() || store::fold(&format!("{} {}", person.display_name, person.upn)).contains(&wanted)).collect();
    found.sort_by_cached_key(|person| (store::fold(&person.display_name), person.upn.clone()));
    if window.descending {
        found.reverse();
    }
    let total = found.len() as u64;
    let from = usize::try_from(slice.offset).unwrap_or(usize::MAX);
    let rows = found.into_iter().skip(from).take(usize::try_from(slice.limit).unwrap_or(usize::MAX)).collect();
    Ok(page(Listed { rows, total, all }, window, |row| row))
}
