//! Effect controls and checks: what all policies together achieve.

use conditional_access::Engine;
use conditional_access::baseline::built_in;
use conditional_access::drift::DriftVerdict;
use conditional_access::evaluate::{Access, Control, Request, Requirement};
use conditional_access::tenant::Place;
use proptest::prelude::*;
use serde_json::json;

use super::tenant::{
    ANNA, BEN, BREAK_GLASS, CARLA, GLOBAL_ADMIN, GUEST, OFFICE, SCANNER, VIP, break_glass, built_in_row, contoso, policy, row, rows, service_accounts,
    verdicts, with,
};

#[test]
fn one_policy_for_everybody_meets_the_controls_on_mfa() {
    let policies = [policy("CA1 MFA", &["mfa"])];
    for id in [
        "mfa-all-users",
        "mfa-admins",
        "mfa-admin-portals",
        "mfa-azure-management",
        "mfa-guests",
        "managed-device-or-mfa",
        "mfa-intune-enrollment",
        "defaults-or-conditional-access",
    ] {
        let found = built_in_row(&policies, id);
        assert_eq!(found.verdict, DriftVerdict::Met, "{found:#?}");
    }
    assert_eq!(built_in_row(&policies, "phishing-resistant-mfa-admins").verdict, DriftVerdict::Missing);
    assert_eq!(built_in_row(&policies, "block-legacy-authentication").verdict, DriftVerdict::Missing);
}

#[test]
fn two_policies_together_achieve_what_neither_does_alone() {
    let guests = with(policy("Guests", &["mfa"]), |p| {
        p["conditions"]["users"] = json!({"includeGuestsOrExternalUsers": {
        "guestOrExternalUserTypes": "internalGuest,b2bCollaborationGuest,b2bCollaborationMember,b2bDirectConnectUser,otherExternalUser,serviceProvider", "externalTenants": {"membershipKind": "all"}}})
    });
    let members = with(policy("Members", &["mfa"]), |p| p["conditions"]["users"]["excludeUsers"] = json!(["GuestsOrExternalUsers"]));
    assert_eq!(built_in_row(std::slice::from_ref(&members), "mfa-all-users").users.unwrap(), [GUEST]);
    assert_eq!(built_in_row(&[members, guests], "mfa-all-users").verdict, DriftVerdict::Met);
}

#[test]
fn whoever_is_excluded_falls_through_with_the_reason_and_the_field() {
    let found = built_in_row(&[with(policy("CA003", &["mfa"]), |p| p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, VIP]))], "mfa-all-users");
    assert_eq!(found.verdict, DriftVerdict::Partly);
    assert_eq!(found.users.as_deref(), Some(&[CARLA.to_owned()][..]));
    assert_eq!(found.ways[0].why, "excluded from \u{201c}CA003\u{201d} by the group \u{201c}VIP\u{201d}, and no other policy covers them");
    let miss = found.near_miss.unwrap();
    assert_eq!((miss.path.as_str(), miss.field.as_str()), ("conditions.users.excludeGroups", "Excluded groups"));
}

