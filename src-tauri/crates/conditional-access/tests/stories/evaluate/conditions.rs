//! "Conditional Access: Conditions", "Conditional Access: Network assignment", "Conditional Access: Authentication flows".

use conditional_access::evaluate::{Country, Outcome, Request};
use serde_json::{Value, json};

use super::world::*;

fn clients(types: &[&str]) -> Value {
    when(json!({ "clientAppTypes": types }))
}

fn client(kind: &str) -> Value {
    with(json!({ "clientAppType": kind }))
}

#[test]
fn a_policy_applies_to_all_clients_when_the_condition_is_not_configured() {
    for kind in ["browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"] {
        applies(&clients(&["all"]), &client(kind));
        applies(&clients(&[]), &client(kind));
    }
}

#[test]
fn legacy_authentication_is_exchange_active_sync_and_other_clients() {
    let legacy = clients(&["exchangeActiveSync", "other"]);
    applies(&legacy, &client("exchangeActiveSync"));
    applies(&legacy, &client("other"));
    does_not_apply(&legacy, &client("browser"));
    does_not_apply(&legacy, &client("mobileAppsAndDesktopClients"));
    assert_eq!(flags(&legacy, &client("browser")), "clientApps");
}

#[test]
fn active_sync_can_be_narrowed_to_supported_platforms() {
    let supported = clients(&["easSupported"]);
    applies(&supported, &with(json!({"clientAppType": "exchangeActiveSync", "devicePlatform": "iOS"})));
    does_not_apply(&supported, &with(json!({"clientAppType": "exchangeActiveSync", "devicePlatform": "macOS"})));
    cannot_say(&supported, &with(json!({"clientAppType": "exchangeActiveSync", "devicePlatform": null})));
    applies(&clients(&["exchangeActiveSync"]), &client("easSupported"));
}

#[test]
fn device_platforms_are_included_and_excluded() {
    let some = when(json!({"platforms": {"includePlatforms": ["windows", "iOS"]}}));
    applies(&some, &with(json!({"devicePlatform": "windows"})));
    does_not_apply(&some, &with(json!({"devicePlatform": "android"})));
    assert_eq!(flags(&some, &with(json!({"devicePlatform": "android"}))), "devicePlatform");
}

#[test]
fn any_platform_except_the_supported_ones_is_the_way_to_block_unsupported_platforms() {
    let unsupported = when(json!({"platforms": {"includePlatforms": ["all"], "excludePlatforms": ["android", "iOS", "windows", "macOS", "linux"]}}));
    applies(&unsupported, &with(json!({"devicePlatform": "chromeOS"})));
    does_not_apply(&unsupported, &with(json!({"devicePlatform": "linux"})));
    cannot_say(&unsupported, &with(json!({"devicePlatform": null})));
    does_not_apply(&when(json!({"platforms": {"includePlatforms": ["windows"]}})), &with(json!({"devicePlatform": "chromeOS"})));
}

fn places(include: &[&str], exclude: &[&str]) -> Value {
    when(json!({"locations": {"includeLocations": include, "excludeLocations": exclude}}))
}

fn from(address: &str) -> Value {
    with(json!({ "ipAddress": address }))
}

#[test]
fn any_location_is_every_address_on_the_internet() {
    applies(&places(&["All"], &[]), &from("8.8.8.8"));
    applies(&places(&["All"], &[]), &with(json!({"ipAddress": null, "country": null})));
}

#[test]
fn all_locations_except_trusted_ones_is_everything_but_the_corporate_network() {
    let outside = places(&["All"], &["AllTrusted"]);
    does_not_apply(&outside, &from("203.0.113.5"));
    applies(&outside, &from("8.8.8.8"));
    // Marked as a location, not as trusted.
    applies(&outside, &from("198.51.100.7"));
    cannot_say(&outside, &with(json!({"ipAddress": null})));
    assert_eq!(flags(&outside, &from("203.0.113.5")), "location");
}

#[test]
fn a_selected_location_is_where_the_address_lies_in_one_of_its_ranges() {
    applies(&places(&[BRANCH], &[]), &from("198.51.100.7"));
    does_not_apply(&places(&[BRANCH], &[]), &from("198.51.100.8"));
    // Ranges of different locations overlap.
    applies(&places(&[BRANCH], &[]), &from("203.0.113.200"));
    applies(&places(&[OFFICE], &[]), &from("203.0.113.200"));
    does_not_apply(&places(&[OFFICE], &[BRANCH]), &from("203.0.113.200"));
}

#[test]
fn named_locations_hold_ipv6_ranges_too() {
    applies(&places(&[OFFICE], &[]), &from("2001:db8:1::42"));
    applies(&places(&[OFFICE], &[]), &from("2001:0DB8:0001:0000::1"));
    does_not_apply(&places(&[OFFICE], &[]), &from("2001:db8:2::1"));
    applies(&places(&[OFFICE], &[]), &from("::ffff:203.0.113.9"));
}

#[test]
fn a_country_is_a_location_and_unknown_countries_are_included_only_where_it_says_so() {
    applies(&places(&[HOME_COUNTRIES], &[]), &with(json!({"country": "LI"})));
    applies(&places(&[HOME_COUNTRIES], &[]), &with(json!({"country": "ch"})));
    does_not_apply(&places(&[HOME_COUNTRIES], &[]), &with(json!({"country": "US"})));
    cannot_say(&places(&[HOME_COUNTRIES], &[]), &with(json!({"country": null})));
    does_not_apply(&places(&[HOME_COUNTRIES], &[]), &with(json!({"country": "unknown"})));
    applies(&places(&[WITH_UNKNOWN], &[]), &with(json!({"country": "unknown"})));
}

