//! Graph's request JSON into a [`Request`]. What is absent or null stays open; what has another type than Graph documents is
//! an error with its path, since a question that was misread would be answered wrongly.

use serde_json::{Map, Value};

use super::request::{
    Context, Country, DeviceInfo, Fact, Identity, InsiderRisk, RecordedFacts, Request, RequestError, ServicePrincipalSignIn, SignInConditions, UserAction,
    UserSignIn,
};
use crate::model::conditions::{ClientAppType, DevicePlatform, InsiderRiskLevel, RiskLevel, TransferMethod};
use crate::model::users::GuestType;
use crate::network;

/// Graph's word for members it may add some day: it says nothing.
const FUTURE: &str = "unknownFutureValue";

impl Request {
    /// Reads Graph's shape. What is absent or null stays open.
    ///
    /// # Errors
    /// When a member has another type than Graph documents, or an address or an identity that is none.
    pub fn from_value(value: &Value) -> Result<Self, RequestError> {
        let whole = Object::of("", value)?;
        Ok(Self {
            identity: whole.object("signInIdentity")?.map_or(Ok(Identity::Open), |object| identity(&object))?,
            context: whole.object("signInContext")?.map_or(Ok(Context::Open), |object| context(&object))?,
            conditions: whole.object("signInConditions")?.map_or(Ok(SignInConditions::default()), |object| conditions(&object))?,
            applied_policies_only: whole.boolean("appliedPoliciesOnly")?.unwrap_or(false),
        })
    }

    /// # Errors
    /// As [`Self::from_value`], and when the text is not JSON.
    pub fn from_json(text: &str) -> Result<Self, RequestError> {
        let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| RequestError { path: String::new(), what: format!("this is not JSON: {error}") })?;
        Self::from_value(&value)
    }
}

fn identity(object: &Object) -> Result<Identity, RequestError> {
    let service_principal = || -> Result<Identity, RequestError> {
        Ok(Identity::ServicePrincipal(ServicePrincipalSignIn { service_principal_id: object.id("servicePrincipalId")?, agent: None }))
    };
    match object.kind()?.as_deref() {
        Some("servicePrincipalSignIn") => service_principal(),
        None if object.has("servicePrincipalId") => service_principal(),
        None if !object.has("userId") && !object.has("externalUserType") && !object.has("externalTenantId") => Ok(Identity::Open),
        None | Some("userSignIn") => Ok(Identity::User(UserSignIn {
            user_id: object.id("userId")?,
            external_types: object.flags("externalUserType")?.iter().map(|text| GuestType::from_graph(text)).collect(),
            external_tenant_id: object.id("externalTenantId")?,
        })),
        Some(other) => Err(object.error("@odata.type", format!("\"{other}\" is no identity: userSignIn or servicePrincipalSignIn was expected"))),
    }
}

fn context(object: &Object) -> Result<Context, RequestError> {
    match object.kind()?.as_deref() {
        Some("applicationContext") => applications(object),
        None if object.has("includeApplications") => applications(object),
        Some("userActionContext") => user_action(object),
        None if object.has("userAction") => user_action(object),
        // A context that says nothing at all is open, whichever it is.
        Some("authContext") | None => authentication_context(object),
        Some(other) => {
            Err(object.error("@odata.type", format!("\"{other}\" is no context: applicationContext, userActionContext or authContext was expected")))
        }
    }
}

fn applications(object: &Object) -> Result<Context, RequestError> {
    let found = object.texts("includeApplications")?.unwrap_or_default();
    Ok(if found.is_empty() { Context::Open } else { Context::Applications(found) })
}

fn user_action(object: &Object) -> Result<Context, RequestError> {
    Ok(match object.word("userAction")?.as_deref() {
        None => Context::Open,
        Some(text) => Context::UserAction(match text.to_ascii_lowercase().as_str() {
            "registersecurityinformation" | "urn:user:registersecurityinfo" => UserAction::RegisterSecurityInformation,
            "registerorjoindevices" | "urn:user:registerdevice" => UserAction::RegisterOrJoinDevices,
            _ => UserAction::Other(text.to_owned()),
        }),
    })
}

fn authentication_context(object: &Object) -> Result<Context, RequestError> {
    Ok(object.id("authenticationContextValue")?.map_or(Context::Open, Context::AuthenticationContext))
}

fn conditions(object: &Object) -> Result<SignInConditions, RequestError> {
    let risk = |name| -> Result<Option<RiskLevel>, RequestError> { Ok(object.word(name)?.map(|text| RiskLevel::from_graph(&text))) };
    Ok(SignInConditions {
        client_app: object.word("clientAppType")?.map(|text| ClientAppType::from_graph(&text)),
        platform: object.word("devicePlatform")?.map(|text| DevicePlatform::from_graph(&text)),
        address: match object.text("ipAddress")?.filter(|text| !text.trim().is_empty()) {
            None => None,
            Some(text) => Some(network::address(&text).ok_or_else(|| object.error("ipAddress", format!("\"{}\" is no IP address", short(&text))))?),
        },
        country: match object.text("country")?.filter(|text| !text.trim().is_empty()) {
            None => None,
            Some(text) => Some(Country::read(&text).ok_or_else(|| object.error("country", format!("\"{}\" is no country of two letters", short(&text))))?),
        },
        sign_in_risk: risk("signInRiskLevel")?,
        user_risk: risk("userRiskLevel")?,
        service_principal_risk: risk("servicePrincipalRiskLevel")?,
        insider_risk: object
            .word("insiderRiskLevel")?
            .map(|text| if text.eq_ignore_ascii_case("none") { InsiderRisk::None } else { InsiderRisk::Level(InsiderRiskLevel::from_graph(&text)) }),
        agent_risk: match risk("agentIdRiskLevel")? {
            None => risk("agentIdRiskLevels")?,
            some => some,
        },
        transfer_methods: match object.object("authenticationFlow")? {
            None => Vec::new(),
            Some(flow) => flow.flags("transferMethod")?.iter().map(|text| TransferMethod::from_graph(text)).collect(),
        },
        device: object.object("deviceInfo")?.map(|device| device_info(&device)).transpose()?,
        more: RecordedFacts::default(),
    })
}

