//! What the answers to the carriers' questions are judged by: plain counts with what was read of each source, so that a judgement needs
//! neither a store nor a clock.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use store::DataKind;

use super::facts::{Handling, Period};

/// Older than this is said, and proves nothing whole.
pub const STALE: TimeDelta = TimeDelta::hours(24);

/// What was read of one kind of data.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// Why, in words that go on after a colon.
    Never(String),
    Read {
        at: DateTime<Utc>,
        /// What of it could not be read, in words that go on after a colon.
        partly: Option<String>,
    },
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readings(pub BTreeMap<DataKind, Reading>);

impl Readings {
    pub fn read(&self, kind: DataKind) -> bool {
        matches!(self.0.get(&kind), Some(Reading::Read { .. }))
    }

    /// Why it is not there; None: it is.
    pub fn why(&self, kind: DataKind) -> Option<String> {
        match self.0.get(&kind) {
            Some(Reading::Read { .. }) => None,
            Some(Reading::Never(why)) => Some(format!("{}: {}", kind.title(), why.trim_end_matches('.'))),
            None => Some(format!("{}: it was never read", kind.title())),
        }
    }

    /// What keeps it from proving anything whole, in a sentence without a full stop; None: nothing.
    pub fn weakness(&self, kind: DataKind, now: DateTime<Utc>) -> Option<String> {
        match self.0.get(&kind) {
            // Why stands once under the sources: the summary has one page.
            Some(Reading::Read { partly: Some(_), .. }) => Some(format!("{}: read only in part", kind.title())),
            Some(Reading::Read { at, .. }) if now - *at > STALE => {
                Some(format!("{}: as of {}, more than a day before this report", kind.title(), at.format("%-d %B %Y %H:%M UTC")))
            }
            Some(Reading::Read { .. }) => None,
            _ => self.why(kind),
        }
    }
}

/// Accounts by whether MFA is asked of them at some door.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    pub always: u32,
    /// Security defaults: when Microsoft finds it necessary.
    pub sometimes: u32,
    pub never: u32,
    pub unknown: u32,
}

/// What is asked of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Demand {
    Never,
    Unknown,
    Sometimes,
    Always,
}

impl Asked {
    pub fn all(self) -> u32 {
        self.always + self.sometimes + self.never + self.unknown
    }

    pub fn count(&mut self, demand: Demand) {
        *match demand {
            Demand::Never => &mut self.never,
            Demand::Unknown => &mut self.unknown,
            Demand::Sometimes => &mut self.sometimes,
            Demand::Always => &mut self.always,
        } += 1;
    }
}

/// Accounts of which something holds, does not, or is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub yes: u32,
    pub no: u32,
    pub unknown: u32,
}

impl Tally {
    pub fn all(self) -> u32 {
        self.yes + self.no + self.unknown
    }

    pub fn count(&mut self, holds: Option<bool>) {
        *match holds {
            Some(true) => &mut self.yes,
            Some(false) => &mut self.no,
            None => &mut self.unknown,
        } += 1;
    }
}

/// A holder of a privileged role who can sign in.
#[derive(Debug, Clone, PartialEq)]
pub struct Admin {
    pub name: String,
    /// A second factor of any strength.
    pub registered: Option<bool>,
    pub phishing_resistant: Option<bool>,
    /// For every application.
    pub asked: Demand,
    /// A phishing-resistant method is demanded for every application.
    pub strength_asked: Option<bool>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Glass {
    /// Accounts that can sign in; None: not known.
    pub usable: Option<u32>,
    /// Of them, those that an enabled policy can lock out; None: policies were never read.
    pub reached: Option<u32>,
    /// The same cannot be said of so many.
    pub reach_unknown: u32,
    pub phishing_resistant: Tally,
    /// The latest test that worked, of the account that was tested longest ago; None: one was never.
    pub last_drill: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// Through Gatehouse, with a ticket or a second person's approval.
    pub controlled: u32,
    /// Through Gatehouse, with neither.
    pub uncontrolled: u32,
    /// In the portal or by another tool.
    pub elsewhere: u32,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exceptions {
    pub signed: u32,
    /// Signed, and its end or review is past.
    pub overdue: u32,
    /// Drafted, sent or declined.
    pub unsigned: u32,
    /// Found in policies and in no exception; None: policies were never read.
    pub carve_outs: Option<u32>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Basis {
    pub now: DateTime<Utc>,
    /// The customer's: the days that the sentences name are theirs, as those of the period are.
    pub zone: Tz,
    pub period: Period,
    /// When the tenant was connected.
    pub connected: DateTime<Utc>,
    pub last_sync: Option<DateTime<Utc>>,
    pub readings: Readings,
    pub security_defaults: Option<bool>,
    /// People, by what is asked of them at mail.
    pub mail: Asked,
    /// For every application and for mail, wherever, with whatever device.
    pub everything: Asked,
    /// The same from places that nobody trusts.
    pub remote: Asked,
    /// Applications for remote access that people sign in to, by name.
    pub gateways: Vec<String>,
    pub registered: Tally,
    /// People with a second factor who are always asked.
    pub both: u32,
    pub guests: Asked,
    /// Accounts for which legacy clients are shut out (yes), let in (no).
    pub legacy: Tally,
    /// The same for mail alone, of people.
    pub legacy_mail: Tally,
    /// Sign-ins with a legacy client that succeeded in the period; None: never read.
    pub legacy_succeeded: Option<u64>,
    /// The oldest sign-in that is kept.
    pub sign_ins_from: Option<DateTime<Utc>>,
    /// Policies that would demand MFA and are in report-only.
    pub report_only: u32,
    pub admins: Vec<Admin>,
    pub glass: Glass,
    pub handling: Vec<Handling>,
    pub changes: Changes,
    pub exceptions: Option<Exceptions>,
}

impl Basis {
    pub fn day(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%-d %B %Y").to_string()
    }

    /// Why the period is not covered by what Gatehouse watched; None: it is.
    pub fn not_watched(&self) -> Option<String> {
        (self.connected > self.period.from)
            .then(|| format!("Gatehouse watches this customer since {} only; the period begins on {}", self.day(self.connected), self.day(self.period.from)))
    }

    /// Why sign-ins do not cover the period; None: they do, to a day.
    pub fn sign_ins_short(&self) -> Option<String> {
        match self.sign_ins_from {
            None => Some("no sign-in is kept".to_owned()),
            Some(from) if from > self.period.from + TimeDelta::days(1) => {
                Some(format!("sign-ins are kept since {} only; the period begins on {}", self.day(from), self.day(self.period.from)))
            }
            Some(_) => None,
        }
    }
}
