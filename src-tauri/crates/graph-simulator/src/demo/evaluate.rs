//! A small, honest judge of a sign-in by the customer's policies, for the sign-in log of the demo fleet. It knows only the
//! conditions that these policies use; the product's own engine is not used, so that the two can disagree and be found out.

use super::applications::{AZURE_MANAGEMENT, AZURE_PORTAL, App, EXCHANGE, OFFICE_HOME, OFFICE_PORTAL, SHAREPOINT, TEAMS_SERVICES};
use super::people::{Account, Kind};
use super::policies::{Grant, Location, Policy, State, Strength};
use std::collections::HashSet;

/// What is fixed for an account: which policies can apply to it at all.
pub(super) fn assigned(policy: &Policy, account: &Account, groups: &HashSet<&str>, roles: &HashSet<&'static str>) -> bool {
    let guest = account.kind == Kind::Guest;
    let in_groups = |list: &[String]| list.iter().any(|g| groups.contains(g.as_str()));
    let excluded = policy.exclude_users.contains(&account.id) || in_groups(&policy.exclude_groups) || (guest && policy.exclude_guests);
    let included = policy.include_users.iter().any(|u| u == "All" || *u == account.id)
        || in_groups(&policy.include_groups)
        || policy.include_roles.iter().any(|r| roles.contains(r))
        || (guest && policy.include_guests);
    included && !excluded
}

/// The circumstances of one sign-in.
#[derive(Debug, Clone)]
pub(super) struct Circumstances<'a> {
    pub app: &'a App,
    pub address: &'a str,
    pub country: &'a str,
    pub platform: &'static str,
    pub compliant: bool,
    pub hybrid: bool,
    pub protected_app: bool,
    pub sign_in_risk: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Success,
    Failure,
    NotApplied,
    NotEnabled,
    ReportOnlySuccess,
    ReportOnlyFailure,
    ReportOnlyInterrupted,
    ReportOnlyNotApplied,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Failure => "failure",
            Outcome::NotApplied => "notApplied",
            Outcome::NotEnabled => "notEnabled",
            Outcome::ReportOnlySuccess => "reportOnlySuccess",
            Outcome::ReportOnlyFailure => "reportOnlyFailure",
            Outcome::ReportOnlyInterrupted => "reportOnlyInterrupted",
            Outcome::ReportOnlyNotApplied => "reportOnlyNotApplied",
        }
    }

    pub fn applied(self) -> bool {
        !matches!(self, Outcome::NotApplied | Outcome::NotEnabled | Outcome::ReportOnlyNotApplied)
    }
}

pub(super) struct Judgement {
    pub outcomes: Vec<Outcome>,
    /// 0 when access was granted.
    pub error: i32,
    /// Whether a second factor was asked for and given.
    pub mfa_done: bool,
}

fn address_inside(address: &str, range: &str) -> bool {
    // All ranges of the fleet are /30 (IPv4) and /64 (IPv6, written with the first four groups).
    if let Some(prefix) = range.strip_suffix("::/64") {
        return address.strip_prefix(prefix).is_some_and(|rest| rest.starts_with("::"));
    }
    let Some((network, last)) = range.strip_suffix("/30").and_then(|r| r.rsplit_once('.')) else { return false };
    let Some((own, own_last)) = address.rsplit_once('.') else { return false };
    match (last.parse::<u32>(), own_last.parse::<u32>()) {
        (Ok(first), Ok(own_last)) => own == network && (first..first + 4).contains(&own_last),
        _ => false,
    }
}

fn at(location: &str, locations: &[Location], address: &str, country: &str) -> bool {
    match location {
        "All" => true,
        "AllTrusted" => {
            locations.iter().any(|l| matches!(l, Location::Addresses { trusted: true, ranges, .. } if ranges.iter().any(|r| address_inside(address, r))))
        }
        id => locations.iter().any(|l| {
            l.id() == id
                && match l {
                    Location::Addresses { ranges, .. } => ranges.iter().any(|r| address_inside(address, r)),
                    Location::Countries { countries, .. } => countries.contains(&country),
                }
        }),
    }
}

fn targets(policy: &Policy, app: &App) -> bool {
    let hit = |target: &String| match target.as_str() {
        "All" => true,
        // "Apps included in Conditional Access Office 365 app suite": the portal is one of them.
        "Office365" => matches!(app.resource_id.as_str(), EXCHANGE | SHAREPOINT | TEAMS_SERVICES | OFFICE_HOME | OFFICE_PORTAL),
        "MicrosoftAdminPortals" => app.id == AZURE_PORTAL || app.id == OFFICE_PORTAL,
        id if id == AZURE_MANAGEMENT => app.resource_id == AZURE_MANAGEMENT,
        id => app.id == id || app.resource_id == id,
    };
    policy.include_apps.iter().any(hit) && !policy.exclude_apps.iter().any(hit)
}

