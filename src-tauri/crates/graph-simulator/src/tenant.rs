//! A served tenant in memory: its resources as collections of JSON text, group members, and changes that are not visible yet.
//! No HTTP here, and no choice of what to change: `TenantHandle` and the live events decide that.

use crate::changes::When;
use crate::collection::{Change, Collection, Entry};
use crate::odata::{heads, ticks};
use crate::profile::{DemoTenant, Licence, LogRetention, TenantProfile};
use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{Hash, Hasher};

/// The lists that a tenant has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum List {
    Organization,
    SubscribedSkus,
    Domains,
    Users,
    Groups,
    ServicePrincipals,
    RoleDefinitions,
    RoleAssignments,
    RoleEligibility,
    RoleActive,
    Policies,
    NamedLocations,
    /// Deleted within the last 30 days: each may be restored.
    DeletedPolicies,
    DeletedLocations,
    Strengths,
    Contexts,
    Registrations,
    SignIns,
    DirectoryAudits,
    GdapCustomers,
    GdapRelationships,
    Contracts,
}

const LISTS: usize = 22;

impl List {
    /// The property by whose time a list is ordered, newest first, and by which it grows old.
    pub fn time(self) -> Option<&'static str> {
        match self {
            List::SignIns => Some("createdDateTime"),
            List::DirectoryAudits => Some("activityDateTime"),
            List::DeletedPolicies | List::DeletedLocations => Some("deletedDateTime"),
            _ => None,
        }
    }
}

/// A member of a group: id and `@odata.type`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub id: String,
    pub kind: String,
}

/// What a write has made of the tenant though reads may not see it yet: the next write stands on it.
#[derive(Debug, Clone)]
pub(crate) enum Written {
    /// A resource as it is now; None: it is gone.
    Resource {
        list: List,
        id: String,
        value: Option<Value>,
    },
    Member {
        group: String,
        member: String,
        present: bool,
    },
}

/// A change that replication has not brought yet.
struct Later {
    visible_at: DateTime<Utc>,
    written: Vec<Written>,
    change: Box<dyn FnOnce(&mut Tenant) + Send + Sync>,
}

pub(crate) struct Tenant {
    pub profile: TenantProfile,
    lists: [Collection; LISTS],
    pub members: HashMap<String, Vec<Member>>,
    pub security_defaults: Value,
    pub methods_policy: Value,
    pub methods: BTreeMap<String, Vec<Value>>,
    pub per_user_mfa: BTreeMap<String, String>,
    /// Changes that replication has not brought yet, in the order they were made.
    later: Vec<Later>,
    pub throttled_until: Option<DateTime<Utc>>,
    /// Tokens issued before this are asked for again with claims (continuous access evaluation).
    pub claims_since: Option<DateTime<Utc>>,
    /// Of the users and groups as they were at the start; a delta link of another start is no good here.
    pub fingerprint: u64,
    /// Numbers the audit entries.
    pub audits_written: u64,
}

impl Tenant {
    pub fn new(served: DemoTenant) -> Tenant {
        let DemoTenant { snapshot, profile } = served;
        let organization = snapshot.organization.unwrap_or_else(|| vec![organization(&profile)]);
        let domains = snapshot.domains.unwrap_or_else(|| vec![domain(&profile)]);
        let mut members = HashMap::new();
        let groups: Vec<Value> = snapshot.groups.unwrap_or_default().into_iter().map(|group| without_members(group, &mut members)).collect();
        let customers = customers(&profile);
        let mut tenant = Tenant {
            lists: std::array::from_fn(|_| Collection::default()),
            members,
            security_defaults: snapshot.security_defaults.unwrap_or_else(security_defaults),
            methods_policy: snapshot.authentication_methods_policy.unwrap_or_else(methods_policy),
            methods: snapshot.authentication_methods.unwrap_or_default(),
            per_user_mfa: snapshot.per_user_mfa.unwrap_or_default(),
            later: Vec::new(),
            throttled_until: None,
            claims_since: None,
            fingerprint: 0,
            audits_written: 0,
            profile,
        };
        tenant.put(List::Organization, Some(organization));
        tenant.put(List::SubscribedSkus, snapshot.subscribed_skus);
        tenant.put(List::Domains, Some(domains));
        tenant.put(List::Users, snapshot.users);
        tenant.put(List::Groups, Some(groups));
        tenant.put(List::ServicePrincipals, snapshot.service_principals);
        // No directory is without its built-in roles.
        tenant.put(List::RoleDefinitions, Some(snapshot.role_definitions.unwrap_or_else(crate::demo::built_in_roles)));
        tenant.put(List::RoleActive, snapshot.role_assignments.as_ref().map(|all| all.iter().map(active_instance).collect()));
        tenant.put(List::RoleAssignments, snapshot.role_assignments);
        tenant.put(List::RoleEligibility, snapshot.role_eligibility);
        tenant.put(List::Policies, snapshot.conditional_access_policies);
        tenant.put(List::NamedLocations, snapshot.named_locations);
        tenant.put(List::Strengths, snapshot.authentication_strengths);
        tenant.put(List::Contexts, snapshot.authentication_contexts);
        tenant.put(List::Registrations, snapshot.user_registration_details);
        tenant.put(List::GdapCustomers, Some(customers.0));
        tenant.put(List::GdapRelationships, Some(customers.1));
        tenant.put(List::Contracts, Some(customers.2));
        tenant.put_raw(List::SignIns, snapshot.sign_ins, "createdDateTime");
        tenant.put_raw(List::DirectoryAudits, snapshot.directory_audits, "activityDateTime");
        let mut hasher = DefaultHasher::new();
        for list in [List::Users, List::Groups] {
            for (_, entry) in tenant.list(list).iter() {
                entry.text.hash(&mut hasher);
            }
        }
        tenant.fingerprint = hasher.finish();
        tenant
    }

