//! "Building a Conditional Access policy", "Conditional Access: Grant", "Conditional Access: Session", "Conditional Access
//! adaptive session lifetime policies", "Security defaults in Microsoft Entra ID", "What is Conditional Access report-only mode?".

use conditional_access::evaluate::{Access, Engine, Outcome, SecurityDefaultsPart};
use conditional_access::tenant::Tenant;
use serde_json::{Value, json};

use super::world::*;

fn grant(controls: Value) -> Value {
    let mut whole = policy(json!({}));
    whole["grantControls"] = controls;
    whole
}

fn verdict(policies: &[Value], request: &Value) -> Value {
    let engine = engine(policies);
    ask(&engine, request).to_graph_value(&engine)["verdict"].clone()
}

fn requires(policies: &[Value]) -> Value {
    verdict(policies, &sign_in(json!({})))["requires"].clone()
}

#[test]
fn block_wins_over_everything() {
    let block = grant(json!({"operator": "OR", "builtInControls": ["block"]}));
    let verdict = verdict(&[policy(json!({})), block.clone()], &sign_in(json!({})));
    assert_eq!(verdict["access"], "blocked");
    assert_eq!(verdict["requires"], json!([]));
    // Within a policy, too.
    assert_eq!(access(&[grant(json!({"operator": "OR", "builtInControls": ["mfa", "block"]}))], &sign_in(json!({}))), Access::Blocked);
}

