//! The page of one system of an area: its name, what it is called elsewhere, its links.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::area::model::Area;
use crate::domain::area::systems;
use crate::domain::area::systems::System;
use crate::domain::audit::{Reason, read_reason};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::usecases::area::actions;
use crate::web::{Done, Errors, Fields, Page};
use crate::words::{Title, web_address};

/// Empty lines for further links.
const SPARE: usize = 3;
/// Links a system can have.
const LINKS: usize = 40;

/// The form as it was typed, or as it is first shown.
#[derive(Debug, Clone, Default)]
struct SystemForm {
    name: String,
    reference: String,
    /// Title and address, a line each.
    links: Vec<(String, String)>,
    revision: String,
}

impl SystemForm {
    fn typed(fields: &Fields) -> Self {
        let line = |n: usize| {
            let title = fields.trimmed(&format!("title-{n}")).to_owned();
            (title, fields.trimmed(&format!("url-{n}")).to_owned())
        };
        Self {
            name: fields.trimmed("name").to_owned(),
            reference: fields.trimmed("reference").to_owned(),
            links: (0..LINKS)
                .take_while(|n| fields.has(&format!("url-{n}")))
                .map(line)
                .collect(),
            revision: fields.trimmed("revision").to_owned(),
        }
    }

    fn of(system: &System) -> Self {
        Self {
            name: system.name.clone(),
            reference: system.reference.clone().unwrap_or_default(),
            links: system.links.clone(),
            revision: String::new(),
        }
    }

    /// With room for more links.
    fn with_room(mut self) -> Self {
        while self
            .links
            .last()
            .is_some_and(|(t, u)| t.is_empty() && u.is_empty())
        {
            self.links.pop();
        }
        let wanted = (self.links.len() + SPARE).min(LINKS);
        self.links.resize(wanted, Default::default());
        self
    }

    fn read(&self) -> Result<System> {
        let mut errors = FieldErrors::default();
        let mut line = |field: &str, text: &str, empty: &str| match Title::<200>::parse(text) {
            Ok(words) if words.is_empty() && !empty.is_empty() => {
                errors.add(field, empty);
                String::new()
            }
            Ok(words) => words.as_str().to_owned(),
            Err(sentence) => {
                errors.add(field, sentence);
                String::new()
            }
        };
        let name = line("name", &self.name, "Enter the system's name.");
        let reference = line("reference", &self.reference, "");
        let mut links = Vec::new();
        for (n, (title, url)) in self.links.iter().enumerate() {
            if title.is_empty() && url.is_empty() {
                continue;
            }
            let title = line(&format!("title-{n}"), title, "Say what the link leads to.");
            links.push((n, title, url));
        }
        let links = links
            .into_iter()
            .map(|(n, title, url)| {
                let url = web_address(url).unwrap_or_else(|sentence| {
                    errors.add(format!("url-{n}"), sentence);
                    String::new()
                });
                (title, url)
            })
            .collect();
        errors.or(System {
            name,
            reference: Some(reference).filter(|r| !r.is_empty()),
            links,
        })
    }
}

#[derive(Template)]
#[template(path = "area/system.html")]
struct SystemPage {
    page: Page,
    errors: Errors,
    area: Area,
    /// `new`, or its place in the area's list from 1.
    place: String,
    /// The name it has; others may move it to another place.
    was: String,
    title: String,
    /// The form that removes it came back, with this in it.
    removing: bool,
    reason: String,
    form: SystemForm,
    links: Vec<LinkLine>,
}

/// The fields of one link.
struct LinkLine {
    title_field: String,
    title_label: String,
    title: String,
    url_field: String,
    url_label: String,
    url: String,
}

fn link_line((n, (title, url)): (usize, (String, String))) -> LinkLine {
    LinkLine {
        title_field: format!("title-{n}"),
        title_label: format!("Title {}", n + 1),
        title,
        url_field: format!("url-{n}"),
        url_label: format!("Address {}", n + 1),
        url,
    }
}

async fn show(
    req: &HttpRequest,
    (slug, place): (String, String),
    form: Form,
) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let (mut place, mut form) = (place, form);
        let area = actions::area_to_change(c, &context.actor, &slug)?;
        let all = systems::of_area(c, area.id)?;
        // Others may have moved it on the list meanwhile; then it is found by the name it had.
        if let Some(typed) = form.typed().filter(|_| place != "new") {
            place = match all.iter().position(|s| s.name == typed.get("was")) {
                Some(n) => (n + 1).to_string(),
                None => {
                    let gone = "Someone renamed or removed this system. Save this only to add it as another one.";
                    form.errors.set("", gone);
                    "new".to_owned()
                }
            };
        }
        let system = match index(&place) {
            None => None,
            Some(n) => Some(all.get(n).ok_or(Error::NotFound("system"))?),
        };
        // The form that removes it leaves the others' fields as they are stored.
        let removing = form.fields.has("reason");
        let values = match (form.typed().filter(|_| !removing), system) {
            (Some(typed), _) => SystemForm::typed(typed),
            (None, Some(system)) => SystemForm::of(system),
            (None, None) => SystemForm::default(),
        };
        let mut values = values.with_room();
        values.revision = form.seen("revision", area.revision);
        let links = std::mem::take(&mut values.links);
        let title = system.map_or("Add a system", |s| &s.name);
        Ok(SystemPage {
            page: page.titled("areas", title),
            removing,
            reason: form.fields.get("reason").to_owned(),
            was: system.map(|s| s.name.clone()).unwrap_or_default(),
            title: title.to_owned(),
            links: links.into_iter().enumerate().map(link_line).collect(),
            form: values,
            place,
            errors: form.errors,
            area,
        })
    })
    .await
}

/// The place of a system in its area's list; `None` for one to be added.
fn index(place: &str) -> Option<usize> {
    match place {
        "new" => None,
        place => Some(place.parse::<usize>().unwrap_or(0).wrapping_sub(1)),
    }
}

/// The form of a system, or of a new one.
pub(crate) async fn page(
    req: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse> {
    show(&req, path.into_inner(), Form::default()).await
}

pub(crate) async fn save(
    req: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let path = path.into_inner();
    let form = SystemForm::typed(&fields);
    let (slug, place) = path.clone();
    submit(&req, &fields, move |c, act| {
        let system = form.read()?;
        let name = system.name.clone();
        let revision = form.revision.parse().unwrap_or(-1);
        actions::change_systems(c, act, &slug, (revision, &Reason::default()), |mut all| {
            match index(&place) {
                None => all.push(system),
                Some(n) => *all.get_mut(n).ok_or(Error::NotFound("system"))? = system,
            }
            Ok(all)
        })?;
        Ok(Done::new(
            format!("/areas/{slug}/edit#systems"),
            format!("{name} is saved."),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, path, form).await)
    .await
}

/// Takes the system off the area.
pub(crate) async fn remove(
    req: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let path = path.into_inner();
    let ((slug, place), typed) = (path.clone(), fields.clone());
    let revision = fields.trimmed("revision").parse().unwrap_or(-1);
    submit(&req, &fields, move |c, act| {
        let n = index(&place).ok_or(Error::NotFound("system"))?;
        let reason = read_reason(typed.get("reason"))?;
        let name = actions::remove_system(c, act, &slug, (n, revision), &reason)?;
        Ok(Done::new(
            format!("/areas/{slug}/edit#systems"),
            format!("{name} is removed from the area."),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, path, form).await)
    .await
}
