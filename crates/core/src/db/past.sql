-- The tables as they were known at a moment, with the same names: on a connection with these views, every query of the
-- app sees what was known then. Everything that pages read of the past is here. What a row does not say itself comes
-- from its history (`departures`, `membership_spells`, `agreed_versions`, `area_versions`, `clearance_versions`,
-- `postmortem_area_spells`, `person_names`). Names of people and teams are shown as they are today; a rota is matched with
-- the names and addresses of its day.
-- Of several versions the last one written counts: rows are locked while they change, and clocks of two machines differ.
-- The debrief of a drill and the end of a club have a past. They also write who was there, which needs no view.
-- {live} is the schema of the tables, {at} the moment: what happened at or after it is not known.
CREATE TEMP VIEW teams AS
SELECT id, name, name_key, created_at FROM {live}.teams WHERE created_at < {at};

CREATE TEMP VIEW people AS
SELECT p.id, p.handle, p.name, p.email,
  COALESCE((SELECT n.email_key FROM {live}.person_names n WHERE n.person_id = p.id AND n.until >= {at}
    ORDER BY n.id LIMIT 1), p.email_key) AS email_key, p.time_zone, p.is_admin, p.password_hash, p.created_at,
  (SELECT d.left_at FROM {live}.departures d
    WHERE d.person_id = p.id AND d.left_at < {at} AND (d.back_at IS NULL OR d.back_at >= {at})) AS deactivated_at,
  (SELECT v.mentees_agreed FROM {live}.agreed_versions v WHERE v.person_id = p.id AND v.at < {at}
    ORDER BY v.id DESC LIMIT 1) AS mentees_agreed,
  (SELECT v.hours_agreed FROM {live}.agreed_versions v WHERE v.person_id = p.id AND v.at < {at}
    ORDER BY v.id DESC LIMIT 1) AS hours_agreed,
  COALESCE((SELECT n.name_key FROM {live}.person_names n WHERE n.person_id = p.id AND n.until >= {at}
    ORDER BY n.id LIMIT 1), p.name_key) AS name_key, p.sort_key, p.search_key, p.welcomed
FROM {live}.people p WHERE p.created_at < {at};

CREATE TEMP VIEW departures AS
SELECT id, person_id, left_at, CASE WHEN back_at < {at} THEN back_at END AS back_at FROM {live}.departures
WHERE left_at < {at};

CREATE TEMP VIEW memberships AS
SELECT team_id, person_id, is_lead FROM {live}.membership_spells
WHERE since < {at} AND (until IS NULL OR until >= {at});

CREATE TEMP VIEW areas AS
SELECT a.id, a.slug, v.code, v.name, v.summary, v.tier, v.owner_team_id, v.minimum_cover, v.target_weeks,
  v.validity_months, v.recency_days, a.created_at, v.archived_at, a.revision, v.labels, v.practice, v.ends
FROM {live}.areas a JOIN {live}.area_versions v ON v.id = (
  SELECT w.id FROM {live}.area_versions w WHERE w.area_id = a.id AND w.at < {at} ORDER BY w.id DESC LIMIT 1);

CREATE TEMP VIEW qualifiers AS
SELECT id, area_id, person_id, since, CASE WHEN until < {at} THEN until END AS until, designated_by,
  CASE WHEN until < {at} THEN ended_by END AS ended_by
FROM {live}.qualifiers WHERE since < {at};

-- The next version retires one; drafts have no past.
CREATE TEMP VIEW standards AS
SELECT s.id, s.area_id, s.version,
  CASE WHEN EXISTS (SELECT 1 FROM {live}.standards n
    WHERE n.area_id = s.area_id AND n.version > s.version AND n.published_at < {at})
    THEN 'retired' ELSE 'published' END AS state,
  s.note, s.created_at, s.published_at, s.content, s.material, s.revision, s.edited_by, s.edited_at, s.published_by
FROM {live}.standards s WHERE s.published_at < {at};

CREATE TEMP VIEW ramps AS
SELECT r.id, r.mentee_id, r.area_id,
  COALESCE((SELECT u.from_standard_id FROM {live}.ramp_upgrades u
    WHERE u.ramp_id = r.id AND u.at >= {at} ORDER BY u.id LIMIT 1), r.standard_id) AS standard_id,
  COALESCE((SELECT g.state FROM {live}.ramp_changes g
    WHERE g.ramp_id = r.id AND g.at < {at} ORDER BY g.id DESC LIMIT 1), r.state) AS state,
  r.starts_on,
  COALESCE((SELECT t.from_on FROM {live}.ramp_targets t
    WHERE t.ramp_id = r.id AND t.at >= {at} ORDER BY t.id LIMIT 1), r.target_on) AS target_on,
  r.started_by, r.created_at, CASE WHEN r.closed_at < {at} THEN r.closed_at END AS closed_at, r.counts_from, r.renews_id
