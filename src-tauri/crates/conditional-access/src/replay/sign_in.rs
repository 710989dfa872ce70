//! A recorded sign-in as the engine's question. The log says less than the engine asks: what it does not say stays open, and a
//! word that nobody here knows is open too.

use std::net::IpAddr;

use super::words;
use crate::evaluate::{Context, Country, DeviceInfo, Fact, Identity, RecordedFacts, Request, ServicePrincipalSignIn, SignInConditions, UserSignIn};
use crate::model::conditions::{ClientAppType, RiskLevel, TransferMethod};
use crate::model::users::GuestType;

/// What the log says of one sign-in; borrowed, so that hundreds of thousands pass without a copy. Empty is "not said".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct SignIn<'a> {
    pub user_id: &'a str,
    /// Of an application that signed in by itself.
    pub service_principal_id: &'a str,
    pub app_id: &'a str,
    pub resource_id: &'a str,
    /// `clientAppUsed`
    pub client_app: &'a str,
    pub operating_system: &'a str,
    pub address: &'a str,
    /// `location.countryOrRegion`: Entra looked it up from the address.
    pub country: &'a str,
    /// None: the log has no `deviceDetail`.
    pub device: Option<Device<'a>>,
    pub risk_during_sign_in: &'a str,
    pub risk_aggregated: &'a str,
    /// Beta: `authenticationProtocol`, `originalTransferMethod`.
    pub protocol: &'a str,
    pub transfer_method: &'a str,
    /// Beta: `crossTenantAccessType`, `homeTenantId`, `resourceTenantId`.
    pub cross_tenant_access: &'a str,
    pub home_tenant: &'a str,
    pub resource_tenant: &'a str,
}

/// `deviceDetail`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Device<'a> {
    /// Empty: the device did not show an identity, so policies see an unregistered one.
    pub id: &'a str,
    pub name: &'a str,
    pub compliant: Option<bool>,
    pub trust_type: &'a str,
}

impl SignIn<'_> {
    /// The question that today's policies are asked.
    #[must_use]
    pub fn request(&self) -> Request {
        Request { identity: self.identity(), context: self.context(), conditions: self.conditions(), applied_policies_only: false }
    }

    pub(crate) fn conditions(&self) -> SignInConditions {
        let client_app = words::client_app_type(self.client_app);
        SignInConditions {
            transfer_methods: self.transfer_methods(client_app.as_ref()),
            client_app,
            platform: words::platform(self.operating_system),
            address: self.address.trim().parse::<IpAddr>().ok(),
            country: country(self.country),
            sign_in_risk: self.sign_in_risk(),
            device: self.device.map(device),
            more: RecordedFacts { country_is_by_address: true, ..RecordedFacts::default() },
            ..SignInConditions::default()
        }
    }

    pub(crate) fn identity(&self) -> Identity {
        let said = |text: &str| (!text.is_empty()).then(|| text.to_ascii_lowercase());
        if self.user_id.is_empty() && !self.service_principal_id.is_empty() {
            return Identity::ServicePrincipal(ServicePrincipalSignIn { service_principal_id: said(self.service_principal_id), agent: None });
        }
        // Collaboration says nothing that the directory does not know better (guest or member); the others have no account here.
        let external = match self.cross_tenant_access {
            access if access.eq_ignore_ascii_case("b2bDirectConnect") => Some(GuestType::B2bDirectConnectUser),
            access if access.eq_ignore_ascii_case("serviceProvider") => Some(GuestType::ServiceProvider),
            _ => None,
        };
        let abroad = !self.home_tenant.is_empty() && !self.resource_tenant.is_empty() && !self.home_tenant.eq_ignore_ascii_case(self.resource_tenant);
        Identity::User(UserSignIn {
            user_id: said(self.user_id),
            external_types: external.into_iter().collect(),
            external_tenant_id: if abroad { said(self.home_tenant) } else { None },
        })
    }

    /// The resource and the application that asks for it: a policy that guards either one applies.
    pub(crate) fn context(&self) -> Context {
        let mut ids: Vec<String> = Vec::with_capacity(2);
        for id in [self.resource_id, self.app_id] {
            if !id.is_empty() && !ids.iter().any(|known| known.eq_ignore_ascii_case(id)) {
                ids.push(id.to_ascii_lowercase());
            }
        }
        if ids.is_empty() { Context::Open } else { Context::Applications(ids) }
    }

    /// The level at the sign-in itself. The aggregated one may have risen later, but where it says "none" there was none.
    fn sign_in_risk(&self) -> Option<RiskLevel> {
        words::risk(self.risk_during_sign_in).or_else(|| words::risk(self.risk_aggregated).filter(|level| *level == RiskLevel::None))
    }

    fn transfer_methods(&self, client: Option<&ClientAppType>) -> Vec<TransferMethod> {
        if !self.transfer_method.is_empty() {
            let method = TransferMethod::from_graph(self.transfer_method);
            return if method.is_known() { vec![method] } else { Vec::new() };
        }
        if self.protocol.eq_ignore_ascii_case("deviceCode") {
            return vec![TransferMethod::DeviceCodeFlow];
        }
        if self.protocol.eq_ignore_ascii_case("authenticationTransfer") {
            return vec![TransferMethod::AuthenticationTransfer];
        }
        // Basic authentication has no flow that could be transferred.
        if matches!(client, Some(ClientAppType::OtherClients | ClientAppType::ExchangeActiveSync)) {
            return vec![TransferMethod::None];
        }
        Vec::new()
    }
}

