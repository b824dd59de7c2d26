//! Pictures of a post-mortem: added by those who edit it, seen by those who read it, and nothing of them runs.

use checkride::db::schema::pictures;
use checkride::domain::postmortem::Transition;
use diesel::prelude::*;
use image::ImageFormat;

use crate::support::sample::document;
use crate::support::verbs::picture::{dot, drawn, parts};
use crate::support::{Client, Role, Site, at_once, path, told};

fn page(slug: &str) -> String {
    format!("/library/{slug}/pictures")
}

fn drafted(site: &Site) -> String {
    site.write(Role::Stranger, &document())
}

/// The stranger adds a picture to their draft.
pub fn added(site: &Site, slug: &str) {
    let author = site.client(Role::Stranger);
    author
        .send_picture(&page(slug), &[("alt", "The queue")], &dot())
        .assert_status(303);
}

fn count(site: &Site) -> i64 {
    site.app.db(|c| Ok(pictures::table.count().get_result(c)?))
}

fn shows(client: &Client, address: &str) -> bool {
    let answer = client.get(address);
    assert!([200, 404].contains(&answer.status), "{}", answer.status);
    answer.status == 200
}

#[test]
fn a_picture_is_added_and_the_text_of_its_own_post_mortem_shows_it() {
    let site = Site::open();
    let slug = drafted(&site);
    let author = site.client(Role::Stranger);
    let photo = drawn(ImageFormat::Jpeg, 8, 4);
    author
        .send_picture(&page(&slug), &[("alt", "The queue [19:42]")], &photo)
        .assert_leads_to(&page(&slug));
    author
        .get(&page(&slug))
        .assert_text("1 of 30")
        .assert_text("Picture 1 is added.");
    let own = format!("{}/1", page(&slug));
    let served = author.get(&own);
    served.assert_status(200);
    for (header, value) in [
        ("content-type", "image/jpeg"),
        ("x-content-type-options", "nosniff"),
        ("content-disposition", "inline"),
        ("cache-control", "private, max-age=604800, immutable"),
        ("vary", "Cookie"),
    ] {
        assert_eq!(served.header(header), value);
    }
    assert!(served.bytes.starts_with(b"\xff\xd8\xff"));

    let edit = format!("/library/{slug}/edit");
    let text = "![The queue \\[19:42\\]](1) ![x](https://evil.example/x.png) ![y](2)";
    author
        .form_at(&edit)
        .with("body", text)
        .send(&author)
        .assert_status(303);
    let shown = author.get(&format!("/library/{slug}"));
    let tag =
        format!("<img src=\"{own}?show=all\" alt=\"The queue [19:42]\" width=\"8\" height=\"4\">");
    assert!(shown.body.contains(&tag), "{}", shown.body);
    assert_eq!(shown.body.matches("<img").count(), 1);
    assert_eq!(told(&site, "postmortem.picture_added").len(), 1);
    site.client(Role::Administrator)
        .get(path::AUDIT_LOG)
        .assert_text("added a picture to the post-mortem");
}

#[test]
fn what_cannot_be_taken_comes_back_with_the_words_that_were_typed() {
    let site = Site::open();
    let slug = drafted(&site);
    let author = site.client(Role::Stranger);
    let (good, large, long) = (dot(), vec![0; (8 << 20) + 1], "x".repeat(201));
    // words, file, sentences
    let table: [(&str, &[u8], &[&str]); 7] = [
        (
            "The queue",
            b"",
            &["Choose the picture that these words describe."],
        ),
        ("", b"", &["Choose a picture."]),
        (
            "The queue",
            b"<svg onload=alert(1)>",
            &["This is no PNG, JPEG or WebP picture."],
        ),
        ("The queue", &good[..40], &["This picture cannot be read."]),
        ("The queue", &large, &["This picture has more than 8 MB."]),
        (
            " ",
            &good,
            &["Say what the picture shows", "Choose the picture again."],
        ),
        (
            &long,
            &good,
            &["This has 201 characters. The limit is 200."],
        ),
    ];
    for (alt, file, sentences) in table {
        let answer = author.send_picture(&page(&slug), &[("alt", alt)], file);
        for sentence in sentences {
            answer.assert_status(422).assert_text(sentence);
        }
        assert!(answer.body.contains(alt.trim()));
    }
    // What ends in the middle, and what holds a character that cannot be stored.
    author
        .send_parts(&page(&slug), b"--edge\r\n".to_vec())
        .assert_status(422);
    author
        .send_picture(&page(&slug), &[("alt", "a\0b")], &good)
        .assert_status(422);
    assert_eq!(count(&site), 0);
}

