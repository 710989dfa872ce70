//! What is said of files that are not what they should be.

use conditional_access::baseline::{BaselineFile, ImportProblem, Judgement, import};
use serde_json::json;

fn policy(name: &str) -> String {
    serde_json::to_string_pretty(&super::tenant::policy(name, &["mfa"])).unwrap()
}

fn problems(files: &[(&str, &[u8])]) -> Vec<ImportProblem> {
    let files: Vec<BaselineFile<'_>> = files.iter().map(|(path, bytes)| BaselineFile { path, bytes }).collect();
    import("test", &files).unwrap().problems
}

fn utf16(text: &str, mark: bool, big: bool) -> Vec<u8> {
    let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn every_encoding_and_every_wrapping_gives_the_same_policies() {
    let one = policy("CA1 MFA");
    let list = format!("{{\"@odata.context\": \"x\", \"value\": [{one}]}}");
    let array = format!("[{one}]");
    let marked = [b"\xEF\xBB\xBF".as_slice(), one.as_bytes()].concat();
    let shapes = [
        one.clone().into_bytes(),
        list.into_bytes(),
        array.into_bytes(),
        marked,
        utf16(&one, true, false),
        utf16(&one, true, true),
        utf16(&one, false, false),
        utf16(&one, false, true),
    ];
    for bytes in shapes {
        let imported = import("test", &[BaselineFile { path: "ConditionalAccess/CA1.json", bytes: &bytes }]).unwrap();
        assert_eq!(imported.baseline.controls.len(), 1);
        assert_eq!(imported.baseline.controls[0].id, "CA1");
    }
}

#[test]
fn a_malformed_file_is_named_with_its_line_and_the_rest_counts() {
    let found = problems(&[
        ("a/good.json", policy("CA1 MFA").as_bytes()),
        ("a/cut.json", b"{\n  \"displayName\": \"x\",\n  \"state\": \n"),
        ("a/bytes.json", b"{\n\"a\": \"\xFF\"}"),
    ]);
    let told: Vec<(&str, Option<usize>, &str)> = found.iter().filter(|p| p.code != "import.nameless").map(|p| (p.file.as_str(), p.line, p.code)).collect();
    assert_eq!(told, [("a/bytes.json", Some(2), "import.not_text"), ("a/cut.json", Some(4), "import.not_json")]);
    assert!(found[1].to_string().starts_with("a/cut.json, line 4: "));
}

#[test]
fn in_a_list_of_policies_the_line_is_that_of_the_policy() {
    let other = policy("CA2 MFA").replace("\"enabled\"", "\"asleep\"");
    let text = format!("[\n{},\n{other}\n]", policy("CA1 MFA"));
    let found = problems(&[("all.json", text.as_bytes())]);
    let line = 1 + text.lines().position(|line| line.contains("asleep")).unwrap();
    let strange = found.iter().find(|p| p.code == "import.not_understood").unwrap();
    assert_eq!(strange.line, Some(line), "{strange}");
    assert!(strange.what.contains("asleep"));
}

#[test]
fn placeholders_and_ids_without_a_name_are_told_and_never_guessed() {
    let text = policy("CA1 MFA").replace(super::tenant::BREAK_GLASS, "<Break glass group>");
    let found =
        problems(&[("CA1.json", text.as_bytes()), ("CA2.json", policy("CA2 MFA").replace("\"All\"", "\"99999999-0000-0000-0000-000000000001\"").as_bytes())]);
    assert!(found.iter().any(|p| p.file == "CA1.json" && p.code == "import.placeholder" && p.what.contains("\u{201c}Break glass group\u{201d}")), "{found:#?}");
    assert!(found.iter().any(|p| p.file == "CA2.json" && p.code == "import.nameless" && p.what.contains("99999999")), "{found:#?}");
}

#[test]
fn two_policies_of_one_name_are_both_kept_and_one_policy_twice_is_taken_once() {
    let one = policy("CA1 MFA");
    let renumbered = one.replace("dddddddd", "dddddddf");
    let files = [("a.json", one.as_bytes()), ("copy.json", one.as_bytes()), ("b.json", renumbered.as_bytes())];
    let files: Vec<BaselineFile<'_>> = files.iter().map(|(path, bytes)| BaselineFile { path, bytes }).collect();
    let imported = import("test", &files).unwrap();
    assert_eq!(imported.baseline.controls.len(), 2);
    assert_ne!(imported.baseline.controls[0].id, imported.baseline.controls[1].id);
    assert!(imported.problems.iter().any(|p| p.code == "import.same_name"));
    let other = one.replace("mfa", "compliantDevice");
    let twice = problems(&[("a.json", one.as_bytes()), ("z.json", other.as_bytes())]);
    assert!(twice.iter().any(|p| p.file == "z.json" && p.code == "import.policy_twice" && p.what.contains("Grant controls")), "{twice:#?}");
}

#[test]
fn a_folder_without_a_policy_is_refused_with_a_next_step() {
    let error = import("test", &[BaselineFile { path: "readme.txt", bytes: b"hello" }]).unwrap_err();
    assert_eq!(error.code(), "baseline.no_policy");
    assert!(!error.next_step().is_empty());
}

#[test]
fn a_template_of_microsofts_is_a_policy_that_is_meant_to_be_on() {
    let template = json!({"id": "t", "name": "Block legacy authentication", "details": {"conditions": {"users": {"includeUsers": ["All"]}}, "grantControls": {"builtInControls": ["block"]}}});
    let text = template.to_string();
    let imported = import("test", &[BaselineFile { path: "t.json", bytes: text.as_bytes() }]).unwrap();
    let control = &imported.baseline.controls[0];
    assert_eq!(control.title, "Block legacy authentication");
    assert!(matches!(&control.judgement, Judgement::Policy(policy) if policy["state"] == "enabled"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_a_file_holds_the_import_says_so_and_does_not_fail(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), cut in 0_usize..900, at in 0_usize..900, with in proptest::prelude::any::<u8>()) {
        let whole = policy("CA1 MFA").into_bytes();
        let mut broken = whole[..cut.min(whole.len())].to_vec();
        if let Some(byte) = broken.get_mut(at) {
            *byte = with;
        }
        let files = [BaselineFile { path: "a/x.json", bytes: &bytes }, BaselineFile { path: "a/y.json", bytes: &broken }, BaselineFile { path: "a/z.json", bytes: &whole }];
        let imported = import("test", &files).unwrap();
        proptest::prop_assert!(imported.baseline.controls.len() <= 2);
        proptest::prop_assert!(imported.problems.iter().all(|p| p.line.is_none_or(|line| line >= 1)));
        let text = imported.baseline.to_json();
        proptest::prop_assert_eq!(conditional_access::baseline::Baseline::from_json(&text).unwrap(), imported.baseline);
    }
}

fn imported(files: &[(&str, serde_json::Value)]) -> conditional_access::baseline::Imported {
    let texts: Vec<(&str, String)> = files.iter().map(|(path, value)| (*path, serde_json::to_string_pretty(value).unwrap())).collect();
    let files: Vec<BaselineFile<'_>> = texts.iter().map(|(path, text)| BaselineFile { path, bytes: text.as_bytes() }).collect();
    import("test", &files).unwrap()
}

fn for_group(group: &str) -> serde_json::Value {
    json!({"displayName": "CA1 MFA", "state": "enabled", "conditions": {"users": {"includeGroups": [group]}, "applications": {"includeApplications": ["All"]}}, "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}})
}

const SALES: &str = "99999999-0000-0000-0000-000000000001";
const PAYROLL_OBJECT: &str = "99999999-0000-0000-0000-000000000002";
const PAYROLL: &str = "99999999-0000-0000-0000-000000000003";

#[test]
fn everything_in_the_folder_that_has_an_id_and_a_name_names_what_the_policies_mention() {
    let kinds: [(&str, serde_json::Value, &str); 24] = [
        ("x/a.json", json!({"@odata.type": "#microsoft.graph.group", "id": SALES, "displayName": "It"}), "group"),
        ("x/a.json", json!({"@odata.type": "#microsoft.graph.user", "id": SALES, "displayName": "It"}), "user"),
        ("x/a.json", json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": SALES, "displayName": "It"}), "location"),
        ("x/a.json", json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "id": SALES, "displayName": "It"}), "location"),
        ("x/a.json", json!({"@odata.type": "#microsoft.graph.authenticationStrengthPolicy", "id": SALES, "displayName": "It"}), "strength"),
        ("x/a.json", json!({"@odata.type": "#microsoft.graph.servicePrincipal", "id": PAYROLL_OBJECT, "appId": SALES, "displayName": "It"}), "application"),
        ("x/a.json", json!({"@odata.type": "#microsoft.graph.application", "id": SALES, "displayName": "It"}), "application"),
        ("x/a.json", json!({"@odata.type": "#microsoft.graph.agreement", "id": SALES, "displayName": "It"}), "termsOfUse"),
        ("x/a.json", json!({"@odata.type": "#microsoft.graph.directoryRoleTemplate", "id": SALES, "displayName": "It"}), "role"),
        ("x/a.json", json!({"@odata.type": "#microsoft.graph.authenticationContextClassReference", "id": SALES, "displayName": "It"}), "authenticationContext"),
        ("x/a.json", json!({"ipRanges": [], "id": SALES, "displayName": "It"}), "location"),
        ("x/a.json", json!({"countriesAndRegions": [], "id": SALES, "displayName": "It"}), "location"),
        ("x/a.json", json!({"compliantNetworkType": "allTenantCompliantNetworks", "id": SALES, "displayName": "It"}), "location"),
        ("x/a.json", json!({"allowedCombinations": [], "id": SALES, "displayName": "It"}), "strength"),
        ("x/a.json", json!({"appId": SALES, "id": PAYROLL_OBJECT, "displayName": "It"}), "application"),
        ("x/a.json", json!({"groupTypes": [], "id": SALES, "displayName": "It"}), "group"),
        ("x/a.json", json!({"securityEnabled": true, "id": SALES, "displayName": "It"}), "group"),
        ("x/a.json", json!({"mailNickname": "it", "id": SALES, "displayName": "It"}), "group"),
        ("x/a.json", json!({"userPrincipalName": "it@contoso.test", "id": SALES, "displayName": "It"}), "user"),
        ("x/Groups/a.json", json!({"id": SALES, "displayName": "It"}), "group"),
        ("Named Locations/a.json", json!({"id": SALES, "displayName": "It"}), "location"),
        ("Authentication-Strengths/a.json", json!({"id": SALES, "displayName": "It"}), "strength"),
        ("TermsOfUse/a.json", json!({"id": SALES, "displayName": "It"}), "termsOfUse"),
        ("Service_Principals/a.json", json!({"id": SALES, "displayName": "It"}), "application"),
    ];
    for (path, thing, kind) in kinds {
        let found = imported(&[("CA1.json", for_group("All")), (path, thing.clone())]).baseline.names;
        let known = &found[SALES];
        assert_eq!((serde_json::to_value(known.kind).unwrap(), known.names.as_slice()), (json!(kind), &["It".to_owned()][..]), "{path} {thing}");
        assert_eq!(found.len(), 1, "{path} {thing}");
    }
}

#[test]
fn a_file_that_is_no_part_of_an_export_is_left_alone_and_one_without_a_name_is_told() {
    let found = imported(&[
        ("CA1.json", for_group(SALES)),
        ("notes/a.json", json!({"id": SALES, "displayName": "Notes"})),
        ("groups/b.json", json!({"id": SALES})),
        ("groups/c.json", json!({"displayName": "Sales"})),
        ("t.json", json!({"@odata.type": "#microsoft.graph.conditionalAccessTemplate", "name": "Empty"})),
        ("list.json", json!([1])),
    ]);
    assert_eq!(found.left_alone, ["notes/a.json"]);
    let told: Vec<(&str, &str)> = found.problems.iter().map(|p| (p.file.as_str(), p.code)).collect();
    assert_eq!(
        told,
        [
            ("CA1.json", "import.nameless"),
            ("groups/b.json", "import.no_name"),
            ("groups/c.json", "import.no_name"),
            ("list.json", "import.not_an_object"),
            ("t.json", "import.not_a_policy")
        ]
    );
    let error = import("test", &[BaselineFile { path: "readme.txt", bytes: b"hello" }]).unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), ("baseline.no_policy", "none of the 1 files holds a Conditional Access policy"));
    assert!(error.next_step().starts_with("Choose the folder"));
}

#[test]
fn a_migration_table_names_each_kind_and_what_it_does_not_say_is_told_with_its_line() {
    let entry = |kind: &str, id: &str, name: &str| json!({"Type": kind, "Id": id, "DisplayName": name});
    for (kind, expected) in [
        ("Group", "group"),
        ("User", "user"),
        ("NamedLocation", "location"),
        ("NamedLocations", "location"),
        ("Application", "application"),
        ("EnterpriseApplication", "application"),
        ("TermsOfUse", "termsOfUse"),
        ("AuthenticationStrength", "strength"),
        ("DirectoryRole", "role"),
    ] {
        let found = imported(&[("CA1.json", for_group("All")), ("MigrationTable.json", json!({"Objects": [entry(kind, SALES, "It")]}))]);
        assert_eq!(serde_json::to_value(found.baseline.names[SALES].kind).unwrap(), json!(expected), "{kind}");
        assert!(found.problems.is_empty(), "{:#?}", found.problems);
    }
    let table = json!({"Objects": [entry("Group", SALES, "Sales"), entry("Group", SALES, "Sales EMEA"), entry("Group", SALES, "Sales"), entry("Toaster", PAYROLL, "T"), entry("Group", "", "Nobody"), entry("Group", PAYROLL, "")]});
    let found = imported(&[("CA1.json", for_group(SALES)), ("MigrationTable.json", table.clone())]);
    assert_eq!(found.baseline.names[SALES].names, ["Sales", "Sales EMEA"], "each name once, in the folder's order");
    let text = serde_json::to_string_pretty(&table).unwrap();
    let line = |needle: &str| 1 + text.lines().position(|line| line.contains(needle)).unwrap();
    let told: Vec<(Option<usize>, bool)> = found.problems.iter().map(|p| (p.line, p.what.contains("Toaster"))).collect();
    assert_eq!(told, [(Some(1), false), (Some(line(PAYROLL)), true), (Some(line(PAYROLL)), false)]);
    assert!(found.problems.iter().all(|p| p.code == "import.table_entry" && p.file == "MigrationTable.json"));
}

#[test]
fn what_is_the_same_in_every_tenant_needs_no_name_and_everything_else_does() {
    let policy = |users: serde_json::Value, rest: serde_json::Value| {
        let mut policy = for_group("All");
        policy["conditions"]["users"] = users;
        super::super::evaluate::world::merge(&mut policy, rest);
        policy
    };
    let told = |policy: serde_json::Value| imported(&[("CA1.json", policy)]).problems.into_iter().map(|p| (p.code, p.what)).collect::<Vec<_>>();
    let universal = policy(
        json!({"includeRoles": ["62E90394-69f5-4237-9190-012177145e10"], "excludeUsers": ["GuestsOrExternalUsers"], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest", "externalTenants": {"membershipKind": "enumerated", "members": [SALES]}}}),
        json!({"conditions": {"applications": {"includeApplications": ["00000003-0000-0FF1-ce00-000000000000", "Office365"], "includeAuthenticationContextClassReferences": ["c1"]}, "locations": {"includeLocations": ["AllTrusted"]}}, "grantControls": {"authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}}}),
    );
    assert_eq!(told(universal), []);
    // A role of the tenant's own has its name in the tenant itself.
    assert_eq!(told(policy(json!({"includeRoles": [SALES]}), json!({}))), []);
    let nameless = told(policy(json!({"includeGroups": [SALES]}), json!({"conditions": {"applications": {"includeApplications": [PAYROLL]}}})));
    assert_eq!(nameless.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["import.nameless", "import.nameless"]);
    assert!(
        nameless.iter().any(|(_, what)| what.contains("the id of a group that"))
            && nameless.iter().any(|(_, what)| what.contains("the id of an application that")),
        "{nameless:?}"
    );
    for (placeholder, name) in [
        ("<Break glass>", "Break glass"),
        ("{{BreakGlass}}", "BreakGlass"),
        ("%Sales%", "Sales"),
        ("99999999-0000-0000-0000-00000000000g", "99999999-0000-0000-0000-00000000000g"),
        ("999999990-000-0000-0000-000000000001", "999999990-000-0000-0000-000000000001"),
    ] {
        let found = told(policy(json!({"includeGroups": [placeholder]}), json!({})));
        assert_eq!(found.len(), 1);
        assert!(
            found[0].0 == "import.placeholder" && found[0].1.ends_with(&format!("it is taken for the name of a group: \u{201c}{name}\u{201d}")),
            "{found:?}"
        );
    }
}

#[test]
fn a_control_is_called_by_its_number_its_id_or_its_name_whichever_is_there_and_free() {
    let named = |name: &str, id: Option<&str>| {
        let mut policy = for_group("All");
        policy["displayName"] = json!(name);
        id.into_iter().for_each(|id| policy["id"] = json!(id));
        policy
    };
    let found = imported(&[
        ("1.json", named("CA001: MFA", Some("AAAAAAAA-0000-0000-0000-000000000001"))),
        ("2.json", named("ca001 again", Some("AAAAAAAA-0000-0000-0000-000000000002"))),
        ("3.json", named("Block legacy", Some("AAAAAAAA-0000-0000-0000-000000000003"))),
        ("4.json", named("Block all", None)),
        ("5.json", named("Block all", None)),
        ("6.json", named("2FA for admins", None)),
        ("7.json", named("Conditional2Access for all", None)),
        ("8.json", named("Everybody", None)),
    ]);
    let ids: Vec<&str> = found.baseline.controls.iter().map(|control| control.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "CA001",
            "aaaaaaaa-0000-0000-0000-000000000002",
            "aaaaaaaa-0000-0000-0000-000000000003",
            "Block all",
            "Block all (2)",
            "2FA for admins",
            "Conditional2Access for all",
            "Everybody"
        ]
    );
    let mut nameless = for_group("All");
    nameless.as_object_mut().unwrap().remove("displayName");
    nameless["description"] = json!("As agreed.");
    let found = imported(&[("Config/Policies/Require MFA.v2.json", nameless)]);
    assert_eq!((found.baseline.controls[0].title.as_str(), found.baseline.controls[0].rationale.as_str()), ("Require MFA.v2", "As agreed."));
}

#[test]
fn annotations_and_nulls_are_no_part_of_what_a_control_wants() {
    let mut policy = for_group("All");
    policy["conditions@odata.context"] = json!("x");
    policy["grantControls"]["authenticationStrength@odata.context"] = json!("x");
    policy["sessionControls"] = json!(null);
    policy["conditions"]["platforms"] = json!(null);
    let found = imported(&[("CA1.json", policy)]);
    assert!(
        matches!(&found.baseline.controls[0].judgement, Judgement::Policy(kept) if *kept == for_group("All")),
        "{:#?}",
        found.baseline.controls[0].judgement
    );
}

#[test]
fn how_much_an_imported_policy_matters_follows_what_it_demands_and_of_whom() {
    let all = json!(["All"]);
    let of = |state: &str, users: serde_json::Value, applications: &serde_json::Value, rest: serde_json::Value| {
        let mut policy = json!({"displayName": "P", "state": state, "conditions": {"users": users, "applications": {"includeApplications": applications}}});
        super::super::evaluate::world::merge(&mut policy, rest);
        imported(&[("p.json", policy)]).baseline.controls[0].severity.as_str()
    };
    let (everybody, admins, some) =
        (json!({"includeUsers": ["All"]}), json!({"includeRoles": ["62e90394-69f5-4237-9190-012177145e10"]}), json!({"includeGroups": [SALES]}));
    let asks = |control: &str| json!({"grantControls": {"operator": "OR", "builtInControls": [control]}});
    for control in ["mfa", "passwordChange", "riskRemediation"] {
        assert_eq!(of("enabled", everybody.clone(), &all, asks(control)), "critical", "{control}");
    }
    assert_eq!(of("enabled", everybody.clone(), &all, json!({"grantControls": {"authenticationStrength": {"id": SALES}}})), "critical");
    assert_eq!(of("enabled", admins.clone(), &all, asks("mfa")), "critical");
    assert_eq!(of("enabled", some.clone(), &all, asks("mfa")), "high");
    assert_eq!(of("enabled", everybody.clone(), &json!(["Office365"]), asks("mfa")), "high");
    assert_eq!(of("enabled", everybody.clone(), &all, asks("compliantDevice")), "medium");
    assert_eq!(of("enabled", everybody.clone(), &all, asks("block")), "high");
    for old in ["other", "exchangeActiveSync"] {
        let legacy = json!({"grantControls": {"builtInControls": ["block"]}, "conditions": {"clientAppTypes": [old]}});
        assert_eq!(of("enabled", everybody.clone(), &all, legacy.clone()), "critical", "{old}");
        assert_eq!(of("enabled", some.clone(), &all, legacy), "high", "{old}");
    }
    assert_eq!(
        of(
            "enabled",
            everybody.clone(),
            &all,
            json!({"grantControls": {"builtInControls": ["block"]}, "conditions": {"authenticationFlows": {"transferMethods": "deviceCodeFlow"}}})
        ),
        "critical"
    );
    assert_eq!(of("enabled", everybody.clone(), &all, json!({})), "low");
    assert_eq!(of("enabled", admins, &all, json!({})), "medium");
    assert_eq!(of("enabledForReportingButNotEnforced", everybody.clone(), &all, asks("mfa")), "medium");
    assert_eq!(of("enabledForReportingButNotEnforced", everybody.clone(), &all, json!({})), "low");
    assert_eq!(of("disabled", everybody, &all, asks("mfa")), "low");
}

#[test]
fn a_policy_is_known_by_its_own_type_wherever_it_lies_and_whatever_it_lacks() {
    let bytes = br##"{"@odata.type": "#microsoft.graph.conditionalAccessPolicy", "id": "p", "displayName": "CA1 Bare", "appId": "x", "conditions": {}}"##;
    let imported = import("test", &[BaselineFile { path: "Groups/bare.json", bytes }]).unwrap();
    assert_eq!(imported.baseline.controls.iter().map(|control| control.title.as_str()).collect::<Vec<_>>(), ["CA1 Bare"]);
}

#[test]
fn what_is_a_policy_is_told_by_what_it_has_or_where_it_lies() {
    let controls =
        |path: &str, text: &str| import("test", &[BaselineFile { path, bytes: text.as_bytes() }]).map_or(0, |imported| imported.baseline.controls.len());
    for part in ["grantControls", "sessionControls"] {
        assert_eq!(controls("a/x.json", &format!("{{\"displayName\": \"CA1\", \"conditions\": {{}}, \"{part}\": {{}}}}")), 1, "{part}");
    }
    assert_eq!(controls("a/x.json", r#"{"displayName": "CA1", "conditions": {}, "state": "enabled"}"#), 1);
    assert_eq!(controls("a/x.json", r#"{"displayName": "CA1", "conditions": {}}"#), 0);
    assert_eq!(controls("a/x.json", r#"{"displayName": "CA1", "state": "enabled"}"#), 0);
    for folder in ["ConditionalAccess", "Conditional Access Policies", "conditional_access"] {
        assert_eq!(controls(&format!("{folder}/x.json"), r#"{"displayName": "CA1"}"#), 1, "{folder}");
    }
}

#[test]
fn where_utf_16_is_broken_the_line_is_told() {
    let mut bytes = utf16("{\n  \"a\": ", true, false);
    bytes.extend([0x00, 0xDC, 0x41, 0x00]);
    let cut = utf16("{\n\n", true, false).into_iter().chain([0x20]).collect::<Vec<u8>>();
    for (bytes, line) in [(bytes, 2), (cut, 3)] {
        let found = problems(&[("a/x.json", &bytes), ("a/good.json", policy("CA1 MFA").as_bytes())]);
        assert!(found.iter().any(|problem| problem.code == "import.not_text" && problem.line == Some(line)), "{found:#?}");
    }
}
