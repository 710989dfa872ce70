// Documents for a customer, rendered on this computer.
import {
  Button,
  Card,
  Dropdown,
  Field,
  makeStyles,
  Option,
  Spinner,
  Subtitle2,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import { useFilters, useGo } from "../address";
import { commands } from "../bindings";
import { EmptyState } from "../components/empty-state";
import { DocumentPdfRegular } from "../components/icons";
import { mfaSentence } from "../components/mfa";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { PageSkeleton } from "../components/page-skeleton";
import { ProblemView } from "../components/problem-view";
import { RelativeTime } from "../components/relative-time";
import { fileName, useExport } from "../data/actions";
import { ask, problemOf } from "../data/ipc";
import { useTenants } from "../data/queries";

const useStyles = makeStyles({
  card: { maxWidth: "640px", padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM },
  head: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalM },
  icon: { fontSize: "24px", lineHeight: 0, color: tokens.colorBrandForeground1 },
  quiet: { color: tokens.colorNeutralForeground2 },
  row: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalM },
});

export default function ReportsPage() {
  const styles = useStyles();
  const go = useGo();
  const tenants = useTenants();
  const [search, setSearch] = useFilters();
  const exportTo = useExport();
  const [writing, setWriting] = useState(false);
  if (tenants.error && !tenants.data)
    return <ProblemView problem={problemOf(tenants.error)} retry={() => void tenants.refetch()} />;
  if (!tenants.data) return <PageSkeleton />;
  const tenant = tenants.data.find((row) => row.id === search.tenant);
  const write = async () => {
    if (!tenant) return;
    setWriting(true);
    const suggestedName = `${fileName(tenant.displayName, "MFA posture")}.pdf`;
    await exportTo({ title: "Save the MFA posture report", suggestedName, extensions: ["pdf"] }, (path) =>
      ask(commands.reportMfa(tenant.id, path)),
    );
    setWriting(false);
  };
  return (
    <>
      <PageHead title="Reports" facts="Rendered on this computer, from what was synced" />
      {tenants.data.length === 0 ? (
        <EmptyState
          icon={<DocumentPdfRegular />}
          title="No customer is connected yet"
          actions={
            <Button appearance="primary" onClick={() => go("/connect")}>
              Connect a tenant
            </Button>
          }
        />
      ) : (
        <Card className={styles.card} role="group" aria-label="MFA posture">
          <div className={styles.head}>
            <DocumentPdfRegular className={styles.icon} aria-hidden />
            <Subtitle2 as="h2">MFA posture</Subtitle2>
          </div>
          <Text className={styles.quiet}>
            Who has which MFA method, admins first: summary with a chart, admins without a fresh method, people with SMS
            only or nothing, what could not be read, and how it was counted.
          </Text>
          <Field label="Customer">
            <Dropdown
              placeholder="Choose a customer"
              value={tenant ? cleanName(tenant.displayName) : ""}
              selectedOptions={tenant ? [tenant.id] : []}
              onOptionSelect={(_, data) => setSearch({ tenant: data.optionValue })}
            >
              {tenants.data.map((row) => (
                <Option key={row.id} value={row.id} text={cleanName(row.displayName)}>
                  <bdi dir="auto">{cleanName(row.displayName)}</bdi>
                </Option>
              ))}
            </Dropdown>
          </Field>
          {tenant && (
            <Text className={styles.quiet}>
              MFA: {mfaSentence(tenant.mfa)}. Last resync <RelativeTime at={tenant.lastResync} />.
              {tenant.mfa === null && " The report will say why it could not be read."}
            </Text>
          )}
          <div className={styles.row}>
            <Button appearance="primary" disabled={!tenant || writing} onClick={() => void write()}>
              Save as PDF
            </Button>
            {writing && <Spinner size="tiny" label="Writing the report" />}
          </div>
        </Card>
      )}
    </>
  );
}
