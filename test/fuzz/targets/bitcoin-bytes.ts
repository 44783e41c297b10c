/** Bitcoin's bytes: transactions, PSBTs of strangers, and the compact plan that a signer expands. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "../../../src/chains/inspect.ts";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import { partialSignatures } from "../../../src/chains/bitcoin/partial.ts";
import { parsePsbt, serialisePsbt } from "../../../src/chains/bitcoin/psbt.ts";
import { parseTransaction, transactionBytes } from "../../../src/chains/bitcoin/transaction.ts";
import { canonicalBytes, parseCanonical, type JsonObject } from "../../../src/core/canonical.ts";
import { fromEmbedded } from "../../../src/core/document.ts";
import { PLAN, type Plan } from "../../../src/core/documents/plan.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import { fromBase64, toBase64, utf8 } from "../../../src/core/hex.ts";
import { builtFor, makeCustody, PAYEE, payout, planFor, previousOf, viewOf } from "../../factory/custody.ts";
import { VAULT_DESCRIPTOR } from "../../factory/documents.ts";
import { THREE_RUNGS } from "../../factory/requests.ts";
import { either, mutateBytes } from "../mutate-bytes.ts";
import { mutateJson } from "../mutate-json.ts";
import { once, promised, textOf, type Mutate, type Target } from "../target.ts";
import { documentSamples } from "./documents.ts";

const custody = makeCustody();
const view = viewOf(custody);

/** A plan, and beside it what its inputs spend. */
const plans = once(() => {
  const payouts = [payout(custody)];
  return [{}, { options: THREE_RUNGS }].map((changes) =>
    canonicalBytes({
      plan: planFor(custody, payouts, changes).body,
      previous: previousOf([builtFor(custody, payouts, changes)]),
    }),
  );
});

type PlanFile = { readonly plan: Plan; readonly previous: readonly Uint8Array[] };

function planOf(input: Uint8Array): PlanFile {
  const { plan, previous } = parseCanonical(input) as JsonObject;
  const list = Array.isArray(previous) ? previous : [];
  return {
    plan: fromEmbedded(PLAN, plan).body,
    previous: list.map((one) => fromBase64(String(one), "previous")),
  };
}

/** The valid PSBTs of BIP-174, BIP-370 and BIP-371 (`samples/psbts.json`, from bitcoin/bips), and ours. */
export const published = once(() =>
  (
    JSON.parse(readFileSync(join(process.cwd(), "test/fuzz/samples/psbts.json"), "utf8")) as readonly string[]
  ).map((text) => fromBase64(text)),
);

const expanded = once(() =>
  plans().flatMap((one) => {
    const { plan, previous } = planOf(one);
    return bitcoinCodec.expandPlan(plan, previous, view);
  }),
);

function isRead(decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): boolean {
  try {
    decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof CustodyError) return false;
    throw error;
  }
}

const psbt: Target = {
  name: "psbt",
  samples: once(() => [...expanded(), ...published().filter((bytes) => isRead(parsePsbt, bytes))]),
  mutate: mutateBytes,
  decode: (input) => {
    const again = serialisePsbt(parsePsbt(input));
    isRead(partialSignatures, input);
    isRead((bytes) => bitcoinCodec.decode(bytes, view), input);
    return again;
  },
  cases: 3000,
};

const transaction: Target = {
  name: "transaction",
  samples: once(() => [
    ...plans().flatMap((one) => planOf(one).previous),
    // Block 170's payment, and a segwit transaction of BIP-143 with its witness.
    Buffer.from(
      "0100000001c997a5e56e104102fa209c6a852dd90660a20b2d9c352423edce25857fcd3704000000004847304402204e45e16932b8af514961a1d3a1a25fdf3f4f7732e9d624c6c61548ab5fb8cd410220181522ec8eca07de4860a4acdd12909d831cc56cbbac4622082221a8768d1d0901ffffffff0200ca9a3b00000000434104ae1a62fe09c5f51b13905f07f06b99a2f7159b2225f374cd378d71302fa28414e7aab37397f554a7df5f142c21c1b7303b8a0626f1baded5c72a704f7e6cd84cac00286bee0000000043410411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3ac00000000",
      "hex",
    ),
    Buffer.from(
      "01000000000101db6b1b20aa0fd7b23880be2ecbd4a98130974cf4748fb66092ac4d3ceb1a5477010000001716001479091972186c449eb1ded22b78e40d009bdf0089feffffff02b8b4eb0b000000001976a914a457b684d7f0d539a46a45bbc043f35b59d0d96388ac0008af2f000000001976a914fd270b1ee6abcaea97fea7ad0402e8bd8ad6d77c88ac02473044022047ac8e878352d3ebbde1c94ce3a10d057c24175747116f8288e5d794d12d482f0220217f36a485cae903c713331d877c1f64677e3622ad4010726870540656fe9dcb012103ad1d8e89212f0b92c74d23bb710c00662ad1470198ac48c43f7d6f93a2a2687392040000",
      "hex",
    ),
  ]),
  mutate: mutateBytes,
  decode: (input) => transactionBytes(parseTransaction(input)),
  cases: 5000,
};

const plan: Target = {
  name: "plan",
  samples: plans,
  mutate: mutateJson,
  decode: (input) => {
    const { plan: read, previous } = planOf(input);
    const { rungs } = bitcoinCodec.decodePlan(read, previous, view);
    promised(rungs.length === read.rungs.length, "a plan has other rungs than it says");
    return undefined;
  },
  cases: 600,
};

const asText: Mutate = (random, sample, samples) => {
  const bytes = mutateBytes(random, sample, samples);
  return random.chance(50)
    ? bytes
    : utf8(random.chance(50) ? toBase64(bytes) : Buffer.from(bytes).toString("hex"));
};

/** `custody inspect` takes any file at all. */
const anyFile: Target = {
  name: "inspect",
  samples: once(() => [
    ...documentSamples(),
    ...psbt.samples(),
    ...transaction.samples(),
    utf8(VAULT_DESCRIPTOR),
  ]),
  mutate: either(asText, (random, sample, samples) =>
    sample[0] === 0x7b ? mutateJson(random, sample, samples) : mutateBytes(random, sample, samples),
  ),
  decode: (input) => {
    const { kind, facts } = inspect(input, textOf(input).includes(PAYEE) ? "regtest" : undefined);
    promised(kind.length > 0 && facts.length > 0, "a file is said to be nothing");
    return undefined;
  },
  cases: 800,
};

export const BITCOIN_BYTES_TARGETS: readonly Target[] = [psbt, transaction, plan, anyFile];
