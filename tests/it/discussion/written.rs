//! Comments are written, answered, edited and removed, and mention people who may read them.

use checkride::db::schema::comment_versions;
use checkride::domain::audit::Act;
use checkride::domain::discussion::{Draft, PlaceKind, Why};
use checkride::usecases::discussion::actions::{About, Written, write};
use checkride::usecases::discussion::place::Key;
use diesel::prelude::*;

use crate::support::{Answer, Client, Role, Site, path, told};

fn comments(site: &Site) -> String {
    path::ramp_form(site.ramp_id, "comments")
}

fn edit(client: &Client, id: i64, words: &str) -> Answer {
    let form = format!("/comments/{id}/edit");
    client.form_at(&form).with("body", words).send(client)
}

#[test]
fn a_comment_has_an_address_and_its_words_are_clean() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let said = mentee.say(
        &comments(&site),
        "Why **two** keys?\n\n<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=a>",
    );
    let id = said.comment();
    said.assert_leads_to(&format!("/ramps/{}/history#c-{id}", site.ramp_id));
    let page = site.client(Role::Mentor).history_page(site.ramp_id);
    page.assert_text("Why two keys?")
        .assert_text(&site.mentee.name);
    assert!(page.body.contains(&format!("id=\"c-{id}\"")));
    assert!(page.body.contains("<strong>two</strong>"));
    for bad in ["<script>alert", "href=\"javascript", "<img src=x"] {
        assert!(!page.body.contains(bad), "{bad}");
    }
    // The short address leads whoever may read it there, also a reader of another name.
    let found = site.client(Role::Qualifier).get(&format!("/comments/{id}"));
    found.assert_leads_to(&format!("/ramps/{}/history#c-{id}", site.ramp_id));
    assert_eq!(told(&site, "comment.written").len(), 1);
}

#[test]
fn an_answer_is_one_level_below_what_its_thread_began_with() {
    let site = Site::open();
    let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
    let first = mentee.say(&comments(&site), "What is a capture?").comment();
    let answer = |client: &Client, to: i64, words: &str| {
        let page = format!("{}?reply={to}", comments(&site));
        client.get(&page).assert_text("Your answer");
        client
            .form(&page, &comments(&site))
            .with("body", words)
            .send(client)
            .comment()
    };
    let second = answer(&mentor, first, "The money is taken then.");
    answer(&mentee, second, "And before that?");
    let page = mentee.history_page(site.ramp_id);
    let thread = page.part("class=\"replies\"", "</ol>");
    assert!(thread.contains("The money is taken then."), "{thread}");
    assert!(thread.contains("And before that?"), "{thread}");
    assert_eq!(page.body.matches("class=\"replies\"").count(), 1);
}

#[test]
fn its_author_edits_it_and_every_version_is_kept() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let id = mentee.say(&comments(&site), "A first try").comment();
    edit(&mentee, id, "A second try").assert_status(303);
    let page = site.client(Role::Mentor).history_page(site.ramp_id);
    page.assert_text("A second try").assert_text(", edited");
    assert!(!page.text().contains("A first try"));
    mentee
        .get(&format!("/comments/{id}/edit"))
        .assert_text("Earlier versions")
        .assert_text("A first try");
    // Saved as it was: nothing becomes a version.
    edit(&mentee, id, "A second try").assert_status(303);
    let kept: i64 = site
        .app
        .db(|c| Ok(comment_versions::table.count().get_result(c)?));
    assert_eq!(kept, 2);
    edit(&mentee, id, "  ")
        .assert_status(422)
        .assert_text("Write your comment.");
}

#[test]
fn a_removed_comment_leaves_a_mark_and_its_answers() {
    let site = Site::open();
    let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
    let id = mentee.say(&comments(&site), "Something hasty").comment();
    let answer = [("body", "Slow down"), ("reply", &id.to_string())];
    mentor.send(&comments(&site), &answer).assert_status(303);
    let remove = format!("/comments/{id}/remove");
    let edit_page = format!("/comments/{id}/edit");
    mentee
        .form(&edit_page, &remove)
        .send(&mentee)
        .assert_status(303);
    let page = mentor.history_page(site.ramp_id);
    page.assert_text("Removed by its author on")
        .assert_text("Slow down");
    assert!(!page.text().contains("Something hasty"));
    // Nothing more can be done to it, and an answer that was being written is not lost.
    mentee.get(&edit_page).assert_status(409);
    let late = [("body", "A late answer to it"), ("reply", &id.to_string())];
    mentor
        .send(&comments(&site), &late)
        .assert_status(409)
        .assert_text("was removed")
        .assert_text("A late answer to it");
}

#[test]
fn people_who_may_read_it_are_mentioned_by_handle_and_link() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let words = format!(
        "@{}, look. Not `@{}`.",
        site.mentor.handle, site.mentor.handle
    );
    mentee.say(&comments(&site), &words).assert_status(303);
    let page = mentee.history_page(site.ramp_id);
    let link = format!("<a href=\"/people/{}\" rel=", site.mentor.handle);
    assert_eq!(page.body.matches(&link).count(), 1, "{}", page.body);
    // A handle that nobody has is a word.
    mentee
        .say(&comments(&site), "@Override is Java")
        .assert_status(303);
}

