//! What a technician reads on the pages of a tenant, from the store to the row.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{DateTime, TimeDelta, Utc};
use fleet::{
    export, posture,
    views::{
        self, Window,
        mfa::{Enforcement, MfaBucket, MfaFilter},
        sign_ins::{SignInFilter, SignInResult},
        users::{AccountClass, UserFilter},
    },
};
use serde_json::{Value, json};
use store::{
    DataKind, Status, Store, Transaction,
    data_state::DataStateRow,
    groups::{GroupRow, MemberRow},
    methods::MethodRow,
    policies::Seen,
    registrations::RegistrationRow,
    roles::{AssignmentRow, RoleRow},
    sign_ins::SignInRow,
    tenants::TenantRow,
    users::UserRow,
};

#[path = "pages/break_glass.rs"]
mod break_glass_page;
#[path = "pages/dry_run.rs"]
mod dry_run;
#[path = "pages/engine.rs"]
mod engine;
#[path = "pages/evidence.rs"]
mod evidence;
#[path = "pages/exceptions.rs"]
mod exceptions;
#[path = "pages/mfa.rs"]
mod mfa;
#[path = "pages/triage.rs"]
mod triage;

const TENANT: &str = "11111111-0000-0000-0000-000000000001";
const GLOBAL_ADMIN: &str = "62e90394-69f5-4237-9190-012177145e10";
const ADMINS: &str = "aaaaaaaa-0000-0000-0000-000000000001";
const NESTED: &str = "aaaaaaaa-0000-0000-0000-000000000002";
const POLICY: &str = "cccccccc-0000-0000-0000-000000000001";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_790_000_000_000).unwrap()
}

fn ago(days: i64) -> i64 {
    (now() - TimeDelta::days(days)).timestamp_millis()
}

struct Contoso {
    store: Store,
    _folder: tempfile::TempDir,
}

fn user(id: &str, name: &str) -> UserRow {
    let upn = format!("{id}@contoso.example");
    UserRow {
        tenant: TENANT.to_owned(),
        id: id.to_owned(),
        search: store::users::search_text(name, &upn),
        upn,
        display_name: name.to_owned(),
        account_enabled: Some(true),
        user_type: Some("Member".to_owned()),
        mail: Some(format!("{id}@contoso.example")),
        department: Some("Finance".to_owned()),
        job_title: None,
        mobile_phone: None,
        business_phone: None,
        created_at: Some(ago(700)),
        on_premises_sync: Some(false),
        licences: Some(1),
        other: r#"{"givenName":"x"}"#.to_owned(),
        generation: 1,
        manager_id: None,
    }
}

fn read(tx: &Transaction<'_>, kind: DataKind, rows: i64) -> store::Result<()> {
    DataStateRow { status: Status::Read, rows, read_at: Some(ago(0)), attempted_at: Some(ago(0)), ..DataStateRow::never(TENANT, kind) }.put(tx)
}

fn registration(id: &str, methods: &[&str]) -> RegistrationRow {
    RegistrationRow {
        tenant: TENANT.to_owned(),
        user_id: id.to_owned(),
        mfa_registered: Some(!methods.is_empty()),
        mfa_capable: Some(!methods.is_empty()),
        passwordless: Some(false),
        is_admin: Some(false),
        methods: json!(methods).to_string(),
        default_method: None,
        report_refreshed_at: Some(ago(1)),
        generation: 1,
    }
}

