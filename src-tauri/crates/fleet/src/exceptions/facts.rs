//! The register and the carve-outs as the store and the engine have them, and as reports print them. Reads only.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use conditional_access::Engine;
use store::{Connection, access_grants::GrantRow, mfa_exceptions, mfa_exceptions::ExceptionRow};

use super::{
    Found, Glass, Judged, Standing, SubjectKind, carve_outs, decide,
    standing::{self, is_for},
};
use crate::{
    access,
    engine::{Knowledge, TenantEngine},
    evidence::facts::{AccessFact, AttachmentFact, CarveOut, ExceptionFact, Period},
    views::moment,
};

/// A tenant's register beside what its policies leave out.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// By number, ended ones too.
    pub register: Vec<ExceptionRow>,
    /// None: policies were never read.
    pub carve_outs: Option<Vec<Judged>>,
}

/// # Errors
/// The store refused.
pub fn survey(conn: &Connection, tenant: &str, engine: &Engine) -> store::Result<Survey> {
    let register = mfa_exceptions::all(conn, Some(tenant))?;
    let Some(found) = carve_outs::found(engine) else { return Ok(Survey { register, carve_outs: None }) };
    let glass = Glass {
        group: store::tenants::get(conn, tenant)?.and_then(|row| row.break_glass_group).map(|id| id.to_lowercase()),
        accounts: Knowledge::of_store(conn, tenant)?.marks.break_glass.into_iter().collect(),
    };
    let grants = store::access_grants::all(conn, Some(tenant))?;
    let carve_outs = found.into_iter().map(|found| standing::judged(found, &register, &glass, &grants)).collect();
    Ok(Survey { register, carve_outs: Some(carve_outs) })
}

/// What an exception lets out, each person once; the outer None: no policy leaves it out (any more), the inner: not known.
#[must_use]
pub fn let_out(row: &ExceptionRow, carve_outs: &[Judged]) -> Option<Option<BTreeSet<String>>> {
    let of: Vec<&Found> = carve_outs.iter().map(|judged| &judged.found).filter(|found| is_for(row, found)).collect();
    if of.is_empty() {
        return None;
    }
    Some(of.into_iter().map(|found| found.who.as_ref()).try_fold(BTreeSet::new(), |mut all, who| {
        all.extend(who?.iter().cloned());
        Some(all)
    }))
}

/// How many people an exception is for; None: not known.
#[must_use]
pub fn people(row: &ExceptionRow, engine: &Engine, carve_outs: Option<&[Judged]>) -> Option<u32> {
    if let Some(found) = carve_outs.and_then(|all| let_out(row, all)) {
        return found.map(|who| u32::try_from(who.len()).unwrap_or(u32::MAX));
    }
    match SubjectKind::of(&row.subject_kind) {
        SubjectKind::User => Some(1),
        SubjectKind::Group => {
            let members = engine.group(row.subject_id.as_deref()?)?.members.as_ref()?;
            let users = members.iter().filter(|member| engine.user(&member.id).is_some_and(|user| user.account_enabled != Some(false)));
            Some(u32::try_from(users.count()).unwrap_or(u32::MAX))
        }
        _ => None,
    }
}

/// "Excluded from CA003 by group VIP", with what has to be known besides.
#[must_use]
pub fn words(judged: &Judged) -> String {
    let mut words = judged.found.words.clone();
    if judged.found.report_only {
        words += "; the policy is report-only and asks nobody yet";
    }
    if let Standing::Declined { number } = judged.standing {
        words += &format!("; the customer declined it (exception {number})");
    }
    words
}

/// For reports: the register without what has ended, and what nobody signed off. The second is None where policies were never read.
///
/// # Errors
/// The store refused.
pub fn facts(conn: &Connection, tenant: &str, now: DateTime<Utc>) -> store::Result<(Vec<ExceptionFact>, Option<Vec<CarveOut>>)> {
    let compiled = TenantEngine::of_store(conn, tenant, now.timestamp_millis())?;
    facts_by(conn, tenant, &compiled.engine, now)
}

