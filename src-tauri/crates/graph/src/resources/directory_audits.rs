//! Directory audits: who changed what in a tenant.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Other, list, open_enum, time};

open_enum!(AuditResult { Success = "success", Failure = "failure", Timeout = "timeout" });

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryAudit {
    pub id: String,
    #[serde(default, deserialize_with = "time")]
    pub activity_date_time: Option<DateTime<Utc>>,
    #[serde(default)]
    pub activity_display_name: Option<String>,
    /// `Conditional Access`, `Core Directory`: a policy's change is audited by both.
    #[serde(default)]
    pub logged_by_service: Option<String>,
    #[serde(default)]
    pub category: Option<String>,
    #[serde(default)]
    pub operation_type: Option<String>,
    #[serde(default)]
    pub result: Option<AuditResult>,
    #[serde(default)]
    pub result_reason: Option<String>,
    #[serde(default)]
    pub correlation_id: Option<String>,
    #[serde(default)]
    pub initiated_by: Option<InitiatedBy>,
    #[serde(default, deserialize_with = "list")]
    pub target_resources: Vec<TargetResource>,
    #[serde(flatten)]
    pub other: Other,
}

impl DirectoryAudit {
    /// A UPN or an application's name.
    #[must_use]
    pub fn initiator(&self) -> Option<&str> {
        let by = self.initiated_by.as_ref()?;
        let user = by.user.as_ref().and_then(|user| text(&user.user_principal_name).or_else(|| text(&user.display_name)));
        user.or_else(|| by.app.as_ref().and_then(|app| text(&app.display_name)))
    }

    #[must_use]
    pub fn initiator_id(&self) -> Option<&str> {
        let by = self.initiated_by.as_ref()?;
        by.user
            .as_ref()
            .and_then(|user| text(&user.id))
            .or_else(|| by.app.as_ref().and_then(|app| text(&app.service_principal_id).or_else(|| text(&app.app_id))))
    }
}

fn text(value: &Option<String>) -> Option<&str> {
    value.as_deref().filter(|text| !text.is_empty())
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InitiatedBy {
    #[serde(default)]
    pub user: Option<InitiatingUser>,
    #[serde(default)]
    pub app: Option<InitiatingApp>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InitiatingUser {
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub user_principal_name: Option<String>,
    #[serde(default)]
    pub ip_address: Option<String>,
    #[serde(flatten)]
    pub other: Other,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InitiatingApp {
    #[serde(default)]
    pub app_id: Option<String>,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub service_principal_id: Option<String>,
    #[serde(flatten)]
    pub other: Other,
}

/// `oldValue` and `newValue` of a modified property are JSON written as text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetResource {
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(rename = "type", default)]
    pub kind: Option<String>,
    #[serde(default)]
    pub user_principal_name: Option<String>,
    #[serde(default, deserialize_with = "list")]
    pub modified_properties: Vec<ModifiedProperty>,
    #[serde(flatten)]
    pub other: Other,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModifiedProperty {
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default, deserialize_with = "loose_text")]
    pub old_value: Option<String>,
    #[serde(default, deserialize_with = "loose_text")]
    pub new_value: Option<String>,
}

fn loose_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Option::<serde_json::Value>::deserialize(deserializer)? {
        None | Some(serde_json::Value::Null) => None,
        Some(serde_json::Value::String(text)) => Some(text),
        Some(other) => Some(other.to_string()),
    })
}
