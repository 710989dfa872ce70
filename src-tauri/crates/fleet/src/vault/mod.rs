//! Where secrets rest: refresh tokens, client secrets and certificates' keys, sealed with XChaCha20-Poly1305 in one file of the
//! data directory. The 32-byte key lies in the operating system's credential store (Windows caps a credential at 2,560
//! bytes, so the secrets themselves do not fit there). Nothing here reaches SQLite, a log, an error text or Debug output.

mod file;
mod key;

use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use chacha20poly1305::{
    AeadCore, Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, OsRng, Payload},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use file::{file_error, private_options, replace};
use key::{RawKey, credential_store_answers, credential_store_name, in_credential_store, key_file_allowed, raw_key, read_key_file};

/// Where the key comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum VaultChoice {
    /// The operating system's store; on Linux, where none answers, a key file in the data directory (shown as unprotected).
    #[default]
    Automatic,
    /// The operating system's store or nothing.
    OperatingSystem,
    /// A key file that the operator protects (servers).
    KeyFile(PathBuf),
    /// Nothing is written; for tests.
    Memory,
}

/// What a tenant's sign-in needs that must not be seen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "value")]
pub enum Secret {
    RefreshToken(Zeroizing<String>),
    ClientSecret(Zeroizing<String>),
    /// PEM with certificate and private key.
    Certificate(Zeroizing<String>),
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RefreshToken(_) => "RefreshToken(…)",
            Self::ClientSecret(_) => "ClientSecret(…)",
            Self::Certificate(_) => "Certificate(…)",
        })
    }
}

/// Where secrets lie, for the window and the CLI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VaultFacts {
    /// In words: "Windows Credential Manager".
    pub words: String,
    /// False where only file permissions protect the key.
    pub protected: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("no credential store of the operating system answers")]
    NoCredentialStore { detail: String },
    #[error("the credential store of the operating system is locked")]
    Locked { detail: String },
    /// The key is gone or another one: what was sealed cannot be opened.
    #[error("the saved sign-in cannot be read, because its key is gone or was replaced")]
    Unreadable,
    #[error("{action} {path}: {source}")]
    File { action: &'static str, path: String, source: io::Error },
    #[error("{path} is not a secrets file of Gatehouse")]
    Malformed { path: String },
    #[error("{path} was written by a newer Gatehouse")]
    Newer { path: String },
}

/// What lies on disk. The key's name says where to find it, so that a data directory can move and several can live side by side.
#[derive(Default, Serialize, Deserialize)]
struct SealedFile {
    version: u32,
    /// `os:UUID` or `file:UUID`; the key for what is written next.
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    entries: BTreeMap<String, SealedEntry>,
}

#[derive(Serialize, Deserialize)]
struct SealedEntry {
    key: String,
    nonce: String,
    sealed: String,
}

struct Inner {
    data_dir: PathBuf,
    choice: VaultChoice,
    /// Keys that were fetched, by name; and what is not written: everything for `Memory`, else only what was lent.
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    keys: BTreeMap<String, RawKey>,
    memory: BTreeMap<String, Secret>,
    facts: Option<VaultFacts>,
}

/// The vault. A cheap clone; every operation opens the file anew under a lock, because the window and the CLI may share it.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("choice", &self.0.choice).finish_non_exhaustive()
    }
}

impl Vault {
    /// Touches neither disk nor credential store: reading synced data must work while the keyring is locked.
    pub fn new(data_dir: &Path, choice: VaultChoice) -> Self {
        Self(Arc::new(Inner { data_dir: data_dir.to_owned(), choice, held: Mutex::default() }))
    }

    /// Knows a secret for the life of this process only. For the demo fleet, whose credentials open nothing but the simulator
    /// inside this process: they need no credential store, which may be locked or absent.
    pub fn lend(&self, tenant: &str, secret: Secret) {
        self.held().memory.insert(tenant.to_owned(), secret);
    }

    fn is_lent(&self, tenant: &str) -> bool {
        self.0.choice == VaultChoice::Memory || self.held().memory.contains_key(tenant)
    }

