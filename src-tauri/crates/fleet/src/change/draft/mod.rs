//! What a draft means: which kind of change it is, what it is about, what the target is and shall be, and what is wrong with it, in
//! sentences. Pure: what it needs to know is given.

mod checks;

use conditional_access::Names;
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
use checks::{STATES, check_location, check_policy, read_only};

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

fn text(value: &Value, field: &str) -> String {
    value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}
