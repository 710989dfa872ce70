//! The MFA registration report (userRegistrationDetails). Every few hours whole: a page that says what a page of the last complete read
//! said is not taken apart again, rows that say the same are not written again, and accounts that the report no longer names go at its
//! end. The first report is written some pages a transaction, later ones in one. In between one by one, the accounts that the directory's audit log names and those that are
//! new: whoever registers or loses a method is named there.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
    hash::{DefaultHasher, Hasher},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use graph::{BatchRequest, GraphError, Page, Request, apart, resources::UserRegistrationDetails};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::{
    DataKind, Status, Transaction, data_state, directory_audits, posture_state,
    registrations::{self, RegistrationRow},
};

use super::{folded, garbage};
use crate::{
    sync::{
        arriving,
        outcome::Fault,
        plan::How,
        reading::{ACCOUNTS_TOGETHER, Reading},
    },
    views::Problem,
};

const PATH: &str = "reports/authenticationMethods/userRegistrationDetails";

/// More accounts than this are read sooner with the report itself.
const MOST: usize = 200;

pub async fn read(reading: &Reading) -> Result<Option<Problem>, Fault> {
    let heard = match reading.step.how {
        How::Heard { since } => heard_of(reading, since).await?,
        _ => None,
    };
    match heard {
        Some(accounts) => again(reading, accounts.into_iter().collect()).await.map(|()| None),
        None => whole(reading).await,
    }
}

/// The accounts of which something was heard; None: what would tell was not read in this sync, or tells of too many.
async fn heard_of(reading: &Reading, since: DateTime<Utc>) -> Result<Option<BTreeSet<String>>, Fault> {
    let (tenant, now) = (reading.tenant.clone(), reading.at());
    let heard = reading
        .read(move |conn| {
            for kind in [DataKind::Users, DataKind::DirectoryAudits] {
                let state = data_state::get(conn, &tenant, kind)?;
                if state.status != Status::Read || state.read_at != Some(now) {
                    return Ok(None);
                }
            }
            let mut accounts = directory_audits::users_named(conn, &tenant, since.timestamp_millis())?;
            accounts.extend(registrations::due_without(conn, &tenant)?);
            Ok(Some(accounts))
        })
        .await?;
    Ok(heard.filter(|accounts| accounts.len() <= MOST))
}

/// Reads what the report says of these accounts. The state of the kind stays that of the last whole read.
async fn again(reading: &Reading, accounts: Vec<String>) -> Result<(), Fault> {
    let requests: Vec<BatchRequest> = accounts.iter().map(|id| BatchRequest(Request::v1(format!("{PATH}/{id}")).unknown_enum_members())).collect();
    let answers = reading.client.batch::<UserRegistrationDetails>(&requests).await?;
    reading.saw(answers.len());
    let mut found = Vec::new();
    for (id, answer) in accounts.into_iter().zip(answers) {
        let row = match answer {
            Ok(details) if folded(&details.id) == id => Some(row(&reading.tenant, details)),
            Ok(_) => return Err(garbage(PATH, "a row of somebody else")),
            // The report does not name them, or no longer.
            Err(GraphError::Refused(refusal)) if refusal.is_not_found() => None,
            Err(error) => return Err(error.into()),
        };
        found.push((id, row));
    }
    let tenant = reading.tenant.clone();
    reading
        .write(move |tx| {
            for (id, row) in found {
                let before = registrations::get(tx, &tenant, &id)?;
                if before == row {
                    continue;
                }
                // The pages of the last whole read no longer say what is stored.
                data_state::forget_pages(tx, &tenant, DataKind::MfaRegistration)?;
                posture_state::mark(tx, &tenant, &id)?;
                match row {
                    Some(row) => row.put(tx)?,
                    None => registrations::delete(tx, &tenant, &id)?,
                }
            }
            Ok(())
        })
        .await
}

