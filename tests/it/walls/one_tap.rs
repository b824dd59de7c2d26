//! Nothing bites in one tap: every form that is sent without anything typed or chosen is known here, and why it may be.

use std::collections::BTreeSet;
use std::path::Path;

use super::source::files;

/// Where such a form goes, as its template says, and the way back from it.
const JUDGED: [(&str, &str); 47] = [
    ("{{ address }}/pin", "take it off the goals"),
    ("{{ address }}/unpin", "pin it again"),
    ("/admin/messages/{{ l.id }}/retry", "cancel it"),
    (
        "/admin/messages/{{ l.id }}/cancel",
        "retry; a link is made again where it was made",
    ),
    ("/sign-out", "sign in again"),
    ("/welcome", "the guide has the same steps"),
    (
        "/ramps/{{ ramp }}/items/{{ code }}",
        "the line on the ramp's page has its way back",
    ),
    ("/me/calendar/address", "end it; make another one"),
    ("/me/calendar/end", "make a new one"),
    ("/me/calendar/busy/remove", "name it again"),
    ("/board/screens/address", "end it; make another one"),
    ("/board/screens/end", "make a new one"),
    ("/me/absences/{{ a.id }}/remove", "add it again"),
    ("{{ kept.to }}", "the form that was sent before"),
    ("{{ undo }}", "is a way back"),
    (
        "/areas/{{ area.slug }}/archive",
        "its page says what it does; bring it back",
    ),
    ("/areas/{{ area.slug }}/restore", "archive it"),
    (
        "/admin/people/{{ handle }}/reactivate",
        "says what it does; deactivate",
    ),
    (
        "/admin/people/{{ handle }}/invite",
        "says what it does; make another one, or revoke it",
    ),
    ("/admin/people/{{ handle }}/revoke-invite", "make a new one"),
    ("/admin/people/{{ handle }}/sign-out", "they sign in again"),
    ("/admin/teams/{{ id }}/members", "joins as a member; remove"),
    (
        "/comments/{{ id }}/remove",
        "its fold says what it does; its author says it again",
    ),
    (
        "/library/{{ slug }}/pictures/{{ p.number }}/remove",
        "its fold says what it does; add it again",
    ),
    ("{{ thread.follow_href }}", "follow it or mute it again"),
    (
        "/areas/{{ area.slug }}/queue/{{ own.id }}/withdraw",
        "ask again",
    ),
    ("/drills/{{ d.id }}/begin", "at its time"),
    ("/drills/{{ d.id }}/end", "resume"),
    ("/drills/{{ d.id }}/go-on", "end it again"),
    (
        "/drills/{{ d.id }}/lines/{{ l.id }}",
        "the line has its way back",
    ),
    ("/ramps/{{ ramp }}/accept", "pause it, or end it"),
    (
        "/inbox/read",
        "marks what is listed as read; it stays listed",
    ),
    (
        "/hooks/{{ id }}/test",
        "says in the channel that it is a test",
    ),
    ("/hooks/{{ id }}/pause", "resume it"),
    ("/hooks/{{ id }}/resume", "pause it"),
    (
        "/hooks/{{ id }}/messages/{{ d.id }}",
        "the same message, under the same name",
    ),
    ("{{ transition.href }}", "accepts; pause it, or end it"),
    (
        "/ramps/{{ ramp.id }}/items/{{ item.code }}",
        "the line has its way back",
    ),
    (
        "/ramps/{{ ramp.id }}/next-actions/{{ a.id }}",
        "open it again",
    ),
    (
        "/ramps/{{ s.ramp_id }}/next-actions/{{ a.id }}",
        "open it again",
    ),
    (
        "/ramps/{{ ramp_id }}/upgrade",
        "its page says what it does, line by line",
    ),
    ("/sessions/{{ s.id }}/undo", "is a way back"),
    (
        "/shifts/{{ s.id }}/alerts/{{ a.id }}/take-back",
        "add it again",
    ),
    (
        "/areas/{{ area.slug }}/standard/draft",
        "a draft binds nobody",
    ),
    (
        "/areas/{{ area.slug }}/standard/flags/{{ f.id }}/answer",
        "not answered after all",
    ),
    ("{{ base }}/lines/{{ line.code }}/put-back", "is a way back"),
    (
        "{{ base }}/lines/{{ r.code }}/order",
        "move it back; put it back",
    ),
];

/// What makes a form more than a tap.
const TYPED: [&str; 18] = [
    "m::filter(",
    "m::text_input(",
    "m::team_input(",
    "m::zone_input(",
    "m::textarea(",
    "m::select(",
    "m::choices(",
    "m::date_input(",
    "m::password_input(",
    "m::picture_input(",
    "m::radio_choice(",
    "m::check_choice(",
    "m::anchor(",
    "<textarea",
    "<select",
    "<input class",
    "type=\"radio\"",
    "type=\"checkbox\"",
];

/// The addresses of the forms of a template that nothing is typed into.
fn one_tap(template: &str) -> Vec<String> {
    let forms = template.split("<form").skip(1);
    let forms = forms.filter_map(|rest| Some(rest.split_once("</form>")?.0));
    forms
        .filter(|form| form.contains("method=\"post\""))
        .filter(|form| !TYPED.iter().any(|word| form.contains(word)))
        // A piece of another template may bring the fields.
        .filter(|form| !form.contains("include"))
        .filter_map(|form| form.split("action=\"").nth(1))
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_form_that_is_sent_by_one_tap_was_judged() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let found: BTreeSet<String> = files(&root, "html")
        .into_iter()
        .flat_map(|file| one_tap(&std::fs::read_to_string(file).unwrap()))
        .collect();
    let judged: BTreeSet<String> = JUDGED.iter().map(|(to, _)| (*to).to_owned()).collect();
    let unknown: Vec<_> = found.difference(&judged).collect();
    assert!(
        unknown.is_empty(),
        "give these a way back and a line here, or a page or <details> that names the effect and asks why: {unknown:?}"
    );
    let gone: Vec<_> = judged.difference(&found).collect();
    assert!(gone.is_empty(), "these are gone: {gone:?}");
}

#[test]
fn a_form_with_a_field_is_more_than_a_tap() {
    let page = r#"<form method="post" action="/a">{{ m::hidden("b", c) }}<button>D</button></form>
        <form method="post" action="/e">{{- m::textarea("f", "G", h, errors) -}}</form>
        <form method="get" action="/i"></form>"#;
    assert_eq!(one_tap(page), ["/a"]);
}
