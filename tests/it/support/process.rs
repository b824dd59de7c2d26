//! The real binary, as people run it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use super::factory::PASSWORD;
use super::{Client, Database};

/// The binary, with no settings but those given.
pub fn checkride(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_checkride"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CHECKRIDE_") {
            command.env_remove(name);
        }
    }
    command.args(arguments);
    command
}

/// The binary on that database.
pub fn checkride_on(database: &Database, arguments: &[&str]) -> Command {
    let mut command = checkride(&["--database-url", &database.url()]);
    command.args(arguments);
    command
}

/// What it printed, and that it succeeded.
///
/// # Panics
/// When it failed; shows what it said.
pub fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", said(&output.stderr));
    said(&output.stdout)
}

/// What it complained of, and that it failed without printing anything.
///
/// # Panics
/// When it succeeded.
pub fn refused(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    assert_eq!(status.code(), Some(1), "{}", said(&stdout));
    assert_eq!(said(&stdout), "");
    said(&stderr)
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Adds a person who can sign in; the first one is an administrator.
pub fn add_person(database: &Database, name: &str, email: &str) {
    let person = ["--name", name, "--email", email, "--time-zone", "UTC"];
    let mut adding = checkride_on(database, &[&["person", "add"], &person[..]].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(adding.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(adding.wait().unwrap().success());
}

/// A server that is killed at the latest when the test is over.
pub struct Process {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    /// `http://127.0.0.1:PORT`
    pub base: String,
}

impl Process {
    /// `serve` on a free port.
    pub fn serve(database: &Database) -> Self {
        Self::start(checkride_on(
            database,
            &["serve", "--listen", "127.0.0.1:0"],
        ))
    }

    /// Starts it, and waits until it says where it is.
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let base = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("Checkride is at ").map(str::to_owned));
        Self {
            child,
            lines,
            base: base.expect("it should print its address"),
        }
    }

    /// A browser on it without anybody signed in.
    pub fn client(&self) -> Client {
        Client::new(&self.base)
    }

    /// Megabytes that are its own, without the binary and its files.
    pub fn own_memory(&self) -> u64 {
        let file = format!("/proc/{}/smaps_rollup", self.child.id());
        let all = std::fs::read_to_string(file).unwrap();
        let own = all.lines().find_map(|line| line.strip_prefix("Pss_Anon:"));
        let kilobytes = own.unwrap().trim().trim_end_matches(" kB");
        kilobytes.parse::<u64>().unwrap() / 1024
    }

    /// SIGKILL: no handler runs, nothing is finished.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM: it is asked to stop.
    pub fn ask_to_stop(&self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("sh")
            .args(["-c", "kill -TERM \"$0\"", &pid])
            .status();
        assert!(asked.unwrap().success());
    }

    /// Waits until it has stopped by itself, and gives back the rest of what it printed.
    pub fn stopped(mut self) -> String {
        let rest: Vec<String> = self.lines.by_ref().map_while(Result::ok).collect();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        rest.join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Err(e) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("the server did not stop: {e}");
        }
    }
}
