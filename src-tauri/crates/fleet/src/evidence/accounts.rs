//! One pass over a tenant's accounts: enrolment by department and method, mismatches by name, admins, and the counts by which the
//! answers are judged. Names are kept only of those who are listed.

use std::collections::{BTreeMap, HashMap};

use store::{Connection, mfa_verdicts::VerdictRow, users::UserRow};

use super::{
    basis::{Admin, Basis, Demand},
    facts::{AdminFact, Buckets, Department, Enforced, Enrolment, MethodCount, NotCounted, PersonFact, TrendDay},
    reach::{Besides, Doors, Reach, demand, shut},
};
use crate::{
    posture::{self, MethodStrength, counts_as_admin, methods::strength_of_words},
    views::{
        mfa::{Enforcement, MfaBucket},
        users::AccountClass,
    },
};

/// How many days the trend goes back.
const TREND_DAYS: u32 = 90;

pub struct Accounts {
    pub enrolment: Enrolment,
    /// Weakest first.
    pub admins: Vec<AdminFact>,
}

/// What one account is, before it is counted.
struct One<'a> {
    user: &'a UserRow,
    verdict: &'a VerdictRow,
    class: AccountClass,
    bucket: MfaBucket,
    enforced: Enforcement,
    methods: Vec<String>,
    doors: Doors,
    besides: Besides<'a>,
}

/// Fills the counts of `basis` too.
pub fn gather(conn: &Connection, tenant: &str, reach: &Reach, unreadable: Option<String>, basis: &mut Basis) -> store::Result<Accounts> {
    let verdicts: HashMap<String, VerdictRow> = store::mfa_verdicts::all(conn, tenant)?.into_iter().map(|verdict| (verdict.user_id.clone(), verdict)).collect();
    let per_user: HashMap<String, String> = store::per_user_mfa::all(conn, tenant)?.into_iter().map(|row| (row.user_id, row.state)).collect();
    let managers = managers(conn, tenant)?;
    let mut pass = Pass::default();
    store::users::each(conn, tenant, |user| {
        let Some(verdict) = verdicts.get(&user.id) else { return Ok(()) };
        let one = One {
            class: posture::class_from(&verdict.class),
            bucket: posture::bucket_from(&verdict.bucket),
            enforced: posture::enforcement_from(&verdict.enforced),
            methods: serde_json::from_str(&verdict.methods).unwrap_or_default(),
            doors: reach.doors(&user.id),
            besides: Besides { security_defaults: basis.security_defaults, per_user: per_user.get(&user.id).map(String::as_str) },
            user: &user,
            verdict,
        };
        pass.see(&one, &managers, basis);
        Ok(())
    })?;
    let mut admins = Vec::new();
    for (person, newest_method, stale) in std::mem::take(&mut pass.admins) {
        admins.push(AdminFact { roles: ways(conn, tenant, &person.id)?, person, newest_method, stale });
    }
    admins.sort_by_key(|admin| (weakness(admin.person.bucket), admin.person.name.to_lowercase(), admin.person.id.clone()));
    basis.admins.sort_by_key(|admin| (admin.asked, admin.registered, admin.name.to_lowercase()));
    let trend = store::mfa_snapshots::latest(conn, tenant, TREND_DAYS)?.iter().filter_map(trend_day).collect();
    Ok(Accounts { enrolment: pass.enrolment(unreadable, trend), admins })
}

fn weakness(bucket: MfaBucket) -> u8 {
    match bucket {
        MfaBucket::None => 0,
        MfaBucket::Weak => 1,
        MfaBucket::Unknown => 2,
        MfaBucket::Strong => 3,
    }
}

pub(super) fn trend_day(row: &store::mfa_snapshots::SnapshotRow) -> Option<TrendDay> {
    let count = crate::views::count;
    Some(TrendDay {
        day: row.day.parse().ok()?,
        people: Buckets { strong: count(row.strong), weak: count(row.weak), none: count(row.none), unknown: count(row.unknown) },
    })
}

