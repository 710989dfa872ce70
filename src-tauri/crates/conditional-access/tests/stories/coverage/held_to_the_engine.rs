//! Coverage against the engine: each row of the matrix is what the engine answers to that very sign-in.

use super::*;

#[test]
fn each_profile_has_its_own_figures_and_a_row_can_be_asked_of_the_engine() {
    let mut tenant = contoso(&[with(mfa("CA003"), "/conditions/users/excludeGroups", json!(["g-vip"]))]);
    tenant.role_assignments = Some(vec![RoleAssignment { role_id: GLOBAL_ADMINISTRATOR.into(), principal_id: "cas".into(), directory_scope: "/".into() }]);
    let engine = Engine::new(tenant);
    let found = coverage(&engine, &Marks::default());
    let told: Vec<_> = found.profiles().iter().map(|of| (of.profile, of.people, of.protected, of.unknown, of.least)).collect();
    assert_eq!(told, [(Profile::Admin, 1, 0, 0, Protection::None), (Profile::Member, 2, 2, 0, Protection::Mfa)]);
    assert!(found.profile_cells(Profile::Admin).iter().all(|least| *least == Protection::None));
    assert!(found.profile_cells(Profile::Member).iter().all(|least| *least == Protection::Mfa));
    assert_eq!(found.profile_cells(Profile::Guest), vec![Protection::Unknown; found.applications.len()], "nobody is one");
    let (class, beyond) = (found.per_user().find(|user| user.user == 2).unwrap().class, found.applications.len());
    assert_eq!(found.cell(class, beyond), None);
    let row = &found.drill(class, 0)[0];
    let request = found.request(&engine, class, 0, row).unwrap();
    assert_eq!(
        request.identity,
        conditional_access::evaluate::Identity::User(conditional_access::evaluate::UserSignIn { user_id: Some("cas".to_owned()), ..Default::default() })
    );
    assert_eq!(engine.evaluate(&request).results[0].outcome, Outcome::DoesNotApply);
    assert!(found.request(&engine, class, beyond, row).is_none());
}

/// What one answer protects with, put together from the outcome of each policy, the slow and plain way.
fn by_answer(engine: &Engine, found: &Coverage, user: usize, application: usize, at: Spot) -> Protection {
    let user = engine.tenant().users.as_ref().map(|users| &users[user]);
    let answer = engine.evaluate(&found.question(user, application, at).unwrap());
    let device = found.devices()[at.device];
    let mut least = if device == DeviceState::Unmanaged { Protection::None } else { Protection::Device };
    let mut sure = Protection::None;
    let mut most = Protection::None;
    for result in &answer.results {
        if result.outcome == Outcome::DoesNotApply || !matches!(result.state, Some(PolicyState::Enabled)) {
            continue;
        }
        let demand = engine.demand(result.policy).unwrap();
        let given = if demand.blocks {
            Protection::Blocked
        } else {
            demand.requires.iter().map(|one| by_requirement(one, at.client, device)).max().unwrap_or(Protection::None)
        };
        most = most.max(if demand.open { Protection::Blocked } else { given });
        if result.outcome == Outcome::Applies {
            sure = sure.max(given);
        }
    }
    if sure < Protection::Mfa && most > sure {
        sure = Protection::Unknown;
    }
    least = least.max(sure);
    least
}

