//! A tenant as a snapshot folder, from what was synced: Graph's JSON again. What was never read is absent.

use std::{collections::BTreeMap, path::Path};

use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};
use snapshot::Snapshot;
use store::{Connection, DataKind, Store, data_state};

use crate::{
    problem::problem,
    views::{Problem, no_such_tenant},
};

/// Writes the folder whole or not at all.
///
/// # Errors
/// The tenant is not connected, the folder cannot be written or holds something else, or the store refused.
pub fn tenant(store: &Store, tenant: &str, folder: &Path) -> Result<(), Problem> {
    let snapshot = store
        .read(|conn| {
            let Some(row) = store::tenants::get(conn, tenant)? else { return Ok(None) };
            gather(conn, &row.id).map(Some)
        })?
        .ok_or_else(|| no_such_tenant(tenant))?;
    snapshot.write(folder).map_err(|error| {
        problem(error.code(), "The snapshot could not be written", "Choose an empty or a new folder on a disk with space.").with_details(error)
    })
}

fn gather(conn: &Connection, tenant: &str) -> store::Result<Snapshot> {
    let read = |kind: DataKind| -> store::Result<bool> { Ok(data_state::get(conn, tenant, kind)?.read_at.is_some()) };
    let mut found = Snapshot::default();
    if read(DataKind::Organization)? {
        found.organization = Some(store::organization::get(conn, tenant)?.map(|row| body(&row.body)).into_iter().collect());
    }
    if read(DataKind::Licences)? {
        found.subscribed_skus = Some(store::organization::licences(conn, tenant)?.iter().map(|row| body(&row.body)).collect());
    }
    if read(DataKind::Users)? {
        let mut users = Vec::new();
        store::users::each(conn, tenant, |row| {
            users.push(user(row));
            Ok(())
        })?;
        found.users = Some(users);
    }
    if read(DataKind::Groups)? {
        found.groups = Some(store::groups::all(conn, tenant)?.into_iter().map(|row| group(conn, tenant, row)).collect::<store::Result<_>>()?);
    }
    if read(DataKind::Roles)? {
        found.role_definitions = Some(
            store::roles::definitions(conn, tenant)?
                .into_iter()
                .map(|row| {
                    let mut role = json!({
                        "id": row.id, "templateId": row.template_id, "displayName": row.display_name, "isBuiltIn": row.built_in,
                    });
                    known(&mut role, "isPrivileged", row.privileged);
                    role
                })
                .collect(),
        );
        let (mut held, mut eligible) = (Vec::new(), Vec::new());
        for row in store::roles::assignments(conn, tenant)? {
            let mut assignment = json!({
                "id": row.id, "roleDefinitionId": row.role_id, "principalId": row.principal_id, "directoryScopeId": row.directory_scope,
            });
            known(&mut assignment, "startDateTime", row.starts_at.and_then(time));
            known(&mut assignment, "endDateTime", row.ends_at.and_then(time));
            match row.kind.as_str() {
                "eligible" => eligible.push(assignment),
                "assigned" => held.push(assignment),
                // Active through PIM: listed among the assignments already, except where those could not be read.
                _ => {}
            }
        }
        found.role_assignments = Some(held);
        // Absent: never read. A tenant without PIM's licence has eligibilities that nobody knows.
        let state = data_state::get(conn, tenant, DataKind::Roles)?;
        found.role_eligibility = store::roles::with_pim(&state).then_some(eligible);
    }
    policies(conn, tenant, &mut found)?;
    if read(DataKind::ServicePrincipals)? {
        found.service_principals = Some(
            store::service_principals::all(conn, tenant)?
                .into_iter()
                .map(|row| with(body(&row.body), json!({ "id": row.id, "appId": row.app_id, "displayName": row.display_name })))
                .collect(),
        );
    }
    methods(conn, tenant, &mut found)?;
    logs(conn, tenant, &mut found)?;
    Ok(found)
}

