//! The main path as people walk it in a browser: from a ramp to a clearance, each person in turn, on a phone and on a
//! desk, with scripts and without.

use thirtyfour::{By, Key};

use crate::support::browser::{Browser, Viewport};
use crate::support::{Member, Site};

/// A browser as somebody has it.
#[derive(Clone, Copy)]
struct Setting {
    viewport: Viewport,
    scripts: bool,
}

impl Setting {
    fn open(self, site: &Site) -> Browser {
        let browser = Browser::open(&site.app);
        browser.resize(self.viewport);
        if !self.scripts {
            browser.without_javascript();
        }
        browser
    }
}

#[test]
fn from_a_ramp_to_a_clearance_on_a_phone() {
    walk(Setting {
        viewport: Viewport::Phone,
        scripts: true,
    });
}

#[test]
fn from_a_ramp_to_a_clearance_on_a_desk() {
    walk(Setting {
        viewport: Viewport::Desktop,
        scripts: true,
    });
}

#[test]
fn from_a_ramp_to_a_clearance_on_a_phone_without_scripts() {
    walk(Setting {
        viewport: Viewport::Phone,
        scripts: false,
    });
}

#[test]
fn from_a_ramp_to_a_clearance_on_a_desk_without_scripts() {
    walk(Setting {
        viewport: Viewport::Desktop,
        scripts: false,
    });
}

fn walk(setting: Setting) {
    let mut site = Site::open();
    let browser = setting.open(&site);
    let mentee = site.stranger.clone();

    browser.sign_in(&site.owner_lead);
    let ramp = propose_a_ramp(&browser, &site, &mentee);
    assert_eq!(on_the_board(&browser, &mentee), "Planned from 23 Nov");

    for (who, title) in [
        (&site.mentor, format!("{}, Payments", mentee.name)),
        (&mentee, "Your ramp, Payments".to_owned()),
    ] {
        browser.sign_in(who);
        browser.press(&format!("Accept ({title})"));
        browser.see("You accepted the ramp.");
    }
    assert_eq!(on_the_board(&browser, &mentee), "Ramping 0%");

    browser.goto("/");
    browser.see("Open before clearance");
    go_to_the_ramp(&browser, &mentee);
    let at_first = missing(&browser);
    browser.press("Checklist");
    browser.press("Mark done (Read the failover runbook)");
    browser.see("Done: Read the failover runbook");
    browser.see(&format!("Done by {}, 23 Nov", mentee.name));
    browser.press("Overview");
    assert_eq!(missing(&browser), at_first, "done is not yet checked");

    browser.sign_in(&site.mentor);
    go_to_the_ramp(&browser, &mentee);
    browser.press("Checklist");
    browser.press("Check (Read the failover runbook)");
    browser.see("Checked: Read the failover runbook");
    browser.press("Overview");
    let after_the_check = missing(&browser);
    assert_eq!(after_the_check, at_first - 1);

    record_a_session(&browser, setting, &mentee);
    let after_the_session = missing(&browser);
    assert_eq!(after_the_session, after_the_check - 1);

    assess_the_first_group(&browser);
    browser.goto(&ramp);
    assert_eq!(missing(&browser), after_the_session - 2);
    browser.press("Competencies");
    browser.see("Architecture & normal behaviour, 2 of 2 at level");

    // The rest of the way, without its weeks.
    site.ramp_id = ramp.rsplit('/').next().unwrap().parse().unwrap();
    site.make_ready();
    browser.sign_in(&mentee);
    browser.goto("/");
    browser.see("Ask for sign-off");
    let next_step = By::XPath("//main//a[contains(@href, '/sign-off')]");
    browser.with(next_step, async |link| link.click().await);
    browser.see("3 of 3 gates met");
    browser.fill("note", "Ready when you are.");
    browser.press("Ask for sign-off");
    browser.see("The sign-off is asked for. The first key is due.");
    let signoff = browser.path();

    let title = format!("{}, Payments", mentee.name);
    browser.sign_in(&site.mentor);
    browser.goto("/sign-offs");
    browser.press(&format!("Turn the first key ({title})"));
    browser.see("Ready when you are.");
    browser.fill("recommendation", "Took a failover from alert to all-clear.");
    browser.press("Turn the first key");
    browser.see("You turned the first key. The second key is due now.");
    assert_eq!(browser.path(), signoff);

    browser.sign_in(&site.qualifier);
    browser.goto("/sign-offs");
    browser.press(&format!("Turn the second key ({title})"));
    browser.see("Took a failover from alert to all-clear.");
    browser.choose("decision", "approve");
    browser.press("Record decision");
    browser.see("The clearance is granted.");
    browser.see(&format!("{}, cleared for Payments", mentee.name));
    browser.see(&format!("{} turned the second key", site.qualifier.name));

    browser.sign_in(&mentee);
    assert_eq!(
        on_the_board(&browser, &mentee),
        "Cleared practise by 21 Feb 2027"
    );
    browser.press(&title_of_cell("Cleared practise by 21 Feb 2027", &title));
    browser.see("Counts as cover");
    assert_eq!(browser.console(), Vec::<String>::new());
}

