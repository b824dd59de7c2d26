//! The rota of Payments in the demo: somebody who is not cleared yet, a name that the lead explained, one nobody has, which
//! is accepted, and a shadow shift that is planned.

use super::cast::Cast;
use super::history::Script;
use crate::db::types::UtcTime;
use crate::db::{Conn, locks};
use crate::domain::rota::finding::Kind;
use crate::domain::rota::form::{From, NewRota, Reason};
use crate::domain::rota::source::Source;
use crate::error::{Error, Result};
use crate::usecases::rota::actions::{accept, add, read, say};
use crate::usecases::rota::{checked, shadow};

const LEAD: &str = "ruth.abrams";
const AREA: &str = "payments";

/// Who is on call, from and to how many days after today, and what for.
const SHIFTS: [(&str, i64, i64, &str); 9] = [
    ("Priya Raman", -4, 3, "primary"),
    ("sofia.marchetti@harbour.example", -4, 3, "secondary"),
    ("Ingrid Solberg", 3, 10, "primary"),
    ("Priya Raman", 3, 10, "secondary"),
    ("Amara Okafor", 10, 12, "primary"),
    ("Priya Raman", 12, 17, "primary"),
    ("isolberg", 17, 24, "primary"),
    ("Harbour night desk", 17, 18, "secondary"),
    ("Amara Okafor", 18, 20, "shadow"),
];

pub(super) fn add_steps(script: &mut Script<'_>) {
    let (cast, today) = (script.cast, script.now.day().start());
    script.at(3, 9, move |c, at| upload(c, (cast, at), today));
    script.at(2, 15, move |c, at| accepted(c, cast, at));
    script.at(2, 16, move |c, at| followed(c, cast, at));
}

fn upload(c: &mut Conn, (cast, at): (&Cast, UtcTime), today: UtcTime) -> Result<()> {
    let mut table = String::from("start,end,person,kind\n");
    for (who, from, to, duty) in SHIFTS {
        let [from, to] = [from, to].map(|day| today.plus_hours(24 * day + 8).iso());
        table.push_str(&format!("{from},{to},{who},{duty}\n"));
    }
    let raw = table.into_bytes();
    let new = NewRota {
        name: "Payments on call".into(),
        source: Source::of(&raw),
        from: From::Text(raw.clone()),
    };
    let act = cast.act(LEAD, at)?;
    let entries = read(c, (&act.actor, at), AREA, (new.source, &raw))?;
    add(c, &act, AREA, &new, &entries)?;
    let act = cast.act(LEAD, at.plus_seconds(90))?;
    let who = ("isolberg", cast.id("ingrid.solberg")?);
    say(c, &act, AREA, who).map(|_| ())
}

/// The shadow shift of the rota is planned, as the job does it.
fn followed(c: &mut Conn, cast: &Cast, at: UtcTime) -> Result<()> {
    let area = cast.area(AREA)?.0.id;
    for step in shadow::steps(c, area, at)? {
        locks::begin();
        shadow::take(c, area, &step, at)?;
    }
    Ok(())
}

fn accepted(c: &mut Conn, cast: &Cast, at: UtcTime) -> Result<()> {
    let area = cast.area(AREA)?.0.id;
    let all = checked(c, area, at)?.findings.into_iter();
    let mut unknown = all.filter(|(found, _)| found.identity.kind == Kind::Unknown);
    let (found, _) = unknown.next().ok_or(Error::NotFound("finding"))?;
    let why = "The night desk only forwards calls to the primary.";
    let why = Reason::parse(why).map_err(Error::fault)?;
    let until = at.day().plus_days(60);
    let act = cast.act(LEAD, at)?;
    accept(c, &act, AREA, &found.identity, (&why, until)).map(|_| ())
}
