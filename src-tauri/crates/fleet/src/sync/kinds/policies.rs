//! Conditional Access policies, whole. A version is kept wherever the meaning differs; order, null against absent or empty do
//! not count. Who made it is said by the directory audit (`attribution`).

use chrono::{DateTime, Utc};
use conditional_access::semantically_equal;
use graph::{Request, resources::Document};
use serde_json::Value;
use store::policies::{self, Seen};

use super::{folded, garbage};
use crate::{
    sync::{outcome::Fault, reading::Reading},
    views::Problem,
};

const PATH: &str = "identity/conditionalAccess/policies";

pub async fn read(reading: &Reading) -> Result<Option<Problem>, Fault> {
    // Without the preference Graph hides newer enum members behind unknownFutureValue.
    let found: Vec<Document> = reading.client.list(Request::v1(PATH).unknown_enum_members()).await?;
    reading.saw(found.len());
    let mut seen: Vec<Seen> = Vec::with_capacity(found.len());
    for document in &found {
        let Some(id) = document.id().map(folded).filter(|id| !id.is_empty()) else { return Err(garbage(PATH, "a policy without an id")) };
        let time = |field: &str| {
            let text = document.0.get(field)?.as_str()?;
            DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc).timestamp_millis())
        };
        seen.push(Seen {
            display_name: document.display_name().unwrap_or(&id).to_owned(),
            state: document.state().unwrap_or("unknown").to_owned(),
            body: document.body(),
            changed_at: time("modifiedDateTime").or_else(|| time("createdDateTime")),
            id,
        });
    }
    seen.sort_by(|a, b| a.id.cmp(&b.id));
    seen.dedup_by(|a, b| a.id == b.id);
    let (tenant, at) = (reading.tenant.clone(), reading.at());
    let ended = reading.ended();
    reading
        .write(move |tx| {
            policies::replace(tx, &tenant, &seen, at, differs)?;
            // What Gatehouse itself just wrote is no news from the portal.
            crate::change::claim(tx, &tenant, at)?;
            ended.put(tx, seen.len() as u64, None, None)
        })
        .await?;
    Ok(None)
}

fn differs(before: &str, after: &str) -> bool {
    if before == after {
        return false;
    }
    match (serde_json::from_str::<Value>(before), serde_json::from_str::<Value>(after)) {
        (Ok(before), Ok(after)) => !semantically_equal(&before, &after),
        _ => true,
    }
}
