//! Rows to start from, so that a test names only what it is about.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{DateTime, Utc};
use store::{
    Store,
    alerts::NewAlert,
    mfa_verdicts::VerdictRow,
    sign_ins::{SignInResult, SignInRow},
    tenants::TenantRow,
    users::{self, UserRow},
};

pub const CONTOSO: &str = "11111111-1111-4111-8111-111111111111";
pub const FABRIKAM: &str = "22222222-2222-4222-8222-222222222222";

pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

/// A new store with two customers.
pub fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("gatehouse.db"), now()).unwrap();
    store
        .write(|tx| {
            TenantRow::new(CONTOSO, "Contoso", "contoso.example", "demo", "secret", "app", 0).put(tx)?;
            TenantRow::new(FABRIKAM, "Fabrikam", "fabrikam.example", "global", "delegated", "app", 0).put(tx)
        })
        .unwrap();
    (folder, store)
}

pub fn user(tenant: &str, id: &str, name: &str) -> UserRow {
    let upn = format!("{id}@example.test");
    UserRow {
        tenant: tenant.into(),
        id: id.into(),
        search: users::search_text(name, &upn),
        upn,
        display_name: name.into(),
        account_enabled: Some(true),
        user_type: Some("Member".into()),
        other: "{}".into(),
        generation: 1,
        ..UserRow::default()
    }
}

pub fn verdict(tenant: &str, user_id: &str, class: &str, bucket: &str) -> VerdictRow {
    VerdictRow {
        tenant: tenant.into(),
        user_id: user_id.into(),
        class: class.into(),
        bucket: bucket.into(),
        methods: "[]".into(),
        enforced: "unknown".into(),
        ..VerdictRow::default()
    }
}

pub fn sign_in(tenant: &str, id: &str, created_at: i64) -> SignInRow {
    SignInRow {
        tenant: tenant.into(),
        id: id.into(),
        created_at,
        user_id: "u1".into(),
        upn: "u1@example.test".into(),
        user_name: "User One".into(),
        app_id: "app1".into(),
        app_name: "Microsoft Teams".into(),
        resource_id: String::new(),
        resource_name: String::new(),
        client_app: "Browser".into(),
        legacy: false,
        ip: "192.0.2.1".into(),
        country: "NL".into(),
        city: "Amsterdam".into(),
        os: "Windows 11".into(),
        browser: "Edge".into(),
        device_id: String::new(),
        device_name: String::new(),
        compliant: None,
        managed: None,
        trust_type: None,
        interactive: Some(true),
        error_code: 0,
        failure_reason: String::new(),
        result: SignInResult::Success,
        blocked: false,
        ca_status: "success".into(),
        risk: "none".into(),
        other: "{}".into(),
        applied: "[]".into(),
    }
}

pub fn alert(tenant: &str, key: &str) -> NewAlert {
    NewAlert {
        tenant: tenant.into(),
        kind: "breakglass.signin".into(),
        dedup_key: key.into(),
        severity: "critical".into(),
        title: "A break-glass account signed in".into(),
        subject_id: None,
        evidence: "{}".into(),
        first_seen: 10,
        last_seen: 20,
        count: 1,
    }
}
