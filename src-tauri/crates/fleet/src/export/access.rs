//! Writing what the list of time-bound access shows.

use std::path::Path;

use super::{Column, given, moment, named};
use crate::{
    Fleet,
    views::{
        Problem,
        access::{AccessRow, rows},
    },
};

/// Those that `ids` names, in its order: that list is filtered and sorted in the window.
///
/// # Errors
/// The store refused, or the file cannot be written.
pub fn access(fleet: &Fleet, tenant: &str, ids: &[String], path: &Path) -> Result<u32, Problem> {
    let columns: [Column<AccessRow>; 12] = [
        ("Person", |r| r.person.display_name.clone()),
        ("UPN", |r| r.person.upn.clone()),
        ("Group", |r| r.group.display_name.clone()),
        ("Why", |r| r.reason.clone()),
        ("Ticket", |r| r.ticket.clone().unwrap_or_default()),
        ("Ends", |r| moment(Some(r.ends_at))),
        ("Time zone", |r| r.time_zone.clone()),
        ("State", |r| r.state.name().to_owned()),
        ("Remark", |r| r.note.clone().unwrap_or_default()),
        ("Asked by", |r| r.requested_by.clone()),
        ("Approved by", |r| r.approved_by.clone().unwrap_or_default()),
        ("Id", |r| r.id.to_string()),
    ];
    let found = fleet.store().read(|conn| rows(conn, Some(tenant), fleet.now()))?;
    let keyed = found.into_iter().map(|row| (row.id.to_string(), row)).collect::<Vec<_>>();
    let chosen = named(keyed, ids, |(id, _)| id).into_iter().map(|(_, row)| row);
    given(path, &columns, chosen.collect::<Vec<_>>())
}
