#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

const NOW: i64 = 1_790_000_000_000;
const DAY: i64 = 24 * 60 * 60 * 1000;

fn person(name: &str) -> Account {
    Account {
        id: name.to_lowercase(),
        upn: format!("{}@contoso.example", name.to_lowercase()),
        display_name: name.to_owned(),
        enabled: Some(true),
        user_type: Some("Member".to_owned()),
        mail: Some(format!("{}@contoso.example", name.to_lowercase())),
        has_person_details: true,
        licences: Some(1),
        mobile: false,
        department: None,
    }
}

/// A tenant in which everything was read: no policy is on and security defaults are off.
fn contoso(accounts: Vec<Account>) -> Facts {
    Facts {
        now: NOW,
        accounts,
        marks: HashMap::new(),
        break_glass: BTreeSet::new(),
        holders: Known::Yes(HashMap::new()),
        sync_accounts: BTreeSet::new(),
        registration: Known::Yes(HashMap::new()),
        methods: HashMap::new(),
        devices: Known::Yes(HashMap::new()),
        per_user: Known::Yes(HashMap::new()),
        security_defaults: Some(false),
        enabled_policies: Some(0),
        asked_for_mfa: None,
    }
}

fn registered(facts: &mut Facts, user: &str, methods: &[&str]) {
    let Known::Yes(all) = &mut facts.registration else { panic!("registration is readable here") };
    all.insert(user.to_owned(), Registration { mfa_registered: Some(!methods.is_empty()), methods: methods.iter().map(|m| (*m).to_owned()).collect() });
}

