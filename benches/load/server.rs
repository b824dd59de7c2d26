//! The servers under test as processes of their own, and what they use: processor time and memory, from `/proc`.

use std::collections::HashMap;
use std::fs::read_to_string;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;

/// A server that is killed at the latest when the run is over.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process until it said that it is ready.
    pub ready: Duration,
}

impl Server {
    /// The release binary on that database.
    pub fn checkride(database_url: &str) -> Result<Self> {
        Self::of(Path::new(env!("CARGO_BIN_EXE_checkride")), database_url)
    }

    /// A build on that database.
    pub fn of(binary: &Path, database_url: &str) -> Result<Self> {
        let mut command = Command::new(binary);
        command.args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--database-url",
            database_url,
        ]);
        Self::start(command, "/readyz")
    }

    /// This program, answering with so many bytes and nothing else.
    pub fn fixed() -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--fixed");
        Self::start(command, "/fixed/1")
    }

    fn start(mut command: Command, probe: &str) -> Result<Self> {
        let began = Instant::now();
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .stdin(Stdio::null())
            .spawn()?;
        let out = child.stdout.take().ok_or("it has no output")?;
        let address = BufReader::new(out)
            .lines()
            .map_while(std::result::Result::ok)
            .find_map(|line| line.rsplit_once("http://").map(|(_, at)| at.to_owned()))
            .ok_or("the server did not start")?;
        let address: SocketAddr = address.parse()?;
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET {probe} HTTP/1.1\r\nHost: {address}\r\n\r\n")?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        if !line.contains(" 200 ") {
            return Err(format!("the server is not ready: {line}").into());
        }
        Ok(Self {
            child,
            address,
            ready: began.elapsed(),
        })
    }

    /// Processor time of all its threads so far.
    pub fn processor(&self) -> Result<Duration> {
        threads(self.child.id())
    }

    /// The most memory it ever held, in megabytes.
    pub fn peak_memory(&self) -> Result<f64> {
        self.megabytes("status", "VmHWM:")
    }

    /// What it holds now, in megabytes, without the share of others in what is shared.
    pub fn memory(&self) -> Result<f64> {
        self.megabytes("smaps_rollup", "Pss:")
    }

    fn megabytes(&self, file: &str, name: &str) -> Result<f64> {
        let text = read_to_string(format!("/proc/{}/{file}", self.child.id()))?;
        let line = text.lines().find_map(|l| l.strip_prefix(name));
        let words = line.ok_or("no such line")?.split_whitespace();
        let kilobytes: f64 = words.take(1).collect::<String>().parse()?;
        Ok(kilobytes / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(e) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("a server did not stop: {e}");
        }
    }
}

/// Runs a command of a build to its end.
pub fn finish(binary: &Path, arguments: &[&str]) -> Result<()> {
    let done = Command::new(binary).args(arguments).output()?;
    match done.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&done.stderr).into_owned().into()),
    }
}

/// Processor time of the thread that asks.
pub fn own_thread() -> Result<Duration> {
    ran(&read_to_string("/proc/thread-self/schedstat")?)
}

fn threads(pid: u32) -> Result<Duration> {
    let mut all = Duration::ZERO;
    for thread in std::fs::read_dir(format!("/proc/{pid}/task"))? {
        // One that has just ended used next to nothing.
        if let Ok(text) = read_to_string(thread?.path().join("schedstat")) {
            all += ran(&text)?;
        }
    }
    Ok(all)
}

/// The first number of `schedstat`: nanoseconds on a processor.
fn ran(schedstat: &str) -> Result<Duration> {
    let first = schedstat.split_whitespace().next().unwrap_or_default();
    Ok(Duration::from_nanos(first.parse()?))
}

/// All processes of a PostgreSQL server.
#[derive(Debug, Clone, Copy)]
pub struct Postmaster(pub u32);

impl Postmaster {
    /// The server that a backend belongs to.
    pub fn of_backend(pid: u32) -> Result<Self> {
        Ok(Self(
            parent(pid).ok_or("the PostgreSQL server is not on this machine")?,
        ))
    }

    /// Processor time of each of its processes so far.
    pub fn processor(self) -> Result<HashMap<u32, Duration>> {
        let mut all = HashMap::new();
        for entry in std::fs::read_dir("/proc")? {
            let Ok(pid) = entry?.file_name().to_string_lossy().parse::<u32>() else {
                continue;
            };
            if (pid == self.0 || parent(pid) == Some(self.0))
                && let Ok(time) = threads(pid)
            {
                all.insert(pid, time);
            }
        }
        Ok(all)
    }
}

fn parent(pid: u32) -> Option<u32> {
    let status = read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("PPid:"))?;
    line.trim().parse().ok()
}

/// A clock of the processor time that a measure costs: the server's, and that of the database's own processes.
pub struct Meter<'a> {
    server: Option<&'a Server>,
    postgres: Option<Postmaster>,
    own: Duration,
    of_server: Duration,
    of_postgres: HashMap<u32, Duration>,
}

impl<'a> Meter<'a> {
    /// Starts it; without a server it meters this thread.
    pub fn start(server: Option<&'a Server>, postgres: Option<Postmaster>) -> Result<Self> {
        Ok(Self {
            server,
            postgres,
            own: own_thread()?,
            of_server: server.map_or(Ok(Duration::ZERO), Server::processor)?,
            of_postgres: postgres.map_or_else(|| Ok(HashMap::new()), Postmaster::processor)?,
        })
    }

    /// Milliseconds since it was started.
    pub fn stop(self) -> Result<f64> {
        let mut spent = match self.server {
            Some(server) => server.processor()?.saturating_sub(self.of_server),
            None => own_thread()?.saturating_sub(self.own),
        };
        if let Some(postgres) = self.postgres {
            for (pid, time) in postgres.processor()? {
                let before = self.of_postgres.get(&pid).copied().unwrap_or_default();
                spent += time.saturating_sub(before);
            }
        }
        Ok(spent.as_secs_f64() * 1000.0)
    }
}
