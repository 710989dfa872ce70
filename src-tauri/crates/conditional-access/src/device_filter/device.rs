//! What is known of a device when a filter looks at it.

use super::property::Property;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Registration {
    Registered,
    /// Not in the directory: every attribute is null.
    Unregistered,
    #[default]
    Unknown,
}

/// An attribute's value. `Null` means that the device has none, `Unknown` that nobody said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attribute {
    Unknown,
    Null,
    Text(String),
    List(Vec<String>),
}

/// Attributes that are not set are unknown, except on an unregistered device.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Device {
    registration: Registration,
    attributes: Vec<(Property, Attribute)>,
}

/// Microsoft Intune, and Configuration Manager's co-management with it ("Rules for devices").
const INTUNE: [&str; 2] = ["0000000a-0000-0000-c000-000000000000", "54b943f8-d761-4f8d-951e-9cea1846db5a"];

impl Device {
    #[must_use]
    pub fn new(registration: Registration) -> Self {
        Self { registration, attributes: Vec::new() }
    }
    #[must_use]
    pub fn registered() -> Self {
        Self::new(Registration::Registered)
    }
    #[must_use]
    pub fn unregistered() -> Self {
        Self::new(Registration::Unregistered)
    }
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn registration(&self) -> Registration {
        self.registration
    }

    pub fn set_text(&mut self, property: Property, value: &str) {
        self.set(property, Attribute::Text(property.canonical(value)));
    }
    pub fn set_list<'a>(&mut self, property: Property, values: impl IntoIterator<Item = &'a str>) {
        self.set(property, Attribute::List(values.into_iter().map(|value| property.canonical(value)).collect()));
    }
    pub fn set_null(&mut self, property: Property) {
        self.set(property, Attribute::Null);
    }
    pub fn set_compliant(&mut self, compliant: bool) {
        self.set_text(Property::IsCompliant, if compliant { "true" } else { "false" });
    }
    #[must_use]
    pub fn with(mut self, property: Property, value: &str) -> Self {
        self.set_text(property, value);
        self
    }
    #[must_use]
    pub fn with_list(mut self, property: Property, values: &[&str]) -> Self {
        self.set_list(property, values.iter().copied());
        self
    }
    #[must_use]
    pub fn with_null(mut self, property: Property) -> Self {
        self.set_null(property);
        self
    }
    #[must_use]
    pub fn with_compliant(mut self, compliant: bool) -> Self {
        self.set_compliant(compliant);
        self
    }

    fn set(&mut self, property: Property, attribute: Attribute) {
        match self.attributes.iter_mut().find(|(known, _)| *known == property) {
            Some((_, place)) => *place = attribute,
            None => self.attributes.push((property, attribute)),
        }
    }

    #[must_use]
    pub fn attribute(&self, property: Property) -> &Attribute {
        if self.registration == Registration::Unregistered {
            return &Attribute::Null;
        }
        self.attributes.iter().find(|(known, _)| *known == property).map_or(&Attribute::Unknown, |(_, attribute)| attribute)
    }

    /// "Devices must be Microsoft Intune managed, compliant, or Microsoft Entra hybrid joined for a value to be available in
    /// extensionAttributes1-15." True only where it is known that the device is none of these.
    #[must_use]
    pub(super) fn extension_attributes_are_withheld(&self) -> bool {
        let differs = |property, values: &[&str]| match self.attribute(property) {
            Attribute::Unknown => false,
            Attribute::Text(text) => !values.contains(&text.as_str()),
            Attribute::Null | Attribute::List(_) => true,
        };
        self.registration == Registration::Registered
            && differs(Property::IsCompliant, &["true"])
            && differs(Property::TrustType, &["serverad"])
            && differs(Property::MdmAppId, &INTUNE)
    }
}
