//! The page on which a drill is debriefed: filled in with what was ticked.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::drill::lifecycle::{Step, step};
use crate::domain::drill::{LineKind, Reply, Role};
use crate::domain::standard::Level;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::drill::row_of;
use crate::pages::drill::view::Head;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::usecases::drill::actions;
use crate::usecases::drill::debrief;
use crate::usecases::drill::debrief::{DebriefWords, NewDebrief, Observed, from_ticks};
use crate::usecases::drill::detail::{DrillDetail, Part};
use crate::web::{Done, Errors, Fields, Page};

/// A competency that a player may have shown.
struct Row {
    name: String,
    code: String,
    /// What the sheet expected of it.
    expected: String,
    choices: Vec<Choice>,
}

struct PersonView {
    id: i64,
    name: String,
    role: &'static str,
    seen: Vec<Row>,
    others: Vec<Row>,
    others_are_open: bool,
}

#[derive(Template)]
#[template(path = "drill/debrief.html")]
struct DebriefPage {
    page: Page,
    errors: Errors,
    d: Head,
    went_well: String,
    went_badly: String,
    /// Who may not have come.
    absent: Vec<Choice>,
    people: Vec<PersonView>,
    given: usize,
    understood: usize,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show(&req, row_of(&path)?, Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let detail = DrillDetail::load(c, id)?;
        actions::require_runner(&detail, &context.actor)?;
        if step(detail.drill.state, Step::Debrief).is_none() {
            return Err(Error::Conflict(format!(
                "Debrief a drill after it has ended. This one is {}.",
                detail.drill.state.label().to_lowercase()
            )));
        }
        let known = match form.typed() {
            Some(fields) => levels(fields),
            None => from_ticks(&detail.lines),
        };
        let text = |name: &str| form.fields.get(name).to_owned();
        let given = || {
            let injects = detail.lines.iter().filter(|l| l.kind == LineKind::Inject);
            injects.filter(|l| l.happened_at.is_some())
        };
        let missed = absent(&form.fields);
        let parts = detail.parts.iter().filter(|p| p.role != Role::GameMaster);
        Ok(DebriefPage {
            page: page.titled("practice", format!("Debrief: {}", detail.drill.title)),
            d: Head::new(&detail, context),
            went_well: text("went_well"),
            went_badly: text("went_badly"),
            absent: parts
                .map(|p| {
                    let id = p.about.person_id;
                    let label = format!("{}, {}", p.name, p.role.label().to_lowercase());
                    Choice::new(id, label, missed.contains(&id))
                })
                .collect(),
            people: detail
                .players()
                .map(|part| person(&detail, part, &known, form.typed().is_some()))
                .collect(),
            given: given().count(),
            understood: given().filter(|l| l.reply == Reply::Understood).count(),
            errors: form.errors,
        })
    })
    .await
}

fn person(detail: &DrillDetail, part: &Part, known: &Observed, is_typed: bool) -> PersonView {
    let id = part.about.person_id;
    let row = |code: &&str| {
        let level = known.get(&(id, (*code).to_owned()));
        let lines = detail.lines.iter();
        let expected = lines.filter(|l| l.competency_code.as_deref() == Some(*code));
        let expected: Vec<&str> = expected.map(|l| l.body.as_str()).collect();
        let none = Choice::new(String::new(), "Not observed", level.is_none());
        let levels = Level::ALL
            .iter()
            .map(|l| Choice::new(l.number(), l.label(), level == Some(l)));
        Row {
            name: format!("help-{id}-{code}"),
            code: (*code).to_owned(),
            expected: expected.join("; "),
            choices: std::iter::once(none).chain(levels).collect(),
        }
    };
    let ticked = from_ticks(&detail.lines);
    let (seen, others): (Vec<&str>, Vec<&str>) = detail
        .codes()
        .into_iter()
        .partition(|code| ticked.contains_key(&(id, (*code).to_owned())));
    let is_known = |code: &&str| known.contains_key(&(id, (*code).to_owned()));
    PersonView {
        id,
        name: part.name.clone(),
        role: part.role.label(),
        others_are_open: is_typed && others.iter().any(is_known),
        seen: seen.iter().map(row).collect(),
        others: others.iter().map(row).collect(),
    }
}

/// What was chosen; what cannot be read was not.
fn levels(fields: &Fields) -> Observed {
    let chosen = fields.with_prefix("help-").filter_map(|(key, value)| {
        let (person, code) = key.split_once('-')?;
        let level = value.trim().parse().ok().and_then(Level::new)?;
        Some(((person.parse().ok()?, code.to_owned()), level))
    });
    chosen.collect()
}

/// Who was ticked as not there.
fn absent(fields: &Fields) -> BTreeSet<i64> {
    let ticked = fields.all("absent");
    ticked.filter_map(|id| id.parse().ok()).collect()
}

fn parse(fields: &Fields) -> Result<NewDebrief> {
    let mut errors = FieldErrors::default();
    let went_badly = DebriefWords::required(
        fields.get("went_badly"),
        "Say what went badly: that is what the drill was for.",
    )
    .map_err(|sentence| errors.add("went_badly", sentence));
    let went_well = DebriefWords::parse(fields.get("went_well"))
        .map_err(|sentence| errors.add("went_well", sentence));
    let observed = levels(fields);
    let chosen = fields.with_prefix("help-");
    if chosen.filter(|(_, value)| !value.is_empty()).count() != observed.len() {
        let sentence = "Choose how much help it needed from the list.";
        errors.add("observed", sentence);
    }
    match (went_well, went_badly) {
        (Ok(went_well), Ok(went_badly)) => errors.or(NewDebrief {
            went_well,
            went_badly,
            observed,
            absent: absent(fields),
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

pub(crate) async fn save(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = row_of(&path)?;
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        debrief::debrief(c, act, id, &parse(&typed)?)?;
        Ok(Done::new(
            format!("/drills/{id}"),
            "The drill is debriefed. It counts now for the people who played and the person who led it.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_debrief_says_what_went_badly_and_of_whom_what_was_observed() {
        let whole = Fields::of(&[
            ("went_badly", "Nobody told support."),
            ("help-7-PAY-I1", "3"),
            ("help-7-PAY-I2", ""),
            ("absent", "9"),
        ]);
        let new = parse(&whole).unwrap();
        assert_eq!(new.absent, BTreeSet::from([9]));
        let observed: Vec<_> = new.observed.into_iter().collect();
        assert_eq!(
            observed,
            [((7, "PAY-I1".to_owned()), Level::new(3).unwrap())]
        );
        let wrong = Fields::of(&[("help-7-PAY-I1", "9")]);
        let Err(Error::Invalid(errors)) = parse(&wrong) else {
            panic!("it was taken");
        };
        let fields: Vec<_> = errors.iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["went_badly", "observed"]);
    }
}
