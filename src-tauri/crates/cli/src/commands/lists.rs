//! `users`, `signins`: what the window's lists show, whole.

use fleet::Fleet;
use fleet::views::Window;
use fleet::views::mfa::MfaBucket;
use fleet::views::sign_ins::{self, SignInFilter, SignInResult};
use fleet::views::users::{self, UserFilter};

use super::every;
use crate::arguments::SignIns;
use crate::output::{self, Done, Output, table};

pub(super) fn word(bucket: MfaBucket) -> &'static str {
    match bucket {
        MfaBucket::Strong => "strong",
        MfaBucket::Weak => "weak",
        MfaBucket::None => "none",
        MfaBucket::Unknown => "unknown",
    }
}

pub fn users(fleet: &Fleet, tenant: &str, output: Output) -> Done {
    let tenant = fleet.find_tenant(tenant)?;
    let rows = every(|window| users::list(fleet.store(), &UserFilter { tenant: tenant.clone(), window, ..UserFilter::default() }))?;
    output.print(&rows, |rows| {
        let cells: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                vec![
                    row.display_name.clone(),
                    row.upn.clone(),
                    output::word(&row.class),
                    row.enabled.map_or("unknown", |enabled| if enabled { "enabled" } else { "blocked" }).into(),
                    word(row.mfa).into(),
                    row.roles.as_ref().map_or_else(|| "unknown".into(), |roles| roles.join(", ")),
                ]
            })
            .collect();
        table(&["Name", "UPN", "Kind", "Account", "MFA", "Privileged roles"], &cells)
    })
}

/// So many sign-ins a person is shown without asking for more.
const NEWEST: u32 = 200;

pub fn sign_ins(fleet: &Fleet, options: &SignIns, output: Output) -> Done {
    let tenant = fleet.find_tenant(&options.tenant)?;
    let user_id = options.user.as_deref().map(|user| sign_ins::user_named(fleet.store(), &tenant, user)).transpose()?;
    let filter = SignInFilter { tenant, user_id, result: options.failures.then_some(SignInResult::Failure), days: options.days, ..SignInFilter::default() };
    let page = |window| sign_ins::list(fleet.store(), &SignInFilter { window, ..filter.clone() }, fleet.now());
    // A program gets the list whole, a person its newest part.
    let (rows, more) = if output.json || options.all {
        (every(page)?, 0)
    } else {
        let newest = page(Window { limit: NEWEST, ..Window::default() })?;
        let more = newest.total.saturating_sub(u32::try_from(newest.rows.len()).unwrap_or(u32::MAX));
        (newest.rows, more)
    };
    output.print(&rows, |rows| {
        if rows.is_empty() {
            return "No such sign-in.\n".into();
        }
        let cells: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                vec![
                    row.at.format("%Y-%m-%d %H:%M").to_string(),
                    match row.result {
                        SignInResult::Success => "success",
                        SignInResult::Failure => "failure",
                        SignInResult::Interrupted => "interrupted",
                    }
                    .into(),
                    row.upn.clone(),
                    row.app.clone(),
                    row.place.clone(),
                    row.client.clone(),
                    row.policy.clone().unwrap_or_default(),
                    row.reason.clone(),
                ]
            })
            .collect();
        table(&["Time (UTC)", "Result", "UPN", "Application", "Place", "Client", "Policy", "Reason"], &cells)
            + &if more > 0 { format!("… and {more} older ones; --all lists them, --user, --failures and --days narrow them down\n") } else { String::new() }
    })
}
