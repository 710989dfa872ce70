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
    if which.is_empty() || which.contains(&"engine") {
        println!(
            "The Conditional Access engine (criterion; bars: a what-if of 60 policies under 50 µs, coverage of 100,000 users under 250 ms, replay of 200,000 sign-ins under 1 s, and a dry run over them beside it, import of 300 policies under 100 ms)"
        );
        run(cargo().args(["bench", "--quiet", "--package", "gatehouse-conditional-access", "--benches"]))?;
    }
    let others: Vec<&str> = which.iter().copied().filter(|part| *part != "engine").collect();
    if !which.is_empty() && others.iter().all(|part| part.starts_with("--")) {
        return Ok(true);
    }
    let which = others.as_slice();
    println!("Building with optimization (some minutes the first time)");
    run(cargo().args(["build", "--quiet", "--release", "--package", "gatehouse-cli", "--package", "gatehouse-bench"]))?;
    if which.is_empty() || which.contains(&"window") {
        ui::build()?;
        run(cargo().args(["build", "--quiet", "--release", "--package", "gatehouse", "--features", "custom-protocol"]))?;
    }
    run(Command::new(target().join("release").join(format!("gatehouse-bench{}", std::env::consts::EXE_SUFFIX))).args(which))?;
    Ok(true)
}
