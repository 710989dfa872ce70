// The matrix: people against applications. Rows are virtual; the head and the first column stay. One stop for the Tab key, arrows within.
import { makeStyles, mergeClasses, SearchBox, Switch, Text, tokens } from "@fluentui/react-components";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import type { CoverageMatrix, CoverageRow, Protection } from "../../bindings";
import { cleanName } from "../../components/names";
import { count, counted } from "../../components/words";
import { protectionLook, protections } from "./engine-words";

const FIRST = 280;
const CELL = 116;
const ROW = 48;

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", minHeight: 0, flex: "1 1 auto" },
  tools: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    marginBottom: tokens.spacingVerticalS,
    flexShrink: 0,
  },
  spring: { flex: "1 1 auto" },
  legend: { display: "flex", flexWrap: "wrap", gap: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalM}` },
  scroller: {
    flex: "1 1 auto",
    minHeight: "240px",
    overflow: "auto",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    outline: "none",
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
  },
  inner: { width: "100%" },
  head: {
    display: "grid",
    position: "sticky",
    top: 0,
    zIndex: 2,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  columnHead: {
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXS}`,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground2,
    textAlign: "center",
    alignSelf: "end",
    minWidth: 0,
  },
  columnName: {
    display: "-webkit-box",
    WebkitLineClamp: 3,
    WebkitBoxOrient: "vertical",
    overflow: "hidden",
    overflowWrap: "anywhere",
  },
  corner: { textAlign: "start", paddingLeft: tokens.spacingHorizontalM },
  sticky: {
    position: "sticky",
    insetInlineStart: 0,
    zIndex: 1,
    backgroundColor: tokens.colorNeutralBackground1,
    borderInlineEndWidth: "1px",
    borderInlineEndStyle: "solid",
    borderInlineEndColor: tokens.colorNeutralStroke2,
  },
  body: { position: "relative" },
  row: {
    position: "absolute",
    insetInline: 0,
    top: 0,
    display: "grid",
    height: `${ROW}px`,
    boxSizing: "border-box",
    borderBottomWidth: "1px",
    borderBottomStyle: "solid",
    borderBottomColor: tokens.colorNeutralStroke3,
  },
  profile: { fontWeight: tokens.fontWeightSemibold },
  last: { borderBottomWidth: "2px", borderBottomColor: tokens.colorNeutralStroke1 },
  people: {
    display: "flex",
    flexDirection: "column",
    justifyContent: "center",
    padding: `0 ${tokens.spacingHorizontalM}`,
    minWidth: 0,
    lineHeight: tokens.lineHeightBase200,
  },
  name: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", lineHeight: tokens.lineHeightBase300 },
  small: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, fontWeight: "normal" },
  cell: {
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    gap: tokens.spacingHorizontalXS,
    margin: "3px",
    borderRadius: tokens.borderRadiusSmall,
    fontSize: tokens.fontSizeBase200,
    cursor: "pointer",
    whiteSpace: "nowrap",
    ":hover": { boxShadow: `inset 0 0 0 1px ${tokens.colorNeutralStroke1Hover}` },
  },
  active: { boxShadow: `inset 0 0 0 2px ${tokens.colorStrokeFocus2}` },
  icon: { fontSize: "16px", lineHeight: 0, flexShrink: 0 },
  good: { backgroundColor: tokens.colorStatusSuccessBackground1, color: tokens.colorStatusSuccessForeground1 },
  bad: { backgroundColor: tokens.colorStatusDangerBackground1, color: tokens.colorStatusDangerForeground1 },
  warn: { backgroundColor: tokens.colorPaletteDarkOrangeBackground1, color: tokens.colorPaletteDarkOrangeForeground1 },
  amber: { backgroundColor: tokens.colorPaletteMarigoldBackground1, color: tokens.colorPaletteMarigoldForeground2 },
  calm: { backgroundColor: tokens.colorBrandBackground2, color: tokens.colorBrandForeground2 },
  quiet: { backgroundColor: tokens.colorNeutralBackground3, color: tokens.colorNeutralForeground3 },
  none: { padding: tokens.spacingVerticalXXL, textAlign: "center", color: tokens.colorNeutralForeground2 },
});

const WEAK: ReadonlySet<Protection> = new Set<Protection>(["none", "unknown", "other", "device"]);

