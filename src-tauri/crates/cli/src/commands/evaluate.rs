//! `evaluate`: Graph's what-if question asked of a snapshot or of what was synced. One request gives one document; JSON Lines give one
//! line a request, written as fast as they are judged. Only a terminal is answered in words: a program gets Graph's shape.

use std::cell::RefCell;
use std::io::{BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::Path;

use conditional_access::Request;
use conditional_access::evaluate::words::reason_words;
use conditional_access::evaluate::{Answer, Engine, Outcome, PolicyResult, Verdict};
use fleet::problem::problem;
use fleet::views::Problem;
use serde_json::{Value, json};

use super::judged::judged;
use crate::arguments::{Arguments, Evaluate};
use crate::output::{Done, Failure, Output};

pub fn run(arguments: &Arguments, options: &Evaluate, output: Output) -> Done {
    let text = read(&options.request)?;
    let judged = judged(arguments, &options.source)?;
    let engine = judged.tenant.readable()?;
    let text = text.trim_start_matches('\u{feff}').trim();
    // One document may have many lines; JSON Lines have a whole document on each.
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(requests)) => {
            lines(engine, requests.iter().enumerate().map(|(n, request)| (n + 1, Request::from_value(request).map_err(|error| refused(&error)))))
        }
        Ok(request) => {
            let request = Request::from_value(&request).map_err(|error| refused(&error))?;
            let in_words = !output.json && std::io::stdout().is_terminal();
            if !in_words && !text.contains('\n') {
                // JSON Lines of one line look like this, too.
                return lines(engine, std::iter::once((1, Ok(request))));
            }
            let answer = engine.evaluate(&request).to_graph_value(engine);
            Output { json: !in_words }.print(&answer, human)
        }
        Err(error) if !is_lines(text) => {
            let what = format!("The request in {} is not JSON (line {}, column {})", options.request.display(), error.line(), error.column());
            Err(problem("whatIf.requestNotJson", what, "Write one request as JSON, or one a line.").with_details(error).into())
        }
        Err(_) => {
            let requests = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            lines(engine, requests.map(|(n, line)| (n + 1, Request::from_json(line.trim()).map_err(|error| refused(&error)))))
        }
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| BufReader::new(file).read_to_end(&mut bytes))
    };
    let unreadable = |error: &dyn std::fmt::Display| {
        problem(
            "whatIf.requestUnreadable",
            format!("The request file {} cannot be read", path.display()),
            "Name a file with a request of conditionalAccess/evaluate.",
        )
        .with_details(error)
    };
    read.map_err(|error| unreadable(&error))?;
    Ok(snapshot::decode(&bytes).map_err(|error| unreadable(&format!("line {}: {}", error.line, error.what)))?)
}

/// Whether some line is a whole request of its own: then a line that is none is one bad request among others.
fn is_lines(text: &str) -> bool {
    text.lines().filter(|line| !line.trim().is_empty()).nth(1).is_some()
        && text.lines().any(|line| {
            serde_json::from_str::<Value>(line)
                .is_ok_and(|value| value.as_object().is_some_and(|request| request.keys().any(|name| name.starts_with("signIn"))))
        })
}

fn refused(error: &conditional_access::evaluate::RequestError) -> Problem {
    problem(error.code(), format!("The request cannot be judged: {error}"), error.next_step())
}

/// One line for each request, in order. A request that is none gets a line that says so; then the command ends with 1.
fn lines(engine: &Engine, requests: impl Iterator<Item = (usize, Result<Request, Problem>)>) -> Done {
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    let mut failed: Option<(usize, Problem)> = None;
    let mut count = 0usize;
    let shapes = Shapes::new(engine);
    for (line, request) in requests {
        let written = match request {
            Ok(request) => shapes.write(&mut out, engine, &engine.evaluate(&request)),
            Err(problem) => {
                count += 1;
                let line_error = json!({ "error": { "line": line, "code": problem.code, "what": problem.what, "nextStep": problem.next_step } });
                failed.get_or_insert((line, problem));
                serde_json::to_writer(&mut out, &line_error).map_err(std::io::Error::from)
            }
        };
        // A reader that closed its end (`| head`) is no failure.
        if written.and_then(|()| out.write_all(b"\n")).is_err() {
            return Ok(());
        }
    }
    let _ = out.flush();
    drop(out);
    match failed {
        None => Ok(()),
        Some((line, first)) => Err(problem(
            &first.code,
            format!("{count} of the requests cannot be judged, the first on line {line}: {}", first.what.trim_start_matches("The request cannot be judged: ")),
            first.next_step,
        )
        .into()),
    }
}

