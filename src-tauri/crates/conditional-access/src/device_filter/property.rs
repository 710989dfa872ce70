//! The attributes of a device that a filter may read, and which operators each allows ("Supported operators and device
//! properties for filters").

use super::operator::Operator;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Property {
    DeviceId,
    DisplayName,
    DeviceOwnership,
    EnrollmentProfileName,
    IsCompliant,
    Manufacturer,
    MdmAppId,
    Model,
    OperatingSystem,
    OperatingSystemVersion,
    PhysicalIds,
    ProfileType,
    SystemLabels,
    TrustType,
    /// 1 to 15.
    ExtensionAttribute(u8),
}

const NAMES: &[(Property, &str)] = &[
    (Property::DeviceId, "deviceId"),
    (Property::DisplayName, "displayName"),
    (Property::DeviceOwnership, "deviceOwnership"),
    (Property::EnrollmentProfileName, "enrollmentProfileName"),
    (Property::IsCompliant, "isCompliant"),
    (Property::Manufacturer, "manufacturer"),
    (Property::MdmAppId, "mdmAppId"),
    (Property::Model, "model"),
    (Property::OperatingSystem, "operatingSystem"),
    (Property::OperatingSystemVersion, "operatingSystemVersion"),
    (Property::PhysicalIds, "physicalIds"),
    (Property::ProfileType, "profileType"),
    (Property::SystemLabels, "systemLabels"),
    (Property::TrustType, "trustType"),
    (Property::ExtensionAttribute(1), "extensionAttribute1"),
    (Property::ExtensionAttribute(2), "extensionAttribute2"),
    (Property::ExtensionAttribute(3), "extensionAttribute3"),
    (Property::ExtensionAttribute(4), "extensionAttribute4"),
    (Property::ExtensionAttribute(5), "extensionAttribute5"),
    (Property::ExtensionAttribute(6), "extensionAttribute6"),
    (Property::ExtensionAttribute(7), "extensionAttribute7"),
    (Property::ExtensionAttribute(8), "extensionAttribute8"),
    (Property::ExtensionAttribute(9), "extensionAttribute9"),
    (Property::ExtensionAttribute(10), "extensionAttribute10"),
    (Property::ExtensionAttribute(11), "extensionAttribute11"),
    (Property::ExtensionAttribute(12), "extensionAttribute12"),
    (Property::ExtensionAttribute(13), "extensionAttribute13"),
    (Property::ExtensionAttribute(14), "extensionAttribute14"),
    (Property::ExtensionAttribute(15), "extensionAttribute15"),
    // An earlier edition of the document writes it so in its example, and so do older policies.
    (Property::PhysicalIds, "devicePhysicalIds"),
];

impl Property {
    /// By its name after `device.`, in whatever case: the document itself writes `device.deviceid`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(property, _)| *property)
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(property, _)| *property == self).map_or("extensionAttribute", |(_, name)| name)
    }

    /// Every property once.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES[..NAMES.len() - 1].iter().map(|(property, _)| *property)
    }

    #[must_use]
    pub fn is_extension_attribute(self) -> bool {
        matches!(self, Self::ExtensionAttribute(_))
    }

    /// The document's table. An earlier edition shows `-in` and `-notIn` with profile and trust types, so stored rules have them.
    #[must_use]
    pub fn allows(self, operator: Operator) -> bool {
        match self {
            Self::DeviceId | Self::MdmAppId | Self::ProfileType | Self::TrustType => matches!(operator.positive(), Operator::Equals | Operator::In),
            Self::DeviceOwnership | Self::IsCompliant => operator.positive() == Operator::Equals,
            Self::PhysicalIds | Self::SystemLabels => operator.positive() == Operator::Contains,
            _ => true,
        }
    }

    /// One spelling for values that Graph writes in several: the sign-in log says "Hybrid Azure AD joined" where a rule says
    /// `ServerAD`, Intune says "Corporate" where Entra says `Company`. Lower case.
    #[must_use]
    pub fn canonical(self, value: &str) -> String {
        let value = value.to_lowercase();
        match (self, value.as_str()) {
            (Self::TrustType, "hybrid azure ad joined" | "microsoft entra hybrid joined" | "domain joined" | "hybridazureadjoined") => "serverad".to_owned(),
            (Self::TrustType, "azure ad joined" | "azuread joined" | "microsoft entra joined") => "azuread".to_owned(),
            (Self::TrustType, "azure ad registered" | "microsoft entra registered" | "workplace joined") => "workplace".to_owned(),
            (Self::DeviceOwnership, "corporate") => "company".to_owned(),
            _ => value,
        }
    }
}
