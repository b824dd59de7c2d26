//! Standards in the browser: drafts, what they change, publishing them, and who is told when two do it at once.

use checkride::db::Conn;
use checkride::db::schema::audit_entries;
use checkride::domain::ramp;
use checkride::domain::standard::{DoneBy, Gate, Standard, StandardState, store};
use diesel::prelude::*;

use crate::support::{Answer, Client, Form, Role, Site, at_once, path, sample};

const DRAFT: &str = "/areas/payments/standard/draft";
const ROUNDS: usize = 8;

fn versions(site: &Site) -> Vec<Standard> {
    site.app.db(|c| store::of_area(c, site.area_id))
}

fn draft(site: &Site) -> Standard {
    let draft = versions(site)
        .into_iter()
        .find(|s| s.state == StandardState::Draft);
    draft.expect("there should be a draft")
}

fn start(client: &Client) {
    client
        .send(DRAFT, &[("from", "published")])
        .assert_leads_to(DRAFT);
}

fn actions(site: &Site) -> Vec<String> {
    site.app.db(|c: &mut Conn| {
        Ok(audit_entries::table
            .filter(
                audit_entries::action
                    .like("draft.%")
                    .or(audit_entries::action.like("standard.%")),
            )
            .order(audit_entries::seq)
            .select(audit_entries::action)
            .load(c)?)
    })
}

/// The form of the first competency with another statement.
fn restated<'a>(revision: &'a str, statement: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("revision", revision),
        ("statement", statement),
        ("group", "architecture"),
        ("required_level", "4"),
        ("critical", "on"),
        ("level_1", "What is seen at level 1"),
    ]
}

fn publish(client: &Client, revision: &str) -> Answer {
    let fields = [("revision", revision), ("note", "Clearer, and stricter")];
    client.send(&format!("{DRAFT}/publish"), &fields)
}

#[test]
fn a_draft_is_started_edited_compared_and_published_and_ramps_stay_on_their_version() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    lead.get(DRAFT)
        .assert_status(200)
        .assert_text("From v1, as it is");
    start(&lead);
    lead.get(DRAFT)
        .assert_text("Payments: draft of v2")
        .assert_text("Started by Ruth Abara")
        .assert_text("No change to v1 yet");

    let form = format!("{DRAFT}/competencies/PAY-A1");
    lead.submit(
        &form,
        &form,
        &restated("2.0", "Draws the way of a payment")[1..],
    )
    .assert_leads_to(&format!("{DRAFT}#line-PAY-A1"));
    lead.get(DRAFT)
        .assert_text("Last edited by Ruth Abara")
        .assert_text("1 change to v1")
        .assert_text(
            "was: Shows the architecture of payments, part 1 now: Draws the way of a payment",
        )
        .assert_text("was: 3 Mentor reachable now: 4 Alone");

    lead.get(&format!("{DRAFT}/publish"))
        .assert_text("1 changed, compared with v1")
        .assert_text("1, stays on its version");
    let fields = [
        ("revision", "2.1"),
        ("note", "Clearer, and stricter"),
        ("material", "on"),
    ];
    lead.send(&format!("{DRAFT}/publish"), &fields)
        .assert_leads_to("/areas/payments/standard/v/2");

    let [new, old] = <[Standard; 2]>::try_from(versions(&site)).unwrap();
    assert_eq!((new.version, new.state), (2, StandardState::Published));
    assert_eq!(
        (new.material, new.published_by),
        (true, Some(site.owner_lead.id))
    );
    assert_eq!(
        new.content.competency("PAY-A1").unwrap().statement,
        "Draws the way of a payment"
    );
    assert_eq!((old.version, old.state), (1, StandardState::Retired));
    assert_eq!(
        *old.content,
        sample::content(),
        "published versions never change"
    );
    let pinned = site.app.db(|c| ramp::store::by_id(c, site.ramp_id));
    assert_eq!(pinned.standard_id, old.id);
    let begun = site.app.db(|c| store::published_id(c, site.area_id));
    assert_eq!(begun, Some(new.id), "new ramps pin the new one");

    let stranger = site.client(Role::Stranger);
    stranger
        .get("/areas/payments/standard/v/2")
        .assert_text("material change")
        .assert_text("by Ruth Abara")
        .assert_text("Clearer, and stricter");
    stranger
        .get("/areas/payments/standard/v/1")
        .assert_text("Shows the architecture of payments, part 1");
    stranger
        .get("/areas/payments/standard/diff?from=1&to=2")
        .assert_text("from v1 to v2")
        .assert_text("now: Draws the way of a payment");
    stranger
        .area_page("payments")
        .assert_text("material change");
    assert_eq!(
        actions(&site),
        ["draft.started", "draft.edited", "standard.published"]
    );
}

