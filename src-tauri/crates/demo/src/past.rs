//! The days before the demo fleet was opened, so that its trends have something to show: worked out from the dates on which its invented
//! people came and registered their methods. Only for the demo fleet: of a real customer no day is ever made up.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use fleet::posture::methods::{self, MethodStrength};
use fleet::posture::{self, Account, Facts, Known};
use fleet::views::users::AccountClass;
use graph_simulator::{DemoTenant, Licence};
use serde_json::Value;
use store::mfa_snapshots::SnapshotRow;

const DAYS: i64 = 89;
/// The customer that gets worse: people lost their phones and nobody saw to it.
const LOSING: &str = "vistuladnipro.example";

/// One snapshot a day, up to the day before the anchor's. None for a customer whose registration cannot be read: nobody counted there.
pub(crate) fn days(tenant: &DemoTenant, break_glass_group: Option<&str>, anchor: DateTime<Utc>) -> Vec<SnapshotRow> {
    let profile = &tenant.profile;
    if profile.licence == Licence::Free || profile.consent_revoked {
        return Vec::new();
    }
    let people = people(tenant, break_glass_group, anchor);
    (1..=DAYS)
        .rev()
        .map(|ago| {
            let day = anchor - TimeDelta::days(ago);
            let mut row = SnapshotRow { tenant: profile.id.to_lowercase(), day: day.format("%Y-%m-%d").to_string(), ..SnapshotRow::default() };
            let mut phishing_resistant = 0;
            for person in people.iter().filter(|person| person.since <= day) {
                let had = person.methods.iter().filter(|method| method.since <= day && method.until.is_none_or(|until| day < until));
                match had.map(|method| method.strength).min() {
                    Some(MethodStrength::PhishingResistant) => (row.strong, phishing_resistant) = (row.strong + 1, phishing_resistant + 1),
                    Some(MethodStrength::Strong) => row.strong += 1,
                    Some(MethodStrength::Weak) => row.weak += 1,
                    Some(MethodStrength::Unknown) => row.unknown += 1,
                    Some(MethodStrength::NotMfa) | None => row.none += 1,
                }
            }
            // Who held which role and what demanded MFA was not written down.
            row.phishing_resistant = Some(phishing_resistant);
            row
        })
        .collect()
}

struct Person {
    since: DateTime<Utc>,
    methods: Vec<Method>,
}

struct Method {
    strength: MethodStrength,
    since: DateTime<Utc>,
    /// It was lost.
    until: Option<DateTime<Utc>>,
}

/// Those whom Gatehouse counts as people today.
fn people(tenant: &DemoTenant, break_glass_group: Option<&str>, anchor: DateTime<Utc>) -> Vec<Person> {
    let text = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).map(str::to_owned);
    let users = tenant.snapshot.users.as_deref().unwrap_or_default();
    let accounts = users
        .iter()
        .filter_map(|user| {
            let said = |name: &str| text(user, name).is_some_and(|text| !text.trim().is_empty());
            Some(Account {
                id: text(user, "id")?,
                upn: text(user, "userPrincipalName").unwrap_or_default(),
                display_name: text(user, "displayName").unwrap_or_default(),
                enabled: user.get("accountEnabled").and_then(Value::as_bool),
                user_type: text(user, "userType"),
                mail: text(user, "mail"),
                has_person_details: said("department") || said("jobTitle") || said("mobilePhone") || user["businessPhones"].get(0).is_some(),
                licences: user["assignedLicenses"].as_array().map(|all| i64::try_from(all.len()).unwrap_or(0)),
                mobile: said("mobilePhone"),
                department: None,
            })
        })
        .collect();
    let groups = tenant.snapshot.groups.as_deref().unwrap_or_default();
    let break_glass: BTreeSet<String> = groups
        .iter()
        .filter(|group| break_glass_group.is_some() && text(group, "id").as_deref() == break_glass_group)
        .flat_map(|group| group["members"].as_array().into_iter().flatten())
        .filter_map(|member| text(member, "id"))
        .collect();
    let facts = Facts {
        now: anchor.timestamp_millis(),
        accounts,
        marks: HashMap::new(),
        break_glass,
        holders: Known::No(String::new()),
        sync_accounts: BTreeSet::new(),
        registration: Known::No(String::new()),
        methods: HashMap::new(),
        devices: Known::No(String::new()),
        per_user: Known::No(String::new()),
        security_defaults: None,
        enabled_policies: None,
        asked_for_mfa: None,
    };
    let counted: BTreeSet<String> =
        posture::verdicts(&facts).into_iter().filter(|verdict| verdict.class == AccountClass::Person).map(|verdict| verdict.user_id).collect();
    users.iter().filter_map(|user| text(user, "id").filter(|id| counted.contains(id)).map(|id| person(tenant, user, &id, anchor))).collect()
}

fn person(tenant: &DemoTenant, user: &Value, id: &str, anchor: DateTime<Utc>) -> Person {
    let time = |of: &Value| of.get("createdDateTime").and_then(Value::as_str).and_then(|text| text.parse::<DateTime<Utc>>().ok());
    let since = time(user).unwrap_or(anchor);
    let listed = tenant.snapshot.authentication_methods.as_ref().and_then(|all| all.get(id)).map_or(&[][..], Vec::as_slice);
    let mut found: Vec<Method> = listed
        .iter()
        .map(|method| Method {
            strength: methods::listed(method["@odata.type"].as_str().unwrap_or_default().trim_start_matches("#microsoft.graph.")).strength,
            since: time(method).unwrap_or(since),
            until: None,
        })
        .filter(|method| method.strength < MethodStrength::NotMfa)
        .collect();
    // A number that is drawn from the id, the same at every start.
    let drawn = id.bytes().fold(7_i64, |sum, byte| (sum * 31 + i64::from(byte)) % 9_973);
    if found.is_empty() && tenant.profile.default_domain == LOSING && drawn % 100 < 70 {
        found.push(Method { strength: MethodStrength::Strong, since, until: Some(anchor - TimeDelta::days(1 + drawn % 80)) });
    }
    Person { since, methods: found }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_demo_fleet_has_days_behind_it_that_rise_and_fall_and_end_where_today_begins() {
        let anchor: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let tenants = graph_simulator::demo::fleet(1, anchor);
        let with = |row: &SnapshotRow| row.strong + row.weak;
        let share = |row: &SnapshotRow| with(row) * 1_000 / (with(row) + row.none).max(1);
        let mut seen = 0;
        for tenant in &tenants {
            let found = days(tenant, None, anchor);
            if tenant.profile.licence == Licence::Free || tenant.profile.consent_revoked {
                assert!(found.is_empty(), "{}: nobody could count there", tenant.profile.display_name);
                continue;
            }
            seen += 1;
            assert_eq!((found.len(), found[0].day.as_str(), found[88].day.as_str()), (89, "2026-08-23", "2026-11-19"));
            assert!(found.iter().all(|day| day.enforced.is_none() && day.admins_none.is_none()), "what was not written down is not made up");
            let (first, last) = (&found[0], &found[88]);
            if tenant.profile.default_domain == LOSING {
                assert!(share(last) < share(first) && last.none > first.none, "{} {}", share(first), share(last));
            } else {
                assert!(share(last) >= share(first), "{}", tenant.profile.display_name);
            }
            assert_eq!(days(tenant, None, anchor), found, "the same every time");
        }
        assert_eq!(seen, 6);
    }
}
