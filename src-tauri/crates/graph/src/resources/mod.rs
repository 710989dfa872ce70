//! Graph's resources as Gatehouse reads them, one file a family. A field that is missing is `None`, never an error;
//! fields that no member names are kept (but those of the registration report, which has a row an account); enum members that are not known are kept.

mod access;
mod directory;
mod directory_audits;
mod methods;
mod partner;
mod roles;
mod sign_ins;
mod user_fields;
mod write;

pub use access::*;
pub use directory::*;
pub use directory_audits::*;
pub use methods::*;
pub use partner::*;
pub use roles::*;
pub use sign_ins::*;
pub use user_fields::*;
pub use write::*;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

pub type Other = serde_json::Map<String, serde_json::Value>;

/// A time that cannot be read is unknown; it does not spoil the page. Graph writes "never" as the year 1.
pub(crate) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text = Option::<std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
    let at = text.and_then(|text| DateTime::parse_from_rfc3339(&text).ok()).map(|at| at.with_timezone(&Utc));
    Ok(at.filter(|at| at.timestamp() > -62_000_000_000))
}

/// The same, for who reads field by field.
pub(crate) struct Time(pub(crate) Option<DateTime<Utc>>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        time(deserializer).map(Self)
    }
}

/// `null` where an array belongs is an empty one.
pub(crate) fn list<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}

/// An enum of Graph that keeps members it does not know.
macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name { $($variant,)+ Other(String) }

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $text,)+ Self::Other(text) => text }
            }
        }
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $(if text.eq_ignore_ascii_case($text) { return Self::$variant; })+
                Self::Other(text.to_owned())
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(std::borrow::Cow::<'_, str>::deserialize(deserializer)?.as_ref()))
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use open_enum;