fn propose_a_ramp(browser: &Browser, site: &Site, mentee: &Member) -> String {
    browser.goto("/areas");
    browser.press("Payments");
    browser.press("Start a ramp");
    browser.wait_until("the form", || browser.path().starts_with("/ramps/new"));
    // The area one came from is chosen.
    browser.fill("who", &mentee.name);
    browser.press("Search");
    browser.choose("mentee", &mentee.id.to_string());
    browser.choose("primary", &site.mentor.id.to_string());
    browser.press("Propose the ramp");
    browser.see("The ramp is proposed.");
    browser.see(&format!("{} on Payments", mentee.name));
    browser.path()
}

/// From home, as one does.
fn go_to_the_ramp(browser: &Browser, mentee: &Member) {
    browser.goto("/");
    let to_a_ramp = "//main//a[starts-with(@href, '/ramps/') and not(contains(@href, '/assess') or contains(@href, '/items'))]";
    let theirs = format!("{to_a_ramp}[contains(., '{}')]", mentee.name);
    let mine = format!("{to_a_ramp}[contains(., 'Payments')]");
    let either = format!("{theirs} | {mine}[not({theirs})]");
    browser.with(By::XPath(either), async |link| link.click().await);
    browser.see(&format!("{} on Payments", mentee.name));
}

/// How many things the page says are missing.
fn missing(browser: &Browser) -> usize {
    let text = browser.text();
    let (before, _) = text.split_once(" to go").unwrap_or_else(|| {
        panic!("nothing is missing, says {}: {text}", browser.path());
    });
    before.rsplit(' ').next().unwrap().parse().unwrap()
}

fn record_a_session(browser: &Browser, setting: Setting, mentee: &Member) {
    let here = By::XPath("//main//a[normalize-space()='Record session']");
    browser.with(here, async |link| link.click().await);
    browser.see("What did you work on?");
    browser.fill("summary", "Failed over to the second provider and back.");
    if setting.scripts {
        browser.with(By::Css("[name='summary']"), async |field| {
            field.send_keys(Key::Control + Key::Enter).await
        });
    } else {
        browser.press("Save session");
    }
    browser.see(&format!(
        "The session with {} on 23 Nov is recorded.",
        mentee.name
    ));
    browser.press("Sessions and shifts");
    browser.see("Failed over to the second provider and back.");
    browser.press("Overview");
}

fn assess_the_first_group(browser: &Browser) {
    browser.press("Assess");
    browser.see("What is seen at level 4");
    for (code, level) in [("PAY-A1", "3"), ("PAY-A2", "4")] {
        browser.choose(&format!("level-{code}"), level);
        browser.fill(
            &format!("note-{code}"),
            "Drew it from memory, with the limits.",
        );
    }
    browser.press("Save, go to Observability");
    browser.wait_until("the next group", || {
        browser.path().ends_with("/observability")
    });
}

/// The word in somebody's cell for Payments.
fn on_the_board(browser: &Browser, person: &Member) -> String {
    browser.goto("/board");
    let cell = browser.script(
        "const row = [...document.querySelectorAll('.board tbody tr')].find((r) => r.innerText.includes(arguments[0])); \
         return [...row.querySelectorAll('td b, td .d')].map((e) => e.innerText).join(' ')",
        vec![person.name.clone().into()],
    );
    cell.as_str().unwrap().to_owned()
}

/// All that a link of the board says, with what only screen readers hear.
fn title_of_cell(word: &str, whose: &str) -> String {
    format!("{word} ({whose})")
}
