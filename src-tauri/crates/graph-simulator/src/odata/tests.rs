//! The filter language: what it means, and that no text whatever makes it panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::evaluate::TimeRange;
use super::{Row, matches, parse, ticks, time_range};
use proptest::prelude::*;

const USER: &str = r#"{"id":"A1","displayName":"O'Neill, Anna","accountEnabled":true,"age":41,"mail":null,"status":{"errorCode":53003},
    "createdDateTime":"2026-03-01T10:00:00.1234567Z","assignedLicenses":[{"skuId":"s1"},{"skuId":"s2"}],"groupTypes":["Unified"],"tags":[]}"#;

fn holds(filter: &str) -> bool {
    matches(&parse(filter).unwrap_or_else(|| panic!("{filter} is valid")), &Row::of(USER).unwrap())
}

#[test]
fn filters_mean_what_odata_says() {
    for (filter, expected) in [
        ("id eq 'a1'", true),
        ("displayName eq 'O''Neill, Anna'", true),
        ("startswith(displayName,'o''n')", true),
        ("endsWith(displayName, 'ANNA')", true),
        ("contains(tolower(displayName),'neill')", true),
        ("accountEnabled", true),
        ("accountEnabled eq false", false),
        ("not accountEnabled", false),
        ("not (accountEnabled eq false)", true),
        ("age gt 40 and age le 41", true),
        ("age lt 41 or age eq 41", true),
        ("mail eq null", true),
        ("mail ne null", false),
        ("nothing eq null", true),
        ("mail ne 'x'", true),
        ("mail gt 'x'", false),
        ("status/errorCode eq 53003", true),
        ("status/errorCode in (50126, 53003)", true),
        ("id in ('b')", false),
        ("createdDateTime ge 2026-03-01T10:00:00Z", true),
        ("createdDateTime lt 2026-03-01T10:00:00.2Z", true),
        ("createdDateTime ge 2026-03-02", false),
        ("assignedLicenses/any(l:l/skuId eq 's2')", true),
        ("assignedLicenses/all(l:l/skuId eq 's2')", false),
        ("groupTypes/any(t:t eq 'unified')", true),
        ("groupTypes/any()", true),
        ("tags/any()", false),
        ("tags/$count eq 0", true),
        ("assignedLicenses/$count gt 1", true),
        ("age eq 1 or age eq 41 and accountEnabled", true),
        ("(age eq 1 or age eq 41) and not accountEnabled", false),
        ("startswith(id,'A') eq false", false),
    ] {
        assert_eq!(holds(filter), expected, "{filter}");
    }
}

#[test]
fn invalid_clauses_are_refused() {
    for filter in [
        "",
        "eq",
        "id eq",
        "id eq 'open",
        "id 'a'",
        "id eq 'a' and",
        "(id eq 'a'",
        "id eq 'a')",
        "startswith(id)",
        "id in ()",
        "id in 'a'",
        "a//b eq 1",
        "1 eq 1",
        "x/any(y z)",
        "id eq nan",
        "id == 'a'",
        "id eq 'a' extra",
    ] {
        assert!(parse(filter).is_none(), "{filter}");
    }
    assert!(parse(&format!("{}id eq 'a'{}", "(".repeat(500), ")".repeat(500))).is_none(), "too deep");
    assert!(parse(&format!("{}accountEnabled", "not ".repeat(5_000))).is_none(), "too deep");
}

#[test]
fn time_bounds_are_read_off_the_ands() {
    let range = |filter: &str| time_range(&parse(filter).unwrap(), "createdDateTime");
    let at = |time: &str| ticks(time).unwrap();
    let both = range("createdDateTime ge 2026-01-01T00:00:00Z and createdDateTime lt 2026-02-01T00:00:00Z");
    assert_eq!(both, TimeRange { from: at("2026-01-01T00:00:00Z"), to: at("2026-02-01T00:00:00Z") - 1, exact: true });
    let more = range("createdDateTime gt 2026-01-01T00:00:00Z and userId eq 'x'");
    assert_eq!((more.from, more.exact), (at("2026-01-01T00:00:00Z") + 1, false));
    assert_eq!(range("createdDateTime ge 2026-01-01T00:00:00Z or userId eq 'x'").from, i64::MIN, "an or bounds nothing");
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = parse(&text);
        let _ = Row::of(&text);
    }

    #[test]
    fn filter_like_text_never_panics(parts in prop::collection::vec(prop::sample::select(vec!["id", " eq ", "'a'", "(", ")", " and ", " or ", "not ", "any", "/", ":", ",", "x", " in ", "null", "2026-01-01T00:00:00Z", "5", "'"]), 0..20)) {
        if let Some(expr) = parse(&parts.concat()) {
            let _ = matches(&expr, &Row::of(USER).unwrap());
            let _ = expr.paths();
        }
    }

    #[test]
    fn any_text_can_be_asked_for(text in "[^\\\\\"\u{0}-\u{1f}]{0,20}") {
        let row = format!("{{\"displayName\":\"{text}\"}}");
        let filter = format!("displayName eq '{}'", text.replace('\'', "''"));
        prop_assert!(matches(&parse(&filter).unwrap(), &Row::of(&row).unwrap()));
    }

    #[test]
    fn not_turns_every_verdict(filter in prop::sample::select(vec!["age gt 40", "mail eq null", "accountEnabled", "tags/any()", "startswith(id,'b')", "age eq 1 or age eq 41"])) {
        prop_assert_ne!(holds(filter), holds(&format!("not ({filter})")));
    }
}
