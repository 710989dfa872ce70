//! The insurer's evidence from the store to its facts and files. Contoso's one policy asks everybody for MFA, except Dan, its only
//! administrator, who is in the group Admins; per-user MFA was never read.

use std::sync::{Arc, Mutex};

use fleet::{
    Fleet, FleetOptions, VaultChoice,
    evidence::{
        self, Draw, Look, data_set,
        facts::{Answer, ChangesFacts, FleetFacts, InsurerFacts, Statement},
    },
    posture::MfaReportFacts,
    views::{
        Problem,
        reports::{BrandingInput, Every, LogoInput, OverrideInput, PaperSize, PeriodInput, ReportKind, ReportRequest, ScheduleInput},
    },
};

use super::{engine::open, *};

fn days(days: u32) -> PeriodInput {
    PeriodInput { days: Some(days), ..PeriodInput::default() }
}

fn insurer(fleet: &Fleet) -> InsurerFacts {
    let period = evidence::period::of(&days(30), "UTC", now()).unwrap();
    evidence::insurer(fleet, TENANT, period, "Tess").unwrap()
}

fn statement<'a>(facts: &'a InsurerFacts, id: &str) -> &'a Statement {
    facts.statements.iter().find(|statement| statement.id == id).unwrap()
}

#[test]
fn answers_say_no_more_than_was_read_and_name_whom_they_are_about() {
    let open = open();
    let facts = insurer(&open.fleet);
    let judged = |id: &str| (statement(&facts, id).judged, statement(&facts, id).evidence.as_str());
    let (answer, said) = judged("mfa.email");
    assert_eq!(answer, Answer::Partly, "{said}");
    assert!(said.starts_with("4 of 5 people are always asked for MFA for mail"), "{said}");
    let (answer, said) = judged("mfa.privileged");
    assert_eq!(answer, Answer::Unknown, "Dan is left out by the policy, and per-user MFA, never read, may ask him: {said}");
    assert_eq!(judged("breakGlass.controlled").0, Answer::No);
    assert_eq!(judged("alerts.handled").0, Answer::Unknown, "never synced whole");
    let enrolment = &facts.enrolment;
    assert_eq!((enrolment.people.strong, enrolment.people.weak, enrolment.people.none, enrolment.people.unknown), (2, 1, 1, 1));
    assert_eq!(enrolment.departments.len(), 1);
    assert_eq!(enrolment.departments[0].people, enrolment.people);
    assert_eq!(enrolment.without[0].name, "Carol Ελένη");
    let admins = facts.admins.as_ref().unwrap();
    assert_eq!(admins[0].roles, ["Global Administrator (eligible, through group Admins)"]);
    let policy = &facts.policies.as_ref().unwrap()[0];
    assert_eq!((policy.state.as_str(), policy.sha256.len()), ("On", 64));
    assert_eq!(facts.changes.len(), 1, "the group was left out two days ago: {:?}", facts.changes);
    assert!(!facts.changes[0].through_gatehouse && !facts.changes[0].details.is_empty());
    assert!(facts.gaps.iter().any(|gap| gap.starts_with("Per-user MFA: ")), "{:?}", facts.gaps);
}

/// How much is claimed.
fn claim(answer: Answer) -> u8 {
    match answer {
        Answer::Yes => 2,
        Answer::Partly => 1,
        Answer::No | Answer::Unknown => 0,
    }
}

#[test]
fn a_source_that_is_taken_out_of_the_store_raises_no_answer_and_is_named() {
    let whole = insurer(&open().fleet);
    for kind in DataKind::ALL {
        let open = open();
        open.fleet
            .store()
            .write(|tx| {
                DataStateRow { status: Status::NoLicence, error: Some("the tenant has no Entra ID P1".to_owned()), ..DataStateRow::never(TENANT, *kind) }
                    .put(tx)
            })
            .unwrap();
        posture::refresh(open.fleet.store(), TENANT, now()).unwrap();
        let less = insurer(&open.fleet);
        for (before, after) in whole.statements.iter().zip(&less.statements) {
            assert!(
                claim(after.judged) <= claim(before.judged),
                "{} without {}: {:?} became {:?}: {}",
                before.id,
                kind.title(),
                before.judged,
                after.judged,
                after.evidence
            );
        }
    }
}

