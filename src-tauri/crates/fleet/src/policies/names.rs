//! A tenant's names by id, from the store. What cannot be found is `None`: the words then say "deleted or unread".

use std::{cell::RefCell, collections::HashMap};

use conditional_access::Names;
use serde_json::Value;
use store::{Connection, Result};

/// Small lists are read at once; users and groups are asked for one by one and remembered.
pub struct StoreNames<'c> {
    conn: &'c Connection,
    tenant: String,
    roles: HashMap<String, String>,
    applications: HashMap<String, String>,
    locations: HashMap<String, (String, Option<bool>)>,
    strengths: HashMap<String, String>,
    asked: RefCell<HashMap<(&'static str, String), Option<String>>>,
}

impl<'c> StoreNames<'c> {
    pub fn new(conn: &'c Connection, tenant: &str) -> Result<Self> {
        Ok(Self {
            conn,
            tenant: tenant.to_owned(),
            roles: store::roles::definitions(conn, tenant)?.into_iter().map(|role| (role.template_id.to_lowercase(), role.display_name)).collect(),
            applications: store::names::applications(conn, tenant)?.into_iter().collect(),
            locations: store::locations::all(conn, tenant)?
                .into_iter()
                .map(|location| {
                    let trusted = serde_json::from_str::<Value>(&location.body).ok().and_then(|body| body.get("isTrusted").and_then(Value::as_bool));
                    (location.id.to_lowercase(), (location.display_name, trusted))
                })
                .collect(),
            strengths: store::strengths::all(conn, tenant)?.into_iter().map(|row| (row.id.to_lowercase(), row.display_name)).collect(),
            asked: RefCell::default(),
        })
    }

    fn ask(&self, what: &'static str, id: &str, find: impl FnOnce() -> Result<Option<String>>) -> Option<String> {
        if let Some(known) = self.asked.borrow().get(&(what, id.to_owned())) {
            return known.clone();
        }
        // A name is a kindness: without it the sentence says so.
        let found = find().ok().flatten().filter(|name| !name.trim().is_empty());
        self.asked.borrow_mut().insert((what, id.to_owned()), found.clone());
        found
    }
}

fn some(name: Option<&String>) -> Option<String> {
    name.filter(|name| !name.trim().is_empty()).cloned()
}

impl Names for StoreNames<'_> {
    fn user(&self, id: &str) -> Option<String> {
        self.ask("user", id, || {
            Ok(store::users::get(self.conn, &self.tenant, id)?.map(|user| if user.display_name.trim().is_empty() { user.upn } else { user.display_name }))
        })
    }
    fn group(&self, id: &str) -> Option<String> {
        self.ask("group", id, || Ok(store::groups::get(self.conn, &self.tenant, id)?.map(|group| group.display_name)))
    }
    fn role(&self, id: &str) -> Option<String> {
        some(self.roles.get(id))
    }
    fn application(&self, id: &str) -> Option<String> {
        some(self.applications.get(id))
    }
    fn service_principal(&self, id: &str) -> Option<String> {
        self.ask("service principal", id, || Ok(store::service_principals::get(self.conn, &self.tenant, id)?.map(|row| row.display_name)))
    }
    fn location(&self, id: &str) -> Option<String> {
        some(self.locations.get(id).map(|(name, _)| name))
    }
    fn location_is_trusted(&self, id: &str) -> Option<bool> {
        self.locations.get(id).and_then(|(_, trusted)| *trusted)
    }
    fn strength(&self, id: &str) -> Option<String> {
        some(self.strengths.get(id))
    }
}
