//! `change …`: a change request from draft to verified or rolled back.

use std::io::{IsTerminal, Read, Write};

use fleet::change;
use fleet::problem::problem;
use fleet::views::changes::{ChangeDetail, ChangeFilter, ChangeInput, ChangeRow, ChangeState, Draft, GuardWeight};
use fleet::views::{Moment, Problem};
use fleet::{Fleet, FleetEvent};
use serde_json::Value;

use super::{every, technician};
use crate::arguments::{Change, ChangeContent, ChangeKindName};
use crate::output::{Done, Failure, Output, ago, history_line, table, word};

pub async fn run(fleet: &Fleet, command: &Change, output: Output) -> Done {
    let demo = if demo::needed(fleet) { Some(demo::Demo::start(fleet).await?) } else { None };
    // What a crash or a lost answer left open is found out first.
    fleet.changes_resume().await;
    let done = act(fleet, command, output).await;
    drop(demo);
    done
}

async fn act(fleet: &Fleet, command: &Change, output: Output) -> Done {
    let who = technician(fleet)?;
    let revision = |id: u32| Ok::<u32, Problem>(change::get(fleet, id, &who)?.revision);
    match command {
        Change::New { tenant, content, reason, ticket } => {
            let tenant = fleet.find_tenant(tenant)?;
            let Some(kind) = content.kind else { return Err(Failure::Usage("name what is to be done with --kind, for example --kind state".into())) };
            let draft = draft(fleet, &tenant, kind, content)?;
            let input = ChangeInput { tenant, draft, reason: reason.clone().unwrap_or_default(), ticket: ticket.clone(), origin: None };
            let id = change::new(fleet, &input, &who)?;
            shown(fleet, id, &who, output)
        }
        Change::Edit { id, content, reason, ticket } => {
            let now = change::get(fleet, *id, &who)?;
            let draft = match content.kind {
                Some(kind) => draft(fleet, &now.row.tenant.id, kind, content)?,
                None => redraft(&now.draft, content)?,
            };
            let input = ChangeInput {
                tenant: now.row.tenant.id.clone(),
                draft,
                reason: reason.clone().unwrap_or(now.row.reason),
                ticket: ticket.clone().or(now.row.ticket),
                origin: None,
            };
            change::edit(fleet, *id, now.revision, &input, &who)?;
            shown(fleet, *id, &who, output)
        }
        Change::DryRun { id } => {
            change::dry_run(fleet, *id, revision(*id)?, &who).await?;
            shown(fleet, *id, &who, output)
        }
        Change::Approve { id, by, note } => {
            let who = by.clone().unwrap_or(who);
            change::approve(fleet, *id, change::get(fleet, *id, &who)?.revision, note.as_deref(), &who)?;
            shown(fleet, *id, &who, output)
        }
        Change::Apply { id } => {
            let seen = change::get(fleet, *id, &who)?;
            let confirmed = confirmed(&seen)?;
            let told = told(fleet, *id);
            let done = change::apply(fleet, *id, seen.revision, &confirmed, &who).await;
            told.abort();
            done?;
            settled(fleet, *id, &who, output)
        }
        Change::Schedule { id, at, off } => {
            let seen = change::get(fleet, *id, &who)?;
            let at = match (at, off) {
                (Some(text), false) => Some(at_time(fleet, &seen, text)?),
                (None, true) => None,
                _ => return Err(Failure::Usage("say when with --at TIME, or take the time back with --off".into())),
            };
            let confirmed = if at.is_some() { confirmed(&seen)? } else { Vec::new() };
            change::schedule(fleet, *id, seen.revision, at, &confirmed, &who)?;
            shown(fleet, *id, &who, output)
        }
        Change::Rollback { id } => {
            let told = told(fleet, *id);
            let done = change::rollback(fleet, *id, revision(*id)?, &who).await;
            told.abort();
            done?;
            settled(fleet, *id, &who, output)
        }
        Change::Enforce { id } => {
            let next = change::enforce(fleet, *id, &who)?;
            shown(fleet, next, &who, output)
        }
        Change::Cancel { id, note } => {
            change::cancel(fleet, *id, revision(*id)?, note.as_deref(), &who)?;
            shown(fleet, *id, &who, output)
        }
        Change::Show { id } => shown(fleet, *id, &who, output),
        Change::List { tenant } => {
            let tenant = tenant.as_deref().map(|named| fleet.find_tenant(named)).transpose()?;
            let rows = every(|window| change::list(fleet.store(), &ChangeFilter { tenant: tenant.clone(), window, ..ChangeFilter::default() }))?;
            output.print(&rows, |rows| list(fleet, rows))
        }
    }
}

fn at_time(fleet: &Fleet, seen: &ChangeDetail, text: &str) -> Result<Moment, Problem> {
    let zone = fleet.store().read(|conn| store::tenants::get(conn, &seen.row.tenant.id))?.map_or_else(|| "UTC".to_owned(), |row| row.time_zone);
    change::when(text, &zone, fleet.now())
}

