//! What a sync of one tenant will read, decided before anything is asked: per kind of data whole, by delta, since a watermark,
//! or not at all, and which kinds must wait for which. Pure: state, settings and time come in, a list goes out.

use chrono::{DateTime, TimeDelta, Utc};
use store::{DataKind, Status, data_state::DataStateRow};

/// How one kind is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// Everything, from the beginning. `generation` marks the rows that this read saw.
    Whole { generation: i64 },
    /// A whole read that an earlier sync began: from this page on, with its generation.
    Resume { generation: i64, link: String },
    /// What changed since the link.
    Delta { link: String },
    /// Of a whole read that is still good, only the accounts of which something was heard since this moment.
    Heard { since: DateTime<Utc> },
    /// Account by account: administrators, and of the others those whose turn it is.
    InTurn,
    /// Of such a read that is minutes old, only administrators anew.
    Administrators,
    /// Events from this moment on.
    Since { from: DateTime<Utc> },
    /// Events from this moment on, where an earlier sync stopped at a page.
    ResumeSince { from: DateTime<Utc>, link: String },
}

impl How {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Whole { .. } | Self::Resume { .. } => "full",
            Self::Delta { .. } | Self::Heard { .. } | Self::InTurn | Self::Administrators => "delta",
            Self::Since { .. } | Self::ResumeSince { .. } => "since",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub kind: DataKind,
    pub how: How,
    /// Rows of the last complete read, for the progress bar; None: never read, or of no use (a delta is of unknown size).
    pub expected: Option<u32>,
}

/// What the plan depends on beside the stored state.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    pub full: bool,
    pub overlap: TimeDelta,
    pub first_days: u32,
    pub retention_days: u32,
}

/// A page link of an interrupted read is good for this long; then the read begins again.
const LINK_LIFETIME: TimeDelta = TimeDelta::hours(6);

/// The steps in the order in which they start.
pub fn plan(states: &[DataStateRow], wish: &Wish, now: DateTime<Utc>) -> Vec<Step> {
    ORDER
        .iter()
        .map(|kind| {
            let state = states.iter().find(|state| state.kind == *kind);
            let how = how(*kind, state, wish, now);
            Step { kind: *kind, expected: expected(state, &how), how }
        })
        .collect()
}

/// How long a whole read of the registration report is good where the audit log tells whose methods changed, and how far the report
/// lags behind that log: "Authentication methods activity" speaks of up to a few hours for both.
const REPORT_LIFETIME: TimeDelta = TimeDelta::hours(4);

/// Who resyncs again and again (a technician who waits for something) need not ask each time for the accounts that are read in turn;
/// administrators are asked in every sync.
const LULL: TimeDelta = TimeDelta::minutes(10);

/// The kinds whose rows a step's reading needs. It starts when they ended, however they ended.
pub const fn needs(step: &Step) -> &'static [DataKind] {
    use DataKind as K;
    match step.kind {
        K::MfaRegistration if matches!(step.how, How::Heard { .. }) => &[K::Users, K::DirectoryAudits],
        // Which groups matter is said by policies and role assignments; that an account is gone, by the users.
        K::Groups => &[K::Policies, K::Roles, K::Users],
        // Admins (also through groups) and flagged users.
        K::PerUserMfa | K::AuthenticationMethods => &[K::Users, K::Roles, K::Groups, K::MfaRegistration],
        _ => &[],
    }
}

/// Small and needed by others first; the two logs early, because they take longest.
const ORDER: &[DataKind] = {
    use DataKind as K;
    &[
        K::Organization,
        K::Licences,
        K::SignIns,
        K::Policies,
        K::Roles,
        K::Users,
        K::DirectoryAudits,
        K::MfaRegistration,
        K::NamedLocations,
        K::AuthenticationStrengths,
        K::SecurityDefaults,
        K::Groups,
        K::ServicePrincipals,
        K::PerUserMfa,
        K::AuthenticationMethods,
    ]
};

