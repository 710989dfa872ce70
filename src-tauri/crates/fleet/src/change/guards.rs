//! What speaks against a change: facts in, guards out, nothing read and nothing asked. A guard that stops forbids applying; one that
//! asks wants to be confirmed. What is not known is a guard of its own, never a pass.

use chrono::TimeDelta;
use conditional_access::ConditionalAccessPolicy;
use conditional_access::model::PolicyState;
use conditional_access::tenant::{NamedLocation, Place};

use crate::{
    engine::replay::thousands,
    views::{
        Moment, PersonRef,
        changes::{Guard, GuardWeight},
        licences::EntraPlan,
    },
};

/// Policies that are older than this were perhaps changed since, and what all of them together do is not known any more.
pub const STALE: TimeDelta = TimeDelta::hours(24);
/// A policy stands in report-only for at least a day before it is enforced: what it does to people shows only when a working day's
/// sign-ins have met it.
pub const REPORT_ONLY_AT_LEAST: TimeDelta = TimeDelta::hours(24);
/// More newly blocked people than this are named as a number.
const MANY_BLOCKED: usize = 10;

/// What the change does to one account's way in, by all policies that differ for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    pub person: PersonRef,
    /// A policy that newly keeps the account out, and why: "it blocks".
    pub locked: Option<(String, String)>,
    /// A policy of which nobody can say whether it newly reaches the account.
    pub open: Option<String>,
    /// A report-only policy that is assigned to it, which would keep it out once enforced.
    pub report_only: Option<String>,
    /// A policy that kept it out before, too.
    pub still: Option<String>,
}

/// Whose account acts on the tenant.
#[derive(Debug, Clone, PartialEq)]
pub enum Acting {
    /// Nobody said.
    Unknown,
    /// The directory has no such account: a partner's, which signs in from elsewhere.
    Elsewhere(String),
    Found(Reach),
}

/// How long the policy that shall be enforced has shown what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nothing is newly enforced.
    NotNeeded,
    Never,
    /// In report-only, or enforced earlier, with the same content.
    Stood(TimeDelta),
}

#[derive(Debug, Clone, PartialEq)]
pub enum About {
    Policy { before: Option<Box<ConditionalAccessPolicy>>, after: Option<Box<ConditionalAccessPolicy>> },
    Location { before: Option<NamedLocation>, after: Option<NamedLocation>, used_by: Vec<String> },
    Member { group: Option<Group> },
}

/// The group whose member is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    pub name: String,
    pub dynamic: bool,
    pub on_premises: bool,
}

/// People by name, and how many they are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct People {
    pub count: usize,
    /// The first of them.
    pub first: Vec<PersonRef>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    pub now: Moment,
    pub about: About,
    /// The target's name.
    pub name: String,
    pub policies_read_at: Option<Moment>,
    /// None: no account is known, or looks like one.
    pub break_glass: Vec<Reach>,
    /// None: roles were never read. Without break-glass accounts.
    pub admins: Option<Vec<Reach>>,
    pub acting: Acting,
    pub stage: Stage,
    pub newly_blocked: People,
    /// Asked for MFA, and known to have no method for it.
    pub no_method: People,
    /// Asked for MFA, and nobody knows whether they have a method.
    pub method_unknown: usize,
    /// Whom policies protect less, by the engine over all people and places; None: it cannot be decided.
    pub unprotected: Option<People>,
    /// Where, before and after, of the first of them.
    pub unprotected_where: Option<String>,
    pub legacy: People,
    pub legacy_sign_ins: u32,
    pub service_accounts: People,
    /// Asked for a managed device while they sat at none.
    pub unmanaged: People,
    pub cannot_say: u32,
    pub sign_ins_read_at: Option<Moment>,
    /// The oldest sign-in that is kept; what is older was not seen.
    pub sign_ins_since: Option<Moment>,
    pub replayed_from: Moment,
    /// None: never read.
    pub plan: Option<EntraPlan>,
    /// Entra's own record of the report-only stage: whom it would have refused.
    pub refused_in_report_only: People,
}

