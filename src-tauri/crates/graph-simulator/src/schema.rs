//! The resources that are served: their properties, which of them a list returns without `$select`, which can be filtered,
//! page sizes and enums with members added later. Facts from each resource's page of the Graph reference.

/// What the simulator knows of one resource type.
#[derive(Debug)]
pub(crate) struct Resource {
    /// The type's name, for "Could not find a property named …".
    pub name: &'static str,
    pub properties: &'static str,
    /// Properties that only the beta endpoint knows.
    pub beta: &'static str,
    /// Returned without `$select`; empty: all properties.
    pub default: &'static str,
    /// Paths that `$filter` supports.
    pub filterable: &'static str,
    pub orderable: &'static str,
    pub expandable: &'static str,
    pub default_page: usize,
    pub max_page: usize,
    /// Microsoft Entra directory objects have their own rules for `$count` and advanced queries.
    pub directory: bool,
}

impl Resource {
    pub fn has(&self, property: &str, beta: bool) -> bool {
        words(self.properties).chain(words(if beta { self.beta } else { "" })).any(|known| known == property)
    }

    pub fn filters(&self, path: &str) -> bool {
        words(self.filterable).any(|known| known == path)
    }

    pub fn orders(&self, property: &str) -> bool {
        words(self.orderable).any(|known| known == property)
    }

    pub fn expands(&self, property: &str) -> bool {
        words(self.expandable).any(|known| known == property)
    }
}

pub(crate) fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split_ascii_whitespace()
}

const fn plain(name: &'static str, properties: &'static str, filterable: &'static str) -> Resource {
    Resource { name, properties, beta: "", default: "", filterable, orderable: "", expandable: "", default_page: 100, max_page: 999, directory: false }
}

pub(crate) static ORGANIZATION: Resource = plain(
    "organization",
    "id deletedDateTime assignedPlans businessPhones city country countryLetterCode createdDateTime defaultUsageLocation displayName \
     marketingNotificationEmails mobileDeviceManagementAuthority onPremisesLastSyncDateTime onPremisesSyncEnabled partnerTenantType postalCode \
     preferredLanguage privacyProfile provisionedPlans securityComplianceNotificationMails securityComplianceNotificationPhones state street \
     technicalNotificationMails tenantType verifiedDomains",
    "id displayName",
);

pub(crate) static SUBSCRIBED_SKU: Resource = plain(
    "subscribedSku",
    "id accountId accountName appliesTo capabilityStatus consumedUnits prepaidUnits servicePlans skuId skuPartNumber subscriptionIds",
    "",
);

pub(crate) static DOMAIN: Resource = plain(
    "domain",
    "id authenticationType availabilityStatus isAdminManaged isDefault isInitial isRoot isVerified manufacturer model \
     passwordNotificationWindowInDays passwordValidityPeriodInDays state supportedServices",
    "",
);

/// "List users": ten properties by default, 100 a page, 999 at most.
pub(crate) static USER: Resource = Resource {
    name: "user",
    properties: "id deletedDateTime aboutMe accountEnabled ageGroup assignedLicenses assignedPlans authorizationInfo birthday businessPhones city \
        companyName consentProvidedForMinor country createdDateTime creationType customSecurityAttributes department deviceEnrollmentLimit \
        displayName employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType externalUserState \
        externalUserStateChangeDateTime faxNumber givenName hireDate identities identityParentId imAddresses interests isManagementRestricted \
        isResourceAccount jobTitle lastPasswordChangeDateTime legalAgeGroupClassification licenseAssignmentStates mail mailboxSettings \
        mailNickname mobilePhone mySite officeLocation onPremisesDistinguishedName onPremisesDomainName onPremisesExtensionAttributes \
        onPremisesImmutableId onPremisesLastSyncDateTime onPremisesProvisioningErrors onPremisesSamAccountName onPremisesSecurityIdentifier \
        onPremisesSyncEnabled onPremisesUserPrincipalName otherMails passwordPolicies passwordProfile pastProjects postalCode \
        preferredDataLocation preferredLanguage preferredName provisionedPlans proxyAddresses responsibilities schools securityIdentifier \
        serviceProvisioningErrors showInAddressList signInActivity signInSessionsValidFromDateTime skills state streetAddress surname \
        usageLocation userPrincipalName userType",
    beta: "",
    default: "businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname userPrincipalName id",
    filterable: "id accountEnabled ageGroup assignedLicenses assignedPlans businessPhones city companyName country createdDateTime creationType \
        department displayName employeeHireDate employeeId employeeType externalUserState faxNumber givenName identities imAddresses \
        isResourceAccount jobTitle lastPasswordChangeDateTime mail mailNickname mobilePhone officeLocation onPremisesImmutableId \
        onPremisesLastSyncDateTime onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled otherMails passwordPolicies \
        postalCode preferredLanguage proxyAddresses signInActivity/lastSignInDateTime state streetAddress surname usageLocation \
        userPrincipalName userType",
    orderable: "displayName userPrincipalName",
    expandable: "manager memberOf",
    default_page: 100,
    max_page: 999,
    directory: true,
};

