//! When to try again, and how long to wait first: a pure plan. Follows "Microsoft Graph throttling guidance": obey
//! `Retry-After`; where it is absent back off exponentially, with jitter so that many tenants do not come back at once.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use rand::Rng;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// 429, or 503 with `Retry-After`.
    Throttled { retry_after: Option<Duration> },
    /// 500, 502, 503, 504, 408.
    ServerFault { retry_after: Option<Duration> },
    /// No answer, or one that broke off.
    Broken,
    /// A 200 whose body is whole and is not JSON.
    Garbage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    Wait(Duration),
    GiveUp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryRules {
    /// How often a throttled request is sent again.
    pub throttled: u32,
    /// How often after a server's fault, a lost connection or a broken answer.
    pub faults: u32,
    /// How often after a whole answer that is not JSON: one can be an accident of the way; what answers so twice is not Graph,
    /// and every kind of data would wait for it in turn.
    pub garbage: u32,
    pub first_wait: Duration,
    pub longest_wait: Duration,
    /// Since the request was first sent; a wait that would go past it is not begun.
    pub give_up_after: Duration,
}

impl Default for RetryRules {
    fn default() -> Self {
        Self {
            throttled: 20,
            faults: 4,
            garbage: 1,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(60),
            give_up_after: Duration::from_secs(15 * 60),
        }
    }
}

impl RetryRules {
    /// The same rules, giving up after `give_up_after`.
    #[must_use]
    pub fn with_patience(self, give_up_after: Duration) -> Self {
        Self { give_up_after, ..self }
    }

    /// `tried`: how often this kind of trouble was met before; `elapsed`: since the request was first sent.
    pub fn plan(&self, trouble: Trouble, tried: u32, elapsed: Duration, rng: &mut impl Rng) -> Plan {
        let (limit, asked) = match trouble {
            Trouble::Throttled { retry_after } => (self.throttled, retry_after),
            Trouble::ServerFault { retry_after } => (self.faults, retry_after),
            Trouble::Broken => (self.faults, None),
            Trouble::Garbage => (self.garbage, None),
        };
        if tried >= limit {
            return Plan::GiveUp;
        }
        let wait = match asked {
            // A little later than asked, never earlier, so that requests that were throttled together part.
            Some(asked) => asked + asked.mul_f64(rng.random_range(0.0..0.1)).min(Duration::from_secs(2)),
            None => {
                let full = self.first_wait.saturating_mul(1 << tried.min(16)).min(self.longest_wait);
                full.mul_f64(rng.random_range(0.5..1.0))
            }
        };
        if elapsed.saturating_add(wait) > self.give_up_after { Plan::GiveUp } else { Plan::Wait(wait) }
    }
}

/// `Retry-After`: seconds, whole or fractional, or an HTTP date (RFC 9110, section 10.2.3). None where it is absent or makes no sense.
#[must_use]
pub fn retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    let plain_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain_number {
        let seconds: f64 = value.parse().ok()?;
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let at = http_date(value)?;
    Some((at - now).to_std().unwrap_or(Duration::ZERO))
}

/// An HTTP date in its preferred form.
#[must_use]
pub fn http_date(value: &str) -> Option<DateTime<Utc>> {
    let text = value.trim().strip_suffix("GMT")?.trim_end();
    NaiveDateTime::parse_from_str(text, "%a, %d %b %Y %H:%M:%S").ok().map(|at| at.and_utc())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    #[test]
    fn retry_after_is_seconds_a_fraction_or_a_date() {
        assert_eq!(retry_after("10", now()), Some(Duration::from_secs(10)));
        assert_eq!(retry_after(" 1.5 ", now()), Some(Duration::from_millis(1500)));
        assert_eq!(retry_after("Fri, 15 Jan 2027 08:01:00 GMT", now()), Some(Duration::from_secs(60)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT", now()), Some(Duration::ZERO));
        for nonsense in ["", "soon", "-5", "1e9", "NaN", "inf", "1.2.3", "."] {
            assert_eq!(retry_after(nonsense, now()), None, "{nonsense}");
        }
    }

    #[test]
    fn without_a_hint_the_waits_grow_and_are_bounded() {
        let rules = RetryRules::default();
        let mut rng = StdRng::seed_from_u64(1);
        for tried in 0..20 {
            let Plan::Wait(wait) = rules.plan(Trouble::Throttled { retry_after: None }, tried, Duration::ZERO, &mut rng) else { panic!("gave up") };
            let full = Duration::from_secs(1 << tried.min(6)).min(rules.longest_wait);
            assert!(wait >= full / 2 && wait <= full, "{tried}: {wait:?}");
        }
        assert_eq!(rules.plan(Trouble::Throttled { retry_after: None }, 20, Duration::ZERO, &mut rng), Plan::GiveUp);
        assert_eq!(rules.plan(Trouble::Garbage, 1, Duration::ZERO, &mut rng), Plan::GiveUp);
        assert_eq!(rules.plan(Trouble::Broken, 4, Duration::ZERO, &mut rng), Plan::GiveUp);
    }

    proptest! {
        #[test]
        fn no_header_makes_the_parser_fail(text in ".{0,40}") {
            let _ = retry_after(&text, now());
        }

        #[test]
        fn seconds_are_read_as_written(millis in 0u64..10_000_000) {
            let text = format!("{}.{:03}", millis / 1000, millis % 1000);
            let read = retry_after(&text, now()).unwrap();
            prop_assert!(read.as_millis().abs_diff(u128::from(millis)) <= 1);
        }

        #[test]
        fn dates_are_read_as_written(seconds in 0i64..100_000) {
            let text = (now() + chrono::Duration::seconds(seconds)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            prop_assert_eq!(retry_after(&text, now()), Some(Duration::from_secs(seconds.unsigned_abs())));
        }

        #[test]
        fn what_was_asked_for_is_never_undercut(seconds in 0u64..600, tried in 0u32..20, seed in 0u64..100) {
            let asked = Duration::from_secs(seconds);
            let plan = RetryRules::default().plan(Trouble::Throttled { retry_after: Some(asked) }, tried, Duration::ZERO, &mut StdRng::seed_from_u64(seed));
            if let Plan::Wait(wait) = plan { prop_assert!(wait >= asked && wait <= asked + Duration::from_secs(2)); } else { prop_assert!(false); }
        }
    }
}
