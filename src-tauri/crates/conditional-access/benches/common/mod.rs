//! A tenant as large as one likes, made from a seed: what benches measure and what tests compare. The policies are those a
//! grown tenant has: baseline ones for everybody, exceptions by group, one for each of many applications, places and devices.
#![allow(dead_code)]

use conditional_access::ConditionalAccessPolicy;
use conditional_access::tenant::{Group, Member, MemberKind, NamedLocation, Place, RoleAssignment, RoleDefinition, Tenant, User};
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub users: usize,
    pub groups: usize,
    pub policies: usize,
    pub applications: usize,
    pub seed: u64,
}

/// The bar of the product.
pub const BAR: Scale = Scale { users: 100_000, groups: 40, policies: 60, applications: 40, seed: 7 };

/// A small generator of our own, so that a seed means the same tenant with every release of every crate.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, n: usize) -> usize {
        (self.roll() % n.max(1) as u64) as usize
    }
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

pub const ROLES: [&str; 4] = [
    "62e90394-69f5-4237-9190-012177145e10",
    "194ae4cb-b126-40b2-bd5b-6091b380977d",
    "fe930be7-5e62-47db-91af-98c3a49a38b1",
    "4a5d8f65-41da-4de4-8968-e035b65339cf",
];

pub fn user_id(n: usize) -> String {
    format!("00000000-0000-4000-8000-{n:012x}")
}
pub fn group_id(n: usize) -> String {
    format!("00000000-0000-4000-9000-{n:012x}")
}
pub fn application_id(n: usize) -> String {
    format!("00000000-0000-4000-a000-{n:012x}")
}
pub fn location_id(n: usize) -> String {
    format!("00000000-0000-4000-b000-{n:012x}")
}

pub fn tenant(scale: Scale) -> Tenant {
    let mut dice = Dice::new(scale.seed);
    let users = (0..scale.users).map(|n| User {
        id: user_id(n),
        upn: if dice.once_in(20) { format!("u{n}_home.example#EXT#@contoso.example") } else { format!("u{n}@contoso.example") },
        display_name: format!("User {n}"),
        user_type: None,
        account_enabled: Some(true),
        ..User::default()
    });
    let users: Vec<User> = users
        .map(|mut user| {
            user.user_type = Some(if user.upn.contains("#EXT#") { "Guest" } else { "Member" }.to_owned());
            user
        })
        .collect();
    // Groups as organizations have them: a few large departments, many small exceptions; every seventh nests another.
    let groups = (0..scale.groups).map(|n| {
        let size = if n < 4 { scale.users / 5 } else { 2 + scale.users / 2000 };
        let start = dice.below(scale.users);
        let mut members: Vec<Member> = (0..size).map(|k| Member { id: user_id((start + k) % scale.users.max(1)), kind: MemberKind::User }).collect();
        if n % 7 == 6 {
            members.push(Member { id: group_id(dice.below(n)), kind: MemberKind::Group });
        }
        Group { id: group_id(n), display_name: format!("Group {n}"), members: Some(members), members_are_transitive: false }
    });
    let groups: Vec<Group> = groups.collect();
    let roles = ROLES.iter().map(|id| RoleDefinition { id: (*id).to_owned(), template_id: (*id).to_owned(), display_name: format!("Role {}", &id[..4]) });
    let assignments = (0..(scale.users / 500 + 2)).map(|n| RoleAssignment {
        role_id: ROLES[n % ROLES.len()].to_owned(),
        principal_id: if n == 1 { group_id(scale.groups.saturating_sub(1)) } else { user_id(dice.below(scale.users)) },
        directory_scope: if n % 9 == 8 { "/administrativeUnits/1".to_owned() } else { "/".to_owned() },
    });
    let assignments: Vec<RoleAssignment> = assignments.collect();
    let policies = (0..scale.policies).map(|n| ConditionalAccessPolicy::from_value(&policy(n, scale, &mut dice)).expect("a policy"));
    Tenant {
        id: Some("00000000-0000-4000-8000-ffffffffffff".to_owned()),
        policies: Some(policies.collect()),
        users: Some(users),
        groups: Some(groups),
        role_definitions: Some(roles.collect()),
        role_assignments: Some(assignments),
        role_eligibility: Some(Vec::new()),
        named_locations: Some(locations()),
        authentication_strengths: Some(Vec::new()),
        service_principals: Some(Vec::new()),
        security_defaults: Some(false),
    }
}

/// The same tenant at its worst: nobody asks everybody for MFA, and people are strewn over the groups at random, so that
/// hardly two of them are alike.
pub fn scattered(scale: Scale) -> Tenant {
    let mut tenant = tenant(scale);
    let mut dice = Dice::new(scale.seed ^ 0xdead);
    for group in tenant.groups.iter_mut().flatten() {
        group.members = Some((0..scale.users / 15).map(|_| Member { id: user_id(dice.below(scale.users)), kind: MemberKind::User }).collect());
    }
    for policy in tenant.policies.iter_mut().flatten().take(3) {
        policy.state = Some(conditional_access::model::PolicyState::Disabled);
    }
    tenant
}

