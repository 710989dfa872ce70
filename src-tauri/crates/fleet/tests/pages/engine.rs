//! Drift, coverage, what-if, replay and baselines, from the store to what their pages show. Contoso's one policy asks everybody
//! for MFA, except the group Admins, in which Dan is through another group.

use std::sync::Arc;

use fleet::{Fleet, FleetOptions, VaultChoice};
use serde_json::json;

use super::*;
use fleet::views::{
    Severity,
    baselines::{self, BaselineSource},
    change_choices,
    coverage::{self, CoveragePeopleFilter, CoverageRowKind, Protection},
    drift::{self, ControlVerdict, DriftPeopleFilter},
    policy_findings::{self, PolicyFindingKind},
    replay::{self, ReplayFilter},
    what_if::{self, Access, Outcome, WhatIfRequest, WhatIfTarget},
};

const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";

pub struct Open {
    pub fleet: Fleet,
    _contoso: Contoso,
}

pub fn open() -> Open {
    let contoso = contoso();
    let mut options = FleetOptions::new(contoso._folder.path());
    options.vault = VaultChoice::Memory;
    options.clock = Arc::new(now);
    Open { fleet: Fleet::open(options).unwrap(), _contoso: contoso }
}

fn asked(user: &str) -> WhatIfRequest {
    WhatIfRequest {
        tenant: TENANT.to_owned(),
        user: Some(user.to_owned()),
        target: Some(WhatIfTarget::Application(EXCHANGE.to_owned())),
        client: Some("browser".to_owned()),
        ..WhatIfRequest::default()
    }
}

#[test]
fn drift_names_who_falls_through_a_control_and_the_field_that_fails() {
    let open = open();
    let report = drift::report(&open.fleet, TENANT).unwrap();
    assert_eq!((report.unreadable, report.baseline.as_str()), (None, "builtin"));
    let row = |id: &str| report.controls.iter().find(|row| row.id == id).unwrap();
    let everybody = row("mfa-all-users");
    assert_eq!((everybody.verdict, everybody.severity, everybody.users), (ControlVerdict::Partly, Severity::Critical, Some(1)));
    assert_eq!(everybody.nearest.as_ref().unwrap().display_name, "CA001 MFA for all users");
    assert_eq!(row("block-device-code-flow").verdict, ControlVerdict::Missing);
    let critical = &report.counts[0];
    assert_eq!(critical.severity, Severity::Critical);
    assert_eq!(
        report.counts.iter().map(|c| c.missing + c.partly + c.changed + c.unknown + c.extra + c.met).sum::<u32>() as usize,
        report.controls.len(),
        "every control is counted once"
    );
    let detail = drift::control(&open.fleet, TENANT, "mfa-all-users").unwrap();
    assert_eq!(detail.ways[0].people[0].display_name, "Dan Admin");
    assert!(detail.ways[0].why.contains("Admins"), "{}", detail.ways[0].why);
    assert!(!detail.rationale.is_empty() && !detail.references.is_empty());
    let filter = DriftPeopleFilter { tenant: TENANT.to_owned(), control: "mfa-all-users".to_owned(), ..DriftPeopleFilter::default() };
    let people = drift::people(&open.fleet, &filter).unwrap();
    assert_eq!((people.total, people.rows[0].upn.as_str()), (1, "dan@contoso.example"));
    assert_eq!(drift::people(&open.fleet, &DriftPeopleFilter { text: Some("ada".to_owned()), ..filter }).unwrap().total, 0);
    assert_eq!(drift::control(&open.fleet, TENANT, "no-such").unwrap_err().code, "drift.no_control");
}

#[test]
fn policies_that_were_never_read_make_everything_unknown_with_the_reason() {
    let open = open();
    open.fleet
        .store()
        .write(|tx| {
            DataStateRow { error: Some("Refused; Ask.".to_owned()), status: Status::NoPermission, ..DataStateRow::never(TENANT, DataKind::Policies) }.put(tx)
        })
        .unwrap();
    let report = drift::report(&open.fleet, TENANT).unwrap();
    assert!(report.unreadable.is_some() && report.controls.is_empty());
    assert!(coverage::matrix(&open.fleet, TENANT).unwrap().unreadable.is_some());
    assert!(what_if::choices(&open.fleet, TENANT).unwrap().unreadable.is_some());
    assert_eq!(what_if::evaluate(&open.fleet, &asked("ada")).unwrap_err().code, "engine.policies_unread");
    assert!(replay::report(&open.fleet, TENANT).unwrap().unreadable.is_some());
    assert_eq!(drift::report(&open.fleet, "99999999-0000-0000-0000-000000000001").unwrap_err().code, "tenant.unknown");
}

