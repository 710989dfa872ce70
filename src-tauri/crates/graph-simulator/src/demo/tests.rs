#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! What the demo fleet promises, as sentences.

use super::*;
use chrono::{Duration, TimeZone};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

fn anchor() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 9, 30, 0).unwrap()
}

fn demo() -> &'static [DemoTenant] {
    static FLEET: OnceLock<Vec<DemoTenant>> = OnceLock::new();
    FLEET.get_or_init(|| fleet(7, anchor()))
}

fn tenant(name: &str) -> &'static DemoTenant {
    demo().iter().find(|t| t.profile.display_name.contains(name)).unwrap()
}

fn list(resources: &Option<Vec<Value>>) -> &[Value] {
    resources.as_deref().unwrap()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn sign_ins(tenant: &DemoTenant) -> Vec<Value> {
    tenant.snapshot.sign_ins.as_ref().unwrap().iter().map(|raw| serde_json::from_str(raw.get()).unwrap()).collect()
}

fn registration(tenant: &DemoTenant) -> HashMap<&str, &Value> {
    list(&tenant.snapshot.user_registration_details).iter().map(|d| (text(d, "id"), d)).collect()
}

fn members<'a>(tenant: &'a DemoTenant, group: &str) -> Vec<&'a str> {
    let group = list(&tenant.snapshot.groups).iter().find(|g| text(g, "displayName") == group).unwrap();
    group["members"].as_array().unwrap().iter().map(|m| text(m, "id")).collect()
}

#[test]
fn the_same_seed_and_anchor_give_the_same_bytes() {
    let again = fleet(7, anchor());
    for (one, two) in demo().iter().zip(&again) {
        assert_eq!(one.snapshot.users, two.snapshot.users);
        assert_eq!(one.snapshot.groups, two.snapshot.groups);
        assert_eq!(one.snapshot.conditional_access_policies, two.snapshot.conditional_access_policies);
        assert_eq!(one.snapshot.authentication_methods, two.snapshot.authentication_methods);
        let raws = |t: &DemoTenant| -> Vec<String> {
            let logs = [t.snapshot.sign_ins.as_ref().unwrap(), t.snapshot.directory_audits.as_ref().unwrap()];
            logs.iter().flat_map(|l| l.iter().map(|r| r.get().to_owned())).collect()
        };
        assert!(raws(one) == raws(two), "{} has another log", one.profile.display_name);
    }
    let other = fleet(8, anchor());
    assert_ne!(other[0].profile.id, again[0].profile.id);
}

#[test]
fn the_fleet_has_eight_customers_of_the_promised_sizes() {
    let mut table = String::new();
    let mut all_sign_ins = 0;
    for (tenant, story) in demo().iter().zip(stories(7)) {
        let s = &tenant.snapshot;
        let users = list(&s.users);
        assert_eq!(users.len(), story.accounts, "{}", story.display_name);
        assert_eq!(tenant.profile.id, story.tenant_id);
        assert_eq!(s.tenant_id(), Some(story.tenant_id.as_str()));
        assert_eq!(s.default_domain(), Some(story.domain));
        let ids: HashSet<&str> = users.iter().map(|u| text(u, "id")).collect();
        let names: HashSet<&str> = users.iter().map(|u| text(u, "userPrincipalName")).collect();
        assert_eq!((ids.len(), names.len()), (users.len(), users.len()), "two accounts of {} are one", story.display_name);
        let logs = s.sign_ins.as_ref().unwrap();
        all_sign_ins += logs.len();
        let bytes: usize = logs.iter().map(|l| l.get().len()).sum();
        table += &format!(
            "{:30} {:5} accounts {:4} guests {:3} groups {:2} policies {:2} assignments {:6} sign-ins ({:.1} MB) {:4} audits\n",
            story.display_name,
            users.len(),
            users.iter().filter(|u| text(u, "userType") == "Guest").count(),
            list(&s.groups).len(),
            list(&s.conditional_access_policies).len(),
            list(&s.role_assignments).len() + list(&s.role_eligibility).len(),
            logs.len(),
            bytes as f64 / 1e6,
            s.directory_audits.as_ref().unwrap().len(),
        );
    }
    println!("{table}{all_sign_ins} sign-ins in all");
    assert_eq!(demo().len(), 8);
    assert!((15_000..=31_000).contains(&all_sign_ins), "{all_sign_ins} sign-ins");
}

