//! Which accounts are worth a closer look: everybody who holds a role (also through groups, also eligible), break-glass
//! accounts, and members whose registered methods are weak or none. Read from the store; judged roughly on purpose: the
//! verdicts that people see are the posture's.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

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

/// Role holders and break-glass accounts, by id; also such as are no users (groups and service principals hold roles, too).
fn holders(conn: &Connection, tenant: &str) -> store::Result<BTreeSet<String>> {
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
    Ok(wanted)
}

/// Only the role holders and break-glass accounts among the users: no long table is gone through.
pub fn admins(conn: &Connection, tenant: &str) -> store::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for id in holders(conn, tenant)? {
        if store::users::get(conn, tenant, &id)?.is_some() {
            found.insert(id);
        }
    }
    Ok(found)
}

pub fn watched(conn: &Connection, tenant: &str) -> store::Result<Watched> {
    let wanted = holders(conn, tenant)?;
    // Two long tables in every sync: only the columns that decide, side by side, and no text is copied that is not kept. The
    // lists of methods repeat themselves, so each is judged once.
    let mut judged: HashMap<String, bool> = HashMap::new();
    let mut strong = |methods: &str| match judged.get(methods) {
        Some(strong) => *strong,
        None => *judged.entry(methods.to_owned()).or_insert_with(|| is_strong(methods)),
    };
    let mut found = Watched::default();
    let mut statement = conn.prepare_cached(
        "SELECT u.id, u.account_enabled, u.user_type, r.methods FROM user u
         LEFT JOIN mfa_registration r ON r.tenant = u.tenant AND r.user_id = u.id WHERE u.tenant = ?1",
    )?;
    let mut rows = statement.query([tenant])?;
    while let Some(row) = rows.next()? {
        found.users += 1;
        let Ok(id) = row.get_ref(0)?.as_str() else { continue };
        let guest = || row.get_ref(2).is_ok_and(|kind| kind.as_str_or_null().is_ok_and(|kind| kind == Some("Guest")));
        if wanted.contains(id) {
            // Principals that are service principals are in no list of users.
            found.admins.insert(id.to_owned());
        } else if row.get::<_, Option<bool>>(1)? != Some(false) && !guest() && !row.get_ref(3)?.as_str().is_ok_and(&mut strong) {
            found.flagged.insert(id.to_owned());
        }
    }
    Ok(found)
}

/// By the report's names ("userRegistrationDetails resource type"); a name that is not known is not taken for weak.
fn is_strong(methods: &str) -> bool {
    const NOT_STRONG: [&str; 10] =
        ["mobilePhone", "alternateMobilePhone", "officePhone", "email", "securityQuestion", "password", "sms", "voice", "temporaryAccessPass", "none"];
    let methods: Vec<Cow<'_, str>> = serde_json::from_str(methods).unwrap_or_default();
    methods.iter().any(|method| !NOT_STRONG.contains(&&**method))
}
