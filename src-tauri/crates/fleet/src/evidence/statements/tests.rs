#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use store::DataKind;

use super::*;
use crate::{
    evidence::{
        basis::{Admin, Changes, Demand, Exceptions, Glass, Reading, Readings, Tally},
        facts::{Handling, Period},
    },
    views::Severity,
};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

fn asked(always: u32, sometimes: u32, never: u32, unknown: u32) -> Asked {
    Asked { always, sometimes, never, unknown }
}

fn tally(yes: u32, no: u32, unknown: u32) -> Tally {
    Tally { yes, no, unknown }
}

fn admin(registered: Option<bool>, asked: Demand) -> Admin {
    Admin { name: "Ana Silva".to_owned(), registered, phishing_resistant: registered, asked, strength_asked: Some(false) }
}

fn handled(severity: Severity, raised: u32, handled: u32, slowest: u32) -> Handling {
    Handling {
        severity,
        raised,
        handled,
        open: raised - handled,
        median_minutes: (handled > 0).then_some(slowest / 2),
        slowest_minutes: (handled > 0).then_some(slowest),
    }
}

/// A tenant of 12 people that does everything right, and of which everything was read an hour ago.
fn good() -> Basis {
    let read = |_: &DataKind| Reading::Read { at: now() - TimeDelta::hours(1), partly: None };
    Basis {
        now: now(),
        zone: chrono_tz::UTC,
        period: Period { from: now() - TimeDelta::days(30), to: now() },
        connected: now() - TimeDelta::days(400),
        last_sync: Some(now() - TimeDelta::hours(1)),
        readings: Readings(DataKind::ALL.iter().map(|kind| (*kind, read(kind))).collect()),
        security_defaults: Some(false),
        mail: asked(12, 0, 0, 0),
        everything: asked(12, 0, 0, 0),
        remote: asked(12, 0, 0, 0),
        gateways: vec!["FortiGate SSL VPN".to_owned()],
        registered: tally(12, 0, 0),
        both: 12,
        guests: asked(3, 0, 0, 0),
        legacy: tally(16, 0, 0),
        legacy_mail: tally(12, 0, 0),
        legacy_succeeded: Some(0),
        sign_ins_from: Some(now() - TimeDelta::days(90)),
        report_only: 0,
        admins: vec![Admin { strength_asked: Some(true), ..admin(Some(true), Demand::Always) }; 2],
        glass: Glass { usable: Some(2), reached: Some(0), reach_unknown: 0, phishing_resistant: tally(2, 0, 0), last_drill: Some(now() - TimeDelta::days(20)) },
        handling: vec![handled(Severity::Critical, 3, 3, 40)],
        changes: Changes { controlled: 4, uncontrolled: 0, elsewhere: 0 },
        exceptions: Some(Exceptions { signed: 2, overdue: 0, unsigned: 0, carve_outs: Some(0) }),
    }
}

fn of(basis: &Basis, id: &str) -> Statement {
    judge(basis).into_iter().find(|statement| statement.id == id).unwrap()
}

fn answer(id: &str, change: impl FnOnce(&mut Basis)) -> Answer {
    let mut basis = good();
    change(&mut basis);
    of(&basis, id).judged
}

fn never(basis: &mut Basis, kind: DataKind) {
    basis.readings.0.insert(kind, Reading::Never("the tenant has no licence for it".to_owned()));
}

#[test]
fn a_tenant_that_does_everything_right_answers_yes_to_all() {
    let statements = judge(&good());
    assert_eq!(statements.iter().map(|one| (one.id.as_str(), one.question.as_str())).collect::<Vec<_>>(), QUESTIONS);
    for one in &statements {
        assert_eq!(one.judged, Answer::Yes, "{}: {}", one.id, one.evidence);
        assert!(one.evidence.ends_with('.') && !one.evidence.contains("..") && !one.evidence.chars().next().unwrap().is_lowercase(), "{}", one.evidence);
    }
    assert_eq!(
        of(&good(), "mfa.email").evidence,
        "All 12 people are always asked for MFA for mail (Exchange Online). Old mail clients, which cannot ask for MFA, are shut out."
    );
    assert_eq!(
        of(&good(), "alerts.handled").evidence,
        "All 3 alerts raised in the period were handled. Half of the critical ones within 20 minutes, the slowest in 40 minutes."
    );
}

