//! Controls about how policies are kept: exclusions, report-only, trusted ranges, leftovers.

use super::super::{Check, Control, Severity};
use super::{check, control};

pub(super) fn controls() -> Vec<Control> {
    vec![
        control(
            "break-glass-excluded",
            Severity::Critical,
            "Break-glass accounts are left out of every policy that could lock them out",
            "When a policy or MFA itself fails, the break-glass account is the only way back in.",
            check(Check::BreakGlassExcluded),
        )
        .document(
            "Manage emergency access accounts in Microsoft Entra ID",
            "https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/security-emergency-access",
        )
        .done(),
        control(
            "no-single-user-excluded",
            Severity::High,
            "Nobody is left out of MFA one by one",
            "An exclusion of one person is made in a hurry and never looked at again; a group has an owner and can be reviewed.",
            check(Check::NoSingleUserExcludedFromMfa),
        )
        .microsoft("Plan a Conditional Access deployment", "plan-conditional-access")
        .done(),
        control(
            "no-report-only",
            Severity::Medium,
            "No policy is forgotten in report-only mode",
            "A report-only policy looks like protection in every list and protects nobody.",
            check(Check::NoReportOnly),
        )
        .microsoft("Conditional Access report-only mode", "concept-conditional-access-report-only")
        .done(),
        control(
            "defaults-or-conditional-access",
            Severity::Critical,
            "Security defaults are on, or Conditional Access does their work",
            "A tenant with neither has no second factor at all.",
            check(Check::DefaultsOrConditionalAccess),
        )
        .document("Security defaults in Microsoft Entra ID", "https://learn.microsoft.com/en-us/entra/fundamentals/security-defaults")
        .needs_no_licence()
        .done(),
        control(
            "trusted-ranges",
            Severity::Medium,
            "Trusted locations are narrow",
            "Whatever lies in a trusted range passes wherever a policy leaves trusted places out; a provider's whole range is no office.",
            check(Check::TrustedRanges { ipv4: 16, ipv6: 32 }),
        )
        .microsoft("Conditional Access: Network assignment", "concept-assignment-network")
        .done(),
        control(
            "nothing-deleted",
            Severity::Medium,
            "No policy leans on something that was deleted",
            "A policy for a deleted group protects nobody, and an exclusion of a deleted group hides what was meant.",
            check(Check::NothingDeleted),
        )
        .microsoft("Conditional Access: Users, groups, agents, and workload identities", "concept-conditional-access-users-groups")
        .done(),
    ]
}
