//! What was measured, in words: the aims with what came out, and the tables behind them.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::aims::{Aim, aims};
use crate::measure::{BUSY, CONNECTIONS, Measured, Outcome, Point};

/// The middle of some numbers.
pub fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut all: Vec<f64> = numbers.into_iter().collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

impl Measured {
    /// The middle round at that many connections, number by number.
    pub fn at(&self, connections: usize) -> Point {
        let column = CONNECTIONS.iter().position(|c| *c == connections);
        let points: Vec<&Point> = self
            .rounds
            .iter()
            .filter_map(|round| round.get(column?))
            .collect();
        middle(&points)
    }

    /// The fixed page of the same size.
    pub fn limit(&self) -> Point {
        middle(&self.fixed.iter().collect::<Vec<_>>())
    }

    /// A number of the plain loop.
    pub fn inside(&self, number: impl Fn(&crate::inside::Looped) -> f64) -> f64 {
        median(self.looped.iter().map(number))
    }

    /// Requests a second against the loop's pages a second.
    pub fn by_rate(&self, connections: usize) -> f64 {
        self.at(connections).per_second / self.inside(|l| l.per_second)
    }

    /// The loop's processor time against that of the servers.
    pub fn by_processor(&self, connections: usize) -> f64 {
        self.inside(|l| l.processor) / self.at(connections).processor
    }

    /// Writes a second against bare commits a second.
    pub fn by_commits(&self, connections: usize) -> f64 {
        self.at(connections).per_second / median(self.commits.iter().copied())
    }

    /// Whether it is the write.
    pub fn is_write(&self) -> bool {
        self.looped.is_empty()
    }
}

fn middle(points: &[&Point]) -> Point {
    let of = |number: fn(&Point) -> f64| median(points.iter().map(|p| number(p)));
    Point {
        per_second: of(|p| p.per_second),
        p50: of(|p| p.p50),
        p99: of(|p| p.p99),
        processor: of(|p| p.processor),
        bytes: points.iter().map(|p| p.bytes).max().unwrap_or_default(),
        refused: points.iter().map(|p| p.refused).sum(),
    }
}

/// The whole report, in Markdown.
pub fn markdown(outcomes: &[Outcome], about: &str) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(text, "{about}\n")?;
    let all: Vec<(&Outcome, Vec<Aim>)> = outcomes.iter().map(|o| (o, aims(o))).collect();
    let names: Vec<&str> = outcomes.iter().map(|o| o.on.label()).collect();
    writeln!(text, "| aim | limit | {} |", names.join(" | "))?;
    writeln!(text, "| --- | ---: |{}", " ---: |".repeat(names.len()))?;
    let first = all.first().map_or(&[][..], |(_, aims)| aims.as_slice());
    for (n, aim) in first.iter().enumerate() {
        write!(text, "| {} | {} |", aim.what, aim.limit)?;
        for (_, aims) in &all {
            if let Some(aim) = aims.get(n) {
                let word = if aim.met { "met" } else { "**missed**" };
                write!(text, " {} {word} |", aim.measured)?;
            }
        }
        writeln!(text)?;
    }
    for outcome in outcomes {
        writeln!(text, "\n### On {}\n", outcome.on.label())?;
        requests(&mut text, outcome)?;
        limits(&mut text, outcome)?;
    }
    Ok(text)
}

fn requests(text: &mut String, outcome: &Outcome) -> std::fmt::Result {
    writeln!(
        text,
        "| what | SQL | bytes | at once | requests/s | p50 ms | p99 ms | CPU ms | of the loop, by rate | by CPU |"
    )?;
    writeln!(
        text,
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )?;
    for measured in &outcome.measured {
        for connections in CONNECTIONS {
            let point = measured.at(connections);
            let ratios = if measured.is_write() {
                format!("{:.2} of bare commits |", measured.by_commits(connections))
            } else {
                format!(
                    "{:.2} | {:.2}",
                    measured.by_rate(connections),
                    measured.by_processor(connections)
                )
            };
            writeln!(
                text,
                "| {} | {} | {} | {connections} | {:.0} | {:.2} | {:.2} | {:.3} | {ratios} |",
                measured.name,
                measured.statements,
                point.bytes,
                point.per_second,
                point.p50,
                point.p99,
                point.processor,
            )?;
        }
    }
    Ok(())
}

fn limits(text: &mut String, outcome: &Outcome) -> std::fmt::Result {
    writeln!(
        text,
        "\n| in a plain loop | pages/s | CPU ms | loading ms | template ms | gzip once ms | fixed page of that size: requests/s at {BUSY} | CPU ms |"
    )?;
    writeln!(
        text,
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )?;
    for measured in outcome.measured.iter().filter(|m| !m.is_write()) {
        let limit = measured.limit();
        writeln!(
            text,
            "| {} | {:.0} | {:.3} | {:.3} | {:.3} | {:.3} | {:.0} | {:.3} |",
            measured.name,
            measured.inside(|l| l.per_second),
            measured.inside(|l| l.processor),
            measured.inside(|l| l.load),
            measured.inside(|l| l.template),
            measured.inside(|l| l.gzip),
            limit.per_second,
            limit.processor,
        )?;
    }
    for write in outcome.measured.iter().filter(|m| m.is_write()) {
        let bare = median(write.commits.iter().copied());
        writeln!(
            text,
            "\nBare durable commits, one after the other: {bare:.0} a second."
        )?;
    }
    Ok(())
}

/// Every number, for machines.
pub fn numbers(outcomes: &[Outcome]) -> Value {
    let each = |outcome: &Outcome| {
        let measured: Vec<Value> = outcome
            .measured
            .iter()
            .map(|m| {
                let at: Vec<Value> = CONNECTIONS
                    .iter()
                    .map(|c| json!({ "connections": c, "median": m.at(*c) }))
                    .collect();
                json!({
                    "what": m.name,
                    "statements": m.statements,
                    "at": at,
                    "rounds": m.rounds,
                    "fixed": m.fixed,
                    "loop_per_second": m.inside(|l| l.per_second),
                    "loop_processor_ms": m.inside(|l| l.processor),
                    "bare_commits_per_second": m.commits,
                })
            })
            .collect();
        let aims: Vec<Value> = aims(outcome)
            .iter()
            .map(|a| json!({ "aim": a.what, "limit": a.limit, "measured": a.measured, "met": a.met }))
            .collect();
        json!({
            "database": outcome.on.label(),
            "aims": aims,
            "measured": measured,
            "peak_memory_mb": outcome.memory.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
            "ready_ms": outcome.ready,
            "visits": outcome.visits,
            "figures": outcome.figures,
        })
    };
    Value::Array(outcomes.iter().map(each).collect())
}
