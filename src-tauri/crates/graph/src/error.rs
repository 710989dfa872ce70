//! What can go wrong between Gatehouse and Graph: one typed error with a stable code, a plain sentence and a next step.
//! Callers act on the predicates, never on words. Nothing in here may hold a token; texts from a server are made plain.

use std::{fmt, time::Duration};

use reqwest::StatusCode;
use serde::Deserialize;

use crate::{secret::Secret, sign_in::SignInError, words::plain};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error("the work was cancelled")]
    Cancelled,
    #[error("{host} could not be reached: {fault}")]
    Network { host: String, fault: NetworkFault, detail: String },
    #[error("the secure connection to {host} failed")]
    Tls { host: String, detail: String },
    #[error("something between this machine and {host} answered with a web page")]
    ProxyPage { host: String, status: u16 },
    #[error("the answer of {host} broke off")]
    BodyCut { host: String, path: String },
    #[error("the answer of {host} was not what Microsoft Graph sends")]
    Garbage { host: String, path: String, detail: String },
    /// `asked`: how long Graph wants this kind of request to be left alone from now on, where that is longer than anybody waits.
    /// `refusal`: None where it was not sent at all, because Graph said so to an earlier one.
    #[error("the tenant is still throttled after {} s of waiting", waited.as_secs())]
    Throttled { path: String, waited: Duration, asked: Option<Duration>, refusal: Option<Box<Refusal>> },
    #[error("Graph refused: {0}")]
    Refused(Box<Refusal>),
    /// A write was sent and no answer tells whether Graph carried it out. It was not sent again: read back before anything else.
    #[error("whether the change was carried out is not known: {cause}")]
    OutcomeUnknown { path: String, cause: Box<GraphError> },
    #[error("the change tracking link is no longer valid")]
    DeltaExpired(Box<Refusal>),
    #[error("Graph sent a link to another host")]
    ForeignLink { host: String },
    #[error("Graph's pages lead in a circle")]
    PagingLoop { path: String },
    #[error("the address {address} cannot be used")]
    BadAddress { address: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkFault {
    NameUnknown,
    Unreachable,
    TimedOut,
    Dropped,
}

impl fmt::Display for NetworkFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NameUnknown => "its name was not found",
            Self::Unreachable => "no connection",
            Self::TimedOut => "no answer in time",
            Self::Dropped => "the connection was dropped",
        })
    }
}

