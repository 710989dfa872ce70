//! The directory's audit log of the last thirty days, all of it well before the anchor: what the first sync finds is history,
//! not news. A policy change stands in it twice, by *Conditional Access* and by *Core Directory*, as it does in Entra.

use super::customers::Key;
use super::draw::Draw;
use super::groups;
use super::model::Model;
use super::people::{Account, Kind};
use super::policies::State;
use super::{places, time};
use chrono::{DateTime, Duration, Utc};
use serde_json::value::RawValue;
use serde_json::{Value, json};

struct Log<'a> {
    model: &'a Model,
    draw: Draw,
    entries: Vec<(DateTime<Utc>, Value)>,
}

pub(super) fn audits(model: &Model) -> Vec<Box<RawValue>> {
    let mut log = Log { model, draw: model.seed.stream("audits"), entries: Vec::new() };
    let rounds = 10 + model.customer.size / 12;
    for _ in 0..rounds.min(300) {
        log.everyday();
    }
    log.policy_change();
    log.entries.sort_by_key(|entry| std::cmp::Reverse(entry.0));
    log.entries.iter().map(|(_, entry)| snapshot::raw(entry)).collect()
}

fn user_target(account: &Account, changes: &Value) -> Value {
    json!({"id": account.id, "displayName": account.display_name, "type": "User", "userPrincipalName": account.upn, "groupType": null, "modifiedProperties": changes})
}

fn changed(name: &str, old: Option<&str>, new: Option<&str>) -> Value {
    json!({"displayName": name, "oldValue": old, "newValue": new})
}

impl Log<'_> {
    fn admin(&mut self) -> Option<Account> {
        let admins: Vec<&Account> = self.model.accounts.iter().filter(|a| a.kind == Kind::Admin).collect();
        admins.get(self.draw.below(admins.len())).map(|a| (*a).clone())
    }

    fn somebody(&mut self) -> Option<Account> {
        let index = self.model.active.get(self.draw.below(self.model.active.len())).copied()?;
        self.model.accounts.get(index).cloned()
    }

    #[allow(clippy::too_many_arguments)]
    fn entry(&mut self, at: DateTime<Utc>, service: &str, category: &str, activity: &str, operation: &str, by: &Account, correlation: &str, targets: &Value) {
        let number = self.entries.len();
        let prefix = if service == "Core Directory" { "Directory" } else { "IPCGraph" };
        let entry = json!({
            "id": format!("{prefix}_{correlation}_{number}"),
            "category": category,
            "correlationId": correlation,
            "result": "success",
            "resultReason": "",
            "activityDisplayName": activity,
            "activityDateTime": time(at),
            "loggedByService": service,
            "operationType": operation,
            "initiatedBy": {
                "app": null,
                "user": {
                    "id": by.id, "displayName": by.display_name, "userPrincipalName": by.upn,
                    "ipAddress": places::office_address(self.model.customer, 0, false),
                },
            },
            "targetResources": targets,
            "additionalDetails": [],
        });
        self.entries.push((at, entry));
    }

    fn everyday(&mut self) {
        let (Some(admin), Some(person)) = (self.admin(), self.somebody()) else { return };
        let at = self.model.anchor - Duration::minutes(self.draw.between(4 * 1440, 29 * 1440));
        let correlation = self.draw.uuid().to_string();
        match self.draw.below(7) {
            0 => {
                let changes = json!([
                    changed("Department", Some("[\"Sales\"]"), Some(&format!("[\"{}\"]", person.department.unwrap_or("Sales")))),
                    changed("Included Updated Properties", None, Some("\"Department\""))
                ]);
                self.entry(at, "Core Directory", "UserManagement", "Update user", "Update", &admin, &correlation, &json!([user_target(&person, &changes)]));
            }
            1 => self.entry(
                at,
                "Core Directory",
                "UserManagement",
                "Reset user password",
                "Update",
                &admin,
                &correlation,
                &json!([user_target(&person, &json!([]))]),
            ),
            2 => {
                let name = if self.draw.percent(50) { groups::VIP } else { "Projects" };
                let Some(group) = self.model.groups.named(name) else { return };
                let changes = json!([
                    changed("Group.ObjectID", None, Some(&format!("\"{}\"", group.id))),
                    changed("Group.DisplayName", None, Some(&format!("\"{}\"", group.name)))
                ]);
                let targets = json!([
                    user_target(&person, &changes),
                    {"id": group.id, "displayName": null, "type": "Group", "userPrincipalName": null, "groupType": "azureAD", "modifiedProperties": []},
                ]);
                self.entry(at, "Core Directory", "GroupManagement", "Add member to group", "Assign", &admin, &correlation, &targets);
            }
            3 => self.entry(
                at,
                "Authentication Methods",
                "UserManagement",
                "User registered security info",
                "Update",
                &person,
                &correlation,
                &json!([user_target(&person, &json!([]))]),
            ),
            4 => {
                let changes = json!([changed("AssignedLicense", Some("[]"), Some("[\"[SkuName=SPB]\"]"))]);
                self.entry(
                    at,
                    "Core Directory",
                    "UserManagement",
                    "Change user license",
                    "Update",
                    &admin,
                    &correlation,
                    &json!([user_target(&person, &changes)]),
                );
            }
            5 => self.entry(
                at,
                "Core Directory",
                "UserManagement",
                "Update StsRefreshTokenValidFrom Timestamp",
                "Update",
                &admin,
                &correlation,
                &json!([user_target(&person, &json!([]))]),
            ),
            _ => {
                let recent = self
                    .model
                    .accounts
                    .iter()
                    .find(|a| a.kind == Kind::Person && self.model.anchor - a.created < Duration::days(29) && self.model.anchor - a.created > Duration::days(4))
                    .cloned();
                if let Some(person) = recent {
                    let known = self.entries.iter().any(|(_, e)| e.get("activityDisplayName").and_then(Value::as_str) == Some("Add user"));
                    if !known {
                        self.entry(
                            person.created,
                            "Core Directory",
                            "UserManagement",
                            "Add user",
                            "Add",
                            &admin,
                            &correlation,
                            &json!([user_target(&person, &json!([]))]),
                        );
                    }
                }
            }
        }
    }

    /// Somebody switched a policy's state, three weeks ago.
    fn policy_change(&mut self) {
        if matches!(self.model.customer.key, Key::Dental) {
            return;
        }
        let Some(policy) = self.model.policies.first().cloned() else { return };
        let Some(admin) = self.admin() else { return };
        let at = policy.modified.unwrap_or(self.model.anchor - Duration::days(21));
        let correlation = self.draw.uuid().to_string();
        let new = policy.json();
        let mut old = new.clone();
        if let Some(fields) = old.as_object_mut() {
            let before = if policy.state == State::Disabled { "enabled" } else { "enabledForReportingButNotEnforced" };
            fields.insert("state".to_owned(), Value::String(before.to_owned()));
        }
        let target = |changes: Value| json!([{"id": policy.id, "displayName": policy.name, "type": "Policy", "userPrincipalName": null, "groupType": null, "modifiedProperties": changes}]);
        let changes = json!([changed("ConditionalAccessPolicy", Some(&old.to_string()), Some(&new.to_string()))]);
        self.entry(at, "Conditional Access", "Policy", "Update conditional access policy", "Update", &admin, &correlation, &target(changes));
        let changes = json!([changed("Included Updated Properties", None, Some("\"PolicyDetail\""))]);
        self.entry(at - Duration::milliseconds(400), "Core Directory", "Policy", "Update policy", "Update", &admin, &correlation, &target(changes));
    }
}
