//! The lists against a plain filter over rows in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{CONTOSO, FABRIKAM, alert, sign_in, store, user, verdict};
use proptest::{option, prelude::*, sample::select};
use store::{
    Order, Slice, alerts, audit_log, fold, mfa_verdicts, search,
    sign_ins::{self, SignInFilter, SignInResult, SignInRow, SignInSort},
    users::{self, UserFilter, UserSort},
};

const NAMES: [&str; 8] = ["José García", "Ολγα Παπά", "100% Off_Sale", "Anneke de Vries", "Иван", "O'Brien \\ Sons", "张伟", "maria"];
const APPS: [&str; 4] = ["Microsoft Teams", "Office 365", "Azure_Portal", "Zoom%"];
const TEXTS: [&str; 16] = ["jose", "JOSÉ", "%", "_", "\\", "'", "a", "  ", "παπά", "иван", "张", "192.0.2.", "teams", "zoom%", "u1@", "\" OR 1=1 --"];

prop_compose! {
    fn a_sign_in()(
        who in 0..NAMES.len(), app in 0..APPS.len(), ip in 1..5_u8, country in select(vec!["NL", "BE", ""]),
        result in select(vec![SignInResult::Success, SignInResult::Failure, SignInResult::Interrupted]),
        blocked: bool, legacy: bool, at in 0..1_000_i64, policies in proptest::collection::vec((0..4_u8, select(vec!["success", "failure", "notApplied"])), 0..4),
        contoso in prop::bool::weighted(0.9),
    ) -> SignInRow {
        let mut row = sign_in(if contoso { CONTOSO } else { FABRIKAM }, "", at);
        row.user_id = format!("u{who}");
        row.upn = format!("u{who}@example.test");
        row.user_name = NAMES[who].into();
        row.app_id = format!("app{app}");
        row.app_name = APPS[app].into();
        row.ip = format!("192.0.2.{ip}");
        row.country = country.into();
        row.result = result;
        row.blocked = blocked;
        row.legacy = legacy;
        let applied: Vec<_> = policies.iter().map(|(id, result)| serde_json::json!({ "id": format!("P{id}"), "result": result })).collect();
        row.applied = serde_json::to_string(&applied).unwrap();
        row
    }
}

prop_compose! {
    fn a_filter()(
        text in option::of(select(TEXTS.to_vec())), user in option::weighted(0.2, 0..9_usize),
        result in option::of(select(vec![SignInResult::Success, SignInResult::Failure, SignInResult::Interrupted])),
        blocked_by_policy in prop::bool::weighted(0.2), legacy in prop::bool::weighted(0.2),
        policy in option::weighted(0.3, 0..5_u8), app in option::weighted(0.2, 0..5_u8), country in option::weighted(0.2, select(vec!["NL", "BE", "XX"])),
        since in option::weighted(0.3, 0..1_000_i64), until in option::weighted(0.2, 0..1_000_i64),
    ) -> SignInFilter {
        SignInFilter {
            tenant: CONTOSO.into(), text: text.map(str::to_owned), user_id: user.map(|n| format!("u{n}")), result, blocked_by_policy, legacy,
            policy_id: policy.map(|n| format!("p{n}")), app_id: app.map(|n| format!("app{n}")), country: country.map(str::to_owned), since, until,
        }
    }
}

fn fits(filter: &SignInFilter, row: &SignInRow) -> bool {
    let wanted = filter.text.as_deref().map(fold).unwrap_or_default();
    let in_force = |policy: &str| {
        serde_json::from_str::<Vec<serde_json::Value>>(&row.applied)
            .unwrap()
            .iter()
            .any(|applied| applied["id"].as_str().unwrap().to_lowercase() == policy && applied["result"] != "notApplied")
    };
    row.tenant == filter.tenant
        && (wanted.is_empty()
            || [format!("{} {}", fold(&row.user_name), fold(&row.upn)), fold(&row.app_name), row.ip.clone()].iter().any(|text| text.contains(&wanted)))
        && filter.user_id.as_ref().is_none_or(|user| *user == row.user_id)
        && filter.result.is_none_or(|result| result == row.result)
        && (!filter.blocked_by_policy || row.blocked)
        && (!filter.legacy || row.legacy)
        && filter.policy_id.as_ref().is_none_or(|policy| in_force(policy))
        && filter.app_id.as_ref().is_none_or(|app| *app == row.app_id)
        && filter.country.as_ref().is_none_or(|country| *country == row.country)
        && filter.since.is_none_or(|since| row.created_at >= since)
        && filter.until.is_none_or(|until| row.created_at < until)
}

