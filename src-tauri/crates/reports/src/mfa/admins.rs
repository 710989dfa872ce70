//! Every holder of a privileged role, then those whose newest method is old: an admin who registered nothing for half a year may sign in with a
//! device that is no longer theirs.

use chrono::{DateTime, Utc};
use fleet::posture::MfaReportFacts;
use fleet::posture::report::{ReportPerson, ReportUndated};
use fleet::views::mfa::MfaBucket;

use super::people::who;
use super::{Part, Posture, asked_by};
use crate::chapters::{buckets, lists};
use crate::layout::{Cell, Column, Sheet, Tone};
use crate::words::{count, number, size_of};

pub fn parts(posture: &Posture) -> Vec<Part> {
    let facts = posture.facts;
    let (all, stale, undated) = (size_of(&facts.admin_list), size_of(&facts.stale_admins), size_of(&facts.undated_admins));
    let (every, old) = if facts.admins_unreadable.is_some() {
        ("Not known: roles could not be read".to_owned(), "Not known: roles could not be read".to_owned())
    } else {
        let every =
            if all == 0 { "Nobody, as far as roles could be read".to_owned() } else { format!("{}, the weakest first", count(all, "account", "accounts")) };
        let old = if stale == 0 { "Nobody".to_owned() } else { count(stale, "account", "accounts") };
        (every, if undated == 0 { old } else { format!("{old}; of {} it is not known", number(undated)) })
    };
    vec![
        Part { title: "Administrators", anchor: "admins", shows: every, set: administrators },
        Part { title: "Stale administrators", anchor: "stale", shows: old, set: stale_administrators },
    ]
}

fn administrators(sheet: &mut Sheet, posture: &Posture) {
    if let Some(reason) = &posture.facts.admins_unreadable {
        sheet.paragraph(reason);
        return;
    }
    if posture.facts.admin_list.is_empty() {
        sheet.paragraph("No account holds a privileged role, as far as roles could be read.");
        return;
    }
    sheet.paragraph("Every account that holds a privileged role, active or eligible, directly or through a group; the weakest first.");
    let columns = [Column::new("Administrator", 3.0), Column::new("Roles", 2.5), Column::new("MFA", 2.2), Column::new("Newest method", 1.5)];
    lists::whole(sheet, &columns, &posture.facts.admin_list, |admin| {
        let (word, tone) = buckets::word(admin.bucket);
        let mut mfa = Cell::toned(word, tone);
        if !admin.methods.is_empty() {
            mfa = mfa.and(admin.methods.join(", "), Tone::Plain);
        }
        let newest = match admin.newest_method {
            Some(newest) => {
                let cell = dated(newest, posture);
                if admin.stale { cell.and("Stale", Tone::Weak) } else { cell }
            }
            None => Cell::toned(if admin.methods.is_empty() { "–" } else { "not known" }, Tone::Unknown),
        };
        vec![who(admin), roles(admin), mfa.and(format!("Asked by: {}", asked_by(admin.enforced)), Tone::Muted), newest]
    });
}

fn stale_administrators(sheet: &mut Sheet, posture: &Posture) {
    let facts = posture.facts;
    sheet.paragraph(&standing(facts));
    let columns = [Column::new("Administrator", 3.0), Column::new("Roles", 2.5), Column::new("Newest method", 2.4), Column::new("Registered", 1.4)];
    lists::whole(sheet, &columns, &facts.stale_admins, |admin| {
        let newest = admin.newest_method_named.as_ref().map_or_else(|| Cell::toned("not known", Tone::Unknown), Cell::new);
        let registered = admin.newest_method.map_or_else(|| Cell::toned("not known", Tone::Unknown), |newest| dated(newest, posture));
        vec![who(admin), roles(admin), newest, registered]
    });
    undated(sheet, &facts.undated_admins);
}

/// How many are stale, or why none is: an admin without a method has nothing that could be old, one without a date may be either.
fn standing(facts: &MfaReportFacts) -> String {
    let of = |wanted: fn(&ReportPerson) -> bool| facts.admin_list.iter().filter(|admin| wanted(admin)).count() as u32;
    let (all, stale) = (size_of(&facts.admin_list), size_of(&facts.stale_admins));
    let known = of(|admin| admin.newest_method.is_some());
    let bare = of(|admin| admin.newest_method.is_none() && admin.bucket == MfaBucket::None);
    if facts.admins_unreadable.is_some() {
        return "Which administrators are stale is not known either.".to_owned();
    }
    let mut said = if stale > 0 {
        format!(
            "{} of {} registered the newest method more than 180 days ago. Ask each to confirm that the device is still theirs, or to register a passkey.",
            number(stale),
            count(all, "administrator", "administrators"),
        )
    } else if known > 0 {
        format!(
            "Nobody is stale: {} registered within the last 180 days.",
            if known == 1 {
                "the newest method of the 1 administrator of whom its date is known was".to_owned()
            } else {
                format!("the newest methods of the {} administrators of whom the date is known were", number(known))
            }
        )
    } else if all == 0 {
        "Nobody is stale, because nobody is known to hold a privileged role.".to_owned()
    } else if bare < all {
        "Whether anybody is stale is not known: of no administrator’s method is the date known.".to_owned()
    } else {
        "Nobody is stale, but only because no administrator has a method that could be old.".to_owned()
    };
    if bare > 0 && bare < all {
        said += &format!(
            " {} no method at all and therefore none that could be old.",
            if bare == 1 { "1 administrator has".to_owned() } else { format!("{} administrators have", number(bare)) }
        );
    }
    said
}

fn undated(sheet: &mut Sheet, admins: &[ReportUndated]) {
    if admins.is_empty() {
        return;
    }
    sheet.section("Of whom it is not known", 0.0);
    sheet.intro(&format!("{} with a method of which nobody can say how old it is.", count(size_of(admins), "administrator", "administrators")));
    let columns = [Column::new("Administrator", 3.0), Column::new("Roles", 2.5), Column::new("Why it is not known", 3.8)];
    lists::whole(sheet, &columns, admins, |undated| vec![who(&undated.admin), roles(&undated.admin), Cell::new(&undated.why)]);
}

fn roles(admin: &ReportPerson) -> Cell {
    Cell::new(if admin.held.is_empty() { &admin.roles } else { &admin.held }.join("; "))
}

/// "5 Oct 2025", "412 days ago"
fn dated(newest: DateTime<Utc>, posture: &Posture) -> Cell {
    let days = u32::try_from((posture.facts.made_at - newest).num_days().max(0)).unwrap_or(u32::MAX);
    Cell::new(posture.clock.day(newest)).and(format!("{} ago", count(days, "day", "days")), Tone::Muted)
}
