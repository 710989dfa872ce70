//! The words for single values: ids by name, enumeration members, lists.

use crate::model::session::{FrequencyAuthenticationType, FrequencyInterval, FrequencyType, SignInFrequency};
use crate::names::{Names, built_in_role, built_in_strength, first_party_application};

/// What an id in a policy names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum IdKind {
    User,
    Group,
    Role,
    Application,
    ServicePrincipal,
    Location,
    Strength,
    TermsOfUse,
    AuthenticationContext,
    Tenant,
    Agent,
    Policy,
}

impl IdKind {
    /// Singular and plural.
    pub(crate) fn noun(self) -> (&'static str, &'static str) {
        match self {
            Self::User => ("user", "users"),
            Self::Group => ("group", "groups"),
            Self::Role => ("role", "roles"),
            Self::Application => ("application", "applications"),
            Self::ServicePrincipal => ("service principal", "service principals"),
            Self::Location => ("location", "locations"),
            Self::Strength => ("authentication strength", "authentication strengths"),
            Self::TermsOfUse => ("terms of use", "terms of use"),
            Self::AuthenticationContext => ("authentication context", "authentication contexts"),
            Self::Tenant => ("organization", "organizations"),
            Self::Agent => ("agent", "agents"),
            Self::Policy => ("policy", "policies"),
        }
    }

    /// "a group", "an application"
    pub(crate) fn one(self) -> String {
        let noun = self.noun().0;
        format!("{} {noun}", if noun.starts_with(['a', 'o']) { "an" } else { "a" })
    }
}

/// A GUID: anything else that is not one of Graph's words is a placeholder or a name.
pub(crate) fn is_guid(id: &str) -> bool {
    id.len() == 36 && id.char_indices().all(|(at, letter)| if matches!(at, 8 | 13 | 18 | 23) { letter == '-' } else { letter.is_ascii_hexdigit() })
}

/// Graph's words that stand where an id could stand. None: an id.
pub(crate) fn special(kind: IdKind, id: &str) -> Option<&'static str> {
    let id = id.to_ascii_lowercase();
    Some(match (kind, id.as_str()) {
        (IdKind::User, "all") => "all users",
        (IdKind::User, "guestsorexternalusers") => "all guests and external users",
        (IdKind::User, "allagentidusers") => "all agent users",
        (IdKind::Group, "all") => "members of any group",
        (IdKind::Role, "all") => "holders of any role",
        (IdKind::Application, "all") => "all applications",
        (IdKind::Application, "office365") => "Office 365",
        (IdKind::Application, "microsoftadminportals") => "Microsoft admin portals",
        (IdKind::Application, "allagentidresources") => "all agent resources",
        (IdKind::Location, "all") => "any place",
        (IdKind::Location, "alltrusted") => "all trusted locations",
        (IdKind::Location, "00000000-0000-0000-0000-000000000000") => "the MFA trusted IPs",
        (IdKind::Location, "allcompliantnetworks" | "3d46dbda-8382-466a-856d-eb00cbc6b910") => "the compliant network",
        (IdKind::ServicePrincipal, "serviceprincipalsinmytenant") => "all service principals of this tenant",
        (IdKind::Agent | IdKind::ServicePrincipal, "all") => "all agents",
        (IdKind::Application, "none") => "no application",
        (IdKind::Location, "none") => "no place",
        (_, "none") => "nobody",
        _ => return None,
    })
}

/// The name of an id, or None where nobody knows it.
pub(crate) fn name(kind: IdKind, id: &str, names: &dyn Names) -> Option<String> {
    let id = id.to_ascii_lowercase();
    if let Some(word) = special(kind, &id) {
        return Some(word.to_owned());
    }
    match kind {
        IdKind::User => names.user(&id),
        IdKind::Group => names.group(&id),
        IdKind::Role => names.role(&id).or_else(|| built_in_role(&id).map(|role| role.name.to_owned())),
        IdKind::Application => names.application(&id).or_else(|| first_party_application(&id).map(str::to_owned)),
        IdKind::ServicePrincipal | IdKind::Agent => names.service_principal(&id).or_else(|| (kind == IdKind::Agent).then(|| names.user(&id)).flatten()),
        IdKind::Location => names.location(&id),
        IdKind::Strength => names.strength(&id).or_else(|| built_in_strength(&id).map(str::to_owned)),
        IdKind::TermsOfUse => names.terms_of_use(&id),
        IdKind::AuthenticationContext => Some(names.authentication_context(&id).unwrap_or(id)),
        IdKind::Tenant => names.tenant(&id),
        IdKind::Policy => None,
    }
}

fn nameless(kind: IdKind, count: usize) -> String {
    let (one, many) = kind.noun();
    match (kind, count) {
        // Microsoft's ids of agents and terms of use are read by no call that Gatehouse makes.
        (IdKind::TermsOfUse, 1) => "terms of use".to_owned(),
        (IdKind::TermsOfUse, n) => format!("{n} terms of use"),
        (IdKind::Tenant, 1) => "another organization".to_owned(),
        (IdKind::Tenant, n) => format!("{n} other organizations"),
        (_, 1) => format!("a deleted or unread {one}"),
        (_, n) => format!("{n} deleted or unread {many}"),
    }
}

