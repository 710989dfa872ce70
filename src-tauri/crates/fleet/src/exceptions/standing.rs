//! Whether somebody answers for a carve-out: it is in the register, controlled under break-glass, has an end as time-bound access, or is
//! not signed off. Pure.

use std::collections::BTreeSet;

use store::{access_grants::GrantRow, mfa_exceptions::ExceptionRow};

use super::{Found, SubjectKind};
use crate::access::decide;

/// The tenant's emergency accounts: members of the break-glass group, and those that somebody marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glass {
    pub group: Option<String>,
    pub accounts: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nobody answers for it.
    NotSignedOff,
    /// The customer said no, and the policy leaves it out all the same.
    Declined { number: i64 },
    /// Written down; whether it is signed the register says.
    InRegister { numbers: Vec<i64> },
    /// By design: break-glass accounts stay out of every policy and are controlled on their own.
    BreakGlass,
    /// Everybody in the group is there as time-bound access; the ends of those who are in now.
    TimeBound { ends: Vec<i64> },
}

/// A carve-out, and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub found: Found,
    pub standing: Standing,
    /// People for whom nobody answers yet (or, where somebody does, all whom it lets out); None: not known.
    pub people: Option<BTreeSet<String>>,
}

fn stands(row: &ExceptionRow) -> bool {
    matches!(row.state.as_str(), "draft" | "sent" | "signed")
}

/// Whether an exception is for this thing and this policy, or for all policies.
#[must_use]
pub fn is_for(row: &ExceptionRow, found: &Found) -> bool {
    row.subject_kind == found.kind.name()
        && row.subject_id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(&found.id))
        && row.policy_id.as_deref().is_none_or(|policy| policy.eq_ignore_ascii_case(&found.policy_id))
}

/// An exception of a person's own, which answers for them also where a group lets them out.
fn covers_person(row: &ExceptionRow, person: &str, found: &Found) -> bool {
    stands(row)
        && row.subject_kind == SubjectKind::User.name()
        && row.subject_id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(person))
        && row.policy_id.as_deref().is_none_or(|policy| policy.eq_ignore_ascii_case(&found.policy_id))
}

#[must_use]
pub fn judged(found: Found, register: &[ExceptionRow], glass: &Glass, grants: &[GrantRow]) -> Judged {
    let own: Vec<&ExceptionRow> = register.iter().filter(|row| is_for(row, &found)).collect();
    let standing: Vec<i64> = own.iter().filter(|row| stands(row)).map(|row| row.id).collect();
    if !standing.is_empty() {
        return Judged { people: found.who.clone(), standing: Standing::InRegister { numbers: standing }, found };
    }
    if by_design(&found, glass) {
        return Judged { people: found.who.clone(), standing: Standing::BreakGlass, found };
    }
    let mut left = found.who.clone();
    if found.kind == SubjectKind::Group && found.members.is_some() {
        let of_group: Vec<&GrantRow> = grants.iter().filter(|grant| grant.group_id.eq_ignore_ascii_case(&found.id)).collect();
        let tracked: Vec<&&GrantRow> = of_group.iter().filter(|grant| decide::tracks(grant)).collect();
        let mut answered = BTreeSet::new();
        if let Some(left) = &mut left {
            left.retain(|person| !glass.accounts.contains(person) && !tracked.iter().any(|grant| grant.user_id.eq_ignore_ascii_case(person)));
            left.retain(|person| {
                let numbers: Vec<i64> = register.iter().filter(|row| covers_person(row, person, &found)).map(|row| row.id).collect();
                answered.extend(&numbers);
                numbers.is_empty()
            });
            if left.is_empty() && !of_group.is_empty() {
                let mut ends: Vec<i64> = tracked.iter().map(|grant| grant.ends_at).collect();
                ends.sort_unstable();
                return Judged { people: found.who.clone(), standing: Standing::TimeBound { ends }, found };
            }
            if left.is_empty() && !answered.is_empty() {
                return Judged { people: found.who.clone(), standing: Standing::InRegister { numbers: answered.into_iter().collect() }, found };
            }
        }
    } else if let Some(left) = &mut left {
        // Emergency accounts that hold an excluded role are controlled on their own.
        left.retain(|person| !glass.accounts.contains(person));
    }
    let declined = own.iter().rfind(|row| row.state == "declined").map(|row| row.id);
    Judged { people: left, standing: declined.map_or(Standing::NotSignedOff, |number| Standing::Declined { number }), found }
}

fn by_design(found: &Found, glass: &Glass) -> bool {
    match found.kind {
        SubjectKind::User => glass.accounts.contains(&found.id),
        SubjectKind::Group => {
            let all_glass = found.members.as_ref().is_some_and(|members| !members.is_empty() && members.is_subset(&glass.accounts));
            glass.group.as_deref() == Some(found.id.as_str()) || all_glass
        }
        _ => false,
    }
}
