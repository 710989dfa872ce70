//! The tenant's own names for what its policies mention.

use super::engine::Engine;
use crate::names::Names;
use crate::tenant::Place;

fn some(name: &str) -> Option<String> {
    (!name.trim().is_empty()).then(|| name.to_owned())
}

impl Names for Engine {
    fn user(&self, id: &str) -> Option<String> {
        self.user(id).and_then(|user| some(&user.display_name).or_else(|| some(&user.upn)))
    }
    fn group(&self, id: &str) -> Option<String> {
        self.group(id).and_then(|group| some(&group.display_name))
    }
    fn role(&self, id: &str) -> Option<String> {
        let roles = self.tenant().role_definitions.as_ref()?;
        roles.iter().find(|role| role.template_id.eq_ignore_ascii_case(id)).and_then(|role| some(&role.display_name))
    }
    fn application(&self, id: &str) -> Option<String> {
        self.service_principal_of_application(id).and_then(|principal| some(&principal.display_name))
    }
    fn service_principal(&self, id: &str) -> Option<String> {
        self.service_principal(id).and_then(|principal| some(&principal.display_name))
    }
    fn location(&self, id: &str) -> Option<String> {
        let locations = self.tenant().named_locations.as_ref()?;
        locations.iter().find(|location| location.id.eq_ignore_ascii_case(id)).and_then(|location| some(&location.display_name))
    }
    fn location_is_trusted(&self, id: &str) -> Option<bool> {
        let locations = self.tenant().named_locations.as_ref()?;
        match locations.iter().find(|location| location.id.eq_ignore_ascii_case(id))?.place {
            Place::Addresses { trusted, .. } => Some(trusted.unwrap_or(false)),
            _ => Some(false),
        }
    }
    fn strength(&self, id: &str) -> Option<String> {
        let strengths = self.tenant().authentication_strengths.as_ref()?;
        strengths.iter().find(|strength| strength.id.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(id)))?.display_name.clone()
    }
}
