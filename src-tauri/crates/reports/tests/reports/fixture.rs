//! Rich facts for the evidence reports: one customer with a little of everything, names in several scripts, long names, gaps.

#![allow(clippy::unwrap_used, dead_code)]

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use fleet::evidence::facts::*;
use fleet::posture::MfaReportFacts;
use fleet::posture::report::{ReportNotCounted, ReportPerson, ReportSource};
use fleet::views::Severity;
use fleet::views::mfa::{Enforcement, MethodShare, MfaBucket, PasskeyCount, PasskeyReadiness, TrendPoint, WithoutPhone};
use fleet::views::tenants::MfaCounts;
use fleet::views::users::AccountClass;

pub const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

pub fn now() -> DateTime<Utc> {
    "2026-11-21T09:00:00Z".parse().unwrap()
}

fn ago(days: i64) -> DateTime<Utc> {
    now() - TimeDelta::days(days)
}

pub const NAMES: [&str; 10] = [
    "Ελένη Παπαδοπούλου",
    "Олександр Шевченко",
    "محمد عبد الله",
    "王小明",
    "Zoë 🦊 Fox",
    "Łukasz Żółć",
    "Anneke de Vries",
    "James O’Neill",
    "=HYPERLINK(\"http://x\")",
    "<script>alert(1)</script>",
];

pub fn person(n: u32, bucket: MfaBucket) -> PersonFact {
    let methods: &[&str] = match bucket {
        MfaBucket::Strong => &["Passkey (FIDO2)", "Microsoft Authenticator"],
        MfaBucket::Weak => &["Text message", "Voice call"],
        _ => &[],
    };
    PersonFact {
        id: format!("00000000-0000-4000-8000-{n:012}"),
        name: format!("{} {n}", NAMES[n as usize % NAMES.len()]),
        upn: format!("user{n}@aegean-shipping.example"),
        department: Some(["Operations", "Crewing", "Finance and Administration"][n as usize % 3].into()),
        manager: n.is_multiple_of(4).then(|| "Nikos Georgiou".into()),
        bucket,
        methods: methods.iter().map(|method| (*method).into()).collect(),
        enforced: if n.is_multiple_of(2) { "Conditional Access".into() } else { "Nothing".into() },
        reason: n.is_multiple_of(5).then(|| "Excluded from “Require MFA for all users” by the group Vessels".into()),
    }
}

fn people(from: u32, to: u32, bucket: MfaBucket) -> Vec<PersonFact> {
    (from..to).map(|n| person(n, bucket)).collect()
}

fn statement(id: &str, question: &str, judged: Answer, chapter: Chapter, evidence: &str, figures: &[(&str, Option<u32>, Option<u32>)]) -> Statement {
    Statement {
        id: id.into(),
        question: question.into(),
        judged,
        evidence: evidence.into(),
        figures: figures.iter().map(|(name, value, of)| Figure { name: (*name).into(), value: *value, of: *of }).collect(),
        chapter,
        overridden: None,
    }
}

