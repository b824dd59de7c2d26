//! Lines flagged as stale: from the ramp over the draft to the thanks.

use checkride::db::schema::stale_flags;
use checkride::domain::ramp::{RampState, store as ramps};
use checkride::domain::stale::model::Flag;
use checkride::domain::stale::store;
use diesel::prelude::*;

use crate::support::told;
use crate::support::{Form, Role, Site, at_once, path};

const DRAFT: &str = "/areas/payments/standard/draft";
const FLAGS: &str = "/areas/payments/standard/flags";

fn form(site: &Site, code: &str) -> String {
    format!("{}/stale", path::item(site.ramp_id, code))
}

fn open(site: &Site) -> Vec<Flag> {
    site.app.db(|c| store::open_of_area(c, site.area_id))
}

/// Everybody says the link of the first item is out of date.
fn flagged(site: &Site, role: Role) {
    let fields = [("part", "link"), ("note", "The page moved")];
    site.client(role)
        .send(&form(site, "PAY-K1"), &fields)
        .assert_leads_to(&path::item_line(site.ramp_id, "PAY-K1"));
}

/// The form of the first item with another link.
fn relinked<'a>(revision: &'a str, link: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("revision", revision),
        ("text", "Read the failover runbook"),
        ("group", "read"),
        ("done_by", "mentee"),
        ("link", link),
    ]
}

const OLD: &str = "https://runbooks.example.com/payments/failover";
const NEW: &str = "https://runbooks.example.com/payments/failover-2";

#[test]
fn a_flag_is_answered_by_the_next_version_and_whoever_set_it_is_thanked() {
    let site = Site::open();
    flagged(&site, Role::Mentee);
    let mentee = site.client(Role::Mentee);
    mentee
        .checklist_page(site.ramp_id)
        .assert_text("Flagged as stale");
    let qualifier = site.client(Role::Qualifier);
    qualifier
        .get("/")
        .assert_text("1 checklist line flagged as stale");
    qualifier.get(FLAGS).assert_text("The page moved");

    qualifier
        .send(DRAFT, &[("from", "published")])
        .assert_status(303);
    let id = open(&site)[0].id.to_string();
    let line = format!("{DRAFT}/items/PAY-K1");
    qualifier
        .get(&line)
        .assert_text("The link: The page moved Leila Haddad");
    let mut as_it_was = relinked("2.0", OLD);
    as_it_was.push(("answers", &id));
    qualifier
        .send(&line, &as_it_was)
        .assert_status(422)
        .assert_text("Only a change of the line answers a flag.");
    let answer = format!("{FLAGS}/{id}/answer");
    qualifier
        .send(&answer, &[("answered", "yes")])
        .assert_status(409)
        .assert_text("The draft does not change PAY-K1.");
    qualifier
        .send(&line, &relinked("2.0", NEW))
        .assert_status(303);
    assert_eq!(
        open(&site)[0].answered_in,
        None,
        "nobody said that it answers the flag"
    );
    qualifier
        .send(&answer, &[("answered", "yes")])
        .assert_leads_to(FLAGS);
    qualifier.get(FLAGS).assert_text("answered by the draft");
    assert!(
        !qualifier.get("/").text().contains("flagged as stale"),
        "it waits for nobody"
    );

    let publish = [("revision", "2.1"), ("note", "The runbook moved")];
    qualifier
        .get(&format!("{DRAFT}/publish"))
        .assert_text("1 is answered and closed");
    qualifier
        .send(&format!("{DRAFT}/publish"), &publish)
        .assert_status(303);
    assert_eq!(open(&site), []);
    site.client(Role::Stranger)
        .get("/areas/payments/standard/v/2")
        .assert_text("Fixed thanks to Leila Haddad flagged PAY-K1");
    mentee
        .get("/")
        .assert_text("PAY-K1, Payments Fixed thanks to you");
    site.app.wait_hours(31 * 24);
    let mentee = site.client(Role::Mentee);
    assert!(
        !mentee.get("/").text().contains("Fixed thanks to you"),
        "told for 30 days"
    );
}

