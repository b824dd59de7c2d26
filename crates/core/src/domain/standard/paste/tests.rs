//! Texts as teams have them, and texts as nobody should.

use super::*;
use proptest::prelude::*;

fn competency(line: &Line) -> &Competency {
    match line {
        Line::Competency(competency) => competency,
        Line::Item(item) => panic!("{item:?} is no competency"),
    }
}

fn item(line: &Line) -> &Item {
    match line {
        Line::Item(item) => item,
        Line::Competency(competency) => panic!("{competency:?} is no item"),
    }
}

fn left(pasted: &Pasted) -> Vec<(usize, &str)> {
    let all = pasted.left_over.iter();
    all.map(|left| (left.at, left.text.as_str())).collect()
}

#[test]
fn a_checklist_becomes_items_and_its_headings_groups() {
    let text = "# On-call checklist for Payments\n\n\
                ## Reading\n\
                - [ ] The [runbook](https://wiki.example.com/pay) of refunds\n\
                - [x] The contract,\n  both parts\n\n\
                Incident response\n-----------------\n\
                * Switch the **provider**\n\
                1. Roll back `billing`\n\n\
                ## Week 2\n\
                - Request the pager\n\
                \x20 - Ask [Bo](mailto:bo@example.com) for it\n\
                - [ ]\n\n\
                Ask when in doubt.\n";
    let pasted = read(text, Otherwise::Items);
    let made: Vec<(usize, &str)> = pasted.made.iter().map(|m| (m.at, words(&m.line))).collect();
    assert_eq!(
        made,
        [
            (4, "The runbook of refunds"),
            (5, "The contract, both parts"),
            (10, "Switch the provider"),
            (11, "Roll back billing"),
            (14, "Request the pager"),
            (15, "Ask Bo for it"),
        ]
    );
    let read = item(&pasted.made[0].line);
    assert_eq!(
        (read.group, read.link.as_deref()),
        (ItemGroup::Read, Some("https://wiki.example.com/pay"))
    );
    let switch = competency(&pasted.made[2].line);
    assert_eq!(
        (switch.group, switch.required_level.number()),
        (Group::Incident, 3)
    );
    assert_eq!(item(&pasted.made[4].line).group, ItemGroup::Access);
    assert_eq!(
        left(&pasted),
        [
            (1, "On-call checklist for Payments"),
            (13, "Week 2"),
            (15, "mailto:bo@example.com"),
            (16, "- [ ]"),
            (18, "Ask when in doubt."),
        ]
    );
    let as_competencies = super::read("- Lead the call", Otherwise::Competencies(Group::Incident));
    assert_eq!(
        competency(&as_competencies.made[0].line).group,
        Group::Incident
    );
}

#[test]
fn a_matrix_is_read_whatever_parts_its_cells() {
    let rows = [
        ["Area", "Skill", "Level", "Critical", "1", "4", "Ada"],
        [
            "Incident",
            "Switch the provider",
            "4",
            "yes",
            "Watches",
            "Switches alone",
            "3",
        ],
        ["Observability", "Read the queue", "expert", "", "", "", ""],
        ["Access", "Get the pager", "", "", "", "", ""],
        ["", "", "", "", "", "", ""],
        ["Incident", "", "", "", "", "", "2"],
    ];
    for sign in ["\t", ";", ",", "|"] {
        let mut text = String::new();
        for row in &rows {
            text += &match sign {
                "|" => format!("|{}|\n", row.join("|")),
                sign => format!("{}\n", row.join(sign)),
            };
        }
        let pasted = read(&text, Otherwise::Items);
        assert_eq!(pasted.made.len(), 3, "{sign}");
        let switch = competency(&pasted.made[0].line);
        assert_eq!((pasted.made[0].at, switch.required_level.number()), (2, 4));
        assert!(switch.critical);
        assert_eq!(switch.behaviours[0], "Watches");
        assert_eq!(switch.behaviours[3], "Switches alone");
        assert_eq!(competency(&pasted.made[1].line).required_level.number(), 3);
        assert_eq!(item(&pasted.made[2].line).group, ItemGroup::Access);
        let left = left(&pasted);
        assert_eq!(left[0], (1, "Ada"));
        assert_eq!(left[1], (3, "expert"));
        assert_eq!(left[2].0, 6);
    }
}