/// The warnings of the dry run: asked at a terminal, and said to a script, which saw them when it made the dry run.
fn confirmed(seen: &ChangeDetail) -> Result<Vec<String>, Failure> {
    let guards = seen.dry_run.iter().flat_map(|ran| &ran.guards).filter(|guard| guard.weight == GuardWeight::Asks);
    let mut codes = Vec::new();
    for guard in guards {
        eprintln!("warning: {}; {}", guard.what, guard.next_step);
        codes.push(guard.code.clone());
    }
    if !codes.is_empty() && std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        eprint!("Go on all the same? [y/N] ");
        let _ = std::io::stderr().flush();
        let mut answer = String::new();
        let _ = std::io::stdin().read_line(&mut answer);
        if !answer.trim().eq_ignore_ascii_case("y") {
            return Err(problem("change.not_confirmed", "Nothing was sent", "Edit the change, or confirm its warnings.").into());
        }
    }
    Ok(codes)
}

/// How far a change is, on a terminal.
fn told(fleet: &Fleet, id: u32) -> tokio::task::JoinHandle<()> {
    let mut events = fleet.events();
    tokio::spawn(async move {
        let terminal = std::io::stderr().is_terminal();
        while let Ok(event) = events.recv().await {
            if let FleetEvent::ChangeProgress { change, words, .. } = event
                && change == id
                && terminal
            {
                eprint!("\r{words}\u{1b}[K");
            }
        }
    })
}

fn policy(fleet: &Fleet, tenant: &str, content: &ChangeContent) -> Result<String, Failure> {
    let Some(named) = content.policy.as_deref() else { return Err(Failure::Usage("name the policy with --policy ID".into())) };
    let found = fleet.store().read(|conn| store::policies::all(conn, tenant)).map_err(Problem::from)?;
    let mut fitting = found.iter().filter(|row| row.display_name.eq_ignore_ascii_case(named.trim()));
    Ok(match (fitting.next(), fitting.next()) {
        (Some(one), None) => one.id.clone(),
        _ => named.trim().to_lowercase(),
    })
}

fn body(content: &ChangeContent) -> Result<String, Failure> {
    let Some(path) = &content.body else { return Err(Failure::Usage("name the file with the JSON with --body FILE".into())) };
    let mut text = String::new();
    let read =
        if path.as_os_str() == "-" { std::io::stdin().read_to_string(&mut text).map(drop) } else { std::fs::read(path).map(|bytes| text = decoded(&bytes)) };
    read.map_err(|error| {
        problem("file.unreadable", format!("The file {} cannot be read", path.display()), "Check its name and that your account may read it.")
            .with_details(error)
    })?;
    Ok(text)
}

