//! Replay: recorded sign-ins against today's policies, beside what Entra recorded for each policy. Sign-ins that are the same to
//! every policy are judged once, so that hundreds of thousands pass in a moment. Nothing is read here and nothing is put into a
//! list: the caller streams sign-ins in and keeps what it wants to show.

mod compare;
mod numbered;
mod recorded;
mod records;
mod sign_in;
mod tally;
#[cfg(test)]
mod tests;
pub mod words;

pub use compare::{Compared, PolicyComparison};
pub(crate) use numbered::Numbered;
pub use recorded::{Recorded, Says, ends_before_policies};
pub use records::RecordId;
pub(crate) use records::Records;
pub use sign_in::{Device, SignIn};
pub use tally::{PolicyTally, Tally};

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::evaluate::{Engine, Fact, InsiderRisk, Match, Request};
use crate::model::ConditionalAccessPolicy;
use crate::model::conditions::{ClientAppType, RiskLevel, TransferMethod};

/// Whether engine and Entra agree on one sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agreement {
    /// On every policy that could be compared, and nothing was left open.
    Agrees,
    /// On at least one policy they do not.
    Disagrees,
    /// Of some policy the engine cannot say whether it applied, because this entry of the log, or what was read of the tenant,
    /// lacks something; on the others they agree.
    CannotSay,
    /// Every policy that Entra recorded was changed or deleted since.
    ChangedSince,
    /// Entra recorded no policy for it, or the sign-in ended before policies were looked at.
    NotRecorded,
}

/// The parts of a question that policies look at one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Who,
    What,
    Client,
    Platform,
    Place,
    Risk,
    Device,
    Flow,
}

pub(crate) const PARTS: [Part; 8] = [Part::Who, Part::What, Part::Client, Part::Platform, Part::Place, Part::Risk, Part::Device, Part::Flow];

/// One number a part, then the record, the era and whether the sign-in ended early.
type Key = [u32; PARTS.len() + 3];

/// Sign-ins that are the same to every policy, at a time when the same policies were as they are now, with the same record.
#[derive(Debug, Clone)]
pub struct Group {
    pub agreement: Agreement,
    pub sign_ins: u32,
    record: Arc<[Entry]>,
    /// One for each entry of the record.
    compared: Arc<[Compared]>,
    /// The question of its first sign-in; None where engine and Entra agree on everything, so that nobody asks why.
    pub request: Option<Request>,
}

/// A recorded policy, and which of the engine's it is.
#[derive(Debug)]
struct Entry {
    recorded: Recorded,
    policy: Option<usize>,
}

impl Group {
    /// One for each recorded policy, in Entra's order.
    pub fn policies(&self) -> impl Iterator<Item = PolicyComparison<'_>> {
        let compared = self.record.iter().zip(self.compared.iter());
        compared.map(|(entry, compared)| PolicyComparison { policy: entry.policy, recorded: &entry.recorded, compared: *compared })
    }
}

/// What repeats hundreds of thousands of times is looked up by hash, and the standard one would be most of a replay. The keys come
/// from a tenant, so the seed is one that nobody outside can know.
pub(crate) type Fast<K, V> = HashMap<K, V, foldhash::quality::RandomState>;

/// What a decision, a record and a moment come to, where nothing is open.
type Settled = (u32, u32, u32, bool);

pub struct Replay<'e> {
    engine: &'e Engine,
    matches: Numbered<Match>,
    /// The newest change of each policy of the engine, by index; None: not known, so it counts as unchanged.
    changed: Vec<Option<i64>>,
    by_id: HashMap<String, usize>,
    /// Moments at which some policy changed, in order.
    eras: Vec<i64>,
    records: Records<Entry>,
    by_key: Fast<Key, u32>,
    settled: Fast<Settled, (Agreement, Arc<[Compared]>)>,
    groups: Vec<Group>,
}

