//! The page of a clearance: open to everybody who is signed in, for it is an operational fact (rule 9).

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::oversight::Transition;
use crate::domain::clearance::{ClearanceKind, ClearanceState, Standing};
use crate::domain::people::Actor;
use crate::domain::ramp::{Parties, may_start};
use crate::domain::signoff::Note;
use crate::domain::{people, ramp};
use crate::error::{Error, Result};
use crate::pages::clearance::interim::extension;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::point::PointView;
use crate::pages::request::submit;
use crate::pages::status::ends;
use crate::time::TimeText;
use crate::usecases::clearance::detail::ClearanceDetail;
use crate::usecases::clearance::{actions as changes, delta};
use crate::usecases::ramp::renewal::can_renew;
use crate::web::{Done, Errors, Fields, Page};

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
    /// Under whom, if it is interim; and whether the supervisor answers for the holder.
    supervisor: String,
    is_supervised: bool,
    /// When the page was asked for: it is printed, and what it says may change.
    as_of: TimeText,
    granted: TimeText,
    /// What ends or ended it and when, the first one in front.
    ends: Vec<(String, TimeText)>,
    days: String,
    /// Of a full one: last practice, and the practice rule.
    practice: Option<(TimeText, String)>,
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
    actions: Vec<(&'static str, &'static str)>,
    /// The viewer may tick off conditions.
    may_tick: bool,
    is_revoked: bool,
    events: Vec<Event>,
    /// What was typed into a form that the page has no more.
    written: Vec<String>,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, id.into_inner(), Form::default()).await
}

