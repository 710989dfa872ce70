//! From a request's identity, or a user of the directory, to the [`Subject`] that policies can tell apart.

use super::bits::IdSet;
use super::engine::Engine;
use super::membership::Members;
use super::reason::Truth;
use super::request::{Identity, ServicePrincipalSignIn, UserSignIn};
use super::subject::{Guest, HomeTenant, Memberships, Mention, ServicePrincipalSubject, Subject, UserSubject, guest_bit};
use crate::model::users::GuestType;
use crate::names::first_party_application;
use crate::tenant::User;

const EXTERNAL: u8 = 2 | 4 | 8 | 16 | 32;
/// Direct connect and service provider users have no presence in the directory, so no group, role or id of it.
const ABSENT: u8 = 8 | 32;
/// Whose object never told a user type.
const ANY_EXTERNAL: u8 = 2 | 4 | 16;
const ANY_LOCAL: u8 = 1 | 16;

impl Engine {
    /// Who that is to the policies.
    #[must_use]
    pub fn subject(&self, identity: &Identity) -> Subject {
        match identity {
            Identity::Open => Subject::Open,
            Identity::User(user) => Subject::User(self.user_subject(user)),
            Identity::ServicePrincipal(principal) => Subject::ServicePrincipal(self.service_principal_subject(principal)),
        }
    }

    /// A user of the directory, as every sign-in that says no more sees them.
    #[must_use]
    pub fn subject_of(&self, user: &User) -> UserSubject {
        self.known_user(&user.id.to_lowercase(), Some(user), None)
    }

    fn user_subject(&self, sign_in: &UserSignIn) -> UserSubject {
        let stated = (!sign_in.external_types.is_empty()).then(|| self.stated_guest(sign_in));
        match &sign_in.user_id {
            Some(id) => {
                let id = id.to_lowercase();
                let user = self.user(&id).or_else(|| self.user_by_upn(&id));
                let id = user.map_or(id, |user| user.id.to_lowercase());
                let mut subject = self.known_user(&id, user, stated);
                if let Some(tenant) = &sign_in.external_tenant_id
                    && sign_in.external_types.is_empty()
                {
                    subject.guest.tenant = self.home(tenant);
                }
                subject
            }
            None => {
                let (groups, roles) = Members::unknown(self.mentions().groups.len(), self.mentions().roles.len());
                let guest = stated.unwrap_or(Guest { kinds: 0, unknown: 63, tenant: HomeTenant::Other(Mention::Open) });
                let absent = guest.unknown == 0 && guest.kinds != 0 && guest.kinds & !ABSENT == 0;
                UserSubject {
                    user: if absent { Mention::None } else { Mention::Open },
                    groups: if absent { Memberships::default() } else { groups },
                    roles: if absent { Memberships::default() } else { roles },
                    guest,
                    agent: Truth::No,
                }
            }
        }
    }

    /// Graph takes object ids only; whoever types a request has the user principal name at hand.
    fn user_by_upn(&self, upn: &str) -> Option<&User> {
        let users = self.tenant().users.as_ref().filter(|_| upn.contains('@'))?;
        users.iter().find(|user| user.upn.to_lowercase() == upn)
    }

    /// Somebody whom the directory, as far as it was read, does not have.
    pub(super) fn is_stranger(&self, identity: &Identity) -> bool {
        match identity {
            Identity::User(UserSignIn { user_id: Some(id), .. }) => {
                self.tenant().users.is_some() && self.user(id).is_none() && self.user_by_upn(&id.to_lowercase()).is_none()
            }
            Identity::ServicePrincipal(ServicePrincipalSignIn { service_principal_id: Some(id), .. }) => {
                self.tenant().service_principals.is_some() && self.service_principal(&id.to_lowercase()).is_none()
            }
            _ => false,
        }
    }

    fn known_user(&self, id: &str, user: Option<&User>, stated: Option<Guest>) -> UserSubject {
        let (groups, roles) = self.memberships_of(id);
        UserSubject {
            user: self.user_place(id).map_or(Mention::None, Mention::At),
            groups,
            roles,
            guest: stated.unwrap_or_else(|| user.map_or(Guest { kinds: 0, unknown: 63, tenant: HomeTenant::Other(Mention::Open) }, |user| self.guest(user))),
            agent: Truth::of(user.is_some_and(|user| user.agent)),
        }
    }

