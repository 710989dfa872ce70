//! The built-in baseline, written for Gatehouse after Microsoft's policy templates ("Conditional Access policy templates")
//! and CISA's "M365 Secure Configuration Baseline for Microsoft Entra ID". Each control names what it leans on.

mod devices;
mod identity;
mod upkeep;

use std::collections::BTreeMap;

use super::{Baseline, Check, Control, Demand, Expectation, Judgement, Licence, Origin, Reference, Severity, What, When, Who};

#[must_use]
pub fn built_in() -> Baseline {
    let controls = [identity::controls(), devices::controls(), upkeep::controls()].into_iter().flatten().collect();
    Baseline { name: "Gatehouse baseline".to_owned(), origin: Origin::BuiltIn, controls, names: BTreeMap::new() }
}

struct Draft(Control);

fn control(id: &str, severity: Severity, title: &str, rationale: &str, judgement: Judgement) -> Draft {
    Draft(Control {
        id: id.to_owned(),
        title: title.to_owned(),
        severity,
        rationale: rationale.to_owned(),
        references: Vec::new(),
        licence: Some(Licence::EntraIdP1),
        enabled: true,
        judgement,
    })
}

fn expect(who: Who, what: What, when: When, demand: Demand) -> Judgement {
    Judgement::Effect(Expectation { who, what, when, demand })
}

fn check(check: Check) -> Judgement {
    Judgement::Check(check)
}

impl Draft {
    /// A policy template or another document of Microsoft's about Conditional Access, by title and page.
    fn microsoft(self, title: &str, page: &str) -> Self {
        self.document(title, &format!("https://learn.microsoft.com/en-us/entra/identity/conditional-access/{page}"))
    }
    fn document(mut self, title: &str, url: &str) -> Self {
        self.0.references.push(Reference { title: title.to_owned(), url: url.to_owned() });
        self
    }
    fn scuba(self, id: &str, requirement: &str) -> Self {
        const BASELINE: &str = "https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/baselines/aad.md";
        let anchor = id.to_ascii_lowercase().replace('.', "");
        self.document(&format!("CISA SCuBA {id}: {requirement}"), &format!("{BASELINE}#{anchor}"))
    }
    fn needs(mut self, licence: Licence) -> Self {
        self.0.licence = Some(licence);
        self
    }
    fn needs_no_licence(mut self) -> Self {
        self.0.licence = None;
        self
    }
    fn done(self) -> Control {
        self.0
    }
}
