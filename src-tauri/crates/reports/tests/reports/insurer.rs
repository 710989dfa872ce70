//! What an underwriter reads, what an auditor checks.

use lopdf::{Document, Object};
use reports::Branding;
use reports::layout::Paper;

use crate::{fixture, joined, text_of, words_of};

fn branding() -> Branding {
    Branding::named("Northgate IT")
}

fn rendered(facts: &fleet::evidence::facts::InsurerFacts) -> Vec<u8> {
    reports::insurer::render(facts, &branding(), Paper::A4, fixture::HASH).unwrap()
}

#[test]
fn page_one_answers_every_question_with_evidence_and_page() {
    let Some(text) = text_of(&rendered(&fixture::insurer())) else { return };
    let first = joined(text.split('\u{c}').next().unwrap());
    for statement in fixture::statements() {
        assert!(first.contains(&statement.question), "{} is not in\n{first}", statement.question);
    }
    for expected in [
        "Of 7 questions that insurers ask, 4 are answered yes, 1 partly, 1 no, 1 not known.",
        "22 Aug 2026 to 20 Nov 2026",
        "21 November 2026, 11:00 (Europe/Athens)",
        "Kostas Georgiou",
        "9f86d081 884c7d65 9a2feaa0 c55ad015 a3bf4f1b 2b0b822c d15d6c15 b0f00a08",
        "gatehouse-cli report verify",
        "Page 1 of",
    ] {
        assert!(first.contains(expected), "{expected:?} is not in\n{first}");
    }
}

#[test]
fn an_answer_of_a_person_stands_beside_what_the_data_say_with_its_note() {
    let Some(text) = text_of(&rendered(&fixture::insurer())) else { return };
    let first = joined(text.split('\u{c}').next().unwrap());
    for expected in [
        "by Ana Silva’s note;",
        "the data say partly",
        "Ana Silva answers “Yes”: The 12 accounts of the group Vessels",
        "1 answer is given by a named person in place of what the data say",
    ] {
        assert!(first.contains(expected), "{expected:?} is not in\n{first}");
    }
}

