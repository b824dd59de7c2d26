//! The rota of an area: what is wrong with it first, then its shifts and where they come from.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::area::may_change;
use crate::domain::area::model::Area;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::Actor;
use crate::domain::people::Names;
use crate::domain::rota::Duty;
use crate::domain::rota::finding::{Finding, Kind, Shift};
use crate::domain::rota::model::Rota;
use crate::domain::rota::shadow::{Fate, Wanted};
use crate::error::Result;
use crate::pages::request::{past_day, show_at};
use crate::text::email::is_address;
use crate::time::{LocalTime, TimeText};
use crate::usecases::rota::shadow::Shadows;
use crate::usecases::rota::{Checked, Judged, of_area};
use crate::web::table::Files;
use crate::web::{Fields, Page, Past, query_string};

/// What is wrong with a shift, or with a clearance that has none.
struct FindingLine {
    /// About the viewer: someone else accepts it.
    is_mine: bool,
    css: &'static str,
    icon: &'static str,
    word: &'static str,
    name: String,
    handle: String,
    sentence: String,
    /// When the shift begins and ends.
    when: Option<(TimeText, TimeText)>,
    accepted: Option<AcceptedLine>,
    /// Where it is accepted.
    href: String,
    is_unknown: bool,
}

struct AcceptedLine {
    by: String,
    until: TimeText,
    reason: String,
}

