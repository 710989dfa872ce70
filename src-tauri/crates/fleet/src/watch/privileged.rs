//! Which roles are privileged: Graph's `isPrivileged` where it says, else what "Microsoft Entra built-in roles" says of the
//! template.

use conditional_access::names::built_in_role;
use store::roles::RoleRow;

pub fn is_privileged(role: &RoleRow) -> bool {
    role.privileged.unwrap_or_else(|| built_in_role(&role.template_id.to_lowercase()).is_some_and(|known| known.privileged))
}
