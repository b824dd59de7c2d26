//! The wallboard: large for who is signed in, and by a secret address for the screen in a team's room.

use checkride::db::schema::{form_keys, memberships, screens};
use diesel::prelude::*;

use crate::permissions::owners;
use crate::support::{Answer, Form, Role, Site, told};

const PAGE: &str = "/board/screens";

/// The path of the address that an answer shows.
fn address(answer: &Answer) -> String {
    let shown = answer.body.split("<code class=\"cmd\">").nth(1).unwrap();
    let shown = shown.split('<').next().unwrap();
    shown[shown.find("/screen/").unwrap()..].to_owned()
}

fn make(site: &Site) -> String {
    let lead = site.client(Role::OwnerLead);
    let form = Form::on(&lead.get(PAGE), "/board/screens/address");
    address(form.send(&lead).assert_status(200))
}

#[test]
fn a_screen_shows_cover_and_clearances_and_leads_nowhere() {
    let site = Site::open();
    let path = make(&site);
    site.app.wait_hours(24 * 70);
    let seen = site.app.client().get(&path);
    seen.assert_status(200)
        .assert_text("Payments")
        .assert_text("2 of 2 At minimum")
        .assert_text(&site.mentor.name)
        .assert_text(&format!(
            "{} , Payments: practise by 21 Feb",
            site.mentor.name
        ));
    assert!(!seen.body.contains("<a "), "{}", seen.body);
    for secret in [&site.mentor.email, &site.mentee.name, &site.owner_lead.name] {
        assert!(!seen.body.contains(secret.as_str()), "{secret}");
    }
    let header = |name: &str| seen.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("x-robots-tag"), "noindex");
    assert_eq!(header("cache-control"), "no-store");
    assert!(
        seen.body
            .contains("<noscript><meta http-equiv=\"refresh\" content=\"60\">")
    );
    // The lead sees that it is read; who is signed in opens the same from the board.
    let lead = site.client(Role::OwnerLead);
    lead.get(PAGE).assert_text("last read");
    for own in [
        "/board?tv".to_owned(),
        format!("/board?tv&team={}", owners(&site)),
    ] {
        site.client(Role::Stranger)
            .get(&own)
            .assert_status(200)
            .assert_text("2 of 2 At minimum");
    }
    site.app.client().get("/board?tv").assert_status(303);
}

#[test]
fn an_address_is_shown_once_replaced_and_ended_and_its_secret_is_nowhere() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let read = |path: &str| site.app.client().get(path);
    let form = Form::on(&lead.get(PAGE), "/board/screens/address");
    let first = address(form.send(&lead).assert_status(200));
    // Sent twice it makes no other one, and shows it no more.
    let again = form.send(&lead);
    again.assert_status(303);
    assert!(!lead.get(PAGE).body.contains(&first));
    read(&first).assert_status(200);
    let second = make(&site);
    read(&second).assert_status(200);
    let gone = read(&first);
    Form::on(&lead.get(PAGE), "/board/screens/end")
        .send(&lead)
        .assert_status(303);
    lead.get(PAGE).assert_text("No address");
    let said = |page: &Answer| page.text().split("name request").next().unwrap().to_owned();
    let never = read("/screen/x");
    for other in [gone, read(&second)] {
        other.assert_status(404);
        assert_eq!(said(&other), said(&never), "one that was looks like none");
    }
    let (hashes, kept): (Vec<String>, Vec<(String, String)>) = site.app.db(|c| {
        Ok((
            screens::table.select(screens::token_hash).load(c)?,
            form_keys::table
                .select((form_keys::location, form_keys::flash))
                .load(c)?,
        ))
    });
    let secret = second.trim_start_matches("/screen/");
    assert!(!format!("{hashes:?} {kept:?}").contains(secret));
    assert_eq!(told(&site, "screen.made").len(), 2);
    assert_eq!(told(&site, "screen.ended").len(), 1);
}

#[test]
fn an_address_works_only_while_who_made_it_could_make_it() {
    let site = Site::open();
    let path = make(&site);
    let read = || site.app.client().get(&path).status;
    let lead_is = |is_lead: bool| {
        site.app.db(|c| {
            let own = memberships::table.filter(memberships::person_id.eq(site.owner_lead.id));
            diesel::update(own)
                .set(memberships::is_lead.eq(is_lead))
                .execute(c)?;
            Ok(())
        });
    };
    assert_eq!(read(), 200);
    lead_is(false);
    assert_eq!(read(), 404);
    site.client(Role::Administrator)
        .get(PAGE)
        .assert_text("It no longer works: Ruth Abara may no longer show it");
    lead_is(true);
    assert_eq!(read(), 200);
    site.client(Role::Administrator)
        .send(
            &format!("/admin/people/{}/deactivate", site.owner_lead.handle),
            &[("reason", "Left"), ("confirm", "yes")],
        )
        .assert_status(303);
    assert_eq!(read(), 404);
    // Who comes back makes a new one: the old address ended with them.
    site.client(Role::Administrator)
        .send(
            &format!("/admin/people/{}/reactivate", site.owner_lead.handle),
            &[],
        )
        .assert_status(303);
    lead_is(true);
    assert_eq!(read(), 404);
}

#[test]
fn two_who_make_one_at_once_leave_one_that_works() {
    let site = Site::open();
    let made = crate::support::at_once(2, |_| make(&site));
    let works = made
        .iter()
        .filter(|path| site.app.client().get(path).status == 200);
    assert_eq!(works.count(), 1);
}
