/** What other makers' devices and wallets hand over: PSBT version 2, account keys by UR, key records, payment URIs. */
import { accountCbor, outputCbor, readAccountKeys } from "../../../src/airgap/registry/account-keys.ts";
import { keyExpressionOf } from "../../../src/chains/bitcoin/exports/registry-key.ts";
import { readBsmsKey } from "../../../src/chains/bitcoin/exports/bsms-key.ts";
import { exportWallet } from "../../../src/chains/bitcoin/exports/wallet-export.ts";
import { parseKeyExpression } from "../../../src/chains/bitcoin/key-expression.ts";
import { addressInUri } from "../../../src/chains/bitcoin/payment-uri.ts";
import { asPsbtV0, asPsbtV2 } from "../../../src/chains/bitcoin/psbt-v2-convert.ts";
import { parsePsbtV2, serialisePsbtV2 } from "../../../src/chains/bitcoin/psbt-v2.ts";
import { parsePsbt, psbtVersion } from "../../../src/chains/bitcoin/psbt.ts";
import { strippedBytes } from "../../../src/chains/bitcoin/transaction.ts";
import { equalBytes, utf8 } from "../../../src/core/hex.ts";
import { PAYEE } from "../../factory/custody.ts";
import { BSMS_KEY } from "../../unit/chains/bitcoin/exports/published.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateText } from "../mutate-text.ts";
import { once, promised, textOf, type Target } from "../target.ts";
import { published } from "./bitcoin-bytes.ts";
import { DESCRIPTORS } from "./bitcoin-text.ts";
import { parseDescriptor } from "../../../src/chains/bitcoin/descriptor.ts";

const psbtV2: Target = {
  name: "psbt-v2",
  samples: once(() => published().filter((bytes) => psbtVersion(bytes) === 2)),
  mutate: mutateBytes,
  decode: (input) => {
    const read = parsePsbtV2(input);
    const plain = parsePsbt(asPsbtV0(input));
    promised(
      equalBytes(
        strippedBytes(plain.unsigned),
        strippedBytes(parsePsbt(asPsbtV0(asPsbtV2(asPsbtV0(input)))).unsigned),
      ),
      "the transaction of version 2 is another one in version 0",
    );
    return serialisePsbtV2(read);
  },
  cases: 1500,
};

/** The UR's type in the first byte, as its place in this list; then its CBOR. */
const KEY_TYPES = ["crypto-output", "crypto-account", "crypto-hdkey", "output-descriptor"] as const;

const accountKeys: Target = {
  name: "ur-account-keys",
  samples: once(() =>
    DESCRIPTORS.flatMap((text) => {
      const descriptor = parseDescriptor(text, "regtest");
      if (descriptor.keys.length !== 1) return [];
      const wallet = { name: "vault", branches: "both" } as const;
      const output = exportWallet(descriptor, { ...wallet, format: "crypto-output" });
      const account = exportWallet(descriptor, { ...wallet, format: "crypto-account" });
      return [
        ...(output.type === "output" ? [Uint8Array.of(0, ...outputCbor(output.output))] : []),
        ...(account.type === "account" ? [Uint8Array.of(1, ...accountCbor(account.account))] : []),
      ];
    }),
  ),
  mutate: mutateBytes,
  decode: (input) => {
    const urType = KEY_TYPES[(input[0] ?? 0) % KEY_TYPES.length] as string;
    for (const { key } of readAccountKeys({ urType, cbor: input.subarray(1) })) {
      const expression = keyExpressionOf(key, "regtest", "key");
      parseKeyExpression(expression, "regtest");
    }
    return undefined;
  },
  cases: 2500,
};

const keyRecord: Target = {
  name: "bsms-key",
  samples: once(() => BSMS_KEY.map(utf8)),
  mutate: mutateText,
  decode: (input) => {
    readBsmsKey(textOf(input), "mainnet", "key record");
    return undefined;
  },
  cases: 2000,
};

const paymentUri: Target = {
  name: "payment-uri",
  samples: once(() => [PAYEE, `bitcoin:${PAYEE}?amount=0.1&label=x`, `BITCOIN:${PAYEE}`].map(utf8)),
  mutate: mutateText,
  decode: (input) => {
    const text = textOf(input);
    promised(text.includes(addressInUri(text)), "an address that does not stand in the text");
    return undefined;
  },
  cases: 3000,
};

export const EXCHANGE_TARGETS: readonly Target[] = [psbtV2, accountKeys, keyRecord, paymentUri];
