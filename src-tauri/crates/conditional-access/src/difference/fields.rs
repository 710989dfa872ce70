//! The fields of a policy that are known: their words, what they hold and by which rule a change of them is judged.

use crate::words::IdKind;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    /// One enumeration member.
    Word,
    /// A set of ids.
    Ids(IdKind),
    /// A set of enumeration members, as a list or as one text with commas.
    Words,
    /// Mode and rule.
    Filter,
    Strength,
    /// One session control, by its name in Graph.
    Session(&'static str),
}

/// How a change is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judge {
    Neutral,
    Unknown,
    State,
    /// More is stricter; the word stands for everything.
    Include(&'static str),
    /// Like `Include`, but without meaning while all users are included anyway.
    IncludePeople,
    /// More is stricter, and nothing at all means everything.
    IncludeOrAny(&'static str),
    /// More is weaker.
    Exclude,
    /// Everybody's organization, or some.
    Membership {
        excluded: bool,
    },
    /// Organizations of guests, while they are enumerated.
    Members {
        excluded: bool,
    },
    /// A filter that leaves devices out of the policy.
    Narrowing,
    /// A filter that takes applications in, or out.
    Widening,
    Grant,
    Session,
}

pub(crate) struct Field {
    pub path: &'static str,
    pub title: &'static str,
    pub shape: Shape,
    pub judge: Judge,
}

pub(crate) fn field(path: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.path == path)
}

/// Where a policy holds ids, and of what: for whoever maps them to another tenant's.
pub(crate) fn id_fields() -> impl Iterator<Item = (&'static str, IdKind)> {
    FIELDS.iter().filter_map(|field| match field.shape {
        Shape::Ids(kind) => Some((field.path, kind)),
        _ => None,
    })
}

/// Known fields in the order of this table, unknown ones after them under their own path.
pub(crate) fn rank_and_title(path: &str) -> (usize, String) {
    FIELDS
        .iter()
        .position(|field| field.path == path)
        .and_then(|rank| FIELDS.get(rank).map(|field| (rank, field.title.to_owned())))
        .unwrap_or_else(|| (FIELDS.len(), format!("Not understood: {path}")))
}

const fn f(path: &'static str, title: &'static str, shape: Shape, judge: Judge) -> Field {
    Field { path, title, shape, judge }
}

use IdKind::{Agent, Application, AuthenticationContext, Group, Location, Role, ServicePrincipal, Tenant, TermsOfUse, User};
use Judge::{Exclude, Grant, Include, IncludeOrAny, IncludePeople, Members, Membership, Narrowing, Neutral, Session as SessionJudge, State, Unknown, Widening};
use Shape::{Filter, Ids, Session, Strength, Text, Word, Words};