impl Facts {
    /// Nothing speaks against anything; tests change one thing at a time.
    #[cfg(test)]
    pub fn calm(now: Moment, about: About) -> Self {
        Self {
            now,
            about,
            name: "CA003".to_owned(),
            policies_read_at: Some(now - TimeDelta::hours(1)),
            break_glass: vec![Reach::untouched("glass")],
            admins: Some(vec![Reach::untouched("admin")]),
            acting: Acting::Found(Reach::untouched("me")),
            stage: Stage::NotNeeded,
            newly_blocked: People::default(),
            no_method: People::default(),
            method_unknown: 0,
            unprotected: Some(People::default()),
            unprotected_where: None,
            legacy: People::default(),
            legacy_sign_ins: 0,
            service_accounts: People::default(),
            unmanaged: People::default(),
            cannot_say: 0,
            sign_ins_read_at: Some(now - TimeDelta::hours(1)),
            sign_ins_since: Some(now - TimeDelta::days(30)),
            replayed_from: now - TimeDelta::days(7),
            plan: Some(EntraPlan::P2),
            refused_in_report_only: People::default(),
        }
    }

    fn after_policy(&self) -> Option<&ConditionalAccessPolicy> {
        match &self.about {
            About::Policy { after, .. } => after.as_deref(),
            About::Location { .. } | About::Member { .. } => None,
        }
    }
}

impl Reach {
    #[cfg(test)]
    pub fn untouched(name: &str) -> Self {
        Self {
            person: PersonRef { id: name.to_owned(), display_name: name.to_owned(), upn: format!("{name}@contoso.example") },
            locked: None,
            open: None,
            report_only: None,
            still: None,
        }
    }
}

/// Those that stop come first.
#[must_use]
pub fn guards(facts: &Facts) -> Vec<Guard> {
    let mut found = Found(Vec::new());
    freshness(facts, &mut found);
    break_glass(facts, &mut found);
    admins(facts, &mut found);
    enforcing(facts, &mut found);
    target(facts, &mut found);
    people(facts, &mut found);
    unseen(facts, &mut found);
    data(facts, &mut found);
    found.0.sort_by_key(|guard| guard.weight == GuardWeight::Asks);
    found.0
}

struct Found(Vec<Guard>);

impl Found {
    fn add(&mut self, weight: GuardWeight, code: &str, what: String, next_step: &str) {
        self.0.push(Guard { code: code.to_owned(), weight, what, next_step: next_step.to_owned() });
    }
    fn stops(&mut self, code: &str, what: impl Into<String>, next_step: &str) {
        self.add(GuardWeight::Stops, code, what.into(), next_step);
    }
    fn asks(&mut self, code: &str, what: impl Into<String>, next_step: &str) {
        self.add(GuardWeight::Asks, code, what.into(), next_step);
    }
}

fn freshness(facts: &Facts, found: &mut Found) {
    let next = "Resync the tenant, then make a new dry run.";
    match facts.policies_read_at {
        None => found.stops("policies.unread", "The tenant's Conditional Access policies were never read, so nobody can say what they do together", next),
        Some(read) if facts.now - read > STALE => {
            let hours = (facts.now - read).num_hours();
            found.stops("policies.stale", format!("The tenant's policies were last read {hours} hours ago and may have changed since"), next);
        }
        Some(_) => {}
    }
}

fn break_glass(facts: &Facts, found: &mut Found) {
    for account in &facts.break_glass {
        let upn = &account.person.upn;
        if let Some((policy, why)) = &account.locked {
            found.stops(
                "breakGlass.lockedOut",
                format!("The break-glass account {upn} would be locked out by {policy}: {why}"),
                "Exclude the break-glass group from the policy; if this is no break-glass account, mark what it is on its page.",
            );
        } else if let Some(policy) = &account.open {
            found.stops(
                "breakGlass.unknown",
                format!("Nobody can say whether {policy} would reach the break-glass account {upn}"),
                "Exclude the account or its group by name, or resync the tenant so that groups and roles are read.",
            );
        } else if let Some(policy) = &account.report_only {
            found.asks(
                "breakGlass.notExcluded",
                format!("The report-only policy {policy} does not exclude the break-glass account {upn}; once it is on, it locks the account out"),
                "Exclude the break-glass group now.",
            );
        } else if let Some(policy) = &account.still {
            found.asks(
                "breakGlass.stillReached",
                format!("{policy} reaches the break-glass account {upn}, before this change and after it"),
                "Exclude the break-glass group from it as well.",
            );
        }
    }
    let demands = facts.after_policy().is_some_and(|policy| policy.state != Some(PolicyState::Disabled) && policy.grant_controls.is_some());
    if facts.break_glass.is_empty() && demands {
        found.asks(
            "breakGlass.noneKnown",
            "No break-glass account of this tenant is known, so nobody stays able to sign in if the policy goes wrong",
            "Name the break-glass group in the tenant's settings, or mark the accounts.",
        );
    }
}

