//! The evidence an insurer accepts, from the first carve-out to the PDF: an exception that somebody signs for, an account that is no person, an
//! answer that a named person gives otherwise than the data, and reports that are written for every customer and by themselves.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use fleet::evidence::data_set;
use serde_json::{Value, json};
use thirtyfour::prelude::Key;

use crate::demo_fleet::wait_for_sync;
use crate::desk::{Desk, PATIENCE, output};
use crate::file_dialog::{choose_path, save_as};
use crate::workflows::{logged, tenant_where};

const WHY: &str = "The label printers cannot answer a prompt";
const SIGNER: &str = "Dana Whitfield";

#[tokio::test(flavor = "multi_thread")]
async fn an_insurer_gets_evidence_for_which_somebody_answers() {
    let desk = Desk::open(&["--demo"]).await;
    wait_for_sync(&desk).await;
    let tenant = tenant_where(&desk, |row| row["displayName"].as_str().unwrap().starts_with("Aegis")).await;
    let (id, name) = (tenant["id"].as_str().unwrap(), tenant["displayName"].as_str().unwrap());
    desk.click("nav=Tenants").await;
    desk.click(&format!("row={name}")).await;
    desk.wait_for_address(|address| address.ends_with(id)).await;
    a_carve_out_is_written_down_sent_and_comes_back_signed(&desk).await;
    a_shared_mailbox_is_marked_and_no_longer_counts_among_people(&desk, id).await;
    an_answer_that_a_person_gives_is_printed_and_the_data_set_is_whole(&desk, name).await;
    every_customer_gets_its_report_into_one_folder(&desk).await;
    a_report_is_scheduled_into_a_folder(&desk).await;
    desk.quit().await;
}

/// *Exceptions*, *Write down* beside what a policy leaves out, *Export for signature*, *Record the return* with the signed paper.
async fn a_carve_out_is_written_down_sent_and_comes_back_signed(desk: &Desk) {
    desk.click("nav=Exceptions").await;
    desk.find("row=Not signed off: ").await;
    desk.click("button[aria-label^='Write down ']").await;
    desk.type_into("field=Why", WHY).await;
    desk.type_into("field=What protects instead", "They sign in from the warehouse only").await;
    date(desk, "Review by", (2027, 6, 30)).await;
    desk.click("dialog=Write down").await;
    desk.wait_for_address(|address| address.contains("open=1")).await;
    desk.wait_for_text("Draft, not signed").await;
    desk.close_panel().await;

    let sheet = desk.data.path().join("For signature.pdf");
    desk.click("text=Export for signature").await;
    desk.type_into("field=Sent to", SIGNER).await;
    desk.click("dialog=Export").await;
    save_as("Export for signature", &sheet);
    desk.find("row=Sent: exception 1").await;
    let printed = words_of(&sheet);
    assert!(printed.contains("The label printers cannot answer") && printed.contains("Signature"), "{printed}");

    let paper = desk.data.path().join("Signed.pdf");
    std::fs::copy(&sheet, &paper).unwrap();
    desk.click("text=Record the return").await;
    desk.click("xpath=//*[@role='dialog']//label[normalize-space()='Signed']").await;
    desk.type_into("field=Name", SIGNER).await;
    desk.type_into("field=Role", "Managing director").await;
    desk.click("dialog=Choose a file").await;
    choose_path("The signed paper", &paper);
    desk.wait_for_text("Signed.pdf").await;
    desk.click("dialog=Record").await;
    desk.find("row=Signed: exception 1").await;
    desk.click("row=Signed: exception 1").await;
    desk.wait_for_text(&format!("Signed by {SIGNER}, Managing director")).await;
    desk.find("[aria-label='Save attachment Signed.pdf']").await;
    desk.close_panel().await;
    let entry = logged(desk, "exception.signed").await;
    assert!(entry.to_string().contains(SIGNER), "{entry}");
}