#[test]
fn every_name_and_address_is_reserved_for_examples() {
    for tenant in demo() {
        for user in list(&tenant.snapshot.users) {
            assert!(text(user, "userPrincipalName").ends_with(".example"), "{user}");
            assert!(text(user, "userPrincipalName").is_ascii(), "{user}");
        }
        for sign_in in sign_ins(tenant) {
            let ip = text(&sign_in, "ipAddress").to_owned();
            assert!(["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"].iter().any(|range| ip.starts_with(range)), "{ip}");
            assert!(ip.parse::<std::net::IpAddr>().is_ok(), "{ip}");
        }
    }
}

#[test]
fn references_lead_to_what_exists() {
    for tenant in demo() {
        let s = &tenant.snapshot;
        let ids = |resources: &'static Option<Vec<Value>>| -> HashSet<&str> { list(resources).iter().map(|r| text(r, "id")).collect() };
        let (users, groups, policies, locations, roles) =
            (ids(&s.users), ids(&s.groups), ids(&s.conditional_access_policies), ids(&s.named_locations), ids(&s.role_definitions));
        for sign_in in sign_ins(tenant) {
            assert!(users.contains(text(&sign_in, "userId")));
            for applied in sign_in["appliedConditionalAccessPolicies"].as_array().unwrap() {
                assert!(policies.contains(text(applied, "id")));
            }
            let at: DateTime<Utc> = text(&sign_in, "createdDateTime").parse().unwrap();
            assert!(at <= anchor() && at >= anchor() - Duration::days(32), "{at}");
        }
        for group in list(&s.groups) {
            for member in group["members"].as_array().unwrap() {
                assert!(users.contains(text(member, "id")) || groups.contains(text(member, "id")), "{group}");
            }
        }
        for assignment in list(&s.role_assignments).iter().chain(list(&s.role_eligibility)) {
            assert!(roles.contains(text(assignment, "roleDefinitionId")));
            let principal = text(assignment, "principalId");
            assert!(users.contains(principal) || groups.contains(principal));
        }
        for policy in list(&s.conditional_access_policies) {
            let conditions = &policy["conditions"];
            for field in ["includeGroups", "excludeGroups"] {
                assert!(conditions["users"][field].as_array().unwrap().iter().all(|g| groups.contains(g.as_str().unwrap())), "{policy}");
            }
            for user in conditions["users"]["includeUsers"].as_array().unwrap().iter().chain(conditions["users"]["excludeUsers"].as_array().unwrap()) {
                assert!(user == "All" || users.contains(user.as_str().unwrap()), "{policy}");
            }
            for field in ["includeLocations", "excludeLocations"] {
                for location in conditions["locations"][field].as_array().into_iter().flatten() {
                    assert!(location == "All" || location == "AllTrusted" || locations.contains(location.as_str().unwrap()), "{policy}");
                }
            }
            let somebody = ["includeUsers", "includeGroups", "includeRoles"].iter().any(|f| !conditions["users"][*f].as_array().unwrap().is_empty());
            assert!(somebody || !conditions["users"]["includeGuestsOrExternalUsers"].is_null(), "{policy} is for nobody");
        }
    }
}

#[test]
fn what_the_log_says_of_a_sign_in_agrees_with_its_policies() {
    for tenant in demo() {
        for sign_in in sign_ins(tenant) {
            let results: Vec<&str> = sign_in["appliedConditionalAccessPolicies"].as_array().unwrap().iter().map(|p| text(p, "result")).collect();
            let error = sign_in["status"]["errorCode"].as_i64().unwrap();
            let expected = if results.contains(&"failure") {
                "failure"
            } else if results.contains(&"success") {
                "success"
            } else {
                "notApplied"
            };
            assert_eq!(text(&sign_in, "conditionalAccessStatus"), expected, "{sign_in}");
            assert!(!(error == 0 && results.contains(&"failure")), "let in although a policy failed: {sign_in}");
            if [53003, 53000, 50079, 50076, 500_121].contains(&error) {
                assert!(results.contains(&"failure"), "{sign_in}");
            }
        }
    }
}

