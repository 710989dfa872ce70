//! A folder of exported Conditional Access policies, as the community's export tools write it: `ConditionalAccess/*.json`
//! beside `Groups/`, `NamedLocations/` and `MigrationTable.json`, in Graph's beta shape. Reading one gives a snapshot with
//! policies, groups whose members are unknown, and named locations; nothing else is made up.

use crate::Snapshot;
use crate::read::{Reader, repeated};
use serde_json::Value;
use std::path::Path;

/// Something about a folder that is worth saying, and no error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportNote {
    pub file: String,
    pub what: String,
}

/// The folder that holds `ConditionalAccess`, as a path inside `folder`, where this is an export.
pub(crate) fn config_folder(folder: &Path) -> Option<String> {
    ["", "Config/"].iter().find(|inside| folder.join(inside).join("ConditionalAccess").is_dir()).map(|inside| (*inside).to_owned())
}

pub(crate) fn read(reader: &mut Reader<'_>, config: &str) -> Snapshot {
    let mut snapshot = Snapshot::default();
    let mut take = |name: &str| {
        let inside = format!("{config}{name}");
        reader.folder.join(&inside).is_dir().then(|| {
            let mut found = reader.folder_of_resources(&inside);
            // An export that was run twice holds a renamed group under both names; the first file counts, and it is said.
            for (_, file, id) in repeated(&mut found) {
                reader.notes.push(ExportNote { file, what: format!("id {id} occurs in another file too; this file was left out") });
            }
            let mut resources: Vec<Value> = found.into_iter().map(|(_, resource)| resource).collect();
            resources.iter_mut().for_each(without_annotations);
            resources
        })
    };
    snapshot.conditional_access_policies = take("ConditionalAccess");
    snapshot.groups = take("Groups");
    snapshot.named_locations = take("NamedLocations");
    for name in reader.names(if config.is_empty() { "." } else { config }) {
        if name != "ConditionalAccess" && name != "Groups" && name != "NamedLocations" && name != "MigrationTable.json" {
            reader.notes.push(ExportNote { file: name, what: "no part of a policy export, left alone".to_owned() });
        }
    }
    snapshot
}

/// Full-metadata annotations (`x@odata.type`, `#action`) repeat what the names say. `@odata.type` itself stays: it tells
/// which kind of named location or member this is.
fn without_annotations(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|name, _| name == "@odata.type" || !(name.contains('@') || name.starts_with('#')));
            object.values_mut().for_each(without_annotations);
        }
        Value::Array(values) => values.iter_mut().for_each(without_annotations),
        _ => {}
    }
}
