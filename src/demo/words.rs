//! What the demo's mentors wrote.

/// Sessions of an area: what was worked on, and what comes next.
pub(super) fn sessions(slug: &str) -> &'static [(&'static str, &'static str)] {
    match slug {
        "payments" => &[
            (
                "Drew one order from basket to capture, every call with its idempotency key.",
                "Find the key in yesterday's traces.",
            ),
            (
                "Walked the provider contracts: who answers at night, what is theirs, what is ours.",
                "Name the three failures that are always ours.",
            ),
            (
                "Funnel board: which step broke in last month's dip, and how we would have seen it sooner.",
                "Build the view for the wallet button.",
            ),
            (
                "Traced one order number across six services in four minutes.",
                "Do it again with a declined card.",
            ),
            (
                "Switched the provider in staging. Amara drove, I only kept the time.",
                "Drain captures before switching, without a prompt.",
            ),
            (
                "Sorted 40 paid-but-not-placed orders in the lab; two were real surprises.",
                "Write down how to tell the two kinds apart.",
            ),
            (
                "Wrote the impact line of an old incident again, in orders and euros.",
                "Send the next update on your own.",
            ),
            (
                "Canary with abort criteria: stopped it twice, once for the right reason.",
                "Set the criteria before the deploy, not during.",
            ),
            (
                "Rotated a credential in staging with traffic on it. No failed call.",
                "Reconcile after the rehearsal.",
            ),
        ],
        "orders" => &[
            (
                "Whiteboard: every state of an order and who may move it.",
                "Explain backorders to me next time.",
            ),
            (
                "Followed one message through the queue, the retry and the dead-letter queue.",
                "Find yesterday's oldest message.",
            ),
            (
                "Stuck consumer in the lab: paused, counted, resumed, nothing doubled.",
                "Say the abort limit before you start.",
            ),
            (
                "ERP outage on paper: buffer, throttle, who is told in which minute.",
                "Write the first message to the business.",
            ),
            (
                "Replayed 200 messages from the dead-letter queue, checked stock before and after.",
                "Do the same with a schema change in between.",
            ),
            (
                "Schema change with old and new readers, rolled back on purpose.",
                "Restore a feed after a partial import.",
            ),
        ],
        "catalogue" => &[
            (
                "Index build from import to alias swap, with a stopwatch.",
                "Explain price-list order back to me.",
            ),
            (
                "Slow query or saturated node? Five graphs, five guesses, four right.",
                "Do it without the legend.",
            ),
            (
                "Wrong prices rehearsal: froze in three minutes, told retail in five.",
                "Correct and purge without the checklist.",
            ),
            (
                "Stopped a runaway import and said why, in one message.",
                "Set the alarm that would have shown it.",
            ),
            (
                "Rebuilt and swapped an index in staging, watched zero-result rate.",
                "Roll a price import back.",
            ),
        ],
        "edge" => &[
            (
                "Drew a page request from DNS to origin and named every cache.",
                "Add the time limits from memory.",
            ),
            (
                "Read an hour of edge logs: bots, errors, shoppers.",
                "Find the scraper of last Tuesday.",
            ),
            (
                "Origin overload drill: shield, rate limit, static fallback.",
                "Decide when the maintenance page goes up.",
            ),
            (
                "Purged one path and proved that nothing else went.",
                "Prove it for a tag.",
            ),
            (
                "Shifted a tenth of traffic to the other region and back.",
                "Say the abort limit first.",
            ),
        ],
        "platform" => &[
            (
                "From one alert to a cause: metrics, logs, traces, in that order.",
                "Start from a trace next time.",
            ),
            (
                "Read lock waits during the batch window; found the long one.",
                "Explain the pool settings.",
            ),
            (
                "Disk-full rehearsal without losing a byte.",
                "Write the runbook line that was missing.",
            ),
            (
                "Failed the database over in the lab and verified the old primary is fenced.",
                "Do it with writes running.",
            ),
            (
                "Restored to a point in time, compared counts.",
                "Justify the numbers for the campaign.",
            ),
        ],
        _ => &[
            (
                "Opened a call from three conflicting reports; had a shared picture in six minutes.",
                "Hand over command cleanly.",
            ),
            (
                "Delegation practice: name, task, time, every time.",
                "Keep it up when it gets loud.",
            ),
            (
                "Updates: impact, action, next time. Wrote five in a row.",
                "Send them on the clock.",
            ),
            (
                "Surprise hand-over in the middle of a drill. Nothing was lost.",
                "Close and name follow-ups.",
            ),
            (
                "Called a rollback on thin evidence and said why.",
                "Facilitate the review.",
            ),
            (
                "Facilitated a blameless review of an old incident.",
                "Turn it into a teachable one.",
            ),
        ],
    }
}

/// What the n-th judgement at that level rests on.
pub(super) fn evidence(level: i64, n: usize) -> &'static str {
    const GUIDED: [&str; 3] = [
        "Did it with me beside, and asked before each step.",
        "Found the right graph; I had to say what it meant.",
        "Wrote the steps down first. We corrected two of them.",
    ];
    const ALONE: [&str; 6] = [
        "Did it in the lab without a prompt, and said what to watch.",
        "Handled it in last week's session; I only kept the time.",
        "Explained it back with the failure cases.",
        "Found it alone in staging, and wrote the runbook line.",
        "Drove it during the rehearsal, stopped at the right limit.",
        "Walked a newcomer through it while I listened.",
    ];
    let words: &[&str] = if level < 3 { &GUIDED } else { &ALONE };
    words.get(n % words.len()).copied().unwrap_or_default()
}
