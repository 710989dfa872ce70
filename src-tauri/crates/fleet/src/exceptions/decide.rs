//! What may be done with an exception in its state, and what an act needs before it can be written down. Pure.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use specta::Type;
use store::mfa_exceptions::ExceptionRow;

use super::days;
use crate::{
    evidence::facts::SignOff,
    problem::problem,
    rules::{Rules, same_person},
    views::Problem,
};

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

/// A button of one exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ExceptionAct {
    /// Write it otherwise; what was sent or declined becomes a draft again.
    Edit,
    Send,
    Sign,
    Decline,
    /// Somebody looked at it again: it stays, and the next look is due later.
    Review,
    /// A later end, signed anew.
    Extend,
    End,
    Attach,
}

impl ExceptionAct {
    fn words(self) -> &'static str {
        match self {
            Self::Edit => "edited",
            Self::Send => "sent for signature",
            Self::Sign => "signed",
            Self::Decline => "declined",
            Self::Review => "reviewed",
            Self::Extend => "extended",
            Self::End => "ended",
            Self::Attach => "given an attachment",
        }
    }
}

/// The buttons that can be meant in this state.
#[must_use]
pub fn acts(row: &ExceptionRow) -> Vec<ExceptionAct> {
    use ExceptionAct::{Attach, Decline, Edit, End, Extend, Review, Send, Sign};
    match ExceptionState::of(&row.state) {
        ExceptionState::Draft | ExceptionState::Sent => vec![Send, Sign, Decline, Edit, Attach, End],
        ExceptionState::Signed => vec![Review, Extend, Attach, End],
        ExceptionState::Declined => vec![Edit, Attach, End],
        // Paper comes late; it belongs to what it is about all the same.
        ExceptionState::Ended => vec![Attach],
    }
}

fn in_state(row: &ExceptionRow) -> &'static str {
    match ExceptionState::of(&row.state) {
        ExceptionState::Draft => "it is a draft",
        ExceptionState::Sent => "it was sent and waits for a signature",
        ExceptionState::Signed => "it is signed",
        ExceptionState::Declined => "the customer declined it",
        ExceptionState::Ended => "it has ended",
    }
}

/// Whether `who` may do it now.
///
/// # Errors
/// `exceptions.state`, `rules.not_named`.
pub fn may(row: &ExceptionRow, act: ExceptionAct, rules: &Rules, who: &str) -> Result<(), Problem> {
    if !acts(row).contains(&act) {
        return Err(problem(
            "exceptions.state",
            format!("Exception {} cannot be {}: {}", row.id, act.words(), in_state(row)),
            "Look at it as it is now; nothing was recorded.",
        ));
    }
    rules.may_act(who)
}

/// Who signed (or declined) and when, as it stands on the paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    pub by: String,
    pub role: String,
    pub at: i64,
    pub note: Option<String>,
}

/// # Errors
/// `input.missing`, `exceptions.no_day`, `exceptions.day_ahead`, `exceptions.self_signed`.
pub fn signature(by: &str, role: &str, on: &str, note: Option<&str>, zone: Tz, who: &str, now: DateTime<Utc>) -> Result<Signature, Problem> {
    let by = text(by, "Nobody is named as the one who signs", "Write the name of the person at the customer who signed or declined.")?;
    let role = text(role, "The signer's role is missing", "Write what the person is at the customer, such as managing director.")?;
    if same_person(&by, who) {
        return Err(problem(
            "exceptions.self_signed",
            format!("{by} records the return and cannot be the one who signs"),
            "A person of the customer answers for an exception: write that name.",
        ));
    }
    let day = days::day(on)?;
    if Some(day) > days::of(zone, now.timestamp_millis()) {
        return Err(problem(
            "exceptions.day_ahead",
            format!("The date of the signature, {}, is in the future", day.format("%-d %B %Y")),
            "Write the date that stands on the paper.",
        ));
    }
    Ok(Signature { by, role, at: days::begins(zone, day), note: note.map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned) })
}

/// An end or a review date that lies ahead, as the last second of that day; None where none was given.
///
/// # Errors
/// `exceptions.no_day`, `exceptions.day_past`.
pub fn ahead(day: Option<&str>, what: &str, zone: Tz, now: DateTime<Utc>) -> Result<Option<i64>, Problem> {
    let Some(day) = day.map(str::trim).filter(|day| !day.is_empty()) else { return Ok(None) };
    let day = days::day(day)?;
    if Some(day) < days::of(zone, now.timestamp_millis()) {
        return Err(problem("exceptions.day_past", format!("{what}, {}, is in the past", day.format("%-d %B %Y")), "Choose a later day."));
    }
    Ok(Some(days::ends(zone, day)))
}

/// What has no end is looked at again: one of both is agreed.
///
/// # Errors
/// `exceptions.no_end`.
pub fn bounded(until: Option<i64>, review_due: Option<i64>) -> Result<(), Problem> {
    if until.is_none() && review_due.is_none() {
        return Err(problem(
            "exceptions.no_end",
            "Neither an end nor a review date was given",
            "Give at least one of both: an exception that nobody looks at again is a hole.",
        ));
    }
    Ok(())
}

const LONGEST: usize = 2000;

/// # Errors
/// `input.missing`, `input.invalid`.
pub fn text(given: &str, missing: &str, next: &str) -> Result<String, Problem> {
    let given = given.trim();
    if given.is_empty() {
        return Err(problem("input.missing", missing, next));
    }
    short(given)?;
    Ok(given.to_owned())
}

/// # Errors
/// `input.invalid`.
pub fn short(given: &str) -> Result<(), Problem> {
    if given.chars().count() > LONGEST {
        return Err(problem("input.invalid", "A text is too long", "Use at most 2,000 characters; the ticket or an attachment holds the rest."));
    }
    Ok(())
}

/// The state after a return.
#[must_use]
pub fn returned(row: &ExceptionRow, signed: bool, signature: &Signature, who: &str) -> ExceptionRow {
    ExceptionRow {
        state: if signed { ExceptionState::Signed } else { ExceptionState::Declined }.name().to_owned(),
        signed_by: Some(signature.by.clone()),
        signed_role: Some(signature.role.clone()),
        signed_at: Some(signature.at),
        sign_note: signature.note.clone(),
        recorded_by: Some(who.to_owned()),
        ..row.clone()
    }
}
