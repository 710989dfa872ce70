//! The MFA registration report (userRegistrationDetails), whole, a page a transaction. Rows that say the same are not
//! written again; accounts that the report no longer names go at its end.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

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
    // Thirty-two bytes an account: what must be held of a whole report.
    let tenant = reading.tenant.clone();
    let mut known: HashMap<u128, Known> = reading
        .read(move |conn| {
            let mut known = HashMap::new();
            registrations::each(conn, &tenant, |row| {
                known.insert(place(&row.user_id), Known { print: print(&row), seen: false });
                Ok(())
            })?;
            Ok(known)
        })
        .await?;
    while let Some(page) = pages.next().await? {
        reading.saw(page.values.len());
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        for details in page.values {
            if details.id.is_empty() {
                return Err(garbage(PATH, "a row without an id"));
            }
            let row = row(&reading.tenant, details);
            let print = print(&row);
            let before = known.insert(place(&row.user_id), Known { print, seen: true });
            match before {
                None => new.push(row),
                Some(before) if before.print != print => changed.push(row),
                Some(_) => {}
            }
        }
        let last = page.next_link.is_none();
        if new.is_empty() && changed.is_empty() && !last {
            continue;
        }
        let gone: HashSet<u128> = if last { known.iter().filter(|(_, known)| !known.seen).map(|(place, _)| *place).collect() } else { HashSet::new() };
        let stored = known.len() - gone.len();
        let ended = reading.ended();
        reading
            .write(move |tx| {
                new.iter().try_for_each(|row| row.insert(tx))?;
                registrations::put_all(tx, &changed)?;
                if !gone.is_empty() {
                    let mut missing = Vec::new();
                    registrations::each(tx, &ended.tenant, |row| {
                        if gone.contains(&place(&row.user_id)) {
                            missing.push(row.user_id);
                        }
                        Ok(())
                    })?;
                    for user in missing {
                        registrations::delete(tx, &ended.tenant, &user)?;
                    }
                }
                if last { ended.put(tx, stored as u64, None, None) } else { Ok(()) }
            })
            .await?;
    }
    Ok(None)
}

/// What is stored of an account: a fingerprint of its row, and whether this read met it.
struct Known {
    print: u64,
    seen: bool,
}

fn print(row: &RegistrationRow) -> u64 {
    let mut hasher = DefaultHasher::new();
    (row.mfa_registered, row.mfa_capable, row.passwordless, row.is_admin).hash(&mut hasher);
    (&row.methods, &row.default_method, row.report_refreshed_at, row.generation).hash(&mut hasher);
    hasher.finish()
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
