//! What each policy did to a sign-in, as Entra recorded it in `appliedConditionalAccessPolicies`.

use serde::Deserialize;
use serde_json::Value;

use crate::views::sign_ins::AppliedPolicy;

/// One entry; what is absent or of another type is empty.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(from = "Value")]
pub struct Applied {
    pub id: String,
    pub display_name: String,
    /// success, failure, notApplied, notEnabled, unknown, reportOnlySuccess … or a word that nobody here knows.
    pub result: String,
    pub grant_controls: Vec<String>,
    pub session_controls: Vec<String>,
    /// Which conditions were met and by what ("includeRulesSatisfied", beta); empty where Entra does not say.
    pub met: Vec<Met>,
}

/// One condition that made a policy apply, in Entra's words: `location`, `allNetworks`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Met {
    pub condition: String,
    pub rule: String,
}

impl From<Value> for Applied {
    fn from(value: Value) -> Self {
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let list = |name: &str| value.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        Self {
            id: text("id").to_lowercase(),
            display_name: text("displayName"),
            result: text("result"),
            grant_controls: list("enforcedGrantControls"),
            session_controls: list("enforcedSessionControls"),
            met: met(&value),
        }
    }
}

/// "conditionalAccessRuleSatisfied resource type"; where only the flags are there (`conditionsSatisfied`: "users,location"), those.
fn met(value: &Value) -> Vec<Met> {
    let text = |entry: &Value, name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let rules = value.get("includeRulesSatisfied").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let rules: Vec<Met> = rules
        .iter()
        .map(|entry| Met { condition: text(entry, "conditionalAccessCondition"), rule: text(entry, "ruleSatisfied") })
        .filter(|met| !met.condition.is_empty())
        .collect();
    if !rules.is_empty() {
        return rules;
    }
    let flags = text(value, "conditionsSatisfied");
    flags
        .split(',')
        .map(str::trim)
        .filter(|flag| !flag.is_empty() && *flag != "none")
        .map(|flag| Met { condition: flag.to_owned(), rule: String::new() })
        .collect()
}

/// Reads the stored JSON. Anything but a list is no policy at all.
pub fn applied(json: &str) -> Vec<Applied> {
    serde_json::from_str(json).unwrap_or_default()
}

/// The policies that refused the sign-in, in Entra's order.
pub fn deciding(policies: &[Applied]) -> impl Iterator<Item = &Applied> {
    policies.iter().filter(|policy| policy.result.eq_ignore_ascii_case("failure"))
}

/// The name of the policy that decided, and how many more did.
pub fn deciding_policy(policies: &[Applied]) -> Option<String> {
    let mut deciding = deciding(policies).map(|policy| if policy.display_name.is_empty() { "a policy without a name" } else { &policy.display_name });
    let first = deciding.next()?.to_owned();
    match deciding.count() {
        0 => Some(first),
        more => Some(format!("{first} and {more} more")),
    }
}

/// A result in plain English ("appliedConditionalAccessPolicy resource type").
pub fn meaning(policy: &Applied) -> String {
    let demands = if policy.grant_controls.is_empty() { String::new() } else { format!(" ({})", policy.grant_controls.join(", ")) };
    match policy.result.as_str() {
        "success" => format!("Applied, and what it demands was met{demands}"),
        "failure" if policy.grant_controls.iter().any(|control| control.eq_ignore_ascii_case("block")) => "Applied, and blocked the sign-in".to_owned(),
        "failure" => format!("Applied, and what it demands was not met{demands}"),
        "notApplied" => "Did not apply: its conditions do not fit this sign-in".to_owned(),
        "notEnabled" => "Switched off at that time".to_owned(),
        "unknown" => "Entra did not record what it did".to_owned(),
        "reportOnlySuccess" => format!("Report-only: it would have applied, and what it demands was met{demands}"),
        "reportOnlyFailure" => format!("Report-only: had it been on, it would have refused this sign-in{demands}"),
        "reportOnlyNotApplied" => "Report-only: it would not have applied".to_owned(),
        "reportOnlyInterrupted" => format!("Report-only: had it been on, the user would have been asked{demands}"),
        "" => "Entra did not say what it did".to_owned(),
        other => format!("Entra says \u{201c}{other}\u{201d}, which Gatehouse does not know"),
    }
}

/// For the sign-in's page: what decided first, then what applied, then the rest.
pub fn shown(policies: &[Applied]) -> Vec<AppliedPolicy> {
    let rank = |policy: &Applied| match policy.result.as_str() {
        "failure" => 0,
        "success" => 1,
        "reportOnlyFailure" | "reportOnlyInterrupted" => 2,
        "reportOnlySuccess" => 3,
        "unknown" | "" => 4,
        "notApplied" => 5,
        "reportOnlyNotApplied" => 6,
        "notEnabled" => 7,
        _ => 4,
    };
    let mut sorted: Vec<&Applied> = policies.iter().collect();
    sorted.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.display_name.to_lowercase().cmp(&b.display_name.to_lowercase())));
    sorted
        .into_iter()
        .map(|policy| AppliedPolicy {
            id: policy.id.clone(),
            display_name: if policy.display_name.is_empty() { "A policy without a name".to_owned() } else { policy.display_name.clone() },
            result: policy.result.clone(),
            meaning: meaning(policy),
            grant_controls: policy.grant_controls.clone(),
            session_controls: policy.session_controls.clone(),
        })
        .collect()
}
