//! What the watch knows of a tenant when it looks: plain values, read once, so that every kind can be judged without the
//! database. Only what the kinds need is here; a tenant's users are not.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::condition::{Handled, Millis, Named};
use crate::engine::judgement::Judgement;

#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub now: Millis,
    pub tenant: Tenant,
    /// Accounts that any fact below mentions, by id.
    pub people: BTreeMap<String, Person>,
    /// Names of groups, roles, applications, locations and strengths, by id.
    pub names: BTreeMap<String, String>,
    /// Whether a named location is marked as trusted.
    pub trusted_locations: BTreeMap<String, bool>,
    /// Members of the break-glass group and accounts that a person marked as break-glass.
    pub break_glass: BTreeSet<String>,
    /// Its group was deleted from the directory; `break_glass` holds who was in it last.
    pub break_glass_group_gone: bool,
    /// Planned tests of them; a sign-in inside one is information.
    pub drills: Vec<Drill>,
    /// Oldest first, like every list below.
    pub break_glass_sign_ins: Vec<SignIn>,
    /// Successes over legacy authentication only.
    pub legacy_sign_ins: Vec<SignIn>,
    pub member_changes: Vec<MemberChange>,
    pub role_changes: Vec<RoleChange>,
    /// Privileged roles: id to name.
    pub privileged_roles: BTreeMap<String, String>,
    /// Roles that only directory synchronization's own accounts hold: machines, which cannot register a method.
    pub synchronization_roles: BTreeSet<String>,
    /// Who holds a privileged role now; groups already resolved to their members.
    pub holders: Vec<Holding>,
    /// All versions of the policies that changed after the baseline, oldest first within a policy.
    pub policy_versions: Vec<PolicyVersion>,
    /// When this tenant's policies were first read: what was there then is no news, whenever that was.
    pub policies_first_read: Option<Millis>,
    /// Roles, members and registration were read at least once, so that an admin's protection can be judged.
    pub admins_known: bool,
    /// Whether a privileged user has an MFA method registered; absent or None is unknown.
    pub registered: BTreeMap<String, Option<bool>>,
    pub registration_read_at: Option<Millis>,
    /// Kinds of data whose last attempt failed, in words.
    pub failing: Vec<String>,
    /// Who changed a group or a role, by the directory audit: `(target id, member or principal id)` to the newest entry.
    pub audited: BTreeMap<(String, String), Audited>,
    /// Whether anything demands MFA of an account, by the posture's last verdict; absent or None is unknown.
    pub asked_for_mfa: BTreeMap<String, Option<bool>>,
    /// Accounts with a strong method, by the posture's last verdict.
    pub strong: BTreeSet<String>,
    /// What the engine said when something that decides it last changed; None: never judged.
    pub judgement: Option<Judgement>,
    /// Time-bound access past its end whose user Gatehouse has to take out and who, as far as was read, is still in the group.
    pub overdue: Vec<store::access_grants::GrantRow>,
    pub handled: Handled,
}

#[derive(Debug, Clone, Default)]
pub struct Tenant {
    pub id: String,
    pub added_at: Millis,
    /// Only what happened after it is news; None: the first sync has not ended.
    pub baseline_at: Option<Millis>,
    pub last_complete_sync: Option<Millis>,
    pub last_attempt: Option<Millis>,
    /// neverAsked, granted, partly, revoked
    pub consent: String,
    pub consent_error: Option<String>,
    pub consent_error_code: Option<String>,
    pub break_glass_group: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drill {
    pub id: i64,
    /// None: every break-glass account.
    pub account: Option<String>,
    pub from: Millis,
    pub until: Millis,
    pub reason: String,
}

#[derive(Debug, Clone, Default)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub upn: String,
    /// None: not known.
    pub enabled: Option<bool>,
}

#[derive(Debug, Clone, Default)]
pub struct SignIn {
    pub id: String,
    pub at: Millis,
    pub user_id: String,
    pub upn: String,
    pub user_name: String,
    pub app: String,
    pub client: String,
    pub ip: String,
    pub country: String,
    pub city: String,
    pub device: String,
    pub error_code: i64,
    pub failure_reason: String,
}

#[derive(Debug, Clone, Default)]
pub struct MemberChange {
    pub group_id: String,
    pub seen_at: Millis,
    pub member_id: String,
    pub added: bool,
}

#[derive(Debug, Clone, Default)]
pub struct RoleChange {
    pub seen_at: Millis,
    /// assigned, active, eligible
    pub kind: String,
    pub role_id: String,
    pub principal_id: String,
    pub scope: String,
    pub added: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Holding {
    pub principal_id: String,
    /// assigned, active, eligible
    pub kind: String,
    pub role_id: String,
    /// The group that brings it, None when direct.
    pub through: Option<String>,
    pub scope: String,
    /// None is permanent.
    pub ends_at: Option<Millis>,
}

#[derive(Debug, Clone, Default)]
pub struct PolicyVersion {
    pub policy_id: String,
    pub version: i64,
    pub name: String,
    /// None: deleted.
    pub body: Option<Value>,
    pub seen_at: Millis,
    pub changed_at: Option<Millis>,
    pub changed_by: Option<String>,
    pub by_gatehouse: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Audited {
    pub at: Millis,
    pub by: Option<String>,
}

impl Facts {
    /// The planned drill that a break-glass account's sign-in belongs to.
    pub fn drill_of(&self, sign_in: &SignIn) -> Option<&Drill> {
        let about = |drill: &&Drill| drill.account.as_ref().is_none_or(|account| *account == sign_in.user_id);
        self.drills.iter().filter(about).find(|drill| (drill.from..=drill.until).contains(&sign_in.at))
    }

    /// What a person is called, as far as anything says.
    pub fn named(&self, id: &str) -> Named {
        match self.people.get(id) {
            Some(person) => Named { id: id.to_owned(), name: person.name.clone(), upn: person.upn.clone() },
            None => Named { id: id.to_owned(), name: self.names.get(id).cloned().unwrap_or_default(), upn: String::new() },
        }
    }

    /// Whether something that was seen at this time came after the first sync.
    pub fn is_news(&self, at: Millis) -> bool {
        self.tenant.baseline_at.is_some_and(|baseline| at > baseline)
    }

    /// Whether a closed alert of this key has dealt with the occurrence already.
    pub fn handled(&self, key: &str, occurrence: &super::condition::Occurrence) -> bool {
        self.handled.get(key).is_some_and(|seen| seen.contains(occurrence))
    }
}

impl SignIn {
    pub fn place(&self) -> String {
        match (self.city.is_empty(), self.country.is_empty()) {
            (false, false) => format!("{}, {}", self.city, self.country),
            (false, true) => self.city.clone(),
            (true, _) => self.country.clone(),
        }
    }

    pub fn seen(&self) -> super::condition::SeenSignIn {
        super::condition::SeenSignIn {
            at: self.at,
            id: self.id.clone(),
            succeeded: self.error_code == 0,
            app: self.app.clone(),
            client: self.client.clone(),
            ip: self.ip.clone(),
            place: self.place(),
            device: self.device.clone(),
            reason: if self.error_code == 0 { String::new() } else { self.failure_reason.clone() },
        }
    }

    pub fn occurrence(&self) -> super::condition::Occurrence {
        super::condition::Occurrence { at: self.at, id: self.id.clone() }
    }
}
