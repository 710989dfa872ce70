//! `alerts`: the inbox, one alert, and its states.

use fleet::Fleet;
use fleet::views::alerts::{self, AlertDetail, AlertFilter, AlertRow, AlertState};
use fleet::watch::actions;

use super::{every, technician};
use crate::arguments::{AlertAct, Alerts, Status};
use crate::output::{Done, Output, ago, history_line, table, word};

pub fn run(fleet: &Fleet, options: &Alerts, output: Output) -> Done {
    let now = fleet.now();
    match &options.act {
        Some(AlertAct::Acknowledge { id, note }) => {
            actions::acknowledge(fleet.store(), &[*id], note.as_deref(), &technician(fleet)?, now)?;
            shown(fleet, *id, output, "Acknowledged")
        }
        Some(AlertAct::Resolve { id, note }) => {
            actions::resolve(fleet.store(), &[*id], note, &technician(fleet)?, now)?;
            shown(fleet, *id, output, "Resolved")
        }
        Some(AlertAct::Show { id }) => output.print(&alerts::get(fleet.store(), *id)?, whole),
        None => {
            let tenant = options.tenant.as_deref().map(|named| fleet.find_tenant(named)).transpose()?;
            let states = match options.status {
                Status::Open => vec![AlertState::Open],
                Status::Acknowledged => vec![AlertState::Acknowledged],
                Status::Resolved => vec![AlertState::Resolved],
                Status::Muted => vec![AlertState::Muted],
                Status::All => Vec::new(),
            };
            let rows =
                every(|window| alerts::list(fleet.store(), &AlertFilter { states: states.clone(), tenant: tenant.clone(), window, ..AlertFilter::default() }))?;
            output.print(&rows, |rows| list(fleet, rows))
        }
    }
}

fn shown(fleet: &Fleet, id: u32, output: Output, done: &str) -> Done {
    output.print(&alerts::get(fleet.store(), id)?, |alert| format!("{done}: {} — {}\n", alert.row.tenant.display_name, alert.row.title))
}

fn list(fleet: &Fleet, rows: &[AlertRow]) -> String {
    if rows.is_empty() {
        return "All quiet: no such alert.\n".into();
    }
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![
                row.id.to_string(),
                word(&row.severity),
                row.tenant.display_name.clone(),
                row.title.clone(),
                ago(Some(row.first_seen), fleet.now()),
                row.count.to_string(),
                word(&row.state),
            ]
        })
        .collect();
    table(&["Id", "Severity", "Customer", "What", "Since", "Count", "State"], &cells)
        + &format!("{} {}\n", rows.len(), if rows.len() == 1 { "alert" } else { "alerts" })
}

fn whole(alert: &AlertDetail) -> String {
    let row = &alert.row;
    let mut text = format!("{}: {}\n{} — {}\n\n{}\n", word(&row.severity), row.title, row.tenant.display_name, row.kind_title, alert.meaning);
    if !alert.evidence.is_empty() {
        text += "\nEvidence\n";
        text += &table(&["  What", "Value"], &alert.evidence.iter().map(|fact| vec![format!("  {}", fact.label), fact.value.clone()]).collect::<Vec<_>>());
    }
    for change in &alert.changes {
        text += &format!("  {}: {} → {} ({})\n", change.field, change.before, change.after, change.effect);
    }
    text += "\nPlaybook\n";
    for (number, step) in alert.playbook.iter().enumerate() {
        text += &format!("  {}. {}\n", number + 1, step.text);
    }
    text += "\nHistory\n";
    for event in &alert.history {
        text += &history_line(event.at, &event.what, &event.who, event.note.as_deref());
    }
    text
}
