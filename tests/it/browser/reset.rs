//! A forgotten password in the demo, on a phone: asked for, read in the mail of the demo, set.

use checkride::clock::Clock;
use checkride::db::Db;
use checkride::domain::outbox::Channel;
use checkride::domain::outbox::model::Message;
use checkride::jobs::Worker;
use checkride::mail::Mail;

use super::first_run::choose_a_password;
use crate::outbox::all;
use crate::support::app::kept_mail;
use crate::support::browser::{Browser, Viewport};
use crate::support::smtp::wait_until;
use crate::support::{Demo, TestApp};

/// Keeps what waits, as the worker of the demo does.
fn deliver(app: &TestApp) {
    let mail = Mail::new(&kept_mail(app.mails.path()), &app.base).unwrap();
    let worker = Worker::new(Db::open(&app.database().target).unwrap()).unwrap();
    let now = app.now();
    let clock = Clock::manual(now);
    let send = |m: &Message| mail.send(m, None, now);
    while worker.pass(Channel::Mail, &clock, send).unwrap() > 0 {}
}

#[test]
fn a_forgotten_password_is_set_again_by_a_mailed_link() {
    for scripts in [true, false] {
        let demo = Demo::open();
        let browser = Browser::open(&demo.app);
        browser.resize(Viewport::Phone);
        if !scripts {
            browser.without_javascript();
        }
        browser.goto("/sign-in");
        browser.press("Forgot your password?");
        browser.see("Enter the address you sign in with.");
        browser.fill("email", "amara.okafor@harbour.example");
        browser.press("Send the link");
        browser.see("a mail with a link is on its way");
        let is_posted = || {
            let subject = "Set a new password for Checkride";
            all(&demo.app).iter().any(|m| m.subject == subject)
        };
        wait_until("the mail should be posted", is_posted);
        deliver(&demo.app);
        browser.goto("/demo/mail");
        browser.see("Set a new password for Checkride");
        assert_eq!(browser.overflow(), None);
        browser.press("Choose a new password");
        browser.see("You are signed out everywhere else.");
        choose_a_password(&browser, "Set password and sign in");
        browser.see("Your password is set and you are signed in.");
    }
}
