//! Which accounts are worth a closer look: everybody who holds a role (also through groups, also eligible), break-glass
//! accounts, and members whose registered methods are weak or none. Read from the store; judged roughly on purpose: the
//! verdicts that people see are the posture's.

use std::collections::BTreeSet;

use store::Connection;

/// Accounts by why they are read. The groups do not overlap.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// Role holders and break-glass accounts: read in every sync.
    pub admins: BTreeSet<String>,
    /// Weak, none, or not in the report.
    pub flagged: BTreeSet<String>,
    pub users: u64,
}

pub fn watched(conn: &Connection, tenant: &str) -> store::Result<Watched> {
    let mut wanted = BTreeSet::new();
    for assignment in store::roles::assignments(conn, tenant)? {
        if store::groups::get(conn, tenant, &assignment.principal_id)?.is_some() {
            wanted.extend(store::groups::transitive_members(conn, tenant, &assignment.principal_id)?);
        } else {
            wanted.insert(assignment.principal_id);
        }
    }
    if let Some(group) = store::tenants::get(conn, tenant)?.and_then(|tenant| tenant.break_glass_group) {
        wanted.extend(store::groups::transitive_members(conn, tenant, &group.to_ascii_lowercase())?);
    }
    wanted.extend(store::marks::all(conn, tenant)?.into_iter().filter(|mark| mark.mark == "breakGlass").map(|mark| mark.user_id));

    let mut strong = BTreeSet::new();
    store::registrations::each(conn, tenant, |row| {
        if is_strong(&row.methods) {
            strong.insert(row.user_id);
        }
        Ok(())
    })?;
    let mut found = Watched::default();
    store::users::each(conn, tenant, |user| {
        found.users += 1;
        if wanted.contains(&user.id) {
            // Principals that are service principals are in no list of users.
            found.admins.insert(user.id);
        } else if user.account_enabled != Some(false) && user.user_type.as_deref() != Some("Guest") && !strong.contains(&user.id) {
            found.flagged.insert(user.id);
        }
        Ok(())
    })?;
    Ok(found)
}

/// By the report's names ("userRegistrationDetails resource type"); a name that is not known is not taken for weak.
fn is_strong(methods: &str) -> bool {
    const NOT_STRONG: [&str; 10] = [
        "mobilePhone",
        "alternateMobilePhone",
        "officePhone",
        "email",
        "securityQuestion",
        "password",
        "sms",
        "voice",
        "temporaryAccessPass",
        "none",
    ];
    let methods: Vec<String> = serde_json::from_str(methods).unwrap_or_default();
    methods.iter().any(|method| !NOT_STRONG.contains(&method.as_str()))
}
