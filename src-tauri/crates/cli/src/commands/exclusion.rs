//! `exclusion`: time-bound access from the request to the removal.

use demo::Demo;
use fleet::Fleet;
use fleet::access::ends;
use fleet::views::access::{self, AccessDetail, AccessInput, AccessList, AccessRow, RemovalOutcome, SyncedExpired};
use fleet::views::changes::ChangeEvent;
use serde::Serialize;

use super::technician;
use crate::arguments::{Exclusion, ExclusionNew};
use crate::output::{Done, Failure, Output, history_line, one_line, table, word};

/// One of them: what the list shows of it, and what its page shows besides.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    #[serde(flatten)]
    row: AccessRow,
    exempt: Vec<String>,
    history: Vec<ChangeEvent>,
}

impl From<AccessDetail> for Shown {
    fn from(detail: AccessDetail) -> Self {
        Self { row: detail.row, exempt: detail.exempt, history: detail.history }
    }
}

pub async fn run(fleet: &Fleet, command: &Exclusion, output: Output) -> Done {
    // What ended while nobody looked has ended before anything is shown or done.
    fleet.access_expire(fleet.now())?;
    let writes = matches!(command, Exclusion::Approve { .. } | Exclusion::End { .. } | Exclusion::SyncExpired(_));
    // Held for as long as the command runs: it serves the demo fleet's tenants.
    let _demo = if writes && demo::needed(fleet) { Some(Demo::start(fleet).await?) } else { None };
    if writes {
        fleet.access_settle().await;
    }
    let who = technician(fleet)?;
    match command {
        Exclusion::New(options) => new(fleet, options, &who, output),
        Exclusion::Approve { id, who: named, take_over } => one(output, fleet.access_approve(*id, None, *take_over, named.as_deref().unwrap_or(&who)).await?),
        Exclusion::Cancel { id } => one(output, fleet.access_cancel(*id, None, &who)?),
        Exclusion::End { id } => one(output, fleet.access_end_now(*id, None, &who).await?),
        Exclusion::Show { id } => one(output, access::get(fleet, *id, &who)?),
        Exclusion::List { tenant } => {
            let tenant = tenant.as_deref().map(|named| fleet.find_tenant(named)).transpose()?;
            let rows = fleet.store().read(|conn| access::rows(conn, tenant.as_deref(), fleet.now())).map_err(fleet::views::Problem::from)?;
            output.print(&rows, |rows| list(rows))
        }
        Exclusion::Untracked(of) => {
            let AccessList { untracked: groups, unknown, .. } = access::list(fleet, &fleet.find_tenant(&of.tenant)?)?;
            output.print(&Untracked { untracked: groups, unknown }, untracked)
        }
        Exclusion::SyncExpired(of) => sync_expired(fleet, &of.tenant, &who, output).await,
    }
}

fn new(fleet: &Fleet, options: &ExclusionNew, who: &str, output: Output) -> Done {
    let tenant = fleet.find_tenant(&options.tenant)?;
    let group = match (&options.group, &options.policy) {
        (None, Some(policy)) => access::group_of_policy(fleet, &tenant, policy)?,
        (group, _) => group.clone().unwrap_or_default(),
    };
    let input = AccessInput {
        tenant,
        user: options.user.clone(),
        group,
        reason: options.reason.clone(),
        ticket: options.ticket.clone(),
        end: ends::typed(&options.until, fleet.now())?,
        sign_in: options.sign_in.clone(),
        take_over: options.take_over,
    };
    one(output, fleet.access_request(&input, who)?)
}

fn one(output: Output, detail: AccessDetail) -> Done {
    output.print(&Shown::from(detail), |shown| {
        let row = &shown.row;
        let mut text = format!("{}: {} in {} — {}, until {}\n", row.id, row.person.display_name, row.group.display_name, word(&row.state), end(row));
        text += &format!("  {}{}\n", row.reason, row.ticket.as_ref().map(|ticket| format!(" ({ticket})")).unwrap_or_default());
        if let Some(later) = row.extend_to {
            text += &format!("  A later end waits for approval: {}\n", on_clock(later, &row.time_zone));
        }
        for line in shown.exempt.iter().chain(&row.note) {
            text += &format!("  {line}\n");
        }
        if let Some(problem) = &row.problem {
            text += &format!("  {}\n", one_line(problem));
        }
        for event in &shown.history {
            text += &history_line(event.at, &event.what, &event.who, event.note.as_deref());
        }
        text
    })
}

fn end(row: &AccessRow) -> String {
    on_clock(row.ends_at, &row.time_zone)
}

fn on_clock(at: fleet::views::Moment, zone: &str) -> String {
    ends::zone(zone).map_or_else(|| at.format("%Y-%m-%d %H:%M UTC").to_string(), |zone| ends::in_words(at, zone))
}

fn list(rows: &[AccessRow]) -> String {
    if rows.is_empty() {
        return "Nobody has time-bound access.\n".into();
    }
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![
                row.id.to_string(),
                row.tenant.display_name.clone(),
                row.person.display_name.clone(),
                row.group.display_name.clone(),
                word(&row.state),
                end(row),
                row.requested_by.clone(),
                row.reason.clone(),
            ]
        })
        .collect();
    table(&["Id", "Customer", "Person", "Group", "State", "Ends", "Asked by", "Why"], &cells)
}

fn untracked(found: &Untracked) -> String {
    if let Some(reason) = &found.unknown {
        return format!("Not known: {}\n", reason.reason);
    }
    if found.untracked.is_empty() {
        return "Everybody in an exclusion group has an end, or is there on purpose.\n".into();
    }
    let mut text = String::new();
    for group in &found.untracked {
        text += &format!("{}: {}\n", group.group.display_name, group.sentence);
        for person in &group.people {
            text += &format!("  {} ({})\n", person.display_name, person.upn);
        }
        if group.count as usize > group.people.len() {
            text += &format!("  and {} more\n", group.count as usize - group.people.len());
        }
    }
    text
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Untracked {
    untracked: Vec<access::UntrackedGroup>,
    unknown: Option<fleet::views::Unknown>,
}

async fn sync_expired(fleet: &Fleet, tenant: &str, who: &str, output: Output) -> Done {
    let synced = fleet.access_sync_expired(&fleet.find_tenant(tenant)?, who).await?;
    output.print(&synced, results)?;
    let failed: Vec<_> = synced.results.iter().filter(|result| matches!(result.outcome, RemovalOutcome::Refused | RemovalOutcome::Unknown)).collect();
    if failed.is_empty() {
        return Ok(());
    }
    for result in failed {
        if let Some(problem) = &result.problem {
            eprintln!("error: {}: {}", result.person.display_name, one_line(problem));
        }
    }
    Err(Failure::Said)
}

fn results(synced: &SyncedExpired) -> String {
    let mut text = String::new();
    for result in &synced.results {
        let what = match result.outcome {
            RemovalOutcome::Removed => "removed",
            RemovalOutcome::AlreadyGone => "was gone already",
            RemovalOutcome::Refused => "refused",
            RemovalOutcome::Unknown => "not known yet: run it again",
        };
        text += &format!("{} in {}: {what}\n", result.person.display_name, result.group.display_name);
    }
    text + &format!("{}.\n", synced.summary)
}
