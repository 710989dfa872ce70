//! What has to be known of a change before anybody can say what speaks against it. Values only; who gathers them reads the store.

use chrono::TimeDelta;
use conditional_access::ConditionalAccessPolicy;
use conditional_access::tenant::NamedLocation;

use crate::views::{Moment, PersonRef, licences::EntraPlan};

/// What the change does to one account's way in, by all policies that differ for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    pub person: PersonRef,
    /// A policy that newly keeps the account out, and why: "it blocks".
    pub locked: Option<(String, String)>,
    /// A policy of which nobody can say whether it newly reaches the account.
    pub open: Option<String>,
    /// A report-only policy that is assigned to it, which would keep it out once enforced.
    pub report_only: Option<String>,
    /// A policy that kept it out before, too.
    pub still: Option<String>,
}

/// Whose account acts on the tenant.
#[derive(Debug, Clone, PartialEq)]
pub enum Acting {
    /// Nobody said.
    Unknown,
    /// The directory has no such account: a partner's, which signs in from elsewhere.
    Elsewhere(String),
    Found(Reach),
}

/// How long the policy that shall be enforced has shown what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nothing is newly enforced.
    NotNeeded,
    Never,
    /// In report-only, or enforced earlier, with the same content.
    Stood(TimeDelta),
}

#[derive(Debug, Clone, PartialEq)]
pub enum About {
    Policy { before: Option<Box<ConditionalAccessPolicy>>, after: Option<Box<ConditionalAccessPolicy>> },
    Location { before: Option<NamedLocation>, after: Option<NamedLocation>, used_by: Vec<String> },
    Member { group: Option<Group> },
}

/// The group whose member is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    pub name: String,
    pub dynamic: bool,
    pub on_premises: bool,
}

/// People by name, and how many they are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct People {
    pub count: usize,
    /// The first of them.
    pub first: Vec<PersonRef>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    pub now: Moment,
    pub about: About,
    /// The target's name.
    pub name: String,
    pub policies_read_at: Option<Moment>,
    /// None: no account is known, or looks like one.
    pub break_glass: Vec<Reach>,
    /// None: roles were never read. Without break-glass accounts.
    pub admins: Option<Vec<Reach>>,
    pub acting: Acting,
    pub stage: Stage,
    pub newly_blocked: People,
    /// Asked for MFA, and known to have no method for it.
    pub no_method: People,
    /// Asked for MFA, and nobody knows whether they have a method.
    pub method_unknown: usize,
    /// Whom policies protect less, by the engine over all people and places; None: it cannot be decided.
    pub unprotected: Option<People>,
    /// Where, before and after, of the first of them.
    pub unprotected_where: Option<String>,
    pub legacy: People,
    pub legacy_sign_ins: u32,
    pub service_accounts: People,
    /// Asked for a managed device while they sat at none.
    pub unmanaged: People,
    pub cannot_say: u32,
    pub sign_ins_read_at: Option<Moment>,
    /// The oldest sign-in that is kept; what is older was not seen.
    pub sign_ins_since: Option<Moment>,
    pub replayed_from: Moment,
    /// None: never read.
    pub plan: Option<EntraPlan>,
    /// Entra's own record of the report-only stage: whom it would have refused.
    pub refused_in_report_only: People,
}

impl Facts {
    /// Nothing speaks against anything; tests change one thing at a time.
    #[cfg(test)]
    pub fn calm(now: Moment, about: About) -> Self {
        Self {
            now,
            about,
            name: "CA003".to_owned(),
            policies_read_at: Some(now - TimeDelta::hours(1)),
            break_glass: vec![Reach::untouched("glass")],
            admins: Some(vec![Reach::untouched("admin")]),
            acting: Acting::Found(Reach::untouched("me")),
            stage: Stage::NotNeeded,
            newly_blocked: People::default(),
            no_method: People::default(),
            method_unknown: 0,
            unprotected: Some(People::default()),
            unprotected_where: None,
            legacy: People::default(),
            legacy_sign_ins: 0,
            service_accounts: People::default(),
            unmanaged: People::default(),
            cannot_say: 0,
            sign_ins_read_at: Some(now - TimeDelta::hours(1)),
            sign_ins_since: Some(now - TimeDelta::days(30)),
            replayed_from: now - TimeDelta::days(7),
            plan: Some(EntraPlan::P2),
            refused_in_report_only: People::default(),
        }
    }

    pub(super) fn after_policy(&self) -> Option<&ConditionalAccessPolicy> {
        match &self.about {
            About::Policy { after, .. } => after.as_deref(),
            About::Location { .. } | About::Member { .. } => None,
        }
    }
}

impl Reach {
    #[cfg(test)]
    pub fn untouched(name: &str) -> Self {
        Self {
            person: PersonRef { id: name.to_owned(), display_name: name.to_owned(), upn: format!("{name}@contoso.example") },
            locked: None,
            open: None,
            report_only: None,
            still: None,
        }
    }
}
