//! A rehearsal as the engine takes it: the tenant's facts from the store, the change put into them, both sides compiled. Reads only.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use conditional_access::ConditionalAccessPolicy;
use conditional_access::impact::{Changed, Pair, UNBORN, Wanted};
use conditional_access::tenant::NamedLocation;
use serde_json::Value;
use store::{Connection, DataKind, Result, data_state, mfa_verdicts::VerdictRow};

use crate::{
    break_glass::candidates::is_named_like_one,
    change::{Rehearsal, Target},
    engine::{Knowledge, facts_of_store, json, replay},
    posture::{self, MethodStrength},
    views::{
        Moment, PersonRef,
        licences::{EntraPlan, entra_plan},
        moment,
    },
};

/// Everything that a rehearsal is judged by.
pub(super) struct World {
    pub pair: Pair,
    pub wanted: Wanted,
    /// Where the target policy stands in both engines.
    pub target: Option<usize>,
    /// When each policy last changed; what Entra recorded before that was of another one.
    pub changed: HashMap<String, i64>,
    pub knowledge: Knowledge,
    pub accounts: Accounts,
    pub policies_read_at: Option<Moment>,
    pub sign_ins_read_at: Option<Moment>,
    pub plan: Option<EntraPlan>,
}

/// What posture says of each account, by id.
pub(super) struct Accounts {
    verdicts: HashMap<String, VerdictRow>,
    /// Privileged roles were read.
    pub roles_read: bool,
    /// Marked as what they are; such an account is not taken for another thing.
    pub marked: BTreeSet<String>,
}

/// What somebody can give when asked for a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Methods {
    Unknown,
    None,
    Weak,
    Strong,
    PhishingResistant,
}

impl Accounts {
    fn read(conn: &Connection, tenant: &str) -> Result<Self> {
        let verdicts = store::mfa_verdicts::all(conn, tenant)?.into_iter().map(|row| (row.user_id.clone(), row)).collect();
        let roles_read = data_state::get(conn, tenant, DataKind::Roles)?.read_at.is_some();
        let marked = store::marks::all(conn, tenant)?.into_iter().map(|mark| mark.user_id).collect();
        Ok(Self { verdicts, roles_read, marked })
    }

    pub fn methods(&self, user: &str) -> Methods {
        let Some(verdict) = self.verdicts.get(user) else { return Methods::Unknown };
        let resistant = verdict.strongest.as_deref().is_some_and(|words| posture::methods::strength_of_words(words) == MethodStrength::PhishingResistant);
        match verdict.bucket.as_str() {
            "strong" if resistant => Methods::PhishingResistant,
            "strong" => Methods::Strong,
            "weak" => Methods::Weak,
            "none" => Methods::None,
            _ => Methods::Unknown,
        }
    }

    pub fn is_admin(&self, user: &str) -> bool {
        self.verdicts.get(user).is_some_and(|verdict| verdict.admin && matches!(verdict.class.as_str(), "person" | "guest"))
    }

    /// Holds a privileged role, or nobody knows.
    pub fn may_administer(&self, user: &str) -> bool {
        !self.roles_read || self.verdicts.get(user).is_some_and(|verdict| verdict.admin)
    }

    pub fn is_service_account(&self, user: &str) -> bool {
        self.verdicts.get(user).is_some_and(|verdict| verdict.class == "serviceAccount")
    }

    /// Conditional Access asks already.
    pub fn is_asked(&self, user: &str) -> bool {
        self.verdicts.get(user).is_some_and(|verdict| verdict.enforced == "conditionalAccess")
    }
}

/// What is wanted, as the engine takes it; the sentence says what of it is no policy or location.
fn wanted(rehearsal: &Rehearsal) -> std::result::Result<Wanted, String> {
    Ok(match &rehearsal.target {
        Target::Policy(id) => {
            let read = |body: &Option<Value>| -> std::result::Result<Option<Box<ConditionalAccessPolicy>>, String> {
                let Some(body) = body else { return Ok(None) };
                let policy = ConditionalAccessPolicy::from_value(body).map_err(|error| error.to_string())?;
                Ok(Some(Box::new(ConditionalAccessPolicy { id: Some(id.clone().unwrap_or_else(|| UNBORN.to_owned())), ..policy })))
            };
            Wanted::Policy { before: read(&rehearsal.before)?, after: read(&rehearsal.after)? }
        }
        Target::Location(id) => {
            let read =
                |body: &Option<Value>| body.as_ref().map(|body| NamedLocation { id: id.clone().unwrap_or_else(|| UNBORN.to_owned()), ..json::location(body) });
            Wanted::Location { before: read(&rehearsal.before), after: read(&rehearsal.after) }
        }
        Target::Member { group, user, added } => Wanted::Member { group: group.clone(), user: user.clone(), added: *added },
    })
}