fn matches(policy: &Policy, locations: &[Location], c: &Circumstances<'_>) -> bool {
    targets(policy, c.app)
        && !policy.device_code
        && policy.user_risk.is_empty()
        && (policy.sign_in_risk.is_empty() || policy.sign_in_risk.contains(&c.sign_in_risk))
        && (policy.client_types.contains(&"all") || policy.client_types.contains(&c.app.client.policy_type()))
        && (policy.platforms.is_empty()
            || ((policy.platforms.contains(&"all") || policy.platforms.contains(&c.platform)) && !policy.exclude_platforms.contains(&c.platform)))
        && (policy.include_locations.is_empty()
            || (policy.include_locations.iter().any(|l| at(l, locations, c.address, c.country))
                && !policy.exclude_locations.iter().any(|l| at(l, locations, c.address, c.country))))
}

/// What the account can show when it is asked.
#[derive(Debug, Clone, Copy)]
struct Proof {
    mfa: bool,
    phishing_resistant: bool,
}

fn satisfied(grant: Grant, proof: Proof, c: &Circumstances<'_>) -> Result<(), i32> {
    let device = c.compliant;
    match grant {
        Grant::Block => Err(53003),
        Grant::Mfa | Grant::Strength(Strength::Mfa) | Grant::PasswordChange => {
            if proof.mfa {
                Ok(())
            } else {
                Err(50079)
            }
        }
        Grant::Strength(Strength::PhishingResistant) => {
            if proof.phishing_resistant {
                Ok(())
            } else {
                Err(53003)
            }
        }
        Grant::CompliantDevice => {
            if device {
                Ok(())
            } else {
                Err(53000)
            }
        }
        Grant::CompliantOrHybridDevice => {
            if device || c.hybrid {
                Ok(())
            } else {
                Err(53000)
            }
        }
        Grant::MfaOrCompliantDevice => {
            if device || proof.mfa {
                Ok(())
            } else {
                Err(50079)
            }
        }
        Grant::ProtectedApp => {
            if c.protected_app {
                Ok(())
            } else {
                Err(53003)
            }
        }
    }
}

fn asks_for_mfa(grant: Grant, c: &Circumstances<'_>) -> bool {
    match grant {
        Grant::Mfa | Grant::PasswordChange | Grant::Strength(_) => true,
        Grant::MfaOrCompliantDevice => !c.compliant,
        _ => false,
    }
}

/// Judges a sign-in whose password was right. `assigned` says for each policy whether it is assigned to the account;
/// `passes_mfa` whether the person answers the second factor this time.
pub(super) fn judge(policies: &[Policy], locations: &[Location], account: &Account, assigned: &[bool], c: &Circumstances<'_>, passes_mfa: bool) -> Judgement {
    let legacy = c.app.client.legacy();
    let registered = account.methods.iter().any(|m| m.kind.second_factor());
    // Old protocols cannot show a second factor, whoever signs in.
    let proof = Proof { mfa: registered && !legacy, phishing_resistant: !legacy && account.methods.iter().any(|m| m.kind.phishing_resistant()) };
    let applies: Vec<bool> = policies.iter().zip(assigned).map(|(p, a)| *a && p.state != State::Disabled && matches(p, locations, c)).collect();
    let enforced = |index: usize, policy: &Policy| applies[index] && policy.state == State::Enabled;
    let mfa_asked = policies.iter().enumerate().any(|(i, p)| enforced(i, p) && p.grant.is_some_and(|g| asks_for_mfa(g, c)));
    let mfa_done = mfa_asked && proof.mfa && passes_mfa;
    let mut error = 0;
    let outcomes = policies
        .iter()
        .enumerate()
        .map(|(index, policy)| match (policy.state, applies[index]) {
            (State::Disabled, _) => Outcome::NotEnabled,
            (State::Enabled, false) => Outcome::NotApplied,
            (State::ReportOnly, false) => Outcome::ReportOnlyNotApplied,
            (State::Enabled, true) => {
                let verdict = policy.grant.map_or(Ok(()), |grant| match satisfied(grant, proof, c) {
                    Ok(()) if asks_for_mfa(grant, c) && !passes_mfa => Err(500_121),
                    Err(50079) if legacy => Err(50076),
                    other => other,
                });
                match verdict {
                    Ok(()) => Outcome::Success,
                    Err(code) => {
                        // A block outweighs a missing device, and that a missing second factor.
                        let weight = |code| [0, 500_121, 50079, 50076, 53000, 53003].iter().position(|c| *c == code);
                        if weight(code) > weight(error) {
                            error = code;
                        }
                        Outcome::Failure
                    }
                }
            }
            (State::ReportOnly, true) => match policy.grant {
                None => Outcome::ReportOnlySuccess,
                Some(grant) if asks_for_mfa(grant, c) && !mfa_done => Outcome::ReportOnlyInterrupted,
                Some(grant) => match satisfied(grant, proof, c) {
                    Ok(()) => Outcome::ReportOnlySuccess,
                    Err(_) => Outcome::ReportOnlyFailure,
                },
            },
        })
        .collect();
    Judgement { outcomes, error, mfa_done: mfa_done && error == 0 }
}
