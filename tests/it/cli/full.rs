//! A disk that is full is said by whoever asks whether the app is ready.

use std::process::Command;

use crate::support::factory::PASSWORD;
use crate::support::process::{Process, add_person};
use crate::support::{Database, On};

#[test]
fn a_disk_that_is_full_is_told_and_what_is_there_is_read_on() {
    if On::this_run() == On::Postgres {
        return;
    }
    let database = Database::empty();
    add_person(&database, "Amara Nwosu", "amara@example.com");
    // No file may grow beyond 32 KiB, so the log takes a handful of changes.
    let mut serve = Command::new("sh");
    serve.args([
        "-c",
        "trap '' XFSZ; ulimit -f 64; exec \"$0\" serve --listen 127.0.0.1:0 --database-url \"$1\"",
        env!("CARGO_BIN_EXE_checkride"),
        &database.url(),
    ]);
    let server = Process::start(serve);
    let client = server.client();
    client.get("/readyz").assert_status(200);
    let is_full = || {
        client.sign_in("amara@example.com", PASSWORD);
        client.get("/readyz").status == 503
    };
    assert!((0..30).any(|_| is_full()), "it still says that it is ready");
    client.get("/readyz").assert_status(503);
    client.get("/healthz").assert_status(200);
    client.get("/sign-in").assert_status(200);
}
