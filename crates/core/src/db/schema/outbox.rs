//! The table of messages that leave.

use super::people;

diesel::table! {
    messages (id) {
        id -> BigInt,
        channel -> Text,
        key -> Text,
        subject -> Text,
        person_id -> Nullable<BigInt>,
        address -> Text,
        hook_id -> Nullable<BigInt>,
        body -> Text,
        is_secret -> Bool,
        created_at -> Timestamp,
        due_at -> Timestamp,
        attempts -> Integer,
        taken_by -> Nullable<Text>,
        taken_until -> Nullable<Timestamp>,
        answer -> Text,
        state -> Text,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::joinable!(messages -> people (person_id));
diesel::allow_tables_to_appear_in_same_query!(messages, people);