pub(crate) static GROUP: Resource = Resource {
    name: "group",
    properties: "id deletedDateTime allowExternalSenders assignedLabels assignedLicenses autoSubscribeNewMembers classification createdDateTime \
        description displayName expirationDateTime groupTypes hasMembersWithLicenseErrors hideFromAddressLists hideFromOutlookClients \
        isArchived isAssignableToRole isManagementRestricted isSubscribedByMail licenseProcessingState mail mailEnabled mailNickname \
        membershipRule membershipRuleProcessingState onPremisesDomainName onPremisesLastSyncDateTime onPremisesNetBiosName \
        onPremisesProvisioningErrors onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled preferredDataLocation \
        preferredLanguage proxyAddresses renewedDateTime resourceBehaviorOptions resourceProvisioningOptions securityEnabled \
        securityIdentifier serviceProvisioningErrors theme uniqueName unseenCount visibility",
    beta: "",
    default: "",
    filterable: "id assignedLicenses classification createdDateTime description displayName groupTypes isAssignableToRole mail mailEnabled \
        mailNickname membershipRuleProcessingState onPremisesLastSyncDateTime onPremisesSamAccountName onPremisesSecurityIdentifier \
        onPremisesSyncEnabled preferredLanguage proxyAddresses renewedDateTime securityEnabled uniqueName",
    orderable: "displayName",
    expandable: "members owners memberOf",
    default_page: 100,
    max_page: 999,
    directory: true,
};

pub(crate) static SERVICE_PRINCIPAL: Resource = Resource {
    name: "servicePrincipal",
    properties: "id deletedDateTime accountEnabled addIns alternativeNames appDescription appDisplayName appId applicationTemplateId \
        appOwnerOrganizationId appRoleAssignmentRequired appRoles createdByAppId customSecurityAttributes description \
        disabledByMicrosoftStatus displayName homepage info isDisabled keyCredentials loginUrl logoutUrl notes notificationEmailAddresses \
        oauth2PermissionScopes passwordCredentials preferredSingleSignOnMode preferredTokenSigningKeyThumbprint replyUrls \
        resourceSpecificApplicationPermissions samlSingleSignOnSettings servicePrincipalNames servicePrincipalType signInAudience tags \
        tokenEncryptionKeyId verifiedPublisher",
    beta: "",
    default: "",
    filterable: "id accountEnabled alternativeNames appId appOwnerOrganizationId applicationTemplateId displayName homepage servicePrincipalNames \
        servicePrincipalType tags",
    orderable: "displayName",
    expandable: "appRoleAssignments oauth2PermissionGrants",
    default_page: 100,
    max_page: 999,
    directory: true,
};

/// A member of a group as the list gives it: any directory object, so any property of user, group or service principal.
pub(crate) static DIRECTORY_OBJECT: Resource = Resource {
    name: "directoryObject",
    properties: "id deletedDateTime displayName userPrincipalName mail accountEnabled userType appId description givenName surname jobTitle \
        mobilePhone officeLocation preferredLanguage businessPhones groupTypes securityEnabled mailEnabled mailNickname createdDateTime \
        isAssignableToRole servicePrincipalType",
    beta: "",
    default: "",
    filterable: "id displayName userPrincipalName mail",
    orderable: "displayName",
    expandable: "",
    default_page: 100,
    max_page: 999,
    directory: true,
};

