//! Policies changed in the portal.

use chrono::TimeDelta;
use serde_json::json;

use super::fixtures::*;
use crate::views::{
    Severity,
    alerts::{AlertState, PlaybookAction},
};

#[test]
fn a_policy_that_loses_protection_is_critical_and_told_field_by_field() {
    let mut practice = Practice::quiet();
    let mut weaker = policy("MFA for all");
    weaker["conditions"]["users"]["excludeUsers"] = json!([JONAS]);
    practice.policies(&[(MFA_FOR_ALL, weaker)]);
    practice.author(2, "amira@woodgrove.example");
    practice.synced();
    let alert = practice.only();
    assert_eq!(alert.row.severity, Severity::Critical);
    assert_eq!(alert.row.title, "Policy MFA for all was changed by amira@woodgrove.example, which weakens protection");
    assert_eq!(alert.changes.len(), 1);
    assert_eq!(alert.changes[0].path, "conditions.users.excludeUsers");
    assert_eq!(alert.changes[0].effect, "weakens");
    assert!(alert.changes[0].after.contains("Jonas Weber"), "{:?}", alert.changes[0]);
    let route = format!("/tenants/{WOODGROVE}/policies/{MFA_FOR_ALL}");
    assert_eq!(alert.handled_at, Some(PlaybookAction::Open { label: "Show the policy".into(), route }));
}

#[test]
fn a_change_that_strengthens_or_only_renames_is_medium() {
    let mut practice = Practice::quiet();
    practice.policies(&[(MFA_FOR_ALL, policy("CA001 MFA for all"))]);
    practice.synced();
    let alert = practice.only();
    assert_eq!(alert.row.severity, Severity::Medium);
    assert_eq!(alert.row.title, "Policy CA001 MFA for all was changed");
}

#[test]
fn switching_an_enforced_policy_off_or_to_report_only_weakens() {
    for state in ["disabled", "enabledForReportingButNotEnforced"] {
        let mut practice = Practice::quiet();
        let mut off = policy("MFA for all");
        off["state"] = json!(state);
        practice.policies(&[(MFA_FOR_ALL, off)]);
        practice.synced();
        assert_eq!(practice.only().row.severity, Severity::Critical, "{state}");
    }
}

#[test]
fn deleting_an_enforced_policy_is_critical_and_a_report_only_one_medium() {
    for (state, severity) in [("enabled", Severity::Critical), ("enabledForReportingButNotEnforced", Severity::Medium)] {
        let mut practice = Practice::connected();
        practice.first_read();
        let mut body = policy("MFA for all");
        body["state"] = json!(state);
        practice.policies(&[(MFA_FOR_ALL, body)]);
        practice.later(TimeDelta::minutes(1)).synced();
        practice.policies(&[]);
        practice.synced();
        let alert = practice.only();
        assert_eq!(alert.row.severity, severity);
        assert!(alert.row.title.starts_with("Policy MFA for all was deleted"), "{}", alert.row.title);
    }
}

#[test]
fn a_policy_that_somebody_created_is_medium() {
    let mut practice = Practice::quiet();
    let mut new = policy("Test, ignore");
    new["createdDateTime"] = json!(practice.now.to_rfc3339());
    practice.policies(&[(MFA_FOR_ALL, policy("MFA for all")), ("40000000-0000-4000-8000-000000000002", new)]);
    practice.synced();
    let alert = practice.only();
    assert_eq!((alert.row.severity, alert.row.title.as_str()), (Severity::Medium, "Policy Test, ignore was created"));
}

#[test]
fn policies_that_become_readable_after_the_baseline_were_not_created() {
    let mut practice = Practice::connected();
    practice.synced();
    practice.later(TimeDelta::hours(2)).first_read();
    assert!(practice.synced().raised.is_empty());
}

#[test]
fn what_gatehouse_changed_raises_nothing() {
    let mut practice = Practice::quiet();
    let mut off = policy("MFA for all");
    off["state"] = json!("disabled");
    practice.policies(&[(MFA_FOR_ALL, off)]);
    practice
        .store
        .write(|tx| {
            let mut version = store::policies::version(tx, WOODGROVE, MFA_FOR_ALL, 2)?.unwrap();
            version.by_gatehouse = true;
            version.put(tx)
        })
        .unwrap();
    assert!(practice.synced().is_empty());
}

