//! Pages of key figures: of the organisation, a team, an area, a label, and a person.

pub mod list;
pub mod note;
pub mod pin;
pub mod rows;
pub mod show;
pub mod table;
pub mod target;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::db::types::Day;
use crate::domain::kpi::{Goal, Health, Kpi, Measure, shown};
use crate::error::{Error, Result};
use crate::pages::request::{app, past_day, read, read_at};
use crate::pages::status;
use crate::time::{LocalTime, TimeText};
use crate::usecases::kpi::Behind;
use crate::usecases::kpi::cache::{Known, KnownDay};
use crate::usecases::kpi::subject::{Subject, Whose, find};
use crate::web::{Done, Fields, Past, respond};
use crate::{kpis, text};

#[rustfmt::skip]
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/kpis", web::get().to(list::page))
        .route("/kpis/me", web::get().to(me))
        .route("/kpis/figures.csv", web::get().to(table::download))
        .route("/kpis/figures.xlsx", web::get().to(table::download))
        .route("/kpis/figures/{kpi}", web::get().to(show::page))
        .route("/kpis/figures/{kpi}/trend.svg", web::get().to(show::picture))
        .route("/kpis/figures/{kpi}/rows.csv", web::get().to(rows::download))
        .route("/kpis/figures/{kpi}/rows.xlsx", web::get().to(rows::download))
        .route("/kpis/figures/{kpi}/target", web::get().to(target::page))
        .route("/kpis/figures/{kpi}/target", web::post().to(target::set))
        .route("/kpis/figures/{kpi}/note", web::get().to(note::page))
        .route("/kpis/figures/{kpi}/note", web::post().to(note::write))
        .route("/kpis/teams/{team}", web::get().to(list::page))
        .route("/kpis/teams/{team}/figures.csv", web::get().to(table::download))
        .route("/kpis/teams/{team}/figures.xlsx", web::get().to(table::download))
        .route("/kpis/teams/{team}/{kpi}", web::get().to(show::page))
        .route("/kpis/teams/{team}/{kpi}/trend.svg", web::get().to(show::picture))
        .route("/kpis/teams/{team}/{kpi}/rows.csv", web::get().to(rows::download))
        .route("/kpis/teams/{team}/{kpi}/rows.xlsx", web::get().to(rows::download))
        .route("/kpis/teams/{team}/{kpi}/target", web::get().to(target::page))
        .route("/kpis/teams/{team}/{kpi}/target", web::post().to(target::set))
        .route("/kpis/teams/{team}/{kpi}/note", web::get().to(note::page))
        .route("/kpis/teams/{team}/{kpi}/note", web::post().to(note::write))
        .route("/kpis/teams/{team}/{kpi}/pin", web::post().to(pin::pin))
        .route("/kpis/teams/{team}/{kpi}/unpin", web::post().to(pin::unpin))
        .route("/kpis/areas/{area}", web::get().to(list::page))
        .route("/kpis/areas/{area}/figures.csv", web::get().to(table::download))
        .route("/kpis/areas/{area}/figures.xlsx", web::get().to(table::download))
        .route("/kpis/areas/{area}/{kpi}", web::get().to(show::page))
        .route("/kpis/areas/{area}/{kpi}/trend.svg", web::get().to(show::picture))
        .route("/kpis/areas/{area}/{kpi}/rows.csv", web::get().to(rows::download))
        .route("/kpis/areas/{area}/{kpi}/rows.xlsx", web::get().to(rows::download))
        .route("/kpis/areas/{area}/{kpi}/target", web::get().to(target::page))
        .route("/kpis/areas/{area}/{kpi}/target", web::post().to(target::set))
        .route("/kpis/areas/{area}/{kpi}/note", web::get().to(note::page))
        .route("/kpis/areas/{area}/{kpi}/note", web::post().to(note::write))
        .route("/kpis/labels/{label}", web::get().to(list::page))
        .route("/kpis/labels/{label}/figures.csv", web::get().to(table::download))
        .route("/kpis/labels/{label}/figures.xlsx", web::get().to(table::download))
        .route("/kpis/labels/{label}/{kpi}", web::get().to(show::page))
        .route("/kpis/labels/{label}/{kpi}/trend.svg", web::get().to(show::picture))
        .route("/kpis/labels/{label}/{kpi}/rows.csv", web::get().to(rows::download))
        .route("/kpis/labels/{label}/{kpi}/rows.xlsx", web::get().to(rows::download))
        .route("/people/{handle}/kpis", web::get().to(list::page))
        .route("/people/{handle}/kpis/figures.csv", web::get().to(table::download))
        .route("/people/{handle}/kpis/figures.xlsx", web::get().to(table::download))
        .route("/people/{handle}/kpis/{kpi}", web::get().to(show::page))
        .route("/people/{handle}/kpis/{kpi}/trend.svg", web::get().to(show::picture))
        .route("/people/{handle}/kpis/{kpi}/rows.csv", web::get().to(rows::download))
        .route("/people/{handle}/kpis/{kpi}/rows.xlsx", web::get().to(rows::download));
}