#[test]
fn coverage_shows_the_weakest_of_each_profile_and_why_they_are() {
    let open = open();
    let matrix = coverage::matrix(&open.fleet, TENANT).unwrap();
    let other = matrix.applications.iter().position(|application| application.id == "*").unwrap();
    let admins = matrix.rows.iter().find(|row| row.id == "admins").unwrap();
    assert_eq!((admins.kind, admins.users, admins.cells[other]), (CoverageRowKind::Profile, Some(1), Protection::None));
    let members = matrix.rows.iter().find(|row| row.id == "members").unwrap();
    assert_eq!(members.cells[other], Protection::Mfa);
    assert!(matrix.rows.iter().all(|row| row.cells.len() == matrix.applications.len()));
    let cell = coverage::cell(&open.fleet, TENANT, "admins", "*").unwrap();
    assert_eq!((cell.protection, cell.people[0].display_name.as_str()), (Protection::None, "Dan Admin"));
    assert!(cell.why.contains("CA001"), "{}", cell.why);
    assert_eq!(cell.conditions[0].protection, Protection::None);
    let gap = matrix.gaps.iter().find(|gap| gap.people.iter().any(|person| person.display_name == "Dan Admin")).unwrap();
    let of = |of: &str| {
        coverage::people(&open.fleet, &CoveragePeopleFilter { tenant: TENANT.to_owned(), of: of.to_owned(), ..CoveragePeopleFilter::default() }).unwrap()
    };
    assert!(of(&gap.id).rows.iter().any(|person| person.id == "dan"));
    assert_eq!(of("admins").total, 1);
    assert_eq!(coverage::cell(&open.fleet, TENANT, "class-99", "*").unwrap_err().code, "coverage.no_cell");
}

#[test]
fn a_what_if_answers_with_every_policy_and_says_what_is_left_open() {
    let open = open();
    let ada = what_if::evaluate(&open.fleet, &asked("ada")).unwrap();
    assert_eq!((ada.access, ada.headline.as_str()), (Access::Granted, "Granted with MFA"));
    assert_eq!((ada.policies.len(), ada.policies[0].outcome), (1, Outcome::Applies));
    let dan = what_if::evaluate(&open.fleet, &asked("dan")).unwrap();
    assert_eq!(dan.headline, "Granted, nothing is asked for");
    assert_eq!(dan.policies[0].outcome, Outcome::DoesNotApply);
    assert!(dan.policies[0].reason.contains("Admins"), "{}", dan.policies[0].reason);
    let legacy = what_if::evaluate(&open.fleet, &WhatIfRequest { client: Some("other".to_owned()), ..asked("ada") }).unwrap();
    assert_eq!(legacy.access, Access::Blocked, "a legacy client cannot do MFA");
    let nobody = what_if::evaluate(&open.fleet, &WhatIfRequest { user: None, ..asked("ada") }).unwrap();
    assert_eq!(nobody.access, Access::CannotSay);
    assert_eq!(nobody.open, ["Who: 1 policy asks"]);
    for wrong in [WhatIfRequest { ip: Some("300.1.1.1".to_owned()), ..asked("ada") }, WhatIfRequest { country: Some("Britain".to_owned()), ..asked("ada") }] {
        assert_eq!(what_if::evaluate(&open.fleet, &wrong).unwrap_err().code, "input.invalid");
    }
    let gone = what_if::evaluate(&open.fleet, &asked("nobody-here")).unwrap();
    assert_eq!(gone.remarks, ["This user is not in the tenant as it was synced last"]);
}

#[test]
fn the_editor_of_a_change_offers_by_name_what_a_policy_can_name() {
    let open = open();
    let location = r##"{"@odata.type":"#microsoft.graph.ipNamedLocation","displayName":"Office","ipRanges":[]}"##;
    open.fleet
        .store()
        .write(|tx| {
            let row = |id: &str, name: &str| store::locations::LocationRow {
                tenant: TENANT.to_owned(),
                id: id.to_owned(),
                display_name: name.to_owned(),
                body: location.to_owned(),
            };
            store::locations::replace(tx, TENANT, &[row("office", "Office"), row("nameless", " ")])
        })
        .unwrap();
    let choices = change_choices::choices(&open.fleet, TENANT).unwrap();
    assert!(choices.groups.iter().any(|group| group.words == "Admins"));
    assert!(choices.applications.iter().any(|application| application.value == "Office365"));
    assert!(choices.user_actions.iter().any(|action| action.value == "urn:user:registerdevice"));
    let office = choices.locations.iter().find(|location| location.value == "office").unwrap();
    assert_eq!((office.words.as_str(), office.body.lines().count()), ("Office", 5), "the editor begins with readable JSON");
    assert!(choices.locations.iter().any(|location| location.words == "nameless"), "what has no name is offered by its id");
    assert_eq!(change_choices::choices(&open.fleet, "99999999-0000-0000-0000-000000000001").unwrap_err().code, "tenant.unknown");
}

