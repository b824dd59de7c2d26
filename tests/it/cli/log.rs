//! Who reads the log, and whether it can be written, never decides whether the server lives.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::Database;
use crate::support::process::checkride_on;

/// How long something may take to happen.
const PATIENCE: Duration = Duration::from_secs(30);
/// Requests whose lines fill a pipe that nobody empties, and every queue before it.
const MANY: usize = 3000;

/// A server whose words go somewhere strange.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts it on a free port, and waits until it takes requests.
    fn start(database: &Database, stdout: Stdio, stderr: Stdio) -> Self {
        let address = {
            let free = TcpListener::bind("127.0.0.1:0").unwrap();
            free.local_addr().unwrap().to_string()
        };
        let child = checkride_on(database, &["serve", "--listen", &address])
            .stdout(stdout)
            .stderr(stderr)
            .spawn()
            .unwrap();
        let server = Self { child, address };
        let began = Instant::now();
        while TcpStream::connect(&server.address).is_err() {
            assert!(began.elapsed() < PATIENCE, "it does not start");
            thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// Sends what is no request, and gives back the answer.
    fn told(&self, words: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(words.as_bytes()).unwrap();
        let mut answer = String::new();
        // It may cut the connection after its answer.
        let _ = stream.read_to_string(&mut answer);
        answer
    }

    /// Asks whether it is alive, so many times over, and is answered every time.
    fn answers(&self, times: usize) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut answers = BufReader::new(stream.try_clone().unwrap()).lines();
        for _ in 0..times.div_ceil(50) {
            let requests = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(50);
            stream.write_all(requests.as_bytes()).unwrap();
            let mut answered = 0;
            while answered < 50 {
                let line = answers.next().expect("an answer").expect("in time");
                // The body of the answer before ends without a line of its own.
                answered += usize::from(line.ends_with("HTTP/1.1 200 OK"));
            }
        }
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = std::process::Command::new("sh")
            .args(["-c", "kill -$0 $1", name, &pid])
            .status();
        assert!(sent.unwrap().success());
    }

    /// It is asked to stop, and does.
    fn stops(&mut self, by: &str) {
        self.signal(by);
        let asked = Instant::now();
        loop {
            if let Some(ended) = self.child.try_wait().unwrap() {
                assert_eq!(ended.code(), Some(0));
                return;
            }
            assert!(asked.elapsed() < PATIENCE, "{by} does not stop it");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn full() -> Stdio {
    File::options()
        .write(true)
        .open("/dev/full")
        .unwrap()
        .into()
}

#[test]
fn a_log_whose_reader_is_gone_stops_neither_the_answers_nor_the_stop() {
    for signal in ["TERM", "INT"] {
        let database = Database::empty();
        let mut server = Server::start(&database, Stdio::piped(), Stdio::piped());
        server.child.stdout = None;
        server.child.stderr = None;
        server.answers(200);
        server.stops(signal);
    }
}

#[test]
fn a_disk_full_of_log_stops_neither_the_answers_nor_the_stop() {
    let database = Database::empty();
    let mut server = Server::start(&database, full(), full());
    server.answers(200);
    server.stops("TERM");
}

#[test]
fn a_reader_that_stops_reading_holds_nothing_up_and_is_told_what_it_missed() {
    let database = Database::empty();
    let mut server = Server::start(&database, Stdio::piped(), Stdio::piped());
    server.answers(MANY);
    let log = server.child.stderr.take().unwrap();
    let reading = thread::spawn(move || {
        let mut told = false;
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            told |= line.contains("lines are missing here");
        }
        told
    });
    server.answers(50);
    server.stops("TERM");
    assert!(reading.join().unwrap(), "it says that lines are missing");

    // And one that never reads again.
    let mut server = Server::start(&database, Stdio::piped(), Stdio::piped());
    server.answers(MANY);
    server.stops("TERM");
}

#[test]
fn a_terminal_that_is_closed_stops_nothing() {
    let database = Database::empty();
    let mut server = Server::start(&database, full(), full());
    server.signal("HUP");
    server.signal("PIPE");
    server.answers(50);
    server.stops("TERM");
}

#[test]
fn nobody_writes_errors_or_colours_into_the_log_by_a_malformed_request() {
    let database = Database::empty();
    let mut server = Server::start(&database, Stdio::null(), Stdio::piped());
    for words in [
        "GET / HTTP/1.1\r\nno header\r\n\r\n",
        "GET / HTTP/1.1\r\n: x\r\n\r\n",
        "GET /\u{1b}[31m HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n",
        "NOT HTTP\r\n\r\n",
    ] {
        server.told(words);
    }
    server.answers(1);
    server.stops("TERM");
    let mut log = String::new();
    let mut reader = server.child.stderr.take().unwrap();
    reader.read_to_string(&mut log).unwrap();
    assert!(log.contains("answered"), "{log}");
    assert!(!log.contains("ERROR") && !log.contains('\u{1b}'), "{log}");
}

#[test]
fn a_command_whose_output_nobody_reads_has_done_its_work() {
    let database = Database::migrated();
    let ended = checkride_on(&database, &["audit", "verify"])
        .stdout(full())
        .stderr(full())
        .status();
    assert_eq!(ended.unwrap().code(), Some(0));
    let ended = checkride_on(&database, &["import", "/nowhere"])
        .stdout(full())
        .stderr(full())
        .status();
    assert_eq!(ended.unwrap().code(), Some(1));
}