pub(crate) static ROLE_DEFINITION: Resource = Resource {
    beta: "isPrivileged allowedPrincipalTypes",
    ..plain(
        "unifiedRoleDefinition",
        "id description displayName isBuiltIn isEnabled resourceScopes rolePermissions templateId version",
        "id displayName isBuiltIn",
    )
};

pub(crate) static ROLE_ASSIGNMENT: Resource = Resource {
    expandable: "principal roleDefinition directoryScope",
    ..plain(
        "unifiedRoleAssignment",
        "id appScopeId condition directoryScopeId principalId principalOrganizationId roleDefinitionId",
        "id principalId roleDefinitionId directoryScopeId appScopeId",
    )
};

pub(crate) static ROLE_ELIGIBILITY: Resource = Resource {
    expandable: "principal roleDefinition directoryScope",
    ..plain(
        "unifiedRoleEligibilityScheduleInstance",
        "id appScopeId directoryScopeId principalId roleDefinitionId endDateTime memberType roleEligibilityScheduleId startDateTime",
        "id principalId roleDefinitionId directoryScopeId",
    )
};

pub(crate) static ROLE_ACTIVE: Resource = Resource {
    expandable: "principal roleDefinition directoryScope activatedUsing",
    ..plain(
        "unifiedRoleAssignmentScheduleInstance",
        "id appScopeId directoryScopeId principalId roleDefinitionId assignmentType endDateTime memberType roleAssignmentOriginId \
         roleAssignmentScheduleId startDateTime",
        "id principalId roleDefinitionId directoryScopeId assignmentType",
    )
};

/// A role of the directory that was activated: "directoryRole resource type".
pub(crate) static DIRECTORY_ROLE: Resource =
    Resource { directory: true, ..plain("directoryRole", "id deletedDateTime description displayName roleTemplateId", "id displayName roleTemplateId") };

pub(crate) static POLICY: Resource = Resource {
    orderable: "displayName createdDateTime modifiedDateTime",
    ..plain(
        "conditionalAccessPolicy",
        "id deletedDateTime templateId conditions createdDateTime description displayName grantControls modifiedDateTime sessionControls state",
        "id displayName state createdDateTime modifiedDateTime",
    )
};

/// Named locations are of two kinds; `$select` knows the properties of the base type, the others come with the kind.
pub(crate) static NAMED_LOCATION: Resource = plain(
    "namedLocation",
    "id deletedDateTime createdDateTime displayName modifiedDateTime isTrusted ipRanges countriesAndRegions includeUnknownCountriesAndRegions \
     countryLookupMethod",
    "id displayName createdDateTime modifiedDateTime",
);

pub(crate) static AUTHENTICATION_STRENGTH: Resource = Resource {
    expandable: "combinationConfigurations",
    ..plain(
        "authenticationStrengthPolicy",
        "id allowedCombinations createdDateTime description displayName modifiedDateTime policyType requirementsSatisfied combinationConfigurations",
        "id policyType displayName",
    )
};

pub(crate) static AUTHENTICATION_CONTEXT: Resource =
    plain("authenticationContextClassReference", "id description displayName isAvailable", "id displayName isAvailable");

pub(crate) static SECURITY_DEFAULTS: Resource = plain("identitySecurityDefaultsEnforcementPolicy", "id deletedDateTime description displayName isEnabled", "");

pub(crate) static METHODS_POLICY: Resource = plain(
    "authenticationMethodsPolicy",
    "id description displayName lastModifiedDateTime policyMigrationState policyVersion reconfirmationInDays registrationEnforcement \
     authenticationMethodConfigurations",
    "",
);

/// "List userRegistrationDetails".
pub(crate) static REGISTRATION: Resource = Resource {
    orderable: "userPrincipalName userDisplayName",
    max_page: 1000,
    ..plain(
        "userRegistrationDetails",
        "id isAdmin isMfaCapable isMfaRegistered isPasswordlessCapable isSsprCapable isSsprEnabled isSsprRegistered \
         isSystemPreferredAuthenticationMethodEnabled lastUpdatedDateTime methodsRegistered systemPreferredAuthenticationMethods \
         userDisplayName userPreferredMethodForSecondaryAuthentication userPrincipalName userType",
        "id isAdmin isMfaCapable isMfaRegistered isPasswordlessCapable isSsprCapable isSsprEnabled isSsprRegistered \
         isSystemPreferredAuthenticationMethodEnabled methodsRegistered systemPreferredAuthenticationMethods userDisplayName \
         userPreferredMethodForSecondaryAuthentication userPrincipalName userType",
    )
};

