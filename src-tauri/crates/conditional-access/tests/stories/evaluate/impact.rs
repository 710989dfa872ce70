//! What a change does to a sign-in, held to what evaluation says before and after it, one sign-in at a time.

use std::collections::HashMap;

use conditional_access::evaluate::{Access, Verdict};
use conditional_access::impact::{Changed, Impact, Kind, Kinds, Pair, Wanted};
use conditional_access::replay::{Device, SignIn};
use conditional_access::tenant::Tenant;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::properties::{any_policy, policies_of};
use super::world::*;

fn any_sign_in() -> impl Strategy<Value = SignIn<'static>> {
    (
        select(&[ALICE, BOB, ADMIN, GUEST, LOCAL_GUEST, NOBODY][..]),
        select(&[EXCHANGE, PAYROLL, AZURE_PORTAL, ""][..]),
        select(&["Browser", "IMAP4", "Exchange ActiveSync", "Mobile Apps and Desktop clients", ""][..]),
        select(&["Windows 11", "Ios 18", ""][..]),
        select(&["203.0.113.5", "203.0.113.200", "8.8.8.8", ""][..]),
        select(&["CH", "US", ""][..]),
        select(vec![
            None,
            Some(Device::default()),
            Some(Device { id: "d", compliant: Some(true), ..Device::default() }),
            Some(Device { id: "d", compliant: None, trust_type: "Hybrid Azure AD joined", ..Device::default() }),
        ]),
    )
        .prop_map(|(user_id, app, client_app, operating_system, address, country, device)| SignIn {
            user_id,
            app_id: app,
            resource_id: app,
            client_app,
            operating_system,
            address,
            country,
            device,
            ..SignIn::default()
        })
}

/// Named, so that a policy is the same before and after.
fn named(policies: &[Value]) -> Vec<Value> {
    policies.iter().enumerate().map(|(n, policy)| with(policy, &format!("p{n}"))).collect()
}

fn with(policy: &Value, id: &str) -> Value {
    let mut policy = policy.clone();
    policy["id"] = json!(id);
    policy
}

fn tenant_of(policies: &[Value]) -> Tenant {
    Tenant { policies: self::policies(policies), ..tenant() }
}

/// 50074: the sign-in got as far as the policies, and did not succeed, so that its end says nothing.
const ASKED: i64 = 50_074;

fn judged(pair: &Pair, sign_in: &SignIn<'_>) -> Kinds {
    let mut impact = Impact::new(pair, &HashMap::new());
    let none = impact.record("[]");
    let group = impact.add(sign_in, 1, ASKED, none).unwrap();
    impact.group(group).unwrap().judged.kinds
}

fn change(tenant: &Tenant, before: Option<&Value>, after: Option<&Value>) -> Changed {
    let read = |value: &Value| Box::new(conditional_access::ConditionalAccessPolicy::from_value(value).unwrap());
    Changed::of(tenant, &Wanted::Policy { before: before.map(read), after: after.map(read) })
}

fn verdicts(pair: &Pair, sign_in: &SignIn<'_>) -> (Verdict, Verdict) {
    (pair.before().evaluate(&sign_in.request()).verdict, pair.after().evaluate(&sign_in.request()).verdict)
}

/// Newly unprotected and no longer asked are two ways of the same direction.
fn direction(kind: Kind) -> Kind {
    if kind == Kind::NoLongerAsked { Kind::NewlyUnprotected } else { kind }
}

