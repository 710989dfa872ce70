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
    /// No answer, or one that broke off, or a 200 that is not JSON.
    Broken,
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
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(60),
            give_up_after: Duration::from_secs(15 * 60),
        }
    }
}

impl RetryRules {
    /// `tried`: how often this kind of trouble was met before; `elapsed`: since the request was first sent.
    pub fn plan(&self, trouble: Trouble, tried: u32, elapsed: Duration, rng: &mut impl Rng) -> Plan {
        let (limit, asked) = match trouble {
            Trouble::Throttled { retry_after } => (self.throttled, retry_after),
            Trouble::ServerFault { retry_after } => (self.faults, retry_after),
            Trouble::Broken => (self.faults, None),
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