/// Graph's own error answer ("Microsoft Graph error responses and resource types"), with the ids that Microsoft's support asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    /// `error.code`; empty when the answer had no error body.
    pub code: String,
    pub message: String,
    /// The codes of the inner errors, outermost first.
    pub inner_codes: Vec<String>,
    pub request_id: Option<String>,
    pub client_request_id: String,
    /// Graph's own time of the answer.
    pub date: Option<String>,
    pub path: String,
    /// What was refused is a change, not a read.
    pub is_write: bool,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if !self.code.is_empty() {
            write!(f, " {}", self.code)?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct ErrorAnswer {
    error: ErrorBody,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ErrorBody {
    code: Option<String>,
    message: Option<String>,
    #[serde(rename = "innerError", alias = "innererror")]
    inner: Option<Box<InnerError>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct InnerError {
    code: Option<String>,
    message: Option<String>,
    date: Option<String>,
    #[serde(rename = "request-id")]
    request_id: Option<String>,
    #[serde(rename = "innerError", alias = "innererror")]
    inner: Option<Box<InnerError>>,
}

impl Refusal {
    /// From an error answer's body; a body that is no Graph error leaves code and message empty. `sent` is what the request
    /// carried in secret: it is taken out before anything is cut short, should a server repeat it.
    #[must_use]
    pub fn parse(status: u16, body: &[u8], path: &str, client_request_id: &str, request_id: Option<&str>, sent: &Secret) -> Self {
        let clean = |text: &str, limit: usize| plain(&sent.redact(text), limit);
        let error = serde_json::from_slice::<ErrorAnswer>(body).map(|answer| answer.error).unwrap_or_default();
        let mut message = error.message.unwrap_or_default();
        let mut refusal = Self {
            status,
            code: clean(&error.code.unwrap_or_default(), 120),
            message: String::new(),
            inner_codes: Vec::new(),
            request_id: request_id.map(|id| clean(id, 80)),
            client_request_id: client_request_id.to_owned(),
            date: None,
            path: path.to_owned(),
            is_write: false,
        };
        let mut next = error.inner;
        while let Some(inner) = next {
            if let Some(code) = inner.code.filter(|code| !code.is_empty()) {
                refusal.inner_codes.push(clean(&code, 120));
            }
            // Conditional Access puts the useful sentence into the inner error and a general one outside.
            if let Some(more) = inner.message.filter(|more| !more.is_empty() && !message.contains(more.as_str())) {
                message = format!("{message} {more}");
            }
            refusal.date = refusal.date.or(inner.date.map(|date| clean(&date, 40)));
            refusal.request_id = refusal.request_id.or(inner.request_id.map(|id| clean(&id, 80)));
            next = inner.inner;
        }
        refusal.message = clean(&message, 900);
        refusal
    }

    fn codes(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.code.as_str()).chain(self.inner_codes.iter().map(String::as_str))
    }

    fn has_code(&self, wanted: &[&str]) -> bool {
        self.codes().any(|code| wanted.iter().any(|wanted| code.eq_ignore_ascii_case(wanted)))
    }

    /// The tenant lacks Entra ID P1 or P2 for this. Graph says so in several ways, most of them not documented.
    #[must_use]
    pub fn is_licence(&self) -> bool {
        const CODES: [&str; 3] =
            ["Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Authentication_RequestFromUnsupportedUserRole_NonPremium", "AadPremiumLicenseRequired"];
        if !matches!(self.status, 400 | 402 | 403) {
            return false;
        }
        let message = self.message.to_ascii_lowercase();
        self.has_code(&CODES)
            || (self.status == 402)
            || message.contains("premium license")
            || message.contains("premium licence")
            || message.contains("premium p2")
            || message.contains("premium p1")
            || message.contains("entra id p2")
            || message.contains("entra id p1")
            || message.contains("id governance license")
            || message.contains("tenant is not licensed")
            || (message.contains("license") && (message.contains("tenant does not") || message.contains("tenant doesn't") || message.contains("needs")))
    }

    #[must_use]
    pub fn is_missing_permission(&self) -> bool {
        self.status == 403 && !self.is_licence() && !self.is_identity_gone()
    }

    /// The application, or the account that signed in, is no longer in the tenant: consent was taken back.
    #[must_use]
    pub fn is_identity_gone(&self) -> bool {
        self.has_code(&["Authorization_IdentityNotFound", "Authorization_IdentityDisabled"])
    }

    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status == 404 && !self.has_code(&["BadRequest"])
    }

    /// "Add members": 400 when the object is already a member of the group. The code is a general one; the sentence tells.
    #[must_use]
    pub fn is_already_member(&self) -> bool {
        self.status == 400 && self.message.contains("added object references already exist") && self.message.contains("'members'")
    }

    /// 410, or one of the codes by which Graph asks for a new full read ("Use delta query to track changes": synchronization reset).
    #[must_use]
    pub fn is_delta_expired(&self) -> bool {
        const CODES: [&str; 6] = [
            "syncStateNotFound",
            "resyncRequired",
            "resyncChangesApplyDifferences",
            "resyncChangesUploadDifferences",
            "syncStateInvalid",
            "Directory_ExpiredPageToken",
        ];
        self.status == 410 || (matches!(self.status, 400 | 404) && self.has_code(&CODES))
    }
}

impl GraphError {
    /// Stable, dotted; for the store, the window and scripts.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignIn(error) => error.code(),
            Self::Cancelled => "cancelled",
            Self::Network { fault, .. } => match fault {
                NetworkFault::NameUnknown => "network.name_unknown",
                NetworkFault::Unreachable => "network.unreachable",
                NetworkFault::TimedOut => "network.timed_out",
                NetworkFault::Dropped => "network.dropped",
            },
            Self::Tls { .. } => "network.tls",
            Self::ProxyPage { .. } => "network.proxy_page",
            Self::BodyCut { .. } => "network.body_cut",
            Self::Garbage { .. } => "graph.garbage",
            Self::Throttled { .. } => "graph.throttled",
            Self::OutcomeUnknown { .. } => "graph.outcome_unknown",
            Self::DeltaExpired(_) => "graph.delta_expired",
            Self::ForeignLink { .. } => "graph.foreign_link",
            Self::PagingLoop { .. } => "graph.paging_loop",
            Self::BadAddress { .. } => "cloud.bad_address",
            Self::Refused(refusal) if refusal.is_licence() => "graph.no_licence",
            Self::Refused(refusal) if refusal.is_identity_gone() => "graph.unauthorized",
            Self::Refused(refusal) => match refusal.status {
                401 => "graph.unauthorized",
                403 => "graph.no_permission",
                404 => "graph.not_found",
                409 | 412 => "graph.conflict",
                500..=599 => "graph.unavailable",
                _ => "graph.refused",
            },
        }
    }

    /// One sentence for a technician, without a full stop at the end.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::SignIn(error) => error.what(),
            Self::Cancelled => "Cancelled".to_owned(),
            Self::Network { host, fault, .. } => format!("{host} could not be reached: {fault}"),
            Self::Tls { host, .. } => format!("The secure connection to {host} could not be made"),
            Self::ProxyPage { host, .. } => format!("A web page came back instead of data from {host}: a proxy or a sign-in page of the network is in between"),
            Self::BodyCut { host, .. } => format!("Answers of {host} keep breaking off"),
            Self::Garbage { host, .. } => format!("{host} answered with something that is not Microsoft Graph data"),
            Self::Throttled { asked: Some(asked), .. } => format!("Microsoft throttles this tenant for another {}", in_words(*asked)),
            Self::Throttled { waited, .. } => format!("Microsoft kept this tenant throttled for {}", in_words(*waited)),
            Self::OutcomeUnknown { cause, .. } => format!("Whether Microsoft carried out the change is not known yet ({})", cause.what()),
            Self::DeltaExpired(_) => "Microsoft no longer knows the point this tenant was last read at".to_owned(),
            Self::ForeignLink { host } => format!("An answer pointed to another server ({host}); nothing was sent there"),
            Self::PagingLoop { .. } => "Microsoft Graph sent the same page link twice".to_owned(),
            Self::BadAddress { address } => format!("The address {address} cannot be used"),
            Self::Refused(refusal) => refused_in_words(refusal),
        }
    }

    #[must_use]
    pub fn next_step(&self) -> String {
        match self {
            Self::SignIn(error) => return error.next_step(),
            Self::Cancelled => "Start it again when you are ready",
            Self::Network { fault: NetworkFault::NameUnknown | NetworkFault::Unreachable, .. } => {
                "Check this machine's network connection; Gatehouse tries again by itself"
            }
            Self::Network { .. } | Self::BodyCut { .. } => "Check the network connection, then resync; what was read before is kept",
            Self::Tls { .. } => {
                "Check this machine's date and time, and whether a proxy inspects TLS: its root certificate must be trusted by the operating system"
            }
            Self::ProxyPage { .. } => "Open a web page in a browser to sign in to the network, or ask for an exception for Microsoft's hosts, then resync",
            Self::Garbage { .. } => "Resync; if it happens again, send the details to Gatehouse's developers",
            Self::Throttled { asked: Some(_), .. } => "Resync after that, nothing is asked before; other tenants are not affected",
            Self::Throttled { .. } => "Wait some minutes and resync; other tenants are not affected",
            Self::OutcomeUnknown { .. } => "Gatehouse reads the tenant to find out; nothing was sent twice, so do not repeat the change by hand before that",
            Self::DeltaExpired(_) => "Gatehouse reads everything again by itself; nothing is lost",
            Self::ForeignLink { .. } => "Check that no proxy rewrites Microsoft's answers",
            Self::PagingLoop { .. } => "Resync; what was read before is kept",
            Self::BadAddress { .. } => "Use https://, or http:// on this machine only",
            Self::Refused(refusal) => refused_next_step(refusal),
        }
        .to_owned()
    }

    /// For *Copy details*: never a token, never a customer's data.
    #[must_use]
    pub fn details(&self) -> String {
        let mut lines = vec![format!("code: {}", self.code())];
        match self {
            Self::SignIn(error) => lines.push(error.details()),
            Self::Network { host, detail, .. } | Self::Tls { host, detail } => lines.push(format!("host: {host}\ndetail: {detail}")),
            Self::ProxyPage { host, status } => lines.push(format!("host: {host}\nstatus: {status}")),
            Self::BodyCut { host, path } => lines.push(format!("host: {host}\npath: {path}")),
            Self::Garbage { host, path, detail } => lines.push(format!("host: {host}\npath: {path}\ndetail: {detail}")),
            Self::PagingLoop { path } => lines.push(format!("path: {path}")),
            Self::OutcomeUnknown { path, cause } => lines.push(format!("path: {path}\nbecause of {}", cause.details())),
            Self::Throttled { path, refusal: None, .. } => lines.push(format!("path: {path}\nnot sent: an earlier answer asked to wait")),
            Self::Throttled { refusal: Some(refusal), .. } | Self::Refused(refusal) | Self::DeltaExpired(refusal) => {
                lines.push(format!("path: {}\nanswer: {refusal}", refusal.path));
                lines.push(format!("request-id: {}\nclient-request-id: {}", refusal.request_id.as_deref().unwrap_or("none"), refusal.client_request_id));
                if let Some(date) = &refusal.date {
                    lines.push(format!("date: {date}"));
                }
            }
            Self::Cancelled | Self::ForeignLink { .. } | Self::BadAddress { .. } => {}
        }
        lines.join("\n")
    }

    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) | Self::DeltaExpired(refusal) | Self::Throttled { refusal: Some(refusal), .. } => Some(refusal),
            Self::OutcomeUnknown { cause, .. } => cause.refusal(),
            _ => None,
        }
    }

    #[must_use]
    pub fn is_licence(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.is_licence())
    }

    #[must_use]
    pub fn is_missing_permission(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.is_missing_permission())
    }

    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.is_not_found())
    }

    #[must_use]
    pub fn is_delta_expired(&self) -> bool {
        matches!(self, Self::DeltaExpired(_))
    }

    /// A write may or may not have been carried out. Only reading back tells; sending it again blindly could do it twice or
    /// undo what somebody else did in between.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(self, Self::OutcomeUnknown { .. })
    }

    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled) || matches!(self, Self::SignIn(error) if error.is_cancelled())
    }

    /// Credentials or consent stopped working: a person must act before this tenant can be read again.
    #[must_use]
    pub fn is_consent_lost(&self) -> bool {
        match self {
            Self::SignIn(error) => error.is_consent_lost(),
            Self::Refused(refusal) => refusal.status == 401 || refusal.is_identity_gone(),
            _ => false,
        }
    }

    /// Of these, what the customer took back or never gave: only an administrator of the tenant can mend it.
    #[must_use]
    pub fn is_consent_withdrawn(&self) -> bool {
        match self {
            Self::SignIn(error) => error.is_consent_withdrawn(),
            Self::Refused(refusal) => refusal.is_identity_gone(),
            _ => false,
        }
    }

    #[must_use]
    pub fn is_tenant_gone(&self) -> bool {
        matches!(self, Self::SignIn(error) if error.is_tenant_gone())
    }

    /// The network or something in it, not the tenant: worth another try later without a person.
    #[must_use]
    pub fn is_network(&self) -> bool {
        match self {
            Self::Network { .. } | Self::Tls { .. } | Self::ProxyPage { .. } | Self::BodyCut { .. } => true,
            Self::SignIn(error) => error.is_network(),
            _ => false,
        }
    }

    #[must_use]
    pub fn is_throttled(&self) -> bool {
        matches!(self, Self::Throttled { .. })
    }
}

