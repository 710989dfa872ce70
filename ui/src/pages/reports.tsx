// Documents for customers, insurers and the owner, rendered on this computer: writing them, what they will answer, schedules, their look.
import { Button, makeStyles, Tab, TabList, tokens } from "@fluentui/react-components";
import { useFilters, useGo } from "../address";
import { EmptyState } from "../components/empty-state";
import { DocumentPdfRegular } from "../components/icons";
import { Loaded } from "../components/loaded";
import { PageHead } from "../components/page-head";
import { useTenants } from "../data/queries";
import { Branding } from "./parts/reports/branding";
import { Schedules } from "./parts/reports/schedules";
import { InsurerStatements } from "./parts/reports/statements";
import { kindOf, periodOf, WriteReports } from "./parts/reports/write";

const useStyles = makeStyles({
  tabs: { marginBottom: tokens.spacingVerticalM, flexShrink: 0 },
  columns: {
    display: "grid",
    gridTemplateColumns: "minmax(320px, 480px) minmax(0, 1fr)",
    gap: tokens.spacingHorizontalL,
    alignItems: "start",
    paddingBottom: tokens.spacingVerticalXL,
    "@media (max-width: 960px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
});

export default function ReportsPage() {
  const styles = useStyles();
  const go = useGo();
  const [search, setSearch] = useFilters();
  const tab = search.tab ?? "write";
  return (
    <>
      <PageHead title="Reports" facts="Rendered on this computer, from what was synced" />
      <Loaded asked={useTenants()}>
        {(tenants) =>
          tenants.length === 0 ? (
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
            <>
              <TabList
                className={styles.tabs}
                selectedValue={tab}
                onTabSelect={(_, data) => setSearch({ tab: data.value === "write" ? undefined : String(data.value) })}
              >
                <Tab value="write">Write</Tab>
                <Tab value="schedules">Schedules</Tab>
                <Tab value="look">Look</Tab>
              </TabList>
              {tab === "schedules" ? (
                <Schedules tenants={tenants} />
              ) : tab === "look" ? (
                <Branding />
              ) : (
                <div className={styles.columns}>
                  <WriteReports tenants={tenants} />
                  {kindOf(search) === "insurer" && tenants.some((row) => row.id === search.tenant) && (
                    <InsurerStatements key={search.tenant} tenant={search.tenant ?? ""} period={periodOf(search)} />
                  )}
                </div>
              )}
            </>
          )
        }
      </Loaded>
    </>
  );
}
