//! What was raised in the period, and how fast somebody handled it.

use fleet::evidence::facts::{AlertFact, AlertHistory, Handling};
use fleet::views::Severity;

use super::lists::{self, Words};
use crate::layout::{Cell, Column, Ink, Pattern, Segment, Sheet, Tone};
use crate::words::{Clock, minutes, number};

pub fn severity(severity: Severity) -> (&'static str, Tone) {
    match severity {
        Severity::Critical => ("Critical", Tone::None),
        Severity::High => ("High", Tone::Weak),
        Severity::Medium => ("Medium", Tone::Name),
        Severity::Low => ("Low", Tone::Plain),
        Severity::Information => ("Information", Tone::Muted),
    }
}

/// Raised alerts by severity, how many were handled and how long that took.
pub fn handling(sheet: &mut Sheet, handling: &[Handling]) {
    let shown: Vec<&Handling> = handling.iter().filter(|row| row.raised > 0).collect();
    if shown.is_empty() {
        sheet.paragraph("No alert was raised in this period.");
        return;
    }
    sheet.intro("An alert is handled when somebody first acknowledged or resolved it, or when its cause went away.");
    let columns = [
        Column::new("Severity", 1.3),
        Column::new("Handled, open", 2.4),
        Column::number("Raised", 0.8),
        Column::number("Handled", 0.9),
        Column::number("Open", 0.7),
        Column::number("Half of them within", 1.4),
        Column::number("Slowest", 1.3),
    ];
    let time = |value: Option<u32>, handled: u32| match value {
        Some(value) => Cell::new(minutes(value)),
        None if handled == 0 => Cell::toned("–", Tone::Muted),
        None => Cell::toned("not known", Tone::Unknown),
    };
    sheet.table(
        &columns,
        shown.into_iter().map(|row| {
            let (word, tone) = severity(row.severity);
            let bar = vec![
                Segment { name: "Handled", value: row.handled, ink: Ink::STRONG, pattern: Pattern::Plain },
                Segment { name: "Open", value: row.open, ink: Ink::NONE, pattern: Pattern::Striped },
            ];
            vec![
                Cell::toned(word, tone),
                Cell::bar(bar),
                Cell::new(number(row.raised)),
                Cell::new(number(row.handled)),
                Cell::new(number(row.open)),
                time(row.median_minutes, row.handled),
                time(row.slowest_minutes, row.handled),
            ]
        }),
    );
}

pub fn set(sheet: &mut Sheet, alerts: &AlertHistory, clock: Clock, rest: &str) {
    handling(sheet, &alerts.handling);
    list(sheet, &alerts.alerts, clock, rest);
}

pub fn list(sheet: &mut Sheet, alerts: &[AlertFact], clock: Clock, rest: &str) {
    sheet.section("Each alert", 0.0);
    if !alerts.is_empty() {
        sheet.intro(&format!("Times are in {}.", clock.name()));
    }
    let columns = [Column::new("First seen", 1.2), Column::new("Alert", 4.0), Column::new("Handled", 2.2)];
    lists::set(sheet, &columns, alerts, &Words { empty: "There is none to list.", rest }, |alert| row(alert, clock));
}

fn row(alert: &AlertFact, clock: Clock) -> Vec<Cell> {
    let (word, tone) = severity(alert.severity);
    let mut what = Cell::toned(&alert.title, Tone::Name).and(format!("{} · number {}", alert.kind, alert.id), Tone::Muted);
    if let Some(note) = &alert.note {
        what = what.and(format!("“{note}”"), Tone::Plain);
    }
    let mut handled = match alert.handled_at {
        None => Cell::toned("Open", Tone::None),
        Some(at) => {
            let took = u32::try_from((at - alert.first_seen).num_minutes().max(0)).unwrap_or(u32::MAX);
            Cell::new(format!("after {}", minutes(took))).and(clock.time(at), Tone::Muted)
        }
    };
    if let Some(by) = &alert.handled_by {
        handled = handled.and(by, Tone::Plain);
    }
    if let Some(at) = alert.resolved_at {
        handled = handled.and(format!("resolved {}", clock.time(at)), Tone::Muted);
    } else if alert.handled_at.is_some() {
        handled = handled.and("not yet resolved", Tone::Muted);
    }
    vec![Cell::new(clock.day(alert.first_seen)).and(clock.hour(alert.first_seen), Tone::Muted).and(word, tone), what, handled]
}
