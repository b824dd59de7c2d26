//! Chat hooks: who manages them, what they tell, and what becomes of each message.

mod endings;
mod guarded;
mod sent;

use checkride::app::App;
use checkride::clock::Clock;
use checkride::db::Db;
use checkride::domain::area;
use checkride::domain::hook::{Event, Kind};
use checkride::domain::outbox::model::Message;
use checkride::domain::outbox::store::{self, Filter};
use checkride::domain::outbox::{Channel, Outcome, State};
use checkride::domain::people::store::put_membership;
use checkride::jobs::{self, Worker};
use checkride::net::Networks;
use checkride::outgoing::Outgoing;
use checkride::usecases::hook::publish;

use crate::support::receiver::Receiver;
use crate::support::{Answer, Client, Role, Site, TestApp, told};

/// A site, what its worker needs, and the other side.
struct Wired {
    site: Site,
    /// As the worker has it: it knows the public address.
    app: App,
    worker: Worker,
    receiver: Receiver,
}

impl Wired {
    /// One whose configuration allows that network.
    fn allowing(networks: &str) -> Self {
        let networks = Networks::parse(networks).unwrap();
        let mut of_worker = None;
        let app = TestApp::start_with(|app| {
            app.outgoing = Outgoing::new(networks);
            of_worker = Some(app.clone());
        });
        let mut of_worker = of_worker.unwrap();
        of_worker.rules.public_url = Some("https://ride.example".into());
        // The reference library asks the clock of the machine.
        of_worker.clock = Clock::system();
        Self {
            worker: Worker::new(Db::open(&app.database().target).unwrap()).unwrap(),
            site: Site::open_on(app),
            app: of_worker,
            receiver: Receiver::start(),
        }
    }

    fn open() -> Self {
        Self::allowing("127.0.0.0/8")
    }

    /// Adds a hook of the area in the browser of its owner's lead.
    fn add(&self, dialect: &str, kinds: &[&str]) -> Answer {
        let address = self.receiver.address();
        let owner = format!("area-{}", self.site.area_id);
        let mut fields = vec![
            ("owner", owner.as_str()),
            ("name", dialect),
            ("dialect", dialect),
            ("address", &address),
        ];
        fields.extend(kinds.iter().map(|kind| ("kinds", *kind)));
        self.lead().send("/hooks/new", &fields)
    }

    /// The same, for a chat; its row.
    fn add_chat(&self, dialect: &str) -> i64 {
        let answer = self.add(dialect, &["clearance.suspended"]);
        answer.assert_status(303);
        answer
            .location()
            .rsplit('/')
            .next()
            .unwrap()
            .parse()
            .unwrap()
    }

    fn lead(&self) -> Client {
        self.site.client(Role::OwnerLead)
    }

    /// The clearance of the mentor is suspended now.
    fn suspend(&self) {
        self.publish(Kind::Suspended);
    }

    fn publish(&self, kind: Kind) {
        let act = self.site.act(Role::OwnerLead);
        let event = Event::new(kind, 7, self.site.area_id, act.now).of(self.site.mentor.id);
        self.site.app.db(|c| publish(c, &event, act.now));
    }

    /// The worker sends what is due.
    fn work(&self) -> usize {
        let clock = Clock::manual(self.site.app.now());
        let runtime = jobs::runtime().unwrap();
        let send = |m: &Message| jobs::send(&self.app, &runtime, m);
        self.worker.pass(Channel::Hook, &clock, send).unwrap()
    }

    fn messages(&self) -> Vec<Message> {
        let of_hooks = Filter {
            channel: Some(Channel::Hook),
            ..Filter::default()
        };
        self.site.app.db(|c| store::list(c, of_hooks, None, 500))
    }
}

#[test]
fn a_lead_adds_a_hook_and_only_those_who_manage_it_see_it() {
    let wired = Wired::open();
    let id = wired.add_chat("mattermost");
    let page = wired.lead().get(&format!("/hooks/{id}"));
    page.assert_text("Hook of Payments")
        .assert_text("Clearance suspended");
    page.assert_text(&format!(
        "It leads to http://127.0.0.1:{}",
        wired.receiver.port
    ));
    for role in Role::ALL {
        let seen = wired.site.client(role).get("/hooks").body;
        let manages = matches!(role, Role::OwnerLead | Role::Administrator);
        assert_eq!(
            seen.contains(&format!("/hooks/{id}\"")),
            manages,
            "{role:?}"
        );
    }
    let added = told(&wired.site, "hook.added").concat();
    assert!(
        added.contains("127.0.0.1") && !added.contains("s3cret"),
        "{added}"
    );
    for address in ["/hooks", "/hooks/1", "/hooks/1/remove", "/admin/audit"] {
        let page = wired.site.client(Role::Administrator).get(address);
        assert!(
            !page.assert_status(200).body.contains("s3cret"),
            "{address}"
        );
    }
}

