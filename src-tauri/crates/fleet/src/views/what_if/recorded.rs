//! A sign-in of the log as a question, and what had to be assumed because the log does not say it.

use conditional_access::{
    Names,
    evaluate::Fact,
    replay::{Device, SignIn},
};
use store::sign_ins::SignInRow as Stored;

use super::{Choice, WhatIfFromSignIn, WhatIfRequest, WhatIfTarget};
use crate::views::moment;
use crate::views::{PersonRef, Problem, drift::person};
use crate::{Fleet, problem::problem};

/// A real sign-in as a request.
///
/// # Errors
/// It is not kept, or the store refused.
pub fn from_sign_in(fleet: &Fleet, tenant: &str, sign_in: &str) -> Result<WhatIfFromSignIn, Problem> {
    let engine = fleet.engine(tenant)?;
    let stored = stored(fleet, &engine.tenant, sign_in)?;
    let asked = logged(&stored).request();
    let mut request = WhatIfRequest { tenant: engine.tenant.clone(), ..WhatIfRequest::default() };
    request.user = Some(stored.user_id.to_lowercase()).filter(|id| !id.is_empty());
    let application = [&stored.resource_id, &stored.app_id].into_iter().find(|id| !id.is_empty()).map(|id| id.to_lowercase());
    request.target = application.clone().map(WhatIfTarget::Application);
    let conditions = asked.conditions;
    request.client = conditions.client_app.map(|client| client.as_graph().to_owned());
    request.platform = conditions.platform.map(|platform| platform.as_graph().to_owned());
    request.ip = conditions.address.map(|address| address.to_string());
    request.country = conditions.country.map(|country| country.as_text().to_owned()).filter(|code| !code.is_empty());
    request.sign_in_risk = conditions.sign_in_risk.map(|risk| risk.as_graph().to_owned());
    let flow = conditions.transfer_methods.first().map(|flow| flow.as_graph().to_owned());
    let flow_recorded = flow.is_some();
    // Nearly every sign-in is an ordinary one; that it was taken for one is said beside the answer, and can be chosen otherwise.
    request.flow = Some(flow.unwrap_or_else(|| "none".to_owned()));
    if let Some(device) = conditions.device {
        request.registered = Some(device.device_id != Fact::Null);
        let text = |fact: Fact<String>| match fact {
            Fact::Is(text) => Some(text),
            Fact::Open | Fact::Null => None,
        };
        request.compliant = match device.is_compliant {
            Fact::Is(compliant) => Some(compliant),
            Fact::Open | Fact::Null => None,
        };
        request.trust = text(device.trust_type);
        request.device_name = text(device.display_name);
    }
    Ok(WhatIfFromSignIn {
        user: request.user.as_ref().map(|id| {
            let known = person(&engine.engine, id);
            if known.display_name.is_empty() { PersonRef { id: id.clone(), display_name: stored.user_name.clone(), upn: stored.upn.clone() } } else { known }
        }),
        application: application.map(|id| {
            let name = engine
                .engine
                .application(&id)
                .unwrap_or_else(|| if stored.resource_name.is_empty() { stored.app_name.clone() } else { stored.resource_name.clone() });
            Choice { value: id, words: name }
        }),
        at: moment(stored.created_at).unwrap_or_default(),
        recorded: crate::reasons::reason(stored.error_code, &stored.failure_reason),
        assumed: not_recorded(&request, flow_recorded),
        request,
    })
}

/// What Entra's log does not say and policies may ask for.
fn not_recorded(request: &WhatIfRequest, flow_recorded: bool) -> Vec<String> {
    let mut found = vec!["The country is the one that Entra looked up from the address; user risk and insider risk are never in the log".to_owned()];
    if request.registered == Some(false) {
        found.push("The device showed no identity, so it is taken for one that Entra does not know".to_owned());
    }
    if request.sign_in_risk.is_none() {
        found.push("The sign-in's risk is hidden without Entra ID P2, so it is left open".to_owned());
    }
    if !flow_recorded {
        found.push("Whether it was a device code or a transferred sign-in is not in the log: it is taken for an ordinary one".to_owned());
    }
    found
}

pub(crate) fn stored(fleet: &Fleet, tenant: &str, id: &str) -> Result<Stored, Problem> {
    fleet
        .store()
        .read(|conn| store::sign_ins::get(conn, tenant, id))?
        .ok_or_else(|| problem("signIn.unknown", "This sign-in is not kept", "It may be older than the retention; go back to the list.").with_details(id))
}

/// A stored sign-in as the log had it.
pub(crate) fn logged(stored: &Stored) -> SignIn<'_> {
    SignIn {
        user_id: &stored.user_id,
        app_id: &stored.app_id,
        resource_id: &stored.resource_id,
        client_app: &stored.client_app,
        operating_system: &stored.os,
        address: &stored.ip,
        country: &stored.country,
        device: Some(Device {
            id: &stored.device_id,
            name: &stored.device_name,
            compliant: stored.compliant,
            trust_type: stored.trust_type.as_deref().unwrap_or_default(),
        }),
        risk_aggregated: &stored.risk,
        ..SignIn::default()
    }
}
