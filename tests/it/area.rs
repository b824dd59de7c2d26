//! Areas in the browser's forms: set up, changed, archived; systems; who may sign.

use checkride::domain::area::model::Area;
use checkride::domain::area::{store, systems};
use checkride::domain::audit::Verdict;
use checkride::domain::clearance;
use checkride::domain::clearance::model::NewClearance;

use crate::support::form::Form;
use crate::support::{Answer, Client, Role, Site, at_once, factory, path, verified};

fn area(site: &Site, slug: &str) -> Area {
    site.app.db(|c| store::by_slug(c, slug)).unwrap()
}

fn new_area(client: &Client, query: &str) -> Form {
    let page = client.get(&format!("/areas/new{query}"));
    Form::on(page.assert_status(200), "/areas/new")
}

#[test]
fn an_area_from_a_template_has_its_standard_under_its_own_code_and_can_be_ramped_on_at_once() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    new_area(&admin, "?template=edge")
        .with("slug", "front-door")
        .with("code", "DOOR")
        .with("name", "The front door")
        .with("owner_team", "Payments")
        .send(&admin)
        .assert_leads_to("/areas/front-door");
    let page = admin.get("/areas/front-door/standard/v/1");
    page.assert_status(200)
        .assert_text("DOOR-A1")
        .assert_text("Published");
    let id = area(&site, "front-door").id;
    let today = site.app.now().day().to_string();
    let (mentee, mentor) = (site.stranger.id.to_string(), site.mentor.id.to_string());
    let ramp = [
        ("area", id.to_string()),
        ("mentee", mentee),
        ("primary", mentor),
        ("starts_on", today),
        ("interval_days", "7".into()),
    ];
    let ramp: Vec<(&str, &str)> = ramp.iter().map(|(n, v)| (*n, v.as_str())).collect();
    site.client(Role::OwnerLead)
        .start_ramp(&ramp)
        .assert_status(303);
}

#[test]
fn a_form_with_mistakes_comes_back_whole_with_a_sentence_for_each() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let answer = new_area(&admin, "")
        .with("name", "Second payments")
        .with("slug", "payments")
        .with("code", "PAY")
        .with("tier", "1")
        .with("summary", "The same once more.")
        .with("owner_team", "Payments")
        .send(&admin);
    answer
        .assert_status(422)
        .assert_text("This address belongs to Payments.")
        .assert_text("This code belongs to Payments.");
    let again = Form::on(&answer, "/areas/new");
    assert_eq!(again.get("name"), Some("Second payments"));
    assert_eq!(again.get("summary"), Some("The same once more."));
    let answer = again
        .with("slug", "Not One")
        .with("code", "pay1")
        .with("minimum_cover", "-1")
        .send(&admin);
    answer
        .assert_status(422)
        .assert_text("Write lower-case letters, digits and hyphens")
        .assert_text("Write 2 to 6 capital letters")
        .assert_text("Enter a whole number from 0 to 1000.");
}

#[test]
fn a_form_with_a_mistake_is_still_held_against_what_its_page_showed() {
    let site = Site::open();
    let [lead, admin] = [Role::OwnerLead, Role::Administrator].map(|role| site.client(role));
    let edit = "/areas/payments/edit";
    let opened = Form::on(&lead.get(edit), edit);
    Form::on(&admin.get(edit), edit)
        .with("name", "Checkout payments")
        .send(&admin)
        .assert_status(303);
    let wrong = opened.with("minimum_cover", "-1").send(&lead);
    wrong.assert_status(422);
    let again = Form::on(&wrong, edit).with("minimum_cover", "2");
    let told = again.send(&lead);
    told.assert_status(409)
        .assert_text("Someone changed this area while you were editing.");
    assert_eq!(area(&site, "payments").name, "Checkout payments");
    // Now they know: to save it again is a decision.
    Form::on(&told, edit).send(&lead).assert_status(303);
    assert_eq!(area(&site, "payments").name, "Payments");
}