export function CoverageGrid({
  matrix,
  text,
  onText,
  weak,
  onWeak,
  open,
}: {
  matrix: CoverageMatrix;
  text: string;
  onText: (text: string) => void;
  weak: boolean;
  onWeak: (weak: boolean) => void;
  open: (row: string, application: string) => void;
}) {
  const styles = useStyles();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const [within, setWithin] = useState(false);
  const rows = useMemo(() => {
    const words = text.toLowerCase();
    return matrix.rows.filter(
      (row) =>
        (!words || `${row.title} ${row.explanation}`.toLowerCase().includes(words)) &&
        (!weak || row.cells.some((cell) => WEAK.has(cell))),
    );
  }, [matrix.rows, text, weak]);
  const template = `${FIRST}px repeat(${matrix.applications.length}, minmax(${CELL}px, 1fr))`;
  const width = FIRST + CELL * matrix.applications.length;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    initialRect: { width: 1000, height: 600 },
  });

  const openAt = (row: number, column: number) => {
    const [chosen, application] = [rows[row], matrix.applications[column]];
    if (chosen && application) open(chosen.id, application.id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const move = (row: number, column: number) => {
      const next = {
        row: Math.min(Math.max(0, row), rows.length - 1),
        column: Math.min(Math.max(0, column), matrix.applications.length - 1),
      };
      setAt(next);
      virtual.scrollToIndex(next.row, { align: "auto" });
      document
        .getElementById(`${id}-${next.row}-${next.column}`)
        ?.scrollIntoView({ block: "nearest", inline: "nearest" });
    };
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(at.row + 1, at.column),
      ArrowUp: () => move(at.row - 1, at.column),
      ArrowRight: () => move(at.row, at.column + 1),
      ArrowLeft: () => move(at.row, at.column - 1),
      Home: () => move(at.row, 0),
      End: () => move(at.row, matrix.applications.length - 1),
      PageDown: () => move(at.row + 10, at.column),
      PageUp: () => move(at.row - 10, at.column),
      Enter: () => openAt(at.row, at.column),
      " ": () => openAt(at.row, at.column),
    };
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const profiles = rows.filter((row) => row.kind === "profile").length;

  return (
    <section className={styles.root} aria-label="Coverage matrix">
      <div className={styles.tools} data-list-filter>
        <SearchBox
          placeholder="Filter people"
          aria-label="Filter people"
          value={text}
          onChange={(_, data) => onText(data.value)}
        />
        <Switch label="Only with gaps" checked={weak} onChange={(_, data) => onWeak(data.checked)} />
        <span className={styles.spring} />
        <Legend matrix={matrix} />
      </div>
      {rows.length === 0 ? (
        <div className={styles.none}>
          <Text>
            {weak && !text ? "Nobody is left without MFA or a block anywhere." : "No class of people matches."}
          </Text>
        </div>
      ) : (
        <div
          ref={scroller}
          className={styles.scroller}
          role="grid"
          aria-label="Protection of people at applications"
          aria-rowcount={rows.length}
          aria-colcount={matrix.applications.length}
          aria-activedescendant={`${id}-${at.row}-${at.column}`}
          tabIndex={0}
          onKeyDown={onKeyDown}
          onFocus={() => setWithin(true)}
          onBlur={() => setWithin(false)}
        >
          <div className={styles.inner} style={{ minWidth: width }}>
            <div className={styles.head} role="row" style={{ gridTemplateColumns: template }}>
              <div role="columnheader" className={mergeClasses(styles.columnHead, styles.corner, styles.sticky)}>
                People
              </div>
              {matrix.applications.map((application) => (
                <div
                  key={application.id}
                  role="columnheader"
                  className={styles.columnHead}
                  title={cleanName(application.displayName)}
                >
                  <bdi dir="auto" className={styles.columnName}>
                    {cleanName(application.displayName)}
                  </bdi>
                </div>
              ))}
            </div>
            <div className={styles.body} style={{ height: virtual.getTotalSize() }}>
              {virtual.getVirtualItems().map(({ index, start }) => {
                const row = rows[index];
                if (!row) return null;
                return (
                  <div
                    key={row.id}
                    role="row"
                    aria-rowindex={index + 1}
                    className={mergeClasses(
                      styles.row,
                      row.kind === "profile" && styles.profile,
                      index === profiles - 1 && rows.length > profiles && styles.last,
                    )}
                    style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
                  >
                    <People row={row} />
                    {row.cells.map((cell, column) => (
                      <Cell
                        key={matrix.applications[column]?.id ?? column}
                        id={`${id}-${index}-${column}`}
                        protection={cell}
                        words={`${cleanName(row.title)} at ${cleanName(matrix.applications[column]?.displayName ?? "")}`}
                        active={within && index === at.row && column === at.column}
                        open={() => {
                          setAt({ row: index, column });
                          openAt(index, column);
                        }}
                      />
                    ))}
                  </div>
                );
              })}
            </div>
          </div>
        </div>
      )}
    </section>
  );
}

function People({ row }: { row: CoverageRow }) {
  const styles = useStyles();
  return (
    <div role="rowheader" className={mergeClasses(styles.people, styles.sticky)}>
      <bdi
        className={styles.name}
        dir="auto"
        title={[row.title, row.explanation].map(cleanName).filter(Boolean).join(": ")}
      >
        {cleanName(row.title)}
      </bdi>
      <span className={mergeClasses(styles.small, styles.name)}>
        {row.users === null ? "users were never read" : counted(row.users, "user")}
        {row.explanation && `, ${cleanName(row.explanation)}`}
      </span>
    </div>
  );
}

function Cell({
  id,
  protection,
  words,
  active,
  open,
}: {
  id: string;
  protection: Protection;
  words: string;
  active: boolean;
  open: () => void;
}) {
  const styles = useStyles();
  const [Icon, tone, long, short] = protectionLook(protection);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid holds the focus and hears the keys
    <div
      id={id}
      role="gridcell"
      aria-label={`${words}: ${long}`}
      title={long}
      className={mergeClasses(styles.cell, styles[tone], active && styles.active)}
      onClick={open}
    >
      <Icon className={styles.icon} aria-hidden />
      {short}
    </div>
  );
}

/** Only what occurs, each with how many cells have it. */
function Legend({ matrix }: { matrix: CoverageMatrix }) {
  const styles = useStyles();
  const seen = new Map<Protection, number>();
  for (const row of matrix.rows)
    if (row.kind === "class") for (const cell of row.cells) seen.set(cell, (seen.get(cell) ?? 0) + 1);
  return (
    <span className={styles.legend}>
      {protections
        .filter((protection) => seen.has(protection))
        .map((protection) => (
          <Text key={protection} size={200} className={styles.small}>
            {protectionLook(protection)[2]} {count(seen.get(protection) ?? 0)}
          </Text>
        ))}
    </span>
  );
}
