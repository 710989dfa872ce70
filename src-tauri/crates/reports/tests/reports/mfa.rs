//! The MFA report as its reader gets it: a PDF whose text can be searched, whose names print in any script, and whose bytes
//! follow from its facts alone.

use fleet::posture::MfaReportFacts;
use fleet::views::mfa::MfaBucket;
use reports::layout::Paper;
use reports::{Branding, Logo};

use crate::fixture::{self, mfa_person as person};
use crate::{joined, pages_of, text_of, words_of};

fn picture(width: u32, height: u32) -> Logo {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height).write_to(&mut png, image::ImageFormat::Png).unwrap();
    Logo::read(&png.into_inner()).unwrap()
}

fn render(facts: &MfaReportFacts) -> Vec<u8> {
    reports::mfa::render(facts, &Branding::named("Northgate IT"), Paper::A4, None).unwrap()
}

#[test]
fn the_text_of_the_report_can_be_searched_in_every_script() {
    let Some(text) = words_of(&render(&fixture::mfa())) else { return };
    for expected in [
        "MFA posture",
        "118 of 130 people (91 %) registered at least one MFA method; 96 have a strong one.",
        "21 November 2026, 11:00 (Europe/Athens)",
        "Ελένη Παπαδοπούλου",
        "Олександр Шевченко",
        "Łukasz Żółć",
        "Act first: 1 administrator has no MFA method: Ελένη Παπαδοπούλου.",
        "User Administrator (eligible, through Admins)",
        "5 Oct 2025 412 days ago Stale",
        "Eligible roles were not read",
        "Page 2 of",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
    assert!(text.contains("王小明") || !std::path::Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists(), "{text}");
    assert!(text.contains("🦊"), "{text}");
}

#[test]
fn a_name_from_the_right_is_read_and_copied_in_its_own_order() {
    let Some(text) = text_of(&render(&fixture::mfa())) else { return };
    assert!(text.contains("محمد عبد الله"), "{text}");
}

#[test]
fn it_names_both_mismatches_the_way_to_passkeys_and_who_has_no_phone() {
    let Some(text) = words_of(&render(&fixture::mfa())) else { return };
    for expected in [
        "14 people. A password alone opens these accounts, although they could answer.",
        "4 people. They are locked out, or whoever signs in next with their password registers a method in their place.",
        "Of 3 people it cannot be said whether something asks for MFA.",
        "Over time",
        "Could register one now",
        "60, 46 %",
        "6 people have no phone that anything tells of",
        "Of 4 it is not known.",
        "A security key",
        "Signs in from Windows computers that are not joined",
        "Manager: Nikos Georgiou",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
    assert!(!text.contains("Email, 54 %"), "what is no MFA is in no chart");
}

#[test]
fn the_cover_says_whose_report_it_is_about_whom_of_when_and_where_everything_stands() {
    let branding = Branding { logo: Some(picture(300, 80)), ..Branding::named("Northgate IT") };
    let pdf = reports::mfa::render(&fixture::mfa(), &branding, Paper::A4, None).unwrap();
    let Some(pages) = pages_of(&pdf) else { return };
    let cover = joined(&pages[0]);
    for expected in [
        "Northgate IT",
        "Confidential: it names people",
        "MFA posture",
        "Aegean Shipping – Ναυτιλιακή Αιγαίου",
        "aegean-shipping.example",
        "Made 21 November 2026, 11:00 (Europe/Athens)",
        "Data read 21 Nov 2026, 09:25 to 10:48 (Europe/Athens); 1 of 3 sources was never read",
        "Trend 22 Aug 2026 to 20 Nov 2026",
        "91 % of 130 people have MFA",
        "Page 1 of",
    ] {
        assert!(cover.contains(expected), "{expected:?} is not in\n{cover}");
    }
    assert!(!cover.contains("Everyone") && joined(&pages[1]).contains("Summary"), "the summary has the next page");
    // The page that the contents print of a chapter is the one on which it begins.
    for title in [
        "Summary",
        "Administrators",
        "Stale administrators",
        "People without MFA",
        "People with weak MFA only",
        "People whose MFA is not known",
        "Who has MFA, and who is asked for it",
        "By method",
        "Ready for passkeys",
        "People without a phone",
        "What could not be read, and why",
        "How this was counted",
    ] {
        let line = pages[0].lines().find(|line| line.trim_start().starts_with(title)).unwrap_or_else(|| panic!("{title} is not in the contents"));
        let page: usize = line.split_whitespace().next_back().unwrap().parse().unwrap();
        assert!(pages[page - 1].lines().any(|line| line.trim() == title), "{title} is not on page {page}");
    }
}

#[test]
fn a_cover_without_a_brand_and_with_a_name_of_two_hundred_letters_is_whole() {
    let name: String = (0..200).map(|n| char::from(b'A' + (n % 26) as u8)).collect();
    let facts = MfaReportFacts { customer: name.clone(), ..fixture::mfa() };
    let Some(pages) = pages_of(&reports::mfa::render(&facts, &Branding::default(), Paper::Letter, None).unwrap()) else { return };
    assert!(pages[0].split_whitespace().collect::<String>().contains(&name), "{}", pages[0]);
}

#[test]
fn the_cover_of_what_could_not_be_read_has_no_figure() {
    let facts =
        MfaReportFacts { unreadable: Some("MFA registration needs Entra ID P1.".into()), people: Default::default(), sources: Vec::new(), ..fixture::mfa() };
    let Some(pages) = pages_of(&render(&facts)) else { return };
    let cover = joined(&pages[0]);
    assert!(cover.contains("Data read Nothing has been read of this customer") && cover.contains("Not known how many people have MFA"), "{cover}");
    assert!(!cover.contains('%') && !cover.contains("People without MFA"), "{cover}");
}

/// What stands under “Stale administrators”.
fn stale_section(facts: &MfaReportFacts) -> Option<String> {
    let text = words_of(&render(facts))?;
    let begins = text.rfind("Stale administrators ").unwrap();
    Some(text[begins..].split("People without MFA").next().unwrap().to_owned())
}

#[test]
fn stale_administrators_are_named_with_their_roles_and_the_newest_method_and_its_date() {
    let Some(text) = stale_section(&fixture::mfa()) else { return };
    for expected in [
        "2 of 5 administrators registered the newest method more than 180 days ago.",
        "1 administrator has no method at all and therefore none that could be old.",
        "Nikos Georgiou admin2@aegean-shipping.example Global Administrator (eligible, through Admins) Passkey or FIDO2 security key (YubiKey 5) 5 Oct 2025 412 days ago",
        "Of whom it is not known",
        "Their methods were not read one by one yet",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
    assert!(!text.contains("Zoë"), "who registered lately is not among them");
}

#[test]
fn that_nobody_is_stale_is_said_only_of_those_of_whom_it_is_known() {
    let rich = fixture::mfa();
    let only = |keep: fn(&fleet::posture::report::ReportPerson) -> bool| {
        let admin_list: Vec<_> = rich.admin_list.iter().filter(|admin| keep(admin)).cloned().collect();
        let undated_admins = rich.undated_admins.iter().filter(|undated| keep(&undated.admin)).cloned().collect();
        stale_section(&MfaReportFacts { admin_list, undated_admins, stale_admins: Vec::new(), ..rich.clone() })
    };
    let Some(fresh) = only(|admin| !admin.stale) else { return };
    assert!(
        fresh.contains("Nobody is stale: the newest method of the 1 administrator of whom its date is known was registered within the last 180 days."),
        "{fresh}"
    );
    assert!(fresh.contains("Of whom it is not known"), "{fresh}");
    let unknown = only(|admin| admin.bucket == MfaBucket::Weak).unwrap();
    assert!(unknown.contains("Whether anybody is stale is not known: of no administrator’s method is the date known."), "{unknown}");
    assert!(!unknown.contains("Nobody"), "{unknown}");
    let bare = only(|admin| admin.bucket == MfaBucket::None).unwrap();
    assert!(bare.contains("Nobody is stale, but only because no administrator has a method that could be old."), "{bare}");
    let none = only(|_| false).unwrap();
    assert!(none.contains("Nobody is stale, because nobody is known to hold a privileged role."), "{none}");
}

#[test]
fn where_roles_could_not_be_read_nobody_is_called_stale_or_not() {
    let why = "Who holds a privileged role is not known: Gatehouse has no permission to read it.";
    let facts = MfaReportFacts {
        admins_unreadable: Some(why.into()),
        admins: Default::default(),
        admin_list: Vec::new(),
        stale_admins: Vec::new(),
        undated_admins: Vec::new(),
        ..fixture::mfa()
    };
    let Some(text) = words_of(&render(&facts)) else { return };
    assert_eq!(text.matches(why).count(), 2, "in the summary and among the administrators\n{text}");
    assert!(text.contains("Stale administrators Which administrators are stale is not known either."), "{text}");
    assert!(!text.contains("Nobody is stale") && !text.contains("No account holds"), "{text}");
}

#[test]
fn that_nobody_is_without_mfa_is_said() {
    let facts = MfaReportFacts { none: Vec::new(), weak: Vec::new(), unknown: Vec::new(), ..fixture::mfa() };
    let Some(text) = words_of(&render(&facts)) else { return };
    for expected in ["Everybody who is counted and of whom it is known has at least one method.", "Nobody of whom it is known depends on a weak method alone."]
    {
        assert!(text.contains(expected), "{expected:?} is not in\n{text}");
    }
    assert!(!text.contains("People whose MFA is not known"), "{text}");
}

#[test]
fn three_thousand_people_with_weak_mfa_are_all_named_under_headers_that_repeat() {
    let weak: Vec<_> = (0..3_000).map(|n| person(n, &fixture::one_of_many_names(n), &format!("weak{n}@aegean-shipping.example"), MfaBucket::Weak)).collect();
    let none: Vec<_> = (0..300).map(|n| person(n, "Olga Brandt", &format!("none{n}@aegean-shipping.example"), MfaBucket::None)).collect();
    let Some(pages) = pages_of(&render(&MfaReportFacts { weak, none, ..fixture::mfa() })) else { return };
    let text = pages.concat();
    assert!((0..3_000).all(|n| text.contains(&format!("weak{n}@aegean-shipping.example"))), "everybody is named");
    assert!((0..300).all(|n| text.contains(&format!("none{n}@aegean-shipping.example"))), "also of those without");
    assert!(text.contains("3,000 people. Only text messages") && !text.contains("of 3,000 are listed here"));
    // Of each page of the list, what stands above its first address.
    let first = |page: &str| page.match_indices("weak").map(|(at, _)| at).find(|at| page[at + 4..].starts_with(|next: char| next.is_ascii_digit()));
    let above: Vec<&str> = pages.iter().filter_map(|page| first(page).map(|at| &page[..at])).collect();
    assert!(above.len() > 50, "{} pages", above.len());
    for page in above {
        assert!(["Person", "Department", "Methods"].iter().all(|title| page.contains(title)), "a page of the list has no header:\n{page}");
    }
    let count = pages.iter().filter(|page| !page.trim().is_empty()).count();
    assert!((1..=count).all(|number| pages[number - 1].contains(&format!("Page {number} of {count}"))));
}

#[test]
fn a_list_that_a_policy_mends_prints_its_beginning_and_says_where_the_rest_is() {
    let Some(text) = text_of(&render(&fixture::mfa_many(1_000))) else { return };
    let text = joined(&text);
    for people in ["500", "400", "1,000"] {
        let said = format!("The first 200 of {people} are listed here; all of them stand on the customer’s MFA page of Gatehouse");
        assert_eq!(text.matches(&said).count(), 1, "{said}");
    }
}

#[test]
fn with_a_data_set_it_prints_and_carries_its_checksum() {
    let pdf = reports::mfa::render(&fixture::mfa(), &Branding::default(), Paper::A4, Some(fixture::HASH)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mfa.pdf");
    std::fs::write(&file, &pdf).unwrap();
    assert_eq!(reports::printed::data_set(&file).unwrap(), fixture::HASH);
    let Some(text) = words_of(&pdf) else { return };
    assert!(text.contains("9f86d081 884c7d65"), "{text}");
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    assert!(render(&fixture::mfa()) == render(&fixture::mfa()));
}

#[test]
fn what_could_not_be_read_is_no_zero() {
    let facts = MfaReportFacts {
        unreadable: Some("MFA registration needs Entra ID P1, which this tenant does not have.".into()),
        people: Default::default(),
        ..fixture::mfa()
    };
    let Some(text) = text_of(&render(&facts)) else { return };
    assert!(text.contains("is not known") && text.contains("needs Entra ID P1"), "{text}");
    assert!(!text.contains("0 of 0") && !text.contains("People without MFA"), "{text}");
}

#[test]
fn a_table_over_many_pages_repeats_its_header_and_cuts_no_name() {
    let long = "Maximiliana-Konstantina Theodoropoulou-Papanikolaou von und zu Hohenstein-Wittgenstein ".repeat(3);
    let none = (0..200).map(|n| person(n, &format!("{long}{n}"), &format!("user{n}@aegean-shipping.example"), MfaBucket::None)).collect();
    let Some(text) = text_of(&render(&MfaReportFacts { none, ..fixture::mfa() })) else { return };
    assert!(text.matches("Methods that are not MFA").count() > 20);
    assert!((0..200).all(|n| text.contains(&format!("user{n}@aegean-shipping.example"))));
}

#[test]
fn a_report_that_cannot_be_written_says_where_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "").unwrap();
    let error = reports::write(&blocked.join("report.pdf"), b"x").unwrap_err();
    assert_eq!(error.code(), "report.write");
    assert!(error.to_string().contains("report.pdf"));
}

#[test]
fn letter_paper_is_letter_paper() {
    let pdf = reports::mfa::render(&fixture::mfa(), &Branding::default(), Paper::Letter, None).unwrap();
    assert!(pdf.windows(12).any(|window| window == b"0 0 612 792]") || String::from_utf8_lossy(&pdf).contains("612"), "the media box is Letter's");
}