    fn home(&self, tenant: &str) -> HomeTenant {
        let tenant = tenant.trim().to_lowercase();
        if self.tenant().id.as_ref().is_some_and(|id| id.to_lowercase() == tenant) {
            return HomeTenant::This;
        }
        HomeTenant::Other(self.tenant_place(&tenant).map_or(Mention::None, Mention::At))
    }

    fn stated_guest(&self, sign_in: &UserSignIn) -> Guest {
        let kinds = sign_in.external_types.iter().fold(0, |bits, kind| bits | guest_bit(kind));
        let strange = sign_in.external_types.iter().any(|kind| matches!(kind, GuestType::Other(_)));
        let tenant = match &sign_in.external_tenant_id {
            Some(tenant) => self.home(tenant),
            None if kinds & EXTERNAL == 0 && !strange => HomeTenant::This,
            None => HomeTenant::Other(Mention::Open),
        };
        Guest { kinds, unknown: if strange { 63 } else { 0 }, tenant }
    }

    /// "Authentication and Conditional Access for External ID": where somebody authenticates, and whether as guest or member.
    /// Graph marks accounts of other directories with `#EXT#` in the user principal name.
    fn guest(&self, user: &User) -> Guest {
        let external = user.upn.to_uppercase().contains("#EXT#");
        let home = || user.home_tenant.as_deref().map_or(HomeTenant::Other(Mention::Open), |tenant| self.home(tenant));
        let of =
            |kinds: u8, unknown: u8| Guest { kinds, unknown, tenant: if kinds & EXTERNAL == 0 && unknown & EXTERNAL == 0 { HomeTenant::This } else { home() } };
        if let Some(kind) = &user.external_kind {
            return match kind {
                GuestType::None => Guest::member(),
                GuestType::Other(_) => of(0, 63),
                known => of(guest_bit(known), 0),
            };
        }
        match user.user_type.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("guest") if external => of(2, 0),
            Some("guest") => of(1, 0),
            Some("member") if external => of(4, 0),
            Some("member") => Guest::member(),
            // "Other external users" are those whose object has no user type of Member; it may as well never have been read.
            _ if external => of(0, ANY_EXTERNAL),
            _ => of(0, ANY_LOCAL),
        }
    }

    fn service_principal_subject(&self, sign_in: &ServicePrincipalSignIn) -> ServicePrincipalSubject {
        let Some(id) = &sign_in.service_principal_id else {
            return ServicePrincipalSubject {
                id: Mention::Open,
                of_this_tenant: Truth::Unknown,
                agent: sign_in.agent.into(),
                filters: Memberships { yes: IdSet::new(), unknown: IdSet::up_to(self.policies().len()) },
            };
        };
        let id = id.to_lowercase();
        let principal = self.service_principal(&id);
        let kind = principal.and_then(|principal| principal.kind.as_deref());
        let owner = principal.and_then(|principal| principal.owner_tenant.as_deref());
        let agent = match (sign_in.agent, kind) {
            (Some(agent), _) => Truth::of(agent),
            (None, Some("ServiceIdentity")) => Truth::Yes,
            (None, Some(_)) => Truth::No,
            // Graph's request knows only a "single tenant service principal", no agent.
            (None, None) => Truth::No,
        };
        let of_this_tenant = match (kind, owner, &self.tenant().id) {
            (Some("ManagedIdentity"), ..) => Truth::No,
            (_, Some(owner), Some(tenant)) => Truth::of(owner.eq_ignore_ascii_case(tenant)),
            _ if principal.is_some_and(|principal| first_party_application(&principal.app_id.to_lowercase()).is_some()) => Truth::No,
            // Nobody read who owns it, and the request is about a "single tenant service principal" by its contract.
            _ => {
                if principal.is_some() {
                    Truth::Yes
                } else {
                    Truth::Unknown
                }
            }
        };
        let mut filters = Memberships::default();
        for (policy, fits) in self.workload_filters(principal) {
            match fits {
                Truth::Yes => filters.yes.insert(policy),
                Truth::Unknown => filters.unknown.insert(policy),
                Truth::No => {}
            }
        }
        ServicePrincipalSubject { id: self.service_principal_place(&id).map_or(Mention::None, Mention::At), of_this_tenant, agent, filters }
    }
}
