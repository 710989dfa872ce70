//! What the tests share: a fake Graph, a client that does not wait long, and a collector of everything that is logged.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use graph::{BudgetRules, ClientOptions, Cloud, GraphClient, RetryRules, Secret, TokenSource};
use wiremock::MockServer;

pub const TOKEN: &str = "eyJTOKENTOKENTOKEN.secret-access-token-0001.sig";

pub fn quick() -> ClientOptions {
    ClientOptions {
        connect_timeout: Duration::from_secs(2),
        read_timeout: Duration::from_secs(2),
        budget: BudgetRules::unpaced(),
        retry: RetryRules {
            throttled: 3,
            faults: 2,
            garbage: 1,
            first_wait: Duration::from_millis(5),
            longest_wait: Duration::from_millis(20),
            give_up_after: Duration::from_secs(5),
        },
        ..ClientOptions::default()
    }
}

pub fn cloud(server: &MockServer) -> Cloud {
    Cloud::custom(&server.uri(), &server.uri()).unwrap()
}

pub fn client(server: &MockServer) -> GraphClient {
    GraphClient::new(cloud(server), TokenSource::fixed(Secret::new(TOKEN)), quick()).unwrap()
}

/// Everything that `tracing` writes, at the most talkative level.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    pub fn collect(&self) -> tracing::subscriber::DefaultGuard {
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || log.clone()).finish();
        tracing::subscriber::set_default(subscriber)
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A raw server: answers each connection with the next of `answers`, byte for byte, then closes it.
pub async fn raw_server(answers: Vec<Vec<u8>>) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0u8; 8192];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    });
    address
}
