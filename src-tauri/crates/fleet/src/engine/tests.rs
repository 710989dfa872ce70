//! The demo fleet's recorded sign-ins against the engine: its own small evaluator and ours are two readings of the same documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use chrono::{TimeZone, Utc};

use super::{TenantEngine, replay};

#[test]
fn the_engine_agrees_with_what_the_demo_fleet_recorded() {
    let anchor = Utc.with_ymd_and_hms(2026, 11, 20, 9, 30, 0).unwrap();
    for tenant in graph_simulator::demo::fleet(1, anchor) {
        let name = &tenant.profile.display_name;
        let engine = TenantEngine::of_snapshot(&tenant.snapshot);
        let replayed = replay::of_snapshot(&tenant.snapshot, &engine).unwrap();
        let tally = &replayed.tally;
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for disagreement in &replayed.disagreements {
            for policy in disagreement.policies.iter() {
                *kinds.entry(format!("{} | {} | {}", policy.policy_name, policy.recorded, policy.engine)).or_default() += 1;
            }
        }
        println!(
            "{name}: {} sign-ins, {} compared, {} agree, {} cannot say, {} changed since, {} not recorded",
            tally.sign_ins, tally.compared(), tally.agree, tally.cannot_say, tally.changed_since, tally.not_recorded
        );
        for open in &replayed.open {
            println!("   open: {} {} never_in_log={} {}", open.policy_name, open.sign_ins, open.never_in_log, open.why);
        }
        for (kind, n) in &kinds {
            println!("   {n} x {kind}");
        }
    }
}
