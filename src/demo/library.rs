//! The library of the demo: ten post-mortems (eight teachable, one in review, one draft), readers with answers, and
//! reading clubs.

use super::graph::bars;
use super::history::Script;
use crate::db::types::UtcTime;
use crate::domain::postmortem::{Document, PostmortemForm, Transition, club, source, store};
use crate::domain::session::Minutes;
use crate::error::{Error, Result};
use crate::time::{LocalTime, MomentField};
use crate::usecases::postmortem::actions::{Note, add, edit, make_transition};
use crate::usecases::postmortem::club::actions::{NewPlan, People};
use crate::usecases::postmortem::pictures;
use crate::usecases::postmortem::reading::{Body, answer};
use crate::words::Words;

/// A file of `demo/postmortems`. Days are before today.
struct LibraryEntry {
    text: &'static str,
    /// When it happened: days before today, and minutes into that day (UTC).
    occurred: (i64, i64),
    author: &'static str,
    written: i64,
    /// Who made it teachable two days later; without one it still waits for its review.
    approved_by: Option<&'static str>,
    submitted: bool,
}

macro_rules! entry {
    ($file:literal, $occurred:expr, $author:literal, $written:literal, $approved:expr, $submitted:literal) => {
        LibraryEntry {
            text: include_str!(concat!("../../demo/postmortems/", $file, ".md")),
            occurred: $occurred,
            author: $author,
            written: $written,
            approved_by: $approved,
            submitted: $submitted,
        }
    };
}

/// The commerce lead and the platform lead.
const RUTH: Option<&str> = Some("ruth.abrams");
const TOMAS: Option<&str> = Some("tomas.herrera");

#[rustfmt::skip]
static LIBRARY: [LibraryEntry; 10] = [
    entry!("a-campaign-spike-emptied-the-connection-pool",        (363, 18 * 60 + 2), "dele.adeyemi",    300, TOMAS, true),
    entry!("a-failover-left-a-writer-on-the-old-primary",         (349, 2 * 60 + 10), "kenji.watanabe",  296, TOMAS, true),
    entry!("purge-all-melted-the-origin",                         (299, 10 * 60 + 15), "dele.adeyemi",    290, TOMAS, true),
    entry!("a-certificate-expired-on-a-host-that-is-rarely-used", (281, 0),           "kenji.watanabe",  274, TOMAS, true),
    entry!("provider-time-outs-charged-without-orders",           (256, 19 * 60 + 40), "priya.raman",     250, RUTH,  true),
    entry!("a-price-list-was-imported-in-the-wrong-currency",     (203, 5 * 60 + 30), "mei-ling.zhou",   198, RUTH,  true),
    entry!("a-replay-from-the-dead-letter-queue-doubled-orders",  (167, 21 * 60 + 45), "ingrid.solberg",  160, RUTH,  true),
    entry!("the-index-was-swapped-to-an-empty-alias",             ( 96, 13 * 60 + 20), "jonas.weber",      90, RUTH,  true),
    entry!("bot-traffic-was-read-as-success",                     ( 77, 8 * 60),      "lukas.novak",       6, None,  true),
    entry!("two-batches-overlapped-and-locked-the-stock",         ( 28, 60),          "rafael.costa",      3, None,  false),
];

/// The document of a file, as if it had happened that many days ago.
fn document(entry: &LibraryEntry, now: UtcTime) -> Result<Document> {
    let told = source::read(entry.text).map_err(Error::fault)?;
    let (days, minutes) = entry.occurred;
    let midnight = now.day().plus_days(-days).start();
    // Not the file's own: a machine whose clock is behind would find that in the future.
    let occurred_at = midnight.plus_seconds(60 * minutes);
    let form = PostmortemForm {
        occurred_at: MomentField::of_file(occurred_at.iso()),
        ..told.form
    };
    form.read(&LocalTime::new("UTC", now))
}

pub(super) fn add_steps(script: &mut Script<'_>) {
    for entry in &LIBRARY {
        write(script, entry);
    }
    draw(script);
    for club in &CLUBS {
        meet(script, club);
    }
    for reading in &READINGS {
        read(script, reading);
    }
}

fn write(script: &mut Script<'_>, entry: &'static LibraryEntry) {
    let (cast, now) = (script.cast, script.now);
    let slug = move || Ok::<_, Error>(document(entry, now)?.slug());
    let go = move |c: &mut crate::db::Conn, who, at, transition| -> Result<()> {
        let (slug, note) = (slug()?, Note::parse("").map_err(Error::fault)?);
        let revision = store::named(c, &slug)?.revision;
        make_transition(c, &cast.act(who, at)?, &slug, (transition, revision), &note).map(|_| ())
    };
    script.at(entry.written, 9, move |c, at| {
        add(
            c,
            &cast.act(entry.author, at)?,
            &document(entry, now)?,
            true,
        )
        .map(|_| ())
    });
    if entry.submitted {
        script.at(entry.written, 14, move |c, at| {
            go(c, entry.author, at, Transition::Submit)
        });
    }
    if let Some(lead) = entry.approved_by {
        script.at(entry.written - 2, 8, move |c, at| {
            go(c, lead, at, Transition::Approve)
        });
    }
}

const LOCKS: &str = "two-batches-overlapped-and-locked-the-stock";

