//! What the engine says is asked of each account at the doors that carriers care for: mail, every application, from outside trusted
//! places, legacy clients. Counted by the engine's classes, so that 50,000 people cost no more than a few.

use std::collections::HashMap;

use conditional_access::{
    coverage::{Application, ApplicationKind, Coverage, Profile, Protection},
    evaluate::Engine,
    tenant::Place,
};

use super::basis::Demand;
use crate::engine::Covered;

/// Exchange Online ("Application IDs of commonly used Microsoft applications").
const MAIL: &str = "00000002-0000-0ff1-ce00-000000000000";

/// What holds for a class of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doors {
    pub mail: Protection,
    /// Mail and every application that no policy singles out, as posture counts it.
    pub everything: Protection,
    /// The same from places that nobody trusts, with the applications for remote access.
    pub remote: Protection,
    /// None: legacy clients cannot get there.
    pub legacy: Option<Protection>,
    pub legacy_mail: Option<Protection>,
    pub break_glass: bool,
}

impl Doors {
    pub const UNKNOWN: Self = Self {
        mail: Protection::Unknown,
        everything: Protection::Unknown,
        remote: Protection::Unknown,
        legacy: Some(Protection::Unknown),
        legacy_mail: Some(Protection::Unknown),
        break_glass: false,
    };
}

/// By account, lower case; accounts that cannot sign in are not there.
pub struct Reach {
    classes: Vec<Doors>,
    of: HashMap<String, u32>,
}

impl Reach {
    pub fn unknown() -> Self {
        Self { classes: Vec::new(), of: HashMap::new() }
    }

    /// `gateways`: ids of the applications for remote access.
    pub fn of(covered: &Covered, gateways: &[String]) -> Self {
        let (engine, coverage) = (&covered.tenant.engine, &covered.coverage);
        let trusted: Vec<bool> = coverage.locations().iter().map(|location| location.ids.iter().any(|id| is_trusted(engine, id))).collect();
        let column = |id: &str| coverage.applications.iter().position(|application| application.id == id);
        let other = coverage.applications.iter().position(|application| application.kind == ApplicationKind::AnyOther);
        let mail = column(MAIL).or(other);
        let gateways: Vec<usize> = gateways.iter().filter_map(|id| column(id).or(other)).collect();
        let decides = |application: &Application| application.kind == ApplicationKind::AnyOther || application.id == MAIL;
        let deciding: Vec<usize> = (0..coverage.applications.len()).filter(|index| coverage.applications.get(*index).is_some_and(decides)).collect();
        let classes = (0..coverage.classes.len())
            .map(|class| {
                let cell = |application: usize| coverage.cell(class, application);
                let least = |applications: &[usize]| {
                    applications.iter().map(|at| cell(*at).map_or(Protection::Unknown, |cell| cell.least)).min().unwrap_or(Protection::Unknown)
                };
                let mut outside: Vec<usize> = deciding.iter().chain(&gateways).copied().collect();
                outside.sort_unstable();
                outside.dedup();
                Doors {
                    mail: mail.map_or(Protection::Unknown, |at| least(&[at])),
                    everything: least(&deciding),
                    remote: outside.iter().map(|at| from_outside(coverage, &trusted, class, *at)).min().unwrap_or(Protection::Unknown),
                    legacy: coverage.least_of_class(class).1,
                    legacy_mail: mail.and_then(cell).map_or(Some(Protection::Unknown), |cell| cell.legacy),
                    break_glass: coverage.classes.get(class).is_some_and(|class| class.profile == Profile::BreakGlass),
                }
            })
            .collect();
        let users = engine.tenant().users.as_deref().unwrap_or_default();
        let of = coverage.per_user().filter_map(|found| Some((users.get(found.user)?.id.to_lowercase(), u32::try_from(found.class).ok()?))).collect();
        Self { classes, of }
    }

    pub fn doors(&self, account: &str) -> Doors {
        self.of.get(account).and_then(|class| self.classes.get(*class as usize)).copied().unwrap_or(Doors::UNKNOWN)
    }
}

