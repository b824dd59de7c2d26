//! What two agreed is told to both; what waits is told however much it is.

use checkride::domain::clearance::model::NewClearance;
use checkride::domain::clearance::{ClearanceKind, store as clearances};
use checkride::domain::notification::{Kind, store};

use super::subjects;
use crate::support::{Role, Site, factory};

/// Days pass, and everyone is looked at in each morning.
fn days(site: &Site, days: i64) {
    for _ in 0..days {
        site.app.wait_hours(24);
        site.app.rounds();
    }
}

fn inbox(site: &Site, role: Role, words: &str) -> usize {
    site.client(role)
        .get("/inbox")
        .text()
        .matches(words)
        .count()
}

#[test]
fn a_next_action_past_its_day_is_told_to_both_who_agreed_on_it() {
    let site = Site::open();
    site.agree("Drain eu-west alone");
    // Every fourteen days was agreed.
    days(&site, 14);
    let told =
        || [Role::Mentee, Role::Mentor].map(|role| inbox(&site, role, "Drain eu-west alone"));
    assert_eq!(told(), [0, 0]);
    days(&site, 3);
    assert_eq!(told(), [1, 1], "once each");
    assert_eq!(inbox(&site, Role::OwnerLead, "Drain eu-west alone"), 0);
}

#[test]
fn a_pairing_without_a_session_is_told_to_both_and_its_leads_read_it_in_their_week() {
    let site = Site::open();
    site.hold_session(45);
    days(&site, 31);
    for role in [Role::Mentor, Role::Mentee] {
        assert_eq!(inbox(&site, role, "No session since"), 1, "{role:?}");
    }
    for role in [Role::MenteeLead, Role::OwnerLead, Role::Qualifier] {
        assert_eq!(inbox(&site, role, "No session since"), 0, "{role:?}");
    }
    days(&site, 7);
    let weeks = |member| {
        let letters = super::letters(&site.app, member);
        let last = letters
            .into_iter()
            .rev()
            .find(|l| l.subject.starts_with("Your week"));
        last.map(|l| {
            l.rows
                .into_iter()
                .filter(|r| r.note.starts_with("No session since"))
                .count()
        })
    };
    assert_eq!(weeks(&site.mentee_lead), Some(1));
    assert_eq!(weeks(&site.owner_lead), Some(1));
    // Their own lines say it in another way.
    assert_eq!(weeks(&site.mentor), Some(0));
}

#[test]
fn forty_things_that_wait_are_all_told_once_and_closed_one_by_one() {
    const WORDS: &str = "Interim clearance without supervisor";
    let site = Site::open();
    let now = site.app.now();
    let held: Vec<i64> = (0..40)
        .map(|n| {
            site.app.db(|c| {
                let name = format!("Interim Nr {n}");
                let person = factory::member(c, now, &name, "UTC", None)?;
                let ends_on = now.day().plus_days(50 + n);
                let full = NewClearance::full((person.id, site.area_id), now, ends_on);
                let interim = NewClearance {
                    kind: ClearanceKind::Interim,
                    // Not cleared themselves.
                    supervisor_id: Some(site.stranger.id),
                    ..full
                };
                clearances::insert(c, &interim)
            })
        })
        .collect();
    let waits = || {
        let (lead, by) = (site.owner_lead.id, site.app.now());
        let of = |kind| kind == Kind::Unsupervised;
        site.app.db(|c| store::open(c, lead, of, by)).len()
    };
    let mails = || {
        let all = subjects(&site.app, &site.owner_lead);
        all.iter().filter(|s| s.contains(WORDS)).count()
    };
    site.app.rounds();
    assert_eq!((waits(), mails()), (40, 40));
    // The list has room for thirty; home says that there are more, and the inbox has each.
    let lead = site.client(Role::OwnerLead);
    lead.get("/").assert_text("10 more wait for you");
    let inbox = lead.get("/inbox").body;
    for n in 0..40 {
        // In the list of what waits, or below it.
        let told = [">", "for "].map(|before| format!("{before}Interim Nr {n},"));
        let count: usize = told.iter().map(|name| inbox.matches(name).count()).sum();
        assert_eq!(count, 1, "{told:?} in {inbox}");
    }
    for _ in 0..3 {
        site.app.wait_seconds(700);
        site.app.rounds();
        assert_eq!((waits(), mails()), (40, 40));
    }
    // The first of those that home shows and the last, which it does not, get a supervisor.
    for id in [held[0], held[39]] {
        let (from_to, now) = ((site.stranger.id, site.qualifier.id), site.app.now());
        site.app
            .db(|c| clearances::set_supervisor(c, id, from_to, now));
    }
    site.app.wait_seconds(700);
    site.app.rounds();
    assert_eq!((waits(), mails()), (38, 40));
}
