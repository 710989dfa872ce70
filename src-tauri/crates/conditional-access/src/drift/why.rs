//! Why people fall through an effect control, in a sentence: the policy that comes closest to the very sign-in and what keeps
//! it away. Whether they fall through is judged by `effect`.

use super::Way;
use super::effect::{Outcome, about_it, helping};
use super::people::Class;
use super::probe::{Bench, Cell};
use crate::baseline::{Expectation, What};
use crate::evaluate::bits::IdSet;
use crate::evaluate::{About, Exclusion, Identity, Reason, Request, Truth, Why};
use crate::words::values::and_few;

/// How many ways through a control are told.
const WAYS: usize = 12;

pub(super) fn open_reason(bench: &Bench<'_>, outcome: &Outcome<'_>, cell: &Cell) -> String {
    if bench.tenant.security_defaults == Some(true) {
        return "security defaults ask for MFA only when Microsoft finds it necessary".to_owned();
    }
    let answer = bench.engine.evaluate(&cell.request(&outcome.class.identity));
    let open = answer.results.iter().filter(|r| r.policy < bench.own).find_map(|result| {
        let reason = result.reasons.iter().find(|reason| reason.outcome == Truth::Unknown)?;
        Some(format!("whether {} applies depends on {}", bench.policy_name(result.policy), open_words(bench, &reason.why)))
    });
    open.unwrap_or_else(|| "what the policies ask for is not fully known".to_owned())
}

fn open_words(bench: &Bench<'_>, why: &Why) -> String {
    match why {
        Why::NeverRead(what) => format!("the tenant's {what}, which were never read"),
        Why::MembershipUnknown(kind, id) => format!("who is in the {} {}, which was not read", kind.noun().0, bench.name(*kind, id)),
        Why::NotFound(kind, _) => format!("a {} that was deleted or never read", kind.noun().0),
        Why::NotUnderstood(path) => format!("{path}, which is not understood"),
        Why::RuleInvalid(error) => format!("its filter for devices, which cannot be read ({})", error.trim_end_matches('.')),
        _ => "what a sign-in does not tell".to_owned(),
    }
}

/// How people fall through, the way that most take first.
pub(super) fn ways(bench: &Bench<'_>, expected: &Expectation, falling: &[&Outcome<'_>], about_it: &IdSet) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    for outcome in falling {
        let mut told: Vec<String> = Vec::new();
        for cell in outcome.found.failing.iter().take(6) {
            let why = why(bench, expected, outcome.class, cell, about_it);
            // The same reason in another place is no other way.
            if told.contains(&why) {
                continue;
            }
            told.push(why.clone());
            match ways.iter_mut().find(|way| way.why == why) {
                Some(way) => way.users.extend(outcome.class.ids(bench)),
                None => ways.push(Way { why, place: unusual_place(expected, cell), users: outcome.class.ids(bench).collect() }),
            }
        }
    }
    for way in &mut ways {
        way.users.sort();
    }
    ways.sort_by(|a, b| b.users.len().cmp(&a.users.len()).then_with(|| a.why.cmp(&b.why)));
    ways.truncate(WAYS);
    ways
}

/// Without what the control's own title already says.
pub(super) fn unusual_place(expected: &Expectation, cell: &Cell) -> String {
    let said: Vec<String> =
        expected.when.clients.iter().chain(&expected.when.platforms).chain(&expected.when.flow).map(|w| crate::words::values::enum_word(w)).collect();
    let usual = ["browsers", "Windows", "any application that no policy mentions"];
    // The first is the application or the action.
    let from = usize::from(expected.what != What::EveryApplication);
    let words: Vec<&str> = cell.words.iter().skip(from).map(String::as_str).filter(|w| !usual.contains(w) && !said.iter().any(|s| s == w)).collect();
    words.join(", ")
}

/// Which policy comes closest to this very sign-in, and what keeps it away.
pub(super) fn why(bench: &Bench<'_>, expected: &Expectation, class: &Class, cell: &Cell, about_it: &IdSet) -> String {
    let request = cell.request(&class.identity);
    let closest = about_it.iter().map(|at| (distance(bench, class, &request, at), at)).min();
    match closest {
        Some((Distance::Excluded(by) | Distance::ExcludedElsewhere(_, by), at)) => excluded(bench, by, at),
        Some((distance, at)) => in_report_only(bench, expected, class, &request).unwrap_or_else(|| not_covering(bench, class, &request, &distance, at)),
        None => in_report_only(bench, expected, class, &request).unwrap_or_else(|| "no policy asks for it".to_owned()),
    }
}

/// How far a policy is from covering somebody's sign-in, the nearest first: who is only excluded would be covered, and who is
/// not included at all is nobody whom the policy means.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    /// It covers the sign-in and would include them.
    Excluded(Exclusion),
    /// It is about them, but not about the sign-in.
    Elsewhere(Away),
    ExcludedElsewhere(Away, Exclusion),
    NotIncluded(Away),
}

