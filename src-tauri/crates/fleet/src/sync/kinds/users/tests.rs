#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use store::{Store, tenants::TenantRow};

use super::*;

const TENANT: &str = "11111111-1111-4111-8111-111111111111";

fn store() -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    let store = Store::open(directory.path().join("t.db"), now).unwrap();
    store.write(|tx| TenantRow::new(TENANT, "Contoso", "contoso.com", "global", "secret", "c", 0).put(tx)).unwrap();
    (directory, store)
}

fn page(store: &Store, values: &[Value], round: Round) {
    let values = values.iter().map(|value| serde_json::from_value(value.clone()).unwrap()).collect();
    let users = named(values).expect("each has an id");
    store.write(|tx| apply(tx, TENANT, users, round, 0, false)).unwrap();
}

fn user(id: u32) -> Value {
    json!({"id": format!("ID-{id}"), "displayName": format!("User {id}"), "userPrincipalName": format!("u{id}@contoso.com"), "department": "Sales"})
}

#[test]
fn a_change_leaves_the_fields_that_it_does_not_name() {
    let (_directory, store) = store();
    page(&store, &[user(1)], Round::Whole { generation: 5 });
    page(&store, &[json!({"id": "id-1", "jobTitle": "Chief"})], Round::Changes);
    let row = store.read(|conn| users::get(conn, TENANT, "id-1")).unwrap().unwrap();
    assert_eq!((row.department.as_deref(), row.job_title.as_deref(), row.generation), (Some("Sales"), Some("Chief"), 5));
    page(&store, &[json!({"id": "id-1", "department": null})], Round::Changes);
    assert_eq!(store.read(|conn| users::get(conn, TENANT, "id-1")).unwrap().unwrap().department, None);
}

#[test]
fn a_manager_comes_goes_and_is_replaced_as_delta_query_tells_it() {
    let (_directory, store) = store();
    let manager = |store: &Store| store.read(|conn| users::get(conn, TENANT, "id-1")).unwrap().unwrap().manager_id;
    let gone = |id: &str| json!({"@odata.type": "#microsoft.graph.user", "id": id, "@removed": {"reason": "deleted"}});
    let mut first = user(1);
    first["manager@delta"] = json!([{"@odata.type": "#microsoft.graph.user", "id": "ID-2"}]);
    page(&store, &[first, user(2)], Round::Whole { generation: 5 });
    assert_eq!(manager(&store).as_deref(), Some("id-2"));
    let row = store.read(|conn| users::get(conn, TENANT, "id-1")).unwrap().unwrap();
    assert_eq!(row.other, "{}", "it is a column, not a field that nobody knows");
    assert_eq!(store.read(|conn| users::manager_of(conn, TENANT, "id-1")).unwrap().as_deref(), Some("User 2"));
    page(&store, &[json!({"id": "id-1", "jobTitle": "Chief"})], Round::Changes);
    assert_eq!(manager(&store).as_deref(), Some("id-2"), "nothing was said of the manager");
    page(&store, &[json!({"id": "id-1", "manager@delta": [gone("ID-2"), {"id": "ID-3"}]})], Round::Changes);
    assert_eq!(manager(&store).as_deref(), Some("id-3"));
    page(&store, &[json!({"id": "id-1", "manager@delta": [gone("ID-3")]})], Round::Changes);
    assert_eq!(manager(&store), None);
    page(&store, &[json!({"id": "id-1", "manager@delta": "nonsense"})], Round::Changes);
    assert_eq!(manager(&store), None);
}

#[test]
fn both_reasons_of_removal_remove() {
    let (_directory, store) = store();
    page(&store, &[user(1), user(2), user(3)], Round::Whole { generation: 5 });
    page(&store, &[json!({"id": "id-1", "@removed": {"reason": "deleted"}}), json!({"id": "id-2", "@removed": {"reason": "changed"}})], Round::Changes);
    assert_eq!(store.read(|conn| users::count(conn, TENANT)).unwrap(), 1);
}

#[test]
fn a_new_full_round_forgets_fields_and_users_that_it_does_not_see() {
    let (_directory, store) = store();
    page(&store, &[user(1), user(2)], Round::Whole { generation: 5 });
    page(&store, &[json!({"id": "id-1", "displayName": "One", "userPrincipalName": "u1@contoso.com"})], Round::Whole { generation: 6 });
    // Until the last page is there, the older rows are readable.
    assert_eq!(store.read(|conn| users::count(conn, TENANT)).unwrap(), 2);
    store.write(|tx| users::sweep(tx, TENANT, 6)).unwrap();
    let row = store.read(|conn| users::get(conn, TENANT, "id-1")).unwrap().unwrap();
    assert_eq!((row.display_name.as_str(), row.department), ("One", None));
    assert_eq!(store.read(|conn| users::count(conn, TENANT)).unwrap(), 1);
}

