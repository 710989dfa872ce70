//! Method and path to operation. A path that Graph does not have is an error in Graph's words.

use crate::answer::GraphError;
use crate::limits::Service;
use crate::schema::{self, Resource};
use crate::tenant::List;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    List(List),
    Item(List, String),
    Delta(List),
    Count(List),
    /// Directory objects that stand to something else in a relation.
    Related(Relation),
    /// References only: `groups/{id}/members/$ref`.
    References {
        group: String,
    },
    DirectoryRoles,
    Methods(String),
    Requirements(String),
    SecurityDefaults,
    MethodsPolicy,
    Me,
    Write(Write),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Relation {
    Members { group: String, transitive: bool },
    MemberOf { user: String, transitive: bool },
    RoleMembers { role: String },
}

/// What changes a tenant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Write {
    CreatePolicy,
    ChangePolicy(String),
    DeletePolicy(String),
    RestorePolicy(String),
    PurgePolicy(String),
    CreateLocation,
    ChangeLocation(String),
    DeleteLocation(String),
    AddMember { group: String },
    RemoveMember { group: String, member: String },
}

#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub target: Target,
    /// Method and template, as the permissions table writes it.
    pub operation: String,
    pub resource: &'static Resource,
    /// What stands after `$metadata#`.
    pub context: String,
    /// The path after the version, to make links of.
    pub path: String,
}

impl Route {
    pub fn service(&self) -> Service {
        let of = |part: &str| self.operation.contains(part);
        if of("/auditLogs/") || of("/reports/") {
            Service::Reports
        } else if of("/conditionalAccess/policies") || of("/conditionalAccess/namedLocations") || of("/conditionalAccess/deletedItems") {
            Service::ConditionalAccess
        } else if of("/authentication/") || of("tenantRelationships") || of("roleManagement") {
            Service::Unlimited
        } else {
            Service::Directory { cost: 1 }
        }
    }
}

/// The lists: path, what it holds, and the name of an item's key in the templates of the Graph reference; empty where Graph
/// reads no single item, or where nobody has needed one.
static LISTS: &[(&str, List, &Resource, &str)] = &[
    ("organization", List::Organization, &schema::ORGANIZATION, "organization-id"),
    ("subscribedSkus", List::SubscribedSkus, &schema::SUBSCRIBED_SKU, ""),
    ("domains", List::Domains, &schema::DOMAIN, ""),
    ("users", List::Users, &schema::USER, "user-id"),
    ("groups", List::Groups, &schema::GROUP, "group-id"),
    ("servicePrincipals", List::ServicePrincipals, &schema::SERVICE_PRINCIPAL, "servicePrincipal-id"),
    ("roleManagement/directory/roleDefinitions", List::RoleDefinitions, &schema::ROLE_DEFINITION, "unifiedRoleDefinition-id"),
    ("roleManagement/directory/roleAssignments", List::RoleAssignments, &schema::ROLE_ASSIGNMENT, "unifiedRoleAssignment-id"),
    (
        "roleManagement/directory/roleEligibilityScheduleInstances",
        List::RoleEligibility,
        &schema::ROLE_ELIGIBILITY,
        "unifiedRoleEligibilityScheduleInstance-id",
    ),
    ("roleManagement/directory/roleAssignmentScheduleInstances", List::RoleActive, &schema::ROLE_ACTIVE, "unifiedRoleAssignmentScheduleInstance-id"),
    ("identity/conditionalAccess/policies", List::Policies, &schema::POLICY, "conditionalAccessPolicy-id"),
    ("identity/conditionalAccess/namedLocations", List::NamedLocations, &schema::NAMED_LOCATION, "namedLocation-id"),
    ("identity/conditionalAccess/deletedItems/policies", List::DeletedPolicies, &schema::POLICY, "conditionalAccessPolicy-id"),
    ("identity/conditionalAccess/deletedItems/namedLocations", List::DeletedLocations, &schema::NAMED_LOCATION, ""),
    ("identity/conditionalAccess/authenticationStrength/policies", List::Strengths, &schema::AUTHENTICATION_STRENGTH, "authenticationStrengthPolicy-id"),
    ("identity/conditionalAccess/authenticationContextClassReferences", List::Contexts, &schema::AUTHENTICATION_CONTEXT, ""),
    ("policies/authenticationStrengthPolicies", List::Strengths, &schema::AUTHENTICATION_STRENGTH, ""),
    ("reports/authenticationMethods/userRegistrationDetails", List::Registrations, &schema::REGISTRATION, "userRegistrationDetails-id"),
    ("auditLogs/signIns", List::SignIns, &schema::SIGN_IN, "signIn-id"),
    ("auditLogs/directoryAudits", List::DirectoryAudits, &schema::DIRECTORY_AUDIT, "directoryAudit-id"),
    ("tenantRelationships/delegatedAdminCustomers", List::GdapCustomers, &schema::GDAP_CUSTOMER, "delegatedAdminCustomer-id"),
    ("tenantRelationships/delegatedAdminRelationships", List::GdapRelationships, &schema::GDAP_RELATIONSHIP, "delegatedAdminRelationship-id"),
    ("contracts", List::Contracts, &schema::CONTRACT, ""),
];

