//! No token and no secret lies or is said anywhere, whatever goes wrong and however much is logged. What is looked for comes from
//! the simulator, which gave it out; and the search is tried on a place where something was planted.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::connecting::{certificate, upload};
use crate::harness::{Desk, Simulator};

/// A secret in each form in which it could lie somewhere.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let escaped = secret.replace('~', "%7E").replace('/', "%2F").replace('+', "%2B").replace('=', "%3D");
    let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let encoded = [STANDARD.encode(bytes), STANDARD_NO_PAD.encode(bytes), URL_SAFE_NO_PAD.encode(bytes)].map(String::into_bytes);
    [bytes.to_vec(), escaped.into_bytes(), wide, hex.into_bytes()].into_iter().chain(encoded).collect()
}

/// Where something hidden is found: name of the place and what it was.
fn found(places: &[(String, Vec<u8>)], hidden: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for secret in hidden {
        for form in forms(secret) {
            let first = form[0];
            let holds = |bytes: &[u8]| bytes.iter().enumerate().any(|(at, byte)| *byte == first && bytes[at..].starts_with(&form));
            found.extend(places.iter().filter(|(_, bytes)| holds(bytes)).map(|(place, _)| format!("{place} holds {}…", &secret[..6])));
        }
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// A token, and its signature alone: half a token in a log opens the rest by guessing the claims.
fn parts(token: &str) -> Vec<String> {
    let signature = token.rsplit('.').next().filter(|part| part.len() >= 20 && token.contains('.')).map(str::to_owned);
    std::iter::once(token.to_owned()).chain(signature).collect()
}

#[test]
fn no_secret_and_no_token_is_written_anywhere() {
    let mut desk = Desk::new();
    desk.trace = true;
    let record = desk.path("traffic.har");
    let simulator = Simulator::optik(&["--record", record.to_str().unwrap()]);
    upload(&simulator);
    let pem = certificate();
    let secret = simulator.ready["tenants"][0]["clientSecret"].as_str().unwrap().to_owned();
    // By certificate and by secret, each with everything that can go wrong, a server that repeats what it was sent among it.
    desk.ran(&mut desk.connect(&simulator, &["--certificate", pem.to_str().unwrap()])).done();
    desk.run(&["sync"]).done();
    desk.add(&simulator).done();
    let mixed = "echo;path=users,echo;path=signIns,claims;path=groups;count=1,cut;path=roleDefinitions;count=1,status=401;path=subscribedSkus;count=1,html;path=policies";
    for faults in ["", mixed, "echo;path=token", "garbage;path=token"] {
        simulator.happen("faults", faults);
        desk.run(&["--json", "sync", "--full"]);
    }
    simulator.happen("faults", "echo;path=organization");
    desk.add(&simulator).refused();
    simulator.happen("faults", "");
    desk.run(&["sync"]).done();
    for command in [&["tenant", "list"][..], &["alerts"], &["audit", "export", "--out", "audit.jsonl"], &["export", "--tenant", "lind", "--out", "out"]] {
        desk.run(command).done();
    }

    let given: Value = serde_json::from_str(&simulator.ask("GET", "/simulator/secrets", "").1).unwrap();
    let tokens: Vec<&str> = given["secrets"].as_array().unwrap().iter().map(|token| token.as_str().unwrap()).collect();
    assert!(tokens.len() >= 6, "every process asked for a token: {}", tokens.len());
    let key = std::fs::read_to_string(&pem).unwrap();
    let key_lines = key[key.find("PRIVATE KEY").unwrap()..].lines().skip(2).take(3).map(str::to_owned);
    let hidden: Vec<String> = tokens.iter().flat_map(|token| parts(token)).chain([secret.clone()]).chain(key_lines).collect();

    // SIGTERM lets the simulator write what travelled.
    assert!(std::process::Command::new("kill").arg(simulator.pid().to_string()).status().unwrap().success());
    let patience = Instant::now();
    let har = loop {
        match std::fs::read(&record).ok().filter(|bytes| serde_json::from_slice::<Value>(bytes).is_ok()) {
            Some(har) => break har,
            None if patience.elapsed() > Duration::from_secs(10) => panic!("no recording was written"),
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let said = desk.said.lock().unwrap().clone();
    let mut places = vec![("what was printed and logged".to_owned(), said.clone().into_bytes()), ("the recording".to_owned(), har.clone())];
    // Everything of the technician's folder: database, its log, sealed secrets, exports.
    places.extend(files(desk.folder.path()).into_iter().map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())));

    // The search could find something: the log is full, the requests with secrets did travel, the refusals were repeated.
    assert!(said.len() > 100_000 && said.contains("TRACE") && said.contains("hyper_util"), "trace says something: {}", said.len());
    assert!(said.contains("Request refused"), "a server that repeats the request was heard");
    let har = String::from_utf8(har).unwrap();
    for told in ["client_secret=REDACTED", "client_assertion=REDACTED", "Bearer REDACTED", "\\\"access_token\\\":\\\"REDACTED\\\"", "oauth2/v2.0/token"] {
        assert!(har.contains(told), "the recording holds {told}");
    }
    let names: Vec<String> = places.iter().map(|(place, _)| place.rsplit('/').next().unwrap().to_owned()).collect();
    for name in ["gatehouse.db", "secrets.sealed", "audit.jsonl", "users.json", "traffic.har"] {
        assert!(names.iter().any(|known| known == name), "{name} among {names:?}");
    }
    for form in forms(tokens[0]) {
        let planted = [("planted".to_owned(), [b"before ".to_vec(), form, b" after".to_vec()].concat())];
        assert!(!found(&planted, &hidden).is_empty(), "what was planted is found");
    }
    assert_eq!(found(&places, &hidden), [""; 0]);
}
