//! Reading a snapshot folder. Every malformed file is collected with its line before anything is refused, so that one look
//! shows all that is wrong; nothing is guessed, and a folder with a problem gives no snapshot at all.

use crate::export::{self, ExportNote};
use crate::{RawResources, Resources, Snapshot, text};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// One thing that is wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file's path inside the folder, with forward slashes.
    pub file: String,
    /// Counted from 1; `None` where the problem is the file as a whole.
    pub line: Option<usize>,
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

/// A snapshot folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{path} is not a snapshot folder: {reason}; name a folder with users.json, conditionalAccessPolicies.json and the like")]
    NotASnapshot { path: String, reason: String },
    #[error("the snapshot has {}: {}; correct the files or export them again", counted(.0.len()), joined(.0))]
    Malformed(Vec<Problem>),
}

impl ReadError {
    /// A name that stays put, for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            ReadError::NotASnapshot { .. } => "snapshot.notAFolder",
            ReadError::Malformed(_) => "snapshot.malformed",
        }
    }

    /// Every problem, in the order of the files' names.
    pub fn problems(&self) -> &[Problem] {
        match self {
            ReadError::NotASnapshot { .. } => &[],
            ReadError::Malformed(problems) => problems,
        }
    }
}

fn counted(n: usize) -> String {
    if n == 1 { "1 malformed file".to_owned() } else { format!("{n} malformed files or entries") }
}

fn joined(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; ")
}

/// What was read, and what was left alone.
#[derive(Debug, Clone)]
pub struct Reading {
    pub snapshot: Snapshot,
    /// Files of the folder that are no part of a snapshot, and what an export lacks: told, not hidden.
    pub notes: Vec<ExportNote>,
}

impl Snapshot {
    /// Reads a snapshot folder, or a folder of exported Conditional Access policies (`ConditionalAccess/*.json` beside `Groups/`
    /// and `NamedLocations/`, or a folder with such a `Config` inside).
    pub fn read(folder: &Path) -> Result<Reading, ReadError> {
        let refuse = |reason: String| ReadError::NotASnapshot { path: folder.display().to_string(), reason };
        if !folder.is_dir() {
            return Err(refuse("there is no such folder".to_owned()));
        }
        let mut reader = Reader::new(folder);
        if let Some(config) = export::config_folder(folder) {
            let snapshot = export::read(&mut reader, &config);
            return reader.finish(snapshot);
        }
        let snapshot = reader.snapshot_folder();
        if reader.recognised == 0 && reader.problems.is_empty() {
            return Err(refuse("none of its files belongs to a snapshot".to_owned()));
        }
        reader.finish(snapshot)
    }
}

/// The folder being read, and what was found wrong so far.
pub(crate) struct Reader<'a> {
    pub folder: &'a Path,
    pub problems: Vec<Problem>,
    pub notes: Vec<ExportNote>,
    recognised: usize,
}

/// The shapes of a list file.
enum Shape {
    List,
    /// An array or list answer of one, or the resource itself.
    One,
}