fn sign_in(id: &str, user: &str, days: i64, code: i64, applied: Value) -> SignInRow {
    SignInRow {
        tenant: TENANT.to_owned(),
        id: id.to_owned(),
        created_at: ago(days),
        user_id: user.to_owned(),
        upn: format!("{user}@contoso.example"),
        user_name: "Ada Lovelace".to_owned(),
        app_id: "00000002-0000-0ff1-ce00-000000000000".to_owned(),
        app_name: "Office 365 Exchange Online".to_owned(),
        resource_id: String::new(),
        resource_name: "Exchange".to_owned(),
        client_app: "Browser".to_owned(),
        legacy: false,
        ip: "192.0.2.7".to_owned(),
        country: "NL".to_owned(),
        city: "Amsterdam".to_owned(),
        os: "Windows 11".to_owned(),
        browser: "Edge".to_owned(),
        device_id: String::new(),
        device_name: String::new(),
        compliant: Some(true),
        managed: Some(true),
        trust_type: None,
        interactive: Some(true),
        error_code: code,
        failure_reason: "As Entra said it.".to_owned(),
        result: fleet::reasons::stored_result(code),
        blocked: fleet::reasons::blocked(code, if code == 53003 { "failure" } else { "success" }),
        ca_status: if code == 53003 { "failure" } else { "success" }.to_owned(),
        risk: "none".to_owned(),
        other: "{}".to_owned(),
        applied: applied.to_string(),
    }
}

fn policy(state: &str, exclude: &[&str]) -> String {
    json!({
        "id": POLICY, "displayName": "CA001 MFA for all users", "state": state,
        "conditions": {
            "clientAppTypes": ["all"],
            "users": {"includeUsers": ["All"], "excludeGroups": exclude},
            "applications": {"includeApplications": ["All"]}
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}
    })
    .to_string()
}

fn seen(body: String) -> Seen {
    let state = serde_json::from_str::<Value>(&body).unwrap()["state"].as_str().unwrap().to_owned();
    Seen { id: POLICY.to_owned(), display_name: "CA001 MFA for all users".to_owned(), state, body, changed_at: None }
}

