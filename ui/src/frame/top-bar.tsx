// The bar on top: product, search, what the sync is doing, the demo fleet's Simulate menu, and who is working.
import {
  Avatar,
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useGo } from "../address";
import type { Theme } from "../bindings";
import { KeyboardRegular, SearchRegular, SettingsRegular } from "../components/icons";
import { useSaveSettings } from "../data/actions";
import { useAppStatus, useSettings } from "../data/queries";
import { SimulateMenu } from "./simulate-menu";
import { SyncStatus } from "./sync-status";

const useStyles = makeStyles({
  root: {
    gridArea: "top",
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    height: "48px",
    padding: `0 ${tokens.spacingHorizontalM}`,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    position: "relative",
  },
  product: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    width: "196px",
    flexShrink: 0,
    "@media (max-width: 1099px)": { width: "auto" },
  },
  search: {
    flex: "0 1 420px",
    minWidth: "160px",
    justifyContent: "flex-start",
    fontWeight: tokens.fontWeightRegular,
    color: tokens.colorNeutralForeground3,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  searchText: {
    flex: "1 1 auto",
    textAlign: "start",
    overflow: "hidden",
    whiteSpace: "nowrap",
    textOverflow: "ellipsis",
  },
  keys: { color: tokens.colorNeutralForeground4, fontSize: tokens.fontSizeBase200 },
  spring: { flex: "1 1 0" },
  plain: { fontWeight: tokens.fontWeightRegular, whiteSpace: "nowrap", flexShrink: 0 },
});

const THEMES: readonly [Theme, string][] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
  ["highContrast", "High contrast"],
];

export const commandKey = () => (/mac/i.test(navigator.platform) ? "⌘" : "Ctrl+");

export function TopBar({ openPalette, showKeys }: { openPalette: () => void; showKeys: () => void }) {
  const styles = useStyles();
  const go = useGo();
  const status = useAppStatus().data;
  const settings = useSettings().data;
  const save = useSaveSettings();
  return (
    <div className={styles.root} role="banner">
      <div className={styles.product}>
        <Mark />
        <Text weight="semibold" size={400}>
          Gatehouse
        </Text>
      </div>
      <Button
        className={styles.search}
        appearance="outline"
        icon={<SearchRegular />}
        onClick={openPalette}
        aria-label="Search"
      >
        <span className={styles.searchText}>Search tenants, users, policies, alerts</span>
        <span className={styles.keys}>{commandKey()}K</span>
      </Button>
      <span className={styles.spring} />
      {status?.demo && <SimulateMenu />}
      <SyncStatus />
      <Menu
        checkedValues={{ theme: [settings?.theme ?? "system"] }}
        onCheckedValueChange={(_, { checkedItems: [theme] }) =>
          settings && save.mutate({ ...settings, theme: theme as Theme })
        }
      >
        <MenuTrigger disableButtonEnhancement>
          <Button
            className={styles.plain}
            appearance="subtle"
            icon={<Avatar size={24} name={status?.technician ?? ""} color="neutral" aria-hidden />}
            aria-label={`Technician: ${status?.technician ?? "unknown"}`}
          >
            <bdi dir="auto">{status?.technician}</bdi>
          </Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {THEMES.map(([theme, title]) => (
              <MenuItemRadio key={theme} name="theme" value={theme}>
                {title}
              </MenuItemRadio>
            ))}
            <MenuDivider />
            <MenuItem icon={<KeyboardRegular />} onClick={showKeys} secondaryContent="?">
              Keys
            </MenuItem>
            <MenuItem icon={<SettingsRegular />} onClick={() => go("/settings")}>
              Settings
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
    </div>
  );
}

/** The product's mark: a gate, in the brand's colour. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      style={{ color: tokens.colorBrandForeground1, flexShrink: 0 }}
    >
      <path fill="currentColor" d="M3 21V7.5L6 5V3h2.5v2h2V3h3v2h2V3H18v2l3 2.5V21h-6v-6.5a3 3 0 0 0-6 0V21H3Z" />
    </svg>
  );
}
