//! What every kind of page, and the write, cost among 200 people and among 20,000; and against another build, where one is
//! named. Both builds have the same rows, each in a database of its own, and take turns.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use checkride::clock::Clock;

use crate::drive::{Request, drive};
use crate::http::Visitor;
use crate::measure::{computed, email, session};
use crate::organisation::{ADMINISTRATOR, PASSWORD, Shape, session_of};
use crate::place::{On, Place, step_back};
use crate::report::median;
use crate::server::{Meter, Server, finish};
use crate::{Plan, Result};

/// Among how many people.
pub const SHAPES: [Shape; 2] = [Shape::SMALL, Shape::LARGE];

/// What the lead of the first team asks for. The words in braces are filled in for each organisation.
const OF_A_LEAD: [&str; 66] = [
    "/",
    "/inbox",
    "/inbox/count",
    "/plan",
    "/practice",
    "/search?q=ada",
    "/search?q=deploy",
    "/account",
    "/me/availability",
    "/me/calendar",
    "/areas",
    "/areas.csv",
    "/areas/area-1",
    "/areas/area-1?at={day}",
    "/areas/area-1/people.csv",
    "/areas/area-1/cleared",
    "/areas/area-1/edit",
    "/areas/area-1/forecast",
    "/areas/area-1/qualifiers",
    "/areas/area-1/queue",
    "/areas/area-1/rota",
    "/areas/area-1/standard/flags",
    "/areas/area-1/standard/v/1",
    "/people",
    "/people.csv",
    "/people?q=ada",
    "/people?team=crew+1",
    "/people/person-6",
    "/people/person-6?at={day}",
    "/people/person-6/mentoring",
    "/people/person-6/practice",
    "/ramps",
    "/ramps.csv",
    "/ramps/new",
    "/ramps/{ramp}",
    "/ramps/{ramp}/assess/architecture",
    "/ramps/{ramp}/checklist",
    "/ramps/{ramp}/compare",
    "/ramps/{ramp}/competencies",
    "/ramps/{ramp}/history",
    "/ramps/{ramp}/sessions",
    "/ramps/{ramp}/sessions/plan",
    "/ramps/{ramp}/shifts/plan",
    "/ramps/{ramp}/waivers",
    "/sessions/{session}",
    "/sessions/new",
    "/sessions/new?ramp={ramp}",
    "/sign-offs",
    "/sign-offs.csv",
    "/sign-offs/{signoff}",
    "/clearances/{clearance}",
    "/board?team=crew+1",
    "/board?team=crew+1&at={day}",
    "/board.csv?team=crew+1",
    "/board/teams",
    "/board/screens",
    "/drills",
    "/drills/new",
    "/library",
    "/library?q=deploy",
    "/incidents/new",
    "/hooks",
    "/kpis",
    "/kpis/areas/area-1",
    "/kpis/figures/coverage",
    "/audit/programme",
];

/// What an administrator asks for.
const OF_AN_ADMINISTRATOR: [&str; 12] = [
    "/admin/add-people",
    "/admin/add-person",
    "/admin/audit",
    "/admin/audit?who=ada",
    "/admin/audit.csv",
    "/admin/messages",
    "/admin/organisation.zip",
    "/admin/people",
    "/admin/people/person-6",
    "/admin/people/person-6/deactivate",
    "/admin/teams",
    "/admin/teams/1",
];

/// The form of a session, each time of the next open ramp.
const WRITE: &str = "record a session";

/// Milliseconds of processor time a second.
const AT_REST: f64 = 10.0;
const SECONDS_TO_REST: u32 = 300;

/// The ramp of person 2 that ended, with a sign-off and a clearance of the same number.
const ENDED: i64 = 2;

/// Milliseconds of processor time a request in one organisation.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Cost {
    /// One a round.
    pub ours: Vec<f64>,
    /// Those of the other build, in the same rounds.
    pub theirs: Vec<f64>,
    /// Bytes of an answer, headers included.
    pub bytes: usize,
}

