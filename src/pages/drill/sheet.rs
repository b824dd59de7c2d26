//! The game master's sheet, on a phone: begin, tick what happens, end.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::audit::Act;
use crate::domain::auth::context::ReadContext;
use crate::domain::drill::model::Line;
use crate::domain::drill::{DrillState, LineKind, Note, Reply, Role};
use crate::domain::standard::Level;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::drill::row_of;
use crate::pages::drill::view::{Head, began};
use crate::pages::parts::choice::Choice;
use crate::pages::request::{old_read, submit};
use crate::pages::status::first_name;
use crate::usecases::drill::actions;
use crate::usecases::drill::detail::DrillDetail;
use crate::usecases::drill::run;
use crate::usecases::drill::run::{Mark, Sighting};
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

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
    revision: i32,
    /// `09:04:10, Leila, asked now and then`
    seen: Option<String>,
    note: String,
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

/// A line whose form came back, with what was typed.
type Typed = (i64, Fields);

pub(crate) async fn page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show(&req, row_of(&path)?, None, FieldErrors::default()).await
}

async fn show(
    req: &HttpRequest,
    id: i64,
    typed: Option<Typed>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, shown) = old_read(req, move |c, context| {
        let file = DrillDetail::load(c, id)?;
        actions::require_runner(&file, &context.actor)?;
        Ok(sheet(&file, typed.as_ref(), errors, context))
    })
    .await?;
    let title = format!("Sheet: {}", shown.d.title);
    let page = Page {
        has_errors: !shown.errors.is_empty(),
        ..page.titled("areas", title)
    };
    html_with(status, &SheetPage { page, ..shown })
}

fn sheet(
    file: &DrillDetail,
    typed: Option<&Typed>,
    errors: FieldErrors,
    context: &ReadContext,
) -> SheetPage {
    let drill = &file.drill;
    let of = |kind: LineKind| file.lines.iter().filter(move |l| l.kind == kind);
    let primary = file.first(Role::Primary).map_or("", |p| p.name.as_str());
    SheetPage {
        page: Page::signed_out(""),
        errors,
        d: Head::new(file, context),
        is_planned: drill.state == DrillState::Planned,
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
        ticked: file
            .lines
            .iter()
            .filter(|l| l.happened_at.is_some())
            .count(),
        scenario: drill.scenario.clone(),
        injects: of(LineKind::Inject).map(|l| inject(l, context)).collect(),
        expected: of(LineKind::Expected)
            .map(|l| {
                let fields = typed.filter(|(id, _)| *id == l.id).map(|(_, f)| f);
                expected(file, l, fields, context)
            })
            .collect(),
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
    file: &DrillDetail,
    l: &Line,
    typed: Option<&Fields>,
    context: &ReadContext,
) -> ExpectedView {
    let primary = file.first(Role::Primary).map(|p| p.about.person_id);
    let told = |field: &str, stored: Option<String>| match typed {
        Some(fields) => fields.get(field).to_owned(),
        None => stored.unwrap_or_default(),
    };
    let person = told("person", l.person_id.or(primary).map(|id| id.to_string()));
    let help = told("help", l.help_level.map(|h| h.number().to_string()));
    let seen = l.happened_at.map(|at| {
        let who = l.person_id.and_then(|id| file.part(id));
        let who = who.map_or("somebody", |p| first_name(&p.name));
        let at = context.local.clock(at);
        match l.help_level {
            Some(help) => format!("{at}, {who}, {}", help.help_label().to_lowercase()),
            None => format!("{at}, {who}"),
        }
    });
    let quick = USUAL_HELP.iter().filter_map(|n| Level::new(*n));
    ExpectedView {
        id: l.id,
        code: l.competency_code.clone().unwrap_or_default(),
        body: l.body.clone(),
        revision: l.revision,
        seen,
        note: told("note", Some(l.note.clone())),
        primary: primary.unwrap_or_default(),
        quick: match l.competency_code {
            Some(_) => quick.map(|h| (h.number(), h.help_label())).collect(),
            None => Vec::new(),
        },
        people: file
            .players()
            .map(|p| {
                let value = p.about.person_id.to_string();
                Choice::new(&value, &p.name, value == person)
            })
            .collect(),
        help: Level::ALL
            .iter()
            .map(|level| {
                let value = level.number().to_string();
                Choice::new(&value, level.help_label(), value == help)
            })
            .collect(),
        is_open: typed.is_some(),
    }
}

/// A step, the page it leads to, and what is said there.
type Way = (
    fn(&mut Conn, &Act, i64) -> Result<()>,
    &'static str,
    &'static str,
);

/// Takes a step, and leads on.
async fn advance(
    req: HttpRequest,
    path: &str,
    fields: Fields,
    (take, next, said): Way,
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
    let how = (run::begin as _, "sheet", "The drill has begun.");
    advance(req, &path, fields, how).await
}

pub(crate) async fn end(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let said = "The drill is over. What you ticked is filled in below.";
    advance(req, &path, fields, (run::end as _, "debrief", said)).await
}

pub(crate) async fn go_on(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let how = (run::go_on as _, "sheet", "The drill goes on.");
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
    let answer = submit(&req, &fields, move |c, act| {
        let (revision, mark) = parse(&typed, line)?;
        run::tick(c, act, (id, line), revision, &mark)?;
        // The line itself says what became of it.
        Ok(Done::new(format!("/drills/{id}/sheet#line-{line}"), ""))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show(&req, id, Some((line, fields)), errors).await,
        other => other,
    }
}

fn parse(fields: &Fields, line: i64) -> Result<(i32, Mark)> {
    let whole = || {
        let sentence = "The form was incomplete. Load the page again, then send it.";
        Error::field("", sentence)
    };
    let revision = fields.trimmed("revision").parse().map_err(|_| whole())?;
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
        _ => return Err(whole()),
    };
    Ok((revision, mark))
}
