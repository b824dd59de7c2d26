//! The pages on which a mentor's part changes hands.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::deed::{Head, act, fresh, reason};
use super::mentor_choice;
use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::ramp::PairingRole;
use crate::domain::ramp::arrange::{Transition, holder};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::parts::choice::Choice;
use crate::pages::ramp::candidates;
use crate::pages::ramp::candidates::Wanted;
use crate::pages::request::old_read;
use crate::usecases::dossier::Dossier;
use crate::usecases::ramp::actions;
use crate::usecases::ramp::actions::pair;
use crate::usecases::ramp::actions::pair::HandOver;
use crate::web::{Errors, Fields, Page, form_status, html_with};

pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route(
        "/ramps/{id}/hand-over",
        web::get().to(|req, id| fresh(req, id, Transition::HandOver)),
    )
    .route(
        "/ramps/{id}/hand-over",
        web::post().to(|req, id, fields| give(req, id, Transition::HandOver, fields)),
    )
    .route(
        "/ramps/{id}/add-mentor",
        web::get().to(|req, id| fresh(req, id, Transition::AddMentor)),
    )
    .route(
        "/ramps/{id}/add-mentor",
        web::post().to(|req, id, fields| give(req, id, Transition::AddMentor, fields)),
    )
    .route(
        "/ramps/{id}/remove-mentor",
        web::get().to(|req, id| fresh(req, id, Transition::RemoveMentor)),
    )
    .route("/ramps/{id}/remove-mentor", web::post().to(remove));
}

#[derive(Template)]
#[template(path = "ramp/pair.html")]
struct PairPage {
    page: Page,
    errors: Errors,
    head: Head,
    role: PairingRole,
    /// Who has the part now.
    holder: Option<(i64, String)>,
    find: String,
    mentors: Vec<Choice>,
    reason: String,
    over_capacity: String,
}

/// Which part, as the page's address or its form says.
fn role(deed: Transition, fields: &Fields) -> PairingRole {
    match deed {
        Transition::HandOver => {
            PairingRole::parse(fields.get("role")).unwrap_or(PairingRole::Primary)
        }
        _ => PairingRole::Secondary,
    }
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    id: i64,
    deed: Transition,
    fields: &Fields,
    errors: FieldErrors,
) -> Result<PairPage> {
    let role = role(deed, fields);
    let dossier = Dossier::load_for(c, id, &context.actor, context.now)?;
    actions::open_to(c, (&context.actor, context.now), &dossier, deed, role)?;
    let current = holder(&dossier.pairings, role);
    let has_part = || format!("{} part", role.label().to_lowercase());
    match (deed, current) {
        (Transition::AddMentor, Some(_)) => {
            return Err(Error::Conflict(
                "This ramp has a secondary mentor already: hand that part over instead.".into(),
            ));
        }
        (Transition::HandOver | Transition::RemoveMentor, None) => {
            return Err(Error::Conflict(format!(
                "Nobody has the {} of this ramp.",
                has_part()
            )));
        }
        _ => {}
    }
    let chosen = fields.id("mentor");
    let mentors = if deed == Transition::RemoveMentor {
        Vec::new()
    } else {
        let mut without: Vec<i64> = current.map(|p| p.mentor_id).into_iter().collect();
        without.push(dossier.ramp.mentee_id);
        if role == PairingRole::Secondary {
            without.extend(holder(&dossier.pairings, PairingRole::Primary).map(|p| p.mentor_id));
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
        candidates::mentors(c, dossier.area.id, wanted, context.now)?
    };
    Ok(PairPage {
        page: Page::signed_out(""),
        head: Head::new(&dossier, deed),
        role,
        holder: current.map(|p| (p.mentor_id, dossier.person(p.mentor_id).name.to_owned())),
        find: fields.trimmed("find").to_owned(),
        mentors: mentors.iter().map(|m| mentor_choice(m, chosen)).collect(),
        reason: fields.get("reason").to_owned(),
        over_capacity: fields.get("over_capacity_reason").to_owned(),
        errors,
    })
}

pub(crate) async fn show(
    req: &HttpRequest,
    id: i64,
    deed: Transition,
    fields: Fields,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, shown) = old_read(req, move |c, context| {
        load(c, context, id, deed, &fields, errors)
    })
    .await?;
    let page = shown.head.shell(page, &shown.errors);
    html_with(status, &PairPage { page, ..shown })
}

/// Gives a part to somebody: the one that another has, or the secondary one that nobody has.
async fn give(
    req: HttpRequest,
    id: web::Path<i64>,
    deed: Transition,
    fields: Fields,
) -> Result<HttpResponse> {
    act(req, id, deed, fields, move |c, by, id, typed| {
        let role = role(deed, typed);
        let input = HandOver::parse(typed, deed, role)?;
        let to = pair::hand_over(c, by, id, &input)?;
        let part = role.label().to_lowercase();
        Ok(format!("{} is the {part} mentor now.", to.name))
    })
    .await
}

async fn remove(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    act(
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