#[test]
fn rows_without_names_are_read_by_their_number_of_cells() {
    let pasted = read(
        "Incident;\"Lead; and close\";4\nMonitoring;Read\nthe\n",
        Otherwise::Items,
    );
    let lead = competency(&pasted.made[0].line);
    assert_eq!(
        (lead.statement.as_str(), lead.required_level.number()),
        ("Lead; and close", 4)
    );
    assert_eq!(pasted.made.len(), 3);
    assert_eq!(words(&pasted.made[2].line), "the");
    assert!(pasted.left_over.is_empty());
    let plain = read(
        "• Read the runbook\n☐\tMeet Bo\nSwitch it\n",
        Otherwise::Items,
    );
    let kinds: Vec<ItemGroup> = plain.made.iter().map(|m| item(&m.line).group).collect();
    assert_eq!(kinds, [ItemGroup::Read, ItemGroup::Meet, ItemGroup::Do]);
    assert_eq!(words(&plain.made[0].line), "Read the runbook");
}

#[test]
fn a_comma_parts_cells_only_under_column_names() {
    let text = "☐ Read the runbook, then ask Bo\n\
                Read \"the\" runbook, or ask\n\
                \"Get the pager, and try it\n\
                • Meet Bo; and Cy\n";
    let pasted = read(text, Otherwise::Items);
    let made: Vec<&str> = pasted.made.iter().map(|m| words(&m.line)).collect();
    assert_eq!(
        made,
        [
            "Read the runbook, then ask Bo",
            "Read \"the\" runbook, or ask",
            "\"Get the pager, and try it",
            "Meet Bo; and Cy",
        ]
    );
    assert!(pasted.left_over.is_empty());
    let list = read("Checklist\nRead it, then ask\n", Otherwise::Items);
    assert_eq!(words(&list.made[0].line), "Read it, then ask");
    let prose = read(
        "Read the runbook; then ask Bo\nRead the queue; 3\n",
        Otherwise::Items,
    );
    assert_eq!(words(&prose.made[0].line), "Read the runbook; then ask Bo");
    assert_eq!(competency(&prose.made[1].line).statement, "Read the queue");
    let cells = read("Read the runbook\tthen ask Bo\n", Otherwise::Items);
    assert_eq!(left(&cells), [(1, "Read the runbook")]);
    let twice = read("Skill,Description\nLead,The call\n", Otherwise::Items);
    assert_eq!(words(&twice.made[0].line), "Lead");
    assert_eq!(left(&twice), [(1, "Description")]);
}

#[test]
fn cells_with_lists_in_them_are_a_table_and_tables_under_headings_are_read() {
    let matrix = "Skill\tLevel\t1\n\
                  Lead the call\t4\t\"- opens bridge\n- assigns roles\"\n";
    let pasted = read(matrix, Otherwise::Items);
    assert_eq!(pasted.made.len(), 1);
    let lead = competency(&pasted.made[0].line);
    assert_eq!(lead.statement, "Lead the call");
    assert!(lead.behaviours[0].contains("assigns roles"));
    assert!(pasted.left_over.is_empty());

    let text = "# Architecture\n\n| Skill | Level |\n|---|---|\n| Knows X | 3 |\n\n\
                # Incident\n- Lead the call\n| Skill | Level |\n|---|---|\n| Knows Y | 4 |\n";
    let pasted = read(text, Otherwise::Items);
    let made: Vec<(usize, Group, &str)> = pasted
        .made
        .iter()
        .map(|m| (m.at, competency(&m.line).group, words(&m.line)))
        .collect();
    assert_eq!(
        made,
        [
            (5, Group::Architecture, "Knows X"),
            (8, Group::Incident, "Lead the call"),
            (11, Group::Incident, "Knows Y"),
        ]
    );
    assert!(pasted.left_over.is_empty());
}

#[test]
fn boxes_and_bullets_are_no_words() {
    let made = |text: &str| -> Vec<(usize, String)> {
        let pasted = read(text, Otherwise::Items);
        assert_eq!(left(&pasted), []);
        let made = pasted.made.iter();
        made.map(|m| (m.at, words(&m.line).to_owned())).collect()
    };
    let all = |lines: &[(usize, &str)]| -> Vec<(usize, String)> {
        lines
            .iter()
            .map(|(at, text)| (*at, (*text).to_owned()))
            .collect()
    };
    assert_eq!(
        made("[ ] Read the runbook\n[x] Meet Bo\n[] Ask, then do\n☐ [ ] Switch\n"),
        all(&[
            (1, "Read the runbook"),
            (2, "Meet Bo"),
            (3, "Ask, then do"),
            (4, "Switch"),
        ])
    );
    assert_eq!(
        made("# Access\n\n• Get the pager\n\t◦ Try it\n[ ] Get the key\n- ☐ Log in\n"),
        all(&[
            (3, "Get the pager"),
            (4, "Try it"),
            (5, "Get the key"),
            (6, "Log in"),
        ])
    );
}

