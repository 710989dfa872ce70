//! Places, clients, devices and risk: a condition opens a gap only where it leaves an everyday sign-in out.

use super::*;

#[test]
fn trusted_locations_left_out_are_a_gap_there_and_nowhere_else() {
    let places = json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]});
    let mut tenant = contoso(&[with(mfa("CA001"), "/conditions/locations", places)]);
    let site = |id: &str, range: &str, trusted| NamedLocation {
        id: id.into(),
        display_name: id.into(),
        place: Place::Addresses { ranges: vec![range.into()], trusted: Some(trusted) },
    };
    tenant.named_locations = Some(vec![site("Office", "192.0.2.0/24", true), site("Shop", "198.51.100.0/24", false)]);
    let found = covered(&tenant);
    let gap = the_gap(&found);
    let at: Vec<_> = gap.locations.iter().map(|location| found.locations()[*location].name.as_str()).collect();
    assert_eq!((at.as_slice(), gap.why.as_str()), (&["Office"][..], "CA001 does not apply at this location, no other policy covers them"));
    assert_eq!(found.drill(0, 0).len(), 3, "{:#?}", found.drill(0, 0));
}

#[test]
fn a_country_without_a_name_counts_as_the_location_says() {
    let places = json!({"includeLocations": ["All"], "excludeLocations": ["home"]});
    let mut tenant = contoso(&[with(mfa("CA001"), "/conditions/locations", places)]);
    let country = |include_unknown| {
        vec![NamedLocation {
            id: "home".into(),
            display_name: "Home".into(),
            place: Place::Countries { countries: vec!["DE".into()], include_unknown, by_gps: false },
        }]
    };
    let locations = |found: &Coverage| the_gap(found).locations.iter().map(|at| found.locations()[*at].name.clone()).collect::<Vec<_>>();
    tenant.named_locations = Some(country(false));
    assert_eq!(locations(&covered(&tenant)), ["Home"]);
    tenant.named_locations = Some(country(true));
    assert_eq!(locations(&covered(&tenant)), ["Home", "Home (unknown country)"]);
}

#[test]
fn a_platform_left_out_is_a_gap_on_that_platform() {
    let found = covered(&contoso(&[with(mfa("CA001"), "/conditions/platforms", json!({"includePlatforms": ["all"], "excludePlatforms": ["linux"]}))]));
    let gap = the_gap(&found);
    assert_eq!(gap.platforms.iter().map(|at| found.platforms()[*at].name).collect::<Vec<_>>(), ["linux"]);
    assert_eq!(gap.why, "CA001 does not apply on this platform, no other policy covers them");
}

#[test]
fn a_policy_for_modern_clients_leaves_legacy_ones_open_until_something_blocks_them() {
    let only_modern = with(mfa("CA001"), "/conditions/clientAppTypes", json!(["browser", "mobileAppsAndDesktopClients"]));
    let found = covered(&contoso(std::slice::from_ref(&only_modern)));
    assert_eq!(modern(&found), Vec::<&Gap>::new());
    assert_eq!(found.gaps[0].clients, [Client::ExchangeActiveSync, Client::Other]);
    assert_eq!(found.gaps[0].why, "CA001 does not apply to this client, no other policy blocks them");
    let block = with(
        with(mfa("CA002"), "/conditions/clientAppTypes", json!(["exchangeActiveSync", "other"])),
        "/grantControls",
        json!({"operator": "OR", "builtInControls": ["block"]}),
    );
    assert_eq!(covered(&contoso(&[only_modern, block])).gaps, []);
}

#[test]
fn exchange_active_sync_is_only_asked_of_exchange() {
    let apps = json!({"includeApplications": [EXCHANGE, PAYROLL]});
    let only_browsers = with(with(mfa("CA001"), "/conditions/clientAppTypes", json!(["browser"])), "/conditions/applications", apps);
    let found = covered(&contoso(&[only_browsers]));
    for gap in found.gaps.iter().filter(|gap| gap.clients.contains(&Client::ExchangeActiveSync)) {
        assert_eq!(gap.applications.iter().map(|at| found.applications[*at].id.as_str()).collect::<Vec<_>>(), [EXCHANGE]);
    }
    assert!(found.gaps.iter().any(|gap| gap.clients.contains(&Client::ExchangeActiveSync)));
}

