//! SQL of a dossier: a ramp with everything that belongs to it, in a few statements.

use crate::domain::area::store::designated;
use crate::domain::people::store::teams_of;
use diesel::prelude::*;

use crate::db::Conn;
use crate::db::list::{List, entries, listed, row_id};
use crate::db::schema::{
    areas, next_actions, pairings, ramps, sessions, signoff_points, signoffs, standards, teams,
};
use crate::domain::area::model::Area;
use crate::domain::ramp::model::{Pairing, Ramp};
use crate::domain::ramp::store::pairs::{PairingHistory, mentored_before};
use crate::domain::session::model::{Observation, Session, Topic};
use crate::domain::session::next::store::NextAction;
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::point::PointKind;
use crate::domain::signoff::point::model::Point;
use crate::domain::standard;
use crate::domain::standard::{Level, Standard};
use crate::domain::waiver;
use crate::domain::waiver::model::Line;
use crate::error::{Error, Result};
use crate::usecases::asked::waiting;
use crate::usecases::asked::waiting::Unanswered;
use crate::usecases::dossier::evidence;
use crate::usecases::dossier::practice;
use crate::usecases::shift;

/// The ramp, its area and its mentors.
pub struct Head {
    pub ramp: Ramp,
    pub area: Area,
    pub standard: Standard,
    /// Past and present, the primary ones first.
    pub pairings: Vec<Pairing>,
    /// The same with their reasons, in the order they began.
    pub pairing_history: Vec<PairingHistory>,
    /// Checklist items of the area with a stale flag that no version has answered.
    pub flagged: Vec<String>,
    /// Row and number of a newer published version.
    pub newer: Option<(i64, i32)>,
    pub mentee_teams: Vec<i64>,
    pub mentored_before: Vec<i64>,
    pub qualifiers: Vec<i64>,
    /// Waivers that were neither refused nor revoked, oldest first.
    pub waivers: Vec<Line>,
    /// Practice, waivers and clearances in other areas.
    pub practice: practice::Lists,
    /// Observations in shifts and drills, incidents, observations on request, and the evidence of carried assessments.
    pub evidence: (List, List, List, List, List),
    /// Latest first.
    pub shifts: Vec<shift::lists::Line>,
    /// Requests for observations without answer, the first to expire first.
    pub asked: Vec<Unanswered>,
}

pub fn head(c: &mut Conn, ramp_id: i64) -> Result<Head> {
    let flagged = listed(
        &["f.item_code"],
        "stale_flags f WHERE f.area_id = ramps.area_id AND f.closed_at IS NULL",
    );
    let newer = listed(
        &["v.id", "v.version"],
        "standards v WHERE v.area_id = ramps.area_id AND v.state = 'published' AND v.id <> ramps.standard_id",
    );
    type Row = (
        Ramp,
        Area,
        standard::store::Row,
        Option<Pairing>,
        Option<PairingHistory>,
        (List, List, List, List, List, List, List, List),
        practice::Lists,
        (List, List, List, List, List),
    );
    let rows: Vec<Row> = ramps::table
        .inner_join(areas::table.on(areas::id.eq(ramps::area_id)))
        .inner_join(teams::table.on(teams::id.eq(areas::owner_team_id)))
        .inner_join(standards::table.on(standards::id.eq(ramps::standard_id)))
        .left_join(pairings::table.on(pairings::ramp_id.eq(ramps::id)))
        .filter(ramps::id.eq(ramp_id))
        .order(pairings::id)
        .select((
            Ramp::as_select(),
            Area::as_select(),
            standard::store::Row::as_select(),
            Option::<Pairing>::as_select(),
            Option::<PairingHistory>::as_select(),
            (
                flagged,
                teams_of("ramps.mentee_id"),
                mentored_before("TRUE"),
                designated("ramps.area_id"),
                waiver::store::listed_lines(),
                newer,
                shift::lists::of_ramp(),
                waiting::of_ramp(),
            ),
            practice::lists(),
            evidence::lists(),
        ))
        .load(c)?;
    let (mut pairings, mut pairing_history, mut head) = (Vec::new(), Vec::new(), None);
    for (ramp, area, standard, pairing, reasons, lists, practice, evidence) in rows {
        pairings.extend(pairing);
        pairing_history.extend(reasons);
        head = Some((ramp, area, standard, lists, practice, evidence));
    }
    let (ramp, area, standard, lists, practice, evidence) = head.ok_or(Error::NotFound("ramp"))?;
    let (flagged, mentee_teams, before, qualifiers, waivers, newer, taken, asked) = lists;
    pairings.sort_by_key(|p: &Pairing| (p.role, p.since));
    Ok(Head {
        ramp,
        area,
        standard: standard.read()?,
        pairings,
        pairing_history,
        flagged: entries(flagged, code)?,
        newer: entries(newer, version)?.pop(),
        mentee_teams: entries(mentee_teams, row_id)?,
        mentored_before: entries(before, row_id)?,
        qualifiers: entries(qualifiers, row_id)?,
        waivers: waiver::store::lines(waivers)?,
        practice,
        evidence,
        shifts: shift::lists::lines(taken)?,
        asked: waiting::unanswered(asked)?,
    })
}

