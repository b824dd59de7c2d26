//! What is mailed to a person, and when: one choice a kind.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::domain::notification::{Choice, Kind, store};
use crate::error::{Error, Result};
use crate::pages::parts::choice::Choice as Offered;
use crate::pages::request::{show, submit};
use crate::usecases::notify::choices;
use crate::web::{Done, Fields, Page};

#[derive(Template)]
#[template(path = "home/mail.html")]
struct MailPage {
    page: Page,
    email: String,
    lines: Vec<Line>,
}

struct Line {
    name: String,
    label: &'static str,
    choices: Vec<Offered>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, |c, context, page| {
        let me = context.actor.id.ok_or(Error::SignedOut)?;
        let chosen = store::choices(c, me)?;
        let line = |kind: Kind| {
            let own = chosen.iter().find(|(of, _)| *of == kind);
            let choice = kind.choice(own.map(|(_, choice)| *choice));
            let offered = kind.choices().iter().map(|c| Offered {
                value: c.word().into(),
                label: c.label().into(),
                chosen: *c == choice,
            });
            Line {
                name: field(kind),
                label: kind.label(),
                choices: offered.collect(),
            }
        };
        Ok(MailPage {
            email: context.actor.email.clone(),
            page: page.titled("inbox", "What is mailed to you"),
            lines: Kind::ALL.iter().map(|kind| line(*kind)).collect(),
        })
    })
    .await
}

fn field(kind: Kind) -> String {
    format!("kind_{}", kind.word())
}

pub(crate) async fn save(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let chosen: Vec<(Kind, Choice)> = Kind::ALL
        .iter()
        .filter_map(|kind| Some((*kind, Choice::parse(fields.get(&field(*kind)))?)))
        .collect();
    submit(&req, &fields, move |c, act| {
        choices::choose(c, act, &chosen)?;
        Ok(Done::new("/inbox/mail", "Your choices are saved."))
    })
    .await
}
