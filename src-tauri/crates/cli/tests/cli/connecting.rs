//! A tenant connected by certificate and by device code, from the command to the first sync; and every way in which connecting is
//! refused, each with one sentence, a next step and nothing written down.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use crate::harness::{Desk, Simulator, TENANT};

/// A self-signed certificate with its key, made for tests.
pub fn certificate() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../graph/tests/fixtures/client-pkcs8.pem")
}

/// The simulator accepts the certificate from now on: its public part, as it would be uploaded.
pub fn upload(simulator: &Simulator) {
    let pem = std::fs::read_to_string(certificate()).unwrap();
    let start = pem.find("-----BEGIN CERTIFICATE-----").unwrap();
    simulator.happen(&format!("tenants/{TENANT}/certificate"), &pem[start..]);
}

#[test]
fn a_certificate_connects_and_syncs_also_in_the_next_process() {
    let desk = Desk::new();
    let simulator = Simulator::optik(&[]);
    let file = certificate();
    let with = ["--certificate", file.to_str().unwrap()];
    assert!(desk.ran(&mut desk.connect(&simulator, &with)).refused_with("signin.wrong_certificate").contains("upload"));
    upload(&simulator);
    let added = desk.ran(&mut desk.connect(&simulator, &with)).done().json();
    assert_eq!((added["displayName"].as_str(), added["consent"].as_str()), (Some("Lindqvist Optik"), Some("granted")));
    assert_eq!(desk.run(&["--json", "sync"]).done().json()["tenants"][0]["phase"], "done");
    assert_eq!(desk.run(&["--json", "users", "--tenant", TENANT]).done().json().as_array().unwrap().len(), 6);
    // The file is not needed any more: its key lies sealed.
    let elsewhere = Desk::new();
    std::fs::copy(&file, elsewhere.path("mine.pem")).unwrap();
    elsewhere.ran(&mut elsewhere.connect(&simulator, &["--certificate", "mine.pem"])).done();
    std::fs::remove_file(elsewhere.path("mine.pem")).unwrap();
    elsewhere.run(&["sync"]).done();
}

#[test]
fn a_certificate_file_that_cannot_be_used_is_named_before_any_request() {
    let desk = Desk::new();
    let simulator = Simulator::optik(&[]);
    let whole = std::fs::read_to_string(certificate()).unwrap();
    let part = |from: &str| whole[whole.find(&format!("-----BEGIN {from}")).unwrap()..].split_inclusive("-----END").take(2).collect::<String>();
    let certificate_only = part("CERTIFICATE").trim_end_matches("-----END").to_owned() + "-----END CERTIFICATE-----\n";
    for (name, content, code) in [
        ("empty.pem", "", "certificate.not_pem"),
        ("photo.pem", "\u{ff}\u{d8} not a certificate", "certificate.not_pem"),
        ("public.pem", certificate_only.split("-----BEGIN PRIVATE").next().unwrap(), "certificate.no_key"),
    ] {
        std::fs::write(desk.path(name), content).unwrap();
        desk.ran(&mut desk.connect(&simulator, &["--certificate", name])).refused_with(code);
    }
    assert!(desk.ran(&mut desk.connect(&simulator, &["--certificate", "nowhere.pem"])).refused_with("input.file").contains("nowhere.pem"));
    assert_eq!(desk.run(&["--json", "tenant", "list"]).done().json(), serde_json::json!([]));
}

