//! The product's bar: coverage of 100,000 users, 60 policies and 40 applications under 250 ms on one core.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::hint::black_box;
use std::time::Duration;

use conditional_access::Engine;
use conditional_access::coverage::{Marks, coverage};
use criterion::{Criterion, criterion_group, criterion_main};

fn bench(criterion: &mut Criterion) {
    let tenant = common::tenant(common::BAR);
    let engine = Engine::new(tenant.clone());
    let found = coverage(&engine, &Marks::default());
    println!(
        "{} users, {} policies, {} applications: {} classes, {} gaps",
        common::BAR.users, common::BAR.policies, found.applications.len(), found.classes.len(), found.gaps.len()
    );
    let mut group = criterion.benchmark_group("coverage");
    group.sample_size(20).measurement_time(Duration::from_secs(8));
    group.bench_function("100,000 users, 60 policies, 40 applications", |bencher| bencher.iter(|| black_box(coverage(&engine, &Marks::default()))));
    group.bench_function("the same, the engine built from the tenant too", |bencher| {
        bencher.iter_batched(|| tenant.clone(), |tenant| black_box(coverage(&Engine::new(tenant), &Marks::default())), criterion::BatchSize::PerIteration);
    });
    let worst = Engine::new(common::scattered(common::BAR));
    let found = coverage(&worst, &Marks::default());
    println!("scattered: {} classes, {} gaps", found.classes.len(), found.gaps.len());
    group.bench_function("people scattered over the groups at random", |bencher| bencher.iter(|| black_box(coverage(&worst, &Marks::default()))));
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
