//! The tables of calendars, and of when people can meet.

use super::people;

diesel::table! {
    calendar_names (name) {
        name -> Text,
    }
}

diesel::table! {
    calendar_feeds (id) {
        id -> BigInt,
        person_id -> BigInt,
        token_hash -> Text,
        created_at -> Timestamp,
        read_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    weekly_hours (person_id, weekday, from_minute) {
        person_id -> BigInt,
        weekday -> Integer,
        from_minute -> Integer,
        to_minute -> Integer,
    }
}

diesel::table! {
    absences (id) {
        id -> BigInt,
        person_id -> BigInt,
        first_on -> Date,
        last_on -> Date,
        added_at -> Timestamp,
        removed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    busy_calendars (person_id) {
        person_id -> BigInt,
        address -> Text,
        named_at -> Timestamp,
        due_at -> Timestamp,
        read_at -> Nullable<Timestamp>,
        failures -> Integer,
        problem -> Text,
    }
}

diesel::table! {
    busy_spans (person_id, starts_at) {
        person_id -> BigInt,
        starts_at -> Timestamp,
        ends_at -> Timestamp,
    }
}

diesel::joinable!(calendar_feeds -> people (person_id));
diesel::joinable!(busy_calendars -> people (person_id));
diesel::allow_tables_to_appear_in_same_query!(people, calendar_feeds);
diesel::allow_tables_to_appear_in_same_query!(people, busy_calendars);
