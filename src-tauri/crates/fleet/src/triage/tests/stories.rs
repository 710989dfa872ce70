//! From the failing sign-in to the way out.

use super::*;
use crate::reasons::Cause;
use crate::views::triage::{Source, WayOut};

fn in_singapore(times: i64) -> Vec<SignInRow> {
    (0..times).map(|n| abroad(refused(HOUR * (n + 1), 53003, &[(MFA, "success", "Mfa"), (COUNTRIES, "failure", "Block")]))).collect()
}

#[test]
fn a_block_abroad_names_the_policy_the_place_and_an_exception_for_the_journey() {
    let mut rows = in_singapore(25);
    rows.extend(worked(19));
    let found = Story {
        policies: excluding(vec![GroupFacts {
            id: "g1".to_owned(),
            display_name: "CA-Travel".to_owned(),
            dynamic: Some(false),
            already_in: Some(false),
            ..GroupFacts::default()
        }]),
        ..Story::of(rows)
    }
    .told();
    assert_eq!(found.answer, "CA004 Block outside Europe refused all 25 failing sign-ins");
    assert_eq!((found.failures, found.working, found.groups.len()), (25, 19, 1));
    assert_eq!(found.last_success.as_ref().unwrap().place, "Piraeus, GR");
    let group = &found.groups[0];
    assert_eq!((group.cause, group.by, group.failures), (Cause::Policy, Some(Source::Entra), 25));
    assert_eq!(group.demand.as_deref(), Some("Blocks the sign-in"));
    assert_eq!(group.conditions[0].words, "Place: Singapore, SG is not in Europe");
    assert_eq!((group.conditions[0].sign_ins, group.conditions_by), (25, Some(Source::Engine)));
    assert!(group.reasons[0].tell_user.contains("where you are") && !group.reasons[0].next_step.is_empty());
    assert_eq!(group.comparison.differences[0].title, "Country");
    assert_eq!(group.ways.recommended, [WayOut::Exception, WayOut::GenuineBlock]);
    assert!(group.ways.why.contains("exception for the journey") && group.ways.why.contains("reset the password"));
    assert_eq!(group.ways.change.as_deref(), Some(COUNTRIES));
    assert_eq!(group.ways.groups[0].display_name, "CA-Travel");
    assert_eq!(group.sign_in, format!("sign-in-{HOUR}"), "the newest");
}

#[test]
fn policies_are_ranked_by_failures_and_what_is_no_policys_doing_stands_apart() {
    let mut rows = in_singapore(3);
    rows.extend((0..7).map(|n| SignInRow {
        device_id: String::new(),
        compliant: Some(false),
        ..refused(DAY + n, 53000, &[(DEVICES, "failure", "RequireCompliantDevice")])
    }));
    rows.extend((0..5).map(|n| refused(2 * DAY + n, 50126, &[(COUNTRIES, "notApplied", "Block")])));
    rows.push(refused(9 * DAY, 53003, &[(COUNTRIES, "failure", "Block")]));
    let found = Story::of(rows).told();
    let ranked: Vec<(&str, u32)> = found.groups.iter().map(|group| (group.title.as_str(), group.failures)).collect();
    assert_eq!(
        ranked,
        [("CA005 Compliant devices", 7), ("Wrong or expired password", 5), ("CA004 Block outside Europe", 3)],
        "what is older than 7 days does not count"
    );
    assert_eq!(found.answer, "CA005 Compliant devices refused 7 of 15 failing sign-ins");
    let password = &found.groups[1];
    assert_eq!((password.cause, password.policy.as_ref(), password.by), (Cause::Password, None, None));
    assert!(password.ways.why.starts_with("Not Conditional Access") && password.ways.recommended.is_empty() && password.ways.change.is_none());
}

