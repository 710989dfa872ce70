//! The product's bar: 200,000 recorded sign-ins of 20,000 people against 60 policies in under a second; and beside it what a change's
//! dry run takes over them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::HashMap;
use std::hint::black_box;

use conditional_access::Engine;
use conditional_access::evaluate::Match;
use conditional_access::impact::{Changed, Impact, Pair, Wanted};
use conditional_access::replay::{Device, Replay, SignIn};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::json;

const SIGN_INS: usize = 200_000;

struct Logged {
    user: usize,
    application: usize,
    address: usize,
    client: &'static str,
    system: &'static str,
    country: &'static str,
    error: i64,
}

fn bench(criterion: &mut Criterion) {
    let scale = common::Scale { users: 20_000, ..common::BAR };
    let engine = Engine::new(common::tenant(scale));
    let mut dice = common::Dice::new(99);
    let users: Vec<String> = (0..scale.users).map(common::user_id).collect();
    let applications: Vec<String> = (0..scale.applications + 20).map(common::application_id).collect();
    // Offices are few, homes are many.
    let addresses: Vec<String> = (0..6_000).map(|n| if n < 40 { format!("203.0.113.{n}") } else { format!("100.{}.{}.7", 64 + n / 250, n % 250) }).collect();
    let log: Vec<Logged> = (0..SIGN_INS)
        .map(|_| {
            let user = dice.below(scale.users);
            Logged {
                user,
                application: dice.below(applications.len()),
                address: if dice.once_in(3) { dice.below(40) } else { 40 + user % 5_960 },
                client: dice.pick::<&str>(&["Browser", "Mobile Apps and Desktop clients", "Mobile Apps and Desktop clients", "IMAP4"]),
                system: dice.pick::<&str>(&["Windows 11", "Windows10", "Ios 18.6", "MacOs", "Android 15"]),
                country: dice.pick::<&str>(&["DE", "DE", "DE", "AT", "US"]),
                error: if dice.once_in(30) { 50126 } else { 0 },
            }
        })
        .collect();
    let sign_in = |logged: &Logged| -> SignIn<'_> {
        SignIn {
            user_id: &users[logged.user],
            app_id: &applications[logged.application],
            resource_id: &applications[logged.application],
            client_app: logged.client,
            operating_system: logged.system,
            address: &addresses[logged.address],
            country: logged.country,
            device: Some(Device {
                id: if logged.user.is_multiple_of(3) { &users[logged.user] } else { "" },
                compliant: Some(true),
                trust_type: "Azure AD joined",
                name: "",
            }),
            risk_during_sign_in: "none",
            risk_aggregated: "none",
            ..SignIn::default()
        }
    };
    // What Entra would have recorded: as the engine says, so that what is measured is the ordinary case.
    let mut texts: HashMap<Match, String> = HashMap::new();
    let records: Vec<String> = log
        .iter()
        .map(|logged| {
            let decided = engine.decide(&sign_in(logged).request());
            texts
                .entry(decided.clone())
                .or_insert_with(|| {
                    let entries = engine.policies().iter().enumerate().map(|(n, policy)| {
                        json!({"id": policy.id, "displayName": policy.display_name, "enforcedGrantControls": [], "result": if decided.sure.contains(n) { "success" } else { "notApplied" }})
                    });
                    serde_json::Value::Array(entries.collect()).to_string()
                })
                .clone()
        })
        .collect();
    println!("{} sign-ins, {} different records", log.len(), texts.len());
    let changed = HashMap::new();
    let mut group = criterion.benchmark_group("replay");
    group.sample_size(10);
    group.bench_function("200,000 sign-ins", |bencher| {
        bencher.iter(|| {
            let mut replay = Replay::new(&engine, &changed);
            for (logged, record) in log.iter().zip(&records) {
                let record = replay.record(record);
                replay.add(&sign_in(logged), 0, logged.error, record);
            }
            black_box(replay.tally().compared())
        });
    });
    // A dry run: one policy's exclusion is taken away; both engines are built, and every sign-in is judged by both.
    let before = engine.policies().first().expect("a policy").clone();
    let mut after = before.clone();
    after.conditions.users.exclude_groups.clear();
    let wanted = Wanted::Policy { before: Some(Box::new(before)), after: Some(Box::new(after)) };
    group.bench_function("dry run over 200,000 sign-ins", |bencher| {
        bencher.iter(|| {
            let pair = Pair::new(Changed::of(engine.tenant(), &wanted));
            let mut impact = Impact::new(&pair, &changed);
            for (logged, record) in log.iter().zip(&records) {
                let record = impact.record(record);
                impact.add(&sign_in(logged), 0, logged.error, record);
            }
            black_box(impact.groups().len())
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
