//! A second reading of Microsoft's documents, slow and plain: no numbers for ids, nothing prepared, one sentence after the other.
//! The engine is held to it over random tenants, policies and sign-ins. `None` is "nobody can say".

use conditional_access::evaluate::Access;
use conditional_access::tenant::{MemberKind, Tenant};
use serde_json::Value;

use super::world::*;

type Maybe = Option<bool>;

fn all(parts: impl IntoIterator<Item = Maybe>) -> Maybe {
    let parts: Vec<Maybe> = parts.into_iter().collect();
    if parts.contains(&Some(false)) {
        Some(false)
    } else if parts.contains(&None) {
        None
    } else {
        Some(true)
    }
}

fn any(parts: impl IntoIterator<Item = Maybe>) -> Maybe {
    not(all(parts.into_iter().map(not)))
}

fn not(part: Maybe) -> Maybe {
    part.map(|is| !is)
}

fn words<'a>(of: &'a Value, pointer: &str) -> Vec<&'a str> {
    of.pointer(pointer).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn word<'a>(of: &'a Value, pointer: &str) -> Option<&'a str> {
    of.pointer(pointer).and_then(Value::as_str)
}

/// "Policy is applied to nested users and groups."
fn in_group(tenant: &Tenant, group: &str, who: &str, seen: &mut Vec<String>) -> Maybe {
    let Some(groups) = &tenant.groups else { return None };
    if seen.contains(&group.to_owned()) {
        return Some(false);
    }
    seen.push(group.to_owned());
    let Some(found) = groups.iter().find(|known| known.id == group) else { return Some(false) };
    let Some(members) = &found.members else { return None };
    any(members.iter().map(|member| match member.kind {
        MemberKind::Group if !groups.iter().any(|known| known.id == member.id) => None,
        MemberKind::Group => in_group(tenant, &member.id, who, seen),
        _ => Some(member.id == who),
    }))
}

/// Active and for the whole tenant, by the template's id, also through a group.
fn holds_role(tenant: &Tenant, role: &str, who: &str) -> Maybe {
    let Some(assignments) = &tenant.role_assignments else { return None };
    let template = |id: &str| tenant.role_definitions.iter().flatten().find(|known| known.id == id).map_or(id.to_owned(), |known| known.template_id.clone());
    any(assignments
        .iter()
        .filter(|assignment| assignment.directory_scope == "/" && template(&assignment.role_id) == role)
        .map(|assignment| any([Some(assignment.principal_id == who), in_group(tenant, &assignment.principal_id, who, &mut Vec::new())])))
}

/// The kinds of guest as Graph writes them, and the tenant they come from.
fn guest_kind(who: &str) -> Option<(&'static str, Option<&'static str>)> {
    match who {
        GUEST => Some(("b2bCollaborationGuest", Some(PARTNER))),
        LOCAL_GUEST => Some(("internalGuest", Some(TENANT))),
        EXTERNAL_MEMBER => Some(("b2bCollaborationMember", None)),
        _ => None,
    }
}

fn guests(selected: &Value, who: &str) -> Maybe {
    let Some(types) = word(selected, "/guestOrExternalUserTypes") else { return Some(false) };
    let kinds: Vec<&str> = types.split(',').collect();
    let unknown = kinds.contains(&"newKind");
    let Some((kind, home)) = guest_kind(who) else { return Some(false) };
    let is = if kinds.contains(&kind) {
        Some(true)
    } else if unknown {
        None
    } else {
        Some(false)
    };
    let tenants = match word(selected, "/externalTenants/membershipKind") {
        // No document says whether a local guest belongs to an organization.
        Some("enumerated") if kind == "internalGuest" => None,
        Some("enumerated") => home.map(|home| words(selected, "/externalTenants/members").contains(&home)),
        _ => Some(true),
    };
    all([is, tenants])
}

fn people(tenant: &Tenant, users: &Value, side: &str, who: &str) -> Maybe {
    let list = |kind: &str| words(users, &format!("/{side}{kind}"));
    let named = list("Users").into_iter().map(|id| match id {
        "All" => Some(true),
        "None" => Some(false),
        "GuestsOrExternalUsers" => Some(guest_kind(who).is_some()),
        id => Some(id == who),
    });
    let groups = list("Groups").into_iter().map(|group| in_group(tenant, group, who, &mut Vec::new()));
    let roles = list("Roles").into_iter().map(|role| holds_role(tenant, role, who));
    let guest = users.get(format!("{side}GuestsOrExternalUsers")).map(|selected| guests(selected, who));
    any(named.chain(groups).chain(roles).chain(guest))
}

