// Reports that are written by themselves into a folder, while Gatehouse runs.
import {
  Button,
  Checkbox,
  Dropdown,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Option,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import {
  commands,
  type Every,
  type ReportKind,
  type ReportSchedule,
  type ScheduleInput,
  type TenantRow,
} from "../../../bindings";
import { EmptyState } from "../../../components/empty-state";
import { FormDialog } from "../../../components/form-dialog";
import { CalendarClockRegular } from "../../../components/icons";
import { Loaded } from "../../../components/loaded";
import { cleanName, TenantName } from "../../../components/names";
import { tenantOptions } from "../../../components/pick";
import { ProblemBar } from "../../../components/problem-view";
import { RelativeTime } from "../../../components/relative-time";
import { useSay } from "../../../components/say";
import { quiet } from "../../../components/style-parts";
import { sentence } from "../../../components/words";
import { ask, problemOf } from "../../../data/ipc";
import { useBranding, useSchedule, useSchedules } from "../../../data/reports";
import { PaperPick } from "./paper-pick";
import { everyWord, reportKinds, reportName } from "./words";

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", justifyContent: "space-between", gap: "12px" },
  quiet,
  cell: {
    overflowWrap: "anywhere",
    verticalAlign: "top",
    paddingTop: tokens.spacingVerticalS,
    paddingBottom: tokens.spacingVerticalS,
  },
  table: { marginTop: tokens.spacingVerticalM },
  failed: { color: tokens.colorPaletteDarkOrangeForeground1 },
  acts: { display: "flex", gap: tokens.spacingHorizontalXS, justifyContent: "end" },
  where: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) auto", gap: tokens.spacingHorizontalS },
  when: { display: "grid", gridTemplateColumns: "1fr 1fr 1fr", gap: tokens.spacingHorizontalM },
});

export function Schedules({ tenants }: { tenants: readonly TenantRow[] }) {
  const styles = useStyles();
  const [editing, setEditing] = useState<ReportSchedule | "new" | null>(null);
  const [removing, setRemoving] = useState<ReportSchedule | null>(null);
  const { remove } = useSchedule(() => setRemoving(null));
  // Read with the list, so that the form begins with it.
  useBranding();
  const create = (
    <Button appearance="primary" onClick={() => setEditing("new")}>
      Schedule a report
    </Button>
  );
  return (
    <>
      <Loaded asked={useSchedules()}>
        {(schedules) =>
          schedules.length === 0 ? (
            <EmptyState
              icon={<CalendarClockRegular />}
              title="No report is scheduled"
              text="A report can be written every week, every two weeks or every month into a folder, while Gatehouse runs. One that was missed is made once at the next start."
              actions={create}
            />
          ) : (
            <>
              <div className={styles.bar}>
                <Text className={styles.quiet}>
                  They are written while Gatehouse runs; one that was missed is made once at the next start.
                </Text>
                {create}
              </div>
              <Table aria-label="Scheduled reports" className={styles.table}>
                <colgroup>
                  {["15%", "17%", "18%", "9%", "9%", undefined, "148px"].map((width, column) => (
                    <col key={column} {...(width ? { style: { width } } : {})} />
                  ))}
                </colgroup>
                <TableHeader>
                  <TableRow>
                    {["Report", "Customer", "When", "Next", "Last", "Folder"].map((title) => (
                      <TableHeaderCell key={title}>{title}</TableHeaderCell>
                    ))}
                    <TableHeaderCell>Actions</TableHeaderCell>
                  </TableRow>
                </TableHeader>
                <TableBody>
                  {schedules.map((each) => (
                    <TableRow key={each.id}>
                      <TableCell className={styles.cell}>{reportName[each.report]}</TableCell>
                      <TableCell className={styles.cell}>
                        {each.tenant ? <TenantName tenant={each.tenant} /> : whose(each)}
                      </TableCell>
                      <TableCell className={styles.cell}>{sentence(each.words)}</TableCell>
                      <TableCell className={styles.cell}>
                        <RelativeTime at={each.nextAt} />
                      </TableCell>
                      <TableCell className={styles.cell}>
                        <RelativeTime at={each.lastAt} none="not yet" />
                        {each.lastError && (
                          <Text block size={200} className={styles.failed}>
                            {sentence(cleanName(each.lastError))}
                            {each.retryAt && (
                              <>
                                {" "}
                                It is tried again <RelativeTime at={each.retryAt} />.
                              </>
                            )}
                          </Text>
                        )}
                      </TableCell>
                      <TableCell className={styles.cell}>{cleanName(each.folder)}</TableCell>
                      <TableCell className={styles.cell}>
                        <span className={styles.acts}>
                          <Button size="small" aria-label={`Edit ${named(each)}`} onClick={() => setEditing(each)}>
                            Edit
                          </Button>
                          <Button size="small" aria-label={`Remove ${named(each)}`} onClick={() => setRemoving(each)}>
                            Remove
                          </Button>
                        </span>
                      </TableCell>
                    </TableRow>
                  ))}
                </TableBody>
              </Table>
            </>
          )
        }
      </Loaded>
      {editing && (
        <ScheduleDialog of={editing === "new" ? null : editing} tenants={tenants} close={() => setEditing(null)} />
      )}
      {removing && (
        <FormDialog
          title="Remove the schedule"
          confirm="Remove"
          busy={remove.isPending}
          close={() => setRemoving(null)}
          run={() => remove.mutate(removing.id)}
        >
          <Text>
            {reportName[removing.report]} is no longer written by itself. What was written stays in its folder.
          </Text>
        </FormDialog>
      )}
    </>
  );
}

