//! `/metrics`: the key figures of organisation, teams and areas for Prometheus, all of the last day that is computed for
//! everything. No figure of a person is among them.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::db::types::Day;
use crate::domain::kpi::{Place, store};
use crate::domain::{area, people};
use crate::error::{Error, Result};
use crate::usecases::kpi::{cache, daily};

/// A shorter token could be guessed.
const LEAST_LETTERS: usize = 16;

/// The token that asks for metrics, kept as its digest.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

impl Token {
    /// Errors: The reason why it cannot be used.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        match text.trim() {
            short if short.len() < LEAST_LETTERS => Err(format!(
                "use at least {LEAST_LETTERS} characters, like those of `openssl rand -hex 32`"
            )),
            token => Ok(Self(Sha256::digest(token.as_bytes()).into())),
        }
    }

    /// Whether that is the token; it takes as long for any other one.
    fn is(&self, given: &str) -> bool {
        let given: [u8; 32] = Sha256::digest(given.as_bytes()).into();
        let differing = self.0.iter().zip(given).fold(0, |d, (a, b)| d | (a ^ b));
        differing == 0
    }
}

/// Without a token in the configuration there is no such page.
pub async fn page(req: HttpRequest, app: web::Data<App>) -> Result<HttpResponse> {
    let token = app.metrics_token.as_ref().ok_or(Error::NotFound("page"))?;
    let given = req.headers().get(header::AUTHORIZATION);
    let given = given.and_then(|h| h.to_str().ok()).unwrap_or_default();
    let given = given
        .split_once(' ')
        .filter(|(s, _)| s.eq_ignore_ascii_case("bearer"));
    if !given.is_some_and(|(_, given)| token.is(given.trim())) {
        return Ok(HttpResponse::Unauthorized()
            .insert_header((header::WWW_AUTHENTICATE, "Bearer"))
            .content_type("text/plain; charset=utf-8")
            .body("The token is missing or wrong.\n"));
    }
    let yesterday = app.clock.now().day().plus_days(-1);
    let (names, day, days) = app
        .db
        .read(move |c| {
            let mut names = HashMap::new();
            names.insert(Place::Organisation, "Organisation".to_owned());
            for team in people::store::teams(c)? {
                names.insert(Place::Team(team.id), team.name);
            }
            for area in area::store::all(c)? {
                names.insert(Place::Area(area.id), area.slug);
            }
            // Until everything is computed for yesterday, it is the day before.
            let day = match daily::due(c, yesterday, 1, &HashSet::new())?.is_empty() {
                true => yesterday,
                false => yesterday.plus_days(-1),
            };
            Ok((names, day, store::all_of(c, day, cache::final_from(day))?))
        })
        .await?;
    let text = exposition(&names, day, &days)?;
    Ok(HttpResponse::Ok()
        .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
        .body(text))
}

type Labels = Vec<(&'static str, String)>;
type Gauges = Family<Labels, Gauge<f64, AtomicU64>>;

/// The text of all figures: a value and how many things it was counted over.
fn exposition(
    names: &HashMap<Place, String>,
    day: Day,
    days: &[(String, String)],
) -> Result<String> {
    let (values, counts) = (Gauges::default(), Gauges::default());
    for (scope, json) in days {
        let Some(place) = Place::parse(scope) else {
            continue;
        };
        let Some(name) = names.get(&place) else {
            continue;
        };
        let kind = match place {
            Place::Organisation => "organisation",
            Place::Team(_) => "team",
            Place::Area(_) => "area",
        };
        for figure in cache::from_json(json).unwrap_or_default() {
            let labels: Labels = vec![
                ("kpi", figure.kpi.word().to_owned()),
                ("scope", kind.to_owned()),
                ("name", name.clone()),
                ("unit", cache::unit_word(figure.kpi.unit()).to_owned()),
            ];
            if let Some(value) = figure.main.value {
                values.get_or_create(&labels).set(value);
            }
            let n = f64::from(figure.main.n);
            counts.get_or_create(&labels).set(n);
        }
    }
    let mut registry = Registry::default();
    registry.register(
        "checkride_kpi",
        "A key figure as it was at the end of the day of checkride_kpi_day_seconds",
        values,
    );
    registry.register(
        "checkride_kpi_sample_size",
        "How many things the key figure was counted over",
        counts,
    );
    let of_day = Gauge::<i64, AtomicI64>::default();
    of_day.set(day.start().timestamp().as_second());
    registry.register(
        "checkride_kpi_day_seconds",
        "The begin of the day that all key figures are of (UTC), in seconds since 1970",
        of_day,
    );
    let mut text = String::new();
    encode(&mut text, &registry).map_err(Error::fault)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_compared_as_a_whole_and_shown_nowhere() {
        let token = Token::parse("0123456789abcdef").unwrap();
        assert!(token.is("0123456789abcdef"));
        for wrong in [
            "",
            "0123456789abcdeF",
            "0123456789abcdef0",
            "0123456789abcde",
        ] {
            assert!(!token.is(wrong), "{wrong}");
        }
        assert!(Token::parse("short").is_err());
        assert_eq!(format!("{token:?}"), "Token");
    }

    #[test]
    fn figures_of_people_and_of_what_is_gone_are_left_out() {
        let names = HashMap::from([(Place::Area(5), "payments".to_owned())]);
        let figure = r#"[{"kpi":"coverage","value":"1.5","n":3,"others":[]}]"#;
        let days: Vec<_> = ["area:5", "area:6", "person:7", "label:x"]
            .map(|scope| (scope.to_owned(), figure.to_owned()))
            .into();
        let day = Day::parse("2026-11-29").unwrap();
        let text = exposition(&names, day, &days).unwrap();
        let lines: Vec<_> = text.lines().filter(|l| !l.starts_with('#')).collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert_eq!(lines[2], "checkride_kpi_day_seconds 1795910400");
        assert!(
            lines[0].starts_with("checkride_kpi{kpi=\"coverage\",scope=\"area\",name=\"payments\"")
        );
        assert!(
            lines[0].ends_with(" 1.5") && lines[1].ends_with(" 3.0"),
            "{text}"
        );
        assert!(text.ends_with("# EOF\n"));
    }
}
