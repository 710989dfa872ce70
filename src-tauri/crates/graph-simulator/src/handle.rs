//! Changing a tenant while it is served. Each change becomes visible to reads after the replication lag; each that Entra audits
//! writes its audit entries.

use crate::audits::{self, Actor};
use crate::changes::{self, When};
use crate::collection::Change;
use crate::graph::merged;
use crate::profile::{Licence, TenantProfile};
use crate::state::Shared;
use crate::tenant::{List, Tenant};
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use snapshot::Snapshot;
use std::sync::RwLockReadGuard;

/// Why a change cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    #[error("there is no {what} {id} in this tenant")]
    NotFound { what: &'static str, id: String },
    #[error("that is no X.509 certificate in PEM or DER; give a certificate with an RSA key")]
    NoCertificate,
}

/// A served tenant.
pub struct TenantHandle<'a> {
    shared: &'a Shared,
    id: String,
}

impl<'a> TenantHandle<'a> {
    pub(crate) fn new(shared: &'a Shared, id: &str) -> Option<TenantHandle<'a>> {
        shared.read(id).map(|_| TenantHandle { shared, id: id.to_owned() })
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn profile(&self) -> TenantProfile {
        match self.read() {
            Some(tenant) => tenant.profile.clone(),
            None => TenantProfile::new(&self.id, "", ""),
        }
    }

    pub(crate) fn read(&self) -> Option<RwLockReadGuard<'_, Tenant>> {
        self.shared.read(&self.id)
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.shared.now()
    }

    /// Changes now what only the server's own answers depend on.
    fn at_once(&self, change: impl FnOnce(&mut Tenant)) {
        if let Some(mut tenant) = self.shared.write(&self.id) {
            change(&mut tenant);
        }
    }

    /// Changes data: readers see it when the replication lag is over.
    fn replicated(&self, change: impl FnOnce(&mut Tenant) + Send + Sync + 'static) {
        self.change(|tenant, when| tenant.when_replicated(when, Vec::new(), change));
    }

    fn change<T>(&self, change: impl FnOnce(&mut Tenant, When) -> T) -> Option<T> {
        let when = When::of(self.shared);
        self.shared.write(&self.id).map(|mut tenant| change(&mut tenant, when))
    }

    /// An administrator of this tenant who can be named as the one who did something.
    pub fn an_admin(&self) -> Actor {
        let found = self.read().and_then(|tenant| audits::an_admin(&tenant));
        found.unwrap_or_else(|| Actor::user(&audits::derived(&self.id, "admin"), &format!("admin@{}", self.profile().default_domain), "203.0.113.20"))
    }

    // --- people and groups -------------------------------------------------------------------------------------------

    pub fn user(&self, id_or_upn: &str) -> Option<Value> {
        self.read()?.user(id_or_upn)
    }

    pub fn users(&self) -> Vec<Value> {
        self.read().map(|tenant| tenant.values(List::Users)).unwrap_or_default()
    }

    pub fn groups(&self) -> Vec<Value> {
        self.read().map(|tenant| tenant.values(List::Groups)).unwrap_or_default()
    }

    /// Adds a user or replaces it whole.
    pub fn upsert_user(&self, user: Value) {
        self.replicated(move |tenant| tenant.upsert(List::Users, &user));
    }

    /// Deletes a user: `restorable` for the recycle bin (`@removed` reason changed), else for good (reason deleted).
    pub fn delete_user(&self, id: &str, restorable: bool) -> Result<(), ChangeError> {
        self.must(List::Users, "user", id)?;
        let id = id.to_owned();
        self.replicated(move |tenant| {
            tenant.remove(List::Users, &id, if restorable { Change::Changed } else { Change::Deleted });
            let groups: Vec<String> = tenant.members.iter().filter(|(_, members)| members.iter().any(|m| m.id == id)).map(|(group, _)| group.clone()).collect();
            for group in groups {
                if restorable {
                    tenant.hide_member(&group, &id);
                } else {
                    tenant.remove_member(&group, &id);
                }
            }
        });
        Ok(())
    }

    pub fn upsert_group(&self, group: Value) {
        self.replicated(move |tenant| {
            if let Some(id) = group.get("id").and_then(Value::as_str) {
                tenant.members.entry(id.to_owned()).or_default();
            }
            tenant.upsert(List::Groups, &group);
        });
    }

    /// Changes fields of a group: makes it dynamic, say, or synced from on-premises.
    pub fn edit_group(&self, id: &str, changes: Value) -> Result<(), ChangeError> {
        let mut group =
            self.read().and_then(|tenant| tenant.value(List::Groups, id)).ok_or_else(|| ChangeError::NotFound { what: "group", id: id.to_owned() })?;
        merged(&mut group, changes);
        self.upsert_group(group);
        Ok(())
    }

    pub fn delete_group(&self, id: &str) -> Result<(), ChangeError> {
        self.must(List::Groups, "group", id)?;
        let id = id.to_owned();
        self.replicated(move |tenant| {
            tenant.members.remove(&id);
            tenant.remove(List::Groups, &id, Change::Changed);
        });
        Ok(())
    }

    pub fn members(&self, group: &str) -> Vec<String> {
        self.read().and_then(|tenant| tenant.members.get(group).map(|members| members.iter().map(|m| m.id.clone()).collect())).unwrap_or_default()
    }

    /// Adds a user (or group) to a group, with the audit entry.
    pub fn add_member(&self, group: &str, member: &str, actor: &Actor) -> Result<(), ChangeError> {
        self.member(group, member, actor, true)
    }

    pub fn remove_member(&self, group: &str, member: &str, actor: &Actor) -> Result<(), ChangeError> {
        self.member(group, member, actor, false)
    }

    fn member(&self, group: &str, member: &str, actor: &Actor, present: bool) -> Result<(), ChangeError> {
        self.must(List::Groups, "group", group)?;
        self.change(|tenant, when| changes::set_member(tenant, group, member, present, actor, when));
        Ok(())
    }

    // --- Conditional Access ------------------------------------------------------------------------------------------

    pub fn policies(&self) -> Vec<Value> {
        self.read().map(|tenant| tenant.values(List::Policies)).unwrap_or_default()
    }

    pub fn policy(&self, id: &str) -> Option<Value> {
        self.read()?.value(List::Policies, id)
    }

    /// Creates or replaces a policy as the portal would, with the two audit entries that Entra writes.
    pub fn upsert_policy(&self, mut policy: Value, actor: &Actor) {
        if policy.get("id").and_then(Value::as_str).is_none() {
            policy["id"] = json!(uuid::Uuid::new_v4().to_string());
        }
        self.change(|tenant, when| changes::put(tenant, List::Policies, policy, actor, when));
    }

    /// Changes a policy as the portal would: `changes` has the form of Graph's PATCH.
    pub fn edit_policy(&self, id: &str, changes: Value, actor: &Actor) -> Result<Value, ChangeError> {
        let missing = || ChangeError::NotFound { what: "policy", id: id.to_owned() };
        let edited = self.change(|tenant, when| {
            let mut policy = tenant.primary(List::Policies, id)?;
            merged(&mut policy, changes);
            Some(changes::put(tenant, List::Policies, policy, actor, when))
        });
        edited.flatten().ok_or_else(missing)
    }

    pub fn delete_policy(&self, id: &str, actor: &Actor) -> Result<(), ChangeError> {
        self.must(List::Policies, "policy", id)?;
        self.change(|tenant, when| changes::delete(tenant, List::Policies, id, actor, when));
        Ok(())
    }

    pub fn set_security_defaults(&self, enabled: bool) {
        self.replicated(move |tenant| tenant.security_defaults["isEnabled"] = json!(enabled));
    }

    // --- roles -------------------------------------------------------------------------------------------------------

    /// Assigns a directory role tenant-wide; returns the assignment's id.
    pub fn assign_role(&self, role_definition: &str, principal: &str, actor: &Actor) -> String {
        let id = uuid::Uuid::new_v4().simple().to_string();
        let assignment = json!({"id": id, "principalId": principal, "roleDefinitionId": role_definition, "directoryScopeId": "/"});
        let (actor, now) = (actor.clone(), self.now());
        self.replicated(move |tenant| {
            let entry = audits::role_change(tenant, &actor, &assignment, true, now);
            tenant.upsert(List::RoleAssignments, &assignment);
            tenant.upsert(List::DirectoryAudits, &entry);
        });
        id
    }

    pub fn remove_role(&self, assignment: &str, actor: &Actor) -> Result<(), ChangeError> {
        self.must(List::RoleAssignments, "role assignment", assignment)?;
        let (id, actor, now) = (assignment.to_owned(), actor.clone(), self.now());
        self.replicated(move |tenant| {
            if let Some(assignment) = tenant.value(List::RoleAssignments, &id) {
                let entry = audits::role_change(tenant, &actor, &assignment, false, now);
                tenant.upsert(List::DirectoryAudits, &entry);
            }
            tenant.remove(List::RoleAssignments, &id, Change::Deleted);
        });
        Ok(())
    }

    // --- logs, methods -----------------------------------------------------------------------------------------------

    /// Appends a sign-in as it is given.
    pub fn append_sign_in(&self, sign_in: Value) {
        self.replicated(move |tenant| tenant.upsert(List::SignIns, &sign_in));
    }

    /// Appends a directory audit as it is given.
    pub fn append_audit(&self, audit: Value) {
        self.replicated(move |tenant| tenant.upsert(List::DirectoryAudits, &audit));
    }

    pub fn set_methods(&self, user: &str, methods: Vec<Value>) {
        let user = user.to_ascii_lowercase();
        self.replicated(move |tenant| {
            tenant.methods.insert(user, methods);
        });
    }

    /// What the registration report says of somebody from now on; with the actor who changed the methods, Entra's audit entry too.
    pub fn set_registration(&self, registration: Value, by: Option<&Actor>) {
        self.change(|tenant, when| {
            let user = registration.get("id").and_then(Value::as_str).unwrap_or_default();
            let any = registration.get("methodsRegistered").and_then(Value::as_array).is_some_and(|methods| !methods.is_empty());
            let entry = by.map(|actor| audits::security_info_change(tenant, actor, user, any, when.now));
            tenant.when_replicated(when, Vec::new(), move |tenant| {
                entry.iter().for_each(|entry| tenant.upsert(List::DirectoryAudits, entry));
                tenant.upsert(List::Registrations, &registration);
            });
        });
    }

    pub fn registration(&self, user: &str) -> Option<Value> {
        self.read()?.value(List::Registrations, user)
    }

    pub fn set_per_user_mfa(&self, user: &str, state: &str) {
        let (user, state) = (user.to_ascii_lowercase(), state.to_owned());
        self.replicated(move |tenant| {
            tenant.per_user_mfa.insert(user, state);
        });
    }

    // --- the tenant itself -------------------------------------------------------------------------------------------

    pub fn revoke_consent(&self) {
        self.at_once(|tenant| tenant.profile.consent_revoked = true);
    }

    pub fn restore_consent(&self) {
        self.at_once(|tenant| tenant.profile.consent_revoked = false);
    }

    /// The customer closed the tenant.
    pub fn close(&self) {
        self.at_once(|tenant| tenant.profile.gone = true);
    }

    /// Exactly these permissions hold for tokens from now on.
    pub fn set_granted(&self, permissions: &[&str]) {
        let permissions = permissions.iter().map(|permission| (*permission).to_owned()).collect();
        self.at_once(|tenant| tenant.profile.granted = permissions);
    }

    /// These permissions are gone at once: tokens in use are answered with a claims challenge. (Entra itself lets an app's token keep
    /// its roles until it runs out.)
    pub fn take_permissions(&self, permissions: &[&str]) {
        let now = self.now();
        self.at_once(|tenant| {
            tenant.profile.granted.retain(|has| !permissions.iter().any(|taken| taken.eq_ignore_ascii_case(has)));
            demand(tenant, now);
        });
    }

    /// Consent to these too; tokens that are asked for from now on have them.
    pub fn give_permissions(&self, permissions: &[&str]) {
        let now = self.now();
        self.at_once(|tenant| {
            for permission in permissions {
                if !tenant.profile.granted.iter().any(|has| has.eq_ignore_ascii_case(permission)) {
                    tenant.profile.granted.push((*permission).to_owned());
                }
            }
            demand(tenant, now);
        });
    }

    /// The licences of Entra ID P1 and P2 ran out: their subscriptions are suspended ("subscribedSku resource type":
    /// capabilityStatus), and what needs them is refused from now on.
    pub fn lapse_licence(&self) {
        self.set_licence(Licence::Free);
        self.replicated(|tenant| {
            for mut sku in tenant.values(List::SubscribedSkus) {
                let premium = |plan: &Value| plan.get("servicePlanName").and_then(Value::as_str).is_some_and(|name| name.starts_with("AAD_PREMIUM"));
                if sku.get("servicePlans").and_then(Value::as_array).is_some_and(|plans| plans.iter().any(premium)) {
                    sku["capabilityStatus"] = json!("Suspended");
                    tenant.upsert(List::SubscribedSkus, &sku);
                }
            }
        });
    }

    pub fn set_licence(&self, licence: Licence) {
        self.at_once(|tenant| tenant.profile.licence = licence);
    }

    pub fn expire_secret(&self) {
        self.at_once(|tenant| tenant.profile.secret_expired = true);
    }

    /// Somebody added another client secret in the app registration; returns it.
    pub fn renew_secret(&self) -> String {
        let secret = uuid::Uuid::new_v4().to_string();
        let renewed = secret.clone();
        self.at_once(move |tenant| {
            tenant.profile.client_secret.clone_from(&renewed);
            tenant.profile.secret_expired = false;
        });
        secret
    }

    /// Accepts assertions signed with this certificate (PEM or DER).
    pub fn register_certificate(&self, certificate: &[u8]) -> Result<(), ChangeError> {
        let der = crate::login::certificate_der(certificate).ok_or(ChangeError::NoCertificate)?;
        self.at_once(|tenant| tenant.profile.certificates.push(der));
        Ok(())
    }

    /// Answers every request of this tenant 429 for so long.
    pub fn throttle(&self, seconds: u32) {
        let until = self.now() + Duration::seconds(i64::from(seconds));
        self.at_once(|tenant| tenant.throttled_until = Some(until));
    }

    /// From now on, tokens issued until now are answered with a claims challenge.
    pub fn demand_claims(&self) {
        let now = self.now();
        self.at_once(|tenant| demand(tenant, now));
    }

    /// The organization gets another name.
    pub fn rename(&self, display_name: &str) {
        let name = display_name.to_owned();
        self.replicated(move |tenant| {
            for mut organization in tenant.values(List::Organization) {
                organization["displayName"] = json!(name);
                tenant.upsert(List::Organization, &organization);
            }
            tenant.profile.display_name = name;
        });
    }

    /// The tenant as it stands, for comparing what a client read. Sign-ins and audits included.
    pub fn snapshot(&self) -> Snapshot {
        let Some(tenant) = self.read() else { return Snapshot::default() };
        let raw =
            |list| Some(tenant.list(list).iter().rev().filter_map(|(_, entry)| serde_json::value::RawValue::from_string(entry.text.clone()).ok()).collect());
        let groups = tenant.values(List::Groups).into_iter().map(|mut group| {
            let members = group.get("id").and_then(Value::as_str).and_then(|id| tenant.members.get(id));
            let members: Vec<Value> = members.into_iter().flatten().map(|m| json!({"@odata.type": m.kind, "id": m.id})).collect();
            group["members"] = Value::Array(members);
            group
        });
        Snapshot {
            organization: Some(tenant.values(List::Organization)),
            subscribed_skus: Some(tenant.values(List::SubscribedSkus)),
            domains: Some(tenant.values(List::Domains)),
            users: Some(tenant.values(List::Users)),
            groups: Some(groups.collect()),
            role_definitions: Some(tenant.values(List::RoleDefinitions)),
            role_assignments: Some(tenant.values(List::RoleAssignments)),
            role_eligibility: Some(tenant.values(List::RoleEligibility)),
            conditional_access_policies: Some(tenant.values(List::Policies)),
            named_locations: Some(tenant.values(List::NamedLocations)),
            authentication_strengths: Some(tenant.values(List::Strengths)),
            authentication_contexts: Some(tenant.values(List::Contexts)),
            security_defaults: Some(tenant.security_defaults.clone()),
            authentication_methods_policy: Some(tenant.methods_policy.clone()),
            service_principals: Some(tenant.values(List::ServicePrincipals)),
            user_registration_details: Some(tenant.values(List::Registrations)),
            authentication_methods: Some(tenant.methods.clone()),
            per_user_mfa: Some(tenant.per_user_mfa.clone()),
            sign_ins: raw(List::SignIns),
            directory_audits: raw(List::DirectoryAudits),
        }
    }

    fn must(&self, list: List, what: &'static str, id: &str) -> Result<(), ChangeError> {
        match self.read().is_some_and(|tenant| tenant.list(list).get(id).is_some()) {
            true => Ok(()),
            false => Err(ChangeError::NotFound { what, id: id.to_owned() }),
        }
    }
}

/// Tokens count in seconds: a second demand within one is dated a second later, so that the first one's answer is not its.
fn demand(tenant: &mut Tenant, now: DateTime<Utc>) {
    tenant.claims_since = Some(tenant.claims_since.map_or(now, |before| now.max(before + Duration::seconds(1))));
}
