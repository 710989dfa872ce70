//! Break-glass accounts as the evidence prints and judges them, from what their page shows.

use super::{
    basis::{Glass, Tally},
    facts::{BreakGlassAccount, BreakGlassFact},
};
use crate::views::break_glass::{BreakGlassView, Check, CheckState, DrillState, GlassAccount, Reach};

/// The facts and what is judged by them.
pub fn of(view: &BreakGlassView) -> (BreakGlassFact, Glass) {
    let usable: Vec<&GlassAccount> = view.accounts.iter().filter(|account| account.enabled != Some(false)).collect();
    let mut glass = Glass {
        // Where the accounts were never read, the page says so of the two that are asked for.
        usable: (state(&view.checks, "two") != Some(None)).then(|| u32::try_from(usable.len()).unwrap_or(u32::MAX)),
        reached: view.unreadable.is_none().then_some(0),
        reach_unknown: 0,
        phishing_resistant: Tally::default(),
        last_drill: usable.iter().map(|account| account.last_drill).min().flatten(),
    };
    let mut findings = Vec::new();
    for check in &view.checks {
        finding(&mut findings, None, check);
    }
    let mut accounts = Vec::new();
    for account in &view.accounts {
        let cells: Vec<(&str, Reach)> = view
            .matrix
            .iter()
            .flat_map(|row| row.cells.iter().filter(|cell| cell.account == account.person.id).map(|cell| (row.policy.display_name.as_str(), cell.reach)))
            .collect();
        let reached_by: Vec<String> = cells.iter().filter(|(_, reach)| *reach == Reach::Reaches).map(|(policy, _)| (*policy).to_owned()).collect();
        let open = cells.iter().any(|(_, reach)| *reach == Reach::Unknown);
        if account.enabled != Some(false) {
            glass.phishing_resistant.count(state(&account.checks, "phishingResistant").flatten());
            if let Some(reached) = &mut glass.reached {
                *reached += u32::from(!reached_by.is_empty());
                glass.reach_unknown += u32::from(reached_by.is_empty() && open);
            }
        }
        for policy in &reached_by {
            findings.push(format!("{}: {policy} is on and can lock it out.", account.person.display_name));
        }
        for check in &account.checks {
            finding(&mut findings, Some(&account.person.display_name), check);
        }
        accounts.push(BreakGlassAccount {
            name: account.person.display_name.clone(),
            upn: account.person.upn.clone(),
            cloud_only: state(&account.checks, "cloudOnly").flatten(),
            permanent_global_admin: state(&account.checks, "globalAdministrator").flatten(),
            phishing_resistant: state(&account.checks, "phishingResistant").flatten(),
            last_sign_in: account.last_sign_in,
            reached_by: (view.unreadable.is_none() && !(reached_by.is_empty() && open)).then_some(reached_by),
        });
    }
    // What is wrong before what is not known.
    findings.sort_by_key(|finding| finding.starts_with("Not known: "));
    let settled = view.drills.iter().find(|drill| matches!(drill.state, DrillState::Worked | DrillState::Failed));
    let fact = BreakGlassFact {
        accounts,
        group: view.group.as_ref().map(|group| group.display_name.clone()),
        last_drill: settled.map(|drill| drill.starts_at),
        last_drill_outcome: settled.map(|drill| {
            let went = if drill.state == DrillState::Worked { "worked" } else { "did not work" };
            drill.note.as_ref().map_or_else(|| went.to_owned(), |note| format!("{went}: {note}"))
        }),
        findings,
    };
    (fact, glass)
}

/// None: there is no such point; Some(None): not known.
fn state(checks: &[Check], id: &str) -> Option<Option<bool>> {
    checks.iter().find(|check| check.id == id).map(|check| match check.state {
        CheckState::Yes => Some(true),
        CheckState::No => Some(false),
        CheckState::Unknown => None,
    })
}

fn finding(findings: &mut Vec<String>, account: Option<&str>, check: &Check) {
    let whose = account.map(|name| format!("{name}: ")).unwrap_or_default();
    let what = check.what.trim_end_matches('.');
    match check.state {
        CheckState::Yes => {}
        CheckState::No => findings.push(format!("{whose}{what}.")),
        CheckState::Unknown => findings.push(format!("Not known: {whose}{what}.")),
    }
}