/// The name of each account's manager, where both are known.
fn managers(conn: &Connection, tenant: &str) -> store::Result<HashMap<String, String>> {
    let mut statement = conn.prepare_cached(
        "SELECT u.id, m.display_name FROM user u JOIN user m ON m.tenant = u.tenant AND m.id = u.manager_id WHERE u.tenant = ?1 AND u.manager_id IS NOT NULL",
    )?;
    Ok(statement.query_map([tenant], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<store::rusqlite::Result<_>>()?)
}

/// "Global Administrator (eligible, through group Admins)".
fn ways(conn: &Connection, tenant: &str, user: &str) -> store::Result<Vec<String>> {
    let held = posture::roles_of(conn, tenant, user)?.unwrap_or_default();
    Ok(held
        .into_iter()
        .filter(|held| held.privileged)
        .map(|held| {
            let mut ways = vec![held.how];
            ways.extend(held.through.map(|group| format!("through group {group}")));
            ways.extend(held.scope.map(|scope| format!("for {scope}")));
            ways.extend(held.ends_at.map(|end| format!("until {}", end.format("%-d %B %Y"))));
            format!("{} ({})", held.role, ways.join(", "))
        })
        .collect())
}

#[derive(Default)]
struct Pass {
    people: Buckets,
    enforced: Enforced,
    departments: BTreeMap<Option<String>, (Buckets, Enforced)>,
    methods: BTreeMap<String, u32>,
    registered_not_enforced: Vec<PersonFact>,
    enforced_not_registered: Vec<PersonFact>,
    without: Vec<PersonFact>,
    weak_only: Vec<PersonFact>,
    classes: [u32; 5],
    admins: Vec<(PersonFact, Option<chrono::DateTime<chrono::Utc>>, bool)>,
}

impl Pass {
    fn see(&mut self, one: &One<'_>, managers: &HashMap<String, String>, basis: &mut Basis) {
        let signs_in = !matches!(one.class, AccountClass::Blocked | AccountClass::SharedMailbox | AccountClass::BreakGlass);
        let everything = demand(one.doors.everything, one.besides);
        if signs_in && !one.doors.break_glass {
            basis.legacy.count(shut(one.doors.legacy, basis.security_defaults));
        }
        if one.verdict.admin && counts_as_admin(one.class) {
            let phishing_resistant = one.methods.iter().any(|words| strength_of_words(words) == MethodStrength::PhishingResistant);
            basis.admins.push(Admin {
                name: named(one.user),
                registered: registered(one.bucket),
                phishing_resistant: (phishing_resistant || one.bucket != MfaBucket::Unknown).then_some(phishing_resistant),
                asked: everything,
                strength_asked: strength(one.doors.everything),
            });
            let newest = one.verdict.newest_method.and_then(chrono::DateTime::from_timestamp_millis);
            self.admins.push((person(one, managers), newest, one.verdict.stale));
        }
        match one.class {
            AccountClass::Person => self.person(one, everything, managers, basis),
            AccountClass::Guest => {
                basis.guests.count(everything);
                self.classes[0] += 1;
            }
            AccountClass::SharedMailbox => self.classes[1] += 1,
            AccountClass::Blocked => self.classes[2] += 1,
            AccountClass::BreakGlass => self.classes[3] += 1,
            AccountClass::ServiceAccount => self.classes[4] += 1,
        }
    }

    fn person(&mut self, one: &One<'_>, everything: Demand, managers: &HashMap<String, String>, basis: &mut Basis) {
        basis.mail.count(demand(one.doors.mail, one.besides));
        basis.remote.count(demand(one.doors.remote, one.besides));
        basis.everything.count(everything);
        basis.legacy_mail.count(shut(one.doors.legacy_mail, basis.security_defaults));
        let has = registered(one.bucket);
        basis.registered.count(has);
        basis.both += u32::from(has == Some(true) && everything == Demand::Always);
        let department = one.user.department.as_deref().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
        let (buckets, enforced) = self.departments.entry(department).or_default();
        for counts in [&mut self.people, buckets] {
            *match one.bucket {
                MfaBucket::Strong => &mut counts.strong,
                MfaBucket::Weak => &mut counts.weak,
                MfaBucket::None => &mut counts.none,
                MfaBucket::Unknown => &mut counts.unknown,
            } += 1;
        }
        for counts in [&mut self.enforced, enforced] {
            *match one.enforced {
                Enforcement::ConditionalAccess => &mut counts.conditional_access,
                Enforcement::SecurityDefaults => &mut counts.security_defaults,
                Enforcement::PerUser => &mut counts.per_user,
                Enforcement::NotEnforced => &mut counts.not_enforced,
                Enforcement::Unknown => &mut counts.unknown,
            } += 1;
        }
        for method in &one.methods {
            *self.methods.entry(method.clone()).or_default() += 1;
        }
        match (one.enforced, one.bucket) {
            (Enforcement::NotEnforced, MfaBucket::Strong | MfaBucket::Weak) => self.registered_not_enforced.push(person(one, managers)),
            (Enforcement::SecurityDefaults | Enforcement::PerUser | Enforcement::ConditionalAccess, MfaBucket::None) => {
                self.enforced_not_registered.push(person(one, managers))
            }
            _ => {}
        }
        match one.bucket {
            MfaBucket::None => self.without.push(person(one, managers)),
            MfaBucket::Weak => self.weak_only.push(person(one, managers)),
            MfaBucket::Strong | MfaBucket::Unknown => {}
        }
    }

    fn enrolment(self, unreadable: Option<String>, trend: Vec<TrendDay>) -> Enrolment {
        let mut departments: Vec<Department> = self.departments.into_iter().map(|(name, (people, enforced))| Department { name, people, enforced }).collect();
        departments
            .sort_by_key(|department| (department.name.is_none(), department.name.as_deref().unwrap_or_default().to_lowercase(), department.name.clone()));
        let mut methods: Vec<(MethodStrength, MethodCount)> = self
            .methods
            .into_iter()
            .map(|(method, people)| {
                let strength = strength_of_words(&method);
                (strength, MethodCount { strength: strength.name().to_owned(), method, people })
            })
            .collect();
        methods.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| y.people.cmp(&x.people)).then_with(|| x.method.cmp(&y.method)));
        const CLASSES: [(&str, &str); 5] = [
            ("Guests", "People of other organizations"),
            ("Shared mailboxes", "Blocked mailboxes without a licence, named after a function, or marked"),
            ("Blocked accounts", "Sign-in is switched off"),
            ("Break-glass accounts", "Emergency access, kept out of policies on purpose"),
            ("Service accounts", "Marked as such, named so, or the account of directory synchronisation"),
        ];
        let not_counted = CLASSES.iter().zip(self.classes).filter(|(_, accounts)| *accounts > 0);
        Enrolment {
            unreadable,
            people: self.people,
            enforced: self.enforced,
            departments,
            methods: methods.into_iter().map(|(_, count)| count).collect(),
            registered_not_enforced: by_name(self.registered_not_enforced),
            enforced_not_registered: by_name(self.enforced_not_registered),
            without: by_name(self.without),
            weak_only: by_name(self.weak_only),
            not_counted: not_counted.map(|((title, why), accounts)| NotCounted { title: (*title).to_owned(), why: (*why).to_owned(), accounts }).collect(),
            trend,
        }
    }
}

