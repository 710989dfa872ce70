//! Ctrl or Cmd K: tenants, users, policies, alerts, pages and actions, from one text.

use serde::Serialize;
use specta::Type;

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    /// tenant, user, policy, alert
    pub kind: String,
    pub title: String,
    pub subtitle: String,
    pub route: String,
}
