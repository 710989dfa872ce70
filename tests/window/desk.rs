//! A technician's desk: a window manager, a notification daemon, a credential store and the app under WebDriver, all on the
//! screen and session bus that the test run was given (`cargo xtask test` makes them with Xvfb and dbus-run-session).

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use thirtyfour::Capabilities;
use thirtyfour::prelude::*;

/// Long enough for a loaded two-core machine; waiting ends as soon as what is awaited is there.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Desk {
    pub driver: WebDriver,
    pub data: tempfile::TempDir,
    /// What a real desktop would hand to the browser: the app opens pages with `xdg-open`, and here that writes their addresses down.
    browser: tempfile::TempDir,
    children: Vec<Child>,
}

/// Programs that only need to run once for all stories: the window manager, dunst and the keyring.
struct Session(#[allow(dead_code)] Vec<Child>);

fn session() -> &'static Session {
    static SESSION: std::sync::OnceLock<Session> = std::sync::OnceLock::new();
    SESSION.get_or_init(|| {
        assert!(std::env::var_os("DISPLAY").is_some(), "the window tests need a display; run `cargo xtask test --window`");
        let mut children = vec![spawn(Command::new("openbox")), spawn(Command::new("dunst"))];
        // The login keyring, unlocked with an empty password as a desktop's login would: a real Secret Service.
        let mut keyring = Command::new("gnome-keyring-daemon");
        keyring.args(["--foreground", "--unlock", "--components=secrets"]).stdin(Stdio::piped());
        let mut keyring = spawn(keyring);
        if let Some(mut input) = keyring.stdin.take() {
            use std::io::Write;
            input.write_all(b"\n").unwrap();
        }
        children.push(keyring);
        for name in ["org.freedesktop.Notifications", "org.freedesktop.secrets"] {
            wait_for(&format!("{name} on the session bus"), || {
                output(
                    "dbus-send",
                    &["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", &format!("string:{name}")],
                )
                .contains("boolean true")
            });
        }
        Session(children)
    })
}