static FIELDS: &[Field] = &[
    f("displayName", "Name", Text, Neutral),
    f("description", "Description", Text, Neutral),
    f("state", "State", Word, State),
    f("conditions.users.includeUsers", "Included users", Ids(User), Include("all")),
    f("conditions.users.includeGroups", "Included groups", Ids(Group), IncludePeople),
    f("conditions.users.includeRoles", "Included roles", Ids(Role), IncludePeople),
    f("conditions.users.includeGuestsOrExternalUsers.guestOrExternalUserTypes", "Included guests and external users", Words, IncludePeople),
    f("conditions.users.includeGuestsOrExternalUsers.externalTenants.membershipKind", "Organizations of included guests", Word, Membership { excluded: false }),
    f(
        "conditions.users.includeGuestsOrExternalUsers.externalTenants.members",
        "Selected organizations of included guests",
        Ids(Tenant),
        Members { excluded: false },
    ),
    f("conditions.users.excludeUsers", "Excluded users", Ids(User), Exclude),
    f("conditions.users.excludeGroups", "Excluded groups", Ids(Group), Exclude),
    f("conditions.users.excludeRoles", "Excluded roles", Ids(Role), Exclude),
    f("conditions.users.excludeGuestsOrExternalUsers.guestOrExternalUserTypes", "Excluded guests and external users", Words, Exclude),
    f("conditions.users.excludeGuestsOrExternalUsers.externalTenants.membershipKind", "Organizations of excluded guests", Word, Membership { excluded: true }),
    f(
        "conditions.users.excludeGuestsOrExternalUsers.externalTenants.members",
        "Selected organizations of excluded guests",
        Ids(Tenant),
        Members { excluded: true },
    ),
    f("conditions.clientApplications.includeServicePrincipals", "Included service principals", Ids(ServicePrincipal), Include("serviceprincipalsinmytenant")),
    f("conditions.clientApplications.excludeServicePrincipals", "Excluded service principals", Ids(ServicePrincipal), Exclude),
    f("conditions.clientApplications.servicePrincipalFilter", "Filter for service principals", Filter, Unknown),
    f("conditions.clientApplications.includeAgentIdServicePrincipals", "Included agents", Ids(Agent), Include("all")),
    f("conditions.clientApplications.excludeAgentIdServicePrincipals", "Excluded agents", Ids(Agent), Exclude),
    f("conditions.clientApplications.agentIdServicePrincipalFilter", "Filter for agents", Filter, Unknown),
    f("conditions.agents.includeAgentUsers", "Included agent users", Words, Include("allagentidusers")),
    f("conditions.agents.excludeAgentUsers", "Excluded agent users", Words, Exclude),
    f("conditions.agents.agentFilter", "Filter for agent users", Filter, Unknown),
    f("conditions.agentContext.includeAgentContexts", "Agent contexts", Words, Unknown),
    f("conditions.agentContext.excludeAgentContexts", "Excluded agent contexts", Words, Exclude),
    f("conditions.applications.includeApplications", "Included applications", Ids(Application), Include("all")),
    f("conditions.applications.excludeApplications", "Excluded applications", Ids(Application), Exclude),
    f("conditions.applications.includeUserActions", "User actions", Words, Include("")),
    f("conditions.applications.includeAuthenticationContextClassReferences", "Authentication contexts", Ids(AuthenticationContext), Include("")),
    f("conditions.applications.applicationFilter", "Filter for applications", Filter, Widening),
    f("conditions.clientAppTypes", "Client apps", Words, Include("all")),
    f("conditions.platforms.includePlatforms", "Platforms", Words, IncludeOrAny("all")),
    f("conditions.platforms.excludePlatforms", "Excluded platforms", Words, Exclude),
    f("conditions.locations.includeLocations", "Places", Ids(Location), IncludeOrAny("all")),
    f("conditions.locations.excludeLocations", "Excluded places", Ids(Location), Exclude),
    f("conditions.devices.deviceFilter", "Filter for devices", Filter, Narrowing),
    f("conditions.devices.includeDevices", "Devices", Words, IncludeOrAny("all")),
    f("conditions.devices.excludeDevices", "Excluded devices", Words, Exclude),
    f("conditions.devices.includeDeviceStates", "Device states", Words, IncludeOrAny("all")),
    f("conditions.devices.excludeDeviceStates", "Excluded device states", Words, Exclude),
    f("conditions.deviceStates.includeStates", "Device states", Words, IncludeOrAny("all")),
    f("conditions.deviceStates.excludeStates", "Excluded device states", Words, Exclude),
    f("conditions.signInRiskLevels", "Sign-in risk", Words, IncludeOrAny("")),
    f("conditions.userRiskLevels", "User risk", Words, IncludeOrAny("")),
    f("conditions.servicePrincipalRiskLevels", "Service principal risk", Words, IncludeOrAny("")),
    f("conditions.agentIdRiskLevels", "Agent risk", Words, IncludeOrAny("")),
    f("conditions.insiderRiskLevels", "Insider risk", Words, IncludeOrAny("")),
    f("conditions.authenticationFlows.transferMethods", "Authentication flows", Words, IncludeOrAny("")),
    f("grantControls.builtInControls", "Grant controls", Words, Grant),
    f("grantControls.authenticationStrength", "Authentication strength", Strength, Grant),
    f("grantControls.termsOfUse", "Terms of use", Ids(TermsOfUse), Grant),
    f("grantControls.customAuthenticationFactors", "Custom controls", Words, Grant),
    f("grantControls.operator", "How controls combine", Word, Grant),
    f("sessionControls.signInFrequency", "Sign-in frequency", Session("signInFrequency"), SessionJudge),
    f("sessionControls.persistentBrowser", "Persistent browser session", Session("persistentBrowser"), SessionJudge),
    f("sessionControls.applicationEnforcedRestrictions", "Application enforced restrictions", Session("applicationEnforcedRestrictions"), SessionJudge),
    f("sessionControls.cloudAppSecurity", "Conditional Access App Control", Session("cloudAppSecurity"), SessionJudge),
    f("sessionControls.continuousAccessEvaluation", "Continuous access evaluation", Session("continuousAccessEvaluation"), SessionJudge),
    f("sessionControls.secureSignInSession", "Token protection", Session("secureSignInSession"), SessionJudge),
    f("sessionControls.disableResilienceDefaults", "Resilience defaults switched off", Session("disableResilienceDefaults"), SessionJudge),
];
