// What if this person signed in like that: the form on the left, the answer beside it while it is filled. The address holds every field.
import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useEffect, useMemo, useState } from "react";
import { useFilters, useParam } from "../address";
import type { WhatIfRequest } from "../bindings";
import { EmptyState } from "../components/empty-state";
import { PersonKeyRegular, ShieldQuestionRegular } from "../components/icons";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { ProblemBar, ProblemView } from "../components/problem-view";
import { RelativeTime } from "../components/relative-time";
import { sentence } from "../components/words";
import { useChoices, useFromSignIn, useWhatIf } from "../data/engine";
import { problemOf } from "../data/ipc";
import { useUser } from "../data/queries";
import { EngineNotice } from "./parts/data-notice";
import { Remarks } from "./parts/remarks";
import { SignInPick } from "./parts/sign-in-pick";
import { useTenantCrumbs } from "./parts/tenant-crumbs";
import { Answer } from "./parts/what-if-answer";
import { WhatIfForm } from "./parts/what-if-form";
import { FIELDS, requestOf, searchOf } from "./parts/what-if-request";

const useStyles = makeStyles({
  columns: {
    display: "grid",
    gridTemplateColumns: "minmax(300px, 380px) minmax(0, 1fr)",
    gap: tokens.spacingHorizontalL,
    alignItems: "start",
    paddingBottom: tokens.spacingVerticalXL,
    "@media (max-width: 860px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  answer: { minWidth: 0, display: "grid", gap: tokens.spacingVerticalM },
  like: { color: tokens.colorNeutralForeground2, overflowWrap: "anywhere" },
});

const TYPING_MS = 150;

function useSettled<T>(value: T, key: string): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}

export default function WhatIfPage() {
  const styles = useStyles();
  const tenant = useParam("tenant");
  const { crumbs } = useTenantCrumbs(tenant);
  const [search, setSearch] = useFilters();
  const [picking, setPicking] = useState(false);
  const choices = useChoices(tenant);
  const like = useFromSignIn(tenant, search.like ?? null);

  // A sign-in that the address names fills the form once; afterwards the form is the person's.
  const filling = search.fill === "1" && like.data !== undefined;
  useEffect(() => {
    if (filling && like.data) setSearch({ ...searchOf(like.data.request), fill: undefined });
  }, [filling, like.data]);

  const request = useMemo<WhatIfRequest>(() => requestOf(tenant, search), [tenant, search]);
  const key = JSON.stringify(request);
  const asked = useSettled(request, key);
  const ready = !!asked.user && search.fill !== "1";
  const answer = useWhatIf(asked, ready);
  const user = useUser(tenant, request.user ?? "", !!request.user);
  const person = user.data ? user.data.row : null;
  const clear = () => setSearch({ ...Object.fromEntries(FIELDS.map((field) => [field, undefined])), like: undefined });

  return (
    <>
      <PageHead
        title="What-if"
        crumbs={crumbs}
        facts={
          <>
            What today's policies would say to a sign-in, judged here from what was synced
            {choices.data?.readAt && (
              <>
                , policies read <RelativeTime at={choices.data.readAt} />
              </>
            )}
          </>
        }
      />
      <EngineNotice tenant={tenant} />
      {choices.data?.unreadable ? (
        <EmptyState
          icon={<ShieldQuestionRegular />}
          title="No answer is possible"
          text={sentence(cleanName(choices.data.unreadable.reason))}
        />
      ) : choices.error ? (
        <ProblemView problem={problemOf(choices.error)} retry={() => void choices.refetch()} />
      ) : (
        <div className={styles.columns}>
          <WhatIfForm
            tenant={tenant}
            values={search}
            choices={choices.data}
            person={person}
            set={(patch) => setSearch(patch)}
            fromSignIn={() => setPicking(true)}
            clear={clear}
          />
          <div className={styles.answer}>
            {like.error && <ProblemBar problem={problemOf(like.error)} />}
            {like.data && (
              <Text className={styles.like} data-testid="like">
                As the sign-in of <bdi dir="auto">{cleanName(like.data.user?.displayName ?? "somebody unknown")}</bdi>{" "}
                <RelativeTime at={like.data.at} />. Entra then: {sentence(cleanName(like.data.recorded))}{" "}
                {changed(request, like.data.request) && (
                  <Button
                    size="small"
                    appearance="subtle"
                    onClick={() => like.data && setSearch(searchOf(like.data.request))}
                  >
                    Back to that sign-in
                  </Button>
                )}
              </Text>
            )}
            {like.data && like.data.assumed.length > 0 && (
              <Remarks of={like.data.assumed} title="Entra does not record everything." />
            )}
            {answer.error && request.user ? (
              <ProblemBar problem={problemOf(answer.error)} />
            ) : answer.data && request.user ? (
              <Answer
                tenant={tenant}
                answer={answer.data}
                thinking={answer.isPlaceholderData || key !== JSON.stringify(asked)}
              />
            ) : (
              !request.user &&
              search.fill !== "1" && (
                <EmptyState
                  icon={<PersonKeyRegular />}
                  title="Who signs in?"
                  text="Choose a person, or take a real sign-in. The answer appears here at once and follows every field."
                  actions={<Button onClick={() => setPicking(true)}>As a real sign-in</Button>}
                />
              )
            )}
          </div>
        </div>
      )}
      {picking && (
        <SignInPick
          tenant={tenant}
          user={request.user ?? null}
          close={() => setPicking(false)}
          choose={(id) => {
            setPicking(false);
            setSearch({ like: id, fill: "1" }, { replace: false });
          }}
        />
      )}
    </>
  );
}

const changed = (now: WhatIfRequest, then: WhatIfRequest) =>
  JSON.stringify(searchOf(now)) !== JSON.stringify(searchOf(then));
