//! A folder of exported policies becomes a baseline. The caller gives names and bytes; whatever is no text, no JSON, no
//! policy or not understood is told by file and line, and the rest still counts. Ids of the exporting tenant get the names
//! that the folder itself gives them: nothing is guessed.

mod kind;
mod text;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::ids::{each_list, is_universal, placeholder_name};
use super::{Baseline, Control, ForeignName, Judgement, Origin, severity_of};
use crate::difference::{difference_as_if_enforced, semantically_equal};
use crate::model::ConditionalAccessPolicy;
use crate::names::NoNames;
use crate::words::{IdKind, is_guid, sentence};
use kind::Kind;

/// One file of the folder.
#[derive(Debug, Clone, Copy)]
pub struct BaselineFile<'a> {
    /// Inside the folder, with forward slashes.
    pub path: &'a str,
    pub bytes: &'a [u8],
}

/// One thing that is wrong, or open, in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportProblem {
    pub file: String,
    /// Counted from 1.
    pub line: Option<usize>,
    pub code: &'static str,
    pub what: String,
}

impl std::fmt::Display for ImportProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    pub baseline: Baseline,
    pub problems: Vec<ImportProblem>,
    /// Files that are no part of an export.
    pub left_alone: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    #[error("none of the {files} files holds a Conditional Access policy")]
    NoPolicy { files: usize, problems: Vec<ImportProblem> },
}

impl ImportError {
    #[must_use]
    pub fn code(&self) -> &'static str {
        "baseline.no_policy"
    }
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        "Choose the folder that holds the exported policies as JSON, one policy a file or a Graph list answer."
    }
}

/// A policy on its way in.
struct Incoming {
    policy: Value,
    file: String,
    /// Line of the file on which the policy begins, and its text.
    line: usize,
    source: String,
}

#[derive(Default)]
struct Reading {
    policies: Vec<Incoming>,
    names: BTreeMap<String, ForeignName>,
    problems: Vec<ImportProblem>,
    left_alone: Vec<String>,
}

