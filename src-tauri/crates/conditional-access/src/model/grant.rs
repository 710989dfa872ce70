//! What a policy demands ("conditionalAccessGrantControls"): block, controls, an authentication strength, terms of use.

use serde_json::Value;

use super::fields::{Reader, Rest, Strange, Writer};
use super::open_enum::open_enum;

open_enum! {
    pub enum GrantControl {
        Block = "block",
        Mfa = "mfa",
        CompliantDevice = "compliantDevice",
        DomainJoinedDevice = "domainJoinedDevice",
        ApprovedApplication = "approvedApplication",
        CompliantApplication = "compliantApplication",
        PasswordChange = "passwordChange",
        RiskRemediation = "riskRemediation",
    }
}
open_enum! {
    pub enum GrantOperator {
        And = "AND",
        Or = "OR",
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct GrantControls {
    pub operator: Option<GrantOperator>,
    pub built_in: Vec<GrantControl>,
    pub custom_factors: Vec<String>,
    pub terms_of_use: Vec<String>,
    pub strength: Option<AuthenticationStrength>,
    pub rest: Rest,
}

impl GrantControls {
    pub(crate) fn read(mut reader: Reader) -> Self {
        Self {
            operator: reader.member("operator"),
            built_in: reader.list("builtInControls"),
            custom_factors: reader.list("customAuthenticationFactors"),
            terms_of_use: reader.list("termsOfUse"),
            strength: reader.object("authenticationStrength", AuthenticationStrength::read),
            rest: reader.rest(),
        }
    }
    pub(crate) fn write(&self) -> Value {
        Writer::new(&self.rest)
            .member("operator", self.operator.as_ref())
            .list("builtInControls", &self.built_in)
            .list("customAuthenticationFactors", &self.custom_factors)
            .list("termsOfUse", &self.terms_of_use)
            .object("authenticationStrength", self.strength.as_ref().map(AuthenticationStrength::write))
            .done()
    }
    pub(crate) fn strange(&self, path: &str, found: &mut Strange) {
        found.rest(path, &self.rest);
        if let Some(operator) = &self.operator {
            found.member(path, "operator", operator);
        }
        found.members(path, "builtInControls", &self.built_in);
        if let Some(strength) = &self.strength {
            found.rest(&format!("{path}.authenticationStrength"), &strength.rest);
        }
    }
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.built_in.contains(&GrantControl::Block)
    }
}

/// "authenticationStrengthPolicy", as Graph expands it inside a policy.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AuthenticationStrength {
    pub id: Option<String>,
    pub display_name: Option<String>,
    pub description: Option<String>,
    pub policy_type: Option<String>,
    pub requirements_satisfied: Option<String>,
    pub allowed_combinations: Vec<String>,
    pub created_date_time: Option<String>,
    pub modified_date_time: Option<String>,
    /// Restrictions to certain keys or certificates, as sent.
    pub combination_configurations: Option<Value>,
    pub rest: Rest,
}

impl AuthenticationStrength {
    /// One of the tenant's own list. None where the value is no object.
    #[must_use]
    pub fn from_value(value: &Value) -> Option<Self> {
        value.as_object().map(|members| Self::read(Reader::new(members.clone())))
    }
    pub(crate) fn read(mut reader: Reader) -> Self {
        Self {
            id: reader.text("id"),
            display_name: reader.text("displayName"),
            description: reader.text("description"),
            policy_type: reader.text("policyType"),
            requirements_satisfied: reader.text("requirementsSatisfied"),
            allowed_combinations: reader.list("allowedCombinations"),
            created_date_time: reader.text("createdDateTime"),
            modified_date_time: reader.text("modifiedDateTime"),
            combination_configurations: reader.array("combinationConfigurations"),
            rest: reader.rest(),
        }
    }
    pub(crate) fn write(&self) -> Value {
        Writer::new(&self.rest)
            .text("id", self.id.as_ref())
            .text("displayName", self.display_name.as_ref())
            .text("description", self.description.as_ref())
            .text("policyType", self.policy_type.as_ref())
            .text("requirementsSatisfied", self.requirements_satisfied.as_ref())
            .list("allowedCombinations", &self.allowed_combinations)
            .text("createdDateTime", self.created_date_time.as_ref())
            .text("modifiedDateTime", self.modified_date_time.as_ref())
            .object("combinationConfigurations", self.combination_configurations.clone())
            .done()
    }
}
