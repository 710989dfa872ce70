//! Authentication strengths ("Conditional Access authentication strength"): which combinations of methods one allows, and what
//! whoever satisfied it has therefore shown. A member that is not known here is kept and makes the answer unknown.

use serde_json::Value;

use crate::model::AuthenticationStrength;
use crate::model::open_enum::open_enum;

pub const MFA: &str = "00000000-0000-0000-0000-000000000002";
pub const PASSWORDLESS: &str = "00000000-0000-0000-0000-000000000003";
pub const PHISHING_RESISTANT: &str = "00000000-0000-0000-0000-000000000004";

open_enum! {
    /// "authenticationMethodModes"
    pub enum MethodMode {
        Password = "password",
        Voice = "voice",
        HardwareOath = "hardwareOath",
        SoftwareOath = "softwareOath",
        Sms = "sms",
        Fido2 = "fido2",
        WindowsHelloForBusiness = "windowsHelloForBusiness",
        MicrosoftAuthenticatorPush = "microsoftAuthenticatorPush",
        DeviceBasedPush = "deviceBasedPush",
        TemporaryAccessPassOneTime = "temporaryAccessPassOneTime",
        TemporaryAccessPassMultiUse = "temporaryAccessPassMultiUse",
        Email = "email",
        X509CertificateSingleFactor = "x509CertificateSingleFactor",
        X509CertificateMultiFactor = "x509CertificateMultiFactor",
        FederatedSingleFactor = "federatedSingleFactor",
        FederatedMultiFactor = "federatedMultiFactor",
        QrCodePin = "qrCodePin",
    }
}

impl MethodMode {
    /// Counts as multifactor alone (the rows of the document's table that name one method).
    fn is_multifactor_alone(&self) -> bool {
        self.is_phishing_resistant()
            || matches!(self, Self::DeviceBasedPush | Self::TemporaryAccessPassOneTime | Self::TemporaryAccessPassMultiUse | Self::FederatedMultiFactor)
    }
    fn is_phishing_resistant(&self) -> bool {
        matches!(self, Self::Fido2 | Self::WindowsHelloForBusiness | Self::X509CertificateMultiFactor)
    }
    /// "Something you have refers to one of the following methods: text message, voice, push notification, software OATH token,
    /// or hardware OATH token"; a certificate is had as well.
    fn is_had(&self) -> bool {
        matches!(self, Self::Voice | Self::HardwareOath | Self::SoftwareOath | Self::Sms | Self::MicrosoftAuthenticatorPush | Self::X509CertificateSingleFactor)
    }
    fn is_first_factor(&self) -> bool {
        matches!(self, Self::Password | Self::FederatedSingleFactor)
    }
}

/// Methods that are used together, as Graph writes them: `"password,microsoftAuthenticatorPush"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Combination {
    methods: Vec<MethodMode>,
}

impl Combination {
    /// Order and case mean nothing.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut methods: Vec<MethodMode> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(MethodMode::from_graph).collect();
        methods.sort();
        methods.dedup();
        Self { methods }
    }
    fn is_known(&self) -> bool {
        !self.methods.is_empty() && self.methods.iter().all(MethodMode::is_known)
    }
    /// An unknown member beside what is enough by itself takes nothing away.
    fn shows(&self, shown: bool) -> Option<bool> {
        if shown { Some(true) } else { self.is_known().then_some(false) }
    }
    #[must_use]
    pub fn is_mfa(&self) -> Option<bool> {
        let has = |what: fn(&MethodMode) -> bool| self.methods.iter().any(what);
        self.shows(has(MethodMode::is_multifactor_alone) || has(MethodMode::is_first_factor) && has(MethodMode::is_had))
    }
    #[must_use]
    pub fn is_passwordless(&self) -> Option<bool> {
        self.shows(self.methods.iter().any(|method| method.is_phishing_resistant() || *method == MethodMode::DeviceBasedPush))
    }
    #[must_use]
    pub fn is_phishing_resistant(&self) -> Option<bool> {
        self.shows(self.methods.iter().any(MethodMode::is_phishing_resistant))
    }
    /// Whoever used these methods used all of the other's too.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        !other.methods.is_empty() && other.methods.iter().all(|method| self.methods.contains(method))
    }
    #[must_use]
    pub fn as_graph(&self) -> String {
        self.methods.iter().map(MethodMode::as_graph).collect::<Vec<_>>().join(",")
    }
}