pub fn statements() -> Vec<Statement> {
    let mut all = vec![
        statement(
            "mfa.email",
            "Is MFA required for all remote access to email?",
            Answer::Yes,
            Chapter::Policies,
            "“Require MFA for all users” asks every person for MFA when opening Exchange Online, on any device and from any place.",
            &[("People asked for MFA for mail", Some(128), Some(130)), ("People who are let out", Some(2), Some(130))],
        ),
        statement(
            "mfa.remoteAccess",
            "Is MFA required for all remote access to the network?",
            Answer::Partly,
            Chapter::Policies,
            "The VPN application is covered by MFA for 118 of 130 people; 12 people in the group Vessels are let out.",
            &[("People asked for MFA for the VPN", Some(118), Some(130))],
        ),
        statement(
            "mfa.privileged",
            "Is MFA required for all privileged accounts?",
            Answer::Partly,
            Chapter::Admins,
            "4 of 5 administrators have a strong method; 1 has none.",
            &[("Administrators with a strong method", Some(4), Some(5)), ("Administrators with none", Some(1), Some(5))],
        ),
        statement(
            "mfa.allUsers",
            "Have all users registered MFA?",
            Answer::No,
            Chapter::Enrolment,
            "118 of 130 people registered a method; 9 have none and 3 could not be read.",
            &[("People with any method", Some(118), Some(130)), ("People with a strong method", Some(96), Some(130))],
        ),
        statement(
            "legacy.blocked",
            "Is legacy authentication blocked?",
            Answer::Yes,
            Chapter::Policies,
            "“Block legacy authentication” is on for all users; no legacy sign-in succeeded in the period.",
            &[("Successful legacy sign-ins in the period", Some(0), None)],
        ),
        statement(
            "breakGlass.controlled",
            "Are emergency accounts controlled and tested?",
            Answer::Unknown,
            Chapter::BreakGlass,
            "Two emergency accounts are named; whether their methods are phishing-resistant could not be read.",
            &[("Emergency accounts", Some(2), None), ("With a phishing-resistant method", None, Some(2))],
        ),
        statement(
            "alerts.handled",
            "Are security alerts handled in time?",
            Answer::Yes,
            Chapter::Alerts,
            "All 3 critical alerts were handled within 1 hour 20 minutes; half of the high ones within 3 hours.",
            &[("Critical alerts handled within 4 hours", Some(3), Some(3))],
        ),
    ];
    all[1].overridden = Some(Overridden {
        answer: Answer::Yes,
        person: "Ana Silva".into(),
        note: "The 12 accounts of the group Vessels sign in only from the ships’ satellite addresses, which the firewall checks.".into(),
        recorded_by: "Kostas (Northgate IT)".into(),
        recorded_at: ago(3),
    });
    all
}

pub fn customer() -> Customer {
    Customer {
        id: "c0ffee00-0000-4000-8000-000000000001".into(),
        name: "Aegean Shipping – Ναυτιλιακή Αιγαίου".into(),
        domain: "aegean-shipping.example".into(),
        time_zone: "Europe/Athens".into(),
        licence: Some("Entra ID P1".into()),
    }
}

pub fn period() -> Period {
    Period { from: "2026-08-21T21:00:00Z".parse().unwrap(), to: "2026-11-20T22:00:00Z".parse().unwrap() }
}

fn trend() -> Vec<TrendDay> {
    let start: NaiveDate = "2026-08-22".parse().unwrap();
    (0..91u32)
        .map(|n| TrendDay {
            day: start + TimeDelta::days(i64::from(n)),
            people: Buckets { strong: 52 + n / 2, weak: 30 - n / 11, none: 45 - n / 3 - n / 11, unknown: 3 },
        })
        .collect()
}

/// The same days; for a customer that gets worse, its people in the opposite order.
fn fleet_trend(worse: bool) -> Vec<TrendDay> {
    let days = trend();
    let people: Vec<Buckets> = if worse { days.iter().rev().map(|day| day.people).collect() } else { days.iter().map(|day| day.people).collect() };
    days.iter().zip(people).map(|(day, people)| TrendDay { day: day.day, people }).collect()
}

pub fn enrolment() -> Enrolment {
    let department = |name: Option<&str>, strong, weak, none, unknown| Department {
        name: name.map(Into::into),
        people: Buckets { strong, weak, none, unknown },
        enforced: Enforced { conditional_access: strong + weak, not_enforced: none, unknown, ..Enforced::default() },
    };
    let method = |method: &str, strength: &str, people| MethodCount { method: method.into(), strength: strength.into(), people };
    Enrolment {
        unreadable: None,
        people: Buckets { strong: 96, weak: 22, none: 9, unknown: 3 },
        enforced: Enforced { conditional_access: 112, security_defaults: 0, per_user: 3, not_enforced: 12, unknown: 3 },
        departments: vec![
            department(Some("Operations"), 40, 9, 5, 2),
            department(Some("Crewing"), 31, 10, 3, 1),
            department(Some("Finance and Administration"), 22, 0, 0, 0),
            department(Some("Ελληνικό γραφείο ναυλώσεων και επιχειρήσεων"), 3, 2, 1, 0),
            department(None, 0, 1, 0, 0),
        ],
        methods: vec![
            method("Microsoft Authenticator", "strong", 90),
            method("Passkey (FIDO2)", "phishingResistant", 12),
            method("Windows Hello for Business", "phishingResistant", 31),
            method("Text message", "weak", 40),
            method("Voice call", "weak", 8),
            method("Email", "notMfa", 77),
        ],
        registered_not_enforced: people(0, 7, MfaBucket::Strong),
        enforced_not_registered: people(20, 23, MfaBucket::None),
        without: people(30, 39, MfaBucket::None),
        weak_only: people(40, 62, MfaBucket::Weak),
        not_counted: vec![
            NotCounted { title: "Shared mailboxes".into(), why: "Nobody signs in to them; they are opened through another account.".into(), accounts: 6 },
            NotCounted { title: "Guests".into(), why: "Their own organization answers for their MFA.".into(), accounts: 41 },
        ],
        trend: trend(),
    }
}

