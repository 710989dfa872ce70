//! `signin.legacy_succeeded`: a sign-in over legacy authentication (no MFA possible) succeeded. One alert per user, because the
//! cure is per user: find the client and replace it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    condition::{Condition, Evidence, Findings, Named},
    facts::{Facts, SignIn},
    kind::AlertKind,
};

const SHOWN: usize = 10;

pub fn find(facts: &Facts, findings: &mut Findings) {
    let kind = AlertKind::LegacySignInSucceeded;
    let mut by_user: BTreeMap<&str, Vec<&SignIn>> = BTreeMap::new();
    for sign_in in &facts.legacy_sign_ins {
        let key = kind.key(&sign_in.user_id);
        if sign_in.error_code == 0 && facts.is_news(sign_in.at) && !facts.handled(&key, &sign_in.occurrence()) {
            by_user.entry(&sign_in.user_id).or_default().push(sign_in);
        }
    }
    for (user_id, mut sign_ins) in by_user {
        sign_ins.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let (Some(first), Some(last)) = (sign_ins.first(), sign_ins.last()) else { continue };
        let account = Named { id: user_id.to_owned(), name: last.user_name.clone(), upn: last.upn.clone() };
        let named = |pick: fn(&SignIn) -> &str| -> Vec<String> {
            let names: BTreeSet<&str> = sign_ins.iter().map(|sign_in| pick(sign_in)).filter(|name| !name.is_empty()).collect();
            names.into_iter().map(str::to_owned).collect()
        };
        let clients = named(|sign_in| &sign_in.client);
        let title = match clients.as_slice() {
            [] => format!("{} signed in over legacy authentication", account.short()),
            some => format!("{} signed in over legacy authentication ({})", account.short(), some.join(", ")),
        };
        findings.conditions.push(Condition {
            key: kind.key(user_id),
            kind,
            severity: kind.severity(),
            title,
            subject: Some(user_id.to_owned()),
            evidence: Evidence::LegacySignIn {
                account,
                latest: sign_ins.iter().rev().take(SHOWN).map(|sign_in| sign_in.seen()).collect(),
                clients,
                apps: named(|sign_in| &sign_in.app),
            },
            occurrences: sign_ins.iter().map(|sign_in| sign_in.occurrence()).collect(),
            first: first.at,
            last: last.at,
        });
    }
}
