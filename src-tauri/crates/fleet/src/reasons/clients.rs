//! Which clients sign in with legacy authentication, where MFA cannot be asked for ("Block legacy authentication with
//! Conditional Access", "signIn resource type: clientAppUsed").

/// Everything else is a browser or a client with modern authentication. Unknown words count as not legacy: a report of
/// legacy authentication must be true.
const LEGACY: [&str; 16] = [
    "Authenticated SMTP",
    "AutoDiscover",
    "Autodiscover",
    "Exchange ActiveSync",
    "Exchange Online PowerShell",
    "Exchange Web Services",
    "IMAP",
    "IMAP4",
    "MAPI Over HTTP",
    "Offline Address Book",
    "Other clients",
    "Outlook Anywhere (RPC over HTTP)",
    "POP",
    "POP3",
    "Reporting Web Services",
    "SMTP",
];

/// By Graph's `clientAppUsed`.
pub fn is_legacy(client_app: &str) -> bool {
    let client = client_app.trim();
    LEGACY.iter().any(|legacy| legacy.eq_ignore_ascii_case(client))
        || ["Other clients;", "Exchange ActiveSync ("].iter().any(|start| client.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}
