//! Writing a post-mortem and leading it through its life.

use checkride::db::schema::{postmortem_areas, postmortem_codes, postmortem_versions};
use checkride::domain::postmortem::{State, Transition};
use diesel::prelude::*;

use crate::support::sample::document;
use crate::support::told;
use crate::support::{Answer, Client, Form, Role, Site, at_once};

pub const NEW: &str = "/library/new";
pub const PAGE: &str = "/library/captures-were-doubled";
const EDIT: &str = "/library/captures-were-doubled/edit";
const STATE: &str = "/library/captures-were-doubled/state";

pub fn fields() -> Vec<(&'static str, &'static str)> {
    vec![
        ("title", "Captures were doubled"),
        ("severity", "sev1"),
        ("occurred_at", "2026-06-18T19:42"),
        ("minutes", "47"),
    ]
}

fn versions(site: &Site) -> Vec<(i32, State)> {
    site.app.db(|c| {
        Ok(postmortem_versions::table
            .order(postmortem_versions::revision)
            .select((postmortem_versions::revision, postmortem_versions::state))
            .load(c)?)
    })
}

pub fn deed(client: &Client, deed: &str, revision: &str) -> Answer {
    let fields = [("deed", deed), ("revision", revision), ("note", "Because")];
    client.send(STATE, &fields)
}

#[test]
fn from_the_first_line_to_teachable() {
    let site = Site::open();
    let author = site.client(Role::Stranger);
    author.submit(NEW, NEW, &fields()).assert_leads_to(PAGE);
    author
        .get(PAGE)
        .assert_text("Still missing: the area it belongs to");

    let whole = [
        fields(),
        vec![
            ("revision", "0"),
            ("area", "payments"),
            ("systems", "gateway\nLedger"),
            ("symptoms", "It is slow"),
            ("saw-1", "The queue grows"),
            ("question-1", "What first?"),
            ("teaches-1", "pay-i1 PAY-I2"),
            (
                "actions",
                "Drain first | Payments | https://tracker.example/1",
            ),
            ("body", "<script>alert(1)</script>\n\nand **bold**"),
        ],
    ]
    .concat();
    author.send(EDIT, &whole).assert_leads_to(PAGE);
    let page = author.get(PAGE);
    page.assert_text("Stop and think: What first?")
        .assert_text("Drain first");
    assert!(page.body.contains("<strong>bold</strong>"));
    assert!(!page.body.contains("<script>alert"));

    deed(&author, "submit", "1").assert_leads_to(PAGE);
    deed(&author, "approve", "2").assert_status(403);
    site.client(Role::Mentee).get(PAGE).assert_status(403);
    deed(&site.client(Role::Qualifier), "approve", "2").assert_leads_to(PAGE);
    site.client(Role::Mentee).get(PAGE).assert_status(200);
    author
        .get(EDIT)
        .assert_status(409)
        .assert_text("Open it as a draft");
    assert_eq!(
        versions(&site),
        [
            (0, State::Draft),
            (1, State::Draft),
            (2, State::InReview),
            (3, State::Teachable)
        ]
    );
    assert_eq!(told(&site, "postmortem.approved").len(), 1);
    let codes: Vec<String> = site.app.db(|c| {
        Ok(postmortem_codes::table
            .order(postmortem_codes::code)
            .select(postmortem_codes::code)
            .load(c)?)
    });
    assert_eq!(codes, ["PAY-I1", "PAY-I2"]);
}

#[test]
fn nobody_makes_teachable_what_they_wrote_themselves() {
    let site = Site::open();
    site.write(Role::Stranger, &document());
    let lead = site.client(Role::OwnerLead);
    Form::on(&lead.get(EDIT), EDIT)
        .with("impact", "Nobody noticed")
        .send(&lead)
        .assert_leads_to(PAGE);
    site.make_transition(Role::Stranger, "captures-were-doubled", Transition::Submit);
    let sentence = "not its author, nor anyone who wrote in it since it was last teachable.";
    let approving = |page: &Answer| page.body.contains("value=\"approve\"");
    let page = lead.get(PAGE);
    page.assert_text(sentence);
    assert!(!approving(&page));
    deed(&lead, "approve", "2")
        .assert_status(403)
        .assert_text(sentence);
    // Whoever sent it back and asked for the review again has written nothing.
    let signer = site.client(Role::Qualifier);
    deed(&signer, "return", "2").assert_leads_to(PAGE);
    deed(&lead, "submit", "3").assert_leads_to(PAGE);
    assert!(approving(&signer.get(PAGE)));
    deed(&signer, "approve", "4").assert_leads_to(PAGE);
    // What was decided before is decided: from here on the lead has written nothing.
    deed(&signer, "reopen", "5").assert_leads_to(PAGE);
    deed(&lead, "submit", "6").assert_leads_to(PAGE);
    deed(&lead, "approve", "7").assert_leads_to(PAGE);
    assert_eq!(versions(&site).last(), Some(&(8, State::Teachable)));
}

