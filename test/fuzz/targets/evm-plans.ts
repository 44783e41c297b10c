/** What an EVM plan holds beside transactions, and what other makers' devices hand over: a Safe's call, a text to sign, ERC-4527, EIP-681. */
import {
  ethSignatureCbor,
  ethSignRequestCbor,
  readEthSignature,
  readEthSignRequest,
} from "../../../src/airgap/registry/eth-sign-request.ts";
import type { WalletView } from "../../../src/chains/adapter.ts";
import { parseAddress } from "../../../src/chains/evm/address.ts";
import { decodeAttestation } from "../../../src/chains/evm/attestation.ts";
import { executionBytes, readSafeExecution } from "../../../src/chains/evm/safe-partial.ts";
import { encodeExecution } from "../../../src/chains/evm/safe-execution.ts";
import { addressAsked, isAccountText } from "../../../src/chains/evm/payment-uri.ts";
import {
  changeSafeTx,
  changeText,
  decodeChange,
  isChange,
  parseChange,
} from "../../../src/chains/evm/safe-change.ts";
import { decodeSafe, packSafeTx, unpackSafeTx } from "../../../src/chains/evm/safe-plan.ts";
import { fromBase64, utf8 } from "../../../src/core/hex.ts";
import { viewOf } from "../../factory/custody.ts";
import { evmCustody, evmPayout } from "../../factory/evm-account.ts";
import { ownSafe, safeCustody, safePlan, strangeOwner } from "../../factory/evm-safe.ts";
import { tokenPayout } from "../../factory/evm-token.ts";
import { fixtureBytes } from "../../factory/identities.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateText } from "../mutate-text.ts";
import { once, promised, textOf, type Target } from "../target.ts";

const SAFE = ownSafe();
const [first] = SAFE.owners;
const WORDS = [
  `add owner ${strangeOwner("new").address}, threshold 2`,
  `remove owner ${first}, threshold 2`,
  `replace owner ${first} by ${strangeOwner("new").address}`,
  "threshold 3",
  `disable module ${first}`,
  "remove guard",
  "remove fallback handler",
];
const LISTS = { owners: [...SAFE.owners], modules: [first as string] };

const safe = once(() => {
  const vault = safeCustody();
  const payouts = [evmPayout(vault, { label: "coins" }), tokenPayout(vault, { label: "tokens" })];
  const paid = [payouts.slice(0, 1), payouts].map((some) => fromBase64(safePlan(vault, some).body.base));
  return [...paid, ...WORDS.map((words) => packSafeTx(changeSafeTx(parseChange(words), SAFE, LISTS, 7n)))];
});

let made: { readonly safe: WalletView; readonly account: WalletView } | undefined;
/** Made when they are first asked for: a policy takes its time. */
const views = () => (made ??= { safe: viewOf(safeCustody()), account: viewOf(evmCustody()) });

const safeTransaction: Target = {
  name: "safe-transaction",
  samples: safe,
  mutate: mutateBytes,
  decode(input) {
    const view = views().safe;
    const { effects } = decodeSafe(input, view);
    const tx = unpackSafeTx(input);
    if (isChange(tx, SAFE))
      promised(effects.length === 1 && effects[0]?.type === "control", "a change is taken for a payment");
    else
      promised(
        effects.every(({ type }) => type !== "control"),
        "a payment changes who commands",
      );
    // Whatever stands before a member in the contract's list is not in the words.
    if (isChange(tx, SAFE)) parseChange(changeText(decodeChange(tx, SAFE)));
    return packSafeTx(tx);
  },
  cases: 1500,
};

const safeWords: Target = {
  name: "safe-change",
  samples: once(() => WORDS.map(utf8)),
  mutate: mutateText,
  decode: (input) => utf8(changeText(parseChange(textOf(input)))),
  cases: 2000,
};

const execution: Target = {
  name: "safe-execution",
  samples: once(() =>
    WORDS.map((words, place) => {
      const tx = changeSafeTx(parseChange(words), SAFE, LISTS, BigInt(place));
      return executionBytes({
        safe: SAFE.address,
        nonce: tx.nonce,
        data: encodeExecution(tx, new Uint8Array(65)),
      });
    }),
  ),
  mutate: mutateBytes,
  decode(input) {
    const read = readSafeExecution(input);
    return read && executionBytes(read);
  },
  cases: 1000,
};

const attestation: Target = {
  name: "evm-attestation",
  samples: once(() => ["this account is ours", "reserves of 2026-11-23"].map((text) => utf8(`\x19${text}`))),
  mutate: mutateText,
  decode(input) {
    const { effects } = decodeAttestation(input, views().account);
    const [effect] = effects;
    promised(effect?.type === "attest", "a text moves something");
    return utf8(`\x19${effect.message}`);
  },
  cases: 1500,
};

const ID = fixtureBytes("request").subarray(0, 16);

const signRequest: Target = {
  name: "eth-sign-request",
  samples: once(() => [
    ethSignRequestCbor({
      requestId: ID,
      signData: fixtureBytes("data"),
      dataType: "typedTransaction",
      chainId: 31337,
      path: { path: [0x8000_002c, 0, 1], fingerprint: "12345678" },
      address: fixtureBytes("address").subarray(0, 20),
      origin: "custody",
    }),
    ethSignRequestCbor({
      requestId: ID,
      signData: fixtureBytes("data"),
      dataType: "legacy",
      chainId: 1,
      path: { path: [1], fingerprint: "00000001" },
    }),
  ]),
  mutate: mutateBytes,
  decode(input) {
    const read = readEthSignRequest(input);
    // It may stand under a tag, in which nothing else is said.
    return input[0] === 0xd9 ? undefined : ethSignRequestCbor(read);
  },
  cases: 2000,
};

const signature: Target = {
  name: "eth-signature",
  samples: once(() =>
    [65, 68].map((length) =>
      ethSignatureCbor({ requestId: ID, signature: new Uint8Array(length).fill(7), origin: "a device" }),
    ),
  ),
  mutate: mutateBytes,
  decode(input) {
    const read = readEthSignature(input);
    return input[0] === 0xd9 ? undefined : ethSignatureCbor(read);
  },
  cases: 2000,
};

const uri: Target = {
  name: "ethereum-uri",
  samples: once(() =>
    [SAFE.address, `ethereum:${SAFE.address}`, `ethereum:pay-${SAFE.address}@31337?value=1e18&gas=21000`].map(
      utf8,
    ),
  ),
  mutate: mutateText,
  decode(input) {
    const text = textOf(input);
    if (!isAccountText(text)) return undefined;
    const { address } = addressAsked(text);
    promised(text.includes(parseAddress(address)), "an address is read that does not stand there");
    return undefined;
  },
  cases: 2000,
};

export const EVM_PLAN_TARGETS: readonly Target[] = [
  safeTransaction,
  safeWords,
  execution,
  attestation,
  signRequest,
  signature,
  uri,
];