#[test]
fn mail_is_asked_of_everybody_or_it_is_partly() {
    let email = |change: fn(&mut Basis)| answer("mfa.email", change);
    assert_eq!(email(|b| b.mail = asked(11, 0, 1, 0)), Answer::Partly);
    assert_eq!(email(|b| b.mail = asked(11, 0, 0, 1)), Answer::Partly, "one of whom nobody can say");
    assert_eq!(email(|b| b.mail = asked(0, 12, 0, 0)), Answer::Partly, "security defaults ask now and then");
    assert_eq!(email(|b| b.mail = asked(0, 0, 12, 0)), Answer::No);
    assert_eq!(email(|b| b.mail = asked(0, 0, 1, 11)), Answer::No);
    assert_eq!(email(|b| b.mail = asked(0, 0, 0, 12)), Answer::Unknown);
    assert_eq!(email(|b| b.mail = asked(0, 0, 0, 0)), Answer::Unknown, "nobody there");
    assert_eq!(email(|b| b.legacy_mail = tally(11, 1, 0)), Answer::Partly, "an old client needs no MFA");
    assert_eq!(email(|b| b.legacy_mail = tally(11, 0, 1)), Answer::Partly);
    let mut basis = good();
    (basis.mail, basis.report_only) = (asked(0, 0, 12, 0), 2);
    assert_eq!(
        of(&basis, "mfa.email").evidence,
        "None of 12 people is always asked for MFA for mail (Exchange Online); 12 are not, or not everywhere. Old mail clients, which cannot ask for MFA, are shut out. 2 policies would demand MFA and are in report-only, which protects nobody."
    );
}

#[test]
fn remote_access_is_never_more_than_partly_where_no_gateway_is_seen() {
    let remote = |change: fn(&mut Basis)| answer("mfa.remoteAccess", change);
    assert_eq!(remote(|b| b.gateways.clear()), Answer::Partly);
    assert_eq!(remote(|b| b.remote = asked(10, 0, 2, 0)), Answer::Partly);
    assert_eq!(remote(|b| b.remote = asked(0, 0, 12, 0)), Answer::No);
    assert_eq!(remote(|b| b.remote = asked(0, 0, 0, 12)), Answer::Unknown);
    assert_eq!(remote(|b| never(b, DataKind::NamedLocations)), Answer::Partly, "which places are trusted is not known");
    assert!(of(&good(), "mfa.remoteAccess").evidence.contains("one that does not is not visible here"));
}

#[test]
fn an_administrator_must_be_registered_and_asked() {
    let privileged = |admins: Vec<Admin>| answer("mfa.privileged", |b| b.admins = admins);
    use Demand::{Always, Never, Sometimes, Unknown};
    assert_eq!(privileged(vec![admin(Some(true), Always); 3]), Answer::Yes);
    assert_eq!(privileged(vec![admin(Some(true), Always), admin(Some(false), Always)]), Answer::Partly);
    assert_eq!(privileged(vec![admin(Some(true), Always), admin(Some(true), Never)]), Answer::Partly);
    assert_eq!(privileged(vec![admin(Some(true), Always), admin(None, Always)]), Answer::Partly);
    assert_eq!(privileged(vec![admin(Some(true), Sometimes)]), Answer::Partly);
    assert_eq!(privileged(vec![admin(Some(true), Never)]), Answer::No, "a method that nothing asks for protects nobody");
    assert_eq!(privileged(vec![admin(Some(true), Unknown)]), Answer::Unknown);
    assert_eq!(privileged(Vec::new()), Answer::Unknown, "a tenant with no admins");
    assert_eq!(answer("mfa.privileged", |b| never(b, DataKind::Roles)), Answer::Unknown);
    let pim =
        |b: &mut Basis| drop(b.readings.0.insert(DataKind::Roles, Reading::Read { at: now(), partly: Some("who is eligible could not be read".to_owned()) }));
    assert_eq!(answer("mfa.privileged", pim), Answer::Partly);
    let mut basis = good();
    basis.admins = vec![admin(Some(true), Always), Admin { name: "Bo Ek".to_owned(), ..admin(Some(false), Never) }];
    assert_eq!(
        of(&basis, "mfa.privileged").evidence,
        "1 of 2 administrators has a second factor and is always asked for it. No second factor is registered for Bo Ek. Not asked, or not everywhere: Bo Ek. 2 emergency access accounts are kept out of policies on purpose and judged apart."
    );
}

