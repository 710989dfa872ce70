//! A baseline of another tenant: which of this tenant's things it means, and which of this tenant's policies is the one.

use conditional_access::Names;
use conditional_access::baseline::{Baseline, ForeignName, from_tenant};
use conditional_access::drift::{DriftVerdict, Known, Row, drift};
use conditional_access::tenant::{Group, ServicePrincipal};
use conditional_access::words::IdKind;
use conditional_access::{Effect, Tenant};
use serde_json::{Value, json};

use super::tenant::{BREAK_GLASS, Directory, VIP, contoso, policy, row, rows, with};

const ROBOT: &str = "eeeeeeee-0000-0000-0000-000000000001";
const THEIRS: &str = "eeeeeeee-ffff-0000-0000-000000000009";

fn baseline(policy: &Value) -> Baseline {
    from_tenant("Wanted", std::slice::from_ref(policy), &Directory)
}

fn judged(tenant: &Tenant, baseline: &Baseline) -> Row {
    row(&rows(tenant, baseline), "CA1")
}

#[test]
fn an_id_that_the_tenant_has_is_that_thing_whatever_else_bears_its_name() {
    let mut tenant = contoso(&[policy("CA1 MFA", &["mfa"])]);
    let twin = Group { id: "aaaaaaaa-0000-0000-0000-00000000000f".into(), ..tenant.groups.as_ref().unwrap()[1].clone() };
    tenant.groups.as_mut().unwrap().push(twin);
    assert_eq!(judged(&tenant, &baseline(&policy("CA1 MFA", &["mfa"]))).verdict, DriftVerdict::Met);
    // Nor is its name spoken of where something else of the field differs.
    let wanted = with(policy("CA1 MFA", &["mfa"]), |p| p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, VIP]));
    let found = judged(&tenant, &baseline(&wanted));
    assert_eq!(found.reason, "In \u{201c}CA1 MFA\u{201d} excluded groups: Break glass instead of Break glass and VIP; it protects no less.");
}

#[test]
fn a_name_helps_only_among_things_of_its_kind_except_that_a_workload_is_known_by_its_application() {
    let robots = |id: &str| with(policy("CA1 Robots", &["block"]), |p| p["conditions"]["clientApplications"] = json!({"includeServicePrincipals": [id]}));
    let mut tenant = contoso(&[robots(ROBOT)]);
    tenant.service_principals = Some(vec![ServicePrincipal {
        id: ROBOT.into(),
        app_id: "eeeeeeee-0000-0000-0000-000000000002".into(),
        display_name: "Robot".into(),
        ..Default::default()
    }]);
    let mut theirs = baseline(&robots(THEIRS));
    theirs.names.insert(THEIRS.to_owned(), ForeignName { kind: IdKind::Application, names: vec!["Robot".to_owned()] });
    assert_eq!(judged(&tenant, &theirs).verdict, DriftVerdict::Met);

    let excluded = |id: &str| with(policy("CA1 MFA", &["mfa"]), |p| p["conditions"]["users"]["excludeGroups"] = json!([id]));
    let mut theirs = baseline(&excluded(THEIRS));
    theirs.names.insert(THEIRS.to_owned(), ForeignName { kind: IdKind::User, names: vec!["VIP".to_owned()] });
    let found = judged(&contoso(&[excluded(VIP)]), &theirs);
    assert_eq!(found.verdict, DriftVerdict::Changed, "{found:#?}");
    assert!(found.reason.ends_with(&format!("(the baseline does not say what the group {THEIRS} is called).")), "{}", found.reason);
}

