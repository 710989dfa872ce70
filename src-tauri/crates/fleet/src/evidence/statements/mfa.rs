//! The questions about MFA and legacy authentication.

use store::DataKind;

use super::{Draft, asked_in_words, of_asked};
use crate::evidence::{
    basis::{Admin, Basis, Demand, Tally},
    facts::{Answer, Chapter, Statement},
    words::{counted, number, of, people},
};

/// Who asks for MFA is told by these.
const WHO_ASKS: [DataKind; 5] = [DataKind::Users, DataKind::Groups, DataKind::Roles, DataKind::Policies, DataKind::SecurityDefaults];

/// Why nothing can be said of who is asked.
fn nothing_known(basis: &Basis) -> Option<String> {
    if let Some(why) = basis.readings.why(DataKind::Users) {
        return Some(why);
    }
    // Security defaults alone tell something, and so does per-user MFA.
    let asks = basis.everything;
    let nobody = asks.always == 0 && asks.sometimes == 0 && basis.mail.always == 0 && basis.mail.sometimes == 0;
    basis.readings.why(DataKind::Policies).filter(|_| nobody)
}

fn report_only(basis: &Basis) -> String {
    format!(
        "{} would demand MFA and {} in report-only, which protects nobody",
        counted(basis.report_only, "policy", "policies"),
        if basis.report_only == 1 { "is" } else { "are" }
    )
}

pub fn email(basis: &Basis) -> Statement {
    const ID: &str = "mfa.email";
    if let Some(why) = nothing_known(basis) {
        return Draft::unknown(ID, Chapter::Policies, &why).done();
    }
    let asked = basis.mail;
    if asked.all() == 0 {
        return Draft::unknown(ID, Chapter::Policies, "Nobody is counted as a person in this tenant").done();
    }
    let mut draft = Draft::new(ID, Chapter::Policies, of_asked(asked), asked_in_words(asked, "person", "people", " for mail (Exchange Online)"))
        .figure("People always asked for MFA for mail", Some(asked.always), Some(asked.all()))
        .figure("People whose legacy mail clients are shut out", Some(basis.legacy_mail.yes), Some(basis.legacy_mail.all()));
    let open = basis.legacy_mail;
    if open.no + open.unknown > 0 || open.all() == 0 {
        let what = if open.no > 0 {
            format!("Old mail clients, which cannot ask for MFA, are not shut out for {}", people(open.no))
        } else {
            format!("Whether old mail clients, which cannot ask for MFA, are shut out cannot be said of {}", people(open.unknown))
        };
        draft = draft.at_most_partly(Some(what));
    } else {
        draft = draft.say("old mail clients, which cannot ask for MFA, are shut out");
    }
    let draft = draft.say_if(basis.report_only > 0 && asked.always < asked.all(), || report_only(basis));
    draft.stands_on(basis, &WHO_ASKS).done()
}

