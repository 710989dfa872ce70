//! The people of a tenant in classes that no policy can tell apart, who of them is an administrator, and those who could be
//! where nobody is or nobody was read.

use std::collections::{HashMap, HashSet};

use super::Known;
use super::probe::Bench;
use crate::evaluate::bits::IdSet;
use crate::evaluate::lookup::lower_case;
use crate::evaluate::subject::{Guest, HomeTenant, Memberships, Mention, Subject, UserSubject};
use crate::evaluate::{Engine, Identity, ServicePrincipalSignIn, Truth, UserSignIn};
use crate::model::ConditionalAccessPolicy;
use crate::tenant::{MemberKind, Tenant};

/// People whom no policy can tell apart.
pub(super) struct Class {
    pub identity: Identity,
    pub subject: Subject,
    pub guest: bool,
    pub admin: bool,
    pub service_account: bool,
    /// Places among the tenant's users, or its service principals: a large tenant has many.
    pub people: Vec<u32>,
}

impl Class {
    /// Somebody whom no policy singles out.
    pub(super) fn anybody() -> Self {
        Self { identity: Identity::Open, subject: Subject::User(UserSubject::member()), guest: false, admin: false, service_account: false, people: Vec::new() }
    }

    pub(super) fn is_person(&self) -> bool {
        !matches!(self.identity, Identity::ServicePrincipal(_))
    }

    /// Ids as the tenant writes them.
    pub(super) fn ids<'a>(&'a self, bench: &'a Bench<'_>) -> impl Iterator<Item = String> + 'a {
        let tenant = bench.tenant;
        let id = |place: usize| match self.is_person() {
            true => tenant.users.as_ref()?.get(place).map(|user| user.id.clone()),
            false => tenant.service_principals.as_ref()?.get(place).map(|principal| principal.id.clone()),
        };
        self.people.iter().filter_map(move |place| id(*place as usize))
    }
}

impl Bench<'_> {
    /// Nobody in particular, somebody in one group, of one role, named, or one kind of guest, of those that policies mention:
    /// where people were not read, and where nobody is so today.
    pub(super) fn imagined(&self) -> Vec<Subject> {
        let mentions = self.engine.mentions();
        let member = UserSubject::member;
        let only = |at: usize| Memberships { yes: std::iter::once(at).collect(), unknown: IdSet::new() };
        let groups = (0..mentions.groups.len()).map(|at| UserSubject { groups: only(at), ..member() });
        let roles = (0..mentions.roles.len()).map(|at| UserSubject { roles: only(at), ..member() });
        let named = (0..mentions.users.len()).map(|at| UserSubject { user: Mention::At(at), ..member() });
        let guests = (0..6).map(|bit| UserSubject { guest: Guest { kinds: 1 << bit, unknown: 0, tenant: HomeTenant::Other(Mention::None) }, ..member() });
        std::iter::once(member()).chain(groups).chain(roles).chain(named).chain(guests).map(Subject::User).collect()
    }

    /// Each of them in one more group or role as well: an exclusion shows only on who is included too.
    pub(super) fn imagined_pairs(&self) -> Vec<Subject> {
        let one = self.imagined();
        let mut all = one.clone();
        for (at, first) in one.iter().enumerate() {
            for second in one.iter().take(at) {
                if let (Subject::User(first), Subject::User(second)) = (first, second) {
                    all.push(Subject::User(both(first, second)));
                }
            }
        }
        all
    }
}

pub(super) fn classes(engine: &Engine, tenant: &Tenant, known: &Known<'_>) -> Vec<Class> {
    let lower = |ids: Option<&[String]>| -> HashSet<String> { ids.unwrap_or_default().iter().map(|id| id.to_ascii_lowercase()).collect() };
    let (break_glass, service_accounts) = (lower(known.break_glass), lower(known.service_accounts));
    let admins = administrators(tenant);
    let mut found: HashMap<(Subject, bool, bool, bool), usize> = HashMap::new();
    let mut classes: Vec<Class> = Vec::new();
    let mut place = |identity: &dyn Fn() -> Identity, subject: Subject, at: usize, guest: bool, admin: bool, service_account: bool| {
        let class = *found.entry((subject, guest, admin, service_account)).or_insert_with_key(|(subject, ..)| {
            classes.push(Class { identity: identity(), subject: subject.clone(), guest, admin, service_account, people: Vec::new() });
            classes.len() - 1
        });
        if let Some(class) = classes.get_mut(class) {
            class.people.extend(u32::try_from(at));
        }
    };
    for (at, user) in tenant.users.iter().flatten().enumerate().filter(|(_, user)| user.account_enabled != Some(false) && !user.agent) {
        let id = lower_case(&user.id);
        if break_glass.contains(&*id) {
            continue;
        }
        let guest = user.user_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("guest"));
        let identity = || Identity::User(UserSignIn { user_id: Some(user.id.clone()), ..UserSignIn::default() });
        place(&identity, Subject::User(engine.subject_of(user)), at, guest, admins.contains(&*id), service_accounts.contains(&*id));
    }
    for (at, principal) in tenant.service_principals.iter().flatten().enumerate() {
        let identity = Identity::ServicePrincipal(ServicePrincipalSignIn { service_principal_id: Some(principal.id.clone()), agent: Some(false) });
        // Policies cover single-tenant applications of this tenant only ("Conditional Access for workload identities").
        let subject = engine.subject(&identity);
        if matches!(&subject, Subject::ServicePrincipal(subject) if subject.of_this_tenant != Truth::No) {
            place(&|| identity.clone(), subject, at, false, false, false);
        }
    }
    classes
}

