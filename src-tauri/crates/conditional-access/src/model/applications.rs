//! What a policy guards ("conditionalAccessApplications"): applications, user actions, authentication contexts.

use serde_json::Value;

use super::Filter;
use super::fields::{Reader, Rest, Strange, Writer};

/// `include` holds application ids or `All`, `None`, `Office365`, `MicrosoftAdminPortals` and other groups of Microsoft's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Applications {
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    /// `urn:user:registersecurityinfo`, `urn:user:registerdevice`
    pub user_actions: Vec<String>,
    /// `c1` … `c99`
    pub authentication_contexts: Vec<String>,
    pub filter: Option<Filter>,
    pub rest: Rest,
}

impl Applications {
    pub(crate) fn read(mut reader: Reader) -> Self {
        Self {
            include: reader.list("includeApplications"),
            exclude: reader.list("excludeApplications"),
            user_actions: reader.list("includeUserActions"),
            authentication_contexts: reader.list("includeAuthenticationContextClassReferences"),
            filter: reader.object("applicationFilter", Filter::read),
            rest: reader.rest(),
        }
    }
    pub(crate) fn write(&self) -> Value {
        Writer::new(&self.rest)
            .list("includeApplications", &self.include)
            .list("excludeApplications", &self.exclude)
            .list("includeUserActions", &self.user_actions)
            .list("includeAuthenticationContextClassReferences", &self.authentication_contexts)
            .object("applicationFilter", self.filter.as_ref().map(Filter::write))
            .done()
    }
    pub(crate) fn strange(&self, path: &str, found: &mut Strange) {
        found.rest(path, &self.rest);
        if let Some(filter) = &self.filter {
            filter.strange(&format!("{path}.applicationFilter"), found);
        }
    }
}
