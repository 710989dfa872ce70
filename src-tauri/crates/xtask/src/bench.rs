//! `bench`: the bars of the product, measured in release builds and printed as figures and ratios of one run.

use std::process::Command;

use crate::process::{Outcome, cargo, run, target};
use crate::setup::{Needs, setup};
use crate::ui;

/// Runs the benchmark program; arguments choose its parts.
///
/// # Errors
/// Building failed or a measurement could not be made.
pub fn bench(which: &[&str]) -> Outcome<bool> {
    setup(Needs::Build)?;
    println!("Building with optimization (some minutes the first time)");
    run(cargo().args(["build", "--quiet", "--release", "--package", "gatehouse-cli", "--package", "gatehouse-bench"]))?;
    if which.is_empty() || which.contains(&"window") {
        ui::build()?;
        run(cargo().args(["build", "--quiet", "--release", "--package", "gatehouse", "--features", "custom-protocol"]))?;
    }
    run(Command::new(target().join("release").join(format!("gatehouse-bench{}", std::env::consts::EXE_SUFFIX))).args(which))?;
    Ok(true)
}
