//! Effect controls about one kind of account: administrators, service principals, break-glass and service accounts, and leftovers.

use conditional_access::baseline::built_in;
use conditional_access::drift::DriftVerdict;
use conditional_access::tenant::Place;
use serde_json::json;

use super::tenant::{BEN, BREAK_GLASS, CARLA, EMERGENCY, GLOBAL_ADMIN, GUEST, OFFICE, SCANNER, built_in_row, contoso, policy, row, rows, with};

#[test]
fn administrators_are_those_with_an_active_privileged_role() {
    let strong = with(policy("Admins", &[]), |p| {
        p["conditions"]["users"] = json!({"includeRoles": [GLOBAL_ADMIN], "excludeGroups": [BREAK_GLASS]});
        p["grantControls"] = json!({"operator": "OR", "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}});
    });
    let found = built_in_row(std::slice::from_ref(&strong), "phishing-resistant-mfa-admins");
    assert_eq!(found.verdict, DriftVerdict::Met, "{found:#?}");
    assert_eq!(built_in_row(&[strong], "mfa-all-users").users.unwrap(), [BEN, CARLA, GUEST]);
    let mut tenant = contoso(&[]);
    tenant.role_assignments = None;
    assert_eq!(row(&rows(&tenant, &built_in()), "mfa-admins").verdict, DriftVerdict::Unknown);
}

#[test]
fn service_principals_are_no_users_and_are_judged_by_their_own_controls() {
    let robot = conditional_access::tenant::ServicePrincipal {
        id: "eeeeeeee-0000-0000-0000-000000000001".into(),
        app_id: "eeeeeeee-0000-0000-0000-000000000002".into(),
        display_name: "Robot".into(),
        kind: Some("Application".into()),
        owner_tenant: Some("cccccccc-0000-0000-0000-000000000001".into()),
        ..Default::default()
    };
    let judged = |policies: &[serde_json::Value], id: &str| {
        let mut tenant = contoso(policies);
        tenant.service_principals = Some(vec![robot.clone()]);
        let row = row(&rows(&tenant, &built_in()), id);
        (row.verdict, row.reason)
    };
    let mfa = [policy("CA1 MFA", &["mfa"])];
    assert_eq!(judged(&mfa, "mfa-all-users"), (DriftVerdict::Met, "All 4 users are covered.".to_owned()));
    assert_eq!(judged(&mfa, "workload-identities-risk"), (DriftVerdict::Missing, "The one workload identity falls through: no policy asks for it.".to_owned()));
    let risk = with(policy("Robots", &["block"]), |p| {
        p["conditions"]["users"] = json!({"includeUsers": ["None"]});
        p["conditions"]["clientApplications"] = json!({"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]});
        p["conditions"]["servicePrincipalRiskLevels"] = json!(["high"]);
    });
    assert_eq!(judged(&[risk], "workload-identities-risk"), (DriftVerdict::Met, "The one workload identity is covered.".to_owned()));
}

#[test]
fn break_glass_accounts_must_be_left_out_and_single_users_must_not() {
    let good = [policy("CA1 MFA", &["mfa"])];
    assert_eq!(built_in_row(&good, "break-glass-excluded").verdict, DriftVerdict::Met);
    assert_eq!(built_in_row(&good, "no-single-user-excluded").verdict, DriftVerdict::Met);
    let bad =
        [policy("CA1 MFA", &["mfa"]), with(policy("CA2", &["mfa"]), |p| p["conditions"]["users"] = json!({"includeUsers": ["All"], "excludeUsers": [BEN]}))];
    let caught = built_in_row(&bad, "break-glass-excluded");
    assert_eq!((caught.verdict, caught.users.unwrap()), (DriftVerdict::Partly, vec![EMERGENCY.to_owned()]));
    assert!(caught.reason.contains("\u{201c}CA2\u{201d}"));
    let single = built_in_row(&bad, "no-single-user-excluded");
    assert_eq!((single.verdict, single.users.unwrap()), (DriftVerdict::Partly, vec![BEN.to_owned()]));
}

#[test]
fn service_accounts_are_held_to_their_place_and_not_to_mfa() {
    let found = built_in_row(&[policy("CA1 MFA", &["mfa"])], "service-accounts-trusted-places");
    assert_eq!((found.verdict, found.users.unwrap()), (DriftVerdict::Missing, vec![SCANNER.to_owned()]));
    let place = with(policy("Scanner", &["block"]), |p| {
        p["conditions"]["users"] = json!({"includeUsers": [SCANNER]});
        p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": [OFFICE]});
    });
    assert_eq!(built_in_row(&[place], "service-accounts-trusted-places").verdict, DriftVerdict::Met);
    let without = with(policy("CA1 MFA", &["mfa"]), |p| p["conditions"]["users"]["excludeUsers"] = json!([SCANNER]));
    assert_eq!(built_in_row(&[without], "mfa-all-users").verdict, DriftVerdict::Met, "nobody is there who could prove anything");
}

#[test]
fn leftovers_are_told() {
    let policies = [
        with(policy("Old", &["mfa"]), |p| p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, "aaaaaaaa-0000-0000-0000-00000000dead"])),
        with(policy("Waiting", &["block"]), |p| p["state"] = json!("enabledForReportingButNotEnforced")),
    ];
    let mut tenant = contoso(&policies);
    tenant.named_locations.as_mut().unwrap()[0].place = Place::Addresses { ranges: vec!["40.0.0.0/8".into()], trusted: Some(true) };
    let found = rows(&tenant, &built_in());
    assert_eq!(row(&found, "nothing-deleted").verdict, DriftVerdict::Partly);
    assert_eq!(row(&found, "no-report-only").reason, "1 policy is in report-only mode: \u{201c}Waiting\u{201d}.");
    let ranges = row(&found, "trusted-ranges");
    assert_eq!(ranges.verdict, DriftVerdict::Partly);
    assert!(ranges.reason.contains("40.0.0.0/8"), "{}", ranges.reason);
    let judged = |places: &[(&str, bool)]| {
        let mut tenant = contoso(&[]);
        let place = |(range, trusted): &(&str, bool)| conditional_access::tenant::NamedLocation {
            id: (*range).into(),
            display_name: (*range).into(),
            place: Place::Addresses { ranges: vec![(*range).into()], trusted: Some(*trusted) },
        };
        tenant.named_locations = Some(places.iter().map(place).collect());
        let row = row(&rows(&tenant, &built_in()), "trusted-ranges");
        (row.verdict, row.reason)
    };
    let met = |reason: &str| (DriftVerdict::Met, reason.to_owned());
    assert_eq!(judged(&[]), met("No location is trusted."));
    assert_eq!(judged(&[("40.0.0.0/8", false)]), met("No location is trusted."));
    assert_eq!(judged(&[("40.1.0.0/16", true)]), met("The trusted location is narrow."));
    assert_eq!(judged(&[("40.1.0.0/16", true), ("2001:db8::/32", true), ("40.0.0.0/8", false)]), met("All 2 trusted locations are narrow."));
    assert_eq!(judged(&[("40.1.0.0-40.1.255.255", true), ("2001:db8::-2001:db8::ffff", true), ("nowhere", true)]), met("All 3 trusted locations are narrow."));
    for (broad, why) in [
        ("40.0.0.0/15", "which is wider than an office's range"),
        ("40.0.0.0-40.1.0.0", "which is wider than an office's range"),
        ("0.0.0.0/0", "which is wider than an office's range"),
        ("2001:db8::/31", "which is wider than an office's range"),
        ("::/0", "which is wider than an office's range"),
        ("10.1.2.0/24", "a private range that Entra never sees"),
        ("10.1.2.3-10.1.2.9", "a private range that Entra never sees"),
        ("192.168.0.0/24", "a private range that Entra never sees"),
        ("127.0.0.1/32", "a private range that Entra never sees"),
        ("169.254.0.0/16", "a private range that Entra never sees"),
        ("fd00::/64", "a private range that Entra never sees"),
        ("::1/128", "a private range that Entra never sees"),
    ] {
        assert_eq!(judged(&[(broad, true), ("40.1.0.0/16", true)]), (DriftVerdict::Partly, format!("\u{201c}{broad}\u{201d} trusts {broad}, {why}.")));
    }
}
