//! What-if: one sign-in described by hand or taken from a real one, and what today's policies together say to it. The form's
//! words are Graph's own (`conditionalAccess/evaluate`); the answer is the engine's, in plain English.

use std::collections::BTreeMap;

use conditional_access::{
    Answer, Names, Request,
    evaluate::{
        Access as Decided, Context, Country, DeviceInfo, Engine, Fact, Identity, InsiderRisk, Outcome as Decides, PolicyResult, SecurityDefaultsPart,
        SignInConditions, UserAction, UserSignIn, VerdictReason, Why,
        words::{reason_words, requirement_words, verdict_words},
    },
    model::conditions::{ClientAppType, DevicePlatform, InsiderRiskLevel, RiskLevel, TransferMethod},
    network,
    replay::{Device, SignIn},
    tenant::Place,
    words::session_phrases,
};
use serde::{Deserialize, Serialize};
use specta::Type;
use store::sign_ins::SignInRow as Stored;

use super::{
    Moment, PersonRef, Problem, Unknown,
    drift::{PolicyRef, capital, person, policy_at, unknown},
};
use crate::{Fleet, engine::TenantEngine, problem::problem};

/// What the sign-in is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum WhatIfTarget {
    /// An application's id, or `Office365`, `MicrosoftAdminPortals`.
    Application(String),
    /// Graph's name: `urn:user:registersecurityinfo`, `urn:user:registerdevice`.
    UserAction(String),
    /// An authentication context: `c1` …
    AuthenticationContext(String),
}

/// A sign-in to judge. Empty and None mean *not said*: a condition that needs it makes the answer "cannot say".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct WhatIfRequest {
    pub tenant: String,
    /// The user's id.
    pub user: Option<String>,
    pub target: Option<WhatIfTarget>,
    /// Graph's word: `browser`, `mobileAppsAndDesktopClients`, `exchangeActiveSync`, `other`.
    pub client: Option<String>,
    /// `windows`, `macOS`, `iOS`, `android`, `linux`, `windowsPhone`.
    pub platform: Option<String>,
    pub ip: Option<String>,
    /// Two letters.
    pub country: Option<String>,
    /// None: not said; otherwise whether the device is known to Entra at all.
    pub registered: Option<bool>,
    pub compliant: Option<bool>,
    /// `AzureAD`, `ServerAD`, `Workplace`.
    pub trust: Option<String>,
    pub device_name: Option<String>,
    pub manufacturer: Option<String>,
    pub model: Option<String>,
    pub operating_system: Option<String>,
    pub operating_system_version: Option<String>,
    /// `none`, `low`, `medium`, `high`.
    pub sign_in_risk: Option<String>,
    pub user_risk: Option<String>,
    /// `minor`, `moderate`, `elevated`.
    pub insider_risk: Option<String>,
    /// `none`, `deviceCodeFlow`, `authenticationTransfer`.
    pub flow: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    pub value: String,
    pub words: String,
}

/// What the form offers.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhatIfChoices {
    pub unreadable: Option<Unknown>,
    pub read_at: Option<Moment>,
    /// Those that policies mention first, then those of recent sign-ins.
    pub applications: Vec<Choice>,
    pub user_actions: Vec<Choice>,
    pub contexts: Vec<Choice>,
    pub countries: Vec<Choice>,
    /// Addresses of named locations and of recent sign-ins, each with its place.
    pub addresses: Vec<Choice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Access {
    Blocked,
    Granted,
    CannotSay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    Applies,
    DoesNotApply,
    CannotSay,
}

/// One policy's part in the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhatIfPolicy {
    pub policy: PolicyRef,
    pub outcome: Outcome,
    /// The one reason that decides, in plain English.
    pub reason: String,
    /// The others, where there are any.
    pub more: Vec<String>,
    /// It blocks where it applies; then it demands nothing.
    pub blocks: bool,
    /// What it demands, in words: "MFA", "a compliant device or MFA"; empty where it demands nothing.
    pub demands: Vec<String>,
    pub session: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhatIfAnswer {
    pub access: Access,
    /// The verdict in a few words: "Granted with MFA", "Blocked by CA004 Block legacy authentication".
    pub headline: String,
    /// In a sentence, why.
    pub reason: String,
    /// Every one must be met, each in words.
    pub requires: Vec<String>,
    pub session: Vec<String>,
    /// What report-only policies would add, each in a sentence.
    pub report_only: Vec<String>,
    /// What the request leaves open and some policy asks for: say it to get an answer.
    pub open: Vec<String>,
    /// Those that apply, those that cannot be said, those that do not; report-only ones among them by their state.
    pub policies: Vec<WhatIfPolicy>,
    pub user: Option<PersonRef>,
    pub remarks: Vec<String>,
}

