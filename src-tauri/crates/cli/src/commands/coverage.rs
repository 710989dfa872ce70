//! `coverage`: gaps with people and the reason, or what each user gets.

use std::collections::BTreeMap;

use conditional_access::coverage::{self, ApplicationKind, Client, Coverage, Gap, UserCoverage};
use fleet::engine::TenantEngine;
use serde::Serialize;

use super::judged::judged;
use crate::arguments::{Arguments, Coverage as Options};
use crate::output::{Done, Output, table};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    gaps: Vec<GapRow<'a>>,
    profiles: Vec<ProfileRow>,
    /// Only where `--per-user` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    per_user: Option<Vec<UserRow<'a>>>,
    /// Accounts that cannot sign in; they are in no gap.
    blocked_accounts: usize,
    remarks: &'a [String],
}

/// People who get less than MFA somewhere. Several clients, platforms or locations are one text with commas, and lists beside it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GapRow<'a> {
    /// How many; null where users were never read.
    users: Option<usize>,
    user_ids: Vec<&'a str>,
    profile: &'static str,
    /// An application id, `All`, or `*` for every one that no policy mentions.
    application: String,
    application_name: Option<String>,
    client: String,
    platform: String,
    location: String,
    device: String,
    protection: &'static str,
    why: &'a str,
    clients: Vec<&'static str>,
    platforms: Vec<&'static str>,
    locations: Vec<&'a str>,
    devices: Vec<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProfileRow {
    profile: &'static str,
    users: usize,
    protected: usize,
    unknown: usize,
    protection: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserRow<'a> {
    id: &'a str,
    user_principal_name: &'a str,
    display_name: &'a str,
    profile: &'static str,
    class: &'a str,
    /// The least over every application, client with modern authentication, platform and place.
    protection: &'static str,
    /// The same for legacy clients; null where they reach no application.
    legacy_protection: Option<&'static str>,
    why: &'a str,
    /// By application: the least for clients with modern authentication.
    applications: BTreeMap<&'a str, &'static str>,
}

pub fn run(arguments: &Arguments, options: &Options, output: Output) -> Done {
    let judged = judged(arguments, &options.source)?;
    judged.tenant.readable()?;
    let covered = coverage::coverage(&judged.tenant.engine, &judged.knowledge.marks);
    let answer = answer(&judged.tenant, &covered, options.per_user);
    output.print(&answer, |answer| human(answer, &covered))
}

fn answer<'a>(tenant: &'a TenantEngine, covered: &'a Coverage, per_user: bool) -> Answer<'a> {
    Answer {
        gaps: covered.gaps.iter().flat_map(|gap| rows(tenant, covered, gap)).collect(),
        profiles: covered
            .profiles()
            .into_iter()
            .map(|summary| ProfileRow {
                profile: summary.profile.as_text(),
                users: summary.people,
                protected: summary.protected,
                unknown: summary.unknown,
                protection: summary.least.as_text(),
            })
            .collect(),
        per_user: per_user.then(|| covered.per_user().filter_map(|user| user_row(tenant, covered, user)).collect()),
        blocked_accounts: covered.blocked_accounts,
        remarks: &covered.remarks,
    }
}

/// One row an application, so that scripts can filter by it; a gap everywhere is one row.
fn rows<'a>(tenant: &'a TenantEngine, covered: &'a Coverage, gap: &'a Gap) -> Vec<GapRow<'a>> {
    let users = tenant.engine.tenant().users.as_deref().unwrap_or_default();
    let ids: Vec<&str> = covered.people_of_gap(gap).filter_map(|user| users.get(user)).map(|user| user.id.as_str()).collect();
    let clients: Vec<&'static str> = gap.clients.iter().map(|client| client.as_text()).collect();
    let platforms: Vec<&'static str> = gap.platforms.iter().filter_map(|at| covered.platforms().get(*at)).map(|platform| platform.name).collect();
    let locations: Vec<&str> = gap.locations.iter().filter_map(|at| covered.locations().get(*at)).map(|location| location.name.as_str()).collect();
    let devices: Vec<&'static str> = gap.devices.iter().filter_map(|at| covered.devices().get(*at)).map(|device| device.as_text()).collect();
    let row = |application: String, application_name: Option<String>| GapRow {
        users: gap.people,
        user_ids: ids.clone(),
        profile: gap.profile.as_text(),
        application,
        application_name,
        client: joined(&clients, 4),
        platform: joined(&platforms, covered.platforms().len()),
        location: if locations.len() >= covered.locations().len() { "All".to_owned() } else { locations.join(",") },
        device: joined(&devices, covered.devices().len()),
        protection: gap.protection.as_text(),
        why: &gap.why,
        clients: clients.clone(),
        platforms: platforms.clone(),
        locations: locations.clone(),
        devices: devices.clone(),
    };
    if gap.all_applications {
        return vec![row("All".to_owned(), None)];
    }
    gap.applications.iter().filter_map(|at| covered.applications.get(*at)).map(|application| row(application.id.clone(), application.name.clone())).collect()
}

