//! The product's bar: import of 300 exported policies under 100 ms. Beside it what follows an import: a tenant held against
//! a baseline, and what a change of a policy weakened.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::hint::black_box;
use std::time::Duration;

use conditional_access::NoNames;
use conditional_access::baseline::{BaselineFile, built_in, from_tenant, import};
use conditional_access::drift::{Known, drift, overlaps, weakened};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};

/// As beta's exports look: annotations, empty members, indented, each with three groups that a file names.
fn exported(n: usize) -> Value {
    let list = |values: Vec<String>| json!(values);
    let controls = [vec!["mfa"], vec!["block"], vec!["compliantDevice", "domainJoinedDevice"]];
    json!({
        "@odata.context": "https://graph.microsoft.com/beta/$metadata#identity/conditionalAccess/policies/$entity",
        "@odata.type": "#microsoft.graph.conditionalAccessPolicy",
        "id": format!("00000000-0000-4000-c000-{n:012x}"), "templateId": null, "displayName": format!("CA{n:03}-Global-AnyApp"),
        "createdDateTime@odata.type": "#DateTimeOffset", "createdDateTime": "2024-05-24T09:27:52.7009813Z", "state": "enabled", "sessionControls": null,
        "conditions": {
            "@odata.type": "#microsoft.graph.conditionalAccessConditionSet", "userRiskLevels@odata.type": "#Collection(microsoft.graph.riskLevel)",
            "userRiskLevels": [], "signInRiskLevels": [], "clientAppTypes": ["all"], "platforms": null, "locations": null, "times": null, "devices": null,
            "applications": {"includeApplications": list(vec![common::application_id(n)]), "excludeApplications": [], "includeUserActions": [], "applicationFilter": null},
            "users": {"includeUsers": ["All"], "excludeUsers": [], "excludeGroups": list((0..3).map(|g| common::group_id(n % 40 + g)).collect()),
                "includeRoles": [], "excludeRoles": [], "includeGuestsOrExternalUsers": null, "excludeGuestsOrExternalUsers": null}
        },
        "grantControls": {"operator": "OR", "builtInControls": controls[n % 3], "customAuthenticationFactors": [], "termsOfUse": [], "authenticationStrength": null}
    })
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn bench(criterion: &mut Criterion) {
    let mut files: Vec<(String, Vec<u8>)> = (0..300)
        .map(|n| {
            let text = serde_json::to_string_pretty(&exported(n)).unwrap();
            (format!("ConditionalAccess/CA{n:03}.json"), if n % 2 == 0 { text.into_bytes() } else { utf16(&text) })
        })
        .collect();
    files.extend((0..45).map(|n| {
        (format!("Groups/{n}.json"), json!({"id": common::group_id(n), "displayName": format!("Group {n}"), "groupTypes": []}).to_string().into_bytes())
    }));
    let files: Vec<BaselineFile<'_>> = files.iter().map(|(path, bytes)| BaselineFile { path, bytes }).collect();
    assert_eq!(import("bench", &files).unwrap().baseline.controls.len(), 300);
    let mut group = criterion.benchmark_group("baselines");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    group.bench_function("import of 300 policies", |bencher| bencher.iter(|| black_box(import("bench", &files))));

    let tenant = common::tenant(common::BAR);
    let known = Known::only_names(&NoNames);
    let built_in = built_in();
    group.bench_function("100,000 users, 60 policies against the built-in baseline", |bencher| bencher.iter(|| black_box(drift(&tenant, &built_in, &known))));
    let policies: Vec<Value> = tenant.policies.iter().flatten().map(conditional_access::ConditionalAccessPolicy::to_value).collect();
    let own = from_tenant("itself", &policies, &NoNames);
    group.bench_function("100,000 users, 60 policies against themselves", |bencher| bencher.iter(|| black_box(drift(&tenant, &own, &known))));
    group.bench_function("100,000 users, 60 policies that overlap", |bencher| bencher.iter(|| black_box(overlaps(&tenant, &known))));
    let before = tenant.policies.clone().unwrap();
    let mut after = before.clone();
    after[0].conditions.users.exclude_groups.push(common::group_id(3));
    group.bench_function("100,000 users, what one change weakened", |bencher| bencher.iter(|| black_box(weakened(&before, &after, &tenant, &known))));
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
