//! Whether a tenant's break-glass accounts are what Microsoft asks of them ("Manage emergency access accounts in Microsoft Entra ID"): each
//! point yes, no or unknown, with the sentence of evidence and what to do. Pure.

use chrono::{DateTime, TimeDelta, Utc};

use crate::views::break_glass::{Check, CheckState};

/// "Validate accounts regularly … at least every 90 days."
pub const DRILL_EVERY: TimeDelta = TimeDelta::days(90);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    pub upn: String,
    /// None: not known.
    pub enabled: Option<bool>,
    pub on_premises: Option<bool>,
    pub global_administrator: Option<GlobalAdministrator>,
    /// The phishing-resistant methods by name; None: methods were never read.
    pub phishing_resistant: Option<Vec<String>>,
    pub last_drill: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlobalAdministrator {
    Permanent,
    /// Active until an end.
    UntilAnEnd,
    EligibleOnly,
    OnlyAUnit,
    No,
}

fn check(id: &str, title: &str, state: CheckState, what: impl Into<String>, next_step: &str) -> Check {
    let next_step = (state != CheckState::Yes && !next_step.is_empty()).then(|| next_step.to_owned());
    Check { id: id.to_owned(), title: title.to_owned(), state, what: what.into(), next_step }
}

const fn known(value: Option<bool>) -> CheckState {
    match value {
        Some(true) => CheckState::Yes,
        Some(false) => CheckState::No,
        None => CheckState::Unknown,
    }
}

/// What is asked of the tenant as a whole. `accounts`: None where users or the group's members were never read.
#[must_use]
pub fn of_tenant(accounts: Option<&[Account]>, group: Option<bool>) -> Vec<Check> {
    let usable = accounts.map(|all| all.iter().filter(|account| account.enabled != Some(false)).count());
    vec![
        check(
            "two",
            "Two accounts",
            known(usable.map(|n| n >= 2)),
            match usable {
                None => "The accounts were never read".to_owned(),
                Some(0) => "No account is known as break-glass".to_owned(),
                Some(1) => "One account: if it fails, nobody gets in".to_owned(),
                Some(n) => format!("{n} accounts that can sign in"),
            },
            match usable {
                None => "Resync the tenant, and look at its data health.",
                Some(0) => "Create two cloud-only accounts and confirm them here, so that one lost key does not shut everybody out.",
                Some(_) => "Create a second cloud-only account and confirm it here, so that one lost key does not shut everybody out.",
            },
        ),
        check(
            "group",
            "One group to exclude",
            known(group),
            match group {
                None => "The break-glass group was never read",
                Some(true) => "Policies can exclude one group, and its membership is watched",
                Some(false) => "No break-glass group is named, so every policy has to exclude each account",
            },
            "Name the group in the tenant's settings.",
        ),
    ]
}