fn device_info(object: &Object) -> Result<DeviceInfo, RequestError> {
    let mut extension_attributes: [Fact<String>; 15] = Default::default();
    for (n, place) in extension_attributes.iter_mut().enumerate() {
        *place = object.fact(&format!("extensionAttribute{}", n + 1))?;
    }
    Ok(DeviceInfo {
        device_id: object.fact("deviceId")?,
        display_name: object.fact("displayName")?,
        enrollment_profile_name: object.fact("enrollmentProfileName")?,
        extension_attributes,
        is_compliant: match object.value("isCompliant") {
            None => Fact::Open,
            Some(Value::Null) => Fact::Null,
            Some(Value::Bool(is)) => Fact::Is(*is),
            Some(_) => return Err(object.error("isCompliant", "true or false was expected".to_owned())),
        },
        manufacturer: object.fact("manufacturer")?,
        mdm_app_id: object.fact("mdmAppId")?,
        model: object.fact("model")?,
        operating_system: object.fact("operatingSystem")?,
        operating_system_version: object.fact("operatingSystemVersion")?,
        ownership: object.fact("ownership")?,
        physical_ids: object.list_fact("physicalIds")?,
        profile_type: object.fact("profileType")?,
        system_labels: object.list_fact("systemLabels")?,
        trust_type: object.fact("trustType")?,
    })
}

impl Country {
    /// Two letters; `ZZ`, ISO 3166's code for no country, and `unknown` say that the address maps to none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("zz") || text.eq_ignore_ascii_case("unknown") {
            return Some(Self::Unknown);
        }
        match text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => Some(Self::Code([a.to_ascii_uppercase(), b.to_ascii_uppercase()])),
            _ => None,
        }
    }
    /// Two letters; empty where unknown.
    #[must_use]
    pub fn as_text(&self) -> &str {
        match self {
            Self::Code(code) => std::str::from_utf8(code).unwrap_or(""),
            Self::Unknown => "",
        }
    }
}

fn short(text: &str) -> String {
    text.chars().take(64).collect()
}

/// One JSON object of a request, which knows where it stands.
struct Object<'a> {
    path: String,
    members: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    fn of(path: &str, value: &'a Value) -> Result<Self, RequestError> {
        match value {
            Value::Object(members) => Ok(Self { path: path.to_owned(), members }),
            _ => Err(RequestError { path: path.to_owned(), what: "a JSON object was expected".to_owned() }),
        }
    }
    fn error(&self, name: &str, what: String) -> RequestError {
        RequestError { path: self.at(name), what }
    }
    fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
    fn value(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name)
    }
    fn has(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| !value.is_null())
    }
    fn object(&self, name: &str) -> Result<Option<Object<'a>>, RequestError> {
        match self.value(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => Self::of(&self.at(name), value).map(Some),
        }
    }
    fn boolean(&self, name: &str) -> Result<Option<bool>, RequestError> {
        match self.value(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(is)) => Ok(Some(*is)),
            Some(_) => Err(self.error(name, "true or false was expected".to_owned())),
        }
    }
    fn text(&self, name: &str) -> Result<Option<String>, RequestError> {
        match self.value(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.error(name, "a text was expected".to_owned())),
        }
    }
    /// A member of an enumeration; Graph's word for a future one leaves it open.
    fn word(&self, name: &str) -> Result<Option<String>, RequestError> {
        Ok(self.text(name)?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty() && !text.eq_ignore_ascii_case(FUTURE)))
    }
    /// An id, lower case.
    fn id(&self, name: &str) -> Result<Option<String>, RequestError> {
        Ok(self.text(name)?.map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty()))
    }
    /// The type behind `#microsoft.graph.`.
    fn kind(&self) -> Result<Option<String>, RequestError> {
        Ok(self.text("@odata.type")?.map(|text| text.trim_start_matches('#').trim_start_matches("microsoft.graph.").to_owned()))
    }
    fn texts(&self, name: &str) -> Result<Option<Vec<String>>, RequestError> {
        match self.value(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(|| self.error(name, "a list of texts was expected".to_owned())))
                .collect::<Result<_, _>>()
                .map(Some),
            Some(_) => Err(self.error(name, "a list of texts was expected".to_owned())),
        }
    }
    fn flags(&self, name: &str) -> Result<Vec<String>, RequestError> {
        let found = match self.value(name) {
            Some(Value::Array(_)) => self.texts(name)?.unwrap_or_default(),
            _ => self.text(name)?.map(|text| text.split(',').map(str::to_owned).collect()).unwrap_or_default(),
        };
        Ok(found.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty() && !text.eq_ignore_ascii_case(FUTURE)).collect())
    }
    fn fact(&self, name: &str) -> Result<Fact<String>, RequestError> {
        Ok(match self.value(name) {
            None => Fact::Open,
            _ => self.text(name)?.map_or(Fact::Null, Fact::Is),
        })
    }
    fn list_fact(&self, name: &str) -> Result<Fact<Vec<String>>, RequestError> {
        Ok(match self.value(name) {
            None => Fact::Open,
            _ => self.texts(name)?.map_or(Fact::Null, Fact::Is),
        })
    }
}
