//! Connecting tenants: what the form sends and what a sign-in that waits for a person shows.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, Problem, tenants::TenantRow};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum CloudChoice {
    Global,
    UsGovernment,
    China,
    /// For a simulator or a proxy.
    #[serde(rename_all = "camelCase")]
    Custom {
        graph_url: String,
        login_url: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Credential {
    /// Authorization code with PKCE in the system browser.
    Browser,
    DeviceCode,
    /// PEM with certificate and private key.
    #[serde(rename_all = "camelCase")]
    Certificate {
        path: String,
    },
    /// Goes to the credential store at once and is never sent back.
    #[serde(rename_all = "camelCase")]
    Secret {
        secret: String,
    },
}

/// One permission that is asked for, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PermissionRow {
    pub name: String,
    pub why: String,
}

/// What reading needs, in the order in which it is explained.
pub fn permissions() -> Vec<PermissionRow> {
    graph::permissions::READING.iter().map(|each| PermissionRow { name: each.name.to_owned(), why: each.why.to_owned() }).collect()
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectRequest {
    /// A GUID or a verified domain; "organizations" lets the person who signs in decide.
    pub tenant: String,
    pub client_id: String,
    pub cloud: CloudChoice,
    pub credential: Credential,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase", tag = "phase")]
pub enum ConnectProgress {
    /// The browser is open (or could not be opened: then the person opens `url`).
    #[serde(rename_all = "camelCase")]
    WaitingForBrowser {
        url: String,
    },
    #[serde(rename_all = "camelCase")]
    WaitingForCode {
        url: String,
        code: String,
        expires_at: Moment,
    },
    Checking,
    #[serde(rename_all = "camelCase")]
    Connected {
        tenant: Box<TenantRow>,
    },
    #[serde(rename_all = "camelCase")]
    Failed {
        problem: Problem,
    },
    Cancelled,
}

/// One customer of a partner tenant, by its delegated admin relationships (GDAP).
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PartnerCustomer {
    pub tenant_id: String,
    pub display_name: String,
    /// Names of the relationships that are active.
    pub relationships: Vec<String>,
    /// Earliest end among them.
    pub ends_at: Option<Moment>,
    pub connected: bool,
}
