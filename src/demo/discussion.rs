//! What people of the demo say to one another: on a ramp, a sign-off, a post-mortem and a drill.

use super::cast::Cast;
use super::graph::bars;
use super::history::{Script, open_ramp};
use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::discussion::{Draft, PlaceKind, store as comments};
use crate::domain::drill::DrillState;
use crate::domain::postmortem::store as library;
use crate::domain::signoff::store as signoffs;
use crate::error::{Error, Result};
use crate::usecases::discussion::actions::{self, About};
use crate::usecases::discussion::note;
use crate::usecases::discussion::place::Key;
use crate::usecases::drill::lists::{self, Wanted};
use crate::words::Words;

/// Days before today, hour, who, and what they say.
type Line = (i64, i64, &'static str, &'static str);

/// On Amara's ramp in payments. The second one answers the first.
#[rustfmt::skip]
const RAMP: [Line; 4] = [
    (12, 10, "amara.okafor", "The runbook says to pause captures **before** switching the provider. In the drill we did it the other way round. Which one holds?"),
    (12, 14, "ingrid.solberg", "The runbook. We were lucky: nothing was in flight. I flagged the line, @priya-raman knows why it is so."),
    (11, 9, "priya.raman", "Captures that are in flight keep the key of the *old* provider. Switch first, and they are captured twice. It happened: see the post-mortem about time-outs."),
    (2, 16, "amara.okafor", "I would like to lead Thursday's session on refunds, with @ingrid-solberg listening only."),
];

const CLUB: &str = "purge-all-melted-the-origin";

/// Views of its moments: the moment, then what was seen, believed and would be decided.
#[rustfmt::skip]
const VIEWS: [(i64, &str, i32, [&str; 3]); 3] = [
    (98, "sofia.marchetti", 1, ["The same two graphs, from the shop's side.", "A campaign that nobody had told us about.", "Ask for the hit ratio in the call, before any network is blocked."]),
    (97, "hana.kim", 1, ["", "That the origin had lost a machine.", "Compare requests an order: it did not change, so it was no scraper."]),
    (97, "kenji.watanabe", 2, ["Hit ratio at 3 %.", "It would not warm by itself: the origin answered one request in five.", "Shield on at once, then let through ten requests a second."]),
];

pub(super) fn add_steps(script: &mut Script<'_>) {
    let cast = script.cast;
    for (n, (day, hour, who, words)) in RAMP.into_iter().enumerate() {
        script.at(day, hour, move |c, at| {
            let key = ramp(c, cast)?;
            let about = match n {
                1 | 2 => About::Comment(first_on(c, &key)?),
                _ => About::Place,
            };
            say(c, cast, (who, at), &key, about, ["", "", words])
        });
    }
    script.at(2, 16, move |c, at| {
        let key = ramp(c, cast)?;
        let words = "This is what I want to show there: refunds per minute, last Thursday. When would you stop the replay?";
        let graph = bars(
            &[12, 14, 13, 15, 14, 58, 91, 87, 60, 33, 18, 14, 13],
            "Refunds per minute: about twelve, then ninety for two minutes, then down again",
        )?;
        let draft = Draft::with(Draft::parse(false, "", "", words), Ok(Some(graph)));
        let act = cast.act("amara.okafor", at.plus_seconds(600))?;
        actions::write(c, &act, &key, About::Place, draft).map(|_| ())
    });
    // Corrected right after, and taken back.
    script.at(2, 17, move |c, at| {
        let key = ramp(c, cast)?;
        let act = cast.act("amara.okafor", at)?;
        let draft = Draft::parse(false, "", "", "Friday, I meant.");
        let hasty = actions::write(c, &act, &key, About::Place, draft)?;
        let later = cast.act("amara.okafor", at.plus_seconds(300))?;
        actions::remove(c, &later, (hasty.id, 1)).map(|_| ())
    });
    script.at(9, 18, move |c, at| {
        let act = cast.act("ingrid.solberg", at)?;
        let id = open_ramp(c, cast, "amara.okafor", "payments")?;
        let words = "Knows the flow by heart. Gets quiet when several people talk in a call: next time she leads it.";
        note::save(c, &act, id, 0, || Words::parse(words).map_err(Error::fault))
    });
    for (day, who, moment, parts) in VIEWS {
        script.at(day, 15, move |c, at| {
            let revision = library::named(c, CLUB)?.revision;
            let about = About::Moment(moment, revision);
            say(c, cast, (who, at), &library_key(), about, parts)
        });
    }
    script.at(96, 9, move |c, at| {
        let words = "The tool refuses an empty pattern since Monday. Who adds that to the checklist of *Edge*?";
        say(c, cast, ("dele.adeyemi", at), &library_key(), About::Place, ["", "", words])
    });
    script.at(1, 11, move |c, at| {
        let id = open_ramp(c, cast, "lukas.novak", "catalogue")?;
        let signoff = signoffs::of_ramps(c, &[id])?.into_iter().find(|s| s.state.is_open());
        let id = signoff.ok_or(Error::NotFound("sign-off"))?.id;
        let key = Key { kind: PlaceKind::SignOff, name: id.to_string() };
        let words = "@ruth-abrams, the second drill is the one I rest on: he led it without a word from me.";
        say(c, cast, ("mei-ling.zhou", at), &key, About::Place, ["", "", words])
    });
    script.at(1, 12, move |c, at| {
        let wanted = Wanted {
            area: None,
            state: Some(DrillState::Debriefed),
            person_id: None,
            before: None,
        };
        let drill = lists::lines(c, wanted)?
            .into_iter()
            .next()
            .ok_or(Error::NotFound("drill"))?;
        let key = Key {
            kind: PlaceKind::Drill,
            name: drill.id.to_string(),
        };
        let words = "We never said who tells support. I put it into the brief of the next one.";
        say(
            c,
            cast,
            ("priya.raman", at),
            &key,
            About::Place,
            ["", "", words],
        )
    });
}

fn ramp(c: &mut Conn, cast: &Cast) -> Result<Key> {
    let id = open_ramp(c, cast, "amara.okafor", "payments")?;
    Ok(Key {
        kind: PlaceKind::Ramp,
        name: id.to_string(),
    })
}

fn library_key() -> Key {
    Key {
        kind: PlaceKind::Postmortem,
        name: CLUB.to_owned(),
    }
}

fn first_on(c: &mut Conn, key: &Key) -> Result<i64> {
    let id = key.name.parse().map_err(Error::fault)?;
    let all = comments::of_place(c, (key.kind, id), 0, comments::Window::Newest)?.all;
    let first = all.first().map(|shown| shown.comment.id);
    first.ok_or(Error::NotFound("comment"))
}

fn say(
    c: &mut Conn,
    cast: &Cast,
    (who, at): (&str, UtcTime),
    key: &Key,
    about: About,
    [saw, believed, body]: [&str; 3],
) -> Result<()> {
    let is_view = matches!(about, About::Moment(..));
    let draft = Draft::parse(is_view, saw, believed, body);
    actions::write(c, &cast.act(who, at)?, key, about, draft).map(|_| ())
}
