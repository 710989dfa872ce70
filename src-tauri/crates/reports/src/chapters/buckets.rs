//! How people's buckets are drawn: one order, one colour and one pattern each in every chart.

use fleet::evidence::facts::{Buckets, Enforced, TrendDay};
use fleet::views::mfa::MfaBucket;

use crate::layout::{Ink, Pattern, Segment, Series, Stroke, Tone};

const fn part(name: &'static str, value: u32, ink: Ink, pattern: Pattern) -> Segment {
    Segment { name, value, ink, pattern }
}

pub fn people(buckets: Buckets) -> Vec<Segment> {
    vec![
        part("Strong", buckets.strong, Ink::STRONG, Pattern::Plain),
        part("Weak", buckets.weak, Ink::WEAK, Pattern::Plain),
        part("None", buckets.none, Ink::NONE, Pattern::Striped),
        part("Not known", buckets.unknown, Ink::UNKNOWN, Pattern::Hatched),
    ]
}

pub fn enforced(enforced: Enforced) -> Vec<Segment> {
    vec![
        part("Conditional Access", enforced.conditional_access, Ink::STRONG, Pattern::Plain),
        part("Security defaults", enforced.security_defaults, Ink(0x5e, 0x9e, 0x5e), Pattern::Plain),
        part("Per-user MFA", enforced.per_user, Ink(0xb4, 0xd4, 0xb4), Pattern::Plain),
        part("Not asked", enforced.not_enforced, Ink::NONE, Pattern::Striped),
        part("Not known", enforced.unknown, Ink::UNKNOWN, Pattern::Hatched),
    ]
}

pub fn sum(enforced: Enforced) -> u32 {
    enforced.conditional_access + enforced.security_defaults + enforced.per_user + enforced.not_enforced + enforced.unknown
}

pub fn asked(enforced: Enforced) -> u32 {
    enforced.conditional_access + enforced.security_defaults + enforced.per_user
}

pub fn word(bucket: MfaBucket) -> (&'static str, Tone) {
    match bucket {
        MfaBucket::Strong => ("Strong", Tone::Strong),
        MfaBucket::Weak => ("Weak", Tone::Weak),
        MfaBucket::None => ("None", Tone::None),
        MfaBucket::Unknown => ("Not known", Tone::Unknown),
    }
}

/// Shares of the people with any MFA and with strong MFA, day by day; nothing of days on which nobody was counted.
pub fn trend(days: &[TrendDay]) -> Vec<Series> {
    let share = |part: fn(Buckets) -> u32| {
        days.iter()
            .filter(|day| day.people.sum() > 0)
            .map(|day| (day.day, (f64::from(part(day.people)) / f64::from(day.people.sum())) as f32))
            .collect::<Vec<_>>()
    };
    vec![
        Series { name: "With MFA", ink: Ink::TEXT, stroke: Stroke::Solid, points: share(|people| people.strong + people.weak) },
        Series { name: "Strong", ink: Ink::STRONG, stroke: Stroke::Dashed, points: share(|people| people.strong) },
    ]
}
