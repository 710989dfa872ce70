//! Ids as the file keeps them: a GUID in half the room of its text.

use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, Value, ValueRef},
};

/// An id as the file keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Id {
    Guid([u8; 16]),
    Text(Box<str>),
    None,
}

impl Id {
    pub(crate) fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self::None;
        }
        guid(text).map_or_else(|| Self::Text(text.to_ascii_lowercase().into()), Self::Guid)
    }

    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Guid(bytes) => Value::Blob(bytes.to_vec()),
            Self::Text(text) => Value::Text(text.to_string()),
            Self::None => Value::Null,
        }
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Guid(bytes) => {
                let mut text = String::with_capacity(36);
                for (at, byte) in bytes.iter().enumerate() {
                    if matches!(at, 4 | 6 | 8 | 10) {
                        text.push('-');
                    }
                    for half in [byte >> 4, byte & 15] {
                        text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
                    }
                }
                text
            }
            Self::Text(text) => text.to_string(),
            Self::None => String::new(),
        }
    }
}

/// The bytes of `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
fn guid(text: &str) -> Option<[u8; 16]> {
    let text = text.as_bytes();
    if text.len() != 36 {
        return None;
    }
    let mut bytes = [0; 16];
    let mut digits = 0;
    for (at, byte) in text.iter().enumerate() {
        if matches!(at, 8 | 13 | 18 | 23) {
            if *byte != b'-' {
                return None;
            }
            continue;
        }
        let value = char::from(*byte).to_digit(16)?;
        bytes[digits / 2] = bytes[digits / 2] << 4 | u8::try_from(value).ok()?;
        digits += 1;
    }
    Some(bytes)
}

impl ToSql for Id {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Guid(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::None => ToSqlOutput::Owned(Value::Null),
        })
    }
}

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Blob(bytes) => bytes.try_into().map(Self::Guid).map_err(|_| FromSqlError::InvalidType),
            ValueRef::Text(_) => Ok(Self::Text(value.as_str()?.into())),
            ValueRef::Null => Ok(Self::None),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}