#[test]
fn a_flag_whose_line_is_changed_back_stays_open() {
    let site = Site::open();
    flagged(&site, Role::Mentor);
    let lead = site.client(Role::OwnerLead);
    lead.send(DRAFT, &[("from", "published")])
        .assert_status(303);
    let id = open(&site)[0].id.to_string();
    let line = format!("{DRAFT}/items/PAY-K1");
    let mut answered = relinked("2.0", NEW);
    answered.push(("answers", &id));
    lead.send(&line, &answered).assert_status(303);
    assert!(open(&site)[0].answered_in.is_some());
    // By a form that knows nothing of flags, as the import does.
    let back = relinked("2.1", OLD);
    lead.send(&line, &back).assert_status(303);
    let gates = [("revision", "2.2"), ("gate-levels", "on")];
    lead.send(&format!("{DRAFT}/gates"), &gates)
        .assert_status(303);
    let publish = [("revision", "2.3"), ("note", "Fewer gates")];
    lead.send(&format!("{DRAFT}/publish"), &publish)
        .assert_status(303);
    assert_eq!(open(&site)[0].answered_in, None);
}

#[test]
fn a_version_that_does_not_answer_a_flag_it_claimed_says_so_in_the_log() {
    let site = Site::open();
    flagged(&site, Role::Mentee);
    let lead = site.client(Role::OwnerLead);
    lead.send(DRAFT, &[("from", "published")])
        .assert_status(303);
    let flag = open(&site)[0].clone();
    // The line goes, which answers the flag; then somebody puts it back.
    let line = format!("{DRAFT}/lines/PAY-K1");
    lead.send(&format!("{line}/remove"), &[("revision", "2.0")])
        .assert_status(303);
    lead.send(
        &format!("{FLAGS}/{}/answer", flag.id),
        &[("answered", "yes")],
    )
    .assert_status(303);
    let draft = open(&site)[0].answered_in;
    assert!(draft.is_some());
    lead.send(&format!("{line}/put-back"), &[("revision", "2.1")])
        .assert_status(303);
    let gates = [("revision", "2.2"), ("gate-levels", "on")];
    lead.send(&format!("{DRAFT}/gates"), &gates)
        .assert_status(303);
    assert_eq!(told(&site, "stale.answered").len(), 1);
    let publish = [("revision", "2.3"), ("note", "Fewer gates")];
    lead.send(&format!("{DRAFT}/publish"), &publish)
        .assert_status(303);
    assert_eq!(open(&site), [flag], "it is open as it was");
    let answered: Vec<serde_json::Value> = told(&site, "stale.answered")
        .iter()
        .map(|details| serde_json::from_str(details).unwrap())
        .collect();
    let says = |draft: Option<i64>| serde_json::json!({ "item": "PAY-K1", "draft": draft });
    assert_eq!(answered, [says(draft), says(None)]);
    assert!(told(&site, "stale.closed").is_empty());
    site.client(Role::Qualifier)
        .get("/")
        .assert_text("1 checklist line flagged as stale");
}

