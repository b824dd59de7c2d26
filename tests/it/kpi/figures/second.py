"""Computes every figure a second time, from the rows of the embedded database and docs/kpis.md alone.

Usage: second.py DATABASE NOW (as the database writes times). Writes JSON: scope, figure, name of the number, value, n.
"""

import datetime as dt
import json
import math
import sqlite3
import statistics
import sys
from collections import defaultdict

DB = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
DB.row_factory = sqlite3.Row
NOW = sys.argv[2]


def rows(table):
    return [dict(row) for row in DB.execute(f"SELECT * FROM {table}")]


def day(text):
    return dt.date.fromisoformat(text[:10])


def moment(text):
    return dt.datetime.fromisoformat(text)


TODAY = day(NOW)


def first(days):
    return TODAY - dt.timedelta(days=days - 1)


def within(text, days):
    return text is not None and text <= NOW and day(text) >= first(days)


NAMES = """people memberships areas qualifiers standards ramps ramp_changes pairings sessions observations assessments
item_marks signoffs signoff_points clearances waivers shifts shift_debriefs shift_observations drills drill_roles
drill_observations alerts clubs club_people activities postmortems postmortem_versions postmortem_areas
asked_observations stale_flags rotas rota_fetches rota_entries rota_names"""
T = {name: rows(name) for name in NAMES.split()}

LEFT = {p["id"] for p in T["people"] if p["deactivated_at"]}
AREAS = {a["id"]: a for a in T["areas"] if not a["archived_at"]}
RAMPS = {r["id"]: r for r in T["ramps"]}
CONTENT = {s["id"]: json.loads(s["content"]) for s in T["standards"] if s["state"] != "draft"}
SESSIONS = {s["id"]: s for s in T["sessions"]}
DRILLS = {d["id"]: d for d in T["drills"]}
SHIFTS = {s["id"]: s for s in T["shifts"]}
COUNTING = [
    s for s in T["sessions"] if s["state"] == "held" and not s["superseded_at"] and not s["undone_at"]
]


def median(values):
    return statistics.median(values) if values else None


def quotient(part, whole):
    return part / whole if whole else None


# --- one ramp ---------------------------------------------------------------------------------------------------------


def running_days(ramp, start, end):
    """The days from start to before end on which the clock ran, one by one."""
    changes = sorted((c for c in T["ramp_changes"] if c["ramp_id"] == ramp["id"]), key=lambda c: c["id"])
    begun = [day(c["at"]) for c in changes if c["state"] in ("active", "in_review")]
    if not begun:
        return 0
    begins = max(begun[0], day(ramp["starts_on"]))
    count, on = 0, max(start, begins)
    while on < end:
        state = [c["state"] for c in changes if day(c["at"]) <= on][-1]
        count += state in ("active", "in_review")
        on += dt.timedelta(days=1)
    return count


def elapsed(ramp, until):
    return running_days(ramp, dt.date.min, until)


def since_pairing(ramp, until):
    """The days from the first pairing to before a day, without those on which the clock was stopped after it began."""
    paired = min((day(p["since"]) for p in T["pairings"] if p["ramp_id"] == ramp["id"]), default=day(ramp["starts_on"]))
    changes = sorted((c for c in T["ramp_changes"] if c["ramp_id"] == ramp["id"]), key=lambda c: c["id"])
    begun = min(day(c["at"]) for c in changes if c["state"] in ("active", "in_review"))
    count, on = 0, paired
    while on < until:
        state = [c["state"] for c in changes if day(c["at"]) <= on][-1:]
        count += on < begun or state[0] in ("active", "in_review")
        on += dt.timedelta(days=1)
    return count


def planned(ramp):
    """Days from the start of the clock to the target, without the pauses that are over."""
    changes = sorted((c for c in T["ramp_changes"] if c["ramp_id"] == ramp["id"]), key=lambda c: c["id"])
    begun = [day(c["at"]) for c in changes if c["state"] in ("active", "in_review")]
    if not begun:
        return 0
    begins, paused, since = max(begun[0], day(ramp["starts_on"])), 0, None
    for change in changes:
        on = day(change["at"])
        if change["state"] in ("active", "in_review"):
            if since is not None:
                paused += max((on - max(since, begins)).days, 0)
            since = None
        elif change["state"] != "proposed" and since is None:
            since = on
    return (day(ramp["target_on"]) - begins).days - paused


