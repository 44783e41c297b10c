/** Requests that a signer signs and their twins with one thing wrong, for whoever else can judge them. */
import type { BuildTask } from "../../src/chains/adapter.ts";
import { toBech32 } from "bitcoinjs-lib/src/address";
import { deriveAddress } from "../../src/chains/bitcoin/index.ts";
import { embed, makeDocument } from "../../src/core/document.ts";
import { BENEFICIARY, type Beneficiary } from "../../src/core/documents/beneficiary.ts";
import { INTENT, type Intent, type IntentDocument } from "../../src/core/documents/intent.ts";
import { PLAN, type Plan } from "../../src/core/documents/plan.ts";
import { fromHex, toHex } from "../../src/core/hex.ts";
import type { Name } from "../../src/core/identifier.ts";
import { ANN, BEN, CARO, OTTO, type House } from "../attack/bench/house.ts";
import type { CoinSet } from "../attack/bench/grounds/ground.ts";
import {
  destination,
  ownIntent,
  planOf,
  requestOf,
  withdrawal,
  word,
  type Built,
  type Papers,
} from "../attack/bench/papers.ts";
import { deathOf } from "../attack/bench/words.ts";
import { BTC, REGTEST, signedDocument } from "../factory/documents.ts";
import { at, fixtureBytes, fixtureDigest, type Cast } from "../factory/identities.ts";
import { careful } from "./careful-request.ts";
import { HOUSE, NEXT, RESERVE, RESERVE_WALLET, STRICT } from "./request-houses.ts";

export type Sample = { readonly name: string; readonly house: House; readonly papers: Papers };
const sample = (name: string, papers: Papers, house = HOUSE): Sample => ({ name, house, papers });
export const requestOfSample = ({ house, papers }: Sample) => requestOf(house, papers);

const order = (label: string, units = "20000000") => withdrawal(HOUSE, { label, units });
const yes = (intents: readonly IntentDocument[], who: readonly Cast[] = [ANN, CARO], house = HOUSE) =>
  intents.flatMap((intent) => who.map((one) => word(house, intent, one)));

function paying(
  intents: readonly IntentDocument[],
  sets: readonly CoinSet[],
  changes: Partial<Plan> = {},
): Built {
  const pays = intents.map((intent) => ({ intent }));
  return planOf(HOUSE, pays, { sets, changes });
}

/** A request for one payment of 5,000,000 for each label. */
export function withdrawals(
  labels: readonly string[],
  sets: readonly CoinSet[] = ["a"],
  units = "5000000",
): Papers {
  const intents = labels.map((label) => order(label, units));
  return { plans: [paying(intents, sets)], intents, approvals: yes(intents) };
}

/** Coins of our own: one intent, no destination. */
function moving(intent: IntentDocument, sets: readonly CoinSet[], task: BuildTask): Papers {
  const plans = [planOf(HOUSE, [{ intent }], { sets, task })];
  return { plans, intents: [intent], beneficiaries: [], approvals: yes([intent]) };
}

const retyped = (type: "transfer" | "attest", label: string, fields: object): IntentDocument => {
  const { body } = ownIntent(HOUSE, label, { type: "consolidate", units: "1" });
  return makeDocument<Intent>(INTENT, { ...body, type, ...fields } as Intent);
};

const HASH = fixtureBytes("script");
/** BIP-340's base point: an x that a point has. */
const POINT = fromHex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
const MESSAGE = "we hold what we owe, 2026-11-22";
function saying(coins: boolean, message = MESSAGE, shown = coins): Papers {
  const intent = retyped("attest", `attest ${message}`, { units: "0", message, coins });
  const sets = shown ? (["a", "b"] as const) : [];
  return moving(intent, sets, { type: "attest", message: MESSAGE, coins: shown });
}

function transferring(index: number): Papers {
  const intent = retyped("transfer", "transfer", { destination: RESERVE.name, units: "3000000" });
  const customer = order("with a transfer", "2000000");
  const { account } = deriveAddress(RESERVE_WALLET.descriptor, 0, index);
  const own = { account, amount: { asset: BTC, units: 3_000_000n }, own: { wallet: RESERVE, index } };
  const other = destination(HOUSE, "customer").body.account;
  const payments = [own, { account: other, amount: { asset: BTC, units: 2_000_000n } }];
  const intents = [intent, customer];
  const plans = [
    planOf(
      HOUSE,
      intents.map((each) => ({ intent: each })),
      { sets: ["a"], task: { type: "pay", payments } },
    ),
  ];
  return { plans, intents, approvals: yes(intents) };
}

