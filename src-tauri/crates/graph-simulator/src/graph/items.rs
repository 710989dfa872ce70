//! One resource: by id, singletons, a user's methods and per-user MFA state, `me`, and what `$expand` adds.

use super::listing::{check_expand, check_select, push_text, render, sign_in_activity};
use super::related::member_text;
use super::route::Target;
use super::{Context, mask};
use crate::answer::{Answer, GraphError};
use crate::odata::Row;
use crate::tenant::{List, Member};
use serde_json::{Value, json};

pub(super) fn answer(context: &Context<'_>) -> Result<Answer, GraphError> {
    let resource = context.route.resource;
    check_select(resource, &context.query, context.beta)?;
    check_expand(resource, &context.query)?;
    if context.query.top.is_some() || context.query.filter.is_some() || context.query.orderby.is_some() || context.query.skip_token.is_some() {
        return match context.route.target {
            Target::Methods(_) => Err(GraphError::bad_request("Query options are not supported for authentication methods.")),
            _ => Err(GraphError::bad_request("The query specified in the URI is not valid. Only $select and $expand apply to one resource.")),
        };
    }
    match &context.route.target {
        Target::Item(list, id) => item(context, *list, id),
        Target::Methods(user) => methods(context, user),
        Target::Requirements(user) => requirements(context, user),
        Target::SecurityDefaults => Ok(entity(context, &context.tenant.security_defaults.to_string())),
        Target::MethodsPolicy => Ok(entity(context, &context.tenant.methods_policy.to_string())),
        Target::Me => match &context.claims.oid {
            Some(user) if context.claims.scp.is_some() => item(context, List::Users, user),
            _ => Err(GraphError::bad_request("/me request is only valid with delegated authentication flow.")),
        },
        _ => Err(GraphError::new(500, "InternalServerError", "No resource.")),
    }
}

fn item(context: &Context<'_>, list: List, id: &str) -> Result<Answer, GraphError> {
    let found = match list {
        List::Users => {
            if context.query.select.iter().any(|name| name.starts_with("signInActivity")) {
                sign_in_activity(context)?;
            }
            context.tenant.user(id).map(|user| user.to_string())
        }
        _ => context.tenant.kept(list, id, context.now).map(|entry| entry.text.clone()),
    };
    let Some(text) = found else { return Err(missing(list, id)) };
    Ok(entity(context, &render(context, list, &text)))
}

/// Each service says "not found" in its own words.
pub(super) fn missing(list: List, id: &str) -> GraphError {
    match list {
        List::Policies | List::DeletedPolicies => {
            GraphError::new(404, "NotFound", format!("The policy with ID '{id}' could not be found. 1040: Specified policy was not found."))
        }
        List::SignIns | List::DirectoryAudits => GraphError::new(404, "ResourceNotFound", "Resource could not be found."),
        _ => GraphError::not_found(id),
    }
}

/// One resource with its context in front.
fn entity(context: &Context<'_>, text: &str) -> Answer {
    let mut body = String::with_capacity(text.len() + 128);
    body.push_str("{\"@odata.context\":");
    push_text(&mut body, &context.context(&context.route.context));
    match text.get(1..).map(str::trim_start) {
        Some(rest) if rest.starts_with('}') => body.push('}'),
        Some(rest) => {
            body.push(',');
            body.push_str(rest);
        }
        None => body.push('}'),
    }
    Answer::json(body)
}

fn methods(context: &Context<'_>, user: &str) -> Result<Answer, GraphError> {
    let Some(found) = context.tenant.user(user) else {
        return Err(GraphError::new(404, "resourceNotFound", "User not found."));
    };
    let id = found.get("id").and_then(Value::as_str).unwrap_or_default();
    let none = Vec::new();
    let methods = context.tenant.methods.get(&id.to_ascii_lowercase()).or_else(|| context.tenant.methods.get(id)).unwrap_or(&none);
    let name = format!("users('{id}')/authentication/methods");
    Ok(Answer::json(json!({"@odata.context": context.context(&name), "value": methods}).to_string()))
}

