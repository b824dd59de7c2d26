//! One database: five organisations in it, a server on each, and every measure in interleaved rounds.

use std::io::Read;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use checkride::clock::Clock;
use checkride::db::{Conn, Purpose, Target};
use checkride::forms::new_key;
use checkride::usecases::kpi::trend;
use diesel::connection::SimpleConnection;
use flate2::read::GzDecoder;

use crate::drive::{Request, drive};
use crate::http::{Connection, Visitor};
use crate::inside::{Kind, Looped, repeat};
use crate::organisation::{PASSWORD, Shape};
use crate::place::{On, Place};
use crate::server::{Meter, Server};
use crate::statements::Counting;
use crate::visits::{Visits, visits};
use crate::{Plan, Result, commits};

/// At how many connections everything is measured.
pub const CONNECTIONS: [usize; 3] = [1, 8, 32];
/// Longest time to compute the key figures of a page.
const COMPUTING: Duration = Duration::from_secs(600);
/// Among [`CONNECTIONS`]: a busy team, at which the aims are checked.
pub const BUSY: usize = 8;

/// What is asked for, of whom.
struct Subject {
    name: &'static str,
    shape: Shape,
    kind: Kind,
    /// The browser has the page, and it did not change.
    is_known: bool,
}

impl Subject {
    fn path(&self) -> String {
        self.kind.path(Clock::system().now().day())
    }
}

/// The pages, as person 1 sees them: a lead of a team of ten who mentors some of it.
fn subjects() -> Vec<Subject> {
    let team = "team=crew+1";
    let subject = |name, shape, kind| Subject {
        name,
        shape,
        kind,
        is_known: false,
    };
    // The third open ramp is that of person 6, whom person 1 mentors.
    vec![
        subject("checklist, 40 rows", Shape::SMALL, Kind::Checklist(203)),
        subject("matrix, 25 x 40", Shape::MATRIX, Kind::Board("")),
        subject(
            "board of a team, 200 people",
            Shape::SMALL,
            Kind::Board(team),
        ),
        subject(
            "board of a team, 20,000 people",
            Shape::LARGE,
            Kind::Board(team),
        ),
        Subject {
            is_known: true,
            ..subject(
                "unchanged board of a team, 20,000 people",
                Shape::LARGE,
                Kind::Board(team),
            )
        },
        subject("home, 200 people", Shape::SMALL, Kind::Home),
        subject("home, 20,000 people", Shape::LARGE, Kind::Home),
        subject("bell, 20,000 people", Shape::LARGE, Kind::Bell),
        subject("area, ten years", Shape::DECADE, Kind::Area("area-1", None)),
        subject(
            "area, ten years, a day five years ago",
            Shape::DECADE,
            Kind::Area("area-1", Some(5 * 365)),
        ),
        subject(
            "KPIs of all, 20,000 people",
            Shape::FIVE,
            Kind::Figures(None),
        ),
        subject(
            "KPIs of an area, 20,000 people",
            Shape::FIVE,
            Kind::Figures(Some("area-1")),
        ),
    ]
}

/// What one number of connections gave, in one round.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Point {
    /// Requests a second.
    pub per_second: f64,
    /// Milliseconds within which half of the requests were answered.
    pub p50: f64,
    /// Milliseconds within which 99 of 100 were.
    pub p99: f64,
    /// Milliseconds of processor time a request, of all server processes.
    pub processor: f64,
    /// Bytes of an answer, headers included.
    pub bytes: usize,
    /// Answers of another status than was wanted.
    pub refused: usize,
}

/// All that is known of one page, or of the write.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// What it is.
    pub name: &'static str,
    /// SQL statements a request.
    pub statements: u64,
    /// One list a round, in the order of [`CONNECTIONS`].
    pub rounds: Vec<Vec<Point>>,
    /// The fixed page of the same size at [`BUSY`] connections, one a round.
    pub fixed: Vec<Point>,
    /// The plain loop, one a round.
    pub looped: Vec<Looped>,
    /// Bare commits a second, one a round.
    pub commits: Vec<f64>,
}

/// What a database gave.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Which one.
    pub on: On,
    /// Pages, then the write.
    pub measured: Vec<Measured>,
    /// Peak memory of each server, in megabytes, with what it served.
    pub memory: Vec<(&'static str, f64)>,
    /// Milliseconds until ready, of several starts.
    pub ready: Vec<f64>,
    /// A first and a second visit.
    pub visits: Visits,
    /// What computing key figures takes.
    pub figures: Figures,
}

