//! Transactions in which somebody may be refused. Inside one, `?` ends the act with a [`Problem`] or with the store's failure alike, and
//! nothing of what it wrote before is kept. What is decided there lives with the acts, not here.

use store::{Connection, Store, StoreError};

use crate::views::Problem;

/// Why an act came to nothing.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// A person is told what keeps it from being done.
    Told(Problem),
    /// The database failed; its path is known to who opened the transaction.
    Failed(StoreError),
}

pub(crate) type Decided<T> = Result<T, Refusal>;

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Told(problem)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

/// For whom a refusal is an answer like another.
pub(crate) fn answered<T>(decided: Decided<T>) -> store::Result<Result<T, Problem>> {
    match decided {
        Ok(value) => Ok(Ok(value)),
        Err(Refusal::Told(problem)) => Ok(Err(problem)),
        Err(Refusal::Failed(error)) => Err(error),
    }
}

/// One act, wholly or not at all.
pub(crate) fn write<T>(store: &Store, act: impl FnOnce(&Connection) -> Decided<T>) -> Result<T, Problem> {
    store.write_unless_refused(|tx| answered(act(tx)))?
}

/// A look at one moment of the store.
pub(crate) fn read<T>(store: &Store, look: impl FnOnce(&Connection) -> Decided<T>) -> Result<T, Problem> {
    store.read(|conn| answered(look(conn)))?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use chrono::Utc;
    use store::settings;

    use super::*;
    use crate::problem::problem;

    #[test]
    fn what_was_written_before_a_refusal_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("gatehouse.db"), Utc::now()).unwrap();
        let refused = write(&store, |tx| -> Decided<()> {
            settings::set(tx, "a", "1")?;
            Err(problem("act.no", "No", "Ask again.").into())
        });
        assert_eq!(refused.unwrap_err().code, "act.no");
        assert_eq!(read(&store, |conn| Ok(settings::get::<String>(conn, "a")?)).unwrap(), None);
        write(&store, |tx| Ok(settings::set(tx, "a", "2")?)).unwrap();
        assert_eq!(read(&store, |conn| Ok(settings::get::<String>(conn, "a")?)).unwrap().as_deref(), Some("2"));
    }
}
