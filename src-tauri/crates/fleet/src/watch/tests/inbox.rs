//! What the screens show of alerts: the inbox, every kind's page, the dashboard, search, settings, and what is notified.

use chrono::{NaiveTime, TimeDelta};

use super::fixtures::*;
use crate::{
    notify,
    views::{
        self, Severity, Window,
        alerts::{AlertFilter, AlertState, PlaybookAction},
        settings::Settings,
    },
    watch::{
        AlertKind,
        playbook::{self, Place},
    },
};

/// One alert of every severity but low.
fn busy() -> Practice {
    let mut practice = Practice::quiet();
    practice.sign_in(SAFE, SignIn::Success);
    practice.sign_in(JONAS, SignIn::Legacy);
    practice.policies(&[(MFA_FOR_ALL, policy("Renamed"))]);
    practice.synced();
    practice
}

#[test]
fn the_inbox_shows_the_critical_first_and_pages_and_filters() {
    let practice = busy();
    let severities: Vec<Severity> = practice.inbox(None).iter().map(|alert| alert.severity).collect();
    assert_eq!(severities, [Severity::Critical, Severity::High, Severity::Medium]);
    let list = |filter: AlertFilter| views::alerts::list(&practice.store, &filter);
    let second = list(AlertFilter { window: Window { offset: 1, limit: 1, ..Window::default() }, ..AlertFilter::default() }).unwrap();
    assert_eq!((second.rows.len(), second.total, second.all, second.rows[0].severity), (1, 3, 3, Severity::High));
    let only = list(AlertFilter { severities: vec![Severity::Medium], ..AlertFilter::default() }).unwrap();
    assert_eq!((only.rows.len(), only.total, only.all), (1, 1, 3));
    let found = list(AlertFilter { text: Some("woodgrove".into()), states: vec![AlertState::Open], ..AlertFilter::default() }).unwrap();
    assert_eq!(found.total, 3, "the customer's name finds them too");
    let unknown = list(AlertFilter { window: Window { sort: Some("colour".into()), ..Window::default() }, ..AlertFilter::default() });
    assert_eq!(unknown.unwrap_err().code, "input.invalid");
    let greedy = list(AlertFilter { window: Window { limit: 501, ..Window::default() }, ..AlertFilter::default() });
    assert_eq!(greedy.unwrap_err().code, "input.invalid");
}

#[test]
fn every_kind_has_a_meaning_and_a_playbook_of_four_to_seven_steps_that_leads_somewhere() {
    for kind in AlertKind::ALL {
        assert!(playbook::meaning(kind).len() > 80, "{}", kind.name());
        let steps = playbook::steps(kind, Place { tenant: WOODGROVE, cloud: "global" }, Some("a b/../c"), None);
        assert!((4..=7).contains(&steps.len()), "{}: {} steps", kind.name(), steps.len());
        assert!(steps.iter().any(|step| step.action.is_some()));
        for action in steps.iter().filter_map(|step| step.action.as_ref()) {
            match action {
                PlaybookAction::Open { route, .. } => {
                    assert!(route == &format!("/connect?tenant={WOODGROVE}") || route.starts_with(&format!("/tenants/{WOODGROVE}")), "{route}");
                    assert!(!route.contains("/.."), "an id from a tenant leads out of its page: {route}");
                    assert!(!route.contains(' '), "{route}");
                }
                PlaybookAction::Portal { url, .. } => {
                    assert!(url.starts_with(&format!("https://entra.microsoft.com/{WOODGROVE}/#view/")), "{url}");
                }
                PlaybookAction::Resync { .. } => {}
            }
        }
        assert!(playbook::handled_at(kind, WOODGROVE, Some("x")).is_some());
        assert_eq!(AlertKind::parse(kind.name()), Some(kind));
    }
}

