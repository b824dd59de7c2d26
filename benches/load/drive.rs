//! Drives a server with so many connections for so long.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::Result;
use crate::http::Connection;

/// Makes the n-th request.
pub type Request = Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Driven {
    /// Requests answered as they should be.
    pub answered: u64,
    /// Requests answered otherwise, by status.
    pub refused: Vec<u16>,
    /// From the first request to the last answer.
    pub seconds: f64,
    /// Bytes of one answer, headers included.
    pub bytes: usize,
    /// Milliseconds of each, in order.
    latencies: Vec<f64>,
}

impl Driven {
    /// Requests a second.
    pub fn per_second(&self) -> f64 {
        self.answered as f64 / self.seconds
    }

    /// Milliseconds within which that share of the requests was answered.
    pub fn within(&self, share: f64) -> f64 {
        let place = (self.latencies.len() as f64 * share) as usize;
        let last = self.latencies.len().saturating_sub(1);
        self.latencies
            .get(place.min(last))
            .copied()
            .unwrap_or_default()
    }
}

/// Keeps `connections` busy for `time`. `count` goes on from round to round, so that no two requests are the same.
pub async fn drive(
    to: SocketAddr,
    connections: usize,
    time: Duration,
    (request, wanted): (&Request, u16),
    count: &Arc<AtomicU64>,
) -> Result<Driven> {
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(Connection::open(to).await?);
    }
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for mut connection in open {
        let (request, count) = (Arc::clone(request), Arc::clone(count));
        tasks.spawn(async move {
            let mut own = Driven::default();
            while began.elapsed() < time {
                let bytes = request(count.fetch_add(1, Ordering::Relaxed));
                let asked = Instant::now();
                let status = connection.ask(&bytes).await?;
                own.latencies.push(asked.elapsed().as_secs_f64() * 1000.0);
                if status == wanted {
                    own.answered += 1;
                    own.bytes = connection.bytes();
                } else {
                    own.refused.push(status);
                }
            }
            Result::Ok(own)
        });
    }
    let mut all = Driven::default();
    while let Some(own) = tasks.join_next().await {
        let own = own??;
        all.answered += own.answered;
        all.refused.extend(own.refused);
        all.latencies.extend(own.latencies);
        all.bytes = all.bytes.max(own.bytes);
    }
    all.seconds = began.elapsed().as_secs_f64();
    all.latencies.sort_by(f64::total_cmp);
    Ok(all)
}
