//! What a technician and the licences say beside the directory: which accounts are break-glass or service accounts, and what the
//! tenant has paid for. Coverage and drift ask for it.

use std::collections::BTreeSet;

use conditional_access::baseline::Licence;
use conditional_access::coverage::Marks;
use conditional_access::drift::Known;
use serde_json::Value;
use snapshot::Snapshot;
use store::{Connection, DataKind, Result, data_state};

use super::TenantEngine;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Knowledge {
    pub marks: Marks,
    /// None: nobody said which accounts are break-glass.
    pub break_glass_known: bool,
    /// None: licences were never read.
    pub licences: Option<BTreeSet<Licence>>,
}

impl Knowledge {
    /// Members of the break-glass group, marks, and what posture took for a service account.
    ///
    /// # Errors
    /// The store refused.
    pub fn of_store(conn: &Connection, tenant: &str) -> Result<Self> {
        Self::with(conn, tenant, store::mfa_verdicts::of_class(conn, tenant, "serviceAccount")?)
    }

    /// `service`: accounts that a rule takes for service accounts.
    pub(super) fn with(conn: &Connection, tenant: &str, mut service: BTreeSet<String>) -> Result<Self> {
        let mut glass: BTreeSet<String> = BTreeSet::new();
        let group = store::tenants::get(conn, tenant)?.and_then(|row| row.break_glass_group);
        if let Some(group) = &group {
            glass.extend(store::groups::transitive_members(conn, tenant, group)?);
        }
        let marks = store::marks::all(conn, tenant)?;
        let of = |mark: &str| marks.iter().filter(|row| row.mark == mark).map(|row| row.user_id.clone()).collect::<Vec<_>>();
        glass.extend(of("breakGlass"));
        service.extend(of("serviceAccount"));
        let licences = match data_state::get(conn, tenant, DataKind::Licences)?.read_at {
            Some(_) => {
                let bodies = store::organization::licences(conn, tenant)?;
                Some(licences(bodies.iter().filter_map(|row| serde_json::from_str(&row.body).ok()).collect::<Vec<Value>>().iter()))
            }
            None => None,
        };
        Ok(Self {
            break_glass_known: group.is_some() || !glass.is_empty(),
            marks: Marks { service_accounts: service.into_iter().collect(), break_glass: glass.into_iter().collect(), privileged_roles: Vec::new() },
            licences,
        })
    }

    /// A snapshot says which licences there are, and nothing of what a technician knows.
    #[must_use]
    pub fn of_snapshot(snapshot: &Snapshot) -> Self {
        Self { licences: snapshot.subscribed_skus.as_ref().map(|skus| licences(skus.iter())), ..Self::default() }
    }

    /// As drift asks for it.
    #[must_use]
    pub fn known<'a>(&'a self, engine: &'a TenantEngine) -> Known<'a> {
        Known {
            names: &engine.engine,
            licences: self.licences.as_ref(),
            break_glass: self.break_glass_known.then_some(self.marks.break_glass.as_slice()),
            service_accounts: (!self.marks.service_accounts.is_empty()).then_some(self.marks.service_accounts.as_slice()),
        }
    }
}

/// By the service plans inside the subscriptions that are in force ("Product names and service plan identifiers for licensing").
fn licences<'a>(skus: impl Iterator<Item = &'a Value>) -> BTreeSet<Licence> {
    let mut found = BTreeSet::new();
    let in_force = |sku: &&Value| !matches!(sku["capabilityStatus"].as_str(), Some("Suspended" | "Deleted" | "LockedOut"));
    for plan in skus.filter(in_force).filter_map(|sku| sku["servicePlans"].as_array()).flatten() {
        if matches!(plan["provisioningStatus"].as_str(), Some("Disabled" | "Error")) {
            continue;
        }
        match plan["servicePlanName"].as_str().unwrap_or_default() {
            "AAD_PREMIUM" => {
                found.insert(Licence::EntraIdP1);
            }
            "AAD_PREMIUM_P2" => {
                found.extend([Licence::EntraIdP1, Licence::EntraIdP2]);
            }
            "INTUNE_A" | "INTUNE_SMB" | "INTUNE_EDU" => {
                found.insert(Licence::Intune);
            }
            "AAD_WRKLDID_P1" | "AAD_WRKLDID_P2" => {
                found.insert(Licence::WorkloadIdentitiesPremium);
            }
            "INSIDER_RISK" | "INSIDER_RISK_MANAGEMENT" => {
                found.insert(Licence::Purview);
            }
            _ => {}
        }
    }
    found
}
