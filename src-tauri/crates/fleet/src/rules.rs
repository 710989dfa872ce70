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
            return Err(problem("rules.writes_off", "Writing is turned off for this tenant", "Turn it on in the tenant's settings; Gatehouse then asks for the permissions it needs."));
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
            return Err(problem("rules.same_person", format!("{who} asked for this and cannot approve it"), "A second technician has to approve: this tenant demands it."));
        }
        Ok(())
    }
}

/// A ticket pattern that fits the whole text.
///
/// # Errors
/// `rules.bad_pattern`: it is no regular expression, or one too big.
pub fn whole(pattern: &str) -> Result<Regex, Problem> {
    regex::RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(1 << 20)
        .build()
        .map_err(|error| problem("rules.bad_pattern", "The pattern for ticket numbers is no regular expression", "Correct it in the tenant's settings, such as T-\\d+.").with_details(error))
}

/// Names are typed by people: case and the space around them do not make another person.
#[must_use]
pub fn same_person(one: &str, other: &str) -> bool {
    store::fold(one.trim()) == store::fold(other.trim())
}
