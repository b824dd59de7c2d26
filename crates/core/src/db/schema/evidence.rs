//! The tables that evidence comes from: shifts, drills, post-mortems, practice, waivers, newer standards.

use super::{
    areas, assessments, auth_sessions, clearance_changes, clearances, item_marks, memberships,
    next_actions, pairings, people, qualifiers, ramps, session_topics, sessions, signoffs,
    standards, teams,
};

diesel::table! {
    shifts (id) {
        id -> BigInt,
        ramp_id -> BigInt,
        area_id -> BigInt,
        mentee_id -> BigInt,
        kind -> Text,
        with_id -> BigInt,
        state -> Text,
        starts_at -> Timestamp,
        ends_at -> Timestamp,
        may_page -> Text,
        runbooks -> Text,
        learner_job -> Text,
        who_may_touch -> Text,
        planned_by -> BigInt,
        planned_at -> Timestamp,
        debriefed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    shift_changes (id) {
        id -> BigInt,
        shift_id -> BigInt,
        kind -> Text,
        reason -> Text,
        by_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    shift_debriefs (id) {
        id -> BigInt,
        shift_id -> BigInt,
        went_well -> Text,
        went_badly -> Text,
        by_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    shift_observations (debrief_id, competency_code) {
        debrief_id -> BigInt,
        competency_code -> Text,
        help_level -> Integer,
    }
}

diesel::table! {
    drills (id) {
        id -> BigInt,
        area_id -> BigInt,
        kind -> Text,
        title -> Text,
        scenario -> Text,
        postmortem_id -> Nullable<BigInt>,
        state -> Text,
        starts_at -> Timestamp,
        minutes -> Integer,
        planned_by -> BigInt,
        planned_at -> Timestamp,
        begun_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
        debriefed_by -> Nullable<BigInt>,
        debriefed_at -> Nullable<Timestamp>,
        went_well -> Text,
        went_badly -> Text,
        cancel_reason -> Text,
        revision -> Integer,
        changed_by -> BigInt,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    drill_roles (drill_id, person_id) {
        drill_id -> BigInt,
        person_id -> BigInt,
        role -> Text,
        was_absent -> Bool,
    }
}

diesel::table! {
    drill_lines (id) {
        id -> BigInt,
        drill_id -> BigInt,
        position -> Integer,
        kind -> Text,
        body -> Text,
        competency_code -> Nullable<Text>,
        happened_at -> Nullable<Timestamp>,
        ticked_by -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        help_level -> Nullable<Integer>,
        reply -> Text,
        note -> Text,
        revision -> Integer,
    }
}

diesel::table! {
    drill_observations (drill_id, person_id, competency_code) {
        drill_id -> BigInt,
        person_id -> BigInt,
        competency_code -> Text,
        help_level -> Integer,
        by_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    alerts (id) {
        id -> BigInt,
        area_id -> BigInt,
        person_id -> BigInt,
        shift_id -> Nullable<BigInt>,
        drill_id -> Nullable<BigInt>,
        at -> Timestamp,
        title -> Text,
        acknowledged -> Bool,
        actionable -> Bool,
        understood -> Bool,
        escalated -> Bool,
        by_id -> BigInt,
        recorded_at -> Timestamp,
        undone_by -> Nullable<BigInt>,
        undone_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    postmortems (id) {
        id -> BigInt,
        slug -> Text,
        title -> Text,
        state -> Text,
        severity -> Text,
        occurred_at -> Timestamp,
        minutes -> Integer,
        link -> Nullable<Text>,
        content -> Text,
        search_key -> Text,
        revision -> Integer,
        created_by -> Nullable<BigInt>,
        created_at -> Timestamp,
        edited_by -> Nullable<BigInt>,
        edited_at -> Timestamp,
        teachable_since -> Nullable<Timestamp>,
    }
}

diesel::table! {
    postmortem_versions (id) {
        id -> BigInt,
        postmortem_id -> BigInt,
        revision -> Integer,
        state -> Text,
        title -> Text,
        content -> Text,
        by_id -> Nullable<BigInt>,
        at -> Timestamp,
    }
}

diesel::table! {
    postmortem_areas (postmortem_id, area_id) {
        postmortem_id -> BigInt,
        area_id -> BigInt,
    }
}

diesel::table! {
    postmortem_systems (postmortem_id, name) {
        postmortem_id -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    postmortem_codes (postmortem_id, code) {
        postmortem_id -> BigInt,
        code -> Text,
    }
}

diesel::table! {
    postmortem_answers (id) {
        id -> BigInt,
        postmortem_id -> BigInt,
        person_id -> BigInt,
        revision -> Integer,
        point -> Integer,
        body -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    clubs (id) {
        id -> BigInt,
        postmortem_id -> BigInt,
        state -> Text,
        starts_at -> Timestamp,
        minutes -> Integer,
        led_by -> BigInt,
        note -> Text,
        planned_by -> BigInt,
        planned_at -> Timestamp,
        closed_by -> Nullable<BigInt>,
        closed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    club_people (club_id, person_id) {
        club_id -> BigInt,
        person_id -> BigInt,
        was_there -> Nullable<Bool>,
    }
}

diesel::table! {
    activities (id) {
        id -> BigInt,
        person_id -> BigInt,
        area_id -> BigInt,
        kind -> Text,
        day -> Date,
        note -> Text,
        link -> Nullable<Text>,
        shift_id -> Nullable<BigInt>,
        drill_id -> Nullable<BigInt>,
        by_id -> BigInt,
        recorded_at -> Timestamp,
        undone_by -> Nullable<BigInt>,
        undone_at -> Nullable<Timestamp>,
        minutes -> Nullable<Integer>,
    }
}

diesel::table! {
    waivers (id) {
        id -> BigInt,
        ramp_id -> BigInt,
        subject -> Text,
        code -> Text,
        reason -> Text,
        asked_until -> Date,
        ends_on -> Date,
        asked_by -> BigInt,
        asked_at -> Timestamp,
        granted -> Nullable<Bool>,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamp>,
        decision_note -> Text,
        revoked_by -> Nullable<BigInt>,
        revoked_at -> Nullable<Timestamp>,
        revoke_reason -> Text,
    }
}

diesel::table! {
    ramp_upgrades (id) {
        id -> BigInt,
        ramp_id -> BigInt,
        from_standard_id -> BigInt,
        to_standard_id -> BigInt,
        by_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    delta_reviews (id) {
        id -> BigInt,
        clearance_id -> BigInt,
        from_standard_id -> BigInt,
        to_standard_id -> BigInt,
        due_on -> Date,
        opened_at -> Timestamp,
        superseded_at -> Nullable<Timestamp>,
        closed_by -> Nullable<BigInt>,
        closed_at -> Nullable<Timestamp>,
        closing_note -> Text,
    }
}

diesel::joinable!(ramp_upgrades -> ramps (ramp_id));
diesel::joinable!(delta_reviews -> clearances (clearance_id));
diesel::joinable!(shifts -> ramps (ramp_id));
diesel::joinable!(shift_debriefs -> shifts (shift_id));
diesel::joinable!(shift_observations -> shift_debriefs (debrief_id));
diesel::joinable!(alerts -> shifts (shift_id));
diesel::joinable!(drills -> areas (area_id));
diesel::joinable!(drill_roles -> drills (drill_id));
diesel::joinable!(drill_roles -> people (person_id));
diesel::joinable!(activities -> people (person_id));
diesel::joinable!(activities -> areas (area_id));
diesel::joinable!(waivers -> ramps (ramp_id));
diesel::joinable!(postmortem_areas -> postmortems (postmortem_id));
diesel::joinable!(postmortem_systems -> postmortems (postmortem_id));
diesel::joinable!(postmortem_codes -> postmortems (postmortem_id));
diesel::joinable!(clubs -> postmortems (postmortem_id));
diesel::joinable!(club_people -> clubs (club_id));
diesel::allow_tables_to_appear_in_same_query!(
    people,
    memberships,
    teams,
    auth_sessions,
    areas,
    ramps,
    standards,
    pairings,
    sessions,
    session_topics,
    next_actions,
    signoffs,
    clearances,
    clearance_changes,
    qualifiers,
    item_marks,
    assessments,
    waivers,
);
diesel::allow_tables_to_appear_in_same_query!(shifts, shift_debriefs);
diesel::allow_tables_to_appear_in_same_query!(shifts, shift_observations);
diesel::allow_tables_to_appear_in_same_query!(shift_debriefs, shift_observations);
diesel::allow_tables_to_appear_in_same_query!(shifts, ramps);
diesel::allow_tables_to_appear_in_same_query!(shifts, people);
diesel::allow_tables_to_appear_in_same_query!(shifts, areas);
diesel::allow_tables_to_appear_in_same_query!(alerts, shifts);
diesel::allow_tables_to_appear_in_same_query!(drills, drill_roles);
diesel::allow_tables_to_appear_in_same_query!(drills, areas);
diesel::allow_tables_to_appear_in_same_query!(drills, teams);
diesel::allow_tables_to_appear_in_same_query!(drills, drill_observations);
diesel::allow_tables_to_appear_in_same_query!(drills, people);
diesel::allow_tables_to_appear_in_same_query!(drill_roles, people);
diesel::allow_tables_to_appear_in_same_query!(drill_roles, areas);
diesel::allow_tables_to_appear_in_same_query!(activities, people);
diesel::allow_tables_to_appear_in_same_query!(activities, areas);
diesel::allow_tables_to_appear_in_same_query!(postmortems, postmortem_areas);
diesel::allow_tables_to_appear_in_same_query!(postmortems, postmortem_systems);
diesel::allow_tables_to_appear_in_same_query!(postmortem_areas, postmortem_systems);
diesel::allow_tables_to_appear_in_same_query!(postmortems, postmortem_codes);
diesel::allow_tables_to_appear_in_same_query!(postmortem_areas, areas);
diesel::allow_tables_to_appear_in_same_query!(postmortem_answers, people);
diesel::allow_tables_to_appear_in_same_query!(postmortem_answers, memberships);
diesel::allow_tables_to_appear_in_same_query!(club_people, postmortems);
diesel::allow_tables_to_appear_in_same_query!(postmortem_answers, postmortems);
diesel::allow_tables_to_appear_in_same_query!(clubs, club_people);
diesel::allow_tables_to_appear_in_same_query!(clubs, postmortems);
diesel::allow_tables_to_appear_in_same_query!(clubs, people);
diesel::allow_tables_to_appear_in_same_query!(club_people, people);
diesel::allow_tables_to_appear_in_same_query!(delta_reviews, clearances);
