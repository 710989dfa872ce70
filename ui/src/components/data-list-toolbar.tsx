// What stands above a list: text filter, further filters, removable chips, how much is shown, columns, export, and "newer rows wait".
import {
  Button,
  InteractionTag,
  InteractionTagPrimary,
  InteractionTagSecondary,
  Menu,
  MenuItemCheckbox,
  MenuList,
  MenuPopover,
  MenuTrigger,
  SearchBox,
  Text,
  Tooltip,
} from "@fluentui/react-components";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useListStyles } from "./data-list-styles";
import { ArrowDownloadRegular, ArrowSyncRegular, ColumnTripleEditRegular } from "./icons";
import { count } from "./words";

export interface Chip {
  label: string;
  remove: () => void;
}

export interface ListFilter {
  text: string;
  onText: (text: string) => void;
  placeholder: string;
}

export interface ToolbarProps {
  columns: readonly { key: string; title: string; always?: boolean }[];
  filter?: ListFilter;
  chips?: readonly Chip[];
  clearFilters?: () => void;
  tools?: ReactNode;
  presets?: ReactNode;
  exportRows?: (() => void) | undefined;
  shown: string;
  chosen: ReadonlySet<string>;
  setChosen: (chosen: ReadonlySet<string>) => void;
  waiting: number | null;
  showWaiting: () => void;
}

/** Long enough to not ask for every letter, short enough to keep up with typing. */
const TYPING_MS = 80;

export function ListToolbar(props: ToolbarProps) {
  const styles = useListStyles();
  const { chips = [], columns, chosen } = props;
  const filters = (
    <>
      {props.filter && <TextFilter {...props.filter} />}
      {props.tools}
    </>
  );
  return (
    <div className={styles.toolbar}>
      <div className={styles.tools}>
        {props.presets ?? filters}
        <span className={styles.spring} />
        {props.waiting !== null && (
          <Button size="small" appearance="primary" icon={<ArrowSyncRegular />} onClick={props.showWaiting}>
            {props.waiting > 0 ? `${count(props.waiting)} new, show` : "Updated, show"}
          </Button>
        )}
        <Text className={styles.shown} aria-live="polite" data-testid="shown">
          {props.shown}
        </Text>
        <Menu
          checkedValues={{
            columns: [...columns.filter((column) => column.always).map((column) => column.key), ...chosen],
          }}
          onCheckedValueChange={(_, data) => props.setChosen(new Set(data.checkedItems))}
        >
          <MenuTrigger disableButtonEnhancement>
            <Tooltip content="Columns" relationship="label">
              <Button size="small" appearance="subtle" icon={<ColumnTripleEditRegular />} />
            </Tooltip>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              {columns
                .filter((column) => column.title)
                .map((column) => (
                  <MenuItemCheckbox
                    key={column.key}
                    name="columns"
                    value={column.key}
                    disabled={column.always ?? false}
                  >
                    {column.title}
                  </MenuItemCheckbox>
                ))}
            </MenuList>
          </MenuPopover>
        </Menu>
        {props.exportRows && (
          <Button size="small" appearance="subtle" icon={<ArrowDownloadRegular />} onClick={props.exportRows}>
            Export
          </Button>
        )}
      </div>
      {props.presets && <div className={styles.tools}>{filters}</div>}
      {chips.length > 0 && (
        <div className={styles.chips}>
          {chips.map((chip) => (
            <InteractionTag key={chip.label} size="small" appearance="brand" value={chip.label}>
              <InteractionTagPrimary hasSecondaryAction onClick={chip.remove}>
                <bdi dir="auto">{chip.label}</bdi>
              </InteractionTagPrimary>
              <InteractionTagSecondary
                aria-labelledby={undefined}
                aria-label={`Remove filter ${chip.label}`}
                onClick={chip.remove}
              />
            </InteractionTag>
          ))}
          {props.clearFilters && (
            <Button size="small" appearance="transparent" onClick={props.clearFilters}>
              Clear filters
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function TextFilter({ text, onText, placeholder }: ListFilter) {
  const styles = useListStyles();
  const [typed, setTyped] = useState(text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(text);
  useEffect(() => {
    // The address changed from elsewhere: back, a chip removed.
    if (text !== sent.current) {
      sent.current = text;
      setTyped(text);
    }
  }, [text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <SearchBox
      className={styles.filter}
      size="medium"
      placeholder={placeholder}
      aria-label={placeholder}
      title="Press / to filter"
      data-list-filter
      value={typed}
      onChange={(_, data) => {
        setTyped(data.value);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => {
          sent.current = data.value;
          onText(data.value);
        }, TYPING_MS);
      }}
    />
  );
}
