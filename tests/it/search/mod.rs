//! Finding people, areas, ramps and the rest, and what one can do.

mod beside;
mod changes;
mod discussion;
mod followed;
mod rights;
mod shifts;

use checkride::usecases::search::rebuild;

use crate::support::{Answer, Client, Role, Site, path};

const SIGNED_IN: [Role; 7] = [
    Role::Stranger,
    Role::Mentee,
    Role::Mentor,
    Role::Qualifier,
    Role::OwnerLead,
    Role::MenteeLead,
    Role::Administrator,
];

/// A site whose index knows what was put there by hand.
fn site() -> Site {
    let site = Site::open();
    index(&site);
    site
}

fn index(site: &Site) {
    site.app.db(|c| rebuild(c).map(|_| ()));
}

fn search(client: &Client, typed: &str) -> Answer {
    let query = serde_html_form::to_string([("q", typed)]).unwrap();
    client.get(&format!("{}?{query}", path::SEARCH))
}

/// What was found: the part of the page below the words that were typed.
fn results(client: &Client, typed: &str) -> String {
    let page = search(client, typed);
    page.assert_status(200);
    page.part("id=\"results\"", "</main>")
}

/// Where the results lead.
fn links(page: &Answer) -> Vec<String> {
    let (_, results) = page.body.split_once("id=\"results\"").unwrap();
    let results = results.split("</main>").next().unwrap();
    let links = results.split("href=\"").skip(1);
    let links = links.map(|rest| rest.split('"').next().unwrap().to_owned());
    links.filter(|href| !href.contains("/assets/")).collect()
}

#[test]
fn everything_with_a_page_is_found_by_its_words() {
    let site = site();
    let session = site.plan_session(24);
    let slug = site.teach(&crate::support::sample::document());
    let drill = site.plan_drill();
    index(&site);
    let mentor = site.client(Role::Mentor);
    for (typed, address) in [
        ("leila", path::person(&site.mentee.handle)),
        ("HADDAD lei", path::person(&site.mentee.handle)),
        ("takes the money", "/areas/payments".into()),
        ("PAY-I2", "/areas/payments/standard/v/1#PAY-I2".into()),
        (
            "incident part 2",
            "/areas/payments/standard/v/1#PAY-I2".into(),
        ),
        ("haddad payments", path::ramp(site.ramp_id)),
        ("session leila", path::session(session)),
        ("captures doubl", format!("/library/{slug}")),
        ("shoppers charged twice", format!("/library/{slug}")),
        ("monday morning", path::drill(drill)),
        (
            "record a session with leila",
            path::new_session(site.ramp_id),
        ),
        ("plan shift", path::plan_shift(site.ramp_id)),
        ("drill in payments", "/drills/new?area=payments".into()),
        ("board", "/board".into()),
    ] {
        let page = search(&mentor, typed);
        page.assert_status(200);
        let links = links(&page);
        assert!(
            links.contains(&address),
            "{typed}: {address} is not in {links:?}"
        );
    }
}

#[test]
fn a_hit_shows_the_words_around_what_was_found() {
    let site = site();
    let page = search(&site.client(Role::Stranger), "authoris refund");
    let marked = "the money: <mark>authorisation</mark>, capture, <mark>refunds</mark>.";
    assert!(page.body.contains(marked), "{}", page.body);
    // The text is that of people: nothing of it is markup.
    let mentor = site.client(Role::Mentor);
    mentor.record_session(
        site.ramp_id,
        "Read <b>kafka</b> & \"lag\"",
        &[("minutes", "30")],
    );
    let page = search(&mentor, "kafka");
    let marked = "Read &#60;b&#62;<mark>kafka</mark>&#60;/b&#62; &#38; &#34;lag&#34;";
    assert!(page.body.contains(marked), "{}", page.body);
}