/// Ada has the Authenticator, Bob a phone, Carol nothing; Dan is Global Administrator through a group in a group and his
/// only key is a year old; info@ is a shared mailbox; a guest; nothing is known of Eve yet.
fn contoso() -> Contoso {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("gatehouse.db"), now()).unwrap();
    store
        .write(|tx| {
            TenantRow::new(TENANT, "Contoso", "contoso.example", "global", "secret", "app", ago(30)).put(tx)?;
            let mailbox = UserRow { account_enabled: Some(false), licences: Some(0), department: None, ..user("info", "Info") };
            let guest = UserRow { user_type: Some("Guest".to_owned()), ..user("guest", "Guest of Fabrikam") };
            store::users::put_all(
                tx,
                &[
                    user("ada", "Ada Lovelace"),
                    user("bob", "=Bob Stone"),
                    user("carol", "Carol Ελένη"),
                    user("dan", "Dan Admin"),
                    user("eve", "Eve New"),
                    mailbox,
                    guest,
                ],
            )?;
            store::registrations::put_all(
                tx,
                &[
                    registration("ada", &["microsoftAuthenticatorPush", "mobilePhone"]),
                    registration("bob", &["mobilePhone"]),
                    registration("carol", &[]),
                    registration("dan", &["fido2"]),
                    registration("guest", &[]),
                    registration("info", &[]),
                ],
            )?;
            let key = MethodRow {
                tenant: TENANT.to_owned(),
                user_id: "dan".to_owned(),
                id: "k1".to_owned(),
                kind: "fido2AuthenticationMethod".to_owned(),
                label: Some("YubiKey 5".to_owned()),
                created_at: Some(ago(365)),
            };
            store::methods::replace(tx, TENANT, "dan", &[key], ago(0))?;
            store::roles::replace_definitions(
                tx,
                TENANT,
                &[RoleRow {
                    tenant: TENANT.to_owned(),
                    id: GLOBAL_ADMIN.to_owned(),
                    template_id: GLOBAL_ADMIN.to_owned(),
                    display_name: "Global Administrator".to_owned(),
                    built_in: true,
                    privileged: None,
                }],
            )?;
            for (id, name) in [(ADMINS, "Admins"), (NESTED, "Tier 0")] {
                let group = GroupRow {
                    tenant: TENANT.to_owned(),
                    id: id.to_owned(),
                    display_name: name.to_owned(),
                    role_assignable: Some(true),
                    dynamic: Some(false),
                    on_premises_sync: None,
                    other: "{}".to_owned(),
                    generation: 1,
                    members_read_at: None,
                };
                store::groups::put_all(tx, &[group])?;
            }
            let member = |group: &str, id: &str, kind: &str| MemberRow {
                tenant: TENANT.to_owned(),
                group_id: group.to_owned(),
                member_id: id.to_owned(),
                member_type: kind.to_owned(),
                direct: true,
            };
            store::groups::replace_members(tx, TENANT, ADMINS, &[member(ADMINS, NESTED, "group")], ago(0))?;
            store::groups::replace_members(tx, TENANT, NESTED, &[member(NESTED, "dan", "user")], ago(0))?;
            let held = AssignmentRow {
                tenant: TENANT.to_owned(),
                id: "r1".to_owned(),
                kind: "eligible".to_owned(),
                role_id: GLOBAL_ADMIN.to_owned(),
                principal_id: ADMINS.to_owned(),
                directory_scope: "/".to_owned(),
                starts_at: None,
                ends_at: None,
            };
            store::roles::replace_assignments(tx, TENANT, &["assigned", "active", "eligible"], &[held], ago(0), true)?;
            store::policies::replace(tx, TENANT, &[seen(policy("enabled", &[]))], ago(20), fleet::policies::differs)?;
            store::policies::replace(tx, TENANT, &[seen(policy("enabled", &[ADMINS]))], ago(2), fleet::policies::differs)?;
            let blocked = json!([{"id": POLICY, "displayName": "CA001 MFA for all users", "result": "failure", "enforcedGrantControls": ["Block"]}]);
            store::sign_ins::insert(
                tx,
                &[
                    sign_in("s1", "ada", 1, 0, json!([])),
                    sign_in("s2", "ada", 2, 53003, blocked.clone()),
                    sign_in("s3", "ada", 3, 53003, blocked),
                    sign_in("s4", "ada", 4, 50074, json!([])),
                    sign_in("s5", "ada", 40, 50126, json!([])),
                ],
            )?;
            for (kind, rows) in [
                (DataKind::Users, 7),
                (DataKind::Groups, 2),
                (DataKind::Roles, 1),
                (DataKind::MfaRegistration, 6),
                (DataKind::Policies, 1),
                (DataKind::AuthenticationMethods, 1),
                (DataKind::SignIns, 5),
                (DataKind::SecurityDefaults, 1),
            ] {
                read(tx, kind, rows)?;
            }
            store::security_defaults::SecurityDefaultsRow { tenant: TENANT.to_owned(), enabled: false, body: "{}".to_owned() }.put(tx)
        })
        .unwrap();
    posture::refresh(&store, TENANT, now()).unwrap();
    Contoso { store, _folder: folder }
}

fn mfa_filter() -> MfaFilter {
    MfaFilter { tenant: TENANT.to_owned(), ..MfaFilter::default() }
}

#[test]
fn the_mfa_page_counts_people_only_and_names_what_was_not_read() {
    let contoso = contoso();
    let posture = views::mfa::posture(&contoso.store, TENANT).unwrap();
    assert_eq!((posture.people.strong, posture.people.weak, posture.people.none, posture.people.unknown), (2, 1, 1, 1));
    assert_eq!((posture.guests, posture.shared_mailboxes, posture.blocked), (1, 1, 0));
    assert_eq!((posture.admins.strong, posture.stale_admins), (1, 1));
    assert_eq!(posture.enforcement_unknown, 5, "a policy is on, and the engine has not judged it");
    assert_eq!(posture.registered_not_enforced, 0);
    assert_eq!(posture.gaps, ["Per-user MFA: it was never read; resync the tenant."]);
    assert_eq!(posture.methods[0].strength, "phishingResistant");
    assert_eq!(posture.trend.len(), 1);
    assert_eq!(posture.trend[0].counts, posture.people);
}

