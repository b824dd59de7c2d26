//! The tables of rotas.

use super::areas;

diesel::table! {
    rotas (id) {
        id -> BigInt,
        area_id -> BigInt,
        name -> Text,
        source -> Text,
        address -> Text,
        token -> Text,
        time_zone -> Text,
        made_by -> Nullable<BigInt>,
        made_at -> Timestamp,
        due_at -> Timestamp,
        looked_at -> Nullable<Timestamp>,
        failures -> Integer,
        problem -> Text,
        removed_at -> Nullable<Timestamp>,
        removed_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    rota_fetches (id) {
        id -> BigInt,
        rota_id -> BigInt,
        at -> Timestamp,
        digest -> Text,
        by_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    rota_entries (fetch_id, n) {
        fetch_id -> BigInt,
        n -> Integer,
        starts_at -> Timestamp,
        ends_at -> Timestamp,
        name -> Text,
        email -> Text,
        duty -> Text,
        uid -> Text,
    }
}

diesel::table! {
    rota_names (id) {
        id -> BigInt,
        area_id -> BigInt,
        name_key -> Text,
        person_id -> Nullable<BigInt>,
        by_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    rota_acceptances (id) {
        id -> BigInt,
        area_id -> BigInt,
        who -> Text,
        kind -> Text,
        shift_at -> Timestamp,
        reason -> Text,
        until_on -> Date,
        by_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    rota_findings (id) {
        id -> BigInt,
        area_id -> BigInt,
        who -> Text,
        kind -> Text,
        shift_at -> Timestamp,
        found_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    rota_steps (id) {
        id -> BigInt,
        rota_id -> BigInt,
        shift_id -> BigInt,
        uid -> Text,
        starts_at -> Timestamp,
        ends_at -> Timestamp,
        kind -> Text,
        at -> Timestamp,
    }
}

diesel::joinable!(rotas -> areas (area_id));
diesel::joinable!(rota_fetches -> rotas (rota_id));
diesel::joinable!(rota_entries -> rota_fetches (fetch_id));
diesel::joinable!(rota_steps -> rotas (rota_id));
diesel::allow_tables_to_appear_in_same_query!(rotas, areas);
diesel::allow_tables_to_appear_in_same_query!(rotas, rota_steps);
diesel::allow_tables_to_appear_in_same_query!(rotas, rota_fetches);
diesel::allow_tables_to_appear_in_same_query!(rota_fetches, rota_entries);
diesel::allow_tables_to_appear_in_same_query!(rotas, rota_entries);