/// In how many respects it is not about the sign-in, first of all whether it is about another application.
type Away = (bool, usize);

fn distance(bench: &Bench<'_>, class: &Class, request: &Request, at: usize) -> Distance {
    let engine = &bench.engine;
    let conditions = &request.conditions;
    let circumstances = [
        engine.match_client(conditions),
        engine.match_platform(conditions),
        engine.match_location(conditions),
        engine.match_risk(conditions),
        engine.match_device(conditions),
        engine.match_flow(conditions),
    ];
    let away = (!engine.match_context(&request.context).possible.contains(at), circumstances.iter().filter(|fits| !fits.possible.contains(at)).count());
    if engine.match_subject(&class.subject).possible.contains(at) {
        return Distance::Elsewhere(away);
    }
    match engine.exclusion(at, &class.subject) {
        Exclusion::NotIncluded => Distance::NotIncluded(away),
        by if away == (false, 0) => Distance::Excluded(by),
        by => Distance::ExcludedElsewhere(away, by),
    }
}

fn excluded(bench: &Bench<'_>, by: Exclusion, at: usize) -> String {
    let name = bench.policy_name(at);
    let what = match (bench.engine.excluded_by(by), by) {
        (Some((kind, id)), _) => format!(" by the {} {}", kind.noun().0, bench.name(kind, id)),
        (None, Exclusion::Name) => " by name".to_owned(),
        (None, Exclusion::Guest) => " as guests".to_owned(),
        (None, _) => String::new(),
    };
    format!("excluded from {name}{what}, and no other policy covers them")
}

fn not_covering(bench: &Bench<'_>, class: &Class, request: &Request, distance: &Distance, at: usize) -> String {
    let name = bench.policy_name(at);
    if matches!(distance, Distance::NotIncluded(_)) {
        return match class.identity {
            // Of somebody imagined the policy cannot say more.
            Identity::Open => format!("{name} does not include them, and no other policy covers them"),
            _ => format!("not among those whom {name} includes, and no other policy covers them"),
        };
    }
    let answer = bench.engine.evaluate(request);
    let reasons = answer.results.iter().find(|result| result.policy == at).map(|result| result.reasons.as_slice()).unwrap_or_default();
    let of_the_sign_in = |reason: &&Reason| reason.outcome == Truth::No && !matches!(reason.about, About::Users | About::WorkloadIdentities);
    let Some(reason) = reasons.iter().filter(of_the_sign_in).max_by_key(|reason| matches!(reason.why, Why::Excludes(..) | Why::ExcludesValue(_))) else {
        return format!("{name} does not cover this sign-in, and no other policy does");
    };
    let what = match (&reason.about, &reason.why) {
        (_, Why::Excludes(kind, id)) => format!("{name} leaves out {}", bench.name(*kind, id)),
        (_, Why::ExcludesValue(value)) => format!("{name} leaves out {}", crate::words::values::enum_word(value)),
        (_, Why::Rule(rule)) => format!("{name} leaves out devices by the rule {rule}"),
        (about, _) => format!("{name} does not cover {}", about_words(*about)),
    };
    format!("{what}, and no other policy covers it")
}

fn about_words(about: About) -> &'static str {
    match about {
        About::Applications => "this application",
        About::UserActions => "this action",
        About::AuthenticationContext => "this authentication context",
        About::ClientApps => "this kind of client",
        About::Platform => "this platform",
        About::Location => "this place",
        About::SignInRisk | About::UserRisk | About::ServicePrincipalRisk | About::InsiderRisk | About::AgentRisk => "this risk",
        About::Device => "this device",
        About::AuthenticationFlow => "this flow",
        _ => "this sign-in",
    }
}

/// Policies in report-only mode that would cover this very sign-in.
fn in_report_only(bench: &Bench<'_>, expected: &Expectation, class: &Class, request: &Request) -> Option<String> {
    let enforced = bench.enforced();
    let waiting: IdSet = (0..bench.own).filter(|at| !enforced.contains(*at)).collect();
    let waiting = about_it(bench, &helping(bench, &waiting, expected), expected);
    let mut fits = bench.engine.match_subject(&class.subject);
    fits.and(&bench.engine.match_context(&request.context));
    fits.and(&bench.engine.match_conditions(&request.conditions));
    let idle: Vec<String> = waiting.iter().filter(|at| fits.possible.contains(*at)).map(|at| bench.policy_name(at)).collect();
    match idle.as_slice() {
        [] => None,
        [one] => Some(format!("no enforced policy asks for it; {one} would, but is in report-only mode")),
        _ => Some(format!("no enforced policy asks for it; {} would, but are in report-only mode", and_few(idle))),
    }
}
