//! The engine's reasons on one line. The English is the engine's own; only how much of it is shown is decided here.

use conditional_access::evaluate::words::reason_words;
use conditional_access::evaluate::{Engine, Outcome, PolicyResult, Truth};

/// "applies: …", "does not apply: …", "cannot say: …", with the reasons that decide.
pub fn result(engine: &Engine, result: &PolicyResult) -> String {
    let (outcome, decides) = match result.outcome {
        Outcome::Applies => ("applies", Truth::Yes),
        Outcome::DoesNotApply => ("does not apply", Truth::No),
        Outcome::CannotSay => ("cannot say", Truth::Unknown),
    };
    let reasons: Vec<String> = result.reasons.iter().filter(|reason| reason.outcome == decides).map(|reason| reason_words(reason, engine)).collect();
    if reasons.is_empty() { outcome.to_owned() } else { format!("{outcome}: {}", reasons.join(" ")) }
}