#[test]
fn a_hook_stays_with_its_team_when_its_maker_no_longer_leads_it() {
    let wired = Wired::open();
    let (site, id) = (&wired.site, wired.add_chat("mattermost"));
    let maker = wired.lead();
    let added = format!("Added by {}", site.owner_lead.name);
    maker.get("/hooks").assert_text(&added);
    let now = site.app.now();
    site.app.db(|c| {
        let team = area::store::by_id(c, site.area_id)?.owner_team_id;
        put_membership(c, (team, site.stranger.id), true, now)?;
        put_membership(c, (team, site.owner_lead.id), false, now)
    });
    let page = format!("/hooks/{id}");
    let pause = format!("{page}/pause");
    maker.get("/hooks").assert_status(403);
    maker.get(&page).assert_status(403);
    maker.send(&pause, &[]).assert_status(403);
    // What it tells is told on, and who leads now sees who made it, and stops it.
    wired.suspend();
    assert_eq!(wired.work(), 1);
    let lead = site.client(Role::Stranger);
    lead.get("/hooks").assert_text(&added);
    lead.get(&page).assert_text(&added);
    lead.form(&page, &pause).send(&lead).assert_status(303);
    wired.suspend();
    assert_eq!(wired.work(), 0);
}

#[test]
fn a_form_with_a_mistake_comes_back_whole() {
    let wired = Wired::open();
    let fields = [
        ("owner", "team-1"),
        ("name", " "),
        ("dialect", "slack"),
        ("address", "hooks.slack.com/services/1"),
        ("kinds", "session.held"),
    ];
    let page = wired
        .site
        .client(Role::Administrator)
        .send("/hooks/new", &fields);
    page.assert_status(422)
        .assert_text("Name it, like its channel.")
        .assert_text("Type a web address like https://chat.example.com/hook.");
    let form = page.form("/hooks/new");
    for kept in [
        "value=\"hooks.slack.com/services/1\"",
        "value=\"slack\" checked",
        "value=\"session.held\" checked",
        "value=\"team-1\" selected",
    ] {
        assert!(form.contains(kept), "{kept} in {form}");
    }
    assert!(
        !form.contains("value=\"clearance.granted\" checked"),
        "{form}"
    );
}

#[test]
fn one_name_is_one_hook_and_ten_are_enough() {
    let wired = Wired::open();
    let kinds = ["clearance.granted"];
    let both = crate::support::at_once(2, |_| wired.add("slack", &kinds).status);
    assert!(both.contains(&303) && both.contains(&422), "{both:?}");
    let owner = format!("area-{}", wired.site.area_id);
    let client = wired.lead();
    let add = |name: &str| {
        let fields = [
            ("owner", owner.as_str()),
            ("name", name),
            ("dialect", "teams"),
            ("address", "https://chat.example.com/x"),
            ("kinds", "session.held"),
        ];
        client.send("/hooks/new", &fields)
    };
    for n in 1..10 {
        add(&format!("n{n}")).assert_status(303);
    }
    add("one more")
        .assert_status(422)
        .assert_text("Payments has 10 hooks. Remove one first.");
}

