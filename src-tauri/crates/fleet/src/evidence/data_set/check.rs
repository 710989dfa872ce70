//! Whether a folder still holds the data set whose hash a report prints.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{JSON, SUMS, sha256, sums};
use crate::{evidence::policies::hex, problem::problem, views::Problem};

/// What a check of a folder against a printed hash found. Names are in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Everything is as it was when the report was written.
    pub intact: bool,
    /// As the report prints it.
    pub printed: String,
    /// Made anew from the files that are there.
    pub computed: String,
    pub files: usize,
    pub changed: Vec<String>,
    pub missing: Vec<String>,
    pub extra: Vec<String>,
    /// One sentence.
    pub explanation: String,
}

/// What operating systems leave in folders.
const DROPPINGS: [&str; 4] = [".ds_store", "thumbs.db", "desktop.ini", ".directory"];

/// Compares a folder with the hash that a report prints. Reports that lie in the folder too are no part of the data set.
///
/// # Errors
/// The folder cannot be read or holds no data set.
pub fn check(folder: &Path, printed: &str) -> Result<Check, Problem> {
    let unreadable = |path: &Path, error: &std::io::Error| {
        problem("evidence.unreadable", format!("{} cannot be read", path.display()), "Name the folder that was written beside the report.").with_details(error)
    };
    let mut there: BTreeMap<String, String> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
        let entry = entry.map_err(|error| unreadable(folder, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let lower = name.to_lowercase();
        let aside = DROPPINGS.contains(&lower.as_str()) || lower.ends_with(".pdf");
        if aside || name == SUMS || entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let path = entry.path();
        let sum = sum_of(&path).map_err(|error| unreadable(&path, &error))?;
        there.insert(name, sum);
    }
    let kept = match std::fs::read(folder.join(SUMS)) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(unreadable(&folder.join(SUMS), &error)),
    };
    if kept.is_none() && !there.contains_key(JSON) {
        return Err(problem("evidence.no_data_set", format!("{} holds no data set", folder.display()), "Name the folder that was written beside the report."));
    }
    Ok(compare(printed, &there, kept.as_deref()))
}

/// Without holding the file.
fn sum_of(path: &Path) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    std::io::copy(&mut std::fs::File::open(path)?, &mut hasher)?;
    Ok(hex(&hasher.finalize()))
}

/// Pure: the files that are there by name and SHA-256, and SHA256SUMS as it is kept.
fn compare(printed: &str, there: &BTreeMap<String, String>, kept: Option<&[u8]>) -> Check {
    let printed = printed.to_lowercase();
    let computed = sha256(sums(there).as_bytes());
    let files = there.len();
    let base = Check { printed: printed.clone(), computed: computed.clone(), files, ..Check::default() };
    let sums_fit = kept.is_some_and(|bytes| sha256(bytes) == printed);
    if sums_fit {
        let listed = kept.and_then(|bytes| std::str::from_utf8(bytes).ok()).map(read_sums).unwrap_or_default();
        let changed = names(listed.iter().filter(|(name, sum)| there.get(*name).is_some_and(|found| found != *sum)).map(|(name, _)| name));
        let missing = names(listed.keys().filter(|name| !there.contains_key(*name)));
        let extra = names(there.keys().filter(|name| !listed.contains_key(*name)));
        let intact = changed.is_empty() && missing.is_empty() && extra.is_empty();
        let explanation = if intact {
            format!("The data set is the one that the report was made of: all {files} files and the printed SHA-256 agree.")
        } else {
            let mut parts = Vec::new();
            for (names, what) in [(&changed, "changed"), (&missing, "missing"), (&extra, "not part of it")] {
                if !names.is_empty() {
                    parts.push(format!("{what}: {}", names.join(", ")));
                }
            }
            format!("The data set is not as it was when the report was written; {}.", parts.join("; "))
        };
        return Check { intact, changed, missing, extra, explanation, ..base };
    }
    // The list of sums is not the one that the report names; the other files may be whole all the same.
    if computed == printed {
        let what = if kept.is_some() { "changed" } else { "missing" };
        let list = vec![SUMS.to_owned()];
        let (changed, missing) = if kept.is_some() { (list, Vec::new()) } else { (Vec::new(), list) };
        return Check { changed, missing, explanation: format!("{SUMS} is {what}; every other file is as it was when the report was written."), ..base };
    }
    let listed = kept.and_then(|bytes| std::str::from_utf8(bytes).ok()).map(read_sums).unwrap_or_default();
    let mut changed = names(listed.iter().filter(|(name, sum)| there.get(*name).is_some_and(|found| found != *sum)).map(|(name, _)| name));
    let mut missing = names(listed.keys().filter(|name| !there.contains_key(*name)));
    let explanation = if kept.is_some() {
        changed.insert(0, SUMS.to_owned());
        "This is not the data set that the report was made of: the SHA-256 of SHA256SUMS is not the one that the report prints."
    } else {
        missing.insert(0, SUMS.to_owned());
        "This is not the data set that the report was made of, or files of it were changed: SHA256SUMS, which would name them, is missing."
    };
    let extra = names(there.keys().filter(|name| kept.is_some() && !listed.contains_key(*name)));
    Check { changed, missing, extra, explanation: explanation.to_owned(), ..base }
}