/// Leads to one's own figures.
async fn me(req: HttpRequest) -> Result<HttpResponse> {
    let handle = read(&req, |_, context| Ok(context.actor.handle.clone())).await?;
    let own = Whose::Person(handle).address();
    Ok(respond::done(&req, &Done::new(own, "")))
}

/// The parts of an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parts {
    team: Option<String>,
    area: Option<String>,
    label: Option<String>,
    handle: Option<String>,
    kpi: Option<String>,
}

/// What the address names: whose figures, and which one where it names one.
fn named(req: &HttpRequest) -> Result<(Whose, Option<Kpi>)> {
    let parts: Parts = req
        .match_info()
        .load()
        .map_err(|_| Error::NotFound("page"))?;
    let kpi = match &parts.kpi {
        Some(word) => Some(Kpi::parse(word).ok_or(Error::NotFound("key figure"))?),
        None => None,
    };
    let whose = match parts {
        Parts {
            team: Some(word), ..
        } => Whose::Team(word),
        Parts {
            area: Some(slug), ..
        } => Whose::Area(slug),
        Parts {
            label: Some(label), ..
        } => Whose::Label(label),
        Parts {
            handle: Some(handle),
            ..
        } => Whose::Person(handle),
        _ => Whose::Organisation,
    };
    Ok((whose, kpi))
}

/// The same for an address that names a figure.
fn named_figure(req: &HttpRequest) -> Result<(Whose, Kpi)> {
    let (whose, kpi) = named(req)?;
    Ok((whose, kpi.ok_or(Error::NotFound("key figure"))?))
}

/// What a page of figures is made from: the day it is for, and its figures on that day and others.
pub struct Asked {
    past: Past,
    day: Day,
    /// The day whose figures are shown: the day of the page, or a day before while these are computed.
    shown: Day,
    known: Vec<KnownDay>,
    /// The rows behind the figure that was asked for.
    behind: Option<Behind>,
    waits: Waits,
}

/// What is still being computed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waits {
    Nothing,
    Earlier,
    Newer,
    Everything,
}

impl Asked {
    /// `known` of the days that are `wanted`, and what was known `last`, for a page that need not wait.
    pub fn new(
        (past, day): (Past, Day),
        wanted: &[Day],
        mut known: Vec<KnownDay>,
        last: Option<KnownDay>,
    ) -> Self {
        let mut shown = day;
        let waits = match (known.iter().any(|k| k.day == day), last) {
            (true, _) if known.len() < wanted.len() => Waits::Earlier,
            (true, _) => Waits::Nothing,
            (false, None) => Waits::Everything,
            (false, Some(last)) => {
                shown = last.day;
                known.retain(|k| k.day != shown);
                known.push(last);
                Waits::Newer
            }
        };
        Self {
            past,
            day,
            shown,
            known,
            behind: None,
            waits,
        }
    }

    fn on(&self, day: Day) -> Option<&KnownDay> {
        self.known.iter().find(|known| known.day == day)
    }

    /// What the page shows.
    fn now(&self) -> Option<&KnownDay> {
        self.on(self.shown)
    }

