//! What the engine finds becomes alerts: exclusions that are missing, people whom nobody asks, controls that are gone, and for whom a
//! change weakened protection.

use serde_json::{Value, json};
use store::{organization::LicenceRow, per_user_mfa::PerUserMfaRow, security_defaults::SecurityDefaultsRow};

use super::fixtures::*;
use crate::{
    engine::{Engines, judgement},
    posture,
    views::{
        Severity,
        alerts::{AlertDetail, AlertState},
        mfa::Enforcement,
    },
};

const P2: &str = r#"{"capabilityStatus": "Enabled", "servicePlans": [{"servicePlanName": "AAD_PREMIUM_P2", "provisioningStatus": "Success"}]}"#;

/// Policies alone decide here: security defaults and per-user MFA are off, and there is a licence.
fn practice() -> Practice {
    let mut practice = Practice::connected();
    practice.first_read();
    practice
        .store
        .write(|tx| {
            SecurityDefaultsRow { tenant: WOODGROVE.into(), enabled: false, body: "{}".into() }.put(tx)?;
            for user in [AMIRA, JONAS, SAFE] {
                PerUserMfaRow { tenant: WOODGROVE.into(), user_id: user.into(), state: "disabled".into(), read_at: 1 }.put(tx)?;
            }
            let licence =
                LicenceRow { tenant: WOODGROVE.into(), id: "sku".into(), sku_part_number: "AAD_PREMIUM_P2".into(), consumed: 3, enabled: 5, body: P2.into() };
            store::organization::replace_licences(tx, WOODGROVE, &[licence])
        })
        .unwrap();
    practice.registered(JONAS, Some(true));
    synced(&mut practice);
    practice
}

/// As after a sync: posture, what the policies do together, posture with it, then the watch.
fn synced(practice: &mut Practice) {
    judge(practice);
    practice.synced();
}

/// Whether something was judged anew.
fn judge(practice: &Practice) -> bool {
    posture::refresh(&practice.store, WOODGROVE, practice.now).unwrap();
    let judged = judgement::refresh(&practice.store, &Engines::default(), WOODGROVE, practice.now).unwrap();
    posture::refresh(&practice.store, WOODGROVE, practice.now).unwrap();
    judged
}

fn open(practice: &Practice, kind: &str) -> Option<AlertDetail> {
    let row = practice.inbox(Some(AlertState::Open)).into_iter().find(|alert| alert.kind == kind)?;
    Some(practice.alert(row.id))
}

fn legacy_block() -> Value {
    let mut block = policy("Block legacy authentication");
    block["id"] = json!("40000000-0000-4000-8000-000000000002");
    block["conditions"]["clientAppTypes"] = json!(["exchangeActiveSync", "other"]);
    block["grantControls"]["builtInControls"] = json!(["block"]);
    block
}

const LEGACY: &str = "40000000-0000-4000-8000-000000000002";

#[test]
fn a_policy_that_reaches_the_break_glass_account_is_told_until_the_account_is_excluded() {
    let mut practice = practice();
    assert!(open(&practice, "breakglass.exclusion_missing").is_none());
    let mut everybody = policy("MFA for all");
    everybody["conditions"]["users"]["excludeGroups"] = json!([]);
    practice.policies(&[(MFA_FOR_ALL, everybody)]);
    synced(&mut practice);
    let alert = open(&practice, "breakglass.exclusion_missing").unwrap();
    assert_eq!(alert.row.severity, Severity::Critical);
    assert_eq!(alert.row.title, "Emergency 1 is not excluded from policy MFA for all");
    assert!(alert.evidence.iter().any(|fact| fact.value == "MFA for all: it demands MFA"), "{:?}", alert.evidence);
    assert!(alert.playbook.len() >= 4);
    practice.policies(&[(MFA_FOR_ALL, policy("MFA for all"))]);
    synced(&mut practice);
    assert!(open(&practice, "breakglass.exclusion_missing").is_none(), "it resolves by itself");
}