pub fn policies() -> Vec<PolicyFact> {
    let policy = |n: u32, name: &str, state: &str, sentence: &str| PolicyFact {
        id: format!("00000000-0000-4000-8000-00000000000{n}"),
        name: name.into(),
        state: state.into(),
        sentence: sentence.into(),
        changed_at: (n != 3).then(|| ago(i64::from(n) * 20)),
        changed_by: (n != 3).then(|| "Nikos Georgiou".into()),
        sha256: HASH.chars().cycle().skip(n as usize).take(64).collect(),
    };
    vec![
        policy(
            1,
            "CA001 Require MFA for all users",
            "On",
            "Demands MFA of all users for all applications, except the group Vessels and the emergency accounts.",
        ),
        policy(2, "CA002 Block legacy authentication", "On", "Blocks every sign-in with a client that cannot answer MFA, for all users."),
        policy(
            3,
            "CA003 Require phishing-resistant MFA for administrators",
            "Report-only",
            "Would demand a phishing-resistant method of 14 directory roles; it only reports.",
        ),
        policy(4, "CA004 Compliant devices", "Off", "Would demand a compliant device of all users on Windows."),
    ]
}

pub fn exceptions() -> Vec<ExceptionFact> {
    let exception = |number, subject: &str, sign_off, signed: bool| ExceptionFact {
        number,
        subject: subject.into(),
        policy: (number % 2 == 1).then(|| "CA001 Require MFA for all users".into()),
        people: (number != 3).then_some(12),
        reason: "The ships’ terminals have no camera and no phone reception.".into(),
        compensating: "Sign-in only from the satellite addresses; reviewed every month.".into(),
        ticket: Some("NG-4711".into()),
        sign_off,
        signed_by: signed.then(|| "Ana Silva".into()),
        signed_role: signed.then(|| "Chief Financial Officer".into()),
        signed_at: signed.then(|| ago(40)),
        note: signed.then(|| "Until the new terminals arrive.".into()),
        attachments: if signed { vec![AttachmentFact { name: "signed-exceptions-2026-10.pdf".into(), sha256: HASH.into() }] } else { Vec::new() },
        until: (number < 3).then(|| now() + TimeDelta::days(120)),
        review_due: (number < 4).then(|| now() + TimeDelta::days(30)),
    };
    vec![
        exception(1, "Group Vessels", SignOff::Signed, true),
        exception(2, "Scanner account", SignOff::Sent, false),
        exception(3, "Service account backup", SignOff::NotSigned, false),
        exception(4, "محمد عبد الله", SignOff::Overdue, true),
    ]
}

pub fn carve_outs() -> Vec<CarveOut> {
    vec![
        CarveOut {
            policy: "CA001 Require MFA for all users".into(),
            subject: "Group VIP".into(),
            people: Some(4),
            words: "Excluded from CA001 by the group VIP".into(),
            report_only: false,
        },
        CarveOut {
            policy: "CA002 Block legacy authentication".into(),
            subject: "Printer".into(),
            people: None,
            words: "Excluded from CA002 by name".into(),
            report_only: true,
        },
    ]
}

pub fn access() -> Vec<AccessFact> {
    vec![AccessFact {
        person: "王小明".into(),
        upn: "wang@aegean-shipping.example".into(),
        group: "Travelling".into(),
        reason: "Visits the yard in Shanghai for two weeks.".into(),
        ticket: Some("NG-4802".into()),
        approved_by: Some("Ana Silva".into()),
        from: Some(ago(12)),
        until: now() + TimeDelta::days(2),
        state: "active".into(),
    }]
}