fn sort_key(sort: SignInSort, row: &SignInRow) -> (i64, String) {
    match sort {
        SignInSort::At => (row.created_at, String::new()),
        SignInSort::User => (0, format!("{} {}", fold(&row.user_name), fold(&row.upn))),
        SignInSort::App => (0, fold(&row.app_name)),
        SignInSort::Ip => (0, row.ip.clone()),
        SignInSort::Country => (0, row.country.clone()),
        SignInSort::Result => (row.result as i64, String::new()),
        SignInSort::Legacy => (i64::from(row.legacy), String::new()),
    }
}

const SORTS: [SignInSort; 7] = [SignInSort::At, SignInSort::User, SignInSort::App, SignInSort::Ip, SignInSort::Country, SignInSort::Result, SignInSort::Legacy];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_sign_in_list_is_what_a_plain_filter_gives(
        rows in proptest::collection::vec(a_sign_in(), 0..200), filters in proptest::collection::vec(a_filter(), 12),
        limit in 1..40_u64, offset in 0..30_u64, descending: bool, sort in select(SORTS.to_vec()),
    ) {
        let (_folder, store) = store();
        let rows: Vec<_> = rows.into_iter().enumerate().map(|(n, row)| SignInRow { id: format!("s{n}"), ..row }).collect();
        store.write(|tx| sign_ins::insert(tx, &rows)).unwrap();
        let all = rows.iter().filter(|row| row.tenant == CONTOSO).count() as u64;
        for filter in filters {
            let expected: Vec<&SignInRow> = rows.iter().filter(|row| fits(&filter, row)).collect();
            let order = Order::descending(descending);
            let slice = Slice { offset, limit };
            let listed = store.read(|conn| sign_ins::list(conn, &filter, sort, order, slice)).unwrap();
            prop_assert_eq!((listed.total, listed.all), (expected.len() as u64, all), "{:?}", &filter);
            prop_assert_eq!(store.read(|conn| sign_ins::count_of(conn, &filter)).unwrap(), listed.total);
            let mut keys: Vec<_> = expected.iter().map(|row| sort_key(sort, row)).collect();
            keys.sort();
            if descending {
                keys.reverse();
            }
            let window: Vec<_> = keys.iter().skip(offset as usize).take(limit as usize).cloned().collect();
            prop_assert_eq!(listed.rows.iter().map(|row| sort_key(sort, row)).collect::<Vec<_>>(), window, "{:?}", &filter);
            prop_assert!(listed.rows.iter().all(|row| expected.contains(&row)), "a row comes back as it was written");
        }
    }

    #[test]
    fn pages_of_the_list_join_without_gap_or_repeat(rows in proptest::collection::vec(a_sign_in(), 0..120), size in 1..30_u64, sort in select(SORTS.to_vec())) {
        let (_folder, store) = store();
        let rows: Vec<_> = rows.into_iter().enumerate().map(|(n, row)| SignInRow { id: format!("s{n}"), ..row }).collect();
        store.write(|tx| sign_ins::insert(tx, &rows)).unwrap();
        let filter = SignInFilter { tenant: CONTOSO.into(), ..SignInFilter::default() };
        let mut seen = Vec::new();
        loop {
            let slice = Slice { offset: seen.len() as u64, limit: size };
            let page = store.read(|conn| sign_ins::list(conn, &filter, sort, Order::Descending, slice)).unwrap();
            prop_assert_eq!(page.total, page.all);
            if page.rows.is_empty() {
                break;
            }
            seen.extend(page.rows.into_iter().map(|row| row.id));
        }
        let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
        prop_assert_eq!(distinct.len(), seen.len());
        prop_assert_eq!(seen.len(), rows.iter().filter(|row| row.tenant == CONTOSO).count());
    }

    #[test]
    fn the_users_list_is_what_a_plain_filter_gives(
        people in proptest::collection::vec((0..NAMES.len(), option::of((select(vec!["person", "guest"]), select(vec!["strong", "weak", "none", "unknown"]), any::<bool>(), any::<bool>()))), 0..120),
        text in option::of(select(TEXTS.to_vec())), buckets in prop::sample::subsequence(vec!["strong", "weak", "none", "unknown"], 0..4),
        classes in prop::sample::subsequence(vec!["person", "guest"], 0..2), admins_only: bool, stale_only in prop::bool::weighted(0.2), descending: bool,
    ) {
        let (_folder, store) = store();
        let rows: Vec<_> = people.iter().enumerate().map(|(n, (name, verdict))| (user(CONTOSO, &format!("u{n}"), NAMES[*name]), verdict)).collect();
        let verdicts: Vec<_> = rows.iter().filter_map(|(user, judged)| judged.map(|(class, bucket, admin, stale)| {
            let mut row = verdict(CONTOSO, &user.id, class, bucket);
            row.admin = admin;
            row.stale = stale;
            row
        })).collect();
        store.write(|tx| {
            users::put_all(tx, &rows.iter().map(|(user, _)| user.clone()).collect::<Vec<_>>())?;
            users::put_all(tx, &[user(FABRIKAM, "elsewhere", "José García")])?;
            mfa_verdicts::replace(tx, CONTOSO, &verdicts)
        }).unwrap();
        let filter = UserFilter {
            tenant: CONTOSO.into(), text: text.map(str::to_owned), buckets: buckets.iter().map(|b| b.to_string()).collect(),
            classes: classes.iter().map(|c| c.to_string()).collect(), admins_only, stale_only, ..UserFilter::default()
        };
        let wanted = text.map(fold).unwrap_or_default();
        let mut expected: Vec<&str> = rows.iter().filter(|(user, judged)| {
            (wanted.is_empty() || user.search.contains(&wanted))
                && (buckets.is_empty() || buckets.contains(&judged.map_or("unknown", |j| j.1)))
                && (classes.is_empty() || judged.is_some_and(|j| classes.contains(&j.0)))
                && (!admins_only || judged.is_some_and(|j| j.2))
                && (!stale_only || judged.is_some_and(|j| j.3))
        }).map(|(user, _)| user.id.as_str()).collect();
        expected.sort_unstable();
        for sort in [UserSort::DisplayName, UserSort::Upn, UserSort::Bucket, UserSort::Class, UserSort::LastSignIn, UserSort::Roles] {
            let listed = store.read(|conn| users::list(conn, &filter, sort, Order::descending(descending), Slice::first(500))).unwrap();
            let mut found: Vec<&str> = listed.rows.iter().map(|row| row.id.as_str()).collect();
            found.sort_unstable();
            prop_assert_eq!(&found, &expected, "{:?}", &filter);
            prop_assert_eq!((listed.total, listed.all), (expected.len() as u64, rows.len() as u64));
        }
        // Page by page, privileged first: everybody once, and nobody privileged after somebody who is not.
        let mut paged = Vec::new();
        while (paged.len() as u64) < expected.len() as u64 {
            let slice = Slice { offset: paged.len() as u64, limit: 7 };
            let page = store.read(|conn| users::list(conn, &filter, UserSort::Roles, Order::Descending, slice)).unwrap();
            prop_assert!(!page.rows.is_empty());
            paged.extend(page.rows.into_iter().map(|row| (row.id, row.verdict.is_some_and(|verdict| verdict.admin))));
        }
        prop_assert!(paged.windows(2).all(|pair| pair[0].1 || !pair[1].1));
        let mut ids: Vec<&str> = paged.iter().map(|(id, _)| id.as_str()).collect();
        ids.sort_unstable();
        prop_assert_eq!(ids, expected);
    }
}

