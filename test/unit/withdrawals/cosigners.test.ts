/** Receipts of several signers, and other makers' PSBTs: verified one by one, complete together (2 of 3). */
import { describe, expect, test } from "vitest";
import { bitcoinCodec, partialSignatures } from "../../../src/chains/bitcoin/index.ts";
import { parsePsbt, serialisePsbt } from "../../../src/chains/bitcoin/psbt.ts";
import { embed, makeDocument } from "../../../src/core/document.ts";
import { familyOf } from "../../../src/core/documents/family.ts";
import type { InputSignature } from "../../../src/core/documents/receipt.ts";
import { RECEIPT, type Receipt, type ReceiptDocument } from "../../../src/core/documents/receipt.ts";
import type { RequestDocument } from "../../../src/core/documents/request.ts";
import { REVIEW } from "../../../src/core/documents/review.ts";
import { fromHex } from "../../../src/core/hex.ts";
import { headOf, JOURNAL_START, type JournalEntry } from "../../../src/core/journal-entry.ts";
import type { Policy, PolicyWallet } from "../../../src/core/policy/policy.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { JOURNAL_FORKED } from "../../../src/store/receipts.ts";
import { importCosigned, PSBT_FOREIGN } from "../../../src/withdrawals/cosign.ts";
import { attemptsAsBuilt, plainAttempts } from "../../../src/withdrawals/plan-bytes.ts";
import { RECEIPT_FOREIGN, RECEIPT_MISMATCH, RECEIPT_UNSIGNED } from "../../../src/withdrawals/receive.ts";
import { JOURNAL_UNCONNECTED } from "../../../src/withdrawals/signer-journal.ts";
import { ask, build, decide, exported, makeDesk, receive, step, type Desk } from "../../attack/online.ts";
import { multisigWallet, signAll } from "../../bitcoin/regtest-wallet.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { approval, header, policyBody, REGTEST, signedDocument } from "../../factory/documents.ts";
import {
  ANNA,
  at,
  castMember,
  fixtureDigest,
  MALLORY,
  OLGA,
  OSCAR,
  signedBy,
  SIGNER,
  type Cast,
} from "../../factory/identities.ts";

const MAKERS = [SIGNER, castMember("signer-2"), castMember("signer-3")];
const WALLET = multisigWallet(
  2,
  MAKERS.map(({ name }) => `cosigner ${name}`),
);

const initOf = ({ name }: Cast): JournalEntry => ({
  number: 0,
  previous: JOURNAL_START,
  event: "init",
  subject: fixtureDigest(`card of ${name}`),
  at: at("08:00:00"),
});

function sharedDesk(): Desk {
  const body = policyBody();
  const wallet: PolicyWallet = {
    ...(body.wallets[0] as PolicyWallet),
    descriptor: WALLET.descriptor.text,
    threshold: 2,
    signers: MAKERS.map(({ name }) => name),
  };
  const signers: Policy["signers"] = MAKERS.map((maker) => ({
    name: maker.name,
    key: maker.key,
    epoch: 1,
    startHead: headOf(initOf(maker)),
    since: 1,
  }));
  return makeDesk({ wallets: [wallet], signers });
}

function exportedPlan() {
  const desk = sharedDesk();
  const { id, intent } = ask(desk, "k", 25_000_000n);
  decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
  const { plan } = build(desk);
  return { desk, id, intent, plan, request: exported(desk, plan.id).request };
}
type Story = ReturnType<typeof exportedPlan>;

const view = ({ desk }: Story) => ({
  wallet: desk.custody.wallet,
  network: "regtest" as const,
  highestIndex: 1,
  own: desk.custody.policy.body.wallets,
});
const decoded = (story: Story) =>
  step(story.desk, (tx) =>
    attemptsAsBuilt(PORTS, tx, PORTS.getPlan(tx, story.plan.id), {
      codec: bitcoinCodec,
      view: () => view(story),
    }),
  );

