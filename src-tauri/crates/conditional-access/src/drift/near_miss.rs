//! The policy that comes closest to an unmet effect control and the one field that fails, found by trying: each policy that
//! could help is changed in one field, and whichever change lets nobody, or the fewest, fall through is the one.

use std::collections::HashSet;

use super::NearMiss;
use super::effect::{Trial, about_it, dimensions, helping, plain_circumstances};
use super::people::{Class, small_tenant};
use super::policy::should;
use super::probe::{Bench, Cell, Probe, enforced};
use crate::baseline::{Expectation, Place};
use crate::difference::{Effect, Prepared};
use crate::evaluate::Engine;
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
    let variants = variants(bench, expected);
    if variants.is_empty() {
        return None;
    }
    // One of each class is enough to try.
    let people: HashSet<String> = failing.iter().filter_map(|class| class.ids(bench).next()).map(|id| id.to_ascii_lowercase()).collect();
    let small = Engine::new(small_tenant(bench.tenant, &people, bench.tenant.policies.clone().unwrap_or_default()));
    let mut trial = Bench::new(&small, variants.iter().map(|v| v.policy.clone()).collect(), bench.known);
    if trial.classes.is_empty() {
        trial.classes.push(Class::anybody());
    }
    let dimensions = dimensions(&trial, expected);
    let plain = plain(&trial, expected);
    let base = trial.enforced();
    let best = variants
        .iter()
        .enumerate()
        .filter(|(n, variant)| !locks_out(&trial, &plain, variant.of, trial.own + n))
        .filter_map(|(n, variant)| {
            let mut both = base.clone();
            both.insert(trial.own + n);
            let cells = trial.combine(&dimensions, &helping(&trial, &both, expected));
            let mut changed = both;
            changed.remove(variant.of);
            let after = falling(&trial, expected, &changed, &cells);
            (after < falling(&trial, expected, &base, &cells)).then_some((after, n))
        })
        .min()?;
    let variant = variants.get(best.1)?;
    let differences = Prepared::of(&bench.policy(variant.of)?.to_value()).difference(&Prepared::of(&variant.policy.to_value()), bench.known.names);
    let difference = differences.iter().find(|d| d.effect == Effect::Strengthens).or(differences.first())?;
    let ending = if best.0.0 == 0 { String::new() } else { "; less would fall through then, not nothing".to_owned() };
    Some(NearMiss {
        policy: bench.policy_id(variant.of),
        path: difference.path.clone(),
        field: difference.field.clone(),
        reason: format!("{} comes closest: its {}{ending}.", bench.policy_name(variant.of), should(difference, &difference.before, &difference.after)),
    })
}

fn variants(bench: &Bench<'_>, expected: &Expectation) -> Vec<Variant> {
    let all: IdSet = (0..bench.own).collect();
    let about_it = about_it(bench, &helping(bench, &all, expected), expected);
    let mut variants: Vec<Variant> = Vec::new();
    for at in about_it.iter().take(CANDIDATES) {
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
    variants
}

/// How badly people fall through (twice where nothing is about it at all), and in how many of these sign-ins.
fn falling(trial: &Bench<'_>, expected: &Expectation, policies: &IdSet, cells: &[Cell]) -> (usize, usize) {
    let mask = helping(trial, policies, expected);
    let about_it = about_it(trial, &mask, expected);
    let on_trial = Trial { bench: trial, expected, mask: &mask, about_it: &about_it };
    let people: Vec<&Class> = trial.classes.iter().collect();
    on_trial
        .classes(&people, cells)
        .iter()
        .filter(|outcome| !outcome.found.failing.is_empty())
        .fold((0, 0), |(bad, sign_ins), outcome| (bad + if outcome.found.met_somewhere { 1 } else { 2 }, sign_ins + outcome.found.failing_in))
}

/// Everyday sign-ins, which a control about something special must leave alone.
fn plain(trial: &Bench<'_>, expected: &Expectation) -> Vec<Vec<Probe>> {
    let mut dimensions = plain_circumstances(trial);
    dimensions.push(vec![trial.any_other_application()]);
    dimensions.push(match expected.when.place {
        Place::Outside => trial.inside(),
        Place::Everywhere => trial.every_place(),
    });
    dimensions
}

/// Whether the change would block everyday sign-ins that the policy did not block: nobody would call that close.
fn locks_out(trial: &Bench<'_>, plain: &[Vec<Probe>], original: usize, variant: usize) -> bool {
    if !trial.engine.demand(variant).is_some_and(|demand| demand.blocks) {
        return false;
    }
    let cells = trial.combine(plain, &[original, variant].into_iter().collect());
    trial.classes.iter().any(|class| {
        let who = trial.engine.match_subject(&class.subject);
        cells.iter().any(|cell| {
            let mut fits = cell.fits.clone();
            fits.and(&who);
            fits.possible.contains(variant) && !fits.possible.contains(original)
        })
    })
}
