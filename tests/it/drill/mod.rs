//! Drills: planned, run from the sheet, debriefed; who sees what, and what it counts for.

mod absent;
mod gate;
mod races;
mod story;

use checkride::db::schema::drill_roles;
use checkride::domain::drill::{DrillState, LineKind, NewDrill};
use checkride::usecases::drill::actions;
use diesel::prelude::*;

use crate::support::told;
use crate::support::{Client, Form, Role, Site, path};

const SCENARIO: &str = "The provider answers late";
const INJECT: &str = "The pager rings";
const EXPECTED: &str = "Switches the provider";

fn page(id: i64) -> String {
    path::drill(id)
}

/// Whoever leads it runs it from its sheet: every inject is given, every expected observation was seen of the primary.
pub fn run_from_the_sheet(site: &Site, master: &Client, id: i64) {
    let sheet = format!("{}/sheet", page(id));
    let send =
        |deed: &str| Form::on(&master.get(&sheet), &format!("{}/{deed}", page(id))).send(master);
    send("begin").assert_leads_to(&sheet);
    for line in site.drill_lines(id) {
        site.app.wait_seconds(240);
        let action = format!("{}/lines/{}", page(id), line.id);
        let form = Form::on(&master.get(&sheet), &action);
        let form = match line.kind {
            LineKind::Inject => form.with("to", "given"),
            LineKind::Expected => form.with("help", "3"),
        };
        form.send(master).assert_status(303);
    }
    send("end").assert_leads_to(&format!("{}/debrief", page(id)));
}

#[test]
fn a_drill_at_the_time_of_another_one_of_the_same_people_is_asked_about_once() {
    let site = Site::open();
    site.plan_drill();
    let mentor = site.client(Role::Mentor);
    let typed = |start: &str| {
        let form = Form::on(&mentor.get("/drills/new?area=payments"), path::NEW_DRILL);
        let form = form.with("title", "Monday noon").with("scenario", SCENARIO);
        let form = form.with("primary", &site.mentee.id.to_string());
        let form = form.with("expected", "Tells finance");
        form.with("starts_at", start)
    };
    let asked = typed("2026-11-23T10:30").send(&mentor);
    asked
        .assert_status(422)
        .assert_text("has a part in the drill “Monday morning” on Mon 23 Nov, 10:00");
    Form::on(&asked, path::NEW_DRILL)
        .with("another", "yes")
        .send(&mentor)
        .assert_status(303);
    typed("2026-11-23T11:30").send(&mentor).assert_status(303);
}

#[test]
fn a_drill_is_planned_with_everything_and_a_plan_that_is_wrong_comes_back_as_it_was_typed() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let form = Form::on(&mentor.get("/drills/new?area=payments"), path::NEW_DRILL);
    assert_eq!(
        form.get("game_master"),
        Some(site.mentor.id.to_string().as_str()),
        "whoever plans it leads it, unless they say otherwise"
    );
    let (mentee, stranger) = (site.mentee.id.to_string(), site.stranger.id.to_string());
    let wrong = form
        .clone()
        .with("title", "Monday morning")
        .with("expected", "PAY-X9 Looks at the board")
        .with("primary", &mentee)
        .with("secondary", &mentee)
        .send(&mentor);
    wrong.assert_status(422);
    wrong.assert_text("Say what happens, as the game master needs it.");
    wrong.assert_text("Someone chosen here has another part in this drill already.");
    let again = Form::on(&wrong, path::NEW_DRILL);
    assert_eq!(again.get("title"), Some("Monday morning"));
    assert_eq!(again.get("expected"), Some("PAY-X9 Looks at the board"));
    let found = mentor.get("/drills/new?area=payments&find=tomasz");
    found.assert_text("Tomasz Wilk");

    let again = again
        .with("scenario", SCENARIO)
        .with("secondary", &stranger);
    again
        .send(&mentor)
        .assert_status(422)
        .assert_text("PAY-X9 is not a competency of the published standard of this area.");
    let nothing = again.clone().with("expected", "").send(&mentor);
    nothing
        .assert_status(422)
        .assert_text("Enter at least one inject or one expected observation");
    let own = again
        .clone()
        .with("primary", &site.mentor.id.to_string())
        .with("game_master", &site.qualifier.id.to_string())
        .with("expected", "Looks at the board");
    own.send(&mentor)
        .assert_status(422)
        .assert_text("Marcus Oyelaran wrote the scenario and knows it.");
    let done = again
        .with("expected", "PAY-O1 Looks at the board")
        .with("injects", "The pager rings\nSupport calls")
        .send(&mentor);
    done.assert_leads_to(&page(site.latest_drill()));
    let file = site.drill(site.latest_drill());
    assert_eq!((file.lines.len(), file.parts.len()), (3, 3));
    assert_eq!(file.drill.state, DrillState::Planned);
    assert_eq!(told(&site, "drill.planned").len(), 1);
    mentor
        .get("/drills?area=payments")
        .assert_text("Monday morning");
    mentor
        .get("/drills?state=run")
        .assert_text("No drill matches.");
}

