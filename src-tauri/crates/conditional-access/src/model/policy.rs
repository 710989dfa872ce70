//! The policy itself: name, state and its three parts.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::fields::{Reader, Rest, Strange, Writer};
use super::open_enum::open_enum;
use super::{Conditions, GrantControls, SessionControls};

open_enum! {
    pub enum PolicyState {
        Enabled = "enabled",
        Disabled = "disabled",
        ReportOnly = "enabledForReportingButNotEnforced",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    #[error("this is not a Conditional Access policy: a JSON object was expected, {found} was found")]
    NotAnObject { found: &'static str },
    #[error("this is not JSON: {0}")]
    NotJson(String),
}

impl ModelError {
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnObject { .. } => "policy.not_an_object",
            Self::NotJson(_) => "policy.not_json",
        }
    }
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        "Export the policy again from the portal or with Graph, one policy as one JSON object."
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ConditionalAccessPolicy {
    pub id: Option<String>,
    pub display_name: Option<String>,
    pub description: Option<String>,
    pub template_id: Option<String>,
    pub created_date_time: Option<String>,
    pub modified_date_time: Option<String>,
    pub deleted_date_time: Option<String>,
    pub state: Option<PolicyState>,
    pub conditions: Conditions,
    pub grant_controls: Option<GrantControls>,
    pub session_controls: Option<SessionControls>,
    pub rest: Rest,
}

impl ConditionalAccessPolicy {
    /// # Errors
    /// When the value is not an object. Everything inside an object is tolerated.
    pub fn from_value(value: &Value) -> Result<Self, ModelError> {
        let Value::Object(members) = value else {
            let found = match value {
                Value::Null => "null",
                Value::Bool(_) => "true or false",
                Value::Number(_) => "a number",
                Value::String(_) => "a text",
                Value::Array(_) => "a list",
                Value::Object(_) => "an object",
            };
            return Err(ModelError::NotAnObject { found });
        };
        let mut reader = Reader::new(members.clone());
        Ok(Self {
            id: reader.text("id"),
            display_name: reader.text("displayName"),
            description: reader.text("description"),
            template_id: reader.text("templateId"),
            created_date_time: reader.text("createdDateTime"),
            modified_date_time: reader.text("modifiedDateTime"),
            deleted_date_time: reader.text("deletedDateTime"),
            state: reader.member("state"),
            conditions: reader.object("conditions", Conditions::read).unwrap_or_default(),
            grant_controls: reader.object("grantControls", GrantControls::read),
            session_controls: reader.object("sessionControls", SessionControls::read),
            rest: reader.rest(),
        })
    }

    /// # Errors
    /// When the text is not JSON or not an object.
    pub fn from_json(text: &str) -> Result<Self, ModelError> {
        let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| ModelError::NotJson(e.to_string()))?;
        Self::from_value(&value)
    }

    #[must_use]
    pub fn to_value(&self) -> Value {
        Writer::new(&self.rest)
            .text("id", self.id.as_ref())
            .text("displayName", self.display_name.as_ref())
            .text("description", self.description.as_ref())
            .text("templateId", self.template_id.as_ref())
            .text("createdDateTime", self.created_date_time.as_ref())
            .text("modifiedDateTime", self.modified_date_time.as_ref())
            .text("deletedDateTime", self.deleted_date_time.as_ref())
            .member("state", self.state.as_ref())
            // An absent `conditions` may also have been something that is no object: then it is still in the rest.
            .object("conditions", (self.conditions != Conditions::default()).then(|| self.conditions.write()))
            .object("grantControls", self.grant_controls.as_ref().map(GrantControls::write))
            .object("sessionControls", self.session_controls.as_ref().map(SessionControls::write))
            .done()
    }

    /// Paths of the members, and `path = value` of the enumeration members, that this model does not know. While it is
    /// not empty nobody can say for sure what the policy does.
    #[must_use]
    pub fn not_understood(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut strange = Strange(&mut found);
        strange.rest("", &self.rest);
        if let Some(state) = &self.state {
            strange.member("", "state", state);
        }
        self.conditions.strange("conditions", &mut strange);
        if let Some(grant) = &self.grant_controls {
            grant.strange("grantControls", &mut strange);
        }
        if let Some(session) = &self.session_controls {
            session.strange("sessionControls", &mut strange);
        }
        found
    }

    #[must_use]
    pub fn is_enforced(&self) -> bool {
        self.state == Some(PolicyState::Enabled)
    }
}

impl Serialize for ConditionalAccessPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ConditionalAccessPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::from_value(&value).map_err(serde::de::Error::custom)
    }
}
