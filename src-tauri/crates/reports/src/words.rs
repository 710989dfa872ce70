//! Numbers, shares, counts and times as every report writes them.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// A number with thousands separators.
pub fn number(value: u32) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A share in whole per cent; never "100 %" or "0 %" of something that is not all or nothing.
pub fn percent(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let exact = f64::from(part) * 100.0 / f64::from(whole);
    let rounded = match exact.round() as u32 {
        100 if part < whole => 99,
        0 if part > 0 => return "under 1 %".to_owned(),
        rounded => rounded,
    };
    format!("{rounded} %")
}

/// "1 person", "12 people"
pub fn count(value: u32, one: &str, many: &str) -> String {
    format!("{} {}", number(value), if value == 1 { one } else { many })
}

pub fn size_of<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

/// A number of which nobody may think zero when it was not read.
pub fn known(value: Option<u32>) -> String {
    value.map_or_else(|| "not known".to_owned(), number)
}

/// "45 min", "3 h 20 min", "2 days 4 h"
pub fn minutes(value: u32) -> String {
    let (days, hours, minutes) = (value / 1440, value / 60 % 24, value % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => "under 1 min".to_owned(),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, 0) => format!("{hours} h"),
        (0, ..) => format!("{hours} h {minutes} min"),
        (_, 0, _) => format!("{} {}", number(days), if days == 1 { "day" } else { "days" }),
        _ => format!("{} {} {hours} h", number(days), if days == 1 { "day" } else { "days" }),
    }
}

/// Times in one zone, named.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clock {
    zone: Tz,
}

impl Clock {
    pub const UTC: Self = Self { zone: Tz::UTC };

    /// A zone by its IANA name; UTC where there is none of that name, which `name` then says.
    pub fn of(zone: &str) -> Self {
        Self { zone: zone.parse().unwrap_or(Tz::UTC) }
    }

    pub fn name(self) -> &'static str {
        self.zone.name()
    }

    /// "21 Nov 2026"
    pub fn day(self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%-d %b %Y").to_string()
    }

    /// "11:05"
    pub fn hour(self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%H:%M").to_string()
    }

    /// "21 Nov 2026, 11:05"
    pub fn time(self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%-d %b %Y, %H:%M").to_string()
    }

    /// "21 November 2026, 11:05 (Europe/Athens)"
    pub fn full(self, at: DateTime<Utc>) -> String {
        format!("{} ({})", at.with_timezone(&self.zone).format("%-d %B %Y, %H:%M"), self.name())
    }

    /// "22 Oct 2026 to 21 Nov 2026": whole days, the last one included.
    pub fn period(self, from: DateTime<Utc>, to: DateTime<Utc>) -> String {
        // The end is excluded: a period to midnight ends with the day before.
        let last = if to > from { to - chrono::TimeDelta::milliseconds(1) } else { to };
        format!("{} to {}", self.day(from), self.day(last))
    }
}

/// "21 Nov 2026"
pub fn day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// "21 Nov"
pub fn short_day(day: NaiveDate) -> String {
    day.format("%-d %b").to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_share_is_never_rounded_to_all_or_nothing() {
        assert_eq!(percent(999, 1000), "99 %");
        assert_eq!(percent(1, 1000), "under 1 %");
        assert_eq!(percent(0, 1000), "0 %");
        assert_eq!(percent(0, 0), "–");
        assert_eq!(percent(10, 10), "100 %");
    }

    #[test]
    fn times_are_the_customers_and_say_so() {
        let at: DateTime<Utc> = "2026-07-01T21:30:00Z".parse().unwrap();
        assert_eq!(Clock::of("Europe/Athens").full(at), "2 July 2026, 00:30 (Europe/Athens)");
        assert_eq!(Clock::of("Mars/Olympus").full(at), "1 July 2026, 21:30 (UTC)");
        let midnight: DateTime<Utc> = "2026-07-01T00:00:00Z".parse().unwrap();
        assert_eq!(Clock::UTC.period("2026-06-01T00:00:00Z".parse().unwrap(), midnight), "1 Jun 2026 to 30 Jun 2026");
    }

    #[test]
    fn durations_read_as_people_say_them() {
        assert_eq!([0, 45, 60, 200, 1440, 3000].map(minutes), ["under 1 min", "45 min", "1 h", "3 h 20 min", "1 day", "2 days 2 h"]);
    }
}
