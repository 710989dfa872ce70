//! The answer as Graph's JSON: each policy with `policyApplies` and `analysisReasons` ("whatIfAnalysisResult"), and what
//! Gatehouse adds to them.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, PolicyResult, SecurityDefaultsPart, Verdict};
use super::engine::Engine;
use super::words::{reason_words, verdict_words};
use crate::names::Names;

impl SecurityDefaultsPart {
    #[must_use]
    pub fn as_text(self) -> &'static str {
        match self {
            Self::BlocksLegacy => "blocksLegacyAuthentication",
            Self::RequiresMfa => "requiresMfa",
            Self::MfaWhenNecessary => "mfaWhenNecessary",
            Self::Nothing => "nothing",
            Self::CannotSay => "cannotSay",
            Self::NeverRead => "neverRead",
        }
    }
}

impl Answer {
    /// Graph's answer (`{"value": […]}`) with `verdict`; names are the tenant's own.
    #[must_use]
    pub fn to_graph_value(&self, engine: &Engine) -> Value {
        self.to_graph_value_with(engine, engine)
    }

    #[must_use]
    pub fn to_graph_value_with(&self, engine: &Engine, names: &dyn Names) -> Value {
        let results = self.results.iter().filter(|result| !self.applied_policies_only || result.outcome != Outcome::DoesNotApply);
        json!({
            "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Collection(microsoft.graph.whatIfAnalysisResult)",
            "value": results.map(|result| result.to_value(engine, names)).collect::<Vec<_>>(),
            "verdict": self.verdict.to_value(engine, names),
        })
    }
}

impl PolicyResult {
    #[must_use]
    pub fn to_value(&self, engine: &Engine, names: &dyn Names) -> Value {
        let mut members = match engine.policies().get(self.policy).map(crate::ConditionalAccessPolicy::to_value) {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        members.insert("policyApplies".to_owned(), Value::Bool(self.outcome == Outcome::Applies));
        members.insert("analysisReasons".to_owned(), Value::String(self.analysis_reasons.to_graph()));
        let reasons: Vec<String> = self.reasons.iter().map(|reason| reason_words(reason, names)).collect();
        members.insert("gatehouse".to_owned(), json!({ "outcome": self.outcome.as_text(), "reasons": reasons }));
        Value::Object(members)
    }
}

impl Verdict {
    #[must_use]
    pub fn to_value(&self, engine: &Engine, names: &dyn Names) -> Value {
        let report_only: Vec<Value> = self
            .report_only
            .iter()
            .map(|one| {
                let policy = engine.policies().get(one.policy);
                json!({
                    "id": policy.and_then(|policy| policy.id.clone()),
                    "displayName": policy.and_then(|policy| policy.display_name.clone()),
                    "outcome": one.outcome.as_text(),
                    "access": if one.blocks { "blocked" } else { "granted" },
                    "requires": one.requires.iter().map(super::Requirement::to_value).collect::<Vec<_>>(),
                    "session": one.session.to_value(),
                })
            })
            .collect();
        let mut value = json!({
            "access": self.access.as_text(),
            "requires": self.requires.iter().map(super::Requirement::to_value).collect::<Vec<_>>(),
            "session": self.session.to_value(),
            "reportOnly": report_only,
            "reasons": verdict_words(self, engine, names),
        });
        if let (Some(part), Some(members)) = (self.security_defaults, value.as_object_mut()) {
            members.insert("securityDefaults".to_owned(), Value::String(part.as_text().to_owned()));
        }
        value
    }
}
