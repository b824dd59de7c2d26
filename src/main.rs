//! Parses the command line, calls the library, and prints the result.

use std::io::Write;
use std::process::ExitCode;

use checkride::cli::{Cli, run};
use clap::Parser;

fn main() -> ExitCode {
    // What was done stays done when nobody reads of it, so a line that cannot be written is no failure.
    match run(Cli::parse()) {
        Ok(said) => {
            if !said.text.is_empty() {
                let _ = writeln!(std::io::stdout(), "{}", said.text);
            }
            ExitCode::from(said.code)
        }
        Err(failed) => {
            let _ = writeln!(std::io::stderr(), "checkride: {}", failed.error);
            ExitCode::from(failed.code)
        }
    }
}
