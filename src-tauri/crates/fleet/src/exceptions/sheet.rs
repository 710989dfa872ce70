//! The sheet to sign: the chosen exceptions as plain facts, and as a Markdown table that no name, reason or policy can break. The PDF of
//! the same facts is drawn by the reports.

use chrono::{DateTime, Utc};

use super::{SubjectKind, days, decide, people, survey};
use crate::{
    Fleet,
    problem::problem,
    views::{Problem, access::shown, no_such_tenant},
};

/// One numbered exception, in words that a managing director understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    pub number: u32,
    pub subject: String,
    /// "MFA for all users", or "MFA altogether".
    pub exempt_from: String,
    /// "4 people", "number not known"
    pub people: String,
    pub reason: String,
    /// May be empty.
    pub compensating: String,
    pub ticket: Option<String>,
    /// "31 January 2027", or "no end agreed".
    pub until: String,
    pub review: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetFacts {
    pub customer: String,
    pub domain: String,
    /// The MSP's name; may be empty.
    pub company: String,
    pub made_at: DateTime<Utc>,
    /// The customer's day, in words.
    pub made_on: String,
    pub made_by: String,
    pub rows: Vec<SheetRow>,
}

/// What stands above the table, for both forms.
pub const WHAT_IT_MEANS: &str = "Multi-factor authentication (MFA) asks for more than a password when somebody signs in. The exceptions below let the named people, devices or \
     places sign in without it. Each one is a risk that the customer accepts by signing; one that is declined will be removed.";

impl Fleet {
    /// The exceptions that the sheet asks to sign; no ids: every draft, what was sent and not returned, and what is signed but overdue.
    ///
    /// # Errors
    /// The tenant is not connected, one of the ids is none of its exceptions, or there is nothing to sign.
    pub fn exceptions_sheet(&self, tenant: &str, ids: &[u32], company: &str, who: &str) -> Result<SheetFacts, Problem> {
        let now = self.now();
        let engine = self.engine(tenant)?;
        let found = self.0.store.read(|conn| {
            let Some(named) = store::tenants::get(conn, &engine.tenant)? else { return Ok(None) };
            Ok(Some((survey(conn, &named.id, &engine.engine)?, named)))
        })?;
        let Some((survey, named)) = found else { return Err(no_such_tenant(tenant)) };
        if let Some(strange) = ids.iter().find(|id| !survey.register.iter().any(|row| row.id == i64::from(**id))) {
            return Err(super::no_such(*strange));
        }
        let wanted = |row: &&store::mfa_exceptions::ExceptionRow| {
            if ids.is_empty() {
                matches!(row.state.as_str(), "draft" | "sent") || (row.state == "signed" && (decide::past_end(row, now) || decide::review_overdue(row, now)))
            } else {
                ids.contains(&shown(row.id))
            }
        };
        let zone = days::zone(&named.time_zone);
        let rows: Vec<SheetRow> = survey
            .register
            .iter()
            .filter(wanted)
            .map(|row| SheetRow {
                number: shown(row.id),
                subject: SubjectKind::of(&row.subject_kind).said(&row.subject_name),
                exempt_from: row.policy_name.clone().or_else(|| row.policy_id.clone()).unwrap_or_else(|| "MFA altogether".to_owned()),
                people: match people(row, &engine.engine, survey.carve_outs.as_deref()) {
                    None => "number not known".to_owned(),
                    Some(1) => "1 person".to_owned(),
                    Some(n) => format!("{n} people"),
                },
                reason: row.reason.clone(),
                compensating: row.compensating.clone(),
                ticket: row.ticket.clone(),
                until: row.until.map_or_else(|| "no end agreed".to_owned(), |until| days::in_words(zone, until)),
                review: row.review_due.map(|due| days::in_words(zone, due)),
            })
            .collect();
        if rows.is_empty() {
            return Err(problem(
                "exceptions.nothing_to_sign",
                "No exception waits for a signature",
                "Write one down first, or choose those that should be signed again.",
            ));
        }
        Ok(SheetFacts {
            customer: named.display_name.clone(),
            domain: named.default_domain.clone(),
            company: company.trim().to_owned(),
            made_at: now,
            made_on: days::in_words(zone, now.timestamp_millis()),
            made_by: who.to_owned(),
            rows,
        })
    }
}

/// The sheet as Markdown ("GitHub Flavored Markdown Spec": tables, backslash escapes).
#[must_use]
pub fn markdown(facts: &SheetFacts) -> String {
    let mut text = format!("# Exceptions from MFA: {}\n\n", escaped(&facts.customer));
    let company = if facts.company.is_empty() { String::new() } else { format!(" of {}", escaped(&facts.company)) };
    text += &format!("{} · prepared on {} by {}{company}\n\n{WHAT_IT_MEANS}\n\n", escaped(&facts.domain), facts.made_on, escaped(&facts.made_by));
    text += "| No. | Who or what | Exempt from | People | Why | What protects instead | Until | Review by | Signed or declined |\n";
    text += "| ---: | --- | --- | --- | --- | --- | --- | --- | --- |\n";
    for row in &facts.rows {
        let reason = row.ticket.as_ref().map_or_else(|| row.reason.clone(), |ticket| format!("{} (ticket {ticket})", row.reason));
        let instead = if row.compensating.trim().is_empty() { "nothing was named" } else { &row.compensating };
        let cells = [&row.subject, &row.exempt_from, &row.people, &reason, instead, &row.until, row.review.as_deref().unwrap_or("not agreed")];
        let cells: Vec<String> = cells.into_iter().map(escaped).collect();
        text += &format!("| {} | {} |  |\n", row.number, cells.join(" | "));
    }
    text += "\n## Sign-off\n\n| | |\n| --- | --- |\n";
    for line in ["Name", "Role", "Date", "Signature", "Note"] {
        text += &format!("| {line} |  |\n");
    }
    text
}

/// Text that a reader of Markdown shows as it is: on one line, with everything that means something escaped.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    let mut letters = text.trim().chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            // A line break ends a row; an override turns what follows around.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            letter if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => {
                if !safe.ends_with(' ') {
                    safe.push(' ');
                }
            }
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '<' | '>' | '&' | '~' | '!' | '@' | '$' | '^' | '+' => safe.extend(['\\', letter]),
            // A bare address becomes a link by itself.
            ':' if letters.peek() == Some(&'/') => safe.push_str("\\:"),
            '.' if safe.to_ascii_lowercase().ends_with("www") => safe.push_str("\\."),
            letter => safe.push(letter),
        }
    }
    safe
}
