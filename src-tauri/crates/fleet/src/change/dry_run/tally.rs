//! The sign-ins of the last days, judged before and after a change and counted: by what it does to them, by person, by application;
//! and who among them the guards ask about. Reads the store, keeps no list of sign-ins.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use conditional_access::impact::{Group, Impact, Kind, Kinds, RecordId};
use conditional_access::model::conditions::ClientAppType;
use store::{Connection, Result};

use super::people::{asks_for_device, asks_for_mfa};
use super::stage::Recorded;
use super::world::World;
use crate::{
    change::Rehearsal,
    engine::sign_ins::{self, Narrow, Seen, Shared},
    views::{
        Moment,
        changes::{Counted, ImpactKind},
        count, moment,
    },
};

/// How far back a dry run looks: a working week and its weekend.
pub(super) const DAYS: chrono::TimeDelta = chrono::TimeDelta::days(7);
/// Rows of a list; the counts are of all.
const LISTED: usize = 200;

/// What came of one kind of impact.
#[derive(Debug, Default)]
struct Counts {
    sign_ins: u64,
    /// By person, or by UPN where the log has no id.
    people: HashMap<String, (i64, u32)>,
    applications: HashMap<String, (i64, u32)>,
}

#[derive(Debug, Default)]
pub(super) struct Tally {
    pub from: Option<Moment>,
    pub to: Option<Moment>,
    pub sign_ins: u32,
    pub impacts: Vec<crate::views::changes::Impact>,
    pub newly_blocked: BTreeSet<String>,
    pub asked_for_mfa: BTreeSet<String>,
    pub touched: BTreeSet<String>,
    pub legacy: BTreeSet<String>,
    pub legacy_sign_ins: u32,
    /// Asked for a managed device while they sat at none.
    pub unmanaged: BTreeSet<String>,
    /// Whose every sign-in was from a device that is not compliant.
    pub only_unmanaged: BTreeSet<String>,
    /// Whose every sign-in that got as far as policies would newly be blocked.
    pub all_blocked: BTreeSet<String>,
    pub cannot_say: u32,
    /// The oldest that is kept.
    pub since: Option<Moment>,
    /// What Entra recorded of the target in report-only, where it stood there.
    pub recorded: Option<Recorded>,
}

pub(super) fn kind(kind: Kind) -> ImpactKind {
    match kind {
        Kind::NewlyBlocked => ImpactKind::NewlyBlocked,
        Kind::NewlyAsked => ImpactKind::NewlyAsked,
        Kind::NewlyUnprotected => ImpactKind::NewlyUnprotected,
        Kind::NoLongerBlocked => ImpactKind::NoLongerBlocked,
        Kind::NoLongerAsked => ImpactKind::NoLongerAsked,
        Kind::CannotSay => ImpactKind::CannotSay,
    }
}