/// The least of a cell's conditions with a modern client in a place that nobody trusts.
fn from_outside(coverage: &Coverage, trusted: &[bool], class: usize, application: usize) -> Protection {
    let rows = coverage
        .drill(class, application)
        .iter()
        .filter(|row| row.clients.iter().any(|client| !client.is_legacy()) && row.locations.iter().any(|at| !trusted.get(*at).copied().unwrap_or(false)));
    rows.map(|row| row.protection).min().unwrap_or(Protection::Unknown)
}

fn is_trusted(engine: &Engine, id: &str) -> bool {
    let named = engine.tenant().named_locations.iter().flatten().find(|location| location.id.eq_ignore_ascii_case(id));
    named.is_some_and(|location| matches!(location.place, Place::Addresses { trusted: Some(true), .. }))
}

/// What else decides for one account.
#[derive(Debug, Clone, Copy)]
pub struct Besides<'a> {
    pub security_defaults: Option<bool>,
    /// Graph's state; None: not known.
    pub per_user: Option<&'a str>,
}

/// Whether MFA is asked at a door with this protection.
pub fn demand(protection: Protection, besides: Besides<'_>) -> Demand {
    let per_user = besides.per_user.map(str::to_ascii_lowercase);
    if protection.is_mfa() || matches!(per_user.as_deref(), Some("enforced" | "enabled")) {
        return Demand::Always;
    }
    match (besides.security_defaults, protection) {
        (Some(true), _) => Demand::Sometimes,
        (_, Protection::Unknown) | (None, _) => Demand::Unknown,
        // Per-user MFA may be what asks.
        (Some(false), _) if per_user.as_deref() == Some("disabled") => Demand::Never,
        (Some(false), _) => Demand::Unknown,
    }
}

/// Whether legacy clients are shut out; None: not known.
pub fn shut(legacy: Option<Protection>, security_defaults: Option<bool>) -> Option<bool> {
    match legacy {
        // "All authentication requests made by an older protocol will be blocked" ("Security defaults in Microsoft Entra ID").
        _ if security_defaults == Some(true) => Some(true),
        None | Some(Protection::Blocked) => Some(true),
        Some(Protection::Unknown) => None,
        Some(_) => Some(false),
    }
}

/// Whether a name is that of a way in from afar: a VPN, a remote desktop.
pub fn is_gateway(name: &str) -> bool {
    const NAMES: [&str; 22] = [
        "vpn",
        "globalprotect",
        "anyconnect",
        "secure client",
        "fortigate",
        "forticlient",
        "fortisase",
        "zscaler",
        "netscaler",
        "citrix",
        "remote desktop",
        "virtual desktop",
        "windows 365",
        "bastion",
        "tailscale",
        "netextender",
        "pulse secure",
        "connect secure",
        "horizon",
        "guacamole",
        "rd gateway",
        "private access",
    ];
    let name = name.to_lowercase();
    NAMES.iter().any(|known| name.contains(known))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_asks_is_policies_per_user_mfa_and_security_defaults_in_this_order() {
        use Protection::{Blocked, Device, Mfa, None as Nothing, Unknown};
        let asked = |protection, security_defaults, per_user| demand(protection, Besides { security_defaults, per_user });
        assert_eq!(asked(Mfa, Some(false), Some("disabled")), Demand::Always);
        assert_eq!(asked(Blocked, None, None), Demand::Always, "no way in at all");
        assert_eq!(asked(Nothing, Some(false), Some("Enforced")), Demand::Always);
        assert_eq!(asked(Nothing, Some(true), Some("disabled")), Demand::Sometimes);
        assert_eq!(asked(Device, Some(false), Some("disabled")), Demand::Never, "a managed device is no MFA");
        assert_eq!(asked(Nothing, Some(false), None), Demand::Unknown, "per-user MFA may ask");
        assert_eq!(asked(Nothing, None, Some("disabled")), Demand::Unknown);
        assert_eq!(asked(Unknown, Some(false), Some("disabled")), Demand::Unknown);
    }

    #[test]
    fn a_gateway_is_known_by_its_name() {
        for name in ["Palo Alto Networks - GlobalProtect", "FortiGate SSL VPN", "Azure Virtual Desktop", "Citrix Workspace"] {
            assert!(is_gateway(name), "{name}");
        }
        for name in ["Office 365 Exchange Online", "Microsoft Teams", "Salesforce", ""] {
            assert!(!is_gateway(name), "{name}");
        }
    }
}