#[test]
fn the_reason_names_the_policy_that_nearly_covers_somebody_not_one_that_never_meant_them() {
    let admins = with(policy("CA002 Admins", &["mfa"]), |p| p["conditions"]["users"] = json!({"includeRoles": [GLOBAL_ADMIN]}));
    let everybody = |change: fn(&mut serde_json::Value)| with(policy("CA003 Everybody", &["mfa"]), change);
    let why = |policies: &[serde_json::Value]| built_in_row(policies, "mfa-all-users").ways.iter().map(|way| way.why.clone()).collect::<Vec<_>>();
    let by_group = everybody(|p| p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, VIP]));
    let excluded = ["excluded from \u{201c}CA003 Everybody\u{201d} by the group \u{201c}VIP\u{201d}, and no other policy covers them"];
    assert_eq!(why(&[admins.clone(), by_group.clone()]), excluded);
    let guests = everybody(|p| p["conditions"]["users"]["excludeUsers"] = json!(["GuestsOrExternalUsers"]));
    assert_eq!(why(&[admins.clone(), guests]), ["excluded from \u{201c}CA003 Everybody\u{201d} as guests, and no other policy covers them"]);
    let waiting = with(policy("CA004 Waiting", &["mfa"]), |p| p["state"] = json!("enabledForReportingButNotEnforced"));
    assert_eq!(why(&[admins.clone(), by_group, waiting.clone()]), excluded, "an exclusion is nearer than a policy that is not on");
    let browsers = everybody(|p| p["conditions"]["clientAppTypes"] = json!(["browser"]));
    assert_eq!(
        why(&[admins.clone(), browsers.clone(), waiting]),
        ["no enforced policy asks for it; \u{201c}CA004 Waiting\u{201d} would, but is in report-only mode"]
    );
    assert_eq!(why(&[admins.clone(), browsers]), ["\u{201c}CA003 Everybody\u{201d} does not cover this kind of client, and no other policy covers it"]);
    let azure =
        with(policy("CA001 Azure", &["mfa"]), |p| p["conditions"]["applications"]["includeApplications"] = json!(["797f4846-ba00-4fd7-ba43-dac1f8f63013"]));
    let abroad = everybody(|p| p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": [OFFICE]}));
    assert!(why(&[azure, abroad])[0].starts_with("\u{201c}CA003 Everybody\u{201d} leaves out"), "a policy for another application is further away");
    let words = |change: fn(&mut serde_json::Value)| {
        why(&[everybody(change)]).join(" | ").replace("\u{201c}CA003 Everybody\u{201d} ", "").replace(", and no other policy covers it", "")
    };
    assert_eq!(words(|p| p["conditions"]["applications"] = json!({"includeApplications": ["Office365"]})), "does not cover this application");
    assert_eq!(
        words(|p| p["conditions"]["applications"]["excludeApplications"] = json!(["797f4846-ba00-4fd7-ba43-dac1f8f63013"])),
        "leaves out \u{201c}Windows Azure Service Management API\u{201d}"
    );
    assert_eq!(words(|p| p["conditions"]["platforms"] = json!({"includePlatforms": ["all"], "excludePlatforms": ["linux"]})), "leaves out Linux");
    assert_eq!(words(|p| p["conditions"]["platforms"] = json!({"includePlatforms": ["windows"]})), "does not cover this platform");
    assert_eq!(words(|p| p["conditions"]["locations"] = json!({"includeLocations": [OFFICE]})), "does not cover this place");
    assert_eq!(words(|p| p["conditions"]["signInRiskLevels"] = json!(["high"])), "does not cover this risk");
    assert_eq!(words(|p| p["conditions"]["userRiskLevels"] = json!(["high"])), "does not cover this risk");
    assert_eq!(words(|p| p["conditions"]["authenticationFlows"] = json!({"transferMethods": "deviceCodeFlow"})), "does not cover this flow");
    assert_eq!(
        words(|p| p["conditions"]["devices"] = json!({"deviceFilter": {"mode": "exclude", "rule": "device.isCompliant -eq True"}})),
        "leaves out devices by the rule device.isCompliant -eq True"
    );
    assert_eq!(words(|p| p["conditions"]["applications"] = json!({"includeUserActions": ["urn:user:registersecurityinfo"]})), "does not cover this action");
    assert_eq!(
        words(|p| p["conditions"]["applications"] = json!({"includeAuthenticationContextClassReferences": ["c1"]})),
        "does not cover this authentication context"
    );
    assert_eq!(why(&[admins]), ["not among those whom \u{201c}CA002 Admins\u{201d} includes, and no other policy covers them"]);
}

#[test]
fn a_policy_in_report_only_protects_nobody_and_is_the_near_miss() {
    let found = built_in_row(&[with(policy("CA1 MFA", &["mfa"]), |p| p["state"] = json!("enabledForReportingButNotEnforced"))], "mfa-all-users");
    assert_eq!(found.verdict, DriftVerdict::Missing);
    let miss = found.near_miss.unwrap();
    assert_eq!((miss.path.as_str(), miss.field.as_str()), ("state", "State"));
    assert_eq!(miss.reason, "\u{201c}CA1 MFA\u{201d} comes closest: its state is report-only and should be on.");
}

