//! Who asked to ramp where.

diesel::table! {
    ramp_requests (id) {
        id -> BigInt,
        person_id -> BigInt,
        area_id -> BigInt,
        why -> Text,
        asked_at -> Timestamp,
        outcome -> Nullable<Text>,
        closed_at -> Nullable<Timestamp>,
        closed_by -> Nullable<BigInt>,
        words -> Text,
        ramp_id -> Nullable<BigInt>,
    }
}
