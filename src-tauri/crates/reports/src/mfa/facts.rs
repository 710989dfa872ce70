//! From what the fleet states to what the report prints. Nothing is decided here.

use fleet::posture::report::{MfaReportFacts, ReportPerson};
use fleet::views::mfa::MfaBucket;
use fleet::views::tenants::MfaCounts;

use super::{Admin, Bucket, Counts, Method, MfaReport, NotCounted, Person, Source};
use crate::layout::Paper;

impl MfaReport {
    /// The report on these facts, for this company (the MSP's name; may be empty).
    pub fn of(facts: &MfaReportFacts, company: &str, paper: Paper) -> Self {
        Self {
            customer: facts.customer.clone(),
            domain: facts.domain.clone(),
            company: company.to_owned(),
            made_at: facts.made_at,
            paper,
            licence: facts.licence.clone(),
            unreadable: facts.unreadable.clone(),
            people: counts(facts.people),
            admins: counts(facts.admins),
            admin_rows: facts
                .admin_list
                .iter()
                .map(|admin| Admin {
                    person: person(admin),
                    roles: admin.roles.clone(),
                    bucket: bucket(admin.bucket),
                    newest: admin.newest_method,
                    stale: admin.stale,
                })
                .collect(),
            weak: facts.weak.iter().map(person).collect(),
            none: facts.none.iter().map(person).collect(),
            unknown: facts.unknown.iter().map(person).collect(),
            methods: facts
                .methods
                .iter()
                .map(|method| Method {
                    name: method.method.clone(),
                    bucket: match method.strength.as_str() {
                        "phishingResistant" | "strong" => Bucket::Strong,
                        "weak" => Bucket::Weak,
                        _ => Bucket::None,
                    },
                    phishing_resistant: method.strength == "phishingResistant",
                    people: method.people,
                })
                // What is no MFA (a password, an email address for resets) would only dilute the chart.
                .filter(|method| method.bucket != Bucket::None)
                .collect(),
            not_counted: facts
                .not_counted
                .iter()
                .filter(|entry| !entry.accounts.is_empty())
                .map(|entry| NotCounted {
                    title: entry.title.to_owned(),
                    count: u32::try_from(entry.accounts.len()).unwrap_or(u32::MAX),
                    why: entry.why.to_owned(),
                })
                .collect(),
            enforcement: facts.enforcement.clone(),
            sources: facts
                .sources
                .iter()
                .map(|source| Source { title: source.title.to_owned(), rows: source.rows, read_at: source.read_at, status: source.status.clone() })
                .collect(),
            gaps: facts.gaps.clone(),
            counting: facts.method_of_counting.iter().map(|rule| (*rule).to_owned()).collect(),
        }
    }
}

fn counts(counts: MfaCounts) -> Counts {
    Counts { strong: counts.strong, weak: counts.weak, none: counts.none, unknown: counts.unknown }
}

fn bucket(bucket: MfaBucket) -> Bucket {
    match bucket {
        MfaBucket::Strong => Bucket::Strong,
        MfaBucket::Weak => Bucket::Weak,
        MfaBucket::None => Bucket::None,
        MfaBucket::Unknown => Bucket::Unknown,
    }
}

fn person(person: &ReportPerson) -> Person {
    Person {
        name: person.display_name.clone(),
        upn: person.upn.clone(),
        department: person.department.clone(),
        methods: person.methods.clone(),
        reason: person.reason.clone(),
    }
}
