//! Two keys, twice: what they decided on is frozen, and is read again on every evening after.

use super::look::{AT_MINIMUM, ONE_SPARE, Stands};
use super::*;

/// A week later: asked for, first key, second key; gives back the row of the clearance.
pub fn cleared(life: &mut Life, ramp: i64) -> i64 {
    life.on("2026-12-21");
    let signoff = life.own().ask(ramp);
    life.look(Stands {
        cell: &["Sign-off by Tomasz"],
        cover: AT_MINIMUM,
        line: "Sign-off,,100,no,,,",
    });

    life.on("2026-12-22");
    let mentor = life.client(Role::Mentor);
    mentor
        .turn_first_key(signoff, "He fails over calmly")
        .assert_status(303);
    let approve = [("decision", "approve"), ("note", "")];
    mentor
        .send(&path::decision(signoff), &approve)
        .assert_status(403)
        .assert_text("You mentored this person in this area, so you cannot turn the second key.");
    life.look(Stands {
        cell: &["Sign-off by Marcus"],
        cover: AT_MINIMUM,
        line: "Sign-off,,100,no,,,",
    });

    life.on("2026-12-23");
    let lead = life.client(Role::OwnerLead);
    lead.decide(signoff, Decision::Approve, "")
        .assert_status(303);
    life.keep_record(ramp);
    for words in [
        "on standard v1, by readiness rules version 3",
        "7 met, 0 open",
        "1 of 1 shadow shifts",
        "75% of 4 alerts understood, needs 75% of 4",
        "1 of 1 drills, 1 of 1 as primary",
        "1 of 1 post-mortems",
        "Reverse-shadow shift",
        "Needs drill or stronger",
        "He fails over calmly",
    ] {
        lead.signoff_page(signoff).assert_text(words);
    }
    life.look(Stands {
        cell: &["Cleared practise by 23 Mar 2027"],
        cover: ONE_SPARE,
        line: "Cleared,,,yes,2027-03-23,2027-12-23,",
    });
    clearances(&life.site, &life.who)[0].id
}

/// After the lapse: a short ramp on the standard of the day, with what is fresh carried over; two keys once more.
pub fn recertified(life: &mut Life, before: i64) -> i64 {
    life.on("2027-04-19");
    let lead = life.client(Role::OwnerLead);
    lead.clearance_page(before).assert_text("Recertify");
    let ramp = life.propose();
    let path = path::ramp(ramp);
    life.look(Stands {
        cell: &["Lapsed on 11 Apr", "Planned from 19 Apr"],
        cover: AT_MINIMUM,
        line: "Lapsed,Planned,86,no,2027-04-11,2027-12-23,",
    });

    // Practice, checks and judgements are fresh; sessions are held anew, and one competency asks for more since February.
    life.on("2027-04-20");
    life.accept(ramp);
    let page = life.own().get(&path);
    page.assert_text("recent assessments and checks are kept");
    assert_eq!(
        obstacles(&page),
        [
            "Shows the architecture of payments, part 1",
            "Hold and record working sessions"
        ]
    );
    life.look(Stands {
        cell: &["Lapsed on 11 Apr", "Ramping 86%, close"],
        cover: AT_MINIMUM,
        line: "Lapsed,Ramping,86,no,2027-04-11,2027-12-23,",
    });

    life.on("2027-04-21");
    let mentor = life.client(Role::Mentor);
    mentor
        .record_session(ramp, "Once more, from memory", &[])
        .assert_status(303);
    mentor
        .assess(ramp, "PAY-A1", "4", "Drew the new way of a payment")
        .assert_status(303);
    life.moved(ramp, 7, "8 of 8 competencies");
    life.look(Stands {
        cell: &["Lapsed on 11 Apr", "Ramping 100%, close"],
        cover: AT_MINIMUM,
        line: "Lapsed,Ramping,100,no,2027-04-11,2027-12-23,",
    });

    life.on("2027-04-22");
    let signoff = life.own().ask(ramp);
    life.client(Role::Mentor)
        .turn_first_key(signoff, "As calm as before")
        .assert_status(303);
    life.look(Stands {
        cell: &["Sign-off by Marcus", "Lapsed on 11 Apr"],
        cover: AT_MINIMUM,
        line: "Sign-off,Lapsed,100,no,2027-04-11,2027-12-23,",
    });

    life.on("2027-04-23");
    let qualifier = life.client(Role::Qualifier);
    qualifier
        .decide(signoff, Decision::Approve, "")
        .assert_status(303);
    life.keep_record(ramp);
    qualifier
        .signoff_page(signoff)
        .assert_text("on standard v2, by readiness rules version 3")
        .assert_text("Cleared in this area before");
    life.look(Stands {
        cell: &["Cleared practise by 22 Jul"],
        cover: ONE_SPARE,
        line: "Cleared,,,yes,2027-07-22,2028-04-23,",
    });
    let held = clearances(&life.site, &life.who);
    let person = qualifier.person_page(&life.who.handle);
    assert!(section(&person, "cl").contains("1 before"));
    assert!(person.body.contains(&format!("/clearances/{before}\"")));
    qualifier
        .clearance_page(before)
        .assert_text("The later clearance holds now.")
        .assert_text("Ruth Abara turned the second key");
    assert_eq!(held.len(), 2);
    held[0].id
}
