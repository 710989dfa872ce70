//! What each kind of alert means and what a technician does about it: numbered steps with the buttons that do them. Texts and
//! addresses only.

use super::{
    condition::{Evidence, PolicyEvent},
    kind::AlertKind,
};
use crate::views::alerts::{PlaybookAction, PlaybookStep};

/// Two or three sentences.
pub fn meaning(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::BreakGlassSignIn => {
            "Break-glass accounts are excluded from Conditional Access so that somebody can still get in when everything else \
             fails. Nobody uses one on an ordinary day: a sign-in, or an attempt, is either an emergency that you know of or an attack."
        }
        AlertKind::BreakGlassMembershipChanged => {
            "Members of the break-glass group are excluded from every policy. A new member can sign in without MFA from anywhere; \
             a lost member may lock the customer out in the next emergency."
        }
        AlertKind::PolicyChangedInPortal => {
            "Somebody created, changed or deleted a Conditional Access policy outside Gatehouse. That can be planned work, a mistake \
             or an attacker who prepares the way in, so each such change deserves a look."
        }
        AlertKind::BreakGlassExclusionMissing => {
            "A policy that is on reaches an emergency account. When MFA, device management or a rule of that policy fails, the one account that \
             should still get in is locked out too. The engine looks at groups, nesting and roles; the alert resolves by itself when the account \
             is excluded."
        }
        AlertKind::DriftCriticalMissing => {
            "The baseline that this tenant is held to demands it, and nothing that the policies do together achieves it, whatever they are \
             named. It resolves by itself when a sync brings policies that do."
        }
        AlertKind::CoverageGap => {
            "For these accounts a password is enough: no policy asks them for MFA everywhere, neither do security defaults nor per-user MFA. \
             Most gaps come from an exclusion group that nobody empties, a policy in report-only, or a policy for some applications only."
        }
        AlertKind::ExclusionExpired => {
            "Somebody was let through for a limited time, and the time is over; as far as is known they are still in the exclusion group and still \
             let through. Gatehouse takes nobody out by itself. The alert resolves by itself when the user is out of the group."
        }
        AlertKind::AdminUnprotected => {
            "This account holds a privileged role, and either has no MFA method registered or nothing demands one: its password alone opens \
             the tenant, or whoever signs in first registers a method of their own. The alert resolves by itself when that has changed."
        }
        AlertKind::PrivilegedRoleAssigned => {
            "Somebody can now administer this tenant who could not before. New admins are the most common trace of a takeover, \
             so a person should confirm every one."
        }
        AlertKind::LegacySignInSucceeded => {
            "Legacy protocols (IMAP, POP, SMTP, older Office) cannot ask for MFA, so a stolen password is enough. That this sign-in \
             succeeded also means that no policy blocks legacy authentication for this user."
        }
        AlertKind::ConsentLost => {
            "Gatehouse can no longer read this tenant, so nothing that happens there raises an alert. What was synced before is kept \
             and shown with its date."
        }
        AlertKind::SyncStale => {
            "Everything shown for this tenant is more than a day old, and alerts about it come late or not at all. It resolves by \
             itself with the next complete sync."
        }
    }
}

/// Whose alert it is, and where Microsoft keeps that tenant.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub tenant: &'a str,
    /// As in the store: global, usGovernment, china, custom, demo.
    pub cloud: &'a str,
}

struct Writer<'a> {
    place: Place<'a>,
    steps: Vec<PlaybookStep>,
}

impl Writer<'_> {
    fn say(&mut self, text: &str) -> &mut Self {
        self.steps.push(PlaybookStep { text: text.to_owned(), action: None });
        self
    }

    fn open(&mut self, text: &str, label: &str, page: &str) -> &mut Self {
        let action = open(self.place.tenant, label, page);
        self.steps.push(PlaybookStep { text: text.to_owned(), action: Some(action) });
        self
    }

    /// A page of Microsoft's admin centre. A fictional tenant has none: then the step is text only.
    fn portal(&mut self, text: &str, label: &str, page: &str) -> &mut Self {
        let action = entra(self.place, page).map(|url| PlaybookAction::Portal { label: label.to_owned(), url });
        self.steps.push(PlaybookStep { text: text.to_owned(), action });
        self
    }

    fn resync(&mut self, text: &str) -> &mut Self {
        self.steps.push(PlaybookStep { text: text.to_owned(), action: Some(PlaybookAction::Resync { label: "Resync now".to_owned() }) });
        self
    }
}