async fn whole(reading: &Reading) -> Result<Option<Problem>, Fault> {
    let tenant = reading.tenant.clone();
    let (before, is_whole, is_first) = reading
        .read(move |conn| {
            let state = data_state::get(conn, &tenant, DataKind::MfaRegistration)?;
            Ok((Prints::of(state.pages.as_deref().unwrap_or_default()), state.read_at.is_some(), registrations::count(conn, &tenant)? == 0))
        })
        .await?;
    arriving::begin_anew(reading).await?;
    let mut pages = reading.client.pages_read_by(Request::v1(PATH).top(999).unknown_enum_members(), Arc::new(move |body| sheet(body, &before)));
    let mut prints = Prints::default();
    // Sixteen bytes an account: what must be held of a whole report.
    let mut seen: HashSet<u128> = HashSet::new();
    let mut rows = Vec::new();
    while let Some(page) = pages.next().await? {
        let last = page.next_link.is_none();
        let came = rows.len();
        for (print, sheet) in page.values {
            prints.0.push(print);
            match sheet {
                Sheet::AsBefore(accounts) => {
                    reading.saw(accounts.len());
                    seen.extend(accounts);
                }
                Sheet::New(details) => {
                    reading.saw(details.len());
                    if details.iter().any(|details| details.id.is_empty()) {
                        return Err(garbage(PATH, "a row without an id"));
                    }
                    rows.extend(details.into_iter().map(|details| row(&reading.tenant, details)));
                }
            }
        }
        seen.extend(rows.iter().skip(came).map(|row: &RegistrationRow| place(&row.user_id)));
        if rows.len() < ACCOUNTS_TOGETHER && !last {
            continue;
        }
        let (tenant, mut rows) = (reading.tenant.clone(), std::mem::take(&mut rows));
        // In the table's order each lands beside the one before.
        rows.sort_by(|a, b| a.user_id.cmp(&b.user_id));
        if is_whole && !last {
            arriving::keep(reading, rows, None).await?;
            continue;
        }
        let whole = last.then(|| (std::mem::take(&mut seen), reading.ended().with_pages(prints.text())));
        reading
            .write(move |tx| {
                let Some((seen, ended)) = whole else { return store_them(tx, &tenant, &rows, is_first) };
                arriving::take(tx, &tenant, DataKind::MfaRegistration, |lot: Vec<RegistrationRow>| store_them(tx, &tenant, &lot, is_first))?;
                store_them(tx, &tenant, &rows, is_first)?;
                forget_others(tx, &tenant, &seen)?;
                ended.put(tx, seen.len() as u64, None, None)
            })
            .await?;
    }
    Ok(None)
}

/// One page, with what tells it from others.
type Read = (u64, Sheet);

enum Sheet {
    /// It says what a page of the last complete read said, of these accounts.
    AsBefore(Vec<u128>),
    New(Vec<UserRegistrationDetails>),
}

fn sheet(body: &[u8], before: &Prints) -> Result<Page<Read>, serde_json::Error> {
    let page = apart(body);
    let mut hasher = DefaultHasher::new();
    hasher.write(page.before);
    hasher.write(page.after);
    let print = hasher.finish();
    // A page without a link would end the list: only the one that did so before may.
    let known = if page.next_link.is_some() { before.0.contains(&print) } else { before.0.last() == Some(&print) };
    let (sheet, next_link) = if known {
        let accounts: Accounts<'_> = serde_json::from_slice(body)?;
        (Sheet::AsBefore(accounts.value.unwrap_or_default().iter().map(|account| place(&folded(&account.id))).collect()), page.next_link)
    } else {
        let page: Page<UserRegistrationDetails> = serde_json::from_slice(body)?;
        (Sheet::New(page.values), page.next_link)
    };
    Ok(Page { values: vec![(print, sheet)], next_link, delta_link: None, count: None })
}

#[derive(Deserialize)]
struct Accounts<'a> {
    #[serde(borrow)]
    value: Option<Vec<Account<'a>>>,
}

#[derive(Deserialize)]
struct Account<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

/// Prints of the pages of one read, in their order.
#[derive(Debug, Default)]
struct Prints(Vec<u64>);

impl Prints {
    fn of(text: &str) -> Self {
        Self(text.split_whitespace().filter_map(|print| u64::from_str_radix(print, 16).ok()).collect())
    }