#[test]
fn letters_are_folded_and_scripts_without_spaces_are_found_in_parts() {
    let site = site();
    let mentor = site.client(Role::Mentor);
    mentor.record_session(
        site.ramp_id,
        "Café-Pumpe, Straße, Łódź, 障害対応の記録, データ",
        &[("minutes", "30")],
    );
    for typed in [
        "cafe",
        "CAFÉ",
        "strasse",
        "STRASSE",
        "lodz",
        "障害",
        "対応",
        "害",
        "記録",
        "データ",
        "ﾃﾞｰﾀ",
    ] {
        let found = results(&mentor, typed);
        assert!(found.contains("Session with Leila"), "{typed}: {found}");
    }
    for typed in ["cafeteria", "害障", "kafka"] {
        let found = results(&mentor, typed);
        assert!(found.contains("Nothing matches"), "{typed}: {found}");
    }
}

#[test]
fn mixed_scripts_and_single_characters_are_found() {
    let site = site();
    let mentor = site.client(Role::Mentor);
    mentor.record_session(
        site.ramp_id,
        "Kafka障害の対応, 2回目. APIが遅い; Ошибка шлюза",
        &[("minutes", "30")],
    );
    for typed in [
        "kafka障害",
        "障害 KAFKA",
        "障",
        "害",
        "応",
        "遅",
        "api 遅い",
        "apiが",
        "2回目",
        "шлюз",
        "о ш",
    ] {
        let found = results(&mentor, typed);
        assert!(found.contains("Session with Leila"), "{typed}: {found}");
    }
    for typed in ["kafka遅延", "害障", "対害"] {
        let found = results(&mentor, typed);
        assert!(found.contains("Nothing matches"), "{typed}: {found}");
    }
    // One letter of an alphabet begins nearly everything.
    for typed in ["o", "Ö", "ш", "7"] {
        search(&mentor, typed).assert_text("Type at least two letters or digits.");
    }
}

#[test]
fn the_best_fit_comes_first_and_a_kind_can_be_chosen() {
    let site = site();
    let mentor = site.client(Role::Mentor);
    mentor.record_session(
        site.ramp_id,
        "We read about payments, and again about payments",
        &[("minutes", "30")],
    );
    let hits = |query: &str| {
        let page = mentor.get(&format!("{}?{query}", path::SEARCH));
        let (_, hits) = page
            .assert_status(200)
            .body
            .split_once("id=\"hits\"")
            .unwrap();
        let links = hits.split("<li>").skip(1).map(|li| {
            let href = li.split("href=\"").nth(1).unwrap();
            href.split('"').next().unwrap().to_owned()
        });
        links.collect::<Vec<_>>()
    };
    // What is called so comes before what names it.
    assert_eq!(hits("q=payments")[0], "/areas/payments");
    let sessions = hits("q=payments&kind=session");
    assert!(!sessions.is_empty());
    assert!(
        sessions.iter().all(|href| href.starts_with("/sessions/")),
        "{sessions:?}"
    );
    assert!(hits("q=payments&kind=nonsense").len() > sessions.len());
}

#[test]
fn what_is_typed_stays_and_an_empty_search_teaches() {
    let site = site();
    let client = site.client(Role::Mentor);
    let page = search(&client, "  no such \"thing\" ");
    page.assert_status(200).assert_text("Nothing matches.");
    assert!(
        page.body.contains("value=\"no such &#34;thing&#34;\""),
        "{}",
        page.body
    );
    client
        .get(path::SEARCH)
        .assert_status(200)
        .assert_text("What you can do")
        .assert_text("Record a session with Leila Haddad, Payments");
    search(&client, "x")
        .assert_status(200)
        .assert_text("Type at least two letters or digits.");
}

#[test]
fn more_results_are_on_further_pages() {
    let site = site();
    for n in 0..25 {
        let name = format!("Zebra Nr {n}");
        let now = site.app.now();
        site.app
            .db(|c| crate::support::factory::member(c, now, &name, "UTC", None));
    }
    index(&site);
    let client = site.client(Role::Stranger);
    let first = search(&client, "zebra");
    first.assert_text("The best 20");
    let next = links(&first).pop().unwrap();
    let second = client.get(&next.replace("&#38;", "&").replace("&amp;", "&"));
    second.assert_status(200).assert_text("5 results");
    let people = |page: &Answer| {
        let people = links(page)
            .into_iter()
            .filter(|href| href.starts_with("/people/"));
        people.collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(people(&first).union(&people(&second)).count(), 25);
}