/// "authenticationCombinationConfiguration": only certain keys or certificates count. It narrows a strength, never widens it.
#[derive(Debug, Clone, PartialEq)]
pub enum Restriction {
    Fido2 {
        aaguids: Vec<String>,
        combinations: Vec<Combination>,
    },
    Certificate {
        issuers: Vec<String>,
        policy_oids: Vec<String>,
        combinations: Vec<Combination>,
    },
    /// Of a kind that is not known here, as sent.
    Other(Value),
}

impl Restriction {
    fn read(value: &Value) -> Self {
        let list = |name: &str| -> Option<Vec<String>> { Some(value.get(name)?.as_array()?.iter().filter_map(Value::as_str).map(str::to_lowercase).collect()) };
        let combinations = || list("appliesToCombinations").unwrap_or_default().iter().map(|text| Combination::parse(text)).collect();
        if let Some(aaguids) = list("allowedAAGUIDs") {
            return Self::Fido2 { aaguids, combinations: combinations() };
        }
        match (list("allowedIssuerSkis"), list("allowedPolicyOIDs")) {
            (None, None) => Self::Other(value.clone()),
            (issuers, oids) => Self::Certificate { issuers: issuers.unwrap_or_default(), policy_oids: oids.unwrap_or_default(), combinations: combinations() },
        }
    }
}

/// The best that can be said of everybody who satisfies a strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StrengthLevel {
    SingleFactor,
    Mfa,
    Passwordless,
    PhishingResistant,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Strength {
    /// Lower case.
    pub id: String,
    pub display_name: Option<String>,
    pub combinations: Vec<Combination>,
    pub restrictions: Vec<Restriction>,
}

impl Strength {
    /// The three that every tenant has and nobody can change.
    #[must_use]
    pub fn built_in(id: &str) -> Option<Self> {
        const RESISTANT: [&str; 3] = ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"];
        const WITHOUT_PASSWORD: [&str; 1] = ["deviceBasedPush"];
        const OTHERS: [&str; 13] = [
            "temporaryAccessPassOneTime",
            "temporaryAccessPassMultiUse",
            "password,microsoftAuthenticatorPush",
            "password,softwareOath",
            "password,hardwareOath",
            "password,sms",
            "password,voice",
            "federatedMultiFactor",
            "microsoftAuthenticatorPush,federatedSingleFactor",
            "softwareOath,federatedSingleFactor",
            "hardwareOath,federatedSingleFactor",
            "sms,federatedSingleFactor",
            "voice,federatedSingleFactor",
        ];
        let sets: &[&[&str]] = match id {
            PHISHING_RESISTANT => &[&RESISTANT],
            PASSWORDLESS => &[&RESISTANT, &WITHOUT_PASSWORD],
            MFA => &[&RESISTANT, &WITHOUT_PASSWORD, &OTHERS],
            _ => return None,
        };
        Some(Self {
            id: id.to_owned(),
            display_name: crate::names::built_in_strength(id).map(str::to_owned),
            combinations: sets.iter().flat_map(|set| set.iter()).map(|text| Combination::parse(text)).collect(),
            restrictions: Vec::new(),
        })
    }

    /// From a policy's expanded control or from the tenant's list. "Microsoft will update built-in authentication strengths", so
    /// what was sent goes before what is built in here. `None` where neither says what it allows.
    #[must_use]
    pub fn read(sent: &AuthenticationStrength) -> Option<Self> {
        let id = sent.id.as_deref().unwrap_or_default().to_lowercase();
        if sent.allowed_combinations.is_empty() {
            return Self::built_in(&id);
        }
        Some(Self {
            display_name: sent.display_name.clone().or_else(|| crate::names::built_in_strength(&id).map(str::to_owned)),
            id,
            combinations: sent.allowed_combinations.iter().map(|text| Combination::parse(text)).collect(),
            restrictions: sent
                .combination_configurations
                .as_ref()
                .and_then(Value::as_array)
                .map_or_else(Vec::new, |items| items.iter().map(Restriction::read).collect()),
        })
    }

