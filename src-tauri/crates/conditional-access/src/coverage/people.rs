//! Who there is, sorted into classes: people whom no policy tells apart and whom a technician thinks of as one kind. A variant
//! is finer, the exact memberships that policies mention, so that a reason can name the group that excludes somebody.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::evaluate::lookup::lower_case;
use crate::evaluate::{Context, Engine, Match, SecurityDefaultsPart, SignInConditions, Subject};
use crate::model::conditions::ClientAppType;
use crate::names::built_in_roles;
use crate::tenant::{MemberKind, Tenant, User};

/// What a technician knows beside the directory. Ids in any letter case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    pub service_accounts: Vec<String>,
    pub break_glass: Vec<String>,
    /// Template ids; empty: the roles that Microsoft labels privileged.
    pub privileged_roles: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// Holders of a privileged role, active or eligible, through groups too.
    Admin,
    Member,
    Guest,
    ServiceAccount,
    BreakGlass,
}

impl Profile {
    #[must_use]
    pub fn as_text(self) -> &'static str {
        match self {
            Self::Admin => "admins",
            Self::Member => "members",
            Self::Guest => "guests",
            Self::ServiceAccount => "serviceAccounts",
            Self::BreakGlass => "breakGlass",
        }
    }
    fn plural(self) -> &'static str {
        match self {
            Self::Admin => "Admins",
            Self::Member => "Members",
            Self::Guest => "Guests",
            Self::ServiceAccount => "Service accounts",
            Self::BreakGlass => "Break-glass accounts",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    pub profile: Profile,
    /// "Members in VIP"
    pub name: String,
    /// None where users were never read and the class stands for whoever there may be.
    pub people: Option<usize>,
    pub(super) variants: Range<usize>,
}

#[derive(Debug, Clone)]
pub struct Variant {
    pub(super) subject: Subject,
    /// Indexes into the tenant's users.
    people: Vec<u32>,
}

impl Variant {
    pub fn people(&self) -> impl Iterator<Item = usize> + '_ {
        self.people.iter().map(|user| *user as usize)
    }
    #[must_use]
    pub fn count(&self) -> usize {
        self.people.len()
    }
}

pub(super) struct People {
    pub classes: Vec<Class>,
    /// By class: what matches it, and somebody of it.
    pub matched: Vec<(Match, Subject)>,
    pub variants: Vec<Variant>,
    pub class_of: Vec<Option<u32>>,
    pub blocked: usize,
}

pub(super) fn people(engine: &Engine, marks: &Marks) -> People {
    let tenant = engine.tenant();
    let lower = |ids: &[String]| ids.iter().map(|id| id.to_lowercase()).collect::<HashSet<_>>();
    let (service, glass) = (lower(&marks.service_accounts), lower(&marks.break_glass));
    let privileged = holders(tenant, &privileged_roles(marks));
    let mut found: HashMap<(Profile, Subject), usize> = HashMap::new();
    let mut variants: Vec<(Profile, Variant)> = Vec::new();
    let mut of_user: Vec<Option<usize>> = Vec::with_capacity(tenant.users.as_ref().map_or(0, Vec::len));
    let mut blocked = 0;
    for (index, user) in tenant.users.iter().flatten().enumerate() {
        if user.account_enabled == Some(false) {
            blocked += 1;
            of_user.push(None);
            continue;
        }
        let id = lower_case(&user.id);
        let subject = Subject::User(engine.subject_of(user));
        let profile = if glass.contains(id.as_ref()) {
            Profile::BreakGlass
        } else if service.contains(id.as_ref()) {
            Profile::ServiceAccount
        } else if privileged.contains(id.as_ref()) {
            Profile::Admin
        } else if is_guest(user, &subject) {
            Profile::Guest
        } else {
            Profile::Member
        };
        let next = variants.len();
        let place = *found.entry((profile, subject)).or_insert_with_key(|(_, subject)| {
            variants.push((profile, Variant { subject: subject.clone(), people: Vec::new() }));
            next
        });
        if let Some((_, variant)) = variants.get_mut(place) {
            variant.people.push(u32::try_from(index).unwrap_or(u32::MAX));
        }
        of_user.push(Some(place));
    }
    if tenant.users.is_none() {
        variants.push((Profile::Member, Variant { subject: Subject::User(crate::evaluate::UserSubject::member()), people: Vec::new() }));
    }
    classes(engine, variants, &of_user, blocked)
}

/// Variants with the place they had before they were sorted into classes.
type Members = Vec<(usize, Variant)>;

