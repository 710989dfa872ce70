//! Running other programs: found on the PATH, run from the workspace's root, failures said with the command.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub type Outcome<T> = Result<T, String>;

/// The workspace's root: this crate lies three folders below it.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// The file that a program's name means on this PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let suffixes: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ""] } else { &[""] };
    std::env::split_paths(&path).flat_map(|folder| suffixes.iter().map(move |suffix| folder.join(format!("{program}{suffix}")))).find(|file| file.is_file())
}

/// Runs a command to its end with our own output streams.
///
/// # Errors
/// It could not be started, or ended with another code than 0.
pub fn run(command: &mut Command) -> Outcome<()> {
    let shown = shown(command);
    let status = command.status().map_err(|error| format!("{shown} could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{shown} ended with {status}")) }
}

/// Runs a command to its end, passing its output on line by line and keeping it.
///
/// # Errors
/// It could not be started.
pub fn run_kept(command: &mut Command) -> Outcome<(bool, String)> {
    run_kept_showing(command, |_| true)
}

/// As [`run_kept`], passing on only such lines of the error output as are worth showing.
///
/// # Errors
/// It could not be started.
pub fn run_kept_showing(command: &mut Command, mut shows: impl FnMut(&str) -> bool + Send + 'static) -> Outcome<(bool, String)> {
    use std::io::{BufRead, BufReader};
    let shown = shown(command);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|error| format!("{shown} could not be started: {error}"))?;
    let errors = child.stderr.take();
    let reader = std::thread::spawn(move || {
        let mut kept = String::new();
        for line in errors.into_iter().flat_map(|errors| BufReader::new(errors).lines()).map_while(Result::ok) {
            if shows(&line) {
                eprintln!("{line}");
            }
            kept.push_str(&line);
            kept.push('\n');
        }
        kept
    });
    let mut kept = String::new();
    for line in child.stdout.take().into_iter().flat_map(|output| BufReader::new(output).lines()).map_while(Result::ok) {
        println!("{line}");
        kept.push_str(&line);
        kept.push('\n');
    }
    let status = child.wait().map_err(|error| format!("{shown}: {error}"))?;
    kept.push_str(&reader.join().unwrap_or_default());
    Ok((status.success(), kept))
}

fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    format!("`{}`", words.join(" "))
}
