//! Filter rules for devices, as a policy carries them in `deviceFilter.rule`: read into a tree with errors by position, and
//! judged against what is known of a device ("Conditional Access: Filter for devices"; the syntax is that of "Manage rules for
//! dynamic membership groups"). Whether a filter includes or excludes is the policy's business and not known here.

mod device;
mod lexer;
mod operator;
mod parser;
mod property;
#[cfg(test)]
mod tests;

pub use device::{Attribute, Device, Registration};
pub use lexer::MAX_LENGTH;
pub use operator::Operator;
pub use parser::{MAX_DEPTH, RuleError, RuleProblem};
pub use property::Property;

/// A rule that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceFilter {
    rule: Rule,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Every one of them.
    And(Vec<Rule>),
    /// At least one of them.
    Or(Vec<Rule>),
    Not(Box<Rule>),
    Test(Test),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    pub property: Property,
    pub operator: Operator,
    pub value: Value,
    /// Character at which the property begins, counted from 0.
    pub position: usize,
}

/// Texts are kept in lower case and in Graph's own spelling of the property's values: comparisons know no case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Null,
    Text(String),
    List(Vec<String>),
}

impl DeviceFilter {
    /// # Errors
    /// When the text is no rule of the documented language; the error names the character.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        parser::parse(text).map(|rule| Self { rule })
    }

    #[must_use]
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Whether the device matches; `None` where that hangs on something nobody said.
    #[must_use]
    pub fn matches(&self, device: &Device) -> Option<bool> {
        self.rule.matches(device)
    }

    /// Every property that the rule reads, once each.
    #[must_use]
    pub fn properties(&self) -> Vec<Property> {
        let mut found = Vec::new();
        self.rule.visit(&mut |test| {
            if !found.contains(&test.property) {
                found.push(test.property);
            }
        });
        found
    }

    /// Properties whose value would have to be known before this device can be judged. Empty where it is judged already.
    #[must_use]
    pub fn undecided_by(&self, device: &Device) -> Vec<Property> {
        let mut found = Vec::new();
        if self.matches(device).is_none() {
            self.rule.visit(&mut |test| {
                if test.matches(device).is_none() && !found.contains(&test.property) {
                    found.push(test.property);
                }
            });
        }
        found
    }
}

impl Rule {
    fn matches(&self, device: &Device) -> Option<bool> {
        match self {
            Self::Test(test) => test.matches(device),
            Self::Not(rule) => rule.matches(device).map(|matched| !matched),
            Self::And(rules) => decide(rules, device, false),
            Self::Or(rules) => decide(rules, device, true),
        }
    }

    fn visit(&self, look: &mut impl FnMut(&Test)) {
        match self {
            Self::Test(test) => look(test),
            Self::Not(rule) => rule.visit(look),
            Self::And(rules) | Self::Or(rules) => rules.iter().for_each(|rule| rule.visit(look)),
        }
    }
}

/// One part that is `deciding` decides the whole, whatever is unknown beside it.
fn decide(rules: &[Rule], device: &Device, deciding: bool) -> Option<bool> {
    let mut all_known = true;
    for rule in rules {
        match rule.matches(device) {
            Some(matched) if matched == deciding => return Some(deciding),
            Some(_) => {}
            None => all_known = false,
        }
    }
    all_known.then_some(!deciding)
}

impl Test {
    /// "For a device that is unregistered all device properties are considered as null values": a positive operator does not
    /// match them, a negative one does. A comparison with null itself follows the same sentence.
    fn matches(&self, device: &Device) -> Option<bool> {
        let attribute = device.attribute(self.property);
        // The document's table: on a registered device that Intune does not manage, extension attributes count only where it is
        // compliant or hybrid joined, whichever way the operator points.
        if self.property.is_extension_attribute() && device.extension_attributes_are_withheld() {
            return Some(false);
        }
        let positive = self.operator.positive();
        let matched = match (attribute, &self.value) {
            (Attribute::Unknown, _) => return None,
            (Attribute::Null, Value::Null) => true,
            (Attribute::Null, _) => false,
            (Attribute::List(items), Value::Null) => items.is_empty(),
            (_, Value::Null) => false,
            (Attribute::Text(text), Value::Text(value)) => match positive {
                Operator::StartsWith => text.starts_with(value.as_str()),
                Operator::EndsWith => text.ends_with(value.as_str()),
                Operator::Contains => text.contains(value.as_str()),
                _ => text == value,
            },
            (Attribute::Text(text), Value::List(values)) => values.contains(text),
            // "For string collection attributes … whether a specified string matches one of the whole strings".
            (Attribute::List(items), Value::Text(value)) => items.contains(value),
            (Attribute::List(items), Value::List(values)) => items.iter().any(|item| values.contains(item)),
        };
        Some(matched != self.operator.is_negative())
    }
}
