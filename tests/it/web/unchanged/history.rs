//! Whatever people do, in whatever order: a page that is called unchanged is the page that would be made now.

use std::cell::Cell;
use std::collections::HashMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{ask, settled, tag};
use crate::support::factory::PASSWORD;
use crate::support::{Client, On, Role, Site, path};

const CASES: u32 = 6;

const VIEWERS: [Role; 5] = [
    Role::Mentee,
    Role::Mentor,
    Role::OwnerLead,
    Role::Stranger,
    Role::Administrator,
];

#[derive(Debug, Clone)]
enum Deed {
    Nothing,
    Mark(bool),
    Record,
    Assess,
    Say,
    Zone(bool),
    Designate,
    EndDesignation,
    Join,
    Leave,
    Look(bool),
    SignOut,
    SignOutEverywhere,
    /// On another connection than those of the app.
    BehindItsBack,
    Seconds(i64),
    Days(i64),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => Just(Deed::Nothing),
        2 => any::<bool>().prop_map(Deed::Mark),
        1 => Just(Deed::Record),
        1 => Just(Deed::Assess),
        1 => Just(Deed::Say),
        1 => any::<bool>().prop_map(Deed::Zone),
        1 => Just(Deed::Designate),
        1 => Just(Deed::EndDesignation),
        1 => Just(Deed::Join),
        1 => Just(Deed::Leave),
        1 => any::<bool>().prop_map(Deed::Look),
        1 => Just(Deed::SignOut),
        1 => Just(Deed::SignOutEverywhere),
        1 => Just(Deed::BehindItsBack),
        2 => (1..70_i64).prop_map(Deed::Seconds),
        1 => (1..20_i64).prop_map(Deed::Days),
    ]
}

/// What happens: what somebody does, and who then looks at which pages.
type Step = (Deed, usize, Vec<(usize, usize)>);

fn step() -> impl Strategy<Value = Step> {
    let look = (0..VIEWERS.len(), 0..PAGES);
    let looks = prop::collection::vec(look, 2..6);
    (deed(), 0..VIEWERS.len(), looks)
}

const PAGES: usize = 16;

fn pages(site: &Site) -> [String; PAGES] {
    let (ramp, day) = (site.ramp_id, site.app.now().day());
    [
        "/".into(),
        "/".into(),
        "/board".into(),
        format!("/board?at={}", day.plus_days(-1)),
        format!("/board?at={}", day.plus_days(7)),
        "/areas/payments".into(),
        "/areas/payments/qualifiers".into(),
        path::ramp(ramp),
        path::checklist(ramp),
        path::sessions(ramp),
        path::history(ramp),
        path::person(&site.mentee.handle),
        path::person(&site.stranger.handle),
        "/inbox".into(),
        "/account".into(),
        "/search?q=payments".into(),
    ]
}

/// The people, each with a browser that keeps what it was shown.
struct History {
    site: Site,
    clients: Vec<Client>,
    /// By viewer and address: the tag, and the page.
    kept: HashMap<(usize, String), (String, String)>,
    unchanged: usize,
    made_again: usize,
}

impl History {
    fn begin() -> Self {
        let site = Site::open();
        let clients = VIEWERS.iter().map(|role| site.client(*role)).collect();
        Self {
            site,
            clients,
            kept: HashMap::new(),
            unchanged: 0,
            made_again: 0,
        }
    }

    fn of(&self, role: Role) -> &Client {
        let place = VIEWERS.iter().position(|r| *r == role).unwrap();
        &self.clients[place]
    }

    fn sign_in(&mut self, viewer: usize) {
        let member = self.site.member(VIEWERS[viewer]).unwrap();
        self.clients[viewer].sign_in(&member.email, PASSWORD);
    }

