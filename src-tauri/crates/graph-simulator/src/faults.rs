//! Faults on demand. A plan is a comma-separated list of faults; a fault is what happens, then `;key=value` conditions:
//!
//! `status=503;path=/users;count=3,delay=2000;path=/auditLogs,cut;path=signIns;every=5`
//!
//! What happens: `status=N` answers N in Graph's form · `delay=MS` waits, then answers · `cut` breaks the body off in its middle ·
//! `garbage` answers 200 with bytes that are no JSON · `drop` closes the connection without an answer · `html` answers 200 with a
//! proxy's page · `echo` answers 400 in Graph's form with the request's token and body in its message · `empty` answers 200 with nothing · `claims` answers 401 with a claims challenge · `no-retry-after` takes
//! `Retry-After` out of every 429 and 503 · `retry-after=VALUE` sets it (`status=429;retry-after=0.5`) · `writeLost` carries a write
//! out, then closes the connection: the client cannot know · `writeThen=503` carries a write out, then answers that status where
//! the write was good · `writeSlow=MS` carries a write out, then waits before it answers. (`status=503;method=PATCH` and `drop;method=PATCH` do the same before anything was carried out.)
//! Conditions: `path=TEXT` (part of path and query) · `method=GET` · `tenant=ID` · `count=N` (the first N that match) · `after=N`
//! (not the first N) · `every=N` (each Nth) · `p=0.2;seed=7` (by chance, repeatable).

use std::fmt;
use std::str::FromStr;

/// What a fault does to a request.
#[derive(Debug, Clone, PartialEq)]
pub enum FaultKind {
    Status(u16),
    Delay(u64),
    Cut,
    Garbage,
    Drop,
    Html,
    Echo,
    Empty,
    Claims,
    NoRetryAfter,
    WriteLost,
    WriteThen(u16),
    WriteSlow(u64),
}

/// One fault with its conditions and how often it was looked at and done.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub kind: FaultKind,
    pub path: Option<String>,
    pub method: Option<String>,
    pub tenant: Option<String>,
    pub count: Option<u64>,
    pub after: u64,
    pub every: u64,
    pub probability: f64,
    pub seed: u64,
    pub retry_after: Option<String>,
    matched: u64,
    done: u64,
}

impl Fault {
    pub fn new(kind: FaultKind) -> Fault {
        Fault {
            kind,
            path: None,
            method: None,
            tenant: None,
            count: None,
            after: 0,
            every: 1,
            probability: 1.0,
            seed: 0,
            retry_after: None,
            matched: 0,
            done: 0,
        }
    }

    /// Whether this request is hit; counts it.
    fn hits(&mut self, method: &str, path: &str, tenant: Option<&str>) -> bool {
        if self.path.as_deref().is_some_and(|part| !path.contains(part)) {
            return false;
        }
        if self.method.as_deref().is_some_and(|wanted| !wanted.eq_ignore_ascii_case(method)) {
            return false;
        }
        if self.tenant.as_deref().is_some_and(|wanted| !tenant.is_some_and(|tenant| tenant.eq_ignore_ascii_case(wanted))) {
            return false;
        }
        let writes_only = matches!(self.kind, FaultKind::WriteLost | FaultKind::WriteThen(_) | FaultKind::WriteSlow(_));
        if writes_only && (method.eq_ignore_ascii_case("GET") || path.starts_with("/login") || path.ends_with("/$batch")) {
            return false;
        }
        self.matched += 1;
        if self.matched <= self.after || self.count.is_some_and(|count| self.done >= count) {
            return false;
        }
        if !(self.matched - self.after).is_multiple_of(self.every) || chance(self.seed, self.matched) >= self.probability {
            return false;
        }
        self.done += 1;
        true
    }
}

/// A repeatable number from 0 to below 1 (SplitMix64 of seed and position).
pub(crate) fn chance(seed: u64, n: u64) -> f64 {
    let mut z = seed.wrapping_add(n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    (z >> 11) as f64 / (1u64 << 53) as f64
}

/// A fault specification that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "fault \"{fault}\": {what}; the form is KIND[=VALUE][;path=TEXT][;method=GET][;tenant=ID][;count=N][;after=N][;every=N][;p=0.5][;seed=N], faults separated by commas"
)]
pub struct FaultError {
    pub fault: String,
    pub what: String,
}

/// All faults of a simulator.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FaultPlan {
    pub faults: Vec<Fault>,
}

