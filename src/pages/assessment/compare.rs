//! Both views side by side, the largest differences first: the agenda of the next session.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::assessment::{Stream, counting, gap};
use crate::domain::auth::context::ReadContext;
use crate::domain::readiness::side_by_side::{Pair, side_by_side};
use crate::domain::standard::{Group, Level};
use crate::error::Result;
use crate::pages::assessment::address;
use crate::pages::request::show;
use crate::time::TimeText;
use crate::usecases::assessment::actions::may_assess;
use crate::usecases::dossier::Dossier;
use crate::web::Page;

/// One side's level with what it rests on.
struct Side {
    level: u8,
    word: &'static str,
    by: String,
    when: Option<TimeText>,
    evidence: String,
}

struct Line {
    code: String,
    statement: String,
    critical: bool,
    needs: u8,
    gap: Option<String>,
    own: Side,
    mentor: Side,
}

/// A judgement that waits.
struct Waiting {
    code: String,
    statement: String,
    opens: TimeText,
    /// Where the viewer says theirs.
    href: String,
}

#[derive(Template)]
#[template(path = "assessment/compare.html")]
struct ComparePage {
    page: Page,
    ramp_id: i64,
    mentee: String,
    area: String,
    differ: Vec<Line>,
    agree: Vec<Line>,
    /// The other side has said something the viewer cannot see yet.
    for_viewer: Vec<Waiting>,
    /// The viewer's side has said something the other cannot see yet.
    for_others: Vec<Waiting>,
    /// Where the viewer assesses, if they may.
    assess: Option<String>,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, move |c, context, page| {
        let dossier = Dossier::load_for(c, *id, &context.actor, context.now)?;
        let title = format!("Side by side: {}", dossier.mentee().name);
        Ok(compare(&dossier, context, page.titled("ramps", title)))
    })
    .await
}

fn compare(d: &Dossier, context: &ReadContext, page: Page) -> ComparePage {
    let content = &d.standard.content;
    let (differ, agree): (Vec<_>, Vec<_>) = side_by_side(content, &d.readiness)
        .into_iter()
        .partition(|p| p.distance() > 0);
    let own = match (
        d.parties.is_mentee(&context.actor),
        d.parties.is_mentor(&context.actor),
    ) {
        (true, _) => Some(Stream::Self_),
        (_, true) => Some(Stream::Mentor),
        _ => None,
    };
    let assesses = own.filter(|stream| may_assess(d, &context.actor, *stream).is_ok());
    let place = |group: Group| assesses.map(|stream| address(d.ramp.id, stream, group));
    let waiting = |of_viewer: bool| -> Vec<Waiting> {
        let mut all: Vec<Waiting> = Vec::new();
        for sealed in &d.sealed {
            let is_own = own == Some(sealed.stream);
            if is_own != of_viewer || all.iter().any(|w| w.code == sealed.code) {
                continue;
            }
            if let Some(competency) = content.competency(&sealed.code) {
                all.push(Waiting {
                    href: place(competency.group)
                        .map_or_else(String::new, |at| format!("{at}#f-level-{}", sealed.code)),
                    statement: competency.statement.clone(),
                    opens: context.local.day_of(sealed.opens_at),
                    code: sealed.code.clone(),
                });
            }
        }
        all
    };
    ComparePage {
        page,
        ramp_id: d.ramp.id,
        mentee: d.mentee().name.to_owned(),
        area: d.area.name.clone(),
        differ: differ.iter().map(|p| line(d, p, context)).collect(),
        agree: agree.iter().map(|p| line(d, p, context)).collect(),
        for_viewer: waiting(false),
        for_others: waiting(true),
        assess: content.groups().first().and_then(|group| place(*group)),
    }
}

fn line(d: &Dossier, pair: &Pair<'_>, context: &ReadContext) -> Line {
    let code = &pair.competency.code;
    let side = |stream: Stream, level: Level| {
        let entry = counting(&d.assessments, code, stream);
        Side {
            level: level.number(),
            word: level.label(),
            by: entry.map_or("", |a| d.person(a.by_id).name).to_owned(),
            when: entry.map(|a| context.local.day_of(a.at)),
            evidence: entry.map(|a| a.evidence.clone()).unwrap_or_default(),
        }
    };
    Line {
        code: code.clone(),
        statement: pair.competency.statement.clone(),
        critical: pair.competency.critical,
        needs: pair.competency.required_level.number(),
        gap: gap(Some(pair.own), Some(pair.mentor)),
        own: side(Stream::Self_, pair.own),
        mentor: side(Stream::Mentor, pair.mentor),
    }
}
