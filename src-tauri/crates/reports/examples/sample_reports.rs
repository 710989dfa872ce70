//! Writes every report on rich facts into a folder, to be looked at: `cargo run -p gatehouse-reports --example sample_reports -- FOLDER`.

#![allow(clippy::unwrap_used)]

#[path = "../tests/reports/fixture/mod.rs"]
mod fixture;

use fleet::posture::MfaReportFacts;
use reports::layout::{Ink, Paper};
use reports::{Branding, Logo};

fn main() {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/sample-reports".into()));
    std::fs::create_dir_all(&folder).unwrap();
    let logo = std::env::args().nth(2).map(|file| Logo::read(&std::fs::read(file).unwrap()).unwrap());
    let branding = Branding { company: "Northgate IT".into(), colour: Ink::from_hex("#5b2d8e"), logo };
    let plain = Branding::default();
    let pale = Branding { company: "Pale & Friends".into(), colour: Ink::from_hex("#ffd54f"), logo: None };
    let mut long = fixture::insurer();
    long.customer.name = "Maximiliana-Konstantina Theodoropoulou-Papanikolaou Shipping, Chartering and Brokerage Company of the Eastern Mediterranean and the Black Sea, Limited by Shares, in the Free Port of Piraeus and Thessaloniki".into();
    long.statements[0].evidence = "x".repeat(400);
    long.enrolment.without[0].name = "W".repeat(200);
    long.changes[0].details = (0..90).map(|n| format!("Field {n}: from “{}” to nothing", "value ".repeat(12))).collect();
    let nobody_stale = MfaReportFacts {
        customer: long.customer.name.clone(),
        admin_list: fixture::mfa().admin_list.into_iter().filter(|admin| !admin.stale).collect(),
        stale_admins: Vec::new(),
        ..fixture::mfa()
    };
    let unreadable = MfaReportFacts {
        unreadable: Some("MFA registration is not known: the tenant has no licence for it (Entra ID P1).".into()),
        admins_unreadable: Some("Who holds a privileged role is not known: Gatehouse has no permission to read it.".into()),
        admin_list: Vec::new(),
        licence: None,
        ..fixture::mfa()
    };
    for (name, bytes) in [
        ("insurer-a4.pdf", reports::insurer::render(&fixture::insurer(), &branding, Paper::A4, fixture::HASH).unwrap()),
        ("insurer-letter.pdf", reports::insurer::render(&fixture::insurer(), &plain, Paper::Letter, fixture::HASH).unwrap()),
        ("insurer-long.pdf", reports::insurer::render(&long, &pale, Paper::A4, fixture::HASH).unwrap()),
        ("insurer-nothing.pdf", reports::insurer::render(&fixture::nothing_known(), &branding, Paper::A4, fixture::HASH).unwrap()),
        ("insurer-many.pdf", reports::insurer::render(&fixture::many(50_000), &branding, Paper::A4, fixture::HASH).unwrap()),
        ("changes.pdf", reports::changes::render(&fixture::changes_report(), &branding, Paper::A4, None).unwrap()),
        ("fleet.pdf", reports::fleet_summary::render(&fixture::fleet(), &branding, Paper::A4, None).unwrap()),
        ("mfa.pdf", reports::mfa::render(&fixture::mfa(), &branding, Paper::A4, Some(fixture::HASH)).unwrap()),
        ("mfa-letter.pdf", reports::mfa::render(&nobody_stale, &plain, Paper::Letter, None).unwrap()),
        ("mfa-nothing.pdf", reports::mfa::render(&unreadable, &pale, Paper::A4, None).unwrap()),
        ("mfa-many.pdf", reports::mfa::render(&fixture::mfa_many(2_000), &branding, Paper::A4, Some(fixture::HASH)).unwrap()),
    ] {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    println!("Wrote the reports to {}", folder.display());
}
