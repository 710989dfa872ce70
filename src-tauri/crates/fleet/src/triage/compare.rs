//! What differs between the sign-ins that fail and those that work. Only what separates them is said: something that nearly all
//! failing ones have and no working one. Where nothing does, or nothing works, that is said.

use std::collections::BTreeMap;

use store::sign_ins::SignInRow;

use super::{WORKING_DAYS, number};
use crate::{
    engine::replay::thousands,
    views::triage::{Comparison, Difference, Dimension},
};

/// Of one thing the first that separates is said: that the network differs follows from another country.
const ASPECTS: &[&[Dimension]] = &[
    &[Dimension::Compliance, Dimension::Management],
    &[Dimension::Device],
    &[Dimension::Join],
    &[Dimension::Country, Dimension::City, Dimension::Network],
    &[Dimension::Client, Dimension::Browser],
    &[Dimension::Application],
    &[Dimension::System],
];
/// So few prove nothing.
const FEW: usize = 3;

/// `cut`: not all sign-ins of the thirty days were looked at.
pub(super) fn compare(failing: &[&SignInRow], working: &[&SignInRow], cut: bool) -> Comparison {
    let differences: Vec<Difference> = if working.is_empty() || failing.is_empty() {
        Vec::new()
    } else {
        ASPECTS.iter().filter_map(|aspect| aspect.iter().find_map(|about| separates(*about, failing, working))).collect()
    };
    let looked_at = if cut { "among the newest that were looked at".to_owned() } else { format!("in {WORKING_DAYS} days") };
    let sentence = if failing.is_empty() {
        "Nothing failed, so there is nothing to compare".to_owned()
    } else if working.is_empty() {
        format!("No working sign-in of this user {looked_at}, so there is nothing to compare with")
    } else if differences.is_empty() {
        let many = if working.len() == 1 { "the one that worked".to_owned() } else { format!("the {} that worked", thousands(working.len() as u64)) };
        format!("Nothing separates the failing sign-ins from {many}: device, place, network, application and client occur on both sides, or were not recorded")
    } else {
        let titles: Vec<String> = differences.iter().map(|difference| difference.title.to_lowercase()).collect();
        format!("What separates them: {}", titles.join(", "))
    };
    let caution = (!differences.is_empty() && (failing.len() < FEW || working.len() < FEW)).then(|| {
        let (count, kind) = if failing.len() <= working.len() { (failing.len(), "failing") } else { (working.len(), "working") };
        format!("Only {count} {kind} {}: this may be chance", if count == 1 { "sign-in" } else { "sign-ins" })
    });
    Comparison { failing: number(failing.len()), working: number(working.len()), differences, sentence, caution }
}

/// How often each value occurs; None: not recorded, and so on neither side.
struct Values {
    counts: BTreeMap<String, (String, usize)>,
    known: usize,
}

impl Values {
    fn of(about: Dimension, rows: &[&SignInRow]) -> Self {
        let mut counts: BTreeMap<String, (String, usize)> = BTreeMap::new();
        let mut known = 0;
        for shown in rows.iter().filter_map(|row| value(about, row)) {
            known += 1;
            counts.entry(shown.to_lowercase()).or_insert((shown, 0)).1 += 1;
        }
        Self { counts, known }
    }

    /// Most of the rows say it.
    fn is_telling(&self, of: usize) -> bool {
        self.known > 0 && most(self.known, of)
    }

    fn top(&self) -> Option<(&str, usize)> {
        self.counts.values().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map(|(shown, count)| (shown.as_str(), *count))
    }
}

/// Four of five.
fn most(part: usize, whole: usize) -> bool {
    part * 5 >= whole * 4
}

fn separates(about: Dimension, failing: &[&SignInRow], working: &[&SignInRow]) -> Option<Difference> {
    let (bad, good) = (Values::of(about, failing), Values::of(about, working));
    if !bad.is_telling(failing.len()) || !good.is_telling(working.len()) {
        return None;
    }
    let mut only: Vec<(&str, usize)> =
        bad.counts.iter().filter(|(key, _)| !good.counts.contains_key(*key)).map(|(_, (shown, count))| (shown.as_str(), *count)).collect();
    only.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    // Every address and every device is new once: only one value of these is a finding, three of the others.
    let values = if matches!(about, Dimension::Network | Dimension::Device | Dimension::Browser) { 1 } else { 3 };
    only.truncate(values);
    let count: usize = only.iter().map(|(_, count)| count).sum();
    if !most(count, bad.known) {
        return None;
    }
    let (usual, usual_count) = good.top()?;
    Some(Difference {
        about,
        title: title(about).to_owned(),
        failing: only.iter().map(|(shown, _)| *shown).collect::<Vec<_>>().join(", "),
        failing_count: number(count),
        failing_of: number(bad.known),
        working: usual.to_owned(),
        working_count: number(usual_count),
        working_of: number(good.known),
    })
}

fn title(about: Dimension) -> &'static str {
    match about {
        Dimension::Compliance => "Compliance",
        Dimension::Management => "Management",
        Dimension::Device => "Device",
        Dimension::Join => "Join to Entra",
        Dimension::Country => "Country",
        Dimension::City => "City",
        Dimension::Network => "Network address",
        Dimension::Client => "Client",
        Dimension::Browser => "Browser",
        Dimension::Application => "Application",
        Dimension::System => "Operating system",
    }
}

fn value(about: Dimension, row: &SignInRow) -> Option<String> {
    let said = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    match about {
        // A device that shows no identity is an unregistered one to every policy.
        Dimension::Compliance if row.device_id.is_empty() && row.compliant.is_none() => None,
        Dimension::Compliance => row.compliant.map(|compliant| if compliant { "compliant" } else { "not compliant" }.to_owned()),
        Dimension::Management => row.managed.map(|managed| if managed { "managed" } else { "not managed" }.to_owned()),
        Dimension::Device if row.device_id.is_empty() && row.device_name.is_empty() => Some("a device that is not registered".to_owned()),
        Dimension::Device => said(&row.device_name).or_else(|| Some("a device without a name".to_owned())),
        Dimension::Join if row.device_id.is_empty() => None,
        Dimension::Join => row.trust_type.as_deref().and_then(said),
        Dimension::Country => said(&row.country),
        Dimension::City => said(&row.city),
        Dimension::Network => said(&row.ip),
        Dimension::Client => said(&row.client_app),
        Dimension::Browser => said(&row.browser),
        Dimension::Application => said(&row.app_name),
        Dimension::System => said(&row.os),
    }
}
