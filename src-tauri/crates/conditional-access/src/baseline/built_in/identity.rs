//! Controls about who signs in and how: MFA, legacy protocols, flows, risk, registration, guests, workloads.

use super::super::{Control, Demand, Licence, Place, Severity, What, When, Who};
use super::{control, expect};

pub(super) fn controls() -> Vec<Control> {
    let usual = When::default;
    let flow = |name: &str| When { flow: Some(name.to_owned()), ..When::default() };
    vec![
        control(
            "mfa-all-users",
            Severity::Critical,
            "Every user needs MFA for every application",
            "A password alone is stolen, guessed or bought every day; MFA for everybody and everything stops most of it.",
            expect(Who::Everyone, What::EveryApplication, usual(), Demand::Mfa),
        )
        .microsoft("Require multifactor authentication for all users", "policy-all-users-mfa-strength")
        .scuba("MS.AAD.3.2v1", "an alternative MFA method shall be enforced for all users where phishing-resistant MFA is not")
        .done(),
        control(
            "mfa-admins",
            Severity::Critical,
            "Administrators need MFA for every application",
            "An administrator's account opens the whole tenant, so it must be covered even where other users are not.",
            expect(Who::Administrators, What::EveryApplication, usual(), Demand::Mfa),
        )
        .microsoft("Require multifactor authentication for admins", "policy-old-require-mfa-admin")
        .done(),
        control(
            "phishing-resistant-mfa-admins",
            Severity::High,
            "Administrators need phishing-resistant MFA",
            "Codes and push approvals are relayed by phishing kits; passkeys, Windows Hello for Business and certificates are not.",
            expect(Who::Administrators, What::EveryApplication, usual(), Demand::PhishingResistantMfa),
        )
        .microsoft("Require phishing-resistant multifactor authentication for administrators", "policy-admin-phish-resistant-mfa")
        .scuba("MS.AAD.3.6v1", "phishing-resistant MFA shall be required for highly privileged roles")
        .done(),
        control(
            "mfa-admin-portals",
            Severity::Critical,
            "Administrators need MFA for Microsoft's admin portals",
            "The admin portals are where a stolen session does the most damage in the least time.",
            expect(Who::Administrators, What::AdminPortals, usual(), Demand::Mfa),
        )
        .microsoft("Require multifactor authentication for admins accessing Microsoft admin portals", "policy-old-require-mfa-admin-portals")
        .done(),
        control(
            "mfa-azure-management",
            Severity::High,
            "Every user needs MFA to manage Azure",
            "Rights in Azure are not directory roles: whoever has them is found by no policy that only looks at roles.",
            expect(Who::Everyone, What::AzureManagement, usual(), Demand::Mfa),
        )
        .microsoft("Require multifactor authentication for Azure management", "policy-old-require-mfa-azure-mgmt")
        .done(),
        control(
            "mfa-guests",
            Severity::High,
            "Guests need MFA for every application",
            "Nobody here decides how well a guest's own organization protects the account.",
            expect(Who::Guests, What::EveryApplication, usual(), Demand::Mfa),
        )
        .microsoft("Require multifactor authentication for guest access", "policy-old-require-mfa-guest")
        .done(),
        control(
            "phishing-resistant-mfa-all-users",
            Severity::Low,
            "Every user needs phishing-resistant MFA",
            "Where everybody has a passkey, phishing for a sign-in no longer works at all.",
            expect(Who::Everyone, What::EveryApplication, usual(), Demand::PhishingResistantMfa),
        )
        .scuba("MS.AAD.3.1v1", "phishing-resistant MFA shall be enforced for all users")
        .done(),
        control(
            "block-legacy-authentication",
            Severity::Critical,
            "Legacy authentication is blocked",
            "Legacy protocols cannot ask for a second factor, so every other demand is void for them.",
            expect(Who::Everyone, What::EveryApplication, When { clients: vec!["exchangeActiveSync".into(), "other".into()], ..usual() }, Demand::Block),
        )
        .microsoft("Block legacy authentication", "policy-block-legacy-authentication")
        .scuba("MS.AAD.1.1v1", "legacy authentication shall be blocked")
        .done(),
        control(
            "block-device-code-flow",
            Severity::High,
            "Device code flow is blocked",
            "A code that is typed on the attacker's behalf hands over a session with MFA already done.",
            expect(Who::Everyone, What::EveryApplication, flow("deviceCodeFlow"), Demand::Block),
        )
        .microsoft("Block authentication flows with Conditional Access policy", "policy-block-authentication-flows")
        .scuba("MS.AAD.3.9v1", "device code authentication should be blocked")
        .done(),
        control(
            "block-authentication-transfer",
            Severity::Medium,
            "Authentication transfer is blocked",
            "A signed-in state that moves to another device by a QR code moves to an attacker's device just as well.",
            expect(Who::Everyone, What::EveryApplication, flow("authenticationTransfer"), Demand::Block),
        )
        .microsoft("Block authentication flows with Conditional Access policy", "policy-block-authentication-flows")
        .done(),
        control(
            "mfa-risky-sign-ins",
            Severity::High,
            "Risky sign-ins need MFA",
            "A sign-in that looks unlike the user must be proven again, whatever the session says.",
            expect(Who::Everyone, What::EveryApplication, When { sign_in_risk: Some("medium".into()), ..usual() }, Demand::Mfa),
        )
        .microsoft("Require multifactor authentication for risky sign-ins", "policy-risk-based-sign-in")
        .needs(Licence::EntraIdP2)
        .done(),
        control(
            "block-high-risk-sign-ins",
            Severity::Medium,
            "Sign-ins of high risk are blocked",
            "At high risk Microsoft is nearly sure that somebody else signs in.",
            expect(Who::Everyone, What::EveryApplication, When { sign_in_risk: Some("high".into()), ..usual() }, Demand::Block),
        )
        .scuba("MS.AAD.2.3v1", "sign-ins detected as high risk shall be blocked")
        .needs(Licence::EntraIdP2)
        .done(),
        control(
            "remediate-high-risk-users",
            Severity::High,
            "Users of high risk are blocked or change their password",
            "The credentials of such a user are known to be out; the old password must stop working.",
            expect(Who::Everyone, What::EveryApplication, When { user_risk: Some("high".into()), ..usual() }, Demand::Remediation),
        )
        .microsoft("Require password change for high-risk users", "policy-risk-based-user")
        .scuba("MS.AAD.2.1v1", "users detected as high risk shall be blocked")
        .needs(Licence::EntraIdP2)
        .done(),
        control(
            "secure-security-info-registration",
            Severity::High,
            "Registering security information away from trusted places needs MFA",
            "Whoever registers the first MFA method owns the account: a stolen password must not be enough for that.",
            expect(Who::Members, What::RegisteringSecurityInfo, When { place: Place::Outside, ..usual() }, Demand::ManagedDeviceOrMfa),
        )
        .microsoft("Securing security info registration", "policy-all-users-security-info-registration")
        .done(),
        control(
            "managed-device-for-security-info",
            Severity::Low,
            "Registering security information needs a managed device",
            "An attacker's own device is not managed, so that a method of the attacker's cannot be registered.",
            expect(Who::Members, What::RegisteringSecurityInfo, usual(), Demand::ManagedDevice),
        )
        .scuba("MS.AAD.3.8v1", "managed devices should be required to register MFA")
        .needs(Licence::Intune)
        .done(),
        control(
            "mfa-register-devices",
            Severity::High,
            "Registering or joining a device needs MFA",
            "A registered device of the attacker's gets long-lived tokens and passes as the user's.",
            expect(Who::Members, What::RegisteringDevices, usual(), Demand::Mfa),
        )
        .microsoft("Require multifactor authentication for device registration", "policy-all-users-device-registration")
        .done(),
        control(
            "mfa-intune-enrollment",
            Severity::Medium,
            "Enrolling a device in Intune needs MFA",
            "An enrolled device may count as managed, and then opens what only managed devices may open.",
            expect(Who::Members, What::IntuneEnrollment, usual(), Demand::Mfa),
        )
        .document(
            "Require multifactor authentication for Intune device enrollments",
            "https://learn.microsoft.com/en-us/mem/intune/enrollment/multi-factor-authentication",
        )
        .done(),
        control(
            "block-guests-admin-portals",
            Severity::Medium,
            "Guests cannot open Microsoft's admin portals",
            "Guests have nothing to administer, but the portals let them read the directory.",
            expect(Who::Guests, What::AdminPortals, usual(), Demand::Block),
        )
        .microsoft("Conditional Access: Target resources", "concept-conditional-access-cloud-apps")
        .done(),
        control(
            "block-insider-risk",
            Severity::Medium,
            "Users of elevated insider risk are blocked",
            "Somebody about to leave with the data should lose access before the data is gone.",
            expect(Who::Members, What::Office365, When { insider_risk: Some("elevated".into()), ..usual() }, Demand::Block),
        )
        .microsoft("Block access for users with insider risk", "policy-risk-based-insider-block")
        .needs(Licence::Purview)
        .done(),
        control(
            "service-accounts-trusted-places",
            Severity::High,
            "Service accounts sign in from trusted places only",
            "A service account has no person to ask for a second factor; the place it works from is what can be demanded of it.",
            expect(Who::ServiceAccounts, What::EveryApplication, When { place: Place::Outside, ..usual() }, Demand::Block),
        )
        .microsoft("Block access by location", "policy-block-by-location")
        .done(),
        control(
            "workload-identities-risk",
            Severity::Medium,
            "Workload identities of high risk are blocked",
            "A leaked secret of an application is used by machines, and no MFA stands in their way.",
            expect(Who::WorkloadIdentities, What::EveryApplication, When { service_principal_risk: Some("high".into()), ..usual() }, Demand::Block),
        )
        .microsoft("Conditional Access for workload identities", "workload-identity")
        .needs(Licence::WorkloadIdentitiesPremium)
        .done(),
        control(
            "workload-identities-places",
            Severity::Low,
            "Workload identities sign in from known places only",
            "Where a workload runs is known; its secret used from elsewhere is a secret that leaked.",
            expect(Who::WorkloadIdentities, What::EveryApplication, When { place: Place::Outside, ..usual() }, Demand::Block),
        )
        .microsoft("Conditional Access for workload identities", "workload-identity")
        .needs(Licence::WorkloadIdentitiesPremium)
        .done(),
    ]
}
