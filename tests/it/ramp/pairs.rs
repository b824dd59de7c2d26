//! Mentors change: the part is handed over, history stays, and what they carry is counted.

use checkride::db::schema::{pairings, people};
use checkride::domain::ramp::PairingRole;
use checkride::domain::signoff::{Authority, Denied, Key, may_turn};
use checkride::usecases::dossier::Dossier;

use super::*;
use crate::support::{Member, Role, at_once, path};

const WHY: (&str, &str) = ("reason", "Marcus moves to another team");

fn agree(site: &Site, who: &Member, mentees: i32, hours: i32) {
    site.app.db(|c| {
        diesel::update(people::table.find(who.id))
            .set((
                people::mentees_agreed.eq(mentees),
                people::hours_agreed.eq(hours),
            ))
            .execute(c)?;
        Ok(())
    });
}

#[test]
fn a_part_is_handed_over_with_its_history_and_the_one_who_gave_it_never_decides() {
    let site = Site::open();
    let (mentor, lead) = (site.client(Role::Mentor), site.client(Role::OwnerLead));
    let ramp = path::ramp(site.ramp_id);
    let page = mentor.get(&path(&site, "hand-over"));
    page.assert_text("Primary mentor now: Marcus Oyelaran.")
        .assert_text("Sofia Lindqvist, qualifier: 0 mentees, 0 h in 4 weeks");
    assert!(!page.form(&path(&site, "hand-over")).contains("Leila"));
    let form = Form::on(&page, &path(&site, "hand-over")).with(WHY.0, WHY.1);
    for (who, sentence) in [
        (
            site.mentee.id,
            "Nobody mentors themselves: choose someone else.",
        ),
        (site.mentor.id, "Marcus Oyelaran has this part already"),
        (0, "There is no such person."),
    ] {
        form.clone()
            .with("mentor", &who.to_string())
            .send(&mentor)
            .assert_status(422)
            .assert_text(sentence);
    }
    form.clone()
        .with("mentor", &site.qualifier.id.to_string())
        .with("reason", "")
        .send(&mentor)
        .assert_status(422)
        .assert_text("Say why, in a sentence.");
    form.with("mentor", &site.qualifier.id.to_string())
        .send(&mentor)
        .assert_leads_to(&ramp);

    let told_of = site
        .app
        .db(|c| Ok(Dossier::lock(c, site.ramp_id, site.app.now().day())?.pairing_history));
    assert_eq!(told_of.len(), 2);
    assert_eq!(told_of[0].ended_by, Some(site.mentor.id));
    assert_eq!(told_of[0].ended_reason.as_deref(), Some(WHY.1));
    assert_eq!(
        (told_of[1].mentor_id, told_of[1].until),
        (site.qualifier.id, None)
    );
    // Who gave it up reads on, writes no more, and can never turn the second key.
    mentor
        .get(&ramp)
        .assert_text("Primary mentor Sofia Lindqvist");
    mentor
        .history_page(site.ramp_id)
        .assert_text("Marcus Oyelaran gives up the primary part Marcus moves to another team");
    let mark = [("from", "open"), ("to", "checked")];
    mentor
        .send(&format!("{ramp}/items/PAY-K1"), &mark)
        .assert_status(403);
    mentor.get(&path(&site, "hand-over")).assert_status(403);
    let hand = |who: &Member| Authority {
        person_id: who.id,
        leads_owner_team: true,
        is_cleared: true,
    };
    let parties = site.dossier().parties;
    for who in [&site.mentor, &site.qualifier] {
        assert_eq!(
            may_turn(Key::Second, &parties, None, hand(who)),
            Err(Denied::Mentor)
        );
    }
    assert_eq!(told(&site, "ramp.handed_over"), 1);
    lead.history_page(site.ramp_id)
        .assert_text("Sofia Lindqvist is the primary mentor");
}

