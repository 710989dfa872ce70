//! What a change would have done to recorded sign-ins: each is judged by the policies before and after it, and the two verdicts are
//! compared. What the log leaves open is taken from what Entra recorded of the same policy, where nothing was changed since; what is
//! open then is "cannot say". Sign-ins that are the same to every policy are judged once. Nothing is read here.

pub mod change;
mod open;
mod outcome;
mod pair;
#[cfg(test)]
mod tests;
pub mod words;

pub use crate::replay::RecordId;
pub use change::{Belongs, Changed, UNBORN, Wanted};
pub use outcome::{Kind, Kinds};
pub use pair::Pair;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::evaluate::{IdSet, Match, Request, Requirement, SecurityDefaultsPart, SignInConditions};
use crate::model::conditions::ClientAppType;
use crate::replay::{Fast, Numbered, PARTS, Records, Says, SignIn, ends_before_policies, words as log_words};
use open::Resolved;

/// What one sign-in comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Empty: the change does nothing to it.
    pub kinds: Kinds,
    /// What it was not asked for before, and is afterwards.
    pub gained: Vec<Requirement>,
    pub lost: Vec<Requirement>,
    pub before: Side,
    pub after: Side,
}

/// The policies on one side of the change, as far as they are known to apply.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// Policies that apply, and those that perhaps do.
    pub decision: Match,
    pub defaults: Option<SecurityDefaultsPart>,
}

/// Sign-ins that come to the same.
#[derive(Debug, Clone)]
pub struct Group {
    pub judged: Arc<Judged>,
    pub sign_ins: u32,
    /// The question of its first sign-in, where somebody may ask why: it cannot be said.
    pub request: Option<Request>,
    pub client: Option<ClientAppType>,
}

/// Which pair of matches each part is; then the client, what security defaults say on both sides, and whether the person's
/// memberships differ.
type Key = [u32; PARTS.len() + 3];

/// A key and what the log says beyond it: the record, the era, whether it succeeded. Only where something is open.
type Open = (u32, u32, u32, bool);

pub struct Impact<'p> {
    pair: &'p Pair,
    /// Before and after.
    matches: Numbered<(Match, Match)>,
    /// What security defaults say on both sides, each pair once.
    defaults: Vec<(Option<SecurityDefaultsPart>, Option<SecurityDefaultsPart>)>,
    /// The newest change of each policy, by index; None: not known, so it counts as unchanged.
    changed: Vec<Option<i64>>,
    /// Moments at which some policy changed, in order.
    eras: Vec<i64>,
    /// By record: what it says of policies, by index.
    records: Records<(usize, Says)>,
    /// By key: its group, or what of it is open.
    by_key: Fast<Key, State>,
    by_open: Fast<Open, u32>,
    pending: Vec<Resolved>,
    groups: Vec<Group>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Settled(u32),
    /// What the log recorded beside it may decide.
    Pending(u32),
}

