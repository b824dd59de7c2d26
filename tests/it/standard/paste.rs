//! A standard from a checklist that a team has.

use checkride::domain::standard::store as standards;
use checkride::domain::standard::{Content, Standard, StandardState};

use crate::support::{Answer, Form, Role, Site, told};

const PASTE: &str = "/areas/payments/standard/draft/paste";

fn draft(site: &Site) -> Option<Standard> {
    let all = site.app.db(|c| standards::of_area(c, site.area_id));
    all.into_iter().find(|s| s.state == StandardState::Draft)
}

fn pasted(site: &Site, text: &str, step: &str) -> Answer {
    let client = site.client(Role::Qualifier);
    Form::on(&client.get(PASTE), PASTE)
        .with("text", text)
        .with("step", step)
        .send(&client)
}

fn texts(content: &Content) -> Vec<&str> {
    let competencies = content.competencies.iter().map(|c| c.statement.as_str());
    competencies
        .chain(content.items.iter().map(|i| i.text.as_str()))
        .collect()
}

#[test]
fn a_checklist_is_looked_at_then_added_to_the_draft_under_new_codes() {
    let site = Site::open();
    let text = "## Incident\n- Lead the call\n\n## Week 1\n- [ ] Get the pager\n\nAsk Bo.\n";
    let looked = pasted(&site, text, "look");
    looked
        .assert_status(200)
        .assert_text("2 new, 2 left over")
        .assert_text("Lead the call Competency, Incident response, level 3; line 2")
        .assert_text("Get the pager Checklist item, Get access; line 5")
        .assert_text("Line 4: Week 1 this heading names no group")
        .assert_text("Line 7: Ask Bo. it is not in a list");
    assert!(draft(&site).is_none(), "nothing is stored yet");

    let client = site.client(Role::Qualifier);
    let form = Form::on(&looked, PASTE).with("step", "add");
    form.send(&client)
        .assert_leads_to("/areas/payments/standard/draft");
    let stored = draft(&site).unwrap();
    let all = texts(&stored.content);
    assert!(all.contains(&"Lead the call") && all.contains(&"Get the pager"));
    assert!(all.len() > 2, "it goes on from what is published");
    let mut codes: Vec<&str> = stored.content.codes().collect();
    let n = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), n);
    assert_eq!(told(&site, "draft.edited").len(), 1);

    // The same again is not added twice.
    pasted(&site, text, "look").assert_text("it is in the draft already");
    pasted(&site, text, "add")
        .assert_status(422)
        .assert_text("Nothing in this text becomes a new line.");
}

#[test]
fn a_text_that_cannot_be_taken_comes_back_whole() {
    let site = Site::open();
    pasted(&site, " \n", "look")
        .assert_status(422)
        .assert_text("Paste a checklist or a table.");
    let long = "- read it\n".repeat(4001);
    let answer = pasted(&site, &long, "add");
    answer
        .assert_status(422)
        .assert_text("The text has 40010 characters. The limit is 40000.");
    assert!(answer.body.contains("- read it"));

    // Somebody else edits the draft after this form was opened.
    let text = "Group;Skill;Level\nIncident;Lead the call;4\n";
    pasted(&site, "- Read it", "add").assert_status(303);
    let client = site.client(Role::Qualifier);
    let opened = Form::on(&client.get(PASTE), PASTE).with("text", text);
    pasted(&site, "- Read it too", "add").assert_status(303);
    let told = opened.with("step", "add").send(&client);
    told.assert_status(409).assert_text("edited this draft on");
    let again = Form::on(&told, PASTE).with("step", "add");
    assert!(again.get("text").unwrap().contains("Lead the call"));
    again.send(&client).assert_status(303);
    let stored = draft(&site).unwrap();
    let lead = stored.content.competencies.iter();
    let mut lead = lead.filter(|c| c.statement == "Lead the call");
    assert_eq!(lead.next().unwrap().required_level.number(), 4);
}