#[test]
fn saving_a_line_leaves_the_answers_that_a_colleague_gave_since_the_form_was_opened() {
    let site = Site::open();
    flagged(&site, Role::Mentee);
    flagged(&site, Role::Mentor);
    let (lead, qualifier) = (site.client(Role::OwnerLead), site.client(Role::Qualifier));
    lead.send(DRAFT, &[("from", "published")])
        .assert_status(303);
    let line = format!("{DRAFT}/items/PAY-K1");
    let of = |flags: &[Flag]| {
        flags
            .iter()
            .map(|f| f.answered_in.is_some())
            .collect::<Vec<_>>()
    };
    let [first, second] = [0, 1].map(|n| open(&site)[n].id.to_string());
    let answer = |id: &str, said: &str| {
        qualifier
            .send(&format!("{FLAGS}/{id}/answer"), &[("answered", said)])
            .assert_leads_to(FLAGS);
    };
    let form = || Form::on(lead.get(&line).assert_status(200), &line);
    form().with("link", NEW).send(&lead).assert_status(303);

    // She answers the first flag while he edits the words.
    let edited = form().with("text", "Read the failover runbook twice");
    answer(&first, "yes");
    edited.send(&lead).assert_status(303);
    assert_eq!(of(&open(&site)), [true, false]);

    // He answers the second one on the line, while she takes hers back.
    let ticked = form().with("answers", &first);
    let mut both = ticked.clone();
    both.fields.push(("answers".into(), second.clone()));
    answer(&first, "no");
    both.send(&lead).assert_status(303);
    assert_eq!(of(&open(&site)), [false, true]);

    // A form that comes back shows what she said since, and what he changed on it.
    let mut cleared = form().with("text", "");
    cleared.fields.retain(|(name, _)| name != "answers");
    answer(&first, "yes");
    let back = cleared.send(&lead);
    back.assert_status(422);
    let back = Form::on(&back, &line).with("text", "Read the failover runbook");
    let sent: Vec<_> = back
        .fields
        .iter()
        .filter(|(n, _)| n.ends_with("answers"))
        .collect();
    let expected = [
        ("shown_answers", &first),
        ("answers", &first),
        ("shown_answers", &second),
    ];
    let expected = expected.map(|(name, id)| (name.to_owned(), id.clone()));
    assert_eq!(sent, expected.iter().collect::<Vec<_>>());
    back.send(&lead).assert_status(303);
    assert_eq!(of(&open(&site)), [true, false]);
}

#[test]
fn whoever_has_nothing_to_do_with_the_area_any_more_is_told_what_became_of_their_flag() {
    let site = Site::open();
    flagged(&site, Role::Mentee);
    site.app.db(|c| {
        let way = (RampState::Active, RampState::Ended);
        ramps::change_state(c, site.ramp_id, way, "", site.owner_lead.id, site.app.now())
    });
    let id = open(&site)[0].id;
    site.client(Role::OwnerLead)
        .send(
            &format!("{FLAGS}/{id}/close"),
            &[("reason", "It works from the office network")],
        )
        .assert_leads_to(FLAGS);
    site.client(Role::Mentee)
        .get("/")
        .assert_text("PAY-K1, Payments")
        .assert_text("It works from the office network");
}

#[test]
fn a_flag_is_closed_with_a_reason_that_its_author_reads() {
    let site = Site::open();
    flagged(&site, Role::Mentee);
    let id = open(&site)[0].id;
    let close = format!("{FLAGS}/{id}/close");
    let lead = site.client(Role::OwnerLead);
    lead.send(&close, &[("reason", " ")])
        .assert_status(422)
        .assert_text("Say why the line stays as it is");
    lead.send(&close, &[("reason", "It works from the office network")])
        .assert_leads_to(FLAGS);
    site.client(Role::Qualifier)
        .send(&close, &[("reason", "Me too")])
        .assert_status(409)
        .assert_text("Ruth Abara closed this flag on");
    site.client(Role::Mentee)
        .get("/")
        .assert_text("It works from the office network");
    // What was closed can be found stale again.
    flagged(&site, Role::Mentee);
}

#[test]
fn a_person_has_one_open_flag_on_a_part_of_a_line() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let fields = [("part", "link"), ("note", "The page moved")];
    let answers = at_once(2, |_| mentee.send(&form(&site, "PAY-K1"), &fields));
    let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    let told = answers.iter().find(|a| a.status == 422).unwrap();
    told.assert_text("You flagged the link already");
    // Another part, and another person.
    let line = [("part", "line"), ("note", "Nobody says failover any more")];
    mentee
        .send(&form(&site, "PAY-K1"), &line)
        .assert_status(303);
    flagged(&site, Role::Mentor);
    let count = site
        .app
        .db(|c| Ok(stale_flags::table.count().get_result::<i64>(c)?));
    assert_eq!(count, 3);
}

