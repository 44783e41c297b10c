import { describe, expect, test } from "vitest";
import { consistencyProof } from "../../../../src/core/audit-proof.ts";
import { appendLeaf, EMPTY_FRONTIER, leafHash, rootOf } from "../../../../src/core/audit-tree.ts";
import type { Digest } from "../../../../src/core/digest.ts";
import { documentBytes } from "../../../../src/core/document.ts";
import type { Head } from "../../../../src/core/documents/approval.ts";
import type { Request } from "../../../../src/core/documents/request.ts";
import { Refusal } from "../../../../src/core/gate.ts";
import { utf8 } from "../../../../src/core/hex.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { headOf } from "../../../../src/core/journal-entry.ts";
import { LIMITS } from "../../../../src/core/limits.ts";
import { refuse } from "../../../../signer/gates/g12-sign.ts";
import { makeLine, withLine, type JournalLine } from "../../../../signer/journal/journal.ts";
import { goodRequest, makeCustody, payout, stateFor } from "../../../factory/custody.ts";
import { after, reviewed, signed } from "../../../factory/gates.ts";
import {
  ANNA,
  at,
  castMember,
  fixtureDigest,
  OSCAR,
  SIGNER,
  type Cast,
} from "../../../factory/identities.ts";
import { ask, planned } from "../../../factory/requests.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = makeCustody();
const state = stateFor(custody);
const LATER = fixtureDigest("a head of this signer that its journal has lost");

const seen = (head: Digest, changes: Partial<Head> = {}): Head => ({
  signer: SIGNER.name,
  epoch: 1,
  head,
  ...changes,
});

describe("G3: heads that others have seen (law 7, rollback)", () => {
  /** The verdict when `who` approves and says to have seen `heads`. */
  const judged = (heads: Head[], who: readonly Cast[] = [ANNA]) => {
    const payouts = [payout(custody, { approval: { heads }, approvers: who })];
    return codeOf(() => reviewed(ask(custody, [planned(custody, payouts)]), state));
  };

  test("every head of the journal, and heads of other signers, are known", () => {
    for (const { entry } of custody.journal.lines) expect(judged([seen(headOf(entry))])).toBe("none");
    expect(judged([seen(LATER, { signer: "signer-2" as Name })])).toBe("none");
  });

  test("a head that an approver has seen and the journal lacks shows a rollback", () => {
    expect(judged([seen(LATER)])).toBe("G3_ROLLED_BACK");
  });

  test("a later epoch of this signer shows that this machine was replaced", () => {
    const head = custody.journal.head;
    expect(judged([seen(head, { epoch: 2 })])).toBe("G3_ROLLED_BACK");
  });

  test("a head of a former epoch says nothing about this one", () => {
    const signers = custody.policy.body.signers.map((signer) => ({ ...signer, epoch: 2 }));
    const renewed = makeCustody({ signers });
    const { self } = state;
    const payouts = [payout(renewed, { approval: { heads: [seen(LATER)] } })];
    const request = ask(renewed, [planned(renewed, payouts)]);
    const second = stateFor(renewed, { self: { ...self, epoch: 2 } });
    expect(codeOf(() => reviewed(request, second))).toBe("none");
  });

  test("nobody without the role of approver can stop a signer by naming heads", () => {
    const good = payout(custody);
    const [word] = payout(custody, { approval: { heads: [seen(LATER)] }, approvers: [OSCAR] }).approvals;
    const stranger = payout(custody, {
      approval: { heads: [seen(LATER)] },
      approvers: [castMember("stranger")],
    }).approvals;
    const payouts = [{ ...good, approvals: [...good.approvals, ...(word ? [word] : []), ...stranger] }];
    expect(codeOf(() => reviewed(ask(custody, [planned(custody, payouts)]), state))).toBe("none");
  });

  test("the online host holds no head that the journal lacks, and names each signer once", () => {
    const hosted = (heads: Head[]) =>
      codeOf(() => reviewed(goodRequest(custody, { body: { heads } }), state));
    const { head } = custody.journal;
    expect(hosted([seen(head), seen(LATER, { signer: "signer-2" as Name })])).toBe("none");
    expect(hosted([seen(LATER)])).toBe("G3_ROLLED_BACK");
    expect(hosted([seen(head), seen(head)])).toBe("G4_DOCUMENT_TWICE");
  });
});