fn admins(facts: &Facts, found: &mut Found) {
    match &facts.acting {
        Acting::Found(reach) => match (&reach.locked, &reach.open) {
            (Some((policy, why)), _) => found.stops(
                "admin.self",
                format!("You would lock yourself out: {} would be stopped by {policy}: {why}", reach.person.upn),
                "Exclude the account, or register what the policy demands first.",
            ),
            (None, Some(policy)) => found.asks(
                "admin.selfUnknown",
                format!("Nobody can say whether {policy} would reach {}, the account you act with", reach.person.upn),
                "Have another way in before you apply.",
            ),
            (None, None) => {}
        },
        Acting::Elsewhere(upn) => {
            if touches_admins(facts) {
                found.asks(
                    "admin.selfUnknown",
                    format!("{upn}, the account you act with, is not in this tenant's directory: whether it would be locked out is not known"),
                    "Have another way in before you apply.",
                );
            }
        }
        Acting::Unknown => {
            if touches_admins(facts) {
                found.asks(
                    "admin.selfUnknown",
                    "The change reaches administrators, and Gatehouse does not know with which account you administer this tenant",
                    "Make sure that your own account stays able to sign in before you apply.",
                );
            }
        }
    }
    match &facts.admins {
        None if facts.after_policy().is_some_and(ConditionalAccessPolicy::is_enforced) => {
            found.asks(
                "admin.unread",
                "The directory's roles were never read, so nobody can say whether every administrator would be locked out",
                "Resync the tenant with the permission to read roles.",
            );
        }
        None => {}
        Some(admins) if admins.is_empty() => {}
        Some(admins) => {
            let locked: Vec<&Reach> = admins.iter().filter(|admin| admin.locked.is_some()).collect();
            if locked.len() == admins.len() {
                let (policy, why) = locked.first().and_then(|admin| admin.locked.clone()).unwrap_or_default();
                let names = named(locked.iter().map(|admin| admin.person.upn.as_str()), locked.len());
                found.stops(
                    "admin.all",
                    format!("Every administrator would be locked out ({names}) by {policy}: {why}"),
                    "Exclude one administrator until the others can meet the policy, or register what it demands first.",
                );
            } else if !locked.is_empty() {
                let names = named(locked.iter().map(|admin| admin.person.upn.as_str()), locked.len());
                found.asks(
                    "admin.some",
                    format!("{} of {} administrators would be locked out: {names}", locked.len(), admins.len()),
                    "Talk to them first, or register what the policy demands.",
                );
            }
        }
    }
}

fn touches_admins(facts: &Facts) -> bool {
    facts.admins.as_ref().is_none_or(|admins| admins.iter().any(|admin| admin.locked.is_some() || admin.open.is_some()))
}

fn enforcing(facts: &Facts, found: &mut Found) {
    match facts.stage {
        Stage::NotNeeded => {}
        Stage::Never => found.stops(
            "enforce.noReportOnly",
            format!("{} would be enforced without ever having stood in report-only as it is now", facts.name),
            "Put it in report-only first, let a working day pass, and enforce it then.",
        ),
        Stage::Stood(time) if time < REPORT_ONLY_AT_LEAST => {
            let stood = if time < TimeDelta::hours(2) { format!("{} minutes", time.num_minutes().max(1)) } else { format!("{} hours", time.num_hours()) };
            found.asks(
                "enforce.shortReportOnly",
                format!("{} stood in report-only for {stood} only", facts.name),
                "Wait until a working day's sign-ins have met it.",
            );
        }
        Stage::Stood(_) => {}
    }
    if facts.refused_in_report_only.count > 0 {
        let people = &facts.refused_in_report_only;
        found.asks(
            "enforce.refusedInReportOnly",
            format!("By Entra's own record of the report-only stage {} would have been refused: {}", persons(people.count), names_of(people)),
            "Look at their sign-ins, and settle each before you enforce.",
        );
    }
    if let Some(policy) = facts.after_policy().filter(|policy| policy.is_enforced() && blocks_everybody(policy)) {
        let name = policy.display_name.clone().unwrap_or_else(|| facts.name.clone());
        found.stops(
            "block.everyone",
            format!("{name} blocks every user from every application, everywhere, and excludes nobody"),
            "Exclude the break-glass group, or narrow what it blocks.",
        );
    }
}

