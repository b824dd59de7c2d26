//! The page on which an interim clearance is granted, extended, or put under another supervisor.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::Standing;
use crate::domain::clearance::model::Clearance;
use crate::domain::interim::{LEVEL, MAX_DAYS, below};
use crate::domain::people::model::Person;
use crate::domain::readiness::CompetencyState;
use crate::domain::signoff::independent::Exception;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::usecases::clearance::detail::ClearanceDetail;
use crate::usecases::dossier::Dossier;
use crate::usecases::interim::actions;
use crate::usecases::interim::actions::{Extension, Granting, Supervision};
use crate::usecases::signoff::actions::permit_independent;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// Granted on the ramp of that row.
    Grant(i64),
    /// The clearance of that row is extended.
    Extend(i64),
    /// The clearance of that row gets another supervisor.
    Supervisor(i64),
}

impl Change {
    /// What the address says is to be done.
    fn of(req: &HttpRequest, id: i64) -> Result<Self> {
        match req.path().rsplit('/').next() {
            Some("interim") => Ok(Self::Grant(id)),
            Some("extend") => Ok(Self::Extend(id)),
            Some("supervisor") => Ok(Self::Supervisor(id)),
            _ => Err(Error::NotFound("page")),
        }
    }

    fn path(self) -> String {
        match self {
            Self::Grant(ramp) => format!("/ramps/{ramp}/interim"),
            Self::Extend(id) => format!("/clearances/{id}/extend"),
            Self::Supervisor(id) => format!("/clearances/{id}/supervisor"),
        }
    }

    fn title(self, person: &str, area: &str) -> String {
        format!("{}: {person}, {area}", self.label())
    }

    fn label(self) -> &'static str {
        match self {
            Self::Grant(_) => "Grant an interim clearance",
            Self::Extend(_) => "Extend the interim clearance",
            Self::Supervisor(_) => "Name another supervisor",
        }
    }
}

/// A competency that is not far enough.
struct Below {
    code: String,
    statement: String,
    level: String,
}

/// What the form offers.
struct FormView {
    supervisors: Option<Vec<Choice>>,
    /// The last day as it was typed, and the latest there can be.
    ends_on: Option<(String, String)>,
    /// Whom the viewer saw as supervisor.
    from: String,
}

#[derive(Template)]
#[template(path = "clearance/interim.html")]
struct InterimPage {
    page: Page,
    errors: Errors,
    path: String,
    label: &'static str,
    /// Where it belongs: label and address.
    up: (String, String),
    person: String,
    area: String,
    owner_team: String,
    /// The last day now, and the supervisor, of one that is there.
    facts: Option<(String, String)>,
    /// Why nothing can be done, or not by the viewer; empty when it can.
    blocker: String,
    below: Vec<Below>,
    form: Option<FormView>,
    reason: String,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, Change::of(&req, *id)?, Form::default()).await
}

/// Grants, extends, or names another supervisor.
pub(crate) async fn change(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (change, typed) = (Change::of(&req, *id)?, fields.clone());
    submit(&req, &fields, move |c, act| {
        let (id, words) = match change {
            Change::Grant(ramp) => (
                actions::grant(c, act, ramp, &Granting::parse(&typed)?)?,
                "The interim clearance is granted. It does not count as cover.",
            ),
            Change::Extend(id) => {
                actions::extend(c, act, id, &Extension::parse(&typed)?)?;
                (
                    id,
                    "The interim clearance is extended. It cannot be extended again.",
                )
            }
            Change::Supervisor(id) => {
                actions::name_supervisor(c, act, id, &Supervision::parse(&typed)?)?;
                (id, "The supervisor is named.")
            }
        };
        Ok(Done::new(format!("/clearances/{id}"), words))
    })
    .await
    .or_show(fields, async |form| show(&req, change, form).await)
    .await
}

async fn show(req: &HttpRequest, change: Change, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| match change {
        Change::Grant(ramp) => on_ramp(c, context, page, ramp, form),
        Change::Extend(id) | Change::Supervisor(id) => {
            on_clearance(c, context, page, (change, id), form)
        }
    })
    .await
}

