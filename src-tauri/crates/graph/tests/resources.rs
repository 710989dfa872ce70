//! Real answers of Graph are read; strange ones do no harm; the permissions asked for are among Microsoft's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{fs, path::PathBuf};

use graph::{
    permissions::{self, Data},
    resources::*,
    transport::Page,
};
use serde_json::{Value, json};

fn shared(name: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared").join(name);
    let bytes = fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("skipped: {name} is not beside the project");
    }
    bytes
}

#[test]
fn microsofts_sample_sign_ins_are_read() {
    let Some(bytes) = shared("samples/graph/signIns.json") else { return };
    let page: SignInPage<'_> = serde_json::from_slice(&bytes).unwrap();
    let sign_in = &page.value[0];
    assert_eq!(sign_in.status.as_ref().unwrap().error_code, Some(0));
    assert_eq!(&*sign_in.conditional_access_status, "notApplied");
    assert_eq!(serde_json::from_str::<Vec<Value>>(sign_in.applied()).unwrap().len(), 2);
    assert!(page.next_link.is_some());
}

#[test]
fn sample_audits_and_registrations_are_read() {
    let Some(bytes) = shared("samples/graph/directoryAudits.json") else { return };
    let page: Page<DirectoryAudit> = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(page.values[0].initiator(), Some("admin@contoso.example"));
    assert!(page.values[0].target_resources[0].modified_properties[0].new_value.as_ref().unwrap().contains("signInFrequency"));
    assert_eq!(page.values[1].logged_by_service.as_deref(), Some("Core Directory"));

    let Some(bytes) = shared("samples/graph/userRegistrationDetails.json") else { return };
    let page: Page<UserRegistrationDetails> = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(page.values[0].methods_registered.len(), 2);
    assert_eq!(page.values[0].default_method(), Some("push"));
    assert_eq!(page.values[1].default_method(), None);
}

#[test]
fn every_sample_of_the_documentation_that_has_these_resources_is_read() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/samples/graph/ms-graph-docs-2021");
    let Ok(files) = fs::read_dir(&folder) else {
        eprintln!("skipped: the samples are not beside the project");
        return;
    };
    let mut read = 0;
    for file in files {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(value) = serde_json::from_slice::<Value>(&fs::read(&path).unwrap()) else { continue };
        let mut rows = Vec::new();
        collect(&value, &mut rows);
        for row in rows {
            let text = row.to_string();
            let result = if name.contains("conditionalaccess") || name.contains("namedlocation") {
                serde_json::from_str::<Document>(&text).map(drop)
            } else if name.contains("subscribedsku") {
                serde_json::from_str::<SubscribedSku>(&text).map(drop)
            } else if name.contains("organization-list") {
                serde_json::from_str::<Organization>(&text).map(drop)
            } else if name.contains("rbacapplication-list-roleassignments") {
                serde_json::from_str::<RoleAssignment>(&text).map(drop)
            } else if name.contains("rbacapplication-list-roledefinitions") {
                serde_json::from_str::<RoleDefinition>(&text).map(drop)
            } else if name.contains("identitysecuritydefaults") {
                serde_json::from_str::<SecurityDefaults>(&text).map(drop)
            } else {
                continue;
            };
            result.unwrap_or_else(|error| panic!("{name}: {error}"));
            read += 1;
        }
    }
    assert!(read > 20, "{read}");
}

/// Objects with an id, wherever the sample keeps them.
fn collect<'a>(value: &'a Value, rows: &mut Vec<&'a Value>) {
    match value {
        Value::Object(map) => match map.get("value").and_then(Value::as_array) {
            Some(list) => rows.extend(list.iter().filter(|row| row.get("id").is_some_and(Value::is_string))),
            None if map.get("id").is_some_and(Value::is_string) => rows.push(value),
            None => map.values().for_each(|inner| collect(inner, rows)),
        },
        Value::Array(list) => list.iter().for_each(|inner| collect(inner, rows)),
        _ => {}
    }
}

