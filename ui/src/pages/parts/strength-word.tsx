// How strong an MFA method is, as colour, icon and word.
import { tokens } from "@fluentui/react-components";
import {
  CircleRegular,
  ShieldCheckmarkRegular,
  ShieldErrorRegular,
  ShieldKeyholeRegular,
} from "../../components/icons";
import { type Look, ToneWord, unknownLook } from "../../components/tone-word";

const looks: Record<string, Look> = {
  phishingResistant: [ShieldKeyholeRegular, "good", "Phishing-resistant"],
  strong: [ShieldCheckmarkRegular, "good", "Strong"],
  weak: [ShieldErrorRegular, "amber", "Weak"],
  notMfa: [CircleRegular, "quiet", "No MFA method"],
};

export const strengthFill: Record<string, string> = {
  phishingResistant: tokens.colorPaletteGreenBackground3,
  strong: tokens.colorPaletteGreenBackground3,
  weak: tokens.colorPaletteMarigoldBackground3,
};

export const StrengthWord = ({ strength }: { strength: string }) => <ToneWord look={looks[strength] ?? unknownLook} />;
