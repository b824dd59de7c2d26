//! The rounds: each person is looked at now and then. What waits for them newly is told, what was done is closed, and
//! reminders and digests come in their own morning.

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::auth;
use crate::domain::auth::context::ReadContext;
use crate::domain::availability;
use crate::domain::availability::{Absence, is_absent};
use crate::domain::hook::{Event, Kind as Told};
use crate::domain::notification::model::{Cause, Notification};
use crate::domain::notification::moment::{is_daily_due, is_quiet, is_weekly_due};
use crate::domain::notification::store::Round;
use crate::domain::notification::words::{Facts, YOU};
use crate::domain::notification::{Choice, Ends, Kind, store};
use crate::domain::outbox::letter::{Letter, Row};
use crate::domain::outbox::model::New;
use crate::domain::people::next::Part;
use crate::domain::people::{Actor, Names};
use crate::domain::{area, outbox};
use crate::error::Result;
use crate::time::LocalTime;
use crate::usecases::home::mine::Mine;
use crate::usecases::home::waiting::Wait;
use crate::usecases::hook;
use crate::usecases::notify::letter::words;
use crate::usecases::notify::{remind, reminders, weekly};

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

/// What a look at somebody found, before anything of it is told.
struct Found {
    context: ReadContext,
    mine: Mine,
    waits: Vec<Wait>,
    /// Rows of what is over.
    over: Vec<i64>,
    new: Vec<Cause>,
    chats: Vec<New>,
    is_week: bool,
    is_day: bool,
}

/// Whether [`look`] would tell or close anything. Only reads, so that nobody who writes waits for it.
pub fn differs(c: &mut Conn, round: Round, now: UtcTime) -> Result<bool> {
    Ok(find(c, round, now)?.is_some_and(|found| found.is_anything()))
}

/// Looks at one person.
pub fn look(c: &mut Conn, round: Round, now: UtcTime) -> Result<()> {
    match find(c, round, now)? {
        Some(found) => found.tell(c, round),
        None => Ok(()),
    }
}

/// `None` for whoever left.
fn find(c: &mut Conn, round: Round, now: UtcTime) -> Result<Option<Found>> {
    let Some(actor) = auth::store::still_here(c, round.person_id, None)? else {
        return Ok(None);
    };
    let local = LocalTime::new(&actor.time_zone, now);
    let civil = local.civil(now);
    let context = ReadContext {
        actor,
        now,
        local,
        unread: 0,
        part: Part::default(),
        past: None,
    };
    // All of it: what only stands further down than a page shows still waits.
    let mine = Mine::load(c, &context, i64::MAX)?;
    let today: Day = civil.date().into();
    let since = today.plus_days(-reminders::MOST_DAYS);
    let kept = availability::store::absences_of(c, &[round.person_id], since)?;
    let absences: Vec<Absence> = kept.into_iter().map(|k| k.absence).collect();
    // Who is away is reminded of nothing until they are back.
    let quiet = is_quiet(civil) || is_absent(&absences, today);
    let waits = mine.waiting();
    let mut found = Found {
        chats: chats(c, &mine)?,
        is_week: !quiet && is_weekly_due(civil, round.weekly_on),
        is_day: !quiet && is_daily_due(civil, round.daily_on),
        over: Vec::new(),
        new: Vec::new(),
        context,
        mine,
        waits,
    };
    let causes = found.waits.iter().map(|wait| wait.cause.clone()).collect();
    found.compare(c, Kind::waits, causes, !quiet)?;
    if !quiet {
        let is_news = |kind: Kind| kind.is_reminder() && !kind.waits();
        let reminders = found.mine.reminders(&absences);
        found.compare(c, is_news, reminders, true)?;
    }
    Ok(Some(found))
}

impl Found {
    fn is_anything(&self) -> bool {
        let Self {
            over, new, chats, ..
        } = self;
        !(over.is_empty() && new.is_empty() && chats.is_empty()) || self.is_week || self.is_day
    }

    /// What the person was told of these kinds, beside the causes there are now: what is over is done, and what is new is
    /// told, where `tells` says so. What waits again is told again; a reminder comes once.
    fn compare(
        &mut self,
        c: &mut Conn,
        of: impl Fn(Kind) -> bool,
        causes: Vec<Cause>,
        tells: bool,
    ) -> Result<()> {
        let me = self.mine.me();
        let keys: Vec<String> = causes.iter().map(Cause::key).collect();
        let open = store::open(c, me, of, self.mine.now)?;
        let over = open.iter().filter(|(_, key)| !keys.contains(key));
        self.over.extend(over.map(|(id, _)| *id));
        if !tells {
            return Ok(());
        }
        let mut known: Vec<String> = open.into_iter().map(|(_, key)| key).collect();
        let once = causes.iter().filter(|cause| !cause.kind.waits());
        let once: Vec<String> = once.map(Cause::key).collect();
        known.extend(store::known(c, me, &once)?);
        let new = causes.into_iter().zip(keys);
        let new = new.filter(|(_, key)| !known.contains(key));
        self.new.extend(new.map(|(cause, _)| cause));
        Ok(())
    }

    fn tell(self, c: &mut Conn, mut round: Round) -> Result<()> {
        let (me, now) = (self.mine.me(), self.mine.now);
        store::done_by_id(c, &self.over, now)?;
        for cause in &self.new {
            remind(c, me, cause, now)?;
        }
        for message in &self.chats {
            outbox::store::post(c, message, now)?;
        }
        let today = Some(self.context.local.today());
        if self.is_week {
            round.weekly_on = today;
            week(c, &self.mine, self.waits)?;
        }
        if self.is_day {
            round.daily_on = today;
            daily(c, &self.context)?;
        }
        store::looked(c, round, now)
    }
}

/// What tells chats that a clearance of the person ends soon, or has lapsed, and was not posted yet. Neither a night nor an
/// absence of theirs holds it back.
fn chats(c: &mut Conn, mine: &Mine) -> Result<Vec<New>> {
    let causes = mine.own_endings();
    let keys: Vec<String> = causes.iter().map(Cause::key).collect();
    let known = store::known(c, mine.me(), &keys)?;
    let mut all = Vec::new();
    for (cause, key) in causes.iter().zip(keys) {
        if !known.contains(&key)
            && let Some(event) = event(mine, cause)
        {
            all.extend(hook::unposted(c, &event, mine.now)?);
        }
    }
    Ok(all)
}

fn event(mine: &Mine, cause: &Cause) -> Option<Event> {
    let kind = match cause.kind {
        Kind::Expiring | Kind::PracticeDue => Told::Expiring,
        Kind::Lapsed => Told::Lapsed,
        _ => return None,
    };
    let held = mine.register.clearance(mine.me(), cause.area_id?)?;
    // The last day tells one end from another: it moves with practice and with a new clearance.
    let at = held.holds_until.start();
    let event = Event::new(kind, held.id, held.area_id, at).of(mine.me());
    Some(event.until(held))
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
    let mail = New::mail(format!("{what}-{id}-{day}"), to, letter, now)?;
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
