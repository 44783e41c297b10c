/** Every codec: what reads the bytes of the chains that this version knows. Signers take them without the builders (`registry.ts`). */
import type { ChainCodec } from "./adapter.ts";
import { bitcoinCodec } from "./bitcoin/index.ts";
import { evmCodec } from "./evm/index.ts";
import { stellarCodec } from "./stellar/index.ts";

// Each codec gets back only what it has read itself, so everyone else may treat that as opaque.
export const CODECS = [
  bitcoinCodec,
  evmCodec,
  stellarCodec,
] as readonly unknown[] as readonly ChainCodec<unknown>[];
