//! What an account is: a person, or one of those that are not counted as people. A person's mark goes before every rule, and
//! the rules are careful: an account counts as a person unless something plainly says otherwise.

use super::{Account, Facts};
use crate::views::users::AccountClass;

/// Local parts that name a function, not a person; compared whole, and before the first separator.
const FUNCTIONS: [&str; 62] = [
    "info",
    "contact",
    "kontakt",
    "contacto",
    "support",
    "helpdesk",
    "help",
    "service",
    "services",
    "servicedesk",
    "sales",
    "verkoop",
    "vertrieb",
    "ventes",
    "office",
    "kantoor",
    "buero",
    "buro",
    "hello",
    "hallo",
    "team",
    "billing",
    "invoice",
    "invoices",
    "factuur",
    "facturen",
    "rechnung",
    "rechnungen",
    "accounts",
    "accounting",
    "administratie",
    "finance",
    "hr",
    "jobs",
    "careers",
    "vacatures",
    "orders",
    "order",
    "bestellung",
    "reception",
    "receptie",
    "empfang",
    "noreply",
    "no-reply",
    "donotreply",
    "marketing",
    "press",
    "presse",
    "events",
    "booking",
    "bookings",
    "reservations",
    "postmaster",
    "webmaster",
    "abuse",
    "shared",
    "mailbox",
    "scan",
    "scanner",
    "printer",
    "fax",
    "feedback",
];

/// The class, and why where a rule chose it.
pub(super) fn classify(account: &Account, facts: &Facts) -> (AccountClass, Option<String>) {
    if let Some(mark) = facts.marks.get(&account.id) {
        // A mark says what an account is, not that it may sign in; a person who is blocked stays blocked.
        return match mark {
            AccountClass::Person if account.enabled == Some(false) => (AccountClass::Blocked, None),
            mark => (*mark, None),
        };
    }
    if facts.break_glass.contains(&account.id) {
        return (AccountClass::BreakGlass, None);
    }
    if is_guest(account) {
        return (AccountClass::Guest, None);
    }
    if account.enabled == Some(false) {
        return if looks_like_a_shared_mailbox(account) {
            (AccountClass::SharedMailbox, Some("Taken for a shared mailbox: sign-in is blocked, it has no licence and is named after a function".to_owned()))
        } else {
            (AccountClass::Blocked, None)
        };
    }
    if let Some(why) = service_account(account, facts) {
        return (AccountClass::ServiceAccount, Some(why.to_owned()));
    }
    (AccountClass::Person, None)
}

fn is_guest(account: &Account) -> bool {
    account.user_type.as_deref().map_or_else(|| account.upn.to_ascii_lowercase().contains("#ext#"), |kind| kind.eq_ignore_ascii_case("guest"))
}

/// Exchange blocks the sign-in of a shared mailbox and needs no licence for it ("About shared mailboxes"); so is the account of
/// somebody who left. The name decides between the two.
fn looks_like_a_shared_mailbox(account: &Account) -> bool {
    let mailbox = account.mail.as_deref().is_some_and(|mail| !mail.trim().is_empty());
    mailbox && account.licences == Some(0) && !account.has_person_details && named_after_a_function(account)
}

fn named_after_a_function(account: &Account) -> bool {
    let local = local_part(&account.upn);
    let first = local.split(['.', '-', '_', '+']).next().unwrap_or_default();
    let name = account.display_name.to_lowercase();
    FUNCTIONS.contains(&local.as_str())
        || FUNCTIONS.contains(&first)
        || name.contains("shared mailbox")
        || name.contains("mailbox")
        || name.contains("gedeelde postvak")
        || FUNCTIONS.contains(&name.as_str())
}

fn service_account(account: &Account, facts: &Facts) -> Option<&'static str> {
    let local = local_part(&account.upn);
    if facts.sync_accounts.contains(&account.id)
        || (local.starts_with("sync_") && account.display_name.eq_ignore_ascii_case("On-Premises Directory Synchronization Service Account"))
    {
        return Some("Taken for a service account: it is the account of directory synchronisation");
    }
    let marked = ["svc-", "svc_", "svc."].iter().any(|start| local.starts_with(start)) || ["-svc", "_svc", ".svc"].iter().any(|end| local.ends_with(end));
    (marked && !account.has_person_details).then_some("Taken for a service account: its name says so (svc)")
}

fn local_part(upn: &str) -> String {
    upn.split('@').next().unwrap_or_default().to_lowercase()
}