/// How many different outcomes of one policy, and verdicts, are kept as text: many requests, few answers.
const KEPT: usize = 64;

/// The policies as JSON, made once: in a hundred thousand answers they are most of the bytes; what was written before is
/// written again without putting it into words. The result is that of `Answer::to_graph_value`.
struct Shapes {
    /// Without the closing brace, and with a comma where something follows.
    heads: Vec<String>,
    tails: RefCell<Vec<Kept<PolicyResult>>>,
    verdicts: RefCell<Kept<Verdict>>,
}

/// Texts by what they say, the latest first.
struct Kept<T>(Vec<(T, String)>);

impl<T: Clone + PartialEq> Kept<T> {
    fn text(&mut self, of: &T, make: impl FnOnce() -> std::io::Result<String>) -> std::io::Result<&str> {
        match self.0.iter().position(|(known, _)| known == of) {
            Some(0) => {}
            Some(place) => self.0.swap(0, place),
            None => {
                let text = make()?;
                self.0.truncate(KEPT - 1);
                self.0.insert(0, (of.clone(), text));
            }
        }
        Ok(self.0.first().map_or("", |(_, text)| text.as_str()))
    }
}

impl Shapes {
    fn new(engine: &Engine) -> Self {
        let head = |policy: &conditional_access::ConditionalAccessPolicy| {
            let mut text = policy.to_value().to_string();
            text.pop();
            if text.len() > 1 {
                text.push(',');
            }
            text
        };
        let heads: Vec<String> = engine.policies().iter().map(head).collect();
        Self { tails: RefCell::new(heads.iter().map(|_| Kept(Vec::new())).collect()), heads, verdicts: RefCell::new(Kept(Vec::new())) }
    }

    fn write(&self, out: &mut impl Write, engine: &Engine, answer: &Answer) -> std::io::Result<()> {
        out.write_all(b"{\"@odata.context\":\"https://graph.microsoft.com/v1.0/$metadata#Collection(microsoft.graph.whatIfAnalysisResult)\",\"value\":[")?;
        let shown = answer.results.iter().filter(|result| !answer.applied_policies_only || result.outcome != Outcome::DoesNotApply);
        for (place, result) in shown.enumerate() {
            if place > 0 {
                out.write_all(b",")?;
            }
            out.write_all(self.heads.get(result.policy).map_or("{", String::as_str).as_bytes())?;
            if let Some(kept) = self.tails.borrow_mut().get_mut(result.policy) {
                out.write_all(kept.text(result, || tail(engine, result))?.as_bytes())?;
            }
        }
        out.write_all(b"],\"verdict\":")?;
        let mut verdicts = self.verdicts.borrow_mut();
        out.write_all(verdicts.text(&answer.verdict, || Ok(answer.verdict.to_value(engine, engine).to_string()))?.as_bytes())?;
        out.write_all(b"}")
    }
}

/// What follows the policy's own members, with the closing brace.
fn tail(engine: &Engine, result: &PolicyResult) -> std::io::Result<String> {
    let reasons: Vec<String> = result.reasons.iter().map(|reason| reason_words(reason, engine)).collect();
    Ok(format!(
        "\"policyApplies\":{},\"analysisReasons\":\"{}\",\"gatehouse\":{{\"outcome\":\"{}\",\"reasons\":{}}}}}",
        result.outcome == Outcome::Applies,
        result.analysis_reasons.to_graph(),
        result.outcome.as_text(),
        serde_json::to_string(&reasons)?
    ))
}