#[test]
fn a_trusted_place_or_an_application_that_is_left_out_is_a_way_through_for_everybody() {
    let place = built_in_row(
        &[with(policy("CA1 MFA", &["mfa"]), |p| p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}))],
        "mfa-all-users",
    );
    assert_eq!(place.verdict, DriftVerdict::Partly, "{place:#?}");
    assert!(place.ways[0].place.contains("Office"), "{place:#?}");
    assert_eq!(place.near_miss.unwrap().path, "conditions.locations.excludeLocations");
    let app = built_in_row(
        &[with(policy("CA1 MFA", &["mfa"]), |p| p["conditions"]["applications"]["excludeApplications"] = json!(["d4ebce55-015a-49b5-a083-c84d1797ae8c"]))],
        "mfa-all-users",
    );
    assert_eq!(app.verdict, DriftVerdict::Partly, "{app:#?}");
    assert!(app.ways[0].place.contains("Intune Enrollment"), "{app:#?}");
}

#[test]
fn a_control_of_ones_own_about_everyday_clients_is_about_every_policy_that_helps_and_one_about_a_special_flow_is_not() {
    use conditional_access::baseline::{Demand, Expectation, Judgement, What, When, Who};
    let judged = |policies: &[serde_json::Value], when: When| {
        let mut baseline = built_in();
        baseline.controls.truncate(1);
        baseline.controls[0].judgement = Judgement::Effect(Expectation { who: Who::Everyone, what: What::EveryApplication, when, demand: Demand::Block });
        let row = rows(&contoso(policies), &baseline).remove(0);
        (row.verdict, row.policies.len())
    };
    let browsers = with(policy("Browsers", &["block"]), |p| p["conditions"]["clientAppTypes"] = json!(["browser"]));
    let everything = policy("Everything", &["block"]);
    let legacy = with(policy("Legacy", &["block"]), |p| p["conditions"]["clientAppTypes"] = json!(["exchangeActiveSync", "other"]));
    let when = |clients: &[&str]| When { clients: clients.iter().map(|client| (*client).to_owned()).collect(), ..When::default() };
    let all = [browsers, everything, legacy];
    assert_eq!(judged(&all, when(&["browser"])), (DriftVerdict::Met, 3), "each of them blocks something of it");
    assert_eq!(judged(&all, when(&["other"])), (DriftVerdict::Met, 1), "only one is about legacy clients");
    assert_eq!(judged(&all, When { flow: Some("deviceCodeFlow".to_owned()), ..When::default() }).1, 0);
    assert_eq!(judged(&all, When { platforms: vec!["windows".to_owned()], ..When::default() }), (DriftVerdict::Met, 3));
    assert_eq!(judged(&all, When { sign_in_risk: Some("high".to_owned()), ..When::default() }).1, 0);
}

