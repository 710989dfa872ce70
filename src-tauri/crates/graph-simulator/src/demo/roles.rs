//! Directory roles: the well-known built-in ones with their template ids ("Microsoft Entra built-in roles"), and who holds
//! them in a customer: directly, through a role-assignable group, for one administrative unit, or eligible just in time.

use super::customers::{Customer, Key};
use super::draw::Seed;
use super::groups::{self, Groups};
use super::people::{Account, Kind};
use super::time;
use crate::Licence;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashSet};

pub(super) const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
const PRIVILEGED_ROLE_ADMINISTRATOR: &str = "e8611ab8-c189-46e8-94e1-60213ab1f814";
const SECURITY_ADMINISTRATOR: &str = "194ae4cb-b126-40b2-bd5b-6091b380977d";
const EXCHANGE_ADMINISTRATOR: &str = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const SHAREPOINT_ADMINISTRATOR: &str = "f28a1f50-f6e7-4571-818b-6a12f2af6b6c";
const USER_ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
const HELPDESK_ADMINISTRATOR: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
const AUTHENTICATION_ADMINISTRATOR: &str = "c4e39bd9-1100-46d3-8c65-fb160da0071f";
const INTUNE_ADMINISTRATOR: &str = "3a2c62db-5318-420d-8d74-23affee5d9d5";
const CONDITIONAL_ACCESS_ADMINISTRATOR: &str = "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9";
const GLOBAL_READER: &str = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const DIRECTORY_SYNCHRONIZATION: &str = "d29b2b05-8046-44ba-8758-1e26182fcf32";

