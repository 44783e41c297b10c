/** G4: who else has to say yes, and who can say no. */
import { describe, expect, test } from "vitest";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import { embed, makeDocument } from "../../../../src/core/document.ts";
import {
  CLEARANCE,
  type Clearance,
  type ClearanceDocument,
} from "../../../../src/core/documents/clearance.ts";
import { HALT, RESUME, type HaltScope } from "../../../../src/core/documents/halt.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import type { Instant } from "../../../../src/core/instant.ts";
import { approval, header, policyBody, row, signedDocument } from "../../../factory/documents.ts";
import {
  goodRequest,
  makeCustody,
  payout,
  stateFor,
  type Custody,
  type Payout,
} from "../../../factory/custody.ts";
import { reviewed, signed } from "../../../factory/gates.ts";
import {
  ANNA,
  at,
  BEN,
  castMember,
  fixtureId,
  OLGA,
  SIGNER,
  type Cast,
} from "../../../factory/identities.ts";
import { ask, planned } from "../../../factory/requests.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { makeLine, withLine, type JournalDocument } from "../../../../signer/journal/journal.ts";
import type { SignerState } from "../../../../signer/gates/state.ts";

const CLEA = castMember("clea");
const CARL = castMember("carl");
const identities = [
  ...policyBody().identities,
  ...[CLEA, CARL].map(({ name, person, key }) => ({
    name,
    person,
    key,
    alg: "ed25519" as const,
    roles: ["compliance" as const],
  })),
];

/** The state after `document` was imported, as `custody-signer import` does once it has judged it. */
function imported(state: SignerState, document: JournalDocument): SignerState {
  const line = makeLine(state.journal, "import", document.digest, state.journal.time, SIGNER.seed, document);
  return { ...state, journal: withLine(state.journal, line) };
}

describe("G4: clearances", () => {
  const clearance = { quorum: 2, secondsMax: 3600, tiers: ["tier-1" as Name] };
  const strict = makeCustody({ identities, rows: [row("small", "0", "100000000", 1, { clearance })] });
  const one = payout(strict);

  const cleared = (
    signers: readonly Cast[],
    changes: Partial<Clearance> = {},
    when: Instant = at("09:00:00"),
  ): ClearanceDocument =>
    signedDocument(
      makeDocument(CLEARANCE, {
        ...header("clearance"),
        custody: strict.id,
        decision: "clear",
        code: "tier-1" as Name,
        intents: [one.intent.digest],
        policy: 1,
        expires: at("18:00:00"),
        ...changes,
      }),
      signers,
      when,
    );
  const judged = (clearances: readonly ClearanceDocument[], state = stateFor(strict)) =>
    codeOf(() =>
      reviewed(ask(strict, [planned(strict, [one])], { body: { clearances: clearances.map(embed) } }), state),
    );

  test("as many persons of compliance as the row asks for, for one of its tiers, in time", () => {
    expect(judged([cleared([CLEA, CARL])])).toBe("none");
    expect(judged([cleared([CLEA]), cleared([CARL])])).toBe("none");
    expect(judged([])).toBe("G4_CLEARANCE_MISSING");
    expect(judged([cleared([CLEA])])).toBe("G4_CLEARANCE_MISSING");
    expect(judged([cleared([CLEA, ANNA])])).toBe("G4_CLEARANCE_MISSING");
    expect(judged([cleared([CLEA, CARL], { code: "tier-2" as Name })])).toBe("G4_CLEARANCE_MISSING");
    expect(judged([cleared([CLEA, CARL], { expires: at("09:29:59") })])).toBe("G4_CLEARANCE_MISSING");
    expect(judged([cleared([CLEA, CARL], {}, at("08:29:59"))])).toBe("G4_CLEARANCE_MISSING");
  });

  test("the review names who cleared, beside who approved; nobody where no clearance is asked for", () => {
    const clearances = [cleared([CLEA, CARL])].map(embed);
    const request = ask(strict, [planned(strict, [one])], { body: { clearances } });
    const [plan] = reviewed(request, stateFor(strict)).review.body.plans;
    const people = { approvedBy: [ANNA.name], clearedBy: [CLEA.name, CARL.name] };
    expect(plan?.intents).toMatchObject([people]);
    expect(plan?.rungs[0]?.effects.filter(({ type }) => type === "pay")).toMatchObject([people]);
    const open = makeCustody({ identities });
    const unasked = reviewed(ask(open, [planned(open, [payout(open)])]), stateFor(open)).review.body;
    expect(unasked.plans[0]?.intents[0]).not.toHaveProperty("clearedBy");
  });

  test("one person of compliance refuses for all", () => {
    const no = cleared([CLEA], { decision: "refuse", code: "listed" as Name });
    expect(judged([cleared([CLEA, CARL]), no])).toBe("G4_CLEARANCE_REFUSED");
    const stranger = cleared([BEN], { decision: "refuse", code: "listed" as Name });
    expect(judged([cleared([CLEA, CARL]), stranger])).toBe("none");
  });

  test("a clearance of another custody, of no intent here, twice, or from the future is refused", () => {
    const yes = cleared([CLEA, CARL]);
    expect(judged([cleared([CLEA, CARL], { custody: makeCustody().id })])).toBe("G2_DOCUMENT_WRONG_CUSTODY");
    const other = payout(strict, { label: "elsewhere" }).intent.digest;
    expect(judged([yes, cleared([CLEA], { intents: [other] })])).toBe("G4_STRAY_DOCUMENT");
    expect(judged([yes, yes])).toBe("G4_DOCUMENT_TWICE");
    expect(judged([cleared([CLEA, CARL], {}, at("09:35:00"))])).toBe("none");
    expect(judged([cleared([CLEA, CARL], {}, at("09:35:01"))])).toBe("G4_SIGNED_AHEAD");
  });

  test("who cleared may not stand at the signer where the policy keeps these apart", () => {
    const merged = identities.map((each) =>
      each.name === OLGA.name ? { ...each, person: CLEA.person } : each,
    );
    const policy = (conflicts: Custody["policy"]["body"]["conflicts"]) => ({
      ...strict.policy,
      body: { ...strict.policy.body, identities: merged, conflicts },
    });
    const verdict = (conflicts: Parameters<typeof policy>[0]) =>
      judged([cleared([CLEA, CARL])], { ...stateFor(strict), policy: policy(conflicts) });
    expect(verdict([["approver", "officer"]])).toBe("none");
    expect(verdict([["compliance", "officer"]])).toBe("G4_CONFLICT_OF_ROLES");
  });
});

