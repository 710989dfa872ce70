//! Whom or what an exception is for, from what was typed or chosen: an object of the directory, something that a policy names, or words.

use conditional_access::Engine;
use store::Connection;

use super::{Judged, SubjectKind};
use crate::{problem::problem, transaction::Decided, views::Problem};

/// An id where there is one, and the name as it is now.
pub(super) type Subject = (Option<String>, String);

fn nothing(kind: SubjectKind, named: &str) -> Problem {
    let what = match kind {
        SubjectKind::User => "The directory has no such user, as far as it was read",
        SubjectKind::Role => "The directory has no such role, as far as it was read",
        SubjectKind::Application => "The tenant has no such application, as far as it was read",
        SubjectKind::Location => "The tenant has no such named location, as far as it was read",
        _ => "No policy leaves this out, as far as policies were read",
    };
    problem("exceptions.no_subject", what, "Check the name, resync the tenant, or write it down as “other” in your own words.").with_details(named)
}

/// `id`: as a carve-out has it; without one, `name` is looked for.
pub(super) fn subject(
    conn: &Connection,
    tenant: &str,
    engine: &Engine,
    carve_outs: Option<&[Judged]>,
    kind: SubjectKind,
    id: Option<&str>,
    name: &str,
) -> Decided<Subject> {
    let id = id.map(|id| id.trim().to_lowercase()).filter(|id| !id.is_empty());
    let name = name.trim();
    let Some(named) = id.as_deref().or((!name.is_empty()).then_some(name)) else {
        return Err(problem("input.missing", "Nothing was chosen that is exempt", "Choose who or what the exception is for.").into());
    };
    // What a policy leaves out is known by the policy, also where the directory was never read.
    let same = |found: &super::Found| found.kind == kind && (id.as_deref().map_or_else(|| found.name.eq_ignore_ascii_case(name), |id| found.id == id));
    if kind != SubjectKind::Other
        && let Some(found) = carve_outs.and_then(|all| all.iter().map(|judged| &judged.found).find(|found| same(found)))
    {
        return Ok((Some(found.id.clone()), found.name.clone()));
    }
    let found = match kind {
        SubjectKind::User => {
            store::users::named(conn, tenant, named)?.map(|user| (user.id, if user.display_name.trim().is_empty() { user.upn } else { user.display_name }))
        }
        SubjectKind::Group => match crate::tenants::group_id(conn, tenant, named)? {
            Some(group) => store::groups::get(conn, tenant, &group)?.map(|group| (group.id, group.display_name)),
            None => None,
        },
        SubjectKind::Role => store::roles::definitions(conn, tenant)?
            .into_iter()
            .find(|role| role.template_id.eq_ignore_ascii_case(named) || role.id.eq_ignore_ascii_case(named) || role.display_name.eq_ignore_ascii_case(named))
            .map(|role| (role.template_id.to_lowercase(), role.display_name)),
        SubjectKind::Application => engine
            .tenant()
            .service_principals
            .iter()
            .flatten()
            .find(|principal| principal.app_id.eq_ignore_ascii_case(named) || principal.display_name.eq_ignore_ascii_case(named))
            .map(|principal| (principal.app_id.to_lowercase(), principal.display_name.clone())),
        SubjectKind::Location => store::locations::all(conn, tenant)?
            .into_iter()
            .find(|location| location.id.eq_ignore_ascii_case(named) || location.display_name.eq_ignore_ascii_case(named))
            .map(|location| (location.id.to_lowercase(), location.display_name)),
        SubjectKind::Other => {
            super::decide::short(name)?;
            return Ok((None, name.to_owned()));
        }
        SubjectKind::Guests | SubjectKind::Platform | SubjectKind::Device | SubjectKind::Client => None,
    };
    let (id, name) = found.ok_or_else(|| nothing(kind, named))?;
    Ok((Some(id), name))
}

/// The policy by id or name; None where all are meant.
pub(super) fn policy(conn: &Connection, tenant: &str, named: Option<&str>) -> Decided<Option<(String, String)>> {
    let Some(named) = named.map(str::trim).filter(|named| !named.is_empty()) else { return Ok(None) };
    let all = store::policies::all(conn, tenant)?;
    let of_id = all.iter().find(|row| row.id.eq_ignore_ascii_case(named));
    let of_name: Vec<_> = all.iter().filter(|row| row.display_name.eq_ignore_ascii_case(named)).collect();
    match (of_id, of_name.as_slice()) {
        (Some(row), _) => Ok(Some((row.id.clone(), row.display_name.clone()))),
        (None, [row]) => Ok(Some((row.id.clone(), row.display_name.clone()))),
        (None, []) => Err(problem(
            "exceptions.no_policy",
            "The tenant has no such policy, as far as policies were read",
            "Check the name, resync the tenant, or leave it out: then the exception is from MFA altogether.",
        )
        .with_details(named)
        .into()),
        (None, _) => Err(problem("input.ambiguous", format!("{} policies are called “{named}”", of_name.len()), "Use the id of one of them.").into()),
    }
}