#[test]
fn whoever_is_surprised_reads_the_scenario_once_it_is_debriefed() {
    let site = Site::open();
    let id = site.plan_drill();
    let sees = |role: Role| {
        let text = site.client(role).get(&page(id)).assert_status(200).text();
        assert!(
            text.contains("Monday morning"),
            "that it is planned is open"
        );
        let all = [SCENARIO, INJECT, EXPECTED].map(|words| text.contains(words));
        assert!(all == [true; 3] || all == [false; 3], "{text}");
        all[0]
    };
    for role in [Role::Mentor, Role::Qualifier, Role::OwnerLead] {
        assert!(sees(role), "{role:?}");
    }
    let surprised = [
        Role::Mentee,
        Role::Stranger,
        Role::MenteeLead,
        Role::Administrator,
    ];
    for role in surprised {
        assert!(!sees(role), "{role:?}");
    }
    // Whoever could have planned it is surprised as well, once they take part.
    site.app.db(|c| {
        diesel::insert_into(drill_roles::table)
            .values((
                drill_roles::drill_id.eq(id),
                drill_roles::person_id.eq(site.qualifier.id),
                drill_roles::role.eq(checkride::domain::drill::Role::Observer),
            ))
            .execute(c)?;
        Ok(())
    });
    assert!(!sees(Role::Qualifier));
    // Until it is debriefed the game master can go on.
    let id = site.run_drill();
    assert!(!sees(Role::Mentee));
    site.client(Role::Mentor)
        .send(
            &format!("{}/debrief", page(id)),
            &[("went_badly", "Nobody told support")],
        )
        .assert_status(303);
    for role in surprised {
        let text = site.client(role).get(&page(id)).text();
        assert!(text.contains(SCENARIO), "{role:?}: {text}");
    }
}

#[test]
fn what_was_observed_of_somebody_is_theirs_their_mentors_and_their_leads() {
    let site = Site::open();
    let id = site.debrief_drill();
    let reads = |role: Role| {
        let answer = site.client(role).get(&page(id));
        answer.assert_text("Nobody told support");
        let text = answer.text();
        let reads = text.contains("mentor reachable");
        assert_eq!(
            text.contains("Given "),
            reads,
            "the ledger is person-level as well"
        );
        reads
    };
    for role in [
        Role::Mentee,
        Role::Mentor,
        Role::OwnerLead,
        Role::MenteeLead,
    ] {
        assert!(reads(role), "{role:?}");
    }
    for role in [Role::Stranger, Role::Qualifier, Role::Administrator] {
        assert!(!reads(role), "{role:?}");
    }
}

#[test]
fn a_plan_is_changed_by_one_at_a_time_and_whoever_was_slower_keeps_what_they_typed() {
    let site = Site::open();
    let id = site.plan_drill();
    let path = path::drill_form(id, "edit");
    let (mentor, lead) = (site.client(Role::Mentor), site.client(Role::OwnerLead));
    let first = Form::on(&mentor.get(&path), &path).with("title", "Tuesday evening");
    let slower = Form::on(&lead.get(&path), &path).with("title", "Friday night");
    first.send(&mentor).assert_leads_to(&page(id));
    let back = slower.send(&lead);
    back.assert_status(409)
        .assert_text("Marcus Oyelaran changed this drill on ")
        .assert_text("What you typed is still here");
    let again = Form::on(&back, &path);
    assert_eq!(again.get("title"), Some("Friday night"));
    assert_eq!(site.drill(id).drill.title, "Tuesday evening");
    again.send(&lead).assert_leads_to(&page(id));
    let file = site.drill(id);
    assert_eq!(file.drill.title, "Friday night");
    assert_eq!((file.lines.len(), file.parts.len()), (5, 4));
    assert_eq!(told(&site, "drill.changed").len(), 2);
}

#[test]
fn a_drill_that_does_not_take_place_is_cancelled_with_a_reason() {
    let site = Site::open();
    let id = site.plan_drill();
    let lead = site.client(Role::OwnerLead);
    let path = path::drill_form(id, "cancel");
    lead.send(&path, &[("cancel_reason", " ")])
        .assert_status(422)
        .assert_text("Say why, in a few words.");
    lead.send(&path, &[("cancel_reason", "A real incident")])
        .assert_leads_to(&page(id));
    let mentee = site.client(Role::Mentee);
    mentee
        .get(&page(id))
        .assert_text("Cancelled. A real incident");
    assert!(!mentee.get(&page(id)).text().contains(SCENARIO));
    let mentor = site.client(Role::Mentor);
    for step in ["begin", "end", "go-on", "debrief"] {
        mentor
            .send(&path::drill_form(id, step), &[("went_badly", "x")])
            .assert_status(409)
            .assert_text("Ruth Abara cancelled this drill on ");
    }
}