/// What it takes to compute the key figures of the organisation of five years, apart from pages.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Figures {
    /// Milliseconds a day, one after the other.
    pub all: f64,
    /// Milliseconds to read every judgement, session and mark bare, once.
    pub bare: f64,
}

/// A server with somebody signed in.
struct Site {
    shape: Shape,
    target: Target,
    server: Server,
    lead: Visitor,
    coach: Visitor,
}

/// Runs everything on one database.
pub async fn run(on: On, plan: &Plan) -> Result<Outcome> {
    let place = Place::prepare(on)?;
    let mut sites = Vec::new();
    let shapes = [
        Shape::SMALL,
        Shape::MATRIX,
        Shape::DECADE,
        Shape::LARGE,
        Shape::FIVE,
    ];
    for shape in shapes {
        let target = place.filled(shape)?;
        let server = Server::checkride(&place.url(shape))?;
        let (lead, coach) = (email(1), email(shape.coach()));
        let lead = Visitor::sign_in(server.address, &lead, PASSWORD).await?;
        let coach = Visitor::sign_in(server.address, &coach, PASSWORD).await?;
        sites.push(Site {
            shape,
            target,
            server,
            lead,
            coach,
        });
    }
    let site = |shape: Shape| {
        sites
            .iter()
            .find(|s| s.shape.name == shape.name)
            .ok_or("no such organisation")
    };
    let five = site(Shape::FIVE)?;
    let figures = Figures {
        all: computed(five.server.address, &five.lead, "/kpis").await?,
        bare: bare(&five.target)?,
    };
    computed(five.server.address, &five.lead, "/kpis/areas/area-1").await?;
    let fixed = Server::fixed()?;
    let subjects = subjects();
    let mut measured = Vec::new();
    for subject in &subjects {
        let counting = Counting::start(&site(subject.shape)?.target)?;
        let path = subject.path();
        measured.push(Measured {
            name: subject.name,
            statements: match subject.is_known {
                true => 0,
                false => counting.of(&email(1), |v| v.get(&path)).await?,
            },
            ..Measured::default()
        });
    }
    let large = site(Shape::LARGE)?;
    let counting = Counting::start(&large.target)?;
    let coach = email(Shape::LARGE.coach());
    let mut write = Measured {
        name: "record a session",
        statements: counting.of(&coach, |v| session(v, Shape::LARGE, 0)).await?,
        ..Measured::default()
    };
    drop(counting);

    let recorded = Arc::new(AtomicU64::new(1));
    for round in 1..=plan.rounds {
        eprintln!("{}: round {round} of {}", on.label(), plan.rounds);
        for (subject, measured) in subjects.iter().zip(&mut measured) {
            let site = site(subject.shape)?;
            let count = Arc::new(AtomicU64::new(0));
            let mut points = Vec::new();
            for connections in CONNECTIONS {
                let (request, wanted) = asked_for(site, subject).await?;
                let request: Request = Arc::new(move |_| request.clone());
                let asked = (&request, wanted);
                points.push(
                    point(&site.server, &place, connections, plan.time, asked, &count).await?,
                );
            }
            let bytes = match subject.is_known {
                true => 0,
                false => body_of(site, &subject.path()).await?,
            };
            let request = site.lead.get(&format!("/fixed/{bytes}"));
            let request: Request = Arc::new(move |_| request.clone());
            let limit = point(&fixed, &place, BUSY, plan.time / 2, (&request, 200), &count).await?;
            measured.rounds.push(points);
            measured.fixed.push(limit);
            let inside = (site.lead.token.as_str(), &subject.kind);
            measured
                .looped
                .push(repeat(&site.target, place.postmaster, inside, plan.time)?);
        }
        let coach = large.coach.clone();
        let request: Request = Arc::new(move |n| session(&coach, Shape::LARGE, n));
        let mut points = Vec::new();
        for connections in CONNECTIONS {
            let asked = (&request, 303);
            points.push(
                point(
                    &large.server,
                    &place,
                    connections,
                    plan.time,
                    asked,
                    &recorded,
                )
                .await?,
            );
        }
        write.rounds.push(points);
        write.commits.push(match &large.target {
            Target::Sqlite(file) => commits::sqlite(file, plan.time)?,
            Target::Postgres(url) => commits::postgres(url, plan.time)?,
        });
    }
    measured.push(write);

    let mut ready = Vec::new();
    for _ in 0..5 {
        let again = Server::checkride(&place.url(Shape::SMALL))?;
        ready.push(again.ready.as_secs_f64() * 1000.0);
    }
    let small = site(Shape::SMALL)?;
    let memory = sites
        .iter()
        .map(|s| Ok((s.shape.name, s.server.peak_memory()?)))
        .collect::<Result<_>>()?;
    Ok(Outcome {
        on,
        measured,
        memory,
        ready,
        figures,
        visits: visits(small.server.address, &small.lead).await?,
    })
}

