//! The groups of a customer: those that policies, roles and the break-glass routine need, and the everyday ones around them.

use super::customers::{Customer, Key};
use super::draw::{Draw, Seed};
use super::people::{Account, Kind};
use super::time;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupKind {
    Security,
    Dynamic(&'static str),
    RoleAssignable,
    Team,
}

#[derive(Debug, Clone)]
pub(super) enum Member {
    User(usize),
    Group(usize),
}

#[derive(Debug, Clone)]
pub(super) struct Group {
    pub id: String,
    pub name: String,
    pub description: String,
    pub kind: GroupKind,
    pub members: Vec<Member>,
    pub created: DateTime<Utc>,
}

pub(super) struct Groups {
    pub all: Vec<Group>,
    by_name: HashMap<String, usize>,
}

pub(super) const EXCLUDED_FROM_MFA: &str = "CA-Exclude-MFA";
pub(super) const EXCLUDED_FROM_COUNTRIES: &str = "CA-Exclude-Countries";
pub(super) const SERVICE_ACCOUNTS: &str = "CA-ServiceAccounts";
pub(super) const VIP: &str = "VIP";
pub(super) const PILOT: &str = "CA-Pilot";
pub(super) const HELPDESK: &str = "ROLE-Helpdesk";
pub(super) const EXCHANGE_ADMINS: &str = "ROLE-Exchange-Admins";
pub(super) const SECURITY_ADMINS: &str = "ROLE-Security-Admins";

impl Groups {
    pub fn id(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).and_then(|index| self.all.get(*index)).map(|group| group.id.as_str())
    }

    pub fn named(&self, name: &str) -> Option<&Group> {
        self.by_name.get(name).and_then(|index| self.all.get(*index))
    }

    /// For every account: the ids of the groups that it is in, nested ones included.
    pub fn of_accounts(&self, accounts: usize) -> Vec<HashSet<&str>> {
        let mut of = vec![HashSet::new(); accounts];
        for group in &self.all {
            let mut open = vec![group];
            let mut seen = HashSet::new();
            while let Some(inner) = open.pop() {
                if !seen.insert(inner.id.as_str()) {
                    continue;
                }
                for member in &inner.members {
                    match member {
                        Member::User(index) => {
                            if let Some(set) = of.get_mut(*index) {
                                set.insert(group.id.as_str());
                            }
                        }
                        Member::Group(index) => open.extend(self.all.get(*index)),
                    }
                }
            }
        }
        of
    }

    fn add(&mut self, seed: Seed, name: &str, description: &str, kind: GroupKind, members: Vec<Member>, created: DateTime<Utc>) -> usize {
        let index = self.all.len();
        self.by_name.insert(name.to_owned(), index);
        self.all.push(Group { id: seed.id(&format!("group/{name}")), name: name.to_owned(), description: description.to_owned(), kind, members, created });
        index
    }

    pub fn json(&self, customer: &Customer, accounts: &[Account]) -> Vec<Value> {
        self.all
            .iter()
            .map(|group| {
                let members: Vec<Value> = group
                    .members
                    .iter()
                    .filter_map(|member| match member {
                        Member::User(index) => accounts.get(*index).map(|a| json!({"@odata.type": "#microsoft.graph.user", "id": a.id})),
                        Member::Group(index) => self.all.get(*index).map(|g| json!({"@odata.type": "#microsoft.graph.group", "id": g.id})),
                    })
                    .collect();
                let nickname: String = group.name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
                let team = group.kind == GroupKind::Team;
                let rule = match group.kind {
                    GroupKind::Dynamic(rule) => Some(rule),
                    _ => None,
                };
                let types: Vec<&str> = if team {
                    vec!["Unified"]
                } else if rule.is_some() {
                    vec!["DynamicMembership"]
                } else {
                    Vec::new()
                };
                json!({
                    "id": group.id,
                    "displayName": group.name,
                    "description": group.description,
                    "createdDateTime": time(group.created),
                    "groupTypes": types,
                    "securityEnabled": !team,
                    "mailEnabled": team,
                    "mail": team.then(|| format!("{nickname}@{}", customer.domain)),
                    "mailNickname": nickname,
                    "isAssignableToRole": if group.kind == GroupKind::RoleAssignable { Some(true) } else { None },
                    "membershipRule": rule,
                    "membershipRuleProcessingState": rule.map(|_| "On"),
                    "onPremisesSyncEnabled": null,
                    "visibility": if team { Some("Private") } else { None },
                    "members": members,
                })
            })
            .collect()
    }
}

