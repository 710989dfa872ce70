//! `cargo xtask run | test | bench | mutants | bindings | package`: everything a fresh machine that has Rust needs to build, open and
//! test Gatehouse. Each task first sets up what it needs (`setup.rs`). Nothing of the product lives here.

mod bench;
mod counts;
mod mutants;
mod process;
mod run;
mod setup;
mod test;
mod ui;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask run        set up this machine, build, and open Gatehouse on the demo fleet
                       (without a display: sync the demo fleet, print the alerts, write the PDFs to target/demo)
cargo xtask test       set up this machine and run every test: Rust, UI, window
                       (--rust, --ui, --window: only that part)
cargo xtask bench      measure the bars and print the figures (release builds)
                       (engine, sync, lists, pdf, window: only that part; --small: a tenth of the size)
cargo xtask mutants    change the Conditional Access engine branch by branch: which changes does no test notice? (hours)
                       (evaluate, coverage, drift, …: only these modules; --shard 0/8: a share)
cargo xtask bindings   write ui/src/bindings.ts from the Rust types
cargo xtask package    build the installer for this operating system";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("run") => run::run(),
        Some("test") => test::test(&rest),
        Some("bench") => bench::bench(&rest),
        Some("mutants") => mutants::mutants(&rest),
        Some("bindings") => run::bindings(),
        Some("package") => run::package(),
        Some("help" | "--help" | "-h") | None => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Some(other) => {
            eprintln!("error: there is no task '{other}'; see `cargo xtask help`");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