impl FaultPlan {
    pub fn none() -> FaultPlan {
        FaultPlan::default()
    }

    /// The faults that hit this request, in the order of the plan.
    pub(crate) fn on(&mut self, method: &str, path: &str, tenant: Option<&str>) -> Vec<Fault> {
        self.faults.iter_mut().filter_map(|fault| fault.hits(method, path, tenant).then(|| fault.clone())).collect()
    }
}

impl FromStr for FaultPlan {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<FaultPlan, FaultError> {
        let faults = text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(fault).collect::<Result<_, _>>()?;
        Ok(FaultPlan { faults })
    }
}

fn fault(text: &str) -> Result<Fault, FaultError> {
    let refuse = |what: String| FaultError { fault: text.to_owned(), what };
    let mut parts = text.split(';').map(str::trim);
    let first = parts.next().unwrap_or_default();
    let (name, value) = match first.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (first, None),
    };
    let number = |what: &str, value: Option<&str>| -> Result<u64, FaultError> {
        value.and_then(|v| v.parse().ok()).ok_or_else(|| refuse(format!("{what} needs a whole number")))
    };
    let status = || match u16::try_from(number(name, value)?) {
        Ok(status) if (200..600).contains(&status) => Ok(status),
        _ => Err(refuse(format!("{name} must be from 200 to 599"))),
    };
    let kind = match name {
        "status" => FaultKind::Status(status()?),
        "writeThen" => FaultKind::WriteThen(status()?),
        "writeLost" => FaultKind::WriteLost,
        "writeSlow" => FaultKind::WriteSlow(number("writeSlow", value)?),
        "delay" => FaultKind::Delay(number("delay", value)?),
        "cut" => FaultKind::Cut,
        "garbage" => FaultKind::Garbage,
        "drop" => FaultKind::Drop,
        "html" => FaultKind::Html,
        "echo" => FaultKind::Echo,
        "empty" => FaultKind::Empty,
        "claims" => FaultKind::Claims,
        "no-retry-after" => FaultKind::NoRetryAfter,
        other => return Err(refuse(format!("\"{other}\" is no kind of fault"))),
    };
    if value.is_some() && !matches!(kind, FaultKind::Status(_) | FaultKind::WriteThen(_) | FaultKind::WriteSlow(_) | FaultKind::Delay(_)) {
        return Err(refuse(format!("{name} takes no value")));
    }
    let mut fault = Fault::new(kind);
    for part in parts {
        let Some((key, value)) = part.split_once('=') else {
            return Err(refuse(format!("\"{part}\" is no key=value")));
        };
        match key {
            "path" => fault.path = Some(value.to_owned()),
            "method" => fault.method = Some(value.to_owned()),
            "tenant" => fault.tenant = Some(value.to_owned()),
            "count" => fault.count = Some(number("count", Some(value))?),
            "after" => fault.after = number("after", Some(value))?,
            "every" => match number("every", Some(value))? {
                0 => return Err(refuse("every must be 1 or more".to_owned())),
                every => fault.every = every,
            },
            "p" => match value.parse::<f64>() {
                Ok(p) if (0.0..=1.0).contains(&p) => fault.probability = p,
                _ => return Err(refuse("p must be from 0 to 1".to_owned())),
            },
            "seed" => fault.seed = number("seed", Some(value))?,
            "retry-after" => fault.retry_after = Some(value.to_owned()),
            other => return Err(refuse(format!("\"{other}\" is no condition"))),
        }
    }
    Ok(fault)
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FaultKind::Status(status) => write!(f, "status={status}"),
            FaultKind::Delay(ms) => write!(f, "delay={ms}"),
            FaultKind::Cut => f.write_str("cut"),
            FaultKind::Garbage => f.write_str("garbage"),
            FaultKind::Drop => f.write_str("drop"),
            FaultKind::Html => f.write_str("html"),
            FaultKind::Echo => f.write_str("echo"),
            FaultKind::Empty => f.write_str("empty"),
            FaultKind::Claims => f.write_str("claims"),
            FaultKind::NoRetryAfter => f.write_str("no-retry-after"),
            FaultKind::WriteLost => f.write_str("writeLost"),
            FaultKind::WriteThen(status) => write!(f, "writeThen={status}"),
            FaultKind::WriteSlow(ms) => write!(f, "writeSlow={ms}"),
        }
    }
}
