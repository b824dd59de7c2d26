//! What only a browser can show. Every page is looked at by [`pages`]; journeys have a file each.

mod account;
mod ahead;
mod asked;
mod back;
mod bad_input;
mod board;
mod discussion;
mod drills;
mod figures;
mod first_clearance;
mod first_run;
mod home;
mod hooks;
mod jobs;
mod journeys;
mod keyboard;
mod library;
mod pages;
mod past;
mod ramp;
mod reset;
mod review;
mod rota;
mod screenshots;
mod search;
mod sessions;
mod shifts;
mod signed_out;
mod standards;

use crate::support::browser::{Browser, Theme, Viewport};
use crate::support::{Site, TestApp};

/// What is wrong with the page as it is now, folded and unfolded, in light and dark: what axe has against it, whether
/// it scrolls sideways, what the console complained of.
pub fn look(browser: &Browser) -> Vec<String> {
    let mut found: Vec<String> = browser.overflow().into_iter().collect();
    found.extend(browser.filled_buttons());
    browser.unfold();
    found.extend(browser.axe());
    browser.prefer(Theme::Dark);
    let dark = browser.axe_on_colours();
    found.extend(dark.into_iter().map(|line| format!("in the dark: {line}")));
    browser.prefer(Theme::Light);
    found.extend(browser.overflow());
    found.extend(browser.console());
    found
}

#[test]
fn a_look_finds_what_is_wrong() {
    let app = TestApp::start();
    let browser = Browser::open(&app);
    browser.resize(Viewport::Phone);
    browser.goto("/sign-in");
    browser.script(
        "document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"/assets/none.png\">'); \
         document.querySelector('h1').style.width = '800px'; \
         document.querySelector('h1').style.color = 'light-dark(#f4f4f4, #ffffff)'; \
         document.querySelector('label').style.color = 'light-dark(#000000, #202020)'; \
         console.error('broken');",
        vec![],
    );
    browser.wait_until("the picture to fail", || {
        browser.script("return document.querySelector('img').complete", vec![]) == true
    });
    let found = look(&browser).join("\n");
    for fault in [
        "axe image-alt",
        "axe color-contrast: Elements must meet minimum color contrast ratio thresholds: <h1",
        "in the dark: axe color-contrast: Elements must meet minimum color contrast ratio thresholds: <label",
        "scrolls sideways: 8",
        "broken",
        "none.png",
    ] {
        assert!(found.contains(fault), "{fault} was not found: {found}");
    }
}

#[test]
fn signing_in_works_with_and_without_scripts() {
    let site = Site::open();
    for scripts in [true, false] {
        let browser = Browser::open(&site.app);
        if !scripts {
            browser.without_javascript();
        }
        browser.goto("/account");
        assert_eq!(browser.path(), "/sign-in?next=%2Faccount");
        browser.fill("email", &site.mentee.email);
        browser.fill("password", "not the password");
        browser.press("Sign in");
        browser.see("E-mail and password do not match.");
        if scripts {
            assert_eq!(look(&browser), Vec::<String>::new());
        }
        browser.fill("password", crate::support::factory::PASSWORD);
        browser.press("Sign in");
        browser.wait_until("the account page", || browser.path() == "/account");
        browser.screenshot(if scripts {
            "account"
        } else {
            "account-without-scripts"
        });
    }
}
