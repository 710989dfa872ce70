//! 429 by the documented limits: "Microsoft Graph service-specific throttling limits". Pure: the time is passed in.

use chrono::{DateTime, Utc};
use std::collections::{HashMap, VecDeque};

/// The services whose limits are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Service {
    /// Identity and access: resource units, 3,500, 5,000 or 8,000 per 10 s for an app in a tenant, by the tenant's size.
    Directory { cost: u32 },
    /// Identity and access reports (sign-ins, audits, registration): 5 requests per 10 s for an app in a tenant.
    Reports,
    /// Identity protection and conditional access: one request a second for a tenant, all apps together; no `Retry-After`.
    ConditionalAccess,
    /// No limit that a client of this kind could reach.
    Unlimited,
}

/// A request over its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Throttled {
    /// Whole seconds; the conditional access service tells none.
    pub retry_after: Option<u32>,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    reports: HashMap<(String, String), VecDeque<i64>>,
    policies: HashMap<String, VecDeque<i64>>,
    units: HashMap<(String, String), (f64, i64)>,
}

impl Counters {
    pub fn count(&mut self, service: Service, app: &str, tenant: &str, users: usize, now: DateTime<Utc>) -> Result<(), Throttled> {
        let now = now.timestamp_millis();
        match service {
            Service::Unlimited => Ok(()),
            Service::Reports => {
                let window = self.reports.entry((app.to_owned(), tenant.to_owned())).or_default();
                in_window(window, now, 5, 10_000).map_err(|ms| Throttled { retry_after: Some(seconds(ms)) })
            }
            Service::ConditionalAccess => {
                let window = self.policies.entry(tenant.to_owned()).or_default();
                in_window(window, now, 1, 1_000).map_err(|_| Throttled { retry_after: None })
            }
            Service::Directory { cost } => {
                let quota = match users {
                    0..50 => 3_500.0,
                    50..=500 => 5_000.0,
                    _ => 8_000.0,
                };
                let (left, since) = self.units.entry((app.to_owned(), tenant.to_owned())).or_insert((quota, now));
                // A token bucket that fills within 10 s.
                let elapsed = (now - *since).max(0) as f64;
                *left = (*left + elapsed * quota / 10_000.0).min(quota);
                *since = now;
                if *left < f64::from(cost) {
                    let missing = f64::from(cost) - *left;
                    return Err(Throttled { retry_after: Some(seconds((missing * 10_000.0 / quota) as i64)) });
                }
                *left -= f64::from(cost);
                Ok(())
            }
        }
    }
}

/// Counts a request in a sliding window; else says in how many milliseconds there is room.
fn in_window(window: &mut VecDeque<i64>, now: i64, most: usize, ms: i64) -> Result<(), i64> {
    while window.front().is_some_and(|first| now - first >= ms) {
        window.pop_front();
    }
    if window.len() >= most {
        return Err(ms - (now - window.front().copied().unwrap_or(now)));
    }
    window.push_back(now);
    Ok(())
}

fn seconds(ms: i64) -> u32 {
    u32::try_from((ms + 999) / 1000).unwrap_or(1).max(1)
}

/// Base cost of a directory read: "Identity and access service limits", the table of base request costs and the other factors.
pub(crate) fn cost(operation: &str, selects: bool, expands: bool, top: Option<usize>) -> u32 {
    let base: i32 = match operation {
        "GET /users" | "GET /users/delta" | "GET /applications" => 2,
        "GET /subscribedSkus" | "GET /contracts" | "GET /groups/{group-id}/members" => 3,
        "GET /groups/{group-id}/transitiveMembers" => 5,
        _ => 1,
    };
    let cost = base - i32::from(selects) + i32::from(expands) - i32::from(top.is_some_and(|top| top < 20));
    u32::try_from(cost.max(1)).unwrap_or(1)
}