/// The author of the draft adds a graph, and shows it in the text.
fn draw(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(3, 11, move |c, at| {
        let act = cast.act("rafael.costa", at)?;
        let heights = [
            8, 9, 8, 10, 9, 11, 34, 62, 88, 96, 97, 98, 97, 98, 96, 41, 12, 9, 8, 8,
        ];
        let words = "Locks on the stock table: few until 02:00, then a wall for two hours";
        let picture = bars(&heights, words)?;
        let number = pictures::add(c, &act, LOCKS, Ok(Some(picture)))?;
        let stored = store::named(c, LOCKS)?;
        let body = format!("{}\n\n![{words}]({number})\n", stored.document.body);
        let document = Document {
            body,
            ..stored.document
        };
        edit(c, &act, LOCKS, stored.revision, &document).map(|_| ())
    });
}

/// A reading club. Days are before today; a future one is below zero.
struct Club {
    slug: &'static str,
    leader: &'static str,
    with: &'static [&'static str],
    planned: i64,
    day: i64,
    note: &'static str,
    /// Who was there, without the leader; empty while it is not closed.
    there: &'static [&'static str],
}

static CLUBS: [Club; 4] = [
    Club {
        slug: "purge-all-melted-the-origin",
        leader: "kenji.watanabe",
        with: &["sofia.marchetti", "hana.kim", "noor.haddad"],
        planned: 107,
        day: 100,
        note: "Read it step by step before; we talk about your answers.",
        there: &["sofia.marchetti", "hana.kim"],
    },
    Club {
        slug: "provider-time-outs-charged-without-orders",
        leader: "ingrid.solberg",
        with: &["amara.okafor", "lukas.novak", "jonas.weber", "rafael.costa"],
        planned: 38,
        day: 30,
        note: "",
        there: &["amara.okafor", "lukas.novak", "jonas.weber"],
    },
    Club {
        slug: "a-replay-from-the-dead-letter-queue-doubled-orders",
        leader: "priya.raman",
        with: &["rafael.costa", "amara.okafor", "mei-ling.zhou"],
        planned: 4,
        day: -6,
        note: "Bring the abort limits you would set for a replay.",
        there: &[],
    },
    // Nobody has recorded yet who was there.
    Club {
        slug: "a-price-list-was-imported-in-the-wrong-currency",
        leader: "mei-ling.zhou",
        with: &["lukas.novak", "rafael.costa"],
        planned: 9,
        day: 1,
        note: "",
        there: &[],
    },
];

/// What a reader answered on a day, one text a step.
struct Reading {
    slug: &'static str,
    reader: &'static str,
    day: i64,
    answers: &'static [&'static str],
}

static READINGS: [Reading; 3] = [
    Reading {
        slug: "provider-time-outs-charged-without-orders",
        reader: "amara.okafor",
        day: 34,
        answers: &[
            "Open the funnel board and split authorisations by provider. Call nobody yet.",
            "Ten seconds is suspiciously round: that is a limit, probably ours. Flat errors only mean that we give up politely.",
            "Four people cannot all have pressed twice. I would disable that method and ask support for the exact times.",
            "The key belongs to one call at one provider. If it expires before we retry, the retry is a new payment.",
            "Provider, finance and support. One transaction, the count so far, and when it began.",
            "Take the settlement file and match it by order. I would not know how to prove the double charges, to be honest.",
        ],
    },
    Reading {
        slug: "a-replay-from-the-dead-letter-queue-doubled-orders",
        reader: "rafael.costa",
        day: 3,
        answers: &[
            "Stop whatever writes deliveries, then look for the one thing that changed tonight.",
            "Whether it was handled: I follow one by its order number to the ERP.",
            "The order number. The message id changes with every replay.",
            "Call the shift lead and read the list to them. They decide on the truck.",
            "Cancel the doubles, release the reservations, compare by order before the batch runs.",
        ],
    },
    Reading {
        slug: "purge-all-melted-the-origin",
        reader: "noor.haddad",
        day: 2,
        answers: &[
            "Look at who sends so many requests, and block them?",
            "The hit ratio. If it fell, nobody new came: we stopped keeping things.",
        ],
    },
];

fn meet(script: &mut Script<'_>, club: &'static Club) {
    let (cast, today) = (script.cast, script.now.day());
    let starts_at = today.plus_days(-club.day).start().plus_hours(14);
    let people = move |names: &[&str]| -> Result<People> {
        let ids: Result<_> = names.iter().map(|who| cast.id(who)).collect();
        Ok(People {
            chosen: ids?,
            named: Vec::new(),
        })
    };
    script.at(club.planned, 10, move |c, at| {
        let new = NewPlan {
            starts_at,
            minutes: Minutes::new(60).unwrap_or(Minutes::USUAL),
            note: Words::parse(club.note).map_err(Error::fault)?,
            people: people(club.with)?,
        };
        crate::usecases::postmortem::club::actions::plan(
            c,
            &cast.act(club.leader, at)?,
            club.slug,
            &new,
        )
        .map(|_| ())
    });
    if club.there.is_empty() {
        return;
    }
    script.at(club.day, 16, move |c, at| {
        let act = cast.act(club.leader, at)?;
        let mine = club::store::of_person(c, cast.id(club.leader)?)?;
        let due = mine.iter().find(|l| l.starts_at == starts_at);
        let id = due.map(|l| l.id).ok_or(Error::NotFound("reading club"))?;
        let came: Vec<&str> = club.there.iter().copied().chain([club.leader]).collect();
        crate::usecases::postmortem::club::actions::held(c, &act, id, &people(&came)?)
    });
}

fn read(script: &mut Script<'_>, reading: &'static Reading) {
    let cast = script.cast;
    for (step, words) in reading.answers.iter().enumerate() {
        script.at(reading.day, 11, move |c, at| {
            let revision = store::named(c, reading.slug)?.revision;
            let act = cast.act(reading.reader, at)?;
            let body = Body::parse(words).map_err(Error::fault)?;
            answer(c, &act, reading.slug, (revision, step), &body)
        });
    }
}