fn workload(tenant: &Tenant, clients: &Value, side: &str, who: &str) -> Maybe {
    let principal = tenant.service_principals.iter().flatten().find(|principal| principal.id == who)?;
    let kind = principal.kind.as_deref();
    let ours = kind != Some("ManagedIdentity") && principal.owner_tenant.as_deref() == Some(TENANT);
    let agent = kind == Some("ServiceIdentity");
    let named = words(clients, &format!("/{side}ServicePrincipals")).into_iter().map(|id| match id {
        "ServicePrincipalsInMyTenant" => Some(ours && !agent),
        // "Third party SaaS and multi-tenanted apps are out of scope. Managed identities aren't covered by policy."
        id => Some(id == who && ours),
    });
    let agents = words(clients, &format!("/{side}AgentIdServicePrincipals")).into_iter().map(|id| Some(id == "All" && agent));
    any(named.chain(agents))
}

fn who(tenant: &Tenant, policy: &Value, request: &Value) -> Maybe {
    let conditions = &policy["conditions"];
    if let Some(id) = word(request, "/signInIdentity/servicePrincipalId") {
        let clients = conditions.get("clientApplications").filter(|clients| !clients.is_null());
        let Some(clients) = clients else { return Some(false) };
        return all([workload(tenant, clients, "include", id), not(workload(tenant, clients, "exclude", id))]);
    }
    let id = word(request, "/signInIdentity/userId").unwrap();
    all([people(tenant, &conditions["users"], "include", id), not(people(tenant, &conditions["users"], "exclude", id))])
}

fn application(wanted: &str, asked: &str) -> bool {
    match wanted {
        "All" => true,
        "None" => false,
        "Office365" => [EXCHANGE, SHAREPOINT].contains(&asked),
        "MicrosoftAdminPortals" => asked == AZURE_PORTAL,
        // "Windows Azure Service Management API" stands for the portal too.
        AZURE => [AZURE, AZURE_PORTAL].contains(&asked),
        id => id == asked,
    }
}

fn what(policy: &Value, request: &Value) -> Maybe {
    let applications = &policy["conditions"]["applications"];
    let (include, exclude) = (words(applications, "/includeApplications"), words(applications, "/excludeApplications"));
    let everything = include.contains(&"All");
    if let Some(action) = word(request, "/signInContext/userAction") {
        let wanted = if action == "registerSecurityInformation" { "urn:user:registersecurityinfo" } else { "urn:user:registerdevice" };
        return Some(everything || words(applications, "/includeUserActions").contains(&wanted));
    }
    if let Some(context) = word(request, "/signInContext/authenticationContextValue") {
        return Some(everything || words(applications, "/includeAuthenticationContextClassReferences").contains(&context));
    }
    let covers = |asked: &&str| include.iter().any(|wanted| application(wanted, asked)) && !exclude.iter().any(|wanted| application(wanted, asked));
    Some(words(request, "/signInContext/includeApplications").iter().any(covers))
}

/// Where somebody includes and excludes from a list of words that the sign-in either is or is not.
fn selection(include: &[&str], exclude: &[&str], is: impl Fn(&str) -> Maybe) -> Maybe {
    if include.is_empty() && exclude.is_empty() {
        return Some(true);
    }
    let included = if include.is_empty() { None } else { any(include.iter().map(|word| is(word))) };
    all([included, not(any(exclude.iter().map(|word| is(word))))])
}

fn client(policy: &Value, request: &Value) -> Maybe {
    let wanted = words(policy, "/conditions/clientAppTypes");
    let is = word(request, "/signInConditions/clientAppType");
    let platform = word(request, "/signInConditions/devicePlatform");
    selection(&wanted, &[], |word| match word {
        "all" => Some(true),
        "somethingNew" => None,
        "easSupported" if is == Some("exchangeActiveSync") => platform.map(|platform| ["android", "iOS", "windows"].contains(&platform)),
        word => is.map(|is| word == is),
    })
}

fn place(request: &Value, wanted: &str) -> Maybe {
    let address = word(request, "/signInConditions/ipAddress");
    let country = word(request, "/signInConditions/country");
    let office = |address: &str| address.starts_with("203.0.113.") || address.starts_with("2001:db8:1:");
    match wanted {
        "All" => Some(true),
        "AllTrusted" | OFFICE => address.map(office),
        BRANCH => address.map(|address| ["203.0.113.200", "198.51.100.7"].contains(&address)),
        HOME_COUNTRIES => country.map(|country| ["CH", "LI"].contains(&country)),
        WITH_UNKNOWN => country.map(|country| ["CH", "unknown"].contains(&country)),
        // Half of it is no range: it may be anywhere else too.
        BROKEN => {
            if address.is_some_and(|address| address.starts_with("192.0.2.")) {
                Some(true)
            } else {
                None
            }
        }
        _ => None,
    }
}

fn risk(policy: &Value, list: &str, request: &Value, field: &str) -> Maybe {
    let wanted = words(policy, &format!("/conditions/{list}"));
    let level = word(request, &format!("/signInConditions/{field}"));
    selection(&wanted, &[], |word| match level {
        None => None,
        Some(level) if level == word => Some(true),
        Some("hidden") => None,
        Some(_) if word == "extreme" => None,
        Some(_) => Some(false),
    })
}

