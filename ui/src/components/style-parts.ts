// Pieces of style that several pages put into their own `makeStyles`: a text of two lines, a row that is a button, what stands in a side panel.
import { type GriffelStyle, tokens } from "@fluentui/react-components";
import { own } from "../theme";

/** At most two lines; the whole text belongs on hover. */
export const twoLines: GriffelStyle = {
  display: "-webkit-box",
  WebkitLineClamp: 2,
  WebkitBoxOrient: "vertical",
  overflow: "hidden",
  overflowWrap: "anywhere",
  lineHeight: tokens.lineHeightBase200,
};

/** Two lines of smaller, quieter text below a name. */
export const twoQuietLines: GriffelStyle = {
  ...twoLines,
  fontSize: tokens.fontSizeBase200,
  color: tokens.colorNeutralForeground2,
};

/** A row of a list that does something as a whole. */
export const rowButton: GriffelStyle = {
  appearance: "none",
  alignItems: "center",
  width: "100%",
  border: "none",
  borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  background: "none",
  color: tokens.colorNeutralForeground1,
  font: "inherit",
  textAlign: "start",
  cursor: "pointer",
  ":hover": { backgroundColor: own.rowHover },
  ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
};

/** A list without its bullets; its items draw their own lines. */
export const plainList: GriffelStyle = { listStyle: "none", margin: 0, padding: 0 };

/** An item of such a list. */
export const listItem: GriffelStyle = {
  display: "grid",
  gap: tokens.spacingVerticalXXS,
  padding: `${tokens.spacingVerticalS} 0`,
  borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  overflowWrap: "anywhere",
};

/** The answer at the head of a panel, in a frame. */
export const framed: GriffelStyle = {
  padding: tokens.spacingHorizontalL,
  gap: tokens.spacingVerticalS,
  boxShadow: "none",
  border: `1px solid ${tokens.colorNeutralStroke2}`,
  overflowWrap: "anywhere",
};

/** The same with an edge that carries the colour of the judgement. */
export const framedWithEdge: GriffelStyle = { ...framed, borderInlineStartWidth: "4px" };

export const edge = {
  good: { borderInlineStartColor: tokens.colorStatusSuccessBorder2 },
  warn: { borderInlineStartColor: tokens.colorStatusWarningBorder2 },
  bad: { borderInlineStartColor: tokens.colorStatusDangerBorder2 },
} satisfies Record<string, GriffelStyle>;

/** A part of a panel below its title. */
export const panelSection: GriffelStyle = {
  display: "flex",
  flexDirection: "column",
  gap: tokens.spacingVerticalS,
  overflowWrap: "anywhere",
};

export const large: GriffelStyle = { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 };
export const quiet: GriffelStyle = { color: tokens.colorNeutralForeground3 };