#[test]
fn a_system_is_found_by_its_name_when_its_place_has_changed() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let systems = "/areas/payments/systems";
    for name in ["Ledger", "Gateway", "Vault"] {
        Form::on(
            &lead.get(&format!("{systems}/new")),
            &format!("{systems}/new"),
        )
        .with("name", name)
        .send(&lead)
        .assert_status(303);
    }
    let second = format!("{systems}/2");
    let opened = Form::on(&lead.get(&second), &second).with("reference", "gw-1");
    let first = format!("{systems}/1/remove");
    let form = Form::on(&lead.get(&format!("{systems}/1")), &first);
    form.with("reason", "Retired")
        .send(&lead)
        .assert_status(303);
    let told = opened.send(&lead);
    told.assert_status(409).assert_text("Gateway");
    let now_first = format!("{systems}/1");
    Form::on(&told, &now_first).send(&lead).assert_status(303);
    lead.get(&format!("{systems}/1")).assert_text("Gateway");
    lead.get(&second).assert_text("Vault");

    // One that is gone comes back as another one to add, with all that was typed.
    let opened = Form::on(&lead.get(&now_first), &now_first).with("reference", "gw-2");
    let wrong = opened.clone().with("name", "");
    let remove = format!("{now_first}/remove");
    Form::on(&lead.get(&now_first), &remove)
        .with("reason", "Retired")
        .send(&lead)
        .assert_status(303);
    for (form, status) in [(opened, 409), (wrong, 422)] {
        let back = form.send(&lead);
        back.assert_status(status)
            .assert_text("Someone renamed or removed this system.");
        let added = Form::on(&back, &format!("{systems}/new"));
        assert_eq!(added.get("reference"), Some("gw-2"));
    }
    lead.get(&now_first).assert_text("Vault");
}

#[test]
fn of_two_who_change_an_area_at_once_one_is_told_and_loses_nothing_typed() {
    let site = Site::open();
    let clients = [Role::OwnerLead, Role::Administrator].map(|role| site.client(role));
    let answers: Vec<Answer> = at_once(clients.len(), |n| {
        let client = &clients[n];
        let page = client.get("/areas/payments/edit");
        let name = ["From the lead", "From the administrator"][n];
        let form = Form::on(&page, "/areas/payments/edit");
        // Both looked at the same revision, whoever is first.
        form.with("revision", "0").with("name", name).send(client)
    });
    let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let told = answers.iter().find(|a| a.status == 409).unwrap();
    told.assert_text("Someone changed this area while you were editing.");
    let typed = Form::on(told, "/areas/payments/edit");
    assert!(typed.get("name").unwrap().starts_with("From the"));
    assert_ne!(
        typed.get("name"),
        Some(area(&site, "payments").name.as_str())
    );
}

#[test]
fn an_archived_area_leaves_lists_and_choices_and_comes_back() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    admin
        .send("/areas/payments/archive", &[])
        .assert_status(409)
        .assert_text("1 ramp is open in Payments. End them first.");
    site.app.db(|c| {
        use checkride::domain::ramp::RampState;
        use checkride::domain::ramp::store::change_state;
        let way = (RampState::Active, RampState::Ended);
        change_state(c, site.ramp_id, way, "", site.owner_lead.id, site.app.now())
    });
    admin
        .send("/areas/payments/archive", &[])
        .assert_status(303);
    assert!(!admin.get("/areas").text().contains("Payments"));
    assert!(!admin.board().text().contains("Payments"));
    assert!(!admin.get(path::NEW_RAMP).text().contains("Payments"));
    admin
        .area_page("payments")
        .assert_status(200)
        .assert_text("This area is archived.");
    admin
        .send("/areas/payments/archive", &[])
        .assert_status(409);
    let ramp = [
        ("area", site.area_id.to_string()),
        ("mentee", site.stranger.id.to_string()),
        ("primary", site.mentor.id.to_string()),
        ("starts_on", site.app.now().day().to_string()),
        ("interval_days", "7".into()),
    ];
    let ramp: Vec<(&str, &str)> = ramp.iter().map(|(n, v)| (*n, v.as_str())).collect();
    admin
        .start_ramp(&ramp)
        .assert_status(422)
        .assert_text("There is no such area.");
    admin
        .send("/areas/payments/restore", &[])
        .assert_status(303);
    admin.board().assert_text("Payments");
}

