//! The game master's sheet, on a phone: begin, tick what happens, end.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::audit::{Act, read_reason};
use crate::domain::auth::context::ReadContext;
use crate::domain::drill::model::Line;
use crate::domain::drill::rules::is_early;
use crate::domain::drill::{DrillState, LineKind, Note, Reply, Role};
use crate::domain::standard::Level;
use crate::error::{Error, Result};
use crate::pages::drill::row_of;
use crate::pages::drill::view::{Head, began};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::pages::status::first_name;
use crate::usecases::drill::actions;
use crate::usecases::drill::detail::DrillDetail;
use crate::usecases::drill::run;
use crate::usecases::drill::run::{Mark, Sighting};
use crate::web::{Done, Errors, Fields, Page};

/// How much help is one tap away; the other levels are behind "Somebody else, or more".
const USUAL_HELP: [i64; 3] = [4, 3, 2];

struct InjectView {
    id: i64,
    body: String,
    revision: i32,
    /// When it was given.
    given: Option<String>,
    /// Where to send what the primary made of it: word, label, whether it is so.
    replies: Vec<(&'static str, &'static str, bool)>,
}

struct ExpectedView {
    id: i64,
    code: String,
    body: String,
    revision: String,
    /// `09:04:10, Leila, mentor reachable`
    seen: Option<String>,
    note: String,
    stored_note: String,
    /// The primary, of whom most is seen.
    primary: i64,
    quick: Vec<(u8, &'static str)>,
    people: Vec<Choice>,
    help: Vec<Choice>,
    is_open: bool,
}

#[derive(Template)]
#[template(path = "drill/sheet.html")]
struct SheetPage {
    page: Page,
    errors: Errors,
    d: Head,
    is_planned: bool,
    /// It would begin well before its time, and why.
    is_early: bool,
    reason: String,
    is_running: bool,
    is_run: bool,
    primary: String,
    /// `Began 09:00:00, 23 min ago`
    clock: String,
    ticked: usize,
    scenario: String,
    injects: Vec<InjectView>,
    expected: Vec<ExpectedView>,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show(&req, row_of(&path)?, None, Form::default()).await
}

/// The sheet, on which the form of one `line` may have come back.
async fn show(req: &HttpRequest, id: i64, line: Option<i64>, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let detail = DrillDetail::load(c, id)?;
        actions::require_runner(&detail, &context.actor)?;
        Ok(sheet(&detail, context, page, line, form))
    })
    .await
}

fn sheet(
    detail: &DrillDetail,
    context: &ReadContext,
    page: Page,
    line: Option<i64>,
    form: Form,
) -> SheetPage {
    let drill = &detail.drill;
    // A tick that takes a line back has nothing typed in it.
    let typed = form.typed().filter(|fields| fields.get("to") == "seen");
    let of = |kind: LineKind| detail.lines.iter().filter(move |l| l.kind == kind);
    let primary = detail.first(Role::Primary).map_or("", |p| p.name.as_str());
    SheetPage {
        // Whoever leads a drill does nothing else meanwhile.
        page: Page {
            deed: None,
            ..page.titled("practice", format!("Sheet: {}", drill.title))
        },
        d: Head::new(detail, context),
        is_planned: drill.state == DrillState::Planned,
        is_early: is_early(drill.starts_at, context.now),
        reason: form.fields.get("reason").to_owned(),
        is_running: drill.state == DrillState::Running,
        is_run: drill.state == DrillState::Run,
        primary: first_name(primary).to_owned(),
        clock: drill.begun_at.map_or_else(String::new, |_| {
            let began = began(drill);
            let until = drill.ended_at.unwrap_or(context.now);
            let minutes = until.seconds_since(began) / 60;
            let at = context.local.clock(began);
            match drill.ended_at {
                Some(_) => format!("Began {at}, took {minutes} min"),
                None => format!("Began {at}, {minutes} min ago"),
            }
        }),
        ticked: detail
            .lines
            .iter()
            .filter(|l| l.happened_at.is_some())
            .count(),
        scenario: drill.scenario.clone(),
        injects: of(LineKind::Inject).map(|l| inject(l, context)).collect(),
        expected: of(LineKind::Expected)
            .map(|l| {
                let mut view = expected(detail, l, typed.filter(|_| line == Some(l.id)), context);
                if line == Some(l.id) {
                    view.revision = form.seen("revision", l.revision);
                }
                view
            })
            .collect(),
        errors: form.errors,
    }
}

