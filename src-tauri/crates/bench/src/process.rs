//! Whole processes: their time, and their peak memory as the operating system counts it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;

/// A program that lies beside this one.
pub fn beside(name: &str) -> Outcome<PathBuf> {
    let here = std::env::current_exe().map_err(|error| error.to_string())?;
    let file = here.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if file.is_file() { Ok(file) } else { Err(format!("{} is not built; run this through `cargo xtask bench`", file.display())) }
}

pub struct Measured {
    pub seconds: f64,
    /// Highest resident memory in megabytes; None where the system does not tell (not Linux).
    pub peak_megabytes: Option<f64>,
}

/// Runs a command to its end, looking at its memory every few milliseconds.
///
/// # Errors
/// It could not be started or failed.
pub fn measure(command: &mut Command) -> Outcome<Measured> {
    let output = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let sink = output.reopen().map_err(|error| error.to_string())?;
    let started = Instant::now();
    let mut child = command.stdout(sink).spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let mut peak = None;
    let status = loop {
        if let Some(now) = peak_of(&child.id().to_string()) {
            peak = Some(peak.map_or(now, |before: f64| before.max(now)));
        }
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(3));
    };
    let seconds = started.elapsed().as_secs_f64();
    if !status.success() {
        let output = std::fs::read_to_string(output.path()).map_err(|error| error.to_string())?;
        return Err(format!("{command:?} ended with {status}: {}", output.chars().take(500).collect::<String>()));
    }
    Ok(Measured { seconds, peak_megabytes: peak })
}

/// `VmHWM` of proc(5): the peak resident set.
pub fn peak_of(process: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
}

/// A simulator that runs until it is dropped.
pub struct Simulator {
    child: Child,
    pub graph: String,
    pub login: String,
    pub tenant: String,
    pub client_id: String,
    pub client_secret: String,
}

impl Simulator {
    /// # Errors
    /// It did not start.
    pub fn start(arguments: &[&str], record: Option<&Path>) -> Outcome<Self> {
        use std::io::BufRead;
        let mut command = Command::new(beside("gatehouse-cli")?);
        command.arg("simulate").args(arguments).stdout(Stdio::piped());
        if let Some(file) = record {
            command.arg("--record").arg(file);
        }
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            std::io::BufReader::new(output).read_line(&mut line).map_err(|error| error.to_string())?;
        }
        let said: serde_json::Value = serde_json::from_str(&line).map_err(|error| format!("the simulator said {line:?}: {error}"))?;
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let tenant = &said["tenants"][0];
        Ok(Self {
            graph: text(&said["graph"]),
            login: text(&said["login"]),
            tenant: text(&tenant["id"]),
            client_id: text(&tenant["clientId"]),
            client_secret: text(&tenant["clientSecret"]),
            child,
        })
    }

    /// Changes one user in a thousand.
    ///
    /// # Errors
    /// It could not be told.
    pub fn change(&self) -> Outcome<()> {
        let told = Command::new("kill").arg("-USR1").arg(self.child.id().to_string()).status().map_err(|error| error.to_string())?;
        std::thread::sleep(Duration::from_millis(500));
        if told.success() { Ok(()) } else { Err("the simulator could not be told to change users".into()) }
    }

    /// Ends it as a person would, so that a recording is written.
    ///
    /// # Errors
    /// It could not be told.
    pub fn stop(mut self) -> Outcome<()> {
        let told = Command::new("kill").arg("-INT").arg(self.child.id().to_string()).status().map_err(|error| error.to_string())?;
        if !told.success() {
            return Err("the simulator could not be stopped".into());
        }
        self.child.wait().map(|_| ()).map_err(|error| error.to_string())
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
