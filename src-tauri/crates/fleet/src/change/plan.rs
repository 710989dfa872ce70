//! From what is wanted and what was just read to the one request that leads there, or to why there is none. Pure.

use graph::resources::Document;
use serde_json::{Value, json};

use super::{
    Target,
    content::{patch, same, writable},
    reading::Fresh,
    record::Loaded,
};
use crate::views::changes::Draft;

const POLICIES: &str = "identity/conditionalAccess/policies";
const LOCATIONS: &str = "identity/conditionalAccess/namedLocations";

/// Which way: the change itself, or back to what was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    There,
    Back,
}

impl Way {
    /// As `graph_write.owner` says it.
    pub fn owner(self) -> &'static str {
        match self {
            Self::There => "change",
            Self::Back => "rollback",
        }
    }
}

/// From where to where.
#[derive(Debug, Clone, PartialEq)]
pub struct Aim {
    pub target: Target,
    pub was: Option<Value>,
    pub want: Option<Value>,
    pub way: Way,
}

impl Aim {
    pub fn of(loaded: &Loaded, way: Way) -> Self {
        let target = loaded.target();
        match way {
            Way::There => Self { target, was: loaded.before(), want: loaded.after(), way },
            Way::Back => {
                let target = match target {
                    Target::Member { group, user, added } => Target::Member { group, user, added: !added },
                    other => other,
                };
                Self { target, was: loaded.after(), want: loaded.before(), way }
            }
        }
    }
}

/// What a read shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    Wanted,
    Before,
    /// Neither: somebody else was there.
    Other,
}

pub fn seen(aim: &Aim, fresh: &Fresh) -> Seen {
    match (fresh, &aim.target) {
        (Fresh::Nothing, _) => Seen::Before,
        (Fresh::Body(body), _) if same(body.as_ref(), aim.want.as_ref()) => Seen::Wanted,
        (Fresh::Body(body), _) if same(body.as_ref(), aim.was.as_ref()) => Seen::Before,
        (Fresh::Body(_), _) => Seen::Other,
        (Fresh::Member { is_member: Some(is_member), .. }, Target::Member { added, .. }) => {
            if is_member == added {
                Seen::Wanted
            } else {
                Seen::Before
            }
        }
        (Fresh::Member { .. }, _) => Seen::Other,
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    CreatePolicy(Value),
    UpdatePolicy(String, Value),
    DeletePolicy(String),
    /// Of a deleted policy, as it was.
    RestorePolicy(String),
    CreateLocation(Value),
    UpdateLocation(String, Value),
    DeleteLocation(String),
    AddMember {
        group: String,
        user: String,
    },
    RemoveMember {
        group: String,
        user: String,
    },
}

impl Write {
    pub fn method(&self) -> &'static str {
        match self {
            Self::CreatePolicy(_) | Self::RestorePolicy(_) | Self::CreateLocation(_) | Self::AddMember { .. } => "POST",
            Self::UpdatePolicy(..) | Self::UpdateLocation(..) => "PATCH",
            Self::DeletePolicy(_) | Self::DeleteLocation(_) | Self::RemoveMember { .. } => "DELETE",
        }
    }

    pub fn path(&self) -> String {
        match self {
            Self::CreatePolicy(_) => POLICIES.to_owned(),
            Self::UpdatePolicy(id, _) | Self::DeletePolicy(id) => format!("{POLICIES}/{id}"),
            Self::RestorePolicy(id) => format!("identity/conditionalAccess/deletedItems/policies/{id}/restore"),
            Self::CreateLocation(_) => LOCATIONS.to_owned(),
            Self::UpdateLocation(id, _) | Self::DeleteLocation(id) => format!("{LOCATIONS}/{id}"),
            Self::AddMember { group, .. } => format!("groups/{group}/members/$ref"),
            Self::RemoveMember { group, user } => format!("groups/{group}/members/{user}/$ref"),
        }
    }

    pub fn body(&self) -> Option<Value> {
        match self {
            Self::CreatePolicy(body) | Self::UpdatePolicy(_, body) | Self::CreateLocation(body) | Self::UpdateLocation(_, body) => Some(body.clone()),
            Self::AddMember { user, .. } => Some(json!({ "@odata.id": format!("directoryObjects/{user}") })),
            Self::DeletePolicy(_) | Self::RestorePolicy(_) | Self::DeleteLocation(_) | Self::RemoveMember { .. } => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// The target is as wanted without us.
    AlreadySo,
    /// Somebody changed the target since it was read for the dry run.
    Conflict,
    Write(Write),
}

/// `deleted`: the policy as it lies among the deleted ones, where it does.
pub fn plan(aim: &Aim, fresh: &Fresh, deleted: Option<&Value>) -> Plan {
    match seen(aim, fresh) {
        Seen::Wanted => return Plan::AlreadySo,
        Seen::Other => return Plan::Conflict,
        Seen::Before => {}
    }
    let current = match fresh {
        Fresh::Body(body) => body.as_ref(),
        Fresh::Nothing | Fresh::Member { .. } => None,
    };
    Plan::Write(match (&aim.target, current, &aim.want) {
        (Target::Member { group, user, added: true }, ..) => Write::AddMember { group: group.clone(), user: user.clone() },
        (Target::Member { group, user, added: false }, ..) => Write::RemoveMember { group: group.clone(), user: user.clone() },
        (Target::Policy(Some(id)), Some(current), Some(want)) => Write::UpdatePolicy(id.clone(), patch(current, want)),
        (Target::Policy(Some(id)), Some(_), None) => Write::DeletePolicy(id.clone()),
        (Target::Policy(Some(id)), None, Some(want)) if same(deleted, Some(want)) => Write::RestorePolicy(id.clone()),
        (Target::Policy(_), _, Some(want)) => Write::CreatePolicy(new_body(want, graph::resources::policy_for_writing)),
        (Target::Location(Some(id)), Some(current), Some(want)) => Write::UpdateLocation(id.clone(), patch(current, want)),
        (Target::Location(Some(id)), Some(_), None) => Write::DeleteLocation(id.clone()),
        (Target::Location(_), _, Some(want)) => Write::CreateLocation(new_body(want, graph::resources::location_for_writing)),
        // Not there, and not wanted: `seen` said so before.
        (Target::Policy(_) | Target::Location(_), _, None) => return Plan::AlreadySo,
    })
}

fn new_body(want: &Value, for_writing: fn(&Document) -> Value) -> Value {
    match writable(want) {
        Value::Object(members) => for_writing(&Document(members)),
        other => other,
    }
}

/// Whether a way ends with a new id, so that a lost answer has to be looked for among all.
pub fn looks_for_new(loaded: &Loaded, write_path: &str) -> bool {
    (write_path == POLICIES || write_path == LOCATIONS) && !matches!(loaded.draft, Draft::AddMember { .. } | Draft::RemoveMember { .. })
}
