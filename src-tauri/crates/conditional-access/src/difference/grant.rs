//! What a policy demands, as logic: block is never satisfied, AND needs every control, OR any one. One demand weakens
//! another exactly when whoever satisfied the old one satisfies the new one too, and not the other way round.

use serde_json::Value;

use super::{Effect, Leaves};

struct Demand {
    block: bool,
    any: bool,
    /// False where the operator is one that nobody knows and it matters.
    clear: bool,
    controls: Vec<Control>,
}

#[derive(PartialEq)]
enum Control {
    Named(String),
    Strength {
        id: String,
        combinations: Option<Vec<String>>,
        /// Restrictions to certain keys or certificates.
        restrictions: Option<Value>,
    },
}

impl Control {
    /// Whether satisfying this satisfies the other. The three built-in strengths contain one another ("Conditional
    /// Access authentication strength").
    fn implies(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Named(a), Self::Named(b)) => a == b,
            (Self::Strength { id, .. }, Self::Named(control)) => control == "mfa" && level(id).is_some(),
            (Self::Named(control), Self::Strength { id, restrictions, .. }) => control == "mfa" && level(id) == Some(2) && restrictions.is_none(),
            (Self::Strength { restrictions, .. }, Self::Strength { restrictions: Some(others), .. }) if restrictions.as_ref() != Some(others) => false,
            (Self::Strength { id, combinations, .. }, Self::Strength { id: other, combinations: others, .. }) => {
                if let (Some(a), Some(b)) = (level(id), level(other)) {
                    return a >= b;
                }
                match (combinations, others) {
                    (Some(a), Some(b)) => a.iter().all(|combination| b.contains(combination)),
                    _ => id == other,
                }
            }
        }
    }
}

/// Of the built-in strengths: MFA, passwordless, phishing-resistant.
fn level(id: &str) -> Option<u8> {
    match id.strip_prefix("00000000-0000-0000-0000-00000000000")? {
        "2" => Some(2),
        "3" => Some(3),
        "4" => Some(4),
        _ => None,
    }
}

fn demand(leaves: &Leaves) -> Option<Demand> {
    let texts = |name: &str| -> Option<Vec<String>> {
        match leaves.get(name) {
            None => Some(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
            Some(_) => None,
        }
    };
    let built_in = texts("grantControls.builtInControls")?;
    let block = built_in.iter().any(|control| control == "block");
    let mut controls: Vec<Control> = built_in.into_iter().map(Control::Named).collect();
    controls.extend(texts("grantControls.termsOfUse")?.into_iter().map(|id| Control::Named(format!("terms:{id}"))));
    controls.extend(texts("grantControls.customAuthenticationFactors")?.into_iter().map(|id| Control::Named(format!("custom:{id}"))));
    if let Some(strength) = leaves.get("grantControls.authenticationStrength") {
        let id = strength.get("id").or_else(|| strength.get("displayName")).and_then(Value::as_str)?.to_owned();
        let combinations =
            strength.get("allowedCombinations").and_then(Value::as_array).map(|items| items.iter().filter_map(Value::as_str).map(str::to_owned).collect());
        controls.push(Control::Strength { id, combinations, restrictions: strength.get("combinationConfigurations").cloned() });
    }
    let operator = leaves.get("grantControls.operator").and_then(Value::as_str);
    let clear = controls.len() <= 1 || matches!(operator, Some("and" | "or"));
    Some(Demand { block, any: operator == Some("or"), clear, controls })
}

fn implies(a: &Demand, b: &Demand) -> bool {
    if a.block || b.controls.is_empty() {
        return true;
    }
    if b.block || a.controls.is_empty() {
        return false;
    }
    let holds = |x: &Control, y: &Control| x.implies(y);
    match (a.any, b.any) {
        (false, false) => b.controls.iter().all(|y| a.controls.iter().any(|x| holds(x, y))),
        (false, true) => b.controls.iter().any(|y| a.controls.iter().any(|x| holds(x, y))),
        (true, false) => a.controls.iter().all(|x| b.controls.iter().all(|y| holds(x, y))),
        (true, true) => a.controls.iter().all(|x| b.controls.iter().any(|y| holds(x, y))),
    }
}

/// Of the whole demand: it is the same for each of its fields.
pub(crate) fn effect(before: &Leaves, after: &Leaves) -> Effect {
    let (Some(old), Some(new)) = (demand(before), demand(after)) else { return Effect::Unknown };
    if !old.clear || !new.clear {
        return Effect::Unknown;
    }
    match (implies(&old, &new), implies(&new, &old)) {
        (true, true) => Effect::Neutral,
        (true, false) => Effect::Weakens,
        (false, true) => Effect::Strengthens,
        (false, false) => Effect::Unknown,
    }
}