pub fn admins() -> Vec<AdminFact> {
    (0..5u32)
        .map(|n| AdminFact {
            person: person(n + 70, if n == 1 { MfaBucket::None } else { MfaBucket::Strong }),
            roles: if n == 0 {
                vec!["Global Administrator".into(), "Exchange Administrator (eligible, through group Admins)".into()]
            } else {
                vec!["User Administrator".into()]
            },
            newest_method: (n != 1).then(|| ago(i64::from(n) * 100)),
            stale: n > 1,
        })
        .collect()
}

pub fn break_glass() -> BreakGlassFact {
    let account = |n: u32| BreakGlassAccount {
        name: format!("Emergency {n}"),
        upn: format!("emergency{n}@aegean-shipping.onmicrosoft.example"),
        cloud_only: Some(true),
        permanent_global_admin: Some(n == 1),
        phishing_resistant: None,
        last_sign_in: (n == 1).then(|| ago(70)),
        reached_by: if n == 1 { Some(Vec::new()) } else { Some(vec!["CA004 Compliant devices".into()]) },
    };
    BreakGlassFact {
        accounts: vec![account(1), account(2)],
        group: Some("Break-glass".into()),
        last_drill: Some(ago(70)),
        last_drill_outcome: Some("both accounts signed in".into()),
        findings: vec![
            "Emergency 2 does not hold Global Administrator permanently.".into(),
            "Emergency 2 is reached by the policy “CA004 Compliant devices”, which could lock it out.".into(),
        ],
    }
}

pub fn changes() -> Vec<ChangeFact> {
    (0..14u32)
        .map(|n| ChangeFact {
            at: ago(i64::from(n) * 6 + 1),
            what: if n.is_multiple_of(3) {
                "Changed the policy “CA001 Require MFA for all users”".into()
            } else {
                format!("Added {} to the group Travelling", NAMES[n as usize % NAMES.len()])
            },
            details: if n.is_multiple_of(3) { vec!["Users: the group VIP is now excluded".into(), "State: from report-only to on".into()] } else { Vec::new() },
            who: (n != 5).then(|| "Kostas (Northgate IT)".into()),
            through_gatehouse: n.is_multiple_of(2),
            ticket: n.is_multiple_of(2).then(|| format!("NG-48{n:02}")),
            approved_by: n.is_multiple_of(4).then(|| "Maria (Northgate IT)".into()),
        })
        .collect()
}

pub fn alerts() -> AlertHistory {
    let alerts = (0..11u32)
        .map(|n| AlertFact {
            id: i64::from(n) + 100,
            kind: "Sign-in of an emergency account".into(),
            severity: [Severity::Critical, Severity::High, Severity::Medium, Severity::Low][n as usize % 4],
            title: format!("Emergency {} signed in from an unknown place", n + 1),
            first_seen: ago(i64::from(n) * 8 + 2),
            handled_at: (n != 7).then(|| ago(i64::from(n) * 8 + 2) + TimeDelta::minutes(i64::from(n) * 77 + 12)),
            handled_by: (n != 7).then(|| if n == 4 { "its cause went away".into() } else { "Kostas (Northgate IT)".into() }),
            resolved_at: (n < 5).then(|| ago(i64::from(n) * 8 + 1)),
            note: (n == 0).then(|| "The yearly drill, announced by ticket NG-4700.".into()),
        })
        .collect();
    AlertHistory { handling: handling(), alerts }
}

pub fn handling() -> Vec<Handling> {
    let row = |severity, raised, handled, median, slowest| Handling {
        severity,
        raised,
        handled,
        open: raised - handled,
        median_minutes: median,
        slowest_minutes: slowest,
    };
    vec![
        row(Severity::Critical, 3, 3, Some(24), Some(80)),
        row(Severity::High, 3, 3, Some(166), Some(782)),
        row(Severity::Medium, 3, 3, Some(400), Some(2880)),
        row(Severity::Low, 2, 1, Some(12), Some(12)),
        row(Severity::Information, 0, 0, None, None),
    ]
}

pub fn sources() -> Vec<SourceFact> {
    let source = |title: &str, rows: Option<u32>, minutes: Option<i64>, status: &str| SourceFact {
        title: title.into(),
        rows,
        read_at: minutes.map(|minutes| now() - TimeDelta::minutes(minutes)),
        status: status.into(),
    };
    vec![
        source("Users", Some(183), Some(12), "read"),
        source("MFA registration", Some(140), Some(12), "read"),
        source("Conditional Access policies", Some(4), Some(13), "read"),
        source("Eligible roles", None, None, "needs Entra ID P2, which this customer does not have"),
        source("Sign-ins", Some(120_433), Some(40), "read in part: Microsoft keeps 30 days of them"),
    ]
}