#[test]
fn emergency_accounts_are_named_where_nobody_else_is_exempt() {
    let mut basis = good();
    basis.exceptions = Some(Exceptions { carve_outs: Some(0), ..Exceptions::default() });
    assert_eq!(of(&basis, "exceptions.signedOff").evidence, "Apart from the emergency access accounts, nobody is exempt from MFA by a policy or by agreement.");
    basis.glass.usable = Some(0);
    assert_eq!(of(&basis, "exceptions.signedOff").evidence, "Nobody is exempt from MFA by a policy or by agreement.");
}

#[test]
fn phishing_resistance_is_had_and_demanded() {
    let resistant = |has: Option<bool>, demanded: Option<bool>| {
        answer("mfa.phishingResistantAdmins", |b| {
            b.admins = vec![Admin { phishing_resistant: has, strength_asked: demanded, ..admin(Some(true), Demand::Always) }; 2]
        })
    };
    assert_eq!(resistant(Some(true), Some(true)), Answer::Yes);
    assert_eq!(resistant(Some(true), Some(false)), Answer::Partly);
    assert_eq!(resistant(Some(false), Some(true)), Answer::Partly);
    assert_eq!(resistant(Some(true), None), Answer::Partly);
    assert_eq!(resistant(Some(false), Some(false)), Answer::No);
    assert_eq!(resistant(None, Some(false)), Answer::Unknown);
}

#[test]
fn all_users_means_registered_and_asked() {
    let all = |change: fn(&mut Basis)| answer("mfa.allUsers", change);
    assert_eq!(all(|b| (b.registered, b.both) = (tally(11, 1, 0), 11)), Answer::Partly);
    assert_eq!(all(|b| (b.registered, b.both) = (tally(11, 0, 1), 11)), Answer::Partly);
    assert_eq!(all(|b| b.everything = asked(11, 0, 1, 0)), Answer::Partly);
    assert_eq!(all(|b| (b.everything, b.both) = (asked(0, 0, 12, 0), 0)), Answer::Partly, "registered, and nothing asks");
    assert_eq!(all(|b| (b.everything, b.registered, b.both) = (asked(0, 0, 12, 0), tally(0, 12, 0), 0)), Answer::No);
    assert_eq!(all(|b| never(b, DataKind::MfaRegistration)), Answer::Unknown);
    assert_eq!(all(|b| never(b, DataKind::Users)), Answer::Unknown);
}

#[test]
fn legacy_authentication_is_blocked_by_policy_and_by_what_happened() {
    let legacy = |change: fn(&mut Basis)| answer("legacy.blocked", change);
    assert_eq!(legacy(|b| b.legacy_succeeded = Some(1)), Answer::Partly);
    assert_eq!(legacy(|b| b.legacy = tally(15, 1, 0)), Answer::Partly);
    assert_eq!(legacy(|b| b.legacy = tally(0, 16, 0)), Answer::No);
    assert_eq!(legacy(|b| b.legacy = tally(0, 0, 16)), Answer::Unknown);
    assert_eq!(legacy(|b| b.sign_ins_from = Some(now() - TimeDelta::days(7))), Answer::Partly, "sign-ins are kept for less than the period");
    assert_eq!(legacy(|b| b.sign_ins_from = None), Answer::Partly);
    assert_eq!(
        legacy(|b| {
            never(b, DataKind::SignIns);
            (b.legacy_succeeded, b.sign_ins_from) = (None, None)
        }),
        Answer::Partly,
        "whether one succeeded is not known"
    );
    assert_eq!(
        legacy(|b| {
            never(b, DataKind::Policies);
            b.legacy = tally(0, 0, 16)
        }),
        Answer::Unknown
    );
    // Security defaults shut legacy clients out; the tenant needs no licence and no policy for that.
    assert_eq!(
        legacy(|b| {
            never(b, DataKind::Policies);
            b.security_defaults = Some(true)
        }),
        Answer::Yes
    );
}

