//! Which roles are privileged: Graph's `isPrivileged` where it says, else a list of template ids.

use store::roles::RoleRow;

/// From "Microsoft Entra built-in roles", those labelled *Privileged*.
const TEMPLATES: [&str; 27] = [
    "62e90394-69f5-4237-9190-012177145e10", // Global Administrator
    "e8611ab8-c189-46e8-94e1-60213ab1f814", // Privileged Role Administrator
    "7be44c8a-adaf-4e2a-84d6-ab2649e08a13", // Privileged Authentication Administrator
    "194ae4cb-b126-40b2-bd5b-6091b380977d", // Security Administrator
    "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", // Conditional Access Administrator
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", // Application Administrator
    "158c047a-c907-4556-b7ef-446551a6b5f7", // Cloud Application Administrator
    "c4e39bd9-1100-46d3-8c65-fb160da0071f", // Authentication Administrator
    "fe930be7-5e62-47db-91af-98c3a49a38b1", // User Administrator
    "729827e3-9c14-49f7-bb1b-9608f156bbb8", // Helpdesk Administrator
    "966707d0-3269-4727-9be2-8c3a10f19b9d", // Password Administrator
    "fdd7a751-b60b-444a-984c-02652fe8fa1c", // Groups Administrator
    "29232cdf-9323-42fd-ade2-1d097af3e4de", // Exchange Administrator
    "f28a1f50-f6e7-4571-818b-6a12f2af6b6c", // SharePoint Administrator
    "3a2c62db-5318-420d-8d74-23affee5d9d5", // Intune Administrator
    "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2", // Hybrid Identity Administrator
    "be2f45a1-457d-42af-a067-6ec1fa63bc45", // External Identity Provider Administrator
    "9360feb5-f418-4baa-8175-e2a00bac4301", // Directory Writers
    "d29b2b05-8046-44ba-8758-1e26182fcf32", // Directory Synchronization Accounts
    "8329153b-31d0-4727-b945-745eb3bc5f31", // Domain Name Administrator
    "7698a772-787b-4ac8-901f-60d6b08affd2", // Cloud Device Administrator
    "e3973bdf-4987-49ae-837a-ba8e231c7286", // Azure DevOps Administrator
    "5f2222b1-57c3-48ba-8ad5-d4759f1fde6f", // Security Operator
    "5d6b6bb7-de71-4623-b4af-96380a352509", // Security Reader
    "25a516ed-2fa0-40ea-a2d0-12923a21473a", // Authentication Extensibility Administrator
    "0526716b-113d-4c15-b2c8-68e3c22b9f80", // Authentication Policy Administrator
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451", // Global Reader
];

pub fn is_privileged(role: &RoleRow) -> bool {
    role.privileged.unwrap_or_else(|| TEMPLATES.contains(&role.template_id.to_lowercase().as_str()))
}
