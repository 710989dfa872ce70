//! Policies in words, each with its state, its last change and the checksum of what Microsoft gave.

use fleet::evidence::facts::PolicyFact;

use super::lists::{self, Words};
use crate::layout::{Cell, Column, Sheet, Tone};
use crate::words::{Clock, count, size_of};

pub fn set(sheet: &mut Sheet, policies: Option<&[PolicyFact]>, security_defaults: Option<bool>, clock: Clock, rest: &str) {
    sheet.paragraph(match security_defaults {
        Some(true) => "Microsoft’s security defaults are on: everybody is asked to register, and legacy authentication is blocked.",
        Some(false) => "Microsoft’s security defaults are off; what is demanded follows from the policies below.",
        None => "Whether Microsoft’s security defaults are on could not be read.",
    });
    let Some(policies) = policies else {
        sheet.paragraph("The policies themselves were never read: nothing is known of them.");
        return;
    };
    if !policies.is_empty() {
        let of = |state: &str| policies.iter().filter(|policy| policy.state == state).count();
        let on = u32::try_from(of("On")).unwrap_or(u32::MAX);
        sheet.intro(&format!(
            "{}, of which {} on. The checksum is the SHA-256 of a policy as Microsoft Graph gave it, with its keys in order: the same policy gives the same checksum again.",
            count(size_of(policies), "policy", "policies"),
            if on == 1 { "1 is".to_owned() } else { format!("{on} are") }
        ));
    }
    let columns = [Column::new("Policy, and what it demands", 5.2), Column::new("State", 1.1), Column::new("Last change", 1.9)];
    lists::set(sheet, &columns, policies, &Words { empty: "The customer has no Conditional Access policy.", rest }, |policy| {
        let state = match policy.state.as_str() {
            "On" => Cell::toned("On", Tone::Strong),
            "Report-only" => Cell::toned("Report-only", Tone::Weak),
            other => Cell::toned(other, Tone::Muted),
        };
        let changed = policy.changed_at.map_or_else(|| Cell::toned("not known", Tone::Unknown), |at| Cell::new(clock.day(at)));
        vec![
            Cell::toned(&policy.name, Tone::Name).and(&policy.sentence, Tone::Plain).and(grouped(&policy.sha256), Tone::Mono),
            state,
            Cell { below: policy.changed_by.as_ref().map(|by| format!("by {by}")), ..changed },
        ]
    });
}

/// A checksum in groups of eight, as it can be compared by eye.
pub fn grouped(checksum: &str) -> String {
    let characters: Vec<char> = checksum.chars().collect();
    characters.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