pub fn gaps() -> Vec<String> {
    vec![
        "Eligible roles were not read: the customer has no Entra ID P2. Administrators who could activate a role are therefore not listed.".into(),
        "Methods of the two emergency accounts were not readable.".into(),
    ]
}

pub fn insurer() -> InsurerFacts {
    InsurerFacts {
        customer: customer(),
        made_at: now(),
        made_by: "Kostas Georgiou".into(),
        period: period(),
        statements: statements(),
        enrolment: enrolment(),
        policies: Some(policies()),
        security_defaults: Some(false),
        exceptions: exceptions(),
        carve_outs: Some(carve_outs()),
        access: access(),
        admins: Some(admins()),
        break_glass: break_glass(),
        changes: changes(),
        alerts: alerts(),
        sources: sources(),
        gaps: gaps(),
        method_of_counting: vec![
            "A person is an enabled member account that somebody signs in to; shared mailboxes, guests, emergency accounts and service accounts are counted apart.".into(),
            "Strong: a passkey, FIDO2 key, Windows Hello for Business or certificate (phishing-resistant), or Microsoft Authenticator or an OATH token.".into(),
            "Weak: only text message, voice call or another telephone method. None: no method that counts. Not known: not readable.".into(),
            "Asked for MFA: Conditional Access as Gatehouse’s engine judges it, security defaults, or per-user MFA.".into(),
        ],
        glossary: vec![
            Term { term: "MFA".into(), meaning: "Multi-factor authentication: a second proof beside the password.".into() },
            Term { term: "Conditional Access".into(), meaning: "Microsoft’s rules that decide at every sign-in what is demanded.".into() },
            Term { term: "Legacy authentication".into(), meaning: "Old ways of signing in that know nothing but a password.".into() },
        ],
    }
}

/// Nothing was ever read: no P1, no roles, no policies.
pub fn nothing_known() -> InsurerFacts {
    let unknown = statements().into_iter().map(|statement| Statement {
        judged: Answer::Unknown,
        overridden: None,
        evidence: "What this depends on was never read.".into(),
        figures: vec![Figure { name: "People asked".into(), value: None, of: None }],
        ..statement
    });
    InsurerFacts {
        customer: Customer { licence: None, ..customer() },
        statements: unknown.collect(),
        enrolment: Enrolment {
            unreadable: Some("MFA registration needs Entra ID P1, which this customer does not have.".into()),
            people: Buckets::default(),
            enforced: Enforced::default(),
            departments: Vec::new(),
            methods: Vec::new(),
            registered_not_enforced: Vec::new(),
            enforced_not_registered: Vec::new(),
            without: Vec::new(),
            weak_only: Vec::new(),
            not_counted: Vec::new(),
            trend: Vec::new(),
        },
        policies: None,
        security_defaults: None,
        exceptions: Vec::new(),
        carve_outs: None,
        access: Vec::new(),
        admins: None,
        break_glass: BreakGlassFact { accounts: Vec::new(), group: None, last_drill: None, last_drill_outcome: None, findings: Vec::new() },
        changes: Vec::new(),
        alerts: AlertHistory { handling: Vec::new(), alerts: Vec::new() },
        sources: Vec::new(),
        gaps: vec!["Nothing was read: the customer has not consented.".into()],
        ..insurer()
    }
}

/// As `insurer`, with this many people in every list of names.
pub fn many(people_in_each: u32) -> InsurerFacts {
    let mut facts = insurer();
    let quarter = people_in_each / 4;
    facts.enrolment.people = Buckets { strong: quarter, weak: quarter, none: quarter, unknown: quarter };
    facts.enrolment.enforced = Enforced { conditional_access: quarter * 3, not_enforced: quarter, ..Enforced::default() };
    facts.enrolment.registered_not_enforced = people(0, quarter, MfaBucket::Strong);
    facts.enrolment.enforced_not_registered = people(quarter, quarter * 2, MfaBucket::None);
    facts.enrolment.without = people(quarter * 2, quarter * 3, MfaBucket::None);
    facts.enrolment.weak_only = people(quarter * 3, people_in_each, MfaBucket::Weak);
    facts
}