#[test]
fn a_demand_for_mfa_does_not_lock_out_a_break_glass_account_with_a_key_but_a_block_does() {
    let mut practice = practice();
    practice.registered(SAFE, Some(true));
    let key = store::methods::MethodRow {
        tenant: WOODGROVE.into(),
        user_id: SAFE.into(),
        id: "key".into(),
        kind: "fido2AuthenticationMethod".into(),
        label: None,
        created_at: Some(1),
    };
    practice
        .store
        .write(|tx| {
            key.put(tx)?;
            store::methods::MethodsReadRow { tenant: WOODGROVE.into(), user_id: SAFE.into(), read_at: 1, error: None }.put(tx)
        })
        .unwrap();
    let mut everybody = policy("MFA for all");
    everybody["conditions"]["users"]["excludeGroups"] = json!([]);
    practice.policies(&[(MFA_FOR_ALL, everybody.clone())]);
    synced(&mut practice);
    assert!(open(&practice, "breakglass.exclusion_missing").is_none());
    let mut block = legacy_block();
    block["conditions"]["users"]["excludeGroups"] = json!([]);
    practice.policies(&[(MFA_FOR_ALL, everybody), (LEGACY, block)]);
    synced(&mut practice);
    let alert = open(&practice, "breakglass.exclusion_missing").unwrap();
    assert_eq!(alert.row.title, "Emergency 1 is not excluded from policy Block legacy authentication");
}

#[test]
fn somebody_whom_no_policy_asks_is_a_gap_with_the_reason_until_somebody_asks_them() {
    let mut practice = practice();
    assert!(open(&practice, "coverage.gap").is_none());
    practice.group(HELPDESK_GROUP, "VIP", &[JONAS]);
    let mut vip = policy("MFA for all");
    vip["conditions"]["users"]["excludeGroups"] = json!([SAFE_GROUP, HELPDESK_GROUP]);
    practice.policies(&[(MFA_FOR_ALL, vip)]);
    synced(&mut practice);
    let gap = open(&practice, "coverage.gap").unwrap();
    assert_eq!((gap.row.title.as_str(), gap.row.severity), ("1 person is not asked for MFA", Severity::High));
    assert!(gap.evidence.iter().any(|fact| fact.label == "Why" && fact.value.contains("VIP")), "{:?}", gap.evidence);
    assert!(gap.evidence.iter().any(|fact| fact.value.contains("Jonas Weber")), "{:?}", gap.evidence);
    let posture = crate::views::mfa::posture(&practice.store, WOODGROVE).unwrap();
    assert_eq!((posture.registered_not_enforced, posture.enforcement_unknown), (0, 0), "Jonas' method is not known, so he is no mismatch");
    practice.group(HELPDESK_GROUP, "VIP", &[]);
    synced(&mut practice);
    assert!(open(&practice, "coverage.gap").is_none());
    let everybody = crate::views::mfa::list(&practice.store, &crate::views::mfa::MfaFilter { tenant: WOODGROVE.into(), ..Default::default() }).unwrap();
    let jonas = everybody.rows.iter().find(|row| row.id == JONAS).unwrap();
    assert_eq!(jonas.enforced, Enforcement::ConditionalAccess);
}

#[test]
fn an_admin_with_a_method_whom_nothing_asks_for_it_is_unprotected() {
    let mut practice = practice();
    assert!(open(&practice, "mfa.admin_unprotected").is_none());
    let mut without = policy("MFA for all");
    without["conditions"]["users"]["excludeUsers"] = json!([AMIRA]);
    practice.policies(&[(MFA_FOR_ALL, without)]);
    synced(&mut practice);
    let alert = open(&practice, "mfa.admin_unprotected").unwrap();
    assert_eq!(alert.row.title, "Amira Haddad holds Global Administrator and nothing demands MFA");
    assert!(alert.evidence.iter().any(|fact| fact.label == "Demanded by"), "{:?}", alert.evidence);
    practice.policies(&[(MFA_FOR_ALL, policy("MFA for all"))]);
    synced(&mut practice);
    assert!(open(&practice, "mfa.admin_unprotected").is_none());
}

#[test]
fn of_each_administrator_whom_nothing_asks_the_alert_tells_their_own_reason() {
    let mut practice = practice();
    practice.roles(&[("assigned", GLOBAL_ADMIN, AMIRA, None), ("assigned", GLOBAL_ADMIN, JONAS, None)], true);
    practice.group(HELPDESK_GROUP, "VIP", &[JONAS]);
    let mut without = policy("MFA for all");
    without["conditions"]["users"]["excludeUsers"] = json!([AMIRA]);
    without["conditions"]["users"]["excludeGroups"] = json!([SAFE_GROUP, HELPDESK_GROUP]);
    practice.policies(&[(MFA_FOR_ALL, without)]);
    synced(&mut practice);
    let why = |who: &str| {
        let alerts = practice.inbox(Some(AlertState::Open));
        let alert = alerts.iter().find(|alert| alert.kind == "mfa.admin_unprotected" && alert.title.starts_with(who)).unwrap();
        let told = practice.alert(alert.id).evidence.into_iter().filter(|fact| fact.label == "Why").map(|fact| fact.value);
        told.collect::<Vec<_>>().join(" ")
    };
    let (amira, jonas) = (why("Amira"), why("Jonas"));
    assert!(jonas.contains("VIP") && !amira.contains("VIP"), "{amira} / {jonas}");
    assert!(amira.contains("MFA for all"), "{amira}");
}

