//! Names and addresses as people type and paste them: read, sorted and found.

use checkride::domain::people::store::{active, by_id};

use crate::support::factory::PASSWORD;
use crate::support::{Form, Role, Site, path};

const NAMES: [&str; 8] = [
    "Zoe Young",
    "Élodie Martin",
    "Emma Stone",
    "Ádám Nagy",
    "Čestmír Dvořák",
    "Cecilia Ek",
    "Oscar Wild",
    "Ömer Çelik",
];

fn add(site: &Site, list: &str) {
    let admin = site.client(Role::Administrator);
    let form = Form::on(&admin.get(path::ADD_PEOPLE), path::ADD_PEOPLE)
        .with("list", list)
        .with("time_zone", "UTC");
    let looked = form.with("step", "look").send(&admin);
    Form::on(&looked, path::ADD_PEOPLE)
        .with("step", "add")
        .send(&admin)
        .assert_status(200);
}

/// Where these stand in a text.
fn places(text: &str, names: &[&str]) -> Vec<usize> {
    let place = |name: &&str| {
        text.find(*name)
            .unwrap_or_else(|| panic!("{name} is not in {text}"))
    };
    names.iter().map(place).collect()
}

#[test]
fn names_stand_in_one_order_in_lists_files_and_choices() {
    let site = Site::open();
    let lines = NAMES.iter().enumerate();
    let list: String = lines
        .map(|(n, name)| format!("{name}, p{n}@example.com, Crew\n"))
        .collect();
    add(&site, &list);
    let right = [
        "Ádám Nagy",
        "Cecilia Ek",
        "Čestmír Dvořák",
        "Élodie Martin",
        "Emma Stone",
        "Ömer Çelik",
        "Oscar Wild",
        "Zoe Young",
    ];
    let admin = site.client(Role::Administrator);
    for page in [
        "/people?team=crew",
        "/board?team=crew",
        "/board.csv?team=crew",
        "/admin/people",
    ] {
        let body = admin.get(page).assert_status(200).text();
        assert!(places(&body, &right).is_sorted(), "{page}: {body}");
    }
    let all: Vec<String> = site.app.db(active).into_iter().map(|p| p.name).collect();
    assert!(places(&all.join("\n"), &right).is_sorted(), "{all:?}");
}

#[test]
fn people_are_found_without_marks_case_or_hyphens() {
    let site = Site::open();
    add(
        &site,
        "Lukas Novák, one@example.com\nTomás Herrera, two@example.com\nÇağla Yıldız, three@example.com\n\
         Łukasz O’Neil-Błąd, four@example.com\n",
    );
    let lead = site.client(Role::OwnerLead);
    let admin = site.client(Role::Administrator);
    for (typed, name) in [
        ("novak", "Lukas Novák"),
        ("NOV%C3%81K", "Lukas Novák"),
        ("nova%CC%81k", "Lukas Novák"),
        ("tomas", "Tomás Herrera"),
        ("cagla+yildiz", "Çağla Yıldız"),
        ("oneil+blad", "Łukasz O’Neil-Błąd"),
        ("O%27Neil", "Łukasz O’Neil-Błąd"),
    ] {
        for page in [
            format!("/people?q={typed}"),
            format!("/ramps/new?area=payments&who={typed}"),
            format!("/ramps/{}/add-mentor?find={typed}", site.ramp_id),
            format!("/drills/new?area=payments&find={typed}"),
        ] {
            lead.get(&page).assert_status(200).assert_text(name);
        }
        for page in [
            format!("/admin/people?q={typed}"),
            format!("/admin/audit?who={typed}"),
        ] {
            admin.get(&page).assert_status(200).assert_text(name);
        }
    }
}

#[test]
fn a_search_of_any_length_is_answered() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let long = "x".repeat(60_000);
    for page in [
        "/people?q=",
        "/library?q=",
        "/admin/people?q=",
        "/admin/audit?who=",
        "/ramps/new?area=payments&who=",
        "/ramps/new?area=payments&find=",
        "/drills/new?area=payments&find=",
        "/admin/teams/1?q=",
    ] {
        let answer = admin.get(&format!("{page}{long}"));
        assert!(
            matches!(answer.status, 200 | 403 | 422),
            "{page}: {}",
            answer.status
        );
        assert!(
            answer.body.len() < 60_000,
            "{page} shows more than it looks for"
        );
    }
    let (wildcards, wide) = ("%25_!%5C".repeat(100), "%E9%9A%9C".repeat(6_000));
    for words in [wildcards, wide] {
        admin
            .get(&format!("/people?q={words}"))
            .assert_status(200)
            .assert_text("Nobody matches.");
    }
}

