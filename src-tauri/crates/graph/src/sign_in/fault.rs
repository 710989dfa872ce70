//! Why a sign-in failed: typed, with a stable code, a plain sentence and a next step. Microsoft asks applications not to
//! depend on AADSTS numbers ("Microsoft Entra authentication and authorization error codes"): here they choose words,
//! while behaviour (consent lost or not, try again or not) follows the OAuth `error` field.

use serde::Deserialize;

use super::certificate::CertificateFault;
use crate::{error::GraphError, secret::Secret, words::plain};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInFault {
    ExpiredSecret,
    WrongSecret,
    /// Entra does not know or accept the certificate.
    WrongCertificate,
    Certificate(CertificateFault),
    UnknownTenant,
    UnknownApp,
    /// The application may not be used like this: not a public client, redirect address not registered.
    AppNotSetUp,
    ConsentRequired,
    ConsentRefused,
    /// A person must sign in again: MFA, a new password, a Conditional Access policy.
    InteractionRequired,
    /// A Conditional Access policy blocks the sign-in.
    Blocked,
    /// The refresh token was revoked, or it was not used for too long.
    Revoked,
    UserNotInTenant,
    ClockOff,
    /// The person did not finish in time.
    TimedOut,
    /// The browser came back with an answer to another question.
    StateMismatch,
    Cancelled,
    /// The login service has a fault of its own.
    Unavailable,
    /// The new refresh token could not be stored.
    NotKept(String),
    /// Nothing to sign in with: no credential is stored for the tenant.
    NoCredential,
    /// No listener on this machine could be opened.
    NoListener(String),
    Transport(Box<GraphError>),
    Other,
}

/// The OAuth error answer, made plain. For display and support only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OAuthAnswer {
    pub error: String,
    pub description: String,
    pub codes: Vec<u32>,
    pub suberror: Option<String>,
    /// Claims that the next sign-in of a person must ask for.
    pub claims: Option<String>,
    pub trace_id: Option<String>,
    pub correlation_id: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.what())]
pub struct SignInError {
    pub fault: SignInFault,
    pub answer: Option<Box<OAuthAnswer>>,
    /// This machine's clock minus Microsoft's, in seconds, where the answer told and the two are far apart.
    pub clock_ahead: Option<i64>,
}

impl From<SignInFault> for SignInError {
    fn from(fault: SignInFault) -> Self {
        Self { fault, answer: None, clock_ahead: None }
    }
}

impl From<GraphError> for SignInError {
    fn from(error: GraphError) -> Self {
        match error {
            GraphError::SignIn(error) => error,
            GraphError::Cancelled => SignInFault::Cancelled.into(),
            other => SignInFault::Transport(Box::new(other)).into(),
        }
    }
}

#[derive(Deserialize)]
struct Body {
    error: String,
    #[serde(default)]
    error_description: Option<String>,
    #[serde(default)]
    error_codes: Option<Vec<u32>>,
    #[serde(default)]
    suberror: Option<String>,
    #[serde(default)]
    claims: Option<String>,
    #[serde(default)]
    trace_id: Option<String>,
    #[serde(default)]
    correlation_id: Option<String>,
}

impl OAuthAnswer {
    /// `sent` is what the request carried in secret: it is taken out before anything is cut short, should a server repeat it.
    pub(crate) fn from_body(body: &[u8], sent: &[Secret]) -> Option<Self> {
        let clean = |text: &str, limit: usize| plain(&sent.iter().fold(text.to_owned(), |text, secret| secret.redact(&text)), limit);
        let body: Body = serde_json::from_slice(body).ok()?;
        let description = clean(&body.error_description.unwrap_or_default(), 900);
        let mut codes = body.error_codes.unwrap_or_default();
        if codes.is_empty() {
            codes.extend(code_in_text(&description));
        }
        Some(Self {
            error: clean(&body.error, 80),
            description,
            codes,
            suberror: body.suberror.map(|text| clean(&text, 80)),
            claims: body.claims.map(|text| clean(&text, 4_000)),
            trace_id: body.trace_id.map(|text| clean(&text, 80)),
            correlation_id: body.correlation_id.map(|text| clean(&text, 80)),
        })
    }