const coinKeys = (sets: readonly CoinSet[]) => [
  ...paying([order("keys", "1000000")], sets).plan.body.conflictKeys,
];
function cancelling(named: readonly CoinSet[]): Papers {
  const intent = ownIntent(HOUSE, "cancel", { type: "cancel", conflictKeys: coinKeys(named) });
  return moving(intent, ["a", "b"], { type: "cancel", conflictKeys: coinKeys(["a", "b"]) });
}
function consolidating(units: string): Papers {
  const intent = ownIntent(HOUSE, "consolidate", { type: "consolidate", units });
  return moving(intent, ["a", "b"], { type: "consolidate", unitsMax: 61_000_000n });
}

function laterGeneration(
  supersedes: readonly IntentDocument[],
  { generation = 2, units = "20000000" } = {},
  body: Papers["body"] = {},
): Papers {
  const first = order("first");
  const earlier = paying([first], ["a"]).plan;
  const rungs = [{ rung: 0, transaction: fixtureDigest("of the first"), signatures: [] }];
  const death = deathOf(HOUSE, { plan: earlier.digest, conflictKeys: earlier.body.conflictKeys, rungs }, [
    ANN,
    BEN,
  ]);
  const changes = { generation, supersedes: supersedes.map(({ digest }) => digest) };
  const intent = withdrawal(HOUSE, { label: "first", units, changes });
  const base = { plans: [paying([intent], ["b"])], intents: [intent], approvals: yes([intent]) };
  return { ...base, body: { dead: [embed(death)], ...body } };
}

export const CAREFUL = "delay, clearance, security keys, audit proof";
const underOld = withdrawal(NEXT, { label: "born under number 1" });

/** Each is signed by a signer that has signed nothing before. */
export const SIGNED: readonly Sample[] = [
  sample("one withdrawal", withdrawals(["order 1"])),
  sample("a batch of two, one as large as the other", withdrawals(["order 1", "order 2"])),
  sample("a batch of five over three coins", withdrawals(["1", "2", "3", "4", "5"], ["a", "b", "c"])),
  sample("three approvers of two", {
    ...withdrawals(["order 1"]),
    approvals: yes([order("order 1", "5000000")], [ANN, BEN, CARO]),
  }),
  sample("two plans", twoPlans(["a"], ["b"])),
  sample("a transfer beside a withdrawal", transferring(3)),
  sample("a consolidation", consolidating("61000000")),
  sample("a cancel", cancelling(["b", "a"])),
  sample("a message", saying(false)),
  sample("to the hash of a script", toProgram(HASH)),
  sample("to a taproot key", toProgram(HASH, POINT)),
  sample("a message with coins", saying(true)),
  sample("a second generation with a proof of death", laterGeneration([order("first")])),
  sample(CAREFUL, careful(), STRICT),
  sample(
    "under the next policy",
    {
      plans: [planOf(NEXT, [{ intent: underOld }], { sets: ["a"] })],
      intents: [underOld],
      approvals: [ANN, CARO].map((who) => word(NEXT, underOld, who, { policy: 1 })),
    },
    NEXT,
  ),
];

function twoPlans(first: readonly CoinSet[], second: readonly CoinSet[]): Papers {
  const [one, other] = [order("order 1"), order("order 2")];
  const plans = [paying([one], first), paying([other], second)];
  return { plans, intents: [one, other], approvals: yes([one, other]) };
}

function approved(approvals: Papers["approvals"]): Papers {
  return { ...withdrawals(["order 1"]), approvals };
}

function replanned(changes: (plan: Plan) => Partial<Plan>): Papers {
  const intent = order("order 1");
  const { plan, ...rest } = paying([intent], ["a"]);
  const changed = makeDocument(PLAN, { ...plan.body, ...changes(plan.body) });
  return { plans: [{ ...rest, plan: changed }], intents: [intent], approvals: yes([intent]) };
}
const cancelAt = (changeIndex: number, less = 0) =>
  replanned(({ cancel }) => ({
    cancel: { feeUnits: `${Number(cancel?.feeUnits) - less}`, changeIndex },
  }));
const first = order("order 1", "5000000");

/** The base of `built`, written otherwise. */
function rewritten({ plan, ...rest }: Built, from: string, to: string): Built {
  const base = Buffer.from(plan.body.base, "base64").toString("hex").replaceAll(from, to);
  const body = { ...plan.body, base: Buffer.from(base, "hex").toString("base64") };
  return { ...rest, plan: makeDocument(PLAN, body) };
}

