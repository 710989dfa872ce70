//! Address ranges of named locations ("ipNamedLocation"): reading them with precise errors, and asking whether an address lies
//! in one. Ranges may overlap; hundreds of them cost a binary search. Which location is trusted is not known here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    #[error("\"{text}\" is no range: the prefix length is missing, as in {text}/32")]
    NoPrefix { text: String },
    #[error("\"{text}\" is no range: \"{address}\" is no IP address")]
    NoAddress { text: String, address: String },
    #[error("\"{text}\" is no range: \"{prefix}\" is no prefix length")]
    NoLength { text: String, prefix: String },
    #[error("\"{text}\" is no range: an {family} prefix has 0 to {most} bits, not {length}")]
    TooLong { text: String, family: &'static str, length: u32, most: u32 },
    #[error("{lower} to {upper} is no range: {why}")]
    NoInterval { lower: String, upper: String, why: &'static str },
    #[error("entry {index} of the ranges is none: {found}")]
    NoRange { index: usize, found: String },
}

impl RangeError {
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPrefix { .. } => "network.no_prefix",
            Self::NoAddress { .. } => "network.no_address",
            Self::NoLength { .. } => "network.no_length",
            Self::TooLong { .. } => "network.prefix_too_long",
            Self::NoInterval { .. } => "network.no_interval",
            Self::NoRange { .. } => "network.no_range",
        }
    }
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        "Correct the range in the Entra admin center, Conditional Access, Named locations, then resync."
    }
}

/// Both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IpRange {
    V4 { first: u32, last: u32 },
    V6 { first: u128, last: u128 },
}

impl IpRange {
    /// A range in CIDR notation. Bits behind the prefix are tolerated, as Graph tolerates them; a range of IPv4-mapped
    /// addresses (`::ffff:203.0.113.0/120`) is the IPv4 range it maps.
    ///
    /// # Errors
    /// When the text is none; the error says which part.
    pub fn parse(text: &str) -> Result<Self, RangeError> {
        let text = text.trim();
        let owned = || shortened(text);
        let (address, prefix) = text.split_once('/').ok_or_else(|| RangeError::NoPrefix { text: owned() })?;
        let parsed: IpAddr = address.trim().parse().map_err(|_| RangeError::NoAddress { text: owned(), address: shortened(address) })?;
        let prefix = prefix.trim();
        let length: u32 = Some(prefix)
            .filter(|prefix| !prefix.is_empty() && prefix.chars().all(|c| c.is_ascii_digit()))
            .and_then(|prefix| prefix.parse().ok())
            .ok_or_else(|| RangeError::NoLength { text: owned(), prefix: shortened(prefix) })?;
        let (family, most) = if parsed.is_ipv4() { ("IPv4", 32) } else { ("IPv6", 128) };
        if length > most {
            return Err(RangeError::TooLong { text: owned(), family, length, most });
        }
        Ok(match parsed {
            IpAddr::V4(address) => v4(u32::from(address), length),
            IpAddr::V6(address) => match address.to_ipv4_mapped() {
                Some(mapped) if length >= 96 => v4(u32::from(mapped), length - 96),
                _ => {
                    let host = u128::MAX.checked_shr(length).unwrap_or(0);
                    let bits = u128::from(address);
                    Self::V6 { first: bits & !host, last: bits | host }
                }
            },
        })
    }

    /// A range as a named location has it: in CIDR notation, or two addresses with a hyphen.
    ///
    /// # Errors
    /// When the text is neither.
    pub fn of_location(text: &str) -> Result<Self, RangeError> {
        match text.split_once('-') {
            Some((lower, upper)) => Self::between(lower, upper),
            None => Self::parse(text),
        }
    }

    /// # Errors
    /// When an end is no address, the ends are of two families, or the range runs backwards.
    pub fn between(lower: &str, upper: &str) -> Result<Self, RangeError> {
        let refuse = |why| RangeError::NoInterval { lower: shortened(lower), upper: shortened(upper), why };
        match (address(lower), address(upper)) {
            (Some(IpAddr::V4(first)), Some(IpAddr::V4(last))) if first <= last => Ok(Self::V4 { first: first.into(), last: last.into() }),
            (Some(IpAddr::V6(first)), Some(IpAddr::V6(last))) if first <= last => Ok(Self::V6 { first: first.into(), last: last.into() }),
            (Some(first), Some(last)) if first.is_ipv4() == last.is_ipv4() => Err(refuse("it runs backwards")),
            (Some(_), Some(_)) => Err(refuse("one end is IPv4, the other IPv6")),
            _ => Err(refuse("an end is no IP address")),
        }
    }

    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self, canonical(address)) {
            (Self::V4 { first, last }, IpAddr::V4(address)) => (*first..=*last).contains(&address.into()),
            (Self::V6 { first, last }, IpAddr::V6(address)) => (*first..=*last).contains(&address.into()),
            _ => false,
        }
    }

    /// Some address that lies in it.
    #[must_use]
    pub fn first_address(&self) -> IpAddr {
        match self {
            Self::V4 { first, .. } => IpAddr::V4(Ipv4Addr::from(*first)),
            Self::V6 { first, .. } => IpAddr::V6(Ipv6Addr::from(*first)),
        }
    }
}

