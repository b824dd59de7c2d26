//! Where the server takes requests, and whether it answers there.

use std::fs::{Permissions, remove_file, set_permissions};
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::Duration;

use crate::config::Listen;
use crate::error::{Error, Result};
use crate::server::Listener;

/// Binds, and says where: with the port that was free. What an earlier process left of its socket gives way; one that
/// answers does not.
///
/// Errors: A fault that names the place.
pub(super) fn bind(listen: &Listen) -> Result<(Listener, Listen)> {
    let refuse = |e: std::io::Error| Error::Fault(format!("cannot listen on {listen}: {e}"));
    match listen {
        Listen::Tcp(address) => {
            let tcp = TcpListener::bind(address).map_err(refuse)?;
            let bound = tcp.local_addr().map_err(refuse)?;
            Ok((Listener::Tcp(tcp), Listen::Tcp(bound)))
        }
        Listen::Unix(path) => {
            if is_left_over(path) {
                remove_file(path).map_err(refuse)?;
            }
            let socket = UnixListener::bind(path).map_err(refuse)?;
            // For the owner, and for a proxy of its group.
            set_permissions(path, Permissions::from_mode(0o660)).map_err(refuse)?;
            Ok((Listener::Unix(socket), listen.clone()))
        }
    }
}

fn is_left_over(path: &Path) -> bool {
    let is_socket = path
        .symlink_metadata()
        .is_ok_and(|m| m.file_type().is_socket());
    is_socket && UnixStream::connect(path).is_err()
}

/// How long a process that is asked for its health may take: longer than the server gives its database.
const PATIENCE: Duration = Duration::from_secs(20);

/// `checkride health`: asks the process that serves there whether it can be used.
///
/// Errors: A fault that says what it answered, or that it does not.
pub(super) fn health(listen: &Listen) -> Result<String> {
    let silent = |e: std::io::Error| Error::Fault(format!("nothing answers at {listen}: {e}"));
    let answer = match listen {
        Listen::Tcp(address) => {
            let stream =
                TcpStream::connect_timeout(&reachable(*address), PATIENCE).map_err(silent)?;
            stream.set_read_timeout(Some(PATIENCE)).map_err(silent)?;
            ask(stream)
        }
        Listen::Unix(path) => {
            let stream = UnixStream::connect(path).map_err(silent)?;
            stream.set_read_timeout(Some(PATIENCE)).map_err(silent)?;
            ask(stream)
        }
    };
    let answer = answer.map_err(silent)?;
    let status = answer.split_whitespace().nth(1).unwrap_or_default();
    match status {
        "200" => Ok("ready".into()),
        _ => Err(Error::Fault(format!(
            "Checkride at {listen} cannot be used: /readyz answers {status}"
        ))),
    }
}

/// Where a server that listens on all addresses of the machine is reached from here.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn ask(mut stream: impl Read + Write) -> std::io::Result<String> {
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(64 * 1024).read_to_string(&mut answer)?;
    Ok(answer)
}
