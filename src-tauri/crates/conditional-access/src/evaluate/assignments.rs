//! Whether a policy is about this identity and this target: users, groups, roles, guests, agents and workload identities;
//! applications, user actions and authentication contexts.

use std::sync::Arc;

use super::application_sets::{ApplicationSet, belongs, overlap};
use super::attribute_filter::AttributeFilter;
use super::compiled::{Applications, Compiled, Guests, People, Tenants, Workloads};
use super::engine::Engine;
use super::judge::{Cause, Notes, Side, conclude};
use super::reason::{About, Truth, Why};
use super::request::{Context, UserAction};
use super::subject::{Guest, HomeTenant, Memberships, Mention, ServicePrincipalSubject, Subject, UserSubject};
use crate::words::IdKind;

const INTERNAL_GUEST: u8 = 1;

impl Engine {
    /// Users or workload identities, whichever the sign-in's identity is.
    pub(super) fn fits_subject(&self, policy: &Compiled, subject: &Subject, notes: &mut impl Notes) -> Truth {
        match subject {
            Subject::User(user) => self.fits_user(policy, user, notes),
            Subject::ServicePrincipal(principal) => self.fits_workload(policy, principal, notes),
            Subject::Open => {
                let nobody = policy.users.include.is_empty()
                    && policy.workload_filter.is_none()
                    && policy.workloads.as_ref().is_none_or(|sides| sides.include.is_empty());
                let strange = policy.strange_at(About::Users).or_else(|| policy.strange_at(About::WorkloadIdentities));
                let include = if nobody { Side::NO } else { Side::unknown(Cause::Open("signInIdentity")) };
                conclude(About::Users, include, Side::NO, strange, notes)
            }
        }
    }

    fn fits_user(&self, policy: &Compiled, user: &UserSubject, notes: &mut impl Notes) -> Truth {
        let include = self.person(&policy.users.include, user);
        let exclude = self.person(&policy.users.exclude, user);
        if include.truth == Truth::No && policy.users.include.is_empty() && policy.workloads.is_some() && policy.strange_at(About::Users).is_none() {
            notes.note(About::WorkloadIdentities, Truth::No, || Why::Says("the policy is about workload identities, and a user signs in"));
            return Truth::No;
        }
        conclude(About::Users, include, exclude, policy.strange_at(About::Users), notes)
    }

    pub(super) fn person<'a>(&'a self, people: &'a People, user: &UserSubject) -> Side<'a> {
        let mentions = self.mentions();
        let everybody = || match (people.all, user.agent) {
            (false, _) => Side::NO,
            (true, Truth::No) => Side::yes(Cause::All(IdKind::User)),
            // "Conditional Access for agent identities": an agent's user is targeted with a scope of its own.
            (true, _) => Side::unknown(Cause::Says("nobody documents whether all users include the users of agents")),
        };
        let itself = || match user.user {
            Mention::At(n) if people.users.contains(n) || people.agents.contains(n) => {
                mentions.users.get(n).map_or(Side::NO, |id| Side::yes(Cause::Thing(IdKind::User, id)))
            }
            Mention::Open if !people.users.is_empty() || !people.agents.is_empty() => Side::unknown(Cause::Open("signInIdentity.userId")),
            _ => Side::NO,
        };
        let agents = || match (people.all_agents, user.agent) {
            (true, truth @ (Truth::Yes | Truth::Unknown)) => Side::of(truth, Cause::Value("AllAgentIdUsers")),
            _ => Side::NO,
        };
        itself()
            .or(|| belongs_to(&people.groups, &user.groups, IdKind::Group, &mentions.groups))
            .or(|| belongs_to(&people.roles, &user.roles, IdKind::Role, &mentions.roles))
            .or(|| people.guests.iter().fold(Side::NO, |side, guests| side.or(|| guest(guests, &user.guest))))
            .or(agents)
            .or(everybody)
            .or(|| people.strange.as_ref().map_or(Side::NO, |word| Side::unknown(Cause::Strange(word))))
    }

    fn fits_workload(&self, policy: &Compiled, principal: &ServicePrincipalSubject, notes: &mut impl Notes) -> Truth {
        let strange = policy.strange_at(About::WorkloadIdentities);
        let Some((include, exclude)) = self.workload_sides(policy, principal) else {
            let about = if policy.users.include.is_empty() { About::WorkloadIdentities } else { About::Users };
            return conclude(
                about,
                Side { truth: Truth::No, cause: Cause::Says("the policy is about users, and a service principal signs in") },
                Side::NO,
                strange,
                notes,
            );
        };
        conclude(About::WorkloadIdentities, include, exclude, strange, notes)
    }

