//! From what a person asks for to a period: whole days on the customer's clock. Pure.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::facts::Period;
use crate::{
    problem::problem,
    views::{Problem, reports::PeriodInput},
};

/// Where nothing was asked for.
pub const DAYS: u32 = 30;
/// Two years: nothing is kept longer than that by default, and a report of more is no period.
const MOST_DAYS: u32 = 731;

/// # Errors
/// It ends before it begins, lies in the future, or is too long.
pub fn of(input: &PeriodInput, zone: &str, now: DateTime<Utc>) -> Result<Period, Problem> {
    let zone: Tz = zone.parse().unwrap_or(chrono_tz::UTC);
    let invalid = |what: &str, next: &str| Err(problem("input.invalid", what, next));
    let today = now.with_timezone(&zone).date_naive();
    let day = |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::parse::<NaiveDate>).transpose();
    let (Ok(from), Ok(to)) = (day(&input.from), day(&input.to)) else {
        return invalid("A day of the period is not a date", "Write it as year, month and day: 2026-11-21.");
    };
    if input.days.is_some_and(|days| days == 0 || days > MOST_DAYS) {
        return invalid("That is no number of days for a period", "Choose from 1 day to 731 (two years).");
    }
    let last = to.unwrap_or(today);
    let first = match (from, input.days) {
        (Some(from), _) => from,
        // "30 days" are today and the 29 before it.
        (None, days) => last.checked_sub_days(Days::new(u64::from(days.unwrap_or(DAYS)) - 1)).unwrap_or(last),
    };
    if first > last {
        return invalid("The period ends before it begins", "Choose an end that is not before the beginning.");
    }
    if last > today {
        return invalid("The period ends in the future", "Choose today or an earlier day: nothing is known of what comes.");
    }
    if (last - first).num_days() > i64::from(MOST_DAYS) {
        return invalid("The period is longer than two years", "Choose a shorter one.");
    }
    let after = last.checked_add_days(Days::new(1)).unwrap_or(last);
    Ok(Period { from: midnight(zone, first), to: midnight(zone, after).min(now) })
}

/// The month, week or two weeks before a scheduled report, on the customer's clock.
pub fn before(every: crate::views::reports::Every, zone: &str, now: DateTime<Utc>) -> Period {
    use crate::views::reports::Every;
    let zone: Tz = zone.parse().unwrap_or(chrono_tz::UTC);
    let today = now.with_timezone(&zone).date_naive();
    let first = match every {
        Every::Weekly => today.checked_sub_days(Days::new(7)),
        Every::Biweekly => today.checked_sub_days(Days::new(14)),
        Every::Monthly => today.checked_sub_months(Months::new(1)),
    };
    Period { from: midnight(zone, first.unwrap_or(today)), to: now }
}

/// The first moment of a day; where daylight saving leaves midnight out, the first that there is.
fn midnight(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let at = |minutes: u32| {
        let time = NaiveTime::from_num_seconds_from_midnight_opt(minutes * 60, 0)?;
        zone.from_local_datetime(&day.and_time(time)).earliest()
    };
    (0..=180)
        .step_by(30)
        .find_map(at)
        .map_or_else(|| Utc.with_ymd_and_hms(day.year(), day.month(), day.day(), 0, 0, 0).earliest().unwrap_or_default(), |at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn asked(from: Option<&str>, to: Option<&str>, days: Option<u32>) -> PeriodInput {
        PeriodInput { from: from.map(str::to_owned), to: to.map(str::to_owned), days }
    }

    #[test]
    fn a_period_is_whole_days_on_the_customers_clock_and_ends_now_at_the_latest() {
        let now = at("2026-11-21T17:00:00Z");
        let period = of(&asked(Some("2026-10-01"), Some("2026-10-31"), None), "Europe/Berlin", now).unwrap();
        assert_eq!((period.from, period.to), (at("2026-09-30T22:00:00Z"), at("2026-10-31T23:00:00Z")), "summer time ended in between");
        let period = of(&asked(None, None, None), "America/Los_Angeles", now).unwrap();
        assert_eq!((period.from, period.to), (at("2026-10-23T07:00:00Z"), now));
        assert_eq!(
            of(&asked(None, Some("2026-11-20"), Some(1)), "UTC", now).unwrap(),
            Period { from: at("2026-11-20T00:00:00Z"), to: at("2026-11-21T00:00:00Z") }
        );
        assert_eq!(of(&asked(None, None, Some(1)), "not/a/zone", now).unwrap().from, at("2026-11-21T00:00:00Z"));
        // Midnight of that day does not exist in Chile.
        assert_eq!(of(&asked(Some("2026-09-06"), None, None), "America/Santiago", now).unwrap().from, at("2026-09-06T04:00:00Z"));
    }

    #[test]
    fn what_is_no_period_is_one_sentence() {
        let now = at("2026-11-21T17:00:00Z");
        for wrong in [
            asked(Some("2026-11-02"), Some("2026-11-01"), None),
            asked(None, Some("2026-11-22"), None),
            asked(Some("yesterday"), None, None),
            asked(None, None, Some(0)),
            asked(None, None, Some(4_000)),
            asked(Some("2020-01-01"), None, None),
        ] {
            assert_eq!(of(&wrong, "UTC", now).unwrap_err().code, "input.invalid", "{wrong:?}");
        }
    }

    #[test]
    fn a_monthly_report_of_the_31st_reaches_back_to_the_last_day_of_a_short_month() {
        use crate::views::reports::Every;
        assert_eq!(before(Every::Monthly, "UTC", at("2026-03-31T08:00:00Z")).from, at("2026-02-28T00:00:00Z"));
        assert_eq!(before(Every::Weekly, "UTC", at("2026-03-31T08:00:00Z")).from, at("2026-03-24T00:00:00Z"));
    }
}
