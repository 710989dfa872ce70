//! Sign-ins and directory audits. There can be hundreds of thousands of sign-ins: only what Gatehouse uses is read, no
//! text is copied, and the applied policies stay the text they came as.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{Other, list, open_enum, time};

/// A text that is borrowed from the answer where it holds no escape; `null` and missing are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text<'a>(Cow<'a, str>);

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

// serde's derive copies a text inside an Option even where it could borrow it.
impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowing;
        impl<'de> Visitor<'de> for Borrowing {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text or null")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Text::default())
            }
            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(Text::default())
            }
            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                deserializer.deserialize_str(self)
            }
        }
        deserializer.deserialize_option(Borrowing)
    }
}

/// One page of sign-ins, borrowed from the answer.
#[derive(Debug, Deserialize)]
pub struct SignInPage<'a> {
    #[serde(borrow, deserialize_with = "null_is_empty")]
    pub value: Vec<SignIn<'a>>,
    #[serde(rename = "@odata.nextLink", default)]
    pub next_link: Option<String>,
}

/// A page is up to a thousand: room for all of them at once, instead of a list that is copied each time it has doubled.
const A_PAGE: usize = 1000;

fn null_is_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SignIn<'de>>, D::Error> {
    struct Page;

    impl<'de> Visitor<'de> for Page {
        type Value = Vec<SignIn<'de>>;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("a list of sign-ins")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Vec::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let Some(first) = list.next_element()? else { return Ok(Vec::new()) };
            let mut page = Vec::with_capacity(A_PAGE);
            page.push(first);
            while let Some(sign_in) = list.next_element()? {
                page.push(sign_in);
            }
            Ok(page)
        }
    }

    deserializer.deserialize_any(Page)
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignIn<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(default, deserialize_with = "time")]
    pub created_date_time: Option<DateTime<Utc>>,
    #[serde(borrow, default)]
    pub user_id: Text<'a>,
    #[serde(borrow, default)]
    pub user_principal_name: Text<'a>,
    #[serde(borrow, default)]
    pub user_display_name: Text<'a>,
    #[serde(borrow, default)]
    pub app_id: Text<'a>,
    #[serde(borrow, default)]
    pub app_display_name: Text<'a>,
    #[serde(borrow, default)]
    pub resource_id: Text<'a>,
    #[serde(borrow, default)]
    pub resource_display_name: Text<'a>,
    #[serde(borrow, default)]
    pub ip_address: Text<'a>,
    #[serde(borrow, default)]
    pub client_app_used: Text<'a>,
    #[serde(borrow, default)]
    pub correlation_id: Text<'a>,
    /// success, failure, notApplied, or what a later Graph says.
    #[serde(borrow, default)]
    pub conditional_access_status: Text<'a>,
    #[serde(default)]
    pub is_interactive: Option<bool>,
    #[serde(borrow, default)]
    pub risk_level_aggregated: Text<'a>,
    #[serde(borrow, default)]
    pub risk_level_during_sign_in: Text<'a>,
    #[serde(borrow, default)]
    pub risk_state: Text<'a>,
    #[serde(borrow, default)]
    pub status: Option<SignInStatus<'a>>,
    #[serde(borrow, default)]
    pub device_detail: Option<DeviceDetail<'a>>,
    #[serde(borrow, default)]
    pub location: Option<SignInLocation<'a>>,
    /// JSON, as Entra recorded it. None where it was not sent (no permission to read policies).
    #[serde(borrow, default)]
    pub applied_conditional_access_policies: Option<&'a RawValue>,
    /// Beta only.
    #[serde(borrow, default)]
    pub authentication_requirement: Text<'a>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInStatus<'a> {
    /// 0 is success.
    #[serde(default)]
    pub error_code: Option<i64>,
    #[serde(borrow, default)]
    pub failure_reason: Text<'a>,
    #[serde(borrow, default)]
    pub additional_details: Text<'a>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceDetail<'a> {
    #[serde(borrow, default)]
    pub device_id: Text<'a>,
    #[serde(borrow, default)]
    pub display_name: Text<'a>,
    #[serde(borrow, default)]
    pub operating_system: Text<'a>,
    #[serde(borrow, default)]
    pub browser: Text<'a>,
    #[serde(default)]
    pub is_compliant: Option<bool>,
    #[serde(default)]
    pub is_managed: Option<bool>,
    #[serde(borrow, default)]
    pub trust_type: Text<'a>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInLocation<'a> {
    #[serde(borrow, default)]
    pub city: Text<'a>,
    #[serde(borrow, default)]
    pub state: Text<'a>,
    #[serde(borrow, default)]
    pub country_or_region: Text<'a>,
}

impl SignIn<'_> {
    /// The applied policies as JSON text; `[]` where there are none or they were not sent.
    #[must_use]
    pub fn applied(&self) -> &str {
        self.applied_conditional_access_policies.map(RawValue::get).filter(|text| *text != "null").unwrap_or("[]")
    }
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
