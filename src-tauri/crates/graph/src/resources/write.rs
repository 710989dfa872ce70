//! Graph's writes as Gatehouse makes them, one call each, and the fresh reads that go with them. Each is sent once: where the
//! answer leaves open what became of it, the error says so ([`GraphError::is_outcome_unknown`]) and the caller reads back.
//! What to write, and whether one may, is not decided here.

use serde_json::{Map, Value, json};

use super::{DirectoryObjectRef, Document, Group};
use crate::{
    error::GraphError,
    transport::{GraphClient, Request},
    words::plain,
};

const POLICIES: &str = "identity/conditionalAccess/policies";
const DELETED_POLICIES: &str = "identity/conditionalAccess/deletedItems/policies";
const LOCATIONS: &str = "identity/conditionalAccess/namedLocations";

/// What adding a member came to; both leave the user in the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberAdded {
    Now,
    /// The user was a direct member before, by somebody else's doing or by an earlier try: it is not ours to remove.
    AlreadyMember,
}

/// What removing a member came to; both leave the user outside the group, as far as direct membership goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberRemoved {
    Now,
    WasNotMember,
}

/// Why nobody can write a group's members through Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembersClosed {
    /// A rule decides ("Manage rules for dynamic membership groups": members cannot be added or removed by hand).
    Dynamic,
    /// Mastered in the customer's own Active Directory; to be changed there.
    OnPremises,
    /// A mail-enabled security group or a distribution list ("Working with groups in Microsoft Graph": read-only through Graph).
    Exchange,
}

/// `$select` of [`GraphClient::get_group`].
pub const GROUP_FACTS: &[&str] =
    &["id", "displayName", "isAssignableToRole", "groupTypes", "membershipRule", "securityEnabled", "mailEnabled", "onPremisesSyncEnabled"];

impl Group {
    /// `None`: nothing known speaks against writing. A group for roles is writable too, to who has
    /// `RoleManagement.ReadWrite.Directory` ("Add members"), which Gatehouse does not ask for: see `is_assignable_to_role`.
    #[must_use]
    pub fn members_closed(&self) -> Option<MembersClosed> {
        let unified = self.group_types.as_ref().is_some_and(|types| types.iter().any(|kind| kind.eq_ignore_ascii_case("Unified")));
        if self.is_dynamic() == Some(true) {
            Some(MembersClosed::Dynamic)
        } else if self.on_premises_sync_enabled == Some(true) {
            Some(MembersClosed::OnPremises)
        } else if self.mail_enabled == Some(true) && !unified {
            Some(MembersClosed::Exchange)
        } else {
            None
        }
    }
}

/// A policy as "Create" and "Update conditionalAccessPolicy" take it: without the fields that Graph alone writes, and with an
/// authentication strength named by its id, as their examples do.
#[must_use]
pub fn policy_for_writing(policy: &Document) -> Value {
    const READ_ONLY: [&str; 5] = ["id", "createdDateTime", "modifiedDateTime", "deletedDateTime", "templateId"];
    let mut fields = without_annotations(&policy.0);
    fields.retain(|name, _| !READ_ONLY.contains(&name.as_str()));
    if let Some(strength) = fields.get_mut("grantControls").and_then(|grant| grant.get_mut("authenticationStrength")).filter(|strength| strength.is_object()) {
        *strength = json!({"id": strength.get("id")});
    }
    Value::Object(fields)
}

/// A named location as "Create" and "Update namedLocation" take it; its `@odata.type` stays, it says which kind it is.
#[must_use]
pub fn location_for_writing(location: &Document) -> Value {
    const READ_ONLY: [&str; 4] = ["id", "createdDateTime", "modifiedDateTime", "deletedDateTime"];
    let mut fields = without_annotations(&location.0);
    fields.retain(|name, _| !READ_ONLY.contains(&name.as_str()));
    Value::Object(fields)
}

