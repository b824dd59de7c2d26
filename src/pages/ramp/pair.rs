//! The pages on which a mentor's part changes hands.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::transition::{Head, reason, take};
use crate::domain::ramp::PairingRole;
use crate::domain::ramp::arrange::{Transition, holder};
use crate::error::{Error, Result};
use crate::pages::form::Form;
use crate::pages::parts::choice::Choice;
use crate::pages::ramp::candidates;
use crate::pages::ramp::candidates::Wanted;
use crate::text;
use crate::usecases::dossier::Dossier;
use crate::usecases::ramp::actions;
use crate::usecases::ramp::actions::pair;
use crate::usecases::ramp::actions::pair::HandOver;
use crate::web::{Errors, Fields, Page};

#[derive(Template)]
#[template(path = "ramp/pair.html")]
struct PairPage {
    page: Page,
    errors: Errors,
    head: Head,
    role: PairingRole,
    /// Who has the part now.
    holder: Option<(String, String)>,
    find: String,
    mentor_hint: &'static str,
    mentors: Vec<Choice>,
    reason: String,
    over_capacity: String,
}

/// Which part, as the page's address or its form says.
fn role(transition: Transition, fields: &Fields) -> PairingRole {
    match transition {
        Transition::HandOver => {
            PairingRole::parse(fields.get("role")).unwrap_or(PairingRole::Primary)
        }
        _ => PairingRole::Secondary,
    }
}

pub(crate) async fn show(
    req: &HttpRequest,
    id: i64,
    transition: Transition,
    form: Form,
) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let fields = &form.fields;
        let role = role(transition, fields);
        let dossier = Dossier::load_for(c, id, &context.actor, context.now)?;
        let who = (&context.actor, context.now);
        actions::open_to(c, who, &dossier, transition, role)?;
        let current = holder(&dossier.pairings, role);
        match (transition, current) {
            (Transition::AddMentor, Some(_)) => {
                return Err(Error::Conflict(
                    "This ramp has a secondary mentor already: hand that part over instead.".into(),
                ));
            }
            (Transition::HandOver | Transition::RemoveMentor, None) => {
                return Err(Error::Conflict(format!(
                    "Nobody has the {} part of this ramp.",
                    role.label().to_lowercase()
                )));
            }
            _ => {}
        }
        let chosen = fields.id("mentor");
        let mentors = if transition == Transition::RemoveMentor {
            Vec::new()
        } else {
            let mut without: Vec<i64> = current.map(|p| p.mentor_id).into_iter().collect();
            without.push(dossier.ramp.mentee_id);
            if role == PairingRole::Secondary {
                let primary = holder(&dossier.pairings, PairingRole::Primary);
                without.extend(primary.map(|p| p.mentor_id));
            }
            let known: Vec<i64> = chosen
                .into_iter()
                .chain(dossier.parties.mentors.iter().copied())
                .collect();
            let wanted = Wanted {
                words: fields.get("find"),
                chosen: &known,
                without: &without,
            };
            candidates::mentors(c, dossier.area.id, wanted, &context.local)?
        };
        let head = Head::new(&dossier, transition);
        Ok(PairPage {
            page: page.titled("ramps", head.title()),
            head,
            role,
            holder: current.map(|p| {
                let name = dossier.person(p.mentor_id).name.to_owned();
                (form.seen("from", p.mentor_id), name)
            }),
            find: text::wanted(fields.get("find")).to_owned(),
            mentor_hint: match candidates::nobody_is_cleared(&mentors) {
                true => "Nobody else is cleared here yet. These are people of the owner team; search for others.",
                false => {
                    "Qualifiers and people cleared here are listed, with their load. Search for others."
                }
            },
            mentors: mentors.iter().map(|m| m.choice(chosen)).collect(),
            reason: fields.get("reason").to_owned(),
            over_capacity: fields.get("over_capacity_reason").to_owned(),
            errors: form.errors,
        })
    })
    .await
}

/// Gives a part to another person: one that is held now, or the secondary one that nobody has.
pub(crate) async fn give(
    req: HttpRequest,
    id: web::Path<i64>,
    transition: Transition,
    fields: Fields,
) -> Result<HttpResponse> {
    take(req, id, transition, fields, move |c, by, id, typed| {
        let role = role(transition, typed);
        let input = HandOver::parse(typed, transition, role)?;
        let to = pair::hand_over(c, by, id, &input)?;
        let part = role.label().to_lowercase();
        Ok(format!("{} is the {part} mentor now.", to.name))
    })
    .await
}

pub(crate) async fn remove(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    take(
        req,
        id,
        Transition::RemoveMentor,
        fields,
        |c, by, id, typed| {
            let seen = typed.id("from").unwrap_or_default();
            pair::remove_secondary(c, by, id, seen, &reason(typed)?)?;
            Ok("The secondary pairing has ended.".into())
        },
    )
    .await
}
