//! No hook reaches what only this machine can reach: not by its form, not by its address, not by a redirect.

use checkride::db::schema::hooks;
use checkride::domain::outbox::State;
use diesel::prelude::*;

use super::Wired;

/// Ways to say this machine, its network, or what a cloud tells its machines.
const INSIDE: [&str; 14] = [
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "2130706433",
    "0177.0.0.1",
    "0.0.0.0",
    "localhost",
    "10.0.0.5",
    "169.254.169.254",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fd00:ec2::254]",
];

#[test]
fn the_form_refuses_an_address_inside_in_every_spelling() {
    let wired = Wired::allowing("");
    let client = wired.lead();
    let owner = format!("area-{}", wired.site.area_id);
    for host in INSIDE {
        let address = format!("https://{host}:{}/hook", wired.receiver.port);
        let fields = [
            ("owner", owner.as_str()),
            ("name", "payments"),
            ("dialect", "slack"),
            ("address", &address),
            ("kinds", "clearance.suspended"),
        ];
        let page = client.send("/hooks/new", &fields);
        page.assert_status(422)
            .assert_text("inside a private network");
        assert!(
            page.body.contains(&format!("value=\"{address}\"")),
            "{address} is still typed"
        );
    }
    let plain = [
        ("owner", owner.as_str()),
        ("name", "payments"),
        ("dialect", "slack"),
        ("address", "http://chat.example.com/hook"),
        ("kinds", "clearance.suspended"),
    ];
    let page = client.send("/hooks/new", &plain);
    page.assert_status(422).assert_text("starts with https://");
    assert_eq!(
        wired
            .site
            .app
            .db(|c| Ok(hooks::table.count().get_result::<i64>(c)?)),
        0
    );
}

/// As when a network is no longer allowed, or a name leads somewhere else than on the day it was typed.
#[test]
fn a_hook_that_leads_inside_is_refused_when_it_is_sent() {
    let wired = Wired::open();
    let id = wired.add_chat("slack");
    let closed = Wired {
        app: checkride::app::App {
            outgoing: Default::default(),
            ..wired.app.clone()
        },
        ..wired
    };
    for host in INSIDE {
        for scheme in ["http", "https"] {
            let address = format!("{scheme}://{host}:{}/hook", closed.receiver.port);
            closed.site.app.db(|c| {
                diesel::update(hooks::table.find(id))
                    .set((
                        hooks::address.eq(&address),
                        hooks::paused_at.eq(None::<checkride::db::types::UtcTime>),
                    ))
                    .execute(c)?;
                Ok(())
            });
            closed.site.app.wait_seconds(1);
            closed.suspend();
            assert_eq!(closed.work(), 1);
            let message = closed.messages().remove(0);
            assert_eq!(message.state, State::GivenUp, "{address}");
            assert!(
                message.answer.contains("private network"),
                "{address}: {}",
                message.answer
            );
        }
    }
    assert!(closed.receiver.take().is_empty(), "nobody connected");
    closed
        .lead()
        .get(&format!("/hooks/{id}"))
        .assert_text("it leads into a private network");
}

#[test]
fn a_redirect_leads_nowhere() {
    let wired = Wired::open();
    wired.add_chat("slack");
    let elsewhere = crate::support::receiver::Receiver::start();
    wired.receiver.answers(
        &format!("307 Elsewhere\r\nLocation: {}", elsewhere.address()),
        "",
    );
    wired.suspend();
    assert_eq!(wired.work(), 1);
    assert_eq!(wired.receiver.take().len(), 1);
    assert!(elsewhere.take().is_empty());
    let message = wired.messages().remove(0);
    assert_eq!(message.state, State::Waiting);
    assert!(
        message.answer.contains("not followed"),
        "{}",
        message.answer
    );
}