impl Cost {
    pub fn middle(&self) -> f64 {
        median(self.ours.iter().copied())
    }

    /// What this build takes of what the other one takes, and how far that is apart from round to round.
    pub fn against(&self) -> Option<(f64, f64)> {
        let pairs = self.ours.iter().zip(&self.theirs);
        let ratios: Vec<f64> = pairs.map(|(ours, theirs)| ours / theirs).collect();
        let (low, high) = ratios.iter().fold((f64::MAX, f64::MIN), |(low, high), r| {
            (low.min(*r), high.max(*r))
        });
        (!ratios.is_empty()).then(|| (median(ratios.iter().copied()), high - low))
    }

    /// Slower than the other build by more than its rounds are apart, and by more than one request in thirty.
    pub fn is_slower(&self) -> bool {
        self.against()
            .is_some_and(|(ratio, apart)| ratio - 1.0 > apart.max(1.0 / 30.0))
    }
}

/// A page or the write, in the order of [`SHAPES`].
#[derive(Debug, Clone, serde::Serialize)]
pub struct Line {
    pub name: &'static str,
    pub costs: Vec<Cost>,
}

impl Line {
    pub fn growth(&self) -> f64 {
        let cost = |place: usize| self.costs.get(place).map_or(f64::NAN, Cost::middle);
        cost(1) / cost(0)
    }

    /// How many times as many bytes are shown.
    pub fn bytes(&self) -> f64 {
        let bytes = |place: usize| self.costs.get(place).map_or(f64::NAN, |c| c.bytes as f64);
        bytes(1) / bytes(0)
    }

    /// At most half more than among 200, or in proportion to what is shown.
    pub fn is_flat(&self) -> bool {
        self.growth() <= 1.5 * self.bytes().max(1.0)
    }
}

/// What a database gave.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Growth {
    pub on: On,
    pub lines: Vec<Line>,
    /// Megabytes (PSS) of each server after all of it.
    pub memory: Vec<f64>,
}

/// A build with an organisation.
struct Served {
    shape: Shape,
    server: Server,
    lead: Visitor,
    administrator: Visitor,
    coach: Visitor,
    recorded: Arc<AtomicU64>,
}

impl Served {
    async fn start(binary: &Path, shape: Shape, url: &str) -> Result<Self> {
        let server = Server::of(binary, url)?;
        let sign_in = |person| {
            let (address, email) = (server.address, email(person));
            async move { Visitor::sign_in(address, &email, PASSWORD).await }
        };
        let (lead, coach) = (sign_in(1).await?, sign_in(shape.coach()).await?);
        let administrator = sign_in(ADMINISTRATOR).await?;
        let served = Self {
            shape,
            lead,
            administrator,
            coach,
            recorded: Arc::new(AtomicU64::new(1)),
            server,
        };
        for path in OF_A_LEAD.iter().filter(|path| path.starts_with("/kpis")) {
            // An older build may have no such page.
            if let Err(e) = computed(served.server.address, &served.lead, path).await {
                eprintln!("{path}: {e}");
            }
        }
        Ok(served)
    }

    /// Waits until it does nothing of its own: what it does beside a page would be counted as that page's.
    async fn come_to_rest(&self, place: &Place) -> Result<()> {
        for _ in 0..SECONDS_TO_REST {
            let meter = Meter::start(Some(&self.server), place.postmaster)?;
            tokio::time::sleep(Duration::from_secs(1)).await;
            if meter.stop()? < AT_REST {
                return Ok(());
            }
        }
        eprintln!(
            "{} people: the server is still busy by itself",
            self.shape.people
        );
        Ok(())
    }

    fn request(&self, name: &str, path: &str) -> (Request, u16) {
        if name == WRITE {
            let (coach, shape) = (self.coach.clone(), self.shape);
            return (Arc::new(move |n| session(&coach, shape, n)), 303);
        }
        let who = match OF_AN_ADMINISTRATOR.contains(&name) {
            true => &self.administrator,
            false => &self.lead,
        };
        let request = who.get(path);
        (Arc::new(move |_| request.clone()), 200)
    }

