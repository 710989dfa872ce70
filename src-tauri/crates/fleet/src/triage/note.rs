//! A technician decided that a block is right: nothing of Entra changes, and the audit log keeps it, so that the next one who looks at
//! the user sees who decided what, and when.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::of_sign_in;
use crate::{Fleet, audit, problem::problem, views::Problem};

pub const ACTION: &str = "triage.genuine_block";
const LONGEST_NOTE: usize = 500;

/// Says of a sign-in that it was rightly refused. `key` is one of the groups of its triage; None: the first.
///
/// # Errors
/// The sign-in is not kept or got in, the key is none of its groups, the note is too long, or the store refused.
pub fn genuine_block(fleet: &Fleet, tenant: &str, sign_in: &str, key: Option<&str>, note: Option<&str>, who: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        return Err(problem("input.invalid", format!("The note is longer than {LONGEST_NOTE} letters"), "Shorten it; the ticket is the place for a long one."));
    }
    let found = of_sign_in(fleet, tenant, sign_in)?;
    let group = found.groups.iter().find(|group| key.is_none_or(|key| group.key == key)).ok_or_else(|| {
        problem("triage.not_refused", "This sign-in was not refused for that reason", "Open the sign-in again; it may have been judged anew.")
            .with_details(sign_in)
    })?;
    let tenant = fleet.engine(tenant)?.tenant.clone();
    let subject = if found.user.display_name.trim().is_empty() { &found.user.upn } else { &found.user.display_name };
    let detail = json!({
        "userId": found.user.id.to_lowercase(),
        "upn": found.user.upn,
        "signIn": sign_in,
        "key": group.key,
        "title": group.title,
        "policyId": group.policy.as_ref().map(|policy| &policy.id),
        "errorCodes": group.reasons.iter().map(|reason| reason.code).collect::<Vec<_>>(),
        "failures": group.failures,
        "note": note,
    });
    Ok(fleet.store().write(|tx| audit::append(tx, now, who, ACTION, Some(&tenant), subject, &detail))?)
}