impl<'a> Reader<'a> {
    fn new(folder: &'a Path) -> Reader<'a> {
        Reader { folder, problems: Vec::new(), notes: Vec::new(), recognised: 0 }
    }

    fn finish(mut self, snapshot: Snapshot) -> Result<Reading, ReadError> {
        if self.problems.is_empty() {
            return Ok(Reading { snapshot, notes: self.notes });
        }
        self.problems.sort_by(|a, b| a.file.cmp(&b.file).then(a.line.cmp(&b.line)));
        Err(ReadError::Malformed(self.problems))
    }

    fn snapshot_folder(&mut self) -> Snapshot {
        let snapshot = Snapshot {
            organization: self.one("organization.json").map(|organization| vec![organization]),
            subscribed_skus: self.list("subscribedSkus.json"),
            domains: self.list("domains.json"),
            users: self.list("users.json"),
            groups: self.groups(),
            role_definitions: self.list("roleDefinitions.json"),
            role_assignments: self.list("roleAssignments.json"),
            role_eligibility: self.list("roleEligibility.json"),
            conditional_access_policies: self.policies(),
            named_locations: self.list("namedLocations.json"),
            authentication_strengths: self.list("authenticationStrengths.json"),
            authentication_contexts: self.list("authenticationContexts.json"),
            security_defaults: self.one("securityDefaults.json"),
            authentication_methods_policy: self.one("authenticationMethodsPolicy.json"),
            service_principals: self.list("servicePrincipals.json"),
            user_registration_details: self.list("userRegistrationDetails.json"),
            authentication_methods: self.map("authenticationMethods.json", "a map of user id to methods, {userId: [methods]}"),
            per_user_mfa: self.map("perUserMfa.json", "a map of user id to state, {userId: \"enforced\"}"),
            sign_ins: self.raw_list("signIns.json"),
            directory_audits: self.raw_list("directoryAudits.json"),
        };
        self.note_unknown_files();
        snapshot
    }

    fn list(&mut self, name: &str) -> Resources {
        let text = self.text(name)?;
        let values = self.list_of(name, &text, Shape::List)?;
        self.with_ids(name, &text, values)
    }

    fn one(&mut self, name: &str) -> Option<Value> {
        let text = self.text(name)?;
        let mut values = self.list_of(name, &text, Shape::One)?;
        match values.len() {
            1 => values.pop(),
            n => {
                self.problem(name, None, format!("one resource was expected and {n} were found"));
                None
            }
        }
    }

    fn groups(&mut self) -> Resources {
        let name = "groups.json";
        let text = self.text(name)?;
        let values = self.list_of(name, &text, Shape::List)?;
        let groups = self.with_ids(name, &text, values)?;
        for group in &groups {
            let good = match group.get("members") {
                None => true,
                Some(Value::Array(members)) => members.iter().all(|m| m.get("id").is_some_and(Value::is_string)),
                Some(_) => false,
            };
            if !good {
                let id = group.get("id").and_then(Value::as_str).unwrap_or_default();
                self.problem(name, line_of(&text, id), "\"members\" must be a list of {\"@odata.type\", \"id\"}".to_owned());
            }
        }
        Some(groups)
    }

    fn policies(&mut self) -> Resources {
        let name = "conditionalAccessPolicies";
        let file = format!("{name}.json");
        let folder = self.folder.join(name);
        if !folder.is_dir() {
            return self.list(&file);
        }
        if self.folder.join(&file).exists() {
            self.problem(&file, None, format!("there is a folder {name} too; keep one of them"));
            return None;
        }
        let mut found = self.folder_of_resources(name);
        for (_, file, id) in repeated(&mut found) {
            self.problem(&file, None, format!("id {id} occurs in another file too"));
        }
        Some(found.into_iter().map(|(_, policy)| policy).collect())
    }

    /// Every `*.json` of a folder (by its path inside the folder being read), one resource a file, by file name.
    pub(crate) fn folder_of_resources(&mut self, inside: &str) -> Vec<(String, Value)> {
        let mut found = Vec::new();
        self.recognised += 1;
        for name in self.names(inside) {
            if !name.to_ascii_lowercase().ends_with(".json") {
                self.notes.push(ExportNote { file: format!("{inside}/{name}"), what: "not a JSON file, left alone".to_owned() });
                continue;
            }
            let path = format!("{inside}/{name}");
            let Some(text) = self.text(&path) else { continue };
            let Some(values) = self.list_of(&path, &text, Shape::One) else { continue };
            let values = self.with_ids(&path, &text, values).unwrap_or_default();
            found.extend(values.into_iter().map(|value| (path.clone(), value)));
        }
        found
    }

    fn raw_list(&mut self, name: &str) -> RawResources {
        let text = self.text(name)?;
        let inner = match first_character(&text) {
            Some('{') => {
                let list: Option<RawList> = self.parsed(name, &text);
                list?.value
            }
            _ => {
                let list: Option<Vec<Box<RawValue>>> = self.parsed(name, &text);
                list?
            }
        };
        for (n, item) in inner.iter().enumerate() {
            if !item.get().starts_with('{') {
                let line = line_at(&text, item.get(), n);
                self.problem(name, line, format!("entry {} is not an object", n + 1));
            }
        }
        Some(inner)
    }

    fn map<T: DeserializeOwned>(&mut self, name: &str, expected: &str) -> Option<BTreeMap<String, T>> {
        let text = self.text(name)?;
        match serde_json::from_str::<BTreeMap<String, T>>(&text) {
            Ok(map) => Some(map.into_iter().map(|(id, value)| (id.to_ascii_lowercase(), value)).collect()),
            Err(error) if error.is_data() => {
                self.problem(name, Some(error.line().max(1)), format!("{expected}, was expected"));
                None
            }
            Err(error) => {
                self.syntax(name, &error);
                None
            }
        }
    }

    fn list_of(&mut self, name: &str, text: &str, shape: Shape) -> Option<Vec<Value>> {
        let value: Value = self.parsed(name, text)?;
        let values = match value {
            Value::Array(values) => values,
            Value::Object(mut object) => match (object.get("value"), shape) {
                (Some(Value::Array(_)), _) => {
                    // One page saved as if it were all: what is missing cannot be known, so that it must at least be said.
                    if object.get("@odata.nextLink").is_some_and(Value::is_string) {
                        self.notes.push(ExportNote {
                            file: name.to_owned(),
                            what: "the answer names a next page (@odata.nextLink), so that entries may be missing".to_owned(),
                        });
                    }
                    match object.remove("value") {
                        Some(Value::Array(values)) => values,
                        _ => Vec::new(),
                    }
                }
                (_, Shape::One) => vec![Value::Object(object)],
                _ => {
                    self.problem(name, Some(1), "a list, or a list answer {\"value\": [...]}, was expected".to_owned());
                    return None;
                }
            },
            _ => {
                self.problem(name, Some(1), "a list of objects was expected".to_owned());
                return None;
            }
        };
        match values.iter().position(|value| !value.is_object()) {
            None => Some(values),
            Some(n) => {
                self.problem(name, None, format!("entry {} is not an object", n + 1));
                None
            }
        }
    }

    fn with_ids(&mut self, name: &str, text: &str, values: Vec<Value>) -> Resources {
        let mut seen = std::collections::HashSet::new();
        for (n, value) in values.iter().enumerate() {
            match value.get("id").and_then(Value::as_str) {
                Some(id) if seen.insert(id) => {}
                Some(id) => {
                    let what = format!("entry {}: id {id} occurs twice", n + 1);
                    let line = last_line_of(text, id);
                    self.problem(name, line, what);
                }
                None => self.problem(name, None, format!("entry {} has no id", n + 1)),
            }
        }
        Some(values)
    }

    fn parsed<T: DeserializeOwned>(&mut self, name: &str, text: &str) -> Option<T> {
        match serde_json::from_str(text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.syntax(name, &error);
                None
            }
        }
    }