#[test]
fn a_device_that_is_not_managed_is_a_genuine_block_or_an_exception_until_it_is() {
    let rows = (0..4).map(|n| SignInRow {
        device_id: String::new(),
        device_name: String::new(),
        compliant: Some(false),
        ..refused(DAY + n, 53000, &[(DEVICES, "failure", "RequireCompliantDevice")])
    });
    let found = Story::of(rows.collect()).told();
    assert_eq!(found.groups[0].demand.as_deref(), Some("Demands a compliant device"));
    assert!(found.groups[0].ways.why.contains("not registered"), "{}", found.groups[0].ways.why);
    assert_eq!(found.groups[0].ways.recommended, [WayOut::GenuineBlock, WayOut::Exception]);
    let known = Story::of(vec![SignInRow { compliant: Some(false), ..refused(DAY, 53000, &[(DEVICES, "failure", "RequireCompliantDevice")]) }]).told();
    assert!(known.groups[0].ways.why.contains("known and not compliant"));
}

#[test]
fn legacy_authentication_that_is_blocked_is_a_genuine_block() {
    let rows = (0..4).map(|n| SignInRow { client_app: "IMAP4".to_owned(), legacy: true, ..refused(DAY + n, 53003, &[(LEGACY, "failure", "Block")]) });
    let found = Story::of(rows.collect()).told();
    let group = &found.groups[0];
    assert_eq!(group.conditions[0].words, "Client: IMAP4, which is legacy authentication");
    assert_eq!(group.ways.recommended, [WayOut::GenuineBlock]);
    assert!(group.ways.why.contains("modern authentication"));
}

#[test]
fn mfa_that_was_denied_and_mfa_that_nobody_registered_are_not_the_policys_fault() {
    let denied = Story::of(vec![refused(HOUR, 500_121, &[(MFA, "failure", "Mfa")])]).told();
    assert_eq!((denied.groups[0].cause, denied.groups[0].title.as_str()), (Cause::Mfa, "CA001 MFA for everybody"));
    assert_eq!(denied.answer, "CA001 MFA for everybody asked for MFA, and it was not completed in the one failing sign-in");
    assert!(denied.groups[0].ways.why.contains("whether it was the user") && denied.groups[0].reasons[0].next_step.contains("reset the password"));
    let unregistered = Story::of(vec![refused(HOUR, 50079, &[(MFA, "failure", "Mfa")])]).told();
    assert_eq!((unregistered.interrupted, unregistered.groups[0].cause), (1, Cause::MfaRegistration));
    assert!(unregistered.groups[0].ways.why.contains("temporary access pass"));
    assert_eq!(unregistered.groups[0].ways.recommended, [WayOut::GenuineBlock]);
}

#[test]
fn a_question_that_was_answered_is_no_lockout() {
    let asked = refused(HOUR, 50074, &[(MFA, "failure", "Mfa")]);
    let went_on = row(HOUR - 60_000);
    assert_eq!(Story::of(vec![asked.clone(), went_on]).told().failures, 0);
    let same_thread = |row: SignInRow| SignInRow { other: json!({"correlationId": "c1"}).to_string(), ..row };
    let elsewhere = SignInRow { ip: "203.0.113.9".to_owned(), ..row(HOUR - 60_000) };
    assert_eq!(Story::of(vec![asked.clone(), elsewhere.clone()]).told().failures, 1, "another place is another sign-in");
    assert_eq!(Story::of(vec![same_thread(asked.clone()), same_thread(elsewhere)]).told().failures, 0);
    assert_eq!(Story::of(vec![asked, row(HOUR + 60_000)]).told().failures, 1, "what came before answers nothing");
    assert_eq!(Story::of(vec![refused(HOUR, 50140, &[])]).told().failures, 0, "whether to stay signed in");
}

