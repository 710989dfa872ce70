//! A technician's desk: a window manager, a notification daemon, a credential store and the app under WebDriver, all on the
//! screen and session bus that the test run was given (`cargo xtask test` makes them with Xvfb and dbus-run-session).

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use thirtyfour::prelude::*;
use thirtyfour::Capabilities;

/// Long enough for a loaded two-core machine; waiting ends as soon as what is awaited is there.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Desk {
    pub driver: WebDriver,
    pub data: tempfile::TempDir,
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
                output("dbus-send", &["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", &format!("string:{name}")])
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
        let (driver, children) = loop {
            let (mut child, url) = tauri_driver();
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
        Self { driver, data, children }
    }

    /// The first element that a CSS selector or `text=…` means, once it is there.
    pub async fn find(&self, what: &str) -> WebElement {
        self.find_within(what, PATIENCE).await
    }

    pub async fn find_within(&self, what: &str, patience: Duration) -> WebElement {
        let started = Instant::now();
        loop {
            if let Ok(element) = self.driver.find(by(what)).await
                && self.shown(&element).await
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

    /// Whether an element takes room on the screen. (WebKitWebDriver's own answer to this needs `eval`, which the window's content
    /// security policy refuses.)
    async fn shown(&self, element: &WebElement) -> bool {
        let script = "const box = arguments[0].getBoundingClientRect();
            return box.width > 0 && box.height > 0 && getComputedStyle(arguments[0]).visibility !== 'hidden'";
        let argument = element.to_json().unwrap();
        self.driver.execute(script, vec![argument]).await.is_ok_and(|answer| answer.json().as_bool() == Some(true))
    }

    pub async fn click(&self, what: &str) {
        // An element may be drawn anew between finding and clicking it.
        let started = Instant::now();
        loop {
            let element = self.find(what).await;
            match element.click().await {
                Ok(()) => return,
                Err(error) => assert!(started.elapsed() < PATIENCE, "{what} cannot be clicked: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
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

    pub async fn quit(mut self) -> tempfile::TempDir {
        let data = std::mem::replace(&mut self.data, tempfile::tempdir().unwrap());
        let _ = self.driver.clone().quit().await;
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
        wait_for("the app to end", || output("pgrep", &["-x", "gatehouse"]).trim().is_empty());
        data
    }
}

/// `text=…` finds a button, link, row or anything by what it says; everything else is CSS.
fn by(what: &str) -> By {
    match what.strip_prefix("text=") {
        Some(text) => By::XPath(format!(
            "(//button[normalize-space()='{text}'] | //a[normalize-space()='{text}'] | //*[@role='menuitem'][normalize-space()='{text}'] | //*[normalize-space(text())='{text}'])"
        )),
        None => By::Css(what.to_owned()),
    }
}

/// A WebDriver for the window, ready to be asked, and its address.
fn tauri_driver() -> (Child, String) {
    let (port, native) = (free_port(), free_port());
    let mut command = Command::new(std::env::var("TAURI_DRIVER").unwrap_or_else(|_| "tauri-driver".into()));
    command.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
    let child = spawn(command);
    for port in [native, port] {
        wait_for("the WebDriver", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    }
    (child, format!("http://127.0.0.1:{port}"))
}

fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