#[test]
fn what_does_not_fit_comes_back_with_what_was_typed() {
    let site = Site::open();
    let author = site.client(Role::Stranger);
    let wrong = [
        ("title", ""),
        ("area", "payments"),
        ("saw-1", "The queue grows"),
        ("link", "javascript:alert(1)"),
    ];
    let answer = author.send(NEW, &wrong);
    answer
        .assert_status(422)
        .assert_text("Say in a line what happened")
        .assert_text("Choose how bad it was")
        .assert_text("The queue grows");
    let unknown = [
        fields(),
        vec![
            ("area", "payments"),
            ("saw-1", "It grows"),
            ("teaches-1", "PAY-Z9"),
        ],
    ]
    .concat();
    author
        .send(NEW, &unknown)
        .assert_status(422)
        .assert_text("PAY-Z9 is not a competency of the published standards");
    author
        .get("/library?state=draft")
        .assert_text("No post-mortem matches");
}

#[test]
fn a_file_is_read_into_the_form_and_saved_from_there() {
    let site = Site::open();
    let author = site.client(Role::Stranger);
    let file = "+++\ntitle = \"Captures were doubled\"\nseverity = \"SEV 1\"\nwhen = 2026-06-18T19:42:00Z\nminutes = 47\n\
                areas = [\"payments\"]\n[[points]]\nsaw = \"The queue grows\"\n+++\n\nIt began.";
    let answer = author.send("/library/import", &[("text", file)]);
    answer.assert_status(200);
    let form = Form::on(&answer, NEW);
    form.send(&author).assert_leads_to(PAGE);
    let stored = site.postmortem("captures-were-doubled");
    assert_eq!(stored.document.points[0].saw, "The queue grows");
    assert_eq!(stored.document.body, "It began.");
    assert_eq!(stored.document.occurred_at.iso(), "2026-06-18T19:42:00Z");

    let odd = author.send("/library/import", &[("text", "---\ntitle: a: b\n---")]);
    odd.assert_status(422)
        .assert_text("Line 2")
        .assert_text("This is no YAML");
}

#[test]
fn a_file_of_another_tool_is_read_and_what_is_left_over_is_listed() {
    let site = Site::open();
    let author = site.client(Role::Stranger);
    for (file, left_over) in [
        (
            "---\ntitle: Captures were doubled\ndate: 2026-06-18T19:42:00\nseverity: SEV1\ntags: [queue]\nauthors: [a]\n---\nx",
            "Not taken over: tags (queue), authors.",
        ),
        (
            "+++\ntitle = \"Captures were doubled\"\naliases = [\"/x\"]\nwhen = 2026-06-18T19:42:00\nseverity = \"sev1\"\n+++\nx",
            "Not taken over: aliases.",
        ),
    ] {
        let answer = author.send("/library/import", &[("text", file)]);
        answer.assert_status(200).assert_text(left_over);
        Form::on(&answer, NEW)
            .with("minutes", "47")
            .with("another", "yes")
            .send(&author)
            .assert_status(303);
    }
    for slug in ["captures-were-doubled", "captures-were-doubled-2"] {
        let document = site.postmortem(slug).document;
        // Without an offset a file's time is in UTC, wherever its reader is.
        assert_eq!(document.occurred_at.iso(), "2026-06-18T19:42:00Z");
        assert_eq!(
            (document.title.as_str(), document.body.as_str()),
            ("Captures were doubled", "x")
        );
    }
}

#[test]
fn a_text_of_any_script_is_taken_up_to_its_limit() {
    let site = Site::open();
    let author = site.client(Role::Stranger);
    for (sign, signs) in [("障", 40_000), ("x", 40_000), ("𝕏", 39_999)] {
        let body = sign.repeat(signs);
        let long = [fields(), vec![("body", body.as_str()), ("another", "yes")]].concat();
        author.submit(NEW, NEW, &long).assert_status(303);
    }
    let body = "障".repeat(120_000);
    let over = [fields(), vec![("body", body.as_str())]].concat();
    author
        .submit(NEW, NEW, &over)
        .assert_status(413)
        .assert_text("a form holds at most 1 MiB");
}

#[test]
fn the_same_form_after_back_is_asked_about_and_nothing_is_written_twice() {
    let site = Site::open();
    let author = site.client(Role::Stranger);
    author.submit(NEW, NEW, &fields()).assert_leads_to(PAGE);
    let asked = author.submit(NEW, NEW, &fields());
    asked
        .assert_status(422)
        .assert_text("You wrote “Captures were doubled” with this start already");
    // Somebody else may write about the same night, and learns nothing of the draft.
    let other = site.client(Role::Mentor);
    other.submit(NEW, NEW, &fields()).assert_status(303);
    let back = Form::on(&asked, NEW).with("another", "yes");
    back.send(&author).assert_status(303);
}