#[test]
fn systems_keep_their_links_and_no_address_but_the_web_s_is_taken() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let (page, action) = ("/areas/payments/systems/new", "/areas/payments/systems/new");
    let answer = Form::on(&lead.get(page), action)
        .with("name", "Gateway")
        .with("title-0", "Runbook")
        .with("url-0", "javascript:alert(1)")
        .send(&lead);
    answer
        .assert_status(422)
        .assert_text("Write an address that starts with https:// or http://");
    Form::on(&answer, action)
        .with("url-0", "https://wiki.example.com/gateway")
        .send(&lead)
        .assert_status(303);
    let answer = Form::on(&lead.get(page), action)
        .with("name", "Gateway")
        .send(&lead);
    answer
        .assert_status(422)
        .assert_text("There is a system “Gateway” in this area already.");
    let kept = site.app.db(|c| systems::of_area(c, site.area_id));
    assert_eq!(kept.len(), 1);
    assert_eq!(
        kept[0].links,
        [("Runbook".into(), "https://wiki.example.com/gateway".into())]
    );
    let first = "/areas/payments/systems/1";
    let remove = format!("{first}/remove");
    let removal = Form::on(&lead.get(first), &remove);
    let back = removal.send(&lead);
    back.assert_status(422).assert_text("Say why.");
    assert_eq!(Form::on(&back, first).get("name"), Some("Gateway"));
    removal
        .with("reason", "Retired")
        .send(&lead)
        .assert_status(303);
    assert_eq!(site.app.db(|c| systems::of_area(c, site.area_id)), []);
}

#[test]
fn who_may_sign_is_designated_and_ended_with_dates_and_names() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let page = "/areas/payments/qualifiers";
    let someone = [("who", site.stranger.name.as_str())];
    lead.send(page, &someone).assert_status(303);
    lead.send(page, &someone)
        .assert_status(422)
        .assert_text("is designated already.");
    // An address says nothing about who has it.
    for unknown in ["nobody@example.org", &site.mentee.email] {
        lead.send(page, &[("who", unknown)])
            .assert_status(422)
            .assert_text("There is nobody here with the name or handle");
    }
    site.app
        .db(|c| store::end_designation(c, site.area_id, site.qualifier.id, None, site.app.now()));
    lead.get(page)
        .assert_text(&format!("Cleared in the area {}", site.qualifier.name))
        .assert_text("not cleared now, so cannot sign")
        .assert_text(&format!("by {}", site.owner_lead.name));
    let end = format!("{page}/{}/end", site.stranger.id);
    lead.get(&end)
        .assert_text("The area then has one qualifier who can sign: ");
    lead.send(&end, &[])
        .assert_status(422)
        .assert_text("Say why.");
    let why = [("reason", "Another area")];
    lead.send(&end, &why).assert_status(303);
    lead.send(&end, &why)
        .assert_status(409)
        .assert_text("is no longer designated for Payments.");
    let before = site.app.db(|c| store::designations(c, site.area_id));
    let ended = before
        .iter()
        .find(|d| d.person_id == site.stranger.id)
        .unwrap();
    assert_eq!(
        (ended.designated_by, ended.ended_by),
        (Some(site.owner_lead.id), Some(site.owner_lead.id))
    );
    assert!(ended.until.is_some());
    let verdict = site.app.db(verified);
    assert!(matches!(verdict, Verdict::Whole { .. }), "{verdict:?}");
}

#[test]
fn the_standard_of_an_archived_area_stays_as_it_is() {
    const DRAFT: &str = "/areas/payments/standard/draft";
    const WHY: &str = "Payments is archived. An administrator can bring it back.";
    let site = Site::open();
    let [lead, stranger] = [Role::OwnerLead, Role::Stranger].map(|role| site.client(role));
    let archive = |away: bool| {
        let now = site.app.now();
        site.app
            .db(|c| store::set_archived(c, site.area_id, away, now));
    };
    let start = [("from", "published")];
    archive(true);
    lead.send(DRAFT, &start).assert_status(409).assert_text(WHY);
    stranger.send(DRAFT, &start).assert_status(403);
    let page = lead.get(DRAFT);
    page.assert_status(200).assert_text(WHY);
    assert!(!page.has_form(DRAFT), "nothing is offered that is refused");

    archive(false);
    lead.send(DRAFT, &start).assert_status(303);
    archive(true);
    let versions = || {
        site.app
            .db(|c| checkride::domain::standard::store::of_area(c, site.area_id))
    };
    let before = versions();
    let at = ("revision", "2.0");
    let line = [
        at,
        ("statement", "Leads the call"),
        ("group", "incident"),
        ("required_level", "3"),
    ];
    let item = [
        at,
        ("text", "Lead the call"),
        ("group", "do"),
        ("done_by", "mentor"),
    ];
    let edits: [(&str, &[(&str, &str)]); 8] = [
        ("lines/PAY-A1/order", &[at, ("to", "down")]),
        ("lines/PAY-A1/remove", &[at]),
        ("lines/PAY-A1/put-back", &[at]),
        ("competencies/new", &line),
        ("competencies/PAY-A1", &line),
        ("items/PAY-K1", &item),
        ("gates", &[at, ("gate-levels", "on")]),
        ("publish", &[at, ("note", "Shorter")]),
    ];
    for (what, fields) in edits {
        let path = format!("{DRAFT}/{what}");
        lead.send(&path, fields).assert_status(409).assert_text(WHY);
        stranger.send(&path, fields).assert_status(403);
        if !what.starts_with("lines/") {
            lead.get(&path).assert_status(409).assert_text(WHY);
        }
    }
    assert_eq!(versions(), before);
    // It can be read, line by line, and nothing is offered.
    let page = lead.get(DRAFT);
    page.assert_text(WHY).assert_text("PAY-A1");
    assert!(!page.has_form(&format!("{DRAFT}/lines/PAY-A1/order")));
    assert!(!page.body.contains(&format!("\"{DRAFT}/")));

    archive(false);
    lead.send(&format!("{DRAFT}/competencies/PAY-A1"), &line)
        .assert_status(303);
}

