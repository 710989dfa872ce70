// A change being written: from scratch, from where it was proposed (the address says where), or a draft that is edited again.
import { Button, MessageBar, MessageBarBody, MessageBarTitle, Text, tokens } from "@fluentui/react-components";
import { part, type Search, useFilters, useGo, useParam } from "../address";
import type { ChangeChoices, ChangeInput, ChangeOrigin, ProposalOrigin } from "../bindings";
import { EmptyState } from "../components/empty-state";
import { BranchRequestRegular } from "../components/icons";
import { Loaded } from "../components/loaded";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { sentence } from "../components/words";
import { useChange, useChangeChoices, usePropose } from "../data/changes";
import { usePolicy } from "../data/queries";
import { DraftEditor } from "./parts/change/draft-editor";
import { actOf, draftOf } from "./parts/change/draft-of";
import { WhatAbout, WhatToDo } from "./parts/change/start";
import { DataNotice } from "./parts/data-notice";
import { useTenantCrumbs } from "./parts/tenant-crumbs";

export default function ChangeEditorPage() {
  const id = useParam("id");
  return id ? <EditPage id={Number(id)} /> : <NewPage />;
}

function EditPage({ id }: { id: number }) {
  const change = useChange(id);
  return (
    <Loaded asked={change} back={["All changes", "/changes"]}>
      {(data) => <EditDraft key={data.revision} id={id} />}
    </Loaded>
  );
}

function EditDraft({ id }: { id: number }) {
  const change = useChange(id).data;
  const tenant = change?.row.tenant.id ?? "";
  const { base, crumbs } = useTenantCrumbs(tenant);
  const choices = useChangeChoices(tenant).data;
  if (!change) return null;
  return (
    <>
      <PageHead
        title="Edit the draft"
        crumbs={[
          ...crumbs,
          { title: "Changes", to: `${base}/changes` },
          { title: cleanName(change.row.title), to: `/changes/${id}` },
        ]}
        facts="Saving makes a new draft: an earlier dry run no longer counts"
      />
      <DraftEditor
        first={{
          tenant,
          draft: change.draft,
          reason: change.row.reason,
          ticket: change.row.ticket,
          origin: change.origin,
        }}
        choices={choices}
        existing={{ id, revision: change.revision }}
      />
    </>
  );
}

function NewPage() {
  const tenant = useParam("tenant");
  const { name, base, crumbs } = useTenantCrumbs(tenant);
  const [search] = useFilters();
  const act = actOf(search.do);
  const choices = useChangeChoices(tenant);
  const origin = act ? null : originOf(search);
  return (
    <>
      <PageHead
        title={act ? act.title : "New change"}
        crumbs={[...crumbs, { title: "Changes", to: `${base}/changes` }]}
        facts={
          <>
            For <bdi dir="auto">{name}</bdi>. Nothing is written before a dry run and an apply.
          </>
        }
      />
      <DataNotice tenant={tenant} kinds={["policies", "namedLocations", "groups", "users"]} />
      {origin ? (
        <Proposed key={JSON.stringify(origin)} tenant={tenant} origin={origin} choices={choices.data} />
      ) : !act ? (
        <WhatToDo />
      ) : act.needs && !search[act.needs] ? (
        <WhatAbout tenant={tenant} act={act} choices={choices.data} />
      ) : (
        <FromScratch
          key={`${search.do} ${search.policy ?? ""} ${search.location ?? ""}`}
          tenant={tenant}
          choices={choices.data}
        />
      )}
    </>
  );
}

/** Where a change of a policy began leads back to the policy. */
const fromPolicy = (tenant: string, policy: string, name: string): ChangeOrigin => ({
  kind: "policy",
  label: `Policy: ${name}`,
  route: `/tenants/${part(tenant)}/policies/${part(policy)}`,
});

function FromScratch({ tenant, choices }: { tenant: string; choices: ChangeChoices | undefined }) {
  const [search] = useFilters();
  const act = actOf(search.do);
  const policy = usePolicy(tenant, act?.needs === "policy" ? (search.policy ?? "") : "", act?.needs === "policy");
  if (!act) return null;
  const input = (body: string, origin: ChangeOrigin | null): ChangeInput => ({
    tenant,
    draft: draftOf(act.key, search, body),
    reason: search.reason ?? "",
    ticket: null,
    origin,
  });
  if (act.needs === "policy")
    return (
      <Loaded asked={policy} back={["All policies", `/tenants/${part(tenant)}/policies`]}>
        {(data) => (
          <DraftEditor
            first={input(data.json, fromPolicy(tenant, data.row.id, data.row.displayName))}
            choices={choices}
          />
        )}
      </Loaded>
    );
  if (act.key === "editLocation") {
    const location = choices?.locations.find((each) => each.value === search.location);
    if (!location)
      return <Text>{choices ? "This location is not known here; resync the tenant." : "Reading the location …"}</Text>;
    return <DraftEditor first={input(location.body, null)} choices={choices} />;
  }
  return <DraftEditor first={input("", null)} choices={choices} />;
}

/** From where a change is to be proposed, as the address says it. */
function originOf(search: Search): ProposalOrigin | null {
  const { control, signIn, account, policy, application, client } = search;
  if (control) return { kind: "drift", control };
  if (signIn) return { kind: "signIn", id: signIn, policy: policy ?? null };
  if (application) return { kind: "coverage", application, client: client ?? "" };
  if (account && policy) return { kind: "breakGlass", account, policy };
  return policy ? { kind: "policy", policy } : null;
}

/** What Gatehouse proposes, to be read and changed before it is saved; or why it proposes nothing, and the way on. */
function Proposed({
  tenant,
  origin,
  choices,
}: {
  tenant: string;
  origin: ProposalOrigin;
  choices: ChangeChoices | undefined;
}) {
  const go = useGo();
  const proposal = usePropose(tenant, origin);
  const scratch = `/tenants/${part(tenant)}/changes/new`;
  return (
    <Loaded asked={proposal} back={["Start from scratch", scratch]}>
      {({ draft, reason, origin: from }) =>
        draft ? (
          <>
            <MessageBar
              intent="info"
              layout="multiline"
              style={{ marginBottom: tokens.spacingVerticalM, flexShrink: 0 }}
            >
              <MessageBarBody>
                <MessageBarTitle>{cleanName(from.label)}.</MessageBarTitle> {sentence(cleanName(reason))}
              </MessageBarBody>
            </MessageBar>
            <DraftEditor
              first={{ tenant, draft, reason: cleanName(from.label), ticket: null, origin: from }}
              choices={choices}
            />
          </>
        ) : (
          <EmptyState
            icon={<BranchRequestRegular />}
            title="Nothing can be proposed here"
            text={sentence(cleanName(reason))}
            actions={
              <>
                <Button appearance="primary" onClick={() => go(scratch)}>
                  Start from scratch
                </Button>
                <Button onClick={() => go(from.route)}>Back to {cleanName(from.label)}</Button>
              </>
            }
          />
        )
      }
    </Loaded>
  );
}