#[test]
fn a_change_says_for_whom_it_weakened_protection_and_one_that_others_make_up_for_is_medium() {
    let mut practice = practice();
    let mut weaker = policy("MFA for all");
    weaker["conditions"]["users"]["excludeUsers"] = json!([JONAS]);
    practice.policies(&[(MFA_FOR_ALL, weaker.clone())]);
    synced(&mut practice);
    let alert = open(&practice, "policy.changed_in_portal").unwrap();
    assert_eq!(alert.row.severity, Severity::Critical);
    assert_eq!(alert.row.title, "Policy MFA for all was changed, which weakens protection for 1 person");
    assert!(alert.evidence.iter().any(|fact| fact.value.contains("Jonas Weber")), "{:?}", alert.evidence);

    let mut practice = self::practice();
    let second = "40000000-0000-4000-8000-000000000003";
    let mut same = policy("MFA again");
    same["id"] = json!(second);
    practice.policies(&[(MFA_FOR_ALL, policy("MFA for all")), (second, same.clone())]);
    synced(&mut practice);
    for alert in practice.inbox(Some(AlertState::Open)) {
        practice.resolve(alert.id);
    }
    practice.policies(&[(MFA_FOR_ALL, weaker), (second, same)]);
    synced(&mut practice);
    let alert = open(&practice, "policy.changed_in_portal").unwrap();
    assert_eq!((alert.row.title.as_str(), alert.row.severity), ("Policy MFA for all was changed", Severity::Medium));
    assert!(alert.evidence.iter().any(|fact| fact.value.contains("as before")), "{:?}", alert.evidence);
}

#[test]
fn a_critical_control_that_goes_missing_is_told_and_resolves_when_it_is_there_again() {
    let mut practice = practice();
    let mut off = policy("MFA for all");
    off["state"] = json!("disabled");
    practice.policies(&[(MFA_FOR_ALL, off)]);
    synced(&mut practice);
    let titles = practice.titles();
    assert!(titles.iter().any(|title| title == "Missing: Every user needs MFA for every application"), "{titles:#?}");
    let missing = open(&practice, "drift.critical_missing").unwrap();
    assert_eq!(missing.row.severity, Severity::Critical);
    practice.policies(&[(MFA_FOR_ALL, policy("MFA for all")), (LEGACY, legacy_block())]);
    synced(&mut practice);
    let still: Vec<String> =
        practice.inbox(Some(AlertState::Open)).into_iter().filter(|alert| alert.kind == "drift.critical_missing").map(|alert| alert.title).collect();
    assert!(still.is_empty(), "{still:?}");
}

#[test]
fn what_was_never_judged_or_cannot_be_raises_nothing_and_resolves_nothing() {
    let mut practice = Practice::connected();
    practice.first_read();
    practice.unread(store::DataKind::Policies);
    synced(&mut practice);
    let kinds: Vec<String> = practice.inbox(None).into_iter().map(|alert| alert.kind).collect();
    assert!(!kinds.iter().any(|kind| kind.starts_with("coverage") || kind.starts_with("drift") || kind == "breakglass.exclusion_missing"), "{kinds:?}");
}

#[test]
fn only_what_decides_is_judged_anew() {
    let mut practice = practice();
    assert!(!judge(&practice), "nothing changed");
    practice.user(JONAS, "Jonas Weber-Klein", "jonas@woodgrove.example", Some(true));
    practice.registered(JONAS, Some(false));
    practice.later(chrono::TimeDelta::hours(5));
    assert!(!judge(&practice), "names and registrations decide nothing");
    practice.group(HELPDESK_GROUP, "Helpdesk admins", &[JONAS]);
    assert!(judge(&practice), "a member does");
    assert!(!judge(&practice));
    practice.user(JONAS, "Jonas Weber-Klein", "jonas@woodgrove.example", Some(false));
    assert!(judge(&practice), "a blocked account does");
    practice.policies(&[(MFA_FOR_ALL, policy("MFA for all, renamed"))]);
    assert!(judge(&practice), "a policy does");
}
