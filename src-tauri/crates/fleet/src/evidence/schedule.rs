//! When a scheduled report is due: weekly, every two weeks or monthly from a first day, at a time on the technician's clock. Pure. A day
//! of the month that a month does not have is its last one; a time that the clock leaves out when daylight saving begins is the first
//! moment after it, and one that comes twice counts once.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};

use crate::views::reports::Every;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub every: Every,
    pub first_day: NaiveDate,
    pub at: NaiveTime,
}

/// The first moment of the plan after `after`.
pub fn next_at<Z: TimeZone>(plan: Plan, zone: &Z, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let today = after.with_timezone(zone).date_naive();
    // Where the plan stands about today, and a step back for what is still to come today.
    let first = (match plan.every {
        Every::Weekly => (today - plan.first_day).num_days() / 7,
        Every::Biweekly => (today - plan.first_day).num_days() / 14,
        Every::Monthly => i64::from(today.year() - plan.first_day.year()) * 12 + i64::from(today.month()) - i64::from(plan.first_day.month()),
    } - 1)
        .max(0);
    for step in first..first + 4 {
        let moment = moment(zone, day(plan, step)?, plan.at)?;
        if moment > after {
            return Some(moment);
        }
    }
    None
}

fn day(plan: Plan, step: i64) -> Option<NaiveDate> {
    match plan.every {
        Every::Weekly => plan.first_day.checked_add_days(Days::new(u64::try_from(step * 7).ok()?)),
        Every::Biweekly => plan.first_day.checked_add_days(Days::new(u64::try_from(step * 14).ok()?)),
        // Counted from the first day each time: a short month does not make the next ones short.
        Every::Monthly => plan.first_day.checked_add_months(Months::new(u32::try_from(step).ok()?)),
    }
}

fn moment<Z: TimeZone>(zone: &Z, day: NaiveDate, at: NaiveTime) -> Option<DateTime<Utc>> {
    let wanted = day.and_time(at);
    // The longest gap of a clock that is known is a day, where a country changed sides of the date line.
    (0..=48)
        .find_map(|half_hours| zone.from_local_datetime(&(wanted + TimeDelta::minutes(30 * half_hours))).earliest())
        .map(|moment| moment.with_timezone(&Utc))
}

/// When a report that failed is tried again: after a minute, then longer and longer, up to six hours.
pub fn retry_at(failures: i64, now: DateTime<Utc>) -> DateTime<Utc> {
    const PAUSES: [i64; 5] = [1, 5, 30, 120, 360];
    let at = usize::try_from(failures.max(1) - 1).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
    now + TimeDelta::minutes(PAUSES.get(at).copied().unwrap_or(360))
}

