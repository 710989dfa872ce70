//! What was read of a tenant, when, and what of it could not be: as the answers are judged by it, and in words.

use chrono::{DateTime, Utc};
use store::{
    Connection, DataKind, Status,
    data_state::{self, DataStateRow},
};

use super::{
    basis::{Reading, Readings},
    facts::SourceFact,
};
use crate::posture::why_unread;

/// Kinds that an answer or a chapter stands on; the others are read for the screens only.
const KINDS: [DataKind; 13] = [
    DataKind::Licences,
    DataKind::Users,
    DataKind::Groups,
    DataKind::Roles,
    DataKind::Policies,
    DataKind::NamedLocations,
    DataKind::AuthenticationStrengths,
    DataKind::SecurityDefaults,
    DataKind::MfaRegistration,
    DataKind::PerUserMfa,
    DataKind::AuthenticationMethods,
    DataKind::SignIns,
    DataKind::DirectoryAudits,
];

pub struct Sources {
    pub readings: Readings,
    pub facts: Vec<SourceFact>,
    pub gaps: Vec<String>,
}

/// # Errors
/// The store refused.
pub fn gather(conn: &Connection, tenant: &str, now: DateTime<Utc>) -> store::Result<Sources> {
    let states = data_state::all(conn, tenant)?;
    let states: Vec<&DataStateRow> = states.iter().filter(|state| KINDS.contains(&state.kind)).collect();
    let readings = Readings(states.iter().map(|state| (state.kind, reading(state))).collect());
    let facts = states.iter().map(|state| fact(state)).collect();
    let mut gaps: Vec<String> = KINDS.iter().filter_map(|kind| readings.weakness(*kind, now)).map(|gap| format!("{gap}.")).collect();
    let failed: i64 =
        conn.prepare_cached("SELECT count(*) FROM methods_read WHERE tenant = ?1 AND error IS NOT NULL")?.query_row([tenant], |row| row.get(0))?;
    if failed > 0 {
        gaps.push(format!(
            "Authentication methods of {} could not be read one by one.",
            super::words::counted(crate::views::count(failed), "account", "accounts")
        ));
    }
    Ok(Sources { readings, facts, gaps })
}

fn moment(state: &DataStateRow) -> Option<DateTime<Utc>> {
    state.read_at.and_then(DateTime::from_timestamp_millis)
}

fn said(state: &DataStateRow) -> Option<&str> {
    state.error.as_deref().map(str::trim).filter(|error| !error.is_empty())
}

fn reading(state: &DataStateRow) -> Reading {
    match (why_unread(state), moment(state)) {
        (None, Some(at)) => Reading::Read {
            at,
            partly: match (state.status, said(state), &state.resume_link) {
                (Status::Read, Some(error), _) => Some(error.to_owned()),
                (Status::Read, None, Some(_)) => Some("the last read was interrupted and goes on with the next sync".to_owned()),
                (Status::Read, None, None) => None,
                // What was read before stays, and stays true as of then: its age decides.
                (_, error, _) => Some(format!("the last attempt failed{}", error.map(|error| format!(": {error}")).unwrap_or_default())),
            },
        },
        (why, _) => Reading::Never(why.unwrap_or_else(|| "it was never read".to_owned())),
    }
}

fn fact(state: &DataStateRow) -> SourceFact {
    SourceFact {
        title: state.kind.title().to_owned(),
        rows: state.read_at.map(|_| crate::views::count(state.rows)),
        read_at: moment(state),
        status: match reading(state) {
            Reading::Never(why) => why,
            Reading::Read { partly: None, .. } => "read".to_owned(),
            Reading::Read { partly: Some(partly), .. } => format!("read in part: {partly}"),
        },
    }
}
