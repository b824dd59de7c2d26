//! Every page of the demo, by who looks at it. A form that comes back with errors is in the look itself.

use checkride::domain::drill::DrillState;
use checkride::domain::session::SessionState;
use checkride::domain::session::model::Session;
use checkride::domain::shift::model::Shift;
use checkride::domain::shift::{ShiftKind, ShiftState};

use crate::support::Demo;

fn with_a_ledger(shift: &Shift) -> bool {
    shift.kind == ShiftKind::ReverseShadow && shift.state == ShiftState::Debriefed
}

/// Mounted, but no page.
pub const NO_PAGES: [&str; 22] = [
    "/metrics",
    "/sign-in/forget",
    "/kpis/me",
    "/ramps/{id}/assess",
    "/ramps/{id}/self-assess",
    "/areas/{slug}/cover.svg",
    "/areas/{slug}/lapsing.svg",
    "/kpis/figures/{kpi}/trend.svg",
    "/kpis/teams/{team}/{kpi}/trend.svg",
    "/kpis/areas/{area}/{kpi}/trend.svg",
    "/kpis/labels/{label}/{kpi}/trend.svg",
    "/people/{handle}/kpis/{kpi}/trend.svg",
    "/comments/{id}",
    "/comments/{id}/pictures/{number}",
    "/library/{slug}/pictures/{number}",
    "/healthz",
    "/readyz",
    "/assets/{hash}/{name}",
    "/inbox/count",
    "/inbox/{id}",
    "/calendar/{token}.ics",
    "/screen/{token}",
];

/// What somebody sees who is not signed in.
pub const SIGNED_OUT: [&str; 7] = [
    "/sign-in",
    "/sign-in?next=%2Fboard",
    "/reset",
    "/demo/mail",
    "/invite/not-a-link",
    "/set-up/not-a-link",
    "/_ui",
];

/// The pages that are open to everybody.
fn of_everybody(demo: &Demo) -> Vec<String> {
    let mut all: Vec<String> = [
        "/",
        "/board",
        "/board/teams",
        "/board/screens",
        "/board?tv",
        "/areas",
        "/areas/payments",
        "/areas/payments/forecast",
        "/areas/edge/forecast",
        "/areas/payments/queue",
        "/areas/payments/standard/v/1",
        "/areas/catalogue/standard/v/2",
        "/areas/catalogue/standard/diff?from=1&to=2",
        "/people",
        "/people/ingrid-solberg",
        "/sign-offs",
        "/ramps",
        "/ramps?state=paused&q=nobody",
        "/plan",
        "/practice",
        "/sessions/new",
        "/drills",
        "/drills?area=catalogue",
        "/drills?state=debriefed",
        "/library",
        "/library?q=nothing+like+it",
        "/library/new",
        "/library/import",
        "/library/provider-time-outs-charged-without-orders",
        "/library/purge-all-melted-the-origin/read",
        "/library/purge-all-melted-the-origin?show=all",
        "/clubs/1",
        "/clubs/3",
        "/inbox",
        "/inbox/mail",
        "/account",
        "/search",
        "/search?q=time-out",
        "/search?q=pay&kind=competency",
        "/search?q=nothing+like+it",
        "/me/calendar",
        "/me/availability",
        "/help",
        "/help/guide",
        "/help/guide/for-everyone-see-who-is-cleared-and-learn",
        "/help/privacy",
        "/incidents/new",
    ]
    .map(str::to_owned)
    .into();
    all.push(demo.clearance("sofia-marchetti", "edge"));
    all
}