#[test]
fn a_half_synced_tenant_is_unknown_all_over_and_its_data_set_is_whole() {
    let open = open();
    open.fleet.store().write(|tx| DataKind::ALL.iter().try_for_each(|kind| DataStateRow::never(TENANT, *kind).put(tx))).unwrap();
    let facts = insurer(&open.fleet);
    for one in &facts.statements {
        assert!(matches!(one.judged, Answer::Unknown), "{}: {:?}: {}", one.id, one.judged, one.evidence);
    }
    assert!(facts.policies.is_none() && facts.admins.is_none() && facts.enrolment.unreadable.is_some());
    let set = data_set::of(&facts);
    let departments = &set.files.iter().find(|(name, _)| name == "departments.csv").unwrap().1;
    assert_eq!(String::from_utf8_lossy(departments).lines().count(), 1, "what was never read has no counts, not even zeros");
}

#[test]
fn the_same_facts_are_the_same_bytes_and_a_formula_is_no_formula() {
    let open = open();
    let facts = insurer(&open.fleet);
    let set = data_set::of(&facts);
    assert_eq!(set, data_set::of(&insurer(&open.fleet)));
    let people = String::from_utf8(set.files.iter().find(|(name, _)| name == "people.csv").unwrap().1.clone()).unwrap();
    assert!(people.contains("'=Bob Stone") && !people.contains(",=Bob Stone"), "{people}");
    let folder = tempfile::tempdir().unwrap();
    set.write(&folder.path().join("a/b")).unwrap();
    let found = data_set::check(&folder.path().join("a/b"), &set.sha256).unwrap();
    assert!(found.intact, "{found:?}");
    let json: Value = serde_json::from_slice(&std::fs::read(folder.path().join("a/b").join(data_set::JSON)).unwrap()).unwrap();
    assert_eq!(json["statements"][0]["judged"], "partly");
}

#[test]
fn a_named_persons_answer_stands_beside_the_datas_until_it_is_withdrawn() {
    let open = open();
    let input = OverrideInput {
        tenant: TENANT.to_owned(),
        statement: "mfa.remoteAccess".to_owned(),
        answer: Answer::Yes,
        person: "Ana Silva".to_owned(),
        note: "The VPN asks for MFA by Duo.".to_owned(),
    };
    open.fleet.evidence_override(&input, "Tess").unwrap();
    let facts = insurer(&open.fleet);
    let one = statement(&facts, "mfa.remoteAccess");
    assert_eq!((one.judged, one.answer()), (Answer::Partly, Answer::Yes));
    let other = one.overridden.as_ref().unwrap();
    assert_eq!((other.person.as_str(), other.recorded_by.as_str(), other.note.as_str()), ("Ana Silva", "Tess", "The VPN asks for MFA by Duo."));
    let statements = String::from_utf8(data_set::of(&facts).files.into_iter().find(|(name, _)| name == "statements.csv").unwrap().1).unwrap();
    assert!(statements.contains("mfa.remoteAccess,Is MFA required for remote access?,yes,partly,"), "{statements}");
    open.fleet.evidence_override_withdraw(TENANT, "mfa.remoteAccess", "Tess").unwrap();
    assert_eq!(statement(&insurer(&open.fleet), "mfa.remoteAccess").overridden, None);
    assert_eq!(open.fleet.evidence_override_withdraw(TENANT, "mfa.remoteAccess", "Tess").unwrap_err().code, "evidence.no_override");
    let actions: Vec<String> = open
        .fleet
        .store()
        .read(|conn| {
            let mut actions = Vec::new();
            store::audit_log::each(conn, |row| {
                actions.push(row.action);
                Ok(())
            })?;
            Ok(actions)
        })
        .unwrap();
    assert!(actions.ends_with(&["evidence.overridden".to_owned(), "evidence.override_withdrawn".to_owned()]), "{actions:?}");
}

/// Draws a line of text; customers whose name begins with "Broken" cannot be drawn, one called "Fault" makes it panic.
struct Pencil;

fn drawn(customer: &str, more: &str) -> Result<Vec<u8>, Problem> {
    assert!(!customer.starts_with("Fault"), "a fault in drawing");
    if customer.starts_with("Broken") {
        return Err(fleet::problem::problem("report.font", "The font cannot be read", "Install Gatehouse again."));
    }
    Ok(format!("%PDF {customer} {more}").into_bytes())
}

