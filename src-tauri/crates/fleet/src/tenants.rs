//! What a technician does to a connected tenant apart from syncing it: find it by what people call it, change its settings,
//! remove it. Every change is written into the audit log in the transaction that makes it.

use serde_json::json;
use store::{audit_log, tenants::TenantRow as Stored};

use crate::{
    Fleet,
    fleet::FleetEvent,
    problem::problem,
    rules::{self, Rules},
    transaction::{self, Decided},
    views::{
        Problem,
        tenants::{TenantOverview, TenantRow, TenantSettings},
    },
};

impl Fleet {
    /// The id of the tenant that a person named by id, domain or display name, or by the beginning of one of them where only
    /// one tenant begins so. Upper and lower case are the same.
    pub fn find_tenant(&self, named: &str) -> Result<String, Problem> {
        let mut found = self.0.store.read(|conn| store::tenants::named(conn, named))?;
        let beginning = named.trim().to_lowercase();
        if found.is_empty() && !beginning.is_empty() {
            found = self.0.store.read(store::tenants::all)?;
            found.retain(|row| [&row.display_name, &row.default_domain, &row.id].iter().any(|name| name.to_lowercase().starts_with(&beginning)));
        }
        match found.as_slice() {
            [one] => Ok(one.id.clone()),
            [] => Err(no_tenant(named)),
            several => {
                const SHOWN: usize = 4;
                let mut shown: Vec<String> = several.iter().take(SHOWN).map(|row| format!("{} ({})", row.display_name, row.id)).collect();
                if several.len() > SHOWN {
                    shown.push(format!("{} more", several.len() - SHOWN));
                }
                Err(problem(
                    "input.ambiguous",
                    format!("“{named}” names {} tenants", several.len()),
                    format!("Use more of the name, or an id: {}.", shown.join(", ")),
                ))
            }
        }
    }

    /// Every tenant, as the fleet list shows it.
    pub fn tenants(&self) -> Result<Vec<TenantRow>, Problem> {
        crate::views::tenants::list(&self.0.store, self.now(), &self.0.progress.now())
    }

    /// Whether any tenant is one of the demo fleet; asked at every start, so nothing is counted for it.
    pub fn has_demo_tenants(&self) -> Result<bool, Problem> {
        Ok(self.0.store.read(store::tenants::all)?.iter().any(|tenant| tenant.cloud == "demo"))
    }

    /// One tenant's overview, by id.
    pub fn tenant(&self, tenant: &str) -> Result<TenantOverview, Problem> {
        crate::views::tenants::get(&self.0.store, tenant, self.now(), &self.0.progress.now())
    }

    /// Changes a tenant's settings; `who` is the technician. Fields that are absent stay.
    pub fn tenant_set(&self, tenant: &str, settings: TenantSettings, who: &str) -> Result<TenantRow, Problem> {
        let now = self.now();
        if let Some(pattern) = settings.ticket_pattern.as_deref().map(str::trim).filter(|pattern| !pattern.is_empty()) {
            rules::whole(pattern)?;
        }
        if let Some(zone) = &settings.time_zone {
            check_time_zone(zone)?;
        }
        let changed = transaction::write(&self.0.store, |tx| {
            let before = store::tenants::get(tx, tenant)?.ok_or_else(|| no_tenant(tenant))?;
            let mut after = before.clone();
            if let Some(named) = settings.break_glass_group.as_deref() {
                after.break_glass_group = group_id(tx, &before.id, named)?;
            }
            if let Some(writes) = settings.writes {
                after.writes = writes;
                if !writes {
                    "[]".clone_into(&mut after.missing_write_permissions);
                }
            }
            if let Some(pattern) = &settings.ticket_pattern {
                after.ticket_pattern = Some(pattern.trim().to_owned()).filter(|pattern| !pattern.is_empty());
            }
            if let Some(second) = settings.second_approval {
                after.second_approval = second;
            }
            if let Some(names) = &settings.technicians {
                after.technicians = serde_json::to_string(&names_of(names)).unwrap_or_else(|_| "[]".to_owned());
            }
            if let Some(baseline) = &settings.baseline {
                after.baseline = Some(baseline.trim()).filter(|name| !name.is_empty()).unwrap_or("builtin").to_owned();
            }
            if let Some(zone) = &settings.time_zone {
                zone.trim().clone_into(&mut after.time_zone);
            }
            if after == before {
                return Ok(false);
            }
            // Who may not act on a tenant may not loosen the rules for acting on it either.
            if Rules::of(&after) != Rules::of(&before) {
                Rules::of(&before).may_act(who)?;
            }
            after.put(tx)?;
            let (was, is) = (settings_of(&before), settings_of(&after));
            audit_log::append(
                tx,
                &audit_log::Entry {
                    at: now.timestamp_millis(),
                    who,
                    action: "tenant.settings_changed",
                    tenant: Some(&before.id),
                    subject: &format!("Settings of {}", before.display_name),
                    detail: &json!({ "before": was, "after": is }).to_string(),
                },
            )?;
            Ok(true)
        })?;
        if changed {
            // Who is a break-glass account decides the classes of accounts too.
            self.judge(&tenant.to_lowercase());
            self.tell(FleetEvent::DataChanged { tenant: tenant.to_lowercase() });
        }
        Ok(self.tenant(tenant)?.tenant)
    }

