//! What people were asked to say they saw.

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