fn on_ramp(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    ramp_id: i64,
    form: Form,
) -> Result<InterimPage> {
    let today = context.now.day();
    let d = Dossier::load_for(c, ramp_id, &context.actor, context.now)?;
    let who = (&context.actor, today);
    let refusal = permit_independent(c, who, &d, Exception::Interim).err();
    // A form that cannot be accepted comes back only to a person who may send it.
    if let Some(refusal) = refusal.as_ref().filter(|_| form.typed().is_some()) {
        return Err(Error::Forbidden(refusal.to_string()));
    }
    let blocker = match actions::allowed(c, &d, today)? {
        Err(blocker) => blocker.sentence(),
        Ok(()) => refusal.map(|r| r.to_string()).unwrap_or_default(),
    };
    let view = if blocker.is_empty() {
        let all = actions::supervisors(c, (d.area.id, d.ramp.mentee_id), today)?;
        let latest = today.plus_days(MAX_DAYS);
        Some(FormView {
            supervisors: Some(choices(&all, &form.fields)),
            ends_on: Some((
                typed_day(&form.fields, latest),
                context.local.day(latest).text,
            )),
            from: String::new(),
        })
    } else {
        None
    };
    // What a mentor newly said is not the mentee's to see here.
    let is_mentee = d.parties.is_mentee(&context.actor);
    let change = Change::Grant(ramp_id);
    let (person, area) = (d.mentee().name.to_owned(), d.area.name.clone());
    Ok(InterimPage {
        page: page.titled("people", change.title(&person, &area)),
        path: change.path(),
        label: change.label(),
        up: (format!("{person}, {area}"), format!("/ramps/{ramp_id}")),
        owner_team: d.area.owner_team.clone(),
        facts: None,
        blocker,
        below: if is_mentee { Vec::new() } else { too_low(&d) },
        form: view,
        reason: form.fields.get("reason").to_owned(),
        errors: form.errors,
        person,
        area,
    })
}

fn on_clearance(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    (change, id): (Change, i64),
    form: Form,
) -> Result<InterimPage> {
    let today = context.now.day();
    let detail = ClearanceDetail::load(c, id)?;
    let held = detail.held.clone();
    let all = match change {
        Change::Supervisor(_) => {
            detail.permit(&context.actor, today)?;
            let all = actions::supervisors(c, (held.area_id, held.person_id), today)?;
            Some(
                all.into_iter()
                    .filter(|p| Some(p.id) != held.supervisor_id)
                    .collect(),
            )
        }
        _ => None,
    };
    let (latest, blocker) = match change {
        Change::Supervisor(_) if detail.standing(today) == Standing::Interim => {
            (None, String::new())
        }
        Change::Supervisor(_) => (None, "This interim clearance is not valid.".to_owned()),
        _ => match extension(c, context, &held) {
            Ok(latest) => (Some(latest), String::new()),
            Err(Error::Conflict(sentence)) => (None, sentence),
            Err(other) => return Err(other),
        },
    };
    let view = blocker.is_empty().then(|| FormView {
        supervisors: all.map(|all: Vec<Person>| choices(&all, &form.fields)),
        ends_on: latest.map(|day| (typed_day(&form.fields, day), context.local.day(day).text)),
        from: form.seen("from", held.supervisor_id.unwrap_or_default()),
    });
    let (person, area) = (detail.holder()?.name.clone(), detail.area.name.clone());
    Ok(InterimPage {
        page: page.titled("people", change.title(&person, &area)),
        path: change.path(),
        label: change.label(),
        up: (format!("{person}, {area}"), format!("/clearances/{id}")),
        owner_team: detail.area.owner_team.clone(),
        facts: Some((
            context.local.day(held.ends_on).text,
            detail.supervisor_words(today),
        )),
        blocker,
        below: Vec::new(),
        form: view,
        reason: form.fields.get("reason").to_owned(),
        errors: form.errors,
        person,
        area,
    })
}

/// The latest day the viewer may extend an interim clearance to.
///
/// Errors: [`Error::Forbidden`] when they may not; [`Error::Conflict`] when it cannot be extended.
pub(crate) fn extension(c: &mut Conn, context: &ReadContext, held: &Clearance) -> Result<Day> {
    let ramp = actions::open_ramp(c, held)?;
    let today = context.now.day();
    let d = Dossier::load_for(c, ramp, &context.actor, context.now)?;
    permit_independent(c, (&context.actor, today), &d, Exception::Interim)?;
    actions::extensible(c, &d, held, today)
}

fn too_low(d: &Dossier) -> Vec<Below> {
    let content = &d.standard.content;
    let line = |state: &CompetencyState| Below {
        code: state.code.clone(),
        statement: content
            .competency(&state.code)
            .map(|c| c.statement.clone())
            .unwrap_or_default(),
        level: match state.mentor_level {
            Some(level) => format!("at {}, needs {LEVEL}", level.number()),
            None => format!("not assessed yet, needs {LEVEL}"),
        },
    };
    below(&d.readiness).map(line).collect()
}

fn choices(people: &[Person], fields: &Fields) -> Vec<Choice> {
    let chosen = fields.id("supervisor");
    let choice = |p: &Person| Choice::new(p.id, &p.name, chosen == Some(p.id));
    people.iter().map(choice).collect()
}

fn typed_day(fields: &Fields, usual: Day) -> String {
    if fields.has("ends_on") {
        fields.get("ends_on").to_owned()
    } else {
        usual.to_string()
    }
}