#[test]
fn break_glass_is_two_watched_left_alone_and_tested() {
    let glass = |change: fn(&mut Basis)| answer("breakGlass.controlled", change);
    assert_eq!(glass(|b| b.glass.usable = Some(0)), Answer::No);
    assert_eq!(glass(|b| b.glass.usable = Some(1)), Answer::Partly);
    assert_eq!(glass(|b| b.glass.usable = None), Answer::Unknown);
    assert_eq!(glass(|b| b.glass.reached = Some(1)), Answer::Partly);
    assert_eq!(glass(|b| b.glass.reached = None), Answer::Partly);
    assert_eq!(glass(|b| b.glass.reach_unknown = 1), Answer::Partly);
    assert_eq!(glass(|b| b.glass.last_drill = None), Answer::Partly);
    assert_eq!(glass(|b| b.glass.last_drill = Some(now() - TimeDelta::days(91))), Answer::Partly);
    assert_eq!(glass(|b| never(b, DataKind::SignIns)), Answer::Partly, "nobody would see their use");
}

#[test]
fn guests_that_are_not_there_need_no_mfa() {
    let guests = |change: fn(&mut Basis)| answer("guests.mfa", change);
    assert_eq!(guests(|b| b.guests = asked(0, 0, 0, 0)), Answer::Yes);
    assert_eq!(guests(|b| b.guests = asked(0, 0, 3, 0)), Answer::No);
    assert_eq!(guests(|b| b.guests = asked(2, 0, 1, 0)), Answer::Partly);
    assert_eq!(guests(|b| never(b, DataKind::Users)), Answer::Unknown);
}

#[test]
fn alerts_are_handled_all_of_them_and_the_gravest_within_a_day() {
    let alerts = |handling: Vec<Handling>| answer("alerts.handled", |b| b.handling = handling);
    assert_eq!(alerts(Vec::new()), Answer::Yes, "watched, and nothing was raised");
    assert_eq!(alerts(vec![handled(Severity::Critical, 3, 2, 40)]), Answer::Partly);
    assert_eq!(alerts(vec![handled(Severity::Medium, 3, 2, 40)]), Answer::Partly);
    assert_eq!(alerts(vec![handled(Severity::Critical, 3, 3, 24 * 60 + 1)]), Answer::Partly);
    assert_eq!(alerts(vec![handled(Severity::High, 3, 3, 3 * 24 * 60)]), Answer::Yes);
    assert_eq!(alerts(vec![handled(Severity::High, 3, 0, 0)]), Answer::No);
    assert_eq!(answer("alerts.handled", |b| b.last_sync = None), Answer::Unknown);
    assert_eq!(answer("alerts.handled", |b| b.last_sync = Some(now() - TimeDelta::days(3))), Answer::Partly);
    assert_eq!(answer("alerts.handled", |b| b.connected = now() - TimeDelta::days(10)), Answer::Partly, "connected after the period began");
}

#[test]
fn changes_are_under_control_with_a_ticket_or_an_approval() {
    let changes = |controlled, uncontrolled, elsewhere| answer("changes.controlled", |b| b.changes = Changes { controlled, uncontrolled, elsewhere });
    assert_eq!(changes(0, 0, 0), Answer::Yes, "none was made");
    assert_eq!(changes(3, 1, 0), Answer::Partly);
    assert_eq!(changes(3, 0, 1), Answer::Partly);
    assert_eq!(changes(0, 2, 0), Answer::Partly);
    assert_eq!(changes(0, 0, 2), Answer::No);
    assert_eq!(
        answer("changes.controlled", |b| {
            never(b, DataKind::DirectoryAudits);
            b.changes = Changes::default()
        }),
        Answer::Partly
    );
    assert_eq!(
        answer("changes.controlled", |b| {
            never(b, DataKind::DirectoryAudits);
            never(b, DataKind::Policies)
        }),
        Answer::Unknown
    );
    assert_eq!(answer("changes.controlled", |b| b.connected = now() - TimeDelta::days(10)), Answer::Partly);
}