fn by_requirement(requirement: &Requirement, client: Client, device: DeviceState) -> Protection {
    let one = |control: &Control| match control {
        Control::Unknown(_) => Protection::Unknown,
        Control::CompliantDevice | Control::DomainJoinedDevice if client != Client::Other => Protection::Device,
        _ if client.is_legacy() => Protection::Blocked,
        Control::Mfa => Protection::Mfa,
        Control::AuthenticationStrength(id) => match Strength::built_in(id).and_then(|strength| strength.level()) {
            Some(StrengthLevel::PhishingResistant) => Protection::PhishingResistantMfa,
            Some(StrengthLevel::Mfa | StrengthLevel::Passwordless) => Protection::Mfa,
            Some(StrengthLevel::SingleFactor) => Protection::Other,
            None => Protection::Unknown,
        },
        _ => Protection::Other,
    };
    match requirement {
        Requirement::Control(control) => one(control),
        Requirement::AnyOf(controls) => {
            let usable: Vec<_> = controls
                .iter()
                .filter(|control| match control {
                    Control::CompliantDevice => device == DeviceState::Compliant,
                    Control::DomainJoinedDevice => device == DeviceState::HybridJoined,
                    _ => true,
                })
                .collect();
            let all = if usable.is_empty() { controls.iter().collect() } else { usable };
            all.into_iter().map(one).min().unwrap()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// The bars may be met by counting in classes only because nothing is lost by it.
    #[test]
    fn coverage_agrees_with_asking_the_engine_for_every_member_one_by_one(seed in any::<u64>(), policies in 1_usize..14) {
        let tenant = common::tenant(common::Scale { users: 16, groups: 5, policies, applications: 3, seed });
        let engine = Engine::new(tenant);
        let found = coverage(&engine, &Marks::default());
        for person in found.per_user() {
            for (application, of) in found.applications.iter().enumerate() {
                let mut least = Protection::Blocked;
                for row in found.drill(person.class, application) {
                    // Of each row one combination, another one for each member, so that in the end all are asked.
                    let pick = |all: &[usize]| all[(person.user + application) % all.len()];
                    for client in &row.clients {
                        let at = Spot { client: *client, platform: pick(&row.platforms), location: pick(&row.locations), device: pick(&row.devices) };
                        let asked = by_answer(&engine, &found, person.user, application, at);
                        prop_assert_eq!(row.protection, asked, "user {} {:?} {:?}", person.user, of, at);
                        if !client.is_legacy() {
                            least = least.min(asked);
                        }
                    }
                }
                prop_assert_eq!(found.cell(person.class, application).unwrap().least, least);
            }
        }
        // Everybody below MFA, and nobody else, is in some gap of modern clients.
        let mut in_gap: Vec<usize> = modern(&found).into_iter().flat_map(|gap| found.people_of_gap(gap).collect::<Vec<_>>()).collect();
        in_gap.sort_unstable();
        in_gap.dedup();
        let mut below: Vec<usize> = found.per_user().filter(|user| user.least < Protection::Device).map(|user| user.user).collect();
        below.sort_unstable();
        prop_assert_eq!(in_gap, below);
    }

    #[test]
    fn the_order_of_policies_changes_nothing(seed in any::<u64>()) {
        let tenant = common::tenant(common::Scale { users: 20, groups: 5, policies: 10, applications: 3, seed });
        let mut turned = tenant.clone();
        turned.policies.as_mut().unwrap().reverse();
        let each = |tenant: &Tenant| {
            let found = covered(tenant);
            let mut each: Vec<_> = found.per_user().map(|user| (user.user, user.profile, user.least, user.legacy)).collect();
            each.sort_unstable();
            each
        };
        prop_assert_eq!(each(&tenant), each(&turned));
    }

    #[test]
    fn one_more_policy_never_protects_anybody_less(seed in any::<u64>()) {
        let mut tenant = common::tenant(common::Scale { users: 20, groups: 5, policies: 9, applications: 3, seed });
        let taken = tenant.policies.as_mut().unwrap().pop().unwrap();
        // An open policy may turn "none" into "unknown", which ranks above it; so may nothing lower anybody.
        let before: Vec<_> = covered(&tenant).per_user().map(|user| (user.user, user.least)).collect();
        tenant.policies.as_mut().unwrap().push(taken);
        let after: std::collections::HashMap<_, _> = covered(&tenant).per_user().map(|user| (user.user, user.least)).collect();
        for (user, least) in before {
            if least != Protection::Other && least != Protection::Device {
                prop_assert!(after[&user] >= least, "{} had {:?}, has {:?}", user, least, after[&user]);
            }
        }
    }
}
