//! Reading a request as Graph takes it ("What If evaluation").

use conditional_access::evaluate::{Context, Country, Fact, Identity, Request};
use serde_json::{Value, json};

fn error(value: Value) -> String {
    Request::from_value(&value).unwrap_err().to_string()
}

#[test]
fn the_documents_first_example_is_read_whole() {
    let request = Request::from_value(&json!({
        "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": "15DC174B-f34c-4588-ac45-61d6e05dce93"},
        "signInContext": {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": ["00000003-0000-0ff1-ce00-000000000000"]},
        "signInConditions": {
            "devicePlatform": "android", "clientAppType": "browser", "signInRiskLevel": "high", "userRiskLevel": "high", "country": "US",
            "ipAddress": "40.77.182.32", "insiderRiskLevel": "elevated", "authenticationFlow": {"transferMethod": "deviceCodeFlow"},
            "deviceInfo": {"isCompliant": true}
        },
        "appliedPoliciesOnly": true
    }))
    .unwrap();
    let Identity::User(user) = &request.identity else { panic!("a user signs in") };
    assert_eq!(user.user_id.as_deref(), Some("15dc174b-f34c-4588-ac45-61d6e05dce93"));
    assert_eq!(request.context, Context::Applications(vec!["00000003-0000-0ff1-ce00-000000000000".into()]));
    assert_eq!(request.conditions.country, Some(Country::Code(*b"US")));
    let device = request.conditions.device.unwrap();
    assert_eq!((device.is_compliant, device.trust_type), (Fact::Is(true), Fact::Open));
    assert!(request.applied_policies_only);
}

#[test]
fn the_example_of_the_samples_is_answered() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/samples/graph/evaluate-request.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is absent", path.display());
        return;
    };
    let request = Request::from_json(&text).unwrap();
    let engine = super::world::engine(&[super::world::policy(json!({}))]);
    assert_eq!(engine.evaluate(&request).results.len(), 1);
}

#[test]
fn a_misread_question_would_be_answered_wrongly_so_it_is_refused_with_its_place() {
    assert_eq!(error(json!([])), "a JSON object was expected");
    assert_eq!(error(json!({"signInConditions": {"ipAddress": "203.0.113"}})), "signInConditions.ipAddress: \"203.0.113\" is no IP address");
    assert_eq!(error(json!({"signInConditions": {"country": "Switzerland"}})), "signInConditions.country: \"Switzerland\" is no country of two letters");
    assert_eq!(
        error(json!({"signInConditions": {"deviceInfo": {"isCompliant": "yes"}}})),
        "signInConditions.deviceInfo.isCompliant: true or false was expected"
    );
    assert_eq!(error(json!({"signInContext": {"includeApplications": "All"}})), "signInContext.includeApplications: a list of texts was expected");
    assert!(
        error(json!({"signInIdentity": {"@odata.type": "#microsoft.graph.dogSignIn"}})).starts_with("signInIdentity.@odata.type: \"dogSignIn\" is no identity")
    );
    assert!(Request::from_json("{").unwrap_err().to_string().contains("this is not JSON"));
}

#[test]
fn graphs_word_for_future_members_and_null_leave_open() {
    let request = Request::from_value(
        &json!({"signInIdentity": null, "signInConditions": {"clientAppType": "unknownFutureValue", "country": null, "deviceInfo": {"model": null}}}),
    )
    .unwrap();
    assert_eq!(request.identity, Identity::Open);
    assert_eq!(request.conditions.client_app, None);
    assert_eq!(request.conditions.device.unwrap().model, Fact::Null, "a null of a device says that it has none");
}

#[test]
fn a_context_without_its_type_is_known_by_what_it_has() {
    let context = |value: Value| Request::from_value(&json!({ "signInContext": value })).map(|request| request.context);
    assert_eq!(context(json!({"authenticationContextValue": "c1"})).unwrap(), Context::AuthenticationContext("c1".to_owned()));
    assert!(matches!(context(json!({"userAction": "registerOrJoinDevices"})).unwrap(), Context::UserAction(_)));
    assert_eq!(context(json!({"includeApplications": ["a"]})).unwrap(), Context::Applications(vec!["a".to_owned()]));
    assert_eq!(context(json!({})).unwrap(), Context::Open);
    let refused = context(json!({"@odata.type": "#microsoft.graph.moonContext"})).unwrap_err();
    assert_eq!((refused.code(), refused.path.as_str()), ("what_if.request_invalid", "signInContext.@odata.type"));
    assert!(refused.next_step().starts_with("Write the request as Graph's"));
}

#[test]
fn an_identity_without_its_type_is_known_by_what_it_has_and_flags_may_be_a_list() {
    let identity = |value: Value| Request::from_value(&json!({ "signInIdentity": value })).unwrap().identity;
    assert!(matches!(identity(json!({"servicePrincipalId": "s"})), Identity::ServicePrincipal(_)));
    for user in [json!({"userId": "u"}), json!({"externalUserType": "internalGuest"}), json!({"externalTenantId": "t"})] {
        assert!(matches!(identity(user.clone()), Identity::User(_)), "{user}");
    }
    assert_eq!(identity(json!({})), Identity::Open);
    for kinds in [json!("internalGuest, serviceProvider,,unknownFutureValue"), json!(["internalGuest", " serviceProvider", ""])] {
        let Identity::User(user) = identity(json!({ "externalUserType": kinds })) else { panic!("{kinds}") };
        assert_eq!(user.external_types.iter().map(|kind| kind.as_graph()).collect::<Vec<_>>(), ["internalGuest", "serviceProvider"]);
    }
}