/// Every group of the customer. Account indices in `members` point into `accounts`.
pub(super) fn groups(customer: &Customer, seed: Seed, anchor: DateTime<Utc>, accounts: &[Account]) -> Groups {
    let mut draw = seed.stream("groups");
    let mut groups = Groups { all: Vec::new(), by_name: HashMap::new() };
    let since = anchor - Duration::days(customer.age_days - 30);
    let indices = |wanted: &dyn Fn(&Account) -> bool| -> Vec<Member> {
        accounts.iter().enumerate().filter(|(_, a)| wanted(a)).map(|(index, _)| Member::User(index)).collect()
    };
    let people = indices(&|a| a.kind == Kind::Person && a.enabled);
    groups.add(
        seed,
        "All Staff",
        "Everybody with a licence",
        GroupKind::Dynamic("(user.accountEnabled -eq true) and (user.userType -eq \"Member\")"),
        people.clone(),
        since,
    );
    if customer.key == Key::Dental {
        return groups;
    }
    if let Some(name) = customer.break_glass_group {
        let kind = if customer.key == Key::Architects { GroupKind::RoleAssignable } else { GroupKind::Security };
        groups.add(seed, name, "Emergency access accounts: excluded from every policy", kind, indices(&|a| a.kind == Kind::BreakGlass), since);
    }
    groups.add(seed, "All Guests", "External users", GroupKind::Dynamic("user.userType -eq \"Guest\""), indices(&|a| a.kind == Kind::Guest), since);
    if !customer.service_accounts.is_empty() {
        groups.add(seed, SERVICE_ACCOUNTS, "Accounts of devices and programs", GroupKind::Security, indices(&|a| a.kind == Kind::ServiceAccount), since);
    }
    let department_groups = departments(customer, seed, accounts, &mut groups, since);
    let excluded = exclusions(customer, accounts, &mut draw, &people);
    groups.add(seed, EXCLUDED_FROM_MFA, "Temporarily without MFA, ask IT", GroupKind::Security, excluded, since + Duration::days(400));
    let travellers = some(&mut draw, &people, if customer.key == Key::Shipping { 11 } else { people.len() / 150 });
    let travellers = travellers.into_iter().filter(|m| !matches!(m, Member::User(i) if accounts.get(*i).is_some_and(|a| a.part.is_some()))).collect();
    groups.add(seed, EXCLUDED_FROM_COUNTRIES, "Travelling outside of the allowed countries", GroupKind::Security, travellers, since + Duration::days(420));
    let leaders =
        indices(&|a| a.enabled && a.title.is_some_and(|t| t.contains("Director") || t.contains("Partner") || t.contains("Head") || t.contains("Plant")));
    let leaders = if leaders.is_empty() { some(&mut draw, &people, 2) } else { leaders.into_iter().take(24).collect() };
    groups.add(seed, VIP, "Directors and their offices", GroupKind::Security, leaders, since + Duration::days(60));
    groups.add(seed, PILOT, "First to get new policies", GroupKind::Security, some(&mut draw, &people, 3 + people.len() / 40), since + Duration::days(300));
    let nested: Vec<Member> = department_groups.iter().take(3).map(|index| Member::Group(*index)).collect();
    groups.add(seed, "SG-Head-Office", "The head office's departments", GroupKind::Security, nested, since + Duration::days(90));
    let admins: Vec<usize> = accounts.iter().enumerate().filter(|(_, a)| a.kind == Kind::Admin).map(|(index, _)| index).collect();
    let of = |range: std::ops::Range<usize>| -> Vec<Member> {
        admins.get(range.start.min(admins.len())..range.end.min(admins.len())).unwrap_or_default().iter().map(|i| Member::User(*i)).collect()
    };
    if customer.size > 50 {
        groups.add(
            seed,
            HELPDESK,
            "Service desk: passwords and methods",
            GroupKind::RoleAssignable,
            of(2..5.max(admins.len() / 2)),
            since + Duration::days(200),
        );
        groups.add(seed, EXCHANGE_ADMINS, "Mail administrators", GroupKind::RoleAssignable, of(1..3), since + Duration::days(200));
        groups.add(seed, SECURITY_ADMINS, "Security administrators", GroupKind::RoleAssignable, of(0..2), since + Duration::days(210));
    }
    for team in ["Projects", "Health and Safety", "Summer Party"].iter().take(if customer.size > 100 { 3 } else { 1 }) {
        let count = 4 + people.len() / 30;
        let members = some(&mut draw, &people, count);
        groups.add(seed, team, "Team", GroupKind::Team, members, since + Duration::days(500));
    }
    groups
}

fn departments(customer: &Customer, seed: Seed, accounts: &[Account], groups: &mut Groups, since: DateTime<Utc>) -> Vec<usize> {
    customer
        .all_departments()
        .iter()
        .map(|department| {
            let members = accounts
                .iter()
                .enumerate()
                .filter(|(_, a)| a.kind == Kind::Person && a.enabled && a.department == Some(department.name))
                .map(|(index, _)| Member::User(index))
                .collect();
            groups.add(seed, &format!("SG-{}", department.name), "Department", GroupKind::Security, members, since)
        })
        .collect()
}

fn exclusions(customer: &Customer, accounts: &[Account], draw: &mut Draw, people: &[Member]) -> Vec<Member> {
    let count = match customer.key {
        Key::Architects => 0,
        Key::Trading => 34,
        Key::Shipping => 14,
        Key::Logistics => 40,
        _ => 1 + people.len() / 200,
    };
    let mut members = some(draw, people, count);
    members.retain(|m| !matches!(m, Member::User(i) if accounts.get(*i).is_some_and(|a| a.part.is_some())));
    members
}

/// Some of the list, each once, in the list's order.
fn some(draw: &mut Draw, list: &[Member], count: usize) -> Vec<Member> {
    let mut chosen = HashSet::new();
    for _ in 0..count.min(list.len()) {
        chosen.insert(draw.below(list.len()));
    }
    list.iter().enumerate().filter(|(index, _)| chosen.contains(index)).map(|(_, m)| m.clone()).collect()
}
