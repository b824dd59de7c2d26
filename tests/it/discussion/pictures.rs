//! Pictures of comments: below the words, and sealed with them.

use checkride::db::schema::pictures;
use diesel::prelude::*;
use image::ImageFormat;

use crate::support::sample::document;
use crate::support::verbs::picture::{dot, drawn};
use crate::support::{Answer, Client, Role, Site, path};

fn comments(site: &Site) -> String {
    path::ramp_form(site.ramp_id, "comments")
}

/// Says something with a picture; gives back the comment.
pub fn shown(client: &Client, comments: &str) -> i64 {
    let fields = [("body", "Like this:"), ("alt", "The queue")];
    client.send_picture(comments, &fields, &dot()).comment()
}

fn picture(id: i64, number: i32) -> String {
    format!("/comments/{id}/pictures/{number}")
}

fn edited(client: &Client, id: i64, fields: &[(&str, &str)], file: &[u8]) -> Answer {
    let form = format!("/comments/{id}/edit");
    let page = client.get(&form);
    let hidden = page.assert_status(200).hidden(&form);
    let number = hidden.iter().find(|(name, _)| name == "number").unwrap();
    let fields = [fields, &[("body", "Like this:"), ("number", &number.1)]].concat();
    client.send_picture(&form, &fields, file)
}

#[test]
fn a_picture_is_shown_below_the_words_to_those_who_read_them() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let id = shown(&mentee, &comments(&site));
    let page = site.client(Role::Mentor).history_page(site.ramp_id);
    let tag = format!(
        "<img class=\"picture\" src=\"{}\" alt=\"The queue\" width=\"3\" height=\"2\"",
        picture(id, 1)
    );
    assert!(page.body.contains(&tag), "{}", page.body);
    let served = site.client(Role::Mentor).get(&picture(id, 1));
    served.assert_status(200);
    assert_eq!(served.header("content-type"), "image/png");
    for (role, status) in [(Role::Stranger, 404), (Role::Qualifier, 200)] {
        site.client(role).get(&picture(id, 1)).assert_status(status);
    }
    mentee.get(&picture(id, 2)).assert_status(404);
    // Who answers sees it too.
    mentee
        .get(&format!("{}?reply={id}", comments(&site)))
        .assert_status(200);
}

#[test]
fn every_kind_of_page_that_is_discussed_takes_one() {
    let site = Site::open();
    site.ask_for_signoff();
    site.debrief_drill();
    let slug = site.teach(&document());
    let mentee = site.client(Role::Mentee);
    let places = [
        format!("/sign-offs/{}/comments", site.dossier().signoffs[0].id),
        format!("/library/{slug}/comments"),
        format!("/drills/{}/comments", site.latest_drill()),
    ];
    for comments in places {
        let id = shown(&mentee, &comments);
        let query = if comments.starts_with("/library") {
            "?show=all"
        } else {
            ""
        };
        let address = format!("{}{query}", picture(id, 1));
        mentee.get(&address).assert_status(200);
        let page = mentee.get(&format!("{comments}{query}"));
        assert!(
            page.body.contains(&format!("src=\"{address}\"")),
            "{address}"
        );
    }
}

#[test]
fn a_picture_on_a_post_mortem_is_kept_back_with_its_discussion() {
    let site = Site::open();
    let slug = site.teach(&document());
    let id = shown(
        &site.client(Role::Stranger),
        &format!("/library/{slug}/comments"),
    );
    let mentee = site.client(Role::Mentee);
    mentee.get(&picture(id, 1)).assert_status(404);
    mentee
        .get(&format!("{}?show=all", picture(id, 1)))
        .assert_status(200);
    site.client(Role::Qualifier)
        .get(&picture(id, 1))
        .assert_status(200);
}