/// The page with what was typed into a form for a condition.
async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let detail = ClearanceDetail::load(c, id)?;
        // A form that cannot be accepted comes back only to a person who may send it.
        if form.typed().is_some() && !form.is_overtaken() {
            detail.permit_close(&context.actor, context.now.day())?;
        }
        load(c, context, page, &detail, form)
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    detail: &ClearanceDetail,
    form: Form,
) -> Result<ShowPage> {
    let (today, local) = (context.now.day(), &context.local);
    let held = &detail.held;
    let person = detail.holder()?;
    let later = detail.later();
    let stands = detail.standing(today);
    let is_latest = later.is_none();
    let may = is_latest && detail.permit(&context.actor, today).is_ok();
    let may_tick = is_latest && detail.permit_close(&context.actor, today).is_ok();
    let may_make =
        |to: Transition| is_latest && detail.permit_transition(to, &context.actor, today).is_ok();
    let mut actions = Vec::new();
    if stands == Standing::Interim && may {
        actions.push(("supervisor", "Name another supervisor"));
    }
    if held.kind == ClearanceKind::Interim && extension(c, context, held).is_ok() {
        actions.push(("extend", "Extend"));
    }
    let of_all = Transition::ALL.into_iter();
    actions.extend(
        of_all
            .filter(|t| may_make(*t) && t.of(held).is_ok())
            .map(|t| (t.word(), t.label())),
    );
    let conditions = detail.conditions.iter().map(|point| ConditionView {
        point: PointView::of(point, |id| detail.name(id), local),
        typed: form.fields.get(&format!("note-{}", point.id)).to_owned(),
    });
    let conditions: Vec<ConditionView> = conditions.collect();
    Ok(ShowPage {
        page: page.titled("people", format!("{}, {}", person.name, detail.area.name)),
        id: held.id,
        person: person.name.clone(),
        handle: person.handle.clone(),
        area: detail.area.name.clone(),
        area_slug: detail.area.slug.clone(),
        status: match (stands, held.kind, later) {
            (Standing::None, ClearanceKind::Interim, None) => ("idle", "st-none", "Ended"),
            _ => status(stands),
        },
        is_cover: stands.is_cover(),
        is_interim: held.kind == ClearanceKind::Interim,
        supervisor: detail.supervisor_words(today),
        is_supervised: detail.is_supervised(today),
        as_of: local.as_of(),
        granted: local.day(held.granted_at.day()),
        ends: ends(held, today, local),
        days: days(stands, held.holds_until.days_since(today)),
        practice: (held.kind == ClearanceKind::Full)
            .then(|| (local.day(held.practised_on), held.rule().words())),
        delta: delta::of_clearance(c, held.id)?
            .filter(|_| stands.is_cover())
            .map(|delta| local.day(delta.due_on)),
        renew: renew(c, detail, &context.actor, stands)?,
        later,
        signed: signed(c, context, detail)?,
        written: conditions
            .iter()
            .filter(|c| (c.point.closed.is_some() || !may_tick) && !c.typed.trim().is_empty())
            .map(|c| c.typed.clone())
            .collect(),
        conditions,
        conditions_open: detail.conditions_open(),
        actions,
        may_tick,
        is_revoked: held.state == ClearanceState::Revoked,
        events: events(detail, context),
        errors: form.errors,
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

/// Where it is renewed, for those who may start a ramp in the area, once it is about to end or has lapsed.
fn renew(
    c: &mut Conn,
    detail: &ClearanceDetail,
    actor: &Actor,
    stands: Standing,
) -> Result<Option<String>> {
    let (holder, area) = (detail.held.person_id, &detail.area);
    let is_due = matches!(stands, Standing::Expiring | Standing::Lapsed);
    if !is_due || !can_renew(&detail.held) {
        return Ok(None);
    }
    let places = people::store::memberships_of(c, holder)?;
    let teams: Vec<i64> = places.into_iter().map(|m| m.team_id).collect();
    let may = may_start(actor, holder, &teams, area.owner_team_id);
    Ok(may.then(|| format!("/ramps/new?area={}&mentee={holder}", area.id)))
}

fn days(stands: Standing, left: i64) -> String {
    match (stands, left) {
        (Standing::Revoked, _) => "It was revoked before.".into(),
        (Standing::Suspended, 0..) => "It does not count while it is suspended.".into(),
        (_, 0) => "It ends today.".into(),
        (_, 1) => "1 day is left.".into(),
        (_, left) if left > 1 => format!("{left} days are left."),
        (_, -1) => "It ended yesterday.".into(),
        (_, left) => format!("It ended {} days ago.", -left),
    }
}

fn signed(c: &mut Conn, context: &ReadContext, detail: &ClearanceDetail) -> Result<Option<Signed>> {
    let Some(signoff) = &detail.signoff else {
        return Ok(None);
    };
    let pairings = ramp::store::pairings(c, &[signoff.ramp_id])?;
    let teams = people::store::memberships_of(c, detail.held.person_id)?
        .into_iter()
        .map(|m| m.team_id);
    let parties = Parties::of(
        detail.held.person_id,
        &pairings,
        teams.collect(),
        detail.area.owner_team_id,
        detail.qualifiers().to_vec(),
    );
    let signed =
        |by: Option<i64>, at| Some((detail.name(by?).to_owned(), context.local.moment(at?)));
    Ok(Some(Signed {
        first: signed(signoff.first_key_by, signoff.first_key_at),
        second: signed(signoff.decided_by, signoff.decided_at),
        link: parties.may_read(&context.actor).then_some(signoff.id),
    }))
}

/// What happened to it since it was granted, in order.
fn events(detail: &ClearanceDetail, context: &ReadContext) -> Vec<Event> {
    let event = |at, who: i64, what: String, words: &str| {
        let event = Event {
            at: context.local.moment(at),
            who: detail.name(who).to_owned(),
            what,
            words: words.to_owned(),
        };
        (at, event)
    };
    let changes = detail.changes.iter().map(|change| {
        let until = change.ends_on.map(|day| context.local.until(day));
        let what = match (until, change.supervisor_id.map(|id| detail.name(id))) {
            (Some(until), Some(name)) => format!("granted it {until}, under {name}"),
            (Some(until), None) if detail.held.kind == ClearanceKind::Full => {
                format!("took it over {until}")
            }
            (Some(until), None) => format!("extended it {until}"),
            (None, Some(name)) => format!("put it under {name}"),
            (None, None) => format!("{} it", Transition::done(change.state)),
        };
        event(change.at, change.by_id, what, &change.reason)
    });
    let ticks = detail.conditions.iter().filter_map(|point| {
        let closing = point.closing()?;
        let what = format!("ticked off “{}”", point.body);
        Some(event(closing.at, closing.by_id, what, closing.note))
    });
    let mut all: Vec<_> = changes.chain(ticks).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, event)| event).collect()
}

/// Ticks off a condition.
pub(crate) async fn tick(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, condition) = path.into_inner();
    let field = format!("note-{condition}");
    let note = Note::required(fields.get(&field), "Write what was seen.");
    submit(&req, &fields, move |c, act| {
        let note = note.map_err(|sentence| Error::field(&field, sentence))?;
        changes::tick(c, act, id, condition, &note)?;
        Ok(Done::new(
            format!("/clearances/{id}"),
            "The condition is ticked off.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}