/// A real sign-in as a request, with what Entra did not record.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhatIfFromSignIn {
    pub request: WhatIfRequest,
    pub user: Option<PersonRef>,
    pub application: Option<Choice>,
    pub at: Moment,
    /// What Entra did then, in a sentence.
    pub recorded: String,
    /// What had to be assumed or is not said.
    pub assumed: Vec<String>,
}

const USER_ACTIONS: [(&str, &str); 2] =
    [("urn:user:registersecurityinfo", "Register security information"), ("urn:user:registerdevice", "Register or join a device")];
/// More choices than this nobody reads; any id can be typed.
const MOST_CHOICES: usize = 1_000;

/// What the form offers for this tenant.
///
/// # Errors
/// The tenant is not connected, or the store refused.
pub fn choices(fleet: &Fleet, tenant: &str) -> Result<WhatIfChoices, Problem> {
    let engine = fleet.engine(tenant)?;
    let mut choices = WhatIfChoices {
        unreadable: engine.readable().err().as_ref().map(unknown),
        read_at: engine.policies_read_at.and_then(super::moment),
        applications: Vec::new(),
        user_actions: USER_ACTIONS.iter().map(|(value, words)| choice(value, words)).collect(),
        contexts: contexts(&engine.engine),
        countries: Vec::new(),
        addresses: Vec::new(),
    };
    let (used, seen) = fleet.store().read(|conn| Ok((store::sign_ins::apps(conn, &engine.tenant)?, store::sign_ins::countries(conn, &engine.tenant)?)))?;
    choices.applications = applications(&engine.engine, &used);
    (choices.countries, choices.addresses) = places(&engine.engine, &seen);
    Ok(choices)
}

fn choice(value: &str, words: &str) -> Choice {
    Choice { value: value.to_owned(), words: words.to_owned() }
}

/// Those that policies mention first, then those that were signed in to, then every other one by name.
fn applications(engine: &Engine, used: &[(String, String)]) -> Vec<Choice> {
    let mut found = vec![choice("Office365", "Office 365"), choice("MicrosoftAdminPortals", "Microsoft Admin Portals")];
    let mut known: std::collections::HashSet<String> = found.iter().map(|choice| choice.value.to_lowercase()).collect();
    let mut add = |id: &str, name: Option<&str>| {
        let name = engine.application(id).or_else(|| name.map(str::to_owned)).filter(|name| !name.trim().is_empty());
        if let (Some(name), true) = (name, uuid::Uuid::parse_str(id).is_ok())
            && found.len() < MOST_CHOICES
            && known.insert(id.to_lowercase())
        {
            found.push(choice(&id.to_lowercase(), &name));
        }
    };
    engine.mentions().applications.iter().for_each(|id| add(id, None));
    used.iter().for_each(|(id, name)| add(id, Some(name)));
    let mut others: Vec<_> = engine.tenant().service_principals.iter().flatten().collect();
    others.sort_by_cached_key(|principal| principal.display_name.to_lowercase());
    others.iter().for_each(|principal| add(&principal.app_id, Some(&principal.display_name)));
    found
}

fn contexts(engine: &Engine) -> Vec<Choice> {
    let mentioned = engine.policies().iter().flat_map(|policy| &policy.conditions.applications.authentication_contexts);
    let mut ids: Vec<&String> = mentioned.collect();
    ids.sort_by_key(|id| (id.len(), (*id).clone()));
    ids.dedup();
    ids.into_iter().map(|id| choice(id, &format!("Authentication context {id}"))).collect()
}

/// Countries and addresses that named locations hold, and the countries of sign-ins.
fn places(engine: &Engine, seen: &[String]) -> (Vec<Choice>, Vec<Choice>) {
    let mut countries: BTreeMap<String, Vec<String>> = seen.iter().map(|code| (code.to_uppercase(), Vec::new())).collect();
    let mut addresses = Vec::new();
    for location in engine.tenant().named_locations.iter().flatten() {
        match &location.place {
            Place::Countries { countries: codes, .. } => {
                for code in codes {
                    countries.entry(code.to_uppercase()).or_default().push(location.display_name.clone());
                }
            }
            Place::Addresses { ranges, trusted } => {
                let first = ranges.iter().find_map(|range| network::IpRange::parse(range).ok());
                if let Some(range) = first {
                    let trust = if *trusted == Some(true) { ", trusted" } else { "" };
                    addresses.push(choice(&range.first_address().to_string(), &format!("{}{trust}", location.display_name)));
                }
            }
            Place::CompliantNetwork | Place::Unknown => {}
        }
    }
    let countries = countries.into_iter().filter(|(code, _)| Country::read(code).is_some());
    (countries.map(|(code, lists)| choice(&code, if lists.is_empty() { &code } else { lists.first().unwrap_or(&code) })).collect(), addresses)
}

