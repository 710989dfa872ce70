//! Who is protected by what, who falls through, and why, as a technician would tell it. The documents are named where a rule
//! is Microsoft's.

#[path = "../../benches/common/mod.rs"]
mod common;
mod told_apart;

use conditional_access::coverage::{ApplicationKind, Client, Coverage, DeviceState, Gap, Marks, Profile, Protection, Spot, coverage};
use conditional_access::evaluate::{Control, Outcome, Requirement};
use conditional_access::model::PolicyState;
use conditional_access::strength::{Strength, StrengthLevel};
use conditional_access::tenant::{Group, Member, MemberKind, NamedLocation, Place, RoleAssignment, Tenant, User};
use conditional_access::{ConditionalAccessPolicy, Engine};
use proptest::prelude::*;
use serde_json::{Value, json};

const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";
const PAYROLL: &str = "aaaaaaaa-0000-4000-8000-000000000001";

fn user(name: &str) -> User {
    User {
        id: name.to_lowercase(),
        upn: format!("{}@contoso.example", name.to_lowercase()),
        display_name: name.to_owned(),
        user_type: Some("Member".to_owned()),
        account_enabled: Some(true),
        ..User::default()
    }
}
fn group(name: &str, members: &[&str]) -> Group {
    let members = members.iter().map(|id| Member { id: (*id).to_owned(), kind: MemberKind::User }).collect();
    Group { id: format!("g-{}", name.to_lowercase()), display_name: name.to_owned(), members: Some(members), members_are_transitive: false }
}
/// Ann, Bob and Cas; everything was read, nothing is special.
fn contoso(policies: &[Value]) -> Tenant {
    Tenant {
        policies: Some(policies.iter().map(|policy| ConditionalAccessPolicy::from_value(policy).unwrap()).collect()),
        users: Some(vec![user("Ann"), user("Bob"), user("Cas")]),
        groups: Some(vec![group("VIP", &["cas"])]),
        role_definitions: Some(Vec::new()),
        role_assignments: Some(Vec::new()),
        role_eligibility: Some(Vec::new()),
        named_locations: Some(Vec::new()),
        authentication_strengths: Some(Vec::new()),
        service_principals: Some(Vec::new()),
        security_defaults: Some(false),
        ..Tenant::default()
    }
}
/// MFA for everybody and everything.
fn mfa(name: &str) -> Value {
    json!({
        "id": name, "displayName": name, "state": "enabled",
        "conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]}, "clientAppTypes": ["all"]},
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}
    })
}
fn with(mut policy: Value, path: &str, value: Value) -> Value {
    *policy
        .pointer_mut(&path[..path.rfind('/').unwrap()])
        .unwrap_or_else(|| panic!("{path}"))
        .as_object_mut()
        .unwrap()
        .entry(&path[path.rfind('/').unwrap() + 1..])
        .or_insert(Value::Null) = value;
    policy
}
fn covered(tenant: &Tenant) -> Coverage {
    coverage(&Engine::new(tenant.clone()), &Marks::default())
}
fn modern(found: &Coverage) -> Vec<&Gap> {
    found.gaps.iter().filter(|gap| gap.clients.iter().any(|client| !client.is_legacy())).collect()
}
fn names(tenant: &Tenant, found: &Coverage, gap: &Gap) -> Vec<String> {
    let users = tenant.users.as_ref().unwrap();
    found.people_of_gap(gap).map(|user| users[user].display_name.clone()).collect()
}
/// The one gap of modern clients.
fn the_gap(found: &Coverage) -> &Gap {
    let gaps = modern(found);
    assert_eq!(gaps.len(), 1, "{gaps:#?}");
    gaps[0]
}

#[test]
fn mfa_for_everybody_leaves_no_gap_and_blocks_legacy_clients_too() {
    let found = covered(&contoso(&[mfa("CA001")]));
    assert_eq!(found.gaps, []);
    assert_eq!(found.classes.len(), 1);
    let cell = found.cell(0, 0).unwrap();
    assert_eq!((cell.least, cell.legacy), (Protection::Mfa, Some(Protection::Blocked)), "\"Conditional Access: Conditions\", Client apps");
    assert_eq!(found.profiles()[0].protected, 3);
}