    /// Milliseconds of processor time a request, and the bytes of its answer.
    async fn cost(
        &self,
        place: &Place,
        name: &str,
        path: &str,
        time: Duration,
    ) -> Result<(f64, usize)> {
        let (request, wanted) = self.request(name, path);
        let asked = (&request, wanted);
        let to = self.server.address;
        // What the first request finds out is not counted.
        drive(to, 1, Duration::from_nanos(1), asked, &self.recorded).await?;
        let meter = Meter::start(Some(&self.server), place.postmaster)?;
        let driven = drive(to, 1, time, asked, &self.recorded).await?;
        let spent = meter.stop()?;
        match driven.refused.first() {
            Some(status) => Err(format!("{path} was answered {status}").into()),
            None => Ok((spent / driven.answered.max(1) as f64, driven.bytes)),
        }
    }
}

/// Every page and the write, in both organisations, in rounds.
pub async fn run(on: On, plan: &Plan, against: Option<&Path>) -> Result<Growth> {
    let place = Place::prepare(on)?;
    let own = Path::new(env!("CARGO_BIN_EXE_checkride"));
    let (mut ours, mut theirs, mut paths) = (Vec::new(), Vec::new(), Vec::new());
    for shape in SHAPES {
        place.filled(shape)?;
        paths.push(addresses(shape));
        if let Some(binary) = against {
            let url = place.copied(shape)?;
            while let Err(e) = finish(binary, &["migrate", "--database-url", &url]) {
                if !e.to_string().contains("newer than this checkride") {
                    return Err(e);
                }
                step_back(&url)?;
            }
            theirs.push(Served::start(binary, shape, &url).await?);
        }
        ours.push(Served::start(own, shape, &place.url(shape)).await?);
    }
    let names = OF_A_LEAD.iter().chain(&OF_AN_ADMINISTRATOR).chain(&[WRITE]);
    let mut lines: Vec<Line> = names
        .map(|name| Line {
            name,
            costs: vec![Cost::default(); SHAPES.len()],
        })
        .collect();
    let time = plan.time / 4;
    for served in ours.iter().chain(&theirs) {
        served.come_to_rest(&place).await?;
    }
    for round in 1..=plan.rounds {
        eprintln!(
            "{}: every page, round {round} of {}",
            on.label(),
            plan.rounds
        );
        for line in &mut lines {
            for (n, (cost, paths)) in line.costs.iter_mut().zip(&paths).enumerate() {
                let path = paths.get(line.name).map_or(line.name, String::as_str);
                if let Some(served) = ours.get(n) {
                    let (spent, bytes) = served.cost(&place, line.name, path, time).await?;
                    cost.ours.push(spent);
                    cost.bytes = bytes;
                }
                // A page that the other build does not have is not compared.
                if let Some(served) = theirs.get(n)
                    && let Ok((spent, _)) = served.cost(&place, line.name, path, time).await
                {
                    cost.theirs.push(spent);
                }
            }
        }
    }
    let memory = ours.iter().map(|served| served.server.memory());
    let memory = memory.collect::<Result<_>>()?;
    Ok(Growth { on, lines, memory })
}

/// The pages with their addresses in an organisation.
fn addresses(shape: Shape) -> HashMap<&'static str, String> {
    // That of person 6, whom person 1 mentors.
    let ramp = shape.open_ramp(3);
    let words = [
        (
            "{day}",
            Clock::system().now().day().plus_days(-120).to_string(),
        ),
        ("{ramp}", ramp.to_string()),
        ("{session}", session_of(ramp).to_string()),
        // Of person 2, whom the lead leads too.
        ("{signoff}", ENDED.to_string()),
        ("{clearance}", ENDED.to_string()),
    ];
    let paths = OF_A_LEAD.iter().chain(&OF_AN_ADMINISTRATOR).map(|name| {
        let mut path = (*name).to_owned();
        for (word, value) in &words {
            path = path.replace(word, value);
        }
        (*name, path)
    });
    paths.collect()
}
