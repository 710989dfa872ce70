//! What is wrong with the JSON of a policy or a named location before Graph is asked: every refusal is a sentence with a next step.

use conditional_access::ConditionalAccessPolicy;
use serde_json::{Value, json};

use super::{LOCATION_PARTS, POLICY_PARTS, bad_state, short, text};
use crate::change::content::READ_ONLY;
use crate::{problem::problem, views::Problem};

pub(super) const STATES: [&str; 3] = ["enabled", "disabled", "enabledForReportingButNotEnforced"];

/// A field that Graph alone writes may stand in the text as it is, but not as something else.
pub(super) fn read_only(given: &Value, present: &Value) -> Result<(), Problem> {
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

/// What "Create conditionalAccessPolicy" asks of a policy, said before Graph says it. What was there before is not judged again.
pub(super) fn check_policy(policy: &Value, before: Option<&Value>) -> Result<(), Problem> {
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

pub(super) fn name_fits(target: &Value) -> Result<(), Problem> {
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
pub(super) fn check_location(location: &Value) -> Result<(), Problem> {
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