#[test]
fn portal_links_lead_to_the_tenants_own_cloud_and_a_fictional_tenant_has_none() {
    let links = |cloud: &str| -> Vec<String> {
        AlertKind::ALL
            .into_iter()
            .flat_map(|kind| playbook::steps(kind, Place { tenant: WOODGROVE, cloud }, Some("x"), None))
            .filter_map(|step| match step.action {
                Some(PlaybookAction::Portal { url, .. }) => Some(url),
                _ => None,
            })
            .collect()
    };
    assert!(links("usGovernment").iter().all(|url| url.starts_with("https://entra.microsoft.us/")));
    assert!(links("china").iter().all(|url| url.starts_with("https://entra.microsoftonline.cn/")));
    assert!(links("global").len() > 5);
    assert!(links("demo").is_empty());
}

#[test]
fn an_export_has_every_row_that_the_list_matches() {
    let practice = busy();
    let filter = AlertFilter { window: Window { limit: 1, ..Window::default() }, ..AlertFilter::default() };
    assert_eq!(views::alerts::every(&practice.store, &filter).unwrap().len(), 3);
}

#[test]
fn an_alert_that_is_not_there_is_said_so() {
    let practice = Practice::quiet();
    assert_eq!(views::alerts::get(&practice.store, 4711).unwrap_err().code, "alert.unknown");
}

#[test]
fn the_dashboard_counts_open_alerts_and_names_who_needs_somebody() {
    let mut practice = busy();
    practice.acknowledge(practice.inbox(None).iter().find(|alert| alert.severity == Severity::High).unwrap().id);
    let dashboard = views::dashboard::get(&practice.store, practice.now).unwrap();
    assert_eq!((dashboard.tenants, dashboard.counts.critical, dashboard.counts.high, dashboard.counts.medium), (1, 1, 0, 1));
    assert_eq!(dashboard.open_alerts.len(), 2);
    assert_eq!(dashboard.attention.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>(), ["critical"]);
    assert_eq!(dashboard.attention[0].what, "1 critical alert is open");
    assert!(dashboard.mfa_unreadable.is_empty());
    assert!(dashboard.last_checked.is_some());
    practice.later(TimeDelta::hours(30));
    let dashboard = views::dashboard::get(&practice.store, practice.now).unwrap();
    assert!(dashboard.attention.iter().any(|one| one.kind == "stale" && one.tenant.display_name == "Woodgrove Dental"));
    practice.consent("revoked", Some(("AADSTS65001", "gone")));
    let dashboard = views::dashboard::get(&practice.store, practice.now).unwrap();
    assert_eq!(dashboard.attention[0].kind, "consent", "the cause, first and once: {:#?}", dashboard.attention);
    assert!(dashboard.attention.iter().all(|one| one.kind != "stale"));
}

#[test]
fn a_dashboard_without_tenants_is_quiet() {
    let practice = Practice::connected();
    practice.store.write(|tx| Ok(tx.execute("DELETE FROM tenant", [])?)).unwrap();
    let dashboard = views::dashboard::get(&practice.store, practice.now).unwrap();
    assert_eq!((dashboard.tenants, dashboard.attention.len(), dashboard.last_checked), (0, 0, None));
}

#[test]
fn the_fleet_bar_counts_people_and_names_the_tenants_it_cannot_know() {
    let practice = Practice::quiet();
    let verdict = |user: &str, class: &str, bucket: &str| store::mfa_verdicts::VerdictRow {
        tenant: WOODGROVE.into(),
        user_id: user.into(),
        class: class.into(),
        bucket: bucket.into(),
        methods: "[]".into(),
        enforced: "unknown".into(),
        ..store::mfa_verdicts::VerdictRow::default()
    };
    let verdicts = [verdict(AMIRA, "person", "strong"), verdict(JONAS, "person", "none"), verdict(SAFE, "breakGlass", "none")];
    let snapshot = |day: &str, strong: i64| store::mfa_snapshots::SnapshotRow {
        tenant: WOODGROVE.into(),
        day: day.into(),
        strong,
        none: 2 - strong,
        ..Default::default()
    };
    practice
        .store
        .write(|tx| {
            store::mfa_verdicts::replace(tx, WOODGROVE, &verdicts)?;
            snapshot("2026-03-01", 0).put(tx)?;
            snapshot("2026-03-02", 1).put(tx)
        })
        .unwrap();
    let dashboard = views::dashboard::get(&practice.store, practice.now).unwrap();
    assert_eq!((dashboard.mfa.strong, dashboard.mfa.none, dashboard.mfa.unknown), (1, 1, 0), "break-glass accounts are not people");
    assert_eq!(dashboard.mfa_trend.iter().map(|point| (point.day.as_str(), point.counts.strong)).collect::<Vec<_>>(), [("2026-03-01", 0), ("2026-03-02", 1),]);
    practice.unread(store::DataKind::MfaRegistration);
    let dashboard = views::dashboard::get(&practice.store, practice.now).unwrap();
    assert_eq!(dashboard.mfa.strong + dashboard.mfa.none, 0);
    assert_eq!(dashboard.mfa_unreadable[0].display_name, "Woodgrove Dental");
}

