//! Checks of how policies and what they lean on are kept: exclusions, report-only, trusted ranges, leftovers.

use std::collections::{BTreeSet, HashSet};
use std::net::IpAddr;

use super::probe::Bench;
use super::satisfies::policy_satisfies;
use super::{DriftVerdict, Row};
use crate::baseline::{Check, Control, Demand};
use crate::evaluate::{FindingKind, Identity, Truth, UserSignIn};
use crate::model::PolicyState;
use crate::network::IpRange;
use crate::tenant::Place;
use crate::words::IdKind;
use crate::words::{special_word, values::and_few};

pub(super) fn judge(bench: &Bench<'_>, control: &Control, check: &Check) -> Row {
    if bench.tenant.policies.is_none() && !matches!(check, Check::TrustedRanges { .. } | Check::DefaultsOrConditionalAccess) {
        return Row::new(control, DriftVerdict::Unknown, "The tenant's policies were never read.".to_owned());
    }
    match check {
        Check::BreakGlassExcluded => break_glass(bench, control),
        Check::NoSingleUserExcludedFromMfa => single_users(bench, control),
        Check::NoReportOnly => report_only(bench, control),
        Check::DefaultsOrConditionalAccess => defaults(bench, control),
        Check::TrustedRanges { ipv4, ipv6 } => trusted_ranges(bench, control, *ipv4, *ipv6),
        Check::NothingDeleted => nothing_deleted(bench, control),
    }
}

fn named(bench: &Bench<'_>, policies: &[usize]) -> String {
    and_few(policies.iter().map(|at| bench.policy_name(*at)).collect())
}