#[test]
fn where_entra_recorded_no_policy_the_engine_names_the_one_that_would_refuse() {
    let found = Story::of(vec![abroad(refused(HOUR, 53003, &[]))]).told();
    let group = &found.groups[0];
    assert_eq!((group.title.as_str(), group.by), ("CA004 Block outside Europe", Some(Source::Engine)));
    assert_eq!(found.answer, "By today's policies, CA004 Block outside Europe refused the one failing sign-in; Entra named none");
    let nowhere = Story::of(vec![refused(HOUR, 53003, &[])]).told();
    assert_eq!(nowhere.groups[0].title, "Refused by Conditional Access, the policy is not recorded", "no policy of today would block it at home");
    let unread = Story::of(vec![abroad(refused(HOUR, 53003, &[]))]).told_with(None);
    assert_eq!(unread.groups[0].policy, None);
    assert!(unread.remarks.iter().any(|remark| remark.contains("never read")));
}

#[test]
fn what_entra_recorded_of_the_conditions_goes_before_what_the_engine_says() {
    let mut failing = abroad(refused(HOUR, 53003, &[]));
    failing.applied = json!([{"id": COUNTRIES, "displayName": "CA004", "result": "failure", "enforcedGrantControls": ["Block"],
        "includeRulesSatisfied": [{"conditionalAccessCondition": "users", "ruleSatisfied": "groupId"}, {"conditionalAccessCondition": "location", "ruleSatisfied": "allLocations"},
            {"conditionalAccessCondition": "application", "ruleSatisfied": "allApps"}]}])
    .to_string();
    let group = &Story::of(vec![failing]).told().groups[0];
    assert_eq!(group.conditions_by, Some(Source::Entra));
    let words: Vec<&str> = group.conditions.iter().map(|condition| condition.words.as_str()).collect();
    assert_eq!(words, ["Place: any place is included, and this one is not left out", "User: through a group that the policy names"]);
}

#[test]
fn a_policy_that_was_changed_before_it_began_is_looked_at_first() {
    let mut rows = in_singapore(5);
    rows.extend((0..9).map(|n| abroad(row(3 * DAY + n * HOUR))));
    let change =
        |at| BTreeMap::from([(COUNTRIES.to_owned(), PolicyFacts { changed: Some((at, Some("Maria".to_owned()))), others: Some(7), ..PolicyFacts::default() })]);
    let found = Story { policies: change(NOW - DAY), ..Story::of(rows.clone()) }.told();
    let group = &found.groups[0];
    assert!(group.change.as_ref().unwrap().began_it);
    assert_eq!(group.ways.recommended, [WayOut::ChangePolicy]);
    assert_eq!(group.others, Some(7));
    assert!(group.comparison.differences.is_empty() && group.comparison.sentence.starts_with("Nothing separates"));
    let after = Story { policies: change(NOW - 2 * HOUR), ..Story::of(rows.clone()) }.told();
    assert!(!after.groups[0].change.as_ref().unwrap().began_it, "it failed before the change, too");
    let long_ago = Story { policies: change(NOW - 90 * DAY), ..Story::of(rows) }.told();
    assert_eq!(long_ago.groups[0].change, None);
}

#[test]
fn a_policy_that_was_mended_since_asks_for_another_try_and_one_that_is_gone_too() {
    let mut open = policies();
    open[2]["conditions"]["locations"]["excludeLocations"] = json!(["All"]);
    let found = Story::of(in_singapore(2)).told_with(Some(&engine(&open)));
    let group = &found.groups[0];
    assert!(group.today.as_ref().unwrap().starts_with("As it is today the policy does not apply to it."), "{:?}", group.today);
    assert!(group.ways.recommended.is_empty() && group.ways.why.contains("sign in again"));
    let gone = Story::of(in_singapore(2)).told_with(Some(&engine(&policies()[..2])));
    assert!(gone.groups[0].gone && gone.groups[0].ways.change.is_none());
    assert_eq!(gone.groups[0].title, "recorded 4", "as Entra named it then");
    assert!(gone.groups[0].ways.why.contains("deleted"));
}