/// What is asked of one account.
#[must_use]
pub fn of_account(account: &Account, now: DateTime<Utc>) -> Vec<Check> {
    let cloud_name = account.upn.to_ascii_lowercase().ends_with(".onmicrosoft.com");
    let drilled = account.last_drill.map(|at| now.signed_duration_since(at) <= DRILL_EVERY);
    vec![
        check(
            "enabled",
            "Can sign in",
            known(account.enabled),
            match account.enabled {
                Some(true) => "The account is enabled",
                Some(false) => "The account is blocked: it helps nobody in an emergency",
                None => "Whether it is enabled was never read",
            },
            "Unblock it in Entra, or take it off the list.",
        ),
        check(
            "cloudOnly",
            "Cloud-only",
            match (account.on_premises, cloud_name) {
                (Some(true), _) => CheckState::No,
                (Some(false), true) => CheckState::Yes,
                (Some(false), false) => CheckState::No,
                (None, _) => CheckState::Unknown,
            },
            match (account.on_premises, cloud_name) {
                (Some(true), _) => "It is synchronised from on-premises: when that fails, it fails",
                (Some(false), true) => "Not synchronised, and in the onmicrosoft.com domain",
                (Some(false), false) => "Not synchronised, but in a domain of the customer's: if that is federated or lost, it fails",
                (None, _) => "Where it comes from was never read",
            },
            "Use an account that was made in the cloud, with the onmicrosoft.com domain.",
        ),
        check(
            "globalAdministrator",
            "Permanent Global Administrator",
            account.global_administrator.map_or(CheckState::Unknown, |role| known(Some(role == GlobalAdministrator::Permanent))),
            match account.global_administrator {
                None => "Roles were never read",
                Some(GlobalAdministrator::Permanent) => "Assigned for the whole tenant, active, without an end",
                Some(GlobalAdministrator::UntilAnEnd) => "The assignment ends on a date",
                Some(GlobalAdministrator::EligibleOnly) => "Eligible only: activating it can need what is broken",
                Some(GlobalAdministrator::OnlyAUnit) => "Only for a part of the tenant",
                Some(GlobalAdministrator::No) => "It does not hold the role",
            },
            "Assign Global Administrator permanently and active.",
        ),
        check(
            "phishingResistant",
            "Phishing-resistant method",
            account.phishing_resistant.as_ref().map_or(CheckState::Unknown, |methods| known(Some(!methods.is_empty()))),
            match &account.phishing_resistant {
                None => "Its methods were never read".to_owned(),
                Some(methods) if methods.is_empty() => {
                    "No key, passkey or certificate is registered: Microsoft demands MFA of administrators everywhere".to_owned()
                }
                Some(methods) => methods.join(", "),
            },
            "Register a FIDO2 security key or a certificate, and keep it in a safe place.",
        ),
        check(
            "drill",
            "Tested in the last 90 days",
            known(Some(drilled == Some(true))),
            match (account.last_drill, drilled) {
                (None, _) => "No drill is recorded",
                (Some(_), Some(true)) => "The last drill worked",
                (Some(_), _) => "The last drill that worked is older",
            },
            "Plan a drill: sign in with it once, and record that it worked.",
        ),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap()
    }

    fn sound() -> Account {
        Account {
            upn: "bg1@contoso.onmicrosoft.com".to_owned(),
            enabled: Some(true),
            on_premises: Some(false),
            global_administrator: Some(GlobalAdministrator::Permanent),
            phishing_resistant: Some(vec!["Passkey or FIDO2 security key".to_owned()]),
            last_drill: Some(now() - TimeDelta::days(10)),
        }
    }

    fn states(account: &Account) -> Vec<(String, CheckState)> {
        of_account(account, now()).into_iter().filter(|check| check.state != CheckState::Yes).map(|check| (check.id, check.state)).collect()
    }

    #[test]
    fn an_account_as_microsoft_asks_for_it_passes_every_point() {
        assert_eq!(states(&sound()), []);
        assert!(of_account(&sound(), now()).iter().all(|check| check.next_step.is_none()), "nothing to do");
    }

    #[test]
    fn each_flaw_is_named_alone_and_says_what_to_do() {
        let flaws: [(&str, Account); 9] = [
            ("enabled", Account { enabled: Some(false), ..sound() }),
            ("cloudOnly", Account { on_premises: Some(true), ..sound() }),
            ("cloudOnly", Account { upn: "bg1@contoso.com".to_owned(), ..sound() }),
            ("globalAdministrator", Account { global_administrator: Some(GlobalAdministrator::EligibleOnly), ..sound() }),
            ("globalAdministrator", Account { global_administrator: Some(GlobalAdministrator::UntilAnEnd), ..sound() }),
            ("globalAdministrator", Account { global_administrator: Some(GlobalAdministrator::No), ..sound() }),
            ("phishingResistant", Account { phishing_resistant: Some(Vec::new()), ..sound() }),
            ("drill", Account { last_drill: None, ..sound() }),
            ("drill", Account { last_drill: Some(now() - TimeDelta::days(91)), ..sound() }),
        ];
        for (id, account) in flaws {
            assert_eq!(states(&account), [(id.to_owned(), CheckState::No)]);
            assert!(of_account(&account, now()).iter().any(|check| check.next_step.is_some()));
        }
    }

    #[test]
    fn what_was_never_read_is_unknown_and_not_a_flaw() {
        let unread = Account { enabled: None, on_premises: None, global_administrator: None, phishing_resistant: None, ..sound() };
        assert!(states(&unread).iter().all(|(_, state)| *state == CheckState::Unknown), "{:?}", states(&unread));
        assert!(of_tenant(None, None).iter().all(|check| check.state == CheckState::Unknown));
        assert_eq!(of_tenant(None, None)[0].next_step.as_deref(), Some("Resync the tenant, and look at its data health."));
    }

    #[test]
    fn a_blocked_account_is_not_the_second_one() {
        let two = [sound(), Account { enabled: Some(false), ..sound() }];
        let found = of_tenant(Some(&two), Some(true));
        assert_eq!((found[0].state, found[1].state), (CheckState::No, CheckState::Yes));
        assert_eq!(of_tenant(Some(&[sound(), sound()]), Some(false)).iter().map(|check| check.state).collect::<Vec<_>>(), [CheckState::Yes, CheckState::No]);
    }
}
