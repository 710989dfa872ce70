//! Why a sign-in ended as it did, in plain English: what an error code means, what the user or technician does next, and what
//! each policy did. Facts are Microsoft's ("Microsoft Entra authentication and authorization
//! error codes"), the words are ours; what is not known is said in Entra's words, as Entra's.

mod applied;
mod cause;
mod codes;
mod phone;

pub use applied::{Applied, Met, applied, deciding, deciding_policy, meaning, shown};
pub use cause::{Cause, cause};

use crate::views::sign_ins::SignInResult;

/// What is known of one error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    pub code: i64,
    /// The sign-in was paused to ask for something, or went on elsewhere; nobody was refused.
    pub interrupt: bool,
    /// Conditional Access (or security defaults) refused it.
    pub by_policy: bool,
    pub reason: &'static str,
    pub next_step: &'static str,
}

pub fn known(code: i64) -> Option<&'static Reason> {
    codes::CODES.binary_search_by_key(&code, |known| known.code).ok().and_then(|at| codes::CODES.get(at))
}

/// Success, failure, or interrupted by a question to the user.
pub fn classify(code: i64) -> SignInResult {
    match code {
        0 => SignInResult::Success,
        code if known(code).is_some_and(|known| known.interrupt) => SignInResult::Interrupted,
        _ => SignInResult::Failure,
    }
}

/// The same for the store's column.
pub fn stored_result(code: i64) -> store::sign_ins::SignInResult {
    match classify(code) {
        SignInResult::Success => store::sign_ins::SignInResult::Success,
        SignInResult::Failure => store::sign_ins::SignInResult::Failure,
        SignInResult::Interrupted => store::sign_ins::SignInResult::Interrupted,
    }
}

/// Whether a policy refused the sign-in: by its code, or because it failed and Entra recorded that Conditional Access did.
pub fn blocked(code: i64, ca_status: &str) -> bool {
    code != 0 && (known(code).is_some_and(|known| known.by_policy) || (classify(code) == SignInResult::Failure && ca_status.eq_ignore_ascii_case("failure")))
}

/// Plain English; for a success "Signed in". `failure_reason` is what Entra recorded.
pub fn reason(code: i64, failure_reason: &str) -> String {
    if code == 0 {
        return "Signed in".to_owned();
    }
    if let Some(known) = known(code) {
        return known.reason.to_owned();
    }
    let said = failure_reason.trim();
    if said.is_empty() || said.eq_ignore_ascii_case("other.") || said.eq_ignore_ascii_case("other") {
        format!("Failed with error {code}; Entra gave no reason")
    } else {
        format!("Entra says: {}", said.trim_end_matches('.'))
    }
}

/// What the technician does next.
pub fn next_step(code: i64) -> String {
    if code == 0 {
        return "Nothing to do.".to_owned();
    }
    known(code).map_or_else(
        || format!("Look the code up at https://login.microsoftonline.com/error?code={code}, or ask the user to try again and note the time."),
        |known| known.next_step.to_owned(),
    )
}

/// What to say to the user on the phone.
pub fn tell_user(code: i64, ca_status: &str) -> &'static str {
    if code == 0 { "Nothing is wrong: you are in." } else { phone::say(code, cause(code, ca_status.eq_ignore_ascii_case("failure"))) }
}

#[cfg(test)]
mod tests;