/// "List signIns": 1,000 a page by default and at most, newest first.
pub(crate) static SIGN_IN: Resource = Resource {
    beta: "authenticationDetails authenticationRequirement authenticationProtocol signInEventTypes userType crossTenantAccessType \
        networkLocationDetails mfaDetail originalRequestId tokenIssuerType homeTenantName sessionLifetimePolicies \
        authenticationContextClassReferences uniqueTokenIdentifier sessionId",
    orderable: "createdDateTime",
    default_page: 1000,
    max_page: 1000,
    ..plain(
        "signIn",
        "id appDisplayName appId appliedConditionalAccessPolicies authenticationAppDeviceDetails clientAppUsed conditionalAccessStatus \
         correlationId createdDateTime deviceDetail homeTenantId ipAddress isInteractive location resourceDisplayName resourceId \
         resourceTenantId riskDetail riskEventTypes riskEventTypes_v2 riskLevelAggregated riskLevelDuringSignIn riskState \
         servicePrincipalId servicePrincipalName status userAgent userDisplayName userId userPrincipalName",
        "id appDisplayName appId clientAppUsed conditionalAccessStatus correlationId createdDateTime deviceDetail/browser \
         deviceDetail/operatingSystem ipAddress isInteractive location/city location/state location/countryOrRegion resourceDisplayName \
         resourceId riskLevelAggregated riskLevelDuringSignIn riskState riskEventTypes_v2 status/errorCode userDisplayName userId \
         userPrincipalName signInEventTypes appliedConditionalAccessPolicies userAgent",
    )
};

/// "List directoryAudits".
pub(crate) static DIRECTORY_AUDIT: Resource = Resource {
    orderable: "activityDateTime",
    default_page: 1000,
    max_page: 1000,
    ..plain(
        "directoryAudit",
        "id activityDateTime activityDisplayName additionalDetails category correlationId initiatedBy loggedByService operationType result \
         resultReason targetResources",
        "id activityDateTime activityDisplayName category correlationId loggedByService result initiatedBy/user/id \
         initiatedBy/user/displayName initiatedBy/user/userPrincipalName initiatedBy/app/appId initiatedBy/app/displayName targetResources",
    )
};

pub(crate) static AUTHENTICATION_METHOD: Resource = plain("authenticationMethod", "id createdDateTime", "");

pub(crate) static GDAP_CUSTOMER: Resource =
    Resource { max_page: 300, default_page: 300, ..plain("delegatedAdminCustomer", "id displayName tenantId", "id displayName tenantId") };

pub(crate) static GDAP_RELATIONSHIP: Resource = Resource {
    max_page: 300,
    default_page: 300,
    ..plain(
        "delegatedAdminRelationship",
        "id accessDetails activatedDateTime autoExtendDuration createdDateTime customer displayName duration endDateTime lastModifiedDateTime status",
        "id displayName status customer/tenantId",
    )
};

pub(crate) static CONTRACT: Resource = Resource {
    directory: true,
    ..plain("contract", "id deletedDateTime contractType customerId defaultDomainName displayName", "id customerId defaultDomainName displayName contractType")
};

/// Enums that got members after they were published: "Handling future members in evolvable enumerations". A client that does not
/// send `Prefer: include-unknown-enum-members` reads `unknownFutureValue` in their place.
pub(crate) static LATER_MEMBERS: &[(&str, &[&str])] = &[
    ("builtInControls", &["riskRemediation"]),
    ("includePlatforms", &["linux"]),
    ("excludePlatforms", &["linux"]),
    ("clientAppTypes", &[]),
    ("frequencyInterval", &[]),
    ("result", &["reportOnlySuccess", "reportOnlyFailure", "reportOnlyNotApplied", "reportOnlyInterrupted"]),
    ("riskState", &[]),
    ("allowedCombinations", &["qrCodePin"]),
];
