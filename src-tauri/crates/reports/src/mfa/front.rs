//! The cover, which leads into the rest, and the summary behind it: the answer in words, how everybody stands in a chart, and how it went
//! over time.

use fleet::evidence::facts::TrendDay;
use fleet::posture::MfaReportFacts;
use fleet::posture::report::ReportPerson;
use fleet::views::mfa::MfaBucket;

use super::{Part, Posture, buckets};
use crate::chapters::{buckets as drawn, contents, enrolment, sources};
use crate::layout::{Sheet, Tile};
use crate::words::{count, day, number, percent, size_of};

pub fn cover(sheet: &mut Sheet, posture: &Posture, parts: &[Part]) {
    let (facts, clock) = (posture.facts, posture.clock);
    let read_at: Vec<_> = facts.sources.iter().map(|source| source.read_at).collect();
    let mut said = vec![("Made", clock.full(facts.made_at)), ("Data read", sources::read_between(&read_at, clock))];
    let days = trend(facts);
    if let ([first, .., last], None) = (days.as_slice(), &facts.unreadable) {
        said.push(("Trend", format!("{} to {}", day(first.day), day(last.day))));
    }
    said.push(("Licence", facts.licence.clone().unwrap_or_else(|| "not known".into())));
    sheet.cover(&facts.domain, "Confidential: it names people", &said, headline(facts).as_ref());
    let summary = contents::Entry { title: SUMMARY.0.to_owned(), anchor: SUMMARY.1, shows: "The answer in words, figures and charts".into() };
    let others = parts.iter().map(|part| contents::Entry { title: part.title.to_owned(), anchor: part.anchor, shows: part.shows.clone() });
    contents::set(sheet, std::iter::once(summary).chain(others));
}

/// The one figure that says most; None where nobody is counted.
fn headline(facts: &MfaReportFacts) -> Option<Tile> {
    if facts.unreadable.is_some() {
        return Some(Tile::new("Not known", "how many people have MFA; the summary says why"));
    }
    let (people, whole) = (facts.people, buckets(facts.people).sum());
    (whole > 0).then(|| Tile::new(percent(people.strong + people.weak, whole), format!("of {} have MFA", count(whole, "person", "people"))))
}

/// Title and anchor.
const SUMMARY: (&str, &str) = ("Summary", "summary");

pub fn summary(sheet: &mut Sheet, posture: &Posture) {
    let facts = posture.facts;
    sheet.page();
    sheet.part(SUMMARY.0, SUMMARY.1);
    match &facts.unreadable {
        Some(reason) => {
            sheet.lead("How many people have MFA is not known, and this report therefore gives no figures for it.");
            sheet.paragraph(reason);
        }
        None => figures(sheet, facts),
    }
    if !facts.gaps.is_empty() {
        sheet.note("Not everything could be read. What is missing, and why, stands under “What could not be read”; no figure counts it as good or as bad.");
    }
    if facts.unreadable.is_none() {
        enrolment::over_time(sheet, &trend(facts));
    }
}

fn figures(sheet: &mut Sheet, facts: &MfaReportFacts) {
    answer(sheet, facts);
    tiles(sheet, facts);
    sheet.section("Everyone", 0.0);
    if buckets(facts.people).sum() == 0 {
        sheet.paragraph("No account of this customer is counted as a person.");
    } else {
        sheet.stacked_bar(&drawn::people(buckets(facts.people)));
    }
    sheet.section("Administrators", 0.0);
    if let Some(reason) = &facts.admins_unreadable {
        sheet.paragraph(reason);
    } else if buckets(facts.admins).sum() == 0 {
        sheet.paragraph("No account holds a privileged role, as far as roles could be read.");
    } else {
        sheet.stacked_bar(&drawn::people(buckets(facts.admins)));
    }
}

/// The answer in one paragraph, before any figure.
fn answer(sheet: &mut Sheet, facts: &MfaReportFacts) {
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

/// The days on which anybody was counted.
fn trend(facts: &MfaReportFacts) -> Vec<TrendDay> {
    let days = facts.trend.iter().filter_map(|point| Some(TrendDay { day: point.day.parse().ok()?, people: buckets(point.counts) }));
    days.filter(|day| day.people.sum() > 0).collect()
}
