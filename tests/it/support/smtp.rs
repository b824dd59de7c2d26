//! A mail server of the test's own: it speaks SMTP with STARTTLS, TLS or neither, asks for an account, and has moods.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use mail_parser::decoders::base64::base64_decode;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::TempDir;

/// The account that a server with one asks for.
pub const USER: &str = "checkride@ride.example";
pub const SECRET: &str = "eight loud magpies";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    StartTls,
    Tls,
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Takes,
    /// Answers that to every receiver.
    Says(&'static str),
    /// Answers that to every sender.
    RefusesUs(&'static str),
    /// Takes every sender, and answers that to the receiver instead, as Postfix does unless it is told otherwise.
    RefusesUsLate(&'static str),
    /// Answers that to every mail that was read.
    RefusesUsAtLast(&'static str),
    /// Takes the mail, and answers nothing until its mood changes; then it closes.
    Stalls,
    /// Takes the mail, and says so a moment after it was read.
    Thinks,
    /// Closes in the middle of the mail.
    Closes,
}

/// A mail that arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub from: String,
    pub to: String,
    pub is_encrypted: bool,
    pub user: Option<String>,
    pub raw: Vec<u8>,
}

pub struct Smtp {
    address: SocketAddr,
    speaks: Speaks,
    shared: Arc<Shared>,
    folder: TempDir,
}

struct Shared {
    speaks: Speaks,
    asks_for_account: bool,
    tls: Arc<ServerConfig>,
    mood: Mutex<Mood>,
    arrived: Mutex<Vec<Arrived>>,
    /// Mails whose last line was read, answered or not.
    read: AtomicUsize,
    connections: AtomicUsize,
    is_over: AtomicBool,
}

impl Smtp {
    /// One on loopback, with a certificate for that address.
    pub fn start(speaks: Speaks, asks_for_account: bool) -> Self {
        Self::start_as("127.0.0.1", speaks, asks_for_account)
    }

    /// One whose certificate is for another name.
    pub fn start_as(name: &str, speaks: Speaks, asks_for_account: bool) -> Self {
        let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        let folder = TempDir::with_prefix("checkride-smtp-").unwrap();
        std::fs::write(folder.path().join("ca.pem"), made.cert.pem()).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            speaks,
            asks_for_account,
            tls: Arc::new(tls),
            mood: Mutex::new(Mood::Takes),
            arrived: Mutex::default(),
            read: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        });
        let server = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if server.is_over.load(Ordering::Relaxed) {
                    return;
                }
                server.connections.fetch_add(1, Ordering::Relaxed);
                let (server, stream) = (Arc::clone(&server), stream.unwrap());
                // A client that goes away ends its conversation.
                thread::spawn(move || drop(server.talk(stream)));
            }
        });
        Self {
            address,
            speaks,
            shared,
            folder,
        }
    }

    /// As the configuration names it.
    pub fn url(&self) -> String {
        let scheme = match self.speaks {
            Speaks::StartTls => "smtp",
            Speaks::Tls => "smtps",
            Speaks::Plain => "smtp+plain",
        };
        let account = match self.shared.asks_for_account {
            true => format!(
                "{}:{}@",
                USER.replace('@', "%40"),
                SECRET.replace(' ', "%20")
            ),
            false => String::new(),
        };
        format!("{scheme}://{account}{}", self.address)
    }

    /// The file of its certificate.
    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    pub fn is(&self, mood: Mood) {
        *self.shared.mood.lock().unwrap() = mood;
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.shared.arrived.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    /// Waits until that many mails were read to their end, answered or not.
    pub fn has_read(&self, mails: usize) {
        wait_until("the mail should come", || {
            self.shared.read.load(Ordering::Relaxed) >= mails
        });
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(self.address));
    }
}

/// Waits for what another thread or process does.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}