pub fn of_the_mentor(demo: &Demo) -> Vec<String> {
    let (amara, jonas) = (
        demo.ramp("amara-okafor", "payments"),
        demo.ramp("jonas-weber", "command"),
    );
    let corrected = demo.session("amara-okafor", "payments");
    let mut all = of_everybody(demo);
    all.extend([
        "/kpis/areas/payments/coverage/note".into(),
        format!("/sessions/new?ramp={}", amara.rsplit('/').next().unwrap()),
        // Held and corrected, what it corrects, its form; planned; forgotten; cancelled.
        corrected.clone(),
        "/people/ingrid-solberg/practice".into(),
        "/library/provider-time-outs-charged-without-orders/clubs/new".into(),
        format!("{corrected}/correct"),
        // Open, sealed, and not given yet.
        format!("{corrected}/feedback"),
        format!(
            "{}/feedback",
            demo.session_before("amara-okafor", "payments", 1)
        ),
        format!(
            "{}/feedback",
            demo.session_before("amara-okafor", "payments", 2)
        ),
        format!("{amara}/comments"),
        format!("{amara}/notes"),
        format!("{}/comments", demo.drill(DrillState::Planned)),
        demo.session_that("amara-okafor", "payments", |s| s.superseded_at.is_some()),
        demo.session_that("amara-okafor", "payments", Session::is_plan),
        demo.session_that("amara-okafor", "payments", |s| {
            s.state == SessionState::Cancelled
        }),
        demo.session_that("jonas-weber", "command", Session::is_plan),
        format!("/sessions/new?ramp={}", jonas.rsplit('/').next().unwrap()),
        format!("{amara}/sessions/plan"),
        // Planned and reverse, debriefed with a ledger and its form to correct; over, with the form to close it.
        format!("{amara}/shifts/plan"),
        demo.shift_that("amara-okafor", "payments", |s| {
            s.state == ShiftState::Planned
        }),
        demo.shift_that("amara-okafor", "payments", with_a_ledger),
        format!(
            "{}/debrief",
            demo.shift_that("amara-okafor", "payments", with_a_ledger)
        ),
        demo.shift_that("rafael-costa", "orders", |_| true),
        format!(
            "{}/debrief",
            demo.shift_that("rafael-costa", "orders", |_| true)
        ),
        format!("{amara}/assess/architecture"),
        format!("{amara}/assess/change"),
        format!("{amara}/compare"),
        format!("{amara}/competencies/PAY-A4"),
        format!("{amara}/competencies/PAY-C3"),
        // To be answered by her; answered by another.
        demo.observation(false),
        demo.observation(true),
        format!("{amara}/sign-off"),
        format!("{jonas}/sign-off"),
        format!("{amara}/items/PAY-K2/stale"),
        // To come, to be debriefed, debriefed; and what she plans and runs them by.
        "/drills/new".into(),
        "/drills/new?area=payments&find=hana".into(),
        demo.drill(DrillState::Planned),
        format!("{}/edit", demo.drill(DrillState::Planned)),
        format!("{}/sheet", demo.drill(DrillState::Planned)),
        demo.drill(DrillState::Run),
        format!("{}/sheet", demo.drill(DrillState::Run)),
        format!("{}/debrief", demo.drill(DrillState::Run)),
        demo.drill(DrillState::Debriefed),
        format!("/drills?ramp={}", amara.rsplit('/').next().unwrap()),
        "/areas/payments/standard/draft".into(),
        "/areas/payments/standard/draft/competencies/new?group=incident".into(),
        "/areas/payments/standard/draft/competencies/PAY-C1".into(),
        "/areas/payments/standard/draft/items/new?group=do".into(),
        "/areas/payments/standard/draft/items/PAY-K2".into(),
        "/areas/payments/standard/draft/gates".into(),
        "/areas/payments/standard/draft/paste".into(),
        "/areas/payments/standard/draft/publish".into(),
        "/areas/payments/standard/flags".into(),
        format!("{amara}/competencies"),
        format!("{amara}/checklist"),
        format!("{amara}/items"),
        format!("{amara}/sessions"),
        format!("{amara}/history"),
        amara,
        jonas,
    ]);
    all
}

pub fn of_the_mentee(demo: &Demo) -> Vec<String> {
    let (here, planned, proposed) = (
        demo.ramp("amara-okafor", "payments"),
        demo.ramp("amara-okafor", "edge"),
        demo.ramp("amara-okafor", "orders"),
    );
    let mut all = of_everybody(demo);
    all.extend([
        demo.session_that("amara-okafor", "payments", Session::is_plan),
        format!("{here}/sessions/plan?topic=PAY-C3"),
        format!("{here}/self-assess/observability"),
        format!("{here}/checklist"),
        format!("{here}/items"),
        format!("{proposed}/sessions"),
        format!("{planned}/self-assess/incident"),
        format!("{planned}/competencies/EDGE-A1"),
        // A surprise, for her.
        demo.drill(DrillState::Planned),
        demo.drill(DrillState::Debriefed),
        format!("{here}/compare"),
        format!("{here}/competencies/PAY-A4"),
        format!("{here}/competencies/PAY-I2/ask"),
        demo.observation(false),
        format!("{planned}/sign-off"),
        format!("{here}/waivers?subject=item:PAY-K9"),
        format!("{proposed}/accept"),
        format!("{proposed}/decline"),
        // Her own comment, with the form that changes it; an answer to one; her view of a moment.
        demo.own_comment("amara-okafor"),
        format!("{here}/comments?reply=1"),
        "/library/purge-all-melted-the-origin/comments?show=all&moment=2".into(),
        proposed,
        here,
        planned,
    ]);
    all
}

