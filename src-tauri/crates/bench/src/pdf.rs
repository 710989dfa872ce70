//! The MFA report of 10,000 people.

use std::time::Instant;

use chrono::{TimeDelta, Utc};
use reports::layout::Paper;
use reports::mfa::{Admin, Bucket, Counts, Method, MfaReport, Person, render};

use crate::Outcome;

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
        admin_rows: (0..26).map(|n| Admin { person: person(n), roles: vec!["Global Administrator".into()], bucket: Bucket::Strong, newest: Some(now - TimeDelta::days(i64::from(n) * 20)), stale: n > 9 }).collect(),
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
    let mut seconds = Vec::new();
    let mut size = 0;
    for _ in 0..5 {
        let started = Instant::now();
        size = render(&report).map_err(|error| error.to_string())?.len();
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    println!("MFA PDF of 10,000 people, each by name: median {:.2} s of 5 (bar: under 1 s), {:.1} MB", seconds[2], size as f64 / 1e6);
    Ok(())
}
