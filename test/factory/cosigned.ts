/** A wallet of two of three signers online: an exported plan, and the receipt of any of them. */
import { bitcoinCodec } from "../../src/chains/bitcoin/index.ts";
import { embed, makeDocument } from "../../src/core/document.ts";
import { familyOf } from "../../src/core/documents/family.ts";
import type { InputSignature } from "../../src/core/documents/receipt.ts";
import { RECEIPT, type Receipt, type ReceiptDocument } from "../../src/core/documents/receipt.ts";
import type { RequestDocument } from "../../src/core/documents/request.ts";
import { REVIEW } from "../../src/core/documents/review.ts";
import { headOf, JOURNAL_START, type JournalEntry } from "../../src/core/journal-entry.ts";
import type { Policy, PolicyWallet } from "../../src/core/policy/policy.ts";
import { PORTS } from "../../src/home/ports.ts";
import { attemptsAsBuilt } from "../../src/withdrawals/planning/plan-bytes.ts";
import { ask, build, decide, exported, makeDesk, step, type Desk } from "../attack/online.ts";
import { multisigWallet, signAll } from "../bitcoin/regtest-wallet.ts";
import { approval, header, policyBody, REGTEST, signedDocument } from "./documents.ts";
import {
  ANNA,
  at,
  castMember,
  fixtureDigest,
  OLGA,
  OSCAR,
  signedBy,
  SIGNER,
  type Cast,
} from "./identities.ts";

const MAKERS = [SIGNER, castMember("signer-2"), castMember("signer-3")];
export const WALLET = multisigWallet(
  2,
  MAKERS.map(({ name }) => `cosigner ${name}`),
);

export const initOf = ({ name }: Cast): JournalEntry => ({
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

export function exportedPlan() {
  const desk = sharedDesk();
  const { id, intent } = ask(desk, "k", 25_000_000n);
  decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
  const { plan } = build(desk);
  return { desk, id, intent, plan, request: exported(desk, plan.id).request };
}
export type Story = ReturnType<typeof exportedPlan>;

export const view = ({ desk }: Story) => ({
  wallet: desk.custody.wallet,
  network: "regtest" as const,
  highestIndex: 1,
  own: desk.custody.policy.body.wallets,
  tokens: [],
});
export const decoded = (story: Story) =>
  step(story.desk, (tx) =>
    attemptsAsBuilt(PORTS, tx, PORTS.getPlan(tx, story.plan.id), {
      codec: () => bitcoinCodec,
      view: () => view(story),
    }),
  );

/** One maker's receipt for every rung of the plan. */
export function receiptBy(
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
