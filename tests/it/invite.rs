//! Coming in by a one-time link.

use checkride::db::schema::{audit_entries, form_keys, invites, people, sign_in_attempts};
use checkride::domain::audit::Verdict;
use checkride::domain::auth::{ADDRESS_TRIES, WINDOW_SECONDS};
use checkride::domain::invite::DAYS;
use checkride::domain::outbox::Letter;
use checkride::domain::people::store::by_email;
use diesel::prelude::*;

use crate::mail::{mail, read};
use crate::outbox::all;
use crate::support::factory::PASSWORD;
use crate::support::smtp::Speaks;
use crate::support::{Answer, Client, Form, Role, Site, Smtp, TestApp, at_once, path, verified};

const NEW: &str = "eight loud magpies";
const CHOSEN: [(&str, &str); 2] = [("password", NEW), ("repeat_password", NEW)];

/// The administrator adds somebody; the answer shows the link.
fn add(admin: &Client) -> Answer {
    let page = admin.get(path::ADD_PERSON);
    let form = Form::on(&page, path::ADD_PERSON)
        .with("name", "Noor Haddad")
        .with("email", "noor.haddad@example.com");
    form.send(admin).assert_status(200).clone()
}

/// The path of the link a page shows.
fn link(page: &Answer) -> String {
    let text = page.text();
    let at = text
        .find("/invite/")
        .unwrap_or_else(|| panic!("no link: {text}"));
    text[at..].split_whitespace().next().unwrap().to_owned()
}

/// A link for the mentee of a site.
fn invited(site: &Site) -> String {
    let admin = site.client(Role::Administrator);
    let page = admin.send(&format!("/admin/people/{}/invite", site.mentee.handle), &[]);
    link(page.assert_status(200))
}

#[test]
fn who_is_added_comes_in_by_a_link_that_works_once() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let page = add(&admin);
    page.assert_text("Copy now: this page is the only place that ever shows this link.");
    let link = link(&page);
    assert!(page.body.contains(&format!("{}{link}", site.app.base)));

    let newcomer = site.app.client();
    newcomer
        .get(&link)
        .assert_status(200)
        .assert_text("This link is for Noor Haddad. Choose a password.");
    assert!(!newcomer.get(&link).body.contains("noor.haddad@"));
    let short = [("password", "short"), ("repeat_password", "short")];
    let answer = newcomer.post(&link, &short);
    answer
        .assert_status(422)
        .assert_text("Use at least 12 characters");
    let differ = [("password", NEW), ("repeat_password", PASSWORD)];
    let answer = newcomer.post(&link, &differ);
    answer
        .assert_status(422)
        .assert_text("The two passwords differ.");
    assert!(!answer.body.contains(NEW), "a password came back");

    newcomer.post(&link, &CHOSEN).assert_leads_to("/");
    assert!(newcomer.is_signed_in());
    newcomer.get("/account").assert_text("Noor Haddad");
    let again = site.app.client();
    again
        .get(&link)
        .assert_status(410)
        .assert_text("The link for Noor Haddad was used on Mon 23 Nov, 09:00");
    again.post(&link, &CHOSEN).assert_status(410);
    assert!(!again.is_signed_in());
    again
        .sign_in("noor.haddad@example.com", NEW)
        .assert_leads_to("/");
}

/// What a letter says, and its link.
fn mailed(site: &Site, email: &str) -> Vec<(Letter, String)> {
    let all = all(&site.app);
    let own = all.iter().filter(|m| m.address == email);
    own.map(|m| {
        let letter = Letter::from_json(&m.body).unwrap();
        let link = letter.button.clone().unwrap().1;
        (letter, link)
    })
    .collect()
}

#[test]
fn who_is_added_gets_the_link_by_mail_once() {
    let server = Smtp::start(Speaks::Plain, false);
    let site = Site::open_on(TestApp::start_with(|app| app.mail = mail(&server)));
    let admin = site.client(Role::Administrator);
    let page = admin.get(path::ADD_PERSON);
    page.assert_text("Their link is mailed there.");
    let form = Form::on(&page, path::ADD_PERSON)
        .with("name", "Noor Haddad")
        .with("email", "noor.haddad@example.com");
    form.clone()
        .with("email", "noor.haddad@")
        .send(&admin)
        .assert_status(422);
    assert_eq!(all(&site.app), []);
    let shown = form.send(&admin);
    shown.assert_text("It is mailed to its person.");
    form.send(&admin).assert_status(303);
    let letters = mailed(&site, "noor.haddad@example.com");
    assert_eq!(letters.len(), 1);
    assert!(letters[0].0.is_secret);
    assert_eq!(letters[0].1, link(&shown));

    site.app.send_mails();
    let arrived = server.arrived();
    assert!(
        arrived[0].to.contains("<noor.haddad@example.com>"),
        "{}",
        arrived[0].to
    );
    let text = read(&arrived[0]).body_text(0).unwrap().into_owned();
    assert!(text.contains(&link(&shown)), "{text}");
    assert_eq!(all(&site.app)[0].body, "", "the link is kept nowhere");
}