/// Whoever has a privileged role, active and for the whole tenant. Groups that may hold roles are never nested ("Use
/// Microsoft Entra groups to manage role assignments").
fn administrators(tenant: &Tenant) -> HashSet<String> {
    let definitions: HashMap<String, String> = tenant
        .role_definitions
        .iter()
        .flatten()
        .map(|role| (role.id.to_ascii_lowercase(), if role.template_id.is_empty() { &role.id } else { &role.template_id }.to_ascii_lowercase()))
        .collect();
    let groups: HashMap<String, _> = tenant.groups.iter().flatten().map(|group| (group.id.to_ascii_lowercase(), group)).collect();
    let mut admins = HashSet::new();
    for assignment in tenant.role_assignments.iter().flatten().filter(|a| a.directory_scope == "/" || a.directory_scope.is_empty()) {
        let role = assignment.role_id.to_ascii_lowercase();
        let template = definitions.get(&role).unwrap_or(&role);
        if !crate::names::built_in_role(template).is_some_and(|role| role.privileged) {
            continue;
        }
        let principal = assignment.principal_id.to_ascii_lowercase();
        match groups.get(&principal) {
            Some(group) => {
                let members = group.members.iter().flatten().filter(|m| matches!(m.kind, MemberKind::User | MemberKind::Other));
                admins.extend(members.map(|m| m.id.to_ascii_lowercase()));
            }
            None => {
                admins.insert(principal);
            }
        }
    }
    admins
}

fn both(first: &UserSubject, second: &UserSubject) -> UserSubject {
    let mut both = first.clone();
    both.groups.yes.or(&second.groups.yes);
    both.roles.yes.or(&second.roles.yes);
    if second.user != Mention::None {
        both.user = second.user;
    }
    if second.guest.kinds != 0 {
        both.guest = second.guest.clone();
    }
    both
}

/// The tenant with these people only, for trying changes of a policy without asking everybody again.
pub(super) fn small_tenant(tenant: &Tenant, users: &HashSet<String>, policies: Vec<ConditionalAccessPolicy>) -> Tenant {
    let keep = |id: &str| users.contains(&id.to_ascii_lowercase());
    Tenant {
        id: tenant.id.clone(),
        policies: Some(policies),
        users: tenant.users.as_ref().map(|all| all.iter().filter(|u| keep(&u.id)).cloned().collect()),
        groups: tenant.groups.as_ref().map(|all| {
            all.iter()
                .map(|group| crate::tenant::Group {
                    id: group.id.clone(),
                    display_name: group.display_name.clone(),
                    members: group
                        .members
                        .as_ref()
                        .map(|members| members.iter().filter(|m| !matches!(m.kind, MemberKind::User | MemberKind::Device) || keep(&m.id)).cloned().collect()),
                    members_are_transitive: group.members_are_transitive,
                })
                .collect()
        }),
        role_definitions: tenant.role_definitions.clone(),
        role_assignments: tenant.role_assignments.as_ref().map(|all| {
            let groups: HashSet<String> = tenant.groups.iter().flatten().map(|g| g.id.to_ascii_lowercase()).collect();
            all.iter().filter(|a| keep(&a.principal_id) || groups.contains(&a.principal_id.to_ascii_lowercase())).cloned().collect()
        }),
        role_eligibility: None,
        named_locations: tenant.named_locations.clone(),
        authentication_strengths: tenant.authentication_strengths.clone(),
        service_principals: tenant.service_principals.as_ref().map(|all| all.iter().filter(|p| keep(&p.id)).cloned().collect()),
        security_defaults: tenant.security_defaults,
    }
}