#[test]
fn nulls_missing_fields_and_unknown_members_do_no_harm() {
    let user: User = serde_json::from_value(json!({"id": "1"})).unwrap();
    assert_eq!((user.account_enabled, user.user_type), (None, None));
    let user: User = serde_json::from_value(
        json!({"id": "1", "displayName": null, "businessPhones": null, "createdDateTime": "not a time", "@odata.type": "#microsoft.graph.agentUser"}),
    )
    .unwrap();
    assert_eq!(user.created_date_time, None);
    assert_eq!(user.other["@odata.type"], "#microsoft.graph.agentUser");
    let text = json!({
        "id": "1", "userDisplayName": null, "userPrincipalName": "zo\u{eb}\n@contoso.com", "conditionalAccessStatus": "unknownFutureValue", "appliedConditionalAccessPolicies": null, "clientAppUsed": "Other clients; Older Office clients",
        "status": {"errorCode": 50126}, "createdDateTime": "0001-01-01T00:00:00Z"
    })
    .to_string();
    let sign_in: SignIn<'_> = serde_json::from_str(&text).unwrap();
    assert_eq!(&*sign_in.conditional_access_status, "unknownFutureValue");
    assert_eq!((&*sign_in.user_display_name, &*sign_in.user_principal_name), ("", "zo\u{eb}\n@contoso.com"));
    assert_eq!(
        (sign_in.applied(), &*sign_in.client_app_used, sign_in.status.as_ref().unwrap().error_code, sign_in.created_date_time),
        ("[]", "Other clients; Older Office clients", Some(50126), None)
    );
    let method: AuthenticationMethod = serde_json::from_value(
        json!({"@odata.type": "#microsoft.graph.phoneAuthenticationMethod", "id": "3", "phoneNumber": "+1 2065555555", "phoneType": "mobile"}),
    )
    .unwrap();
    assert_eq!((method.kind(), method.label().as_deref()), ("phoneAuthenticationMethod", Some("mobile ending in 55")), "never a whole number");
    let group: Group = serde_json::from_value(json!({"id": "g", "groupTypes": ["DynamicMembership"], "members@delta": [{"@odata.type": "#microsoft.graph.user", "id": "u", "@removed": {"reason": "deleted"}}]})).unwrap();
    assert_eq!(group.is_dynamic(), Some(true));
    let member = &group.members_delta.unwrap()[0];
    assert_eq!((member.kind(), member.removed.as_ref().unwrap().reason.as_str()), ("user", "deleted"));
}

#[test]
fn a_policy_goes_through_unchanged() {
    let policy = json!({"id": "p", "displayName": "MFA", "state": "enabledForReportingButNotEnforced", "conditions": {"users": {"includeUsers": ["All"], "somethingNew": {"x": 1}}}});
    let document: PolicyDocument = serde_json::from_value(policy.clone()).unwrap();
    assert_eq!((document.id(), document.state()), (Some("p"), Some("enabledForReportingButNotEnforced")));
    assert_eq!(serde_json::from_str::<Value>(&document.body()).unwrap(), policy);
}

#[test]
fn every_permission_is_one_that_microsoft_names_for_its_endpoints() {
    let Some(bytes) = shared("contracts/graph-permissions-v1.json") else { return };
    let contract: Value = serde_json::from_slice(&bytes).unwrap();
    let endpoints: &[(Data, &[&str])] = &[
        (Data::Organization, &["GET /organization"]),
        (Data::Licences, &["GET /subscribedSkus"]),
        (Data::Users, &["GET /users", "GET /users/delta"]),
        (Data::Groups, &["GET /groups/delta", "GET /groups/{group-id}/transitiveMembers", "GET /groups/{group-id}/members"]),
        (
            Data::Roles,
            &[
                "GET /roleManagement/directory/roleDefinitions",
                "GET /roleManagement/directory/roleAssignments",
                "GET /roleManagement/directory/roleEligibilityScheduleInstances",
                "GET /roleManagement/directory/roleAssignmentScheduleInstances",
            ],
        ),
        (Data::Policies, &["GET /identity/conditionalAccess/policies"]),
        (Data::NamedLocations, &["GET /identity/conditionalAccess/namedLocations"]),
        (Data::AuthenticationStrengths, &["GET /policies/authenticationStrengthPolicies", "GET /identity/conditionalAccess/authenticationStrength/policies"]),
        (Data::SecurityDefaults, &["GET /policies/identitySecurityDefaultsEnforcementPolicy"]),
        (Data::ServicePrincipals, &["GET /servicePrincipals"]),
        (Data::MfaRegistration, &["GET /reports/authenticationMethods/userRegistrationDetails"]),
        (Data::AuthenticationMethods, &["GET /users/{user-id}/authentication/methods"]),
        (Data::SignIns, &["GET /auditLogs/signIns"]),
        (Data::DirectoryAudits, &["GET /auditLogs/directoryAudits"]),
    ];
    let mut checked = 0;
    for (data, paths) in endpoints {
        for path in *paths {
            for way in ["delegatedWork", "application"] {
                let Some(allowed) = contract.get(*path).and_then(|entry| entry.get(way)).filter(|entry| entry.is_object()) else {
                    eprintln!("not in the contract: {path} {way}");
                    continue;
                };
                let names: Vec<&str> =
                    ["least", "higher"].iter().flat_map(|key| allowed[key].as_array().into_iter().flatten()).filter_map(Value::as_str).collect();
                let ours: Vec<&str> =
                    permissions::READING.iter().filter(|permission| permission.data.contains(data)).map(|permission| permission.name).collect();
                assert!(ours.iter().any(|name| names.contains(name)), "{path} ({way}): {ours:?} is not among {names:?}");
                checked += 1;
            }
        }
    }
    assert!(checked > 20, "{checked}");
    for path in ["GET /tenantRelationships/delegatedAdminCustomers", "GET /tenantRelationships/delegatedAdminRelationships"] {
        assert!(contract[path]["delegatedWork"]["least"].as_array().unwrap().iter().any(|name| name == permissions::PARTNER.name), "{path}");
    }
}

