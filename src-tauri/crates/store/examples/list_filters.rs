//! Builds 200,000 sign-ins of 20,000 users in a temporary file and prints how long each filter of the lists takes
//! (median of 20, first window and count), and how fast sign-ins are written.
//! Run with `cargo run --release -p gatehouse-store --example list_filters`.

use std::{error::Error, time::Instant};

use chrono::Utc;
use store::{
    Order, Slice, Store,
    mfa_verdicts::{self, VerdictRow},
    search,
    sign_ins::{self, SignInFilter, SignInResult, SignInRow, SignInSort},
    tenants::TenantRow,
    users::{self, UserFilter, UserRow, UserSort},
};

const USERS: u64 = 20_000;
const SIGN_INS: u64 = 200_000;
const TENANT: &str = "7d3f0c52-6d1e-4c58-9a42-0c3c8d1b5a01";

fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn guid(seed: u64) -> String {
    let (a, b) = (mix(seed), mix(seed ^ 0xdead_beef));
    format!("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", a >> 32, a & 0xffff, (a >> 16) & 0xfff, b >> 52, b & 0xffff_ffff_ffff)
}

const FIRST: [&str; 12] = ["Maria", "José", "Anneke", "Ολγα", "Дмитрий", "Wei", "Fatima", "John", "Søren", "Agnieszka", "Priya", "Tom"];
const LAST: [&str; 14] =
    ["Jansen", "García", "de Vries", "Παπαδόπουλος", "Иванов", "Zhang", "Haddad", "Smith", "Nørgaard", "Kowalska", "Patel", "Baker", "Meier", "Rossi"];

fn person(n: u64) -> (String, String) {
    let (first, last) = (FIRST[(mix(n) % 12) as usize], LAST[(mix(n ^ 77) % 14) as usize]);
    (format!("{first} {last} {n}"), format!("user{n}@contoso-{}.example", n % 7))
}

fn user(n: u64) -> UserRow {
    let (display_name, upn) = person(n);
    UserRow {
        tenant: TENANT.into(),
        id: guid(n),
        search: users::search_text(&display_name, &upn),
        mail: Some(upn.clone()),
        upn,
        display_name,
        account_enabled: Some(!n.is_multiple_of(20)),
        user_type: Some(if n.is_multiple_of(15) { "Guest" } else { "Member" }.into()),
        department: Some(["Sales", "Finance", "IT", "Warehouse"][(n % 4) as usize].into()),
        job_title: None,
        mobile_phone: None,
        business_phone: None,
        created_at: Some(1_600_000_000_000),
        on_premises_sync: Some(false),
        licences: Some(1),
        other: "{}".into(),
        generation: 1,
        manager_id: None,
    }
}

