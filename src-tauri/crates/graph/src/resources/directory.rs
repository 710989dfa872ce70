//! The directory: organization, licences, users, groups and whatever else can be a member.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Other, list, open_enum, time};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    pub id: String,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub tenant_type: Option<String>,
    #[serde(default, deserialize_with = "list")]
    pub verified_domains: Vec<VerifiedDomain>,
    #[serde(default)]
    pub country_letter_code: Option<String>,
    #[serde(flatten)]
    pub other: Other,
}

impl Organization {
    /// The default domain, else the initial one (`….onmicrosoft.com`), else any.
    #[must_use]
    pub fn default_domain(&self) -> Option<&str> {
        let domains = &self.verified_domains;
        let domain = domains.iter().find(|domain| domain.is_default == Some(true)).or_else(|| domains.iter().find(|domain| domain.is_initial == Some(true)));
        domain.or_else(|| domains.first()).and_then(|domain| domain.name.as_deref())
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedDomain {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub is_default: Option<bool>,
    #[serde(default)]
    pub is_initial: Option<bool>,
    #[serde(flatten)]
    pub other: Other,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscribedSku {
    pub id: String,
    #[serde(default)]
    pub sku_id: Option<String>,
    #[serde(default)]
    pub sku_part_number: Option<String>,
    #[serde(default)]
    pub capability_status: Option<String>,
    #[serde(default)]
    pub consumed_units: Option<i64>,
    #[serde(default)]
    pub prepaid_units: Option<PrepaidUnits>,
    #[serde(default, deserialize_with = "list")]
    pub service_plans: Vec<ServicePlan>,
    #[serde(flatten)]
    pub other: Other,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrepaidUnits {
    #[serde(default)]
    pub enabled: Option<i64>,
    #[serde(default)]
    pub suspended: Option<i64>,
    #[serde(default)]
    pub warning: Option<i64>,
    #[serde(default)]
    pub locked_out: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePlan {
    #[serde(default)]
    pub service_plan_id: Option<String>,
    /// `AAD_PREMIUM` is P1, `AAD_PREMIUM_P2` is P2.
    #[serde(default)]
    pub service_plan_name: Option<String>,
    #[serde(default)]
    pub provisioning_status: Option<String>,
    #[serde(default)]
    pub applies_to: Option<String>,
}

impl SubscribedSku {
    /// Usable, and with a service plan of this name.
    #[must_use]
    pub fn has_plan(&self, name: &str) -> bool {
        let usable = self.capability_status.as_deref().is_none_or(|status| status.eq_ignore_ascii_case("Enabled") || status.eq_ignore_ascii_case("Warning"));
        usable
            && self.service_plans.iter().any(|plan| {
                plan.service_plan_name.as_deref().is_some_and(|plan| plan.eq_ignore_ascii_case(name))
                    && plan.provisioning_status.as_deref().is_none_or(|status| !status.eq_ignore_ascii_case("Disabled"))
            })
    }
}

/// Why an object left a delta's view ("Use delta query": `changed` can be restored, `deleted` cannot).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    pub reason: RemovedReason,
}

open_enum!(RemovedReason { Changed = "changed", Deleted = "deleted" });

/// In a later delta round only what changed is present: an absent field then means "as before". [`USER_FIELDS`] are asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: String,
    #[serde(rename = "@removed", default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removed>,
    #[serde(default)]
    pub user_principal_name: Option<String>,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub account_enabled: Option<bool>,
    /// `Member`, `Guest`.
    #[serde(default)]
    pub user_type: Option<String>,
    #[serde(default)]
    pub mail: Option<String>,
    #[serde(default)]
    pub department: Option<String>,
    #[serde(default)]
    pub job_title: Option<String>,
    #[serde(default)]
    pub mobile_phone: Option<String>,
    #[serde(default)]
    pub business_phones: Option<Vec<String>>,
    #[serde(default, deserialize_with = "time")]
    pub created_date_time: Option<DateTime<Utc>>,
    #[serde(default)]
    pub on_premises_sync_enabled: Option<bool>,
    #[serde(default)]
    pub assigned_licenses: Option<Vec<AssignedLicense>>,
    #[serde(flatten)]
    pub other: Other,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssignedLicense {
    #[serde(default)]
    pub sku_id: Option<String>,
    #[serde(default)]
    pub disabled_plans: Option<Vec<String>>,
}

/// `$select` of `users/delta`.
pub const USER_FIELDS: &[&str] = &[
    "id",
    "userPrincipalName",
    "displayName",
    "accountEnabled",
    "userType",
    "mail",
    "department",
    "jobTitle",
    "mobilePhone",
    "businessPhones",
    "createdDateTime",
    "onPremisesSyncEnabled",
    "assignedLicenses",
];

/// A relationship that `users/delta` tracks where it is selected ("Use delta query to track changes in Microsoft Graph data"): its
/// changes come as `manager@delta`, a list whose entries with `@removed` are no longer the manager.
pub const USER_MANAGER: &str = "manager";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    pub id: String,
    #[serde(rename = "@removed", default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removed>,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub is_assignable_to_role: Option<bool>,
    /// `DynamicMembership`, `Unified`.
    #[serde(default)]
    pub group_types: Option<Vec<String>>,
    #[serde(default)]
    pub membership_rule: Option<String>,
    #[serde(default)]
    pub security_enabled: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_enabled: Option<bool>,
    #[serde(default)]
    pub on_premises_sync_enabled: Option<bool>,
    /// Changes of direct members, in a delta that selects them.
    #[serde(rename = "members@delta", default, skip_serializing_if = "Option::is_none")]
    pub members_delta: Option<Vec<DirectoryObjectRef>>,
    #[serde(flatten)]
    pub other: Other,
}

impl Group {
    /// Membership by rule: members cannot be written. None where Graph did not say.
    #[must_use]
    pub fn is_dynamic(&self) -> Option<bool> {
        self.group_types.as_ref().map(|types| types.iter().any(|kind| kind.eq_ignore_ascii_case("DynamicMembership")))
    }
}

/// `$select` of `groups/delta`; add `members` to follow direct members.
pub const GROUP_FIELDS: &[&str] = &["id", "displayName", "isAssignableToRole", "groupTypes", "membershipRule", "securityEnabled", "onPremisesSyncEnabled"];

/// Any directory object: a member, an owner, a principal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryObjectRef {
    #[serde(rename = "@odata.type", default, skip_serializing_if = "Option::is_none")]
    pub odata_type: Option<String>,
    pub id: String,
    #[serde(rename = "@removed", default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
}

impl DirectoryObjectRef {
    /// `user`, `group`, `servicePrincipal`, `device` or what Graph said; empty where it said nothing.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.odata_type.as_deref().map_or("", type_name)
    }
}

/// `#microsoft.graph.user` is `user`.
#[must_use]
pub fn type_name(odata_type: &str) -> &str {
    odata_type.trim_start_matches('#').trim_start_matches("microsoft.graph.")
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePrincipal {
    pub id: String,
    #[serde(default)]
    pub app_id: Option<String>,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub service_principal_type: Option<String>,
    #[serde(default)]
    pub account_enabled: Option<bool>,
    #[serde(default)]
    pub app_owner_organization_id: Option<String>,
    #[serde(flatten)]
    pub other: Other,
}

pub const SERVICE_PRINCIPAL_FIELDS: &[&str] = &["id", "appId", "displayName", "servicePrincipalType", "accountEnabled", "appOwnerOrganizationId", "tags"];
