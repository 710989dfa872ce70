//! Consent, staleness and mutes: what time and the tenant's state do.

use chrono::TimeDelta;

use super::fixtures::*;
use crate::{
    views::{Severity, alerts::AlertState},
    watch,
};

#[test]
fn a_withdrawn_consent_is_told_also_by_the_first_look_and_resolves_itself() {
    let mut practice = Practice::connected();
    practice.consent("revoked", Some(("AADSTS65001", "The customer has not consented")));
    let looked = practice.look();
    assert_eq!(looked.raised.len(), 1);
    let alert = practice.only();
    assert_eq!((alert.row.kind.as_str(), alert.row.severity), ("tenant.consent_lost", Severity::High));
    assert!(alert.evidence.iter().any(|fact| fact.value == "AADSTS65001"));
    practice.consent("granted", None);
    practice.synced();
    assert_eq!(practice.only().row.state, AlertState::Resolved);
}

#[test]
fn an_expired_secret_counts_as_lost_though_consent_stands() {
    let practice = Practice::quiet();
    practice.consent("granted", Some(("AADSTS7000222", "The client secret has expired")));
    practice.look();
    assert_eq!(practice.only().row.title, "Gatehouse can no longer sign in to the tenant");
}

#[test]
fn a_tenant_that_is_not_synced_for_a_day_is_noticed_without_a_sync() {
    let mut practice = Practice::quiet();
    assert!(watch::look_all(&practice.store, practice.now + TimeDelta::hours(23)).unwrap().is_empty());
    practice.later(TimeDelta::hours(25));
    let looked = watch::look_all(&practice.store, practice.now).unwrap();
    assert_eq!(looked[0].1.raised[0].kind, "tenant.sync_stale");
    practice.later(TimeDelta::hours(2));
    assert!(watch::look_all(&practice.store, practice.now).unwrap().is_empty(), "an hour more is not news");
    assert_eq!(practice.synced().resolved.len(), 1);
}

#[test]
fn a_muted_alert_is_updated_in_silence_and_wakes_on_its_date_with_what_happened() {
    let mut practice = Practice::quiet();
    practice.sign_in(SAFE, SignIn::Success);
    practice.synced();
    let id = practice.only().row.id;
    practice.mute(id, 3);
    practice.later(TimeDelta::days(1)).sign_in(SAFE, SignIn::Success);
    let looked = practice.synced();
    assert!(looked.raised.is_empty());
    assert_eq!((practice.only().row.state, practice.only().row.count), (AlertState::Muted, 2));
    practice.later(TimeDelta::days(3));
    let looked = practice.synced();
    assert_eq!(looked.raised.len(), 1, "something happened while it was muted");
    let alert = practice.only();
    assert_eq!(alert.row.state, AlertState::Open);
    assert_eq!(history(&alert), ["raised", "muted", "unmuted"]);
}

#[test]
fn a_mute_that_ends_without_news_comes_back_to_the_inbox_without_a_notification() {
    let mut practice = Practice::quiet();
    practice.sign_in(SAFE, SignIn::Success);
    practice.synced();
    practice.mute(practice.only().row.id, 1);
    practice.later(TimeDelta::days(2));
    let looked = practice.synced();
    assert!(looked.raised.is_empty());
    assert_eq!(practice.only().row.state, AlertState::Open);
}

#[test]
fn what_happened_under_a_mute_that_a_person_ended_is_not_news_after_the_next_mute() {
    let mut practice = Practice::quiet();
    practice.sign_in(SAFE, SignIn::Success);
    practice.synced();
    let id = practice.only().row.id;
    practice.mute(id, 3);
    practice.sign_in(SAFE, SignIn::Success);
    practice.synced();
    watch::reopen(&practice.store, &[id], TECHNICIAN, practice.now).unwrap();
    assert_eq!(practice.only().history.last().unwrap().what, "unmuted");
    practice.mute(id, 1);
    practice.later(TimeDelta::days(2));
    assert!(practice.synced().raised.is_empty());
}

#[test]
fn a_muted_state_that_ends_resolves_and_one_that_holds_wakes_and_notifies() {
    let mut practice = Practice::quiet();
    practice.registered(AMIRA, Some(false));
    practice.synced();
    practice.mute(practice.only().row.id, 1);
    practice.later(TimeDelta::days(2));
    assert_eq!(practice.synced().raised.len(), 1, "still no MFA");
    practice.mute(practice.only().row.id, 5);
    practice.registered(AMIRA, Some(true));
    practice.synced();
    assert_eq!(practice.only().row.state, AlertState::Resolved);
}

#[test]
fn a_tenant_that_was_removed_meanwhile_is_no_error() {
    let practice = Practice::quiet();
    practice.store.write(|tx| Ok(tx.execute("DELETE FROM tenant", [])?)).unwrap();
    assert!(practice.look().is_empty());
}

#[test]
fn an_alert_that_a_newer_version_wrote_is_left_alone() {
    let mut practice = Practice::quiet();
    practice.registered(AMIRA, Some(false));
    practice.synced();
    practice.store.write(|tx| Ok(tx.execute("UPDATE alert SET evidence = '{\"evidence\":{\"type\":\"fromTheFuture\"}}'", [])?)).unwrap();
    practice.registered(AMIRA, Some(true));
    assert!(practice.synced().is_empty());
    assert_eq!(practice.only().row.state, AlertState::Open);
    assert!(practice.only().evidence.is_empty());
}
