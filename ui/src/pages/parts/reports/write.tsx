// Writing reports: which, for whom, of which period. One goes where the technician says, many into a folder with a result each.
import {
  Button,
  Card,
  Checkbox,
  Dropdown,
  Field,
  Input,
  makeStyles,
  Option,
  ProgressBar,
  Radio,
  RadioGroup,
  Spinner,
  Subtitle2,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useEffect, useRef, useState } from "react";
import { useFilters } from "../../../address";
import {
  commands,
  type PeriodInput,
  type ReportKind,
  type ReportRequest,
  type ReportRun,
  type TenantRow,
} from "../../../bindings";
import { mfaSentence } from "../../../components/mfa";
import { cleanName, TenantName } from "../../../components/names";
import { tenantOptions } from "../../../components/pick";
import { CopyButton, ProblemBar } from "../../../components/problem-view";
import { RelativeTime } from "../../../components/relative-time";
import { useSay } from "../../../components/say";
import { plainList, quiet } from "../../../components/style-parts";
import { count, counted } from "../../../components/words";
import { fileName } from "../../../data/actions";
import { ask } from "../../../data/ipc";
import { useReportProgress, useWriteReports } from "../../../data/reports";
import { PaperPick, usePaper } from "./paper-pick";
import { reportKinds, reportName, reportWhat } from "./words";

const useStyles = makeStyles({
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM, overflowWrap: "anywhere" },
  quiet,
  row: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  dates: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: tokens.spacingHorizontalM, alignItems: "start" },
  list: { ...plainList, maxHeight: "320px", overflowY: "auto" },
  outcome: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) auto",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    minHeight: "36px",
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  hash: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: "anywhere" },
});

const PERIODS: readonly (readonly [string, string])[] = [
  ["30", "Last 30 days"],
  ["90", "Last 90 days"],
  ["365", "Last 12 months"],
  ["dates", "Between two days"],
];
const EVERYBODY = "every-customer";

/** The period that the address names. */
export function periodOf(search: Record<string, string>): PeriodInput {
  if (search.period === "dates") return { from: search.from || null, to: search.to || null, days: null };
  return { from: null, to: null, days: Number(search.period ?? 30) || 30 };
}

export const kindOf = (search: Record<string, string>): ReportKind =>
  reportKinds.find((kind) => kind === search.report) ?? "insurer";

