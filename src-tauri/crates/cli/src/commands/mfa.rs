//! `mfa`: a tenant's posture and accounts, the fleet side by side, and what a person says an account is.

use std::path::Path;

use fleet::views::mfa::{self, Enforcement, HeldRole, MfaBucket, MfaFilter, MfaPosture, MfaRow};
use fleet::views::mfa_fleet::{self, Course, FleetMfaRow};
use fleet::views::tenants::MfaCounts;
use fleet::views::users::AccountClass;
use fleet::{Fleet, export, posture};
use serde::Serialize;

use super::{every, lists::word, technician};
use crate::arguments::{MarkedAs, Mfa, MfaAct, Mismatch};
use crate::output::{self, Done, Output, table};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Posture {
    posture: MfaPosture,
    users: Vec<MfaRow>,
}

pub fn run(fleet: &Fleet, options: &Mfa, output: Output) -> Done {
    match &options.act {
        Some(MfaAct::Fleet { days, out }) => side_by_side(fleet, *days, out.as_deref(), output),
        Some(MfaAct::Mark { tenant, user, class, note }) => mark(fleet, tenant, user, *class, note, output),
        None => of_tenant(fleet, options, output),
    }
}

fn of_tenant(fleet: &Fleet, options: &Mfa, output: Output) -> Done {
    let tenant = fleet.find_tenant(options.tenant.as_deref().unwrap_or_default())?;
    let posture = mfa::posture(fleet.store(), &tenant)?;
    let person = |wanted: bool| if wanted { vec![AccountClass::Person] } else { Vec::new() };
    let (buckets, enforced) = match options.mismatch {
        None => (Vec::new(), Vec::new()),
        Some(Mismatch::RegisteredNotEnforced) => (vec![MfaBucket::Strong, MfaBucket::Weak], vec![Enforcement::NotEnforced]),
        Some(Mismatch::EnforcedNotRegistered) => {
            (vec![MfaBucket::None], vec![Enforcement::ConditionalAccess, Enforcement::SecurityDefaults, Enforcement::PerUser])
        }
    };
    let filter = MfaFilter {
        tenant,
        buckets,
        enforced,
        classes: person(options.mismatch.is_some() || options.without_phone),
        admins_only: options.admins,
        stale_only: options.stale,
        without_phone: options.without_phone,
        ..MfaFilter::default()
    };
    if let Some(path) = &options.out {
        export::mfa(fleet.store(), &filter, path)?;
    }
    let users = every(|window| mfa::list(fleet.store(), &MfaFilter { window, ..filter.clone() }))?;
    output.print(&Posture { posture, users }, |answer| {
        let posture = &answer.posture;
        if let Some(unreadable) = &posture.unreadable {
            return format!("MFA is not known here: {}\n", unreadable.reason);
        }
        let mut text = summary(posture);
        for gap in &posture.gaps {
            text += &format!("{gap}\n");
        }
        // Who needs somebody's care first; within that the list's own order.
        let mut users: Vec<&MfaRow> = answer.users.iter().collect();
        users.sort_by_key(|row| match row.bucket {
            MfaBucket::None => 0,
            MfaBucket::Weak => 1,
            MfaBucket::Unknown => 2,
            MfaBucket::Strong => 3,
        });
        let rows: Vec<Vec<String>> = users
            .iter()
            .map(|row| {
                let roles: Vec<String> = row.held.iter().map(held).collect();
                let suits = row.suits.map_or("", mfa::WithoutPhone::title);
                vec![
                    word(row.bucket).into(),
                    output::word(&row.enforced),
                    row.display_name.clone(),
                    row.upn.clone(),
                    roles.join(", "),
                    row.methods.join(", "),
                    row.passkey.title().into(),
                    suits.into(),
                ]
            })
            .collect();
        text + "\n" + &table(&["MFA", "Enforced", "Name", "UPN", "Privileged roles", "Methods", "Passkey", "Without a phone"], &rows)
    })
}

fn held(held: &HeldRole) -> String {
    posture::Held { role: held.role.clone(), eligible: held.eligible, through: held.through.clone(), scope: held.scope.clone() }.words()
}

fn counts(counts: &MfaCounts) -> String {
    format!("{} strong, {} weak, {} none, {} unknown", counts.strong, counts.weak, counts.none, counts.unknown)
}

fn summary(posture: &MfaPosture) -> String {
    let mut text = format!("People: {}\nAdmins: {}, {} stale\n", counts(&posture.people), counts(&posture.admins), posture.stale_admins);
    text += &format!(
        "Registered, not enforced: {}\nEnforced, not registered: {}\nEnforcement not known: {}\nPhishing-resistant: {}\n",
        posture.registered_not_enforced, posture.enforced_not_registered, posture.enforcement_unknown, posture.phishing_resistant
    );
    let without: u32 = posture.without_phone.iter().map(|count| count.people).sum();
    text += &format!("Without a phone: {without}, {} not known\n", posture.phone_unknown);
    text
}

fn side_by_side(fleet: &Fleet, days: u32, out: Option<&Path>, output: Output) -> Done {
    let found = mfa_fleet::get(fleet.store(), days, fleet.now())?;
    if let Some(path) = out {
        export::mfa_fleet(fleet.store(), days, path, fleet.now())?;
    }
    output.print(&found, |found| {
        let rows: Vec<Vec<String>> = found.customers.iter().map(line).collect();
        // Why somebody could not be read is a sentence, and stands below the table.
        let why = |row: &FleetMfaRow| row.unreadable.as_ref().map(|why| format!("{}: {why}\n", row.tenant.display_name));
        format!(
            "{} get worse, {} nearly there, {} complete, {} not readable\n\n{}\n{}",
            found.worse,
            found.nearly,
            found.complete,
            found.unreadable,
            table(&["Customer", "People", "Admins", "Where to", "Change"], &rows),
            found.customers.iter().filter_map(why).collect::<String>()
        )
    })
}

fn line(row: &FleetMfaRow) -> Vec<String> {
    let known = |of: Option<MfaCounts>| of.map_or_else(|| "not known".to_owned(), |of| counts(&of));
    vec![
        row.tenant.display_name.clone(),
        if row.unreadable.is_some() { "not readable".to_owned() } else { known(row.people) },
        known(row.admins),
        match row.course {
            Course::Worse => "worse",
            Course::Better => "better",
            Course::Same => "same",
            Course::Unknown => "not known",
        }
        .to_owned(),
        row.change.map_or_else(String::new, |change| format!("{change:+.1} points since {}", row.since.as_deref().unwrap_or_default())),
    ]
}

fn mark(fleet: &Fleet, tenant: &str, user: &str, class: MarkedAs, note: &str, output: Output) -> Done {
    let tenant = fleet.find_tenant(tenant)?;
    let class = match class {
        MarkedAs::Person => Some(AccountClass::Person),
        MarkedAs::ServiceAccount => Some(AccountClass::ServiceAccount),
        MarkedAs::SharedMailbox => Some(AccountClass::SharedMailbox),
        MarkedAs::BreakGlass => Some(AccountClass::BreakGlass),
        MarkedAs::Nothing => None,
    };
    posture::mark(fleet.store(), &tenant, user, class, note, &technician(fleet)?, fleet.now())?;
    let detail = fleet::views::users::get(fleet.store(), &tenant, user, fleet.now())?;
    output.print(&detail, |detail| {
        format!("{}: {}{}\n", detail.row.display_name, output::word(&detail.row.class), if detail.mark.is_some() { ", as a person said" } else { ", by rule" })
    })
}