#[test]
fn a_flag_needs_a_sentence_and_a_part_that_the_line_has() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    mentee
        .send(
            &form(&site, "PAY-K2"),
            &[("part", "link"), ("note", "gone")],
        )
        .assert_status(422)
        .assert_text("This line has no link.")
        .assert_text("gone");
    mentee
        .send(&form(&site, "PAY-K1"), &[("part", "link"), ("note", "")])
        .assert_status(422)
        .assert_text("Say what is wrong, in a sentence.");
    mentee.get(&form(&site, "PAY-K9")).assert_status(404);
}

#[test]
fn sections_are_ranked_by_flags_and_age_and_an_answer_credits_who_flagged_it() {
    let site = Site::open();
    site.app.wait_hours(24 * 100);
    flagged(&site, Role::Mentee);
    flagged(&site, Role::Mentor);
    let qualifier = site.client(Role::Qualifier);
    let order = |words: [&str; 3]| {
        let page = qualifier.get(FLAGS);
        let text = page.assert_status(200).text();
        let at = words.map(|w| {
            text.find(w)
                .unwrap_or_else(|| panic!("{w} is not in: {text}"))
        });
        assert!(at.is_sorted(), "{words:?} in: {text}");
    };
    order([
        "Checklist: Read 1 line Unchanged for 3 months, since v1",
        "2 flags on 1 line",
        "Architecture & normal behaviour 2 lines Unchanged for 3 months, since v1",
    ]);
    qualifier
        .area_page("payments")
        .assert_text("Oldest section: Architecture & normal behaviour, unchanged for 3 months");
    assert!(
        !site
            .client(Role::Mentee)
            .area_page("payments")
            .text()
            .contains("Oldest section"),
        "for those who shape the standard"
    );

    // One version answers both.
    qualifier
        .send(DRAFT, &[("from", "published")])
        .assert_status(303);
    let page = qualifier.get(FLAGS);
    assert!(page.body.contains(&format!("{DRAFT}#g-read")));
    let ids: Vec<String> = open(&site).iter().map(|f| f.id.to_string()).collect();
    let mut line = relinked("2.0", NEW);
    line.extend(ids.iter().map(|id| ("answers", id.as_str())));
    qualifier
        .send(&format!("{DRAFT}/items/PAY-K1"), &line)
        .assert_status(303);
    assert!(
        !qualifier.get(FLAGS).text().contains("answered in version"),
        "a draft is no answer yet"
    );
    let publish = [("revision", "2.1"), ("note", "The runbook moved")];
    qualifier
        .send(&format!("{DRAFT}/publish"), &publish)
        .assert_status(303);
    order([
        "Architecture & normal behaviour 2 lines Unchanged for 3 months, since v1",
        "Checklist: Read 1 line Unchanged for less than a day, since v2",
        "PAY-K1 answered in version 2 , flagged by",
    ]);
    for name in [&site.mentee.name, &site.mentor.name] {
        qualifier
            .get(FLAGS)
            .assert_text(&format!("PAY-K1 answered in version 2 , flagged by {name}"));
    }
}

#[test]
fn a_flag_closed_with_a_reason_is_no_answer_and_credits_nobody() {
    let site = Site::open();
    flagged(&site, Role::Mentee);
    let id = open(&site)[0].id;
    let lead = site.client(Role::OwnerLead);
    lead.send(
        &format!("{FLAGS}/{id}/close"),
        &[("reason", "It works from the office network")],
    )
    .assert_leads_to(FLAGS);
    assert!(!lead.get(FLAGS).text().contains("flagged by"));
}
