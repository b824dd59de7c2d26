//! The tables of key figures.

diesel::table! {
    kpi_targets (id) {
        id -> BigInt,
        scope -> Text,
        kpi -> Text,
        at_least -> Nullable<Double>,
        at_most -> Nullable<Double>,
        owner_id -> BigInt,
        set_by -> Nullable<BigInt>,
        set_at -> Timestamp,
    }
}

diesel::table! {
    kpi_notes (id) {
        id -> BigInt,
        scope -> Text,
        kpi -> Text,
        why -> Text,
        next -> Text,
        by_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    kpi_pins (id) {
        id -> BigInt,
        team_id -> BigInt,
        kpi -> Text,
        since -> Timestamp,
        by_id -> Nullable<BigInt>,
        until -> Nullable<Timestamp>,
        ended_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    kpi_crossings (id) {
        id -> BigInt,
        scope -> Text,
        kpi -> Text,
        day -> Date,
        is_missed -> Bool,
        at -> Timestamp,
    }
}

diesel::table! {
    kpi_days (scope, day) {
        scope -> Text,
        day -> Date,
        computed_at -> Timestamp,
        figures -> Text,
        behind -> Nullable<Text>,
    }
}