/// OData's annotations (`@odata.context`, `authenticationStrength@odata.context`) are about an answer; only types are content.
fn without_annotations(fields: &Map<String, Value>) -> Map<String, Value> {
    let kept = fields.iter().filter(|(name, _)| !name.contains("@odata.") || name.as_str() == "@odata.type");
    kept.map(|(name, value)| (name.clone(), value_without_annotations(value))).collect()
}

fn value_without_annotations(value: &Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(without_annotations(fields)),
        Value::Array(list) => Value::Array(list.iter().map(value_without_annotations).collect()),
        other => other.clone(),
    }
}

/// A key in a path, only where it is one: an id that is empty or leads elsewhere would write to another address.
fn key(id: &str) -> Result<String, GraphError> {
    uuid::Uuid::try_parse(id.trim()).map(|id| id.hyphenated().to_string()).map_err(|_| GraphError::BadAddress { address: plain(&format!("id \"{id}\""), 120) })
}

fn at(path: &str, id: &str) -> Result<Request, GraphError> {
    Ok(Request::v1(format!("{path}/{}", key(id)?)))
}

/// A single answer without the line that only says where it came from, so that it compares with the rows of a list.
fn bare(mut document: Document) -> Document {
    document.0.remove("@odata.context");
    document
}

fn there<T>(found: Result<T, GraphError>) -> Result<Option<T>, GraphError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

impl GraphClient {
    async fn document(&self, path: &str, id: &str) -> Result<Option<Document>, GraphError> {
        there(self.get::<Document>(&at(path, id)?.unknown_enum_members()).await.map(bare))
    }

    /// All policies, read now: how one finds what a creation came to whose answer was lost.
    ///
    /// # Errors
    /// Any [`GraphError`].
    pub async fn list_policies(&self) -> Result<Vec<Document>, GraphError> {
        self.list(Request::v1(POLICIES).unknown_enum_members()).await
    }

    /// A policy, read now. Not there is `None`, which right after a creation may only mean that it is not there yet.
    ///
    /// # Errors
    /// Any [`GraphError`] but not found.
    pub async fn get_policy(&self, id: &str) -> Result<Option<Document>, GraphError> {
        self.document(POLICIES, id).await
    }

    /// A deleted policy that can still be restored.
    ///
    /// # Errors
    /// Any [`GraphError`] but not found.
    pub async fn get_deleted_policy(&self, id: &str) -> Result<Option<Document>, GraphError> {
        self.document(DELETED_POLICIES, id).await
    }

    /// "Create conditionalAccessPolicy": 201 with the policy as it was made, its id among it.
    ///
    /// # Errors
    /// Any [`GraphError`].
    pub async fn create_policy(&self, body: &Value) -> Result<Document, GraphError> {
        self.post(&Request::v1(POLICIES), body, false).await.map(bare)
    }

    /// "Update conditionalAccessPolicy": only what the body names changes. Conditional Access has no `If-Match` for it ("Update
    /// conditionalAccessPolicy" names no such header): read the policy first, and right after.
    ///
    /// # Errors
    /// Any [`GraphError`].
    pub async fn update_policy(&self, id: &str, body: &Value) -> Result<(), GraphError> {
        self.patch(&at(POLICIES, id)?, body).await
    }

    /// "Delete conditionalAccessPolicy": it can be restored for 30 days ("Recover from deletions in Microsoft Entra ID").
    ///
    /// # Errors
    /// Any [`GraphError`]; not found where it is gone already.
    pub async fn delete_policy(&self, id: &str) -> Result<(), GraphError> {
        self.delete(&at(POLICIES, id)?).await
    }

    /// "conditionalAccessPolicy: restore": the policy as it was, with its id.
    ///
    /// # Errors
    /// Any [`GraphError`]; not found where it was not deleted, or longer ago than it is kept.
    pub async fn restore_policy(&self, id: &str) -> Result<Document, GraphError> {
        self.post(&Request::v1(format!("{DELETED_POLICIES}/{}/restore", key(id)?)), &json!({}), false).await.map(bare)
    }

