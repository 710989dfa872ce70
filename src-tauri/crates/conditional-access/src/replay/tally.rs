//! What a replay adds up to: sign-ins by agreement, and for each policy how often it could be compared.

use super::{Agreement, Compared, Group};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub sign_ins: u64,
    pub agree: u64,
    pub disagree: u64,
    /// Sign-ins of which the engine cannot say; they are in neither of the two above.
    pub cannot_say: u64,
    /// Sign-ins whose recorded policies were all changed since.
    pub changed_since: u64,
    /// Sign-ins for which Entra recorded nothing.
    pub not_recorded: u64,
    /// By the policy's index.
    pub policies: Vec<PolicyTally>,
    /// Records of policies that the tenant no longer has.
    pub deleted_policies: u64,
}

/// How one policy fared over all sign-ins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyTally {
    pub agree: u64,
    pub disagree: u64,
    pub cannot_say: u64,
    /// The policy looks at what the log never says.
    pub not_in_log: u64,
    pub changed_since: u64,
}

impl Tally {
    /// Sign-ins that were compared.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.agree + self.disagree
    }

    /// The share of the compared sign-ins on which engine and Entra agree, 0 to 1; None where nothing was compared.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        let compared = self.compared();
        // Counts of sign-ins are far below 2^52.
        #[allow(clippy::cast_precision_loss)]
        (compared > 0).then(|| self.agree as f64 / compared as f64)
    }

    pub(super) fn of(groups: &[Group], policies: usize) -> Self {
        let mut tally = Self { policies: vec![PolicyTally::default(); policies], ..Self::default() };
        for group in groups {
            let n = u64::from(group.sign_ins);
            tally.sign_ins += n;
            *match group.agreement {
                Agreement::Agrees => &mut tally.agree,
                Agreement::Disagrees => &mut tally.disagree,
                Agreement::CannotSay => &mut tally.cannot_say,
                Agreement::ChangedSince => &mut tally.changed_since,
                Agreement::NotRecorded => &mut tally.not_recorded,
            } += n;
            for comparison in group.policies() {
                let Some(policy) = comparison.policy.and_then(|index| tally.policies.get_mut(index)) else {
                    tally.deleted_policies += n;
                    continue;
                };
                match comparison.compared {
                    Compared::Agrees => policy.agree += n,
                    Compared::Disagrees { .. } | Compared::BlocksButWasMet | Compared::OtherState => policy.disagree += n,
                    Compared::CannotSay => policy.cannot_say += n,
                    Compared::NotInLog => policy.not_in_log += n,
                    Compared::ChangedSince => policy.changed_since += n,
                    Compared::NotRecorded => {}
                }
            }
        }
        tally
    }
}