#[test]
fn whoever_was_slower_is_told_and_loses_nothing_they_typed() {
    let site = Site::open();
    let [lead, qualifier] = [Role::OwnerLead, Role::Qualifier].map(|r| site.client(r));
    start(&lead);
    let form = format!("{DRAFT}/competencies/PAY-A1");
    lead.send(&form, &restated("2.0", "Draws the way of a payment"))
        .assert_status(303);
    let late = qualifier.send(&form, &restated("2.0", "Explains the way of a payment"));
    late.assert_status(409)
        .assert_text("Ruth Abara edited this draft on Mon 23 Nov, 10:00 (Europe/Stockholm)")
        .assert_text("Compare it with what the draft says now, then save again.")
        .assert_text("What the draft says now Statement Draws the way of a payment")
        .assert_text("Explains the way of a payment");
    let revision = late
        .hidden(&form)
        .into_iter()
        .find(|(name, _)| name == "revision")
        .unwrap();
    assert_eq!(
        revision.1, "2.1",
        "the form is opened anew on what it shows"
    );
    qualifier
        .send(&form, &restated("2.1", "Explains the way of a payment"))
        .assert_status(303);

    // A mistake beside it does not hide that somebody was faster.
    let wrong = qualifier.send(&form, &restated("2.0", ""));
    wrong.assert_status(422).assert_text("Write something");
    assert!(
        wrong
            .hidden(&form)
            .contains(&("revision".into(), "2.0".into()))
    );

    // Nothing was typed for these: look again.
    for action in ["order", "remove"] {
        let fields = [("revision", "2.0"), ("to", "down")];
        qualifier
            .send(&format!("{DRAFT}/lines/PAY-A1/{action}"), &fields)
            .assert_status(409)
            .assert_text("Sofia Lindqvist edited this draft on")
            .assert_text("Payments: draft of v2");
    }
    qualifier
        .send(
            &format!("{DRAFT}/gates"),
            &[("revision", "2.0"), ("gate-levels", "on")],
        )
        .assert_status(409)
        .assert_text("Sofia Lindqvist edited this draft on");
    publish(&lead, "2.0")
        .assert_status(409)
        .assert_text("Sofia Lindqvist edited this draft on")
        .assert_text("Clearer, and stricter");
    assert_eq!(draft(&site).revision, 2);
}

