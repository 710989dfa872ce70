//! What nobody can say stays unknown, with what it depends on: a state, a rule, a list that was never read.

use conditional_access::baseline::{built_in, from_tenant};
use conditional_access::drift::{DriftVerdict, Known, drift};
use serde_json::{Value, json};

use super::tenant::{BEN, BREAK_GLASS, Directory, EMERGENCY, VIP, break_glass, built_in_row, contoso, policy, row, rows, service_accounts, with};

fn asleep(policy: Value) -> Value {
    with(policy, |p| p["state"] = json!("asleep"))
}

#[test]
fn a_policy_whose_state_is_not_known_may_be_enforced_so_that_nothing_is_met_or_lost_by_it() {
    let judged = |policies: &[Value], id: &str| {
        let row = built_in_row(policies, id);
        (row.verdict, row.reason)
    };
    let mfa = policy("CA1 MFA", &["mfa"]);
    let unknown = |reason: &str| (DriftVerdict::Unknown, reason.to_owned());
    assert_eq!(
        judged(&[asleep(mfa.clone())], "mfa-all-users"),
        unknown("For 4 of 4 users it cannot be said: whether \u{201c}CA1 MFA\u{201d} applies depends on state = asleep, which is not understood.")
    );
    assert_eq!(
        judged(&[asleep(mfa.clone())], "defaults-or-conditional-access"),
        unknown("Whether anything asks for MFA cannot be said: the state of \u{201c}CA1 MFA\u{201d} is not understood.")
    );
    assert_eq!(
        judged(&[asleep(mfa.clone())], "no-report-only"),
        unknown("Whether a policy is in report-only mode cannot be said: the state of \u{201c}CA1 MFA\u{201d} is not understood.")
    );
    let catches = |p: &mut Value| p["conditions"]["users"] = json!({"includeUsers": ["All"], "excludeUsers": [BEN]});
    let single = asleep(with(policy("CA2", &["mfa"]), catches));
    assert_eq!(
        judged(std::slice::from_ref(&single), "no-single-user-excluded"),
        unknown("Whether single users are left out of MFA cannot be said: the state of \u{201c}CA2\u{201d} is not understood.")
    );
    assert_eq!(judged(std::slice::from_ref(&single), "break-glass-excluded").0, DriftVerdict::Unknown);
    // Where another policy is surely on, that one decides.
    let both = [mfa, single];
    assert_eq!(judged(&both, "mfa-all-users").0, DriftVerdict::Met);
    assert_eq!(judged(&both, "defaults-or-conditional-access").0, DriftVerdict::Met);
}

#[test]
fn what_it_depends_on_is_named() {
    let depends = |change: fn(&mut Value)| {
        let mut tenant = contoso(&[with(policy("CA1 MFA", &["mfa"]), change)]);
        tenant.named_locations = None;
        tenant.groups.as_mut().unwrap().clear();
        let found = row(&rows(&tenant, &built_in()), "mfa-all-users");
        assert_eq!(found.verdict, DriftVerdict::Unknown, "{found:#?}");
        found.reason.split("applies depends on ").nth(1).unwrap_or(&found.reason).to_owned()
    };
    assert_eq!(
        depends(|p| {
            p["conditions"]["users"]["excludeGroups"] = json!([]);
            p["conditions"]["locations"] = json!({"includeLocations": [super::tenant::OFFICE]});
        }),
        "the tenant's named locations, which were never read."
    );
    assert_eq!(
        depends(|p| {
            p["conditions"]["users"]["excludeGroups"] = json!([]);
            p["conditions"]["devices"] = json!({"deviceFilter": {"mode": "include", "rule": "device.isCompliant -sounds True"}});
        }),
        "its filter for devices, which cannot be read (character 20: \"-sounds\" is no operator that a filter can use)."
    );
}

