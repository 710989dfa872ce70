//! The data set beside a report, made of its facts alone: one JSON with everything, tables as CSV, and SHA256SUMS with the SHA-256 of
//! each file in the form that `sha256sum --check` reads. *The data set's hash is the SHA-256 of SHA256SUMS*; the report prints it. The
//! same facts give the same bytes.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    facts::{ChangesFacts, FleetFacts, InsurerFacts},
    policies::hex,
};
use crate::{export::whole, posture::MfaReportFacts, views::Problem};

mod check;
mod posture;
mod tables;

pub use check::{Check, check};
use posture::posture_people;
use tables::{access, admins, alerts, changes, customers, departments, exceptions, people, policies, sources, statements};

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
