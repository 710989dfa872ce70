//! Microsoft's groups of applications that a policy names with one word or one id. Microsoft documents most of them by name
//! only, so a tenant's own service principals are asked for the names of applications whose ids are not listed here.

use std::collections::HashSet;

/// A group of applications that a policy can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ApplicationSet {
    /// "Apps included in Conditional Access Office 365 app suite"
    Office365,
    /// "Conditional Access: Target resources", Microsoft Admin Portals
    AdminPortals,
    /// "Conditional Access: Target resources", Windows Azure Service Management API: the id stands for the portal and more.
    AzureManagement,
    /// Agents' own resources (beta).
    AgentResources,
}

const AZURE_MANAGEMENT: &str = "797f4846-ba00-4fd7-ba43-dac1f8f63013";

/// By the word or id a policy writes, lower case.
pub(crate) fn application_set(word: &str) -> Option<ApplicationSet> {
    Some(match word {
        "office365" => ApplicationSet::Office365,
        "microsoftadminportals" => ApplicationSet::AdminPortals,
        AZURE_MANAGEMENT => ApplicationSet::AzureManagement,
        "allagentidresources" => ApplicationSet::AgentResources,
        _ => return None,
    })
}

/// Microsoft's own tenants, which own its applications.
const MICROSOFT: [&str; 2] = ["f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"];

/// Whether an application belongs to a set. `owner` and `name` are those of the tenant's service principal, where it was read.
pub(crate) fn belongs(set: ApplicationSet, id: &str, owner: Option<&str>, name: Option<&str>) -> bool {
    let by_name =
        |known: &dyn Fn(&str) -> bool| owner.is_some_and(|owner| MICROSOFT.iter().any(|tenant| owner.eq_ignore_ascii_case(tenant))) && name.is_some_and(known);
    match set {
        ApplicationSet::Office365 => OFFICE_365.contains(&id) || by_name(&|name| OFFICE_365_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name.trim()))),
        ApplicationSet::AdminPortals => ADMIN_PORTALS.contains(&id),
        ApplicationSet::AzureManagement => AZURE.contains(&id),
        ApplicationSet::AgentResources => false,
    }
}

/// Azure's management, by its application or the portals that belong to it.
pub(crate) fn is_azure_management(id: &str) -> bool {
    belongs(ApplicationSet::AzureManagement, id, None, None)
}

/// Whether two sets share an application.
pub(crate) fn overlap(a: ApplicationSet, b: ApplicationSet) -> bool {
    let members = |set| -> HashSet<&str> {
        match set {
            ApplicationSet::Office365 => OFFICE_365.iter().copied().collect(),
            ApplicationSet::AdminPortals => ADMIN_PORTALS.iter().copied().collect(),
            ApplicationSet::AzureManagement => AZURE.iter().copied().collect(),
            ApplicationSet::AgentResources => HashSet::new(),
        }
    };
    a == b || !members(a).is_disjoint(&members(b))
}