/// What today's policies say to this sign-in.
///
/// # Errors
/// The tenant is not connected, its policies were never read, or a value makes no sense (an address that is none).
pub fn evaluate(fleet: &Fleet, request: &WhatIfRequest) -> Result<WhatIfAnswer, Problem> {
    let engine = fleet.engine(&request.tenant)?;
    engine.readable()?;
    let asked = question(request)?;
    let answer = engine.engine.evaluate(&asked);
    Ok(shown(&engine, request, &answer))
}

fn said(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// The form as the engine's question. What is empty stays open.
fn question(request: &WhatIfRequest) -> Result<Request, Problem> {
    let address = said(request.ip.as_ref())
        .map(|text| {
            network::address(text)
                .ok_or_else(|| problem("input.invalid", format!("“{text}” is no IP address"), "Write an IPv4 or IPv6 address, or leave it open."))
        })
        .transpose()?;
    let country = said(request.country.as_ref())
        .map(|text| {
            Country::read(text).ok_or_else(|| {
                problem("input.invalid", format!("“{text}” is no country of two letters"), "Write two letters such as GB or DE, or leave it open.")
            })
        })
        .transpose()?;
    let context = match &request.target {
        None => Context::Open,
        Some(WhatIfTarget::Application(id)) => Context::Applications(vec![id.trim().to_owned()]),
        Some(WhatIfTarget::UserAction(action)) => Context::UserAction(match action.trim().to_ascii_lowercase().as_str() {
            "urn:user:registersecurityinfo" => UserAction::RegisterSecurityInformation,
            "urn:user:registerdevice" => UserAction::RegisterOrJoinDevices,
            _ => UserAction::Other(action.clone()),
        }),
        Some(WhatIfTarget::AuthenticationContext(id)) => Context::AuthenticationContext(id.trim().to_owned()),
    };
    let risk = |text: Option<&String>| said(text).map(RiskLevel::from_graph);
    Ok(Request {
        identity: said(request.user.as_ref())
            .map_or(Identity::Open, |id| Identity::User(UserSignIn { user_id: Some(id.to_lowercase()), ..UserSignIn::default() })),
        context,
        conditions: SignInConditions {
            client_app: said(request.client.as_ref()).map(ClientAppType::from_graph),
            platform: said(request.platform.as_ref()).map(DevicePlatform::from_graph),
            address,
            country,
            sign_in_risk: risk(request.sign_in_risk.as_ref()),
            user_risk: risk(request.user_risk.as_ref()),
            insider_risk: said(request.insider_risk.as_ref())
                .map(|text| if text == "none" { InsiderRisk::None } else { InsiderRisk::Level(InsiderRiskLevel::from_graph(text)) }),
            transfer_methods: said(request.flow.as_ref()).map(TransferMethod::from_graph).into_iter().collect(),
            device: device(request),
            ..SignInConditions::default()
        },
        applied_policies_only: false,
    })
}

/// The device of somebody who says that it is registered, and not which one it is.
const SOME_DEVICE: &str = "00000000-0000-0000-0000-000000000001";

fn device(request: &WhatIfRequest) -> Option<DeviceInfo> {
    let text = |value: Option<&String>| said(value).map_or(Fact::Open, |text| Fact::Is(text.to_owned()));
    let texts = [&request.trust, &request.device_name, &request.manufacturer, &request.model, &request.operating_system, &request.operating_system_version];
    match request.registered {
        // "Conditional Access: Filter for devices": an unregistered device has no value of any kind.
        Some(false) => Some(DeviceInfo { device_id: Fact::Null, is_compliant: Fact::Null, trust_type: Fact::Null, ..DeviceInfo::default() }),
        None if request.compliant.is_none() && texts.iter().all(|text| said(text.as_ref()).is_none()) => None,
        registered => Some(DeviceInfo {
            device_id: if registered == Some(true) { Fact::Is(SOME_DEVICE.to_owned()) } else { Fact::Open },
            is_compliant: request.compliant.map_or(Fact::Open, Fact::Is),
            trust_type: text(request.trust.as_ref()),
            display_name: text(request.device_name.as_ref()),
            manufacturer: text(request.manufacturer.as_ref()),
            model: text(request.model.as_ref()),
            operating_system: text(request.operating_system.as_ref()),
            operating_system_version: text(request.operating_system_version.as_ref()),
            ..DeviceInfo::default()
        }),
    }
}

fn shown(tenant: &TenantEngine, request: &WhatIfRequest, answer: &Answer) -> WhatIfAnswer {
    let engine = &tenant.engine;
    let verdict = &answer.verdict;
    let requires: Vec<String> = verdict.requires.iter().map(|requirement| capital(&requirement_words(requirement, engine))).collect();
    let access = match verdict.access {
        Decided::Blocked => Access::Blocked,
        Decided::Granted if verdict.legacy_cannot_satisfy => Access::Blocked,
        Decided::Granted => Access::Granted,
        Decided::CannotSay => Access::CannotSay,
    };
    let mut policies: Vec<WhatIfPolicy> = answer.results.iter().filter_map(|result| policy(engine, result)).collect();
    let rank = |policy: &WhatIfPolicy| match policy.outcome {
        Outcome::Applies => 0,
        Outcome::CannotSay => 1,
        Outcome::DoesNotApply => 2,
    };
    let state = |policy: &WhatIfPolicy| match policy.policy.state.as_str() {
        "enabled" => 0,
        "enabledForReportingButNotEnforced" => 1,
        _ => 2,
    };
    policies.sort_by_key(|policy| (rank(policy), state(policy), policy.policy.display_name.to_lowercase()));
    let user = said(request.user.as_ref()).map(|id| person(engine, id));
    let mut remarks = Vec::new();
    if let Some(user) = &user
        && engine.tenant().users.is_some()
        && engine.user(&user.id).is_none()
    {
        remarks.push("This user is not in the tenant as it was synced last".to_owned());
    } else if user.as_ref().and_then(|user| engine.user(&user.id)).is_some_and(|user| user.account_enabled == Some(false)) {
        remarks.push("The account is blocked from signing in, whatever the policies say".to_owned());
    }
    WhatIfAnswer {
        headline: headline(engine, answer, &requires),
        access,
        reason: verdict_words(verdict, engine, engine).join(" "),
        requires: if access == Access::Blocked { Vec::new() } else { requires },
        session: if access == Access::Blocked { Vec::new() } else { session_phrases(&verdict.session) },
        report_only: verdict.report_only.iter().filter_map(|part| report_only(engine, part)).collect(),
        open: open(answer),
        policies,
        user,
        remarks,
    }
}

fn headline(engine: &Engine, answer: &Answer, requires: &[String]) -> String {
    let verdict = &answer.verdict;
    let blocking = verdict.reasons.iter().find_map(|reason| match reason {
        VerdictReason::BlockedBy(policies) => Some(policies.as_slice()),
        _ => None,
    });
    match (verdict.access, requires) {
        (Decided::Blocked, _) => match (blocking, verdict.security_defaults) {
            (Some([one]), _) => {
                format!(
                    "Blocked by {}",
                    policy_at(engine, *one).map(|policy| policy.display_name).filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "a policy".to_owned())
                )
            }
            (Some(several), _) if !several.is_empty() => format!("Blocked by {} policies", several.len()),
            (_, Some(SecurityDefaultsPart::BlocksLegacy)) => "Blocked by security defaults".to_owned(),
            _ => "Blocked".to_owned(),
        },
        (Decided::Granted, _) if verdict.legacy_cannot_satisfy => "Blocked in effect".to_owned(),
        (Decided::Granted, []) => "Granted, nothing is asked for".to_owned(),
        (Decided::Granted, [one]) => format!("Granted with {}", lower(one)),
        (Decided::Granted, several) => format!("Granted, with {} demands", several.len()),
        (Decided::CannotSay, _) => "Cannot say".to_owned(),
    }
}

