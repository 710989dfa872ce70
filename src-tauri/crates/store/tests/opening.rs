//! What a technician meets when the database file is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use common::{CONTOSO, now, store, user};
use store::{Store, StoreError, rusqlite::Connection, set_aside, settings, upkeep, users};

fn refused(path: &Path) -> StoreError {
    Store::open(path, now()).expect_err("the file must be refused")
}

#[test]
fn a_file_that_is_no_database_is_damaged_and_stays_untouched() {
    let folder = tempfile::tempdir().unwrap();
    for content in [&b"<html>This is a proxy's login page, not a database</html>"[..], b"x"] {
        let path = folder.path().join("gatehouse.db");
        fs::write(&path, content).unwrap();
        let error = refused(&path);
        assert_eq!(error.code(), "store.corrupt");
        assert!(error.next_step().contains("Set the database aside"));
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[test]
fn a_database_cut_in_half_is_damaged() {
    let (folder, store) = store();
    store.write(|tx| users::put_all(tx, &(0..3_000).map(|n| user(CONTOSO, &format!("u{n}"), "Somebody")).collect::<Vec<_>>())).unwrap();
    drop(store);
    let path = folder.path().join("gatehouse.db");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..4096 * 3]).unwrap();
    let outcome = Store::open(&path, now()).and_then(|store| store.read(|conn| users::all(conn, CONTOSO)).map(|_| ()));
    assert_eq!(outcome.unwrap_err().code(), "store.corrupt");
}

#[test]
fn a_damaged_page_is_found_when_asked_and_when_read() {
    let (folder, store) = store();
    store.write(|tx| users::put_all(tx, &(0..3_000).map(|n| user(CONTOSO, &format!("u{n}"), "Somebody")).collect::<Vec<_>>())).unwrap();
    assert_eq!(upkeep::check(&store).unwrap(), Vec::<String>::new());
    drop(store);
    let path = folder.path().join("gatehouse.db");
    let mut bytes = fs::read(&path).unwrap();
    let half = bytes.len() / 2 / 4096 * 4096;
    bytes[half..half + 8192].fill(0xee);
    fs::write(&path, bytes).unwrap();
    let store = Store::open(&path, now()).unwrap();
    match upkeep::check(&store) {
        Ok(problems) => assert!(!problems.is_empty(), "the check names what does not fit"),
        Err(error) => assert_eq!(error.code(), "store.corrupt"),
    }
}

#[test]
fn a_person_can_set_a_damaged_file_aside_and_start_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gatehouse.db");
    for round in 0..2 {
        fs::write(&path, b"not a database at all").unwrap();
        fs::write(folder.path().join("gatehouse.db-wal"), b"wal").unwrap();
        let aside = set_aside(&path, now()).unwrap();
        assert!(aside.file_name().unwrap().to_str().unwrap().starts_with("gatehouse.db.damaged-2026-09-21T"), "{aside:?}");
        assert_eq!(fs::read(&aside).unwrap(), b"not a database at all", "round {round}");
        assert!(!path.exists() && !folder.path().join("gatehouse.db-wal").exists());
        drop(Store::open(&path, now()).unwrap());
        fs::remove_file(&path).unwrap();
    }
    let kept = fs::read_dir(folder.path()).unwrap().filter(|entry| entry.as_ref().unwrap().file_name().to_str().unwrap().contains("damaged")).count();
    assert_eq!(kept, 4, "two files and two logs: setting aside twice in a second overwrites nothing");
}

#[test]
fn a_newer_schema_asks_for_a_newer_gatehouse() {
    let (folder, store) = store();
    drop(store);
    let path = folder.path().join("gatehouse.db");
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let error = refused(&path);
    assert_eq!(error.code(), "store.newer_schema");
    assert!(error.to_string().contains("schema 99"), "{error}");
    assert!(error.next_step().contains("Update Gatehouse"));
}

