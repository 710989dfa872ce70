// Gatehouse's own log: who did what, when, with which note; and whether the chain of its hashes is whole.
import {
  Body1,
  Button,
  Drawer,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useFilters } from "../address";
import { type AuditFilter, type AuditRow, commands } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import { DismissRegular, HistoryRegular } from "../components/icons";
import { MiddleCut, TenantName } from "../components/names";
import { PageHead } from "../components/page-head";
import { CopyButton } from "../components/problem-view";
import { RelativeTime } from "../components/relative-time";
import { useSay } from "../components/say";
import { useExport } from "../data/actions";
import { ask } from "../data/ipc";
import { FLEET, useTenants } from "../data/queries";
import { usePagedRows } from "../data/rows";

const columns: readonly Column<AuditRow>[] = [
  {
    key: "at",
    title: "Time",
    width: "120px",
    sortable: true,
    always: true,
    render: (row) => <RelativeTime at={row.at} />,
  },
  {
    key: "who",
    title: "Who",
    width: "minmax(120px, 1fr)",
    sortable: true,
    render: (row) => <MiddleCut text={row.who} />,
  },
  { key: "action", title: "What", width: "minmax(160px, 1.2fr)", sortable: true, render: (row) => row.actionTitle },
  {
    key: "tenant",
    title: "Tenant",
    width: "minmax(140px, 1.2fr)",
    render: (row) => (row.tenant ? <TenantName tenant={row.tenant} /> : "–"),
  },
  { key: "subject", title: "About", width: "minmax(200px, 2fr)", render: (row) => <MiddleCut text={row.subject} /> },
];

const useStyles = makeStyles({
  verdict: { marginBottom: tokens.spacingVerticalM },
  json: {
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
    padding: tokens.spacingHorizontalM,
    margin: 0,
  },
  facts: { display: "grid", gridTemplateColumns: "auto 1fr", gap: "6px 16px", marginBottom: tokens.spacingVerticalL },
  label: { color: tokens.colorNeutralForeground2 },
  wrap: { overflowWrap: "anywhere" },
});

export default function AuditPage() {
  const styles = useStyles();
  const say = useSay();
  const [search, setSearch] = useFilters();
  const [open, setOpen] = useState<AuditRow | null>(null);
  const exportTo = useExport();
  const tenants = useTenants().data;
  const sort = { key: search.sort ?? "at", descending: search.down !== "0" };
  const filter: AuditFilter = { text: search.text ?? null, tenant: search.tenant ?? null };
  const source = usePagedRows(FLEET, "audit", filter, { sort: sort.key, descending: sort.descending }, (window) =>
    ask(commands.auditList({ ...filter, window })),
  );
  const verify = useMutation({ mutationFn: () => ask(commands.auditVerify()), onError: say.failed });
  const tenantName = tenants?.find((row) => row.id === search.tenant)?.displayName;

  return (
    <>
      <PageHead
        title="Audit log"
        facts="Everything that was done in Gatehouse, by whom. Rows are chained by hash and are never changed."
        actions={
          <Button appearance="primary" disabled={verify.isPending} onClick={() => verify.mutate()}>
            {verify.isPending ? <Spinner size="tiny" label="Verifying" /> : "Verify the chain"}
          </Button>
        }
      />
      {verify.data && (
        <MessageBar
          className={styles.verdict}
          intent={verify.data.intact ? "success" : "error"}
          layout="multiline"
          role="status"
        >
          <MessageBarBody>
            <MessageBarTitle>{verify.data.intact ? "The log is whole." : "The log was tampered with."}</MessageBarTitle>{" "}
            {verify.data.explanation}
          </MessageBarBody>
        </MessageBar>
      )}
      <DataList
        name="Audit log"
        unit={["entry", "entries"]}
        columns={columns}
        source={source}
        rowId={(row) => String(row.seq)}
        rowName={(row) =>
          `${row.actionTitle}: ${row.subject}, by ${row.who}${row.tenant ? `, ${row.tenant.displayName}` : ""}`
        }
        open={setOpen}
        sort={sort}
        onSort={(next) => setSearch({ sort: next.key, down: next.descending ? undefined : "0" })}
        filter={{
          text: search.text ?? "",
          onText: (text) => setSearch({ text }),
          placeholder: "Filter by person, act or subject",
        }}
        chips={
          search.tenant ? [{ label: tenantName ?? "One tenant", remove: () => setSearch({ tenant: undefined }) }] : []
        }
        clearFilters={() => setSearch({ text: undefined, tenant: undefined })}
        exportRows={() =>
          void exportTo(
            {
              title: "Export the whole audit log",
              suggestedName: "Gatehouse audit log.jsonl",
              extensions: ["jsonl"],
              unit: ["entry", "entries"],
            },
            (path) => ask(commands.auditExport(path)),
          )
        }
        empty={
          <EmptyState
            icon={<HistoryRegular />}
            title="Nothing was done yet"
            text="Connecting a tenant, acknowledging an alert and changing a setting each leave an entry here."
          />
        }
      />
      <Drawer open={open !== null} position="end" size="medium" onOpenChange={(_, data) => !data.open && setOpen(null)}>
        {open && (
          <>
            <DrawerHeader>
              <DrawerHeaderTitle
                action={
                  <Button
                    appearance="subtle"
                    aria-label="Close"
                    icon={<DismissRegular />}
                    onClick={() => setOpen(null)}
                  />
                }
              >
                {open.actionTitle}
              </DrawerHeaderTitle>
            </DrawerHeader>
            <DrawerBody>
              <div className={styles.facts}>
                <Fact label="When">
                  <RelativeTime at={open.at} />
                </Fact>
                <Fact label="Who">{open.who}</Fact>
                {open.tenant && (
                  <Fact label="Tenant">
                    <TenantName tenant={open.tenant} />
                  </Fact>
                )}
                <Fact label="About">{open.subject}</Fact>
                <Fact label="Entry">{String(open.seq)}</Fact>
                <Fact label="Hash">
                  <span className={styles.wrap}>{open.hash}</span>
                </Fact>
              </div>
              <Body1 as="h3" block>
                Details
              </Body1>
              <pre className={styles.json}>{open.detail}</pre>
              <CopyButton text={`${open.detail}\n${open.hash}`} label="Copy details" />
            </DrawerBody>
          </>
        )}
      </Drawer>
    </>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  const styles = useStyles();
  return (
    <>
      <span className={styles.label}>{label}</span>
      <span className={styles.wrap}>{children}</span>
    </>
  );
}