fn inject(l: &Line, context: &ReadContext) -> InjectView {
    let reply = |r: &Reply| {
        let to = match r {
            Reply::None => "given",
            Reply::Acknowledged => "acknowledged",
            Reply::Understood => "understood",
        };
        (to, r.label(), l.reply == *r)
    };
    InjectView {
        id: l.id,
        body: l.body.clone(),
        revision: l.revision,
        given: l.happened_at.map(|at| context.local.clock(at)),
        replies: Reply::ALL.iter().rev().map(reply).collect(),
    }
}

fn expected(
    detail: &DrillDetail,
    l: &Line,
    typed: Option<&Fields>,
    context: &ReadContext,
) -> ExpectedView {
    let primary = detail.first(Role::Primary).map(|p| p.about.person_id);
    let text = |field: &str, stored: Option<String>| match typed.filter(|f| f.has(field)) {
        Some(fields) => fields.get(field).to_owned(),
        None => stored.unwrap_or_default(),
    };
    let person = text("person", l.person_id.or(primary).map(|id| id.to_string()));
    let help = text("help", l.help_level.map(|h| h.number().to_string()));
    let seen = l.happened_at.map(|at| {
        let who = l.person_id.and_then(|id| detail.part(id));
        let who = who.map_or("someone", |p| first_name(&p.name));
        let at = context.local.clock(at);
        match l.help_level {
            Some(help) => format!("{at}, {who}, {}", help.label().to_lowercase()),
            None => format!("{at}, {who}"),
        }
    });
    let quick = USUAL_HELP.iter().filter_map(|n| Level::new(*n));
    ExpectedView {
        id: l.id,
        code: l.competency_code.clone().unwrap_or_default(),
        body: l.body.clone(),
        revision: l.revision.to_string(),
        seen,
        note: text("note", Some(l.note.clone())),
        stored_note: l.note.clone(),
        primary: primary.unwrap_or_default(),
        quick: match l.competency_code {
            Some(_) => quick.map(|h| (h.number(), h.label())).collect(),
            None => Vec::new(),
        },
        people: detail
            .players()
            .map(|p| {
                let id = p.about.person_id;
                Choice::new(id, &p.name, id.to_string() == person)
            })
            .collect(),
        help: Level::ALL
            .iter()
            .map(|level| {
                let n = level.number();
                Choice::new(n, level.label(), n.to_string() == help)
            })
            .collect(),
        is_open: typed.is_some(),
    }
}

/// A step, the page it leads to, and what is said there.
type StepTaken = (
    fn(&mut Conn, &Act, i64) -> Result<()>,
    &'static str,
    &'static str,
);

/// Takes a step, and leads on.
async fn advance(
    req: HttpRequest,
    path: &str,
    fields: Fields,
    (take, next, said): StepTaken,
) -> Result<HttpResponse> {
    let id = row_of(path)?;
    submit(&req, &fields, move |c, act| {
        take(c, act, id)?;
        Ok(Done::new(format!("/drills/{id}/{next}"), said))
    })
    .await
}

pub(crate) async fn begin(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = row_of(&path)?;
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        run::begin(c, act, id, &read_reason(typed.get("reason"))?)?;
        Ok(Done::new(
            format!("/drills/{id}/sheet"),
            "The drill has begun.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, None, form).await)
    .await
}

pub(crate) async fn end(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let said = "The drill is over. What you ticked is filled in below.";
    advance(req, &path, fields, (run::end as _, "debrief", said)).await
}

pub(crate) async fn resume(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let how = (run::resume as _, "sheet", "The drill is resumed.");
    advance(req, &path, fields, how).await
}

pub(crate) async fn tick(
    req: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = row_of(&path.0)?;
    let missing = || Error::NotFound("line of this drill");
    let line: i64 = path.1.parse().map_err(|_| missing())?;
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let (revision, mark) = parse(&typed, line)?;
        run::tick(c, act, (id, line), revision, &mark)?;
        // The line itself says what became of it.
        Ok(Done::new(format!("/drills/{id}/sheet#line-{line}"), ""))
    })
    .await
    .or_show(fields, async |form| show(&req, id, Some(line), form).await)
    .await
}

fn parse(fields: &Fields, line: i64) -> Result<(i32, Mark)> {
    let revision = fields
        .trimmed("revision")
        .parse()
        .map_err(|_| Error::incomplete())?;
    let mark = match fields.get("to") {
        "open" => Mark::Open,
        "given" => Mark::Given(Reply::None),
        "acknowledged" => Mark::Given(Reply::Acknowledged),
        "understood" => Mark::Given(Reply::Understood),
        "seen" => Mark::Seen(Sighting {
            person_id: fields.id("person").unwrap_or_default(),
            help: fields.id("help").and_then(Level::new),
            note: Note::parse(fields.get("note"))
                .map_err(|sentence| Error::field(&format!("note-{line}"), sentence))?,
        }),
        _ => return Err(Error::incomplete()),
    };
    Ok((revision, mark))
}