/** One maker's receipt for every rung of the plan. */
function receiptBy(
  story: Story,
  place: number,
  changes: {
    request?: RequestDocument;
    signatures?: (all: InputSignature[]) => InputSignature[];
    body?: Partial<Receipt>;
    by?: Cast;
  } = {},
): ReceiptDocument {
  const { desk, intent } = story;
  const request = changes.request ?? story.request;
  const maker = MAKERS[place] as Cast;
  const { rungs, cancel } = decoded(story);
  const sign = (attempt: (typeof rungs)[number], rung: number | "cancel") => {
    const seeds = [WALLET.seeds[place] as (typeof WALLET.seeds)[number]];
    const signatures = signAll(WALLET, attempt.tx, seeds);
    return {
      rung,
      transaction: attempt.transaction,
      signatures: changes.signatures?.(signatures) ?? signatures,
    };
  };
  const init = initOf(maker);
  const review = makeDocument(REVIEW, {
    ...header("review"),
    custody: desk.custody.id,
    request: request.digest,
    operator: { name: OSCAR.name, person: OSCAR.person },
    policy: 1,
    signer: maker.name,
    epoch: 1,
    plans: [
      {
        plan: story.plan.digest,
        chain: REGTEST,
        wallet: desk.custody.wallet.name,
        quorum: "2 of 3",
        inputs: [{ conflictKey: "x", units: "1", path: "m/0" }],
        intents: [
          {
            type: "withdrawal",
            intent: intent.body.id,
            row: "small" as never,
            generation: 1,
            approvedBy: [ANNA.name],
          },
        ],
        rungs: rungs.map(({ transaction }) => ({
          transaction,
          effects: [
            {
              type: "change" as const,
              account: `${REGTEST}:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080` as never,
              units: "1",
              path: "m/0",
            },
          ],
          feeUnits: "1",
          feeRateMilli: "1",
          feeSharePermille: "1",
        })),
        limits: [],
        locks: [],
        warnings: [],
      },
    ],
    dead: [],
  });
  const body: Receipt = {
    ...header("receipt"),
    custody: desk.custody.id,
    request: request.digest,
    policy: 1,
    signer: maker.name,
    epoch: 1,
    outcome: {
      type: "signed",
      plans: [
        {
          plan: story.plan.digest,
          wallet: desk.custody.wallet.name,
          intents: [
            {
              family: familyOf(intent.body),
              intent: intent.digest,
              generation: 1,
              row: "small" as never,
              units: intent.body.type === "withdrawal" ? intent.body.units : "0",
            },
          ],
          conflictKeys: [...(rungs[0]?.conflictKeys ?? [])],
          feeUnits: "1",
          rungs: [
            ...rungs.map((attempt, rung) => sign(attempt, rung)),
            ...(cancel === undefined ? [] : [sign(cancel, "cancel")]),
          ],
        },
      ],
      review: embed(signedDocument(review, [OLGA], at("09:20:00"))),
      audit: (({ epoch, size, root }) => ({ epoch, size, root }))(request.body.audit),
    },
    place: { number: 1, previous: headOf(init) },
    journal: [{ entry: init, signature: signedBy(headOf(init), maker, init.at) }],
    ...changes.body,
  };
  return signedDocument(makeDocument(RECEIPT, body), [changes.by ?? maker], at("09:20:00"));
}

describe("two of three signers", () => {
  test("one receipt completes nothing; the second completes every rung, from the very same request", () => {
    const story = exportedPlan();
    const [first] = receive(story.desk, receiptBy(story, 0)).plans;
    expect(first).toMatchObject({ complete: [], plan: { state: "EXPORTED" } });
    expect(attemptsOf(story.desk.store, story.plan.id)).toEqual([]);
    const [second] = receive(story.desk, receiptBy(story, 2)).plans;
    expect(second?.plan.state).toBe("SIGNED");
    const attempts = attemptsOf(story.desk.store, story.plan.id);
    expect(attempts.map(({ kind }) => kind)).toEqual(["rung", "rung", "rung", "cancel"]);
    expect(step(story.desk, (tx) => PORTS.getWithdrawal(tx, story.id).state)).toBe("SIGNED");
    expect(receive(story.desk, receiptBy(story, 1)).plans[0]?.complete).toHaveLength(4);
  });

  test("one signer's receipt twice is one", () => {
    const story = exportedPlan();
    receive(story.desk, receiptBy(story, 0));
    expect(receive(story.desk, receiptBy(story, 0)).plans[0]?.complete).toEqual([]);
  });

  test("a signature that another key made is not taken for this one's", () => {
    const story = exportedPlan();
    const [other] = signAll(WALLET, decoded(story).rungs[0]?.tx as never, [WALLET.seeds[1] as never]);
    const forged = receiptBy(story, 0, {
      signatures: (all) => all.map((one) => ({ ...one, signature: other?.signature ?? "" })),
    });
    expect(() => receive(story.desk, forged)).toThrow(expect.objectContaining({ code: "SIGNATURE_INVALID" }));
    expect(attemptsOf(story.desk.store, story.plan.id)).toEqual([]);
  });

  test.each([
    ["signed by somebody else", { by: MALLORY }, RECEIPT_UNSIGNED],
    ["of a signer nobody named", { body: { signer: "signer-9" as never } }, RECEIPT_UNSIGNED],
    ["of an epoch nobody named", { body: { epoch: 2 } }, RECEIPT_UNSIGNED],
    ["for another request", { body: { request: fixtureDigest("other") } }, RECEIPT_FOREIGN],
  ])("a receipt %s is refused", (_, changes, kind) => {
    const story = exportedPlan();
    expectRefusal(() => receive(story.desk, receiptBy(story, 0, changes)), kind);
  });

  test("one that countersigns another place of the audit tree is refused", () => {
    const story = exportedPlan();
    const good = receiptBy(story, 0);
    const { outcome } = good.body;
    if (outcome.type !== "signed") throw new Error("it signs");
    const audit = { ...outcome.audit, root: fixtureDigest("another root") };
    expectRefusal(
      () => receive(story.desk, receiptBy(story, 0, { body: { outcome: { ...outcome, audit } } })),
      RECEIPT_MISMATCH,
    );
    receive(story.desk, good);
  });
});