#[test]
fn a_text_of_nothing_but_quotes_is_a_page_in_proportion() {
    let site = Site::open();
    let author = site.client(Role::Stranger);
    let body = ">".repeat(39_900);
    let bomb = [fields(), vec![("body", body.as_str())]].concat();
    author.submit(NEW, NEW, &bomb).assert_leads_to(PAGE);
    for _ in 0..2 {
        let page = author.get(PAGE);
        page.assert_status(200);
        assert_eq!(page.body.matches("<blockquote>").count(), 20);
        // Each `>` is four signs of HTML.
        assert!(page.body.len() < 5 * body.len(), "{}", page.body.len());
    }
}

#[test]
fn the_same_title_gets_another_address_and_no_title_takes_that_of_a_page() {
    let site = Site::open();
    let slugs = at_once(3, |_| site.write(Role::Stranger, &document()));
    let mut slugs = slugs;
    slugs.sort();
    assert_eq!(
        slugs,
        [
            "captures-were-doubled",
            "captures-were-doubled-2",
            "captures-were-doubled-3"
        ]
    );
    let import = checkride::domain::postmortem::Document {
        title: "Import".into(),
        ..document()
    };
    assert_ne!(site.write(Role::Stranger, &import), "import");
}

#[test]
fn two_who_edit_at_once_are_one_who_saves_and_one_who_keeps_what_they_typed() {
    for _ in 0..4 {
        let site = Site::open();
        site.write(Role::Stranger, &document());
        let both = [Role::Stranger, Role::OwnerLead].map(|role| site.client(role));
        let forms = at_once(2, |n| {
            // Both have the form open before either saves.
            Form::on(&both[n].get(EDIT), EDIT).with("impact", ["All of them", "None at all"][n])
        });
        let answers = at_once(2, |n| forms[n].send(&both[n]));
        let lost = answers
            .iter()
            .position(|a| a.status == 409)
            .expect("one is told");
        assert_eq!(answers[1 - lost].status, 303);
        answers[lost]
            .assert_text("changed this post-mortem")
            .assert_text("What you typed is still here")
            .assert_text(["All of them", "None at all"][lost]);
        // Sent once more, from the page that came back, it is saved.
        let again = Form::on(&answers[lost], EDIT);
        again.send(&both[lost]).assert_leads_to(PAGE);
        let impact = site.postmortem("captures-were-doubled").document.impact;
        assert_eq!(impact, ["All of them", "None at all"][lost]);
        assert_eq!(versions(&site).len(), 3);
    }
}

#[test]
fn nothing_becomes_teachable_that_its_approver_did_not_see() {
    for _ in 0..4 {
        let site = Site::open();
        site.write(Role::Stranger, &document());
        site.make_transition(Role::Stranger, "captures-were-doubled", Transition::Submit);
        let (author, signer) = (site.client(Role::Stranger), site.client(Role::Qualifier));
        let form = Form::on(&author.get(EDIT), EDIT).with("impact", "Nobody noticed");
        let answers = at_once(2, |n| match n {
            0 => form.send(&author),
            _ => deed(&signer, "approve", "1"),
        });
        let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let stored = site.postmortem("captures-were-doubled");
        let approved = stored.state == State::Teachable;
        assert_eq!(approved, answers[1].status == 303);
        assert_eq!(stored.document.impact == "Nobody noticed", !approved);
    }
}

#[test]
fn going_back_needs_a_reason_and_what_was_open_stays_readable_when_retired() {
    let site = Site::open();
    site.teach(&document());
    let lead = site.client(Role::OwnerLead);
    lead.send(STATE, &[("deed", "retire"), ("revision", "2")])
        .assert_status(422)
        .assert_text("Say why");
    deed(&lead, "retire", "2").assert_leads_to(PAGE);
    site.client(Role::Mentee).get(PAGE).assert_text("Retired");
    let areas: i64 = site
        .app
        .db(|c| Ok(postmortem_areas::table.count().get_result(c)?));
    assert_eq!(areas, 1, "leading it on loses nothing it is found by");
    deed(&lead, "reopen", "3").assert_leads_to(PAGE);
    site.client(Role::Mentee).get(PAGE).assert_status(403);
}

#[test]
fn a_system_that_an_area_gives_up_stays_named_where_it_failed() {
    let site = Site::open();
    let system = checkride::domain::area::systems::System {
        name: "Gateway".into(),
        reference: None,
        links: Vec::new(),
    };
    site.app
        .db(|c| checkride::domain::area::systems::write(c, site.area_id, &[system]));
    site.teach(&document());
    site.app
        .db(|c| checkride::domain::area::systems::write(c, site.area_id, &[]));
    site.client(Role::Mentee)
        .get("/library?system=Gateway")
        .assert_text("Captures were doubled");
}
