// Who is exempt from MFA and who answers for it: the register with its signatures, and what the policies leave out.
import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  makeStyles,
  Tab,
  TabList,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import { useFilters, useParam } from "../address";
import { commands, type ExceptionRow, type ExceptionsPage } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import { AddRegular, ArrowDownloadRegular, ClipboardTaskListLtrRegular, EditRegular } from "../components/icons";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { PageSkeleton } from "../components/page-skeleton";
import { ProblemView } from "../components/problem-view";
import { count, counted } from "../components/words";
import { useListExport } from "../data/actions";
import { type AskedExceptions, useExceptions } from "../data/exceptions";
import { ask, problemOf } from "../data/ipc";
import { useArrayRows } from "../data/rows";
import { DataNotice } from "./parts/data-notice";
import { CarveOuts } from "./parts/exceptions/carve-outs";
import { ExceptionForm, type FormStart } from "./parts/exceptions/exception-form";
import { ExceptionPanel } from "./parts/exceptions/exception-panel";
import {
  dayWords,
  ExceptionDays,
  ExceptionWord,
  exceptionLook,
  exemptFrom,
  isOpen,
} from "./parts/exceptions/exception-words";
import { ReturnDialog } from "./parts/exceptions/return-dialog";
import { SheetDialog } from "./parts/exceptions/sheet-dialog";
import { chosen, type Filters, StateFilter } from "./parts/exceptions/state-filter";
import { useTenantCrumbs } from "./parts/tenant-crumbs";
import { TwoLines } from "./parts/two-lines";

const useStyles = makeStyles({
  bar: { marginBottom: tokens.spacingVerticalM, flexShrink: 0 },
  tabs: { marginBottom: tokens.spacingVerticalM, flexShrink: 0 },
});

const waits = (row: ExceptionRow) => row.state === "draft" || row.state === "sent";
const overdue = (row: ExceptionRow) => row.state !== "ended" && (row.pastEnd || row.reviewOverdue);
const states: Filters<ExceptionRow> = {
  waits: ["Not signed", waits],
  overdue: ["Overdue", overdue],
  signed: ["Signed", (row) => row.state === "signed"],
  declined: ["Declined", (row) => row.state === "declined"],
  ended: ["Ended", (row) => row.state === "ended"],
};
const registerColumns: readonly Column<ExceptionRow>[] = [
  { key: "number", title: "No.", width: "52px", sortable: true, always: true, render: (row) => row.id },
  {
    key: "subject",
    title: "Who or what",
    width: "minmax(132px, 1.6fr)",
    sortable: true,
    always: true,
    render: (row) => <TwoLines text={row.subject} />,
  },
  {
    key: "policy",
    title: "Exempt from",
    width: "minmax(120px, 1.3fr)",
    sortable: true,
    render: (row) => <TwoLines text={exemptFrom(row)} />,
  },
  { key: "why", title: "Why", width: "minmax(136px, 2fr)", render: (row) => <TwoLines text={row.reason} /> },
  { key: "state", title: "Sign-off", width: "150px", sortable: true, render: (row) => <ExceptionWord row={row} /> },
  {
    key: "signer",
    title: "Signed by",
    width: "minmax(104px, 1fr)",
    sortable: true,
    render: (row) => (
      <TwoLines
        text={
          row.signedBy
            ? `${row.signedBy}, ${row.signedRole ?? ""}${row.signedOn ? `, ${dayWords(row.signedOn)}` : ""}`
            : "Nobody yet"
        }
      />
    ),
  },
  { key: "until", title: "Until", width: "144px", sortable: true, render: (row) => <ExceptionDays row={row} /> },
  {
    key: "people",
    title: "People",
    width: "96px",
    end: true,
    sortable: true,
    render: (row) => (row.people === null ? "Not known" : count(row.people)),
  },
  {
    key: "instead",
    title: "What protects instead",
    width: "minmax(140px, 1.4fr)",
    hidden: true,
    render: (row) => <TwoLines text={row.compensating || "Nothing was named"} />,
  },
  { key: "ticket", title: "Ticket", width: "110px", hidden: true, render: (row) => row.ticket ?? "None" },
];

const rank = (row: ExceptionRow) =>
  row.state === "ended" ? 9 : overdue(row) ? 0 : row.state === "declined" ? 1 : waits(row) ? 2 : 3;
