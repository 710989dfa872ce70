//! The *Alerts and changes* report of a period: the figures first, then every alert and every change. Nothing is judged here.

use fleet::evidence::facts::ChangesFacts;

use crate::chapters::{access, alerts, changes, sources};
use crate::layout::{About, Paper, Sheet, Tile};
use crate::words::{Clock, minutes, number, size_of};
use crate::{Branding, ReportError};

const REST: &str = "in Gatehouse’s audit log and alerts, which can be exported";

/// `data_set` is the hash of the data set that lies beside it.
///
/// # Errors
/// A font inside the program is damaged.
pub fn render(facts: &ChangesFacts, branding: &Branding, paper: Paper, data_set: Option<&str>) -> Result<Vec<u8>, ReportError> {
    Ok(set(facts, branding, paper, data_set)?.finish())
}

/// The report before it becomes bytes: what stands on which page.
///
/// # Errors
/// A font inside the program is damaged.
pub fn set(facts: &ChangesFacts, branding: &Branding, paper: Paper, data_set: Option<&str>) -> Result<Sheet, ReportError> {
    let about =
        About { title: "Alerts and changes".into(), customer: facts.customer.name.clone(), author: branding.company.clone(), made_at: facts.made_at, paper };
    let mut sheet = Sheet::branded(about, branding)?;
    let clock = Clock::of(&facts.customer.time_zone);
    sources::named(&mut sheet, data_set);
    sheet.masthead(
        &facts.customer.domain,
        "Confidential: it names people",
        &[("Period", clock.period(facts.period.from, facts.period.to)), ("Made", clock.full(facts.made_at)), ("Made by", facts.made_by.clone())],
    );
    let handling = &facts.alerts.handling;
    let (raised, open) = (handling.iter().map(|row| row.raised).sum::<u32>(), handling.iter().map(|row| row.open).sum::<u32>());
    let slowest = handling.iter().filter_map(|row| row.slowest_minutes).max();
    let through = facts.changes.iter().filter(|change| change.through_gatehouse).count() as u32;
    sheet.tiles(&[
        Tile::new(number(raised), if raised == 1 { "alert raised" } else { "alerts raised" }),
        Tile::new(number(open), "of them still open"),
        Tile::new(slowest.map_or_else(|| "–".to_owned(), minutes), "until the slowest of the others was handled"),
        Tile::new(
            number(size_of(&facts.changes)),
            format!("{}, {} through Gatehouse", if facts.changes.len() == 1 { "change" } else { "changes" }, number(through)),
        ),
    ]);
    if !facts.gaps.is_empty() {
        sources::gaps(&mut sheet, &facts.gaps);
    }
    sheet.section("How fast alerts were handled", 0.0);
    alerts::handling(&mut sheet, handling);
    alerts::list(&mut sheet, &facts.alerts.alerts, clock, REST);
    sheet.part("Changes in the period", "changes");
    changes::set(&mut sheet, &facts.changes, clock, REST);
    access::set(&mut sheet, &facts.access, clock, REST);
    sheet.part("Where the figures come from", "sources");
    sources::table(&mut sheet, &facts.sources, clock);
    sources::data_set(&mut sheet, data_set);
    Ok(sheet)
}