#[test]
fn a_tenant_whose_registration_was_refused_shows_no_counts_but_the_reason() {
    let contoso = contoso();
    contoso
        .store
        .write(|tx| {
            DataStateRow {
                status: Status::NoLicence,
                error: Some("The tenant has no Entra ID P1; Buy one.".to_owned()),
                ..DataStateRow::never(TENANT, DataKind::MfaRegistration)
            }
            .put(tx)
        })
        .unwrap();
    posture::refresh(&contoso.store, TENANT, now()).unwrap();
    let posture = views::mfa::posture(&contoso.store, TENANT).unwrap();
    assert!(posture.unreadable.unwrap().reason.contains("no Entra ID P1"));
    assert_eq!(posture.people, views::tenants::MfaCounts::default());
    let rows = views::mfa::list(&contoso.store, &MfaFilter { buckets: vec![MfaBucket::None, MfaBucket::Weak], ..mfa_filter() }).unwrap();
    assert_eq!(rows.total, 0, "what was not read is never bad");
}

#[test]
fn the_mfa_list_puts_admins_first_and_finds_stale_ones() {
    let contoso = contoso();
    let rows = views::mfa::list(&contoso.store, &mfa_filter()).unwrap();
    assert_eq!((rows.rows[0].display_name.as_str(), rows.total, rows.all), ("Dan Admin", 7, 7));
    let stale = views::mfa::list(&contoso.store, &MfaFilter { stale_only: true, ..mfa_filter() }).unwrap();
    assert_eq!(stale.total, 1);
    assert_eq!(stale.rows[0].privileged_roles, ["Global Administrator"]);
    assert_eq!(stale.rows[0].newest_method.unwrap().timestamp_millis(), ago(365));
    let sideways = Window { sort: Some("shoeSize".to_owned()), ..Window::default() };
    assert_eq!(views::mfa::list(&contoso.store, &MfaFilter { window: sideways, ..mfa_filter() }).unwrap_err().code, "input.invalid");
}

#[test]
fn a_person_said_it_is_a_service_account_and_it_is_counted_as_one() {
    let contoso = contoso();
    posture::mark(&contoso.store, TENANT, "bob@contoso.example", Some(AccountClass::ServiceAccount), "", "Tess", now()).unwrap();
    assert_eq!(views::mfa::posture(&contoso.store, TENANT).unwrap().people.weak, 0);
    let detail = views::users::get(&contoso.store, TENANT, "bob", now()).unwrap();
    assert_eq!((detail.mark, detail.marked_by.as_deref()), (Some(AccountClass::ServiceAccount), Some("Tess")));
    posture::mark(&contoso.store, TENANT, "bob", None, "", "Tess", now()).unwrap();
    assert_eq!(views::mfa::posture(&contoso.store, TENANT).unwrap().people.weak, 1);
    assert_eq!(posture::mark(&contoso.store, TENANT, "bob", Some(AccountClass::Guest), "", "Tess", now()).unwrap_err().code, "input.invalid");
    assert_eq!(posture::mark(&contoso.store, TENANT, "nobody", None, "", "Tess", now()).unwrap_err().code, "user.unknown");
}

#[test]
fn a_users_page_ranks_the_policies_that_locked_the_user_out() {
    let contoso = contoso();
    let ada = views::users::get(&contoso.store, TENANT, "ADA@contoso.example", now()).unwrap();
    assert_eq!(ada.failing_policies.len(), 1);
    assert_eq!((ada.failing_policies[0].policy.as_str(), ada.failing_policies[0].failures), ("CA001 MFA for all users", 2));
    assert_eq!(ada.recent_sign_ins.len(), 5);
    assert_eq!(ada.last_success.unwrap().timestamp_millis(), ago(1));
    assert_eq!(ada.methods[0].method, "Microsoft Authenticator");
    assert_eq!(ada.methods_read_at, None);
    assert_eq!(ada.enforced, Enforcement::Unknown);
    assert!(ada.roles.is_empty());
}

