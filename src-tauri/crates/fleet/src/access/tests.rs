#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::{America::Sao_Paulo, Europe::Berlin, Tz};

use super::ends::{end, typed};
use crate::views::access::{EndInput, EndPreset};

fn utc(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
}

fn local(zone: Tz, at: &str, now: &str) -> (DateTime<Utc>, Option<String>) {
    let end = end(&EndInput::Local { at: at.to_owned() }, zone, utc(now)).unwrap();
    (end.at, end.note)
}

#[test]
fn an_end_is_meant_on_the_customers_clock() {
    assert_eq!(local(Berlin, "2026-11-24T18:00", "2026-11-21T12:00:00Z"), (utc("2026-11-24T17:00:00Z"), None));
    assert_eq!(local(Berlin, "2026-07-24 18:00", "2026-07-21T12:00:00Z").0, utc("2026-07-24T16:00:00Z"));
}

#[test]
fn a_time_that_the_clock_skips_or_says_twice_is_resolved_and_said() {
    let (at, note) = local(Berlin, "2027-03-28T02:30", "2027-03-27T12:00:00Z");
    assert_eq!(at, utc("2027-03-28T01:00:00Z"), "the moment at which clocks go on");
    assert!(note.unwrap().contains("02:30 does not exist"));
    let (at, note) = local(Berlin, "2026-10-25T02:30", "2026-10-24T12:00:00Z");
    assert_eq!(at, utc("2026-10-25T00:30:00Z"), "the first of the two: less exposure");
    assert!(note.unwrap().contains("CEST, not CET"));
}

#[test]
fn the_end_of_the_day_is_the_customers_midnight_also_where_it_does_not_exist() {
    let of = |zone: Tz, now: &str| end(&EndInput::Preset { preset: EndPreset::EndOfDay }, zone, utc(now)).unwrap();
    assert_eq!(of(Berlin, "2026-11-21T22:30:00Z").at, utc("2026-11-21T23:00:00Z"));
    assert_eq!(of(Berlin, "2026-11-21T23:30:00Z").at, utc("2026-11-22T23:00:00Z"));
    // Brazil's clocks went forward at midnight until 2018.
    let end = of(Sao_Paulo, "2018-11-03T20:00:00Z");
    assert_eq!((end.at, end.note), (Sao_Paulo.with_ymd_and_hms(2018, 11, 4, 1, 0, 0).unwrap().with_timezone(&Utc), None));
}

#[test]
fn the_command_line_takes_moments_dates_and_spans() {
    let now = utc("2026-11-21T12:00:00Z");
    let at = |text: &str| end(&typed(text, now).unwrap(), Berlin, now).unwrap().at;
    assert_eq!(at("2026-11-24T18:00:00Z"), utc("2026-11-24T18:00:00Z"));
    assert_eq!(at("2026-11-24 18:00"), utc("2026-11-24T17:00:00Z"));
    assert_eq!(at("2026-11-24"), utc("2026-11-24T23:00:00Z"), "a date ends with its day");
    assert_eq!(at("90m"), utc("2026-11-21T13:30:00Z"));
    assert_eq!(at("3d"), utc("2026-11-24T12:00:00Z"));
    for wrong in ["", "soon", "2026-13-01", "d", "25:00", "999999999d"] {
        let refused = typed(wrong, now).and_then(|input| end(&input, Berlin, now));
        assert!(refused.is_err_and(|problem| problem.code.starts_with("access.end_")), "{wrong}");
    }
}
