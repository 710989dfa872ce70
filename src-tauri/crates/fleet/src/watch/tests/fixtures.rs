//! A dentist's practice with a name for everybody, in a store of its own, and what can happen to it.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use store::{
    DataKind, Status, Store,
    data_state::DataStateRow,
    groups::{GroupRow, MemberRow},
    roles::{AssignmentRow, RoleRow},
    sign_ins::{SignInResult, SignInRow},
    tenants::TenantRow,
};

use crate::{
    views::alerts::{AlertDetail, AlertFilter, AlertRow, AlertState},
    watch::{self, Looked},
};

pub const WOODGROVE: &str = "10000000-0000-4000-8000-000000000001";
/// Global administrator, protected.
pub const AMIRA: &str = "20000000-0000-4000-8000-00000000000a";
/// Reception, no role.
pub const JONAS: &str = "20000000-0000-4000-8000-00000000000b";
/// The account in the safe.
pub const SAFE: &str = "20000000-0000-4000-8000-00000000000c";
pub const SAFE_GROUP: &str = "30000000-0000-4000-8000-000000000001";
pub const HELPDESK_GROUP: &str = "30000000-0000-4000-8000-000000000002";
pub const GLOBAL_ADMIN: &str = "62e90394-69f5-4237-9190-012177145e10";
pub const DIRECTORY_SYNC: &str = "d29b2b05-8046-44ba-8758-1e26182fcf32";
pub const DIRECTORY_READERS: &str = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";
pub const MFA_FOR_ALL: &str = "40000000-0000-4000-8000-000000000001";
pub const TECHNICIAN: &str = "Noor de Vries";

/// Woodgrove Dental and the time on the technician's wall.
pub struct Practice {
    pub store: Store,
    pub now: DateTime<Utc>,
    next_sign_in: u32,
    _folder: tempfile::TempDir,
}