/// Everybody, everything, always, without an exclusion.
fn blocks_everybody(policy: &ConditionalAccessPolicy) -> bool {
    let (conditions, users) = (&policy.conditions, &policy.conditions.users);
    let all = |list: &[String]| list.iter().any(|one| one.eq_ignore_ascii_case("All"));
    policy.grant_controls.as_ref().is_some_and(conditional_access::model::grant::GrantControls::blocks)
        && all(&users.include_users)
        && users.exclude_users.is_empty()
        && users.exclude_groups.is_empty()
        && users.exclude_roles.is_empty()
        && users.exclude_guests.is_none()
        && all(&conditions.applications.include)
        && conditions.applications.exclude.is_empty()
        && !is_narrowed(policy)
}

/// Whether anything but people and applications decides.
pub(super) fn is_narrowed(policy: &ConditionalAccessPolicy) -> bool {
    use conditional_access::model::conditions::ClientAppType;
    let conditions = &policy.conditions;
    let clients = &conditions.client_app_types;
    let every_client = clients.is_empty()
        || clients.contains(&ClientAppType::All)
        || (clients.contains(&ClientAppType::Browser) && clients.contains(&ClientAppType::MobileAppsAndDesktopClients));
    !(every_client
        && conditions.platforms.is_none()
        && conditions.locations.is_none()
        && conditions.devices.is_none()
        && conditions.authentication_flows.is_none()
        && !has_risk(policy))
}

fn has_risk(policy: &ConditionalAccessPolicy) -> bool {
    let conditions = &policy.conditions;
    !(conditions.user_risk_levels.is_empty()
        && conditions.sign_in_risk_levels.is_empty()
        && conditions.service_principal_risk_levels.is_empty()
        && conditions.insider_risk_levels.is_empty())
}

fn target(facts: &Facts, found: &mut Found) {
    match &facts.about {
        About::Policy { before, after } => {
            // "Microsoft-managed policies": administrators can switch them and exclude people, not delete or rename them.
            let managed = |policy: &ConditionalAccessPolicy| {
                policy.display_name.as_deref().is_some_and(|name| name.trim_start().to_lowercase().starts_with("microsoft-managed:"))
            };
            if let Some(before) = before.as_deref().filter(|policy| managed(policy)) {
                match after.as_deref() {
                    None => found.stops("policy.managed", format!("{} is managed by Microsoft and cannot be deleted", facts.name), "Switch it off instead."),
                    Some(after) if after.display_name != before.display_name => found.stops(
                        "policy.managed",
                        format!("{} is managed by Microsoft and cannot be renamed", facts.name),
                        "Keep its name, or write a policy of your own.",
                    ),
                    Some(_) => {}
                }
            }
            if let Some(after) = after.as_deref().filter(|policy| has_risk(policy) && policy.state != Some(PolicyState::Disabled)) {
                let _ = after;
                match facts.plan {
                    Some(EntraPlan::P2) => {}
                    Some(_) => found.asks(
                        "licence.p2",
                        format!("{} looks at risk, for which the tenant has no licence (Entra ID P2): the condition never fits", facts.name),
                        "Leave the risk condition out, or license the users.",
                    ),
                    None => found.asks(
                        "licence.unknown",
                        format!("{} looks at risk, and which licences the tenant has was never read", facts.name),
                        "Resync the tenant.",
                    ),
                }
            } else if after.as_deref().is_some_and(|policy| policy.state != Some(PolicyState::Disabled)) && facts.plan.is_none() {
                found.asks("licence.unknown", "Whether the tenant is licensed for Conditional Access (Entra ID P1) was never read", "Resync the tenant.");
            }
        }
        About::Location { before, after, used_by } => location(facts, before.as_ref(), after.as_ref(), used_by, found),
        About::Member { group } => match group {
            None => found.asks("group.unknown", format!("{} was not read: whether its members can be written is not known", facts.name), "Resync the tenant."),
            Some(group) if group.dynamic => found.stops(
                "group.dynamic",
                format!("A rule decides who is in {}: its members cannot be written", group.name),
                "Change the rule in the Entra admin center, or use another group.",
            ),
            Some(group) if group.on_premises => found.stops(
                "group.onPremises",
                format!("{} is synced from the customer's own Active Directory: its members cannot be written here", group.name),
                "Change it there, or use a cloud group.",
            ),
            Some(_) => {}
        },
    }
}

