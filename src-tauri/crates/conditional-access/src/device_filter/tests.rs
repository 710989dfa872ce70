//! Each rule of "Conditional Access: Filter for devices" and of the syntax it borrows, as a case.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::{Device, DeviceFilter, MAX_DEPTH, MAX_LENGTH, Operator, Property, RuleProblem};

fn filter(rule: &str) -> DeviceFilter {
    DeviceFilter::parse(rule).unwrap_or_else(|error| panic!("{rule}: {error}"))
}
fn matches(rule: &str, device: &Device) -> Option<bool> {
    filter(rule).matches(device)
}
fn error(rule: &str) -> (usize, RuleProblem) {
    let error = DeviceFilter::parse(rule).expect_err(rule);
    (error.position, error.problem)
}

/// A Surface of the company, hybrid joined, compliant, managed by Intune.
fn surface() -> Device {
    let mut device = Device::registered()
        .with(Property::DeviceId, "498C4DE7-1AEE-4DED-8D5D-000000000000")
        .with(Property::DisplayName, "ABC-Laptop-07")
        .with(Property::DeviceOwnership, "Company")
        .with(Property::EnrollmentProfileName, "AutoPilot Profile A")
        .with_compliant(true)
        .with(Property::Manufacturer, "Microsoft Corporation")
        .with(Property::MdmAppId, "0000000a-0000-0000-c000-000000000000")
        .with(Property::Model, "Surface Pro 9")
        .with(Property::OperatingSystem, "Windows")
        .with(Property::OperatingSystemVersion, "10.0.22000")
        .with_list(Property::PhysicalIds, &["[ZTDId]:value", "[OrderID]:7"])
        .with(Property::ProfileType, "RegisteredDevice")
        .with_list(Property::SystemLabels, &["M365Managed"])
        .with(Property::TrustType, "ServerAD")
        .with(Property::ExtensionAttribute(1), "SAW");
    for number in 2..=15 {
        device.set_null(Property::ExtensionAttribute(number));
    }
    device
}

#[test]
fn every_example_of_the_document_parses_and_matches_the_device_it_describes() {
    for rule in [
        r#"(device.deviceid -eq "498c4de7-1aee-4ded-8d5d-000000000000")"#,
        r#"(device.displayName -contains "ABC")"#,
        r#"(device.deviceOwnership -eq "Company")"#,
        r#"(device.enrollmentProfileName -startsWith "AutoPilot Profile")"#,
        r#"(device.isCompliant -eq "True")"#,
        r#"(device.manufacturer -startsWith "Microsoft")"#,
        r#"(device.mdmAppId -in ["0000000a-0000-0000-c000-000000000000"])"#,
        r#"(device.model -notContains "Galaxy")"#,
        r#"(device.operatingSystem -eq "Windows")"#,
        r#"(device.operatingSystemVersion -in ["10.0.18363", "10.0.19041", "10.0.19042", "10.0.22000"])"#,
        r#"(device.physicalIds -contains "[ZTDId]:value")"#,
        r#"(device.devicePhysicalIDs -contains "[ZTDId]:value")"#,
        r#"(device.profileType -ne "Printer")"#,
        r#"(device.profileType -notIn ["Printer", "Shared", "IoT"])"#,
        r#"(device.systemLabels -contains "M365Managed")"#,
        r#"(device.trustType -eq "ServerAD")"#,
        r#"(device.extensionAttribute1 -eq "SAW")"#,
        "device.extensionAttribute1 -eq 'SAW'",
        r#"device.deviceOwnership -eq "Company" -or device.isCompliant -eq True"#,
        r#"device.isCompliant -eq True -and device.deviceOwnership -eq "Company""#,
    ] {
        assert_eq!(matches(rule, &surface()), Some(true), "{rule}");
    }
}