/// # Errors
/// When not one policy is found; what is wrong with the files goes with it.
pub fn import(name: &str, files: &[BaselineFile<'_>]) -> Result<Imported, ImportError> {
    let mut reading = Reading::default();
    let mut files: Vec<&BaselineFile<'_>> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(b.path));
    for file in &files {
        reading.file(file);
    }
    if reading.policies.is_empty() {
        return Err(ImportError::NoPolicy { files: files.len(), problems: reading.problems });
    }
    let mut controls: Vec<Control> = Vec::new();
    let mut homes: BTreeMap<String, (String, Value)> = BTreeMap::new();
    for incoming in std::mem::take(&mut reading.policies) {
        reading.policy(incoming, &mut controls, &mut homes);
    }
    let Reading { names, mut problems, left_alone, .. } = reading;
    problems.sort_by(|a, b| a.file.cmp(&b.file).then(a.line.cmp(&b.line)));
    Ok(Imported { baseline: Baseline { name: name.to_owned(), origin: Origin::Import, controls, names }, problems, left_alone })
}

impl Reading {
    fn problem(&mut self, file: &str, line: Option<usize>, code: &'static str, what: String) {
        self.problems.push(ImportProblem { file: file.to_owned(), line, code, what });
    }

    fn file(&mut self, file: &BaselineFile<'_>) {
        if !file.path.rsplit('.').next().is_some_and(|end| end.eq_ignore_ascii_case("json")) {
            self.left_alone.push(file.path.to_owned());
            return;
        }
        let text = match text::decode(file.bytes) {
            Ok(text) => text,
            Err((line, what)) => return self.problem(file.path, Some(line), "import.not_text", what.to_owned()),
        };
        match objects(&text) {
            Ok(found) => {
                for (value, at, source) in found {
                    self.value(file.path, value, at, source);
                }
            }
            Err(error) => self.problem(file.path, Some(error.line()), "import.not_json", format!("this is not JSON: {error}")),
        }
    }

    fn value(&mut self, path: &str, value: Value, line: usize, source: &str) {
        let Value::Object(members) = value else {
            return self.problem(path, Some(line), "import.not_an_object", "a JSON object was expected".to_owned());
        };
        match kind::kind(&members, path) {
            Kind::Policy => self.policies.push(Incoming { policy: Value::Object(members), file: path.to_owned(), line, source: source.to_owned() }),
            Kind::Template => match template(members) {
                Some(policy) => self.policies.push(Incoming { policy, file: path.to_owned(), line, source: source.to_owned() }),
                None => self.problem(path, Some(line), "import.not_a_policy", "this template holds no policy".to_owned()),
            },
            Kind::Named(kind) => {
                let text = |name: &str| members.get(name).and_then(Value::as_str);
                // Policies name applications by their application id, not by the object's.
                let id = if kind == IdKind::Application { text("appId").or_else(|| text("id")) } else { text("id") };
                match (id, text("displayName")) {
                    (Some(id), Some(name)) => self.name(kind, id, name),
                    _ => self.problem(path, Some(line), "import.no_name", "this has no id or no display name, so nothing can be mapped by it".to_owned()),
                }
            }
            Kind::MigrationTable => self.table(path, &members, source, line),
            Kind::Other => self.left_alone.push(path.to_owned()),
        }
    }

    fn table(&mut self, path: &str, members: &Map<String, Value>, source: &str, line: usize) {
        let entries = members.get("Objects").and_then(Value::as_array).cloned().unwrap_or_default();
        for entry in &entries {
            let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
            match kind::of_table(text("Type")) {
                Some(kind) if !text("Id").is_empty() && !text("DisplayName").is_empty() => self.name(kind, text("Id"), text("DisplayName")),
                _ => {
                    let at = line_of(source, line, text("Id"));
                    let what = format!("the migration table has an entry of the type \u{201c}{}\u{201d} that is not understood", text("Type"));
                    self.problem(path, Some(at), "import.table_entry", what);
                }
            }
        }
    }

    fn name(&mut self, kind: IdKind, id: &str, name: &str) {
        let known = self.names.entry(id.to_ascii_lowercase()).or_insert_with(|| ForeignName { kind, names: Vec::new() });
        if !known.names.iter().any(|other| other == name) {
            known.names.push(name.to_owned());
        }
    }

    fn policy(&mut self, incoming: Incoming, controls: &mut Vec<Control>, homes: &mut BTreeMap<String, (String, Value)>) {
        let Incoming { policy: value, file, line, source } = incoming;
        let Ok(policy) = ConditionalAccessPolicy::from_value(&value) else { return };
        let title = policy.display_name.clone().unwrap_or_else(|| file_stem(&file).into_owned());
        let key = policy.id.clone().map_or_else(|| format!("file:{file}"), |id| id.to_ascii_lowercase());
        if let Some((home, other)) = homes.get(&key) {
            if !semantically_equal(other, &value) {
                let fields: Vec<String> = difference_as_if_enforced(other, &value, &NoNames).into_iter().map(|d| d.field).collect();
                let what = format!("the policy \u{201c}{title}\u{201d} is also in {home}, where it differs ({}); the first one is used", fields.join(", "));
                self.problem(&file, Some(line), "import.policy_twice", what);
            }
            return;
        }
        if controls.iter().any(|control| control.title == title) {
            let what = format!("another policy is called \u{201c}{title}\u{201d} too; both are kept");
            self.problem(&file, Some(line_of(&source, line, &title)), "import.same_name", what);
        }
        for strange in policy.not_understood() {
            let member = strange.split(" = ").next().unwrap_or(&strange).rsplit('.').next().unwrap_or_default().to_owned();
            let what = format!("{strange} is not understood; it is kept and compared as it is");
            self.problem(&file, Some(line_of(&source, line, &format!("\"{member}\""))), "import.not_understood", what);
        }
        self.ids(&value, &file, line, &source);
        homes.insert(key, (file.clone(), value.clone()));
        controls.push(Control {
            id: control_id(&policy, &title, controls),
            title,
            severity: severity_of(&policy),
            rationale: policy.description.clone().unwrap_or_else(|| sentence(&policy, &NoNames)),
            references: Vec::new(),
            licence: None,
            enabled: true,
            judgement: Judgement::Policy(without_annotations(&value)),
        });
    }

    /// Ids that the folder does not name, and placeholders, are told: what they stand for stays open.
    fn ids(&mut self, policy: &Value, file: &str, line: usize, source: &str) {
        let mut told = Vec::new();
        each_list(&mut policy.clone(), |path, kind, ids| {
            for id in ids.iter().filter_map(Value::as_str).filter(|id| !is_universal(kind, id)) {
                let thing = kind.one();
                if !is_guid(id) {
                    told.push((
                        id.to_owned(),
                        "import.placeholder",
                        format!(
                            "{path} holds \u{201c}{id}\u{201d}, which is no id; it is taken for the name of {thing}: \u{201c}{}\u{201d}",
                            placeholder_name(id)
                        ),
                    ));
                } else if !self.names.contains_key(&id.to_ascii_lowercase()) && kind != IdKind::Role {
                    told.push((
                        id.to_owned(),
                        "import.nameless",
                        format!("{path} holds the id of {thing} that the folder does not name ({id}); it cannot be mapped to a tenant"),
                    ));
                }
            }
        });
        for (id, code, what) in told {
            self.problem(file, Some(line_of(source, line, &id)), code, what);
        }
    }
}

/// The objects of a file with their lines and texts: one object, an array of them, or a Graph list answer.
fn objects(text: &str) -> Result<Vec<(Value, usize, &str)>, serde_json::Error> {
    #[derive(serde::Deserialize)]
    struct Answer<'a> {
        #[serde(borrow)]
        value: Vec<&'a RawValue>,
    }
    let items: Vec<&RawValue> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text)?
    } else if let Some(Answer { value }) = text.contains("\"value\"").then(|| serde_json::from_str(text).ok()).flatten() {
        value
    } else {
        return Ok(vec![(serde_json::from_str(text)?, 1, text)]);
    };
    let (mut line, mut read_to) = (1, text.as_ptr() as usize);
    items
        .into_iter()
        .map(|item| {
            let source = item.get();
            let start = source.as_ptr() as usize;
            let skipped = text.get(read_to.saturating_sub(text.as_ptr() as usize)..start.saturating_sub(text.as_ptr() as usize)).unwrap_or_default();
            line += skipped.matches('\n').count();
            read_to = start;
            Ok((serde_json::from_str(source)?, line, source))
        })
        .collect()
}

