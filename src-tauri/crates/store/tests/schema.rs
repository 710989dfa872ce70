//! What holds for every table, read from the file itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{CONTOSO, FABRIKAM, alert, sign_in, store, user, verdict};
use store::{
    DataKind, Store, alerts, arriving, audit_log, baselines, data_state, directory_audits, groups, locations, marks, methods, mfa_snapshots, mfa_verdicts,
    organization, per_user_mfa, policies, posture_state, registrations, roles, security_defaults, service_principals, settings, sign_ins, strengths, upkeep,
    users,
};

fn tables(store: &Store) -> Vec<String> {
    store
        .read(|conn| {
            let mut statement = conn.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")?;
            Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
        .unwrap()
}

#[test]
fn every_table_is_strict() {
    let (_folder, store) = store();
    for table in tables(&store) {
        let strict: bool = store.read(|conn| Ok(conn.query_row("SELECT strict FROM pragma_table_list(?1)", [&table], |row| row.get(0))?)).unwrap();
        assert!(strict, "{table}");
    }
}

#[test]
fn every_key_begins_with_the_tenant() {
    // Settings belong to the installation, the audit log outlives tenants, and an alert has one number in the whole fleet,
    // by which its page is addressed and its events refer to it; so have changes, accesses, drills, exceptions and schedules. Baselines are shared by tenants.
    let numbered = [
        "alert",
        "alert_event",
        "change_request",
        "change_event",
        "dry_run",
        "graph_write",
        "access_grant",
        "access_event",
        "drill",
        "mfa_exception",
        "mfa_exception_event",
        "mfa_exception_attachment",
        "report_schedule",
    ];
    let exempt = [["setting", "baseline", "audit_log", "tenant"].as_slice(), &numbered].concat();
    let (_folder, store) = store();
    for table in tables(&store).into_iter().filter(|table| !exempt.contains(&table.as_str())) {
        let first: String = store.read(|conn| Ok(conn.query_row("SELECT name FROM pragma_table_info(?1) WHERE pk = 1", [&table], |row| row.get(0))?)).unwrap();
        assert_eq!(first, "tenant", "{table}");
    }
}

/// One row in every table.
fn fill(store: &Store, tenant: &str) {
    let t = || tenant.to_owned();
    let s = |text: &str| text.to_owned();
    store
        .write(|tx| {
            data_state::DataStateRow::never(tenant, DataKind::Users).put(tx)?;
            organization::OrganizationRow { tenant: t(), body: s("{}") }.put(tx)?;
            let licence = organization::LicenceRow { tenant: t(), id: s("l"), sku_part_number: s("AAD_PREMIUM"), consumed: 1, enabled: 2, body: s("{}") };
            organization::replace_licences(tx, tenant, &[licence])?;
            users::put_all(tx, &[user(tenant, "u1", "User One")])?;
            let group = groups::GroupRow {
                tenant: t(),
                id: s("g"),
                display_name: s("Admins"),
                role_assignable: None,
                dynamic: None,
                on_premises_sync: None,
                other: s("{}"),
                generation: 1,
                members_read_at: None,
            };
            groups::put_all(tx, &[group])?;
            let member = |id: &str| groups::MemberRow { tenant: t(), group_id: s("g"), member_id: s(id), member_type: s("user"), direct: true };
            groups::replace_members(tx, tenant, "g", &[member("u1")], 1)?;
            groups::replace_members(tx, tenant, "g", &[member("u1"), member("u2")], 2)?;
            let role = roles::RoleRow {
                tenant: t(),
                id: s("r"),
                template_id: s("r"),
                display_name: s("Global Administrator"),
                built_in: true,
                privileged: Some(true),
            };
            roles::replace_definitions(tx, tenant, &[role])?;
            let assignment = roles::AssignmentRow {
                tenant: t(),
                id: s("a"),
                kind: s("assigned"),
                role_id: s("r"),
                principal_id: s("u1"),
                directory_scope: s("/"),
                starts_at: None,
                ends_at: None,
            };
            roles::replace_assignments(tx, tenant, &["assigned"], &[assignment], 3, false)?;
            let seen = policies::Seen { id: s("p"), display_name: s("CA001"), state: s("enabled"), body: s("{}"), changed_at: None };
            policies::replace(tx, tenant, &[seen], 4, |a, b| a != b)?;
            locations::replace(tx, tenant, &[locations::LocationRow { tenant: t(), id: s("n"), display_name: s("Office"), body: s("{}") }])?;
            strengths::replace(tx, tenant, &[strengths::StrengthRow { tenant: t(), id: s("s"), display_name: s("MFA"), body: s("{}") }])?;
            security_defaults::SecurityDefaultsRow { tenant: t(), enabled: true, body: s("{}") }.put(tx)?;
            let principal = service_principals::ServicePrincipalRow { tenant: t(), id: s("sp"), app_id: s("app"), display_name: s("App"), body: s("{}") };
            service_principals::replace(tx, tenant, &[principal])?;
            registrations::put_all(
                tx,
                &[registrations::RegistrationRow {
                    tenant: t(),
                    user_id: s("u1"),
                    mfa_registered: None,
                    mfa_capable: None,
                    passwordless: None,
                    is_admin: None,
                    methods: s("[]"),
                    default_method: None,
                    report_refreshed_at: None,
                    generation: 1,
                }],
            )?;
            per_user_mfa::replace(tx, tenant, &[per_user_mfa::PerUserMfaRow { tenant: t(), user_id: s("u1"), state: s("enforced"), read_at: 1 }])?;
            let method = methods::MethodRow { tenant: t(), user_id: s("u1"), id: s("m"), kind: s("fido2AuthenticationMethod"), label: None, created_at: None };
            methods::replace(tx, tenant, "u1", &[method], 5)?;
            arriving::add(tx, tenant, DataKind::Users, b"[]")?;
            let mut refused = sign_in(tenant, "s1", 100);
            refused.applied = s(r#"[{"id":"p","displayName":"CA001","result":"failure"}]"#);
            sign_ins::insert(tx, &[refused])?;
            directory_audits::insert(
                tx,
                &[directory_audits::DirectoryAuditRow {
                    tenant: t(),
                    activity_at: 50,
                    id: s("d"),
                    activity: s("Update conditional access policy"),
                    service: s("Conditional Access"),
                    category: s("Policy"),
                    result: s("success"),
                    initiated_by: None,
                    initiator_id: None,
                    correlation_id: s("c"),
                    targets: s(r#"[{"id":"P"}]"#),
                    other: s("{}"),
                }],
            )?;
            marks::MarkRow { tenant: t(), user_id: s("u1"), mark: s("breakGlass"), marked_by: s("Ana"), marked_at: 1, note: s("Safe in the office") }
                .put(tx)?;
            baselines::SummaryRow { tenant: t(), judged_at: 1, body: s("{}") }.put(tx)?;
            alerts::insert(tx, &alert(tenant, "key"), 10, "Gatehouse")?;
            let entry = audit_log::Entry { at: 1, who: "Ana", action: "tenant.added", tenant: Some(tenant), subject: "Contoso", detail: "{}" };
            audit_log::append(tx, &entry)?;
            mfa_verdicts::replace(tx, tenant, &[verdict(tenant, "u1", "person", "strong")])?;
            posture_state::mark_all(tx, tenant)?;
            posture_state::mark(tx, tenant, "u1")?;
            acting(tx, tenant)?;
            evidence(tx, tenant)?;
            mfa_snapshots::SnapshotRow { tenant: t(), day: s("2026-09-21"), strong: 1, ..Default::default() }.put(tx)?;
            settings::set(tx, "company", "Contoso IT")
        })
        .unwrap();
}

/// A change request, a time-bound access and a drill, each with what hangs on it.
fn acting(tx: &store::Transaction<'_>, tenant: &str) -> store::Result<()> {
    tx.execute(
        "INSERT INTO change_request (tenant, kind, state, title, draft, requested_by, requested_at, updated_at)
         VALUES (?1, 'state', 'draft', 'Turn CA001 on', '{}', 'Ana', 1, 1)",
        [tenant],
    )?;
    let change = tx.last_insert_rowid();
    store::change_requests::add_event(tx, change, 1, "drafted", "Ana", None)?;
    let ran = store::change_requests::DryRunRow {
        change_id: change,
        seq: 0,
        at: 1,
        valid_until: 2,
        target: "t".into(),
        draft: "d".into(),
        stops: 0,
        body: "{}".into(),
    };
    store::change_requests::add_dry_run(tx, &ran)?;
    tx.execute(
        "INSERT INTO graph_write (tenant, owner, owner_id, method, path, begun_at, outcome, who) VALUES (?1, 'change', ?2, 'PATCH', 'p', 1, 'begun', 'Ana')",
        store::rusqlite::params![tenant, change],
    )?;
    tx.execute(
        "INSERT INTO access_grant (tenant, user_id, upn, user_name, group_id, group_name, reason, state, ends_at, requested_by, requested_at, updated_at)
         VALUES (?1, 'u1', 'u1@contoso.com', 'User One', 'g', 'Admins', 'New phone', 'active', 9, 'Ana', 1, 1)",
        [tenant],
    )?;
    let grant = tx.last_insert_rowid();
    store::access_grants::add_event(tx, grant, 1, "requested", "Ana", None)?;
    let drill = store::drills::DrillRow {
        id: 0,
        tenant: tenant.to_owned(),
        user_id: None,
        starts_at: 1,
        ends_at: 2,
        reason: "Yearly".into(),
        ticket: None,
        planned_by: "Ana".into(),
        planned_at: 1,
        state: "planned".into(),
        outcome: None,
        done_by: None,
        done_at: None,
    };
    store::drills::insert(tx, &drill).map(drop)
}

/// A signed exception with its paper, an answer of a person's, and a scheduled report.
fn evidence(tx: &store::Transaction<'_>, tenant: &str) -> store::Result<()> {
    tx.execute(
        "INSERT INTO mfa_exception (tenant, subject_kind, subject_id, subject_name, reason, state, asked_by, asked_at, updated_at)
         VALUES (?1, 'user', 'u1', 'User One', 'A scanner', 'signed', 'Ana', 1, 1)",
        [tenant],
    )?;
    let exception = tx.last_insert_rowid();
    tx.execute("INSERT INTO mfa_exception_event (exception_id, seq, at, what, who) VALUES (?1, 0, 1, 'asked', 'Ana')", [exception])?;
    tx.execute(
        "INSERT INTO mfa_exception_attachment (exception_id, seq, name, media_type, sha256, size, bytes, added_by, added_at)
         VALUES (?1, 0, 'signed.pdf', 'application/pdf', 'ab', 1, x'00', 'Ana', 1)",
        [exception],
    )?;
    tx.execute(
        "INSERT INTO evidence_override (tenant, statement, answer, note, person, recorded_by, recorded_at) VALUES (?1, 'mfa.email', 'yes', 'n', 'Bo', 'Ana', 1)",
        [tenant],
    )?;
    tx.execute(
        "INSERT INTO report_schedule (report, tenant, every, first_day, at_minute, folder, paper, next_at, created_by, created_at)
         VALUES ('insurer', ?1, 'weekly', '2026-11-20', 480, 'f', 'a4', 1, 'Ana', 1)",
        [tenant],
    )?;
    Ok(())
}

fn rows_of(store: &Store, table: &str, tenant: &str) -> i64 {
    let sql = match table {
        "setting" | "baseline" => "SELECT 0 WHERE ?1 IS NOT NULL".to_owned(),
        "tenant" => "SELECT count(*) FROM tenant WHERE id = ?1".to_owned(),
        "sign_in_tenant" => "SELECT count(*) FROM sign_in_tenant WHERE tenant = ?1".to_owned(),
        // That no row of these is left without its tenant is a foreign key's business, which `check` asks.
        table if table.starts_with("sign_in") => {
            format!("SELECT count(*) FROM \"{table}\" WHERE tenant = (SELECT key FROM sign_in_tenant WHERE tenant = ?1)")
        }
        "alert_event" => "SELECT count(*) FROM alert_event WHERE alert_id IN (SELECT id FROM alert WHERE tenant = ?1)".to_owned(),
        "change_event" | "dry_run" => format!("SELECT count(*) FROM {table} WHERE change_id IN (SELECT id FROM change_request WHERE tenant = ?1)"),
        "mfa_exception_event" | "mfa_exception_attachment" => {
            format!("SELECT count(*) FROM {table} WHERE exception_id IN (SELECT id FROM mfa_exception WHERE tenant = ?1)")
        }
        "access_event" => "SELECT count(*) FROM access_event WHERE grant_id IN (SELECT id FROM access_grant WHERE tenant = ?1)".to_owned(),
        other => format!("SELECT count(*) FROM \"{other}\" WHERE tenant = ?1"),
    };
    store.read(|conn| Ok(conn.query_row(&sql, [tenant], |row| row.get(0))?)).unwrap()
}

#[test]
fn removing_a_tenant_leaves_nothing_of_it_but_who_did_what() {
    let (_folder, store) = store();
    fill(&store, CONTOSO);
    fill(&store, FABRIKAM);
    let tables = tables(&store);
    for table in tables.iter().filter(|table| !["setting", "baseline"].contains(&table.as_str())) {
        assert!(rows_of(&store, table, CONTOSO) > 0, "the test fills {table}");
    }
    let before: Vec<i64> = tables.iter().map(|table| rows_of(&store, table, FABRIKAM)).collect();
    assert!(upkeep::remove_tenant(&store, CONTOSO).unwrap());
    assert!(!upkeep::remove_tenant(&store, CONTOSO).unwrap(), "there is no such tenant any more");
    for table in &tables {
        let expected = i64::from(table == "audit_log");
        assert_eq!(rows_of(&store, table, CONTOSO), expected, "{table}");
    }
    let orphans: i64 =
        store.read(|conn| Ok(conn.query_row("SELECT count(*) FROM alert_event WHERE alert_id NOT IN (SELECT id FROM alert)", [], |row| row.get(0))?)).unwrap();
    assert_eq!(orphans, 0);
    assert_eq!(tables.iter().map(|table| rows_of(&store, table, FABRIKAM)).collect::<Vec<_>>(), before, "the other customer is untouched");
    assert_eq!(upkeep::check(&store).unwrap(), Vec::<String>::new());
    assert_eq!(store.read(audit_log::verify).unwrap().broken, None);
}

#[test]
fn a_number_on_a_ticket_or_on_paper_never_means_something_else_later() {
    let (_folder, store) = store();
    fill(&store, CONTOSO);
    let numbers = |store: &Store| -> Vec<i64> {
        let of = |table: &str| store.read(|conn| Ok(conn.query_row(&format!("SELECT max(id) FROM {table}"), [], |row| row.get(0))?)).unwrap();
        ["alert", "change_request", "graph_write", "access_grant", "drill", "mfa_exception", "report_schedule"].map(of).to_vec()
    };
    let given = numbers(&store);
    assert!(upkeep::remove_tenant(&store, CONTOSO).unwrap());
    store.write(|tx| store::tenants::TenantRow::new(CONTOSO, "Contoso", "contoso.example", "demo", "secret", "app", 0).put(tx)).unwrap();
    fill(&store, CONTOSO);
    assert!(numbers(&store).iter().zip(&given).all(|(now, then)| now > then));
}

#[test]
fn what_is_old_goes_and_compacting_gives_the_space_back() {
    let (_folder, store) = store();
    let mut rows: Vec<_> = (0..5_000).map(|n| sign_in(CONTOSO, &format!("s{n}"), n)).collect();
    rows.push(sign_in(FABRIKAM, "kept", 4_990));
    for row in rows.iter_mut().take(4_000) {
        row.user_name = format!("Long gone {}", row.id);
        row.ip = format!("2001:db8::{}", row.id);
    }
    store.write(|tx| sign_ins::insert(tx, &rows)).unwrap();
    assert_eq!(upkeep::forget_older(&store, 4_900).unwrap(), 4_900);
    let facts = upkeep::facts(&store).unwrap();
    assert_eq!(facts.sign_ins, 101);
    assert!(facts.reclaimable_bytes > 0);
    let compacted = upkeep::compact(&store).unwrap();
    assert!(compacted.after.bytes < compacted.before.bytes, "{compacted:?}");
    assert_eq!(compacted.after.reclaimable_bytes, 0);
    let (people, counted): (i64, i64) = store
        .read(|conn| {
            Ok((
                conn.query_row("SELECT count(*) FROM sign_in_user", [], |row| row.get(0))?,
                conn.query_row("SELECT count(*) FROM sign_in", [], |row| row.get(0))?,
            ))
        })
        .unwrap();
    assert_eq!((people, counted), (2, 101), "texts that no sign-in has are forgotten, one is left for each customer");
    assert_eq!(store.read(|conn| sign_ins::get(conn, CONTOSO, "s4999")).unwrap().unwrap(), rows[4_999]);
}