const last = "9999-99-99";
const registerOrder: Record<string, (a: ExceptionRow, b: ExceptionRow) => number> = {
  number: (a, b) => a.id - b.id,
  subject: (a, b) => a.subject.localeCompare(b.subject) || a.id - b.id,
  policy: (a, b) => exemptFrom(a).localeCompare(exemptFrom(b)) || a.id - b.id,
  state: (a, b) => rank(a) - rank(b) || a.id - b.id,
  signer: (a, b) => (a.signedBy ?? "").localeCompare(b.signedBy ?? "") || a.id - b.id,
  until: (a, b) => (a.until ?? last).localeCompare(b.until ?? last) || a.id - b.id,
  people: (a, b) => (a.people ?? -1) - (b.people ?? -1) || a.id - b.id,
};
const attention = (a: ExceptionRow, b: ExceptionRow) => rank(a) - rank(b) || a.id - b.id;

function facts(page: ExceptionsPage): string {
  const standing = page.register.filter((row) => row.state !== "ended");
  const signed = standing.filter((row) => row.state === "signed" && !overdue(row)).length;
  const open = page.carveOuts.filter(isOpen).length;
  return [
    standing.length === 0
      ? "No exception is written down"
      : `${counted(standing.length, "exception")}, ${count(signed)} signed`,
    page.unknown === null &&
      (page.carveOuts.length === 0
        ? "the policies leave nothing out"
        : open === 0
          ? "every carve-out is answered for"
          : `${counted(open, "carve-out")} not signed off`),
    `days are the customer's (${page.timeZone})`,
  ]
    .filter(Boolean)
    .join(", ");
}