struct ShiftLine {
    name: String,
    handle: String,
    from: TimeText,
    to: TimeText,
    duty: &'static str,
    mark: Option<(&'static str, &'static str, &'static str)>,
    /// What became of this shadow shift on a ramp, in words; empty for others, and for who has no part in it.
    fate: String,
    /// Where the viewer plans or sees it, and the words of the link.
    plan: Option<(String, &'static str)>,
}

struct RotaLine {
    id: i64,
    name: String,
    source: &'static str,
    from: String,
    changed_at: Option<TimeText>,
    looked_at: Option<TimeText>,
    problem: String,
}

#[derive(Template)]
#[template(path = "rota/show.html")]
struct ShowPage {
    page: Page,
    past: Past,
    files: Files,
    path: String,
    area: Area,
    may_change: bool,
    /// Something of it was read.
    is_read: bool,
    /// Some of it was never read.
    is_partial: bool,
    open: usize,
    accepted: usize,
    findings: Vec<FindingLine>,
    shifts: Vec<ShiftLine>,
    rotas: Vec<RotaLine>,
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let past = past_day(&req, &query)?;
    let asked = past.clone();
    show_at(&req, &past, move |c, context, page| {
        load(c, context, page, &slug, asked)
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    slug: &str,
    past: Past,
) -> Result<ShowPage> {
    let found = of_area(c, &context.actor, slug, context.now)?;
    let (area, checked, local) = (found.area, &found.checked, &context.local);
    let may_change = !past.is_other_day() && may_change(&context.actor, area.owner_team_id);
    let acceptances = checked.findings.iter().filter_map(|(_, a)| a.as_ref());
    let by = Names::load(c, acceptances.map(|a| a.by_id))?;
    let watching = match past.is_other_day() || area.archived_at.is_some() {
        true => Vec::new(),
        false => watching(c, context, &area, (checked, may_change))?,
    };
    let shown = Shown {
        actor: &context.actor,
        area: &area,
        checked,
        local,
        by: &by,
        may_change,
    };
    let open = checked.open().count();
    // Open ones first; each part by the moment of the shift.
    let mut judged: Vec<&Judged> = checked.findings.iter().collect();
    judged.sort_by_key(|(_, accepted)| accepted.is_some());
    let rota = |rota: &Rota| RotaLine {
        id: rota.id,
        source: rota.source.label(),
        from: rota.shown(),
        changed_at: found.changed_at.get(&rota.id).map(|at| local.moment(*at)),
        looked_at: rota.looked_at.map(|at| local.moment(at)),
        problem: rota.problem.clone(),
        name: rota.name.clone(),
    };
    let mut shifts: Vec<ShiftLine> = checked.shifts.iter().map(|one| shown.shift(one)).collect();
    let shadows = checked.shifts.iter().zip(&mut shifts);
    let shadows = shadows.filter(|(shift, _)| is_watched(shift));
    for ((_, line), (fate, plan)) in shadows.zip(watching) {
        (line.fate, line.plan) = (fate, plan);
    }
    Ok(ShowPage {
        page: page.titled("areas", past.titled(&format!("Rota of {}", area.name))),
        path: format!("/areas/{}/rota", area.slug),
        files: Files::on(&format!("/areas/{}/rota", area.slug), &past),
        past,
        may_change,
        open,
        accepted: checked.findings.len() - open,
        findings: judged.into_iter().map(|one| shown.finding(one)).collect(),
        is_read: !found.changed_at.is_empty(),
        is_partial: found.changed_at.len() < found.rotas.len(),
        shifts,
        rotas: found.rotas.iter().map(rota).collect(),
        area,
    })
}

/// What became of the shadow shifts of people who are known, in the order of the rota: the words, and where the viewer goes on.
type Watched = (String, Option<(String, &'static str)>);

fn watching(
    c: &mut Conn,
    context: &ReadContext,
    area: &Area,
    (checked, may_change): (&Checked, bool),
) -> Result<Vec<Watched>> {
    let shadows = Shadows::load(c, area.id, checked, context.now)?;
    let planned_by = shadows.planned_by(c, &context.actor, area)?;
    let watched = shadows.all().map(|(wanted, fate)| {
        let may_plan = planned_by.contains(&wanted.mentee_id);
        let may_see = may_change || may_plan || context.actor.is(wanted.mentee_id);
        let see = |id: &i64| may_see.then(|| (format!("/shifts/{id}"), "See the shift"));
        match fate {
            Fate::Planned(id) => ("Planned.".into(), see(id)),
            Fate::Due(step) => {
                let shift = step.of().and_then(|(id, _)| see(&id));
                (step.sentence().into(), shift)
            }
            Fate::Left(..) if !may_see => (String::new(), None),
            Fate::Left(why, Some(id)) => (why.sentence(true), see(id)),
            Fate::Left(why, None) => {
                let ramp = shadows.ramp_of(wanted.mentee_id).filter(|_| may_plan);
                let plan = ramp.map(|ramp| (plan_path(ramp.id, wanted), "Plan it"));
                (why.sentence(false), plan)
            }
        }
    });
    Ok(watched.collect())
}

/// The form of a plan, filled in as the rota says.
fn plan_path(ramp_id: i64, wanted: &Wanted) -> String {
    let (from, to) = (wanted.entry.starts_at.iso(), wanted.entry.ends_at.iso());
    let with = wanted.with_id.map(|id| id.to_string());
    let pairs = [("kind", "shadow"), ("from", from.as_str()), ("to", &to)];
    let with = with.iter().map(|id| ("with", id.as_str()));
    let query = query_string(pairs.into_iter().chain(with));
    format!("/ramps/{ramp_id}/shifts/plan{query}")
}

fn is_watched(shift: &Shift) -> bool {
    shift.entry.duty == Duty::Shadow && shift.person.is_some()
}

struct Shown<'a> {
    actor: &'a Actor,
    area: &'a Area,
    checked: &'a Checked,
    local: &'a LocalTime,
    by: &'a Names,
    may_change: bool,
}

/// Only who manages the rota reads the address of somebody unknown.
pub(super) fn shown_name(name: &str, may_change: bool) -> String {
    match name {
        "" => "Nobody".into(),
        name if is_address(name) && !may_change => "Someone unknown".into(),
        name => name.into(),
    }
}

impl Shown<'_> {
    fn name(&self, name: &str) -> String {
        shown_name(name, self.may_change)
    }

    fn handle(&self, person: Option<i64>) -> String {
        let handle = |id| self.checked.facts.people.person(id).handle.to_owned();
        person.map(handle).unwrap_or_default()
    }

    fn finding(&self, (finding, accepted): &Judged) -> FindingLine {
        let kind = finding.identity.kind;
        let (css, icon) = look(kind);
        let moment = |at: UtcTime| self.local.moment(at);
        FindingLine {
            is_mine: finding
                .identity
                .who
                .person()
                .is_some_and(|id| self.actor.is(id)),
            css,
            icon,
            word: kind.label(),
            name: self.name(&finding.name),
            handle: self.handle(finding.identity.who.person()),
            sentence: finding.sentence(),
            when: finding
                .ends_at
                .map(|to| (moment(finding.identity.at), moment(to))),
            accepted: accepted.as_ref().map(|accepted| AcceptedLine {
                by: self.by.name(accepted.by_id).to_owned(),
                until: self.local.day(accepted.until_on),
                reason: accepted.reason.clone(),
            }),
            href: href(&self.area.slug, finding),
            is_unknown: kind == Kind::Unknown,
        }
    }

    fn shift(&self, shift: &Shift) -> ShiftLine {
        let name = match shift.person {
            Some(id) => self.checked.facts.people.name(id).to_owned(),
            None => self.name(match shift.entry.called() {
                "Nobody" => "",
                called => called,
            }),
        };
        let mut found = self.checked.of_shift(shift);
        let worst = found.next().map(|(finding, accepted)| {
            let (css, icon) = look(finding.identity.kind);
            match accepted {
                None => (css, icon, finding.identity.kind.label()),
                Some(_) => ("idle", icon, "Accepted"),
            }
        });
        ShiftLine {
            name,
            handle: self.handle(shift.person),
            from: self.local.moment(shift.entry.starts_at),
            to: self.local.moment(shift.entry.ends_at),
            duty: shift.entry.duty.label(),
            mark: worst,
            fate: String::new(),
            plan: None,
        }
    }
}

/// The colour and shape of a finding.
fn look(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Revoked | Kind::Suspended | Kind::NotCleared => ("bad", "warn"),
        Kind::Lapses => ("bad", "st-lapsed"),
        Kind::Unsupervised => ("soon", "st-interim"),
        Kind::Left | Kind::Unknown => ("soon", "person"),
        Kind::Away => ("soon", "cal"),
        Kind::Unpractised => ("soon", "st-expiring"),
    }
}

fn href(slug: &str, finding: &Finding) -> String {
    let of = &finding.identity;
    let (who, at) = (of.who.word(), of.at.iso_micros());
    let pairs = [
        ("who", who.as_str()),
        ("kind", of.kind.word()),
        ("shift", at.as_str()),
    ];
    format!(
        "/areas/{slug}/rota/finding{}",
        query_string(pairs.into_iter())
    )
}
