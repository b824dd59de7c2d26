//! What everybody sees on the way.

use actix_web::App as Actix;
use actix_web::cookie::Cookie;
use actix_web::test::{TestRequest, call_service, init_service, read_body};

use super::{House, act, decide, now, turn_first_key, words};
use crate::app::{App, routes};
use crate::clock::Clock;
use crate::db::Db;
use crate::domain::audit::Act;
use crate::domain::auth::password::{Cost, Hasher};
use crate::domain::people::Actor;

/// What somebody sees at an address: status and page.
async fn see(
    house: &House,
    actor: &Actor,
    form: Option<&[(&str, &str)]>,
    path: &str,
) -> (u16, String) {
    let token = house
        .act(|c| {
            crate::usecases::auth::actions::complete(
                c,
                actor.id.unwrap(),
                None,
                None,
                &Act::operator(now()),
            )
        })
        .unwrap();
    let app = App {
        db: Db::open(&house.target).unwrap(),
        clock: Clock::manual(now()),
        hasher: Hasher::start(Cost::Test).unwrap(),
        rules: Default::default(),
        demo_sign_ins: Vec::new(),
    };
    let service = init_service(Actix::new().configure(routes(&app))).await;
    let request = match form {
        None => TestRequest::get(),
        Some(fields) => TestRequest::post().set_form(fields),
    };
    let request = request
        .uri(path)
        .cookie(Cookie::new(crate::pages::request::COOKIE, token))
        .to_request();
    let response = call_service(&service, request).await;
    let status = response.status().as_u16();
    (
        status,
        String::from_utf8(read_body(response).await.to_vec()).unwrap(),
    )
}

fn assert_says(page: &(u16, String), status: u16, sentences: &[&str]) {
    assert_eq!(page.0, status, "{}", page.1);
    for sentence in sentences {
        assert!(
            page.1.contains(sentence),
            "“{sentence}” is missing in {}",
            page.1
        );
    }
}

#[actix_web::test]
async fn the_pages_say_what_may_be_done_and_why_not() {
    let house = House::new();
    let ask = format!("/ramps/{}/sign-off", house.ramp_id);
    let page = see(&house, &house.mentor, None, &ask).await;
    assert_says(
        &page,
        200,
        &[
            "3 gates are open",
            "/assess/incident",
            "#item-SRC-K1",
            "<b>Mei</b>",
        ],
    );
    assert!(
        !page.1.contains("<button class=\"btn pri\""),
        "a form for what cannot be done"
    );
    assert_says(&see(&house, &house.stranger, None, &ask).await, 403, &[]);

    house.finish_ramp();
    assert_says(
        &see(&house, &house.mentee, None, &ask).await,
        200,
        &["Every gate is met", "name=\"note\""],
    );
    assert_says(
        &see(&house, &house.lead, None, &ask).await,
        200,
        &["is asked for by Lukas or a mentor"],
    );
    let key = [("form_key", "0123456789abcdef"), ("note", "Please")];
    assert_says(
        &see(&house, &house.mentee, Some(&key), &ask).await,
        303,
        &[],
    );
    assert_says(
        &see(&house, &house.mentee, None, &ask).await,
        200,
        &["asked for already"],
    );

    let path = "/sign-offs/1";
    let page = see(&house, &house.mentor, None, path).await;
    assert_says(
        &page,
        200,
        &[
            "The first key is yours",
            "goes from 1 to <b>2</b> cleared",
            "Please",
        ],
    );
    let page = see(&house, &house.lead, None, path).await;
    assert_says(
        &page,
        200,
        &[
            "The first key is due",
            "The first key belongs to a mentor",
            ">Mei</a>",
        ],
    );
    let empty = [("form_key", "0123456789abcdef"), ("recommendation", " ")];
    let page = see(
        &house,
        &house.mentor,
        Some(&empty),
        "/sign-offs/1/first-key",
    )
    .await;
    assert_says(&page, 422, &["Write why you recommend", "Error: "]);
    assert_says(
        &see(&house, &house.lead, Some(&empty), "/sign-offs/1/first-key").await,
        403,
        &[],
    );
    house
        .act(|c| turn_first_key(c, &act(&house.mentor), 1, &words("Ready.")))
        .unwrap();

    let page = see(&house, &house.mentor, None, path).await;
    assert_says(
        &page,
        200,
        &[
            "You mentored this ramp, so the second key is not yours.",
            ">Ola</a>",
            ">Ruth</a>",
        ],
    );
    let page = see(&house, &house.lead, None, path).await;
    assert_says(
        &page,
        200,
        &[
            "Your decision",
            "value=\"2027-05-10\"",
            "Who else can turn the second key",
        ],
    );
    assert!(
        !page.1.contains(" checked>"),
        "a decision is chosen before anybody chose"
    );
    let bare = [
        ("form_key", "0123456789abcdef"),
        ("note", "Typed words"),
        ("ends_on", "2026-12-24"),
    ];
    let page = see(&house, &house.lead, Some(&bare), "/sign-offs/1/decision").await;
    assert_says(
        &page,
        422,
        &[
            "Choose what you decide.",
            "Typed words",
            "value=\"2026-12-24\"",
        ],
    );
    assert_says(
        &see(&house, &house.lead, None, "/sign-offs").await,
        200,
        &["Turn the second key", "Lukas, Search"],
    );
    assert_says(
        &see(&house, &house.mentee, None, "/sign-offs").await,
        200,
        &["No key is yours", "by Ola, Ruth"],
    );
    assert!(
        !see(&house, &house.stranger, None, "/sign-offs")
            .await
            .1
            .contains("Lukas")
    );

    house
        .act(|c| decide(c, &act(&house.lead), 1, &house.approval()))
        .unwrap();
    house.act(|c| house.assess(c, 1, 1)).unwrap();
    let page = see(&house, &house.mentor, None, path).await;
    assert_says(
        &page,
        200,
        &[
            "This is the frozen record",
            "3 met, 0 open",
            "Granted until 10 May 2027",
        ],
    );
    assert_says(
        &see(&house, &house.lead, None, "/sign-offs").await,
        200,
        &["by Ruth", "Granted"],
    );
    let page = see(&house, &house.mentee, None, "/clearances/2").await;
    assert_says(
        &page,
        200,
        &[
            "Cleared",
            "Counts as cover",
            "10 May 2027",
            "<b>Ruth</b>",
            "<b>Mei</b>",
            "/sign-offs/1",
        ],
    );
    let page = see(&house, &house.stranger, None, "/clearances/2").await;
    assert_says(&page, 200, &["What it was decided on is open to"]);
    assert!(!page.1.contains("/sign-offs/1"));
    assert_says(
        &see(&house, &house.stranger, None, "/clearances/1").await,
        200,
        &["Taken over from before Checkride"],
    );
}
