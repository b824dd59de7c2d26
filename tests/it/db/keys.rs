//! Keys of names and addresses that an older version made.

use checkride::db::schema::{people, postmortem_systems, postmortems, teams, text_keys};
use checkride::db::{Conn, keys, migrate};
use checkride::domain::people::{Email, Name, NewPerson, ZoneName, store};
use diesel::prelude::*;

use crate::support::{Database, at};

/// Someone as an older version kept them.
fn older(c: &mut Conn, name: &str, email: &str) -> i64 {
    let new = NewPerson {
        name: Name::parse("Someone").unwrap(),
        email: Email::parse(&format!(
            "p{}@example.com",
            store::everybody(c).unwrap().len()
        ))
        .unwrap(),
        time_zone: ZoneName::parse("UTC").unwrap(),
    };
    let id = store::insert_person(c, &new, false, at("2026-11-01T09:00:00Z")).unwrap();
    diesel::update(people::table.find(id))
        .set((
            people::name.eq(name),
            people::name_key.eq(name.to_lowercase()),
            people::email.eq(email),
            people::email_key.eq(email.to_lowercase()),
            people::sort_key.eq(""),
            people::search_key.eq(""),
        ))
        .execute(c)
        .unwrap();
    id
}

fn older_team(c: &mut Conn, name: &str) -> i64 {
    diesel::insert_into(teams::table)
        .values((
            teams::name.eq(name),
            teams::name_key.eq(name.to_lowercase()),
            teams::created_at.eq(at("2026-11-01T09:00:00Z")),
        ))
        .returning(teams::id)
        .get_result(c)
        .unwrap()
}

#[test]
fn an_older_database_gets_its_keys_and_who_meets_keeps_theirs_and_is_named() {
    let database = Database::migrated();
    let mut c = database.connect();
    let lone = older(&mut c, "E\u{301}lodie", "Mailto:Elodie@Example.com");
    let first = older(&mut c, "Ada", "ada@example.com\u{200b}");
    let second = older(&mut c, "Ada L.", "<ada@example.com>");
    let teams_of_old =
        ["\u{c9}quipe", "E\u{301}quipe", "Stra\u{df}e"].map(|name| older_team(&mut c, name));
    let document = crate::support::sample::document();
    let id: i64 = diesel::insert_into(postmortems::table)
        .values((
            postmortems::slug.eq("uberlast"),
            postmortems::title.eq("Überlast"),
            postmortems::state.eq(checkride::domain::postmortem::State::Draft),
            postmortems::severity.eq(document.severity),
            postmortems::occurred_at.eq(document.occurred_at),
            postmortems::minutes.eq(5),
            postmortems::content.eq(serde_json::to_string(&document).unwrap()),
            postmortems::search_key.eq("überlast\nder datenbank"),
            postmortems::created_at.eq(at("2026-11-01T09:00:00Z")),
            postmortems::edited_at.eq(at("2026-11-01T09:00:00Z")),
        ))
        .returning(postmortems::id)
        .get_result(&mut c)
        .unwrap();
    let two_that_become_one = ["o\u{302}\u{323}", "\u{f4}\u{323}"];
    for name in ["caf\u{e9}", "cafe\u{301}", "cdn"]
        .into_iter()
        .chain(two_that_become_one)
    {
        diesel::insert_into(postmortem_systems::table)
            .values((
                postmortem_systems::postmortem_id.eq(id),
                postmortem_systems::name.eq(name),
            ))
            .execute(&mut c)
            .unwrap();
    }
    diesel::update(text_keys::table)
        .set(text_keys::version.eq(0))
        .execute(&mut c)
        .unwrap();

    // Twice, because nothing is left to do the second time.
    for _ in 0..2 {
        assert_eq!(migrate::run(&database.target).unwrap(), 0);
        let of = |c: &mut Conn, id: i64| -> (String, String, String) {
            let keys = (people::email_key, people::name_key, people::search_key);
            people::table.find(id).select(keys).first(c).unwrap()
        };
        let key = |text: &str| text.to_owned();
        assert_eq!(
            of(&mut c, lone),
            (key("elodie@example.com"), key("élodie"), key("elodie"))
        );
        assert_eq!(of(&mut c, first).0, "ada@example.com\u{200b}");
        assert_eq!(of(&mut c, second).0, "<ada@example.com>");
        let named: Vec<String> = store::active(&mut c)
            .unwrap()
            .into_iter()
            .map(|p| p.name)
            .collect();
        assert_eq!(named, ["Ada", "Ada L.", "E\u{301}lodie"]);
        let keys_of_teams: Vec<String> = teams_of_old
            .iter()
            .map(|id| {
                teams::table
                    .find(id)
                    .select(teams::name_key)
                    .first(&mut c)
                    .unwrap()
            })
            .collect();
        assert_eq!(keys_of_teams, ["\u{e9}quipe", "e\u{301}quipe", "strasse"]);
        let found: String = postmortems::table
            .find(id)
            .select(postmortems::search_key)
            .first(&mut c)
            .unwrap();
        assert_eq!(found, "uberlast der datenbank");
        let mut systems: Vec<String> = postmortem_systems::table
            .select(postmortem_systems::name)
            .load(&mut c)
            .unwrap();
        systems.sort();
        assert_eq!(systems, ["caf\u{e9}", "cdn", "\u{1ed9}"]);
        assert_eq!(
            keys::meeting(&mut c).unwrap(),
            [
                "Ada (/people/p1) and Ada L. (/people/p2) have the same e-mail address. Change all but one.".to_owned(),
                format!(
                    "\u{c9}quipe (/admin/teams/{}) and E\u{301}quipe (/admin/teams/{}) are teams of the same name. \
                     Rename all but one.",
                    teams_of_old[0], teams_of_old[1]
                ),
            ]
        );
    }
}

#[test]
fn a_row_that_an_older_process_added_meanwhile_gets_its_keys_at_the_next_start() {
    let database = Database::migrated();
    let mut c = database.connect();
    let late = older(&mut c, "E\u{301}lodie", "elodie@xn--bcher-kva.example");
    assert_eq!(migrate::run(&database.target).unwrap(), 0);
    let keys = (people::email_key, people::sort_key, people::search_key);
    let made: (String, String, String) =
        people::table.find(late).select(keys).first(&mut c).unwrap();
    let sorted = checkride::text::sort_key("Élodie");
    assert_eq!(
        made,
        ("elodie@bücher.example".into(), sorted, "elodie".into())
    );
}