#[test]
fn the_dental_practice_has_security_defaults_and_no_policies() {
    let dental = tenant("Brightwater");
    assert_eq!(dental.profile.licence, crate::Licence::Free);
    assert!(list(&dental.snapshot.conditional_access_policies).is_empty());
    for tenant in demo() {
        let on = tenant.snapshot.security_defaults.as_ref().unwrap()["isEnabled"] == true;
        assert_eq!(on, tenant.profile.licence == crate::Licence::Free, "{}", tenant.profile.display_name);
    }
    let plans = |tenant: &DemoTenant, plan: &str| {
        list(&tenant.snapshot.subscribed_skus).iter().any(|s| s["servicePlans"].as_array().unwrap().iter().any(|p| text(p, "servicePlanName") == plan))
    };
    for tenant in demo() {
        assert_eq!(plans(tenant, "AAD_PREMIUM"), tenant.profile.licence != crate::Licence::Free);
        assert_eq!(plans(tenant, "AAD_PREMIUM_P2"), tenant.profile.licence == crate::Licence::P2);
        let count = list(&tenant.snapshot.conditional_access_policies).len();
        assert!(tenant.profile.licence == crate::Licence::Free || (8..=25).contains(&count), "{count}");
    }
}

#[test]
fn the_law_firm_has_an_admin_without_mfa_and_a_stale_one() {
    let law = tenant("Hartley");
    let details = registration(law);
    let methods = law.snapshot.authentication_methods.as_ref().unwrap();
    let admins: Vec<&str> = list(&law.snapshot.role_assignments)
        .iter()
        .map(|a| text(a, "principalId"))
        .filter(|id| text(details[id], "userPrincipalName").starts_with("adm-"))
        .collect();
    assert_eq!(admins.iter().filter(|id| details[**id]["isMfaRegistered"] == false).count(), 1);
    let stale = admins.iter().filter(|id| {
        let own: Vec<&Value> = methods[**id].iter().filter(|m| !text(m, "@odata.type").contains("password")).collect();
        !own.is_empty() && own.iter().all(|m| text(m, "createdDateTime").parse::<DateTime<Utc>>().unwrap() < anchor() - Duration::days(180))
    });
    assert_eq!(stale.count(), 1);
    let blocks_legacy =
        list(&law.snapshot.conditional_access_policies).iter().any(|p| p["conditions"]["clientAppTypes"].as_array().unwrap().iter().any(|c| c == "other"));
    assert!(!blocks_legacy);
    for tenant in demo() {
        for (user, methods) in tenant.snapshot.authentication_methods.as_ref().unwrap() {
            assert!(text(&methods[0], "@odata.type").ends_with("passwordAuthenticationMethod"), "{user}");
        }
    }
}

#[test]
fn one_person_is_locked_out_again_and_again_at_the_ship_owner_and_the_factory() {
    for (name, upn, code) in [("Aegis", "stavros.lemos@aegis-pelagos.example", 53003), ("Falkenrath", "friederike.kaltenbach@falkenrath.example", 53000)] {
        let recent = anchor() - Duration::days(7);
        let own: Vec<Value> = sign_ins(tenant(name)).into_iter().filter(|s| text(s, "userPrincipalName") == upn).collect();
        let failures = own.iter().filter(|s| text(s, "createdDateTime").parse::<DateTime<Utc>>().unwrap() > recent && s["status"]["errorCode"] == code).count();
        assert!(failures >= 20, "{upn}: {failures} failures, {:?}", own.iter().map(|s| s["status"]["errorCode"].clone()).collect::<Vec<_>>());
        assert!(own.iter().filter(|s| s["status"]["errorCode"] == 0).count() >= 10, "{upn} worked before");
    }
}

#[test]
fn at_the_architects_every_admin_is_phishing_resistant_and_nobody_is_without_mfa() {
    let architects = tenant("Noordlicht");
    let details = registration(architects);
    let resistant = |id: &str| details[id]["methodsRegistered"].as_array().unwrap().iter().any(|m| m == "passKeyDeviceBound" || m == "windowsHelloForBusiness");
    let admins: Vec<&str> = details.values().filter(|d| d["isAdmin"] == true).map(|d| text(d, "id")).collect();
    assert!(admins.len() >= 5 && admins.iter().all(|id| resistant(id)), "{admins:?}");
    assert_eq!(members(architects, "CA-BreakGlass-Exclude").len(), 2);
    assert!(!list(&architects.snapshot.role_eligibility).is_empty());
    for user in list(&architects.snapshot.users) {
        let person = user["accountEnabled"] == true && text(user, "userType") == "Member";
        assert!(!person || details[text(user, "id")]["isMfaRegistered"] == true, "{user}");
    }
    assert!(list(&architects.snapshot.conditional_access_policies).iter().all(|p| text(p, "state") == "enabled"));
}