#[test]
fn controls_that_nobody_knows_how_to_combine_leave_it_open_and_people_who_cannot_sign_in_do_not_count() {
    let strange = with(policy("CA1", &["mfa", "compliantDevice"]), |p| p["grantControls"]["operator"] = json!("XOR"));
    assert_eq!(built_in_row(&[strange], "mfa-all-users").verdict, DriftVerdict::Unknown);
    assert_eq!(built_in_row(&[policy("CA1", &["mfa", "dance"])], "mfa-all-users").verdict, DriftVerdict::Unknown);
    let mut tenant = contoso(&[policy("CA1 MFA", &["mfa"])]);
    tenant.users.as_mut().unwrap()[1].account_enabled = Some(false);
    tenant.users.as_mut().unwrap()[2].agent = true;
    assert_eq!(row(&rows(&tenant, &built_in()), "mfa-all-users").reason, "All 2 users are covered.");
    tenant.users.as_mut().unwrap().remove(3);
    let guests = row(&rows(&tenant, &built_in()), "mfa-guests");
    assert_eq!((guests.verdict, guests.reason.as_str(), guests.users), (DriftVerdict::Met, "The tenant has no guests.", Some(Vec::new())));
}

#[test]
fn what_no_policy_of_the_tenant_leaves_open_is_not_blamed_on_one_of_the_baseline() {
    let remediation = policy("CA1 Risk", &["riskRemediation"]);
    let mut baseline = built_in();
    let strange = with(policy("CA9 Theirs", &["mfa"]), |p| p["conditions"]["users"] = json!({"includeGroups": ["99999999-0000-0000-0000-000000000001"]}));
    baseline.controls.extend(from_tenant("Theirs", &[strange], &Directory).controls);
    let mut tenant = contoso(&[remediation]);
    tenant.groups.as_mut().unwrap().push(conditional_access::tenant::Group {
        id: "99999999-0000-0000-0000-000000000001".into(),
        display_name: "Theirs".into(),
        members: None,
        members_are_transitive: false,
    });
    let found = row(&rows(&tenant, &baseline), "mfa-all-users");
    assert_eq!(
        (found.verdict, found.reason.as_str()),
        (DriftVerdict::Unknown, "For 4 of 4 users it cannot be said: what the policies ask for is not fully known.")
    );
}

#[test]
fn without_people_a_policy_for_a_group_includes_nobody_in_particular() {
    let mut tenant = contoso(&[with(policy("VIPs", &["mfa"]), |p| p["conditions"]["users"] = json!({"includeGroups": [VIP]}))]);
    tenant.users = None;
    let found = row(&rows(&tenant, &built_in()), "mfa-all-users");
    assert!(
        found
            .reason
            .starts_with("Everybody whom no policy singles out falls through: \u{201c}VIPs\u{201d} does not include them, and no other policy covers them."),
        "{}",
        found.reason
    );
}

#[test]
fn a_tenant_without_break_glass_accounts_misses_them() {
    let service = service_accounts();
    let found = drift(&contoso(&[]), &built_in(), &Known { names: &Directory, licences: None, break_glass: Some(&[]), service_accounts: Some(&service) });
    let found = row(&found, "break-glass-excluded");
    assert_eq!((found.verdict, found.reason.as_str(), found.users), (DriftVerdict::Missing, "The tenant has no break-glass account.", Some(Vec::new())));
    assert_eq!(break_glass(), [EMERGENCY]);
}

#[test]
fn single_users_count_only_where_mfa_is_asked_for_and_deleted_things_only_where_it_is_enforced() {
    let leaving_out = |controls: &[&str], who: &str| {
        built_in_row(&[with(policy("CA1", controls), |p| p["conditions"]["users"]["excludeUsers"] = json!([who]))], "no-single-user-excluded").verdict
    };
    assert_eq!(leaving_out(&["mfa"], BEN), DriftVerdict::Partly);
    assert_eq!(leaving_out(&["compliantDevice"], BEN), DriftVerdict::Met);
    assert_eq!(leaving_out(&["block"], BEN), DriftVerdict::Met);
    assert_eq!(leaving_out(&["mfa"], EMERGENCY), DriftVerdict::Met);
    assert_eq!(leaving_out(&["mfa"], "GuestsOrExternalUsers"), DriftVerdict::Met);
    let gone = |state: &str| {
        built_in_row(
            &[with(policy("CA1", &["mfa"]), |p| {
                p["state"] = json!(state);
                p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, "aaaaaaaa-0000-0000-0000-00000000dead"]);
            })],
            "nothing-deleted",
        )
        .verdict
    };
    assert_eq!(["enabled", "enabledForReportingButNotEnforced", "disabled"].map(gone), [DriftVerdict::Partly, DriftVerdict::Met, DriftVerdict::Met]);
}