/// "MFA" and "Entra" stay as they are.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if !letters.clone().next().is_some_and(char::is_uppercase) => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

pub(crate) fn outcome(outcome: Decides) -> Outcome {
    match outcome {
        Decides::Applies => Outcome::Applies,
        Decides::DoesNotApply => Outcome::DoesNotApply,
        Decides::CannotSay => Outcome::CannotSay,
    }
}

fn policy(engine: &Engine, result: &PolicyResult) -> Option<WhatIfPolicy> {
    const MOST: usize = 6;
    let mut reasons = result.reasons.iter().map(|reason| reason_words(reason, engine));
    let first = reasons.next().unwrap_or_else(|| match result.outcome {
        Decides::Applies => "Nothing keeps it from applying.".to_owned(),
        Decides::DoesNotApply => "It does not fit this sign-in.".to_owned(),
        Decides::CannotSay => "Not enough is known.".to_owned(),
    });
    let demand = engine.demand(result.policy);
    let blocks = demand.is_some_and(|demand| demand.blocks);
    let demands = demand.into_iter().flat_map(|demand| &demand.requires).map(|requirement| requirement_words(requirement, engine));
    let session = engine.policies().get(result.policy).and_then(|policy| policy.session_controls.as_ref());
    Some(WhatIfPolicy {
        policy: policy_at(engine, result.policy)?,
        outcome: outcome(result.outcome),
        reason: first,
        // Where several conditions fit, only where it cannot be said does each of them matter.
        more: if result.outcome == Decides::CannotSay { reasons.take(MOST).collect() } else { Vec::new() },
        blocks: blocks && result.outcome != Decides::DoesNotApply,
        demands: if result.outcome == Decides::DoesNotApply || blocks { Vec::new() } else { demands.collect() },
        session: if result.outcome == Decides::DoesNotApply { Vec::new() } else { session.map(session_phrases).unwrap_or_default() },
    })
}

