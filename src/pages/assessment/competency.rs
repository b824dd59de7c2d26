//! One competency of a ramp over time: both streams, and what was observed.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::assessment::opportunity::{Practice, is_missing, practices_for};
use crate::domain::assessment::{Stream, counting};
use crate::domain::auth::context::ReadContext;
use crate::domain::people::Actor;
use crate::domain::postmortem;
use crate::domain::standard::{Competency, Level};
use crate::error::{Error, Result};
use crate::pages::assessment::address;
use crate::pages::request::show;
use crate::time::TimeText;
use crate::usecases::asked::actions::may_ask;
use crate::usecases::assessment::actions::may_assess;
use crate::usecases::dossier::Dossier;
use crate::usecases::shift::actions::may_plan;
use crate::web::Page;

/// What is seen at a level.
struct Behaviour {
    level: u8,
    word: &'static str,
    text: String,
    tags: Vec<&'static str>,
}

struct Line {
    day: TimeText,
    at: String,
    level: u8,
    word: &'static str,
    by: String,
    /// It is the one that counts in its stream.
    counts: bool,
    evidence: String,
    /// How strong it is.
    strength: &'static str,
    /// Where what it rests on is shown, what it was, and its day.
    source: Option<(String, &'static str, String)>,
}

/// Where it was observed.
struct Seen {
    href: String,
    what: &'static str,
    when: TimeText,
    help: u8,
    word: &'static str,
    summary: String,
    strength: &'static str,
}

#[derive(Template)]
#[template(path = "assessment/competency.html")]
struct CompetencyPage {
    page: Page,
    ramp_id: i64,
    mentee: String,
    area: String,
    code: String,
    statement: String,
    group: &'static str,
    critical: bool,
    needs: String,
    met: bool,
    behaviours: Vec<Behaviour>,
    /// The other side has assessed it, and that is sealed: whose view it is.
    sealed: Option<Stream>,
    mentor: Vec<Line>,
    own: Vec<Line>,
    seen: Vec<Seen>,
    /// Open requests for an observation of it: row, who was asked, until when.
    asked: Vec<(i64, String, TimeText)>,
    /// The viewer may ask for one.
    may_ask: bool,
    /// What would create an opportunity to see it, where there was none: where it is arranged, and the words on the link.
    opportunities: Vec<(String, String)>,
    /// Where the viewer assesses it, if they may.
    assess: Option<(&'static str, String)>,
}

pub(crate) async fn page(
    req: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse> {
    let (ramp, code) = path.into_inner();
    let ramp_id = ramp.parse().map_err(|_| Error::NotFound("ramp"))?;
    show(&req, move |c, context, page| {
        let dossier = Dossier::load_for(c, ramp_id, &context.actor, context.now)?;
        let competency = dossier.standard.content.competency(&code);
        let competency = competency.ok_or(Error::NotFound("competency"))?;
        let page = page.titled("ramps", format!("{code}: {}", dossier.mentee().name));
        let mut shown = history(&dossier, competency, context, page);
        if dossier.is_open() && is_missing(&dossier.assessments, &dossier.evidence, &code) {
            shown.opportunities = opportunities(c, &dossier, competency, &context.actor)?;
        }
        Ok(shown)
    })
    .await
}

fn history(
    dossier: &Dossier,
    competency: &Competency,
    context: &ReadContext,
    page: Page,
) -> CompetencyPage {
    let code = &competency.code;
    let state = dossier.readiness.competency(code);
    let (own, mentor) = state.map_or((None, None), |s| (s.self_level, s.mentor_level));
    let assess = [
        (Stream::Mentor, "Assess"),
        (Stream::Self_, "Assess yourself"),
    ]
    .into_iter()
    .find(|(stream, _)| may_assess(dossier, &context.actor, *stream).is_ok())
    .map(|(stream, label)| {
        let place = address(dossier.ramp.id, stream, competency.group);
        (label, format!("{place}#f-level-{code}"))
    });
    let required = competency.required_level;
    CompetencyPage {
        page,
        ramp_id: dossier.ramp.id,
        mentee: dossier.mentee().name.to_owned(),
        area: dossier.area.name.clone(),
        code: code.clone(),
        statement: competency.statement.clone(),
        group: competency.group.label(),
        critical: competency.critical,
        needs: format!("{} {}", required.number(), required.label()),
        met: state.is_some_and(|s| s.met),
        behaviours: Level::ALL
            .iter()
            .zip(&competency.behaviours)
            .map(|(level, text)| Behaviour {
                level: level.number(),
                word: level.label(),
                text: text.clone(),
                tags: [
                    (required == *level, "Needed"),
                    (mentor == Some(*level), "Mentor"),
                    (own == Some(*level), "Self"),
                ]
                .into_iter()
                .filter_map(|(here, tag)| here.then_some(tag))
                .collect(),
            })
            .collect(),
        sealed: dossier
            .sealed_from(&context.actor)
            .find(|s| s.code == *code)
            .map(|s| s.stream),
        mentor: lines(dossier, code, Stream::Mentor, context),
        own: lines(dossier, code, Stream::Self_, context),
        seen: seen(dossier, code, context),
        asked: dossier
            .asked
            .iter()
            .filter(|ask| ask.code == *code && dossier.is_open() && context.now < ask.expires_at)
            .map(|ask| {
                let who = dossier.person(ask.asked_id).name.to_owned();
                (ask.id, who, context.local.moment(ask.expires_at))
            })
            .collect(),
        may_ask: may_ask(dossier, &context.actor).is_ok(),
        opportunities: Vec::new(),
        assess,
    }
}

/// What would create one, as far as the viewer can arrange it.
fn opportunities(
    c: &mut Conn,
    dossier: &Dossier,
    competency: &Competency,
    actor: &Actor,
) -> Result<Vec<(String, String)>> {
    const TEACHING: i64 = 3;
    let (code, ramp) = (&competency.code, dossier.ramp.id);
    let mut all = Vec::new();
    for practice in practices_for(competency.group) {
        match practice {
            Practice::Drill if dossier.parties.is_mentor(actor) => all.push((
                format!("/drills/new?area={}&code={code}", dossier.area.slug),
                "Plan a drill that expects it".to_owned(),
            )),
            Practice::Shift if may_plan(dossier, actor).is_ok() => all.push((
                format!("/ramps/{ramp}/shifts/plan"),
                "Plan a shift where it may happen".to_owned(),
            )),
            Practice::Drill | Practice::Shift => {}
            Practice::PostMortem => {
                let teaching = postmortem::store::search::teaching(c, code, TEACHING)?;
                all.extend(teaching.into_iter().map(|(slug, title)| {
                    (format!("/library/{slug}"), format!("Discuss “{title}”"))
                }));
            }
        }
    }
    Ok(all)
}

/// A stream, newest first.
fn lines(dossier: &Dossier, code: &str, stream: Stream, context: &ReadContext) -> Vec<Line> {
    let of_stream = dossier
        .assessments
        .iter()
        .rev()
        .filter(|a| a.stream == stream && a.competency_code == code);
    let counts = counting(&dossier.assessments, code, stream).map(|a| a.id);
    of_stream
        .map(|a| Line {
            day: context.local.day_of(a.at),
            at: context.local.moment(a.at).text,
            level: a.level.map_or(0, Level::number),
            word: a.level.map_or("Not observed", Level::label),
            by: dossier.person(a.by_id).name.to_owned(),
            counts: counts == Some(a.id),
            evidence: a.evidence.clone(),
            strength: a.strength.label(),
            source: dossier.evidence_of(a).map(|evidence| {
                let href = evidence.source.href(dossier.mentee().handle);
                let day = context.local.day_of(evidence.at).text;
                (href, evidence.what, day)
            }),
        })
        .collect()
}

fn seen(dossier: &Dossier, code: &str, context: &ReadContext) -> Vec<Seen> {
    let observed = dossier.evidence.iter().filter_map(|evidence| {
        let help = evidence.help(code)?;
        Some(Seen {
            href: evidence.source.href(dossier.mentee().handle),
            what: evidence.what,
            when: context.local.day_of(evidence.at),
            help: help.number(),
            word: help.label(),
            summary: evidence.summary.clone(),
            strength: evidence.strength.label(),
        })
    });
    observed.collect()
}
