//! What a technician does with alerts.

use chrono::TimeDelta;

use super::fixtures::*;
use crate::{
    views::{self, alerts::AlertState, audit::AuditFilter},
    watch,
};

fn with_an_alert() -> (Practice, u32) {
    let mut practice = Practice::quiet();
    practice.sign_in(SAFE, SignIn::Success);
    practice.synced();
    let id = practice.only().row.id;
    (practice, id)
}

#[test]
fn acknowledging_records_who_and_when_in_the_history_and_in_the_audit_log() {
    let (practice, id) = with_an_alert();
    watch::acknowledge(&practice.store, &[id], Some("calling the customer"), TECHNICIAN, practice.now).unwrap();
    let alert = practice.only();
    assert_eq!(alert.row.state, AlertState::Acknowledged);
    let event = alert.history.last().unwrap();
    assert_eq!((event.who.as_str(), event.at, event.note.as_deref()), (TECHNICIAN, practice.now, Some("calling the customer")));
    let log = views::audit::list(&practice.store, &AuditFilter::default()).unwrap();
    assert_eq!(log.total, 1);
    let row = &log.rows[0];
    assert_eq!((row.who.as_str(), row.action.as_str(), row.action_title.as_str()), (TECHNICIAN, "alert.acknowledged", "Acknowledged an alert"));
    assert_eq!(row.subject, format!("Alert {id}: {}", alert.row.title));
    assert!(row.detail.contains("calling the customer"));
    assert!(views::audit::verdict(&practice.store).unwrap().intact);
}

#[test]
fn a_step_that_the_state_does_not_allow_is_refused_with_a_way_out() {
    let (practice, id) = with_an_alert();
    practice.acknowledge(id);
    let again = watch::acknowledge(&practice.store, &[id], None, TECHNICIAN, practice.now).unwrap_err();
    assert_eq!(again.code, "alert.not_allowed");
    assert_eq!(again.what, format!("Alert {id} is already acknowledged"));
    assert!(!again.next_step.is_empty());
    practice.resolve(id);
    assert_eq!(watch::resolve(&practice.store, &[id], "x", TECHNICIAN, practice.now).unwrap_err().code, "alert.not_allowed");
    assert_eq!(watch::mute(&practice.store, &[id], practice.now + TimeDelta::days(1), "x", TECHNICIAN, practice.now).unwrap_err().code, "alert.not_allowed");
    watch::reopen(&practice.store, &[id], TECHNICIAN, practice.now).unwrap();
    assert_eq!(practice.only().row.state, AlertState::Open);
    assert_eq!(watch::reopen(&practice.store, &[id], TECHNICIAN, practice.now).unwrap_err().code, "alert.not_allowed");
    assert_eq!(watch::reopen(&practice.store, &[999], TECHNICIAN, practice.now).unwrap_err().code, "alert.unknown");
}

#[test]
fn several_alerts_change_together_or_not_at_all() {
    let (mut practice, first) = with_an_alert();
    practice.sign_in(JONAS, SignIn::Legacy);
    practice.synced();
    practice.acknowledge(first);
    let ids: Vec<u32> = practice.inbox(None).iter().map(|alert| alert.id).collect();
    assert_eq!(ids.len(), 2);
    assert!(watch::acknowledge(&practice.store, &ids, None, TECHNICIAN, practice.now).is_err());
    assert_eq!(practice.inbox(Some(AlertState::Open)).len(), 1, "the one that could be was not");
    assert_eq!(views::audit::list(&practice.store, &AuditFilter::default()).unwrap().total, 1);
    watch::resolve(&practice.store, &ids, "done", TECHNICIAN, practice.now).unwrap();
    assert_eq!(practice.inbox(Some(AlertState::Resolved)).len(), 2);
}

#[test]
fn notes_reasons_and_dates_are_demanded() {
    let (practice, id) = with_an_alert();
    let mute = |until, reason: &str| watch::mute(&practice.store, &[id], until, reason, TECHNICIAN, practice.now).map_err(|problem| problem.code);
    assert_eq!(watch::resolve(&practice.store, &[id], "  ", TECHNICIAN, practice.now).unwrap_err().code, "input.missing");
    assert_eq!(mute(practice.now + TimeDelta::days(1), ""), Err("input.missing".into()));
    assert_eq!(mute(practice.now, "drill"), Err("alert.mute_past".into()));
    assert_eq!(mute(practice.now + TimeDelta::days(400), "drill"), Err("alert.mute_too_long".into()));
    assert_eq!(mute(practice.now + TimeDelta::days(7), "drill"), Ok(()));
    assert_eq!(mute(practice.now + TimeDelta::days(9), "longer drill"), Ok(()), "muting again sets another date");
    assert_eq!(watch::acknowledge(&practice.store, &[], None, TECHNICIAN, practice.now).unwrap_err().code, "input.missing");
}

#[test]
fn an_old_alert_does_not_reopen_beside_its_newer_self() {
    let (mut practice, first) = with_an_alert();
    practice.resolve(first);
    practice.later(TimeDelta::hours(1)).sign_in(SAFE, SignIn::Success);
    practice.synced();
    let refused = watch::reopen(&practice.store, &[first], TECHNICIAN, practice.now).unwrap_err();
    assert_eq!(refused.code, "alert.newer");
    let second = practice.inbox(Some(AlertState::Open))[0].id;
    practice.resolve(second);
    assert_eq!(watch::reopen(&practice.store, &[first], TECHNICIAN, practice.now).unwrap_err().code, "alert.newer");
    watch::reopen(&practice.store, &[second], TECHNICIAN, practice.now).unwrap();
}

#[test]
fn the_audit_log_exports_every_row_and_a_file_that_cannot_be_written_is_named() {
    let (practice, id) = with_an_alert();
    practice.acknowledge(id);
    practice.resolve(id);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    assert_eq!(crate::audit::export(&practice.store, &path).unwrap(), 2);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[1]["previous"], lines[0]["hash"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-written is left");
    let nowhere = crate::audit::export(&practice.store, &folder.path().join("no/such/folder/audit.jsonl")).unwrap_err();
    assert_eq!(views::Problem::from(nowhere).code, "file.cannot_write");
}
