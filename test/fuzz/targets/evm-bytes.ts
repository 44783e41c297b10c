/** Bytes of EVM transactions, unsigned and signed: what is read has one spelling; and what is said of any of them. */
import { decodeRlp } from "../../../src/chains/evm/rlp.ts";
import { signRecoverable } from "../../../signer/sign/evm-ecdsa.ts";
import {
  encodeSigned,
  encodeUnsigned,
  parseSigned,
  parseUnsigned,
  signingHash,
  type EvmTransaction,
} from "../../../src/chains/evm/transaction.ts";
import { addressOf } from "../../../src/chains/evm/address.ts";
import type { ChainId } from "../../../src/core/chain.ts";
import { baseSummary } from "../../../src/chains/evm/inspect/base.ts";
import { inspectBytes, looksEvm } from "../../../src/chains/evm/inspect/bytes.ts";
import { packSafeTx } from "../../../src/chains/evm/safe-plan.ts";
import { makeSafeTx } from "../../../src/chains/evm/safe.ts";
import { concatBytes, toHex, utf8 } from "../../../src/core/hex.ts";
import { fixtureBytes } from "../../factory/identities.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { once, promised, type Target } from "../target.ts";

const CHAIN = "eip155:31337" as ChainId;
const address = (label: string) => addressOf(fixtureBytes(label).subarray(0, 20));
const accessList = [
  { address: address("a"), keys: [fixtureBytes("key"), fixtureBytes("another")] },
  { address: address("b"), keys: [] },
];

const common = { chainId: 31337n, nonce: 7n, gasLimit: 21_000n, to: address("to"), value: 10n ** 18n };
const SAMPLES: readonly EvmTransaction[] = [
  { ...common, type: 0, gasPrice: 20_000_000_000n, data: new Uint8Array() },
  { ...common, type: 0, gasPrice: 1n, nonce: 0n, value: 0n, data: utf8("x".repeat(56)) },
  { ...common, type: 1, gasPrice: 1_000_000_000n, data: fixtureBytes("data"), accessList },
  {
    ...common,
    type: 2,
    maxPriorityFeePerGas: 1n,
    maxFeePerGas: 2n ** 40n,
    data: utf8("y".repeat(300)),
    accessList,
  },
];

/** A field too many or too few tells the two apart, and in type 0 whether r and s are there. */
function isSigned(bytes: Uint8Array): boolean {
  const legacy = (bytes[0] ?? 0) >= 0xc0;
  const items = decodeRlp(legacy ? bytes : bytes.subarray(1));
  if (items instanceof Uint8Array) return false;
  return legacy ? items.slice(7).some((item) => item.length > 0) : items.length > 9;
}

const transaction: Target = {
  name: "evm-transaction",
  samples: once(() =>
    SAMPLES.flatMap((one) => [
      encodeUnsigned(one),
      encodeSigned(one, signRecoverable(signingHash(one), fixtureBytes("secret"))),
    ]),
  ),
  mutate: mutateBytes,
  decode: (input) => {
    if (!isSigned(input)) return encodeUnsigned(parseUnsigned(input, CHAIN));
    const { transaction: read, signature } = parseSigned(input, CHAIN);
    promised(read.chainId === 31337n, "a transaction of another chain is read");
    return encodeSigned(read, signature);
  },
  cases: 4000,
};

/** What `inspect` says of files and of plans' bases: a kind, facts, and never a crash. */
const inspection: Target = {
  name: "evm-inspect",
  samples: once(() => [
    ...transaction.samples(),
    ...SAMPLES.map((one) => utf8(`0x${toHex(encodeUnsigned(one))}`)),
    Uint8Array.of(4, 0xc0),
    packSafeTx(makeSafeTx({ to: address("to"), value: 1n, data: utf8("z"), operation: 0, nonce: 7n })),
    concatBytes(Uint8Array.of(0x19), utf8("reserves of a day")),
  ]),
  mutate: mutateBytes,
  decode: (input) => {
    const { kind, facts } = looksEvm(input) ? inspectBytes(input) : baseSummary(input, CHAIN);
    promised(kind.length > 0 && facts.length > 0, "a transaction is said to be nothing");
    return undefined;
  },
  cases: 3000,
};

export const EVM_BYTES_TARGETS: readonly Target[] = [transaction, inspection];