fn policies(conn: &Connection, tenant: &str, found: &mut Snapshot) -> store::Result<()> {
    let read = |kind: DataKind| -> store::Result<bool> { Ok(data_state::get(conn, tenant, kind)?.read_at.is_some()) };
    if read(DataKind::Policies)? {
        found.conditional_access_policies = Some(store::policies::all(conn, tenant)?.iter().map(|row| body(&row.body)).collect());
    }
    if read(DataKind::NamedLocations)? {
        found.named_locations = Some(store::locations::all(conn, tenant)?.iter().map(|row| body(&row.body)).collect());
    }
    if read(DataKind::AuthenticationStrengths)? {
        found.authentication_strengths = Some(store::strengths::all(conn, tenant)?.iter().map(|row| body(&row.body)).collect());
    }
    if read(DataKind::SecurityDefaults)? {
        found.security_defaults = store::security_defaults::get(conn, tenant)?.map(|row| body(&row.body));
    }
    Ok(())
}

fn methods(conn: &Connection, tenant: &str, found: &mut Snapshot) -> store::Result<()> {
    let read = |kind: DataKind| -> store::Result<bool> { Ok(data_state::get(conn, tenant, kind)?.read_at.is_some()) };
    if read(DataKind::MfaRegistration)? {
        found.user_registration_details = Some(
            store::registrations::all(conn, tenant)?
                .into_iter()
                .map(|row| {
                    let mut detail = json!({ "id": row.user_id, "methodsRegistered": body(&row.methods) });
                    known(&mut detail, "isMfaRegistered", row.mfa_registered);
                    known(&mut detail, "isMfaCapable", row.mfa_capable);
                    known(&mut detail, "isPasswordlessCapable", row.passwordless);
                    known(&mut detail, "isAdmin", row.is_admin);
                    known(&mut detail, "defaultMfaMethod", row.default_method);
                    known(&mut detail, "lastUpdatedDateTime", row.report_refreshed_at.and_then(time));
                    detail
                })
                .collect(),
        );
    }
    if read(DataKind::AuthenticationMethods)? {
        let mut all: BTreeMap<String, Vec<Value>> =
            store::methods::read_states(conn, tenant)?.into_iter().filter(|state| state.error.is_none()).map(|state| (state.user_id, Vec::new())).collect();
        for row in store::methods::all(conn, tenant)? {
            if let Some(list) = all.get_mut(&row.user_id) {
                let mut method = json!({ "@odata.type": format!("#microsoft.graph.{}", row.kind), "id": row.id });
                known(&mut method, "displayName", row.label);
                known(&mut method, "createdDateTime", row.created_at.and_then(time));
                list.push(method);
            }
        }
        found.authentication_methods = Some(all);
    }
    if read(DataKind::PerUserMfa)? {
        found.per_user_mfa = Some(store::per_user_mfa::all(conn, tenant)?.into_iter().map(|row| (row.user_id, row.state)).collect());
    }
    Ok(())
}

fn logs(conn: &Connection, tenant: &str, found: &mut Snapshot) -> store::Result<()> {
    let read = |kind: DataKind| -> store::Result<bool> { Ok(data_state::get(conn, tenant, kind)?.read_at.is_some()) };
    if read(DataKind::SignIns)? {
        let filter = store::sign_ins::SignInFilter { tenant: tenant.to_owned(), ..Default::default() };
        let every = store::Slice { offset: 0, limit: u64::from(u32::MAX) };
        let listed = store::sign_ins::list(conn, &filter, store::sign_ins::SignInSort::At, store::Order::Descending, every)?;
        found.sign_ins = Some(listed.rows.into_iter().map(|row| snapshot::raw(&sign_in(row))).collect());
    }
    if read(DataKind::DirectoryAudits)? {
        let mut audits = store::directory_audits::since(conn, tenant, i64::MIN)?;
        audits.reverse();
        found.directory_audits = Some(audits.into_iter().map(|row| snapshot::raw(&audit(row))).collect());
    }
    Ok(())
}

fn user(row: store::users::UserRow) -> Value {
    let mut user = with(body(&row.other), json!({ "id": row.id, "userPrincipalName": row.upn, "displayName": row.display_name }));
    known(&mut user, "accountEnabled", row.account_enabled);
    known(&mut user, "userType", row.user_type);
    known(&mut user, "mail", row.mail);
    known(&mut user, "department", row.department);
    known(&mut user, "jobTitle", row.job_title);
    known(&mut user, "mobilePhone", row.mobile_phone);
    known(&mut user, "businessPhones", row.business_phone.map(|phone| vec![phone]));
    known(&mut user, "createdDateTime", row.created_at.and_then(time));
    known(&mut user, "onPremisesSyncEnabled", row.on_premises_sync);
    known(&mut user, "manager", row.manager_id.map(|id| json!({ "@odata.type": "#microsoft.graph.user", "id": id })));
    // Only their number is kept; the ids of the products are not.
    if let (Some(count), Some(members)) = (row.licences, user.as_object_mut())
        && !members.contains_key("assignedLicenses")
    {
        let count = usize::try_from(count).unwrap_or(0);
        members.insert("assignedLicenses".to_owned(), Value::Array(vec![json!({ "disabledPlans": [] }); count]));
    }
    user
}

