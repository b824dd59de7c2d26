//! A person's calendar by its address, invitations, and when people can meet.

mod availability;
mod busy;
mod drills;
mod feed;
mod handed_over;
mod invitations;
mod own_deeds;

use icalendar::{Calendar, CalendarDateTime, Component, DatePerhapsTime, Event};

/// Reads a file with a library that shares no code with the one that writes.
fn read(ics: &str) -> Vec<Event> {
    let calendar: Calendar = ics.parse().unwrap_or_else(|e| panic!("{e}: {ics}"));
    let events = calendar.iter().filter_map(|part| part.as_event());
    events.cloned().collect()
}

/// When it begins: a moment in UTC, or a day.
fn starts(event: &Event) -> String {
    match event.get_start() {
        Some(DatePerhapsTime::DateTime(CalendarDateTime::Utc(t))) => {
            t.format("%Y-%m-%dT%H:%M:%SZ").to_string()
        }
        Some(DatePerhapsTime::Date(day)) => day.to_string(),
        other => panic!("{other:?}"),
    }
}

fn titles(ics: &str) -> Vec<String> {
    let all = read(ics);
    let titles = all.iter().filter_map(|e| e.get_summary());
    titles.map(str::to_owned).collect()
}
