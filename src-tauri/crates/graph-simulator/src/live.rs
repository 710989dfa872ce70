//! Things that happen in a tenant, for the *Simulate* menu: each picks a suitable tenant by itself, always the same one in the
//! same state, makes it happen through `TenantHandle`, and says in a sentence what was done.

use crate::audits;
use crate::handle::TenantHandle;
use crate::profile::Licence;
use crate::state::Shared;
use crate::tenant::List;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde_json::{Value, json};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// What can be made to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    EditPolicy,
    WeakenPolicy,
    DropExclusion,
    BreakGlassSignIn,
    BreakGlassMember,
    AssignRole,
    LegacySignIn,
    ThrottleTenant,
    RevokeConsent,
    RestoreConsent,
    AdminLosesMfa,
    ManyCriticals,
}

impl Event {
    pub const ALL: [Event; 12] = [
        Event::EditPolicy,
        Event::WeakenPolicy,
        Event::DropExclusion,
        Event::BreakGlassSignIn,
        Event::BreakGlassMember,
        Event::AssignRole,
        Event::LegacySignIn,
        Event::ThrottleTenant,
        Event::RevokeConsent,
        Event::RestoreConsent,
        Event::AdminLosesMfa,
        Event::ManyCriticals,
    ];

    /// The name that scripts and the window use.
    pub fn name(self) -> &'static str {
        match self {
            Event::EditPolicy => "editPolicy",
            Event::WeakenPolicy => "weakenPolicy",
            Event::DropExclusion => "dropExclusion",
            Event::BreakGlassSignIn => "breakGlassSignIn",
            Event::BreakGlassMember => "breakGlassMember",
            Event::AssignRole => "assignRole",
            Event::LegacySignIn => "legacySignIn",
            Event::ThrottleTenant => "throttleTenant",
            Event::RevokeConsent => "revokeConsent",
            Event::RestoreConsent => "restoreConsent",
            Event::AdminLosesMfa => "adminLosesMfa",
            Event::ManyCriticals => "manyCriticals",
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No event has that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no event \"{0}\"; choose one of editPolicy, weakenPolicy, dropExclusion, breakGlassSignIn, breakGlassMember, assignRole, legacySignIn, throttleTenant, revokeConsent, restoreConsent, adminLosesMfa, manyCriticals"
)]
pub struct UnknownEvent(pub String);

impl FromStr for Event {
    type Err = UnknownEvent;
    fn from_str(name: &str) -> Result<Event, UnknownEvent> {
        Event::ALL.into_iter().find(|event| event.name() == name).ok_or_else(|| UnknownEvent(name.to_owned()))
    }
}

pub(crate) fn run(shared: &Shared, event: Event) -> String {
    let tenants: Vec<TenantHandle<'_>> = shared.order.iter().filter_map(|id| TenantHandle::new(shared, id)).collect();
    let readable = || tenants.iter().filter(|tenant| !tenant.profile().consent_revoked);
    let premium = || readable().filter(|tenant| tenant.profile().licence != Licence::Free);
    let now = shared.now();
    let happened = match event {
        Event::EditPolicy => premium().find_map(|tenant| edit_policy(tenant, now)),
        Event::WeakenPolicy => premium().find_map(weaken_policy),
        Event::DropExclusion => premium().find_map(drop_exclusion),
        Event::BreakGlassSignIn => premium().find_map(|tenant| break_glass_sign_in(tenant, now)),
        Event::BreakGlassMember => readable().find_map(break_glass_member),
        Event::AssignRole => readable().find_map(assign_role),
        Event::LegacySignIn => premium().find_map(|tenant| legacy_sign_in(tenant, now)),
        Event::ThrottleTenant => readable().max_by_key(|tenant| size(tenant)).map(|tenant| {
            tenant.throttle(120);
            format!("{}: Microsoft Graph throttles every request for two minutes.", name(tenant))
        }),
        Event::RevokeConsent => readable().nth(1).or_else(|| readable().next()).map(|tenant| {
            tenant.revoke_consent();
            format!("{}: an administrator removed Gatehouse's consent.", name(tenant))
        }),
        Event::RestoreConsent => tenants.iter().find(|tenant| tenant.profile().consent_revoked).map(|tenant| {
            tenant.restore_consent();
            format!("{}: an administrator gave Gatehouse its consent back.", name(tenant))
        }),
        Event::AdminLosesMfa => premium().find_map(admin_loses_mfa),
        Event::ManyCriticals => Some(many_criticals(&premium().collect::<Vec<_>>(), now)),
    };
    happened.unwrap_or_else(|| "Nothing happened: no served tenant is suitable for that.".to_owned())
}

