//! History of rows that only say how things are now, for past days: see [`crate::db::past`].

diesel::table! {
    departures (id) {
        id -> BigInt,
        person_id -> BigInt,
        left_at -> Timestamp,
        back_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    person_names (id) {
        id -> BigInt,
        person_id -> BigInt,
        name -> Text,
        name_key -> Text,
        email -> Text,
        email_key -> Text,
        until -> Timestamp,
    }
}

diesel::table! {
    agreed_versions (id) {
        id -> BigInt,
        person_id -> BigInt,
        at -> Timestamp,
        mentees_agreed -> Nullable<Integer>,
        hours_agreed -> Nullable<Integer>,
    }
}

diesel::table! {
    membership_spells (id) {
        id -> BigInt,
        team_id -> BigInt,
        person_id -> BigInt,
        is_lead -> Bool,
        since -> Timestamp,
        until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    area_versions (id) {
        id -> BigInt,
        area_id -> BigInt,
        at -> Timestamp,
        code -> Text,
        name -> Text,
        summary -> Text,
        tier -> Integer,
        owner_team_id -> BigInt,
        minimum_cover -> Integer,
        target_weeks -> Integer,
        validity_months -> Integer,
        recency_days -> Integer,
        archived_at -> Nullable<Timestamp>,
        labels -> Text,
        practice -> Text,
        ends -> Text,
    }
}

diesel::table! {
    clearance_versions (id) {
        id -> BigInt,
        clearance_id -> BigInt,
        at -> Timestamp,
        state -> Text,
        standard_id -> Nullable<BigInt>,
        supervisor_id -> Nullable<BigInt>,
        extended_at -> Nullable<Timestamp>,
        ends_on -> Date,
        practised_on -> Date,
        holds_until -> Date,
        practice_left -> Integer,
        recency_days -> Integer,
        practice -> Text,
        practice_from -> Date,
    }
}

diesel::table! {
    postmortem_area_spells (id) {
        id -> BigInt,
        postmortem_id -> BigInt,
        area_id -> BigInt,
        since -> Timestamp,
        until -> Nullable<Timestamp>,
    }
}
