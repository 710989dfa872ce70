//! Reads what posture needs from the store, account by account, without keeping what it does not need.

use std::collections::{BTreeSet, HashMap};

use store::{Connection, DataKind, Result, data_state, tenants::TenantRow};

use super::{Account, Facts, Known, Method, Registration, admins, class_from, why_unread};

pub(super) fn facts(conn: &Connection, row: &TenantRow, now: i64) -> Result<Facts> {
    let tenant = row.id.as_str();
    let state = |kind| data_state::get(conn, tenant, kind);
    let mut accounts = Vec::new();
    // Every account after every sync: only the columns that decide.
    let mut statement = conn.prepare_cached(
        "SELECT id, upn, display_name, account_enabled, user_type, mail, licences,
                trim(coalesce(department, '') || coalesce(job_title, '') || coalesce(mobile_phone, '') || coalesce(business_phone, ''),
                     char(9, 10, 11, 12, 13, 32, 133, 160)) <> ''
         FROM user WHERE tenant = ?1 ORDER BY id",
    )?;
    let mut rows = statement.query([tenant])?;
    while let Some(row) = rows.next()? {
        accounts.push(Account {
            id: row.get(0)?,
            upn: row.get(1)?,
            display_name: row.get(2)?,
            enabled: row.get(3)?,
            user_type: row.get(4)?,
            mail: row.get(5)?,
            licences: row.get(6)?,
            has_person_details: row.get(7)?,
        });
    }
    let (holders, sync_accounts) = match why_unread(&state(DataKind::Roles)?) {
        Some(why) => (Known::No(why), BTreeSet::new()),
        None => {
            let found = admins::holders(conn, tenant)?;
            (Known::Yes(found.privileged), found.synchronising)
        }
    };
    let registration = match why_unread(&state(DataKind::MfaRegistration)?) {
        Some(why) => Known::No(why),
        None => Known::Yes(registered(conn, tenant)?),
    };
    let states: HashMap<String, String> = store::per_user_mfa::all(conn, tenant)?.into_iter().map(|row| (row.user_id, row.state)).collect();
    let per_user = match why_unread(&state(DataKind::PerUserMfa)?) {
        Some(why) if states.is_empty() => Known::No(why),
        _ => Known::Yes(states),
    };
    let mut methods: HashMap<String, Vec<Method>> = store::methods::read_states(conn, tenant)?
        .into_iter()
        .filter(|state| state.error.is_none())
        .map(|state| (state.user_id, Vec::new()))
        .collect();
    for method in store::methods::all(conn, tenant)? {
        if let Some(list) = methods.get_mut(&method.user_id) {
            list.push(Method { kind: method.kind, created_at: method.created_at });
        }
    }
    let enabled_policies = match why_unread(&state(DataKind::Policies)?) {
        Some(_) => None,
        None => Some(store::policies::all(conn, tenant)?.iter().filter(|policy| policy.state == "enabled").count()),
    };
    Ok(Facts {
        now,
        accounts,
        marks: store::marks::all(conn, tenant)?.into_iter().map(|row| (row.user_id, class_from(&row.mark))).collect(),
        break_glass: match &row.break_glass_group {
            Some(group) => store::groups::transitive_members(conn, tenant, group)?,
            None => BTreeSet::new(),
        },
        holders,
        sync_accounts,
        registration,
        methods,
        per_user,
        security_defaults: store::security_defaults::get(conn, tenant)?.map(|row| row.enabled),
        enabled_policies,
        asked_for_mfa: crate::engine::judgement::last(conn, tenant)?.filter(|judgement| judgement.known).map(|judgement| judgement.asked_for_mfa),
    })
}

/// The registration report. Its lists of methods repeat themselves, so each is read from JSON once.
fn registered(conn: &Connection, tenant: &str) -> Result<HashMap<String, Registration>> {
    let mut lists: HashMap<String, Vec<String>> = HashMap::new();
    let mut found = HashMap::new();
    let mut statement = conn.prepare_cached("SELECT user_id, mfa_registered, methods FROM mfa_registration WHERE tenant = ?1")?;
    let mut rows = statement.query([tenant])?;
    while let Some(row) = rows.next()? {
        let text = row.get_ref(2)?.as_str().unwrap_or("[]");
        let methods = match lists.get(text) {
            Some(list) => list.clone(),
            None => lists.entry(text.to_owned()).or_insert_with_key(|text| serde_json::from_str(text).unwrap_or_default()).clone(),
        };
        found.insert(row.get(0)?, Registration { mfa_registered: row.get(1)?, methods });
    }
    Ok(found)
}