fn open(tenant: &str, label: &str, page: &str) -> PlaybookAction {
    PlaybookAction::Open { label: label.to_owned(), route: format!("/tenants/{}{page}", segment(tenant)) }
}

/// Percent-encodes everything that could end a path segment or a query value: ids come from the tenant.
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The tenant goes first in the path, so that the right customer opens. Hosts: "Azure, Microsoft Entra and Microsoft Graph in
/// national clouds".
fn entra(place: Place<'_>, page: &str) -> Option<String> {
    let host = match place.cloud {
        "global" => "entra.microsoft.com",
        "usGovernment" => "entra.microsoft.us",
        "china" => "entra.microsoftonline.cn",
        _ => return None,
    };
    Some(format!("https://{host}/{}/#view/{page}", segment(place.tenant)))
}

fn user_page(user: &str, page: &str) -> String {
    format!("Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/{page}/userId/{}", segment(user))
}

fn policy_page(policy: &str) -> String {
    format!("Microsoft_AAD_ConditionalAccess/PolicyBlade/policyId/{}", segment(policy))
}

const ENTRA_POLICIES: &str = "Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies";
const ENTRA_ROLES: &str = "Microsoft_AAD_IAM/RolesManagementMenuBlade/~/AllRoles";
const ENTRA_AUDIT: &str = "Microsoft_AAD_IAM/AuditLogList.ReactView";
const ENTRA_ENTERPRISE_APPS: &str = "Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview";