#[test]
fn a_list_that_cannot_be_sorted_so_says_so() {
    for error in [SignInSort::named("1; DROP TABLE user").unwrap_err(), UserSort::named("nothing").unwrap_err()] {
        assert_eq!(error.code(), "input.invalid");
    }
    for name in ["at", "userName", "app", "ip", "place", "result"] {
        SignInSort::named(name).unwrap();
    }
}

#[test]
fn a_sign_in_that_comes_twice_is_kept_once() {
    let (_folder, store) = store();
    let row = sign_in(CONTOSO, "s1", 5);
    assert_eq!(store.write(|tx| sign_ins::insert(tx, &[row.clone(), row.clone()])).unwrap(), 1);
    assert_eq!(store.write(|tx| sign_ins::insert(tx, std::slice::from_ref(&row))).unwrap(), 0);
    assert_eq!(store.read(|conn| sign_ins::count(conn, CONTOSO)).unwrap(), 1);
    assert_eq!(store.read(|conn| sign_ins::get(conn, CONTOSO, "s1")).unwrap(), Some(row));
    assert_eq!(store.read(|conn| sign_ins::get(conn, FABRIKAM, "s1")).unwrap(), None);
}

#[test]
fn the_users_list_knows_when_each_last_signed_in() {
    let (_folder, store) = store();
    let mut renamed = sign_in(CONTOSO, "s2", 9);
    renamed.user_name = "User One Renamed".into();
    store
        .write(|tx| {
            users::put_all(tx, &[user(CONTOSO, "u1", "User One"), user(CONTOSO, "u2", "User Two")])?;
            sign_ins::insert(tx, &[sign_in(CONTOSO, "s1", 5), renamed.clone(), sign_in(FABRIKAM, "s3", 50)])
        })
        .unwrap();
    let filter = UserFilter { tenant: CONTOSO.into(), ..UserFilter::default() };
    let listed = store.read(|conn| users::list(conn, &filter, UserSort::LastSignIn, Order::Descending, Slice::first(10))).unwrap();
    assert_eq!(listed.rows.iter().map(|row| (row.id.as_str(), row.last_sign_in)).collect::<Vec<_>>(), [("u1", Some(9)), ("u2", None)]);
    assert_eq!(store.read(|conn| sign_ins::of_user(conn, CONTOSO, "u1", 0, 10)).unwrap(), [renamed, sign_in(CONTOSO, "s1", 5)]);
}