describe("G4: a delay, and the release after it (law 13)", () => {
  const slow = makeCustody({ rows: [row("small", "0", "100000000", 1, { delaySeconds: 600 })] });
  const state = stateFor(slow);
  const good = payout(slow);
  const release = (who: Cast, when: Instant) =>
    approval(good.intent, [who], { custody: slow.id, decision: "release" }, when);
  const judged = (releases: Payout["approvals"], given = state) => {
    const payouts = [{ ...good, approvals: [...good.approvals, ...releases] }];
    return codeOf(() => reviewed(ask(slow, [planned(slow, payouts)]), given));
  };

  test("a release counts from the delay after the approval that completed the quorum", () => {
    expect(judged([])).toBe("G4_NOT_RELEASED");
    expect(judged([release(BEN, at("09:09:59"))])).toBe("G4_NOT_RELEASED");
    expect(judged([release(BEN, at("09:10:00"))])).toBe("none");
    expect(judged([release(OLGA, at("09:10:00"))])).toBe("G4_NOT_RELEASED");
  });

  test("a release does not move journal time, and none may come from the future", () => {
    const payouts = [{ ...good, approvals: [...good.approvals, release(BEN, at("09:20:00"))] }];
    expect(signed(ask(slow, [planned(slow, payouts)]), state).line.entry.at).toBe(at("09:00:00"));
    expect(judged([release(BEN, at("09:35:00"))])).toBe("none");
    expect(judged([release(BEN, at("09:35:01"))])).toBe("G4_SIGNED_AHEAD");
  });

  test("who released counts as approver where roles are kept apart", () => {
    const people = policyBody().identities.map((each) =>
      each.name === OLGA.name ? { ...each, person: BEN.person } : each,
    );
    const merged = { ...slow.policy, body: { ...slow.policy.body, identities: people } };
    expect(judged([release(ANNA, at("09:10:00"))], { ...state, policy: merged })).toBe("none");
    expect(judged([release(BEN, at("09:10:00"))], { ...state, policy: merged })).toBe("G4_CONFLICT_OF_ROLES");
  });
});

describe("G4: a no that was brought to the signer (law 13)", () => {
  const custody = makeCustody();
  const state = stateFor(custody);
  const verdict = (given: SignerState) => codeOf(() => reviewed(goodRequest(custody), given));

  const rejection = (who: Cast, label?: string) =>
    approval(payout(custody, label === undefined ? {} : { label }).intent, [who], {
      custody: custody.id,
      decision: "reject",
    });
  const halt = (scope: HaltScope) =>
    signedDocument(
      makeDocument(HALT, {
        ...header("halt"),
        custody: custody.id,
        id: fixtureId("halt"),
        scope,
        code: "doubt" as Name,
        policy: 1,
      }),
      [OLGA],
      at("09:00:00"),
    );

  test("a rejection binds although the request leaves it out, and its own intent alone", () => {
    expect(verdict(imported(state, rejection(BEN)))).toBe("G4_REJECTED");
    expect(verdict(imported(state, rejection(BEN, "another order")))).toBe("none");
  });

  test("it binds after its maker has left", () => {
    const people = policyBody().identities.filter(({ name }) => name !== BEN.name);
    const policy = { ...custody.policy, body: { ...custody.policy.body, identities: people } };
    expect(verdict({ ...imported(state, rejection(BEN)), policy })).toBe("G4_REJECTED");
    expect(verdict({ ...state, policy })).toBe("none");
  });

  test("a rejection of a former epoch binds as well", () => {
    const { lines } = imported(state, rejection(BEN)).journal;
    expect(verdict({ ...state, journal: { ...state.journal, archive: lines } })).toBe("G4_REJECTED");
  });

  test("a halt stops everything, one chain, or one wallet, until it is resumed", () => {
    const all = imported(state, halt({ of: "everything" }));
    expect(verdict(all)).toBe("G4_HALTED");
    expect(verdict(imported(state, halt({ of: "wallet", wallet: custody.wallet.name })))).toBe("G4_HALTED");
    expect(verdict(imported(state, halt({ of: "wallet", wallet: "cold" as Name })))).toBe("none");
    expect(verdict(imported(state, halt({ of: "chain", chain: custody.wallet.chain })))).toBe("G4_HALTED");
    const elsewhere = halt({ of: "chain", chain: BITCOIN_CHAINS.testnet });
    expect(verdict(imported(state, elsewhere))).toBe("none");
    const resume = (digest: ReturnType<typeof halt>["digest"]) =>
      signedDocument(
        makeDocument(RESUME, { ...header("resume"), custody: custody.id, halt: digest, policy: 1 }),
        [ANNA, BEN],
        at("09:10:00"),
      );
    expect(verdict(imported(all, resume(halt({ of: "everything" }).digest)))).toBe("none");
    const other = halt({ of: "wallet", wallet: "cold" as Name }).digest;
    expect(verdict(imported(all, resume(other)))).toBe("G4_HALTED");
  });
});