/// The steps for one alert, in the order in which they are done.
pub fn steps(kind: AlertKind, place: Place<'_>, subject: Option<&str>, evidence: Option<&Evidence>) -> Vec<PlaybookStep> {
    let subject = subject.unwrap_or_default();
    let mut write = Writer { place, steps: Vec::new() };
    let sign_ins = format!("/sign-ins?user={}", segment(subject));
    let user = format!("/users/{}", segment(subject));
    match kind {
        AlertKind::BreakGlassSignIn => {
            write
                .say("Ask the customer and your own colleagues whether somebody used the account on purpose: an emergency or a planned drill.")
                .open("Look at every sign-in of the account: from where, with what, and whether it got in.", "Show sign-ins", &sign_ins)
                .portal(
                    "If nobody can explain it: reset the password and revoke all sessions at once.",
                    "Open the account in Entra",
                    &user_page(subject, "overview"),
                )
                .open("Check that nothing was changed with it: policies, roles and group members since the sign-in.", "Show the tenant", "")
                .portal("Read what the account did in the directory audit.", "Open the audit log in Entra", ENTRA_AUDIT)
                .say("If it was an emergency: change the password, put it back in the safe, and write down who had it.")
                .say("Acknowledge with a note of who confirmed it; resolve when the account is safe again.");
        }
        AlertKind::BreakGlassMembershipChanged => {
            write
                .say("Find out who changed the group and whether the customer ordered it.")
                .portal("Read who made the change in the directory audit.", "Open the audit log in Entra", ENTRA_AUDIT)
                .portal(
                    "A member who should not be there: take them out of the group now. A member who is missing: put them back.",
                    "Open the group in Entra",
                    &format!("Microsoft_AAD_IAM/GroupDetailsMenuBlade/~/Members/groupId/{}", segment(subject)),
                )
                .open("Look at what the new member signed in to meanwhile.", "Show sign-ins", &first_member(evidence))
                .resync("Resync, and see that the members are those you expect.")
                .say("Resolve with a note of who ordered the change, or that it was undone.");
        }
        AlertKind::PolicyChangedInPortal => policy_steps(&mut write, subject, evidence),
        AlertKind::BreakGlassExclusionMissing => {
            write
                .open("See the account, its groups and its roles.", "Show the user", &user)
                .open("Try what happens when it signs in: pick the account and an application.", "Open What-if", "/what-if")
                .portal(
                    "Exclude the break-glass group from each policy below (Users, Exclude, Groups), not the account alone.",
                    "Open policies in Entra",
                    ENTRA_POLICIES,
                )
                .say("If the account is not in the break-glass group: find out who took it out, and put it back.")
                .resync("Resync. The alert resolves by itself when no policy reaches the account any more.")
                .say(
                    "If the policy demands only MFA on purpose: register a security key for the account and keep it in the safe; then the alert resolves too.",
                );
        }
        AlertKind::DriftCriticalMissing => {
            write
                .open("Read what the control asks for, who falls through and which policy comes closest.", "Show drift", "/drift")
                .say("Ask whether the customer decided against it: then lower its severity or switch it off in their baseline, with the reason.")
                .portal(
                    "Otherwise create or correct the policy: report-only first, look at who would be asked, then enforce.",
                    "Open policies in Entra",
                    ENTRA_POLICIES,
                )
                .resync("Resync. The alert resolves by itself when the policies achieve it.");
        }
        AlertKind::ExclusionExpired => {
            let open = match evidence {
                Some(Evidence::ExclusionExpired { access, .. }) => format!("/time-bound-access?open={access}"),
                _ => "/time-bound-access".to_owned(),
            };
            write
                .open("See why it was given, by whom, and what was tried since.", "Show time-bound access", &open)
                .say("Ask whoever asked for it whether the reason is gone: the phone has come, the key is registered, the journey is over.")
                .open("If it is: sync the expired ones to Entra. Each user's result is shown.", "Sync expired", "/time-bound-access?state=expired")
                .open("If it is not: ask for a later end, with the reason of today.", "Show time-bound access", &open)
                .open("Look at how the user signed in since the end.", "Show sign-ins", &sign_ins)
                .resync("If somebody took the user out in Entra: resync. The alert resolves by itself.");
        }
        AlertKind::CoverageGap => {
            write
                .open("See who falls through, for which application and why.", "Show coverage", "/coverage")
                .open("Try it with one of them: what would their next sign-in be asked?", "Open What-if", "/what-if")
                .say("Excluded by a group: ask for whom and until when; take out everybody who has no reason any more.")
                .say("Nobody included them: add them to the policy, or include all users and exclude the few.")
                .portal("Change the policy: report-only first where it asks more people than before.", "Open policies in Entra", ENTRA_POLICIES)
                .open("Help those without a method to register one first, or they are locked out.", "Show MFA", "/mfa")
                .resync("Resync. The alert resolves by itself when everybody is asked.");
        }
        AlertKind::AdminUnprotected => {
            write
                .open("See which roles the account holds and when it last signed in.", "Show the user", &user)
                .open("Look for sign-ins that you cannot explain: without MFA the password alone is enough.", "Show sign-ins", &sign_ins)
                .say("Call the person and register a method together: a passkey or security key, else Microsoft Authenticator.")
                .portal(
                    "If they cannot register one now: issue a temporary access pass, so that nobody else registers first.",
                    "Open methods in Entra",
                    &user_page(subject, "UserAuthMethods"),
                )
                .say("If the role is no longer needed: remove it. If it is a service account: give it another identity, not an admin role.")
                .open("Check the tenant's other admins in the same go.", "Show MFA", "/mfa")
                .resync("Resync. The registration report can lag for some hours; the alert resolves by itself.");
        }
        AlertKind::PrivilegedRoleAssigned => {
            write
                .open("See what else the account holds, and its MFA.", "Show the user", &user)
                .say("Ask the customer whether they ordered it, by telephone and not in reply to a mail.")
                .portal("Read who assigned it in the directory audit.", "Open the audit log in Entra", ENTRA_AUDIT)
                .portal("If nobody ordered it: remove the assignment, then look for what was done with it.", "Open roles in Entra", ENTRA_ROLES)
                .open("Look at the account's sign-ins since then.", "Show sign-ins", &sign_ins)
                .say("If it stays: prefer an eligible assignment with an end, and a phishing-resistant method. Resolve with a note of who ordered it.");
        }
        AlertKind::LegacySignInSucceeded => {
            write
                .open("See which protocol, application and device it was, and since when.", "Show sign-ins", &sign_ins)
                .say("From a place that you cannot explain: treat it as a stolen password, reset it and revoke the sessions.")
                .portal("Open the account to reset its password.", "Open the account in Entra", &user_page(subject, "overview"))
                .say("From a known device (scanner, old Outlook, script): move it to modern authentication, or to a relay that needs no mailbox password.")
                .open("See why no policy blocked it.", "Show policies", "/policies")
                .portal("Block legacy authentication for everyone: report-only first, then enforce.", "Open policies in Entra", ENTRA_POLICIES);
        }
        AlertKind::ConsentLost => {
            write
                .open("See what Entra answered, and what can still be read.", "Show the tenant", "")
                .portal(
                    "Check that the application is still there, still enabled, and that its secret or certificate has not expired.",
                    "Open enterprise applications in Entra",
                    ENTRA_ENTERPRISE_APPS,
                )
                .say("Ask the customer's admin whether consent was withdrawn on purpose: then remove the tenant here.");
            write.steps.push(PlaybookStep {
                text: "Otherwise connect the tenant again; everything that was synced stays.".to_owned(),
                action: Some(PlaybookAction::Open { label: "Connect again".to_owned(), route: format!("/connect?tenant={}", segment(write.place.tenant)) }),
            });
            write.resync("Resync. The alert resolves by itself when the tenant can be read.");
        }
        AlertKind::SyncStale => {
            write
                .open("See which kind of data fails, and the last error in plain words.", "Show the tenant", "")
                .resync("Resync now. Most causes (this machine was off, the network was down) end here.")
                .say("Still failing: check this machine's clock, network and proxy, then the tenant's consent.")
                .say("If only one kind of data fails for want of a permission: grant it, or ask the customer's admin to consent again.");
        }
    }
    write.steps
}

