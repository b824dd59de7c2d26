//! A drill on a phone: from the plan over the sheet to the debrief.

use thirtyfour::By;

use super::look;
use crate::support::Site;
use crate::support::browser::{Browser, Viewport};

/// Fields that a person fills in with a picker are set as the picker does.
fn set(browser: &Browser, name: &str, value: &str) {
    browser.script(
        "document.getElementsByName(arguments[0])[0].value = arguments[1]",
        vec![name.into(), value.into()],
    );
}

/// Presses a button by the words that are seen.
fn tap(browser: &Browser, line: &str, words: &str) {
    let path =
        format!("//li[contains(., '{line}')]//button[starts-with(normalize-space(), '{words}')]");
    browser.with(By::XPath(path), async |button| button.click().await);
}

fn planned_run_and_debriefed(site: &Site, browser: &Browser, looked: impl Fn() -> Vec<String>) {
    browser.resize(Viewport::Phone);
    browser.sign_in(&site.mentor);
    browser.goto("/areas/payments");
    browser.press("Plan a drill");
    browser.see("Everyone can read it. It must not reveal the scenario.");
    browser.fill("title", "Monday morning");
    set(browser, "starts_at", "2026-11-23T10:00");
    browser.choose("primary", &site.mentee.id.to_string());
    browser.choose("observer", &site.qualifier.id.to_string());
    browser.fill("scenario", "The provider answers late, then not at all.");
    browser.fill("injects", "The pager rings");
    browser.fill(
        "expected",
        "PAY-I1 Switches the provider\nPAY-O1 Finds the board\nTells finance",
    );
    assert_eq!(browser.overflow(), None);
    browser.press("Plan the drill");
    browser.see("The drill is planned for Mon 23 Nov, 10:00.");
    browser.press("Open the sheet");
    browser.press("Begin the drill");
    browser.see("The drill has begun.");

    // One tap for what is usual.
    tap(browser, "The pager rings", "Give");
    browser.see("not acknowledged");
    tap(browser, "The pager rings", "Understood");
    browser.see(", understood");
    tap(browser, "Switches the provider", "Mentor reachable");
    browser.see("Leila, mentor reachable");
    tap(browser, "Tells finance", "Seen");
    browser.see("3 ticked");
    tap(browser, "Tells finance", "Not seen");
    browser.see("2 ticked");
    browser.press("Someone else, or more (Finds the board)");
    let note = By::XPath("//li[contains(., 'Finds the board')]//input[@name='note']");
    browser.with(note, async |field| {
        field.send_keys("Took the old board first").await
    });
    let help = "//li[contains(., 'Finds the board')]//label[normalize-space()='Mentor beside']";
    browser.with(By::XPath(help), async |choice| choice.click().await);
    browser.press("Save (Finds the board)");
    browser.see("Took the old board first");
    // While it is under way, when most is on it.
    assert_eq!(looked(), Vec::<String>::new());

    browser.press("End the drill");
    browser.see("What you ticked is filled in below.");
    browser.fill("went_badly", "Nobody told support.");
    browser.choose("absent", &site.qualifier.id.to_string());
    browser.press("Save the debrief");
    browser.see("The drill is debriefed.");
    browser.see("Nobody told support.");
    browser.see("Observer, was not there");
    let id = site.latest_drill();
    let observed = site
        .app
        .db(|c| checkride::domain::drill::store::observations(c, id));
    let told: Vec<_> = observed
        .iter()
        .map(|o| (o.competency_code.as_str(), o.help_level.number()))
        .collect();
    assert_eq!(told, [("PAY-I1", 3), ("PAY-O1", 2)]);
}

#[test]
fn a_drill_is_planned_run_and_debriefed_on_a_phone() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    planned_run_and_debriefed(&site, &browser, || look(&browser));
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[test]
fn and_all_the_same_without_scripts() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    browser.without_javascript();
    planned_run_and_debriefed(&site, &browser, Vec::new);
}
