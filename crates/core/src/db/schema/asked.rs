//! What people were asked to say: what they saw, and how a session was.

diesel::table! {
    asked_observations (id) {
        id -> BigInt,
        ramp_id -> BigInt,
        competency_code -> Text,
        asked_id -> BigInt,
        worked_on -> Date,
        work -> Text,
        asked_at -> Timestamp,
        expires_at -> Timestamp,
        outcome -> Nullable<Text>,
        closed_at -> Nullable<Timestamp>,
        seen -> Nullable<Text>,
        help_level -> Nullable<Integer>,
        words -> Text,
    }
}

diesel::table! {
    session_feedback (id) {
        id -> BigInt,
        session_id -> BigInt,
        by_id -> BigInt,
        side -> Text,
        first -> Text,
        second -> Text,
        at -> Timestamp,
    }
}
