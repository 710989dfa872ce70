//! What a tenant demands of whoever acts on it: that writing is on, who may act, a ticket, a second person. Pure; every act asks
//! here before it begins, and again before it writes. How an act is done is not known here.

use regex::Regex;
use store::tenants::TenantRow;

use crate::{problem::problem, views::Problem};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    pub writes: bool,
    /// Names of those who may act; empty: every technician.
    pub technicians: Vec<String>,
    /// What a ticket number looks like, whole; None: no ticket is demanded.
    pub ticket_pattern: Option<String>,
    pub second_approval: bool,
    /// Permissions that writing lacks in this tenant.
    pub missing_permissions: Vec<String>,
}

impl Rules {
    #[must_use]
    pub fn of(row: &TenantRow) -> Self {
        let names = |json: &str| serde_json::from_str(json).unwrap_or_default();
        Self {
            writes: row.writes,
            technicians: names(&row.technicians),
            ticket_pattern: row.ticket_pattern.clone().filter(|pattern| !pattern.is_empty()),
            second_approval: row.second_approval,
            missing_permissions: names(&row.missing_write_permissions),
        }
    }

    /// Whether `who` may act on the tenant at all: draft, approve, apply, roll back.
    ///
    /// # Errors
    /// `rules.not_named`.
    pub fn may_act(&self, who: &str) -> Result<(), Problem> {
        if self.technicians.is_empty() || self.technicians.iter().any(|name| same_person(name, who)) {
            return Ok(());
        }
        Err(problem(
            "rules.not_named",
            format!("{} is not among the technicians who may change this tenant", if who.trim().is_empty() { "You" } else { who }),
            format!("Ask one of them ({}), or have your name added in the tenant's settings.", self.technicians.join(", ")),
        ))
    }

    /// Whether `who` may send a write to the tenant.
    ///
    /// # Errors
    /// `rules.writes_off`, `rules.permissions_missing`, `rules.not_named`.
    pub fn may_write(&self, who: &str) -> Result<(), Problem> {
        self.may_act(who)?;
        if !self.writes {
            return Err(problem(
                "rules.writes_off",
                "Writing is turned off for this tenant",
                "Turn it on in the tenant's settings; Gatehouse then asks for the permissions it needs.",
            ));
        }
        if !self.missing_permissions.is_empty() {
            return Err(problem(
                "rules.permissions_missing",
                format!("The tenant has not granted what writing needs: {}", self.missing_permissions.join(", ")),
                "Ask for consent on the tenant's page, then try again.",
            ));
        }
        Ok(())
    }

    /// The ticket as it is kept: trimmed, None where none is demanded and none was given.
    ///
    /// # Errors
    /// `rules.ticket_missing`, `rules.ticket_mismatch`, `rules.bad_pattern`.
    pub fn ticket(&self, ticket: Option<&str>) -> Result<Option<String>, Problem> {
        let given = ticket.map(str::trim).filter(|text| !text.is_empty());
        let Some(pattern) = &self.ticket_pattern else { return Ok(given.map(str::to_owned)) };
        let Some(given) = given else {
            return Err(problem("rules.ticket_missing", "This tenant demands a ticket number", format!("Enter one that looks like {pattern}.")));
        };
        let whole = whole(pattern)?;
        if whole.is_match(given) {
            Ok(Some(given.to_owned()))
        } else {
            Err(problem("rules.ticket_mismatch", format!("“{given}” is not a ticket number of this tenant"), format!("Enter one that looks like {pattern}.")))
        }
    }

    /// Whether `who` may approve what `asked` asked for.
    ///
    /// # Errors
    /// `rules.same_person`, `rules.not_named`.
    pub fn may_approve(&self, asked: &str, who: &str) -> Result<(), Problem> {
        self.may_act(who)?;
        if self.second_approval && same_person(asked, who) {
            return Err(problem(
                "rules.same_person",
                format!("{who} asked for this and cannot approve it"),
                "A second technician has to approve: this tenant demands it.",
            ));
        }
        Ok(())
    }
}

