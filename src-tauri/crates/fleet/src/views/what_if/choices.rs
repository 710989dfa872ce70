//! What the form offers: applications, actions, countries and addresses that the tenant's policies and sign-ins know.

use std::collections::BTreeMap;

use conditional_access::{
    Names,
    evaluate::{Country, Engine},
    network,
    tenant::Place,
};

use super::{Choice, WhatIfChoices};
use crate::Fleet;
use crate::views::moment;
use crate::views::{Problem, drift::unknown};

const USER_ACTIONS: [(&str, &str); 2] =
    [("urn:user:registersecurityinfo", "Register security information"), ("urn:user:registerdevice", "Register or join a device")];

/// More choices than this nobody reads; any id can be typed.
const MOST_CHOICES: usize = 1_000;

/// What the form offers for this tenant.
///
/// # Errors
/// The tenant is not connected, or the store refused.
pub fn choices(fleet: &Fleet, tenant: &str) -> Result<WhatIfChoices, Problem> {
    let engine = fleet.engine(tenant)?;
    let mut choices = WhatIfChoices {
        unreadable: engine.readable().err().as_ref().map(unknown),
        read_at: engine.policies_read_at.and_then(moment),
        applications: Vec::new(),
        user_actions: USER_ACTIONS.iter().map(|(value, words)| choice(value, words)).collect(),
        contexts: contexts(&engine.engine),
        countries: Vec::new(),
        addresses: Vec::new(),
    };
    let (used, seen) = fleet.store().read(|conn| Ok((store::sign_ins::apps(conn, &engine.tenant)?, store::sign_ins::countries(conn, &engine.tenant)?)))?;
    choices.applications = applications(&engine.engine, &used);
    (choices.countries, choices.addresses) = places(&engine.engine, &seen);
    Ok(choices)
}

fn choice(value: &str, words: &str) -> Choice {
    Choice { value: value.to_owned(), words: words.to_owned() }
}

/// Those that policies mention first, then those that were signed in to, then every other one by name.
fn applications(engine: &Engine, used: &[(String, String)]) -> Vec<Choice> {
    let mut found = vec![choice("Office365", "Office 365"), choice("MicrosoftAdminPortals", "Microsoft Admin Portals")];
    let mut known: std::collections::HashSet<String> = found.iter().map(|choice| choice.value.to_lowercase()).collect();
    let mut add = |id: &str, name: Option<&str>| {
        let name = engine.application(id).or_else(|| name.map(str::to_owned)).filter(|name| !name.trim().is_empty());
        if let (Some(name), true) = (name, uuid::Uuid::parse_str(id).is_ok())
            && found.len() < MOST_CHOICES
            && known.insert(id.to_lowercase())
        {
            found.push(choice(&id.to_lowercase(), &name));
        }
    };
    engine.mentions().applications.iter().for_each(|id| add(id, None));
    used.iter().for_each(|(id, name)| add(id, Some(name)));
    let mut others: Vec<_> = engine.tenant().service_principals.iter().flatten().collect();
    others.sort_by_cached_key(|principal| principal.display_name.to_lowercase());
    others.iter().for_each(|principal| add(&principal.app_id, Some(&principal.display_name)));
    found
}

fn contexts(engine: &Engine) -> Vec<Choice> {
    let mentioned = engine.policies().iter().flat_map(|policy| &policy.conditions.applications.authentication_contexts);
    let mut ids: Vec<&String> = mentioned.collect();
    ids.sort_by_key(|id| (id.len(), (*id).clone()));
    ids.dedup();
    ids.into_iter().map(|id| choice(id, &format!("Authentication context {id}"))).collect()
}

/// Countries and addresses that named locations hold, and the countries of sign-ins.
fn places(engine: &Engine, seen: &[String]) -> (Vec<Choice>, Vec<Choice>) {
    let mut countries: BTreeMap<String, Vec<String>> = seen.iter().map(|code| (code.to_uppercase(), Vec::new())).collect();
    let mut addresses = Vec::new();
    for location in engine.tenant().named_locations.iter().flatten() {
        match &location.place {
            Place::Countries { countries: codes, .. } => {
                for code in codes {
                    countries.entry(code.to_uppercase()).or_default().push(location.display_name.clone());
                }
            }
            Place::Addresses { ranges, trusted } => {
                let first = ranges.iter().find_map(|range| network::IpRange::parse(range).ok());
                if let Some(range) = first {
                    let trust = if *trusted == Some(true) { ", trusted" } else { "" };
                    addresses.push(choice(&range.first_address().to_string(), &format!("{}{trust}", location.display_name)));
                }
            }
            Place::CompliantNetwork | Place::Unknown => {}
        }
    }
    let countries = countries.into_iter().filter(|(code, _)| Country::read(code).is_some());
    (countries.map(|(code, lists)| choice(&code, if lists.is_empty() { &code } else { lists.first().unwrap_or(&code) })).collect(), addresses)
}
