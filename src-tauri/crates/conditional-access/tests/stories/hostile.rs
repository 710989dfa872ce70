//! Whatever a tenant sends: nothing panics, nothing is lost, and order means nothing.

use conditional_access::{ConditionalAccessPolicy, NoNames, difference, parts, semantically_equal, sentence};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const NAMES: &[&str] = &[
    "id",
    "displayName",
    "state",
    "conditions",
    "users",
    "includeUsers",
    "excludeUsers",
    "includeGroups",
    "excludeGroups",
    "includeRoles",
    "includeGuestsOrExternalUsers",
    "guestOrExternalUserTypes",
    "externalTenants",
    "membershipKind",
    "members",
    "applications",
    "includeApplications",
    "applicationFilter",
    "mode",
    "rule",
    "clientAppTypes",
    "platforms",
    "includePlatforms",
    "locations",
    "excludeLocations",
    "devices",
    "deviceFilter",
    "signInRiskLevels",
    "authenticationFlows",
    "transferMethods",
    "grantControls",
    "operator",
    "builtInControls",
    "authenticationStrength",
    "allowedCombinations",
    "sessionControls",
    "signInFrequency",
    "value",
    "type",
    "isEnabled",
    "persistentBrowser",
    "cloudAppSecurity",
    "continuousAccessEvaluation",
    "disableResilienceDefaults",
    "@odata.type",
    "weather",
];

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec!["All", "None", "enabled", "mfa", "block", "OR", "AND", "all", "high", "days", "everyTime", "a,b,,c", ""])
            .prop_map(|text| Value::String(text.to_owned())),
        ".{0,12}".prop_map(Value::String),
    ];
    leaf.prop_recursive(6, 80, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((prop::sample::select(NAMES), inner), 0..9)
                .prop_map(|members| Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())),
        ]
    })
}

/// A policy with the right bones and anything for flesh.
fn policy() -> impl Strategy<Value = Value> {
    (anything(), anything(), anything(), anything(), anything(), anything(), anything()).prop_map(|(a, b, c, d, e, f, g)| {
        json!({"state": a, "conditions": {"users": b, "applications": c, "clientAppTypes": d, "locations": g}, "grantControls": e, "sessionControls": f})
    })
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept: Map<String, Value> = members.iter().map(|(k, v)| (k.clone(), without_nulls(v))).filter(|(_, v)| !hollow(v)).collect();
            Value::Object(kept)
        }
        other => other.clone(),
    }
}

fn hollow(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn nothing_panics(a in prop_oneof![anything(), policy()], b in prop_oneof![anything(), policy()]) {
        let _ = difference(&a, &b, &NoNames);
        if let Ok(policy) = ConditionalAccessPolicy::from_value(&a) {
            let _ = (sentence(&policy, &NoNames), parts(&policy, &NoNames), policy.not_understood());
        }
    }

    #[test]
    fn a_policy_equals_itself_and_what_was_written_back(a in policy()) {
        prop_assert!(semantically_equal(&a, &a));
        let again = ConditionalAccessPolicy::from_value(&a).unwrap().to_value();
        prop_assert!(semantically_equal(&a, &again), "{:#?}", difference(&a, &again, &NoNames));
    }

    #[test]
    fn differences_are_found_both_ways(a in policy(), b in policy()) {
        let there: Vec<String> = difference(&a, &b, &NoNames).into_iter().map(|d| d.path).collect();
        let back: Vec<String> = difference(&b, &a, &NoNames).into_iter().map(|d| d.path).collect();
        prop_assert_eq!(there, back);
    }

    #[test]
    fn a_set_in_another_order_is_the_same(mut ids in prop::collection::vec("[0-9a-f]{8}", 0..9), seed in any::<u64>()) {
        let of = |ids: &[String]| json!({"state": "enabled", "conditions": {"users": {"excludeGroups": ids}}});
        let before = of(&ids);
        ids.sort_by_key(|id| id.bytes().fold(seed, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte))));
        prop_assert!(semantically_equal(&before, &of(&ids)));
    }

    #[test]
    fn text_that_is_no_policy_is_refused_in_words(text in ".{0,40}") {
        if let Err(error) = ConditionalAccessPolicy::from_json(&text) {
            prop_assert!(error.to_string().starts_with("this is not"));
        }
    }

    #[test]
    fn unknown_members_survive(name in "[a-z]{3,9}X", value in anything()) {
        let mut policy = json!({"displayName": "x", "conditions": {}});
        policy["conditions"][&name] = value.clone();
        let again = ConditionalAccessPolicy::from_value(&policy).unwrap().to_value();
        if !hollow(&without_nulls(&value)) {
            prop_assert_eq!(&again["conditions"][&name], &value);
        }
    }
}