#[test]
fn countries_networks_and_devices_that_are_left_out_are_tried_and_told() {
    use conditional_access::tenant::NamedLocation;
    let place = |place: Place| {
        let mut tenant = contoso(&[with(policy("CA1 MFA", &["mfa"]), |p| {
            p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": ["3d46dbda-8382-466a-856d-eb00cbc6b910"]})
        })]);
        tenant.named_locations = Some(vec![NamedLocation { id: "3d46dbda-8382-466a-856d-eb00cbc6b910".into(), display_name: "Left out".into(), place }]);
        let found = row(&rows(&tenant, &built_in()), "mfa-all-users");
        (found.verdict, found.ways.first().map(|way| way.place.clone()))
    };
    assert_eq!(place(Place::CompliantNetwork), (DriftVerdict::Partly, Some("through the compliant network".to_owned())));
    let scanner = with(policy("Scanner", &["block"]), |p| {
        p["conditions"]["users"] = json!({"includeUsers": [SCANNER]});
        p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": [OFFICE, "AllCompliantNetworks"]});
    });
    let mut tenant = contoso(&[scanner]);
    tenant.named_locations.as_mut().unwrap().push(NamedLocation {
        id: "3d46dbda-8382-466a-856d-eb00cbc6b910".into(),
        display_name: "Network".into(),
        place: Place::CompliantNetwork,
    });
    assert_eq!(row(&rows(&tenant, &built_in()), "service-accounts-trusted-places").verdict, DriftVerdict::Met, "the compliant network is no outside");
    let filter = |mode: &str, rule: &str| json!({"deviceFilter": {"mode": mode, "rule": rule}});
    let company = with(policy("CA1 MFA", &["mfa"]), |p| p["conditions"]["devices"] = filter("exclude", "device.deviceOwnership -eq \"Company\""));
    let found = built_in_row(&[company], "mfa-all-users");
    assert_eq!(found.ways[0].place, "on a compliant device");
    let joined = with(policy("CA1 MFA", &["mfa"]), |p| p["conditions"]["devices"] = filter("exclude", "device.trustType -eq \"ServerAD\""));
    assert_eq!(built_in_row(&[joined], "mfa-all-users").ways[0].place, "on a hybrid joined device");
    // However far away the country is.
    let mut tenant = contoso(&[with(policy("CA1 MFA", &["mfa"]), |p| {
        p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": ["bbbbbbbb-0000-0000-0000-000000000003"]})
    })]);
    let islands = Place::Countries { countries: ["BV", "HM", "AQ", "TF", "AA"].map(str::to_owned).to_vec(), include_unknown: false, by_gps: false };
    tenant.named_locations = Some(vec![NamedLocation { id: "bbbbbbbb-0000-0000-0000-000000000003".into(), display_name: "Islands".into(), place: islands }]);
    let found = row(&rows(&tenant, &built_in()), "mfa-all-users");
    assert_eq!((found.verdict, found.ways[0].place.as_str()), (DriftVerdict::Partly, "from a country of \u{201c}Islands\u{201d}"));
    let rule = "device.extensionAttribute1 -eq \"SAW\"";
    let both = [
        with(policy("Elsewhere", &["mfa"]), |p| p["conditions"]["devices"] = filter("exclude", rule)),
        with(policy("There", &["mfa"]), |p| p["conditions"]["devices"] = filter("include", rule)),
    ];
    assert_eq!(built_in_row(&both, "mfa-all-users").verdict, DriftVerdict::Met, "one of the two covers every device");
    assert_eq!(built_in_row(&both[..1], "mfa-all-users").ways[0].place, format!("on a device that matches {rule}"));
    let states = with(policy("CA1 MFA", &["mfa"]), |p| p["conditions"]["devices"] = json!({"includeDevices": ["Compliant"]}));
    assert!(built_in_row(&[states], "mfa-all-users").reason.contains("does not cover this device"));
}

#[test]
fn of_two_exclusions_the_one_that_alone_is_in_the_way_is_told() {
    let azure = |name: &str, users: serde_json::Value| {
        with(policy(name, &["mfa"]), |p| {
            p["conditions"]["users"] = users;
            p["conditions"]["applications"]["includeApplications"] = json!(["797f4846-ba00-4fd7-ba43-dac1f8f63013"]);
        })
    };
    let leaving_out = || json!({"includeUsers": ["All"], "excludeGroups": [BREAK_GLASS, VIP]});
    let everything = with(policy("Everything", &["mfa"]), |p| p["conditions"]["users"] = leaving_out());
    let why = |policies: &[serde_json::Value]| built_in_row(policies, "mfa-all-users").ways[0].why.clone();
    let excluded = "excluded from \u{201c}Everything\u{201d} by the group \u{201c}VIP\u{201d}, and no other policy covers them";
    assert_eq!(why(&[azure("Azure", leaving_out()), everything.clone()]), excluded, "the other is about another application, too");
    assert_eq!(why(&[azure("Azure", json!({"includeUsers": ["All"]})), everything]), excluded, "nearer than a policy for another application");
}

