//! The tables for diesel; the same on both databases.

#![expect(
    missing_docs,
    reason = "table! defines items that cannot carry documentation"
)]

mod asked;
mod calendar;
mod discussion;
mod evidence;
mod history;
mod hook;
mod kpi;
mod notification;
mod outbox;
mod picture;
mod queue;
mod rota;
mod screen;
mod search;

pub use asked::*;
pub use calendar::*;
pub use discussion::*;
pub use evidence::*;
pub use history::*;
pub use hook::*;
pub use kpi::*;
pub use notification::*;
pub use outbox::*;
pub use picture::*;
pub use queue::*;
pub use rota::*;
pub use screen::*;
pub use search::*;

diesel::table! {
    teams (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    people (id) {
        id -> BigInt,
        handle -> Text,
        name -> Text,
        email -> Text,
        email_key -> Text,
        time_zone -> Text,
        is_admin -> Bool,
        password_hash -> Nullable<Text>,
        created_at -> Timestamp,
        deactivated_at -> Nullable<Timestamp>,
        mentees_agreed -> Nullable<Integer>,
        hours_agreed -> Nullable<Integer>,
        name_key -> Text,
        sort_key -> Text,
        search_key -> Text,
        welcomed -> Text,
    }
}

diesel::table! {
    text_keys (version) {
        version -> Integer,
    }
}

diesel::table! {
    memberships (team_id, person_id) {
        team_id -> BigInt,
        person_id -> BigInt,
        is_lead -> Bool,
    }
}

diesel::table! {
    auth_sessions (id) {
        id -> BigInt,
        token_hash -> Text,
        person_id -> BigInt,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    sign_in_attempts (id) {
        id -> BigInt,
        account_key -> Text,
        address -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    known_browsers (person_id, token_hash) {
        person_id -> BigInt,
        token_hash -> Text,
        seen_at -> Timestamp,
    }
}

diesel::table! {
    form_keys (person_id, form_key) {
        form_key -> Text,
        person_id -> BigInt,
        created_at -> Timestamp,
        location -> Text,
        flash -> Text,
        content -> Text,
    }
}

diesel::table! {
    areas (id) {
        id -> BigInt,
        slug -> Text,
        code -> Text,
        name -> Text,
        summary -> Text,
        tier -> Integer,
        owner_team_id -> BigInt,
        minimum_cover -> Integer,
        target_weeks -> Integer,
        validity_months -> Integer,
        recency_days -> Integer,
        created_at -> Timestamp,
        archived_at -> Nullable<Timestamp>,
        revision -> Integer,
        labels -> Text,
        practice -> Text,
        ends -> Text,
    }
}

diesel::table! {
    systems (id) {
        id -> BigInt,
        area_id -> BigInt,
        position -> Integer,
        name -> Text,
        reference -> Nullable<Text>,
    }
}

diesel::table! {
    system_links (id) {
        id -> BigInt,
        system_id -> BigInt,
        position -> Integer,
        title -> Text,
        url -> Text,
    }
}

diesel::table! {
    qualifiers (id) {
        id -> BigInt,
        area_id -> BigInt,
        person_id -> BigInt,
        since -> Timestamp,
        until -> Nullable<Timestamp>,
        designated_by -> Nullable<BigInt>,
        ended_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    standards (id) {
        id -> BigInt,
        area_id -> BigInt,
        version -> Integer,
        state -> Text,
        note -> Text,
        created_at -> Timestamp,
        published_at -> Nullable<Timestamp>,
        content -> Text,
        material -> Bool,
        revision -> Integer,
        edited_by -> Nullable<BigInt>,
        edited_at -> Nullable<Timestamp>,
        published_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    stale_flags (id) {
        id -> BigInt,
        area_id -> BigInt,
        standard_id -> BigInt,
        ramp_id -> BigInt,
        item_code -> Text,
        part -> Text,
        note -> Text,
        by_id -> BigInt,
        at -> Timestamp,
        answered_in -> Nullable<BigInt>,
        closed_by -> Nullable<BigInt>,
        closed_at -> Nullable<Timestamp>,
        closing_note -> Text,
    }
}

diesel::table! {
    ramps (id) {
        id -> BigInt,
        mentee_id -> BigInt,
        area_id -> BigInt,
        standard_id -> BigInt,
        state -> Text,
        starts_on -> Date,
        target_on -> Date,
        started_by -> BigInt,
        created_at -> Timestamp,
        closed_at -> Nullable<Timestamp>,
        counts_from -> Date,
        renews_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    ramp_changes (id) {
        id -> BigInt,
        ramp_id -> BigInt,
        state -> Text,
        reason -> Text,
        by_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    pairings (id) {
        id -> BigInt,
        ramp_id -> BigInt,
        mentor_id -> BigInt,
        role -> Text,
        interval_days -> Integer,
        since -> Timestamp,
        until -> Nullable<Timestamp>,
        over_capacity_reason -> Nullable<Text>,
        ended_reason -> Nullable<Text>,
        ended_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        ramp_id -> BigInt,
        mentor_id -> BigInt,
        kind -> Text,
        state -> Text,
        starts_at -> Timestamp,
        minutes -> Integer,
        summary -> Text,
        recorded_at -> Timestamp,
        agenda -> Text,
        recorded_by -> Nullable<BigInt>,
        supersedes_id -> Nullable<BigInt>,
        superseded_at -> Nullable<Timestamp>,
        undone_at -> Nullable<Timestamp>,
        postmortem_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    observations (session_id, competency_code) {
        session_id -> BigInt,
        competency_code -> Text,
        help_level -> Integer,
    }
}

diesel::table! {
    assessments (id) {
        id -> BigInt,
        ramp_id -> BigInt,
        competency_code -> Text,
        stream -> Text,
        level -> Nullable<Integer>,
        by_id -> BigInt,
        at -> Timestamp,
        evidence -> Text,
        evidence_session_id -> Nullable<BigInt>,
        strength -> Text,
        evidence_shift_id -> Nullable<BigInt>,
        evidence_drill_id -> Nullable<BigInt>,
        evidence_activity_id -> Nullable<BigInt>,
        evidence_asked_id -> Nullable<BigInt>,
        carried_from -> Nullable<BigInt>,
    }
}

diesel::table! {
    item_marks (id) {
        id -> BigInt,
        ramp_id -> BigInt,
        item_code -> Text,
        mark -> Text,
        by_id -> BigInt,
        at -> Timestamp,
        carried_from -> Nullable<BigInt>,
    }
}

diesel::table! {
    signoffs (id) {
        id -> BigInt,
        ramp_id -> BigInt,
        state -> Text,
        requested_by -> BigInt,
        requested_at -> Timestamp,
        request_note -> Text,
        first_key_by -> Nullable<BigInt>,
        first_key_at -> Nullable<Timestamp>,
        first_key_note -> Nullable<Text>,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamp>,
        decision_note -> Nullable<Text>,
        ends_on -> Nullable<Date>,
        record -> Nullable<Text>,
    }
}

diesel::table! {
    void_first_keys (id) {
        id -> BigInt,
        signoff_id -> BigInt,
        by_id -> BigInt,
        at -> Timestamp,
        note -> Text,
    }
}

diesel::table! {
    clearances (id) {
        id -> BigInt,
        person_id -> BigInt,
        area_id -> BigInt,
        granted_at -> Timestamp,
        ends_on -> Date,
        signoff_id -> Nullable<BigInt>,
        state -> Text,
        replaced_at -> Nullable<Timestamp>,
        kind -> Text,
        standard_id -> Nullable<BigInt>,
        supervisor_id -> Nullable<BigInt>,
        extended_at -> Nullable<Timestamp>,
        recorded_at -> Timestamp,
        recency_days -> Integer,
        practice_from -> Date,
        practised_on -> Date,
        holds_until -> Date,
        practice -> Text,
        practice_left -> Integer,
    }
}

diesel::table! {
    audit_entries (seq) {
        seq -> BigInt,
        at -> Timestamp,
        actor_id -> Nullable<BigInt>,
        actor_name -> Text,
        action -> Text,
        object -> Text,
        person_id -> Nullable<BigInt>,
        area_id -> Nullable<BigInt>,
        details -> Text,
        address -> Text,
        request_id -> Text,
        previous_hash -> Text,
        hash -> Text,
        position -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit_head (id) {
        id -> Integer,
        position -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    invites (id) {
        id -> BigInt,
        token_hash -> Text,
        person_id -> Nullable<BigInt>,
        created_by -> Nullable<BigInt>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        is_reset -> Bool,
    }
}

diesel::table! {
    ramp_acceptances (ramp_id, person_id) {
        ramp_id -> BigInt,
        person_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    ramp_targets (id) {
        id -> BigInt,
        ramp_id -> BigInt,
        target_on -> Date,
        reason -> Text,
        by_id -> BigInt,
        at -> Timestamp,
        from_on -> Nullable<Date>,
    }
}

diesel::table! {
    session_changes (id) {
        id -> BigInt,
        session_id -> BigInt,
        kind -> Text,
        from_at -> Nullable<Timestamp>,
        to_at -> Nullable<Timestamp>,
        absent -> Nullable<Text>,
        reason -> Text,
        by_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    session_topics (session_id, code) {
        session_id -> BigInt,
        code -> Text,
    }
}

diesel::table! {
    next_actions (id) {
        id -> BigInt,
        ramp_id -> BigInt,
        session_id -> BigInt,
        body -> Text,
        at -> Timestamp,
        done_at -> Nullable<Timestamp>,
        done_by -> Nullable<BigInt>,
        done_in -> Nullable<BigInt>,
    }
}

diesel::table! {
    signoff_points (id) {
        id -> BigInt,
        signoff_id -> BigInt,
        ramp_id -> BigInt,
        kind -> Text,
        code -> Nullable<Text>,
        body -> Text,
        by_id -> BigInt,
        at -> Timestamp,
        closed_by -> Nullable<BigInt>,
        closed_at -> Nullable<Timestamp>,
        closing_note -> Text,
    }
}

diesel::table! {
    signoff_messages (id) {
        id -> BigInt,
        signoff_id -> BigInt,
        answers_id -> Nullable<BigInt>,
        body -> Text,
        by_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    clearance_changes (id) {
        id -> BigInt,
        clearance_id -> BigInt,
        state -> Text,
        reason -> Text,
        by_id -> BigInt,
        at -> Timestamp,
        ends_on -> Nullable<Date>,
        supervisor_id -> Nullable<BigInt>,
    }
}

diesel::joinable!(memberships -> teams (team_id));
diesel::joinable!(memberships -> people (person_id));
diesel::joinable!(auth_sessions -> people (person_id));
diesel::joinable!(known_browsers -> people (person_id));
diesel::joinable!(form_keys -> people (person_id));
diesel::joinable!(areas -> teams (owner_team_id));
diesel::joinable!(systems -> areas (area_id));
diesel::joinable!(system_links -> systems (system_id));
diesel::joinable!(qualifiers -> areas (area_id));
diesel::joinable!(qualifiers -> people (person_id));
diesel::joinable!(standards -> areas (area_id));
diesel::joinable!(stale_flags -> areas (area_id));
diesel::joinable!(stale_flags -> standards (standard_id));
diesel::joinable!(ramps -> areas (area_id));
diesel::joinable!(ramps -> standards (standard_id));
diesel::joinable!(ramp_changes -> ramps (ramp_id));
diesel::joinable!(ramp_changes -> people (by_id));
diesel::joinable!(invites -> people (person_id));
diesel::joinable!(ramp_acceptances -> ramps (ramp_id));
diesel::joinable!(ramp_targets -> ramps (ramp_id));
diesel::joinable!(pairings -> ramps (ramp_id));
diesel::joinable!(pairings -> people (mentor_id));
diesel::joinable!(sessions -> ramps (ramp_id));
diesel::joinable!(sessions -> people (mentor_id));
diesel::joinable!(observations -> sessions (session_id));
diesel::joinable!(session_changes -> sessions (session_id));
diesel::joinable!(session_topics -> sessions (session_id));
diesel::joinable!(next_actions -> ramps (ramp_id));
diesel::joinable!(next_actions -> sessions (session_id));
diesel::joinable!(assessments -> ramps (ramp_id));
diesel::joinable!(assessments -> people (by_id));
diesel::joinable!(assessments -> sessions (evidence_session_id));
diesel::joinable!(item_marks -> ramps (ramp_id));
diesel::joinable!(item_marks -> people (by_id));
diesel::joinable!(signoffs -> ramps (ramp_id));
diesel::joinable!(signoff_points -> signoffs (signoff_id));
diesel::joinable!(signoff_messages -> signoffs (signoff_id));
diesel::joinable!(clearance_changes -> clearances (clearance_id));
diesel::joinable!(clearances -> people (person_id));
diesel::joinable!(clearances -> areas (area_id));
diesel::joinable!(clearances -> signoffs (signoff_id));
diesel::joinable!(audit_entries -> areas (area_id));
diesel::allow_tables_to_appear_in_same_query!(systems, system_links);
diesel::allow_tables_to_appear_in_same_query!(signoffs, signoff_points);
diesel::allow_tables_to_appear_in_same_query!(areas, stale_flags);
diesel::allow_tables_to_appear_in_same_query!(people, stale_flags);
diesel::allow_tables_to_appear_in_same_query!(people, known_browsers);
diesel::allow_tables_to_appear_in_same_query!(ramps, ramp_changes);
diesel::allow_columns_to_appear_in_same_group_by_clause!(
    ramps::area_id,
    assessments::competency_code,
);
