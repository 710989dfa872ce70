//! What a failure means for a kind of data and for the tenant: no licence and no permission are facts that stay until they
//! change, a lost consent needs a person, the rest is tried again. Pure.

use graph::GraphError;
use store::{Status, StoreError};

use crate::{problem::problem, views::Problem};

/// Why a kind could not be read.
#[derive(Debug)]
pub enum Fault {
    Graph(GraphError),
    Problem(Problem),
}

impl From<GraphError> for Fault {
    fn from(error: GraphError) -> Self {
        Self::Graph(error)
    }
}

impl From<graph::SignInError> for Fault {
    fn from(error: graph::SignInError) -> Self {
        Self::Graph(error.into())
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

/// What came of reading one kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Read whole. `gap` is what of it could not be had, while the rest could.
    Read {
        rows: u32,
        gap: Option<Problem>,
    },
    NoLicence(Problem),
    NoPermission(Problem),
    /// The customer took the consent back.
    ConsentLost(Problem),
    /// Gatehouse can no longer sign in, though consent may stand: an expired secret, a session that was ended.
    SignInLost(Problem),
    Failed(Problem),
    Cancelled,
}

impl Outcome {
    pub fn of(fault: Fault) -> Self {
        match fault {
            Fault::Graph(error) if error.is_cancelled() => Self::Cancelled,
            Fault::Graph(error) if error.is_licence() => Self::NoLicence(error.into()),
            Fault::Graph(error) if error.is_missing_permission() => Self::NoPermission(error.into()),
            Fault::Graph(error) if error.is_consent_withdrawn() => Self::ConsentLost(error.into()),
            Fault::Graph(error) if error.is_consent_lost() => Self::SignInLost(error.into()),
            Fault::Graph(error) => Self::Failed(error.into()),
            Fault::Problem(problem) => Self::Failed(problem),
        }
    }

    /// How it is written down; None: nothing is, what was there stays as it was.
    pub fn status(&self) -> Option<Status> {
        match self {
            Self::Read { .. } => Some(Status::Read),
            Self::NoLicence(_) => Some(Status::NoLicence),
            Self::NoPermission(_) => Some(Status::NoPermission),
            Self::ConsentLost(_) | Self::SignInLost(_) | Self::Failed(_) => Some(Status::Failed),
            Self::Cancelled => None,
        }
    }

    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Read { gap, .. } => gap.as_ref(),
            Self::NoLicence(problem) | Self::NoPermission(problem) | Self::ConsentLost(problem) | Self::SignInLost(problem) | Self::Failed(problem) => {
                Some(problem)
            }
            Self::Cancelled => None,
        }
    }

    /// Whether everything that can be had was read.
    pub fn complete(&self) -> bool {
        matches!(self, Self::Read { .. } | Self::NoLicence(_) | Self::NoPermission(_))
    }
}

/// What the window says of a sync that was cancelled.
pub fn cancelled() -> Problem {
    problem("cancelled", "The sync was cancelled", "Start it again when you are ready; what was read is kept.")
}