impl World {
    /// The error is a sentence: what is wanted cannot be understood.
    pub fn load(conn: &Connection, rehearsal: &Rehearsal) -> Result<std::result::Result<Self, String>> {
        let wanted = match wanted(rehearsal) {
            Ok(wanted) => wanted,
            Err(refused) => return Ok(Err(refused)),
        };
        let tenant = rehearsal.tenant.as_str();
        let facts = facts_of_store(conn, tenant, rehearsal.now.timestamp_millis())?;
        let mut changed = replay::changed_of_store(conn, tenant)?;
        // Read just now, so it may be newer than what was synced.
        if let (Target::Policy(Some(id)), Some(at)) = (&rehearsal.target, rehearsal.before.as_ref().and_then(replay::last_change)) {
            let known = changed.entry(id.to_ascii_lowercase()).or_insert(at);
            *known = at.max(*known);
        }
        let pair = Pair::new(Changed::of(&facts, &wanted));
        let target = match &rehearsal.target {
            Target::Policy(id) => pair.policy(id.as_deref().unwrap_or(UNBORN)),
            Target::Location(_) | Target::Member { .. } => None,
        };
        let read_at = |kind| Ok::<_, store::StoreError>(data_state::get(conn, tenant, kind)?.read_at.and_then(moment));
        let plan = match read_at(DataKind::Licences)? {
            Some(_) => Some(entra_plan(&store::organization::licences(conn, tenant)?)),
            None => None,
        };
        Ok(Ok(Self {
            target,
            changed,
            knowledge: Knowledge::of_store(conn, tenant)?,
            accounts: Accounts::read(conn, tenant)?,
            policies_read_at: read_at(DataKind::Policies)?,
            sign_ins_read_at: read_at(DataKind::SignIns)?,
            plan,
            pair,
            wanted,
        }))
    }

    pub fn target_name(&self, conn: &Connection, rehearsal: &Rehearsal) -> Result<String> {
        let of = |policy: &ConditionalAccessPolicy| policy.display_name.clone().unwrap_or_else(|| "The policy".to_owned());
        Ok(match (&self.wanted, &rehearsal.target) {
            (Wanted::Policy { before, after }, _) => after.as_deref().or(before.as_deref()).map_or_else(|| "The policy".to_owned(), of),
            (Wanted::Location { before, after }, _) => {
                after.as_ref().or(before.as_ref()).map_or_else(|| "The location".to_owned(), |location| location.display_name.clone())
            }
            (Wanted::Member { group, .. }, _) => {
                store::groups::get(conn, &rehearsal.tenant, group)?.map_or_else(|| "The group".to_owned(), |row| row.display_name)
            }
        })
    }

    /// Enforced or report-only policies that name the location that changes.
    pub fn users_of_location(&self) -> Vec<String> {
        let Wanted::Location { before, after } = &self.wanted else { return Vec::new() };
        let Some(location) = before.as_ref().or(after.as_ref()) else { return Vec::new() };
        let trusted = |location: &NamedLocation| matches!(&location.place, conditional_access::tenant::Place::Addresses { trusted: Some(true), .. });
        let any_trusted = before.iter().chain(after).any(trusted);
        let names = |policy: &&ConditionalAccessPolicy| {
            policy.state != Some(conditional_access::model::PolicyState::Disabled)
                && policy
                    .conditions
                    .locations
                    .iter()
                    .flat_map(|places| places.include.iter().chain(&places.exclude))
                    .any(|id| id.eq_ignore_ascii_case(&location.id) || (any_trusted && id.eq_ignore_ascii_case("AllTrusted")))
        };
        self.pair.after().policies().iter().filter(names).map(|policy| policy.display_name.clone().unwrap_or_default()).collect()
    }

    /// Break-glass accounts that are known, and administrators that are called like one and were marked as nothing else: nobody confirmed
    /// them, but to lock one out cannot be taken back.
    pub fn break_glass(&self) -> Vec<String> {
        let mut ids: BTreeSet<String> = self.knowledge.marks.break_glass.iter().map(|id| id.to_lowercase()).collect();
        let users = self.pair.after().tenant().users.iter().flatten();
        let looks = users.filter(|user| {
            let named = is_named_like_one(&user.display_name) || is_named_like_one(user.upn.split('@').next().unwrap_or_default());
            named && user.account_enabled != Some(false) && !self.accounts.marked.contains(&*user.id) && self.accounts.may_administer(&user.id)
        });
        ids.extend(looks.map(|user| user.id.to_lowercase()));
        ids.into_iter().collect()
    }

    pub fn person(&self, id: &str) -> PersonRef {
        match self.pair.after().user(id) {
            Some(user) => PersonRef { id: user.id.to_string(), display_name: user.display_name.to_string(), upn: user.upn.to_string() },
            None => PersonRef { id: id.to_owned(), display_name: String::new(), upn: String::new() },
        }
    }

    /// Everybody's name, for those in the set; by name.
    pub fn people(&self, ids: &BTreeSet<String>) -> Vec<PersonRef> {
        let mut people: BTreeMap<(String, String), PersonRef> = BTreeMap::new();
        for id in ids {
            let person = self.person(id);
            people.insert((person.display_name.to_lowercase(), person.id.clone()), person);
        }
        people.into_values().collect()
    }
}