fn location(facts: &Facts, before: Option<&NamedLocation>, after: Option<&NamedLocation>, used_by: &[String], found: &mut Found) {
    let used = || named(used_by.iter().map(String::as_str), used_by.len());
    let trusted = |location: &NamedLocation| matches!(&location.place, Place::Addresses { trusted: Some(true), .. });
    let Some(after) = after else {
        // "Conditional Access: Network assignment": neither a trusted location nor one that a policy names can be deleted.
        if !used_by.is_empty() {
            found.stops(
                "location.inUse",
                format!("{} is named by {}: Microsoft refuses to delete it", facts.name, used()),
                "Take it out of these policies first.",
            );
        }
        if before.is_some_and(trusted) {
            found.stops("location.trusted", format!("{} is marked as trusted: Microsoft refuses to delete it", facts.name), "Take the mark off first.");
        }
        return;
    };
    if used_by.is_empty() || before.is_none() {
        return;
    }
    let empty = match &after.place {
        Place::Addresses { ranges, .. } => ranges.is_empty(),
        Place::Countries { countries, include_unknown, .. } => countries.is_empty() && !include_unknown,
        Place::CompliantNetwork | Place::Unknown => false,
    };
    if empty {
        found.asks("location.emptied", format!("{} would hold no place any more, and {} depends on it", facts.name, used()), "Check who is inside it now.");
    } else {
        found.asks(
            "location.used",
            format!("{} decides for {}: the change acts on {} at once", facts.name, used(), if used_by.len() == 1 { "it" } else { "all of them" }),
            "Check what each of them does with it.",
        );
    }
}

fn people(facts: &Facts, found: &mut Found) {
    let blocked = &facts.newly_blocked;
    if blocked.count > 0 {
        let code = if blocked.count > MANY_BLOCKED { "people.manyBlocked" } else { "people.blocked" };
        found.asks(
            code,
            format!("{} who signed in would be blocked: {}", persons(blocked.count), names_of(blocked)),
            "Open the sign-ins behind the number and settle each person.",
        );
    }
    let without = &facts.no_method;
    if without.count > 0 {
        found.asks(
            "people.noMethod",
            format!("{} would be asked and {} no method: {}", persons(without.count), if without.count == 1 { "has" } else { "have" }, names_of(without)),
            "Let them register first, or give them a temporary access pass.",
        );
    }
    if facts.method_unknown > 0 {
        found.asks(
            "people.methodUnknown",
            format!("Of {} who would be asked nobody knows whether they have a method", persons(facts.method_unknown)),
            "Resync the tenant with the permission to read MFA registration.",
        );
    }
    match &facts.unprotected {
        Some(people) if people.count > 0 => {
            let place = facts.unprotected_where.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
            found.asks(
                "people.unprotected",
                format!("{} would be protected less{place}: {}", persons(people.count), names_of(people)),
                "Make sure that this is wanted, and until when.",
            );
        }
        Some(_) => {}
        None => {
            found.asks("people.unprotectedUnknown", "Whether somebody would be protected less cannot be decided", "Compare the fields that differ by hand.")
        }
    }
    if facts.legacy_sign_ins > 0 {
        let sign_ins = if facts.legacy_sign_ins == 1 { "1 sign-in".to_owned() } else { format!("{} sign-ins", thousands(u64::from(facts.legacy_sign_ins))) };
        found.asks(
            "people.legacy",
            format!("{sign_ins} of {} with legacy clients in the last 7 days would be stopped: {}", persons(facts.legacy.count), names_of(&facts.legacy)),
            "Move them to modern clients first: mail programs, scanners and scripts.",
        );
    }
    if facts.service_accounts.count > 0 {
        found.asks(
            "people.serviceAccounts",
            format!("Service accounts are affected, and nobody sits there to answer: {}", names_of(&facts.service_accounts)),
            "Exclude them, or replace them by workload identities.",
        );
    }
    if facts.unmanaged.count > 0 {
        found.asks(
            "people.unmanagedDevice",
            format!("{} would be asked for a managed device and sat at none: {}", persons(facts.unmanaged.count), names_of(&facts.unmanaged)),
            "Enrol their devices first.",
        );
    }
}