impl<'p> Impact<'p> {
    /// `changed`: when each policy last changed (Unix milliseconds), by id in lower case. What Entra recorded before that was of another
    /// policy.
    #[must_use]
    pub fn new(pair: &'p Pair, changed: &HashMap<String, i64>) -> Self {
        let ids = || pair.before.policies().iter().map(|policy| policy.id.as_deref().unwrap_or_default().to_ascii_lowercase());
        let eras: BTreeSet<i64> = ids().filter_map(|id| changed.get(&id).copied()).collect();
        Self {
            pair,
            matches: Numbered::new(|part| part.decides(pair.before.policies()) || part.decides(pair.after.policies())),
            defaults: vec![(None, None)],
            changed: ids().map(|id| changed.get(&id).copied()).collect(),
            eras: eras.into_iter().collect(),
            records: Records::default(),
            by_key: Fast::default(),
            by_open: Fast::default(),
            pending: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// A list as Entra recorded it (JSON). The same text is read once.
    pub fn record(&mut self, json: &str) -> RecordId {
        let pair = &self.pair;
        self.records.record(json, |recorded| Some((pair.policy(&recorded.policy_id)?, recorded.says)))
    }

    /// Judges one sign-in, or finds the group it belongs to; None: it ended before policies were looked at, so that no change of
    /// policies concerns it. `error_code` is Entra's, 0 for success.
    pub fn add(&mut self, sign_in: &SignIn<'_>, at: i64, error_code: i64, record: RecordId) -> Option<usize> {
        if ends_before_policies(error_code) {
            return None;
        }
        let key = self.key(sign_in);
        let state = match self.by_key.get(&key) {
            Some(state) => *state,
            None => {
                let state = self.judge(sign_in, &key);
                self.by_key.insert(key, state);
                state
            }
        };
        let group = match state {
            State::Settled(group) => group,
            State::Pending(open) => {
                let era = u32::try_from(self.eras.partition_point(|change| *change <= at)).unwrap_or(u32::MAX);
                let succeeded = error_code == 0;
                let further: Open = (open, record.0, era, succeeded);
                match self.by_open.get(&further) {
                    Some(group) => *group,
                    None => {
                        let group = self.settle(sign_in, open, at, record, succeeded);
                        self.by_open.insert(further, group);
                        group
                    }
                }
            }
        } as usize;
        if let Some(group) = self.groups.get_mut(group) {
            group.sign_ins = group.sign_ins.saturating_add(1);
        }
        Some(group)
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
    pub fn pair(&self) -> &'p Pair {
        self.pair
    }

    fn key(&mut self, sign_in: &SignIn<'_>) -> Key {
        let mut key: Key = [0; PARTS.len() + 3];
        for (part, number) in PARTS.into_iter().zip(&mut key) {
            *number = self.matches.number(part, sign_in, || self.pair.matched(part, sign_in));
        }
        let [.., client, defaults, moved] = &mut key;
        *client = client_number(log_words::client_app_type(sign_in.client_app).as_ref());
        *defaults = self.defaults_number(sign_in);
        *moved = u32::from(self.pair.has_moved(sign_in.user_id));
        key
    }

    /// Security defaults are off nearly everywhere; where they are on they look at who, at what and with which client.
    fn defaults_number(&mut self, sign_in: &SignIn<'_>) -> u32 {
        let (before, after) = (&self.pair.before, &self.pair.after);
        if before.tenant().security_defaults == Some(false) && after.tenant().security_defaults == Some(false) {
            return 0;
        }
        let (was, is) = self.pair.subjects(&sign_in.identity());
        let (context, conditions) = (sign_in.context(), sign_in.conditions());
        let found = (before.security_defaults(&was, &context, &conditions), after.security_defaults(&is, &context, &conditions));
        let place = self.defaults.iter().position(|known| *known == found).unwrap_or_else(|| {
            self.defaults.push(found);
            self.defaults.len() - 1
        });
        u32::try_from(place).unwrap_or_default()
    }

    fn judge(&mut self, sign_in: &SignIn<'_>, key: &Key) -> State {
        let parts: Vec<&(Match, Match)> = key.iter().take(PARTS.len()).filter_map(|number| self.matches.get(*number)).collect();
        let [.., _, defaults, moved] = key;
        let defaults = self.defaults.get(*defaults as usize).copied().unwrap_or_default();
        let resolved = Resolved::of(self.pair, &parts, defaults, *moved == 1);
        if resolved.is_open(self.pair) {
            let place = u32::try_from(self.pending.len()).unwrap_or(u32::MAX);
            self.pending.push(resolved);
            return State::Pending(place);
        }
        State::Settled(self.group_of(sign_in, &resolved))
    }

    fn settle(&mut self, sign_in: &SignIn<'_>, open: u32, at: i64, record: RecordId, succeeded: bool) -> u32 {
        let Some(mut resolved) = self.pending.get(open as usize).cloned() else { return u32::MAX };
        let unchanged = |policy: usize| self.changed.get(policy).copied().flatten().is_none_or(|changed| changed <= at);
        for (policy, says) in self.records.get(record.0).iter().filter(|(policy, _)| unchanged(*policy)) {
            match says {
                Says::Applied { .. } => resolved.did_apply(*policy),
                Says::NotApplied { .. } => resolved.did_not_apply(*policy),
                Says::Off | Says::Nothing => {}
            }
        }
        if succeeded {
            // Whoever got in was not blocked.
            let blocking: IdSet = resolved
                .open_before()
                .filter(|policy| unchanged(*policy))
                .filter(|policy| self.pair.before.enforced().contains(*policy))
                .filter(|policy| self.pair.before.demand(*policy).is_some_and(|demand| demand.blocks))
                .collect();
            blocking.iter().for_each(|policy| resolved.did_not_apply(policy));
        }
        self.group_of(sign_in, &resolved)
    }

    fn group_of(&mut self, sign_in: &SignIn<'_>, resolved: &Resolved) -> u32 {
        let client = log_words::client_app_type(sign_in.client_app);
        let judged = resolved.judge(self.pair, &SignInConditions { client_app: client.clone(), ..SignInConditions::default() });
        let request = judged.kinds.contains(Kind::CannotSay).then(|| sign_in.request());
        self.groups.push(Group { judged: Arc::new(judged), sign_ins: 0, request, client });
        u32::try_from(self.groups.len() - 1).unwrap_or(u32::MAX)
    }
}

/// Clients that satisfy the same.
fn client_number(client: Option<&ClientAppType>) -> u32 {
    match client {
        None => 0,
        Some(ClientAppType::Browser) => 1,
        Some(ClientAppType::ExchangeActiveSync | ClientAppType::EasSupported) => 2,
        Some(ClientAppType::OtherClients) => 3,
        Some(_) => 4,
    }
}
