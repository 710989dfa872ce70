//! The sign-in log as text. There are tens of thousands of entries and the app may run unoptimised, so each is written
//! straight as JSON from fragments that are escaped once per account and once per policy.

use super::applications::{App, Client};
use super::customers::Place;
use super::evaluate::Outcome;
use super::model::Model;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::value::RawValue;
use std::fmt::Write;
use uuid::Uuid;

/// The device of a sign-in as the log shows it.
#[derive(Debug, Clone, Default)]
pub(super) struct Device {
    pub id: String,
    pub name: String,
    pub system: &'static str,
    pub browser: &'static str,
    pub compliant: bool,
    pub managed: bool,
    pub trust: &'static str,
}

pub(super) struct SignIn<'a> {
    pub at: DateTime<Utc>,
    pub id: Uuid,
    pub account: usize,
    pub app: &'a App,
    pub address: &'a str,
    pub place: Place,
    pub device: &'a Device,
    pub error: i32,
    /// Empty where no policy was looked at, because the password was wrong.
    pub outcomes: &'a [Outcome],
    pub mfa_done: bool,
    pub risk: &'static str,
}

/// One policy's entry in `appliedConditionalAccessPolicies`, up to its result.
struct PolicyText {
    applied: String,
    idle: String,
}

pub(super) struct Journal {
    policies: Vec<PolicyText>,
    accounts: Vec<String>,
    tenant: String,
    entries: Vec<(DateTime<Utc>, Box<RawValue>)>,
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned())
}

impl Journal {
    pub fn new(model: &Model) -> Journal {
        let policies = model
            .policies
            .iter()
            .map(|policy| {
                let head = format!("{{\"id\":\"{}\",\"displayName\":{},\"enforcedGrantControls\":", policy.id, quoted(&policy.name));
                let (grants, sessions) = policy.enforced();
                let list = |items: &[&str]| serde_json::to_string(items).unwrap_or_else(|_| "[]".to_owned());
                PolicyText {
                    applied: format!("{head}{},\"enforcedSessionControls\":{},\"result\":\"", list(grants), list(sessions)),
                    idle: format!("{head}[],\"enforcedSessionControls\":[],\"result\":\""),
                }
            })
            .collect();
        let accounts = model
            .accounts
            .iter()
            .map(|a| format!("\"userDisplayName\":{},\"userPrincipalName\":{},\"userId\":\"{}\"", quoted(&a.display_name), quoted(&a.upn), a.id))
            .collect();
        Journal { policies, accounts, tenant: model.tenant_id.clone(), entries: Vec::new() }
    }

