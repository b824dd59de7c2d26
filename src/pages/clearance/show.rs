//! The page of a clearance: open to everybody who is signed in, for it is an operational fact (rule 9).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::oversight::Transition;
use crate::domain::clearance::{ClearanceKind, ClearanceState, Standing};
use crate::domain::ramp::Parties;
use crate::domain::{people, ramp};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::parts::point::PointView;
use crate::pages::request::old_read;
use crate::usecases::clearance::delta;
use crate::usecases::clearance::detail::ClearanceDetail;
use crate::usecases::ramp::renewal::can_renew;
use crate::web::time::TimeText;
use crate::web::{Errors, Fields, Page, form_status, html_with};

/// The two people who signed, and the sign-off where the viewer may read it.
struct Signed {
    first: Option<(String, TimeText)>,
    second: Option<(String, TimeText)>,
    link: Option<i64>,
}

/// A condition, and what was typed into its form.
struct ConditionView {
    point: PointView,
    typed: String,
}

/// Something that happened to the clearance.
struct Event {
    at: TimeText,
    who: String,
    what: String,
    words: String,
}

#[derive(Template)]
#[template(path = "clearance/show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    id: i64,
    person: String,
    handle: String,
    area: String,
    area_slug: String,
    /// Suffix of the status class, icon, word.
    status: (&'static str, &'static str, &'static str),
    is_cover: bool,
    is_interim: bool,
    /// Under whom, if it is interim; and whether somebody answers for the holder.
    supervisor: String,
    is_supervised: bool,
    /// When the page was asked for: it is printed, and what it says may change.
    as_of: TimeText,
    granted: TimeText,
    ends_on: TimeText,
    days: String,
    /// Last practice and every how many days it is needed, of a full clearance.
    practice: Option<(TimeText, i32, TimeText)>,
    /// When the delta review that a material version asks for is due.
    delta: Option<TimeText>,
    /// Where a lead starts the ramp that renews it.
    renew: Option<String>,
    /// The clearance that took this one's place.
    later: Option<i64>,
    signed: Option<Signed>,
    conditions: Vec<ConditionView>,
    conditions_open: usize,
    /// What the viewer may do with it: word of the address, label.
    deeds: Vec<(&'static str, &'static str)>,
    /// The viewer may tick off conditions.
    may_tick: bool,
    is_revoked: bool,
    events: Vec<Event>,
    /// What was typed into a form that the page has no more.
    written: Vec<String>,
}

pub(crate) async fn show(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show_with(&req, id.into_inner(), Fields::default(), Ok(())).await
}

/// The page with what was typed into a form for a condition, and why it came back.
pub(crate) async fn show_with(
    req: &HttpRequest,
    id: i64,
    fields: Fields,
    why: std::result::Result<(), Error>,
) -> Result<HttpResponse> {
    let (errors, overtaken) = match why {
        Ok(()) => (FieldErrors::default(), false),
        Err(Error::Invalid(errors)) => (errors, false),
        Err(Error::Conflict(sentence)) => (FieldErrors::one("", sentence), true),
        Err(other) => return Err(other),
    };
    let status = if overtaken {
        StatusCode::CONFLICT
    } else {
        form_status(&errors)
    };
    let (page, template) = old_read(req, move |c, context| {
        let case = ClearanceDetail::load(c, id)?;
        // A form that cannot be accepted comes back only to whoever may send it.
        if !errors.is_empty() && !overtaken {
            case.permit(&context.actor, context.now.day())?;
        }
        load(c, context, &case, &fields, errors)
    })
    .await?;
    let heading = format!("{}, {}", template.person, template.area);
    let page = Page {
        has_errors: !template.errors.is_empty(),
        ..page.titled("people", heading)
    };
    html_with(status, &ShowPage { page, ..template })
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    case: &ClearanceDetail,
    fields: &Fields,
    errors: FieldErrors,
) -> Result<ShowPage> {
    let (today, local) = (context.now.day(), &context.local);
    let held = &case.held;
    let person = case.holder()?;
    let later = case.later();
    let stands = case.standing(today);
    let may = later.is_none() && case.permit(&context.actor, today).is_ok();
    let mut deeds = Vec::new();
    if stands == Standing::Interim && may {
        deeds.push(("supervisor", "Name another supervisor"));
    }
    if held.kind == ClearanceKind::Interim
        && crate::pages::clearance::interim::extension(c, context, held).is_ok()
    {
        deeds.push(("extend", "Extend"));
    }
    let of_all = Transition::ALL.into_iter();
    deeds.extend(
        of_all
            .filter(|deed| may && deed.of(held).is_ok())
            .map(|deed| (deed.word(), deed.label())),
    );
    let conditions = case.conditions.iter().map(|point| ConditionView {
        point: PointView::of(point, |id| case.name(id), local),
        typed: fields.get(&format!("note-{}", point.id)).to_owned(),
    });
    let conditions: Vec<ConditionView> = conditions.collect();
    Ok(ShowPage {
        page: Page::signed_out(""),
        id: held.id,
        person: person.name.clone(),
        handle: person.handle.clone(),
        area: case.area.name.clone(),
        area_slug: case.area.slug.clone(),
        status: match (stands, held.kind, later) {
            (Standing::None, ClearanceKind::Interim, None) => ("idle", "st-none", "Ended"),
            _ => status(stands),
        },
        is_cover: stands.is_cover(),
        is_interim: held.kind == ClearanceKind::Interim,
        supervisor: case.supervisor_words(today),
        is_supervised: case.is_supervised(today),
        as_of: local.moment(context.now),
        granted: local.day(held.granted_at.day()),
        ends_on: local.day(held.ends_on),
        days: days(stands, held.holds_until.days_since(today)),
        practice: (held.kind == ClearanceKind::Full).then(|| {
            let (last, until) = (held.practised_on, held.holds_until);
            (local.day(last), held.recency_days, local.day(until))
        }),
        delta: delta::of_clearance(c, held.id)?
            .filter(|_| stands.is_cover())
            .map(|delta| local.day(delta.due_on)),
        renew: renew(case, context, stands),
        later,
        signed: signed(c, context, case)?,
        written: conditions
            .iter()
            .filter(|c| (c.point.closed.is_some() || !may) && !c.typed.trim().is_empty())
            .map(|c| c.typed.clone())
            .collect(),
        conditions,
        conditions_open: case.conditions_open(),
        deeds,
        may_tick: may,
        is_revoked: held.state == ClearanceState::Revoked,
        events: events(case, context),
        errors,
    })
}

