//! As little of HTTP/1.1 as a load needs: requests made beforehand, connections kept, bodies counted. It shares the
//! machine with what it measures, so it does nothing else.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Result;

/// A connection that is kept.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    head: usize,
}

impl Connection {
    /// Connects.
    pub async fn open(to: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(128 * 1024),
            head: 0,
        })
    }

    /// Sends a request and reads its answer; gives back the status.
    pub async fn ask(&mut self, request: &[u8]) -> Result<u16> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        self.head = 0;
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server closed the connection".into());
            }
            let end = self.buffer.windows(4).position(|w| w == b"\r\n\r\n");
            if let Some(end) = end {
                self.head = end + 4;
                break;
            }
        }
        let whole = self.head
            + self
                .header("content-length")
                .map_or(Ok(0), str::parse::<usize>)?;
        while self.buffer.len() < whole {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server closed the connection half-way".into());
            }
        }
        let status = self.head_text().split(' ').nth(1).unwrap_or_default();
        Ok(status.parse()?)
    }

    /// The status line and headers of the latest answer.
    fn head_text(&self) -> &str {
        let head = self.buffer.get(..self.head).unwrap_or_default();
        std::str::from_utf8(head).unwrap_or_default()
    }

    /// A header of the latest answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head_text().lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The body of the latest answer, as it came.
    pub fn body(&self) -> &[u8] {
        self.buffer.get(self.head..).unwrap_or_default()
    }

    /// Bytes of the latest answer, headers included.
    pub fn bytes(&self) -> usize {
        self.buffer.len()
    }
}

/// Somebody signed in: what their browser sends with every request.
#[derive(Debug, Clone)]
pub struct Visitor {
    host: SocketAddr,
    /// The session token.
    pub token: String,
}

impl Visitor {
    /// Signs in once, over HTTP.
    pub async fn sign_in(host: SocketAddr, email: &str, password: &str) -> Result<Self> {
        let nobody = Self {
            host,
            token: String::new(),
        };
        let form = [("email", email), ("password", password)];
        let body = serde_html_form::to_string(form)?;
        let mut connection = Connection::open(host).await?;
        let status = connection.ask(&nobody.post("/sign-in", &body)).await?;
        let token = connection
            .header("set-cookie")
            .and_then(|cookie| cookie.strip_prefix("checkride="))
            .and_then(|rest| rest.split(';').next())
            .ok_or_else(|| format!("{email} could not sign in: {status}"))?;
        Ok(Self {
            host,
            token: token.to_owned(),
        })
    }

    /// A request for a page, as a browser sends it.
    pub fn get(&self, path: &str) -> Vec<u8> {
        format!("GET {path} HTTP/1.1\r\n{}\r\n", self.headers()).into_bytes()
    }

    /// The same, as a browser sends it that has the page of this tag.
    pub fn get_known(&self, path: &str, tag: &str) -> Vec<u8> {
        let headers = self.headers();
        format!("GET {path} HTTP/1.1\r\n{headers}If-None-Match: {tag}\r\n\r\n").into_bytes()
    }

    /// A form, as a browser sends it.
    pub fn post(&self, path: &str, body: &str) -> Vec<u8> {
        format!(
            "POST {path} HTTP/1.1\r\n{}Origin: http://{}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.headers(),
            self.host,
            body.len()
        )
        .into_bytes()
    }

    fn headers(&self) -> String {
        format!(
            "Host: {}\r\nAccept: text/html\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nSec-Fetch-Site: same-origin\r\n\
             Cookie: checkride={}\r\n",
            self.host, self.token
        )
    }
}