pub fn remote_access(basis: &Basis) -> Statement {
    const ID: &str = "mfa.remoteAccess";
    if let Some(why) = nothing_known(basis) {
        return Draft::unknown(ID, Chapter::Policies, &why).done();
    }
    let asked = basis.remote;
    if asked.all() == 0 {
        return Draft::unknown(ID, Chapter::Policies, "Nobody is counted as a person in this tenant").done();
    }
    let draft =
        Draft::new(ID, Chapter::Policies, of_asked(asked), asked_in_words(asked, "person", "people", " for cloud applications from outside trusted places"))
            .figure("People always asked for MFA from outside trusted places", Some(asked.always), Some(asked.all()));
    let draft = if basis.gateways.is_empty() {
        draft.at_most_partly(Some(
            "a VPN or remote desktop that does not sign in through Microsoft Entra is not visible here, and none was seen that does".to_owned(),
        ))
    } else {
        let named: Vec<String> = basis.gateways.iter().take(3).cloned().collect();
        let more = basis.gateways.len().saturating_sub(named.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        draft.say(format!(
            "this holds for the remote access that signs in through Microsoft Entra ({}{more}); one that does not is not visible here",
            named.join(", ")
        ))
    };
    draft.stands_on(basis, &WHO_ASKS).stands_on(basis, &[DataKind::NamedLocations, DataKind::SignIns]).done()
}

fn admins(basis: &Basis) -> Result<&[Admin], String> {
    if let Some(why) = basis.readings.why(DataKind::Users).or_else(|| basis.readings.why(DataKind::Roles)) {
        return Err(why);
    }
    if basis.admins.is_empty() {
        Err("No account that can sign in holds a privileged role, apart from break-glass accounts".to_owned())
    } else {
        Ok(&basis.admins)
    }
}

fn size(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// "Ana Silva, Bo Ek and 3 more".
fn named<'a>(admins: impl Iterator<Item = &'a Admin>) -> String {
    const SHOWN: usize = 3;
    let all: Vec<String> = admins.map(|admin| admin.name.clone()).collect();
    crate::words::listed(&all, SHOWN)
}

pub fn privileged(basis: &Basis) -> Statement {
    const ID: &str = "mfa.privileged";
    let all = match admins(basis) {
        Ok(all) => all,
        Err(why) => return Draft::unknown(ID, Chapter::Admins, &why).done(),
    };
    let whole = |admin: &&Admin| admin.registered == Some(true) && admin.asked == Demand::Always;
    let (count, good) = (size(all.len()), size(all.iter().filter(whole).count()));
    // The question is what is required: a method alone, that nothing asks for, answers nothing of it.
    let answer = if good == count {
        Answer::Yes
    } else if all.iter().any(|admin| admin.asked >= Demand::Sometimes) {
        Answer::Partly
    } else if all.iter().any(|admin| admin.asked == Demand::Never) {
        Answer::No
    } else {
        Answer::Unknown
    };
    let mut draft = Draft::new(
        ID,
        Chapter::Admins,
        answer,
        format!(
            "{} {} a second factor and {} always asked for it",
            if good == 0 {
                format!("none of {}", counted(count, "administrator", "administrators"))
            } else {
                of(good, count, "administrator", "administrators")
            },
            if good == 1 { "has" } else { "have" },
            if good == 1 { "is" } else { "are" }
        ),
    )
    .figure("Administrators registered and always asked", Some(good), Some(count))
    .figure("Administrators without a second factor", Some(size(all.iter().filter(|admin| admin.registered == Some(false)).count())), Some(count));
    let without: Vec<&Admin> = all.iter().filter(|admin| admin.registered == Some(false)).collect();
    if !without.is_empty() {
        draft = draft.say(format!("no second factor is registered for {}", named(without.into_iter())));
    }
    let unasked: Vec<&Admin> = all.iter().filter(|admin| admin.asked == Demand::Never).collect();
    if !unasked.is_empty() {
        draft = draft.say(format!("not asked, or not everywhere: {}", named(unasked.into_iter())));
    }
    let open = all.iter().filter(|admin| admin.registered.is_none() || admin.asked == Demand::Unknown).count();
    if open > 0 {
        draft = draft.say(format!("of {} not everything that decides could be read", number(size(open))));
    }
    let apart = basis.glass.usable.unwrap_or(0);
    draft
        .say_if(apart > 0, || {
            format!(
                "{} {} kept out of policies on purpose and judged apart",
                counted(apart, "emergency access account", "emergency access accounts"),
                if apart == 1 { "is" } else { "are" }
            )
        })
        .stands_on(basis, &WHO_ASKS)
        .stands_on(basis, &[DataKind::MfaRegistration])
        .done()
}

pub fn phishing_resistant_admins(basis: &Basis) -> Statement {
    const ID: &str = "mfa.phishingResistantAdmins";
    let all = match admins(basis) {
        Ok(all) => all,
        Err(why) => return Draft::unknown(ID, Chapter::Admins, &why).done(),
    };
    let (mut has, mut demanded) = (Tally::default(), Tally::default());
    for admin in all {
        has.count(admin.phishing_resistant);
        demanded.count(admin.strength_asked);
    }
    let count = size(all.len());
    let answer = match (has, demanded) {
        (has, demanded) if has.yes == count && demanded.yes == count => Answer::Yes,
        (has, demanded) if has.yes > 0 || demanded.yes > 0 => Answer::Partly,
        (has, _) if has.unknown == count => Answer::Unknown,
        (has, _) if has.no > 0 => Answer::No,
        _ => Answer::Unknown,
    };
    Draft::new(
        ID,
        Chapter::Admins,
        answer,
        format!(
            "{} {} a phishing-resistant method (passkey, FIDO2 key, Windows Hello for Business or certificate)",
            if has.yes == 0 {
                format!("none of {}", counted(count, "administrator", "administrators"))
            } else {
                of(has.yes, count, "administrator", "administrators")
            },
            if has.yes == 1 { "has" } else { "have" }
        ),
    )
    .figure("Administrators with a phishing-resistant method", Some(has.yes), Some(count))
    .figure("Administrators of whom one is demanded", Some(demanded.yes), Some(count))
    .say(if demanded.yes == count {
        "a policy demands one of all of them for every application".to_owned()
    } else if demanded.yes == 0 && demanded.unknown == 0 {
        "no policy demands one for every application".to_owned()
    } else {
        format!("a policy demands one for every application of {}", number(demanded.yes))
    })
    .say_if(has.unknown > 0, || format!("of {} the methods could not be read", number(has.unknown)))
    .stands_on(basis, &WHO_ASKS)
    .stands_on(basis, &[DataKind::MfaRegistration])
    .done()
}

pub fn all_users(basis: &Basis) -> Statement {
    const ID: &str = "mfa.allUsers";
    if let Some(why) = nothing_known(basis) {
        return Draft::unknown(ID, Chapter::Enrolment, &why).done();
    }
    let (asked, registered) = (basis.everything, basis.registered);
    let all = asked.all();
    if all == 0 {
        return Draft::unknown(ID, Chapter::Enrolment, "Nobody is counted as a person in this tenant").done();
    }
    if let Some(why) = basis.readings.why(DataKind::MfaRegistration) {
        return Draft::unknown(ID, Chapter::Enrolment, &why).say(asked_in_words(asked, "person", "people", "")).done();
    }
    let answer = match of_asked(asked) {
        Answer::Yes if basis.both == all => Answer::Yes,
        Answer::Yes | Answer::Partly => Answer::Partly,
        // A second factor that nothing demands is a beginning, no more.
        Answer::No if registered.yes > 0 => Answer::Partly,
        other => other,
    };
    let have = |n: u32| if n == 1 { "has" } else { "have" };
    Draft::new(
        ID,
        Chapter::Enrolment,
        answer,
        format!(
            "{} {} a second factor",
            if registered.yes == 0 { format!("none of {}", people(all)) } else { of(registered.yes, all, "person", "people") },
            have(registered.yes)
        ),
    )
    .figure("People with a second factor", Some(registered.yes), Some(all))
    .figure("People always asked for MFA", Some(asked.always), Some(all))
    .figure("People with a second factor who are always asked", Some(basis.both), Some(all))
    .say_if(registered.unknown > 0, || format!("of {} it is not known", people(registered.unknown)))
    .say(asked_in_words(asked, "person", "people", " for every application"))
    .say_if(basis.report_only > 0 && asked.always < all, || report_only(basis))
    .stands_on(basis, &WHO_ASKS)
    .stands_on(basis, &[DataKind::MfaRegistration])
    .done()
}

pub fn guests(basis: &Basis) -> Statement {
    const ID: &str = "guests.mfa";
    if let Some(why) = basis.readings.why(DataKind::Users) {
        return Draft::unknown(ID, Chapter::Policies, &why).done();
    }
    let asked = basis.guests;
    if asked.all() == 0 {
        return Draft::new(ID, Chapter::Policies, Answer::Yes, "There is no guest account that can sign in")
            .figure("Guests", Some(0), None)
            .stands_on(basis, &[DataKind::Users])
            .done();
    }
    if let Some(why) = nothing_known(basis).filter(|_| asked.always + asked.sometimes == 0) {
        return Draft::unknown(ID, Chapter::Policies, &why).done();
    }
    Draft::new(ID, Chapter::Policies, of_asked(asked), asked_in_words(asked, "guest", "guests", " for every application"))
        .figure("Guests always asked for MFA", Some(asked.always), Some(asked.all()))
        .stands_on(basis, &WHO_ASKS)
        .done()
}

pub fn legacy(basis: &Basis) -> Statement {
    const ID: &str = "legacy.blocked";
    let shut = basis.legacy;
    if let Some(why) = basis.readings.why(DataKind::Users) {
        return Draft::unknown(ID, Chapter::Policies, &why).done();
    }
    if let Some(why) = basis.readings.why(DataKind::Policies).filter(|_| shut.yes == 0) {
        return Draft::unknown(ID, Chapter::Policies, &why).done();
    }
    if shut.all() == 0 {
        return Draft::unknown(ID, Chapter::Policies, "No account can sign in, apart from break-glass accounts").done();
    }
    let answer = match shut {
        Tally { no: 0, unknown: 0, .. } => Answer::Yes,
        Tally { yes: 0, no: 0, .. } => Answer::Unknown,
        Tally { yes: 0, .. } => Answer::No,
        _ => Answer::Partly,
    };
    let who = if shut.yes == 0 { format!("none of {}", counted(shut.all(), "account", "accounts")) } else { of(shut.yes, shut.all(), "account", "accounts") };
    let draft = Draft::new(ID, Chapter::Policies, answer, format!("policies shut out clients that cannot ask for MFA for {who}"))
        .figure("Accounts for which legacy authentication is blocked", Some(shut.yes), Some(shut.all()))
        .figure("Legacy sign-ins that succeeded in the period", basis.legacy_succeeded.map(|n| u32::try_from(n).unwrap_or(u32::MAX)), None)
        .say_if(shut.unknown > 0, || format!("of {} it cannot be said", number(shut.unknown)));
    let draft = match basis.legacy_succeeded {
        None => draft,
        Some(0) => draft.say("no sign-in of that kind succeeded in the period"),
        Some(n) => {
            draft.at_most_partly(Some(format!("{} of that kind succeeded in the period", counted(u32::try_from(n).unwrap_or(u32::MAX), "sign-in", "sign-ins"))))
        }
    };
    let read = basis.readings.read(DataKind::SignIns);
    draft
        .at_most_partly(basis.sign_ins_short().filter(|_| read))
        .stands_on(basis, &[DataKind::Users, DataKind::Groups, DataKind::Policies, DataKind::SignIns])
        .done()
}