impl Draw for Pencil {
    fn mfa(&self, facts: &MfaReportFacts, _: &Look, _: Option<&str>) -> Result<Vec<u8>, Problem> {
        drawn(&facts.customer, "")
    }
    fn insurer(&self, facts: &InsurerFacts, _: &Look, data_set: &str) -> Result<Vec<u8>, Problem> {
        drawn(&facts.customer.name, data_set)
    }
    fn changes(&self, facts: &ChangesFacts, _: &Look, _: Option<&str>) -> Result<Vec<u8>, Problem> {
        drawn(&facts.customer.name, "")
    }
    fn fleet(&self, facts: &FleetFacts, _: &Look, _: Option<&str>) -> Result<Vec<u8>, Problem> {
        drawn(&facts.customers.iter().map(|one| one.customer.name.as_str()).collect::<Vec<_>>().join(", "), "")
    }
    fn logo(&self, bytes: &[u8]) -> Result<(), Problem> {
        if bytes.starts_with(b"\x89PNG") { Ok(()) } else { Err(fleet::problem::problem("report.logo", "The logo is no picture", "Choose a PNG or JPEG.")) }
    }
}

struct Desk {
    fleet: Fleet,
    clock: Arc<Mutex<DateTime<Utc>>>,
    folder: tempfile::TempDir,
    _contoso: Contoso,
}

/// Contoso and further customers of these names, a fleet that can draw, and a clock that can be set.
fn desk(names: &[&str]) -> Desk {
    let contoso = contoso();
    contoso
        .store
        .write(|tx| {
            (0_u32..).zip(names).try_for_each(|(n, name)| {
                TenantRow::new(&format!("22222222-0000-0000-0000-{n:012}"), name, "x.example", "global", "secret", "app", ago(30)).put(tx)
            })
        })
        .unwrap();
    let clock = Arc::new(Mutex::new(now()));
    let mut options = FleetOptions::new(contoso._folder.path());
    options.vault = VaultChoice::Memory;
    let time = Arc::clone(&clock);
    options.clock = Arc::new(move || *time.lock().unwrap());
    options.draw = Some(Arc::new(Pencil));
    Desk { fleet: Fleet::open(options).unwrap(), clock, folder: tempfile::tempdir().unwrap(), _contoso: contoso }
}

impl Desk {
    fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn request(&self, kind: ReportKind) -> ReportRequest {
        ReportRequest {
            kind,
            tenants: Vec::new(),
            period: days(30),
            paper: PaperSize::A4,
            path: None,
            folder: Some(self.folder.path().display().to_string()),
            with_data: true,
        }
    }
}

#[test]
fn a_batch_writes_every_customer_and_one_that_fails_stops_no_other() {
    let long = "x".repeat(200);
    let desk = desk(&["Broken Ltd", "Fault & Sons", "Contoso", long.as_str(), "../../evil"]);
    let seen = Mutex::new(Vec::new());
    let run = desk.fleet.reports(&desk.request(ReportKind::Insurer), "Tess", |state| seen.lock().unwrap().push((state.done, state.total))).unwrap();
    assert_eq!((run.written, run.failed, run.cancelled), (4, 2, false));
    assert_eq!(seen.into_inner().unwrap(), (0..=6).map(|done| (done, 6)).collect::<Vec<_>>());
    let failed: Vec<(&str, &str)> =
        run.outcomes.iter().filter_map(|one| Some((one.tenant.as_ref()?.display_name.as_str(), one.problem.as_ref()?.code.as_str()))).collect();
    assert_eq!(failed, [("Broken Ltd", "report.font"), ("Fault & Sons", "report.fault")]);
    let written: Vec<_> = run.outcomes.iter().filter(|one| one.problem.is_none()).collect();
    for one in &written {
        let (pdf, sha256) = (std::fs::read_to_string(one.path.as_ref().unwrap()).unwrap(), one.sha256.as_ref().unwrap());
        assert!(pdf.ends_with(sha256.as_str()), "the report prints the hash of the data set beside it: {pdf}");
        assert!(data_set::check(one.data.as_ref().unwrap().as_ref(), sha256).unwrap().intact);
        assert!(std::path::Path::new(one.path.as_ref().unwrap()).parent() == Some(desk.folder.path()));
    }
    let mut paths: Vec<_> = written.iter().map(|one| &one.path).collect();
    paths.dedup();
    assert_eq!(paths.len(), 4, "two customers of one name stay apart");
}

#[test]
fn a_cancelled_batch_stops_after_the_report_at_hand() {
    let desk = desk(&["Adatum", "Fabrikam"]);
    let run = desk
        .fleet
        .reports(&desk.request(ReportKind::Changes), "Tess", |state| {
            if state.done == 1 {
                desk.fleet.reports_cancel()
            }
        })
        .unwrap();
    assert!(run.cancelled && run.outcomes.len() == 2, "{run:?}");
    let again = desk.fleet.reports(&desk.request(ReportKind::Changes), "Tess", |_| {}).unwrap();
    assert!(!again.cancelled && again.written == 3, "a cancel is about its own batch");
}

