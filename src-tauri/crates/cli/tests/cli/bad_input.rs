//! What happens to a tenant, a database or a second program in a technician's year: one sentence with a next step, and every row
//! that was synced is there afterwards.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::harness::{Desk, Simulator, TENANT, write_customer};

/// A desk with Lindqvist Optik synced.
fn synced(simulator: &Simulator) -> Desk {
    let desk = Desk::new();
    desk.add(simulator).done();
    desk.run(&["sync"]).done();
    desk
}

#[test]
fn a_tenant_that_locks_us_out_stays_readable() {
    let simulator = Simulator::optik(&[]);
    let desk = synced(&simulator);
    let before = desk.picture();
    for (event, back, code, said, consent, titled) in [
        ("revoke-consent", Some("restore-consent"), "signin.unknown_app", "administrator", "revoked", "withdrawn"),
        ("expire-secret", None, "signin.expired_secret", "client secret has expired", "noSignIn", "can no longer sign in"),
        ("close", None, "signin.unknown_tenant", "remove the tenant if the customer is gone", "noSignIn", "can no longer sign in"),
    ] {
        simulator.happen(&format!("tenants/{TENANT}/{event}"), "");
        let ran = desk.run(&["--json", "sync"]);
        let error = ran.refused();
        assert!(error.contains("Lindqvist Optik: ") && error.contains(said), "{event}: {error}");
        assert_eq!(ran.json()["tenants"][0]["problem"]["code"], code, "{event}");
        assert_eq!(desk.picture(), before, "{event}");
        let listed = desk.run(&["--json", "tenant", "list"]).done().json();
        assert_eq!((&listed[0]["consent"], &listed[0]["users"]), (&serde_json::json!(consent), &serde_json::json!(6)), "{event}: {listed}");
        let alerts = desk.run(&["--json", "alerts"]).done().json();
        let lost = alerts.as_array().unwrap().iter().find(|alert| alert["kind"] == "tenant.consent_lost" && alert["state"] == "open").unwrap();
        assert!(lost["title"].as_str().unwrap().contains(titled), "{event}: {lost}");
        if let Some(back) = back {
            simulator.happen(&format!("tenants/{TENANT}/{back}"), "");
            desk.run(&["sync"]).done();
            assert_eq!(desk.picture(), before, "{back}");
        }
    }
    desk.run(&["audit", "verify"]).done();
}

#[test]
fn a_tenant_that_was_renamed_shows_its_new_name_and_keeps_everything() {
    let simulator = Simulator::optik(&[]);
    let desk = synced(&simulator);
    let before = desk.picture();
    let alerts = desk.run(&["--json", "alerts"]).done().json();
    simulator.happen(&format!("tenants/{TENANT}/rename"), "Nordic Eyewear");
    desk.run(&["sync"]).done();
    let listed = desk.run(&["--json", "tenant", "list"]).done().json();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["displayName"]), (1, &serde_json::json!("Nordic Eyewear")));
    for named in ["nordic", "lindqvist.example", TENANT] {
        desk.run(&["users", "--tenant", named]).done();
    }
    assert!(desk.run(&["users", "--tenant", "Lindqvist Optik"]).refused().contains("list of tenants"));
    assert_eq!(desk.picture(), before);
    assert_eq!(desk.run(&["--json", "alerts"]).done().json().as_array().unwrap().len(), alerts.as_array().unwrap().len());
}

#[test]
fn a_name_that_fits_several_tenants_lists_them() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let other = "5f0c1b52-7e5a-4d0f-9f6e-0c6c1d3a8e02";
    write_customer(folders[0].path(), TENANT, "Lindqvist Optik", "lindqvist.example");
    write_customer(folders[1].path(), other, "Lindqvist Bygg", "lindqvist-bygg.example");
    let paths = folders.each_ref().map(|folder| folder.path().to_str().unwrap());
    let simulator = Simulator::start(&["--limits", "off", "--tenant-from", paths[0], "--tenant-from", paths[1]]);
    let desk = Desk::new();
    for tenant in simulator.ready["tenants"].as_array().unwrap() {
        desk.add_as(&simulator, tenant["id"].as_str().unwrap(), tenant["clientSecret"].as_str().unwrap()).done();
    }
    for command in [&["users", "--tenant", "lindqvist"][..], &["sync", "--tenant", "Lind"], &["tenant", "remove", "lindqvist"], &["alerts", "--tenant", "lind"]]
    {
        let said = desk.run(&[&["--json"], command].concat()).refused_with("input.ambiguous");
        for part in ["2 tenants", "Lindqvist Optik", "Lindqvist Bygg", TENANT, other] {
            assert!(said.contains(part), "{command:?}: {part}: {said}");
        }
    }
    desk.run(&["users", "--tenant", "lindqvist b"]).done();
    desk.run(&["users", "--tenant", "lindqvist.example"]).done();
    assert_eq!(desk.run(&["--json", "tenant", "list"]).done().json().as_array().unwrap().len(), 2, "none was removed");
}

