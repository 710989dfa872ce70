//! Every policy against every break-glass account, by the engine: would it reach the account, and if not, what keeps it away. Pure.

use conditional_access::{
    Engine, Names,
    evaluate::{Exclusion, Identity, UserSignIn, words::requirement_words},
    model::PolicyState,
    words::IdKind,
};

use crate::{
    engine::judgement::only_mfa,
    views::{
        break_glass::{MatrixCell, MatrixRow, Reach},
        drift::PolicyRef,
    },
};

/// One row a policy, the worst first: those that reach an account, then the rest by name.
#[must_use]
pub fn rows(engine: &Engine, accounts: &[String]) -> Vec<MatrixRow> {
    let subjects: Vec<_> =
        accounts.iter().map(|account| engine.subject(&Identity::User(UserSignIn { user_id: Some(account.clone()), ..UserSignIn::default() }))).collect();
    let matches: Vec<_> = subjects.iter().map(|subject| engine.match_subject(subject)).collect();
    let mut rows: Vec<MatrixRow> = engine
        .policies()
        .iter()
        .enumerate()
        .map(|(index, policy)| {
            let cells: Vec<MatrixCell> = accounts
                .iter()
                .enumerate()
                .map(|(place, account)| {
                    let (reach, why) = if matches[place].sure.contains(index) {
                        reached(engine, index)
                    } else if matches[place].possible.contains(index) {
                        (Reach::Unknown, "Gatehouse cannot say whether it applies to this account".to_owned())
                    } else {
                        kept_away(engine, engine.exclusion(index, &subjects[place]))
                    };
                    MatrixCell { account: account.clone(), reach, why }
                })
                .collect();
            MatrixRow {
                policy: PolicyRef {
                    id: policy.id.clone().unwrap_or_default().to_ascii_lowercase(),
                    display_name: policy.display_name.clone().unwrap_or_default(),
                    state: policy.state.as_ref().map(|state| state.as_graph().to_owned()).unwrap_or_default(),
                },
                cells,
            }
        })
        .collect();
    rows.sort_by_key(|row| (row.cells.iter().map(|cell| cell.reach).min().unwrap_or(Reach::NotIncluded), row.policy.display_name.to_lowercase()));
    rows
}

/// What a policy that is assigned to the account would do.
fn reached(engine: &Engine, index: usize) -> (Reach, String) {
    let (Some(policy), Some(demand)) = (engine.policies().get(index), engine.demand(index)) else {
        return (Reach::Unknown, "Gatehouse does not understand this policy".to_owned());
    };
    let does = if demand.blocks {
        "blocks".to_owned()
    } else if demand.open {
        "demands something that Gatehouse does not know".to_owned()
    } else if demand.requires.is_empty() {
        "demands nothing; it only shapes the session".to_owned()
    } else {
        let all: Vec<String> = demand.requires.iter().map(|requirement| requirement_words(requirement, engine)).collect();
        format!("demands {}", all.join(" and "))
    };
    match policy.state {
        Some(PolicyState::Enabled) if !demand.touches_access() => (Reach::SessionOnly, format!("Applies and {does}")),
        Some(PolicyState::Enabled) if !demand.blocks && !demand.open && demand.requires.iter().all(only_mfa) => (Reach::Mfa, format!("Applies and {does}")),
        Some(PolicyState::Enabled) => (Reach::Reaches, format!("Applies and {does}")),
        Some(PolicyState::ReportOnly) => (Reach::ReportOnly, format!("Report-only: if it is turned on, it {does}")),
        Some(PolicyState::Disabled) => (Reach::Off, format!("Off: if it is turned on, it {does}")),
        _ => (Reach::Unknown, "The policy's state is not one that Gatehouse knows".to_owned()),
    }
}

fn kept_away(engine: &Engine, exclusion: Exclusion) -> (Reach, String) {
    let name = |kind: IdKind, id: &str| match kind {
        IdKind::Role => Names::role(engine, id),
        _ => Names::group(engine, id),
    };
    let by = engine.excluded_by(exclusion).map(|(kind, id)| name(kind, id).unwrap_or_else(|| id.to_owned()));
    match (exclusion, by) {
        (Exclusion::NotIncluded, _) => (Reach::NotIncluded, "The policy is not about this account".to_owned()),
        (Exclusion::Group(_), Some(group)) => (Reach::Excluded, format!("Excluded by group {group}")),
        (Exclusion::Role(_), Some(role)) => (Reach::Excluded, format!("Excluded by role {role}")),
        (Exclusion::Name, _) => (Reach::Excluded, "Excluded by name".to_owned()),
        (Exclusion::Guest, _) => (Reach::Excluded, "Excluded as a guest".to_owned()),
        _ => (Reach::Excluded, "Excluded".to_owned()),
    }
}
