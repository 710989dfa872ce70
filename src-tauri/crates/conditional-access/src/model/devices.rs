//! Device filters ("conditionalAccessDevices", "conditionalAccessFilter") and the older device lists that exports carry.

use serde_json::Value;

use super::fields::{Reader, Rest, Strange, Writer};
use super::open_enum::open_enum;

open_enum! {
    pub enum FilterMode {
        Include = "include",
        Exclude = "exclude",
    }
}

/// A rule in Entra's rule language, kept as text here.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    pub mode: Option<FilterMode>,
    pub rule: Option<String>,
    pub rest: Rest,
}

impl Filter {
    pub(crate) fn read(mut reader: Reader) -> Self {
        Self { mode: reader.member("mode"), rule: reader.text("rule"), rest: reader.rest() }
    }
    pub(crate) fn write(&self) -> Value {
        Writer::new(&self.rest).member("mode", self.mode.as_ref()).text("rule", self.rule.as_ref()).done()
    }
    pub(crate) fn strange(&self, path: &str, found: &mut Strange) {
        found.rest(path, &self.rest);
        if let Some(mode) = &self.mode {
            found.member(path, "mode", mode);
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Devices {
    pub filter: Option<Filter>,
    /// Beta: `All`, `Compliant`, `DomainJoined`.
    pub include_devices: Vec<String>,
    pub exclude_devices: Vec<String>,
    pub include_device_states: Vec<String>,
    pub exclude_device_states: Vec<String>,
    pub rest: Rest,
}

impl Devices {
    pub(crate) fn read(mut reader: Reader) -> Self {
        Self {
            filter: reader.object("deviceFilter", Filter::read),
            include_devices: reader.list("includeDevices"),
            exclude_devices: reader.list("excludeDevices"),
            include_device_states: reader.list("includeDeviceStates"),
            exclude_device_states: reader.list("excludeDeviceStates"),
            rest: reader.rest(),
        }
    }
    pub(crate) fn write(&self) -> Value {
        Writer::new(&self.rest)
            .object("deviceFilter", self.filter.as_ref().map(Filter::write))
            .list("includeDevices", &self.include_devices)
            .list("excludeDevices", &self.exclude_devices)
            .list("includeDeviceStates", &self.include_device_states)
            .list("excludeDeviceStates", &self.exclude_device_states)
            .done()
    }
    pub(crate) fn strange(&self, path: &str, found: &mut Strange) {
        found.rest(path, &self.rest);
        if let Some(filter) = &self.filter {
            filter.strange(&format!("{path}.deviceFilter"), found);
        }
    }
}
