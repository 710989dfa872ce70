//! A user as one answer tells of it: what is there and what is not make a difference in a delta query. Read straight from the answer's
//! text, since there are tens of thousands of them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{IgnoredAny, MapAccess, Visitor},
    ser::SerializeMap,
};

use serde_json::Value;

use super::{Other, Time};

/// The outer `None`: the field was not sent. The inner one: it was null.
type Sent<T> = Option<Option<T>>;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserFields {
    pub id: Option<String>,
    /// Deleted, for good or not.
    pub is_removed: bool,
    pub user_principal_name: Sent<String>,
    pub display_name: Sent<String>,
    pub account_enabled: Sent<bool>,
    pub user_type: Sent<String>,
    pub mail: Sent<String>,
    pub department: Sent<String>,
    pub job_title: Sent<String>,
    pub mobile_phone: Sent<String>,
    pub business_phones: Sent<Vec<String>>,
    pub created_date_time: Sent<DateTime<Utc>>,
    pub on_premises_sync_enabled: Sent<bool>,
    /// How many there are.
    pub assigned_licenses: Sent<usize>,
    /// The manager's id. In a delta query a new manager comes in the same list in which the former one is removed.
    pub manager: Sent<String>,
    /// Fields that no member names, without annotations.
    pub other: Other,
}

#[derive(Deserialize)]
#[serde(field_identifier)]
enum Field {
    #[serde(rename = "id")]
    Id,
    #[serde(rename = "@removed")]
    Removed,
    #[serde(rename = "userPrincipalName")]
    UserPrincipalName,
    #[serde(rename = "displayName")]
    DisplayName,
    #[serde(rename = "accountEnabled")]
    AccountEnabled,
    #[serde(rename = "userType")]
    UserType,
    #[serde(rename = "mail")]
    Mail,
    #[serde(rename = "department")]
    Department,
    #[serde(rename = "jobTitle")]
    JobTitle,
    #[serde(rename = "mobilePhone")]
    MobilePhone,
    #[serde(rename = "businessPhones")]
    BusinessPhones,
    #[serde(rename = "createdDateTime")]
    CreatedDateTime,
    #[serde(rename = "onPremisesSyncEnabled")]
    OnPremisesSyncEnabled,
    #[serde(rename = "assignedLicenses")]
    AssignedLicenses,
    #[serde(rename = "manager")]
    Manager,
    #[serde(rename = "manager@delta")]
    ManagerChanges,
    Unknown(String),
}

impl<'de> Deserialize<'de> for UserFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = UserFields;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a user")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UserFields, A::Error> {
                let mut user = UserFields::default();
                let mut changes = None;
                while let Some(field) = map.next_key()? {
                    match field {
                        Field::Id => user.id = map.next_value()?,
                        Field::Removed => user.is_removed = map.next_value::<Option<IgnoredAny>>()?.is_some(),
                        Field::UserPrincipalName => user.user_principal_name = Some(map.next_value()?),
                        Field::DisplayName => user.display_name = Some(map.next_value()?),
                        Field::AccountEnabled => user.account_enabled = Some(map.next_value()?),
                        Field::UserType => user.user_type = Some(map.next_value()?),
                        Field::Mail => user.mail = Some(map.next_value()?),
                        Field::Department => user.department = Some(map.next_value()?),
                        Field::JobTitle => user.job_title = Some(map.next_value()?),
                        Field::MobilePhone => user.mobile_phone = Some(map.next_value()?),
                        Field::BusinessPhones => user.business_phones = Some(map.next_value()?),
                        Field::CreatedDateTime => user.created_date_time = Some(map.next_value::<Time>()?.0),
                        Field::OnPremisesSyncEnabled => user.on_premises_sync_enabled = Some(map.next_value()?),
                        Field::AssignedLicenses => user.assigned_licenses = Some(map.next_value::<Option<Vec<IgnoredAny>>>()?.map(|licences| licences.len())),
                        Field::Manager => user.manager = Some(id_of(&map.next_value()?)),
                        Field::ManagerChanges => changes = map.next_value::<Value>()?.as_array().cloned(),
                        Field::Unknown(name) if name.starts_with("@odata") => drop(map.next_value::<IgnoredAny>()?),
                        Field::Unknown(name) => drop(user.other.insert(name, map.next_value()?)),
                    }
                }
                if let Some(changes) = changes {
                    user.manager = Some(changes.iter().rfind(|change| change.get("@removed").is_none_or(Value::is_null)).and_then(id_of));
                }
                Ok(user)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// As Graph says it, as far as it was kept: what reads an answer reads this as well.
