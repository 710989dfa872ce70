//! Path to operation. A path that Graph does not have is an error in Graph's words.

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
    Members { group: String, transitive: bool },
    Methods(String),
    Requirements(String),
    SecurityDefaults,
    MethodsPolicy,
    Me,
}

#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub target: Target,
    /// Method and template, as the permissions table writes it.
    pub operation: &'static str,
    pub resource: &'static Resource,
    /// What stands after `$metadata#`.
    pub context: &'static str,
    /// The path after the version, to make links of.
    pub path: String,
}

impl Route {
    pub fn service(&self) -> Service {
        if self.operation.contains("/auditLogs/") || self.operation.contains("/reports/") {
            Service::Reports
        } else if self.operation.contains("/conditionalAccess/policies") || self.operation.contains("/conditionalAccess/namedLocations") {
            Service::ConditionalAccess
        } else if self.operation.contains("/authentication/") || self.operation.contains("tenantRelationships") || self.operation.contains("roleManagement") {
            Service::Unlimited
        } else {
            Service::Directory { cost: 1 }
        }
    }
}

pub(crate) fn find(method: &str, path: &str, beta: bool) -> Result<Route, GraphError> {
    let decoded: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(decode).collect();
    let parts: Vec<&str> = decoded.iter().map(String::as_str).collect();
    let route = |target, operation, resource, context| Route { target, operation, resource, context, path: path.trim_end_matches('/').to_owned() };
    let list = |list, operation, resource, context| route(Target::List(list), operation, resource, context);
    let found = match parts.as_slice() {
        ["organization"] => list(List::Organization, "GET /organization", &schema::ORGANIZATION, "organization"),
        ["subscribedSkus"] => list(List::SubscribedSkus, "GET /subscribedSkus", &schema::SUBSCRIBED_SKU, "subscribedSkus"),
        ["domains"] => list(List::Domains, "GET /domains", &schema::DOMAIN, "domains"),
        ["users"] => list(List::Users, "GET /users", &schema::USER, "users"),
        ["users", "$count"] => route(Target::Count(List::Users), "GET /users/$count", &schema::USER, "users"),
        ["users", "delta" | "delta()" | "microsoft.graph.delta" | "microsoft.graph.delta()"] => {
            route(Target::Delta(List::Users), "GET /users/delta", &schema::USER, "users")
        }
        ["users", id] => route(Target::Item(List::Users, (*id).to_owned()), "GET /users/{user-id}", &schema::USER, "users/$entity"),
        ["users", id, "authentication", "methods"] => {
            let operation = "GET /users/{user-id}/authentication/methods";
            route(Target::Methods((*id).to_owned()), operation, &schema::AUTHENTICATION_METHOD, "users/authentication/methods")
        }
        ["users", id, "authentication", "requirements"] if beta => {
            let operation = "GET /users/{user-id}/authentication/requirements";
            route(Target::Requirements((*id).to_owned()), operation, &schema::AUTHENTICATION_METHOD, "users/authentication/requirements")
        }
        ["me"] => route(Target::Me, "GET /me", &schema::USER, "users/$entity"),
        ["groups"] => list(List::Groups, "GET /groups", &schema::GROUP, "groups"),
        ["groups", "delta" | "delta()" | "microsoft.graph.delta" | "microsoft.graph.delta()"] => {
            route(Target::Delta(List::Groups), "GET /groups/delta", &schema::GROUP, "groups")
        }
        ["groups", id] => route(Target::Item(List::Groups, (*id).to_owned()), "GET /groups/{group-id}", &schema::GROUP, "groups/$entity"),
        ["groups", id, "members"] => {
            let target = Target::Members { group: (*id).to_owned(), transitive: false };
            route(target, "GET /groups/{group-id}/members", &schema::DIRECTORY_OBJECT, "directoryObjects")
        }
        ["groups", id, "transitiveMembers"] => {
            let target = Target::Members { group: (*id).to_owned(), transitive: true };
            route(target, "GET /groups/{group-id}/transitiveMembers", &schema::DIRECTORY_OBJECT, "directoryObjects")
        }
        ["roleManagement", "directory", rest @ ..] => match rest {
            ["roleDefinitions"] => {
                let operation = "GET /roleManagement/directory/roleDefinitions";
                list(List::RoleDefinitions, operation, &schema::ROLE_DEFINITION, "roleManagement/directory/roleDefinitions")
            }
            ["roleAssignments"] => {
                let operation = "GET /roleManagement/directory/roleAssignments";
                list(List::RoleAssignments, operation, &schema::ROLE_ASSIGNMENT, "roleManagement/directory/roleAssignments")
            }
            ["roleEligibilityScheduleInstances"] => {
                let operation = "GET /roleManagement/directory/roleEligibilityScheduleInstances";
                list(List::RoleEligibility, operation, &schema::ROLE_ELIGIBILITY, "roleManagement/directory/roleEligibilityScheduleInstances")
            }
            ["roleAssignmentScheduleInstances"] => {
                let operation = "GET /roleManagement/directory/roleAssignmentScheduleInstances";
                list(List::RoleActive, operation, &schema::ROLE_ACTIVE, "roleManagement/directory/roleAssignmentScheduleInstances")
            }
            _ => return Err(unknown(&parts)),
        },
        ["identity", "conditionalAccess", rest @ ..] => match rest {
            ["policies"] => {
                let operation = "GET /identity/conditionalAccess/policies";
                list(List::Policies, operation, &schema::POLICY, "identity/conditionalAccess/policies")
            }
            ["policies", id] => {
                let operation = "GET /identity/conditionalAccess/policies/{conditionalAccessPolicy-id}";
                let target = Target::Item(List::Policies, (*id).to_owned());
                route(target, operation, &schema::POLICY, "identity/conditionalAccess/policies/$entity")
            }
            ["namedLocations"] => {
                let operation = "GET /identity/conditionalAccess/namedLocations";
                list(List::NamedLocations, operation, &schema::NAMED_LOCATION, "identity/conditionalAccess/namedLocations")
            }
            ["authenticationStrength", "policies"] => {
                let operation = "GET /identity/conditionalAccess/authenticationStrength/policies";
                list(List::Strengths, operation, &schema::AUTHENTICATION_STRENGTH, "identity/conditionalAccess/authenticationStrength/policies")
            }
            ["authenticationContextClassReferences"] => {
                let operation = "GET /identity/conditionalAccess/authenticationContextClassReferences";
                list(List::Contexts, operation, &schema::AUTHENTICATION_CONTEXT, "identity/conditionalAccess/authenticationContextClassReferences")
            }
            _ => return Err(unknown(&parts)),
        },
        ["policies", "authenticationStrengthPolicies"] => {
            let operation = "GET /policies/authenticationStrengthPolicies";
            list(List::Strengths, operation, &schema::AUTHENTICATION_STRENGTH, "policies/authenticationStrengthPolicies")
        }
        ["policies", "identitySecurityDefaultsEnforcementPolicy"] => {
            let operation = "GET /policies/identitySecurityDefaultsEnforcementPolicy";
            route(Target::SecurityDefaults, operation, &schema::SECURITY_DEFAULTS, "policies/identitySecurityDefaultsEnforcementPolicy/$entity")
        }
        ["policies", "authenticationMethodsPolicy"] => {
            let operation = "GET /policies/authenticationMethodsPolicy";
            route(Target::MethodsPolicy, operation, &schema::METHODS_POLICY, "authenticationMethodsPolicy")
        }
        ["reports", "authenticationMethods", "userRegistrationDetails"] => {
            let operation = "GET /reports/authenticationMethods/userRegistrationDetails";
            list(List::Registrations, operation, &schema::REGISTRATION, "reports/authenticationMethods/userRegistrationDetails")
        }
        ["auditLogs", "signIns"] => list(List::SignIns, "GET /auditLogs/signIns", &schema::SIGN_IN, "auditLogs/signIns"),
        ["auditLogs", "signIns", id] => {
            let target = Target::Item(List::SignIns, (*id).to_owned());
            route(target, "GET /auditLogs/signIns/{signIn-id}", &schema::SIGN_IN, "auditLogs/signIns/$entity")
        }
        ["auditLogs", "directoryAudits"] => {
            list(List::DirectoryAudits, "GET /auditLogs/directoryAudits", &schema::DIRECTORY_AUDIT, "auditLogs/directoryAudits")
        }
        ["auditLogs", "directoryAudits", id] => {
            let target = Target::Item(List::DirectoryAudits, (*id).to_owned());
            route(target, "GET /auditLogs/directoryAudits/{directoryAudit-id}", &schema::DIRECTORY_AUDIT, "auditLogs/directoryAudits/$entity")
        }
        ["servicePrincipals"] => list(List::ServicePrincipals, "GET /servicePrincipals", &schema::SERVICE_PRINCIPAL, "servicePrincipals"),
        ["tenantRelationships", "delegatedAdminCustomers"] => {
            let operation = "GET /tenantRelationships/delegatedAdminCustomers";
            list(List::GdapCustomers, operation, &schema::GDAP_CUSTOMER, "tenantRelationships/delegatedAdminCustomers")
        }
        ["tenantRelationships", "delegatedAdminRelationships"] => {
            let operation = "GET /tenantRelationships/delegatedAdminRelationships";
            list(List::GdapRelationships, operation, &schema::GDAP_RELATIONSHIP, "tenantRelationships/delegatedAdminRelationships")
        }
        ["contracts"] => list(List::Contracts, "GET /contracts", &schema::CONTRACT, "contracts"),
        _ => return Err(unknown(&parts)),
    };
    if method != "GET" {
        return Err(GraphError::new(405, "Request_BadRequest", format!("Specified HTTP method '{method}' is not allowed for the request target.")));
    }
    Ok(found)
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