/** To a witness program of 32 bytes that is the hash of a script or, with `x`, a taproot key. */
function toProgram(program: Uint8Array, x?: Uint8Array): Papers {
  const pay = (bytes: Uint8Array, version: 0 | 1) => `${REGTEST}:${toBech32(bytes, version, "bcrt")}`;
  const to = (account: string) =>
    signedDocument(
      makeDocument(BENEFICIARY, {
        ...destination(HOUSE, "customer").body,
        account: account as Beneficiary["account"],
      }),
      [ANN, BEN],
      at("08:10:00"),
    );
  const paid = to(x === undefined ? pay(program, 0) : pay(x, 1));
  const intent = withdrawal(HOUSE, { label: "to a program", to: paid });
  const built = planOf(HOUSE, [{ intent, to: to(pay(program, 0)) }], { sets: ["a"] });
  const changed = rewritten(built, `0020${toHex(program)}`, `5120${toHex(x ?? program)}`);
  return {
    plans: [x === undefined ? built : changed],
    intents: [intent],
    beneficiaries: [paid],
    approvals: yes([intent]),
  };
}
const final = (): Papers => {
  const papers = withdrawals(["order 1"]);
  return { ...papers, plans: papers.plans.map((built) => rewritten(built, "fdffffff", "ffffffff")) };
};

/** Twins of those above, each with one thing wrong. */
export const REFUSED: readonly Sample[] = [
  sample("one approver of two", approved(yes([first], [ANN]))),
  sample(
    "one approver twice",
    approved([word(HOUSE, first, ANN), word(HOUSE, first, ANN, { expires: at("17:00:00") })]),
  ),
  sample("an operator who approves", approved(yes([first], [ANN, OTTO]))),
  sample(
    "an approval that is too old",
    approved([word(HOUSE, first, ANN), word(HOUSE, first, BEN, {}, at("08:29:59"))]),
  ),
  sample(
    "an approval that has expired",
    approved([word(HOUSE, first, ANN), word(HOUSE, first, BEN, { expires: at("09:29:59") })]),
  ),
  sample(
    "an approval from the future",
    approved([...yes([first]), word(HOUSE, first, BEN, {}, at("09:35:01"))]),
  ),
  sample(
    "a rejection that has expired",
    approved([...yes([first]), word(HOUSE, first, BEN, { decision: "reject", expires: at("09:00:01") })]),
  ),
  sample("one coin in two plans", twoPlans(["a"], ["a"])),
  sample("a transfer above the gap", transferring(20)),
  sample("a consolidation of too much", consolidating("60999999")),
  sample("a cancel of other coins", cancelling(["a"])),
  sample("a message that nobody approved", saying(false, "we owe nothing")),
  sample("coins that nobody approved", saying(false, MESSAGE, true)),
  sample("a generation that names none before it", laterGeneration([])),
  sample("a proof of death and a first generation", laterGeneration([], { generation: 1 })),
  sample(
    "a generation that comes without the one before it",
    laterGeneration([order("first")], {}, { superseded: [] }),
  ),
  sample("a generation of another amount", laterGeneration([order("first")], { units: "19999999" })),
  sample("a generation of another promise", laterGeneration([order("second")])),
  sample("an intent that nothing supersedes", {
    ...withdrawals(["order 1"]),
    body: { superseded: [embed(order("first"))] },
  }),
  sample("change as far as the gap and one more", cancelAt(22)),
  sample("a cancel rung that replaces nothing", cancelAt(7, 1)),
  sample(
    "rungs that fall",
    replanned(({ rungs }) => ({ rungs: [...rungs].reverse() })),
  ),
  sample(
    "a plan that pays and cannot be ended",
    replanned(() => ({ cancel: undefined })),
  ),
  sample("a plan that nothing can replace", final()),
  sample("a taproot key that is no point", toProgram(HASH, new Uint8Array(32).fill(255))),
  sample("a customer's signature from the future", careful({ customer: at("09:35:01") }), STRICT),
  sample("a release one second early", careful({ release: at("09:09:59") }), STRICT),
  sample("a clearance one second too old", careful({ cleared: at("09:09:59") }), STRICT),
  sample("a clearance for another tier", careful({ clearance: { code: "other" as Name } }), STRICT),
  sample("a refusal by compliance", careful({ clearance: { decision: "refuse" } }), STRICT),
  sample("a security key without its PIN", careful({ flags: 1 }), STRICT),
  sample("a proof from another size of the tree", careful({ proof: 2 }), STRICT),
  sample("more than a signer's share of the limit", careful({ units: "40000001" }), STRICT),
];
