//! What separates the failing sign-ins from those that work, and the honesty where nothing does.

use super::super::compare::compare;
use super::*;
use crate::views::triage::{Comparison, Dimension};

fn of(failing: &[SignInRow], working: &[SignInRow]) -> Comparison {
    compare(&failing.iter().collect::<Vec<_>>(), &working.iter().collect::<Vec<_>>(), false)
}

fn many(times: usize, change: impl Fn(usize, SignInRow) -> SignInRow) -> Vec<SignInRow> {
    (0..times).map(|n| change(n, row(HOUR))).collect()
}

fn about(comparison: &Comparison) -> Vec<Dimension> {
    comparison.differences.iter().map(|difference| difference.about).collect()
}

#[test]
fn another_laptop_that_is_not_compliant_is_what_separates_them() {
    let failing = many(25, |_, row| SignInRow { device_id: "d-new".to_owned(), device_name: "FKR-NB-2291".to_owned(), compliant: Some(false), ..row });
    let found = of(&failing, &many(19, |_, row| row));
    assert_eq!(about(&found), [Dimension::Compliance, Dimension::Device]);
    let device = &found.differences[1];
    assert_eq!((device.failing.as_str(), device.failing_count, device.failing_of), ("FKR-NB-2291", 25, 25));
    assert_eq!((device.working.as_str(), device.working_count, device.working_of), ("FKR-NB-0417", 19, 19));
    assert_eq!(found.sentence, "What separates them: compliance, device");
    assert_eq!(found.caution, None);
}

#[test]
fn another_country_says_it_all_and_city_and_network_are_not_said_again() {
    let found = of(&many(6, |_, row| abroad(row)), &many(6, |_, row| row));
    assert_eq!(about(&found), [Dimension::Country]);
    let at_home = of(&many(6, |_, row| SignInRow { ip: "203.0.113.7".to_owned(), ..row }), &many(6, |_, row| row));
    assert_eq!(about(&at_home), [Dimension::Network], "the same town by another line");
}

#[test]
fn several_countries_that_never_worked_are_one_difference() {
    let found = of(&many(9, |n, row| SignInRow { country: ["SG", "VN", "IN"][n % 3].to_owned(), city: String::new(), ..row }), &many(5, |_, row| row));
    assert_eq!((about(&found)[0], found.differences[0].failing.as_str(), found.differences[0].failing_count), (Dimension::Country, "IN, SG, VN", 9));
}

#[test]
fn what_also_works_is_no_difference() {
    let mut working = many(19, |_, row| row);
    working.push(abroad(row(HOUR)));
    let found = of(&many(25, |_, row| abroad(row)), &working);
    assert!(!about(&found).contains(&Dimension::Country), "it worked from there once");
    let half = of(&many(10, |n, row| if n < 7 { abroad(row) } else { row }), &many(5, |_, row| row));
    assert!(about(&half).is_empty(), "7 of 10 is not nearly all");
    let nearly = of(&many(10, |n, row| if n < 8 { abroad(row) } else { row }), &many(5, |_, row| row));
    assert_eq!((about(&nearly), nearly.differences[0].failing_count, nearly.differences[0].failing_of), (vec![Dimension::Country], 8, 10));
}

#[test]
fn nothing_that_differs_is_said_as_nothing() {
    let found = of(&many(4, |_, row| row), &many(19, |_, row| row));
    assert!(found.differences.is_empty());
    assert!(found.sentence.starts_with("Nothing separates the failing sign-ins from the 19 that worked"), "{}", found.sentence);
    assert_eq!(found.caution, None);
}

#[test]
fn without_a_working_sign_in_there_is_nothing_to_compare_with() {
    let found = of(&many(4, |_, row| row), &[]);
    assert_eq!(found.sentence, "No working sign-in of this user in 30 days, so there is nothing to compare with");
    assert_eq!((found.differences.len(), found.working), (0, 0));
}

#[test]
fn what_entra_did_not_record_counts_on_neither_side() {
    let silent = |row: SignInRow| SignInRow { country: String::new(), city: String::new(), ip: String::new(), ..row };
    let found = of(&many(5, |_, row| abroad(row)), &many(5, |_, row| silent(row)));
    assert!(about(&found).is_empty(), "nobody knows from where it worked");
    let unknown_device = of(&many(5, |_, row| SignInRow { compliant: None, device_id: String::new(), ..row }), &many(5, |_, row| row));
    assert!(!about(&unknown_device).contains(&Dimension::Compliance));
}

#[test]
fn a_few_sign_ins_may_be_chance() {
    let found = of(&many(1, |_, row| abroad(row)), &many(19, |_, row| row));
    assert_eq!(found.caution.as_deref(), Some("Only 1 failing sign-in: this may be chance"));
    let found = of(&many(9, |_, row| abroad(row)), &many(2, |_, row| row));
    assert_eq!(found.caution.as_deref(), Some("Only 2 working sign-ins: this may be chance"));
}

#[test]
fn an_old_client_and_another_application_are_found() {
    let found = of(
        &many(6, |_, row| SignInRow { client_app: "IMAP4".to_owned(), browser: String::new(), app_name: "Office 365 Exchange Online".to_owned(), ..row }),
        &many(6, |_, row| SignInRow { app_name: "Microsoft Teams".to_owned(), ..row }),
    );
    assert_eq!(about(&found), [Dimension::Client, Dimension::Application]);
}

#[test]
fn a_device_that_shows_no_identity_is_one_that_is_not_registered() {
    let found =
        of(&many(6, |_, row| SignInRow { device_id: String::new(), device_name: String::new(), compliant: Some(false), ..row }), &many(6, |_, row| row));
    assert_eq!(about(&found), [Dimension::Compliance, Dimension::Device]);
    assert_eq!(found.differences[1].failing, "a device that is not registered");
}