fn flow(policy: &Value, request: &Value) -> Maybe {
    let Some(wanted) = word(policy, "/conditions/authenticationFlows/transferMethods") else { return Some(true) };
    word(request, "/signInConditions/authenticationFlow/transferMethod").map(|method| wanted.split(',').any(|known| known == method))
}

/// The rules that the random policies have, each read by hand.
pub const RULES: [&str; 5] = [
    "device.isCompliant -ne True",
    "device.trustType -eq \"ServerAD\"",
    "device.trustType -in [\"ServerAD\",\"Workplace\"] -and device.isCompliant -eq True",
    "device.operatingSystem -startsWith \"Win\" -or device.isCompliant -eq True",
    "device.nonsense",
];

fn rule(rule: &str, device: &Value) -> Maybe {
    let unregistered = device.get("deviceId").is_some_and(Value::is_null);
    // "If using negative operators … unregistered devices match": every attribute of theirs is null.
    let fact = |field: &str, is: &dyn Fn(&Value) -> bool| if unregistered { Some(is(&Value::Null)) } else { device.get(field).map(is) };
    let compliant = fact("isCompliant", &|value| value == true);
    match RULES.iter().position(|known| *known == rule) {
        Some(0) => not(compliant),
        Some(1) => fact("trustType", &|value| value == "ServerAD"),
        Some(2) => all([fact("trustType", &|value| value == "ServerAD" || value == "Workplace"), compliant]),
        Some(3) => any([fact("operatingSystem", &|value| value.as_str().is_some_and(|name| name.starts_with("Win"))), compliant]),
        _ => None,
    }
}

fn device(policy: &Value, request: &Value) -> Maybe {
    let filter = &policy["conditions"]["devices"]["deviceFilter"];
    let Some(text) = word(filter, "/rule") else { return Some(true) };
    let device = request.pointer("/signInConditions/deviceInfo").cloned().unwrap_or_else(|| serde_json::json!({}));
    let fits = rule(text, &device);
    if filter["mode"] == "include" { fits } else { not(fits) }
}

/// Whether the policy applies.
pub fn applies(tenant: &Tenant, policy: &Value, request: &Value) -> Maybe {
    let conditions = &policy["conditions"];
    let on = match policy["state"].as_str().unwrap() {
        "enabled" | "enabledForReportingButNotEnforced" => Some(true),
        "disabled" => Some(false),
        _ => None,
    };
    let platforms = &conditions["platforms"];
    let platform = |wanted: &str| if wanted == "all" { Some(true) } else { word(request, "/signInConditions/devicePlatform").map(|is| is == wanted) };
    let locations = &conditions["locations"];
    all([
        on,
        who(tenant, policy, request),
        what(policy, request),
        client(policy, request),
        selection(&words(platforms, "/includePlatforms"), &words(platforms, "/excludePlatforms"), platform),
        selection(&words(locations, "/includeLocations"), &words(locations, "/excludeLocations"), |wanted| place(request, wanted)),
        risk(policy, "signInRiskLevels", request, "signInRiskLevel"),
        risk(policy, "userRiskLevels", request, "userRiskLevel"),
        risk(policy, "servicePrincipalRiskLevels", request, "servicePrincipalRiskLevel"),
        flow(policy, request),
        device(policy, request),
    ])
}

/// What all enforced policies do together: "block wins", and every requirement of every policy must be met.
pub fn together(policies: &[Value], applying: &[Maybe]) -> (Access, Vec<String>) {
    let mut requires: Vec<String> = Vec::new();
    let (mut blocked, mut open) = (false, false);
    for (policy, applies) in policies
        .iter()
        .zip(applying)
        .filter(|(policy, applies)| policy["state"] != "enabledForReportingButNotEnforced" && policy["state"] != "disabled" && **applies != Some(false))
    {
        let controls = words(policy, "/grantControls/builtInControls");
        if policy["state"] == "enabled" && *applies == Some(true) {
            if controls.contains(&"block") {
                blocked = true;
            } else if controls.contains(&"dnaSample") {
                open = true;
            }
            let mut controls: Vec<&str> = controls.into_iter().filter(|control| *control != "block").collect();
            controls.sort_unstable();
            if policy["grantControls"]["operator"] == "OR" {
                requires.extend((!controls.is_empty()).then(|| controls.join(" or ")));
            } else {
                requires.extend(controls.iter().map(|control| (*control).to_owned()));
            }
        } else {
            open |= !controls.is_empty();
        }
    }
    requires.sort();
    requires.dedup();
    match (blocked, open) {
        (true, _) => (Access::Blocked, Vec::new()),
        (false, true) => (Access::CannotSay, requires),
        (false, false) => (Access::Granted, requires),
    }
}
