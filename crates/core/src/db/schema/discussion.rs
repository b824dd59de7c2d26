//! The tables of discussion, and of mentors' private notes.

use super::{people, ramps};

diesel::table! {
    comments (id) {
        id -> BigInt,
        place_kind -> Text,
        place_id -> BigInt,
        reply_to -> Nullable<BigInt>,
        moment -> Nullable<Integer>,
        revision -> Nullable<Integer>,
        author_id -> BigInt,
        written_at -> Timestamp,
        number -> Integer,
        removed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    comment_versions (id) {
        id -> BigInt,
        comment_id -> BigInt,
        number -> Integer,
        saw -> Text,
        believed -> Text,
        body -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    comment_mentions (comment_id, person_id) {
        comment_id -> BigInt,
        person_id -> BigInt,
    }
}

diesel::table! {
    discussion_choices (place_kind, place_id, person_id) {
        place_kind -> Text,
        place_id -> BigInt,
        person_id -> BigInt,
        choice -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    private_notes (id) {
        id -> BigInt,
        ramp_id -> BigInt,
        author_id -> BigInt,
        number -> Integer,
        body -> Text,
        at -> Timestamp,
    }
}

diesel::joinable!(comments -> people (author_id));
diesel::joinable!(comment_versions -> comments (comment_id));
diesel::joinable!(comment_mentions -> comments (comment_id));
diesel::joinable!(private_notes -> ramps (ramp_id));
diesel::allow_tables_to_appear_in_same_query!(
    comments,
    comment_versions,
    comment_mentions,
    discussion_choices,
    people,
);
diesel::allow_tables_to_appear_in_same_query!(private_notes, ramps);
