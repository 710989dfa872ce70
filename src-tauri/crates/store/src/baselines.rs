//! Stored baselines, and the last judgement of each tenant against its own. What a body holds is the fleet's business.

use rusqlite::Connection;

use crate::Result;

table_row! {
    BaselineRow in "baseline" {
        id: String,
        name: String,
        /// builtin, imported, tenant
        source: String,
        origin: String,
        body: String,
        created_at: i64,
        created_by: String,
    }
}

table_row! {
    SummaryRow in "drift_summary" {
        tenant: String,
        judged_at: i64,
        body: String,
    }
}

/// By name.
pub fn all(conn: &Connection) -> Result<Vec<BaselineRow>> {
    BaselineRow::many(conn, "ORDER BY name COLLATE NOCASE, id", [])
}

pub fn get(conn: &Connection, id: &str) -> Result<Option<BaselineRow>> {
    BaselineRow::one(conn, "WHERE id = ?1", [id])
}

/// Removes it, and holds the tenants that were held to it to the built-in one; false when there was none.
pub fn remove(conn: &Connection, id: &str) -> Result<bool> {
    conn.prepare_cached("UPDATE tenant SET baseline = 'builtin' WHERE baseline = ?1")?.execute([id])?;
    Ok(conn.prepare_cached("DELETE FROM baseline WHERE id = ?1")?.execute([id])? > 0)
}

/// Holds a tenant to a baseline.
pub fn assign(conn: &Connection, id: &str, tenant: &str) -> Result<bool> {
    Ok(conn.prepare_cached("UPDATE tenant SET baseline = ?1 WHERE id = ?2 AND baseline <> ?1")?.execute([id, tenant])? > 0)
}

pub fn summary(conn: &Connection, tenant: &str) -> Result<Option<SummaryRow>> {
    SummaryRow::one(conn, "WHERE tenant = ?1", [tenant])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_removed_baseline_leaves_its_tenants_with_the_built_in_one() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::Store::open(folder.path().join("a.db"), chrono::DateTime::UNIX_EPOCH).unwrap();
        let held = store
            .write(|tx| {
                crate::tenants::TenantRow::new("contoso", "Contoso", "contoso.example", "demo", "secret", "app", 1).put(tx)?;
                BaselineRow {
                    id: "own".into(),
                    name: "Own".into(),
                    source: "imported".into(),
                    origin: "3 files".into(),
                    body: "{}".into(),
                    created_at: 1,
                    created_by: "Ana".into(),
                }
                .put(tx)?;
                assert!(assign(tx, "own", "contoso")?);
                assert!(!assign(tx, "own", "contoso")?, "nothing changes twice");
                assert!(remove(tx, "own")?);
                Ok((crate::tenants::get(tx, "contoso")?.unwrap().baseline, all(tx)?.len()))
            })
            .unwrap();
        assert_eq!(held, ("builtin".to_owned(), 0));
    }
}