fn line_of(source: &str, first: usize, needle: &str) -> usize {
    let before = if needle.is_empty() { "" } else { source.find(needle).and_then(|at| source.get(..at)).unwrap_or_default() };
    first + before.matches('\n').count()
}

fn file_stem(path: &str) -> Cow<'_, str> {
    let file = path.rsplit('/').next().unwrap_or(path);
    Cow::Borrowed(file.rsplit_once('.').map_or(file, |(stem, _)| stem))
}

fn template(mut members: Map<String, Value>) -> Option<Value> {
    let name = members.remove("name");
    let Some(Value::Object(mut policy)) = members.remove("details") else { return None };
    if let Some(name) = name {
        policy.entry("displayName").or_insert(name);
    }
    // Templates carry no state: they are meant to be switched on.
    policy.entry("state").or_insert_with(|| Value::String("enabled".to_owned()));
    Some(Value::Object(policy))
}

/// "CA001" where the name begins so, else the policy's own id, else the name.
pub(super) fn control_id(policy: &ConditionalAccessPolicy, title: &str, taken: &[Control]) -> String {
    let free = |id: &str| !id.is_empty() && !taken.iter().any(|control| control.id.eq_ignore_ascii_case(id));
    let code: String = title.chars().take_while(char::is_ascii_alphanumeric).collect();
    let looks_numbered = code.len() <= 10 && code.chars().any(|c| c.is_ascii_digit()) && code.starts_with(|c: char| c.is_ascii_alphabetic());
    if looks_numbered && free(&code) {
        return code;
    }
    if let Some(id) = policy.id.as_deref().filter(|id| free(id)) {
        return id.to_ascii_lowercase();
    }
    (1..).map(|n| if n == 1 { title.to_owned() } else { format!("{title} ({n})") }).find(|id| free(id)).unwrap_or_else(|| title.to_owned())
}

/// Annotations say nothing about what a policy does, and double its size.
pub(super) fn without_annotations(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .filter(|(name, value)| !crate::model::json::is_annotation(name) && !value.is_null())
                .map(|(name, value)| (name.clone(), without_annotations(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(without_annotations).collect()),
        other => other.clone(),
    }
}