#[test]
fn within_a_policy_one_control_or_all_of_them() {
    assert_eq!(requires(&[grant(json!({"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]}))]), json!([{"anyOf": ["mfa", "compliantDevice"]}]));
    assert_eq!(requires(&[grant(json!({"operator": "AND", "builtInControls": ["compliantDevice", "mfa"]}))]), json!(["mfa", "compliantDevice"]));
    assert_eq!(requires(&[grant(json!({"builtInControls": ["compliantDevice", "mfa"]}))]), json!(["mfa", "compliantDevice"]), "all is the default");
    assert_eq!(requires(&[grant(json!({"operator": "OR", "builtInControls": ["mfa"]}))]), json!(["mfa"]));
}

#[test]
fn across_policies_every_requirement_must_be_met() {
    let all = requires(&[
        grant(json!({"operator": "OR", "builtInControls": ["mfa"]})),
        grant(json!({"operator": "OR", "builtInControls": ["compliantDevice", "domainJoinedDevice"]})),
        grant(json!({"operator": "OR", "builtInControls": ["mfa"]})),
    ]);
    assert_eq!(all, json!(["mfa", {"anyOf": ["compliantDevice", "domainJoinedDevice"]}]));
}

#[test]
fn a_strength_terms_of_use_and_custom_factors_are_controls_like_the_others() {
    let grants = grant(json!({
        "operator": "AND", "builtInControls": ["passwordChange", "riskRemediation", "approvedApplication", "compliantApplication"],
        "termsOfUse": ["T1"], "customAuthenticationFactors": ["Duo"],
        "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004", "allowedCombinations": ["fido2"]},
    }));
    assert_eq!(
        requires(&[grants]),
        json!([
            "authenticationStrength:00000000-0000-0000-0000-000000000004",
            "approvedApplication",
            "compliantApplication",
            "passwordChange",
            "riskRemediation",
            "termsOfUse:t1",
            "customAuthenticationFactor:Duo"
        ])
    );
}

#[test]
fn no_policy_that_applies_grants_access_and_says_so() {
    let verdict = verdict(&[when(json!({"users": {"includeUsers": [BOB]}}))], &of(ALICE));
    assert_eq!((&verdict["access"], &verdict["requires"]), (&json!("granted"), &json!([])));
    assert_eq!(verdict["reasons"], json!(["No enforced policy applies."]));
}

#[test]
fn a_disabled_policy_is_not_evaluated() {
    let off = policy(json!({"state": "disabled", "grantControls": {"builtInControls": ["block"]}}));
    assert_eq!(flags(&off, &sign_in(json!({}))), "policyNotEnabled");
    assert_eq!(access(&[off], &sign_in(json!({}))), Access::Granted);
}

#[test]
fn a_report_only_policy_applies_and_enforces_nothing() {
    let report = policy(json!({"id": "r", "state": "enabledForReportingButNotEnforced", "grantControls": {"builtInControls": ["block"]}}));
    applies(&report, &sign_in(json!({})));
    let verdict = verdict(&[report, policy(json!({}))], &sign_in(json!({})));
    assert_eq!(verdict["access"], "granted");
    assert_eq!(verdict["requires"], json!(["mfa"]));
    assert_eq!(verdict["reportOnly"][0]["id"], "r");
    assert_eq!(verdict["reportOnly"][0]["access"], "blocked");
}

#[test]
fn session_controls_merge_to_the_strictest_of_each() {
    let session = |controls: Value| policy(json!({"grantControls": null, "sessionControls": controls}));
    let verdict = verdict(
        &[
            session(json!({"signInFrequency": {"isEnabled": true, "type": "days", "value": 1}, "persistentBrowser": {"isEnabled": true, "mode": "always"},
                           "cloudAppSecurity": {"isEnabled": true, "cloudAppSecurityType": "monitorOnly"}})),
            session(json!({"signInFrequency": {"isEnabled": true, "type": "hours", "value": 4}, "persistentBrowser": {"isEnabled": true, "mode": "never"},
                           "cloudAppSecurity": {"isEnabled": true, "cloudAppSecurityType": "blockDownloads"}})),
            session(json!({"signInFrequency": {"isEnabled": false, "type": "hours", "value": 1}, "applicationEnforcedRestrictions": {"isEnabled": true}})),
        ],
        &sign_in(json!({})),
    );
    assert_eq!(verdict["access"], "granted");
    assert_eq!(verdict["session"]["signInFrequency"], json!({"isEnabled": true, "type": "hours", "value": 4}));
    assert_eq!(verdict["session"]["persistentBrowser"]["mode"], "never");
    assert_eq!(verdict["session"]["cloudAppSecurity"]["cloudAppSecurityType"], "blockDownloads");
    assert_eq!(verdict["session"]["applicationEnforcedRestrictions"]["isEnabled"], true);
}

#[test]
fn every_time_is_stricter_than_any_period_and_both_factors_than_the_second_alone() {
    let session = |controls: Value| policy(json!({"grantControls": null, "sessionControls": {"signInFrequency": controls}}));
    let of = |a: Value, b: Value| verdict(&[session(a), session(b)], &sign_in(json!({})))["session"]["signInFrequency"].clone();
    let hour =
        json!({"isEnabled": true, "type": "hours", "value": 1, "authenticationType": "primaryAndSecondaryAuthentication", "frequencyInterval": "timeBased"});
    let always = json!({"isEnabled": true, "frequencyInterval": "everyTime", "authenticationType": "secondaryAuthentication"});
    let merged = of(hour, always);
    assert_eq!(merged["frequencyInterval"], "everyTime");
    assert_eq!(merged["authenticationType"], "primaryAndSecondaryAuthentication");
}

#[test]
fn legacy_clients_cannot_satisfy_mfa_so_that_they_are_blocked_in_effect() {
    let engine = engine(&[policy(json!({}))]);
    let legacy = ask(&engine, &with(json!({"clientAppType": "other"})));
    assert!(legacy.verdict.legacy_cannot_satisfy);
    assert!(!ask(&engine, &sign_in(json!({}))).verdict.legacy_cannot_satisfy);
    let devices = self::engine_of(grant(json!({"builtInControls": ["compliantDevice"]})));
    assert!(!ask(&devices, &with(json!({"clientAppType": "exchangeActiveSync"}))).verdict.legacy_cannot_satisfy);
    assert!(ask(&devices, &with(json!({"clientAppType": "other"}))).verdict.legacy_cannot_satisfy);
}

fn engine_of(policy: Value) -> Engine {
    engine(&[policy])
}

fn with_defaults() -> Engine {
    Engine::new(Tenant { security_defaults: Some(true), ..tenant() })
}

#[test]
fn security_defaults_block_legacy_authentication() {
    for client in ["other", "exchangeActiveSync"] {
        let answer = ask(&with_defaults(), &with(json!({ "clientAppType": client })));
        assert_eq!(answer.verdict.access, Access::Blocked);
    }
}

#[test]
fn security_defaults_require_mfa_of_administrators_every_time() {
    for user in [ADMIN, GROUP_ADMIN] {
        let answer = ask(&with_defaults(), &of(user));
        assert_eq!(answer.verdict.security_defaults, Some(SecurityDefaultsPart::RequiresMfa));
        assert_eq!(answer.verdict.access, Access::Granted);
        assert_eq!(answer.verdict.requires.len(), 1);
    }
}

#[test]
fn security_defaults_require_mfa_of_everybody_who_manages_azure() {
    for id in [AZURE, AZURE_PORTAL] {
        assert_eq!(ask(&with_defaults(), &to(id)).verdict.security_defaults, Some(SecurityDefaultsPart::RequiresMfa));
    }
    // "This policy doesn't include Microsoft Entra ID or Microsoft Graph."
    assert_eq!(ask(&with_defaults(), &to(GRAPH)).verdict.security_defaults, Some(SecurityDefaultsPart::MfaWhenNecessary));
}

#[test]
fn security_defaults_ask_everybody_else_when_microsoft_finds_it_necessary_which_nobody_can_foresee() {
    let answer = ask(&with_defaults(), &of(ALICE));
    assert_eq!(answer.verdict.security_defaults, Some(SecurityDefaultsPart::MfaWhenNecessary));
    assert_eq!(answer.verdict.access, Access::CannotSay);
    assert_eq!(ask(&with_defaults(), &of(GUEST)).verdict.security_defaults, Some(SecurityDefaultsPart::MfaWhenNecessary), "guests are treated the same");
}

#[test]
fn security_defaults_add_nothing_where_a_policy_requires_mfa_already() {
    let engine = Engine::new(Tenant { security_defaults: Some(true), policies: policies(&[policy(json!({}))]), ..tenant() });
    let verdict = ask(&engine, &of(ALICE)).to_graph_value(&engine)["verdict"].clone();
    assert_eq!((&verdict["access"], &verdict["requires"]), (&json!("granted"), &json!(["mfa"])), "{verdict}");
}

#[test]
fn the_synchronization_account_is_excluded_from_security_defaults() {
    let answer = ask(&with_defaults(), &of(SYNC));
    assert_eq!((answer.verdict.security_defaults, answer.verdict.access), (Some(SecurityDefaultsPart::Nothing), Access::Granted));
}

#[test]
fn security_defaults_that_are_off_are_not_mentioned() {
    assert_eq!(ask(&engine(&[]), &of(ALICE)).verdict.security_defaults, None);
}

#[test]
fn the_answer_has_graphs_shape() {
    let engine = engine(&[policy(json!({"displayName": "Everybody"})), when(json!({"users": {"includeUsers": [BOB]}}))]);
    let answer = ask(&engine, &sign_in(json!({}))).to_graph_value(&engine);
    let [first, second] = answer["value"].as_array().unwrap().as_slice() else { panic!("two policies, two results") };
    assert_eq!((&first["policyApplies"], &first["analysisReasons"], &first["gatehouse"]["outcome"]), (&json!(true), &json!("notSet"), &json!("applies")));
    assert_eq!(
        (&second["policyApplies"], &second["analysisReasons"], &second["gatehouse"]["outcome"]),
        (&json!(false), &json!("users"), &json!("doesNotApply"))
    );
    assert_eq!(first["displayName"], "Everybody");
    assert_eq!(first["conditions"]["users"]["includeUsers"], json!(["All"]));
    assert_eq!(second["gatehouse"]["reasons"], json!(["Users: the policy does not include this user."]));
    assert_eq!(answer["verdict"]["reasons"], json!(["Everybody requires MFA."]));
    let only = ask(&engine, &sign_in(json!({"appliedPoliciesOnly": true}))).to_graph_value(&engine);
    assert_eq!(only["value"].as_array().unwrap().len(), 1);
}

#[test]
fn the_reason_is_the_first_condition_that_was_not_satisfied_and_gatehouse_tells_them_all() {
    let policy = when(json!({"users": {"includeUsers": [BOB]}, "clientAppTypes": ["other"], "platforms": {"includePlatforms": ["linux"]}}));
    assert_eq!(flags(&policy, &sign_in(json!({}))), "users");
    let answer = ask(&engine(&[policy]), &sign_in(json!({})));
    assert_eq!(answer.results[0].reasons.len(), 3);
}

#[test]
fn a_blocking_policy_of_which_nobody_can_say_leaves_access_open_unless_another_blocks() {
    let risky_block = policy(json!({"conditions": {"userRiskLevels": ["high"]}, "grantControls": {"builtInControls": ["block"]}}));
    let open = with(json!({"userRiskLevel": null}));
    assert_eq!(access(&[policy(json!({})), risky_block.clone()], &open), Access::CannotSay);
    let block = grant(json!({"builtInControls": ["block"]}));
    assert_eq!(access(&[block, risky_block.clone()], &open), Access::Blocked);
    let risky_mfa = when(json!({"userRiskLevels": ["high"]}));
    assert_eq!(access(&[risky_mfa], &open), Access::CannotSay);
    // Nothing of access hangs on it.
    let risky_session = policy(
        json!({"conditions": {"userRiskLevels": ["high"]}, "grantControls": null, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}),
    );
    assert_eq!(access(std::slice::from_ref(&risky_session), &open), Access::Granted);
    assert_eq!(outcome(&risky_session, &open), Outcome::CannotSay);
}

#[test]
fn several_analysis_reasons_are_written_in_graphs_order() {
    use conditional_access::evaluate::AnalysisReasons;
    let mut reasons = AnalysisReasons::default();
    assert_eq!(reasons.to_graph(), "notSet");
    reasons.insert(AnalysisReasons::Location);
    reasons.insert(AnalysisReasons::Users);
    assert_eq!(reasons.to_graph(), "users,location");
    assert!(reasons.contains(AnalysisReasons::Users) && !reasons.contains(AnalysisReasons::Time) && !reasons.is_empty());
}

#[test]
fn the_strictest_session_wins_whichever_policy_comes_first() {
    let session = |controls: &Value| policy(json!({"grantControls": null, "sessionControls": controls}));
    let apps = |kind: &str| json!({"cloudAppSecurity": {"isEnabled": true, "cloudAppSecurityType": kind}});
    let evaluation = |mode: &str| json!({"continuousAccessEvaluation": {"mode": mode}});
    let often = |unit: &str, value: i64| json!({"signInFrequency": {"isEnabled": true, "type": unit, "value": value}});
    let browser = |mode: &str| json!({"persistentBrowser": {"isEnabled": true, "mode": mode}});
    for weakest_first in [
        vec![apps("monitorOnly"), apps("mcasConfigured"), apps("blockDownloads")],
        vec![evaluation("disabled"), evaluation("strictEnforcement"), evaluation("strictLocation")],
        vec![
            often("fortnights", 1),
            often("days", 2),
            often("hours", 47),
            often("days", 1),
            often("hours", 23),
            json!({"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}),
        ],
        vec![browser("always"), browser("never")],
        vec![json!({}), json!({"disableResilienceDefaults": true})],
        vec![json!({"secureSignInSession": {"isEnabled": false}}), json!({"secureSignInSession": {"isEnabled": true}})],
        vec![json!({"applicationEnforcedRestrictions": {"isEnabled": false}}), json!({"applicationEnforcedRestrictions": {"isEnabled": true}})],
        vec![json!({"cloudAppSecurity": {"isEnabled": false, "cloudAppSecurityType": "blockDownloads"}}), apps("monitorOnly")],
        vec![json!({"persistentBrowser": {"isEnabled": false, "mode": "never"}}), browser("always")],
        vec![json!({"signInFrequency": {"isEnabled": true}}), often("days", 90)],
    ] {
        for pair in weakest_first.windows(2) {
            for (first, second) in [(&pair[0], &pair[1]), (&pair[1], &pair[0])] {
                assert_eq!(verdict(&[session(first), session(second)], &sign_in(json!({})))["session"], pair[1], "{first} {second}");
            }
        }
    }
}

#[test]
fn exchange_active_sync_passes_the_devices_state_and_basic_authentication_passes_nothing() {
    let blocked_in_effect = |client: &str, controls: Value| {
        verdict(&[grant(json!({"operator": "OR", "builtInControls": controls}))], &with(json!({"clientAppType": client})))["reasons"]
            .to_string()
            .contains("in effect")
    };
    for client in ["exchangeActiveSync", "easSupported"] {
        assert!(
            blocked_in_effect(client, json!(["mfa"]))
                && !blocked_in_effect(client, json!(["compliantDevice"]))
                && !blocked_in_effect(client, json!(["mfa", "compliantApplication"])),
            "{client}"
        );
    }
    assert!(
        blocked_in_effect("other", json!(["compliantDevice"])) && blocked_in_effect("other", json!(["mfa"])) && !blocked_in_effect("other", json!(["dance"]))
    );
    assert!(!blocked_in_effect("browser", json!(["mfa"])));
}

#[test]
fn a_frequency_without_a_period_limits_nothing() {
    let limits = policy(json!({"grantControls": null, "sessionControls": {"signInFrequency": {"isEnabled": true}}}));
    assert_eq!(verdict(&[limits], &sign_in(json!({})))["session"], json!({}));
}
