//! The real binary, a simulator of its own, and a small customer whose data is written here: Lindqvist Optik. Nothing is
//! asserted in this file.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;

use serde_json::{Value, json};
use tempfile::TempDir;

pub const TENANT: &str = "5f0c1b52-7e5a-4d0f-9f6e-0c6c1d3a8e01";
const CLI: &str = env!("CARGO_BIN_EXE_gatehouse-cli");

/// What a command said.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self { code: output.status.code().unwrap_or(-1), out: String::from_utf8(output.stdout).unwrap(), err: String::from_utf8(output.stderr).unwrap() }
    }

    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!(self.code, 0, "out: {}\nerr: {}", self.out, self.err);
        self
    }

    /// Exit 1 and one `error: what; what to do`, which is returned.
    #[track_caller]
    pub fn refused(&self) -> String {
        assert_eq!(self.code, 1, "out: {}\nerr: {}", self.out, self.err);
        let errors: Vec<&str> = self.err.lines().filter(|line| line.starts_with("error: ")).collect();
        assert_eq!(errors.len(), 1, "one line: {}", self.err);
        assert!(errors[0].contains("; "), "what to do: {}", errors[0]);
        assert!(errors[0].len() < 400, "a sentence: {}", errors[0]);
        errors[0].to_owned()
    }

    /// As `refused`, and the failure's code, which a program reads with `--json`.
    #[track_caller]
    pub fn refused_with(&self, code: &str) -> String {
        let said = self.refused();
        assert_eq!(self.json()["problem"]["code"], code, "{said}");
        said
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("not one JSON document ({error}): {}\n{}", self.out, self.err))
    }
}

/// A data folder and how the CLI is called on it.
pub struct Desk {
    pub folder: TempDir,
    secret: Mutex<String>,
    /// Everything that was ever printed.
    pub said: Mutex<String>,
    pub trace: bool,
    /// Whether a sync holds back for Microsoft's limits. One test does; the others have no time for it.
    pub paced: bool,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), secret: Mutex::default(), said: Mutex::default(), trace: false, paced: false }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(CLI);
        command.arg("--data-dir").arg(self.data()).args(arguments).current_dir(self.folder.path());
        command.env("GATEHOUSE_KEY_FILE", self.path("key")).env("GATEHOUSE_TECHNICIAN", "Robin").env("SECRET", &*self.secret.lock().unwrap());
        command.env_remove("DBUS_SESSION_BUS_ADDRESS").env_remove("GATEHOUSE_LOG").stdin(Stdio::null());
        if arguments.contains(&"sync") && !self.paced {
            command.arg("--unpaced");
        }
        if self.trace {
            command.env("GATEHOUSE_LOG", "trace").env("RUST_LOG", "trace");
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.ran(&mut self.command(arguments))
    }

    pub fn with_secret(&self, secret: &str) {
        secret.clone_into(&mut self.secret.lock().unwrap());
    }

    /// `tenant add` with the credentials that the simulator printed.
    pub fn add(&self, simulator: &Simulator) -> Ran {
        let tenant = &simulator.ready["tenants"][0];
        self.add_as(simulator, tenant["id"].as_str().unwrap(), tenant["clientSecret"].as_str().unwrap())
    }

    pub fn add_as(&self, simulator: &Simulator, id: &str, secret: &str) -> Ran {
        self.with_secret(secret);
        // Whoever is not among the simulator's customers is asked for with the first one's application.
        let tenants = simulator.ready["tenants"].as_array().unwrap();
        let client = tenants.iter().find(|tenant| tenant["id"] == id).unwrap_or(&tenants[0])["clientId"].as_str().unwrap();
        self.run(&[
            "tenant",
            "add",
            "--tenant-id",
            id,
            "--client-id",
            client,
            "--client-secret-env",
            "SECRET",
            "--graph",
            &simulator.graph(),
            "--login",
            &simulator.login(),
        ])
    }

    /// `tenant add` with further arguments, for the customer that the simulator serves.
    pub fn connect(&self, simulator: &Simulator, credential: &[&str]) -> Command {
        let tenant = &simulator.ready["tenants"][0];
        let (id, client, graph, login) = (tenant["id"].as_str().unwrap(), tenant["clientId"].as_str().unwrap(), simulator.graph(), simulator.login());
        self.command(&[&["--json", "tenant", "add", "--tenant-id", id, "--client-id", client, "--graph", &graph, "--login", &login], credential].concat())
    }

    pub fn ran(&self, command: &mut Command) -> Ran {
        let ran = Ran::of(command.output().unwrap());
        self.hear(&ran);
        ran
    }

    fn hear(&self, ran: &Ran) {
        let mut said = self.said.lock().unwrap();
        said.push_str(&ran.out);
        said.push_str(&ran.err);
    }

    /// What a technician sees of the synced data, for comparing.
    pub fn picture(&self) -> Value {
        let one = |what: &[&str]| self.run(&[&["--json"], what].concat()).done().json();
        json!({
            "users": one(&["users", "--tenant", TENANT]),
            "signIns": one(&["signins", "--tenant", TENANT]),
            "mfa": one(&["mfa", "--tenant", TENANT])["users"],
        })
    }
}