#[test]
fn whoever_a_group_excludes_is_named_with_policy_and_group() {
    let tenant = contoso(&[with(mfa("CA003"), "/conditions/users/excludeGroups", json!(["g-vip"]))]);
    let found = covered(&tenant);
    let gap = the_gap(&found);
    assert_eq!(gap.why, "excluded from CA003 by group VIP, no other policy covers them");
    assert_eq!((gap.protection, gap.people, gap.all_applications), (Protection::None, Some(1), true));
    assert_eq!(names(&tenant, &found, gap), ["Cas"]);
    assert_eq!(gap.policies, [0]);
    assert!(found.gaps.iter().any(|gap| gap.clients == [Client::Other] || gap.clients.contains(&Client::Other)), "{:#?}", found.gaps);
    let cas = found.per_user().find(|user| user.user == 2).unwrap();
    assert_eq!((cas.least, cas.legacy, cas.why), (Protection::None, Some(Protection::None), gap.why.as_str()));
    assert_eq!(found.per_user().next().unwrap().least, Protection::Mfa);
}

#[test]
fn exclusion_by_name_role_and_guest_kind_is_told_apart() {
    let mut tenant = contoso(&[with(
        with(mfa("CA003"), "/conditions/users/excludeUsers", json!(["ANN", "GuestsOrExternalUsers"])),
        "/conditions/users/excludeRoles",
        json!([GLOBAL_ADMINISTRATOR]),
    )]);
    tenant.role_assignments = Some(vec![RoleAssignment { role_id: GLOBAL_ADMINISTRATOR.into(), principal_id: "bob".into(), directory_scope: "/".into() }]);
    let guest = &mut tenant.users.as_mut().unwrap()[2];
    guest.user_type = Some("Guest".into());
    guest.upn = "cas_home.example#EXT#@contoso.example".into();
    let found = covered(&tenant);
    let mut told: Vec<_> = modern(&found).iter().map(|gap| (gap.profile, gap.why.clone())).collect();
    told.sort();
    assert_eq!(
        told,
        [
            (Profile::Admin, "excluded from CA003 by role Global Administrator, no other policy covers them".to_owned()),
            (Profile::Member, "excluded from CA003 by name, no other policy covers them".to_owned()),
            (Profile::Guest, "excluded from CA003 by being a guest, no other policy covers them".to_owned()),
        ]
    );
}

#[test]
fn a_report_only_policy_protects_nobody_and_the_reason_names_it() {
    let tenant = contoso(&[with(mfa("CA001"), "/state", json!("enabledForReportingButNotEnforced"))]);
    let found = covered(&tenant);
    assert_eq!(the_gap(&found).why, "CA001 is report-only, no policy that is on targets them");
    assert_eq!(the_gap(&found).people, Some(3));
}

#[test]
fn a_disabled_policy_protects_nobody() {
    let found = covered(&contoso(&[with(mfa("CA001"), "/state", json!("disabled"))]));
    assert_eq!((the_gap(&found).protection, the_gap(&found).why.as_str()), (Protection::None, "no policy demands MFA here"));
}

#[test]
fn whom_no_policy_targets_falls_through() {
    let tenant = contoso(&[with(mfa("CA001"), "/conditions/users", json!({"includeGroups": ["g-vip"]}))]);
    let found = covered(&tenant);
    assert_eq!(the_gap(&found).why, "no policy targets them");
    assert_eq!(names(&tenant, &found, the_gap(&found)), ["Ann", "Bob"]);
}

#[test]
fn a_policy_for_one_application_leaves_every_other_open() {
    let found = covered(&contoso(&[with(mfa("CA001"), "/conditions/applications", json!({"includeApplications": [PAYROLL]}))]));
    let ids: Vec<_> = found.applications.iter().map(|application| (application.id.as_str(), application.kind)).collect();
    assert_eq!(ids, [(PAYROLL, ApplicationKind::Mentioned), ("*", ApplicationKind::AnyOther)]);
    let gap = the_gap(&found);
    assert_eq!((gap.applications.as_slice(), gap.all_applications), (&[1][..], false));
    assert_eq!(gap.why, "CA001 does not cover the application, no other policy covers them");
}

#[test]
fn an_excluded_application_is_a_gap_of_its_own() {
    let found = covered(&contoso(&[with(mfa("CA001"), "/conditions/applications/excludeApplications", json!([PAYROLL]))]));
    assert_eq!(the_gap(&found).applications, [0]);
    assert_eq!(found.cell(0, 1).unwrap().least, Protection::Mfa);
}

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

