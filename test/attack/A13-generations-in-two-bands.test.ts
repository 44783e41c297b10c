/** G4, law 4, ADR 9: a later generation is the same promise, or wallets whose signers never meet pay it once each. */
import { describe, expect, test } from "vitest";
import type { Digest } from "../../src/core/digest.ts";
import { embed, makeDocument } from "../../src/core/document.ts";
import { DEAD } from "../../src/core/documents/dead.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import { assertConsistent } from "../../src/core/policy/verify.ts";
import { publicFacts } from "../../signer/keystore/seed-file.ts";
import { EMPTY_JOURNAL, makeLine, withLine } from "../../signer/journal/journal.ts";
import type { SignerState } from "../../signer/gates/state.ts";
import { makeCustody, payout, stateFor, type Custody, type Payout } from "../factory/custody.ts";
import { header, row, signedDocument, START_HEAD } from "../factory/documents.ts";
import { after, reviewed, signed } from "../factory/gates.ts";
import {
  ANNA,
  at,
  BEN,
  castMember,
  fixtureBytes,
  fixtureDigest,
  SIGNER,
  type Cast,
} from "../factory/identities.ts";
import { ask, planned } from "../factory/requests.ts";
import { codeOf } from "../factory/thrown.ts";

const SECOND = castMember("signer-2");
const HOT = "hot" as Name;
const { wallet: vault } = makeCustody();
const { descriptor } = publicFacts(fixtureBytes("hot entropy"), "regtest");
const hot = { ...vault, name: HOT, descriptor, signers: [SECOND.name] };
const named = ({ name, key }: typeof SIGNER) => ({ name, key, epoch: 1, startHead: START_HEAD, since: 1 });

/** Small amounts are paid from the hot wallet, by a signer that the vault does not have. */
const custody = makeCustody({
  signers: [named(SIGNER), named(SECOND)],
  wallets: [vault, hot],
  rows: [row("small", "0", "20000000", 1, { wallets: [HOT] }), row("large", "20000000", "1000000000", 2)],
});
const large = payout(custody, { units: "25000000", approvers: [ANNA, BEN] });
const atVault = stateFor(custody);

function atHot(): SignerState {
  const born = makeLine(EMPTY_JOURNAL, "init", fixtureDigest("card"), at("07:00:00"), SECOND.seed);
  const journal = withLine(EMPTY_JOURNAL, born);
  const pin = makeLine(journal, "pin", custody.policy.digest, custody.policy.body.issued, SECOND.seed);
  const self = { name: SECOND.name, key: SECOND.key, epoch: 1, startHead: START_HEAD };
  return stateFor(custody, { journal: withLine(journal, pin), self });
}

describe("A13: a promise made smaller by its second generation falls into a band whose signers know nothing", () => {
  const onHot: Custody = { ...custody, wallet: hot };
  const judge = (what: Payout) => {
    const plan = planned(onHot, [what], { coins: [{ units: 26_000_000n, index: 1 }] });
    return codeOf(() => reviewed(ask(onHot, [plan], { label: "again" }), atHot()));
  };

  test("the policy itself is sound, and the first generation is signed", () => {
    expect(codeOf(() => assertConsistent(custody.policy.body))).toBe("none");
    const plan = planned(custody, [large], { coins: [{ units: 30_000_000n, index: 1 }] });
    expect(signed(ask(custody, [plan]), atVault).receipt.body.outcome.type).toBe("signed");
  });

  test("the second, of another amount, is refused, also where the first is left out or invented", () => {
    const smaller = { units: "20000000", supersedes: [large.intent] };
    expect(judge(payout(custody, smaller))).toBe("G4_OTHER_PROMISE");
    expect(judge({ ...payout(custody, smaller), superseded: [] })).toBe("G4_SUPERSEDED_MISSING");
    const invented = payout(custody, { units: "20000000" });
    expect(judge({ ...payout(custody, smaller), superseded: [invented.intent] })).toBe("G4_STRAY_DOCUMENT");
  });

  test("twin: of a promise that was small from the beginning it is accepted", () => {
    const first = payout(custody, { units: "20000000" });
    expect(judge(payout(custody, { units: "20000000", supersedes: [first.intent] }))).toBe("none");
  });
});

/** Judges requests that pay anew, on another coin, what a signer of `bands` has signed once. */
function payingAnew(bands: Custody) {
  const first = payout(bands, { units: "25000000", approvers: [ANNA, BEN] });
  const onX = planned(bands, [first], { coins: [{ units: 30_000_000n, index: 1 }] });
  const written = signed(ask(bands, [onX]), stateFor(bands));

  return (units: string, who: readonly Cast[] = [ANNA, BEN], rows?: Policy["rows"]): string => {
    const { outcome } = written.receipt.body;
    const rungs = outcome.type === "signed" ? (outcome.plans[0]?.rungs ?? []) : [];
    const dead = makeDocument(DEAD, {
      ...header("dead"),
      custody: bands.id,
      plan: onX.plan.digest,
      transactions: rungs.map(({ transaction }): Digest => transaction),
      conflictKey: onX.plan.body.conflictKeys[0] as string,
      spentBy: fixtureDigest("another spend"),
      block: { hash: fixtureDigest("block"), height: 900 },
      evidence: fixtureDigest("evidence"),
      policy: 1,
    });
    const body = { dead: [embed(signedDocument(dead, who, at("09:10:00")))] };
    const again = payout(bands, { units, approvers: [ANNA, BEN], supersedes: [first.intent] });
    const plan = planned(bands, [again], { coins: [{ units: 31_000_000n, index: 2 }] });
    const request = ask(bands, [plan], { label: "again", body });
    const { body: pinned } = bands.policy;
    const policy = { ...bands.policy, body: { ...pinned, rows: rows ?? pinned.rows } };
    return codeOf(() => reviewed(request, { ...after(stateFor(bands), written), policy }));
  };
}

const bandsTo = (units: string): Policy["rows"] => [
  row("small", "0", units, 1),
  row("large", units, "1000000000", 2),
];

describe("A13: nor is a payment of many approvers called dead by the few of another band", () => {
  const judge = payingAnew(makeCustody({ rows: bandsTo("20000000") }));

  test("the amount stays, and with it those who must say so", () => {
    expect(judge("10000000")).toBe("G4_OTHER_PROMISE");
    expect(judge("25000000")).toBe("none");
  });

  test("as many must say so as had to approve it, also where a next policy has moved the bands", () => {
    const moved = bandsTo("30000000");
    expect(judge("25000000", [BEN], moved)).toBe("G10_DEAD_UNSIGNED");
    expect(judge("25000000", [ANNA, BEN], moved)).toBe("none");
  });

  test("and as many as have to approve it now, where few had to before", () => {
    const [few, moved] = [payingAnew(makeCustody({ rows: bandsTo("30000000") })), bandsTo("20000000")];
    expect(few("25000000", [BEN])).toBe("none");
    expect(few("25000000", [BEN], moved)).toBe("G10_DEAD_UNSIGNED");
    expect(few("25000000", [ANNA, BEN], moved)).toBe("none");
  });
});