fn mirror(kind: Kind) -> Kind {
    match kind {
        Kind::NewlyBlocked => Kind::NoLongerBlocked,
        Kind::NoLongerBlocked => Kind::NewlyBlocked,
        Kind::NewlyAsked => Kind::NewlyUnprotected,
        Kind::NewlyUnprotected | Kind::NoLongerAsked => Kind::NewlyAsked,
        Kind::CannotSay => Kind::CannotSay,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_change_has_no_impact(policies in policies_of(4), sign_in in any_sign_in()) {
        let pair = Pair::new(Changed::nothing(&tenant_of(&named(&policies))));
        prop_assert!(judged(&pair, &sign_in).is_empty());
    }

    #[test]
    fn the_other_way_round_every_kind_is_mirrored(policies in policies_of(3), old in any_policy(), new in any_policy(), sign_in in any_sign_in()) {
        let (old, new) = (with(&old, "x"), with(&new, "x"));
        let mut all = named(&policies);
        all.push(old.clone());
        let there = judged(&Pair::new(change(&tenant_of(&all), Some(&old), Some(&new))), &sign_in);
        let back = judged(&Pair::new(change(&tenant_of(&all), Some(&old), Some(&new)).swapped()), &sign_in);
        let mirrored: Kinds = there.iter().map(mirror).collect();
        let back: Kinds = back.iter().map(direction).collect();
        prop_assert_eq!(mirrored, back);
    }

    #[test]
    fn kinds_agree_with_evaluation_before_and_after(policies in policies_of(3), old in proptest::option::of(any_policy()), new in proptest::option::of(any_policy()), sign_in in any_sign_in()) {
        let (old, new) = (old.map(|policy| with(&policy, "x")), new.map(|policy| with(&policy, "x")));
        let mut all = named(&policies);
        all.extend(old.clone());
        let pair = Pair::new(change(&tenant_of(&all), old.as_ref(), new.as_ref()));
        let kinds = judged(&pair, &sign_in);
        let (before, after) = verdicts(&pair, &sign_in);
        let blocked = |verdict: &Verdict| verdict.access == Access::Blocked || (verdict.access == Access::Granted && verdict.legacy_cannot_satisfy);
        let granted = |verdict: &Verdict| verdict.access == Access::Granted && !verdict.legacy_cannot_satisfy;
        // What evaluation settles on both sides is settled here, and in the same way.
        if before.access != Access::CannotSay && after.access != Access::CannotSay {
            prop_assert_eq!(kinds.contains(Kind::NewlyBlocked), granted(&before) && blocked(&after));
            prop_assert_eq!(kinds.contains(Kind::NoLongerBlocked), blocked(&before) && granted(&after));
            if granted(&before) && granted(&after) {
                if before.requires.is_empty() && !after.requires.is_empty() {
                    prop_assert!(kinds.contains(Kind::NewlyAsked));
                }
                if !before.requires.is_empty() && after.requires.is_empty() {
                    prop_assert!(kinds.contains(Kind::NewlyUnprotected) || kinds.contains(Kind::NoLongerAsked));
                }
                if before.requires == after.requires && before.session == after.session && !kinds.contains(Kind::CannotSay) {
                    prop_assert!(kinds.is_empty());
                }
            }
        }
        // And what is settled here never contradicts a side that evaluation knows.
        if kinds.contains(Kind::NewlyBlocked) { prop_assert!(!blocked(&before) && !granted(&after)); }
        if kinds.contains(Kind::NoLongerBlocked) { prop_assert!(!granted(&before) && !blocked(&after)); }
        if kinds.contains(Kind::NewlyAsked) || kinds.contains(Kind::NewlyUnprotected) {
            prop_assert!(!blocked(&before) || !blocked(&after));
        }
        // Nothing open is passed: where nothing is said to differ, both sides are the same wherever evaluation knows them.
        if kinds.is_empty() {
            prop_assert!(!blocked(&before) || !granted(&after));
            prop_assert!(!granted(&before) || !blocked(&after));
        }
    }

    #[test]
    fn knowing_less_of_a_sign_in_never_settles_it_otherwise(policies in policies_of(3), old in any_policy(), new in any_policy(), sign_in in any_sign_in(), part in 0..5_usize) {
        let (old, new) = (with(&old, "x"), with(&new, "x"));
        let mut all = named(&policies);
        all.push(old.clone());
        let pair = Pair::new(change(&tenant_of(&all), Some(&old), Some(&new)));
        let mut less = sign_in;
        match part {
            0 => less.operating_system = "",
            1 => less.address = "",
            2 => less.country = "",
            3 => less.device = None,
            _ => { less.app_id = ""; less.resource_id = ""; }
        }
        let (full, less) = (judged(&pair, &sign_in), judged(&pair, &less));
        for kind in less.iter().filter(|kind| *kind != Kind::CannotSay) {
            prop_assert!(full.contains(kind) || full.contains(Kind::CannotSay), "{kind:?} was said of less, but not of more");
        }
        if less.is_empty() {
            prop_assert!(full.is_empty() || full.contains(Kind::CannotSay), "less was said not to be touched, more is");
        }
    }
}

#[test]
fn sign_ins_judged_together_come_to_what_each_comes_to_alone() {
    let old = with(&when(json!({"locations": {"includeLocations": ["All"], "excludeLocations": [OFFICE]}})), "x");
    let new = with(&when(json!({"users": {"includeUsers": ["All"], "excludeGroups": [INNER]}, "clientAppTypes": ["browser"]})), "x");
    let pair = Pair::new(change(&tenant_of(std::slice::from_ref(&old)), Some(&old), Some(&new)));
    let mut together = Impact::new(&pair, &HashMap::new());
    let none = together.record("[]");
    let mut seen = 0;
    for user_id in [ALICE, BOB, GUEST, NOBODY] {
        for client_app in ["Browser", "IMAP4", ""] {
            for address in ["203.0.113.5", "8.8.8.8", ""] {
                let sign_in = SignIn { user_id, client_app, address, app_id: EXCHANGE, country: "CH", ..SignIn::default() };
                let group = together.add(&sign_in, 1, ASKED, none).unwrap();
                assert_eq!(together.group(group).unwrap().judged.kinds, judged(&pair, &sign_in), "{user_id} {client_app} {address}");
                seen += 1;
            }
        }
    }
    assert_eq!(together.groups().iter().map(|group| group.sign_ins).sum::<u32>(), seen);
}