fn only(facts: &Facts) -> Verdict {
    let mut found = verdicts(facts);
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn each_person_falls_into_the_bucket_of_the_strongest_method() {
    for (methods, bucket) in [
        (&["mobilePhone", "windowsHelloForBusiness"][..], MfaBucket::Strong),
        (&["fido2"], MfaBucket::Strong),
        (&["microsoftAuthenticatorPush", "mobilePhone"], MfaBucket::Strong),
        (&["hardwareOneTimePasscode"], MfaBucket::Strong),
        (&["mobilePhone", "email"], MfaBucket::Weak),
        (&["officePhone"], MfaBucket::Weak),
        (&[], MfaBucket::None),
        (&["externalAuthMethod"], MfaBucket::Unknown),
        (&["telepathy"], MfaBucket::Unknown),
    ] {
        let mut facts = contoso(vec![person("Ada")]);
        registered(&mut facts, "ada", methods);
        assert_eq!(only(&facts).bucket, bucket, "{methods:?}");
    }
}

#[test]
fn an_email_address_is_no_mfa_method() {
    let mut facts = contoso(vec![person("Ada")]);
    registered(&mut facts, "ada", &["email", "securityQuestion"]);
    let Known::Yes(all) = &mut facts.registration else { panic!() };
    all.get_mut("ada").unwrap().mfa_registered = Some(false);
    let verdict = only(&facts);
    assert_eq!(verdict.bucket, MfaBucket::None);
    assert!(verdict.reason.unwrap().starts_with("No MFA method is registered, only: Email"));
}

#[test]
fn a_report_that_says_registered_without_a_method_is_unknown() {
    let mut facts = contoso(vec![person("Ada")]);
    registered(&mut facts, "ada", &[]);
    let Known::Yes(all) = &mut facts.registration else { panic!() };
    all.get_mut("ada").unwrap().mfa_registered = Some(true);
    assert_eq!(only(&facts).bucket, MfaBucket::Unknown);
}

#[test]
fn registration_that_could_not_be_read_is_unknown_with_the_reason_and_never_none() {
    let mut facts = contoso(vec![person("Ada")]);
    facts.registration = Known::No("the tenant has no licence for it (Entra ID P1)".to_owned());
    let verdict = only(&facts);
    assert_eq!(verdict.bucket, MfaBucket::Unknown);
    assert_eq!(verdict.reason.as_deref(), Some("MFA registration is not known: the tenant has no licence for it (Entra ID P1)"));
}

#[test]
fn somebody_whom_the_report_does_not_list_is_unknown() {
    let verdict = only(&contoso(vec![person("Newcomer")]));
    assert_eq!(verdict.bucket, MfaBucket::Unknown);
    assert!(verdict.reason.unwrap().contains("does not list this account yet"));
}

#[test]
fn methods_read_one_by_one_go_before_the_report() {
    let mut facts = contoso(vec![person("Ada")]);
    registered(&mut facts, "ada", &["microsoftAuthenticatorPush"]);
    facts.methods.insert(
        "ada".to_owned(),
        vec![
            Method { kind: "passwordAuthenticationMethod".to_owned(), created_at: Some(NOW - DAY) },
            Method { kind: "phoneAuthenticationMethod".to_owned(), created_at: None },
        ],
    );
    let verdict = only(&facts);
    assert_eq!(verdict.bucket, MfaBucket::Weak, "the Authenticator was removed since the report");
    assert_eq!(verdict.methods, ["Phone (text message or call)"], "a password is no method worth a line");
}

fn admin(facts: &mut Facts, user: &str, role: &str, eligible: bool) {
    let Known::Yes(holders) = &mut facts.holders else { panic!() };
    holders.entry(user.to_owned()).or_default().push(Held { role: role.to_owned(), eligible, through: None, scope: None });
}

#[test]
fn an_admin_is_stale_when_the_newest_second_factor_is_older_than_180_days() {
    for (age, stale) in [(181, true), (179, false)] {
        let mut facts = contoso(vec![person("Root")]);
        admin(&mut facts, "root", "Global Administrator", true);
        facts.methods.insert(
            "root".to_owned(),
            vec![
                Method { kind: "fido2AuthenticationMethod".to_owned(), created_at: Some(NOW - 400 * DAY) },
                Method { kind: "microsoftAuthenticatorAuthenticationMethod".to_owned(), created_at: Some(NOW - age * DAY) },
                // A new password says nothing about the second factor.
                Method { kind: "passwordAuthenticationMethod".to_owned(), created_at: Some(NOW - DAY) },
            ],
        );
        let verdict = only(&facts);
        assert_eq!(verdict.stale, stale, "{age} days");
        assert_eq!(verdict.newest_method, Some(NOW - age * DAY));
        assert_eq!(verdict.privileged_roles, Some(vec!["Global Administrator".to_owned()]));
    }
}

#[test]
fn an_admin_whose_methods_were_not_read_is_not_called_stale() {
    let mut facts = contoso(vec![person("Root")]);
    admin(&mut facts, "root", "Global Administrator", false);
    registered(&mut facts, "root", &["fido2"]);
    let verdict = only(&facts);
    assert!(!verdict.stale);
    assert_eq!(verdict.newest_method, None);
}

#[test]
fn somebody_who_is_no_admin_is_never_stale() {
    let mut facts = contoso(vec![person("Ada")]);
    facts.methods.insert("ada".to_owned(), vec![Method { kind: "fido2AuthenticationMethod".to_owned(), created_at: Some(NOW - 900 * DAY) }]);
    assert!(!only(&facts).stale);
}

#[test]
fn roles_that_were_never_read_are_not_no_roles() {
    let mut facts = contoso(vec![person("Ada")]);
    facts.holders = Known::No("it was never read".to_owned());
    assert_eq!(only(&facts).privileged_roles, None);
}

#[test]
fn accounts_that_are_no_people_are_told_apart() {
    let blocked = Account { enabled: Some(false), ..person("Gone") };
    let mailbox = Account { has_person_details: false, licences: Some(0), enabled: Some(false), ..person("Info") };
    let leaver = Account { has_person_details: false, licences: Some(0), enabled: Some(false), ..person("Jan.Jansen") };
    let unread = Account { licences: None, ..mailbox.clone() };
    let open_mailbox = Account { enabled: Some(true), ..mailbox.clone() };
    let guest = Account { user_type: Some("Guest".to_owned()), ..person("Visitor") };
    let old_guest = Account { user_type: None, upn: "x_y.example#EXT#@contoso.example".to_owned(), ..person("Visitor") };
    let service = Account { has_person_details: false, ..person("svc-backup") };
    let named_person = person("Sven.Svc");
    for (account, class) in [
        (person("Ada"), AccountClass::Person),
        (blocked, AccountClass::Blocked),
        (mailbox, AccountClass::SharedMailbox),
        (leaver, AccountClass::Blocked),
        (unread, AccountClass::Blocked),
        (open_mailbox, AccountClass::Person),
        (guest, AccountClass::Guest),
        (old_guest, AccountClass::Guest),
        (service, AccountClass::ServiceAccount),
        (named_person, AccountClass::Person),
    ] {
        assert_eq!(only(&contoso(vec![account.clone()])).class, class, "{account:?}");
    }
}

#[test]
fn a_rule_that_chose_the_class_says_so() {
    let mailbox = Account { has_person_details: false, licences: Some(0), enabled: Some(false), ..person("Info") };
    assert!(only(&contoso(vec![mailbox])).reason.unwrap().contains("Taken for a shared mailbox"));
}

#[test]
fn what_a_person_said_goes_before_every_rule() {
    let mut facts = contoso(vec![Account { has_person_details: false, ..person("svc-backup") }]);
    facts.marks.insert("svc-backup".to_owned(), AccountClass::Person);
    assert_eq!(only(&facts).class, AccountClass::Person);
    facts.marks.insert("svc-backup".to_owned(), AccountClass::BreakGlass);
    assert_eq!(only(&facts).class, AccountClass::BreakGlass);
}

#[test]
fn members_of_the_break_glass_group_are_break_glass_accounts() {
    let mut facts = contoso(vec![person("Emergency")]);
    facts.break_glass.insert("emergency".to_owned());
    admin(&mut facts, "emergency", "Global Administrator", false);
    facts.methods.insert("emergency".to_owned(), vec![Method { kind: "fido2AuthenticationMethod".to_owned(), created_at: Some(0) }]);
    let verdict = only(&facts);
    assert_eq!(verdict.class, AccountClass::BreakGlass);
    assert!(!verdict.stale, "a key in a safe is meant to be old");
}

#[test]
fn enforcement_is_only_said_where_it_is_sure() {
    let enforced = |change: &dyn Fn(&mut Facts)| {
        let mut facts = contoso(vec![person("Ada")]);
        facts.per_user = Known::Yes(HashMap::from([("ada".to_owned(), "disabled".to_owned())]));
        change(&mut facts);
        only(&facts).enforced
    };
    assert_eq!(enforced(&|_| {}), Enforcement::NotEnforced);
    assert_eq!(enforced(&|f| f.security_defaults = Some(true)), Enforcement::SecurityDefaults);
    assert_eq!(enforced(&|f| f.per_user = Known::Yes(HashMap::from([("ada".to_owned(), "Enforced".to_owned())]))), Enforcement::PerUser);
    assert_eq!(enforced(&|f| f.enabled_policies = Some(1)), Enforcement::Unknown);
    assert_eq!(enforced(&|f| f.enabled_policies = None), Enforcement::Unknown);
    assert_eq!(enforced(&|f| f.security_defaults = None), Enforcement::Unknown);
    assert_eq!(enforced(&|f| f.per_user = Known::No("never read".to_owned())), Enforcement::Unknown);
    assert_eq!(enforced(&|f| f.per_user = Known::Yes(HashMap::from([("ada".to_owned(), "brandNew".to_owned())]))), Enforcement::Unknown);
}

#[test]
fn every_method_that_has_words_keeps_its_strength_through_them() {
    for name in [
        "fido2",
        "passKeyDeviceBoundAuthenticator",
        "windowsHelloForBusiness",
        "microsoftAuthenticatorPush",
        "softwareOneTimePasscode",
        "mobilePhone",
        "email",
        "externalAuthMethod",
    ] {
        let named = methods::reported(name);
        assert_eq!(methods::strength_of_words(&named.words), named.strength, "{name}");
    }
    for kind in [
        "fido2AuthenticationMethod",
        "platformCredentialAuthenticationMethod",
        "x509CertificateAuthenticationMethod",
        "hardwareOathAuthenticationMethod",
        "phoneAuthenticationMethod",
        "temporaryAccessPassAuthenticationMethod",
    ] {
        let named = methods::listed(kind);
        assert_eq!(methods::strength_of_words(&named.words), named.strength, "{kind}");
    }
}

fn seen_on(facts: &mut Facts, user: &str, systems: &[(&str, bool)]) {
    let Known::Yes(all) = &mut facts.devices else { panic!("sign-ins are readable here") };
    for (system, joined) in systems {
        Arc::make_mut(all.entry(user.to_owned()).or_default()).see(system, *joined);
    }
}

#[test]
fn an_admin_is_named_with_the_way_each_role_is_held() {
    let mut facts = contoso(vec![person("Root")]);
    let Known::Yes(holders) = &mut facts.holders else { panic!() };
    let held = |role: &str, eligible, through: Option<&str>, scope: Option<&str>| Held {
        role: role.to_owned(),
        eligible,
        through: through.map(str::to_owned),
        scope: scope.map(str::to_owned),
    };
    holders.insert(
        "root".to_owned(),
        vec![
            held("User Administrator", false, None, Some("one administrative unit")),
            held("Global Administrator", true, Some("Tier 0"), None),
            held("Global Administrator", false, None, None),
        ],
    );
    let verdict = only(&facts);
    assert_eq!(verdict.privileged_roles, Some(vec!["Global Administrator".to_owned(), "User Administrator".to_owned()]), "each role once");
    let words: Vec<String> = verdict.held.as_ref().unwrap().iter().map(Held::words).collect();
    assert_eq!(
        words,
        ["Global Administrator (active)", "Global Administrator (eligible, through Tier 0)", "User Administrator (active, one administrative unit)",]
    );
    assert_eq!(verdict.row("t", 0).ways, ACTIVE | ELIGIBLE | THROUGH_GROUP);
}

#[test]
fn whoever_has_a_passkey_has_one_and_hello_alone_is_as_strong_but_none() {
    for (method, readiness) in
        [("fido2", PasskeyReadiness::Has), ("passKeyDeviceBoundAuthenticator", PasskeyReadiness::Has), ("windowsHelloForBusiness", PasskeyReadiness::Ready)]
    {
        let mut facts = contoso(vec![person("Ada")]);
        registered(&mut facts, "ada", &[method]);
        let verdict = only(&facts);
        assert_eq!((verdict.passkey, verdict.phishing_resistant), (readiness, Some(true)), "{method}");
    }
}

#[test]
fn a_phone_is_ready_for_a_passkey_from_ios_17_and_android_14() {
    for (system, readiness) in [
        ("Ios 17.0", PasskeyReadiness::Ready),
        ("Ios 16.7", PasskeyReadiness::TooOld),
        ("Android 14", PasskeyReadiness::Ready),
        ("Android 13", PasskeyReadiness::TooOld),
        // The version is not told: nobody can say.
        ("Android", PasskeyReadiness::Unknown),
    ] {
        let mut facts = contoso(vec![person("Ada")]);
        registered(&mut facts, "ada", &["microsoftAuthenticatorPush"]);
        seen_on(&mut facts, "ada", &[(system, false)]);
        let verdict = only(&facts);
        assert_eq!(verdict.passkey, readiness, "{system}: {}", verdict.passkey_why);
    }
}

#[test]
fn a_joined_windows_computer_is_ready_and_any_other_computer_takes_a_key() {
    for (system, joined, readiness) in [
        ("Windows11", true, PasskeyReadiness::Ready),
        ("Windows10", false, PasskeyReadiness::NeedsKey),
        ("MacOs", false, PasskeyReadiness::NeedsKey),
        ("Windows 7", false, PasskeyReadiness::TooOld),
    ] {
        let mut facts = contoso(vec![person("Ada")]);
        registered(&mut facts, "ada", &["mobilePhone"]);
        seen_on(&mut facts, "ada", &[(system, joined)]);
        assert_eq!(only(&facts).passkey, readiness, "{system}");
    }
}

#[test]
fn who_has_no_method_to_register_with_begins_with_a_temporary_access_pass() {
    let mut facts = contoso(vec![person("Ada")]);
    registered(&mut facts, "ada", &[]);
    seen_on(&mut facts, "ada", &[("Ios 18.6", false)]);
    let verdict = only(&facts);
    assert_eq!(verdict.passkey, PasskeyReadiness::NeedsPass);
    assert!(verdict.passkey_why.contains("iOS 18.6") && verdict.passkey_why.contains("temporary access pass"), "{}", verdict.passkey_why);
}

#[test]
fn readiness_that_nothing_tells_is_unknown_with_the_reason() {
    let mut facts = contoso(vec![person("Ada")]);
    registered(&mut facts, "ada", &["microsoftAuthenticatorPush"]);
    let verdict = only(&facts);
    assert_eq!(verdict.passkey, PasskeyReadiness::Unknown);
    assert!(verdict.passkey_why.contains("whether the phone runs iOS 17 or Android 14 is not known"), "{}", verdict.passkey_why);
    facts.devices = Known::No("the tenant has no licence for it (Entra ID P1)".to_owned());
    assert_eq!(only(&facts).passkey_why, "Which devices are in use is not known: the tenant has no licence for it (Entra ID P1).");
    facts.devices = Known::Yes(HashMap::new());
    facts.registration = Known::No("it was never read".to_owned());
    seen_on(&mut facts, "ada", &[("Ios 18", false)]);
    let verdict = only(&facts);
    assert_eq!((verdict.passkey, verdict.phishing_resistant), (PasskeyReadiness::Unknown, None), "a phone alone says nothing of what is registered");
}

#[test]
fn somebody_has_a_phone_when_anything_says_so() {
    let with_number = Account { mobile: true, ..person("Ada") };
    for (account, methods, system, phone) in [
        (person("Ada"), &["microsoftAuthenticatorPush"][..], None, Phone::Registered),
        (person("Ada"), &["mobilePhone"], None, Phone::Registered),
        (person("Ada"), &[], Some("Ios 15"), Phone::Seen),
        (with_number, &[], None, Phone::Directory),
        // A desk phone and codes that a computer may make prove nothing.
        (person("Ada"), &["officePhone", "softwareOneTimePasscode"], Some("Windows11"), Phone::None),
    ] {
        let mut facts = contoso(vec![account]);
        registered(&mut facts, "ada", methods);
        seen_on(&mut facts, "ada", &system.map(|system| (system, false)).into_iter().collect::<Vec<_>>());
        assert_eq!(only(&facts).phone, phone, "{methods:?} {system:?}");
    }
    let mut facts = contoso(vec![person("Ada")]);
    assert_eq!(only(&facts).phone, Phone::Unknown, "the report does not list her");
    registered(&mut facts, "ada", &[]);
    facts.devices = Known::No("never read".to_owned());
    let verdict = only(&facts);
    assert_eq!((verdict.phone, verdict.suits), (Phone::Unknown, None), "unread sign-ins are not no sign-ins");
}

#[test]
fn somebody_without_a_phone_gets_what_suits_and_why() {
    let suits = |methods: &[&str], systems: &[(&str, bool)], is_admin: bool| {
        let mut facts = contoso(vec![person("Ada")]);
        registered(&mut facts, "ada", methods);
        seen_on(&mut facts, "ada", systems);
        if is_admin {
            admin(&mut facts, "ada", "Global Administrator", false);
        }
        only(&facts).suits.unwrap()
    };
    let (hello, why) = suits(&[], &[("Windows11", true)], false);
    assert_eq!(hello, WithoutPhone::WindowsHello);
    assert!(why.contains("Windows 11 that is joined") && why.contains("temporary access pass"), "{why}");
    assert_eq!(suits(&[], &[("Windows11", true)], true).0, WithoutPhone::SecurityKey, "an admin gets a key");
    assert_eq!(suits(&[], &[("MacOs", false)], false).0, WithoutPhone::SecurityKey);
    assert_eq!(suits(&[], &[("Windows 7", false)], false).0, WithoutPhone::HardwareToken);
    assert_eq!(suits(&[], &[], false).0, WithoutPhone::SecurityKey);
    assert_eq!(suits(&["fido2"], &[], true).0, WithoutPhone::Nothing);
    let (nothing, why) = suits(&["hardwareOneTimePasscode"], &[], false);
    assert_eq!(nothing, WithoutPhone::Nothing);
    assert!(why.contains("Hardware OATH token"), "{why}");
    assert_eq!(suits(&["hardwareOneTimePasscode"], &[], true).0, WithoutPhone::SecurityKey, "a code can be phished from an admin");
    // An office phone is a method to begin with.
    assert!(!suits(&["officePhone"], &[], false).1.contains("temporary access pass"));
}

#[test]
fn nobody_looks_for_what_suits_accounts_that_are_no_people() {
    let guest = Account { user_type: Some("Guest".to_owned()), ..person("Visitor") };
    let mut facts = contoso(vec![guest]);
    registered(&mut facts, "visitor", &[]);
    assert_eq!(only(&facts).suits, None);
}
