//! One request to Graph, described: version, path, query options, headers. Values are percent-encoded here, so callers
//! write OData as they would read it.

use url::Url;

use crate::{cloud::Cloud, error::GraphError, words::plain};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub(crate) target: Target,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Path {
        version: &'static str,
        path: String,
    },
    /// A link that Graph gave: used as it is, after a check of its host.
    Link(String),
}

impl Request {
    pub fn v1(path: impl Into<String>) -> Self {
        Self::at("v1.0", path.into())
    }

    pub fn beta(path: impl Into<String>) -> Self {
        Self::at("beta", path.into())
    }

    /// A `nextLink` or `deltaLink`, for an interrupted read that goes on.
    pub fn link(link: impl Into<String>) -> Self {
        Self { target: Target::Link(link.into()), query: Vec::new(), headers: Vec::new() }
    }

    fn at(version: &'static str, path: String) -> Self {
        Self { target: Target::Path { version, path: path.trim_start_matches('/').to_owned() }, query: Vec::new(), headers: Vec::new() }
    }

    #[must_use]
    pub fn select(self, fields: &[&str]) -> Self {
        self.query("$select", fields.join(","))
    }

    #[must_use]
    pub fn filter(self, filter: impl Into<String>) -> Self {
        self.query("$filter", filter)
    }

    #[must_use]
    pub fn top(self, rows: u32) -> Self {
        self.query("$top", rows.to_string())
    }

    #[must_use]
    pub fn expand(self, what: impl Into<String>) -> Self {
        self.query("$expand", what)
    }

    #[must_use]
    pub fn order_by(self, what: impl Into<String>) -> Self {
        self.query("$orderby", what)
    }

    /// `$count=true` with the header that advanced queries on directory objects need.
    #[must_use]
    pub fn count(self) -> Self {
        self.query("$count", "true").header("ConsistencyLevel", "eventual")
    }

    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    #[must_use]
    pub fn prefer(self, preference: impl Into<String>) -> Self {
        self.header("Prefer", preference)
    }

    /// Without it Graph hides newer enum members behind `unknownFutureValue`.
    #[must_use]
    pub fn unknown_enum_members(self) -> Self {
        self.prefer("include-unknown-enum-members")
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The next page of the same read: its link, with this request's headers.
    pub(crate) fn following(&self, link: &str) -> Self {
        Self { target: Target::Link(link.to_owned()), query: Vec::new(), headers: self.headers.clone() }
    }

    /// The address, if it is on this cloud's Graph host.
    pub(crate) fn url(&self, cloud: &Cloud) -> Result<Url, GraphError> {
        let mut url = match &self.target {
            Target::Path { version, path } => {
                let address = format!("{}/{version}/{path}", cloud.graph());
                Url::parse(&address).map_err(|_| GraphError::BadAddress { address: plain(&address, 200) })?
            }
            Target::Link(link) => same_host(link, cloud)?,
        };
        if !self.query.is_empty() {
            let mut pairs = url.query_pairs_mut();
            for (name, value) in &self.query {
                pairs.append_pair(name, value);
            }
        }
        Ok(url)
    }

    pub(crate) fn is_beta(&self) -> bool {
        matches!(&self.target, Target::Path { version: "beta", .. })
    }

    /// Relative to the version, with its query: how `$batch` wants it.
    pub(crate) fn relative(&self) -> Option<String> {
        let Target::Path { path, .. } = &self.target else { return None };
        let mut url = format!("/{path}");
        if !self.query.is_empty() {
            let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish();
            url.push('?');
            url.push_str(&query);
        }
        Some(url)
    }
}

/// A token must never travel to a host that a response named.
fn same_host(link: &str, cloud: &Cloud) -> Result<Url, GraphError> {
    let foreign = |host: &str| GraphError::ForeignLink { host: plain(host, 120) };
    let base = Url::parse(cloud.graph()).map_err(|_| foreign("unknown"))?;
    let url = Url::parse(link).map_err(|_| foreign("not an address"))?;
    let same = url.scheme() == base.scheme()
        && url.host_str() == base.host_str()
        && url.port_or_known_default() == base.port_or_known_default()
        && url.username().is_empty()
        && url.password().is_none()
        && url.path().starts_with(base.path().trim_end_matches('/'));
    if same { Ok(url) } else { Err(foreign(url.host_str().unwrap_or("unknown"))) }
}

/// For logs, observers and errors: the path after the version, without query.
pub(crate) fn path_of(url: &Url) -> String {
    let path = url.path();
    let after = path.find("/v1.0/").map(|at| at + 6).or_else(|| path.find("/beta/").map(|at| at + 6));
    after.and_then(|at| path.get(at..)).unwrap_or(path).to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_link_to_another_host_is_refused_before_anything_is_sent() {
        let cloud = Cloud::global();
        assert!(Request::link("https://graph.microsoft.com/v1.0/users?$skiptoken=1").url(&cloud).is_ok());
        for link in [
            "https://graph.microsoft.com.evil.example/v1.0/users",
            "http://graph.microsoft.com/v1.0/users",
            "https://graph.microsoft.com:8443/v1.0/users",
            "https://me:you@graph.microsoft.com/v1.0/users",
            "//evil.example/x",
            "garbage",
        ] {
            assert_eq!(Request::link(link).url(&cloud).unwrap_err().code(), "graph.foreign_link", "{link}");
        }
    }

    #[test]
    fn query_options_are_encoded() {
        let request =
            Request::v1("/auditLogs/signIns").filter("createdDateTime ge 2026-01-01T00:00:00Z and userPrincipalName eq 'o''hara+x@contoso.com'").top(5);
        let url = request.url(&Cloud::global()).unwrap();
        assert_eq!(url.query_pairs().next().unwrap().1, "createdDateTime ge 2026-01-01T00:00:00Z and userPrincipalName eq 'o''hara+x@contoso.com'");
        assert_eq!(path_of(&url), "auditLogs/signIns");
    }
}
