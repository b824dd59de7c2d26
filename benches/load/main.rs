//! How fast Checkride is: a load on the real binary, beside what the same machine can do at most in the same minute.
//! `scripts/bench` runs it; docs/performance.md says what it measures.

mod aims;
mod commits;
mod drive;
mod fixed;
mod growth;
mod http;
mod inside;
mod measure;
mod organisation;
mod place;
mod report;
mod server;
mod statements;
mod visits;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use place::On;

/// Anything may go wrong, and then the run ends.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Measures Checkride.
#[derive(Debug, Parser)]
struct Arguments {
    /// Which databases: sqlite, postgres or both
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres")]
    on: Vec<String>,
    /// Rounds; medians are taken over them
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds of one measure
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// Write every number to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Measure every page among 200 and 20,000 people, and not the load
    #[arg(long)]
    pages: bool,
    /// Another build, whose pages are measured in turns with those of this one
    #[arg(long, value_name = "BINARY")]
    against: Option<PathBuf>,
    /// Put the tables between the markers of this file
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Be the server of a page that costs nothing
    #[arg(long, hide = true)]
    fixed: bool,
    /// What cargo bench says
    #[arg(long, hide = true)]
    bench: bool,
}

/// How long and how often.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Rounds.
    pub rounds: usize,
    /// One measure.
    pub time: Duration,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.fixed {
        return fixed::serve();
    }
    let plan = Plan {
        rounds: arguments.rounds.max(1),
        time: Duration::from_secs_f64(arguments.seconds),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (mut outcomes, mut growths) = (Vec::new(), Vec::new());
    for word in &arguments.on {
        let on = match word.as_str() {
            "sqlite" => On::Sqlite,
            "postgres" => On::Postgres,
            other => return Err(format!("`{other}` is neither sqlite nor postgres").into()),
        };
        if !arguments.pages {
            outcomes.push(runtime.block_on(measure::run(on, &plan))?);
        }
        let against = arguments.against.as_deref();
        growths.push(runtime.block_on(growth::run(on, &plan, against))?);
    }
    let about = format!(
        "{} rounds of {} s each, interleaved, medians; {} cores; Checkride {}.",
        plan.rounds,
        arguments.seconds,
        std::thread::available_parallelism()?,
        env!("CARGO_PKG_VERSION"),
    );
    let text = report::markdown(&outcomes, &growths, &about)?;
    println!("{text}");
    if let Some(file) = &arguments.json {
        let numbers = serde_json::to_string_pretty(&report::numbers(&outcomes, &growths))?;
        std::fs::write(file, numbers)?;
    }
    if let Some(file) = &arguments.write {
        put_between_markers(file, &text)?;
    }
    Ok(())
}

fn put_between_markers(file: &PathBuf, text: &str) -> Result<()> {
    let (begin, end) = (
        "<!-- begin of what scripts/bench writes -->\n",
        "<!-- end of it -->",
    );
    let old = std::fs::read_to_string(file)?;
    let (before, rest) = old.split_once(begin).ok_or("the first marker is missing")?;
    let (_, after) = rest.split_once(end).ok_or("the second marker is missing")?;
    Ok(std::fs::write(
        file,
        format!("{before}{begin}\n{text}\n{end}{after}"),
    )?)
}
