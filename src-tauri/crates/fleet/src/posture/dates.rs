//! How old admins' second factors are, for the report: which method is the newest, and of whom nobody can say it and why. An admin without
//! a date is neither stale nor fresh; the report names each, so that a list of nobody is not taken for good news.

use std::collections::HashMap;

use store::{Connection, DataKind, data_state, methods::MethodsReadRow};

use super::{
    methods::{MethodStrength, listed},
    report::ReportPerson,
    why_unread,
};
use crate::views::mfa::MfaBucket;

/// What was read of people's methods one by one: only that has dates, the registration report has none.
pub(super) struct Dates {
    /// Why nobody's were read; None: at least somebody's were.
    unread: Option<String>,
    by_account: HashMap<String, MethodsReadRow>,
}

impl Dates {
    pub(super) fn load(conn: &Connection, tenant: &str) -> store::Result<Self> {
        Ok(Self {
            unread: why_unread(&data_state::get(conn, tenant, DataKind::AuthenticationMethods)?),
            by_account: store::methods::read_states(conn, tenant)?.into_iter().map(|read| (read.user_id.clone(), read)).collect(),
        })
    }

    /// Why the age of somebody's newest second factor is not known. None: it is, or they have no second factor, which then cannot be old.
    pub(super) fn missing(&self, person: &ReportPerson) -> Option<String> {
        if person.newest_method.is_some() || person.bucket == MfaBucket::None {
            return None;
        }
        Some(match (self.by_account.get(&person.id), &self.unread) {
            (Some(MethodsReadRow { error: Some(error), .. }), _) => format!("Their methods could not be read: {}", error.trim_end_matches('.')),
            (Some(_), _) => format!("Microsoft gives no date for: {}", person.methods.join(", ")),
            (None, Some(why)) => format!("Methods were not read one by one: {}", why.trim_end_matches('.')),
            (None, None) => "Their methods were not read one by one yet".to_owned(),
        })
    }
}

/// What somebody's newest second factor is, with the name that they gave it: "Passkey or FIDO2 security key (YubiKey 5)". None: no second
/// factor of theirs has a date.
pub(super) fn newest_named(conn: &Connection, tenant: &str, user: &str) -> store::Result<Option<String>> {
    let methods = store::methods::of_user(conn, tenant, user)?;
    let second_factors = methods.into_iter().map(|method| (listed(&method.kind), method)).filter(|(named, _)| named.strength != MethodStrength::NotMfa);
    let newest = second_factors.filter(|(_, method)| method.created_at.is_some()).max_by_key(|(_, method)| method.created_at);
    Ok(newest.map(|(named, method)| match method.label.as_deref().map(str::trim).filter(|label| !label.is_empty()) {
        Some(label) => format!("{} ({label})", named.words),
        None => named.words,
    }))
}
