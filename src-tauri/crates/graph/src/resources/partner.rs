//! A partner's customers and the granular delegated admin privileges (GDAP) held there.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Other, open_enum, time};
use crate::{
    error::GraphError,
    transport::{GraphClient, Request},
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DelegatedAdminCustomer {
    pub id: String,
    #[serde(default)]
    pub tenant_id: Option<String>,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(flatten)]
    pub other: Other,
}

open_enum!(RelationshipStatus {
    Activating = "activating",
    Active = "active",
    ApprovalPending = "approvalPending",
    Approved = "approved",
    Created = "created",
    Expired = "expired",
    Expiring = "expiring",
    Terminated = "terminated",
    Terminating = "terminating",
    TerminationRequested = "terminationRequested",
});

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DelegatedAdminRelationship {
    pub id: String,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub status: Option<RelationshipStatus>,
    #[serde(default, deserialize_with = "time")]
    pub end_date_time: Option<DateTime<Utc>>,
    #[serde(default)]
    pub customer: Option<RelationshipCustomer>,
    #[serde(flatten)]
    pub other: Other,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RelationshipCustomer {
    #[serde(default)]
    pub tenant_id: Option<String>,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(flatten)]
    pub other: Other,
}

/// The partner's customers, by name.
///
/// # Errors
/// Any [`GraphError`]; a tenant that is no partner gives `graph.no_permission`.
pub async fn partner_customers(client: &GraphClient) -> Result<Vec<DelegatedAdminCustomer>, GraphError> {
    let mut customers: Vec<DelegatedAdminCustomer> = client.list(Request::v1("tenantRelationships/delegatedAdminCustomers")).await?;
    customers.sort_by_cached_key(|customer| customer.display_name.as_deref().unwrap_or_default().to_lowercase());
    Ok(customers)
}

/// # Errors
/// Any [`GraphError`].
pub async fn partner_relationships(client: &GraphClient) -> Result<Vec<DelegatedAdminRelationship>, GraphError> {
    client.list(Request::v1("tenantRelationships/delegatedAdminRelationships")).await
}