#[test]
fn search_finds_people_policies_alerts_and_tenants_best_first() {
    let practice = busy();
    let hits = |text: &str| views::search::search(&practice.store, text).unwrap();
    assert_eq!(hits("woodgrove")[0].kind, "tenant");
    assert_eq!(hits("woodgrove")[0].route, format!("/tenants/{WOODGROVE}"));
    let jonas = hits("jonas");
    assert_eq!((jonas[0].kind.as_str(), jonas[0].title.starts_with("Jonas Weber")), ("alert", true));
    assert!(jonas.iter().any(|hit| hit.kind == "user" && hit.route == format!("/tenants/{WOODGROVE}/users/{JONAS}")));
    assert_eq!(hits("renamed")[0].kind, "policy", "an exact name goes first: {:#?}", hits("renamed"));
    assert!(hits("  ").is_empty());
    assert!(hits("%_\\'\"").is_empty());
    for n in 0..60 {
        practice.user(&format!("50000000-0000-4000-8000-{n:012}"), &format!("Robot {n}"), &format!("robot{n}@woodgrove.example"), Some(true));
    }
    assert_eq!(hits("robot").len(), 20);
    assert_eq!(hits("robot 7")[0].title, "Robot 7");
}

#[test]
fn settings_start_with_the_machines_user_and_keep_what_was_set() {
    let practice = Practice::connected();
    let settings = views::settings::get(&practice.store, "noor").unwrap();
    assert_eq!(settings, Settings { technician: "noor".into(), ..Settings::default() });
    let wanted =
        Settings { technician: " Noor de Vries ".into(), quiet_from: Some("22:00".into()), quiet_to: Some("6:30".into()), sync_every_minutes: 15, ..settings };
    let kept = views::settings::set(&practice.store, wanted, "noor", practice.now).unwrap();
    assert_eq!((kept.technician.as_str(), kept.quiet_to.as_deref()), (TECHNICIAN, Some("06:30")));
    assert_eq!(views::settings::get(&practice.store, "noor").unwrap(), kept);
    let log = views::audit::list(&practice.store, &views::audit::AuditFilter::default()).unwrap();
    assert_eq!((log.rows[0].who.as_str(), log.rows[0].action.as_str()), ("noor", "settings.changed"));
    assert!(log.rows[0].subject.contains("syncEveryMinutes"));
}

#[test]
fn settings_that_make_no_sense_are_refused_one_by_one() {
    let practice = Practice::connected();
    let good = views::settings::get(&practice.store, "noor").unwrap();
    let set = |settings: Settings| views::settings::set(&practice.store, settings, "noor", practice.now).map_err(|problem| problem.what);
    let quiet = |from: Option<&str>, to: Option<&str>| Settings { quiet_from: from.map(Into::into), quiet_to: to.map(Into::into), ..good.clone() };
    for wrong in [
        Settings { sync_every_minutes: 4, ..good.clone() },
        Settings { sync_every_minutes: 1441, ..good.clone() },
        Settings { retention_days: 6, ..good.clone() },
        Settings { retention_days: 3651, ..good.clone() },
        Settings { technician: "x".repeat(101), ..good.clone() },
        Settings { company: "a\u{0}b".into(), ..good.clone() },
        quiet(Some("22:00"), None),
        quiet(None, Some("06:00")),
        quiet(Some("25:00"), Some("06:00")),
        quiet(Some("22:00"), Some("22:00")),
    ] {
        assert!(set(wrong.clone()).is_err(), "{wrong:?}");
    }
    assert!(set(quiet(Some(""), Some(""))).unwrap().quiet_from.is_none(), "empty fields are no quiet hours");
    assert!(set(Settings { sync_every_minutes: 5, retention_days: 3650, ..good.clone() }).is_ok());
}