#[test]
fn a_secondary_mentor_comes_helps_takes_over_and_goes() {
    let site = Site::open();
    let lead = site.client(Role::MenteeLead);
    let find = lead.get(&format!("{}?find=WILK", path(&site, "add-mentor")));
    find.assert_text("Tomasz Wilk: 0 mentees, 0 h in 4 weeks");
    let add = |who: &Member| {
        arrange(
            &lead,
            &site,
            "add-mentor",
            &[("mentor", &who.id.to_string())],
        )
    };
    add(&site.mentor)
        .assert_status(422)
        .assert_text("Marcus Oyelaran is the primary mentor");
    add(&site.stranger).assert_status(303);
    lead.get(&path(&site, "add-mentor"))
        .assert_status(409)
        .assert_text("This ramp has a secondary mentor already");
    let helper = site.client(Role::Stranger);
    arrange(&helper, &site, "remove-mentor", &[("reason", "On leave")]).assert_status(303);
    assert_eq!(site.dossier().parties.mentors, [site.mentor.id]);

    // Whoever helped can take over: one person, one part.
    arrange(
        &lead,
        &site,
        "add-mentor",
        &[("mentor", &site.qualifier.id.to_string())],
    )
    .assert_status(303);
    let over = [("mentor", &*site.qualifier.id.to_string()), WHY];
    arrange(&lead, &site, "hand-over", &over).assert_status(303);
    let dossier = site.dossier();
    assert_eq!(dossier.parties.mentors, [site.qualifier.id]);
    let role = dossier
        .pairings
        .iter()
        .find(|p| p.until.is_none())
        .unwrap()
        .role;
    assert_eq!(role, PairingRole::Primary);
    lead.get(&path(&site, "remove-mentor")).assert_status(409);
}

#[test]
fn two_who_hand_over_at_once_are_one_who_does_and_one_who_is_told() {
    for _ in 0..6 {
        let site = Site::open();
        let both = [Role::Mentor, Role::OwnerLead].map(|role| site.client(role));
        let heirs = [site.qualifier.id, site.owner_lead.id].map(|id| id.to_string());
        let seen = site.mentor.id.to_string();
        let answers = at_once(2, |n| {
            let fields = [
                ("mentor", &*heirs[n]),
                ("from", &*seen),
                ("role", "primary"),
                WHY,
            ];
            both[n].send(&path(&site, "hand-over"), &fields)
        });
        let won = answers.iter().position(|a| a.status == 303).unwrap();
        let by = [&site.mentor.name, &site.owner_lead.name][won];
        let now = [&site.qualifier.name, &site.owner_lead.name][won];
        let late = &answers[1 - won];
        if late.status == 403 {
            // The mentor who came second was none any more.
            assert_eq!(won, 1);
        } else {
            late.assert_status(409).assert_text(&format!(
                "{by} changed who has the primary part on Mon 23 Nov"
            ));
            late.assert_text(&format!("{now} has it now. Your change was not saved."));
        }
        let lasting = site
            .app
            .db(|c| Ok(Dossier::lock(c, site.ramp_id, site.app.now().day())?.pairing_history));
        assert_eq!(lasting.iter().filter(|p| p.until.is_none()).count(), 1);
        assert_eq!(told(&site, "ramp.handed_over"), 1);
    }
}

