//! Whatever happens in whatever order: looking twice changes nothing, and no condition has two live alerts.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::{
    views::{Severity, alerts::AlertState},
    watch::{
        AlertKind,
        condition::{Condition, Evidence, Findings, Named, Occurrence, Seen},
        reconcile::{Existing, Plan, Shape, Step, reconcile},
    },
};

/// The alert table in memory, with `apply`'s meaning of each step.
#[derive(Default)]
struct Table {
    rows: Vec<Existing>,
}

impl Table {
    fn newest(&self) -> Vec<Existing> {
        let keys: BTreeSet<&str> = self.rows.iter().map(|row| row.key.as_str()).collect();
        keys.into_iter()
            .filter_map(|key| {
                let of_key = || self.rows.iter().filter(|row| row.key == key);
                of_key().find(|row| row.state != AlertState::Resolved).or_else(|| of_key().max_by_key(|row| row.id)).cloned()
            })
            .collect()
    }

    fn apply(&mut self, plan: &Plan) {
        for step in plan {
            match step {
                Step::Raise(shape) => {
                    let mut row = Existing {
                        id: i64::try_from(self.rows.len()).unwrap() + 1,
                        key: shape.key.clone(),
                        kind: shape.kind.name().into(),
                        severity: shape.severity,
                        state: AlertState::Open,
                        title: String::new(),
                        record: None,
                        first_seen: 0,
                        last_seen: 0,
                        count: 0,
                        muted_until: None,
                    };
                    write(&mut row, shape);
                    self.rows.push(row);
                }
                Step::Update { id, shape, .. } => write(self.row(*id), shape),
                Step::Reopen { id, shape, .. } => {
                    write(self.row(*id), shape);
                    self.row(*id).state = AlertState::Open;
                }
                Step::Wake { id, shape, .. } => {
                    if let Some(shape) = shape {
                        write(self.row(*id), shape);
                    }
                    self.row(*id).state = AlertState::Open;
                    self.row(*id).muted_until = None;
                }
                Step::Resolve { id, record } => {
                    self.row(*id).record = Some(record.clone());
                    self.row(*id).state = AlertState::Resolved;
                }
                Step::Ended { id, record } => self.row(*id).record = Some(record.clone()),
            }
        }
    }

    fn row(&mut self, id: i64) -> &mut Existing {
        self.rows.iter_mut().find(|row| row.id == id).unwrap()
    }
}

fn write(row: &mut Existing, shape: &Shape) {
    row.severity = shape.severity;
    row.title.clone_from(&shape.title);
    row.record = Some(shape.record.clone());
    row.first_seen = shape.first_seen;
    row.last_seen = shape.last_seen;
    row.count = shape.count;
}

