//! The policy that comes closest to an unmet effect control and the one field that fails, found by trying: each policy that
//! could help is changed in one field, and whichever change lets nobody, or the fewest, fall through is the one.

use std::collections::HashSet;

use super::NearMiss;
use super::effect::{Trial, dimensions, helping};
use super::policy::field_words;
use super::probe::{Bench, Class, enforced, small_tenant};
use super::satisfies::policy_satisfies;
use crate::baseline::Expectation;
use crate::difference::{Effect, Prepared};
use crate::evaluate::Truth;
use crate::evaluate::bits::IdSet;
use crate::model::ConditionalAccessPolicy;
use crate::model::conditions::ClientAppType;

/// More candidates than this are not tried.
const CANDIDATES: usize = 16;

type Change = fn(&mut ConditionalAccessPolicy);

/// Each field that can keep a policy from somebody or something, opened.
const CHANGES: [Change; 15] = [
    |p| p.conditions.users.exclude_groups.clear(),
    |p| p.conditions.users.exclude_users.clear(),
    |p| p.conditions.users.exclude_roles.clear(),
    |p| p.conditions.users.exclude_guests = None,
    |p| p.conditions.users.include_users = vec!["All".to_owned()],
    |p| p.conditions.applications.exclude.clear(),
    |p| p.conditions.applications.include = vec!["All".to_owned()],
    |p| p.conditions.locations = None,
    |p| p.conditions.platforms = None,
    |p| p.conditions.client_app_types = vec![ClientAppType::All],
    |p| p.conditions.devices = None,
    |p| p.conditions.sign_in_risk_levels.clear(),
    |p| p.conditions.user_risk_levels.clear(),
    |p| p.conditions.authentication_flows = None,
    |p| p.conditions.insider_risk_levels.clear(),
];

struct Variant {
    of: usize,
    policy: ConditionalAccessPolicy,
}

pub(super) fn of(bench: &Bench<'_>, expected: &Expectation, failing: &[&Class]) -> Option<NearMiss> {
    let candidates: Vec<usize> = (0..bench.own)
        .filter(|at| policy_satisfies(&bench.engine, bench.tenant, *at, &expected.demand, expected.when.unmanaged_device) == Truth::Yes)
        .take(CANDIDATES)
        .collect();
    let mut variants: Vec<Variant> = Vec::new();
    for at in candidates {
        let Some(policy) = bench.policy(at) else { continue };
        if !policy.is_enforced() {
            variants.push(Variant { of: at, policy: enforced(policy) });
            continue;
        }
        for change in CHANGES {
            let mut changed = policy.clone();
            change(&mut changed);
            if changed != *policy {
                variants.push(Variant { of: at, policy: changed });
            }
        }
    }
    if variants.is_empty() {
        return None;
    }
    // One of each class is enough to try.
    let people: HashSet<String> = failing.iter().filter_map(|class| class.users.first()).map(|id| id.to_ascii_lowercase()).collect();
    let small = small_tenant(bench.tenant, &people, bench.tenant.policies.clone().unwrap_or_default());
    let trial = Bench::new(&small, variants.iter().map(|v| v.policy.clone()).collect(), bench.known);
    let dimensions = dimensions(&trial, expected);
    let base = trial.enforced();
    let failing_with = |policies: &IdSet| {
        let mask = helping(&trial, policies, expected);
        let cells = trial.combine(&dimensions, &mask);
        let on_trial = Trial { bench: &trial, expected, mask: &mask };
        trial.classes.iter().map(|class| on_trial.class(class, &cells).failing.len()).sum::<usize>()
    };
    let before = failing_with(&base);
    let best = variants
        .iter()
        .enumerate()
        .map(|(n, variant)| {
            let mut policies = base.clone();
            policies.remove(variant.of);
            policies.insert(trial.own + n);
            (failing_with(&policies), n)
        })
        .min()?;
    let variant = variants.get(best.1).filter(|_| best.0 < before)?;
    let differences = Prepared::of(&bench.policy(variant.of)?.to_value()).difference(&Prepared::of(&variant.policy.to_value()), bench.known.names);
    let difference = differences.iter().find(|d| d.effect == Effect::Strengthens).or(differences.first())?;
    let ending = if best.0 == 0 { String::new() } else { "; then fewer would fall through".to_owned() };
    Some(NearMiss {
        policy: bench.policy_id(variant.of),
        path: difference.path.clone(),
        field: difference.field.clone(),
        reason: format!("{} comes closest: its {} is {} and should be {}{ending}.", bench.policy_name(variant.of), field_words(&difference.field), difference.before, difference.after),
    })
}
