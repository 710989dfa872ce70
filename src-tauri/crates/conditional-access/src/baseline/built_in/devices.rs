//! Controls about devices and sessions: platforms, managed devices, application protection, how long a session lasts.

use super::super::{Control, Demand, Licence, Severity, What, When, Who};
use super::{control, expect};

pub(super) fn controls() -> Vec<Control> {
    let usual = When::default;
    let unmanaged = || When { clients: vec!["browser".into()], unmanaged_device: true, ..When::default() };
    let browser = || When { clients: vec!["browser".into()], ..When::default() };
    vec![
        control(
            "block-unknown-platforms",
            Severity::Medium,
            "Unknown and unsupported platforms are blocked",
            "A policy for a platform is evaded by a device that says it is another one, unless what is unknown is blocked.",
            expect(Who::Members, What::EveryApplication, When { platforms: vec!["unknown".into()], ..usual() }, Demand::Block),
        )
        .microsoft("Block access for unknown or unsupported device platform", "policy-all-users-device-unknown-unsupported")
        .done(),
        control(
            "managed-devices-admins",
            Severity::Medium,
            "Administrators need a managed device",
            "A token stolen from an administrator's managed device is worth less on any other.",
            expect(Who::Administrators, What::EveryApplication, usual(), Demand::ManagedDevice),
        )
        .microsoft("Require compliant or Microsoft Entra hybrid joined device for administrators", "policy-alt-admin-device-compliand-hybrid")
        .needs(Licence::Intune)
        .done(),
        control(
            "managed-devices",
            Severity::Low,
            "Members need a managed device",
            "A stolen password and a stolen second factor are both useless on a device that nobody manages.",
            expect(Who::Members, What::EveryApplication, usual(), Demand::ManagedDevice),
        )
        .microsoft("Require compliant device", "policy-all-users-device-compliance")
        .scuba("MS.AAD.3.7v1", "managed devices should be required for authentication")
        .needs(Licence::Intune)
        .done(),
        control(
            "managed-device-or-mfa",
            Severity::High,
            "Members need a managed device or MFA",
            "The least that anybody should prove: the device, or a second factor.",
            expect(Who::Members, What::EveryApplication, usual(), Demand::ManagedDeviceOrMfa),
        )
        .microsoft(
            "Require compliant or Microsoft Entra hybrid joined device or multifactor authentication for all users",
            "policy-alt-all-users-compliant-hybrid-or-mfa",
        )
        .done(),
        control(
            "app-protection-mobile",
            Severity::Medium,
            "Phones and tablets need protected apps for Office 365",
            "On a private phone the app is what can keep company data apart and wipe it.",
            expect(Who::Members, What::Office365, When { platforms: vec!["iOS".into(), "android".into()], ..usual() }, Demand::AppProtection),
        )
        .microsoft("Require approved client apps or app protection policies", "policy-all-users-approved-app-or-app-protection")
        .needs(Licence::Intune)
        .done(),
        control(
            "app-enforced-restrictions",
            Severity::Low,
            "Browsers on unmanaged devices get limited access to Office 365",
            "Reading in the browser is often needed, downloading to an unknown device is not.",
            expect(Who::Members, What::Office365, unmanaged(), Demand::AppEnforcedRestrictions),
        )
        .microsoft("Use application enforced restrictions for unmanaged devices", "policy-all-users-app-enforced-restrictions")
        .done(),
        control(
            "sign-in-frequency-admins",
            Severity::Medium,
            "Administrators sign in again within 12 hours",
            "A stolen session of an administrator must not outlive the working day.",
            expect(Who::Administrators, What::EveryApplication, usual(), Demand::SignInFrequency { at_most_hours: 12 }),
        )
        .microsoft("Conditional Access: Session", "concept-conditional-access-session")
        .done(),
        control(
            "no-persistent-browser-admins",
            Severity::Medium,
            "Administrators' browsers do not stay signed in",
            "A browser that keeps an administrator signed in keeps whoever sits down at it signed in.",
            expect(Who::Administrators, What::EveryApplication, browser(), Demand::NoPersistentBrowser),
        )
        .microsoft("No persistent browser session", "policy-all-users-persistent-browser")
        .done(),
        control(
            "no-persistent-browser-unmanaged",
            Severity::Medium,
            "Browsers on unmanaged devices do not stay signed in",
            "On a device that is shared or private, a closed browser should be a closed session.",
            expect(Who::Members, What::EveryApplication, unmanaged(), Demand::NoPersistentBrowser),
        )
        .microsoft("No persistent browser session", "policy-all-users-persistent-browser")
        .done(),
        control(
            "sign-in-frequency-unmanaged",
            Severity::Low,
            "Users of unmanaged devices sign in again within a day",
            "Nobody can take a device back that is not managed; the session on it must end by itself.",
            expect(Who::Members, What::EveryApplication, unmanaged(), Demand::SignInFrequency { at_most_hours: 24 }),
        )
        .microsoft("No persistent browser session", "policy-all-users-persistent-browser")
        .done(),
        control(
            "token-protection",
            Severity::Low,
            "Desktop apps on Windows are bound to their device",
            "A token that works only on the device it was issued for is worth nothing to a thief.",
            expect(
                Who::Members,
                What::Office365,
                When { clients: vec!["mobileAppsAndDesktopClients".into()], platforms: vec!["windows".into()], ..usual() },
                Demand::TokenProtection,
            ),
        )
        .microsoft("Token protection in Microsoft Entra Conditional Access", "concept-token-protection")
        .done(),
        control(
            "strict-location-admins",
            Severity::Low,
            "Administrators lose access at once when they leave their place",
            "Without it a token goes on working for up to an hour wherever it was taken to.",
            expect(Who::Administrators, What::EveryApplication, usual(), Demand::StrictLocation),
        )
        .microsoft("Strictly enforce location policies using continuous access evaluation", "concept-continuous-access-evaluation-strict-enforcement")
        .done(),
    ]
}