    fn syntax(&mut self, name: &str, error: &serde_json::Error) {
        let said = error.to_string();
        let what = said.split(" at line ").next().unwrap_or("not JSON").to_owned();
        self.problem(name, Some(error.line().max(1)), what);
    }

    /// A file's text; `None` where it is absent (never read) or a problem was noted.
    fn text(&mut self, name: &str) -> Option<String> {
        let path = self.folder.join(name);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
            Err(error) => {
                self.problem(name, None, format!("cannot be read ({error})"));
                return None;
            }
        };
        self.recognised += 1;
        match text::decode(&bytes) {
            Ok(text) => Some(text),
            Err(bad) => {
                self.problem(name, Some(bad.line), bad.what.to_owned());
                None
            }
        }
    }

    pub(crate) fn names(&self, inside: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.join(inside)).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn problem(&mut self, file: &str, line: Option<usize>, what: String) {
        self.problems.push(Problem { file: file.to_owned(), line, what });
    }

    fn note_unknown_files(&mut self) {
        for name in self.names(".") {
            let known = name == "conditionalAccessPolicies" || crate::write::FILES.contains(&name.as_str());
            if !known && !name.starts_with('.') {
                self.notes.push(ExportNote { file: name, what: "no part of a snapshot, left alone".to_owned() });
            }
        }
    }
}

/// Takes out resources whose id came before: the resource, its file, its id.
pub(crate) fn repeated(found: &mut Vec<(String, Value)>) -> Vec<(Value, String, String)> {
    let mut seen = std::collections::HashSet::new();
    let mut again = Vec::new();
    found.retain(|(file, value)| {
        let id = value.get("id").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
        let first = seen.insert(id.clone());
        if !first {
            again.push((value.clone(), file.clone(), id));
        }
        first
    });
    again
}

#[derive(serde::Deserialize)]
struct RawList {
    value: Vec<Box<RawValue>>,
}

fn first_character(text: &str) -> Option<char> {
    text.trim_start().chars().next()
}

fn line_of(text: &str, needle: &str) -> Option<usize> {
    if needle.is_empty() { None } else { text.find(needle).map(|at| 1 + text[..at].matches('\n').count()) }
}

fn last_line_of(text: &str, needle: &str) -> Option<usize> {
    if needle.is_empty() { None } else { text.rfind(needle).map(|at| 1 + text[..at].matches('\n').count()) }
}

/// The line of the entry number `n`, told only where it is the only entry that looks so.
fn line_at(text: &str, item: &str, n: usize) -> Option<usize> {
    if n == 0 { line_of(text, item) } else { None }
}
