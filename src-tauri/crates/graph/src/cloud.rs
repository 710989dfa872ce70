//! The national clouds: where to sign in and where Graph is. The hosts come from Microsoft's document "National cloud
//! deployments". A custom pair serves a simulator or a proxy.

use url::Url;

use crate::error::GraphError;

/// Base URLs without a version and without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cloud {
    login: String,
    graph: String,
}

impl Cloud {
    #[must_use]
    pub fn global() -> Self {
        Self::fixed("https://login.microsoftonline.com", "https://graph.microsoft.com")
    }

    /// Microsoft 365 GCC High ("US Government L4"). GCC tenants are in the global cloud.
    #[must_use]
    pub fn us_government() -> Self {
        Self::fixed("https://login.microsoftonline.us", "https://graph.microsoft.us")
    }

    /// "US Government L5 (DOD)".
    #[must_use]
    pub fn us_government_dod() -> Self {
        Self::fixed("https://login.microsoftonline.us", "https://dod-graph.microsoft.us")
    }

    /// Operated by 21Vianet.
    #[must_use]
    pub fn china() -> Self {
        Self::fixed("https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn")
    }

    /// # Errors
    /// `cloud.bad_address` unless both are `https`, or `http` on this machine, so that no token travels in the clear.
    pub fn custom(graph: &str, login: &str) -> Result<Self, GraphError> {
        Ok(Self { login: checked(login)?, graph: checked(graph)? })
    }

    fn fixed(login: &str, graph: &str) -> Self {
        Self { login: login.to_owned(), graph: graph.to_owned() }
    }

    #[must_use]
    pub fn login(&self) -> &str {
        &self.login
    }

    #[must_use]
    pub fn graph(&self) -> &str {
        &self.graph
    }

    #[must_use]
    pub fn is_local(&self) -> bool {
        Url::parse(&self.graph).is_ok_and(|url| is_loopback(&url))
    }

    /// `{graph}/.default`, or one permission of Graph as a scope.
    #[must_use]
    pub fn scope(&self, permission: &str) -> String {
        format!("{}/{permission}", self.graph)
    }

    pub(crate) fn login_url(&self, tenant: &str, rest: &str) -> Result<Url, GraphError> {
        let mut url = Url::parse(&self.login).map_err(|_| bad(&self.login))?;
        url.path_segments_mut().map_err(|()| bad(&self.login))?.pop_if_empty().push(tenant).extend(rest.split('/'));
        Ok(url)
    }
}

fn bad(address: &str) -> GraphError {
    GraphError::BadAddress { address: crate::words::plain(address, 200) }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn checked(address: &str) -> Result<String, GraphError> {
    let url = Url::parse(address.trim()).map_err(|_| bad(address))?;
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    if !safe || url.host().is_none() || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(bad(address));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn each_national_cloud_has_its_own_hosts() {
        assert_eq!(Cloud::global().graph(), "https://graph.microsoft.com");
        assert_eq!(Cloud::us_government().login(), "https://login.microsoftonline.us");
        assert_eq!(Cloud::china().graph(), "https://microsoftgraph.chinacloudapi.cn");
        assert_eq!(
            Cloud::china().login_url("contoso.cn", "oauth2/v2.0/token").unwrap().as_str(),
            "https://login.chinacloudapi.cn/contoso.cn/oauth2/v2.0/token"
        );
    }

    #[test]
    fn a_custom_cloud_is_https_or_on_this_machine() {
        assert_eq!(Cloud::custom("http://127.0.0.1:9/", "http://localhost:9").unwrap().graph(), "http://127.0.0.1:9");
        for address in ["http://graph.example", "ftp://127.0.0.1", "nonsense", "https://user:pass@graph.example", "https://graph.example/?x=1"] {
            assert_eq!(Cloud::custom(address, "https://login.example").unwrap_err().code(), "cloud.bad_address", "{address}");
        }
    }

    #[test]
    fn a_tenant_that_tries_to_leave_its_path_segment_stays_in_it() {
        let url = Cloud::global().login_url("../x?y#z", "oauth2/v2.0/token").unwrap();
        assert_eq!(url.as_str(), "https://login.microsoftonline.com/..%2Fx%3Fy%23z/oauth2/v2.0/token");
    }
}
