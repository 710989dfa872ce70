// Exported policies that are dropped on the window, anywhere, become a baseline. While they are held over it, the window says so.
import { makeStyles, Subtitle1, Text, tokens } from "@fluentui/react-components";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { useEffect, useRef, useState } from "react";
import { ArrowUploadRegular } from "../components/icons";
import { useImportBaseline } from "../pages/parts/baseline-actions";

const useStyles = makeStyles({
  over: {
    position: "fixed",
    inset: tokens.spacingHorizontalL,
    zIndex: 1_000_000,
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    justifyContent: "center",
    gap: tokens.spacingVerticalM,
    pointerEvents: "none",
    backgroundColor: tokens.colorNeutralBackground1,
    opacity: 0.94,
    border: `2px dashed ${tokens.colorBrandStroke1}`,
    borderRadius: tokens.borderRadiusXLarge,
  },
  icon: { fontSize: "48px", lineHeight: 0, color: tokens.colorBrandForeground1 },
});

export function PolicyDrop() {
  const styles = useStyles();
  const { importPaths } = useImportBaseline();
  const [over, setOver] = useState(false);
  const take = useRef(importPaths);
  take.current = importPaths;
  useEffect(() => {
    let stop: (() => void) | undefined;
    let gone = false;
    try {
      getCurrentWebview()
        .onDragDropEvent(({ payload }) => {
          setOver(payload.type === "enter" || payload.type === "over");
          if (payload.type === "drop" && payload.paths.length > 0) take.current(payload.paths);
        })
        .then(
          (off) => {
            if (gone) off();
            else stop = off;
          },
          () => undefined,
        );
    } catch {
      // A browser during development has no such window.
    }
    return () => {
      gone = true;
      stop?.();
    };
  }, []);
  if (!over) return null;
  return (
    <div className={styles.over}>
      <ArrowUploadRegular className={styles.icon} aria-hidden />
      <Subtitle1>Drop to make a baseline</Subtitle1>
      <Text>Exported Conditional Access policies (JSON), or a folder of them</Text>
    </div>
  );
}
