//! What only a browser can show. Every page is looked at by [`pages`]; journeys have a file each.

use crate::support::browser::{Browser, Theme, Viewport};
use crate::support::{Role, Site, TestApp};

/// Looks at those pages as somebody sees them, at phone and desktop width, in light and dark: axe has nothing against
/// them, nothing scrolls sideways, the console is silent.
///
/// # Panics
/// With everything that was found, on all of them.
pub fn pages(site: &Site, who: Role, paths: &[&str]) {
    let browser = Browser::open(&site.app);
    if let Some(member) = site.member(who) {
        browser.sign_in(member);
    }
    let mut found = Vec::new();
    for path in paths {
        for viewport in Viewport::ALL {
            browser.resize(viewport);
            browser.goto(path);
            found.extend(
                look(&browser)
                    .into_iter()
                    .map(|line| format!("{path} {viewport:?}: {line}")),
            );
        }
    }
    assert!(found.is_empty(), "as {who:?}:\n{}", found.join("\n"));
}

/// What is wrong with the page as it is now, in light and dark.
pub fn look(browser: &Browser) -> Vec<String> {
    let mut found = Vec::new();
    for theme in Theme::ALL {
        browser.prefer(theme);
        found.extend(
            browser
                .axe()
                .into_iter()
                .map(|line| format!("{theme:?}: {line}")),
        );
    }
    browser.prefer(Theme::Light);
    found.extend(browser.overflow());
    found.extend(browser.console());
    found
}

#[test]
fn pages_for_everybody_can_be_used_by_everybody() {
    pages(
        &Site::open(),
        Role::SignedOut,
        &["/sign-in", "/sign-in?next=%2Fboard", "/no-such-page"],
    );
}

#[test]
fn the_first_page_of_a_new_installation_can_be_used_by_everybody() {
    let app = TestApp::start();
    let browser = Browser::open(&app);
    browser.goto("/sign-in");
    browser.see("This Checkride is new.");
    for viewport in Viewport::ALL {
        browser.resize(viewport);
        assert_eq!(look(&browser), Vec::<String>::new());
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
