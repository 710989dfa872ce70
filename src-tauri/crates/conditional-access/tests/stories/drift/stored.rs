//! A baseline is stored, edited and read back without loss.

use std::collections::BTreeSet;

use conditional_access::baseline::{Baseline, Judgement, Licence, Severity, built_in, from_tenant};
use conditional_access::drift::{DriftVerdict, Known, drift};
use serde_json::{Value, json};

use super::tenant::{Directory, contoso, policy, row, rows};

#[test]
fn what_is_written_is_read_back_and_written_alike() {
    for baseline in [built_in(), from_tenant("Contoso", &[policy("CA1 MFA", &["mfa"])], &Directory)] {
        let text = baseline.to_json();
        let back = Baseline::from_json(&text).unwrap();
        assert_eq!(back, baseline);
        assert_eq!(back.to_json(), text);
    }
}

#[test]
fn a_newer_format_is_refused_and_a_newer_control_is_kept() {
    let mut value = built_in().to_value();
    value["version"] = json!(2);
    assert_eq!(Baseline::from_value(value.clone()).unwrap_err().code(), "baseline.newer_format");
    value["version"] = json!(1);
    value["controls"][0]["judgement"] = json!({"kind": "telepathy", "strength": 9});
    let baseline = Baseline::from_value(value).unwrap();
    assert!(matches!(&baseline.controls[0].judgement, Judgement::NotUnderstood(_)));
    assert_eq!(baseline.to_value()["controls"][0]["judgement"]["strength"], 9);
    let found = rows(&contoso(&[]), &baseline);
    assert_eq!(found[0].verdict, DriftVerdict::Unknown);
    let newer = Baseline::from_value({
        let mut value = built_in().to_value();
        value["version"] = json!(2);
        value
    })
    .unwrap_err();
    assert_eq!(newer.next_step(), "Update Gatehouse, or save the baseline again from the older version.");
    for (error, code) in
        [(Baseline::from_json("{\n!").unwrap_err(), "baseline.not_json"), (Baseline::from_value(Value::Null).unwrap_err(), "baseline.not_a_baseline")]
    {
        assert_eq!((error.code(), error.next_step()), (code, "Import the folder of exported policies again, or choose the built-in baseline."));
    }
}

#[test]
fn severities_are_edited_and_a_control_that_is_switched_off_is_not_judged() {
    let mut baseline = built_in();
    assert!(baseline.set_severity("mfa-guests", Severity::Low));
    assert!(baseline.set_enabled("token-protection", false));
    assert!(!baseline.set_severity("no-such-control", Severity::Low));
    let found = rows(&contoso(&[]), &Baseline::from_json(&baseline.to_json()).unwrap());
    assert_eq!(row(&found, "mfa-guests").severity, Severity::Low);
    assert!(!found.iter().any(|row| row.id == "token-protection"));
}

#[test]
fn a_tenant_taken_as_baseline_has_no_drift_against_itself() {
    let policies = [policy("CA1 MFA", &["mfa"]), policy("CA2 Block", &["block"])];
    let found = rows(&contoso(&policies), &from_tenant("Contoso", &policies, &Directory));
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|row| row.verdict == DriftVerdict::Met), "{found:#?}");
}

#[test]
fn without_the_licence_an_unmet_control_is_unknown_with_the_reason() {
    let licences = BTreeSet::from([Licence::EntraIdP1]);
    let found = drift(&contoso(&[]), &built_in(), &Known { licences: Some(&licences), ..Known::only_names(&Directory) });
    let risky = row(&found, "mfa-risky-sign-ins");
    assert_eq!(risky.verdict, DriftVerdict::Unknown);
    assert!(risky.reason.starts_with("This needs Microsoft Entra ID P2, which the tenant does not have"), "{}", risky.reason);
    assert_eq!(row(&found, "mfa-all-users").verdict, DriftVerdict::Missing);
}

#[test]
fn a_control_that_does_not_say_otherwise_is_judged() {
    let mut value = built_in().to_value();
    let control = value["controls"][0].as_object_mut().unwrap();
    control.remove("enabled");
    let baseline = Baseline::from_value(value).unwrap();
    assert!(baseline.controls[0].enabled);
}

#[test]
fn roles_applications_and_strengths_of_microsoft_need_no_name_in_a_baseline() {
    struct Everything;
    impl conditional_access::Names for Everything {
        fn group(&self, id: &str) -> Option<String> {
            Some(id.to_owned())
        }
        fn role(&self, id: &str) -> Option<String> {
            Some(id.to_owned())
        }
        fn application(&self, id: &str) -> Option<String> {
            Some(id.to_owned())
        }
    }
    let (custom, group) = ("77777777-0000-0000-0000-000000000001", "aaaaaaaa-0000-0000-0000-000000000001");
    let mut policy = policy("CA1 MFA", &["mfa"]);
    policy["conditions"]["users"] = json!({"includeRoles": [super::tenant::GLOBAL_ADMIN, custom], "excludeGroups": [group, "<Break glass>"]});
    policy["conditions"]["applications"] = json!({"includeApplications": ["Office365", "00000002-0000-0ff1-ce00-000000000000"]});
    let named: Vec<String> = from_tenant("Contoso", &[policy], &Everything).names.into_keys().collect();
    assert_eq!(named, [custom, group]);
}
