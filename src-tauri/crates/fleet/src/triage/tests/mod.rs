#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! Stavros of Aegis Pelagos, who is locked out in one way after another.

mod comparing;
mod stories;

use std::collections::BTreeMap;

use conditional_access::{ConditionalAccessPolicy, Tenant, evaluate::Engine, tenant::User};
use serde_json::{Value, json};
use store::sign_ins::SignInRow;

use super::{Facts, GroupFacts, Mark, PolicyFacts, triage};
use crate::{
    reasons,
    views::{PersonRef, triage::Triage},
};

pub const NOW: i64 = 1_790_000_000_000;
pub const HOUR: i64 = 3_600_000;
pub const DAY: i64 = 24 * HOUR;
pub const STAVROS: &str = "5a000000-0000-0000-0000-000000000001";
pub const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";
pub const COUNTRIES: &str = "ca000000-0000-0000-0000-000000000004";
pub const DEVICES: &str = "ca000000-0000-0000-0000-000000000005";
pub const LEGACY: &str = "ca000000-0000-0000-0000-000000000002";
pub const MFA: &str = "ca000000-0000-0000-0000-000000000001";
pub const EUROPE: &str = "10ca0000-0000-0000-0000-000000000001";

/// A sign-in that worked, from the office with the old laptop.
pub fn row(ago: i64) -> SignInRow {
    SignInRow {
        tenant: "t".to_owned(),
        id: format!("sign-in-{ago}"),
        created_at: NOW - ago,
        user_id: STAVROS.to_owned(),
        upn: "stavros@aegis.example".to_owned(),
        user_name: "Stavros Lemos".to_owned(),
        app_id: EXCHANGE.to_owned(),
        app_name: "Office 365 Exchange Online".to_owned(),
        resource_id: EXCHANGE.to_owned(),
        resource_name: "Office 365 Exchange Online".to_owned(),
        client_app: "Browser".to_owned(),
        legacy: false,
        ip: "198.51.100.41".to_owned(),
        country: "GR".to_owned(),
        city: "Piraeus".to_owned(),
        os: "Windows11".to_owned(),
        browser: "Edge 142".to_owned(),
        device_id: "d-old".to_owned(),
        device_name: "FKR-NB-0417".to_owned(),
        compliant: Some(true),
        managed: Some(true),
        trust_type: Some("Azure AD joined".to_owned()),
        interactive: Some(true),
        error_code: 0,
        failure_reason: String::new(),
        result: reasons::stored_result(0),
        blocked: false,
        ca_status: "success".to_owned(),
        risk: "none".to_owned(),
        other: "{}".to_owned(),
        applied: "[]".to_owned(),
    }
}

/// The same, but refused with this code; policies as Entra recorded them: id, result, control.
pub fn refused(ago: i64, code: i64, policies: &[(&str, &str, &str)]) -> SignInRow {
    let entries: Vec<Value> = policies
        .iter()
        .map(|(id, result, control)| json!({"id": id, "displayName": format!("recorded {}", &id[35..]), "result": result, "enforcedGrantControls": [control]}))
        .collect();
    let ca_status = if policies.iter().any(|(_, result, _)| *result == "failure") { "failure" } else { "notApplied" };
    SignInRow {
        error_code: code,
        result: reasons::stored_result(code),
        blocked: reasons::blocked(code, ca_status),
        ca_status: ca_status.to_owned(),
        applied: Value::Array(entries).to_string(),
        ..row(ago)
    }
}

pub fn abroad(row: SignInRow) -> SignInRow {
    SignInRow { country: "SG".to_owned(), city: "Singapore".to_owned(), ip: "192.0.2.42".to_owned(), ..row }
}

pub fn policy(id: &str, name: &str, conditions: &Value, grant: &str) -> Value {
    let mut all = json!({
        "clientAppTypes": ["all"],
        "users": {"includeUsers": ["All"]},
        "applications": {"includeApplications": ["All"]}
    });
    for (key, value) in conditions.as_object().unwrap() {
        all[key] = value.clone();
    }
    json!({"id": id, "displayName": name, "state": "enabled", "conditions": all, "grantControls": {"operator": "OR", "builtInControls": [grant]}})
}

pub fn policies() -> Vec<Value> {
    vec![
        policy(MFA, "CA001 MFA for everybody", &json!({}), "mfa"),
        policy(LEGACY, "CA002 Block legacy authentication", &json!({"clientAppTypes": ["exchangeActiveSync", "other"]}), "block"),
        policy(COUNTRIES, "CA004 Block outside Europe", &json!({"locations": {"includeLocations": ["All"], "excludeLocations": [EUROPE]}}), "block"),
        policy(DEVICES, "CA005 Compliant devices", &json!({}), "compliantDevice"),
    ]
}

pub fn engine(policies: &[Value]) -> Engine {
    Engine::new(Tenant {
        policies: Some(policies.iter().map(|policy| ConditionalAccessPolicy::from_value(policy).unwrap()).collect()),
        users: Some(vec![User {
            id: STAVROS.to_owned(),
            upn: "stavros@aegis.example".to_owned(),
            display_name: "Stavros Lemos".to_owned(),
            user_type: Some("Member".to_owned()),
            ..User::default()
        }]),
        groups: Some(Vec::new()),
        role_definitions: Some(Vec::new()),
        role_assignments: Some(Vec::new()),
        role_eligibility: Some(Vec::new()),
        named_locations: Some(vec![crate::engine::json::location(
            &json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "id": EUROPE, "displayName": "Europe", "countriesAndRegions": ["GR", "NL"], "includeUnknownCountriesAndRegions": false}),
        )]),
        ..Tenant::default()
    })
}

/// What a story sets apart from the ordinary.
#[derive(Default)]
pub struct Story {
    pub rows: Vec<SignInRow>,
    pub policies: BTreeMap<String, PolicyFacts>,
    pub marks: Vec<Mark>,
    pub only: Option<String>,
}

impl Story {
    pub fn of(rows: Vec<SignInRow>) -> Self {
        Self { rows, ..Self::default() }
    }

    pub fn told(mut self) -> Triage {
        self.told_with(Some(&engine(&policies())))
    }

    pub fn told_with(&mut self, engine: Option<&Engine>) -> Triage {
        self.rows.sort_by_key(|row| std::cmp::Reverse(row.created_at));
        let last_success = self.rows.iter().find(|row| row.error_code == 0);
        triage(&Facts {
            user: PersonRef { id: STAVROS.to_owned(), display_name: "Stavros Lemos".to_owned(), upn: "stavros@aegis.example".to_owned() },
            until: NOW,
            rows: &self.rows,
            cut: false,
            last_success,
            engine,
            policies: &self.policies,
            marks: &self.marks,
            only: self.only.as_deref(),
        })
    }
}

pub fn excluding(groups: Vec<GroupFacts>) -> BTreeMap<String, PolicyFacts> {
    BTreeMap::from([(COUNTRIES.to_owned(), PolicyFacts { excluded: groups, ..PolicyFacts::default() })])
}

pub fn worked(times: i64) -> Vec<SignInRow> {
    (0..times).map(|n| row(8 * DAY + n * HOUR)).collect()
}