const OFFICE_365: &[&str] = &[
    "00000002-0000-0ff1-ce00-000000000000", // Office 365 Exchange Online
    "00000003-0000-0ff1-ce00-000000000000", // Office 365 SharePoint Online
    "00000004-0000-0ff1-ce00-000000000000", // Skype for Business Online
    "00000005-0000-0ff1-ce00-000000000000", // Viva Engage
    "00000006-0000-0ff1-ce00-000000000000", // Microsoft Office 365 Portal
    "00000007-0000-0ff1-ce00-000000000000", // Microsoft Exchange Online Protection
    "08e18876-6177-487e-b8b5-cf950c1e598c", // SharePoint Online Web Client Extensibility
    "0f698dd4-f011-4d23-a33e-b36416dcb1e6", // OfficeClientService
    "17d5e35f-655b-4fb0-8ae6-86356e9a49f5", // Office Online Maker SSO
    "1fec8e78-bce4-4aaf-ab1b-5451cc387264", // Microsoft Teams
    "22098786-6e16-43cc-a27d-191a01a1e3b5", // Microsoft To-Do client
    "243c63a3-247d-41c5-9d83-7788c43f1c43", // Office Online Core SSO
    "2634dd23-5e5a-431c-81ca-11710d9079f4", // Microsoft Stream Service
    "2abdc806-e091-4495-9b10-b04d93c3f040", // Office Online Augmentation Loop SSO
    "2d4d3d8e-2be3-4bef-9f87-7875a61c29de", // OneNote
    "3ce44149-e365-40e4-9bb4-8c0ecb710fe6", // Office Online Print SSO
    "4345a7b9-9a63-4910-a426-35363201d503", // O365 Suite UX
    "4765445b-32c6-49b0-83e6-1d93765276ca", // OfficeHome
    "4b233688-031c-404b-9a80-a4f3f2351f90", // Office.com
    "5a4eed13-c4c4-4b4c-9506-334ab200bf31", // Office Online Search SSO
    "5e3ce6c0-2b1f-4285-8d4b-75ee78787346", // Microsoft Teams Web Client
    "66375f6b-983f-4c2c-9701-d680650f588f", // Microsoft Planner
    "66a88757-258c-4c72-893c-3e8bed4d6899", // Office 365 Search Service
    "67e3df25-268a-4324-a550-0de1c7f97287", // Office Online Service
    "6bc3b958-689b-49f5-9006-36d165f30e00", // Teams CMD Services Artifacts
    "72782ba9-4490-4f03-8d82-562370ea3566", // Office 365
    "89bee1f7-5e6e-4d8a-9f3d-ecd601259da7", // Office365 Shell WCSS-Client
    "905fcf26-4eb7-48a0-9ff0-8dcc7194b5ba", // Sway
    "9199bf20-a13f-4107-85dc-02114787ef48", // One Outlook Web
    "93d53678-613d-4013-afc1-62e9e444a0a5", // Office Online Add-in SSO
    "94c63fef-13a3-47bc-8074-75af8c65887a", // Office Delve
    "95de633a-083e-42f5-b444-a4295d8e9314", // Microsoft Whiteboard Services
    "ab9b8c07-8f02-4f72-87fa-80105867a763", // OneDrive SyncEngine
    "b23dd4db-9142-4734-867f-3577f640ad0c", // Office Online Loki SSO
    "b26aadf8-566f-4478-926f-589f601d9c74", // OneDrive
    "c1c74fed-04c9-4704-80dc-9f79a2e515cb", // Viva Engage (web)
    "c58637bb-e2e1-4312-8a00-04b5ffcd3403", // SharePoint Online Client Extensibility
    "c9a559d2-7aab-4f13-a6ed-e7e9c52aec87", // Microsoft Forms
    "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe", // Microsoft Teams Services
    "cf53fce8-def6-4aeb-8d30-b158e7b1cf83", // Microsoft Stream Portal
    "d3590ed6-52b3-4102-aeff-aad2292ab01c", // Microsoft Office
];

const ADMIN_PORTALS: &[&str] = &[
    "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", // Azure portal
    "497effe9-df71-4043-a8bb-14cf78c4b63b", // Exchange admin center
    "00000006-0000-0ff1-ce00-000000000000", // Microsoft 365 admin center
    "80ccca67-54bd-44ab-8625-4b79c4dc7775", // Microsoft 365 Defender portal, Microsoft Purview portal
    "74658136-14ec-4630-ad9b-26e160ff0fc6", // Microsoft Entra admin center
    "5926fc8e-304e-4f59-8bed-58ca97cc39a4", // Microsoft Intune admin center
    "2ddfbe71-ed12-4123-b99b-d5fc8a062a79", // Microsoft Teams admin center
];

const AZURE: &[&str] = &[
    AZURE_MANAGEMENT,                       // Azure Resource Manager
    "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", // Azure portal, which also covers the Microsoft Entra admin center
    "74658136-14ec-4630-ad9b-26e160ff0fc6", // Microsoft Entra admin center
    "e9f49c6b-5ce5-44c8-925d-015017e9f7ad", // Azure Data Lake
    "f5c26e74-f226-4ae8-85f0-b4af0080ac9e", // Application Insights API
    "ca7f3f0b-7d91-482c-8e09-c5d840d0eac5", // Log Analytics API
];