#[derive(Debug, Clone)]
enum Event {
    Happens(usize),
    StateBegins(usize),
    StateEnds(usize),
    StateUnknown(usize, bool),
    Acknowledge(usize),
    Resolve(usize),
    Mute(usize, i64),
    Reopen(usize),
    TimePasses(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let subject = 0..3usize;
    prop_oneof![
        subject.clone().prop_map(Event::Happens),
        subject.clone().prop_map(Event::StateBegins),
        subject.clone().prop_map(Event::StateEnds),
        (subject.clone(), any::<bool>()).prop_map(|(n, unknown)| Event::StateUnknown(n, unknown)),
        (0..6usize).prop_map(Event::Acknowledge),
        (0..6usize).prop_map(Event::Resolve),
        (0..6usize, 1..50i64).prop_map(|(n, time)| Event::Mute(n, time)),
        (0..6usize).prop_map(Event::Reopen),
        (1..60i64).prop_map(Event::TimePasses),
    ]
}

fn found(kind: AlertKind, subject: usize, occurrences: Vec<Occurrence>, at: i64) -> Condition {
    let account = Named { id: subject.to_string(), name: String::new(), upn: String::new() };
    Condition {
        key: kind.key(&subject.to_string()),
        kind,
        severity: Severity::Critical,
        title: format!("{} times", occurrences.len()),
        subject: None,
        evidence: Evidence::BreakGlassSignIn { account, succeeded: 0, failed: u32::try_from(occurrences.len()).unwrap(), latest: Vec::new(), drill: None },
        first: occurrences.first().map_or(at, |first| first.at),
        last: occurrences.last().map_or(at, |last| last.at),
        occurrences,
    }
}

proptest! {
    #[test]
    fn looking_twice_changes_nothing_and_no_condition_has_two_live_alerts(events in prop::collection::vec(event(), 1..60)) {
        let mut table = Table::default();
        let mut now = 1_000;
        let mut happened: Vec<Vec<Occurrence>> = vec![Vec::new(); 3];
        let mut holds = [false; 3];
        let mut unknown = [false; 3];
        for (n, event) in events.into_iter().enumerate() {
            now += 1;
            let live = |row: &Existing| row.state != AlertState::Resolved;
            let newest: BTreeSet<i64> = table.newest().iter().map(|row| row.id).collect();
            match event {
                Event::Happens(subject) => happened[subject].push(Occurrence { at: now, id: format!("o{n}") }),
                Event::StateBegins(subject) => holds[subject] = true,
                Event::StateEnds(subject) => holds[subject] = false,
                Event::StateUnknown(subject, is) => unknown[subject] = is,
                Event::Acknowledge(row) => if let Some(row) = table.rows.get_mut(row).filter(|row| row.state == AlertState::Open) {
                    row.state = AlertState::Acknowledged;
                },
                Event::Resolve(row) => if let Some(row) = table.rows.get_mut(row).filter(|row| live(row)) {
                    row.state = AlertState::Resolved;
                },
                Event::Mute(row, time) => if let Some(row) = table.rows.get_mut(row).filter(|row| live(row)) {
                    row.state = AlertState::Muted;
                    row.muted_until = Some(now + time);
                },
                Event::Reopen(row) => if let Some(row) = table.rows.get_mut(row).filter(|row| !live(row) && newest.contains(&row.id)) {
                    row.state = AlertState::Open;
                },
                Event::TimePasses(time) => now += time,
            }
            let existing = table.newest();
            let handled = |key: &str, occurrence: &Occurrence| existing.iter()
                .filter(|row| row.key == key)
                .filter_map(|row| Some(row.record.as_ref()?.dealt_with(row.state == AlertState::Resolved)))
                .any(|seen| seen.contains(occurrence));
            let mut findings = Findings::default();
            for subject in 0..3 {
                let key = AlertKind::BreakGlassSignIn.key(&subject.to_string());
                let fresh: Vec<Occurrence> = happened[subject].iter().filter(|one| !handled(&key, one)).cloned().collect();
                if !fresh.is_empty() {
                    findings.conditions.push(found(AlertKind::BreakGlassSignIn, subject, fresh, now));
                }
                if unknown[subject] {
                    findings.undecided_keys.insert(AlertKind::AdminUnprotected.key(&subject.to_string()));
                } else if holds[subject] {
                    // What a state says is of the last read, not of the look.
                    findings.conditions.push(found(AlertKind::AdminUnprotected, subject, Vec::new(), 500));
                }
            }
            let plan = reconcile(&existing, &findings, now);
            table.apply(&plan);
            let mut live_keys = BTreeSet::new();
            for row in table.rows.iter().filter(|row| row.state != AlertState::Resolved) {
                prop_assert!(live_keys.insert(row.key.clone()), "two live alerts of {}", row.key);
            }
            prop_assert_eq!(reconcile(&table.newest(), &findings, now), Plan::new(), "looking again after {:?}", plan);
            // Every occurrence is in some alert, and counted there once.
            for (subject, all) in happened.iter().enumerate() {
                let key = AlertKind::BreakGlassSignIn.key(&subject.to_string());
                let counted: i64 = table.rows.iter().filter(|row| row.key == key).map(|row| row.count).sum();
                prop_assert_eq!(counted, i64::try_from(all.len()).unwrap());
            }
            // What certainly holds is live, or a person resolved this very episode.
            for subject in 0..3 {
                let key = AlertKind::AdminUnprotected.key(&subject.to_string());
                let newest = table.newest().into_iter().find(|row| row.key == key);
                if holds[subject] && !unknown[subject] {
                    prop_assert!(newest.is_some_and(|row| row.state != AlertState::Resolved || row.record.is_some_and(|record| !record.ended)));
                }
            }
        }
    }

    #[test]
    fn a_full_memory_of_occurrences_forgets_the_oldest_and_never_calls_them_new(times in prop::collection::vec(0..100_000i64, 1..600)) {
        let all: Vec<Occurrence> = times.iter().enumerate().map(|(n, at)| Occurrence { at: *at, id: format!("o{n}") }).collect();
        let seen = Seen::of(&all);
        let oldest_kept = { let mut sorted = all.clone(); sorted.sort(); sorted.into_iter().rev().nth(Seen::KEPT - 1).map(|one| one.at) };
        for one in &all {
            // Of those that share the oldest kept moment some may be forgotten: they would be told again, not lost.
            prop_assert!(seen.contains(one) || Some(one.at) == oldest_kept);
        }
        let new = Occurrence { at: 100_001, id: "new".into() };
        prop_assert!(!seen.contains(&new));
    }
}
