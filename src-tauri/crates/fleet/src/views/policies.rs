//! Conditional Access policies: the list, one policy in words, its versions and their differences.

use serde::Serialize;
use specta::Type;

use super::{Moment, Unknown, alerts::FieldChange};

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyRow {
    pub id: String,
    pub display_name: String,
    /// Graph's word: enabled, disabled, enabledForReportingButNotEnforced or one we do not know.
    pub state: String,
    /// The whole policy in one readable sentence.
    pub sentence: String,
    pub changed_at: Option<Moment>,
    pub changed_by: Option<String>,
    pub versions: u32,
    pub deleted: bool,
    /// Fields or values in it that Gatehouse does not understand.
    pub not_understood: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyList {
    pub tenant: String,
    pub unreadable: Option<Unknown>,
    pub read_at: Option<Moment>,
    pub policies: Vec<PolicyRow>,
}

/// One part of a policy in words: "Users", "Applications", "Conditions", "Grant", "Session".
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyPart {
    pub title: String,
    pub lines: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyVersion {
    pub version: u32,
    pub display_name: String,
    pub seen_at: Moment,
    pub changed_at: Option<Moment>,
    pub changed_by: Option<String>,
    pub by_gatehouse: bool,
    pub deleted: bool,
    /// Against the version before; empty for the first.
    pub changes: Vec<FieldChange>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyDetail {
    pub row: PolicyRow,
    pub parts: Vec<PolicyPart>,
    /// Newest first.
    pub versions: Vec<PolicyVersion>,
    /// Pretty-printed JSON as Graph sent it.
    pub json: String,
}
