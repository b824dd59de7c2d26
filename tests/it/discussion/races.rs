//! Two at the same moment: one wins, the other learns it, nothing is there twice and nothing is lost.

use checkride::db::schema::{comment_versions, comments};
use checkride::forms::new_key;
use diesel::prelude::*;

use crate::support::{Role, Site, at_once, path, told};

const ROUNDS: usize = 4;

#[test]
fn an_edit_and_a_removal_at_once_are_one_of_them() {
    for _ in 0..ROUNDS {
        let site = Site::open();
        let page = path::ramp_form(site.ramp_id, "comments");
        let mentee = site.client(Role::Mentee);
        let id = mentee.say(&page, "At first").comment();
        let edit = format!("/comments/{id}/edit");
        let forms = [
            mentee.form_at(&edit).with("body", "And then"),
            mentee.form(&edit, &format!("/comments/{id}/remove")),
        ];
        let answers = at_once(2, |n| forms[n].send(&mentee));
        let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let was_removed: bool = site.app.db(|c| {
            let row = comments::table.find(id);
            Ok(row.select(comments::removed_at.is_not_null()).first(c)?)
        });
        let versions: i64 = site
            .app
            .db(|c| Ok(comment_versions::table.count().get_result(c)?));
        assert_eq!(versions, if was_removed { 1 } else { 2 });
        assert_eq!(
            told(&site, "comment.removed").len(),
            usize::from(was_removed)
        );
        assert_eq!(
            told(&site, "comment.edited").len(),
            usize::from(!was_removed)
        );
    }
}

#[test]
fn two_edits_at_once_are_one_and_the_other_is_shown_what_is_stored() {
    let site = Site::open();
    let page = path::ramp_form(site.ramp_id, "comments");
    let mentee = site.client(Role::Mentee);
    let id = mentee.say(&page, "At first").comment();
    let edit = format!("/comments/{id}/edit");
    let words = ["From the phone", "From the desk"];
    let forms = words.map(|words| mentee.form_at(&edit).with("body", words));
    let answers = at_once(2, |n| forms[n].send(&mentee));
    let lost = answers.iter().position(|a| a.status == 409).unwrap();
    answers[lost]
        .assert_text("changed while you were editing")
        .assert_text(words[lost])
        .assert_text(words[1 - lost]);
}

#[test]
fn the_same_comment_sent_twice_is_there_once() {
    let site = Site::open();
    let page = path::ramp_form(site.ramp_id, "comments");
    let (mentee, key) = (site.client(Role::Mentee), new_key());
    let fields = [("body", "Only once"), ("form_key", key.as_str())];
    let answers = at_once(2, |_| mentee.post(&page, &fields));
    assert_eq!(
        answers[0].assert_status(303).location(),
        answers[1].assert_status(303).location()
    );
    assert_eq!(told(&site, "comment.written").len(), 1);
    // And following twice at once is following.
    let follow = path::ramp_form(site.ramp_id, "follow");
    for answer in at_once(2, |_| mentee.send(&follow, &[("choice", "mute")])) {
        answer.assert_status(303);
    }
    mentee.get(&page).assert_text("Mentions and answers only");
}
