//! How every failure becomes a [`Problem`]: a stable code, one sentence, a next step. The words for people are made here and
//! nowhere else; no secret and no raw answer of a tenant gets into them.

use std::fmt::Display;

use graph::GraphError;
use store::StoreError;

use crate::{vault::VaultError, views::Problem};

pub fn problem(code: &str, what: impl Into<String>, next_step: impl Into<String>) -> Problem {
    Problem { code: code.to_owned(), what: what.into(), next_step: next_step.into(), details: None }
}

impl Problem {
    #[must_use]
    pub fn with_details(mut self, details: impl Display) -> Self {
        self.details = Some(details.to_string());
        self
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}", self.what, going_on(&self.next_step))
    }
}

/// Words that go on after others: a small letter first, but "MFA" stays as it is.
#[must_use]
pub fn going_on(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if !letters.clone().next().is_some_and(char::is_uppercase) => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

/// A sentence as `Problem::what` wants it: capital first, no full stop at the end.
fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let mut made = problem(error.code(), sentence(&error.to_string()), error.next_step());
        made.details = error.detail();
        made
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        let what = sentence(&error.to_string());
        match error {
            VaultError::NoCredentialStore { detail } => problem(
                "vault.no_store",
                what,
                if cfg!(target_os = "linux") {
                    "Start a Secret Service such as gnome-keyring, or give Gatehouse a key file."
                } else {
                    "Sign in to the operating system with your own account and start Gatehouse again."
                },
            )
            .with_details(detail),
            VaultError::Locked { detail } => {
                problem("vault.locked", what, "Unlock it (sign in to the desktop again), then try again; on a server, give Gatehouse a key file.")
                    .with_details(detail)
            }
            VaultError::Unreadable => problem("vault.unreadable", what, "Sign in again for this tenant; everything that was synced is still here."),
            VaultError::File { ref source, .. } => {
                let details = source.to_string();
                problem("vault.file", what, "Check that the disk has space and that your account may write there, then try again.").with_details(details)
            }
            VaultError::Malformed { .. } => {
                problem("vault.malformed", what, "Move that file away and sign in again for your tenants, or put back a copy from a backup.")
            }
            VaultError::Newer { .. } => problem("vault.newer", what, "Update Gatehouse on this machine."),
        }
    }
}

impl From<GraphError> for Problem {
    fn from(error: GraphError) -> Self {
        problem(error.code(), sentence(&error.what()), stop(&error.next_step())).with_details(error.details())
    }
}

impl From<graph::SignInError> for Problem {
    fn from(error: graph::SignInError) -> Self {
        GraphError::from(error).into()
    }
}

/// A next step ends as a sentence does.
fn stop(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?', ')']) { text.to_owned() } else { format!("{text}.") }
}