fn how(kind: DataKind, state: Option<&DataStateRow>, wish: &Wish, now: DateTime<Utc>) -> How {
    let whole = How::Whole { generation: now.timestamp_millis() };
    match kind {
        DataKind::Users | DataKind::Groups => {
            let Some(state) = state.filter(|_| !wish.full) else { return whole };
            if let Some((generation, link)) = state.resume_link.as_deref().and_then(read_resume)
                && fresh(state, now)
            {
                return How::Resume { generation, link };
            }
            match &state.delta_link {
                Some(link) if state.read_at.is_some() => How::Delta { link: link.clone() },
                _ => whole,
            }
        }
        DataKind::SignIns | DataKind::DirectoryAudits => since(state, wish, now),
        DataKind::MfaRegistration => match read_at(state, wish) {
            Some(at) if at <= now && now - at < REPORT_LIFETIME => How::Heard { since: at - REPORT_LIFETIME },
            _ => whole,
        },
        DataKind::PerUserMfa | DataKind::AuthenticationMethods => match read_at(state, wish) {
            Some(at) if at <= now && now - at < LULL => How::Administrators,
            _ if wish.full || state.is_none_or(|state| state.read_at.is_none()) => whole,
            _ => How::InTurn,
        },
        _ => whole,
    }
}

/// When a kind was last read whole, unless everything is to be read.
fn read_at(state: Option<&DataStateRow>, wish: &Wish) -> Option<DateTime<Utc>> {
    let state = state.filter(|state| !wish.full && state.status == Status::Read)?;
    DateTime::from_timestamp_millis(state.read_at?)
}

fn since(state: Option<&DataStateRow>, wish: &Wish, now: DateTime<Utc>) -> How {
    let earliest = now - TimeDelta::days(i64::from(wish.first_days.min(wish.retention_days.max(1))));
    let watermark = state.and_then(|state| state.watermark).and_then(DateTime::from_timestamp_millis);
    let from = match watermark {
        // A watermark in the future (a tenant's clock, or ours) must not hide what happens until then.
        Some(mark) if !wish.full => (mark.min(now) - wish.overlap).max(earliest),
        _ => earliest,
    };
    if let Some(state) = state.filter(|state| !wish.full && fresh(state, now))
        && let Some((began, link)) = state.resume_link.as_deref().and_then(read_resume)
        && let Some(from) = DateTime::from_timestamp_millis(began)
    {
        return How::ResumeSince { from, link };
    }
    How::Since { from }
}

fn fresh(state: &DataStateRow, now: DateTime<Utc>) -> bool {
    state.attempted_at.and_then(DateTime::from_timestamp_millis).is_some_and(|at| now - at < LINK_LIFETIME && at <= now + TimeDelta::minutes(5))
}

fn expected(state: Option<&DataStateRow>, how: &How) -> Option<u32> {
    let state = state.filter(|state| state.read_at.is_some())?;
    match how {
        How::Whole { .. } | How::Resume { .. } => u32::try_from(state.rows).ok(),
        // Usually next to nothing.
        How::Delta { .. } | How::Heard { .. } | How::InTurn | How::Administrators => Some(0),
        How::Since { .. } | How::ResumeSince { .. } => None,
    }
}

/// What `data_state.resume_link` holds: the read's generation (or its beginning, for events) and the page to go on with.
pub fn write_resume(mark: i64, link: &str) -> String {
    format!("{mark} {link}")
}

