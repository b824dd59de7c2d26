//! The index: made from what an older version wrote, kept up to date, and empty of who was erased.

use checkride::db::schema::{people, search_entries, search_index};
use checkride::db::{Purpose, transaction};
use checkride::demo;
use checkride::domain::audit::Act;
use checkride::domain::people::{Actor, Reason, store};
use checkride::domain::search::{Kind, Sought};
use checkride::usecases::people::actions::deactivate;
use checkride::usecases::people::erase::erase;
use checkride::usecases::search::{Hit, Wanted, find, rebuild, renew};
use diesel::prelude::*;

use crate::support::{Database, Role, Site, at};

fn found(c: &mut checkride::db::Conn, typed: &str) -> Vec<Hit> {
    let wanted = Wanted {
        sought: Sought::parse(typed).unwrap(),
        kind: None,
        after: 0,
        limit: 100,
    };
    find(c, &Actor::operator(), &wanted).unwrap()
}

/// Everything in the index, but for the numbers of its rows.
pub(super) fn all(c: &mut checkride::db::Conn) -> Vec<(Kind, i64, String, String, String)> {
    search_entries::table
        .order((
            search_entries::kind,
            search_entries::ref_id,
            search_entries::code,
        ))
        .select((
            search_entries::kind,
            search_entries::ref_id,
            search_entries::code,
            search_entries::title,
            search_entries::digest,
        ))
        .load(c)
        .unwrap()
}

#[test]
fn the_index_of_the_demo_is_complete_without_being_made_anew() {
    let database = Database::migrated();
    demo::fill(&database.target, at("2026-11-23T09:00:00Z")).unwrap();
    let mut c = database.connect();
    let followed = all(&mut c);
    for kind in Kind::ALL {
        assert!(
            followed.iter().any(|row| row.0 == *kind),
            "no {kind:?} is found"
        );
    }
    transaction(&mut c, Purpose::Write, rebuild).unwrap();
    assert_eq!(followed, all(&mut c));
}

#[test]
fn what_an_older_version_wrote_is_found_after_the_upgrade() {
    let site = Site::open();
    let database = site.app.database();
    let mut c = database.connect();
    let ramp = "leila haddad, payments";
    assert!(
        found(&mut c, ramp).is_empty(),
        "the ramp was put there by hand"
    );
    renew(&database.target).unwrap();
    assert_eq!(found(&mut c, ramp).len(), 1);
    // It is made once: what is not in it stays out until the way of making it changes.
    diesel::delete(search_entries::table)
        .execute(&mut c)
        .unwrap();
    renew(&database.target).unwrap();
    assert!(found(&mut c, ramp).is_empty());
    diesel::update(search_index::table)
        .set(search_index::version.eq(0))
        .execute(&mut c)
        .unwrap();
    renew(&database.target).unwrap();
    assert_eq!(found(&mut c, ramp).len(), 1);
}

#[test]
fn a_name_that_changes_is_found_wherever_it_is_shown() {
    let site = super::site();
    site.hold_session(30);
    super::index(&site);
    let admin = site.client(Role::Administrator);
    let address = format!("/admin/people/{}", site.mentee.handle);
    let form = admin.form(&address, &format!("{address}/details"));
    form.with("name", "Łucja Ødegård")
        .send(&admin)
        .assert_status(303);
    let client = site.client(Role::Mentor);
    let before = super::results(&client, "leila haddad");
    assert!(!before.contains("Leila"), "{before}");
    let now = super::results(&client, "lucja odegard");
    for kind in ["Person", "Ramp", "Session"] {
        assert!(now.contains(kind), "{kind}: {now}");
    }
}

#[test]
fn who_is_erased_is_found_no_more() {
    let database = Database::migrated();
    let now = at("2026-11-23T09:00:00Z");
    demo::fill(&database.target, now).unwrap();
    let mut c = database.connect();
    let act = Act::operator(now);
    let reason = Reason::parse("Asked for in writing").unwrap();
    let person = store::by_handle_or_email(&mut c, "kenji-watanabe")
        .unwrap()
        .unwrap();
    assert!(found(&mut c, "kenji watanabe").len() > 1);
    transaction(&mut c, Purpose::Write, |c| {
        deactivate(c, &act, "kenji-watanabe", &reason)?;
        erase(c, &act, &person, &reason).map(|_| ())
    })
    .unwrap();
    let named: Vec<Hit> = found(&mut c, "kenji watanabe");
    assert!(named.is_empty(), "{named:?}");
    let shown = search_entries::table
        .filter(
            search_entries::title
                .like("%Kenji%")
                .or(search_entries::address.like("%kenji%")),
        )
        .count()
        .get_result::<i64>(&mut c)
        .unwrap();
    assert_eq!(shown, 0);
    let erased: String = people::table
        .find(person.id)
        .select(people::name)
        .first(&mut c)
        .unwrap();
    assert!(!found(&mut c, &erased).is_empty());
    assert_eq!(all(&mut c), {
        transaction(&mut c, Purpose::Write, rebuild).unwrap();
        all(&mut c)
    });
}
