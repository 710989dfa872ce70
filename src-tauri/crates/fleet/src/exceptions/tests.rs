//! What a policy leaves out, who answers for it, what each state allows, and what the sheet says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use conditional_access::tenant::{Group, Member, MemberKind, NamedLocation, Place, RoleAssignment, RoleDefinition, ServicePrincipal, User};
use conditional_access::{ConditionalAccessPolicy, Engine, Tenant};
use proptest::prelude::*;
use serde_json::{Value, json};
use store::{access_grants::GrantRow, mfa_exceptions::ExceptionRow};

use super::decide::{self, ExceptionAct, ExceptionState};
use super::{Found, Glass, Judged, Standing, SubjectKind, days, found, judged, papers, sheet};
use crate::{evidence::facts::SignOff, rules::Rules};

const ANA: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const BEN: &str = "aaaaaaaa-0000-4000-8000-000000000002";
const CLEO: &str = "aaaaaaaa-0000-4000-8000-000000000003";
const SAFE: &str = "aaaaaaaa-0000-4000-8000-00000000000f";
const GONE: &str = "aaaaaaaa-0000-4000-8000-0000000000ff";
const VIP: &str = "bbbbbbbb-0000-4000-8000-000000000001";
const UNREAD: &str = "bbbbbbbb-0000-4000-8000-000000000002";
const GLASS: &str = "bbbbbbbb-0000-4000-8000-000000000003";
const TRAVEL: &str = "bbbbbbbb-0000-4000-8000-000000000004";
const SYNC_ROLE: &str = "d29b2b05-8046-44ba-8758-1e26182fcf32";
const OFFICE: &str = "cccccccc-0000-4000-8000-000000000001";
const SCANNER_APP: &str = "dddddddd-0000-4000-8000-000000000001";
const POLICY: &str = "eeeeeeee-0000-4000-8000-000000000001";

fn now() -> DateTime<Utc> {
    "2026-11-21T09:00:00Z".parse().unwrap()
}

fn user(id: &str, name: &str) -> User {
    User {
        id: id.into(),
        upn: format!("{}@fabrikam.example", name.to_lowercase()),
        display_name: name.into(),
        user_type: Some("Member".into()),
        account_enabled: Some(true),
        ..User::default()
    }
}

fn group(id: &str, name: &str, members: Option<&[&str]>) -> Group {
    let members = members.map(|ids| ids.iter().map(|id| Member { id: (*id).into(), kind: MemberKind::User }).collect());
    Group { id: id.into(), display_name: name.into(), members, members_are_transitive: true }
}

/// Ben's account is blocked; Cleo holds the sync role; the account in the safe is in the break-glass group.
fn tenant(policies: &[Value]) -> Tenant {
    Tenant {
        policies: Some(policies.iter().map(|body| ConditionalAccessPolicy::from_value(body).unwrap()).collect()),
        users: Some(vec![user(ANA, "Ana"), User { account_enabled: Some(false), ..user(BEN, "Ben") }, user(CLEO, "Cleo"), user(SAFE, "Emergency 1")]),
        groups: Some(vec![
            group(VIP, "VIP", Some(&[ANA, BEN, SAFE])),
            group(UNREAD, "Somebody", None),
            group(GLASS, "Break glass", Some(&[SAFE])),
            group(TRAVEL, "Travel", Some(&[CLEO])),
        ]),
        role_definitions: Some(vec![RoleDefinition {
            id: SYNC_ROLE.into(),
            template_id: SYNC_ROLE.into(),
            display_name: "Directory Synchronization Accounts".into(),
        }]),
        role_assignments: Some(vec![RoleAssignment { role_id: SYNC_ROLE.into(), principal_id: CLEO.into(), directory_scope: "/".into() }]),
        role_eligibility: Some(Vec::new()),
        named_locations: Some(vec![NamedLocation {
            id: OFFICE.into(),
            display_name: "Office".into(),
            place: Place::Addresses { ranges: vec!["192.0.2.0/24".into()], trusted: Some(true) },
        }]),
        service_principals: Some(vec![ServicePrincipal {
            id: "sp".into(),
            app_id: SCANNER_APP.into(),
            display_name: "Scanner".into(),
            ..ServicePrincipal::default()
        }]),
        authentication_strengths: Some(Vec::new()),
        ..Tenant::default()
    }
}

