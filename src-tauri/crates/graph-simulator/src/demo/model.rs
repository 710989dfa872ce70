//! One customer worked out: accounts, groups, roles, policies and what follows for each account. Everything that writes JSON
//! or makes sign-ins reads from here.

use super::applications::{self, App};
use super::customers::Customer;
use super::draw::Seed;
use super::evaluate;
use super::groups::{self, Groups};
use super::people::{self, Account, Kind};
use super::policies::{Location, Policy};
use super::policy_sets;
use super::roles::{self, Roles};
use chrono::{DateTime, Utc};
use std::collections::HashSet;

pub(super) struct Model {
    pub customer: &'static Customer,
    pub seed: Seed,
    pub tenant_id: String,
    pub anchor: DateTime<Utc>,
    pub accounts: Vec<Account>,
    pub groups: Groups,
    pub roles: Roles,
    /// Ids of the accounts that hold or can activate a role.
    pub admins: HashSet<String>,
    pub policies: Vec<Policy>,
    pub locations: Vec<Location>,
    /// For every account, for every policy: whether it is assigned.
    pub assigned: Vec<Vec<bool>>,
    pub everyday: Vec<App>,
    pub administration: Vec<App>,
    /// Indices of the accounts that sign in on ordinary days.
    pub active: Vec<usize>,
}

impl Model {
    pub fn new(customer: &'static Customer, seed: Seed, anchor: DateTime<Utc>) -> Model {
        let accounts = people::accounts(customer, seed, anchor);
        let groups = groups::groups(customer, seed, anchor, &accounts);
        let roles = roles::roles(customer, seed, anchor, &accounts, &groups);
        let set = policy_sets::policy_set(customer, seed, anchor, &accounts, &groups);
        let memberships = groups.of_accounts(accounts.len());
        let active_roles = roles.active(&accounts, &memberships);
        let admins: HashSet<String> = roles.admins(&accounts, &memberships).into_iter().map(str::to_owned).collect();
        let assigned = accounts
            .iter()
            .enumerate()
            .map(|(index, account)| set.policies.iter().map(|p| evaluate::assigned(p, account, &memberships[index], &active_roles[index])).collect())
            .collect();
        let active = accounts
            .iter()
            .enumerate()
            .filter(|(_, a)| {
                a.enabled
                    && a.part.is_none()
                    && match a.kind {
                        Kind::Person | Kind::Admin => true,
                        // A guest without any method never accepted the invitation.
                        Kind::Guest => !a.methods.is_empty(),
                        _ => false,
                    }
            })
            .map(|(index, _)| index)
            .collect();
        drop(memberships);
        Model {
            customer,
            seed,
            tenant_id: super::tenant_id_of(seed),
            anchor,
            groups,
            roles,
            admins,
            policies: set.policies,
            locations: set.locations,
            assigned,
            everyday: applications::everyday(customer, seed),
            administration: applications::administration(),
            active,
            accounts,
        }
    }
}
