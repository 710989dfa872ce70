//! Page one, the answer, and page two, the way into the rest.

use fleet::evidence::facts::{Chapter, InsurerFacts};

use crate::chapters::{ORDER, anchor, contents, policies::grouped, sources, statements, title};
use crate::layout::{Cell, Column, Mark, Sheet};
use crate::words::Clock;

pub fn summary(sheet: &mut Sheet, facts: &InsurerFacts, clock: Clock, hash: &str) {
    sheet.masthead(
        &facts.customer.domain,
        "Confidential: it names people",
        &[
            ("Period", clock.period(facts.period.from, facts.period.to)),
            ("Made", clock.full(facts.made_at)),
            ("Made by", facts.made_by.clone()),
            ("Licence", facts.customer.licence.clone().unwrap_or_else(|| "not known".into())),
        ],
    );
    sheet.lead(&statements::tally(&facts.statements));
    // The whole answer stands on one page, with the checksum of what it is drawn from.
    let room = sheet.room() - sheet.checksum_height(HOW_TO_CHECK);
    statements::table(sheet, &facts.statements, clock, room);
    sheet.checksum_noted(&grouped(hash), HOW_TO_CHECK);
}

const HOW_TO_CHECK: &str = "SHA-256 of the data set that was handed over with this file: every figure and every name in it. To check that neither was altered, \
    run “gatehouse-cli report verify FILE.pdf --data FOLDER”.";

pub fn guide(sheet: &mut Sheet, facts: &InsurerFacts) {
    sheet.page();
    contents::set(
        sheet,
        ORDER.into_iter().enumerate().map(|(place, chapter)| contents::Entry {
            title: format!("{}. {}", place + 1, title(chapter)),
            anchor: anchor(chapter),
            shows: shows(chapter).to_owned(),
        }),
    );
    sheet.section("How to read the answers", 0.0);
    sheet.table(
        &[Column::new("Answer", 1.3), Column::new("What it means", 6.0)],
        [
            (Mark::Yes, "All of what was read meets the question, and everything that it depends on was read."),
            (Mark::Partly, "Some of it meets the question, or some of what it depends on could not be read."),
            (Mark::No, "What was read does not meet the question."),
            (Mark::Unknown, "What the question depends on could not be read. It is never taken for a yes."),
        ]
        .into_iter()
        .map(|(mark, meaning)| vec![Cell::marked(mark), Cell::new(meaning)]),
    );
    sheet.note("Where a named person answers otherwise than the data, the summary prints both, with the person’s name and note.");
    if !facts.gaps.is_empty() {
        sheet.section("What could not be read", 0.0);
        let gaps = sources::together(&facts.gaps);
        for gap in gaps.iter().take(8) {
            sheet.point(gap);
        }
        if gaps.len() > 8 {
            sheet.note("The rest stands in the last chapter.");
        }
    }
}

fn shows(chapter: Chapter) -> &'static str {
    match chapter {
        Chapter::Enrolment => {
            "People by what they can sign in with and by what asks them for it; by department, by method and over time; both mismatches by name"
        }
        Chapter::Policies => "Every policy in words, with its state, its last change and its checksum",
        Chapter::Exceptions => "Who is exempt, why, who signed for it and until when; what policies let out and nobody signed; access given for a time",
        Chapter::Admins => "Every holder of a privileged role and what they sign in with",
        Chapter::BreakGlass => "The accounts for emergencies and what keeps them safe",
        Chapter::Changes => "What was changed, by whom and with whose approval",
        Chapter::Alerts => "What was raised and how fast it was handled",
        Chapter::Sources => "When each source was read and what could not be; how it was counted; the words used",
    }
}