#[test]
fn each_hook_hears_what_it_was_asked_to_tell_of_its_own() {
    let wired = Wired::open();
    let site = &wired.site;
    let teams = site.app.db(checkride::domain::people::store::teams);
    let team = |name: &str| teams.iter().find(|t| t.name == name).unwrap().id;
    let (owners, others) = (team("Payments"), team("Storefront"));
    let client = site.client(Role::Administrator);
    let address = wired.receiver.address();
    let add = |owner: &str, name: &str, kinds: &[&str]| {
        let mut fields = vec![
            ("owner", owner),
            ("name", name),
            ("dialect", "slack"),
            ("address", address.as_str()),
        ];
        fields.extend(kinds.iter().map(|k| ("kinds", *k)));
        client.send("/hooks/new", &fields).assert_status(303);
    };
    let area = format!("area-{}", site.area_id);
    let clearances = ["clearance.suspended"];
    add(&area, "area", &clearances);
    add(&area, "sessions", &["session.held"]);
    add(
        &format!("team-{owners}"),
        "owners",
        &["clearance.suspended", "session.held"],
    );
    add(
        &format!("team-{others}"),
        "others",
        &["clearance.suspended", "session.held"],
    );

    let heard = |event: Event| {
        let act = site.act(Role::OwnerLead);
        let before = wired.messages().len();
        site.app.db(|c| publish(c, &event, act.now));
        // The same cause again is the same message.
        site.app.db(|c| publish(c, &event, act.now));
        let messages = wired.messages();
        let mut names: Vec<String> = messages[..messages.len() - before]
            .iter()
            .map(|m| m.address.clone())
            .collect();
        names.sort();
        names
    };
    let now = site.app.now();
    let suspended = Event::new(Kind::Suspended, 1, site.area_id, now);
    assert_eq!(
        heard(suspended.clone().of(site.mentor.id)),
        ["area", "owners"]
    );
    let of_the_mentee = Event::new(Kind::Suspended, 2, site.area_id, now).of(site.mentee.id);
    assert_eq!(heard(of_the_mentee), ["area", "others", "owners"]);
    // A session names nobody, so the mentee's team is not asked.
    let held = Event::new(Kind::Held, 3, site.area_id, now).of(site.mentee.id);
    assert_eq!(heard(held), ["owners", "sessions"]);
    assert_eq!(
        heard(Event::new(Kind::Lapsed, 4, site.area_id, now)),
        [""; 0]
    );
}

#[test]
fn what_is_undone_is_not_told() {
    let wired = Wired::open();
    wired.add_chat("slack");
    let act = wired.site.act(Role::OwnerLead);
    let event = Event::new(Kind::Suspended, 7, wired.site.area_id, act.now);
    let undone = wired.site.app.try_db(|c| {
        publish(c, &event, act.now)?;
        Err::<(), _>(checkride::error::Error::Busy)
    });
    assert!(undone.is_err());
    assert!(wired.messages().is_empty());
    assert_eq!(wired.work(), 0);
}

#[test]
fn a_removed_hook_sends_nothing_and_keeps_no_secret() {
    let wired = Wired::open();
    let id = wired.add_chat("slack");
    wired.suspend();
    let client = wired.lead();
    let remove = format!("/hooks/{id}/remove");
    client
        .submit(&remove, &remove, &[("reason", " ")])
        .assert_status(422);
    client
        .submit(&remove, &remove, &[("reason", "The channel is closed")])
        .assert_leads_to("/hooks");
    assert_eq!(wired.work(), 1);
    assert!(wired.receiver.take().is_empty());
    let message = wired.messages().remove(0);
    assert_eq!(
        (message.state, message.answer.as_str()),
        (State::GivenUp, "The hook was removed.")
    );
    let page = client.get(&format!("/hooks/{id}"));
    page.assert_status(200).assert_text("This hook was removed");
    assert!(!page.body.contains("<form method=\"post\" action=\"/hooks"));
    for action in ["test", "pause", "resume"] {
        client
            .send(&format!("/hooks/{id}/{action}"), &[])
            .assert_status(409);
    }
    client.get(&remove).assert_status(404);
    let kept = wired
        .site
        .app
        .db(|c| checkride::domain::hook::store::by_id(c, id))
        .unwrap();
    assert_eq!((kept.address.as_str(), kept.secret.as_str()), ("", ""));
    assert!(
        told(&wired.site, "hook.removed")
            .concat()
            .contains("The channel is closed")
    );
}

/// What was taken and never ended, as by a process that was killed.
fn taken_and_lost(wired: &Wired) {
    let now = wired.site.app.now();
    let taken = wired
        .site
        .app
        .db(|c| store::take(c, Channel::Hook, "killed", now, 10));
    for message in &taken.messages {
        let outcome = jobs::send(&wired.app, &jobs::runtime().unwrap(), message);
        assert!(matches!(outcome, Outcome::Sent(_)), "{outcome:?}");
    }
}
