//! Writes of named locations: "Create namedLocation", "Update ipNamedLocation", "Update countryNamedLocation", "Delete
//! namedLocation".

use super::{Done, Writing, merged, shape};
use crate::answer::GraphError;
use crate::changes;
use crate::graph::items::missing;
use crate::tenant::{List, Tenant};
use serde_json::{Value, json};
use std::net::IpAddr;

const IP: &str = "#microsoft.graph.ipNamedLocation";
const COUNTRY: &str = "#microsoft.graph.countryNamedLocation";

const MOST: usize = 195;

pub(super) fn create(writing: &mut Writing<'_>) -> Result<Done, GraphError> {
    let mut location = writing.json()?;
    schema(&location)?;
    // "Conditional Access: Network assignment": no more than 195 named locations defined by IP ranges.
    let ip = |id: &String| writing.tenant.primary(List::NamedLocations, id).is_some_and(|location| location["@odata.type"] == IP);
    if location["@odata.type"] == IP && writing.tenant.primary_ids(List::NamedLocations).iter().filter(|id| ip(id)).count() >= MOST {
        return Err(refused(&format!("The tenant has reached the maximum number of named locations ({MOST}).")));
    }
    location["id"] = json!(uuid::Uuid::new_v4().to_string());
    judge(&location)?;
    let defaults = match location["@odata.type"].as_str() {
        Some(IP) => json!({"isTrusted": false}),
        _ => json!({"includeUnknownCountriesAndRegions": false, "countryLookupMethod": "clientIpAddress"}),
    };
    let mut whole = defaults;
    merged(&mut whole, location);
    Ok(Done::Made(changes::put(writing.tenant, List::NamedLocations, whole, &writing.actor, writing.when)))
}

pub(super) fn change(writing: &mut Writing<'_>, id: &str) -> Result<Done, GraphError> {
    let mut location = writing.tenant.primary(List::NamedLocations, id).ok_or_else(|| missing(List::NamedLocations, id))?;
    let newer = writing.json()?;
    schema(&newer)?;
    // "Update ipNamedLocation" and "Update countryNamedLocation": the body says which of the two it is.
    if newer["@odata.type"] != location["@odata.type"] {
        return Err(refused("1007: Incoming NamedLocation object is null or does not match the schema of NamedLocation type."));
    }
    merged(&mut location, newer);
    judge(&location)?;
    changes::put(writing.tenant, List::NamedLocations, location, &writing.actor, writing.when);
    Ok(Done::Silent)
}

pub(super) fn delete(writing: &mut Writing<'_>, id: &str) -> Result<Done, GraphError> {
    let location = writing.tenant.primary(List::NamedLocations, id).ok_or_else(|| missing(List::NamedLocations, id))?;
    // "Conditional Access: Network assignment": a location that is marked as trusted cannot be deleted, nor one that a policy names.
    if location["isTrusted"] == true {
        return Err(refused("The named location is marked as trusted and cannot be deleted. Remove the trusted designation first."));
    }
    if used(writing.tenant, id) {
        return Err(refused("The named location is used by a Conditional Access policy and cannot be deleted."));
    }
    changes::delete(writing.tenant, List::NamedLocations, id, &writing.actor, writing.when);
    Ok(Done::Silent)
}

fn used(tenant: &Tenant, id: &str) -> bool {
    let policies: Vec<Value> = tenant.primary_ids(List::Policies).iter().filter_map(|id| tenant.primary(List::Policies, id)).collect();
    let names = |policy: &Value, side: &str| {
        policy.pointer(&format!("/conditions/locations/{side}")).and_then(Value::as_array).is_some_and(|all| all.iter().any(|known| known == id))
    };
    policies.into_iter().any(|policy| names(&policy, "includeLocations") || names(&policy, "excludeLocations"))
}

fn refused(what: &str) -> GraphError {
    GraphError::bad_request(what)
}

fn schema(location: &Value) -> Result<(), GraphError> {
    for field in ["id", "createdDateTime", "modifiedDateTime", "deletedDateTime"] {
        if location.get(field).is_some_and(|value| !value.is_null()) {
            return Err(refused(&format!("1001: '{field}' is a readonly field and cannot be updated.")));
        }
    }
    let kind = location["@odata.type"].as_str().unwrap_or_default();
    let foreign: &[&str] = match kind {
        IP => &["countriesAndRegions", "includeUnknownCountriesAndRegions", "countryLookupMethod"],
        COUNTRY => &["ipRanges", "isTrusted"],
        _ => &["@odata.type"],
    };
    if !shape::fits(location, shape::LOCATION) || !matches!(kind, IP | COUNTRY) || foreign.iter().any(|field| location.get(field).is_some()) {
        return Err(refused("1007: Incoming NamedLocation object is null or does not match the schema of NamedLocation type."));
    }
    Ok(())
}

fn judge(location: &Value) -> Result<(), GraphError> {
    if location["displayName"].as_str().is_none_or(|name| name.trim().is_empty()) {
        return Err(refused("The named location needs a displayName."));
    }
    if location["@odata.type"] == COUNTRY {
        let codes: Vec<&Value> = location["countriesAndRegions"].as_array().into_iter().flatten().collect();
        let code = |value: &&Value| value.as_str().is_some_and(|code| code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase()));
        return if !codes.is_empty() && codes.iter().all(code) { Ok(()) } else { Err(refused("countriesAndRegions needs two-letter codes of ISO 3166-2.")) };
    }
    let ranges = location["ipRanges"].as_array().map(Vec::as_slice).unwrap_or_default();
    if ranges.is_empty() || ranges.len() > 2_000 {
        return Err(refused("ipRanges needs at least one and at most 2,000 ranges."));
    }
    match ranges.iter().all(cidr) {
        true => Ok(()),
        false => Err(refused("ipRanges holds a range that is not a public one in CIDR notation with a mask greater than /8.")),
    }
}

/// "ipNamedLocation": IPv4 as `iPv4CidrRange`, IPv6 as `iPv6CidrRange`. "Conditional Access: Network assignment": only CIDR masks
/// greater than /8; public ranges, since private ones "cannot be configured" (the same page's earlier text, "Using the location
/// condition in a Conditional Access policy").
fn cidr(range: &Value) -> bool {
    let Some((address, bits)) = range["cidrAddress"].as_str().and_then(|text| text.split_once('/')) else { return false };
    let (Ok(address), Ok(bits)) = (address.parse::<IpAddr>(), bits.parse::<u8>()) else { return false };
    match (range["@odata.type"].as_str(), address) {
        (Some("#microsoft.graph.iPv4CidrRange"), IpAddr::V4(address)) => (9..=32).contains(&bits) && !address.is_private(),
        (Some("#microsoft.graph.iPv6CidrRange"), IpAddr::V6(address)) => (9..=128).contains(&bits) && !address.is_unique_local(),
        _ => false,
    }
}
