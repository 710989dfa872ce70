//! What may be done with an exception in its state, and what an act needs before it can be written down. Pure.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use specta::Type;
use store::mfa_exceptions::ExceptionRow;

use crate::evidence::facts::SignOff;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ExceptionState {
    Draft,
    Sent,
    Signed,
    Declined,
    Ended,
}

impl ExceptionState {
    const ALL: [Self; 5] = [Self::Draft, Self::Sent, Self::Signed, Self::Declined, Self::Ended];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Signed => "signed",
            Self::Declined => "declined",
            Self::Ended => "ended",
        }
    }

    /// The schema allows these names only.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.name() == name).unwrap_or(Self::Draft)
    }
}

/// Its end is past, and nobody ended it.
#[must_use]
pub fn past_end(row: &ExceptionRow, now: DateTime<Utc>) -> bool {
    row.state != "ended" && row.until.is_some_and(|end| end < now.timestamp_millis())
}

/// Signed, and nobody looked at it again when that was due.
#[must_use]
pub fn review_overdue(row: &ExceptionRow, now: DateTime<Utc>) -> bool {
    row.state == "signed" && row.review_due.is_some_and(|due| due < now.timestamp_millis())
}

/// How reports say it.
#[must_use]
pub fn sign_off(row: &ExceptionRow, now: DateTime<Utc>) -> SignOff {
    match ExceptionState::of(&row.state) {
        ExceptionState::Draft => SignOff::NotSigned,
        ExceptionState::Sent => SignOff::Sent,
        ExceptionState::Declined => SignOff::Declined,
        ExceptionState::Signed | ExceptionState::Ended if past_end(row, now) || review_overdue(row, now) => SignOff::Overdue,
        ExceptionState::Signed | ExceptionState::Ended => SignOff::Signed,
    }
}