pub(crate) fn find(method: &str, path: &str, beta: bool) -> Result<Route, GraphError> {
    let decoded: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(decode).collect();
    let parts: Vec<&str> = decoded.iter().map(String::as_str).collect();
    let found = match method {
        "GET" => reading(&parts, beta),
        _ => writing(method, &parts),
    };
    let (target, template, resource, context) = match found {
        Some(found) => found,
        None if method != "GET" && reading(&parts, beta).is_some() => {
            return Err(GraphError::new(405, "Request_BadRequest", format!("Specified HTTP method '{method}' is not allowed for the request target.")));
        }
        None => return Err(unknown(&parts)),
    };
    Ok(Route { target, operation: format!("{method} /{template}"), resource, context, path: path.trim_end_matches('/').to_owned() })
}

type Found = (Target, String, &'static Resource, String);

fn reading(parts: &[&str], beta: bool) -> Option<Found> {
    let joined = parts.join("/");
    if let Some((path, list, resource, _)) = LISTS.iter().find(|(path, ..)| *path == joined) {
        return Some((Target::List(*list), (*path).to_owned(), resource, (*path).to_owned()));
    }
    if let Some(found) = special(parts, beta) {
        return Some(found);
    }
    let (id, before) = parts.split_last()?;
    let before = before.join("/");
    let (path, list, resource, key) = LISTS.iter().find(|(path, _, _, key)| *path == before && !key.is_empty())?;
    Some((Target::Item(*list, (*id).to_owned()), format!("{path}/{{{key}}}"), resource, format!("{path}/$entity")))
}

/// What is neither a list nor an item of one.
fn special(parts: &[&str], beta: bool) -> Option<Found> {
    let found = |target, template: &str, resource, context: &str| Some((target, template.to_owned(), resource, context.to_owned()));
    let related = |relation, template: &str| found(Target::Related(relation), template, &schema::DIRECTORY_OBJECT, "directoryObjects");
    match *parts {
        ["users", "$count"] => found(Target::Count(List::Users), "users/$count", &schema::USER, "users"),
        ["users", "delta" | "delta()" | "microsoft.graph.delta" | "microsoft.graph.delta()"] => {
            found(Target::Delta(List::Users), "users/delta", &schema::USER, "users")
        }
        ["groups", "delta" | "delta()" | "microsoft.graph.delta" | "microsoft.graph.delta()"] => {
            found(Target::Delta(List::Groups), "groups/delta", &schema::GROUP, "groups")
        }
        ["me"] => found(Target::Me, "me", &schema::USER, "users/$entity"),
        ["users", id, "authentication", "methods"] => {
            found(Target::Methods(id.to_owned()), "users/{user-id}/authentication/methods", &schema::AUTHENTICATION_METHOD, "users/authentication/methods")
        }
        ["users", id, "authentication", "requirements"] if beta => {
            let template = "users/{user-id}/authentication/requirements";
            found(Target::Requirements(id.to_owned()), template, &schema::AUTHENTICATION_METHOD, "users/authentication/requirements")
        }
        ["users", id, "memberOf"] => related(Relation::MemberOf { user: id.to_owned(), transitive: false }, "users/{user-id}/memberOf"),
        ["users", id, "transitiveMemberOf"] => related(Relation::MemberOf { user: id.to_owned(), transitive: true }, "users/{user-id}/transitiveMemberOf"),
        ["groups", id, "members"] => related(Relation::Members { group: id.to_owned(), transitive: false }, "groups/{group-id}/members"),
        ["groups", id, "transitiveMembers"] => related(Relation::Members { group: id.to_owned(), transitive: true }, "groups/{group-id}/transitiveMembers"),
        ["groups", id, "members", "$ref"] => {
            found(Target::References { group: id.to_owned() }, "groups/{group-id}/members/$ref", &schema::DIRECTORY_OBJECT, "Collection($ref)")
        }
        ["directoryRoles"] => found(Target::DirectoryRoles, "directoryRoles", &schema::DIRECTORY_ROLE, "directoryRoles"),
        ["directoryRoles", id, "members"] => related(Relation::RoleMembers { role: id.to_owned() }, "directoryRoles/{directoryRole-id}/members"),
        ["policies", "identitySecurityDefaultsEnforcementPolicy"] => {
            let path = "policies/identitySecurityDefaultsEnforcementPolicy";
            found(Target::SecurityDefaults, path, &schema::SECURITY_DEFAULTS, "policies/identitySecurityDefaultsEnforcementPolicy/$entity")
        }
        ["policies", "authenticationMethodsPolicy"] => {
            found(Target::MethodsPolicy, "policies/authenticationMethodsPolicy", &schema::METHODS_POLICY, "authenticationMethodsPolicy")
        }
        _ => None,
    }
}

fn writing(method: &str, parts: &[&str]) -> Option<Found> {
    let found = |write, template: &str, resource, context: &str| Some((Target::Write(write), template.to_owned(), resource, context.to_owned()));
    let policies = "identity/conditionalAccess/policies";
    let one_policy = "identity/conditionalAccess/policies/{conditionalAccessPolicy-id}";
    let locations = "identity/conditionalAccess/namedLocations";
    let one_location = "identity/conditionalAccess/namedLocations/{namedLocation-id}";
    let deleted = "identity/conditionalAccess/deletedItems/policies/{conditionalAccessPolicy-id}";
    let policy = |write, template: &str| found(write, template, &schema::POLICY, "identity/conditionalAccess/policies/$entity");
    let location = |write, template: &str| found(write, template, &schema::NAMED_LOCATION, "identity/conditionalAccess/namedLocations/$entity");
    match (method, parts) {
        ("POST", ["identity", "conditionalAccess", "policies"]) => policy(Write::CreatePolicy, policies),
        ("PATCH", ["identity", "conditionalAccess", "policies", id]) => policy(Write::ChangePolicy((*id).to_owned()), one_policy),
        ("DELETE", ["identity", "conditionalAccess", "policies", id]) => policy(Write::DeletePolicy((*id).to_owned()), one_policy),
        ("POST", ["identity", "conditionalAccess", "deletedItems", "policies", id, "restore"]) => {
            policy(Write::RestorePolicy((*id).to_owned()), &format!("{deleted}/restore"))
        }
        ("DELETE", ["identity", "conditionalAccess", "deletedItems", "policies", id]) => policy(Write::PurgePolicy((*id).to_owned()), deleted),
        ("POST", ["identity", "conditionalAccess", "namedLocations"]) => location(Write::CreateLocation, locations),
        ("PATCH", ["identity", "conditionalAccess", "namedLocations", id]) => location(Write::ChangeLocation((*id).to_owned()), one_location),
        ("DELETE", ["identity", "conditionalAccess", "namedLocations", id]) => location(Write::DeleteLocation((*id).to_owned()), one_location),
        ("POST", ["groups", id, "members", "$ref"]) => {
            found(Write::AddMember { group: (*id).to_owned() }, "groups/{group-id}/members/$ref", &schema::DIRECTORY_OBJECT, "")
        }
        ("DELETE", ["groups", id, "members", member, "$ref"]) => {
            let write = Write::RemoveMember { group: (*id).to_owned(), member: (*member).to_owned() };
            found(write, "groups/{group-id}/members/{directoryObject-id}/$ref", &schema::DIRECTORY_OBJECT, "")
        }
        _ => None,
    }
}

fn decode(part: &str) -> String {
    // A plus is a plus in a path; only percent signs are decoded.
    let guarded = part.replace('+', "%2B");
    url::form_urlencoded::parse(format!("x={guarded}").as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn unknown(parts: &[&str]) -> GraphError {
    let segment = parts.iter().rev().find(|part| !part.contains('-')).copied().unwrap_or_default();
    GraphError::bad_request(format!("Resource not found for the segment '{segment}'."))
}