fn report_only(engine: &Engine, part: &conditional_access::evaluate::ReportOnly) -> Option<String> {
    let name = policy_at(engine, part.policy)?.display_name;
    let mut does: Vec<String> = Vec::new();
    if part.blocks {
        does.push("block".to_owned());
    } else if !part.requires.is_empty() {
        does.push(format!("demand {}", part.requires.iter().map(|requirement| requirement_words(requirement, engine)).collect::<Vec<_>>().join(" and ")));
    }
    let session = session_phrases(&part.session);
    if !session.is_empty() {
        does.push(format!("limit the session ({})", session.join(", ")));
    }
    let does = if does.is_empty() { "ask for nothing".to_owned() } else { does.join(" and ") };
    Some(if part.outcome == Decides::Applies { format!("{name} would {does}") } else { format!("{name} might {does}: whether it applies cannot be said") })
}

/// What the request leaves open and policies ask for, each once with how many ask.
fn open(answer: &Answer) -> Vec<String> {
    let mut asked: BTreeMap<&'static str, usize> = BTreeMap::new();
    for result in answer.results.iter().filter(|result| result.outcome == Decides::CannotSay) {
        let fields: std::collections::BTreeSet<&'static str> = result
            .reasons
            .iter()
            .filter_map(|reason| match reason.why {
                Why::RequestLeavesOpen(field) => Some(field_words(field)),
                _ => None,
            })
            .collect();
        for field in fields {
            *asked.entry(field).or_default() += 1;
        }
    }
    let mut asked: Vec<(&str, usize)> = asked.into_iter().collect();
    asked.sort_by_key(|(field, policies)| (std::cmp::Reverse(*policies), *field));
    asked.into_iter().map(|(field, policies)| format!("{field}: {policies} {}", if policies == 1 { "policy asks" } else { "policies ask" })).collect()
}

