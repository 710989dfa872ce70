//! Opening the file, bringing its schema up to date, and handing out connections: one that writes, a few that read.
//! What the tables hold is not known here.

use std::{
    convert::Infallible,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use crate::{Result, StoreError};

/// One a released schema; a released file is never edited again, the next change is a new one.
pub(crate) const UPGRADES: &[&str] = &[
    include_str!("schema/0001_initial.sql"),
    include_str!("schema/0002_acting.sql"),
    include_str!("schema/0003_evidence.sql"),
    include_str!("schema/0004_departments.sql"),
    include_str!("schema/0005_directory_revision.sql"),
    include_str!("schema/0006_arriving.sql"),
];

/// The schema that this program writes.
pub const SCHEMA_VERSION: i64 = UPGRADES.len() as i64;

/// Connections that are kept for reading; more are opened when more are asked for at once, and closed again.
const KEPT_READERS: usize = 4;
/// Bytes of the write-ahead log from which folding it in takes a moment.
const WORTH_FOLDING: u64 = 16 * 1024 * 1024;
/// How long one program waits for another's write.
const BUSY: Duration = Duration::from_secs(15);

/// The database. Cheap to clone; every clone shares the same connections.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    // Readers are closed first: the last connection to close folds the WAL into the file, and a reader cannot.
    readers: Mutex<Vec<Connection>>,
    writer: Mutex<Connection>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.shared.path).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the file, creates it when it is not there, and brings an older schema up to date.
    pub fn open(path: impl AsRef<Path>, now: DateTime<Utc>) -> Result<Self> {
        Self::open_with(path.as_ref(), now, UPGRADES, BUSY)
    }

    fn open_with(path: &Path, now: DateTime<Utc>, upgrades: &[&str], patience: Duration) -> Result<Self> {
        let mut writer = init(path, patience)?;
        upgrade(&mut writer, path, upgrades).map_err(|error| error.at(path))?;
        prepare(&writer).map_err(|error| error.at(path))?;
        finish(writer, path, now)
    }

    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    /// Runs `read` on a connection that cannot write, in one transaction: everything it sees is of one moment.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let taken = lock(&self.shared.readers).pop();
        let mut conn = match taken {
            Some(conn) => conn,
            None => reader(&self.shared.path).map_err(|error| error.at(&self.shared.path))?,
        };
        let outcome = in_snapshot(&mut conn, read);
        let mut readers = lock(&self.shared.readers);
        if readers.len() < KEPT_READERS {
            readers.push(conn);
        }
        drop(readers);
        outcome.map_err(|error| error.at(&self.shared.path))
    }

    /// Runs `write` in the one write transaction: all of it is kept when it returns Ok, none of it otherwise.
    pub fn write<T>(&self, write: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.write_unless_refused(|tx| write(tx).map(Ok::<T, Infallible>)).map(|Ok(value)| value)
    }

    /// As [`Self::write`], for who may refuse: a refusal is no failure of the store, and nothing of what was written before it is kept.
    pub fn write_unless_refused<T, R>(&self, write: impl FnOnce(&Transaction<'_>) -> Result<Result<T, R>>) -> Result<Result<T, R>> {
        let mut conn = lock(&self.shared.writer);
        in_transaction(&mut conn, write).map_err(|error| error.at(&self.shared.path))
    }

    /// Folds what the write-ahead log holds by now into the file, beside whoever reads and writes (SQLite, "Write-Ahead Logging": a
    /// passive checkpoint waits for nobody). For after a large write, while something else is computed: whoever closes the file does not have to.
    pub fn fold(&self) -> Result<()> {
        let mut log = self.shared.path.as_os_str().to_owned();
        log.push("-wal");
        if std::fs::metadata(log).map_or(0, |log| log.len()) < WORTH_FOLDING {
            return Ok(());
        }
        let fold = || {
            let conn = Connection::open_with_flags(&self.shared.path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            conn.pragma_update(None, "synchronous", "NORMAL")?;
            conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
            Ok(())
        };
        fold().map_err(|error: StoreError| error.at(&self.shared.path))
    }

    /// For what cannot run inside a transaction: VACUUM, checkpoints, backups.
    pub(crate) fn alone<T>(&self, run: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let conn = lock(&self.shared.writer);
        run(&conn).map_err(|error| error.at(&self.shared.path))
    }
}

/// A panic in a closure leaves no half-written state: its transaction was dropped. So a poisoned lock is usable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn in_snapshot<T>(conn: &mut Connection, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Deferred)?;
    let value = read(&tx)?;
    tx.commit()?;
    Ok(value)
}