impl<'e> Replay<'e> {
    /// `changed`: when each policy last changed (Unix milliseconds), by id in lower case. Sign-ins before that met another policy.
    #[must_use]
    pub fn new(engine: &'e Engine, changed: &HashMap<String, i64>) -> Self {
        let ids = || engine.policies().iter().map(|policy| policy.id.as_deref().unwrap_or_default().to_ascii_lowercase());
        let eras: BTreeSet<i64> = ids().filter_map(|id| changed.get(&id).copied()).collect();
        Self {
            engine,
            matches: Numbered::new(|part| part.decides(engine.policies())),
            changed: ids().map(|id| changed.get(&id).copied()).collect(),
            by_id: ids().enumerate().map(|(index, id)| (id, index)).collect(),
            eras: eras.into_iter().collect(),
            records: Records::default(),
            by_key: Fast::default(),
            settled: Fast::default(),
            groups: Vec::new(),
        }
    }

    /// A list as Entra recorded it (JSON). The same text is read once.
    pub fn record(&mut self, json: &str) -> RecordId {
        let by_id = &self.by_id;
        self.records.record(json, |recorded| Some(Entry { policy: by_id.get(&recorded.policy_id).copied(), recorded }))
    }

    /// Judges one sign-in, or finds the group it belongs to. `error_code` is Entra's, 0 for success.
    pub fn add(&mut self, sign_in: &SignIn<'_>, at: i64, error_code: i64, record: RecordId) -> usize {
        let mut key: Key = [0; PARTS.len() + 3];
        for (part, number) in PARTS.into_iter().zip(&mut key) {
            *number = self.matches.number(part, sign_in, || part.matched(self.engine, sign_in));
        }
        let era = self.eras.partition_point(|change| *change <= at);
        let early = recorded::ends_before_policies(error_code);
        {
            let [.., recorded, moment, ended] = &mut key;
            *recorded = record.0;
            *moment = u32::try_from(era).unwrap_or(u32::MAX);
            *ended = u32::from(early);
        }
        let group = match self.by_key.get(&key) {
            Some(group) => *group as usize,
            None => {
                let group = self.judge(sign_in, &key, at, early);
                self.groups.push(group);
                self.by_key.insert(key, u32::try_from(self.groups.len() - 1).unwrap_or(u32::MAX));
                self.groups.len() - 1
            }
        };
        if let Some(group) = self.groups.get_mut(group) {
            group.sign_ins = group.sign_ins.saturating_add(1);
        }
        group
    }

    #[must_use]
    pub fn group(&self, group: usize) -> Option<&Group> {
        self.groups.get(group)
    }

    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    #[must_use]
    pub fn tally(&self) -> Tally {
        Tally::of(&self.groups, self.engine.policies().len())
    }

    fn judge(&mut self, sign_in: &SignIn<'_>, key: &Key, at: i64, early: bool) -> Group {
        let mut decision = Match::all(self.engine.policies().len());
        for number in key.iter().take(PARTS.len()) {
            if let Some(found) = self.matches.get(*number) {
                decision.and(found);
            }
        }
        let [.., recorded, era, _] = key;
        let record = self.records.get(*recorded);
        // Whatever the error, a policy that applied was looked at.
        let early = early && !record.iter().any(|entry| matches!(entry.recorded.says, Says::Applied { .. }));
        // Where nothing is open, the rest of the sign-in decides nothing any more.
        let settled = (decision.open().next().is_none()).then(|| (self.matches.number_of(decision.clone()), *recorded, *era, early));
        let known = settled.as_ref().and_then(|settled| self.settled.get(settled)).cloned();
        let (agreement, compared) = known.unwrap_or_else(|| {
            let filled = std::cell::OnceCell::new();
            let open_in_log = |policy: usize| {
                let all_said: &Match = filled.get_or_init(|| self.engine.decide(&beyond_the_log(&sign_in.request())));
                all_said.possible.contains(policy) && !all_said.sure.contains(policy)
            };
            let entries = record.iter().map(|entry| {
                let changed = entry.policy.and_then(|policy| self.changed.get(policy).copied().flatten()).is_some_and(|changed| at < changed);
                compare::policy(self.engine, &decision, entry.recorded.says, entry.policy, changed, early, open_in_log)
            });
            let compared: Arc<[Compared]> = entries.collect();
            (compare::sign_in(&compared, early), compared)
        });
        if let Some(settled) = settled {
            self.settled.insert(settled, (agreement, Arc::clone(&compared)));
        }
        let asked_why = compared.iter().any(|compared| compared.is_disagreement() || matches!(compared, Compared::CannotSay | Compared::NotInLog));
        Group { agreement, sign_ins: 0, record, compared, request: asked_why.then(|| sign_in.request()) }
    }
}

