// A panel beside a list that shows one row whole, with its loading and its failure.
import {
  Button,
  Drawer,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  SkeletonItem,
  Subtitle2,
  Text,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import { DismissRegular } from "../../components/icons";
import { ProblemView } from "../../components/problem-view";
import { panelSection } from "../../components/style-parts";
import { problemOf } from "../../data/ipc";

const useStyles = makeStyles({
  body: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXL, paddingBottom: "24px" },
  quiet: { color: tokens.colorNeutralForeground3 },
  skeleton: { display: "grid", gap: tokens.spacingVerticalL },
  title: { overflowWrap: "anywhere" },
  section: panelSection,
});

export interface Read<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

export function SidePanel<T>({
  label,
  title,
  facts,
  read,
  size = "medium",
  close,
  children,
}: {
  /** What the panel is, for those who hear it. */
  label: string;
  title: (data: T) => ReactNode;
  facts?: (data: T) => ReactNode;
  read: Read<T>;
  size?: "medium" | "large";
  close: () => void;
  children: (data: T) => ReactNode;
}) {
  const styles = useStyles();
  const { data } = read;
  return (
    <Drawer open position="end" size={size} aria-label={label} onOpenChange={(_, next) => !next.open && close()}>
      <DrawerHeader>
        <DrawerHeaderTitle
          className={styles.title}
          action={<Button appearance="subtle" aria-label="Close" icon={<DismissRegular />} onClick={close} />}
        >
          {data ? title(data) : label}
        </DrawerHeaderTitle>
        {data && facts && <Text className={styles.quiet}>{facts(data)}</Text>}
      </DrawerHeader>
      <DrawerBody>
        {data ? (
          <div className={styles.body}>{children(data)}</div>
        ) : read.error ? (
          <ProblemView problem={problemOf(read.error)} retry={() => void read.refetch()} />
        ) : (
          <div className={styles.skeleton} role="status" aria-label="Loading">
            <SkeletonItem size={64} />
            <SkeletonItem size={24} />
            <SkeletonItem size={24} />
            <SkeletonItem size={24} />
          </div>
        )}
      </DrawerBody>
    </Drawer>
  );
}

/** A titled part of a panel. */
export function PanelSection({ title, children }: { title: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <section className={styles.section} aria-label={title}>
      <Subtitle2 as="h3">{title}</Subtitle2>
      {children}
    </section>
  );
}