FROM {live}.ramps r WHERE r.created_at < {at};

CREATE TEMP VIEW ramp_changes AS
SELECT id, ramp_id, state, reason, by_id, at FROM {live}.ramp_changes WHERE at < {at};

CREATE TEMP VIEW ramp_acceptances AS
SELECT ramp_id, person_id, at FROM {live}.ramp_acceptances WHERE at < {at};

CREATE TEMP VIEW pairings AS
SELECT id, ramp_id, mentor_id, role, interval_days, since, CASE WHEN until < {at} THEN until END AS until,
  over_capacity_reason, CASE WHEN until < {at} THEN ended_reason END AS ended_reason,
  CASE WHEN until < {at} THEN ended_by END AS ended_by
FROM {live}.pairings WHERE since < {at};

CREATE TEMP VIEW assessments AS
SELECT id, ramp_id, competency_code, stream, level, by_id, at, evidence, evidence_session_id, strength, evidence_shift_id,
  evidence_drill_id, evidence_activity_id, evidence_asked_id, carried_from
FROM {live}.assessments WHERE at < {at};

CREATE TEMP VIEW item_marks AS
SELECT id, ramp_id, item_code, mark, by_id, at, carried_from FROM {live}.item_marks WHERE at < {at};

-- A plan or record is current until another row replaces it; when that row is undone, it is current again.
CREATE TEMP VIEW sessions AS
SELECT s.id, s.ramp_id, s.mentor_id, s.kind,
  CASE WHEN s.state IN ('cancelled', 'no_show') AND NOT EXISTS (SELECT 1 FROM {live}.session_changes g
    WHERE g.session_id = s.id AND g.kind = s.state AND g.at < {at}) THEN 'planned' ELSE s.state END AS state,
  COALESCE((SELECT g.from_at FROM {live}.session_changes g
    WHERE g.session_id = s.id AND g.kind = 'moved' AND g.at >= {at} ORDER BY g.id LIMIT 1), s.starts_at) AS starts_at,
  s.minutes, s.summary, s.recorded_at, s.agenda, s.recorded_by, s.supersedes_id,
  (SELECT n.recorded_at FROM {live}.sessions n WHERE n.supersedes_id = s.id AND n.recorded_at < {at}
    AND (n.undone_at IS NULL OR n.undone_at >= {at})) AS superseded_at,
  CASE WHEN s.undone_at < {at} THEN s.undone_at END AS undone_at, s.postmortem_id
FROM {live}.sessions s WHERE s.recorded_at < {at};

CREATE TEMP VIEW signoffs AS
SELECT id, ramp_id,
  CASE WHEN decided_at < {at} THEN state WHEN first_key_at < {at} THEN 'first_key'
    WHEN EXISTS (SELECT 1 FROM {live}.void_first_keys v WHERE v.signoff_id = s.id AND v.at < {at}) THEN 'first_key'
    ELSE 'requested' END AS state,
  requested_by, requested_at, request_note,
  CASE WHEN first_key_at < {at} THEN first_key_by ELSE (SELECT v.by_id FROM {live}.void_first_keys v
    WHERE v.signoff_id = s.id AND v.at < {at} ORDER BY v.at DESC LIMIT 1) END AS first_key_by,
  CASE WHEN first_key_at < {at} THEN first_key_at ELSE (SELECT v.at FROM {live}.void_first_keys v
    WHERE v.signoff_id = s.id AND v.at < {at} ORDER BY v.at DESC LIMIT 1) END AS first_key_at,
  CASE WHEN first_key_at < {at} THEN first_key_note ELSE (SELECT v.note FROM {live}.void_first_keys v
    WHERE v.signoff_id = s.id AND v.at < {at} ORDER BY v.at DESC LIMIT 1) END AS first_key_note,
  CASE WHEN decided_at < {at} THEN decided_by END AS decided_by,
  CASE WHEN decided_at < {at} THEN decided_at END AS decided_at,
  CASE WHEN decided_at < {at} THEN decision_note END AS decision_note,
  CASE WHEN decided_at < {at} THEN ends_on END AS ends_on, CASE WHEN decided_at < {at} THEN record END AS record
