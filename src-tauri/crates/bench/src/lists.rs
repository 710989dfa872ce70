//! Every filter of the long lists, on the database that the sync just made.

use std::path::Path;
use std::time::Instant;

use fleet::views::mfa::{self, MfaBucket, MfaFilter};
use fleet::views::sign_ins::{self, SignInFilter, SignInResult};
use fleet::views::users::{self, UserFilter};
use fleet::views::{Problem, Window};
use fleet::{Fleet, FleetOptions, VaultChoice};

use crate::Outcome;

/// # Errors
/// The database could not be read.
pub fn measure(folder: &Path) -> Outcome<()> {
    let said = |problem: Problem| problem.what;
    let fleet = Fleet::open(FleetOptions { vault: VaultChoice::Memory, ..FleetOptions::new(folder.join("data")) }).map_err(said)?;
    let store = fleet.store().clone();
    let now = fleet.now();
    let tenant = fleet.tenants().map_err(said)?.first().map(|tenant| tenant.id.clone()).ok_or("no tenant was synced")?;
    let first = sign_ins::list(&store, &SignInFilter { tenant: tenant.clone(), ..SignInFilter::default() }, now).map_err(said)?;
    println!("Lists over {} sign-ins, milliseconds, median of 15 (bar: under 50)", first.all);
    let sample = first.rows.first().ok_or("no sign-in was synced")?;
    let base = SignInFilter { tenant: tenant.clone(), ..SignInFilter::default() };
    let filters = [
        ("sign-ins, none", base.clone()),
        ("sign-ins, failures of 7 days", SignInFilter { result: Some(SignInResult::Failure), days: Some(7), ..base.clone() }),
        ("sign-ins, all failures", SignInFilter { result: Some(SignInResult::Failure), ..base.clone() }),
        ("sign-ins, blocked by a policy", SignInFilter { blocked_by_policy: true, ..base.clone() }),
        ("sign-ins, legacy", SignInFilter { legacy: true, ..base.clone() }),
        ("sign-ins, of a UPN", SignInFilter { text: Some(sample.upn.clone()), ..base.clone() }),
        ("sign-ins, text that is common", SignInFilter { text: Some("a".into()), ..base.clone() }),
        ("sign-ins, text that is nowhere", SignInFilter { text: Some("nobody-is-called-this".into()), ..base.clone() }),
        ("sign-ins, of a user by id", SignInFilter { user_id: Some(sample.user_id.clone()), ..base.clone() }),
        ("sign-ins, of a country", SignInFilter { country: Some("NL".into()), ..base.clone() }),
        ("sign-ins, last page", SignInFilter { window: Window { offset: first.all.saturating_sub(100), limit: 100, ..Window::default() }, ..base }),
    ];
    for (name, filter) in filters {
        show(name, || sign_ins::list(&store, &filter, now).map(|page| page.total).map_err(said))?;
    }
    let people = UserFilter { tenant: tenant.clone(), ..UserFilter::default() };
    show("users, none", || users::list(&store, &people).map(|page| page.total).map_err(said))?;
    show("users, text", || users::list(&store, &UserFilter { text: Some("an".into()), ..people.clone() }).map(|page| page.total).map_err(said))?;
    let posture = MfaFilter { tenant, ..MfaFilter::default() };
    show("MFA, none at all", || mfa::list(&store, &MfaFilter { buckets: vec![MfaBucket::None], ..posture.clone() }).map(|page| page.total).map_err(said))?;
    show("MFA, departments", || mfa::departments(&store, &posture.tenant).map(|rows| u32::try_from(rows.len()).unwrap_or(u32::MAX)).map_err(said))?;
    show("MFA, admins", || mfa::list(&store, &MfaFilter { admins_only: true, ..posture.clone() }).map(|page| page.total).map_err(said))
}

fn show(name: &str, mut list: impl FnMut() -> Outcome<u32>) -> Outcome<()> {
    let mut found = list()?;
    let mut times = Vec::new();
    for _ in 0..15 {
        let started = Instant::now();
        found = list()?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    println!("  {name:34} {:7.2}   ({found} rows match)", times[times.len() / 2]);
    Ok(())
}