#[test]
fn exceptions_are_signed_off_and_in_force() {
    let found =
        |signed, overdue, unsigned, carve_outs| answer("exceptions.signedOff", |b| b.exceptions = Some(Exceptions { signed, overdue, unsigned, carve_outs }));
    assert_eq!(found(0, 0, 0, Some(0)), Answer::Yes);
    assert_eq!(found(2, 0, 0, Some(1)), Answer::Partly, "one stands in a policy that nobody signed");
    assert_eq!(found(2, 1, 0, Some(0)), Answer::Partly);
    assert_eq!(found(0, 0, 2, Some(0)), Answer::No);
    assert_eq!(found(0, 0, 0, Some(4)), Answer::No);
    assert_eq!(found(2, 0, 0, None), Answer::Unknown);
    assert_eq!(answer("exceptions.signedOff", |b| b.exceptions = None), Answer::Unknown);
}

#[test]
fn data_of_the_day_before_yesterday_prove_nothing_whole_and_it_is_said() {
    let mut basis = good();
    for reading in basis.readings.0.values_mut() {
        *reading = Reading::Read { at: now() - TimeDelta::hours(25), partly: None };
    }
    for one in judge(&basis) {
        assert_eq!(one.judged, Answer::Partly, "{}: {}", one.id, one.evidence);
        assert!(one.evidence.contains("more than a day before this report"), "{}: {}", one.id, one.evidence);
    }
}

/// How much is claimed: unknown and no claim nothing.
fn claim(answer: Answer) -> u8 {
    match answer {
        Answer::Yes => 2,
        Answer::Partly => 1,
        Answer::No | Answer::Unknown => 0,
    }
}

fn some_asked() -> impl Strategy<Value = Asked> {
    (0..4_u32, 0..2_u32, 0..3_u32, 0..2_u32).prop_map(|(always, sometimes, never, unknown)| asked(always, sometimes, never, unknown))
}

fn some_tally() -> impl Strategy<Value = Tally> {
    (0..4_u32, 0..3_u32, 0..2_u32).prop_map(|(yes, no, unknown)| tally(yes, no, unknown))
}

fn some_admin() -> impl Strategy<Value = Admin> {
    let demand = prop_oneof![Just(Demand::Never), Just(Demand::Unknown), Just(Demand::Sometimes), Just(Demand::Always)];
    (any::<Option<bool>>(), any::<Option<bool>>(), demand, any::<Option<bool>>()).prop_map(|(registered, phishing_resistant, asked, strength_asked)| Admin {
        name: "x".to_owned(),
        registered,
        phishing_resistant,
        asked,
        strength_asked,
    })
}

prop_compose! {
    fn some_basis()(
        people in (some_asked(), some_asked(), some_asked(), some_asked()),
        tallies in (some_tally(), some_tally(), some_tally()),
        admins in prop::collection::vec(some_admin(), 0..4),
        ages in prop::collection::vec(0..40_i64, DataKind::ALL.len()),
        glass in (0..4_u32, 0..2_u32, prop::option::of(0..200_i64)),
        changes in (0..3_u32, 0..3_u32, 0..3_u32),
        exceptions in (0..3_u32, 0..2_u32, 0..2_u32, prop::option::of(0..3_u32)),
        more in (any::<Option<bool>>(), prop::option::of(0..3_u64), 0..120_i64, 0..60_i64, any::<bool>(), 0..3_u32),
    ) -> Basis {
        let readings = DataKind::ALL.iter().zip(&ages).map(|(kind, hours)| (*kind, Reading::Read { at: now() - TimeDelta::hours(*hours), partly: (hours % 13 == 0).then(|| "a page was missing".to_owned()) }));
        Basis {
            readings: Readings(readings.collect()),
            security_defaults: more.0,
            mail: people.0,
            everything: people.1,
            remote: people.2,
            guests: people.3,
            registered: tally(tallies.0.yes.min(people.1.all()), people.1.all() - tallies.0.yes.min(people.1.all()), 0),
            legacy: tallies.1,
            legacy_mail: tallies.2,
            both: people.1.always.min(tallies.0.yes),
            legacy_succeeded: more.1,
            sign_ins_from: Some(now() - TimeDelta::days(more.2)),
            connected: now() - TimeDelta::days(more.3),
            gateways: if more.4 { vec!["VPN".to_owned()] } else { Vec::new() },
            report_only: more.5,
            admins,
            glass: Glass { usable: Some(glass.0), reached: Some(glass.1.min(glass.0)), last_drill: glass.2.map(|days| now() - TimeDelta::days(days)), ..Glass::default() },
            changes: Changes { controlled: changes.0, uncontrolled: changes.1, elsewhere: changes.2 },
            exceptions: Some(Exceptions { signed: exceptions.0, overdue: exceptions.1, unsigned: exceptions.2, carve_outs: exceptions.3 }),
            ..good()
        }
    }
}