#[test]
fn another_programs_database_is_never_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("photos.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE photo (id INTEGER)").unwrap();
    assert_eq!(refused(&path).code(), "store.corrupt");
    let tables: i64 = Connection::open(&path).unwrap().query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn a_read_only_file_or_folder_is_named() {
    let (folder, store) = store();
    drop(store);
    let path = folder.path().join("gatehouse.db");
    let set = |path: &Path, readonly: bool| {
        let mut permissions = fs::metadata(path).unwrap().permissions();
        permissions.set_readonly(readonly);
        fs::set_permissions(path, permissions).unwrap();
    };
    set(&path, true);
    let error = refused(&path);
    assert_eq!(error.code(), "store.read_only");
    assert!(error.next_step().contains("permission"));
    set(&path, false);
    assert!(Store::open(&path, now()).is_ok());
    if cfg!(unix) {
        set(folder.path(), true);
        let errors = [refused(&path), refused(&folder.path().join("new.db"))];
        set(folder.path(), false);
        assert!(errors.iter().all(|error| error.code() == "store.read_only"), "{errors:?}");
    }
}

#[test]
fn a_path_that_leads_nowhere_is_named() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(refused(folder.path()).code(), "store.path");
    assert_eq!(refused(&folder.path().join("absent").join("gatehouse.db")).code(), "store.path");
}

#[test]
fn a_full_disk_loses_nothing_that_was_stored() {
    let (_folder, store) = store();
    store.write(|tx| settings::set(tx, "company", "Contoso IT")).unwrap();
    // SQLite's own limit stands for the disk's: it fails in the same way.
    store.write(|tx| Ok(tx.query_row("PRAGMA max_page_count = 1", [], |row| row.get::<_, i64>(0))?)).unwrap();
    let error = store.write(|tx| users::put_all(tx, &(0..5_000).map(|n| user(CONTOSO, &format!("u{n}"), "Somebody")).collect::<Vec<_>>())).unwrap_err();
    assert_eq!(error.code(), "store.disk_full");
    assert!(error.next_step().contains("Free some space"));
    assert_eq!(store.read(|conn| users::count(conn, CONTOSO)).unwrap(), 0, "nothing of the failed write is there");
    let kept: Option<String> = store.read(|conn| settings::get(conn, "company")).unwrap();
    assert_eq!(kept.as_deref(), Some("Contoso IT"));
}

#[test]
fn two_writers_wait_for_each_other() {
    let (folder, first) = store();
    let second = Store::open(folder.path().join("gatehouse.db"), now()).unwrap();
    let count_up = |store: &Store| {
        for _ in 0..150 {
            store
                .write(|tx| {
                    let n: i64 = settings::get(tx, "n")?.unwrap_or(0);
                    settings::set(tx, "n", &(n + 1))
                })
                .unwrap();
        }
    };
    let clone = first.clone();
    std::thread::scope(|threads| {
        for store in [&first, &second, &clone] {
            threads.spawn(move || count_up(store));
        }
    });
    assert_eq!(first.read(|conn| settings::get::<i64>(conn, "n")).unwrap(), Some(450));
}

#[test]
fn a_reader_sees_one_moment_and_cannot_write() {
    let (_folder, store) = store();
    store.write(|tx| users::put_all(tx, &[user(CONTOSO, "a", "A")])).unwrap();
    store
        .read(|conn| {
            assert_eq!(users::count(conn, CONTOSO)?, 1);
            store.write(|tx| users::put_all(tx, &[user(CONTOSO, "b", "B")]))?;
            assert_eq!(users::count(conn, CONTOSO)?, 1, "the write in between is not seen");
            assert!(conn.execute("DELETE FROM user", []).is_err());
            Ok(())
        })
        .unwrap();
    assert_eq!(store.read(|conn| users::count(conn, CONTOSO)).unwrap(), 2);
}

