//! The accounts for the day on which nothing else signs in, and what keeps them safe.

use fleet::evidence::facts::BreakGlassFact;

use super::lists::{self, Words};
use crate::layout::{Cell, Column, Mark, Sheet, Tone};
use crate::words::Clock;

pub fn set(sheet: &mut Sheet, facts: &BreakGlassFact, clock: Clock, rest: &str) {
    let drill = match (facts.last_drill, &facts.last_drill_outcome) {
        (Some(at), Some(outcome)) => format!("Last drill: {}, {outcome}.", clock.day(at)),
        (Some(at), None) => format!("Last drill: {}, outcome not recorded.", clock.day(at)),
        (None, _) => "No drill is recorded: whether the accounts work when they are needed has not been tried.".to_owned(),
    };
    let group = facts
        .group
        .as_ref()
        .map_or_else(|| "No group of emergency accounts is named.".to_owned(), |group| format!("Group of the emergency accounts: {group}."));
    sheet.paragraph(&format!("{group} {drill}"));
    let columns = [
        Column::new("Account", 2.7),
        Column::new("Cloud only", 1.15),
        Column::new("Always Global Administrator", 1.35),
        Column::new("Phishing-resistant", 1.25),
        Column::new("Last sign-in", 1.2),
        Column::new("Policies that could lock it out", 1.9),
    ];
    let words = Words { empty: "No emergency account is known.", rest };
    lists::set(sheet, &columns, &facts.accounts, &words, |account| {
        vec![
            Cell::with_below(&account.name, &account.upn),
            yes(account.cloud_only),
            yes(account.permanent_global_admin),
            yes(account.phishing_resistant),
            account.last_sign_in.map_or_else(|| Cell::toned("none seen", Tone::Muted), |at| Cell::new(clock.day(at))),
            match &account.reached_by {
                None => Cell::marked(Mark::Unknown),
                Some(policies) if policies.is_empty() => Cell { text: "None".into(), ..Cell::marked(Mark::Yes) },
                Some(policies) => {
                    policies.iter().fold(Cell { text: policies.len().to_string(), ..Cell::marked(Mark::No) }, |cell, policy| cell.and(policy, Tone::Plain))
                }
            },
        ]
    });
    if !facts.findings.is_empty() {
        sheet.section("What was found", 0.0);
        for finding in &facts.findings {
            sheet.point(finding);
        }
    }
}

fn yes(known: Option<bool>) -> Cell {
    Cell::marked(match known {
        Some(true) => Mark::Yes,
        Some(false) => Mark::No,
        None => Mark::Unknown,
    })
}
