//! The tables of the search. The columns of `search_words` differ; `db::fulltext` names them.

use super::{
    areas, comments, memberships, pairings, postmortem_areas, postmortems, ramps, shifts, systems,
};

diesel::table! {
    search_entries (id) {
        id -> BigInt,
        kind -> Text,
        ref_id -> BigInt,
        code -> Text,
        ramp_id -> Nullable<BigInt>,
        title -> Text,
        title_key -> Text,
        body -> Text,
        context -> Text,
        address -> Text,
        at -> Nullable<Timestamp>,
        digest -> Text,
    }
}

diesel::table! {
    search_words (rowid) {
        rowid -> BigInt,
    }
}

diesel::table! {
    search_index (version) {
        version -> Integer,
    }
}

diesel::allow_tables_to_appear_in_same_query!(search_entries, search_words);
diesel::allow_tables_to_appear_in_same_query!(search_entries, memberships);
diesel::allow_tables_to_appear_in_same_query!(search_words, memberships);
diesel::allow_tables_to_appear_in_same_query!(search_entries, pairings);
diesel::allow_tables_to_appear_in_same_query!(search_words, pairings);
diesel::allow_tables_to_appear_in_same_query!(search_entries, postmortem_areas);
diesel::allow_tables_to_appear_in_same_query!(search_words, postmortem_areas);
diesel::allow_tables_to_appear_in_same_query!(search_entries, postmortems);
diesel::allow_tables_to_appear_in_same_query!(search_words, postmortems);
diesel::allow_tables_to_appear_in_same_query!(search_entries, ramps);
diesel::allow_tables_to_appear_in_same_query!(search_words, ramps);
diesel::allow_tables_to_appear_in_same_query!(areas, systems);
diesel::allow_tables_to_appear_in_same_query!(search_entries, shifts);
diesel::allow_tables_to_appear_in_same_query!(search_words, shifts);
diesel::allow_tables_to_appear_in_same_query!(search_entries, comments);
diesel::allow_tables_to_appear_in_same_query!(search_words, comments);
diesel::allow_tables_to_appear_in_same_query!(comments, postmortems);
diesel::allow_tables_to_appear_in_same_query!(comments, postmortem_areas);