    /// From an "authenticationStrengthPolicy" as Graph lists it.
    #[must_use]
    pub fn from_value(value: &Value) -> Option<Self> {
        let members = value.as_object()?.clone();
        Self::read(&AuthenticationStrength::read(crate::model::json::Reader::new(members)))
    }

    #[must_use]
    pub fn implies_mfa(&self) -> Option<bool> {
        self.every(Combination::is_mfa)
    }
    #[must_use]
    pub fn implies_passwordless(&self) -> Option<bool> {
        self.every(Combination::is_passwordless)
    }
    #[must_use]
    pub fn implies_phishing_resistant(&self) -> Option<bool> {
        self.every(Combination::is_phishing_resistant)
    }

    /// `None` where a combination holds a member that is not known and decides.
    #[must_use]
    pub fn level(&self) -> Option<StrengthLevel> {
        if self.implies_phishing_resistant()? {
            return Some(StrengthLevel::PhishingResistant);
        }
        if self.implies_passwordless()? {
            return Some(StrengthLevel::Passwordless);
        }
        Some(if self.implies_mfa()? { StrengthLevel::Mfa } else { StrengthLevel::SingleFactor })
    }

    fn every(&self, shows: fn(&Combination) -> Option<bool>) -> Option<bool> {
        let answers: Vec<_> = self.combinations.iter().map(shows).collect();
        match () {
            () if answers.contains(&Some(false)) => Some(false),
            () if answers.is_empty() || answers.contains(&None) => None,
            () => Some(true),
        }
    }

    /// Whether the methods of a sign-in satisfy it. With restrictions the methods alone do not tell.
    #[must_use]
    pub fn satisfied_by(&self, used: &Combination) -> Option<bool> {
        if self.combinations.iter().any(|combination| used.covers(combination)) {
            return if self.restrictions.is_empty() { Some(true) } else { None };
        }
        (!self.combinations.is_empty() && self.combinations.iter().all(Combination::is_known) && used.is_known()).then_some(false)
    }

