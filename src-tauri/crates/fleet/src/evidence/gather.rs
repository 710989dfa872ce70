//! Reads what the evidence needs from the store and the engine, and has it judged. Decides nothing itself.

use chrono::{DateTime, Utc};
use store::{
    Connection, DataKind,
    sign_ins::{SignInFilter, SignInResult},
    tenants::TenantRow,
};

use super::{
    accounts, alerts,
    basis::{self, Basis},
    changes as history,
    facts::{BreakGlassFact, CarveOut, ChangesFacts, Customer, ExceptionFact, InsurerFacts, Period, SignOff},
    glass, overrides, policies,
    reach::{self, Reach},
    sources,
    statements::judge,
    words,
};
use crate::{
    Fleet, exceptions, posture,
    views::{
        Problem, TenantRef,
        licences::entra_plan,
        no_such_tenant,
        reports::{PeriodInput, StatementsView},
    },
};

/// Everything that the *Insurer compliance evidence* prints. Blocking.
///
/// # Errors
/// The tenant is not connected, or the store refused.
pub fn insurer(fleet: &Fleet, tenant: &str, period: Period, made_by: &str) -> Result<InsurerFacts, Problem> {
    let now = fleet.now();
    let row = tenant_row(fleet, tenant)?;
    let (gateways, names) = gateways(fleet, &row.id)?;
    // What could not be read is told by the sources; the engine then has nothing to say.
    let reach = match fleet.coverage(&row.id) {
        Ok(covered) => Reach::of(&covered, &gateways),
        Err(problem) if problem.code == "engine.policies_unread" => Reach::unknown(),
        Err(problem) => return Err(problem),
    };
    let engine = fleet.engine(&row.id)?;
    let (break_glass, judged_glass) = glass::of(&crate::break_glass::view(fleet, &row.id)?);
    fleet
        .store()
        .read(|conn| {
            let Some(row) = store::tenants::get(conn, &row.id)? else { return Ok(None) };
            let mut basis = begin(conn, &row, period, now)?;
            basis.gateways = names.clone();
            basis.glass = judged_glass.clone();
            let exempt = exceptions::facts_by(conn, &row.id, &engine.engine, now)?;
            gather(conn, &row, basis, &reach, exempt, break_glass.clone(), made_by).map(Some)
        })?
        .ok_or_else(|| no_such_tenant(tenant))
}

fn tenant_row(fleet: &Fleet, tenant: &str) -> Result<TenantRow, Problem> {
    fleet.store().read(|conn| store::tenants::get(conn, &tenant.to_lowercase()))?.ok_or_else(|| no_such_tenant(tenant))
}

/// Applications for remote access that somebody signed in to: their ids and names.
fn gateways(fleet: &Fleet, tenant: &str) -> Result<(Vec<String>, Vec<String>), Problem> {
    let used = fleet.store().read(|conn| store::sign_ins::apps(conn, tenant))?;
    let mut found: Vec<(String, String)> = used.into_iter().filter(|(_, name)| reach::is_gateway(name)).map(|(id, name)| (name, id.to_lowercase())).collect();
    found.sort();
    found.dedup_by(|a, b| a.1 == b.1);
    let ids = found.iter().map(|(_, id)| id.clone()).collect();
    let mut names: Vec<String> = found.into_iter().map(|(name, _)| name).collect();
    names.dedup();
    Ok((ids, names))
}

