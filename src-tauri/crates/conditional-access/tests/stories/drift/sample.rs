//! A published folder of exports that nobody here wrote: taken whole, and held against itself.

use std::path::{Path, PathBuf};

use conditional_access::baseline::{Baseline, BaselineFile, Imported, Severity, import};
use conditional_access::drift::{DriftVerdict, Known, drift};
use conditional_access::tenant::{Group, NamedLocation, Place};
use conditional_access::{ConditionalAccessPolicy, Effect, NoNames, Tenant};
use serde_json::{Value, json};

pub fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/samples/conditional-access/j0eyv-baseline");
    if !folder.is_dir() {
        println!("skipped: {} is absent", folder.display());
        return None;
    }
    Some(folder)
}

pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push((path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/"), std::fs::read(&path).unwrap()));
            }
        }
    }
    found
}

pub fn imported(files: &[(String, Vec<u8>)]) -> Imported {
    let files: Vec<BaselineFile<'_>> = files.iter().map(|(path, bytes)| BaselineFile { path, bytes }).collect();
    import("j0eyv", &files).unwrap()
}

/// A tenant with the baseline's policies and its groups and locations under their names, with other ids.
fn tenant_of(baseline: &Baseline, change: impl Fn(&mut String)) -> Tenant {
    let mut text = baseline.to_json();
    change(&mut text);
    let value: Value = serde_json::from_str(&text).unwrap();
    let policies = value["controls"].as_array().unwrap().iter().map(|c| ConditionalAccessPolicy::from_value(&c["judgement"]["policy"]).unwrap()).collect();
    let (mut groups, mut locations) = (Vec::new(), Vec::new());
    for (id, known) in value["names"].as_object().unwrap() {
        let name = known["names"][0].as_str().unwrap().to_owned();
        match known["kind"].as_str().unwrap() {
            "group" => groups.push(Group { id: id.clone(), display_name: name, members: Some(Vec::new()), members_are_transitive: true }),
            "location" => locations.push(NamedLocation {
                id: id.clone(),
                display_name: name,
                place: Place::Countries { countries: vec!["NL".into()], include_unknown: false, by_gps: false },
            }),
            other => panic!("{other}"),
        }
    }
    Tenant {
        policies: Some(policies),
        groups: Some(groups),
        named_locations: Some(locations),
        users: Some(Vec::new()),
        role_assignments: Some(Vec::new()),
        ..Tenant::default()
    }
}

#[test]
fn the_sample_is_taken_whole_in_both_encodings_and_every_reference_has_a_name() {
    let Some(folder) = folder() else { return };
    let files = files(&folder);
    let imported = imported(&files);
    let baseline = &imported.baseline;
    assert_eq!(baseline.controls.len(), 36, "one is there twice, in two encodings");
    for problem in &imported.problems {
        println!("{problem}");
    }
    assert!(!imported.problems.iter().any(|p| p.code == "import.not_json" || p.code == "import.not_text" || p.code == "import.not_understood"));
    assert!(imported.problems.iter().all(|p| p.line.is_some()));
    assert_eq!(imported.left_alone, ["LICENSE", "SOURCE.txt"]);
    let utf16: Vec<_> = files.iter().filter(|(path, _)| path.starts_with("original-utf16")).cloned().collect();
    assert_eq!(self::imported(&utf16).baseline.controls.len(), 1);
    let severity = |id: &str| baseline.control(id).unwrap().severity;
    assert_eq!(severity("CA000"), Severity::Critical);
    assert_eq!(severity("CA002"), Severity::Critical);
    assert_eq!(severity("CA105"), Severity::Medium, "its author only reports it");
    assert_eq!(severity("CA103"), Severity::Medium);
}

#[test]
fn the_sample_against_itself_is_met_in_every_control() {
    let Some(folder) = folder() else { return };
    let baseline = imported(&files(&folder)).baseline;
    let tenant = tenant_of(&baseline, |_| {});
    let rows = drift(&tenant, &baseline, &Known::only_names(&NoNames));
    for row in &rows {
        assert_eq!(row.verdict, DriftVerdict::Met, "{row:#?}");
    }
    assert_eq!(rows.len(), baseline.controls.len(), "and nothing is extra");
}

