//! Sign-ins. There can be hundreds of thousands: of the documented fields only what Gatehouse uses is read, no text is copied, and the
//! applied policies stay the text they came as.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::Time;

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

#[derive(Debug, Clone, Default)]
pub struct SignIn<'a> {
    pub id: Text<'a>,
    pub created_date_time: Option<DateTime<Utc>>,
    pub user_id: Text<'a>,
    pub user_principal_name: Text<'a>,
    pub user_display_name: Text<'a>,
    pub app_id: Text<'a>,
    pub app_display_name: Text<'a>,
    pub resource_id: Text<'a>,
    pub resource_display_name: Text<'a>,
    pub ip_address: Text<'a>,
    pub client_app_used: Text<'a>,
    pub correlation_id: Text<'a>,
    /// success, failure, notApplied, or what a later Graph says.
    pub conditional_access_status: Text<'a>,
    pub is_interactive: Option<bool>,
    pub risk_level_aggregated: Text<'a>,
    pub risk_level_during_sign_in: Text<'a>,
    pub risk_state: Text<'a>,
    pub status: Option<SignInStatus<'a>>,
    pub device_detail: Option<DeviceDetail<'a>>,
    pub location: Option<SignInLocation<'a>>,
    /// JSON, as Entra recorded it. None where it was not sent (no permission to read policies).
    pub applied_conditional_access_policies: Option<&'a RawValue>,
    /// Beta only.
    pub authentication_requirement: Text<'a>,
    /// Fields that neither this type nor the "signIn resource type" of v1.0 knows, with their JSON.
    pub unknown: Vec<(String, &'a RawValue)>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Field {
    Id,
    CreatedDateTime,
    UserId,
    UserPrincipalName,
    UserDisplayName,
    AppId,
    AppDisplayName,
    ResourceId,
    ResourceDisplayName,
    IpAddress,
    ClientAppUsed,
    CorrelationId,
    ConditionalAccessStatus,
    IsInteractive,
    RiskLevelAggregated,
    RiskLevelDuringSignIn,
    RiskState,
    Status,
    DeviceDetail,
    Location,
    AppliedConditionalAccessPolicies,
    AuthenticationRequirement,
    /// Documented, and of no use here.
    #[serde(
        alias = "riskDetail",
        alias = "riskEventTypes",
        alias = "riskEventTypes_v2",
        alias = "authenticationAppDeviceDetails",
        alias = "homeTenantId",
        alias = "resourceTenantId",
        alias = "servicePrincipalId",
        alias = "servicePrincipalName",
        alias = "userAgent"
    )]
    Unused,
    Unknown(String),
}

// By hand: serde's own way to keep the fields that no member names copies all of them first.
impl<'de: 'a, 'a> Deserialize<'de> for SignIn<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = SignIn<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a sign-in")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut event = SignIn::default();
                while let Some(field) = map.next_key()? {
                    match field {
                        Field::Id => event.id = map.next_value()?,
                        Field::CreatedDateTime => event.created_date_time = map.next_value::<Time>()?.0,
                        Field::UserId => event.user_id = map.next_value()?,
                        Field::UserPrincipalName => event.user_principal_name = map.next_value()?,
                        Field::UserDisplayName => event.user_display_name = map.next_value()?,
                        Field::AppId => event.app_id = map.next_value()?,
                        Field::AppDisplayName => event.app_display_name = map.next_value()?,
                        Field::ResourceId => event.resource_id = map.next_value()?,
                        Field::ResourceDisplayName => event.resource_display_name = map.next_value()?,
                        Field::IpAddress => event.ip_address = map.next_value()?,
                        Field::ClientAppUsed => event.client_app_used = map.next_value()?,
                        Field::CorrelationId => event.correlation_id = map.next_value()?,
                        Field::ConditionalAccessStatus => event.conditional_access_status = map.next_value()?,
                        Field::IsInteractive => event.is_interactive = map.next_value()?,
                        Field::RiskLevelAggregated => event.risk_level_aggregated = map.next_value()?,
                        Field::RiskLevelDuringSignIn => event.risk_level_during_sign_in = map.next_value()?,
                        Field::RiskState => event.risk_state = map.next_value()?,
                        Field::Status => event.status = map.next_value()?,
                        Field::DeviceDetail => event.device_detail = map.next_value()?,
                        Field::Location => event.location = map.next_value()?,
                        Field::AppliedConditionalAccessPolicies => event.applied_conditional_access_policies = map.next_value()?,
                        Field::AuthenticationRequirement => event.authentication_requirement = map.next_value()?,
                        Field::Unused => drop(map.next_value::<IgnoredAny>()?),
                        Field::Unknown(name) if name.starts_with("@odata") => drop(map.next_value::<IgnoredAny>()?),
                        Field::Unknown(name) => event.unknown.push((name, map.next_value()?)),
                    }
                }
                Ok(event)
            }
        }
        deserializer.deserialize_map(Fields)
    }
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
