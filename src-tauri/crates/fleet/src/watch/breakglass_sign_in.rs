//! `breakglass.signin`: a break-glass account signed in, or somebody tried to. One alert per account; what happens inside a planned drill
//! makes an alert of its own, which is only information.

use std::collections::BTreeMap;

use super::{
    condition::{Condition, Evidence, Findings, Named},
    facts::{Drill, Facts, SignIn},
    kind::AlertKind,
};
use crate::engine::replay::thousands;
use crate::views::Severity;

/// How many sign-ins the evidence shows.
const SHOWN: usize = 20;

pub fn find(facts: &Facts, findings: &mut Findings) {
    let kind = AlertKind::BreakGlassSignIn;
    let mut by_account: BTreeMap<(&str, Option<&Drill>), Vec<&SignIn>> = BTreeMap::new();
    for sign_in in &facts.break_glass_sign_ins {
        let drill = facts.drill_of(sign_in);
        let key = key(&sign_in.user_id, drill);
        if facts.is_news(sign_in.at) && facts.break_glass.contains(&sign_in.user_id) && !facts.handled(&key, &sign_in.occurrence()) {
            by_account.entry((&sign_in.user_id, drill)).or_default().push(sign_in);
        }
    }
    for ((user_id, drill), mut sign_ins) in by_account {
        sign_ins.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let (Some(first), Some(last)) = (sign_ins.first(), sign_ins.last()) else { continue };
        let known = facts.named(user_id);
        let account = if known.name.is_empty() && known.upn.is_empty() {
            Named { id: user_id.to_owned(), name: last.user_name.clone(), upn: last.upn.clone() }
        } else {
            known
        };
        let succeeded = sign_ins.iter().filter(|sign_in| sign_in.error_code == 0).count();
        let failed = sign_ins.len() - succeeded;
        let newest_success = sign_ins.iter().rev().find(|sign_in| sign_in.error_code == 0);
        findings.conditions.push(Condition {
            key: key(user_id, drill),
            kind,
            severity: if drill.is_some() { Severity::Information } else { kind.severity() },
            title: title(&account, newest_success.copied(), failed, last) + if drill.is_some() { ", in a planned drill" } else { "" },
            subject: Some(user_id.to_owned()),
            evidence: Evidence::BreakGlassSignIn {
                account,
                succeeded: u32::try_from(succeeded).unwrap_or(u32::MAX),
                failed: u32::try_from(failed).unwrap_or(u32::MAX),
                drill: drill.map(|drill| drill.reason.clone()),
                latest: sign_ins.iter().rev().take(SHOWN).map(|sign_in| sign_in.seen()).collect(),
            },
            occurrences: sign_ins.iter().map(|sign_in| sign_in.occurrence()).collect(),
            first: first.at,
            last: last.at,
        });
    }
}

fn key(account: &str, drill: Option<&Drill>) -> String {
    let of = AlertKind::BreakGlassSignIn.key(account);
    drill.map_or_else(|| of.clone(), |drill| format!("{of}:drill {}", drill.id))
}

fn title(account: &Named, success: Option<&SignIn>, failed: usize, last: &SignIn) -> String {
    let from = |sign_in: &SignIn| match sign_in.place() {
        place if place.is_empty() => String::new(),
        place => format!(" from {place}"),
    };
    let name = account.short();
    match (success, failed) {
        (Some(success), _) => format!("Break-glass account {name} signed in{}", from(success)),
        (None, 1) => format!("Somebody tried to sign in to break-glass account {name}{} and failed", from(last)),
        (None, n) => format!("Somebody tried {} times to sign in to break-glass account {name}{} and failed", thousands(n as u64), from(last)),
    }
}
