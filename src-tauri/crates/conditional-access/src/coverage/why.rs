//! Why somebody falls through, in one line: which policies would have closed the gap, and what keeps each from it.

use super::dimensions::{Conditions, Situation};
use super::protection::{ClientKind, Protection, Ranks};
use crate::evaluate::{Engine, Exclusion, IdSet, Match, Subject};
use crate::words::IdKind;

/// Policies that would close a gap, by what keeps them from it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Cause {
    protection: Option<Protection>,
    legacy: bool,
    open: IdSet,
    /// Everything fits but the person.
    person: IdSet,
    /// Everything fits but a condition; which one.
    conditions: Vec<(usize, &'static str)>,
    application: IdSet,
    report_only: IdSet,
}

pub(super) struct Why<'a> {
    engine: &'a Engine,
}

pub(super) fn group_name(engine: &Engine, id: &str) -> String {
    engine.group(id).map_or_else(|| id.to_owned(), |group| group.display_name.clone())
}

pub(super) fn role_name(engine: &Engine, id: &str) -> String {
    let known = engine.tenant().role_definitions.iter().flatten().find(|role| role.template_id.eq_ignore_ascii_case(id) || role.id.eq_ignore_ascii_case(id));
    match (known, crate::names::built_in_role(id)) {
        (Some(role), _) => role.display_name.clone(),
        (None, Some(role)) => role.name.to_owned(),
        (None, None) => id.to_owned(),
    }
}

impl<'a> Why<'a> {
    pub fn new(engine: &'a Engine) -> Self {
        Self { engine }
    }

    pub fn cause(&self, conditions: &Conditions, person: &Match, application: &Match, situation: &Situation, ranks: &Ranks, protection: Protection) -> Cause {
        let legacy = situation.able.client != ClientKind::Modern;
        let wanted = if legacy { Protection::Blocked } else { Protection::Mfa };
        let closing = ranks.closing(wanted);
        let all = |parts: &[&IdSet]| {
            let mut set = closing.clone();
            parts.iter().for_each(|part| set.and(part));
            set
        };
        let but = |mut set: IdSet, less: &IdSet| {
            set.and_not(less);
            set
        };
        let (p, a, c) = (&person.possible, &application.possible, &situation.matched.possible);
        let mut sure = person.sure.clone();
        sure.and(&application.sure);
        sure.and(&situation.matched.sure);
        let mut report_only = ranks.closing_in_report_only(wanted).clone();
        report_only.and(&sure);
        let missing = but(all(&[p, a]), c);
        Cause {
            protection: Some(protection),
            legacy,
            open: all(&[p, a, c]),
            person: but(all(&[a, c]), p),
            conditions: missing.iter().map(|policy| (policy, failing(conditions, situation, policy))).collect(),
            application: but(all(&[p, c]), a),
            report_only,
        }
    }

    /// The line, and the policies that it names or counts.
    pub fn text(&self, cause: &Cause, exclusions: &[Exclusion]) -> (String, Vec<usize>) {
        let tenant = self.engine.tenant();
        if tenant.policies.is_none() {
            return ("the policies were never read".to_owned(), Vec::new());
        }
        let mut named = cause.open.clone();
        named.or(&cause.report_only);
        named.or(&cause.conditions.iter().map(|(policy, _)| *policy).collect());
        let mut parts: Vec<String> = Vec::new();
        if !cause.open.is_empty() {
            parts.push(format!("nobody can say whether {} or what it demands", self.clause(&cause.open.iter().collect::<Vec<_>>(), "applies", "apply")));
        }
        let mut excluded: Vec<(Exclusion, Vec<usize>)> = Vec::new();
        for (policy, by) in cause.person.iter().zip(exclusions).filter(|(_, by)| **by != Exclusion::NotIncluded) {
            named.insert(policy);
            match excluded.iter_mut().find(|(known, _)| known == by) {
                Some((_, policies)) => policies.push(policy),
                None => excluded.push((*by, vec![policy])),
            }
        }
        parts.extend(excluded.iter().map(|(by, policies)| format!("excluded from {} by {}", self.names(policies), self.by(*by))));
        let mut conditions: Vec<(&str, Vec<usize>)> = Vec::new();
        for (policy, condition) in &cause.conditions {
            match conditions.iter_mut().find(|(known, _)| known == condition) {
                Some((_, policies)) => policies.push(*policy),
                None => conditions.push((condition, vec![*policy])),
            }
        }
        parts.extend(conditions.iter().map(|(condition, policies)| format!("{} {condition}", self.clause(policies, "does not apply", "do not apply"))));
        if parts.is_empty() && !cause.application.is_empty() {
            named.or(&cause.application);
            let policies: Vec<usize> = cause.application.iter().collect();
            parts.push(format!("{} the application", self.clause(&policies, "does not cover", "do not cover")));
        }
        let found = !parts.is_empty();
        if !cause.report_only.is_empty() {
            let policies: Vec<usize> = cause.report_only.iter().collect();
            parts.push(self.clause(&policies, "is report-only", "are report-only"));
        }
        if cause.protection == Some(Protection::Other) && tenant.security_defaults == Some(true) {
            parts.push("security defaults ask for MFA only when Microsoft finds it necessary".to_owned());
        } else if found {
            parts.push(if cause.legacy { "no other policy blocks them" } else { "no other policy covers them" }.to_owned());
        } else if cause.protection == Some(Protection::Unknown) {
            let open = if tenant.security_defaults.is_none() {
                "nobody read whether security defaults are on"
            } else {
                "nobody can say what security defaults ask of them"
            };
            parts.push(format!("{open}, and no policy targets them"));
        } else if cause.report_only.is_empty() {
            parts.push(nothing(cause).to_owned());
        } else {
            parts.push("no policy that is on targets them".to_owned());
        }
        (parts.join(", "), named.iter().collect())
    }

