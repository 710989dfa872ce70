//! The engine's reasons on one line. The English is the engine's own; only how much of it is shown is decided here.

use conditional_access::evaluate::{Engine, Outcome, PolicyResult};

/// "applies: …", "does not apply: …", "cannot say: …".
pub fn result(_engine: &Engine, result: &PolicyResult) -> String {
    let outcome = match result.outcome {
        Outcome::Applies => "applies",
        Outcome::DoesNotApply => "does not apply",
        Outcome::CannotSay => "cannot say",
    };
    format!("{outcome}: {}", result.analysis_reasons.to_graph())
}