#[test]
fn states_profiles_and_protections_have_the_names_that_scripts_read() {
    let names = [DeviceState::Unmanaged, DeviceState::Compliant, DeviceState::HybridJoined].map(DeviceState::as_text);
    assert_eq!(names, ["unmanaged", "compliant", "hybridJoined"]);
    let profiles = [Profile::Admin, Profile::Member, Profile::Guest, Profile::ServiceAccount, Profile::BreakGlass].map(Profile::as_text);
    assert_eq!(profiles, ["admins", "members", "guests", "serviceAccounts", "breakGlass"]);
    let protections =
        [Protection::None, Protection::Unknown, Protection::Other, Protection::Device, Protection::Mfa, Protection::PhishingResistantMfa, Protection::Blocked]
            .map(Protection::as_text);
    assert_eq!(protections, ["none", "unknown", "other", "device", "mfa", "phishingResistantMfa", "blocked"]);
}

#[test]
fn what_nobody_can_say_is_unknown_and_never_counts_as_protected() {
    let tenant = contoso(&[with(mfa("CA001"), "/conditions/weather", json!("sunny"))]);
    let found = covered(&tenant);
    assert_eq!((the_gap(&found).protection, found.cell(0, 0).unwrap().least), (Protection::Unknown, Protection::Unknown));
    assert!(the_gap(&found).why.starts_with("nobody can say whether CA001 applies"), "{}", the_gap(&found).why);
    assert_eq!((found.profiles()[0].protected, found.profiles()[0].unknown), (0, 3));
    // What is sure beside it is enough.
    let mut both = tenant;
    both.policies.as_mut().unwrap().push(ConditionalAccessPolicy::from_value(&mfa("CA002")).unwrap());
    assert_eq!(covered(&both).gaps, []);
}

#[test]
fn groups_that_were_never_read_leave_their_members_unknown() {
    let mut tenant = contoso(&[with(mfa("CA003"), "/conditions/users/excludeGroups", json!(["g-vip"]))]);
    tenant.groups = None;
    let found = covered(&tenant);
    assert_eq!((the_gap(&found).protection, the_gap(&found).people), (Protection::Unknown, Some(3)));
    assert!(found.remarks.iter().any(|remark| remark.starts_with("groups were never read")));
}

#[test]
fn without_users_the_rest_still_works_and_says_so() {
    let mut tenant = contoso(&[with(mfa("CA001"), "/state", json!("enabledForReportingButNotEnforced"))]);
    tenant.users = None;
    let found = covered(&tenant);
    assert_eq!((the_gap(&found).people, found.classes[0].people), (None, None));
    assert!(found.remarks.iter().any(|remark| remark.starts_with("users were never read")));
}

#[test]
fn without_policies_everything_is_unknown() {
    let mut tenant = contoso(&[]);
    tenant.policies = None;
    let found = covered(&tenant);
    assert_eq!((the_gap(&found).protection, the_gap(&found).why.as_str()), (Protection::Unknown, "the policies were never read"));
}

#[test]
fn security_defaults_block_legacy_clients_and_ask_administrators_always() {
    let mut tenant = contoso(&[]);
    tenant.security_defaults = Some(true);
    tenant.role_assignments = Some(vec![RoleAssignment { role_id: GLOBAL_ADMINISTRATOR.into(), principal_id: "bob".into(), directory_scope: "/".into() }]);
    let found = covered(&tenant);
    let of = |profile| found.classes.iter().position(|class| class.profile == profile).map(|class| found.least_of_class(class)).unwrap();
    assert_eq!(of(Profile::Admin), (Protection::Mfa, Some(Protection::Blocked)));
    assert_eq!(of(Profile::Member), (Protection::Other, Some(Protection::Blocked)));
    assert_eq!(the_gap(&found).why, "security defaults ask for MFA only when Microsoft finds it necessary");
}

#[test]
fn people_are_sorted_as_a_technician_thinks_of_them() {
    let mut tenant = contoso(&[mfa("CA001")]);
    tenant.users.as_mut().unwrap().extend([user("Dan"), user("Eve"), user("Fay")]);
    tenant.users.as_mut().unwrap()[5].account_enabled = Some(false);
    tenant.groups = Some(vec![group("Admins", &["dan"])]);
    tenant.role_eligibility = Some(vec![RoleAssignment { role_id: GLOBAL_ADMINISTRATOR.into(), principal_id: "g-admins".into(), directory_scope: "/".into() }]);
    let marks = Marks { service_accounts: vec!["BOB".into()], break_glass: vec!["cas".into()], privileged_roles: Vec::new() };
    let found = coverage(&Engine::new(tenant), &marks);
    let mut profiles: Vec<_> = found.per_user().map(|user| (user.user, user.profile)).collect();
    profiles.sort_unstable();
    assert_eq!(profiles, [(0, Profile::Member), (1, Profile::ServiceAccount), (2, Profile::BreakGlass), (3, Profile::Admin), (4, Profile::Member)]);
    assert_eq!(found.blocked_accounts, 1);
    assert_eq!(found.profiles().iter().map(|summary| summary.people).sum::<usize>(), 5);
    assert_eq!(found.profile_cells(Profile::Admin), vec![Protection::Mfa; found.applications.len()]);
}

