import { describe, expect, test } from "vitest";
import type { Evidence } from "../../../../src/core/policy/evaluate.ts";
import { rehearse } from "../../../../src/core/policy/rehearse.ts";
import { approval, beneficiary, intent, policyBody, row } from "../../../factory/documents.ts";
import { ANNA, at, BEN, fixtureId } from "../../../factory/identities.ts";

function recorded(label: string, units: string, approvers = [ANNA], when = at("09:00:00")): Evidence {
  const wish = intent({ id: fixtureId(label), units });
  const approvals = approvers.length === 0 ? [] : [approval(wish, approvers, {}, when)];
  return { intent: wish, beneficiary: beneficiary(), approvals, clearances: [], halts: [] };
}

const BEFORE = policyBody();
const NOW = at("12:00:00");
const SMALL = recorded("small", "1000");
const LARGE = recorded("large", "200000000", [ANNA, BEN], at("09:30:00"));
const OPEN = recorded("open", "1000", []);

describe("a rehearsal says which recorded decisions a draft would change", () => {
  test("none, by the policy itself, and none when a draft only ends earlier approvals", () => {
    expect(rehearse(BEFORE, BEFORE, [SMALL, LARGE, OPEN], NOW)).toEqual([]);
    const later = policyBody({ number: 2, approvalsSince: 2 });
    expect(rehearse(BEFORE, later, [SMALL, LARGE, OPEN], NOW)).toEqual([]);
  });

  test("a higher quorum stops what one approver allowed, judged when it was signed and not today", () => {
    const rows = [row("small", "0", "100000000", 2), row("large", "100000000", "1000000000", 2)];
    expect(rehearse(BEFORE, policyBody({ rows }), [OPEN, SMALL, LARGE], at("23:00:00"))).toMatchObject([
      {
        intent: SMALL.intent.body.id,
        at: at("09:00:00"),
        before: { decision: "ALLOWED", row: "small" },
        after: { decision: "QUORUM_NOT_MET", row: "small" },
      },
    ]);
  });

  test("a removed row, another row that decides, and a delay", () => {
    const judge = (rows: ReturnType<typeof row>[]) =>
      rehearse(BEFORE, policyBody({ rows }), [SMALL], NOW).map(({ after }) => [after.decision, after.row]);
    expect(judge([])).toEqual([["NO_ROW", undefined]]);
    expect(judge([row("all", "0", "1000000000", 1)])).toEqual([["ALLOWED", "all"]]);
    expect(judge([row("small", "0", "1000", 1, { delaySeconds: 60 })])).toEqual([["NOT_RELEASED", "small"]]);
    expect(judge([row("small", "0", "1000", 1)])).toEqual([]);
  });

  test("limits count what went before, in the order of time", () => {
    const limits = { dayUnits: "1999", monthUnits: "100000" };
    const rows = [row("small", "0", "100000000", 1, { limits, approvalSecondsMax: 86400 * 3 })];
    const second = recorded("second", "1000", [BEN], at("09:10:00"));
    expect(rehearse(BEFORE, policyBody({ rows }), [second, SMALL], NOW)).toMatchObject([
      { intent: second.intent.body.id, after: { decision: "LIMIT_EXCEEDED", row: "small" } },
    ]);
  });
});
