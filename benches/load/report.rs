//! What was measured, in words: the aims with what came out, and the tables behind them.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::aims::{Aim, aims};
use crate::growth::{Cost, Growth};
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
pub fn markdown(
    outcomes: &[Outcome],
    growths: &[Growth],
    about: &str,
) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(text, "{about}\n")?;
    if !outcomes.is_empty() {
        load(&mut text, outcomes)?;
    }
    for growth in growths {
        pages(&mut text, growth)?;
    }
    Ok(text)
}

fn load(text: &mut String, outcomes: &[Outcome]) -> std::fmt::Result {
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
        requests(text, outcome)?;
        limits(text, outcome)?;
    }
    Ok(())
}

/// Every page and the write among 200 people and among 20,000, and against another build.
fn pages(text: &mut String, growth: &Growth) -> std::fmt::Result {
    let all = growth.lines.len();
    let flat = growth.lines.iter().filter(|line| line.is_flat()).count();
    writeln!(
        text,
        "\n### Every page on {}\n\nMilliseconds of CPU a request. {flat} of {all} cost among 20,000 people at most 1.5 times \
         what they cost among 200, or what their bytes grow. `>` marks the others.\n",
        growth.on.label()
    )?;
    let has_other = growth
        .lines
        .iter()
        .any(|l| l.costs.iter().any(|c| c.against().is_some()));
    let more = if has_other {
        " of the other build | among 20,000 |"
    } else {
        ""
    };
    writeln!(text, "| page | 200 | 20,000 | times | bytes, times |{more}")?;
    writeln!(
        text,
        "| --- | ---: | ---: | ---: | ---: |{}",
        if has_other { " ---: | ---: |" } else { "" }
    )?;
    for line in &growth.lines {
        let mark = if line.is_flat() { "" } else { "> " };
        write!(text, "| {mark}{} |", line.name)?;
        for cost in &line.costs {
            write!(text, " {:.2} |", cost.middle())?;
        }
        write!(text, " {:.2} | {:.2} |", line.growth(), line.bytes())?;
        for (ratio, apart) in line.costs.iter().filter_map(Cost::against) {
            write!(text, " {ratio:.2} ± {:.2} |", apart / 2.0)?;
        }
        writeln!(text)?;
    }
    if has_other {
        let slower = growth
            .lines
            .iter()
            .filter(|l| l.costs.iter().any(Cost::is_slower));
        let slower: Vec<&str> = slower.map(|line| line.name).collect();
        match slower.is_empty() {
            true => writeln!(
                text,
                "\nNothing is slower than the other build by more than noise."
            )?,
            false => writeln!(
                text,
                "\nSlower than the other build: {}.",
                slower.join(", ")
            )?,
        }
    }
    let memory: Vec<String> = growth.memory.iter().map(|mb| format!("{mb:.0}")).collect();
    writeln!(
        text,
        "\nMemory (PSS) of the server after all of it, MB: {}, among 200 and 20,000 people.",
        memory.join(" and ")
    )?;
    Ok(())
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
pub fn numbers(outcomes: &[Outcome], growths: &[Growth]) -> Value {
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
    let load: Vec<Value> = outcomes.iter().map(each).collect();
    json!({ "load": load, "pages": growths })
}
