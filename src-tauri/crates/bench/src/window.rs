//! From the start of the process to a window that can be used: the app says on standard error when its first page is drawn, and when
//! the dashboard was given its data. Without a display one is made (Xvfb), with a session bus of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::process::beside;

const STARTS: usize = 7;
/// A window that says nothing in this time never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// `synced`: a data folder with a tenant, where one was made.
///
/// # Errors
/// The app could not be started, or never said that it is usable.
pub fn measure(synced: Option<&Path>) -> Outcome<()> {
    let has_display = std::env::var_os("DISPLAY").is_some() || std::env::var_os("WAYLAND_DISPLAY").is_some();
    let screen = if cfg!(target_os = "linux") && !has_display { Screen::make() } else { Ok(Screen::default()) };
    let screen = match screen {
        Ok(screen) => screen,
        Err(missing) => {
            println!("Window: not measured, since there is no display ({missing})");
            return Ok(());
        }
    };
    let empty = starts(&screen, "the window is drawn", || tempfile::tempdir().map(Folder::Own).map_err(|error| error.to_string()))?;
    print("Window drawn on a new computer (the welcome page)", &empty);
    if let Some(folder) = synced {
        let full = starts(&screen, "the dashboard is there", || Ok(Folder::Kept(folder.to_owned())))?;
        print("Window with the dashboard's data, of the tenant that was synced", &full);
    }
    Ok(())
}

fn print(what: &str, seconds: &[f64]) {
    println!("{what}: median {:.2} s of {}, slowest {:.2} s (bar: within 1.5 s)", seconds[seconds.len() / 2], seconds.len(), seconds[seconds.len() - 1]);
}

enum Folder {
    Own(tempfile::TempDir),
    Kept(std::path::PathBuf),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Self::Own(folder) => folder.path(),
            Self::Kept(folder) => folder,
        }
    }
}

/// Seconds from start to the line, in order of length.
fn starts(screen: &Screen, line: &str, folder: impl Fn() -> Outcome<Folder>) -> Outcome<Vec<f64>> {
    let mut seconds = Vec::new();
    for _ in 0..STARTS {
        let data = folder()?;
        let mut command = Command::new(beside("gatehouse")?);
        command.arg("--data-dir").arg(data.path()).env("GATEHOUSE_LOG", "gatehouse=debug").env("NO_COLOR", "1");
        screen.set(&mut command);
        let started = Instant::now();
        let mut child = Running(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().map_err(|error| error.to_string())?);
        let errors = child.0.stderr.take().ok_or("the window has no output")?;
        let (tell, told) = std::sync::mpsc::channel();
        let wanted = line.to_owned();
        std::thread::spawn(move || {
            let mut last = String::new();
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                if line.contains(&wanted) {
                    let _ = tell.send(Ok(started.elapsed()));
                    return;
                }
                last = line;
            }
            let _ = tell.send(Err(last));
        });
        match told.recv_timeout(PATIENCE) {
            Ok(Ok(took)) => seconds.push(took.as_secs_f64()),
            Ok(Err(last)) => return Err(format!("the window ended before {line}: {last}")),
            Err(_) => return Err(format!("the window never said that {line}")),
        }
        drop(child);
        std::thread::sleep(Duration::from_millis(300));
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds)
}

/// A process that ends with the measurement.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The display and the session bus that were made; nothing where the machine has them.
#[derive(Default)]
struct Screen {
    names: Vec<(&'static str, String)>,
    _running: Vec<Running>,
}

impl Screen {
    fn make() -> Outcome<Self> {
        let (number, xvfb) = first_line(Command::new("Xvfb").args(["-displayfd", "1", "-screen", "0", "1920x1080x24", "-nolisten", "tcp"]), "Xvfb")?;
        let (bus, daemon) = first_line(Command::new("dbus-daemon").args(["--session", "--nofork", "--print-address=1"]), "dbus-daemon")?;
        Ok(Self { names: vec![("DISPLAY", format!(":{number}")), ("DBUS_SESSION_BUS_ADDRESS", bus)], _running: vec![xvfb, daemon] })
    }

    fn set(&self, command: &mut Command) {
        for (name, value) in &self.names {
            command.env(name, value);
        }
    }
}

/// Starts a program that says its address in its first line.
fn first_line(command: &mut Command, name: &str) -> Outcome<(String, Running)> {
    let started = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut running = Running(started.map_err(|_| format!("{name} is not installed"))?);
    let mut line = String::new();
    if let Some(output) = running.0.stdout.take() {
        BufReader::new(output).read_line(&mut line).map_err(|error| format!("{name}: {error}"))?;
    }
    if line.trim().is_empty() { Err(format!("{name} did not start")) } else { Ok((line.trim().to_owned(), running)) }
}
