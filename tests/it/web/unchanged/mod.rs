//! A page that did not change since its viewer was shown it is a 304; what might have changed is made again.

mod history;

use std::sync::atomic::{AtomicUsize, Ordering};

use checkride::db::Db;
use checkride::db::schema::people;
use checkride::error::Error;
use diesel::prelude::*;

use crate::support::factory::PASSWORD;
use crate::support::process::{add_person, checkride_on, printed};
use crate::support::{Answer, Client, On, Role, Site, TestApp, at_once, block_on, path};

/// A page without what is new each time it is made: the keys of its forms, and until when its notifications are read.
pub fn settled(page: &Answer) -> String {
    let mut settled = String::with_capacity(page.body.len());
    let mut rest = page.body.as_str();
    let new = ["name=\"form_key\" value=\"", "name=\"up_to\" value=\""];
    while let Some(at) = new
        .iter()
        .filter_map(|n| Some(rest.find(n)? + n.len()))
        .min()
    {
        let (before, value) = rest.split_at(at);
        settled.push_str(before);
        rest = &value[value.find('"').unwrap()..];
    }
    settled.push_str(rest);
    settled
}

/// The tag of a page in full; `None` where it has none.
pub fn tag(page: &Answer) -> Option<String> {
    let tag = page.header("etag");
    (!tag.is_empty()).then(|| tag.to_owned())
}

/// Asks for a page as a browser that has the one of this tag.
pub fn ask(client: &Client, path: &str, tag: &str) -> Answer {
    client.with("if-none-match", tag).get(path)
}

/// How often a page is asked for until nothing was committed meanwhile. Whoever asks first is noted as seen; and on a server,
/// what other tests commit in databases of theirs is a commit too.
fn tries() -> usize {
    match On::this_run() {
        On::Sqlite => 2,
        On::Postgres => 100,
    }
}

/// A page that has a tag, and the answer to who asks for it again with `sent`.
fn unchanged(client: &Client, path: &str, sent: fn(&str) -> String) -> (Answer, Answer) {
    let again = || {
        let page = client.get(path);
        let tag = tag(page.assert_status(200)).unwrap_or_else(|| panic!("{path} has no tag"));
        let answer = ask(client, path, &sent(&tag));
        (answer.status == 304).then_some((page, answer))
    };
    let found = (0..tries()).find_map(|_| again());
    found.unwrap_or_else(|| panic!("{path} is always another page"))
}

/// The tag of a page that is the same when it is asked for again.
fn kept(client: &Client, path: &str) -> String {
    let (page, _) = unchanged(client, path, str::to_owned);
    tag(&page).unwrap()
}

/// The tag still holds, where no other test commits anything.
fn holds(client: &Client, path: &str, tag: &str) {
    if On::this_run() == On::Sqlite {
        ask(client, path, tag).assert_status(304);
    }
}

#[test]
fn a_page_that_did_not_change_has_no_body_and_the_safe_headers() {
    let site = Site::open();
    let client = site
        .client(Role::Mentor)
        .with("accept-encoding", "gzip, deflate, br, zstd");
    let (full, same) = unchanged(&client, "/board", str::to_owned);
    let tag = full.header("etag").to_owned();
    assert!(same.assert_status(304).bytes.is_empty());
    assert!(tag.starts_with("W/\"") && tag.len() == 36, "{tag}");
    assert_eq!(same.header("etag"), tag);
    for name in ["content-encoding", "content-type", "set-cookie"] {
        assert_eq!(same.header(name), "", "{name}");
    }
    let varies = |answer: &Answer| {
        let all = answer.headers.get_all("vary").iter();
        all.map(|v| v.to_str().unwrap())
            .collect::<Vec<_>>()
            .join(", ")
    };
    assert_eq!(varies(&same), "X-Fragment, Cookie, Accept-Encoding");
    assert_eq!(varies(&same), varies(&full));
    for name in [
        "cache-control",
        "content-security-policy",
        "x-content-type-options",
        "x-frame-options",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "permissions-policy",
        "referrer-policy",
    ] {
        assert_ne!(same.header(name), "", "{name}");
        assert_eq!(same.header(name), full.header(name), "{name}");
    }
    assert_eq!(same.header("cache-control"), "private, no-cache");
    holds(&client, "/board", &tag);
    let head = client.head("/board");
    assert_eq!((head.status, head.header("etag").len()), (200, tag.len()));
}

#[test]
fn tags_are_compared_weakly_and_may_be_several() {
    let site = Site::open();
    let client = site.client(Role::Mentor);
    let ways: [fn(&str) -> String; 4] = [
        |tag| tag.to_owned(),
        |tag| tag.trim_start_matches("W/").to_owned(),
        |tag| format!("\"a\", W/\"b\" , {tag}"),
        |tag| format!("{tag},\"a\""),
    ];
    for sent in ways {
        unchanged(&client, "/board", sent);
    }
    let tag = kept(&client, "/board");
    let opaque = tag.trim_start_matches("W/").trim_matches('"');
    for sent in [
        "*",
        "",
        opaque,
        "\"a\"",
        "W/\"0123456789abcdef0123456789abcdef\"",
    ] {
        let answer = ask(&client, "/board", sent);
        assert_eq!(answer.status, 200, "{sent}");
    }
}