/// The same for who has the engine at hand.
///
/// # Errors
/// The store refused.
pub fn facts_by(conn: &Connection, tenant: &str, engine: &Engine, now: DateTime<Utc>) -> store::Result<(Vec<ExceptionFact>, Option<Vec<CarveOut>>)> {
    let survey = survey(conn, tenant, engine)?;
    let mut papers: BTreeMap<i64, Vec<AttachmentFact>> = BTreeMap::new();
    for paper in mfa_exceptions::attachments(conn, tenant)? {
        papers.entry(paper.exception_id).or_default().push(AttachmentFact { name: paper.name, sha256: paper.sha256 });
    }
    let exceptions = survey
        .register
        .iter()
        .filter(|row| row.state != "ended")
        .map(|row| ExceptionFact {
            number: row.id,
            subject: SubjectKind::of(&row.subject_kind).said(&row.subject_name),
            policy: row.policy_name.clone().or_else(|| row.policy_id.clone()),
            people: people(row, engine, survey.carve_outs.as_deref()),
            reason: row.reason.clone(),
            compensating: row.compensating.clone(),
            ticket: row.ticket.clone(),
            sign_off: decide::sign_off(row, now),
            signed_by: row.signed_by.clone(),
            signed_role: row.signed_role.clone(),
            signed_at: row.signed_at.and_then(moment),
            note: row.sign_note.clone(),
            attachments: papers.remove(&row.id).unwrap_or_default(),
            until: row.until.and_then(moment),
            review_due: row.review_due.and_then(moment),
        })
        .collect();
    let unsigned = survey.carve_outs.map(|all| {
        let open = all.into_iter().filter(|judged| matches!(judged.standing, Standing::NotSignedOff | Standing::Declined { .. }));
        open.map(|judged| CarveOut {
            policy: judged.found.policy.clone(),
            subject: judged.found.kind.said(&judged.found.name),
            people: judged.people.as_ref().map(|who| u32::try_from(who.len()).unwrap_or(u32::MAX)),
            words: words(&judged),
            report_only: judged.found.report_only,
        })
        .collect()
    });
    Ok((exceptions, unsigned))
}

/// Time-bound access that let somebody out in the period, what began first comes first.
///
/// # Errors
/// The store refused.
pub fn accesses(conn: &Connection, tenant: &str, period: &Period) -> store::Result<Vec<AccessFact>> {
    let (from, to) = (period.from.timestamp_millis(), period.to.timestamp_millis());
    let mut grants = store::access_grants::all(conn, Some(tenant))?;
    // Out of the group is over; past its end and still inside is not.
    grants.retain(|grant| {
        let over = grant.removed_at.or_else(|| (!access::decide::overdue(grant)).then_some(grant.expired_at).flatten());
        grant.active_at.is_some_and(|began| began < to) && over.is_none_or(|over| over >= from)
    });
    grants.sort_by_key(|grant| (grant.active_at, grant.id));
    Ok(grants
        .into_iter()
        .map(|grant| AccessFact {
            state: access_state(&grant, to).to_owned(),
            from: grant.active_at.and_then(moment),
            until: moment(grant.ends_at).unwrap_or_default(),
            person: grant.user_name,
            upn: grant.upn,
            group: grant.group_name,
            reason: grant.reason,
            ticket: grant.ticket,
            approved_by: grant.approved_by,
        })
        .collect())
}

fn access_state(grant: &GrantRow, at: i64) -> &'static str {
    let past = access::decide::overdue(grant) || (grant.state == "active" && access::decide::owned(grant) && grant.ends_at <= at);
    match grant.state.as_str() {
        _ if past => "past its end and still in the group",
        "active" => "active",
        "expired" => "ended; in the group by other means",
        "removed" => "ended",
        "removing" => "being taken out of the group",
        "adding" | "requested" => "waits",
        "cancelled" => "cancelled",
        _ => "failed",
    }
}