fn name(tenant: &TenantHandle<'_>) -> String {
    tenant.profile().display_name
}

fn size(tenant: &TenantHandle<'_>) -> usize {
    tenant.read().map_or(0, |tenant| tenant.list(List::Users).len())
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn break_glass_group(tenant: &TenantHandle<'_>) -> Option<(String, String)> {
    audits::break_glass(&*tenant.read()?)
}

/// Somebody with no office in the matter: an enabled member, no emergency account, no holder of a role.
fn an_employee(tenant: &TenantHandle<'_>) -> Option<Value> {
    let mut special: Vec<String> = break_glass_group(tenant).map(|(group, _)| tenant.members(&group)).unwrap_or_default();
    special.extend(tenant.read()?.values(List::RoleAssignments).iter().map(|assignment| text(assignment, "principalId").to_owned()));
    let known = |user: &Value| special.iter().any(|id| id == text(user, "id"));
    let named = |user: &Value| ["adm", "bg-", "svc"].iter().any(|prefix| text(user, "userPrincipalName").to_lowercase().starts_with(prefix));
    let a_person = |user: &Value| !text(user, "givenName").is_empty() && !text(user, "surname").is_empty();
    let licensed = |user: &Value| a_person(user) && user.get("assignedLicenses").and_then(Value::as_array).is_none_or(|licences| !licences.is_empty());
    let enabled = |user: &Value| text(user, "userType") != "Guest" && user.get("accountEnabled").and_then(Value::as_bool) != Some(false);
    let users = tenant.users();
    let mut ordinary = users.iter().filter(|user| enabled(user) && !known(user) && !named(user));
    let licensed = ordinary.clone().find(|user| licensed(user));
    licensed.or_else(|| ordinary.next()).cloned()
}

fn break_glass_accounts(tenant: &TenantHandle<'_>) -> Vec<Value> {
    let Some((group, _)) = break_glass_group(tenant) else { return Vec::new() };
    tenant.members(&group).iter().filter_map(|id| tenant.user(id)).collect()
}

/// A sign-in that succeeded; `changes` are Graph's own fields.
pub(crate) fn sign_in(user: &Value, now: DateTime<Utc>, changes: Value) -> Value {
    let mut sign_in = json!({
        "id": Uuid::new_v4().to_string(),
        "createdDateTime": now.to_rfc3339_opts(SecondsFormat::Millis, true),
        "userDisplayName": text(user, "displayName"),
        "userPrincipalName": text(user, "userPrincipalName"),
        "userId": text(user, "id"),
        "appId": "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
        "appDisplayName": "Azure Portal",
        "ipAddress": "198.51.100.77",
        "clientAppUsed": "Browser",
        "correlationId": Uuid::new_v4().to_string(),
        "conditionalAccessStatus": "notApplied",
        "isInteractive": true,
        "riskDetail": "none", "riskLevelAggregated": "none", "riskLevelDuringSignIn": "none", "riskState": "none",
        "riskEventTypes": [], "riskEventTypes_v2": [],
        "resourceDisplayName": "Windows Azure Service Management API",
        "resourceId": "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "status": {"errorCode": 0, "failureReason": "Other.", "additionalDetails": null},
        "deviceDetail": {"deviceId": "", "displayName": "", "operatingSystem": "Windows10", "browser": "Edge 131.0.0", "isCompliant": false, "isManaged": false, "trustType": ""},
        "location": {"city": "Amsterdam", "state": "Noord-Holland", "countryOrRegion": "NL", "geoCoordinates": {"altitude": null, "latitude": 52.37, "longitude": 4.89}},
        "appliedConditionalAccessPolicies": [],
    });
    if let (Some(sign_in), Some(changes)) = (sign_in.as_object_mut(), changes.as_object()) {
        sign_in.extend(changes.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    sign_in
}

/// An edit that weakens nothing: the policy gets another name.
fn edit_policy(tenant: &TenantHandle<'_>, now: DateTime<Utc>) -> Option<String> {
    let mut policy = tenant.policies().into_iter().find(|policy| text(policy, "state") == "enabled")?;
    let actor = tenant.an_admin();
    let before = text(&policy, "displayName").to_owned();
    let base = before.split(" (edited").next().unwrap_or(&before);
    policy["displayName"] = json!(format!("{base} (edited {})", now.format("%H:%M:%S")));
    tenant.upsert_policy(policy, &actor);
    Some(format!("{}: {} renamed the policy \"{before}\" in the portal.", name(tenant), actor.name()))
}

/// Puts an enforcing policy into report-only.
fn weaken_policy(tenant: &TenantHandle<'_>) -> Option<String> {
    let demands = |policy: &Value| {
        let controls = policy.pointer("/grantControls/builtInControls").and_then(Value::as_array);
        controls.is_some_and(|controls| controls.iter().any(|control| matches!(control.as_str(), Some("mfa" | "block"))))
            || policy.pointer("/grantControls/authenticationStrength/id").is_some()
    };
    let mut policy = tenant.policies().into_iter().find(|policy| text(policy, "state") == "enabled" && demands(policy))?;
    let actor = tenant.an_admin();
    let policy_name = text(&policy, "displayName").to_owned();
    policy["state"] = json!("enabledForReportingButNotEnforced");
    tenant.upsert_policy(policy, &actor);
    Some(format!("{}: {} set the policy \"{policy_name}\" from on to report-only in the portal.", name(tenant), actor.name()))
}

/// Takes the break-glass group out of the exclusions of an enforcing policy for everybody.
fn drop_exclusion(tenant: &TenantHandle<'_>) -> Option<String> {
    const EXCLUDED: &str = "/conditions/users/excludeGroups";
    let (group, group_name) = break_glass_group(tenant)?;
    let excludes = |policy: &Value| policy.pointer(EXCLUDED).and_then(Value::as_array).is_some_and(|groups| groups.iter().any(|id| id == &group));
    let of_all =
        |policy: &Value| policy.pointer("/conditions/users/includeUsers").and_then(Value::as_array).is_some_and(|users| users.iter().any(|id| id == "All"));
    let mut policy = tenant.policies().into_iter().find(|policy| text(policy, "state") == "enabled" && of_all(policy) && excludes(policy))?;
    let actor = tenant.an_admin();
    let policy_name = text(&policy, "displayName").to_owned();
    policy.pointer_mut(EXCLUDED)?.as_array_mut()?.retain(|id| id != &group);
    tenant.upsert_policy(policy, &actor);
    Some(format!("{}: {} took the group \"{group_name}\" out of the exclusions of \"{policy_name}\".", name(tenant), actor.name()))
}

fn break_glass_sign_in(tenant: &TenantHandle<'_>, now: DateTime<Utc>) -> Option<String> {
    let account = break_glass_accounts(tenant).into_iter().next()?;
    tenant.append_sign_in(sign_in(&account, now, json!({})));
    Some(format!("{}: the break-glass account {} signed in to the Azure portal from Amsterdam.", name(tenant), text(&account, "userPrincipalName")))
}

fn break_glass_member(tenant: &TenantHandle<'_>) -> Option<String> {
    let (group, group_name) = break_glass_group(tenant)?;
    let user = an_employee(tenant)?;
    let actor = tenant.an_admin();
    tenant.add_member(&group, text(&user, "id"), &actor).ok()?;
    Some(format!("{}: {} added {} to the group \"{group_name}\".", name(tenant), actor.name(), text(&user, "userPrincipalName")))
}

/// Template ids of "Microsoft Entra built-in roles"; each tenant's definitions carry them.
const ASSIGNABLE: [(&str, &str); 3] = [
    ("e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator"),
    ("194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator"),
    ("29232cdf-9323-42fd-ade2-1d097af3e4de", "Exchange Administrator"),
];

fn assign_role(tenant: &TenantHandle<'_>) -> Option<String> {
    let (role, role_name) = ASSIGNABLE.into_iter().find(|(id, _)| tenant.read().is_some_and(|read| read.list(List::RoleDefinitions).get(id).is_some()))?;
    let user = an_employee(tenant)?;
    let actor = tenant.an_admin();
    tenant.assign_role(role, text(&user, "id"), &actor);
    Some(format!("{}: {} made {} a {role_name}.", name(tenant), actor.name(), text(&user, "userPrincipalName")))
}

fn legacy_sign_in(tenant: &TenantHandle<'_>, now: DateTime<Utc>) -> Option<String> {
    let user = an_employee(tenant)?;
    let changes = json!({
        "clientAppUsed": "IMAP4", "appId": "00000002-0000-0ff1-ce00-000000000000", "appDisplayName": "Office 365 Exchange Online",
        "resourceDisplayName": "Office 365 Exchange Online", "resourceId": "00000002-0000-0ff1-ce00-000000000000", "isInteractive": true,
        "deviceDetail": {"deviceId": "", "displayName": "", "operatingSystem": "", "browser": "", "isCompliant": false, "isManaged": false, "trustType": ""},
    });
    tenant.append_sign_in(sign_in(&user, now, changes));
    Some(format!("{}: {} signed in with IMAP, which cannot do MFA.", name(tenant), text(&user, "userPrincipalName")))
}

fn admin_loses_mfa(tenant: &TenantHandle<'_>) -> Option<String> {
    let protected = |assignment: &Value| {
        let user = tenant.user(text(assignment, "principalId"))?;
        if user.get("accountEnabled").and_then(Value::as_bool) == Some(false) {
            return None;
        }
        let registration = tenant.registration(text(&user, "id"))?;
        (registration.get("isMfaRegistered").and_then(Value::as_bool) == Some(true)).then_some((user, registration))
    };
    let assignments = tenant.read()?.values(List::RoleAssignments);
    let glass: Vec<String> = break_glass_accounts(tenant).iter().map(|user| text(user, "id").to_owned()).collect();
    let found = assignments.iter().filter(|a| !glass.iter().any(|id| id == text(a, "principalId"))).find_map(protected);
    let (user, mut registration) = found?;
    for field in ["isMfaRegistered", "isMfaCapable", "isPasswordlessCapable", "isSsprRegistered", "isSsprCapable"] {
        registration[field] = json!(false);
    }
    registration["methodsRegistered"] = json!([]);
    registration["systemPreferredAuthenticationMethods"] = json!([]);
    tenant.set_registration(registration, Some(&tenant.an_admin()));
    let password = json!({"@odata.type": "#microsoft.graph.passwordAuthenticationMethod", "id": "28c10230-6103-485e-b985-444c60001490", "password": null, "createdDateTime": null});
    tenant.set_methods(text(&user, "id"), vec![password]);
    Some(format!("{}: all MFA methods of the administrator {} were removed.", name(tenant), text(&user, "userPrincipalName")))
}

/// Ten things that are critical each: break-glass sign-ins, changes of break-glass groups, weakened policies.
fn many_criticals(tenants: &[&TenantHandle<'_>], now: DateTime<Utc>) -> String {
    const WANTED: usize = 10;
    let mut done = 0;
    let mut touched: Vec<String> = Vec::new();
    for round in 0..WANTED {
        for tenant in tenants {
            if done == WANTED {
                break;
            }
            let happened = match round {
                0 => {
                    let accounts = break_glass_accounts(tenant);
                    let room = WANTED - done;
                    let at = |n: usize| now - Duration::seconds(i64::try_from(n).unwrap_or(0));
                    accounts.iter().take(room).enumerate().map(|(n, account)| tenant.append_sign_in(sign_in(account, at(n), json!({})))).count()
                }
                1 => usize::from(weaken_policy(tenant).is_some()),
                2 => usize::from(break_glass_member(tenant).is_some()),
                3 => usize::from(admin_loses_mfa(tenant).is_some()),
                _ => usize::from(weaken_policy(tenant).is_some()),
            };
            done += happened;
            if happened > 0 && !touched.contains(&name(tenant)) {
                touched.push(name(tenant));
            }
        }
    }
    format!("{done} critical things happened at once, in {}.", touched.join(", "))
}
