//! A discussion of more than a page: nothing is out of reach, and every address of a comment leads to it.

use std::collections::BTreeSet;

use checkride::domain::discussion::model::New;
use checkride::domain::discussion::{Draft, PlaceKind, store};

use crate::support::sample::document;
use crate::support::{Client, Role, Site, path};

/// Writes that many comments behind the app's back, as answers to one or each on its own; their rows.
fn written(site: &Site, place: (PlaceKind, i64), count: usize, reply_to: Option<i64>) -> Vec<i64> {
    site.app.db(|c| {
        let one = |n| {
            let new = New {
                place,
                reply_to,
                moment: None,
                author_id: site.mentee.id,
                at: site.app.now(),
            };
            let draft = Draft::parse(false, "", "", &format!("Word number {n}.")).unwrap();
            store::insert(c, &new, &draft, &[])
        };
        (0..count).map(one).collect()
    })
}

/// The comments on a page.
fn shown(body: &str) -> Vec<i64> {
    let parts = body.split("id=\"c-").skip(1);
    parts
        .map(|part| part.split('"').next().unwrap().parse().unwrap())
        .collect()
}

/// Where the page leads to what is before it.
fn earlier(body: &str) -> Option<String> {
    let (before, _) = body.split_once(">Earlier comments</a>")?;
    let (_, href) = before.rsplit_once("href=\"")?;
    Some(
        href.trim_end_matches('"')
            .replace("&amp;", "&")
            .replace("&#38;", "&"),
    )
}

/// The address of a comment leads to a page on which it is.
fn assert_found(client: &Client, id: i64) {
    let found = client.get(&format!("/comments/{id}"));
    let to = found.assert_status(303).location().to_owned();
    let (page, place) = to.split_once('#').unwrap();
    assert_eq!(place, format!("c-{id}"));
    let page = client.get(page);
    assert!(shown(&page.assert_status(200).body).contains(&id), "{to}");
}

#[test]
fn a_thread_longer_than_a_page_is_read_to_its_beginning() {
    let site = Site::open();
    let place = (PlaceKind::Ramp, site.ramp_id);
    let first = written(&site, place, 3, None);
    let long = written(&site, place, 1, None)[0];
    let answers = written(&site, place, 450, Some(long));
    let last = written(&site, place, 2, None);
    let mentor = site.client(Role::Mentor);
    let mut seen = BTreeSet::new();
    let mut page = mentor.history_page(site.ramp_id);
    assert_eq!(shown(&page.body), last, "the long thread does not fit");
    let mut pages = 0;
    loop {
        for id in shown(&page.body) {
            assert!(seen.insert(id), "{id} is shown twice");
        }
        pages += 1;
        let Some(href) = earlier(&page.body) else {
            break;
        };
        page = mentor.get(&href);
        page.assert_status(200);
    }
    let all: BTreeSet<i64> = [&first, &vec![long], &answers, &last]
        .into_iter()
        .flatten()
        .copied()
        .collect();
    assert_eq!(seen, all);
    assert_eq!(pages, 4);
    for id in [
        first[0],
        long,
        answers[0],
        answers[100],
        answers[449],
        last[1],
    ] {
        assert_found(&mentor, id);
    }
    // A new answer far up leads its author to it as well.
    let comments = path::ramp_form(site.ramp_id, "comments");
    let reply = format!("{comments}?reply={}", first[0]);
    let answer = mentor
        .form(&reply, &comments)
        .with("body", "Late, but here")
        .send(&mentor);
    let to = answer.assert_status(303).location().to_owned();
    mentor
        .get(to.split('#').next().unwrap())
        .assert_text("Late, but here")
        .assert_text("Latest comments");
    // Comments of another place are no way into this one.
    let elsewhere = written(&site, (PlaceKind::SignOff, 99), 1, None)[0];
    let page = mentor.get(&format!("{comments}?through={elsewhere}"));
    assert_eq!(shown(&page.body), last);
}

#[test]
fn a_view_of_a_moment_is_found_when_it_is_old() {
    let site = Site::open();
    site.teach(&document());
    let (page, comments) = (
        "/library/captures-were-doubled",
        "/library/captures-were-doubled/comments",
    );
    let mentee = site.client(Role::Mentee);
    let form = format!("{comments}?show=all&moment=1");
    let view = mentee
        .form(&form, comments)
        .with("body", "I would drain the queue")
        .send(&mentee)
        .comment();
    let row = site.app.db(|c| store::by_id(c, view)).unwrap();
    written(&site, (PlaceKind::Postmortem, row.place_id), 205, None);
    let reader = site.client(Role::OwnerLead);
    let words = "I would drain the queue";
    assert!(!reader.get(page).text().contains(words));
    assert_found(&reader, view);
    // Who has not read on to the end is still led there, and no further.
    let kept_back = mentee.get(&format!("/comments/{view}"));
    kept_back.assert_leads_to(&format!("{page}#c-{view}"));
}