#[test]
fn a_write_that_fails_leaves_nothing() {
    let (_folder, store) = store();
    let outcome: store::Result<()> = store.write(|tx| {
        users::put_all(tx, &[user(CONTOSO, "a", "A")])?;
        Err(StoreError::invalid("stop", "none"))
    });
    assert_eq!(outcome.unwrap_err().code(), "input.invalid");
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write(|tx| -> store::Result<()> {
            users::put_all(tx, &[user(CONTOSO, "a", "A")])?;
            panic!("a mistake in the caller")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(store.read(|conn| users::count(conn, CONTOSO)).unwrap(), 0);
    store.write(|tx| users::put_all(tx, &[user(CONTOSO, "a", "A")])).expect("the store goes on working");
}

const VICTIM: &str = "GATEHOUSE_TEST_VICTIM";

#[test]
fn a_program_killed_while_writing_leaves_the_last_snapshot() {
    let (folder, store) = store();
    store.write(|tx| users::put_all(tx, &[user(CONTOSO, "a", "Before")])).unwrap();
    drop(store);
    let path = folder.path().join("gatehouse.db");
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "victim", "--ignored", "--nocapture"])
        .env(VICTIM, &path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("in the middle")), "the victim came as far as writing");
    victim.kill().unwrap();
    victim.wait().unwrap();
    let store = Store::open(&path, now()).unwrap();
    let left = store.read(|conn| users::all(conn, CONTOSO)).unwrap();
    assert_eq!(left.iter().map(|user| user.display_name.as_str()).collect::<Vec<_>>(), ["Before"]);
    assert_eq!(upkeep::check(&store).unwrap(), Vec::<String>::new());
}

#[test]
#[ignore = "the program that the test above kills"]
fn victim() {
    let Some(path) = std::env::var_os(VICTIM) else { return };
    let store = Store::open(Path::new(&path), now()).unwrap();
    let _ = store.write(|tx| {
        tx.execute("UPDATE user SET display_name = 'Half'", [])?;
        // More than the cache holds, so that pages of the unfinished transaction are on the disk already.
        for n in 0..60_000 {
            users::put_all(tx, &[user(CONTOSO, &format!("u{n}"), "Half")])?;
        }
        println!("in the middle");
        loop {
            std::thread::park();
        }
        #[allow(unreachable_code)]
        Ok(())
    });
}

#[test]
fn a_copy_is_whole_and_opens() {
    let (folder, store) = store();
    store.write(|tx| users::put_all(tx, &[user(CONTOSO, "a", "A")])).unwrap();
    let copy = folder.path().join("copy.db");
    fs::write(&copy, b"an older copy").unwrap();
    upkeep::backup(&store, &copy).unwrap();
    assert!(upkeep::backup(&store, store.path()).is_err());
    assert!(!folder.path().join("copy.db.part").exists());
    let copied = Store::open(&copy, now()).unwrap();
    assert_eq!(copied.read(|conn| users::count(conn, CONTOSO)).unwrap(), 1);
}

#[test]
fn what_was_folded_in_stands_in_the_file_itself_while_others_go_on() {
    let (folder, store) = store();
    let long = "x".repeat(4_000);
    for part in 0..6 {
        let users: Vec<_> = (0..1_000).map(|n| users::UserRow { other: format!("\"{long}\""), ..user(CONTOSO, &format!("u{part}-{n}"), "Somebody") }).collect();
        store.write(|tx| users::put_all(tx, &users)).unwrap();
    }
    store
        .read(|conn| {
            assert_eq!(users::count(conn, CONTOSO)?, 6_000);
            // Beside a reader, and beside a writer that comes meanwhile.
            store.fold()?;
            store.write(|tx| users::put_all(tx, &[user(CONTOSO, "late", "Late")]))?;
            store.fold()
        })
        .unwrap();
    // The file alone, without its log, holds what was there when it was folded in.
    let alone = folder.path().join("alone.db");
    std::fs::copy(store.path(), &alone).unwrap();
    assert!(Store::open(&alone, now()).unwrap().read(|conn| users::count(conn, CONTOSO)).unwrap() >= 6_000);
    assert_eq!(store.read(|conn| users::count(conn, CONTOSO)).unwrap(), 6_001);
}