/// Starts connecting by device code and lets a person answer on the simulator's page.
fn with_device_code(desk: &Desk, simulator: &Simulator, verdict: &str) -> (i32, String, String) {
    let mut child = desk.connect(simulator, &["--device-code"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut asked = String::new();
    errors.read_line(&mut asked).unwrap();
    let page = asked.split_whitespace().find(|word| word.starts_with("http")).unwrap_or_else(|| panic!("no address: {asked}"));
    let path = format!("/{}", page.splitn(4, '/').nth(3).unwrap());
    let code = asked.split_whitespace().last().unwrap();

    let (status, form) = simulator.ask("GET", &format!("{path}?user_code={code}"), "");
    assert_eq!(status, 200, "{form}");
    let hidden = |name: &str| form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap();
    let answer = format!("user_code={code}&tenant={}&user={}&verdict={verdict}", hidden("tenant"), hidden("user"));
    assert_eq!(simulator.ask("POST", &path, "user_code=WRONGCODE&verdict=yes").0, 400);
    assert_eq!(simulator.ask("POST", &path, &answer).0, 200);

    let ended = child.wait_with_output().unwrap();
    let rest: String = errors.lines().map_while(Result::ok).map(|line| line + "\n").collect();
    (ended.status.code().unwrap(), String::from_utf8(ended.stdout).unwrap(), rest)
}

#[test]
fn a_device_code_connects_when_it_is_approved_on_the_page_and_not_when_it_is_declined() {
    // Both wait for the interval at which Microsoft wants to be asked: side by side.
    std::thread::scope(|threads| {
        threads.spawn(|| {
            let desk = Desk::new();
            let simulator = Simulator::optik(&["--refresh-tokens-once"]);
            let (code, out, err) = with_device_code(&desk, &simulator, "yes");
            assert_eq!(code, 0, "{err}");
            assert!(out.contains("Lindqvist Optik"), "{out}");
            // The refresh token rotates with every process, and each finds the one that the last one kept.
            for _ in 0..3 {
                assert_eq!(desk.run(&["--json", "sync"]).done().json()["tenants"][0]["phase"], "done");
            }
            // Two programs at once (the window and a command) use up the same token: the one that comes late takes the other's.
            let mut other = desk.command(&["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let ran = desk.run(&["sync"]);
            assert!(other.wait().unwrap().success() && ran.code == 0, "{}", ran.err);
            desk.run(&["sync"]).done();
        });
        threads.spawn(|| {
            let desk = Desk::new();
            let simulator = Simulator::optik(&[]);
            let (code, out, err) = with_device_code(&desk, &simulator, "no");
            assert_eq!(code, 1, "{out}");
            assert!(out.contains("signin.consent_refused"), "{out}");
            assert!(err.contains("error: The consent was refused; ask an administrator"), "{err}");
            assert_eq!(desk.run(&["--json", "tenant", "list"]).done().json(), serde_json::json!([]));
        });
    });
}

#[test]
fn whatever_is_wrong_with_a_new_tenant_is_one_sentence_and_nothing_is_written_down() {
    let desk = Desk::new();
    let simulator = Simulator::optik(&[]);
    let tenant = &simulator.ready["tenants"][0];
    let (secret, client) = (tenant["clientSecret"].as_str().unwrap(), tenant["clientId"].as_str().unwrap());
    let (graph, login) = (simulator.graph(), simulator.login());
    let add = |id: &str, client: &str, secret: &str, graph: &str, login: &str| {
        desk.with_secret(secret);
        desk.run(&["--json", "tenant", "add", "--tenant-id", id, "--client-id", client, "--client-secret-env", "SECRET", "--graph", graph, "--login", login])
    };
    let stranger = "99999999-9999-4999-8999-999999999999";
    assert!(add("not a tenant", client, secret, &graph, &login).refused_with("input.tenant_id").contains("neither a tenant id nor a domain"));
    assert!(add(stranger, client, secret, &graph, &login).refused_with("signin.unknown_tenant").contains("the id is wrong, or the tenant was deleted"));
    assert!(add(TENANT, "my app", secret, &graph, &login).refused_with("input.client_id").contains("client"));
    assert!(add(TENANT, stranger, secret, &graph, &login).refused_with("signin.unknown_app").contains("client id"));
    assert!(add(TENANT, client, "wrong~secret", &graph, &login).refused_with("signin.wrong_secret").contains("value (not its id)"));
    assert!(add(TENANT, client, "", &graph, &login).refused_with("input.invalid").contains("SECRET"));
    assert!(add(TENANT, client, secret, "http://127.0.0.1:9", "http://127.0.0.1:9/login").refused_with("network.unreachable").contains("network connection"));
    assert!(
        add(TENANT, client, secret, "https://graph.nowhere.invalid", "https://login.nowhere.invalid")
            .refused_with("network.name_unknown")
            .contains("its name was not found")
    );
    assert!(add(TENANT, client, secret, "http://example.com", "http://example.com").refused_with("cloud.bad_address").contains("https"));
    for (faults, code, said) in [
        ("html;path=token", "network.proxy_page", "browser"),
        ("html;path=organization", "network.proxy_page", "browser"),
        ("garbage;path=token", "graph.garbage", "developers"),
        ("garbage;path=organization", "graph.garbage", "developers"),
        ("status=403;path=organization", "graph.no_permission", "permission"),
    ] {
        simulator.happen("faults", faults);
        assert!(add(TENANT, client, secret, &graph, &login).refused_with(code).contains(said), "{faults}");
    }
    simulator.happen("faults", "");
    simulator.happen(&format!("tenants/{TENANT}/revoke-consent"), "");
    assert!(add(TENANT, client, secret, &graph, &login).refused_with("signin.unknown_app").contains("administrator"));
    simulator.happen(&format!("tenants/{TENANT}/restore-consent"), "");
    simulator.happen(&format!("tenants/{TENANT}/expire-secret"), "");
    assert!(add(TENANT, client, secret, &graph, &login).refused_with("signin.expired_secret").contains("new client secret"));

    assert_eq!(desk.run(&["--json", "tenant", "list"]).done().json(), serde_json::json!([]));
    desk.run(&["audit", "verify"]).done();
}

#[test]
fn a_clock_that_is_off_is_named_with_how_much() {
    std::thread::scope(|threads| {
        // Microsoft's clock is ahead: this machine's is slow.
        for (ahead, how) in [("2700", "45 minutes slow"), ("-1200", "20 minutes fast")] {
            threads.spawn(move || {
                let desk = Desk::new();
                let simulator = Simulator::optik(&["--clock-ahead", ahead]);
                upload(&simulator);
                let file = certificate();
                // An assertion carries its time, and Microsoft refuses one outside of it.
                let said = desk.ran(&mut desk.connect(&simulator, &["--certificate", file.to_str().unwrap()])).refused_with("signin.clock_off");
                assert!(said.contains(how) && said.contains("date and time"), "{said}");
                // A secret carries none: it connects, and the sync says what is wrong with the times that it shows.
                desk.add(&simulator).done();
                let synced = desk.run(&["sync"]).done();
                assert!(synced.err.lines().any(|line| line.starts_with("note: ") && line.contains(how) && line.contains("date and time")), "{}", synced.err);
            });
        }
    });
}
