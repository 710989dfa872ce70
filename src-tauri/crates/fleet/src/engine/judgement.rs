//! What the engine says of a tenant after a sync, kept so that alerts, posture and lists need not ask it again: whom Conditional Access
//! asks for MFA, which policies reach break-glass accounts, which critical controls are missing, and for whom changes of policies
//! weakened protection. It is made anew only when something that decides it changed.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use conditional_access::coverage::{ApplicationKind, Coverage, Gap, Profile, Protection};
use conditional_access::drift::{self, DriftVerdict};
use conditional_access::evaluate::words::requirement_words;
use conditional_access::evaluate::{Control, Identity, Requirement, UserSignIn};
use conditional_access::model::PolicyState;
use conditional_access::{
    baseline::{Baseline, Severity},
    coverage,
    evaluate::Engine,
};
use serde::{Deserialize, Serialize};
use store::{Connection, Store, baselines::SummaryRow};

use super::{Engines, Knowledge, TenantEngine, baselines, fingerprint, weakening};
use crate::{
    transaction::answered,
    views::{Problem, tenants::DriftSummary},
};

/// Whether Conditional Access asks somebody for MFA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Asked {
    /// For every application that nobody singled out, whatever the client, platform, place and device.
    Yes,
    No,
    #[default]
    Unknown,
}

/// Whom Conditional Access asks for MFA: what holds for most, and everybody for whom something else holds.
#[derive(Debug, Clone, Default, PartialEq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AskedForMfa {
    pub most: Asked,
    pub others: BTreeMap<String, Asked>,
}

impl AskedForMfa {
    #[must_use]
    pub fn of(&self, user: &str) -> Asked {
        self.others.get(user).copied().unwrap_or(self.most)
    }
}

/// Who is asked for MFA by no policy, no security defaults, and no per-user MFA as far as that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Unasked {
    pub people: u32,
    /// Everybody of that kind.
    pub of: u32,
    /// Of so many nobody can say.
    pub unknown: u32,
    /// Ids of the first few.
    pub first: Vec<String>,
}

/// A policy that reaches a break-glass account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reaching {
    pub policy_id: String,
    pub policy_name: String,
    /// It demands nothing but MFA, which an account with a key can give.
    pub only_mfa: bool,
    pub why: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BreakGlass {
    pub account: String,
    pub reaching: Vec<Reaching>,
    /// Of some policy it cannot be said.
    pub open: bool,
}

/// A critical control of the baseline that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MissingControl {
    pub id: String,
    pub title: String,
    pub reason: String,
    pub near_miss: Option<String>,
    pub users: Option<usize>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Judgement {
    /// The policies were read, so that there is something to judge.
    pub known: bool,
    pub asked_for_mfa: AskedForMfa,
    /// People, and guests, whom nothing is known to ask.
    pub unasked_people: Unasked,
    pub unasked_guests: Unasked,
    /// Why people are not asked, the most telling first; the same for guests.
    pub why_people: Vec<String>,
    pub why_guests: Vec<String>,
    /// The same, of each administrator who is not asked, by id.
    pub why_admins: BTreeMap<String, Vec<String>>,
    pub break_glass: Vec<BreakGlass>,
    pub missing: Vec<MissingControl>,
    /// Critical controls of which nobody can say.
    pub undecided: Vec<String>,
    /// The baseline could not be read: why.
    pub no_baseline: Option<String>,
    /// By policy and its two versions.
    pub changes: BTreeMap<String, weakening::Change>,
}

/// What `drift_summary` holds: the counts that lists show, and the rest.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Stored {
    #[serde(flatten)]
    summary: DriftSummary,
    fingerprint: String,
    judgement: Judgement,
}

fn read(conn: &Connection, tenant: &str) -> store::Result<Option<Stored>> {
    Ok(store::baselines::summary(conn, tenant)?.and_then(|row| serde_json::from_str(&row.body).ok()))
}

/// The last judgement of a tenant; None: never judged.
///
/// # Errors
/// The store refused.
pub fn last(conn: &Connection, tenant: &str) -> store::Result<Option<Judgement>> {
    Ok(read(conn, tenant)?.map(|stored| stored.judgement))
}

