//! Why people fall through an effect control, in a sentence: the policy that comes closest to the very sign-in and what keeps
//! it away. Whether they fall through is judged by `effect`.

use super::Way;
use super::effect::{Outcome, about_it, helping};
use super::people::Class;
use super::probe::{Bench, Cell};
use crate::baseline::{Expectation, What};
use crate::evaluate::bits::{IdSet, Match};
use crate::evaluate::{About, Context, Identity, Request, Truth, Why};
use crate::words::{IdKind, values::and_few};

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
        Why::Rule(rule) | Why::RuleInvalid(rule) => format!("the rule {rule}"),
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
                Some(way) => way.users.extend(outcome.class.users.iter().cloned()),
                None => ways.push(Way { why, place: unusual_place(expected, cell), users: outcome.class.users.clone() }),
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
    let said: Vec<String> = expected.when.clients.iter().chain(&expected.when.platforms).chain(&expected.when.flow).map(|w| crate::words::values::enum_word(w)).collect();
    let usual = ["browsers", "Windows", "any application that no policy mentions"];
    // The first is the application or the action.
    let from = usize::from(expected.what != What::EveryApplication);
    let words: Vec<&str> = cell.words.iter().skip(from).map(String::as_str).filter(|w| !usual.contains(w) && !said.iter().any(|s| s == w)).collect();
    words.join(", ")
}

/// Which policy comes closest to this very sign-in, and what keeps it away.
pub(super) fn why(bench: &Bench<'_>, expected: &Expectation, class: &Class, cell: &Cell, about_it: &IdSet) -> String {
    let request = cell.request(&class.identity);
    let closest = about_it.iter().map(|at| (away(bench, class, &request, at), at)).min();
    let Some((_, at)) = closest else { return no_policy(bench, expected, class, &request) };
    let answer = bench.engine.evaluate(&request);
    let name = bench.policy_name(at);
    let reasons = answer.results.iter().find(|result| result.policy == at).map(|result| result.reasons.as_slice()).unwrap_or_default();
    if request.identity == Identity::Open {
        // Of somebody imagined the policy cannot say more.
        let by_people = !bench.engine.match_subject(&class.subject).possible.contains(at);
        return if by_people { format!("{name} does not include them, and no other policy covers them") } else { format!("{name} does not cover this sign-in, and no other policy does") };
    }
    let Some(reason) = reasons.iter().filter(|reason| reason.outcome == Truth::No).max_by_key(|reason| matches!(reason.why, Why::Excludes(..) | Why::ExcludesValue(_))) else {
        return format!("{name} does not cover this sign-in, and no other policy does");
    };
    let what = match (&reason.about, &reason.why) {
        (About::Users | About::WorkloadIdentities, Why::Excludes(IdKind::User, _)) => return format!("excluded from {name} by name, and no other policy covers them"),
        (About::Users | About::WorkloadIdentities, Why::Excludes(kind, id)) => {
            return format!("excluded from {name} by the {} {}, and no other policy covers them", kind.noun().0, bench.name(*kind, id));
        }
        (About::Users | About::WorkloadIdentities, Why::ExcludesValue(value)) => {
            return format!("excluded from {name} as {}, and no other policy covers them", crate::words::values::enum_word(value));
        }
        (About::Users | About::WorkloadIdentities, _) => return format!("not among those whom {name} includes, and no other policy covers them"),
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

/// In how many respects a policy does not cover the sign-in, people counting least.
fn away(bench: &Bench<'_>, class: &Class, request: &Request, at: usize) -> usize {
    let engine = &bench.engine;
    let conditions = &request.conditions;
    let off = |fits: &Match| usize::from(!fits.possible.contains(at));
    let context: &Context = &request.context;
    off(&engine.match_subject(&class.subject))
        + 2 * off(&engine.match_context(context))
        + 2 * off(&engine.match_client(conditions))
        + 2 * off(&engine.match_platform(conditions))
        + 2 * off(&engine.match_location(conditions))
        + 2 * off(&engine.match_risk(conditions))
        + 2 * off(&engine.match_device(conditions))
        + 2 * off(&engine.match_flow(conditions))
}

/// Perhaps one in report-only mode would cover this very sign-in.
fn no_policy(bench: &Bench<'_>, expected: &Expectation, class: &Class, request: &Request) -> String {
    let enforced = bench.enforced();
    let waiting: IdSet = (0..bench.own).filter(|at| !enforced.contains(*at)).collect();
    let waiting = about_it(bench, &helping(bench, &waiting, expected), expected);
    let mut fits = bench.engine.match_subject(&class.subject);
    fits.and(&bench.engine.match_context(&request.context));
    fits.and(&bench.engine.match_conditions(&request.conditions));
    let idle: Vec<String> = waiting.iter().filter(|at| fits.possible.contains(*at)).map(|at| bench.policy_name(at)).collect();
    match idle.as_slice() {
        [] => "no policy asks for it".to_owned(),
        [one] => format!("no enforced policy asks for it; {one} would, but is in report-only mode"),
        _ => format!("no enforced policy asks for it; {} would, but are in report-only mode", and_few(idle)),
    }
}