pub fn changes_report() -> ChangesFacts {
    ChangesFacts {
        customer: customer(),
        made_at: now(),
        made_by: "Kostas Georgiou".into(),
        period: period(),
        changes: changes(),
        alerts: alerts(),
        access: access(),
        sources: sources(),
        gaps: gaps(),
    }
}

pub fn fleet() -> FleetFacts {
    let names = [
        "Aegean Shipping – Ναυτιλιακή Αιγαίου",
        "Northgate Dental",
        "Bakery Müller GmbH & Co. KG",
        "شركة النور للتجارة",
        "Harbour Legal LLP",
        "Fjord Aquaculture AS",
    ];
    let customers = names
        .iter()
        .enumerate()
        .map(|(n, name)| {
            let part = n as u32;
            let known = n != 4;
            FleetCustomer {
                customer: Customer { id: format!("c{n}"), name: (*name).into(), domain: format!("customer{n}.example"), ..customer() },
                consent: if n == 4 { "withdrawn".into() } else { "given".into() },
                last_sync: known.then(|| now() - TimeDelta::minutes(i64::from(part) * 40 + 5)),
                people: known.then_some(Buckets { strong: 40 + part * 30, weak: 20 - part * 3, none: 9 * (part % 3), unknown: part }),
                admins: known.then_some(Buckets { strong: 3, weak: part % 2, none: u32::from(n == 2), unknown: 0 }),
                trend: if known { fleet_trend(n == 2) } else { Vec::new() },
                open_critical: u32::from(n == 2) * 2,
                open_high: part,
                open_other: part * 4,
                missing_critical: (n != 3).then_some(part % 2),
                unsigned_exceptions: part % 4,
                first: (n != 5).then(|| {
                    if n == 4 {
                        "Ask for consent again: Gatehouse may no longer read this customer.".into()
                    } else {
                        "Close the 2 critical alerts, the older of which has been open for 3 days.".into()
                    }
                }),
            }
        })
        .collect();
    FleetFacts { made_at: now(), made_by: "Kostas Georgiou".into(), period: period(), customers, handling: handling(), changes: 37 }
}

pub fn mfa_person(n: u32, name: &str, upn: &str, bucket: MfaBucket) -> ReportPerson {
    let methods: &[&str] = match bucket {
        MfaBucket::Strong => &["Microsoft Authenticator"],
        MfaBucket::Weak => &["Text message", "Voice call"],
        _ => &[],
    };
    ReportPerson {
        id: format!("00000000-0000-4000-8000-{n:012}"),
        display_name: name.into(),
        upn: upn.into(),
        department: Some("Operations".into()),
        manager: n.is_multiple_of(3).then(|| "Nikos Georgiou".into()),
        bucket,
        class: AccountClass::Person,
        methods: methods.iter().map(|method| (*method).into()).collect(),
        reason: (bucket == MfaBucket::Unknown).then(|| "not in Microsoft's registration report".into()),
        enforced: [Enforcement::ConditionalAccess, Enforcement::NotEnforced, Enforcement::Unknown][n as usize % 3],
        roles: Vec::new(),
        held: Vec::new(),
        phishing_resistant: Some(false),
        passkey: PasskeyReadiness::Unknown,
        suits: None,
        newest_method: None,
        stale: false,
    }
}

fn mfa_people(from: u32, to: u32, bucket: MfaBucket) -> Vec<ReportPerson> {
    (from..to)
        .map(|n| {
            mfa_person(n, &format!("{} {n}", NAMES[n as usize % NAMES.len()]), &format!("user{n}.with.a.rather.long.address@aegean-shipping.example"), bucket)
        })
        .collect()
}

