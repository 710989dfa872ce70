//! The query options of a request. An option that Graph does not know, or not here, is an error and not ignored.

use crate::answer::GraphError;

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Query {
    pub select: Vec<String>,
    pub filter: Option<String>,
    pub top: Option<usize>,
    pub expand: Vec<String>,
    pub count: bool,
    pub orderby: Option<String>,
    pub skip_token: Option<String>,
    pub delta_token: Option<String>,
    /// As it came, without the tokens: a next link repeats it.
    pub original: Vec<(String, String)>,
}

impl Query {
    pub fn parse(text: &str) -> Result<Query, GraphError> {
        let mut query = Query::default();
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            let option = name.trim_start_matches('$').to_ascii_lowercase();
            if seen.contains(&option) && name.starts_with('$') {
                return Err(GraphError::bad_request(format!("Query option '{name}' was specified more than once, but it must be specified at most once.")));
            }
            seen.push(option.clone());
            let value = value.into_owned();
            match option.as_str() {
                "select" => query.select = names(&value),
                "expand" => query.expand = names(&value),
                "filter" => query.filter = Some(value.clone()),
                "orderby" => query.orderby = Some(value.clone()),
                "top" => match value.parse() {
                    Ok(top) if top > 0 => query.top = Some(top),
                    _ => {
                        return Err(GraphError::bad_request(format!(
                            "Invalid value '{value}' for $top query option found. The $top query option requires a non-negative integer value."
                        )));
                    }
                },
                "count" => match value.as_str() {
                    "true" => query.count = true,
                    "false" => {}
                    _ => {
                        return Err(GraphError::bad_request(format!(
                            "Invalid value '{value}' for $count query option found. Valid values are 'true', 'false'."
                        )));
                    }
                },
                "skiptoken" => query.skip_token = Some(value.clone()),
                "deltatoken" => query.delta_token = Some(value.clone()),
                "format" if value == "json" || value == "application/json" => {}
                "skip" | "search" | "format" | "apply" | "compute" => {
                    return Err(GraphError::bad_request(format!("Query option '{name}' is not supported for this resource.")));
                }
                _ if name.starts_with('$') => {
                    return Err(GraphError::bad_request(format!("The query parameter '{name}' is not supported.")));
                }
                // Custom options without a dollar are allowed by OData and mean nothing here.
                _ => continue,
            }
            if option != "skiptoken" && option != "deltatoken" {
                query.original.push((format!("${option}"), value));
            }
        }
        Ok(query)
    }

    /// The query as it came, with a token, as a link carries it.
    pub fn link(&self, token: &str, value: &str) -> String {
        let mut out = String::new();
        for (name, value) in &self.original {
            out.push_str(name);
            out.push('=');
            out.extend(url::form_urlencoded::byte_serialize(value.as_bytes()));
            out.push('&');
        }
        format!("{out}{token}={value}")
    }
}

/// `a,b($select=c),d` split at the commas outside brackets.
fn names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0_i32;
    let mut name = String::new();
    for c in list.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                names.push(std::mem::take(&mut name).trim().to_owned());
                continue;
            }
            _ => {}
        }
        name.push(c);
    }
    names.push(name.trim().to_owned());
    names.retain(|name| !name.is_empty());
    names
}