/// What is known before accounts are gone through.
fn begin(conn: &Connection, row: &TenantRow, period: Period, now: DateTime<Utc>) -> store::Result<Basis> {
    let at = DateTime::from_timestamp_millis;
    let sources = sources::gather(conn, &row.id, now)?;
    let sign_ins = sources.readings.read(DataKind::SignIns);
    let succeeded = SignInFilter {
        tenant: row.id.clone(),
        legacy: true,
        result: Some(SignInResult::Success),
        since: Some(period.from.timestamp_millis()),
        until: Some(period.to.timestamp_millis()),
        ..SignInFilter::default()
    };
    Ok(Basis {
        now,
        zone: row.time_zone.parse().unwrap_or(chrono_tz::UTC),
        period,
        connected: at(row.added_at).unwrap_or(now),
        last_sync: row.last_complete_sync.and_then(at),
        security_defaults: if sources.readings.read(DataKind::SecurityDefaults) {
            store::security_defaults::get(conn, &row.id)?.map(|row| row.enabled)
        } else {
            None
        },
        readings: sources.readings,
        mail: basis::Asked::default(),
        everything: basis::Asked::default(),
        remote: basis::Asked::default(),
        gateways: Vec::new(),
        registered: basis::Tally::default(),
        both: 0,
        guests: basis::Asked::default(),
        legacy: basis::Tally::default(),
        legacy_mail: basis::Tally::default(),
        legacy_succeeded: if sign_ins { Some(store::sign_ins::count_of(conn, &succeeded)?) } else { None },
        sign_ins_from: if sign_ins { store::sign_ins::oldest(conn, &row.id)?.and_then(at) } else { None },
        report_only: 0,
        admins: Vec::new(),
        glass: basis::Glass::default(),
        handling: Vec::new(),
        changes: basis::Changes::default(),
        exceptions: None,
    })
}

/// The register, and what of it nobody signed off.
type Exempt = (Vec<ExceptionFact>, Option<Vec<CarveOut>>);

fn gather(
    conn: &Connection,
    row: &TenantRow,
    mut basis: Basis,
    reach: &Reach,
    exempt: Exempt,
    break_glass: BreakGlassFact,
    made_by: &str,
) -> store::Result<InsurerFacts> {
    let tenant = row.id.as_str();
    let (now, period) = (basis.now, basis.period);
    let unreadable = basis.readings.why(DataKind::MfaRegistration);
    let accounts = accounts::gather(conn, tenant, reach, unreadable, &mut basis)?;
    let policies = policies::gather(conn, tenant)?;
    basis.report_only = policies.report_only;
    let (alerts, _) = alerts::gather(conn, tenant, period)?;
    basis.handling.clone_from(&alerts.handling);
    let changes = history::gather(conn, tenant, period)?;
    basis.changes = history::counts(&changes);
    let (exceptions, carve_outs) = exempt;
    basis.exceptions = Some(counted(&exceptions, carve_outs.as_deref()));
    let mut statements = judge(&basis);
    overrides::put_beside(conn, tenant, &mut statements)?;
    let sources = sources::gather(conn, tenant, now)?;
    let mut gaps = sources.gaps;
    gaps.extend(basis.not_watched().map(|gap| format!("{gap}.")));
    gaps.extend(basis.sign_ins_short().filter(|_| basis.readings.read(DataKind::SignIns)).map(|gap| format!("{}.", words::sentence(&gap))));
    Ok(InsurerFacts {
        customer: customer(conn, row, &basis)?,
        made_at: now,
        made_by: made_by.to_owned(),
        period,
        statements,
        enrolment: accounts.enrolment,
        policies: basis.readings.read(DataKind::Policies).then_some(policies.facts),
        security_defaults: basis.security_defaults,
        exceptions,
        carve_outs,
        access: exceptions::accesses(conn, tenant, &period)?,
        admins: basis.readings.read(DataKind::Roles).then_some(accounts.admins),
        break_glass,
        changes,
        alerts,
        sources: sources.facts,
        gaps,
        method_of_counting: words::method_of_counting(),
        glossary: words::glossary(),
    })
}

fn counted(register: &[ExceptionFact], carve_outs: Option<&[CarveOut]>) -> basis::Exceptions {
    // A policy on trial asks nobody, so what it leaves out is no exemption.
    let open = |all: &[CarveOut]| u32::try_from(all.iter().filter(|found| !found.report_only).count()).unwrap_or(u32::MAX);
    let mut counts = basis::Exceptions { carve_outs: carve_outs.map(open), ..basis::Exceptions::default() };
    for one in register {
        *match one.sign_off {
            SignOff::Signed => &mut counts.signed,
            SignOff::Overdue => &mut counts.overdue,
            SignOff::Sent | SignOff::NotSigned | SignOff::Declined => &mut counts.unsigned,
        } += 1;
    }
    counts
}

