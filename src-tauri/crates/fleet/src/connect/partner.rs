//! A partner's customers (GDAP): listed from the partner's own tenant, and many connected from one list. A person's sign-in in
//! the partner tenant is redeemed in each customer's; an application's secret or certificate serves in all of them.

use std::{collections::BTreeMap, sync::Arc};

use graph::{
    App, ClientCertificate, Credential as Signing, GraphError, TokenSource, permissions,
    resources::{RelationshipStatus, partner_customers, partner_relationships},
};
use zeroize::Zeroizing;

use super::{
    attempts::Running,
    check,
    start::{Ending, Newcomer, conclude, person_app},
};
use crate::{
    Fleet,
    problem::problem,
    tenants::no_tenant,
    vault::Secret,
    views::{
        Problem,
        connect::{ConnectProgress, PartnerCustomer},
        tenants::TenantRow,
    },
};

impl Fleet {
    /// The customers of a connected partner tenant, by name, with the relationships that are active.
    pub async fn partner_customers(&self, partner: &str) -> Result<Vec<PartnerCustomer>, Problem> {
        let row = self.stored(partner)?;
        let client = self.client(&row).await?;
        let customers = partner_customers(&client).await.map_err(refused)?;
        let relationships = partner_relationships(&client).await.map_err(refused)?;
        let connected: Vec<String> = self.0.store.read(store::tenants::all)?.into_iter().map(|row| row.id).collect();
        let mut active: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for relationship in relationships {
            if !matches!(relationship.status, Some(RelationshipStatus::Active | RelationshipStatus::Expiring)) {
                continue;
            }
            let Some(tenant) = relationship.customer.as_ref().and_then(|customer| customer.tenant_id.clone()) else { continue };
            active.entry(tenant.to_lowercase()).or_default().push(relationship);
        }
        Ok(customers
            .into_iter()
            .filter_map(|customer| {
                let tenant_id = customer.tenant_id.unwrap_or(customer.id).to_lowercase();
                uuid::Uuid::parse_str(&tenant_id).ok()?;
                let held = active.get(&tenant_id).map(Vec::as_slice).unwrap_or_default();
                Some(PartnerCustomer {
                    display_name: customer.display_name.unwrap_or_else(|| tenant_id.clone()),
                    relationships: held.iter().filter_map(|relationship| relationship.display_name.clone()).collect(),
                    ends_at: held.iter().filter_map(|relationship| relationship.end_date_time).min(),
                    connected: connected.contains(&tenant_id),
                    tenant_id,
                })
            })
            .collect())
    }

