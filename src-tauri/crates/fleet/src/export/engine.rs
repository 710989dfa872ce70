//! Writing what the engine's lists show: controls, gaps of coverage, disagreements of a replay.

use std::path::Path;

use super::{Column, cells::list, given, moment, named};
use crate::{
    Fleet,
    views::{
        Problem,
        coverage::{CoverageGap, Protection, matrix},
        drift::{ControlVerdict, DriftRow, report},
        replay::{Disagreement, ReplayFilter, disagreements},
    },
};

fn verdict(verdict: ControlVerdict) -> &'static str {
    match verdict {
        ControlVerdict::Missing => "missing",
        ControlVerdict::Partly => "partly",
        ControlVerdict::Changed => "changed",
        ControlVerdict::Unknown => "unknown",
        ControlVerdict::Extra => "extra",
        ControlVerdict::Met => "met",
    }
}

fn protection(protection: Protection) -> &'static str {
    match protection {
        Protection::None => "none",
        Protection::Unknown => "unknown",
        Protection::Other => "other",
        Protection::Device => "device",
        Protection::Mfa => "mfa",
        Protection::PhishingResistantMfa => "phishingResistantMfa",
        Protection::Blocked => "blocked",
    }
}

fn people(users: Option<u32>) -> String {
    users.map_or_else(String::new, |users| users.to_string())
}

/// The controls that `ids` names, in its order: that list is filtered and sorted in the window.
///
/// # Errors
/// The tenant cannot be judged, or the file cannot be written.
pub fn drift(fleet: &Fleet, tenant: &str, ids: &[String], path: &Path) -> Result<u32, Problem> {
    let columns: [Column<DriftRow>; 8] = [
        ("Severity", |r| crate::views::alerts::severity_name(r.severity).to_owned()),
        ("Verdict", |r| verdict(r.verdict).to_owned()),
        ("Control", |r| r.title.clone()),
        ("Why", |r| r.reason.clone()),
        ("People", |r| people(r.users)),
        ("Nearest policy", |r| r.nearest.as_ref().map(|policy| policy.display_name.clone()).unwrap_or_default()),
        ("Policies", |r| list(&r.policies.iter().map(|policy| policy.display_name.clone()).collect::<Vec<_>>())),
        ("Id", |r| r.id.clone()),
    ];
    given(path, &columns, named(report(fleet, tenant)?.controls, ids, |row| &row.id))
}

/// The gaps that `ids` names, in its order.
///
/// # Errors
/// As [`drift`].
pub fn gaps(fleet: &Fleet, tenant: &str, ids: &[String], path: &Path) -> Result<u32, Problem> {
    let columns: [Column<CoverageGap>; 8] = [
        ("Protection", |r| protection(r.protection).to_owned()),
        ("People", |r| people(r.users)),
        ("Why", |r| r.why.clone()),
        ("Application", |r| r.application.display_name.clone()),
        ("Client", |r| r.client.clone()),
        ("Platform", |r| r.platform.clone()),
        ("Location", |r| r.location.clone()),
        ("Device", |r| r.device.clone()),
    ];
    given(path, &columns, named(matrix(fleet, tenant)?.gaps, ids, |row| &row.id))
}

/// Every disagreement that the filter matches, in the list's order.
///
/// # Errors
/// As [`drift`].
pub fn replay(fleet: &Fleet, filter: &ReplayFilter, path: &Path) -> Result<u32, Problem> {
    let columns: [Column<Disagreement>; 8] = [
        ("Time", |r| moment(Some(r.at))),
        ("User", |r| r.user_name.clone()),
        ("UPN", |r| r.upn.clone()),
        ("Application", |r| r.app.clone()),
        ("Policy", |r| r.policy.display_name.clone()),
        ("Entra recorded", |r| r.entra.clone()),
        ("The engine says", |r| r.engine.clone()),
        ("Sign-in", |r| r.id.clone()),
    ];
    let mut rows = Vec::new();
    let mut filter = filter.clone();
    filter.window.limit = 500;
    loop {
        filter.window.offset = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let page = disagreements(fleet, &filter)?;
        let last = page.rows.is_empty();
        rows.extend(page.rows);
        if last || rows.len() as u64 >= u64::from(page.total) {
            return given(path, &columns, rows);
        }
    }
}
