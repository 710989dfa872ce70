//! Workload identities and agents that a policy is about ("conditionalAccessClientApplications" and beta's agents).

use serde_json::Value;

use super::Filter;
use super::fields::{Reader, Rest, Strange, Writer};

/// `include` also holds `ServicePrincipalsInMyTenant` and, for agents, `All`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClientApplications {
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub filter: Option<Filter>,
    /// Beta.
    pub include_agents: Vec<String>,
    pub exclude_agents: Vec<String>,
    pub agent_filter: Option<Filter>,
    pub rest: Rest,
}

impl ClientApplications {
    pub(crate) fn read(mut reader: Reader) -> Self {
        Self {
            include: reader.list("includeServicePrincipals"),
            exclude: reader.list("excludeServicePrincipals"),
            filter: reader.object("servicePrincipalFilter", Filter::read),
            include_agents: reader.list("includeAgentIdServicePrincipals"),
            exclude_agents: reader.list("excludeAgentIdServicePrincipals"),
            agent_filter: reader.object("agentIdServicePrincipalFilter", Filter::read),
            rest: reader.rest(),
        }
    }
    pub(crate) fn write(&self) -> Value {
        Writer::new(&self.rest)
            .list("includeServicePrincipals", &self.include)
            .list("excludeServicePrincipals", &self.exclude)
            .object("servicePrincipalFilter", self.filter.as_ref().map(Filter::write))
            .list("includeAgentIdServicePrincipals", &self.include_agents)
            .list("excludeAgentIdServicePrincipals", &self.exclude_agents)
            .object("agentIdServicePrincipalFilter", self.agent_filter.as_ref().map(Filter::write))
            .done()
    }
    pub(crate) fn strange(&self, path: &str, found: &mut Strange) {
        found.rest(path, &self.rest);
        for (name, filter) in [("servicePrincipalFilter", &self.filter), ("agentIdServicePrincipalFilter", &self.agent_filter)] {
            if let Some(filter) = filter {
                filter.strange(&format!("{path}.{name}"), found);
            }
        }
    }
}

/// Users that are agents (beta, in exports only).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Agents {
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub filter: Option<Filter>,
    pub rest: Rest,
}

impl Agents {
    pub(crate) fn read(mut reader: Reader) -> Self {
        Self {
            include: reader.list("includeAgentUsers"),
            exclude: reader.list("excludeAgentUsers"),
            filter: reader.object("agentFilter", Filter::read),
            rest: reader.rest(),
        }
    }
    pub(crate) fn write(&self) -> Value {
        Writer::new(&self.rest)
            .list("includeAgentUsers", &self.include)
            .list("excludeAgentUsers", &self.exclude)
            .object("agentFilter", self.filter.as_ref().map(Filter::write))
            .done()
    }
    pub(crate) fn strange(&self, path: &str, found: &mut Strange) {
        found.rest(path, &self.rest);
        if let Some(filter) = &self.filter {
            filter.strange(&format!("{path}.agentFilter"), found);
        }
    }
}

/// In which role an agent signs in (beta, in exports only).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AgentContext {
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub rest: Rest,
}

impl AgentContext {
    pub(crate) fn read(mut reader: Reader) -> Self {
        Self { include: reader.list("includeAgentContexts"), exclude: reader.list("excludeAgentContexts"), rest: reader.rest() }
    }
    pub(crate) fn write(&self) -> Value {
        Writer::new(&self.rest).list("includeAgentContexts", &self.include).list("excludeAgentContexts", &self.exclude).done()
    }
}