#[derive(Default)]
pub struct Work {
    pub sessions: Vec<Session>,
    /// Observations in them.
    pub observations: Vec<Observation>,
    /// Planned topics.
    pub topics: Vec<Topic>,
    /// Open next actions of the sessions that count, oldest first.
    pub next_actions: Vec<NextAction>,
}

pub fn work(c: &mut Conn, ramp_id: i64) -> Result<Work> {
    let observed = listed(
        &["o.competency_code", "o.help_level"],
        "observations o WHERE o.session_id = sessions.id",
    );
    let topics = listed(
        &["t.code"],
        "session_topics t WHERE t.session_id = sessions.id",
    );
    let open = next_actions::session_id
        .eq(sessions::id)
        .and(next_actions::done_at.is_null());
    let rows: Vec<(Session, List, List, Option<NextAction>)> = sessions::table
        .left_join(next_actions::table.on(open))
        .filter(sessions::ramp_id.eq(ramp_id))
        .order((sessions::starts_at.desc(), sessions::id.desc()))
        .select((
            Session::as_select(),
            observed,
            topics,
            Option::<NextAction>::as_select(),
        ))
        .load(c)?;
    let mut work = Work::default();
    for (session, observed, topics, action) in rows {
        work.next_actions
            .extend(action.filter(|_| session.counts()));
        // A session comes once for each of its next actions.
        if work
            .sessions
            .last()
            .is_some_and(|last| last.id == session.id)
        {
            continue;
        }
        let observation = |parts: &[&str]| {
            let [code, help] = parts else { return None };
            Some(Observation {
                session_id: session.id,
                competency_code: (*code).to_owned(),
                help_level: Level::new(help.parse().ok()?)?,
            })
        };
        let topic = |parts: &[&str]| {
            let code = code(parts)?;
            Some(Topic {
                session_id: session.id,
                code,
            })
        };
        let mut observed = entries(observed, observation)?;
        observed.sort_by(|a, b| a.competency_code.cmp(&b.competency_code));
        let mut topics = entries(topics, topic)?;
        topics.sort_by(|a, b| a.code.cmp(&b.code));
        work.observations.extend(observed);
        work.topics.extend(topics);
        work.sessions.push(session);
    }
    work.next_actions.sort_by_key(|action| action.id);
    Ok(work)
}

/// The sign-offs of a ramp, newest first, and the gaps that returned ones named, in order.
pub fn reviews(c: &mut Conn, ramp_id: i64) -> Result<(Vec<Signoff>, Vec<Point>)> {
    let named = signoff_points::signoff_id
        .eq(signoffs::id)
        .and(signoff_points::kind.eq(PointKind::Gap));
    let rows: Vec<(Signoff, Option<Point>)> = signoffs::table
        .left_join(signoff_points::table.on(named))
        .filter(signoffs::ramp_id.eq(ramp_id))
        .order(signoffs::id.desc())
        .select((Signoff::as_select(), Option::<Point>::as_select()))
        .load(c)?;
    let (mut all, mut gaps): (Vec<Signoff>, Vec<Point>) = Default::default();
    for (signoff, gap) in rows {
        gaps.extend(gap);
        if all.last().is_none_or(|last| last.id != signoff.id) {
            all.push(signoff);
        }
    }
    gaps.sort_by_key(|gap| gap.id);
    Ok((all, gaps))
}

fn code(parts: &[&str]) -> Option<String> {
    let [code] = parts else { return None };
    Some((*code).to_owned())
}

fn version(parts: &[&str]) -> Option<(i64, i32)> {
    let [id, number] = parts else { return None };
    Some((id.parse().ok()?, number.parse().ok()?))
}