#[test]
fn a_tag_is_for_one_viewer_one_sign_in_and_one_address() {
    let site = Site::open();
    site.hold_session(45);
    let (client, other) = (site.client(Role::Mentor), site.client(Role::Mentee));
    let page = path::sessions(site.ramp_id);
    // Who asks is noted as seen, which is a change.
    for viewer in [&client, &other] {
        viewer.get(&page).assert_status(200);
    }
    let tag = kept(&client, &page);
    ask(&other, &page, &tag).assert_status(200);
    ask(&site.app.client(), &page, &tag).assert_status(303);
    ask(&client.with("x-fragment", "main"), &page, &tag).assert_status(200);
    ask(&client, &format!("{page}?show=all"), &tag).assert_status(200);
    ask(&client, &path::checklist(site.ramp_id), &tag).assert_status(200);
    // The same person in another browser.
    let second = site.client(Role::Mentor);
    let tag = kept(&client, &page);
    ask(&second, &page, &tag).assert_status(200);
    // Another address of this machine: links of the page would lead elsewhere.
    let port = site.app.base.rsplit(':').next().unwrap().to_owned();
    let elsewhere = client.with("host", &format!("localhost:{port}"));
    ask(&elsewhere, &page, &tag).assert_status(200);
    holds(&client, &page, &tag);
}

#[test]
fn other_days_and_fragments_have_tags_of_their_own() {
    let site = Site::open();
    let yesterday = site.app.now().day();
    site.app.wait_hours(24);
    let client = site.client(Role::Mentor);
    let today = kept(&client, "/board");
    let past = kept(&client, &format!("/board?at={yesterday}"));
    assert_ne!(today, past);
    ask(&client, &format!("/board?at={yesterday}"), &today).assert_status(200);
    let fragment = client.with("x-fragment", "board");
    let part = kept(&fragment, "/board");
    assert_ne!(today, part);
    ask(&client, "/board", &part).assert_status(200);
    // A day that is none comes back with a word.
    let wrong = client.get("/board?at=tomorrow");
    assert_eq!(tag(wrong.assert_status(422)), None);
}