FROM {live}.signoffs s WHERE requested_at < {at};

CREATE TEMP VIEW signoff_points AS
SELECT id, signoff_id, ramp_id, kind, code, body, by_id, at, CASE WHEN closed_at < {at} THEN closed_by END AS closed_by,
  CASE WHEN closed_at < {at} THEN closed_at END AS closed_at,
  CASE WHEN closed_at < {at} THEN closing_note ELSE '' END AS closing_note
FROM {live}.signoff_points WHERE at < {at};

CREATE TEMP VIEW clearances AS
SELECT k.id, k.person_id, k.area_id, k.granted_at, {then:ends_on}, k.signoff_id, {then:state},
  CASE WHEN k.replaced_at < {at} THEN k.replaced_at END AS replaced_at, k.kind, {then:standard_id}, {then:supervisor_id},
  {then:extended_at}, k.recorded_at, {then:recency_days}, {then:practice_from}, {then:practised_on}, {then:holds_until},
  {then:practice}, {then:practice_left}
FROM {live}.clearances k WHERE k.recorded_at < {at};

CREATE TEMP VIEW clearance_changes AS
SELECT id, clearance_id, state, reason, by_id, at, ends_on, supervisor_id FROM {live}.clearance_changes WHERE at < {at};

CREATE TEMP VIEW delta_reviews AS
SELECT id, clearance_id, from_standard_id, to_standard_id, due_on, opened_at,
  CASE WHEN superseded_at < {at} THEN superseded_at END AS superseded_at,
  CASE WHEN closed_at < {at} THEN closed_by END AS closed_by, CASE WHEN closed_at < {at} THEN closed_at END AS closed_at,
  CASE WHEN closed_at < {at} THEN closing_note ELSE '' END AS closing_note
FROM {live}.delta_reviews WHERE opened_at < {at};

CREATE TEMP VIEW waivers AS
SELECT id, ramp_id, subject, code, reason, asked_until,
  CASE WHEN decided_at < {at} THEN ends_on ELSE asked_until END AS ends_on, asked_by, asked_at,
  CASE WHEN decided_at < {at} THEN granted END AS granted, CASE WHEN decided_at < {at} THEN decided_by END AS decided_by,
  CASE WHEN decided_at < {at} THEN decided_at END AS decided_at,
  CASE WHEN decided_at < {at} THEN decision_note ELSE '' END AS decision_note,
  CASE WHEN revoked_at < {at} THEN revoked_by END AS revoked_by,
  CASE WHEN revoked_at < {at} THEN revoked_at END AS revoked_at,
  CASE WHEN revoked_at < {at} THEN revoke_reason ELSE '' END AS revoke_reason
FROM {live}.waivers WHERE asked_at < {at};

-- A plan does not count before its debrief, so only the debrief has a past.
CREATE TEMP VIEW shifts AS
SELECT id, ramp_id, area_id, mentee_id, kind, with_id,
  CASE WHEN debriefed_at >= {at} THEN 'planned' ELSE state END AS state, starts_at, ends_at, may_page, runbooks,
  learner_job, who_may_touch, planned_by, planned_at, CASE WHEN debriefed_at < {at} THEN debriefed_at END AS debriefed_at
FROM {live}.shifts WHERE planned_at < {at};

CREATE TEMP VIEW drills AS
SELECT id, area_id, kind, title, scenario, postmortem_id, CASE WHEN debriefed_at >= {at} THEN 'run' ELSE state END AS state,
  starts_at, minutes, planned_by, planned_at, begun_at, ended_at,
  CASE WHEN debriefed_at < {at} THEN debriefed_by END AS debriefed_by,
  CASE WHEN debriefed_at < {at} THEN debriefed_at END AS debriefed_at, went_well, went_badly, cancel_reason, revision,
  changed_by, changed_at
FROM {live}.drills WHERE planned_at < {at};

CREATE TEMP VIEW alerts AS
SELECT id, area_id, person_id, shift_id, drill_id, at, title, acknowledged, actionable, understood, escalated, by_id,
  recorded_at, CASE WHEN undone_at < {at} THEN undone_by END AS undone_by,
  CASE WHEN undone_at < {at} THEN undone_at END AS undone_at
FROM {live}.alerts WHERE recorded_at < {at};

