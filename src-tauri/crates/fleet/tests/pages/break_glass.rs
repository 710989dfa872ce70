//! The break-glass page: Contoso names no group, so a person confirms accounts one by one. Dan is left out of its one policy by a group,
//! Ada is not.

use chrono::TimeDelta;
use fleet::{
    break_glass,
    views::{
        break_glass::{BreakGlassView, CheckState, DrillInput, DrillState, Reach},
        tenants::TenantSettings,
        users::AccountClass,
    },
};

use super::{engine::open, *};

fn confirm(fleet: &fleet::Fleet, user: &str) {
    posture::mark(fleet.store(), TENANT, user, Some(AccountClass::BreakGlass), "", "Tess", now()).unwrap();
}

fn state(view: &BreakGlassView, account: &str, check: &str) -> CheckState {
    let account = view.accounts.iter().find(|each| each.person.id == account).unwrap();
    account.checks.iter().find(|each| each.id == check).unwrap().state
}

#[test]
fn every_policy_stands_against_every_account_with_what_keeps_it_away() {
    let open = open();
    assert!(break_glass::view(&open.fleet, TENANT).unwrap().accounts.is_empty(), "nobody said which accounts they are");
    confirm(&open.fleet, "dan");
    confirm(&open.fleet, "ada");
    let view = break_glass::view(&open.fleet, TENANT).unwrap();
    assert_eq!(view.accounts.iter().map(|account| account.person.id.as_str()).collect::<Vec<_>>(), ["ada", "dan"]);
    let cells = &view.matrix[0].cells;
    assert_eq!((cells[0].reach, cells[1].reach), (Reach::Mfa, Reach::Excluded));
    assert!(cells[0].why.contains("demands MFA") || cells[0].why.contains("multifactor"), "{}", cells[0].why);
    assert_eq!(cells[1].why, "Excluded by group Admins");
    let checks: Vec<(&str, CheckState)> = view.checks.iter().map(|check| (check.id.as_str(), check.state)).collect();
    assert_eq!(checks, [("two", CheckState::Yes), ("group", CheckState::No)]);
    assert_eq!(state(&view, "dan", "drill"), CheckState::No);
    assert_eq!(view.accounts[0].how, ["Confirmed by Tess"]);
}

#[test]
fn a_groups_accounts_are_counted_through_its_groups_and_are_unknown_where_its_members_were_never_read() {
    let open = open();
    let named = TenantSettings { break_glass_group: Some("Admins".to_owned()), ..TenantSettings::default() };
    open.fleet.tenant_set(TENANT, named, "Tess").unwrap();
    let two = |view: &BreakGlassView| view.checks.iter().find(|check| check.id == "two").unwrap().state;
    let view = break_glass::view(&open.fleet, TENANT).unwrap();
    assert_eq!(view.accounts.iter().map(|account| account.person.id.as_str()).collect::<Vec<_>>(), ["dan"]);
    assert_eq!((view.group.as_ref().unwrap().members, two(&view)), (Some(1), CheckState::No));
    open.fleet.store().write(|tx| store::groups::forget_members(tx, TENANT, ADMINS)).unwrap();
    let view = break_glass::view(&open.fleet, TENANT).unwrap();
    assert_eq!((view.group.as_ref().unwrap().members, two(&view)), (None, CheckState::Unknown));
    confirm(&open.fleet, "dan");
    confirm(&open.fleet, "ada");
    assert_eq!(two(&break_glass::view(&open.fleet, TENANT).unwrap()), CheckState::Yes, "two that are known are two whatever the group holds");
}

#[test]
fn a_drill_is_planned_ahead_by_who_may_and_its_end_is_recorded() {
    let open = open();
    confirm(&open.fleet, "dan");
    let plan = |account: &str, from: TimeDelta| DrillInput {
        tenant: TENANT.to_owned(),
        account: Some(account.to_owned()),
        starts_at: now() + from,
        ends_at: now() + from + TimeDelta::hours(2),
        reason: "Quarterly test".to_owned(),
        ticket: None,
    };
    let refused = |input: &DrillInput| open.fleet.drill_plan(input, "Tess").unwrap_err().code;
    assert_eq!(refused(&plan("ada", TimeDelta::zero())), "drill.not_break_glass");
    assert_eq!(refused(&plan("dan", TimeDelta::days(-1))), "drill.in_the_past");
    let rules = TenantSettings { ticket_pattern: Some(r"T-\d+".to_owned()), technicians: Some(vec!["Tess".to_owned()]), ..TenantSettings::default() };
    open.fleet.tenant_set(TENANT, rules, "Tess").unwrap();
    assert_eq!(refused(&plan("dan", TimeDelta::zero())), "rules.ticket_missing");
    let with_ticket = DrillInput { ticket: Some("T-7".to_owned()), ..plan("dan", TimeDelta::zero()) };
    assert_eq!(open.fleet.drill_plan(&with_ticket, "Mallory").unwrap_err().code, "rules.not_named");
    let id = open.fleet.drill_plan(&with_ticket, "Tess").unwrap();
    let drill = |state: DrillState| {
        let view = break_glass::view(&open.fleet, TENANT).unwrap();
        assert_eq!((view.drills[0].id, view.drills[0].state), (id, state));
        view
    };
    drill(DrillState::Running);
    assert_eq!(open.fleet.drill_finish(id, false, " ", "Tess").unwrap_err().code, "input.missing", "what failed has to be said");
    open.fleet.drill_finish(id, true, "Key 2 from the safe", "Tess").unwrap();
    let view = drill(DrillState::Worked);
    assert_eq!(view.drills[0].note.as_deref(), Some("Key 2 from the safe"));
    assert_eq!(state(&view, "dan", "drill"), CheckState::Yes);
    assert_eq!(open.fleet.drill_cancel(id, "Tess").unwrap_err().code, "drill.settled");
    let logged = open.fleet.store().read(store::audit_log::last).unwrap().unwrap();
    assert_eq!((logged.action.as_str(), logged.who.as_str()), ("drill.done", "Tess"));
    assert!(logged.detail.contains("T-7"), "{}", logged.detail);
}