fn classes(engine: &Engine, variants: Vec<(Profile, Variant)>, of_user: &[Option<usize>], blocked: usize) -> People {
    let read = engine.tenant().users.is_some();
    let mut keys: HashMap<(Profile, Match, Option<u8>), usize> = HashMap::new();
    let mut grouped: Vec<(Profile, Match, Members)> = Vec::new();
    for (old, (profile, variant)) in variants.into_iter().enumerate() {
        let matched = engine.match_subject(&variant.subject);
        let defaults = security_defaults(engine, &variant.subject);
        let place = *keys.entry((profile, matched.clone(), defaults)).or_insert_with(|| {
            grouped.push((profile, matched.clone(), Vec::new()));
            grouped.len() - 1
        });
        if let Some((_, _, members)) = grouped.get_mut(place) {
            members.push((old, variant));
        }
    }
    // The profile a technician looks at first comes first; within it, the largest class.
    let size = |members: &[(usize, Variant)]| members.iter().map(|(_, variant)| variant.count()).sum::<usize>();
    grouped.sort_by_key(|(profile, _, members)| (*profile, std::cmp::Reverse(size(members)), members.first().map_or(0, |(old, _)| *old)));
    let mut people = People { classes: Vec::new(), matched: Vec::new(), variants: Vec::new(), class_of: Vec::new(), blocked };
    let mut class_of_variant: HashMap<usize, u32> = HashMap::new();
    for (profile, matched, members) in grouped {
        let count = size(&members);
        let start = people.variants.len();
        let class = u32::try_from(people.classes.len()).unwrap_or(u32::MAX);
        let name = class_name(engine, profile, &members);
        let someone = members.first().map_or(Subject::Open, |(_, variant)| variant.subject.clone());
        for (old, variant) in members {
            class_of_variant.insert(old, class);
            people.variants.push(variant);
        }
        people.classes.push(Class { profile, name, people: read.then_some(count), variants: start..people.variants.len() });
        people.matched.push((matched, someone));
    }
    people.class_of = of_user.iter().map(|variant| variant.and_then(|variant| class_of_variant.get(&variant).copied())).collect();
    people
}

/// Security defaults tell administrators from others, whom policies need not tell apart.
fn security_defaults(engine: &Engine, subject: &Subject) -> Option<u8> {
    let conditions = SignInConditions { client_app: Some(ClientAppType::Browser), ..SignInConditions::default() };
    Some(match engine.security_defaults(subject, &Context::Applications(Vec::new()), &conditions)? {
        SecurityDefaultsPart::BlocksLegacy => 1,
        SecurityDefaultsPart::RequiresMfa => 2,
        SecurityDefaultsPart::MfaWhenNecessary => 3,
        SecurityDefaultsPart::Nothing => 4,
        SecurityDefaultsPart::CannotSay | SecurityDefaultsPart::NeverRead => 5,
    })
}

fn is_guest(user: &User, subject: &Subject) -> bool {
    let external = matches!(subject, Subject::User(user) if user.guest.kinds != 0);
    external || user.user_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("guest"))
}

fn privileged_roles(marks: &Marks) -> HashSet<String> {
    if marks.privileged_roles.is_empty() {
        return built_in_roles().iter().filter(|role| role.privileged).map(|role| role.template_id.to_owned()).collect();
    }
    marks.privileged_roles.iter().map(|id| id.to_lowercase()).collect()
}

/// Users who hold one of the roles, active or eligible, at whatever scope, themselves or through groups.
fn holders(tenant: &Tenant, roles: &HashSet<String>) -> HashSet<String> {
    let templates: HashMap<String, String> =
        tenant.role_definitions.iter().flatten().map(|role| (role.id.to_lowercase(), role.template_id.to_lowercase())).collect();
    let assigned = tenant.role_assignments.iter().flatten().chain(tenant.role_eligibility.iter().flatten());
    let privileged = assigned.filter(|assignment| {
        let id = assignment.role_id.to_lowercase();
        roles.contains(&id) || templates.get(&id).is_some_and(|template| roles.contains(template))
    });
    expanded(tenant, privileged.map(|assignment| assignment.principal_id.to_lowercase()).collect())
}

/// These principals and everybody inside those that are groups; groups may contain each other.
fn expanded(tenant: &Tenant, principals: Vec<String>) -> HashSet<String> {
    if principals.is_empty() {
        return HashSet::new();
    }
    let groups: HashMap<String, &crate::tenant::Group> = tenant.groups.iter().flatten().map(|group| (group.id.to_lowercase(), group)).collect();
    let mut found = HashSet::new();
    let mut open = principals;
    while let Some(id) = open.pop() {
        if let Some(group) = groups.get(&id).filter(|_| !found.contains(&id)) {
            let inside = group.members.iter().flatten().filter(|member| !matches!(member.kind, MemberKind::ServicePrincipal | MemberKind::Device));
            open.extend(inside.map(|member| member.id.to_lowercase()));
        }
        found.insert(id);
    }
    found
}

/// By what all of the class have in common among the groups and roles that policies mention.
fn class_name(engine: &Engine, profile: Profile, members: &[(usize, Variant)]) -> String {
    let mut common: Option<(crate::evaluate::IdSet, crate::evaluate::IdSet)> = None;
    for (_, variant) in members {
        let Subject::User(user) = &variant.subject else { continue };
        match &mut common {
            None => common = Some((user.groups.yes.clone(), user.roles.yes.clone())),
            Some((groups, roles)) => {
                groups.and(&user.groups.yes);
                roles.and(&user.roles.yes);
            }
        }
    }
    let (groups, roles) = common.unwrap_or_default();
    let mentions = engine.mentions();
    let names = |ids: &mut dyn Iterator<Item = &std::sync::Arc<str>>, name: &dyn Fn(&str) -> String| {
        let names: Vec<String> = ids.map(|id| name(id)).collect();
        match names.as_slice() {
            [] => String::new(),
            [a] => a.clone(),
            [a, b] => format!("{a} and {b}"),
            [a, b, rest @ ..] => format!("{a}, {b} and {} more", rest.len()),
        }
    };
    let groups = names(&mut groups.iter().filter_map(|group| mentions.groups.get(group)), &|id| super::why::group_name(engine, id));
    let roles = names(&mut roles.iter().filter_map(|role| mentions.roles.get(role)), &|id| super::why::role_name(engine, id));
    let mut name = profile.plural().to_owned();
    if !roles.is_empty() {
        name = format!("{name} with the role {roles}");
    }
    if !groups.is_empty() {
        name = format!("{name} in {groups}");
    }
    name
}