/// `gatehouse-cli simulate`, ended when dropped.
pub struct Simulator {
    child: Child,
    pub ready: Value,
    _folder: Option<TempDir>,
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Simulator {
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(CLI).args(["simulate", "--port", "0"]).args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self { child, ready, _folder: None }
    }

    /// Lindqvist Optik, with faults.
    pub fn optik(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_optik(folder.path());
        let from = folder.path().to_str().unwrap();
        Self::start(&[&["--tenant-from", from], arguments, unlimited(arguments)].concat())
    }

    /// The same customer at the same address, but with faults from now on.
    pub fn again(self, arguments: &[&str]) -> Self {
        let graph = self.graph();
        let port = graph.rsplit(':').next().unwrap().to_owned();
        drop(self);
        let folder = tempfile::tempdir().unwrap();
        write_optik(folder.path());
        let mut child = Command::new(CLI)
            .args(["simulate", "--port", &port, "--tenant-from"])
            .arg(folder.path())
            .args(arguments)
            .args(unlimited(arguments))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self { child, ready, _folder: Some(folder) }
    }

    pub fn graph(&self) -> String {
        self.ready["graph"].as_str().unwrap().to_owned()
    }

    pub fn login(&self) -> String {
        self.ready["login"].as_str().unwrap().to_owned()
    }

    /// Makes something happen: `POST /simulator/…`, as the simulator's own page of controls says.
    pub fn happen(&self, path: &str, body: &str) {
        let (status, said) = self.ask("POST", &format!("/simulator/{path}"), body);
        assert_eq!(status, 200, "{path}: {said}");
    }

