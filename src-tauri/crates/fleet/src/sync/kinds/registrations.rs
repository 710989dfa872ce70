//! The MFA registration report (userRegistrationDetails), whole, a page a transaction. Rows that say the same are not
//! written again; accounts that the report no longer names go at its end.

use std::collections::HashSet;

use graph::{Request, resources::UserRegistrationDetails};
use sha2::{Digest, Sha256};
use store::registrations::{self, RegistrationRow};

use super::{folded, garbage};
use crate::{
    sync::{outcome::Fault, reading::Reading},
    views::Problem,
};

const PATH: &str = "reports/authenticationMethods/userRegistrationDetails";

pub async fn read(reading: &Reading) -> Result<Option<Problem>, Fault> {
    let mut pages = reading.client.pages::<UserRegistrationDetails>(Request::v1(PATH).top(999));
    // Sixteen bytes an account: what must be held of a whole report.
    let mut seen: HashSet<u128> = HashSet::new();
    while let Some(page) = pages.next().await? {
        reading.saw(page.values.len());
        let mut rows = Vec::with_capacity(page.values.len());
        for details in page.values {
            if details.id.is_empty() {
                return Err(garbage(PATH, "a row without an id"));
            }
            let row = row(&reading.tenant, details);
            seen.insert(place(&row.user_id));
            rows.push(row);
        }
        let last = page.next_link.is_none();
        let gone = last.then(|| std::mem::take(&mut seen));
        let ended = reading.ended();
        reading
            .write(move |tx| {
                for row in rows {
                    let before = registrations::get(tx, &row.tenant, &row.user_id)?;
                    if before.as_ref() != Some(&row) {
                        row.put(tx)?;
                    }
                }
                if let Some(seen) = gone {
                    let mut missing = Vec::new();
                    registrations::each(tx, &ended.tenant, |row| {
                        if !seen.contains(&place(&row.user_id)) {
                            missing.push(row.user_id);
                        }
                        Ok(())
                    })?;
                    for user in missing {
                        registrations::delete(tx, &ended.tenant, &user)?;
                    }
                    ended.put(tx, seen.len() as u64, None, None)?;
                }
                Ok(())
            })
            .await?;
    }
    Ok(None)
}

fn row(tenant: &str, details: UserRegistrationDetails) -> RegistrationRow {
    RegistrationRow {
        tenant: tenant.to_owned(),
        user_id: folded(&details.id),
        mfa_registered: details.is_mfa_registered,
        mfa_capable: details.is_mfa_capable,
        passwordless: details.is_passwordless_capable,
        is_admin: details.is_admin,
        methods: serde_json::to_string(&details.methods_registered).unwrap_or_else(|_| "[]".to_owned()),
        default_method: details.default_method().map(str::to_owned),
        report_refreshed_at: details.last_updated_date_time.map(|at| at.timestamp_millis()),
        generation: 0,
    }
}

/// A GUID is its own number; any other id gets one.
fn place(id: &str) -> u128 {
    uuid::Uuid::parse_str(id).map_or_else(
        |_| {
            let digest = Sha256::digest(id.as_bytes());
            digest.iter().take(16).fold(0u128, |number, byte| number << 8 | u128::from(*byte))
        },
        |id| id.as_u128(),
    )
}
