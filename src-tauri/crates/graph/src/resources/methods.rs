//! How users prove who they are: the registration report, each user's methods, per-user MFA.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Other, list, open_enum, time, type_name};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserRegistrationDetails {
    /// The user's id.
    pub id: String,
    #[serde(default)]
    pub user_principal_name: Option<String>,
    #[serde(default)]
    pub user_display_name: Option<String>,
    #[serde(default)]
    pub user_type: Option<String>,
    #[serde(default)]
    pub is_admin: Option<bool>,
    #[serde(default)]
    pub is_mfa_registered: Option<bool>,
    #[serde(default)]
    pub is_mfa_capable: Option<bool>,
    #[serde(default)]
    pub is_passwordless_capable: Option<bool>,
    #[serde(default)]
    pub is_sspr_registered: Option<bool>,
    /// Graph's names, unknown ones kept.
    #[serde(default, deserialize_with = "list")]
    pub methods_registered: Vec<String>,
    #[serde(default)]
    pub user_preferred_method_for_secondary_authentication: Option<String>,
    #[serde(default, deserialize_with = "list")]
    pub system_preferred_authentication_methods: Vec<String>,
    #[serde(default)]
    pub is_system_preferred_authentication_method_enabled: Option<bool>,
    /// When the report refreshed, not when a method changed.
    #[serde(default, deserialize_with = "time")]
    pub last_updated_date_time: Option<DateTime<Utc>>,
}

impl UserRegistrationDetails {
    /// What the user is asked for first: the system's preference where it rules, else the user's own.
    #[must_use]
    pub fn default_method(&self) -> Option<&str> {
        let system =
            self.is_system_preferred_authentication_method_enabled.unwrap_or(false).then(|| self.system_preferred_authentication_methods.first()).flatten();
        system.map(String::as_str).or(self.user_preferred_method_for_secondary_authentication.as_deref()).filter(|method| !method.is_empty())
    }
}

/// One method of one user; which fields there are depends on `@odata.type`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticationMethod {
    #[serde(rename = "@odata.type", default)]
    pub odata_type: Option<String>,
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default, deserialize_with = "time")]
    pub created_date_time: Option<DateTime<Utc>>,
    #[serde(flatten)]
    pub other: Other,
}

impl AuthenticationMethod {
    /// `phoneAuthenticationMethod`, `fido2AuthenticationMethod`, …
    #[must_use]
    pub fn kind(&self) -> &str {
        self.odata_type.as_deref().map_or("", type_name)
    }

    /// A model or device name, or the end of a phone number; never a whole one.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        let text = |field: &str| self.other.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
        if let Some(number) = text("phoneNumber") {
            let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
            let end: String = digits[digits.len().saturating_sub(2)..].iter().collect();
            let kind = text("phoneType").unwrap_or("phone");
            return Some(format!("{kind} ending in {end}"));
        }
        text("displayName").or_else(|| text("model")).or_else(|| text("deviceTag")).map(|text| crate::words::plain(text, 80))
    }
}

open_enum!(PerUserMfaState { Disabled = "disabled", Enabled = "enabled", Enforced = "enforced" });

/// `beta/users/{id}/authentication/requirements`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PerUserMfa {
    #[serde(default)]
    pub per_user_mfa_state: Option<PerUserMfaState>,
    #[serde(flatten)]
    pub other: Other,
}