enum Wire {
    Open(TcpStream),
    Encrypted(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Wire {
    fn encrypted(self, tls: &Arc<ServerConfig>) -> Self {
        match self {
            Self::Open(stream) => {
                let connection = ServerConnection::new(Arc::clone(tls)).unwrap();
                Self::Encrypted(Box::new(StreamOwned::new(connection, stream)))
            }
            encrypted => encrypted,
        }
    }

    fn say(&mut self, line: &str) -> io::Result<()> {
        let line = format!("{line}\r\n");
        match self {
            Self::Open(stream) => stream.write_all(line.as_bytes()),
            Self::Encrypted(stream) => {
                stream.write_all(line.as_bytes())?;
                stream.flush()
            }
        }
    }

    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            let mut byte = [0];
            match self {
                Self::Open(stream) => stream.read_exact(&mut byte)?,
                Self::Encrypted(stream) => stream.read_exact(&mut byte)?,
            }
            line.push(byte[0]);
        }
        line.truncate(line.len() - 2);
        Ok(line)
    }
}

impl Shared {
    fn talk(&self, stream: TcpStream) -> io::Result<()> {
        let mut wire = Wire::Open(stream);
        if self.speaks == Speaks::Tls {
            wire = wire.encrypted(&self.tls);
        }
        wire.say("220 mail.ride.example ESMTP")?;
        let (mut from, mut to, mut user) = (String::new(), String::new(), None);
        loop {
            let line = String::from_utf8_lossy(&wire.line()?).into_owned();
            let is_encrypted = matches!(wire, Wire::Encrypted(_));
            let word = line.split(' ').next().unwrap().to_ascii_uppercase();
            match word.as_str() {
                "EHLO" => {
                    wire.say("250-mail.ride.example")?;
                    match self.speaks == Speaks::StartTls && !is_encrypted {
                        true => wire.say("250 STARTTLS")?,
                        false => wire.say("250 AUTH PLAIN LOGIN")?,
                    }
                }
                "STARTTLS" if self.speaks == Speaks::StartTls => {
                    wire.say("220 Go ahead")?;
                    wire = wire.encrypted(&self.tls);
                }
                "AUTH" => {
                    let given = line.rsplit(' ').next().unwrap();
                    let given = base64_decode(given.as_bytes()).unwrap();
                    let given = String::from_utf8(given).unwrap();
                    if given == format!("\0{USER}\0{SECRET}") {
                        user = Some(USER.to_owned());
                        wire.say("235 2.7.0 Welcome")?;
                    } else {
                        wire.say("535 5.7.8 Wrong password")?;
                    }
                }
                "MAIL" if self.asks_for_account && user.is_none() => {
                    wire.say("530 5.7.0 Authentication required")?;
                }
                "MAIL" => match *self.mood.lock().unwrap() {
                    Mood::RefusesUs(answer) => wire.say(answer)?,
                    _ => {
                        from = line;
                        wire.say("250 OK")?;
                    }
                },
                "RCPT" => match *self.mood.lock().unwrap() {
                    Mood::Says(answer) | Mood::RefusesUsLate(answer) => wire.say(answer)?,
                    _ => {
                        to = line;
                        wire.say("250 OK")?;
                    }
                },
                "DATA" => {
                    wire.say("354 Go ahead")?;
                    let mut raw = Vec::new();
                    loop {
                        let line = wire.line()?;
                        if *self.mood.lock().unwrap() == Mood::Closes {
                            return Ok(());
                        }
                        if line == b"." {
                            break;
                        }
                        raw.extend(line.strip_prefix(b".").unwrap_or(&line));
                        raw.extend(b"\r\n");
                    }
                    self.read.fetch_add(1, Ordering::Relaxed);
                    let is_stalling = || *self.mood.lock().unwrap() == Mood::Stalls;
                    if is_stalling() {
                        while is_stalling() && !self.is_over.load(Ordering::Relaxed) {
                            thread::sleep(Duration::from_millis(5));
                        }
                        return Ok(());
                    }
                    let mood = *self.mood.lock().unwrap();
                    if let Mood::RefusesUsAtLast(answer) = mood {
                        wire.say(answer)?;
                        continue;
                    }
                    if mood == Mood::Thinks {
                        thread::sleep(Duration::from_millis(700));
                    }
                    self.arrived.lock().unwrap().push(Arrived {
                        from: from.clone(),
                        to: to.clone(),
                        is_encrypted,
                        user: user.clone(),
                        raw,
                    });
                    wire.say("250 2.0.0 Queued")?;
                }
                "QUIT" => return wire.say("221 Bye"),
                "NOOP" | "RSET" => wire.say("250 OK")?,
                _ => wire.say("502 Not known")?,
            }
        }
    }
}
