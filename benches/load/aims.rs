//! The aims, held against what was measured. A run never fails by them: how fast a machine is, is no property of the
//! code. They are for reading.

use crate::measure::{BUSY, CONNECTIONS, Figures, Measured, Outcome};
use crate::report::median;

/// One aim.
#[derive(Debug, Clone)]
pub struct Aim {
    /// What should hold.
    pub what: String,
    /// Where the line is.
    pub limit: &'static str,
    /// What came out.
    pub measured: String,
    /// Whether it is on the right side of the line.
    pub met: bool,
}

/// All of them, in the same order for every outcome.
pub fn aims(outcome: &Outcome) -> Vec<Aim> {
    let mut all = Vec::new();
    let mut say = |what: &str, limit, measured: String, met| {
        all.push(Aim {
            what: what.to_owned(),
            limit,
            measured,
            met,
        });
    };
    for page in outcome.measured.iter().filter(|m| !m.is_write()) {
        let (rate, cpu) = (page.by_rate(BUSY), page.by_processor(BUSY));
        let name = page.name;
        // A past day asks for the rights of today too, and says which moment it looks from.
        let (least, at_least, most, at_most) = match name {
            _ if name.contains("ago") => (0.6, "≥ 0.6", 14, "≤ 14"),
            // It finds whose figures, reads those that are kept, and may look for the last ones.
            _ if name.starts_with("KPIs") => (0.6, "≥ 0.6", 16, "≤ 16"),
            _ if name.starts_with("area") => (0.6, "≥ 0.6", 8, "≤ 8"),
            _ => (0.7, "≥ 0.7", 8, "≤ 8"),
        };
        say(
            &format!("{name}: requests/s of the plain loop’s"),
            at_least,
            format!("{rate:.2}"),
            rate >= least,
        );
        say(
            &format!("{name}: the loop’s CPU of the servers’"),
            at_least,
            format!("{cpu:.2}"),
            cpu >= least,
        );
        say(
            &format!("{name}: SQL statements"),
            at_most,
            page.statements.to_string(),
            page.statements <= most,
        );
    }
    let cpu = |name: &str| find(outcome, name).map_or(f64::NAN, |m| m.at(BUSY).processor);
    let checklist = cpu("checklist");
    say(
        "checklist: CPU ms",
        "< 0.4",
        format!("{checklist:.3}"),
        checklist < 0.4,
    );
    let unchanged = cpu("unchanged");
    say(
        "unchanged board of a team: CPU ms",
        "≤ 0.1",
        format!("{unchanged:.3}"),
        unchanged <= 0.1,
    );
    let matrix = cpu("matrix");
    say(
        "matrix: CPU ms",
        "< 1.2",
        format!("{matrix:.3}"),
        matrix < 1.2,
    );
    let figures = cpu("KPIs of all");
    say(
        "KPIs of all, 20,000 people, five years: CPU ms",
        "< 200",
        format!("{figures:.1}"),
        figures < 200.0,
    );
    let Figures { all: day, bare } = outcome.figures;
    say(
        "KPIs of all: a day computed apart, of every row read bare",
        "≤ 10",
        format!("{:.1} ({:.1} s)", day / bare, day / 1000.0),
        day <= 10.0 * bare,
    );
    let polling = cpu("bell") * 1000.0 / 60_000.0 * 100.0;
    say(
        "bell: 1,000 open pages, each asking once a minute, of one core",
        "< 5 %",
        format!("{polling:.1} %"),
        polling < 5.0,
    );
    let growth = cpu("board of a team, 20,000") / cpu("board of a team, 200 ");
    say(
        "board of a team: CPU at 20,000 people of that at 200",
        "≤ 1.5",
        format!("{growth:.2}"),
        growth <= 1.5,
    );
    if let Some(write) = outcome.measured.iter().find(|m| m.is_write()) {
        let rate = write.by_commits(BUSY);
        say(
            "record a session: of bare durable commits",
            "≥ 0.6",
            format!("{rate:.2}"),
            rate >= 0.6,
        );
        let refused: usize = CONNECTIONS.iter().map(|c| write.at(*c).refused).sum();
        say(
            "record a session: refused or failed, at up to 32 at once",
            "0",
            refused.to_string(),
            refused == 0,
        );
    }
    for (name, megabytes) in &outcome.memory {
        say(
            &format!("peak memory, MB, {name} organisation"),
            "< 40",
            format!("{megabytes:.0}"),
            *megabytes < 40.0,
        );
    }
    let ready = median(outcome.ready.iter().copied());
    say(
        "ready on an existing database, ms",
        "< 150",
        format!("{ready:.0}"),
        ready < 150.0,
    );
    let visits = outcome.visits;
    let kilobytes = |bytes: usize| format!("{:.1}", bytes as f64 / 1000.0);
    say(
        "first visit, requests",
        "≤ 5",
        visits.first_requests.to_string(),
        visits.first_requests <= 5,
    );
    say(
        "first visit, kB",
        "< 35",
        kilobytes(visits.first_bytes),
        visits.first_bytes < 35_000,
    );
    say(
        "second visit, requests",
        "1",
        visits.second_requests.to_string(),
        visits.second_requests == 1,
    );
    say(
        "second visit, kB",
        "< 10",
        kilobytes(visits.second_bytes),
        visits.second_bytes < 10_000,
    );
    all
}

fn find<'a>(outcome: &'a Outcome, name: &str) -> Option<&'a Measured> {
    outcome.measured.iter().find(|m| m.name.starts_with(name))
}