#[test]
fn a_long_roster_comes_in_pages_and_its_file_is_whole() {
    let site = Site::open();
    let (now, days) = (site.app.now(), |n| site.app.now().day().plus_days(n));
    for n in 1..=60 {
        site.app.db(|c| {
            let name = format!("Cleared Nr {n:02}");
            let person = factory::member(c, now, &name, "UTC", None)?;
            let held = NewClearance::full((person.id, site.area_id), now, days(100 - n));
            clearance::store::insert(c, &held)
        });
    }
    let client = site.client(Role::Stranger);
    let first = client.get("/areas/payments");
    // The cleared by name; whoever ramps or has lapsed comes after them.
    first
        .assert_text("Cleared Nr 01")
        .assert_text("Cleared Nr 49");
    for later in ["Cleared Nr 55", "Leila Haddad"] {
        assert!(!first.text().contains(later), "{later}");
    }
    // Who ends next is named, on whichever page they are.
    first.assert_text("Cleared Nr 60");
    let second = client.get("/areas/payments?page=2");
    second
        .assert_text("Cleared Nr 55")
        .assert_text("Leila Haddad");
    assert!(!second.text().contains("Cleared Nr 01 "));
    assert!(first.body.contains("page=2#ro") && !first.body.contains("page=1#ro"));
    assert!(second.body.contains("page=1#ro") && !second.body.contains("page=3#ro"));
    // On a day to come, when some have ended.
    let ahead = client.get(&format!("/areas/payments?at={}", days(50)));
    ahead
        .assert_text("Cleared Nr 60")
        .assert_text("Cleared Nr 01");
    assert!(
        ahead
            .body
            .contains(&format!("?at={}&#38;page=2#ro", days(50)))
    );
    for beyond in ["900", "-1", "-9223372036854775808", "9223372036854775807"] {
        let page = client.get(&format!("/areas/payments?page={beyond}"));
        page.assert_text("Cleared Nr 01");
    }
    client
        .get("/areas/payments?page=none")
        .assert_text("Cleared Nr 01");
    let file = client.get("/areas/payments/people.csv").body;
    for name in ["Cleared Nr 01", "Cleared Nr 60", "Leila Haddad"] {
        assert!(file.contains(name), "{name}");
    }
}

#[test]
fn of_many_who_are_cleared_only_the_owner_team_is_a_list() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let (now, owner) = (site.app.now(), area(&site, "payments").owner_team_id);
    let page = "/areas/payments/qualifiers";
    let add = |from: i32, to: i32, team: Option<(i64, bool)>| {
        site.app.db(|c| {
            for n in from..to {
                let someone = factory::member(c, now, &format!("Cleared Nr {n}"), "UTC", team)?;
                let until = now.day().plus_days(90);
                let new = NewClearance::full((someone.id, site.area_id), now, until);
                clearance::store::insert(c, &new)?;
            }
            Ok(())
        });
    };
    add(0, 50, None);
    let all = lead.get(page);
    all.assert_text("Cleared in the area Cleared Nr 0 Cleared Nr 1 ");
    add(60, 61, None);
    lead.get(page).assert_text(
        "Nobody else of Payments is cleared, but people of other teams are. They can sign at once,",
    );
    add(50, 52, Some((owner, false)));
    let own = lead.get(page);
    own.assert_text("Cleared in the area, of Payments Cleared Nr 50 Cleared Nr 51 Or someone else");
    assert!(!own.text().contains("Cleared Nr 49"));
    own.assert_text("Too many are cleared for one list.");
    let typed = [("who", "Cleared Nr 7")];
    lead.send(page, &typed).assert_leads_to(page);
    lead.get(page).assert_text("Designated now Cleared Nr 7");
}