/// The names of ids, sorted, the nameless ones counted at the end.
pub(crate) fn name_list<'a>(kind: IdKind, ids: impl IntoIterator<Item = &'a str>, names: &dyn Names) -> Vec<String> {
    let (mut known, mut unknown) = (Vec::new(), 0_usize);
    for id in ids {
        match name(kind, id, names) {
            Some(name) => known.push(name),
            None => unknown += 1,
        }
    }
    known.sort_by_key(|name| name.to_lowercase());
    known.dedup();
    if unknown > 0 {
        known.push(nameless(kind, unknown));
    }
    known
}

/// "a", "a and b", "a, b and c"
pub(crate) fn join(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

pub(crate) fn and(items: &[String]) -> String {
    join(items, "and")
}

/// For differences: every name up to a dozen, then how many more.
pub(crate) fn and_few(mut items: Vec<String>) -> String {
    const SHOWN: usize = 12;
    if items.len() > SHOWN + 1 {
        let more = items.len() - SHOWN;
        items.truncate(SHOWN);
        items.push(format!("{more} more"));
    }
    and(&items)
}

pub(crate) fn count(kind: IdKind, n: usize) -> String {
    let (one, many) = kind.noun();
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// The word for an enumeration member or another fixed text of Graph's; the text itself where there is none.
pub(crate) fn enum_word(text: &str) -> String {
    let word = match text.to_ascii_lowercase().as_str() {
        "enabled" => "on",
        "disabled" => "off",
        "enabledforreportingbutnotenforced" => "report-only",
        "block" => "block access",
        "mfa" => "MFA",
        "compliantdevice" => "a compliant device",
        "compliant" => "compliant devices",
        "domainjoined" => "hybrid joined devices",
        "domainjoineddevice" => "a hybrid joined device",
        "approvedapplication" => "an approved client app",
        "compliantapplication" => "an app protection policy",
        "passwordchange" => "a password change",
        "riskremediation" => "risk remediation",
        "browser" => "browsers",
        "mobileappsanddesktopclients" => "mobile and desktop apps",
        "exchangeactivesync" => "Exchange ActiveSync",
        "eassupported" => "Exchange ActiveSync (supported platforms)",
        "other" => "other legacy clients",
        "all" => "all",
        "android" => "Android",
        "ios" => "iOS",
        "windows" => "Windows",
        "windowsphone" => "Windows Phone",
        "macos" => "macOS",
        "linux" => "Linux",
        "devicecodeflow" => "device code flow",
        "authenticationtransfer" => "authentication transfer",
        "internalguest" => "local guests",
        "b2bcollaborationguest" => "B2B collaboration guests",
        "b2bcollaborationmember" => "B2B collaboration members",
        "b2bdirectconnectuser" => "B2B direct connect users",
        "otherexternaluser" => "other external users",
        "serviceprovider" => "service provider users",
        "urn:user:registersecurityinfo" => "registering security information",
        "urn:user:registerdevice" => "registering or joining devices",
        "monitoronly" => "monitor only",
        "blockdownloads" => "block downloads",
        "mcasconfigured" => "a custom policy of Defender for Cloud Apps",
        "strictlocation" => "strictly enforced locations",
        "strictenforcement" => "strict enforcement",
        "and" => "all of them",
        "or" => "any one of them",
        "enumerated" => "selected organizations",
        "allagentidusers" => "all agent users",
        _ => return text.to_owned(),
    };
    word.to_owned()
}

/// "every 4 hours", "every time", "every 30 days (second factor only)"
pub(crate) fn frequency(control: &SignInFrequency) -> String {
    let often = if control.interval == Some(FrequencyInterval::EveryTime) {
        "every time".to_owned()
    } else {
        let value = control.value.unwrap_or(0);
        match (&control.unit, value) {
            (_, ..=0) => "after a time that is not set".to_owned(),
            (Some(FrequencyType::Days), 1) => "every day".to_owned(),
            (Some(FrequencyType::Days), n) => format!("every {n} days"),
            (Some(FrequencyType::Hours), 1) => "every hour".to_owned(),
            (Some(FrequencyType::Hours), n) => format!("every {n} hours"),
            (Some(other), n) => format!("every {n} {}", other.as_graph()),
            (None, n) => format!("every {n} (unit not set)"),
        }
    };
    if control.authentication == Some(FrequencyAuthenticationType::Secondary) { format!("{often} (second factor only)") } else { often }
}

#[cfg(test)]
mod tests {
    use super::and_few;

    #[test]
    fn a_long_list_shows_a_dozen_and_counts_the_rest_unless_only_one_is_left() {
        let list = |n: usize| and_few((1..=n).map(|n| n.to_string()).collect());
        assert_eq!([0, 1, 2, 3].map(list), ["", "1", "1 and 2", "1, 2 and 3"]);
        assert_eq!(list(12), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 12");
        assert_eq!(list(13), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 13");
        assert_eq!(list(14), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more");
        assert_eq!(list(40), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 28 more");
    }
}