describe("G3: what follows the head that the request names fits into a receipt", () => {
  const MAX = LIMITS.receiptEntriesMax;
  const long = Array.from({ length: MAX + 1 }).reduce<typeof custody.journal>(
    (journal) =>
      withLine(journal, makeLine(journal, "import", fixtureDigest("a word"), at("08:30:00"), SIGNER.seed)),
    custody.journal,
  );
  const grown = { ...state, journal: long };
  const headAt = (number: number) => headOf((long.lines[number] as JournalLine).entry);
  const naming = (...heads: Head[]) => goodRequest(custody, { body: { heads } });
  const last = long.lines.length - 1;

  test("a request that names no head, or an old one, is refused before anything is signed (law 7)", () => {
    expect(codeOf(() => reviewed(naming(), grown))).toBe("G3_HEAD_TOO_OLD");
    expect(codeOf(() => reviewed(naming(seen(headAt(last - MAX - 1))), grown))).toBe("G3_HEAD_TOO_OLD");
    expect(codeOf(() => reviewed(naming(seen(headAt(last), { epoch: 2 })), grown))).toBe("G3_ROLLED_BACK");
    const { receipt } = signed(naming(seen(headAt(last - MAX))), grown);
    expect(receipt.body.journal).toHaveLength(MAX);
    expect(receipt.body.journal.at(-1)?.entry.number).toBe(last);
  });

  test("its refusal's receipt brings the first of them, and the head that the next request names", () => {
    const request = naming();
    const refusal = new Refusal("G3", "HEAD_TOO_OLD", "too old");
    const { receipt } = refuse(request, refusal, SIGNER.seed, grown);
    expect(receipt.body.journal.map(({ entry }) => entry.number)).toEqual(
      Array.from({ length: MAX }, (_, n) => n),
    );
    expect(receipt.body.place.number).toBe(last + 1);
    expect(documentBytes(receipt).length).toBeLessThan(512 * 1024);
    expect(codeOf(() => reviewed(naming(seen(headAt(MAX - 1))), grown))).toBe("none");
  });
});

describe("G3: the online audit tree only grows (RFC 6962 §2.1.2)", () => {
  const rows = Array.from({ length: 12 }, (_, i) => leafHash(utf8(`row ${i}`)));
  const forged = rows.map((row, i) => (i === 2 ? leafHash(utf8("rewritten")) : row));
  const rootAt = (size: number, leaves = rows) =>
    rootOf(leaves.slice(0, size).reduce(appendLeaf, EMPTY_FRONTIER));

  /** A tree of `size` rows with a proof from `from`. */
  const tree = (size: number, from?: number, leaves = rows, epoch = 1): Request["audit"] => ({
    epoch,
    size,
    root: rootAt(size, leaves),
    extends:
      from === undefined
        ? []
        : [{ signer: SIGNER.name, size: from, proof: [...consistencyProof(leaves.slice(0, size), from)] }],
  });
  const asking = (audit: Request["audit"], label: string) =>
    ask(custody, [planned(custody, [payout(custody)])], { label, body: { audit } });

  const first = signed(asking(tree(7), "first"), state);
  const next = after(state, first);
  const judged = (audit: Request["audit"], given = next) =>
    codeOf(() => reviewed(asking(audit, "second"), given));

  test("a receipt countersigns the place that was proven", () => {
    const { outcome } = first.receipt.body;
    expect(outcome.type === "signed" && outcome.audit).toEqual({ epoch: 1, size: 7, root: rootAt(7) });
  });

  test("the same place again, or one that a proof reaches, is taken", () => {
    expect(judged(tree(7))).toBe("none");
    expect(judged(tree(7, 7))).toBe("none");
    expect(judged(tree(12, 7))).toBe("none");
  });

  test("a larger tree without proof, or with a proof from elsewhere, is refused", () => {
    expect(judged(tree(12))).toBe("G3_AUDIT_REWRITTEN");
    expect(judged(tree(12, 6))).toBe("G3_AUDIT_REWRITTEN");
    const shifted = tree(12, 6).extends.map((each) => ({ ...each, size: 7 }));
    expect(judged({ ...tree(12), extends: shifted })).toBe("G3_AUDIT_REWRITTEN");
    const others = tree(12, 7).extends.map((each) => ({ ...each, signer: "signer-2" as Name }));
    expect(judged({ ...tree(12), extends: others })).toBe("G3_AUDIT_REWRITTEN");
  });

  test("a row that was rewritten is found, whatever proof comes with it", () => {
    expect(judged(tree(7, 7, forged))).toBe("G3_AUDIT_REWRITTEN");
    expect(judged(tree(12, 7, forged))).toBe("G3_AUDIT_REWRITTEN");
  });

  test("hashes of another length are a refusal, not a fault", () => {
    const proof = ["00"];
    expect(judged({ ...tree(12), extends: [{ signer: SIGNER.name, size: 7, proof }] })).toBe(
      "G3_HEX_MALFORMED",
    );
  });

  test("a smaller tree is a database that was put back", () => {
    expect(judged(tree(6))).toBe("G3_AUDIT_BEHIND");
    expect(judged(tree(6), state)).toBe("none");
  });

  test("another epoch begins at the place that the admins name, and only there", () => {
    expect(judged(tree(12, 7, rows, 2))).toBe("G3_AUDIT_EPOCH");
    const audit = { epoch: 2, size: 4, root: rootAt(4, forged) };
    const policy = { ...custody.policy, body: { ...custody.policy.body, audit } };
    const restored = { ...next, policy };
    expect(judged(tree(12, 7), restored)).toBe("G3_AUDIT_EPOCH");
    expect(judged(tree(9, 4, forged, 2), restored)).toBe("none");
    expect(judged(tree(9, 4, rows, 2), restored)).toBe("G3_AUDIT_REWRITTEN");
  });
});
