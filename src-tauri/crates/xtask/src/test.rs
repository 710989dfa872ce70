//! `test`: the Rust tests, the UI's, and the real window's; the last line adds them up.

use std::process::Command;

use crate::counts::{self, Counts};
use crate::process::{Outcome, cargo, find, root, run, run_kept, run_kept_showing};
use crate::run::tool;
use crate::setup::{Needs, setup};
use crate::ui;

/// Runs everything, or only the part named.
///
/// # Errors
/// Setting up or building failed; a failing test is no error but `false`.
pub fn test(which: &[&str]) -> Outcome<bool> {
    if let Some(unknown) = which.iter().find(|part| !["--rust", "--ui", "--window"].contains(part)) {
        return Err(format!("there is no part '{unknown}'; name --rust, --ui or --window, or nothing for all"));
    }
    let wants = |part: &str| which.is_empty() || which.contains(&part);
    setup(Needs::WindowTests)?;
    let mut sum = Part::default();
    let mut add = |part: Part| sum += part;
    // A part that could not run is a failure of its own: the others still run, and the last line still adds them up.
    add(Part::settled("the UI's build", ui::build().map(|()| Part::default())));
    if wants("--ui") {
        add(Part::settled("the UI tests", ui_tests()));
    }
    if wants("--rust") {
        add(Part::settled("the Rust tests", rust_tests()));
    }
    if wants("--window") {
        if cfg!(target_os = "linux") {
            add(Part::settled("the window's tests", window_tests()));
        } else {
            println!("The window tests need Linux (WebKitWebDriver, Xvfb); skipped here");
            add(Part { counts: Counts { skipped: 1, ..Counts::default() }, ..Part::default() });
        }
    }
    // Whoever reads only the end of a long log learns what happened: it stands far above by now.
    for said in &sum.said {
        println!("{said}\n");
    }
    for test in &sum.unsteady {
        println!("unsteady: {test} failed once and passed once");
    }
    for failure in &sum.failed {
        println!("failed: {failure}");
    }
    println!("{} passed, {} failed, {} skipped", sum.counts.passed, sum.counts.failed, sum.counts.skipped);
    Ok(sum.failed.is_empty() && sum.counts.failed == 0)
}

/// What one part of the tests came to: its counts, every step or test of it that failed by name, and what failing tests said.
#[derive(Default)]
struct Part {
    counts: Counts,
    failed: Vec<String>,
    /// Failed once and passed once. Counted as passed and always named: each is a fault, of the test or of what it tests.
    unsteady: Vec<String>,
    said: Vec<String>,
}

impl std::ops::AddAssign for Part {
    fn add_assign(&mut self, other: Self) {
        self.counts += other.counts;
        self.failed.extend(other.failed);
        self.unsteady.extend(other.unsteady);
        self.said.extend(other.said);
    }
}

impl Part {
    fn settled(name: &str, outcome: Outcome<Self>) -> Self {
        outcome.unwrap_or_else(|why| {
            eprintln!("{name}: {why}");
            Self { counts: Counts { failed: 1, ..Counts::default() }, failed: vec![format!("{name}: {why}")], ..Self::default() }
        })
    }

    /// The tests of a runner; one that failed without naming a failed test (it did not build, it crashed) is a failure all the same.
    fn of_runner(runner: &str, passed: bool, counts: Counts, named: Vec<String>) -> Self {
        let mut part = Self { counts, failed: named, ..Self::default() };
        if !passed && part.failed.is_empty() {
            part.failed.push(format!("{runner} (see above)"));
        }
        if !passed && part.counts.failed == 0 {
            part.counts.failed = 1;
        }
        part
    }

    /// The tests that failed by name ran once more: `passed` as a whole, or `still` names those that failed again. What never had a name
    /// (a build, a crash) stays failed, and everything does where the second run crashed.
    fn tried_again(&mut self, named: &[String], passed: bool, still: &[String]) {
        if !passed && still.is_empty() {
            return;
        }
        let steady = |test: &String| !named.contains(test) || still.contains(test);
        let (failed, unsteady): (Vec<_>, Vec<_>) = std::mem::take(&mut self.failed).into_iter().partition(steady);
        let passed = u32::try_from(unsteady.len()).unwrap_or(u32::MAX).min(self.counts.failed);
        self.counts.failed -= passed;
        self.counts.passed += passed;
        (self.failed, self.unsteady) = (failed, unsteady);
        // A test that ran again beside them.
        self.unsteady.extend(still.iter().filter(|test| !named.contains(test)).cloned());
    }

    /// A check that is no test (lint, types): counted only where it failed.
    fn check(&mut self, name: &str, passed: bool) {
        if !passed {
            self.counts.failed += 1;
            self.failed.push(name.to_owned());
        }
    }
}

/// So much of what each failing test said is said again at the end.
const SAID_LINES: usize = 40;

/// The window's features, so that everything is built once for the Rust tests and the window's.
const WINDOW: &str = "gatehouse/custom-protocol";