/// MFA for everybody everywhere, with these conditions laid over it.
fn mfa(conditions: Value) -> Value {
    let mut policy = json!({
        "id": POLICY, "displayName": "CA003", "state": "enabled",
        "conditions": { "users": { "includeUsers": ["All"] }, "applications": { "includeApplications": ["All"] }, "clientAppTypes": ["all"] },
        "grantControls": { "operator": "OR", "builtInControls": ["mfa"] }
    });
    for (part, value) in conditions.as_object().unwrap() {
        let place = &mut policy["conditions"][part];
        match (place.as_object_mut(), value.as_object()) {
            (Some(old), Some(new)) => old.extend(new.clone()),
            _ => *place = value.clone(),
        }
    }
    policy
}

fn carved(conditions: Value) -> Vec<Found> {
    found(&Engine::new(tenant(&[mfa(conditions)]))).unwrap()
}

fn one(conditions: Value) -> Found {
    let mut all = carved(conditions);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn people(found: &Found) -> Option<Vec<&str>> {
    found.who.as_ref().map(|who| who.iter().map(String::as_str).collect())
}

fn glass() -> Glass {
    Glass { group: Some(GLASS.into()), accounts: BTreeSet::from([SAFE.to_owned()]) }
}

fn row(id: i64, kind: SubjectKind, subject: Option<&str>, policy: Option<&str>, state: &str) -> ExceptionRow {
    ExceptionRow {
        id,
        tenant: "t".into(),
        subject_kind: kind.name().into(),
        subject_id: subject.map(Into::into),
        subject_name: "VIP".into(),
        policy_id: policy.map(Into::into),
        policy_name: policy.map(|_| "CA003".into()),
        reason: "A scanner".into(),
        state: state.into(),
        asked_by: "Ida".into(),
        asked_at: 1,
        updated_at: 1,
        revision: 1,
        ..ExceptionRow::default()
    }
}

fn grant(user: &str, group: &str, state: &str) -> GrantRow {
    GrantRow {
        id: 1,
        tenant: "t".into(),
        user_id: user.into(),
        upn: "u".into(),
        user_name: "U".into(),
        group_id: group.into(),
        group_name: "Travel".into(),
        reason: "r".into(),
        state: state.into(),
        already_member: Some(false),
        ends_at: 9_000,
        requested_by: "Ida".into(),
        requested_at: 1,
        updated_at: 1,
        active_at: Some(2),
        revision: 1,
        ..GrantRow::default()
    }
}

#[test]
fn policies_that_were_never_read_leave_out_nobody_knows_what() {
    assert_eq!(found(&Engine::new(Tenant { policies: None, ..tenant(&[]) })), None);
    assert_eq!(found(&Engine::new(tenant(&[mfa(json!({}))]))), Some(Vec::new()), "a policy without an exclusion leaves out nothing");
}

#[test]
fn an_excluded_user_is_named_and_counted_once() {
    let ana = one(json!({ "users": { "excludeUsers": [ANA, ANA.to_uppercase()] } }));
    assert_eq!((ana.kind, ana.name.as_str(), people(&ana)), (SubjectKind::User, "Ana", Some(vec![ANA])));
    assert_eq!(ana.words, "Ana is excluded from CA003 by name");
    let ben = one(json!({ "users": { "excludeUsers": [BEN] } }));
    assert_eq!(people(&ben), Some(vec![]), "a blocked account signs in nowhere");
    let gone = one(json!({ "users": { "excludeUsers": [GONE] } }));
    assert_eq!((gone.name.as_str(), people(&gone)), ("a deleted or unread user", Some(vec![])));
    let unread = found(&Engine::new(Tenant { users: None, ..tenant(&[mfa(json!({ "users": { "excludeUsers": [ANA] } }))]) })).unwrap();
    assert_eq!(people(&unread[0]), Some(vec![ANA]), "without a directory the one who is named is the one who is let out");
}

#[test]
fn a_group_lets_out_its_members_whom_the_policy_would_reach() {
    let vip = one(json!({ "users": { "excludeGroups": [VIP] } }));
    assert_eq!((vip.words.as_str(), people(&vip)), ("Excluded from CA003 by group VIP", Some(vec![ANA, SAFE])));
    let narrow = one(json!({ "users": { "includeUsers": [CLEO], "excludeGroups": [VIP] } }));
    assert_eq!(people(&narrow), Some(vec![]), "nobody of the group was asked in the first place");
    assert_eq!(people(&one(json!({ "users": { "excludeGroups": [UNREAD] } }))), None, "members that were never read are unknown, not none");
    assert_eq!(people(&one(json!({ "users": { "excludeGroups": [GONE] } }))), None);
}

#[test]
fn a_role_a_kind_of_guests_and_all_guests_are_carve_outs() {
    let role = one(json!({ "users": { "excludeRoles": [SYNC_ROLE] } }));
    assert_eq!((role.name.as_str(), people(&role)), ("Directory Synchronization Accounts", Some(vec![CLEO])));
    let kinds = carved(
        json!({ "users": { "excludeGuestsOrExternalUsers": { "guestOrExternalUserTypes": "b2bCollaborationGuest,serviceProvider", "externalTenants": { "membershipKind": "all" } } } }),
    );
    assert_eq!(
        kinds.iter().map(|found| (found.id.as_str(), found.who.is_none())).collect::<Vec<_>>(),
        [("b2bcollaborationguest", true), ("serviceprovider", true)]
    );
    let of_one = one(
        json!({ "users": { "excludeGuestsOrExternalUsers": { "guestOrExternalUserTypes": "serviceProvider", "externalTenants": { "membershipKind": "enumerated", "members": [GONE] } } } }),
    );
    assert_eq!((of_one.id.clone(), of_one.name.as_str()), (format!("serviceprovider@{GONE}"), "service provider users of 1 organization"));
    assert_eq!(one(json!({ "users": { "excludeUsers": ["GuestsOrExternalUsers"] } })).kind, SubjectKind::Guests);
}

#[test]
fn applications_places_platforms_devices_and_clients_are_carve_outs() {
    let app = one(json!({ "applications": { "excludeApplications": [SCANNER_APP] } }));
    assert_eq!((app.kind, app.words.as_str(), app.who), (SubjectKind::Application, "CA003 does not guard Scanner", None));
    let office = one(json!({ "locations": { "includeLocations": ["All"], "excludeLocations": [OFFICE] } }));
    assert_eq!(office.words, "CA003 asks nobody who signs in from Office (a trusted location)");
    assert_eq!(one(json!({ "locations": { "includeLocations": ["All"], "excludeLocations": ["AllTrusted"] } })).name, "all trusted locations");
    assert_eq!(one(json!({ "platforms": { "includePlatforms": ["all"], "excludePlatforms": ["iOS"] } })).words, "CA003 does not reach iOS devices");
    let rule = r#"device.extensionAttribute1 -eq "SAW""#;
    let filter = one(json!({ "devices": { "deviceFilter": { "mode": "exclude", "rule": rule } } }));
    assert_eq!((filter.kind, filter.name.contains(rule)), (SubjectKind::Device, true));
    assert_eq!(carved(json!({ "devices": { "deviceFilter": { "mode": "include", "rule": rule } } })), [], "a filter that picks devices excludes none");
    assert_eq!(one(json!({ "applications": { "applicationFilter": { "mode": "exclude", "rule": "x -eq 1" } } })).kind, SubjectKind::Application);
    let browsers = one(json!({ "clientAppTypes": ["browser"] }));
    assert_eq!((browsers.kind, browsers.words.as_str()), (SubjectKind::Client, "CA003 does not reach mobile and desktop apps"));
    assert_eq!(
        carved(json!({ "clientAppTypes": ["browser", "mobileAppsAndDesktopClients"] })),
        [],
        "legacy clients cannot answer a prompt: blocking them is another policy's"
    );
}

#[test]
fn what_another_policy_for_everyone_names_is_not_left_out() {
    let mut other = mfa(json!({ "clientAppTypes": ["mobileAppsAndDesktopClients"] }));
    other["id"] = json!(GONE);
    let browsers = mfa(json!({ "clientAppTypes": ["browser"] }));
    assert_eq!(found(&Engine::new(tenant(&[browsers.clone(), other.clone()]))).unwrap(), []);
    other["state"] = json!("enabledForReportingButNotEnforced");
    let left: Vec<String> = found(&Engine::new(tenant(&[browsers, other]))).unwrap().into_iter().map(|found| found.id).collect();
    assert_eq!(left, ["mobileappsanddesktopclients"], "report-only asks nobody");
}

#[test]
fn only_policies_that_demand_mfa_or_block_legacy_clients_count() {
    let with = |change: &dyn Fn(&mut Value)| {
        let mut policy = mfa(json!({ "users": { "excludeUsers": [ANA] } }));
        change(&mut policy);
        found(&Engine::new(tenant(&[policy]))).unwrap()
    };
    assert_eq!(with(&|policy| policy["state"] = json!("disabled")), []);
    assert_eq!(with(&|policy| policy["grantControls"]["builtInControls"] = json!(["compliantDevice"])), []);
    assert_eq!(with(&|policy| policy["grantControls"]["builtInControls"] = json!(["block"])), [], "a policy that blocks everything guards something else");
    let report_only = with(&|policy| policy["state"] = json!("enabledForReportingButNotEnforced"));
    assert!(report_only[0].report_only);
    assert_eq!(
        with(&|policy| policy["grantControls"] =
            json!({ "operator": "OR", "builtInControls": [], "authenticationStrength": { "id": "00000000-0000-0000-0000-000000000004" } }))
        .len(),
        1
    );
    let legacy = with(&|policy| {
        policy["grantControls"]["builtInControls"] = json!(["block"]);
        policy["conditions"]["clientAppTypes"] = json!(["exchangeActiveSync", "other"]);
    });
    assert_eq!((legacy.len(), legacy[0].purpose), (1, super::Purpose::Legacy));
    let half = with(&|policy| {
        policy["grantControls"]["builtInControls"] = json!(["block"]);
        policy["conditions"]["clientAppTypes"] = json!(["other"]);
    });
    assert_eq!(half.iter().map(|found| found.id.as_str()).collect::<Vec<_>>(), [ANA, "exchangeactivesync"]);
    let unknown = with(&|policy| policy["conditions"]["users"]["excludeMoonPhases"] = json!(["full"]));
    assert!(unknown.iter().any(|found| found.id == "users.excludemoonphases"), "an exclusion that nobody knows yet is one: {unknown:?}");
}

fn stand(conditions: Value, register: &[ExceptionRow], grants: &[GrantRow]) -> Judged {
    judged(one(conditions), register, &glass(), grants)
}

#[test]
fn a_carve_out_is_matched_by_its_object_and_policy_or_all_policies() {
    let vip = || json!({ "users": { "excludeGroups": [VIP] } });
    let group = |policy, state| row(3, SubjectKind::Group, Some(VIP), policy, state);
    for state in ["draft", "sent", "signed"] {
        assert_eq!(stand(vip(), &[group(Some(POLICY), state)], &[]).standing, Standing::InRegister { numbers: vec![3] }, "{state}");
    }
    assert_eq!(stand(vip(), &[group(None, "signed")], &[]).standing, Standing::InRegister { numbers: vec![3] });
    assert_eq!(stand(vip(), &[group(Some(GONE), "signed")], &[]).standing, Standing::NotSignedOff, "another policy's exception is none of this one");
    assert_eq!(stand(vip(), &[group(Some(POLICY), "ended")], &[]).standing, Standing::NotSignedOff, "what has ended answers for nothing");
    assert_eq!(stand(vip(), &[group(Some(POLICY), "declined")], &[]).standing, Standing::Declined { number: 3 });
    let open = stand(vip(), &[], &[]);
    assert_eq!(
        (open.standing, open.people),
        (Standing::NotSignedOff, Some(BTreeSet::from([ANA.to_owned()]))),
        "the break-glass account among them is not counted"
    );
    let own = stand(vip(), &[row(4, SubjectKind::User, Some(ANA), None, "signed")], &[]);
    assert_eq!(own.standing, Standing::InRegister { numbers: vec![4] }, "everybody left in the group has an exception of their own");
}

#[test]
fn break_glass_is_by_design_and_time_bound_access_has_an_end() {
    assert_eq!(stand(json!({ "users": { "excludeGroups": [GLASS] } }), &[], &[]).standing, Standing::BreakGlass);
    assert_eq!(stand(json!({ "users": { "excludeUsers": [SAFE] } }), &[], &[]).standing, Standing::BreakGlass);
    let travel = || json!({ "users": { "excludeGroups": [TRAVEL] } });
    assert_eq!(stand(travel(), &[], &[grant(CLEO, TRAVEL, "active")]).standing, Standing::TimeBound { ends: vec![9_000] });
    assert_eq!(
        stand(travel(), &[], &[grant(CLEO, TRAVEL, "removed")]).standing,
        Standing::NotSignedOff,
        "she is in it, and no longer by an access with an end"
    );
    assert_eq!(stand(travel(), &[], &[grant(ANA, TRAVEL, "active")]).standing, Standing::NotSignedOff, "Cleo has no end");
    assert_eq!(stand(travel(), &[], &[]).standing, Standing::NotSignedOff);
    let unread = stand(json!({ "users": { "excludeGroups": [UNREAD] } }), &[], &[grant(CLEO, UNREAD, "active")]);
    assert_eq!((unread.standing, unread.people), (Standing::NotSignedOff, None), "nobody knows who else is in it");
}

#[test]
fn each_state_allows_its_acts_and_no_others() {
    use ExceptionAct::{Attach, Decline, Edit, End, Extend, Review, Send, Sign};
    let allowed = |state: &str| decide::acts(&row(1, SubjectKind::Other, None, None, state));
    assert_eq!(allowed("draft"), [Send, Sign, Decline, Edit, Attach, End]);
    assert_eq!(allowed("sent"), [Send, Sign, Decline, Edit, Attach, End]);
    assert_eq!(allowed("signed"), [Review, Extend, Attach, End]);
    assert_eq!(allowed("declined"), [Edit, Attach, End]);
    assert_eq!(allowed("ended"), [Attach]);
    for state in ["draft", "sent", "signed", "declined", "ended"] {
        let row = row(1, SubjectKind::Other, None, None, state);
        for act in [Edit, Send, Sign, Decline, Review, Extend, End, Attach] {
            assert_eq!(decide::may(&row, act, &Rules::default(), "Ida").is_ok(), decide::acts(&row).contains(&act), "{state} {act:?}");
        }
        let named = Rules { technicians: vec!["Jon".into()], ..Rules::default() };
        assert_eq!(decide::may(&row, Attach, &named, "Ida").unwrap_err().code, "rules.not_named");
        assert_eq!(ExceptionState::of(state).name(), state);
    }
}

#[test]
fn a_signature_needs_a_name_a_role_and_a_day_that_has_come() {
    let zone = days::zone("Pacific/Auckland");
    let sign = |by: &str, role: &str, on: &str| decide::signature(by, role, on, Some(" "), zone, "Ida Berg", now());
    let signed = sign(" Ana Silva ", "Managing director", "2026-11-21").unwrap();
    assert_eq!((signed.by.as_str(), days::written(zone, signed.at).as_deref(), signed.note), ("Ana Silva", Some("2026-11-21"), None));
    for (by, role, on, code) in [
        ("", "Managing director", "2026-11-21", "input.missing"),
        ("Ana", " ", "2026-11-21", "input.missing"),
        ("Ana", "CEO", "2026-11-22", "exceptions.day_ahead"),
        ("Ana", "CEO", "21.11.2026", "exceptions.no_day"),
        ("ida berg", "CEO", "2026-11-21", "exceptions.self_signed"),
    ] {
        assert_eq!(sign(by, role, on).unwrap_err().code, code, "{by} {role} {on}");
    }
}

#[test]
fn an_end_or_a_review_is_agreed_and_lasts_through_its_day_at_the_customers() {
    let zone = days::zone("Europe/Berlin");
    let end = decide::ahead(Some("2026-11-21"), "The end", zone, now()).unwrap().unwrap();
    assert_eq!(DateTime::from_timestamp_millis(end).unwrap().to_rfc3339(), "2026-11-21T22:59:59+00:00");
    assert_eq!(decide::ahead(Some("2026-11-20"), "The end", zone, now()).unwrap_err().code, "exceptions.day_past");
    assert_eq!(decide::ahead(Some(" "), "The end", zone, now()).unwrap(), None);
    assert_eq!(decide::bounded(None, None).unwrap_err().code, "exceptions.no_end");
    let until = |until, review_due| ExceptionRow { until, review_due, ..row(1, SubjectKind::Other, None, None, "signed") };
    let past = Some(now().timestamp_millis() - 1);
    let ahead = Some(now().timestamp_millis() + 1);
    assert_eq!(decide::sign_off(&until(ahead, ahead), now()), SignOff::Signed);
    assert_eq!(decide::sign_off(&until(past, ahead), now()), SignOff::Overdue);
    assert_eq!(decide::sign_off(&until(ahead, past), now()), SignOff::Overdue);
    let draft = ExceptionRow { state: "draft".into(), ..until(past, past) };
    assert_eq!((decide::sign_off(&draft, now()), decide::past_end(&draft, now()), decide::review_overdue(&draft, now())), (SignOff::NotSigned, true, false));
    // Clocks go back and forth, and where they skip midnight the day begins all the same.
    let skipped = chrono::NaiveDate::from_ymd_opt(2018, 11, 4).unwrap();
    assert_eq!(days::of(chrono_tz::UTC, days::begins(days::zone("America/Sao_Paulo"), skipped)), Some(skipped));
}

#[test]
fn the_name_of_an_attachment_leads_nowhere_else() {
    for (given, safe) in [
        ("signed.pdf", "signed.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Windows\system32\evil.exe", "evil.exe"),
        ("a:b|c?.pdf", "a_b_c_.pdf"),
        ("CON.pdf", "CON_.pdf"),
        ("com1", "com1_"),
        ("", "attachment"),
        ("...", "attachment"),
        (".pdf", "pdf"),
        ("exe.\u{202e}fdp", "exe.fdp"),
        ("a\nb\0.txt", "ab.txt"),
        ("Подпись договора.pdf", "Подпись договора.pdf"),
    ] {
        assert_eq!(papers::safe_name(given), safe, "{given:?}");
    }
    let long = papers::safe_name(&format!("{}.pdf", "ж".repeat(400)));
    assert!(long.chars().count() <= 130 && long.ends_with(".pdf"), "{long}");
}

#[test]
fn a_paper_is_taken_up_to_ten_megabytes_and_comes_back_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("signed.pdf");
    std::fs::write(&file, vec![7; 10 * 1024 * 1024]).unwrap();
    let paper = papers::read(&file).unwrap();
    assert_eq!((paper.media_type, paper.sha256.len()), ("application/pdf", 64));
    papers::write(&folder.path().join("back.pdf"), &paper.bytes).unwrap();
    assert_eq!(std::fs::read(folder.path().join("back.pdf")).unwrap(), paper.bytes);
    std::fs::write(&file, vec![7; 10 * 1024 * 1024 + 1]).unwrap();
    assert_eq!(papers::read(&file).unwrap_err().code, "exceptions.paper_too_large");
    std::fs::write(&file, "").unwrap();
    assert_eq!(papers::read(&file).unwrap_err().code, "exceptions.paper_empty");
    assert_eq!(papers::read(&folder.path().join("none.pdf")).unwrap_err().code, "file.cannot_read");
    assert_eq!(papers::read(folder.path()).unwrap_err().code, "file.cannot_read");
    assert_eq!(papers::write(&folder.path().join("no/such/folder.pdf"), b"x").unwrap_err().code, "file.cannot_write");
}