/// Template id, name, whether Microsoft labels it privileged.
const BUILT_IN: [(&str, &str, bool); 36] = [
    (GLOBAL_ADMINISTRATOR, "Global Administrator", true),
    (PRIVILEGED_ROLE_ADMINISTRATOR, "Privileged Role Administrator", true),
    ("7be44c8a-adaf-4e2a-84d6-ab2649e08a13", "Privileged Authentication Administrator", true),
    (SECURITY_ADMINISTRATOR, "Security Administrator", true),
    ("5f2222b1-57c3-48ba-8ad5-d4759f1fde6f", "Security Operator", true),
    ("5d6b6bb7-de71-4623-b4af-96380a352509", "Security Reader", true),
    (CONDITIONAL_ACCESS_ADMINISTRATOR, "Conditional Access Administrator", true),
    (EXCHANGE_ADMINISTRATOR, "Exchange Administrator", false),
    (SHAREPOINT_ADMINISTRATOR, "SharePoint Administrator", false),
    ("69091246-20e8-4a56-aa4d-066075b2a7a8", "Teams Administrator", false),
    (USER_ADMINISTRATOR, "User Administrator", true),
    (HELPDESK_ADMINISTRATOR, "Helpdesk Administrator", true),
    (AUTHENTICATION_ADMINISTRATOR, "Authentication Administrator", true),
    ("0526716b-113d-4c15-b2c8-68e3c22b9f80", "Authentication Policy Administrator", false),
    ("966707d0-3269-4727-9be2-8c3a10f19b9d", "Password Administrator", true),
    ("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "Application Administrator", true),
    ("158c047a-c907-4556-b7ef-446551a6b5f7", "Cloud Application Administrator", true),
    ("cf1c38e5-3621-4004-a7cb-879624dced7c", "Application Developer", true),
    (INTUNE_ADMINISTRATOR, "Intune Administrator", true),
    ("7698a772-787b-4ac8-901f-60d6b08affd2", "Cloud Device Administrator", true),
    (GLOBAL_READER, "Global Reader", true),
    ("8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2", "Hybrid Identity Administrator", true),
    (DIRECTORY_SYNCHRONIZATION, "Directory Synchronization Accounts", true),
    ("9360feb5-f418-4baa-8175-e2a00bac4301", "Directory Writers", true),
    ("88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "Directory Readers", false),
    ("8329153b-31d0-4727-b945-745eb3bc5f31", "Domain Name Administrator", true),
    ("b0f54661-2d74-4c50-afa3-1ec803f12efe", "Billing Administrator", false),
    ("4d6ac14f-3453-41d0-bef9-a3e0c569773a", "License Administrator", false),
    ("fdd7a751-b60b-444a-984c-02652fe8fa1c", "Groups Administrator", false),
    ("17315797-102d-40b4-93e0-432062caca18", "Compliance Administrator", false),
    ("4a5d8f65-41da-4de4-8968-e035b65339cf", "Reports Reader", false),
    ("790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b", "Message Center Reader", false),
    ("f023fd81-a637-4b56-95fd-791ac0226033", "Service Support Administrator", false),
    ("95e79109-95c0-4d8e-aee3-d01accf2d47b", "Guest Inviter", false),
    ("11648597-926c-4cf3-9c36-bcebb0ba8dcc", "Power Platform Administrator", false),
    ("44367163-eba1-44c3-98af-f5787879f96a", "Dynamics 365 Administrator", false),
];

/// The roles that Microsoft's template "Require multifactor authentication for admins" names.
pub(super) const ADMIN_ROLES: [&str; 14] = [
    GLOBAL_ADMINISTRATOR,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
    SECURITY_ADMINISTRATOR,
    CONDITIONAL_ACCESS_ADMINISTRATOR,
    EXCHANGE_ADMINISTRATOR,
    SHAREPOINT_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    HELPDESK_ADMINISTRATOR,
    AUTHENTICATION_ADMINISTRATOR,
    "966707d0-3269-4727-9be2-8c3a10f19b9d",
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
    "158c047a-c907-4556-b7ef-446551a6b5f7",
    "b0f54661-2d74-4c50-afa3-1ec803f12efe",
];

pub(super) struct Assignment {
    id: String,
    role: &'static str,
    principal: String,
    scope: String,
    started: DateTime<Utc>,
}

pub(super) struct Roles {
    assigned: Vec<Assignment>,
    eligible: Vec<Assignment>,
}

pub(super) fn roles(customer: &Customer, seed: Seed, anchor: DateTime<Utc>, accounts: &[Account], groups: &Groups) -> Roles {
    let mut roles = Roles { assigned: Vec::new(), eligible: Vec::new() };
    let tenant_wide = "/".to_owned();
    let make = |role: &'static str, principal: &str, scope: &str, what: &str| Assignment {
        id: seed.id(&format!("{what}/{role}/{principal}/{scope}")),
        role,
        principal: principal.to_owned(),
        scope: scope.to_owned(),
        started: anchor - Duration::days(200),
    };
    for account in accounts.iter().filter(|a| a.kind == Kind::BreakGlass) {
        roles.assigned.push(make(GLOBAL_ADMINISTRATOR, &account.id, &tenant_wide, "assignment"));
    }
    let just_in_time = customer.licence == Licence::P2;
    let admins: Vec<&Account> = accounts.iter().filter(|a| a.kind == Kind::Admin).collect();
    // Who is a global administrator, who has a smaller role: the smaller customers make everybody global, as they do.
    for (index, admin) in admins.iter().enumerate() {
        let role = match (customer.key, index) {
            (Key::Dental | Key::Law, _) | (_, 0..=1) => GLOBAL_ADMINISTRATOR,
            (_, 2) => USER_ADMINISTRATOR,
            (_, 3) => SHAREPOINT_ADMINISTRATOR,
            (Key::Trading | Key::Logistics, 4..=6) => GLOBAL_ADMINISTRATOR,
            (_, 4) => INTUNE_ADMINISTRATOR,
            (_, 5) => CONDITIONAL_ACCESS_ADMINISTRATOR,
            (_, 6) => GLOBAL_READER,
            (_, 7) => AUTHENTICATION_ADMINISTRATOR,
            _ => HELPDESK_ADMINISTRATOR,
        };
        if just_in_time {
            roles.eligible.push(make(role, &admin.id, &tenant_wide, "eligibility"));
            // Day-to-day reading needs no activation.
            roles.assigned.push(make(GLOBAL_READER, &admin.id, &tenant_wide, "assignment"));
        } else {
            roles.assigned.push(make(role, &admin.id, &tenant_wide, "assignment"));
        }
    }
    for (group, role) in
        [(groups::HELPDESK, HELPDESK_ADMINISTRATOR), (groups::EXCHANGE_ADMINS, EXCHANGE_ADMINISTRATOR), (groups::SECURITY_ADMINS, SECURITY_ADMINISTRATOR)]
    {
        if let Some(id) = groups.id(group) {
            roles.assigned.push(make(role, id, &tenant_wide, "assignment"));
        }
    }
    if customer.size >= 1000 {
        let unit = format!("/administrativeUnits/{}", seed.id("administrative-unit/1"));
        if let Some(admin) = admins.last() {
            roles.assigned.push(make(USER_ADMINISTRATOR, &admin.id, &unit, "assignment"));
        }
    }
    if let Some(sync) = accounts.iter().find(|a| a.local_part() == "svc-aadconnect") {
        roles.assigned.push(make(DIRECTORY_SYNCHRONIZATION, &sync.id, &tenant_wide, "assignment"));
    }
    roles
}

impl Roles {
    /// For every account: the roles that are active tenant-wide, held directly or through a group.
    pub fn active(&self, accounts: &[Account], memberships: &[HashSet<&str>]) -> Vec<HashSet<&'static str>> {
        accounts
            .iter()
            .zip(memberships)
            .map(|(account, groups)| {
                self.assigned
                    .iter()
                    .filter(|a| a.scope == "/" && (a.principal == account.id || groups.contains(a.principal.as_str())))
                    .map(|a| a.role)
                    .collect()
            })
            .collect()
    }

    /// Who Graph's registration report calls an admin: active or eligible.
    pub fn admins<'a>(&'a self, accounts: &'a [Account], memberships: &[HashSet<&str>]) -> BTreeSet<&'a str> {
        accounts
            .iter()
            .zip(memberships)
            .filter(|(account, groups)| {
                let holds = |a: &Assignment| a.principal == account.id || groups.contains(a.principal.as_str());
                self.assigned.iter().any(holds) || self.eligible.iter().any(holds)
            })
            .map(|(account, _)| account.id.as_str())
            .collect()
    }

    pub fn assignments_json(&self) -> Vec<Value> {
        self.assigned.iter().map(Assignment::json).collect()
    }

    pub fn eligibility_json(&self) -> Vec<Value> {
        let instance = |assignment: &Assignment| {
            let mut json = assignment.json();
            json["memberType"] = json!("Direct");
            json["roleEligibilityScheduleId"] = json!(assignment.id);
            json["startDateTime"] = json!(time(assignment.started));
            json["endDateTime"] = Value::Null;
            json
        };
        self.eligible.iter().map(instance).collect()
    }
}

impl Assignment {
    fn json(&self) -> Value {
        json!({"id": self.id, "principalId": self.principal, "roleDefinitionId": self.role, "directoryScopeId": self.scope, "appScopeId": null})
    }
}

pub(crate) fn definitions_json() -> Vec<Value> {
    BUILT_IN
        .iter()
        .map(|(id, name, privileged)| {
            json!({
                "id": id,
                "templateId": id,
                "displayName": name,
                "description": format!("Built-in role {name}."),
                "isBuiltIn": true,
                "isEnabled": true,
                "isPrivileged": privileged,
                "resourceScopes": ["/"],
                "rolePermissions": [],
                "version": "1",
            })
        })
        .collect()
}