/// "Update user's authentication requirements" (beta): the per-user MFA state.
fn requirements(context: &Context<'_>, user: &str) -> Result<Answer, GraphError> {
    let Some(found) = context.tenant.user(user) else {
        return Err(GraphError::new(404, "resourceNotFound", "User not found."));
    };
    let id = found.get("id").and_then(Value::as_str).unwrap_or_default();
    let state = context.tenant.per_user_mfa.get(&id.to_ascii_lowercase()).map_or("disabled", String::as_str);
    let name = format!("users('{id}')/authentication/requirements");
    Ok(Answer::json(json!({"@odata.context": context.context(&name), "perUserMfaState": state}).to_string()))
}

/// Adds what `$expand` asks for to a resource that has been projected. `whole` is the resource before that.
pub(super) fn expanded(context: &Context<'_>, list: List, whole: &str, text: String) -> String {
    let Some(row) = Row::of(whole) else { return text };
    let field = |name: &str| row.value(&[name.to_owned()]).as_str().map(str::to_owned);
    let Ok(mut value) = serde_json::from_str::<Value>(&text) else { return text };
    for name in &context.query.expand {
        let plain = name.split('(').next().unwrap_or_default();
        let added = match (list, plain) {
            // "$expand returns up to 20 members" ("List group members" and the query parameters page).
            (List::Groups, "members") => {
                let members = field("id").and_then(|id| context.tenant.members.get(&id)).map_or(&[][..], Vec::as_slice);
                let shown = members.iter().take(20).filter_map(|member| serde_json::from_str(&member_text(context.tenant, member)).ok());
                Value::Array(shown.collect())
            }
            (List::Users, "memberOf") => {
                let id = field("id").unwrap_or_default();
                let groups = context.tenant.members.iter().filter(|(_, members)| members.iter().any(|member| member.id == id));
                let found = groups.filter_map(|(group, _)| context.tenant.value(List::Groups, group)).take(20);
                Value::Array(found.map(|group| typed(group, "#microsoft.graph.group")).collect())
            }
            (List::RoleAssignments | List::RoleEligibility | List::RoleActive, "principal") => principal(context, field("principalId")),
            (List::RoleAssignments | List::RoleEligibility | List::RoleActive, "roleDefinition") => {
                field("roleDefinitionId").and_then(|id| context.tenant.value(List::RoleDefinitions, &id)).map_or(Value::Null, |mut role| {
                    if let (false, Some(role)) = (context.beta, role.as_object_mut()) {
                        role.remove("isPrivileged");
                    }
                    role
                })
            }
            (List::Strengths, "combinationConfigurations") => value.get(plain).cloned().unwrap_or_else(|| json!([])),
            // Who has no manager has no such property in the answer.
            (List::Users, "manager") => match super::delta::manager_of(whole).and_then(|id| context.tenant.value(List::Users, &id)) {
                Some(manager) => {
                    let shown: Vec<String> = crate::schema::words(crate::schema::USER.default).map(str::to_owned).collect();
                    let text = super::listing::project(&manager.to_string(), &shown, false);
                    typed(serde_json::from_str(&text).unwrap_or_default(), "#microsoft.graph.user")
                }
                None => continue,
            },
            _ => json!([]),
        };
        value[plain] = added;
    }
    if list == List::Policies && !context.beta {
        mask::policy_v1(&mut value);
    }
    value.to_string()
}

fn typed(mut value: Value, kind: &str) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.insert("@odata.type".to_owned(), json!(kind));
    }
    value
}

fn principal(context: &Context<'_>, id: Option<String>) -> Value {
    let Some(id) = id else { return Value::Null };
    let kinds = [(List::Users, "user"), (List::Groups, "group"), (List::ServicePrincipals, "servicePrincipal")];
    for (list, kind) in kinds {
        if context.tenant.list(list).get(&id).is_some() {
            let member = Member { id, kind: format!("#microsoft.graph.{kind}") };
            return serde_json::from_str(&member_text(context.tenant, &member)).unwrap_or(Value::Null);
        }
    }
    Value::Null
}
