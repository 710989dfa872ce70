//! When a policy looks at a sign-in at all ("conditionalAccessConditionSet"): clients, platforms, places, risk, flows.

use serde_json::Value;

use super::fields::{Reader, Rest, Strange, Writer};
use super::open_enum::open_enum;
use super::{AgentContext, Agents, Applications, ClientApplications, Devices, Users};

open_enum! {
    pub enum ClientAppType {
        All = "all",
        Browser = "browser",
        MobileAppsAndDesktopClients = "mobileAppsAndDesktopClients",
        ExchangeActiveSync = "exchangeActiveSync",
        EasSupported = "easSupported",
        OtherClients = "other",
    }
}
open_enum! {
    pub enum RiskLevel {
        Low = "low",
        Medium = "medium",
        High = "high",
        Hidden = "hidden",
        None = "none",
    }
}
open_enum! {
    pub enum InsiderRiskLevel {
        Minor = "minor",
        Moderate = "moderate",
        Elevated = "elevated",
    }
}
open_enum! {
    pub enum DevicePlatform {
        All = "all",
        Android = "android",
        IOs = "iOS",
        Windows = "windows",
        WindowsPhone = "windowsPhone",
        MacOs = "macOS",
        Linux = "linux",
    }
}
open_enum! {
    pub enum TransferMethod {
        None = "none",
        DeviceCodeFlow = "deviceCodeFlow",
        AuthenticationTransfer = "authenticationTransfer",
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conditions {
    pub users: Users,
    pub applications: Applications,
    pub client_applications: Option<ClientApplications>,
    pub client_app_types: Vec<ClientAppType>,
    pub platforms: Option<Platforms>,
    pub locations: Option<Locations>,
    pub devices: Option<Devices>,
    pub user_risk_levels: Vec<RiskLevel>,
    pub sign_in_risk_levels: Vec<RiskLevel>,
    pub service_principal_risk_levels: Vec<RiskLevel>,
    pub insider_risk_levels: Vec<InsiderRiskLevel>,
    /// Beta.
    pub agent_id_risk_levels: Vec<RiskLevel>,
    pub authentication_flows: Option<AuthenticationFlows>,
    /// Beta, in exports only.
    pub agents: Option<Agents>,
    /// Beta, in exports only.
    pub agent_context: Option<AgentContext>,
    pub rest: Rest,
}

impl Conditions {
    pub(crate) fn read(mut reader: Reader) -> Self {
        Self {
            users: reader.object("users", Users::read).unwrap_or_default(),
            applications: reader.object("applications", Applications::read).unwrap_or_default(),
            client_applications: reader.object("clientApplications", ClientApplications::read),
            client_app_types: reader.list("clientAppTypes"),
            platforms: reader.object("platforms", Platforms::read),
            locations: reader.object("locations", Locations::read),
            devices: reader.object("devices", Devices::read),
            user_risk_levels: reader.list("userRiskLevels"),
            sign_in_risk_levels: reader.list("signInRiskLevels"),
            service_principal_risk_levels: reader.list("servicePrincipalRiskLevels"),
            insider_risk_levels: reader.flags("insiderRiskLevels"),
            agent_id_risk_levels: reader.flags("agentIdRiskLevels"),
            authentication_flows: reader.object("authenticationFlows", AuthenticationFlows::read),
            agents: reader.object("agents", Agents::read),
            agent_context: reader.object("agentContext", AgentContext::read),
            rest: reader.rest(),
        }
    }

    pub(crate) fn write(&self) -> Value {
        Writer::new(&self.rest)
            .object("users", (self.users != Users::default()).then(|| self.users.write()))
            .object("applications", (self.applications != Applications::default()).then(|| self.applications.write()))
            .object("clientApplications", self.client_applications.as_ref().map(ClientApplications::write))
            .list("clientAppTypes", &self.client_app_types)
            .object("platforms", self.platforms.as_ref().map(Platforms::write))
            .object("locations", self.locations.as_ref().map(Locations::write))
            .object("devices", self.devices.as_ref().map(Devices::write))
            .list("userRiskLevels", &self.user_risk_levels)
            .list("signInRiskLevels", &self.sign_in_risk_levels)
            .list("servicePrincipalRiskLevels", &self.service_principal_risk_levels)
            .flags("insiderRiskLevels", &self.insider_risk_levels)
            .flags("agentIdRiskLevels", &self.agent_id_risk_levels)
            .object("authenticationFlows", self.authentication_flows.as_ref().map(AuthenticationFlows::write))
            .object("agents", self.agents.as_ref().map(Agents::write))
            .object("agentContext", self.agent_context.as_ref().map(AgentContext::write))
            .done()
    }

    pub(crate) fn strange(&self, path: &str, found: &mut Strange) {
        found.rest(path, &self.rest);
        self.users.strange(&format!("{path}.users"), found);
        self.applications.strange(&format!("{path}.applications"), found);
        if let Some(part) = &self.client_applications {
            part.strange(&format!("{path}.clientApplications"), found);
        }
        found.members(path, "clientAppTypes", &self.client_app_types);
        if let Some(part) = &self.platforms {
            part.strange(&format!("{path}.platforms"), found);
        }
        if let Some(part) = &self.locations {
            found.rest(&format!("{path}.locations"), &part.rest);
        }
        if let Some(part) = &self.devices {
            part.strange(&format!("{path}.devices"), found);
        }
        found.members(path, "userRiskLevels", &self.user_risk_levels);
        found.members(path, "signInRiskLevels", &self.sign_in_risk_levels);
        found.members(path, "servicePrincipalRiskLevels", &self.service_principal_risk_levels);
        found.members(path, "insiderRiskLevels", &self.insider_risk_levels);
        found.members(path, "agentIdRiskLevels", &self.agent_id_risk_levels);
        if let Some(part) = &self.authentication_flows {
            found.members(&format!("{path}.authenticationFlows"), "transferMethods", &part.transfer_methods);
            found.rest(&format!("{path}.authenticationFlows"), &part.rest);
        }
        if let Some(part) = &self.agents {
            part.strange(&format!("{path}.agents"), found);
        }
        if let Some(part) = &self.agent_context {
            found.rest(&format!("{path}.agentContext"), &part.rest);
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Platforms {
    pub include: Vec<DevicePlatform>,
    pub exclude: Vec<DevicePlatform>,
    pub rest: Rest,
}

impl Platforms {
    fn read(mut reader: Reader) -> Self {
        Self { include: reader.list("includePlatforms"), exclude: reader.list("excludePlatforms"), rest: reader.rest() }
    }
    fn write(&self) -> Value {
        Writer::new(&self.rest).list("includePlatforms", &self.include).list("excludePlatforms", &self.exclude).done()
    }
    fn strange(&self, path: &str, found: &mut Strange) {
        found.rest(path, &self.rest);
        found.members(path, "includePlatforms", &self.include);
        found.members(path, "excludePlatforms", &self.exclude);
    }
}

/// Ids of named locations, or `All`, `AllTrusted`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Locations {
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub rest: Rest,
}

impl Locations {
    fn read(mut reader: Reader) -> Self {
        Self { include: reader.list("includeLocations"), exclude: reader.list("excludeLocations"), rest: reader.rest() }
    }
    fn write(&self) -> Value {
        Writer::new(&self.rest).list("includeLocations", &self.include).list("excludeLocations", &self.exclude).done()
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct AuthenticationFlows {
    pub transfer_methods: Vec<TransferMethod>,
    pub rest: Rest,
}

impl AuthenticationFlows {
    fn read(mut reader: Reader) -> Self {
        Self { transfer_methods: reader.flags("transferMethods"), rest: reader.rest() }
    }
    fn write(&self) -> Value {
        Writer::new(&self.rest).flags("transferMethods", &self.transfer_methods).done()
    }
}
