//! What can be said of a tenant, and made of it, before anybody asks: what was never read, groups in circles, names and ids
//! twice, and the named locations as ranges and codes.

use std::collections::HashMap;
use std::sync::Arc;

use super::compiled::{CompiledPlace, Location};
use super::finding::{Finding, FindingKind};
use super::membership::Graph;
use crate::model::ConditionalAccessPolicy;
use crate::network::{IpRange, IpRanges};
use crate::tenant::{NamedLocation, Place, Tenant};
use crate::words::IdKind;

pub(super) fn tenant_findings(tenant: &Tenant, policies: Option<&[ConditionalAccessPolicy]>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (part, read) in [
        ("conditionalAccessPolicies", policies.is_some()),
        ("users", tenant.users.is_some()),
        ("groups", tenant.groups.is_some()),
        ("roleDefinitions", tenant.role_definitions.is_some()),
        ("roleAssignments", tenant.role_assignments.is_some()),
        ("namedLocations", tenant.named_locations.is_some()),
        ("authenticationStrengths", tenant.authentication_strengths.is_some()),
        ("servicePrincipals", tenant.service_principals.is_some()),
        ("securityDefaults", tenant.security_defaults.is_some()),
    ] {
        if !read {
            found.push(Finding { policy: None, path: part.to_owned(), kind: FindingKind::NeverRead { part } });
        }
    }
    if let Some(groups) = &tenant.groups {
        for groups in Graph::of(groups).cycles() {
            found.push(Finding { policy: None, path: "groups".to_owned(), kind: FindingKind::GroupCycle { groups } });
        }
    }
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut ids: HashMap<String, usize> = HashMap::new();
    for (n, policy) in policies.unwrap_or_default().iter().enumerate() {
        if let Some(name) = policy.display_name.as_ref().filter(|name| !name.trim().is_empty()) {
            match names.get(&name.trim().to_lowercase()) {
                Some(other) => found.push(Finding { policy: Some(n), path: "displayName".to_owned(), kind: FindingKind::SameName { other: *other } }),
                None => _ = names.insert(name.trim().to_lowercase(), n),
            }
        }
        if let Some(id) = &policy.id
            && ids.insert(id.to_lowercase(), n).is_some()
        {
            found.push(Finding { policy: Some(n), path: "id".to_owned(), kind: FindingKind::SameId { kind: IdKind::Policy, id: id.to_lowercase() } });
        }
    }
    found
}

pub(super) fn compile_locations(named: &[NamedLocation]) -> (Vec<Location>, Vec<Finding>) {
    let mut findings = Vec::new();
    let compile = |location: &NamedLocation| {
        let (place, trusted) = match &location.place {
            Place::Addresses { ranges, trusted } => {
                let mut found: Vec<IpRange> = Vec::new();
                let mut broken = false;
                for text in ranges {
                    match IpRange::of_location(text) {
                        Ok(range) => found.push(range),
                        Err(error) => {
                            broken = true;
                            let kind = FindingKind::RangeInvalid { location: location.display_name.clone(), range: text.clone(), why: error.to_string() };
                            findings.push(Finding { policy: None, path: "namedLocations".to_owned(), kind });
                        }
                    }
                }
                (CompiledPlace::Addresses { ranges: found.into_iter().collect::<IpRanges>(), broken }, trusted.unwrap_or(false))
            }
            Place::Countries { countries, include_unknown, by_gps } => {
                let codes = countries.iter().filter_map(|code| match code.trim().as_bytes() {
                    [a, b] => Some([a.to_ascii_uppercase(), b.to_ascii_uppercase()]),
                    _ => None,
                });
                (CompiledPlace::Countries { codes: codes.collect(), include_unknown: *include_unknown, by_gps: *by_gps }, false)
            }
            Place::CompliantNetwork => (CompiledPlace::CompliantNetwork, false),
            Place::Unknown => (CompiledPlace::Strange, false),
        };
        Location { id: Arc::from(location.id.to_lowercase()), name: Arc::from(location.display_name.as_str()), trusted, place }
    };
    let locations = named.iter().map(compile).collect();
    (locations, findings)
}
