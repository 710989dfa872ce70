//! Whether a policy's conditions fit the sign-in: client, platform, place, risks, device, flow. A condition that is not
//! configured fits everything and leaves no reason.

use super::compiled::{
    ACTIVE_SYNC, ACTIVE_SYNC_SUPPORTED, BROWSER, Bits, Compiled, CompiledPlace, DeviceStates, EITHER_ACTIVE_SYNC, Location, LocationKind, LocationRef,
    MOBILE_AND_DESKTOP, OTHER_CLIENTS, flow_bit, insider_bit, platform_bit, risk_bit,
};
use super::engine::Engine;
use super::judge::{Cause, Notes, Side, conclude};
use super::reason::{About, Truth, Why};
use super::request::{Country, DeviceInfo, Fact, InsiderRisk, SignInConditions};
use crate::device_filter::{Device, Property};
use crate::model::conditions::{ClientAppType, DevicePlatform, RiskLevel};
use crate::words::IdKind;

/// Exchange ActiveSync on iOS, Android and Windows ("conditionalAccessClientApp", easSupported).
const EAS_PLATFORMS: u8 = 1 | 2 | 4;

/// A place that is not understood leaves a condition open that is not configured otherwise.
fn unconfigured(policy: &Compiled, about: About, notes: &mut impl Notes) -> Truth {
    match policy.strange_at(about) {
        None => Truth::Yes,
        strange => conclude(about, Side::NO, Side::NO, strange, notes),
    }
}

pub(super) fn fits_client(policy: &Compiled, conditions: &SignInConditions, notes: &mut impl Notes) -> Truth {
    let wanted = &policy.clients.wanted;
    if wanted.is_empty() || wanted.all {
        return unconfigured(policy, About::ClientApps, notes);
    }
    let platform = conditions.platform.as_ref().map(platform_bit);
    let include = match &conditions.client_app {
        None | Some(ClientAppType::All) => Side::unknown(Cause::Open("signInConditions.clientAppType")),
        Some(ClientAppType::Other(_)) => Side::unknown(Cause::Says("the request names a client that is not known")),
        Some(client) => {
            let bits = match client {
                ClientAppType::Browser => BROWSER,
                ClientAppType::MobileAppsAndDesktopClients => MOBILE_AND_DESKTOP,
                ClientAppType::ExchangeActiveSync => ACTIVE_SYNC,
                ClientAppType::EasSupported => EITHER_ACTIVE_SYNC,
                _ => OTHER_CLIENTS,
            };
            if wanted.bits & bits != 0 {
                Side::yes(Cause::Value(client.as_graph()))
            } else if *client == ClientAppType::ExchangeActiveSync && wanted.bits & ACTIVE_SYNC_SUPPORTED != 0 {
                match platform {
                    Some(platform) if platform & EAS_PLATFORMS != 0 => Side::yes(Cause::Value("easSupported")),
                    Some(_) => strange_side(wanted),
                    None => Side::unknown(Cause::Open("signInConditions.devicePlatform")),
                }
            } else {
                strange_side(wanted)
            }
        }
    };
    conclude(About::ClientApps, include, Side::NO, policy.strange_at(About::ClientApps), notes)
}

fn strange_side(bits: &Bits) -> Side<'_> {
    bits.strange.as_ref().map_or(Side::NO, |word| Side::unknown(Cause::Strange(word)))
}

pub(super) fn fits_platform(policy: &Compiled, conditions: &SignInConditions, notes: &mut impl Notes) -> Truth {
    fn side<'a>(bits: &'a Bits, platform: Option<&DevicePlatform>) -> Side<'a> {
        // Where the platform is left open, "all" is sure of every one.
        if bits.all {
            return Side::yes(Cause::Value("all"));
        }
        match platform {
            None | Some(DevicePlatform::All) if bits.is_empty() => Side::NO,
            None | Some(DevicePlatform::All) => Side::unknown(Cause::Open("signInConditions.devicePlatform")),
            Some(platform) if bits.bits & platform_bit(platform) != 0 => Side::yes(Cause::Value(known_platform(platform))),
            Some(_) => strange_side(bits),
        }
    }
    let Some(sides) = &policy.platforms else { return unconfigured(policy, About::Platform, notes) };
    let side = |bits| side(bits, conditions.platform.as_ref());
    let (include, exclude) = (side(&sides.include), side(&sides.exclude));
    let include =
        if sides.include.is_empty() { Side::unknown(Cause::Says("the policy excludes platforms and does not say which it includes")) } else { include };
    conclude(About::Platform, include, exclude, policy.strange_at(About::Platform), notes)
}

