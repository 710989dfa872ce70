//! Filters on custom security attributes of applications and service principals ("Conditional Access: Filter for
//! applications"). Their language is that of device filters with other properties, so a rule is read by that parser, each
//! attribute standing in for one of its fifteen free properties.

use std::sync::Arc;

use serde_json::Value;

use super::reason::Truth;
use crate::device_filter::{Device, DeviceFilter, Property};
use crate::model::Filter;
use crate::model::devices::FilterMode;
use crate::tenant::ServicePrincipal;

const PREFIX: &str = "customsecurityattribute.";

#[derive(Debug)]
pub(super) struct AttributeFilter {
    /// None: a mode that is not known.
    pub include: Option<bool>,
    pub text: Arc<str>,
    rule: Option<Rule>,
}

#[derive(Debug)]
struct Rule {
    filter: DeviceFilter,
    /// `Set_Attribute`, in the order of the free properties.
    attributes: Vec<String>,
}

impl AttributeFilter {
    /// None: no filter is configured.
    pub fn of(filter: &Filter) -> Option<Self> {
        if filter.mode.is_none() && filter.rule.is_none() {
            return None;
        }
        let text = filter.rule.as_deref().unwrap_or("");
        Some(Self {
            include: match &filter.mode {
                Some(FilterMode::Include) => Some(true),
                Some(FilterMode::Exclude) => Some(false),
                Some(FilterMode::Other(_)) | None => None,
            },
            text: Arc::from(text),
            rule: Rule::parse(text),
        })
    }

    pub fn understood(&self) -> bool {
        self.rule.is_some() && self.include.is_some()
    }

    /// Whether it fits what is known of a service principal. None: the tenant has none, and "when you don't have a service
    /// principal listed in your tenant, it can't be targeted".
    pub fn fits(&self, principal: Option<&ServicePrincipal>, principals_read: bool) -> Truth {
        let Some(rule) = self.rule.as_ref().filter(|_| self.include.is_some()) else { return Truth::Unknown };
        let Some(principal) = principal else { return if principals_read { Truth::No } else { Truth::Unknown } };
        let Some(sets) = &principal.custom_security_attributes else { return Truth::Unknown };
        let mut known = Device::unknown();
        for (n, name) in (1_u8..).zip(&rule.attributes) {
            let property = Property::ExtensionAttribute(n);
            match attribute(sets, name) {
                None | Some(Value::Null) => known.set_null(property),
                Some(Value::String(text)) => known.set_text(property, text),
                Some(Value::Array(items)) => known.set_list(property, items.iter().filter_map(Value::as_str)),
                Some(other) => known.set_text(property, &other.to_string()),
            }
        }
        rule.filter.matches(&known).into()
    }
}

/// `Set_Attribute`; either name may hold an underscore itself.
fn attribute<'a>(sets: &'a Value, name: &str) -> Option<&'a Value> {
    name.match_indices('_').find_map(|(at, _)| {
        let (set, rest) = (name.get(..at)?, name.get(at + 1..)?);
        let found = sets.as_object()?.iter().find(|(known, _)| known.eq_ignore_ascii_case(set))?.1;
        found.as_object()?.iter().find(|(known, _)| known.eq_ignore_ascii_case(rest)).map(|(_, value)| value)
    })
}

impl Rule {
    fn parse(text: &str) -> Option<Self> {
        let mut attributes: Vec<String> = Vec::new();
        let mut rewritten = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if first == '"' || first == '\'' {
                let end = quoted(rest, first)?;
                rewritten.push_str(rest.get(..end)?);
                rest = rest.get(end..)?;
            } else if first.is_alphanumeric() {
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ',' | '"' | '\'')).unwrap_or(rest.len());
                let word = rest.get(..end)?;
                match word.get(..PREFIX.len()).filter(|start| start.eq_ignore_ascii_case(PREFIX)) {
                    Some(_) => {
                        let name = word.get(PREFIX.len()..)?;
                        let place = attributes.iter().position(|known| known.eq_ignore_ascii_case(name)).unwrap_or_else(|| {
                            attributes.push(name.to_owned());
                            attributes.len() - 1
                        });
                        rewritten.push_str(&format!("device.extensionAttribute{}", place + 1));
                    }
                    // A device has no business here.
                    None if word.contains('.') => return None,
                    None => rewritten.push_str(word),
                }
                rest = rest.get(end..)?;
            } else {
                rewritten.push(first);
                rest = rest.get(first.len_utf8()..)?;
            }
        }
        if attributes.len() > 15 {
            return None;
        }
        Some(Self { filter: DeviceFilter::parse(&rewritten).ok()?, attributes })
    }
}

/// Where the quoted text at the beginning ends.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '`' => escaped = true,
            c if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}
