//! The table of screens.

use super::{people, teams};

diesel::table! {
    screens (id) {
        id -> BigInt,
        team_id -> BigInt,
        token_hash -> Text,
        made_by -> BigInt,
        created_at -> Timestamp,
        read_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::joinable!(screens -> people (made_by));
diesel::joinable!(screens -> teams (team_id));
diesel::allow_tables_to_appear_in_same_query!(people, screens);
diesel::allow_tables_to_appear_in_same_query!(teams, screens);
