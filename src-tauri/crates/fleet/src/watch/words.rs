//! Evidence in words: the rows of an alert's evidence table and the changed fields of a policy.

use chrono::DateTime;

use super::{
    condition::{ChangeEffect, ChangedField, Evidence, Millis, Named, PolicyEvent, SeenSignIn},
    playbook::segment,
};
use crate::engine::replay::thousands;
use crate::views::{
    Moment,
    alerts::{EvidenceFact, FieldChange},
};

pub(crate) fn moment(at: Millis) -> Moment {
    DateTime::from_timestamp_millis(at).unwrap_or_default()
}

struct Table<'a> {
    tenant: &'a str,
    rows: Vec<EvidenceFact>,
}

impl Table<'_> {
    fn text(&mut self, label: &str, value: impl Into<String>) {
        self.rows.push(EvidenceFact { label: label.to_owned(), value: value.into(), at: None, route: None });
    }

    fn time(&mut self, label: &str, at: Option<Millis>, unknown: &str) {
        self.rows.push(match at {
            Some(at) => EvidenceFact { label: label.to_owned(), value: moment(at).format("%Y-%m-%d %H:%M UTC").to_string(), at: Some(moment(at)), route: None },
            None => EvidenceFact { label: label.to_owned(), value: unknown.to_owned(), at: None, route: None },
        });
    }

    fn linked(&mut self, label: &str, value: String, page: &str) {
        let route = Some(format!("/tenants/{}{page}", segment(self.tenant)));
        self.rows.push(EvidenceFact { label: label.to_owned(), value, at: None, route });
    }

    fn user(&mut self, label: &str, account: &Named) {
        self.linked(label, account.in_words(), &format!("/users/{}", segment(&account.id)));
    }

    /// For whom a change weakened protection.
    fn effect(&mut self, effect: Option<&ChangeEffect>) {
        match effect {
            None => {}
            Some(ChangeEffect::NotWeaker) => self.text("Effect", "All policies together protect everybody as before, or better"),
            Some(ChangeEffect::Weaker { people, first, place, before, after }) => {
                let whom = people.map_or_else(|| "Whom is not known: users were never read".to_owned(), |people| times(people, "person", "people"));
                self.text("Protected less", whom);
                if !place.is_empty() {
                    self.text("Where", place.clone());
                }
                self.text("Before and after", format!("{before}; now {after}"));
                for account in first {
                    self.user("Among them", account);
                }
            }
        }
    }

    fn event(&mut self, label: &str, value: String, at: Millis) {
        self.rows.push(EvidenceFact { label: label.to_owned(), value, at: Some(moment(at)), route: None });
    }

    fn sign_ins(&mut self, sign_ins: &[SeenSignIn]) {
        for sign_in in sign_ins {
            let outcome = if sign_in.succeeded {
                "Signed in".to_owned()
            } else if sign_in.reason.is_empty() {
                "Failed".to_owned()
            } else {
                format!("Failed: {}", sign_in.reason.trim_end_matches('.'))
            };
            let details = [("to", &sign_in.app), ("from", &sign_in.place), ("at", &sign_in.ip), ("with", &sign_in.client), ("on", &sign_in.device)]
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .fold(String::new(), |text, (word, value)| format!("{text} {word} {value}"));
            let label = if sign_in.succeeded { "Sign-in" } else { "Attempt" };
            self.event(label, if details.is_empty() { outcome } else { format!("{outcome};{details}") }, sign_in.at);
        }
    }
}

fn times(count: u32, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {many}", thousands(count.into())) }
}

fn scope_in_words(scope: &str) -> String {
    match scope {
        "/" | "" => "the whole tenant".to_owned(),
        other => match other.strip_prefix("/administrativeUnits/") {
            Some(unit) => format!("administrative unit {unit}"),
            None => other.to_owned(),
        },
    }
}

pub(crate) fn state_in_words(state: &str) -> String {
    match state {
        "enabled" => "On".to_owned(),
        "disabled" => "Off".to_owned(),
        "enabledForReportingButNotEnforced" => "Report-only".to_owned(),
        other => other.to_owned(),
    }
}

