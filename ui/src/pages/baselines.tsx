// What tenants are held to: the built-in baseline, imported ones and those taken from a tenant. Exported policies can also be dropped on the window.
import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import { part, useFilters, useGo } from "../address";
import { type BaselineRow, commands } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import { BuildingRegular, FolderOpenRegular, ScalesRegular } from "../components/icons";
import { cleanName, MiddleCut } from "../components/names";
import { PageHead } from "../components/page-head";
import { RelativeTime } from "../components/relative-time";
import { useSay } from "../components/say";
import { count, counted } from "../components/words";
import { useBaselines } from "../data/engine";
import { ask } from "../data/ipc";
import { useArrayRows } from "../data/rows";
import { useImportBaseline } from "./parts/baseline-actions";
import { FromTenantDialog } from "./parts/baseline-dialogs";
import { TwoLines } from "./parts/two-lines";

const useStyles = makeStyles({
  name: { display: "flex", flexDirection: "column", minWidth: 0, lineHeight: tokens.lineHeightBase200 },
  small: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

export const sourceWord: Record<BaselineRow["source"], string> = {
  builtIn: "Comes with Gatehouse",
  imported: "Imported",
  tenant: "From a tenant",
};

function Name({ row }: { row: BaselineRow }) {
  const styles = useStyles();
  return (
    <span className={styles.name}>
      <MiddleCut text={row.name} />
      <span className={styles.small}>
        {sourceWord[row.source]}
        {row.edited && ", edited"}
      </span>
    </span>
  );
}

const heldTo = (row: BaselineRow) =>
  row.tenants.length === 0 ? "no tenant" : row.tenants.map((tenant) => cleanName(tenant.displayName)).join(", ");

const columns: readonly Column<BaselineRow>[] = [
  {
    key: "name",
    title: "Baseline",
    width: "minmax(220px, 2fr)",
    sortable: true,
    always: true,
    render: (row) => <Name row={row} />,
  },
  { key: "origin", title: "Made of", width: "minmax(200px, 2fr)", render: (row) => <TwoLines text={row.origin} /> },
  {
    key: "controls",
    title: "Controls",
    width: "120px",
    sortable: true,
    end: true,
    render: (row) => (row.on === row.controls ? count(row.controls) : `${count(row.on)} of ${count(row.controls)}`),
  },
  {
    key: "tenants",
    title: "Tenants held to it",
    width: "minmax(180px, 1.6fr)",
    sortable: true,
    render: (row) => (row.tenants.length === 0 ? "–" : <TwoLines text={`${row.tenants.length}: ${heldTo(row)}`} />),
  },
  {
    key: "createdAt",
    title: "Made",
    width: "112px",
    sortable: true,
    render: (row) => <RelativeTime at={row.createdAt} none="–" />,
  },
];

const byName = (a: BaselineRow, b: BaselineRow) =>
  Number(b.source === "builtIn") - Number(a.source === "builtIn") || cleanName(a.name).localeCompare(cleanName(b.name));
const compares: Record<string, (a: BaselineRow, b: BaselineRow) => number> = {
  name: byName,
  controls: (a, b) => a.on - b.on,
  tenants: (a, b) => a.tenants.length - b.tenants.length,
  createdAt: (a, b) => (a.createdAt ?? "").localeCompare(b.createdAt ?? ""),
};

export default function BaselinesPage() {
  const go = useGo();
  const say = useSay();
  const [search, setSearch] = useFilters();
  const [taking, setTaking] = useState(false);
  const asked = useBaselines();
  const { importPaths, busy } = useImportBaseline();
  const text = (search.text ?? "").toLowerCase();
  const sort = { key: search.sort ?? "name", descending: search.down === "1" };
  const compare = compares[sort.key] ?? byName;
  const source = useArrayRows(
    asked.data,
    asked,
    (row) => row.id,
    (row) => !text || `${row.name} ${row.origin} ${heldTo(row)}`.toLowerCase().includes(text),
    (a, b) => (sort.descending ? -compare(a, b) : compare(a, b)),
    JSON.stringify([sort, text]),
  );
  const chooseFolder = async () => {
    try {
      const path = await ask(commands.chooseFolder("A folder of exported Conditional Access policies"));
      if (path !== null) importPaths([path]);
    } catch (error) {
      say.failed(error);
    }
  };

  return (
    <>
      <PageHead
        title="Baselines"
        facts={
          asked.data &&
          `${counted(asked.data.length, "baseline")}. A tenant is held to one of them; Drift says what is missing`
        }
        actions={
          <Menu>
            <MenuTrigger disableButtonEnhancement>
              <Button appearance="primary" disabled={busy}>
                {busy ? "Importing" : "New baseline"}
              </Button>
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                <MenuItem icon={<FolderOpenRegular />} onClick={() => void chooseFolder()}>
                  Import a folder of exported policies
                </MenuItem>
                <MenuItem icon={<BuildingRegular />} onClick={() => setTaking(true)}>
                  Take it from a tenant
                </MenuItem>
              </MenuList>
            </MenuPopover>
          </Menu>
        }
      />
      <DataList
        name="Baselines"
        unit={["baseline", "baselines"]}
        columns={columns}
        rowHeight={52}
        source={source}
        rowId={(row) => row.id}
        rowName={(row) =>
          `${cleanName(row.name)}, ${sourceWord[row.source].toLowerCase()}, ${counted(row.on, "control")}, ${counted(row.tenants.length, "tenant")} held to it`
        }
        open={(row) => go(`/baselines/${part(row.id)}`)}
        sort={sort}
        onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
        filter={{
          text: search.text ?? "",
          onText: (words) => setSearch({ text: words }),
          placeholder: "Filter by name or tenant",
        }}
        clearFilters={() => setSearch({ text: undefined })}
        empty={<EmptyState icon={<ScalesRegular />} title="No baseline" text="The built-in one should be here." />}
      />
      {taking && <FromTenantDialog close={() => setTaking(false)} />}
    </>
  );
}
