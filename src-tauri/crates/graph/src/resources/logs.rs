//! Sign-ins and directory audits. There can be hundreds of thousands of sign-ins: only what Gatehouse uses is kept, and
//! the applied policies stay the text they came as.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::{Other, list, open_enum, time};

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    pub id: String,
    #[serde(default, deserialize_with = "time")]
    pub created_date_time: Option<DateTime<Utc>>,
    #[serde(default)]
    pub user_id: Option<String>,
    #[serde(default)]
    pub user_principal_name: Option<String>,
    #[serde(default)]
    pub user_display_name: Option<String>,
    #[serde(default)]
    pub app_id: Option<String>,
    #[serde(default)]
    pub app_display_name: Option<String>,
    #[serde(default)]
    pub resource_id: Option<String>,
    #[serde(default)]
    pub resource_display_name: Option<String>,
    #[serde(default)]
    pub ip_address: Option<String>,
    #[serde(default)]
    pub client_app_used: Option<String>,
    #[serde(default)]
    pub correlation_id: Option<String>,
    #[serde(default)]
    pub conditional_access_status: Option<ConditionalAccessStatus>,
    #[serde(default)]
    pub is_interactive: Option<bool>,
    #[serde(default)]
    pub risk_level_aggregated: Option<String>,
    #[serde(default)]
    pub risk_level_during_sign_in: Option<String>,
    #[serde(default)]
    pub risk_state: Option<String>,
    #[serde(default)]
    pub status: Option<SignInStatus>,
    #[serde(default)]
    pub device_detail: Option<DeviceDetail>,
    #[serde(default)]
    pub location: Option<SignInLocation>,
    /// JSON, as Entra recorded it. None where it was not sent (no permission to read policies).
    #[serde(default)]
    pub applied_conditional_access_policies: Option<Box<RawValue>>,
    /// Beta only.
    #[serde(default)]
    pub authentication_requirement: Option<String>,
}

open_enum!(ConditionalAccessStatus { Success = "success", Failure = "failure", NotApplied = "notApplied" });

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInStatus {
    /// 0 is success.
    #[serde(default)]
    pub error_code: Option<i64>,
    #[serde(default)]
    pub failure_reason: Option<String>,
    #[serde(default)]
    pub additional_details: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceDetail {
    #[serde(default)]
    pub device_id: Option<String>,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub operating_system: Option<String>,
    #[serde(default)]
    pub browser: Option<String>,
    #[serde(default)]
    pub is_compliant: Option<bool>,
    #[serde(default)]
    pub is_managed: Option<bool>,
    #[serde(default)]
    pub trust_type: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInLocation {
    #[serde(default)]
    pub city: Option<String>,
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub country_or_region: Option<String>,
}

/// Client apps that cannot do modern authentication, by the names of `clientAppUsed` ("signIn resource type").
pub const LEGACY_CLIENT_APPS: &[&str] = &[
    "Authenticated SMTP",
    "AutoDiscover",
    "Autodiscover",
    "Exchange ActiveSync",
    "Exchange Online PowerShell",
    "Exchange Web Services",
    "IMAP",
    "IMAP4",
    "MAPI Over HTTP",
    "MAPI over HTTP",
    "Offline Address Book",
    "Other clients",
    "Other clients; IMAP",
    "Other clients; POP",
    "Other clients; SMTP",
    "Outlook Anywhere (RPC over HTTP)",
    "Outlook Service",
    "POP",
    "POP3",
    "Reporting Web Services",
    "SMTP",
];

impl SignIn {
    #[must_use]
    pub fn succeeded(&self) -> Option<bool> {
        self.status.as_ref().and_then(|status| status.error_code).map(|code| code == 0)
    }

    #[must_use]
    pub fn is_legacy(&self) -> bool {
        self.client_app_used.as_deref().is_some_and(is_legacy_client_app)
    }

    /// The applied policies as JSON text; `[]` where there are none or they were not sent.
    #[must_use]
    pub fn applied(&self) -> &str {
        self.applied_conditional_access_policies.as_deref().map(RawValue::get).filter(|text| *text != "null").unwrap_or("[]")
    }
}

#[must_use]
pub fn is_legacy_client_app(name: &str) -> bool {
    let name = name.trim();
    LEGACY_CLIENT_APPS.iter().any(|legacy| legacy.eq_ignore_ascii_case(name)) || name.get(..13).is_some_and(|start| start.eq_ignore_ascii_case("Other clients"))
}

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
        by.user.as_ref().and_then(|user| text(&user.id)).or_else(|| by.app.as_ref().and_then(|app| text(&app.service_principal_id).or_else(|| text(&app.app_id))))
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
