//! The built-in baseline is complete, referenced and stable.

use std::collections::BTreeSet;

use conditional_access::baseline::{Judgement, Severity, built_in};

#[test]
fn it_has_at_least_25_controls_each_with_a_reason_and_a_reference() {
    let baseline = built_in();
    assert!(baseline.controls.len() >= 25);
    let ids: BTreeSet<&str> = baseline.controls.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids.len(), baseline.controls.len(), "ids are unique");
    for control in &baseline.controls {
        assert!(control.rationale.ends_with('.') && control.rationale.len() > 30, "{}", control.id);
        assert!(!control.references.is_empty(), "{}", control.id);
        assert!(control.references.iter().all(|r| r.url.starts_with("https://") && !r.title.is_empty()), "{}", control.id);
        assert!(matches!(control.judgement, Judgement::Effect(_) | Judgement::Check(_)), "{}", control.id);
        assert!(!control.judged().is_empty());
    }
    for severity in [Severity::Critical, Severity::High, Severity::Medium, Severity::Low] {
        assert!(baseline.controls.iter().any(|c| c.severity == severity));
    }
}

#[test]
fn cisas_controls_are_named_by_their_ids() {
    let baseline = built_in();
    let all: String = baseline.controls.iter().flat_map(|c| &c.references).map(|r| format!("{} {}\n", r.title, r.url)).collect();
    for id in ["MS.AAD.1.1v1", "MS.AAD.2.1v1", "MS.AAD.2.3v1", "MS.AAD.3.1v1", "MS.AAD.3.2v1", "MS.AAD.3.6v1", "MS.AAD.3.7v1", "MS.AAD.3.8v1", "MS.AAD.3.9v1"] {
        assert!(all.contains(id), "{id}");
    }
    assert!(all.contains("#msaad11v1"));
}
