//! Reads what posture needs from the store, account by account, without keeping what it does not need.

use std::collections::{BTreeSet, HashMap};

use store::{
    Connection, DataKind, Result, data_state,
    rusqlite::{OptionalExtension, Row},
    tenants::TenantRow,
};

use super::{Account, Facts, Known, Method, Registration, admins, class_from, why_unread};

/// Everything that decides for all accounts alike, or for few of them; the accounts and their registrations are read one by one.
pub(super) fn shared(conn: &Connection, row: &TenantRow, now: i64) -> Result<Facts> {
    let tenant = row.id.as_str();
    let state = |kind| data_state::get(conn, tenant, kind);
    let (holders, sync_accounts) = match why_unread(&state(DataKind::Roles)?) {
        Some(why) => (Known::No(why), BTreeSet::new()),
        None => {
            let found = admins::holders(conn, tenant)?;
            (Known::Yes(found.privileged), found.synchronising)
        }
    };
    let registration = match why_unread(&state(DataKind::MfaRegistration)?) {
        Some(why) => Known::No(why),
        None => Known::Yes(HashMap::new()),
    };
    let states: HashMap<String, String> = store::per_user_mfa::all(conn, tenant)?.into_iter().map(|row| (row.user_id, row.state)).collect();
    let per_user = match why_unread(&state(DataKind::PerUserMfa)?) {
        Some(why) if states.is_empty() => Known::No(why),
        _ => Known::Yes(states),
    };
    let mut methods: HashMap<String, Vec<Method>> =
        store::methods::read_states(conn, tenant)?.into_iter().filter(|state| state.error.is_none()).map(|state| (state.user_id, Vec::new())).collect();
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
        accounts: Vec::new(),
        marks: store::marks::all(conn, tenant)?.into_iter().map(|row| (row.user_id, class_from(&row.mark))).collect(),
        break_glass: match &row.break_glass_group {
            Some(group) => store::groups::transitive_members(conn, tenant, group)?,
            None => BTreeSet::new(),
        },
        holders,
        sync_accounts,
        registration,
        methods,
        devices: super::devices::known(conn, tenant)?.map(|()| HashMap::new()),
        per_user,
        security_defaults: store::security_defaults::get(conn, tenant)?.map(|row| row.enabled),
        enabled_policies,
        asked_for_mfa: crate::engine::judgement::last(conn, tenant)?.filter(|judgement| judgement.known).map(|judgement| judgement.asked_for_mfa),
    })
}

/// An account with what decides about it alone.
pub(super) struct AccountFacts {
    pub account: Account,
    pub registration: Option<Registration>,
    /// The fingerprint of the verdict that is stored; None: there is none.
    pub print: Option<i64>,
}

/// Only the columns that decide.
macro_rules! accounts_where {
    ($rest:literal) => {
        concat!(
            "SELECT id, upn, display_name, account_enabled, user_type, mail, licences,
               trim(coalesce(department, '') || coalesce(job_title, '') || coalesce(mobile_phone, '') || coalesce(business_phone, ''),
                    char(9, 10, 11, 12, 13, 32, 133, 160)) <> '',
               coalesce(mobile_phone, '') <> '', nullif(trim(department), '')
             FROM user WHERE tenant = ?1 ",
            $rest
        )
    };
}

const ACCOUNTS: &str = accounts_where!("ORDER BY id");
const ACCOUNT: &str = accounts_where!("AND id = ?2");

fn account_of(row: &Row<'_>) -> store::rusqlite::Result<Account> {
    Ok(Account {
        id: row.get(0)?,
        upn: row.get(1)?,
        display_name: row.get(2)?,
        enabled: row.get(3)?,
        user_type: row.get(4)?,
        mail: row.get(5)?,
        licences: row.get(6)?,
        has_person_details: row.get(7)?,
        mobile: row.get(8)?,
        department: row.get(9)?,
    })
}

/// One account; None: there is none of that id, or no longer.
pub(super) fn account(conn: &Connection, tenant: &str, id: &str) -> Result<Option<AccountFacts>> {
    let account = conn.prepare_cached(ACCOUNT)?.query_row([tenant, id], account_of).optional()?;
    let Some(account) = account else { return Ok(None) };
    let registration = store::registrations::get(conn, tenant, id)?
        .map(|row| Registration { mfa_registered: row.mfa_registered, methods: serde_json::from_str(&row.methods).unwrap_or_default() });
    let print = store::mfa_verdicts::get(conn, tenant, id)?.map(|verdict| verdict.print);
    Ok(Some(AccountFacts { account, registration, print }))
}

/// Every account of a tenant, one at a time, without what was read about it.
pub(super) fn accounts(conn: &Connection, tenant: &str, mut see: impl FnMut(Account) -> Result<()>) -> Result<()> {
    let mut statement = conn.prepare_cached(ACCOUNTS)?;
    let mut rows = statement.query([tenant])?;
    while let Some(row) = rows.next()? {
        see(account_of(row)?)?;
    }
    Ok(())
}

/// Every account of a tenant, one at a time whatever their number: three tables are gone through side by side in the order of their
/// keys. Answers whose verdicts are left without an account.
pub(super) fn each_account(conn: &Connection, tenant: &str, mut see: impl FnMut(AccountFacts) -> Result<()>) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(ACCOUNTS)?;
    let mut reported = conn.prepare_cached("SELECT user_id, mfa_registered, methods FROM mfa_registration WHERE tenant = ?1 ORDER BY user_id")?;
    let mut judged = conn.prepare_cached("SELECT user_id, print FROM mfa_verdict WHERE tenant = ?1 ORDER BY user_id")?;
    let mut reported = reported.query_map([tenant], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<bool>>(1)?, row.get::<_, String>(2)?)))?;
    let mut judged = judged.query_map([tenant], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
    let (mut report, mut verdict) = (reported.next().transpose()?, judged.next().transpose()?);
    // The lists of methods repeat themselves, so each is read from JSON once.
    let mut lists: HashMap<String, Vec<String>> = HashMap::new();
    let mut gone = Vec::new();
    let mut rows = statement.query([tenant])?;
    while let Some(row) = rows.next()? {
        let account = account_of(row)?;
        while report.as_ref().is_some_and(|(id, ..)| *id < account.id) {
            report = reported.next().transpose()?;
        }
        let registration = report.as_ref().filter(|(id, ..)| *id == account.id).map(|(_, mfa_registered, text)| {
            let methods = match lists.get(text) {
                Some(list) => list.clone(),
                None => lists.entry(text.clone()).or_insert_with_key(|text| serde_json::from_str(text).unwrap_or_default()).clone(),
            };
            Registration { mfa_registered: *mfa_registered, methods }
        });
        while let Some((id, _)) = verdict.take_if(|(id, _)| *id < account.id) {
            gone.push(id);
            verdict = judged.next().transpose()?;
        }
        let print = verdict.as_ref().filter(|(id, _)| *id == account.id).map(|(_, print)| *print);
        if print.is_some() {
            verdict = judged.next().transpose()?;
        }
        see(AccountFacts { account, registration, print })?;
    }
    gone.extend(verdict.map(|(id, _)| id));
    for left in judged {
        gone.push(left?.0);
    }
    Ok(gone)
}
