//! Parses the command line, calls the library, and prints the result.

use std::process::ExitCode;

use checkride::cli::{Cli, run};
use clap::Parser;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("checkride: {e}");
            ExitCode::FAILURE
        }
    }
}
