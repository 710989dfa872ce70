//! The demo fleet: eight fictional customers of 6 to 5,000 accounts, a pure function of a seed and an anchor time. Everything is
//! invented: reserved domains and addresses, names put together by chance. No clock, no network, no disk in here.

mod applications;
mod audits;
mod customers;
mod draw;
mod evaluate;
mod events;
mod groups;
mod journal;
mod licences;
mod methods;
mod model;
mod names;
mod people;
mod places;
mod policies;
mod policy_sets;
mod roles;
mod sign_ins;
mod tenant;
#[cfg(test)]
mod tests;

use crate::DemoTenant;
use chrono::{DateTime, SecondsFormat, Utc};
use customers::{CUSTOMERS, Customer};
use draw::Seed;
use model::Model;
pub(crate) use roles::definitions_json as built_in_roles;
use serde_json::value::RawValue;

/// What is special about a customer, for whoever shows or configures the demo fleet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    pub tenant_id: String,
    pub display_name: &'static str,
    pub domain: &'static str,
    /// An IANA name.
    pub time_zone: &'static str,
    /// The display name of the group that holds the break-glass accounts; the customer may have none.
    pub break_glass_group: Option<&'static str>,
    /// That group's id.
    pub break_glass_group_id: Option<String>,
    /// Accounts in all.
    pub accounts: usize,
    pub sentence: &'static str,
}

/// The fleet as a pure function of its seed and its anchor time: the same bytes every time.
pub fn fleet(seed: u64, anchor: DateTime<Utc>) -> Vec<DemoTenant> {
    let anchor = whole_second(anchor);
    // The biggest customer takes half of the time, so each is made on its own thread.
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            CUSTOMERS.iter().map(|customer| scope.spawn(move || tenant::demo_tenant(&Model::new(customer, seed_of(seed, customer), anchor)))).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    })
}

/// The customers' stories, in the fleet's order; they do not depend on the anchor.
pub fn stories(seed: u64) -> Vec<Story> {
    CUSTOMERS
        .iter()
        .map(|customer| {
            let own = seed_of(seed, customer);
            Story {
                tenant_id: tenant_id_of(own),
                display_name: customer.name,
                domain: customer.domain,
                time_zone: customer.zone.name(),
                break_glass_group: customer.break_glass_group,
                break_glass_group_id: customer.break_glass_group.map(|name| own.id(&format!("group/{name}"))),
                accounts: customer.size,
                sentence: customer.story,
            }
        })
        .collect()
}

/// A fleet that lives on after its anchor. Keep one: making it costs about as much as a tenth of the fleet.
pub struct Life {
    models: Vec<Model>,
}

impl Life {
    pub fn new(seed: u64, anchor: DateTime<Utc>) -> Life {
        let anchor = whole_second(anchor);
        Life { models: CUSTOMERS.iter().map(|customer| Model::new(customer, seed_of(seed, customer), anchor)).collect() }
    }

    /// The ordinary sign-ins of a tenant after `from` and up to `to`, newest first: a pure function, so that two adjoining
    /// intervals give exactly what the whole gives. Empty for a tenant that is not of this fleet.
    pub fn sign_ins(&self, tenant_id: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Box<RawValue>> {
        let Some(model) = self.models.iter().find(|m| m.tenant_id.eq_ignore_ascii_case(tenant_id)) else { return Vec::new() };
        let mut journal = sign_ins::Journal::new(model);
        sign_ins::ordinary(model, &mut journal, from, to);
        journal.newest_first()
    }
}

/// The ordinary sign-ins of one tenant after `from` and up to `to`. For more than one call, keep a [`Life`].
pub fn tick(seed: u64, anchor: DateTime<Utc>, tenant_id: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Box<RawValue>> {
    Life::new(seed, anchor).sign_ins(tenant_id, from, to)
}

fn seed_of(seed: u64, customer: &Customer) -> Seed {
    Seed::new(seed).within(customer.domain)
}

fn tenant_id_of(seed: Seed) -> String {
    seed.id("tenant")
}

fn whole_second(time: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(time.timestamp(), 0).unwrap_or(time)
}

/// A time as Graph writes it.
fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