#[test]
fn a_form_that_outlives_its_draft_keeps_what_was_typed_and_goes_on_in_the_next_one() {
    let site = Site::open();
    let [lead, qualifier] = [Role::OwnerLead, Role::Qualifier].map(|r| site.client(r));
    start(&lead);
    let form = format!("{DRAFT}/competencies/PAY-A1");
    lead.send(&form, &restated("2.0", "Draws the way of a payment"))
        .assert_status(303);
    publish(&lead, "2.1").assert_status(303);

    // Both forms were opened before that.
    let who = "The draft is gone: Ruth Abara published v2 on Mon 23 Nov, 10:00 (Europe/Stockholm)";
    let gates = format!("{DRAFT}/gates");
    qualifier
        .send(&gates, &[("revision", "2.1"), ("gate-checklist", "on")])
        .assert_status(409)
        .assert_text(who)
        .assert_text("Begin a draft of v3 with them");
    let late = qualifier.send(&form, &restated("2.1", "Explains the way of a payment"));
    late.assert_status(409)
        .assert_text(who)
        .assert_text("What you typed is still here. Saving it begins a draft of v3.")
        .assert_text("Explains the way of a payment")
        .assert_text("What holds now the published version Statement Draws the way of a payment");
    assert_eq!(versions(&site).len(), 2, "nothing was stored");
    let again = Form::on(&late, &form);
    again
        .send(&qualifier)
        .assert_leads_to(&format!("{DRAFT}#line-PAY-A1"));
    let next = draft(&site);
    assert_eq!((next.version, next.revision), (3, 1));
    let line = next.content.competency("PAY-A1").unwrap();
    assert_eq!(line.statement, "Explains the way of a payment");

    // The form of the lead is as old: it fits no draft that was begun since, whatever its revision.
    lead.send(&form, &restated("2.1", "Tells the way of a payment"))
        .assert_status(409)
        .assert_text(
            "Ruth Abara published v2 on Mon 23 Nov, 09:00 (UTC), after you opened its draft.",
        )
        .assert_text("There is a draft of v3 now.")
        .assert_text("What the draft says now Statement Explains the way of a payment");
    // And a form that would begin a draft begins no second one.
    lead.send(&form, &restated("none", "Tells the way of a payment"))
        .assert_status(409)
        .assert_text("There is a draft of v3 already; Sofia Lindqvist edited it last");
    assert_eq!(draft(&site).revision, 1);
}

#[test]
fn a_note_written_for_what_somebody_else_published_is_shown_again() {
    let site = Site::open();
    let [lead, qualifier] = [Role::OwnerLead, Role::Qualifier].map(|r| site.client(r));
    start(&lead);
    let form = format!("{DRAFT}/competencies/PAY-A1");
    lead.send(&form, &restated("2.0", "Draws the way of a payment"))
        .assert_status(303);
    publish(&lead, "2.1").assert_status(303);
    let fields = [
        ("revision", "2.1"),
        ("note", "The way of a payment\nin five lines"),
        ("material", "on"),
    ];
    let late = qualifier.send(&format!("{DRAFT}/publish"), &fields);
    late.assert_status(409)
        .assert_text("The draft is gone: Ruth Abara published v2 on")
        .assert_text("The way of a payment in five lines You called the change material.")
        .assert_text("Read v2");
    assert!(!late.has_form(&format!("{DRAFT}/publish")));
}

#[test]
fn the_form_of_a_line_that_was_taken_out_adds_it_again() {
    let site = Site::open();
    let [lead, qualifier] = [Role::OwnerLead, Role::Qualifier].map(|r| site.client(r));
    start(&lead);
    let taken_out = [("revision", "2.0")];
    lead.send(&format!("{DRAFT}/lines/PAY-A1/remove"), &taken_out)
        .assert_status(303);
    let form = format!("{DRAFT}/competencies/PAY-A1");
    let late = qualifier.send(&form, &restated("2.0", "Explains the way of a payment"));
    late.assert_status(409)
        .assert_text("Ruth Abara edited this draft on")
        .assert_text("PAY-A1 was taken out of the draft; saving adds it again.");
    let new = format!("{DRAFT}/competencies/new");
    Form::on(&late, &new)
        .send(&qualifier)
        .assert_leads_to(&format!("{DRAFT}#line-PAY-A1"));
    let line = draft(&site).content.competency("PAY-A1").cloned().unwrap();
    assert_eq!(line.statement, "Explains the way of a payment");
    // A line that nobody typed anything for is not there.
    lead.send(
        &format!("{DRAFT}/lines/PAY-A2/remove"),
        &[("revision", "2.2")],
    )
    .assert_status(303);
    qualifier
        .get(&format!("{DRAFT}/competencies/PAY-A2"))
        .assert_status(404);
}

