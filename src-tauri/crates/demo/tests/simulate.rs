//! The *Simulate* menu: every kind of alert that a customer can cause, and the one that this computer causes, can be seen to work.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use demo::Demo;
use fleet::views::alerts::{AlertFilter, AlertState};
use fleet::views::settings::Settings;
use fleet::{Fleet, FleetOptions, SyncRequest, VaultChoice};

/// What happens, and the alert that it raises.
const RAISES: [(&str, &str); 10] = [
    ("editPolicy", "policy.changed_in_portal"),
    ("weakenPolicy", "policy.changed_in_portal"),
    ("dropExclusion", "breakglass.exclusion_missing"),
    ("breakGlassSignIn", "breakglass.signin"),
    ("breakGlassMember", "breakglass.membership_changed"),
    ("assignRole", "role.privileged_assigned"),
    ("legacySignIn", "signin.legacy_succeeded"),
    ("adminLosesMfa", "mfa.admin_unprotected"),
    ("revokeConsent", "tenant.consent_lost"),
    ("missedDay", "tenant.sync_stale"),
];

fn open_alerts(fleet: &Fleet, tenant: &str, kind: &str) -> BTreeSet<String> {
    let filter = AlertFilter { kinds: vec![kind.to_owned()], tenant: Some(tenant.to_owned()), states: vec![AlertState::Open], ..AlertFilter::default() };
    let alerts = fleet::views::alerts::list(fleet.store(), &filter).unwrap().rows;
    alerts.into_iter().map(|alert| format!("{} {} {}", alert.id, alert.count, alert.title)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_alert_can_be_seen_to_work() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = FleetOptions::new(folder.path());
    options.vault = VaultChoice::Memory;
    let fleet = Fleet::open(options).unwrap();
    let demo = Demo::start(&fleet).await.unwrap();
    demo.open(&fleet, &Settings::default().technician).await.unwrap();
    let named = fleet.tenants().unwrap();
    // Without the two large customers: Microsoft's limits would make them take a minute.
    let small = named.iter().filter(|tenant| !["Falkenrath Maschinenbau", "Vistula Dnipro Logistics"].contains(&tenant.display_name.as_str()));
    fleet.sync(SyncRequest { tenants: small.map(|tenant| tenant.id.clone()).collect(), full: false }).await.unwrap();
    for (event, kind) in RAISES {
        let before: BTreeSet<String> = named.iter().flat_map(|tenant| open_alerts(&fleet, &tenant.id, kind)).collect();
        let said = if event == "missedDay" { fleet.demo_missed_day().await.unwrap() } else { demo.simulate(event).unwrap() };
        let tenant = named.iter().find(|tenant| said.starts_with(&format!("{}: ", tenant.display_name))).unwrap_or_else(|| panic!("{event}: {said}"));
        if event == "revokeConsent" {
            // A token that was given before goes on working for an hour; a new process has none.
            fleet.lend_demo_credentials(&[]);
        }
        if event != "missedDay" {
            fleet.sync(SyncRequest { tenants: vec![tenant.id.clone()], full: false }).await.unwrap();
        }
        let after = open_alerts(&fleet, &tenant.id, kind);
        assert!(after.iter().any(|alert| !before.contains(alert)), "{event}: no {kind} at {}: {said}\n{after:#?}", tenant.display_name);
    }
}
