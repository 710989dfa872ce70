// The list of keys, behind "?".
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { commandKey } from "./top-bar";

const useStyles = makeStyles({
  list: {
    display: "grid",
    gridTemplateColumns: "auto 1fr",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalS,
    margin: 0,
  },
  key: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalS}`,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    justifySelf: "start",
  },
  what: { margin: 0 },
});

const KEYS = (command: string): readonly (readonly [string, string])[] => [
  [`${command}K`, "Search tenants, users, policies, alerts, pages and actions"],
  [`${command}R`, "Resync the page's tenant, or all of them"],
  ["/", "Go to the list's filter"],
  ["↑ ↓ PgUp PgDn", "Move in a list"],
  ["Enter", "Open the row"],
  ["Space", "Select the row"],
  [`${command}A`, "Select all rows"],
  ["Esc", "Close, or clear the selection"],
  ["?", "This list"],
];

export function KeysDialog({ open, close }: { open: boolean; close: () => void }) {
  const styles = useStyles();
  return (
    <Dialog open={open} onOpenChange={(_, data) => !data.open && close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Keys</DialogTitle>
          <DialogContent>
            <dl className={styles.list}>
              {KEYS(commandKey()).map(([key, what]) => (
                <Row key={key} keys={key} what={what} />
              ))}
            </dl>
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>Close</Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Row({ keys, what }: { keys: string; what: string }) {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.key}>{keys}</dt>
      <dd className={styles.what}>{what}</dd>
    </>
  );
}
