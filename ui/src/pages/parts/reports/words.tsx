// The reports' names, and an answer to a carrier's question as icon, colour and word.
import type { Answer, Chapter, Every, PaperSize, ReportKind } from "../../../bindings";
import {
  CheckmarkCircleRegular,
  CircleHalfFillRegular,
  DismissCircleRegular,
  QuestionCircleRegular,
} from "../../../components/icons";
import { type Look, ToneWord } from "../../../components/tone-word";

export const reportKinds: readonly ReportKind[] = ["insurer", "mfa", "changes", "fleet"];
export const reportName: Record<ReportKind, string> = {
  mfa: "MFA posture",
  insurer: "Insurer compliance evidence",
  changes: "Alerts and changes",
  fleet: "Fleet summary",
};
export const reportWhat: Record<ReportKind, string> = {
  mfa: "Who has which MFA method, admins first; who has SMS only or nothing; what could not be read, and how it was counted.",
  insurer:
    "The carriers' questions with an answer, its evidence and the page that proves it; enrolment, policies, exceptions, admins, break-glass, changes and alerts of the period, and the data set beside it.",
  changes: "What changed in a customer's policies and groups, who did it, and how fast alerts were handled.",
  fleet:
    "Every customer on one page each row: MFA, open alerts, drift, what to do first. For the owner of the business.",
};

const answers: Record<Answer, Look> = {
  yes: [CheckmarkCircleRegular, "good", "Yes"],
  partly: [CircleHalfFillRegular, "amber", "Partly"],
  no: [DismissCircleRegular, "bad", "No"],
  unknown: [QuestionCircleRegular, "quiet", "Unknown"],
};
export const answerNames: readonly Answer[] = ["yes", "partly", "no", "unknown"];
export const answerWord = (answer: Answer) => answers[answer][2];
export const AnswerWord = ({ answer }: { answer: Answer }) => <ToneWord look={answers[answer]} strong />;

export const chapterName: Record<Chapter, string> = {
  enrolment: "Enrolment",
  policies: "Policies",
  exceptions: "Exceptions",
  admins: "Administrators",
  breakGlass: "Break-glass",
  changes: "Changes",
  alerts: "Alerts",
  sources: "Sources",
};

export const everyWord: Record<Every, string> = {
  weekly: "Every week",
  biweekly: "Every two weeks",
  monthly: "Every month",
};
export const paperWord: Record<PaperSize, string> = { a4: "A4", letter: "Letter" };