/// *MFA*, somebody without MFA, their page, *Mark as* shared mailbox with a note, and back: one fewer without MFA.
async fn a_shared_mailbox_is_marked_and_no_longer_counts_among_people(desk: &Desk, tenant: &str) {
    desk.click("nav=MFA").await;
    let before = without_mfa(desk).await;
    let rows = desk.invoke("mfa_list", json!({ "filter": { "tenant": tenant, "buckets": ["none"], "classes": ["person"] } })).await;
    let person = rows["rows"].as_array().unwrap().iter().find(|row| row["privilegedRoles"].as_array().is_none_or(Vec::is_empty)).unwrap().clone();
    desk.type_into("[placeholder='Filter by name or UPN']", person["upn"].as_str().unwrap()).await;
    desk.click(&format!("row={}", person["displayName"].as_str().unwrap())).await;
    desk.click("text=Mark as").await;
    desk.click("xpath=//*[@role='menuitem'][contains(., 'Shared mailbox')]").await;
    desk.type_into("field=Why (optional)", "Front desk uses it").await;
    desk.screenshot("mark-dialog").await;
    desk.click("dialog=Mark").await;
    desk.wait_for_text("is marked: shared mailbox").await;
    desk.wait_for_text("Front desk uses it").await;
    desk.click("nav=MFA").await;
    let after = before - 1;
    assert_eq!(desk.invoke("mfa_posture", json!({ "tenant": tenant })).await["people"]["none"], after);
    // The page may still show what it knew before it has asked again.
    let started = Instant::now();
    while without_mfa(desk).await != after {
        assert!(started.elapsed() < PATIENCE, "the page still counts the mailbox among people");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let entry = logged(desk, "user.marked").await;
    assert!(entry.to_string().contains("Front desk uses it"), "{entry}");
}

/// The number that the page shows for people without MFA.
async fn without_mfa(desk: &Desk) -> u64 {
    let button = desk.find("xpath=//*[normalize-space()='People']/ancestor::*[@role='region'][1]//li//button[contains(., 'None')]").await;
    let words = button.text().await.unwrap();
    let number: String = words.chars().skip_while(|each| !each.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    number.parse().unwrap_or_else(|_| panic!("no number in {words}"))
}

/// *Reports*, the insurer's evidence with its data set; *Answer otherwise* with a name and a note, written again. The lock on the data set
/// holds for both, and breaks with one byte.
async fn an_answer_that_a_person_gives_is_printed_and_the_data_set_is_whole(desk: &Desk, customer: &str) {
    const NOTE: &str = "The last two mailboxes are closed on Friday.";
    desk.click("nav=Reports").await;
    choose(desk, "Customer", customer).await;
    let first = desk.data.path().join("Evidence").join("First.pdf");
    std::fs::create_dir_all(first.parent().unwrap()).unwrap();
    let hash = write(desk, &first).await;
    assert!(!words_of(&first).contains(NOTE));

    desk.click("text=Answer otherwise").await;
    choose(desk, "Answer", "Partly").await;
    desk.type_into("field=Who answers for it", SIGNER).await;
    desk.type_into("field=Why", NOTE).await;
    desk.screenshot("evidence-answer").await;
    desk.click("dialog=Record the answer").await;
    desk.wait_for_text(&format!("Partly, by {SIGNER}: {NOTE}")).await;
    let second = desk.data.path().join("Evidence").join("Second.pdf");
    let answered = write(desk, &second).await;
    assert_ne!(hash, answered, "the answer is in the data set");
    let printed = words_of(&second);
    assert!(printed.contains(NOTE) && printed.contains(SIGNER), "{printed}");

    for (file, hash) in [(&first, &hash), (&second, &answered)] {
        let found = data_set::check(&beside(file), &reports::printed::data_set(file).unwrap()).unwrap();
        assert!(found.intact && &found.printed == hash, "{found:?}");
    }
    let data = beside(&second);
    let touched = std::fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.extension().is_some_and(|is| is == "csv")).unwrap();
    std::fs::write(&touched, [std::fs::read(&touched).unwrap(), b"\n".to_vec()].concat()).unwrap();
    let found = data_set::check(&data, &answered).unwrap();
    assert!(!found.intact, "{found:?}");
}

/// Writes the chosen report where a person says; the hash of the data set that the page shows.
async fn write(desk: &Desk, file: &Path) -> String {
    desk.click("text=Save as PDF").await;
    save_as("Save the report Insurer compliance evidence", file);
    desk.wait_for_text("SHA-256 of the data set:").await;
    desk.wait_for_text("1 report written").await;
    let shown = desk.text().await;
    shown.split_whitespace().find(|word| word.len() == 64 && word.chars().all(|each| each.is_ascii_hexdigit())).expect("the hash is shown").to_owned()
}

/// The folder of the data set of a report.
fn beside(report: &Path) -> PathBuf {
    let stem = report.file_stem().unwrap().to_string_lossy().into_owned();
    let folders = std::fs::read_dir(report.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    folders.into_iter().find(|path| path.file_name().unwrap().to_string_lossy().starts_with(&stem)).expect("a data set lies beside the report")
}

/// *Every customer*, one folder, one bar, a line a customer.
async fn every_customer_gets_its_report_into_one_folder(desk: &Desk) {
    let folder = desk.data.path().join("Every customer");
    std::fs::create_dir_all(&folder).unwrap();
    choose(desk, "Customer", "Every customer").await;
    let watch = "window.bars = [];
        new MutationObserver(() => {
            const bar = document.querySelector('main [role=progressbar]');
            if (bar) window.bars.push(`${bar.getAttribute('aria-valuenow')} of ${bar.getAttribute('aria-valuemax')}`);
        }).observe(document.body, { subtree: true, childList: true, attributes: true })";
    desk.driver.execute(watch, vec![]).await.unwrap();
    desk.click("text=Write 8 reports").await;
    choose_path("Where the reports go", &folder);
    desk.wait_for_text("8 reports written").await;
    desk.screenshot("reports-every-customer").await;
    let bars = desk.driver.execute("return window.bars", vec![]).await.unwrap().json().clone();
    assert!(bars.as_array().unwrap().iter().any(|bar| bar.as_str().is_some_and(|bar| bar.ends_with("of 8"))), "one bar for all: {bars}");
    let reports = std::fs::read_dir(&folder).unwrap().filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|is| is == "pdf")).count();
    assert_eq!(reports, 8);
    assert_eq!(desk.driver.find_all(thirtyfour::By::Css("[aria-label^='Show in folder: ']")).await.unwrap().len(), 8);
}

