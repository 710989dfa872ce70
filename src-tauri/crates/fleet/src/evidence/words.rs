//! Small words of the evidence: numbers, people, how it was counted, what the terms mean.

use super::facts::Term;
use crate::posture::report::METHOD_OF_COUNTING;

pub fn number(n: u32) -> String {
    crate::engine::replay::thousands(u64::from(n))
}

/// "1 person", "2,310 people".
pub fn people(n: u32) -> String {
    counted(n, "person", "people")
}

pub fn counted(n: u32, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// "all 12 people", "9 of 12 people", "the only person".
pub fn of(part: u32, all: u32, one: &str, many: &str) -> String {
    match (part, all) {
        (1, 1) => format!("the only {one}"),
        (part, all) if part == all => format!("all {} {many}", number(all)),
        (part, all) => format!("{} of {} {}", number(part), number(all), if all == 1 { one } else { many }),
    }
}

/// The first letter large.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// "45 minutes", "3 hours", "2 days".
pub fn minutes(n: u32) -> String {
    match n {
        0 => "under a minute".to_owned(),
        1..120 => counted(n, "minute", "minutes"),
        120..2_880 => counted(n / 60, "hour", "hours"),
        _ => counted(n / 1_440, "day", "days"),
    }
}

pub fn method_of_counting() -> Vec<String> {
    const MORE: [&str; 8] = [
        "Whether MFA is asked is not read off a policy's name: an engine judges all policies together for each person, application, kind of client, platform and place, and the least that protects counts.",
        "A policy in report-only protects nobody and is not counted.",
        "Outside trusted places means: from every place that the tenant does not mark as trusted.",
        "A partly read source, one read more than a day before the report, or a period that was watched only in part makes an answer at most “partly”. What was never read makes it “unknown”.",
        "A change of a policy is audited twice by Microsoft and counted once. A change through Gatehouse is under control where a ticket or a second person's approval is recorded with it.",
        "An alert is handled when somebody acknowledged or resolved it, or its condition ended by itself; the time counts from when Gatehouse raised it.",
        "A policy's SHA-256 is that of its JSON as Microsoft Graph gave it, with the names of its members in order and no space between.",
        "The data set's SHA-256 is that of the file SHA256SUMS, which holds the SHA-256 of every other file of the data set.",
    ];
    METHOD_OF_COUNTING.iter().chain(&MORE).map(|rule| (*rule).to_owned()).collect()
}

pub fn glossary() -> Vec<Term> {
    const TERMS: [(&str, &str); 18] = [
        ("Break-glass account", "An account for emergencies, kept out of the policies on purpose so that somebody can always get in, and watched for any use."),
        (
            "Conditional Access",
            "The rules of Microsoft Entra ID that decide at each sign-in what must be shown: MFA, a managed device, or nothing; or that it is refused.",
        ),
        ("Drill", "A planned test that a break-glass account still works."),
        ("Eligible", "A role that is not held all the time, but can be activated when it is needed."),
        ("Enforced", "Something demands MFA of the person. A registered method that nothing demands does not protect."),
        ("Exception", "Somebody or something that is exempt from MFA, with a reason and a named person who answers for it."),
        ("Guest", "A person of another organization who was invited."),
        ("Legacy authentication", "Old ways to sign in (IMAP, POP, SMTP, old Office) that know only a password and can never ask for MFA."),
        ("MFA", "Multifactor authentication: besides the password, something the person has or is."),
        ("Microsoft Entra ID", "The directory in which the customer's Microsoft 365 accounts live and sign in."),
        ("Passkey", "A key in a device or on a stick that signs in only to the genuine site; a false one gets nothing."),
        ("Phishing-resistant", "A method that cannot be given away to a false site: passkey or FIDO2 key, Windows Hello for Business, certificate."),
        ("Privileged role", "A role that can change security settings or other accounts, as Microsoft labels it."),
        ("Registered", "The person has set up a second factor."),
        ("Report-only", "A policy on trial: it records what it would have done and protects nobody."),
        (
            "Security defaults",
            "Microsoft's basic protection for tenants without Conditional Access: MFA of administrators always, of others when Microsoft finds it necessary.",
        ),
        ("SHA-256", "A fingerprint of a file: whoever changes one letter gets another."),
        ("Trusted place", "A network that the tenant's policies name as trusted, such as the office."),
    ];
    TERMS.iter().map(|(term, meaning)| Term { term: (*term).to_owned(), meaning: (*meaning).to_owned() }).collect()
}
