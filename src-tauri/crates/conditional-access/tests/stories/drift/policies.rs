//! Policy controls: matched by content first, by name second.

use conditional_access::Effect;
use conditional_access::baseline::{Baseline, from_tenant};
use conditional_access::drift::DriftVerdict;
use serde_json::{Value, json};

use super::tenant::{ANNA, BEN, BREAK_GLASS, CARLA, Directory, OFFICE, VIP, contoso, policy, row, rows, with};

fn baseline() -> Baseline {
    from_tenant(
        "Wanted",
        &[policy("CA1 MFA", &["mfa"]), with(policy("CA2 Legacy", &["block"]), |p| p["conditions"]["clientAppTypes"] = json!(["exchangeActiveSync", "other"]))],
        &Directory,
    )
}

fn tenant_with(change: impl Fn(&mut Value)) -> conditional_access::Tenant {
    let legacy = with(policy("CA2 Legacy", &["block"]), |p| p["conditions"]["clientAppTypes"] = json!(["exchangeActiveSync", "other"]));
    contoso(&[with(policy("CA1 MFA", &["mfa"]), change), legacy])
}

#[test]
fn a_new_name_another_order_and_empty_instead_of_absent_are_no_drift() {
    let tenant = tenant_with(|p| {
        p["displayName"] = json!("Require MFA, please");
        p["id"] = json!("dddddddd-ffff-0000-0000-000000000001");
        p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS.to_uppercase()]);
        p["conditions"]["users"]["excludeUsers"] = json!(null);
        p["conditions"]["platforms"] = json!({"includePlatforms": [], "excludePlatforms": []});
        p["grantControls"]["operator"] = json!("AND");
        p["grantControls"]["termsOfUse"] = json!([]);
    });
    let found = rows(&tenant, &baseline());
    assert_eq!(found.len(), 2, "nothing is extra");
    assert!(found.iter().all(|r| r.verdict == DriftVerdict::Met), "{found:#?}");
    assert!(row(&found, "CA1").reason.contains("under another name"));
}

#[test]
fn an_added_location_exclusion_is_changed_and_weakens_for_everybody() {
    let tenant = tenant_with(|p| p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": [OFFICE]}));
    let found = row(&rows(&tenant, &baseline()), "CA1");
    assert_eq!(found.verdict, DriftVerdict::Changed);
    let fields: Vec<&str> = found.differences.iter().map(|d| d.path.as_str()).collect();
    assert!(fields.contains(&"conditions.locations.excludeLocations"), "{fields:?}");
    let loss = &found.differences.iter().find(|d| d.path.ends_with("excludeLocations")).unwrap();
    assert_eq!((loss.before.as_str(), loss.after.as_str(), loss.effect), ("none", "Office", Effect::Weakens));
    assert!(found.weakening.as_ref().unwrap().is_weaker(), "{found:#?}");
    assert_eq!(found.users.unwrap().len(), 5, "everybody but the break-glass account");
    assert!(found.reason.contains("protects less"), "{}", found.reason);
}

#[test]
fn an_added_excluded_group_weakens_for_its_members_only() {
    let tenant = tenant_with(|p| p["conditions"]["users"]["excludeGroups"] = json!([VIP, BREAK_GLASS]));
    let found = row(&rows(&tenant, &baseline()), "CA1");
    assert_eq!(found.verdict, DriftVerdict::Changed);
    assert_eq!(found.users.unwrap(), [CARLA]);
    let miss = found.near_miss.unwrap();
    assert_eq!((miss.path.as_str(), miss.field.as_str()), ("conditions.users.excludeGroups", "Excluded groups"));
    assert!(miss.reason.contains("VIP"), "{}", miss.reason);
}

#[test]
fn a_twin_in_report_only_is_a_near_miss_by_its_state() {
    for name in ["CA1 MFA", "Something else"] {
        let tenant = tenant_with(|p| {
            p["state"] = json!("enabledForReportingButNotEnforced");
            p["displayName"] = json!(name);
        });
        let found = row(&rows(&tenant, &baseline()), "CA1");
        assert_eq!(found.verdict, DriftVerdict::Changed);
        let miss = found.near_miss.unwrap();
        assert_eq!((miss.path.as_str(), miss.field.as_str()), ("state", "State"));
        assert!(miss.reason.contains("report-only"), "{}", miss.reason);
        assert!(found.weakening.unwrap().is_weaker());
    }
}

#[test]
fn a_change_that_weakens_by_its_field_but_hurts_nobody_is_changed_and_protects_no_less() {
    // An empty group is left out.
    let mut tenant = tenant_with(|p| p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, "aaaaaaaa-0000-0000-0000-000000000009"]));
    tenant.groups.as_mut().unwrap().push(conditional_access::tenant::Group {
        id: "aaaaaaaa-0000-0000-0000-000000000009".into(),
        display_name: "Nobody".into(),
        members: Some(Vec::new()),
        members_are_transitive: true,
    });
    let found = row(&rows(&tenant, &baseline()), "CA1");
    assert_eq!(found.verdict, DriftVerdict::Changed);
    assert!(!found.weakening.unwrap().is_weaker());
    assert!(found.reason.contains("protects no less"), "{}", found.reason);
}