#[test]
fn registering_security_information_is_shown_where_some_policy_guards_it() {
    let action = json!({"includeUserActions": ["urn:user:registersecurityinfo"]});
    let found = covered(&contoso(&[mfa("CA001"), with(mfa("CA002"), "/conditions/applications", action)]));
    assert_eq!(found.applications.last().unwrap().kind, ApplicationKind::UserAction);
    let cell = found.cell(0, found.applications.len() - 1).unwrap();
    assert_eq!((cell.least, cell.legacy), (Protection::Mfa, None));
}

#[test]
fn policies_that_miss_somebody_for_one_reason_are_named_together() {
    let vip = |name: &str| with(mfa(name), "/conditions/users/excludeGroups", json!(["g-vip"]));
    let tenant = contoso(&[vip("CA1"), vip("CA2"), with(mfa("CA3"), "/conditions/users/excludeUsers", json!(["cas"])), vip("CA4")]);
    let found = covered(&tenant);
    assert_eq!(the_gap(&found).why, "excluded from CA1, CA2 and 1 more by group VIP, excluded from CA3 by name, no other policy covers them");
    let browsers = |name: &str| with(mfa(name), "/conditions/clientAppTypes", json!(["mobileAppsAndDesktopClients"]));
    let found = covered(&contoso(&[browsers("CA1"), browsers("CA2"), with(mfa("CA3"), "/conditions/userRiskLevels", json!(["high"]))]));
    let gap = modern(&found).into_iter().find(|gap| gap.clients.contains(&Client::Browser)).unwrap();
    assert_eq!(gap.why, "CA1 and CA2 do not apply to this client, CA3 does not apply without risk, no other policy covers them");
}

#[test]
fn somebody_of_another_directory_is_a_guest_even_as_a_member() {
    let mut tenant = contoso(&[mfa("CA001")]);
    let people = tenant.users.as_mut().unwrap();
    people[1].upn = "bob_home.example#EXT#@contoso.example".into();
    people[2].user_type = Some("Guest".into());
    let found = covered(&tenant);
    let mut profiles: Vec<_> = found.per_user().map(|user| (user.user, user.profile)).collect();
    profiles.sort_unstable();
    assert_eq!(profiles, [(0, Profile::Member), (1, Profile::Guest), (2, Profile::Guest)]);
}

#[test]
fn a_class_is_called_by_what_its_people_have_in_common() {
    let mut tenant = contoso(&[with(
        with(mfa("CA1"), "/conditions/users/excludeGroups", json!(["g-vip", "g-board", "g-golf"])),
        "/conditions/users/excludeRoles",
        json!([GLOBAL_ADMINISTRATOR]),
    )]);
    tenant.users.as_mut().unwrap().extend([user("Dan"), user("Eve")]);
    tenant.groups = Some(vec![group("VIP", &["cas", "dan", "ann"]), group("Board", &["dan", "ann"]), group("Golf", &["dan"])]);
    tenant.role_assignments = Some(vec![RoleAssignment { role_id: GLOBAL_ADMINISTRATOR.into(), principal_id: "ann".into(), directory_scope: "/".into() }]);
    tenant.role_definitions = None;
    let found = covered(&tenant);
    let called = |name: &str| {
        let at = tenant.users.as_ref().unwrap().iter().position(|user| user.display_name == name).unwrap();
        found.per_user().find(|user| user.user == at).map(|user| found.classes[user.class].name.clone()).unwrap()
    };
    assert_eq!(called("Ann"), "Admins with the role Global Administrator in VIP and Board");
    assert_eq!((called("Bob"), called("Eve")), ("Members".to_owned(), "Members".to_owned()));
    assert_eq!(called("Cas"), "Members in VIP");
}

