//! The rounds: each person is looked at now and then. What waits for them newly is told, what was done is closed, and
//! reminders and digests come in their own morning.

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::auth;
use crate::domain::auth::context::ReadContext;
use crate::domain::hook::{Event, Kind as Told};
use crate::domain::notification::model::{Cause, Notification};
use crate::domain::notification::moment::{is_daily_due, is_quiet, is_weekly_due};
use crate::domain::notification::store::Round;
use crate::domain::notification::words::{Facts, YOU};
use crate::domain::notification::{Choice, Ends, Kind, store};
use crate::domain::outbox::letter::{Letter, Row};
use crate::domain::people::{Actor, Names};
use crate::domain::{area, outbox};
use crate::error::Result;
use crate::time::LocalTime;
use crate::usecases::availability::away_on;
use crate::usecases::home::mine::Mine;
use crate::usecases::home::waiting::Wait;
use crate::usecases::hook;
use crate::usecases::notify::letter::words;
use crate::usecases::notify::{remind, weekly};

/// Everyone is looked at that often.
pub const EVERY_SECONDS: i64 = 10 * 60;
/// People of one pass.
const MOST: i64 = 20;

/// The people of the next pass, those who waited longest first.
pub fn due(c: &mut Conn, now: UtcTime) -> Result<Vec<Round>> {
    store::due_rounds(c, now.plus_seconds(-EVERY_SECONDS), MOST)
}

/// What a person does may end what waits for them: they are looked at in the next pass.
pub fn look_soon(c: &mut Conn, person_id: i64, now: UtcTime) -> Result<()> {
    store::look_again(c, person_id, now.plus_seconds(-EVERY_SECONDS - 1))
}

/// Looks at one person.
pub fn look(c: &mut Conn, round: Round, now: UtcTime) -> Result<()> {
    let Some(actor) = auth::store::still_here(c, round.person_id, None)? else {
        return Ok(());
    };
    let local = LocalTime::new(&actor.time_zone, now);
    let civil = local.civil(now);
    let context = ReadContext {
        actor,
        now,
        local,
        unread: 0,
        past: None,
    };
    // All of it: what only stands further down than a page shows still waits.
    let mine = Mine::load(c, &context, i64::MAX)?;
    let today: Day = civil.date().into();
    // Who is away is reminded of nothing until they are back.
    let away = away_on(c, &[round.person_id], today)?;
    let quiet = is_quiet(civil) || !away.is_empty();
    let waits = mine.waiting();
    let causes: Vec<Cause> = waits.iter().map(|wait| wait.cause.clone()).collect();
    agree(c, &mine, Kind::waits, causes, !quiet)?;
    let mut round = round;
    if !quiet {
        let is_news = |kind: Kind| kind.is_reminder() && !kind.waits();
        for cause in agree(c, &mine, is_news, mine.reminders(), true)? {
            publish(c, &mine, &cause)?;
        }
        if is_weekly_due(civil, round.weekly_on) {
            round.weekly_on = Some(today);
            week(c, &mine, waits)?;
        }
        if is_daily_due(civil, round.daily_on) {
            round.daily_on = Some(today);
            daily(c, &context)?;
        }
    }
    store::looked(c, round, now)
}

/// Makes what the person was told of these kinds agree with the causes there are now: what is over is done, and what is new
/// is told, where `tells` says so. Returns what was new. What waits again is told again; a reminder comes once.
fn agree(
    c: &mut Conn,
    mine: &Mine,
    of: impl Fn(Kind) -> bool,
    causes: Vec<Cause>,
    tells: bool,
) -> Result<Vec<Cause>> {
    let me = mine.me();
    let keys: Vec<String> = causes.iter().map(Cause::key).collect();
    let open = store::open(c, me, of, mine.now)?;
    let over = open.iter().filter(|(_, key)| !keys.contains(key));
    let over: Vec<i64> = over.map(|(id, _)| *id).collect();
    store::done_by_id(c, &over, mine.now)?;
    if !tells {
        return Ok(Vec::new());
    }
    let mut known: Vec<String> = open.into_iter().map(|(_, key)| key).collect();
    let once = causes.iter().filter(|cause| !cause.kind.waits());
    let once: Vec<String> = once.map(Cause::key).collect();
    known.extend(store::known(c, me, &once)?);
    let mut new = Vec::new();
    for (cause, key) in causes.into_iter().zip(keys) {
        if !known.contains(&key) {
            remind(c, me, &cause, mine.now)?;
            new.push(cause);
        }
    }
    Ok(new)
}

