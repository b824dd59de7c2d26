//! Adding many people at once: a pasted list, looked at before it is stored, then a link for each.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{administrators_only, links};
use crate::db::Conn;
use crate::domain::people::{Name, Place, ZoneName};
use crate::error::{Error, Result};
use crate::import;
use crate::import::change::Change;
use crate::import::doubts::{DOUBTS, Decisions, Doubts, Namesake, NewTeam};
use crate::import::{existing, list};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::{Once, app, submit_once};
use crate::text::email::email_key;
use crate::web::{Done, Errors, Fields, Page, respond};

/// A person of the list, and what the list changes about them.
struct LineView {
    name: String,
    email: String,
    zone: String,
    is_new: bool,
    changes: String,
}

/// A team that is not here yet, and the ones that may be meant: name, whether it is chosen.
struct TeamView {
    n: usize,
    name: String,
    near: Vec<(String, bool)>,
    is_created: bool,
}

/// A new person whose name somebody has.
struct NamesakeView {
    n: usize,
    name: String,
    email: String,
    others: String,
    is_other: bool,
    is_same: bool,
}

/// What the list would do, and what has to be decided before.
struct Preview {
    lines: Vec<LineView>,
    new: usize,
    teams: Vec<TeamView>,
    namesakes: Vec<NamesakeView>,
    changes: bool,
}

impl Preview {
    fn asks(&self) -> bool {
        !self.namesakes.is_empty() || self.teams.iter().any(|team| !team.near.is_empty())
    }

    fn team_names(&self) -> String {
        let names: Vec<&str> = self.teams.iter().map(|team| team.name.as_str()).collect();
        names.join(", ")
    }
}

#[derive(Template)]
#[template(path = "people/admin/many.html")]
struct ManyPage {
    page: Page,
    errors: Errors,
    text: String,
    time_zone: String,
    most: usize,
    preview: Option<Preview>,
    /// Their links reach them by mail.
    sends_mail: bool,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::default(), false).await
}

/// The form, with what its list would do when it `looks`.
async fn show(req: &HttpRequest, form: Form, looks: bool) -> Result<HttpResponse> {
    let sends_mail = app(req)?.sends_mail();
    form.show(req, move |c, context, page, form| {
        administrators_only(context)?;
        let text = form.fields.get("list").to_owned();
        let preview = match looks || form.errors.get(DOUBTS).is_some() {
            true => Some(preview(c, &form.fields)?),
            false => None,
        };
        Ok(ManyPage {
            time_zone: match form.fields.has("time_zone") {
                true => form.fields.get("time_zone").to_owned(),
                false => page.zone.clone(),
            },
            page: page.titled("admin", "Add many people"),
            errors: form.errors,
            text,
            most: list::MAX,
            preview,
            sends_mail,
        })
    })
    .await
}

fn zone(fields: &Fields) -> Result<ZoneName> {
    ZoneName::parse(fields.get("time_zone")).map_err(|sentence| Error::field("time_zone", sentence))
}

/// What was answered to the questions of a preview. Each comes back with what it was about, because the list may have
/// changed since.
fn decisions(fields: &Fields) -> Decisions {
    let mut decisions = Decisions::default();
    for (n, name) in fields.with_prefix("new_team-") {
        let meant = Name::parse(fields.get(&format!("team-{n}")));
        if let (Ok(name), Ok(meant)) = (Name::parse(name), meant) {
            decisions.teams.insert(name.key(), meant);
        }
    }
    for (n, email) in fields.with_prefix("namesake-") {
        let key = email_key(email);
        match fields.get(&format!("who-{n}")) {
            "other" => drop(decisions.others.insert(key)),
            "same" => drop(decisions.same.insert(key)),
            _ => {}
        }
    }
    decisions
}

fn team_view(n: usize, team: NewTeam, decisions: &Decisions) -> TeamView {
    let meant = decisions.teams.get(&team.name.key());
    TeamView {
        n,
        is_created: meant == Some(&team.name),
        near: team
            .near
            .into_iter()
            .map(|near| {
                let is_chosen = meant.is_some_and(|meant| meant.as_str() == near);
                (near, is_chosen)
            })
            .collect(),
        name: team.name.as_str().to_owned(),
    }
}

fn namesake_view(n: usize, who: Namesake, decisions: &Decisions) -> NamesakeView {
    let key = email_key(&who.email);
    NamesakeView {
        n,
        is_other: decisions.others.contains(&key),
        is_same: decisions.same.contains(&key),
        others: who.others.join(", "),
        name: who.name,
        email: who.email,
    }
}

fn preview(c: &mut Conn, fields: &Fields) -> Result<Preview> {
    let existing = existing::people(c)?;
    let people = list::read(fields.get("list"), &zone(fields)?, &existing)
        .map_err(|problems| Error::Invalid(import::at_lines("list", &problems)))?;
    let additions = list::additions(&people, &existing);
    let (doubts, decisions) = (Doubts::of(&people, &existing), decisions(fields));
    let mut moves: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for change in &additions {
        if let Change::MovePerson {
            email, team, to, ..
        } = change
        {
            let team = team.as_str();
            let words = match to {
                Place::Lead => format!("leads {team}"),
                _ => format!("joins {team}"),
            };
            moves.entry(email.key()).or_default().push(words);
        }
    }
    let lines: Vec<LineView> = people
        .iter()
        .map(|entry| {
            let key = entry.person.email.key();
            let known = existing.people.get(&key);
            LineView {
                name: known
                    .map_or(entry.person.name.as_str(), |p| &p.name)
                    .to_owned(),
                email: entry.person.email.as_str().to_owned(),
                zone: known
                    .map_or(entry.person.time_zone.as_str(), |p| &p.time_zone)
                    .to_owned(),
                is_new: known.is_none(),
                changes: moves.remove(&key).unwrap_or_default().join(", "),
            }
        })
        .collect();
    Ok(Preview {
        new: lines.iter().filter(|l| l.is_new).count(),
        lines,
        teams: doubts
            .teams
            .into_iter()
            .enumerate()
            .map(|(n, team)| team_view(n, team, &decisions))
            .collect(),
        namesakes: doubts
            .namesakes
            .into_iter()
            .enumerate()
            .map(|(n, who)| namesake_view(n, who, &decisions))
            .collect(),
        changes: !additions.is_empty(),
    })
}

/// Brings the list in, or only looks at it.
pub(crate) async fn add(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let answer = match fields.get("step") {
        "add" => bring_in(&req, &fields).await,
        _ => show(&req, Form::filled(fields.clone()), true).await,
    };
    answer
        .or_show(fields, async |form| show(&req, form, false).await)
        .await
}

async fn bring_in(req: &HttpRequest, fields: &Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    let made = submit_once(req, fields, move |c, act| {
        let (list, decided) = (typed.get("list"), decisions(&typed));
        let made = import::actions::add_people(c, act, list, &zone(&typed)?, &decided)?;
        let said = "The list is imported. Links were shown once. If one is lost, make a new one.";
        Ok((Done::new("/admin/people", said), made))
    })
    .await;
    match made {
        Ok(Once::Now(_, made)) if made.is_empty() => {
            let said = "The list is imported. Nobody in it was new.";
            Ok(respond::done(req, &Done::new("/admin/people", said)))
        }
        made => links::answer(req, made, app(req)?.sends_mail()),
    }
}