    pub fn list(&self, list: List) -> &Collection {
        &self.lists[list as usize]
    }

    pub fn list_mut(&mut self, list: List) -> &mut Collection {
        &mut self.lists[list as usize]
    }

    fn put(&mut self, list: List, resources: Option<Vec<Value>>) {
        let entries = resources.into_iter().flatten().map(|value| {
            let id = value.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            (0, id, value.to_string())
        });
        self.lists[list as usize] = Collection::initial(entries);
    }

    fn put_raw(&mut self, list: List, resources: Option<Vec<Box<RawValue>>>, time: &str) {
        let mut entries: Vec<(i64, String, String)> = resources
            .into_iter()
            .flatten()
            .map(|raw| {
                let [at, id] = heads(raw.get(), [time, "id"]);
                let (at, id) = (at.and_then(ticks).unwrap_or(0), id.unwrap_or_default().to_owned());
                (at, id, String::from(Box::<str>::from(raw)))
            })
            .collect();
        // Oldest first whatever the snapshot's order: pages are walked from the end.
        entries.sort_by_key(|entry| entry.0);
        self.lists[list as usize] = Collection::initial(entries);
    }

    /// A resource as a value.
    pub fn value(&self, list: List, id: &str) -> Option<Value> {
        self.list(list).get(id).and_then(|entry| serde_json::from_str(&entry.text).ok())
    }

    /// All resources of a list as values. For lists that are small, and for live events.
    pub fn values(&self, list: List) -> Vec<Value> {
        self.list(list).iter().filter_map(|(_, entry)| serde_json::from_str(&entry.text).ok()).collect()
    }

    pub fn user(&self, id_or_upn: &str) -> Option<Value> {
        self.value(List::Users, id_or_upn).or_else(|| {
            let found = |user: &Value| user.get("userPrincipalName").and_then(Value::as_str).is_some_and(|upn| upn.eq_ignore_ascii_case(id_or_upn));
            let needle = id_or_upn.to_ascii_lowercase();
            let mut near = self.list(List::Users).iter().filter(|(_, entry)| entry.text.to_ascii_lowercase().contains(&needle));
            near.find_map(|(_, entry)| serde_json::from_str(&entry.text).ok().filter(found))
        })
    }

    /// Does something when replication has brought it: at once where there is no lag.
    pub fn when_replicated(&mut self, when: When, written: Vec<Written>, change: impl FnOnce(&mut Tenant) + Send + Sync + 'static) {
        self.settle(when.now);
        if when.visible <= when.now && self.later.is_empty() {
            change(self);
        } else {
            self.later.push(Later { visible_at: when.visible, written, change: Box::new(change) });
        }
    }

    /// A resource as writes have left it, visible to reads or not.
    pub fn primary(&self, list: List, id: &str) -> Option<Value> {
        let pending = self.later.iter().rev().flat_map(|later| later.written.iter().rev());
        for written in pending {
            match written {
                Written::Resource { list: of, id: known, value } if *of == list && known.eq_ignore_ascii_case(id) => return value.clone(),
                _ => {}
            }
        }
        self.value(list, id)
    }

