// The head of every page: breadcrumb, title, a line of facts in words, and at most one primary button.
import {
  Breadcrumb,
  BreadcrumbButton,
  BreadcrumbDivider,
  BreadcrumbItem,
  makeStyles,
  Text,
  Title3,
  tokens,
} from "@fluentui/react-components";
import { Fragment, type ReactNode, useEffect } from "react";
import { useGo } from "../address";
import { cleanName } from "./names";

const useStyles = makeStyles({
  root: {
    display: "flex",
    alignItems: "flex-end",
    justifyContent: "space-between",
    flexWrap: "wrap",
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    paddingBottom: tokens.spacingVerticalL,
  },
  words: { minWidth: 0, flex: "1 1 320px" },
  title: {
    display: "flex",
    alignItems: "center",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalM,
    margin: 0,
    overflowWrap: "anywhere",
    ":focus": { outline: "none" },
  },
  facts: { color: tokens.colorNeutralForeground2, display: "block", marginTop: tokens.spacingVerticalXXS },
  crumbs: { marginLeft: `calc(-1 * ${tokens.spacingHorizontalSNudge})` },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

export interface Crumb {
  title: string;
  to: string;
}

export function PageHead({
  title,
  badge,
  facts,
  crumbs,
  actions,
}: {
  title: string;
  badge?: ReactNode;
  facts?: ReactNode;
  crumbs?: readonly Crumb[];
  actions?: ReactNode;
}) {
  const styles = useStyles();
  const go = useGo();
  const name = cleanName(title);
  useEffect(() => {
    document.title = `${name} – Gatehouse`;
  }, [name]);
  return (
    <header className={styles.root}>
      <div className={styles.words}>
        {crumbs && crumbs.length > 0 && (
          <Breadcrumb className={styles.crumbs} size="small" aria-label="Breadcrumb">
            {crumbs.map((crumb, index) => (
              <Fragment key={crumb.to}>
                <BreadcrumbItem>
                  <BreadcrumbButton
                    href={`#${crumb.to}`}
                    onClick={(event: React.MouseEvent) => {
                      event.preventDefault();
                      go(crumb.to);
                    }}
                  >
                    <bdi dir="auto">{cleanName(crumb.title)}</bdi>
                  </BreadcrumbButton>
                </BreadcrumbItem>
                {index < crumbs.length - 1 && <BreadcrumbDivider />}
              </Fragment>
            ))}
          </Breadcrumb>
        )}
        <Title3 as="h1" className={styles.title} tabIndex={-1} data-page-head>
          <bdi dir="auto">{name}</bdi>
          {badge}
        </Title3>
        {facts && (
          <Text className={styles.facts} data-testid="facts">
            {facts}
          </Text>
        )}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}
