//! The carriers' usual questions, each answered by the data alone: yes, partly, no or unknown, with a sentence that a chief executive
//! understands and an auditor can check. Pure. The rule of all of them: an answer says at most what was read. What was never read makes
//! it unknown; what was read in part, too long ago or not for the whole period makes it at most partly.

mod mfa;
#[cfg(test)]
mod tests;
mod upkeep;

use store::DataKind;

use super::{
    basis::{Asked, Basis},
    facts::{Answer, Chapter, Figure, Statement},
    words::{number, sentence},
};

/// Every question, in the order of the summary. Stable: overrides and data sets name them.
pub const QUESTIONS: [(&str, &str); 11] = [
    ("mfa.email", "Is MFA required to read company email?"),
    ("mfa.remoteAccess", "Is MFA required for remote access?"),
    ("mfa.privileged", "Is MFA required of every account with administrative privileges?"),
    ("mfa.allUsers", "Is MFA set up and required for all users?"),
    ("mfa.phishingResistantAdmins", "Do administrators use phishing-resistant MFA?"),
    ("legacy.blocked", "Is legacy authentication blocked?"),
    ("breakGlass.controlled", "Are emergency access accounts controlled?"),
    ("guests.mfa", "Is MFA required of guests?"),
    ("alerts.handled", "Are security alerts handled, and within what time?"),
    ("changes.controlled", "Are changes of access policies under control?"),
    ("exceptions.signedOff", "Is every exemption from MFA signed off by a named person?"),
];

/// A question by its id.
pub fn question(id: &str) -> Option<&'static str> {
    QUESTIONS.iter().find(|(known, _)| *known == id).map(|(_, question)| *question)
}

/// Every statement, in order, as the data alone say it.
pub fn judge(basis: &Basis) -> Vec<Statement> {
    vec![
        mfa::email(basis),
        mfa::remote_access(basis),
        mfa::privileged(basis),
        mfa::all_users(basis),
        mfa::phishing_resistant_admins(basis),
        mfa::legacy(basis),
        upkeep::break_glass(basis),
        mfa::guests(basis),
        upkeep::alerts(basis),
        upkeep::changes(basis),
        upkeep::exceptions(basis),
    ]
}

/// An answer while it is made.
struct Draft {
    id: &'static str,
    chapter: Chapter,
    answer: Answer,
    said: Vec<String>,
    figures: Vec<Figure>,
}

impl Draft {
    fn new(id: &'static str, chapter: Chapter, answer: Answer, said: impl Into<String>) -> Self {
        Self { id, chapter, answer, said: vec![said.into()], figures: Vec::new() }
    }

    /// Unknown, because of this.
    fn unknown(id: &'static str, chapter: Chapter, why: &str) -> Self {
        Self::new(id, chapter, Answer::Unknown, format!("Not known. {}", why.trim_end_matches('.')))
    }

    fn figure(mut self, name: &str, value: Option<u32>, of: Option<u32>) -> Self {
        self.figures.push(Figure { name: name.to_owned(), value, of });
        self
    }

    fn say(mut self, more: impl Into<String>) -> Self {
        self.said.push(more.into());
        self
    }

    fn say_if(self, condition: bool, more: impl FnOnce() -> String) -> Self {
        if condition { self.say(more()) } else { self }
    }

    /// At most partly, and why; `None` takes nothing away.
    fn at_most_partly(mut self, because: Option<String>) -> Self {
        if let Some(because) = because {
            if self.answer == Answer::Yes {
                self.answer = Answer::Partly;
            }
            self.said.push(because);
        }
        self
    }

    /// At most partly for what of these was read in part, too long ago or never.
    fn stands_on(mut self, basis: &Basis, kinds: &[DataKind]) -> Self {
        // "You can't enable a policy while security defaults are on": then policies have no say, read or not.
        let defaults = basis.security_defaults == Some(true) && basis.readings.read(DataKind::SecurityDefaults);
        for kind in kinds.iter().filter(|kind| !(defaults && **kind == DataKind::Policies)) {
            self = self.at_most_partly(basis.readings.weakness(*kind, basis.now));
        }
        self
    }

    fn done(self) -> Statement {
        let evidence: Vec<String> = self.said.iter().map(|said| format!("{}.", sentence(said.trim().trim_end_matches('.')))).collect();
        Statement {
            question: question(self.id).unwrap_or(self.id).to_owned(),
            id: self.id.to_owned(),
            judged: self.answer,
            evidence: evidence.join(" "),
            figures: self.figures,
            chapter: self.chapter,
            overridden: None,
        }
    }
}

/// What a count of who is asked can answer.
fn of_asked(asked: Asked) -> Answer {
    match asked {
        asked if asked.all() == 0 => Answer::Unknown,
        Asked { sometimes: 0, never: 0, unknown: 0, .. } => Answer::Yes,
        Asked { always: 0, sometimes: 0, never: 0, .. } => Answer::Unknown,
        // Some for sure are not asked, and nobody for sure is.
        Asked { always: 0, sometimes: 0, .. } => Answer::No,
        _ => Answer::Partly,
    }
}

/// "9 of 12 people are asked for MFA for mail; 2 are not, or not everywhere; of 1 it is not known".
fn asked_in_words(asked: Asked, one: &str, many: &str, where_: &str) -> String {
    let all = asked.all();
    let are = |n: u32| if n == 1 { "is" } else { "are" };
    let mut parts = Vec::new();
    if asked.always > 0 || (asked.sometimes == 0 && asked.never + asked.unknown > 0) {
        let who = if asked.always == 0 {
            format!("none of {} {}", number(all), if all == 1 { one } else { many })
        } else {
            super::words::of(asked.always, all, one, many)
        };
        parts.push(format!("{who} {} always asked for MFA{where_}", are(asked.always.max(u32::from(asked.always == 0)))));
    }
    if asked.sometimes > 0 {
        let who = if asked.always == 0 { super::words::of(asked.sometimes, all, one, many) } else { number(asked.sometimes) };
        parts.push(format!("{who} {} asked when Microsoft finds it necessary (security defaults)", are(asked.sometimes)));
    }
    if asked.never > 0 {
        parts.push(format!("{} {} not, or not everywhere", number(asked.never), are(asked.never)));
    }
    if asked.unknown > 0 {
        parts.push(format!("of {} it cannot be said", number(asked.unknown)));
    }
    parts.join("; ")
}
