//! `run`, `bindings` and `package`.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::process::{Outcome, cargo, root, run as run_command, target};
use crate::setup::{Needs, setup};
use crate::ui;

/// Opens the app on the demo fleet, or does the same job without a window where there is no display.
///
/// # Errors
/// Setting up, building or the demo failed.
pub fn run() -> Outcome<bool> {
    let display =
        cfg!(not(target_os = "linux")) || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    let folder = target().join("demo");
    let data = folder.join("data");
    if display {
        setup(Needs::Build)?;
        ui::build()?;
        println!("Building Gatehouse");
        run_command(cargo().args(["build", "--quiet", "--package", "gatehouse", "--features", "custom-protocol"]))?;
        println!("Opening Gatehouse on the demo fleet; its data lies in {}", data.display());
        run_command(Command::new(binary("gatehouse")).arg("--demo").arg("--data-dir").arg(&data))?;
        return Ok(true);
    }
    println!("There is no display: syncing the demo fleet without a window");
    if data.exists() {
        fs::remove_dir_all(&data).map_err(|error| format!("{}: {error}", data.display()))?;
    }
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    run_command(cargo().args(["build", "--quiet", "--package", "gatehouse-cli"]))?;
    let gatehouse = |arguments: &[&str]| {
        let mut command = Command::new(binary("gatehouse-cli"));
        command.current_dir(root()).arg("--data-dir").arg(&data).args(arguments);
        command
    };
    run_command(&mut gatehouse(&["tenant", "add", "--demo"]))?;
    // One of the fictional customers has withdrawn its consent, so that this can be seen too: the command then ends with 1.
    if let Err(error) = run_command(&mut gatehouse(&["sync"])) {
        println!("({error}: see above which customer could not be read)");
    }
    run_command(&mut gatehouse(&["alerts"]))?;
    let listed = gatehouse(&["--json", "tenant", "list"]).output().map_err(|error| error.to_string())?;
    let tenants: Value = serde_json::from_slice(&listed.stdout).map_err(|error| format!("`gatehouse-cli tenant list` did not answer JSON: {error}"))?;
    for tenant in tenants.as_array().into_iter().flatten() {
        let (Some(id), Some(name)) = (tenant["id"].as_str(), tenant["displayName"].as_str()) else { continue };
        let file = folder.join(format!("{} - MFA posture.pdf", file_name(name)));
        run_command(gatehouse(&["report", "mfa", "--tenant", id, "--out"]).arg(&file))?;
    }
    run_command(gatehouse(&["report", "insurer", "--all", "--out-dir"]).arg(&folder))?;
    run_command(gatehouse(&["report", "fleet", "--out"]).arg(folder.join("Fleet summary.pdf")))?;
    println!("\nThe PDFs lie in {}", folder.display());
    Ok(true)
}

/// A customer's name as a file name that every operating system takes.
fn file_name(name: &str) -> String {
    let safe: String = name.chars().map(|c| if c.is_alphanumeric() || " -_.&".contains(c) { c } else { '_' }).collect();
    safe.trim_matches(['.', ' ']).to_owned()
}

/// Writes `ui/src/bindings.ts`.
///
/// # Errors
/// Building or writing failed.
pub fn bindings() -> Outcome<bool> {
    setup(Needs::Build)?;
    run_command(cargo().args(["run", "--quiet", "--package", "gatehouse", "--", "--write-bindings"]).arg(root().join("ui/src/bindings.ts")))?;
    println!("Wrote ui/src/bindings.ts");
    Ok(true)
}

/// Builds the installer of this operating system with the Tauri CLI.
///
/// # Errors
/// Building failed.
pub fn package() -> Outcome<bool> {
    setup(Needs::Build)?;
    ui::install()?;
    let tool = tool("tauri-cli", "cargo-tauri")?;
    run_command(Command::new(tool).current_dir(root()).args(["build", "--features", "custom-protocol"]))?;
    println!("The installer lies in {}", target().join("release/bundle").display());
    Ok(true)
}

/// A program of crates.io, installed once into `target/tools`.
///
/// # Errors
/// It could not be installed.
pub fn tool(package: &str, program: &str) -> Outcome<std::path::PathBuf> {
    let tools = target().join("tools");
    let file = tools.join("bin").join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    if !file.is_file() {
        println!("Installing {package} into target/tools");
        run_command(cargo().args(["install", "--quiet", "--locked", "--root"]).arg(&tools).arg("--target-dir").arg(tools.join("build")).arg(package))?;
    }
    Ok(file)
}

pub fn binary(name: &str) -> std::path::PathBuf {
    target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
