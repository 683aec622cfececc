//! From where a request came: the connection's own address, or what a trusted proxy says about it.
//!
//! `X-Forwarded-For` is anybody's free text. It is read from its end, as long as the one who added the
//! last entry is a proxy that the settings name.

use std::net::IpAddr;
use std::str::FromStr;

use actix_web::HttpRequest;
use actix_web::http::header::X_FORWARDED_FOR;

/// Most entries of the field that are looked at.
const MOST_HOPS: usize = 16;

/// Addresses that begin alike: `10.0.0.0/8`, `2001:db8::/32`, or a single one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// A text that names no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an address or network, such as 10.0.0.7 or 10.0.0.0/8")]
pub struct InvalidNetwork;

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let (address, bits) = text
            .split_once('/')
            .map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.trim().parse().map_err(|_| InvalidNetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits
            .map_or(Ok(most), str::parse)
            .map_err(|_| InvalidNetwork)?;
        if bits > most {
            return Err(InvalidNetwork);
        }
        Ok(Self {
            address: masked(address, bits),
            bits,
        })
    }
}

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.address.is_ipv4() && masked(address, self.bits) == self.address
    }
}

/// An address with all but its first bits cleared.
pub(crate) fn masked(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX
                .checked_shl(u32::from(32 - bits.min(32)))
                .unwrap_or(0);
            IpAddr::V4((v4.to_bits() & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX
                .checked_shl(u32::from(128 - bits.min(128)))
                .unwrap_or(0);
            IpAddr::V6((v6.to_bits() & mask).into())
        }
    }
}

/// Where a request came from, when `proxies` may speak for others.
pub(crate) fn of(request: &HttpRequest, proxies: &[Network]) -> Option<IpAddr> {
    let trusted = |address| proxies.iter().any(|network| network.contains(address));
    let mut address = request.peer_addr()?.ip().to_canonical();
    let fields: Vec<_> = request
        .headers()
        .get_all(X_FORWARDED_FOR)
        .filter_map(|value| value.to_str().ok())
        .collect();
    let hops = fields.iter().rev().flat_map(|field| field.rsplit(','));
    for hop in hops.take(MOST_HOPS) {
        if !trusted(address) {
            break;
        }
        let Some(before) = host(hop.trim()) else {
            break;
        };
        address = before;
    }
    Some(address)
}

/// The address of an entry, which some proxies write with a port.
fn host(entry: &str) -> Option<IpAddr> {
    let bare = entry
        .strip_prefix('[')
        .and_then(|rest| rest.split(']').next());
    let with_port = || {
        entry
            .rsplit_once(':')
            .and_then(|(host, _)| host.parse().ok())
    };
    let address: Option<IpAddr> = match bare {
        Some(bare) => bare.parse().ok(),
        None => entry.parse().ok().or_else(with_port),
    };
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use actix_web::test::TestRequest;

    use super::*;

    fn from(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let peer: SocketAddr = peer.parse().unwrap();
        let mut request = TestRequest::default().peer_addr(peer);
        for field in forwarded {
            request = request.append_header((X_FORWARDED_FOR, *field));
        }
        let proxies: Vec<Network> = proxies.iter().map(|text| text.parse().unwrap()).collect();
        of(&request.to_http_request(), &proxies)
            .unwrap()
            .to_string()
    }

    #[test]
    fn what_a_stranger_says_about_its_address_is_not_believed() {
        assert_eq!(from("203.0.113.9:1", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(
            from("203.0.113.9:1", &["198.51.100.1"], &["10.0.0.0/8"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn a_trusted_proxy_speaks_for_the_one_who_connected_to_it() {
        let proxies = ["10.0.0.0/8", "::1"];
        assert_eq!(
            from("10.1.2.3:1", &["198.51.100.1"], &proxies),
            "198.51.100.1"
        );
        assert_eq!(
            from("10.1.2.3:1", &["6.6.6.6, 198.51.100.1"], &proxies),
            "198.51.100.1",
            "what the client itself put before is not believed"
        );
        assert_eq!(
            from("[::1]:1", &["6.6.6.6", "198.51.100.1, 10.9.9.9"], &proxies),
            "198.51.100.1",
            "two proxies"
        );
        assert_eq!(
            from("10.1.2.3:1", &["[2001:db8::7]:443"], &proxies),
            "2001:db8::7"
        );
        assert_eq!(
            from("10.1.2.3:1", &["198.51.100.1:80"], &proxies),
            "198.51.100.1"
        );
        assert_eq!(from("10.1.2.3:1", &["unknown"], &proxies), "10.1.2.3");
        assert_eq!(
            from("[::ffff:10.1.2.3]:1", &["198.51.100.1"], &proxies),
            "198.51.100.1"
        );
    }

    #[test]
    fn networks_are_read_as_people_write_them() {
        assert!("10.0.0.0/33".parse::<Network>().is_err());
        assert!("proxy".parse::<Network>().is_err());
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains("8.8.8.8".parse().unwrap()));
        assert!(!all.contains("::1".parse().unwrap()));
    }
}