/// As reading of the source would never have happened: what only it tells is then not known.
#[test]
fn days_are_those_of_the_customer_as_in_the_period_at_the_top() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let period = Period { from: at("2026-10-22T23:00:00Z"), to: at("2026-11-21T21:00:00Z") };
    let basis = Basis { zone: chrono_tz::Europe::London, period, connected: at("2026-11-21T20:00:00Z"), ..good() };
    assert_eq!(basis.not_watched().unwrap(), "Gatehouse watches this customer since 21 November 2026 only; the period begins on 23 October 2026");
}

fn without(mut basis: Basis, kind: DataKind) -> Basis {
    never(&mut basis, kind);
    let hidden = |asked: Asked| Asked { unknown: asked.unknown + asked.never + asked.always, always: 0, never: 0, ..asked };
    match kind {
        DataKind::SecurityDefaults => basis.security_defaults = None,
        DataKind::Policies => {
            basis.exceptions = basis.exceptions.map(|found| Exceptions { carve_outs: None, ..found });
            basis.glass.reached = None;
            for asked in [&mut basis.mail, &mut basis.everything, &mut basis.remote, &mut basis.guests] {
                *asked = hidden(*asked);
            }
            for shut in [&mut basis.legacy, &mut basis.legacy_mail] {
                if basis.security_defaults != Some(true) {
                    *shut = tally(0, 0, shut.all());
                }
            }
            basis.both = 0;
            for admin in &mut basis.admins {
                admin.strength_asked = None;
                admin.asked = if admin.asked == Demand::Sometimes { Demand::Sometimes } else { Demand::Unknown };
            }
        }
        DataKind::MfaRegistration => {
            basis.registered = tally(0, 0, basis.registered.all());
            basis.both = 0;
            for admin in &mut basis.admins {
                (admin.registered, admin.phishing_resistant) = (None, None);
            }
        }
        DataKind::SignIns => (basis.legacy_succeeded, basis.sign_ins_from, basis.gateways) = (None, None, Vec::new()),
        _ => {}
    }
    basis
}

proptest! {
    #[test]
    fn taking_a_source_away_never_raises_an_answer(basis in some_basis()) {
        let before = judge(&basis);
        for kind in DataKind::ALL {
            let less = without(basis.clone(), *kind);
            for (before, after) in before.iter().zip(judge(&less)) {
                prop_assert!(claim(after.judged) <= claim(before.judged), "{} without {}: {:?} became {:?}: {}", before.id, kind.title(), before.judged, after.judged, after.evidence);
            }
        }
    }

    #[test]
    fn every_answer_has_a_whole_sentence_and_figures_that_fit(basis in some_basis()) {
        for one in judge(&basis) {
            prop_assert!(one.evidence.len() > 10 && one.evidence.ends_with('.') && !one.evidence.contains("  ") && !one.evidence.contains(".."), "{}", one.evidence);
            for figure in &one.figures {
                prop_assert!(figure.of.is_none() || figure.value <= figure.of, "{}: {figure:?}", one.id);
            }
        }
    }
}
