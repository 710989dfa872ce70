//! Baselines as they are stored and as they lie in folders: the built-in one with what a person changed of it, imported ones, and a
//! folder of exported policies. What a control means and how a folder is read is the engine's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use conditional_access::baseline::{self, Baseline, BaselineFile, Imported, Severity};
use serde::{Deserialize, Serialize};
use store::{Connection, Store};

use crate::{
    problem::problem,
    transaction::{self, Decided},
    views::Problem,
};

/// The id of the baseline that comes with Gatehouse.
pub const BUILTIN: &str = "builtin";

/// A folder with more files, or a larger one, is no folder of exported policies.
const MOST_FILES: usize = 5_000;
const LARGEST: u64 = 8 * 1024 * 1024;
const DEEPEST: usize = 6;

/// What a person changed of a baseline's controls, by id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Edits {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub severity: BTreeMap<String, Severity>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub enabled: BTreeMap<String, bool>,
}

impl Edits {
    /// Edits of controls that are gone change nothing.
    pub fn apply(&self, baseline: &mut Baseline) {
        for (id, severity) in &self.severity {
            baseline.set_severity(id, *severity);
        }
        for (id, enabled) in &self.enabled {
            baseline.set_enabled(id, *enabled);
        }
    }
}

/// The stored body of a baseline: its own, or for the built-in one only the edits; both may carry edits.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Body {
    /// As `Baseline::to_value` writes it.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub baseline: serde_json::Value,
    pub edits: Edits,
}

/// The baseline that a tenant's `baseline` names: the built-in one, a stored one, or a folder.
///
/// # Errors
/// There is no such baseline, or it cannot be read.
pub(crate) fn load(conn: &Connection, id: &str) -> Decided<Baseline> {
    let row = store::baselines::get(conn, id)?;
    Ok(match row {
        Some(row) => stored(id, &row.body),
        None if id == BUILTIN => Ok(baseline::built_in()),
        None if Path::new(id).is_dir() => folder(Path::new(id)).map(|imported| imported.baseline),
        None => Err(problem(
            "baseline.unknown",
            format!("There is no baseline “{id}”"),
            "Choose the built-in baseline, an imported one or a folder of exported policies.",
        )),
    }?)
}

/// As `load`, for who has no transaction open.
///
/// # Errors
/// There is no such baseline, or it cannot be read.
pub fn of_store(store: &Store, id: &str) -> Result<Baseline, Problem> {
    transaction::read(store, |conn| load(conn, id))
}

/// A stored body as a baseline.
///
/// # Errors
/// It is none, or a newer version wrote it.
pub fn stored(id: &str, body: &str) -> Result<Baseline, Problem> {
    let body: Body = serde_json::from_str(body).map_err(|error| damaged(id).with_details(error))?;
    let mut found = if body.baseline.is_null() && id == BUILTIN {
        baseline::built_in()
    } else {
        Baseline::from_value(body.baseline).map_err(|error| problem(error.code(), format!("The baseline “{id}” cannot be used: {error}"), error.next_step()))?
    };
    body.edits.apply(&mut found);
    Ok(found)
}

fn damaged(id: &str) -> Problem {
    problem(
        "baseline.not_a_baseline",
        format!("The baseline “{id}” cannot be read"),
        "Import the folder of exported policies again, or choose the built-in baseline.",
    )
}

/// A folder of exported policies, with what could not be read of it.
///
/// # Errors
/// The folder cannot be read, or holds no policy.
pub fn folder(folder: &Path) -> Result<Imported, Problem> {
    let unreadable = |what: String| problem("baseline.folder", what, "Choose the folder that holds the exported policies as JSON.");
    if !folder.is_dir() {
        return Err(unreadable(format!("{} is not a folder", folder.display())));
    }
    let mut files = Vec::new();
    gather(folder, Path::new(""), 0, &mut files).map_err(|error| unreadable(format!("The folder {} cannot be read", folder.display())).with_details(error))?;
    let name = folder.file_name().map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into_owned());
    import(&name, &files)
}

/// Files that somebody chose, by path and content.
///
/// # Errors
/// None of them holds a policy.
pub fn import(name: &str, files: &[(String, Vec<u8>)]) -> Result<Imported, Problem> {
    let files: Vec<BaselineFile<'_>> = files.iter().map(|(path, bytes)| BaselineFile { path, bytes }).collect();
    baseline::import(name, &files).map_err(|error| {
        let baseline::ImportError::NoPolicy { problems, .. } = &error;
        let details = problems.iter().take(5).map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let made = problem(error.code(), capital(&error.to_string()), error.next_step());
        if details.is_empty() { made } else { made.with_details(details) }
    })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Every file below, by its path inside the folder with forward slashes. What is no regular file is passed over.
fn gather(root: &Path, inside: &Path, depth: usize, files: &mut Vec<(String, Vec<u8>)>) -> std::io::Result<()> {
    let mut entries: Vec<(PathBuf, std::fs::FileType)> = Vec::new();
    for entry in std::fs::read_dir(root.join(inside))? {
        let entry = entry?;
        entries.push((inside.join(entry.file_name()), entry.file_type()?));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (path, kind) in entries {
        if kind.is_dir() && depth < DEEPEST {
            gather(root, &path, depth + 1, files)?;
        } else if kind.is_file() && files.len() < MOST_FILES {
            let whole = root.join(&path);
            if std::fs::metadata(&whole)?.len() <= LARGEST {
                let name = path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
                files.push((name, std::fs::read(whole)?));
            }
        }
    }
    Ok(())
}