fn by_name(mut people: Vec<PersonFact>) -> Vec<PersonFact> {
    people.sort_by_cached_key(|person| (person.name.to_lowercase(), person.id.clone()));
    people
}

fn registered(bucket: MfaBucket) -> Option<bool> {
    match bucket {
        MfaBucket::Strong | MfaBucket::Weak => Some(true),
        MfaBucket::None => Some(false),
        MfaBucket::Unknown => None,
    }
}

fn strength(everything: conditional_access::coverage::Protection) -> Option<bool> {
    use conditional_access::coverage::Protection;
    match everything {
        Protection::Unknown => None,
        protection => Some(protection >= Protection::PhishingResistantMfa),
    }
}

fn named(user: &UserRow) -> String {
    let name = if user.display_name.trim().is_empty() { &user.upn } else { &user.display_name };
    name.clone()
}

fn person(one: &One<'_>, managers: &HashMap<String, String>) -> PersonFact {
    PersonFact {
        id: one.user.id.clone(),
        name: named(one.user),
        upn: one.user.upn.clone(),
        department: one.user.department.clone(),
        manager: managers.get(&one.user.id).cloned(),
        bucket: one.bucket,
        methods: one.methods.clone(),
        enforced: match one.enforced {
            Enforcement::SecurityDefaults => "Security defaults",
            Enforcement::PerUser => "Per-user MFA",
            Enforcement::ConditionalAccess => "Conditional Access",
            Enforcement::NotEnforced => "Nothing",
            Enforcement::Unknown => "Not known",
        }
        .to_owned(),
        reason: one.verdict.reason.clone(),
    }
}
