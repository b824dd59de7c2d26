//! The page on which a shift is planned.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::area::systems;
use crate::domain::area::systems::System;
use crate::domain::auth::context::ReadContext;
use crate::domain::shift::model::Shift;
use crate::domain::shift::store;
use crate::domain::shift::{ShiftKind, ShiftState};
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::pages::shift::form;
use crate::pages::shift::form::BriefForm;
use crate::time::{LocalTime, MomentField};
use crate::usecases::dossier::Dossier;
use crate::usecases::shift::actions;
use crate::usecases::shift::actions::on_call;
use crate::web::{Done, Errors, Fields, Page};

/// So many people are chips; more are a list.
const CHIPS: usize = 8;
/// An afternoon, as the form is filled in: from and to, in hours of the day.
const AFTERNOON: (i8, i8) = (13, 17);

#[derive(Template)]
#[template(path = "shift/plan.html")]
struct PlanPage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    mentee: String,
    area: String,
    kinds: Vec<Choice>,
    with: Vec<Choice>,
    /// Too many for chips.
    is_list: bool,
    starts_at: MomentField,
    ends_at: MomentField,
    brief: BriefForm,
}

/// The form, filled in by habit; the address may name kind, person, begin and end.
pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, *id, Form::asked(&req)?).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        load(c, context, page, id, form)
    })
    .await
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, id: i64, form: Form) -> Result<PlanPage> {
    let dossier = Dossier::load_for(c, id, &context.actor, context.now)?;
    actions::may_plan(&dossier, &context.actor)?;
    let fields = &form.fields;
    let people = on_call(
        c,
        dossier.area.id,
        dossier.ramp.mentee_id,
        context.now.day(),
    )?;
    let so_far = |id: i64| {
        let counted = dossier.shifts.iter().filter(|s| {
            let counts = s.state == ShiftState::Debriefed && s.kind == ShiftKind::Shadow;
            counts && s.with_id == id
        });
        counted.count()
    };
    let kind = ShiftKind::parse(fields.get("kind"));
    let least = people
        .iter()
        .map(|p| (so_far(p.id), p.id))
        .min_by_key(|p| p.0);
    let chosen = match form.typed().is_some() || fields.has("with") {
        true => fields.id("with"),
        // Different people show different ways.
        false => least.map(|(_, id)| id),
    };
    let (brief, (starts_at, ends_at)) = match form.typed() {
        Some(typed) => {
            let sent = |name: &str| MomentField::sent(typed, name, &context.local);
            (typed.texts()?, (sent("starts_at"), sent("ends_at")))
        }
        None => {
            let before = store::of_ramp(c, id)?;
            let systems = match before.is_empty() {
                true => systems::of_area(c, dossier.area.id)?,
                false => Vec::new(),
            };
            let kind = kind.unwrap_or(ShiftKind::Shadow);
            let brief = fresh_brief(&before, kind, &systems);
            let asked = |name: &str| {
                let at = fields.get(name).parse::<jiff::Timestamp>().ok()?;
                Some(MomentField::of(UtcTime::from(at), &context.local))
            };
            let hours = asked("from").zip(asked("to"));
            (brief, hours.unwrap_or_else(|| afternoon(context)))
        }
    };
    let kind = match form.typed() {
        Some(_) => kind,
        None => kind.or(Some(ShiftKind::Shadow)),
    };
    Ok(PlanPage {
        page: page.titled("ramps", "Plan a shift"),
        ramp_id: id,
        mentee: dossier.mentee().name.to_owned(),
        area: dossier.area.name.clone(),
        kinds: ShiftKind::ALL
            .iter()
            .map(|k| Choice::new(k.word(), k.label(), kind == Some(*k)))
            .collect(),
        is_list: people.len() > CHIPS,
        with: people
            .iter()
            .map(|p| {
                let label = match so_far(p.id) {
                    0 => p.name.clone(),
                    1 => format!("{}, 1 shadow shift so far", p.name),
                    n => format!("{}, {n} shadow shifts so far", p.name),
                };
                Choice::new(p.id, label, chosen == Some(p.id))
            })
            .collect(),
        starts_at,
        ends_at,
        brief,
        errors: form.errors,
    })
}

/// Filled in from the last shift of that kind; else from the last one of the other, which asks another job of the
/// mentee; else from the links of the area's systems.
fn fresh_brief(before: &[Shift], kind: ShiftKind, systems: &[System]) -> BriefForm {
    let last = before.iter().find(|s| s.kind == kind);
    if let Some(last) = last {
        return BriefForm::of(last);
    }
    match before.first() {
        Some(other) => BriefForm {
            learner_job: String::new(),
            who_may_touch: String::new(),
            ..BriefForm::of(other)
        },
        None => BriefForm {
            runbooks: links(systems),
            ..BriefForm::default()
        },
    }
}

/// A line for each link: its system, title and address.
fn links(systems: &[System]) -> String {
    let lines = systems.iter().flat_map(|system| {
        let of_system = system.links.iter();
        of_system.map(|(title, url)| format!("{}, {title}: {url}", system.name))
    });
    let mut text = String::new();
    for line in lines {
        // What does not fit into the field is found on the page of the area.
        if text.chars().count() + line.chars().count() > 1900 {
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// The afternoon of the next working day, as the inputs hold it.
fn afternoon(context: &ReadContext) -> (MomentField, MomentField) {
    use jiff::civil::Weekday::{Saturday, Sunday};
    let mut day = context.local.today().plus_days(1);
    while matches!(day.date().weekday(), Saturday | Sunday) {
        day = day.plus_days(1);
    }
    let at = |hour| MomentField::on_clock(day.date().at(hour, 0, 0, 0), &context.local);
    (at(AFTERNOON.0), at(AFTERNOON.1))
}

pub(crate) async fn plan(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, typed) = (*id, fields.clone());
    submit(&req, &fields, move |c, act| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let new = form::plan(&typed, &local)?;
        let shift_id = actions::plan(c, act, id, &new)?;
        let begins = local.moment(new.hours.starts_at()).text;
        Ok(Done::new(
            format!("/shifts/{shift_id}"),
            format!(
                "The {} is planned for {begins}.",
                new.kind.label().to_lowercase()
            ),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}
