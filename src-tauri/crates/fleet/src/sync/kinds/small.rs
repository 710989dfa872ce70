//! The kinds that fit into memory and are read whole: the organization, licences, named locations, strengths, security
//! defaults, the applications' names. What did not change is not written again.

use graph::{
    Request,
    resources::{Document, Other, SecurityDefaults, ServicePrincipal, SubscribedSku},
};
use serde::Serialize;
use store::{
    locations::{self, LocationRow},
    organization::{self, LicenceRow, OrganizationRow},
    security_defaults::{self, SecurityDefaultsRow},
    service_principals::{self, ServicePrincipalRow},
    strengths::{self, StrengthRow},
};

use super::{folded, garbage};
use crate::{
    sync::{outcome::Fault, reading::Reading},
    views::Problem,
};

type Gap = Option<Problem>;

pub async fn organization(reading: &Reading) -> Result<Gap, Fault> {
    let found: Vec<Other> = reading.client.list(Request::v1("organization")).await?;
    let Some(body) = found.into_iter().next() else { return Err(garbage("organization", "an empty list")) };
    let id = body.get("id").and_then(serde_json::Value::as_str).map(folded);
    if id.as_deref() != Some(reading.tenant.as_str()) {
        return Err(garbage("organization", "another tenant's organization"));
    }
    reading.saw(1);
    let row = OrganizationRow { tenant: reading.tenant.clone(), body: json(&body) };
    let ended = reading.ended();
    reading
        .write(move |tx| {
            if organization::get(tx, &row.tenant)?.as_ref() != Some(&row) {
                row.put(tx)?;
            }
            ended.put(tx, 1, None, None)
        })
        .await?;
    Ok(None)
}

pub async fn licences(reading: &Reading) -> Result<Gap, Fault> {
    let found: Vec<SubscribedSku> = reading.client.list(Request::v1("subscribedSkus")).await?;
    reading.saw(found.len());
    let rows: Vec<LicenceRow> = found
        .into_iter()
        .map(|sku| LicenceRow {
            tenant: reading.tenant.clone(),
            id: sku.id.clone(),
            sku_part_number: sku.sku_part_number.clone().unwrap_or_else(|| sku.id.clone()),
            consumed: sku.consumed_units.unwrap_or(0),
            enabled: sku.prepaid_units.as_ref().and_then(|units| units.enabled).unwrap_or(0),
            body: json(&sku),
        })
        .collect();
    let ended = reading.ended();
    reading
        .write(move |tx| {
            if !same(organization::licences(tx, &ended.tenant)?, &rows, |row| row.id.clone()) {
                organization::replace_licences(tx, &ended.tenant, &rows)?;
            }
            ended.put(tx, rows.len() as u64, None, None)
        })
        .await?;
    Ok(None)
}

pub async fn named_locations(reading: &Reading) -> Result<Gap, Fault> {
    let request = Request::v1("identity/conditionalAccess/namedLocations").unknown_enum_members();
    let found: Vec<Document> = reading.client.list(request).await?;
    reading.saw(found.len());
    let mut rows = Vec::with_capacity(found.len());
    for document in &found {
        let (id, display_name) = named(document, "identity/conditionalAccess/namedLocations")?;
        rows.push(LocationRow { tenant: reading.tenant.clone(), id, display_name, body: document.body() });
    }
    let ended = reading.ended();
    reading
        .write(move |tx| {
            if !same(locations::all(tx, &ended.tenant)?, &rows, |row| row.id.clone()) {
                locations::replace(tx, &ended.tenant, &rows)?;
            }
            ended.put(tx, rows.len() as u64, None, None)
        })
        .await?;
    Ok(None)
}

pub async fn strengths(reading: &Reading) -> Result<Gap, Fault> {
    let request = Request::v1("policies/authenticationStrengthPolicies").unknown_enum_members();
    let found: Vec<Document> = reading.client.list(request).await?;
    reading.saw(found.len());
    let mut rows = Vec::with_capacity(found.len());
    for document in &found {
        let (id, display_name) = named(document, "policies/authenticationStrengthPolicies")?;
        rows.push(StrengthRow { tenant: reading.tenant.clone(), id, display_name, body: document.body() });
    }
    let ended = reading.ended();
    reading
        .write(move |tx| {
            if !same(strengths::all(tx, &ended.tenant)?, &rows, |row| row.id.clone()) {
                strengths::replace(tx, &ended.tenant, &rows)?;
            }
            ended.put(tx, rows.len() as u64, None, None)
        })
        .await?;
    Ok(None)
}

pub async fn security_defaults(reading: &Reading) -> Result<Gap, Fault> {
    const PATH: &str = "policies/identitySecurityDefaultsEnforcementPolicy";
    let found: SecurityDefaults = reading.client.get(&Request::v1(PATH)).await?;
    let Some(enabled) = found.is_enabled else { return Err(garbage(PATH, "no isEnabled")) };
    reading.saw(1);
    let row = SecurityDefaultsRow { tenant: reading.tenant.clone(), enabled, body: json(&found) };
    let ended = reading.ended();
    reading
        .write(move |tx| {
            if security_defaults::get(tx, &row.tenant)?.as_ref() != Some(&row) {
                row.put(tx)?;
            }
            ended.put(tx, 1, None, None)
        })
        .await?;
    Ok(None)
}

pub async fn service_principals(reading: &Reading) -> Result<Gap, Fault> {
    let request = Request::v1("servicePrincipals").select(&["id", "appId", "displayName"]).top(999);
    let mut pages = reading.client.pages::<ServicePrincipal>(request);
    let mut rows = Vec::new();
    while let Some(page) = pages.next().await? {
        reading.saw(page.values.len());
        for found in page.values {
            let id = folded(&found.id);
            let app_id = found.app_id.as_deref().map(folded).unwrap_or_default();
            let display_name = found.display_name.clone().unwrap_or_else(|| app_id.clone());
            rows.push(ServicePrincipalRow { tenant: reading.tenant.clone(), id, app_id, display_name, body: "{}".to_owned() });
        }
    }
    // Pages that overlap repeat objects.
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows.dedup_by(|a, b| a.id == b.id);
    let ended = reading.ended();
    reading
        .write(move |tx| {
            if !same(service_principals::all(tx, &ended.tenant)?, &rows, |row| row.id.clone()) {
                service_principals::replace(tx, &ended.tenant, &rows)?;
            }
            ended.put(tx, rows.len() as u64, None, None)
        })
        .await?;
    Ok(None)
}

fn named(document: &Document, path: &str) -> Result<(String, String), Fault> {
    let Some(id) = document.id().map(folded).filter(|id| !id.is_empty()) else { return Err(garbage(path, "an object without an id")) };
    let name = document.display_name().map_or_else(|| id.clone(), str::to_owned);
    Ok((id, name))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned())
}

/// The same rows, in whatever order.
pub fn same<T: PartialEq, K: Ord>(stored: Vec<T>, read: &[T], key: impl Fn(&T) -> K) -> bool {
    if stored.len() != read.len() {
        return false;
    }
    let mut stored: Vec<&T> = stored.iter().collect();
    let mut read: Vec<&T> = read.iter().collect();
    stored.sort_by_key(|row| key(row));
    read.sort_by_key(|row| key(row));
    stored == read
}
