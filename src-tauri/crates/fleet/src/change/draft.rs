//! What a draft means: which kind of change it is, what it is about, what the target is and shall be, and what is wrong with it, in
//! sentences. Pure: what it needs to know is given.

use conditional_access::{ConditionalAccessPolicy, Names};
use serde_json::{Value, json};

use super::{
    Target,
    content::{READ_ONLY, merged, same, writable},
    facts::Facts,
    words,
};
use crate::{
    problem::problem,
    views::{
        Problem,
        changes::{ChangeKind, Draft},
    },
};

const STATES: [&str; 3] = ["enabled", "disabled", "enabledForReportingButNotEnforced"];
const POLICY_PARTS: [&str; 6] = ["displayName", "description", "state", "conditions", "grantControls", "sessionControls"];
const LOCATION_PARTS: [&str; 7] =
    ["@odata.type", "displayName", "isTrusted", "ipRanges", "countriesAndRegions", "includeUnknownCountriesAndRegions", "countryLookupMethod"];

/// A draft, understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    pub kind: ChangeKind,
    /// One sentence.
    pub title: String,
    pub target: Target,
    pub target_name: String,
    /// As it is; None: it is not there.
    pub before: Option<Value>,
    /// As it shall be, with what Graph alone writes left as it is; None: it shall not be there.
    pub after: Option<Value>,
}