    /// What includes and what excludes it; None: the policy is about users.
    pub(super) fn workload_sides<'a>(&'a self, policy: &'a Compiled, principal: &ServicePrincipalSubject) -> Option<(Side<'a>, Side<'a>)> {
        let (sides, filter) = (policy.workloads.as_ref()?, policy.workload_filter.as_ref());
        let include = self.workload(&sides.include, principal).or(|| by_filter(filter, true, principal.filters.of(policy.index)));
        let exclude = self.workload(&sides.exclude, principal).or(|| by_filter(filter, false, principal.filters.of(policy.index)));
        Some((include, exclude))
    }

    fn workload<'a>(&'a self, side: &'a Workloads, principal: &ServicePrincipalSubject) -> Side<'a> {
        let known = &self.mentions().service_principals;
        let itself = || match principal.id {
            Mention::At(n) if side.ids.contains(n) || side.agents.contains(n) => known.get(n).map_or(Side::NO, |id| {
                // "Third party SaaS and multi-tenanted apps are out of scope. Managed identities aren't covered by policy."
                match principal.of_this_tenant {
                    Truth::No if !side.agents.contains(n) => {
                        Side { truth: Truth::No, cause: Cause::Says("managed identities and other tenants' applications are not covered by policies") }
                    }
                    _ => Side::yes(Cause::Thing(IdKind::ServicePrincipal, id)),
                }
            }),
            Mention::Open if !side.ids.is_empty() || !side.agents.is_empty() => Side::unknown(Cause::Open("signInIdentity.servicePrincipalId")),
            _ => Side::NO,
        };
        let all = || match (side.all_of_tenant, principal.of_this_tenant.and(principal.agent.negated())) {
            (true, Truth::Yes) => Side::yes(Cause::Value("ServicePrincipalsInMyTenant")),
            (true, Truth::Unknown) => Side::unknown(Cause::NeverRead("whether the service principal is a single-tenant application of this tenant")),
            _ => Side::NO,
        };
        let agents = || match (side.all_agents, principal.agent) {
            (true, Truth::Yes) => Side::yes(Cause::All(IdKind::Agent)),
            (true, Truth::Unknown) => Side::unknown(Cause::NeverRead("whether the service principal is an agent")),
            _ => Side::NO,
        };
        itself().or(all).or(agents).or(|| side.strange.as_ref().map_or(Side::NO, |word| Side::unknown(Cause::Strange(word))))
    }

    /// Applications, user actions and authentication contexts. A policy for all resources guards user actions and contexts
    /// too, as the examples of "What If evaluation" show.
    pub(super) fn fits_context(&self, policy: &Compiled, context: &Context, notes: &mut impl Notes) -> Truth {
        let targets = &policy.targets;
        let sides = &targets.applications;
        let strange = policy.strange_at(About::Applications);
        let about = if !targets.includes_no_application() || sides.include.none {
            About::Applications
        } else if !targets.user_actions.is_empty() {
            About::UserActions
        } else if !targets.contexts.is_empty() {
            About::AuthenticationContext
        } else {
            About::Applications
        };
        let listed = |list: &[Arc<str>], wanted: &str| list.iter().any(|known| **known == *wanted);
        let everything = || if sides.include.all { Side::yes(Cause::All(IdKind::Application)) } else { Side::NO };
        match context {
            Context::Applications(ids) => {
                if ids.iter().all(|id| id.trim().is_empty()) {
                    return self.fits_context(policy, &Context::Open, notes);
                }
                // A policy that guards one of them applies.
                let mut best: Option<(Truth, Side, Side)> = None;
                for id in ids.iter().filter(|id| !id.trim().is_empty()) {
                    let id = id.trim().to_lowercase();
                    let fits = targets.filter.as_ref().map_or(Truth::No, |filter| self.attributes_fit(filter, &id));
                    let include = self.application(&sides.include, &id).or(|| by_filter(targets.filter.as_ref(), true, fits));
                    let exclude = self.application(&sides.exclude, &id).or(|| by_filter(targets.filter.as_ref(), false, fits));
                    let truth = include.truth.and(exclude.truth.negated());
                    if best.as_ref().is_none_or(|(known, ..)| truth > *known) {
                        best = Some((truth, include, exclude));
                    }
                }
                let (_, include, exclude) = best.unwrap_or((Truth::No, Side::NO, Side::NO));
                conclude(about, include, exclude, strange, notes)
            }
            Context::UserAction(action) => {
                let wanted = match action {
                    UserAction::RegisterSecurityInformation => "urn:user:registersecurityinfo",
                    UserAction::RegisterOrJoinDevices => "urn:user:registerdevice",
                    UserAction::Other(text) => text.as_str(),
                };
                let known = ["urn:user:registersecurityinfo", "urn:user:registerdevice"];
                let action_side = if listed(&targets.user_actions, &wanted.to_lowercase()) {
                    targets.user_actions.iter().find(|known| ***known == *wanted.to_lowercase()).map_or(Side::NO, |action| Side::yes(Cause::Value(action)))
                } else if matches!(action, UserAction::Other(_)) && !targets.user_actions.is_empty() {
                    Side::unknown(Cause::Says("the request names a user action that is not known"))
                } else {
                    targets.user_actions.iter().find(|action| !known.contains(&&***action)).map_or(Side::NO, |word| Side::unknown(Cause::Strange(word)))
                };
                conclude(about, action_side.or(everything), Side::NO, strange, notes)
            }
            Context::AuthenticationContext(context) => {
                let context = context.trim().to_lowercase();
                let side = targets
                    .contexts
                    .iter()
                    .find(|known| ***known == *context)
                    .map_or(Side::NO, |id| Side::yes(Cause::Thing(IdKind::AuthenticationContext, id)));
                conclude(about, side.or(everything), Side::NO, strange, notes)
            }
            Context::Open => {
                let nothing = targets.includes_no_application() && targets.user_actions.is_empty() && targets.contexts.is_empty();
                let nothing_excluded = sides.exclude.is_empty() && targets.filter.as_ref().is_none_or(|filter| filter.include == Some(true));
                let include = if nothing {
                    Side::NO
                } else if sides.include.all && nothing_excluded {
                    Side::yes(Cause::All(IdKind::Application))
                } else {
                    Side::unknown(Cause::Open("signInContext"))
                };
                conclude(about, include, Side::NO, strange, notes)
            }
        }
    }

    /// `id` in lower case: an application, or Graph's word for a group of them.
    fn application<'a>(&'a self, side: &'a Applications, id: &str) -> Side<'a> {
        if side.all {
            return Side::yes(Cause::All(IdKind::Application));
        }
        let mentions = &self.mentions().applications;
        let open = || Side::unknown(Cause::Open("signInContext.includeApplications"));
        let strange = || side.strange.as_ref().map_or(Side::NO, |word| Side::unknown(Cause::Strange(word)));
        match id {
            "none" => return Side::NO,
            "all" => return if side.is_empty() { Side::NO } else { open() },
            _ => {}
        }
        if let Some(place) = self.application_place(id).filter(|place| side.ids.contains(*place)) {
            return mentions.get(place).map_or(Side::NO, |id| Side::yes(Cause::Thing(IdKind::Application, id)));
        }
        let asked = super::application_sets::application_set(id).filter(|set| *set != ApplicationSet::AzureManagement);
        let mut found = Side::NO;
        if let Some(asked) = asked {
            // A whole group is asked about: some of its applications may be guarded by name.
            for (set, word) in &side.sets {
                found = found.or(|| {
                    if *set == asked {
                        Side::yes(Cause::Thing(IdKind::Application, word))
                    } else if overlap(*set, asked) {
                        open()
                    } else {
                        Side::NO
                    }
                });
            }
            let some_by_name = side.ids.iter().filter_map(|place| mentions.get(place)).any(|id| self.is_in(asked, id) == Truth::Yes);
            return found.or(|| if some_by_name { open() } else { Side::NO }).or(strange);
        }
        for (set, word) in &side.sets {
            found = found.or(|| match self.is_in(*set, id) {
                Truth::Yes => Side::yes(Cause::Thing(IdKind::Application, word)),
                Truth::Unknown => Side::unknown(Cause::NeverRead("whether the application is an agent's resource")),
                Truth::No => Side::NO,
            });
        }
        found.or(strange)
    }

    fn attributes_fit(&self, filter: &AttributeFilter, id: &str) -> Truth {
        let group = id == "all" || super::application_sets::application_set(id).is_some_and(|set| set != ApplicationSet::AzureManagement);
        if group { Truth::Unknown } else { filter.fits(self.service_principal_of_application(id), self.tenant().service_principals.is_some()) }
    }

    fn is_in(&self, set: ApplicationSet, id: &str) -> Truth {
        let principal = self.service_principal_of_application(id);
        if set == ApplicationSet::AgentResources {
            let microsofts = crate::names::first_party_application(id).is_some();
            return match principal.and_then(|principal| principal.kind.as_deref()) {
                Some("ServiceIdentity") => Truth::Yes,
                Some("Application" | "ManagedIdentity" | "Legacy" | "SocialIdp") => Truth::No,
                _ if microsofts => Truth::No,
                _ => Truth::Unknown,
            };
        }
        Truth::of(belongs(
            set,
            id,
            principal.and_then(|principal| principal.owner_tenant.as_deref()),
            principal.map(|principal| principal.display_name.as_str()),
        ))
    }
}