#[test]
fn each_operator_does_what_its_name_says_and_its_opposite_the_contrary() {
    for (positive, negative, yes, no) in [
        ("-eq", "-ne", "\"surface pro 9\"", "\"Surface\""),
        ("-startsWith", "-notStartsWith", "\"SURFACE\"", "\"Pro\""),
        ("-endsWith", "-notEndsWith", "\"pro 9\"", "\"Surface\""),
        ("-contains", "-notContains", "\"face PRO\"", "\"Book\""),
        ("-in", "-notIn", "[\"Surface Go\", \"Surface Pro 9\"]", "[\"Surface\", \"Pro 9\"]"),
    ] {
        assert_eq!(matches(&format!("device.model {positive} {yes}"), &surface()), Some(true), "{positive}");
        assert_eq!(matches(&format!("device.model {positive} {no}"), &surface()), Some(false), "{positive}");
        assert_eq!(matches(&format!("device.model {negative} {yes}"), &surface()), Some(false), "{negative}");
        assert_eq!(matches(&format!("device.model {negative} {no}"), &surface()), Some(true), "{negative}");
    }
}

#[test]
fn an_unregistered_device_matches_negative_operators_only() {
    for (rule, expected) in [
        (r#"device.isCompliant -eq "True""#, false),
        (r#"device.model -startsWith "Surface""#, false),
        (r#"device.model -endsWith "9""#, false),
        (r#"device.systemLabels -contains "M365Managed""#, false),
        (r#"device.displayName -in ["A"]"#, false),
        (r#"device.isCompliant -ne "True""#, true),
        (r#"device.model -notStartsWith "Surface""#, true),
        (r#"device.model -notEndsWith "9""#, true),
        (r#"device.systemLabels -notContains "M365Managed""#, true),
        (r#"device.displayName -notIn ["A"]"#, true),
        (r#"device.extensionAttribute1 -ne "SAW""#, true),
        (r#"device.isCompliant -ne "True" -and device.trustType -eq "ServerAD""#, false),
        ("device.trustType -eq null", true),
        ("device.trustType -ne null", false),
    ] {
        assert_eq!(matches(rule, &Device::unregistered()), Some(expected), "{rule}");
    }
    assert_eq!(Device::unregistered().with(Property::Model, "x").attribute(Property::Model), &super::Attribute::Null);
}

#[test]
fn extension_attributes_of_a_device_that_nobody_manages_do_not_count() {
    let byod = Device::registered()
        .with_compliant(false)
        .with(Property::TrustType, "Workplace")
        .with_null(Property::MdmAppId)
        .with(Property::ExtensionAttribute(1), "SAW");
    assert_eq!(matches(r#"device.extensionAttribute1 -eq "SAW""#, &byod), Some(false));
    assert_eq!(matches(r#"device.extensionAttribute1 -ne "SAW""#, &byod), Some(false));
    for managed in [
        byod.clone().with_compliant(true),
        byod.clone().with(Property::TrustType, "ServerAD"),
        byod.clone().with(Property::MdmAppId, "0000000a-0000-0000-c000-000000000000"),
    ] {
        assert_eq!(matches(r#"device.extensionAttribute1 -eq "SAW""#, &managed), Some(true));
    }
    let said = Device::registered().with(Property::ExtensionAttribute(1), "SAW");
    assert_eq!(matches(r#"device.extensionAttribute1 -eq "SAW""#, &said), Some(true));
}

#[test]
fn what_nobody_said_is_unknown_and_never_a_match_or_a_miss() {
    let device = Device::registered().with_compliant(true);
    assert_eq!(matches(r#"device.model -eq "x""#, &device), None);
    assert_eq!(matches(r#"device.model -ne "x""#, &device), None);
    assert_eq!(matches(r#"-not device.model -eq "x""#, &device), None);
    assert_eq!(matches(r#"device.model -eq "x" -or device.isCompliant -eq True"#, &device), Some(true));
    assert_eq!(matches(r#"device.model -eq "x" -and device.isCompliant -eq True"#, &device), None);
    assert_eq!(matches(r#"device.model -eq "x" -and device.isCompliant -eq False"#, &device), Some(false));
    assert_eq!(matches(r#"device.isCompliant -ne True"#, &Device::unknown()), None);
    let undecided = filter(r#"device.model -eq "x" -and device.isCompliant -eq True"#);
    assert_eq!(undecided.undecided_by(&device), [Property::Model]);
    assert_eq!(undecided.properties(), [Property::Model, Property::IsCompliant]);
    assert_eq!(undecided.undecided_by(&surface()), []);
}

#[test]
fn a_list_contains_whole_values_and_a_text_contains_parts() {
    assert_eq!(matches(r#"device.systemLabels -contains "M365""#, &surface()), Some(false));
    assert_eq!(matches(r#"device.systemLabels -contains "m365managed""#, &surface()), Some(true));
    assert_eq!(matches(r#"device.physicalIds -notContains "[OrderID]:7""#, &surface()), Some(false));
    assert_eq!(matches(r#"device.displayName -contains "laptop""#, &surface()), Some(true));
}

#[test]
fn not_binds_before_and_and_and_before_or() {
    let (yes, no) = ("device.isCompliant -eq True", "device.isCompliant -eq False");
    assert_eq!(matches(&format!("{yes} -or {no} -and {no}"), &surface()), Some(true));
    assert_eq!(matches(&format!("({yes} -or {no}) -and {no}"), &surface()), Some(false));
    assert_eq!(matches(&format!("-not {no} -and {yes}"), &surface()), Some(true));
    assert_eq!(matches(&format!("-not ({no} -and {yes})"), &surface()), Some(true));
    assert_eq!(matches(&format!("-not {yes} -or {no}"), &surface()), Some(false));
    assert_eq!(matches(&format!("not {no} AND {yes}"), &surface()), Some(true));
    assert_eq!(matches("device.isCompliant \u{2013}eq true", &surface()), Some(true));
}

#[test]
fn quotes_and_escapes_belong_to_the_value_as_the_document_has_it() {
    let device = Device::registered().with(Property::DisplayName, r#"Ann's "lab""#);
    assert_eq!(matches(r#"device.displayName -eq "Ann's `"lab`"""#, &device), Some(true));
    assert_eq!(matches(r#"device.displayName -eq 'Ann''s "lab"'"#, &device), Some(true));
    let device = Device::registered().with(Property::DisplayName, r#""Sales""#);
    assert_eq!(matches(r#"device.displayName -eq `"Sales`""#, &device), Some(true));
    let device = Device::registered().with(Property::DisplayName, "null");
    assert_eq!(matches(r#"device.displayName -eq "null""#, &device), Some(true));
    assert_eq!(matches("device.displayName -eq null", &device), Some(false));
    let device = Device::registered().with(Property::DisplayName, "ΜΈΛΙΣΣΑ-Ä");
    assert_eq!(matches(r#"device.displayName -endsWith "-ä""#, &device), Some(true));
}

#[test]
fn the_sign_in_log_and_the_rule_name_the_same_trust() {
    let device = Device::registered().with(Property::TrustType, "Hybrid Azure AD joined").with(Property::DeviceOwnership, "Corporate");
    assert_eq!(matches(r#"device.trustType -eq "ServerAD" -and device.deviceOwnership -eq "Company""#, &device), Some(true));
    for (trust, said) in [
        ("Workplace", "Azure AD registered"),
        ("Workplace", "Microsoft Entra registered"),
        ("AzureAD", "Azure AD joined"),
        ("AzureAD", "Microsoft Entra joined"),
        ("ServerAD", "Microsoft Entra hybrid joined"),
    ] {
        assert_eq!(matches(&format!("device.trustType -eq \"{trust}\""), &Device::registered().with(Property::TrustType, said)), Some(true), "{said}");
    }
    let version = Device::registered().with(Property::OperatingSystemVersion, "10.0");
    assert_eq!(
        (
            matches("device.operatingSystemVersion -startsWith 10", &version),
            matches("device.operatingSystemVersion -eq 10.0", &version),
            matches("device.operatingSystemVersion -eq -10.0", &version)
        ),
        (Some(true), Some(true), Some(false))
    );
    assert!(DeviceFilter::parse("device.operatingSystemVersion -eq 10x").is_err());
    let device = Device::registered().with(Property::TrustType, "Azure AD registered");
    assert_eq!(matches(r#"device.trustType -in ["AzureAD", "ServerAD"]"#, &device), Some(false));
}

#[test]
fn an_error_names_the_character_and_what_was_expected() {
    use RuleProblem::{
        EmptyList, EndsEarly, NeedsQuotes, NullNeedsEquals, OpenQuote, OperatorNotSupported, TooDeep, TooLong, Unexpected, UnknownOperator, UnknownProperty,
    };
    assert_eq!(error(""), (0, RuleProblem::Empty));
    assert_eq!(error("  \t"), (0, RuleProblem::Empty));
    assert_eq!(error("user.department -eq \"Sales\""), (0, UnknownProperty { name: "user.department".into() }));
    assert_eq!(error("(device.colour -eq \"red\")"), (1, UnknownProperty { name: "device.colour".into() }));
    assert_eq!(error("device.model -like \"x\""), (13, UnknownOperator { name: "-like".into() }));
    assert_eq!(error("device.model -match \"x\""), (13, UnknownOperator { name: "-match".into() }));
    assert_eq!(error("device.isCompliant -contains \"T\""), (19, OperatorNotSupported { property: "isCompliant", operator: "contains" }));
    assert_eq!(error("device.physicalIds -eq \"x\""), (19, OperatorNotSupported { property: "physicalIds", operator: "eq" }));
    assert_eq!(error("device.model -eq \"x"), (17, OpenQuote { quote: '"' }));
    assert_eq!(error("device.model -eq Surface"), (17, NeedsQuotes { found: "Surface".into() }));
    assert_eq!(error("device.model -eq"), (16, EndsEarly { wanted: "a value" }));
    assert_eq!(error("(device.model -eq \"x\""), (21, EndsEarly { wanted: ")" }));
    assert_eq!(error("device.model -eq \"x\")"), (20, Unexpected { wanted: "-and, -or or the end", found: ")".into() }));
    assert_eq!(error("device.model -eq \"x\" device.model -eq \"y\"").0, 21);
    assert_eq!(error("device.model -in \"x\""), (17, Unexpected { wanted: "a list in [ ]", found: "x".into() }));
    assert_eq!(error("device.model -in []"), (17, EmptyList));
    assert_eq!(error("device.model -in [\"x\" \"y\"]").0, 22);
    assert_eq!(error("device.model -contains null"), (23, NullNeedsEquals));
    assert_eq!(error("device.model -in [null]"), (18, NullNeedsEquals));
    assert_eq!(error("device.model -eq \"ä\" -and device.modell -eq \"y\"").0, 26, "characters are counted, not bytes");
    assert_eq!(error(&"(".repeat(1000)), (MAX_DEPTH, TooDeep));
    assert_eq!(error(&"-not ".repeat(600)).1, TooDeep);
    let long = format!("device.model -eq \"{}\"", "x".repeat(4000));
    assert_eq!(error(&long), (MAX_LENGTH, TooLong { length: 4019 }));
    for (rule, code) in [
        ("", "empty"),
        (long.as_str(), "too_long"),
        (&"(".repeat(1000), "too_deep"),
        ("device.model -eq \"x", "open_quote"),
        ("device.model -eq", "ends_early"),
        ("device.model -in \"x\"", "unexpected"),
        ("device.x -eq 1", "unknown_property"),
        ("device.model -like \"x\"", "unknown_operator"),
        ("device.isCompliant -contains \"T\"", "operator_not_supported"),
        ("device.model -eq x", "needs_quotes"),
        ("device.model -contains null", "null_needs_equals"),
        ("device.model -in []", "empty_list"),
    ] {
        let error = DeviceFilter::parse(rule).unwrap_err();
        assert_eq!(error.code(), format!("device_filter.{code}"));
        assert!(error.next_step().contains("Filter for devices"));
    }
    assert_eq!(DeviceFilter::parse("device.model -like \"x\"").unwrap_err().to_string(), "character 14: \"-like\" is no operator that a filter can use");
}

#[test]
fn every_property_and_operator_is_found_by_its_name() {
    assert_eq!(Property::all().count(), 29);
    for property in Property::all() {
        assert_eq!(Property::named(&property.name().to_uppercase()), Some(property));
    }
    for operator in [Operator::Equals, Operator::NotIn, Operator::EndsWith] {
        assert_eq!(Operator::named(operator.name()), Some(operator));
    }
}

fn rule() -> impl Strategy<Value = String> {
    let test = prop::sample::select(vec![
        r#"device.model -eq "a""#,
        r#"device.model -ne "a""#,
        "device.isCompliant -eq True",
        "device.isCompliant -ne True",
        r#"device.extensionAttribute3 -in ["a","b"]"#,
        r#"device.systemLabels -notContains "x""#,
        "device.trustType -eq null",
    ])
    .prop_map(str::to_owned);
    test.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} -and {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) -or ({b})")),
            inner.prop_map(|a| format!("-not ({a})")),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,200}") {
        let _ = DeviceFilter::parse(&text);
    }
    #[test]
    fn no_heap_of_words_makes_the_parser_panic(words in prop::collection::vec(prop::sample::select(vec![
        "device.model", "device.isCompliant", "-eq", "-in", "-and", "-or", "-not", "(", ")", "[", "]", ",", "\"a\"", "'b", "`\"", "null", "True", "ä", "-",
    ]), 0..40)) {
        let text = words.join(" ");
        if let Err(error) = DeviceFilter::parse(&text) {
            prop_assert!(error.position <= text.chars().count());
        }
    }
    /// Learning more about a device may settle a match, but never turns one around.
    #[test]
    fn knowing_more_never_turns_a_judgement_around(rule in rule(), known in prop::collection::vec(any::<bool>(), 4)) {
        let filter = filter(&rule);
        let whole = surface();
        let mut part = Device::registered();
        for (property, known) in [Property::Model, Property::IsCompliant, Property::TrustType, Property::SystemLabels].into_iter().zip(known) {
            if known {
                match whole.attribute(property) {
                    super::Attribute::Text(text) => part.set_text(property, text),
                    super::Attribute::List(items) => part.set_list(property, items.iter().map(String::as_str)),
                    _ => part.set_null(property),
                }
            }
        }
        prop_assert!(filter.matches(&whole).is_some());
        if let Some(judged) = filter.matches(&part) {
            prop_assert_eq!(Some(judged), filter.matches(&whole));
        }
    }
}

#[test]
fn a_rule_may_be_as_long_as_graph_allows_and_no_longer() {
    let rule = |length: usize| format!("{:<length$}", "device.isCompliant -eq True");
    assert!(DeviceFilter::parse(&rule(MAX_LENGTH)).is_ok());
    assert_eq!(error(&rule(MAX_LENGTH + 1)), (MAX_LENGTH, RuleProblem::TooLong { length: MAX_LENGTH + 1 }));
}

/// The document's table of operators; an earlier edition has `-in` and `-notIn` for profile and trust types.
#[test]
fn each_property_takes_the_operators_of_the_documents_table() {
    let comparing = ["-eq", "-ne", "-startsWith", "-notStartsWith", "-endsWith", "-notEndsWith", "-contains", "-notContains"];
    let allowed = |property: &str| -> Vec<&str> {
        let one = comparing.into_iter().filter(|operator| DeviceFilter::parse(&format!("device.{property} {operator} \"True\"")).is_ok());
        let list = ["-in", "-notIn"].into_iter().filter(|operator| DeviceFilter::parse(&format!("device.{property} {operator} [\"True\"]")).is_ok());
        one.chain(list).collect()
    };
    for property in ["deviceId", "mdmAppId", "profileType", "trustType"] {
        assert_eq!(allowed(property), ["-eq", "-ne", "-in", "-notIn"], "{property}");
    }
    for property in ["deviceOwnership", "isCompliant"] {
        assert_eq!(allowed(property), ["-eq", "-ne"], "{property}");
    }
    for property in ["physicalIds", "systemLabels"] {
        assert_eq!(allowed(property), ["-contains", "-notContains"], "{property}");
    }
    for property in ["displayName", "enrollmentProfileName", "manufacturer", "model", "operatingSystem", "operatingSystemVersion", "extensionAttribute1"] {
        assert_eq!(allowed(property).len(), 10, "{property}");
    }
}

/// "Devices must be Microsoft Intune managed, compliant, or Microsoft Entra hybrid joined for a value to be available in
/// extensionAttributes1-15": of the other attributes the document says no such thing.
#[test]
fn only_extension_attributes_are_withheld_of_a_device_that_nobody_manages() {
    let device = Device::registered()
        .with_compliant(false)
        .with(Property::TrustType, "AzureAD")
        .with_null(Property::MdmAppId)
        .with(Property::Model, "Pro")
        .with(Property::ExtensionAttribute(1), "SAW");
    assert_eq!(matches("device.model -eq \"Pro\"", &device), Some(true));
    assert_eq!(matches("device.extensionAttribute1 -eq \"SAW\"", &device), Some(false));
    assert_eq!(
        [Device::registered(), Device::unregistered(), Device::unknown()].map(|device| device.registration()),
        [super::Registration::Registered, super::Registration::Unregistered, super::Registration::Unknown]
    );
}