    /// The figure that the page shows. While nothing is known of it, it is blank.
    ///
    /// Errors: [`Error::NotFound`] where the scope has none.
    fn figure(&self, kpi: Kpi) -> Result<Known> {
        match self.now() {
            Some(known) => known
                .figure(kpi)
                .cloned()
                .ok_or(Error::NotFound("key figure")),
            None => Ok(Known::blank(kpi)),
        }
    }

    /// What the page says of figures that are still being computed.
    fn notice(&self, local: &LocalTime) -> String {
        const AGAIN: &str = "Load this page again in a minute.";
        match (self.waits, self.now()) {
            (Waits::Nothing, _) => String::new(),
            (Waits::Newer, Some(known)) => format!(
                "These are the figures of {}. Newer ones are being computed.",
                local.moment(known.computed_at).text
            ),
            (Waits::Earlier, _) => format!("Earlier figures are being computed. {AGAIN}"),
            _ => format!("The figures are being computed. {AGAIN}"),
        }
    }

    fn measure(&self, day: Day, kpi: Kpi) -> Option<Measure> {
        self.on(day)?.figure(kpi).map(|figure| figure.main)
    }
}

/// The figures that a page shows, for somebody who may see them. `days` says which, of the day of the page, and `rows` the
/// figure whose rows it shows.
async fn asked(
    req: &HttpRequest,
    whose: &Whose,
    days: fn(Day) -> Vec<Day>,
    rows: Option<Kpi>,
) -> Result<Asked> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let past = past_day(req, &query)?;
    let of = whose.clone();
    let find = move |c: &mut _, context: &_| find(c, context, &of).map(|s: Subject| s.scope);
    let scope = read_at(req, &past, find).await?;
    let app = app(req)?;
    let day = past.day.unwrap_or_else(|| app.clock.now().day());
    let wanted = days(day);
    let known = kpis::of_days(&app, &scope, &wanted, rows.is_some()).await?;
    // What was known on a past day is not what was known before.
    let last = match past.is_other_day() || known.iter().any(|k| k.day == day) {
        true => None,
        false => kpis::last_until(&app, &scope, day).await?,
    };
    let mut asked = Asked::new((past, day), &wanted, known, last);
    if let Some(kpi) = rows {
        asked.behind = kpis::behind(&app, &scope, asked.shown, kpi).await?;
    }
    Ok(asked)
}

/// A health word with its look.
struct HealthView {
    css: &'static str,
    icon: &'static str,
    word: &'static str,
    /// Why it is unknown; empty for others.
    why: String,
}

impl HealthView {
    fn new(figure: &Known, goal: Option<Goal>) -> Self {
        let (kpi, measure) = (figure.kpi, figure.main);
        let least = kpi.least_n();
        let health = kpi.health(measure, goal);
        let (css, icon) = status::health(health);
        let why = match (health, goal) {
            (Health::Unknown, _) if figure.is_withheld => shown::TOO_FEW.to_owned(),
            (Health::Unknown, _) if kpi == Kpi::FirstShifts && measure.n == 0 => {
                "Pages of shifts alone are not recorded".into()
            }
            (Health::Unknown, None) => "Shown without a target".into(),
            (Health::Unknown, _) if measure.n < least => {
                format!("Counted over {}; it needs {least}", measure.n)
            }
            (Health::Unknown, _) => "Nothing to count yet".into(),
            _ => String::new(),
        };
        Self {
            css,
            icon,
            word: health.label(),
            why,
        }
    }
}

/// A target in words, with its owner and since when; the proposed one has none.
struct TargetView {
    goal: String,
    owner: String,
    since: Option<TimeText>,
}

/// The number before, and whether it is still so.
fn change(kpi: Kpi, now: Measure, before: Option<Measure>) -> String {
    let before = before.and_then(|m| m.value);
    match (now.value, before) {
        (Some(now), Some(before)) => {
            let (now, before) = (kpi.unit().written(now), kpi.unit().written(before));
            match before == now {
                true => format!("{before}, as now"),
                false => before,
            }
        }
        (None, Some(before)) => kpi.unit().written(before),
        (_, None) => String::new(),
    }
}

/// What stands in the name of a file: letters, digits and hyphens.
fn file_word(subject: &Subject) -> String {
    match text::dashed(&subject.name) {
        empty if empty.is_empty() => "figures".into(),
        word => word,
    }
}
