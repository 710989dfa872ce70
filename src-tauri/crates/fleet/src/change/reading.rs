//! The target of a change, read fresh from Graph or as the store has it. Reads only; what it means is decided by who asks.

use graph::{GraphClient, resources::MembersClosed};
use serde_json::Value;
use store::tenants::TenantRow;

use super::{Target, facts::Facts};
use crate::{Fleet, views::Problem};

/// A target as it was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Fresh {
    /// A policy or location; None: it is not there.
    Body(Option<Value>),
    /// `group`: the group is there.
    Member { group: bool, is_member: Option<bool>, closed: Option<&'static str> },
    /// There is nothing to read: it is to be created.
    Nothing,
}

/// Reads it now.
///
/// # Errors
/// What kept Graph from answering.
pub async fn target(fleet: &Fleet, tenant: &TenantRow, target: &Target) -> Result<Fresh, Problem> {
    let client = fleet.client(tenant).await?;
    Ok(from(&client, target).await?)
}

pub async fn from(client: &GraphClient, target: &Target) -> Result<Fresh, graph::GraphError> {
    Ok(match target {
        Target::Policy(None) | Target::Location(None) => Fresh::Nothing,
        Target::Policy(Some(id)) => Fresh::Body(client.get_policy(id).await?.map(|document| Value::Object(document.0))),
        Target::Location(Some(id)) => Fresh::Body(client.get_named_location(id).await?.map(|document| Value::Object(document.0))),
        Target::Member { group, user, .. } => match client.get_group(group).await? {
            None => Fresh::Member { group: false, is_member: None, closed: None },
            Some(found) => {
                let closed = found.members_closed().map(|why| match why {
                    MembersClosed::Dynamic => "a rule decides who is in it",
                    MembersClosed::OnPremises => "it is synced from the customer's own Active Directory",
                    MembersClosed::Exchange => "Exchange manages it: it is mail-enabled",
                });
                Fresh::Member { group: true, is_member: Some(client.is_direct_member(group, user).await?), closed }
            }
        },
    })
}

/// The same by what the store knows.
pub fn stored(target: &Target, facts: &Facts) -> Fresh {
    match target {
        Target::Policy(None) | Target::Location(None) => Fresh::Nothing,
        Target::Policy(Some(_)) | Target::Location(Some(_)) => Fresh::Body(facts.present.clone()),
        Target::Member { .. } => {
            Fresh::Member { group: facts.group.is_some(), is_member: facts.is_member, closed: facts.group.as_ref().and_then(|group| group.closed) }
        }
    }
}
