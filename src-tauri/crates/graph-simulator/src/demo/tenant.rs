//! A worked-out customer as Graph shows it: organization, domains, licences, users and the rest of the snapshot.

use super::customers::{Customer, Key};
use super::model::Model;
use super::people::{Account, Kind};
use super::{applications, audits, events, licences, methods, policies, roles, sign_ins, time};
use crate::{DemoTenant, TenantProfile};
use chrono::Duration;
use serde_json::{Value, json};
use snapshot::Snapshot;

pub(super) fn demo_tenant(model: &Model) -> DemoTenant {
    let customer = model.customer;
    let consumed: Vec<usize> = customer.skus.iter().map(|(sku, _)| model.accounts.iter().filter(|a| a.skus.contains(sku)).count()).collect();
    let mut draw = model.seed.stream("per-user-mfa");
    let custom = (customer.key == Key::Architects).then(|| (model.seed.id("strength/custom"), model.anchor - Duration::days(300)));
    let mut journal = sign_ins::Journal::new(model);
    sign_ins::ordinary(model, &mut journal, model.anchor - Duration::days(30), model.anchor);
    events::special(model, &mut journal);
    let snapshot = Snapshot {
        organization: Some(vec![organization(model)]),
        subscribed_skus: Some(licences::subscribed_skus(customer, model.seed, &model.tenant_id, &consumed)),
        domains: Some(domains(customer)),
        users: Some(users(model)),
        groups: Some(model.groups.json(customer, &model.accounts)),
        role_definitions: Some(roles::definitions_json()),
        role_assignments: Some(model.roles.assignments_json()),
        role_eligibility: Some(model.roles.eligibility_json()),
        conditional_access_policies: Some(model.policies.iter().map(policies::Policy::json).collect()),
        named_locations: Some(model.locations.iter().map(policies::Location::json).collect()),
        authentication_strengths: Some(policies::strengths(custom)),
        authentication_contexts: Some(Vec::new()),
        security_defaults: Some(json!({
            "id": "00000000-0000-0000-0000-000000000005",
            "displayName": "Security Defaults",
            "description": "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
            "isEnabled": customer.key == Key::Dental,
        })),
        authentication_methods_policy: None,
        service_principals: Some(applications::service_principals(customer, model.seed)),
        user_registration_details: Some(model.accounts.iter().map(|a| methods::details(a, model.admins.contains(&a.id), model.anchor, customer)).collect()),
        authentication_methods: Some(model.accounts.iter().map(|a| (a.id.clone(), methods::method_list(a))).collect()),
        per_user_mfa: Some(model.accounts.iter().map(|a| (a.id.clone(), methods::per_user_state(a, customer.key, &mut draw).to_owned())).collect()),
        sign_ins: Some(journal.newest_first()),
        directory_audits: Some(audits::audits(model)),
    };
    let mut profile = TenantProfile::new(&model.tenant_id, customer.name, customer.domain);
    profile.licence = customer.licence;
    profile.consent_revoked = customer.consent_revoked;
    profile.signs_in = model.accounts.iter().find(|a| a.kind == Kind::Admin).map(|a| a.upn.clone());
    DemoTenant { snapshot, profile }
}

fn organization(model: &Model) -> Value {
    let customer = model.customer;
    let office = customer.head_office();
    let created = model.anchor - Duration::days(customer.age_days);
    json!({
        "id": model.tenant_id,
        "displayName": customer.name,
        "createdDateTime": time(created),
        "tenantType": "AAD",
        "street": customer.street,
        "city": office.city,
        "state": office.state,
        "postalCode": customer.postal_code,
        "country": customer.country_name,
        "countryLetterCode": office.country,
        "preferredLanguage": customer.language,
        "businessPhones": [format!("{} 5550 10 100", customer.dial)],
        "technicalNotificationMails": [format!("it@{}", customer.domain)],
        "securityComplianceNotificationMails": [],
        "securityComplianceNotificationPhones": [],
        "marketingNotificationEmails": [],
        "onPremisesSyncEnabled": customer.on_premises_sync.then_some(true),
        "onPremisesLastSyncDateTime": customer.on_premises_sync.then(|| time(model.anchor - Duration::minutes(17))),
        "partnerTenantType": null,
        "assignedPlans": [],
        "provisionedPlans": [],
        "verifiedDomains": [
            {"name": customer.domain, "isDefault": true, "isInitial": false, "type": "Managed", "capabilities": "Email, OfficeCommunicationsOnline"},
            {"name": customer.initial, "isDefault": false, "isInitial": true, "type": "Managed", "capabilities": "Email, OfficeCommunicationsOnline"},
        ],
    })
}