    /// From the query that a browser brought back.
    pub(crate) fn from_redirect(error: &str, description: &str, suberror: Option<&str>) -> Self {
        Self {
            error: plain(error, 80),
            description: plain(description, 900),
            codes: code_in_text(description).into_iter().collect(),
            suberror: suberror.map(|text| plain(text, 80)),
            ..Self::default()
        }
    }

    fn fault(&self) -> SignInFault {
        use SignInFault as F;
        // The number, where there is one, makes the sentence precise; `error` decides the family.
        let by_code = self.codes.iter().find_map(|code| {
            Some(match code {
                7_000_222 => F::ExpiredSecret,
                7_000_215 | 7_000_216 | 7_000_218 => F::WrongSecret,
                700_027 | 50_012 | 7_000_214 => F::WrongCertificate,
                700_024 => F::ClockOff,
                90_002 | 900_023 | 90_072 | 50_059 => F::UnknownTenant,
                700_016 | 7_000_112 | 500_011 | 650_052 => F::UnknownApp,
                50_011 | 700_025 | 7_000_012 | 650_057 | 700_054 => F::AppNotSetUp,
                65_001 | 90_094 | 90_093 | 650_056 | 90_095 => F::ConsentRequired,
                65_004 => F::ConsentRefused,
                53_000 | 53_001 | 53_002 | 53_003 | 53_004 | 53_009 | 530_031 | 530_032 | 530_034 => F::Blocked,
                50_173 | 70_008 | 700_082 | 700_084 | 50_132 | 50_133 | 50_057 | 135_010 => F::Revoked,
                50_076 | 50_079 | 50_055 | 50_058 | 50_072 | 50_074 | 50_078 | 50_125 | 50_126 | 50_129 | 50_131 | 16_000 => F::InteractionRequired,
                50_020 | 50_034 | 50_014 | 16_003 => F::UserNotInTenant,
                _ => return None,
            })
        });
        let by_error = match self.error.as_str() {
            "access_denied" | "authorization_declined" | "consent_declined" => F::ConsentRefused,
            "consent_required" => F::ConsentRequired,
            "interaction_required" | "login_required" | "insufficient_claims" => F::InteractionRequired,
            "invalid_grant" => match self.suberror.as_deref() {
                Some("consent_required") => F::ConsentRequired,
                Some("bad_token" | "token_expired") => F::Revoked,
                _ => F::InteractionRequired,
            },
            "invalid_client" => F::WrongSecret,
            "unauthorized_client" => F::UnknownApp,
            "expired_token" | "code_expired" => F::TimedOut,
            "temporarily_unavailable" | "server_error" => F::Unavailable,
            "invalid_request" if self.description.contains("AADSTS900") => F::UnknownTenant,
            _ => F::Other,
        };
        match by_code {
            // A refusal by a person stays one whatever number comes with it.
            Some(_) if by_error == F::ConsentRefused => F::ConsentRefused,
            Some(fault) => fault,
            None => by_error,
        }
    }
}