pub(crate) fn status(stands: Standing) -> (&'static str, &'static str, &'static str) {
    match stands {
        Standing::Cleared => ("ok", "st-cleared", stands.label()),
        Standing::Expiring => ("soon", "st-expiring", stands.label()),
        Standing::Lapsed => ("bad", "st-lapsed", stands.label()),
        Standing::Suspended => ("bad", "st-suspended", stands.label()),
        Standing::Revoked => ("bad", "st-revoked", stands.label()),
        Standing::Interim => ("interim", "st-interim", stands.label()),
        Standing::None => ("idle", "st-none", "Replaced by a later clearance"),
    }
}

/// Where it is renewed, for whoever may start a ramp in the area, once it is about to end or has lapsed.
fn renew(case: &ClearanceDetail, context: &ReadContext, stands: Standing) -> Option<String> {
    let is_due = matches!(stands, Standing::Expiring | Standing::Lapsed);
    let leads = context.actor.is_admin || context.actor.leads(case.area.owner_team_id);
    (is_due && leads && can_renew(&case.held)).then(|| {
        format!(
            "/ramps/new?area={}&mentee={}",
            case.area.id, case.held.person_id
        )
    })
}

fn days(stands: Standing, left: i64) -> String {
    match (stands, left) {
        (Standing::Revoked, _) => "It was revoked before.".into(),
        (Standing::Suspended, 0..) => "While it is suspended it counts for nothing.".into(),
        (_, 0) => "Today is its last day.".into(),
        (_, 1) => "1 day is left.".into(),
        (_, left) if left > 1 => format!("{left} days are left."),
        (_, -1) => "It ended yesterday.".into(),
        (_, left) => format!("It ended {} days ago.", -left),
    }
}

fn signed(c: &mut Conn, context: &ReadContext, case: &ClearanceDetail) -> Result<Option<Signed>> {
    let Some(signoff) = &case.signoff else {
        return Ok(None);
    };
    let pairings = ramp::store::pairings(c, &[signoff.ramp_id])?;
    let teams = people::store::memberships_of(c, case.held.person_id)?
        .into_iter()
        .map(|m| m.team_id);
    let parties = Parties::of(
        case.held.person_id,
        &pairings,
        teams.collect(),
        case.area.owner_team_id,
        case.qualifiers().to_vec(),
    );
    let deed = |by: Option<i64>, at| Some((case.name(by?).to_owned(), context.local.moment(at?)));
    Ok(Some(Signed {
        first: deed(signoff.first_key_by, signoff.first_key_at),
        second: deed(signoff.decided_by, signoff.decided_at),
        link: parties.may_read(&context.actor).then_some(signoff.id),
    }))
}

/// What happened to it since it was granted, in order.
fn events(case: &ClearanceDetail, context: &ReadContext) -> Vec<Event> {
    let event = |at, who: i64, what: String, words: &str| {
        let event = Event {
            at: context.local.moment(at),
            who: case.name(who).to_owned(),
            what,
            words: words.to_owned(),
        };
        (at, event)
    };
    let changes = case.changes.iter().map(|change| {
        let until = change.ends_on.map(|day| context.local.day(day).text);
        let what = match (until, change.supervisor_id.map(|id| case.name(id))) {
            (Some(until), Some(name)) => format!("granted it until {until}, under {name}"),
            (Some(until), None) => format!("extended it until {until}"),
            (None, Some(name)) => format!("put it under {name}"),
            (None, None) => format!("{} it", Transition::done(change.state)),
        };
        event(change.at, change.by_id, what, &change.reason)
    });
    let ticks = case.conditions.iter().filter_map(|point| {
        let closing = point.closing()?;
        let what = format!("ticked off “{}”", point.body);
        Some(event(closing.at, closing.by_id, what, closing.note))
    });
    let mut all: Vec<_> = changes.chain(ticks).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, event)| event).collect()
}