    /// All named locations, read now.
    ///
    /// # Errors
    /// Any [`GraphError`].
    pub async fn list_named_locations(&self) -> Result<Vec<Document>, GraphError> {
        self.list(Request::v1(LOCATIONS).unknown_enum_members()).await
    }

    /// A named location, read now.
    ///
    /// # Errors
    /// Any [`GraphError`] but not found.
    pub async fn get_named_location(&self, id: &str) -> Result<Option<Document>, GraphError> {
        self.document(LOCATIONS, id).await
    }

    /// "Create namedLocation": 201 with the location as it was made.
    ///
    /// # Errors
    /// Any [`GraphError`].
    pub async fn create_named_location(&self, body: &Value) -> Result<Document, GraphError> {
        self.post(&Request::v1(LOCATIONS), body, false).await.map(bare)
    }

    /// "Update ipNamedLocation", "Update countryNamedLocation": the body needs the location's `@odata.type`.
    ///
    /// # Errors
    /// Any [`GraphError`].
    pub async fn update_named_location(&self, id: &str, body: &Value) -> Result<(), GraphError> {
        self.patch(&at(LOCATIONS, id)?, body).await
    }

    /// "Delete namedLocation": refused while it is marked as trusted or a policy names it.
    ///
    /// # Errors
    /// Any [`GraphError`]; not found where it is gone already.
    pub async fn delete_named_location(&self, id: &str) -> Result<(), GraphError> {
        self.delete(&at(LOCATIONS, id)?).await
    }

    /// What one must know of a group before its members are written; see [`Group::members_closed`].
    ///
    /// # Errors
    /// Any [`GraphError`] but not found.
    pub async fn get_group(&self, id: &str) -> Result<Option<Group>, GraphError> {
        there(self.get(&at("groups", id)?.select(GROUP_FACTS)).await)
    }

    /// "Add members": 204; 400 with its own sentence where the user is a direct member already.
    ///
    /// # Errors
    /// Any [`GraphError`]; not found where the user or the group does not exist.
    pub async fn add_member(&self, group: &str, user: &str) -> Result<MemberAdded, GraphError> {
        let reference = json!({"@odata.id": format!("{}/v1.0/directoryObjects/{}", self.cloud().graph(), key(user)?)});
        match self.post_silent(&Request::v1(format!("groups/{}/members/$ref", key(group)?)), &reference).await {
            Ok(()) => Ok(MemberAdded::Now),
            Err(GraphError::Refused(refusal)) if refusal.is_already_member() => Ok(MemberAdded::AlreadyMember),
            Err(error) => Err(error),
        }
    }

    /// "Remove member": 204; 404 where the user is not a direct member. Without `/$ref` Graph would delete the user itself.
    ///
    /// # Errors
    /// Any [`GraphError`]; not found where the group does not exist.
    pub async fn remove_member(&self, group: &str, user: &str) -> Result<MemberRemoved, GraphError> {
        match self.delete(&Request::v1(format!("groups/{}/members/{}/$ref", key(group)?, key(user)?))).await {
            Ok(()) => Ok(MemberRemoved::Now),
            // The same answer stands for a group that is gone; that must not pass for a success.
            Err(error) if error.is_not_found() => {
                if self.get_group(group).await?.is_some() {
                    Ok(MemberRemoved::WasNotMember)
                } else {
                    Err(error)
                }
            }
            Err(error) => Err(error),
        }
    }

    /// Whether a user is a member by name, not through a nested group. "List group members" lists direct members only; "Check
    /// member groups" would answer for nested ones too.
    ///
    /// # Errors
    /// Any [`GraphError`]; not found where the group does not exist.
    pub async fn is_direct_member(&self, group: &str, user: &str) -> Result<bool, GraphError> {
        let user = key(user)?;
        let mut pages = self.pages::<DirectoryObjectRef>(Request::v1(format!("groups/{}/members", key(group)?)).select(&["id"]).top(999));
        while let Some(page) = pages.next().await? {
            if page.values.iter().any(|member| member.id.eq_ignore_ascii_case(&user)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