    /// Connects several customers of a partner as one attempt. It ends connected with the last of them, or failed with the
    /// names of those that could not be connected; the others are.
    pub fn partner_connect(&self, partner: &str, customers: Vec<String>, who: &str) -> Result<u32, Problem> {
        let row = self.stored(partner)?;
        let mut ids = Vec::new();
        for customer in &customers {
            let id = check::tenant_named(customer)?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if ids.is_empty() {
            return Err(problem("input.invalid", "No customer was chosen", "Choose at least one customer from the list."));
        }
        let running = self.0.attempts.begin(ConnectProgress::Checking);
        let number = running.number;
        let (fleet, who) = (self.clone(), who.to_owned());
        self.0.runtime.spawn(async move {
            let outcome = connect_all(&fleet, &running, &row, ids, &who).await;
            conclude(&running, outcome);
        });
        Ok(number)
    }

    fn stored(&self, tenant: &str) -> Result<store::tenants::TenantRow, Problem> {
        self.0.store.read(|conn| store::tenants::get(conn, tenant))?.ok_or_else(|| no_tenant(tenant))
    }
}

/// Consent on the tenant's page does not ask for what only partners need.
fn refused(error: GraphError) -> Problem {
    if !error.is_missing_permission() {
        return error.into();
    }
    problem(
        "partner.no_permission",
        format!("The partner tenant has not granted {}, which the list of customers needs", permissions::PARTNER.name),
        "Add it to the app registration (API permissions), grant admin consent in your own tenant, then open the list again.",
    )
    .with_details(error.to_string())
}

async fn connect_all(fleet: &Fleet, running: &Running, partner: &store::tenants::TenantRow, ids: Vec<String>, who: &str) -> Result<TenantRow, Ending> {
    let mut last = None;
    let mut failed: Vec<(String, Problem)> = Vec::new();
    for id in ids {
        if running.cancel.is_cancelled() {
            return Err(Ending::Cancelled);
        }
        match connect_one(fleet, running, partner, &id, who).await {
            Ok(row) => last = Some(row),
            Err(Ending::Cancelled) => return Err(Ending::Cancelled),
            Err(Ending::Failed(problem)) => failed.push((id, problem)),
        }
    }
    match (last, failed.as_slice()) {
        (Some(row), []) => Ok(row),
        (_, failed) => {
            let first = failed.first().map(|(_, problem)| problem.clone());
            let names: Vec<String> = failed.iter().map(|(id, problem)| format!("{id}: {}", problem.what)).collect();
            Err(Ending::Failed(
                problem(
                    "connect.some_failed",
                    format!("{} of the customers could not be connected", failed.len()),
                    first.map_or_else(|| "Try again.".to_owned(), |problem| problem.next_step),
                )
                .with_details(names.join("\n")),
            ))
        }
    }
}

async fn connect_one(fleet: &Fleet, running: &Running, partner: &store::tenants::TenantRow, id: &str, who: &str) -> Result<TenantRow, Ending> {
    let cloud = fleet.cloud_of(partner)?;
    let login = fleet.login(cloud.clone())?;
    let held = partner.id.clone();
    let secret = fleet.blocking(move |fleet| Ok(fleet.0.vault.get(&held)?)).await?;
    let app_only = App::new(id, partner.client_id.clone());
    let (app, signing, auth) = match &secret {
        Some(Secret::RefreshToken(token)) => (person_app(id, &partner.client_id, false), Signing::Refresh(graph::Secret::new(token.as_str())), "delegated"),
        Some(Secret::ClientSecret(text)) => (app_only, Signing::Secret(graph::Secret::new(text.as_str())), "secret"),
        Some(Secret::Certificate(pem)) => {
            let certificate = ClientCertificate::from_pem(pem.as_bytes(), fleet.now())?;
            (app_only, Signing::Certificate(Arc::new(certificate)), "certificate")
        }
        None => return Err(problem("connect.no_credential", "No sign-in is saved for the partner tenant", "Connect the partner tenant again.").into()),
    };
    // What Entra rotates during this sign-in belongs to the customer; the partner's own token stays as it is, and good ("Refresh tokens in the
    // Microsoft identity platform": bound to user and client, to no tenant, and not revoked by use).
    let kept = Arc::new(std::sync::Mutex::new(None::<graph::Secret>));
    let keep = {
        let kept = kept.clone();
        Arc::new(move |token: graph::Secret| {
            *crate::fleet::lock(&kept) = Some(token);
            async { Ok(()) }
        })
    };
    let tokens = TokenSource::new(login, app, signing, keep);
    tokens.token(&running.cancel).await?;
    let client = fleet.new_client(cloud, tokens)?.cancelled_by(running.cancel.clone());
    let introduced = check::introduce(&client).await?;
    let missing = check::not_granted(&client).await;
    let rotated = crate::fleet::lock(&kept).take();
    let secret = match (secret, rotated) {
        (Some(Secret::RefreshToken(_)), Some(token)) => Secret::RefreshToken(Zeroizing::new(token.expose().to_owned())),
        (Some(secret), _) => secret,
        (None, _) => return Err(Ending::Cancelled),
    };
    let cloud_name = match partner.cloud.as_str() {
        "usGovernment" => "usGovernment",
        "china" => "china",
        "custom" => "custom",
        "demo" => "demo",
        _ => "global",
    };
    let newcomer = Newcomer {
        introduced,
        cloud: cloud_name,
        custom: partner.graph_url.clone().zip(partner.login_url.clone()),
        auth,
        client_id: partner.client_id.clone(),
        secret,
        missing,
        signed_in: None,
        time_zone: None,
        break_glass_group: None,
    };
    Ok(fleet.settle(newcomer, who).await?.0)
}
