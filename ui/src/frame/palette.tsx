// Search everywhere: one box that finds tenants, users, policies and alerts in the store, and the app's pages and actions.
import {
  Dialog,
  DialogBody,
  DialogSurface,
  makeStyles,
  mergeClasses,
  SearchBox,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { type ReactElement, useEffect, useId, useRef, useState } from "react";
import { part, useGo, useWhere } from "../address";
import { commands, type Theme } from "../bindings";
import {
  AlertRegular,
  ArrowRightRegular,
  ArrowSyncRegular,
  BranchRequestRegular,
  BuildingRegular,
  KeyboardRegular,
  PersonRegular,
  PlugConnectedRegular,
  SearchRegular,
  ShieldTaskRegular,
  WeatherMoonRegular,
} from "../components/icons";
import { cleanName } from "../components/names";
import { useResync, useSaveSettings } from "../data/actions";
import { ask } from "../data/ipc";
import { FLEET, useSettings } from "../data/queries";
import { own } from "../theme";

const useStyles = makeStyles({
  surface: {
    width: "600px",
    maxWidth: "calc(100vw - 48px)",
    padding: tokens.spacingHorizontalS,
    marginTop: "72px",
    alignSelf: "start",
  },
  body: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  box: { width: "100%", maxWidth: "none" },
  list: { maxHeight: "min(420px, 60vh)", overflowY: "auto", margin: 0, padding: 0, listStyle: "none" },
  group: {
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalXS}`,
    color: tokens.colorNeutralForeground3,
  },
  option: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    cursor: "pointer",
  },
  active: { backgroundColor: own.rowSelected },
  icon: { fontSize: "20px", lineHeight: 0, color: tokens.colorNeutralForeground3 },
  words: { display: "flex", flexDirection: "column", minWidth: 0 },
  cut: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  quiet: { color: tokens.colorNeutralForeground3 },
  none: { padding: tokens.spacingVerticalL, color: tokens.colorNeutralForeground2 },
});

interface Entry {
  key: string;
  group: string;
  title: string;
  subtitle: string;
  icon: ReactElement;
  run: () => void;
}

const kindIcons: Record<string, ReactElement> = {
  tenant: <BuildingRegular />,
  user: <PersonRegular />,
  policy: <ShieldTaskRegular />,
  alert: <AlertRegular />,
};
const kindGroups: Record<string, string> = { tenant: "Tenants", user: "Users", policy: "Policies", alert: "Alerts" };

function useOwnEntries(showKeys: () => void): Entry[] {
  const go = useGo();
  const { tenant } = useWhere();
  const resync = useResync();
  const settings = useSettings().data;
  const save = useSaveSettings();
  const page = (title: string, to: string): Entry => ({
    key: `page ${to}`,
    group: "Pages",
    title,
    subtitle: "",
    icon: <ArrowRightRegular />,
    run: () => go(to),
  });
  const action = (title: string, icon: ReactElement, run: () => void): Entry => ({
    key: `action ${title}`,
    group: "Actions",
    title,
    subtitle: "",
    icon,
    run,
  });
  const theme = (title: string, value: Theme) =>
    action(title, <WeatherMoonRegular />, () => settings && save.mutate({ ...settings, theme: value }));
  return [
    ...(tenant ? [action("Resync this tenant", <ArrowSyncRegular />, () => resync.mutate({ tenants: [tenant] }))] : []),
    action("Resync all tenants", <ArrowSyncRegular />, () => resync.mutate({ tenants: [] })),
    action("Connect a tenant", <PlugConnectedRegular />, () => go("/connect")),
    ...(tenant
      ? [
          action("New change in this tenant", <BranchRequestRegular />, () =>
            go(`/tenants/${part(tenant)}/changes/new`),
          ),
        ]
      : []),
    action("Show the keys", <KeyboardRegular />, showKeys),
    page("Dashboard", "/"),
    page("Alerts", "/alerts"),
    page("Tenants", "/tenants"),
    page("MFA of the fleet", "/mfa"),
    page("Changes", "/changes"),
    page("Baselines", "/baselines"),
    page("Reports", "/reports"),
    page("Audit log", "/audit"),
    page("Settings", "/settings"),
    ...(tenant
      ? [
          page("Drift of this tenant", `/tenants/${part(tenant)}/drift`),
          page("Coverage of this tenant", `/tenants/${part(tenant)}/coverage`),
          page("What-if for this tenant", `/tenants/${part(tenant)}/what-if`),
          page("Policies of this tenant", `/tenants/${part(tenant)}/policies`),
          page("Replay of this tenant", `/tenants/${part(tenant)}/replay`),
          page("Sign-ins of this tenant", `/tenants/${part(tenant)}/sign-ins`),
          page("Users of this tenant", `/tenants/${part(tenant)}/users`),
          page("MFA of this tenant", `/tenants/${part(tenant)}/mfa`),
          page("Time-bound access of this tenant", `/tenants/${part(tenant)}/time-bound-access`),
          page("Exceptions from MFA of this tenant", `/tenants/${part(tenant)}/exceptions`),
          page("New time-bound access in this tenant", `/tenants/${part(tenant)}/time-bound-access/new`),
          page("Break-glass of this tenant", `/tenants/${part(tenant)}/break-glass`),
          page("Changes of this tenant", `/tenants/${part(tenant)}/changes`),
        ]
      : []),
    theme("Light theme", "light"),
    theme("Dark theme", "dark"),
    theme("High contrast theme", "highContrast"),
    theme("Theme as the system", "system"),
  ];
}

export function Palette({ open, close, showKeys }: { open: boolean; close: () => void; showKeys: () => void }) {
  const styles = useStyles();
  return (
    <Dialog open={open} onOpenChange={(_, data) => !data.open && close()}>
      <DialogSurface className={styles.surface} aria-label="Search">
        {open && <PaletteBody close={close} showKeys={showKeys} />}
      </DialogSurface>
    </Dialog>
  );
}

function PaletteBody({ close, showKeys }: { close: () => void; showKeys: () => void }) {
  const styles = useStyles();
  const go = useGo();
  const listId = useId();
  const own = useOwnEntries(showKeys);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const wanted = text.trim();
  const found = useQuery({
    queryKey: [FLEET, "search", wanted],
    queryFn: () => ask(commands.search(wanted)),
    enabled: wanted.length > 0,
    gcTime: 30_000,
    placeholderData: (before) => before,
  });
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = own.filter((entry) => words.every((word) => entry.title.toLowerCase().includes(word)));
  const hits: Entry[] = (wanted ? (found.data ?? []) : []).map((hit, index) => ({
    key: `${hit.kind} ${hit.route} ${index}`,
    group: kindGroups[hit.kind] ?? "Found",
    title: hit.title,
    subtitle: hit.subtitle,
    icon: kindIcons[hit.kind] ?? <SearchRegular />,
    run: () => go(hit.route),
  }));
  const entries = wanted ? [...hits, ...matching] : matching.filter((entry) => !entry.title.includes("heme"));
  const at = Math.min(active, entries.length - 1);
  useEffect(() => {
    list.current?.querySelector("[data-active=true]")?.scrollIntoView?.({ block: "nearest" });
  });
  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    entry.run();
  };
  return (
    <DialogBody className={styles.body}>
      <SearchBox
        className={styles.box}
        size="large"
        appearance="filled-lighter"
        autoFocus
        placeholder="Tenant, user, policy, alert, page or action"
        aria-label="Search"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={`${listId}-${at}`}
        value={text}
        onChange={(_, data) => {
          setText(data.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step) {
            event.preventDefault();
            setActive((at + step + entries.length) % Math.max(1, entries.length));
          } else if (event.key === "Enter") {
            event.preventDefault();
            choose(entries[at]);
          }
        }}
      />
      {entries.length === 0 && !found.isFetching ? (
        <Text className={styles.none}>Nothing found for “{cleanName(wanted)}”.</Text>
      ) : (
        <ul className={styles.list} role="listbox" id={listId} aria-label="Found" ref={list}>
          {entries.map((entry, index) => (
            <li key={entry.key} role="presentation">
              {entries[index - 1]?.group !== entry.group && (
                <Text as="span" block size={200} weight="semibold" className={styles.group}>
                  {entry.group}
                </Text>
              )}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the search box above holds the focus and hears the keys */}
              <div
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === at}
                data-active={index === at}
                className={mergeClasses(styles.option, index === at && styles.active)}
                onPointerMove={() => index !== at && setActive(index)}
                onClick={() => choose(entry)}
              >
                <span className={styles.icon} aria-hidden>
                  {entry.icon}
                </span>
                <span className={styles.words}>
                  <bdi dir="auto" className={styles.cut}>
                    {cleanName(entry.title)}
                  </bdi>
                  {entry.subtitle && (
                    <Text size={200} className={mergeClasses(styles.quiet, styles.cut)}>
                      <bdi dir="auto">{cleanName(entry.subtitle)}</bdi>
                    </Text>
                  )}
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </DialogBody>
  );
}
