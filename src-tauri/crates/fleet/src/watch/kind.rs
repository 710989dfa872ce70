//! The kinds of alert: their stable names, their titles, how severe they are at most and whether they end by themselves.
//! What raises a kind is in the file of that kind.

use crate::views::Severity;

/// A kind that this version knows. The store may hold others, written by a newer version: they are shown, never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertKind {
    BreakGlassSignIn,
    BreakGlassMembershipChanged,
    BreakGlassExclusionMissing,
    ExclusionExpired,
    PolicyChangedInPortal,
    DriftCriticalMissing,
    CoverageGap,
    AdminUnprotected,
    PrivilegedRoleAssigned,
    LegacySignInSucceeded,
    ConsentLost,
    SyncStale,
}

impl AlertKind {
    pub const ALL: [Self; 12] = [
        Self::BreakGlassSignIn,
        Self::BreakGlassMembershipChanged,
        Self::BreakGlassExclusionMissing,
        Self::ExclusionExpired,
        Self::PolicyChangedInPortal,
        Self::DriftCriticalMissing,
        Self::CoverageGap,
        Self::AdminUnprotected,
        Self::PrivilegedRoleAssigned,
        Self::LegacySignInSucceeded,
        Self::ConsentLost,
        Self::SyncStale,
    ];

    /// The name in the store, in settings and in the CLI. Never renamed.
    pub fn name(self) -> &'static str {
        match self {
            Self::BreakGlassSignIn => "breakglass.signin",
            Self::BreakGlassMembershipChanged => "breakglass.membership_changed",
            Self::BreakGlassExclusionMissing => "breakglass.exclusion_missing",
            Self::ExclusionExpired => "exclusion.expired",
            Self::PolicyChangedInPortal => "policy.changed_in_portal",
            Self::DriftCriticalMissing => "drift.critical_missing",
            Self::CoverageGap => "coverage.gap",
            Self::AdminUnprotected => "mfa.admin_unprotected",
            Self::PrivilegedRoleAssigned => "role.privileged_assigned",
            Self::LegacySignInSucceeded => "signin.legacy_succeeded",
            Self::ConsentLost => "tenant.consent_lost",
            Self::SyncStale => "tenant.sync_stale",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind in words, for lists and settings.
    pub fn title(self) -> &'static str {
        match self {
            Self::BreakGlassSignIn => "Break-glass sign-in",
            Self::BreakGlassMembershipChanged => "Break-glass group changed",
            Self::BreakGlassExclusionMissing => "Break-glass account not excluded",
            Self::ExclusionExpired => "Expired exclusion still in the group",
            Self::PolicyChangedInPortal => "Policy changed outside Gatehouse",
            Self::DriftCriticalMissing => "Critical control missing",
            Self::CoverageGap => "People without MFA",
            Self::AdminUnprotected => "Admin without MFA",
            Self::PrivilegedRoleAssigned => "Privileged role assigned",
            Self::LegacySignInSucceeded => "Legacy sign-in succeeded",
            Self::ConsentLost => "Consent lost",
            Self::SyncStale => "Not synced for 24 hours",
        }
    }

    /// The most severe that an alert of this kind gets.
    pub fn severity(self) -> Severity {
        match self {
            Self::BreakGlassSignIn
            | Self::BreakGlassMembershipChanged
            | Self::BreakGlassExclusionMissing
            | Self::PolicyChangedInPortal
            | Self::DriftCriticalMissing
            | Self::AdminUnprotected => Severity::Critical,
            Self::ExclusionExpired | Self::CoverageGap | Self::PrivilegedRoleAssigned | Self::LegacySignInSucceeded | Self::ConsentLost | Self::SyncStale => {
                Severity::High
            }
        }
    }

    /// State-like kinds tell what is wrong now and resolve when it ends; the others tell what happened and wait for a person.
    pub fn ends_by_itself(self) -> bool {
        matches!(
            self,
            Self::ExclusionExpired
                | Self::AdminUnprotected
                | Self::BreakGlassExclusionMissing
                | Self::DriftCriticalMissing
                | Self::CoverageGap
                | Self::ConsentLost
                | Self::SyncStale
        )
    }

    /// Whether the evidence of a kind can get better without anything new having happened: a policy change learns its author
    /// when the directory audit arrives, a state tells how things are now.
    pub fn evidence_improves(self) -> bool {
        self.ends_by_itself() || matches!(self, Self::PolicyChangedInPortal | Self::BreakGlassMembershipChanged | Self::PrivilegedRoleAssigned)
    }

    pub fn key(self, subject: &str) -> String {
        format!("{}:{subject}", self.name())
    }
}

/// The kind in words; a name that this version does not know is shown as it is.
pub fn title_of(name: &str) -> String {
    AlertKind::parse(name).map_or_else(|| name.to_owned(), |kind| kind.title().to_owned())
}