#[test]
fn its_author_adds_more_and_takes_them_away() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let id = shown(&mentee, &comments(&site));
    for _ in 0..3 {
        edited(&mentee, id, &[("alt", "One more")], &dot()).assert_status(303);
    }
    let page = edited(&mentee, id, &[("alt", "Too many")], &dot());
    page.assert_status(422)
        .assert_text("A comment has at most 4 pictures.");
    assert!(page.body.contains("value=\"Too many\""));
    // In place of another one it fits.
    edited(&mentee, id, &[("alt", "Instead"), ("without", "2")], &dot()).assert_status(303);
    edited(&mentee, id, &[("without", "1")], b"").assert_status(303);
    let statuses = [1, 2, 3, 5].map(|n| mentee.get(&picture(id, n)).status);
    assert_eq!(statuses, [404, 404, 200, 200]);
    // Nothing changed: no version more.
    let before = mentee.get(&format!("/comments/{id}/edit")).body;
    edited(&mentee, id, &[("without", "")], b"").assert_status(303);
    let after = mentee.get(&format!("/comments/{id}/edit")).body;
    assert_eq!(
        before.matches("Like this:").count(),
        after.matches("Like this:").count()
    );
}

#[test]
fn a_removed_comment_takes_its_pictures_with_it_and_erasing_its_author_empties_them() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let gone = shown(&mentee, &comments(&site));
    let stays = shown(&mentee, &comments(&site));
    mentee
        .form(
            &format!("/comments/{gone}/edit"),
            &format!("/comments/{gone}/remove"),
        )
        .send(&mentee)
        .assert_status(303);
    for role in [Role::Mentee, Role::Mentor, Role::Administrator] {
        site.client(role).get(&picture(gone, 1)).assert_status(404);
    }
    let id = site.mentee.id;
    let sizes: Vec<(i64, bool)> = site.app.db(|c| {
        checkride::domain::picture::store::forget_person(c, id)?;
        let all: Vec<(i64, Vec<u8>)> = pictures::table
            .order(pictures::id)
            .select((pictures::owner_id, pictures::bytes))
            .load(c)?;
        Ok(all
            .into_iter()
            .map(|(of, bytes)| (of, bytes.is_empty()))
            .collect())
    });
    assert_eq!(sizes, [(gone, true), (stays, false)]);
}

#[test]
fn words_stay_when_the_picture_is_wrong_or_the_mention_comes_first() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let fields = [("body", "Two words"), ("alt", "The queue")];
    mentee
        .send_picture(&comments(&site), &fields, b"GIF89a")
        .assert_status(422)
        .assert_text("This is no PNG, JPEG or WebP picture.")
        .assert_text("Two words");
    let insert = [
        &fields[..],
        &[("do", "insert"), ("mention", &site.mentor.handle)],
    ]
    .concat();
    let page = mentee.send_picture(&comments(&site), &insert, &dot());
    page.assert_status(200)
        .assert_text("Choose the picture again.")
        .assert_text(&format!("@{}", site.mentor.handle));
    assert!(page.body.contains("value=\"The queue\""));
    // The box on the page of a ramp leads to the form that takes one.
    mentee
        .send(
            &comments(&site),
            &[("body", "Two words"), ("do", "picture")],
        )
        .assert_status(200)
        .assert_text("What the picture shows");
}

#[test]
fn who_was_signed_out_meanwhile_keeps_the_words_and_is_asked_for_the_picture_again() {
    let site = Site::open();
    let outside = site.app.client();
    let fields = [("body", "Two words"), ("alt", "The queue")];
    let large = vec![0; 3 << 20];
    for file in [dot(), drawn(ImageFormat::Jpeg, 90, 90), large] {
        let page = outside.send_picture(&comments(&site), &fields, &file);
        page.assert_status(401);
        assert!(page.body.contains("Two words"), "{}", page.body);
    }
    let kept = [&fields[..], &[("picture_digest", "")]].concat();
    let mentee = site.client(Role::Mentee);
    mentee
        .send(&comments(&site), &kept)
        .assert_status(422)
        .assert_text("Choose the picture again.")
        .assert_text("Two words");
    let rows: i64 = site.app.db(|c| Ok(pictures::table.count().get_result(c)?));
    assert_eq!(rows, 0);
}