#[test]
fn only_a_group_into_which_a_person_can_be_put_is_offered() {
    let group = |id: &str, name: &str| GroupFacts { id: id.to_owned(), display_name: name.to_owned(), ..GroupFacts::default() };
    let unfit = vec![
        GroupFacts { dynamic: Some(true), ..group("g1", "All contractors") },
        GroupFacts { synced: Some(true), ..group("g2", "OnPrem VIP") },
        GroupFacts { break_glass: true, ..group("g3", "Emergency") },
        GroupFacts { missing: true, ..group("g4", "") },
        GroupFacts { role_assignable: Some(true), ..group("g6", "Tier 0") },
    ];
    let ways = Story { policies: excluding(unfit.clone()), ..Story::of(in_singapore(1)) }.told().groups[0].ways.clone();
    assert!(ways.groups.is_empty());
    let why = ways.no_group.unwrap();
    for part in [
        "All contractors has dynamic members",
        "OnPrem VIP is synced",
        "Emergency is for break-glass accounts",
        "Tier 0 can hold administrator roles",
        "A change of the policy can add one",
    ] {
        assert!(why.contains(part), "{part}: {why}");
    }
    let mut all = unfit;
    all.push(GroupFacts { also: vec!["CA001".to_owned()], already_in: Some(true), ..group("g5", "CA-Travel") });
    let ways = Story { policies: excluding(all), ..Story::of(in_singapore(1)) }.told().groups[0].ways.clone();
    assert_eq!((ways.groups.len(), ways.no_group), (1, None));
    assert_eq!((ways.groups[0].also.clone(), ways.groups[0].already_in), (vec!["CA001".to_owned()], Some(true)));
    let none = Story::of(in_singapore(1)).told().groups[0].ways.clone();
    assert!(none.no_group.unwrap().contains("excludes no group"));
}

#[test]
fn one_sign_in_is_answered_with_its_own_policies_only() {
    let mut rows = in_singapore(3);
    rows.push(refused(5 * HOUR, 50126, &[]));
    rows.push(abroad(refused(6 * HOUR, 53003, &[(COUNTRIES, "failure", "Block"), (DEVICES, "failure", "RequireCompliantDevice")])));
    let of = |id: i64| Story { only: Some(format!("sign-in-{id}")), ..Story::of(rows.clone()) }.told();
    assert_eq!(of(5 * HOUR).groups.iter().map(|group| group.cause).collect::<Vec<_>>(), [Cause::Password]);
    let both = of(6 * HOUR);
    assert_eq!(both.groups.iter().map(|group| (group.key.as_str(), group.failures)).collect::<Vec<_>>(), [(COUNTRIES, 4), (DEVICES, 1)]);
}

#[test]
fn a_block_that_somebody_called_genuine_says_so_and_how_often_it_came_since() {
    let mark = Mark {
        at: NOW - 2 * HOUR - 1,
        by: "Robin".to_owned(),
        key: COUNTRIES.to_owned(),
        title: "CA004 Block outside Europe".to_owned(),
        sign_in: "x".to_owned(),
        note: Some("not him".to_owned()),
    };
    let found = Story { marks: vec![mark], ..Story::of(in_singapore(5)) }.told();
    assert_eq!((found.marks[0].by.as_str(), found.marks[0].failures_since, found.marks[0].note.as_deref()), ("Robin", 2, Some("not him")));
}

#[test]
fn nobody_who_gets_in_is_locked_out() {
    let found = Story::of(worked(3)).told();
    assert_eq!((found.failures, found.groups.len(), found.answer.as_str()), (0, 0, "No failing sign-in in 7 days"));
}

#[test]
fn security_defaults_are_no_policy_and_have_no_exception() {
    let found = Story::of(vec![refused(HOUR, 530_035, &[])]).told();
    assert_eq!(found.groups[0].title, "Blocked by security defaults");
    assert!(found.groups[0].ways.why.contains("no exceptions") && found.groups[0].ways.groups.is_empty());
}