#[test]
fn a_change_that_was_taken_back_says_so_and_is_no_longer_critical() {
    let mut practice = Practice::quiet();
    let mut off = policy("MFA for all");
    off["state"] = json!("disabled");
    practice.policies(&[(MFA_FOR_ALL, off)]);
    practice.synced();
    practice.later(TimeDelta::hours(1)).policies(&[(MFA_FOR_ALL, policy("MFA for all"))]);
    practice.synced();
    let alert = practice.only();
    assert_eq!(alert.row.title, "Policy MFA for all was changed and changed back");
    assert_eq!((alert.row.severity, alert.row.count), (Severity::Medium, 2));
}

#[test]
fn an_open_alert_that_becomes_critical_notifies_again() {
    let mut practice = Practice::quiet();
    practice.policies(&[(MFA_FOR_ALL, policy("Renamed"))]);
    practice.synced();
    let mut off = policy("Renamed");
    off["state"] = json!("disabled");
    practice.later(TimeDelta::hours(1)).policies(&[(MFA_FOR_ALL, off)]);
    let looked = practice.synced();
    assert_eq!(looked.raised.len(), 1);
    assert_eq!(looked.raised[0].severity, Severity::Critical);
}

#[test]
fn the_author_is_added_when_the_audit_arrives_without_making_noise() {
    let mut practice = Practice::quiet();
    practice.policies(&[(MFA_FOR_ALL, policy("Renamed"))]);
    practice.synced();
    assert!(practice.only().evidence.iter().any(|fact| fact.label == "By" && fact.value.starts_with("Not known")));
    practice.acknowledge(practice.only().row.id);
    practice.author(2, "amira@woodgrove.example");
    let looked = practice.synced();
    assert!(looked.raised.is_empty());
    let alert = practice.only();
    assert_eq!(alert.row.state, AlertState::Acknowledged);
    assert!(alert.evidence.iter().any(|fact| fact.label == "By" && fact.value == "amira@woodgrove.example"));
    assert_eq!(history(&alert), ["raised", "acknowledged"]);
}

#[test]
fn a_policy_that_several_people_changed_names_them_all() {
    let mut practice = Practice::quiet();
    for (version, name, by) in [(2, "Renamed", Some("amira@woodgrove.example")), (3, "Again", Some("jonas@woodgrove.example")), (4, "Once more", None)] {
        practice.later(TimeDelta::hours(1)).policies(&[(MFA_FOR_ALL, policy(name))]);
        if let Some(by) = by {
            practice.author(version, by);
        }
        practice.synced();
        let everybody = match version {
            2 => "amira@woodgrove.example",
            3 => "amira@woodgrove.example and jonas@woodgrove.example",
            _ => "amira@woodgrove.example, jonas@woodgrove.example and somebody else",
        };
        assert!(practice.only().evidence.iter().any(|fact| fact.label == "By" && fact.value == everybody), "{:?}", practice.only().evidence);
    }
}

#[test]
fn an_effect_that_cannot_be_told_is_medium_and_admits_it() {
    let mut practice = Practice::quiet();
    let mut odd = policy("MFA for all");
    odd["conditions"]["futureCondition"] = json!({ "mode": "quantum" });
    practice.policies(&[(MFA_FOR_ALL, odd)]);
    practice.synced();
    let alert = practice.only();
    assert_eq!(alert.row.severity, Severity::Medium);
    assert_eq!(alert.row.title, "Policy MFA for all was changed; Gatehouse cannot say whether this weakens protection");
}

#[test]
fn a_change_after_an_earlier_one_was_resolved_tells_only_the_new_one() {
    let mut practice = Practice::quiet();
    practice.policies(&[(MFA_FOR_ALL, policy("Renamed"))]);
    practice.synced();
    practice.resolve(practice.only().row.id);
    let mut weaker = policy("Renamed");
    weaker["conditions"]["users"]["excludeUsers"] = json!([JONAS]);
    practice.later(TimeDelta::hours(1)).policies(&[(MFA_FOR_ALL, weaker)]);
    practice.synced();
    let open = practice.inbox(Some(AlertState::Open));
    let alert = practice.alert(open[0].id);
    assert_eq!((open.len(), alert.row.count), (1, 1));
    assert_eq!(alert.changes.iter().map(|change| change.path.as_str()).collect::<Vec<_>>(), ["conditions.users.excludeUsers"]);
}
