//! What keeps a policy from somebody: it includes and yet excludes them, and by what, or it is not about them. Coverage and
//! drift both say why somebody falls through, and ask here.

use super::bits::IdSet;
use super::engine::Engine;
use super::judge::{Cause, Side};
use super::reason::Truth;
use super::subject::{Memberships, Subject};
use crate::words::IdKind;

/// The nearest first: who is only excluded would be protected. Groups and roles by their places in [`super::Mentions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Exclusion {
    Name,
    Group(usize),
    Role(usize),
    Guest,
    /// Excluded in a way that has no word of its own, such as a filter.
    Otherwise,
    /// The policy does not include them in the first place, so its exclusions say nothing.
    NotIncluded,
}

impl Engine {
    /// Meant for a policy that does not fit this one.
    #[must_use]
    pub fn exclusion(&self, policy: usize, subject: &Subject) -> Exclusion {
        let Some(compiled) = self.compiled(policy) else { return Exclusion::NotIncluded };
        let (include, exclude) = match subject {
            Subject::User(user) => (self.person(&compiled.users.include, user), self.person(&compiled.users.exclude, user)),
            Subject::ServicePrincipal(principal) => self.workload_sides(compiled, principal).unwrap_or((Side::NO, Side::NO)),
            Subject::Open => (Side::NO, Side::NO),
        };
        if include.truth == Truth::No || exclude.truth != Truth::Yes {
            return Exclusion::NotIncluded;
        }
        let first = |of: &Memberships, excluded: &IdSet| excluded.iter().find(|place| of.yes.contains(*place));
        let excluded = &compiled.users.exclude;
        match (exclude.cause, subject) {
            (Cause::Thing(IdKind::Group, _), Subject::User(user)) => first(&user.groups, &excluded.groups).map_or(Exclusion::Otherwise, Exclusion::Group),
            (Cause::Thing(IdKind::Role, _), Subject::User(user)) => first(&user.roles, &excluded.roles).map_or(Exclusion::Otherwise, Exclusion::Role),
            (Cause::Thing(..), _) => Exclusion::Name,
            (Cause::Value("GuestsOrExternalUsers"), _) => Exclusion::Guest,
            _ => Exclusion::Otherwise,
        }
    }

    /// The group or role by which somebody is excluded.
    #[must_use]
    pub fn excluded_by(&self, exclusion: Exclusion) -> Option<(IdKind, &str)> {
        let mentions = self.mentions();
        match exclusion {
            Exclusion::Group(place) => mentions.groups.get(place).map(|id| (IdKind::Group, id.as_ref())),
            Exclusion::Role(place) => mentions.roles.get(place).map(|id| (IdKind::Role, id.as_ref())),
            Exclusion::Name | Exclusion::Guest | Exclusion::Otherwise | Exclusion::NotIncluded => None,
        }
    }
}
