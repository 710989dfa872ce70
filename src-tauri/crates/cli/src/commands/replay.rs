//! `replay`: how far the engine agrees with what Entra recorded, and every sign-in on which it does not.

use chrono::{DateTime, SecondsFormat};
use conditional_access::replay::Compared;
use fleet::engine::replay::{self, Explained, Replayed, percent, thousands};
use fleet::problem::problem;
use serde::Serialize;

use super::judged::{From, judged};
use crate::arguments::{Arguments, Source};
use crate::output::{Done, Output, table};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    sign_ins: u64,
    compared: u64,
    agree: u64,
    disagree: u64,
    /// 0 to 1; null where nothing was compared.
    share: Option<f64>,
    /// Sign-ins of which the engine cannot say; in none of the above.
    cannot_say: u64,
    /// Sign-ins whose recorded policies were all changed or deleted since.
    policy_changed_since: u64,
    /// Sign-ins for which Entra recorded no policy.
    not_recorded: u64,
    unreadable: u64,
    from: Option<String>,
    to: Option<String>,
    sentence: String,
    policies: Vec<PolicyRow<'a>>,
    open: Vec<OpenRow<'a>>,
    disagreements: Vec<Row<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PolicyRow<'a> {
    id: &'a str,
    display_name: &'a str,
    agree: u64,
    disagree: u64,
    cannot_say: u64,
    not_in_log: u64,
    changed_since: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OpenRow<'a> {
    policy_id: &'a str,
    policy: &'a str,
    sign_ins: u64,
    /// The log never says what the policy asks for.
    never_in_log: bool,
    why: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    id: &'a str,
    created_date_time: Option<String>,
    user_id: &'a str,
    user_principal_name: &'a str,
    app: &'a str,
    policies: Vec<DisagreedRow<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DisagreedRow<'a> {
    id: &'a str,
    display_name: &'a str,
    /// Graph's word.
    recorded: &'a str,
    entra: &'a str,
    outcome: Option<&'static str>,
    engine: &'a str,
}

pub fn run(arguments: &Arguments, source: &Source, output: Output) -> Done {
    let judged = judged(arguments, source)?;
    judged.tenant.readable()?;
    let replayed = match &judged.from {
        From::Snapshot(snapshot) => replay::of_snapshot(snapshot, &judged.tenant),
        From::Store(fleet) => Some(fleet.store().read(|conn| replay::of_store(conn, &judged.tenant, i64::MIN)).map_err(fleet::views::Problem::from)?),
    }
    .ok_or_else(|| problem("replay.signInsUnread", "The snapshot holds no sign-ins (signIns.json is absent)", "Name a snapshot with sign-ins."))?;
    let engine = &judged.tenant.engine;
    let policies = engine.policies().iter().zip(&replayed.tally.policies).map(|(policy, tally)| PolicyRow {
        id: policy.id.as_deref().unwrap_or_default(),
        display_name: policy.display_name.as_deref().unwrap_or_default(),
        agree: tally.agree,
        disagree: tally.disagree,
        cannot_say: tally.cannot_say,
        not_in_log: tally.not_in_log,
        changed_since: tally.changed_since,
    });
    let answer = answer(&replayed, policies.collect());
    output.print(&answer, human)
}

fn answer<'a>(replayed: &'a Replayed, policies: Vec<PolicyRow<'a>>) -> Answer<'a> {
    let tally = &replayed.tally;
    Answer {
        sign_ins: tally.sign_ins + replayed.unreadable,
        compared: tally.compared(),
        agree: tally.agree,
        disagree: tally.disagree,
        share: tally.share(),
        cannot_say: tally.cannot_say,
        policy_changed_since: tally.changed_since,
        not_recorded: tally.not_recorded,
        unreadable: replayed.unreadable,
        from: replayed.from.and_then(time),
        to: replayed.to.and_then(time),
        sentence: replayed.sentence(),
        policies,
        open: replayed
            .open
            .iter()
            .map(|open| OpenRow {
                policy_id: &open.policy_id,
                policy: &open.policy_name,
                sign_ins: open.sign_ins,
                never_in_log: open.never_in_log,
                why: &open.why,
            })
            .collect(),
        disagreements: replayed
            .disagreements
            .iter()
            .map(|found| Row {
                id: &found.sign_in.id,
                created_date_time: time(found.sign_in.at),
                user_id: &found.sign_in.user_id,
                user_principal_name: &found.sign_in.upn,
                app: &found.sign_in.app,
                policies: found.policies.iter().map(disagreed).collect(),
            })
            .collect(),
    }
}

fn disagreed(policy: &Explained) -> DisagreedRow<'_> {
    DisagreedRow {
        id: &policy.policy_id,
        display_name: &policy.policy_name,
        recorded: &policy.recorded,
        entra: &policy.entra,
        outcome: match policy.compared {
            Compared::OtherState => None,
            _ => policy.outcome.map(|outcome| outcome.as_text()),
        },
        engine: &policy.engine,
    }
}

fn time(millis: i64) -> Option<String> {
    DateTime::from_timestamp_millis(millis).map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// So many disagreements a person is shown.
const SHOWN: usize = 50;

fn human(answer: &Answer<'_>) -> String {
    let mut text = format!("{}.\n", answer.sentence);
    let mut apart = |n: u64, what: &str| {
        if n > 0 {
            text += &format!("{} {what}\n", thousands(n));
        }
    };
    apart(answer.cannot_say, "more: the engine cannot say, because the entry or what was read of the tenant lacks something");
    apart(answer.policy_changed_since, "more: every recorded policy was changed or deleted since");
    apart(answer.not_recorded, "more: Entra recorded no policy, or the sign-in ended before policies were looked at");
    apart(answer.unreadable, "entries are no sign-ins and were passed over");
    for open in &answer.open {
        let what = if open.never_in_log { "left out, because the log never says what it asks for" } else { "cannot be judged" };
        text += &format!("{} ({} sign-ins): {what}; {}\n", open.policy, thousands(open.sign_ins), open.why);
    }
    if let Some(share) = answer.share
        && share < 1.0
    {
        text += &format!("Disagreement: {} of {} ({})\n\n", thousands(answer.disagree), thousands(answer.compared), percent(1.0 - share));
        let rows: Vec<Vec<String>> = answer
            .disagreements
            .iter()
            .take(SHOWN)
            .flat_map(|row| {
                row.policies.iter().map(|policy| {
                    vec![
                        row.created_date_time.clone().unwrap_or_default(),
                        row.user_principal_name.to_owned(),
                        row.app.to_owned(),
                        policy.display_name.to_owned(),
                        policy.entra.to_owned(),
                        policy.engine.to_owned(),
                    ]
                })
            })
            .collect();
        text += &table(&["Time (UTC)", "UPN", "Application", "Policy", "Entra", "Engine"], &rows);
        if answer.disagreements.len() > SHOWN {
            text += &format!("… and {} more; --json lists them all\n", answer.disagreements.len() - SHOWN);
        }
    }
    text
}