fn country(text: &str) -> Option<Country> {
    match text.trim().as_bytes() {
        [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => Some(Country::Code([a.to_ascii_uppercase(), b.to_ascii_uppercase()])),
        _ => None,
    }
}

/// "Conditional Access: Filter for devices": a device that is not registered has no value of any kind.
fn device(device: Device<'_>) -> DeviceInfo {
    if device.id.is_empty() {
        return DeviceInfo { device_id: Fact::Null, ..DeviceInfo::default() };
    }
    let said = |text: &str| if text.is_empty() { Fact::Open } else { Fact::Is(text.to_owned()) };
    DeviceInfo {
        device_id: said(device.id),
        display_name: said(device.name),
        is_compliant: device.compliant.map_or(Fact::Open, Fact::Is),
        trust_type: words::trust_type(device.trust_type).map_or(Fact::Open, |trust| Fact::Is(trust.to_owned())),
        ..DeviceInfo::default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_the_log_does_not_say_stays_open() {
        let request = SignIn { user_id: "U", ..SignIn::default() }.request();
        assert_eq!(request.context, Context::Open);
        let open = SignInConditions { more: RecordedFacts { country_is_by_address: true, ..RecordedFacts::default() }, ..SignInConditions::default() };
        assert_eq!(request.conditions, open);
    }

    #[test]
    fn what_the_log_says_is_asked_with() {
        let conditions =
            SignIn { operating_system: "Windows 11", country: "nl", address: " 2001:db8::1 ", client_app: "Browser", ..SignIn::default() }.request().conditions;
        assert_eq!((conditions.platform, conditions.client_app), (Some(crate::model::conditions::DevicePlatform::Windows), Some(ClientAppType::Browser)));
        assert_eq!((conditions.country, conditions.address), (Some(Country::Code(*b"NL")), "2001:db8::1".parse().ok()));
        for no_country in ["", "N", "N1", "1N", "12", "NLD", "--"] {
            assert_eq!(country(no_country), None, "{no_country}");
        }
        let device = SignIn { device: Some(Device { id: "d", name: "pc", ..Device::default() }), ..SignIn::default() }.request().conditions.device.unwrap();
        assert_eq!((device.device_id, device.display_name, device.trust_type), (Fact::Is("d".to_owned()), Fact::Is("pc".to_owned()), Fact::Open));
    }

    #[test]
    fn a_device_without_identity_is_an_unregistered_one() {
        let of = |device| SignIn { device: Some(device), ..SignIn::default() }.request().conditions.device.unwrap();
        assert_eq!(of(Device::default()).device_id, Fact::Null);
        let known = of(Device { id: "d", compliant: Some(false), trust_type: "Azure AD joined", ..Device::default() });
        assert_eq!((known.is_compliant, known.trust_type), (Fact::Is(false), Fact::Is("AzureAD".to_owned())));
        assert_eq!(of(Device { id: "d", ..Device::default() }).is_compliant, Fact::Open);
    }

    #[test]
    fn the_flow_is_known_only_where_the_log_or_the_protocol_says_it() {
        let flow = |sign_in: SignIn| sign_in.request().conditions.transfer_methods;
        assert_eq!(flow(SignIn { protocol: "deviceCode", ..SignIn::default() }), [TransferMethod::DeviceCodeFlow]);
        assert_eq!(flow(SignIn { client_app: "IMAP4", ..SignIn::default() }), [TransferMethod::None]);
        assert!(flow(SignIn { client_app: "Browser", ..SignIn::default() }).is_empty());
        assert_eq!(flow(SignIn { transfer_method: "none", ..SignIn::default() }), [TransferMethod::None]);
    }

    #[test]
    fn later_risk_is_not_taken_for_risk_at_the_sign_in() {
        let risk =
            |during, aggregated| SignIn { risk_during_sign_in: during, risk_aggregated: aggregated, ..SignIn::default() }.request().conditions.sign_in_risk;
        assert_eq!(risk("low", "high"), Some(RiskLevel::Low));
        assert_eq!(risk("", "high"), None);
        assert_eq!(risk("", "none"), Some(RiskLevel::None));
        assert_eq!(risk("hidden", "hidden"), None);
    }

    #[test]
    fn whoever_has_no_account_here_is_told_by_how_they_came() {
        let user = |sign_in: SignIn| match sign_in.request().identity {
            Identity::User(user) => (user.external_types, user.external_tenant_id),
            other => panic!("{other:?}"),
        };
        let came = |access: &'static str| user(SignIn { user_id: "U", cross_tenant_access: access, ..SignIn::default() }).0;
        assert_eq!(came("b2bDirectConnect"), [GuestType::B2bDirectConnectUser]);
        assert_eq!(came("serviceProvider"), [GuestType::ServiceProvider]);
        assert!(came("b2bCollaboration").is_empty() && came("").is_empty());
        let of =
            |home: &'static str, resource: &'static str| user(SignIn { user_id: "U", home_tenant: home, resource_tenant: resource, ..SignIn::default() }).1;
        assert_eq!(of("H", "R").as_deref(), Some("h"));
        assert_eq!((of("H", "h"), of("H", ""), of("", "R"), of("", "")), (None, None, None, None));
        assert!(matches!(SignIn { user_id: "U", service_principal_id: "S", ..SignIn::default() }.request().identity, Identity::User(_)));
    }

    #[test]
    fn an_application_that_signs_in_by_itself_is_a_service_principal() {
        let request = SignIn { service_principal_id: "SP", app_id: "A", resource_id: "a", ..SignIn::default() }.request();
        assert!(matches!(request.identity, Identity::ServicePrincipal(_)));
        assert_eq!(request.context, Context::Applications(vec!["a".to_owned()]));
    }
}
