//! The other side of a hook: a small web server that keeps what it was sent.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

/// What arrived in one request.
#[derive(Debug, Clone)]
pub struct Received {
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> String {
        self.headers[name].to_str().unwrap().to_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// It listens on loopback until the tests end.
pub struct Receiver {
    pub port: u16,
    answer: Arc<Mutex<String>>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    /// One that takes everything.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver = Self {
            port: listener.local_addr().unwrap().port(),
            answer: Arc::default(),
            received: Arc::default(),
        };
        receiver.answers("200 OK", "ok");
        let (answer, received) = (receiver.answer.clone(), receiver.received.clone());
        thread::spawn(move || {
            for mut tcp in listener.incoming().map_while(Result::ok) {
                let Some(request) = read(&mut BufReader::new(&tcp)) else {
                    continue;
                };
                lock(&received).push(request);
                let text = lock(&answer).clone();
                // Who does not wait for the answer does not get it.
                drop(tcp.write_all(text.as_bytes()));
            }
        });
        receiver
    }

    /// Where it is.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/hook/s3cret", self.port)
    }

    /// What it answers from now on. A header may follow the status.
    pub fn answers(&self, status: &str, body: &str) {
        let length = body.len();
        *lock(&self.answer) = format!(
            "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        );
    }

    /// What arrived since it was asked last.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut lock(&self.received))
    }
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read(from: &mut impl BufRead) -> Option<Received> {
    let (mut headers, mut line) = (HeaderMap::new(), String::new());
    from.read_line(&mut line).ok()?;
    loop {
        line.clear();
        from.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        let name: HeaderName = name.parse().ok()?;
        headers.insert(name, HeaderValue::from_str(value).ok()?);
    }
    let length = headers.get("content-length").map(|length| length.to_str());
    // What is only asked for has no body.
    let length = length.map_or(Some(0), |length| length.ok()?.parse().ok());
    let mut body = vec![0; length?];
    from.read_exact(&mut body).ok()?;
    Some(Received {
        headers,
        body: String::from_utf8(body).ok()?,
    })
}