#[test]
fn everybodys_systems_are_those_they_got_in_from_under_whatever_name() {
    let (_folder, store) = store();
    let from = |id: &str, user: &str, name: &str, os: &str, result: SignInResult| SignInRow {
        user_id: user.into(),
        user_name: name.into(),
        os: os.into(),
        result,
        trust_type: (os == "Windows 11").then(|| "Azure AD joined".into()),
        ..sign_in(CONTOSO, id, 5)
    };
    let rows = [
        from("s1", "u2", "Second", "iOS 18", SignInResult::Success),
        from("s2", "u1", "First", "Windows 11", SignInResult::Success),
        from("s3", "u1", "First, renamed", "iOS 18", SignInResult::Success),
        from("s4", "u1", "First", "Windows 11", SignInResult::Success),
        from("s5", "u2", "Second", "Android 15", SignInResult::Failure),
        from("s6", "u3", "Nobody got in", "Linux", SignInResult::Failure),
        SignInRow { os: String::new(), user_id: "u4".into(), ..sign_in(CONTOSO, "s7", 5) },
        SignInRow { os: "Linux".into(), user_id: "u1".into(), ..sign_in(FABRIKAM, "s8", 5) },
    ];
    store.write(|tx| sign_ins::insert(tx, &rows)).unwrap();
    let mut told = Vec::new();
    let tell = |user: String, numbers: &[u16], systems: &[sign_ins::System]| {
        let mut names: Vec<_> = numbers.iter().map(|number| systems[usize::from(*number)].clone()).collect();
        names.sort();
        told.push((user, names));
    };
    store.read(|conn| sign_ins::systems(conn, CONTOSO, tell)).unwrap();
    let (ios, windows) = (("iOS 18".to_owned(), false), ("Windows 11".to_owned(), true));
    assert_eq!(told, [("u1".to_owned(), vec![windows.clone(), ios.clone()]), ("u2".to_owned(), vec![ios.clone()])]);
    let of = |user: &str| {
        let mut found = store.read(|conn| sign_ins::systems_of(conn, CONTOSO, user)).unwrap();
        found.sort();
        found
    };
    assert_eq!((of("u1"), of("u2"), of("u3")), (vec![windows, ios.clone()], vec![ios], vec![]));
    assert!(store.read(|conn| sign_ins::systems(conn, "nobody", |_, _, _| panic!("there is nobody"))).is_ok());
}