#[test]
fn microsofts_strengths_are_the_same_everywhere_whatever_a_tenant_calls_its_own() {
    let strong = |name: &str| {
        with(policy("CA1 MFA", &[]), |p| {
            p["grantControls"] = json!({"operator": "OR", "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004", "displayName": name}})
        })
    };
    let of = |id: &str| {
        with(policy("CA1 MFA", &[]), |p| p["grantControls"] = json!({"operator": "OR", "authenticationStrength": {"id": id, "displayName": "Ours"}}))
    };
    let mut tenant = contoso(&[of("77777777-0000-0000-0000-000000000001")]);
    let own = json!({"id": "77777777-0000-0000-0000-000000000001", "displayName": "Ours", "allowedCombinations": ["fido2"]});
    tenant.authentication_strengths = Some(vec![conditional_access::model::AuthenticationStrength::from_value(&own).unwrap()]);
    assert_eq!(judged(&tenant, &baseline(&of("66666666-0000-0000-0000-000000000009"))).verdict, DriftVerdict::Met, "one's own is found by its name");
    let mut tenant = contoso(&[strong("Phishing-resistant MFA")]);
    tenant.authentication_strengths = Some(vec![conditional_access::model::AuthenticationStrength::from_value(&own).unwrap()]);
    assert_eq!(judged(&tenant, &baseline(&strong("Ours"))).verdict, DriftVerdict::Met);
}

/// Everything has a name of its own kind.
struct Everything;

impl Names for Everything {
    fn role(&self, id: &str) -> Option<String> {
        Some(format!("role {}", &id[..3]))
    }
    fn application(&self, id: &str) -> Option<String> {
        Some(format!("application {}", &id[..3]))
    }
    fn service_principal(&self, id: &str) -> Option<String> {
        Some(format!("workload {}", &id[..3]))
    }
    fn strength(&self, id: &str) -> Option<String> {
        Some(format!("strength {}", &id[..3]))
    }
    fn terms_of_use(&self, id: &str) -> Option<String> {
        Some(format!("terms {}", &id[..3]))
    }
    fn authentication_context(&self, id: &str) -> Option<String> {
        Some(format!("context {id}"))
    }
    fn tenant(&self, id: &str) -> Option<String> {
        Some(format!("organization {}", &id[..3]))
    }
}

#[test]
fn what_differs_is_told_by_the_tenants_own_names() {
    let (one, two) = ("1ab00000-0000-0000-0000-000000000001", "2ab00000-0000-0000-0000-000000000001");
    let guests = |id: &str| json!({"guestOrExternalUserTypes": "b2bCollaborationGuest", "externalTenants": {"@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants", "membershipKind": "enumerated", "members": [id]}});
    type Place = fn(&mut Value, Value);
    let cases: [(Place, Value, Value, &str, &str); 7] = [
        (|p, v| p["conditions"]["users"]["excludeRoles"] = v, json!([one]), json!([two]), "role 1ab", "role 2ab"),
        (|p, v| p["conditions"]["applications"]["excludeApplications"] = v, json!([one]), json!([two]), "application 1ab", "application 2ab"),
        (|p, v| p["conditions"]["clientApplications"] = json!({"excludeServicePrincipals": v}), json!([one]), json!([two]), "workload 1ab", "workload 2ab"),
        (|p, v| p["grantControls"]["authenticationStrength"] = json!({"id": v}), json!(one), json!(two), "strength 1ab", "strength 2ab"),
        (|p, v| p["grantControls"]["termsOfUse"] = v, json!([one]), json!([two]), "terms 1ab", "terms 2ab"),
        (
            |p, v| p["conditions"]["applications"] = json!({"includeAuthenticationContextClassReferences": v}),
            json!(["c1"]),
            json!(["c2"]),
            "context c1",
            "context c2",
        ),
        (|p, v| p["conditions"]["users"]["excludeGuestsOrExternalUsers"] = v, guests(one), guests(two), "organization 1ab", "organization 2ab"),
    ];
    for (place, theirs, ours, before, after) in cases {
        let of = |value: &Value| with(policy("CA1 MFA", &["mfa"]), |p| place(p, value.clone()));
        let found = drift(&contoso(&[of(&ours)]), &from_tenant("Wanted", &[of(&theirs)], &Everything), &Known::only_names(&Everything));
        let told = &row(&found, "CA1").differences;
        assert!(told.iter().any(|d| (d.before.as_str(), d.after.as_str()) == (before, after)), "{before}: {told:#?}");
    }
}