fn belongs_to<'a>(wanted: &super::bits::IdSet, of: &Memberships, kind: IdKind, names: &'a [Arc<str>]) -> Side<'a> {
    if wanted.meets(&of.yes) {
        return wanted.iter().find(|n| of.yes.contains(*n)).and_then(|n| names.get(n)).map_or(Side::NO, |id| Side::yes(Cause::Thing(kind, id)));
    }
    if wanted.meets(&of.unknown) {
        let first = wanted.iter().find(|n| of.unknown.contains(*n)).and_then(|n| names.get(n));
        return first.map_or(Side::NO, |id| Side::unknown(Cause::Membership(kind, id)));
    }
    Side::NO
}

/// A filter on custom security attributes, on the side that its mode says.
fn by_filter(filter: Option<&AttributeFilter>, including: bool, fits: Truth) -> Side<'_> {
    match filter {
        Some(filter) if filter.include.is_none() => Side::unknown(Cause::Strange(&filter.text)),
        Some(filter) if filter.include == Some(including) => match fits {
            Truth::Yes => Side::yes(Cause::Filter(&filter.text)),
            Truth::Unknown if !filter.understood() => Side::unknown(Cause::Strange(&filter.text)),
            Truth::Unknown => Side::unknown(Cause::Says("the filter asks for custom security attributes that were not read")),
            Truth::No => Side::NO,
        },
        _ => Side::NO,
    }
}