#[test]
fn a_location_by_gps_is_not_judged_by_the_addresses_country() {
    let engine = engine(&[places(&[BY_GPS], &[])]);
    let mut request = Request::from_value(&sign_in(json!({}))).unwrap();
    assert_eq!(engine.evaluate(&request).results[0].outcome, Outcome::Applies, "a what-if states where the user is");
    request.conditions.more.country_is_by_address = true;
    assert_eq!(engine.evaluate(&request).results[0].outcome, Outcome::CannotSay);
    request.conditions.more.gps_country = Country::read("US");
    assert_eq!(engine.evaluate(&request).results[0].outcome, Outcome::DoesNotApply);
}

#[test]
fn the_compliant_network_and_the_mfa_trusted_ips_are_nothing_a_request_can_say() {
    cannot_say(&places(&["All"], &["3d46dbda-8382-466a-856d-eb00cbc6b910"]), &from("8.8.8.8"));
    cannot_say(&places(&["All"], &["00000000-0000-0000-0000-000000000000"]), &from("8.8.8.8"));
    // Whoever names the MFA trusted IPs has them, and all trusted locations hold them.
    cannot_say(&places(&["All"], &["AllTrusted", "00000000-0000-0000-0000-000000000000"]), &from("8.8.8.8"));
    let engine = engine(&[places(&["All"], &["AllCompliantNetworks"])]);
    let mut request = Request::from_value(&sign_in(json!({}))).unwrap();
    request.conditions.more.compliant_network = Some(false);
    assert_eq!(engine.evaluate(&request).results[0].outcome, Outcome::Applies);
}

#[test]
fn what_entra_recorded_of_the_network_goes_before_what_the_address_says() {
    let engine = engine(&[places(&["All"], &["AllTrusted"]), places(&[BRANCH], &[])]);
    let mut request = Request::from_value(&from("8.8.8.8")).unwrap();
    request.conditions.more.trusted_network = Some(true);
    request.conditions.more.network_names = vec!["Branch".to_owned()];
    let answer = engine.evaluate(&request);
    assert_eq!(answer.results[0].outcome, Outcome::DoesNotApply);
    assert_eq!(answer.results[1].outcome, Outcome::Applies);
}

#[test]
fn each_risk_is_its_own_condition_and_every_selected_level_counts() {
    for (policy_field, request_field, flag) in [
        ("signInRiskLevels", "signInRiskLevel", "signInRisk"),
        ("userRiskLevels", "userRiskLevel", "userRisk"),
        ("servicePrincipalRiskLevels", "servicePrincipalRiskLevel", "signInRisk"),
    ] {
        let policy = when(json!({ policy_field: ["high", "medium"] }));
        applies(&policy, &with(json!({ request_field: "high" })));
        applies(&policy, &with(json!({ request_field: "medium" })));
        does_not_apply(&policy, &with(json!({ request_field: "low" })));
        does_not_apply(&policy, &with(json!({ request_field: "none" })));
        cannot_say(&policy, &with(json!({ request_field: null })));
        cannot_say(&policy, &with(json!({ request_field: "hidden" })));
        assert_eq!(flags(&policy, &with(json!({ request_field: "low" }))), flag);
    }
    let none = when(json!({"signInRiskLevels": ["none", "low"]}));
    applies(&none, &with(json!({"signInRiskLevel": "none"})));
}

#[test]
fn insider_risk_is_written_as_flags() {
    let policy = when(json!({"insiderRiskLevels": "moderate,elevated"}));
    applies(&policy, &with(json!({"insiderRiskLevel": "elevated"})));
    applies(&policy, &with(json!({"insiderRiskLevel": "moderate"})));
    does_not_apply(&policy, &with(json!({"insiderRiskLevel": "minor"})));
    does_not_apply(&policy, &with(json!({"insiderRiskLevel": "none"})));
    cannot_say(&policy, &with(json!({"insiderRiskLevel": null})));
    assert_eq!(flags(&policy, &with(json!({"insiderRiskLevel": "minor"}))), "insiderRisk");
}

#[test]
fn authentication_flows_are_targeted_one_by_one() {
    let both = when(json!({"authenticationFlows": {"transferMethods": "deviceCodeFlow,authenticationTransfer"}}));
    let one = when(json!({"authenticationFlows": {"transferMethods": "deviceCodeFlow"}}));
    let flow = |name: Value| with(json!({"authenticationFlow": {"transferMethod": name}}));
    applies(&both, &flow(json!("authenticationTransfer")));
    applies(&one, &flow(json!("deviceCodeFlow")));
    does_not_apply(&one, &flow(json!("authenticationTransfer")));
    does_not_apply(&both, &flow(json!("none")));
    cannot_say(&both, &flow(json!(null)));
    applies(&when(json!({"authenticationFlows": {"transferMethods": "none"}})), &flow(json!("none")));
    assert_eq!(flags(&one, &flow(json!("none"))), "authenticationFlow");
}

#[test]
fn times_are_no_longer_documented_and_leave_the_answer_open() {
    let timed = when(json!({"times": {"includedRanges": [{"startTime": "08:00"}]}}));
    cannot_say(&timed, &sign_in(json!({})));
}