fn known_platform(platform: &DevicePlatform) -> &'static str {
    match platform {
        DevicePlatform::Android => "android",
        DevicePlatform::IOs => "iOS",
        DevicePlatform::Windows => "windows",
        DevicePlatform::WindowsPhone => "windowsPhone",
        DevicePlatform::MacOs => "macOS",
        DevicePlatform::Linux => "linux",
        DevicePlatform::All | DevicePlatform::Other(_) => "all",
    }
}

pub(super) fn fits_flow(policy: &Compiled, conditions: &SignInConditions, notes: &mut impl Notes) -> Truth {
    let Some(wanted) = &policy.flows else { return unconfigured(policy, About::AuthenticationFlow, notes) };
    let given = conditions.transfer_methods.iter().fold(0, |bits, method| bits | flow_bit(method));
    let include = if conditions.transfer_methods.is_empty() {
        Side::unknown(Cause::Open("signInConditions.authenticationFlow"))
    } else if wanted.bits & given != 0 {
        Side::yes(Cause::Value(if wanted.bits & given & 1 != 0 { "deviceCodeFlow" } else { "authenticationTransfer" }))
    } else if conditions.transfer_methods.iter().any(|method| !method.is_known()) {
        Side::unknown(Cause::Says("the request names an authentication flow that is not known"))
    } else if given == 0 {
        // An ordinary sign-in is none of the flows, known or not.
        Side::NO
    } else {
        strange_side(wanted)
    };
    conclude(About::AuthenticationFlow, include, Side::NO, policy.strange_at(About::AuthenticationFlow), notes)
}

/// All five kinds of risk.
pub(super) fn fits_risk(policy: &Compiled, conditions: &SignInConditions, notes: &mut impl Notes) -> Truth {
    let mut truth = Truth::Yes;
    for (about, wanted, level, field) in [
        (About::SignInRisk, &policy.sign_in_risk, &conditions.sign_in_risk, "signInConditions.signInRiskLevel"),
        (About::UserRisk, &policy.user_risk, &conditions.user_risk, "signInConditions.userRiskLevel"),
        (About::ServicePrincipalRisk, &policy.service_principal_risk, &conditions.service_principal_risk, "signInConditions.servicePrincipalRiskLevel"),
        (About::AgentRisk, &policy.agent_risk, &conditions.agent_risk, "signInConditions.agentIdRiskLevel"),
    ] {
        let Some(wanted) = wanted else {
            truth = truth.and(unconfigured(policy, about, notes));
            continue;
        };
        let include = match level {
            None => Side::unknown(Cause::Open(field)),
            Some(level) if wanted.bits & risk_bit(level) != 0 => Side::yes(Cause::Value(level.as_graph())),
            // Hidden: the tenant's licence does not show it. It may be any.
            Some(RiskLevel::Hidden) => Side::unknown(Cause::Says("the risk is hidden, since the tenant lacks the licence for it")),
            Some(RiskLevel::Other(_)) => Side::unknown(Cause::Says("the request names a risk level that is not known")),
            Some(_) => strange_side(wanted),
        };
        truth = truth.and(conclude(about, include, Side::NO, policy.strange_at(about), notes));
    }
    let Some(wanted) = &policy.insider_risk else { return truth.and(unconfigured(policy, About::InsiderRisk, notes)) };
    let include = match &conditions.insider_risk {
        None => Side::unknown(Cause::Open("signInConditions.insiderRiskLevel")),
        Some(InsiderRisk::None) => Side::NO,
        Some(InsiderRisk::Level(level)) if wanted.bits & insider_bit(level) != 0 => Side::yes(Cause::Value(level.as_graph())),
        Some(InsiderRisk::Level(level)) if !level.is_known() => Side::unknown(Cause::Says("the request names a risk level that is not known")),
        Some(InsiderRisk::Level(_)) => strange_side(wanted),
    };
    truth.and(conclude(About::InsiderRisk, include, Side::NO, policy.strange_at(About::InsiderRisk), notes))
}

impl Engine {
    pub(super) fn fits_location(&self, policy: &Compiled, conditions: &SignInConditions, notes: &mut impl Notes) -> Truth {
        let Some(sides) = &policy.locations else { return unconfigured(policy, About::Location, notes) };
        let include = if sides.include.is_empty() {
            Side::unknown(Cause::Says("the policy excludes locations and does not say which it includes"))
        } else {
            self.place(&sides.include, conditions)
        };
        conclude(About::Location, include, self.place(&sides.exclude, conditions), policy.strange_at(About::Location), notes)
    }

    fn place<'a>(&'a self, wanted: &'a [LocationRef], conditions: &SignInConditions) -> Side<'a> {
        wanted.iter().fold(Side::NO, |side, location| side.or(|| self.lies_in(location, conditions)))
    }

