//! Drift: a tenant held against a baseline, one row a control. Effect controls are judged by what all policies together do
//! with representative sign-ins, policy controls by content first and name second; whether a difference weakens is decided
//! by evaluating, not by which fields it is in. What could not be decided is unknown, with the reason.

mod check;
mod effect;
mod mapping;
mod near_miss;
mod overlap;
mod people;
mod policy;
mod probe;
pub(crate) mod satisfies;
mod weakening;
mod why;

pub use overlap::{Overlap, OverlapKind, overlaps};
pub use weakening::{Loss, Weakening, weakened};

use std::collections::BTreeSet;

use serde::Serialize;

use crate::baseline::{Baseline, Control, Judgement, Licence, Severity};
use crate::difference::FieldDifference;
use crate::evaluate::Engine;
use crate::names::Names;
use crate::tenant::Tenant;

/// How a control stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DriftVerdict {
    /// Nothing of what is asked for is there.
    Missing,
    /// Some fall through.
    Partly,
    /// The policy is there, but differs.
    Changed,
    /// Never read, the licence is absent, or not understood.
    Unknown,
    /// A policy that the baseline does not have.
    Extra,
    Met,
}

impl DriftVerdict {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Partly => "partly",
            Self::Changed => "changed",
            Self::Unknown => "unknown",
            Self::Extra => "extra",
            Self::Met => "met",
        }
    }
}

/// What the caller knows besides the tenant's own data.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub names: &'a dyn Names,
    /// None: not known, and nothing is excused by an absent licence.
    pub licences: Option<&'a BTreeSet<Licence>>,
    /// Ids of users. None: nobody has said which they are.
    pub break_glass: Option<&'a [String]>,
    /// Ids of users. None: nobody has said which they are.
    pub service_accounts: Option<&'a [String]>,
}

impl<'a> Known<'a> {
    #[must_use]
    pub fn only_names(names: &'a dyn Names) -> Self {
        Self { names, licences: None, break_glass: None, service_accounts: None }
    }
}

/// The policy that comes closest to an unmet control, and the one field that fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    pub policy: String,
    /// `state`, `conditions.users.excludeGroups`
    pub path: String,
    /// "State"
    pub field: String,
    /// One sentence: what it says and what it should say.
    pub reason: String,
}

/// One way to fall through a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// "excluded from “CA003” by the group “VIP”, and no other policy covers them"
    pub why: String,
    /// "any other application, from a browser"; empty: everywhere.
    pub place: String,
    /// Ids, sorted.
    pub users: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The control's; an extra policy's own id.
    pub id: String,
    pub title: String,
    pub severity: Severity,
    pub verdict: DriftVerdict,
    /// One sentence.
    pub reason: String,
    /// Ids of who falls through, sorted; None where that is no question of people, or not known.
    pub users: Option<Vec<String>>,
    /// The largest first.
    pub ways: Vec<Way>,
    /// Ids of the tenant's policies that bear on it.
    pub policies: Vec<String>,
    pub near_miss: Option<NearMiss>,
    /// For a changed policy: before is the baseline's.
    pub differences: Vec<FieldDifference>,
    /// For a changed policy: whether it protects less than the baseline's, and for which sign-ins.
    pub weakening: Option<Weakening>,
}

impl Row {
    fn new(control: &Control, verdict: DriftVerdict, reason: String) -> Self {
        Self {
            id: control.id.clone(),
            title: control.title.clone(),
            severity: control.severity,
            verdict,
            reason,
            users: None,
            ways: Vec::new(),
            policies: Vec::new(),
            near_miss: None,
            differences: Vec::new(),
            weakening: None,
        }
    }
}

/// A tenant whose policies are compiled: whoever has the engine already lends it, and nothing of the tenant is copied.
pub enum Compiled<'a> {
    Lent(&'a Engine),
    Own(Box<Engine>),
}

impl Compiled<'_> {
    fn of(engine: Engine) -> Self {
        Self::Own(Box::new(engine))
    }
}

impl std::ops::Deref for Compiled<'_> {
    type Target = Engine;
    fn deref(&self) -> &Engine {
        match self {
            Self::Lent(engine) => engine,
            Self::Own(engine) => engine,
        }
    }
}

impl<'a> From<&'a Engine> for Compiled<'a> {
    fn from(engine: &'a Engine) -> Self {
        Self::Lent(engine)
    }
}

impl From<&Tenant> for Compiled<'_> {
    fn from(tenant: &Tenant) -> Self {
        Self::of(Engine::new(tenant.clone()))
    }
}

/// One row for each control that is switched on, in the baseline's order, then one for each extra policy. A baseline
/// without policy controls knows of no extra policies.
#[must_use]
pub fn drift<'a>(of: impl Into<Compiled<'a>>, baseline: &Baseline, known: &Known<'_>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    each(of, baseline, known, |row| rows.push(row));
    rows
}

/// The same, one row after the other: a row names everybody who falls through, and in a large tenant all rows together are
/// much to hold.
pub fn each<'a>(of: impl Into<Compiled<'a>>, baseline: &Baseline, known: &Known<'_>, mut see: impl FnMut(Row)) {
    let compiled = of.into();
    let wanted: Vec<&Control> = baseline.controls.iter().filter(|control| control.enabled).collect();
    let prepared = policy::prepare(compiled.tenant(), baseline, &wanted);
    let bench = probe::Bench::new(&compiled, prepared.wanted(), known);
    let mut stored = policy::judge(&bench, baseline, prepared);
    for control in &wanted {
        let row = match &control.judgement {
            Judgement::Policy(_) => stored.rows.remove(&control.id),
            Judgement::Effect(expected) => Some(effect::judge(&bench, control, expected)),
            Judgement::Check(check) => Some(check::judge(&bench, control, check)),
            Judgement::NotUnderstood(_) => {
                Some(Row::new(control, DriftVerdict::Unknown, "How this control is judged was written by a newer version of Gatehouse.".to_owned()))
            }
        };
        if let Some(row) = row {
            see(licensed(control, row, known));
        }
    }
    stored.extra.into_iter().for_each(see);
}

/// Without its licence an unmet control is neither good nor bad.
fn licensed(control: &Control, row: Row, known: &Known<'_>) -> Row {
    let (Some(needed), Some(licences)) = (control.licence, known.licences) else { return row };
    if licences.contains(&needed) || row.verdict == DriftVerdict::Met || row.verdict == DriftVerdict::Unknown {
        return row;
    }
    let reason = format!("This needs {}, which the tenant does not have; without it: {}", needed.name(), lower_first(&row.reason));
    Row { verdict: DriftVerdict::Unknown, reason, ..row }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}