#[test]
fn everyone_new_of_a_list_gets_their_own_link_by_mail() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let list = "Dana Lee, dana@example.com\n\
                Leila, leila.haddad@example.com\n\
                Pat Oh, pat@example.com\n";
    let page = admin.get(path::ADD_PEOPLE);
    let form = Form::on(&page, path::ADD_PEOPLE).with("list", list);
    let looked = form.with("step", "look").send(&admin);
    assert_eq!(all(&site.app), [], "looking mails nothing");
    let add = Form::on(&looked, path::ADD_PEOPLE).with("step", "add");
    let added = add.send(&admin);
    add.send(&admin).assert_status(303);
    assert_eq!(all(&site.app).len(), 2, "nobody who was here, nobody twice");
    for email in ["dana@example.com", "pat@example.com"] {
        let own = mailed(&site, email);
        assert_eq!(own.len(), 1);
        added.assert_text(&format!("<{email}>: {}{}", site.app.base, own[0].1));
    }
}

#[test]
fn the_link_is_shown_once_and_nowhere_stored() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let page = admin.get(path::ADD_PERSON);
    let form = Form::on(&page, path::ADD_PERSON)
        .with("name", "Noor Haddad")
        .with("email", "noor.haddad@example.com");
    let secret = link(&form.send(&admin)).replace("/invite/", "");
    // Loading the answer again sends the form again: nobody is added twice, and nothing is shown.
    let again = form.send(&admin);
    again.assert_leads_to("/admin/people/noor-haddad");
    assert!(!again.body.contains(&secret));
    assert!(
        !admin
            .get("/admin/people/noor-haddad")
            .body
            .contains(&secret)
    );
    let kept: Vec<String> = site.app.db(|c| {
        let mut kept: Vec<String> = audit_entries::table
            .select(audit_entries::details)
            .load(c)?;
        kept.extend(
            audit_entries::table
                .select(audit_entries::object)
                .load::<String>(c)?,
        );
        kept.extend(
            invites::table
                .select(invites::token_hash)
                .load::<String>(c)?,
        );
        kept.extend(
            form_keys::table
                .select(form_keys::location)
                .load::<String>(c)?,
        );
        kept.extend(
            form_keys::table
                .select(form_keys::flash)
                .load::<String>(c)?,
        );
        let keys = sign_in_attempts::table.select(sign_in_attempts::account_key);
        kept.extend(keys.load::<String>(c)?);
        Ok(kept)
    });
    assert!(kept.len() > 10);
    for text in kept {
        assert!(!text.contains(&secret), "{text}");
    }
}

#[test]
fn a_newer_link_a_revoked_one_and_an_old_one_say_what_they_are() {
    let site = Site::open();
    let (first, second) = (invited(&site), invited(&site));
    let somebody = site.app.client();
    somebody
        .get(&first)
        .assert_status(410)
        .assert_text("The link for Leila Haddad was taken back");
    somebody.get(&second).assert_status(200);
    let admin = site.client(Role::Administrator);
    let revoke = format!("/admin/people/{}/revoke-invite", site.mentee.handle);
    admin.send(&revoke, &[]).assert_status(303);
    somebody.post(&second, &CHOSEN).assert_status(410);
    let third = invited(&site);
    site.app.wait_hours(24 * DAYS - 1);
    somebody.get(&third).assert_status(200);
    site.app.wait_hours(1);
    somebody
        .get(&third)
        .assert_status(410)
        .assert_text("This link has expired");
    somebody.post(&third, &CHOSEN).assert_status(410);
    let lost = format!("/invite/{}", "0".repeat(64));
    somebody
        .get(&lost)
        .assert_status(404)
        .assert_text("This link is not known");
    assert!(!somebody.is_signed_in());
}

