//! The permissions Gatehouse asks for, the least that do the work, and why each is needed. Shown on the consent screen and
//! in the README; checked in a test against Microsoft's list of permissions per endpoint.

/// A kind of data that a tenant can have, or not have, permission for. The names are those of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Data {
    Organization,
    Licences,
    Users,
    Groups,
    Roles,
    Policies,
    NamedLocations,
    AuthenticationStrengths,
    SecurityDefaults,
    ServicePrincipals,
    MfaRegistration,
    PerUserMfa,
    AuthenticationMethods,
    SignIns,
    DirectoryAudits,
}

impl Data {
    pub const ALL: [Self; 15] = [
        Self::Organization,
        Self::Licences,
        Self::Users,
        Self::Groups,
        Self::Roles,
        Self::Policies,
        Self::NamedLocations,
        Self::AuthenticationStrengths,
        Self::SecurityDefaults,
        Self::ServicePrincipals,
        Self::MfaRegistration,
        Self::PerUserMfa,
        Self::AuthenticationMethods,
        Self::SignIns,
        Self::DirectoryAudits,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Licences => "licences",
            Self::Users => "users",
            Self::Groups => "groups",
            Self::Roles => "roles",
            Self::Policies => "policies",
            Self::NamedLocations => "namedLocations",
            Self::AuthenticationStrengths => "authenticationStrengths",
            Self::SecurityDefaults => "securityDefaults",
            Self::ServicePrincipals => "servicePrincipals",
            Self::MfaRegistration => "mfaRegistration",
            Self::PerUserMfa => "perUserMfa",
            Self::AuthenticationMethods => "authenticationMethods",
            Self::SignIns => "signIns",
            Self::DirectoryAudits => "directoryAudits",
        }
    }
}

/// One permission of Microsoft Graph; the same name serves as delegated scope and as application role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    pub name: &'static str,
    pub why: &'static str,
    pub data: &'static [Data],
}

/// Read-only: what is asked for until the technician turns on writing for a tenant.
pub const READING: &[Permission] = &[
    Permission {
        name: "Organization.Read.All",
        why: "the tenant's name and domains, and which licences (P1, P2) it has",
        data: &[Data::Organization, Data::Licences],
    },
    Permission { name: "User.Read.All", why: "the list of users, enabled or not, and which are guests", data: &[Data::Users] },
    Permission { name: "GroupMember.Read.All", why: "who is in the groups that policies include or exclude, through nested groups too", data: &[Data::Groups] },
    Permission { name: "RoleManagement.Read.Directory", why: "who holds an administrator role, active or eligible", data: &[Data::Roles] },
    Permission {
        name: "Policy.Read.All",
        why: "Conditional Access policies, named locations, authentication strengths, security defaults and per-user MFA",
        data: &[Data::Policies, Data::NamedLocations, Data::AuthenticationStrengths, Data::SecurityDefaults, Data::PerUserMfa],
    },
    Permission { name: "Application.Read.All", why: "the names of the applications that policies and sign-ins mention", data: &[Data::ServicePrincipals] },
    Permission {
        name: "AuditLog.Read.All",
        why: "sign-ins, who changed what, and who has registered MFA",
        data: &[Data::MfaRegistration, Data::SignIns, Data::DirectoryAudits],
    },
    Permission {
        name: "UserAuthenticationMethod.Read.All",
        why: "which MFA methods administrators and flagged users have, and since when",
        data: &[Data::AuthenticationMethods],
    },
];

/// For acting on a tenant; asked for when the technician turns on writing for it, never before. They come on top of [`READING`],
/// without which Graph refuses the writes too ("Create conditionalAccessPolicy": `Policy.Read.All` and `Policy.ReadWrite.ConditionalAccess`).
pub const WRITING: &[Permission] = &[
    Permission {
        name: "Policy.ReadWrite.ConditionalAccess",
        why: "applying, undoing and restoring a change of a Conditional Access policy or a named location, each after a dry run and by hand",
        data: &[],
    },
    Permission {
        name: "GroupMember.ReadWrite.All",
        why: "adding a user to an exclusion group for a limited time, and removing the user again when the time is over",
        data: &[],
    },
];

/// For listing a partner's customers (GDAP); only asked for in the partner's own tenant.
pub const PARTNER: Permission =
    Permission { name: "DelegatedAdminRelationship.Read.All", why: "the list of customers, so that many are added at once", data: &[] };

/// Permissions that include another one.
fn covers(granted: &str, wanted: &str) -> bool {
    if granted.eq_ignore_ascii_case(wanted) {
        return true;
    }
    let higher: &[&str] = match wanted {
        "Organization.Read.All" => &["Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        "User.Read.All" => &["User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        "GroupMember.ReadWrite.All" => &["Group.ReadWrite.All", "Directory.ReadWrite.All"],
        "GroupMember.Read.All" => &["GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        "RoleManagement.Read.Directory" => &["RoleManagement.Read.All", "RoleManagement.ReadWrite.Directory"],
        "Application.Read.All" => &["Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        "UserAuthenticationMethod.Read.All" => &["UserAuthenticationMethod.ReadWrite.All"],
        "DelegatedAdminRelationship.Read.All" => &["DelegatedAdminRelationship.ReadWrite.All"],
        _ => &[],
    };
    higher.iter().any(|name| granted.eq_ignore_ascii_case(name))
}

/// The permissions for reading that a granted set (scopes or roles) lacks.
#[must_use]
pub fn missing<S: AsRef<str>>(granted: &[S]) -> Vec<&'static Permission> {
    lacking(READING, granted)
}

/// The permissions for writing that a granted set (scopes or roles) lacks; those for reading are [`missing`]'s affair.
#[must_use]
pub fn missing_for_writing<S: AsRef<str>>(granted: &[S]) -> Vec<&'static Permission> {
    lacking(WRITING, granted)
}

fn lacking<S: AsRef<str>>(wanted: &'static [Permission], granted: &[S]) -> Vec<&'static Permission> {
    wanted.iter().filter(|wanted| !granted.iter().any(|granted| covers(granted.as_ref(), wanted.name))).collect()
}

/// Which kinds of data a granted set (scopes or roles) allows to read.
#[must_use]
pub fn allowed<S: AsRef<str>>(granted: &[S]) -> Vec<Data> {
    let lacking = missing(granted);
    Data::ALL.into_iter().filter(|data| !lacking.iter().any(|permission| permission.data.contains(data))).collect()
}

/// Names to ask for, delegated or as application.
#[must_use]
pub fn reading_names() -> Vec<String> {
    READING.iter().map(|permission| permission.name.to_owned()).collect()
}

/// Names to ask for on top of [`reading_names`] once writing is turned on, delegated or as application.
#[must_use]
pub fn writing_names() -> Vec<String> {
    WRITING.iter().map(|permission| permission.name.to_owned()).collect()
}
