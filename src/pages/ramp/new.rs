//! The page on which a ramp is proposed: the area and a search first, then the people found.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::people;
use crate::domain::people::Actor;
use crate::domain::people::model::Person;
use crate::domain::{area, clearance};
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::ramp::candidates;
use crate::pages::ramp::candidates::Wanted;
use crate::pages::request::submit;
use crate::text;
use crate::usecases::dossier::Dossier;
use crate::usecases::people::find;
use crate::usecases::ramp::actions;
use crate::usecases::ramp::actions::many::start_all;
use crate::usecases::ramp::actions::{StartRamp, default_target};
use crate::usecases::ramp::renewal;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "ramp/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    areas: Vec<Choice>,
    /// The area that was chosen, by row; the rest of the form follows from it.
    area: Option<i64>,
    who: String,
    find: String,
    mentees: Vec<Choice>,
    /// More people for the same ramp, and whether one of them is chosen.
    also: Vec<Choice>,
    has_more: bool,
    mentor_hint: String,
    primaries: Vec<Choice>,
    secondaries: Vec<Choice>,
    /// The mentee holds a clearance in the area, or held one: the ramp renews it.
    renews: bool,
    starts_on: String,
    target_on: String,
    interval_days: String,
    over_capacity: String,
}

/// Who ramps on the same terms beside the mentee.
fn also(fields: &Fields) -> Vec<i64> {
    fields
        .all("also")
        .filter_map(|id| id.parse().ok())
        .collect()
}

/// Mentees to choose from: of the teams the actor leads, those a search found, and those chosen before.
fn mentees(
    c: &mut Conn,
    actor: &Actor,
    who: &str,
    chosen: impl Iterator<Item = i64>,
) -> Result<Vec<Person>> {
    let mut all = find::by_words(c, who, candidates::FOUND)?;
    if who.trim().is_empty() {
        all.extend(find::of_teams(c, &actor.leads)?);
        if all.is_empty() {
            all = find::first(c, candidates::FOUND)?;
        }
    }
    let missing: Vec<i64> = chosen
        .filter(|id| all.iter().all(|p| p.id != *id))
        .collect();
    all.extend(people::store::by_ids(c, &missing)?);
    // Nobody starts their own ramp.
    all.retain(|p| !actor.is(p.id));
    Ok(all)
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, form: Form) -> Result<NewPage> {
    let fields = &form.fields;
    actions::permit_start_any(&context.actor)?;
    let areas = area::store::all(c)?;
    let wanted = areas
        .iter()
        .find(|a| fields.id("area") == Some(a.id) || fields.get("area") == a.slug);
    let today = context.now.day();
    let typed = |name: &str, default: String| match fields.has(name) {
        true => fields.get(name).to_owned(),
        false => default,
    };
    let (who, find) = (
        text::wanted(fields.get("who")),
        text::wanted(fields.get("find")),
    );
    let (mentee, primary, secondary) = (
        fields.id("mentee"),
        fields.id("primary"),
        fields.id("secondary"),
    );
    let also = also(fields);
    let chosen: Vec<i64> = [primary, secondary].into_iter().flatten().collect();
    let (mentees, mentors) = match wanted {
        Some(area) => {
            let wanted = Wanted {
                words: find,
                chosen: &chosen,
                without: &[],
            };
            (
                mentees(
                    c,
                    &context.actor,
                    who,
                    mentee.into_iter().chain(also.clone()),
                )?,
                candidates::mentors(c, area.id, wanted, &context.local)?,
            )
        }
        None => (Vec::new(), Vec::new()),
    };
    let renews = match (wanted, mentee) {
        (Some(area), Some(mentee)) => clearance::store::of_person(c, mentee)?
            .into_iter()
            .find(|held| held.area_id == area.id)
            .is_some_and(|held| renewal::can_renew(&held)),
        _ => false,
    };
    let target = wanted.map(|a| match renews {
        true => today.plus_days(7 * renewal::WEEKS).to_string(),
        false => default_target(a, today).to_string(),
    });
    let area = wanted.map(|a| a.id);
    let listed = match candidates::nobody_is_cleared(&mentors) {
        true => {
            "Nobody is cleared here yet. These are people of the owner team; search for others."
        }
        false => "Qualifiers and people cleared here are listed. Search for others.",
    };
    let mentors =
        |chosen: Option<i64>| -> Vec<Choice> { mentors.iter().map(|m| m.choice(chosen)).collect() };
    Ok(NewPage {
        page: page.titled("ramps", "Start a ramp"),
        area,
        who: who.to_owned(),
        find: find.to_owned(),
        has_more: !also.is_empty(),
        also: mentees
            .iter()
            .filter(|p| mentee != Some(p.id))
            .map(|p| Choice::new(p.id, &p.name, also.contains(&p.id)))
            .collect(),
        mentees: mentees
            .into_iter()
            .map(|p| Choice::new(p.id, p.name, mentee == Some(p.id)))
            .collect(),
        mentor_hint: format!(
            "Answers for the ramp. To turn the first key, a mentor must be a qualifier. {listed}"
        ),
        primaries: mentors(primary),
        secondaries: mentors(secondary),
        renews,
        starts_on: typed("starts_on", today.to_string()),
        target_on: typed("target_on", target.unwrap_or_default()),
        interval_days: typed("interval_days", "7".into()),
        over_capacity: fields.get("over_capacity_reason").to_owned(),
        areas: areas
            .into_iter()
            .map(|a| Choice::new(a.id, format!("{}, {}", a.name, a.code), area == Some(a.id)))
            .collect(),
        errors: form.errors,
    })
}

/// The form of a new ramp; the query says the area, and whom to search for.
pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    Form::asked(&req)?.show(&req, load).await
}

pub(crate) async fn propose(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let input = StartRamp::parse(&typed, act.now.day())?;
        let ids = start_all(c, act, &input, &also(&typed))?;
        let &[id] = ids.as_slice() else {
            let count = ids.len();
            return Ok(Done::new(
                "/ramps",
                format!("{count} ramps are proposed. Each waits to be accepted."),
            ));
        };
        let awaited = Dossier::lock(c, id, act.now.day())?
            .awaited()
            .unwrap_or_default();
        Ok(Done::new(
            format!("/ramps/{id}"),
            format!("The ramp is proposed. It waits for {awaited} to accept it."),
        ))
    })
    .await
    .or_show(fields, async |form| form.show(&req, load).await)
    .await
}
