//! Roles: definitions, assignments, and the instances of Privileged Identity Management.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Other, time};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleDefinition {
    pub id: String,
    #[serde(default)]
    pub template_id: Option<String>,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub is_built_in: Option<bool>,
    #[serde(default)]
    pub is_enabled: Option<bool>,
    /// Only beta says so.
    #[serde(default)]
    pub is_privileged: Option<bool>,
    #[serde(flatten)]
    pub other: Other,
}

/// `roleAssignments` (standing), and the instances of Privileged Identity Management: `roleAssignmentScheduleInstances` (active now)
/// and `roleEligibilityScheduleInstances` (eligible now), which add how and how long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleAssignment {
    pub id: String,
    #[serde(default)]
    pub principal_id: Option<String>,
    #[serde(default)]
    pub role_definition_id: Option<String>,
    /// `/` is tenant-wide; `/administrativeUnits/{id}` is an administrative unit.
    #[serde(default)]
    pub directory_scope_id: Option<String>,
    #[serde(default)]
    pub app_scope_id: Option<String>,
    /// `Assigned` or `Activated`.
    #[serde(default)]
    pub assignment_type: Option<String>,
    /// `Direct`, `Group`, `Inherited`.
    #[serde(default)]
    pub member_type: Option<String>,
    #[serde(default, deserialize_with = "time")]
    pub start_date_time: Option<DateTime<Utc>>,
    /// None: permanent.
    #[serde(default, deserialize_with = "time")]
    pub end_date_time: Option<DateTime<Utc>>,
    #[serde(flatten)]
    pub other: Other,
}
