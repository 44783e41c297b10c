import type { WarrantAct, WarrantDocument } from "../../core/documents/warrant.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { WARRANT_QUORUM, warrantedBy, warrantRole } from "../../core/policy/warrants.ts";
import type { Fact } from "../../terminal/reading.ts";
import { grouped } from "../../terminal/table.ts";
import { namesOf, signedAs, type Findings } from "./reading.ts";

export function readWarrant(document: WarrantDocument, policy: Policy | undefined): Findings {
  const { act, expires } = document.body;
  const signed = policy === undefined ? [] : warrantedBy(policy, document);
  const role = warrantRole(act);
  return {
    facts: [
      ["WARRANT", MEANING[act.do]],
      ...factsOf(act),
      ["expires", expires],
      ["signed by", `${namesOf(signed)}: ${signed.length} of ${WARRANT_QUORUM} with role ${role}`],
    ],
    signed: signedAs("warrant", signed),
    missing: signed.length < WARRANT_QUORUM ? [`role ${role}: ${signed.length} of ${WARRANT_QUORUM}`] : [],
  };
}

const MEANING: Readonly<Record<WarrantAct["do"], string>> = {
  block: "the funds of a withdrawal on hold are frozen",
  unblock: "a frozen withdrawal goes back on hold",
  requeue: "a dead letter is tried again",
  drop: "a dead letter is put away unsolved",
  lift: "a halt of the online host alone is over: it builds and sends again",
  reconcile: "the online database is taken for true: plans are built from it again",
};

function factsOf(act: WarrantAct): readonly Fact[] {
  switch (act.do) {
    case "block":
    case "unblock":
      return [
        ["withdrawal", act.withdrawal],
        ["reason", act.code],
      ];
    case "requeue":
    case "drop":
      return [
        ["dead letter", act.letter],
        ["tried so far", `${act.attempts} times`],
      ];
    case "lift":
      return [
        ["flag", act.flag],
        ["raised for", act.code],
      ];
    case "reconcile":
      return [
        ["audit tree", `${act.size} rows, root ${grouped(act.root)}`],
        ["report", `${grouped(act.report)}: compare it with the report that you have read`],
      ];
  }
}
