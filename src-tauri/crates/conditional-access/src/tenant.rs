//! What is known of one tenant: plain owned facts, read by whoever has them. A list that is `None` was never read, and every
//! answer that would need it is "cannot say". Nothing is judged here, and no word of this depends on Graph's transport.

use serde_json::Value;

use crate::model::users::GuestType;
use crate::model::{AuthenticationStrength, ConditionalAccessPolicy};

/// Ids may come in any letter case; the engine compares them in lower case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tenant {
    pub id: Option<String>,
    pub policies: Option<Vec<ConditionalAccessPolicy>>,
    pub users: Option<Vec<User>>,
    pub groups: Option<Vec<Group>>,
    pub role_definitions: Option<Vec<RoleDefinition>>,
    /// Active ones: assigned, or activated through PIM.
    pub role_assignments: Option<Vec<RoleAssignment>>,
    /// Eligible ones: they count for no policy until activated.
    pub role_eligibility: Option<Vec<RoleAssignment>>,
    pub named_locations: Option<Vec<NamedLocation>>,
    pub authentication_strengths: Option<Vec<AuthenticationStrength>>,
    pub service_principals: Option<Vec<ServicePrincipal>>,
    pub security_defaults: Option<bool>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct User {
    pub id: String,
    pub upn: String,
    pub display_name: String,
    /// `Member`, `Guest`; None: not read.
    pub user_type: Option<String>,
    pub account_enabled: Option<bool>,
    /// Which kind of external user, where somebody knows better than user type and user principal name tell.
    pub external_kind: Option<GuestType>,
    /// The tenant an external user comes from.
    pub home_tenant: Option<String>,
    pub on_premises_sync: Option<bool>,
    /// A user of an AI agent (`#microsoft.graph.agentUser`).
    pub agent: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    pub id: String,
    pub display_name: String,
    /// None: the members were never read.
    pub members: Option<Vec<Member>>,
    /// The members include those of nested groups, so that a nested group whose members were not read leaves nothing open.
    pub members_are_transitive: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: String,
    pub kind: MemberKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberKind {
    User,
    Group,
    ServicePrincipal,
    Device,
    /// Not said: it is taken for a group where a group has that id.
    Other,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct RoleDefinition {
    pub id: String,
    pub template_id: String,
    pub display_name: String,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct RoleAssignment {
    /// A role definition's id or its template id.
    pub role_id: String,
    /// A user, a group or a service principal.
    pub principal_id: String,
    /// `/` is tenant-wide; anything else (an administrative unit, one application) does not count for Conditional Access.
    pub directory_scope: String,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct NamedLocation {
    pub id: String,
    pub display_name: String,
    pub place: Place,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub enum Place {
    Addresses {
        /// CIDR ranges, or two addresses with a hyphen, as sent.
        ranges: Vec<String>,
        trusted: Option<bool>,
    },
    Countries {
        /// ISO 3166 codes of two letters.
        countries: Vec<String>,
        include_unknown: bool,
        /// By the Authenticator app's GPS position instead of the address.
        by_gps: bool,
    },
    /// Global Secure Access's compliant network.
    CompliantNetwork,
    /// A kind that is not known here, by its `@odata.type`; empty where none was said.
    #[default]
    Unknown,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServicePrincipal {
    pub id: String,
    pub app_id: String,
    pub display_name: String,
    /// `Application`, `ManagedIdentity`, `Legacy`, …
    pub kind: Option<String>,
    /// The tenant that owns the application.
    pub owner_tenant: Option<String>,
    pub tags: Vec<String>,
    /// Graph's `customSecurityAttributes` as sent; None: not read.
    pub custom_security_attributes: Option<Value>,
}

impl NamedLocation {
    /// From Graph's `namedLocation`. A kind that is not known is kept as one; nothing is guessed.
    #[must_use]
    pub fn from_value(value: &Value) -> Self {
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let texts = |name: &str| -> Vec<String> {
            value.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        };
        let kind = text("@odata.type");
        let place = if kind.ends_with("countryNamedLocation") || (kind.is_empty() && value.get("countriesAndRegions").is_some()) {
            Place::Countries {
                countries: texts("countriesAndRegions"),
                include_unknown: value.get("includeUnknownCountriesAndRegions").and_then(Value::as_bool).unwrap_or(false),
                by_gps: text("countryLookupMethod").eq_ignore_ascii_case("authenticatorAppGps"),
            }
        } else if kind.ends_with("ipNamedLocation") || (kind.is_empty() && value.get("ipRanges").is_some()) {
            let range = |range: &Value| {
                let part = |name: &str| range.get(name).and_then(Value::as_str);
                match (part("cidrAddress"), part("lowerAddress"), part("upperAddress")) {
                    (Some(cidr), ..) => cidr.to_owned(),
                    (None, Some(lower), Some(upper)) => format!("{lower}-{upper}"),
                    // What is no range stays one that is none, and is said.
                    _ => range.to_string().chars().take(120).collect(),
                }
            };
            Place::Addresses {
                ranges: value.get("ipRanges").and_then(Value::as_array).into_iter().flatten().map(range).collect(),
                trusted: value.get("isTrusted").and_then(Value::as_bool),
            }
        } else if kind.to_ascii_lowercase().contains("compliantnetwork") {
            Place::CompliantNetwork
        } else {
            Place::Unknown
        };
        Self { id: text("id"), display_name: text("displayName"), place }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_named_location_is_what_its_type_says_or_else_what_it_has() {
        let place = |value: Value| NamedLocation::from_value(&value).place;
        let countries = |value: Value| matches!(place(value), Place::Countries { .. });
        let addresses = |value: Value| matches!(place(value), Place::Addresses { .. });
        assert!(countries(json!({"@odata.type": "#microsoft.graph.countryNamedLocation"})) && countries(json!({"countriesAndRegions": ["CH"]})));
        assert!(addresses(json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "countriesAndRegions": ["CH"]})) && addresses(json!({"ipRanges": []})));
        assert_eq!(
            place(json!({"@odata.type": "#microsoft.graph.compliantNetworkNamedLocation", "ipRanges": [], "countriesAndRegions": []})),
            Place::CompliantNetwork
        );
        assert_eq!(place(json!({"@odata.type": "#microsoft.graph.submarineNamedLocation", "ipRanges": []})), Place::Unknown);
        assert_eq!(place(json!({})), Place::Unknown);
    }

    #[test]
    fn ranges_are_kept_as_they_were_sent() {
        let location = NamedLocation::from_value(&json!({"id": "L", "displayName": "Office", "isTrusted": true, "ipRanges": [
            {"cidrAddress": "10.0.0.0/8", "lowerAddress": "1.1.1.1", "upperAddress": "1.1.1.2"}, {"lowerAddress": "10.0.0.1", "upperAddress": "10.0.0.9"}, {"lowerAddress": "10.0.0.1"}, 7,
        ]}));
        let ranges = ["10.0.0.0/8", "10.0.0.1-10.0.0.9", "{\"lowerAddress\":\"10.0.0.1\"}", "7"].map(str::to_owned).to_vec();
        assert_eq!(location, NamedLocation { id: "L".to_owned(), display_name: "Office".to_owned(), place: Place::Addresses { ranges, trusted: Some(true) } });
    }
}
