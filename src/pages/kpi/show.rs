//! One key figure of a scope: its formula in words, its number, its target, its year, and the rows behind it.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{Asked, HealthView, TargetView, asked, change, file_word, named_figure};
use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::kpi::target::{current, ends};
use crate::domain::kpi::{Goal, Kpi, Measure, Place, Unit, goal, shown, store};
use crate::domain::people::Names;
use crate::error::Result;
use crate::pages::parts::chart::Picture;
use crate::pages::parts::chart::line::{Series, picture as line};
use crate::pages::request::{read_at, show_at};
use crate::time::TimeText;
use crate::usecases::kpi::subject::{Subject, Whose, find};
use crate::usecases::kpi::{PROPOSED, Row, trend};
use crate::web::respond::not_kept;
use crate::web::table::Files;
use crate::web::{Page, Past};

/// Notes that a page shows.
const NOTES: i64 = 12;
/// Rows behind the number that a page shows; its file has all that are kept.
const ROWS: usize = 50;

struct NoteView {
    why: String,
    next: String,
    by: String,
    at: TimeText,
}

#[derive(Template)]
#[template(path = "kpi/show.html")]
struct ShowPage {
    page: Page,
    past: Past,
    label: &'static str,
    name: String,
    /// The page of all figures.
    list: String,
    /// This page, without the past day.
    address: String,
    words: &'static str,
    window: String,
    value: String,
    n: u32,
    least: u32,
    health: HealthView,
    direction: &'static str,
    target: Option<TargetView>,
    /// Targets before, the last one first: goal, owner, since when.
    targets: Vec<TargetView>,
    proposed: String,
    others: Vec<(String, String, u32)>,
    earlier: String,
    earlier_on: TimeText,
    computed: Option<TimeText>,
    /// What is still being computed.
    notice: String,
    chart: Picture,
    svg: String,
    rows: Vec<Row>,
    more: usize,
    files: Files,
    notes: Vec<NoteView>,
    has_targets: bool,
    may_set: bool,
    may_note: bool,
    may_pin: bool,
    is_goal: bool,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let (whose, kpi) = named_figure(&req)?;
    let mut asked = asked(&req, &whose, trend::days, Some(kpi)).await?;
    let (past, behind) = (asked.past.clone(), asked.behind.take());
    let page = show_at(&req, &past, move |c, context, page| {
        let (rows, count) = match behind {
            Some(behind) => (behind.count, behind.rows(c, ROWS)?),
            None => (0, Vec::new()),
        };
        load(c, context, page, (&whose, kpi), &asked, (rows, count))
    });
    // Whoever opens it has what is missing or old computed.
    Ok(not_kept(page.await?))
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    (whose, kpi): (&Whose, Kpi),
    asked: &Asked,
    (all, rows): (usize, Vec<Row>),
) -> Result<ShowPage> {
    let subject = find(c, context, whose)?;
    let (place, scope) = (subject.place(), subject.scope.word());
    let (targets, notes) = match place {
        Some(_) => (
            store::targets(c, &scope)?,
            store::notes(c, &scope, kpi, NOTES)?,
        ),
        None => (Vec::new(), Vec::new()),
    };
    let is_goal = match place {
        Some(Place::Team(id)) => store::pins(c, id)?.contains(&kpi),
        _ => false,
    };
    let ids = targets.iter().map(|t| t.owner_id);
    let names = Names::load(c, ids.chain(notes.iter().map(|n| n.by_id)))?;
    let (local, unit, actor) = (&context.local, kpi.unit(), &context.actor);
    let own = current(&targets, kpi);
    let figure = asked.figure(kpi)?;
    let proposed = figure.proposed();
    let goal = own.map(|t| t.goal).or(proposed);
    let is_today = !asked.past.is_other_day();
    let view = |goal, owner: i64, since| TargetView {
        goal: shown::goal(goal, unit),
        owner: names.name(owner).to_owned(),
        since: Some(local.day_of(since)),
    };
    let mut before: Vec<TargetView> = targets
        .iter()
        .filter(|t| t.kpi == kpi)
        .map(|t| view(t.goal, t.owner_id, t.set_at))
        .collect();
    before.reverse();
    let earlier_on = trend::earlier(asked.day, kpi);
    let address = subject.whose.figure(kpi);
    let title = format!("{}, {}", kpi.label(), subject.name);
    Ok(ShowPage {
        page: page.titled("kpis", asked.past.titled(&title)),
        past: asked.past.clone(),
        label: kpi.label(),
        list: asked.past.of(&subject.whose.address(), ""),
        svg: asked.past.of(&format!("{address}/trend.svg"), ""),
        words: kpi.words(),
        window: window(kpi),
        value: shown::measure(figure.main, unit),
        n: figure.main.n,
        least: kpi.least_n(),
        health: HealthView::new(&figure, goal),
        direction: shown::direction(goal),
        target: own.map(|t| view(t.goal, t.owner_id, t.set_at)),
        targets: before.into_iter().skip(1).collect(),
        proposed: proposed.map(|g| shown::goal(g, unit)).unwrap_or_default(),
        others: figure
            .others
            .iter()
            .filter(|(name, ..)| name != PROPOSED)
            .map(|(name, m, unit)| (name.clone(), other(*m, *unit), m.n))
            .collect(),
        earlier: change(kpi, figure.main, asked.measure(earlier_on, kpi)),
        earlier_on: local.day(earlier_on),
        computed: asked.now().map(|known| local.moment(known.computed_at)),
        notice: asked.notice(local),
        chart: chart(asked, (&subject, kpi), goal),
        more: all.saturating_sub(rows.len()),
        files: Files::on(&format!("{address}/rows"), &asked.past),
        rows,
        notes: notes
            .into_iter()
            .map(|n| NoteView {
                by: names.name(n.by_id).to_owned(),
                at: local.day_of(n.at),
                why: n.why,
                next: n.next,
            })
            .collect(),
        has_targets: place.is_some(),
        may_set: is_today && subject.may_set_target(actor),
        may_note: is_today && own.is_some_and(|t| actor.is(t.owner_id)),
        may_pin: is_today
            && match place {
                Some(Place::Team(id)) => goal::may_pin(actor, id),
                _ => false,
            },
        is_goal,
        name: subject.name,
        address,
    })
}