#[test]
fn legacy_sign_ins_succeed_only_where_nothing_blocks_them() {
    let succeeded = |name: &str| {
        let legacy = ["IMAP4", "Authenticated SMTP", "Exchange ActiveSync"];
        sign_ins(tenant(name)).iter().filter(|s| legacy.contains(&text(s, "clientAppUsed")) && s["status"]["errorCode"] == 0).count()
    };
    assert!(succeeded("Vistula") > 100);
    assert!(succeeded("Hartley") > 0);
    assert_eq!(succeeded("Noordlicht"), 0);
    let off = list(&tenant("Vistula").snapshot.conditional_access_policies).iter().find(|p| text(p, "displayName").contains("Legacy")).unwrap();
    assert_eq!(text(off, "state"), "disabled");
}

#[test]
fn only_the_clinics_have_lost_their_consent() {
    let revoked: Vec<&str> = demo().iter().filter(|t| t.profile.consent_revoked).map(|t| t.profile.display_name.as_str()).collect();
    assert_eq!(revoked, ["Kestrel Valley Clinics"]);
}

#[test]
fn break_glass_accounts_sign_in_only_in_an_old_drill() {
    for (tenant, story) in demo().iter().zip(stories(7)) {
        let Some(name) = story.break_glass_group else { continue };
        let accounts = members(tenant, name);
        assert!(!accounts.is_empty());
        let group = list(&tenant.snapshot.groups).iter().find(|g| text(g, "displayName") == name).unwrap();
        assert_eq!(story.break_glass_group_id.as_deref(), group["id"].as_str());
        let own: Vec<Value> = sign_ins(tenant).into_iter().filter(|s| accounts.contains(&text(s, "userId"))).collect();
        assert!(own.len() <= 1);
        for sign_in in own {
            assert!(text(&sign_in, "createdDateTime").parse::<DateTime<Utc>>().unwrap() < anchor() - Duration::days(20));
        }
        for policy in list(&tenant.snapshot.conditional_access_policies) {
            assert!(policy["conditions"]["users"]["excludeGroups"].as_array().unwrap().contains(&group["id"]), "{policy}");
        }
    }
}

#[test]
fn names_try_the_screens() {
    let names = |tenant: &'static DemoTenant| -> Vec<&str> { list(&tenant.snapshot.users).iter().map(|u| text(u, "displayName")).collect() };
    let all: Vec<&str> = demo().iter().flat_map(names).collect();
    assert!(all.iter().any(|n| n.contains('🌸')));
    assert!(all.iter().any(|n| n.contains("<script>")));
    assert!(all.iter().any(|n| n.starts_with("=HYPERLINK(")));
    assert!(all.iter().any(|n| n.chars().count() > 120));
    assert!(all.iter().filter(|n| n.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c))).count() > 50);
    assert!(all.iter().filter(|n| n.chars().any(|c| ('\u{370}'..='\u{3ff}').contains(&c))).count() > 40);
    assert!(all.iter().filter(|n| n.chars().any(|c| ('\u{400}'..='\u{4ff}').contains(&c))).count() > 200);
    assert!(all.iter().filter(|n| n.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))).count() > 50);
    let factory = tenant("Falkenrath");
    let numbered = list(&factory.snapshot.users).iter().filter(|u| text(u, "mail").split('@').next().unwrap().ends_with(|c: char| c.is_ascii_digit())).count();
    assert!(numbered < 1500, "{numbered} of 5,000 sign-in names carry a number");
}

#[test]
fn the_past_holds_no_news() {
    for tenant in demo() {
        for raw in tenant.snapshot.directory_audits.as_ref().unwrap() {
            let entry: Value = serde_json::from_str(raw.get()).unwrap();
            assert!(text(&entry, "activityDateTime").parse::<DateTime<Utc>>().unwrap() < anchor() - Duration::days(3), "{entry}");
        }
    }
}