fn x(name: &str, state: &str) -> Value {
    with(policy(name, &["mfa"]), |p| p["state"] = json!(state))
}

#[test]
fn the_policy_of_the_same_content_is_it_and_of_several_the_one_of_the_same_name_and_state() {
    let wanted = baseline(&x("CA1 MFA", "enabled"));
    let id = |policy: &Value| vec![policy["id"].as_str().unwrap().to_owned()];
    let found = |policies: &[Value]| judged(&contoso(policies), &wanted);
    let same = x("CA1 MFA", "enabled");
    let row = found(&[x("Another", "enabled"), same.clone()]);
    assert_eq!((row.verdict, row.policies), (DriftVerdict::Met, id(&same)), "name and state");
    assert_eq!(row.reason, "\u{201c}CA1 MFA\u{201d} is there as the baseline has it.");
    let other = x("Another", "enabled");
    let row = found(&[x("CA1 MFA", "enabledForReportingButNotEnforced"), other.clone()]);
    assert_eq!((row.verdict, row.policies), (DriftVerdict::Met, id(&other)), "then the state: it is what protects");
    let off = x("CA1 MFA", "disabled");
    let row = found(&[x("Another", "disabled"), off.clone()]);
    assert_eq!((row.verdict, row.policies), (DriftVerdict::Changed, id(&off)), "then the name");
    let changed = with(x("CA1 MFA", "enabled"), |p| p["conditions"]["clientAppTypes"] = json!(["browser"]));
    let row = found(&[changed, off.clone()]);
    assert_eq!((row.verdict, row.policies), (DriftVerdict::Changed, id(&off)), "the content goes before the name alone");
    let renamed = with(x("Renamed", "enabled"), |p| p["conditions"]["clientAppTypes"] = json!(["browser"]));
    let row = found(std::slice::from_ref(&renamed));
    assert_eq!((row.verdict, row.policies), (DriftVerdict::Changed, id(&renamed)), "renamed and changed in one field");
}

#[test]
fn a_missing_policy_is_told_by_the_nearest_that_is_no_other_controls_and_by_the_field_that_weakens() {
    let legacy = |name: &str| with(policy(name, &["block"]), |p| p["conditions"]["clientAppTypes"] = json!(["exchangeActiveSync", "other"]));
    let wanted = from_tenant("Wanted", &[policy("CA1 MFA", &["mfa"]), legacy("CA2 Legacy")], &Directory);
    let far = with(legacy("Somewhere"), |p| {
        p["state"] = json!("disabled");
        p["description"] = json!("Why it is there");
        p["conditions"]["users"]["excludeGroups"] = json!([]);
        p["conditions"]["platforms"] = json!({"includePlatforms": ["android", "iOS"]});
    });
    let found = row(&rows(&contoso(&[policy("CA1 MFA", &["mfa"]), far.clone()]), &wanted), "CA2");
    assert_eq!(found.verdict, DriftVerdict::Missing);
    let told: Vec<(&str, Effect)> = found.differences.iter().map(|d| (d.path.as_str(), d.effect)).collect();
    assert_eq!(
        told,
        [("state", Effect::Weakens), ("conditions.users.excludeGroups", Effect::Strengthens), ("conditions.platforms.includePlatforms", Effect::Weakens)],
        "neither name nor description"
    );
    let miss = found.near_miss.unwrap();
    assert_eq!((miss.policy, miss.path.as_str()), (far["id"].as_str().unwrap().to_owned(), "state"));
    assert_eq!(found.reason, "No policy of the tenant has this content or this name; \u{201c}Somewhere\u{201d} differs in 3 fields.");
    // Switched on, what weakens is told before what strengthens.
    let far = with(far, |p| p["state"] = json!("enabled"));
    let found = row(&rows(&contoso(&[policy("CA1 MFA", &["mfa"]), far]), &wanted), "CA2");
    assert_eq!(found.near_miss.unwrap().path, "conditions.platforms.includePlatforms");
}