#[test]
fn what_is_no_page_of_somebody_signed_in_is_not_kept() {
    let site = Site::open();
    let client = site.client(Role::Administrator);
    for (path, status) in [
        ("/board.csv", 200),
        ("/admin/organisation.zip", 200),
        ("/areas/payments/cover.svg", 200),
        ("/inbox/count", 200),
        ("/nowhere", 404),
        ("/board/screens/address", 404),
        ("/admin/mail", 200),
        ("/admin/messages", 200),
        ("/kpis", 200),
    ] {
        let answer = client.get(path);
        let kept = tag(answer.assert_status(status));
        assert_eq!(kept, None, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    let refused = site.client(Role::Mentee).get("/admin/people");
    assert_eq!(tag(refused.assert_status(403)), None);
    for path in ["/sign-in", "/", "/reset"] {
        let answer = site.app.client().get(path);
        assert_eq!(tag(&answer), None, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    // A form that came back.
    let back = client.send(path::TIME_ZONE, &[("time_zone", "Nowhere")]);
    assert_eq!(tag(back.assert_status(422)), None);
}

#[test]
fn a_message_is_shown_although_the_page_is_known() {
    let site = Site::open();
    let client = site.client(Role::Mentor);
    let tag = kept(&client, "/account");
    client
        .send("/account/look", &[("theme", "dark"), ("density", "normal")])
        .assert_status(303);
    let told = ask(&client, "/account", &tag);
    told.assert_status(200);
    let gone = told.set_cookie("checkride-flash").unwrap();
    assert!(gone.contains("Max-Age=0"), "{gone}");
    assert_eq!(self::tag(&told), None);
    assert_eq!(told.header("cache-control"), "no-store");
    // The look is another cookie, so the page is another one.
    let dark = kept(&client, "/account");
    assert_ne!(dark, tag);
}

#[test]
fn a_session_that_ended_ends_its_tags() {
    let site = Site::open();
    let client = site.client(Role::Mentor);
    let elsewhere = site.client(Role::Mentor);
    let page = kept(&client, "/board");
    elsewhere
        .post("/sign-out", &[("everywhere", "1")])
        .assert_status(303);
    let answer = ask(&client, "/board", &page);
    answer.assert_status(303);
    assert!(answer.location().starts_with("/sign-in"));
    // This browser learns only now that its session ended.
    assert_eq!(answer.header("clear-site-data"), "\"cache\"");

    let client = site.client(Role::Mentor);
    let page = kept(&client, "/board");
    // Idle for a day.
    site.app.wait_hours(25);
    ask(&client, "/board", &page).assert_status(303);
}

#[test]
fn signing_out_has_forgotten_what_was_kept() {
    let site = Site::open();
    let client = site.client(Role::Mentor);
    let answer = client.send("/sign-out", &[]);
    answer.assert_leads_to("/sign-in");
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
    // Below a base path other apps of the host have theirs.
    let app = TestApp::start_with(|app| app.rules.base_path = "/ride".into());
    let answer = app.client().send("/ride/sign-out", &[]);
    assert_eq!(answer.header("clear-site-data"), "\"cache\"");
}

#[test]
fn who_would_not_forget_keeps_nothing() {
    let site = Site::open_on(TestApp::start_with(|app| {
        app.rules.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    }));
    // Browsers follow `Clear-Site-Data` over HTTPS and on their own machine.
    let plain = site.client(Role::Mentor).get("/board");
    assert_eq!(tag(plain.assert_status(200)), None);
    assert_eq!(plain.header("cache-control"), "no-store");
    let secure = site.app.client().with("x-forwarded-proto", "https");
    let signed_in = secure.sign_in(&site.mentor.email, PASSWORD);
    let token = signed_in.cookie("__Host-checkride");
    let secure = secure.with("cookie", &format!("__Host-checkride={token}"));
    kept(&secure, "/board");
    let name = "__Host-checkride";
    let other = secure.with(
        "cookie",
        &format!("{name}={token}; {name}-look=dark.compact"),
    );
    let tag = kept(&secure, "/board");
    ask(&other, "/board", &tag).assert_status(200);
}

#[test]
fn another_minute_is_another_page() {
    let site = Site::open();
    let client = site.client(Role::Mentor);
    let tag = kept(&client, "/board");
    site.app.wait_seconds(59);
    holds(&client, "/board", &tag);
    site.app.wait_seconds(1);
    ask(&client, "/board", &tag).assert_status(200);
}

#[test]
fn what_another_process_commits_ends_the_tag() {
    let site = Site::open();
    let client = site.client(Role::Mentor);
    let tag = kept(&client, "/people");
    // It reads, and commits nothing.
    printed(&mut checkride_on(site.app.database(), &["audit", "verify"]));
    add_person(site.app.database(), "Somebody New", "new@harbour.example");
    ask(&client, "/people", &tag)
        .assert_status(200)
        .assert_text("Somebody New");
}

#[test]
fn what_is_written_behind_the_apps_back_ends_the_tag_and_what_is_undone_does_not() {
    let site = Site::open();
    let client = site.client(Role::Mentor);
    let person = path::person(&site.mentee.handle);
    let before = kept(&client, &person);
    let rename = |name: &'static str, fails: bool| {
        let undone = site.app.try_db(|c| {
            diesel::update(people::table.find(site.mentee.id))
                .set(people::name.eq(name))
                .execute(c)?;
            match fails {
                true => Err(Error::Busy),
                false => Ok(()),
            }
        });
        assert_eq!(undone.is_err(), fails);
    };
    rename("Nobody", true);
    holds(&client, &person, &before);
    let before = kept(&client, &person);
    rename("Leila the Renamed", false);
    ask(&client, &person, &before)
        .assert_status(200)
        .assert_text("Leila the Renamed");
}

#[test]
fn what_is_stored_while_a_page_is_made_is_not_missed() {
    let site = Site::open();
    let page = path::person(&site.mentee.handle);
    let clients = [Role::Mentor, Role::OwnerLead].map(|role| site.client(role));
    let stored = AtomicUsize::new(0);
    let rename = |n: usize| {
        site.app.db(|c| {
            diesel::update(people::table.find(site.mentee.id))
                .set(people::name.eq(format!("Leila Nr {n:04}")))
                .execute(c)?;
            Ok(())
        });
        stored.store(n, Ordering::SeqCst);
    };
    let shown = |page: &Answer| -> usize {
        let name = page.body.split("Leila Nr ").nth(1).unwrap();
        name[..4].parse().unwrap()
    };
    rename(1);
    at_once(3, |thread| match clients.get(thread) {
        None => (2..400).for_each(rename),
        Some(client) => {
            while stored.load(Ordering::SeqCst) < 399 {
                let kept = client.get(&page);
                let Some(tag) = tag(kept.assert_status(200)) else {
                    continue;
                };
                let before = stored.load(Ordering::SeqCst);
                if ask(client, &page, &tag).status == 304 {
                    assert!(shown(&kept) >= before, "{} of {before}", shown(&kept));
                }
            }
        }
    });
    kept(&clients[0], &page);
}

#[test]
fn a_process_that_starts_again_knows_no_tag_of_before() {
    let site = Site::open();
    let again = Db::open(&site.app.database().target).unwrap();
    let before = site.app.version();
    let same = (0..tries()).any(|_| site.app.version() == site.app.version());
    assert!(same, "{before}");
    assert_ne!(block_on(again.version()).unwrap(), site.app.version());
}