#[test]
fn a_drill_begins_days_early_only_with_a_reason() {
    let site = Site::open();
    let early = NewDrill {
        starts_at: site.app.now().plus_hours(24 * 6),
        ..site.new_drill()
    };
    let act = site.act(Role::Mentor);
    let id = site
        .app
        .db(|c| actions::plan(c, &act, &site.area_slug, &early));
    let (mentor, begin) = (site.client(Role::Mentor), path::drill_form(id, "begin"));
    let sheet = mentor.get(&path::drill_form(id, "sheet"));
    sheet.assert_text("Once it has begun, it cannot be moved.");
    let form = Form::on(&sheet, &begin);
    form.send(&mentor)
        .assert_status(422)
        .assert_text("Say why. It stays in the audit log.");
    form.with("reason", "Everyone is here")
        .send(&mentor)
        .assert_status(303);
    let begun = told(&site, "drill.begun");
    assert!(begun[0].contains("Everyone is here"), "{begun:?}");
}

#[test]
fn what_is_ticked_stays_on_the_sheet_and_a_mistake_is_taken_back() {
    let site = Site::open();
    let id = site.begin_drill();
    let mentor = site.client(Role::Mentor);
    let lines = site.drill_lines(id);
    let tick = |n: usize, fields: &[(&str, &str)]| {
        let line = &site.drill_lines(id)[n];
        let revision = line.revision.to_string();
        let fields = [fields, &[("revision", revision.as_str())]].concat();
        mentor.send(&format!("/drills/{id}/lines/{}", line.id), &fields)
    };
    tick(0, &[("to", "given")])
        .assert_leads_to(&format!("/drills/{id}/sheet#line-{}", lines[0].id));
    let began = site.drill_lines(id)[0].happened_at;
    site.app.wait_seconds(60);
    tick(0, &[("to", "understood")]).assert_status(303);
    assert_eq!(
        site.drill_lines(id)[0].happened_at,
        began,
        "when it was given stays"
    );
    let mentee = site.mentee.id.to_string();
    tick(2, &[("to", "seen"), ("person", &mentee)])
        .assert_status(422)
        .assert_text("Say how much help it needed.");
    let observer = site.mentee_lead.id.to_string();
    tick(2, &[("to", "seen"), ("person", &observer), ("help", "3")])
        .assert_status(422)
        .assert_text("Choose who did it");
    tick(2, &[("to", "seen"), ("person", &mentee), ("help", "3")]).assert_status(303);
    tick(4, &[("to", "seen"), ("person", &mentee)]).assert_status(303);
    tick(2, &[("to", "given")]).assert_status(422);
    mentor
        .get(&path::drill_form(id, "sheet"))
        .assert_text("3 ticked")
        .assert_text("Leila, mentor reachable");
    tick(2, &[("to", "open")]).assert_status(303);
    let line = &site.drill_lines(id)[2];
    assert_eq!((line.happened_at, line.help_level), (None, None));
    assert_eq!(told(&site, "drill.unticked").len(), 1);
}

#[test]
fn a_forgotten_tick_reopens_the_sheet_and_a_debrief_closes_it_for_good() {
    let site = Site::open();
    let id = site.run_drill();
    let mentor = site.client(Role::Mentor);
    let line = &site.drill_lines(id)[0];
    let fields = [("to", "open"), ("revision", "1")];
    let path = format!("/drills/{id}/lines/{}", line.id);
    mentor
        .send(&path, &fields)
        .assert_status(409)
        .assert_text("Marcus Oyelaran ended this drill on ");
    mentor
        .go_on_with_drill(id)
        .assert_leads_to(&path::drill_form(id, "sheet"));
    mentor.send(&path, &fields).assert_status(303);
    mentor
        .end_drill(id)
        .assert_leads_to(&path::drill_form(id, "debrief"));
    let form = Form::on(
        &mentor.get(&path::drill_form(id, "debrief")),
        &path::drill_form(id, "debrief"),
    );
    let help = format!("help-{}-PAY-I1", site.mentee.id);
    assert_eq!(form.get(&help), Some("3"), "filled in with what was ticked");
    let missing = form.clone().send(&mentor);
    missing
        .assert_status(422)
        .assert_text("Say what went badly: that is what the drill was for.");
    form.with("went_badly", "Nobody told support")
        .with(&help, "2")
        .send(&mentor)
        .assert_leads_to(&page(id));
    for step in ["begin", "end", "go-on", "debrief"] {
        mentor
            .send(&path::drill_form(id, step), &[("went_badly", "x")])
            .assert_status(409)
            .assert_text("Marcus Oyelaran debriefed this drill on ");
    }
    let observed = site
        .app
        .db(|c| checkride::domain::drill::store::observations(c, id));
    let told: Vec<_> = observed
        .iter()
        .map(|o| (o.competency_code.as_str(), o.help_level.number()))
        .collect();
    assert_eq!(told, [("PAY-I1", 2), ("PAY-O1", 3)]);
}