    /// Everybody who satisfies this one satisfies the other.
    #[must_use]
    pub fn at_least(&self, other: &Self) -> Option<bool> {
        if self.combinations.is_empty() || other.combinations.is_empty() {
            return None;
        }
        let covered = self.combinations.iter().all(|own| other.combinations.iter().any(|theirs| own.covers(theirs)));
        match (covered, other.restrictions.is_empty() || self.restrictions == other.restrictions) {
            (true, true) => Some(true),
            (true, false) => None,
            (false, _) => self.combinations.iter().all(Combination::is_known).then_some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use serde_json::json;

    fn custom(combinations: &[&str]) -> Strength {
        Strength::from_value(&json!({"id": "C", "displayName": "Ours", "policyType": "custom", "allowedCombinations": combinations})).unwrap()
    }

    #[test]
    fn the_built_in_strengths_say_what_the_document_says() {
        let [mfa, passwordless, resistant] = [MFA, PASSWORDLESS, PHISHING_RESISTANT].map(|id| Strength::built_in(id).unwrap());
        assert_eq!(mfa.level(), Some(StrengthLevel::Mfa));
        assert_eq!(passwordless.level(), Some(StrengthLevel::Passwordless));
        assert_eq!(resistant.level(), Some(StrengthLevel::PhishingResistant));
        assert_eq!((mfa.combinations.len(), passwordless.combinations.len(), resistant.combinations.len()), (17, 4, 3));
        assert_eq!(resistant.display_name.as_deref(), Some("Phishing-resistant MFA"));
        assert_eq!(resistant.at_least(&mfa), Some(true));
        assert_eq!(resistant.at_least(&passwordless), Some(true));
        assert_eq!(mfa.at_least(&passwordless), Some(false));
        assert!(Strength::built_in("00000000-0000-0000-0000-000000000005").is_none());
    }

    #[test]
    fn a_strength_is_as_strong_as_its_weakest_combination() {
        assert_eq!(custom(&["fido2", "password,sms"]).level(), Some(StrengthLevel::Mfa));
        assert_eq!(custom(&["fido2", "deviceBasedPush"]).level(), Some(StrengthLevel::Passwordless));
        assert_eq!(custom(&["fido2", "x509CertificateMultiFactor"]).level(), Some(StrengthLevel::PhishingResistant));
        assert_eq!(custom(&["x509CertificateSingleFactor"]).level(), Some(StrengthLevel::SingleFactor));
        assert_eq!(custom(&["password,x509CertificateSingleFactor"]).level(), Some(StrengthLevel::Mfa));
        for alone in ["sms", "password", "federatedSingleFactor", "qrCodePin", "email"] {
            assert_eq!(custom(&["fido2", alone]).level(), Some(StrengthLevel::SingleFactor), "{alone}");
        }
        for alone in ["temporaryAccessPassOneTime", "temporaryAccessPassMultiUse", "federatedMultiFactor"] {
            assert_eq!(custom(&[alone]).level(), Some(StrengthLevel::Mfa), "{alone}");
        }
    }

    #[test]
    fn an_unknown_method_makes_it_unknown_unless_another_decides() {
        assert_eq!(custom(&["fido2", "telepathy"]).level(), None);
        assert_eq!(custom(&["fido2", "telepathy"]).implies_mfa(), None);
        assert_eq!(custom(&["password,sms", "telepathy"]).implies_phishing_resistant(), Some(false));
        assert_eq!(custom(&["sms", "telepathy"]).implies_mfa(), Some(false));
        assert_eq!(custom(&["telepathy"]).combinations[0].as_graph(), "telepathy");
        assert!(Strength::from_value(&json!({"id": "unread"})).is_none());
        assert!(Strength::from_value(&json!([])).is_none());
        assert_eq!(Strength::from_value(&json!({"id": PHISHING_RESISTANT})).unwrap().level(), Some(StrengthLevel::PhishingResistant));
    }

    #[test]
    fn the_order_within_a_combination_means_nothing() {
        assert_eq!(Combination::parse("password, microsoftAuthenticatorPush"), Combination::parse("MICROSOFTAUTHENTICATORPUSH,password"));
        let mfa = Strength::built_in(MFA).unwrap();
        assert_eq!(mfa.satisfied_by(&Combination::parse("sms,password")), Some(true));
        assert_eq!(mfa.satisfied_by(&Combination::parse("password")), Some(false));
        assert_eq!(mfa.satisfied_by(&Combination::parse("password,telepathy")), None);
        assert_eq!(custom(&["telepathy"]).satisfied_by(&Combination::parse("password")), None);
    }

    #[test]
    fn keys_and_certificates_narrow_a_strength() {
        let narrow = Strength::from_value(&json!({
            "id": "n", "allowedCombinations": ["fido2", "x509CertificateMultiFactor"],
            "combinationConfigurations": [
                {"@odata.type": "#microsoft.graph.fido2CombinationConfiguration", "allowedAAGUIDs": ["AA"], "appliesToCombinations": ["fido2"]},
                {"@odata.type": "#microsoft.graph.x509CertificateCombinationConfiguration", "allowedIssuerSkis": ["BB"], "appliesToCombinations": ["x509CertificateMultiFactor"]},
                {"@odata.type": "#microsoft.graph.tarotCombinationConfiguration"},
            ]
        }))
        .unwrap();
        let wide = custom(&["fido2", "x509CertificateMultiFactor"]);
        assert_eq!(narrow.restrictions[0], Restriction::Fido2 { aaguids: vec!["aa".into()], combinations: vec![Combination::parse("fido2")] });
        assert!(matches!(&narrow.restrictions[1], Restriction::Certificate { issuers, .. } if issuers == &["bb"]));
        assert!(matches!(narrow.restrictions[2], Restriction::Other(_)));
        assert_eq!(narrow.level(), Some(StrengthLevel::PhishingResistant));
        assert_eq!(narrow.satisfied_by(&Combination::parse("fido2")), None);
        assert_eq!(narrow.satisfied_by(&Combination::parse("password,sms")), Some(false));
        assert_eq!(narrow.at_least(&wide), Some(true));
        assert_eq!(wide.at_least(&narrow), None);
        assert_eq!(narrow.at_least(&narrow), Some(true));
        let nothing = Strength { combinations: Vec::new(), ..wide.clone() };
        assert_eq!((wide.at_least(&nothing), nothing.at_least(&wide)), (None, None), "what allows nothing cannot be compared");
    }
}
