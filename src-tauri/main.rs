//! The desktop app's entry: reads the command line and runs.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match gatehouse::Launch::from_arguments(std::env::args_os().skip(1)) {
        Ok(launch) => gatehouse::run(launch),
        Err(error) => {
            eprintln!("error: {error}; see --help");
            ExitCode::from(2)
        }
    }
}
