//! Writing a snapshot folder: into a new folder beside the target, then renamed into place, so that a reader never sees half
//! of one. A folder that holds anything else than a snapshot is never replaced.

use crate::Snapshot;
use serde::Serialize;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// The files of a snapshot folder.
pub(crate) const FILES: [&str; 20] = [
    "organization.json",
    "subscribedSkus.json",
    "domains.json",
    "users.json",
    "groups.json",
    "roleDefinitions.json",
    "roleAssignments.json",
    "roleEligibility.json",
    "conditionalAccessPolicies.json",
    "namedLocations.json",
    "authenticationStrengths.json",
    "authenticationContexts.json",
    "securityDefaults.json",
    "authenticationMethodsPolicy.json",
    "servicePrincipals.json",
    "userRegistrationDetails.json",
    "authenticationMethods.json",
    "perUserMfa.json",
    "signIns.json",
    "directoryAudits.json",
];

/// A snapshot could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("{path} could not be written ({source}); check the disk's space and the folder's permissions")]
    Io { path: String, source: std::io::Error },
    #[error("{path} holds {file}, which is no part of a snapshot; choose an empty or a new folder")]
    WouldOverwrite { path: String, file: String },
}

impl WriteError {
    /// A name that stays put, for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            WriteError::Io { .. } => "snapshot.write",
            WriteError::WouldOverwrite { .. } => "snapshot.wouldOverwrite",
        }
    }
}

impl Snapshot {
    /// Writes the folder whole or not at all. An older snapshot at the same place is replaced.
    pub fn write(&self, folder: &Path) -> Result<(), WriteError> {
        let at = |path: &Path| {
            let path = path.display().to_string();
            move |source: std::io::Error| WriteError::Io { path, source }
        };
        refuse_foreign_files(folder)?;
        let parent = match folder.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        std::fs::create_dir_all(&parent).map_err(at(&parent))?;
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_else(|| "snapshot".to_owned());
        let fresh = parent.join(format!(".{name}.new-{}", std::process::id()));
        let old = parent.join(format!(".{name}.old-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&fresh);
        let written = self.write_files(&fresh);
        if let Err(error) = written {
            let _ = std::fs::remove_dir_all(&fresh);
            return Err(error);
        }
        let had_older = folder.exists();
        if had_older {
            std::fs::rename(folder, &old).map_err(at(folder))?;
        }
        if let Err(source) = std::fs::rename(&fresh, folder) {
            // The older snapshot goes back to its place: better the last complete one than none.
            if had_older {
                let _ = std::fs::rename(&old, folder);
            }
            let _ = std::fs::remove_dir_all(&fresh);
            return Err(at(folder)(source));
        }
        let _ = std::fs::remove_dir_all(&old);
        Ok(())
    }

    fn write_files(&self, folder: &Path) -> Result<(), WriteError> {
        std::fs::create_dir_all(folder).map_err(|source| WriteError::Io { path: folder.display().to_string(), source })?;
        put(folder, "organization.json", &self.organization)?;
        put(folder, "subscribedSkus.json", &self.subscribed_skus)?;
        put(folder, "domains.json", &self.domains)?;
        put(folder, "users.json", &self.users)?;
        put(folder, "groups.json", &self.groups)?;
        put(folder, "roleDefinitions.json", &self.role_definitions)?;
        put(folder, "roleAssignments.json", &self.role_assignments)?;
        put(folder, "roleEligibility.json", &self.role_eligibility)?;
        put(folder, "conditionalAccessPolicies.json", &self.conditional_access_policies)?;
        put(folder, "namedLocations.json", &self.named_locations)?;
        put(folder, "authenticationStrengths.json", &self.authentication_strengths)?;
        put(folder, "authenticationContexts.json", &self.authentication_contexts)?;
        put(folder, "securityDefaults.json", &self.security_defaults.as_ref().map(|one| [one]))?;
        put(folder, "authenticationMethodsPolicy.json", &self.authentication_methods_policy.as_ref().map(|one| [one]))?;
        put(folder, "servicePrincipals.json", &self.service_principals)?;
        put(folder, "userRegistrationDetails.json", &self.user_registration_details)?;
        put(folder, "authenticationMethods.json", &self.authentication_methods)?;
        put(folder, "perUserMfa.json", &self.per_user_mfa)?;
        put(folder, "signIns.json", &self.sign_ins)?;
        put(folder, "directoryAudits.json", &self.directory_audits)
    }
}

fn put<T: Serialize>(folder: &Path, name: &str, what: &Option<T>) -> Result<(), WriteError> {
    let Some(what) = what else { return Ok(()) };
    let path = folder.join(name);
    let write = || -> std::io::Result<()> {
        let mut file = BufWriter::new(std::fs::File::create(&path)?);
        serde_json::to_writer(&mut file, what)?;
        file.write_all(b"\n")?;
        file.into_inner().map_err(|error| error.into_error())?.sync_all()
    };
    write().map_err(|source| WriteError::Io { path: path.display().to_string(), source })
}

fn refuse_foreign_files(folder: &Path) -> Result<(), WriteError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(WriteError::Io { path: folder.display().to_string(), source }),
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !FILES.contains(&name.as_str()) && name != "conditionalAccessPolicies" {
            return Err(WriteError::WouldOverwrite { path: folder.display().to_string(), file: name });
        }
    }
    Ok(())
}