    /// The ids of a list as writes have left it.
    pub fn primary_ids(&self, list: List) -> BTreeSet<String> {
        let mut ids: BTreeSet<String> = self.list(list).iter().map(|(_, entry)| entry.id.clone()).collect();
        for written in self.later.iter().flat_map(|later| later.written.iter()) {
            match written {
                Written::Resource { list: of, id, value: Some(_) } if *of == list => {
                    ids.insert(id.clone());
                }
                Written::Resource { list: of, id, value: None } if *of == list => {
                    ids.remove(id);
                }
                _ => {}
            }
        }
        ids
    }

    /// Whether somebody is a direct member of a group as writes have left it.
    pub fn primary_member(&self, group: &str, member: &str) -> bool {
        let pending = self.later.iter().rev().flat_map(|later| later.written.iter().rev());
        for written in pending {
            match written {
                Written::Member { group: of, member: known, present } if of == group && known == member => return *present,
                _ => {}
            }
        }
        self.members.get(group).is_some_and(|members| members.iter().any(|known| known.id == member))
    }

    /// Where a list that is kept for a time only begins, in the time of its keys. "Microsoft Entra data retention": sign-ins
    /// and audits 7 days in a free tenant, 30 days with P1 or P2. "Recover from deletions in Microsoft Entra ID": 30 days.
    pub fn oldest(&self, list: List, now: DateTime<Utc>) -> Option<i64> {
        let days = match (list, self.profile.log_retention, self.profile.licence) {
            (List::DeletedPolicies | List::DeletedLocations, ..) => 30,
            (List::SignIns | List::DirectoryAudits, LogRetention::ByLicence, Licence::Free) => 7,
            (List::SignIns | List::DirectoryAudits, LogRetention::ByLicence, _) => 30,
            _ => return None,
        };
        Some((now - chrono::Duration::days(days)).timestamp_millis().saturating_mul(10_000))
    }

    /// A resource that has not grown too old to be read.
    pub fn kept(&self, list: List, id: &str, now: DateTime<Utc>) -> Option<&Entry> {
        let entry = self.list(list).get(id)?;
        match (self.oldest(list, now), list.time()) {
            (Some(oldest), Some(time)) => heads(&entry.text, [time, "id"])[0].and_then(ticks).is_none_or(|at| at >= oldest).then_some(entry),
            _ => Some(entry),
        }
    }

    /// Whether a change waits for its time.
    pub fn has_due(&self, now: DateTime<Utc>) -> bool {
        self.later.first().is_some_and(|later| later.visible_at <= now)
    }

    /// Makes visible what has been replicated by now.
    pub fn settle(&mut self, now: DateTime<Utc>) {
        let due = self.later.iter().take_while(|later| later.visible_at <= now).count();
        let changes: Vec<_> = self.later.drain(..due).collect();
        for later in changes {
            (later.change)(self);
        }
    }

    pub fn upsert(&mut self, list: List, value: &Value) {
        let Some(id) = value.get("id").and_then(Value::as_str) else { return };
        let time = list.time().and_then(|time| value.get(time));
        let at = time.and_then(Value::as_str).and_then(ticks).unwrap_or(0);
        self.list_mut(list).upsert(at, id, value.to_string());
        if list == List::RoleAssignments {
            let instance = active_instance(value);
            self.upsert(List::RoleActive, &instance);
        }
    }

    pub fn remove(&mut self, list: List, id: &str, change: Change) {
        self.list_mut(list).remove(id, change);
        if list == List::RoleAssignments {
            self.list_mut(List::RoleActive).remove(id, Change::Deleted);
        }
    }

    pub fn add_member(&mut self, group: &str, member: Member) {
        let members = self.members.entry(group.to_owned()).or_default();
        if members.iter().any(|known| known.id == member.id) {
            return;
        }
        members.push(member.clone());
        self.list_mut(List::Groups).note_member(group, &member.id, &member.kind, true);
    }

    pub fn remove_member(&mut self, group: &str, member: &str) {
        let Some(members) = self.members.get_mut(group) else { return };
        let Some(at) = members.iter().position(|known| known.id == member) else { return };
        let gone = members.remove(at);
        self.list_mut(List::Groups).note_member(group, &gone.id, &gone.kind, false);
    }

    /// A deleted account that can be restored is in no list of members, but no change of any group either: it "won't appear in the
    /// delta result" ("Get incremental changes for groups").
    pub fn hide_member(&mut self, group: &str, member: &str) {
        if let Some(members) = self.members.get_mut(group) {
            members.retain(|known| known.id != member);
        }
    }