#[test]
fn life_goes_on_in_pieces_as_in_one() {
    let life = Life::new(7, anchor());
    let id = &tenant("Vistula").profile.id;
    let texts = |from: i64, to: i64| -> Vec<String> {
        let (from, to) = (anchor() + Duration::minutes(from), anchor() + Duration::minutes(to));
        life.sign_ins(id, from, to).iter().map(|r| r.get().to_owned()).collect()
    };
    let whole = texts(0, 240);
    let mut pieces = texts(97, 240);
    pieces.extend(texts(0, 97));
    assert!(!whole.is_empty());
    assert_eq!(whole, pieces);
    assert!(life.sign_ins("00000000-0000-0000-0000-000000000000", anchor(), anchor() + Duration::hours(1)).is_empty());
    let base: HashSet<String> = sign_ins(tenant("Vistula")).iter().map(|s| text(s, "id").to_owned()).collect();
    assert!(whole.iter().all(|t| !base.contains(text(&serde_json::from_str(t).unwrap(), "id"))));
}

/// The property names of a type in Graph's published description, inherited ones included.
fn properties(schemas: &Value, name: &str, into: &mut HashSet<String>) {
    let schema = &schemas[name];
    for part in std::iter::once(schema).chain(schema["allOf"].as_array().into_iter().flatten()) {
        if let Some(base) = part["$ref"].as_str() {
            properties(schemas, base.rsplit('/').next().unwrap(), into);
        }
        into.extend(part["properties"].as_object().into_iter().flat_map(|p| p.keys().cloned()));
    }
}

#[test]
fn every_property_is_one_that_graph_has() {
    let workspace = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let path = workspace.join("../shared/contracts/graph-openapi-slice.json");
    let Ok(text_of_contract) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is absent, so there is no published description to compare with", path.display());
        return;
    };
    let contract: Value = serde_json::from_str(&text_of_contract).unwrap();
    let schemas = &contract["components"]["schemas"];
    // `isPrivileged` of a role definition is described in beta only, and v1.0 answers with it.
    let check = |kind: &str, value: &Value| {
        let mut known = HashSet::from(["@odata.type".to_owned(), "isPrivileged".to_owned()]);
        properties(schemas, &format!("microsoft.graph.{kind}"), &mut known);
        assert!(known.len() > 3, "{kind} is not described");
        for name in value.as_object().unwrap().keys() {
            assert!(known.contains(name), "{kind} has no property {name}");
        }
    };
    for tenant in demo() {
        let s = &tenant.snapshot;
        for (kind, resources) in [
            ("organization", &s.organization),
            ("subscribedSku", &s.subscribed_skus),
            ("domain", &s.domains),
            ("user", &s.users),
            ("group", &s.groups),
            ("unifiedRoleDefinition", &s.role_definitions),
            ("unifiedRoleAssignment", &s.role_assignments),
            ("unifiedRoleEligibilityScheduleInstance", &s.role_eligibility),
            ("conditionalAccessPolicy", &s.conditional_access_policies),
            ("authenticationStrengthPolicy", &s.authentication_strengths),
            ("servicePrincipal", &s.service_principals),
            ("userRegistrationDetails", &s.user_registration_details),
        ] {
            list(resources).iter().for_each(|value| check(kind, value));
        }
        for value in list(&s.conditional_access_policies) {
            check("conditionalAccessConditionSet", &value["conditions"]);
            check("conditionalAccessUsers", &value["conditions"]["users"]);
            check("conditionalAccessApplications", &value["conditions"]["applications"]);
        }
        for value in list(&s.named_locations) {
            check(value["@odata.type"].as_str().unwrap().rsplit('.').next().unwrap(), value);
        }
        for value in s.authentication_methods.as_ref().unwrap().values().flatten() {
            check(value["@odata.type"].as_str().unwrap().rsplit('.').next().unwrap(), value);
        }
        for value in &sign_ins(tenant) {
            check("signIn", value);
            check("signInStatus", &value["status"]);
            check("deviceDetail", &value["deviceDetail"]);
            check("signInLocation", &value["location"]);
        }
        for raw in s.directory_audits.as_ref().unwrap() {
            check("directoryAudit", &serde_json::from_str(raw.get()).unwrap());
        }
    }
}