#[test]
fn the_strongest_demand_counts_and_a_choice_counts_as_its_weakest() {
    let least = |grant: Value| {
        let found = covered(&contoso(&[with(mfa("CA001"), "/grantControls", grant)]));
        found.cell(0, 0).unwrap().least
    };
    let strength = |id: &str| json!({"operator": "OR", "builtInControls": [], "authenticationStrength": {"id": id}});
    assert_eq!(least(json!({"operator": "OR", "builtInControls": ["block"]})), Protection::Blocked);
    assert_eq!(least(strength("00000000-0000-0000-0000-000000000004")), Protection::PhishingResistantMfa);
    assert_eq!(least(strength("00000000-0000-0000-0000-000000000003")), Protection::Mfa);
    assert_eq!(least(json!({"operator": "AND", "builtInControls": ["mfa", "compliantDevice"]})), Protection::Mfa);
    assert_eq!(least(json!({"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]})), Protection::Device);
    assert_eq!(least(json!({"operator": "OR", "builtInControls": ["compliantDevice"]})), Protection::Device);
    assert_eq!(least(json!({"operator": "OR", "builtInControls": [], "termsOfUse": ["t"]})), Protection::Other);
    assert_eq!(least(json!({"operator": "OR", "builtInControls": ["somethingNew"]})), Protection::Unknown);
}

#[test]
fn mfa_or_a_compliant_device_is_mfa_where_there_is_no_such_device() {
    let found = covered(&contoso(&[with(mfa("CA001"), "/grantControls", json!({"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]}))]));
    assert_eq!(found.gaps, [], "a managed device is protection");
    let of = |state| {
        let device = found.devices().iter().position(|device| *device == state).unwrap();
        found.drill(0, 0).iter().find(|row| row.clients.contains(&Client::Browser) && row.devices.contains(&device)).unwrap().protection
    };
    assert_eq!([DeviceState::Unmanaged, DeviceState::Compliant, DeviceState::HybridJoined].map(of), [Protection::Mfa, Protection::Device, Protection::Mfa]);
}

#[test]
fn a_filter_that_leaves_compliant_devices_out_leaves_them_to_their_compliance() {
    let filter = json!({"deviceFilter": {"mode": "exclude", "rule": "device.isCompliant -eq True"}});
    let found = covered(&contoso(&[with(mfa("CA001"), "/conditions/devices", filter)]));
    assert_eq!(found.cell(0, 0).unwrap().least, Protection::Device);
    assert_eq!(modern(&found), Vec::<&Gap>::new());
}

#[test]
fn risk_policies_protect_nobody_day_to_day() {
    let found = covered(&contoso(&[with(mfa("CA001"), "/conditions/signInRiskLevels", json!(["high"]))]));
    assert_eq!(the_gap(&found).why, "CA001 does not apply without risk, no other policy covers them");
}

/// Coverage is about an ordinary day: no risk of any kind, no device code. That is known, so the answer is "none", not "unknown".
#[test]
fn what_only_concerns_an_unusual_sign_in_protects_nobody_and_leaves_nothing_open() {
    let unusual = [
        ("/conditions/userRiskLevels", json!(["high"])),
        ("/conditions/insiderRiskLevels", json!("elevated")),
        ("/conditions/servicePrincipalRiskLevels", json!(["high"])),
        ("/conditions/agentIdRiskLevels", json!(["high"])),
        ("/conditions/authenticationFlows", json!({"transferMethods": "deviceCodeFlow"})),
    ];
    for (path, value) in unusual {
        let found = covered(&contoso(&[with(mfa("CA001"), path, value)]));
        assert_eq!((the_gap(&found).protection, found.cell(0, 0).unwrap().least), (Protection::None, Protection::None), "{path}");
    }
}

/// "Conditional Access: Filter for devices": every attribute of an unregistered device is null, and a negative operator matches it.
#[test]
fn a_device_filter_sees_an_unmanaged_device_as_one_without_any_attribute() {
    let on = |rule: &str| json!({"deviceFilter": {"mode": "include", "rule": rule}});
    let of = |rule: &str, state| {
        let found = covered(&contoso(&[with(mfa("CA001"), "/conditions/devices", on(rule))]));
        let device = found.devices().iter().position(|device| *device == state).unwrap();
        found.drill(0, 0).iter().find(|row| row.clients.contains(&Client::Browser) && row.devices.contains(&device)).unwrap().protection
    };
    assert_eq!(of("device.deviceOwnership -ne \"Company\"", DeviceState::Unmanaged), Protection::Mfa);
    assert_eq!(of("device.trustType -eq \"ServerAD\"", DeviceState::Unmanaged), Protection::None);
    for (rule, compliant, hybrid) in [
        ("device.trustType -eq \"AzureAD\"", Protection::Mfa, Protection::Device),
        ("device.trustType -eq \"ServerAD\"", Protection::Device, Protection::Mfa),
        ("device.isCompliant -eq True", Protection::Mfa, Protection::Device),
    ] {
        assert_eq!((of(rule, DeviceState::Compliant), of(rule, DeviceState::HybridJoined)), (compliant, hybrid), "{rule}");
    }
}