#[test]
fn who_chooses_people_learns_nothing_of_their_addresses() {
    let site = Site::open();
    let email = &site.stranger.email;
    let lead = site.client(Role::OwnerLead);
    for part in [
        email.as_str(),
        "@example",
        &email[..email.find('@').unwrap() + 2],
    ] {
        for page in [
            format!("/people?q={part}"),
            format!("/ramps/new?area=payments&who={part}"),
            format!("/ramps/{}/add-mentor?find={part}", site.ramp_id),
        ] {
            let shown = lead.get(&page).assert_status(200).text();
            assert!(!shown.contains(&site.stranger.name), "{page}");
        }
    }
    lead.get(&format!("/people?q={}", site.stranger.handle))
        .assert_text(&site.stranger.name);
    site.client(Role::Administrator)
        .get(&format!("/admin/people?q={email}"))
        .assert_text(&site.stranger.name);
}

#[test]
fn an_address_is_read_as_it_is_pasted_and_fits_at_sign_in() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let page = format!("/admin/people/{}", site.mentee.handle);
    let details = |email: &str| {
        let shown = admin.get(&page);
        Form::on(&shown, &format!("{page}/details"))
            .with("email", email)
            .send(&admin)
    };
    for pasted in [
        "<leila@example.org>",
        "mailto:leila@example.org",
        "Leila Haddad <Leila@Example.org>",
        "leila@example.org;",
        "\u{feff}leila@exa\u{200b}mple.org,",
    ] {
        details(pasted).assert_leads_to(&page);
        let kept = site.app.db(|c| by_id(c, site.mentee.id)).unwrap().email;
        assert_eq!(kept.to_lowercase(), "leila@example.org", "{pasted:?}");
        for typed in [pasted, " LEILA@EXAMPLE.ORG "] {
            site.app
                .client()
                .sign_in(typed, PASSWORD)
                .assert_status(303);
        }
    }
    // A browser sends the domain of an address field in ASCII.
    for (kept, typed) in [
        ("leila@b\u{fc}cher.example", "leila@xn--bcher-kva.example"),
        ("leila@xn--bcher-kva.example", "Leila@B\u{dc}CHER.example"),
    ] {
        details(kept).assert_leads_to(&page);
        let client = site.app.client();
        client.sign_in(typed, PASSWORD).assert_status(303);
    }
    let bomb = format!("@{}", "<>".repeat(20_000));
    let client = site.app.client();
    client.sign_in(&bomb, PASSWORD).assert_status(422);
    for wrong in [
        "em@example..com",
        "a@b, c@d",
        "leila@example.org <other@example.org>",
        "a:b@c.d",
    ] {
        details(wrong)
            .assert_status(422)
            .assert_text("is not an e-mail address");
    }
    details("Ruth <RUTH.ABARA@example.com>")
        .assert_status(422)
        .assert_text("There is already a person with the e-mail RUTH.ABARA@example.com.");
}

#[test]
fn a_name_with_a_sign_that_hides_is_refused_by_its_number_and_two_forms_are_one_team() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let page = format!("/admin/people/{}", site.mentee.handle);
    let shown = admin.get(&page);
    for (sign, number) in [
        ('\u{200b}', "U+200B"),
        ('\u{202e}', "U+202E"),
        ('\u{3164}', "U+3164"),
    ] {
        let name = format!("Leila{sign}Haddad");
        let answer = Form::on(&shown, &format!("{page}/details"))
            .with("name", &name)
            .send(&admin);
        answer
            .assert_status(422)
            .assert_text(&format!("The name holds an invisible sign ({number})"));
        assert!(answer.body.contains(&name), "what was typed stays");
    }
    admin
        .send("/admin/teams", &[("name", "Équipe")])
        .assert_status(303);
    admin
        .send("/admin/teams", &[("name", "E\u{301}QUIPE")])
        .assert_status(422)
        .assert_text("There is already a team called ÉQUIPE.");
    let list = "Ada, ada@example.com, E\u{301}quipe\nBo, bo@example.com, \u{c9}quipe\n";
    add(&site, list);
    let teams = site.app.db(checkride::domain::people::store::teams);
    assert_eq!(teams.iter().filter(|t| t.name == "Équipe").count(), 1);
    assert_eq!(teams.len(), 3);
}

#[test]
fn a_password_signs_in_from_every_keyboard() {
    let site = Site::open();
    let composed = "ma\u{f1}ana p\u{e4}ssw\u{f6}rd";
    let decomposed = "man\u{303}ana pa\u{308}sswo\u{308}rd";
    let change = [
        ("current_password", PASSWORD),
        ("new_password", decomposed),
        ("repeat_password", composed),
    ];
    site.client(Role::Mentee)
        .send(path::PASSWORD_FORM, &change)
        .assert_status(303);
    for typed in [composed, decomposed] {
        site.app
            .client()
            .sign_in(&site.mentee.email, typed)
            .assert_status(303);
    }
}