/// "Every Monday at 08:00".
pub fn words(plan: Plan) -> String {
    let at = plan.at.format("%H:%M");
    match plan.every {
        Every::Weekly => format!("Every {} at {at}", plan.first_day.format("%A")),
        Every::Biweekly => format!("Every second {} from {} at {at}", plan.first_day.format("%A"), plan.first_day.format("%-d %B %Y")),
        Every::Monthly if plan.first_day.day() > 28 => format!("Every month on day {}, or the month's last day, at {at}", plan.first_day.day()),
        Every::Monthly => format!("Every month on day {} at {at}", plan.first_day.day()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use chrono_tz::{America::New_York, Europe::Berlin, Pacific::Apia, UTC};

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn plan(every: Every, first_day: &str, time: &str) -> Plan {
        Plan { every, first_day: first_day.parse().unwrap(), at: format!("{time}:00").parse().unwrap() }
    }

    fn run(plan: Plan, zone: &impl TimeZone, from: &str, times: usize) -> Vec<String> {
        let mut after = at(from);
        (0..times)
            .map(|_| {
                after = next_at(plan, zone, after).unwrap();
                after.format("%Y-%m-%dT%H:%MZ").to_string()
            })
            .collect()
    }

    #[test]
    fn the_31st_is_the_last_day_of_a_short_month_and_the_31st_again_after_it() {
        let monthly = plan(Every::Monthly, "2027-12-31", "08:00");
        let days = run(monthly, &UTC, "2027-12-31T08:00:00Z", 5);
        assert_eq!(days, ["2028-01-31T08:00Z", "2028-02-29T08:00Z", "2028-03-31T08:00Z", "2028-04-30T08:00Z", "2028-05-31T08:00Z"]);
    }

    #[test]
    fn the_time_stays_on_the_technicians_clock_when_daylight_saving_begins_and_ends() {
        let weekly = plan(Every::Weekly, "2026-10-19", "08:00");
        assert_eq!(run(weekly, &Berlin, "2026-10-18T00:00:00Z", 2), ["2026-10-19T06:00Z", "2026-10-26T07:00Z"]);
        // 02:30 does not exist on 28 March 2027 in Berlin: the first moment after the gap.
        let skipped = plan(Every::Weekly, "2027-03-21", "02:30");
        assert_eq!(run(skipped, &Berlin, "2027-03-20T00:00:00Z", 3), ["2027-03-21T01:30Z", "2027-03-28T01:00Z", "2027-04-04T00:30Z"]);
        // 01:30 comes twice on 1 November 2026 in New York and is one report.
        let twice = plan(Every::Weekly, "2026-11-01", "01:30");
        assert_eq!(run(twice, &New_York, "2026-10-31T00:00:00Z", 2), ["2026-11-01T05:30Z", "2026-11-08T06:30Z"]);
        // Samoa left out 30 December 2011 whole.
        let apia = plan(Every::Weekly, "2011-12-30", "09:00");
        assert_eq!(run(apia, &Apia, "2011-12-29T00:00:00Z", 1), ["2011-12-30T10:00Z"]);
    }

    #[test]
    fn what_was_missed_while_off_is_one_moment_back_and_the_next_one_is_ahead() {
        let biweekly = plan(Every::Biweekly, "2026-01-05", "08:00");
        assert_eq!(run(biweekly, &UTC, "2026-11-21T17:00:00Z", 1), ["2026-11-23T08:00Z"]);
        let next = next_at(biweekly, &UTC, at("2026-11-23T08:00:00Z")).unwrap();
        assert_eq!(next, at("2026-12-07T08:00:00Z"), "never the same moment again");
    }

    #[test]
    fn a_plan_that_begins_later_waits_for_its_first_day_and_today_counts_until_its_time() {
        assert_eq!(run(plan(Every::Monthly, "2027-05-10", "08:00"), &UTC, "2026-11-21T17:00:00Z", 1), ["2027-05-10T08:00Z"]);
        assert_eq!(run(plan(Every::Weekly, "2026-11-21", "18:00"), &UTC, "2026-11-21T17:00:00Z", 1), ["2026-11-21T18:00Z"]);
        assert_eq!(run(plan(Every::Weekly, "2026-11-21", "16:00"), &UTC, "2026-11-21T17:00:00Z", 1), ["2026-11-28T16:00Z"]);
        for every in [Every::Weekly, Every::Biweekly, Every::Monthly] {
            let mut after = at("2026-01-01T00:00:00Z");
            for _ in 0..400 {
                let next = next_at(plan(every, "2025-12-30", "23:59"), &New_York, after).unwrap();
                assert!(next > after && next - after <= TimeDelta::days(32), "{every:?} {after}");
                after = next;
            }
        }
    }

    #[test]
    fn failures_are_tried_again_ever_more_rarely() {
        let now = at("2026-11-21T17:00:00Z");
        let minutes = |failures| (retry_at(failures, now) - now).num_minutes();
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 100].map(minutes), [1, 1, 5, 30, 120, 360, 360, 360]);
    }

    #[test]
    fn a_plan_says_itself() {
        assert_eq!(words(plan(Every::Weekly, "2026-11-23", "08:00")), "Every Monday at 08:00");
        assert_eq!(words(plan(Every::Monthly, "2026-10-31", "08:00")), "Every month on day 31, or the month's last day, at 08:00");
    }
}