/// Exports of policies come as UTF-8 or UTF-16.
fn decoded(bytes: &[u8]) -> String {
    let wide = |pairs: &[u8], join: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = pairs.chunks_exact(2).filter_map(|pair| Some(join(pair.try_into().ok()?))).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn state_named(content: &ChangeContent) -> Result<String, Failure> {
    let Some(state) = content.state.as_deref() else { return Err(Failure::Usage("name the state with --state on|off|report-only".into())) };
    Ok(match state.to_lowercase().as_str() {
        "on" => "enabled",
        "off" => "disabled",
        "report-only" | "reportonly" => "enabledForReportingButNotEnforced",
        _ => state,
    }
    .to_owned())
}

fn member(fleet: &Fleet, tenant: &str, content: &ChangeContent) -> Result<(String, String), Failure> {
    let (Some(group), Some(user)) = (content.group.as_deref(), content.user.as_deref()) else {
        return Err(Failure::Usage("name both with --group G and --user UPN".into()));
    };
    let (groups, person) =
        fleet.store().read(|conn| Ok((store::groups::named(conn, tenant, group)?, store::users::named(conn, tenant, user)?))).map_err(Problem::from)?;
    let group = match groups.as_slice() {
        [one] => one.id.clone(),
        _ => group.trim().to_lowercase(),
    };
    Ok((group, person.map_or_else(|| user.trim().to_lowercase(), |person| person.id)))
}

fn draft(fleet: &Fleet, tenant: &str, kind: ChangeKindName, content: &ChangeContent) -> Result<Draft, Failure> {
    let location = || content.location.clone().ok_or_else(|| Failure::Usage("name the location with --location ID".into()));
    Ok(match kind {
        ChangeKindName::Create => Draft::CreatePolicy { body: body(content)? },
        ChangeKindName::Update => Draft::UpdatePolicy { policy: policy(fleet, tenant, content)?, body: body(content)? },
        ChangeKindName::State => Draft::PolicyState { policy: policy(fleet, tenant, content)?, state: state_named(content)? },
        ChangeKindName::Delete => Draft::DeletePolicy { policy: policy(fleet, tenant, content)? },
        ChangeKindName::Restore => {
            let Some(version) = content.version else { return Err(Failure::Usage("name the version with --version-number N".into())) };
            Draft::RestorePolicy { policy: policy(fleet, tenant, content)?, version }
        }
        ChangeKindName::CreateLocation => Draft::CreateLocation { body: body(content)? },
        ChangeKindName::UpdateLocation => Draft::UpdateLocation { location: location()?, body: body(content)? },
        ChangeKindName::DeleteLocation => Draft::DeleteLocation { location: location()? },
        ChangeKindName::AddMember => {
            let (group, user) = member(fleet, tenant, content)?;
            Draft::AddMember { group, user }
        }
        ChangeKindName::RemoveMember => {
            let (group, user) = member(fleet, tenant, content)?;
            Draft::RemoveMember { group, user }
        }
    })
}

/// The same draft with another body or state.
fn redraft(now: &Draft, content: &ChangeContent) -> Result<Draft, Failure> {
    let mut draft = now.clone();
    if content.body.is_some() {
        match &mut draft {
            Draft::CreatePolicy { body: text }
            | Draft::UpdatePolicy { body: text, .. }
            | Draft::CreateLocation { body: text }
            | Draft::UpdateLocation { body: text, .. } => *text = body(content)?,
            _ => return Err(Failure::Usage("this change has no body; name another --kind".into())),
        }
    }
    if content.state.is_some() {
        match &mut draft {
            Draft::PolicyState { state, .. } => *state = state_named(content)?,
            _ => return Err(Failure::Usage("this change has no state; name another --kind".into())),
        }
    }
    Ok(draft)
}

fn shown(fleet: &Fleet, id: u32, who: &str, output: Output) -> Done {
    let detail = change::get(fleet, id, who)?;
    output.print(&flat(&detail), |_| whole(fleet, &detail))
}

/// After a write: also what is not settled yet ends with 1.
fn settled(fleet: &Fleet, id: u32, who: &str, output: Output) -> Done {
    let detail = change::get(fleet, id, who)?;
    output.print(&flat(&detail), |_| whole(fleet, &detail))?;
    match (&detail.problem, detail.row.state) {
        (Some(problem), ChangeState::Applying | ChangeState::RollingBack | ChangeState::Failed) => {
            eprintln!("error: {}", crate::output::one_line(problem));
            Err(Failure::Said)
        }
        _ => Ok(()),
    }
}

/// The change as one object with its `id` and `state` at the top.
fn flat(detail: &ChangeDetail) -> Value {
    let mut value = serde_json::to_value(detail).unwrap_or_default();
    if let Some(members) = value.as_object_mut()
        && let Some(Value::Object(row)) = members.remove("row")
    {
        members.extend(row);
    }
    value
}

fn list(fleet: &Fleet, rows: &[ChangeRow]) -> String {
    if rows.is_empty() {
        return "No change was asked for yet. Next: gatehouse-cli change new --help\n".into();
    }
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let waits = row.waits_for.clone().unwrap_or_default();
            vec![
                row.id.to_string(),
                word(&row.state),
                row.tenant.display_name.clone(),
                row.title.clone(),
                row.requested_by.clone(),
                ago(Some(row.updated_at), fleet.now()),
                waits,
            ]
        })
        .collect();
    table(&["Id", "State", "Customer", "What", "Requested by", "Changed", "Waits for"], &cells)
}

fn whole(fleet: &Fleet, change: &ChangeDetail) -> String {
    let row = &change.row;
    let mut text = format!("Change {}: {}\n{} — {}\n", row.id, row.title, row.tenant.display_name, word(&row.state));
    for (name, value) in
        [("Reason", Some(&row.reason).filter(|reason| !reason.is_empty())), ("Ticket", row.ticket.as_ref()), ("Waits for", row.waits_for.as_ref())]
    {
        if let Some(value) = value {
            text += &format!("{name}: {value}\n");
        }
    }
    if let Some(at) = row.apply_at {
        text += &format!("Is applied at: {}, only while Gatehouse runs\n", at.format("%Y-%m-%d %H:%M UTC"));
    }
    for field in &change.differences {
        text += &format!("  {}: {} → {}\n", field.field, field.before, field.after);
    }
    if let Some(ran) = &change.dry_run {
        text += &format!("\nDry run {}, over {} sign-ins\n", ago(Some(ran.at), fleet.now()), ran.sign_ins);
        if let Some(outdated) = &ran.outdated {
            text += &format!("  It no longer counts: {outdated}\n");
        }
        for guard in &ran.guards {
            text += &format!("  {}: {}; {}\n", if guard.weight == GuardWeight::Stops { "forbids" } else { "warns" }, guard.what, guard.next_step);
        }
        for impact in ran.impacts.iter().filter(|impact| impact.sign_ins > 0) {
            text += &format!("  {}: {} sign-ins of {} people\n", word(&impact.kind), impact.sign_ins, impact.people_count);
        }
        for remark in &ran.remarks {
            text += &format!("  {remark}\n");
        }
    }
    if let Some(problem) = &change.problem {
        text += &format!("\n{}. {}\n", problem.what, problem.next_step);
    }
    text += "\nHistory\n";
    for event in &change.history {
        text += &history_line(event.at, &event.what, &event.who, event.note.as_deref());
    }
    text
}