fn group(conn: &Connection, tenant: &str, row: store::groups::GroupRow) -> store::Result<Value> {
    let mut group = with(body(&row.other), json!({ "id": row.id, "displayName": row.display_name }));
    known(&mut group, "isAssignableToRole", row.role_assignable);
    known(&mut group, "onPremisesSyncEnabled", row.on_premises_sync);
    if row.dynamic == Some(true) && group.get("groupTypes").is_none() {
        known(&mut group, "groupTypes", Some(vec!["DynamicMembership"]));
    }
    if row.members_read_at.is_some() {
        let members: Vec<Value> = store::groups::members(conn, tenant, &row.id)?
            .into_iter()
            .filter(|member| member.direct)
            .map(|member| json!({ "@odata.type": format!("#microsoft.graph.{}", member.member_type), "id": member.member_id }))
            .collect();
        known(&mut group, "members", Some(members));
    }
    Ok(group)
}

fn sign_in(row: store::sign_ins::SignInRow) -> Value {
    let other = body(&row.other);
    let from_other = |name: &str| other.get(name).cloned().unwrap_or(Value::Null);
    json!({
        "id": row.id,
        "createdDateTime": time(row.created_at),
        "userId": row.user_id,
        "userPrincipalName": row.upn,
        "userDisplayName": row.user_name,
        "appId": row.app_id,
        "appDisplayName": row.app_name,
        "resourceId": row.resource_id,
        "resourceDisplayName": row.resource_name,
        "clientAppUsed": row.client_app,
        "ipAddress": row.ip,
        "isInteractive": row.interactive,
        "correlationId": from_other("correlationId"),
        "riskLevelAggregated": row.risk,
        "riskLevelDuringSignIn": from_other("riskLevelDuringSignIn"),
        "riskState": from_other("riskState"),
        "conditionalAccessStatus": row.ca_status,
        "status": { "errorCode": row.error_code, "failureReason": row.failure_reason, "additionalDetails": from_other("additionalDetails") },
        "location": { "city": row.city, "state": from_other("state"), "countryOrRegion": row.country },
        "deviceDetail": {
            "deviceId": row.device_id,
            "displayName": row.device_name,
            "operatingSystem": row.os,
            "browser": row.browser,
            "isCompliant": row.compliant,
            "isManaged": row.managed,
            "trustType": row.trust_type,
        },
        "appliedConditionalAccessPolicies": body(&row.applied),
    })
}

fn audit(row: store::directory_audits::DirectoryAuditRow) -> Value {
    let other = body(&row.other);
    let application = row.initiator_id.is_some() && !row.initiated_by.as_deref().is_some_and(|name| name.contains('@'));
    let initiated = if application {
        json!({ "app": { "displayName": row.initiated_by, "servicePrincipalId": row.initiator_id } })
    } else {
        json!({ "user": { "userPrincipalName": row.initiated_by, "id": row.initiator_id } })
    };
    with(
        other,
        json!({
            "id": row.id,
            "activityDateTime": time(row.activity_at),
            "activityDisplayName": row.activity,
            "loggedByService": row.service,
            "category": row.category,
            "result": row.result,
            "correlationId": row.correlation_id,
            "initiatedBy": initiated,
            "targetResources": body(&row.targets),
        }),
    )
}

fn body(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

/// The members of both; those of `named` win.
fn with(other: Value, named: Value) -> Value {
    let mut members = match other {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    if let Value::Object(named) = named {
        members.extend(named);
    }
    Value::Object(members)
}

fn known<T: Into<Value>>(object: &mut Value, name: &str, value: Option<T>) {
    if let (Some(members), Some(value)) = (object.as_object_mut(), value) {
        members.insert(name.to_owned(), value.into());
    }
}

fn time(millis: i64) -> Option<String> {
    DateTime::from_timestamp_millis(millis).map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}