fn v4(bits: u32, length: u32) -> IpRange {
    let host = u32::MAX.checked_shr(length).unwrap_or(0);
    IpRange::V4 { first: bits & !host, last: bits | host }
}

fn shortened(text: &str) -> String {
    text.chars().take(64).collect()
}

/// An IPv4-mapped IPv6 address is the IPv4 address it maps.
#[must_use]
pub fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// An address as a request or the sign-in log writes it: perhaps with a port, in brackets, or with a zone.
#[must_use]
pub fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(canonical(address));
    }
    if let Ok(socket) = text.parse::<std::net::SocketAddr>() {
        return Some(canonical(socket.ip()));
    }
    let text = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let text = text.split_once('%').map_or(text, |(address, _)| address);
    text.parse::<IpAddr>().ok().map(canonical)
}

/// Many ranges, asked often: sorted and merged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IpRanges {
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
}

impl FromIterator<IpRange> for IpRanges {
    fn from_iter<I: IntoIterator<Item = IpRange>>(ranges: I) -> Self {
        let mut found = Self::default();
        for range in ranges {
            match range {
                IpRange::V4 { first, last } => found.v4.push((first, last)),
                IpRange::V6 { first, last } => found.v6.push((first, last)),
            }
        }
        merge(&mut found.v4);
        merge(&mut found.v6);
        found
    }
}

fn merge<T: Ord + Copy>(ranges: &mut Vec<(T, T)>) {
    ranges.sort_unstable();
    let mut kept: Vec<(T, T)> = Vec::with_capacity(ranges.len());
    for &(first, last) in ranges.iter() {
        match kept.last_mut() {
            Some(before) if first <= before.1 => before.1 = before.1.max(last),
            _ => kept.push((first, last)),
        }
    }
    *ranges = kept;
}

fn lies_in<T: Ord + Copy>(ranges: &[(T, T)], at: T) -> bool {
    let behind = ranges.partition_point(|(first, _)| *first <= at);
    behind.checked_sub(1).and_then(|index| ranges.get(index)).is_some_and(|(_, last)| at <= *last)
}

