//! Lots of a read that replaces what an earlier one stored whole. They wait in the store until all have arrived, and take their place in
//! one transaction: whoever looks meanwhile, or after a read that broke off, sees the last complete one. What the lots hold is the
//! business of the kinds.

use serde::{Serialize, de::DeserializeOwned};
use store::{Connection, DataKind, StoreError, arriving, data_state};

use super::{
    outcome::Fault,
    reading::{Reading, save_place},
};

/// Forgets what a read that will not be gone on with left: the lots, and with them the page that follows them.
pub async fn begin_anew(reading: &Reading) -> Result<(), Fault> {
    let (tenant, kind, at) = (reading.tenant.clone(), reading.step.kind, reading.at());
    let left = reading.read(move |conn| Ok(arriving::any(conn, &tenant, kind)? || data_state::get(conn, &tenant, kind)?.resume_link.is_some())).await?;
    if left {
        let tenant = reading.tenant.clone();
        reading
            .write(move |tx| {
                arriving::forget(tx, &tenant, kind)?;
                save_place(tx, &tenant, kind, at, None)
            })
            .await?;
    }
    Ok(())
}

/// Puts a lot behind the others. `resume`: where the read goes on after it, for one that can.
pub async fn keep<T: Serialize + Send + 'static>(reading: &Reading, lot: Vec<T>, resume: Option<String>) -> Result<(), Fault> {
    let (tenant, kind, at) = (reading.tenant.clone(), reading.step.kind, reading.at());
    reading
        .write(move |tx| {
            let body = serde_json::to_vec(&lot).map_err(|error| unreadable(kind, &error))?;
            arriving::add(tx, &tenant, kind, &body)?;
            match resume {
                Some(resume) => save_place(tx, &tenant, kind, at, Some(resume)),
                None => Ok(()),
            }
        })
        .await
}

/// The lots in their order, which go on waiting.
pub fn look<T: DeserializeOwned>(conn: &Connection, tenant: &str, kind: DataKind, mut lot: impl FnMut(Vec<T>)) -> store::Result<()> {
    arriving::each(conn, tenant, kind, |body| {
        lot(serde_json::from_slice(body).map_err(|error| unreadable(kind, &error))?);
        Ok(())
    })
}

/// Within the last transaction: all lots in their order, which wait no longer.
pub fn take<T: DeserializeOwned>(tx: &Connection, tenant: &str, kind: DataKind, mut lot: impl FnMut(Vec<T>) -> store::Result<()>) -> store::Result<()> {
    arriving::each(tx, tenant, kind, |body| lot(serde_json::from_slice(body).map_err(|error| unreadable(kind, &error))?))?;
    arriving::forget(tx, tenant, kind)
}

fn unreadable(kind: DataKind, error: &serde_json::Error) -> StoreError {
    StoreError::invalid(
        format!("What had arrived of “{}” cannot be read again (line {} column {})", kind.title(), error.line(), error.column()),
        "Read everything of this tenant again (“Read everything again”, or “sync --full”).",
    )
}