#[test]
fn over_capacity_a_reason_is_needed_and_kept() {
    let site = Site::open();
    agree(&site, &site.qualifier, 1, 8);
    let lead = site.client(Role::OwnerLead);
    let propose = |mentee: &Member, reason: &str| {
        let fields = [
            ("area", &*site.area_id.to_string()),
            ("mentee", &*mentee.id.to_string()),
            ("primary", &*site.qualifier.id.to_string()),
            ("starts_on", "2026-11-23"),
            ("interval_days", "7"),
            ("over_capacity_reason", reason),
        ];
        lead.start_ramp(&fields)
    };
    propose(&site.stranger, "").assert_status(303);
    lead.get(&path::new_ramp(site.area_id)).assert_text(
        "Sofia Lindqvist, qualifier: 0 of 1 mentee and 1 proposed, 0 of 8 h in 4 weeks",
    );
    let full = "Sofia Lindqvist has 0 of 1 mentee and 1 proposed, 0 of 8 h in 4 weeks: say why one more is right";
    propose(&site.admin, " ")
        .assert_status(422)
        .assert_text(full);
    arrange(
        &lead,
        &site,
        "hand-over",
        &[("mentor", &site.qualifier.id.to_string()), WHY],
    )
    .assert_status(422)
    .assert_text(full);
    propose(&site.admin, "The other ramp ends next week").assert_status(303);
    let kept: Vec<Option<String>> = site.app.db(|c| {
        Ok(pairings::table
            .filter(pairings::mentor_id.eq(site.qualifier.id))
            .order(pairings::id)
            .select(pairings::over_capacity_reason)
            .load(c)?)
    });
    assert_eq!(kept, [None, Some("The other ramp ends next week".into())]);

    // Hours count as well: 45 minutes were held, and none were agreed.
    agree(&site, &site.mentor, 9, 0);
    site.hold_session(45);
    let add = [("mentor", &*site.mentor.id.to_string())];
    let page = lead.get(&path::new_ramp(site.area_id));
    page.assert_text("Marcus Oyelaran, qualifier: 1 of 9 mentees, 1 of 0 h in 4 weeks");
    let other = site
        .app
        .db(|c| checkride::domain::ramp::store::of_mentee(c, site.stranger.id));
    for who in [Role::Stranger, Role::Qualifier] {
        let accept = path::ramp_form(other[0].id, "accept");
        site.client(who).send(&accept, &[]).assert_status(303);
    }
    lead.send(&path::ramp_form(other[0].id, "add-mentor"), &add)
        .assert_status(422)
        .assert_text("Marcus Oyelaran is at capacity.");
}

#[test]
fn the_last_free_place_of_a_mentor_is_given_once() {
    for _ in 0..6 {
        let site = Site::open();
        agree(&site, &site.qualifier, 1, 8);
        let both = [Role::OwnerLead, Role::Administrator].map(|role| site.client(role));
        let mentees = [site.stranger.id, site.mentee_lead.id].map(|id| id.to_string());
        let (area, mentor) = (site.area_id.to_string(), site.qualifier.id.to_string());
        let answers = at_once(2, |n| {
            let fields = [
                ("area", &*area),
                ("mentee", &*mentees[n]),
                ("primary", &*mentor),
                ("starts_on", "2026-11-23"),
                ("interval_days", "7"),
            ];
            both[n].start_ramp(&fields)
        });
        let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422]);
        let late = answers.iter().find(|a| a.status == 422).unwrap();
        late.assert_text("Sofia Lindqvist has 0 of 1 mentee and 1 proposed");
        assert_eq!(told(&site, "ramp.proposed"), 1);
    }
}

#[test]
fn a_mentee_is_found_among_the_teams_one_leads_or_by_a_search() {
    let site = Site::open();
    let [lead, admin] = [Role::MenteeLead, Role::Administrator].map(|role| site.client(role));
    let new = &path::new_ramp("payments");
    let options = |page: &Answer| {
        let form = page.assert_status(200).form(path::NEW_RAMP).to_owned();
        form.split("name=\"primary\"").next().unwrap().to_owned()
    };
    assert!(options(&lead.get(new)).contains("Tomasz Wilk"));
    assert!(!options(&lead.get(new)).contains("Marcus Oyelaran"));
    // Who leads nobody is shown the first people there are: in a small organisation that is everybody.
    assert!(options(&admin.get(new)).contains("Tomasz Wilk"));
    let found = options(&admin.get(&format!("{new}&who=tomasz+w")));
    assert!(found.contains("Tomasz Wilk") && !found.contains("Leila"));
    assert!(options(&admin.get(&format!("{new}&who=LINDQ"))).contains("Sofia Lindqvist"));
    assert!(!options(&admin.get(&format!("{new}&who=%25"))).contains("Sofia"));
    lead.get(path::NEW_RAMP)
        .assert_text("Choose the area first.");
}
