//! Bucket, enforcement and staleness of every account. Pure: the same facts always give the same verdicts.

use super::{
    Account, Facts, Known, Method, STALE_MILLIS, Verdict, classes,
    devices::Devices,
    methods::{self, MethodStrength, Named},
    readiness::{self, Seen},
};
use crate::{
    engine::judgement::Asked,
    views::{
        mfa::{Enforcement, MfaBucket},
        users::AccountClass,
    },
};

pub fn verdicts(facts: &Facts) -> Vec<Verdict> {
    facts.accounts.iter().map(|account| verdict(account, facts)).collect()
}

pub(super) fn verdict(account: &Account, facts: &Facts) -> Verdict {
    let (class, class_reason) = classes::classify(account, facts);
    let (bucket, methods, bucket_reason) = bucket(account, facts);
    let held = facts.holders.get().map(|holders| {
        let mut held = holders.get(&account.id).cloned().unwrap_or_default();
        held.sort();
        held
    });
    let privileged_roles = held.as_ref().map(|held| {
        let mut roles: Vec<String> = held.iter().map(|held| held.role.clone()).collect();
        roles.dedup();
        roles
    });
    let newest_method = facts.methods.get(&account.id).and_then(|read| newest(read));
    let admin = privileged_roles.as_ref().is_some_and(|roles| !roles.is_empty());
    let nowhere = Devices::default();
    let readable = !(methods.is_empty() && bucket == MfaBucket::Unknown);
    let seen = Seen {
        account,
        bucket,
        methods: readable.then_some(methods.as_slice()),
        devices: facts.devices.as_ref().map(|devices| devices.get(&account.id).map_or(&nowhere, |devices| devices.as_ref())),
    };
    let (passkey, passkey_why) = readiness::passkey(&seen);
    let phone = readiness::phone(&seen);
    let suits = (class == AccountClass::Person).then(|| readiness::without_phone(&seen, admin)).flatten();
    let phishing_resistant = readable.then(|| methods.iter().any(|method| method.strength == MethodStrength::PhishingResistant));
    let stale = admin && counts_as_admin(class) && newest_method.is_some_and(|newest| facts.now.saturating_sub(newest) > STALE_MILLIS);
    Verdict {
        user_id: account.id.clone(),
        class,
        bucket,
        reason: match (bucket_reason, class_reason) {
            (Some(a), Some(b)) => Some(format!("{a}. {b}")),
            (a, b) => a.or(b),
        },
        methods: methods.into_iter().map(|method| method.words).collect(),
        enforced: enforcement(account, facts),
        privileged_roles,
        held,
        newest_method,
        stale,
        phishing_resistant,
        phone,
        passkey,
        passkey_why,
        suits,
        department: account.department.clone(),
    }
}

/// Break-glass accounts have rules of their own, and a blocked account cannot sign in.
pub(crate) fn counts_as_admin(class: AccountClass) -> bool {
    matches!(class, AccountClass::Person | AccountClass::Guest | AccountClass::ServiceAccount)
}

fn bucket(account: &Account, facts: &Facts) -> (MfaBucket, Vec<Named>, Option<String>) {
    let reported = facts.registration.get().and_then(|registered| registered.get(&account.id));
    let read = facts.methods.get(&account.id);
    let known = match (read, reported) {
        // Methods that were read one by one are newer and surer than the report; only what that call does not list is taken
        // from the report ("List methods": hardware OATH tokens and external methods are beta).
        (Some(read), reported) => {
            let beyond = reported
                .into_iter()
                .flat_map(|report| &report.methods)
                .filter(|name| matches!(name.to_ascii_lowercase().as_str(), "hardwareonetimepasscode" | "externalauthmethod" | "externalauthenticationmethod"));
            methods::sorted(read.iter().map(|method| methods::listed(&method.kind)).chain(beyond.map(|name| methods::reported(name))))
        }
        (None, Some(report)) => methods::sorted(report.methods.iter().map(|name| methods::reported(name))),
        (None, None) => {
            let why = match &facts.registration {
                Known::No(why) => format!("MFA registration is not known: {why}"),
                Known::Yes(_) => "Microsoft's registration report does not list this account yet".to_owned(),
            };
            return (MfaBucket::Unknown, Vec::new(), Some(why));
        }
    };
    let best = known.iter().map(|method| method.strength).min();
    let says_registered = read.is_none() && reported.is_some_and(|report| report.mfa_registered == Some(true));
    let (bucket, reason) = match best {
        Some(MethodStrength::PhishingResistant | MethodStrength::Strong) => (MfaBucket::Strong, None),
        Some(MethodStrength::Weak) => (MfaBucket::Weak, Some("Only phone methods (text message or call) are registered".to_owned())),
        Some(MethodStrength::Unknown) => {
            let names: Vec<&str> = known.iter().filter(|m| m.strength == MethodStrength::Unknown).map(|m| m.words.as_str()).collect();
            (MfaBucket::Unknown, Some(format!("How strong it is cannot be told: {}", names.join(", "))))
        }
        _ if says_registered => (MfaBucket::Unknown, Some("Microsoft's report says that MFA is registered but names no method of it".to_owned())),
        Some(MethodStrength::NotMfa) => (MfaBucket::None, Some(format!("No MFA method is registered, only: {}", words(&known)))),
        None => (MfaBucket::None, Some("No MFA method is registered".to_owned())),
    };
    (bucket, known, reason)
}

fn words(methods: &[Named]) -> String {
    methods.iter().map(|method| method.words.as_str()).collect::<Vec<_>>().join(", ")
}

/// The newest second factor; a password or a pass that ends does not count.
fn newest(read: &[Method]) -> Option<i64> {
    read.iter().filter(|method| methods::listed(&method.kind).strength != MethodStrength::NotMfa).filter_map(|method| method.created_at).max()
}

/// Security defaults, per-user MFA, then what the engine says of Conditional Access. Nothing enforces MFA only where all three were
/// read and none does.
fn enforcement(account: &Account, facts: &Facts) -> Enforcement {
    if facts.security_defaults == Some(true) {
        return Enforcement::SecurityDefaults;
    }
    let per_user = facts.per_user.get().and_then(|states| states.get(&account.id)).map(|state| state.to_ascii_lowercase());
    if matches!(per_user.as_deref(), Some("enforced" | "enabled")) {
        return Enforcement::PerUser;
    }
    let asked = match &facts.asked_for_mfa {
        Some(asked) => asked.of(&account.id),
        // Without any policy there is nothing to judge.
        None if facts.enabled_policies == Some(0) => Asked::No,
        None => Asked::Unknown,
    };
    match (asked, per_user.as_deref()) {
        (Asked::Yes, _) => Enforcement::ConditionalAccess,
        (Asked::No, Some("disabled")) if facts.security_defaults == Some(false) => Enforcement::NotEnforced,
        _ => Enforcement::Unknown,
    }
}
