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
    let mut found = Vec::new();
    if let Some(member) = site.member(who) {
        browser.sign_in(member);
        found.extend(browser.console());
    }
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
fn pages_open_to_all_can_be_used_by_everybody() {
    let site = Site::open();
    let mentee = format!("/people/{}", site.mentee.handle);
    let open = [
        "/",
        "/board",
        "/areas",
        "/areas/payments",
        "/areas/payments/standard/v/1",
        "/people",
        &mentee,
    ];
    pages(&site, Role::Stranger, &open);
    pages(
        &site,
        Role::OwnerLead,
        &[
            "/",
            "/board",
            "/ramps/new",
            "/account",
            "/help",
            "/sign-offs",
        ],
    );
}

#[test]
fn pages_of_a_ramp_under_way_can_be_used_by_everybody() {
    let site = Site::open();
    site.assess("PAY-I1", 2);
    site.self_assess("PAY-I1", 3);
    site.hold_session(45);
    site.check("PAY-K1");
    let ramp = format!("/ramps/{}", site.ramp_id);
    let of_ramp = |rest: &str| format!("{ramp}/{rest}");
    let session = format!("/sessions/{}", site.dossier().sessions[0].id);
    let (assess, self_assess) = (of_ramp("assess/incident"), of_ramp("self-assess/incident"));
    let (competency, signoff) = (of_ramp("competencies/PAY-I1"), of_ramp("sign-off"));
    pages(
        &site,
        Role::Mentee,
        &["/", &ramp, &self_assess, &competency, &signoff, &session],
    );
    pages(
        &site,
        Role::Mentor,
        &["/", &ramp, &assess, "/sessions/new", "/ramps/new"],
    );
}

#[test]
fn pages_of_a_sign_off_can_be_used_by_everybody() {
    let site = Site::open();
    site.ask_for_signoff();
    let signoff = format!("/sign-offs/{}", site.dossier().signoffs[0].id);
    pages(&site, Role::Mentor, &["/", "/sign-offs", &signoff]);
    site.turn_first_key();
    pages(&site, Role::Qualifier, &["/", "/sign-offs", &signoff]);
    let clearance = site.grant();
    pages(
        &site,
        Role::Mentee,
        &["/", &signoff, &format!("/clearances/{clearance}")],
    );
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
         document.querySelector('h1').style.color = '#f4f4f4'; \
         console.error('broken');",
        vec![],
    );
    browser.wait_until("the picture to fail", || {
        browser.script("return document.querySelector('img').complete", vec![]) == true
    });
    let found = look(&browser).join("\n");
    for fault in [
        "Light: axe image-alt",
        "Light: axe color-contrast",
        "scrolls sideways: 8",
        "broken",
        "none.png",
    ] {
        assert!(found.contains(fault), "{fault} was not found: {found}");
    }
}

#[test]
fn a_lead_starts_a_ramp_with_and_without_scripts() {
    let site = Site::open();
    for (scripts, mentee) in [(true, &site.stranger), (false, &site.qualifier)] {
        let browser = Browser::open(&site.app);
        if !scripts {
            browser.without_javascript();
        }
        browser.resize(Viewport::Phone);
        browser.sign_in(&site.owner_lead);
        browser.goto("/ramps/new");
        browser.choose("area", &site.area_id.to_string());
        browser.choose("mentee", &mentee.id.to_string());
        browser.choose("primary", &site.mentor.id.to_string());
        browser.press("Start the ramp");
        browser.see(&mentee.name);
        browser.see("The ramp has started.");
        assert!(browser.path().starts_with("/ramps/"), "{}", browser.path());
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
