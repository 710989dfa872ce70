// The titles of a small table's columns.
import { makeStyles, tokens } from "@fluentui/react-components";

export const useTableHead = makeStyles({
  head: {
    textAlign: "start",
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalXS} 0`,
  },
});

export function TableHead({ titles }: { titles: readonly string[] }) {
  const styles = useTableHead();
  return (
    <thead>
      <tr>
        {titles.map((title) => (
          <th key={title} scope="col" className={styles.head}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}
