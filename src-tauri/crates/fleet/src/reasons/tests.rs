#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use serde_json::Value;

#[test]
fn codes_are_sorted_and_each_is_there_once() {
    assert!(codes::CODES.windows(2).all(|pair| pair[0].code < pair[1].code));
    assert!(codes::CODES.len() >= 120, "{}", codes::CODES.len());
}

#[test]
fn every_reason_is_a_sentence_with_a_next_step_and_no_code() {
    for known in codes::CODES {
        assert!(known.reason.chars().next().unwrap().is_uppercase() && !known.reason.ends_with('.'), "{}", known.code);
        assert!(known.next_step.ends_with('.'), "{}: {}", known.code, known.next_step);
        assert!(!known.reason.contains("AADSTS"), "{}", known.code);
    }
}

#[test]
fn every_code_of_the_reference_has_words() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/contracts/aadsts-codes.json");
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("skipped: {} is absent", file.display());
        return;
    };
    let reference: Value = serde_json::from_str(&text).unwrap();
    let missing: Vec<i64> =
        reference["codes"].as_array().unwrap().iter().filter_map(|code| code["code"].as_i64()).filter(|code| known(*code).is_none()).collect();
    assert_eq!(missing, Vec::<i64>::new());
    for code in reference["codes"].as_array().unwrap() {
        let number = code["code"].as_i64().unwrap();
        assert!(phone::SAY.binary_search_by_key(&number, |(known, _)| *known).is_ok(), "{number}: nothing to say to the user");
        assert_ne!(cause(number, false), Cause::Unknown, "{number}");
        if code["conditionalAccess"] == true && number != 135_011 {
            // Microsoft lists these as Conditional Access; a frequency that ended a session and a broken device are told apart here.
            assert!(cause(number, false).is_policy() || matches!(cause(number, false), Cause::Session | Cause::Device), "{number}: {:?}", cause(number, false));
        }
    }
}

#[test]
fn what_is_said_to_the_user_is_a_sentence_without_a_code() {
    assert!(phone::SAY.windows(2).all(|pair| pair[0].0 < pair[1].0));
    for (code, words) in phone::SAY {
        assert!(known(*code).is_some(), "{code} has no reason");
        assert!(words.chars().next().unwrap().is_uppercase() && words.ends_with(['.', '?']), "{code}: {words}");
        assert!(!words.contains("AADSTS") && !words.contains(&code.to_string()), "{code}: {words}");
        assert!(!words.contains("he user "), "{code}: it is said to the user: {words}");
    }
    for known in codes::CODES {
        assert!(!tell_user(known.code, "").is_empty());
    }
}

#[test]
fn a_policy_a_password_and_an_account_that_is_off_are_told_apart() {
    for (code, expected) in [
        (53003, Cause::Policy),
        (53000, Cause::Policy),
        (530_035, Cause::SecurityDefaults),
        (500_121, Cause::Mfa),
        (50074, Cause::Mfa),
        (50079, Cause::MfaRegistration),
        (50126, Cause::Password),
        (50053, Cause::Locked),
        (50057, Cause::Disabled),
        (53004, Cause::Risk),
        (50140, Cause::Session),
        (135_011, Cause::Device),
        (50034, Cause::Directory),
        (50105, Cause::Application),
        (90033, Cause::Outage),
        (4_242_424, Cause::Unknown),
    ] {
        assert_eq!(cause(code, false), expected, "{code}");
    }
    assert_eq!(cause(4_242_424, true), Cause::Policy, "Entra itself says that Conditional Access failed");
    assert!(tell_user(4_242_424, "").contains("exact time"));
    assert!(tell_user(50126, "").contains("password") && tell_user(53003, "").contains("where you are"));
}

#[test]
fn a_question_to_the_user_is_no_failure() {
    assert_eq!(classify(0), SignInResult::Success);
    for code in [50140, 50058, 50072, 50074, 50076, 50079, 50125, 65001] {
        assert_eq!(classify(code), SignInResult::Interrupted, "{code}");
    }
    for code in [50126, 53003, 50053, 50057, 500_121, 53000, 999_999_999] {
        assert_eq!(classify(code), SignInResult::Failure, "{code}");
    }
}

#[test]
fn a_code_that_nobody_knows_is_said_in_entras_words() {
    assert_eq!(reason(4_242_424, "The moon is in the wrong phase."), "Entra says: The moon is in the wrong phase");
    assert_eq!(reason(4_242_424, "Other."), "Failed with error 4242424; Entra gave no reason");
    assert!(next_step(4_242_424).contains("code=4242424"));
}

#[test]
fn a_block_by_policy_is_told_from_a_wrong_password() {
    assert!(blocked(53003, "failure"));
    assert!(blocked(53000, "failure"));
    assert!(!blocked(50126, "notApplied"));
    assert!(!blocked(0, "success"));
    assert!(!blocked(50074, "failure"), "the user was asked for MFA, not refused");
}

#[test]
fn the_policy_that_refused_is_the_one_that_decided() {
    let policies = applied(
        r#"[{"id":"A1","displayName":"CA001","result":"success","enforcedGrantControls":["Mfa"]},
            {"id":"B2","displayName":"CA002 Block countries","result":"failure","enforcedGrantControls":["Block"]},
            {"id":"C3","displayName":"CA003","result":"reportOnlyFailure"},
            {"id":"D4","displayName":null,"result":"brandNew"}, 7]"#,
    );
    assert_eq!(deciding_policy(&policies).as_deref(), Some("CA002 Block countries"));
    let shown = shown(&policies);
    assert_eq!(shown[0].id, "b2");
    assert_eq!(shown[0].meaning, "Applied, and blocked the sign-in");
    assert!(shown.iter().any(|policy| policy.meaning.contains("\u{201c}brandNew\u{201d}, which Gatehouse does not know")));
    assert_eq!(applied("garbage"), vec![]);
}
