//! Whom the change would stop or protect less, by the sign-ins that were replayed.

use super::{Facts, Found, names_of, persons};
use crate::engine::replay::thousands;

/// More newly blocked people than this are named as a number.
const MANY_BLOCKED: usize = 10;

pub(super) fn people(facts: &Facts, found: &mut Found) {
    let blocked = &facts.newly_blocked;
    if blocked.count > 0 {
        let code = if blocked.count > MANY_BLOCKED { "people.manyBlocked" } else { "people.blocked" };
        found.asks(
            code,
            format!("{} who signed in would be blocked: {}", persons(blocked.count), names_of(blocked)),
            "Open the sign-ins behind the number and settle each person.",
        );
    }
    let without = &facts.no_method;
    if without.count > 0 {
        found.asks(
            "people.noMethod",
            format!("{} would be asked and {} no method: {}", persons(without.count), if without.count == 1 { "has" } else { "have" }, names_of(without)),
            "Let them register first, or give them a temporary access pass.",
        );
    }
    if facts.method_unknown > 0 {
        found.asks(
            "people.methodUnknown",
            format!("Of {} who would be asked nobody knows whether they have a method", persons(facts.method_unknown)),
            "Resync the tenant with the permission to read MFA registration.",
        );
    }
    match &facts.unprotected {
        Some(people) if people.count > 0 => {
            let place = facts.unprotected_where.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
            found.asks(
                "people.unprotected",
                format!("{} would be protected less{place}: {}", persons(people.count), names_of(people)),
                "Make sure that this is wanted, and until when.",
            );
        }
        Some(_) => {}
        None => {
            found.asks("people.unprotectedUnknown", "Whether somebody would be protected less cannot be decided", "Compare the fields that differ by hand.")
        }
    }
    if facts.legacy_sign_ins > 0 {
        let sign_ins = if facts.legacy_sign_ins == 1 { "1 sign-in".to_owned() } else { format!("{} sign-ins", thousands(u64::from(facts.legacy_sign_ins))) };
        found.asks(
            "people.legacy",
            format!("{sign_ins} of {} with legacy clients in the last 7 days would be stopped: {}", persons(facts.legacy.count), names_of(&facts.legacy)),
            "Move them to modern clients first: mail programs, scanners and scripts.",
        );
    }
    if facts.service_accounts.count > 0 {
        found.asks(
            "people.serviceAccounts",
            format!("Service accounts are affected, and nobody sits there to answer: {}", names_of(&facts.service_accounts)),
            "Exclude them, or replace them by workload identities.",
        );
    }
    if facts.unmanaged.count > 0 {
        found.asks(
            "people.unmanagedDevice",
            format!("{} would be asked for a managed device and sat at none: {}", persons(facts.unmanaged.count), names_of(&facts.unmanaged)),
            "Enrol their devices first.",
        );
    }
}