fn with_policies(bench: &Bench<'_>, policies: &[usize], row: Row) -> Row {
    Row { policies: policies.iter().map(|at| bench.policy_id(*at)).collect(), ..row }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

fn break_glass(bench: &Bench<'_>, control: &Control) -> Row {
    let Some(accounts) = bench.known.break_glass else {
        return Row::new(control, DriftVerdict::Unknown, "Nobody has said which accounts are the break-glass accounts.".to_owned());
    };
    if accounts.is_empty() {
        return Row { users: Some(Vec::new()), ..Row::new(control, DriftVerdict::Missing, "The tenant has no break-glass account.".to_owned()) };
    }
    let demanding: Vec<usize> =
        bench.enforced().iter().filter(|at| bench.engine.demand(*at).is_some_and(|d| d.blocks || d.open || !d.requires.is_empty())).collect();
    let (mut caught, mut open): (BTreeSet<usize>, BTreeSet<usize>) = Default::default();
    let mut users = BTreeSet::new();
    for id in accounts {
        let identity = Identity::User(UserSignIn { user_id: Some(id.clone()), ..UserSignIn::default() });
        let fits = bench.engine.match_subject(&bench.engine.subject(&identity));
        for at in &demanding {
            if fits.sure.contains(*at) {
                caught.insert(*at);
                users.insert(id.clone());
            } else if fits.possible.contains(*at) {
                open.insert(*at);
            }
        }
    }
    let caught: Vec<usize> = caught.into_iter().collect();
    if !caught.is_empty() {
        let verdict = if caught.len() == demanding.len() { DriftVerdict::Missing } else { DriftVerdict::Partly };
        let reason = format!("{} could lock the break-glass accounts out: {}.", counted(caught.len(), "policy", "policies"), named(bench, &caught));
        return with_policies(bench, &caught, Row { users: Some(users.into_iter().collect()), ..Row::new(control, verdict, reason) });
    }
    if !open.is_empty() {
        let open: Vec<usize> = open.into_iter().collect();
        let reason = format!("Whether {} leave the break-glass accounts out cannot be said: not every group was read.", named(bench, &open));
        return with_policies(bench, &open, Row::new(control, DriftVerdict::Unknown, reason));
    }
    let reason = if demanding.is_empty() {
        "No enforced policy could lock them out.".to_owned()
    } else {
        format!("They are left out of all {} enforced policies that demand something.", demanding.len())
    };
    Row { users: Some(Vec::new()), ..Row::new(control, DriftVerdict::Met, reason) }
}

/// Where all depends on policies whose state is not known.
fn state_unknown(bench: &Bench<'_>, control: &Control, policies: &[usize], what: &str) -> Option<Row> {
    if policies.is_empty() || policies.iter().any(|at| bench.surely_enforced(*at)) {
        return None;
    }
    let reason = format!("{what} cannot be said: the state of {} is not understood.", named(bench, policies));
    Some(with_policies(bench, policies, Row::new(control, DriftVerdict::Unknown, reason)))
}

fn single_users(bench: &Bench<'_>, control: &Control) -> Row {
    let spared: HashSet<String> = bench.known.break_glass.unwrap_or_default().iter().map(|id| id.to_ascii_lowercase()).collect();
    let (mut policies, mut users) = (Vec::new(), BTreeSet::new());
    for at in bench.enforced().iter() {
        let Some(policy) = bench.policy(at) else { continue };
        let asks_mfa =
            !bench.engine.demand(at).is_some_and(|d| d.blocks) && policy_satisfies(&bench.engine, bench.tenant, at, &Demand::Mfa, false) == Truth::Yes;
        let single: Vec<&String> = policy
            .conditions
            .users
            .exclude_users
            .iter()
            .filter(|id| special_word(IdKind::User, id).is_none() && !spared.contains(&id.to_ascii_lowercase()))
            .collect();
        if asks_mfa && !single.is_empty() {
            policies.push(at);
            users.extend(single.into_iter().cloned());
        }
    }
    if let Some(unknown) = state_unknown(bench, control, &policies, "Whether single users are left out of MFA") {
        return unknown;
    }
    if policies.is_empty() {
        let reason = "No policy that asks for MFA leaves out single users.".to_owned();
        let reason =
            if bench.known.break_glass.is_none() { format!("{reason} Break-glass accounts are not known, and none are left out by name.") } else { reason };
        return Row { users: Some(Vec::new()), ..Row::new(control, DriftVerdict::Met, reason) };
    }
    let reason = format!(
        "{} left out of MFA by name in {}.",
        if users.len() == 1 { "1 user is".to_owned() } else { format!("{} users are", users.len()) },
        named(bench, &policies)
    );
    with_policies(bench, &policies, Row { users: Some(users.into_iter().collect()), ..Row::new(control, DriftVerdict::Partly, reason) })
}

fn report_only(bench: &Bench<'_>, control: &Control) -> Row {
    let waiting: Vec<usize> = (0..bench.own).filter(|at| bench.policy(*at).is_some_and(|p| p.state == Some(PolicyState::ReportOnly))).collect();
    if waiting.is_empty() {
        let enforced: Vec<usize> = bench.enforced().iter().filter(|at| !bench.surely_enforced(*at)).collect();
        return state_unknown(bench, control, &enforced, "Whether a policy is in report-only mode")
            .unwrap_or_else(|| Row::new(control, DriftVerdict::Met, "No policy is in report-only mode.".to_owned()));
    }
    let verb = if waiting.len() == 1 { "is" } else { "are" };
    let reason = format!("{} {verb} in report-only mode: {}.", counted(waiting.len(), "policy", "policies"), named(bench, &waiting));
    with_policies(bench, &waiting, Row::new(control, DriftVerdict::Partly, reason))
}

fn defaults(bench: &Bench<'_>, control: &Control) -> Row {
    if bench.tenant.security_defaults == Some(true) {
        return Row::new(control, DriftVerdict::Met, "Security defaults are on.".to_owned());
    }
    if bench.tenant.policies.is_none() {
        return Row::new(control, DriftVerdict::Unknown, "The tenant's policies were never read.".to_owned());
    }
    let asking: Vec<usize> = bench
        .enforced()
        .iter()
        .filter(|at| {
            !bench.engine.demand(*at).is_some_and(|d| d.blocks) && policy_satisfies(&bench.engine, bench.tenant, *at, &Demand::Mfa, false) == Truth::Yes
        })
        .collect();
    if let Some(unknown) = state_unknown(bench, control, &asking, "Whether anything asks for MFA") {
        return unknown;
    }
    match (asking.is_empty(), bench.tenant.security_defaults) {
        (false, _) => {
            let reason = format!("Conditional Access asks for MFA in {}.", named(bench, &asking));
            with_policies(bench, &asking, Row::new(control, DriftVerdict::Met, reason))
        }
        (true, None) => {
            Row::new(control, DriftVerdict::Unknown, "No enforced policy asks for MFA, and whether security defaults are on was never read.".to_owned())
        }
        (true, _) => Row::new(control, DriftVerdict::Missing, "Security defaults are off, and no enforced policy asks for MFA.".to_owned()),
    }
}

fn trusted_ranges(bench: &Bench<'_>, control: &Control, ipv4: u8, ipv6: u8) -> Row {
    let Some(locations) = &bench.tenant.named_locations else {
        return Row::new(control, DriftVerdict::Unknown, "The tenant's named locations were never read.".to_owned());
    };
    let mut broad = Vec::new();
    let mut trusted = 0;
    for location in locations {
        let Place::Addresses { ranges, trusted: Some(true) } = &location.place else { continue };
        trusted += 1;
        for range in ranges {
            if let Some(what) = too_broad(range, ipv4, ipv6) {
                broad.push(format!("\u{201c}{}\u{201d} trusts {range}, {what}", location.display_name));
            }
        }
    }
    if broad.is_empty() {
        let reason = if trusted == 0 {
            "No location is trusted.".to_owned()
        } else {
            format!("{} narrow.", if trusted == 1 { "The trusted location is".to_owned() } else { format!("All {trusted} trusted locations are") })
        };
        return Row::new(control, DriftVerdict::Met, reason);
    }
    Row::new(control, DriftVerdict::Partly, format!("{}.", and_few(broad)))
}

fn too_broad(range: &str, ipv4: u8, ipv6: u8) -> Option<&'static str> {
    let range = IpRange::of_location(range).ok()?;
    let wide = match range {
        IpRange::V4 { first, last } => last - first > u32::MAX.checked_shr(ipv4.into()).unwrap_or(0),
        IpRange::V6 { first, last } => last - first > u128::MAX.checked_shr(ipv6.into()).unwrap_or(0),
    };
    let private = match range.first_address() {
        IpAddr::V4(address) => address.is_private() || address.is_loopback() || address.is_link_local(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    };
    if wide {
        Some("which is wider than an office's range")
    } else if private {
        Some("a private range that Entra never sees")
    } else {
        None
    }
}

fn nothing_deleted(bench: &Bench<'_>, control: &Control) -> Row {
    let enforced = bench.enforced();
    let (mut gone, mut unread): (BTreeSet<(usize, &'static str)>, BTreeSet<&str>) = Default::default();
    for problem in bench.engine.problems() {
        match (&problem.kind, problem.policy) {
            (FindingKind::Deleted { kind, .. }, Some(at)) if enforced.contains(at) => {
                gone.insert((at, kind.noun().0));
            }
            (FindingKind::NeverRead { part }, _) => {
                unread.insert(part);
            }
            _ => {}
        }
    }
    if !gone.is_empty() {
        let policies: Vec<usize> = gone.iter().map(|(at, _)| *at).collect::<BTreeSet<usize>>().into_iter().collect();
        let what: Vec<String> = gone.iter().map(|(at, noun)| format!("{} names a deleted {noun}", bench.policy_name(*at))).collect();
        return with_policies(bench, &policies, Row::new(control, DriftVerdict::Partly, format!("{}.", and_few(what))));
    }
    if !unread.is_empty() {
        let parts: Vec<String> = unread.into_iter().map(str::to_owned).collect();
        return Row::new(control, DriftVerdict::Unknown, format!("Never read, so that nothing can be said of them: {}.", and_few(parts)));
    }
    Row::new(control, DriftVerdict::Met, "Everything that enforced policies name is there.".to_owned())
}