#[test]
fn a_what_if_begins_as_a_real_sign_in_and_replay_holds_it_against_what_entra_did() {
    let open = open();
    let begun = what_if::from_sign_in(&open.fleet, TENANT, "s2").unwrap();
    assert_eq!((begun.request.user.as_deref(), begun.request.client.as_deref(), begun.request.country.as_deref()), (Some("ada"), Some("browser"), Some("NL")));
    assert_eq!(begun.request.platform.as_deref(), Some("windows"));
    assert!(begun.recorded.contains("CA") || !begun.recorded.is_empty());
    assert_eq!(what_if::from_sign_in(&open.fleet, TENANT, "none").unwrap_err().code, "signIn.unknown");
    let report = replay::report(&open.fleet, TENANT).unwrap();
    assert_eq!(report.sign_ins, 5);
    assert_eq!(u64::from(report.compared) + report.not_compared.iter().map(|each| u64::from(each.sign_ins)).sum::<u64>(), 5, "each is compared or named");
    let page = replay::disagreements(&open.fleet, &ReplayFilter { tenant: TENANT.to_owned(), ..ReplayFilter::default() }).unwrap();
    assert_eq!(page.all, report.disagreed);
    let detail = replay::detail(&open.fleet, TENANT, "s2").unwrap();
    assert_eq!(detail.sign_in.id, "s2");
    assert_eq!(detail.policies[0].recorded.as_deref(), Some("failure"));
    let sorted = ReplayFilter { tenant: TENANT.to_owned(), window: Window { sort: Some("shoe".to_owned()), ..Window::default() }, ..ReplayFilter::default() };
    assert_eq!(replay::disagreements(&open.fleet, &sorted).unwrap_err().code, "input.invalid");
}

#[test]
fn a_changed_severity_counts_at_once_and_is_told_in_the_audit_log() {
    let open = open();
    let [builtin] = baselines::list(&open.fleet).unwrap().try_into().unwrap();
    assert_eq!((builtin.id.as_str(), builtin.source, builtin.edited, builtin.tenants.len()), ("builtin", BaselineSource::BuiltIn, false, 1));
    assert!(builtin.controls >= 25);
    let changed = baselines::control_set(&open.fleet, "builtin", "mfa-all-users", Some(Severity::Medium), None, "Robin").unwrap();
    assert!(changed.row.edited);
    let found = drift::report(&open.fleet, TENANT).unwrap();
    assert_eq!(found.controls.iter().find(|row| row.id == "mfa-all-users").unwrap().severity, Severity::Medium);
    let off = baselines::control_set(&open.fleet, "builtin", "mfa-all-users", Some(Severity::Critical), Some(false), "Robin").unwrap();
    assert_eq!(off.row.on, off.row.controls - 1);
    assert!(drift::report(&open.fleet, TENANT).unwrap().controls.iter().all(|row| row.id != "mfa-all-users"));
    let back = baselines::control_set(&open.fleet, "builtin", "mfa-all-users", None, Some(true), "Robin").unwrap();
    assert!(!back.row.edited, "as it was made is no edit");
    assert_eq!(baselines::control_set(&open.fleet, "builtin", "no-such", None, Some(true), "Robin").unwrap_err().code, "baseline.no_control");
    assert_eq!(baselines::rename(&open.fleet, "builtin", "Mine", "Robin").unwrap_err().code, "baseline.built_in");
    let log = fleet::views::audit::list(open.fleet.store(), &fleet::views::audit::AuditFilter::default()).unwrap();
    assert_eq!(log.rows.iter().filter(|row| row.action == "baseline.control_changed").count(), 3);
}

