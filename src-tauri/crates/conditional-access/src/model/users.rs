//! Whom a policy is about ("conditionalAccessUsers"): users, groups, roles, guests and external users.

use serde_json::Value;

use super::fields::{Reader, Rest, Strange, Writer};
use super::open_enum::open_enum;

open_enum! {
    pub enum GuestType {
        None = "none",
        InternalGuest = "internalGuest",
        B2bCollaborationGuest = "b2bCollaborationGuest",
        B2bCollaborationMember = "b2bCollaborationMember",
        B2bDirectConnectUser = "b2bDirectConnectUser",
        OtherExternalUser = "otherExternalUser",
        ServiceProvider = "serviceProvider",
    }
}
open_enum! {
    pub enum MembershipKind {
        All = "all",
        Enumerated = "enumerated",
    }
}

/// `include_users` also holds `All`, `None` and `GuestsOrExternalUsers`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Users {
    pub include_users: Vec<String>,
    pub exclude_users: Vec<String>,
    pub include_groups: Vec<String>,
    pub exclude_groups: Vec<String>,
    /// Role template ids.
    pub include_roles: Vec<String>,
    pub exclude_roles: Vec<String>,
    pub include_guests: Option<GuestsOrExternalUsers>,
    pub exclude_guests: Option<GuestsOrExternalUsers>,
    pub rest: Rest,
}

impl Users {
    pub(crate) fn read(mut reader: Reader) -> Self {
        Self {
            include_users: reader.list("includeUsers"),
            exclude_users: reader.list("excludeUsers"),
            include_groups: reader.list("includeGroups"),
            exclude_groups: reader.list("excludeGroups"),
            include_roles: reader.list("includeRoles"),
            exclude_roles: reader.list("excludeRoles"),
            include_guests: reader.object("includeGuestsOrExternalUsers", GuestsOrExternalUsers::read),
            exclude_guests: reader.object("excludeGuestsOrExternalUsers", GuestsOrExternalUsers::read),
            rest: reader.rest(),
        }
    }
    pub(crate) fn write(&self) -> Value {
        Writer::new(&self.rest)
            .list("includeUsers", &self.include_users)
            .list("excludeUsers", &self.exclude_users)
            .list("includeGroups", &self.include_groups)
            .list("excludeGroups", &self.exclude_groups)
            .list("includeRoles", &self.include_roles)
            .list("excludeRoles", &self.exclude_roles)
            .object("includeGuestsOrExternalUsers", self.include_guests.as_ref().map(GuestsOrExternalUsers::write))
            .object("excludeGuestsOrExternalUsers", self.exclude_guests.as_ref().map(GuestsOrExternalUsers::write))
            .done()
    }
    pub(crate) fn strange(&self, path: &str, found: &mut Strange) {
        found.rest(path, &self.rest);
        for (name, guests) in [("includeGuestsOrExternalUsers", &self.include_guests), ("excludeGuestsOrExternalUsers", &self.exclude_guests)] {
            if let Some(guests) = guests {
                guests.strange(&format!("{path}.{name}"), found);
            }
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct GuestsOrExternalUsers {
    pub types: Vec<GuestType>,
    pub external_tenants: Option<ExternalTenants>,
    pub rest: Rest,
}

impl GuestsOrExternalUsers {
    fn read(mut reader: Reader) -> Self {
        Self { types: reader.flags("guestOrExternalUserTypes"), external_tenants: reader.object("externalTenants", ExternalTenants::read), rest: reader.rest() }
    }
    fn write(&self) -> Value {
        Writer::new(&self.rest)
            .flags("guestOrExternalUserTypes", &self.types)
            .object("externalTenants", self.external_tenants.as_ref().map(ExternalTenants::write))
            .done()
    }
    fn strange(&self, path: &str, found: &mut Strange) {
        found.rest(path, &self.rest);
        found.members(path, "guestOrExternalUserTypes", &self.types);
        if let Some(tenants) = &self.external_tenants {
            let path = format!("{path}.externalTenants");
            found.rest(&path, &tenants.rest);
            if let Some(kind) = &tenants.membership_kind {
                found.member(&path, "membershipKind", kind);
            }
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExternalTenants {
    pub membership_kind: Option<MembershipKind>,
    /// Tenant ids, where the kind is `enumerated`.
    pub members: Vec<String>,
    pub rest: Rest,
}

impl ExternalTenants {
    fn read(mut reader: Reader) -> Self {
        Self { membership_kind: reader.member("membershipKind"), members: reader.list("members"), rest: reader.rest() }
    }
    fn write(&self) -> Value {
        Writer::new(&self.rest).member("membershipKind", self.membership_kind.as_ref()).list("members", &self.members).done()
    }
}