fn sheet_row(subject: &str, reason: &str) -> sheet::SheetRow {
    sheet::SheetRow {
        number: 7,
        subject: subject.into(),
        exempt_from: "CA003".into(),
        people: "1 person".into(),
        reason: reason.into(),
        compensating: String::new(),
        ticket: Some("T-1".into()),
        until: "31 January 2027".into(),
        review: None,
    }
}

fn sheet_of(rows: Vec<sheet::SheetRow>) -> sheet::SheetFacts {
    sheet::SheetFacts {
        customer: "Fabrikam".into(),
        domain: "fabrikam.example".into(),
        company: "Northgate IT".into(),
        made_at: now(),
        made_on: "21 November 2026".into(),
        made_by: "Ida".into(),
        rows,
    }
}

#[test]
fn hostile_text_breaks_no_row_of_the_sheet() {
    let text =
        sheet::markdown(&sheet_of(vec![sheet_row("Group A|B\n| x |", "<script>alert(1)</script> [click](http://evil.example) ![i](x) www.evil.example")]));
    let row = text.lines().find(|line| line.starts_with("| 7 ")).unwrap();
    let bars = row.replace(r"\|", "").matches('|').count();
    assert_eq!(bars, 10, "nine cells: {row}");
    assert!(row.contains(r"\<script\>") && row.contains(r"\[click\]") && row.contains(r"http\://") && row.contains(r"www\.evil"), "{row}");
    assert!(row.contains("(ticket T-1)") && row.contains("nothing was named"), "{row}");
    assert!(text.contains("| Name |  |") && text.contains("| Signature |  |"), "{text}");
}

