//! Puts coverage together: classes of people times groups of applications, each field judged once.

use super::cells::{Cells, Field};
use super::dimensions::{Application, ApplicationKind, Client, EXCHANGE_ONLINE, applications, conditions, values};
use super::gaps::{self, Ground};
use super::people::{Marks, people};
use super::protection::{Protection, Ranks};
use super::{Cell, Coverage};
use crate::evaluate::{Engine, Match, SecurityDefaultsPart, SignInConditions, Subject};
use crate::model::conditions::ClientAppType;

/// Applications that no policy tells apart.
pub(super) struct ApplicationGroup {
    pub members: Vec<usize>,
    pub matched: Match,
    pub active_sync: bool,
    pub action: bool,
}

fn application_groups(engine: &Engine, applications: &[Application]) -> Vec<ApplicationGroup> {
    let has_exchange = applications.iter().any(|application| application.id == EXCHANGE_ONLINE);
    // Security defaults single out Azure's management, so with them every application stands alone.
    let alone = engine.tenant().security_defaults == Some(true);
    let mut found: Vec<ApplicationGroup> = Vec::new();
    for (index, application) in applications.iter().enumerate() {
        let matched = engine.match_context(&application.context());
        let active_sync = application.id == EXCHANGE_ONLINE || !has_exchange && application.kind == ApplicationKind::AnyOther;
        let action = application.kind == ApplicationKind::UserAction;
        let same = |group: &&mut ApplicationGroup| !alone && group.matched == matched && group.active_sync == active_sync && group.action == action;
        match found.iter_mut().find(same) {
            Some(group) => group.members.push(index),
            None => found.push(ApplicationGroup { members: vec![index], matched, active_sync, action }),
        }
    }
    found
}

pub(super) fn build(engine: &Engine, marks: &Marks) -> Coverage {
    let tenant = engine.tenant();
    let mut remarks = Vec::new();
    for (read, what) in [
        (tenant.policies.is_some(), "the policies were never read, so nobody can say what protects anybody"),
        (tenant.users.is_some(), "users were never read: what follows holds for a member whom no policy mentions"),
        (tenant.groups.is_some(), "groups were never read: what hangs on membership is unknown"),
        (tenant.role_assignments.is_some(), "role assignments were never read: nobody can say who is an administrator"),
    ] {
        if !read {
            remarks.push(what.to_owned());
        }
    }
    let values = values(engine, &mut remarks);
    let conditions = conditions(engine, &values);
    let situations = conditions.situations();
    let people = people(engine, marks);
    let applications = applications(engine);
    let groups = application_groups(engine, &applications);

    let mut cells = Cells::new(&conditions, &situations, |able| Ranks::of(engine, able));
    let empty = Cell { least: Protection::Unknown, legacy: None, rows: u32::MAX };
    let mut matrix = vec![empty; people.classes.len() * applications.len()];
    let mut policies = Match::default();
    for (class, (matched, someone)) in people.matched.iter().enumerate() {
        for group in &groups {
            policies.copy_from(matched);
            policies.and(&group.matched);
            let context = group.members.first().and_then(|index| applications.get(*index));
            let floor = |client| context.map_or(Protection::None, |application| floor(engine, someone, application, client));
            let field = Field {
                active_sync: group.active_sync && !group.action,
                legacy: !group.action,
                floor: floor(Client::Browser),
                legacy_floor: floor(Client::Other),
            };
            let cell = cells.cell(&policies, field);
            for member in &group.members {
                if let Some(place) = matrix.get_mut(class * applications.len() + member) {
                    *place = cell;
                }
            }
        }
    }
    let ground = Ground { engine, conditions: &conditions, situations: &situations, people: &people, applications: &applications, groups: &groups };
    let (gaps, gaps_of) = gaps::gaps(&ground, &cells, &matrix);
    Coverage {
        remarks,
        applications,
        values,
        gaps,
        blocked_accounts: people.blocked,
        classes: people.classes,
        variants: people.variants,
        class_of: people.class_of,
        cells: matrix,
        rows: cells.rows,
        gaps_of,
    }
}

/// What holds whatever the policies say: security defaults, or that nobody read what there is.
fn floor(engine: &Engine, someone: &Subject, application: &Application, client: Client) -> Protection {
    if engine.tenant().policies.is_none() {
        return Protection::Unknown;
    }
    let conditions = SignInConditions { client_app: Some(ClientAppType::from_graph(client.as_text())), ..SignInConditions::default() };
    match engine.security_defaults(someone, &application.context(), &conditions) {
        Some(SecurityDefaultsPart::BlocksLegacy) => Protection::Blocked,
        Some(SecurityDefaultsPart::RequiresMfa) => Protection::Mfa,
        Some(SecurityDefaultsPart::MfaWhenNecessary) => Protection::Other,
        Some(SecurityDefaultsPart::CannotSay | SecurityDefaultsPart::NeverRead) => Protection::Unknown,
        Some(SecurityDefaultsPart::Nothing) | None => Protection::None,
    }
}
