//! `drift`: one row a control, the gravest gap first.

use conditional_access::baseline::{Baseline, built_in};
use conditional_access::drift::{self, DriftVerdict, Row};
use conditional_access::evaluate::Engine;
use fleet::engine::baselines;
use fleet::views::Problem;
use serde::Serialize;

use super::judged::{From, Judged, judged};
use crate::arguments::{Arguments, Drift};
use crate::output::{Done, Output, table};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ControlRow<'a> {
    id: &'a str,
    title: &'a str,
    severity: &'static str,
    verdict: &'static str,
    reason: &'a str,
    /// Ids of who falls through; null where that is no question of people, or not known.
    users: Option<&'a [String]>,
    /// Ids of the policies that bear on it.
    policies: &'a [String],
    near_miss: Option<NearMissRow<'a>>,
    ways: Vec<WayRow<'a>>,
    changes: Vec<ChangeRow<'a>>,
    /// For a changed policy: whether it protects less than the baseline's.
    weakens: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NearMissRow<'a> {
    policy: &'a str,
    path: &'a str,
    field: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WayRow<'a> {
    why: &'a str,
    place: &'a str,
    users: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeRow<'a> {
    path: &'a str,
    field: &'a str,
    before: &'a str,
    after: &'a str,
    effect: &'static str,
}

pub fn run(arguments: &Arguments, options: &Drift, output: Output) -> Done {
    let judged = judged(arguments, &options.source)?;
    judged.tenant.readable()?;
    let baseline = baseline(&judged, options.baseline.as_deref())?;
    let mut rows = drift::drift(&judged.tenant.engine, &baseline, &judged.knowledge.known(&judged.tenant));
    // What is open comes first, the worst of it at the top: a critical control that some fall through stands above a low one that is missing.
    rows.sort_by_key(|row| (settled(row.verdict), std::cmp::Reverse(row.severity)));
    let answer: Vec<ControlRow<'_>> = rows.iter().map(row).collect();
    output.print(&answer, |_| human(&judged.tenant.engine, &baseline, &rows))
}

fn baseline(judged: &Judged, named: Option<&str>) -> Result<Baseline, Problem> {
    match (&judged.from, named) {
        (From::Snapshot(_), None) => Ok(built_in()),
        (From::Snapshot(_), Some(named)) if named == baselines::BUILTIN => Ok(built_in()),
        (From::Snapshot(_), Some(named)) => imported(named),
        (From::Store(fleet), named) => {
            let named = match named {
                Some(named) => named.to_owned(),
                None => fleet
                    .store()
                    .read(|conn| store::tenants::get(conn, &judged.tenant.tenant))?
                    .map_or_else(|| baselines::BUILTIN.to_owned(), |row| row.baseline),
            };
            match baselines::of_store(fleet.store(), &named) {
                Ok(found) => Ok(found),
                Err(_) if std::path::Path::new(&named).exists() => imported(&named),
                Err(problem) => Err(problem),
            }
        }
    }
}

/// What could not be read of the folder is told, and the rest counts.
fn imported(folder: &str) -> Result<Baseline, Problem> {
    let imported = baselines::folder(std::path::Path::new(folder))?;
    for problem in &imported.problems {
        eprintln!("note: {problem}");
    }
    Ok(imported.baseline)
}

fn settled(verdict: DriftVerdict) -> u8 {
    match verdict {
        DriftVerdict::Missing | DriftVerdict::Partly | DriftVerdict::Changed => 0,
        DriftVerdict::Unknown => 1,
        DriftVerdict::Extra => 2,
        DriftVerdict::Met => 3,
    }
}

fn row(row: &Row) -> ControlRow<'_> {
    ControlRow {
        id: &row.id,
        title: &row.title,
        severity: row.severity.as_str(),
        verdict: row.verdict.as_str(),
        reason: &row.reason,
        users: row.users.as_deref(),
        policies: &row.policies,
        near_miss: row.near_miss.as_ref().map(|miss| NearMissRow { policy: &miss.policy, path: &miss.path, field: &miss.field, reason: &miss.reason }),
        ways: row.ways.iter().map(|way| WayRow { why: &way.why, place: &way.place, users: &way.users }).collect(),
        changes: row
            .differences
            .iter()
            .map(|change| ChangeRow { path: &change.path, field: &change.field, before: &change.before, after: &change.after, effect: change.effect.as_str() })
            .collect(),
        weakens: row.weakening.as_ref().and_then(|weakening| match weakening {
            drift::Weakening::Weaker(_) => Some(true),
            drift::Weakening::NotWeaker => Some(false),
            drift::Weakening::Unknown(_) => None,
        }),
    }
}

fn human(engine: &Engine, baseline: &Baseline, rows: &[Row]) -> String {
    let count = |verdict: DriftVerdict| rows.iter().filter(|row| row.verdict == verdict).count();
    let mut text = format!(
        "Against “{}”: {} met, {} partly, {} missing, {} changed, {} extra, {} unknown\n\n",
        baseline.name,
        count(DriftVerdict::Met),
        count(DriftVerdict::Partly),
        count(DriftVerdict::Missing),
        count(DriftVerdict::Changed),
        count(DriftVerdict::Extra),
        count(DriftVerdict::Unknown)
    );
    let name = |id: &str| {
        let found = engine.policies().iter().find(|policy| policy.id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id)));
        found.and_then(|policy| policy.display_name.clone()).unwrap_or_else(|| id.to_owned())
    };
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![
                row.verdict.as_str().to_owned(),
                row.severity.as_str().to_owned(),
                row.title.clone(),
                row.users.as_ref().map_or_else(|| "-".to_owned(), |users| users.len().to_string()),
                row.policies.iter().map(|id| name(id)).collect::<Vec<_>>().join(", "),
                row.reason.clone(),
            ]
        })
        .collect();
    text += &table(&["Verdict", "Severity", "Control", "Users", "Policies", "Why"], &cells);
    text
}