fn human(answer: &Value) -> String {
    let verdict = &answer["verdict"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut said = match verdict["access"].as_str() {
        Some("blocked") => "Blocked\n".to_owned(),
        Some("granted") => match verdict["requires"].as_array().map(Vec::as_slice).unwrap_or_default() {
            [] => "Granted; nothing is demanded\n".to_owned(),
            controls => format!("Granted, once satisfied: {}\n", controls.iter().map(control).collect::<Vec<_>>().join(", ")),
        },
        _ => "Cannot say\n".to_owned(),
    };
    for reason in verdict["reasons"].as_array().into_iter().flatten() {
        said += &format!("  {}\n", text(reason));
    }
    let rows: Vec<Vec<String>> = answer["value"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|policy| {
            let outcome = match policy["gatehouse"]["outcome"].as_str() {
                Some("applies") => "applies",
                Some("doesNotApply") => "does not apply",
                _ => "cannot say",
            };
            let state = match policy["state"].as_str() {
                Some("enabled") => "on",
                Some("disabled") => "off",
                Some("enabledForReportingButNotEnforced") => "report-only",
                other => other.unwrap_or("unknown"),
            };
            let reasons = policy["gatehouse"]["reasons"].as_array().into_iter().flatten().map(text).collect::<Vec<_>>().join(" ");
            vec![text(&policy["displayName"]), state.to_owned(), outcome.to_owned(), reasons]
        })
        .collect();
    said + "\n" + &crate::output::table(&["Policy", "State", "Outcome", "Why"], &rows)
}

fn control(value: &Value) -> String {
    match value["anyOf"].as_array() {
        Some(choice) => choice.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        None => value.as_str().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use conditional_access::{ConditionalAccessPolicy, Tenant};

    use super::*;

    #[test]
    fn a_line_is_the_answer_that_the_engine_writes() {
        let policy = |value: Value| ConditionalAccessPolicy::from_value(&value).unwrap();
        let mfa = json!({ "id": "p1", "displayName": "MFA \"for\" all", "state": "enabled", "unknown": { "kept": [1] },
            "conditions": { "users": { "includeUsers": ["All"] }, "applications": { "includeApplications": ["All"] }, "clientAppTypes": ["all"] },
            "grantControls": { "operator": "OR", "builtInControls": ["mfa"] } });
        let engine = Engine::new(Tenant { policies: Some(vec![policy(mfa), policy(json!({}))]), users: Some(Vec::new()), ..Tenant::default() });
        for applied_only in [false, true] {
            let request = json!({ "signInIdentity": { "@odata.type": "#microsoft.graph.userSignIn", "userId": "u" },
                "signInContext": { "@odata.type": "#microsoft.graph.applicationContext", "includeApplications": ["a"] },
                "signInConditions": {}, "appliedPoliciesOnly": applied_only });
            let answer = engine.evaluate(&Request::from_value(&request).unwrap());
            let shapes = Shapes::new(&engine);
            for _ in 0..2 {
                let mut line = Vec::new();
                shapes.write(&mut line, &engine, &answer).unwrap();
                assert_eq!(serde_json::from_slice::<Value>(&line).unwrap(), answer.to_graph_value(&engine), "the second time from what was kept");
            }
            let said = human(&answer.to_graph_value(&engine));
            assert!(said.starts_with("Cannot say\n") && said.lines().any(|line| line.starts_with("MFA \"for\" all") && line.contains("cannot say")), "{said}");
        }
    }

    #[test]
    fn texts_are_kept_by_what_they_say_and_never_without_end() {
        let mut kept = Kept(Vec::new());
        for round in 0..3 * KEPT {
            assert_eq!(kept.text(&round, || Ok(round.to_string())).unwrap(), round.to_string());
            assert_eq!(kept.text(&0, || Ok("0".to_owned())).unwrap(), "0");
        }
        assert!(kept.0.len() <= KEPT);
    }
}