/// Tells chats that a clearance of the person ends soon, or has lapsed.
fn publish(c: &mut Conn, mine: &Mine, cause: &Cause) -> Result<()> {
    let kind = match cause.kind {
        Kind::Expiring | Kind::PracticeDue => Told::Expiring,
        Kind::Lapsed => Told::Lapsed,
        _ => return Ok(()),
    };
    let own = cause.subject_id == Some(mine.me());
    let area_id = cause.area_id.filter(|_| own);
    let held = area_id.and_then(|id| mine.register.clearance(mine.me(), id));
    let Some(held) = held else {
        return Ok(());
    };
    // The last day tells one end from another: it moves with practice and with a new clearance.
    let at = held.holds_until.start();
    let event = Event::new(kind, held.id, held.area_id, at).of(mine.me());
    hook::publish(c, &event.until(held.holds_until), mine.now)
}

/// The mail of a Monday morning; none where there is nothing to say.
fn week(c: &mut Conn, mine: &Mine, waits: Vec<Wait>) -> Result<()> {
    let chosen = store::choices_of(c, &[mine.me()], Kind::Weekly)?;
    let choice = Kind::Weekly.choice(chosen.first().map(|(_, choice)| *choice));
    if choice == Choice::Never {
        return Ok(());
    }
    let count = waits.len();
    let rows = weekly::rows(mine, waits);
    if rows.is_empty() {
        return Ok(());
    }
    let letter = Letter {
        subject: match count {
            0 => "Your week".into(),
            1 => "Your week: 1 thing waits for you".into(),
            n => format!("Your week: {n} things wait for you"),
        },
        paragraphs: vec![format!(
            "What your week brings, as of {}.",
            mine.local.as_of().text
        )],
        rows,
        button: Some(("Open home".into(), "/".into())),
        ends: Some(Kind::Weekly.word().into()),
        ..Letter::default()
    };
    send(c, &mine.actor, "week", &letter, mine.now)
}

/// What the person wants to be told once a day, and has neither read nor done since.
fn daily(c: &mut Conn, context: &ReadContext) -> Result<()> {
    let me = context.actor.id.unwrap_or_default();
    let mut told = store::for_digest(c, me, context.now)?;
    store::digested(c, me)?;
    // What was ended since then is told no longer.
    let chosen = store::choices(c, me)?;
    told.retain(|n| n.kind.chosen(&chosen) != Choice::Never);
    if told.is_empty() {
        return Ok(());
    }
    let may_end = told.iter().any(|n| n.kind.may_end());
    let rows = rows(c, &told, me, &context.local)?;
    let letter = Letter {
        subject: match rows.len() {
            1 => "Today: 1 thing is new".into(),
            n => format!("Today: {n} things are new"),
        },
        paragraphs: vec!["What is new and not read yet.".into()],
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        button: Some(("Open the inbox".into(), "/inbox".into())),
        ends: may_end.then(|| Ends::Daily.word().into()),
        ..Letter::default()
    };
    send(c, &context.actor, "daily", &letter, context.now)
}

fn send(c: &mut Conn, actor: &Actor, what: &str, letter: &Letter, now: UtcTime) -> Result<()> {
    let Some(id) = actor.id else { return Ok(()) };
    let day = LocalTime::new(&actor.time_zone, now).today();
    let to = (id, actor.email.as_str());
    let mail = outbox::model::New::mail(format!("{what}-{id}-{day}"), to, letter, now)?;
    outbox::store::post(c, &mail, now)?;
    Ok(())
}

/// Notifications in the words of their reader, each with its row.
pub fn rows(
    c: &mut Conn,
    told: &[Notification],
    me: i64,
    local: &LocalTime,
) -> Result<Vec<(i64, Row)>> {
    let people = told.iter().flat_map(|n| [n.actor_id, n.subject_id]);
    let names = Names::load(c, people.flatten())?;
    let areas = area::store::names(c, told.iter().filter_map(|n| n.area_id))?;
    let row = |n: &Notification| {
        let facts = Facts {
            actor: match n.actor_id {
                Some(id) if id == me => YOU,
                other => other.map_or("", |id| names.name(id)),
            },
            subject: n.subject_id.map_or("", |id| names.name(id)),
            is_own: n.subject_id == Some(me),
            area: n
                .area_id
                .and_then(|id| areas.get(&id))
                .map_or("", String::as_str),
            title: &n.title,
            ..Facts::default()
        };
        let told = words(n.kind, local, (n.at, n.due_on), &facts);
        let row = Row {
            title: told.title,
            note: told.note,
            path: n.path.clone(),
        };
        (n.id, row)
    };
    Ok(told.iter().map(row).collect())
}
