//! What Entra recorded for one policy of one sign-in, and what it says about whether the policy applied ("appliedConditionalAccessPolicy
//! resource type", "Analyze Conditional Access Policy Impact"). Words that nobody here knows say nothing.

use serde_json::Value;

/// One entry of `appliedConditionalAccessPolicies`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The policy's id, lower case.
    pub policy_id: String,
    pub policy_name: String,
    /// As Entra wrote it.
    pub result: String,
    pub says: Says,
}

/// What a recorded result says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Says {
    /// It applied and what it demands was met.
    Applied { met: bool, report_only: bool },
    /// Some condition did not fit.
    NotApplied { report_only: bool },
    /// The policy was switched off.
    Off,
    /// `unknown`, or a word that nobody here knows.
    Nothing,
}

impl Says {
    #[must_use]
    pub fn of(result: &str) -> Self {
        let is = |word: &str| result.eq_ignore_ascii_case(word);
        let applied = |met, report_only| Self::Applied { met, report_only };
        match () {
            () if is("success") => applied(true, false),
            () if is("failure") => applied(false, false),
            () if is("notApplied") => Self::NotApplied { report_only: false },
            () if is("notEnabled") => Self::Off,
            () if is("reportOnlySuccess") => applied(true, true),
            // Interrupted: "user action required", so its conditions fitted.
            () if is("reportOnlyFailure") || is("reportOnlyInterrupted") => applied(false, true),
            () if is("reportOnlyNotApplied") => Self::NotApplied { report_only: true },
            () => Self::Nothing,
        }
    }
}

impl Recorded {
    /// Reads the stored JSON. Anything but a list of objects is no record at all.
    #[must_use]
    pub fn list(json: &str) -> Vec<Self> {
        let Ok(Value::Array(entries)) = serde_json::from_str(json) else { return Vec::new() };
        entries
            .iter()
            .filter_map(|entry| {
                let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
                let result = text("result");
                Some(Self {
                    policy_id: entry.get("id")?.as_str()?.to_ascii_lowercase(),
                    policy_name: text("displayName").to_owned(),
                    says: Says::of(result),
                    result: result.to_owned(),
                })
            })
            .collect()
    }

    /// The result in plain English.
    #[must_use]
    pub fn meaning(&self) -> String {
        match (self.says, self.result.as_str()) {
            (Says::Applied { met: true, report_only: false }, _) => "applied, and what it demands was met".to_owned(),
            (Says::Applied { met: false, report_only: false }, _) => "applied, and what it demands was not met".to_owned(),
            (Says::Applied { met: true, report_only: true }, _) => "report-only: would have applied, and what it demands was met".to_owned(),
            (Says::Applied { met: false, report_only: true }, result) if result.eq_ignore_ascii_case("reportOnlyInterrupted") => {
                "report-only: would have applied, and the user would have been asked".to_owned()
            }
            (Says::Applied { met: false, report_only: true }, _) => "report-only: would have applied, and what it demands was not met".to_owned(),
            (Says::NotApplied { report_only: false }, _) => "did not apply: its conditions did not fit".to_owned(),
            (Says::NotApplied { report_only: true }, _) => "report-only: would not have applied".to_owned(),
            (Says::Off, _) => "was switched off".to_owned(),
            (Says::Nothing, "" | "unknown" | "unknownFutureValue") => "not recorded".to_owned(),
            (Says::Nothing, other) => format!("\u{201c}{other}\u{201d}, which Gatehouse does not know"),
        }
    }
}

/// Errors that end a sign-in before any policy is looked at: "Conditional Access policies are enforced after first-factor
/// authentication is completed" ("What is Conditional Access?"; the codes: "Microsoft Entra authentication and authorization error
/// codes"). What Entra lists for such a sign-in says nothing about the policies.
#[must_use]
pub fn ends_before_policies(error_code: i64) -> bool {
    matches!(
        error_code,
        // Password wrong, missing, expired or locked; account unknown or switched off; application unknown or not for this user.
        50_126 | 50_053 | 50_055 | 50_056 | 50_057 | 50_034 | 50_059 | 50_064 | 50_020 | 50_144 | 700_016 | 50_128 | 90_002 | 80_012
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn every_documented_result_says_whether_the_policy_applied() {
        for (result, says) in [
            ("success", Says::Applied { met: true, report_only: false }),
            ("failure", Says::Applied { met: false, report_only: false }),
            ("notApplied", Says::NotApplied { report_only: false }),
            ("notEnabled", Says::Off),
            ("unknown", Says::Nothing),
            ("unknownFutureValue", Says::Nothing),
            ("reportOnlySuccess", Says::Applied { met: true, report_only: true }),
            ("reportOnlyFailure", Says::Applied { met: false, report_only: true }),
            ("reportOnlyNotApplied", Says::NotApplied { report_only: true }),
            ("reportOnlyInterrupted", Says::Applied { met: false, report_only: true }),
            ("somethingNew", Says::Nothing),
        ] {
            assert_eq!(Says::of(result), says, "{result}");
        }
    }

    #[test]
    fn every_result_has_its_meaning() {
        for (result, meaning) in [
            ("success", "applied, and what it demands was met"),
            ("failure", "applied, and what it demands was not met"),
            ("notApplied", "did not apply: its conditions did not fit"),
            ("notEnabled", "was switched off"),
            ("unknown", "not recorded"),
            ("unknownFutureValue", "not recorded"),
            ("", "not recorded"),
            ("reportOnlySuccess", "report-only: would have applied, and what it demands was met"),
            ("reportOnlyFailure", "report-only: would have applied, and what it demands was not met"),
            ("reportOnlyNotApplied", "report-only: would not have applied"),
            ("reportOnlyInterrupted", "report-only: would have applied, and the user would have been asked"),
            ("somethingNew", "\u{201c}somethingNew\u{201d}, which Gatehouse does not know"),
        ] {
            let recorded = Recorded { policy_id: String::new(), policy_name: String::new(), result: result.to_owned(), says: Says::of(result) };
            assert_eq!(recorded.meaning(), meaning);
        }
    }

    #[test]
    fn what_is_no_list_of_policies_is_no_record() {
        for text in ["", "null", "{}", "[1,\"x\",{}]", "[{\"id\":7}]"] {
            assert!(Recorded::list(text).is_empty(), "{text}");
        }
        let read = Recorded::list(r#"[{"id":"AA","displayName":"P","result":"failure"},{"id":"b","result":"odd"}]"#);
        assert_eq!((read.len(), read[0].policy_id.as_str(), read[1].says), (2, "aa", Says::Nothing));
        assert!(read[1].meaning().contains("odd"));
    }
}
