//! The form as the engine's question. What is left empty stays open; what makes no sense is said.

use conditional_access::{
    Request,
    evaluate::{Context, Country, DeviceInfo, Fact, Identity, InsiderRisk, SignInConditions, UserAction, UserSignIn},
    model::conditions::{ClientAppType, DevicePlatform, InsiderRiskLevel, RiskLevel, TransferMethod},
    network,
};

use super::{WhatIfRequest, WhatIfTarget};
use crate::problem::problem;
use crate::views::Problem;

pub(super) fn said(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// The form as the engine's question. What is empty stays open.
pub(super) fn question(request: &WhatIfRequest) -> Result<Request, Problem> {
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