/// A number next to a figure. It is counted over people where there is none of something.
fn other(measure: Measure, unit: Unit) -> String {
    match measure {
        Measure {
            value: None,
            n: 1..,
        } => shown::TOO_FEW.to_owned(),
        _ => shown::measure(measure, unit),
    }
}

fn window(kpi: Kpi) -> String {
    match kpi.window() {
        Some(days) => format!("The last {days} days"),
        None => "As it is on the day".into(),
    }
}

/// The year of a figure up to the day of the page.
fn chart(asked: &Asked, (subject, kpi): (&Subject, Kpi), goal: Option<Goal>) -> Picture {
    let days = trend::days(asked.day);
    let last = days.len().saturating_sub(1);
    let points = days.iter().enumerate().map(|(n, day)| {
        let format = if n == last { "%-d %b" } else { "%b %y" };
        let value = asked.measure(*day, kpi).and_then(|m| m.value);
        (day.date().strftime(format).to_string(), value)
    });
    let (low, high) = goal.map_or((None, None), ends);
    let series = Series {
        title: format!("{}, {}", kpi.label(), subject.name),
        heads: ("End of".into(), kpi.label().into()),
        points: points.collect(),
        goals: low.into_iter().chain(high).collect(),
    };
    line(&series, |v| kpi.unit().written(v))
}

/// The chart as a file.
pub(crate) async fn picture(req: HttpRequest) -> Result<HttpResponse> {
    let (whose, kpi) = named_figure(&req)?;
    let asked = asked(&req, &whose, trend::days, None).await?;
    let past = asked.past.clone();
    past.errors.clone().or(())?;
    let (name, picture) = read_at(&req, &past, move |c, context| {
        let subject = find(c, context, &whose)?;
        let targets = match subject.place() {
            Some(place) => store::targets(c, &place.word())?,
            None => Vec::new(),
        };
        let figure = asked.figure(kpi)?;
        let own = current(&targets, kpi).map(|t| t.goal);
        let goal = own.or(figure.proposed());
        let name = format!("{}-{}-{}.svg", kpi.word(), file_word(&subject), asked.day);
        Ok((name, chart(&asked, (&subject, kpi), goal)))
    })
    .await?;
    picture.saved_as(&name)
}