#[test]
fn what_cannot_be_written_is_one_sentence() {
    let desk = desk(&[]);
    let request = |change: fn(&mut ReportRequest)| {
        let mut request = desk.request(ReportKind::Insurer);
        change(&mut request);
        desk.fleet.reports(&request, "Tess", |_| {})
    };
    assert_eq!(request(|r| r.folder = None).unwrap_err().code, "input.missing");
    assert_eq!(request(|r| r.period.days = Some(0)).unwrap_err().code, "input.invalid");
    assert_eq!(request(|r| r.tenants = vec!["nobody".to_owned()]).unwrap_err().code, "tenant.unknown");
    // A file where the folder should be.
    std::fs::write(desk.folder.path().join("taken"), "x").unwrap();
    let mut blocked = desk.request(ReportKind::Mfa);
    blocked.folder = Some(desk.folder.path().join("taken").display().to_string());
    let run = desk.fleet.reports(&blocked, "Tess", |_| {}).unwrap();
    let problem = run.outcomes[0].problem.as_ref().unwrap();
    assert_eq!((run.failed, problem.code.as_str()), (1, "export.write"));
    assert!(problem.next_step.ends_with('.'));
}

fn schedule(desk: &Desk, folder: &std::path::Path) -> ScheduleInput {
    let _ = desk;
    ScheduleInput {
        id: None,
        report: ReportKind::Mfa,
        tenant: None,
        every: Every::Weekly,
        first_day: "2020-01-06".to_owned(),
        at: "08:00".to_owned(),
        folder: folder.display().to_string(),
        paper: PaperSize::Letter,
        with_data: false,
    }
}

