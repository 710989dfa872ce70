//! What kind of failure an error code is: whether Conditional Access had a part in it, or the password, the account, its risk, the
//! device, the application. A lockout by a policy and a forgotten password look the same to a user and need different help.

use serde::Serialize;
use specta::Type;

use super::known;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// A Conditional Access policy refused it, or what it demands of device, application or place was not there.
    Policy,
    SecurityDefaults,
    /// MFA was asked for and not completed, denied or not answered.
    Mfa,
    /// The user has nothing to answer MFA with.
    MfaRegistration,
    Password,
    /// Too many wrong passwords, or the address is known for attacks.
    Locked,
    Disabled,
    Risk,
    /// The session ended or a question was asked; signing in again is all it takes.
    Session,
    /// The device's own registration is broken or switched off.
    Device,
    /// The account, its tenant or the trust between tenants.
    Directory,
    /// The application: assignment, consent, its registration or its own fault.
    Application,
    Outage,
    Unknown,
}

impl Cause {
    /// Whether a policy of Conditional Access can have asked for what was not given.
    pub fn is_policy(self) -> bool {
        matches!(self, Self::Policy | Self::Mfa | Self::MfaRegistration | Self::Risk)
    }
}

/// By code; `ca_failed` is that Entra recorded Conditional Access as what failed, which decides where nobody knows the code.
pub fn cause(code: i64, ca_failed: bool) -> Cause {
    match code {
        530_035 => Cause::SecurityDefaults,
        50_074 | 50_076 | 50_078 | 50_086 | 50_087 | 50_088 | 50_158 | 500_121 => Cause::Mfa,
        50_072 | 50_079 | 50_203 | 53_010 => Cause::MfaRegistration,
        50_055
        | 50_056
        | 50_064
        | 50_125
        | 50_126
        | 50_144
        | 80_002
        | 80_005
        | 80_007
        | 80_010
        | 80_012
        | 80_013
        | 80_014
        | 120_000..=120_013
        | 120_015..=120_020 => Cause::Password,
        50_053 | 120_014 => Cause::Locked,
        50_057 | 500_341 | 500_571 => Cause::Disabled,
        50_135 | 53_004 | 53_011 | 530_034 => Cause::Risk,
        50_058
        | 50_061
        | 50_068
        | 50_070
        | 50_071
        | 50_085
        | 50_089
        | 50_120
        | 50_132..=50_134
        | 50_136
        | 50_139
        | 50_140
        | 50_143
        | 50_168
        | 50_173
        | 50_197
        | 50_199
        | 50_201
        | 51_005
        | 52_004
        | 70_000
        | 70_008
        | 70_016
        | 70_018
        | 70_019
        | 70_043..=70_046
        | 90_119
        | 90_120
        | 500_133
        | 700_020
        | 700_082
        | 700_084
        | 9_002_341 => Cause::Session,
        // The device did not show who it is, because a policy asked: the policy, not the device's registration.
        50_097 | 50_127 | 50_129 => Cause::Policy,
        50_099
        | 50_155
        | 50_180
        | 50_187
        | 51_006
        | 81_004..=81_012
        | 130_004..=130_008
        | 135_010
        | 135_011
        | 140_000
        | 140_001
        | 220_450
        | 240_001
        | 700_003 => Cause::Device,
        16_000..=16_003
        | 50_014
        | 50_017
        | 50_020
        | 50_034
        | 50_049
        | 50_050
        | 50_059
        | 50_107
        | 50_128
        | 50_169
        | 50_177
        | 50_178
        | 50_192
        | 51_001
        | 51_004
        | 90_002
        | 90_019
        | 90_038
        | 90_051
        | 90_072
        | 90_084
        | 90_101
        | 500_021
        | 500_022
        | 500_208
        | 500_212
        | 500_213
        | 700_005
        | 1_000_104
        | 20_001
        | 20_012
        | 20_033
        | 40_008..=40_015
        | 50_002 => Cause::Directory,
        17_003 | 50_000 | 50_033 | 80_001 | 90_006 | 90_012 | 90_024 | 90_033 | 90_036 | 90_055 | 90_090..=90_092 | 70_012 => Cause::Outage,
        _ if known(code).is_some_and(|known| known.by_policy) => Cause::Policy,
        _ if known(code).is_some() => Cause::Application,
        _ if ca_failed => Cause::Policy,
        _ => Cause::Unknown,
    }
}
