//! Who signs in, reduced to what policies can tell apart: the users, groups, roles and tenants that some policy mentions, as
//! bits. Two people with equal subjects are the same to every policy, which is what coverage counts by.

use super::bits::IdSet;
use super::reason::Truth;
use crate::model::users::GuestType;

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// Nobody said who.
    Open,
    User(UserSubject),
    ServicePrincipal(ServicePrincipalSubject),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserSubject {
    /// Which of [`super::Mentions::users`] this is.
    pub user: Mention,
    /// Of [`super::Mentions::groups`], nested ones included.
    pub groups: Memberships,
    /// Of [`super::Mentions::roles`]: active and tenant-wide.
    pub roles: Memberships,
    pub guest: Guest,
    pub agent: Truth,
}

impl UserSubject {
    /// A member of the tenant whom no policy mentions.
    #[must_use]
    pub fn member() -> Self {
        Self { user: Mention::None, groups: Memberships::default(), roles: Memberships::default(), guest: Guest::member(), agent: Truth::No }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServicePrincipalSubject {
    /// Which of [`super::Mentions::service_principals`] this is.
    pub id: Mention,
    /// A single-tenant application of this tenant, which alone workload identity policies cover.
    pub of_this_tenant: Truth,
    pub agent: Truth,
    /// Policies, by index, whose service principal filter its custom security attributes fit.
    pub filters: Memberships,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mention {
    /// No policy mentions it.
    None,
    At(usize),
    /// Nobody said which it is.
    Open,
}

/// What somebody belongs to, and what nobody can say. An id is in at most one of the two.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Memberships {
    pub yes: IdSet,
    pub unknown: IdSet,
}

impl Memberships {
    #[must_use]
    pub fn of(&self, id: usize) -> Truth {
        if self.yes.contains(id) {
            Truth::Yes
        } else if self.unknown.contains(id) {
            Truth::Unknown
        } else {
            Truth::No
        }
    }
}

/// The kinds of guest and external user somebody is ("Authentication and Conditional Access for External ID").
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Guest {
    /// Bits of [`guest_bit`]; none: a member of this tenant.
    pub kinds: u8,
    /// Kinds that nobody can rule out.
    pub unknown: u8,
    pub tenant: HomeTenant,
}

impl Guest {
    #[must_use]
    pub fn member() -> Self {
        Self { kinds: 0, unknown: 0, tenant: HomeTenant::This }
    }
    #[must_use]
    pub fn is_of(&self, bits: u8) -> Truth {
        if self.kinds & bits != 0 {
            Truth::Yes
        } else if self.unknown & bits != 0 {
            Truth::Unknown
        } else {
            Truth::No
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HomeTenant {
    This,
    /// Which of [`super::Mentions::tenants`].
    Other(Mention),
}

/// 0 for `none` and for kinds that are not known.
#[must_use]
pub fn guest_bit(kind: &GuestType) -> u8 {
    match kind {
        GuestType::InternalGuest => 1,
        GuestType::B2bCollaborationGuest => 2,
        GuestType::B2bCollaborationMember => 4,
        GuestType::B2bDirectConnectUser => 8,
        GuestType::OtherExternalUser => 16,
        GuestType::ServiceProvider => 32,
        GuestType::None | GuestType::Other(_) => 0,
    }
}
