//! Days on the customer's calendar: a signature has a date, an exception ends with a day. Pure.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::{access::ends, problem::problem, views::Problem};

/// The zone of a customer; UTC where its name is none, so that a wrong setting hides no end.
#[must_use]
pub fn zone(name: &str) -> Tz {
    ends::zone(name).unwrap_or(chrono_tz::UTC)
}

/// # Errors
/// `exceptions.no_day`: it is no day of the calendar.
pub fn day(text: &str) -> Result<NaiveDate, Problem> {
    let shown: String = text.trim().chars().filter(|letter| !letter.is_control()).take(40).collect();
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
        .ok()
        .filter(|day| (2000..2200).contains(&chrono::Datelike::year(day)))
        .ok_or_else(|| problem("exceptions.no_day", format!("“{shown}” is no date"), "Write it as year, month and day: 2027-01-31."))
}

fn instant(zone: Tz, local: NaiveDateTime, late: bool) -> i64 {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => at.timestamp_millis(),
        LocalResult::Ambiguous(first, second) => if late { second } else { first }.timestamp_millis(),
        // Clocks skip it; a day is meant, so the hour matters to nobody.
        LocalResult::None => local.and_utc().timestamp_millis(),
    }
}

/// When a day begins at the customer's.
#[must_use]
pub fn begins(zone: Tz, day: NaiveDate) -> i64 {
    instant(zone, day.and_time(NaiveTime::MIN), false)
}

/// The last second of a day at the customer's.
#[must_use]
pub fn ends(zone: Tz, day: NaiveDate) -> i64 {
    instant(zone, day.and_hms_opt(23, 59, 59).unwrap_or_else(|| day.and_time(NaiveTime::MIN)), true)
}

/// The customer's day at a moment.
#[must_use]
pub fn of(zone: Tz, at: i64) -> Option<NaiveDate> {
    DateTime::<Utc>::from_timestamp_millis(at).map(|at| at.with_timezone(&zone).date_naive())
}

/// "2027-01-31"
#[must_use]
pub fn written(zone: Tz, at: i64) -> Option<String> {
    of(zone, at).map(|day| day.format("%Y-%m-%d").to_string())
}

/// "31 January 2027"
#[must_use]
pub fn in_words(zone: Tz, at: i64) -> String {
    of(zone, at).map(|day| day.format("%-d %B %Y").to_string()).unwrap_or_default()
}