#[test]
fn a_schedule_writes_what_is_due_once_however_much_was_missed() {
    let desk = desk(&[]);
    let made = desk.fleet.report_schedule_put(&schedule(&desk, desk.folder.path()), "Tess").unwrap();
    assert!(made.next_at > now() && made.words == "Every Monday at 08:00");
    assert_eq!(desk.fleet.reports_due().unwrap(), 0, "its time has not come");
    // Gatehouse was off for two months.
    *desk.clock.lock().unwrap() = now() + TimeDelta::days(60);
    assert_eq!(desk.fleet.reports_due().unwrap(), 1);
    assert_eq!(desk.files().len(), 1, "{:?}", desk.files());
    assert_eq!(desk.fleet.reports_due().unwrap(), 0);
    let kept = &desk.fleet.report_schedules().unwrap()[0];
    assert!(kept.next_at > now() + TimeDelta::days(60) && kept.last_at == Some(now() + TimeDelta::days(60)) && kept.last_error.is_none());
    desk.fleet.report_schedule_delete(kept.id, "Tess").unwrap();
    assert!(desk.fleet.report_schedules().unwrap().is_empty());
    assert_eq!(desk.fleet.report_schedule_delete(kept.id, "Tess").unwrap_err().code, "report.unknown_schedule");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_once_and_tried_again() {
    let desk = desk(&[]);
    let mut events = desk.fleet.events();
    let taken = desk.folder.path().join("taken");
    std::fs::write(&taken, "x").unwrap();
    let refused = desk.fleet.report_schedule_put(&schedule(&desk, &taken.join("reports")), "Tess").unwrap_err();
    assert_eq!((refused.code.as_str(), desk.fleet.report_schedules().unwrap().len()), ("report.folder", 0), "told at once, not on the first of the month");
    // What could be written to when the schedule was made is in the way later.
    std::fs::remove_file(&taken).unwrap();
    desk.fleet.report_schedule_put(&schedule(&desk, &taken), "Tess").unwrap();
    assert_eq!(desk.files(), ["taken"], "the folder is made, and nothing is left in it");
    std::fs::remove_dir(&taken).unwrap();
    std::fs::write(&taken, "x").unwrap();
    let due = now() + TimeDelta::days(8);
    *desk.clock.lock().unwrap() = due;
    assert_eq!(desk.fleet.reports_due().unwrap(), 1);
    let kept = desk.fleet.report_schedules().unwrap().remove(0);
    assert!(kept.last_error.as_ref().unwrap().starts_with("Contoso: "), "{kept:?}");
    assert_eq!(kept.retry_at, Some(due + TimeDelta::minutes(1)));
    assert_eq!(desk.fleet.reports_due().unwrap(), 0, "not before its pause is over");
    *desk.clock.lock().unwrap() = due + TimeDelta::minutes(2);
    assert_eq!(desk.fleet.reports_due().unwrap(), 1);
    let mut told = 0;
    while let Ok(event) = events.try_recv() {
        told += u32::from(matches!(event, fleet::FleetEvent::ReportFailed { .. }));
    }
    assert_eq!(told, 1, "the second failure is no news");
    // Somebody makes room.
    std::fs::remove_file(desk.folder.path().join("taken")).unwrap();
    *desk.clock.lock().unwrap() = due + TimeDelta::minutes(10);
    assert_eq!(desk.fleet.reports_due().unwrap(), 1);
    let kept = desk.fleet.report_schedules().unwrap().remove(0);
    assert_eq!((kept.last_error, kept.retry_at, kept.last_at), (None, None, Some(due + TimeDelta::minutes(10))));
}

#[test]
fn a_logo_that_is_no_picture_and_a_colour_that_is_none_are_refused_and_nothing_is_kept() {
    let desk = desk(&[]);
    let file = |name: &str, bytes: &[u8]| {
        let path = desk.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        LogoInput::File { path: path.display().to_string() }
    };
    let set = |colour: Option<&str>, logo: LogoInput| {
        desk.fleet.branding_set(BrandingInput { company: "Nordic MSP".to_owned(), colour: colour.map(str::to_owned), logo, paper: PaperSize::Letter }, "Tess")
    };
    assert_eq!(set(None, file("logo.png", b"no picture")).unwrap_err().code, "report.logo");
    assert_eq!(set(None, LogoInput::File { path: "/nowhere/logo.png".to_owned() }).unwrap_err().code, "branding.unreadable");
    assert_eq!(set(None, file("large.png", &vec![0; 2 * 1024 * 1024 + 1])).unwrap_err().code, "report.logo");
    assert_eq!(set(Some("blue"), LogoInput::Keep).unwrap_err().code, "input.invalid");
    assert_eq!(desk.fleet.branding().unwrap(), fleet::views::reports::BrandingView::default());
    let kept = set(Some("#0B5CAB"), file("logo.png", b"\x89PNG and more")).unwrap();
    assert_eq!((kept.company.as_str(), kept.colour.as_deref()), ("Nordic MSP", Some("#0b5cab")));
    assert!(kept.logo.as_ref().unwrap().starts_with("data:image/png;base64,"));
    assert_eq!(set(None, LogoInput::Keep).unwrap().logo, kept.logo);
    assert_eq!(set(None, LogoInput::Remove).unwrap().logo, None);
}

#[test]
fn the_fleet_summary_names_what_each_customer_needs_first() {
    let desk = desk(&["Adatum"]);
    let period = evidence::period::of(&days(30), "UTC", now()).unwrap();
    let facts = evidence::fleet(&desk.fleet, period, "Tess").unwrap();
    let said: Vec<(&str, Option<&str>)> = facts.customers.iter().map(|one| (one.customer.name.as_str(), one.first.as_deref())).collect();
    assert_eq!(said, [("Adatum", Some("Ask for consent: nothing can be read.")), ("Contoso", Some("Ask for consent: nothing can be read."))]);
    assert_eq!(facts.customers[0].people, None, "never read is not zero");
    assert_eq!(facts.changes, 1);
}

#[test]
fn fifty_thousand_people_with_long_names_are_all_there() {
    const MANY: usize = 50_000;
    let open = open();
    let long = "N".repeat(200);
    open.fleet
        .store()
        .write(|tx| {
            for n in 0..MANY {
                let id = format!("many{n:05}");
                store::users::put_all(tx, &[UserRow { department: Some(format!("Department {}", n % 40)), ..user(&id, &format!("{long} {n}")) }])?;
                let verdict = store::mfa_verdicts::VerdictRow {
                    tenant: TENANT.to_owned(),
                    user_id: id,
                    class: "person".to_owned(),
                    bucket: "none".to_owned(),
                    methods: "[]".to_owned(),
                    enforced: "conditionalAccess".to_owned(),
                    ..Default::default()
                };
                verdict.insert(tx)?;
            }
            read(tx, DataKind::Users, 50_007)
        })
        .unwrap();
    let facts = insurer(&open.fleet);
    assert_eq!((facts.enrolment.without.len(), facts.enrolment.departments.len()), (MANY + 1, 41));
    assert!(facts.enrolment.without.iter().any(|person| person.name == format!("{long} 49999")), "no name is cut");
    assert!(statement(&facts, "mfa.email").evidence.starts_with("50,004 of 50,005 people are always asked"), "{}", statement(&facts, "mfa.email").evidence);
    let people = data_set::of(&facts).files.into_iter().find(|(name, _)| name == "people.csv").unwrap().1;
    assert!(people.iter().filter(|byte| **byte == b'\n').count() > MANY);
}