fn verdict(n: u64) -> VerdictRow {
    VerdictRow {
        tenant: TENANT.into(),
        user_id: guid(n),
        class: if n.is_multiple_of(15) { "guest" } else { "person" }.into(),
        bucket: ["strong", "weak", "none", "unknown"][(mix(n) % 4) as usize].into(),
        reason: None,
        strongest: Some("Microsoft Authenticator".into()),
        methods: r#"["Microsoft Authenticator","SMS"]"#.into(),
        enforced: "unknown".into(),
        privileged_roles: Some(if n.is_multiple_of(400) { r#"["Global Administrator"]"# } else { "[]" }.into()),
        admin: n.is_multiple_of(400),
        newest_method: Some(1_700_000_000_000),
        stale: n.is_multiple_of(1_200),
        phone: "registered".into(),
        passkey: "ready".into(),
        ..VerdictRow::default()
    }
}

fn sign_in(n: u64) -> SignInRow {
    let r = mix(n ^ 0x51);
    let who = r % USERS;
    let (user_name, upn) = person(who);
    let app = mix(r) % 80;
    let (result, error_code) = match r % 100 {
        0..8 => (SignInResult::Failure, 50126),
        8..10 => (SignInResult::Failure, 53003),
        10..14 => (SignInResult::Interrupted, 50074),
        _ => (SignInResult::Success, 0),
    };
    let applied: Vec<String> = (0..10_u64)
        .map(|p| {
            let outcome = if error_code == 53003 && p == r % 3 { "failure" } else if mix(app ^ p).is_multiple_of(3) { "success" } else { "notApplied" };
            format!(
                r#"{{"id":"{}","displayName":"CA{p:03} Require multifactor authentication for all users","enforcedGrantControls":["mfa"],"enforcedSessionControls":[],"result":"{outcome}"}}"#,
                guid(900_000 + p)
            )
        })
        .collect();
    SignInRow {
        tenant: TENANT.into(),
        id: guid(5_000_000 + n),
        created_at: 1_790_000_000_000 + (n as i64) * 12_960 + (r % 5_000) as i64,
        user_id: guid(who),
        upn,
        user_name,
        app_id: guid(700_000 + app),
        app_name: format!("{} {app}", ["Office 365 Exchange Online", "Microsoft Teams", "SharePoint Online", "Azure Portal"][(app % 4) as usize]),
        resource_id: guid(800_000 + app % 9),
        resource_name: "Microsoft Graph".into(),
        client_app: if r.is_multiple_of(60) { "IMAP4" } else { "Browser" }.into(),
        legacy: r.is_multiple_of(60),
        ip: format!("{}.{}.{}.{}", 20 + who % 60, who % 250, (who / 250) % 250, r % 5),
        country: ["NL", "NL", "NL", "NL", "BE", "DE", "US", "RU"][(mix(who) % 8) as usize].into(),
        city: "Amsterdam".into(),
        os: "Windows 11".into(),
        browser: "Edge 131".into(),
        device_id: guid(400_000 + who),
        device_name: format!("LAPTOP-{who}"),
        compliant: Some(r.is_multiple_of(2)),
        managed: Some(true),
        trust_type: Some("Azure AD joined".into()),
        interactive: Some(true),
        error_code,
        failure_reason: if error_code == 0 { "" } else { "Access was blocked by Conditional Access policies." }.into(),
        result,
        blocked: error_code == 53003,
        ca_status: if error_code == 53003 { "failure" } else { "success" }.into(),
        risk: "none".into(),
        other: "{}".into(),
        applied: format!("[{}]", applied.join(",")),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("gatehouse.db");
    let store = Store::open(&path, Utc::now())?;
    store.write(|tx| TenantRow::new(TENANT, "Contoso", "contoso.example", "demo", "secret", "c", 0).put(tx))?;

    let rows: Vec<UserRow> = (0..USERS).map(user).collect();
    let verdicts: Vec<VerdictRow> = (0..USERS).map(verdict).collect();
    let start = Instant::now();
    store.write(|tx| {
        users::put_all(tx, &rows)?;
        mfa_verdicts::replace(tx, TENANT, &verdicts)
    })?;
    println!("{USERS} users and verdicts written: {:.2} s", start.elapsed().as_secs_f64());

    let mut writing = 0.0;
    for page in 0..SIGN_INS / 1_000 {
        let rows: Vec<SignInRow> = (page * 1_000..(page + 1) * 1_000).rev().map(sign_in).collect();
        let start = Instant::now();
        store.write(|tx| sign_ins::insert(tx, &rows))?;
        writing += start.elapsed().as_secs_f64();
    }
    println!("{SIGN_INS} sign-ins written, 1,000 a transaction: {writing:.2} s");
    println!("file: {:.1} MB", store::upkeep::facts(&store)?.bytes as f64 / 1e6);

    let now = 1_790_000_000_000 + SIGN_INS as i64 * 12_960;
    let any = SignInFilter { tenant: TENANT.into(), ..SignInFilter::default() };
    let with = |change: &dyn Fn(&mut SignInFilter)| {
        let mut filter = any.clone();
        change(&mut filter);
        filter
    };
    let text = |wanted: &str| with(&|f| f.text = Some(wanted.into()));
    let filters: Vec<(&str, SignInFilter)> = vec![
        ("no filter", any.clone()),
        ("text: one user", text("user1234@")),
        ("text: a name (1 in 12)", text("maria")),
        ("text: one letter (almost all)", text("e")),
        ("text: an application", text("teams 1")),
        ("text: an address", text("24.4.")),
        ("text: nothing fits", text("zzzzqqq")),
        ("user", with(&|f| f.user_id = Some(guid(77)))),
        (
            "user, failure, 7 days",
            with(&|f| {
                f.user_id = Some(guid(77));
                f.result = Some(SignInResult::Failure);
                f.since = Some(now - 7 * 86_400_000);
            }),
        ),
        ("success", with(&|f| f.result = Some(SignInResult::Success))),
        ("failure", with(&|f| f.result = Some(SignInResult::Failure))),
        ("interrupted", with(&|f| f.result = Some(SignInResult::Interrupted))),
        ("blocked by policy", with(&|f| f.blocked_by_policy = true)),
        ("legacy", with(&|f| f.legacy = true)),
        ("policy", with(&|f| f.policy_id = Some(guid(900_002)))),
        ("application", with(&|f| f.app_id = Some(guid(700_007)))),
        ("country, rare", with(&|f| f.country = Some("RU".into()))),
        ("country, common", with(&|f| f.country = Some("NL".into()))),
        ("7 days", with(&|f| f.since = Some(now - 7 * 86_400_000))),
        (
            "everything at once",
            with(&|f| {
                f.text = Some("maria".into());
                f.result = Some(SignInResult::Failure);
                f.policy_id = Some(guid(900_002));
                f.country = Some("NL".into());
                f.since = Some(now - 20 * 86_400_000);
            }),
        ),
    ];
    let median = |run: &mut dyn FnMut() -> store::Result<u64>| -> store::Result<(f64, u64)> {
        let mut times = Vec::new();
        let mut total = 0;
        for _ in 0..20 {
            let start = Instant::now();
            total = run()?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        Ok((times[10], total))
    };
    let mut slowest = 0.0_f64;
    let mut show = |name: &str, (millis, total): (f64, u64)| {
        slowest = slowest.max(millis);
        println!("{millis:8.2} ms  {total:>7} rows  {name}");
    };
    for (name, filter) in &filters {
        show(name, median(&mut || store.read(|c| Ok(sign_ins::list(c, filter, SignInSort::At, Order::Descending, Slice::first(100))?.total)))?);
    }
    let far = Slice { offset: 150_000, limit: 100 };
    show("no filter, row 150,000", median(&mut || store.read(|c| Ok(sign_ins::list(c, &any, SignInSort::At, Order::Descending, far)?.total)))?);
    for (name, sort) in [
        ("user", SignInSort::User),
        ("application", SignInSort::App),
        ("address", SignInSort::Ip),
        ("country", SignInSort::Country),
        ("result", SignInSort::Result),
    ] {
        show(
            &format!("no filter, sorted by {name}"),
            median(&mut || store.read(|c| Ok(sign_ins::list(c, &any, sort, Order::Ascending, Slice::first(100))?.total)))?,
        );
    }
    let people = UserFilter { tenant: TENANT.into(), ..UserFilter::default() };
    let people_filters = [
        ("users: no filter", people.clone()),
        ("users: text", UserFilter { text: Some("maria".into()), ..people.clone() }),
        ("users: bucket", UserFilter { buckets: vec!["weak".into()], ..people.clone() }),
        ("users: class and bucket", UserFilter { classes: vec!["guest".into()], buckets: vec!["none".into()], ..people.clone() }),
        ("users: admins", UserFilter { admins_only: true, ..people.clone() }),
        ("users: stale", UserFilter { stale_only: true, ..people.clone() }),
    ];
    for (name, filter) in &people_filters {
        show(name, median(&mut || store.read(|c| Ok(users::list(c, filter, UserSort::DisplayName, Order::Ascending, Slice::first(100))?.total)))?);
    }
    show("users: sorted by bucket", median(&mut || store.read(|c| Ok(users::list(c, &people, UserSort::Bucket, Order::Ascending, Slice::first(100))?.total)))?);
    show(
        "users: sorted by last sign-in",
        median(&mut || store.read(|c| Ok(users::list(c, &people, UserSort::LastSignIn, Order::Descending, Slice::first(100))?.total)))?,
    );
    show("search everywhere", median(&mut || store.read(|c| Ok(search::everywhere(c, "maria", 8)?.users.len() as u64)))?);
    show("one user's failing policies", median(&mut || store.read(|c| Ok(sign_ins::failing_policies(c, TENANT, &guid(77), 0)?.len() as u64)))?);
    println!("slowest: {slowest:.2} ms");

    let start = Instant::now();
    let gone = store::upkeep::forget_older(&store, 1_790_000_000_000 + 100_000 * 12_960)?;
    println!("{gone} old sign-ins deleted in steps: {:.2} s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let compacted = store::upkeep::compact(&store)?;
    println!("compact: {:.2} s, {:.1} MB to {:.1} MB", start.elapsed().as_secs_f64(), compacted.before.bytes as f64 / 1e6, compacted.after.bytes as f64 / 1e6);
    let start = Instant::now();
    store::upkeep::remove_tenant(&store, TENANT)?;
    println!("tenant removed: {:.2} s", start.elapsed().as_secs_f64());
    Ok(())
}
