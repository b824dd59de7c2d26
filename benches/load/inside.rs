//! The same queries and the same template in a plain loop, without a server around them: what a page can cost at least.

use std::time::{Duration, Instant};

use askama::Template;
use checkride::clock::Clock;
use checkride::db::types::{Day, UtcTime};
use checkride::db::{Conn, Purpose, Target, transaction};
use checkride::error::Error;
use checkride::pages::area::show::Part;
use checkride::pages::kpi::Asked;
use checkride::pages::request::{context, shell};
use checkride::usecases::kpi::subject::{Whose, of_all};
use checkride::usecases::kpi::{cache, trend};
use checkride::web::{Fields, Past, gzip};

use crate::Result;
use crate::server::{Meter, Postmaster};

/// A page that can be made without a server.
#[derive(Debug, Clone)]
pub enum Kind {
    /// The checklist of a ramp.
    Checklist(i64),
    /// The board with that query.
    Board(&'static str),
    /// Home.
    Home,
    /// The number on the bell, which an open page asks for each minute.
    Bell,
    /// An area, today or so many days ago.
    Area(&'static str, Option<i64>),
    /// All key figures of the organisation, or of the area with that name in addresses.
    Figures(Option<&'static str>),
}

impl Kind {
    /// The past day it is about.
    fn day(&self, today: Day) -> Option<Day> {
        match self {
            Self::Area(_, ago) => ago.map(|days| today.plus_days(-days)),
            Self::Checklist(_) | Self::Board(_) | Self::Home | Self::Bell | Self::Figures(_) => {
                None
            }
        }
    }

    /// Its address.
    pub fn path(&self, today: Day) -> String {
        let at = self.day(today).map(|day| format!("?at={day}"));
        match self {
            Self::Checklist(id) => format!("/ramps/{id}/checklist"),
            Self::Board("") => "/board".to_owned(),
            Self::Board(query) => format!("/board?{query}"),
            Self::Home => "/".to_owned(),
            Self::Bell => "/inbox/count".to_owned(),
            Self::Area(slug, _) => format!("/areas/{slug}{}", at.unwrap_or_default()),
            Self::Figures(None) => "/kpis".to_owned(),
            Self::Figures(Some(slug)) => format!("/kpis/areas/{slug}"),
        }
    }
}

/// What the loop did.
#[derive(Debug, Clone, Default)]
pub struct Looped {
    /// Pages a second.
    pub per_second: f64,
    /// Milliseconds of processor time a page, those of the database's processes included.
    pub processor: f64,
    /// Milliseconds a page until everything was loaded and decided.
    pub load: f64,
    /// Milliseconds a page in the template.
    pub template: f64,
    /// Milliseconds that compressing it once takes.
    pub gzip: f64,
}

/// How often a page is compressed, to see how long that takes.
const PACKED: u32 = 20;

/// Loads and renders the page again and again.
pub fn repeat(
    target: &Target,
    postgres: Option<Postmaster>,
    (token, kind): (&str, &Kind),
    time: Duration,
) -> Result<Looped> {
    let now = Clock::system().now();
    let purpose = match kind.day(now.day()) {
        Some(_) => Purpose::Past,
        None => Purpose::Read,
    };
    let mut c = Conn::open(target, purpose)?;
    let page = once(&mut c, token, now, kind)?.0;
    let packed = Instant::now();
    for _ in 0..PACKED {
        std::hint::black_box(gzip::smaller(page.as_bytes()));
    }
    let gzip = packed.elapsed().as_secs_f64() * 1000.0 / f64::from(PACKED);

    let meter = Meter::start(None, postgres)?;
    let (began, mut pages, mut rendering) = (Instant::now(), 0_u32, Duration::ZERO);
    while began.elapsed() < time {
        let (page, render) = once(&mut c, token, now, kind)?;
        std::hint::black_box(page);
        rendering += render;
        pages += 1;
    }
    let took = began.elapsed().as_secs_f64();
    let pages = f64::from(pages);
    let template = rendering.as_secs_f64() * 1000.0 / pages;
    Ok(Looped {
        per_second: pages / took,
        processor: meter.stop()? / pages,
        load: took * 1000.0 / pages - template,
        template,
        gzip,
    })
}

/// One page, and how long its template took.
fn once(c: &mut Conn, token: &str, now: UtcTime, kind: &Kind) -> Result<(String, Duration)> {
    let made = transaction(c, Purpose::Read, |c| {
        let day = kind.day(now.day());
        let (context, _) = context(c, token, now, day)?;
        let shell = shell(&context.actor, (context.unread, context.part), context.now);
        Ok(match kind {
            Kind::Checklist(id) => timed(&checkride::pages::ramp::checklist::load(
                c, &context, shell, *id,
            )?),
            Kind::Board(query) => {
                let query = Fields::parse(query.as_bytes())?;
                timed(&checkride::pages::board::show::load(
                    c,
                    &context,
                    shell,
                    &query,
                    Past::default(),
                )?)
            }
            Kind::Area(slug, _) => {
                let past = Past {
                    day,
                    ..Past::default()
                };
                timed(&checkride::pages::area::show::load(
                    c,
                    &context,
                    shell,
                    (slug, Part::Page(0)),
                    past,
                )?)
            }
            Kind::Figures(slug) => {
                let whose = match slug {
                    Some(slug) => Whose::Area((*slug).to_owned()),
                    None => Whose::Organisation,
                };
                let scope = of_all(c, &whose)?.scope;
                let days = trend::days_of_all(now.day());
                let known = cache::read(c, &scope, &days, now)?;
                let of = (Past::default(), now.day());
                let asked = Asked::new(of, &days, known, None);
                timed(&checkride::pages::kpi::list::load(
                    c, &context, shell, &whose, &asked,
                )?)
            }
            Kind::Home => timed(&checkride::pages::home::show::load(c, &context, shell)?),
            Kind::Bell => Ok((context.unread.to_string(), Duration::ZERO)),
        })
    })?;
    made.map_err(|e| Error::fault(e).into())
}

fn timed(page: &impl Template) -> askama::Result<(String, Duration)> {
    let began = Instant::now();
    let text = page.render()?;
    Ok((text, began.elapsed()))
}