/// `all` where it is all there are.
fn joined(words: &[&str], all: usize) -> String {
    if words.len() >= all { "all".to_owned() } else { words.join(",") }
}

fn user_row<'a>(tenant: &'a TenantEngine, covered: &'a Coverage, user: UserCoverage<'a>) -> Option<UserRow<'a>> {
    let facts = tenant.engine.tenant().users.as_deref()?.get(user.user)?;
    let cells = covered.applications.iter().enumerate().filter(|(_, application)| application.kind != ApplicationKind::UserAction);
    Some(UserRow {
        id: &facts.id,
        user_principal_name: &facts.upn,
        display_name: &facts.display_name,
        profile: user.profile.as_text(),
        class: covered.classes.get(user.class).map_or("", |class| class.name.as_str()),
        protection: user.least.as_text(),
        legacy_protection: user.legacy.map(|legacy| legacy.as_text()),
        why: user.why,
        applications: cells.filter_map(|(index, application)| Some((application.id.as_str(), covered.cell(user.class, index)?.least.as_text()))).collect(),
    })
}

fn human(answer: &Answer<'_>, covered: &Coverage) -> String {
    let mut text = String::new();
    for remark in answer.remarks {
        text += &format!("{remark}\n");
    }
    let profiles: Vec<Vec<String>> = answer
        .profiles
        .iter()
        .map(|row| vec![row.profile.to_owned(), row.users.to_string(), row.protected.to_string(), row.unknown.to_string(), word(row.protection)])
        .collect();
    text += &table(&["People", "How many", "With MFA everywhere", "Unknown", "Least"], &profiles);
    if let Some(users) = &answer.per_user {
        let rows: Vec<Vec<String>> = users
            .iter()
            .map(|user| {
                vec![
                    user.user_principal_name.to_owned(),
                    user.profile.to_owned(),
                    word(user.protection),
                    user.legacy_protection.map_or_else(|| "-".to_owned(), word),
                    user.why.to_owned(),
                ]
            })
            .collect();
        return text + "\n" + &table(&["User", "Profile", "Least", "Legacy", "Why"], &rows);
    }
    if covered.gaps.is_empty() {
        return text + "\nNo gap: everybody is asked for MFA, and legacy clients are blocked.\n";
    }
    let clients = |gap: &Gap| {
        let legacy = gap.clients.iter().all(|client| client.is_legacy());
        if gap.clients.len() >= 4 {
            "any".to_owned()
        } else if legacy {
            "legacy".to_owned()
        } else if gap.clients.iter().all(|client| matches!(client, Client::Browser | Client::MobileAppsAndDesktop)) && gap.clients.len() == 2 {
            "modern".to_owned()
        } else {
            gap.clients.iter().map(|client| client.as_text()).collect::<Vec<_>>().join(", ")
        }
    };
    let names = |list: &[usize], all: usize, name: &dyn Fn(usize) -> Option<String>| {
        if list.len() >= all { "any".to_owned() } else { list.iter().filter_map(|at| name(*at)).collect::<Vec<_>>().join(", ") }
    };
    let rows: Vec<Vec<String>> = covered
        .gaps
        .iter()
        .map(|gap| {
            let application = |at: usize| {
                covered.applications.get(at).map(|application| match (application.kind, &application.name) {
                    (ApplicationKind::AnyOther, _) => "any other".to_owned(),
                    (_, Some(name)) => name.clone(),
                    (_, None) => application.id.clone(),
                })
            };
            vec![
                gap.people.map_or_else(|| "?".to_owned(), |people| people.to_string()),
                gap.profile.as_text().to_owned(),
                word(gap.protection.as_text()),
                if gap.all_applications { "any".to_owned() } else { names(&gap.applications, usize::MAX, &application) },
                clients(gap),
                names(&gap.platforms, covered.platforms().len(), &|at| covered.platforms().get(at).map(|platform| platform.name.to_owned())),
                names(&gap.locations, covered.locations().len(), &|at| covered.locations().get(at).map(|location| location.name.clone())),
                gap.why.clone(),
            ]
        })
        .collect();
    text + "\n" + &table(&["Users", "Who", "Protection", "Application", "Client", "Platform", "Place", "Why"], &rows)
}

fn word(protection: &str) -> String {
    match protection {
        "phishingResistantMfa" => "phishing-resistant MFA".to_owned(),
        "mfa" => "MFA".to_owned(),
        other => other.to_owned(),
    }
}