    /// Seals a tenant's secret, replacing the one before. Blocking: disk, and a keyring that may ask the person.
    pub fn put(&self, tenant: &str, secret: &Secret) -> Result<(), VaultError> {
        if self.is_lent(tenant) {
            self.held().memory.insert(tenant.to_owned(), secret.clone());
            return Ok(());
        }
        let _lock = self.lock()?;
        let mut file = self.read()?;
        let (name, key) = self.writing_key(&file)?;
        let plain = Zeroizing::new(serde_json::to_vec(secret).map_err(|_| VaultError::Unreadable)?);
        let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
        let sealed = cipher(&key).encrypt(&nonce, Payload { msg: &plain, aad: &associated(tenant) }).map_err(|_| VaultError::Unreadable)?;
        file.version = 1;
        file.key = Some(name.clone());
        file.entries.insert(tenant.to_owned(), SealedEntry { key: name, nonce: BASE64.encode(nonce), sealed: BASE64.encode(sealed) });
        self.write(&file)
    }

    /// None: this tenant has no secret. `Unreadable`: it has one that no key opens any more. Blocking.
    pub fn get(&self, tenant: &str) -> Result<Option<Secret>, VaultError> {
        if self.is_lent(tenant) {
            return Ok(self.held().memory.get(tenant).cloned());
        }
        let file = self.read()?;
        let Some(entry) = file.entries.get(tenant) else { return Ok(None) };
        let key = self.key_named(&entry.key)?.ok_or(VaultError::Unreadable)?;
        let nonce = BASE64.decode(&entry.nonce).map_err(|_| VaultError::Unreadable)?;
        let sealed = BASE64.decode(&entry.sealed).map_err(|_| VaultError::Unreadable)?;
        if nonce.len() != 24 {
            return Err(VaultError::Unreadable);
        }
        let plain = cipher(&key).decrypt(XNonce::from_slice(&nonce), Payload { msg: &sealed, aad: &associated(tenant) }).map_err(|_| VaultError::Unreadable)?;
        let plain = Zeroizing::new(plain);
        serde_json::from_slice(&plain).map(Some).map_err(|_| VaultError::Unreadable)
    }

    /// Forgets a tenant's secret; that there was none is no error. Blocking.
    pub fn remove(&self, tenant: &str) -> Result<(), VaultError> {
        if self.is_lent(tenant) {
            self.held().memory.remove(tenant);
            return Ok(());
        }
        let _lock = self.lock()?;
        let mut file = self.read()?;
        if file.entries.remove(tenant).is_some() { self.write(&file) } else { Ok(()) }
    }

    /// Where secrets lie and whether the operating system protects them. Asks the credential store once. Blocking.
    pub fn facts(&self) -> VaultFacts {
        if let Some(known) = self.held().facts.clone() {
            return known;
        }
        let facts = match &self.0.choice {
            VaultChoice::Memory => VaultFacts { words: "in memory only, until Gatehouse ends".into(), protected: true },
            VaultChoice::KeyFile(path) => VaultFacts { words: format!("a key file that you protect: {}", path.display()), protected: false },
            VaultChoice::OperatingSystem => VaultFacts { words: credential_store_name().into(), protected: true },
            VaultChoice::Automatic => {
                let uses_file = self
                    .read()
                    .ok()
                    .and_then(|file| file.key)
                    .map_or_else(|| key_file_allowed() && !credential_store_answers(), |key| key.starts_with("file:"));
                if uses_file {
                    VaultFacts {
                        words: format!(
                            "a key file in the data directory ({}), because no credential store answers: whoever can read your files can read it",
                            self.own_key_file().display()
                        ),
                        protected: false,
                    }
                } else {
                    VaultFacts { words: credential_store_name().into(), protected: true }
                }
            }
        };
        self.held().facts = Some(facts.clone());
        facts
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self) -> PathBuf {
        self.0.data_dir.join("secrets.sealed")
    }

    fn own_key_file(&self) -> PathBuf {
        self.0.data_dir.join("secrets.key")
    }

    /// Held while the file is read, changed and replaced, so that two processes do not lose each other's tokens.
    fn lock(&self) -> Result<File, VaultError> {
        let path = self.0.data_dir.join("secrets.lock");
        fs::create_dir_all(&self.0.data_dir).map_err(file_error("cannot create", &self.0.data_dir))?;
        let file = private_options().write(true).create(true).truncate(false).open(&path).map_err(file_error("cannot open", &path))?;
        file.lock().map_err(file_error("cannot lock", &path))?;
        Ok(file)
    }