/// The same question with everything filled in that the log never says (user risk, insider risk, the flow, attributes of a
/// registered device): a policy that is still open then is open for another reason.
fn beyond_the_log(request: &Request) -> Request {
    let mut filled = request.clone();
    let conditions = &mut filled.conditions;
    conditions.user_risk.get_or_insert(RiskLevel::None);
    conditions.service_principal_risk.get_or_insert(RiskLevel::None);
    conditions.agent_risk.get_or_insert(RiskLevel::None);
    conditions.insider_risk.get_or_insert(InsiderRisk::None);
    if conditions.transfer_methods.is_empty() {
        conditions.transfer_methods.push(TransferMethod::None);
    }
    // No value of any kind: every filter has an answer.
    if let Some(device) = &mut conditions.device {
        device.device_id = Fact::Null;
    }
    conditions.more.compliant_network.get_or_insert(false);
    filled
}

impl Part {
    /// What of the sign-in this part looks at, as one text.
    pub(crate) fn write(self, sign_in: &SignIn<'_>, text: &mut String) {
        let mut put = |parts: &[&str]| {
            for part in parts {
                text.push_str(part);
                text.push('\u{1f}');
            }
        };
        match self {
            Self::Who => put(&[sign_in.user_id, sign_in.service_principal_id, sign_in.cross_tenant_access, sign_in.home_tenant, sign_in.resource_tenant]),
            Self::What => put(&[sign_in.app_id, sign_in.resource_id]),
            Self::Client => put(&[sign_in.client_app]),
            Self::Platform => put(&[sign_in.operating_system]),
            Self::Place => put(&[sign_in.address, sign_in.country]),
            Self::Risk => put(&[sign_in.risk_during_sign_in, sign_in.risk_aggregated]),
            Self::Device => match sign_in.device {
                None => {}
                Some(device) => {
                    let compliant = device.compliant.map_or("", |yes| if yes { "yes" } else { "no" });
                    put(&[device.id, device.name, compliant, device.trust_type]);
                }
            },
            Self::Flow => put(&[sign_in.protocol, sign_in.transfer_method, sign_in.client_app]),
        }
    }

    /// Whether some policy tells sign-ins apart by it; where none does, every value gives the same match, and saying yes
    /// nevertheless costs time only.
    pub(crate) fn decides(self, policies: &[ConditionalAccessPolicy]) -> bool {
        policies.iter().any(|policy| {
            let conditions = &policy.conditions;
            match self {
                Self::Who | Self::What => true,
                Self::Client => conditions.client_app_types.iter().any(|client| *client != ClientAppType::All),
                Self::Platform => conditions.platforms.is_some(),
                Self::Place => conditions.locations.is_some(),
                // The only risk that the log tells of.
                Self::Risk => !conditions.sign_in_risk_levels.is_empty(),
                Self::Device => conditions.devices.is_some(),
                Self::Flow => conditions.authentication_flows.is_some(),
            }
        })
    }

    pub(crate) fn matched(self, engine: &Engine, sign_in: &SignIn<'_>) -> Match {
        match self {
            Self::Who => engine.match_subject(&engine.subject(&sign_in.identity())),
            Self::What => engine.match_context(&sign_in.context()),
            Self::Client => engine.match_client(&sign_in.conditions()),
            Self::Platform => engine.match_platform(&sign_in.conditions()),
            Self::Place => engine.match_location(&sign_in.conditions()),
            Self::Risk => engine.match_risk(&sign_in.conditions()),
            Self::Device => engine.match_device(&sign_in.conditions()),
            Self::Flow => engine.match_flow(&sign_in.conditions()),
        }
    }
}