#[test]
fn every_permission_for_writing_is_one_that_microsoft_names_for_its_writes() {
    let Some(bytes) = shared("contracts/graph-permissions-v1.json") else { return };
    let contract: Value = serde_json::from_slice(&bytes).unwrap();
    let (policies, members) = ("Policy.ReadWrite.ConditionalAccess", "GroupMember.ReadWrite.All");
    let writes = [
        ("POST /identity/conditionalAccess/policies", policies),
        ("PATCH /identity/conditionalAccess/policies/{conditionalAccessPolicy-id}", policies),
        ("DELETE /identity/conditionalAccess/policies/{conditionalAccessPolicy-id}", policies),
        ("POST /identity/conditionalAccess/namedLocations", policies),
        ("PATCH /identity/conditionalAccess/namedLocations/{namedLocation-id}", policies),
        ("DELETE /identity/conditionalAccess/namedLocations/{namedLocation-id}", policies),
        ("POST /groups/{group-id}/members/$ref", members),
        ("DELETE /groups/{group-id}/members/{directoryObject-id}/$ref", members),
    ];
    let ours: Vec<&str> = permissions::READING.iter().chain(permissions::WRITING).map(|permission| permission.name).collect();
    for (write, name) in writes {
        let entry = &contract[write];
        // The documents name every permission that is needed together where the file does not.
        if let Some(all) = entry["override_from_docs"].as_str() {
            let needed: Vec<&str> = all.split(" AND ").collect();
            assert!(needed.contains(&name), "{write}: {needed:?}");
            assert!(needed.iter().all(|needed| ours.contains(needed)), "{write}: {needed:?}");
        } else {
            for way in ["delegatedWork", "application"] {
                assert!(entry[way]["least"].as_array().unwrap().iter().any(|least| least == name), "{write} ({way})");
            }
        }
    }
    assert!(permissions::WRITING.iter().all(|permission| writes.iter().any(|(_, name)| *name == permission.name)), "nothing is asked for that no write needs");
}

#[test]
fn writing_is_asked_for_on_its_own() {
    assert_eq!(permissions::missing_for_writing(&permissions::reading_names()).len(), 2);
    assert!(permissions::missing_for_writing(&permissions::writing_names()).is_empty());
    let missing: Vec<&str> = permissions::missing_for_writing(&["Group.ReadWrite.All"]).iter().map(|permission| permission.name).collect();
    assert_eq!(missing, ["Policy.ReadWrite.ConditionalAccess"]);
    assert!(
        permissions::missing(&permissions::writing_names()).iter().all(|permission| permission.name != "GroupMember.Read.All"),
        "who may write members may read them"
    );
}

#[test]
fn granted_scopes_say_which_data_can_be_had() {
    assert!(permissions::allowed::<&str>(&[]).is_empty());
    assert_eq!(permissions::allowed(&permissions::reading_names()), Data::ALL);
    assert!(permissions::missing(&permissions::reading_names()).is_empty());
    let granted = ["Directory.Read.All", "policy.read.all"];
    let allowed = permissions::allowed(&granted);
    assert!(allowed.contains(&Data::Users) && allowed.contains(&Data::Policies) && !allowed.contains(&Data::SignIns));
    let missing: Vec<&str> = permissions::missing(&granted).iter().map(|permission| permission.name).collect();
    assert_eq!(missing, ["RoleManagement.Read.Directory", "AuditLog.Read.All", "UserAuthenticationMethod.Read.All"]);
    assert!(permissions::READING.iter().all(|permission| !permission.name.contains("Write")), "read-only");
}
