//! The table of pictures.

diesel::table! {
    pictures (id) {
        id -> BigInt,
        owner_kind -> Text,
        owner_id -> BigInt,
        number -> Integer,
        kind -> Text,
        alt -> Text,
        width -> Integer,
        height -> Integer,
        by_id -> BigInt,
        at -> Timestamp,
        removed_at -> Nullable<Timestamp>,
        bytes -> Binary,
    }
}