#[test]
fn security_defaults_ask_administrators_always_and_others_when_microsoft_finds_it_necessary() {
    let mut tenant = contoso(&[]);
    tenant.security_defaults = Some(true);
    tenant.role_assignments = Some(vec![RoleAssignment { role_id: GLOBAL_ADMINISTRATOR.into(), principal_id: "ann".into(), directory_scope: "/".into() }]);
    let found = coverage(&Engine::new(tenant), &Marks { privileged_roles: vec!["99999999-0000-0000-0000-000000000001".to_owned()], ..Marks::default() });
    let mut told: Vec<_> = found.per_user().map(|user| (user.user, user.profile, user.least, user.legacy)).collect();
    told.sort_unstable();
    let blocked = Some(Protection::Blocked);
    assert_eq!(
        told,
        [(0, Profile::Member, Protection::Mfa, blocked), (1, Profile::Member, Protection::Other, blocked), (2, Profile::Member, Protection::Other, blocked)],
        "though no policy and no profile tells them apart"
    );
    assert!(found.gaps.iter().any(|gap| gap.why == "security defaults ask for MFA only when Microsoft finds it necessary"), "{:#?}", found.gaps);
}

#[test]
fn each_profile_has_its_own_figures_and_a_row_can_be_asked_of_the_engine() {
    let mut tenant = contoso(&[with(mfa("CA003"), "/conditions/users/excludeGroups", json!(["g-vip"]))]);
    tenant.role_assignments = Some(vec![RoleAssignment { role_id: GLOBAL_ADMINISTRATOR.into(), principal_id: "cas".into(), directory_scope: "/".into() }]);
    let engine = Engine::new(tenant);
    let found = coverage(&engine, &Marks::default());
    let told: Vec<_> = found.profiles().iter().map(|of| (of.profile, of.people, of.protected, of.unknown, of.least)).collect();
    assert_eq!(told, [(Profile::Admin, 1, 0, 0, Protection::None), (Profile::Member, 2, 2, 0, Protection::Mfa)]);
    assert!(found.profile_cells(Profile::Admin).iter().all(|least| *least == Protection::None));
    assert!(found.profile_cells(Profile::Member).iter().all(|least| *least == Protection::Mfa));
    assert_eq!(found.profile_cells(Profile::Guest), vec![Protection::Unknown; found.applications.len()], "nobody is one");
    let (class, beyond) = (found.per_user().find(|user| user.user == 2).unwrap().class, found.applications.len());
    assert_eq!(found.cell(class, beyond), None);
    let row = &found.drill(class, 0)[0];
    let request = found.request(&engine, class, 0, row).unwrap();
    assert_eq!(
        request.identity,
        conditional_access::evaluate::Identity::User(conditional_access::evaluate::UserSignIn { user_id: Some("cas".to_owned()), ..Default::default() })
    );
    assert_eq!(engine.evaluate(&request).results[0].outcome, Outcome::DoesNotApply);
    assert!(found.request(&engine, class, beyond, row).is_none());
}

/// What one answer protects with, put together from the outcome of each policy, the slow and plain way.
fn by_answer(engine: &Engine, found: &Coverage, user: usize, application: usize, at: Spot) -> Protection {
    let user = engine.tenant().users.as_ref().map(|users| &users[user]);
    let answer = engine.evaluate(&found.question(user, application, at).unwrap());
    let device = found.devices()[at.device];
    let mut least = if device == DeviceState::Unmanaged { Protection::None } else { Protection::Device };
    let mut sure = Protection::None;
    let mut most = Protection::None;
    for result in &answer.results {
        if result.outcome == Outcome::DoesNotApply || !matches!(result.state, Some(PolicyState::Enabled)) {
            continue;
        }
        let demand = engine.demand(result.policy).unwrap();
        let given = if demand.blocks {
            Protection::Blocked
        } else {
            demand.requires.iter().map(|one| by_requirement(one, at.client, device)).max().unwrap_or(Protection::None)
        };
        most = most.max(if demand.open { Protection::Blocked } else { given });
        if result.outcome == Outcome::Applies {
            sure = sure.max(given);
        }
    }
    if sure < Protection::Mfa && most > sure {
        sure = Protection::Unknown;
    }
    least = least.max(sure);
    least
}