/// Judges a tenant where something that decides changed; true where it did. A tenant that is gone is no error. Blocking.
///
/// # Errors
/// The store refused.
pub(crate) fn refresh(store: &Store, engines: &Engines, tenant: &str, now: DateTime<Utc>) -> Result<bool, Problem> {
    let at = now.timestamp_millis();
    let Some((print, before)) = store.read(|conn| {
        let Some(row) = store::tenants::get(conn, tenant)? else { return Ok(None) };
        Ok(Some((format!("{:016x}", fingerprint::of(conn, &row.id, at)?), read(conn, &row.id)?)))
    })?
    else {
        return Ok(false);
    };
    if before.as_ref().is_some_and(|before| before.fingerprint == print) {
        return Ok(false);
    }
    let Some(engine) = engines.for_a_judgement(store, tenant, at)? else { return Ok(false) };
    let (knowledge, baseline, changes, settled) = store.read(|conn| {
        let held = store::tenants::get(conn, &engine.tenant)?.map_or_else(|| baselines::BUILTIN.to_owned(), |row| row.baseline);
        let known = before.map(|before| before.judgement.changes).unwrap_or_default();
        let per_user =
            store::per_user_mfa::all(conn, &engine.tenant)?.into_iter().filter(|row| !["disabled", ""].contains(&row.state.to_ascii_lowercase().as_str()));
        let mut per_user: HashSet<String> = per_user.map(|row| row.user_id).collect();
        // Who is let off MFA until an end that somebody approved is no gap; past the end they are one.
        let lifting = crate::access::groups::lifting_mfa(&engine.engine);
        let active = store::access_grants::in_states(conn, Some(&engine.tenant), &["active"])?;
        per_user.extend(active.into_iter().filter(|grant| lifting.contains(&grant.group_id)).map(|grant| grant.user_id));
        let service = match store::tenants::get(conn, &engine.tenant)? {
            Some(row) => crate::posture::service_accounts(conn, &row, at)?,
            None => Default::default(),
        };
        Ok((
            Knowledge::with(conn, &engine.tenant, service)?,
            answered(baselines::load(conn, &held))?,
            weakening::wanted(conn, &engine.tenant, known)?,
            per_user,
        ))
    })?;
    let mut stored = Stored { fingerprint: print, ..Stored::default() };
    if engine.unreadable.is_none() || engine.engine.tenant().policies.is_some() {
        judge(&engine, &knowledge, baseline, &settled, &mut stored);
        stored.judgement.changes = weakening::judge(&engine, &knowledge, changes);
    }
    let body = serde_json::to_string(&stored).unwrap_or_default();
    store.write(|tx| {
        if store::tenants::get(tx, &engine.tenant)?.is_none() {
            return Ok(());
        }
        SummaryRow { tenant: engine.tenant.clone(), judged_at: at, body }.put(tx)
    })?;
    Ok(true)
}

fn judge(engine: &TenantEngine, knowledge: &Knowledge, baseline: Result<Baseline, Problem>, settled: &HashSet<String>, stored: &mut Stored) {
    let covered = coverage::coverage(&engine.engine, &knowledge.marks);
    let judgement = &mut stored.judgement;
    judgement.known = true;
    let by_class: Vec<Asked> = (0..covered.classes.len()).map(|class| of_class(&covered, class)).collect();
    judgement.asked_for_mfa = asked_for_mfa(&engine.engine, &covered, &by_class);
    judgement.why_people = why(&covered, &by_class, |profile| matches!(profile, Profile::Admin | Profile::Member));
    judgement.why_admins = why_admins(&engine.engine, &covered, &by_class);
    judgement.why_guests = why(&covered, &by_class, |profile| profile == Profile::Guest);
    judgement.break_glass = knowledge.marks.break_glass.iter().filter_map(|account| break_glass(engine, account)).collect();
    let people = |profile: Profile| matches!(profile, Profile::Admin | Profile::Member);
    judgement.unasked_people = unasked(&engine.engine, &covered, &by_class, settled, people);
    judgement.unasked_guests = unasked(&engine.engine, &covered, &by_class, settled, |profile| profile == Profile::Guest);
    stored.summary.unprotected = engine.engine.tenant().users.as_ref().map(|_| judgement.unasked_people.people);
    match baseline {
        Err(problem) => judgement.no_baseline = Some(problem.to_string()),
        Ok(baseline) => {
            stored.summary.baseline.clone_from(&baseline.name);
            drift::each(&engine.engine, &baseline, &knowledge.known(engine), |row| {
                count(&mut stored.summary, row.verdict, row.severity);
                match (row.severity, row.verdict) {
                    (Severity::Critical, DriftVerdict::Missing) => judgement.missing.push(MissingControl {
                        near_miss: row.near_miss.as_ref().map(|miss| miss.reason.clone()),
                        users: row.users.as_ref().map(Vec::len),
                        id: row.id,
                        title: row.title,
                        reason: row.reason,
                    }),
                    (Severity::Critical, DriftVerdict::Unknown) => judgement.undecided.push(row.id),
                    _ => {}
                }
            });
        }
    }
}

