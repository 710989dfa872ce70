//! What coverage tells apart: devices, places, applications and rows, each only where some policy does, and why somebody falls
//! through where nobody can say what a policy or security defaults ask.

use super::*;

/// Devices are told apart only where some policy does: by a filter, or by a choice of which a managed device is one part.
#[test]
fn devices_are_told_apart_only_where_a_policy_does() {
    let devices = |grant: Value| covered(&contoso(&[with(mfa("CA001"), "/grantControls", grant)])).devices().len();
    let strength = json!({"id": "00000000-0000-0000-0000-000000000004"});
    for (told, grant) in [
        (3, json!({"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]})),
        (3, json!({"operator": "OR", "builtInControls": ["mfa", "domainJoinedDevice"]})),
        (3, json!({"operator": "OR", "builtInControls": ["compliantDevice"], "authenticationStrength": strength})),
        (3, json!({"operator": "OR", "builtInControls": ["compliantDevice"], "termsOfUse": ["t"]})),
        (3, json!({"operator": "OR", "builtInControls": ["compliantDevice"], "customAuthenticationFactors": ["f"]})),
        (1, json!({"operator": "AND", "builtInControls": ["mfa", "compliantDevice"]})),
        (1, json!({"operator": "OR", "builtInControls": ["compliantDevice"]})),
        (1, json!({"operator": "OR", "builtInControls": ["mfa", "approvedApplication"]})),
    ] {
        assert_eq!(devices(grant.clone()), told, "{grant}");
    }
}

#[test]
fn mfa_or_a_hybrid_joined_device_is_mfa_on_every_other_device() {
    let found = covered(&contoso(&[with(mfa("CA001"), "/grantControls", json!({"operator": "OR", "builtInControls": ["mfa", "domainJoinedDevice"]}))]));
    let of = |state| {
        let device = found.devices().iter().position(|device| *device == state).unwrap();
        found.drill(0, 0).iter().find(|row| row.clients.contains(&Client::Browser) && row.devices.contains(&device)).unwrap().protection
    };
    assert_eq!([DeviceState::Unmanaged, DeviceState::Compliant, DeviceState::HybridJoined].map(of), [Protection::Mfa, Protection::Mfa, Protection::Device]);
}

#[test]
fn a_filter_on_one_device_says_nothing_of_any_other() {
    let filter = json!({"deviceFilter": {"mode": "exclude", "rule": "device.deviceId -eq \"aaaaaaaa-0000-4000-8000-00000000d00d\""}});
    let found = covered(&contoso(&[with(mfa("CA001"), "/conditions/devices", filter)]));
    assert_eq!((found.cell(0, 0).unwrap().least, found.devices().len()), (Protection::Mfa, 3));
}

#[test]
fn a_control_that_nobody_knows_blocks_no_legacy_client_for_sure() {
    let found = covered(&contoso(&[with(mfa("CA001"), "/grantControls", json!({"operator": "OR", "builtInControls": ["somethingNew"]}))]));
    assert_eq!(found.cell(0, 0).unwrap().legacy, Some(Protection::Unknown));
}

#[test]
fn a_strength_that_nobody_knows_is_unknown_and_the_policy_is_named() {
    let grant = json!({"operator": "OR", "authenticationStrength": {"id": "aaaaaaaa-0000-4000-8000-0000000000aa"}});
    let found = covered(&contoso(&[with(mfa("CA001"), "/grantControls", grant.clone())]));
    assert_eq!(the_gap(&found).protection, Protection::Unknown);
    assert_eq!(the_gap(&found).why, "nobody can say whether CA001 applies or what it demands, no other policy covers them");
    let both = json!({"operator": "AND", "builtInControls": ["compliantDevice"], "authenticationStrength": grant["authenticationStrength"]});
    assert_eq!(
        covered(&contoso(&[with(mfa("CA001"), "/grantControls", both)])).cell(0, 0).unwrap().least,
        Protection::Unknown,
        "with the device it may be MFA"
    );
}

#[test]
fn what_security_defaults_do_is_told_of_the_gaps_that_are_theirs() {
    let terms = with(mfa("CA001"), "/grantControls", json!({"operator": "OR", "termsOfUse": ["t"]}));
    let mut tenant = contoso(std::slice::from_ref(&terms));
    assert_eq!((the_gap(&covered(&tenant)).protection, the_gap(&covered(&tenant)).why.as_str()), (Protection::Other, "no policy demands MFA here"));
    tenant.policies = Some(Vec::new());
    tenant.security_defaults = None;
    assert_eq!(the_gap(&covered(&tenant)).why, "nobody read whether security defaults are on, and no policy targets them");
    tenant.security_defaults = Some(true);
    tenant.role_assignments = None;
    let found = covered(&tenant);
    assert_eq!(
        (the_gap(&found).protection, the_gap(&found).why.as_str()),
        (Protection::Unknown, "nobody can say what security defaults ask of them, and no policy targets them")
    );
}

/// "Security defaults in Microsoft Entra ID", Protecting privileged activities: whoever uses Azure's management needs MFA.
#[test]
fn under_security_defaults_azures_management_is_told_from_other_applications() {
    const AZURE: &str = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
    let off = with(with(mfa("CA001"), "/state", json!("disabled")), "/conditions/applications", json!({"includeApplications": [PAYROLL, AZURE]}));
    let mut tenant = contoso(&[off]);
    tenant.security_defaults = Some(true);
    let found = covered(&tenant);
    let least: Vec<_> = found.applications.iter().enumerate().map(|(at, application)| (application.id.as_str(), found.cell(0, at).unwrap().least)).collect();
    assert_eq!(least, [(PAYROLL, Protection::Other), (AZURE, Protection::Mfa), ("*", Protection::Other)]);
}

#[test]
fn a_user_action_is_no_application_even_where_nothing_tells_them_apart() {
    let off = |name: &str, applications: Value| with(with(mfa(name), "/state", json!("disabled")), "/conditions/applications", applications);
    let found = covered(&contoso(&[
        off("CA001", json!({"includeUserActions": ["urn:user:registersecurityinfo"]})),
        off("CA002", json!({"includeApplications": [EXCHANGE]})),
    ]));
    assert_eq!(
        found.applications.iter().map(|application| application.kind).collect::<Vec<_>>(),
        [ApplicationKind::Mentioned, ApplicationKind::AnyOther, ApplicationKind::UserAction]
    );
    assert_eq!([0, 1, 2].map(|at| found.cell(0, at).unwrap().legacy), [Some(Protection::None), Some(Protection::None), None]);
    assert!(found.gaps.iter().all(|gap| !gap.applications.contains(&2)), "{:#?}", found.gaps);
    assert_eq!(modern(&found).iter().map(|gap| gap.applications.as_slice()).collect::<Vec<_>>(), [&[0][..], &[1]]);
}

#[test]
fn what_holds_alike_is_one_row_whatever_tells_it_apart_for_others() {
    // Bob's policy tells Linux apart; for Ann only macOS and places count.
    let office = NamedLocation {
        id: "office".into(),
        display_name: "Office".into(),
        place: Place::Addresses { ranges: vec!["192.0.2.0/24".into()], trusted: Some(false) },
    };
    let outside = with(mfa("Outside"), "/conditions/locations", json!({"includeLocations": ["All"], "excludeLocations": ["office"]}));
    let windows = with(mfa("Macs"), "/conditions/platforms", json!({"includePlatforms": ["macOS"]}));
    let bobs = with(with(mfa("Bob's"), "/conditions/platforms", json!({"includePlatforms": ["linux"]})), "/conditions/users", json!({"includeUsers": ["bob"]}));
    let mut tenant = contoso(&[outside, windows, bobs]);
    tenant.named_locations = Some(vec![office]);
    let found = covered(&tenant);
    let ann = found.per_user().find(|user| user.user == 0).unwrap().class;
    let of = |names: &[usize]| names.iter().map(|at| found.platforms()[*at].name).collect::<Vec<_>>();
    let rows: Vec<_> = found
        .drill(ann, 0)
        .iter()
        .filter(|row| row.clients.contains(&Client::Browser))
        .map(|row| (row.protection, of(&row.platforms), row.locations.len()))
        .collect();
    let others = vec!["windows", "iOS", "android", "linux", "other"];
    assert_eq!(rows, [(Protection::None, others.clone(), 1), (Protection::Mfa, others, 1), (Protection::Mfa, vec!["macOS"], 2)]);
}

#[test]
fn what_is_protected_is_one_row_and_what_is_open_for_two_reasons_is_two() {
    let phones = with(mfa("Phones"), "/conditions/platforms", json!({"includePlatforms": ["iOS"]}));
    let found = covered(&contoso(&[mfa("All"), phones.clone()]));
    assert_eq!(found.drill(0, 0).iter().filter(|row| row.clients.contains(&Client::Browser)).count(), 1, "{:#?}", found.drill(0, 0));
    let open = |policy: Value| with(policy, "/conditions/devices", json!({"deviceFilter": {"mode": "exclude", "rule": "device.isCompliant -sounds True"}}));
    let linux = with(mfa("Linux"), "/conditions/platforms", json!({"includePlatforms": ["linux"]}));
    let found = covered(&contoso(&[open(phones), open(linux)]));
    let mut told: Vec<_> = modern(&found)
        .iter()
        .filter(|gap| gap.protection == Protection::Unknown)
        .map(|gap| (gap.platforms.iter().map(|at| found.platforms()[*at].name).collect::<Vec<_>>(), gap.why.split(',').next().unwrap()))
        .collect();
    told.sort();
    assert_eq!(
        told,
        [(vec!["iOS"], "nobody can say whether Phones applies or what it demands"), (vec!["linux"], "nobody can say whether Linux applies or what it demands")]
    );
}

#[test]
fn only_places_that_policies_mention_are_places_and_an_unknown_country_is_one_where_countries_count() {
    let site = |id: &str, trusted| NamedLocation {
        id: id.into(),
        display_name: id.into(),
        place: Place::Addresses { ranges: vec![if trusted { "192.0.2.0/24" } else { "198.51.100.0/24" }.into()], trusted: Some(trusted) },
    };
    let country = |include_unknown| NamedLocation {
        id: "home".into(),
        display_name: "Home".into(),
        place: Place::Countries { countries: vec!["DE".into()], include_unknown, by_gps: false },
    };
    let places = |leaving_out: &str, known: Vec<NamedLocation>| {
        let mut tenant = contoso(&[with(mfa("CA001"), "/conditions/locations", json!({"includeLocations": ["All"], "excludeLocations": [leaving_out]}))]);
        tenant.named_locations = Some(known);
        covered(&tenant).locations().iter().map(|location| location.name.clone()).collect::<Vec<_>>()
    };
    let sites = || vec![site("Office", true), site("Shop", false)];
    assert_eq!(places("shop", sites()), ["anywhere else", "Shop"]);
    assert_eq!(places("AllTrusted", sites()), ["anywhere else", "Office"]);
    assert_eq!(places("home", vec![country(false)]), ["anywhere else", "Home", "an unknown country"]);
    assert_eq!(places("home", vec![country(true)]), ["anywhere else", "Home", "Home (unknown country)"]);
}

#[test]
fn a_role_is_called_as_the_tenant_calls_it_by_template_or_own_id_and_a_policy_without_a_name_by_its_place() {
    use conditional_access::tenant::RoleDefinition;
    const CUSTOM: &str = "aaaaaaaa-0000-4000-8000-00000000c001";
    let why = |role: &str, definition: RoleDefinition| {
        let id = if definition.template_id.is_empty() { definition.id.clone() } else { definition.template_id.clone() };
        let mut tenant = contoso(&[with(with(mfa("CA001"), "/conditions/users/excludeRoles", json!([role])), "/displayName", json!("  "))]);
        tenant.role_definitions = Some(vec![definition]);
        tenant.role_assignments = Some(vec![RoleAssignment { role_id: id, principal_id: "bob".into(), directory_scope: "/".into() }]);
        the_gap(&covered(&tenant)).why.clone()
    };
    let template = RoleDefinition { id: "of-this-tenant".into(), template_id: GLOBAL_ADMINISTRATOR.into(), display_name: "Globaler Administrator".into() };
    assert_eq!(why(GLOBAL_ADMINISTRATOR, template), "excluded from policy 1 by role Globaler Administrator, no other policy covers them");
    let custom = RoleDefinition { id: CUSTOM.into(), template_id: String::new(), display_name: "Printers".into() };
    assert_eq!(why(CUSTOM, custom), "excluded from policy 1 by role Printers, no other policy covers them");
}

#[test]
fn an_exclusion_that_has_no_word_of_its_own_is_told_as_what_the_policy_says_of_others() {
    let mut tenant = contoso(&[with(mfa("CA001"), "/conditions/users/excludeUsers", json!(["AllAgentIdUsers"]))]);
    tenant.users.as_mut().unwrap()[0].agent = true;
    let found = covered(&tenant);
    assert_eq!(the_gap(&found).why, "excluded from CA001 by what it says of others, no other policy covers them");
}
