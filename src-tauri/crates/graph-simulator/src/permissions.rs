//! Which permission opens which operation. Any one of the list is enough; where two are needed together, a plus joins them. From the "Permissions" table of each operation's
//! page in the Graph reference; a test compares it with Microsoft's own permissions file where that is at hand.

/// An operation: method and path template as the Graph reference writes them.
pub(crate) struct Rule {
    pub operation: &'static str,
    pub permissions: &'static str,
}

const fn rule(operation: &'static str, permissions: &'static str) -> Rule {
    Rule { operation, permissions }
}

/// "Create conditionalAccessPolicy", "Update …" and "Delete …" and the same of named locations: reading and writing, both.
const CHANGES: &str = "Policy.Read.All+Policy.ReadWrite.ConditionalAccess";
/// Making and changing policies, which name applications, goes with another right to read too.
const POLICIES: &str = "Policy.Read.All+Policy.ReadWrite.ConditionalAccess Application.Read.All+Policy.ReadWrite.ConditionalAccess";

pub(crate) static RULES: &[Rule] = &[
    rule(
        "GET /organization",
        "Organization.Read.All Organization.ReadWrite.All Directory.Read.All Directory.ReadWrite.All User.Read.All DeviceManagementServiceConfig.Read.All DeviceManagementServiceConfig.ReadWrite.All DeviceManagementConfiguration.Read.All DeviceManagementConfiguration.ReadWrite.All",
    ),
    rule(
        "GET /organization/{organization-id}",
        "User.Read.All DeviceManagementServiceConfig.Read.All DeviceManagementServiceConfig.ReadWrite.All DeviceManagementConfiguration.Read.All DeviceManagementConfiguration.ReadWrite.All",
    ),
    rule("GET /subscribedSkus", "LicenseAssignment.Read.All Organization.Read.All Organization.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"),
    rule("GET /domains", "Domain.Read.All Domain.ReadWrite.All Directory.Read.All"),
    rule("GET /users", "User.Read.All User.ReadBasic.All User.ReadWrite.All User.ReadWrite.CrossCloud Directory.Read.All Directory.ReadWrite.All"),
    rule("GET /users/$count", "User.Read.All User.ReadBasic.All User.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"),
    rule("GET /users/{user-id}", "User.Read.All User.ReadBasic.All User.ReadWrite.All User.ReadWrite.CrossCloud Directory.Read.All Directory.ReadWrite.All"),
    rule("GET /users/delta", "User.Read.All User.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"),
    rule(
        "GET /users/{user-id}/memberOf",
        "Directory.Read.All Directory.ReadWrite.All User.Read GroupMember.Read.All Group.ReadBasic.All GroupMember.ReadBasic.All",
    ),
    rule(
        "GET /users/{user-id}/transitiveMemberOf",
        "User.Read.All Directory.Read.All Directory.ReadWrite.All Group.Read.All Group.ReadBasic.All GroupMember.Read.All GroupMember.ReadBasic.All User.Read",
    ),
    rule("GET /users/{user-id}/authentication/methods", "UserAuthenticationMethod.Read.All UserAuthenticationMethod.ReadWrite.All"),
    rule("GET /users/{user-id}/authentication/requirements", "Policy.Read.All Policy.ReadWrite.AuthenticationMethod"),
    rule("GET /groups", "GroupMember.Read.All Group.Read.All Group.ReadBasic.All Group.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"),
    rule("GET /groups/delta", "GroupMember.Read.All Group.Read.All Group.ReadBasic.All Group.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"),
    rule("GET /groups/{group-id}", "GroupMember.Read.All Group.Read.All Group.ReadBasic.All Group.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"),
    rule(
        "GET /groups/{group-id}/members",
        "GroupMember.ReadBasic.All GroupMember.Read.All GroupMember.ReadWrite.All Group.Read.All Group.ReadBasic.All Group.ReadWrite.All Directory.Read.All",
    ),
    rule(
        "GET /groups/{group-id}/transitiveMembers",
        "GroupMember.ReadBasic.All GroupMember.Read.All GroupMember.ReadWrite.All Group.Read.All Group.ReadBasic.All Group.ReadWrite.All Directory.Read.All",
    ),
    rule(
        "GET /groups/{group-id}/members/$ref",
        "GroupMember.ReadBasic.All GroupMember.Read.All GroupMember.ReadWrite.All Group.Read.All Group.ReadBasic.All Group.ReadWrite.All Directory.Read.All",
    ),
    rule("POST /groups/{group-id}/members/$ref", "GroupMember.ReadWrite.All Group.ReadWrite.All Directory.ReadWrite.All"),
    rule("DELETE /groups/{group-id}/members/{directoryObject-id}/$ref", "GroupMember.ReadWrite.All Group.ReadWrite.All Directory.ReadWrite.All"),
    rule("GET /directoryRoles", "RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory Directory.Read.All Directory.ReadWrite.All"),
    rule(
        "GET /directoryRoles/{directoryRole-id}/members",
        "RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory Directory.Read.All Directory.ReadWrite.All",
    ),
    rule(
        "GET /roleManagement/directory/roleDefinitions",
        "RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory RoleManagement.Read.All Directory.Read.All Directory.ReadWrite.All",
    ),
    rule(
        "GET /roleManagement/directory/roleAssignments",
        "RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory Directory.Read.All Directory.ReadWrite.All",
    ),
    rule(
        "GET /roleManagement/directory/roleEligibilityScheduleInstances",
        "RoleEligibilitySchedule.Read.Directory RoleEligibilitySchedule.ReadWrite.Directory RoleManagement.Read.All RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory",
    ),
    rule(
        "GET /roleManagement/directory/roleAssignmentScheduleInstances",
        "RoleAssignmentSchedule.Read.Directory RoleAssignmentSchedule.ReadWrite.Directory RoleManagement.Read.All RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory",
    ),
    rule(
        "GET /roleManagement/directory/roleDefinitions/{unifiedRoleDefinition-id}",
        "RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory RoleManagement.Read.All Directory.Read.All Directory.ReadWrite.All",
    ),
    rule(
        "GET /roleManagement/directory/roleAssignments/{unifiedRoleAssignment-id}",
        "RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory Directory.Read.All Directory.ReadWrite.All",
    ),
    rule(
        "GET /roleManagement/directory/roleEligibilityScheduleInstances/{unifiedRoleEligibilityScheduleInstance-id}",
        "RoleEligibilitySchedule.Read.Directory RoleEligibilitySchedule.ReadWrite.Directory RoleManagement.Read.All RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory",
    ),
    rule(
        "GET /roleManagement/directory/roleAssignmentScheduleInstances/{unifiedRoleAssignmentScheduleInstance-id}",
        "RoleAssignmentSchedule.Read.Directory RoleAssignmentSchedule.ReadWrite.Directory RoleManagement.Read.All RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory",
    ),
    rule("GET /identity/conditionalAccess/policies", "Policy.Read.All"),
    rule("GET /identity/conditionalAccess/policies/{conditionalAccessPolicy-id}", "Policy.Read.All"),
    rule("POST /identity/conditionalAccess/policies", POLICIES),
    rule("PATCH /identity/conditionalAccess/policies/{conditionalAccessPolicy-id}", POLICIES),
    rule("DELETE /identity/conditionalAccess/policies/{conditionalAccessPolicy-id}", CHANGES),
    rule("GET /identity/conditionalAccess/deletedItems/policies", "Policy.Read.ConditionalAccess Policy.Read.All Policy.ReadWrite.ConditionalAccess"),
    rule(
        "GET /identity/conditionalAccess/deletedItems/policies/{conditionalAccessPolicy-id}",
        "Policy.Read.ConditionalAccess Policy.Read.All Policy.ReadWrite.ConditionalAccess",
    ),
    rule("GET /identity/conditionalAccess/deletedItems/namedLocations", "Policy.Read.ConditionalAccess Policy.Read.All Policy.ReadWrite.ConditionalAccess"),
    rule("POST /identity/conditionalAccess/deletedItems/policies/{conditionalAccessPolicy-id}/restore", "Policy.ReadWrite.ConditionalAccess"),
    rule("DELETE /identity/conditionalAccess/deletedItems/policies/{conditionalAccessPolicy-id}", "Policy.ReadWrite.ConditionalAccess"),
    rule("GET /identity/conditionalAccess/namedLocations", "Policy.Read.All"),
    rule("GET /identity/conditionalAccess/namedLocations/{namedLocation-id}", "Policy.Read.All"),
    rule("POST /identity/conditionalAccess/namedLocations", CHANGES),
    rule("PATCH /identity/conditionalAccess/namedLocations/{namedLocation-id}", CHANGES),
    rule("DELETE /identity/conditionalAccess/namedLocations/{namedLocation-id}", CHANGES),
    rule(
        "GET /identity/conditionalAccess/authenticationStrength/policies/{authenticationStrengthPolicy-id}",
        "Policy.Read.AuthenticationMethod Policy.Read.All Policy.ReadWrite.AuthenticationMethod Policy.ReadWrite.ConditionalAccess",
    ),
    rule(
        "GET /identity/conditionalAccess/authenticationStrength/policies",
        "Policy.Read.AuthenticationMethod Policy.Read.All Policy.ReadWrite.AuthenticationMethod Policy.ReadWrite.ConditionalAccess",
    ),
    rule(
        "GET /identity/conditionalAccess/authenticationContextClassReferences",
        "AuthenticationContext.Read.All AuthenticationContext.ReadWrite.All Policy.Read.ConditionalAccess Policy.ReadWrite.ConditionalAccess",
    ),
    rule(
        "GET /policies/authenticationStrengthPolicies",
        "Policy.Read.AuthenticationMethod Policy.Read.All Policy.ReadWrite.AuthenticationMethod Policy.ReadWrite.ConditionalAccess",
    ),
    rule("GET /policies/identitySecurityDefaultsEnforcementPolicy", "Policy.Read.All"),
    rule("GET /policies/authenticationMethodsPolicy", "Policy.Read.AuthenticationMethod Policy.ReadWrite.AuthenticationMethod Policy.Read.All"),
    rule("GET /reports/authenticationMethods/userRegistrationDetails", "AuditLog.Read.All"),
    rule("GET /reports/authenticationMethods/userRegistrationDetails/{userRegistrationDetails-id}", "AuditLog.Read.All"),
    rule("GET /auditLogs/signIns", "AuditLog.Read.All"),
    rule("GET /auditLogs/signIns/{signIn-id}", "AuditLog.Read.All"),
    rule("GET /auditLogs/directoryAudits", "AuditLog.Read.All Directory.Read.All"),
    rule("GET /auditLogs/directoryAudits/{directoryAudit-id}", "AuditLog.Read.All Directory.Read.All"),
    rule("GET /servicePrincipals", "Application.Read.All Application.ReadWrite.All Application.ReadWrite.OwnedBy Directory.Read.All"),
    rule("GET /servicePrincipals/{servicePrincipal-id}", "Application.Read.All Application.ReadWrite.All Application.ReadWrite.OwnedBy Directory.Read.All"),
    rule(
        "GET /tenantRelationships/delegatedAdminCustomers/{delegatedAdminCustomer-id}",
        "DelegatedAdminRelationship.Read.All DelegatedAdminRelationship.ReadWrite.All",
    ),
    rule(
        "GET /tenantRelationships/delegatedAdminRelationships/{delegatedAdminRelationship-id}",
        "DelegatedAdminRelationship.Read.All DelegatedAdminRelationship.ReadWrite.All",
    ),
    rule("GET /tenantRelationships/delegatedAdminCustomers", "DelegatedAdminRelationship.Read.All DelegatedAdminRelationship.ReadWrite.All"),
    rule("GET /tenantRelationships/delegatedAdminRelationships", "DelegatedAdminRelationship.Read.All DelegatedAdminRelationship.ReadWrite.All"),
    rule("GET /contracts", "Directory.Read.All Directory.ReadWrite.All"),
    rule("GET /me", "User.Read User.ReadWrite User.ReadBasic.All User.Read.All User.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"),
];

/// Whether one of `granted` opens the operation. An operation without a rule is closed.
pub(crate) fn allowed(operation: &str, granted: &[String]) -> bool {
    let Some(rule) = RULES.iter().find(|rule| rule.operation == operation) else { return false };
    let has = |wanted: &str| granted.iter().any(|has| has.eq_ignore_ascii_case(wanted));
    rule.permissions.split_ascii_whitespace().any(|enough| enough.split('+').all(has))
}

/// Every operation with the permissions that open it, for those who want to compare.
pub fn permission_table() -> Vec<(&'static str, Vec<&'static str>)> {
    RULES.iter().map(|rule| (rule.operation, rule.permissions.split([' ', '+']).filter(|name| !name.is_empty()).collect())).collect()
}
