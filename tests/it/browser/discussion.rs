//! A question on a ramp is asked, answered, corrected and removed, on a phone, with and without scripts.

use image::ImageFormat;
use thirtyfour::By;

use super::look;
use crate::support::browser::{Browser, Viewport};
use crate::support::sample::document;
use crate::support::verbs::picture::drawn;
use crate::support::{Site, path};

fn ask(browser: &Browser, words: &str) {
    browser.with(By::Id("f-body"), async |field| field.send_keys(words).await);
}

#[test]
fn a_name_is_completed_while_one_types_on_a_phone() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    browser.resize(Viewport::Phone);
    browser.sign_in(&site.mentee);
    browser.goto(&path::history(site.ramp_id));
    ask(&browser, "Could you look, @marc");
    browser.see("Marcus Oyelaran (@");
    assert_eq!(look(&browser), Vec::<String>::new());
    ask(&browser, "\u{e007}at the keys?");
    browser.press("Comment");
    browser.see("Your comment is on the page.");
    browser.see(&format!(
        "Could you look, @{} at the keys?",
        site.mentor.handle
    ));
    assert_eq!(browser.overflow(), None);
    assert_eq!(look(&browser), Vec::<String>::new());

    browser.sign_in(&site.mentor);
    browser.goto(&path::history(site.ramp_id));
    browser.press(&format!("Reply to {}", site.mentee.name));
    browser.see("Your answer");
    ask(&browser, "On Monday.");
    browser.press("Answer");
    browser.see("On Monday.");
    assert_eq!(look(&browser), Vec::<String>::new());
}

#[test]
fn without_scripts_people_are_chosen_from_a_list_and_views_are_added() {
    let site = Site::open();
    let slug = site.teach(&document());
    let browser = Browser::open(&site.app);
    browser.without_javascript().resize(Viewport::Phone);
    browser.sign_in(&site.mentee);
    browser.goto(&path::history(site.ramp_id));
    browser.fill("body", "Who knows the keys?");
    browser.press("Mention someone");
    browser.choose("mention", &site.mentor.handle);
    browser.press("Insert");
    browser.press("Comment");
    browser.see(&format!("Who knows the keys? @{}", site.mentor.handle));

    browser.goto(&format!("/library/{slug}/comments?show=all&moment=1"));
    browser.fill("saw", "A flat line");
    browser.press("Add your view");
    browser.see("Write what you would decide, and why.");
    browser.fill("body", "Drain the queue");
    browser.press("Add your view");
    browser.see("Your view is on the page.");
    browser.see("What others saw");
}

#[test]
fn a_picture_is_chosen_on_a_phone_and_asked_for_again_with_its_words() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    browser.resize(Viewport::Phone);
    browser.sign_in(&site.mentee);
    browser.goto(&path::history(site.ramp_id));
    ask(&browser, "The queue, last night:");
    browser.press("Add a picture");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queue.jpg");
    std::fs::write(&file, drawn(ImageFormat::Jpeg, 1200, 300)).unwrap();
    let choose = || {
        browser.with(By::Id("f-picture"), async |field| {
            field.send_keys(file.to_str().unwrap()).await
        });
    };
    choose();
    browser.press("Comment");
    browser.see("Say what the picture shows");
    browser.see("Choose the picture again.");
    assert_eq!(look(&browser), Vec::<String>::new());
    choose();
    browser.fill("alt", "A full queue");
    browser.press("Comment");
    browser.see("The queue, last night:");
    browser.wait_until("the picture is loaded", || {
        let width = "const all = document.querySelectorAll('img.picture'); \
            all.forEach((img) => img.scrollIntoView()); return all[0]?.naturalWidth";
        browser.script(width, Vec::new()) == 1200
    });
    assert_eq!(browser.overflow(), None);
    assert_eq!(look(&browser), Vec::<String>::new());
}
