//! How a simulator is started: everything that a test, the demo fleet or the command line may choose.

use crate::faults::FaultPlan;
use crate::profile::DemoTenant;
use chrono::{DateTime, Utc};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Where the simulator takes the time from.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    pub fn system() -> Clock {
        Clock(Arc::new(Utc::now))
    }

    pub fn new(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(now))
    }

    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Whether requests are counted against the documented limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Limits {
    /// 429 as "Microsoft Graph service-specific throttling limits" documents.
    #[default]
    Real,
    /// Never 429 by count; faults and `TenantHandle::throttle` still work.
    Off,
}

/// Everything that can be chosen. `Default` gives a free port, the system's clock, the real limits and no tenant.
#[derive(Debug, Clone)]
pub struct SimulatorOptions {
    /// 0: any free port.
    pub port: u16,
    pub tenants: Vec<DemoTenant>,
    /// Decides where an empty page or a replayed change occurs.
    pub seed: u64,
    pub faults: FaultPlan,
    /// How long a change stays invisible to reads.
    pub replication_lag: Duration,
    pub limits: Limits,
    /// Writes all traffic as HAR 1.2 when the simulator stops.
    pub record: Option<PathBuf>,
    pub clock: Clock,
    pub access_token_lifetime: Duration,
    pub device_code_lifetime: Duration,
    /// How long a `$skiptoken` may be followed.
    pub skip_token_lifetime: Duration,
    /// How long a delta link is good: "Use delta query to track changes in Microsoft Graph data" gives directory objects 7 days.
    pub delta_lifetime: Duration,
    /// False: 429 comes without `Retry-After`, as some services really answer.
    pub retry_after: bool,
    /// Now and then a page is empty and a change comes twice, as "Use delta query" warns.
    pub quirks: bool,
    /// A refresh token is refused once it was used, so that a client which keeps it is found out. Microsoft does not do that ("Refresh tokens
    /// in the Microsoft identity platform": old ones are not revoked).
    pub refresh_tokens_once: bool,
    /// A refused admin consent says `error` and `admin_consent=True` together, as has been seen.
    pub refusal_says_consented: bool,
}

impl Default for SimulatorOptions {
    fn default() -> SimulatorOptions {
        SimulatorOptions {
            port: 0,
            tenants: Vec::new(),
            seed: 1,
            faults: FaultPlan::default(),
            replication_lag: Duration::ZERO,
            limits: Limits::Real,
            record: None,
            clock: Clock::system(),
            access_token_lifetime: Duration::from_secs(3600),
            device_code_lifetime: Duration::from_secs(900),
            skip_token_lifetime: Duration::from_secs(1800),
            delta_lifetime: Duration::from_secs(7 * 24 * 3600),
            retry_after: true,
            quirks: true,
            refresh_tokens_once: false,
            refusal_says_consented: false,
        }
    }
}
