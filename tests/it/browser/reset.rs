//! A forgotten password in the demo, on a phone: asked for, read in the mail of the demo, set.

use super::first_run::choose_a_password;
use crate::outbox::all;
use crate::support::Demo;
use crate::support::browser::{Browser, Viewport};
use crate::support::smtp::wait_until;

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
        demo.app.send_mails();
        browser.goto("/demo/mail");
        browser.see("Set a new password for Checkride");
        assert_eq!(browser.overflow(), None);
        browser.press("Choose a new password");
        browser.see("You are signed out everywhere else.");
        choose_a_password(&browser, "Set password and sign in");
        browser.see("Your password is set and you are signed in.");
    }
}