impl Serialize for UserFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn put<M: SerializeMap, T: Serialize>(map: &mut M, name: &str, sent: &Sent<T>) -> Result<(), M::Error> {
            sent.as_ref().map_or(Ok(()), |value| map.serialize_entry(name, value))
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        if self.is_removed {
            map.serialize_entry("@removed", &Other::new())?;
        }
        put(&mut map, "userPrincipalName", &self.user_principal_name)?;
        put(&mut map, "displayName", &self.display_name)?;
        put(&mut map, "accountEnabled", &self.account_enabled)?;
        put(&mut map, "userType", &self.user_type)?;
        put(&mut map, "mail", &self.mail)?;
        put(&mut map, "department", &self.department)?;
        put(&mut map, "jobTitle", &self.job_title)?;
        put(&mut map, "mobilePhone", &self.mobile_phone)?;
        put(&mut map, "businessPhones", &self.business_phones)?;
        put(&mut map, "createdDateTime", &self.created_date_time)?;
        put(&mut map, "onPremisesSyncEnabled", &self.on_premises_sync_enabled)?;
        put(&mut map, "assignedLicenses", &self.assigned_licenses.map(|many| many.map(|many| vec![0; many])))?;
        put(&mut map, "manager", &self.manager.as_ref().map(|id| id.as_ref().map(|id| HashMap::from([("id", id)]))))?;
        for (name, value) in &self.other {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

fn id_of(of: &Value) -> Option<String> {
    of.get("id").and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_was_not_sent_is_told_from_null_and_unknown_fields_are_kept() {
        let user: UserFields = serde_json::from_str(
            r##"{"@odata.type": "#microsoft.graph.user", "id": "A", "mail": null, "displayName": "Zo\u00eb", "createdDateTime": "whenever",
                "businessPhones": ["1"], "assignedLicenses": [{"skuId": "x"}, {"skuId": "y"}], "employeeId": 7, "@removed": null}"##,
        )
        .unwrap();
        assert_eq!((user.id.as_deref(), user.is_removed, user.mail, user.department), (Some("A"), false, Some(None), None));
        assert_eq!((user.display_name, user.created_date_time), (Some(Some("Zoë".to_owned())), Some(None)));
        assert_eq!((user.business_phones, user.assigned_licenses), (Some(Some(vec!["1".to_owned()])), Some(Some(2))));
        assert_eq!(serde_json::to_string(&user.other).unwrap(), r#"{"employeeId":7}"#);
        let gone: UserFields = serde_json::from_str(r#"{"id": "A", "@removed": {"reason": "changed"}}"#).unwrap();
        assert!(gone.is_removed);
    }

    #[test]
    fn what_is_written_down_is_read_as_it_was() {
        for text in [
            r##"{"id": "A", "mail": null, "displayName": "Zo\u00eb", "createdDateTime": "2026-01-02T03:04:05.678Z", "accountEnabled": false, "userType": "Guest",
                "businessPhones": ["1"], "assignedLicenses": [{"skuId": "x"}, {"skuId": "y"}], "employeeId": 7, "manager": {"id": "M"}}"##,
            r#"{"id": "A", "businessPhones": null, "assignedLicenses": null, "manager": null, "createdDateTime": null, "onPremisesSyncEnabled": null}"#,
            r#"{"id": "A", "manager@delta": [{"id": "M", "@removed": {"reason": "deleted"}}, {"id": "N"}]}"#,
            r#"{"id": "A", "@removed": {"reason": "changed"}}"#,
            "{}",
        ] {
            let user: UserFields = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::from_str::<UserFields>(&serde_json::to_string(&user).unwrap()).unwrap(), user, "{text}");
        }
    }
}
