//! The questions about what is done day by day: break-glass accounts, alerts, changes, exceptions.

use store::DataKind;

use super::Draft;
use crate::{
    break_glass::health::DRILL_EVERY,
    evidence::{
        basis::{Basis, STALE},
        facts::{Answer, Chapter, Handling, Statement},
        words::{counted, minutes, number, of},
    },
    views::Severity,
};

pub fn break_glass(basis: &Basis) -> Statement {
    const ID: &str = "breakGlass.controlled";
    let glass = &basis.glass;
    let Some(usable) = glass.usable.filter(|_| basis.readings.read(DataKind::Users)) else {
        let why = basis.readings.why(DataKind::Users).or_else(|| basis.readings.why(DataKind::Groups));
        return Draft::unknown(ID, Chapter::BreakGlass, &why.unwrap_or_else(|| "The members of the break-glass group were never read".to_owned())).done();
    };
    if usable == 0 {
        return Draft::new(
            ID,
            Chapter::BreakGlass,
            Answer::No,
            "No emergency access account is named: if MFA fails, nobody gets in, and nobody would see its use",
        )
        .figure("Emergency access accounts", Some(0), None)
        .done();
    }
    let two = usable >= 2;
    let drilled = glass.last_drill.map(|at| basis.now - at <= DRILL_EVERY);
    let monitored = basis.readings.read(DataKind::SignIns);
    let free = glass.reached == Some(0) && glass.reach_unknown == 0;
    let whole = two && free && monitored && drilled == Some(true);
    Draft::new(
        ID,
        Chapter::BreakGlass,
        if whole { Answer::Yes } else { Answer::Partly },
        if two {
            format!("{} emergency access accounts can sign in", number(usable))
        } else {
            "only one emergency access account can sign in, where two are advised".to_owned()
        },
    )
    .figure("Emergency access accounts", Some(usable), None)
    .figure("Accounts that a policy can lock out", glass.reached, Some(usable))
    .say(match glass.reached {
        None => "whether a policy can lock them out is not known".to_owned(),
        Some(0) if glass.reach_unknown == 0 => "no enabled policy can lock them out".to_owned(),
        Some(0) => format!("whether a policy can lock them out cannot be said of {}", number(glass.reach_unknown)),
        Some(n) => format!("an enabled policy can lock out {}", number(n)),
    })
    .say(if monitored { "every sign-in of theirs raises a critical alert" } else { "their sign-ins are not watched, because sign-ins could not be read" })
    .say(match (glass.last_drill, drilled) {
        (Some(at), Some(true)) => format!("each was tested with success on {} or later", basis.day(at)),
        (Some(at), _) => format!("one was last tested with success on {}, more than 90 days ago", basis.day(at)),
        (None, _) if two => "not each of them has a recorded test that worked".to_owned(),
        (None, _) => "no test of it that worked is recorded".to_owned(),
    })
    .stands_on(basis, &[DataKind::Users, DataKind::Policies, DataKind::Groups, DataKind::SignIns])
    .done()
}

pub fn alerts(basis: &Basis) -> Statement {
    const ID: &str = "alerts.handled";
    let Some(synced) = basis.last_sync else {
        return Draft::unknown(ID, Chapter::Alerts, "This customer was never synced completely, so nothing was watched").done();
    };
    let grave = |one: &&Handling| matches!(one.severity, Severity::Critical | Severity::High);
    let sum = |count: fn(&Handling) -> u32| basis.handling.iter().map(count).sum::<u32>();
    let (raised, handled) = (sum(|one| one.raised), sum(|one| one.handled));
    let open_grave: u32 = basis.handling.iter().filter(grave).map(|one| one.raised - one.handled.min(one.raised)).sum();
    let slow =
        basis.handling.iter().find(|one| one.severity == Severity::Critical).and_then(|one| one.slowest_minutes).is_some_and(|slowest| slowest > 24 * 60);
    let answer = if raised == 0 || (open_grave == 0 && handled == raised && !slow) {
        Answer::Yes
    } else if handled == 0 {
        Answer::No
    } else {
        Answer::Partly
    };
    let mut draft = Draft::new(
        ID,
        Chapter::Alerts,
        answer,
        if raised == 0 {
            "No alert was raised in the period".to_owned()
        } else {
            format!(
                "{} raised in the period {} handled",
                if handled == 0 { format!("none of {}", counted(raised, "alert", "alerts")) } else { of(handled, raised, "alert", "alerts") },
                if handled == 1 { "was" } else { "were" }
            )
        },
    )
    .figure("Alerts handled", Some(handled), Some(raised));
    for one in basis.handling.iter().filter(grave) {
        if let (Some(median), Some(slowest)) = (one.median_minutes, one.slowest_minutes) {
            let name = if one.severity == Severity::Critical { "critical" } else { "high" };
            draft = draft.say(format!("half of the {name} ones within {}, the slowest in {}", minutes(median), minutes(slowest)));
        }
    }
    draft
        .say_if(open_grave > 0, || format!("{} critical or high {} still open", number(open_grave), if open_grave == 1 { "one is" } else { "ones are" }))
        .at_most_partly(
            (basis.now - synced > STALE)
                .then(|| format!("the last complete sync was on {}: what happened since is not known", synced.format("%-d %B %Y %H:%M UTC"))),
        )
        .at_most_partly(basis.not_watched())
        .stands_on(basis, &[DataKind::Policies, DataKind::SignIns])
        .done()
}