fn count(summary: &mut DriftSummary, verdict: DriftVerdict, severity: Severity) {
    match (verdict, severity) {
        (DriftVerdict::Met, _) => summary.met += 1,
        (DriftVerdict::Unknown, _) => summary.unknown += 1,
        (DriftVerdict::Extra, _) => {}
        (_, Severity::Critical) => summary.critical += 1,
        (_, Severity::High) => summary.high += 1,
        (_, Severity::Medium) => summary.medium += 1,
        (_, Severity::Low) => summary.low += 1,
    }
}

/// An application that a policy leaves out on purpose (enrolment of devices) does not decide; mail always does.
const MAIL: &str = "00000002-0000-0ff1-ce00-000000000000";

fn of_class(covered: &Coverage, class: usize) -> Asked {
    let mut asked = Asked::Yes;
    for (index, application) in covered.applications.iter().enumerate() {
        if application.kind != ApplicationKind::AnyOther && application.id != MAIL {
            continue;
        }
        let Some(cell) = covered.cell(class, index) else { return Asked::Unknown };
        match cell.least {
            least if least.is_mfa() => {}
            Protection::Unknown => asked = if asked == Asked::No { Asked::No } else { Asked::Unknown },
            _ => asked = Asked::No,
        }
    }
    asked
}

fn asked_for_mfa(engine: &Engine, covered: &Coverage, by_class: &[Asked]) -> AskedForMfa {
    let users = engine.tenant().users.as_deref().unwrap_or_default();
    let mut counts = [(Asked::Yes, 0), (Asked::No, 0), (Asked::Unknown, 0)];
    for (class, asked) in covered.classes.iter().zip(by_class) {
        if let Some((_, count)) = counts.iter_mut().find(|(kind, _)| kind == asked) {
            *count += class.people.unwrap_or(0);
        }
    }
    let most = counts.iter().max_by_key(|(_, count)| *count).map_or(Asked::Unknown, |(asked, _)| *asked);
    let mut others = BTreeMap::new();
    for (class, asked) in by_class.iter().enumerate().filter(|(_, asked)| **asked != most) {
        others.extend(covered.people_of_class(class).filter_map(|user| users.get(user)).map(|user| (user.id.clone(), *asked)));
    }
    AskedForMfa { most, others }
}

/// `settled`: who is asked by per-user MFA, or let off until an end.
fn unasked(engine: &Engine, covered: &Coverage, by_class: &[Asked], settled: &HashSet<String>, wanted: impl Fn(Profile) -> bool) -> Unasked {
    const FIRST: usize = 10;
    let users = engine.tenant().users.as_deref().unwrap_or_default();
    // Security defaults ask everybody when Microsoft finds it necessary.
    let defaults = engine.tenant().security_defaults == Some(true);
    let mut found = Unasked::default();
    for (index, (class, asked)) in covered.classes.iter().zip(by_class).enumerate().filter(|(_, (class, _))| wanted(class.profile)) {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let people = class.people.unwrap_or(0);
        found.of = found.of.saturating_add(count(people));
        match asked {
            Asked::Yes => {}
            _ if defaults => {}
            Asked::Unknown => found.unknown = found.unknown.saturating_add(count(people)),
            Asked::No => {
                let open = covered.people_of_class(index).filter_map(|user| users.get(user)).filter(|user| !settled.contains(&user.id));
                let open: Vec<&str> = open.map(|user| user.id.as_str()).collect();
                found.people = found.people.saturating_add(count(open.len()));
                let room = FIRST.saturating_sub(found.first.len());
                found.first.extend(open.into_iter().take(room).map(str::to_owned));
            }
        }
    }
    found
}

/// Reasons of the gaps that people fall through for every application or for mail, the most people first.
fn why(covered: &Coverage, by_class: &[Asked], wanted: impl Fn(Profile) -> bool) -> Vec<String> {
    if !covered.classes.iter().zip(by_class).any(|(class, asked)| *asked == Asked::No && wanted(class.profile)) {
        return Vec::new();
    }
    let mut reasons: Vec<String> = Vec::new();
    for gap in deciding(covered, wanted) {
        add(&mut reasons, gap);
    }
    reasons
}

