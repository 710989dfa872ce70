//! `/simulator/…`: what a process outside may do with a running simulator, as the handle does from within. Not Graph, not
//! recorded, never hit by faults. What can happen to a tenant is `happen`'s; here is only the way to it.

use crate::answer::Answer;
use crate::graph::Call;
use crate::handle::TenantHandle;
use crate::happen::{happen, shown};
use crate::live::Event;
use crate::login;
use crate::state::{Shared, lock};
use serde_json::json;
use std::str::FromStr;

pub(crate) fn answer(shared: &Shared, call: &Call) -> Answer {
    let path = call.target.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).skip(1).collect();
    let said = |text: String| Answer::value(200, &json!({"said": text}));
    let bad = |text: &str| Answer::value(400, &json!({"error": text}));
    match (call.method.as_str(), parts.as_slice()) {
        ("POST", ["events", name]) => match Event::from_str(name) {
            Ok(event) => said(crate::live::run(shared, event)),
            Err(error) => bad(&error.to_string()),
        },
        ("POST", ["tenants", id, what]) => match shared.tenant_id(id).and_then(|id| TenantHandle::new(shared, &id)) {
            Some(tenant) => match happen(&tenant, what, &call.body) {
                Ok(what) => said(what),
                Err(error) => bad(&error),
            },
            None => Answer::value(404, &json!({"error": "no such tenant"})),
        },
        ("GET", ["tenants", id, what @ ..]) => match shared.tenant_id(id).and_then(|id| TenantHandle::new(shared, &id)).and_then(|tenant| shown(&tenant, what))
        {
            Some(found) => Answer::value(200, &found),
            None => Answer::value(404, &json!({"error": "no such thing"})),
        },
        // What a test looks for where it must not be.
        ("GET", ["secrets"]) => Answer::value(200, &json!({"secrets": lock(&shared.pending).given})),
        ("POST", ["devices", code, "approve"]) => {
            let home = lock(&shared.pending).devices.values().find(|device| device.user_code.eq_ignore_ascii_case(code)).map(|device| device.tenant.clone());
            let person = home.and_then(|home| login::first_account(shared, &home));
            match person {
                Some(person) if login::decide_device(shared, code, Some(person.clone())) => said("Signed in.".to_owned()),
                _ => bad("no such code"),
            }
        }
        ("POST", ["faults"]) => match call.body.parse() {
            Ok(plan) => {
                *lock(&shared.faults) = plan;
                said("These faults hold now.".to_owned())
            }
            Err(error) => bad(&format!("{error}")),
        },
        _ => Answer::value(404, &json!({"error": "no such control"})),
    }
}