#[test]
fn what_a_version_says_already_is_not_made_twice() {
    let content = Content {
        items: vec![crate::sample::item("PAY-K1")],
        ..Content::default()
    };
    let pasted = read("- Read PAY-K1\n- Read PAY-K2", Otherwise::Items).without(&content);
    assert_eq!(pasted.made.len(), 1);
    assert_eq!(left(&pasted), [(1, "Read PAY-K1")]);
}

/// Text similar enough to a checklist or a matrix to get past its first lines.
fn nearly() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "(- |\\* |1\\. |  - |> |# |## )(\\[[ x]\\] )?[a-zé*`\\[\\]()]{0,8}\n",
        "[a-z]{0,5}[,;\t|][a-z\"]{0,5}[,;\t|][0-9a-z]{0,2}\r?\n",
        Just("```\n".to_owned()),
        Just("group,skill,level\n".to_owned()),
        Just("<!-- x -->\n".to_owned()),
        Just("\n".to_owned()),
        "\\PC{0,20}\n",
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

/// A line as people write it down: a bullet or none, words, commas, quotes.
fn line_of_a_note() -> impl Strategy<Value = String> {
    let mark = prop_oneof!["", "• ", "☐ ", "✓\t", "– ", "\""];
    let word = prop_oneof!["[a-z]{1,7}", "read", "access", "incident", "[1-5]"];
    let sign = prop_oneof![" ", ", ", ",", " \"", "\" ", "\", ", ", \""];
    let words = prop::collection::vec((word, sign), 1..6);
    (mark, words).prop_map(|(mark, words)| {
        let words: String = words
            .iter()
            .map(|(word, sign)| format!("{word}{sign}"))
            .collect();
        mark + &words
    })
}

proptest! {
    #[test]
    fn every_line_becomes_something_or_is_left_over(text in nearly(), items in any::<bool>()) {
        let otherwise = if items { Otherwise::Items } else { Otherwise::Competencies(Group::Change) };
        let pasted = read(&text, otherwise);
        let lines = text.lines().count();
        prop_assert!(pasted.left_over.is_sorted_by_key(|left| left.at));
        let spots = pasted.made.iter().map(|m| m.at).chain(pasted.left_over.iter().map(|l| l.at));
        for at in spots {
            prop_assert!((1..=lines).contains(&at), "line {at} of {lines}");
        }
        for made in &pasted.made {
            prop_assert!(check::line(words(&made.line)).is_ok());
        }
    }

    #[test]
    fn no_word_of_a_text_without_columns_is_lost(lines in prop::collection::vec(line_of_a_note(), 1..12)) {
        let pasted = read(&lines.join("\n"), Otherwise::Items);
        let made = pasted.made.iter().map(|made| words(&made.line));
        let kept: Vec<&str> = made.chain(pasted.left_over.iter().map(|l| l.text.as_str())).collect();
        let parts = |text: &str| -> Vec<String> {
            let parts = text.split(|c: char| !c.is_alphanumeric());
            parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
        };
        let mut kept = parts(&kept.join(" ").replace("[x]", ""));
        let mut typed = parts(&lines.join(" ").replace("[x]", ""));
        kept.sort_unstable();
        typed.sort_unstable();
        prop_assert_eq!(kept, typed);
    }

    #[test]
    fn no_word_of_a_plain_checklist_is_lost(items in prop::collection::vec("[a-z]{1,9}( [a-z]{1,9}){0,3}", 1..20)) {
        let text: String = items.iter().map(|item| format!("- [ ] {item}\n")).collect();
        let pasted = read(&text, Otherwise::Items);
        let made: Vec<&str> = pasted.made.iter().map(|made| words(&made.line)).collect();
        prop_assert_eq!(made, items);
        prop_assert!(pasted.left_over.is_empty());
    }
}
