//! Which roles are privileged: Graph's `isPrivileged` where it says, else what "Microsoft Entra built-in roles" says of the
//! template.

use conditional_access::names::built_in_role;
use store::roles::RoleRow;

pub fn is_privileged(role: &RoleRow) -> bool {
    role.privileged.unwrap_or_else(|| built_in_role(&role.template_id.to_lowercase()).is_some_and(|known| known.privileged))
}

/// The roles of Entra Connect's and cloud sync's own accounts ("Microsoft Entra built-in roles").
pub fn is_for_synchronization(role: &RoleRow) -> bool {
    matches!(role.template_id.to_lowercase().as_str(), "d29b2b05-8046-44ba-8758-1e26182fcf32" | "a92aed5d-d78a-4d16-b381-09adb37eb3b0")
}
