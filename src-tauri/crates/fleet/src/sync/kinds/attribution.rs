//! Who made a policy's version: the directory audit tells, sooner or later. A change is audited twice, by the services
//! "Conditional Access" and "Core Directory": the first is preferred, the twin never counted beside it. Works on the store
//! alone, as often as one likes.

use store::{
    Connection,
    directory_audits::{self, DirectoryAuditRow},
    policies::{self, VersionRow},
};

const MINUTE: i64 = 60_000;
/// An audit event and the policy's own modifiedDateTime differ by seconds.
const NEAR: i64 = 15 * MINUTE;
/// Versions older than this stay without an author: the audit that knew is no longer kept by Entra.
const LOOK_BACK: i64 = 40 * 24 * 60 * MINUTE;

/// Gives an author to the versions that have none yet. Returns how many were found.
pub fn attribute(tx: &Connection, tenant: &str, now: i64) -> store::Result<usize> {
    let mut found = 0;
    for version in policies::versions_since(tx, tenant, now - LOOK_BACK)? {
        if version.audit_id.is_some() || version.by_gatehouse {
            continue;
        }
        let before = match version.version {
            1 => None,
            number => policies::version(tx, tenant, &version.policy_id, number - 1)?,
        };
        let earliest = before.as_ref().map_or(now - LOOK_BACK, |before| before.seen_at - NEAR);
        let events = events(tx, tenant, &version, before.as_ref(), earliest)?;
        if let Some(event) = author(&version, before.as_ref(), &events) {
            policies::set_author(tx, tenant, &version.policy_id, version.version, Some(event.activity_at), event.initiated_by.as_deref(), Some(&event.id))?;
            found += 1;
        }
    }
    Ok(found)
}

fn events(tx: &Connection, tenant: &str, version: &VersionRow, before: Option<&VersionRow>, earliest: i64) -> store::Result<Vec<DirectoryAuditRow>> {
    let activities: &[&str] = match (&version.body, before) {
        (None, _) => &["Delete conditional access policy", "Delete policy"],
        (Some(_), None) => &["Update conditional access policy", "Add conditional access policy", "Update policy", "Add policy"],
        (Some(_), Some(before)) if before.body.is_none() => &[
            "Restore conditional access policy",
            "Add conditional access policy",
            "Update conditional access policy",
            "Restore policy",
            "Add policy",
            "Update policy",
        ],
        (Some(_), Some(_)) => &["Update conditional access policy", "Update policy"],
    };
    let mut events = Vec::new();
    for activity in activities {
        events.extend(directory_audits::about(tx, tenant, activity, &version.policy_id, earliest)?);
    }
    Ok(events)
}

/// The event that made this version: near the policy's own time of change where that is known, else the last one before
/// the version was seen.
fn author<'a>(version: &VersionRow, before: Option<&VersionRow>, events: &'a [DirectoryAuditRow]) -> Option<&'a DirectoryAuditRow> {
    let possible = || events.iter().filter(|event| event.activity_at <= version.seen_at + NEAR && event.result != "failure");
    // A time that the version before had already says nothing of this change.
    let stamped = version.changed_at.filter(|at| before.is_none_or(|before| before.changed_at.is_none_or(|earlier| *at > earlier)));
    let service = |event: &DirectoryAuditRow| u8::from(event.service != "Conditional Access");
    match stamped {
        Some(stamp) => {
            possible().filter(|event| (event.activity_at - stamp).abs() <= NEAR).min_by_key(|event| (service(event), (event.activity_at - stamp).abs()))
        }
        None => {
            let latest = possible().map(|event| event.activity_at).max()?;
            possible().filter(|event| latest - event.activity_at <= MINUTE).min_by_key(|event| (service(event), -event.activity_at))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn version(number: i64, seen_at: i64, changed_at: Option<i64>) -> VersionRow {
        VersionRow {
            tenant: "t".into(),
            policy_id: "p".into(),
            version: number,
            display_name: "CA001".into(),
            body: Some("{}".into()),
            seen_at,
            changed_at,
            changed_by: None,
            audit_id: None,
            by_gatehouse: false,
        }
    }

    fn event(id: &str, service: &str, at: i64) -> DirectoryAuditRow {
        DirectoryAuditRow {
            tenant: "t".into(),
            activity_at: at,
            id: id.into(),
            activity: "Update policy".into(),
            service: service.into(),
            category: "Policy".into(),
            result: "success".into(),
            initiated_by: Some("anna@contoso.com".into()),
            initiator_id: None,
            correlation_id: String::new(),
            targets: "[]".into(),
            other: "{}".into(),
        }
    }

    #[test]
    fn the_core_directory_twin_does_not_win() {
        let events = [event("core", "Core Directory", 100_000), event("ca", "Conditional Access", 100_900)];
        let before = version(1, 50_000, Some(10_000));
        assert_eq!(author(&version(2, 200_000, Some(100_000)), Some(&before), &events).unwrap().id, "ca");
        assert_eq!(author(&version(2, 200_000, None), Some(&before), &events).unwrap().id, "ca");
    }

    #[test]
    fn an_audit_that_is_far_from_the_change_is_not_its_author() {
        let events = [event("old", "Conditional Access", 100_000)];
        let before = version(1, 50_000, Some(10_000));
        assert!(author(&version(2, 90_000_000, Some(80_000_000)), Some(&before), &events).is_none());
    }

    #[test]
    fn of_several_edits_the_last_before_the_read_is_named() {
        let events =
            [event("first", "Conditional Access", 100_000), event("second", "Conditional Access", 900_000), event("later", "Conditional Access", 9_000_000)];
        let before = version(1, 50_000, Some(10_000));
        assert_eq!(author(&version(2, 1_000_000, None), Some(&before), &events).unwrap().id, "second");
    }
}
