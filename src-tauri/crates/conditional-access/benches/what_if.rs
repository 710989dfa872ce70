//! The product's bars: one what-if with its reasons under 50 microseconds with 60 policies; deciding fast enough for the replay
//! of 200,000 sign-ins under a second.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::hint::black_box;

use conditional_access::{Engine, Request};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::json;

fn bench(criterion: &mut Criterion) {
    let engine = Engine::new(common::tenant(common::BAR));
    let user = engine.tenant().users.as_ref().unwrap()[4711].id.clone();
    let value = json!({
        "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": user},
        "signInContext": {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": [common::application_id(3)]},
        "signInConditions": {
            "clientAppType": "browser", "devicePlatform": "windows", "ipAddress": "203.0.113.5", "country": "CH", "signInRiskLevel": "none",
            "userRiskLevel": "none", "insiderRiskLevel": "none", "authenticationFlow": {"transferMethod": "none"}, "deviceInfo": {"isCompliant": true, "trustType": "AzureAD"},
        },
    });
    let request = Request::from_value(&value).unwrap();
    let subject = engine.match_subject(&engine.subject(&request.identity));
    let parts = [
        engine.match_context(&request.context),
        engine.match_client(&request.conditions),
        engine.match_platform(&request.conditions),
        engine.match_location(&request.conditions),
        engine.match_risk(&request.conditions),
        engine.match_device(&request.conditions),
        engine.match_flow(&request.conditions),
    ];
    let mut group = criterion.benchmark_group("what-if with 60 policies");
    group.bench_function("with reasons", |bencher| bencher.iter(|| black_box(engine.evaluate(&request))));
    group.bench_function("in English, as Graph's JSON", |bencher| bencher.iter(|| black_box(engine.evaluate(&request).to_graph_value(&engine).to_string())));
    group.bench_function("read from JSON", |bencher| bencher.iter(|| black_box(Request::from_value(&value))));
    group.bench_function("decided without reasons", |bencher| bencher.iter(|| black_box(engine.decide(&request))));
    let mut scratch = subject.clone();
    group.bench_function("decided from parts that were judged before", |bencher| {
        bencher.iter(|| {
            scratch.copy_from(&subject);
            parts.iter().for_each(|part| scratch.and(part));
            black_box(scratch.sure.len())
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
