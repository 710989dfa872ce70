//! The demo fleet's tenants: written down as connected, with credentials that the simulator knows too. No request is sent; the
//! first sync finds out like any other.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{check::Introduced, start::Newcomer};
use crate::{
    Fleet,
    fleet::FleetEvent,
    vault::Secret,
    views::{Problem, tenants::TenantRow},
    watch::{STALE_AFTER, is_stale},
};

/// What the simulator says of a tenant that it serves.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoTenantCard {
    pub id: String,
    pub display_name: String,
    pub domain: String,
    pub client_id: String,
    pub client_secret: String,
    /// IANA name.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Group id.
    #[serde(default)]
    pub break_glass_group: Option<String>,
}

impl std::fmt::Debug for DemoTenantCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DemoTenantCard").field("id", &self.id).field("display_name", &self.display_name).finish_non_exhaustive()
    }
}

impl Fleet {
    /// Makes the demo fleet's credentials known to this process. Both sides derive them, so they are never stored.
    pub fn lend_demo_credentials(&self, cards: &[DemoTenantCard]) {
        for card in cards {
            self.0.vault.lend(&card.id.to_lowercase(), Secret::ClientSecret(Zeroizing::new(card.client_secret.clone())));
        }
        self.0.clients.forget_all();
    }

    /// A customer of the demo fleet as it looks after a day without a sync (this machine was off): says in a sentence whose. The next
    /// sync ends it.
    pub async fn demo_missed_day(&self) -> Result<String, Problem> {
        let found = self
            .blocking(|fleet| {
                let now = fleet.now().timestamp_millis();
                let fresh = |row: &store::tenants::TenantRow| row.cloud == "demo" && row.last_complete_sync.is_some_and(|at| !is_stale(Some(at), at, now));
                let Some(row) = fleet.0.store.read(store::tenants::all)?.into_iter().find(fresh) else { return Ok(None) };
                fleet.0.store.write(|tx| store::tenants::set_last_complete_sync(tx, &row.id, now - STALE_AFTER))?;
                fleet.look_and_tell(&row.id);
                Ok(Some(row))
            })
            .await?;
        Ok(match found {
            Some(row) => {
                self.tell(FleetEvent::DataChanged { tenant: row.id });
                format!("{}: its last complete sync is now a day ago, as if this computer had been off.", row.display_name)
            }
            None => "Nothing happened: no customer of the demo fleet was synced within a day.".to_owned(),
        })
    }

    /// Adds the demo fleet's tenants, or refreshes their credentials; returns them as the list shows them.
    pub async fn add_demo_tenants(&self, cards: Vec<DemoTenantCard>, who: &str) -> Result<Vec<TenantRow>, Problem> {
        self.lend_demo_credentials(&cards);
        let mut rows = Vec::with_capacity(cards.len());
        for card in cards {
            let known = self.0.store.read(|conn| store::tenants::get(conn, &card.id))?.is_some();
            if known {
                // Only the credentials: what the technician set and what a sync found stays.
                let secret = Secret::ClientSecret(Zeroizing::new(card.client_secret));
                let id = card.id.to_lowercase();
                let row = self
                    .blocking(move |fleet| {
                        fleet.0.vault.put(&id, &secret)?;
                        Ok(fleet.tenant(&id)?.tenant)
                    })
                    .await?;
                self.0.clients.forget(&row.id);
                rows.push(row);
                continue;
            }
            let newcomer = Newcomer {
                introduced: Introduced { id: card.id.to_lowercase(), display_name: card.display_name, default_domain: card.domain },
                cloud: "demo",
                custom: None,
                auth: "secret",
                client_id: card.client_id,
                secret: Secret::ClientSecret(Zeroizing::new(card.client_secret)),
                missing: Vec::new(),
                signed_in: None,
                time_zone: card.time_zone,
                break_glass_group: card.break_glass_group.map(|group| group.to_ascii_lowercase()),
            };
            rows.push(self.settle(newcomer, who).await?.0);
        }
        Ok(rows)
    }
}
