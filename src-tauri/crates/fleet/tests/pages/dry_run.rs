//! Dry runs over Contoso's store: what a change would have done to real sign-ins, whom it reaches, and what speaks against it.

use fleet::change::{DryRunBody, Rehearsal, Target, dry_run};
use fleet::views::changes::{GuardWeight, Impact, ImpactFilter, ImpactKind};
use serde_json::{Value, json};

use super::*;

const VIP: &str = "aaaaaaaa-0000-0000-0000-000000000003";
const CA003: &str = "cccccccc-0000-0000-0000-000000000003";

fn ca003(change: impl FnOnce(&mut Value)) -> Value {
    let mut policy = json!({
        "id": CA003, "displayName": "CA003 MFA", "state": "enabled",
        "conditions": {"clientAppTypes": ["all"], "users": {"includeUsers": ["All"], "excludeGroups": [VIP]}, "applications": {"includeApplications": ["All"]}},
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}
    });
    change(&mut policy);
    policy
}

/// Contoso with one policy, CA003, and the group VIP of Ada, Bob, Carol and Eve, each of whom signed in yesterday; Dan did too.
fn vip(policy: &Value, versions_days: i64) -> Contoso {
    let contoso = contoso();
    contoso
        .store
        .write(|tx| {
            let group = GroupRow {
                tenant: TENANT.to_owned(),
                id: VIP.to_owned(),
                display_name: "VIP".to_owned(),
                role_assignable: Some(false),
                dynamic: Some(false),
                on_premises_sync: None,
                other: "{}".to_owned(),
                generation: 1,
                members_read_at: None,
            };
            store::groups::put_all(tx, &[group])?;
            let member = |id: &str| MemberRow {
                tenant: TENANT.to_owned(),
                group_id: VIP.to_owned(),
                member_id: id.to_owned(),
                member_type: "user".to_owned(),
                direct: true,
            };
            store::groups::replace_members(tx, TENANT, VIP, &["ada", "bob", "carol", "eve"].map(member), ago(0))?;
            let state = policy["state"].as_str().unwrap_or_default().to_owned();
            let seen = Seen { id: CA003.to_owned(), display_name: "CA003 MFA".to_owned(), state, body: policy.to_string(), changed_at: None };
            store::policies::replace(tx, TENANT, &[seen], ago(versions_days), fleet::policies::differs)?;
            let result = if policy["state"] == "enabled" { "success" } else { "reportOnlyInterrupted" };
            let recorded = json!([{"id": CA003, "displayName": "CA003 MFA", "result": result}]);
            let none = json!([{"id": CA003, "displayName": "CA003 MFA", "result": "notApplied"}]);
            for user in ["ada", "bob", "carol", "eve", "dan"] {
                let applied = if user == "dan" { recorded.clone() } else { none.clone() };
                let name = store::users::get(tx, TENANT, user)?.map(|row| row.display_name).unwrap_or_default();
                store::sign_ins::insert(tx, &[SignInRow { user_name: name, ..sign_in(&format!("v-{user}"), user, 1, 0, applied) }])?;
            }
            Ok(())
        })
        .unwrap();
    contoso
}

fn rehearsal(target: Target, before: Option<Value>, after: Option<Value>) -> Rehearsal {
    Rehearsal { tenant: TENANT.to_owned(), now: now(), target, before, after, acting: None, follows_report_only: false }
}

fn change(before: Option<Value>, after: Option<Value>) -> Rehearsal {
    rehearsal(Target::Policy(before.as_ref().map(|_| CA003.to_owned())), before, after)
}

fn run(contoso: &Contoso, rehearsal: &Rehearsal) -> DryRunBody {
    contoso.store.read(|conn| dry_run::rehearse(conn, rehearsal)).unwrap()
}

fn impact(body: &DryRunBody, kind: ImpactKind) -> &Impact {
    body.impacts.iter().find(|impact| impact.kind == kind).unwrap_or_else(|| panic!("{kind:?} is not there"))
}

fn codes(body: &DryRunBody, weight: GuardWeight) -> Vec<&str> {
    body.guards.iter().filter(|guard| guard.weight == weight).map(|guard| guard.code.as_str()).collect()
}