fn in_transaction<T, R>(conn: &mut Connection, write: impl FnOnce(&Transaction<'_>) -> Result<Result<T, R>>) -> Result<Result<T, R>> {
    // Immediate: a transaction that begins by reading and then writes would fail instead of waiting for another writer.
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let outcome = write(&tx)?;
    if outcome.is_ok() {
        tx.commit()?;
    }
    Ok(outcome)
}

/// Finds out what lies at the path before SQLite touches it, and opens it.
fn init(path: &Path, patience: Duration) -> Result<Connection> {
    let unusable = |detail: String| StoreError::Path { path: path.to_path_buf(), detail };
    if path.is_dir() {
        return Err(unusable("it is a folder".into()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(unusable(format!("the folder {} does not exist", folder.display())));
    }
    let is_new = match fs::metadata(path) {
        Ok(facts) if facts.len() == 0 => true,
        Ok(facts) => {
            check_header(path)?;
            if facts.permissions().readonly() {
                return Err(StoreError::ReadOnly { path: path.to_path_buf(), detail: "the file is read-only".into() });
            }
            false
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(unusable(error.to_string())),
    };
    if fs::metadata(folder).is_ok_and(|facts| facts.permissions().readonly()) {
        return Err(StoreError::ReadOnly { path: path.to_path_buf(), detail: "its folder is read-only".into() });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|error| StoreError::from(error).at(path))?;
    let opened = (|| {
        conn.busy_timeout(patience)?;
        // SQLite opens a file it may not write read-only and says so only at the first write.
        if conn.is_readonly(rusqlite::MAIN_DB)? {
            return Err(StoreError::ReadOnly { path: path.to_path_buf(), detail: "it could be opened for reading only".into() });
        }
        if is_new {
            // A sync writes long rows in no order: pages of this size are split and written half as often.
            conn.pragma_update(None, "page_size", 8_192)?;
            conn.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
        }
        let _: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        Ok(())
    })();
    match opened.map_err(|error: StoreError| error.at(path)) {
        Ok(()) => Ok(conn),
        // The file opened, but its -wal could not be made beside it.
        Err(StoreError::Path { path, detail }) => Err(StoreError::ReadOnly { path, detail }),
        Err(error) => Err(error),
    }
}

fn check_header(path: &Path) -> Result<()> {
    use std::io::Read as _;
    let mut header = [0u8; 16];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut header));
    match read {
        Ok(()) if &header == b"SQLite format 3\0" => Ok(()),
        Ok(()) => Err(StoreError::Corrupt { path: path.to_path_buf(), detail: "it does not begin as a SQLite file".into() }),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(StoreError::Corrupt { path: path.to_path_buf(), detail: "it is shorter than a SQLite header".into() })
        }
        Err(error) => Err(StoreError::Path { path: path.to_path_buf(), detail: error.to_string() }),
    }
}

/// Applies the upgrades that the file lacks, each in a transaction.
fn upgrade(conn: &mut Connection, path: &Path, upgrades: &[&str]) -> Result<()> {
    let known = upgrades.len() as i64;
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known {
        return Err(StoreError::NewerSchema { path: path.to_path_buf(), found, known });
    }
    if found == known {
        return Ok(());
    }
    if found == 0 {
        // Somebody else's database: never write our tables into it.
        let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_master WHERE type = 'table'", [], |row| row.get(0))?;
        if tables > 0 {
            return Err(StoreError::Corrupt { path: path.to_path_buf(), detail: "it is another program's database".into() });
        }
    }
    let steps = Migrations::new(upgrades.iter().map(|sql| M::up(sql)).collect());
    match steps.to_latest(conn) {
        Ok(()) => Ok(()),
        Err(rusqlite_migration::Error::RusqliteError { err, .. }) => Err(err.into()),
        Err(error) => Err(StoreError::Corrupt { path: path.to_path_buf(), detail: error.to_string() }),
    }
}

/// What every connection that writes is set to.
fn prepare(conn: &Connection) -> Result<()> {
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    conn.pragma_update(None, "cache_size", -16_384)?;
    // What undoes a single statement is small: it need not go through a file.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    // A sync writes the same pages again and again: folding the WAL in less often writes each of them less often.
    conn.pragma_update(None, "wal_autocheckpoint", 12_000)?;
    conn.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    conn.set_prepared_statement_cache_capacity(128);
    crate::functions::register(conn)?;
    Ok(())
}

fn reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY)?;
    conn.pragma_update(None, "query_only", true)?;
    conn.pragma_update(None, "cache_size", -8_192)?;
    // Nothing is mapped: mapped pages count as the program's memory, once for each connection, and grow with the file.
    conn.pragma_update(None, "mmap_size", 0)?;
    conn.set_prepared_statement_cache_capacity(64);
    crate::functions::register(&conn)?;
    Ok(conn)
}