fn locations() -> Vec<NamedLocation> {
    let addresses = |n: usize, range: &str, trusted| NamedLocation {
        id: location_id(n),
        display_name: format!("Site {n}"),
        place: Place::Addresses { ranges: vec![range.to_owned()], trusted: Some(trusted) },
    };
    let countries = |n: usize, codes: &[&str], include_unknown| NamedLocation {
        id: location_id(n),
        display_name: format!("Countries {n}"),
        place: Place::Countries { countries: codes.iter().map(|code| (*code).to_owned()).collect(), include_unknown, by_gps: false },
    };
    vec![
        addresses(0, "203.0.113.0/24", true),
        addresses(1, "198.51.100.0/25", false),
        addresses(2, "2001:db8::/48", true),
        countries(3, &["DE", "AT"], false),
        countries(4, &["US", "DE"], true),
    ]
}

fn policy(n: usize, scale: Scale, dice: &mut Dice) -> Value {
    let group = |dice: &mut Dice| group_id(dice.below(scale.groups));
    let application = |dice: &mut Dice| application_id(dice.below(scale.applications));
    let state = if n > 3 && dice.once_in(8) {
        "enabledForReportingButNotEnforced"
    } else if n > 3 && dice.once_in(15) {
        "disabled"
    } else {
        "enabled"
    };
    let mut users = json!({"excludeGroups": [group(dice)]});
    match n {
        0 | 1 => users["includeUsers"] = json!(["All"]),
        2 => users["includeGroups"] = json!([group_id(0), group_id(1)]),
        3 => users["includeRoles"] = json!(ROLES),
        _ => match dice.below(7) {
            0 => users["includeUsers"] = json!(["All"]),
            1 => users["includeRoles"] = json!([dice.pick(&ROLES)]),
            2 => {
                users["includeGuestsOrExternalUsers"] = json!({"guestOrExternalUserTypes": "b2bCollaborationGuest,internalGuest",
                "externalTenants": {"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"}})
            }
            3 => users["includeUsers"] = json!([user_id(dice.below(scale.users)), user_id(dice.below(scale.users))]),
            _ => users["includeGroups"] = json!([group(dice), group(dice)]),
        },
    }
    if dice.once_in(3) {
        users["excludeUsers"] = json!([user_id(dice.below(scale.users))]);
    }
    if dice.once_in(5) {
        users["excludeRoles"] = json!([dice.pick(&ROLES)]);
    }
    let mut conditions = json!({"users": users, "clientAppTypes": ["all"]});
    conditions["applications"] = match (n, dice.below(6)) {
        (0..4, _) => json!({"includeApplications": ["All"]}),
        (_, 0) => json!({"includeApplications": ["All"], "excludeApplications": [application(dice), application(dice)]}),
        (_, 1) => json!({"includeApplications": ["Office365"]}),
        (_, 2) if n.is_multiple_of(3) => json!({"includeUserActions": ["urn:user:registersecurityinfo"]}),
        _ => json!({"includeApplications": [application(dice), application(dice), application(dice)]}),
    };
    match (n, dice.below(5)) {
        (1, _) | (4.., 0) => conditions["clientAppTypes"] = json!(["exchangeActiveSync", "other"]),
        (4.., 1) => conditions["clientAppTypes"] = json!(["browser", "mobileAppsAndDesktopClients"]),
        _ => {}
    }
    if n > 2 && dice.once_in(5) {
        let platforms = ["windows", "macOS", "iOS", "android", "linux"];
        conditions["platforms"] = match dice.below(2) {
            0 => json!({"includePlatforms": [dice.pick(&platforms), dice.pick(&platforms)]}),
            _ => json!({"includePlatforms": ["all"], "excludePlatforms": [dice.pick(&platforms)]}),
        };
    }
    if n > 2 && dice.once_in(3) {
        conditions["locations"] = match dice.below(3) {
            0 => json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}),
            1 => json!({"includeLocations": [location_id(dice.below(5)), location_id(dice.below(5))]}),
            _ => json!({"includeLocations": ["All"], "excludeLocations": [location_id(dice.below(5))]}),
        };
    }
    if n > 2 && dice.once_in(6) {
        let rule = *dice.pick(&["device.isCompliant -eq True", "device.trustType -ne \"ServerAD\"", "device.extensionAttribute1 -eq \"SAW\""]);
        conditions["devices"] = json!({"deviceFilter": {"mode": dice.pick(&["include", "exclude"]), "rule": rule}});
    }
    if n > 2 && dice.once_in(9) {
        conditions["signInRiskLevels"] = json!(["high", "medium"]);
    }
    let grant = match (n, dice.below(9)) {
        (0 | 2, _) => json!({"operator": "OR", "builtInControls": ["mfa"]}),
        (1, _) => json!({"operator": "OR", "builtInControls": ["block"]}),
        (3, _) => json!({"operator": "OR", "builtInControls": [], "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}}),
        (_, 0) => json!({"operator": "OR", "builtInControls": ["block"]}),
        (_, 1) => json!({"operator": "OR", "builtInControls": ["compliantDevice"]}),
        (_, 2) => json!({"operator": "OR", "builtInControls": ["mfa", "compliantDevice", "domainJoinedDevice"]}),
        (_, 3) => json!({"operator": "AND", "builtInControls": ["mfa", "compliantDevice"]}),
        (_, 4) => json!({"operator": "OR", "builtInControls": [], "termsOfUse": ["tou-1"]}),
        (_, 5) => json!({"operator": "OR", "builtInControls": ["somethingNew"]}),
        _ => json!({"operator": "OR", "builtInControls": ["mfa"]}),
    };
    json!({"id": format!("00000000-0000-4000-c000-{n:012x}"), "displayName": format!("CA{n:03}"), "state": state, "conditions": conditions, "grantControls": grant})
}
