//! Changes that wait for their time: applied while Gatehouse runs, after a fresh dry run; said so where their time passed. Also what a
//! person means by a time.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use store::change_requests::{self as table, ChangeRow};

use super::{
    apply::apply,
    record::{Told, load, transition},
    rehearsing::dry_run,
    show::keep_problem,
    state::{TOO_LATE, in_words, unconfirmed},
};
use crate::{
    Fleet, FleetEvent,
    problem::problem,
    transaction,
    views::{Moment, Problem, changes::ChangeState, count, moment},
};

impl Fleet {
    /// Applies what is due, and says of what is long overdue that it was not applied.
    pub async fn changes_due(&self) {
        let now = self.now();
        let waiting = self.blocking(|fleet| Ok(fleet.store().read(|conn| table::in_states(conn, &["dryRun", "approved"]))?)).await.unwrap_or_default();
        for row in waiting {
            let Some(at) = row.apply_at.and_then(moment).filter(|at| *at <= now) else { continue };
            let done = if now - at > TOO_LATE { Err(overdue(at)) } else { self.due(&row).await };
            if let Err(refused) = done
                && let Err(problem) = self.blocking(move |fleet| missed(fleet, row.id, &refused)).await
            {
                tracing::warn!(code = problem.code, "{}", problem.what);
            }
        }
    }

    async fn due(&self, row: &ChangeRow) -> Result<(), Problem> {
        let (id, who) = (count(row.id), row.scheduled_by.clone().unwrap_or_else(|| row.requested_by.clone()));
        dry_run(self, id, count(row.revision), &who).await?;
        let number = row.id;
        let loaded = self.blocking(move |fleet| transaction::read(fleet.store(), |conn| load(conn, number))).await?;
        if !matches!(loaded.state, ChangeState::DryRun | ChangeState::Approved) {
            let what = format!("At its time the change was {}, and was not applied", in_words(loaded.state));
            return Err(problem("change.not_ready", what, "Look at its dry run, then set another time."));
        }
        let confirmed: Vec<String> = serde_json::from_str(&loaded.row.confirmed).unwrap_or_default();
        if let Some(guard) = loaded.ran.as_ref().and_then(|ran| unconfirmed(ran, &confirmed).first().map(|guard| (*guard).clone())) {
            let what = format!("At its time something new had to be confirmed, and the change was not applied: {}", guard.what);
            return Err(problem("change.not_confirmed", what, guard.next_step));
        }
        apply(self, id, count(loaded.row.revision), &confirmed, &who).await
    }

    /// Looks now and then for what is due and what was left open, for as long as the fleet lives.
    pub(crate) fn watch_changes(&self) {
        const EVERY: std::time::Duration = std::time::Duration::from_secs(15);
        let weak = std::sync::Arc::downgrade(&self.0);
        self.0.runtime.spawn(async move {
            loop {
                let Some(inner) = weak.upgrade() else { return };
                let fleet = Fleet(inner);
                fleet.changes_resume().await;
                fleet.changes_due().await;
                drop(fleet);
                tokio::time::sleep(EVERY).await;
            }
        });
    }
}

fn overdue(at: Moment) -> Problem {
    let what = format!("Its time, {}, passed while Gatehouse did not run; it was not applied", at.format("%Y-%m-%d %H:%M UTC"));
    problem("change.missed", what, "Make a new dry run, then apply it or set another time; Gatehouse has to run at that time.")
}

/// The schedule is over; the change stays what it was.
fn missed(fleet: &Fleet, id: i64, refused: &Problem) -> Result<(), Problem> {
    let now = fleet.now();
    let tenant = transaction::write(fleet.store(), |tx| {
        let loaded = load(tx, id)?;
        // Said already: it was stopped or failed on its way.
        if loaded.row.apply_at.is_none() && loaded.row.error.is_some() {
            return Ok(None);
        }
        let tenant = loaded.tenant.id.clone();
        let (mut row, state) = (loaded.row, loaded.state);
        (row.apply_at, row.scheduled_by) = (None, None);
        keep_problem(&mut row, refused);
        transition(tx, row, state, &Told { at: now, who: "Gatehouse", event: "missed", note: Some(&refused.what) })?;
        Ok(Some(tenant))
    })?;
    if let Some(tenant) = tenant {
        fleet.tell(FleetEvent::DataChanged { tenant });
    }
    Ok(())
}