fn customer(conn: &Connection, row: &TenantRow, basis: &Basis) -> store::Result<Customer> {
    let licence =
        if basis.readings.read(DataKind::Licences) { Some(entra_plan(&store::organization::licences(conn, &row.id)?).title().to_owned()) } else { None };
    Ok(Customer { id: row.id.clone(), name: row.display_name.clone(), domain: row.default_domain.clone(), time_zone: row.time_zone.clone(), licence })
}

/// Everything that *Alerts and changes* of a period prints. Blocking.
///
/// # Errors
/// The tenant is not connected, or the store refused.
pub fn changes(fleet: &Fleet, tenant: &str, period: Period, made_by: &str) -> Result<ChangesFacts, Problem> {
    let now = fleet.now();
    fleet
        .store()
        .read(|conn| {
            let Some(row) = store::tenants::get(conn, &tenant.to_lowercase())? else { return Ok(None) };
            let basis = begin(conn, &row, period, now)?;
            let sources = sources::gather(conn, &row.id, now)?;
            // Only what an alert or a change is derived from.
            const TOLD_BY: [DataKind; 6] =
                [DataKind::Users, DataKind::Groups, DataKind::Roles, DataKind::Policies, DataKind::SignIns, DataKind::DirectoryAudits];
            let mut gaps: Vec<String> = TOLD_BY.iter().filter_map(|kind| basis.readings.weakness(*kind, now)).map(|gap| format!("{gap}.")).collect();
            gaps.extend(basis.not_watched().map(|gap| format!("{gap}.")));
            Ok(Some(ChangesFacts {
                customer: customer(conn, &row, &basis)?,
                made_at: now,
                made_by: made_by.to_owned(),
                period,
                changes: history::gather(conn, &row.id, period)?,
                alerts: alerts::gather(conn, &row.id, period)?.0,
                access: exceptions::accesses(conn, &row.id, &period)?,
                sources: sources.facts.into_iter().filter(|source| TOLD_BY.iter().any(|kind| kind.title() == source.title)).collect(),
                gaps,
            }))
        })?
        .ok_or_else(|| no_such_tenant(tenant))
}

/// The statements for a screen. Blocking.
///
/// # Errors
/// The tenant is not connected, the period is none, or the store refused.
pub fn statements(fleet: &Fleet, tenant: &str, period: &PeriodInput) -> Result<StatementsView, Problem> {
    let row = tenant_row(fleet, tenant)?;
    let period = super::period::of(period, &row.time_zone, fleet.now())?;
    let facts = insurer(fleet, &row.id, period, "")?;
    Ok(StatementsView {
        tenant: TenantRef { id: row.id, display_name: row.display_name },
        from: period.from,
        to: period.to,
        time_zone: facts.customer.time_zone,
        statements: facts.statements,
        gaps: facts.gaps,
    })
}

/// Whether a source is there, for the fleet's summary.
pub(super) fn unread(conn: &Connection, tenant: &str, kind: DataKind) -> store::Result<bool> {
    Ok(posture::why_unread(&store::data_state::get(conn, tenant, kind)?).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_policy_on_trial_leaves_out_is_no_exemption() {
        let found = |report_only| CarveOut { policy: "MFA".into(), subject: "Group VIP".into(), people: Some(3), words: String::new(), report_only };
        assert_eq!(counted(&[], Some(&[found(true), found(false), found(true)])).carve_outs, Some(1));
        assert_eq!(counted(&[], Some(&[found(true)])).carve_outs, Some(0));
        assert_eq!(counted(&[], None).carve_outs, None, "policies that were never read");
    }
}
