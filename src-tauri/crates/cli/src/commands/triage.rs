//! `triage`: why a user cannot get in, which policy is behind it, what differs from the sign-ins that work, and the ways out.

use fleet::Fleet;
use fleet::triage;
use fleet::views::triage::{FailureGroup, Triage, WayOut};

use crate::arguments::TriageOf;
use crate::output::{Done, Output};

pub fn triage(fleet: &Fleet, options: &TriageOf, output: Output) -> Done {
    let tenant = fleet.find_tenant(&options.tenant)?;
    let found = triage::of_user(fleet, &tenant, &options.user)?;
    output.print(&found, words)
}

fn words(found: &Triage) -> String {
    if let Some(unreadable) = &found.unreadable {
        return format!("{}\n", unreadable.reason);
    }
    let mut text = format!("{}.\n", found.answer);
    match &found.last_success {
        Some(row) => text += &format!("Last successful sign-in: {} UTC, {}, {}, {}\n", row.at.format("%Y-%m-%d %H:%M"), row.app, row.place, row.device),
        None => text += "No successful sign-in of this user is kept.\n",
    }
    for mark in &found.marks {
        text += &format!("Marked as a genuine block by {} at {} UTC: {}\n", mark.by, mark.at.format("%Y-%m-%d %H:%M"), mark.title);
    }
    for remark in &found.remarks {
        text += &format!("{remark}.\n");
    }
    found.groups.iter().fold(text, |text, group| text + "\n" + &part(group))
}

fn part(group: &FailureGroup) -> String {
    let mut lines = vec![format!(
        "{}: {} {}, last {} UTC",
        group.title,
        group.failures,
        if group.failures == 1 { "failure" } else { "failures" },
        group.last.format("%Y-%m-%d %H:%M")
    )];
    lines.extend(group.demand.clone());
    lines.extend(group.conditions.iter().map(|condition| condition.words.clone()));
    for reason in &group.reasons {
        lines.push(format!("{} ({})", reason.reason, reason.failures));
        lines.push(format!("Say: {}", reason.tell_user));
        lines.push(format!("You: {}", reason.next_step));
    }
    lines.push(group.comparison.sentence.clone());
    for difference in &group.comparison.differences {
        lines.push(format!(
            "{}: {} in {} of {} failing, never in {} working ({})",
            difference.title, difference.failing, difference.failing_count, difference.failing_of, difference.working_of, difference.working
        ));
    }
    lines.extend(group.comparison.caution.clone());
    lines.extend(group.today.clone());
    lines.push(group.ways.why.clone());
    let ways: Vec<&str> = group
        .ways
        .recommended
        .iter()
        .map(|way| match way {
            WayOut::GenuineBlock => "leave it blocked",
            WayOut::ChangePolicy => "change the policy",
            WayOut::Exception => "an exception for a time",
        })
        .collect();
    if !ways.is_empty() {
        lines.push(format!("Fits the facts: {}", ways.join(" or ")));
    }
    for exclusion in &group.ways.groups {
        lines.push(format!("Group for an exception: {} ({})", exclusion.display_name, exclusion.id));
    }
    lines.extend(group.ways.no_group.clone());
    let mut lines = lines.into_iter();
    let head = lines.next().unwrap_or_default();
    lines.fold(format!("{head}\n"), |text, line| text + "  " + &line + "\n")
}
