//! Whom or what an exception is for, from what was typed or chosen: an object of the directory, something that a policy names, or words.

use conditional_access::{
    Engine, NoNames,
    names::{BuiltInRole, built_in_roles, first_party_application},
    words::{IdKind, called},
};
use store::Connection;

use super::{Judged, SubjectKind};
use crate::{problem::problem, transaction::Decided, views::Problem};

/// An id where there is one, and the name as it is now.
pub(super) type Subject = (Option<String>, String);

fn nothing(kind: SubjectKind, named: &str) -> Problem {
    let what = match kind {
        SubjectKind::User => format!("The directory has no user \u{201c}{named}\u{201d}, as far as it was read"),
        SubjectKind::Role => format!("The directory has no role \u{201c}{named}\u{201d}, as far as it was read"),
        SubjectKind::Application => format!("The tenant has no application \u{201c}{named}\u{201d}, as far as it was read"),
        SubjectKind::Location => format!("The tenant has no named location \u{201c}{named}\u{201d}, as far as it was read"),
        _ => "No policy leaves this out, as far as policies were read".to_owned(),
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
        SubjectKind::Role => {
            let roles = store::roles::definitions(conn, tenant)?;
            let found = of_name(kind, named, roles.iter().map(|role| ([role.template_id.as_str(), role.id.as_str()], role.display_name.as_str())))?;
            // Every tenant has the roles that Microsoft made, also those whose definition was not read.
            found.or_else(|| {
                let own = |role: &&BuiltInRole| role.template_id.eq_ignore_ascii_case(named) || role.name.eq_ignore_ascii_case(named);
                built_in_roles().iter().find(own).map(|role| (role.template_id.to_lowercase(), role.name.to_owned()))
            })
        }
        SubjectKind::Application => {
            let principals = engine.tenant().service_principals.iter().flatten();
            match of_name(kind, named, principals.map(|principal| ([principal.app_id.as_str(), ""], principal.display_name.as_str())))? {
                Some(found) => Some(found),
                None => beside_the_directory(conn, tenant, named)?,
            }
        }
        SubjectKind::Location => {
            let locations = store::locations::all(conn, tenant)?;
            of_name(kind, named, locations.iter().map(|location| ([location.id.as_str(), ""], location.display_name.as_str())))?
        }
        SubjectKind::Other => {
            super::decide::short(name)?;
            return Ok((None, name.to_owned()));
        }
        SubjectKind::Guests | SubjectKind::Platform | SubjectKind::Device | SubjectKind::Client => None,
    };
    let (id, name) = found.ok_or_else(|| nothing(kind, named))?;
    Ok((Some(id), name))
}

/// What policies and people mean that is no application of the directory: Office365 and the like, Microsoft's own, what was signed in to.
fn beside_the_directory(conn: &Connection, tenant: &str, named: &str) -> store::Result<Option<(String, String)>> {
    let id = named.to_lowercase();
    let known = match id.as_str() {
        "office365" | "microsoftadminportals" => Some(called(IdKind::Application, &id, &NoNames)),
        _ => first_party_application(&id).map(str::to_owned),
    };
    if let Some(name) = known {
        return Ok(Some((id, name)));
    }
    Ok(store::sign_ins::apps(conn, tenant)?
        .into_iter()
        .find(|(app, name)| app.eq_ignore_ascii_case(&id) && !name.trim().is_empty())
        .map(|(_, name)| (id, name)))
}

/// The one with this id, or else the only one of this name, by the first of its ids. Two of a name are not guessed between: the exception
/// would stand for the wrong one.
fn of_name<'a>(kind: SubjectKind, named: &str, all: impl Iterator<Item = ([&'a str; 2], &'a str)> + Clone) -> Result<Option<(String, String)>, Problem> {
    let row = |(ids, name): ([&str; 2], &str)| (ids[0].to_lowercase(), name.to_owned());
    if let Some(found) = all.clone().find(|(ids, _)| ids.iter().any(|id| !id.is_empty() && id.eq_ignore_ascii_case(named))) {
        return Ok(Some(row(found)));
    }
    let mut same = all.filter(|(_, name)| name.eq_ignore_ascii_case(named));
    match (same.next(), same.count()) {
        (Some(found), 0) => Ok(Some(row(found))),
        (Some(_), others) => {
            let what = match kind {
                SubjectKind::Role => "roles",
                SubjectKind::Application => "applications",
                _ => "named locations",
            };
            Err(problem("input.ambiguous", format!("{} {what} are called \u{201c}{named}\u{201d}", others + 1), "Use the id of one of them."))
        }
        (None, _) => Ok(None),
    }
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
