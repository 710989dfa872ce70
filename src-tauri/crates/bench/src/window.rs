//! From the start of the process to a window that can be used: the app says on standard error when its first page asked for
//! its data.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::process::beside;

/// # Errors
/// The app could not be started.
pub fn measure() -> Outcome<()> {
    if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() && cfg!(target_os = "linux") {
        println!("Window: not measured, since there is no display (run under `xvfb-run -a dbus-run-session --`)");
        return Ok(());
    }
    let mut seconds = Vec::new();
    for _ in 0..5 {
        let data = tempfile::tempdir().map_err(|error| error.to_string())?;
        let started = Instant::now();
        let mut child = Command::new(beside("gatehouse")?)
            .arg("--data-dir")
            .arg(data.path())
            .env("GATEHOUSE_LOG", "gatehouse=info")
            .env("NO_COLOR", "1")
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let usable = child.stderr.take().and_then(|errors| BufReader::new(errors).lines().map_while(Result::ok).find(|line| line.contains("the window is usable")).map(|_| started.elapsed()));
        let _ = child.kill();
        let _ = child.wait();
        seconds.push(usable.ok_or("the window never said that it is usable")?.as_secs_f64());
        std::thread::sleep(Duration::from_millis(300));
    }
    seconds.sort_by(f64::total_cmp);
    println!("Window usable after: median {:.2} s of 5, first {:.2} s (bar: within 1.5 s)", seconds[2], seconds[4]);
    Ok(())
}