#[test]
fn two_who_edit_or_publish_at_once_are_one_who_does_and_one_who_is_told() {
    for round in 0..ROUNDS {
        let site = Site::open();
        let both = [Role::OwnerLead, Role::Qualifier].map(|r| site.client(r));
        start(&both[0]);
        let form = format!("{DRAFT}/competencies/PAY-A1");
        both[0]
            .send(&form, &restated("2.0", "Draws the way of a payment"))
            .assert_status(303);
        let is_edit = round % 2 == 0;
        let answers = at_once(2, |n| match n {
            1 if is_edit => both[1].send(&form, &restated("2.1", "Explains it")),
            n => publish(&both[n], "2.1"),
        });
        let won: Vec<usize> = (0..2).filter(|n| answers[*n].status == 303).collect();
        assert_eq!(
            won.len(),
            1,
            "{:?}",
            answers.iter().map(Answer::text).collect::<Vec<_>>()
        );
        let told = &answers[1 - won[0]];
        if is_edit && won[0] == 1 {
            told.assert_status(409)
                .assert_text("Sofia Lindqvist edited this draft");
            assert_eq!(draft(&site).revision, 2);
        } else {
            let name = [&site.owner_lead, &site.qualifier][won[0]].name.clone();
            told.assert_status(409)
                .assert_text(&format!("The draft is gone: {name} published v2"));
            let all = actions(&site);
            let count = all.iter().filter(|a| *a == "standard.published").count();
            assert_eq!(count, 1);
        }
    }
}

#[test]
fn two_who_start_a_draft_at_once_start_one() {
    for _ in 0..ROUNDS {
        let site = Site::open();
        let both = [Role::OwnerLead, Role::Qualifier].map(|r| site.client(r));
        let answers = at_once(2, |n| both[n].send(DRAFT, &[("from", "published")]));
        let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        assert_eq!(versions(&site).len(), 2);
    }
}

#[test]
fn only_what_differs_and_keeps_the_rules_is_published() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    start(&lead);
    publish(&lead, "2.0")
        .assert_status(422)
        .assert_text("there is nothing to publish");
    let gates = format!("{DRAFT}/gates");
    lead.send(&gates, &[("revision", "2.0")])
        .assert_status(422)
        .assert_text("The standard has no gate");
    lead.send(&gates, &[("revision", "2.0"), ("gate-sessions", "on")])
        .assert_status(422)
        .assert_text("asks for nothing");
    let fields = [("revision", "2.0"), ("gate-sessions", "on"), ("held", "3")];
    lead.send(&gates, &fields)
        .assert_leads_to(&format!("{DRAFT}#gates"));
    assert_eq!(
        draft(&site).content.gates,
        [Gate::Sessions {
            held: 3,
            minutes: 0
        }]
    );
    lead.send(
        &format!("{DRAFT}/publish"),
        &[("revision", "2.1"), ("note", " ")],
    )
    .assert_status(422)
    .assert_text("Say what changed and why");
    publish(&lead, "2.1").assert_status(303);

    // From nothing: what is missing is told before anybody tries.
    lead.send(DRAFT, &[("from", "nothing")]).assert_status(303);
    lead.get(DRAFT)
        .assert_text("Before it can be published")
        .assert_text("The standard has no competency")
        .assert_text("Removed in this draft 10");
    publish(&lead, "3.0")
        .assert_status(422)
        .assert_text("The standard has no competency");
}