#[test]
fn in_another_tenant_groups_and_locations_are_found_by_their_names() {
    let Some(folder) = folder() else { return };
    let baseline = imported(&files(&folder)).baseline;
    let ids: Vec<String> = baseline.names.keys().cloned().collect();
    let tenant = tenant_of(&baseline, |text| {
        for (n, id) in ids.iter().enumerate().filter(|(_, id)| !id.starts_with("3d46dbda")) {
            *text = text.replace(id.as_str(), &format!("eeeeeeee-0000-0000-0000-{n:012}"));
        }
    });
    for row in drift(&tenant, &baseline, &Known::only_names(&NoNames)) {
        assert_eq!(row.verdict, DriftVerdict::Met, "{row:#?}");
    }
}

#[test]
fn a_location_exclusion_that_the_baseline_does_not_have_is_told_in_words_and_weakens() {
    let Some(folder) = folder() else { return };
    let baseline = imported(&files(&folder)).baseline;
    let mut tenant = tenant_of(&baseline, |_| {});
    let office = NamedLocation {
        id: "eeeeeeee-0000-0000-0000-000000000001".into(),
        display_name: "Office".into(),
        place: Place::Addresses { ranges: vec!["203.0.113.0/24".into()], trusted: Some(true) },
    };
    tenant.named_locations.as_mut().unwrap().push(office);
    let policy = tenant.policies.as_mut().unwrap().iter_mut().find(|p| p.display_name.as_deref().unwrap().starts_with("CA000")).unwrap();
    let mut value = policy.to_value();
    value["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": ["eeeeeeee-0000-0000-0000-000000000001"]});
    *policy = ConditionalAccessPolicy::from_value(&value).unwrap();
    tenant.users = Some(vec![conditional_access::tenant::User {
        id: "ffffffff-0000-0000-0000-000000000001".into(),
        user_type: Some("Member".into()),
        account_enabled: Some(true),
        ..Default::default()
    }]);
    let rows = drift(&tenant, &baseline, &Known::only_names(&NoNames));
    let row = rows.iter().find(|row| row.id == "CA000").unwrap();
    assert_eq!(row.verdict, DriftVerdict::Changed, "{row:#?}");
    assert!(row.differences.iter().any(|d| d.path == "conditions.locations.excludeLocations" && d.effect == Effect::Weakens), "{row:#?}");
    assert!(row.weakening.as_ref().unwrap().is_weaker(), "{row:#?}");
    assert_eq!(row.users.as_deref(), Some(&["ffffffff-0000-0000-0000-000000000001".to_owned()][..]));
}

#[test]
fn without_people_a_change_for_roles_or_groups_is_judged_for_those_whom_it_could_mean() {
    let Some(folder) = folder() else { return };
    let baseline = imported(&files(&folder)).baseline;
    let mut tenant = tenant_of(&baseline, |_| {});
    tenant.users = None;
    tenant.role_assignments = None;
    for policy in tenant.policies.as_mut().unwrap() {
        let mut value = policy.to_value();
        match policy.display_name.as_deref().unwrap().get(..5).unwrap() {
            "CA102" => value["sessionControls"]["signInFrequency"]["value"] = json!(24),
            "CA101" => value["conditions"]["users"]["excludeGroups"].as_array_mut().unwrap().push(json!("77c1ed37-10d0-4ef1-93dc-198e70abb166")),
            "CA400" => value["conditions"]["users"]["includeGuestsOrExternalUsers"]["guestOrExternalUserTypes"] = json!("internalGuest"),
            "CA201" => value["conditions"]["userRiskLevels"] = json!(["high", "medium"]),
            _ => {}
        }
        *policy = ConditionalAccessPolicy::from_value(&value).unwrap();
    }
    let rows = drift(&tenant, &baseline, &Known::only_names(&NoNames));
    for row in &rows {
        let weaker = row.weakening.as_ref().map(conditional_access::drift::Weakening::is_weaker);
        match row.id.as_str() {
            "CA102" | "CA101" | "CA400" => assert_eq!((row.verdict, weaker), (DriftVerdict::Changed, Some(true)), "{row:#?}"),
            "CA201" => assert_eq!((row.verdict, weaker), (DriftVerdict::Changed, Some(false)), "{row:#?}"),
            _ => assert_eq!(row.verdict, DriftVerdict::Met, "{row:#?}"),
        }
    }
}