/// The *MFA posture* of the same customer.
pub fn mfa() -> MfaReportFacts {
    let admin = |n: u32, name: &str, bucket, roles: &[&str], newest: Option<i64>| ReportPerson {
        roles: roles.iter().map(|role| (*role).into()).collect(),
        held: roles.iter().map(|role| format!("{role} (eligible, through Admins)")).collect(),
        newest_method: newest.map(ago),
        stale: newest.is_some_and(|days| days > 180),
        ..mfa_person(n, name, &format!("admin{n}@aegean-shipping.example"), bucket)
    };
    let admins = vec![
        admin(1, "Ελένη Παπαδοπούλου", MfaBucket::None, &["User Administrator", "Exchange Administrator"], None),
        admin(2, "Nikos Georgiou", MfaBucket::Strong, &["Global Administrator"], Some(412)),
    ];
    let counts = |strong, weak, none, unknown| MfaCounts { strong, weak, none, unknown };
    let without_phone: Vec<ReportPerson> = mfa_people(200, 206, MfaBucket::None)
        .into_iter()
        .map(|person| ReportPerson {
            suits: Some((WithoutPhone::SecurityKey, "Signs in from Windows computers that are not joined, and from nothing else.".into())),
            ..person
        })
        .collect();
    MfaReportFacts {
        tenant: "c0".into(),
        customer: "Aegean Shipping – Ναυτιλιακή Αιγαίου".into(),
        domain: "aegean-shipping.example".into(),
        time_zone: "Europe/Athens".into(),
        made_at: now(),
        licence: Some("Entra ID P1".into()),
        unreadable: None,
        registration_read_at: Some(now() - TimeDelta::minutes(12)),
        people: counts(96, 22, 9, 3),
        admins: counts(3, 1, 1, 0),
        stale_admins: admins.iter().filter(|admin| admin.stale).cloned().collect(),
        admin_list: admins,
        weak: mfa_people(0, 22, MfaBucket::Weak),
        none: mfa_people(30, 39, MfaBucket::None),
        unknown: vec![mfa_person(90, "New Starter", "new@aegean-shipping.example", MfaBucket::Unknown)],
        not_counted: vec![ReportNotCounted {
            title: "Shared mailboxes",
            why: "Nobody signs in to them; they are opened through another account.",
            accounts: mfa_people(100, 106, MfaBucket::None),
        }],
        methods: [
            ("Microsoft Authenticator", "strong", 90),
            ("Passkey (FIDO2)", "phishingResistant", 12),
            ("Text message", "weak", 40),
            ("Email", "notMfa", 70),
        ]
        .map(|(method, strength, people)| MethodShare { method: method.into(), strength: strength.into(), people })
        .to_vec(),
        phishing_resistant: 12,
        without_phone: 6,
        without_phone_list: without_phone,
        phone_unknown: 4,
        passkeys: PasskeyReadiness::ALL
            .into_iter()
            .enumerate()
            .map(|(n, readiness)| PasskeyCount { readiness, title: readiness.title().into(), people: [12, 60, 9, 31, 0, 18][n] })
            .collect(),
        registered_not_enforced_list: mfa_people(0, 14, MfaBucket::Weak),
        enforced_not_registered_list: mfa_people(30, 34, MfaBucket::None),
        security_defaults: Some(false),
        registered_not_enforced: 14,
        enforced_not_registered: 4,
        enforcement_unknown: 3,
        enforcement: vec!["Security defaults are off.".into(), "109 people are asked for MFA by Conditional Access.".into()],
        trend: trend()
            .iter()
            .map(|day| TrendPoint {
                day: day.day.to_string(),
                counts: counts(day.people.strong, day.people.weak, day.people.none, day.people.unknown),
                ..TrendPoint::default()
            })
            .collect(),
        sources: vec![ReportSource { title: "MFA registration", rows: Some(140), read_at: Some(now() - TimeDelta::minutes(12)), status: "read".into() }],
        gaps: vec!["Eligible roles were not read: the tenant has no Entra ID P2.".into()],
        method_of_counting: fleet::posture::report::METHOD_OF_COUNTING.to_vec(),
    }
}

/// So many people, half of them without MFA and half with a weak method; every list of names is as long.
pub fn mfa_many(people: u32) -> MfaReportFacts {
    let half = people / 2;
    MfaReportFacts {
        people: MfaCounts { strong: 0, weak: half, none: people - half, unknown: 0 },
        weak: mfa_people(0, half, MfaBucket::Weak),
        none: mfa_people(half, people, MfaBucket::None),
        registered_not_enforced_list: mfa_people(0, half, MfaBucket::Weak),
        registered_not_enforced: half,
        ..mfa()
    }
}
