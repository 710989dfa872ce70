//! What a sync of the demo fleet costs, for who wants to see it; speed and memory of large tenants are the benchmark's.

use chrono::Utc;

use crate::fixture::*;

/// Not part of the ordinary run: prints what the whole demo fleet costs, at Microsoft's real limits.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "prints figures; takes about a minute"]
async fn figures_of_the_demo_fleet() {
    let demo = graph_simulator::demo::fleet(7, Utc::now());
    let world = world_with(
        demo,
        |options| {
            options.limits = graph_simulator::Limits::Real;
            options.quirks = true;
        },
        |options| options.client = fleet::FleetOptions::new("").client,
    )
    .await;
    for round in ["first", "unchanged"] {
        let summary = world.sync().await;
        println!("{round}: {:.1} s, {} requests, {} rows", summary.seconds, summary.requests, summary.rows);
        for tenant in &summary.tenants {
            println!(
                "  {:<34} {:?} {:>6.1} s {:>4} requests {:>6} rows {}",
                tenant.display_name,
                tenant.phase,
                tenant.seconds,
                tenant.requests,
                tenant.rows,
                tenant.problem.as_ref().map(ToString::to_string).unwrap_or_default()
            );
            for kind in &tenant.kinds {
                let problem = kind.problem.as_ref().map(|problem| problem.what.clone()).unwrap_or_default();
                println!(
                    "      {:<24} {:?} {:<7} {:>6} rows {:>3} requests {:>6.2} s {problem}",
                    kind.kind, kind.status, kind.how, kind.rows, kind.requests, kind.seconds
                );
            }
        }
    }
    let picture = world.fleet.sync_state().borrow().clone();
    assert!(!picture.running);
}
