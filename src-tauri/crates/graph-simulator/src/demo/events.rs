//! The events that a story is about: a person locked out again and again, a password spray, an old drill of the break-glass
//! account, people who left and still try, mail by old protocols that a policy stops.

use super::applications::{self, Client};
use super::customers::Key;
use super::journal::{Device, Journal};
use super::model::Model;
use super::people::{Kind, Part};
use super::places;
use super::sign_ins::Attempt;
use chrono::Duration;

pub(super) fn special(model: &Model, journal: &mut Journal) {
    locked_out(model, journal);
    spray(model, journal);
    drill(model, journal);
    leavers(model, journal);
    old_phones(model, journal);
}

fn locked_out(model: &Model, journal: &mut Journal) {
    let Some(index) = model.accounts.iter().position(|a| a.part == Some(Part::LockedOut)) else { return };
    let mut draw = model.seed.stream("locked-out");
    for day in 0..24i64 {
        // Before it began everything worked; then the same application is tried and tried again.
        let broken = day < 5;
        for _ in 0..(if broken { 5 } else { 1 }) {
            let mut attempt = Attempt::draw(model, index, &mut draw);
            attempt.forced = None;
            attempt.passes_mfa = true;
            let at = model.anchor - Duration::days(day) - Duration::minutes(draw.between(25, 540));
            match model.customer.key {
                Key::Shipping if broken => {
                    attempt.place = places::ABROAD[0];
                    attempt.address = places::foreign_address(41);
                }
                Key::Manufacturer => {
                    attempt.app = model.everyday.get(4).cloned().unwrap_or(attempt.app);
                    attempt.platform = "windows";
                    attempt.hybrid = false;
                    attempt.device = Device {
                        id: model.seed.id(if broken { "laptop/new" } else { "laptop/old" }),
                        name: if broken { "FKR-NB-2291" } else { "FKR-NB-0417" }.to_owned(),
                        system: "Windows11",
                        browser: "Rich Client 5.2.8.0",
                        compliant: !broken,
                        managed: true,
                        trust: "Azure AD joined",
                    };
                }
                _ => {}
            }
            attempt.write(model, journal, at);
        }
    }
}

/// One password against many accounts, from addresses all over the world.
fn spray(model: &Model, journal: &mut Journal) {
    let targets = match model.customer.key {
        Key::Trading => 60,
        Key::Manufacturer => 90,
        Key::Logistics => 40,
        _ => return,
    };
    let mut draw = model.seed.stream("spray");
    for number in 0..targets {
        let Some(index) = model.active.get(draw.below(model.active.len())).copied() else { return };
        if model.accounts.get(index).is_none_or(|a| a.kind == Kind::Guest) {
            continue;
        }
        for again in 0..2i64 {
            let mut attempt = Attempt::draw(model, index, &mut draw);
            let place = 5 + (number + again as usize) % 5;
            attempt.place = places::ABROAD[place];
            attempt.address = places::foreign_address(60 + place * 7 + number % 5);
            attempt.device = Device { system: "Linux", browser: "Chrome 109.0.0", ..Device::default() };
            attempt.app = if number % 3 == 0 { applications::legacy_mail(Client::Imap) } else { attempt.app };
            attempt.forced = Some(if again == 1 && number % 6 == 0 { 50053 } else { 50126 });
            attempt.risk = if number % 4 == 0 { "medium" } else { "none" };
            let at = model.anchor - Duration::days(2 + again) - Duration::hours(3) - Duration::seconds(41 * number as i64 + draw.between(0, 30));
            attempt.write(model, journal, at);
        }
    }
}

/// The yearly test of the break-glass account, weeks ago.
fn drill(model: &Model, journal: &mut Journal) {
    if !matches!(model.customer.key, Key::Architects | Key::Manufacturer | Key::Shipping) {
        return;
    }
    let mut draw = model.seed.stream("drill");
    for index in (0..model.accounts.len()).filter(|i| model.accounts[*i].kind == Kind::BreakGlass).take(1) {
        let mut attempt = Attempt::draw(model, index, &mut draw);
        attempt.app = model.administration.first().cloned().unwrap_or(attempt.app);
        attempt.forced = None;
        attempt.passes_mfa = true;
        attempt.place = model.customer.head_office();
        attempt.address = places::office_address(model.customer, 0, false);
        attempt.risk = "none";
        attempt.write(model, journal, model.anchor - Duration::days(24) - Duration::hours(2));
    }
}

fn leavers(model: &Model, journal: &mut Journal) {
    let mut draw = model.seed.stream("leavers");
    let gone: Vec<usize> = (0..model.accounts.len()).filter(|i| model.accounts[*i].kind == Kind::Person && !model.accounts[*i].enabled).collect();
    for index in gone.into_iter().take(12) {
        let mut attempt = Attempt::draw(model, index, &mut draw);
        attempt.forced = Some(50057);
        attempt.write(model, journal, model.anchor - Duration::minutes(draw.between(600, 30_000)));
    }
}

/// Phones with the old mail protocol: blocked where the policy is on, let in where it is not.
fn old_phones(model: &Model, journal: &mut Journal) {
    let count = match model.customer.key {
        Key::Law => 2,
        Key::Logistics => 9,
        Key::Shipping | Key::Trading => 4,
        Key::Manufacturer => 15,
        _ => return,
    };
    let mut draw = model.seed.stream("old-phones");
    for number in 0..count {
        let Some(index) = model.active.get(draw.below(model.active.len())).copied() else { return };
        if model.accounts.get(index).is_none_or(|a| a.kind != Kind::Person) {
            continue;
        }
        for day in 0..6i64 {
            let mut attempt = Attempt::draw(model, index, &mut draw);
            attempt.app = applications::legacy_mail(if number % 2 == 0 { Client::ActiveSync } else { Client::Imap });
            attempt.forced = None;
            attempt.platform = "android";
            attempt.device = Device { system: "Android", ..Device::default() };
            attempt.place = model.customer.head_office();
            attempt.address = places::home_address(model.customer, index);
            attempt.write(model, journal, model.anchor - Duration::days(1 + 4 * day) - Duration::minutes(draw.between(0, 700)));
        }
    }
}
