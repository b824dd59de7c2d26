//! A day next week, somebody who asks to ramp, and the lead who answers from the forecast; on a phone, with scripts and
//! without.

use thirtyfour::By;

use crate::support::Site;
use crate::support::browser::{Browser, Viewport};

fn day_next_week(browser: &Browser, site: &Site) {
    let day = site.app.now().day().plus_days(7);
    browser.goto(&format!("/areas/payments?at={day}"));
    browser.see("Monday 30 November 2026: 2 of 2 if nothing changes.");
    assert_eq!(browser.overflow(), None);
    browser.goto(&format!("/board?at={day}"));
    browser.see("Ends before then");
    assert_eq!(browser.overflow(), None);
}

fn ask(browser: &Browser, site: &Site) {
    browser.sign_in(&site.stranger);
    browser.goto("/areas/payments/queue");
    browser.fill("why", "I carry its pager from January");
    browser.press("Ask to ramp");
    browser.see("You asked.");
}

fn answer(browser: &Browser, site: &Site) {
    browser.sign_in(&site.owner_lead);
    browser.goto("/areas/payments/forecast");
    browser.see("Asked to ramp on 23 Nov");
    browser.see("working hours in common");
    assert_eq!(browser.overflow(), None);
    let start = format!("//a[contains(@href, 'mentee={}&')]", site.stranger.id);
    browser.with(By::XPath(&start), async |link| link.click().await);
    browser.wait_until("the form", || browser.path().starts_with("/ramps/new"));
    browser.press("Propose the ramp");
    browser.see("The ramp is proposed.");
}

#[test]
fn a_day_next_week_is_looked_at_and_who_asks_to_ramp_is_answered_from_the_forecast() {
    for scripts in [true, false] {
        let site = Site::open();
        let browser = Browser::open(&site.app);
        browser.resize(Viewport::Phone);
        if !scripts {
            browser.without_javascript();
        }
        ask(&browser, &site);
        day_next_week(&browser, &site);
        answer(&browser, &site);
        browser.sign_in(&site.stranger);
        browser.goto("/areas/payments/queue");
        browser.see("You have an open ramp here.");
        browser.see("Ramp started");
        if scripts {
            assert_eq!(browser.console(), Vec::<String>::new());
        }
    }
}
