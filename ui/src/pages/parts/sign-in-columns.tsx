// The columns that every list of sign-ins shares, so that a sign-in looks the same wherever it is listed.
import type { SignInRow } from "../../bindings";
import type { Column } from "../../components/data-list";
import { EndCut, MiddleCut, PersonName } from "../../components/names";
import { RelativeTime } from "../../components/relative-time";
import { ResultWord } from "./state-words";

export const resultColumn: Column<Pick<SignInRow, "result">> = {
  key: "result",
  title: "Result",
  width: "116px",
  sortable: true,
  render: (row) => <ResultWord result={row.result} />,
};

export const timeColumn: Column<Pick<SignInRow, "at">> = {
  key: "at",
  title: "Time",
  width: "104px",
  sortable: true,
  always: true,
  render: (row) => <RelativeTime at={row.at} />,
};

export const userColumn: Column<Pick<SignInRow, "userName" | "upn">> = {
  key: "userName",
  title: "User",
  width: "minmax(160px, 1.3fr)",
  sortable: true,
  render: (row) => <PersonName person={{ displayName: row.userName, upn: row.upn }} />,
};

export const appColumn: Column<Pick<SignInRow, "app">> = {
  key: "app",
  title: "Application",
  width: "minmax(120px, 1fr)",
  sortable: true,
  render: (row) => <MiddleCut text={row.app || "not named"} />,
};

export const placeColumn: Column<Pick<SignInRow, "place">> = {
  key: "place",
  title: "Place",
  width: "minmax(110px, 0.9fr)",
  sortable: true,
  render: (row) => <EndCut text={row.place || "–"} />,
};