fn guest<'a>(wanted: &'a Guests, guest: &Guest) -> Side<'a> {
    const WHICH: Cause = Cause::Value("GuestsOrExternalUsers");
    let tenant = match (&wanted.tenants, guest.tenant) {
        (Tenants::All, _) => Side::yes(WHICH),
        (Tenants::Strange(word), _) => Side::unknown(Cause::Strange(word)),
        (Tenants::Listed(listed), HomeTenant::Other(Mention::At(n))) => Side::of(Truth::of(listed.contains(n)), WHICH),
        (Tenants::Listed(_), HomeTenant::Other(Mention::None)) => Side::NO,
        (Tenants::Listed(_), HomeTenant::Other(Mention::Open)) => Side::unknown(Cause::Open("signInIdentity.externalTenantId")),
        (Tenants::Listed(_), HomeTenant::This) if guest.kinds & wanted.bits & INTERNAL_GUEST != 0 => {
            Side::unknown(Cause::Says("the policy names certain organizations, and a local guest belongs to none"))
        }
        (Tenants::Listed(_), HomeTenant::This) => Side::unknown(Cause::Open("signInIdentity.externalTenantId")),
    };
    let kind = match guest.is_of(wanted.bits) {
        Truth::Yes => Side::yes(WHICH),
        Truth::Unknown => Side::unknown(Cause::Open("signInIdentity.externalUserType")),
        Truth::No if wanted.strange.is_some() && (guest.kinds != 0 || guest.unknown != 0) => {
            wanted.strange.as_ref().map_or(Side::NO, |word| Side::unknown(Cause::Strange(word)))
        }
        Truth::No => Side::NO,
    };
    match kind.truth.and(tenant.truth) {
        Truth::No => Side::NO,
        Truth::Yes => kind,
        Truth::Unknown if kind.truth == Truth::Unknown => kind,
        Truth::Unknown => tenant,
    }
}
