//! The tables of notifications for diesel.

use super::{areas, people};

diesel::table! {
    notifications (id) {
        id -> BigInt,
        person_id -> BigInt,
        kind -> Text,
        thread -> Text,
        object -> Text,
        cause -> Text,
        path -> Text,
        actor_id -> Nullable<BigInt>,
        subject_id -> Nullable<BigInt>,
        area_id -> Nullable<BigInt>,
        title -> Text,
        at -> Nullable<Timestamp>,
        due_on -> Nullable<Date>,
        created_at -> Timestamp,
        read_at -> Nullable<Timestamp>,
        done_at -> Nullable<Timestamp>,
        digest_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    mail_choices (person_id, kind) {
        person_id -> BigInt,
        kind -> Text,
        choice -> Text,
    }
}

diesel::table! {
    mail_settings (person_id) {
        person_id -> BigInt,
        token -> Text,
    }
}

diesel::table! {
    rounds (person_id) {
        person_id -> BigInt,
        looked_at -> Timestamp,
        daily_on -> Nullable<Date>,
        weekly_on -> Nullable<Date>,
    }
}

diesel::table! {
    leases (name) {
        name -> Text,
        taken_by -> Text,
        taken_until -> Timestamp,
    }
}

diesel::joinable!(rounds -> people (person_id));
diesel::joinable!(notifications -> areas (area_id));
diesel::allow_tables_to_appear_in_same_query!(people, rounds);
diesel::allow_tables_to_appear_in_same_query!(people, mail_choices);
diesel::allow_tables_to_appear_in_same_query!(people, mail_settings);
diesel::allow_tables_to_appear_in_same_query!(people, notifications);
diesel::allow_tables_to_appear_in_same_query!(areas, notifications);
