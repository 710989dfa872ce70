//! Page one and what follows at once: the answer in words, then how everybody stands, over time and by method.

use fleet::evidence::facts::TrendDay;
use fleet::posture::MfaReportFacts;
use fleet::posture::report::ReportPerson;
use fleet::views::mfa::{Enforcement, MethodShare, MfaBucket};

use super::buckets;
use crate::chapters::{buckets as drawn, enrolment, sources};
use crate::layout::{Sheet, Tile};
use crate::words::{Clock, count, number, percent, size_of};

pub fn set(sheet: &mut Sheet, facts: &MfaReportFacts, clock: Clock) {
    sheet.masthead(
        &facts.domain,
        "Confidential: it names people",
        &[("Made", clock.full(facts.made_at)), ("Licence", facts.licence.clone().unwrap_or_else(|| "not known".into()))],
    );
    if let Some(reason) = &facts.unreadable {
        sheet.lead("How many people have MFA is not known, and this report therefore gives no figures for it.");
        sheet.paragraph(reason);
    } else {
        headline(sheet, facts);
        tiles(sheet, facts);
        sheet.section("Everyone", 0.0);
        if buckets(facts.people).sum() == 0 {
            sheet.paragraph("No account of this customer is counted as a person.");
        } else {
            sheet.stacked_bar(&drawn::people(buckets(facts.people)));
        }
        sheet.section("Administrators", 0.0);
        if buckets(facts.admins).sum() == 0 {
            sheet.paragraph("No account holds a privileged role, as far as roles could be read.");
        } else {
            sheet.stacked_bar(&drawn::people(buckets(facts.admins)));
        }
        over_time(sheet, facts);
        methods(sheet, &facts.methods, buckets(facts.people).sum());
    }
    if !facts.enforcement.is_empty() {
        sheet.section("What asks people for MFA", 0.0);
        for sentence in &facts.enforcement {
            sheet.point(sentence);
        }
        sheet.note("Registered means that a person could answer; asked means that something demands it. Only both together protect.");
    }
    if !facts.gaps.is_empty() {
        sources::gaps(sheet, &facts.gaps);
    }
}

/// The answer in one paragraph, before any figure.
fn headline(sheet: &mut Sheet, facts: &MfaReportFacts) {
    let people = facts.people;
    let whole = buckets(people).sum();
    let any = people.strong + people.weak;
    let mut said = format!(
        "{} of {} ({}) registered at least one MFA method; {} {} a strong one.",
        number(any),
        count(whole, "person", "people"),
        percent(any, whole),
        number(people.strong),
        if people.strong == 1 { "has" } else { "have" }
    );
    if people.none > 0 {
        said += &format!(
            " {} {} none; unless something else stops it, a password alone opens {}.",
            number(people.none),
            if people.none == 1 { "has" } else { "have" },
            if people.none == 1 { "that account" } else { "those accounts" }
        );
    }
    if people.unknown > 0 {
        said += &format!(" For {} it is not known.", number(people.unknown));
    }
    sheet.lead(&said);
    let bare: Vec<&ReportPerson> = facts.admin_list.iter().filter(|admin| admin.bucket == MfaBucket::None).collect();
    if !bare.is_empty() {
        let names = bare.iter().take(5).map(|admin| admin.display_name.as_str()).collect::<Vec<_>>().join(", ");
        let more = if bare.len() > 5 { format!(" and {} more", number(size_of(&bare) - 5)) } else { String::new() };
        sheet.paragraph(&format!(
            "Act first: {} {} no MFA method: {names}{more}.",
            count(size_of(&bare), "administrator", "administrators"),
            if bare.len() == 1 { "has" } else { "have" }
        ));
    }
    let stale = size_of(&facts.stale_admins);
    if stale > 0 {
        let who = if stale == 1 { "1 administrator has".to_owned() } else { format!("{} administrators have", number(stale)) };
        sheet.paragraph(&format!("{who} not registered a method for more than 180 days."));
    }
}

fn tiles(sheet: &mut Sheet, facts: &MfaReportFacts) {
    let whole = buckets(facts.people).sum();
    let judged = whole.saturating_sub(facts.enforcement_unknown);
    let mismatch = |value: u32| if judged == 0 { "not known".to_owned() } else { number(value) };
    sheet.tiles(&[
        Tile::new(if whole == 0 { "–".to_owned() } else { percent(facts.people.strong + facts.people.weak, whole) }, "of people have MFA"),
        Tile::new(mismatch(facts.registered_not_enforced), "have it, and nothing asks for it"),
        Tile::new(mismatch(facts.enforced_not_registered), "are asked for it, and have none"),
        Tile::new(number(facts.phishing_resistant), "have a phishing-resistant method"),
        Tile::new(
            number(facts.without_phone),
            if facts.phone_unknown == 0 { "have no phone".to_owned() } else { format!("have no phone; of {} not known", number(facts.phone_unknown)) },
        ),
    ]);
}

fn over_time(sheet: &mut Sheet, facts: &MfaReportFacts) {
    let days: Vec<TrendDay> = facts.trend.iter().filter_map(|point| Some(TrendDay { day: point.day.parse().ok()?, people: buckets(point.counts) })).collect();
    enrolment::over_time(sheet, &days);
}

fn methods(sheet: &mut Sheet, methods: &[MethodShare], whole: u32) {
    let shares: Vec<_> = methods.iter().map(|method| (method.method.as_str(), method.strength.as_str(), method.people)).collect();
    sheet.section("By method", 0.0);
    enrolment::by_method(sheet, &shares, whole);
}

/// Whether it is known of anybody what asks them.
pub fn nothing_known_of_asking(facts: &MfaReportFacts) -> bool {
    let known = |people: &[ReportPerson]| people.iter().any(|person| person.enforced != Enforcement::Unknown);
    buckets(facts.people).sum() == facts.enforcement_unknown && !known(&facts.registered_not_enforced_list)
}