#[test]
fn a_code_is_suggested_and_never_given_to_something_else_silently() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    start(&lead);
    let new = format!("{DRAFT}/competencies/new");
    lead.get(&format!("{new}?group=incident"))
        .assert_text("here PAY-I3.");
    let line = |revision: &'static str, code: &'static str| {
        vec![
            ("revision", revision),
            ("code", code),
            ("statement", "Leads the call"),
            ("group", "incident"),
            ("required_level", "3"),
        ]
    };
    lead.send(&new, &line("2.0", ""))
        .assert_leads_to(&format!("{DRAFT}#line-PAY-I3"));
    lead.send(&new, &line("2.1", "PAY-I3"))
        .assert_status(422)
        .assert_text("PAY-I3 is in the draft already.");
    lead.send(&new, &line("2.1", "ORD-I9"))
        .assert_status(422)
        .assert_text("Write PAY- and then");
    lead.send(&new, &line("2.1", "pay-k1"))
        .assert_status(422)
        .assert_text("is in the draft already");
    lead.send(
        &format!("{DRAFT}/lines/PAY-I1/remove"),
        &[("revision", "2.1")],
    )
    .assert_leads_to(DRAFT);
    lead.send(&new, &line("2.2", "PAY-I1"))
        .assert_status(422)
        .assert_text("PAY-I1 was “Shows the incident of payments, part 1” in v1")
        .assert_text("It is the same line, back again");
    let mut back = line("2.2", "PAY-I1");
    back.push(("is_back", "on"));
    lead.send(&new, &back).assert_status(303);
    lead.send(
        &format!("{DRAFT}/lines/PAY-I1/remove"),
        &[("revision", "2.3")],
    )
    .assert_leads_to(DRAFT);
    // Free in the draft, but known: the next free one is after all that were ever used.
    lead.get(&format!("{new}?group=incident"))
        .assert_text("here PAY-I4.");
    lead.send(
        &format!("{DRAFT}/lines/PAY-I1/put-back"),
        &[("revision", "2.4")],
    )
    .assert_leads_to(&format!("{DRAFT}#line-PAY-I1"));
    let codes: Vec<String> = draft(&site).content.codes().map(str::to_owned).collect();
    assert_eq!(
        codes
            .iter()
            .filter(|c| c.starts_with("PAY-I"))
            .collect::<Vec<_>>(),
        ["PAY-I1", "PAY-I2", "PAY-I3"]
    );
}

#[test]
fn lines_are_moved_within_and_across_groups() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    start(&lead);
    let shift = |revision: &str, code: &str, to: &str| {
        let fields = [("revision", revision), ("to", to)];
        lead.send(&format!("{DRAFT}/lines/{code}/order"), &fields)
    };
    shift("2.0", "PAY-A1", "down").assert_leads_to(&format!("{DRAFT}?moved=PAY-A1&by=down"));
    lead.get(DRAFT)
        .assert_text("Move PAY-A1 to the start of Observability");
    shift("2.1", "PAY-A1", "down").assert_leads_to(&format!("{DRAFT}?moved=PAY-A1&by=down"));
    shift("2.2", "PAY-A2", "up").assert_status(409);
    shift("2.2", "PAY-A1", "before:PAY-O2").assert_leads_to(&format!("{DRAFT}#line-PAY-A1"));
    let codes: Vec<String> = draft(&site).content.codes().map(str::to_owned).collect();
    assert_eq!(codes[..4], ["PAY-A2", "PAY-O1", "PAY-A1", "PAY-O2"]);
    shift("2.3", "PAY-A1", "sideways").assert_status(422);
    lead.get(DRAFT)
        .assert_text("was: Architecture & normal behaviour now: Observability");
}

#[test]
fn an_item_that_a_mentor_does_is_checked_in_one_step_and_never_marked_by_the_mentee() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    start(&lead);
    let form = format!("{DRAFT}/items/PAY-K2");
    let typed = [
        ("text", "Get access together"),
        ("group", "access"),
        ("done_by", "mentor"),
        ("link", ""),
    ];
    lead.submit(&form, &form, &typed).assert_status(303);
    assert_eq!(
        draft(&site).content.item("PAY-K2").unwrap().done_by,
        DoneBy::Mentor
    );
    publish(&lead, "2.1").assert_status(303);
    lead.get("/areas/payments/standard/v/2")
        .assert_text("Get access together a mentor does it");
    // A ramp on the new version.
    let id = versions(&site)[0].id;
    site.app.db(|c| {
        use checkride::db::schema::ramps::dsl;
        diesel::update(dsl::ramps.find(site.ramp_id))
            .set(dsl::standard_id.eq(id))
            .execute(c)?;
        Ok(())
    });
    let path = path::item(site.ramp_id, "PAY-K2");
    let mentee = site.client(Role::Mentee);
    mentee
        .send(&path, &[("from", "open"), ("to", "done")])
        .assert_status(403)
        .assert_text("A mentor does this one");
    let page = mentee.checklist_page(site.ramp_id);
    page.assert_text("a mentor does it");
    assert!(!page.has_form(&path));
    site.client(Role::Mentor)
        .send(&path, &[("from", "open"), ("to", "checked")])
        .assert_status(303);
}