#[test]
fn a_picture_of_many_pixels_in_a_small_file_is_not_unpacked() {
    let site = Site::open();
    let slug = drafted(&site);
    let mut sent = dot();
    sent[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let mut sum = flate2::Crc::new();
    sum.update(&sent[12..29]);
    sent[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    site.client(Role::Stranger)
        .send_picture(&page(&slug), &[("alt", "The queue")], &sent)
        .assert_status(422)
        .assert_text("This picture has more than 25 million pixels.");
}

#[test]
fn a_picture_is_kept_back_with_the_page_that_shows_it() {
    let site = Site::open();
    let slug = drafted(&site);
    added(&site, &slug);
    let own = format!("{}/1", page(&slug));
    let (author, mentee) = (site.client(Role::Stranger), site.client(Role::Mentee));
    assert!(shows(&author, &own) && !shows(&mentee, &own));
    // No other post-mortem has it.
    let other = site.write(Role::Stranger, &document());
    assert!(!shows(&author, &format!("{}/1", page(&other))));
    assert!(!shows(&author, &format!("{}/x", page(&slug))));
    site.make_transition(Role::Stranger, &slug, Transition::Submit);
    site.make_transition(Role::Qualifier, &slug, Transition::Approve);
    // A reader says what they would do first, or asks to see it all.
    assert!(!shows(&mentee, &own) && shows(&mentee, &format!("{own}?show=all")));
    let page_of = mentee.get(&format!("/library/{slug}"));
    assert!(!page_of.body.contains("/pictures/"));
    // What is teachable is open as a draft before it is changed.
    author
        .send_picture(&page(&slug), &[("alt", "The queue")], &dot())
        .assert_status(409);
    assert_eq!(count(&site), 1);
}

#[test]
fn a_removed_picture_is_gone_for_everyone_and_its_number_is_not_used_again() {
    let site = Site::open();
    let slug = drafted(&site);
    added(&site, &slug);
    let author = site.client(Role::Stranger);
    let removal = format!("{}/1/remove", page(&slug));
    author
        .form(&page(&slug), &removal)
        .send(&author)
        .assert_leads_to(&page(&slug));
    assert!(!shows(&author, &format!("{}/1", page(&slug))));
    assert_eq!(told(&site, "postmortem.picture_removed").len(), 1);
    author.send(&removal, &[]).assert_status(404);
    added(&site, &slug);
    assert!(shows(&author, &format!("{}/2", page(&slug))));
}

#[test]
fn the_same_form_sent_twice_adds_one_picture() {
    let site = Site::open();
    let slug = drafted(&site);
    let author = site.client(Role::Stranger);
    let fields = [
        ("form_key", "a-key-of-some-page-1234"),
        ("alt", "The queue"),
    ];
    for _ in 0..2 {
        author
            .send_parts(&page(&slug), parts(&fields, &dot()))
            .assert_status(303);
    }
    // Another file is another form.
    let other = drawn(ImageFormat::Png, 5, 5);
    author
        .send_parts(&page(&slug), parts(&fields, &other))
        .assert_status(409);
    assert_eq!(count(&site), 1);
}

#[test]
fn a_post_mortem_has_at_most_thirty() {
    let site = Site::open();
    let slug = drafted(&site);
    let author = site.client(Role::Stranger);
    for _ in 0..30 {
        added(&site, &slug);
    }
    author
        .send_picture(&page(&slug), &[("alt", "One more")], &dot())
        .assert_status(422)
        .assert_text("A post-mortem has at most 30 pictures.");
    assert_eq!(count(&site), 30);
}

#[test]
fn pictures_that_are_added_at_once_get_numbers_of_their_own() {
    let site = Site::open();
    let slug = drafted(&site);
    at_once(4, |_| added(&site, &slug));
    let author = site.client(Role::Stranger);
    for n in 1..=4 {
        assert!(shows(&author, &format!("{}/{n}", page(&slug))));
    }
}

#[test]
fn a_form_of_many_empty_parts_is_refused_before_all_of_it_is_kept() {
    let site = Site::open();
    let slug = drafted(&site);
    let part = b"--edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n";
    let body = [part.repeat(20_000), b"--edge--\r\n".to_vec()].concat();
    for role in [Role::Stranger, Role::SignedOut] {
        site.client(role)
            .post_as(
                &page(&slug),
                "multipart/form-data; boundary=edge",
                body.clone(),
            )
            .assert_status(413);
    }
}