fn by_requirement(requirement: &Requirement, client: Client, device: DeviceState) -> Protection {
    let one = |control: &Control| match control {
        Control::Unknown(_) => Protection::Unknown,
        Control::CompliantDevice | Control::DomainJoinedDevice if client != Client::Other => Protection::Device,
        _ if client.is_legacy() => Protection::Blocked,
        Control::Mfa => Protection::Mfa,
        Control::AuthenticationStrength(id) => match Strength::built_in(id).and_then(|strength| strength.level()) {
            Some(StrengthLevel::PhishingResistant) => Protection::PhishingResistantMfa,
            Some(StrengthLevel::Mfa | StrengthLevel::Passwordless) => Protection::Mfa,
            Some(StrengthLevel::SingleFactor) => Protection::Other,
            None => Protection::Unknown,
        },
        _ => Protection::Other,
    };
    match requirement {
        Requirement::Control(control) => one(control),
        Requirement::AnyOf(controls) => {
            let usable: Vec<_> = controls
                .iter()
                .filter(|control| match control {
                    Control::CompliantDevice => device == DeviceState::Compliant,
                    Control::DomainJoinedDevice => device == DeviceState::HybridJoined,
                    _ => true,
                })
                .collect();
            let all = if usable.is_empty() { controls.iter().collect() } else { usable };
            all.into_iter().map(one).min().unwrap()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// The bars may be met by counting in classes only because nothing is lost by it.
    #[test]
    fn coverage_agrees_with_asking_the_engine_for_every_member_one_by_one(seed in any::<u64>(), policies in 1_usize..14) {
        let tenant = common::tenant(common::Scale { users: 16, groups: 5, policies, applications: 3, seed });
        let engine = Engine::new(tenant);
        let found = coverage(&engine, &Marks::default());
        for person in found.per_user() {
            for (application, of) in found.applications.iter().enumerate() {
                let mut least = Protection::Blocked;
                for row in found.drill(person.class, application) {
                    // Of each row one combination, another one for each member, so that in the end all are asked.
                    let pick = |all: &[usize]| all[(person.user + application) % all.len()];
                    for client in &row.clients {
                        let at = Spot { client: *client, platform: pick(&row.platforms), location: pick(&row.locations), device: pick(&row.devices) };
                        let asked = by_answer(&engine, &found, person.user, application, at);
                        prop_assert_eq!(row.protection, asked, "user {} {:?} {:?}", person.user, of, at);
                        if !client.is_legacy() {
                            least = least.min(asked);
                        }
                    }
                }
                prop_assert_eq!(found.cell(person.class, application).unwrap().least, least);
            }
        }
        // Everybody below MFA, and nobody else, is in some gap of modern clients.
        let mut in_gap: Vec<usize> = modern(&found).into_iter().flat_map(|gap| found.people_of_gap(gap).collect::<Vec<_>>()).collect();
        in_gap.sort_unstable();
        in_gap.dedup();
        let mut below: Vec<usize> = found.per_user().filter(|user| user.least < Protection::Device).map(|user| user.user).collect();
        below.sort_unstable();
        prop_assert_eq!(in_gap, below);
    }

    #[test]
    fn the_order_of_policies_changes_nothing(seed in any::<u64>()) {
        let tenant = common::tenant(common::Scale { users: 20, groups: 5, policies: 10, applications: 3, seed });
        let mut turned = tenant.clone();
        turned.policies.as_mut().unwrap().reverse();
        let each = |tenant: &Tenant| {
            let found = covered(tenant);
            let mut each: Vec<_> = found.per_user().map(|user| (user.user, user.profile, user.least, user.legacy)).collect();
            each.sort_unstable();
            each
        };
        prop_assert_eq!(each(&tenant), each(&turned));
    }

    #[test]
    fn one_more_policy_never_protects_anybody_less(seed in any::<u64>()) {
        let mut tenant = common::tenant(common::Scale { users: 20, groups: 5, policies: 9, applications: 3, seed });
        let taken = tenant.policies.as_mut().unwrap().pop().unwrap();
        // An open policy may turn "none" into "unknown", which ranks above it; so may nothing lower anybody.
        let before: Vec<_> = covered(&tenant).per_user().map(|user| (user.user, user.least)).collect();
        tenant.policies.as_mut().unwrap().push(taken);
        let after: std::collections::HashMap<_, _> = covered(&tenant).per_user().map(|user| (user.user, user.least)).collect();
        for (user, least) in before {
            if least != Protection::Other && least != Protection::Device {
                prop_assert!(after[&user] >= least, "{} had {:?}, has {:?}", user, least, after[&user]);
            }
        }
    }
}
