//! Which accounts look like break-glass accounts that nobody has named as such. Only a person makes one of them a break-glass account:
//! here are reasons, never a verdict.

/// What is known of an account that might be one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    pub id: String,
    pub display_name: String,
    pub upn: String,
    /// A permanent, active, tenant-wide Global Administrator; None: roles were never read.
    pub global_administrator: Option<bool>,
    /// How many of the policies that demand or block something leave the account out by an exclusion, and how many there are; None:
    /// policies were never read.
    pub excluded: Option<(usize, usize)>,
    /// Nobody signed in with it in the log that is kept; None: sign-ins were never read.
    pub never_seen: Option<bool>,
}

/// Parts of names that administrators give such accounts, in the languages of the customers; compared in lower case with everything
/// but letters and digits taken out.
const NAMES: [&str; 11] = [
    "breakglass",
    "brkglass",
    "emergencyaccess",
    "emergencyadmin",
    "emergency",
    "notfall",
    "noodaccount",
    "noodtoegang",
    "accesdurgence",
    "accesourgence",
    "emergencia",
];

/// Why the account looks like one, the most telling first; empty: it does not.
#[must_use]
pub fn reasons(account: &Account) -> Vec<String> {
    let named = is_named_like_one(&account.display_name) || is_named_like_one(account.upn.split('@').next().unwrap_or_default());
    let admin = account.global_administrator == Some(true);
    // One policy alone that leaves an administrator out says nothing.
    let left_out = account.excluded.is_some_and(|(excluded, of)| of >= 2 && excluded * 2 > of);
    if !(named || (admin && left_out)) {
        return Vec::new();
    }
    let mut reasons = Vec::new();
    if named {
        reasons.push("Its name says so".to_owned());
    }
    if let Some((excluded, of)) = account.excluded.filter(|(excluded, _)| *excluded > 0) {
        reasons.push(if excluded == of { format!("Every one of {of} policies leaves it out") } else { format!("{excluded} of {of} policies leave it out") });
    }
    if admin {
        reasons.push("It is a permanent Global Administrator".to_owned());
    }
    if account.never_seen == Some(true) {
        reasons.push("Nobody has signed in with it".to_owned());
    }
    reasons
}

#[must_use]
pub fn is_named_like_one(name: &str) -> bool {
    let plain: String = store::fold(name).chars().filter(char::is_ascii_alphanumeric).collect();
    NAMES.iter().any(|part| plain.contains(part))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn named(name: &str, upn: &str) -> Account {
        Account { display_name: name.to_owned(), upn: upn.to_owned(), ..Account::default() }
    }

    #[test]
    fn a_name_in_any_of_the_customers_languages_makes_a_candidate() {
        for (name, upn) in [
            ("Break Glass 1", "x@contoso.com"),
            ("x", "break-glass.01@contoso.onmicrosoft.com"),
            ("Notfallkonto", "x@contoso.com"),
            ("EMERGENCY ACCESS", "x@contoso.com"),
            ("Accès d’urgence", "x@contoso.com"),
            ("x", "brk_glass@contoso.com"),
        ] {
            assert_eq!(reasons(&named(name, upn)), ["Its name says so"], "{name} {upn}");
        }
        for (name, upn) in [("Glass Works Sales", "sales@glassbreakers.com"), ("Amelia Urgent", "amelia@emergency.example"), ("", "")] {
            assert!(reasons(&named(name, upn)).is_empty(), "{name} {upn}: a domain or a part of a word says nothing");
        }
    }

    #[test]
    fn an_administrator_whom_most_policies_leave_out_is_a_candidate_whatever_the_name() {
        let quiet = Account { global_administrator: Some(true), excluded: Some((3, 3)), never_seen: Some(true), ..named("Ops", "ops@contoso.onmicrosoft.com") };
        assert_eq!(reasons(&quiet), ["Every one of 3 policies leaves it out", "It is a permanent Global Administrator", "Nobody has signed in with it"]);
        assert!(reasons(&Account { excluded: Some((1, 3)), ..quiet.clone() }).is_empty(), "left out of one policy of three");
        assert!(reasons(&Account { excluded: Some((1, 1)), ..quiet.clone() }).is_empty(), "one policy alone says nothing");
        assert!(reasons(&Account { global_administrator: None, ..quiet.clone() }).is_empty(), "what was never read is no reason");
        assert!(reasons(&Account { excluded: None, ..quiet }).is_empty());
    }
}
