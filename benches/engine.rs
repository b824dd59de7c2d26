//! The engine and the templates alone, in microseconds: where a change of one of them shows first.
//!
//!     cargo bench --bench engine

#![expect(
    clippy::unwrap_used,
    reason = "a bench that cannot be set up should stop"
)]

use askama::Template;
use checkride::clock::Clock;
use checkride::db::types::Day;
use checkride::db::{Conn, Purpose, Target};
use checkride::demo;
use checkride::domain::assessment::Stream;
use checkride::domain::auth::context::ReadContext;
use checkride::domain::clearance::Standing;
use checkride::domain::people;
use checkride::domain::people::Actor;
use checkride::domain::people::next::Part;
use checkride::domain::ramp;
use checkride::domain::ramp::{MarkKind, RampState};
use checkride::domain::readiness::{Facts, Held, Judgement, Readiness, cell, evaluate};
use checkride::domain::standard::{
    Competency, Content, DoneBy, Gate, Group, Item, ItemGroup, Level, Strength,
};
use checkride::pages::request::shell;
use checkride::time::LocalTime;
use checkride::web::{Fields, Past};
use divan::{Bencher, black_box};
use tempfile::TempDir;

fn main() {
    divan::main();
}

fn content(competencies: usize) -> Content {
    let one = |n: usize| Competency {
        code: format!("PAY-C{n}"),
        group: *Group::ALL.get(n % 4).unwrap(),
        statement: "Traces a failed payment and says where the time went".into(),
        required_level: *Level::ALL.get(2).unwrap(),
        critical: n.is_multiple_of(8),
        behaviours: Default::default(),
    };
    let line = |n: usize| Item {
        code: format!("PAY-K{n}"),
        group: *ItemGroup::ALL.get(n % 4).unwrap(),
        text: "Read the runbook and walk through its last three changes".into(),
        done_by: DoneBy::Mentee,
        link: None,
    };
    Content {
        competencies: (0..competencies).map(one).collect(),
        items: (0..competencies * 8 / 5).map(line).collect(),
        gates: vec![
            Gate::Levels {
                critical_evidence: None,
            },
            Gate::Checklist,
            Gate::Sessions {
                held: 12,
                minutes: 600,
            },
        ],
    }
}

/// Two thirds of the way: three judgements of every competency, most items checked, fourteen sessions.
fn facts(content: &Content) -> Facts {
    let judgement = |(id, (n, competency)): (i64, (usize, &Competency))| Judgement {
        id,
        code: competency.code.clone(),
        stream: if id % 3 == 0 {
            Stream::Self_
        } else {
            Stream::Mentor
        },
        level: Level::ALL.get(n % 4).copied(),
        strength: Strength::TalkedThrough,
    };
    let marked = content.items.iter().filter(|i| !i.code.ends_with('3'));
    Facts {
        judgements: (0..)
            .zip(content.competencies.iter().enumerate().cycle())
            .take(content.competencies.len() * 3)
            .map(judgement)
            .collect(),
        marks: marked
            .map(|i| (i.code.clone(), MarkKind::Checked))
            .collect(),
        held: Held::of((0..14).map(|n| (today().start().plus_hours(24 * n), 45))),
        ..Facts::default()
    }
}

fn today() -> Day {
    Day::parse("2026-11-23").unwrap()
}

fn readiness() -> Readiness {
    let content = content(25);
    evaluate(&content, &facts(&content), today())
}

#[divan::bench(args = [10, 25, 100])]
fn evaluate_a_ramp(bencher: Bencher, competencies: usize) {
    let content = content(competencies);
    let facts = facts(&content);
    bencher.bench(|| evaluate(black_box(&content), black_box(&facts), today()));
}

#[divan::bench]
fn a_cell_of_the_board(bencher: Bencher) {
    let (readiness, today) = (readiness(), Day::parse("2026-11-23").unwrap());
    let ramp = (RampState::Active, today.plus_days(-60), &readiness);
    bencher.bench(|| cell(Standing::None, black_box(Some(ramp)), today));
}

/// The demo in a file, and the mentor of its one-click sign-in.
struct Demo {
    conn: Conn,
    context: ReadContext,
    _folder: TempDir,
}

impl Demo {
    fn open() -> Self {
        let folder = TempDir::with_prefix("checkride-bench-").unwrap();
        let target = Target::Sqlite(folder.path().join("demo.db"));
        let now = Clock::system().now();
        let mentor = demo::fill(&target, now).unwrap().first().unwrap().person_id;
        let mut conn = Conn::open(&target, Purpose::Read).unwrap();
        let person = people::store::by_id(&mut conn, mentor).unwrap().unwrap();
        let actor: Actor = people::store::actor(&mut conn, person).unwrap();
        let local = LocalTime::new(&actor.time_zone, now);
        Self {
            conn,
            context: ReadContext {
                actor,
                now,
                local,
                unread: 0,
                part: Part::default(),
                past: None,
            },
            _folder: folder,
        }
    }

    fn ramp(&mut self) -> i64 {
        let mentor = self.context.actor.id.unwrap();
        let ramps = ramp::store::mentored_by(&mut self.conn, mentor).unwrap();
        ramps.first().unwrap().id
    }
}

mod load {
    use super::*;

    #[divan::bench]
    fn board(bencher: Bencher) {
        let mut demo = Demo::open();
        let all = Fields::default();
        bencher.bench_local(|| {
            checkride::pages::board::show::load(
                &mut demo.conn,
                &demo.context,
                shell(&demo.context.actor, (0, Part::default()), demo.context.now),
                &all,
                Past::default(),
            )
            .unwrap()
        });
    }

    #[divan::bench]
    fn home(bencher: Bencher) {
        let mut demo = Demo::open();
        bencher.bench_local(|| {
            checkride::pages::home::show::load(
                &mut demo.conn,
                &demo.context,
                shell(&demo.context.actor, (0, Part::default()), demo.context.now),
            )
            .unwrap()
        });
    }

    #[divan::bench]
    fn ramp(bencher: Bencher) {
        let mut demo = Demo::open();
        let id = demo.ramp();
        bencher.bench_local(|| {
            let page = shell(&demo.context.actor, (0, Part::default()), demo.context.now);
            checkride::pages::ramp::show::load(&mut demo.conn, &demo.context, page, id).unwrap()
        });
    }
}

mod template {
    use super::*;

    #[divan::bench]
    fn board(bencher: Bencher) {
        let mut demo = Demo::open();
        let page = checkride::pages::board::show::load(
            &mut demo.conn,
            &demo.context,
            shell(&demo.context.actor, (0, Part::default()), demo.context.now),
            &Fields::default(),
            Past::default(),
        )
        .unwrap();
        bencher.bench_local(|| page.render().unwrap());
    }

    #[divan::bench]
    fn home(bencher: Bencher) {
        let mut demo = Demo::open();
        let page = checkride::pages::home::show::load(
            &mut demo.conn,
            &demo.context,
            shell(&demo.context.actor, (0, Part::default()), demo.context.now),
        )
        .unwrap();
        bencher.bench_local(|| page.render().unwrap());
    }

    #[divan::bench]
    fn ramp(bencher: Bencher) {
        let mut demo = Demo::open();
        let id = demo.ramp();
        let page = shell(&demo.context.actor, (0, Part::default()), demo.context.now);
        let page =
            checkride::pages::ramp::show::load(&mut demo.conn, &demo.context, page, id).unwrap();
        bencher.bench_local(|| page.render().unwrap());
    }
}