#[test]
fn a_folder_of_policies_becomes_a_baseline_that_tenants_are_held_to() {
    let open = open();
    let folder = tempfile::tempdir().unwrap();
    let mut stricter: Value = serde_json::from_str(&policy("enabled", &[])).unwrap();
    stricter["displayName"] = json!("Everybody does MFA");
    std::fs::write(folder.path().join("one.json"), stricter.to_string()).unwrap();
    std::fs::write(folder.path().join("broken.json"), "{\n  \"displayName\": \n").unwrap();
    let path = folder.path().to_string_lossy().into_owned();
    let made = baselines::import(&open.fleet, &[path], Some("Northgate standard"), "Robin").unwrap();
    assert_eq!((made.row.name.as_str(), made.row.controls, made.row.source), ("Northgate standard", 1, BaselineSource::Imported));
    assert!(made.remarks[0].starts_with("broken.json"), "{:?}", made.remarks);
    assert_eq!(baselines::assign(&open.fleet, &made.row.id, &[], "Robin").unwrap(), 1);
    assert_eq!(baselines::assign(&open.fleet, &made.row.id, &[TENANT.to_owned()], "Robin").unwrap(), 0, "it is held to it already");
    let report = drift::report(&open.fleet, TENANT).unwrap();
    assert_eq!(report.baseline_name, "Northgate standard");
    let row = &report.controls[0];
    assert_eq!(row.verdict, ControlVerdict::Changed, "an added exclusion is a change: {}", row.reason);
    let detail = drift::control(&open.fleet, TENANT, &row.id).unwrap();
    assert!(detail.changes.iter().any(|change| change.path.contains("excludeGroups")), "{:?}", detail.changes);
    assert!(!detail.weakening.is_empty());
    let named = baselines::rename(&open.fleet, &made.row.id, "Northgate 2", "Robin").unwrap();
    assert_eq!(named.row.name, "Northgate 2");
    baselines::remove(&open.fleet, &made.row.id, "Robin").unwrap();
    assert_eq!(drift::report(&open.fleet, TENANT).unwrap().baseline, "builtin");
    assert_eq!(baselines::get(&open.fleet, &made.row.id).unwrap_err().code, "baseline.unknown");
    let empty = tempfile::tempdir().unwrap();
    std::fs::write(empty.path().join("notes.txt"), "nothing").unwrap();
    let nothing = baselines::import(&open.fleet, &[empty.path().to_string_lossy().into_owned()], None, "Robin").unwrap_err();
    assert_eq!(nothing.code, "baseline.no_policy");
}

#[test]
fn a_tenant_taken_as_baseline_is_met_by_itself_and_dropped_files_count() {
    let open = open();
    let made = baselines::from_tenant(&open.fleet, TENANT, None, "Robin").unwrap();
    assert_eq!((made.row.name.as_str(), made.row.source, made.row.controls), ("Contoso", BaselineSource::Tenant, 1));
    baselines::assign(&open.fleet, &made.row.id, &[TENANT.to_owned()], "Robin").unwrap();
    let report = drift::report(&open.fleet, TENANT).unwrap();
    assert_eq!(report.controls.iter().map(|row| row.verdict).collect::<Vec<_>>(), [ControlVerdict::Met], "{:?}", report.controls);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("CA001.json");
    std::fs::write(&file, policy("enabled", &[])).unwrap();
    let dropped = baselines::import(&open.fleet, &[file.to_string_lossy().into_owned()], None, "Robin").unwrap();
    assert_eq!((dropped.row.name.as_str(), dropped.row.controls), ("CA001", 1));
    assert_eq!(
        baselines::import(&open.fleet, &[folder.path().join("gone.json").to_string_lossy().into_owned()], None, "Robin").unwrap_err().code,
        "baseline.file"
    );
}

#[test]
fn two_policies_that_do_the_same_are_pointed_out() {
    let open = open();
    let mut twin: Value = serde_json::from_str(&policy("enabled", &[ADMINS])).unwrap();
    twin["id"] = json!("cccccccc-0000-0000-0000-000000000002");
    twin["displayName"] = json!("CA001 copy");
    open.fleet
        .store()
        .write(|tx| {
            let copy = Seen { id: "cccccccc-0000-0000-0000-000000000002".to_owned(), display_name: "CA001 copy".to_owned(), ..seen(twin.to_string()) };
            store::policies::replace(tx, TENANT, &[seen(policy("enabled", &[ADMINS])), copy], ago(0), fleet::policies::differs)?;
            read(tx, DataKind::Policies, 2)
        })
        .unwrap();
    let found = policy_findings::list(&open.fleet, TENANT).unwrap();
    assert_eq!((found[0].kind, found[0].policies.len()), (PolicyFindingKind::Duplicate, 2), "{found:?}");
}

#[test]
fn what_the_engine_lists_show_is_written_as_it_is_shown() {
    let open = open();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let ids = ["block-device-code-flow".to_owned(), "mfa-all-users".to_owned(), "no-such".to_owned()];
    assert_eq!(export::engine::drift(&open.fleet, TENANT, &ids, &file("drift.csv")).unwrap(), 2);
    let written = std::fs::read_to_string(file("drift.csv")).unwrap();
    let lines: Vec<&str> = written.lines().collect();
    assert!(lines[1].starts_with("high,missing,Device code flow is blocked,") && lines[2].starts_with("critical,partly,"), "{written}");
    let gaps: Vec<String> = coverage::matrix(&open.fleet, TENANT).unwrap().gaps.into_iter().map(|gap| gap.id).collect();
    assert_eq!(export::engine::gaps(&open.fleet, TENANT, &gaps, &file("gaps.json")).unwrap() as usize, gaps.len());
    let all = ReplayFilter { tenant: TENANT.to_owned(), ..ReplayFilter::default() };
    assert_eq!(export::engine::replay(&open.fleet, &all, &file("replay.csv")).unwrap(), replay::report(&open.fleet, TENANT).unwrap().disagreed);
}
