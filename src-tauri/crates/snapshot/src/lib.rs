//! The snapshot folder: a tenant as plain Graph JSON, in memory and on disk. Reading reports every problem by file and line
//! and guesses nothing; a file that is absent means *never read* (`None`). No network, no database, no clock.

mod export;
mod read;
mod text;
mod write;

pub use export::ExportNote;
pub use read::{Problem, ReadError, Reading};
pub use text::{NotText, decode};
pub use write::WriteError;

use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A list of Graph resources, or `None` where it was never read.
pub type Resources = Option<Vec<Value>>;

/// A list of resources kept as JSON text, because there may be hundreds of thousands of them.
pub type RawResources = Option<Vec<Box<RawValue>>>;

/// One tenant as Graph JSON. Each field is one file of the snapshot folder; `None` means that it was never read.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub organization: Resources,
    pub subscribed_skus: Resources,
    pub domains: Resources,
    pub users: Resources,
    /// Each group carries `members`: `[{"@odata.type", "id"}]`; a group without that field has unread members.
    pub groups: Resources,
    pub role_definitions: Resources,
    pub role_assignments: Resources,
    pub role_eligibility: Resources,
    pub conditional_access_policies: Resources,
    pub named_locations: Resources,
    pub authentication_strengths: Resources,
    pub authentication_contexts: Resources,
    /// The one `identitySecurityDefaultsEnforcementPolicy`.
    pub security_defaults: Option<Value>,
    /// The one `authenticationMethodsPolicy`.
    pub authentication_methods_policy: Option<Value>,
    pub service_principals: Resources,
    pub user_registration_details: Resources,
    /// User id to that user's authentication methods; a user who is absent was not read.
    pub authentication_methods: Option<BTreeMap<String, Vec<Value>>>,
    /// User id to `perUserMfaState` (`disabled`, `enabled`, `enforced`).
    pub per_user_mfa: Option<BTreeMap<String, String>>,
    /// Newest first, as Graph lists them; readers must not rely on it.
    pub sign_ins: RawResources,
    pub directory_audits: RawResources,
}

impl Snapshot {
    /// The tenant's id, where the organization was read.
    pub fn tenant_id(&self) -> Option<&str> {
        self.organization.as_ref()?.first()?.get("id")?.as_str()
    }

    /// The tenant's display name, where the organization was read.
    pub fn display_name(&self) -> Option<&str> {
        self.organization.as_ref()?.first()?.get("displayName")?.as_str()
    }

    /// The tenant's default domain, where the organization was read and names one.
    pub fn default_domain(&self) -> Option<&str> {
        let domains = self.organization.as_ref()?.first()?.get("verifiedDomains")?.as_array()?;
        let default = domains.iter().find(|d| d.get("isDefault").and_then(Value::as_bool) == Some(true));
        default.or_else(|| domains.first())?.get("name")?.as_str()
    }
}

/// The value as JSON text, for the fields that keep text.
pub fn raw(value: &Value) -> Box<RawValue> {
    // A `Value` always serialises; the null is there so that no caller has to handle what cannot happen.
    serde_json::value::to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