    fn text(&self) -> String {
        self.0.iter().map(|print| format!("{print:016x}")).collect::<Vec<_>>().join(" ")
    }
}

fn store_them(tx: &Transaction<'_>, tenant: &str, rows: &[RegistrationRow], is_first: bool) -> store::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    // From here on the rows are not those of the last complete read.
    data_state::forget_pages(tx, tenant, DataKind::MfaRegistration)?;
    if is_first {
        posture_state::mark_all(tx, tenant)?;
        return rows.iter().try_for_each(|row| row.insert(tx));
    }
    for row in rows {
        let before = registrations::get(tx, tenant, &row.user_id)?;
        if before.as_ref() == Some(row) {
            continue;
        }
        posture_state::mark(tx, tenant, &row.user_id)?;
        if before.is_none() { row.insert(tx)? } else { row.put(tx)? }
    }
    Ok(())
}

/// Accounts that the report no longer names go.
fn forget_others(tx: &Transaction<'_>, tenant: &str, seen: &HashSet<u128>) -> store::Result<()> {
    if registrations::count(tx, tenant)? == seen.len() as u64 {
        return Ok(());
    }
    let mut gone = Vec::new();
    registrations::each_id(tx, tenant, |user| {
        if !seen.contains(&place(user)) {
            gone.push(user.to_owned());
        }
    })?;
    gone.iter().try_for_each(|user| {
        posture_state::mark(tx, tenant, user)?;
        registrations::delete(tx, tenant, user)
    })
}

fn row(tenant: &str, details: UserRegistrationDetails) -> RegistrationRow {
    RegistrationRow {
        tenant: tenant.to_owned(),
        user_id: folded(&details.id),
        mfa_registered: details.is_mfa_registered,
        mfa_capable: details.is_mfa_capable,
        passwordless: details.is_passwordless_capable,
        is_admin: details.is_admin,
        methods: serde_json::to_string(&details.methods_registered).unwrap_or_else(|_| "[]".to_owned()),
        default_method: details.default_method().map(str::to_owned),
        report_refreshed_at: details.last_updated_date_time.map(|at| at.timestamp_millis()),
        generation: 0,
    }
}

/// A GUID is its own number; any other id gets one.
fn place(id: &str) -> u128 {
    uuid::Uuid::parse_str(id).map_or_else(
        |_| {
            let digest = Sha256::digest(id.as_bytes());
            digest.iter().take(16).fold(0u128, |number, byte| number << 8 | u128::from(*byte))
        },
        |id| id.as_u128(),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn page(link: Option<&str>, name: &str) -> Vec<u8> {
        let mut page = serde_json::json!({"value": [{"id": "A", "userDisplayName": name}]});
        if let Some(link) = link {
            page["@odata.nextLink"] = link.into();
        }
        page.to_string().into_bytes()
    }

    fn read(body: &[u8], before: &str) -> (u64, bool, Option<String>) {
        let mut page = sheet(body, &Prints::of(before)).unwrap();
        let (print, sheet) = page.values.remove(0);
        (print, matches!(sheet, Sheet::AsBefore(accounts) if accounts == [place("a")]), page.next_link)
    }

    #[test]
    fn a_page_that_says_the_same_is_known_again_whatever_its_link_is() {
        let (print, known, link) = read(&page(Some("https://g/1"), "Ann"), "");
        assert_eq!((known, link.as_deref()), (false, Some("https://g/1")));
        let before = Prints(vec![print, 7]).text();
        assert_eq!(read(&page(Some("https://g/2"), "Ann"), &before), (print, true, Some("https://g/2".to_owned())));
        assert!(!read(&page(Some("https://g/2"), "Anna"), &before).1, "what it says changed");
    }

    #[test]
    fn only_the_page_that_ended_the_last_read_may_end_this_one_unread() {
        let (print, ..) = read(&page(None, "Ann"), "");
        assert!(read(&page(None, "Ann"), &Prints(vec![7, print]).text()).1);
        assert!(!read(&page(None, "Ann"), &Prints(vec![print, 7]).text()).1, "it was not the last");
    }
}