#[test]
fn a_missing_policy_names_the_nearest_one_and_what_is_new_is_extra() {
    let other = with(policy("Phones need MFA", &["mfa"]), |p| {
        p["conditions"]["platforms"] = json!({"includePlatforms": ["iOS"]});
        p["conditions"]["users"] = json!({"includeUsers": [ANNA, BEN]});
    });
    let found = rows(&contoso(&[other]), &baseline());
    let missing = row(&found, "CA1");
    assert_eq!(missing.verdict, DriftVerdict::Missing);
    assert!(missing.near_miss.unwrap().reason.starts_with("\u{201c}Phones need MFA\u{201d} comes closest"), "{}", missing.reason);
    let extra: Vec<_> = found.iter().filter(|r| r.verdict == DriftVerdict::Extra).collect();
    assert_eq!(extra.len(), 1);
    assert_eq!(extra[0].title, "Phones need MFA");
}

#[test]
fn a_group_of_the_baseline_that_the_tenant_lacks_is_said_by_its_name() {
    let mut tenant = tenant_with(|p| p["conditions"]["users"]["excludeGroups"] = json!([]));
    tenant.groups = Some(Vec::new());
    let found = row(&rows(&tenant, &baseline()), "CA1");
    assert_eq!(found.verdict, DriftVerdict::Changed);
    assert!(found.reason.contains("the tenant has no group called \u{201c}Break glass\u{201d}"), "{}", found.reason);
}

#[test]
fn a_placeholder_is_found_by_name_or_leaves_the_control_unknown() {
    let mut baseline = baseline();
    let text = baseline.to_json().replace(BREAK_GLASS, "<Break glass>");
    baseline = Baseline::from_json(&text).unwrap();
    assert_eq!(row(&rows(&tenant_with(|_| {}), &baseline), "CA1").verdict, DriftVerdict::Met);
    let text = baseline.to_json().replace("<Break glass>", "{{emergency}}");
    let found = row(&rows(&tenant_with(|_| {}), &Baseline::from_json(&text).unwrap()), "CA1");
    assert_eq!(found.verdict, DriftVerdict::Unknown, "{found:#?}");
    assert!(found.reason.contains("{{emergency}}"));
}

#[test]
fn policies_that_were_never_read_leave_every_control_unknown() {
    let mut tenant = tenant_with(|_| {});
    tenant.policies = None;
    for row in rows(&tenant, &baseline()).into_iter().chain(rows(&tenant, &conditional_access::baseline::built_in())) {
        assert!(matches!(row.verdict, DriftVerdict::Unknown) || row.id == "trusted-ranges" || row.verdict == DriftVerdict::Met, "{row:#?}");
    }
}

#[test]
fn what_the_baseline_leaves_out_is_drift_only_if_it_weakens() {
    let stricter =
        tenant_with(|p| p["sessionControls"] = json!({"signInFrequency": {"isEnabled": true, "value": 4, "type": "hours", "frequencyInterval": "timeBased"}}));
    let found = row(&rows(&stricter, &baseline()), "CA1");
    assert_eq!(found.verdict, DriftVerdict::Met, "{found:#?}");
    assert!(found.reason.contains("asks for more"), "{}", found.reason);
    let looser = tenant_with(|p| p["sessionControls"] = json!({"persistentBrowser": {"isEnabled": true, "mode": "always"}}));
    assert_eq!(row(&rows(&looser, &baseline()), "CA1").verdict, DriftVerdict::Changed);
}

#[test]
fn without_people_a_change_is_still_judged_for_somebody_whom_nothing_mentions() {
    let mut tenant = tenant_with(|p| p["conditions"]["applications"]["excludeApplications"] = json!(["Office365"]));
    tenant.users = None;
    let found = row(&rows(&tenant, &baseline()), "CA1");
    assert_eq!(found.verdict, DriftVerdict::Changed);
    assert!(found.weakening.unwrap().is_weaker());
    assert_eq!(found.users, Some(Vec::new()));
}
