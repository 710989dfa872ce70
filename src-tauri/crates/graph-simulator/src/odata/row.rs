//! One resource as JSON text, looked into without building it whole.

use chrono::{DateTime, Utc};
use serde::Deserializer;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The top-level fields of a resource, in their order, each still as text.
pub(crate) struct Row<'a> {
    pub fields: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> Row<'a> {
    /// `None` where the text is no JSON object.
    pub fn of(text: &'a str) -> Option<Row<'a>> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::with_capacity(32);
                while let Some(Name(name)) = map.next_key::<Name<'de>>()? {
                    fields.push((name, map.next_value::<&'de RawValue>()?));
                }
                Ok(fields)
            }
        }
        let mut reader = serde_json::Deserializer::from_str(text);
        let fields = reader.deserialize_map(Fields).ok()?;
        Some(Row { fields })
    }

    pub fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, raw)| *raw)
    }

    /// The value at a path; null where any part of it is absent.
    pub fn value(&self, path: &[String]) -> Value {
        let Some((first, rest)) = path.split_first() else { return Value::Null };
        let Some(raw) = self.raw(first) else { return Value::Null };
        let mut value: Value = serde_json::from_str(raw.get()).unwrap_or(Value::Null);
        for part in rest {
            value = match value {
                Value::Object(mut object) => object.remove(part).unwrap_or(Value::Null),
                _ => return Value::Null,
            };
        }
        value
    }
}

/// Two top-level text fields, found without looking at what comes after them. `None` where a field is absent or has escapes.
pub(crate) fn heads<'a>(text: &'a str, wanted: [&str; 2]) -> [Option<&'a str>; 2] {
    struct Heads<'w, 'a> {
        wanted: [&'w str; 2],
        found: &'w mut [Option<&'a str>; 2],
    }
    impl<'de> Visitor<'de> for Heads<'_, 'de> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(Name(name)) = map.next_key::<Name<'de>>()? {
                let value = map.next_value::<&'de RawValue>()?.get();
                for (place, wanted) in self.wanted.iter().enumerate() {
                    if name == *wanted {
                        self.found[place] = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).filter(|value| !value.contains('\\'));
                    }
                }
                if self.found.iter().all(Option::is_some) {
                    break;
                }
            }
            Ok(())
        }
    }
    let mut found = [None, None];
    // Leaving before the end is an error to the reader, and what is wanted here.
    let _ = serde_json::Deserializer::from_str(text).deserialize_map(Heads { wanted, found: &mut found });
    found
}

struct Name<'de>(Cow<'de, str>);

impl<'de> serde::Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }
            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// A time in units of 100 ns since 1970, the resolution Graph prints.
pub(crate) fn ticks(time: &str) -> Option<i64> {
    let time: DateTime<Utc> = DateTime::parse_from_rfc3339(time).ok()?.with_timezone(&Utc);
    time.timestamp_nanos_opt().map(|nanos| nanos.div_euclid(100))
}
