//! The product's bar: coverage of 100,000 users, 60 policies and 40 applications under 250 ms on one core.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::hint::black_box;
use std::time::Duration;

use conditional_access::Engine;
use conditional_access::coverage::{Marks, coverage};
use criterion::{Criterion, criterion_group, criterion_main};

/// `VmHWM` of proc(5), the peak resident set; None where the system does not tell.
fn peak_megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}

fn bench(criterion: &mut Criterion) {
    let tenant = common::tenant(common::BAR);
    let engine = Engine::new(tenant.clone());
    let found = coverage(&engine, &Marks::default());
    println!(
        "{} users, {} policies, {} applications: {} classes, {} gaps",
        common::BAR.users,
        common::BAR.policies,
        found.applications.len(),
        found.classes.len(),
        found.gaps.len()
    );
    if let Some(peak) = peak_megabytes() {
        println!("peak memory so far, two copies of the tenant in it: {peak} MB (bar: under 200 MB)");
    }
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