impl IpRanges {
    /// Graph's `ipRanges`: CIDR ranges, or the older ranges from an address to another. What is no range is named, the rest works.
    #[must_use]
    pub fn from_graph(ranges: &Value) -> (Self, Vec<RangeError>) {
        let mut errors = Vec::new();
        let mut found = Vec::new();
        for (index, entry) in ranges.as_array().map_or(&[][..], Vec::as_slice).iter().enumerate() {
            let text = |name| entry.get(name).and_then(Value::as_str);
            let range = match (text("cidrAddress"), text("lowerAddress"), text("upperAddress")) {
                (Some(cidr), _, _) => IpRange::parse(cidr),
                (None, Some(lower), Some(upper)) => IpRange::between(lower, upper),
                _ => Err(RangeError::NoRange { index, found: shortened(&entry.to_string()) }),
            };
            match range {
                Ok(range) => found.push(range),
                Err(error) => errors.push(error),
            }
        }
        (found.into_iter().collect(), errors)
    }

    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match canonical(address) {
            IpAddr::V4(address) => lies_in(&self.v4, u32::from(address)),
            IpAddr::V6(address) => lies_in(&self.v6, u128::from(address)),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn inside(range: &str, at: &str) -> bool {
        let range = IpRange::parse(range).unwrap();
        let at = address(at).unwrap();
        let alone = range.contains(at);
        assert_eq!(alone, [range].into_iter().collect::<IpRanges>().contains(at));
        alone
    }

    #[test]
    fn an_address_is_in_the_range_whose_prefix_it_shares() {
        for (range, at, expected) in [
            ("203.0.113.0/24", "203.0.113.0", true),
            ("203.0.113.0/24", "203.0.113.255", true),
            ("203.0.113.0/24", "203.0.114.0", false),
            ("203.0.113.7/32", "203.0.113.7", true),
            ("203.0.113.7/32", "203.0.113.8", false),
            ("203.0.113.77/24", "203.0.113.1", true),
            ("0.0.0.0/0", "255.255.255.255", true),
            ("0.0.0.0/0", "::1", false),
            ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("2001:db8::1/128", "2001:DB8:0:0::1", true),
            ("::/0", "2001:db9::1", true),
            ("::/0", "10.0.0.1", false),
            ("203.0.113.0/24", "::ffff:203.0.113.9", true),
            ("::ffff:203.0.113.0/120", "203.0.113.9", true),
            ("203.0.113.0/24", "203.0.113.9:4711", true),
            ("2001:db8::/32", "[2001:db8::9]:4711", true),
            ("fe80::/10", "fe80::1%eth0", true),
            ("2001:db8::/32", "2001:db7::1", false),
            ("2001:db8::5/32", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true),
            ("203.0.113.77/24", "203.0.113.255", true),
            ("::ffff:203.0.113.0/120", "203.0.114.9", false),
            ("::ffff:203.0.113.0/96", "9.9.9.9", true),
            ("::ffff:203.0.113.0/64", "::1", true),
        ] {
            assert_eq!(inside(range, at), expected, "{at} in {range}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused_with_the_part_that_is_wrong() {
        for (text, code) in [
            ("203.0.113.0", "network.no_prefix"),
            ("", "network.no_prefix"),
            ("203.0.113/24", "network.no_address"),
            ("300.0.0.0/8", "network.no_address"),
            ("example.com/24", "network.no_address"),
            ("10.0.0.0/", "network.no_length"),
            ("10.0.0.0/+8", "network.no_length"),
            ("10.0.0.0/x", "network.no_length"),
            ("10.0.0.0/33", "network.prefix_too_long"),
            ("2001:db8::/129", "network.prefix_too_long"),
            ("10.0.0.0/99999999999", "network.no_length"),
        ] {
            assert_eq!(IpRange::parse(text).unwrap_err().code(), code, "{text}");
        }
        assert_eq!(IpRange::parse("10.0.0.0/33").unwrap_err().to_string(), "\"10.0.0.0/33\" is no range: an IPv4 prefix has 0 to 32 bits, not 33");
        assert!(address("here").is_none());
        assert!(IpRange::parse("10.0.0.0/33").unwrap_err().next_step().contains("Named locations"));
        for (lower, upper, why) in [
            ("10.0.0.9", "10.0.0.3", "it runs backwards"),
            ("2001:db8::9", "2001:db8::3", "it runs backwards"),
            ("10.0.0.9", "2001:db8::3", "one end is IPv4, the other IPv6"),
            ("10.0.0.9", "here", "an end is no IP address"),
        ] {
            assert_eq!(IpRange::between(lower, upper).unwrap_err().to_string(), format!("{lower} to {upper} is no range: {why}"));
        }
        assert_eq!(IpRange::between("10.0.0.3", "10.0.0.3").unwrap().first_address().to_string(), "10.0.0.3");
        let ipv6 = IpRange::between("2001:db8::3", "2001:db8::9").unwrap();
        assert!(ipv6.contains(address("2001:db8::9").unwrap()) && !ipv6.contains(address("2001:db8::a").unwrap()) && ipv6.first_address().is_ipv6());
    }

    #[test]
    fn ranges_of_graph_are_read_and_a_wrong_one_does_not_spoil_the_others() {
        let (ranges, errors) = IpRanges::from_graph(&json!([
            {"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "12.34.221.11/22"},
            {"@odata.type": "#microsoft.graph.iPv6CidrRange", "cidrAddress": "2001:0:9d38:90d6:0:0:0:0/63"},
            {"@odata.type": "#microsoft.graph.iPv4Range", "lowerAddress": "198.51.100.3", "upperAddress": "198.51.100.9"},
            {"lowerAddress": "198.51.100.9", "upperAddress": "198.51.100.3"},
            {"lowerAddress": "198.51.100.9", "upperAddress": "::1"},
            {"cidrAddress": "office"},
            "10.0.0.0/8",
        ]));
        for (at, expected) in [("12.34.220.0", true), ("12.34.224.0", false), ("2001:0:9d38:90d7::5", true), ("198.51.100.9", true), ("198.51.100.10", false)] {
            assert_eq!(ranges.contains(address(at).unwrap()), expected, "{at}");
        }
        assert_eq!(
            errors.iter().map(RangeError::code).collect::<Vec<_>>(),
            ["network.no_interval", "network.no_interval", "network.no_prefix", "network.no_range"]
        );
    }

    #[test]
    fn ranges_are_empty_only_where_there_is_none_of_either_family() {
        let of = |ranges: &[&str]| ranges.iter().map(|range| IpRange::parse(range).unwrap()).collect::<IpRanges>();
        assert!(of(&[]).is_empty() && !of(&["10.0.0.0/8"]).is_empty() && !of(&["::/0"]).is_empty());
    }

    proptest! {
        #[test]
        fn merged_ranges_hold_exactly_what_the_single_ones_hold(
            cidrs in prop::collection::vec((any::<u32>(), 0u32..=32), 0..60),
            addresses in prop::collection::vec(any::<u32>(), 40),
        ) {
            let single: Vec<IpRange> = cidrs.iter().map(|(bits, length)| IpRange::parse(&format!("{}/{length}", Ipv4Addr::from(*bits))).unwrap()).collect();
            let merged: IpRanges = single.iter().copied().collect();
            for bits in addresses.into_iter().chain(cidrs.iter().flat_map(|(bits, _)| [*bits, bits.wrapping_add(1), bits.wrapping_sub(1)])) {
                let at = IpAddr::V4(bits.into());
                prop_assert_eq!(merged.contains(at), single.iter().any(|range| range.contains(at)));
            }
        }
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,40}") {
            let _ = (IpRange::parse(&text), address(&text), IpRange::between(&text, "::1"));
        }
    }
}