#[test]
fn taking_the_exclusion_of_vip_away_shows_four_people_newly_asked_by_name() {
    let contoso = vip(&ca003(|_| {}), 20);
    let removed = ca003(|policy| policy["conditions"]["users"]["excludeGroups"] = json!([]));
    let rehearsal = change(Some(ca003(|_| {})), Some(removed));
    let body = run(&contoso, &rehearsal);
    let asked = impact(&body, ImpactKind::NewlyAsked);
    let mut names: Vec<&str> = asked.people.iter().map(|person| person.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!((asked.people_count, names), (4, vec!["=Bob Stone", "Ada Lovelace", "Carol Ελένη", "Eve New"]));
    assert_eq!((asked.people[0].name.as_str(), asked.people[0].sign_ins), ("Ada Lovelace", 5), "four from before and yesterday's");
    assert_eq!(asked.applications[0].name, "Office 365 Exchange Online");
    assert_eq!((impact(&body, ImpactKind::NewlyBlocked).sign_ins, impact(&body, ImpactKind::NewlyUnprotected).sign_ins), (0, 0));
    assert_eq!((body.affected.gained, body.affected.lost), (Some(4), Some(0)));
    assert_eq!(codes(&body, GuardWeight::Stops), Vec::<&str>::new(), "{:?}", body.guards);
    let without = body.guards.iter().find(|guard| guard.code == "people.noMethod").unwrap();
    assert_eq!(without.what, "1 person would be asked and has no method: Carol Ελένη");
    assert!(codes(&body, GuardWeight::Asks).contains(&"breakGlass.noneKnown"));

    let filter = ImpactFilter { change: 1, kind: ImpactKind::NewlyAsked, person: None, application: None, window: Window { limit: 3, ..Window::default() } };
    let page = contoso.store.read(|conn| dry_run::sign_ins(conn, &rehearsal, &filter)).unwrap();
    assert_eq!((page.total, page.all, page.rows.len()), (asked.sign_ins, asked.sign_ins, 3));
    assert_eq!((page.rows[0].before.as_str(), page.rows[0].after.as_str()), ("granted", "granted with MFA"));
    let carol = ImpactFilter { person: Some("carol".to_owned()), ..filter };
    let page = contoso.store.read(|conn| dry_run::sign_ins(conn, &rehearsal, &carol)).unwrap();
    assert_eq!((page.total, page.all, page.rows[0].id.as_str()), (1, asked.sign_ins, "v-carol"));
}

#[test]
fn a_change_that_changes_nothing_touches_nobody() {
    let contoso = vip(&ca003(|_| {}), 20);
    let renamed = ca003(|policy| policy["displayName"] = json!("CA003 MFA for everybody"));
    let body = run(&contoso, &change(Some(ca003(|_| {})), Some(renamed)));
    assert!(body.impacts.iter().all(|impact| impact.sign_ins == 0) && body.impacts.len() == 3);
    assert_eq!((body.affected.gained, body.affected.lost, body.sign_ins), (Some(0), Some(0), 9));
}

#[test]
fn switching_a_policy_off_says_who_loses_its_protection() {
    let contoso = vip(&ca003(|_| {}), 20);
    let body = run(&contoso, &change(Some(ca003(|_| {})), Some(ca003(|policy| policy["state"] = json!("disabled")))));
    let lost = impact(&body, ImpactKind::NewlyUnprotected);
    assert_eq!((lost.sign_ins, lost.people[0].name.as_str()), (1, "Dan Admin"));
    assert!(codes(&body, GuardWeight::Asks).contains(&"people.unprotected"), "{:?}", body.guards);
    assert_eq!(body.affected.lost, Some(2), "Dan and the guest");
}

#[test]
fn a_new_block_of_everybody_is_stopped_for_every_reason_at_once() {
    let contoso = vip(&ca003(|_| {}), 20);
    let block = ca003(|policy| {
        policy["displayName"] = json!("Block all");
        policy["conditions"]["users"]["excludeGroups"] = json!([]);
        policy["grantControls"]["builtInControls"] = json!(["block"]);
    });
    contoso
        .store
        .write(|tx| {
            store::marks::MarkRow {
                tenant: TENANT.to_owned(),
                user_id: "bob".to_owned(),
                mark: "breakGlass".to_owned(),
                marked_by: "Ida".to_owned(),
                marked_at: ago(9),
                note: String::new(),
            }
            .put(tx)
        })
        .unwrap();
    let body = run(&contoso, &Rehearsal { acting: Some("DAN@contoso.example".to_owned()), ..change(None, Some(block)) });
    assert_eq!(codes(&body, GuardWeight::Stops), ["breakGlass.lockedOut", "admin.self", "admin.all", "enforce.noReportOnly", "block.everyone"]);
    assert!(body.guards[0].what.contains("bob@contoso.example"), "{}", body.guards[0].what);
    assert_eq!(impact(&body, ImpactKind::NewlyBlocked).people_count, 5);
}

#[test]
fn a_block_of_a_role_stops_for_whoever_may_activate_it() {
    let contoso = vip(&ca003(|_| {}), 20);
    let block = ca003(|policy| {
        policy["conditions"]["users"] = json!({"includeRoles": [GLOBAL_ADMIN]});
        policy["grantControls"]["builtInControls"] = json!(["block"]);
    });
    // Dan is eligible through a group in a group, and no Global Administrator today.
    let body = run(&contoso, &change(Some(ca003(|_| {})), Some(block)));
    assert!(codes(&body, GuardWeight::Stops).contains(&"admin.all"), "{:?}", body.guards);
    assert_eq!(impact(&body, ImpactKind::NewlyBlocked).sign_ins, 0);
}

#[test]
fn whoever_connected_the_tenant_is_the_one_who_acts() {
    let contoso = vip(&ca003(|_| {}), 20);
    contoso
        .store
        .write(|tx| {
            let detail = json!({"signedIn": "bob@contoso.example"}).to_string();
            store::audit_log::append(
                tx,
                &store::audit_log::Entry { at: ago(9), who: "Ida", action: "tenant.added", tenant: Some(TENANT), subject: "Contoso", detail: &detail },
            )
            .map(drop)
        })
        .unwrap();
    let block = ca003(|policy| policy["grantControls"]["builtInControls"] = json!(["block"]));
    let narrow = |users: Value| {
        let mut policy = block.clone();
        policy["conditions"]["users"] = users;
        change(Some(ca003(|_| {})), Some(policy))
    };
    let body = run(&contoso, &narrow(json!({"includeUsers": ["bob"]})));
    assert_eq!(codes(&body, GuardWeight::Stops), ["admin.self"], "{:?}", body.guards);
    let body = run(&contoso, &narrow(json!({"includeUsers": ["carol"]})));
    assert_eq!(codes(&body, GuardWeight::Stops), Vec::<&str>::new(), "{:?}", body.guards);
}

#[test]
fn a_break_glass_account_is_measured_by_what_it_surely_has() {
    let mark = |contoso: &Contoso, user: &str| {
        contoso
            .store
            .write(|tx| {
                store::marks::MarkRow {
                    tenant: TENANT.to_owned(),
                    user_id: user.to_owned(),
                    mark: "breakGlass".to_owned(),
                    marked_by: "Ida".to_owned(),
                    marked_at: ago(9),
                    note: String::new(),
                }
                .put(tx)
            })
            .unwrap();
        posture::refresh(&contoso.store, TENANT, now()).unwrap();
    };
    let removed = ca003(|policy| policy["conditions"]["users"]["excludeGroups"] = json!([]));
    let remove = || change(Some(ca003(|_| {})), Some(removed.clone()));
    // Carol has no method, Bob a phone; Ada the Authenticator, which is enough for plain MFA.
    for (user, stops) in [("carol", true), ("bob", true), ("eve", true), ("ada", false)] {
        let contoso = vip(&ca003(|_| {}), 20);
        mark(&contoso, user);
        let body = run(&contoso, &remove());
        assert_eq!(codes(&body, GuardWeight::Stops).contains(&"breakGlass.lockedOut"), stops, "{user}: {:?}", body.guards);
    }
    // A key is not had by the Authenticator.
    let contoso = vip(&ca003(|_| {}), 20);
    mark(&contoso, "ada");
    let key = ca003(|policy| {
        policy["conditions"]["users"]["excludeGroups"] = json!([]);
        policy["grantControls"] = json!({"operator": "OR", "builtInControls": [], "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}});
    });
    assert!(codes(&run(&contoso, &change(Some(ca003(|_| {})), Some(key))), GuardWeight::Stops).contains(&"breakGlass.lockedOut"));
    // A change beside the account, which the policy reached before, asks and does not stop.
    let contoso = vip(&removed, 20);
    mark(&contoso, "carol");
    let another = ca003(|policy| policy["conditions"]["users"]["excludeGroups"] = json!([ADMINS]));
    let body = run(&contoso, &change(Some(removed.clone()), Some(another)));
    assert!(codes(&body, GuardWeight::Asks).contains(&"breakGlass.stillReached"), "{:?}", body.guards);
    assert!(!codes(&body, GuardWeight::Stops).contains(&"breakGlass.lockedOut"));
    // A group whose members were never read may hold her or not.
    let contoso = vip(&ca003(|_| {}), 20);
    mark(&contoso, "carol");
    contoso
        .store
        .write(|tx| {
            let group = GroupRow {
                tenant: TENANT.to_owned(),
                id: "unread".to_owned(),
                display_name: "Unread".to_owned(),
                role_assignable: None,
                dynamic: None,
                on_premises_sync: None,
                other: "{}".to_owned(),
                generation: 1,
                members_read_at: None,
            };
            store::groups::put_all(tx, &[group])
        })
        .unwrap();
    let unread = ca003(|policy| policy["conditions"]["users"]["excludeGroups"] = json!(["unread"]));
    let body = run(&contoso, &change(Some(ca003(|_| {})), Some(unread)));
    assert!(codes(&body, GuardWeight::Stops).contains(&"breakGlass.unknown"), "{:?}", body.guards);
    assert_eq!(body.affected.gained, None, "nobody can say who is in the group");
}

#[test]
fn enforcing_after_report_only_reports_what_entra_recorded() {
    let report_only = || ca003(|policy| policy["state"] = json!("enabledForReportingButNotEnforced"));
    let contoso = vip(&report_only(), 10);
    let body = run(&contoso, &change(Some(report_only()), Some(ca003(|_| {}))));
    assert!(!body.guards.iter().any(|guard| guard.code.starts_with("enforce.")), "{:?}", body.guards);
    assert!(body.remarks[0].contains("In report-only since") && body.remarks[0].contains("Dan Admin"), "{:?}", body.remarks);
    assert!(!body.remarks.iter().any(|remark| remark.contains("disagree")));
    assert_eq!(impact(&body, ImpactKind::NewlyAsked).people[0].name, "Dan Admin");

    let short = vip(&report_only(), 0);
    assert!(codes(&run(&short, &change(Some(report_only()), Some(ca003(|_| {})))), GuardWeight::Asks).contains(&"enforce.shortReportOnly"));
    // Another content than stood in report-only never stood there.
    let other = ca003(|policy| policy["conditions"]["users"]["excludeGroups"] = json!([]));
    assert!(codes(&run(&contoso, &change(Some(report_only()), Some(other))), GuardWeight::Stops).contains(&"enforce.noReportOnly"));
    // What was on before somebody switched it off may come back.
    let off = || ca003(|policy| policy["state"] = json!("disabled"));
    let contoso = vip(&ca003(|_| {}), 20);
    contoso
        .store
        .write(|tx| {
            let seen =
                Seen { id: CA003.to_owned(), display_name: "CA003 MFA".to_owned(), state: "disabled".to_owned(), body: off().to_string(), changed_at: None };
            store::policies::replace(tx, TENANT, &[seen], ago(1), fleet::policies::differs).map(drop)
        })
        .unwrap();
    let body = run(&contoso, &change(Some(off()), Some(ca003(|_| {}))));
    assert!(!body.guards.iter().any(|guard| guard.code.starts_with("enforce.")), "{:?}", body.guards);
}

#[test]
fn entra_and_the_engine_disagreeing_in_report_only_is_a_remark() {
    let report_only = || ca003(|policy| policy["state"] = json!("enabledForReportingButNotEnforced"));
    let contoso = vip(&report_only(), 10);
    let recorded = json!([{"id": CA003, "displayName": "CA003 MFA", "result": "reportOnlyFailure"}]);
    contoso.store.write(|tx| store::sign_ins::insert(tx, &[sign_in("odd", "ada", 1, 0, recorded)]).map(drop)).unwrap();
    let body = run(&contoso, &change(Some(report_only()), Some(ca003(|_| {}))));
    assert!(body.remarks.iter().any(|remark| remark.contains("disagree on whether it would have applied to 1 of")), "{:?}", body.remarks);
    let refused = body.guards.iter().find(|guard| guard.code == "enforce.refusedInReportOnly").unwrap();
    assert!(refused.what.contains("Ada Lovelace"), "{}", refused.what);
}

#[test]
fn a_member_put_into_the_excluded_group_loses_protection_and_nobody_else_does() {
    let contoso = vip(&ca003(|_| {}), 20);
    let target = Target::Member { group: VIP.to_owned(), user: "dan".to_owned(), added: true };
    let body = run(&contoso, &rehearsal(target, None, None));
    let lost = impact(&body, ImpactKind::NewlyUnprotected);
    assert_eq!((lost.people_count, lost.people[0].name.as_str()), (1, "Dan Admin"));
    assert_eq!((body.affected.gained, body.affected.lost, body.affected.lost_people[0].upn.as_str()), (Some(0), Some(1), "dan@contoso.example"));
    let out = Target::Member { group: VIP.to_owned(), user: "carol".to_owned(), added: false };
    let body = run(&contoso, &rehearsal(out, None, None));
    assert_eq!(impact(&body, ImpactKind::NewlyAsked).people[0].name, "Carol Ελένη");
    assert_eq!(body.affected.gained, Some(1));
    assert!(codes(&body, GuardWeight::Asks).contains(&"people.noMethod"), "{:?}", body.guards);
}

#[test]
fn a_location_that_a_policy_looks_at_is_judged_by_the_sign_ins() {
    let office = |range: &str| json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": "office", "displayName": "Office", "isTrusted": false, "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": range}]});
    let inside = ca003(|policy| policy["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": ["office"]}));
    let contoso = vip(&inside, 20);
    contoso
        .store
        .write(|tx| {
            store::locations::replace(
                tx,
                TENANT,
                &[store::locations::LocationRow {
                    tenant: TENANT.to_owned(),
                    id: "office".to_owned(),
                    display_name: "Office".to_owned(),
                    body: office("203.0.113.0/24").to_string(),
                }],
            )?;
            read(tx, DataKind::NamedLocations, 1)
        })
        .unwrap();
    let target = || Target::Location(Some("office".to_owned()));
    let body = run(&contoso, &rehearsal(target(), Some(office("203.0.113.0/24")), Some(office("192.0.2.0/24"))));
    assert_eq!(impact(&body, ImpactKind::NewlyUnprotected).people[0].name, "Dan Admin", "{:?}", body.impacts);
    assert!(codes(&body, GuardWeight::Asks).contains(&"location.used"), "{:?}", body.guards);
    let body = run(&contoso, &rehearsal(target(), Some(office("203.0.113.0/24")), None));
    assert!(codes(&body, GuardWeight::Stops).contains(&"location.inUse"), "{:?}", body.guards);
}

#[test]
fn what_was_never_read_is_said_and_never_a_pass() {
    let contoso = vip(&ca003(|_| {}), 20);
    let removed = || ca003(|policy| policy["conditions"]["users"]["excludeGroups"] = json!([]));
    contoso
        .store
        .write(|tx| {
            for kind in [DataKind::SignIns, DataKind::Roles, DataKind::Policies] {
                DataStateRow::never(TENANT, kind).put(tx)?;
            }
            Ok(())
        })
        .unwrap();
    let body = run(&contoso, &change(Some(ca003(|_| {})), Some(removed())));
    assert_eq!(codes(&body, GuardWeight::Stops), ["policies.unread"]);
    for code in ["signIns.unread", "admin.unread", "licence.unknown"] {
        assert!(codes(&body, GuardWeight::Asks).contains(&code), "{code} of {:?}", body.guards);
    }
    assert!(impact(&body, ImpactKind::CannotSay).sign_ins > 0, "policies that were never read leave every sign-in open");
    // No JSON of a policy at all.
    let body = run(&contoso, &rehearsal(Target::Policy(None), None, Some(json!([1, 2]))));
    assert_eq!(codes(&body, GuardWeight::Stops), ["policy.unreadable"]);
}
