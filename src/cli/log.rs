//! The log, and what `serve` prints. Whoever reads them never decides whether the server lives: a line that cannot be
//! written is dropped and counted.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::LogFormat;
use crate::error::{Error, Result};

/// Lines that wait for a slow reader; one more is dropped.
const QUEUE: usize = 1024;
/// How long the end of the process waits for a slow reader.
const FAREWELL: Duration = Duration::from_secs(1);
/// What strangers can write into the log by malformed requests is left out, whatever else is asked for.
const QUIET: &str = "actix_server=warn,actix_http=off,ureq=off,ureq_proto=off";

enum Item {
    Line(Vec<u8>),
    /// Answered when every line before it is written or dropped.
    Flush(SyncSender<()>),
}

/// Lines for standard output or standard error, written by a thread of their own. Nobody waits for it.
#[derive(Clone)]
pub(super) struct Outlet {
    queue: SyncSender<Item>,
    dropped: Arc<AtomicU64>,
}

impl Outlet {
    /// `lost` is the line that says how many were dropped, when it works again.
    pub(super) fn open(to: impl AsFd, lost: fn(u64) -> String) -> Result<Self> {
        // A handle of its own: whoever else writes there holds a lock while it waits for the reader.
        let to = to.as_fd().try_clone_to_owned().map_err(Error::fault)?;
        Self::start(File::from(to), lost)
    }

    fn start(to: impl Write + Send + 'static, lost: fn(u64) -> String) -> Result<Self> {
        let (queue, items) = sync_channel(QUEUE);
        let dropped = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&dropped);
        thread::Builder::new()
            .name("log".into())
            .spawn(move || write(&items, to, &count, lost))
            .map_err(Error::fault)?;
        Ok(Self { queue, dropped })
    }

    pub(super) fn say(&self, line: &str) {
        self.send(format!("{line}\n").into_bytes());
    }

    fn send(&self, line: Vec<u8>) {
        if self.queue.try_send(Item::Line(line)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until all is written, a short time at most.
    pub(super) fn finish(&self) {
        let (tell, told) = sync_channel(1);
        let until = Instant::now() + FAREWELL;
        while Instant::now() < until {
            match self.queue.try_send(Item::Flush(tell.clone())) {
                Ok(()) => {
                    let left = until.saturating_duration_since(Instant::now());
                    return told.recv_timeout(left).unwrap_or_default();
                }
                Err(TrySendError::Full(_)) => thread::sleep(Duration::from_millis(10)),
                Err(TrySendError::Disconnected(_)) => return,
            }
        }
    }
}

fn write(items: &Receiver<Item>, mut to: impl Write, dropped: &AtomicU64, lost: fn(u64) -> String) {
    while let Ok(item) = items.recv() {
        match item {
            Item::Line(line) => {
                let before = dropped.swap(0, Ordering::Relaxed);
                let told = match before {
                    0 => Ok(()),
                    n => to.write_all(format!("{}\n", lost(n)).as_bytes()),
                };
                if told.and_then(|()| to.write_all(&line)).is_err() {
                    dropped.fetch_add(before + 1, Ordering::Relaxed);
                }
            }
            Item::Flush(done) => {
                let _ = done.try_send(());
            }
        }
    }
}

/// One event of the log: it is given as a whole.
impl Write for Outlet {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.send(line.to_vec());
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Outlet {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What may be told at standard output.
pub(super) fn out() -> Result<Outlet> {
    Outlet::open(std::io::stdout(), lost_text)
}

/// Starts the log at standard error. Panics of threads go there too: the machine's own way would wait for the reader.
pub(super) fn start(format: LogFormat) -> Result<Outlet> {
    let to = std::io::stderr();
    let asked = std::env::var("CHECKRIDE_LOG").unwrap_or_default();
    let filter = |asked: &str| EnvFilter::try_new(format!("{QUIET},{asked}"));
    let filter = filter(if asked.trim().is_empty() {
        "info"
    } else {
        &asked
    })
    .or_else(|_| filter("info"))
    .map_err(Error::fault)?;
    let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let colours = to.is_terminal() && !plain;
    let outlet = match format {
        LogFormat::Text => Outlet::open(to, lost_text)?,
        LogFormat::Json => Outlet::open(to, lost_json)?,
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(colours)
        .log_internal_errors(false)
        .with_writer(outlet.clone());
    match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    }
    .map_err(Error::fault)?;
    std::panic::set_hook(Box::new(|panic| {
        let backtrace = std::backtrace::Backtrace::capture();
        tracing::error!(%panic, %backtrace, "a thread panicked");
    }));
    Ok(outlet)
}

fn lost_text(lines: u64) -> String {
    format!("{lines} lines are missing here: nobody read them, or the disk was full")
}

fn lost_json(lines: u64) -> String {
    serde_json::json!({ "level": "WARN", "message": lost_text(lines), "lines": lines }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use std::sync::atomic::AtomicBool;

    /// Keeps what is written, and fails while it is told to.
    #[derive(Clone, Default)]
    struct Disk {
        full: Arc<AtomicBool>,
        kept: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if self.full.load(Ordering::SeqCst) {
                return Err(std::io::ErrorKind::StorageFull.into());
            }
            self.kept.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_could_not_be_written_are_counted_when_it_works_again() {
        let disk = Disk::default();
        let outlet = Outlet::start(disk.clone(), lost_text).unwrap();
        outlet.say("one");
        outlet.finish();
        disk.full.store(true, Ordering::SeqCst);
        outlet.say("two");
        outlet.say("three");
        outlet.finish();
        disk.full.store(false, Ordering::SeqCst);
        outlet.say("four");
        outlet.finish();
        let kept = String::from_utf8(disk.kept.lock().unwrap().clone()).unwrap();
        let missing = lost_text(2);
        assert_eq!(kept, format!("one\n{missing}\nfour\n"));
    }

    #[test]
    fn a_line_about_missing_ones_is_json_among_json() {
        let line: serde_json::Value = serde_json::from_str(&lost_json(7)).unwrap();
        assert_eq!(line["lines"], 7);
    }
}
