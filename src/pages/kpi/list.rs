//! All key figures of a scope on a day.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{Asked, HealthView, TargetView, asked, change, named};
use crate::db::Conn;
use crate::domain::area::labels;
use crate::domain::auth::context::ReadContext;
use crate::domain::kpi::target::current;
use crate::domain::kpi::{Health, Place, shown, store};
use crate::domain::people::{Names, team_word};
use crate::domain::{area, people};
use crate::error::Result;
use crate::pages::request::show_at;
use crate::pages::status;
use crate::time::TimeText;
use crate::usecases::kpi::subject::{Whose, find};
use crate::usecases::kpi::trend;
use crate::web::respond::not_kept;
use crate::web::table::Files;
use crate::web::{Page, Past};

struct Line {
    label: &'static str,
    href: String,
    value: String,
    n: u32,
    health: HealthView,
    target: Option<TargetView>,
    earlier: String,
    earlier_on: TimeText,
    /// What the owner said last: why, what next, and when.
    note: Option<(String, String, TimeText)>,
    is_goal: bool,
}

#[derive(Template)]
#[template(path = "kpi/list.html")]
pub struct ListPage {
    page: Page,
    past: Past,
    name: String,
    address: String,
    is_person: bool,
    is_organisation: bool,
    /// The page of what the figures are of.
    of: Option<(&'static str, String)>,
    lines: Vec<Line>,
    /// How many figures are at each health word, those with any.
    counts: Vec<(HealthView, usize)>,
    computed: Option<TimeText>,
    /// What is still being computed.
    notice: String,
    files: Files,
    /// What else has figures: a heading, its anchor, and links.
    groups: Vec<Group>,
}

type Group = (&'static str, &'static str, Vec<(String, String)>);

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let (whose, _) = named(&req)?;
    let asked = asked(&req, &whose, trend::days_of_all, None).await?;
    let past = asked.past.clone();
    let page = show_at(&req, &past, move |c, context, page| {
        load(c, context, page, &whose, &asked)
    });
    // Whoever opens it has what is missing or old computed.
    Ok(not_kept(page.await?))
}

pub fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    whose: &Whose,
    asked: &Asked,
) -> Result<ListPage> {
    let subject = find(c, context, whose)?;
    let place = subject.place();
    let scope = subject.scope.word();
    let (targets, notes) = match place {
        Some(_) => (store::targets(c, &scope)?, store::last_notes(c, &scope)?),
        None => (Vec::new(), Vec::new()),
    };
    let pins = match place {
        Some(Place::Team(id)) => store::pins(c, id)?,
        _ => Vec::new(),
    };
    let names = Names::load(c, targets.iter().map(|t| t.owner_id))?;
    let local = &context.local;
    let today = asked.now();
    let figures = today.map_or(&[][..], |known| known.figures.as_slice());
    let mut lines: Vec<Line> = figures
        .iter()
        .map(|figure| {
            let kpi = figure.kpi;
            let own = current(&targets, kpi);
            let goal = own.map(|t| t.goal).or(figure.proposed());
            let before = trend::earlier(asked.day, kpi);
            let note = notes.iter().find(|n| n.kpi == kpi);
            Line {
                label: kpi.label(),
                href: asked.past.of(&subject.whose.figure(kpi), ""),
                value: shown::measure(figure.main, kpi.unit()),
                n: figure.main.n,
                health: HealthView::new(figure, goal),
                target: goal.map(|goal| TargetView {
                    goal: shown::goal(goal, kpi.unit()),
                    owner: own.map_or("", |t| names.name(t.owner_id)).to_owned(),
                    since: own.map(|t| local.day_of(t.set_at)),
                }),
                earlier: change(kpi, figure.main, asked.measure(before, kpi)),
                earlier_on: local.day(before),
                note: note.map(|n| (n.why.clone(), n.next.clone(), local.day_of(n.at))),
                is_goal: pins.contains(&kpi),
            }
        })
        .collect();
    // What a team has chosen stands first.
    lines.sort_by_key(|line| !line.is_goal);
    let is_organisation = subject.whose == Whose::Organisation;
    Ok(ListPage {
        page: page.titled(
            "kpis",
            asked.past.titled(&format!("KPIs, {}", subject.name)),
        ),
        past: asked.past.clone(),
        address: subject.whose.address(),
        is_person: place.is_none() && matches!(subject.whose, Whose::Person(_)),
        is_organisation,
        of: of(&subject.whose, asked),
        counts: counts(&lines),
        lines,
        notice: asked.notice(local),
        computed: today.map(|known| local.moment(known.computed_at)),
        files: Files::on(&format!("{}/figures", subject.whose.address()), &asked.past),
        groups: match is_organisation {
            true => groups(c, &asked.past)?,
            false => Vec::new(),
        },
        name: subject.name,
    })
}

/// Teams that own an area, areas and labels, each with the page of its figures. An organisation may have thousands of other
/// teams; the page of a team leads to its figures too.
fn groups(c: &mut Conn, past: &Past) -> Result<Vec<Group>> {
    let areas = area::store::all(c)?;
    let link = |name: &str, whose: Whose| (name.to_owned(), past.of(&whose.address(), ""));
    let owners: Vec<i64> = areas.iter().map(|a| a.owner_team_id).collect();
    let teams = people::store::teams_by_ids(c, &owners)?;
    let teams = teams
        .iter()
        .map(|t| link(&t.name, Whose::Team(team_word(t))));
    let labels = labels::distinct(areas.iter().map(|a| a.labels.as_str()));
    let labels = labels.iter().map(|l| link(l, Whose::Label(l.clone())));
    let areas = areas
        .iter()
        .map(|a| link(&a.name, Whose::Area(a.slug.clone())));
    Ok(vec![
        ("Teams", "teams", teams.collect()),
        ("Areas", "areas", areas.collect()),
        ("Labels", "labels", labels.collect()),
    ])
}

fn of(whose: &Whose, asked: &Asked) -> Option<(&'static str, String)> {
    match whose {
        Whose::Area(slug) => Some(("The area", asked.past.of("/areas/", slug))),
        Whose::Person(handle) => Some(("The person", asked.past.of("/people/", handle))),
        Whose::Organisation | Whose::Team(_) | Whose::Label(_) => None,
    }
}

fn counts(lines: &[Line]) -> Vec<(HealthView, usize)> {
    let count = |health: &Health| {
        let n = lines.iter().filter(|l| l.health.word == health.label());
        let (css, icon) = status::health(*health);
        let view = HealthView {
            css,
            icon,
            word: health.label(),
            why: String::new(),
        };
        (view, n.count())
    };
    let all = Health::ALL.iter().map(count);
    all.filter(|(_, n)| *n > 0).collect()
}
