//! The change history of a period: every version of a policy, every change through Gatehouse, and what Microsoft's audit log tells of
//! more. A change that is told several times (twice by Microsoft, once more by Gatehouse) is counted once.

use chrono::{DateTime, Utc};
use serde_json::Value;
use store::{Connection, change_requests::ChangeRow, directory_audits::DirectoryAuditRow, policies::VersionRow};

use super::{
    basis,
    facts::{ChangeFact, Period},
};
use crate::policies::{StoreNames, changes as differences};

const MINUTE: i64 = 60_000;
/// An audit event, a policy's own time of change and a write of Gatehouse's differ by seconds, and clocks by minutes.
const NEAR: i64 = 15 * MINUTE;

/// Who tells of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The policy differed when it was read.
    Version,
    /// Gatehouse's own record.
    Request,
    /// Microsoft's audit log.
    Audit,
}

/// A change as one source tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub source: Source,
    pub at: i64,
    /// The policy, location or group.
    pub target: String,
    pub fact: ChangeFact,
}

/// # Errors
/// The store refused.
pub fn gather(conn: &Connection, tenant: &str, period: Period) -> store::Result<Vec<ChangeFact>> {
    let (from, to) = (period.from.timestamp_millis(), period.to.timestamp_millis());
    let requests = store::change_requests::all(conn, Some(tenant))?;
    let names = StoreNames::new(conn, tenant)?;
    let first_read = store::policies::versions_since(conn, tenant, i64::MIN)?.first().map(|version| version.seen_at);
    let mut told = Vec::new();
    // A version is seen after it was made: versions seen in the period's last days may be older than it.
    for version in store::policies::versions_since(conn, tenant, from.saturating_sub(1))? {
        let at = version.changed_at.unwrap_or(version.seen_at);
        if (from..to).contains(&at) && !was_there(&version, first_read) {
            let before = if version.version > 1 { store::policies::version(conn, tenant, &version.policy_id, version.version - 1)? } else { None };
            told.extend(of_version(&version, before.as_ref(), &requests, &names));
        }
    }
    for request in &requests {
        told.extend(of_request(request, from, to));
    }
    for audit in store::directory_audits::of_policies(conn, tenant, from, to)? {
        told.extend(of_audit(&audit));
    }
    Ok(once(told))
}

/// It was there when the policies were first read, which is no change.
fn was_there(version: &VersionRow, first_read: Option<i64>) -> bool {
    version.version == 1 && first_read.is_some_and(|first| version.seen_at <= first)
}

fn time(at: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(at)
}

fn of_version(version: &VersionRow, before: Option<&VersionRow>, requests: &[ChangeRow], names: &StoreNames<'_>) -> Option<Told> {
    let body = |row: Option<&VersionRow>| row.and_then(|row| serde_json::from_str::<Value>(row.body.as_deref()?).ok()).unwrap_or(Value::Null);
    let at = version.changed_at.unwrap_or(version.seen_at);
    let was = before.is_some_and(|before| before.body.is_some());
    let what = match (&version.body, was) {
        (None, _) => format!("Policy {} was deleted", version.display_name),
        (Some(_), false) => format!("Policy {} was created", version.display_name),
        (Some(_), true) => format!("Policy {} was changed", version.display_name),
    };
    let fields = if was && version.body.is_some() { differences(&body(before), &body(Some(version)), names) } else { Vec::new() };
    let request = requests.iter().find(|request| {
        version.by_gatehouse
            && request.target_id.as_deref() == Some(&version.policy_id)
            && [request.applied_at, request.rolled_back_at]
                .into_iter()
                .flatten()
                .any(|done| (done - at).abs() <= NEAR || (done - version.seen_at).abs() <= NEAR)
    });
    let by = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    Some(Told {
        source: Source::Version,
        at,
        target: version.policy_id.clone(),
        fact: ChangeFact {
            at: time(at)?,
            what,
            details: fields.into_iter().map(|change| format!("{}: from {} to {}", change.field, by(&change.before), by(&change.after))).collect(),
            who: version.changed_by.clone(),
            through_gatehouse: version.by_gatehouse,
            ticket: request.and_then(|request| request.ticket.clone()),
            approved_by: request.and_then(|request| request.approved_by.clone()),
        },
    })
}

/// What Gatehouse wrote, as its own change requests tell it.
fn of_request(request: &ChangeRow, from: i64, to: i64) -> Vec<Told> {
    let fact = |at: i64, what: String, who: Option<&String>| {
        Some(Told {
            source: Source::Request,
            at,
            target: request.target_id.clone().unwrap_or_default(),
            fact: ChangeFact {
                at: time(at)?,
                what,
                details: Some(request.reason.trim()).filter(|reason| !reason.is_empty()).map(|reason| format!("Reason: {reason}")).into_iter().collect(),
                who: who.cloned(),
                through_gatehouse: true,
                ticket: request.ticket.clone(),
                approved_by: request.approved_by.clone(),
            },
        })
    };
    let within = |at: &i64| (from..to).contains(at);
    let applied = request.applied_at.filter(within).and_then(|at| fact(at, request.title.clone(), request.applied_by.as_ref()));
    let back = request.rolled_back_at.filter(within).and_then(|at| fact(at, format!("Rolled back: {}", request.title), request.rolled_back_by.as_ref()));
    applied.into_iter().chain(back).collect()
}

