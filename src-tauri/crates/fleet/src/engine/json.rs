//! Graph's JSON as the policy engine's facts: one function a resource. What a resource does not say stays unknown; nothing is
//! judged and nothing is read from anywhere here.

use conditional_access::model::AuthenticationStrength;
use conditional_access::model::users::GuestType;
use conditional_access::tenant::{Group, Member, MemberKind, NamedLocation, Place, RoleAssignment, RoleDefinition, ServicePrincipal, User};
use serde_json::Value;

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn optional(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn folded(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase()
}

fn texts(value: &Value, name: &str) -> Vec<String> {
    value.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// `#microsoft.graph.user` is `user`.
pub fn kind(odata_type: &str) -> &str {
    odata_type.trim_start_matches('#').trim_start_matches("microsoft.graph.")
}

pub fn member_kind(kind: &str) -> MemberKind {
    match kind {
        "user" | "agentUser" => MemberKind::User,
        "group" => MemberKind::Group,
        "servicePrincipal" => MemberKind::ServicePrincipal,
        "device" => MemberKind::Device,
        _ => MemberKind::Other,
    }
}

/// `externalKind` and `homeTenantId` are no fields of Graph's user: where a snapshot's author knows better than user type and
/// user principal name tell, they are read.
pub fn user(value: &Value) -> User {
    User {
        id: folded(value, "id"),
        upn: text(value, "userPrincipalName"),
        display_name: text(value, "displayName"),
        user_type: optional(value, "userType"),
        account_enabled: value.get("accountEnabled").and_then(Value::as_bool),
        external_kind: optional(value, "externalUserType").map(|kind| GuestType::from_graph(&kind)),
        home_tenant: optional(value, "homeTenantId").or_else(|| optional(value, "externalTenantId")).map(|id| id.to_ascii_lowercase()),
        on_premises_sync: value.get("onPremisesSyncEnabled").and_then(Value::as_bool),
        agent: value.get("@odata.type").and_then(Value::as_str).is_some_and(|odata| kind(odata) == "agentUser"),
    }
}

pub fn group(value: &Value) -> Group {
    Group {
        id: folded(value, "id"),
        display_name: text(value, "displayName"),
        members: value.get("members").and_then(Value::as_array).map(|members| {
            members
                .iter()
                .map(|member| Member {
                    id: folded(member, "id"),
                    kind: member.get("@odata.type").and_then(Value::as_str).map_or(MemberKind::Other, |odata| member_kind(kind(odata))),
                })
                .collect()
        }),
        members_are_transitive: false,
    }
}

pub fn role_definition(value: &Value) -> RoleDefinition {
    let id = folded(value, "id");
    let template_id = Some(folded(value, "templateId")).filter(|id| !id.is_empty()).unwrap_or_else(|| id.clone());
    RoleDefinition { id, template_id, display_name: text(value, "displayName") }
}

/// None where it names no role or nobody.
pub fn role_assignment(value: &Value) -> Option<RoleAssignment> {
    let assignment = RoleAssignment {
        role_id: folded(value, "roleDefinitionId"),
        principal_id: folded(value, "principalId"),
        // An assignment within one application has no directory scope: it is not tenant-wide.
        directory_scope: optional(value, "directoryScopeId").or_else(|| optional(value, "appScopeId")).unwrap_or_else(|| "/".to_owned()),
    };
    (!assignment.role_id.is_empty() && !assignment.principal_id.is_empty()).then_some(assignment)
}

/// "ipNamedLocation", "countryNamedLocation", "compliantNetworkNamedLocation resource type".
pub fn location(value: &Value) -> NamedLocation {
    let odata = text(value, "@odata.type");
    let has = |name: &str| value.get(name).is_some_and(|member| !member.is_null());
    let place = match kind(&odata) {
        "ipNamedLocation" => addresses(value),
        "countryNamedLocation" => countries(value),
        "compliantNetworkNamedLocation" => Place::CompliantNetwork,
        "" if has("ipRanges") => addresses(value),
        "" if has("countriesAndRegions") => countries(value),
        _ => Place::Unknown,
    };
    NamedLocation { id: folded(value, "id"), display_name: text(value, "displayName"), place }
}

fn addresses(value: &Value) -> Place {
    let ranges = value.get("ipRanges").and_then(Value::as_array).into_iter().flatten().map(|range| {
        let bounds = (range.get("lowerAddress").and_then(Value::as_str), range.get("upperAddress").and_then(Value::as_str));
        match (range.get("cidrAddress").and_then(Value::as_str), bounds, range.as_str()) {
            (Some(cidr), ..) | (None, _, Some(cidr)) => cidr.to_owned(),
            (None, (Some(lower), Some(upper)), _) => format!("{lower}-{upper}"),
            // Kept, so that the engine can say that it is none.
            _ => range.to_string(),
        }
    });
    Place::Addresses { ranges: ranges.collect(), trusted: value.get("isTrusted").and_then(Value::as_bool) }
}

fn countries(value: &Value) -> Place {
    Place::Countries {
        countries: texts(value, "countriesAndRegions"),
        include_unknown: value.get("includeUnknownCountriesAndRegions").and_then(Value::as_bool).unwrap_or(false),
        by_gps: text(value, "countryLookupMethod").eq_ignore_ascii_case("authenticatorAppGps"),
    }
}

pub fn strength(value: &Value) -> Option<AuthenticationStrength> {
    AuthenticationStrength::from_value(value)
}

pub fn service_principal(value: &Value) -> ServicePrincipal {
    ServicePrincipal {
        id: folded(value, "id"),
        app_id: folded(value, "appId"),
        display_name: text(value, "displayName"),
        kind: optional(value, "servicePrincipalType"),
        owner_tenant: optional(value, "appOwnerOrganizationId").map(|id| id.to_ascii_lowercase()),
        tags: texts(value, "tags"),
        custom_security_attributes: value.get("customSecurityAttributes").filter(|attributes| !attributes.is_null()).cloned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use serde_json::json;

    use super::*;

    #[test]
    fn a_location_is_told_by_its_type_or_by_what_it_holds() {
        let office = location(&json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": "AA", "displayName": "Office", "isTrusted": true,
            "ipRanges": [{"cidrAddress": "203.0.113.0/24"}, {"lowerAddress": "198.51.100.1", "upperAddress": "198.51.100.9"}]}));
        assert_eq!(office.id, "aa");
        assert_eq!(office.place, Place::Addresses { ranges: vec!["203.0.113.0/24".into(), "198.51.100.1-198.51.100.9".into()], trusted: Some(true) });
        let exported = location(&json!({"id": "b", "countriesAndRegions": ["NL"], "countryLookupMethod": "authenticatorAppGps"}));
        assert_eq!(exported.place, Place::Countries { countries: vec!["NL".into()], include_unknown: false, by_gps: true });
        assert_eq!(location(&json!({"@odata.type": "#microsoft.graph.moonNamedLocation", "id": "c"})).place, Place::Unknown);
    }

    #[test]
    fn a_role_within_one_application_is_not_tenant_wide() {
        let within = role_assignment(&json!({"roleDefinitionId": "R", "principalId": "P", "directoryScopeId": null, "appScopeId": "/app"})).unwrap();
        assert_eq!((within.role_id.as_str(), within.directory_scope.as_str()), ("r", "/app"));
        assert!(role_assignment(&json!({"roleDefinitionId": "R"})).is_none());
    }

    #[test]
    fn a_group_without_members_has_unread_members() {
        assert_eq!(group(&json!({"id": "g"})).members, None);
        let read = group(&json!({"id": "g", "members": [{"@odata.type": "#microsoft.graph.group", "id": "H"}]}));
        assert_eq!(read.members, Some(vec![Member { id: "h".into(), kind: MemberKind::Group }]));
    }
}
