//! "Use this tenant as baseline": its policies as they are now, with the names of what they mention, so that another
//! tenant can be held against them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ids::{each_list, is_universal};
use super::import::{control_id, without_annotations};
use super::{Baseline, Control, ForeignName, Judgement, Origin, severity_of};
use crate::model::ConditionalAccessPolicy;
use crate::names::Names;
use crate::words::{id_name, is_guid, sentence};

#[must_use]
pub fn from_tenant(name: &str, policies: &[Value], names: &dyn Names) -> Baseline {
    let mut baseline = Baseline { name: name.to_owned(), origin: Origin::Tenant, controls: Vec::new(), names: BTreeMap::new() };
    for value in policies {
        let Ok(policy) = ConditionalAccessPolicy::from_value(value) else { continue };
        each_list(&mut value.clone(), |_, kind, ids| {
            for id in ids.iter().filter_map(Value::as_str).filter(|id| is_guid(id) && !is_universal(kind, id)) {
                if let Some(known) = id_name(kind, id, names) {
                    baseline.names.insert(id.to_ascii_lowercase(), ForeignName { kind, names: vec![known] });
                }
            }
        });
        let title = policy.display_name.clone().unwrap_or_else(|| "A policy without a name".to_owned());
        baseline.controls.push(Control {
            id: control_id(&policy, &title, &baseline.controls),
            title,
            severity: severity_of(&policy),
            rationale: sentence(&policy, names),
            references: Vec::new(),
            licence: None,
            enabled: true,
            judgement: Judgement::Policy(without_annotations(value)),
        });
    }
    baseline
}
