//! The vault with a real Secret Service: gnome-keyring in a session bus of its own. Skipped, saying why, where either is
//! not installed.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Command;

use fleet::vault::{Secret, Vault, VaultChoice, VaultError};
use zeroize::Zeroizing;

const CONTOSO: &str = "c0000000-0000-4000-8000-000000000001";

fn installed(program: &str) -> bool {
    Command::new("sh").args(["-c", &format!("command -v {program}")]).output().is_ok_and(|found| found.status.success())
}

fn in_a_session(start: &str, test: &str) {
    if !installed("dbus-run-session") || !installed("gnome-keyring-daemon") {
        eprintln!("skipped: dbus-run-session or gnome-keyring-daemon is not installed");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let this = std::env::current_exe().unwrap();
    let script = format!("{start} exec {} --exact {test} --ignored --nocapture", this.display());
    // A bus that starts no service by itself: what answers is what the test starts.
    let config = home.path().join("session.conf");
    std::fs::write(
        &config,
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#,
    )
    .unwrap();
    let ran = Command::new("dbus-run-session")
        .arg(format!("--config-file={}", config.display()))
        .args(["--", "sh", "-c", &script])
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
fn the_key_lies_in_the_desktops_keyring() {
    in_a_session("printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null;", "inside_with_a_keyring");
}

#[test]
fn a_session_bus_without_a_keyring_is_no_credential_store() {
    in_a_session("", "inside_without_a_keyring");
}

fn token(text: &str) -> Secret {
    Secret::RefreshToken(Zeroizing::new(text.to_owned()))
}

#[test]
#[ignore = "run by the test above, in its session"]
fn inside_with_a_keyring() {
    let directory = tempfile::tempdir().unwrap();
    let vault = Vault::new(directory.path(), VaultChoice::Automatic);
    assert!(vault.facts().protected);
    vault.put(CONTOSO, &token("very-secret-token")).unwrap();
    assert!(!directory.path().join("secrets.key").exists());
    let later = Vault::new(directory.path(), VaultChoice::OperatingSystem);
    assert_eq!(later.get(CONTOSO).unwrap(), Some(token("very-secret-token")));

    // Somebody clears the keyring.
    let name = serde_json::from_slice::<serde_json::Value>(&std::fs::read(directory.path().join("secrets.sealed")).unwrap()).unwrap();
    keyring::Entry::new("Gatehouse", name["key"].as_str().unwrap()).unwrap().delete_credential().unwrap();
    let after = Vault::new(directory.path(), VaultChoice::Automatic);
    assert!(matches!(after.get(CONTOSO), Err(VaultError::Unreadable)));
    after.put(CONTOSO, &token("signed in again")).unwrap();
    assert_eq!(after.get(CONTOSO).unwrap(), Some(token("signed in again")));
}

#[test]
#[ignore = "run by the test above, in its session"]
fn inside_without_a_keyring() {
    let directory = tempfile::tempdir().unwrap();
    let strict = Vault::new(directory.path(), VaultChoice::OperatingSystem);
    let refused = strict.put(CONTOSO, &token("a"));
    assert!(matches!(refused, Err(VaultError::NoCredentialStore { .. })), "{refused:?}");
    let automatic = Vault::new(directory.path(), VaultChoice::Automatic);
    assert!(!automatic.facts().protected);
    automatic.put(CONTOSO, &token("a")).unwrap();
    assert_eq!(automatic.get(CONTOSO).unwrap(), Some(token("a")));
}