#[test]
fn a_new_password_by_link_ends_the_sessions_before_it() {
    let site = Site::open();
    let before = site.client(Role::Mentee);
    let link = invited(&site);
    let mentee = site.app.client();
    mentee.post(&link, &CHOSEN).assert_leads_to("/");
    assert!(mentee.is_signed_in() && !before.is_signed_in());
    let old = site.app.client();
    old.sign_in(&site.mentee.email, PASSWORD).assert_status(422);
}

#[test]
fn who_left_does_not_come_in_by_an_old_link() {
    let site = Site::open();
    let link = invited(&site);
    let admin = site.client(Role::Administrator);
    let path = format!("/admin/people/{}", site.mentee.handle);
    admin
        .send(&format!("{path}/deactivate"), &[("reason", "Moved on")])
        .assert_status(303);
    let gone = site.app.client();
    gone.post(&link, &CHOSEN).assert_status(410);
    admin
        .send(&format!("{path}/invite"), &[])
        .assert_status(409)
        .assert_text("Leila Haddad has left.");
    admin
        .send(&format!("{path}/reactivate"), &[])
        .assert_status(303);
    gone.post(&link, &CHOSEN).assert_status(410);
    assert!(!gone.is_signed_in());
}

#[test]
fn of_two_who_use_a_link_at_once_one_comes_in() {
    for round in 0..8 {
        let site = Site::open();
        let link = invited(&site);
        let both = [site.app.client(), site.app.client()];
        let mut statuses = at_once(2, |n| both[n].post(&link, &CHOSEN).status);
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 410], "round {round}");
        let signed_in = both.iter().filter(|c| c.is_signed_in()).count();
        assert_eq!(signed_in, 1);
        let used = site.app.db(|c| {
            assert!(matches!(verified(c)?, Verdict::Whole { .. }));
            let used = audit_entries::table.filter(audit_entries::action.eq("invite.used"));
            Ok(used.count().get_result::<i64>(c)?)
        });
        assert_eq!(used, 1);
    }
}

#[test]
fn guessing_links_is_throttled_like_signing_in() {
    let site = Site::open();
    let link = invited(&site);
    let somebody = site.app.client();
    // Looking at one's own link again and again is no guess.
    for _ in 0..20 {
        somebody.get(&link).assert_status(200);
    }
    for n in 0..ADDRESS_TRIES {
        let guess = format!("/invite/{n:064}");
        somebody.get(&guess).assert_status(404);
    }
    somebody.get(&link).assert_status(429);
    somebody.post(&link, &CHOSEN).assert_status(429);
    // Those who sign in from there are not those who guess.
    site.client(Role::Administrator);
    site.app.wait_seconds(WINDOW_SECONDS + 1);
    somebody.get(&link).assert_status(200);
}

#[test]
fn the_first_administrator_comes_in_by_the_set_up_link() {
    let app = TestApp::start();
    let now = app.now();
    let offered =
        |c: &mut checkride::db::Conn| checkride::usecases::invite::actions::offer_setup(c, now);
    let old = app.db(offered).unwrap().setup_link("");
    let link = app.db(offered).unwrap().setup_link("");
    let somebody = app.client();
    somebody
        .get("/sign-in")
        .assert_text("Open the set-up link that checkride serve printed");
    somebody.get(&old).assert_status(410);
    somebody
        .get(&link)
        .assert_status(200)
        .assert_text("Set up Checkride");
    let typed = [
        ("name", "Ada King"),
        ("email", "ada@example.com"),
        ("time_zone", "Europe/Lisbon"),
        ("password", NEW),
        ("repeat_password", NEW),
    ];
    let wrong = [&typed[1..2], &typed[3..]].concat();
    let answer = somebody.post(&link, &wrong);
    answer.assert_status(422).assert_text("Enter a name.");
    assert!(answer.body.contains("ada@example.com"));

    let both = [app.client(), app.client()];
    let mut statuses = at_once(2, |n| both[n].post(&link, &typed).status);
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
    let ada = app.db(|c| by_email(c, "ada@example.com")).unwrap();
    assert!(ada.is_admin);
    assert_eq!(
        app.db(|c| Ok(people::table.count().get_result::<i64>(c)?)),
        1
    );
    assert!(
        app.db(|c| checkride::usecases::invite::actions::offer_setup(c, now))
            .is_none()
    );
}
