//! A named person answers a carrier's question otherwise than the data. What the data say is never hidden: both are printed, with the
//! note and the name.

use chrono::{DateTime, Utc};
use serde_json::json;
use store::{
    Connection,
    evidence_overrides::{self as table, OverrideRow},
};

use super::{
    facts::{Answer, Overridden, Statement},
    statements::question,
};
use crate::{
    Fleet, audit,
    fleet::FleetEvent,
    problem::problem,
    rules::Rules,
    tenants::no_tenant,
    views::{Problem, reports::OverrideInput},
};

const LONGEST_NAME: usize = 200;
const LONGEST_NOTE: usize = 2_000;

pub(crate) fn answer_name(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::Partly => "partly",
        Answer::No => "no",
        Answer::Unknown => "unknown",
    }
}

fn answer_from(name: &str) -> Answer {
    match name {
        "yes" => Answer::Yes,
        "partly" => Answer::Partly,
        "no" => Answer::No,
        _ => Answer::Unknown,
    }
}

/// Puts what persons said beside what the data say.
///
/// # Errors
/// The store refused.
pub fn put_beside(conn: &Connection, tenant: &str, statements: &mut [Statement]) -> store::Result<()> {
    for row in table::all(conn, tenant)? {
        if let Some(statement) = statements.iter_mut().find(|statement| statement.id == row.statement) {
            statement.overridden = overridden(&row);
        }
    }
    Ok(())
}

fn overridden(row: &OverrideRow) -> Option<Overridden> {
    Some(Overridden {
        answer: answer_from(&row.answer),
        person: row.person.clone(),
        note: row.note.clone(),
        recorded_by: row.recorded_by.clone(),
        recorded_at: DateTime::from_timestamp_millis(row.recorded_at)?,
    })
}

/// What makes one impossible; pure. Answers the person and the note as they are kept.
fn check(input: &OverrideInput) -> Result<(String, String), Problem> {
    if question(&input.statement).is_none() {
        return Err(problem("evidence.unknown_statement", format!("There is no question “{}”", input.statement), "Take the id from the list of statements."));
    }
    let missing = |what: &str, next: &str| problem("input.missing", what, next);
    let (person, note) = (input.person.trim(), input.note.trim());
    if person.is_empty() {
        return Err(missing("Nobody is named who answers so", "Name the person: the report prints it."));
    }
    if note.is_empty() {
        return Err(missing("There is no note", "Say why the answer is another: the report prints it beside what the data say."));
    }
    if person.chars().count() > LONGEST_NAME || note.chars().count() > LONGEST_NOTE || person.chars().any(char::is_control) {
        return Err(problem(
            "input.invalid",
            "The name or the note is too long",
            "Enter a name of at most 200 characters on one line and a note of at most 2,000.",
        ));
    }
    Ok((person.to_owned(), note.to_owned()))
}

impl Fleet {
    /// Records a named person's answer; `who` is the technician.
    ///
    /// # Errors
    /// There is no such question, nobody is named, no note, or the store refused.
    pub fn evidence_override(&self, input: &OverrideInput, who: &str) -> Result<(), Problem> {
        let (person, note) = check(input)?;
        let now = self.now();
        self.settle_override(&input.tenant, who, now, |tx, tenant| {
            let before = table::get(tx, tenant, &input.statement)?;
            let row = OverrideRow {
                tenant: tenant.to_owned(),
                statement: input.statement.clone(),
                answer: answer_name(input.answer).to_owned(),
                note: note.clone(),
                person: person.clone(),
                recorded_by: who.to_owned(),
                recorded_at: now.timestamp_millis(),
            };
            row.put(tx)?;
            let detail = json!({ "statement": row.statement, "before": before.as_ref().map(|before| json!({ "answer": before.answer, "person": before.person, "note": before.note })), "answer": row.answer, "person": row.person, "note": row.note });
            Ok(Ok(("evidence.overridden", question(&input.statement).unwrap_or_default().to_owned(), detail)))
        })
    }

    /// Takes a person's answer back: the data's counts again.
    ///
    /// # Errors
    /// There is none, or the store refused.
    pub fn evidence_override_withdraw(&self, tenant: &str, statement: &str, who: &str) -> Result<(), Problem> {
        self.settle_override(tenant, who, self.now(), |tx, tenant| {
            let Some(before) = table::get(tx, tenant, statement)? else {
                return Ok(Err(problem(
                    "evidence.no_override",
                    "Nobody answered this question otherwise than the data",
                    "Look at the list of statements again.",
                )
                .with_details(statement)));
            };
            table::delete(tx, tenant, statement)?;
            let detail = json!({ "statement": statement, "before": { "answer": before.answer, "person": before.person, "note": before.note } });
            Ok(Ok(("evidence.override_withdrawn", question(statement).unwrap_or(statement).to_owned(), detail)))
        })
    }

    fn settle_override(
        &self,
        tenant: &str,
        who: &str,
        now: DateTime<Utc>,
        settle: impl FnOnce(&Connection, &str) -> store::Result<Result<(&'static str, String, serde_json::Value), Problem>>,
    ) -> Result<(), Problem> {
        let id = self.0.store.write(|tx| {
            let Some(row) = store::tenants::get(tx, tenant)? else { return Ok(Err(no_tenant(tenant))) };
            if let Err(refused) = Rules::of(&row).may_act(who) {
                return Ok(Err(refused));
            }
            match settle(tx, &row.id)? {
                Ok((action, subject, detail)) => {
                    audit::append(tx, now, who, action, Some(&row.id), &subject, &detail)?;
                    Ok(Ok(row.id))
                }
                Err(refused) => Ok(Err(refused)),
            }
        })??;
        self.tell(FleetEvent::DataChanged { tenant: id });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn an_override_needs_a_question_a_named_person_and_a_note() {
        let input = |statement: &str, person: &str, note: &str| OverrideInput {
            tenant: "t".to_owned(),
            statement: statement.to_owned(),
            answer: Answer::Yes,
            person: person.to_owned(),
            note: note.to_owned(),
        };
        let code = |input: OverrideInput| check(&input).err().map(|refused| refused.code);
        assert_eq!(code(input("mfa.remoteAccess", "Ana Silva", "The VPN asks for MFA by Duo; contract of 3 May.")), None);
        assert_eq!(code(input("mfa.everything", "Ana Silva", "x")).as_deref(), Some("evidence.unknown_statement"));
        assert_eq!(code(input("mfa.remoteAccess", " ", "x")).as_deref(), Some("input.missing"));
        assert_eq!(code(input("mfa.remoteAccess", "Ana Silva", "\n")).as_deref(), Some("input.missing"));
        assert_eq!(code(input("mfa.remoteAccess", &"x".repeat(201), "x")).as_deref(), Some("input.invalid"));
        assert_eq!(check(&input("mfa.remoteAccess", " Ana Silva ", " x ")).unwrap(), ("Ana Silva".to_owned(), "x".to_owned()));
    }
}
