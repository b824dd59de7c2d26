//! Where Checkride may send a request of its own: addresses that people type must lead to the internet, and never to
//! what only this machine can reach.

mod address;
mod public;

use std::net::IpAddr;

use ipnet::IpNet;

pub use address::Address;
pub use public::is_public;

/// Networks that may be called although they are private, by configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Networks separated by commas: `10.20.0.0/16,fd00:12::/64`.
    ///
    /// # Errors
    /// The first of them that is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let nets = text.split(',').map(str::trim).filter(|net| !net.is_empty());
        nets.map(|net| {
            net.parse()
                .map_err(|_| format!("`{net}` is not a network like 10.0.0.0/8"))
        })
        .collect::<Result<_, _>>()
        .map(Self)
    }

    pub fn iter(&self) -> impl Iterator<Item = &IpNet> {
        self.0.iter()
    }

    pub fn contains(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.0.iter().any(|net| net.contains(&ip))
    }

    /// Whether a request may go to that address. Without TLS nobody knows who answers, so it stays in these networks.
    pub fn may_reach(&self, ip: IpAddr, is_encrypted: bool) -> bool {
        self.contains(ip) || (is_encrypted && is_public(ip))
    }
}

#[cfg(test)]
mod tests;