    /// Everybody in a group, through nested groups, each once.
    pub fn transitive_members(&self, group: &str) -> Vec<Member> {
        let mut seen = std::collections::HashSet::new();
        let mut found = Vec::new();
        let mut queue = vec![group.to_owned()];
        let mut visited = std::collections::HashSet::from([group.to_owned()]);
        while let Some(group) = queue.pop() {
            for member in self.members.get(&group).into_iter().flatten() {
                if seen.insert(member.id.clone()) {
                    found.push(member.clone());
                }
                if member.kind.ends_with("group") && visited.insert(member.id.clone()) {
                    queue.push(member.id.clone());
                }
            }
        }
        found
    }
}

fn without_members(mut group: Value, members: &mut HashMap<String, Vec<Member>>) -> Value {
    let id = group.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let list = group.as_object_mut().and_then(|object| object.remove("members"));
    let mut found = Vec::new();
    for member in list.as_ref().and_then(Value::as_array).into_iter().flatten() {
        if let Some(member_id) = member.get("id").and_then(Value::as_str) {
            let kind = member.get("@odata.type").and_then(Value::as_str).unwrap_or("#microsoft.graph.user");
            found.push(Member { id: member_id.to_owned(), kind: kind.to_owned() });
        }
    }
    members.insert(id, found);
    group
}

/// A standing assignment as PIM lists it among the active ones.
fn active_instance(assignment: &Value) -> Value {
    let get = |name: &str| assignment.get(name).cloned().unwrap_or(Value::Null);
    json!({
        "id": get("id"),
        "principalId": get("principalId"),
        "roleDefinitionId": get("roleDefinitionId"),
        "directoryScopeId": assignment.get("directoryScopeId").cloned().unwrap_or_else(|| json!("/")),
        "appScopeId": get("appScopeId"),
        "startDateTime": null,
        "endDateTime": null,
        "assignmentType": "Assigned",
        "memberType": "Direct",
        "roleAssignmentOriginId": get("id"),
        "roleAssignmentScheduleId": get("id"),
    })
}

fn organization(profile: &TenantProfile) -> Value {
    json!({
        "id": profile.id,
        "displayName": profile.display_name,
        "createdDateTime": "2019-05-02T08:14:00Z",
        "countryLetterCode": "US",
        "tenantType": "AAD",
        "verifiedDomains": [{"capabilities": "Email, OfficeCommunicationsOnline", "isDefault": true, "isInitial": true,
            "name": profile.default_domain, "type": "Managed"}],
    })
}

fn domain(profile: &TenantProfile) -> Value {
    json!({"id": profile.default_domain, "authenticationType": "Managed", "isAdminManaged": true, "isDefault": true, "isInitial": true,
        "isRoot": true, "isVerified": true, "supportedServices": ["Email", "OfficeCommunicationsOnline"]})
}

fn security_defaults() -> Value {
    json!({"id": "00000000-0000-0000-0000-000000000005", "displayName": "Security Defaults",
        "description": "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.", "isEnabled": false})
}

fn methods_policy() -> Value {
    json!({"id": "authenticationMethodsPolicy", "displayName": "Authentication Methods Policy",
        "description": "The tenant-wide policy that controls which authentication methods are allowed in the tenant",
        "lastModifiedDateTime": "2024-01-11T10:00:00Z", "policyVersion": "1.5", "policyMigrationState": "migrationComplete",
        "authenticationMethodConfigurations": []})
}

fn customers(profile: &TenantProfile) -> (Vec<Value>, Vec<Value>, Vec<Value>) {
    let mut lists = (Vec::new(), Vec::new(), Vec::new());
    for (n, customer) in profile.partner_customers.iter().enumerate() {
        lists.0.push(json!({"id": customer.tenant_id, "tenantId": customer.tenant_id, "displayName": customer.display_name}));
        lists.1.push(json!({
            "id": format!("{}-{}", customer.tenant_id, profile.id),
            "displayName": format!("GDAP_{}_{}", customer.display_name, n + 1),
            "duration": "P730D", "autoExtendDuration": "P180D", "status": "active",
            "customer": {"tenantId": customer.tenant_id, "displayName": customer.display_name},
            "accessDetails": {"unifiedRoles": [{"roleDefinitionId": "f2ef992c-3afb-46b9-b7cf-a126ee74c451"}]},
            "createdDateTime": "2025-02-03T09:00:00Z", "activatedDateTime": "2025-02-04T09:00:00Z",
            "lastModifiedDateTime": "2025-02-04T09:00:00Z", "endDateTime": "2027-02-04T09:00:00Z",
        }));
        lists.2.push(json!({"id": customer.tenant_id, "contractType": "ResellerPartnerContract", "customerId": customer.tenant_id,
            "defaultDomainName": customer.default_domain, "displayName": customer.display_name}));
    }
    lists
}
