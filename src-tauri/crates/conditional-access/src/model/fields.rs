//! Reading and writing one JSON object of a policy: known members are taken out, the rest stays as it was. Only the model
//! uses this; it knows nothing of any particular member.

use serde_json::{Map, Value};

/// A value of an evolvable enumeration, or an id.
pub trait Member: Sized {
    fn read(text: &str) -> Self;
    fn text(&self) -> &str;
}

/// A value of an evolvable enumeration: one of its members is whatever is not known.
pub trait Known: Member {
    fn known(&self) -> bool;
}

impl Member for String {
    fn read(text: &str) -> Self {
        text.to_owned()
    }
    fn text(&self) -> &str {
        self
    }
}

/// Members of an object that the model has no field for, OData annotations included.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rest(pub Map<String, Value>);

/// OData annotations and actions say nothing about what a policy does.
pub(crate) fn is_annotation(name: &str) -> bool {
    name.contains('@') || name.starts_with('#')
}

pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.iter().all(|(name, value)| is_annotation(name) || is_empty(value)),
        _ => false,
    }
}

/// What of a policy was not understood, gathered while walking it.
pub(crate) struct Strange<'a>(pub &'a mut Vec<String>);

impl Strange<'_> {
    pub fn rest(&mut self, path: &str, rest: &Rest) {
        for (name, value) in &rest.0 {
            if !is_annotation(name) && !is_empty(value) {
                self.0.push(join(path, name));
            }
        }
    }
    pub fn member<T: Known>(&mut self, path: &str, name: &str, value: &T) {
        if !value.known() {
            self.0.push(format!("{} = {}", join(path, name), value.text()));
        }
    }
    pub fn members<T: Known>(&mut self, path: &str, name: &str, values: &[T]) {
        for value in values {
            self.member(path, name, value);
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// An object from which members are taken one by one.
pub(crate) struct Reader(Map<String, Value>);

impl Reader {
    pub fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    fn take<T>(&mut self, name: &str, convert: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let found = self.0.get(name).and_then(convert);
        // A null says no more than an absent member does.
        if found.is_some() || self.0.get(name).is_some_and(Value::is_null) {
            self.0.remove(name);
        }
        found
    }

    pub fn text(&mut self, name: &str) -> Option<String> {
        self.take(name, |value| value.as_str().map(str::to_owned))
    }
    pub fn member<T: Member>(&mut self, name: &str) -> Option<T> {
        self.take(name, |value| value.as_str().map(T::read))
    }
    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        self.take(name, Value::as_bool)
    }
    pub fn number(&mut self, name: &str) -> Option<i64> {
        self.take(name, Value::as_i64)
    }
    /// A list of texts; one that holds anything else is left where it is.
    pub fn list<T: Member>(&mut self, name: &str) -> Vec<T> {
        self.take(name, |value| value.as_array()?.iter().map(|item| item.as_str().map(T::read)).collect()).unwrap_or_default()
    }
    /// Flags: Graph writes them as one text with commas, some exports as a list.
    pub fn flags<T: Member>(&mut self, name: &str) -> Vec<T> {
        match self.0.get(name) {
            Some(Value::String(_)) => self
                .take(name, |value| Some(value.as_str()?.split(',').map(str::trim).filter(|part| !part.is_empty()).map(T::read).collect()))
                .unwrap_or_default(),
            _ => self.list(name),
        }
    }
    /// A list of objects, kept as sent.
    pub fn array(&mut self, name: &str) -> Option<Value> {
        self.take(name, |value| value.is_array().then(|| value.clone()))
    }
    pub fn object<T>(&mut self, name: &str, read: impl FnOnce(Reader) -> T) -> Option<T> {
        self.take(name, |value| value.as_object().cloned()).map(|members| read(Reader::new(members)))
    }
    pub fn rest(self) -> Rest {
        Rest(self.0)
    }
}

/// Builds the object again. Empty members are left out.
pub(crate) struct Writer(Map<String, Value>);

impl Writer {
    pub fn new(rest: &Rest) -> Self {
        Self(rest.0.clone())
    }
    pub fn text(mut self, name: &str, value: Option<&String>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), Value::String(value.clone()));
        }
        self
    }
    pub fn member<T: Member>(mut self, name: &str, value: Option<&T>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), Value::String(value.text().to_owned()));
        }
        self
    }
    pub fn boolean(mut self, name: &str, value: Option<bool>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), Value::Bool(value));
        }
        self
    }
    pub fn number(mut self, name: &str, value: Option<i64>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), Value::from(value));
        }
        self
    }
    pub fn list<T: Member>(mut self, name: &str, values: &[T]) -> Self {
        if !values.is_empty() {
            self.0.insert(name.to_owned(), values.iter().map(|value| Value::String(value.text().to_owned())).collect());
        }
        self
    }
    pub fn flags<T: Member>(mut self, name: &str, values: &[T]) -> Self {
        if !values.is_empty() {
            let text = values.iter().map(Member::text).collect::<Vec<_>>().join(",");
            self.0.insert(name.to_owned(), Value::String(text));
        }
        self
    }
    pub fn object(mut self, name: &str, value: Option<Value>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value);
        }
        self
    }
    pub fn done(self) -> Value {
        Value::Object(self.0)
    }
}