fn of_audit(audit: &DirectoryAuditRow) -> Option<Told> {
    if audit.result.eq_ignore_ascii_case("failure") {
        return None;
    }
    let targets: Value = serde_json::from_str(&audit.targets).unwrap_or(Value::Null);
    let target = targets.as_array()?.iter().find(|target| target["id"].is_string())?;
    let name = target["displayName"].as_str().map(str::trim).filter(|name| !name.is_empty());
    Some(Told {
        source: Source::Audit,
        at: audit.activity_at,
        target: target["id"].as_str()?.to_lowercase(),
        fact: ChangeFact {
            at: time(audit.activity_at)?,
            what: name.map_or_else(|| audit.activity.clone(), |name| format!("{}: {name}", audit.activity)),
            details: Vec::new(),
            who: audit.initiated_by.clone(),
            through_gatehouse: false,
            ticket: None,
            approved_by: None,
        },
    })
}

/// A change, and what was taken for it so far.
struct Kept {
    told: Told,
    request: bool,
    /// When Microsoft's audit log has it.
    audited: Option<i64>,
}

/// Each change once, the newest first. `told` begins with what tells most: versions, then Gatehouse's own records, then the audit log.
pub fn once(told: Vec<Told>) -> Vec<ChangeFact> {
    let mut kept: Vec<Kept> = Vec::new();
    for one in told {
        let near = |known: &Kept| known.told.target == one.target && (known.told.at - one.at).abs() <= NEAR;
        let fits = |known: &Kept| match one.source {
            Source::Version => false,
            Source::Request => near(known) && known.told.source == Source::Version && known.told.fact.through_gatehouse && !known.request,
            // The twin that the directory writes follows within seconds; another one is another change.
            Source::Audit => known.audited.map_or_else(|| near(known), |at| known.told.target == one.target && (at - one.at).abs() <= MINUTE),
        };
        let found = kept.iter_mut().filter(|known| fits(known)).min_by_key(|known| (known.told.at - one.at).abs());
        let Some(known) = found else {
            kept.push(Kept { request: one.source == Source::Request, audited: (one.source == Source::Audit).then_some(one.at), told: one });
            continue;
        };
        match one.source {
            Source::Audit => known.audited = known.audited.or(Some(one.at)),
            _ => known.request = true,
        }
        // The other source may know what this one does not.
        let fact = &mut known.told.fact;
        fact.who = fact.who.take().or(one.fact.who);
        fact.ticket = fact.ticket.take().or(one.fact.ticket);
        fact.approved_by = fact.approved_by.take().or(one.fact.approved_by);
    }
    let mut facts: Vec<ChangeFact> = kept.into_iter().map(|one| one.told.fact).collect();
    facts.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.what.cmp(&b.what)));
    facts
}

pub fn counts(changes: &[ChangeFact]) -> basis::Changes {
    let mut counts = basis::Changes::default();
    for change in changes {
        *match (change.through_gatehouse, change.ticket.is_some() || change.approved_by.is_some()) {
            (true, true) => &mut counts.controlled,
            (true, false) => &mut counts.uncontrolled,
            (false, _) => &mut counts.elsewhere,
        } += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const AT: i64 = 1_790_000_000_000;

    fn told(source: Source, at: i64, through_gatehouse: bool) -> Told {
        let fact = ChangeFact {
            at: time(at).unwrap(),
            what: format!("{source:?} at {}", at - AT),
            details: Vec::new(),
            who: None,
            through_gatehouse,
            ticket: None,
            approved_by: None,
        };
        Told { source, at, target: "p".to_owned(), fact }
    }

    #[test]
    fn a_change_that_microsoft_audits_twice_and_a_sync_sees_is_one() {
        let mut audit = told(Source::Audit, AT + 2_000, false);
        audit.fact.who = Some("ada@contoso.example".to_owned());
        let facts = once(vec![told(Source::Version, AT, false), audit, told(Source::Audit, AT + 2_400, false)]);
        assert_eq!(facts.len(), 1, "{facts:?}");
        assert_eq!(facts[0].who.as_deref(), Some("ada@contoso.example"), "what the version does not know, the audit log tells");
    }

    #[test]
    fn two_changes_between_two_syncs_are_two() {
        let audits = || vec![told(Source::Audit, AT, false), told(Source::Audit, AT + 900, false), told(Source::Audit, AT + 5 * MINUTE, false)];
        assert_eq!(once(audits()).len(), 2);
        let mut with_version = vec![told(Source::Version, AT + 5 * MINUTE, false)];
        with_version.extend(audits());
        assert_eq!(once(with_version).len(), 2, "the version is the last of them, and the other one stays");
        let other = Told { target: "q".to_owned(), ..told(Source::Audit, AT, false) };
        assert_eq!(once(vec![told(Source::Audit, AT, false), other]).len(), 2, "of two policies at once");
        assert_eq!(once(vec![told(Source::Version, AT, false), told(Source::Audit, AT + NEAR + 1, false)]).len(), 2);
    }

    #[test]
    fn what_gatehouse_wrote_is_not_the_portals_although_the_audit_log_names_it_too() {
        let mut request = told(Source::Request, AT, true);
        request.fact.ticket = Some("INC-7".to_owned());
        let facts =
            once(vec![told(Source::Version, AT + 900, true), request.clone(), told(Source::Audit, AT + 1_100, false), told(Source::Audit, AT + 1_300, false)]);
        assert_eq!(facts.len(), 1, "{facts:?}");
        assert_eq!(counts(&facts), basis::Changes { controlled: 1, uncontrolled: 0, elsewhere: 0 });
        // A named location has no versions.
        assert_eq!(counts(&once(vec![request, told(Source::Audit, AT + 1_100, false)])).controlled, 1);
        let elsewhere = once(vec![told(Source::Version, AT, false), told(Source::Version, AT + 2 * MINUTE, true)]);
        assert_eq!(counts(&elsewhere), basis::Changes { controlled: 0, uncontrolled: 1, elsewhere: 1 });
    }
}