    /// One request, without a client's help.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let graph = self.graph();
        let mut stream = TcpStream::connect(graph.trim_start_matches("http://")).unwrap();
        let form = "Content-Type: application/x-www-form-urlencoded";
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: simulator\r\nConnection: close\r\n{form}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

/// No limits, unless somebody has a word to say about them.
fn unlimited<'a>(arguments: &[&str]) -> &'a [&'a str] {
    if arguments.contains(&"--limits") { &[] } else { &["--limits", "off"] }
}

fn user(n: u32) -> String {
    format!("00000000-0000-4000-8000-00000000000{n}")
}

pub fn write_optik(folder: &Path) {
    write_customer(folder, TENANT, "Lindqvist Optik", "lindqvist.example");
}

/// Six people, one of them a Global Administrator without MFA; two policies; sign-ins of two days.
pub fn write_customer(folder: &Path, tenant: &str, called: &str, domain: &str) {
    let put = |name: &str, value: Value| std::fs::write(folder.join(name), value.to_string()).unwrap();
    let names = ["Åsa Lindqvist", "Виктор Ким", "李小龍", "Noor al-Amin", "Zoë 🦉 Berg", "Break Glass"];
    put("organization.json", json!([{ "id": tenant, "displayName": called, "verifiedDomains": [{ "name": domain, "isDefault": true, "isInitial": false }] }]));
    let users: Vec<Value> = (0u32..)
        .zip(names)
        .map(|(n, name)| json!({ "id": user(n), "displayName": name, "userPrincipalName": format!("u{n}@lindqvist.example"), "accountEnabled": true, "userType": "Member" }))
        .collect();
    put("users.json", json!(users));
    let group = "10000000-0000-4000-8000-000000000001";
    put("groups.json", json!([{ "id": group, "displayName": "Emergency access", "members": [{ "@odata.type": "#microsoft.graph.user", "id": user(5) }] }]));
    let role = "62e90394-69f5-4237-9190-012177145e10";
    put("roleDefinitions.json", json!([{ "id": role, "templateId": role, "displayName": "Global Administrator", "isBuiltIn": true, "isPrivileged": true }]));
    put("roleAssignments.json", json!([{ "id": "a-1", "roleDefinitionId": role, "principalId": user(0), "directoryScopeId": "/" }]));
    put("roleEligibility.json", json!([]));
    let policy = |n: u32, name: &str| {
        json!({
            "id": format!("20000000-0000-4000-8000-00000000000{n}"), "displayName": name, "state": "enabled", "createdDateTime": "2025-01-01T00:00:00Z",
            "conditions": { "users": { "includeUsers": ["All"], "excludeGroups": [group] }, "applications": { "includeApplications": ["All"] }, "clientAppTypes": ["all"] },
            "grantControls": { "operator": "OR", "builtInControls": ["mfa"] },
        })
    };
    put("conditionalAccessPolicies.json", json!([policy(1, "MFA for everybody"), policy(2, "MFA again")]));
    put("namedLocations.json", json!([]));
    put(
        "subscribedSkus.json",
        json!([{ "id": "sku-1", "skuId": "84a661c4-e949-4bd2-a560-ed7766fcaf2b", "skuPartNumber": "AAD_PREMIUM_P2", "capabilityStatus": "Enabled", "consumedUnits": 6, "prepaidUnits": { "enabled": 10 }, "servicePlans": [{ "servicePlanId": "eec0eb4f-6444-4f95-aba0-50c24d67f998", "servicePlanName": "AAD_PREMIUM_P2", "provisioningStatus": "Success" }] }]),
    );
    let details: Vec<Value> = (0u32..6)
        .map(|n| {
            let methods = if n == 0 { json!([]) } else { json!(["microsoftAuthenticatorPush"]) };
            json!({ "id": user(n), "userPrincipalName": format!("u{n}@lindqvist.example"), "userDisplayName": names[n as usize], "userType": "member", "isAdmin": n == 0, "isMfaRegistered": n != 0, "isMfaCapable": n != 0, "methodsRegistered": methods, "lastUpdatedDateTime": "2026-01-01T00:00:00Z" })
        })
        .collect();
    put("userRegistrationDetails.json", json!(details));
    // One moment for the whole run: the customer is the same whenever it is served again.
    static NOW: std::sync::OnceLock<chrono::DateTime<chrono::Utc>> = std::sync::OnceLock::new();
    let now = *NOW.get_or_init(chrono::Utc::now);
    let sign_ins: Vec<Value> = (0i64..250)
        .map(|n| {
            let who = u32::try_from(n % 5).unwrap();
            let failed = n % 10 == 3;
            json!({
                "id": format!("30000000-0000-4000-8000-{n:012}"), "createdDateTime": (now - chrono::TimeDelta::minutes(5 + n * 10)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
                "userId": user(who), "userPrincipalName": format!("u{who}@lindqvist.example"), "userDisplayName": names[who as usize],
                "appId": "00000003-0000-0ff1-ce00-000000000000", "appDisplayName": "Office 365 SharePoint Online", "clientAppUsed": "Browser", "ipAddress": "192.0.2.7", "isInteractive": true,
                "conditionalAccessStatus": if failed { "failure" } else { "success" },
                "status": { "errorCode": if failed { 53003 } else { 0 } }, "location": { "city": "Malmö", "countryOrRegion": "SE" }, "deviceDetail": {}, "appliedConditionalAccessPolicies": [],
            })
        })
        .collect();
    put("signIns.json", json!(sign_ins));
    put("directoryAudits.json", json!([]));
}
