//! The table of chat hooks.

use super::{areas, teams};

diesel::table! {
    hooks (id) {
        id -> BigInt,
        team_id -> Nullable<BigInt>,
        area_id -> Nullable<BigInt>,
        name -> Text,
        dialect -> Text,
        address -> Text,
        secret -> Text,
        kinds -> Text,
        made_by -> Nullable<BigInt>,
        made_at -> Timestamp,
        paused_at -> Nullable<Timestamp>,
        paused_by -> Nullable<BigInt>,
        paused_because -> Text,
        removed_at -> Nullable<Timestamp>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(hooks, areas);
diesel::allow_tables_to_appear_in_same_query!(hooks, teams);