pub fn read_resume(text: &str) -> Option<(i64, String)> {
    let (mark, link) = text.split_once(' ')?;
    Some((mark.parse().ok()?, link.to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn wish() -> Wish {
        Wish { full: false, overlap: TimeDelta::hours(2), first_days: 30, retention_days: 180 }
    }

    fn state(kind: DataKind) -> DataStateRow {
        let mut state = DataStateRow::never("t", kind);
        state.read_at = Some(now().timestamp_millis() - 1000);
        state.attempted_at = state.read_at;
        state.rows = 40;
        state
    }

    fn how_of(kind: DataKind, state: DataStateRow, wish: &Wish) -> How {
        plan(&[state], wish, now()).into_iter().find(|step| step.kind == kind).unwrap().how
    }

    #[test]
    fn a_new_tenant_is_read_whole_and_its_logs_thirty_days_back() {
        let steps = plan(&[], &wish(), now());
        assert_eq!(steps.len(), DataKind::ALL.len());
        for step in steps {
            match step.kind {
                DataKind::SignIns | DataKind::DirectoryAudits => {
                    assert_eq!(step.how, How::Since { from: now() - TimeDelta::days(30) });
                }
                _ => assert_eq!(step.how, How::Whole { generation: now().timestamp_millis() }),
            }
            assert_eq!(step.expected, None);
        }
    }

    #[test]
    fn a_kind_never_starts_before_what_it_needs() {
        for (at, kind) in ORDER.iter().enumerate() {
            for how in [How::Whole { generation: 1 }, How::Heard { since: now() }] {
                for need in needs(&Step { kind: *kind, how, expected: None }) {
                    assert!(ORDER[..at].contains(need), "{kind} needs {need}");
                }
            }
        }
    }

    #[test]
    fn users_follow_their_delta_link_until_a_full_sync_is_asked_for() {
        let mut users = state(DataKind::Users);
        users.delta_link = Some("https://graph/delta?x".into());
        assert_eq!(how_of(DataKind::Users, users.clone(), &wish()), How::Delta { link: "https://graph/delta?x".into() });
        let full = Wish { full: true, ..wish() };
        assert!(matches!(how_of(DataKind::Users, users, &full), How::Whole { .. }));
    }

    #[test]
    fn the_registration_report_is_read_whole_every_few_hours_and_whenever_the_last_read_failed() {
        let mut report = state(DataKind::MfaRegistration);
        report.status = Status::Read;
        let since = DateTime::from_timestamp_millis(report.read_at.unwrap()).unwrap() - TimeDelta::hours(4);
        assert_eq!(how_of(DataKind::MfaRegistration, report.clone(), &wish()), How::Heard { since });
        assert!(matches!(how_of(DataKind::MfaRegistration, report.clone(), &Wish { full: true, ..wish() }), How::Whole { .. }));
        let changed = |change: fn(&mut DataStateRow)| {
            let mut report = report.clone();
            change(&mut report);
            how_of(DataKind::MfaRegistration, report, &wish())
        };
        assert!(matches!(changed(|report| report.status = Status::Failed), How::Whole { .. }));
        assert!(matches!(changed(|report| report.read_at = Some((now() - TimeDelta::hours(4)).timestamp_millis())), How::Whole { .. }));
        assert!(matches!(changed(|report| report.read_at = Some((now() + TimeDelta::hours(1)).timestamp_millis())), How::Whole { .. }), "a clock that was off");
    }

    #[test]
    fn who_resyncs_again_and_again_asks_only_for_administrators_until_a_lull_is_over() {
        for kind in [DataKind::PerUserMfa, DataKind::AuthenticationMethods] {
            let read = |minutes: i64, status: Status| {
                let mut state = state(kind);
                state.status = status;
                state.read_at = Some((now() - TimeDelta::minutes(minutes)).timestamp_millis());
                state
            };
            assert_eq!(how_of(kind, read(9, Status::Read), &wish()), How::Administrators);
            assert_eq!(how_of(kind, read(10, Status::Read), &wish()), How::InTurn);
            assert_eq!(how_of(kind, read(-1, Status::Read), &wish()), How::InTurn, "a clock that was off");
            assert_eq!(how_of(kind, read(1, Status::Failed), &wish()), How::InTurn);
            assert!(matches!(how_of(kind, DataStateRow::never("t", kind), &wish()), How::Whole { .. }));
            assert!(matches!(how_of(kind, read(1, Status::Read), &Wish { full: true, ..wish() }), How::Whole { .. }));
        }
    }

    #[test]
    fn an_interrupted_first_read_goes_on_where_it_stopped_unless_its_link_is_old() {
        let mut users = DataStateRow::never("t", DataKind::Users);
        users.resume_link = Some(write_resume(7, "https://graph/next"));
        users.attempted_at = Some(now().timestamp_millis() - 60_000);
        assert_eq!(how_of(DataKind::Users, users.clone(), &wish()), How::Resume { generation: 7, link: "https://graph/next".into() });
        users.attempted_at = Some((now() - TimeDelta::days(1)).timestamp_millis());
        assert!(matches!(how_of(DataKind::Users, users, &wish()), How::Whole { .. }));
    }

    #[test]
    fn sign_ins_begin_two_hours_before_the_newest_one_known() {
        let mut sign_ins = state(DataKind::SignIns);
        sign_ins.watermark = Some((now() - TimeDelta::minutes(30)).timestamp_millis());
        assert_eq!(how_of(DataKind::SignIns, sign_ins.clone(), &wish()), How::Since { from: now() - TimeDelta::minutes(150) });
        sign_ins.watermark = Some((now() + TimeDelta::days(3)).timestamp_millis());
        assert_eq!(how_of(DataKind::SignIns, sign_ins, &wish()), How::Since { from: now() - TimeDelta::hours(2) });
    }

    #[test]
    fn what_is_kept_shorter_than_thirty_days_is_not_read_further_back() {
        let short = Wish { retention_days: 7, ..wish() };
        assert_eq!(how_of(DataKind::SignIns, DataStateRow::never("t", DataKind::SignIns), &short), How::Since { from: now() - TimeDelta::days(7) });
    }
}