pub fn changes(basis: &Basis) -> Statement {
    const ID: &str = "changes.controlled";
    if let (Some(why), false) = (basis.readings.why(DataKind::Policies), basis.readings.read(DataKind::DirectoryAudits)) {
        return Draft::unknown(ID, Chapter::Changes, &why).done();
    }
    let changes = basis.changes;
    let all = changes.controlled + changes.uncontrolled + changes.elsewhere;
    let answer = if changes.controlled == all {
        Answer::Yes
    } else if changes.controlled + changes.uncontrolled == 0 {
        Answer::No
    } else {
        Answer::Partly
    };
    let said = match all {
        0 => "No access policy was changed in the period".to_owned(),
        all => format!(
            "{} went through a reviewed change with a ticket or a second person's approval",
            if changes.controlled == 0 { format!("none of {}", counted(all, "change", "changes")) } else { of(changes.controlled, all, "change", "changes") }
        ),
    };
    Draft::new(ID, Chapter::Changes, answer, said)
        .figure("Changes with a ticket or an approval", Some(changes.controlled), Some(all))
        .figure("Changes made in the portal or by other tools", Some(changes.elsewhere), Some(all))
        .say_if(changes.uncontrolled > 0, || format!("{} went through Gatehouse with neither", number(changes.uncontrolled)))
        .say_if(changes.elsewhere > 0, || {
            format!("{} {} made in the portal or by another tool", number(changes.elsewhere), if changes.elsewhere == 1 { "was" } else { "were" })
        })
        .at_most_partly(basis.not_watched())
        .stands_on(basis, &[DataKind::Policies, DataKind::DirectoryAudits])
        .done()
}

pub fn exceptions(basis: &Basis) -> Statement {
    const ID: &str = "exceptions.signedOff";
    let Some(found) = basis.exceptions else {
        return Draft::unknown(ID, Chapter::Exceptions, "The register of exceptions was not read").done();
    };
    let Some(carve_outs) = found.carve_outs.filter(|_| basis.readings.read(DataKind::Policies)) else {
        let why = basis.readings.why(DataKind::Policies).unwrap_or_else(|| "What the policies leave out is not known".to_owned());
        return Draft::unknown(ID, Chapter::Exceptions, &why).done();
    };
    let all = found.signed + found.overdue + found.unsigned + carve_outs;
    let answer = if found.signed == all {
        Answer::Yes
    } else if found.signed == 0 && found.overdue == 0 {
        Answer::No
    } else {
        Answer::Partly
    };
    let said = match all {
        // Break-glass accounts are kept out of policies on purpose, which another question judges.
        0 if basis.glass.usable.is_some_and(|usable| usable > 0) => {
            "Apart from the emergency access accounts, nobody is exempt from MFA by a policy or by agreement".to_owned()
        }
        0 => "Nobody is exempt from MFA by a policy or by agreement".to_owned(),
        all => format!(
            "{} of {} signed off by a named person and in force",
            number(found.signed),
            if all == 1 { "1 exemption is".to_owned() } else { format!("{} exemptions are", number(all)) }
        ),
    };
    Draft::new(ID, Chapter::Exceptions, answer, said)
        .figure("Exemptions signed off", Some(found.signed), Some(all))
        .figure("Exemptions found in policies that nobody signed off", Some(carve_outs), Some(all))
        .say_if(found.overdue > 0, || format!("{} {} past the agreed end or review", number(found.overdue), if found.overdue == 1 { "is" } else { "are" }))
        .say_if(found.unsigned > 0, || format!("{} {} written down and not signed", number(found.unsigned), if found.unsigned == 1 { "is" } else { "are" }))
        .say_if(carve_outs > 0, || format!("{} {} found in policies and in no agreement", number(carve_outs), if carve_outs == 1 { "was" } else { "were" }))
        .stands_on(basis, &[DataKind::Policies, DataKind::Groups])
        .done()
}
