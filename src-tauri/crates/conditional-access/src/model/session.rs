//! How a session is limited once it was granted ("conditionalAccessSessionControls").

use serde_json::Value;

use super::fields::{Reader, Rest, Strange, Writer};
use super::open_enum::open_enum;

open_enum! {
    pub enum CloudAppSecurityType {
        McasConfigured = "mcasConfigured",
        MonitorOnly = "monitorOnly",
        BlockDownloads = "blockDownloads",
    }
}
open_enum! {
    pub enum PersistentBrowserMode {
        Always = "always",
        Never = "never",
    }
}
open_enum! {
    pub enum FrequencyType {
        Days = "days",
        Hours = "hours",
    }
}
open_enum! {
    pub enum FrequencyInterval {
        TimeBased = "timeBased",
        EveryTime = "everyTime",
    }
}
open_enum! {
    pub enum FrequencyAuthenticationType {
        PrimaryAndSecondary = "primaryAndSecondaryAuthentication",
        Secondary = "secondaryAuthentication",
    }
}
open_enum! {
    pub enum ContinuousAccessEvaluationMode {
        Disabled = "disabled",
        StrictEnforcement = "strictEnforcement",
        StrictLocation = "strictLocation",
    }
}

/// A control that is only on or off.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Switch {
    pub is_enabled: Option<bool>,
    pub rest: Rest,
}

impl Switch {
    fn read(mut reader: Reader) -> Self {
        Self { is_enabled: reader.boolean("isEnabled"), rest: reader.rest() }
    }
    fn write(&self) -> Value {
        Writer::new(&self.rest).boolean("isEnabled", self.is_enabled).done()
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct CloudAppSecurity {
    pub is_enabled: Option<bool>,
    pub kind: Option<CloudAppSecurityType>,
    pub rest: Rest,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct PersistentBrowser {
    pub is_enabled: Option<bool>,
    pub mode: Option<PersistentBrowserMode>,
    pub rest: Rest,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct SignInFrequency {
    pub is_enabled: Option<bool>,
    pub value: Option<i64>,
    pub unit: Option<FrequencyType>,
    pub interval: Option<FrequencyInterval>,
    pub authentication: Option<FrequencyAuthenticationType>,
    pub rest: Rest,
}

/// Beta.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ContinuousAccessEvaluation {
    pub mode: Option<ContinuousAccessEvaluationMode>,
    pub rest: Rest,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct SessionControls {
    pub application_enforced_restrictions: Option<Switch>,
    pub cloud_app_security: Option<CloudAppSecurity>,
    pub persistent_browser: Option<PersistentBrowser>,
    pub sign_in_frequency: Option<SignInFrequency>,
    pub continuous_access_evaluation: Option<ContinuousAccessEvaluation>,
    /// Token protection.
    pub secure_sign_in_session: Option<Switch>,
    pub disable_resilience_defaults: Option<bool>,
    pub rest: Rest,
}

impl SessionControls {
    pub(crate) fn of(members: serde_json::Map<String, Value>) -> Self {
        Self::read(Reader::new(members))
    }
    pub(crate) fn read(mut reader: Reader) -> Self {
        Self {
            application_enforced_restrictions: reader.object("applicationEnforcedRestrictions", Switch::read),
            cloud_app_security: reader.object("cloudAppSecurity", |mut r| CloudAppSecurity {
                is_enabled: r.boolean("isEnabled"),
                kind: r.member("cloudAppSecurityType"),
                rest: r.rest(),
            }),
            persistent_browser: reader.object("persistentBrowser", |mut r| PersistentBrowser {
                is_enabled: r.boolean("isEnabled"),
                mode: r.member("mode"),
                rest: r.rest(),
            }),
            sign_in_frequency: reader.object("signInFrequency", |mut r| SignInFrequency {
                is_enabled: r.boolean("isEnabled"),
                value: r.number("value"),
                unit: r.member("type"),
                interval: r.member("frequencyInterval"),
                authentication: r.member("authenticationType"),
                rest: r.rest(),
            }),
            continuous_access_evaluation: reader
                .object("continuousAccessEvaluation", |mut r| ContinuousAccessEvaluation { mode: r.member("mode"), rest: r.rest() }),
            secure_sign_in_session: reader.object("secureSignInSession", Switch::read),
            disable_resilience_defaults: reader.boolean("disableResilienceDefaults"),
            rest: reader.rest(),
        }
    }

    /// Graph's JSON.
    #[must_use]
    pub fn to_value(&self) -> Value {
        self.write()
    }

    pub(crate) fn write(&self) -> Value {
        Writer::new(&self.rest)
            .object("applicationEnforcedRestrictions", self.application_enforced_restrictions.as_ref().map(Switch::write))
            .object(
                "cloudAppSecurity",
                self.cloud_app_security
                    .as_ref()
                    .map(|c| Writer::new(&c.rest).boolean("isEnabled", c.is_enabled).member("cloudAppSecurityType", c.kind.as_ref()).done()),
            )
            .object(
                "persistentBrowser",
                self.persistent_browser.as_ref().map(|c| Writer::new(&c.rest).boolean("isEnabled", c.is_enabled).member("mode", c.mode.as_ref()).done()),
            )
            .object(
                "signInFrequency",
                self.sign_in_frequency.as_ref().map(|c| {
                    Writer::new(&c.rest)
                        .boolean("isEnabled", c.is_enabled)
                        .number("value", c.value)
                        .member("type", c.unit.as_ref())
                        .member("frequencyInterval", c.interval.as_ref())
                        .member("authenticationType", c.authentication.as_ref())
                        .done()
                }),
            )
            .object(
                "continuousAccessEvaluation",
                self.continuous_access_evaluation.as_ref().map(|c| Writer::new(&c.rest).member("mode", c.mode.as_ref()).done()),
            )
            .object("secureSignInSession", self.secure_sign_in_session.as_ref().map(Switch::write))
            .boolean("disableResilienceDefaults", self.disable_resilience_defaults)
            .done()
    }

    pub(crate) fn strange(&self, path: &str, found: &mut Strange) {
        found.rest(path, &self.rest);
        if let Some(c) = &self.application_enforced_restrictions {
            found.rest(&format!("{path}.applicationEnforcedRestrictions"), &c.rest);
        }
        if let Some(c) = &self.cloud_app_security {
            let path = format!("{path}.cloudAppSecurity");
            found.rest(&path, &c.rest);
            c.kind.iter().for_each(|v| found.member(&path, "cloudAppSecurityType", v));
        }
        if let Some(c) = &self.persistent_browser {
            let path = format!("{path}.persistentBrowser");
            found.rest(&path, &c.rest);
            c.mode.iter().for_each(|v| found.member(&path, "mode", v));
        }
        if let Some(c) = &self.sign_in_frequency {
            let path = format!("{path}.signInFrequency");
            found.rest(&path, &c.rest);
            c.unit.iter().for_each(|v| found.member(&path, "type", v));
            c.interval.iter().for_each(|v| found.member(&path, "frequencyInterval", v));
            c.authentication.iter().for_each(|v| found.member(&path, "authenticationType", v));
        }
        if let Some(c) = &self.continuous_access_evaluation {
            let path = format!("{path}.continuousAccessEvaluation");
            found.rest(&path, &c.rest);
            c.mode.iter().for_each(|v| found.member(&path, "mode", v));
        }
        if let Some(c) = &self.secure_sign_in_session {
            found.rest(&format!("{path}.secureSignInSession"), &c.rest);
        }
    }
}
