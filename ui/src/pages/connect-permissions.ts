// The Microsoft Graph permissions that reading needs, each with what it is for (Microsoft Graph permissions reference).
export const PERMISSIONS: readonly (readonly [string, string])[] = [
  ["Organization.Read.All", "The tenant's name and its licences"],
  ["User.Read.All", "Users, and whether they are blocked"],
  ["GroupMember.Read.All", "Groups that policies name, and who is in them"],
  ["RoleManagement.Read.Directory", "Who holds a privileged role, active or eligible"],
  ["Policy.Read.All", "Conditional Access policies, named locations, authentication strengths, security defaults"],
  ["Application.Read.All", "Names of the applications that policies and sign-ins mention"],
  ["AuditLog.Read.All", "Sign-ins, the directory audit and MFA registration (sign-ins need Entra ID P1)"],
  ["UserAuthenticationMethod.Read.All", "Which methods admins have registered, and when"],
];