/// A ticket pattern that fits the whole text.
///
/// # Errors
/// `rules.bad_pattern`: it is no regular expression, or one too big.
pub fn whole(pattern: &str) -> Result<Regex, Problem> {
    regex::RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(1 << 20).build().map_err(|error| {
        problem("rules.bad_pattern", "The pattern for ticket numbers is no regular expression", "Correct it in the tenant's settings, such as T-\\d+.")
            .with_details(error)
    })
}

/// Names are typed by people: case and the space around them do not make another person.
#[must_use]
pub fn same_person(one: &str, other: &str) -> bool {
    store::fold(one.trim()) == store::fold(other.trim())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn rules() -> Rules {
        Rules { writes: true, ticket_pattern: Some(r"T-\d{4}|INC\d+".to_owned()), second_approval: true, ..Rules::default() }
    }

    #[test]
    fn writing_is_off_until_a_technician_turns_it_on() {
        assert_eq!(Rules::default().may_write("Ida").unwrap_err().code, "rules.writes_off");
        assert!(rules().may_write("Ida").is_ok());
        let lacking = Rules { missing_permissions: vec!["GroupMember.ReadWrite.All".to_owned()], ..rules() };
        let refused = lacking.may_write("Ida").unwrap_err();
        assert_eq!(refused.code, "rules.permissions_missing");
        assert!(refused.what.contains("GroupMember.ReadWrite.All"), "{}", refused.what);
    }

    #[test]
    fn only_named_technicians_act_where_any_are_named() {
        let named = Rules { technicians: vec!["Ida Berg".to_owned(), "Jon".to_owned()], ..rules() };
        assert!(named.may_act(" ida BERG ").is_ok(), "case and the space around a name make no other person");
        let refused = named.may_act("Mallory").unwrap_err();
        assert_eq!(refused.code, "rules.not_named");
        assert!(refused.next_step.contains("Ida Berg, Jon"), "{}", refused.next_step);
        assert_eq!(named.may_act("").unwrap_err().code, "rules.not_named");
        assert_eq!(named.may_approve("Ida Berg", "Mallory").unwrap_err().code, "rules.not_named");
    }

    #[test]
    fn a_ticket_has_to_fit_the_whole_pattern() {
        for (ticket, code) in [
            (None, Some("rules.ticket_missing")),
            (Some("  "), Some("rules.ticket_missing")),
            (Some("T-12"), Some("rules.ticket_mismatch")),
            (Some("xT-1234"), Some("rules.ticket_mismatch")),
            (Some("T-12345"), Some("rules.ticket_mismatch")),
            (Some("T-1234\nINC1x"), Some("rules.ticket_mismatch")),
            (Some(" T-1234 "), None),
            (Some("INC77"), None),
        ] {
            let found = rules().ticket(ticket);
            assert_eq!(found.as_ref().err().map(|problem| problem.code.as_str()), code, "{ticket:?}");
        }
        assert_eq!(rules().ticket(Some(" T-1234 ")).unwrap().as_deref(), Some("T-1234"));
        assert_eq!(Rules::default().ticket(None).unwrap(), None, "no pattern, no demand");
        assert_eq!(Rules::default().ticket(Some("anything")).unwrap().as_deref(), Some("anything"), "a ticket is kept where none is demanded");
    }

    #[test]
    fn a_pattern_that_is_none_is_said_and_does_not_let_through() {
        let broken = Rules { ticket_pattern: Some("T-(".to_owned()), ..Rules::default() };
        assert_eq!(broken.ticket(Some("T-(")).unwrap_err().code, "rules.bad_pattern");
        assert_eq!(whole(r"\w{5000}{5000}").unwrap_err().code, "rules.bad_pattern", "one too big is refused, not compiled for minutes");
    }

    #[test]
    fn who_approves_is_not_who_asked() {
        assert_eq!(rules().may_approve("Ida Berg", "ida berg").unwrap_err().code, "rules.same_person");
        assert!(rules().may_approve("Ida Berg", "Jon").is_ok());
        let alone = Rules { second_approval: false, ..rules() };
        assert!(alone.may_approve("Ida Berg", "Ida Berg").is_ok(), "where no second person is demanded, one may approve what one asked for");
    }
}