/// A time as a person writes it, in the customer's zone: `22:00` (the next one), `2026-11-21 22:00`, or with an offset as RFC 3339.
///
/// # Errors
/// `input.invalid`: it cannot be read, the clock skips it, or it comes twice that night.
pub fn when(text: &str, zone: &str, now: Moment) -> Result<Moment, Problem> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.with_timezone(&Utc));
    }
    let invalid = |what: String, next: &str| problem("input.invalid", what, next);
    let zone: chrono_tz::Tz = zone.parse().map_err(|_| invalid(format!("“{zone}” is not a time zone"), "Correct it in the tenant's settings."))?;
    let local = if let Ok(time) = NaiveTime::parse_from_str(text, "%H:%M") {
        let today = now.with_timezone(&zone).naive_local();
        let day = if time > today.time() { today.date() } else { today.date() + TimeDelta::days(1) };
        day.and_time(time)
    } else {
        let (date, time) = text
            .split_once(['T', ' '])
            .ok_or_else(|| invalid(format!("“{text}” is no time"), "Write 22:00, 2026-11-21 22:00 or 2026-11-21T22:00:00+01:00."))?;
        let date = NaiveDate::parse_from_str(date.trim(), "%Y-%m-%d").map_err(|_| invalid(format!("“{date}” is no date"), "Write it as 2026-11-21."))?;
        let time = NaiveTime::parse_from_str(time.trim(), "%H:%M").or_else(|_| NaiveTime::parse_from_str(time.trim(), "%H:%M:%S"));
        date.and_time(time.map_err(|_| invalid(format!("“{text}” is no time"), "Write it as 2026-11-21 22:00."))?)
    };
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => Ok(at.with_timezone(&Utc)),
        LocalResult::None => {
            Err(invalid(format!("{local} does not exist in {zone}: the clock skips it that night"), "Choose a time an hour later or earlier."))
        }
        LocalResult::Ambiguous(first, second) => {
            Err(invalid(format!("{local} comes twice in {zone} that night"), &format!("Say which one: {} or {}.", first.to_rfc3339(), second.to_rfc3339())))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn at(text: &str) -> Moment {
        DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
    }

    #[test]
    fn tonight_at_ten_is_the_customers_ten() {
        let now = at("2026-11-21T15:00:00Z");
        assert_eq!(when("22:00", "Europe/Berlin", now).unwrap(), at("2026-11-21T21:00:00Z"));
        assert_eq!(when("22:00", "America/Chicago", at("2026-11-22T05:00:00Z")).unwrap(), at("2026-11-23T04:00:00Z"), "ten is over there: tomorrow's");
        assert_eq!(when("2026-07-01 22:00", "Europe/Berlin", now).unwrap(), at("2026-07-01T20:00:00Z"));
        assert_eq!(when("2026-07-01T22:00:00+09:00", "Europe/Berlin", now).unwrap(), at("2026-07-01T13:00:00Z"));
    }

    #[test]
    fn an_hour_that_the_clock_skips_is_refused_and_one_that_comes_twice_is_asked_about() {
        let now = at("2026-03-01T00:00:00Z");
        assert!(when("2026-03-29 02:30", "Europe/Berlin", now).unwrap_err().what.contains("skips"));
        let twice = when("2026-10-25 02:30", "Europe/Berlin", now).unwrap_err();
        assert!(twice.what.contains("twice") && twice.next_step.contains("2026-10-25T02:30:00+02:00"), "{twice:?}");
        for nonsense in ["", "soon", "25:00", "2026-13-01 10:00", "22.00"] {
            assert_eq!(when(nonsense, "Europe/Berlin", now).unwrap_err().code, "input.invalid", "{nonsense}");
        }
    }
}
