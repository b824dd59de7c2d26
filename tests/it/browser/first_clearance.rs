//! From the set-up link of an empty installation to its first granted clearance, with nothing but pages.

use thirtyfour::By;

use crate::browser::first_run::{choose_a_password, set_up};
use crate::support::TestApp;
use crate::support::browser::{Browser, Viewport};
use crate::support::factory::Member;

const TITLE: &str = "Bo Li, Card payments";

#[test]
fn from_the_set_up_link_to_the_first_clearance_in_a_browser_alone() {
    let app = TestApp::start();
    let browser = Browser::open(&app);
    browser.resize(Viewport::Desktop);
    set_up(&app, &browser);

    browser.press("Teams");
    browser.fill("name", "Payments");
    browser.press("Add the team");
    browser.see("Payments was added.");
    let [bo_link, kim_link] = bring_in_people(&app, &browser);
    set_up_the_area(&browser);
    write_the_standard(&browser);
    say_who_is_cleared(&browser);
    start_the_ramp(&browser);

    let [ada, bo, kim] = ["Ada King", "Bo Li", "Kim Park"].map(member);
    for (link, title) in [(&bo_link, "Your ramp, Card payments"), (&kim_link, TITLE)] {
        browser.goto(link);
        choose_a_password(&browser, "Set password and sign in");
        browser.press(&format!("Accept ({title})"));
        browser.see("You accepted the ramp.");
    }
    browser.goto("/");
    go_to_the_ramp(&browser);
    browser.press("Assess");
    browser.choose("level-PAY-I1", "3");
    browser.fill("note-PAY-I1", "Switched it in the drill, by the runbook.");
    browser.press("Save and finish");
    browser.see("1 of 1 at level");

    browser.sign_in(&bo);
    go_to_the_ramp(&browser);
    browser.press("Checklist");
    browser.press("Mark done (The runbook)");
    browser.see("Done: The runbook");
    browser.sign_in(&kim);
    go_to_the_ramp(&browser);
    browser.press("Checklist");
    browser.press("Check (The runbook)");
    browser.see("Checked: The runbook");

    browser.sign_in(&bo);
    let ask = By::XPath("//main//a[contains(@href, '/sign-off')]");
    browser.with(ask, async |link| link.click().await);
    browser.see("2 of 2 gates met");
    browser.fill("note", "Ready when you are.");
    browser.press("Ask for sign-off");
    browser.see("The sign-off is asked for. The first key is due.");
    browser.sign_in(&kim);
    browser.goto("/sign-offs");
    browser.press(&format!("Turn the first key ({TITLE})"));
    browser.fill("recommendation", "Switches alone.");
    browser.press("Turn the first key");
    browser.see("You turned the first key. The second key is due now.");
    browser.sign_in(&ada);
    browser.goto("/sign-offs");
    browser.press(&format!("Turn the second key ({TITLE})"));
    browser.choose("decision", "approve");
    browser.press("Record decision");
    browser.see("The clearance is granted.");
    browser.see("Bo Li, cleared for Card payments");
    assert_eq!(browser.console(), Vec::<String>::new());
}

fn member(name: &str) -> Member {
    let first = name.split(' ').next().unwrap().to_lowercase();
    Member {
        id: 0,
        name: name.to_owned(),
        handle: first.clone(),
        email: format!("{first}@example.com"),
    }
}

/// As a mail program copies them; the links of those who are new.
fn bring_in_people(app: &TestApp, browser: &Browser) -> [String; 2] {
    browser.goto("/");
    browser.press("Add people");
    browser.fill(
        "list",
        "Ada King <ada@example.com>, Payments, lead\nBo Li <bo@example.com>, Payments\nKim Park <kim@example.com>, Payment",
    );
    browser.press("Check the list");
    browser.see("New team: Payment. Create it, or did you mean another?");
    browser.choose("team-0", "Payments");
    browser.press("Add 2 people");
    browser.see("Copy now: this page is the only place that ever shows these links.");
    let text = browser.text();
    let mut links: Vec<String> = Vec::new();
    for word in text.split_whitespace().filter(|w| w.contains("/invite/")) {
        let link = word.strip_prefix(&app.base).unwrap().to_owned();
        if !links.contains(&link) {
            links.push(link);
        }
    }
    links.try_into().unwrap()
}

