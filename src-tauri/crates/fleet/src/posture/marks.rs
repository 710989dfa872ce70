//! What a person says an account is. The mark goes before every rule, outlives syncs and is written into the audit log.

use chrono::{DateTime, Utc};
use store::Store;

use super::class_name;
use crate::{
    problem::problem,
    views::{Problem, users::AccountClass},
};

/// How long a note may be.
const LONGEST_NOTE: usize = 1_000;

/// What a person says an account is, and why; None takes the mark back. Verdicts are judged anew.
///
/// # Errors
/// There is no such user, a class that cannot be a mark, or the store refused.
pub fn mark(store: &Store, tenant: &str, user: &str, mark: Option<AccountClass>, note: &str, who: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    let tenant = tenant.to_lowercase();
    if let Some(class @ (AccountClass::Guest | AccountClass::Blocked)) = mark {
        return Err(problem(
            "input.invalid",
            format!("An account cannot be marked as \u{201c}{}\u{201d}", class_name(class)),
            "Mark it as break-glass, service account, shared mailbox or person; Entra itself says who is a guest or blocked.",
        ));
    }
    let note: String = note.trim().chars().take(LONGEST_NOTE).collect();
    let known = store.write(|tx| {
        let Some(found) = store::users::named(tx, &tenant, user)? else { return Ok(false) };
        match mark {
            Some(class) => store::marks::MarkRow {
                tenant: tenant.clone(),
                user_id: found.id.clone(),
                mark: class_name(class).to_owned(),
                marked_by: who.to_owned(),
                marked_at: now.timestamp_millis(),
                note: note.clone(),
            }
            .put(tx)?,
            None => {
                store::marks::remove(tx, &tenant, &found.id)?;
            }
        }
        let action = if mark.is_some() { "user.marked" } else { "user.unmarked" };
        let detail = serde_json::json!({ "upn": found.upn, "mark": mark.map(class_name), "note": note });
        crate::audit::append(tx, now, who, action, Some(&tenant), &found.display_name, &detail)?;
        Ok(true)
    })?;
    if !known {
        return Err(problem(
            "user.unknown",
            format!("The tenant has no user \u{201c}{user}\u{201d}, as far as it was read"),
            "Check the name, or resync the tenant.",
        ));
    }
    Ok(super::refresh(store, &tenant, now)?)
}