fn spawn(mut command: Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

pub fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Waits until something is so.
///
/// # Panics
/// It was not so in time.
pub fn wait_for(what: &str, mut so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !so() {
        assert!(started.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

impl Desk {
    /// Opens the app with its data in a folder of its own.
    pub async fn open(arguments: &[&str]) -> Self {
        Self::open_in(tempfile::tempdir().unwrap(), arguments).await
    }

    pub async fn open_in(data: tempfile::TempDir, arguments: &[&str]) -> Self {
        session();
        let mut words = vec!["--data-dir".to_owned(), data.path().display().to_string()];
        words.extend(arguments.iter().map(|word| (*word).to_owned()));
        let mut capabilities = Capabilities::new();
        capabilities.set("tauri:options", serde_json::json!({ "application": env!("CARGO_BIN_EXE_gatehouse"), "args": words })).unwrap();
        // The driver sometimes drops its first connection to WebKit's own driver; then a fresh pair is tried.
        let mut tries = 0;
        let browser = browser();
        let (driver, children) = loop {
            let (mut child, url) = tauri_driver(browser.path());
            match WebDriver::new(&url, capabilities.clone()).await {
                Ok(driver) => break (driver, vec![child]),
                Err(error) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    tries += 1;
                    assert!(tries < 5, "the window cannot be driven: {error}");
                    output("pkill", &["-x", "gatehouse"]);
                    wait_for("the app to end", || output("pgrep", &["-x", "gatehouse"]).trim().is_empty());
                }
            }
        };
        // A command that waits for a load waits no longer than this: in a window that never loads again there may be none to wait for.
        driver.update_timeouts(TimeoutConfiguration::new(Some(PATIENCE), Some(Duration::from_secs(5)), None)).await.unwrap();
        let desk = Self { driver, data, browser, children };
        desk.wait_until_loaded().await;
        desk
    }

    /// On a loaded machine the first page takes a while, and until it is there a command may wait for it in vain.
    async fn wait_until_loaded(&self) {
        let started = Instant::now();
        let loaded = "return document.readyState === 'complete' && !!document.querySelector('main, [role=main], h1')";
        while !self.driver.execute(loaded, vec![]).await.is_ok_and(|answer| answer.json().as_bool() == Some(true)) {
            assert!(started.elapsed() < PATIENCE, "the window does not load");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The first element that a CSS selector or `text=…` means, once it is there.
    pub async fn find(&self, what: &str) -> WebElement {
        self.find_within(what, PATIENCE).await
    }

    pub async fn find_within(&self, what: &str, patience: Duration) -> WebElement {
        let started = Instant::now();
        loop {
            if let Ok(element) = self.driver.find(by(what)).await
                && self.holds(&element, SHOWN).await
            {
                return element;
            }
            if started.elapsed() > patience {
                let shot = self.screenshot("not-found").await;
                let text = self.text().await;
                panic!("{what} is not in the window after {patience:?}; see {}\n{text}", shot.display());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Whether something is so of an element, asked within the page.
    async fn holds(&self, element: &WebElement, so: &str) -> bool {
        let argument = element.to_json().unwrap();
        self.driver.execute(format!("return {so}"), vec![argument]).await.is_ok_and(|answer| answer.json().as_bool() == Some(true))
    }

    /// Closes the side panel; one that still slides in takes a click past its button, so it is pressed until the panel is gone.
    pub async fn close_panel(&self) {
        let started = Instant::now();
        self.find("[aria-label=Close]").await;
        while let Ok(close) = self.driver.find(by("[aria-label=Close]")).await {
            let _ = close.click().await;
            assert!(started.elapsed() < PATIENCE, "the panel stays open");
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }

    /// The name of an element, which may be drawn anew between finding and asking it.
    pub async fn label_of(&self, what: &str) -> String {
        let started = Instant::now();
        loop {
            match self.find(what).await.attr("aria-label").await {
                Ok(Some(label)) => return label,
                other => assert!(started.elapsed() < PATIENCE, "{what} has no name: {other:?}"),
            }
        }
    }

    /// Clicks with the pointer as soon as it is there and can be clicked.
    pub async fn click(&self, what: &str) {
        // An element may be drawn anew between finding and clicking it, and a button may wait for what is still read.
        let started = Instant::now();
        loop {
            let element = self.find(what).await;
            // The driver does not bring what lies below the fold into view by itself.
            let _ = self.driver.execute("arguments[0].scrollIntoView({ block: 'center' })", vec![element.to_json().unwrap()]).await;
            let trouble = if !self.holds(&element, "!arguments[0].disabled && arguments[0].getAttribute('aria-disabled') !== 'true'").await {
                "it is disabled".to_owned()
            } else if !self.at_rest(&element).await {
                "it does not stay where it is".to_owned()
            } else {
                match element.click().await {
                    Ok(()) => return,
                    Err(error) => error.to_string(),
                }
            };
            if started.elapsed() > PATIENCE {
                let shot = self.screenshot("not-clickable").await;
                panic!("{what} cannot be clicked: {trouble}; see {}\n{}", shot.display(), self.text().await);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Whether it stays in its place for a moment: a list that is filtered anew takes its rows from under the pointer.
    async fn at_rest(&self, element: &WebElement) -> bool {
        let place = async || {
            let argument = element.to_json().unwrap();
            let script = "return arguments[0].closest('[aria-busy=true]') ? null : JSON.stringify(arguments[0].getBoundingClientRect())";
            self.driver.execute(script, vec![argument]).await.ok().and_then(|answer| answer.json().as_str().map(str::to_owned))
        };
        let before = place().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        before.is_some() && place().await == before
    }

    /// Types into a field, after what stands there.
    pub async fn type_into(&self, what: &str, text: &str) {
        self.click(what).await;
        self.find(what).await.send_keys(text).await.unwrap();
    }

    /// On a change's page: ticks every guard that asks whether it is meant so.
    pub async fn confirm_guards(&self) {
        const UNCONFIRMED: &str = "input[type=checkbox][aria-label^='It is meant so']:not(:checked)";
        while self.driver.find(By::Css(UNCONFIRMED)).await.is_ok() {
            self.click(UNCONFIRMED).await;
        }
    }

    /// The page that the app opened last in the browser and whose address is so, once there is one.
    pub async fn opened(&self, so: impl Fn(&str) -> bool) -> String {
        let started = Instant::now();
        loop {
            let pages = std::fs::read_to_string(self.browser.path().join("opened")).unwrap_or_default();
            if let Some(page) = pages.lines().rev().find(|page| so(page)) {
                return page.to_owned();
            }
            assert!(started.elapsed() < PATIENCE, "no such page was opened in the browser: {pages}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// All the text that the window shows.
    pub async fn text(&self) -> String {
        match self.driver.execute("return document.body.innerText", vec![]).await {
            Ok(text) => text.json().as_str().unwrap_or_default().to_owned(),
            Err(error) => error.to_string(),
        }
    }

    pub async fn wait_for_text(&self, text: &str) {
        let started = Instant::now();
        loop {
            let shown = self.text().await;
            if shown.contains(text) {
                return;
            }
            if started.elapsed() > PATIENCE {
                let shot = self.screenshot("no-text").await;
                panic!("the window does not say {text:?}; see {}\n{shown}", shot.display());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// The address within the app.
    pub async fn address(&self) -> String {
        let url = self.driver.current_url().await.unwrap();
        url.fragment().map_or_else(|| url.path().to_owned(), str::to_owned)
    }

    pub async fn wait_for_address(&self, so: impl Fn(&str) -> bool) -> String {
        let started = Instant::now();
        loop {
            let address = self.address().await;
            if so(&address) {
                return address;
            }
            assert!(started.elapsed() < PATIENCE, "the window stays on {address}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Calls one of the app's commands, as the window's own code would.
    pub async fn invoke(&self, command: &str, arguments: serde_json::Value) -> serde_json::Value {
        let script = "const [command, args, done] = arguments;
            window.__TAURI_INTERNALS__.invoke(command, args).then((value) => done({ value }), (error) => done({ error }));";
        let answer = self.driver.execute_async(script, vec![serde_json::json!(command), arguments]).await.unwrap();
        let answer = answer.json().clone();
        assert!(answer.get("error").is_none(), "{command}: {answer}");
        answer["value"].clone()
    }

    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/window-tests");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{name}.png"));
        // WebKit takes a picture with the next frame that it paints, and a page at rest paints none: a dot in the corner does.
        let script = "const dot = document.createElement('div');
            dot.style.cssText = 'position:fixed;right:0;bottom:0;width:1px;height:1px;z-index:99999';
            document.body.append(dot);
            let n = 0;
            const paint = setInterval(() => { dot.style.backgroundColor = n % 2 ? '#808080' : '#818181'; if (++n > 40) { clearInterval(paint); dot.remove(); } }, 50)";
        let _ = self.driver.execute(script, vec![]).await;
        if let Ok(image) = self.driver.screenshot_as_png().await {
            std::fs::write(&file, image).unwrap();
        }
        file
    }

    /// Whether the desktop shows the window (it may be hidden in the tray).
    pub fn visible() -> bool {
        !output("xdotool", &["search", "--onlyvisible", "--name", "^Gatehouse$"]).trim().is_empty()
    }

    /// Closes the window by the desktop's own key, as a person would.
    pub fn close_window() {
        let id = output("xdotool", &["search", "--onlyvisible", "--name", "^Gatehouse$"]);
        let id = id.lines().next().expect("the window is on screen").to_owned();
        output("xdotool", &["windowactivate", "--sync", &id]);
        output("xdotool", &["key", "--clearmodifiers", "alt+F4"]);
    }

    /// Kills the app in the middle of what it does, as a crash or a power cut would, and leaves its data as it was at that moment.
    pub async fn kill(mut self) -> tempfile::TempDir {
        let data = std::mem::replace(&mut self.data, tempfile::tempdir().unwrap());
        let app = output("pgrep", &["-f", &format!("gatehouse --data-dir {}", data.path().display())]);
        assert_eq!(app.split_whitespace().count(), 1, "one app has this data: {app}");
        output("kill", &["-9", app.trim()]);
        wait_for("the app to end", || output("pgrep", &["-x", "gatehouse"]).trim().is_empty());
        self.put_away();
        data
    }

    fn put_away(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    pub async fn quit(mut self) -> tempfile::TempDir {
        let data = std::mem::replace(&mut self.data, tempfile::tempdir().unwrap());
        let _ = self.driver.clone().quit().await;
        self.put_away();
        wait_for("the app to end", || output("pgrep", &["-x", "gatehouse"]).trim().is_empty());
        data
    }
}

/// (WebKitWebDriver's own answer to this needs `eval`, which the window's content security policy refuses.)
const SHOWN: &str =
    "(({ width, height }) => width > 0 && height > 0 && getComputedStyle(arguments[0]).visibility !== 'hidden')(arguments[0].getBoundingClientRect())";

/// `text=…` finds a button, link, row or anything by what it says, `dialog=…` a button of the uppermost dialog, `row=…` the first row of a list
/// whose name holds the words, `field=…` a field by its label, `nav=…` an entry of the navigation; `xpath=…` is XPath and everything else CSS.
fn by(what: &str) -> By {
    let Some((kind, words)) = what.split_once('=').filter(|(kind, _)| ["text", "dialog", "row", "field", "nav", "xpath"].contains(kind)) else {
        return By::Css(what.to_owned());
    };
    let quoted = if words.contains('\'') { format!("\"{words}\"") } else { format!("'{words}'") };
    By::XPath(match kind {
        "text" => format!(
            "(//button[normalize-space()={quoted}] | //a[normalize-space()={quoted}] | //*[@role='menuitem'][normalize-space()={quoted}] | //*[normalize-space(text())={quoted}])"
        ),
        "dialog" => format!("(//*[@role='dialog' or @role='alertdialog']//button[normalize-space()={quoted}])[last()]"),
        "row" => format!("//*[@role='row'][contains(@aria-label, {quoted})]"),
        "field" => format!("//*[@id=//label[normalize-space(translate(., '*', ''))={quoted}]/@for]"),
        "nav" => format!("//nav//a[.//*[normalize-space(text())={quoted}]]"),
        _ => words.to_owned(),
    })
}

/// A folder with a browser's launcher that writes down what it was to open.
fn browser() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let launcher = folder.path().join("xdg-open");
    std::fs::write(&launcher, format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", folder.path().join("opened").display())).unwrap();
    std::fs::set_permissions(&launcher, std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// A WebDriver for the window, ready to be asked, and its address.
fn tauri_driver(browser: &Path) -> (Child, String) {
    let (port, native) = (free_port(), free_port());
    let mut command = Command::new(std::env::var("TAURI_DRIVER").unwrap_or_else(|_| "tauri-driver".into()));
    command.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
    let path = std::env::join_paths(std::iter::once(browser.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()))).unwrap();
    command.env("PATH", path);
    let child = spawn(command);
    for port in [native, port] {
        wait_for("the WebDriver", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    }
    (child, format!("http://127.0.0.1:{port}"))
}

fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
