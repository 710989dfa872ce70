//! Ctrl or Cmd K: tenants, users, policies, alerts, pages and actions, from one text.

use serde::Serialize;
use specta::Type;
use store::{Store, fold, search};

use super::Problem;
use crate::watch::{kind::title_of, playbook::segment, words::state_in_words};

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    /// tenant, user, policy, alert
    pub kind: String,
    pub title: String,
    pub subtitle: String,
    pub route: String,
}

/// What a list under the search box can show.
const AT_MOST: usize = 20;

/// At most 20 hits, best first. Each sort is ranked by the store; here the sorts are merged, so that no sort hides another.
pub fn search(store: &Store, text: &str) -> Result<Vec<SearchHit>, Problem> {
    let found = store.read(|conn| search::everywhere(conn, text, 20))?;
    let mut hits: Vec<SearchHit> = found
        .tenants
        .into_iter()
        .map(|tenant| SearchHit {
            kind: "tenant".to_owned(),
            route: format!("/tenants/{}", segment(&tenant.id)),
            title: tenant.display_name,
            subtitle: tenant.default_domain,
        })
        .collect();
    let sorts = [("alert", found.alerts), ("policy", found.policies), ("user", found.users)];
    for (kind, things) in sorts {
        hits.extend(things.into_iter().map(|thing| hit(kind, thing)));
    }
    let wanted = fold(text);
    // A stable sort: within a rank the order above, and the store's, stays.
    hits.sort_by_key(|hit| rank(hit, &wanted));
    hits.truncate(AT_MOST);
    Ok(hits)
}

/// The whole name, its beginning, the beginning of a word in it, or somewhere within; an address like the name.
fn rank(hit: &SearchHit, wanted: &str) -> u8 {
    let of = |text: &str| {
        let text = fold(text);
        if text == *wanted {
            0
        } else if text.starts_with(wanted) {
            1
        } else if text.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(wanted)) {
            2
        } else {
            3
        }
    };
    let by_address = if matches!(hit.kind.as_str(), "tenant" | "user") { of(&hit.subtitle) } else { 3 };
    of(&hit.title).min(by_address)
}

fn hit(kind: &str, thing: search::FoundThing) -> SearchHit {
    let (tenant, id) = (segment(&thing.tenant), segment(&thing.id));
    let (more, route) = match kind {
        "alert" => (title_of(&thing.more), format!("/alerts/{id}")),
        "policy" => (state_in_words(&thing.more), format!("/tenants/{tenant}/policies/{id}")),
        _ => (thing.more, format!("/tenants/{tenant}/users/{id}")),
    };
    let subtitle = if kind == "user" { more } else { format!("{more}, {}", thing.tenant_name) };
    SearchHit { kind: kind.to_owned(), title: thing.title, subtitle, route }
}