    fn read(&self) -> Result<SealedFile, VaultError> {
        let path = self.path();
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(SealedFile::default()),
            Err(source) => return Err(file_error("cannot read", &path)(source)),
        };
        let file: SealedFile = serde_json::from_slice(&text).map_err(|_| VaultError::Malformed { path: path.display().to_string() })?;
        if file.version > 1 {
            return Err(VaultError::Newer { path: path.display().to_string() });
        }
        Ok(file)
    }

    fn write(&self, file: &SealedFile) -> Result<(), VaultError> {
        let text = serde_json::to_vec_pretty(file).map_err(|_| VaultError::Malformed { path: self.path().display().to_string() })?;
        replace(&self.path(), &text)
    }

    /// The key for new entries: the one that the file names if it can still be had, else a new one.
    fn writing_key(&self, file: &SealedFile) -> Result<(String, RawKey), VaultError> {
        if let Some(name) = &file.key {
            match self.key_named(name) {
                Ok(Some(key)) => return Ok((name.clone(), key)),
                // Gone, or its store is: older entries stay as they are, in case it comes back.
                Ok(None) | Err(VaultError::NoCredentialStore { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let key: RawKey = Zeroizing::new(XChaCha20Poly1305::generate_key(&mut OsRng).into());
        let id = uuid::Uuid::new_v4();
        let name = match &self.0.choice {
            VaultChoice::KeyFile(path) => self.new_key_in_file(path, &key, id)?,
            VaultChoice::OperatingSystem | VaultChoice::Memory => self.new_key_in_store(&key, id)?,
            VaultChoice::Automatic => match self.new_key_in_store(&key, id) {
                Err(VaultError::NoCredentialStore { .. }) if key_file_allowed() => self.new_key_in_file(&self.own_key_file(), &key, id)?,
                other => other?,
            },
        };
        let mut held = self.held();
        // A key file that was there already wins over the new key.
        let key = held.keys.entry(name.clone()).or_insert(key).clone();
        held.facts = None;
        Ok((name, key))
    }

    fn new_key_in_store(&self, key: &RawKey, id: uuid::Uuid) -> Result<String, VaultError> {
        let (name, bytes) = (format!("os:{id}"), key.to_vec());
        in_credential_store(name.clone(), move |entry| {
            let bytes = Zeroizing::new(bytes);
            entry.set_secret(&bytes)
        })?;
        Ok(name)
    }

    /// One line: `file:UUID base64`. A key file that exists is used, never overwritten.
    fn new_key_in_file(&self, path: &Path, key: &RawKey, id: uuid::Uuid) -> Result<String, VaultError> {
        if let Some((name, existing)) = read_key_file(path)? {
            self.held().keys.insert(name.clone(), existing);
            return Ok(name);
        }
        let name = format!("file:{id}");
        let line = Zeroizing::new(format!("{name} {}\n", BASE64.encode(key.as_slice())));
        replace(path, line.as_bytes())?;
        Ok(name)
    }

    fn key_named(&self, name: &str) -> Result<Option<RawKey>, VaultError> {
        if let Some(key) = self.held().keys.get(name) {
            return Ok(Some(key.clone()));
        }
        let key = if name.starts_with("file:") {
            let path = match &self.0.choice {
                VaultChoice::KeyFile(path) => path.clone(),
                _ => self.own_key_file(),
            };
            read_key_file(&path)?.filter(|(found, _)| found == name).map(|(_, key)| key)
        } else {
            match in_credential_store(name.to_owned(), |entry| match entry.get_secret() {
                Err(keyring::Error::NoEntry) => Ok(None),
                other => other.map(|bytes| Some(Zeroizing::new(bytes))),
            })? {
                Some(bytes) => raw_key(&bytes),
                None => None,
            }
        };
        if let Some(key) = &key {
            self.held().keys.insert(name.to_owned(), key.clone());
        }
        Ok(key)
    }
}

fn cipher(key: &RawKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(Key::from_slice(key.as_slice()))
}

/// Binds a sealed secret to its tenant: an entry copied to another tenant's place does not open.
fn associated(tenant: &str) -> Vec<u8> {
    format!("gatehouse secrets 1\0{tenant}").into_bytes()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const CONTOSO: &str = "11111111-1111-4111-8111-111111111111";
    const FABRIKAM: &str = "22222222-2222-4222-8222-222222222222";

    fn token(text: &str) -> Secret {
        Secret::RefreshToken(Zeroizing::new(text.to_owned()))
    }

    fn with_key_file(directory: &Path) -> Vault {
        Vault::new(directory, VaultChoice::KeyFile(directory.join("operator.key")))
    }

    #[test]
    fn a_secret_survives_a_restart_and_is_not_readable_in_the_file() {
        let directory = tempfile::tempdir().unwrap();
        with_key_file(directory.path()).put(CONTOSO, &token("very-secret-token")).unwrap();

        let later = with_key_file(directory.path());
        assert_eq!(later.get(CONTOSO).unwrap(), Some(token("very-secret-token")));
        assert_eq!(later.get(FABRIKAM).unwrap(), None);
        let on_disk = fs::read_to_string(directory.path().join("secrets.sealed")).unwrap();
        assert!(!on_disk.contains("very-secret-token"));
    }

    #[test]
    fn a_lost_key_makes_secrets_unreadable_and_a_new_sign_in_works_beside_them() {
        let directory = tempfile::tempdir().unwrap();
        with_key_file(directory.path()).put(CONTOSO, &token("a")).unwrap();
        let kept = fs::read(directory.path().join("operator.key")).unwrap();
        fs::remove_file(directory.path().join("operator.key")).unwrap();

        let later = with_key_file(directory.path());
        assert!(matches!(later.get(CONTOSO), Err(VaultError::Unreadable)));
        later.put(FABRIKAM, &token("b")).unwrap();
        assert_eq!(later.get(FABRIKAM).unwrap(), Some(token("b")));

        // The operator finds the old key again: the old entry is still there.
        fs::write(directory.path().join("operator.key"), kept).unwrap();
        assert_eq!(with_key_file(directory.path()).get(CONTOSO).unwrap(), Some(token("a")));
    }

    #[test]
    fn an_entry_copied_to_another_tenant_does_not_open() {
        let directory = tempfile::tempdir().unwrap();
        let vault = with_key_file(directory.path());
        vault.put(CONTOSO, &token("a")).unwrap();
        let path = directory.path().join("secrets.sealed");
        let swapped = fs::read_to_string(&path).unwrap().replace(CONTOSO, FABRIKAM);
        fs::write(&path, swapped).unwrap();
        assert!(matches!(vault.get(FABRIKAM), Err(VaultError::Unreadable)));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_the_files() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        with_key_file(directory.path()).put(CONTOSO, &token("a")).unwrap();
        for name in ["secrets.sealed", "operator.key", "secrets.lock"] {
            let mode = fs::metadata(directory.path().join(name)).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{name}");
        }
    }

    #[test]
    fn debug_output_names_no_secret() {
        let vault = Vault::new(Path::new("/nowhere"), VaultChoice::Memory);
        vault.put(CONTOSO, &Secret::ClientSecret(Zeroizing::new("hunter2".into()))).unwrap();
        let shown = format!("{vault:?} {:?}", vault.get(CONTOSO));
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn two_processes_do_not_lose_each_others_tokens() {
        let directory = tempfile::tempdir().unwrap();
        let (window, cli) = (with_key_file(directory.path()), with_key_file(directory.path()));
        window.put(CONTOSO, &token("a")).unwrap();
        cli.put(FABRIKAM, &token("b")).unwrap();
        window.put(CONTOSO, &token("a2")).unwrap();
        assert_eq!(window.get(FABRIKAM).unwrap(), Some(token("b")));
        window.remove(FABRIKAM).unwrap();
        assert_eq!(cli.get(FABRIKAM).unwrap(), None);
        assert_eq!(cli.get(CONTOSO).unwrap(), Some(token("a2")));
    }

    /// On a server without a session bus; where there is one, the credential store's own tests speak.
    #[cfg(target_os = "linux")]
    #[test]
    fn without_a_credential_store_a_key_file_is_used_and_said_to_be_unprotected() {
        if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some() {
            eprintln!("skipped: a session bus answers here");
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let vault = Vault::new(directory.path(), VaultChoice::Automatic);
        assert!(!vault.facts().protected);
        vault.put(CONTOSO, &token("a")).unwrap();
        assert!(directory.path().join("secrets.key").exists());
        let later = Vault::new(directory.path(), VaultChoice::Automatic);
        assert_eq!(later.get(CONTOSO).unwrap(), Some(token("a")));
        assert!(!later.facts().protected);
        let strict = Vault::new(directory.path(), VaultChoice::OperatingSystem);
        assert!(matches!(strict.put(FABRIKAM, &token("b")), Err(VaultError::NoCredentialStore { .. }) | Ok(())));
    }

    #[test]
    fn a_file_that_is_not_ours_is_named_and_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secrets.sealed");
        fs::write(&path, "<html>").unwrap();
        let error = with_key_file(directory.path()).put(CONTOSO, &token("a")).unwrap_err();
        assert!(matches!(error, VaultError::Malformed { .. }));
        assert_eq!(fs::read_to_string(&path).unwrap(), "<html>");
    }
}
