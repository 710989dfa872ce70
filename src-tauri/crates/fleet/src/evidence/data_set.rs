//! The data set beside a report, made of its facts alone: one JSON with everything, tables as CSV, and SHA256SUMS with the SHA-256 of
//! each file in the form that `sha256sum --check` reads. *The data set's hash is the SHA-256 of SHA256SUMS*; the report prints it. The
//! same facts give the same bytes.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    facts::{AccessFact, AlertHistory, Buckets, CarveOut, ChangeFact, ChangesFacts, Enforced, ExceptionFact, FleetFacts, InsurerFacts, PersonFact, SourceFact},
    overrides::answer_name,
    policies::hex,
};
use crate::{
    export::{cells, spreadsheet, whole},
    posture::MfaReportFacts,
    problem::problem,
    views::Problem,
};

pub const SUMS: &str = "SHA256SUMS";
pub const JSON: &str = "data-set.json";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSet {
    /// By name; SHA256SUMS last.
    pub files: Vec<(String, Vec<u8>)>,
    /// What the report prints, hexadecimal.
    pub sha256: String,
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// One line a file, in the order of their names.
fn sums(files: &BTreeMap<String, String>) -> String {
    files.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect()
}

const README: &str = "This folder holds the data of a Gatehouse report: data-set.json has everything, the CSV files have the same as tables.\n\
    SHA256SUMS holds the SHA-256 of each of the other files; the SHA-256 of SHA256SUMS itself is printed in the report.\n\
    To check: sha256sum --check SHA256SUMS, then sha256sum SHA256SUMS and compare with the report.\n\
    Or: gatehouse-cli report verify REPORT.pdf --data THIS-FOLDER\n";

/// The data set of the insurer's evidence.
#[must_use]
pub fn of(facts: &InsurerFacts) -> DataSet {
    seal([
        (JSON, json(facts)),
        ("statements.csv", statements(facts)),
        ("people.csv", people(facts)),
        ("departments.csv", departments(facts)),
        ("policies.csv", policies(facts)),
        ("exceptions.csv", exceptions(facts)),
        ("admins.csv", admins(facts)),
        ("changes.csv", changes(&facts.changes)),
        ("alerts.csv", alerts(&facts.alerts)),
        ("access.csv", access(&facts.access)),
        ("sources.csv", sources(&facts.sources)),
    ])
}

/// The data set of *Alerts and changes*.
#[must_use]
pub fn of_changes(facts: &ChangesFacts) -> DataSet {
    seal([
        (JSON, json(facts)),
        ("changes.csv", changes(&facts.changes)),
        ("alerts.csv", alerts(&facts.alerts)),
        ("access.csv", access(&facts.access)),
        ("sources.csv", sources(&facts.sources)),
    ])
}

/// The data set of the *Fleet summary*.
#[must_use]
pub fn of_fleet(facts: &FleetFacts) -> DataSet {
    seal([(JSON, json(facts)), ("customers.csv", customers(facts))])
}

/// The data set of the *MFA posture*.
#[must_use]
pub fn of_mfa(facts: &MfaReportFacts) -> DataSet {
    seal([(JSON, json(facts)), ("people.csv", posture_people(facts))])
}

fn seal<const N: usize>(files: [(&str, Vec<u8>); N]) -> DataSet {
    let mut files: BTreeMap<String, Vec<u8>> = files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
    files.insert("README.txt".to_owned(), README.as_bytes().to_vec());
    let sums = sums(&files.iter().map(|(name, bytes)| (name.clone(), sha256(bytes))).collect());
    let sha256 = sha256(sums.as_bytes());
    let mut files: Vec<(String, Vec<u8>)> = files.into_iter().collect();
    files.push((SUMS.to_owned(), sums.into_bytes()));
    DataSet { files, sha256 }
}

impl DataSet {
    /// Writes every file into the folder, which is made; SHA256SUMS last, so that a data set that was cut off does not check.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn write(&self, folder: &Path) -> Result<(), Problem> {
        self.files.iter().try_for_each(|(name, bytes)| whole(&folder.join(name), bytes))
    }
}