/// Sees that a first read works, so that a damaged schema is found at the door.
fn finish(writer: Connection, path: &Path, now: DateTime<Utc>) -> Result<Store> {
    let tenants: i64 = writer.query_row("SELECT count(*) FROM tenant", [], |row| row.get(0)).map_err(|error| StoreError::from(error).at(path))?;
    tracing::debug!(tenants, at = %now, "store opened");
    Ok(Store { shared: Arc::new(Shared { path: path.to_path_buf(), writer: Mutex::new(writer), readers: Mutex::new(Vec::new()) }) })
}

/// Renames a damaged file (and its -wal and -shm) to a dated name beside it, when a person asked for that. Returns the
/// new name. Nothing is deleted.
pub fn set_aside(path: impl AsRef<Path>, now: DateTime<Utc>) -> Result<PathBuf> {
    let path = path.as_ref();
    let failed = |error: std::io::Error| StoreError::Path { path: path.to_path_buf(), detail: error.to_string() };
    let suffixed = |base: &Path, suffix: &str| {
        let mut name = base.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let stamp = now.format("%Y-%m-%dT%H%M%SZ");
    let mut aside = suffixed(path, &format!(".damaged-{stamp}"));
    let mut n = 2;
    while aside.exists() {
        aside = suffixed(path, &format!(".damaged-{stamp}-{n}"));
        n += 1;
    }
    fs::rename(path, &aside).map_err(failed)?;
    for suffix in ["-wal", "-shm"] {
        let beside = suffixed(path, suffix);
        if beside.exists() {
            fs::rename(&beside, suffixed(&aside, suffix)).map_err(failed)?;
        }
    }
    Ok(aside)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    const NEXT: &str = "ALTER TABLE setting ADD COLUMN changed_at INTEGER; CREATE TABLE later (tenant TEXT NOT NULL PRIMARY KEY) STRICT;";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap()
    }

    fn layout(path: &Path) -> Vec<(String, String)> {
        let conn = Connection::open(path).unwrap();
        let mut statement = conn.prepare("SELECT name, coalesce(sql, '') FROM sqlite_master ORDER BY name").unwrap();
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    }

    #[test]
    fn a_file_of_each_earlier_version_becomes_what_a_new_file_is() {
        let mut versions: Vec<&str> = UPGRADES.to_vec();
        versions.push(NEXT);
        let folder = tempfile::tempdir().unwrap();
        let fresh = folder.path().join("fresh.db");
        drop(Store::open_with(&fresh, now(), &versions, BUSY).unwrap());
        for earlier in 1..versions.len() {
            let old = folder.path().join(format!("version{earlier}.db"));
            let store = Store::open_with(&old, now(), &versions[..earlier], BUSY).unwrap();
            store.write(|tx| crate::settings::set(tx, "company", "Contoso IT")).unwrap();
            drop(store);
            let store = Store::open_with(&old, now(), &versions, BUSY).unwrap();
            let kept: Option<String> = store.read(|conn| crate::settings::get(conn, "company")).unwrap();
            assert_eq!(kept.as_deref(), Some("Contoso IT"), "what was stored survives the upgrade from {earlier}");
            drop(store);
            assert_eq!(layout(&old), layout(&fresh), "upgraded from version {earlier}");
        }
    }

    #[test]
    fn an_upgrade_that_fails_leaves_the_old_file_usable() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gatehouse.db");
        drop(Store::open(&path, now()).unwrap());
        let before = layout(&path);
        let mut broken = UPGRADES.to_vec();
        broken.push("CREATE TABLE half (id TEXT) STRICT; CREATE TABLE setting (oops TEXT) STRICT;");
        assert!(Store::open_with(&path, now(), &broken, BUSY).is_err());
        assert_eq!(layout(&path), before);
        assert!(Store::open(&path, now()).is_ok());
    }

    #[test]
    fn a_database_that_another_program_holds_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gatehouse.db");
        drop(Store::open(&path, now()).unwrap());
        let other = Connection::open(&path).unwrap();
        other.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
        other.execute_batch("BEGIN EXCLUSIVE; INSERT INTO setting VALUES ('a', '1');").unwrap();
        let error = Store::open_with(&path, now(), UPGRADES, Duration::from_millis(20)).unwrap_err();
        assert_eq!(error.code(), "store.busy");
        assert!(error.next_step().contains("Wait"), "{}", error.next_step());
    }
}