    pub fn write(&mut self, s: &SignIn<'_>) {
        let mut text = String::with_capacity(1400 + s.outcomes.len() * 220);
        let at = s.at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let (reason, additional) = reason(s.error);
        let status = if s.outcomes.contains(&Outcome::Failure) {
            "failure"
        } else if s.outcomes.contains(&Outcome::Success) {
            "success"
        } else {
            "notApplied"
        };
        let additional = if s.mfa_done { "MFA requirement satisfied by claim in the token" } else { additional };
        let flag = |known: bool, value: bool| if known { if value { "true" } else { "false" } } else { "null" };
        let known = !s.device.id.is_empty();
        let person = self.accounts.get(s.account).map_or("\"userId\":\"\"", String::as_str);
        // Writing into a String cannot fail.
        let _ = write!(
            text,
            "{{\"id\":\"{id}\",\"createdDateTime\":\"{at}\",{person},\"appId\":\"{app}\",\"appDisplayName\":{app_name},\
             \"ipAddress\":\"{address}\",\"clientAppUsed\":\"{client}\",\"correlationId\":\"{id}\",\"conditionalAccessStatus\":\"{status}\",\
             \"isInteractive\":{interactive},\"riskDetail\":\"none\",\"riskLevelAggregated\":\"{risk}\",\"riskLevelDuringSignIn\":\"{risk}\",\
             \"riskState\":\"{risk_state}\",\"riskEventTypes\":[],\"riskEventTypes_v2\":[{risk_types}],\"resourceDisplayName\":{resource_name},\
             \"resourceId\":\"{resource}\",\"resourceTenantId\":\"{tenant}\",\"homeTenantId\":\"{tenant}\",\
             \"status\":{{\"errorCode\":{error},\"failureReason\":{reason},\"additionalDetails\":{additional}}},\
             \"deviceDetail\":{{\"deviceId\":\"{device}\",\"displayName\":{device_name},\"operatingSystem\":\"{system}\",\"browser\":\"{browser}\",\
             \"isCompliant\":{compliant},\"isManaged\":{managed},\"trustType\":{trust}}},\
             \"location\":{{\"city\":{city},\"state\":{state},\"countryOrRegion\":\"{country}\",\
             \"geoCoordinates\":{{\"altitude\":null,\"latitude\":{latitude},\"longitude\":{longitude}}}}},\"appliedConditionalAccessPolicies\":[",
            id = s.id,
            app = s.app.id,
            app_name = quoted(&s.app.name),
            address = s.address,
            client = s.app.client.name(),
            interactive = !matches!(s.app.client, Client::Imap | Client::Smtp | Client::ActiveSync) || s.error != 0,
            risk = s.risk,
            risk_state = if s.risk == "none" { "none" } else { "atRisk" },
            risk_types = if s.risk == "none" { "" } else { "\"unfamiliarFeatures\"" },
            resource_name = quoted(&s.app.resource_name),
            resource = s.app.resource_id,
            tenant = self.tenant,
            error = s.error,
            reason = if s.error == 0 { "null".to_owned() } else { quoted(reason) },
            additional = if additional.is_empty() { "null".to_owned() } else { quoted(additional) },
            device = s.device.id,
            device_name = quoted(&s.device.name),
            system = s.device.system,
            browser = s.device.browser,
            compliant = flag(known, s.device.compliant),
            managed = flag(known, s.device.managed),
            trust = if s.device.trust.is_empty() { "null".to_owned() } else { quoted(s.device.trust) },
            city = quoted(s.place.city),
            state = quoted(s.place.state),
            country = s.place.country,
            latitude = s.place.latitude,
            longitude = s.place.longitude,
        );
        for (index, (policy, outcome)) in self.policies.iter().zip(s.outcomes).enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(if outcome.applied() { &policy.applied } else { &policy.idle });
            text.push_str(outcome.name());
            text.push_str("\"}");
        }
        text.push_str("]}");
        // The text is made of escaped fragments; were it not JSON, an entry would be missing and the tests would say so.
        if let Ok(raw) = RawValue::from_string(text) {
            self.entries.push((s.at, raw));
        }
    }

    /// As Graph lists them.
    pub fn newest_first(mut self) -> Vec<Box<RawValue>> {
        // A stable sort: what happened in the same second keeps the order in which it was written.
        self.entries.sort_by_key(|entry| std::cmp::Reverse(entry.0));
        self.entries.into_iter().map(|(_, entry)| entry).collect()
    }
}

/// Why a sign-in failed, in our words, and what the log adds.
fn reason(error: i32) -> (&'static str, &'static str) {
    match error {
        0 => ("", ""),
        50126 => ("The user name or the password is not right.", "The user didn't enter the right credentials."),
        50053 => ("The account is locked because of too many sign-ins with a wrong password, or the address is known for attacks.", ""),
        50055 => ("The password has expired.", ""),
        50057 => ("The account is disabled.", ""),
        50074 => ("Strong authentication is required and was not completed.", "MFA required in Azure AD"),
        50076 => ("Multifactor authentication is required because of a policy or because the place is new.", "MFA required in Azure AD"),
        50079 => ("The user has to register for multifactor authentication first.", "MFA required in Azure AD"),
        50140 => ("The sign-in was interrupted by the question whether to stay signed in.", ""),
        500_121 => ("Authentication failed during the request for strong authentication.", "MFA denied; user declined the authentication"),
        53000 => (
            "The device is not in the state that a Conditional Access policy requires: it is not compliant.",
            "Your administrator might have configured a conditional access policy.",
        ),
        53003 => ("Access has been blocked by Conditional Access policies.", ""),
        65001 => ("Neither the user nor an administrator has consented to the use of the application.", ""),
        700_016 => ("The application was not found in the directory.", ""),
        _ => ("The sign-in failed.", ""),
    }
}