describe("law 7: a signer's journal continues what it has shown", () => {
  test("the next request names the head, and a receipt that brings the rest is taken", () => {
    const story = exportedPlan();
    const one = receiptBy(story, 0);
    receive(story.desk, one);
    const own = headOf({
      number: 1,
      previous: headOf(initOf(SIGNER)),
      event: "receipt",
      subject: one.digest,
      at: at("09:20:00"),
    });
    const [head] = step(story.desk, (tx) => PORTS.lastHeads(tx));
    expect(head).toMatchObject({ signer: SIGNER.name, number: 1, head: own });
  });

  test("another history of the same signer is an alarm", () => {
    const story = exportedPlan();
    receive(story.desk, receiptBy(story, 0));
    const refusal = { type: "refused", gate: "G4", rule: "HALTED" } as const;
    const forked = receiptBy(story, 0, { body: { outcome: refusal } });
    expectRefusal(() => receive(story.desk, forked), JOURNAL_FORKED);
  });

  test("entries that follow nothing known, and a journal that leaves out its own beginning", () => {
    const story = exportedPlan();
    const lost = { number: 5, previous: fixtureDigest("unknown head") };
    expectRefusal(
      () => receive(story.desk, receiptBy(story, 0, { body: { journal: [], place: lost } })),
      JOURNAL_UNCONNECTED,
    );
    const late = { number: 2, previous: headOf(initOf(SIGNER)) };
    expectRefusal(
      () => receive(story.desk, receiptBy(story, 0, { body: { place: late } })),
      JOURNAL_UNCONNECTED,
    );
  });
});

describe("another maker's signer", () => {
  /** A plain PSBT of rung 1 with the partial signatures of `place`. */
  function psbtBy(story: Story, place: number): Uint8Array {
    const [plain] = step(story.desk, (tx) =>
      plainAttempts(PORTS, tx, PORTS.getPlan(tx, story.plan.id), {
        codec: bitcoinCodec,
        view: () => view(story),
      }),
    );
    const psbt = parsePsbt(plain ?? new Uint8Array(0));
    const signatures = signAll(WALLET, decoded(story).rungs[0]?.tx as never, [WALLET.seeds[place] as never]);
    const inputs = psbt.inputs.map((input, index) => ({
      ...input,
      fields: [
        ...input.fields,
        ...signatures
          .filter((one) => one.input === index)
          .map(({ key, signature }) => ({ type: 2, keyData: fromHex(key), value: fromHex(signature) })),
      ],
    }));
    return serialisePsbt({ ...psbt, inputs });
  }

  const cosign = (story: Story, bytes: Uint8Array) =>
    step(story.desk, (tx) =>
      importCosigned(
        PORTS,
        tx,
        { bytes, ...partialSignatures(bytes) },
        {
          exported: [PORTS.getPlan(tx, story.plan.id)],
          codec: bitcoinCodec,
          view: () => view(story),
          newId: () => "a".repeat(32) as never,
        },
      ),
    );

  test("its partial signatures complete a rung with ours", () => {
    const story = exportedPlan();
    receive(story.desk, receiptBy(story, 0));
    expect(cosign(story, psbtBy(story, 1))).toMatchObject({
      rung: 0,
      complete: true,
      plan: { state: "SIGNED" },
    });
    expect(attemptsOf(story.desk.store, story.plan.id)).toHaveLength(1);
  });

  test("alone they complete nothing, and those of another transaction are nobody's", () => {
    const story = exportedPlan();
    const bytes = psbtBy(story, 1);
    expect(cosign(story, bytes)).toMatchObject({ complete: false, plan: { state: "EXPORTED" } });
    const other = exportedPlan();
    expectRefusal(
      () =>
        step(other.desk, (tx) =>
          importCosigned(
            PORTS,
            tx,
            { bytes, ...partialSignatures(bytes), transaction: fixtureDigest("x") },
            {
              exported: [PORTS.getPlan(tx, other.plan.id)],
              codec: bitcoinCodec,
              view: () => view(other),
              newId: () => "b".repeat(32) as never,
            },
          ),
        ),
      PSBT_FOREIGN,
    );
  });
});
