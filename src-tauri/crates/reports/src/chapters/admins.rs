//! Every holder of a privileged role, with what they sign in with.

use fleet::evidence::facts::{AdminFact, Buckets};
use fleet::views::mfa::MfaBucket;

use super::buckets;
use super::lists::{self, Words};
use crate::layout::{Cell, Column, Sheet, Tone};
use crate::words::{Clock, count, number, size_of};

pub fn set(sheet: &mut Sheet, admins: Option<&[AdminFact]>, clock: Clock, rest: &str) {
    let Some(admins) = admins else {
        sheet.paragraph("Who holds a privileged role was never read, so nothing can be said of administrators.");
        return;
    };
    if admins.is_empty() {
        sheet.paragraph("No account holds a privileged role, as far as roles could be read.");
        return;
    }
    let stale = admins.iter().filter(|admin| admin.stale).count() as u32;
    let mut said = format!(
        "{} a privileged role, active or eligible, directly or through a group.",
        if admins.len() == 1 { "1 account holds".to_owned() } else { format!("{} accounts hold", number(size_of(admins))) }
    );
    if stale > 0 {
        said += &format!(
            " {} not registered a new method for more than 180 days.",
            if stale == 1 { "1 has".to_owned() } else { format!("{} have", number(stale)) }
        );
    }
    sheet.paragraph(&said);
    sheet.stacked_bar(&buckets::people(counted(admins)));
    let columns = [Column::new("Administrator", 2.9), Column::new("Roles", 2.4), Column::new("MFA", 2.0), Column::new("Newest method", 1.4)];
    lists::set(sheet, &columns, admins, &Words { empty: "", rest }, |admin| {
        let (word, tone) = buckets::word(admin.person.bucket);
        let mut mfa = Cell::toned(word, tone);
        if !admin.person.methods.is_empty() {
            mfa = mfa.and(admin.person.methods.join(", "), Tone::Plain);
        }
        mfa = mfa.and(format!("Asked by: {}", admin.person.enforced), Tone::Muted);
        let newest = admin.newest_method.map_or_else(|| Cell::toned("not known", Tone::Unknown), |at| Cell::new(clock.day(at)));
        vec![
            Cell::with_below(&admin.person.name, &admin.person.upn),
            Cell::new(admin.roles.join("; ")),
            mfa,
            if admin.stale { newest.and("Stale: over 180 days", Tone::Weak) } else { newest },
        ]
    });
    let bare = admins.iter().filter(|admin| admin.person.bucket == MfaBucket::None).count() as u32;
    if bare > 0 {
        sheet.note(&format!(
            "{} no MFA method at all.",
            if bare == 1 { "1 administrator has".to_owned() } else { format!("{} have", count(bare, "administrator", "administrators")) }
        ));
    }
}

fn counted(admins: &[AdminFact]) -> Buckets {
    let mut buckets = Buckets::default();
    for admin in admins {
        match admin.person.bucket {
            MfaBucket::Strong => buckets.strong += 1,
            MfaBucket::Weak => buckets.weak += 1,
            MfaBucket::None => buckets.none += 1,
            MfaBucket::Unknown => buckets.unknown += 1,
        }
    }
    buckets
}
