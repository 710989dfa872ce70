//! Directory roles: definitions, assignments, and what Privileged Identity Management (PIM) says is active and eligible now.
//! PIM needs Entra ID P2: without it the assignments are still read, and that eligibility is unknown is said.

use graph::{
    GraphError, Request,
    resources::{RoleAssignment, RoleDefinition},
};
use store::{
    DataKind, data_state,
    roles::{self, AssignmentRow, RoleRow},
};

use super::{folded, garbage, small::same};
use crate::{
    problem::problem,
    sync::{outcome::Fault, reading::Reading},
    views::Problem,
};

pub async fn read(reading: &Reading) -> Result<Option<Problem>, Fault> {
    let definitions: Vec<RoleDefinition> = reading.client.list(Request::v1("roleManagement/directory/roleDefinitions")).await?;
    if definitions.is_empty() {
        return Err(garbage("roleManagement/directory/roleDefinitions", "an empty list, which no tenant has"));
    }
    let assigned: Vec<RoleAssignment> = reading.client.list(Request::v1("roleManagement/directory/roleAssignments")).await?;
    reading.saw(definitions.len() + assigned.len());
    let active = instances(reading, "roleManagement/directory/roleAssignmentScheduleInstances").await?;
    let eligible = match &active {
        Ok(_) => instances(reading, "roleManagement/directory/roleEligibilityScheduleInstances").await?,
        Err(_) => Ok(Vec::new()),
    };
    let gap = active.as_ref().err().or(eligible.as_ref().err()).cloned();

    let mut definitions: Vec<RoleRow> = definitions.into_iter().map(|role| definition(&reading.tenant, role)).collect();
    definitions.sort_by(|a, b| a.id.cmp(&b.id));
    definitions.dedup_by(|a, b| a.id == b.id);
    let row = |kind: &'static str| {
        let tenant = reading.tenant.clone();
        move |found| assignment(&tenant, kind, found)
    };
    let assigned: Vec<AssignmentRow> = assigned.into_iter().filter_map(row("assigned")).collect();
    let pim: Option<(Vec<AssignmentRow>, Vec<AssignmentRow>)> = match (active, eligible) {
        (Ok(active), Ok(eligible)) => {
            Some((active.into_iter().filter_map(row("active")).collect(), eligible.into_iter().filter_map(row("eligible")).collect()))
        }
        _ => None,
    };
    let (tenant, at) = (reading.tenant.clone(), reading.at());
    let ended = reading.ended().with_gap(gap.as_ref());
    reading
        .write(move |tx| {
            if !same(roles::definitions(tx, &tenant)?, &definitions, |row| row.id.clone()) {
                roles::replace_definitions(tx, &tenant, &definitions)?;
            }
            let state = data_state::get(tx, &tenant, DataKind::Roles)?;
            // The first read of each part tells what is, not what changed.
            let never = state.read_at.is_none();
            let never_pim = never || !roles::with_pim(&state);
            let stored = roles::assignments(tx, &tenant)?;
            let put = |kind: &'static str, rows: &[AssignmentRow], is_baseline: bool| {
                let before = stored.iter().filter(|row| row.kind == kind).cloned().collect();
                if same(before, rows, |row| row.id.clone()) {
                    return Ok(());
                }
                roles::replace_assignments(tx, &tenant, &[kind], rows, at, is_baseline).map(drop)
            };
            put("assigned", &assigned, never)?;
            let mut rows = assigned.len();
            if let Some((active, eligible)) = &pim {
                put("active", active, never_pim)?;
                put("eligible", eligible, never_pim)?;
                rows += active.len() + eligible.len();
            }
            let left = if pim.is_some() { roles::WITH_PIM } else { roles::WITHOUT_PIM };
            ended.with_pages(left.to_owned()).put(tx, rows as u64, None, None)
        })
        .await?;
    Ok(gap)
}

/// The code of the gap that a tenant without P2 has.
const NO_PIM: &str = "roles.pim_unread";

type Instances = Result<Vec<RoleAssignment>, Problem>;

/// The inner error: this part cannot be had, the others can.
async fn instances(reading: &Reading, path: &'static str) -> Result<Instances, Fault> {
    match reading.client.list::<RoleAssignment>(Request::v1(path)).await {
        Ok(found) => {
            reading.saw(found.len());
            Ok(Ok(found))
        }
        Err(GraphError::Refused(refusal)) if refusal.is_licence() => Ok(Err(problem(
            NO_PIM,
            "Eligible and time-bound role assignments are unknown: Privileged Identity Management needs Microsoft Entra ID P2",
            "Nothing to do unless the customer buys the licence.",
        ))),
        Err(GraphError::Refused(refusal)) if refusal.is_missing_permission() => Ok(Err(problem(
            NO_PIM,
            "Eligible and time-bound role assignments are unknown: Gatehouse may not read Privileged Identity Management",
            "Grant RoleManagement.Read.Directory (admin consent) on the tenant's page.",
        ))),
        Err(error) => Err(error.into()),
    }
}

fn definition(tenant: &str, role: RoleDefinition) -> RoleRow {
    let id = folded(&role.id);
    RoleRow {
        tenant: tenant.to_owned(),
        template_id: role.template_id.as_deref().map_or_else(|| id.clone(), folded),
        display_name: role.display_name.unwrap_or_else(|| id.clone()),
        built_in: role.is_built_in.unwrap_or(false),
        privileged: role.is_privileged,
        id,
    }
}

fn assignment(tenant: &str, kind: &str, row: RoleAssignment) -> Option<AssignmentRow> {
    Some(AssignmentRow {
        tenant: tenant.to_owned(),
        id: row.id,
        kind: kind.to_owned(),
        role_id: folded(&row.role_definition_id?),
        principal_id: folded(&row.principal_id?),
        // An assignment within one application has no directory scope: not tenant-wide.
        directory_scope: row.directory_scope_id.or(row.app_scope_id).unwrap_or_else(|| "/".to_owned()),
        starts_at: row.start_date_time.map(|at| at.timestamp_millis()),
        ends_at: row.end_date_time.map(|at| at.timestamp_millis()),
    })
}
