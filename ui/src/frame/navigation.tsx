// The way around: the app's pages, the open tenant's pages under them, settings at the foot. Icons alone in a narrow window.
import { CounterBadge, makeStyles, mergeClasses, Text, Tooltip, tokens } from "@fluentui/react-components";
import { type ReactElement, useEffect, useState } from "react";
import { part, useGo, useWhere } from "../address";
import type { AlertCounts } from "../bindings";
import {
  AlertRegular,
  ArrowSwapRegular,
  BranchRequestRegular,
  BuildingMultipleRegular,
  BuildingRegular,
  ClipboardTaskListLtrRegular,
  DocumentPdfRegular,
  GridRegular,
  HistoryRegular,
  HomeRegular,
  KeyRegular,
  PeopleRegular,
  PersonClockRegular,
  PersonKeyRegular,
  PlayCircleRegular,
  ScalesRegular,
  SettingsRegular,
  ShieldKeyholeRegular,
  ShieldTaskRegular,
  TargetArrowRegular,
} from "../components/icons";
import { MiddleCut } from "../components/names";
import { useWaitingChanges } from "../data/changes";
import { useDashboard, useTenants } from "../data/queries";
import { own } from "../theme";

const useStyles = makeStyles({
  root: {
    gridArea: "nav",
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXXS,
    width: "212px",
    boxSizing: "border-box",
    padding: tokens.spacingVerticalS,
    overflowY: "auto",
    backgroundColor: tokens.colorNeutralBackground1,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  narrow: { width: "56px" },
  item: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    minHeight: "36px",
    padding: `0 ${tokens.spacingHorizontalMNudge}`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: "none",
    position: "relative",
    ":hover": { backgroundColor: own.rowHover, color: tokens.colorNeutralForeground1 },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
  },
  here: {
    backgroundColor: own.rowSelected,
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    "::before": {
      content: '""',
      position: "absolute",
      left: 0,
      top: "9px",
      bottom: "9px",
      width: "3px",
      borderRadius: tokens.borderRadiusCircular,
      backgroundColor: tokens.colorCompoundBrandForeground1,
    },
  },
  icon: { fontSize: "20px", lineHeight: 0, flexShrink: 0, position: "relative" },
  iconHere: { color: tokens.colorCompoundBrandForeground1 },
  label: { flex: "1 1 auto", minWidth: 0, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  dot: { position: "absolute", top: "-2px", right: "-2px" },
  group: {
    marginTop: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalMNudge} ${tokens.spacingVerticalXS}`,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    minWidth: 0,
  },
  spring: { flex: "1 1 auto" },
});

const NARROW = "(max-width: 1099px)";

function useNarrow(): boolean {
  const query = () => typeof window.matchMedia === "function" && window.matchMedia(NARROW).matches;
  const [narrow, setNarrow] = useState(query);
  useEffect(() => {
    if (typeof window.matchMedia !== "function") return;
    const list = window.matchMedia(NARROW);
    const follow = () => setNarrow(list.matches);
    list.addEventListener("change", follow);
    return () => list.removeEventListener("change", follow);
  }, []);
  return narrow;
}

const sum = (counts: AlertCounts) => counts.critical + counts.high + counts.medium + counts.low + counts.information;

export function Navigation() {
  const styles = useStyles();
  const { path, tenant } = useWhere();
  const narrow = useNarrow();
  const counts = useDashboard().data?.counts;
  const tenants = useTenants().data;
  const open = counts ? sum(counts) : 0;
  const waiting = useWaitingChanges().data?.total ?? 0;
  const name = tenants?.find((row) => row.id === tenant)?.displayName;
  const base = tenant ? `/tenants/${part(tenant)}` : "";
  const item = (to: string, label: string, icon: ReactElement, here: boolean, badge?: ReactElement | undefined) => (
    <Item key={to} to={to} label={label} icon={icon} here={here} narrow={narrow} badge={badge} />
  );
  const inside = (page: string) => path.startsWith(`/tenants/`) && path.split("/")[3] === page;
  return (
    <nav className={mergeClasses(styles.root, narrow && styles.narrow)} aria-label="Main">
      {item("/", "Dashboard", <HomeRegular />, path === "/")}
      {item(
        "/alerts",
        "Alerts",
        <AlertRegular />,
        path.startsWith("/alerts"),
        open > 0 ? (
          <CounterBadge
            count={open}
            overflowCount={999}
            size={narrow ? "small" : "medium"}
            color={counts && counts.critical > 0 ? "danger" : "informative"}
            appearance="filled"
            aria-label={`${open} open`}
          />
        ) : undefined,
      )}
      {item("/tenants", "Tenants", <BuildingMultipleRegular />, path === "/tenants" || path === "/connect")}
      {item("/mfa", "Fleet MFA", <ShieldKeyholeRegular />, path === "/mfa")}
      {item(
        "/changes",
        "Changes",
        <BranchRequestRegular />,
        path.startsWith("/changes"),
        waiting > 0 ? (
          <CounterBadge
            count={waiting}
            overflowCount={999}
            size={narrow ? "small" : "medium"}
            color="informative"
            appearance="filled"
            aria-label={`${waiting} wait for approval`}
          />
        ) : undefined,
      )}
      {item("/baselines", "Baselines", <ScalesRegular />, path.startsWith("/baselines"))}
      {item("/reports", "Reports", <DocumentPdfRegular />, path === "/reports")}
      {item("/audit", "Audit log", <HistoryRegular />, path === "/audit")}
      {tenant && (
        <>
          <div className={styles.group}>
            {narrow ? <hr aria-hidden hidden /> : <MiddleCut text={name ?? "Tenant"} />}
          </div>
          {item(base, "Overview", <BuildingRegular />, path.split("/").length === 3)}
          {item(`${base}/drift`, "Drift", <TargetArrowRegular />, inside("drift"))}
          {item(`${base}/coverage`, "Coverage", <GridRegular />, inside("coverage"))}
          {item(`${base}/what-if`, "What-if", <PlayCircleRegular />, inside("what-if"))}
          {item(`${base}/policies`, "Policies", <ShieldTaskRegular />, inside("policies"))}
          {item(`${base}/replay`, "Replay", <ArrowSwapRegular />, inside("replay"))}
          {item(`${base}/sign-ins`, "Sign-ins", <KeyRegular />, inside("sign-ins"))}
          {item(`${base}/users`, "Users", <PeopleRegular />, inside("users"))}
          {item(`${base}/mfa`, "MFA", <ShieldKeyholeRegular />, inside("mfa"))}
          {item(`${base}/break-glass`, "Break-glass", <PersonKeyRegular />, inside("break-glass"))}
          {item(`${base}/time-bound-access`, "Time-bound access", <PersonClockRegular />, inside("time-bound-access"))}
          {item(`${base}/exceptions`, "Exceptions", <ClipboardTaskListLtrRegular />, inside("exceptions"))}
          {item(`${base}/changes`, "Changes", <BranchRequestRegular />, inside("changes"))}
        </>
      )}
      <span className={styles.spring} />
      {item("/settings", "Settings", <SettingsRegular />, path === "/settings")}
    </nav>
  );
}

function Item({
  to,
  label,
  icon,
  here,
  narrow,
  badge,
}: {
  to: string;
  label: string;
  icon: ReactElement;
  here: boolean;
  narrow: boolean;
  badge: ReactElement | undefined;
}) {
  const styles = useStyles();
  const go = useGo();
  const link = (
    <a
      href={`#${to}`}
      className={mergeClasses(styles.item, here && styles.here)}
      aria-current={here ? "page" : undefined}
      aria-label={narrow ? label : undefined}
      onClick={(event) => {
        event.preventDefault();
        go(to);
      }}
    >
      <span className={mergeClasses(styles.icon, here && styles.iconHere)} aria-hidden>
        {icon}
        {narrow && badge && <span className={styles.dot}>{badge}</span>}
      </span>
      {!narrow && (
        <Text className={styles.label} weight={here ? "semibold" : "regular"}>
          {label}
        </Text>
      )}
      {!narrow && badge}
    </a>
  );
  return narrow ? (
    <Tooltip content={label} relationship="label" positioning="after">
      {link}
    </Tooltip>
  ) : (
    link
  );
}