/// The document's own list.
const OFFICE_365_NAMES: &[&str] = &[
    "App Studio for Microsoft Teams",
    "Augmentation Loop",
    "Call Recorder",
    "Connectors",
    "DataSecurityInvestigation",
    "Device Management Service",
    "EDU Assignments",
    "EnrichmentSvc",
    "Enterprise Copilot Platform",
    "Groups Service",
    "IC3 Gateway",
    "IC3 Gateway Non Cae",
    "Insights Services",
    "INT Augmentation Loop 1P",
    "Legacy Smart Compose",
    "Loop",
    "Loop Web Service",
    "M365 Admin Services",
    "M365 Auditing Public Protected Web API app",
    "M365ChatClient",
    "make.gov.powerapps.us",
    "make.powerapps.com",
    "Media Analysis and Transformation Service",
    "Message Recall",
    "Messaging Async Media",
    "MessagingAsyncMediaProd",
    "Microsoft 365 Reporting Service",
    "Microsoft Discovery Service",
    "Microsoft Exchange Online Protection",
    "Microsoft Flow Portal",
    "Microsoft Flow Portal GCC",
    "Microsoft Forms",
    "Microsoft Forms Web",
    "Microsoft Information Protection API",
    "Microsoft Office",
    "Microsoft Office 365 Portal",
    "Microsoft People Cards Service",
    "Microsoft Planner",
    "Microsoft Planner Client",
    "Microsoft SharePoint Online - SharePoint Home",
    "Microsoft Stream Portal",
    "Microsoft Stream Service",
    "Microsoft Teams",
    "Microsoft Teams - T4L Web Client",
    "Microsoft Teams - Teams And Channels Service",
    "Microsoft Teams Analytics",
    "Microsoft Teams Chat Aggregator",
    "Microsoft Teams Graph Service",
    "Microsoft Teams Mailhook",
    "Microsoft Teams Retail Service",
    "Microsoft Teams Services",
    "Microsoft Teams Targeting Application",
    "Microsoft Teams UIS",
    "Microsoft Teams Web Client",
    "Microsoft To-Do web app",
    "Microsoft Todo web app",
    "Microsoft Virtual Events Portal",
    "Microsoft Virtual Events Services",
    "Microsoft Visio Data Visualizer",
    "Microsoft Whiteboard Services",
    "MSAI Substrate Meeting Intelligence",
    "Natural Language Editor",
    "O365 Diagnostic Service",
    "O365 Suite UX",
    "O365 Suite UX PathFinder",
    "OCPS Checkin Service",
    "Office 365",
    "Office 365 Exchange Microservices",
    "Office 365 Exchange Online",
    "Office 365 Search Service",
    "Office 365 SharePoint Online",
    "Office Delve",
    "Office Hive",
    "Office Hive Fairfax",
    "Office MRO Device Manager Service",
    "Office Online Add-in SSO",
    "Office Online Augmentation Loop SSO",
    "Office Online Core SSO",
    "Office Online Loki SSO",
    "Office Online Maker SSO",
    "Office Online Print SSO",
    "Office Online Search SSO",
    "Office Online Service",
    "Office Online Speech SSO",
    "Office Scripts Service",
    "Office Scripts Service - INT",
    "Office Scripts Service - Local",
    "Office Scripts Service - Test",
    "Office Shredding Service",
    "Office.com",
    "Office365 Shell DoD WCSS-Client",
    "Office365 Shell WCSS-Client",
    "OfficeClientService",
    "OfficeHome",
    "OfficePowerPointSGS",
    "OfficeServicesManager",
    "One Outlook Web",
    "OneDrive",
    "OneDrive SyncEngine",
    "OneNote",
    "Outlook Browser Extension",
    "Outlook Service for Exchange",
    "PowerApps Service",
    "ProjectWorkManagement",
    "ProjectWorkManagement_AdminTools",
    "ProjectWorkManagement_USGov",
    "Protection Center",
    "Reply-At-Mention",
    "SharePoint eSignature",
    "SharePoint eSignature PPE",
    "SharePoint Online Web Client Extensibility",
    "SharePoint Online Web Client Extensibility Isolated",
    "Skype and Teams Tenant Admin API",
    "Skype for Business",
    "Skype for Business Online",
    "Skype Presence Service",
    "Sway",
    "Targeted Messaging Service",
    "Teams CMD Services Artifacts",
    "Teams Walkie Talkie Service",
    "Teams Walkie Talkie Service - GCC",
    "Viva Engage",
];