/// What a policy is about that the log of sign-ins never shows.
fn unseen(facts: &Facts, found: &mut Found) {
    let About::Policy { before, after } = &facts.about else { return };
    let both = || before.iter().chain(after).filter(|policy| policy.state != Some(PolicyState::Disabled)).map(|policy| &policy.conditions);
    if both().any(|conditions| conditions.client_applications.is_some() || conditions.agents.is_some()) {
        found.asks(
            "unseen.workloads",
            format!("{} is about applications that sign in by themselves; their sign-ins are not read, so what it does to them is not known", facts.name),
            "Look at the service principals' sign-ins in the Entra admin center.",
        );
    }
    if both().any(|conditions| !conditions.applications.user_actions.is_empty() || !conditions.applications.authentication_contexts.is_empty()) {
        found.asks(
            "unseen.actions",
            format!("{} is about user actions or authentication contexts, which the log of sign-ins does not show", facts.name),
            "Ask What-if for the people concerned.",
        );
    }
}

fn data(facts: &Facts, found: &mut Found) {
    let next = "Resync the tenant's sign-ins, then make a new dry run.";
    match (facts.sign_ins_read_at, facts.sign_ins_since) {
        (None, _) => found.asks("signIns.unread", "Sign-ins were never read: what the change would have done to people is not known", next),
        (Some(read), _) if facts.now - read > STALE => {
            found.asks("signIns.stale", format!("Sign-ins were last read {} hours ago; newer ones are not judged", (facts.now - read).num_hours()), next);
        }
        // A day's slack: a quiet weekend is no gap.
        (Some(_), Some(since)) if since > facts.replayed_from + TimeDelta::hours(36) => {
            let days = (facts.now - since).num_days();
            found.asks("signIns.short", format!("Only {days} {} of sign-ins are known, not 7", if days == 1 { "day" } else { "days" }), next);
        }
        (Some(_), None) => found.asks("signIns.none", "No sign-in of the last 7 days is known", next),
        (Some(_), Some(_)) => {}
    }
    if facts.cannot_say > 0 {
        let n = facts.cannot_say;
        found.asks(
            "signIns.cannotSay",
            format!(
                "Of {} nobody can say what the change would have done",
                if n == 1 { "1 sign-in".to_owned() } else { format!("{} sign-ins", thousands(u64::from(n))) }
            ),
            "Open them: each says what is missing.",
        );
    }
}

fn persons(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{} people", thousands(count as u64)) }
}

fn names_of(people: &People) -> String {
    named(
        people.first.iter().map(|person| if person.display_name.trim().is_empty() { person.upn.as_str() } else { person.display_name.as_str() }),
        people.count,
    )
}

/// "Ana, Ben and 3 more"
pub(super) fn named<'a>(names: impl Iterator<Item = &'a str>, count: usize) -> String {
    const SHOWN: usize = 5;
    // Everything that a tenant sends is hostile: one line, of no great length.
    let shown = |name: &str| name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(80).collect::<String>();
    let names: Vec<String> = names.take(SHOWN).map(shown).collect();
    let more = count.saturating_sub(names.len());
    match (names.split_last(), more) {
        (None, _) => String::new(),
        (Some((last, [])), 0) => last.clone(),
        (Some((last, others)), 0) => format!("{} and {last}", others.join(", ")),
        (Some(_), more) => format!("{} and {} more", names.join(", "), thousands(more as u64)),
    }
}

#[cfg(test)]
mod tests;