fn first_member(evidence: Option<&Evidence>) -> String {
    match evidence {
        Some(Evidence::BreakGlassMembership { changes, .. }) => {
            changes.iter().find(|change| change.added).map_or_else(|| "/sign-ins".to_owned(), |change| format!("/sign-ins?user={}", segment(&change.member.id)))
        }
        _ => "/sign-ins".to_owned(),
    }
}

fn policy_steps(write: &mut Writer<'_>, policy: &str, evidence: Option<&Evidence>) {
    let page = format!("/policies/{}", segment(policy));
    let deleted = matches!(evidence, Some(Evidence::PolicyChange { event: PolicyEvent::Deleted, .. }));
    write.open("Read the difference below, and the versions before it.", "Show the policy", &page);
    match evidence {
        Some(Evidence::PolicyChange { by: Some(by), .. }) if !by.is_empty() => {
            write.say(&format!("Ask {by} what it was for, and whether a ticket asked for it."));
        }
        _ => {
            write.portal("Find out who did it in the directory audit.", "Open the audit log in Entra", ENTRA_AUDIT);
        }
    }
    if deleted {
        write.portal("If it was not ordered: create the policy again from its last version, which Gatehouse keeps.", "Open policies in Entra", ENTRA_POLICIES);
    } else {
        write.portal("If it was not ordered: put the old values back, field by field.", "Open the policy in Entra", &policy_page(policy));
    }
    write
        .open("Look at who signed in since then without what the policy asked for.", "Show sign-ins", "/sign-ins")
        .resync("Resync, and see that the policy is as it should be.")
        .say("Resolve with a note of who ordered the change, or that it was undone.");
}

/// The page where an alert of this kind is handled.
pub fn handled_at(kind: AlertKind, tenant: &str, subject: Option<&str>) -> Option<PlaybookAction> {
    let subject = subject.map(segment);
    Some(match (kind, subject) {
        (AlertKind::BreakGlassSignIn | AlertKind::LegacySignInSucceeded, Some(user)) => open(tenant, "Show sign-ins", &format!("/sign-ins?user={user}")),
        (AlertKind::DriftCriticalMissing, _) => open(tenant, "Show drift", "/drift"),
        (AlertKind::ExclusionExpired, _) => open(tenant, "Show time-bound access", "/time-bound-access?state=expired"),
        (AlertKind::CoverageGap, _) => open(tenant, "Show coverage", "/coverage"),
        (AlertKind::PolicyChangedInPortal, Some(policy)) => open(tenant, "Show the policy", &format!("/policies/{policy}")),
        (AlertKind::AdminUnprotected | AlertKind::PrivilegedRoleAssigned | AlertKind::BreakGlassExclusionMissing, Some(user)) => {
            open(tenant, "Show the user", &format!("/users/{user}"))
        }
        _ => open(tenant, "Show the tenant", ""),
    })
}