/// Every stored sign-in since a moment, judged; `see` is told each with its group, where it has one.
fn each(
    conn: &Connection,
    world: &World,
    rehearsal: &Rehearsal,
    since: i64,
    mut see: impl FnMut(&Shared, &Narrow, store::rusqlite::types::ValueRef<'_>, Option<&Group>, i64),
) -> Result<()> {
    let tenant = rehearsal.tenant.as_str();
    let shared = Shared::read(conn, tenant)?;
    let mut impact = Impact::new(&world.pair, &world.changed);
    let none = impact.record("[]");
    let records: HashMap<i64, RecordId> = shared.records.iter().map(|(key, body)| (*key, impact.record(body))).collect();
    let until = rehearsal.now.timestamp_millis();
    sign_ins::each(conn, tenant, since, |narrow, id| {
        if narrow.at > until {
            return;
        }
        let (sign_in, error) = shared.sign_in(&narrow);
        let group = impact.add(&sign_in, narrow.at, error, records.get(&narrow.record).copied().unwrap_or(none));
        see(&shared, &narrow, id, group.and_then(|group| impact.group(group)), error);
    })
}

fn who(shared: &Shared, user: i64) -> String {
    let (id, upn, _) = shared.person(user);
    if id.is_empty() { upn.to_lowercase() } else { id.to_lowercase() }
}

/// Counts what the change does to the sign-ins of the last days, and what Entra recorded since `report_only_since`.
pub(super) fn tally(conn: &Connection, world: &World, rehearsal: &Rehearsal, report_only_since: Option<i64>) -> Result<Tally> {
    let from = (rehearsal.now - DAYS).timestamp_millis();
    let since = report_only_since.map_or(from, |since| since.min(from));
    let mut tally = Tally { recorded: report_only_since.map(|since| Recorded::new(world, since)), ..Tally::default() };
    let mut counts: BTreeMap<ImpactKind, Counts> = BTreeMap::new();
    // By person: some sign-in would not be blocked, some was at a compliant device.
    let mut days: HashMap<String, (bool, bool)> = HashMap::new();
    let mut people: HashMap<i64, (String, String, String)> = HashMap::new();
    let mut applications: HashMap<i64, (String, String)> = HashMap::new();
    each(conn, world, rehearsal, since, |shared, narrow, _, group, _| {
        if let Some(recorded) = &mut tally.recorded {
            recorded.see(shared, narrow, group, &who(shared, narrow.user));
        }
        if narrow.at < from {
            return;
        }
        tally.from.get_or_insert_with(|| moment(narrow.at).unwrap_or_default());
        tally.to = moment(narrow.at);
        tally.sign_ins = tally.sign_ins.saturating_add(1);
        let Some(group) = group else { return };
        let kinds = group.judged.kinds;
        let compliant = shared.is_compliant(narrow.device) == Some(true);
        let person = who(shared, narrow.user);
        let passes = !kinds.contains(Kind::NewlyBlocked);
        match days.get_mut(&person) {
            Some(day) => *day = (day.0 || passes, day.1 || compliant),
            None => _ = days.insert(person.clone(), (passes, compliant)),
        }
        if kinds.is_empty() {
            return;
        }
        people.entry(narrow.user).or_insert_with(|| {
            let (id, upn, name) = shared.person(narrow.user);
            (id.to_owned(), upn.to_owned(), name.to_owned())
        });
        applications.entry(narrow.app).or_insert_with(|| {
            let (id, name) = shared.app(narrow.app);
            (id.to_owned(), name.to_owned())
        });
        note(&mut tally, group, kinds, compliant, &person);
        for one in kinds.iter() {
            let counted = counts.entry(kind(one)).or_default();
            counted.sign_ins += 1;
            counted.people.entry(person.clone()).or_insert((narrow.user, 0)).1 += 1;
            let app = shared.app(narrow.app);
            counted.applications.entry(if app.0.is_empty() { app.1 } else { app.0 }.to_lowercase()).or_insert((narrow.app, 0)).1 += 1;
        }
    })?;
    for (person, (passed, compliant)) in days {
        if !passed {
            tally.all_blocked.insert(person.clone());
        }
        if !compliant {
            tally.only_unmanaged.insert(person);
        }
    }
    tally.since = oldest(conn, &rehearsal.tenant)?;
    tally.cannot_say = counts.get(&ImpactKind::CannotSay).map_or(0, |counts| u32::try_from(counts.sign_ins).unwrap_or(u32::MAX));
    tally.impacts = impacts(counts, &people, &applications);
    Ok(tally)
}

fn note(tally: &mut Tally, group: &Group, kinds: Kinds, compliant: bool, person: &str) {
    let mut put = |set: fn(&mut Tally) -> &mut BTreeSet<String>| {
        let set = set(tally);
        if !set.contains(person) {
            set.insert(person.to_owned());
        }
    };
    if kinds.contains(Kind::NewlyBlocked) || kinds.contains(Kind::NewlyAsked) {
        put(|tally| &mut tally.touched);
    }
    if kinds.contains(Kind::NewlyBlocked) {
        put(|tally| &mut tally.newly_blocked);
        if matches!(group.client, Some(ClientAppType::OtherClients | ClientAppType::ExchangeActiveSync)) {
            put(|tally| &mut tally.legacy);
            tally.legacy_sign_ins = tally.legacy_sign_ins.saturating_add(1);
            return;
        }
    }
    let gained = &group.judged.gained;
    if gained.iter().any(asks_for_mfa) {
        put(|tally| &mut tally.asked_for_mfa);
    }
    if !compliant && gained.iter().any(asks_for_device) {
        put(|tally| &mut tally.unmanaged);
    }
}

/// The moment since which sign-ins are kept.
fn oldest(conn: &Connection, tenant: &str) -> Result<Option<Moment>> {
    let mut statement = conn.prepare_cached("SELECT min(created_at) FROM sign_in WHERE tenant = (SELECT key FROM sign_in_tenant WHERE tenant = ?1)")?;
    let found: Option<i64> = statement.query_row([tenant], |row| row.get(0))?;
    Ok(found.and_then(moment))
}

fn impacts(
    mut counts: BTreeMap<ImpactKind, Counts>,
    people: &HashMap<i64, (String, String, String)>,
    applications: &HashMap<i64, (String, String)>,
) -> Vec<crate::views::changes::Impact> {
    for always in [ImpactKind::NewlyBlocked, ImpactKind::NewlyAsked, ImpactKind::NewlyUnprotected] {
        counts.entry(always).or_default();
    }
    let impact = |(kind, counts): (ImpactKind, Counts)| {
        let people_count = count(i64::try_from(counts.people.len()).unwrap_or(i64::MAX));
        let person = |(key, (user, sign_ins)): (String, (i64, u32))| {
            let (_, upn, name) = people.get(&user).cloned().unwrap_or_default();
            Counted { id: key, name: if name.is_empty() { upn.clone() } else { name }, detail: Some(upn), sign_ins }
        };
        let application = |(key, (app, sign_ins)): (String, (i64, u32))| {
            let (_, name) = applications.get(&app).cloned().unwrap_or_default();
            Counted { id: key, name: if name.is_empty() { "An application without a name".to_owned() } else { name }, detail: None, sign_ins }
        };
        crate::views::changes::Impact {
            kind,
            sign_ins: u32::try_from(counts.sign_ins).unwrap_or(u32::MAX),
            people_count,
            people: most_first(counts.people.into_iter().map(person)),
            applications: most_first(counts.applications.into_iter().map(application)),
        }
    };
    counts.into_iter().map(impact).collect()
}

fn most_first(rows: impl Iterator<Item = Counted>) -> Vec<Counted> {
    let mut rows: Vec<Counted> = rows.collect();
    rows.sort_by(|a, b| b.sign_ins.cmp(&a.sign_ins).then_with(|| a.name.to_lowercase().cmp(&b.name.to_lowercase())).then_with(|| a.id.cmp(&b.id)));
    rows.truncate(LISTED);
    rows
}

/// One sign-in behind a number.
pub(super) struct Behind {
    pub seen: Seen,
    pub before: String,
    pub after: String,
}

/// The sign-ins of one kind, newest first, from an offset on; how many fit the filter, and how many are of the kind.
pub(super) fn behind(
    conn: &Connection,
    world: &World,
    rehearsal: &Rehearsal,
    wanted: (ImpactKind, Option<&str>, Option<&str>),
    (offset, limit): (usize, usize),
) -> Result<(Vec<Behind>, usize, usize)> {
    let (impact, person, application) = wanted;
    let (mut found, mut all) = (Vec::new(), 0);
    each(conn, world, rehearsal, (rehearsal.now - DAYS).timestamp_millis(), |shared, narrow, id, group, _| {
        let Some(group) = group.filter(|group| group.judged.kinds.iter().any(|one| kind(one) == impact)) else { return };
        all += 1;
        let app = shared.app(narrow.app);
        let is_app = |wanted: &str| wanted.eq_ignore_ascii_case(if app.0.is_empty() { app.1 } else { app.0 });
        if person.is_none_or(|wanted| wanted.eq_ignore_ascii_case(&who(shared, narrow.user))) && application.is_none_or(is_app) {
            found.push((shared.seen(narrow, id), std::sync::Arc::clone(&group.judged), group.client.clone()));
        }
    })?;
    let total = found.len();
    let rows = found.into_iter().rev().skip(offset).take(limit).map(|(seen, judged, client)| {
        let (before, after) = conditional_access::impact::words::judged(&world.pair, &judged, client.as_ref());
        Behind { seen, before, after }
    });
    Ok((rows.collect(), total, all))
}