    fn lies_in<'a>(&'a self, wanted: &'a LocationRef, conditions: &SignInConditions) -> Side<'a> {
        let this = Cause::Thing(IdKind::Location, &wanted.id);
        match wanted.kind {
            LocationKind::All => Side::yes(this),
            LocationKind::Nothing => Side::NO,
            LocationKind::Missing => Side::unknown(Cause::NotFound(IdKind::Location, &wanted.id)),
            LocationKind::NeverRead => Side::unknown(Cause::NeverRead("named locations")),
            LocationKind::CompliantNetwork => match conditions.more.compliant_network {
                Some(is) => Side::of(Truth::of(is), this),
                None => Side::unknown(Cause::Says("whether the sign-in came through the compliant network is not said")),
            },
            LocationKind::MfaTrustedIps => Side::unknown(Cause::Says("Graph does not show the MFA trusted IPs")),
            LocationKind::Named(place) => self.locations().get(place).map_or(Side::NO, |location| within(location, conditions, this)),
            LocationKind::AllTrusted => self.trusted(conditions, this),
        }
    }

    /// "All locations marked as trusted locations; multifactor authentication trusted IPs, if configured."
    fn trusted<'a>(&'a self, conditions: &SignInConditions, this: Cause<'a>) -> Side<'a> {
        if let Some(is) = conditions.more.trusted_network {
            return Side::of(Truth::of(is), this);
        }
        let Some(locations) = self.locations_read() else { return Side::unknown(Cause::NeverRead("named locations")) };
        let found = locations.iter().filter(|location| location.trusted).fold(Side::NO, |side, location| side.or(|| within(location, conditions, this)));
        // Graph marks the compliant network as trusted.
        let compliant =
            conditions.more.compliant_network == Some(true) && locations.iter().any(|location| matches!(location.place, CompiledPlace::CompliantNetwork));
        let found = found.or(|| if compliant { Side::yes(this) } else { Side::NO });
        // Whoever names the trusted IPs has them.
        found.or(|| if self.has_mfa_trusted_ips() { Side::unknown(Cause::Says("Graph does not show the MFA trusted IPs")) } else { Side::NO })
    }

    pub(super) fn fits_device(&self, policy: &Compiled, conditions: &SignInConditions, device: Option<&Device>, notes: &mut impl Notes) -> Truth {
        let strange = policy.strange_at(About::Device);
        let mut truth = Truth::Yes;
        if let Some(sides) = &policy.device_states {
            let info = conditions.device.as_ref();
            let include = if sides.include.is_empty() {
                Side::unknown(Cause::Says("the policy excludes devices and does not say which it includes"))
            } else {
                device_state(&sides.include, info)
            };
            truth = conclude(About::Device, include, device_state(&sides.exclude, info), strange, notes);
        }
        let Some(rule) = &policy.device else {
            return if policy.device_states.is_some() { truth } else { unconfigured(policy, About::Device, notes) };
        };
        let judged = match (&rule.rule, rule.include) {
            (Err(error), _) => {
                notes.note(About::Device, Truth::Unknown, || Why::RuleInvalid(std::sync::Arc::clone(error)));
                Truth::Unknown
            }
            (Ok(_), None) => {
                notes.note(About::Device, Truth::Unknown, || Why::Says("the device filter's mode is not known"));
                Truth::Unknown
            }
            (Ok(filter), Some(include)) => {
                let matched: Truth = device.map_or_else(|| filter.matches(&Device::unknown()), |device| filter.matches(device)).into();
                let fits = if include { matched } else { matched.negated() };
                match (fits, strange) {
                    (Truth::Yes, Some(path)) => notes.note(About::Device, Truth::Unknown, || Why::NotUnderstood(std::sync::Arc::clone(path))),
                    _ => notes.note(About::Device, fits, || Why::Rule(std::sync::Arc::clone(&rule.text))),
                }
                if strange.is_some() { fits.and(Truth::Unknown) } else { fits }
            }
        };
        truth.and(judged)
    }
}

