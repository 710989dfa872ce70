// The shape of a page while its first read is on the way; appears late enough that a fast read shows none of it.
import { makeStyles, Skeleton, SkeletonItem, tokens } from "@fluentui/react-components";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalL,
    padding: `${tokens.spacingVerticalXL} 0`,
    animationName: { from: { opacity: 0 }, "60%": { opacity: 0 }, to: { opacity: 1 } },
    animationDuration: "400ms",
  },
  title: { width: "240px" },
});

export function PageSkeleton({ rows = 6 }: { rows?: number }) {
  const styles = useStyles();
  return (
    <Skeleton className={styles.root} aria-label="Loading">
      <SkeletonItem size={28} className={styles.title} />
      {Array.from({ length: rows }, (_, index) => (
        <SkeletonItem key={index} size={24} />
      ))}
    </Skeleton>
  );
}