#[test]
fn the_inbox_shows_critical_first_and_filters() {
    let (_folder, store) = store();
    store
        .write(|tx| {
            for (key, severity, last_seen, title) in
                [("a", "low", 90, "Old"), ("b", "critical", 10, "100% of sign-ins"), ("c", "critical", 20, "Élodie signed in"), ("d", "high", 99, "Roles")]
            {
                let mut new = alert(CONTOSO, key);
                (new.severity, new.last_seen, new.title) = (severity.into(), last_seen, title.into());
                alerts::insert(tx, &new, 1, "Gatehouse")?;
            }
            alerts::insert(tx, &alert(FABRIKAM, "e"), 1, "Gatehouse")
        })
        .unwrap();
    let list = |filter: alerts::AlertFilter| {
        let listed = store.read(|conn| alerts::list(conn, &filter, alerts::AlertSort::Urgency, Order::Ascending, Slice::first(10))).unwrap();
        (listed.rows.into_iter().map(|row| row.dedup_key).collect::<Vec<_>>().concat(), listed.total, listed.all)
    };
    let any = alerts::AlertFilter::default;
    assert_eq!(list(any()), ("ecbda".into(), 5, 5));
    assert_eq!(list(alerts::AlertFilter { tenant: Some(CONTOSO.into()), ..any() }), ("cbda".into(), 4, 4));
    assert_eq!(list(alerts::AlertFilter { text: Some("ELODIE".into()), ..any() }).0, "c");
    assert_eq!(list(alerts::AlertFilter { text: Some("%".into()), ..any() }).0, "b");
    assert_eq!(list(alerts::AlertFilter { text: Some("fabri".into()), ..any() }).0, "e");
    assert_eq!(list(alerts::AlertFilter { severities: vec!["low".into(), "high".into()], states: vec!["open".into()], ..any() }).0, "da");
    assert_eq!(list(alerts::AlertFilter { states: vec!["muted".into()], ..any() }), (String::new(), 0, 5));
}

#[test]
fn the_audit_log_lists_and_filters() {
    let (_folder, store) = store();
    for (who, action, tenant) in [("Ana", "tenant.added", Some(CONTOSO)), ("Zoë", "alert.acknowledged", Some(FABRIKAM)), ("Ana", "settings.changed", None)] {
        store.write(|tx| audit_log::append(tx, &audit_log::Entry { at: 1, who, action, tenant, subject: "s", detail: "{}" })).unwrap();
    }
    let list = |filter: audit_log::AuditFilter| {
        let listed = store.read(|conn| audit_log::list(conn, &filter, audit_log::AuditSort::Seq, Order::Descending, Slice::first(2))).unwrap();
        (listed.rows.iter().map(|row| row.seq).collect::<Vec<_>>(), listed.total, listed.all)
    };
    assert_eq!(list(audit_log::AuditFilter::default()), (vec![3, 2], 3, 3));
    assert_eq!(list(audit_log::AuditFilter { text: Some("zoe".into()), tenant: None }), (vec![2], 1, 3));
    assert_eq!(list(audit_log::AuditFilter { text: None, tenant: Some(CONTOSO.into()) }), (vec![1], 1, 3));
}

#[test]
fn search_finds_in_all_customers_best_first() {
    let (_folder, store) = store();
    store
        .write(|tx| {
            users::put_all(
                tx,
                &[user(CONTOSO, "u1", "Annemaria"), user(CONTOSO, "u2", "Rosa Maria"), user(FABRIKAM, "u3", "Mária Kiss"), user(CONTOSO, "u4", "Bob")],
            )?;
            alerts::insert(tx, &alert(CONTOSO, "k"), 1, "Gatehouse")
        })
        .unwrap();
    let find = |text: &str, limit: u32| store.read(|conn| search::everywhere(conn, text, limit)).unwrap();
    let names = |found: search::Found| found.users.into_iter().map(|user| user.title).collect::<Vec<_>>();
    assert_eq!(names(find("maria", 10)), ["Mária Kiss", "Rosa Maria", "Annemaria"]);
    assert_eq!(names(find("maria", 1)), ["Mária Kiss"]);
    assert_eq!(find("   ", 10), search::Found::default());
    assert_eq!(find("%", 10), search::Found::default());
    assert_eq!(find("fabr", 10).tenants[0].display_name, "Fabrikam");
    assert_eq!(find("break-glass", 10).alerts[0].tenant_name, "Contoso");
}
