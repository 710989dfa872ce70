//! Reads what posture needs from the store, account by account, without keeping what it does not need.

use std::collections::{BTreeSet, HashMap};

use store::{Connection, DataKind, Result, data_state, tenants::TenantRow};

use super::{Account, Facts, Known, Method, Registration, admins, class_from, why_unread};

pub(super) fn facts(conn: &Connection, row: &TenantRow, now: i64) -> Result<Facts> {
    let tenant = row.id.as_str();
    let state = |kind| data_state::get(conn, tenant, kind);
    let mut accounts = Vec::new();
    store::users::each(conn, tenant, |user| {
        let said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        accounts.push(Account {
            has_person_details: said(&user.department) || said(&user.job_title) || said(&user.mobile_phone) || said(&user.business_phone),
            id: user.id,
            upn: user.upn,
            display_name: user.display_name,
            enabled: user.account_enabled,
            user_type: user.user_type,
            mail: user.mail,
            licences: user.licences,
        });
        Ok(())
    })?;
    let (holders, sync_accounts) = match why_unread(&state(DataKind::Roles)?) {
        Some(why) => (Known::No(why), BTreeSet::new()),
        None => {
            let found = admins::holders(conn, tenant)?;
            (Known::Yes(found.privileged), found.synchronising)
        }
    };
    let registration = match why_unread(&state(DataKind::MfaRegistration)?) {
        Some(why) => Known::No(why),
        None => Known::Yes(
            store::registrations::all(conn, tenant)?
                .into_iter()
                .map(|row| {
                    let methods = serde_json::from_str(&row.methods).unwrap_or_default();
                    (row.user_id, Registration { mfa_registered: row.mfa_registered, methods })
                })
                .collect(),
        ),
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
    })
}