/// The rows of the evidence table, most telling first.
pub fn facts(tenant: &str, evidence: &Evidence) -> Vec<EvidenceFact> {
    let mut table = Table { tenant, rows: Vec::new() };
    match evidence {
        Evidence::BreakGlassSignIn { account, succeeded, failed, latest, drill } => {
            if let Some(reason) = drill {
                table.text("Planned drill", reason.clone());
            }
            table.user("Account", account);
            let page = format!("/sign-ins?user={}", segment(&account.id));
            let counts = format!("{}, {}", times(*succeeded, "success", "successes"), times(*failed, "failed attempt", "failed attempts"));
            table.linked("Sign-ins", counts, &page);
            table.sign_ins(latest);
        }
        Evidence::LegacySignIn { account, latest, clients, apps } => {
            table.user("User", account);
            if !clients.is_empty() {
                table.text("Protocols", clients.join(", "));
            }
            if !apps.is_empty() {
                table.text("Applications", apps.join(", "));
            }
            table.sign_ins(latest);
        }
        Evidence::BreakGlassMembership { group, changes } => {
            table.text("Group", group.in_words());
            for change in changes {
                let label = if change.added { "Gained" } else { "Lost" };
                let by = change.by.as_deref().map(|by| format!(", by {by}")).unwrap_or_default();
                table.rows.push(EvidenceFact {
                    label: label.to_owned(),
                    value: format!("{}{by}", change.member.in_words()),
                    at: Some(moment(change.at)),
                    route: Some(format!("/tenants/{}/users/{}", segment(tenant), segment(&change.member.id))),
                });
            }
        }
        Evidence::PolicyChange { policy, event, state_before, state_after, by, changed_at, seen_at, effect, .. } => {
            table.linked("Policy", policy.short(), &format!("/policies/{}", segment(&policy.id)));
            table.text(
                "What happened",
                match event {
                    PolicyEvent::Created => "Created",
                    PolicyEvent::Changed => "Changed",
                    PolicyEvent::Deleted => "Deleted",
                    PolicyEvent::ChangedBack => "Changed and changed back: it is as it was",
                },
            );
            table.text(
                "By",
                by.clone().filter(|by| !by.is_empty()).unwrap_or_else(|| "Not known (the directory audit does not say, or was not read)".to_owned()),
            );
            table.time("When", *changed_at, "Not known");
            table.time("Seen by Gatehouse", Some(*seen_at), "");
            match (state_before, state_after) {
                (Some(before), Some(after)) if before != after => {
                    table.text("State", format!("{}, before: {}", state_in_words(after), state_in_words(before)));
                }
                (Some(before), None) => table.text("State when it was deleted", state_in_words(before)),
                (_, Some(after)) => table.text("State", state_in_words(after)),
                (None, None) => {}
            }
            table.effect(effect.as_ref());
        }
        Evidence::AdminUnprotected { account, roles, through, break_glass, read_at, has_method, why } => {
            table.user("Account", account);
            table.text("Privileged roles", roles.join(", "));
            if !through.is_empty() {
                table.text("Through groups", through.join(", "));
            }
            if *break_glass {
                table.text("Break-glass", "Yes: register a security key for it and keep the key in the safe");
            }
            table.linked("MFA methods", if *has_method { "Registered" } else { "None registered" }.to_owned(), "/mfa");
            if *has_method {
                table.text("Demanded by", "Nothing: no policy, no security defaults, no per-user MFA");
                for reason in why {
                    table.text("Why", reason.clone());
                }
            }
            table.time("Registration read", *read_at, "Not known");
        }
        Evidence::BreakGlassReached { account, policies } => {
            table.user("Account", account);
            for reaching in policies {
                table.linked("Policy", format!("{}: {}", reaching.policy.short(), reaching.why), &format!("/policies/{}", segment(&reaching.policy.id)));
            }
        }
        Evidence::ControlMissing { control: _, title, reason, near_miss, users } => {
            table.linked("Control", title.clone(), "/drift");
            table.text("Why", reason.clone());
            if let Some(users) = users {
                table.text("Who falls through", times(*users, "person", "people"));
            }
            if let Some(near_miss) = near_miss {
                table.text("Closest policy", near_miss.clone());
            }
        }
        Evidence::CoverageGap { guests, people, of, first, why } => {
            table.linked(
                if *guests { "Guests" } else { "People" },
                format!("{} of {} are asked for MFA by nothing", thousands(u64::from(*people)), thousands(u64::from(*of))),
                "/coverage",
            );
            for reason in why {
                table.text("Why", reason.clone());
            }
            for account in first {
                table.user("Among them", account);
            }
        }
        Evidence::ExclusionExpired { access, account, group, ended_at, reason, ticket, approved_by, error } => {
            table.user("User", account);
            table.linked("Exclusion group", group.in_words(), &format!("/time-bound-access?open={access}"));
            table.time("Ended", Some(*ended_at), "");
            table.text("Why it was given", reason.clone());
            if let Some(ticket) = ticket {
                table.text("Ticket", ticket.clone());
            }
            if let Some(approved_by) = approved_by {
                table.text("Approved by", approved_by.clone());
            }
            if let Some(error) = error {
                table.text("Last try", error.clone());
            }
        }
        Evidence::RoleAssigned { principal, principal_kind, role, assignments } => {
            if principal_kind == "user" {
                table.user("Account", principal);
            } else {
                table.text("Principal", principal.in_words());
            }
            table.text("Role", role.in_words());
            for assignment in assignments {
                let label = if assignment.eligible { "Made eligible" } else { "Assigned" };
                let through = assignment.through.as_ref().map(|group| format!(", through group {}", group.short())).unwrap_or_default();
                let by = assignment.by.as_deref().map(|by| format!(", by {by}")).unwrap_or_default();
                table.event(label, format!("For {}{through}{by}", scope_in_words(&assignment.scope)), assignment.at);
            }
        }
        Evidence::ConsentLost { error, code, last_complete_sync } => {
            table.text("What Microsoft answered", error.clone().unwrap_or_else(|| "Consent was withdrawn".to_owned()));
            if let Some(code) = code {
                table.text("Code", code.clone());
            }
            table.time("Last complete sync", *last_complete_sync, "Never");
        }
        Evidence::SyncStale { last_complete_sync, last_attempt, error, failing } => {
            table.time("Last complete sync", *last_complete_sync, "Never");
            table.time("Last attempt", *last_attempt, "Never");
            if let Some(error) = error {
                table.text("Last error", error.clone());
            }
            for line in failing {
                table.text("Could not be read", line.clone());
            }
        }
    }
    table.rows
}

/// The changed fields of a policy, those that weaken first.
pub fn changes(evidence: &Evidence) -> Vec<FieldChange> {
    let Evidence::PolicyChange { fields, .. } = evidence else { return Vec::new() };
    let rank = |field: &ChangedField| match field.effect.as_str() {
        "weakens" => 0,
        "unknown" => 1,
        "strengthens" => 2,
        _ => 3,
    };
    let mut ordered: Vec<&ChangedField> = fields.iter().collect();
    ordered.sort_by_key(|field| rank(field));
    ordered
        .into_iter()
        .map(|field| FieldChange {
            path: field.path.clone(),
            field: field.field.clone(),
            before: field.before.clone(),
            after: field.after.clone(),
            effect: field.effect.clone(),
        })
        .collect()
}