#[test]
fn an_admins_page_says_through_which_group_the_role_is_held() {
    let contoso = contoso();
    let dan = views::users::get(&contoso.store, TENANT, "dan", now()).unwrap();
    assert_eq!(dan.roles.len(), 1);
    let role = &dan.roles[0];
    assert_eq!((role.role.as_str(), role.how.as_str(), role.through.as_deref(), role.privileged), ("Global Administrator", "eligible", Some("Admins"), true));
    assert_eq!(dan.groups, ["Admins", "Tier 0"]);
    assert_eq!(dan.methods[0].label.as_deref(), Some("YubiKey 5"));
    assert!(dan.methods_read_at.is_some());
    assert_eq!(views::users::get(&contoso.store, TENANT, "mallory", now()).unwrap_err().code, "user.unknown");
}

#[test]
fn failures_of_the_last_seven_days_leave_out_questions_and_older_ones() {
    let contoso = contoso();
    let filter = SignInFilter {
        tenant: TENANT.to_owned(),
        user_id: Some("ada".to_owned()),
        result: Some(SignInResult::Failure),
        days: Some(7),
        ..SignInFilter::default()
    };
    let page = views::sign_ins::list(&contoso.store, &filter, now()).unwrap();
    assert_eq!((page.total, page.all), (2, 5));
    let row = &page.rows[0];
    assert_eq!(row.policy.as_deref(), Some("CA001 MFA for all users"));
    assert_eq!(row.reason, "A Conditional Access policy blocked the sign-in");
    assert_eq!((row.place.as_str(), row.device.as_str()), ("Amsterdam, NL", "Windows 11, compliant"));
    let detail = views::sign_ins::get(&contoso.store, TENANT, &row.id).unwrap();
    assert_eq!(detail.policies[0].meaning, "Applied, and blocked the sign-in");
    assert!(detail.next_step.contains("time-limited exception"));
    assert_eq!(views::sign_ins::get(&contoso.store, TENANT, "none").unwrap_err().code, "signIn.unknown");
}

#[test]
fn a_policys_page_shows_each_version_against_the_one_before() {
    let contoso = contoso();
    let list = views::policies::list(&contoso.store, TENANT).unwrap();
    assert_eq!(list.policies.len(), 1);
    assert_eq!(list.policies[0].sentence, "Requires MFA for all users except 1 group, for all applications. On.");
    let detail = views::policies::get(&contoso.store, TENANT, POLICY).unwrap();
    assert_eq!(detail.versions.len(), 2);
    let change = &detail.versions[0].changes[0];
    assert_eq!(
        (change.field.as_str(), change.before.as_str(), change.after.as_str(), change.effect.as_str()),
        ("Excluded groups", "none", "Admins", "weakens")
    );
    assert!(detail.versions[1].changes.is_empty());
    assert!(detail.json.contains("\n  "));
}

#[test]
fn a_deleted_policy_stays_readable_with_its_last_words() {
    let contoso = contoso();
    contoso.store.write(|tx| store::policies::replace(tx, TENANT, &[], ago(0), fleet::policies::differs)).unwrap();
    let list = views::policies::list(&contoso.store, TENANT).unwrap();
    assert!(list.policies[0].deleted);
    let detail = views::policies::get(&contoso.store, TENANT, POLICY).unwrap();
    assert!(detail.versions[0].deleted);
    assert_eq!(detail.versions[0].changes[0].after, "deleted");
    assert!(detail.row.sentence.starts_with("Requires MFA"));
}

