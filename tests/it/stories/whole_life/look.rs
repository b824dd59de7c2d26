//! What everybody sees of one person, kept evening by evening.

use checkride::db::types::Day;
use checkride::domain::signoff::store::by_id;

use super::*;

/// What was shown on an evening: part of a page, and its words.
pub struct Evening {
    day: Day,
    shown: Shown,
}

type Shown = [(&'static str, String); 7];

/// A sign-off that was granted, and how it read then.
pub struct Frozen {
    signoff: i64,
    stored: String,
    read: String,
}

/// How somebody stands on an evening.
#[derive(Clone, Copy)]
pub struct Stands<'a> {
    /// The words of the board's cell: the first mark, and the second where there is one.
    pub cell: &'a [&'a str],
    /// How many are cleared in the area, and how that is called where two are needed.
    pub cover: (u32, &'a str),
    /// The line of the file after person, teams and area: status, also, share, cover, practise by, cleared until, delta review.
    pub line: &'a str,
}

pub const AT_MINIMUM: (u32, &str) = (2, "At minimum");
pub const ONE_SPARE: (u32, &str) = (3, "1 spare");

impl Life {
    /// Looks on the evening of today, and keeps what is seen.
    pub fn look(&mut self, stands: Stands) {
        let evening = format!("{}T20:00:00Z", self.site.app.now().day());
        turn_to(&self.site, at(&evening));
        self.look_now(stands);
    }

    /// Looks at this very moment, and keeps what is seen.
    pub fn look_now(&mut self, stands: Stands) {
        let day = self.site.app.now().day();
        let shown = self.shown(&self.client(Role::OwnerLead), "");
        let [
            (_, cell),
            (_, cover),
            (_, roster),
            (_, area),
            (_, held),
            (_, ramps),
            (_, line),
        ] = &shown;
        assert_eq!(cell, &stands.cell.join(" also "), "board on {day}");
        let (cleared, word) = stands.cover;
        assert_eq!(cover, &format!("{cleared} of 2 {word}"), "board on {day}");
        assert!(
            area.contains(&format!("{word} {cleared} cleared, minimum 2")),
            "area on {day}: {area}"
        );
        for mark in stands.cell {
            assert!(
                is_in_roster(roster, mark),
                "area on {day}, {mark}: {roster}"
            );
            let of_ramp = ["Planned", "Ramping", "Sign-off"];
            let is_of_ramp = of_ramp.iter().any(|word| mark.starts_with(word));
            let part = if is_of_ramp { ramps } else { held };
            assert!(part.contains(mark), "person on {day}, {mark}: {part}");
        }
        assert_eq!(line, stands.line, "file on {day}");
        assert!(self.evenings.iter().all(|kept| kept.day != day));
        self.evenings.push(Evening { day, shown });
        self.check_records(day);
    }

    /// Asks for every evening again, a day after the last one: it says what it said then.
    pub fn look_back(&self) {
        self.site.app.wait_hours(24);
        let lead = self.client(Role::OwnerLead);
        for Evening { day, shown } in &self.evenings {
            let again = self.shown(&lead, &format!("?at={day}"));
            for ((part, then), (_, now)) in shown.iter().zip(&again) {
                assert_eq!(now, then, "{part}, {day} seen from later");
            }
        }
    }

    /// Keeps the record of the latest sign-off of a ramp, which was granted just now.
    pub fn keep_record(&mut self, ramp: i64) {
        let signoff = signoffs(&self.site, ramp).remove(0);
        let kept = Frozen {
            read: self.record(signoff.id),
            stored: signoff.record.unwrap(),
            signoff: signoff.id,
        };
        self.records.push(kept);
    }

    /// Every record reads as it did on its day, to the byte.
    fn check_records(&self, day: Day) {
        for kept in &self.records {
            let stored = self.site.app.db(|c| by_id(c, kept.signoff)).record;
            assert_eq!(stored.as_ref(), Some(&kept.stored), "record on {day}");
            assert_eq!(self.record(kept.signoff), kept.read, "record on {day}");
        }
    }

    /// The page of a sign-off.
    fn record(&self, signoff: i64) -> String {
        let page = self.client(Role::OwnerLead).signoff_page(signoff);
        page.assert_status(200)
            .assert_text("This is the frozen record");
        // The discussion is no part of the record, and its forms have keys of their own.
        let record = timeless(&main_part(&page));
        let record = record.split("id=\"discussion\"").next();
        record.unwrap_or_default().to_owned()
    }

    /// What the pages show of them; `query` may name a past day.
    fn shown(&self, lead: &Client, query: &str) -> Shown {
        let [board, area, person, file] = [
            "/board".to_owned(),
            "/areas/payments".to_owned(),
            path::person(&self.who.handle),
            path::BOARD_CSV.to_owned(),
        ]
        .map(|path| lead.get(&format!("{path}{query}")));
        let board_row = find_row(&board, &self.who).unwrap();
        let cell = words_of(&board_row[board_row.find("<td").unwrap()..]);
        let (cell, _) = cell.rsplit_once(" (").unwrap();
        let line = format!("{},{},Storefront,Payments,", self.who.name, self.who.handle);
        let cover = board.part("<td class=\"cov", "</td>");
        let lines = file.assert_status(200).body.lines();
        let lines = lines.filter_map(|l| l.strip_prefix(&line));
        [
            ("board", cell.to_owned()),
            ("cover", cover.replace(" (Payments)", "")),
            (
                "roster",
                find_row(&area, &self.who).map_or_else(String::new, words_of),
            ),
            ("area", area.part("<h1>", "<p class")),
            ("clearances", section(&person, "cl")),
            ("ramps", section(&person, "ra")),
            ("file", lines.collect::<Vec<_>>().join("\n")),
        ]
    }
}

/// A page without what the words of its days say of how far they are from today.
fn timeless(html: &str) -> String {
    const QUIET: &str = " <span class=\"sub\">";
    let mut pieces = html.split("<time datetime=\"");
    let mut said = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (moment, rest) = piece.split_once('"').unwrap();
        let (tag, rest) = rest.split_once("</time>").unwrap();
        let rest = match rest
            .strip_prefix(QUIET)
            .filter(|_| tag.starts_with(" data-rel"))
        {
            Some(relative) => relative.split_once("</span>").unwrap().1,
            None => rest,
        };
        said.push_str(&format!("[{moment}]{rest}"));
    }
    // A day is told with its year where that is not the one it is read in.
    said.replace(" 2026", "").replace(" 2027", "")
}

/// Whether a mark has its row. The roster has a column for the day on which a clearance ends; all else is in the mark.
fn is_in_roster(roster: &str, mark: &str) -> bool {
    let (word, said) = mark.split_once(' ').unwrap_or((mark, ""));
    let (day, more) = said.split_once(", ").unwrap_or((said, ""));
    let more = if more.is_empty() {
        String::new()
    } else {
        format!("{more} ")
    };
    let before = match (day.split(' ').next(), word) {
        (Some("until"), "Interim") => "interim ",
        (Some("until"), _) => "cleared ",
        (Some("on"), _) => "lapsed ",
        _ => "",
    };
    // A second mark stands after the name, and the day after both.
    let is_whole = roster.contains(&format!("{mark} (")) || roster.contains(&format!(") {mark} "));
    let day = format!("{before}{day}");
    let begins = format!("{word} {more}(");
    let mut rows = roster.split(&begins).skip(1);
    let ends = |row: &str| row.split('(').next().is_some_and(|row| row.contains(&day));
    is_whole || rows.any(ends)
}