#[test]
fn a_mention_of_somebody_who_may_not_read_it_is_refused_with_a_sentence_and_nothing_is_lost() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let words = format!("@{} knows all about it", site.stranger.handle);
    let refused = mentee.say(&comments(&site), &words);
    refused
        .assert_status(422)
        .assert_text(&site.stranger.name)
        .assert_text("cannot read this page")
        .assert_text(&words);
    assert_eq!(told(&site, "comment.written"), Vec::<String>::new());
    // Nor does an edit bring them in.
    let id = mentee.say(&comments(&site), "Somebody knows").comment();
    edit(&mentee, id, &words)
        .assert_status(422)
        .assert_text("cannot read this page");
    // Where everyone reads, everyone can be mentioned.
    let drill = site.debrief_drill();
    mentee
        .say(&path::drill_form(drill, "comments"), &words)
        .assert_status(303);
}

#[test]
fn whom_to_mention_is_chosen_from_a_list_of_those_who_read_it() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let page = path::history(site.ramp_id);
    let picking = mentee
        .form(&page, &comments(&site))
        .with("body", "Could you look?")
        .with("do", "pick")
        .send(&mentee);
    picking.assert_status(200).assert_text("Could you look?");
    let list = picking.part("name=\"mention\"", "</select>");
    assert!(
        list.contains(&site.mentor.handle) && list.contains(&site.admin.handle),
        "{list}"
    );
    assert!(!list.contains(&site.stranger.handle), "{list}");
    let inserted = crate::support::Form::on(&picking, &comments(&site))
        .with("mention", &site.mentor.handle)
        .with("do", "insert")
        .send(&mentee);
    let with = format!("Could you look? @{}", site.mentor.handle);
    inserted.assert_status(200).assert_text(&with);
    assert_eq!(
        told(&site, "comment.written"),
        Vec::<String>::new(),
        "nothing is stored yet"
    );
    crate::support::Form::on(&picking, &comments(&site))
        .with("do", "insert")
        .send(&mentee)
        .assert_status(422)
        .assert_text("Choose someone to mention.");
    // Sent with somebody chosen: they are mentioned.
    crate::support::Form::on(&picking, &comments(&site))
        .with("mention", &site.mentor.handle)
        .send(&mentee)
        .assert_status(303);
    mentee.history_page(site.ramp_id).assert_text(&with);
}

#[test]
fn what_is_too_long_or_empty_comes_back() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    mentee
        .say(&comments(&site), " \n ")
        .assert_status(422)
        .assert_text("Write your comment.");
    let long = "x".repeat(4001);
    mentee
        .say(&comments(&site), &long)
        .assert_status(422)
        .assert_text("The limit is 4000.")
        .assert_text(&long);
    mentee.get("/comments/99999").assert_status(404);
    mentee.get("/comments/99999/edit").assert_status(404);
    mentee
        .send(
            &comments(&site),
            &[("body", "To nobody"), ("reply", "99999")],
        )
        .assert_status(404);
    mentee
        .get(&format!("{}?reply=x&moment=-1&before=abc", comments(&site)))
        .assert_status(200);
}

fn said(site: &Site, act: &Act, about: About, words: &str) -> Written {
    let key = Key {
        kind: PlaceKind::Ramp,
        name: site.ramp_id.to_string(),
    };
    site.app
        .db(|c| write(c, act, &key, about, Draft::parse(false, "", "", words)))
}

#[test]
fn a_comment_concerns_those_it_mentions_answers_and_who_follows() {
    let site = Site::open();
    let (mentee, mentor) = (site.act(Role::Mentee), site.act(Role::Mentor));
    // The ramp concerns the two of them; whoever writes follows from then on.
    let words = format!("@{} please look", site.qualifier.handle);
    let first = said(&site, &mentee, About::Place, &words);
    assert_eq!(
        first.told,
        [
            (site.mentor.id, Why::Follows),
            (site.qualifier.id, Why::Mentioned)
        ]
        .into()
    );
    let follow = path::ramp_form(site.ramp_id, "follow");
    let client = site.client(Role::Mentee);
    client.get(&comments(&site)).assert_text("You follow it");
    client
        .send(&follow, &[("choice", "mute")])
        .assert_status(303);
    client
        .history_page(site.ramp_id)
        .assert_text("Mentions and answers only");
    site.client(Role::OwnerLead)
        .send(&follow, &[("choice", "follow")])
        .assert_status(303);
    let second = said(&site, &mentor, About::Place, "In general");
    assert_eq!(second.told, [(site.owner_lead.id, Why::Follows)].into());
    let third = said(&site, &mentor, About::Comment(first.id), "An answer");
    assert_eq!(
        third.told,
        [
            (site.mentee.id, Why::Answered),
            (site.owner_lead.id, Why::Follows)
        ]
        .into()
    );
    client
        .send(&follow, &[("choice", "both")])
        .assert_status(422);
}