fn within<'a>(location: &'a Location, conditions: &SignInConditions, this: Cause<'a>) -> Side<'a> {
    let recorded = conditions.more.network_names.iter().any(|name| name.eq_ignore_ascii_case(&location.id) || **name == *location.name);
    if recorded {
        return Side::yes(this);
    }
    match &location.place {
        CompiledPlace::Addresses { ranges, broken } => match conditions.address {
            Some(address) if ranges.contains(address) => Side::yes(this),
            Some(_) if *broken => Side::unknown(Cause::Says("the location has a range that is no address range")),
            Some(_) => Side::NO,
            None if ranges.is_empty() && !broken => Side::NO,
            None => Side::unknown(Cause::Open("signInConditions.ipAddress")),
        },
        CompiledPlace::Countries { codes, include_unknown, by_gps } => {
            let country = match (by_gps, &conditions.more.gps_country, conditions.more.country_is_by_address) {
                (true, Some(country), _) => Some(country),
                (true, None, true) => return Side::unknown(Cause::Says("the location is judged by GPS, and only the address's country is known")),
                (true, None, false) | (false, _, _) => conditions.country.as_ref(),
            };
            match country {
                None => Side::unknown(Cause::Open("signInConditions.country")),
                Some(Country::Unknown) => Side::of(Truth::of(*include_unknown), this),
                Some(Country::Code(code)) => Side::of(Truth::of(codes.contains(code)), this),
            }
        }
        CompiledPlace::CompliantNetwork => match conditions.more.compliant_network {
            Some(is) => Side::of(Truth::of(is), this),
            None => Side::unknown(Cause::Says("whether the sign-in came through the compliant network is not said")),
        },
        CompiledPlace::Strange => Side::unknown(Cause::Says("the location is of a kind that is not known")),
    }
}

fn device_state<'a>(wanted: &'a DeviceStates, device: Option<&DeviceInfo>) -> Side<'a> {
    let unregistered = device.is_some_and(|device| device.device_id == Fact::Null);
    let compliant = match device.map(|device| &device.is_compliant) {
        Some(Fact::Is(is)) => Truth::of(*is),
        Some(Fact::Null) => Truth::No,
        _ if unregistered => Truth::No,
        _ => Truth::Unknown,
    };
    let joined = match device.map(|device| &device.trust_type) {
        Some(Fact::Is(kind)) => Truth::of(kind.eq_ignore_ascii_case("ServerAD") || kind.to_ascii_lowercase().contains("hybrid")),
        Some(Fact::Null) => Truth::No,
        _ if unregistered => Truth::No,
        _ => Truth::Unknown,
    };
    let one = |asked: bool, truth: Truth, word: &'static str, field: &'static str| match (asked, truth) {
        (true, Truth::Yes) => Side::yes(Cause::Value(word)),
        (true, Truth::Unknown) => Side::unknown(Cause::Open(field)),
        _ => Side::NO,
    };
    one(wanted.all, Truth::Yes, "All", "")
        .or(|| one(wanted.compliant, compliant, "Compliant", "signInConditions.deviceInfo.isCompliant"))
        .or(|| one(wanted.domain_joined, joined, "DomainJoined", "signInConditions.deviceInfo.trustType"))
        .or(|| wanted.strange.as_ref().map_or(Side::NO, |word| Side::unknown(Cause::Strange(word))))
}

/// What a filter sees of the device.
pub(super) fn device_of(info: &DeviceInfo) -> Device {
    if info.device_id == Fact::Null {
        return Device::unregistered();
    }
    let registered = matches!(&info.device_id, Fact::Is(_)) || matches!(&info.trust_type, Fact::Is(_));
    let mut device = if registered { Device::registered() } else { Device::unknown() };
    let mut text = |property, fact: &Fact<String>| match fact {
        Fact::Open => {}
        Fact::Null => device.set_null(property),
        Fact::Is(value) => device.set_text(property, value),
    };
    text(Property::DeviceId, &info.device_id);
    text(Property::DisplayName, &info.display_name);
    text(Property::EnrollmentProfileName, &info.enrollment_profile_name);
    text(Property::Manufacturer, &info.manufacturer);
    text(Property::MdmAppId, &info.mdm_app_id);
    text(Property::Model, &info.model);
    text(Property::OperatingSystem, &info.operating_system);
    text(Property::OperatingSystemVersion, &info.operating_system_version);
    text(Property::DeviceOwnership, &info.ownership);
    text(Property::ProfileType, &info.profile_type);
    text(Property::TrustType, &info.trust_type);
    for (n, fact) in (1_u8..).zip(&info.extension_attributes) {
        text(Property::ExtensionAttribute(n), fact);
    }
    for (property, fact) in [(Property::PhysicalIds, &info.physical_ids), (Property::SystemLabels, &info.system_labels)] {
        match fact {
            Fact::Open => {}
            Fact::Null => device.set_null(property),
            Fact::Is(values) => device.set_list(property, values.iter().map(String::as_str)),
        }
    }
    match info.is_compliant {
        Fact::Open => {}
        Fact::Null => device.set_null(Property::IsCompliant),
        Fact::Is(is) => device.set_compliant(is),
    }
    device
}