#[test]
fn the_export_is_exactly_the_list_and_safe_in_a_spreadsheet() {
    let contoso = contoso();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weak.csv");
    let rows = export::mfa(&contoso.store, &MfaFilter { buckets: vec![MfaBucket::Weak], ..mfa_filter() }, &path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(rows, 1);
    assert!(text.contains("\r\n'=Bob Stone,bob@contoso.example,Person,Finance,Weak,"), "{text}");
    let path = folder.path().join("users.json");
    assert_eq!(export::users(&contoso.store, &UserFilter { tenant: TENANT.to_owned(), ..UserFilter::default() }, &path).unwrap(), 7);
    let users: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(users[0]["displayName"], "=Bob Stone", "JSON has no formulas");
    let path = folder.path().join("signIns.csv");
    let filter = SignInFilter { tenant: TENANT.to_owned(), ..SignInFilter::default() };
    assert_eq!(export::sign_ins(&contoso.store, &filter, &path, now()).unwrap(), 5);
}

#[test]
fn a_tenant_exports_as_a_snapshot_that_reads_back_and_leaves_out_what_was_never_read() {
    let contoso = contoso();
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("contoso");
    export::tenant(&contoso.store, TENANT, &target).unwrap();
    let snapshot = snapshot::Snapshot::read(&target).unwrap().snapshot;
    assert_eq!(snapshot.users.as_ref().unwrap().len(), 7);
    assert_eq!(snapshot.sign_ins.as_ref().unwrap().len(), 5);
    assert_eq!(snapshot.role_eligibility.as_ref().unwrap().len(), 1);
    assert_eq!(snapshot.groups.as_ref().unwrap()[0]["members"].as_array().unwrap().len(), 1);
    assert_eq!(snapshot.conditional_access_policies.as_ref().unwrap()[0]["id"], POLICY);
    assert!(snapshot.organization.is_none() && snapshot.per_user_mfa.is_none() && snapshot.named_locations.is_none());
    assert_eq!(export::tenant(&contoso.store, "nobody", &target).unwrap_err().code, "tenant.unknown");
}

#[test]
fn the_report_has_everything_that_the_pdf_prints() {
    let contoso = contoso();
    let facts = posture::report(&contoso.store, TENANT, now()).unwrap();
    assert_eq!(facts.customer, "Contoso");
    assert_eq!(facts.admin_list.len(), 1);
    assert_eq!(facts.stale_admins[0].display_name, "Dan Admin");
    assert_eq!(facts.stale_admins[0].newest_method_named.as_deref(), Some("Passkey or FIDO2 security key (YubiKey 5)"));
    assert_eq!(facts.weak[0].display_name, "=Bob Stone");
    assert_eq!(facts.none[0].display_name, "Carol Ελένη");
    assert_eq!(facts.unknown[0].display_name, "Eve New");
    assert_eq!(facts.not_counted[1].accounts.len(), 1);
    assert_eq!((facts.phishing_resistant, facts.without_phone), (1, 2));
    assert!(facts.sources.iter().any(|source| source.title == "Per-user MFA" && source.rows.is_none()));
    assert!(!facts.gaps.is_empty() && !facts.method_of_counting.is_empty());
    assert_eq!((facts.admins_unreadable, facts.undated_admins), (None, Vec::new()));
}

#[test]
fn posture_of_twenty_thousand_is_judged_again_without_writing_anything() {
    let contoso = contoso();
    contoso
        .store
        .write(|tx| {
            for n in 0..20_000 {
                let id = format!("u{n:05}");
                user(&id, &format!("User {n}")).put(tx)?;
                store::registrations::put_all(tx, &[registration(&id, if n % 3 == 0 { &["mobilePhone"] } else { &["microsoftAuthenticatorPush"] })])?;
            }
            Ok(())
        })
        .unwrap();
    let begun = std::time::Instant::now();
    posture::refresh(&contoso.store, TENANT, now()).unwrap();
    let first = begun.elapsed();
    let rows = || contoso.store.read(|conn| store::mfa_verdicts::all(conn, TENANT)).unwrap();
    let before = rows();
    let begun = std::time::Instant::now();
    posture::refresh(&contoso.store, TENANT, now()).unwrap();
    println!("first {first:?}, again {:?}", begun.elapsed());
    assert_eq!(before.len(), 20_007);
    assert_eq!(rows(), before);
    assert_eq!(views::mfa::posture(&contoso.store, TENANT).unwrap().people.weak, 6_667 + 1);
}