fn ui_tests() -> Outcome<Part> {
    println!("== UI");
    let linted = said(run(ui::npm()?.args(["run", "--silent", "lint"])));
    let typed = said(run(ui::npm()?.args(["run", "--silent", "typecheck"])));
    let vitest = |files: &[&str]| run_kept(ui::npm()?.args(["run", "--silent", "test", "--"]).args(files).env("CI", "1"));
    let (passed, output) = vitest(&[])?;
    let named = counts::failed_in_vitest(&output);
    let mut part = Part::of_runner("vitest", passed, counts::vitest(&output), named.clone());
    part.said = counts::failures_of_vitest(&output, SAID_LINES);
    if !named.is_empty() {
        let mut files: Vec<&str> = named.iter().filter_map(|name| name.split_whitespace().next()).collect();
        files.sort_unstable();
        files.dedup();
        println!("== UI, once more: {}", files.join(", "));
        let (passed, output) = vitest(&files)?;
        part.tried_again(&named, passed, &counts::failed_in_vitest(&output));
    }
    part.check("biome: npm run lint", linted);
    part.check("tsc: npm run typecheck", typed);
    Ok(part)
}

fn said(step: Outcome<()>) -> bool {
    if let Err(error) = &step {
        eprintln!("{error}");
    }
    step.is_ok()
}

fn rust_tests() -> Outcome<Part> {
    println!("== Rust");
    // A toolchain may come without rustfmt; what it would say is then for the next machine to say.
    let formatted = find("rustfmt").is_none() || said(run(cargo().args(["fmt", "--all", "--check"])));
    let (linted, _) = run_kept(cargo().args(["clippy", "--quiet", "--workspace", "--all-targets", "--features", WINDOW, "--", "-D", "warnings"]))?;
    let nextest = find("cargo-nextest").is_some();
    let mut command = cargo();
    if nextest {
        // Output of passing tests is asked for, so that a test which passed over its subject can be counted as skipped.
        command.args([
            "nextest",
            "run",
            "--workspace",
            "--features",
            WINDOW,
            "--filterset",
            "not binary(window)",
            "--no-fail-fast",
            "--success-output",
            "final",
            "--status-level",
            "fail",
            "--final-status-level",
            "slow",
        ]);
    } else {
        command.args(["test", "--workspace", "--exclude", "gatehouse", "--no-fail-fast", "--", "--nocapture"]);
    }
    let (mut passed, output) = if nextest { run_kept_showing(&mut command, counts::worth_showing())? } else { run_kept(&mut command)? };
    let mut counts = if nextest { counts::nextest(&output) } else { counts::cargo_test(&output) };
    let mut named = if nextest { counts::failed_in_nextest(&output) } else { counts::failed_in_cargo_test(&output) };
    if !nextest {
        let (shell, output) = run_kept(cargo().args(["test", "--package", "gatehouse", "--features", WINDOW, "--lib", "--bins", "--test", "bindings"]))?;
        passed &= shell;
        counts += counts::cargo_test(&output);
        named.extend(counts::failed_in_cargo_test(&output));
    }
    let mut part = Part::of_runner("the Rust tests", passed, counts, named);
    part.check("rustfmt: cargo fmt --all", formatted);
    part.check("clippy", linted);
    Ok(part)
}

/// The real window under a screen and a session bus of its own, driven through WebDriver.
fn window_tests() -> Outcome<Part> {
    println!("== Window");
    let driver = tool("tauri-driver", "tauri-driver")?;
    run(cargo().args(["test", "--quiet", "--no-run", "--workspace", "--features", WINDOW, "--test", "window"]))?;
    let stories = |only: &[String]| {
        let mut command = Command::new("xvfb-run");
        command
            .current_dir(root())
            .args(["-a", "-s", "-screen 0 1920x1080x24", "dbus-run-session", "--"])
            .arg(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["test", "--workspace", "--features", WINDOW, "--test", "window", "--", "--test-threads=1", "--nocapture"])
            .env("TAURI_DRIVER", &driver)
            .env("NO_AT_BRIDGE", "1")
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
            .env("LIBGL_ALWAYS_SOFTWARE", "1");
        if !only.is_empty() {
            command.arg("--exact").args(only);
        }
        run_kept(&mut command)
    };
    let (passed, output) = stories(&[])?;
    let named = counts::failed_in_cargo_test(&output);
    let mut part = Part::of_runner("the window's tests", passed, counts::cargo_test(&output), named.clone());
    if !passed {
        part.said = counts::panics(&output, SAID_LINES);
    }
    if !named.is_empty() {
        println!("== Window, once more: {}", named.join(", "));
        let (passed, output) = stories(&named)?;
        part.tried_again(&named, passed, &counts::failed_in_cargo_test(&output));
    }
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_fails_once_and_passes_once_is_unsteady_and_what_has_no_name_stays_failed() {
        let named = ["a".to_owned(), "b".to_owned()];
        let mut part = Part::of_runner("r", false, Counts { passed: 5, failed: 2, skipped: 0 }, named.to_vec());
        part.check("lint", false);
        part.tried_again(&named, false, &[]);
        assert_eq!(part.counts.failed, 3, "the second run crashed");
        part.tried_again(&named, false, &["b".to_owned(), "beside".to_owned()]);
        assert_eq!((part.failed, part.unsteady), (vec!["b".to_owned(), "lint".to_owned()], vec!["a".to_owned(), "beside".to_owned()]));
        assert_eq!(part.counts, Counts { passed: 6, failed: 2, skipped: 0 });
        let mut crashed = Part::of_runner("r", false, Counts::default(), Vec::new());
        crashed.tried_again(&[], true, &[]);
        assert_eq!((crashed.failed.len(), crashed.counts.failed), (1, 1));
    }
}