    /// What excludes somebody from each of the policies that miss the person, as [`Self::text`] takes it. People with equal ones
    /// are told the same.
    pub fn exclusions(&self, cause: &Cause, subject: &Subject) -> Vec<Exclusion> {
        cause.person.iter().map(|policy| self.engine.exclusion(policy, subject)).collect()
    }

    fn by(&self, exclusion: Exclusion) -> String {
        match self.engine.excluded_by(exclusion) {
            Some((IdKind::Role, id)) => format!("role {}", role_name(self.engine, id)),
            Some((_, id)) => format!("group {}", group_name(self.engine, id)),
            None if exclusion == Exclusion::Name => "name".to_owned(),
            None if exclusion == Exclusion::Guest => "being a guest".to_owned(),
            None => "what it says of others".to_owned(),
        }
    }

    fn name(&self, policy: usize) -> String {
        match self.engine.policies().get(policy).and_then(|policy| policy.display_name.as_deref()) {
            Some(name) if !name.trim().is_empty() => name.to_owned(),
            _ => format!("policy {}", policy + 1),
        }
    }

    fn names(&self, policies: &[usize]) -> String {
        match policies {
            [] => String::new(),
            [one] => self.name(*one),
            [one, two] => format!("{} and {}", self.name(*one), self.name(*two)),
            [one, two, rest @ ..] => format!("{}, {} and {} more", self.name(*one), self.name(*two), rest.len()),
        }
    }

    fn clause(&self, policies: &[usize], one: &str, many: &str) -> String {
        format!("{} {}", self.names(policies), if policies.len() == 1 { one } else { many })
    }
}

fn nothing(cause: &Cause) -> &'static str {
    match (cause.legacy, cause.person.is_empty()) {
        (true, true) => "no policy blocks legacy authentication here",
        (true, false) => "no policy that blocks legacy authentication targets them",
        (false, true) => "no policy demands MFA here",
        (false, false) => "no policy targets them",
    }
}

/// Which of the conditions rules the policy out.
fn failing(conditions: &Conditions, situation: &Situation, policy: usize) -> &'static str {
    let fits = |matched: Option<&Match>| matched.is_none_or(|matched| matched.possible.contains(policy));
    let platform = conditions.platforms.get(situation.platform);
    let active_sync = platform.filter(|_| situation.able.client == ClientKind::ExchangeActiveSync).map(|(_, active_sync)| active_sync);
    if !fits(conditions.clients.get(situation.client).map(|(group, _)| &group.matched)) || !fits(active_sync) {
        "to this client"
    } else if !fits(conditions.locations.get(situation.location).map(|group| &group.matched)) {
        "at this location"
    } else if !fits(platform.map(|(group, _)| &group.matched)) {
        "on this platform"
    } else if !fits(conditions.devices.get(situation.device).map(|(group, _)| &group.matched)) {
        "on this device"
    } else {
        "without risk"
    }
}
