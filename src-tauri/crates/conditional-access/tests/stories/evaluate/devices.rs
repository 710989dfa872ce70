//! "Conditional Access: Filter for devices": each row of its table, and unregistered devices.

use serde_json::{Value, json};

use super::world::*;

fn filter(mode: &str, rule: &str) -> Value {
    when(json!({"devices": {"deviceFilter": {"mode": mode, "rule": rule}}}))
}

fn device(info: Value) -> Value {
    let mut request = sign_in(json!({}));
    request["signInConditions"]["deviceInfo"] = info;
    request
}

const POSITIVE: &str = "device.trustType -eq \"ServerAD\"";
const NEGATIVE: &str = "device.trustType -ne \"ServerAD\"";

#[test]
fn a_positive_operator_does_not_match_an_unregistered_device() {
    let unregistered = device(json!({"deviceId": null}));
    does_not_apply(&filter("include", POSITIVE), &unregistered);
    applies(&filter("exclude", POSITIVE), &unregistered);
}

#[test]
fn a_negative_operator_matches_an_unregistered_device() {
    let unregistered = device(json!({"deviceId": null}));
    applies(&filter("include", NEGATIVE), &unregistered);
    does_not_apply(&filter("exclude", NEGATIVE), &unregistered);
}

#[test]
fn a_registered_device_is_judged_by_its_attributes() {
    let hybrid = device(json!({"deviceId": "12345678-0000-0000-0000-000000000000", "trustType": "ServerAD"}));
    let joined = device(json!({"deviceId": "12345678-0000-0000-0000-000000000000", "trustType": "AzureAD"}));
    applies(&filter("include", POSITIVE), &hybrid);
    does_not_apply(&filter("include", POSITIVE), &joined);
    does_not_apply(&filter("exclude", POSITIVE), &hybrid);
    applies(&filter("exclude", POSITIVE), &joined);
    assert_eq!(flags(&filter("exclude", POSITIVE), &hybrid), "devices");
}

#[test]
fn an_attribute_that_the_request_does_not_say_leaves_the_answer_open_unless_the_rest_decides() {
    let partly = device(json!({"isCompliant": true}));
    cannot_say(&filter("include", POSITIVE), &partly);
    applies(&filter("include", "device.isCompliant -eq True -or device.trustType -eq \"ServerAD\""), &partly);
    does_not_apply(&filter("exclude", "device.isCompliant -eq True -or device.trustType -eq \"ServerAD\""), &partly);
    cannot_say(&filter("include", POSITIVE), &device(json!(null)));
    cannot_say(&filter("include", NEGATIVE), &device(json!({})));
}

#[test]
fn an_attribute_that_is_known_to_be_null_is_null() {
    applies(&filter("include", "device.mdmAppId -ne \"x\""), &device(json!({"mdmAppId": null})));
    does_not_apply(&filter("include", "device.model -startsWith \"Surface\""), &device(json!({"model": null})));
}

#[test]
fn a_rule_that_does_not_parse_leaves_the_answer_open_and_is_found_with_its_position() {
    let broken = filter("exclude", "device.isCompliant -eq");
    cannot_say(&broken, &sign_in(json!({})));
    assert_eq!(flags(&broken, &sign_in(json!({}))), "invalidCondition");
    let engine = engine(&[broken]);
    assert!(
        engine
            .problems()
            .iter()
            .any(|finding| { matches!(&finding.kind, conditional_access::evaluate::FindingKind::RuleInvalid { position, .. } if *position == 22) })
    );
}

#[test]
fn the_older_device_states_include_all_and_exclude_managed_ones() {
    let unmanaged = when(json!({"devices": {"includeDevices": ["All"], "excludeDevices": ["Compliant", "DomainJoined"]}}));
    does_not_apply(&unmanaged, &device(json!({"isCompliant": true})));
    does_not_apply(&unmanaged, &device(json!({"isCompliant": false, "trustType": "ServerAD"})));
    applies(&unmanaged, &device(json!({"isCompliant": false, "trustType": "Workplace"})));
    applies(&unmanaged, &device(json!({"deviceId": null})));
    cannot_say(&unmanaged, &device(json!({"isCompliant": false})));
    let older = when(json!({"deviceStates": {"includeStates": ["All"], "excludeStates": ["Compliant"]}}));
    applies(&older, &device(json!({"isCompliant": false})));
    does_not_apply(&older, &device(json!({"isCompliant": true})));
    cannot_say(&when(json!({"deviceStates": {"includeStates": ["All"], "moods": ["sad"]}})), &device(json!({"isCompliant": false})));
}

#[test]
fn a_device_that_says_how_it_is_joined_is_registered_so_that_its_extension_attributes_may_be_withheld() {
    let rule = filter("include", "device.extensionAttribute1 -eq \"SAW\"");
    let nobodys = json!({"isCompliant": false, "mdmAppId": null, "extensionAttribute1": "SAW"});
    let with = |changes: Value| {
        let mut info = nobodys.clone();
        merge(&mut info, changes);
        let mut request = sign_in(json!({}));
        request["signInConditions"]["deviceInfo"] = info;
        request
    };
    does_not_apply(&rule, &with(json!({"trustType": "Workplace"})));
    does_not_apply(&rule, &with(json!({"trustType": "Workplace", "deviceId": "d"})));
    applies(&rule, &with(json!({"trustType": "ServerAD"})));
    applies(&rule, &with(json!({"trustType": "Workplace", "isCompliant": true})));
}
