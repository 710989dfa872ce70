//! One file of rows while it is written: beside its place, and moved there when it is whole.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::cells::safe;
use crate::{problem::problem, views::Problem};

/// With it a spreadsheet reads the file as UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

enum Form {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Json(BufWriter<File>),
}

/// A CSV with its mark and its titles written.
fn begin<W: Write>(mut out: W, titles: &[&str]) -> std::io::Result<csv::Writer<W>> {
    out.write_all(BYTE_ORDER_MARK)?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record(titles)?;
    Ok(writer)
}

/// A whole CSV in memory, its cells made harmless.
pub(crate) fn spreadsheet(titles: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to memory does not fail.
    if let Ok(mut writer) = begin(&mut bytes, titles) {
        for cells in rows {
            let _ = writer.write_record(cells.iter().map(|cell| safe(cell).into_owned()));
        }
        let _ = writer.flush();
    }
    bytes
}

/// Writes a finished file beside its place and moves it there: it appears whole or not at all. Folders are made.
pub(crate) fn whole(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let Some(name) = path.file_name() else {
        return Err(problem("input.missing", "No file was named", "Choose where it should be written."));
    };
    let mut partial = name.to_os_string();
    partial.push(".partial");
    let partial = path.with_file_name(partial);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let written = folder.map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&partial, bytes)).and_then(|()| fs::rename(&partial, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&partial);
        unwritable(path, &error)
    })
}

pub(super) struct Table {
    path: PathBuf,
    partial: PathBuf,
    form: Option<Form>,
    rows: u32,
}

impl Table {
    pub fn begin(path: &Path, titles: &[&str]) -> Result<Self, Problem> {
        let extension = path.extension().map(|text| text.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        let as_csv = match extension.as_str() {
            "csv" => true,
            "json" => false,
            _ => {
                return Err(problem("input.invalid", "The file's name must end in .csv or .json", "Choose one of the two.").with_details(path.display()));
            }
        };
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(".partial");
        let partial = path.with_file_name(name);
        let mut file = BufWriter::new(File::create(&partial).map_err(|error| unwritable(path, &error))?);
        let mut table = Self { path: path.to_path_buf(), partial, form: None, rows: 0 };
        let begun = if as_csv { begin(file, titles).map(|writer| Form::Csv(Box::new(writer))) } else { file.write_all(b"[").map(|()| Form::Json(file)) };
        table.form = Some(begun.map_err(|error| unwritable(path, &error))?);
        Ok(table)
    }

    /// `cells` is asked for a CSV only; JSON has the row as the window gets it.
    pub fn row(&mut self, row: &impl Serialize, cells: impl FnOnce() -> Vec<String>) -> Result<(), Problem> {
        let first = self.rows == 0;
        let written = match &mut self.form {
            Some(Form::Csv(writer)) => {
                let cells = cells();
                writer.write_record(cells.iter().map(|cell| safe(cell).into_owned())).map_err(std::io::Error::from)
            }
            Some(Form::Json(file)) => {
                file.write_all(if first { b"\n  " } else { b",\n  " }).and_then(|()| serde_json::to_writer(file, row).map_err(std::io::Error::from))
            }
            None => Ok(()),
        };
        written.map_err(|error| unwritable(&self.path, &error))?;
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }

    pub fn end(mut self) -> Result<u32, Problem> {
        let ended = match self.form.take() {
            Some(Form::Csv(mut writer)) => writer.flush(),
            Some(Form::Json(mut file)) => file.write_all(b"\n]\n").and_then(|()| file.flush()),
            None => Ok(()),
        };
        ended.and_then(|()| fs::rename(&self.partial, &self.path)).map_err(|error| unwritable(&self.path, &error))?;
        Ok(self.rows)
    }
}

impl Drop for Table {
    /// What did not come to its end leaves nothing behind.
    fn drop(&mut self) {
        drop(self.form.take());
        let _ = fs::remove_file(&self.partial);
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Problem {
    problem(
        "export.write",
        format!("{} could not be written", path.display()),
        "Check that the folder exists, that you may write to it, that the disk has space and that no other program has the file open.",
    )
    .with_details(error)
}