export default function ExceptionsOfTenant() {
  const styles = useStyles();
  const tenant = useParam("tenant");
  const { crumbs } = useTenantCrumbs(tenant);
  const [search, setSearch] = useFilters();
  const [writing, setWriting] = useState<FormStart | null>(null);
  const asked = useExceptions(tenant);
  const page = asked.data;
  const head = (
    <PageHead
      title="Exceptions"
      crumbs={crumbs}
      facts={page && facts(page)}
      actions={
        <Button appearance="primary" icon={<AddRegular />} disabled={!page} onClick={() => setWriting({})}>
          Write down an exception
        </Button>
      }
    />
  );
  if (asked.error && !page)
    return (
      <>
        {head}
        <ProblemView problem={problemOf(asked.error)} retry={() => void asked.refetch()} />
      </>
    );
  if (!page) return <PageSkeleton />;
  const open = page.carveOuts.filter(isOpen);
  const late = page.register.filter(overdue);
  // What nobody answers for is what a first visit is about.
  const standard = page.register.length === 0 && page.carveOuts.length > 0 ? "carve-outs" : "register";
  const list = search.list ?? standard;
  const shown = search.open && /^\d+$/.test(search.open) ? Number(search.open) : null;
  const show = (id: number) => setSearch({ open: String(id) }, { replace: false });
  const turn = (to: string) =>
    setSearch({
      list: to === standard ? undefined : to,
      text: undefined,
      state: undefined,
      sort: undefined,
      down: undefined,
    });
  return (
    <>
      {head}
      <DataNotice tenant={tenant} kinds={["policies", "users", "groups"]} />
      {late.length > 0 && (
        <MessageBar className={styles.bar} intent="error" data-testid="overdue">
          <MessageBarBody>
            {counted(late.length, "exception")} {late.length === 1 ? "is" : "are"} past the end or overdue for review.
          </MessageBarBody>
          <MessageBarActions>
            <Button
              onClick={() => setSearch({ list: standard === "register" ? undefined : "register", state: "overdue" })}
            >
              Show
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      {open.length > 0 && (
        <MessageBar className={styles.bar} intent="warning" data-testid="unsigned">
          <MessageBarBody>
            The policies leave out {counted(open.length, "thing")} that nobody signed off. {letOut(page)}
          </MessageBarBody>
          {list === "register" && (
            <MessageBarActions>
              <Button onClick={() => turn("carve-outs")}>Show</Button>
            </MessageBarActions>
          )}
        </MessageBar>
      )}
      {page.unknown && (
        <MessageBar className={styles.bar} intent="info" layout="multiline">
          <MessageBarBody>What the policies leave out is not known until they can be read.</MessageBarBody>
        </MessageBar>
      )}
      <TabList className={styles.tabs} selectedValue={list} onTabSelect={(_, data) => turn(String(data.value))}>
        <Tab value="register">Register ({count(page.register.filter((row) => row.state !== "ended").length)})</Tab>
        <Tab value="carve-outs">Left out by policies ({page.unknown ? "not known" : count(page.carveOuts.length)})</Tab>
      </TabList>
      {list === "register" ? (
        <Register page={page} asked={asked} show={show} create={() => setWriting({})} />
      ) : (
        <CarveOuts page={page} asked={asked} show={show} writeDown={(carveOut) => setWriting({ carveOut })} />
      )}
      {writing && (
        <ExceptionForm page={page} start={writing} close={() => setWriting(null)} done={(made) => show(made.row.id)} />
      )}
      {shown !== null && (
        <ExceptionPanel id={shown} page={page} close={() => setSearch({ open: undefined }, { replace: false })} />
      )}
    </>
  );
}

function letOut(page: ExceptionsPage): string {
  const people = `They let ${counted(page.unsignedPeople, "person", "people")} out of MFA`;
  return page.uncounted === 0
    ? `${people}.`
    : `${people}, not counting ${count(page.uncounted)} whose people are not known.`;
}

function Register({
  page,
  asked,
  show,
  create,
}: {
  page: ExceptionsPage;
  asked: AskedExceptions;
  show: (id: number) => void;
  create: () => void;
}) {
  const [search, setSearch] = useFilters();
  const [sheet, setSheet] = useState<readonly ExceptionRow[] | null>(null);
  const [returned, setReturned] = useState<readonly ExceptionRow[] | null>(null);
  const filter = chosen(states, search.state);
  const text = (search.text ?? "").toLowerCase();
  const sort = { key: search.sort ?? "attention", descending: search.down === "1" };
  const compare = registerOrder[sort.key] ?? attention;
  const source = useArrayRows(
    page.register,
    asked,
    (row) => String(row.id),
    (row) =>
      (!filter || filter[1](row)) &&
      (!text ||
        `${row.id} ${row.subject} ${exemptFrom(row)} ${row.reason} ${row.compensating} ${row.signedBy ?? ""} ${row.ticket ?? ""}`
          .toLowerCase()
          .includes(text)),
    (a, b) => (sort.descending ? -compare(a, b) : compare(a, b)),
    JSON.stringify([sort, search.state, text]),
  );
  const exportRows = useListExport<readonly ExceptionRow[]>(
    { title: "Export the register", of: [page.tenant.displayName, "Exceptions"], unit: ["exception", "exceptions"] },
    (path, shown) =>
      ask(
        commands.exceptionsExport(
          page.tenant.id,
          shown.map((row) => String(row.id)),
          path,
        ),
      ),
  );
  const waiting = page.register.filter(waits);
  const unsigned = page.register.filter((row) => waits(row) || overdue(row));
  return (
    <>
      <DataList
        name="Exceptions"
        unit={["exception", "exceptions"]}
        columns={registerColumns}
        rowHeight={52}
        source={source}
        rowId={(row) => String(row.id)}
        rowName={(row) =>
          `${exceptionLook(row)[2]}: exception ${row.id}, ${cleanName(row.subject)}, exempt from ${cleanName(exemptFrom(row))}`
        }
        open={(row) => show(row.id)}
        sort={sort}
        onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
        filter={{
          text: search.text ?? "",
          onText: (words) => setSearch({ text: words }),
          placeholder: "Filter by name or reason",
        }}
        chips={filter ? [{ label: filter[0], remove: () => setSearch({ state: undefined }) }] : []}
        clearFilters={() => setSearch({ text: undefined, state: undefined })}
        exportRows={() => void source.everything().then(exportRows)}
        actions={(rows, clear) => (
          <>
            <Button
              onClick={() => {
                setSheet(rows);
                clear();
              }}
            >
              Export for signature
            </Button>
            <Button
              disabled={!rows.every(waits)}
              onClick={() => {
                setReturned(rows);
                clear();
              }}
            >
              Record the return
            </Button>
          </>
        )}
        tools={
          <>
            <StateFilter label="State" any="Any state" of={states} />
            <Button icon={<ArrowDownloadRegular />} disabled={unsigned.length === 0} onClick={() => setSheet(unsigned)}>
              Export for signature
            </Button>
            <Button icon={<EditRegular />} disabled={waiting.length === 0} onClick={() => setReturned(waiting)}>
              Record the return
            </Button>
          </>
        }
        empty={
          <EmptyState
            icon={<ClipboardTaskListLtrRegular />}
            title="No exception is written down"
            text="Whoever is exempt from MFA needs a reason, an end and a person of the customer who signs for it. An insurer asks for exactly that."
            actions={<Button onClick={create}>Write down an exception</Button>}
          />
        }
      />
      {sheet && (
        <SheetDialog
          tenant={page.tenant.id}
          customer={page.tenant.displayName}
          rows={sheet}
          close={() => setSheet(null)}
        />
      )}
      {returned && <ReturnDialog rows={returned} today={page.today} close={() => setReturned(null)} />}
    </>
  );
}
