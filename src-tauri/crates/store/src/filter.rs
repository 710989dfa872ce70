//! A WHERE clause made of constant pieces and bound values. Input only ever becomes a value, never SQL.

use rusqlite::types::Value;

#[derive(Debug, Default, Clone)]
pub(crate) struct Where {
    sql: String,
    values: Vec<Value>,
}

impl Where {
    /// Adds a condition; every `?` in `piece` takes the next of `values`.
    pub(crate) fn and<const N: usize>(&mut self, piece: &'static str, values: [Value; N]) -> &mut Self {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        self.sql.push_str(piece);
        self.values.extend(values);
        self
    }

    /// `column IN (…)`; an empty list means "any".
    pub(crate) fn one_of(&mut self, column: &'static str, wanted: &[impl AsRef<str>]) -> &mut Self {
        if wanted.is_empty() {
            return self;
        }
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        self.sql.push_str(column);
        self.sql.push_str(" IN (");
        self.sql.push_str(&vec!["?"; wanted.len()].join(", "));
        self.sql.push(')');
        self.values.extend(wanted.iter().map(|w| Value::Text(w.as_ref().to_owned())));
        self
    }

    pub(crate) fn sql(&self) -> &str {
        &self.sql
    }

    pub(crate) fn values(&self) -> Vec<Value> {
        self.values.clone()
    }

    /// The values, with the limit and the offset after them.
    pub(crate) fn values_and(&self, slice: crate::Slice) -> Vec<Value> {
        let mut values = self.values.clone();
        values.push(Value::Integer(i64::try_from(slice.limit).unwrap_or(i64::MAX)));
        values.push(Value::Integer(i64::try_from(slice.offset).unwrap_or(i64::MAX)));
        values
    }
}

pub(crate) fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

pub(crate) fn int(value: i64) -> Value {
    Value::Integer(value)
}