proptest! {
    #[test]
    fn any_text_stays_one_cell(subject in any::<String>(), reason in any::<String>()) {
        let text = sheet::markdown(&sheet_of(vec![sheet_row(&subject, &reason)]));
        let row = text.lines().find(|line| line.starts_with("| 7 ")).unwrap();
        let mut bars = 0;
        let mut escaped = false;
        for letter in row.chars() {
            bars += usize::from(letter == '|' && !escaped);
            escaped = letter == '\\' && !escaped;
        }
        prop_assert_eq!(bars, 10);
    }

    /// Whatever a policy of MFA excludes is somewhere: in the register, break-glass, time-bound, or not signed off.
    #[test]
    fn every_exclusion_of_an_mfa_policy_is_accounted_for(
        users in proptest::sample::subsequence(vec![ANA, BEN, CLEO, SAFE, GONE, "GuestsOrExternalUsers"], 0..=6),
        groups in proptest::sample::subsequence(vec![VIP, UNREAD, GLASS, TRAVEL, GONE], 0..=5),
        roles in proptest::sample::subsequence(vec![SYNC_ROLE], 0..=1),
        applications in proptest::sample::subsequence(vec![SCANNER_APP, "Office365"], 0..=2),
        locations in proptest::sample::subsequence(vec![OFFICE, "AllTrusted"], 0..=2),
        platforms in proptest::sample::subsequence(vec!["iOS", "linux", "beos"], 0..=3),
        written in proptest::collection::vec((0..9_usize, proptest::bool::ANY, 0..5_usize), 0..6),
        granted in proptest::collection::vec((0..4_usize, 0..5_usize, 0..3_usize), 0..4),
    ) {
        let policy = mfa(json!({
            "users": { "excludeUsers": users, "excludeGroups": groups, "excludeRoles": roles },
            "applications": { "excludeApplications": applications },
            "locations": { "includeLocations": ["All"], "excludeLocations": locations },
            "platforms": { "includePlatforms": ["all"], "excludePlatforms": platforms },
        }));
        let wanted: BTreeSet<(String, String)> = users.iter().map(|id| (if id.starts_with('G') { "guests" } else { "user" }, *id))
            .chain(groups.iter().map(|id| ("group", *id)))
            .chain(roles.iter().map(|id| ("role", *id)))
            .chain(applications.iter().map(|id| ("application", *id)))
            .chain(locations.iter().map(|id| ("location", *id)))
            .chain(platforms.iter().map(|id| ("platform", *id)))
            .map(|(kind, id)| (kind.to_owned(), id.to_lowercase()))
            .collect();
        let subjects = [(SubjectKind::User, ANA), (SubjectKind::User, CLEO), (SubjectKind::Group, VIP), (SubjectKind::Group, TRAVEL), (SubjectKind::Group, UNREAD),
            (SubjectKind::Role, SYNC_ROLE), (SubjectKind::Location, "alltrusted"), (SubjectKind::Platform, "beos"), (SubjectKind::Application, SCANNER_APP)];
        let states = ["draft", "sent", "signed", "declined", "ended"];
        let register: Vec<ExceptionRow> = written.iter().enumerate().map(|(n, (subject, own, state))| {
            let (kind, id) = subjects[*subject];
            row(n as i64 + 1, kind, Some(id), own.then_some(POLICY), states[*state])
        }).collect();
        let grants: Vec<GrantRow> = granted.iter().map(|(who, group, state)| {
            grant([ANA, BEN, CLEO, SAFE][*who], [VIP, UNREAD, GLASS, TRAVEL, GONE][*group], ["active", "removed", "cancelled"][*state])
        }).collect();
        let all: Vec<Judged> = found(&Engine::new(tenant(&[policy]))).unwrap().into_iter().map(|found| judged(found, &register, &glass(), &grants)).collect();
        let listed: BTreeSet<(String, String)> = all.iter().map(|judged| (judged.found.kind.name().to_owned(), judged.found.id.clone())).collect();
        prop_assert_eq!(&listed, &wanted);
        prop_assert_eq!(all.len(), wanted.len(), "each once");
        for judged in &all {
            let whole = judged.found.who.clone();
            match &judged.standing {
                Standing::InRegister { numbers } => prop_assert!(numbers.iter().all(|number| register.iter().any(|row| row.id == *number && ["draft", "sent", "signed"].contains(&row.state.as_str())))),
                Standing::Declined { number } => prop_assert!(register.iter().any(|row| row.id == *number && row.state == "declined")),
                Standing::BreakGlass => prop_assert!(judged.found.id == GLASS || judged.found.id == SAFE),
                Standing::TimeBound { .. } => {
                    // Nobody is in it but emergency accounts, those with an end, and those who are written down themselves.
                    let has_end = |who: &String| grants.iter().any(|grant| grant.state == "active" && &grant.user_id == who && grant.group_id == judged.found.id);
                    let is_written = |who: &String| register.iter().any(|row| row.subject_id.as_ref() == Some(who) && ["draft", "sent", "signed"].contains(&row.state.as_str()));
                    prop_assert!(whole.unwrap().iter().all(|who| who == SAFE || has_end(who) || is_written(who)));
                }
                Standing::NotSignedOff => prop_assert!(!register.iter().any(|row| super::standing::is_for(row, &judged.found) && ["draft", "sent", "signed"].contains(&row.state.as_str()))),
            }
            if let (Some(left), Some(whole)) = (&judged.people, &judged.found.who) {
                prop_assert!(left.is_subset(whole), "nobody is counted whom it does not let out");
            }
        }
    }
}
