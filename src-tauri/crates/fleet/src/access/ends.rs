//! When time-bound access ends: what a person typed on the customer's clock becomes one moment, also in the nights when clocks
//! change. Pure.

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::{
    problem::problem,
    views::{
        Problem,
        access::{EndInput, EndPreset},
    },
};

/// Longer is no exception but a rule, and rules belong into a policy.
pub const LONGEST: TimeDelta = TimeDelta::days(90);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    pub at: DateTime<Utc>,
    /// What a change of clocks made of the time.
    pub note: Option<String>,
}

/// The customer's zone; None where its name is no zone that this version knows.
#[must_use]
pub fn zone(name: &str) -> Option<Tz> {
    name.trim().parse().ok()
}

/// # Errors
/// `access.end_unreadable`, `access.end_past`, `access.end_too_late`.
pub fn end(input: &EndInput, zone: Tz, now: DateTime<Utc>) -> Result<End, Problem> {
    let end = match input {
        EndInput::At { at } => End { at: *at, note: None },
        EndInput::Local { at } => on_clock(zone, local(at)?)?,
        EndInput::Preset { preset } => match preset {
            EndPreset::EndOfDay => midnight(zone, now.with_timezone(&zone).date_naive())?,
            EndPreset::Day => End { at: now + TimeDelta::hours(24), note: None },
            EndPreset::ThreeDays => End { at: now + TimeDelta::days(3), note: None },
            EndPreset::SevenDays => End { at: now + TimeDelta::days(7), note: None },
        },
    };
    if end.at <= now {
        return Err(problem("access.end_past", format!("The end, {}, is in the past", in_words(end.at, zone)), "Choose a later end."));
    }
    if end.at > now + LONGEST {
        return Err(problem(
            "access.end_too_late",
            format!("The end, {}, is more than {} days away", in_words(end.at, zone), LONGEST.num_days()),
            "Choose an end within 90 days; who needs it for longer needs another policy.",
        ));
    }
    Ok(end)
}

/// What the command line takes: a moment with its zone, a date and time or a date on the customer's clock (a date ends with its day), or a
/// time from now such as 90m, 24h, 3d.
///
/// # Errors
/// `access.end_unreadable`.
pub fn typed(text: &str, now: DateTime<Utc>) -> Result<EndInput, Problem> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(EndInput::At { at: at.with_timezone(&Utc) });
    }
    if let Some((number, unit)) = text.char_indices().last().map(|(last, unit)| (text.get(..last).unwrap_or_default(), unit))
        && let Ok(number) = number.trim_start_matches('+').parse::<i32>()
    {
        let span = match unit {
            'm' => Some(TimeDelta::minutes(number.into())),
            'h' => Some(TimeDelta::hours(number.into())),
            'd' => Some(TimeDelta::days(number.into())),
            _ => None,
        };
        if let Some(at) = span.and_then(|span| now.checked_add_signed(span)) {
            return Ok(EndInput::At { at });
        }
    }
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        let next = day.checked_add_days(Days::new(1)).ok_or_else(|| unreadable(text))?;
        return Ok(EndInput::Local { at: next.format("%Y-%m-%dT00:00").to_string() });
    }
    local(text).map(|at| EndInput::Local { at: at.format("%Y-%m-%dT%H:%M:%S").to_string() })
}

fn unreadable(text: &str) -> Problem {
    let shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    problem(
        "access.end_unreadable",
        format!("“{shown}” is no date and time"),
        "Write it like 2026-11-24 18:00 (the customer's clock), 2026-11-24T18:00:00Z, 24h or 3d.",
    )
}

fn local(text: &str) -> Result<NaiveDateTime, Problem> {
    const FORMS: [&str; 4] = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"];
    FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(text.trim(), form).ok()).ok_or_else(|| unreadable(text))
}

fn midnight(zone: Tz, day: NaiveDate) -> Result<End, Problem> {
    let next = day.checked_add_days(Days::new(1)).ok_or_else(|| unreadable("the end of the day"))?;
    // Where clocks change at midnight the day ends all the same, which is nothing to be told.
    Ok(End { note: None, ..on_clock(zone, next.and_time(NaiveTime::MIN))? })
}

/// A time that happens twice means the first one: less exposure, not more. One that is skipped means the moment at which clocks go on.
fn on_clock(zone: Tz, local: NaiveDateTime) -> Result<End, Problem> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => Ok(End { at: at.with_timezone(&Utc), note: None }),
        LocalResult::Ambiguous(first, second) => Ok(End {
            at: first.with_timezone(&Utc),
            note: Some(format!(
                "{} happens twice that night, because clocks go back; the first is meant ({}, not {})",
                local.format("%H:%M"),
                first.format("%Z"),
                second.format("%Z")
            )),
        }),
        LocalResult::None => {
            let mut later = local;
            // No zone skips more than a day.
            for _ in 0..(25 * 60) {
                later = later.checked_add_signed(TimeDelta::minutes(1)).ok_or_else(|| unreadable("the end"))?;
                if let Some(at) = zone.from_local_datetime(&later).earliest() {
                    return Ok(End {
                        at: at.with_timezone(&Utc),
                        note: Some(format!("{} does not exist that day, because clocks go forward; {} is meant", local.format("%H:%M"), later.format("%H:%M"))),
                    });
                }
            }
            Err(unreadable(&local.to_string()))
        }
    }
}

/// "Tue 24 Nov 2026, 18:00 CET".
#[must_use]
pub fn in_words(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%a %-d %b %Y, %H:%M %Z").to_string()
}
