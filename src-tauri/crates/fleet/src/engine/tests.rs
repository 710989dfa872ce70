//! The demo fleet's recorded sign-ins against the engine: its own small evaluator and ours are two readings of the same documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

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
        let shown: Vec<String> = replayed
            .disagreements
            .iter()
            .flat_map(|found| found.policies.iter())
            .map(|policy| format!("{}: {} / {}", policy.policy_name, policy.recorded, policy.engine))
            .collect();
        assert!(shown.is_empty(), "{name}: {shown:#?}");
        assert_eq!(tally.disagree, 0);
        // A practice on security defaults has no policies to compare.
        assert!(tally.agree > 0 || tenant.snapshot.conditional_access_policies.as_ref().is_none_or(Vec::is_empty), "{name}: nothing was compared");
        assert_eq!(tally.sign_ins, tally.compared() + tally.cannot_say + tally.changed_since + tally.not_recorded);
    }
}