#[test]
fn a_block_elsewhere_does_not_make_mfa_partly_there() {
    let abroad = with(policy("Abroad", &["block"]), |p| p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": [OFFICE]}));
    assert_eq!(built_in_row(&[abroad], "mfa-all-users").verdict, DriftVerdict::Missing);
}

#[test]
fn a_demand_of_mfa_or_a_device_is_no_demand_of_mfa() {
    let either = [policy("Either", &["mfa", "compliantDevice"])];
    assert_eq!(built_in_row(&either, "mfa-all-users").verdict, DriftVerdict::Missing);
    assert_eq!(built_in_row(&either, "managed-device-or-mfa").verdict, DriftVerdict::Met);
}

#[test]
fn flows_risks_platforms_and_actions_are_judged_by_their_own_sign_ins() {
    let risk = |field: &'static str| with(policy(field, &["block"]), move |p| p["conditions"][field] = json!(["high"]));
    let policies = [
        with(policy("Flows", &["block"]), |p| p["conditions"]["authenticationFlows"] = json!({"transferMethods": "deviceCodeFlow,authenticationTransfer"})),
        with(policy("Legacy", &["block"]), |p| p["conditions"]["clientAppTypes"] = json!(["exchangeActiveSync", "other"])),
        with(policy("Platforms", &["block"]), |p| {
            p["conditions"]["platforms"] = json!({"includePlatforms": ["all"], "excludePlatforms": ["android", "iOS", "windows", "macOS", "linux"]})
        }),
        risk("userRiskLevels"),
        risk("signInRiskLevels"),
        with(policy("Register", &["mfa"]), |p| p["conditions"]["applications"] = json!({"includeUserActions": ["urn:user:registersecurityinfo"]})),
        with(policy("Join", &["mfa"]), |p| p["conditions"]["applications"] = json!({"includeUserActions": ["urn:user:registerdevice"]})),
    ];
    let found = rows(&contoso(&policies), &built_in());
    for id in [
        "block-device-code-flow",
        "block-authentication-transfer",
        "block-legacy-authentication",
        "block-unknown-platforms",
        "remediate-high-risk-users",
        "block-high-risk-sign-ins",
        "secure-security-info-registration",
        "mfa-register-devices",
    ] {
        let row = row(&found, id);
        assert_eq!(row.verdict, DriftVerdict::Met, "{row:#?}");
    }
    for id in ["mfa-all-users", "mfa-risky-sign-ins", "managed-device-for-security-info"] {
        let row = row(&found, id);
        assert_eq!(row.verdict, DriftVerdict::Missing, "{row:#?}");
    }
}

#[test]
fn sessions_are_judged_by_the_strictest_limit() {
    let session = |name: &str, controls: serde_json::Value| {
        with(policy(name, &[]), |p| {
            p["grantControls"] = json!(null);
            p["sessionControls"] = controls;
        })
    };
    let policies = [
        session("Often", json!({"signInFrequency": {"isEnabled": true, "value": 4, "type": "hours", "frequencyInterval": "timeBased"}})),
        session("Close", json!({"persistentBrowser": {"isEnabled": true, "mode": "never"}})),
    ];
    let found = rows(&contoso(&policies), &built_in());
    for id in ["sign-in-frequency-admins", "no-persistent-browser-admins", "no-persistent-browser-unmanaged", "sign-in-frequency-unmanaged"] {
        let row = row(&found, id);
        assert_eq!(row.verdict, DriftVerdict::Met, "{row:#?}");
    }
    assert_eq!(
        built_in_row(&[session("Weekly", json!({"signInFrequency": {"isEnabled": true, "value": 7, "type": "days"}}))], "sign-in-frequency-admins").verdict,
        DriftVerdict::Missing
    );
    for (controls, verdict) in [
        (json!({"persistentBrowser": {"isEnabled": true, "mode": "never"}}), DriftVerdict::Met),
        (json!({"persistentBrowser": {"isEnabled": false, "mode": "never"}}), DriftVerdict::Missing),
        (json!({"persistentBrowser": {"isEnabled": true, "mode": "always"}}), DriftVerdict::Missing),
    ] {
        assert_eq!(built_in_row(&[session("Close", controls.clone())], "no-persistent-browser-admins").verdict, verdict, "{controls}");
    }
    let managed = [policy("Devices", &["compliantDevice", "domainJoinedDevice"])];
    assert_eq!(built_in_row(&managed, "no-persistent-browser-unmanaged").verdict, DriftVerdict::Met, "who is kept out needs no limit");
    assert_eq!(built_in_row(&managed, "no-persistent-browser-admins").verdict, DriftVerdict::Missing);
}

#[test]
fn security_defaults_count_where_they_are_on() {
    let mut tenant = contoso(&[]);
    assert_eq!(row(&rows(&tenant, &built_in()), "defaults-or-conditional-access").verdict, DriftVerdict::Missing);
    tenant.security_defaults = Some(true);
    let found = rows(&tenant, &built_in());
    assert_eq!(row(&found, "defaults-or-conditional-access").verdict, DriftVerdict::Met);
    assert_eq!(row(&found, "block-legacy-authentication").verdict, DriftVerdict::Met, "{:#?}", row(&found, "block-legacy-authentication"));
    assert_eq!(row(&found, "mfa-admins").verdict, DriftVerdict::Met, "{:#?}", row(&found, "mfa-admins"));
    assert_eq!(row(&found, "mfa-all-users").verdict, DriftVerdict::Unknown);
}

#[test]
fn without_users_it_is_said_and_the_rest_still_works() {
    let mut tenant = contoso(&[policy("CA1 MFA", &["mfa"])]);
    tenant.users = None;
    let found = rows(&tenant, &built_in());
    assert_eq!(row(&found, "mfa-all-users").reason, "The tenant's users were never read.");
    assert_eq!(row(&found, "no-report-only").verdict, DriftVerdict::Met);
    let legacy = row(&found, "block-legacy-authentication");
    assert_eq!((legacy.verdict, legacy.users), (DriftVerdict::Missing, None), "nobody at all is protected");
    assert!(legacy.reason.ends_with("the tenant's users were never read."), "{}", legacy.reason);
    tenant.policies = Some(vec![
        conditional_access::ConditionalAccessPolicy::from_value(&with(policy("CA1 MFA", &["mfa"]), |p| {
            p["state"] = json!("enabledForReportingButNotEnforced")
        }))
        .unwrap(),
    ]);
    let found = row(&rows(&tenant, &built_in()), "mfa-all-users");
    assert_eq!(found.verdict, DriftVerdict::Missing);
    assert_eq!(found.near_miss.unwrap().path, "state");
}

#[test]
fn a_group_whose_members_were_never_read_leaves_its_control_unknown() {
    let mut tenant = contoso(&[with(policy("CA1 MFA", &["mfa"]), |p| p["conditions"]["users"]["excludeGroups"] = json!([VIP]))]);
    tenant.groups.as_mut().unwrap()[0].members = None;
    let found = row(&rows(&tenant, &built_in()), "mfa-all-users");
    assert_eq!(found.verdict, DriftVerdict::Unknown, "{found:#?}");
    assert!(found.reason.contains("VIP"), "{}", found.reason);
}

#[test]
fn the_order_of_policies_and_people_changes_no_verdict() {
    let policies = [
        policy("CA1 MFA", &["mfa"]),
        with(policy("Legacy", &["block"]), |p| p["conditions"]["clientAppTypes"] = json!(["other"])),
        with(policy("CA3", &["compliantDevice"]), |p| p["conditions"]["users"]["excludeGroups"] = json!([VIP])),
    ];
    let one = verdicts(&rows(&contoso(&policies), &built_in()));
    let mut turned = contoso(&policies.iter().rev().cloned().collect::<Vec<_>>());
    turned.users.as_mut().unwrap().reverse();
    assert_eq!(verdicts(&rows(&turned, &built_in())), one);
    assert!(break_glass().len() + service_accounts().len() == 2 && !ANNA.is_empty());
}

/// Whether the sign-in is let in without MFA; None where it cannot be said.
fn without_mfa(engine: &Engine, request: &serde_json::Value) -> Option<bool> {
    let verdict = engine.evaluate(&Request::from_value(request).unwrap()).verdict;
    match verdict.access {
        Access::Blocked => Some(false),
        Access::CannotSay => None,
        Access::Granted => Some(!verdict.requires.contains(&Requirement::Control(Control::Mfa))),
    }
}

/// MFA for nearly everything: with one thing left out, or none.
fn broad_policy() -> impl Strategy<Value = serde_json::Value> {
    (0_usize..9).prop_map(|left_out| {
        with(policy("Broad", &["mfa"]), |p| match left_out {
            0 => p["conditions"]["users"]["excludeGroups"] = json!([VIP]),
            1 => p["conditions"]["users"]["excludeUsers"] = json!(["GuestsOrExternalUsers"]),
            2 => p["conditions"]["users"] = json!({"includeRoles": [GLOBAL_ADMIN]}),
            3 => p["conditions"]["applications"]["excludeApplications"] = json!(["00000002-0000-0ff1-ce00-000000000000"]),
            4 => p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}),
            5 => p["conditions"]["platforms"] = json!({"includePlatforms": ["windows", "macOS"]}),
            6 => p["conditions"]["devices"] = json!({"deviceFilter": {"mode": "exclude", "rule": "device.isCompliant -eq True"}}),
            7 => p["grantControls"]["builtInControls"] = json!(["mfa", "compliantDevice"]),
            _ => p["conditions"]["users"]["excludeUsers"] = json!([BEN]),
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn who_falls_through_is_whom_evaluating_every_sign_in_one_by_one_finds(mut policies in prop::collection::vec(super::weakening::any_policy(), 0..2), broad in prop::collection::vec(broad_policy(), 1..4)) {
        policies.extend(broad);
        let tenant = contoso(&policies);
        let found = row(&rows(&tenant, &built_in()), "mfa-all-users");
        let engine = Engine::new(tenant);
        let unregistered = json!({"deviceId": null});
        let managed = json!({"deviceId": "d", "isCompliant": true, "trustType": "AzureAD", "deviceOwnership": "Company"});
        let mut falling = Vec::new();
        let mut open = false;
        for user in [ANNA, BEN, CARLA, GUEST] {
            let mut falls = false;
            for application in ["99999999-9999-4999-8999-999999999999", "00000002-0000-0ff1-ce00-000000000000", "797f4846-ba00-4fd7-ba43-dac1f8f63013"] {
                for client in ["browser", "mobileAppsAndDesktopClients"] {
                    for platform in ["windows", "iOS", "linux"] {
                        for address in ["203.0.113.7", "198.51.100.1"] {
                            for device in [&unregistered, &managed] {
                                let request = json!({
                                    "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": user},
                                    "signInContext": {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": [application]},
                                    "signInConditions": {"clientAppType": client, "devicePlatform": platform, "ipAddress": address, "country": "BV", "signInRiskLevel": "none",
                                        "userRiskLevel": "none", "insiderRiskLevel": "none", "servicePrincipalRiskLevel": "none", "authenticationFlow": {"transferMethod": "none"}, "deviceInfo": device}
                                });
                                match without_mfa(&engine, &request) {
                                    Some(fails) => falls |= fails,
                                    None => open = true,
                                }
                            }
                        }
                    }
                }
            }
            if falls {
                falling.push(user.to_owned());
            }
        }
        if found.verdict == DriftVerdict::Unknown {
            prop_assert!(open, "{found:#?}");
        } else if !open {
            prop_assert_eq!(found.users.as_ref().unwrap(), &falling, "{:#?}", found);
        }
    }
}
