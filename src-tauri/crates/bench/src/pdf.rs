//! The MFA report and the insurer's evidence of 10,000 people: time, and the memory that rendering takes at its peak.

use std::time::Instant;

use chrono::{TimeDelta, Utc};
use reports::layout::Paper;
use reports::mfa::{Admin, Bucket, Counts, Method, MfaReport, Person, render};
use reports::{Branding, ReportError};

use crate::Outcome;
use crate::process::peak_of;

/// The facts that the reports' own tests draw.
#[path = "../../reports/tests/reports/fixture.rs"]
mod fixture;

/// # Errors
/// The report could not be rendered.
pub fn measure() -> Outcome<()> {
    const PEOPLE: u32 = 10_000;
    let now = Utc::now();
    let names = ["Ελένη Παπαδοπούλου", "Олександр Шевченко", "Anneke de Vries", "محمد عبد الله", "Katarzyna Wójcik", "James O'Neill", "李小龙", "Zoë Meyer"];
    let person = |n: u32| Person {
        name: format!("{} {n}", names[n as usize % names.len()]),
        upn: format!("user{n}@manufacturer.example"),
        department: Some("Production".into()),
        methods: vec!["Text message".into(), "Voice call".into()],
        reason: None,
    };
    let report = MfaReport {
        customer: "Ten Thousand People Ltd".into(),
        domain: "manufacturer.example".into(),
        company: "Northgate IT".into(),
        made_at: now,
        paper: Paper::A4,
        licence: Some("Entra ID P1".into()),
        unreadable: None,
        people: Counts { strong: 0, weak: PEOPLE / 2, none: PEOPLE / 2, unknown: 0 },
        admins: Counts { strong: 20, weak: 5, none: 1, unknown: 0 },
        admin_rows: (0..26)
            .map(|n| Admin {
                person: person(n),
                roles: vec!["Global Administrator".into()],
                bucket: Bucket::Strong,
                newest: Some(now - TimeDelta::days(i64::from(n) * 20)),
                stale: n > 9,
            })
            .collect(),
        weak: (0..PEOPLE / 2).map(person).collect(),
        none: (PEOPLE / 2..PEOPLE).map(person).collect(),
        unknown: Vec::new(),
        methods: vec![Method { name: "Text message".into(), bucket: Bucket::Weak, phishing_resistant: false, people: PEOPLE / 2 }],
        not_counted: Vec::new(),
        enforcement: Vec::new(),
        sources: Vec::new(),
        gaps: Vec::new(),
        counting: Vec::new(),
    };
    timed("MFA PDF of 10,000 people, each by name", || render(&report))?;
    let facts = fixture::many(PEOPLE);
    timed("Insurer PDF of 10,000 people", || reports::insurer::render(&facts, &Branding::named("Northgate IT"), Paper::A4, fixture::HASH))
}

fn timed(what: &str, render: impl Fn() -> Result<Vec<u8>, ReportError>) -> Outcome<()> {
    let mut seconds = Vec::new();
    let mut size = 0;
    // The peak counts from here (proc(5), clear_refs); what the facts themselves take is part of it.
    let before = std::fs::write("/proc/self/clear_refs", "5").ok().and_then(|()| peak_of("self"));
    for _ in 0..5 {
        let started = Instant::now();
        size = render().map_err(|error| error.to_string())?.len();
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    let memory = before.zip(peak_of("self")).map_or_else(
        || "memory not measured here".to_owned(),
        |(before, peak)| format!("peak {peak:.0} MB, {:.0} MB of them its own (bar: under 100 MB)", peak - before),
    );
    println!("{what}: median {:.2} s of 5 (bar: under 1 s), {:.1} MB, {memory}", seconds[2], size as f64 / 1e6);
    Ok(())
}
