//! Where sign-ins come from: offices, homes, journeys and attackers. Every address is of a range kept for documentation
//! (RFC 5737, RFC 3849), so that none can be anybody's.

use super::customers::{CUSTOMERS, Customer, Place, place};

/// Places that people travel to and that attackers seem to sit in.
pub(super) const ABROAD: [Place; 10] = [
    place("Singapore", "", "SG", 1.290, 103.850),
    place("New York", "New York", "US", 40.713, -74.006),
    place("Barcelona", "Catalonia", "ES", 41.386, 2.170),
    place("Milan", "Lombardy", "IT", 45.464, 9.190),
    place("Istanbul", "Istanbul", "TR", 41.008, 28.978),
    place("São Paulo", "São Paulo", "BR", -23.551, -46.633),
    place("Lagos", "Lagos", "NG", 6.455, 3.394),
    place("Hanoi", "Hanoi", "VN", 21.028, 105.854),
    place("Jakarta", "Jakarta", "ID", -6.208, 106.846),
    place("Mumbai", "Maharashtra", "IN", 19.076, 72.878),
];

fn number(customer: &Customer) -> usize {
    CUSTOMERS.iter().position(|c| c.key == customer.key).unwrap_or(0)
}

/// The office's own address and, in newer offices, an IPv6 one.
pub(super) fn office_address(customer: &Customer, office: usize, six: bool) -> String {
    let n = number(customer);
    if six { format!("2001:db8:{:x}:{office:x}::1{office}", n + 1) } else { format!("198.51.100.{}", n * 20 + office * 4 + 1) }
}

pub(super) fn office_ranges(customer: &Customer) -> Vec<String> {
    let n = number(customer);
    let four = (0..customer.offices.len()).map(|office| format!("198.51.100.{}/30", n * 20 + office * 4));
    let six = (0..customer.offices.len()).map(|office| format!("2001:db8:{:x}:{office:x}::/64", n + 1));
    four.chain(six).collect()
}

pub(super) fn home_address(customer: &Customer, account: usize) -> String {
    if account.is_multiple_of(3) {
        format!("203.0.113.{}", 1 + (account * 7 + number(customer) * 31) % 254)
    } else {
        format!("2001:db8:{:x}:{:x}::{:x}", 0x100 + number(customer), account & 0xffff, 2 + account % 40)
    }
}

pub(super) fn foreign_address(number: usize) -> String {
    format!("192.0.2.{}", 1 + number % 254)
}