    /// Removes the tenant, its secret and everything synced of it; the audit log keeps that it was here.
    pub async fn tenant_remove(&self, tenant: &str, who: &str) -> Result<(), Problem> {
        let id = tenant.to_lowercase();
        self.cancel(Some(&id));
        // The running sync must not write into a tenant that is going away.
        self.wait_until_idle(&id).await;
        let who = who.to_owned();
        let removed = id.clone();
        self.blocking(move |fleet| {
            let now = fleet.now().timestamp_millis();
            let Some(row) = fleet.0.store.read(|conn| store::tenants::get(conn, &removed))? else { return Err(no_tenant(&removed)) };
            store::upkeep::remove_tenant(&fleet.0.store, &removed)?;
            fleet.0.store.write(|tx| {
                audit_log::append(
                    tx,
                    &audit_log::Entry {
                        at: now,
                        who: &who,
                        action: "tenant.removed",
                        tenant: Some(&removed),
                        subject: &format!("{} ({})", row.display_name, row.default_domain),
                        detail: &json!({ "clientId": row.client_id, "cloud": row.cloud }).to_string(),
                    },
                )
            })?;
            fleet.0.vault.remove(&removed)?;
            Ok(())
        })
        .await?;
        self.0.clients.forget(&id);
        self.0.progress.forget(&id);
        self.tell(FleetEvent::DataChanged { tenant: id });
        Ok(())
    }
}

pub(crate) fn no_tenant(named: &str) -> Problem {
    problem("input.no_tenant", format!("No tenant is called “{named}”"), "Look at the list of tenants for its id, domain or name.")
}

/// Names as they are kept: without the space around them, each once.
fn names_of(typed: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in typed.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        if !names.iter().any(|known| rules::same_person(known, name)) {
            names.push(name.to_owned());
        }
    }
    names
}

fn settings_of(row: &Stored) -> serde_json::Value {
    json!({
        "writes": row.writes,
        "ticketPattern": row.ticket_pattern,
        "secondApproval": row.second_approval,
        "technicians": serde_json::from_str::<serde_json::Value>(&row.technicians).unwrap_or_default(),
        "baseline": row.baseline,
        "breakGlassGroup": row.break_glass_group,
        "timeZone": row.time_zone,
    })
}

fn check_time_zone(zone: &str) -> Result<(), Problem> {
    zone.trim()
        .parse::<chrono_tz::Tz>()
        .map(drop)
        .map_err(|_| problem("input.invalid", format!("“{zone}” is not a time zone"), "Use an IANA name such as Europe/Berlin or America/Chicago."))
}

/// The group that a person named by id or display name; an empty text removes it. A GUID is taken as it is, also before
/// groups were ever read.
pub(crate) fn group_id(conn: &store::Connection, tenant: &str, named: &str) -> Decided<Option<String>> {
    let named = named.trim();
    if named.is_empty() {
        return Ok(None);
    }
    if let Ok(id) = uuid::Uuid::parse_str(named) {
        return Ok(Some(id.to_string()));
    }
    let found = store::groups::named(conn, tenant, named)?;
    match found.as_slice() {
        [one] => Ok(Some(one.id.clone())),
        [] => Err(problem(
            "input.no_group",
            format!("The tenant has no group called “{named}”"),
            "Check the spelling, or resync the tenant first, or use the group's object id.",
        )
        .into()),
        several => Err(problem(
            "input.ambiguous",
            format!("{} groups are called “{named}”", several.len()),
            format!("Use the object id of one: {}.", several.iter().map(|group| group.id.as_str()).collect::<Vec<_>>().join(", ")),
        )
        .into()),
    }
}