pub fn of_the_lead(demo: &Demo) -> Vec<String> {
    let mut all = of_everybody(demo);
    all.extend([
        "/library?state=draft".into(),
        format!("{}/delta", demo.clearance("dele-adeyemi", "platform")),
        "/audit/programme".into(),
        format!("{}/record", demo.sign_off("sofia-marchetti", "edge")),
        format!("{}/upgrade", demo.ramp("lukas-novak", "platform")),
        "/library/two-batches-overlapped-and-locked-the-stock".into(),
        "/library/two-batches-overlapped-and-locked-the-stock/edit".into(),
        "/library/two-batches-overlapped-and-locked-the-stock/pictures".into(),
        "/library/bot-traffic-was-read-as-success".into(),
        "/ramps/new".into(),
        "/ramps/new?area=payments".into(),
        "/ramps/remind".into(),
        "/areas/payments/edit".into(),
        "/areas/payments/systems/1".into(),
        "/areas/payments/qualifiers".into(),
        "/kpis".into(),
        "/kpis?at=2026-10-01".into(),
        "/kpis/figures/currency".into(),
        "/kpis/teams/1".into(),
        "/kpis/teams/1/cadence".into(),
        "/kpis/teams/1/cadence/target".into(),
        "/kpis/teams/1/cadence/note".into(),
        "/kpis/areas/payments".into(),
        "/kpis/areas/payments/coverage".into(),
        "/kpis/areas/payments/coverage?at=2026-10-01".into(),
        "/kpis/areas/payments/coverage/target".into(),
        "/kpis/labels/webshop".into(),
        "/kpis/labels/webshop/coverage".into(),
        "/people/ruth-abrams/kpis".into(),
        "/people/amara-okafor/kpis/pace".into(),
        "/areas?label=webshop".into(),
        "/areas/payments/rota".into(),
        "/areas/edge/rota".into(),
        "/areas/payments/rota?at=2026-06-01".into(),
        "/areas/payments/rota/new".into(),
        "/areas/payments/rota/names".into(),
        demo.rota_finding("payments"),
        "/rotas/1".into(),
        "/rotas/1/remove".into(),
        "/hooks".into(),
        "/hooks/new".into(),
        "/hooks/1".into(),
        "/hooks/1/remove".into(),
        "/areas/payments/cleared".into(),
        demo.qualifier_end("payments"),
        // Filtered, and with nothing left.
        "/board?view=list".into(),
        "/board?view=table".into(),
        "/board?view=list&show=ramping".into(),
        "/board?team=commerce+sre&area=payments&sort=expiry".into(),
        "/board?area=command&show=sign-off".into(),
        // Of a past day, before there was anything, and of a day to come.
        "/board?at=2026-06-01".into(),
        "/board?at=2026-06-01&view=list".into(),
        "/areas/payments?at=2026-06-01".into(),
        "/people/amara-okafor?at=2026-10-01".into(),
        "/board?at=2020-01-01".into(),
        "/areas?show=short".into(),
        "/people?team=platform+sre".into(),
        "/people?q=zzz".into(),
        "/people/amara-okafor".into(),
        "/people/amara-okafor?year=2025".into(),
        demo.ramp("amara-okafor", "payments"),
        demo.ramp("rafael-costa", "orders"),
        format!("{}/sign-off", demo.ramp("lukas-novak", "catalogue")),
        // What she can arrange; paused, and ready to go on.
        format!("{}/pause", demo.ramp("amara-okafor", "payments")),
        format!("{}/target", demo.ramp("amara-okafor", "payments")),
        format!("{}/end", demo.ramp("amara-okafor", "payments")),
        format!(
            "{}/hand-over?find=weber",
            demo.ramp("amara-okafor", "payments")
        ),
        format!("{}/remove-mentor", demo.ramp("amara-okafor", "payments")),
        format!("{}/add-mentor", demo.ramp("rafael-costa", "orders")),
        format!("{}/resume", demo.ramp("rafael-costa", "catalogue")),
        demo.ramp("rafael-costa", "catalogue"),
        // For her to decide, and returned by her.
        demo.sign_off("lukas-novak", "catalogue"),
        demo.sign_off("rafael-costa", "orders"),
        format!("{}/comments", demo.sign_off("lukas-novak", "catalogue")),
        format!("{}/waivers", demo.ramp("rafael-costa", "orders")),
        // One gap of it is closed, one is open; then a suspended clearance, and what reinstating it would do.
        demo.gap("rafael-costa", "orders", 0),
        demo.gap("rafael-costa", "orders", 1),
        demo.clearance("jonas-weber", "catalogue"),
        format!("{}/reinstate", demo.clearance("jonas-weber", "catalogue")),
        format!("{}/revoke", demo.clearance("priya-raman", "orders")),
        format!("{}/suspend", demo.clearance("jonas-weber", "orders")),
        // On call under a supervisor, and without one; then who is not far enough.
        demo.clearance("jonas-weber", "command"),
        format!("{}/extend", demo.clearance("jonas-weber", "command")),
        demo.clearance("lukas-novak", "catalogue"),
        format!("{}/supervisor", demo.clearance("lukas-novak", "catalogue")),
        "/areas/catalogue".into(),
        format!("{}/interim", demo.ramp("rafael-costa", "orders")),
        // Expiring, and lapsed.
        demo.clearance("sofia-marchetti", "payments"),
        demo.clearance("jonas-weber", "orders"),
    ]);
    all
}