impl Practice {
    /// Connected, never synced.
    pub fn connected() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = "2026-03-02T08:00:00Z".parse().unwrap();
        let store = Store::open(folder.path().join("gatehouse.db"), now).unwrap();
        let mut tenant = TenantRow::new(WOODGROVE, "Woodgrove Dental", "woodgrove.example", "global", "secret", "app", now.timestamp_millis());
        tenant.consent = "granted".into();
        tenant.break_glass_group = Some(SAFE_GROUP.into());
        store.write(|tx| tenant.put(tx)).unwrap();
        Self { store, now, next_sign_in: 1, _folder: folder }
    }

    /// Synced for the first time, and nothing is wrong.
    pub fn quiet() -> Self {
        let mut practice = Self::connected();
        practice.first_read();
        practice.synced();
        practice
    }

    /// Everything is read for the first time, without the sync being over.
    pub fn first_read(&mut self) {
        self.user(AMIRA, "Amira Haddad", "amira@woodgrove.example", Some(true));
        self.user(JONAS, "Jonas Weber", "jonas@woodgrove.example", Some(true));
        self.user(SAFE, "Emergency 1", "bg-01@woodgrove.example", Some(true));
        self.group(SAFE_GROUP, "CA-BreakGlass", &[SAFE]);
        self.group(HELPDESK_GROUP, "Helpdesk admins", &[]);
        self.roles(&[("assigned", GLOBAL_ADMIN, AMIRA, None)], true);
        self.registered(AMIRA, Some(true));
        self.registered(JONAS, Some(false));
        self.policies(&[(MFA_FOR_ALL, policy("MFA for all"))]);
        for kind in DataKind::ALL {
            self.read(*kind);
        }
    }

    pub fn later(&mut self, time: TimeDelta) -> &mut Self {
        self.now += time;
        self
    }

    pub fn at(&self) -> i64 {
        self.now.timestamp_millis()
    }

    /// A sync ended well; then the watch looks, as after every sync.
    pub fn synced(&mut self) -> Looked {
        let at = self.at();
        self.store
            .write(|tx| {
                store::tenants::set_attempt(tx, WOODGROVE, at)?;
                store::tenants::set_complete(tx, WOODGROVE, at, 0)
            })
            .unwrap();
        let looked = self.look();
        assert_eq!(self.look(), Looked::default(), "looking again changed something");
        self.later(TimeDelta::minutes(1));
        looked
    }

    pub fn look(&self) -> Looked {
        watch::look(&self.store, WOODGROVE, self.now).unwrap()
    }

    pub fn read(&self, kind: DataKind) {
        let row = DataStateRow { status: Status::Read, read_at: Some(self.at()), attempted_at: Some(self.at()), ..DataStateRow::never(WOODGROVE, kind) };
        self.store.write(|tx| row.put(tx)).unwrap();
    }

    pub fn unread(&self, kind: DataKind) {
        self.store.write(|tx| DataStateRow::never(WOODGROVE, kind).put(tx)).unwrap();
    }

    pub fn user(&self, id: &str, name: &str, upn: &str, enabled: Option<bool>) {
        let row = store::users::UserRow {
            tenant: WOODGROVE.into(),
            id: id.into(),
            upn: upn.into(),
            display_name: name.into(),
            account_enabled: enabled,
            user_type: Some("Member".into()),
            search: store::users::search_text(name, upn),
            other: "{}".into(),
            generation: 1,
            ..store::users::UserRow::default()
        };
        self.store.write(|tx| store::users::put_all(tx, &[row])).unwrap();
    }

    /// The group's members as a sync reads them.
    /// The directory lost the group.
    pub fn group_deleted(&self, id: &str) {
        let at = self.at();
        self.store.write(|tx| store::groups::delete(tx, WOODGROVE, id, at)).unwrap();
    }

    pub fn group(&self, id: &str, name: &str, members: &[&str]) {
        let group = GroupRow {
            tenant: WOODGROVE.into(),
            id: id.into(),
            display_name: name.into(),
            role_assignable: None,
            dynamic: None,
            on_premises_sync: None,
            other: "{}".into(),
            generation: 1,
            members_read_at: None,
        };
        let members: Vec<MemberRow> = members
            .iter()
            .map(|member| MemberRow { tenant: WOODGROVE.into(), group_id: id.into(), member_id: (*member).into(), member_type: "user".into(), direct: true })
            .collect();
        let at = self.at();
        self.store
            .write(|tx| {
                store::groups::put_all(tx, &[group])?;
                store::groups::replace_members(tx, WOODGROVE, id, &members, at)
            })
            .unwrap();
    }

    /// All role assignments as a sync reads them: kind, role, principal, end.
    pub fn roles(&self, held: &[(&str, &str, &str, Option<i64>)], baseline: bool) {
        let known = [
            (GLOBAL_ADMIN, "Global Administrator", Some(true)),
            // Graph did not say: the list of built-in roles does.
            (DIRECTORY_SYNC, "Directory Synchronization Accounts", None),
            (DIRECTORY_READERS, "Directory Readers", Some(false)),
        ];
        let definitions: Vec<RoleRow> = known
            .into_iter()
            .map(|(id, name, privileged)| RoleRow {
                tenant: WOODGROVE.into(),
                id: id.into(),
                template_id: id.into(),
                display_name: name.into(),
                built_in: true,
                privileged,
            })
            .collect();
        let rows: Vec<AssignmentRow> = held
            .iter()
            .enumerate()
            .map(|(n, (kind, role, principal, ends_at))| AssignmentRow {
                tenant: WOODGROVE.into(),
                id: format!("assignment-{n}"),
                kind: (*kind).into(),
                role_id: (*role).into(),
                principal_id: (*principal).into(),
                directory_scope: "/".into(),
                starts_at: None,
                ends_at: *ends_at,
            })
            .collect();
        let at = self.at();
        self.store
            .write(|tx| {
                store::roles::replace_definitions(tx, WOODGROVE, &definitions)?;
                store::roles::replace_assignments(tx, WOODGROVE, &["assigned", "active", "eligible"], &rows, at, baseline)
            })
            .unwrap();
    }

    pub fn registered(&self, user: &str, registered: Option<bool>) {
        let row = store::registrations::RegistrationRow {
            tenant: WOODGROVE.into(),
            user_id: user.into(),
            mfa_registered: registered,
            mfa_capable: None,
            passwordless: None,
            is_admin: None,
            methods: "[]".into(),
            default_method: None,
            report_refreshed_at: None,
            generation: 1,
        };
        self.store.write(|tx| store::registrations::put_all(tx, &[row])).unwrap();
    }

    /// All policies as a sync reads them.
    pub fn policies(&self, policies: &[(&str, Value)]) {
        let seen: Vec<store::policies::Seen> = policies
            .iter()
            .map(|(id, body)| store::policies::Seen {
                id: (*id).into(),
                display_name: body["displayName"].as_str().unwrap().into(),
                state: body["state"].as_str().unwrap().into(),
                body: body.to_string(),
                changed_at: None,
            })
            .collect();
        let at = self.at();
        self.store.write(|tx| store::policies::replace(tx, WOODGROVE, &seen, at, |before, after| before != after)).unwrap();
    }

    /// The directory audit told who made a version.
    pub fn author(&self, version: i64, by: &str) {
        let at = self.at();
        self.store.write(|tx| store::policies::set_author(tx, WOODGROVE, MFA_FOR_ALL, version, Some(at), Some(by), None)).unwrap();
    }

    /// A sign-in that happened now and was read now; returns its id.
    pub fn sign_in(&mut self, user: &str, how: SignIn) -> String {
        self.sign_in_at(user, how, self.at())
    }

    pub fn sign_in_at(&mut self, user: &str, how: SignIn, at: i64) -> String {
        let id = format!("sign-in-{:03}", self.next_sign_in);
        self.next_sign_in += 1;
        let stored = self.store.read(|conn| store::users::get(conn, WOODGROVE, user)).unwrap();
        let row = SignInRow {
            tenant: WOODGROVE.into(),
            id: id.clone(),
            created_at: at,
            user_id: user.into(),
            upn: stored.as_ref().map(|user| user.upn.clone()).unwrap_or_default(),
            user_name: stored.map(|user| user.display_name).unwrap_or_default(),
            app_id: "app".into(),
            app_name: "Office 365 Exchange Online".into(),
            resource_id: String::new(),
            resource_name: String::new(),
            client_app: if how == SignIn::Legacy { "IMAP4" } else { "Browser" }.into(),
            legacy: how == SignIn::Legacy,
            ip: "203.0.113.7".into(),
            country: "NG".into(),
            city: "Lagos".into(),
            os: "Windows 11".into(),
            browser: String::new(),
            device_id: String::new(),
            device_name: String::new(),
            compliant: None,
            managed: None,
            trust_type: None,
            interactive: Some(true),
            error_code: if how == SignIn::WrongPassword { 50126 } else { 0 },
            failure_reason: if how == SignIn::WrongPassword { "Invalid username or password.".into() } else { String::new() },
            result: if how == SignIn::WrongPassword { SignInResult::Failure } else { SignInResult::Success },
            blocked: false,
            ca_status: "notApplied".into(),
            risk: "none".into(),
            other: "{}".into(),
            applied: "[]".into(),
        };
        self.store.write(|tx| store::sign_ins::insert(tx, &[row])).unwrap();
        id
    }

    pub fn consent(&self, consent: &str, error: Option<(&str, &str)>) {
        self.store.write(|tx| store::tenants::set_consent(tx, WOODGROVE, consent, "[]", error.map(|(code, _)| code), error.map(|(_, text)| text))).unwrap();
    }

    /// The inbox: everything, or one state.
    pub fn inbox(&self, state: Option<AlertState>) -> Vec<AlertRow> {
        let filter = AlertFilter { states: state.into_iter().collect(), ..AlertFilter::default() };
        crate::views::alerts::list(&self.store, &filter).unwrap().rows
    }

    pub fn titles(&self) -> Vec<String> {
        self.inbox(None).into_iter().map(|alert| alert.title).collect()
    }

    /// The one alert there is.
    pub fn only(&self) -> AlertDetail {
        let all = self.inbox(None);
        assert_eq!(all.len(), 1, "{all:#?}");
        self.alert(all[0].id)
    }

    pub fn alert(&self, id: u32) -> AlertDetail {
        crate::views::alerts::get(&self.store, id).unwrap()
    }

    pub fn acknowledge(&self, id: u32) {
        watch::acknowledge(&self.store, &[id], Some("on it"), TECHNICIAN, self.now).unwrap();
    }

    pub fn resolve(&self, id: u32) {
        watch::resolve(&self.store, &[id], "customer confirmed", TECHNICIAN, self.now).unwrap();
    }

    pub fn mute(&self, id: u32, days: i64) {
        watch::mute(&self.store, &[id], self.now + TimeDelta::days(days), "known drill", TECHNICIAN, self.now).unwrap();
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    Success,
    WrongPassword,
    Legacy,
}

/// Enforced: everybody but the break-glass group needs MFA for everything.
pub fn policy(name: &str) -> Value {
    json!({
        "id": MFA_FOR_ALL,
        "displayName": name,
        "state": "enabled",
        "createdDateTime": "2024-05-01T00:00:00Z",
        "conditions": {
            "users": { "includeUsers": ["All"], "excludeUsers": [], "excludeGroups": [SAFE_GROUP] },
            "applications": { "includeApplications": ["All"] },
            "clientAppTypes": ["all"],
        },
        "grantControls": { "operator": "OR", "builtInControls": ["mfa"] },
    })
}

/// The history as words.
pub fn history(alert: &AlertDetail) -> Vec<&str> {
    alert.history.iter().map(|event| event.what.as_str()).collect()
}