fn names<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    names.cloned().collect()
}

/// `sha256sum`'s form; a line that is none is passed over.
fn read_sums(text: &str) -> BTreeMap<String, String> {
    text.lines().filter_map(|line| line.split_once("  ")).map(|(sum, name)| (name.to_owned(), sum.to_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn written() -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let mut all = BTreeMap::new();
        for (name, text) in [(JSON, "{}\n"), ("people.csv", "Name\r\nAna\r\n"), ("README.txt", "x")] {
            std::fs::write(folder.path().join(name), text).unwrap();
            all.insert(name.to_owned(), sha256(text.as_bytes()));
        }
        let sums = sums(&all);
        std::fs::write(folder.path().join(SUMS), &sums).unwrap();
        (folder, sha256(sums.as_bytes()))
    }

    #[test]
    fn a_data_set_that_nobody_touched_is_intact_also_beside_its_report() {
        let (folder, printed) = written();
        for beside in ["report.pdf", "Other.PDF", ".DS_Store", "Thumbs.db"] {
            std::fs::write(folder.path().join(beside), "x").unwrap();
        }
        let found = check(folder.path(), &printed.to_uppercase()).unwrap();
        assert!(found.intact && found.files == 3, "{found:?}");
        assert_eq!(found.computed, found.printed);
    }

    #[test]
    fn every_file_that_was_changed_is_missing_or_came_in_is_named() {
        let (folder, printed) = written();
        std::fs::write(folder.path().join("people.csv"), "Name\r\nAno\r\n").unwrap();
        std::fs::remove_file(folder.path().join("README.txt")).unwrap();
        std::fs::write(folder.path().join("more.csv"), "x").unwrap();
        let found = check(folder.path(), &printed).unwrap();
        assert!(!found.intact);
        assert_eq!((found.changed, found.missing, found.extra), (vec!["people.csv".to_owned()], vec!["README.txt".to_owned()], vec!["more.csv".to_owned()]));
        assert_eq!(
            found.explanation,
            "The data set is not as it was when the report was written; changed: people.csv; missing: README.txt; not part of it: more.csv."
        );
    }

    #[test]
    fn sums_that_were_made_anew_over_a_changed_file_do_not_help() {
        let (folder, printed) = written();
        std::fs::write(folder.path().join("people.csv"), "forged").unwrap();
        let mut all = BTreeMap::new();
        for name in [JSON, "people.csv", "README.txt"] {
            all.insert(name.to_owned(), sum_of(&folder.path().join(name)).unwrap());
        }
        std::fs::write(folder.path().join(SUMS), sums(&all)).unwrap();
        let found = check(folder.path(), &printed).unwrap();
        assert!(!found.intact && found.changed == [SUMS], "{found:?}");
        assert!(found.explanation.contains("not the data set that the report was made of"));
    }

    #[test]
    fn a_list_of_sums_that_alone_was_changed_or_lost_is_said_so() {
        let (folder, printed) = written();
        std::fs::write(folder.path().join(SUMS), "nonsense").unwrap();
        let found = check(folder.path(), &printed).unwrap();
        assert_eq!(
            (found.intact, found.changed.as_slice(), found.explanation.as_str()),
            (false, &[SUMS.to_owned()][..], "SHA256SUMS is changed; every other file is as it was when the report was written.")
        );
        std::fs::remove_file(folder.path().join(SUMS)).unwrap();
        assert_eq!(check(folder.path(), &printed).unwrap().missing, [SUMS]);
    }

    #[test]
    fn a_folder_without_a_data_set_is_one_sentence() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(check(folder.path(), "00").unwrap_err().code, "evidence.no_data_set");
        assert_eq!(check(&folder.path().join("nowhere"), "00").unwrap_err().code, "evidence.unreadable");
    }
}