#[cfg(unix)]
#[test]
fn a_database_that_may_not_be_written_is_named_and_works_again_when_it_may() {
    use std::os::unix::fs::PermissionsExt;
    let simulator = Simulator::optik(&[]);
    let desk = synced(&simulator);
    let before = desk.picture();
    let database = desk.data().join("gatehouse.db");
    let allow = |path: &Path, mode: u32| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    for (path, closed, open) in [(database.as_path(), 0o444, 0o600), (desk.data().as_path(), 0o555, 0o700)] {
        let bytes = std::fs::read(&database).unwrap();
        allow(path, closed);
        for command in [&["sync"][..], &["tenant", "list"], &["users", "--tenant", TENANT]] {
            let said = desk.run(&[&["--json"], command].concat()).refused_with("store.read_only");
            assert!(said.contains("gatehouse.db cannot be written; give your account permission"), "{said}");
        }
        allow(path, open);
        assert_eq!(std::fs::read(&database).unwrap(), bytes, "not a byte was changed");
        assert_eq!(desk.picture(), before);
        desk.run(&["sync"]).done();
    }
}

/// A disk of six megabytes, unmounted at the end. None where this account may not mount one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn at(path: &Path) -> Option<SmallDisk> {
        std::fs::create_dir(path).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"]).arg(path).stderr(Stdio::null()).status();
        mounted.is_ok_and(|status| status.success()).then(|| SmallDisk(path.to_owned()))
    }

    /// Fills it but for some pages of 4 KiB.
    fn fill(&self, but: usize) {
        let mut file = std::fs::File::create(self.0.join("filler")).unwrap();
        let mut pages: u64 = 0;
        while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {
            pages += 1;
        }
        file.set_len(pages.saturating_sub(but as u64) * 4096).unwrap();
    }

    fn free(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_stops_a_sync_and_takes_nothing() {
    let simulator = Simulator::optik(&[]);
    let desk = Desk::new();
    let Some(disk) = SmallDisk::at(&desk.data()) else {
        println!("skipped: this account may not mount a small disk");
        return;
    };
    desk.add(&simulator).done();
    desk.run(&["sync"]).done();
    let before = desk.picture();
    // No room at all, when a program opens the database; and room that runs out in the middle of a sync.
    for but in [0, 30] {
        disk.fill(but);
        let ran = desk.run(&["--json", "sync", "--full"]);
        let said = ran.refused();
        assert!(said.contains("is full; free some space on that disk"), "{but}: {said}");
        assert!(ran.out.contains("store.disk_full"), "{but}: {}", ran.out);
        disk.free();
        assert_eq!(desk.picture(), before, "{but}: what was synced is there");
    }
    desk.run(&["sync", "--full"]).done();
    assert_eq!(desk.picture(), before);
    desk.run(&["audit", "verify"]).done();
}

/// The window holds the same database open, as another program on this machine does.
#[test]
fn beside_a_window_that_is_writing_a_command_waits_its_turn() {
    let simulator = Simulator::optik(&["--limits", "off"]);
    let desk = synced(&simulator);
    let before = desk.picture();
    let window = store::Store::open(desk.data().join("gatehouse.db"), chrono::Utc::now()).unwrap();
    let mut waiting = window
        .write(|tx| {
            store::settings::set(tx, "test.window", &"first")?;
            let mut child =
                desk.command(&["tenant", "set", "lind", "--ticket-pattern", "T-\\d+"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
            // Reads go on meanwhile: the writer holds up nobody but writers.
            desk.run(&["users", "--tenant", "lind"]).done();
            assert!(child.try_wait().unwrap().is_none(), "it waits for the window");
            Ok(child)
        })
        .unwrap();
    assert!(waiting.wait().unwrap().success(), "and then does its work");
    let row = window.read(|conn| store::tenants::get(conn, TENANT)).unwrap().unwrap();
    assert_eq!(row.ticket_pattern.as_deref(), Some("T-\\d+"));

    // A window that reads and writes all the time, and a whole sync beside it.
    let mut sync = desk.command(&["sync", "--full"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut rounds = 0;
    let ended = loop {
        rounds += 1;
        window.write(|tx| store::settings::set(tx, "test.window", &rounds)).unwrap();
        assert_eq!(window.read(store::tenants::all).unwrap().len(), 1);
        if let Some(ended) = sync.try_wait().unwrap() {
            break ended;
        }
    };
    assert!(ended.success() && rounds > 1, "{ended} after {rounds} rounds");
    assert_eq!(window.read(|conn| store::settings::get::<i32>(conn, "test.window")).unwrap(), Some(rounds));
    drop(window);
    assert_eq!(desk.picture(), before);
    desk.run(&["audit", "verify"]).done();
}
