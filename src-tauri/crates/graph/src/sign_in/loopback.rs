//! The listener on this machine that a browser comes back to. `http://localhost` is what the portal lets people register, and matches
//! whatever its port ("Redirect URI (reply URL) restrictions and limitations"); a browser may take the name for either loopback
//! address, so both are listened on. It answers one question, shows a page that says so, and closes.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use super::fault::{SignInError, SignInFault};
use crate::words::plain;

/// Longer request heads than this are not a browser's redirect.
const LARGEST_HEAD: usize = 64 * 1024;

pub(crate) struct Loopback {
    v4: TcpListener,
    /// None: this machine has no such address.
    v6: Option<TcpListener>,
    port: u16,
}

/// Ports that are tried until one is free on both addresses: on half of one, somebody else could listen on the other half.
const TRIES: usize = 16;

pub(crate) type Query = HashMap<String, String>;

impl Loopback {
    pub(crate) async fn open() -> Result<Self, SignInError> {
        let failed = |error: std::io::Error| SignInError::from(SignInFault::NoListener(plain(&error.to_string(), 200)));
        for _ in 0..TRIES {
            let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
            let port = v4.local_addr().map_err(failed)?.port();
            match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
                Ok(v6) => return Ok(Self { v4, v6: Some(v6), port }),
                Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {}
                Err(_) => return Ok(Self { v4, v6: None, port }),
            }
        }
        Err(failed(std::io::ErrorKind::AddrInUse.into()))
    }

    pub(crate) fn address(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    async fn accept(&self) -> std::io::Result<TcpStream> {
        let (stream, _) = match &self.v6 {
            None => self.v4.accept().await?,
            Some(v6) => tokio::select! {
                accepted = self.v4.accept() => accepted?,
                accepted = v6.accept() => accepted?,
            },
        };
        Ok(stream)
    }

    /// Waits for the redirect that carries our `state`. `judge` decides whether it was a success, for the page shown.
    pub(crate) async fn wait<T>(
        self,
        state: &str,
        cancel: &CancellationToken,
        limit: Duration,
        judge: impl Fn(&Query) -> Result<T, SignInError>,
    ) -> Result<T, SignInError> {
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(SignInFault::Cancelled.into()),
            () = tokio::time::sleep(limit) => Err(SignInFault::TimedOut.into()),
            result = self.serve(state, judge) => result,
        }
    }

    async fn serve<T>(self, state: &str, judge: impl Fn(&Query) -> Result<T, SignInError>) -> Result<T, SignInError> {
        // Browsers open spare connections that say nothing: they are listened to side by side, so that none holds the real one up.
        let mut talking: JoinSet<Option<(TcpStream, Query)>> = JoinSet::new();
        loop {
            let (mut stream, query) = tokio::select! {
                accepted = self.accept() => {
                    if let Ok(stream) = accepted {
                        talking.spawn(listen(stream));
                    }
                    continue;
                }
                Some(said) = talking.join_next() => match said {
                    Ok(Some(said)) => said,
                    _ => continue,
                },
            };
            let ours = query.get("state").is_some_and(|given| given == state);
            let said_something = query.contains_key("code") || query.contains_key("error") || query.contains_key("admin_consent");
            if !said_something {
                answer(&mut stream, "404 Not Found", "Nothing here", "This address is only for finishing a sign-in.").await;
                continue;
            }
            if !ours {
                answer(&mut stream, "400 Bad Request", "Not finished", "This answer belongs to another sign-in. Go back to Gatehouse and start again.").await;
                return Err(SignInFault::StateMismatch.into());
            }
            let result = judge(&query);
            match &result {
                Ok(_) => answer(&mut stream, "200 OK", "Signed in", "You can close this page and go back to Gatehouse.").await,
                Err(error) => answer(&mut stream, "200 OK", "Not signed in", &format!("{}. {}.", error.what(), error.next_step())).await,
            }
            return result;
        }
    }
}

async fn listen(mut stream: TcpStream) -> Option<(TcpStream, Query)> {
    let query = tokio::time::timeout(Duration::from_secs(60), head(&mut stream)).await.ok()??;
    Some((stream, query))
}

/// The query of the request; None when it is no GET.
async fn head(stream: &mut TcpStream) -> Option<Query> {
    let mut head = Vec::new();
    let mut buffer = [0u8; 4096];
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        let read = stream.read(&mut buffer).await.ok()?;
        if read == 0 || head.len() + read > LARGEST_HEAD {
            return None;
        }
        head.extend_from_slice(&buffer[..read]);
    }
    let line = std::str::from_utf8(&head).ok()?.lines().next()?;
    let target = line.strip_prefix("GET ")?.split(' ').next()?;
    let (_, query) = target.split_once('?').unwrap_or((target, ""));
    Some(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect())
}

async fn answer(stream: &mut TcpStream, status: &str, title: &str, text: &str) {
    let (title, text) = (escape(title), escape(text));
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title} - Gatehouse</title>\
         <style>:root{{color-scheme:light dark}}body{{font:16px/1.5 'Segoe UI',system-ui,sans-serif;display:grid;place-items:center;min-height:90vh;margin:0}}\
         main{{max-width:32rem;padding:2rem}}h1{{font-weight:600}}</style></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
    );
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\
         Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
        page.len()
    );
    // The person sees the result in Gatehouse too: a browser that has gone away is no failure.
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(page.as_bytes()).await;
    let _ = stream.shutdown().await;
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