/// Of each administrator who is not asked.
fn why_admins(engine: &Engine, covered: &Coverage, by_class: &[Asked]) -> BTreeMap<String, Vec<String>> {
    let users = engine.tenant().users.as_deref().unwrap_or_default();
    let classes = covered.classes.iter().zip(by_class).enumerate().filter(|(_, (class, asked))| **asked == Asked::No && class.profile == Profile::Admin);
    let mut reasons: BTreeMap<usize, Vec<String>> = classes.flat_map(|(index, _)| covered.people_of_class(index)).map(|user| (user, Vec::new())).collect();
    if reasons.is_empty() {
        return BTreeMap::new();
    }
    for gap in deciding(covered, |profile| profile == Profile::Admin) {
        for user in covered.people_of_gap(gap) {
            if let Some(reasons) = reasons.get_mut(&user) {
                add(reasons, gap);
            }
        }
    }
    reasons.into_iter().filter_map(|(user, reasons)| Some((users.get(user)?.id.clone(), reasons))).collect()
}

/// The gaps for every application or for mail, the most people first.
fn deciding(covered: &Coverage, wanted: impl Fn(Profile) -> bool) -> Vec<&Gap> {
    let decides =
        |index: &usize| covered.applications.get(*index).is_some_and(|application| application.kind == ApplicationKind::AnyOther || application.id == MAIL);
    let mut gaps: Vec<_> = covered
        .gaps
        .iter()
        .filter(|gap| wanted(gap.profile) && !gap.protection.is_mfa() && gap.protection != Protection::Unknown)
        .filter(|gap| gap.clients.iter().any(|client| !client.is_legacy()) && (gap.all_applications || gap.applications.iter().any(decides)))
        .collect();
    gaps.sort_by_key(|gap| std::cmp::Reverse(gap.people));
    gaps
}

/// Each reason once, and not more of them than anybody reads.
fn add(reasons: &mut Vec<String>, gap: &Gap) {
    if !gap.why.is_empty() && !reasons.contains(&gap.why) && reasons.len() < 5 {
        reasons.push(gap.why.clone());
    }
}

/// Enforced policies with a demand that are assigned to the account. None where none is, and none may be.
fn break_glass(engine: &TenantEngine, account: &str) -> Option<BreakGlass> {
    let compiled = &engine.engine;
    // A blocked account is reached by nothing.
    if compiled.user(account).is_some_and(|user| user.account_enabled == Some(false)) {
        return None;
    }
    let identity = Identity::User(UserSignIn { user_id: Some(account.to_owned()), ..UserSignIn::default() });
    let matched = compiled.match_subject(&compiled.subject(&identity));
    let mut found = BreakGlass { account: account.to_owned(), ..BreakGlass::default() };
    for index in matched.possible.iter() {
        let (Some(policy), Some(demand)) = (compiled.policies().get(index), compiled.demand(index)) else { continue };
        if policy.state != Some(PolicyState::Enabled) || !(demand.blocks || demand.open || !demand.requires.is_empty()) {
            continue;
        }
        if !matched.sure.contains(index) {
            found.open = true;
            continue;
        }
        found.reaching.push(Reaching {
            policy_id: policy.id.clone().unwrap_or_default().to_ascii_lowercase(),
            policy_name: policy.display_name.clone().unwrap_or_default(),
            only_mfa: !demand.blocks && !demand.open && demand.requires.iter().all(only_mfa),
            why: if demand.blocks { "it blocks".to_owned() } else { format!("it demands {}", demands(compiled, &demand.requires)) },
        });
    }
    (found.open || !found.reaching.is_empty()).then_some(found)
}

/// Whether a strong method alone satisfies it.
pub(crate) fn only_mfa(requirement: &Requirement) -> bool {
    let is_mfa = |control: &Control| matches!(control, Control::Mfa | Control::AuthenticationStrength(_));
    match requirement {
        Requirement::Control(control) => is_mfa(control),
        Requirement::AnyOf(controls) => controls.iter().any(is_mfa),
    }
}

fn demands(engine: &Engine, requires: &[Requirement]) -> String {
    let all: Vec<String> = requires.iter().map(|requirement| requirement_words(requirement, engine)).collect();
    if all.is_empty() { "something that Gatehouse does not know".to_owned() } else { all.join(" and ") }
}