fn set_up_the_area(browser: &Browser) {
    browser.goto("/");
    browser.press("Set up an area");
    browser.wait_until("the form", || browser.path() == "/areas/new");
    browser.fill("name", "Card payments");
    browser.fill("slug", "cards");
    browser.fill("code", "PAY");
    browser.fill("summary", "Takes the money.");
    browser.choose("tier", "1");
    let team = By::XPath("//select[@name='owner_team']/option[normalize-space()='Payments']");
    browser.with(team, async |option| option.click().await);
    browser.press("Set up the area");
    browser.see("Card payments is set up.");
    browser.see("Nobody is cleared for Card payments yet.");
}

fn write_the_standard(browser: &Browser) {
    browser.press("Edit the standard");
    browser.press("Paste a checklist");
    browser.fill(
        "text",
        "## Incident response\n- Switch the provider\n\n## Read\n- [ ] The runbook\n\nAsk Kim.\n",
    );
    browser.press("Check the text");
    browser.see("2 new, 1 left over");
    browser.see("Line 7: Ask Kim.");
    browser.press("Add 2 lines");
    browser.see("2 lines are added to the draft.");
    browser.press("Edit the gates");
    for gate in ["gate-levels", "gate-checklist"] {
        let gate = By::Css(format!("input[name='{gate}']"));
        browser.with(gate, async |check| check.click().await);
    }
    let save = By::Css("form[action$='/gates'] button.pri");
    browser.with(save, async |button| button.click().await);
    browser.see("The gates are saved in the draft.");
    browser.press("Review and publish");
    browser.fill("note", "What we had in the wiki.");
    browser.press("Publish v1");
    browser.see("published");
}

fn say_who_is_cleared(browser: &Browser) {
    browser.goto("/");
    browser.see("3 of 6 done");
    browser.press("Add existing clearances");
    browser.see("Cleared already in Card payments");
    browser.script(
        "const line = [...document.querySelectorAll('fieldset')] \
         .find((f) => f.querySelector('legend').innerText === arguments[0]); \
         line.querySelector('[type=checkbox]').click(); \
         line.querySelector(`[name^='since']`).value = arguments[1];",
        vec!["Kim Park".into(), "2025-11-03".into()],
    );
    browser.fill("rests_on", "On the rota for a year.");
    browser.press("Add clearances");
    browser.see("1 clearance is added, marked as taken over.");
    browser.see("Nobody can turn a first key for Card payments.");
    browser.goto("/");
    browser.see("4 of 6 done");
    browser.press("Designate");
    let kim = By::XPath("//label[contains(., 'Kim Park')]/input");
    browser.with(kim, async |choice| choice.click().await);
    browser.press("Designate");
    browser.see("Kim Park is designated.");
}

fn start_the_ramp(browser: &Browser) {
    browser.goto("/");
    browser.see("5 of 6 done");
    browser.goto("/ramps/new?area=cards");
    browser.see("Who ramps up");
    for (field, who) in [("mentee", "Bo Li"), ("primary", "Kim Park")] {
        let option = format!(
            "//select[@name='{field}']/option[contains(., '{who}')] | \
             //label[contains(., '{who}')]/input[@name='{field}']"
        );
        browser.with(By::XPath(option), async |option| option.click().await);
    }
    browser.press("Propose the ramp");
    browser.see("The ramp is proposed.");
}

fn go_to_the_ramp(browser: &Browser) {
    browser.goto("/");
    let ramp = "//main//a[starts-with(@href, '/ramps/') and not(contains(@href, '/assess')) and not(contains(@href, '?'))]";
    browser.with(By::XPath(ramp), async |link| link.click().await);
    browser.see("Bo Li on Card payments");
}
