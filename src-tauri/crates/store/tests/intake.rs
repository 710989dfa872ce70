//! Sign-ins read with overlaps, in parcels of any size, are stored as they came.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use common::{CONTOSO, FABRIKAM, sign_in, store};
use proptest::prelude::*;
use store::{
    Store,
    sign_ins::{self, Keys, Parcel, Repeats, SignInRow},
};

/// The sign-in of one moment; the small numbers say what it has in common with others.
fn happened(at: i64, user: u8, place: u8, policy: u8) -> SignInRow {
    SignInRow {
        user_id: format!("u{user}"),
        upn: format!("u{user}@example.test"),
        user_name: format!("User {user}"),
        ip: format!("192.0.2.{place}"),
        city: format!("City {place}"),
        device_name: format!("PC-{user}-{place}"),
        error_code: i64::from(policy),
        app_name: format!("App {policy}"),
        applied: format!(r#"[{{"id":"p{policy}","result":"success"}}]"#),
        ..sign_in(CONTOSO, &format!("s{at}"), at)
    }
}

fn pack(repeats: &mut Repeats, rows: &[&SignInRow]) -> Parcel {
    let mut parcel = Parcel::of(rows.len());
    for row in rows {
        repeats.pack(&mut parcel, &sign_ins::arrived(row, &[], "", ""));
    }
    parcel
}

/// One read of the log from a moment on, newest first, written in parcels. Returns how many were new.
fn read(store: &Store, log: &[SignInRow], from: i64, parcel: usize) -> u64 {
    let mut wanted: Vec<&SignInRow> = log.iter().filter(|row| row.created_at >= from).collect();
    wanted.sort_by_key(|row| std::cmp::Reverse(row.created_at));
    let (mut repeats, mut keys) = (Repeats::default(), Keys::default());
    wanted
        .chunks(parcel)
        .map(|rows| {
            let parcel = pack(&mut repeats, rows);
            store.write(|tx| sign_ins::write(tx, CONTOSO, &mut keys, parcel)).unwrap()
        })
        .sum()
}

fn stored(store: &Store) -> BTreeMap<String, SignInRow> {
    let filter = sign_ins::SignInFilter { tenant: CONTOSO.into(), ..sign_ins::SignInFilter::default() };
    let list = store.read(|conn| sign_ins::list(conn, &filter, sign_ins::SignInSort::At, store::Order::Ascending, store::Slice::first(1_000)));
    list.unwrap().rows.into_iter().map(|row| (row.id.clone(), row)).collect()
}

#[test]
fn what_a_stored_sign_in_said_first_is_known_when_a_new_one_says_it_again() {
    let (_folder, store) = store();
    let (late, early) = (happened(9, 1, 1, 1), SignInRow { id: "new".into(), ..happened(5, 1, 1, 1) });
    assert_eq!(read(&store, std::slice::from_ref(&late), 0, 1), 1);
    // The stored one comes first and in another parcel: its texts are looked up for the one that is new.
    assert_eq!(read(&store, &[late.clone(), early.clone()], 0, 1), 1);
    assert_eq!(stored(&store).into_values().collect::<Vec<_>>(), [early, late]);
}

#[test]
fn another_customers_sign_ins_are_no_overlap() {
    let (_folder, store) = store();
    let one = happened(9, 1, 1, 1);
    store.write(|tx| sign_ins::insert(tx, &[SignInRow { tenant: FABRIKAM.into(), ..one.clone() }])).unwrap();
    assert_eq!(read(&store, std::slice::from_ref(&one), 0, 10), 1);
    assert_eq!(stored(&store).into_values().collect::<Vec<_>>(), [one]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn reads_that_overlap_store_each_sign_in_once_and_whole(
        facts in proptest::collection::vec((0u8..4, 0u8..3, 0u8..3), 1..40),
        reads in proptest::collection::vec((0usize..41, 0i64..41, 1usize..8), 1..6),
    ) {
        let (_folder, store) = store();
        let log: Vec<SignInRow> = (0i64..).zip(&facts).map(|(at, (user, place, policy))| happened(at, *user, *place, *policy)).collect();
        let mut truth = BTreeMap::new();
        for (until, from, parcel) in reads {
            let log = &log[..until.min(log.len())];
            let before = truth.len();
            truth.extend(log.iter().filter(|row| row.created_at >= from).map(|row| (row.id.clone(), row.clone())));
            prop_assert_eq!(read(&store, log, from, parcel), (truth.len() - before) as u64);
        }
        prop_assert_eq!(stored(&store), truth.clone());
        prop_assert_eq!(store.read(|conn| sign_ins::count(conn, CONTOSO)).unwrap(), truth.len() as u64);
    }
}