/// # Errors
/// What is wrong with the draft: `draft.*`, or its target is gone: `change.target_gone`.
pub fn understand(draft: &Draft, facts: &Facts, names: &dyn Names) -> Result<Wanted, Problem> {
    match draft {
        Draft::CreatePolicy { body } => {
            let after = writable(&object(body)?);
            check_policy(&after, None)?;
            let name = text(&after, "displayName");
            Ok(Wanted {
                kind: ChangeKind::Create,
                title: words::created(&after),
                target: Target::Policy(None),
                target_name: name,
                before: None,
                after: Some(after),
            })
        }
        Draft::UpdatePolicy { policy, body } => {
            let before = there(facts, "policy")?;
            let given = object(body)?;
            read_only(&given, &before)?;
            let after = wanted_policy(&given, &before);
            check_policy(&after, Some(&before))?;
            if same(Some(&before), Some(&after)) {
                return Err(nothing());
            }
            changed_policy(policy, before, after, names)
        }
        Draft::PolicyState { policy, state } => {
            let before = there(facts, "policy")?;
            if !STATES.contains(&state.as_str()) {
                return Err(bad_state(state));
            }
            let after = merged(&before, &json!({ "state": state }));
            if same(Some(&before), Some(&after)) {
                return Err(nothing());
            }
            changed_policy(policy, before, after, names)
        }
        Draft::DeletePolicy { policy } => {
            let before = there(facts, "policy")?;
            let name = text(&before, "displayName");
            Ok(Wanted {
                kind: ChangeKind::Delete,
                title: format!("Delete policy “{name}”"),
                target: Target::Policy(Some(id(policy)?)),
                target_name: name,
                before: Some(before),
                after: None,
            })
        }
        Draft::RestorePolicy { policy, version } => restored(policy, *version, facts),
        Draft::CreateLocation { body } => {
            let after = writable(&object(body)?);
            check_location(&after)?;
            let name = text(&after, "displayName");
            let title = format!("Create named location “{name}”");
            Ok(Wanted { kind: ChangeKind::NamedLocation, title, target: Target::Location(None), target_name: name, before: None, after: Some(after) })
        }
        Draft::UpdateLocation { location, body } => {
            let before = there(facts, "named location")?;
            let given = object(body)?;
            read_only(&given, &before)?;
            let mut after = before.clone();
            if let (Some(after), Some(given)) = (after.as_object_mut(), given.as_object()) {
                after.extend(given.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            check_location(&after)?;
            if after.get("@odata.type") != before.get("@odata.type") {
                return Err(problem(
                    "draft.location_kind",
                    "A named location stays what it is, of IP ranges or of countries",
                    "Create another location instead.",
                ));
            }
            if same(Some(&before), Some(&after)) {
                return Err(nothing());
            }
            let name = text(&before, "displayName");
            let title = format!("Change named location “{name}”");
            Ok(Wanted {
                kind: ChangeKind::NamedLocation,
                title,
                target: Target::Location(Some(id(location)?)),
                target_name: name,
                before: Some(before),
                after: Some(after),
            })
        }
        Draft::DeleteLocation { location } => {
            let before = there(facts, "named location")?;
            let name = text(&before, "displayName");
            let title = format!("Delete named location “{name}”");
            Ok(Wanted {
                kind: ChangeKind::NamedLocation,
                title,
                target: Target::Location(Some(id(location)?)),
                target_name: name,
                before: Some(before),
                after: None,
            })
        }
        Draft::AddMember { group, user } => membership(group, user, true, facts),
        Draft::RemoveMember { group, user } => membership(group, user, false, facts),
    }
}

fn changed_policy(policy: &str, before: Value, after: Value, names: &dyn Names) -> Result<Wanted, Problem> {
    Ok(Wanted {
        kind: kind(&before, &after),
        title: words::changed(&before, &after, names),
        target: Target::Policy(Some(id(policy)?)),
        target_name: text(&before, "displayName"),
        before: Some(before),
        after: Some(after),
    })
}

fn restored(policy: &str, version: u32, facts: &Facts) -> Result<Wanted, Problem> {
    let Some(kept) = &facts.version else {
        return Err(problem(
            "draft.no_version",
            format!("Gatehouse keeps no version {version} of this policy that could be restored"),
            "Choose one of the versions on the policy's page.",
        ));
    };
    let after = match &facts.present {
        // What the older version did not have goes away; whose it is stays.
        Some(present) => {
            let mut after = writable(kept);
            if let (Some(after), Some(present)) = (after.as_object_mut(), present.as_object()) {
                after.extend(present.iter().filter(|(name, _)| READ_ONLY.contains(&name.as_str())).map(|(name, value)| (name.clone(), value.clone())));
            }
            after
        }
        None => writable(kept),
    };
    if same(facts.present.as_ref(), Some(&after)) {
        return Err(problem("draft.nothing", format!("The policy is as it was in version {version} already"), "Choose another version."));
    }
    check_policy(&after, facts.present.as_ref().or(Some(kept)))?;
    let name = text(&after, "displayName");
    let title = if facts.present.is_some() {
        format!("Restore {name} to version {version}")
    } else {
        format!("Bring deleted policy “{name}” back as it was in version {version}")
    };
    Ok(Wanted {
        kind: ChangeKind::Restore,
        title,
        target: Target::Policy(Some(id(policy)?)),
        target_name: name,
        before: facts.present.clone(),
        after: Some(after),
    })
}

fn membership(group: &str, user: &str, added: bool, facts: &Facts) -> Result<Wanted, Problem> {
    let target = Target::Member { group: id(group)?, user: id(user)?, added };
    let Some(known) = &facts.group else {
        return Err(problem("change.target_gone", "The tenant has no such group (any more)", "Resync the tenant and choose another group.").with_details(group));
    };
    let Some(person) = &facts.user else {
        return Err(problem("change.target_gone", "The tenant has no such user (any more)", "Resync the tenant and choose another user.").with_details(user));
    };
    if let Some(why) = known.closed {
        return Err(problem(
            "change.group_closed",
            format!("Nobody can add or remove members of {} here: {why}", known.name),
            "Choose a security group with assigned members, or change it where it is managed.",
        ));
    }
    let title = match added {
        true => format!("Add {} to group {}", person.name, known.name),
        false => format!("Remove {} from group {}", person.name, known.name),
    };
    Ok(Wanted { kind: ChangeKind::GroupMembership, title, target, target_name: known.name.clone(), before: None, after: None })
}

/// Which of the product's kinds an update is: by the one part that differs, else several.
fn kind(before: &Value, after: &Value) -> ChangeKind {
    let differences = conditional_access::difference(&writable(before), &writable(after), &conditional_access::NoNames);
    let mut kinds: Vec<ChangeKind> = differences
        .iter()
        .map(|difference| match difference.path.as_str() {
            "state" => ChangeKind::State,
            path if ["conditions.users", "conditions.applications", "conditions.clientApplications"].iter().any(|part| path.starts_with(part)) => {
                ChangeKind::Assignment
            }
            path if path.starts_with("conditions") => ChangeKind::Conditions,
            path if path.starts_with("grantControls") => ChangeKind::Grant,
            path if path.starts_with("sessionControls") => ChangeKind::Session,
            _ => ChangeKind::Update,
        })
        .collect();
    kinds.dedup();
    match kinds.as_slice() {
        [one] => *one,
        _ => ChangeKind::Update,
    }
}

fn there(facts: &Facts, what: &str) -> Result<Value, Problem> {
    facts.present.clone().ok_or_else(|| {
        let name = facts.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
        problem("change.target_gone", format!("The {what}{name} is not in the tenant (any more)"), "Resync the tenant, then choose another one or create it.")
    })
}

fn nothing() -> Problem {
    problem("draft.nothing", "The draft changes nothing: the target is as it asks already", "Change something, or leave it.")
}

fn bad_state(state: &str) -> Problem {
    problem("draft.bad_state", format!("“{state}” is no state of a policy"), "Use enabled, disabled or enabledForReportingButNotEnforced.")
}

fn id(text: &str) -> Result<String, Problem> {
    uuid::Uuid::parse_str(text.trim()).map(|id| id.to_string()).map_err(|_| {
        problem("draft.bad_id", format!("“{}” is no id", short(text)), "Use the object id as the Entra admin center shows it, or choose from the list.")
    })
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// # Errors
/// Not JSON, or no object.
fn object(body: &str) -> Result<Value, Problem> {
    let value: Value = serde_json::from_str(body.trim_start_matches('\u{feff}')).map_err(|error| {
        problem(
            "draft.not_json",
            format!("The JSON cannot be read: line {}, column {}", error.line(), error.column()),
            "Correct it there; quotes, commas and brackets are the usual culprits.",
        )
        .with_details(error)
    })?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(problem("draft.not_object", "The JSON is not an object", "One policy or location is one object in curly brackets, as Graph shows it."))
    }
}

/// A field that Graph alone writes may stand in the text as it is, but not as something else.
fn read_only(given: &Value, present: &Value) -> Result<(), Problem> {
    let lower = |value: &Value| value.as_str().map_or_else(|| value.clone(), |text| json!(text.to_lowercase()));
    // When it was modified moves by itself between the editor's copy and the next read.
    let moved = READ_ONLY
        .iter()
        .filter(|name| **name != "modifiedDateTime")
        .find(|name| given.get(**name).is_some_and(|value| lower(value) != lower(present.get(**name).unwrap_or(&Value::Null))));
    match moved {
        Some(name) => {
            Err(problem("draft.read_only", format!("“{name}” cannot be changed: Microsoft alone writes it"), format!("Leave {name} as it is, or take it out.")))
        }
        None => Ok(()),
    }
}

/// A body that names a policy's whole content is the content; anything less is what changes, as in a PATCH.
fn wanted_policy(given: &Value, before: &Value) -> Value {
    let whole = given.get("displayName").is_some()
        && given.get("state").is_some()
        && given.pointer("/conditions/users").is_some()
        && given.pointer("/conditions/applications").is_some();
    let mut after = if whole { writable(given) } else { merged(before, &writable(given)) };
    if let (Some(after), Some(before)) = (after.as_object_mut(), before.as_object()) {
        after.extend(before.iter().filter(|(name, _)| READ_ONLY.contains(&name.as_str())).map(|(name, value)| (name.clone(), value.clone())));
    }
    after
}

/// What "Create conditionalAccessPolicy" asks of a policy, said before Graph says it. What was there before is not judged again.
fn check_policy(policy: &Value, before: Option<&Value>) -> Result<(), Problem> {
    let members = policy.as_object().into_iter().flat_map(serde_json::Map::keys);
    let strange = members.filter(|name| !name.contains("@odata.")).find(|name| {
        !POLICY_PARTS.contains(&name.as_str())
            && !READ_ONLY.contains(&name.as_str())
            && before.is_none_or(|before| before.get(name.as_str()) != policy.get(name.as_str()))
    });
    if let Some(name) = strange {
        return Err(problem(
            "draft.unknown_field",
            format!("A policy has no field “{}”", short(name)),
            "Check its spelling against Graph's conditionalAccessPolicy.",
        ));
    }
    name_fits(policy)?;
    match policy.get("state").and_then(Value::as_str) {
        Some(state) if STATES.contains(&state) || before.is_some_and(|before| before.get("state") == policy.get("state")) => {}
        Some(state) => return Err(bad_state(state)),
        None => {
            return Err(problem("draft.no_state", "The policy has no state", "Begin with enabledForReportingButNotEnforced: it reports and blocks nobody."));
        }
    }
    let any = |paths: &[&str]| {
        paths
            .iter()
            .any(|path| policy.pointer(path).is_some_and(|value| !matches!(value, Value::Null) && value.as_array().is_none_or(|items| !items.is_empty())))
    };
    let users = ["includeUsers", "includeGroups", "includeRoles", "includeGuestsOrExternalUsers"].map(|name| format!("/conditions/users/{name}"));
    let workloads =
        ["includeServicePrincipals", "includeAgentIdServicePrincipals", "servicePrincipalFilter"].map(|name| format!("/conditions/clientApplications/{name}"));
    let applications = ["includeApplications", "includeUserActions", "includeAuthenticationContextClassReferences", "applicationFilter"]
        .map(|name| format!("/conditions/applications/{name}"));
    let any_of = |paths: &[String]| any(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    if !any_of(&users) && !any_of(&workloads) {
        return Err(problem(
            "draft.no_users",
            "The policy is for nobody: it includes no user, group or role",
            "Include people under conditions.users, such as includeUsers: [\"All\"].",
        ));
    }
    if !any_of(&applications) {
        return Err(problem(
            "draft.no_applications",
            "The policy is for no application",
            "Include applications under conditions.applications, such as includeApplications: [\"All\"].",
        ));
    }
    controls(policy)?;
    ids(policy, before)?;
    let model = ConditionalAccessPolicy::from_value(policy)
        .map_err(|error| problem(error.code(), "The policy cannot be read", error.next_step()).with_details(error))?;
    let known = before.and_then(|before| ConditionalAccessPolicy::from_value(before).ok()).map(|before| before.not_understood()).unwrap_or_default();
    if let Some(strange) = model.not_understood().into_iter().find(|path| !known.contains(path)) {
        return Err(problem(
            "draft.not_understood",
            format!("Gatehouse does not know “{}” and could not say what it does", short(&strange)),
            "Check its spelling, or make this change in the Entra admin center.",
        ));
    }
    Ok(())
}

fn name_fits(target: &Value) -> Result<(), Problem> {
    let name = text(target, "displayName");
    if name.trim().is_empty() {
        return Err(problem("draft.no_name", "It has no name", "Give it a displayName."));
    }
    if name.chars().count() > 256 {
        return Err(problem("draft.long_name", "Its name is longer than 256 letters", "Shorten the displayName."));
    }
    Ok(())
}

/// "conditionalAccessGrantControls resource type" and "Conditional Access: Grant".
fn controls(policy: &Value) -> Result<(), Problem> {
    let grant = policy.get("grantControls").unwrap_or(&Value::Null);
    let built_in: Vec<&str> = grant.get("builtInControls").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let filled = |name: &str| grant.get(name).and_then(Value::as_array).is_some_and(|items| !items.is_empty());
    let strength = grant.get("authenticationStrength").is_some_and(|strength| !strength.is_null());
    let others = filled("termsOfUse") || filled("customAuthenticationFactors") || strength;
    let session = policy.get("sessionControls").and_then(Value::as_object).is_some_and(|controls| controls.values().any(|control| !control.is_null()));
    if built_in.is_empty() && !others && !session {
        return Err(problem(
            "draft.no_controls",
            "The policy demands nothing: it has neither a grant nor a session control",
            "Add a control, such as grantControls.builtInControls: [\"mfa\"].",
        ));
    }
    if (!built_in.is_empty() || others) && grant.get("operator").and_then(Value::as_str).is_none_or(|operator| !matches!(operator, "AND" | "OR")) {
        return Err(problem(
            "draft.no_operator",
            "It is not said whether all of the grant controls are demanded or one of them",
            "Set grantControls.operator to AND or OR.",
        ));
    }
    if built_in.contains(&"block") && (built_in.len() > 1 || others) {
        return Err(problem("draft.block_and_more", "A policy that blocks cannot demand anything else", "Take out the other grant controls, or block."));
    }
    if strength && built_in.contains(&"mfa") {
        return Err(problem("draft.strength_and_mfa", "A policy demands either an authentication strength or MFA, not both", "Take out one of the two."));
    }
    Ok(())
}

/// What stands in a list of people, groups, roles or places is an id, or one of the words that Graph has for it.
fn ids(policy: &Value, before: Option<&Value>) -> Result<(), Problem> {
    const LISTS: [(&str, &[&str]); 6] = [
        ("users/includeUsers", &["All", "None", "GuestsOrExternalUsers"]),
        ("users/excludeUsers", &["GuestsOrExternalUsers", "None"]),
        ("users/includeGroups", &[]),
        ("users/excludeGroups", &[]),
        ("locations/includeLocations", &["All", "AllTrusted"]),
        ("locations/excludeLocations", &["All", "AllTrusted"]),
    ];
    for (path, words) in LISTS {
        let path = format!("/conditions/{path}");
        let Some(items) = policy.pointer(&path).and_then(Value::as_array) else { continue };
        let old = before.and_then(|before| before.pointer(&path)).and_then(Value::as_array);
        let fits = |item: &Value| {
            item.as_str().is_some_and(|text| uuid::Uuid::parse_str(text).is_ok() || words.contains(&text)) || old.is_some_and(|old| old.contains(item))
        };
        if let Some(strange) = items.iter().find(|item| !fits(item)) {
            let name = path.rsplit('/').next().unwrap_or_default();
            return Err(problem(
                "draft.bad_id",
                format!("“{}” in {name} is no id", short(&strange.to_string())),
                "Use object ids as the Entra admin center shows them, not names.",
            ));
        }
    }
    Ok(())
}

/// "Create namedLocation", "ipNamedLocation" and "countryNamedLocation".
fn check_location(location: &Value) -> Result<(), Problem> {
    let members = location.as_object().into_iter().flat_map(serde_json::Map::keys);
    if let Some(name) = members
        .filter(|name| name.as_str() == "@odata.type" || !name.contains("@odata."))
        .find(|name| !LOCATION_PARTS.contains(&name.as_str()) && !READ_ONLY.contains(&name.as_str()))
    {
        return Err(problem(
            "draft.unknown_field",
            format!("A named location has no field “{}”", short(name)),
            "Check its spelling against Graph's namedLocation.",
        ));
    }
    name_fits(location)?;
    match location.get("@odata.type").and_then(Value::as_str) {
        Some("#microsoft.graph.ipNamedLocation") => {
            let ranges: Vec<&str> =
                location.get("ipRanges").and_then(Value::as_array).into_iter().flatten().filter_map(|range| range.get("cidrAddress")?.as_str()).collect();
            if ranges.is_empty() {
                return Err(problem("draft.no_ranges", "The location has no IP range", "Add one under ipRanges, such as 198.51.100.0/24."));
            }
            match ranges.iter().find(|range| !cidr(range)) {
                Some(range) => Err(problem(
                    "draft.bad_range",
                    format!("“{}” is no IP range", short(range)),
                    "Write an address and the length of its prefix, from 8 up: 198.51.100.0/24 or 2001:db8::/32.",
                )),
                None => Ok(()),
            }
        }
        Some("#microsoft.graph.countryNamedLocation") => {
            let codes: Vec<&str> = location.get("countriesAndRegions").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
            let fits = |code: &&str| code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase());
            if codes.is_empty() || !codes.iter().all(fits) {
                return Err(problem(
                    "draft.bad_country",
                    "The location needs countries as two capital letters each",
                    "Use the codes of ISO 3166, such as NL or DE.",
                ));
            }
            Ok(())
        }
        _ => Err(problem(
            "draft.location_kind",
            "It is not said whether the location is of IP ranges or of countries",
            "Set @odata.type to #microsoft.graph.ipNamedLocation or #microsoft.graph.countryNamedLocation.",
        )),
    }
}

fn cidr(range: &str) -> bool {
    let Some((address, bits)) = range.split_once('/') else { return false };
    match (address.parse::<std::net::IpAddr>(), bits.parse::<u8>()) {
        (Ok(std::net::IpAddr::V4(_)), Ok(bits)) => (8..=32).contains(&bits),
        (Ok(std::net::IpAddr::V6(_)), Ok(bits)) => (8..=128).contains(&bits),
        _ => false,
    }
}

fn text(value: &Value, field: &str) -> String {
    value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}