/// `AADSTS50076: …`
fn code_in_text(text: &str) -> Option<u32> {
    let (_, after) = text.split_once("AADSTS")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

impl From<OAuthAnswer> for SignInError {
    fn from(answer: OAuthAnswer) -> Self {
        Self { fault: answer.fault(), answer: Some(Box::new(answer)), clock_ahead: None }
    }
}

impl SignInError {
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.fault {
            SignInFault::ExpiredSecret => "signin.expired_secret",
            SignInFault::WrongSecret => "signin.wrong_secret",
            SignInFault::WrongCertificate => "signin.wrong_certificate",
            SignInFault::Certificate(fault) => fault.code(),
            SignInFault::UnknownTenant => "signin.unknown_tenant",
            SignInFault::UnknownApp => "signin.unknown_app",
            SignInFault::AppNotSetUp => "signin.app_not_set_up",
            SignInFault::ConsentRequired => "signin.consent_required",
            SignInFault::ConsentRefused => "signin.consent_refused",
            SignInFault::InteractionRequired => "signin.interaction_required",
            SignInFault::Blocked => "signin.blocked",
            SignInFault::Revoked => "signin.revoked",
            SignInFault::UserNotInTenant => "signin.user_not_in_tenant",
            SignInFault::ClockOff => "signin.clock_off",
            SignInFault::TimedOut => "signin.timed_out",
            SignInFault::StateMismatch => "signin.state_mismatch",
            SignInFault::Cancelled => "cancelled",
            SignInFault::Unavailable => "signin.unavailable",
            SignInFault::NotKept(_) => "signin.not_kept",
            SignInFault::NoCredential => "signin.no_credential",
            SignInFault::NoListener(_) => "signin.no_listener",
            SignInFault::Transport(error) => error.code(),
            SignInFault::Other => "signin.failed",
        }
    }

    #[must_use]
    pub fn what(&self) -> String {
        let text = match &self.fault {
            SignInFault::ExpiredSecret => "The application's client secret has expired",
            SignInFault::WrongSecret => "Microsoft does not accept the application's client secret",
            SignInFault::WrongCertificate => "Microsoft does not accept the application's certificate",
            SignInFault::Certificate(fault) => return fault.to_string(),
            SignInFault::UnknownTenant => "Microsoft does not know this tenant: the id is wrong, or the tenant was deleted",
            SignInFault::UnknownApp => "The application does not exist in this tenant: it was removed, or the client id is wrong",
            SignInFault::AppNotSetUp => "The application's registration does not allow this way of signing in",
            SignInFault::ConsentRequired => "No administrator has consented to Gatehouse's permissions in this tenant",
            SignInFault::ConsentRefused => "The consent was refused",
            SignInFault::InteractionRequired => "Microsoft asks for a person to sign in again",
            SignInFault::Blocked => "A Conditional Access policy of the tenant blocks the sign-in",
            SignInFault::Revoked => "The sign-in was revoked or has expired",
            SignInFault::UserNotInTenant => "The account that signed in does not exist in this tenant",
            SignInFault::ClockOff => match self.clock_ahead {
                Some(ahead) => return format!("This machine's clock is {} {}", minutes(ahead), if ahead > 0 { "fast" } else { "slow" }),
                None => "This machine's clock is off: Microsoft finds the sign-in outside its time",
            },
            SignInFault::TimedOut => "Nobody finished the sign-in in time",
            SignInFault::StateMismatch => "The browser came back with the answer to another sign-in",
            SignInFault::Cancelled => "The sign-in was cancelled",
            SignInFault::Unavailable => "Microsoft's sign-in service is unavailable",
            SignInFault::NotKept(why) => return format!("The renewed sign-in could not be stored: {why}"),
            SignInFault::NoCredential => "There is nothing to sign in with: the credential store holds no entry for this tenant",
            SignInFault::NoListener(why) => return format!("The browser's answer could not be waited for on this machine: {why}"),
            SignInFault::Transport(error) => return error.what(),
            SignInFault::Other => {
                return match &self.answer {
                    Some(answer) if !answer.description.is_empty() => format!("Microsoft refused the sign-in: {}", without_trace(&answer.description)),
                    Some(answer) => format!("Microsoft refused the sign-in ({})", answer.error),
                    None => "Microsoft refused the sign-in".to_owned(),
                };
            }
        };
        text.to_owned()
    }

    #[must_use]
    pub fn next_step(&self) -> String {
        let mut text = match &self.fault {
            SignInFault::ExpiredSecret => {
                "Add a new client secret (or a certificate) in the app registration, then connect the tenant again with it; what was synced is kept"
            }
            SignInFault::WrongSecret => "Enter the secret's value (not its id) as the app registration showed it once",
            SignInFault::WrongCertificate => "Upload this certificate's public part to the app registration, then try again",
            SignInFault::Certificate(fault) => fault.next_step(),
            SignInFault::UnknownTenant => "Check the tenant id or domain and the cloud; remove the tenant if the customer is gone",
            SignInFault::UnknownApp => "Let an administrator of the tenant consent to the application, or check the client id",
            SignInFault::AppNotSetUp => {
                "In the app registration add the redirect address http://localhost for mobile and desktop applications and allow public client flows"
            }
            SignInFault::ConsentRequired => "Ask for consent on the tenant's page and sign in as an administrator of the tenant",
            SignInFault::ConsentRefused => "Ask an administrator of the tenant to accept; nothing was connected",
            SignInFault::InteractionRequired | SignInFault::Revoked => "Connect the tenant again; what was synced is kept",
            SignInFault::Blocked => "Let the customer's administrator exclude this sign-in, or sign in from a device and place that the policy allows",
            SignInFault::UserNotInTenant => "Sign in with an account of that tenant, or one with a GDAP relationship to it",
            SignInFault::ClockOff => "Set this machine's date and time (turn on automatic time), then try again",
            SignInFault::TimedOut | SignInFault::StateMismatch => "Start the sign-in again and finish it in the page that opens",
            SignInFault::Cancelled => "Start it again when you are ready",
            SignInFault::Unavailable => "Wait some minutes and try again",
            SignInFault::NotKept(_) => "Unlock this machine's credential store (keychain), then resync",
            SignInFault::NoCredential => "Connect the tenant again; what was synced is kept",
            SignInFault::NoListener(_) => "Use the device code instead",
            SignInFault::Transport(error) => return error.next_step(),
            SignInFault::Other => "Try again; if it happens again, look the code up in the details",
        }
        .to_owned();
        if let Some(ahead) = self.clock_ahead.filter(|_| self.fault != SignInFault::ClockOff) {
            text.push_str(&format!(" (this machine's clock is {} {})", minutes(ahead), if ahead > 0 { "fast" } else { "slow" }));
        }
        text
    }

    #[must_use]
    pub fn details(&self) -> String {
        let Some(answer) = &self.answer else {
            return match &self.fault {
                SignInFault::Transport(error) => error.details(),
                _ => self.what(),
            };
        };
        let mut lines = vec![format!("error: {}", answer.error)];
        if !answer.codes.is_empty() {
            let codes: Vec<String> = answer.codes.iter().map(|code| format!("AADSTS{code}")).collect();
            lines.push(format!("codes: {}", codes.join(", ")));
        }
        if !answer.description.is_empty() {
            lines.push(format!("description: {}", answer.description));
        }
        for (name, value) in [("suberror", &answer.suberror), ("trace id", &answer.trace_id), ("correlation id", &answer.correlation_id)] {
            if let Some(value) = value {
                lines.push(format!("{name}: {value}"));
            }
        }
        lines.join("\n")
    }

    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.fault == SignInFault::Cancelled
    }

    /// A person must act; by the OAuth `error`, not by Microsoft's numbers. A store that could not keep the token, a clock
    /// that is off and the network are not the tenant's doing.
    #[must_use]
    pub fn is_consent_lost(&self) -> bool {
        if self.is_clock_off() {
            return false;
        }
        match (&self.answer, &self.fault) {
            (Some(answer), _) => !matches!(answer.error.as_str(), "temporarily_unavailable" | "server_error" | "authorization_pending" | "slow_down"),
            (None, SignInFault::NoCredential | SignInFault::Certificate(_) | SignInFault::Revoked) => true,
            _ => false,
        }
    }

    /// The application is not (or no longer) in the tenant, or nobody consented to what it asks for.
    #[must_use]
    pub fn is_consent_withdrawn(&self) -> bool {
        matches!(self.fault, SignInFault::UnknownApp | SignInFault::ConsentRequired)
    }

    #[must_use]
    pub fn is_clock_off(&self) -> bool {
        self.fault == SignInFault::ClockOff
    }

    #[must_use]
    pub fn is_tenant_gone(&self) -> bool {
        self.fault == SignInFault::UnknownTenant
    }

    #[must_use]
    pub fn is_network(&self) -> bool {
        matches!(&self.fault, SignInFault::Transport(error) if error.is_network()) || self.fault == SignInFault::Unavailable
    }

    /// May be gone a second later.
    pub(crate) fn is_passing(&self) -> bool {
        match &self.fault {
            SignInFault::Unavailable => true,
            SignInFault::Transport(error) => matches!(**error, GraphError::Network { .. } | GraphError::BodyCut { .. }),
            _ => false,
        }
    }
}

fn without_trace(description: &str) -> &str {
    description.split(" Trace ID:").next().unwrap_or(description).trim_end()
}

fn minutes(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    match seconds {
        0..=7_199 => format!("{} minutes", seconds.div_ceil(60)),
        7_200..=172_799 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
