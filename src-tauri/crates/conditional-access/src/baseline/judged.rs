//! How a control is judged, in a sentence.

use super::{Check, Control, Demand, Expectation, Judgement, Place, What, Who};
use crate::words::values::{and, enum_word};

impl Control {
    /// "Every user, for every application, must be asked for MFA: judged by what all policies together do."
    #[must_use]
    pub fn judged(&self) -> String {
        match &self.judgement {
            Judgement::Effect(expected) => format!("{}: judged by what all enforced policies together do, whatever they are called.", expected.words()),
            Judgement::Check(check) => check.words(),
            Judgement::Policy(_) => "A policy with this content must exist; its name does not matter.".to_owned(),
            Judgement::NotUnderstood(_) => "Written by a newer version of Gatehouse.".to_owned(),
        }
    }

    #[must_use]
    pub fn is_policy(&self) -> bool {
        matches!(self.judgement, Judgement::Policy(_))
    }
}

impl Expectation {
    fn words(&self) -> String {
        let who = match self.who {
            Who::Everyone => "Every user",
            Who::Members => "Every member",
            Who::Administrators => "Every administrator",
            Who::Guests => "Every guest",
            Who::ServiceAccounts => "Every service account",
            Who::WorkloadIdentities => "Every workload identity",
        };
        let what = match self.what {
            What::EveryApplication => "for every application",
            What::AdminPortals => "for Microsoft's admin portals",
            What::AzureManagement => "for managing Azure",
            What::Office365 => "for Office 365",
            What::IntuneEnrollment => "for enrolling in Intune",
            What::RegisteringSecurityInfo => "for registering security information",
            What::RegisteringDevices => "for registering devices",
        };
        let when = &self.when;
        let mut clauses = vec![what.to_owned()];
        let list = |texts: &[String]| and(&texts.iter().map(|text| enum_word(text)).collect::<Vec<_>>());
        if !when.clients.is_empty() {
            clauses.push(format!("with {}", list(&when.clients)));
        }
        if !when.platforms.is_empty() {
            clauses.push(format!("on {} platforms", list(&when.platforms)));
        }
        if let Some(flow) = &when.flow {
            clauses.push(format!("by {}", enum_word(flow)));
        }
        for (risk, of) in
            [(&when.sign_in_risk, "sign-in"), (&when.user_risk, "user"), (&when.insider_risk, "insider"), (&when.service_principal_risk, "service principal")]
        {
            if let Some(risk) = risk {
                clauses.push(format!("at {risk} {of} risk"));
            }
        }
        if when.place == Place::Outside {
            clauses.push("outside every named location".to_owned());
        }
        if when.unmanaged_device {
            clauses.push("on a device that nobody manages".to_owned());
        }
        let demand = match &self.demand {
            Demand::Block => "must be blocked".to_owned(),
            Demand::Mfa => "must be asked for MFA".to_owned(),
            Demand::PhishingResistantMfa => "must be asked for phishing-resistant MFA".to_owned(),
            Demand::ManagedDevice => "must use a compliant or hybrid joined device".to_owned(),
            Demand::ManagedDeviceOrMfa => "must use a managed device or be asked for MFA".to_owned(),
            Demand::AppProtection => "must use an app that is protected".to_owned(),
            Demand::Remediation => "must be blocked or clear the risk".to_owned(),
            Demand::SignInFrequency { at_most_hours } => format!("must sign in again within {at_most_hours} hours"),
            Demand::NoPersistentBrowser => "must not stay signed in in the browser".to_owned(),
            Demand::AppEnforcedRestrictions => "must get limited access".to_owned(),
            Demand::TokenProtection => "must use tokens that are bound to the device".to_owned(),
            Demand::StrictLocation => "must lose access at once when the place changes".to_owned(),
        };
        format!("{who}, {}, {demand}", clauses.join(", "))
    }
}

impl Check {
    fn words(&self) -> String {
        match self {
            Self::BreakGlassExcluded => "No enforced policy that blocks or demands something may apply to a break-glass account.".to_owned(),
            Self::NoSingleUserExcludedFromMfa => "No enforced policy that asks for MFA may leave out users by name, break-glass accounts aside.".to_owned(),
            Self::NoReportOnly => "No policy may be in report-only mode.".to_owned(),
            Self::DefaultsOrConditionalAccess => "Security defaults must be on, or an enforced policy must ask for MFA.".to_owned(),
            Self::TrustedRanges { ipv4, ipv6 } => format!("No trusted range may be wider than /{ipv4} (IPv6: /{ipv6}) or private."),
            Self::NothingDeleted => "No enforced policy may name something that the tenant no longer has.".to_owned(),
        }
    }
}