#[test]
fn a_page_with_a_user_who_has_no_id_is_garbage() {
    let one = |id: Option<&str>| UserFields { id: id.map(str::to_owned), ..UserFields::default() };
    assert_eq!(named(vec![one(Some(" ID-1 "))]).unwrap()[0].0, "id-1");
    for id in [None, Some(""), Some("  ")] {
        assert!(named(vec![one(Some("a")), one(id)]).is_none(), "{id:?}");
    }
}

/// What happens in a directory between two reads.
#[derive(Debug, Clone)]
enum Happening {
    Named { user: u8, name: u8 },
    Became { user: u8, guest: bool, enabled: bool },
    Left { user: u8 },
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        (0u8..12, any::<u8>()).prop_map(|(user, name)| Happening::Named { user, name }),
        (0u8..12, any::<bool>(), any::<bool>()).prop_map(|(user, guest, enabled)| Happening::Became { user, guest, enabled }),
        (0u8..12).prop_map(|user| Happening::Left { user }),
    ]
}

fn told(happening: &Happening) -> Value {
    match happening {
        Happening::Named { user, name } => {
            json!({"id": format!("u{user}"), "displayName": format!("N{name}"), "userPrincipalName": format!("u{user}@contoso.com")})
        }
        Happening::Became { user, guest, enabled } => {
            json!({"id": format!("u{user}"), "userType": if *guest { "Guest" } else { "Member" }, "accountEnabled": enabled})
        }
        Happening::Left { user } => json!({"id": format!("u{user}"), "@removed": {"reason": "changed"}}),
    }
}

/// What policies look at of every account.
fn deciding(store: &Store) -> Vec<(String, Option<String>, Option<bool>)> {
    store.read(|conn| users::all(conn, TENANT)).unwrap().into_iter().map(|row| (row.id, row.user_type, row.account_enabled)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Pages are replayed from any earlier page on, as after a crash or a network loss, any number of times; when the last
    /// page was applied the table is the truth.
    #[test]
    fn replays_of_delta_pages_end_in_the_truth(
        happenings in proptest::collection::vec(happening(), 1..40),
        size in 1usize..6,
        rewinds in proptest::collection::vec(0usize..40, 0..8),
    ) {
        let (_directory, store) = store();
        let pages: Vec<Vec<Value>> = happenings.chunks(size).map(|chunk| chunk.iter().map(told).collect()).collect();
        let mut rewinds = rewinds.into_iter();
        let mut at = 0;
        while at < pages.len() {
            page(&store, &pages[at], Round::Changes);
            at = match rewinds.next() {
                Some(back) => (at + 1).saturating_sub(back % (at + 2)),
                None => at + 1,
            };
        }
        let mut truth = BTreeMap::new();
        for happening in &happenings {
            match happening {
                Happening::Named { user, name } => { truth.insert(format!("u{user}"), format!("N{name}")); }
                Happening::Became { user, .. } => { truth.entry(format!("u{user}")).or_default(); }
                Happening::Left { user } => { truth.remove(&format!("u{user}")); }
            }
        }
        let table: BTreeMap<String, String> = store.read(|conn| users::all(conn, TENANT)).unwrap()
            .into_iter().map(|row| (row.id, row.display_name)).collect();
        prop_assert_eq!(table, truth);
    }

    /// Whoever comes, goes or becomes another kind of account makes the policies be judged again; nothing else does.
    #[test]
    fn the_directory_has_a_new_revision_exactly_when_policies_may_do_something_else(happenings in proptest::collection::vec(happening(), 1..40)) {
        let (_directory, store) = store();
        let revision = |store: &Store| store.read(|conn| directory_revision::get(conn, TENANT)).unwrap();
        for happening in &happenings {
            let mut before = (deciding(&store), revision(&store));
            page(&store, &[told(happening)], Round::Changes);
            let mut after = (deciding(&store), revision(&store));
            before.0.sort();
            after.0.sort();
            prop_assert_eq!(before.0 != after.0, before.1 != after.1, "{:?}", happening);
            prop_assert!(after.1 >= before.1);
        }
    }
}

#[test]
fn an_account_that_comes_twice_in_the_first_round_keeps_the_fields_that_the_second_page_leaves_out() {
    let (_directory, store) = store();
    let again = json!({"id": "id-1", "jobTitle": "Chief"});
    let values = [user(1), again].iter().map(|value| serde_json::from_value(value.clone()).unwrap()).collect();
    store.write(|tx| apply(tx, TENANT, named(values).unwrap(), Round::Whole { generation: 5 }, 0, true)).unwrap();
    let row = store.read(|conn| users::get(conn, TENANT, "id-1")).unwrap().unwrap();
    assert_eq!((row.department.as_deref(), row.job_title.as_deref(), row.generation), (Some("Sales"), Some("Chief"), 5));
}
