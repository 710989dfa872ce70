//! Puts on a fresh machine what building needs. On Debian and Ubuntu the system packages are installed; elsewhere what is
//! missing is named, with where to get it. Nothing is downloaded but from the distribution and the npm registry.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::process::{Outcome, find, run, target};

/// What building the window takes (Tauri's own list for Debian).
const BUILD: &[&str] =
    &["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev", "libgtk-3-dev", "libayatana-appindicator3-dev", "librsvg2-dev", "libdbus-1-dev"];

/// What the window tests take: a screen and its window manager, a session bus, a WebDriver, a notification daemon, a credential store, a PDF reader,
/// and fonts in the scripts that people's names come in.
const WINDOW_TESTS: &[&str] = &[
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "dbus",
    "dbus-x11",
    "dunst",
    "gnome-keyring",
    "libsecret-tools",
    "poppler-utils",
    "fonts-noto-core",
    "fonts-noto-cjk",
    "fonts-noto-color-emoji",
    "imagemagick",
    "openbox",
    "xdotool",
];

/// The oldest Node that the UI's tools accept.
const NODE: (u32, u32) = (20, 19);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Build,
    WindowTests,
}

/// Makes sure that everything is there, installing what can be installed.
///
/// # Errors
/// One sentence that names what is missing and where to get it.
pub fn setup(needs: Needs) -> Outcome<()> {
    if cfg!(target_os = "linux") {
        let mut wanted = BUILD.to_vec();
        if needs == Needs::WindowTests {
            wanted.extend(WINDOW_TESTS);
        }
        system_packages(&wanted)?;
    }
    node().map(|_| ())
}

fn system_packages(wanted: &[&str]) -> Outcome<()> {
    if find("dpkg-query").is_none() || find("apt-get").is_none() {
        if find("pkg-config").is_some() && quiet(Command::new("pkg-config").args(["--exists", "webkit2gtk-4.1", "gtk+-3.0"])) {
            return Ok(());
        }
        return Err(format!("this Linux is neither Debian nor Ubuntu; install your distribution's packages for {}, then run this again", wanted.join(", ")));
    }
    let missing: Vec<&str> = wanted.iter().copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing system packages: {}", missing.join(" "));
    let apt = |arguments: &[&str]| -> Outcome<()> {
        let root = quiet_output(Command::new("id").arg("-u")).trim() == "0";
        let mut command = if root {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.arg("apt-get");
            sudo
        };
        run(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::inherit()))
    };
    apt(&["update", "-qq"])
        .and_then(|()| {
            let mut install = vec!["install", "-y", "-qq", "--no-install-recommends"];
            install.extend(&missing);
            apt(&install)
        })
        .map_err(|error| format!("{error}; install these packages by hand, then run this again: {}", missing.join(" ")))
}

fn installed(package: &str) -> bool {
    quiet_output(Command::new("dpkg-query").args(["-W", "-f", "${Status}", package])).contains("install ok installed")
}

/// The folder of a Node that is new enough, or None where the PATH's own is.
///
/// # Errors
/// There is none and none could be installed.
pub fn node() -> Outcome<Option<PathBuf>> {
    if find("npm").is_some() && find("node").is_some_and(|node| new_enough(&node)) {
        return Ok(None);
    }
    let own = target().join("tools").join("node_modules").join("node").join("bin");
    if new_enough(&own.join("node")) {
        return Ok(Some(own));
    }
    if !cfg!(target_os = "linux") {
        return Err(format!("Node.js {}.{} or newer is missing; get it from https://nodejs.org, then run this again", NODE.0, NODE.1));
    }
    if find("npm").is_none() {
        system_packages(&["nodejs", "npm"])?;
    }
    if find("node").is_some_and(|node| new_enough(&node)) {
        return Ok(None);
    }
    // Debian's own Node may be too old for the UI's tools; the npm registry carries newer ones as a package.
    println!("Installing a newer Node.js into target/tools");
    let tools = target().join("tools");
    std::fs::create_dir_all(&tools).map_err(|error| format!("{} cannot be made: {error}", tools.display()))?;
    run(Command::new("npm").args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&tools).arg("node@22"))?;
    if new_enough(&own.join("node")) {
        Ok(Some(own))
    } else {
        Err(format!("Node.js {}.{} or newer is missing; get it from https://nodejs.org, then run this again", NODE.0, NODE.1))
    }
}

fn new_enough(node: &std::path::Path) -> bool {
    let said = quiet_output(Command::new(node).arg("--version"));
    let mut parts = said.trim().trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= NODE
}

fn quiet(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn quiet_output(command: &mut Command) -> String {
    command.stderr(Stdio::null()).output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}