    /// Much is refused, as somebody was before or may not. Then nothing changed.
    fn happen(&mut self, deed: &Deed, viewer: usize) {
        let (ramp, admin) = (self.site.ramp_id, Role::Administrator);
        let place = |from: &str, to: &str| {
            let fields = [
                ("person", self.site.stranger.handle.as_str()),
                ("team", "Payments"),
                ("from", from),
                ("to", to),
                ("reason", "Another team"),
            ];
            let form = format!("/admin/people/{}/teams", self.site.stranger.handle);
            self.of(admin).send(&form, &fields);
        };
        match *deed {
            Deed::Nothing => {}
            Deed::Mark(is_done) => {
                let (from, to) = match is_done {
                    true => ("open", "done"),
                    false => ("done", "open"),
                };
                let mark = [("from", from), ("to", to)];
                self.of(Role::Mentee)
                    .send(&path::item(ramp, "PAY-K1"), &mark);
            }
            Deed::Record => {
                let mentor = self.of(Role::Mentor);
                if mentor.is_signed_in() {
                    mentor.record_session(ramp, "Walked through a failover", &[]);
                }
            }
            Deed::Assess => {
                let mentor = self.of(Role::Mentor);
                if mentor.is_signed_in() {
                    mentor.assess(ramp, "PAY-I2", "2", "Led a drill");
                }
            }
            Deed::Say => {
                let comments = path::ramp_form(ramp, "comments");
                self.clients[viewer].say(&comments, "How did it go?");
            }
            Deed::Zone(is_far) => {
                let zone = if is_far { "Asia/Tokyo" } else { "UTC" };
                self.clients[viewer].send(path::TIME_ZONE, &[("time_zone", zone)]);
            }
            Deed::Designate => {
                let who = [("who", self.site.stranger.name.as_str())];
                let lead = self.of(Role::OwnerLead);
                lead.send("/areas/payments/qualifiers", &who);
            }
            Deed::EndDesignation => {
                let form = format!("/areas/payments/qualifiers/{}/end", self.site.stranger.id);
                let lead = self.of(Role::OwnerLead);
                lead.send(&form, &[("reason", "Another area")]);
            }
            Deed::Join => place("outside", "member"),
            Deed::Leave => place("member", "outside"),
            Deed::Look(is_dark) => {
                let theme = if is_dark { "dark" } else { "light" };
                let look = [("theme", theme), ("density", "normal")];
                self.clients[viewer].send("/account/look", &look);
            }
            Deed::SignOut => {
                self.clients[viewer].send("/sign-out", &[]);
            }
            Deed::SignOutEverywhere => {
                // Another browser of theirs: this one learns nothing of it.
                let other = self.site.client(VIEWERS[viewer]);
                other.send("/sign-out", &[("everywhere", "1")]);
            }
            Deed::BehindItsBack => self.site.hold_session(45),
            Deed::Seconds(seconds) => self.site.app.wait_seconds(seconds),
            Deed::Days(days) => self.site.app.wait_hours(24 * days),
        }
    }

    fn look(&mut self, viewer: usize, page: &str) {
        let client = &self.clients[viewer];
        let key = (viewer, page.to_owned());
        let before = self.kept.get(&key);
        let answer = before.map(|(tag, _)| ask(client, page, tag));
        let fresh = client.get(page);
        if let (Some(answer), Some((_, was))) = (&answer, before) {
            let who = VIEWERS[viewer];
            if answer.status == 304 {
                self.unchanged += 1;
                assert_eq!(fresh.status, 200, "{page} as {who:?}");
                assert_eq!(&settled(&fresh), was, "{page} as {who:?}");
            } else {
                self.made_again += 1;
                assert_eq!(answer.status, fresh.status, "{page} as {who:?}");
            }
        }
        match tag(&fresh) {
            Some(tag) => self.kept.insert(key, (tag, settled(&fresh))),
            None => None,
        };
        if fresh.status == 303 && fresh.location().starts_with("/sign-in") {
            self.sign_in(viewer);
        }
    }
}

#[test]
fn no_history_makes_a_page_stale() {
    let (unchanged, made_again) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        max_shrink_iters: 30,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&prop::collection::vec(step(), 20..40), |history| {
        let mut all = History::begin();
        for (deed, viewer, looks) in &history {
            all.happen(deed, *viewer);
            let pages = pages(&all.site);
            // As people do: they look, and look again.
            for (viewer, page) in looks.iter().chain(looks) {
                all.look(*viewer, &pages[*page]);
            }
        }
        unchanged.set(unchanged.get() + all.unchanged);
        made_again.set(made_again.get() + all.made_again);
        Ok(())
    });
    if let Err(e) = outcome {
        panic!("{e}");
    }
    let (unchanged, made_again) = (unchanged.get(), made_again.get());
    // What other tests commit on the same server is a commit too.
    let enough = if On::this_run() == On::Sqlite { 50 } else { 0 };
    assert!(
        unchanged > enough && made_again > 50,
        "{unchanged}, {made_again}"
    );
}