/// Asks for a page of key figures until none of them is being computed any more, and says what a day took.
pub async fn computed(at: SocketAddr, who: &Visitor, path: &str) -> Result<f64> {
    let mut connection = Connection::open(at).await?;
    let began = Instant::now();
    loop {
        connection.ask(&who.get(path)).await?;
        let mut html = String::new();
        GzDecoder::new(connection.body()).read_to_string(&mut html)?;
        if !html.contains("being computed") {
            break;
        }
        if began.elapsed() > COMPUTING {
            return Err("key figures take too long".into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let days = trend::days_of_all(Clock::system().now().day()).len();
    Ok(began.elapsed().as_secs_f64() * 1000.0 / days as f64)
}

/// Reads each judgement, session and mark once, with nothing done to it, and says what that took.
fn bare(target: &Target) -> Result<f64> {
    let mut c = Conn::open(target, Purpose::Read)?;
    let began = Instant::now();
    for sql in [
        "SELECT count(*), max(level) FROM assessments",
        "SELECT count(*), max(minutes) FROM sessions",
        "SELECT count(*), max(mark) FROM item_marks",
    ] {
        match &mut c {
            Conn::Pg(pg) => pg.batch_execute(sql)?,
            Conn::Sqlite(lite) => lite.batch_execute(sql)?,
        }
    }
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

pub fn email(person: i64) -> String {
    format!("person-{person}@example.com")
}

async fn point(
    server: &Server,
    place: &Place,
    connections: usize,
    time: Duration,
    asked: (&Request, u16),
    count: &Arc<AtomicU64>,
) -> Result<Point> {
    let meter = Meter::start(Some(server), place.postmaster)?;
    let driven = drive(server.address, connections, time, asked, count).await?;
    let processor = meter.stop()? / (driven.answered.max(1) as f64);
    if let Some(status) = driven.refused.first() {
        eprintln!("{} answers were {status} or such", driven.refused.len());
    }
    Ok(Point {
        per_second: driven.per_second(),
        p50: driven.within(0.5),
        p99: driven.within(0.99),
        processor,
        bytes: driven.bytes,
        refused: driven.refused.len(),
    })
}

/// The request for a page, and the status it should be answered with. A tag holds until the minute is over.
async fn asked_for(site: &Site, subject: &Subject) -> Result<(Vec<u8>, u16)> {
    let path = subject.path();
    let request = site.lead.get(&path);
    if !subject.is_known {
        return Ok((request, 200));
    }
    let mut connection = Connection::open(site.server.address).await?;
    // Whoever asks first is noted as seen.
    connection.ask(&request).await?;
    connection.ask(&request).await?;
    let tag = connection.header("etag").ok_or("the page has no tag")?;
    Ok((site.lead.get_known(&path, tag), 304))
}

/// Bytes of a page's body, as it is sent.
async fn body_of(site: &Site, path: &str) -> Result<usize> {
    let mut connection = Connection::open(site.server.address).await?;
    connection.ask(&site.lead.get(path)).await?;
    Ok(connection.body().len())
}

/// The n-th session that the coach records, of the next open ramp each time. After the last ramp comes the first again: it is
/// another session of that time.
pub fn session(coach: &Visitor, shape: Shape, n: u64) -> Vec<u8> {
    let open = u64::try_from(shape.open_ramps()).unwrap_or(1);
    let ramp = shape.open_ramp(i64::try_from(n % open).unwrap_or_default() + 1);
    let key = new_key();
    let body = format!(
        "form_key={key}&ramp={ramp}&kind=pairing&minutes=45&minutes_other=&starts_at=&another=yes&\
         summary=Read+the+traces+of+the+failed+deploy+together.&next_actions=Try+the+runbook+alone."
    );
    coach.post("/sessions/new", &body)
}
