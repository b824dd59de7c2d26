//! The form that sets the target of a key figure.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::named_figure;
use crate::domain::kpi::target::{current, ends, read};
use crate::domain::kpi::{Kpi, Unit, shown, store};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::usecases::kpi::actions::{self, NewTarget};
use crate::usecases::kpi::subject::Whose;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "kpi/target.html")]
struct TargetPage {
    page: Page,
    errors: Errors,
    label: &'static str,
    name: String,
    list: String,
    address: String,
    words: &'static str,
    proposed: String,
    /// What the numbers count, after the fields.
    unit: &'static str,
    low: String,
    high: String,
    owners: Vec<Choice>,
    seen: String,
    is_overtaken: bool,
    now: String,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let of = named_figure(&req)?;
    show(&req, of, Form::default()).await
}

async fn show(req: &HttpRequest, (whose, kpi): (Whose, Kpi), form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let (subject, place) = actions::permit_target(c, &context.actor, &whose)?;
        let all = store::targets(c, &place.word())?;
        let own = current(&all, kpi);
        let unit = kpi.unit();
        let stored = own.map(|t| t.goal).or(kpi.goal());
        let (low, high) = stored.map_or((None, None), ends);
        let value = |name: &str, stored: Option<f64>| match form.typed() {
            Some(typed) => typed.get(name).to_owned(),
            None => stored.map(|v| shown::typed(v, unit)).unwrap_or_default(),
        };
        let chosen = match form.typed() {
            Some(typed) => typed.id("owner"),
            None => own.map(|t| t.owner_id).or(context.actor.id),
        };
        let owners = actions::owners(c, &subject)?;
        Ok(TargetPage {
            page: page.titled(
                "kpis",
                format!("Target of {}, {}", kpi.label(), subject.name),
            ),
            label: kpi.label(),
            list: subject.whose.address(),
            address: subject.whose.figure(kpi),
            words: kpi.words(),
            proposed: kpi.goal().map(|g| shown::goal(g, unit)).unwrap_or_default(),
            unit: unit_words(unit),
            low: value("low", low),
            high: value("high", high),
            owners: owners
                .into_iter()
                .map(|(id, name)| Choice::new(id, name, chosen == Some(id)))
                .collect(),
            seen: form.seen("seen", own.map_or(0, |t| t.id)),
            is_overtaken: form.is_overtaken(),
            now: own.map(|t| shown::goal(t.goal, unit)).unwrap_or_default(),
            name: subject.name,
            errors: form.errors,
        })
    })
    .await
}

fn unit_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "A number.",
        Unit::Share => "In per cent.",
        Unit::Days => "In days.",
        Unit::WorkingDays => "In working days.",
        Unit::Ratio => "A ratio, like 1.25.",
    }
}

pub(crate) async fn set(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let (whose, kpi) = named_figure(&req)?;
    let (typed, of) = (fields.clone(), whose.clone());
    submit(&req, &fields, move |c, act| {
        actions::permit_target(c, &act.actor, &of)?;
        let mut errors = FieldErrors::default();
        let ends = (typed.get("low"), typed.get("high"));
        let goal = read(ends, kpi.unit(), &mut errors);
        let owner = typed.id("owner");
        if owner.is_none() {
            errors.add("owner", "Choose who owns the target.");
        }
        let both = goal.zip(owner);
        errors.or(())?;
        let (goal, owner_id) = both.ok_or_else(Error::incomplete)?;
        let seen = typed.get("seen").parse().map_err(|_| Error::incomplete())?;
        let new = NewTarget {
            goal,
            owner_id,
            seen,
        };
        let owner = actions::set_target(c, act, (&of, kpi), new)?;
        let said = format!("The target of {} is set. {owner} owns it.", kpi.label());
        Ok(Done::new(of.figure(kpi), said))
    })
    .await
    .or_show(fields, async |form| show(&req, (whose, kpi), form).await)
    .await
}