#[test]
fn a_setting_that_no_longer_reads_does_not_take_the_others_with_it() {
    let practice = Practice::connected();
    let odd = serde_json::json!({ "technician": "Noor", "theme": "plaid", "retentionDays": 90, "fromTheFuture": true });
    practice.store.write(|tx| store::settings::set(tx, "settings", &odd)).unwrap();
    let settings = views::settings::get(&practice.store, "noor").unwrap();
    assert_eq!((settings.technician.as_str(), settings.retention_days, settings.theme), ("Noor", 90, views::settings::Theme::System));
}

#[test]
fn what_was_raised_in_quiet_hours_is_told_once_when_they_end_unless_it_is_dealt_with() {
    let mut practice = Practice::quiet();
    let settings = Settings { quiet_from: Some("22:00".into()), quiet_to: Some("06:00".into()), ..Settings::default() };
    let clock = |hour: u32| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let next = |practice: &Practice, hour| notify::next(&practice.store, &settings, clock(hour)).unwrap();
    practice.sign_in(SAFE, SignIn::Success);
    let first = practice.synced().raised;
    assert!(next(&practice, 23).is_empty());
    practice.group(SAFE_GROUP, "CA-BreakGlass", &[SAFE, JONAS]);
    let second = practice.later(TimeDelta::hours(1)).synced().raised;
    assert!(next(&practice, 1).is_empty());
    practice.registered(AMIRA, Some(false));
    practice.later(TimeDelta::hours(1)).synced();
    assert!(next(&practice, 2).is_empty());
    practice.acknowledge(first[0].id);
    let morning = next(&practice, 6);
    assert_eq!(morning.len(), 1);
    assert_eq!((morning[0].title.as_str(), morning[0].body.as_str()), ("Woodgrove Dental", "2 critical alerts"));
    assert_eq!(morning[0].route, format!("/alerts?severity=critical&tenant={WOODGROVE}"));
    notify::shown(&practice.store, &morning[0].alerts, practice.now).unwrap();
    assert_eq!(history(&practice.alert(second[0].id)), ["raised", "notified"]);
    assert!(next(&practice, 7).is_empty(), "told once");
}

#[test]
fn what_another_program_raised_or_a_crash_left_untold_is_told_once() {
    let mut practice = Practice::quiet();
    let next = |practice: &Practice, settings: &Settings| notify::next(&practice.store, settings, NaiveTime::from_hms_opt(10, 0, 0).unwrap()).unwrap();
    practice.sign_in(SAFE, SignIn::Success);
    // Nobody in this program heard of it.
    let raised = practice.synced().raised;
    assert!(next(&practice, &Settings { notifications: false, ..Settings::default() }).is_empty());
    let told = next(&practice, &Settings::default());
    assert_eq!(told.iter().flat_map(|one| one.alerts.clone()).collect::<Vec<_>>(), [raised[0].id]);
    assert_eq!(next(&practice, &Settings::default()), told, "the operating system did not take it: it is not told yet");
    notify::shown(&practice.store, &told[0].alerts, practice.now).unwrap();
    assert!(next(&practice, &Settings::default()).is_empty());
    practice.group(SAFE_GROUP, "CA-BreakGlass", &[SAFE, JONAS]);
    let second = practice.later(TimeDelta::hours(1)).synced().raised;
    practice.acknowledge(second[0].id);
    assert!(next(&practice, &Settings::default()).is_empty(), "somebody saw it already");
}