CREATE TEMP VIEW clubs AS
SELECT id, postmortem_id, CASE WHEN closed_at >= {at} THEN 'planned' ELSE state END AS state, starts_at, minutes, led_by,
  note, planned_by, planned_at, CASE WHEN closed_at < {at} THEN closed_by END AS closed_by,
  CASE WHEN closed_at < {at} THEN closed_at END AS closed_at
FROM {live}.clubs WHERE planned_at < {at};

CREATE TEMP VIEW postmortem_areas AS
SELECT postmortem_id, area_id FROM {live}.postmortem_area_spells
WHERE since < {at} AND (until IS NULL OR until >= {at});

CREATE TEMP VIEW activities AS
SELECT id, person_id, area_id, kind, day, minutes, note, link, shift_id, drill_id, by_id, recorded_at,
  CASE WHEN undone_at < {at} THEN undone_by END AS undone_by, CASE WHEN undone_at < {at} THEN undone_at END AS undone_at
FROM {live}.activities WHERE recorded_at < {at};

CREATE TEMP VIEW asked_observations AS
SELECT id, ramp_id, competency_code, asked_id, worked_on, work, asked_at, expires_at,
  CASE WHEN closed_at < {at} THEN outcome END AS outcome, CASE WHEN closed_at < {at} THEN closed_at END AS closed_at,
  CASE WHEN closed_at < {at} THEN seen END AS seen, CASE WHEN closed_at < {at} THEN help_level END AS help_level,
  CASE WHEN closed_at < {at} THEN words ELSE '' END AS words
FROM {live}.asked_observations WHERE asked_at < {at};

CREATE TEMP VIEW shift_debriefs AS
SELECT id, shift_id, went_well, went_badly, by_id, at FROM {live}.shift_debriefs WHERE at < {at};

CREATE TEMP VIEW drill_observations AS
SELECT drill_id, person_id, competency_code, help_level, by_id, at FROM {live}.drill_observations WHERE at < {at};

-- A flag has a past, the draft that is to answer it has none.
CREATE TEMP VIEW stale_flags AS
SELECT id, area_id, standard_id, ramp_id, item_code, part, note, by_id, at,
  CASE WHEN closed_at < {at} THEN answered_in END AS answered_in,
  CASE WHEN closed_at < {at} THEN closed_by END AS closed_by, CASE WHEN closed_at < {at} THEN closed_at END AS closed_at,
  CASE WHEN closed_at < {at} THEN closing_note ELSE '' END AS closing_note
FROM {live}.stale_flags WHERE at < {at};

-- Of a post-mortem, what its versions say: when it became teachable, and whether it still is.
CREATE TEMP VIEW postmortem_versions AS
SELECT id, postmortem_id, revision, state, title, content, by_id, at FROM {live}.postmortem_versions WHERE at < {at};

CREATE TEMP VIEW kpi_targets AS
SELECT id, scope, kpi, at_least, at_most, owner_id, set_by, set_at FROM {live}.kpi_targets WHERE set_at < {at};

CREATE TEMP VIEW kpi_notes AS
SELECT id, scope, kpi, why, next, by_id, at FROM {live}.kpi_notes WHERE at < {at};

CREATE TEMP VIEW kpi_pins AS
SELECT id, team_id, kpi, since, by_id, CASE WHEN until < {at} THEN until END AS until,
  CASE WHEN until < {at} THEN ended_by END AS ended_by
FROM {live}.kpi_pins WHERE since < {at};
CREATE TEMP VIEW absences AS
SELECT id, person_id, first_on, last_on, added_at, CASE WHEN removed_at < {at} THEN removed_at END AS removed_at
FROM {live}.absences WHERE added_at < {at};

-- How the last reading of a rota went is known of today alone.
CREATE TEMP VIEW rotas AS
SELECT id, area_id, name, source, address, token, time_zone, made_by, made_at, due_at, looked_at, failures, problem,
  CASE WHEN removed_at < {at} THEN removed_at END AS removed_at, CASE WHEN removed_at < {at} THEN removed_by END AS removed_by
FROM {live}.rotas WHERE made_at < {at};

CREATE TEMP VIEW rota_fetches AS
SELECT id, rota_id, at, digest, by_id FROM {live}.rota_fetches WHERE at < {at};

CREATE TEMP VIEW rota_names AS
SELECT id, area_id, name_key, person_id, by_id, at FROM {live}.rota_names WHERE at < {at};

CREATE TEMP VIEW rota_acceptances AS
SELECT id, area_id, who, kind, shift_at, reason, until_on, by_id, at FROM {live}.rota_acceptances WHERE at < {at};
