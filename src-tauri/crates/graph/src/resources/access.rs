//! What decides about access. The documents are kept as Graph sent them: their meaning is modelled in the Conditional
//! Access library, and a change must be seen in every field, also in those nobody here has heard of.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Other;

/// A document with id and name: a Conditional Access policy, a named location, an authentication strength.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Document(pub Other);

pub type PolicyDocument = Document;
pub type NamedLocation = Document;
pub type AuthenticationStrengthPolicy = Document;

impl Document {
    fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field).and_then(Value::as_str)
    }

    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.text("id")
    }

    #[must_use]
    pub fn display_name(&self) -> Option<&str> {
        self.text("displayName")
    }

    /// `enabled`, `disabled`, `enabledForReportingButNotEnforced` or what Graph said.
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        self.text("state")
    }

    #[must_use]
    pub fn odata_type(&self) -> Option<&str> {
        self.text("@odata.type").map(super::type_name)
    }

    #[must_use]
    pub fn body(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityDefaults {
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default)]
    pub is_enabled: Option<bool>,
    #[serde(flatten)]
    pub other: Other,
}