#[test]
fn every_chapter_says_what_its_facts_say() {
    let Some(text) = words_of(&rendered(&fixture::insurer())) else { return };
    for expected in [
        "118 of 130 people (91 %) registered at least one MFA method",
        "Demands MFA of all users for all applications",
        "Signed, overdue",
        "Sent, not returned",
        "signed-exceptions-2026-10.pdf",
        "Excluded from CA001 by the group VIP",
        "Visits the yard in Shanghai for two weeks.",
        "Stale: over 180 days",
        "both accounts signed in",
        "Users: the group VIP is now excluded",
        "outside Gatehouse",
        "after 1 h 29 min",
        "2 h 46 min",
        "needs Entra ID P2",
        "Old ways of signing in that know nothing but a password.",
        "47 accounts in 2 groups.",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
    for name in ["Ελένη Παπαδοπούλου", "Олександр Шевченко", "Łukasz Żółć", "<script>alert(1)</script>", "🦊"] {
        assert!(text.contains(name), "{name} is not in the text");
    }
}

#[test]
fn what_was_never_read_is_said_and_never_counted() {
    let Some(text) = text_of(&rendered(&fixture::nothing_known())) else { return };
    let text = joined(&text);
    for expected in [
        "0 are answered yes, 7 not known.",
        "How many people have MFA is not known",
        "MFA registration needs Entra ID P1",
        "The policies themselves were never read",
        "Whether policies let anybody out could not be judged",
        "Who holds a privileged role was never read",
        "No emergency account is known.",
        "No alert was raised in this period.",
        "Nothing was changed in this period, as far as could be read.",
        "Whether Microsoft’s security defaults are on could not be read.",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
    assert!(!text.contains(" 0 of ") && !text.contains("of 0"), "nothing is counted that was not read");
}

#[test]
fn where_nothing_is_known_of_enforcement_no_empty_list_says_that_all_is_well() {
    let mut facts = fixture::insurer();
    facts.enrolment.enforced = fleet::evidence::facts::Enforced { unknown: 130, ..Default::default() };
    facts.enrolment.registered_not_enforced.clear();
    facts.enrolment.enforced_not_registered.clear();
    let Some(text) = words_of(&rendered(&facts)) else { return };
    assert!(text.contains("Of nobody could it be judged whether MFA is demanded"));
    assert!(!text.contains("Everybody who"), "{text}");
}

#[test]
fn a_tenant_without_admins_says_so() {
    let facts = fleet::evidence::facts::InsurerFacts { admins: Some(Vec::new()), ..fixture::insurer() };
    let Some(text) = text_of(&rendered(&facts)) else { return };
    assert!(text.contains("No account holds a privileged role, as far as roles could be read."));
}

#[test]
fn a_list_of_thousands_says_how_many_it_leaves_out_and_where_they_stand() {
    let Some(text) = text_of(&rendered(&fixture::many(50_000))) else { return };
    let text = joined(&text);
    assert_eq!(text.matches("The first 200 of 12,500 are listed here; all of them stand in the data set beside this report.").count(), 4, "{}", &text[..3000]);
    assert!(text.contains("user25199@") && !text.contains("user25200@"));
}

#[test]
fn a_name_of_two_hundred_letters_stands_whole() {
    let mut facts = fixture::insurer();
    facts.customer.name = (0..200).map(|n| char::from(b'A' + (n % 26) as u8)).collect();
    facts.enrolment.without[0].name = facts.customer.name.to_lowercase();
    let Some(text) = text_of(&rendered(&facts)) else { return };
    let whole: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let first = &text[..text.find('\u{c}').unwrap()];
    assert!(first.chars().filter(char::is_ascii_alphabetic).collect::<String>().contains(&facts.customer.name), "the customer's name is whole on page one");
    // In a table its lines stand beside other columns: all letters are there, none is cut.
    assert!(whole.matches("abcdefgh").count() >= 7, "{whole}");
}

#[test]
fn a_name_from_the_right_is_shaped_and_whole() {
    let mut facts = fixture::insurer();
    facts.customer.name = "شركة النور للتجارة".into();
    let sheet = reports::insurer::set(&facts, &branding(), Paper::A4, fixture::HASH).unwrap();
    assert!(sheet.page_count() > 5);
    let Some(text) = text_of(&sheet.finish()) else { return };
    assert!(text.contains("النور"), "the name can be searched in its reading order");
}

#[test]
fn the_same_facts_give_the_same_bytes_and_other_facts_others() {
    let one = rendered(&fixture::insurer());
    assert!(one == rendered(&fixture::insurer()));
    let mut other = fixture::insurer();
    other.statements[0].evidence.push('!');
    assert!(one != rendered(&other));
}

fn text(object: &Object) -> String {
    let bytes = object.as_str().unwrap();
    match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(wide) => String::from_utf16(&wide.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect::<Vec<_>>()).unwrap(),
        None => String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

#[test]
fn the_printed_checksum_is_read_back_and_one_that_was_changed_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.pdf");
    let pdf = rendered(&fixture::insurer());
    std::fs::write(&file, &pdf).unwrap();
    assert_eq!(reports::printed::data_set(&file).unwrap(), fixture::HASH);
    let mut changed = Document::load_mem(&pdf).unwrap();
    let info = changed.trailer.get(b"Info").unwrap().as_reference().unwrap();
    changed.get_object_mut(info).unwrap().as_dict_mut().unwrap().set("GatehouseDataSet", Object::string_literal("ab".repeat(32)));
    changed.save(&file).unwrap();
    assert_eq!(reports::printed::data_set(&file).unwrap_err().code, "report.changed");
}

#[test]
fn the_properties_carry_title_language_and_the_checksum_of_the_data_set() {
    let document = Document::load_mem(&rendered(&fixture::insurer())).unwrap();
    let info = document.get_dictionary(document.trailer.get(b"Info").unwrap().as_reference().unwrap()).unwrap();
    assert_eq!(text(info.get(b"GatehouseDataSet").unwrap()), fixture::HASH);
    assert_eq!(text(info.get(b"Title").unwrap()), "Insurer compliance evidence");
    assert_eq!(text(info.get(b"Author").unwrap()), "Northgate IT");
    assert!(info.get(b"GTS_PDFXVersion").is_err(), "no standard is claimed that was not checked");
    let catalog = document.catalog().unwrap();
    assert_eq!(text(catalog.get(b"Lang").unwrap()), "en");
    assert!(catalog.get(b"ViewerPreferences").unwrap().as_dict().unwrap().get(b"DisplayDocTitle").unwrap().as_bool().unwrap());
    assert!(catalog.get(b"MarkInfo").unwrap().as_dict().unwrap().get(b"Marked").unwrap().as_bool().unwrap());
}

/// Of each page, the pages that its links lead to, in the order of the links.
fn links(document: &Document) -> Vec<Vec<usize>> {
    let pages: Vec<_> = document.get_pages().into_values().collect();
    pages
        .iter()
        .map(|page| {
            let annotations = document.get_dictionary(*page).unwrap().get(b"Annots").unwrap().as_array().unwrap();
            annotations
                .iter()
                .map(|annotation| {
                    let annotation = document.get_dictionary(annotation.as_reference().unwrap()).unwrap();
                    let target = annotation.get(b"Dest").unwrap().as_array().unwrap()[0].as_reference().unwrap();
                    pages.iter().position(|page| *page == target).unwrap() + 1
                })
                .collect()
        })
        .collect()
}

#[test]
fn links_lead_to_the_pages_whose_numbers_they_print() {
    let pdf = rendered(&fixture::insurer());
    let document = Document::load_mem(&pdf).unwrap();
    let links = links(&document);
    assert_eq!(links[0].len(), fixture::statements().len(), "one for each answer");
    let Some(text) = text_of(&pdf) else { return };
    let pages: Vec<&str> = text.split('\u{c}').collect();
    let heads = [
        "2. Conditional Access policies",
        "2. Conditional Access policies",
        "4. Administrators",
        "1. Who has MFA",
        "2. Conditional Access policies",
        "5. Emergency access",
        "7. Alerts in the period",
    ];
    for (statement, (target, head)) in fixture::statements().iter().zip(links[0].iter().zip(heads)) {
        assert!(joined(pages[target - 1]).contains(head), "“{}” leads to page {target}, which has no “{head}”", statement.question);
        let line = pages[0].lines().find(|line| line.contains(&statement.question)).unwrap();
        assert!(line.trim_end().ends_with(&format!(" {target}")), "{line:?} should print page {target}");
    }
    // The table of contents: the chapter's title and its number both lead there, in order.
    assert_eq!(links[1].len(), 16);
    assert!(links[1].is_sorted() && links[1].chunks(2).all(|pair| pair[0] == pair[1]), "{:?}", links[1]);
}

#[test]
fn the_outline_has_chapters_with_their_sections_below_them() {
    let document = Document::load_mem(&rendered(&fixture::insurer())).unwrap();
    let outlines = document.get_dictionary(document.catalog().unwrap().get(b"Outlines").unwrap().as_reference().unwrap()).unwrap();
    let below = |parent: &lopdf::Dictionary| {
        let mut titles = Vec::new();
        let mut next = parent.get(b"First").ok().and_then(|first| first.as_reference().ok());
        while let Some(id) = next {
            let entry = document.get_dictionary(id).unwrap();
            titles.push((text(entry.get(b"Title").unwrap()), id));
            next = entry.get(b"Next").ok().and_then(|next| next.as_reference().ok());
        }
        titles
    };
    let chapters = below(outlines);
    let titles: Vec<&str> = chapters.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(titles.len(), 9);
    assert_eq!((titles[0], titles[4]), ("Insurer compliance evidence", "4. Administrators"));
    let sections: Vec<String> = below(document.get_dictionary(chapters[1].1).unwrap()).into_iter().map(|(title, _)| title).collect();
    assert!(sections.starts_with(&["What people could sign in with".into(), "What asks them for MFA".into()]), "{sections:?}");
}

#[test]
fn a_screen_reader_finds_headings_tables_with_header_cells_and_described_charts() {
    let document = Document::load_mem(&rendered(&fixture::insurer())).unwrap();
    let roles: Vec<String> = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|element| element.has(b"S") && element.has(b"P") && element.has(b"K"))
        .map(|element| {
            let role = String::from_utf8(element.get(b"S").unwrap().as_name().unwrap().to_vec()).unwrap();
            assert!(role != "Figure" || !text(element.get(b"Alt").unwrap()).is_empty(), "a chart without words");
            role
        })
        .collect();
    for (role, at_least) in [("H1", 1), ("H2", 8), ("H3", 15), ("Table", 12), ("TH", 40), ("TD", 200), ("Figure", 7)] {
        assert!(roles.iter().filter(|found| *found == role).count() >= at_least, "{role}: {}", roles.iter().filter(|found| *found == role).count());
    }
}

#[test]
fn letter_paper_is_letter_paper() {
    let pdf = reports::insurer::render(&fixture::insurer(), &branding(), Paper::Letter, fixture::HASH).unwrap();
    let document = Document::load_mem(&pdf).unwrap();
    let page = document.get_dictionary(document.get_pages()[&1]).unwrap();
    let box_: Vec<f32> = page.get(b"MediaBox").unwrap().as_array().unwrap().iter().map(|side| side.as_float().unwrap()).collect();
    assert!((box_[2] - 612.0).abs() < 0.01 && (box_[3] - 792.0).abs() < 0.01, "{box_:?}");
}
