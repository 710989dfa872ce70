//! `mutants`: the Conditional Access engine is changed in one branch after the other, and some test must notice each change
//! (cargo-mutants). What no test notices is listed; it takes hours, so one module or a share of all can be asked for.

use std::process::Command;

use crate::process::{Outcome, root, run_kept, target};
use crate::run::tool;

const PACKAGE: &str = "gatehouse-conditional-access";

/// Measures every branch, or those of the modules named ("evaluate", "drift/judge"); `--shard 0/8` and cargo-mutants' other
/// options are passed on.
///
/// # Errors
/// cargo-mutants could not be installed or started; a change that no test noticed is no error but `false`.
pub fn mutants(which: &[&str]) -> Outcome<bool> {
    let program = tool("cargo-mutants", "cargo-mutants")?;
    let mut command = Command::new(program);
    command.current_dir(root()).args(["mutants", "--package", PACKAGE, "--cap-lints", "true", "--timeout", "120", "--output"]).arg(target());
    let modules = which.iter().take_while(|word| !word.starts_with('-'));
    for module in modules.clone() {
        command
            .arg("--file")
            .arg(format!("src-tauri/crates/conditional-access/src/{module}*"))
            .arg("--file")
            .arg(format!("src-tauri/crates/conditional-access/src/{module}/**"));
    }
    command.args(which.iter().skip(modules.count()));
    // Linking is most of the time, and nobody debugs these builds; examples in comments are told by the stories too.
    command.env("CARGO_PROFILE_DEV_DEBUG", "0").args(["--", "--lib", "--test", "stories"]);
    let (passed, _) = run_kept(&mut command)?;
    println!("Everything in full: {}", target().join("mutants.out").display());
    Ok(passed)
}