async fn a_report_is_scheduled_into_a_folder(desk: &Desk) {
    let folder = desk.data.path().join("Every month");
    desk.click("text=Schedules").await;
    desk.click("text=Schedule a report").await;
    // Nobody can write there: it is said beside the fields, and nothing is kept.
    desk.type_into("input[aria-label=Folder]", "/proc/reports").await;
    desk.click("dialog=Save").await;
    desk.wait_for_text("Nothing can be written into /proc/reports").await;
    desk.screenshot("schedule-refused").await;
    desk.find("input[aria-label=Folder]").await.send_keys(Key::Control + "a").await.unwrap();
    desk.find("input[aria-label=Folder]").await.send_keys(folder.to_str().unwrap()).await.unwrap();
    desk.click("dialog=Save").await;
    desk.wait_for_text("The schedule is saved").await;
    desk.find(&format!("xpath=//table[@aria-label='Scheduled reports']//td[normalize-space()='{}']", folder.display())).await;
    let schedules = desk.invoke("report_schedules_list", json!({})).await;
    let [only] = schedules.as_array().unwrap().as_slice() else { panic!("{schedules}") };
    assert_eq!((&only["report"], &only["every"], &only["lastAt"]), (&json!("insurer"), &json!("monthly"), &Value::Null), "{only}");
}

/// Chooses in a form's list by what it says.
async fn choose(desk: &Desk, field: &str, option: &str) {
    desk.click(&format!("field={field}")).await;
    desk.click(&format!("xpath=//*[@role='option'][starts-with(normalize-space(), '{option}')]")).await;
}

/// Types a day into its field, which takes month, day and year one after another.
async fn date(desk: &Desk, field: &str, (year, month, day): (u32, u32, u32)) {
    let field = desk.find(&format!("field={field}")).await;
    // The parts of the field are no elements of the page: real keys go where the desktop's focus is.
    desk.driver.execute("arguments[0].focus()", vec![field.to_json().unwrap()]).await.unwrap();
    output("xdotool", &["type", "--delay", "60", &format!("{month:02}/{day:02}/{year}")]);
    desk.screenshot("exception-dialog").await;
    assert_eq!(field.value().await.unwrap(), Some(format!("{year}-{month:02}-{day:02}")));
}

/// What a PDF says, with its line breaks as spaces.
fn words_of(file: &Path) -> String {
    output("pdftotext", &[file.to_str().unwrap(), "-"]).split_whitespace().collect::<Vec<_>>().join(" ")
}
