//! What a JSON object of an export is: by its own type, else by what it has, else by the folder it lies in.

use serde_json::{Map, Value};

use crate::words::IdKind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Policy,
    /// Microsoft's "conditionalAccessTemplate": a policy under `details`.
    Template,
    /// Something with an id and a name.
    Named(IdKind),
    MigrationTable,
    Other,
}

pub(super) fn kind(members: &Map<String, Value>, path: &str) -> Kind {
    let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default();
    let has = |name: &str| members.contains_key(name);
    match text("@odata.type").trim_start_matches("#microsoft.graph.") {
        "conditionalAccessPolicy" => return Kind::Policy,
        "conditionalAccessTemplate" => return Kind::Template,
        "group" => return Kind::Named(IdKind::Group),
        "user" => return Kind::Named(IdKind::User),
        "ipNamedLocation" | "countryNamedLocation" | "compliantNetworkNamedLocation" | "namedLocation" => return Kind::Named(IdKind::Location),
        "authenticationStrengthPolicy" => return Kind::Named(IdKind::Strength),
        "servicePrincipal" | "application" => return Kind::Named(IdKind::Application),
        "agreement" => return Kind::Named(IdKind::TermsOfUse),
        "unifiedRoleDefinition" | "directoryRoleTemplate" | "directoryRole" => return Kind::Named(IdKind::Role),
        "authenticationContextClassReference" => return Kind::Named(IdKind::AuthenticationContext),
        _ => {}
    }
    if members.get("Objects").is_some_and(Value::is_array) {
        return Kind::MigrationTable;
    }
    if members.get("details").and_then(|d| d.get("conditions")).is_some_and(Value::is_object) {
        return Kind::Template;
    }
    if members.get("conditions").is_some_and(Value::is_object) && (has("grantControls") || has("sessionControls") || has("state")) {
        return Kind::Policy;
    }
    if has("ipRanges") || has("countriesAndRegions") || has("compliantNetworkType") {
        return Kind::Named(IdKind::Location);
    }
    if has("allowedCombinations") {
        return Kind::Named(IdKind::Strength);
    }
    if has("appId") {
        return Kind::Named(IdKind::Application);
    }
    if has("groupTypes") || has("securityEnabled") || has("mailNickname") {
        return Kind::Named(IdKind::Group);
    }
    if has("userPrincipalName") {
        return Kind::Named(IdKind::User);
    }
    by_folder(path)
}

fn by_folder(path: &str) -> Kind {
    let folder = path.rsplit_once('/').map(|(folders, _)| folders.rsplit('/').next().unwrap_or(folders)).unwrap_or_default();
    match folder.to_ascii_lowercase().replace([' ', '_', '-'], "").as_str() {
        "conditionalaccess" | "conditionalaccesspolicies" => Kind::Policy,
        "groups" => Kind::Named(IdKind::Group),
        "namedlocations" => Kind::Named(IdKind::Location),
        "authenticationstrengths" => Kind::Named(IdKind::Strength),
        "termsofuse" => Kind::Named(IdKind::TermsOfUse),
        "applications" | "serviceprincipals" => Kind::Named(IdKind::Application),
        _ => Kind::Other,
    }
}

/// The kinds of a migration table.
pub(super) fn of_table(kind: &str) -> Option<IdKind> {
    Some(match kind.to_ascii_lowercase().as_str() {
        "group" => IdKind::Group,
        "user" => IdKind::User,
        "namedlocation" | "namedlocations" => IdKind::Location,
        "application" | "enterpriseapplication" | "serviceprincipal" => IdKind::Application,
        "termsofuse" | "agreement" => IdKind::TermsOfUse,
        "authenticationstrength" | "authenticationstrengths" => IdKind::Strength,
        "role" | "directoryrole" => IdKind::Role,
        _ => return None,
    })
}
