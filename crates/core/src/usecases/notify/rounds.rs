//! The rounds: each person is looked at now and then. What waits for them newly is told, what was done is closed, and
//! reminders and digests come in their own morning.

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::auth;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::Standing;
use crate::domain::hook::{Event, Kind as Told};
use crate::domain::notification::model::Notification;
use crate::domain::notification::moment::{is_daily_due, is_quiet, is_weekly_due};
use crate::domain::notification::store::Round;
use crate::domain::notification::words::Facts;
use crate::domain::notification::{Choice, Kind, store};
use crate::domain::outbox::letter::{Letter, Row};
use crate::domain::people::{Actor, Names};
use crate::domain::{area, availability, outbox};
use crate::error::Result;
use crate::time::LocalTime;
use crate::usecases::home::mine::Mine;
use crate::usecases::hook;
use crate::usecases::notify::letter::words;
use crate::usecases::notify::reminders::LAPSED_DAYS;
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
    let mine = Mine::load(c, &context)?;
    // Who is away is reminded of nothing until they are back.
    let today: Day = civil.date().into();
    let absences = availability::store::absences_of(c, &[round.person_id], today)?;
    let quiet = is_quiet(civil) || absences.iter().any(|kept| kept.absence.covers(today));
    settle(c, &mine, quiet)?;
    let mut round = round;
    if !quiet {
        let causes = mine.reminders();
        let keys: Vec<String> = causes.iter().map(|cause| cause.key()).collect();
        let is_news = |kind: Kind| kind.is_reminder() && !kind.waits();
        let told = store::open(c, round.person_id, is_news, now)?;
        let over = told.iter().filter(|(_, key)| !keys.contains(key));
        let over: Vec<i64> = over.map(|(id, _)| *id).collect();
        store::done_by_id(c, &over, now)?;
        let known = store::known(c, round.person_id, &keys)?;
        for cause in causes.iter().filter(|cause| !known.contains(&cause.key())) {
            remind(c, round.person_id, cause, now)?;
        }
        publish(c, &mine)?;
    }
    if !quiet && is_weekly_due(civil, round.weekly_on) {
        round.weekly_on = Some(today);
        week(c, &mine)?;
    }
    if !quiet && is_daily_due(civil, round.daily_on) {
        round.daily_on = Some(today);
        daily(c, &context)?;
    }
    store::looked(c, round, now)
}

/// Tells chats that a clearance of the person expires or has lapsed, once each.
fn publish(c: &mut Conn, mine: &Mine) -> Result<()> {
    let today = mine.register.today();
    for area in mine.register.areas() {
        let Some(held) = mine.register.clearance(mine.me(), area.id) else {
            continue;
        };
        let kind = match mine.register.standing(mine.me(), area.id) {
            Standing::Expiring => Told::Expiring,
            Standing::Lapsed if today.days_since(held.holds_until) <= LAPSED_DAYS => Told::Lapsed,
            _ => continue,
        };
        // The last day tells one end from another: it moves with practice and with a new clearance.
        let at = held.holds_until.start();
        let event = Event::new(kind, held.id, area.id, at).of(mine.me());
        hook::publish(c, &event.until(held.holds_until), mine.now)?;
    }
    Ok(())
}

/// Makes what was told agree with what waits now. What came with time waits for the morning.
fn settle(c: &mut Conn, mine: &Mine, quiet: bool) -> Result<()> {
    let told = store::open(c, mine.me(), Kind::waits, mine.now)?;
    let waits = mine.waiting();
    let keys: Vec<String> = waits.iter().map(|wait| wait.cause.key()).collect();
    let over: Vec<i64> = told
        .iter()
        .filter(|(_, key)| !keys.contains(key))
        .map(|(id, _)| *id)
        .collect();
    store::done_by_id(c, &over, mine.now)?;
    for (wait, key) in waits.iter().zip(&keys) {
        let is_told = told.iter().any(|(_, known)| known == key);
        if !is_told && !quiet {
            remind(c, mine.me(), &wait.cause, mine.now)?;
        }
    }
    Ok(())
}

/// The mail of a Monday morning; none where there is nothing to say.
fn week(c: &mut Conn, mine: &Mine) -> Result<()> {
    let chosen = store::choices_of(c, &[mine.me()], Kind::Weekly)?;
    let choice = Kind::Weekly.choice(chosen.first().map(|(_, choice)| *choice));
    let rows = weekly::rows(mine);
    if choice == Choice::Never || rows.is_empty() {
        return Ok(());
    }
    let waits = mine.waiting().len();
    let letter = Letter {
        subject: match waits {
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
        unsubscribe: super::letter::unsubscribe(c, mine.me(), Kind::Weekly)?,
        ..Letter::default()
    };
    send(c, &mine.actor, "week", &letter, mine.now)
}

/// What the person wants to be told once a day, and has neither read nor done since.
fn daily(c: &mut Conn, context: &ReadContext) -> Result<()> {
    let me = context.actor.id.unwrap_or_default();
    let told = store::for_digest(c, me, context.now)?;
    store::digested(c, me)?;
    if told.is_empty() {
        return Ok(());
    }
    let rows = rows(c, &told, me, &context.local)?;
    let letter = Letter {
        subject: match rows.len() {
            1 => "Today: 1 thing is new".into(),
            n => format!("Today: {n} things are new"),
        },
        paragraphs: vec!["What is new and not read yet.".into()],
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        button: Some(("Open the inbox".into(), "/inbox".into())),
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
            actor: n.actor_id.map_or("", |id| names.name(id)),
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