fn refused_in_words(refusal: &Refusal) -> String {
    if refusal.is_licence() {
        return format!("The tenant has no licence for this {} (Microsoft Entra ID P1 or P2)", if refusal.is_write { "change" } else { "data" });
    }
    if refusal.is_identity_gone() {
        return "Gatehouse's application was removed or disabled in this tenant".to_owned();
    }
    match refusal.status {
        401 => "Microsoft Graph no longer accepts this tenant's sign-in".to_owned(),
        403 if refusal.is_write => "Gatehouse, or the account that signed in, has no permission to make this change".to_owned(),
        403 => "Gatehouse has no permission to read this data".to_owned(),
        404 => "The object does not exist in the tenant (any more)".to_owned(),
        500..=599 => format!("Microsoft Graph is unavailable (status {})", refusal.status),
        status => match (&refusal.code, &refusal.message) {
            (code, message) if !message.is_empty() => format!("Microsoft Graph refused the request ({status} {code}): {message}"),
            _ => format!("Microsoft Graph refused the request (status {status})"),
        },
    }
}

fn refused_next_step(refusal: &Refusal) -> &'static str {
    if refusal.is_licence() && refusal.is_write {
        return "Nothing was changed; check the tenant's licences, then plan the change again";
    }
    if refusal.is_licence() {
        return "Nothing to do unless the customer buys the licence; it is shown as unknown until then";
    }
    if refusal.is_identity_gone() {
        return "Ask the customer whether that was meant, then connect the tenant again";
    }
    match refusal.status {
        401 => "Connect the tenant again",
        403 if refusal.is_write => {
            "Nothing was changed; turn on writing for the tenant again to grant its permissions. The account that signed in may also need the Conditional Access Administrator role"
        }
        400 | 409 | 412 if refusal.is_write => "Nothing was changed; correct what Microsoft names and plan the change again",
        403 => "Grant the missing permission on the tenant's page (admin consent); the account that signed in may also need the Global Reader role",
        404 => "Resync the tenant",
        500..=599 => "Wait some minutes and resync; what was read before is kept",
        _ => "Resync; if it happens again, send the details to Gatehouse's developers",
    }
}

