//! Where the key lies that opens the sealed file: the operating system's credential store, or a file that only its owner may read.

use std::{
    fs::{self},
    io::{self},
    path::Path,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use zeroize::{Zeroize, Zeroizing};

use super::{VaultError, file::file_error};

/// The service name under which the key is found in the credential store.
pub(super) const CREDENTIAL_SERVICE: &str = "Gatehouse";

/// A locked keyring asks the person; longer than this nobody answered.
const CREDENTIAL_STORE_PATIENCE: Duration = Duration::from_secs(60);

pub(super) type RawKey = Zeroizing<[u8; 32]>;

pub(super) fn raw_key(bytes: &[u8]) -> Option<RawKey> {
    <[u8; 32]>::try_from(bytes).ok().map(Zeroizing::new)
}

pub(super) fn read_key_file(path: &Path) -> Result<Option<(String, RawKey)>, VaultError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(file_error("cannot read", path)(source)),
    };
    let malformed = || VaultError::Malformed { path: path.display().to_string() };
    let (name, encoded) = text.trim().split_once(' ').ok_or_else(malformed)?;
    let mut bytes = BASE64.decode(encoded.trim()).map_err(|_| malformed())?;
    let key = raw_key(&bytes).ok_or_else(malformed);
    bytes.zeroize();
    Ok(Some((name.to_owned(), key?)))
}

pub(super) const fn key_file_allowed() -> bool {
    cfg!(target_os = "linux")
}

pub(super) const fn credential_store_name() -> &'static str {
    if cfg!(target_os = "windows") {
        "Windows Credential Manager"
    } else if cfg!(target_os = "macos") {
        "macOS Keychain"
    } else {
        "the desktop's keyring (Secret Service)"
    }
}

pub(super) fn credential_store_answers() -> bool {
    in_credential_store("os:probe".to_owned(), |entry| match entry.get_secret() {
        Err(keyring::Error::NoEntry) => Ok(()),
        other => other.map(drop),
    })
    .map_or_else(|error| !matches!(error, VaultError::NoCredentialStore { .. }), |()| true)
}

/// Runs on a thread of its own: the Secret Service client blocks on D-Bus, which must not happen on an async worker, and
/// a keyring that waits for a person who is away must not hold Gatehouse for ever.
pub(super) fn in_credential_store<T: Send + 'static>(
    user: String,
    act: impl FnOnce(&keyring::Entry) -> keyring::Result<T> + Send + 'static,
) -> Result<T, VaultError> {
    let (tell, told) = std::sync::mpsc::channel();
    let spawned = std::thread::Builder::new().name("credential-store".into()).spawn(move || {
        let answer = keyring::Entry::new(CREDENTIAL_SERVICE, &user).and_then(|entry| act(&entry));
        let _ = tell.send(answer);
    });
    if let Err(error) = spawned {
        return Err(VaultError::NoCredentialStore { detail: error.to_string() });
    }
    match told.recv_timeout(CREDENTIAL_STORE_PATIENCE) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(keyring::Error::NoStorageAccess(error))) => Err(VaultError::Locked { detail: error.to_string() }),
        // `Display` of the bytes-carrying variants names no bytes.
        Ok(Err(error)) => Err(VaultError::NoCredentialStore { detail: error.to_string() }),
        Err(_) => Err(VaultError::Locked { detail: "nobody answered its question".into() }),
    }
}