export function WriteReports({ tenants }: { tenants: readonly TenantRow[] }) {
  const styles = useStyles();
  const say = useSay();
  const [search, setSearch] = useFilters();
  const [paper, setPaper] = usePaper();
  const [withData, setWithData] = useState(true);
  const [run, setRun] = useState<ReportRun | null>(null);
  const write = useWriteReports(setRun);
  const progress = useReportProgress(write.isPending);
  const kind = kindOf(search);
  const tenant = tenants.find((row) => row.id === search.tenant);
  const everybody = search.tenant === EVERYBODY;
  const one = kind === "fleet" || tenant !== undefined;
  const datesLack = search.period === "dates" && !search.from;
  const ready = (one || everybody) && !write.isPending && !(kind !== "mfa" && datesLack);
  const request = (where: Pick<ReportRequest, "path" | "folder">): ReportRequest => ({
    kind,
    tenants: kind === "fleet" || everybody || !tenant ? [] : [tenant.id],
    period: kind === "mfa" ? { from: null, to: null, days: null } : periodOf(search),
    paper,
    withData: kind === "insurer" && withData,
    ...where,
  });
  const save = async () => {
    setRun(null);
    try {
      if (one && !everybody) {
        const of = kind === "fleet" ? reportName.fleet : fileName(tenant?.displayName ?? "", reportName[kind]);
        const path = await ask(commands.chooseFile(`${of}.pdf`, `Save the report ${reportName[kind]}`, ["pdf"], false));
        if (path !== null) write.mutate(request({ path, folder: null }));
      } else {
        const folder = await ask(commands.chooseFolder("Where the reports go"));
        if (folder !== null) write.mutate(request({ path: null, folder }));
      }
    } catch (error) {
      say.failed(error);
    }
  };
  return (
    <Card className={styles.card} role="group" aria-label="Write a report">
      <Subtitle2 as="h2">Write a report</Subtitle2>
      <Field label="Report" hint={reportWhat[kind]}>
        <RadioGroup value={kind} onChange={(_, data) => setSearch({ report: data.value })}>
          {reportKinds.map((each) => (
            <Radio key={each} value={each} label={reportName[each]} />
          ))}
        </RadioGroup>
      </Field>
      {kind !== "fleet" && (
        <Field label="Customer">
          <Dropdown
            placeholder="Choose a customer"
            value={everybody ? "Every customer" : tenant ? cleanName(tenant.displayName) : ""}
            selectedOptions={search.tenant ? [search.tenant] : []}
            onOptionSelect={(_, data) => setSearch({ tenant: data.optionValue })}
          >
            <Option key={EVERYBODY} value={EVERYBODY} text="Every customer">
              {`Every customer (${count(tenants.length)})`}
            </Option>
            {tenantOptions(tenants)}
          </Dropdown>
        </Field>
      )}
      {tenant && kind !== "fleet" && (
        <Text className={styles.quiet}>
          MFA: {mfaSentence(tenant.mfa)}. Last resync <RelativeTime at={tenant.lastResync} />.
          {tenant.mfa === null && " The report will say why it could not be read."}
        </Text>
      )}
      {kind !== "mfa" && (
        <Field label="Period">
          <Dropdown
            value={PERIODS.find(([value]) => value === (search.period ?? "30"))?.[1] ?? ""}
            selectedOptions={[search.period ?? "30"]}
            onOptionSelect={(_, data) => setSearch({ period: data.optionValue })}
          >
            {PERIODS.map(([value, words]) => (
              <Option key={value} value={value}>
                {words}
              </Option>
            ))}
          </Dropdown>
        </Field>
      )}
      {kind !== "mfa" && search.period === "dates" && (
        <div className={styles.dates}>
          <Field label="From" required>
            <Input
              type="date"
              value={search.from ?? ""}
              onChange={(_, data) => setSearch({ from: data.value || undefined })}
            />
          </Field>
          <Field label="To" hint="Included; open: today">
            <Input
              type="date"
              value={search.to ?? ""}
              onChange={(_, data) => setSearch({ to: data.value || undefined })}
            />
          </Field>
        </div>
      )}
      <PaperPick paper={paper} choose={setPaper} />
      {kind === "insurer" && (
        <Checkbox
          checked={withData}
          onChange={(_, data) => setWithData(data.checked === true)}
          label="Write the data set beside it (JSON and CSV), so that an auditor can check the SHA-256 that the report prints"
        />
      )}
      <div className={styles.row}>
        <Button appearance="primary" disabled={!ready} onClick={() => void save()}>
          {everybody && kind !== "fleet" ? `Write ${counted(tenants.length, "report")}` : "Save as PDF"}
        </Button>
        {write.isPending && (
          <>
            {progress && progress.total > 1 ? (
              <Field
                validationState="none"
                validationMessage={`${count(progress.done)} of ${count(progress.total)}${progress.current ? `, ${cleanName(progress.current)} now` : ""}`}
              >
                <ProgressBar aria-label="Reports written" value={progress.done} max={progress.total} />
              </Field>
            ) : (
              <Spinner size="tiny" label="Writing" />
            )}
            <Button onClick={() => void ask(commands.reportsCancel()).catch(say.failed)}>Cancel</Button>
          </>
        )}
      </div>
      {run && <Outcomes run={run} />}
    </Card>
  );
}

function Outcomes({ run }: { run: ReportRun }) {
  const styles = useStyles();
  const say = useSay();
  const section = useRef<HTMLElement>(null);
  // Below a long form nobody would see that it is done.
  useEffect(() => section.current?.scrollIntoView?.({ block: "nearest" }), []);
  const [first] = run.outcomes;
  const hash = run.outcomes.length === 1 ? first?.sha256 : null;
  return (
    <section ref={section} aria-label="What was written" aria-live="polite">
      <Text>
        {run.written === 0 && run.failed === 0 ? "Nothing was written" : `${counted(run.written, "report")} written`}
        {run.failed > 0 && `, ${count(run.failed)} failed`}
        {run.cancelled && ", cancelled: what was written stays"}.
      </Text>
      <ul className={styles.list}>
        {run.outcomes.map((outcome) => (
          <li key={outcome.tenant?.id ?? "fleet"} className={styles.outcome}>
            {outcome.problem ? (
              <span>
                {outcome.tenant && <TenantName tenant={outcome.tenant} />}
                <ProblemBar problem={outcome.problem} />
              </span>
            ) : (
              <>
                {outcome.tenant ? <TenantName tenant={outcome.tenant} /> : <span>{reportName.fleet}</span>}
                {outcome.path && (
                  <Button
                    size="small"
                    aria-label={`Show in folder: ${cleanName(outcome.tenant?.displayName ?? reportName.fleet)}`}
                    onClick={() => void ask(commands.reveal(outcome.path ?? "")).catch(say.failed)}
                  >
                    Show in folder
                  </Button>
                )}
              </>
            )}
          </li>
        ))}
      </ul>
      {hash && (
        <Text block className={styles.quiet}>
          SHA-256 of the data set: <span className={styles.hash}>{hash}</span> <CopyButton text={hash} label="Copy" />
        </Text>
      )}
    </section>
  );
}