fn domains(customer: &Customer) -> Vec<Value> {
    [(customer.domain, true), (customer.initial, false)]
        .map(|(name, default)| {
            json!({
                "id": name,
                "authenticationType": "Managed",
                "availabilityStatus": null,
                "isAdminManaged": true,
                "isDefault": default,
                "isInitial": !default,
                "isRoot": true,
                "isVerified": true,
                "supportedServices": ["Email", "OfficeCommunicationsOnline"],
                "passwordValidityPeriodInDays": 2_147_483_647,
                "passwordNotificationWindowInDays": 14,
                "state": null,
            })
        })
        .to_vec()
}

/// Whoever was there first leads a department, and the first of those leads the others.
fn users(model: &Model) -> Vec<Value> {
    let mut heads: Vec<&Account> = Vec::new();
    for account in model.accounts.iter().filter(|account| account.kind == Kind::Person && account.enabled && account.department.is_some()) {
        if !heads.iter().any(|head| head.department == account.department) {
            heads.push(account);
        }
    }
    let manager = |account: &Account| {
        let head = heads.iter().find(|head| head.department == account.department && account.department.is_some());
        let leads = head.is_some_and(|head| head.id == account.id);
        if leads { heads.first() } else { head }.filter(|head| account.kind == Kind::Person && head.id != account.id)
    };
    let with_manager = |account: &Account| {
        let mut user = user(account, model.customer);
        if let Some(manager) = manager(account) {
            user["manager"] = json!({"@odata.type": "#microsoft.graph.user", "id": manager.id});
        }
        user
    };
    model.accounts.iter().map(with_manager).collect()
}

fn user(account: &Account, customer: &Customer) -> Value {
    let guest = account.is_guest();
    let licences: Vec<Value> = account.skus.iter().map(|sku| json!({"skuId": sku.id(), "disabledPlans": []})).collect();
    let office = customer.offices.get(account.office);
    let person = account.kind == Kind::Person;
    let proxies: Vec<String> = match (&account.mail, guest) {
        (Some(mail), false) => vec![format!("SMTP:{mail}"), format!("smtp:{}@{}", account.local_part(), customer.initial)],
        (Some(mail), true) => vec![format!("SMTP:{mail}")],
        (None, _) => Vec::new(),
    };
    json!({
        "id": account.id,
        "userPrincipalName": account.upn,
        "displayName": account.display_name,
        "givenName": account.given,
        "surname": account.family,
        "mail": account.mail,
        "accountEnabled": account.enabled,
        "userType": if guest { "Guest" } else { "Member" },
        "creationType": guest.then_some("Invitation"),
        "externalUserState": guest.then_some(if account.methods.is_empty() { "PendingAcceptance" } else { "Accepted" }),
        "department": account.department,
        "jobTitle": account.title,
        "officeLocation": if person { office.map(|o| o.city) } else { None },
        "city": if person { office.map(|o| o.city) } else { None },
        "country": if person { office.map(|o| o.country) } else { None },
        "usageLocation": if guest { None } else { Some(customer.head_office().country) },
        "preferredLanguage": person.then_some(customer.language),
        "mobilePhone": account.mobile,
        "businessPhones": account.phone.iter().collect::<Vec<_>>(),
        "companyName": if guest { None } else { Some(customer.name) },
        "createdDateTime": time(account.created),
        "onPremisesSyncEnabled": account.synced.then_some(true),
        "assignedLicenses": licences,
        "proxyAddresses": proxies,
    })
}
