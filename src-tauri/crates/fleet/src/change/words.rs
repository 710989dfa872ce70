//! A change in words: its title, and what differs field by field. Names come from the tenant.

use conditional_access::Names;
use serde_json::Value;

use super::{Target, content::writable};
use crate::{policies::changes, problem::going_on, views::alerts::FieldChange};

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

pub fn created(policy: &Value) -> String {
    let how = match text(policy, "state") {
        "enabled" => ", turned on",
        "disabled" => ", turned off",
        _ => " in report-only",
    };
    format!("Create policy “{}”{how}", text(policy, "displayName"))
}

/// "Exclude group Break-glass from CA003", "Turn off CA003", "Change Grant controls of CA003".
pub fn changed(before: &Value, after: &Value, names: &dyn Names) -> String {
    let name = text(before, "displayName");
    let differences = conditional_access::difference(&writable(before), &writable(after), names);
    match differences.as_slice() {
        [one] if one.path == "state" => match text(after, "state") {
            "enabled" => format!("Turn on {name}"),
            "disabled" => format!("Turn off {name}"),
            _ => format!("Set {name} to report-only"),
        },
        [one] if one.path == "displayName" => format!("Rename {name} to {}", text(after, "displayName")),
        [one] => one_list(&one.path, before, after, names, name).unwrap_or_else(|| format!("Change {} of {name}", going_on(&one.field))),
        several if several.len() <= 3 => {
            let fields: Vec<String> = several.iter().map(|difference| going_on(&difference.field)).collect();
            format!("Change {} of {name}", fields.join(", "))
        }
        several => format!("Change {} settings of {name}", several.len()),
    }
}

/// One id that came or went in one list of people, groups, roles or applications.
fn one_list(path: &str, before: &Value, after: &Value, names: &dyn Names, policy: &str) -> Option<String> {
    let pointer = format!("/{}", path.replace('.', "/"));
    let ids = |value: &Value| -> Vec<String> {
        value.pointer(&pointer).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_lowercase).collect()
    };
    let (old, new) = (ids(before), ids(after));
    let added: Vec<&String> = new.iter().filter(|id| !old.contains(id)).collect();
    let removed: Vec<&String> = old.iter().filter(|id| !new.contains(id)).collect();
    let list = path.rsplit('.').next()?;
    let called = |id: &str| -> Option<String> {
        let (what, name) = match list {
            "includeUsers" | "excludeUsers" => ("user", names.user(id)),
            "includeGroups" | "excludeGroups" => ("group", names.group(id)),
            "includeRoles" | "excludeRoles" => {
                ("role", names.role(id).or_else(|| conditional_access::names::built_in_role(id).map(|role| role.name.to_owned())))
            }
            "includeApplications" | "excludeApplications" => {
                ("application", names.application(id).or_else(|| conditional_access::names::first_party_application(id).map(ToString::to_string)))
            }
            "includeLocations" | "excludeLocations" => ("location", names.location(id)),
            _ => return None,
        };
        Some(format!("{what} {}", name?))
    };
    let exclude = list.starts_with("exclude");
    match (added.as_slice(), removed.as_slice()) {
        ([one], []) if exclude => Some(format!("Exclude {} from {policy}", called(one)?)),
        ([one], []) => Some(format!("Include {} in {policy}", called(one)?)),
        ([], [one]) if exclude => Some(format!("End the exclusion of {} from {policy}", called(one)?)),
        ([], [one]) => Some(format!("Take {} out of {policy}", called(one)?)),
        _ => None,
    }
}

/// Field by field.
pub fn differences(target: &Target, before: Option<&Value>, after: Option<&Value>, names: &dyn Names) -> Vec<FieldChange> {
    let value = |side: Option<&Value>| side.map_or(Value::Null, writable);
    match target {
        Target::Policy(_) => changes(&value(before), &value(after), names),
        Target::Location(_) => of_location(&value(before), &value(after)),
        Target::Member { user, added, .. } => {
            let person = names.user(user).unwrap_or_else(|| user.clone());
            let (before, after) = if *added { ("not a member", "a member") } else { ("a member", "not a member") };
            vec![FieldChange { field: person, path: "members".to_owned(), before: before.to_owned(), after: after.to_owned(), effect: "unknown".to_owned() }]
        }
    }
}

const LOCATION_FIELDS: [(&str, &str); 6] = [
    ("displayName", "Name"),
    ("isTrusted", "Marked as trusted"),
    ("ipRanges", "IP ranges"),
    ("countriesAndRegions", "Countries"),
    ("includeUnknownCountriesAndRegions", "Unknown countries too"),
    ("countryLookupMethod", "Country found by"),
];

fn of_location(before: &Value, after: &Value) -> Vec<FieldChange> {
    let nothing = |side: &Value, what: &str| if side.is_null() { what.to_owned() } else { "–".to_owned() };
    LOCATION_FIELDS
        .iter()
        .filter(|(field, _)| before.get(field) != after.get(field))
        .map(|(field, title)| FieldChange {
            field: (*title).to_owned(),
            path: (*field).to_owned(),
            before: before.get(field).map_or_else(|| nothing(before, "not there"), plain),
            after: after.get(field).map_or_else(|| nothing(after, "deleted"), plain),
            effect: "unknown".to_owned(),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(members) => members.get("cidrAddress").map_or_else(|| value.to_string(), plain),
        Value::Number(number) => number.to_string(),
    }
}