fn json(facts: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(facts).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn text(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn number(n: Option<u32>) -> String {
    n.map_or_else(|| "not known".to_owned(), |n| n.to_string())
}

fn statements(facts: &InsurerFacts) -> Vec<u8> {
    let titles = ["Id", "Question", "Answer", "By the data", "Evidence", "Answered otherwise by", "Their note", "Recorded by", "Recorded at", "Chapter"];
    let rows = facts.statements.iter().map(|statement| {
        let other = statement.overridden.as_ref();
        vec![
            statement.id.clone(),
            statement.question.clone(),
            answer_name(statement.answer()).to_owned(),
            answer_name(statement.judged).to_owned(),
            statement.evidence.clone(),
            text(other.map(|other| &other.person)),
            text(other.map(|other| &other.note)),
            text(other.map(|other| &other.recorded_by)),
            cells::moment(other.map(|other| other.recorded_at)),
            cells::word(&statement.chapter),
        ]
    });
    spreadsheet(&titles, rows)
}

/// Everybody whom the report names, and why.
fn people(facts: &InsurerFacts) -> Vec<u8> {
    let titles = ["List", "Name", "UPN", "Department", "Manager", "MFA", "Methods", "Enforced by", "Reason", "Id"];
    let enrolment = &facts.enrolment;
    let lists: [(&str, &[PersonFact]); 4] = [
        ("No second factor", &enrolment.without),
        ("Only text message or call", &enrolment.weak_only),
        ("Registered, not enforced", &enrolment.registered_not_enforced),
        ("Enforced, not registered", &enrolment.enforced_not_registered),
    ];
    let rows = lists.iter().flat_map(|(list, people)| {
        people.iter().map(move |person| {
            vec![
                (*list).to_owned(),
                person.name.clone(),
                person.upn.clone(),
                text(person.department.as_ref()),
                text(person.manager.as_ref()),
                cells::bucket(person.bucket),
                cells::list(&person.methods),
                person.enforced.clone(),
                text(person.reason.as_ref()),
                person.id.clone(),
            ]
        })
    });
    spreadsheet(&titles, rows)
}

fn counts(people: Buckets, enforced: Enforced) -> Vec<String> {
    let all = [
        people.sum(),
        people.strong,
        people.weak,
        people.none,
        people.unknown,
        enforced.conditional_access,
        enforced.security_defaults,
        enforced.per_user,
        enforced.not_enforced,
        enforced.unknown,
    ];
    all.iter().map(u32::to_string).collect()
}

fn departments(facts: &InsurerFacts) -> Vec<u8> {
    let titles = [
        "Department",
        "People",
        "Strong",
        "Weak",
        "None",
        "Unknown",
        "Conditional Access",
        "Security defaults",
        "Per-user MFA",
        "Not enforced",
        "Enforcement not known",
    ];
    // Registration that was never read has no counts, not even zero.
    let readable = facts.enrolment.unreadable.is_none();
    let everybody = (Some("All people".to_owned()), facts.enrolment.people, facts.enrolment.enforced);
    let departments =
        facts.enrolment.departments.iter().map(|one| (Some(one.name.clone().unwrap_or_else(|| "(no department)".to_owned())), one.people, one.enforced));
    let rows = std::iter::once(everybody).chain(departments).filter(|_| readable).map(|(name, people, enforced)| {
        let mut row = vec![name.unwrap_or_default()];
        row.extend(counts(people, enforced));
        row
    });
    spreadsheet(&titles, rows)
}

fn policies(facts: &InsurerFacts) -> Vec<u8> {
    let titles = ["Policy", "State", "In words", "Last change", "By", "SHA-256", "Id"];
    let rows = facts.policies.iter().flatten().map(|policy| {
        vec![
            policy.name.clone(),
            policy.state.clone(),
            policy.sentence.clone(),
            cells::moment(policy.changed_at),
            text(policy.changed_by.as_ref()),
            policy.sha256.clone(),
            policy.id.clone(),
        ]
    });
    spreadsheet(&titles, rows)
}

fn exceptions(facts: &InsurerFacts) -> Vec<u8> {
    let titles = [
        "Number",
        "Subject",
        "Policy",
        "People",
        "Reason",
        "Protected instead by",
        "Ticket",
        "Sign-off",
        "Signed by",
        "Role",
        "Signed at",
        "Note",
        "Attachments",
        "Until",
        "Review due",
    ];
    let signed = facts.exceptions.iter().map(exception);
    let found = facts.carve_outs.iter().flatten().map(carve_out);
    spreadsheet(&titles, signed.chain(found))
}

fn exception(one: &ExceptionFact) -> Vec<String> {
    vec![
        one.number.to_string(),
        one.subject.clone(),
        text(one.policy.as_ref()),
        number(one.people),
        one.reason.clone(),
        one.compensating.clone(),
        text(one.ticket.as_ref()),
        cells::word(&one.sign_off),
        text(one.signed_by.as_ref()),
        text(one.signed_role.as_ref()),
        cells::moment(one.signed_at),
        text(one.note.as_ref()),
        one.attachments.iter().map(|file| format!("{} (SHA-256 {})", file.name, file.sha256)).collect::<Vec<_>>().join("; "),
        cells::moment(one.until),
        cells::moment(one.review_due),
    ]
}

fn carve_out(one: &CarveOut) -> Vec<String> {
    let mut row = vec![String::new(); 15];
    let cells = [
        (1, one.subject.clone()),
        (2, one.policy.clone()),
        (3, number(one.people)),
        (4, one.words.clone()),
        (7, "found in the policy, not signed off".to_owned()),
    ];
    for (at, text) in cells {
        if let Some(cell) = row.get_mut(at) {
            *cell = text;
        }
    }
    row
}

fn admins(facts: &InsurerFacts) -> Vec<u8> {
    let titles = ["Name", "UPN", "Roles", "MFA", "Methods", "Enforced by", "Newest method", "Stale", "Id"];
    let rows = facts.admins.iter().flatten().map(|admin| {
        vec![
            admin.person.name.clone(),
            admin.person.upn.clone(),
            cells::list(&admin.roles),
            cells::bucket(admin.person.bucket),
            cells::list(&admin.person.methods),
            admin.person.enforced.clone(),
            cells::moment(admin.newest_method),
            cells::yes_no(Some(admin.stale)),
            admin.person.id.clone(),
        ]
    });
    spreadsheet(&titles, rows)
}

fn changes(changes: &[ChangeFact]) -> Vec<u8> {
    let titles = ["Time", "What", "Details", "Who", "Through Gatehouse", "Ticket", "Approved by"];
    let rows = changes.iter().map(|change| {
        vec![
            cells::moment(Some(change.at)),
            change.what.clone(),
            cells::list(&change.details),
            text(change.who.as_ref()),
            cells::yes_no(Some(change.through_gatehouse)),
            text(change.ticket.as_ref()),
            text(change.approved_by.as_ref()),
        ]
    });
    spreadsheet(&titles, rows)
}

fn alerts(history: &AlertHistory) -> Vec<u8> {
    let titles = ["Number", "Severity", "Kind", "What", "First seen", "Handled at", "Handled by", "Resolved at", "Note"];
    let rows = history.alerts.iter().map(|alert| {
        vec![
            alert.id.to_string(),
            cells::word(&alert.severity),
            alert.kind.clone(),
            alert.title.clone(),
            cells::moment(Some(alert.first_seen)),
            cells::moment(alert.handled_at),
            text(alert.handled_by.as_ref()),
            cells::moment(alert.resolved_at),
            text(alert.note.as_ref()),
        ]
    });
    spreadsheet(&titles, rows)
}

fn access(all: &[AccessFact]) -> Vec<u8> {
    let titles = ["Person", "UPN", "Group", "Reason", "Ticket", "Approved by", "From", "Until", "State"];
    let rows = all.iter().map(|one| {
        vec![
            one.person.clone(),
            one.upn.clone(),
            one.group.clone(),
            one.reason.clone(),
            text(one.ticket.as_ref()),
            text(one.approved_by.as_ref()),
            cells::moment(one.from),
            cells::moment(Some(one.until)),
            one.state.clone(),
        ]
    });
    spreadsheet(&titles, rows)
}

fn sources(sources: &[SourceFact]) -> Vec<u8> {
    let titles = ["Source", "Rows", "Read at", "Status"];
    let rows = sources.iter().map(|source| {
        vec![source.title.clone(), number(source.rows), source.read_at.map_or_else(|| "never".to_owned(), |at| cells::moment(Some(at))), source.status.clone()]
    });
    spreadsheet(&titles, rows)
}

fn customers(facts: &FleetFacts) -> Vec<u8> {
    let titles = [
        "Customer",
        "Domain",
        "Licence",
        "Consent",
        "Last sync",
        "People",
        "Strong",
        "Weak",
        "None",
        "Unknown",
        "Admins without MFA",
        "Open critical",
        "Open high",
        "Open other",
        "Critical controls missing",
        "Exceptions not signed",
        "First",
    ];
    let rows = facts.customers.iter().map(|one| {
        let of = |count: fn(Buckets) -> u32| number(one.people.map(count));
        vec![
            one.customer.name.clone(),
            one.customer.domain.clone(),
            one.customer.licence.clone().unwrap_or_else(|| "not known".to_owned()),
            one.consent.clone(),
            one.last_sync.map_or_else(|| "never".to_owned(), |at| cells::moment(Some(at))),
            of(Buckets::sum),
            of(|people| people.strong),
            of(|people| people.weak),
            of(|people| people.none),
            of(|people| people.unknown),
            number(one.admins.map(|admins| admins.none)),
            one.open_critical.to_string(),
            one.open_high.to_string(),
            one.open_other.to_string(),
            number(one.missing_critical),
            one.unsigned_exceptions.to_string(),
            text(one.first.as_ref()),
        ]
    });
    spreadsheet(&titles, rows)
}

/// Everybody whom the report names: admins, and people by what they lack.
fn posture_people(facts: &MfaReportFacts) -> Vec<u8> {
    let titles = ["List", "Name", "UPN", "Department", "MFA", "Methods", "Privileged roles", "Newest method", "Stale", "Reason", "Id"];
    let lists =
        [("Administrator", &facts.admin_list), ("No second factor", &facts.none), ("Only text message or call", &facts.weak), ("Not known", &facts.unknown)];
    let rows = lists.iter().flat_map(|(list, people)| {
        people.iter().map(move |person| {
            vec![
                (*list).to_owned(),
                person.display_name.clone(),
                person.upn.clone(),
                text(person.department.as_ref()),
                cells::bucket(person.bucket),
                cells::list(&person.methods),
                cells::list(&person.roles),
                cells::moment(person.newest_method),
                cells::yes_no(Some(person.stale)),
                text(person.reason.as_ref()),
                person.id.clone(),
            ]
        })
    });
    spreadsheet(&titles, rows)
}

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
