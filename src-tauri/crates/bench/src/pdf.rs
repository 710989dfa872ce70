//! The MFA report, which names every person who is not strong, and the insurer's evidence of 10,000 people: time, and the memory that rendering
//! takes at its peak.

use std::time::Instant;

use reports::layout::Paper;
use reports::{Branding, ReportError};

use crate::Outcome;
use crate::process::peak_of;

/// The facts that the reports' own tests draw.
#[path = "../../reports/tests/reports/fixture/mod.rs"]
mod fixture;

/// # Errors
/// The report could not be rendered.
pub fn measure() -> Outcome<()> {
    const PEOPLE: u32 = 10_000;
    let branding = Branding::named("Northgate IT");
    let facts = fixture::mfa_many(PEOPLE);
    timed("MFA PDF of 10,000 people", || reports::mfa::render(&facts, &branding, Paper::A4, Some(fixture::HASH)))?;
    drop(facts);
    let facts = fixture::many(PEOPLE);
    timed("Insurer PDF of 10,000 people", || reports::insurer::render(&facts, &branding, Paper::A4, fixture::HASH))
}

fn timed(what: &str, render: impl Fn() -> Result<Vec<u8>, ReportError>) -> Outcome<()> {
    let mut seconds = Vec::new();
    let mut first: Option<Vec<u8>> = None;
    // The peak counts from here (proc(5), clear_refs); what the facts themselves take is part of it.
    let before = std::fs::write("/proc/self/clear_refs", "5").ok().and_then(|()| peak_of("self"));
    for _ in 0..5 {
        let started = Instant::now();
        let pdf = render().map_err(|error| error.to_string())?;
        seconds.push(started.elapsed().as_secs_f64());
        if *first.get_or_insert_with(|| pdf.clone()) != pdf {
            return Err(format!("{what}: the same facts gave other bytes"));
        }
    }
    seconds.sort_by(f64::total_cmp);
    let memory = before.zip(peak_of("self")).map_or_else(
        || "memory not measured here".to_owned(),
        |(before, peak)| format!("peak {peak:.0} MB, {:.0} MB of them its own (bar: under 100 MB)", peak - before),
    );
    println!(
        "{what}: median {:.2} s of 5 (bar: under 1 s), {:.1} MB, the same bytes each time, {memory}",
        seconds[2],
        first.map_or(0, |pdf| pdf.len()) as f64 / 1e6
    );
    Ok(())
}