ORDER = ["talked_through", "lab", "drill", "shadowed", "real"]


def chain_place(session):
    """The first record of a session: a correction keeps its place."""
    while session["supersedes_id"]:
        before = SESSIONS[session["supersedes_id"]]
        if before["state"] != "held":
            break
        session = before
    return session["id"]


def lines_of(ramp):
    """Required lines of a ramp, and how many are met."""
    content, total, met = CONTENT[ramp["standard_id"]], 0, 0
    mine = sorted((a for a in T["assessments"] if a["ramp_id"] == ramp["id"]), key=lambda a: a["id"])
    mine = [a for a in mine if a["stream"] == "mentor" and a["level"]]
    marks = {}
    for mark in sorted((m for m in T["item_marks"] if m["ramp_id"] == ramp["id"]), key=lambda m: m["id"]):
        marks[mark["item_code"]] = mark["mark"]
    waived = {
        (w["subject"], w["code"])
        for w in T["waivers"]
        if w["ramp_id"] == ramp["id"] and w["granted"] and not w["revoked_at"] and day(w["ends_on"]) >= TODAY
    }
    gaps = [p for p in T["signoff_points"] if p["ramp_id"] == ramp["id"] and p["kind"] == "gap"]
    total += len(gaps)
    met += sum(1 for gap in gaps if gap["closed_at"])
    needed = next((g.get("critical_evidence") for g in content["gates"] if g["kind"] == "levels"), None)

    def level_met(competency):
        of_code = [a for a in mine if a["competency_code"] == competency["code"]]
        if not of_code or of_code[-1]["level"] < competency["required_level"]:
            return False
        if not (needed and competency["critical"]):
            return True
        strong = []
        for judgement in of_code:
            if judgement["level"] < competency["required_level"]:
                strong = []
            else:
                strong.append(ORDER.index(judgement["strength"]))
        return max(strong) >= ORDER.index(needed)

    person, area, since = ramp["mentee_id"], ramp["area_id"], ramp["counts_from"]

    def counts(at):
        return day(at) >= day(since)

    for gate in content["gates"]:
        kind = gate["kind"]
        if kind == "levels":
            done = [level_met(c) for c in content["competencies"]]
        elif kind == "checklist":
            done = [
                marks.get(i["code"]) == "checked" or ("item", i["code"]) in waived for i in content["items"]
            ]
        elif kind == "sessions":
            taken, number = set(), 0
            held = [s for s in COUNTING if s["ramp_id"] == ramp["id"]]
            for session in sorted(held, key=lambda s: (chain_place(s), s["id"])):
                begin = int(moment(session["starts_at"]).timestamp())
                minutes = set(range(begin, begin + 60 * session["minutes"]))
                number += bool(minutes - taken)
                taken |= minutes
            done = [number >= gate.get("held", 0) and len(taken) // 60 >= gate.get("minutes", 0)]
        elif kind == "shadow":
            shadowed = [
                s
                for s in T["shifts"]
                if s["mentee_id"] == person and s["area_id"] == area and s["state"] == "debriefed"
                and s["kind"] == "shadow" and counts(s["starts_at"])
            ]
            people = {s["with_id"] for s in shadowed}
            done = [len(shadowed) >= gate["shifts"] and len(people) >= gate["people"]]
        elif kind == "ledger":
            real, drilled = [], []
            for alert in sorted(T["alerts"], key=lambda a: (a["at"], a["id"])):
                if alert["person_id"] != person or alert["area_id"] != area or not alert["acknowledged"]:
                    continue
                if alert["undone_at"] or not counts(alert["at"]):
                    continue
                shift, drill = SHIFTS.get(alert["shift_id"]), DRILLS.get(alert["drill_id"])
                if drill and drill["state"] == "debriefed" and any(
                    r["drill_id"] == drill["id"] and r["person_id"] == person and not r["was_absent"]
                    for r in T["drill_roles"]
                ):
                    drilled.append(alert)
                elif shift and shift["state"] == "debriefed" and shift["kind"] == "reverse_shadow":
                    real.append(alert)
            room = 0
            if gate.get("drills_fill"):
                room = min(max(gate["alerts"] - len(real), 0), gate["alerts"] // 2)
            ledger = real + (drilled[-room:] if room else [])
            understood = sum(1 for a in ledger if a["understood"])
            done = [len(ledger) >= gate["alerts"] and understood * 100 >= len(ledger) * gate["percent"]]
        elif kind == "drills":
            roles = [
                r["role"]
                for r in T["drill_roles"]
                if r["person_id"] == person and r["role"] in ("primary", "secondary") and not r["was_absent"]
                and DRILLS[r["drill_id"]]["area_id"] == area and DRILLS[r["drill_id"]]["state"] == "debriefed"
                and counts(DRILLS[r["drill_id"]]["begun_at"])
            ]
            done = [len(roles) >= gate["run"] and roles.count("primary") >= gate["primary"]]
        elif kind == "postmortems":
            of_area = {p["postmortem_id"] for p in T["postmortem_areas"] if p["area_id"] == area}
            read = {
                s["postmortem_id"]
                for s in COUNTING
                if RAMPS[s["ramp_id"]]["mentee_id"] == person and RAMPS[s["ramp_id"]]["area_id"] == area
                and s["postmortem_id"] in of_area and counts(s["starts_at"])
            }
            for club in T["clubs"]:
                there = [p["person_id"] for p in T["club_people"] if p["club_id"] == club["id"] and p["was_there"]]
                others = [p for p in there if p != club["led_by"]]
                if (
                    club["state"] == "held" and person in there and club["postmortem_id"] in of_area
                    and counts(club["starts_at"]) and club["closed_by"] != person
                    and (club["led_by"] != person or len(others) >= 2)
                ):
                    read.add(club["postmortem_id"])
            done = [len(read) >= gate["discussed"]]
        else:
            held = {
                AREAS.get(k["area_id"], {}).get("code")
                for k in T["clearances"]
                if k["person_id"] == person and covers(k)
            }
            done = [code in held for code in gate["areas"]]
        if ("gate", kind) in waived and kind not in ("levels", "checklist"):
            done = [True for _ in done]
        total += len(done)
        met += sum(done)
    return total, met


def covers(held):
    return (
        not held["replaced_at"] and held["state"] == "valid" and held["kind"] == "full"
        and day(held["holds_until"]) >= TODAY
    )


def observed_codes(ramp):
    person, area, since = ramp["mentee_id"], ramp["area_id"], day(ramp["counts_from"])
    counting = {s["id"] for s in COUNTING if s["ramp_id"] == ramp["id"]}
    seen = {o["competency_code"] for o in T["observations"] if o["session_id"] in counting}
    for shift in T["shifts"]:
        if shift["mentee_id"] == person and shift["area_id"] == area and shift["state"] == "debriefed":
            last = max(d["id"] for d in T["shift_debriefs"] if d["shift_id"] == shift["id"])
            if day(shift["starts_at"]) >= since:
                seen |= {o["competency_code"] for o in T["shift_observations"] if o["debrief_id"] == last}
    for one in T["drill_observations"]:
        drill = DRILLS[one["drill_id"]]
        if one["person_id"] == person and drill["area_id"] == area and drill["state"] == "debriefed":
            if day(drill["begun_at"]) >= since:
                seen.add(one["competency_code"])
    for one in T["asked_observations"]:
        if one["ramp_id"] == ramp["id"] and one["outcome"] == "answered":
            seen.add(one["competency_code"])
    for one in T["assessments"]:
        if one["ramp_id"] == ramp["id"] and one["stream"] == "mentor" and one["level"]:
            seen.add(one["competency_code"])
    return seen


# --- figures ----------------------------------------------------------------------------------------------------------


def figures(areas, person, team):
    """All figures of some areas, or of one person."""
    out = {}

    def put(kpi, value, n, name="main"):
        out[(kpi, name)] = (value, n)

    def open_to_all(value, people):
        """Of one or two people, a value would tell how one of them works."""
        return value if person is not None or len(set(people)) not in (1, 2) else None

    def here(ramp):
        return ramp["area_id"] in areas and (person is None or ramp["mentee_id"] == person)

    def staying(ramp):
        return ramp["mentee_id"] not in LEFT

    if person is None:
        # Time to clearance
        took, wanted = [], []
        for held in T["clearances"]:
            signoff = next((s for s in T["signoffs"] if s["id"] == held["signoff_id"]), None)
            if not signoff or held["kind"] != "full" or not within(held["granted_at"], 90):
                continue
            ramp = RAMPS[signoff["ramp_id"]]
            if here(ramp) and not ramp["renews_id"]:
                took.append(since_pairing(ramp, day(held["granted_at"])))
                wanted.append(7 * AREAS[held["area_id"]]["target_weeks"])
        put("time-to-clearance", median(took), len(took))
        place = math.ceil(len(took) * 0.8) - 1
        put("time-to-clearance", sorted(took)[place] if took else None, len(took), "80th percentile")
        put("time-to-clearance", median(wanted), len(took), "Proposed target")

    # Pace, not observed, waivers
    begun = [
        r for r in RAMPS.values() if here(r) and staying(r) and not r["closed_at"] and r["state"] != "proposed"
    ]
    paces, unseen, competencies, lines, waived, past = [], 0, 0, 0, 0, 0
    for ramp in begun:
        total, met = lines_of(ramp)
        lines += total
        days, plan = elapsed(ramp, TODAY), planned(ramp)
        runs = ramp["state"] in ("active", "in_review") and day(ramp["starts_on"]) <= TODAY
        if runs and days > 0 and plan > 0 and days / plan >= 0.1 and total:
            paces.append((met / total) / (days / plan))
        if runs and plan > 0 and days / plan > 0.5:
            codes = [c["code"] for c in CONTENT[ramp["standard_id"]]["competencies"]]
            competencies += len(codes)
            seen = observed_codes(ramp)
            unseen += sum(1 for code in codes if code not in seen)
        for waiver in T["waivers"]:
            if waiver["ramp_id"] == ramp["id"] and waiver["granted"] and not waiver["revoked_at"]:
                over = day(waiver["ends_on"]) < TODAY
                past += over
                waived += not over
    if begun or person is None:
        put("pace", median(paces), len(paces))
        put("not-observed", quotient(unseen, competencies), competencies)
        put("waiver-load", quotient(waived, lines), lines)
        put("waiver-load", past, waived + past, "Past their last day")

    # Cover
    held = [k for k in T["clearances"] if k["area_id"] in areas and covers(k) and k["person_id"] not in LEFT]
    held = [k for k in held if person in (None, k["person_id"])]
    fresh = sum(
        1
        for k in held
        if any(
            a["person_id"] == k["person_id"] and a["area_id"] == k["area_id"] and not a["undone_at"]
            and day(a["day"]) >= first(90)
            for a in T["activities"]
        )
    )
    if held or person is None:
        put("currency", quotient(fresh, len(held)), len(held))
        for days in (30, 60, 90):
            ending = sum(1 for k in held if (day(k["holds_until"]) - TODAY).days < days)
            put("currency", ending if held else None, len(held), f"Lapsing in {days} days")
    if person is None:
        signers = {(q["area_id"], q["person_id"]) for q in T["qualifiers"] if not q["until"]}
        cleared = {a: {k["person_id"] for k in held if k["area_id"] == a} for a in areas}
        ratios = [len(cleared[a]) / AREAS[a]["minimum_cover"] for a in areas]
        put("coverage", min(ratios, default=None), len(ratios))
        below = sum(1 for r in ratios if r < 1)
        put("coverage", below if ratios else None, len(ratios), "Areas below minimum")
        ones = [a for a in areas if AREAS[a]["tier"] == 1]
        counting = ones or list(areas)
        leavers = [max(len(cleared[a]) - AREAS[a]["minimum_cover"] + 1, 0) for a in counting]
        put("bus-factor", min(leavers, default=None), len(leavers))
        put("bus-factor", 2 if ones else 1, len(areas), "Proposed target")
        depth = [sum(1 for p in cleared[a] if (a, p) in signers) for a in areas]
        put("qualifier-depth", min(depth, default=None), len(depth))

        # What only one person holds
        latest = {}
        for one in sorted(T["assessments"], key=lambda a: a["id"]):
            ramp = RAMPS[one["ramp_id"]]
            is_open = day(one["at"]) < TODAY - dt.timedelta(days=7)
            if one["stream"] == "mentor" and one["level"] and is_open and staying(ramp):
                latest[(ramp["area_id"], one["competency_code"], ramp["mentee_id"])] = one["level"]
        single, single_critical, critical, all_codes, sections, young = 0, 0, 0, 0, 0, 0
        for area in areas:
            released = sorted(
                (s for s in T["standards"] if s["area_id"] == area and s["state"] != "draft"),
                key=lambda s: s["version"],
            )
            if not released:
                continue
            current = CONTENT[released[-1]["id"]]
            for competency in current["competencies"]:
                holders = sum(
                    1
                    for (a, code, _), level in latest.items()
                    if a == area and code == competency["code"] and level >= 4
                )
                all_codes += 1
                critical += competency["critical"]
                single += holders == 1
                single_critical += holders == 1 and competency["critical"]
            for key in ("competencies", "items"):
                for group in {line["group"] for line in current[key]}:
                    def text(version):
                        of_group = [x for x in CONTENT[version["id"]][key] if x["group"] == group]
                        return sorted(json.dumps(x, sort_keys=True) for x in of_group)

                    since = released[-1]
                    for before in reversed(released[:-1]):
                        if text(before) != text(since):
                            break
                        since = before
                    sections += 1
                    young += day(since["published_at"]) >= first(180)
        put("single-points", single_critical if critical else None, critical)
        put("single-points", single if all_codes else None, all_codes, "Of all competencies")
        put("checklist-freshness", quotient(young, sections), sections)
        fixed = [
            (moment(f["closed_at"]) - moment(f["at"])) / dt.timedelta(days=1)
            for f in T["stale_flags"]
            if f["area_id"] in areas and f["answered_in"] and within(f["closed_at"], 180)
        ]
        put("checklist-freshness", median(fixed), len(fixed), "Median days to fix a stale line")

    # Mentors
    running = ("active", "in_review")
    open_pairs = [p for p in T["pairings"] if not p["until"] and RAMPS[p["ramp_id"]]["state"] in running]
    if person is not None:
        who = {person}
    elif team is not None:
        who = {m["person_id"] for m in T["memberships"] if m["team_id"] == team}
    else:
        who = {p["mentor_id"] for p in open_pairs if RAMPS[p["ramp_id"]]["area_id"] in areas}
    load = defaultdict(float)
    for pair in open_pairs:
        if pair["mentor_id"] in who:
            load[pair["mentor_id"]] += 1 if pair["role"] == "primary" else 0.5
    hours = {}
    for mentor in load:
        agreed = next(p["hours_agreed"] for p in T["people"] if p["id"] == mentor)
        if agreed:
            since = (moment(NOW) - dt.timedelta(days=28)).strftime("%Y-%m-%d %H:%M:%S.%f")
            minutes = sum(s["minutes"] for s in COUNTING if s["mentor_id"] == mentor and s["starts_at"] > since)
            hours[mentor] = minutes / 60 / agreed
    if load or person is None:
        put("mentor-load", open_to_all(max(load.values(), default=None), load), len(load))
        most = open_to_all(open_to_all(max(hours.values(), default=None), hours), load)
        put("mentor-load", most, len(hours), "Mentoring hours for each agreed hour")
    if person is None:
        middle = median(list(load.values()))
        put("load-spread", open_to_all(max(load.values()) / middle if load else None, load), len(load))

    # Pairings and sessions
    expected, active, now_active, stale, any_pair = 0.0, 0, 0, 0, False
    for pair in T["pairings"]:
        ramp = RAMPS[pair["ramp_id"]]
        if not here(ramp) or not staying(ramp) or (pair["until"] and day(pair["until"]) < first(90)):
            continue
        any_pair = True
        until = day(pair["until"]) if pair["until"] else TODAY + dt.timedelta(days=1)
        days = running_days(ramp, max(first(90), day(pair["since"])), min(until, TODAY + dt.timedelta(days=1)))
        active += days > 0
        expected += days / pair["interval_days"]
        if not pair["until"] and ramp["state"] == "active" and day(ramp["starts_on"]) <= TODAY:
            now_active += 1
            held_on = [day(s["starts_at"]) for s in COUNTING if s["ramp_id"] == ramp["id"]]
            last = max(held_on, default=max(day(pair["since"]), day(ramp["starts_on"])))
            stale += (TODAY - last).days > max(14, 2 * pair["interval_days"])
    ends = [
        s["state"]
        for s in T["sessions"]
        if here(RAMPS[s["ramp_id"]]) and staying(RAMPS[s["ramp_id"]]) and within(s["starts_at"], 90)
        and not s["superseded_at"] and not s["undone_at"] and s["state"] != "planned"
    ]
    if any_pair or ends or person is None:
        put("cadence", quotient(ends.count("held"), expected), active)
        put("stale-pairings", quotient(stale, now_active), now_active)
        put("reliability", quotient(ends.count("held"), len(ends)), len(ends))
    delays, loggers = [], []
    for session in T["sessions"]:
        before = SESSIONS.get(session["supersedes_id"])
        mine = session["mentor_id"] == person if person is not None else True
        if (
            session["state"] == "held" and not session["undone_at"] and within(session["starts_at"], 90) and mine
            and RAMPS[session["ramp_id"]]["area_id"] in areas and not (before and before["state"] == "held")
        ):
            ended = moment(session["starts_at"]) + dt.timedelta(minutes=session["minutes"])
            loggers.append(session["mentor_id"])
            delays.append(max((moment(session["recorded_at"]) - ended).total_seconds() // 1 / 86400, 0))
    if delays or person is None:
        put("logging-delay", open_to_all(median(delays), loggers), len(delays))

    # Judgements
    judged = [
        {**a, "mentee": RAMPS[a["ramp_id"]]["mentee_id"]}
        for a in sorted(T["assessments"], key=lambda a: a["id"])
        if RAMPS[a["ramp_id"]]["area_id"] in areas and within(a["at"], 104) and a["level"] and not a["carried_from"]
    ]
    pairs = []
    for key in {(a["ramp_id"], a["competency_code"]) for a in judged}:
        waits = None
        for one in (a for a in judged if (a["ramp_id"], a["competency_code"]) == key):
            apart = waits and abs(moment(one["at"]) - moment(waits["at"])) <= dt.timedelta(days=14)
            if waits and apart and waits["stream"] != one["stream"]:
                own = one if one["stream"] == "self" else waits
                other = waits if own is one else one
                if within(max(one["at"], waits["at"]), 90) and person in (None, one["mentee"]):
                    pairs.append((own["level"], other["level"], one["mentee"]))
                waits = None
            else:
                waits = one
    mentees = [mentee for _, _, mentee in pairs]
    pairs = [(own, other) for own, other, _ in pairs]
    equal = sum(1 for own, other in pairs if own == other)
    if pairs or person is None:
        put("agreement", open_to_all(quotient(equal, len(pairs)), mentees), len(pairs))
        gaps = [own - other for own, other in pairs]
        mean = open_to_all(statistics.fmean(gaps) if gaps else None, mentees)
        put("agreement", mean, len(gaps), "Mean gap, own minus mentor's level")
    windowed = [a for a in judged if within(a["at"], 90) and a["stream"] == "mentor"]
    compared = {}
    for mentor in {a["by_id"] for a in windowed}:
        shared = {a["mentee"] for a in windowed if a["by_id"] == mentor}
        shared &= {a["mentee"] for a in windowed if a["by_id"] != mentor}
        own = [a["level"] for a in windowed if a["by_id"] == mentor and a["mentee"] in shared]
        others = [a["level"] for a in windowed if a["by_id"] != mentor and a["mentee"] in shared]
        if own:
            compared[mentor] = (statistics.fmean(own) - statistics.fmean(others), len(own))
    if person is not None:
        if person in compared:
            put("strictness", *compared[person])
    else:
        big = [(abs(gap), n) for gap, n in compared.values() if n >= 10]
        most = max((gap for gap, _ in big), default=None) if len(big) >= 3 else None
        put("strictness", most, sum(n for _, n in big))
        high = [a for a in windowed if a["level"] >= 4]
        strong = sum(1 for a in high if a["strength"] in ("drill", "shadowed", "real"))
        put("evidence-depth", quotient(strong, len(high)), len(high))
        count = len(pairs)
        observed = [[sum(1 for p in pairs if p == (i, j)) for j in range(1, 6)] for i in range(1, 6)]
        weighted, chance = 0.0, 0.0
        for i in range(5):
            for j in range(5):
                weight = (i - j) ** 2 / 16
                weighted += weight * observed[i][j]
                column = sum(observed[k][j] for k in range(5))
                chance += weight * sum(observed[i]) * column / count if count else 0
        kappa = 1 - weighted / chance if chance and count >= 30 else None
        put("kappa", open_to_all(kappa, mentees), count)

    # Alerts
    ledger = [
        a["understood"]
        for a in T["alerts"]
        if a["area_id"] in areas and person in (None, a["person_id"]) and within(a["at"], 90) and a["acknowledged"]
        and not a["undone_at"] and a["shift_id"] and SHIFTS[a["shift_id"]]["kind"] == "reverse_shadow"
        and SHIFTS[a["shift_id"]]["state"] == "debriefed"
    ]
    if ledger or person is None:
        put("understood", quotient(sum(ledger), len(ledger)), len(ledger))

    if person is None:
        # Sign-offs
        decided = [
            s
            for s in T["signoffs"]
            if RAMPS[s["ramp_id"]]["area_id"] in areas and within(s["decided_at"], 90) and s["state"] != "withdrawn"
        ]
        took = []
        for signoff in decided:
            days, on = 0, day(signoff["requested_at"])
            while on < day(signoff["decided_at"]):
                on += dt.timedelta(days=1)
                days += on.weekday() < 5
            took.append(days)
        put("signoff-turnaround", median(took), len(took))
        back = sum(1 for s in decided if s["state"] == "returned")
        put("signoff-turnaround", quotient(back, len(decided)), len(decided), "Returned")

        # Post-mortems and drills
        used, firsts, library = 0, [], 0
        for one in T["postmortems"]:
            of = {p["area_id"] for p in T["postmortem_areas"] if p["postmortem_id"] == one["id"]}
            if one["state"] != "teachable" or not of & set(areas):
                continue
            library += 1
            uses = [s["starts_at"] for s in COUNTING if s["postmortem_id"] == one["id"]]
            for table, state in (("clubs", "held"), ("drills", "debriefed")):
                uses += [x["starts_at"] for x in T[table] if x["postmortem_id"] == one["id"] and x["state"] == state]
            used += any(within(at, 180) for at in uses)
            if uses:
                seconds = (moment(min(uses)) - moment(one["teachable_since"])).total_seconds()
                firsts.append(max(seconds, 0) // 1 / 86400)
        put("postmortem-use", quotient(used, library), library)
        put("postmortem-use", median(firsts), len(firsts), "Median days to the first use")
        run = [
            d
            for d in T["drills"]
            if d["area_id"] in counting and d["state"] == "debriefed" and within(d["debriefed_at"], 90)
        ]
        seen = {o["drill_id"] for o in T["drill_observations"]}
        put("drill-rhythm", quotient(len(run), len(counting)), len(counting))
        evident = sum(1 for d in run if d["id"] in seen)
        put("drill-rhythm", quotient(evident, len(run)), len(run), "With recorded evidence")
        put("drill-rhythm", 2 if ones else 1, len(counting), "Proposed target")
        ahead = on_call(set(areas))
        put("rota-mismatch", sum(1 for fit in ahead if not fit) if ahead else None, len(ahead))
        put("first-shifts", None, 0)
    return out


def holder(entry, area):
    """The person of a shift: by address, by what a lead said of the name, by name."""
    name = entry["name"].lower()
    mail = [p["id"] for p in T["people"] if entry["email"] and p["email"].lower() == entry["email"].lower()]
    said = [r["person_id"] for r in T["rota_names"] if (r["area_id"], r["name_key"]) == (area, name)]
    named = [p["id"] for p in T["people"] if p["name"].lower() == name]
    return (mail or said[-1:] or (named if len(named) == 1 else []) or [None])[0]


def on_call(areas):
    """Of each shift that begins from today on within 28 days, whether its holder may be on call then."""
    held = {(k["person_id"], k["area_id"]): k for k in T["clearances"] if not k["replaced_at"]}
    end = (moment(NOW) + dt.timedelta(days=28)).isoformat(" ")

    def valid(person, area, on):
        k = held.get((person, area))
        holds = k and person not in LEFT and k["state"] == "valid" and day(k["holds_until"]) >= on
        return k if holds else None

    found = {}
    for rota in T["rotas"]:
        fetches = [f["id"] for f in T["rota_fetches"] if f["rota_id"] == rota["id"]]
        if rota["area_id"] not in areas or rota["removed_at"] or not fetches:
            continue
        for e in T["rota_entries"]:
            is_ahead = e["fetch_id"] == max(fetches) and e["ends_at"] > NOW and e["starts_at"] < end
            if not is_ahead or e["duty"] == "shadow" or not 0 <= (day(e["starts_at"]) - TODAY).days < 28:
                continue
            person, on = holder(e, rota["area_id"]), day(e["starts_at"])
            k = valid(person, rota["area_id"], on)
            if k and k["kind"] == "interim":
                own = valid(k["supervisor_id"], rota["area_id"], on)
                k = own if own and own["kind"] == "full" else None
            found[(rota["area_id"], e["starts_at"], e["ends_at"], e["name"], e["email"], e["duty"])] = k is not None
    return list(found.values())


def main():
    result = []

    def add(scope, found):
        result.extend([scope, kpi, name, value, n] for (kpi, name), (value, n) in found.items())

    add("organisation", figures(set(AREAS), None, None))
    for team in sorted({a["owner_team_id"] for a in AREAS.values()} | {m["team_id"] for m in T["memberships"]}):
        own = {a["id"] for a in AREAS.values() if a["owner_team_id"] == team}
        add(f"team {team}", figures(own, None, team))
    for area in AREAS:
        add(f"area {area}", figures({area}, None, None))
    labels = {}
    for area in AREAS.values():
        for label in filter(None, (word.strip() for word in area["labels"].split(","))):
            labels.setdefault(label.lower(), set()).add(area["id"])
    for label, own in labels.items():
        add(f"label {label}", figures(own, None, None))
    for person in T["people"]:
        own = {r["area_id"] for r in T["ramps"] if r["mentee_id"] == person["id"]}
        own |= {RAMPS[p["ramp_id"]]["area_id"] for p in T["pairings"] if p["mentor_id"] == person["id"]}
        own |= {k["area_id"] for k in T["clearances"] if k["person_id"] == person["id"]}
        add(f"person {person['id']}", figures(own & set(AREAS), person["id"], None))
    json.dump(result, sys.stdout)


main()
