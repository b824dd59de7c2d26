//! What a first visit of home brings over the wire, and a second one.

use std::collections::BTreeSet;
use std::io::Read;
use std::net::SocketAddr;

use flate2::read::GzDecoder;

use crate::Result;
use crate::http::{Connection, Visitor};

/// Requests and bytes, headers included.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub struct Visits {
    /// Requests of a first visit: the page, and every file it links.
    pub first_requests: usize,
    /// Bytes of a first visit.
    pub first_bytes: usize,
    /// Requests of a second visit: the page, and every file that may not be kept.
    pub second_requests: usize,
    /// Bytes of a second visit.
    pub second_bytes: usize,
}

/// Follows the links of home.
pub async fn visits(server: SocketAddr, visitor: &Visitor) -> Result<Visits> {
    let mut connection = Connection::open(server).await?;
    connection.ask(&visitor.get("/")).await?;
    let page = connection.bytes();
    let mut html = String::new();
    GzDecoder::new(connection.body()).read_to_string(&mut html)?;
    let files: BTreeSet<&str> = html
        .split("=\"")
        .skip(1)
        .filter_map(|rest| rest.split(['"', '#']).next())
        .filter(|address| address.starts_with("/assets/"))
        .collect();
    let mut all = Visits {
        first_requests: 1,
        first_bytes: page,
        second_requests: 1,
        second_bytes: page,
    };
    for file in files {
        connection.ask(&visitor.get(file)).await?;
        all.first_requests += 1;
        all.first_bytes += connection.bytes();
        let cache = connection.header("cache-control").unwrap_or_default();
        if !cache.contains("immutable") {
            all.second_requests += 1;
            all.second_bytes += connection.bytes();
        }
    }
    Ok(all)
}