const whose = (of: ReportSchedule) =>
  of.tenant ? cleanName(of.tenant.displayName) : of.report === "fleet" ? "The fleet" : "Every customer";
const named = (of: ReportSchedule) => `${reportName[of.report]}, ${whose(of)}`;

const today = () => new Date().toLocaleDateString("sv-SE");

function ScheduleDialog({
  of,
  tenants,
  close,
}: {
  of: ReportSchedule | null;
  tenants: readonly TenantRow[];
  close: () => void;
}) {
  const styles = useStyles();
  const say = useSay();
  const usual = useBranding().data?.paper ?? "a4";
  const [input, setInput] = useState<ScheduleInput>({
    id: of?.id ?? null,
    report: of?.report ?? "insurer",
    tenant: of?.tenant?.id ?? null,
    every: of?.every ?? "monthly",
    firstDay: of?.firstDay ?? today(),
    at: of?.at ?? "08:00",
    folder: of?.folder ?? "",
    paper: of?.paper ?? usual,
    withData: of?.withData ?? true,
  });
  const set = (patch: Partial<ScheduleInput>) => setInput((now) => ({ ...now, ...patch }));
  const { put } = useSchedule(close);
  const fleet = input.report === "fleet";
  const chosen = tenants.find((row) => row.id === input.tenant);
  return (
    <FormDialog
      title={of ? "Edit the schedule" : "Schedule a report"}
      confirm="Save"
      ready={input.folder.trim() !== "" && input.firstDay !== "" && input.at !== ""}
      busy={put.isPending}
      close={close}
      run={() =>
        put.mutate({
          ...input,
          tenant: fleet ? null : input.tenant,
          withData: input.report === "insurer" && input.withData,
        })
      }
    >
      {put.error && <ProblemBar problem={problemOf(put.error)} />}
      <Field label="Report">
        <Dropdown
          value={reportName[input.report]}
          selectedOptions={[input.report]}
          onOptionSelect={(_, data) => set({ report: data.optionValue as ReportKind })}
        >
          {reportKinds.map((each) => (
            <Option key={each} value={each}>
              {reportName[each]}
            </Option>
          ))}
        </Dropdown>
      </Field>
      {!fleet && (
        <Field label="Customer">
          <Dropdown
            value={chosen ? cleanName(chosen.displayName) : "Every customer"}
            selectedOptions={[input.tenant ?? ""]}
            onOptionSelect={(_, data) => set({ tenant: data.optionValue || null })}
          >
            <Option key="all" value="" text="Every customer">
              Every customer
            </Option>
            {tenantOptions(tenants)}
          </Dropdown>
        </Field>
      )}
      <div className={styles.when}>
        <Field label="How often">
          <Dropdown
            style={{ minWidth: 0 }}
            value={everyWord[input.every]}
            selectedOptions={[input.every]}
            onOptionSelect={(_, data) => set({ every: data.optionValue as Every })}
          >
            {(Object.keys(everyWord) as Every[]).map((each) => (
              <Option key={each} value={each}>
                {everyWord[each]}
              </Option>
            ))}
          </Dropdown>
        </Field>
        <Field label="First day" required>
          <Input type="date" value={input.firstDay} onChange={(_, data) => set({ firstDay: data.value })} />
        </Field>
        <Field label="At" required>
          <Input type="time" value={input.at} onChange={(_, data) => set({ at: data.value })} />
        </Field>
      </div>
      <Field label="Folder" required>
        <div className={styles.where}>
          <Input aria-label="Folder" value={input.folder} onChange={(_, data) => set({ folder: data.value })} />
          <Button
            onClick={() =>
              void ask(commands.chooseFolder("Where the reports go")).then(
                (folder) => folder !== null && set({ folder }),
                say.failed,
              )
            }
          >
            Choose
          </Button>
        </div>
      </Field>
      <PaperPick paper={input.paper} choose={(paper) => set({ paper })} />
      {input.report === "insurer" && (
        <Checkbox
          checked={input.withData}
          onChange={(_, data) => set({ withData: data.checked === true })}
          label="With the data set beside it"
        />
      )}
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>
          It is written only while Gatehouse runs, also in the tray. The clock is this computer's.
        </MessageBarBody>
      </MessageBar>
    </FormDialog>
  );
}
