//! The English for one side of a judged sign-in: "granted with MFA", "blocked by CA001". Names come from the engine; an id is never
//! said.

use super::{Judged, Pair, Side};
use crate::evaluate::words::{policy_names, requirement_words};
use crate::evaluate::{Access, Engine, SecurityDefaultsPart, SignInConditions, Verdict, VerdictReason};
use crate::model::conditions::ClientAppType;
use crate::words::session_phrases;
use crate::words::values::and;

/// What the policies did before the change, and what they do after it.
#[must_use]
pub fn judged(pair: &Pair, judged: &Judged, client: Option<&ClientAppType>) -> (String, String) {
    (side(&pair.before, &judged.before, client), side(&pair.after, &judged.after, client))
}

fn side(engine: &Engine, side: &Side, client: Option<&ClientAppType>) -> String {
    let conditions = SignInConditions { client_app: client.cloned(), ..SignInConditions::default() };
    verdict(engine, &engine.verdict_with(&side.decision, side.defaults, &conditions))
}

fn verdict(engine: &Engine, verdict: &Verdict) -> String {
    let listed = |wanted: fn(&VerdictReason) -> Option<&Vec<usize>>| verdict.reasons.iter().find_map(wanted).map(|list| policy_names(list, engine));
    let blocking = listed(|reason| if let VerdictReason::BlockedBy(list) = reason { Some(list) } else { None });
    let asks: Vec<String> =
        verdict.requires.iter().map(|requirement| requirement_words(requirement, engine)).chain(session_phrases(&verdict.session)).collect();
    match (verdict.access, blocking) {
        (Access::Blocked, Some(policies)) => format!("blocked by {policies}"),
        (Access::Blocked, None) => "blocked by security defaults".to_owned(),
        _ if verdict.legacy_cannot_satisfy => format!("blocked: a legacy client cannot give {}", and(&asks)),
        (Access::Granted, _) if asks.is_empty() => "granted".to_owned(),
        (Access::Granted, _) => format!("granted with {}", and(&asks)),
        (Access::CannotSay, _) => {
            let open = listed(|reason| if let VerdictReason::Open(list) = reason { Some(list) } else { None });
            let known = if asks.is_empty() { String::new() } else { format!(", and it is asked for {}", and(&asks)) };
            match (open, verdict.security_defaults) {
                (Some(policies), _) => format!("cannot say: it depends on {policies}{known}"),
                (None, Some(SecurityDefaultsPart::MfaWhenNecessary)) => {
                    format!("cannot say: security defaults ask for MFA when Microsoft finds it necessary{known}")
                }
                (None, Some(_)) => format!("cannot say: it depends on security defaults{known}"),
                (None, None) => "cannot say: the policies were never read".to_owned(),
            }
        }
    }
}
