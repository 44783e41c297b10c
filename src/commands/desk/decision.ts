/** The words of `desk sign --as`: what each is said of, and who may say it. */
import { declareError } from "../../core/errors.ts";
import { BUILD_ROLES } from "../../core/policy/builds.ts";
import { HALT_ROLES } from "../../core/policy/halts.ts";
import { RATES_ROLES } from "../../core/policy/online/rates.ts";
import type { Role } from "../../core/policy/policy.ts";
import { WARRANT_ROLES } from "../../core/policy/warrants.ts";
import { quoted } from "../../core/text.ts";
import type { Subject } from "./subject.ts";

export const DECISION_UNKNOWN = declareError(
  "DECISION_UNKNOWN",
  "usage",
  "What to sign as does not fit the document.",
);

type Rule = {
  /** Kinds of documents that it is said of. */
  readonly of: readonly Subject["kind"][];
  /** How many files it takes. */
  readonly files: "none or one" | "one" | "one or more";
  /** Roles of which its signer holds one. A policy, and a customer's own destination, know others (`entitled.ts`). */
  readonly roles: readonly Role[];
};

export const DECISIONS = {
  approve: { of: ["bundle"], files: "one", roles: ["approver"] },
  release: { of: ["bundle", "policy"], files: "one", roles: ["approver"] },
  reject: { of: ["bundle"], files: "one", roles: ["approver", "compliance"] },
  clear: { of: ["bundle"], files: "one or more", roles: ["compliance"] },
  beneficiary: { of: ["beneficiary"], files: "one", roles: ["approver"] },
  delegate: { of: ["delegation"], files: "one", roles: ["operator"] },
  dead: { of: ["dead"], files: "one", roles: ["approver"] },
  halt: { of: ["halt"], files: "none or one", roles: HALT_ROLES },
  resume: { of: ["halt", "resume"], files: "one", roles: ["approver"] },
  policy: { of: ["policy"], files: "one", roles: ["admin"] },
  build: { of: ["build"], files: "one", roles: BUILD_ROLES },
  rates: { of: ["rates"], files: "one", roles: RATES_ROLES },
  warrant: { of: ["warrant"], files: "one", roles: WARRANT_ROLES },
} as const satisfies Record<string, Rule>;

export type Decision = keyof typeof DECISIONS;

/** @throws DECISION_UNKNOWN */
export function parseDecision(text: string): Decision {
  if (Object.hasOwn(DECISIONS, text)) return text as Decision;
  throw DECISION_UNKNOWN(`nothing is signed as ${quoted(text)}`, {
    field: "--as",
    hint: `--as ${Object.keys(DECISIONS).join(" | ")}`,
  });
}

/** @throws DECISION_UNKNOWN when `decision` is not said of such documents, or of so many */
export function assertFits(decision: Decision, subjects: readonly Subject[]): void {
  const { of, files }: Rule = DECISIONS[decision];
  const fitting = (kind: Subject["kind"]) =>
    (Object.keys(DECISIONS) as Decision[]).filter((name) => (DECISIONS[name] as Rule).of.includes(kind));
  for (const { kind } of subjects) {
    if (of.includes(kind)) continue;
    throw DECISION_UNKNOWN(`a ${kind} is not signed as ${quoted(decision)}`, {
      field: "--as",
      hint: fitting(kind).length === 0 ? "custody desk review FILE" : `--as ${fitting(kind).join(" | ")}`,
    });
  }
  const count = subjects.length;
  const fits = files === "one" ? count === 1 : files === "one or more" ? count >= 1 : count <= 1;
  if (fits) return;
  throw DECISION_UNKNOWN(`${decision} takes ${files} ${files === "one" ? "file" : "files"}, not ${count}`, {
    field: "file",
    hint: `custody desk sign ${files === "one or more" ? "FILE…" : "FILE"} --as ${decision} --identity NAME.key --out signed.json`,
  });
}