pub fn of_the_administrator(demo: &Demo) -> Vec<String> {
    let mut all = of_everybody(demo);
    all.extend([
        "/kpis/figures/currency/target".into(),
        "/kpis/figures/currency/note".into(),
        "/ramps/new".into(),
        "/areas/new".into(),
        "/areas/new?template=payments".into(),
        "/admin/messages".into(),
        "/admin/mail".into(),
        "/areas/payments/archive".into(),
        "/areas/orders/systems/new".into(),
        // Granted, with the ramp it closed; then one that waits for somebody else.
        demo.sign_off("sofia-marchetti", "edge"),
        demo.ramp("sofia-marchetti", "edge"),
        demo.sign_off("lukas-novak", "catalogue"),
        demo.ramp("hana-kim", "platform"),
        // Waivers: one active, one to decide (a gate), one revoked.
        demo.ramp("lukas-novak", "platform"),
        format!("{}/waivers", demo.ramp("lukas-novak", "platform")),
        demo.ramp("noor-haddad", "edge"),
        format!("{}/waivers", demo.ramp("noor-haddad", "edge")),
        format!("{}/waivers", demo.ramp("hana-kim", "platform")),
        "/admin/audit".into(),
        // Asked back, nobody, nothing, and days the wrong way round.
        "/admin/audit?who=a".into(),
        "/admin/audit?who=zzz".into(),
        "/admin/audit?kind=ramp&from=2031-01-01".into(),
        "/admin/audit?from=2031-01-01&to=2030-12-31".into(),
        // What was written on publishing is long.
        "/admin/audit?kind=standard".into(),
        "/admin/audit/40".into(),
    ]);
    all.extend(of_administration(demo));
    all
}

fn of_administration(demo: &Demo) -> Vec<String> {
    let team = demo.team("Platform SRE");
    let mut all: Vec<String> = [
        "/admin/people",
        "/admin/people?show=waiting",
        "/admin/people?q=zzz",
        "/admin/add-person",
        "/admin/add-people",
        // Invited, and not come yet; then somebody much depends on.
        "/admin/people/elif-demir",
        "/admin/people/dele-adeyemi",
        "/admin/people/dele-adeyemi/deactivate",
        "/admin/people/elif-demir/deactivate",
        "/people/dele-adeyemi/mentoring",
        "/admin/teams",
    ]
    .map(str::to_owned)
    .into();
    let id = team.rsplit('/').next().unwrap();
    for (who, to) in [("dele-adeyemi", "outside"), ("dele-adeyemi", "lead")] {
        all.push(format!("/admin/place?team={id}&person={who}&to={to}"));
    }
    all.extend([format!("{team}?q=sofia"), format!("{team}?q=zzz"), team]);
    all
}
