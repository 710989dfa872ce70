// One baseline: its controls with how grave each is and whether it is judged, and the tenants that are held to it.
import {
  Button,
  Dropdown,
  MenuItem,
  makeStyles,
  mergeClasses,
  Option,
  Switch,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import { part, useFilters, useGo, useParam } from "../address";
import type { BaselineControl, BaselineDetail, Severity } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import { DeleteRegular, EditRegular, ScalesRegular } from "../components/icons";
import { FilterOne } from "../components/list-filter";
import { MoreMenu } from "../components/more-menu";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { PageSkeleton } from "../components/page-skeleton";
import { ProblemView } from "../components/problem-view";
import { SeverityBadge, severities, severityWord } from "../components/severity-badge";
import { twoQuietLines } from "../components/style-parts";
import { count, counted } from "../components/words";
import { useBaseline } from "../data/engine";
import { problemOf } from "../data/ipc";
import { useArrayRows } from "../data/rows";
import { AppLink } from "./parts/app-link";
import { useSetControl } from "./parts/baseline-actions";
import { AssignDialog, RemoveBaselineDialog, RenameDialog } from "./parts/baseline-dialogs";
import { ControlPanel } from "./parts/control-panel";
import { Remarks } from "./parts/remarks";

const useStyles = makeStyles({
  tenants: { display: "inline-flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalS },
  severity: { minWidth: "136px" },
  control: { display: "flex", flexDirection: "column", minWidth: 0, whiteSpace: "normal" },
  title: {
    fontWeight: tokens.fontWeightSemibold,
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
  },
  how: twoQuietLines,
  off: { color: tokens.colorNeutralForeground3 },
});

/** A control is at least of low severity; what is only information is turned off. */
const GRAVITIES = severities.filter((each) => each !== "information");

const kindWord = (control: BaselineControl) => (control.kind === "effect" ? "By effect" : "A policy");

function SeverityPick({ control, set }: { control: BaselineControl; set: (severity: Severity) => void }) {
  const styles = useStyles();
  return (
    <Dropdown
      className={styles.severity}
      size="small"
      aria-label={`Severity of ${cleanName(control.title)}`}
      value={severityWord[control.severity]}
      selectedOptions={[control.severity]}
      onOptionSelect={(_, data) => {
        const next = severities.find((each) => each === data.optionValue);
        if (next && next !== control.severity) set(next);
      }}
    >
      {GRAVITIES.map((each) => (
        <Option key={each} value={each} text={severityWord[each]}>
          <SeverityBadge severity={each} />
          {each === control.defaultSeverity && " (as made)"}
        </Option>
      ))}
    </Dropdown>
  );
}

const byGravity = (a: BaselineControl, b: BaselineControl) =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) || byTitle(a, b);
const byTitle = (a: BaselineControl, b: BaselineControl) => cleanName(a.title).localeCompare(cleanName(b.title));
const compares: Record<string, (a: BaselineControl, b: BaselineControl) => number> = {
  severity: byGravity,
  title: byTitle,
  kind: (a, b) => a.kind.localeCompare(b.kind) || byTitle(a, b),
  on: (a, b) => Number(b.on) - Number(a.on) || byGravity(a, b),
};

export default function BaselinePage() {
  const id = useParam("id");
  const go = useGo();
  const asked = useBaseline(id);
  if (asked.data) return <View detail={asked.data} asked={asked} />;
  if (!asked.error) return <PageSkeleton />;
  return (
    <ProblemView
      problem={problemOf(asked.error)}
      retry={() => void asked.refetch()}
      actions={
        <Button appearance="primary" onClick={() => go("/baselines")}>
          All baselines
        </Button>
      }
    />
  );
}

function View({ detail, asked }: { detail: BaselineDetail; asked: Parameters<typeof useArrayRows>[1] }) {
  const styles = useStyles();
  const { row } = detail;
  const builtIn = row.source === "builtIn";
  const [search, setSearch] = useFilters();
  const [dialog, setDialog] = useState<"assign" | "rename" | "remove" | null>(null);
  const setting = useSetControl(row.id);
  const text = (search.text ?? "").toLowerCase();
  const severity = severities.find((each) => each === search.severity);
  const sort = { key: search.sort ?? "severity", descending: search.down === "1" };
  const compare = compares[sort.key] ?? byGravity;
  const source = useArrayRows(
    detail.controls,
    asked,
    (control) => control.id,
    (control) =>
      (!severity || control.severity === severity) &&
      (!text || `${control.title} ${control.judged} ${control.rationale}`.toLowerCase().includes(text)),
    (a, b) => (sort.descending ? -compare(a, b) : compare(a, b)),
    JSON.stringify([sort, severity, text]),
  );
  const columns: readonly Column<BaselineControl>[] = [
    {
      key: "on",
      title: "Judged",
      width: "76px",
      sortable: true,
      render: (control) => (
        <Switch
          aria-label={`Judge ${cleanName(control.title)}`}
          checked={control.on}
          onChange={(_, data) => setting.mutate({ control: control.id, on: data.checked })}
        />
      ),
    },
    {
      key: "severity",
      title: "Severity",
      width: "164px",
      sortable: true,
      render: (control) => (
        <SeverityPick control={control} set={(next) => setting.mutate({ control: control.id, severity: next })} />
      ),
    },
    {
      key: "title",
      title: "Control",
      width: "minmax(300px, 4fr)",
      sortable: true,
      always: true,
      render: (control) => (
        <span className={mergeClasses(styles.control, !control.on && styles.off)}>
          <bdi className={styles.title} dir="auto" title={cleanName(control.title)}>
            {cleanName(control.title)}
          </bdi>
          <span className={mergeClasses(styles.how, !control.on && styles.off)}>
            {cleanName(control.kind === "policy" && control.rationale ? control.rationale : control.judged)}
          </span>
        </span>
      ),
    },
    { key: "kind", title: "Kind", width: "108px", sortable: true, render: kindWord },
  ];
  const control = detail.controls.find((each) => each.id === search.open);

  return (
    <>
      <PageHead
        title={row.name}
        crumbs={[{ title: "Baselines", to: "/baselines" }]}
        facts={
          <>
            {row.origin && `${cleanName(row.origin)}, `}
            {row.on === row.controls
              ? counted(row.controls, "control")
              : `${count(row.on)} of ${counted(row.controls, "control")} judged`}
            {row.edited && ", edited"}.{" "}
            {row.tenants.length === 0 ? (
              "No tenant is held to it"
            ) : (
              <span className={styles.tenants}>
                Held to it:{" "}
                {row.tenants.slice(0, 6).map((tenant) => (
                  <AppLink key={tenant.id} to={`/tenants/${part(tenant.id)}/drift`}>
                    <bdi dir="auto">{cleanName(tenant.displayName)}</bdi>
                  </AppLink>
                ))}
                {row.tenants.length > 6 && `and ${count(row.tenants.length - 6)} more`}
              </span>
            )}
          </>
        }
        actions={
          <>
            <Button appearance="primary" onClick={() => setDialog("assign")}>
              Assign to tenants
            </Button>
            {!builtIn && (
              <MoreMenu>
                <MenuItem icon={<EditRegular />} onClick={() => setDialog("rename")}>
                  Rename
                </MenuItem>
                <MenuItem icon={<DeleteRegular />} onClick={() => setDialog("remove")}>
                  Remove this baseline
                </MenuItem>
              </MoreMenu>
            )}
          </>
        }
      />
      <Remarks of={detail.remarks} title={detail.remarks.length > 0 ? "Not everything could be taken over." : ""} />
      <DataList
        name="Controls of the baseline"
        unit={["control", "controls"]}
        columns={columns}
        rowHeight={68}
        source={source}
        rowId={(each) => each.id}
        rowName={(each) => `${severityWord[each.severity]}: ${cleanName(each.title)}${each.on ? "" : ", not judged"}`}
        open={(each) => setSearch({ open: each.id }, { replace: false })}
        sort={sort}
        onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
        filter={{
          text: search.text ?? "",
          onText: (words) => setSearch({ text: words }),
          placeholder: "Filter by words",
        }}
        chips={severity ? [{ label: severityWord[severity], remove: () => setSearch({ severity: undefined }) }] : []}
        clearFilters={() => setSearch({ text: undefined, severity: undefined })}
        tools={
          <FilterOne
            label="Severity"
            any="Any severity"
            choices={GRAVITIES}
            words={(each) => severityWord[each]}
            draw={(each) => <SeverityBadge severity={each} />}
            chosen={severity ?? null}
            choose={(each) => setSearch({ severity: each })}
          />
        }
        empty={
          <EmptyState icon={<ScalesRegular />} title="No control" text="Nothing in what was imported is a policy." />
        }
      />
      {control && <ControlPanel control={control} close={() => setSearch({ open: undefined }, { replace: false })} />}
      {dialog === "assign" && <AssignDialog baseline={row} close={() => setDialog(null)} />}
      {dialog === "rename" && <RenameDialog baseline={row} close={() => setDialog(null)} />}
      {dialog === "remove" && <RemoveBaselineDialog baseline={row} close={() => setDialog(null)} />}
    </>
  );
}