fn in_words(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..=119 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds / 60),
    }
}

/// What a failure of the HTTP client means. The URL is taken out: delta and skip tokens have no place in a log.
pub(crate) fn from_reqwest(error: reqwest::Error, host: &str) -> GraphError {
    let error = error.without_url();
    let detail = chain(&error);
    let lower = detail.to_ascii_lowercase();
    let host = host.to_owned();
    let detail = plain(&detail, 400);
    // rustls' own words; the HTTP client does not pass its error type on.
    const TLS: [&str; 9] =
        ["certificate", "tls", "handshake", "ssl", "unknownissuer", "corrupt message", "fatal alert", "peer is incompatible", "peer misbehaved"];
    let tls = TLS.iter().any(|word| lower.contains(word));
    if tls && !error.is_timeout() {
        return GraphError::Tls { host, detail };
    }
    let fault = if error.is_timeout() || lower.contains("timed out") {
        NetworkFault::TimedOut
    } else if lower.contains("dns") || lower.contains("failed to lookup") || lower.contains("name or service not known") {
        NetworkFault::NameUnknown
    } else if error.is_connect() {
        NetworkFault::Unreachable
    } else {
        NetworkFault::Dropped
    };
    GraphError::Network { host, fault, detail }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let words = cause.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        source = cause.source();
    }
    text
}

/// A web page where data should be: a captive portal, a filtering proxy, an inspection appliance.
pub(crate) fn is_web_page(content_type: Option<&str>, body: &[u8]) -> bool {
    content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("html"))
        || body.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| *byte == b'<')
}

pub(crate) fn is_proxy_status(status: StatusCode) -> bool {
    status.is_redirection() || status == StatusCode::PROXY_AUTHENTICATION_REQUIRED || status == StatusCode::NETWORK_AUTHENTICATION_REQUIRED
}