/// Graph's field by the name that the form gives it.
fn field_words(field: &'static str) -> &'static str {
    match field {
        "signInIdentity" | "signInIdentity.userId" => "Who",
        "signInIdentity.externalUserType" => "Which kind of guest",
        "signInIdentity.externalTenantId" => "The guest's organisation",
        "signInIdentity.servicePrincipalId" => "Which service principal",
        "signInContext" | "signInContext.includeApplications" => "What for",
        "signInConditions.clientAppType" => "Client",
        "signInConditions.devicePlatform" => "Platform",
        "signInConditions.ipAddress" => "IP address",
        "signInConditions.country" => "Country",
        "signInConditions.signInRiskLevel" => "Sign-in risk",
        "signInConditions.userRiskLevel" => "User risk",
        "signInConditions.servicePrincipalRiskLevel" => "Service principal risk",
        "signInConditions.insiderRiskLevel" => "Insider risk",
        "signInConditions.authenticationFlow" => "Special flow",
        field if field.starts_with("signInConditions.deviceInfo") => "Device",
        other => other,
    }
}

/// A real sign-in as a request.
///
/// # Errors
/// It is not kept, or the store refused.
pub fn from_sign_in(fleet: &Fleet, tenant: &str, sign_in: &str) -> Result<WhatIfFromSignIn, Problem> {
    let engine = fleet.engine(tenant)?;
    let stored = stored(fleet, &engine.tenant, sign_in)?;
    let asked = logged(&stored).request();
    let mut request = WhatIfRequest { tenant: engine.tenant.clone(), ..WhatIfRequest::default() };
    request.user = Some(stored.user_id.to_lowercase()).filter(|id| !id.is_empty());
    let application = [&stored.resource_id, &stored.app_id].into_iter().find(|id| !id.is_empty()).map(|id| id.to_lowercase());
    request.target = application.clone().map(WhatIfTarget::Application);
    let conditions = asked.conditions;
    request.client = conditions.client_app.map(|client| client.as_graph().to_owned());
    request.platform = conditions.platform.map(|platform| platform.as_graph().to_owned());
    request.ip = conditions.address.map(|address| address.to_string());
    request.country = conditions.country.map(|country| country.as_text().to_owned()).filter(|code| !code.is_empty());
    request.sign_in_risk = conditions.sign_in_risk.map(|risk| risk.as_graph().to_owned());
    let flow = conditions.transfer_methods.first().map(|flow| flow.as_graph().to_owned());
    let flow_recorded = flow.is_some();
    // Nearly every sign-in is an ordinary one; that it was taken for one is said beside the answer, and can be chosen otherwise.
    request.flow = Some(flow.unwrap_or_else(|| "none".to_owned()));
    if let Some(device) = conditions.device {
        request.registered = Some(device.device_id != Fact::Null);
        let text = |fact: Fact<String>| match fact {
            Fact::Is(text) => Some(text),
            Fact::Open | Fact::Null => None,
        };
        request.compliant = match device.is_compliant {
            Fact::Is(compliant) => Some(compliant),
            Fact::Open | Fact::Null => None,
        };
        request.trust = text(device.trust_type);
        request.device_name = text(device.display_name);
    }
    Ok(WhatIfFromSignIn {
        user: request.user.as_ref().map(|id| {
            let known = person(&engine.engine, id);
            if known.display_name.is_empty() { PersonRef { id: id.clone(), display_name: stored.user_name.clone(), upn: stored.upn.clone() } } else { known }
        }),
        application: application.map(|id| {
            let name = engine
                .engine
                .application(&id)
                .unwrap_or_else(|| if stored.resource_name.is_empty() { stored.app_name.clone() } else { stored.resource_name.clone() });
            Choice { value: id, words: name }
        }),
        at: super::moment(stored.created_at).unwrap_or_default(),
        recorded: crate::reasons::reason(stored.error_code, &stored.failure_reason),
        assumed: not_recorded(&request, flow_recorded),
        request,
    })
}

/// What Entra's log does not say and policies may ask for.
fn not_recorded(request: &WhatIfRequest, flow_recorded: bool) -> Vec<String> {
    let mut found = vec!["The country is the one that Entra looked up from the address; user risk and insider risk are never in the log".to_owned()];
    if request.registered == Some(false) {
        found.push("The device showed no identity, so it is taken for one that Entra does not know".to_owned());
    }
    if request.sign_in_risk.is_none() {
        found.push("The sign-in's risk is hidden without Entra ID P2, so it is left open".to_owned());
    }
    if !flow_recorded {
        found.push("Whether it was a device code or a transferred sign-in is not in the log: it is taken for an ordinary one".to_owned());
    }
    found
}

pub(crate) fn stored(fleet: &Fleet, tenant: &str, id: &str) -> Result<Stored, Problem> {
    fleet
        .store()
        .read(|conn| store::sign_ins::get(conn, tenant, id))?
        .ok_or_else(|| problem("signIn.unknown", "This sign-in is not kept", "It may be older than the retention; go back to the list.").with_details(id))
}

/// A stored sign-in as the log had it.
pub(crate) fn logged(stored: &Stored) -> SignIn<'_> {
    SignIn {
        user_id: &stored.user_id,
        app_id: &stored.app_id,
        resource_id: &stored.resource_id,
        client_app: &stored.client_app,
        operating_system: &stored.os,
        address: &stored.ip,
        country: &stored.country,
        device: Some(Device {
            id: &stored.device_id,
            name: &stored.device_name,
            compliant: stored.compliant,
            trust_type: stored.trust_type.as_deref().unwrap_or_default(),
        }),
        risk_aggregated: &stored.risk,
        ..SignIn::default()
    }
}
